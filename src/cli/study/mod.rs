//! `allostat study`: plan, run, look after and gather a study.
//! Knows the order in which things are done and told.

mod gather;
mod plan;
mod point;
mod run;
mod script;
mod share;
mod status;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::page::Page;
use super::{Done, Stop, inputs, page};
use crate::diagnostic::Finding;
use crate::report::study::{Refused, open};
use crate::study::{Opened, Study};

#[derive(Subcommand)]
pub enum Command {
    /// Check a study and say what it will take: points, agents, time, memory, disk
    Plan(plan::Arguments),
    /// Compute what is missing; to go on after a stop, run it again
    Run(run::Arguments),
    /// Say how much is there and what is missing or damaged
    Status(status::Arguments),
    /// Put all units together as one table with figures and a report, and print its digest
    Gather(gather::Arguments),
    /// Run one point as a scenario, with all its figures: by its number, or where an output is largest or smallest
    Point(point::Arguments),
    /// Write a script for a cluster
    Script(script::Arguments),
}

/// The study, and where it is kept.
#[derive(Args)]
struct Which {
    /// A study file (.toml)
    #[arg(value_name = "FILE")]
    study: String,
    /// Folder of the study
    #[arg(long, value_name = "DIR", default_value = None)]
    out: Option<PathBuf>,
}

pub fn act(command: Command, page: &mut Page) -> Done {
    match command {
        Command::Plan(arguments) => plan::run(&arguments, page),
        Command::Run(arguments) => run::run(&arguments, page),
        Command::Status(arguments) => status::run(&arguments, page),
        Command::Gather(arguments) => gather::run(&arguments, page),
        Command::Point(arguments) => point::run(&arguments, page),
        Command::Script(arguments) => script::run(&arguments, page),
    }
}

/// What is not wrong with a design but worth knowing before it runs.
fn remarked(study: &Study) {
    if let Some(remark) = study.design.remark() {
        page::tell(&[Finding::note(remark.what).help(remark.help)]);
    }
}

impl Which {
    fn read(&self) -> Result<Study, Stop> {
        let named = inputs::study(&self.study)?;
        let base = named.base.clone();
        let open = move |which: &str| {
            let named = inputs::scenario_below(which, &base)?;
            let below = named.base;
            let files = move |file: &str| inputs::text(&below.join(file));
            Ok(Opened { name: named.name, source: named.source, files: Arc::new(files) })
        };
        let study = Study::read(&named.name, &named.source, &open)?;
        page::tell(&study.scenario.notes);
        Ok(study)
    }

    fn folder(&self, study: &Study) -> PathBuf {
        self.out.clone().unwrap_or_else(|| Path::new("outputs").join("studies").join(&study.name))
    }

    /// The folder, which belongs to this study. `make`: also where there is none yet.
    fn opened(&self, study: &Study, make: bool) -> Result<PathBuf, Stop> {
        let folder = self.folder(study);
        match open(&folder, study, make) {
            Ok(()) => Ok(folder),
            Err(Refused::Failed(why)) => Err(Stop::Failed(why)),
            Err(Refused::Empty) => {
                let what = format!("there is no study in `{}` yet", folder.display());
                Err(Finding::error(what)
                    .help(format!("begin with `allostat study run {}`", self.study))
                    .into())
            }
            Err(Refused::Another { what, lines }) => {
                let mut finding = Finding::error(format!("`{}`: {what}", folder.display()));
                for line in lines {
                    finding = finding.because(line, None);
                }
                Err(finding.help("choose another folder with --out, or put the file back as it was").into())
            }
        }
    }
}
