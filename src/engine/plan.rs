//! What a run is, without names, units or files: equations as nodes, phases as schedules, and what to observe.

use std::sync::Arc;

use crate::expression::{Arena, Comparison, Id, Sym};
use crate::instrument::{Asked, Instrument};
use crate::math;
use crate::population::Population;
use crate::stimulus::{Interval, Micros, Schedule};

/// Everything that decides a run. Same plan, same bits.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Sizes, seed, variability, groups.
    pub population: Population,
    pub arms: Vec<Arm>,
    /// Per-agent numbers over the taps of all arms.
    pub outcomes: Outcomes,
    /// Relative tolerance of the local error.
    pub relative: f64,
    /// Keep all values for quantiles however many agents there are.
    pub exact_quantiles: bool,
    /// Agents whose recorded series are kept one by one, ascending.
    pub traced: Vec<u64>,
}

/// One history of the same agents.
#[derive(Clone, Debug)]
pub struct Arm {
    pub system: Arc<System>,
    /// How the agent's values (parameters, own names) are made, by slot; the order of `System::values`.
    pub slots: Vec<Slot>,
    /// Contiguous from 0.
    pub phases: Vec<Phase>,
    pub series: Vec<Series>,
    pub assays: Vec<Assay>,
    pub taps: Vec<Tap>,
    /// Starts in place of the system's, by state: checks override them.
    pub starts: Vec<(usize, Id)>,
}

/// One number of each agent.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The value in force without a group: centre of the spread where it varies.
    pub value: f64,
    /// The value in force in each group, by group; empty without groups.
    pub by_group: Vec<f64>,
    /// Position in `Population::vary`.
    pub vary: Option<usize>,
}

impl Slot {
    /// Whether agents differ in it, by luck or by group.
    pub fn differs(&self) -> bool {
        self.vary.is_some() || self.by_group.iter().any(|value| value.to_bits() != self.value.to_bits())
    }
}

/// The equations of a model as nodes of one arena.
#[derive(Clone, Debug)]
pub struct System {
    pub arena: Arena,
    /// Symbols of the agent's values, by slot.
    pub values: Vec<Sym>,
    /// Symbols of the inputs.
    pub inputs: Vec<Sym>,
    /// Symbols of the states.
    pub states: Vec<Sym>,
    /// Net rate of each state, per model time.
    pub rates: Vec<Id>,
    /// Start of each state over agent's values; `None`: the steady state at the baseline of the inputs.
    pub starts: Vec<Option<Id>>,
    /// Symbol that stands for a start that was solved, by state.
    pub start_symbols: Vec<Option<Sym>>,
    /// Baseline of each input over agent's values.
    pub baselines: Vec<Id>,
    /// Size below which relative accuracy is not asked, by state; `None`: the start itself.
    pub scales: Vec<Option<Id>>,
    /// States that cannot be negative.
    pub nonnegative: Vec<bool>,
    /// Combinations of states that no rate changes: a coefficient for each state.
    pub conserved: Vec<Vec<f64>>,
    pub limits: Vec<Limit>,
    /// Quantities that are observed.
    pub watched: Vec<Id>,
    /// What simulated instruments show, under symbols on which watched quantities may stand where they are looked at in moments.
    pub scores: Vec<Score>,
    pub responses: Vec<Response>,
    /// Microseconds per unit of model time.
    pub microseconds: f64,
}

/// A condition that a draw of the value at `slot` must meet, over agent's values.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub slot: usize,
    pub left: Id,
    pub comparison: Comparison,
    pub right: Id,
}

/// What an instrument shows of a latent quantity; each moment at which it is looked at is a visit.
#[derive(Clone, Debug)]
pub struct Score {
    pub sym: Sym,
    /// Over states, inputs and agent's values; no score.
    pub latent: Id,
    pub instrument: Arc<Instrument>,
    pub asked: Asked,
}

/// A response: `value` over the levels of a probe.
#[derive(Clone, Debug)]
pub struct Response {
    /// In a form other than the acute one an input.
    pub probe: Sym,
    pub value: Id,
    pub bottom: Option<Id>,
    pub top: Option<Id>,
    /// The level of the probe in the moment of the assay, for the gain; `None` for a probe that is no input and no state.
    pub current: Option<Id>,
    pub range: [f64; 2],
    pub form: Form,
    /// A form other than the acute one sets out from rest (inputs at baseline, states at their start), not from the moment.
    pub from_rest: bool,
}

/// What happens at each level of the probe before the response is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Nothing: all states are frozen.
    Acute,
    /// All states come to rest, with all other inputs as they are.
    Chronic,
    /// The agent lives on for a time with the probe at the level.
    Challenge(Challenge),
}

/// A time that is lived with inputs that stand still, apart from the arm, which goes on as if nothing had been.
#[derive(Clone, Debug, PartialEq)]
pub struct Challenge {
    pub length: Micros,
    pub read: Read,
    /// Inputs with a level of their own, over agent's values; the others stay as they are at the moment.
    pub inputs: Vec<(usize, Id)>,
}

/// What is read of the time that a challenge takes, on the dense output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Read {
    Max,
    Min,
    /// Time average.
    Mean,
    /// Integral over model time.
    Area,
    End,
}

/// Levels of a probe that are even on the logarithm, both ends exactly; at least two.
pub fn levels([low, high]: [f64; 2], points: usize) -> Vec<f64> {
    let last = points - 1;
    let step = (math::ln(high) - math::ln(low)) / last as f64;
    let level = |point: usize| match point {
        0 => low,
        point if point == last => high,
        point => math::exp(math::ln(low) + point as f64 * step),
    };
    (0..points).map(level).collect()
}

#[derive(Clone, Debug)]
pub struct Phase {
    pub when: Interval,
    /// One schedule per input of the system. An input that no rate and no observed quantity reads has `None` and makes no breakpoint.
    pub inputs: Vec<Option<Schedule>>,
    /// States set at the start of the phase, over agent's values and states just before.
    pub set: Vec<(usize, Id)>,
}

/// Which side of a change at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Before,
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    pub at: Micros,
    pub side: Side,
}

/// A watched quantity at many times, reduced over agents.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Position in `System::watched`.
    pub watched: usize,
    /// The window that ends at each time; `None`: the value of that moment, before any change.
    pub window: Option<(Micros, Window)>,
    /// Ascending; at time 0 the value after.
    pub times: Vec<Micros>,
    /// Series of the first arm from which each agent's difference is taken; `None` in the first arm itself.
    pub against: Option<usize>,
}

/// How a window is reduced in time within each agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    Mean,
    Min,
    Max,
    /// Integral over model time.
    Area,
    Last,
}

/// One response at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Assay {
    /// Position in `System::responses`.
    pub response: usize,
    pub moment: Moment,
    /// Levels of the curve that is reduced over agents; empty where only the metrics are wanted.
    pub levels: Vec<f64>,
}

/// One number per agent of one arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tap {
    /// A watched quantity at a moment.
    At { watched: usize, moment: Moment },
    /// A watched quantity reduced over an interval, on the dense output.
    Over { watched: usize, from: Micros, to: Micros, reduce: Reduce },
    /// A metric of one of the arm's assays.
    Metric { assay: usize, metric: Metric },
    /// A number of a line fitted to the curve of one of the arm's assays.
    Fit { assay: usize, fit: Fit },
    /// A response (position in `System::responses`) at one level, which is a number of that moment.
    Effect { response: usize, moment: Moment, level: Id },
    /// One of the agent's values.
    Value { slot: usize },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduce {
    Max,
    Min,
    /// Time average.
    Mean,
    /// Over model time.
    Integral,
    /// Model time from the interval's start until the quantity is first above 0 (`x - c`).
    FirstAbove,
    FirstBelow,
    /// Model time until half of the way from the first value to the last.
    HalfTime,
    /// Model time after which the quantity stays as near to its last value as so many millionths of the largest distance
    /// from it; none where it does not change.
    Settled(u32),
    /// Model time until so many millionths of the way from the first value to 0; none where the first value is 0.
    Recovered(u32),
    /// Integral of the quantity over another one, closed by a straight line from the end to the start; jumps are straight
    /// lines too.
    Loop {
        /// Position in `System::watched` of the other one.
        against: usize,
    },
}

/// Millionths of the whole.
pub const WHOLE: u32 = 1_000_000;

/// A number of a line fitted to an acute response; see `fit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fit {
    /// Of the logistic curve: level half-way.
    Ec50,
    /// Value at high levels.
    Emax,
    /// Value at low levels.
    Bottom,
    /// Exponent.
    Slope,
    /// Of the straight line of bound/free against bound: where it meets bound/free = 0.
    Bmax,
    /// -1/slope of that line.
    Kd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    Ec50,
    /// The stated top, or the largest value in the range.
    Emax,
    Slope,
    Gain,
}

impl Metric {
    /// In the order of tables and of `AssayResult::metrics`.
    pub const ALL: [Metric; 4] = [Metric::Ec50, Metric::Emax, Metric::Slope, Metric::Gain];
}

/// Expressions over taps.
#[derive(Clone, Debug, Default)]
pub struct Outcomes {
    pub arena: Arena,
    /// What each symbol stands for: (symbol, arm, tap of that arm).
    pub given: Vec<(Sym, usize, usize)>,
    /// The outcomes; the arms whose failures exclude an agent follow from the symbols.
    pub values: Vec<Id>,
    /// Conditions per agent: all comparisons must hold; NaN holds never.
    pub conditions: Vec<Vec<(Id, Comparison, Id)>>,
}
