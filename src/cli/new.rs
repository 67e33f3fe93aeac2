//! `allostat new`: a commented file that runs, to start from.
//! Knows nothing of what is in it.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::page::Page;
use super::{Done, Stop, inputs};
use crate::diagnostic::Finding;
use crate::model::{self, Model};
use crate::report::refusal;
use crate::scenario::{self, Scenario};
use crate::study;

/// What a new scenario is about where nothing else is named.
const FIRST_MODEL: &str = "turnover";
const FIRST_SCENARIO: &str = "down-regulation";

#[derive(Args)]
pub struct Arguments {
    what: What,
    /// The file to write; one that is there already is left alone
    file: PathBuf,
    /// Model of the new scenario: a built-in one, or a file (.toml) seen from the folder of the new one
    #[arg(long, value_name = "NAME|FILE", default_value = FIRST_MODEL)]
    model: String,
    /// Scenario of the new study: a preset, or a file (.toml) seen from the folder of the new one
    #[arg(long, value_name = "PRESET|FILE", default_value = FIRST_SCENARIO)]
    scenario: String,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum What {
    Model,
    Scenario,
    Study,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let file = &arguments.file;
    if file.extension().is_none_or(|extension| extension != "toml") {
        let help = format!("write `{}`", file.with_extension("toml").display());
        let what = "the name of a model, scenario or study file ends in `.toml`";
        return Err(Finding::error(what).help(help).into());
    }
    let (text, next) = match arguments.what {
        What::Model => (model::template(), "check"),
        What::Scenario => (scenario_text(arguments)?, "run"),
        What::Study => (study_text(arguments)?, "study plan"),
    };
    create(file, text.as_bytes())?;
    let shown = file.display().to_string();
    let quoted = if shown.contains(' ') { format!("\"{shown}\"") } else { shown.clone() };
    page.line(format!("wrote {shown}; next: allostat {next} {quoted}"));
    Ok(true)
}

fn scenario_text(arguments: &Arguments) -> Result<String, Stop> {
    let reference = arguments.model.as_str();
    let base = arguments.file.parent().unwrap_or(Path::new(""));
    let named = inputs::model(reference, base)?;
    Ok(scenario::template(reference, &Model::read(&named.name, &named.source)?))
}

fn study_text(arguments: &Arguments) -> Result<String, Stop> {
    let reference = arguments.scenario.as_str();
    let base = arguments.file.parent().unwrap_or(Path::new(""));
    let named = inputs::scenario_below(reference, base)?;
    let read = Scenario::read(&named.name, &named.source, &[], &inputs::files(&named.base))?;
    Ok(study::template(reference, &read).map_err(Finding::error)?)
}

/// Creates the file with its text; leaves nothing where that fails.
fn create(file: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let opened = OpenOptions::new().write(true).create_new(true).open(file);
    let mut open = match opened {
        Ok(open) => open,
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            let what = format!("`{}` is there already, and is left as it is", file.display());
            return Err(Finding::error(what).help("choose another name").into());
        }
        Err(e) => return Err(Stop::Failed(refusal("write", file, &e))),
    };
    open.write_all(bytes).and_then(|()| open.sync_all()).map_err(|e| {
        let _ = std::fs::remove_file(file);
        Stop::Failed(refusal("write", file, &e))
    })
}
