//! `allostat run`.
//! Knows the order in which things are done and told.

use std::path::PathBuf;
use std::time::{Instant, SystemTime};

use clap::Args;

use super::failures::Allowed;
use super::inputs::{self, Named};
use super::machine::Left;
use super::need::Need;
use super::page::{self, Page};
use super::simulate::{Ran, Simulation, measured_error};
use super::threads::Threads;
use super::{Done, Stop, interrupt, predict, told, words};
use crate::diagnostic::{Finding, Severity, Source};
use crate::figure::{self, Audience};
use crate::report::{self, Finished, MeasuredError, Unchanged};
use crate::scenario::Scenario;

/// Agents that are run again with tolerances a hundred times tighter, for the measured error.
const REPEATED: u64 = 64;
const TIGHTER: f64 = 100.0;
/// Rows of the table of differences that a run prints; all stand in `differences.csv`.
const ROWS: usize = 30;

#[derive(Args)]
pub struct Arguments {
    /// Name of a preset, or a scenario file (.toml); the default preset where nothing is named
    #[arg(value_name = "PRESET|FILE")]
    scenario: Option<String>,
    /// Change a value: parameters.kappa=8, arms.rest.phases.exposure.for="90 d"; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Run the unchanged scenario as well and show the differences
    #[arg(long)]
    compare: bool,
    /// Ask for your prediction first and keep it with the run; an empty line ends the answer
    #[arg(long)]
    predict: bool,
    /// Number of agents
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    agents: Option<String>,
    /// Seed of all luck
    #[arg(long, value_name = "S", allow_hyphen_values = true)]
    seed: Option<String>,
    /// Threads to compute on; results do not depend on it
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    threads: Option<String>,
    /// Print how long it will take, how much memory and disk, and stop
    #[arg(long)]
    forecast: bool,
    /// Largest share of agents that may fail in any arm before the exit code is 1: 0.01 or 1%
    #[arg(long, value_name = "SHARE", allow_hyphen_values = true)]
    allow_failures: Option<String>,
    /// Folder for the run's folder
    #[arg(long, value_name = "DIR", default_value = "outputs")]
    out: PathBuf,
    /// Write agents.parquet as well: each agent's measures, drawn values and end states, a row per agent and arm
    #[arg(long)]
    agents_table: bool,
    /// Write tables only
    #[arg(long)]
    no_figures: bool,
    /// Exit code 1 also where a claim does not hold because of your changes
    #[arg(long)]
    strict: bool,
    /// Print the folder, the digest and what does not hold, nothing else
    #[arg(long)]
    quiet: bool,
}

impl Arguments {
    /// A scenario with changes, and nothing else that is out of the ordinary.
    pub fn plain(scenario: String, set: Vec<String>, out: PathBuf) -> Arguments {
        Arguments {
            scenario: Some(scenario),
            set,
            compare: false,
            predict: false,
            agents: None,
            seed: None,
            threads: None,
            forecast: false,
            allow_failures: None,
            out,
            no_figures: false,
            agents_table: false,
            strict: false,
            quiet: false,
        }
    }
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let threads = Threads::of(arguments.threads.as_deref())?;
    let named = inputs::scenario(arguments.scenario.as_deref())?;
    let allowed = Allowed::of(arguments.allow_failures.as_deref())?;
    let (scenario, unchanged) = scenarios(arguments, &named)?;
    let mut need = Need::of(&scenario, threads.count(), 1 + u64::from(unchanged.is_some()));
    if arguments.agents_table {
        need = need.with_agents(&scenario);
    }
    if let Some(finding) = need.refused(Left::here(&arguments.out)) {
        return Err(finding.into());
    }
    let prediction = match arguments.forecast {
        true => None,
        false => {
            report::probe(&arguments.out).map_err(Stop::Failed)?;
            arguments.predict.then(|| predict::asked(&scenario, page)).flatten()
        }
    };
    let agents = arguments.agents_table.then(|| arguments.out.clone());
    let simulation = Simulation { stop: interrupt::catch(), need, quiet: arguments.quiet, agents };
    if arguments.forecast {
        page.line(threads.install(|| simulation.forecast(&scenario))?);
        return Ok(true);
    }
    let quiet = arguments.quiet;
    if !quiet {
        page.text(&told::opening(&scenario, prediction.as_deref()));
        page.flush();
        page::tell(&scenario.notes);
    }
    let (started, clock) = (SystemTime::now(), Instant::now());
    let mut ran = threads.install(|| simulation.first(scenario))?;
    let mut twin =
        unchanged.map(|scenario| threads.install(|| simulation.unchanged(scenario))).transpose()?;
    let seconds = clock.elapsed().as_secs_f64();
    let error = threads.install(|| measured_error(&ran, REPEATED, TIGHTER))?;
    if !quiet {
        preview(&ran, page);
        page.text(&told::results(&ran.scenario, &ran.results));
        page.flush();
    }
    let agents = [ran.agents.take(), twin.as_mut().and_then(|twin| twin.agents.take())];
    let finished = Finished {
        scenario: &ran.scenario,
        results: &ran.results,
        base: &named.base,
        measured_error: MeasuredError::of(error, REPEATED.min(ran.scenario.plan.population.agents), TIGHTER),
        started,
        seconds,
        threads: threads.count(),
        unchanged: twin.as_ref().map(|t| Unchanged { scenario: &t.scenario, results: &t.results }),
        agents: agents.into_iter().flatten().collect(),
        prediction: prediction.as_deref(),
    };
    let figures = (!arguments.no_figures).then_some(Audience::Screen);
    let written = threads.install(|| report::write(&finished, &arguments.out, figures));
    let written = written.map_err(Stop::Failed)?;
    if let Some(differences) = written.differences.as_ref().filter(|_| !quiet) {
        page.line("\nUnchanged and changed, same agents, same luck, medians where nothing else is said:");
        let (moved, still) = words::moved(differences);
        page.text(&words::table(&moved, ROWS, "differences.csv"));
        page.text(&words::unmoved(still));
    }
    page.line(told::places(&written.folder, &arguments.out, quiet));
    page.flush();
    page::note(&written.notes);
    let fine = judged(&ran, twin.as_ref(), arguments) & allowed.judge(&ran.scenario, &ran.results);
    page.line(format!("digest {}", ran.results.digest));
    Ok(fine)
}

/// Seeds are whole numbers of TOML.
fn seed(argument: &str) -> Result<(), Stop> {
    if argument.is_empty()
        || !argument.bytes().all(|byte| byte.is_ascii_digit())
        || argument.parse::<i64>().is_ok()
    {
        return Ok(());
    }
    Err(Finding::error("this seed is too large")
        .at(&Source::new("--seed", argument).span(0..argument.len()))
        .help(format!("write a whole number from 0 to {}", i64::MAX))
        .into())
}

/// The scenario with the changes and, if both are asked for, without.
fn scenarios(arguments: &Arguments, named: &Named) -> Result<(Scenario, Option<Scenario>), Stop> {
    arguments.seed.as_deref().map(seed).transpose()?;
    let whom = |path: &str, argument: &Option<String>| {
        let value = argument.as_ref()?;
        Some(Source::new(format!("--{path}"), format!("population.{path}={value}")))
    };
    let whom: Vec<Source> =
        [whom("agents", &arguments.agents), whom("seed", &arguments.seed)].into_iter().flatten().collect();
    let set = arguments.set.iter().map(|text| Source::new("--set", text.as_str()));
    let changes: Vec<Source> = set.chain(whom.iter().cloned()).collect();
    let files = inputs::files(&named.base);
    let read = |changes: &[Source]| Scenario::read(&named.name, &named.source, changes, &files);
    let scenario = read(&changes)?;
    if !arguments.compare {
        return Ok((scenario, None));
    }
    if !report::changes_claims(&scenario.changes) {
        page::tell(&[Finding::note("nothing was changed, so there is nothing to compare with")
            .help("change something: --set parameters.NAME=VALUE")]);
        return Ok((scenario, None));
    }
    // Whoever changes the population by `--set population.agents` means both runs as well.
    let set_whom = changes.iter().filter(|change| {
        let path = change.text().split('=').next().unwrap_or_default().trim();
        ["population.agents", "population.seed"].contains(&path)
    });
    let unchanged = read(&set_whom.cloned().collect::<Vec<_>>())?;
    Ok((scenario, Some(unchanged)))
}

fn preview(ran: &Ran, page: &mut Page) {
    if let Some((width, height)) = page.size() {
        let subject = report::subject(&ran.scenario, &ran.results);
        let results = &ran.results;
        let run = figure::Run {
            subject: &subject,
            summary: &results.summary,
            assays: &results.assays,
            measures: &results.measures,
        };
        let text = figure::terminal(&run, width.min(100), (height / 2).clamp(12, 22));
        page.line(format!("\n{}", text.trim_end()));
    }
}

/// Whether the exit code is 0; claims that do not hold are told on standard error where nobody else tells them.
fn judged(ran: &Ran, twin: Option<&Ran>, arguments: &Arguments) -> bool {
    let broken = told::broken(&ran.scenario, &ran.results);
    let changed = report::changes_claims(&ran.scenario.changes);
    let fine = broken.is_empty() || changed && !arguments.strict;
    if arguments.quiet {
        let severity = if fine { Severity::Note } else { Severity::Error };
        let findings: Vec<Finding> =
            broken.into_iter().map(|what| Finding { severity, ..Finding::note(what) }).collect();
        page::tell(&findings);
    }
    if let Some(twin) = twin {
        let broken = told::broken(&twin.scenario, &twin.results);
        page::note(&broken.iter().map(|b| format!("in the unchanged run too: {b}")).collect::<Vec<_>>());
    }
    fine
}
