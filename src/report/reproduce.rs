//! A run rebuilt from its manifest alone, and compared with what it left.
//! Knows nothing of the terminal.

use std::fs;
use std::path::Path;

use csv::StringRecord;

use super::manifest::{Hashed, Manifest, Text};
use super::sha256;
use super::write::{Unchanged, written};
use crate::diagnostic::{Error, Finding, Source};
use crate::scenario::{Results, Scenario};

/// The scenarios of a run.
pub struct Rebuilt {
    pub scenario: Scenario,
    /// The one without the changes, where the run was compared with it.
    pub unchanged: Option<Scenario>,
}

/// Reads what ran out of its manifest: no file is opened, no built-in text is used.
pub fn rebuild(manifest: &Manifest) -> Result<Rebuilt, Error> {
    let own = Text {
        name: manifest.scenario.name.clone(),
        sha256: manifest.scenario.sha256.clone(),
        text: manifest.scenario.text.clone(),
    };
    let texts = [&own].into_iter().chain(&manifest.models).chain(&manifest.inputs);
    let wrong: Vec<Finding> =
        texts.filter(|text| sha256(text.text.as_bytes()) != text.sha256).map(not_its).collect();
    if !wrong.is_empty() {
        return Err(Error { findings: wrong });
    }
    let source = Source::new(format!("{}.toml", own.name), own.text.as_str());
    let files = |name: &str| {
        let stored =
            manifest.models.iter().chain(&manifest.inputs).find(|text| plain(&text.name) == plain(name));
        stored.map(source_of).ok_or_else(|| format!("the manifest has no text of `{name}`"))
    };
    let models = |name: &str| manifest.models.iter().find(|text| text.name == name).map(source_of);
    let change = |path: &str, now: &str| Source::new("manifest.json", format!("{path}={now}"));
    let read = |wanted: &dyn Fn(&str) -> bool| {
        let changes = manifest.changes.iter().filter(|change| wanted(&change.path));
        let changes: Vec<Source> = changes.map(|c| change(&c.path, &c.now)).collect();
        Scenario::read_with(&own.name, &source, &changes, &files, &models)
    };
    let population = |path: &str| ["population.agents", "population.seed"].contains(&path);
    Ok(Rebuilt {
        scenario: read(&|_| true)?,
        unchanged: manifest.unchanged.as_ref().map(|_| read(&population)).transpose()?,
    })
}

fn not_its(text: &Text) -> Finding {
    let name = &text.name;
    let what = match text.text.is_empty() {
        true => format!("the manifest has no text of `{name}`"),
        false => format!("the text of `{name}` in the manifest is not the one that ran"),
    };
    Finding::error(what).help("a run can be rebuilt only from the manifest that it wrote")
}

fn source_of(text: &Text) -> Source {
    Source::new(text.name.as_str(), text.text.as_str())
}

/// A path without steps that lead nowhere.
fn plain(path: &str) -> Vec<&str> {
    path.split(['/', '\\']).filter(|step| !step.is_empty() && *step != ".").collect()
}

/// What came of rebuilding.
pub struct Compared {
    /// Files that are the same, byte by byte.
    pub same: Vec<String>,
    /// Where it differs: a sentence for each file that does.
    pub differing: Vec<String>,
}

/// Compares tables and claims with those of the run: by their hashes in the manifest, and with the files of `folder` where they
/// are still there.
pub fn compare(
    manifest: &Manifest,
    folder: Option<&Path>,
    rebuilt: &Rebuilt,
    results: &Results,
    unchanged: Option<&Results>,
) -> Compared {
    let twin = rebuilt.unchanged.as_ref().zip(unchanged);
    let twin = twin.map(|(scenario, results)| Unchanged { scenario, results });
    let mut compared = Compared { same: Vec::new(), differing: Vec::new() };
    let files = written(&rebuilt.scenario, results, twin).0;
    for (name, bytes) in &files.bytes {
        let known = manifest.files.iter().find(|file| file.name == *name);
        let stored = folder.and_then(|folder| fs::read(folder.join(name)).ok());
        match difference(name, bytes, known, stored.as_deref()) {
            Some(why) => compared.differing.push(why),
            None => compared.same.push(name.clone()),
        }
    }
    let tables = |file: &&Hashed| {
        file.name.ends_with(".csv") && !files.bytes.iter().any(|(name, _)| *name == file.name)
    };
    let missing = manifest.files.iter().filter(tables);
    compared.differing.extend(missing.map(|file| format!("`{}` does not come about again", file.name)));
    if results.digest != manifest.digest && compared.differing.is_empty() {
        compared.differing.push("the digest in the manifest is not that of its tables".to_owned());
    }
    compared
}

fn difference(name: &str, bytes: &[u8], known: Option<&Hashed>, stored: Option<&[u8]>) -> Option<String> {
    let Some(known) = known else { return Some(format!("the run has no `{name}`")) };
    let comes_again = sha256(bytes) == known.sha256;
    let Some(stored) = stored else {
        let why = format!(
            "`{name}` is another one: its hash is not that of the manifest, and the file is not here to say where"
        );
        return (!comes_again).then_some(why);
    };
    if stored == bytes {
        return (!comes_again)
            .then(|| format!("`{name}` comes about again, and the manifest has another hash for it"));
    }
    let edited = if sha256(stored) == known.sha256 { "" } else { " (it was edited after the run)" };
    Some(format!(
        "`{name}`{edited} {}",
        first_difference(&String::from_utf8_lossy(stored), &String::from_utf8_lossy(bytes))
    ))
}

/// Columns that say which row it is.
const KEYS: [&str; 11] =
    ["arm", "group", "agent", "moment", "response", "measure", "name", "time", "what", "window", "stat"];

/// Where two texts of CSV differ first: row, what the row is about, column and both cells.
fn first_difference(was: &str, now: &str) -> String {
    let rows = |text: &str| -> Vec<StringRecord> {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        reader.into_records().map_while(Result::ok).collect()
    };
    let (was, now) = (rows(was), rows(now));
    let headers = now.first().cloned().unwrap_or_default();
    let unequal = was.iter().zip(&now).enumerate().find(|(_, (was, now))| was != now);
    let Some((row, (before, after))) = unequal else {
        return format!("has {} rows, and now {} come about", was.len(), now.len());
    };
    let column = (0..before.len().max(after.len())).find(|n| before.get(*n) != after.get(*n)).unwrap_or(0);
    let cell = |record: &StringRecord, n: usize| record.get(n).unwrap_or("nothing").to_owned();
    let key = |key: &&str| {
        let at = headers.iter().position(|header| header == *key)?;
        let value = after.get(at).filter(|value| !value.is_empty())?;
        let unit = headers.iter().position(|header| *key == "time" && header == "time_unit");
        let unit = unit.and_then(|at| after.get(at)).map_or(String::new(), |unit| format!(" {unit}"));
        Some(format!("{key} {value}{unit}"))
    };
    let keys: Vec<String> = KEYS.iter().filter_map(key).collect();
    format!(
        "differs first in line {} ({}), column `{}`: the run has {}, now it is {}",
        row + 1,
        keys.join(", "),
        headers.get(column).unwrap_or("?"),
        cell(before, column),
        cell(after, column)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cell_that_differs_is_named_with_its_row_and_time() {
        let was =
            "arm,time,time_unit,what,stat,value\nrest,0,d,R,p50,1\nrest,1,d,R,p50,2\nrest,2,d,R,p50,3\n";
        let now = was.replace("p50,2", "p50,2.5").replace("p50,3", "p50,4");
        insta::assert_snapshot!(first_difference(was, &now), @"differs first in line 3 (arm rest, time 1 d, what R, stat p50), column `value`: the run has 2, now it is 2.5");
        let shorter = was.replace("rest,2,d,R,p50,3\n", "");
        assert_eq!(first_difference(was, &shorter), "has 4 rows, and now 3 come about");
    }

    #[test]
    fn a_path_is_the_same_with_steps_that_lead_nowhere() {
        assert_eq!(plain("./a//b.toml"), plain("a/b.toml"));
        assert_ne!(plain("../b.toml"), plain("b.toml"));
    }
}
