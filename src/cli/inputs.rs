//! Texts that arguments name: presets, built-in models, files, and the files that those name.
//! Knows nothing of what is in them.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::Stop;
use crate::diagnostic::{Finding, Source, nearest};
use crate::model;
use crate::report::refusal;
use crate::scenario;

/// No text that a person or an instrument wrote is larger.
const LARGEST: u64 = 64 << 20;

/// A text, the name that its results carry, and the folder below which it names files.
pub struct Named {
    pub name: String,
    pub source: Source,
    pub base: PathBuf,
}

/// The scenario of an argument: a file, a preset, or the default preset where nothing is named.
pub fn scenario(which: Option<&str>) -> Result<Named, Stop> {
    let default = scenario::presets().first().copied();
    let Some(which) = which.or(default) else {
        return Err(Finding::error("there are no presets").help("name a scenario file").into());
    };
    if is_path(which) {
        return file(which);
    }
    match scenario::preset(which) {
        Some(source) => Ok(Named { name: which.to_owned(), source, base: PathBuf::new() }),
        None => Err(unknown("preset", which, &scenario::presets()).into()),
    }
}

/// How the command line names what a file in the folder `base` names.
pub fn below(which: &str, base: &Path) -> String {
    if is_path(which) { base.join(which).display().to_string() } else { which.to_owned() }
}

/// The scenario that a study in the folder `base` means.
pub fn scenario_below(which: &str, base: &Path) -> Result<Named, Finding> {
    if is_path(which) {
        return named(&base.join(which));
    }
    let source = scenario::preset(which).ok_or_else(|| unknown("preset", which, &scenario::presets()))?;
    Ok(Named { name: which.to_owned(), source, base: PathBuf::new() })
}

/// The study of a file.
pub fn study(which: &str) -> Result<Named, Stop> {
    file(which)
}

/// A model or scenario by name or path.
pub fn anything(which: &str) -> Result<Named, Stop> {
    if is_path(which) {
        return file(which);
    }
    if let Some(named) = built_in_model(which) {
        return Ok(named);
    }
    if let Some(source) = scenario::preset(which) {
        return Ok(Named { name: which.to_owned(), source, base: PathBuf::new() });
    }
    let models = model::builtin().iter().map(|(name, _)| *name);
    let known: Vec<&str> = models.chain(scenario::presets()).collect();
    Err(unknown("model or preset", which, &known).into())
}

/// The model that a scenario in the folder `base` means by this name.
pub fn model(which: &str, base: &Path) -> Result<Named, Stop> {
    if is_path(which) {
        return file(&base.join(which).to_string_lossy());
    }
    let known: Vec<&str> = model::builtin().iter().map(|(name, _)| *name).collect();
    built_in_model(which).ok_or_else(|| unknown("model", which, &known).into())
}

fn built_in_model(which: &str) -> Option<Named> {
    let (name, text) = model::builtin().iter().find(|(name, _)| *name == which)?;
    let source = Source::new(format!("models/{name}.toml"), *text);
    Some(Named { name: (*name).to_owned(), source, base: PathBuf::new() })
}

fn unknown(what: &str, which: &str, known: &[&str]) -> Finding {
    let list: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let mut finding = Finding::error(format!("there is no {what} `{which}`"))
        .because(format!("there are {}", list.join(", ")), None);
    if Path::new(which).is_file() {
        return finding.help(format!("a file is named with its folder: `./{which}`"));
    }
    if let Some(name) = nearest(which, known.iter().copied()) {
        finding = finding.help(format!("did you mean `{name}`?"));
    }
    finding
}

/// Whether an argument means a file: it ends in `.toml` or has a folder in it.
fn is_path(which: &str) -> bool {
    which.to_lowercase().ends_with(".toml") || which.contains(std::path::is_separator)
}

fn file(which: &str) -> Result<Named, Stop> {
    Ok(named(Path::new(which))?)
}

fn named(path: &Path) -> Result<Named, Finding> {
    let source = text(path).map_err(Finding::error)?;
    let whole = || path.display().to_string();
    let name = path.file_stem().map_or_else(whole, |stem| stem.to_string_lossy().into_owned());
    let base = path.parent().map(Path::to_owned).unwrap_or_default();
    Ok(Named { name, source, base })
}

/// What a scenario below `base` reads the files with that it names.
pub fn files(base: &Path) -> impl Fn(&str) -> Result<Source, String> {
    move |name| text(&base.join(name))
}

/// A text file; `Err` is a sentence.
pub fn text(path: &Path) -> Result<Source, String> {
    let shown = path.display();
    let unreadable = |e: std::io::Error| refusal("read", path, &e);
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(format!("`{shown}` is a folder, not a file"));
    }
    let too_large = || format!("`{shown}` is larger than {} MB", LARGEST >> 20);
    if metadata.len() > LARGEST {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // What claims no size (a pipe, a device) is cut off as well.
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(shown.to_string(), text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes()[..good].iter().filter(|&&b| b == b'\n').count();
            Err(format!(
                "`{shown}` is not UTF-8: line {line} has a byte that no character begins or goes on with; save it as UTF-8"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_said_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let said = |name: &str| text(&path(name)).unwrap_err();
        assert!(said("missing.toml").ends_with("there is no such file or folder"));
        assert!(text(folder.path()).unwrap_err().ends_with("is a folder, not a file"));
        fs::write(path("latin.toml"), b"a = 1\nb = \"\xe4\"\n").unwrap();
        assert!(said("latin.toml").contains("is not UTF-8: line 2"), "{}", said("latin.toml"));
        File::create(path("large.toml")).unwrap().set_len(100 << 20).unwrap();
        assert!(said("large.toml").ends_with("is larger than 64 MB"));
        fs::write(path("fine.toml"), "a = \"µ\"").unwrap();
        assert_eq!(text(&path("fine.toml")).unwrap().text(), "a = \"µ\"");
    }

    #[test]
    fn a_file_is_named_by_its_ending_or_its_folder() {
        let paths = ["x.toml", "X.TOML", "a/b", "./x"].map(is_path);
        assert_eq!((paths, is_path("turnover"), is_path("a.b")), ([true; 4], false, false));
    }

    #[test]
    fn files_lie_below_the_folder_of_what_names_them() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("steps.csv"), "t\n1\n").unwrap();
        let files = files(folder.path());
        assert_eq!(files("steps.csv").unwrap().text(), "t\n1\n");
        assert!(files("other.csv").is_err());
    }
}
