//! Memory for what is reduced over agents: records over time, curves, measures.
//! Knows nothing of how anything is reduced.

use crate::diagnostic::{Finding, Findings};
use crate::document::Node;
use crate::engine::{MOST_KEPT, Metric, Plan};
use crate::population::Population;

/// In bytes. A run on several threads may take some times as much.
const MOST_MEMORY: usize = 2 << 30;
/// What one number takes for each group: sums and table rows, and each value where values are kept (counted ones take
/// about as much as the most that are kept by themselves).
const EACH: usize = 4096;

/// How much room one number of all agents takes.
#[derive(Clone, Copy)]
pub(super) struct Room {
    /// In bytes.
    each: usize,
    /// All values are kept, because the scenario says so.
    exact: bool,
}

impl Room {
    /// `exact`: values are kept however many agents there are.
    pub fn of(population: &Population, exact: bool) -> Room {
        let kept = if exact { population.agents } else { population.agents.min(MOST_KEPT) };
        let values = 8 * kept as usize;
        // Everyone is a group as well.
        let groups = population.groups.len();
        Room { each: EACH + values + groups * (EACH + values / groups.max(1)), exact }
    }

    /// What is wrong with so many numbers, if they do not fit: `what` says of which there are too many, `help` how to have fewer.
    pub fn refused(&self, numbers: usize, what: &str, help: &str) -> Option<Finding> {
        if numbers.saturating_mul(self.each) <= MOST_MEMORY {
            return None;
        }
        let most = format!("{} fit into memory with this many agents", MOST_MEMORY / self.each);
        let help = match self.exact {
            true => format!("{help}, or leave out `quantiles = \"exact\"`"),
            false => help.to_owned(),
        };
        Some(Finding::error(format!("{numbers} {what}")).because(most, None).help(help))
    }

    /// Whether all that a plan reduces fits: what records alone do not show.
    pub fn check(&self, root: &Node, plan: &Plan, findings: &mut Findings) {
        let times = plan.arms.iter().flat_map(|arm| &arm.series).map(|series| series.times.len());
        let curves = plan.arms.iter().flat_map(|arm| &arm.assays);
        let curves = curves.map(|assay| assay.levels.len() + Metric::ALL.len());
        let numbers = times.chain(curves).fold(plan.outcomes.values.len(), usize::saturating_add);
        let what = "numbers over agents are too many, over all records, curves and measures";
        if let Some(finding) = self.refused(numbers, what, "take fewer agents, moments or points") {
            let agents = root.key("population").and_then(|population| population.key("agents"));
            findings.push(finding.at(agents.map_or(&root.at, |node| &node.at)));
        }
    }
}
