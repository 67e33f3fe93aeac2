//! `allostat replay`.
//! Knows what is told of a life; knows nothing of how it was lived.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::page::Page;
use super::reproduce::{manifest, other_program};
use super::{Done, Stop, words};
use crate::diagnostic::Finding;
use crate::engine::{Alone, Engine, What};
use crate::output::{Csv, Format};
use crate::report::number::figures;
use crate::report::{self, refusal};
use crate::scenario::Scenario;
use crate::scenario::tables::story;
use crate::table::Table;

#[derive(Args)]
pub struct Arguments {
    /// Folder of a run, or its manifest.json; `latest` is the last one
    #[arg(value_name = "RUN|MANIFEST")]
    run: String,
    /// Index of the agent, from 0, as in traces.csv and failures.csv
    #[arg(long, value_name = "K")]
    agent: u64,
    /// File (CSV) for the whole story: every step with inputs and states
    #[arg(long = "out", value_name = "FILE")]
    file: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let (manifest, _) = manifest(&arguments.run, "outputs".as_ref())?;
    if arguments.agent >= manifest.agents {
        let (agent, last) = (arguments.agent, manifest.agents.saturating_sub(1));
        let what = format!("the run has no agent {agent}");
        return Err(Finding::error(what).help(format!("name one from 0 to {last}")).into());
    }
    let mut scenario = report::rebuild(&manifest)?.scenario;
    page.flush();
    other_program(&manifest);
    scenario.plan.traced = vec![arguments.agent];
    let engine = Engine::new(&scenario.plan).map_err(Finding::error)?;
    let alone = engine.alone(arguments.agent).ok_or_else(|| Finding::error("the run has no such agent"))?;
    let table = story(&scenario, &alone);
    page.text(&told(&scenario, &alone, arguments.agent, &table));
    if let Some(file) = &arguments.file {
        fs::write(file, Csv.bytes(&table)).map_err(|e| Stop::Failed(refusal("write", file, &e)))?;
        page.line(format!("\nevery step with its inputs and states: {}", file.display()));
    }
    Ok(true)
}

fn told(scenario: &Scenario, alone: &Alone, agent: u64, table: &Table) -> String {
    let group = alone.group.and_then(|group| scenario.plan.population.groups.get(group));
    let group = group.map_or(String::new(), |group| format!(", group `{}`", group.name));
    let mut text = format!("agent {agent}{group} of {}\n", scenario.title);
    for (arm, story) in alone.arms.iter().enumerate() {
        let name = &scenario.arms[arm].name;
        let rows = of_arm(table, name);
        let ending = rows.iter().rev().find(|row| row.event == "end" || row.event.starts_with("stopped"));
        let taken = story.events.iter().filter(|event| matches!(event.what, What::Steps { .. })).count();
        let tried = story.events.iter().filter(|event| matches!(event.what, What::Rejects { .. })).count();
        let fate = alone.collected.failures.iter().any(|failure| failure.arm == arm);
        let fate = match (fate, ending) {
            (true, Some(row)) => {
                format!("it {} at t = {} {}", row.event, figures(row.time), scenario.time.label())
            }
            (true, None) => "it stopped".to_owned(),
            (false, _) => "it lived to the end".to_owned(),
        };
        text += &format!("\narm {name}: {fate}; {taken} steps, {tried} rejected\n");
        let shown =
            |row: &&Row| row.event == "drawn" || row.event == "end" || row.event.starts_with("stopped");
        let lines: Vec<Vec<String>> = rows
            .iter()
            .filter(shown)
            .map(|row| {
                let event = row.event.split(':').next().unwrap_or_default().to_owned();
                vec![event, row.what.clone(), row.shown()]
            })
            .collect();
        text += &words::aligned(&lines, 2);
    }
    text
}

/// A row of a story.
struct Row {
    event: String,
    time: f64,
    what: String,
    unit: String,
    value: f64,
}

impl Row {
    /// With all figures, because a replay is about bits.
    fn shown(&self) -> String {
        let number = crate::unit::shortest(self.value);
        if self.unit.is_empty() || self.unit == "1" { number } else { format!("{number} {}", self.unit) }
    }
}

fn of_arm(table: &Table, arm: &str) -> Vec<Row> {
    let text = |column: &str, row: usize| table.texts(column)[row].clone().unwrap_or_default();
    (0..table.rows())
        .filter(|row| table.texts("arm")[*row].as_deref() == Some(arm))
        .map(|row| Row {
            event: text("event", row),
            time: table.numbers("time")[row],
            what: text("what", row),
            unit: text("unit", row),
            value: table.numbers("value")[row],
        })
        .collect()
}
