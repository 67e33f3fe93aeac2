//! A checked model: parameters, inputs, states, flows, lets, views, responses, and its own theorems.
//! Knows nothing of how anything is computed, of populations or of time courses.

mod builtin;
mod caution;
mod conserve;
mod express;
mod flow;
mod form;
mod formula;
mod judge;
mod keys;
mod limit;
mod names;
mod page;
mod quantity;
mod read;
mod resolve;
mod response;
mod template;
#[cfg(test)]
mod tests;

use crate::diagnostic::{Error, Finding, Findings, Source, Span};
use crate::document::{Entry, Node};
use crate::expression::{Arena, Comparison, Id, Sym};
use crate::stimulus::Micros;
use crate::unit::Unit;

pub use builtin::builtin;
pub use caution::{CAUTIONS, Caution, ILLUSTRATIVE, NO_ADVICE, carried, caution};
pub use keys::{CHECK, FOR, FORM, INPUTS, MODEL, READ};
pub use page::{Page, TOPICS, Topic};
pub use template::template;

/// An expression twice: as written, with lets as symbols, and as it counts, with lets replaced by what they stand for.
#[derive(Clone, Debug)]
pub struct Formula {
    pub written: Id,
    pub value: Id,
    pub at: Span,
}

#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub sym: Sym,
    pub unit: Unit,
    /// In parameters and lets of parameters only.
    pub baseline: Formula,
    pub doc: String,
    /// What a scenario that uses it carries.
    pub caution: Vec<&'static Caution>,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    pub sym: Sym,
    pub unit: Unit,
    /// In `unit`.
    pub value: f64,
    /// Plausible span, in `unit`.
    pub range: Option<[f64; 2]>,
    /// Where the model means something; conditions over parameters.
    pub limits: Vec<Limit>,
    /// `assumed`, `unchecked: …` or a source that was seen.
    pub source: String,
    pub doc: String,
    pub at: Span,
}

/// `left comparison right`, over parameters.
#[derive(Clone, Debug)]
pub struct Limit {
    pub text: String,
    pub left: Id,
    pub comparison: Comparison,
    pub right: Id,
    pub at: Span,
}

/// Where a number comes from, by the words of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Assumed,
    /// A source that nobody has checked yet: `unchecked: …`.
    Unchecked,
    /// A source that was read.
    Sourced,
}

impl Parameter {
    pub fn origin(&self) -> Origin {
        match self.source.trim() {
            // `assumed; pubmed 1 gives …` is assumed: the source gives another number.
            source if source.is_empty() || source.starts_with("assumed") => Origin::Assumed,
            source if source.starts_with("unchecked") => Origin::Unchecked,
            _ => Origin::Sourced,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Let {
    pub name: String,
    pub sym: Sym,
    pub unit: Unit,
    pub formula: Formula,
    pub doc: String,
    /// Scale for figures.
    pub show: Option<[f64; 2]>,
    /// What a scenario that uses it carries.
    pub caution: Vec<&'static Caution>,
}

#[derive(Clone, Debug)]
pub struct State {
    pub name: String,
    pub sym: Sym,
    pub unit: Unit,
    pub start: Start,
    /// The size below which relative accuracy is not asked: parameters only. `None` with a steady start and no stated scale: the start itself.
    pub scale: Option<Id>,
    /// `min = 0`: cannot be negative.
    pub nonnegative: bool,
    pub doc: String,
    /// What a scenario that uses it carries.
    pub caution: Vec<&'static Caution>,
    pub at: Span,
}

#[derive(Clone, Debug)]
pub enum Start {
    /// Inputs in it stand at their baseline (already replaced in `value`), states are not allowed.
    Formula(Formula),
    /// Solved per agent.
    Steady,
}

#[derive(Clone, Debug)]
pub struct Flow {
    pub name: String,
    /// The name that stands for its rate: `flow.binding`.
    pub path: String,
    pub from: Vec<Term>,
    pub to: Vec<Term>,
    pub rate: Formula,
    pub propensity: Option<Formula>,
    pub doc: String,
}

/// `2 M`, `geometric(B) M`.
#[derive(Clone, Debug)]
pub struct Term {
    pub count: u32,
    /// Mean of a geometric burst, where there is one.
    pub burst: Option<Formula>,
    pub state: usize,
}

/// A response: the probe swept, and what happens at each level before it is read.
#[derive(Clone, Debug)]
pub struct Response {
    pub name: String,
    pub form: Form,
    pub probe: Probe,
    /// Name and unit of the probe.
    pub probe_name: String,
    pub probe_sym: Sym,
    pub probe_unit: Unit,
    /// In the probe's unit, 0 < low < high.
    pub range: [f64; 2],
    pub value: Formula,
    pub bottom: Option<Formula>,
    pub top: Option<Formula>,
    /// Of `value`.
    pub value_unit: Unit,
    /// Of what is read: that of `value`, times the model's time where an area is read.
    pub unit: Unit,
    pub doc: String,
}

/// What happens at each level of a probe.
#[derive(Clone, Debug)]
pub enum Form {
    /// All states are frozen.
    Acute,
    /// All states come to rest. The probe is an input, and there are states.
    Chronic,
    /// The agent lives on for a time. The probe is an input.
    Challenge {
        length: Micros,
        /// The length as written: `6 h`.
        written: String,
        read: Read,
        /// Inputs with a level of their own.
        inputs: Vec<(usize, Formula)>,
    },
}

/// What is read of the time that a challenge takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    Max,
    Min,
    Mean,
    Area,
    End,
}

impl Form {
    pub fn is_acute(&self) -> bool {
        matches!(self, Form::Acute)
    }

    /// `acute`, `chronic (steady state at each level)`, `challenge (peak over 6 h)`: in tables and figures.
    pub fn words(&self) -> String {
        match self {
            Form::Acute => "acute".to_owned(),
            Form::Chronic => "chronic (steady state at each level)".to_owned(),
            Form::Challenge { written, read, .. } => {
                let read = match read {
                    Read::Max => "peak over",
                    Read::Min => "lowest value over",
                    Read::Mean => "mean over",
                    Read::Area => "area over",
                    Read::End => "end of",
                };
                format!("challenge ({read} {written})")
            }
        }
    }
}

/// Names that a response may use beside the model's: of whoever declares it.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'a> {
    /// Further values of the agent, with their unit.
    pub own: &'a [(String, Unit)],
    /// Other names of the model's quantities.
    pub alias: &'a [(String, String)],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    Input(usize),
    State(usize),
    /// A symbol of the response only.
    New,
}

/// The model seen with some symbols replaced.
#[derive(Clone, Debug)]
pub struct View {
    pub name: String,
    /// What is not replaced stands at rest: inputs at baseline, states at their start.
    pub of_rest: bool,
    /// What each name is replaced by, as written: lets in it stand as symbols.
    pub with: Vec<(Sym, Id)>,
    pub doc: String,
    pub at: Span,
}

/// A theorem of the model, in the language of measures: read further by the floor that can run it.
#[derive(Clone, Debug)]
pub struct Check {
    pub name: String,
    pub node: Node,
}

#[derive(Clone, Debug)]
pub struct Model {
    pub name: String,
    pub title: String,
    pub doc: String,
    /// What it does not show; empty where the file does not say.
    pub not_shown: String,
    pub sources: Vec<String>,
    pub time: Unit,
    pub arena: Arena,
    pub inputs: Vec<Input>,
    pub parameters: Vec<Parameter>,
    pub lets: Vec<Let>,
    pub states: Vec<State>,
    pub flows: Vec<Flow>,
    pub responses: Vec<Response>,
    pub views: Vec<View>,
    pub checks: Vec<Check>,
    /// What the file says of the model's page.
    pub page: Page,
    /// Net rate of each state, from the flows, with lets replaced; unit of the state per time.
    pub rates: Vec<Id>,
    pub source: Source,
    /// What is not wrong but worth knowing: a parameter without a range, …
    pub notes: Vec<Finding>,
}

/// A quantity of the model: a name resolved.
#[derive(Clone, Debug)]
pub struct Named {
    /// Lets and views replaced.
    pub value: Id,
    pub unit: Unit,
    pub doc: String,
}

impl Model {
    /// Reads and checks a model file. `name` is the file's stem. All findings at once.
    pub fn read(name: &str, source: &Source) -> Result<Model, Error> {
        read::model(name, source)
    }

    /// What a name stands for: a parameter, input, state, let, the rate of a flow (`flow.binding`), or any of these seen through views
    /// (`off.s1`, `rest.R`). `arena` is a clone of the model's, which may have grown.
    /// The start of a steady state is the symbol `start of R`.
    ///
    /// Views apply from the innermost outward: in `off.rest.R` first `rest`, then `off` on what that gave.
    pub fn resolve(&self, arena: &mut Arena, name: &str, at: &Span) -> Result<Named, Finding> {
        resolve::named(self, arena, name, at)
    }

    /// A response that someone else declares over this model, with the keys of the model's own; what it does not say it takes
    /// from `of`. `arena` is a clone of the model's, which may have grown. All that is wrong is told.
    pub fn response(
        &self,
        arena: &mut Arena,
        (name, entry): (&str, &Entry),
        naming: Naming,
        of: Option<&Response>,
        findings: &mut Findings,
    ) -> Option<Response> {
        response::declared(self, arena, (name, entry), naming, of, findings)
    }

    /// Every name that `resolve` knows, without views.
    pub fn names(&self) -> Vec<&str> {
        let inputs = self.inputs.iter().map(|i| &i.name);
        let parameters = self.parameters.iter().map(|p| &p.name);
        let lets = self.lets.iter().map(|l| &l.name);
        let states = self.states.iter().map(|s| &s.name);
        let flows = self.flows.iter().map(|f| &f.path);
        inputs.chain(parameters).chain(states).chain(lets).chain(flows).map(String::as_str).collect()
    }

    /// What goes with an input, let or state, seen through views or not (`off.mood`); nothing for any other name.
    pub fn cautions(&self, name: &str) -> &[&'static Caution] {
        let (_, name) = names::split(name);
        let of_input = self.inputs.iter().find(|i| i.name == name).map(|i| &i.caution);
        let of_let = || self.lets.iter().find(|l| l.name == name).map(|l| &l.caution);
        let of_state = || self.states.iter().find(|s| s.name == name).map(|s| &s.caution);
        of_input.or_else(of_let).or_else(of_state).map_or(&[], Vec::as_slice)
    }

    /// Name of an input or a state, which is not the same at all times.
    fn moving(&self, sym: Sym) -> Option<&str> {
        let inputs = self.inputs.iter().map(|input| (input.sym, &input.name));
        let mut all = inputs.chain(self.states.iter().map(|state| (state.sym, &state.name)));
        all.find(|(known, _)| *known == sym).map(|(_, name)| name.as_str())
    }

    /// Whole-number combinations of states that no flow changes, one row per law.
    pub fn conserved(&self) -> Vec<Vec<i64>> {
        conserve::laws(self.states.len(), &self.flows)
    }
}

/// Name of the symbol that stands for the solved start of a steady state.
pub fn start_symbol(state: &str) -> String {
    format!("start of {state}")
}
