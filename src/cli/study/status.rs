//! `allostat study status`.
//! Knows what is there; computes nothing.

use clap::Args;

use super::Which;
use super::plan::of_unit;
use crate::cli::page::{self, Page};
use crate::cli::{Done, Stop};
use crate::report::number::grouped;
use crate::report::study::Store;

/// Missing units that are named.
const NAMED: usize = 20;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    which: Which,
}

/// Not fine (exit code 1) where something is missing.
pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let study = arguments.which.read()?;
    let folder = arguments.which.opened(&study, false)?;
    let mut store = Store::of(&folder, study.units()).map_err(Stop::Failed)?;
    store.verify().map_err(Stop::Failed)?;
    let found = store.found();
    page.line(format!(
        "{}: {} of {} units ({}, {} rows in all) in {} {}",
        folder.display(),
        grouped(found.done),
        grouped(found.units),
        of_unit(&study),
        grouped(study.rows()),
        found.files,
        if found.files == 1 { "file" } else { "files" },
    ));
    page.flush();
    page::note(&found.broken);
    if found.done == found.units {
        page.line(format!(
            "complete: put them together with `allostat study gather {}`",
            arguments.which.study
        ));
        return Ok(true);
    }
    let missing: Vec<u64> = (0..found.units).filter(|unit| !store.has(*unit)).take(NAMED + 1).collect();
    let named: Vec<String> = missing.iter().take(NAMED).map(u64::to_string).collect();
    let more = if missing.len() > NAMED { ", …" } else { "" };
    page.line(format!("missing: {} units ({}{more})", grouped(found.units - found.done), named.join(", ")));
    page.line(format!("compute them with `allostat study run {}`", arguments.which.study));
    Ok(false)
}
