//! A made-up manifest and run folder for tests; the numbers mean nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::fates::Fate;
use super::label::{LABEL, Origins};
use super::manifest::*;
use super::sha256;
use crate::figure::{ArmSubject, PhaseSubject, QuantitySubject, StimulusSubject, Subject};
use crate::output::{Csv, Format};
use crate::scenario::Lesson;
use crate::table::{Column, Data, Table};

fn texts(name: &str, values: &[&str]) -> Column {
    let cell = |text: &&str| (!text.is_empty()).then(|| (*text).to_owned());
    Column::new(name, "", Data::Text(values.iter().map(cell).collect()))
}

fn numbers(name: &str, values: &[f64]) -> Column {
    Column::new(name, "", Data::Number(values.to_vec()))
}

/// One arm, one quantity, three times, three quantiles.
pub fn summary() -> Table {
    let stats = ["p5", "p50", "p95"];
    let rows: Vec<(f64, &str, f64)> = (0..3)
        .flat_map(|day| stats.iter().enumerate().map(move |(i, s)| (f64::from(day), *s, 0.5 + i as f64)))
        .collect();
    let all = |text: &'static str| vec![text; rows.len()];
    let stat: Vec<&str> = rows.iter().map(|row| row.1).collect();
    Table::new(
        "summary",
        vec![
            texts("arm", &all("rest")),
            texts("group", &all("all")),
            numbers("time", &rows.iter().map(|row| row.0).collect::<Vec<_>>()),
            texts("time_unit", &all("d")),
            texts("what", &all("R")),
            texts("unit", &all("1")),
            texts("window", &all("")),
            texts("stat", &stat),
            numbers("value", &rows.iter().map(|row| row.2).collect::<Vec<_>>()),
            Column::new("n", "", Data::Whole(vec![Some(200); rows.len()])),
        ],
    )
}

fn empty(name: &str, headers: &[&str]) -> Table {
    let column = |header: &&str| match *header {
        "time" | "level" | "value" => numbers(header, &[]),
        "n" | "agent" => Column::new(header, "", Data::Whole(Vec::new())),
        _ => texts(header, &[]),
    };
    Table::new(name, headers.iter().map(column).collect())
}

/// Failures of one arm by agent and cause.
pub fn failures(rows: &[(u64, &str)]) -> Table {
    let same = |text: &'static str| vec![text; rows.len()];
    Table::new(
        "failures",
        vec![
            texts("arm", &same("taper")),
            Column::new("agent", "", Data::Whole(rows.iter().map(|row| Some(row.0)).collect())),
            numbers("time", &vec![61.25; rows.len()]),
            texts("time_unit", &same("d")),
            texts("cause", &rows.iter().map(|row| row.1).collect::<Vec<_>>()),
            texts("state", &same("R")),
        ],
    )
}

fn subject() -> Subject {
    Subject {
        title: "Overstimulation".to_owned(),
        label: LABEL[0].to_owned(),
        provenance: "allostat 0.1.0 · seed 7 · 200 agents · digest 01234567".to_owned(),
        agents: 200,
        time_unit: "d".to_owned(),
        arms: vec![ArmSubject {
            name: "rest".to_owned(),
            phases: vec![PhaseSubject { name: "exposure".to_owned(), start: 0.0, end: 2.0 }],
            stimuli: vec![StimulusSubject {
                input: "L".to_owned(),
                times: vec![0.0, 2.0],
                values: vec![1.0, 0.1],
                ..Default::default()
            }],
            ..Default::default()
        }],
        quantities: vec![QuantitySubject {
            what: "R".to_owned(),
            unit: "1".to_owned(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// The manifest of a changed run with one figure.
pub fn manifest() -> Manifest {
    let hashed = |name: &str| Hashed { name: name.to_owned(), sha256: sha256(name.as_bytes()) };
    let text = "title = \"Overstimulation\"\n".to_owned();
    Manifest {
        schema: SCHEMA,
        label: LABEL.iter().map(|sentence| (*sentence).to_owned()).collect(),
        cautions: Vec::new(),
        scenario: ScenarioText {
            name: "overstimulation".to_owned(),
            title: "Overstimulation".to_owned(),
            sha256: sha256(text.as_bytes()),
            text,
        },
        models: vec![Text { name: "turnover".to_owned(), sha256: sha256(b""), text: String::new() }],
        inputs: vec![Text { name: "steps.csv".to_owned(), sha256: sha256(b"t\n"), text: "t\n".to_owned() }],
        parameters: Origins { sourced: 1, unchecked: 0, assumed: 5 },
        lesson: Lesson::default(),
        values: Vec::new(),
        changes: vec![Changed {
            path: "parameters.kappa".to_owned(),
            now: "8".to_owned(),
            was: "4".to_owned(),
        }],
        seed: 7,
        agents: 12_000,
        version: "0.1.0".to_owned(),
        commit: "0123456789ab".to_owned(),
        numerics: 1,
        digest: "0123456789abcdef".repeat(4),
        quantiles: "exact".to_owned(),
        claims: Held { held: 1, of: 2 },
        failed: 3,
        fates: vec![Fate { cause: "step too small".to_owned(), agents: 3 }],
        redrawn: 0,
        measured_error: MeasuredError::of(1.25e-7, 64, 100.0),
        cost: Work { steps: u64::MAX, implicit: 1, rejected: 2, evaluations: 3 },
        files: vec![hashed("summary.csv"), hashed("figures/sensitivity.png")],
        subject: Subject { changed: vec!["kappa = 8 (was 4)".to_owned()], ..subject() },
        unchanged: None,
        run: Circumstances { started: "2026-03-01T12:00:00Z".to_owned(), seconds: 0.1, threads: 4 },
    }
}

/// Writes the folder of an unchanged run.
pub fn stored(out: &Path, name: &str) -> PathBuf {
    let place = out.join(name);
    fs::create_dir_all(&place).unwrap();
    let assays = [
        "arm",
        "group",
        "moment",
        "time",
        "time_unit",
        "response",
        "form",
        "metric",
        "level",
        "level_unit",
        "stat",
        "value",
        "unit",
        "n",
    ];
    let tables = [
        summary(),
        empty("assays", &assays),
        empty("measures", &["measure", "arm", "group", "stat", "value", "unit", "n"]),
    ];
    let mut files = Vec::new();
    for table in tables {
        let (name, bytes) = (format!("{}.csv", table.name), Csv.bytes(&table));
        fs::write(place.join(&name), &bytes).unwrap();
        files.push(Hashed { name, sha256: sha256(&bytes) });
    }
    let manifest = Manifest { files, subject: subject(), changes: Vec::new(), ..manifest() };
    fs::write(place.join("manifest.json"), manifest.json()).unwrap();
    place
}
