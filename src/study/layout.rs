//! The design as written, over the factors that there are.
//! Knows nothing of what the factors are.

use crate::diagnostic::{Finding, Findings};
use crate::document::Node;

use super::design::{Design, Kind, Places, Problem};
use super::factor::Factor;

/// A design, how many points it has, and what it needs to say where they lie.
pub(super) struct Layout {
    pub design: Design,
    pub points: u64,
    pub places: Places,
}

pub(super) fn read(root: &Node, factors: &[Factor], seed: u64, findings: &mut Findings) -> Option<Layout> {
    let node = root.key("design")?;
    let (name, entry) = node.table()?.iter().next()?;
    let kind = kind(name, &entry.node, factors, findings)?;
    let design = Design { kind, dimensions: factors.len(), seed };
    if factors.is_empty() || findings.has_errors() {
        return None;
    }
    match design.places() {
        Ok(places) => Some(Layout { points: places.points(), design, places }),
        Err(problems) => {
            let told = |problem: Problem| Finding::error(problem.what).at(&entry.key).help(problem.help);
            findings.append(problems.into_iter().map(told));
            None
        }
    }
}

fn kind(name: &str, node: &Node, factors: &[Factor], findings: &mut Findings) -> Option<Kind> {
    let whole = |key: &str| node.key(key).and_then(Node::whole).and_then(|whole| u64::try_from(whole).ok());
    let flag = |key: &str, default: bool| node.key(key).and_then(Node::flag).unwrap_or(default);
    // What a key lacks or has of the wrong kind has been said; a number below 0 has not.
    for key in ["points", "base", "trajectories", "levels"] {
        if let Some(found) = node.key(key).filter(|found| found.whole().is_some_and(|whole| whole < 1)) {
            findings.push(Finding::error(format!("`{key}` is a whole number from 1")).at(&found.at));
        }
    }
    Some(match name {
        "list" => Kind::List { rows: rows(node, factors, findings)? },
        "grid" => Kind::Grid { levels: factors.iter().map(|factor| factor.levels().unwrap_or(1)).collect() },
        "random" => Kind::Random { points: whole("points")? },
        "latin_hypercube" => Kind::LatinHypercube { points: whole("points")? },
        "sobol" => Kind::Sobol { points: whole("points")?, scrambled: flag("scrambled", true) },
        "morris" => {
            Kind::Morris { trajectories: whole("trajectories")?, levels: whole("levels").unwrap_or(4) }
        }
        "local" => Kind::Local,
        "saltelli" => Kind::Saltelli { base: whole("base")?, second_order: flag("second_order", false) },
        _ => return None,
    })
}

/// Rows of a list: each factor has as many values.
fn rows(node: &Node, factors: &[Factor], findings: &mut Findings) -> Option<u64> {
    let first = factors.first()?;
    let Some(rows) = first.levels() else {
        let what = format!("a list needs the values of each factor, and `{}` has ends", first.name);
        findings.push(Finding::error(what).at(&node.at).help("write `values = [ … ]`"));
        return None;
    };
    for factor in &factors[1..] {
        if factor.levels() != Some(rows) {
            let found = factor.levels().map_or("ends".to_owned(), |found| format!("{found} values"));
            let what = format!("`{}` has {rows} values and `{}` has {found}", first.name, factor.name);
            let finding = Finding::error(what).at(&node.at);
            findings.push(
                finding.because("the first values of all factors are the first point, and so on", None),
            );
            return None;
        }
    }
    Some(rows)
}
