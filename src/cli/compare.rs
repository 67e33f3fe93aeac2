//! `allostat compare`: stored runs side by side.
//! Simulates nothing.

use std::path::Path;

use clap::Args;

use super::page::{self, Page};
use super::{Done, Stop, words};
use crate::diagnostic::Finding;
use crate::report::{Stored, place_of};
use crate::scenario::tables::compared;
use crate::table::Table;

#[derive(Args)]
pub struct Arguments {
    /// Folders of runs; `latest` is the last one
    #[arg(value_name = "RUN", required = true, num_args = 2..)]
    runs: Vec<String>,
    /// Folder where runs are looked for by name
    #[arg(long, value_name = "DIR", default_value = "outputs")]
    out: std::path::PathBuf,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let (mut runs, mut findings) = (Vec::new(), Vec::new());
    for run in &arguments.runs {
        match open(run, &arguments.out) {
            Ok(stored) => runs.push(stored),
            Err(why) => findings.push(Finding::error(why)),
        }
    }
    if !findings.is_empty() {
        return Err(Stop::Input(findings));
    }
    let labels = labels(&runs);
    for (run, label) in runs.iter().zip(&labels) {
        let changed = match run.tables.subject.changed.as_slice() {
            [] => "unchanged".to_owned(),
            changed => changed.join(", "),
        };
        page.line(format!("{label}: {} ({changed})", run.manifest.scenario.title));
    }
    let tables: Vec<(&str, &Table, &Table, &Table)> = runs
        .iter()
        .zip(&labels)
        .map(|(run, label)| (label.as_str(), &run.tables.measures, &run.tables.assays, &run.tables.summary))
        .collect();
    page.line("");
    let (moved, still) = words::moved(&compared(&tables));
    page.text(&words::table(&moved, usize::MAX, ""));
    page.text(&words::unmoved(still));
    Ok(true)
}

/// A stored run; what was edited since is noted.
pub fn open(run: &str, outputs: &Path) -> Result<Stored, String> {
    let stored = Stored::open(&place_of(run, outputs)?)?;
    let notes: Vec<String> = stored
        .altered
        .iter()
        .map(|file| format!("`{}` is no longer what the run wrote", stored.place.join(file).display()))
        .collect();
    page::note(&notes);
    Ok(stored)
}

/// The runs' names, numbered where two are the same.
fn labels(runs: &[Stored]) -> Vec<String> {
    let names: Vec<String> = runs.iter().map(Stored::name).collect();
    let label = |(at, name): (usize, &String)| {
        let alone = names.iter().filter(|other| *other == name).count() == 1;
        if alone { name.clone() } else { format!("{name} #{}", at + 1) }
    };
    names.iter().enumerate().map(label).collect()
}
