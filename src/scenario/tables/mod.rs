//! The tables of a run: `summary`, `assays`, `measures`, `traces`, `failures`, and runs compared.
//! Knows a scenario's words and what an engine collected; knows nothing of files, figures or how a number came about.
//!
//! Times are in the scenario's time, [`Schema`] says the columns. A missing number is an empty cell, never 0.

mod agents;
mod assays;
mod compared;
mod failures;
mod measures;
#[cfg(test)]
pub(super) mod sample;
mod scores;
mod story;
mod summary;
#[cfg(test)]
mod tests;
mod traces;

use std::fmt;

use crate::output::csv::{self, Kind};
use crate::population::Population;
use crate::record::Reduction;
use crate::stimulus::Micros;
use crate::table::{Column, Data, Table};
use crate::unit::{Unit, shortest};

use super::Stat;

pub use agents::{AGENTS, Agents};
pub use assays::{ASSAYS, LARGEST, assays};
pub use compared::compared;
pub use failures::{FAILURES, failed, failures};
pub use measures::{MEASURES, NOT_REACHED, measures};
pub use story::{STORY, story};
pub use summary::{SUMMARY, summary};
pub use traces::{TRACES, traces};

/// Stands in front of the reason in the `stat` of agents that have no EC50, slope or gain.
pub const MISSING: &str = "missing: ";
/// The group of all agents.
pub const ALL: &str = "all";

/// One column: header, what its cells are, what they mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heading {
    pub name: &'static str,
    pub kind: Kind,
    pub doc: &'static str,
}

/// The columns of a table, for its writer, its reader and its documentation.
#[derive(Debug)]
pub struct Schema {
    /// File stem.
    pub name: &'static str,
    pub doc: &'static str,
    pub headings: &'static [Heading],
}

/// All tables of a run, in the order in which they are told.
pub static SCHEMAS: [&Schema; 5] = [&SUMMARY, &ASSAYS, &MEASURES, &TRACES, &FAILURES];

const fn text(name: &'static str, doc: &'static str) -> Heading {
    Heading { name, kind: Kind::Text, doc }
}

const fn number(name: &'static str, doc: &'static str) -> Heading {
    Heading { name, kind: Kind::Number, doc }
}

const fn whole(name: &'static str, doc: &'static str) -> Heading {
    Heading { name, kind: Kind::Whole, doc }
}

const ARM: Heading = text("arm", "name of the arm");
const GROUP: Heading = text("group", "`all`, or the name of a group of the population");
const TIME: Heading = number("time", "time since the start of the arm");
const TIME_UNIT: Heading = text("time_unit", "unit of `time`");
const UNIT: Heading = text("unit", "unit of `value`");
const WINDOW: Heading = text(
    "window",
    "window that ends at `time` and what is made of it within each agent; empty: the value then",
);
const STAT: Heading = text(
    "stat",
    "`mean`, `sd`, `min`, `max`, or a quantile over agents: `p5` is the 5th per cent; `missing: not defined`: `value` is how many \
     agents have no score, because its latent quantity has no number",
);
const N: Heading = whole("n", "agents counted; failed agents are not");

impl Schema {
    /// Reads such a table back from CSV. `Err` is a sentence with the line.
    pub fn read(&self, csv: &str) -> Result<Table, String> {
        let heading = |name: &str| self.headings.iter().find(|heading| heading.name == name);
        let mut table = csv::read(csv, self.name, &|name| heading(name).map_or(Kind::Text, |h| h.kind))?;
        if let Some(absent) = self.headings.iter().find(|h| table.column(h.name).is_none()) {
            return Err(format!("{} has no column `{}`", self.name, absent.name));
        }
        for column in &mut table.columns {
            column.doc = heading(&column.name).map_or("", |h| h.doc).to_owned();
        }
        Ok(table)
    }
}

/// One cell of a row.
#[derive(Clone, Copy, Debug)]
enum Cell<'a> {
    Text(&'a str),
    Number(f64),
    Whole(u64),
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Cell<'a> {
        Cell::Text(text)
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Cell<'a> {
        Cell::Text(text)
    }
}

impl From<f64> for Cell<'_> {
    fn from(number: f64) -> Self {
        Cell::Number(number)
    }
}

impl From<u64> for Cell<'_> {
    fn from(whole: u64) -> Self {
        Cell::Whole(whole)
    }
}

/// A table while it is filled, row by row.
struct Rows {
    schema: &'static Schema,
    columns: Vec<Data>,
}

impl Rows {
    fn new(schema: &'static Schema) -> Rows {
        let none_yet = |heading: &Heading| match heading.kind {
            Kind::Number => Data::Number(Vec::new()),
            Kind::Whole => Data::Whole(Vec::new()),
            Kind::Text => Data::Text(Vec::new()),
        };
        Rows { schema, columns: schema.headings.iter().map(none_yet).collect() }
    }

    /// Adds a row: one cell for each heading, in their order. An empty text is a missing one.
    fn push<const CELLS: usize>(&mut self, cells: [Cell; CELLS]) {
        assert_eq!(CELLS, self.columns.len(), "cells of a row of {}", self.schema.name);
        for ((column, cell), heading) in self.columns.iter_mut().zip(cells).zip(self.schema.headings) {
            match (column, cell) {
                (Data::Text(v), Cell::Text(text)) => v.push((!text.is_empty()).then(|| text.to_owned())),
                (Data::Number(v), Cell::Number(x)) => v.push(if x.is_nan() { f64::NAN } else { x }),
                (Data::Number(v), Cell::Whole(n)) => v.push(n as f64),
                (Data::Whole(v), Cell::Whole(n)) => v.push(Some(n)),
                (_, cell) => panic!("{cell:?} in column `{}`", heading.name),
            }
        }
    }

    fn table(self) -> Table {
        let headings = self.schema.headings.iter().zip(self.columns);
        Table::new(self.schema.name, headings.map(|(h, data)| Column::new(h.name, h.doc, data)).collect())
    }
}

/// `mean`, `sd`, `min`, `max`, `p5`, `p97.5`.
impl fmt::Display for Stat {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Stat::Mean => f.write_str("mean"),
            Stat::Sd => f.write_str("sd"),
            Stat::Min => f.write_str("min"),
            Stat::Max => f.write_str("max"),
            // Six places of a per cent: 0.07 is 7 %, although 100·0.07 is a little more.
            Stat::Quantile(p) => write!(f, "p{}", shortest((p * 1e8).round() / 1e6)),
        }
    }
}

/// The numbers of a population, in the order of `stats`; all quantiles with one sort.
fn numbers(reduction: &Reduction, stats: &[Stat]) -> Vec<f64> {
    let quantile = |stat: &Stat| match stat {
        Stat::Quantile(p) => Some(*p),
        _ => None,
    };
    let wanted: Vec<f64> = stats.iter().filter_map(quantile).collect();
    let mut quantiles = if wanted.is_empty() { Vec::new() } else { reduction.quantiles(&wanted) }.into_iter();
    let number = |stat: &Stat| match stat {
        Stat::Mean => reduction.mean(),
        Stat::Sd => reduction.sd(),
        Stat::Min => reduction.min(),
        Stat::Max => reduction.max(),
        Stat::Quantile(_) => quantiles.next().unwrap_or(f64::NAN),
    };
    stats.iter().map(number).collect()
}

/// `all`, then the groups: the order in which an engine collects.
fn group_names(population: &Population) -> Vec<&str> {
    [ALL].into_iter().chain(population.groups.iter().map(|group| group.name.as_str())).collect()
}

/// A time in `unit`, rounded once.
pub(super) fn in_time(micros: Micros, unit: &Unit) -> f64 {
    in_time_of(micros as f64, unit)
}

/// As [`in_time`], of a time between two microseconds.
pub(super) fn in_time_of(micros: f64, unit: &Unit) -> f64 {
    // A scenario's time is checked to be a time when it is read.
    Unit::parse("us").ok().and_then(|us| us.convert(micros, unit)).unwrap_or(f64::NAN)
}
