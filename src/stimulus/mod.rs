//! Schedules of one input: what it is at a moment, and when it changes next.
//! Knows nothing of models, agents' states or steps; times are whole microseconds since t = 0, Monday 00:00.
//!
//! A kind of stimulus is one file with its key table, its reader and its pieces, two rows in `fields` and a variant.

mod clock;
mod combine;
mod constant;
mod course;
mod doses;
mod fields;
mod line;
mod number;
mod onsets;
mod phase;
mod piece;
mod poisson;
mod pulse;
mod ramp;
mod series;
mod sine;
mod taper;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Findings, Source};
use crate::document::{Kind, Node};
use crate::unit::Unit;

pub use course::Course;
pub use doses::{Doses, Left};
pub use phase::{PHASE, PhaseText, phases};
pub use piece::Piece;
pub use poisson::Poisson;
pub use pulse::Pulse;
pub use series::Series;
pub use sine::Sine;

/// Whole microseconds since t = 0.
pub type Micros = i64;
/// A day.
pub const DAY: Micros = 86_400_000_000;
const WEEK: Micros = 7 * DAY;
/// The longest time that can be said, 285 years: every whole microsecond below it is exact as a float.
pub const LONGEST: Micros = 1 << 53;

/// A number of a stimulus: written as it is, or the value of a parameter and so different between agents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// In the input's unit, the model's time unit or 1, as its place demands.
    Fixed(f64),
    /// Position in the agent's values, and the factor that brings it into the unit of its place.
    Agent { slot: usize, factor: f64 },
}

impl Number {
    /// Its value for an agent; NaN where the agent has no such slot.
    pub fn of(&self, agent: Agent) -> f64 {
        match *self {
            Number::Fixed(value) => value,
            Number::Agent { slot, factor } => agent.values.get(slot).map_or(f64::NAN, |v| v * factor),
        }
    }

    pub fn fixed(&self) -> Option<f64> {
        match *self {
            Number::Fixed(value) => Some(value),
            Number::Agent { .. } => None,
        }
    }

    fn negative(self) -> Number {
        match self {
            Number::Fixed(value) => Number::Fixed(-value),
            Number::Agent { slot, factor } => Number::Agent { slot, factor: -factor },
        }
    }
}

/// A duration: a number of microseconds, rounded to whole ones after the agent's value is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time(pub Number);

impl Time {
    pub fn of(&self, agent: Agent) -> Micros {
        // A float beyond an `i64` saturates and NaN becomes 0: nonsense of one agent stays a time.
        (self.0.of(agent).round() as Micros).clamp(-LONGEST, LONGEST)
    }

    /// The duration where it is the same for all agents.
    pub fn fixed(&self) -> Option<Micros> {
        self.0.fixed().map(|micros| micros as Micros)
    }
}

/// When something begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// This long after the phase begins.
    Phase(Time),
    /// On the clock: `at` after Monday 00:00, and again every `cycle` (a day, or a week where a weekday is named).
    Clock { at: Micros, cycle: Micros },
}

impl Start {
    /// The first such moment of the phase.
    fn first(&self, phase: Interval, agent: Agent) -> Micros {
        match *self {
            Start::Phase(after) => phase.start.saturating_add(after.of(agent).max(0)),
            Start::Clock { at, cycle } => phase.start + (at - phase.start).rem_euclid(cycle),
        }
    }

    fn common(&self) -> bool {
        match self {
            Start::Phase(after) => after.fixed().is_some(),
            Start::Clock { .. } => true,
        }
    }
}

/// What a reader of stimuli needs to know about the world.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Unit of the input.
    pub unit: &'a Unit,
    /// What the input is where no stimulus is on, in `unit`: default of `base`.
    pub baseline: Number,
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
    Constant(Number),
    Pulse(Pulse),
    /// A ramp or a taper.
    Course(Course),
    Sine(Sine),
    Poisson(Poisson),
    Doses(Doses),
    /// What doses of an earlier phase still contribute.
    Left(Left),
    /// The value that a schedule had at the end of an earlier phase.
    Held(Box<Schedule>, Interval),
    Series(Series),
    Sum(Vec<Schedule>),
    Product(Vec<Schedule>),
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
    fields::Reader { reading, findings, depth: 0 }.stimulus(node)
}

/// The kind of value that a stimulus is, for key tables.
pub fn kind() -> Kind {
    static ANY: [Kind; 3] = [Kind::Text, Kind::Number, Kind::Tagged(&fields::STIMULUS)];
    Kind::Either(&ANY)
}

impl Schedule {
    /// What the input is from `at` on, and when (after `at`) that changes; `None`: not before the phase ends.
    /// `at` lies in the phase; at a change the value just after it counts.
    ///
    /// A change may be announced that changes nothing (a search for the next pulse that was given up after many
    /// missed ones, merged events); it is always later than `at`.
    pub fn piece(&self, at: Micros, phase: Interval, agent: Agent) -> (Piece, Option<Micros>) {
        let (piece, next) = match self {
            Schedule::Constant(level) => (Piece::Constant(level.of(agent)), None),
            Schedule::Pulse(pulse) => pulse.piece(at, phase, agent),
            Schedule::Course(course) => course.piece(at, phase, agent),
            Schedule::Sine(sine) => (sine.piece(at, phase, agent), None),
            Schedule::Poisson(poisson) => poisson.piece(at, phase, agent),
            Schedule::Doses(doses) => doses.piece(at, phase, agent),
            Schedule::Left(left) => (left.piece(at, agent), None),
            Schedule::Held(of, held) => (Piece::Constant(of.last(*held, agent)), None),
            Schedule::Series(series) => series.piece(at, phase),
            Schedule::Sum(parts) => combine::together(parts, at, phase, agent, Piece::sum),
            Schedule::Product(parts) => combine::together(parts, at, phase, agent, Piece::product),
        };
        (piece, next.filter(|&next| next > at && next < phase.end))
    }

    /// Its value just before the phase ends.
    fn last(&self, phase: Interval, agent: Agent) -> f64 {
        let at = (phase.end - 1).max(phase.start);
        self.piece(at, phase, agent).0.at(0.0)
    }

    /// What doses of this phase still contribute after its end; `None` where nothing is left over.
    /// It is added to what the later phases give (`Schedule::Sum`), and has itself as its tail.
    pub fn tail(&self, phase: Interval) -> Option<Schedule> {
        match self {
            Schedule::Doses(doses) => Some(Schedule::Left(doses.left(phase))),
            Schedule::Left(left) => Some(Schedule::Left(left.clone())),
            Schedule::Sum(parts) => {
                let mut tails: Vec<Schedule> = parts.iter().filter_map(|p| p.tail(phase)).collect();
                if tails.len() > 1 { Some(Schedule::Sum(tails)) } else { tails.pop() }
            }
            Schedule::Product(parts) if parts.iter().any(|p| p.tail(phase).is_some()) => {
                let held = |p: &Schedule| Schedule::Held(Box::new(p.clone()), phase);
                Some(Schedule::Product(
                    parts.iter().map(|p| p.tail(phase).unwrap_or_else(|| held(p))).collect(),
                ))
            }
            _ => None,
        }
    }

    /// The period of a periodic stimulus, for the note about records that sample it at one phase; of several, the longest.
    pub fn period(&self) -> Option<Micros> {
        match self {
            Schedule::Pulse(pulse) => pulse.onsets.period(),
            Schedule::Doses(doses) => doses.onsets.period(),
            Schedule::Sine(sine) => sine.period.fixed(),
            Schedule::Series(series) => series.repeat,
            Schedule::Sum(parts) | Schedule::Product(parts) => {
                parts.iter().filter_map(Schedule::period).max()
            }
            _ => None,
        }
    }

    /// How often it changes in a phase of every agent, at least: for what repeats at a pace that is written.
    pub fn changes(&self, phase: Interval) -> u64 {
        let changes = match self {
            Schedule::Pulse(pulse) => pulse.onsets.least(phase),
            Schedule::Doses(doses) => doses.onsets.least(phase),
            Schedule::Poisson(poisson) => poisson.expected(phase),
            Schedule::Series(series) => series.changes(phase),
            Schedule::Sum(parts) | Schedule::Product(parts) => {
                return parts.iter().map(|part| part.changes(phase)).max().unwrap_or(0);
            }
            _ => 0,
        };
        u64::try_from(changes).unwrap_or(0)
    }

    /// No agent's value matters and no luck is drawn: the same for all agents.
    pub fn common(&self) -> bool {
        match self {
            Schedule::Constant(level) => level.fixed().is_some(),
            Schedule::Pulse(pulse) => pulse.common(),
            Schedule::Course(course) => course.common(),
            Schedule::Sine(sine) => sine.common(),
            Schedule::Poisson(_) => false,
            Schedule::Doses(doses) => doses.common(),
            Schedule::Left(left) => left.common(),
            Schedule::Held(of, _) => of.common(),
            Schedule::Series(_) => true,
            Schedule::Sum(parts) | Schedule::Product(parts) => parts.iter().all(Schedule::common),
        }
    }
}
