//! `allostat study plan`: what a study is and what it will take, before its first unit.
//! Knows studies; runs a few agents of a few points to see how long they take.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use clap::Args;

use super::{Which, remarked};
use crate::cli::forecast::duration;
use crate::cli::machine::Left;
use crate::cli::need::bytes;
use crate::cli::page::Page;
use crate::cli::threads::Threads;
use crate::cli::{Done, Stop};
use crate::engine::{Engine, Metric, blocks};
use crate::report::number::{agents, grouped};
use crate::study::{Factor, Span, Study, Value};
use crate::unit::format_quantity;

/// Points that are tried, one block of agents each.
const TRIED: u64 = 8;
/// A cell of the table, as text and as Parquet.
const CELL: u64 = 24;
/// Counts of values that are spread over three octaves; exact sums.
const COUNTED: u64 = 40_000;
const SUMS: u64 = 200;
/// The program, a plan on each thread.
const PROGRAM: u64 = 48 << 20;
const PLAN: u64 = 12 << 20;

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Threads to compute on
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    threads: Option<String>,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let threads = Threads::of(arguments.threads.as_deref())?;
    let study = arguments.which.read()?;
    remarked(&study);
    page.line(&study.title);
    if !study.doc.is_empty() {
        page.line(&study.doc);
    }
    page.line(format!("\nscenario: {} ({})", study.scenario.title, study.scenario.name));
    page.line("factors:");
    for factor in &study.factors {
        page.line(format!("  {}", told(factor)));
    }
    page.line("outputs:");
    for output in &study.outputs {
        let unit = if output.unit.is_empty() { String::new() } else { format!(" [{}]", output.unit) };
        page.line(format!("  {}{unit}  {}", output.name, output.doc).trim_end());
    }
    page.flush();
    forecast(&study, arguments, &threads, page)?;
    Ok(true)
}

fn told(factor: &Factor) -> String {
    let name = match factor.paths[..] == [factor.name.clone()] {
        true => factor.name.clone(),
        false => format!("{} (`{}`)", factor.name, factor.paths.join("`, `")),
    };
    let source =
        if factor.source.is_empty() { String::new() } else { format!("; source: {}", factor.source) };
    match &factor.span {
        Span::Between { low, high, scale, unit } => {
            let [low, high] = [low, high].map(|value| format_quantity(*value, unit));
            format!("{name}: {low} to {high}, {scale:?}{source}")
                .replace("Log", "log")
                .replace("Linear", "linear")
        }
        Span::Around { centre, step, unit } => {
            format!("{name}: {}, steps of {step} in its logarithm{source}", format_quantity(*centre, unit))
        }
        Span::Levels { levels, .. } => {
            let ends: Vec<String> = factor.samples().iter().map(|value| factor.written(value)).collect();
            format!("{name}: {levels} levels from {}{source}", ends.join(" to "))
        }
        Span::Numbers { .. } | Span::Texts(_) => {
            let samples = factor.samples();
            let shown: Vec<String> =
                samples.iter().take(6).map(|value: &Value| factor.written(value)).collect();
            let more =
                if samples.len() > 6 { format!(", … ({} values)", samples.len()) } else { String::new() };
            format!("{name}: {}{more}", shown.join(", "))
        }
    }
}

fn forecast(study: &Study, arguments: &Arguments, threads: &Threads, page: &mut Page) -> Result<(), Stop> {
    let of_point = study.scenario.plan.population.agents;
    let rows = study.rows();
    let seconds = seconds_of_a_point(study)? * rows as f64 / threads.count() as f64;
    let cells = 5 + study.factors.len() as u64 + study.outputs.len() as u64;
    let disk = rows.saturating_mul(cells * CELL) * 2;
    let disk = disk.saturating_add(rows.saturating_mul(study.parts()).saturating_mul(bytes_of_part(study)));
    let memory = PROGRAM + threads.count() as u64 * PLAN + study.per_unit * cells * 16;
    let repeats =
        if study.repeats == 1 { String::new() } else { format!(" × {} repeats", grouped(study.repeats)) };
    page.line(format!(
        "\n{}{repeats} × {}: {} of {}",
        counted(study.points, "point"),
        agents(of_point),
        counted(study.units(), "unit"),
        of_unit(study),
    ));
    if study.parts() > 1 && study.scenario.plan.exact_quantiles {
        page.line(format!(
            "each part takes {} of disk, because `quantiles = \"exact\"` keeps every value; counted ones take little",
            bytes(bytes_of_part(study))
        ));
    }
    page.line(format!(
        "about {} on {} threads, about {} of memory and {} of files in {}",
        duration(seconds),
        threads.count(),
        bytes(memory),
        bytes(disk),
        arguments.which.folder(study).display(),
    ));
    let left = Left::here(&arguments.which.folder(study));
    if left.disk.is_some_and(|left| left < disk) {
        page.line(format!("the disk has {} left, which is too little", bytes(left.disk.unwrap_or(0))));
    }
    Ok(())
}

/// `4 points`, `a part of a point (8 parts)`.
pub fn of_unit(study: &Study) -> String {
    match study.parts() {
        1 => counted(study.per_unit, "point"),
        parts => format!("a part of a point each ({} parts)", grouped(parts)),
    }
}

/// Of the numbers of a part of a point as they are kept; nothing where points are whole.
fn bytes_of_part(study: &Study) -> u64 {
    let plan = &study.scenario.plan;
    if study.parts() == 1 {
        return 0;
    }
    let assays: usize = plan.arms.iter().map(|arm| arm.assays.len()).sum();
    let numbers = (plan.outcomes.values.len() + Metric::ALL.len() * assays) as u64;
    let groups = 1 + plan.population.groups.len() as u64;
    let agents = plan.population.agents / study.parts();
    // An agent stands among everyone and in at most one group.
    let values = 8 * agents * groups.min(2);
    let each = if plan.exact_quantiles { values } else { values.min(groups * COUNTED) };
    numbers * (each + groups * SUMS)
}

/// `1 unit`, `12 units`.
fn counted(n: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// From one block of agents at a few points, spread over the design; what reading a point takes is counted as well.
fn seconds_of_a_point(study: &Study) -> Result<f64, Stop> {
    let never = AtomicBool::new(false);
    let (mut seconds, mut tried) = (0.0, 0.0);
    for n in 0..TRIED.min(study.points) {
        let point = n * (study.points / TRIED.min(study.points));
        let began = Instant::now();
        // A point that cannot be read costs what it costs to find out.
        if let Ok(plan) = study.plan_at(point) {
            let ready = Engine::new(&plan).map_err(Stop::Failed)?;
            let read = began.elapsed().as_secs_f64();
            let block = Instant::now();
            ready.run_here(0..1, &never);
            let all = blocks(plan.population.agents) as f64;
            seconds += read + all * block.elapsed().as_secs_f64();
        } else {
            seconds += began.elapsed().as_secs_f64();
        }
        tried += 1.0;
    }
    Ok(seconds / f64::max(tried, 1.0))
}
