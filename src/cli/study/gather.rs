//! `allostat study gather`.
//! Knows the order in which things are done and told.

use clap::Args;

use super::Which;
use crate::cli::figure::audiences;
use crate::cli::page::{self, Page};
use crate::cli::{Done, Stop};
use crate::diagnostic::Finding;
use crate::figure::Audience;
use crate::report::number::grouped;
use crate::report::study::{Store, gather, present, summary};

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Also where units are missing
    #[arg(long)]
    partial: bool,
    /// Where the figures will be seen
    #[arg(long = "for", value_name = "AUDIENCE", default_value = "screen", value_parser = audiences())]
    audience: String,
    /// Draw no figures; the report is written without them
    #[arg(long, conflicts_with = "audience")]
    no_figures: bool,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let study = arguments.which.read()?;
    let folder = arguments.which.opened(&study, false)?;
    let mut store = Store::of(&folder, study.units()).map_err(Stop::Failed)?;
    store.verify().map_err(Stop::Failed)?;
    let found = store.found();
    page::note(&found.broken);
    if found.done < found.units && !arguments.partial {
        let what =
            format!("{} of {} units are missing", grouped(found.units - found.done), grouped(found.units));
        let help = format!(
            "compute them with `allostat study run {}`, or write what is there with --partial",
            arguments.which.study
        );
        page.flush();
        page::tell(&[Finding::error(what).help(help)]);
        return Ok(false);
    }
    let gathered = gather(&study, &folder, &store, arguments.partial).map_err(Stop::Failed)?;
    page.line(format!(
        "{} points in {}: {} rows, {} without numbers",
        grouped(study.points),
        folder.display(),
        grouped(gathered.rows),
        grouped(gathered.without)
    ));
    let audience = Audience::named(&arguments.audience).unwrap_or(Audience::Screen);
    let audience = (!arguments.no_figures).then_some(audience);
    let presented = present(&study, &folder, (&store, &gathered), audience).map_err(Stop::Failed)?;
    page::note(&presented.notes);
    let files = gathered.files.iter().chain(presented.files.last());
    let names = files.filter_map(|file| file.file_name());
    let names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    page.line(format!("  {}", names.join(", ")));
    let drawn = presented.files.iter().filter(|file| file.extension().is_some_and(|e| e == "png")).count();
    if drawn > 0 {
        page.line(format!("  figures: {drawn}"));
    }
    if gathered.missing > 0 {
        page.line(format!("{} units are missing", grouped(gathered.missing)));
    }
    for line in summary(&study, &gathered.analysis) {
        page.line(line);
    }
    page.line(format!("digest {}", gathered.digest));
    Ok(true)
}
