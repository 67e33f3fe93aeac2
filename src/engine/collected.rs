//! What came of a run, and putting parts of a run together.
//! Knows nothing of how it was computed.

use super::step::Method;
use super::{rosenbrock, tableau};
use crate::record::Reduction;
use crate::stimulus::Micros;

/// What came of a range of blocks. Merging in any grouping gives the same bits.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// By arm, series, time, group (0: all, then the named groups).
    pub series: Vec<Vec<Vec<Vec<Reduction>>>>,
    /// Arm minus the first arm, per agent: by arm (the first empty), series, time, group. `None` where the first arm has no such time.
    pub differences: Vec<Vec<Vec<Option<Vec<Reduction>>>>>,
    /// By arm, assay.
    pub assays: Vec<Vec<AssayResult>>,
    /// By outcome, group.
    pub outcomes: Vec<Vec<Reduction>>,
    /// By outcome, group: agents without a value for a known reason; the others never reach what is asked for.
    pub reasons: Vec<Vec<Reasons>>,
    /// By condition, group: agents in which it holds, agents counted.
    pub conditions: Vec<Vec<(u64, u64)>>,
    /// In order of arm, then agent.
    pub traces: Vec<Trace>,
    /// In order of arm, then agent.
    pub failures: Vec<Failure>,
    /// Draws that fell outside limits and were drawn again.
    pub redrawn: u64,
    pub cost: Cost,
}

#[derive(Clone, Debug, Default)]
pub struct AssayResult {
    /// By level, group.
    pub curve: Vec<Vec<Reduction>>,
    /// By metric (order of `Metric::ALL`), group.
    pub metrics: Vec<Vec<Reduction>>,
    /// By metric, group, reason (order of `Missing::ALL`): agents without a value.
    pub missing: Vec<Vec<Reasons>>,
    /// By level, group, reason: agents without a value there, in a form other than the acute one.
    pub absent: Vec<Vec<Reasons>>,
}

/// Agents by reason, in the order of `Missing::ALL`.
pub type Reasons = [u64; Missing::ALL.len()];

/// Why an agent has no EC50, slope or gain, or a number that stands on them, or no response to a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    NeverHalfWay,
    NotMonotone,
    NotDefined,
    /// No logistic curve within the range is nearest.
    NoFit,
    /// Bound/free does not fall with bound.
    NoLine,
    /// No stable steady state was found.
    NoSteadyState,
    /// More than one steady state is stable.
    SeveralSteadyStates,
    /// The agent could not go on under the challenge.
    ChallengeFailed,
}

impl Missing {
    /// In the order of [`Reasons`].
    pub const ALL: [Missing; 8] = [
        Missing::NeverHalfWay,
        Missing::NotMonotone,
        Missing::NotDefined,
        Missing::NoFit,
        Missing::NoLine,
        Missing::NoSteadyState,
        Missing::SeveralSteadyStates,
        Missing::ChallengeFailed,
    ];

    /// Counts one agent more.
    pub(super) fn count(self, reasons: &mut Reasons) {
        let position = Missing::ALL.iter().position(|known| *known == self);
        reasons[position.unwrap_or(0)] += 1;
    }
}

/// The recorded series of one chosen agent: by series, time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    pub arm: usize,
    pub agent: u64,
    pub values: Vec<Vec<f64>>,
}

/// An agent that could not go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    pub arm: usize,
    pub agent: u64,
    /// Microseconds since t = 0.
    pub at: Micros,
    pub cause: Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A rate was not finite however small the step; position of the state.
    NotFinite { state: usize },
    /// The step became too small for the clock.
    StepTooSmall { state: usize },
    /// A state that cannot be negative went below zero however small the step.
    Negative { state: usize },
    /// The way is too long to be computed in steps this small.
    TooManySteps,
    /// No draw met the limits of the value at `slot`.
    NoDraw { slot: usize },
    /// No steady state was found to start from.
    NoSteadyState,
    /// The steady state to start from is not stable.
    Unstable,
}

/// Work done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Steps that were taken, by either method.
    pub steps: u64,
    /// Of these the implicit ones.
    pub implicit: u64,
    pub rejected: u64,
    /// Evaluations of the rates of one agent.
    pub evaluations: u64,
}

impl Cost {
    /// One trial of the lanes of `active`.
    pub(super) fn count(&mut self, method: Method, active: u64, accepted: u64) {
        let of = |mask: u64| u64::from(mask.count_ones());
        let (stages, implicit) = match method {
            Method::Explicit => (tableau::STAGES as u64 - 1, 0),
            // One more half-way.
            Method::Implicit => (rosenbrock::STAGES as u64 + 1, of(accepted)),
        };
        self.steps += of(accepted);
        self.implicit += implicit;
        self.rejected += of(active & !accepted);
        self.evaluations += stages * of(active);
    }

    pub(super) fn add(&mut self, other: Cost) {
        self.steps += other.steps;
        self.implicit += other.implicit;
        self.rejected += other.rejected;
        self.evaluations += other.evaluations;
    }
}

impl Collected {
    /// Adds what came of other blocks of the same plan.
    pub fn merge(&mut self, other: Collected) {
        let reductions = |into: &mut Vec<Reduction>, from: &Vec<Reduction>| {
            into.iter_mut().zip(from).for_each(|(into, from)| into.merge(from));
        };
        let all = |into: &mut Vec<Vec<Vec<Vec<Reduction>>>>, from: &Vec<Vec<Vec<Vec<Reduction>>>>| {
            let into = into.iter_mut().flatten().flatten();
            into.zip(from.iter().flatten().flatten()).for_each(|(into, from)| reductions(into, from));
        };
        all(&mut self.series, &other.series);
        let differences = self.differences.iter_mut().flatten().flatten().flatten();
        for (into, from) in differences.zip(other.differences.iter().flatten().flatten().flatten()) {
            reductions(into, from);
        }
        for (into, from) in self.assays.iter_mut().flatten().zip(other.assays.iter().flatten()) {
            into.curve.iter_mut().zip(&from.curve).for_each(|(into, from)| reductions(into, from));
            into.metrics.iter_mut().zip(&from.metrics).for_each(|(into, from)| reductions(into, from));
            let counts = into.missing.iter_mut().chain(&mut into.absent).flatten();
            for (into, from) in counts.zip(from.missing.iter().chain(&from.absent).flatten()) {
                into.iter_mut().zip(from).for_each(|(into, from)| *into += from);
            }
        }
        self.outcomes.iter_mut().zip(&other.outcomes).for_each(|(into, from)| reductions(into, from));
        for (into, from) in self.reasons.iter_mut().flatten().zip(other.reasons.iter().flatten()) {
            into.iter_mut().zip(from).for_each(|(into, from)| *into += from);
        }
        for (into, from) in self.conditions.iter_mut().flatten().zip(other.conditions.iter().flatten()) {
            into.0 += from.0;
            into.1 += from.1;
        }
        self.traces.extend(other.traces);
        self.traces.sort_by_key(|trace| (trace.arm, trace.agent));
        self.failures.extend(other.failures);
        self.failures.sort_by_key(|failure| (failure.arm, failure.agent));
        self.redrawn += other.redrawn;
        self.cost.add(other.cost);
    }
}
