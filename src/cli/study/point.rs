//! `allostat study point`: one point of a study as a run of its own.
//! Knows how a point becomes a run; the run itself is that of any scenario.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Which;
use crate::cli::page::Page;
use crate::cli::{Done, Stop, inputs, run};
use crate::diagnostic::{Finding, Source};
use crate::report::number::grouped;
use crate::report::study::extreme;
use crate::study::Study;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Number of the point
    #[arg(long, value_name = "N", allow_hyphen_values = true, conflicts_with_all = ["largest", "smallest"])]
    number: Option<String>,
    /// The point where this output is largest
    #[arg(long, value_name = "OUTPUT", conflicts_with = "smallest")]
    largest: Option<String>,
    /// The point where this output is smallest
    #[arg(long, value_name = "OUTPUT")]
    smallest: Option<String>,
    /// Folder for the run's folder
    #[arg(long, value_name = "DIR", default_value = "outputs")]
    runs: PathBuf,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let study = arguments.which.read()?;
    let point = match (&arguments.number, &arguments.largest, &arguments.smallest) {
        (Some(number), ..) => numbered(&study, number)?,
        (_, Some(output), _) => found(arguments, &study, output, false, page)?,
        (.., Some(output)) => found(arguments, &study, output, true, page)?,
        _ => {
            let finding = Finding::error("no point is named");
            return Err(finding.help("write `--number 12`, or `--largest OUTPUT`").into());
        }
    };
    let base = Path::new(&arguments.which.study).parent().map(Path::to_owned).unwrap_or_default();
    let scenario = inputs::below(&study.named, &base);
    let set: Vec<String> = study.changes(point, 0).iter().map(|change| change.text().to_owned()).collect();
    let told: String = set.iter().map(|change| format!(" --set '{change}'")).collect();
    page.line(format!("point {}: allostat run {scenario}{told}\n", grouped(point)));
    run::run(&run::Arguments::plain(scenario, set, arguments.runs.clone()), page)
}

fn numbered(study: &Study, number: &str) -> Result<u64, Stop> {
    match number.parse::<u64>() {
        Ok(point) if point < study.points => Ok(point),
        _ => {
            let source = Source::new("--number", number);
            let finding = Finding::error("the study has no such point").at(&source.span(0..number.len()));
            Err(finding.help(format!("write a whole number from 0 to {}", study.points - 1)).into())
        }
    }
}

/// The point of the first repeat in which an output is at its end.
fn found(
    arguments: &Arguments,
    study: &Study,
    output: &str,
    smallest: bool,
    page: &mut Page,
) -> Result<u64, Stop> {
    let names = || study.outputs.iter().map(|output| output.name.as_str());
    let Some(known) = study.outputs.iter().find(|known| known.name == output) else {
        let source = Source::new("output", output);
        let finding = Finding::error(format!("the study has no output `{output}`"));
        let known: Vec<String> = names().map(|name| format!("`{name}`")).collect();
        let finding = finding.at(&source.span(0..output.len()));
        return Err(finding
            .because(format!("it has {}", known.join(", ")), None)
            .nearest(output, names())
            .into());
    };
    let folder = arguments.which.opened(study, false)?;
    let Some((point, value)) = extreme(&folder, output, smallest).map_err(Stop::Failed)? else {
        return Err(Stop::Failed(format!("no point has a value of `{output}`")));
    };
    let end = if smallest { "smallest" } else { "largest" };
    page.line(format!("`{output}` is {end} at point {}: {value} {}", grouped(point), known.unit));
    Ok(point)
}
