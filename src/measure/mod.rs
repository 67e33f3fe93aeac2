//! The language of measures and claims: named numbers per agent over moments, phases and arms, and sentences about them.
//! Knows nothing of files or of how a scenario is written.

use std::sync::Arc;

use crate::diagnostic::{Finding, Findings};
use crate::engine::{Assay, Collected, Outcomes, System, Tap};
use crate::expression::{Id, Syntax};
use crate::model::Model;
use crate::stimulus::Interval;
use crate::unit::Unit;

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
    pub system: System,
    pub assays: Vec<Assay>,
    pub taps: Vec<Tap>,
}

impl ArmScope {
    /// Position in `system.watched` of an expression over this arm's quantities (`R`, `off.mood`, `R/rest.R`), and its unit.
    pub fn watch(&mut self, syntax: &Syntax) -> Result<(usize, Unit), Finding> {
        todo!()
    }
    /// Position in `system.responses` of a response of the model, possibly seen through a view.
    pub fn response(&mut self, name: &str, at: &crate::diagnostic::Span) -> Result<usize, Finding> {
        todo!()
    }
    /// `end of exposure`, `start of abstinence + 7 d`, `rest`, `3 d` (since t = 0).
    pub fn moment(&self, text: &str, at: &crate::diagnostic::Span) -> Result<crate::engine::Moment, Finding> {
        todo!()
    }
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
    /// Share of agents in which it must hold; 1 by default; `None` never occurs for claims per agent.
    pub share: f64,
}

/// A claim made ready: per arm where it names none.
#[derive(Clone, Debug)]
pub struct Judge {
    _todo: (),
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub holds: bool,
    /// Share of agents in which it held, by instance; empty for a claim about the population.
    pub shares: Vec<(Option<usize>, f64)>,
    /// The two sides of each comparison of a population claim, as text: `median(fall) = -0.31 < 0`.
    pub sides: Vec<String>,
}

impl Bench {
    /// Compiles all measures in every arm that has their moments; findings for those that fit no arm.
    pub fn compile_measures(&mut self, findings: &mut Findings) -> Vec<Compiled> {
        todo!()
    }
    pub fn compile_claim(&mut self, claim: &Claim) -> Result<Judge, Vec<Finding>> {
        todo!()
    }
    /// An expression per agent in one arm, as a node of `outcomes.arena`.
    pub fn per_agent(&mut self, arm: usize, syntax: &Syntax) -> Result<(Id, Unit), Finding> {
        todo!()
    }
}

impl Judge {
    pub fn verdict(&self, collected: &Collected) -> Verdict {
        todo!()
    }
}
