//! The centre of a local design: what a factor is in the scenario.
//! Knows nothing of other designs.

use crate::diagnostic::{Finding, Findings};
use crate::document::Node;
use crate::model::Parameter;
use crate::scenario::Scenario;
use crate::unit::{Unit, format_quantity};

use super::factor::Span;
use super::factors::One;

/// Where the study does not say.
const STEP: f64 = 0.05;

/// The step of a local design.
pub(super) fn step(local: &Node, findings: &mut Findings) -> f64 {
    let Some((node, step)) = local.key("step").and_then(|node| Some((node, node.number()?))) else {
        return STEP;
    };
    if !(step > 0.0 && step <= 1.0) {
        let finding = Finding::error("a step is a number above 0 and at most 1").at(&node.at);
        findings.push(finding.help("`step = 0.05` moves each factor by 5 % and by 2.5 %, up and down"));
        return STEP;
    }
    step
}

impl One<'_> {
    /// Steps from the factor's value in the scenario, or from the geometric mean of its ends where the study states them.
    pub(super) fn around(&mut self, step: f64, path: &str, parameter: Option<&Parameter>) -> Option<Span> {
        let node = &self.entry.node;
        for key in ["values", "scale", "levels"] {
            if let Some(node) = node.key(key) {
                let what =
                    format!("a local design takes steps from one centre, and `{key}` says nothing there");
                self.findings.push(Finding::error(what).at(&node.at).help("leave it out"));
                return None;
            }
        }
        let stated = node.key("from").is_some() || node.key("to").is_some();
        let (centre, unit) = match (stated, in_force(self.scenario, path)) {
            (true, _) => match self.between(parameter)? {
                Span::Between { low, high, unit, .. } if low > 0.0 => (low.sqrt() * high.sqrt(), unit),
                _ => (0.0, Unit::one()),
            },
            (false, Some(found)) => found,
            (false, None) => {
                let finding = Finding::error(format!("`{}` has no centre", self.name)).at(&self.entry.key);
                let why = "it is no parameter of the scenario, whose value would be the centre";
                let help = "write `from` and `to`: the centre is their geometric mean";
                self.findings.push(finding.because(why, None).help(help));
                return None;
            }
        };
        if centre > 0.0 && centre.is_finite() {
            return Some(Span::Around { centre, step, unit });
        }
        let what = match stated {
            true => format!("`{}` begins at 0 or below, and steps are of its logarithm", self.name),
            false => format!("`{}` is {}, which has no logarithm", self.name, format_quantity(centre, &unit)),
        };
        let finding = Finding::error(what).at(&self.entry.key);
        self.findings.push(finding.help("write `from` and `to` above 0, or leave it out"));
        None
    }
}

/// The arm that a path is about, where it names one: of `arms.rest.parameters.kdeg`, or the part before `parameters`, it is `rest`.
pub(super) fn arm_of(path: &str) -> Option<&str> {
    let (arm, _) = path.strip_prefix("arms.")?.split_once('.')?;
    Some(arm.trim_matches(['"', '\'']))
}

/// The value of a parameter in the first arm that a path is about, with its unit.
fn in_force(scenario: &Scenario, path: &str) -> Option<(f64, Unit)> {
    let (place, name) = path.rsplit_once("parameters.").unwrap_or(("", path));
    let arms = scenario.arms.iter().zip(&scenario.plan.arms);
    let of_arm = arm_of(place);
    // A group's own value is no arm's.
    if of_arm.is_none() && !place.is_empty() {
        return None;
    }
    arms.filter(|(text, _)| of_arm.is_none_or(|arm| arm == text.name)).find_map(|(text, arm)| {
        // Slots are the model's parameters, then the scenario's own.
        let of_model = text.model.parameters.iter().map(|one| (one.name.as_str(), &one.unit));
        let own = scenario.own.iter().map(|(name, unit)| (name.as_str(), unit));
        let (slot, (_, unit)) = of_model.chain(own).enumerate().find(|(_, (known, _))| *known == name)?;
        Some((arm.slots.get(slot)?.value, unit.clone()))
    })
}
