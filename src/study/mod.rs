//! Studies: many points of one scenario, where they lie, what each came to, and what that says about the parameters.
//! Knows nothing of figures, of the terminal, or of where files lie: texts come through [`Open`].
//!
//! A study is a function from positions to rows: nothing is held for each point, and a row depends on the study and its
//! position alone. So any part of it can be computed anywhere, again, and in any order.

pub mod analysis;
mod centre;
pub mod design;
mod factor;
mod factors;
mod keys;
mod layout;
mod parts;
mod point;
mod read;
mod rows;
pub mod sensitivity;
mod template;
#[cfg(test)]
mod tests;
mod units;

use std::sync::Arc;

use crate::diagnostic::{Error, Finding, Source};
use crate::scenario::{Asking, Scenario, Text};

pub use design::Design;
pub use factor::{Factor, Scale, Span, Value};
pub use keys::STUDY;
pub use parts::{Merging, Unit};
pub use point::Row;
pub use template::template;

/// A scenario that a study names.
#[derive(Clone)]
pub struct Opened {
    /// That its results carry.
    pub name: String,
    pub source: Source,
    /// Texts of the files that it names.
    pub files: SharedFiles,
}

/// As `scenario::Files`, from any thread.
pub type SharedFiles = Arc<dyn Fn(&str) -> Result<Source, String> + Send + Sync>;

/// The scenario of a preset's name or of a path relative to the study.
pub type Open<'a> = dyn Fn(&str) -> Result<Opened, Finding> + 'a;

/// A study that was read and checked.
pub struct Study {
    /// The file's stem.
    pub name: String,
    pub title: String,
    pub doc: String,
    /// The text as written.
    pub source: Source,
    /// The scenario as the study names it: a preset, or a path relative to the study.
    pub named: String,
    /// The scenario with the changes that hold at all points, ready for the outputs.
    pub scenario: Scenario,
    /// In the order of the file: columns of the design.
    pub factors: Vec<Factor>,
    pub design: Design,
    /// Points of the design.
    pub points: u64,
    pub repeats: u64,
    pub luck: Luck,
    /// Numbers that are read at each point, in the order of the table.
    pub outputs: Vec<Output>,
    /// Points that are computed and kept together.
    pub per_unit: u64,
    /// A point with more agents is several units, each whole blocks of it.
    pub most_agents: u64,
    text: Text,
    /// Texts of the files that the scenario names.
    files: SharedFiles,
    /// Changes at all points, as after `--set`.
    set: Vec<Source>,
    asked: Vec<Asking>,
    places: design::Places,
}

/// Whose luck agents have at different points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luck {
    /// The same agents at all points.
    Common,
    /// Other agents at each point.
    Own,
}

/// A number that is read at each point.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Column of the table of points.
    pub name: String,
    pub unit: String,
    pub doc: String,
    pub read: Read,
}

/// What an output is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// Position in `Scenario::totals`.
    Total(usize),
    /// Position in `Scenario::claims`.
    Claim(usize),
}

impl Study {
    /// Reads a study and the scenario that it names; every factor's ends or values are tried in it. `Err` holds all that is
    /// wrong, each with its place.
    pub fn read(name: &str, source: &Source, open: &Open) -> Result<Study, Error> {
        read::study(name, source, open)
    }

    /// Rows of the table of points.
    pub fn rows(&self) -> u64 {
        self.points * self.repeats
    }
}
