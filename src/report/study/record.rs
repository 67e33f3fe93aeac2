//! `study.json`: what a folder's units belong to, so that no other study's are taken for them.
//! Knows studies; knows nothing of units.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::beside::Beside;
use super::difference::difference;
use crate::engine::NUMERICS;
use crate::report::draft::{WRITING, refusal};
use crate::report::label::sentences;
use crate::study::Study;

/// Raised when a reader has to know.
const SCHEMA: u32 = 1;
const FILE: &str = "study.json";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    schema: u32,
    label: Vec<String>,
    /// Of the arithmetic: units of different ones may differ in their last bits.
    numerics: u32,
    version: String,
    commit: String,
    study: Text,
    scenario: Text,
    /// Models and series that the scenario names.
    files: Vec<Text>,
    /// Points that are kept together.
    per_unit: u64,
    rows: u64,
    /// In which each point is computed.
    #[serde(default = "whole")]
    parts: u64,
}

fn whole() -> u64 {
    1
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Text {
    name: String,
    text: String,
}

/// Why a folder cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A sentence about files.
    Failed(String),
    /// The folder belongs to another study: what differs, line by line.
    Another { what: String, lines: Vec<String> },
    /// There is no study in it.
    Empty,
}

/// Makes the folder of a study, or finds that it is there. `make`: whether one that is not there is made. Of several studies
/// that begin in a new folder at once the first one has it.
pub fn open(folder: &Path, study: &Study, make: bool) -> Result<(), Refused> {
    let path = folder.join(FILE);
    let now = Record::of(study);
    let unreadable = |e: io::Error| Refused::Failed(refusal("read", &path, &e));
    match fs::read_to_string(&path) {
        Ok(text) => return now.follows(&text, &path),
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(unreadable(e)),
        Err(_) if !make => return Err(Refused::Empty),
        Err(_) => {}
    }
    fs::create_dir_all(folder).map_err(|e| Refused::Failed(refusal("write to", folder, &e)))?;
    // What is in it may be of a process that was faster since the look above; its record came first.
    if others(folder) && !path.exists() {
        let what = format!("`{}` is no folder of a study and is not empty", folder.display());
        return Err(Refused::Failed(what + "; choose another with --out"));
    }
    match now.first(&path).map_err(Refused::Failed)? {
        true => Ok(()),
        false => now.follows(&fs::read_to_string(&path).map_err(unreadable)?, &path),
    }
}

/// Whether something is in a folder beside what is being written, or was when a process was killed.
fn others(folder: &Path) -> bool {
    let writing = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(WRITING);
    fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(|entry| !writing(&entry)))
}

impl Record {
    /// Writes the record where there is none; `false` where there is one.
    fn first(&self, path: &Path) -> Result<bool, String> {
        let json = serde_json::to_string_pretty(self).map_err(|e| e.to_string())? + "\n";
        let (beside, mut file) = Beside::of(path)?;
        let written = file.write_all(json.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|e| refusal("write", path, &e))?;
        beside.first()
    }

    fn size(&self) -> String {
        let Record { rows, per_unit, parts, .. } = self;
        match parts {
            1 => format!("{rows} rows, {per_unit} points in a unit"),
            parts => format!("{rows} rows, {parts} parts of each point"),
        }
    }

    fn of(study: &Study) -> Record {
        let text = |source: &crate::diagnostic::Source, name: &str| Text {
            name: name.to_owned(),
            text: source.text().to_owned(),
        };
        let scenario = &study.scenario;
        Record {
            schema: SCHEMA,
            label: sentences(&scenario.plan),
            numerics: NUMERICS,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: env!("ALLOSTAT_COMMIT").to_owned(),
            study: text(&study.source, &study.name),
            scenario: text(&scenario.source, &scenario.name),
            files: scenario.files.iter().map(|file| text(file, file.name())).collect(),
            per_unit: study.per_unit,
            rows: study.rows(),
            parts: study.parts(),
        }
    }

    /// Whether the units of a folder are those of this study; the program may be of another day as long as it counts alike.
    fn follows(&self, text: &str, path: &Path) -> Result<(), Refused> {
        let old: Record = serde_json::from_str(text)
            .map_err(|e| Refused::Failed(format!("`{}` cannot be read: {e}", path.display())))?;
        if old.numerics != self.numerics {
            let what = format!(
                "the units here were computed by allostat {} with numerics version {}, this one has {}",
                old.version, old.numerics, self.numerics
            );
            return Err(Refused::Another { what, lines: Vec::new() });
        }
        let files = |record: &Record| record.files.iter().map(|file| file.text.clone()).collect::<Vec<_>>();
        let pairs = [
            ("study", old.study.text.clone(), self.study.text.clone()),
            ("scenario", old.scenario.text.clone(), self.scenario.text.clone()),
            ("files that the scenario names", files(&old).join("\n"), files(self).join("\n")),
            ("size of the study", old.size(), self.size()),
        ];
        for (what, old, new) in pairs {
            if old != new {
                let what = format!("the units here belong to another {what}");
                return Err(Refused::Another { what, lines: difference(&old, &new) });
            }
        }
        Ok(())
    }
}
