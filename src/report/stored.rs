//! Runs read back from their folders.
//! Knows manifests and CSV; knows nothing of scenarios.

use std::fs;
use std::path::{Path, PathBuf};

use super::draft::refusal;
use super::manifest::Manifest;
use super::write::UNCHANGED;
use super::{folder_name, sha256};
use crate::figure::{self, Subject};
use crate::scenario::tables::{ASSAYS, MEASURES, SUMMARY, Schema};
use crate::table::Table;

/// File beside the runs that names the latest: a link that every system has.
pub const LATEST: &str = "latest.txt";

/// A run as it stands in its folder.
#[derive(Debug)]
pub struct Stored {
    pub place: PathBuf,
    pub manifest: Manifest,
    pub tables: Tables,
    pub unchanged: Option<Tables>,
    /// Tables that are no longer those that the run wrote.
    pub altered: Vec<String>,
}

/// The words and tables of a run.
#[derive(Debug)]
pub struct Tables {
    pub subject: Subject,
    pub summary: Table,
    pub assays: Table,
    pub measures: Table,
}

impl Tables {
    pub fn run(&self) -> figure::Run<'_> {
        figure::Run {
            subject: &self.subject,
            summary: &self.summary,
            assays: &self.assays,
            measures: &self.measures,
        }
    }
}

/// The folder that an argument means: a path, the name of a run in `outputs`, or `latest` (also behind a path).
pub fn place_of(run: &str, outputs: &Path) -> Result<PathBuf, String> {
    let path = Path::new(run);
    let bare = path.components().count() == 1 && path.parent() == Some(Path::new(""));
    let around = if bare { outputs } else { path.parent().unwrap_or(outputs) };
    if path.file_name().is_some_and(|name| name == "latest") && !path.is_dir() {
        let note = around.join(LATEST);
        let text = fs::read_to_string(&note)
            .map_err(|e| format!("there is no latest run: {}", refusal("read", &note, &e)))?;
        let name = text.trim();
        // A name only: the note cannot lead out of its folder.
        if name.is_empty() || name.contains(['/', '\\']) || name == ".." {
            return Err(format!("`{}` names no run", note.display()));
        }
        return Ok(around.join(name));
    }
    let known = outputs.join(path);
    Ok(if bare && !path.is_dir() && known.is_dir() { known } else { path.to_owned() })
}

/// Whether a folder was written by a run.
pub fn is_run(folder: &Path) -> bool {
    manifest(folder).is_ok()
}

/// The manifest of a folder; `Err` is a sentence.
pub fn manifest(folder: &Path) -> Result<Manifest, String> {
    let file = folder.join("manifest.json");
    if !file.is_file() {
        let why = if folder.is_dir() { "it has no manifest.json" } else { "there is no such folder" };
        return Err(format!("`{}` is no run: {why}", folder.display()));
    }
    manifest_file(&file).map_err(|why| format!("`{}` cannot be read: {why}", folder.display()))
}

/// A manifest by itself; `Err` is a sentence.
pub fn manifest_file(file: &Path) -> Result<Manifest, String> {
    let text = fs::read_to_string(file).map_err(|e| refusal("read", file, &e))?;
    Manifest::read(&text)
}

impl Stored {
    /// `Err` is a sentence.
    pub fn open(folder: &Path) -> Result<Stored, String> {
        let manifest = manifest(folder)?;
        let mut altered = Vec::new();
        let mut tables = |below: &str, subject: &Subject| -> Result<Tables, String> {
            let mut read = |schema| table(folder, below, schema, &manifest, &mut altered);
            let (summary, assays, measures) = (read(&SUMMARY)?, read(&ASSAYS)?, read(&MEASURES)?);
            Ok(Tables { subject: subject.clone(), summary, assays, measures })
        };
        let mut own = tables("", &manifest.subject)?;
        let twin = manifest.unchanged.as_ref();
        let unchanged = twin.map(|twin| tables(&format!("{UNCHANGED}/"), &twin.subject)).transpose()?;
        if !altered.is_empty() {
            // The digest in a figure's footer would vouch for numbers that it does not cover.
            own.subject.changed.push(format!("edited after the run: {}", altered.join(", ")));
        }
        Ok(Stored { place: folder.to_owned(), manifest, tables: own, unchanged, altered })
    }

    /// The name of the folder that the run had when it was written.
    pub fn name(&self) -> String {
        folder_name(&self.manifest.scenario.name, &self.manifest.digest)
    }
}

/// A table from its file, which may lie below a folder inside the run's.
fn table(
    folder: &Path,
    below: &str,
    schema: &Schema,
    manifest: &Manifest,
    altered: &mut Vec<String>,
) -> Result<Table, String> {
    let name = format!("{below}{}.csv", schema.name);
    let file = folder.join(&name);
    let bytes = fs::read(&file).map_err(|e| refusal("read", &file, &e))?;
    let hash = sha256(&bytes);
    if !manifest.files.iter().any(|known| known.name == name && known.sha256 == hash) {
        altered.push(name);
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("`{}` is not UTF-8", file.display()))?;
    schema.read(&text).map_err(|why| format!("`{}` cannot be read: {why}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_stored_run_comes_back_as_it_was() {
        let out = tempfile::tempdir().unwrap();
        let place = sample::stored(out.path(), "run-1");
        let run = Stored::open(&place).unwrap();
        assert_eq!(run.manifest.digest, sample::manifest().digest);
        assert!(run.altered.is_empty());
        assert_eq!(run.tables.summary.texts("stat"), sample::summary().texts("stat"));
        assert_eq!(run.tables.summary.numbers("value"), sample::summary().numbers("value"));
        assert!(run.unchanged.is_none());
    }

    #[test]
    fn an_edited_table_is_noticed_and_stands_in_the_figures() {
        let out = tempfile::tempdir().unwrap();
        let place = sample::stored(out.path(), "run-1");
        let file = place.join("summary.csv");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replacen("0.5", "0.7", 1)).unwrap();
        let run = Stored::open(&place).unwrap();
        assert_eq!(run.altered, ["summary.csv"]);
        assert_eq!(run.tables.subject.changed, ["edited after the run: summary.csv"]);
    }

    #[test]
    fn a_folder_that_is_no_run_is_refused_in_a_sentence() {
        let out = tempfile::tempdir().unwrap();
        let said = Stored::open(out.path()).unwrap_err();
        assert!(said.ends_with("is no run: it has no manifest.json"), "{said}");
        let said = Stored::open(&out.path().join("nothing")).unwrap_err();
        assert!(said.ends_with("is no run: there is no such folder"), "{said}");
        fs::write(out.path().join("manifest.json"), "{").unwrap();
        let said = Stored::open(out.path()).unwrap_err();
        assert!(said.contains("cannot be read: its manifest is no JSON"), "{said}");
        let place = sample::stored(out.path(), "run-1");
        fs::remove_file(place.join("assays.csv")).unwrap();
        let said = Stored::open(&place).unwrap_err();
        assert!(said.contains("cannot read") && said.contains("assays.csv"), "{said}");
    }

    #[test]
    fn the_latest_run_is_found_by_its_note() {
        let out = tempfile::tempdir().unwrap();
        let place = sample::stored(out.path(), "run-1");
        assert!(place_of("latest", out.path()).unwrap_err().starts_with("there is no latest run"));
        fs::write(out.path().join(LATEST), "run-1\n").unwrap();
        assert_eq!(place_of("latest", out.path()).unwrap(), place);
        let behind = out.path().join("latest");
        assert_eq!(place_of(behind.to_str().unwrap(), Path::new("elsewhere")).unwrap(), place);
        assert_eq!(place_of("run-1", out.path()).unwrap(), place);
        assert_eq!(place_of("run-2", out.path()).unwrap(), Path::new("run-2"));
        fs::write(out.path().join(LATEST), "../../etc\n").unwrap();
        assert!(place_of("latest", out.path()).is_err());
    }
}
