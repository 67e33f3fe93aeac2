//! Numbers of a population as written: `mean`, `p5`, `median`.
//! Knows nothing of how they are computed.

use crate::diagnostic::{Finding, Findings};
use crate::document::Node;

use super::Stat;
use super::keys::REDUCE;
use super::quantity::texts;

/// The statistics under `reduce`, each once.
pub(super) fn read(node: &Node, findings: &mut Findings) -> Vec<Stat> {
    if node.key("reduce").is_none() {
        return usual();
    }
    let mut all = Vec::new();
    for (text, at) in texts(node, "reduce", findings) {
        match statistic(text.trim()) {
            Some(stat) if !all.contains(&stat) => all.push(stat),
            Some(_) => findings.push(Finding::error(format!("`{text}` stands here twice")).at(&at)),
            None => {
                let finding = Finding::error(format!("`{text}` is no number of a population")).at(&at);
                findings.push(
                    finding.help(
                        "write `mean`, `sd`, `min`, `max`, `median`, or a percentile from `p0` to `p100`",
                    ),
                );
            }
        }
    }
    all
}

/// Where nothing is written.
pub(super) fn usual() -> Vec<Stat> {
    REDUCE.split(", ").filter_map(statistic).collect()
}

fn statistic(text: &str) -> Option<Stat> {
    Some(match text {
        "mean" => Stat::Mean,
        "sd" => Stat::Sd,
        "min" => Stat::Min,
        "max" => Stat::Max,
        "median" => Stat::Quantile(0.5),
        _ => {
            let digits = text.strip_prefix('p')?;
            let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.') && digits.len() < 20;
            let percent: f64 = digits.parse().ok().filter(|_| plain)?;
            return (0.0..=100.0).contains(&percent).then_some(Stat::Quantile(percent / 100.0));
        }
    })
}
