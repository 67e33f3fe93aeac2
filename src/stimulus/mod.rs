//! Schedules of one input: what it is at a moment, and when it changes next.
//! Knows nothing of models, agents' states or steps; times are whole microseconds since t = 0, Monday 00:00.

use crate::diagnostic::{Findings, Source};
use crate::document::{Kind, Node, Shape};
use crate::unit::Unit;

/// Whole microseconds since t = 0.
pub type Micros = i64;
pub const DAY: Micros = 86_400_000_000;

/// A number of a stimulus: written as it is, or the value of a parameter and so different between agents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// In the input's unit, the model's time unit or 1, as its place demands.
    Fixed(f64),
    /// Position in the agent's values, and the factor that brings it into the unit of its place.
    Agent { slot: usize, factor: f64 },
}

/// What a reader of stimuli needs to know about the world.
pub struct Reading<'a> {
    /// Unit of the input.
    pub unit: &'a Unit,
    /// Time unit of the model that will run it: rates and slopes of pieces are per this unit.
    pub time: &'a Unit,
    /// Purpose of random draws, `input media`; the name of a clause is added to it.
    pub purpose: &'a str,
    /// Slot and unit of a parameter that may be named instead of a number.
    pub parameter: &'a dyn Fn(&str) -> Option<(usize, Unit)>,
    /// All names that `parameter` knows, for the nearest one.
    pub known: &'a dyn Fn() -> Vec<String>,
    /// Text of a CSV file named relative to the scenario.
    pub file: &'a dyn Fn(&str) -> Result<Source, String>,
    /// Name of the arm, mixed into the stream where a clause says `luck = "own"`.
    pub arm: &'a str,
}

/// One input during one phase.
#[derive(Clone, Debug, PartialEq)]
pub enum Schedule {
    Todo,
}

/// When the phase stands, absolute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    pub start: Micros,
    pub end: Micros,
}

/// Whose life it is.
#[derive(Clone, Copy, Debug)]
pub struct Agent<'a> {
    pub seed: u64,
    pub index: u64,
    /// Values of its parameters, by slot.
    pub values: &'a [f64],
}

/// Reads a stimulus: a readable line or a tagged table.
pub fn read(node: &Node, reading: &Reading, findings: &mut Findings) -> Option<Schedule> {
    todo!()
}

/// The kind of value that a stimulus is, for key tables.
pub fn kind() -> Kind {
    todo!()
}

/// Keys of a phase: `name`, `for`, `set`, `repeat`, `phases`; further keys name inputs.
pub static PHASE: Shape = Shape { name: "phase", doc: "", keys: &[] };

impl Schedule {
    /// What the input is from `at` on, and when (after `at`) that changes; `None`: not before the phase ends.
    /// `at` lies in the phase; at a change the value just after it counts.
    pub fn piece(&self, at: Micros, phase: Interval, agent: Agent) -> (Piece, Option<Micros>) {
        todo!()
    }
    /// What doses of this phase still contribute after its end; `None` where nothing is left over.
    pub fn tail(&self, phase: Interval) -> Option<Schedule> {
        todo!()
    }
    /// The period of a periodic stimulus, for the note about records that sample it at one phase.
    pub fn period(&self) -> Option<Micros> {
        todo!()
    }
    /// No agent's value matters and no luck is drawn: the same for all agents.
    pub fn common(&self) -> bool {
        todo!()
    }
}

/// A closed form between two changes; time counts in the model's unit from the moment that `piece` was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Constant(f64),
    /// value + slope·t
    Line {
        value: f64,
        slope: f64,
    },
    /// level + Σ a·exp(-k·t)
    Decays {
        level: f64,
        terms: Vec<[f64; 2]>,
    },
    /// mean + amplitude·sin(phase + omega·t)
    Sine {
        mean: f64,
        amplitude: f64,
        phase: f64,
        omega: f64,
    },
    Sum(Vec<Piece>),
    Product(Vec<Piece>),
}

impl Piece {
    pub fn at(&self, since: f64) -> f64 {
        todo!()
    }
    /// Always the same value?
    pub fn constant(&self) -> Option<f64> {
        todo!()
    }
}
