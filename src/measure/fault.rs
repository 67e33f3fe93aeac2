//! Why an expression cannot be read in an arm: because it is wrong, or because this arm lacks what another may have.
//! Knows nothing of what is read.

use crate::diagnostic::Finding;

/// A finding, and whether another arm might have none.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub finding: Finding,
    pub kind: FaultKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// Wrong in any arm.
    Wrong,
    /// The arm's model has no such name.
    Name,
    /// The arm has no such phase (its name), or ends before.
    Moment(Option<String>),
}

impl Fault {
    /// Whether only this arm lacks it.
    pub fn misfit(&self) -> bool {
        self.kind != FaultKind::Wrong
    }

    pub fn name(finding: Finding) -> Fault {
        Fault { finding, kind: FaultKind::Name }
    }

    pub fn moment(finding: Finding, phase: Option<&str>) -> Fault {
        Fault { finding, kind: FaultKind::Moment(phase.map(str::to_owned)) }
    }

    /// The finding with the phases that there are, by arm.
    pub fn explained(self, arms: &[(&str, Vec<&str>)]) -> Finding {
        let FaultKind::Moment(phase) = &self.kind else { return self.finding };
        let mut finding = self.finding;
        for (arm, phases) in arms {
            let list: Vec<String> = phases.iter().map(|p| format!("`{p}`")).collect();
            finding = finding.because(format!("arm `{arm}` has the phases {}", list.join(", ")), None);
        }
        let Some(phase) = phase else { return finding };
        let mut all: Vec<&str> = arms.iter().flat_map(|(_, phases)| phases.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        finding.nearest(phase, all)
    }
}

impl From<Finding> for Fault {
    fn from(finding: Finding) -> Fault {
        Fault { finding, kind: FaultKind::Wrong }
    }
}
