//! The language of measures and claims: named numbers per agent over moments, phases and arms, and sentences about them.
//! Knows nothing of files or of how a scenario is written.

mod adaptation;
mod agent;
mod apart;
mod arithmetic;
mod bench;
mod claim;
mod fault;
mod glossary;
mod instrument;
mod made;
mod metric;
mod moment;
mod over;
mod place;
mod read;
mod reliability;
mod response;
mod scope;
mod system;
#[cfg(test)]
mod tests;
mod total;
mod verdict;
mod word;

use std::sync::Arc;

use crate::engine::{Assay, Outcomes, System, Tap};
use crate::expression::Syntax;
use crate::model::{Caution, Model, Response};
use crate::stimulus::Interval;
use crate::unit::Unit;

pub use claim::{EQUAL_WITHIN, Judge};
pub use glossary::GLOSSARY;
pub use instrument::{Gauge, reserved};
pub use system::system;
pub use total::Total;
pub use verdict::Verdict;
pub use word::WORDS;

/// One arm as measures see it; compiling adds watched quantities, responses, assays and taps.
#[derive(Clone, Debug)]
pub struct ArmScope {
    pub name: String,
    pub model: Arc<Model>,
    /// The scenario's own parameters, beside the model's: name and unit. All are symbols of `system.values`.
    pub own: Vec<(String, Unit)>,
    /// `as = { effect = "R" }`: common names of this arm's quantities.
    pub alias: Vec<(String, String)>,
    pub phases: Vec<(String, Interval)>,
    /// The model's, then the scenario's own.
    pub responses: Vec<Response>,
    /// Simulated instruments, the same in every arm but for their luck.
    pub instruments: Vec<Gauge>,
    pub system: System,
    pub assays: Vec<Assay>,
    pub taps: Vec<Tap>,
    /// What goes with the inputs, lets and states that were asked for.
    pub cautions: Vec<&'static Caution>,
}

/// A measure as written.
#[derive(Clone, Debug)]
pub struct Measure {
    pub name: String,
    pub syntax: Syntax,
    pub doc: String,
    /// Unit to show it in; its own where none is stated.
    pub unit: Option<Unit>,
}

/// All arms of a scenario while its measures and claims are compiled.
#[derive(Clone, Debug)]
pub struct Bench {
    pub arms: Vec<ArmScope>,
    pub measures: Vec<Measure>,
    pub outcomes: Outcomes,
    /// Unit in which times come out (`first`, `half_time`) and bare times count.
    pub time: Unit,
}

/// A measure of one arm (or of the arms that it names itself) as an outcome.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Position in `Bench::measures`.
    pub measure: usize,
    /// `None` where the measure names its arms itself.
    pub arm: Option<usize>,
    /// Position in `Outcomes::values`.
    pub outcome: usize,
    pub unit: Unit,
}

/// A claim as written.
#[derive(Clone, Debug)]
pub struct Claim {
    pub name: String,
    pub say: String,
    pub syntax: Syntax,
    /// Share of agents in which it must hold; 1 by default; a claim about the population does not look at it.
    pub share: f64,
}
