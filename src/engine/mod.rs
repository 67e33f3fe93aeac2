//! Populations over time: blocks of 64 agents in lanes, each lane with its own steps.
//! Never reads files, never prints, never converts units, never knows a name.

mod plan;

pub use plan::*;

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
    /// By condition, group: agents in which it holds, agents counted.
    pub conditions: Vec<Vec<(u64, u64)>>,
    /// In order of arm, then agent.
    pub traces: Vec<Trace>,
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
    pub missing: Vec<Vec<[u64; 3]>>,
}

/// Why an agent has no EC50, slope or gain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    NeverHalfWay,
    NotMonotone,
    NotDefined,
}

impl Missing {
    pub const ALL: [Missing; 3] = [Missing::NeverHalfWay, Missing::NotMonotone, Missing::NotDefined];
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
    pub steps: u64,
    pub rejected: u64,
    /// Evaluations of the rates of one agent.
    pub evaluations: u64,
}

/// Blocks of 64 agents: how many a population has.
pub fn blocks(agents: u64) -> u64 {
    agents.div_ceil(crate::kernel::LANES as u64)
}

/// A plan made ready to run: lowered to tapes, breakpoints sorted.
pub struct Engine {
    _todo: (),
}

impl Engine {
    /// `Err` says which correlation is impossible, or names what is wrong with the plan.
    pub fn new(plan: &Plan) -> Result<Engine, String> {
        todo!()
    }
    /// Runs a range of blocks, on all threads of the current pool where there are threads. `done` is told the agents of each finished block.
    pub fn run(&self, blocks: std::ops::Range<u64>, done: &(dyn Fn(u64) + Sync)) -> Collected {
        todo!()
    }
    /// Largest relative difference of the end states of the first `agents` agents, against tolerances `tighter` times as strict.
    pub fn measured_error(&self, agents: u64, tighter: f64) -> f64 {
        todo!()
    }
}

impl Collected {
    pub fn merge(&mut self, other: Collected) {
        todo!()
    }
}

/// A steady state and the eigenvalues of the Jacobian there, for one agent with the given values and inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Steady {
    pub states: Vec<f64>,
    /// Real and imaginary parts, by real part.
    pub eigenvalues: Vec<[f64; 2]>,
    pub stable: bool,
}

/// Finds the steady state from `guess` (`None`: from the starts). `None`: not found.
pub fn steady(system: &System, values: &[f64], inputs: &[f64], guess: Option<&[f64]>) -> Option<Steady> {
    todo!()
}
