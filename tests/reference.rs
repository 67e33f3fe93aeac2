//! The reference pages say what the readers read: generated from the same tables, and compared.
//!
//! `ALLOSTAT_BLESS=1 cargo test --test reference` writes them anew.

use std::fmt::Write;
use std::path::Path;

use allostat::document::reference;
use allostat::expression::FUNCTIONS;
use allostat::measure::{GLOSSARY, WORDS};
use allostat::model::{CAUTIONS, MODEL};
use allostat::scenario::SCENARIO;
use allostat::study::STUDY;

const GENERATED: &str =
    "<!-- Generated from the tables that the readers use; `tests/reference.rs` compares. -->\n";

fn functions() -> String {
    let mut page = format!(
        "{GENERATED}\n# Functions\n\nIn expressions of models, measures and claims, beside `+ - * / ^`, calls and numbers.\n\n\
         | call | at ties and at the edge of its domain |\n|---|---|\n"
    );
    for row in FUNCTIONS {
        let _ = writeln!(page, "| `{}` | {} |", row.signature(), row.doc);
    }
    page
}

fn words() -> String {
    let mut page = format!(
        "{GENERATED}\n# Measures and claims\n\nBeside arithmetic and functions. Numbers are per agent, except where they go over agents.\n\n\
         | written | what it is |\n|---|---|\n"
    );
    for (usage, doc) in WORDS {
        let _ = writeln!(page, "| `{usage}` | {doc} |");
    }
    page += "\n## Sensitivity, adaptation and comparison\n\nMade of the words above and of what an acute response and the dense \
             output show. An agent for which a word has no meaning has no value; `measures.csv` counts such agents by reason.\n\n\
             | written | what it is |\n|---|---|\n";
    for (usage, doc) in GLOSSARY {
        let usages: Vec<String> = usage.split("; ").map(|usage| format!("`{usage}`")).collect();
        let _ = writeln!(page, "| {} | {doc} |", usages.join(", "));
    }
    page
}

fn cautions() -> String {
    let mut page = format!(
        "{GENERATED}\n# Cautions\n\nInputs, lets and states of a model name them with the key `caution`. A scenario that gives such an input or sets such a \
         state, or records, measures or claims something of it, says them in all that is written of it.\n\n\
         | name | what is said | why | where |\n|---|---|---|---|\n"
    );
    for row in &CAUTIONS {
        let wherever = match (row.always, row.in_figures) {
            (true, _) => "always",
            (false, true) => "where it is used; in the foot of each figure too",
            (false, false) => "where it is used",
        };
        let _ = writeln!(page, "| `{}` | {} | {} | {wherever} |", row.name, row.text, row.reason);
    }
    page
}

#[test]
fn reference_pages_are_those_of_the_tables() {
    let pages = [
        ("model.md", format!("{GENERATED}\n# The model file\n\n{}", reference(&MODEL))),
        ("scenario.md", format!("{GENERATED}\n# The scenario file\n\n{}", reference(&SCENARIO))),
        ("study.md", format!("{GENERATED}\n# The study file\n\n{}", reference(&STUDY))),
        ("measures.md", words()),
        ("functions.md", functions()),
        ("cautions.md", cautions()),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    for (name, page) in pages {
        let path = folder.join(name);
        if std::env::var_os("ALLOSTAT_BLESS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &page).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stored == page,
            "docs/reference/{name} is old: run ALLOSTAT_BLESS=1 cargo test --test reference"
        );
    }
}
