//! A scenario: who is stimulated how, what is recorded, measured and claimed; read from text, made a plan, run, told as tables.
//! Knows nothing of the terminal or of where files lie: texts of named files come through [`Files`].

mod arms;
mod assays;
mod change;
pub mod check;
mod course;
mod figure_keys;
mod figure_records;
mod figures;
mod instruments;
mod keys;
mod lesson;
mod measures;
mod parameters;
mod phases;
mod population;
mod preset;
pub(crate) mod quantity;
mod read;
mod records;
pub mod reference;
mod responses;
mod results;
mod room;
mod shelf;
mod statistic;
pub mod tables;
mod template;
#[cfg(test)]
mod tests;
mod times;

use std::sync::Arc;

use crate::diagnostic::{Finding, Source, Span};
use crate::document::Node;
use crate::engine::{Collected, Engine, Plan};
use crate::measure::{Claim, Judge, Total, Verdict};
use crate::model::{Caution, Model};
use crate::stimulus::Interval;
use crate::table::Table;
use crate::unit::Unit;

pub use figures::{Asked, FigureText, Plotted, Swept};
pub use keys::SCENARIO;
pub use preset::{preset, presets};
pub use results::digest;
pub use template::template;

use read::Wanted;
use shelf::{Library, Shelf};

/// Texts of files that a scenario names: models (`my/model.toml`) and series (`steps.csv`), relative to the scenario.
/// `Err` is a sentence that says why there is none.
pub type Files<'a> = dyn Fn(&str) -> Result<Source, String> + 'a;

/// Texts of models that a scenario names without a file (`turnover`).
pub type Models<'a> = dyn Fn(&str) -> Option<Source> + 'a;

/// A scenario that was read, checked, and made a plan.
pub struct Scenario {
    /// The file's stem.
    pub name: String,
    pub title: String,
    pub doc: String,
    pub lesson: Lesson,
    /// The text as written, without changes.
    pub source: Source,
    /// Models and series that were read, each once.
    pub files: Vec<Source>,
    /// What was changed, in the order of the arguments.
    pub changes: Vec<Change>,
    /// Unit in which results show time.
    pub time: Unit,
    /// By arm, as in `plan.arms`.
    pub arms: Vec<ArmText>,
    /// Parameters of the scenario's own, with the units that their values are in.
    pub own: Vec<(String, Unit)>,
    pub instruments: Vec<InstrumentText>,
    pub plan: Plan,
    pub records: Vec<Record>,
    pub assays: Vec<AssayText>,
    pub measures: Vec<MeasureText>,
    pub claims: Vec<ClaimText>,
    /// What was asked for at reading, in the order of asking.
    pub totals: Vec<TotalText>,
    /// Beside the figures that every run has.
    pub figures: Vec<FigureText>,
    /// What all that is written of it has to say, in the order of the table.
    pub cautions: Vec<&'static Caution>,
    /// What is not wrong but worth knowing.
    pub notes: Vec<Finding>,
}

/// What a teacher says around a run; sentences about curves cite claims in braces.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Lesson {
    pub question: String,
    /// What to guess before the picture.
    pub predict: String,
    /// With citations `{name of claim}`.
    pub explain: String,
    pub caveat: String,
}

/// One value that a reader changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Full path: `parameters.kdeg`.
    pub path: String,
    /// As written: `0.06 1/min`.
    pub now: String,
    /// What stood in the file or came from the model; empty where nothing did.
    pub was: String,
}

/// The words of an arm.
#[derive(Clone, Debug)]
pub struct ArmText {
    pub name: String,
    pub title: String,
    pub model: Arc<Model>,
    pub phases: Vec<(String, Interval)>,
}

/// A simulated instrument: its name is a score, and what that is in words.
#[derive(Clone, Debug, PartialEq)]
pub struct InstrumentText {
    pub name: String,
    pub doc: String,
    /// The latent quantity as written.
    pub latent: String,
}

/// A recorded quantity in one unit and window, over all arms that have it: columns of `summary.csv`.
#[derive(Clone, Debug)]
pub struct Record {
    /// As the table writes it: `off.mood`, `R / rest.R`.
    pub what: String,
    pub doc: String,
    /// In which the values of the engine come out; `%` where relative (the engine's value is already a percentage).
    pub unit: Unit,
    /// Empty, or `mean over 1 d`.
    pub window: String,
    pub stats: Vec<Stat>,
    /// Recorded because a `[[figure]]` draws it: has no figure of its own.
    pub for_figure: bool,
    /// Position in each arm's `series`.
    pub series: Vec<Option<usize>>,
}

/// A number of a population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stat {
    Mean,
    Sd,
    Min,
    Max,
    /// Share in [0, 1]: `p5` is 0.05.
    Quantile(f64),
}

/// One response at one moment of one arm: rows of `assays.csv`.
#[derive(Clone, Debug)]
pub struct AssayText {
    pub arm: usize,
    /// Position in the arm's `assays`.
    pub assay: usize,
    /// As written: `end of exposure`.
    pub moment: String,
    pub response: String,
    /// What happens at each level: `acute`, `challenge (peak over 6 h)`.
    pub form: String,
    pub doc: String,
    pub probe: String,
    pub probe_doc: String,
    pub probe_unit: Unit,
    pub unit: Unit,
    /// The model states a top: `emax`; else `largest in range`.
    pub topped: bool,
    pub stats: Vec<Stat>,
}

/// A measure in one arm: rows of `measures.csv`.
#[derive(Clone, Debug)]
pub struct MeasureText {
    pub name: String,
    pub doc: String,
    /// `None` where the measure names its arms itself.
    pub arm: Option<usize>,
    /// Position in `plan.outcomes.values`.
    pub outcome: usize,
    /// In which the engine's values come out.
    pub own: Unit,
    /// To show it in.
    pub unit: Unit,
}

/// A claim, and how it is judged.
#[derive(Clone, Debug)]
pub struct ClaimText {
    pub claim: Claim,
    pub judge: Judge,
    /// True by what was put in (a term of a read-out, a schedule), not by how the model moves.
    pub assumed: bool,
    /// `PATH=VALUE` under which the claim fails, so that it is not empty.
    pub fails_with: String,
}

/// A number over agents that somebody asks for, beside what the scenario says: `median(fall)`.
#[derive(Clone, Debug)]
pub struct Asking {
    pub name: String,
    /// The expression, with its place.
    pub text: Span,
}

/// A number over agents, ready to be read from a run.
#[derive(Clone, Debug)]
pub struct TotalText {
    /// Of the asking; behind it the arm in brackets where the expression names none and several arms have it.
    pub name: String,
    /// Position of the asking.
    pub asking: usize,
    pub total: Total,
}

/// What a run came to.
pub struct Results {
    pub collected: Collected,
    pub summary: Table,
    pub assays: Table,
    pub measures: Table,
    pub traces: Table,
    pub failures: Table,
    /// By claim.
    pub verdicts: Vec<Verdict>,
    /// Agents that failed in any arm.
    pub failed: u64,
    /// SHA-256 of `summary.csv`, `assays.csv` and `measures.csv`, in hex.
    pub digest: String,
}

/// One input of one arm over time, for the agent with median luck: a polyline, steps as two points at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub input: String,
    pub doc: String,
    pub unit: String,
    /// In the scenario's time.
    pub times: Vec<f64>,
    pub values: Vec<f64>,
}

impl Scenario {
    /// Runs all agents of all arms on the threads of the current pool. `done` is told the agents of each finished block.
    /// `Err` is a sentence about a plan that cannot be run.
    pub fn run(&self, done: &(dyn Fn(u64) + Sync)) -> Result<Results, String> {
        let engine = Engine::new(&self.plan)?;
        let collected = engine.run(0..crate::engine::blocks(self.plan.population.agents), done);
        Ok(self.results(collected))
    }

    /// Reads a scenario. `changes` are arguments `PATH=VALUE`, applied in order before anything is checked; `files` gives the
    /// texts of models and series that it names. `Err` holds all that is wrong, each with its place.
    pub fn read(
        name: &str,
        source: &Source,
        changes: &[Source],
        files: &Files,
    ) -> Result<Scenario, crate::diagnostic::Error> {
        Scenario::read_with(name, source, changes, files, &shelf::embedded)
    }

    /// The same with other texts in place of the built-in models: those of a program of another day.
    pub fn read_with(
        name: &str,
        source: &Source,
        changes: &[Source],
        files: &Files,
        models: &Models,
    ) -> Result<Scenario, crate::diagnostic::Error> {
        let text = Text::new(name, source)?;
        text.read(changes, files, models, Wanted { asked: &[], claims: true, told: true })
    }
}

/// The text of a scenario, to be read many times with other changes: it is parsed once, and so is each model that it names.
pub struct Text {
    name: String,
    source: Source,
    root: Node,
    /// Of the text itself.
    said: Vec<Finding>,
    /// Without what only tables and figures want; and without claims.
    bare: [Node; 2],
    library: Library,
}

impl Text {
    /// `Err` where it is no TOML.
    pub fn new(name: &str, source: &Source) -> Result<Text, crate::diagnostic::Error> {
        let (root, said) = read::parsed(source)?;
        let bare = [read::without(&root, &read::TOLD), read::without(&root, &read::TOLD_AND_CLAIMS)];
        let (name, source) = (name.to_owned(), source.clone());
        Ok(Text { name, source, root, said, bare, library: Library::default() })
    }

    /// The scenario as [`Scenario::read`] reads it, ready for numbers over agents as well.
    pub fn asking(
        &self,
        changes: &[Source],
        files: &Files,
        asked: &[Asking],
    ) -> Result<Scenario, crate::diagnostic::Error> {
        self.read(changes, files, &shelf::embedded, Wanted { asked, claims: true, told: true })
    }

    /// The scenario without all that only tables and figures want, ready for numbers over agents, and for claims if `claims`.
    /// Nothing else is observed, and what is observed moves no bit of what is left.
    pub fn numbers(
        &self,
        changes: &[Source],
        files: &Files,
        asked: &[Asking],
        claims: bool,
    ) -> Result<Scenario, crate::diagnostic::Error> {
        self.read(changes, files, &shelf::embedded, Wanted { asked, claims, told: false })
    }

    /// The tree that a reading starts from: what is not wanted is not copied and checked, unless a change speaks of it.
    fn tree(&self, changes: &[Source], wanted: Wanted) -> &Node {
        let named = |key: &&str| changes.iter().any(|change| change.text().trim_start().starts_with(key));
        match wanted {
            Wanted { told: true, .. } => &self.root,
            _ if read::TOLD_AND_CLAIMS.iter().any(named) => &self.root,
            Wanted { claims, .. } => &self.bare[usize::from(!claims)],
        }
    }

    fn read(
        &self,
        changes: &[Source],
        files: &Files,
        models: &Models,
        wanted: Wanted,
    ) -> Result<Scenario, crate::diagnostic::Error> {
        read::scenario(self, changes, Shelf::new(&self.library, files, models), wanted)
    }
}
