//! `allostat figure`: a stored run drawn again, for other eyes.
//! Simulates nothing.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::page::{self, Page};
use super::{Done, Stop, compare};
use crate::diagnostic::Finding;
use crate::figure::Audience;
use crate::report::{self, Redrawn};

#[derive(Args)]
pub struct Arguments {
    /// Folder of a run; `latest` is the last one
    #[arg(value_name = "RUN")]
    run: String,
    /// Where the figures will be seen
    #[arg(long = "for", value_name = "AUDIENCE", default_value = "screen", value_parser = audiences())]
    audience: String,
    /// Draw every figure, not only those that tell most
    #[arg(long)]
    all: bool,
    /// Folder for the folder of figures, instead of the run's own
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// `paper` stands for one column of a journal.
pub fn audiences() -> PossibleValuesParser {
    PossibleValuesParser::new(Audience::ALL.iter().map(|audience| audience.name()).chain(["paper"]))
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let audience = Audience::named(&arguments.audience).unwrap_or(Audience::Screen);
    let stored = compare::open(&arguments.run, "outputs".as_ref()).map_err(Finding::error)?;
    let out = arguments.out.as_deref().unwrap_or(&stored.place);
    let Redrawn { folder, files, report, notes } =
        report::redraw(&stored, (audience, arguments.all), out).map_err(Stop::Failed)?;
    page::note(&notes);
    if files.is_empty() {
        page.line("the run has nothing that could be drawn");
    }
    for file in files.iter().filter(|file| file.ends_with(".svg")) {
        page.line(folder.join(file).display().to_string());
    }
    page.line(report.display().to_string());
    Ok(true)
}
