//! A finished run as a folder: tables, claims, figures, manifest, label; then the page and the note of the latest.
//! Knows scenarios, figures and formats; knows nothing of the terminal.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::agents::{self, AgentsTable};
use super::draft::{Draft, replace};
use super::manifest::{Hashed, Manifest, MeasuredError};
use super::redraw::{Pictures, pictures};
use super::sheet::{PREDICTION, REPORT, Sheet};
use super::{claims, folder_name, index, label, sha256, stored};
use crate::figure::{self, Audience, Subject};
use crate::output::{Csv, Format};
use crate::scenario::tables::compared;
use crate::scenario::{Results, Scenario};
use crate::table::Table;

/// Folder of the unchanged run's tables inside a run's folder.
pub const UNCHANGED: &str = "unchanged";

/// A run and the circumstances under which it came about.
pub struct Finished<'a> {
    pub scenario: &'a Scenario,
    pub results: &'a Results,
    /// Folder of the scenario, below which its files have their names.
    pub base: &'a Path,
    pub measured_error: MeasuredError,
    pub started: SystemTime,
    /// Of the simulation, by the wall clock.
    pub seconds: f64,
    pub threads: usize,
    pub unchanged: Option<Unchanged<'a>>,
    /// Of the run, then of the unchanged one, where each agent has its rows.
    pub agents: Vec<AgentsTable>,
    /// The reader's answer to the lesson's question, given before anything was computed.
    pub prediction: Option<&'a str>,
}

/// The same scenario without the changes, same agents and seed.
#[derive(Clone, Copy)]
pub struct Unchanged<'a> {
    pub scenario: &'a Scenario,
    pub results: &'a Results,
}

/// What was written.
pub struct Written {
    pub folder: PathBuf,
    /// Of the changed and the unchanged run, where both ran.
    pub differences: Option<Table>,
    /// What could not be done and is no reason to throw the run away; sentences.
    pub notes: Vec<String>,
}

impl MeasuredError {
    /// `value` of `agents` agents; what is not finite could not be compared.
    pub fn of(value: f64, agents: u64, tighter: f64) -> MeasuredError {
        MeasuredError { value: value.is_finite().then_some(value), agents, tighter }
    }
}

/// Writes the folder `out/<scenario>-<digest8>`, completely or not at all, with figures for an audience where one is named.
pub fn write(run: &Finished, out: &Path, figures: Option<Audience>) -> Result<Written, String> {
    let name = folder_name(&run.scenario.name, &run.results.digest);
    let folder = out.join(&name);
    let (mut files, differences) = written(run.scenario, run.results, run.unchanged);
    let drawn = figures.map(|audience| files.figures(run, audience)).unwrap_or_default();
    let mut notes = drawn.notes;
    let below = ["".to_owned(), format!("{UNCHANGED}/")];
    let tables: Vec<(String, &AgentsTable)> =
        below.into_iter().map(|folder| folder + agents::FILE).zip(&run.agents).collect();
    let hashed =
        |(name, table): &(String, &AgentsTable)| Hashed { name: name.clone(), sha256: table.sha256.clone() };
    files.hashes.extend(tables.iter().map(hashed));
    let manifest = Manifest::of(run, std::mem::take(&mut files.hashes));
    files.file("LABEL.txt", label::text(&manifest).into_bytes());
    files.file("manifest.json", manifest.json().into_bytes());
    let prediction = prediction(run, &folder);
    if let Some(answer) = &prediction {
        files.file(PREDICTION, answer.clone().into_bytes());
    }
    let sheet = Sheet {
        manifest: &manifest,
        subject: &manifest.subject,
        claims: &claims::json(run.scenario, run.results),
        measures: &run.results.measures,
        figures: &drawn.figures,
        folder: "figures",
        prediction: prediction.as_deref(),
        at_home: true,
    };
    files.file(REPORT, sheet.html().into_bytes());
    let draft = Draft::of(&folder)?;
    files.bytes.iter().try_for_each(|(name, bytes)| draft.file(name, bytes))?;
    tables.iter().try_for_each(|(name, table)| draft.take(name, table.path()))?;
    draft.place(&stored::is_run)?;
    // The run is safe now; that the list of runs could not be brought up to date is a note.
    let latest = replace(&out.join(stored::LATEST), format!("{name}\n").as_bytes());
    notes.extend(latest.and_then(|()| index::write(out)).err());
    Ok(Written { folder, differences, notes })
}

/// What was predicted of this run, now or when it ran before: a run that is repeated keeps its reader's words.
fn prediction(run: &Finished, folder: &Path) -> Option<String> {
    let now = run.prediction.map(|answer| answer.trim_end().to_owned() + "\n");
    now.or_else(|| fs::read_to_string(folder.join(PREDICTION)).ok())
}

/// Tables and claims of a run, and how it differs from the unchanged one where that ran.
pub(super) fn written(
    scenario: &Scenario,
    results: &Results,
    unchanged: Option<Unchanged>,
) -> (Files, Option<Table>) {
    let mut files = Files::default();
    files.table("summary.csv", &results.summary);
    files.table("assays.csv", &results.assays);
    files.table("measures.csv", &results.measures);
    if results.traces.rows() > 0 {
        files.table("traces.csv", &results.traces);
    }
    files.table("failures.csv", &results.failures);
    files.file("claims.json", claims::json(scenario, results).into_bytes());
    let differences = unchanged.map(|twin| files.unchanged(twin, results));
    (files, differences)
}

/// What will stand in the folder. Kept until all is there, so that drawing, which takes longest, leaves nothing behind when it is
/// interrupted.
#[derive(Default)]
pub(super) struct Files {
    /// Names and contents, in the order of writing.
    pub bytes: Vec<(String, Vec<u8>)>,
    hashes: Vec<Hashed>,
}

impl Files {
    fn file(&mut self, name: &str, bytes: Vec<u8>) {
        self.hashes.push(Hashed { name: name.to_owned(), sha256: sha256(&bytes) });
        self.bytes.push((name.to_owned(), bytes));
    }

    fn table(&mut self, name: &str, table: &Table) {
        self.file(name, Csv.bytes(table));
    }

    /// The tables of the unchanged run, and how the run differs from them.
    fn unchanged(&mut self, twin: Unchanged, results: &Results) -> Table {
        let of = twin.results;
        let tables = [
            ("summary", &of.summary),
            ("assays", &of.assays),
            ("measures", &of.measures),
            ("failures", &of.failures),
        ];
        for (name, table) in tables {
            self.table(&format!("{UNCHANGED}/{name}.csv"), table);
        }
        self.file(&format!("{UNCHANGED}/claims.json"), claims::json(twin.scenario, of).into_bytes());
        let differences = compared(&[
            ("unchanged", &of.measures, &of.assays, &of.summary),
            ("changed", &results.measures, &results.assays, &results.summary),
        ]);
        self.table("differences.csv", &differences);
        differences
    }

    /// Keeps the files of the figures and gives what else belongs to them.
    fn figures(&mut self, run: &Finished, audience: Audience) -> Pictures {
        let subject = super::subject(run.scenario, run.results);
        let ghost_subject = run.unchanged.map(|twin| super::subject(twin.scenario, twin.results));
        let ghost =
            run.unchanged.zip(ghost_subject.as_ref()).map(|(twin, subject)| told(subject, twin.results));
        let mut pictures = pictures(&told(&subject, run.results), ghost.as_ref(), audience, false);
        for (name, bytes) in pictures.files.drain(..) {
            self.file(&format!("figures/{name}"), bytes);
        }
        pictures
    }
}

fn told<'a>(subject: &'a Subject, results: &'a Results) -> figure::Run<'a> {
    figure::Run { subject, summary: &results.summary, assays: &results.assays, measures: &results.measures }
}
