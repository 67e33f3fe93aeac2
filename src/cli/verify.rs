//! `allostat verify`: what must hold on every machine, tested on this one.
//! Knows the order in which it is tested and told.

use std::env;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use super::page::{self, Page};
use super::threads::Threads;
use super::{Done, Stop, level, trajectories, words};
use crate::diagnostic::{Finding, Source};
use crate::engine::{Collected, Engine, NUMERICS, blocks};
use crate::kernel::Level;
use crate::model::{Model, builtin};
use crate::report::number::figures;
use crate::scenario::reference::{self, Reference};
use crate::scenario::{Scenario, check};

#[derive(Args)]
pub struct Arguments {
    /// Print the digests of end states that this machine computes, as CSV, and test nothing else
    #[arg(long)]
    digests: bool,
    /// Threads to compute on; results do not depend on it
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    threads: Option<String>,
}

/// One row of what was tested.
struct Tested {
    what: String,
    /// How much of it.
    of: String,
    deviation: String,
    seconds: f64,
    /// What differs: sentences.
    faults: Vec<String>,
    /// Whether it could be tested at all.
    done: bool,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let threads = Threads::of(arguments.threads.as_deref())?;
    if arguments.digests {
        page.text(&threads.install(reference::table).map_err(Stop::Failed)?);
        return Ok(true);
    }
    let mut tested = threads.install(closed_forms)?;
    tested.extend(threads.install(followed)?);
    let current = Level::current();
    tested.push(timed(format!("digests of end states, {}", current.name()), || {
        compared(threads.install(reference::table))
    }));
    for other in Level::ALL.into_iter().filter(|level| *level != current) {
        tested.push(match other.is_here() {
            true => timed(format!("digests of end states, {}", other.name()), || {
                compared(at_level(other, arguments.threads.as_deref()))
            }),
            false => Tested {
                what: format!("digests of end states, {}", other.name()),
                of: "not tested: this machine lacks it".to_owned(),
                deviation: String::new(),
                seconds: 0.0,
                faults: Vec::new(),
                done: false,
            },
        });
    }
    tested.extend(contract()?);
    Ok(told(&tested, page))
}

fn told(tested: &[Tested], page: &mut Page) -> bool {
    let mut rows = vec![["", "tested", "", "largest deviation", "time"].map(str::to_owned).to_vec()];
    rows.extend(tested.iter().map(|test| {
        let mark = if !test.done {
            "–"
        } else if test.faults.is_empty() {
            "✓"
        } else {
            "✗"
        };
        let time = if test.done { format!("{:.1} s", test.seconds) } else { String::new() };
        vec![mark.to_owned(), test.what.clone(), test.of.clone(), test.deviation.clone(), time]
    }));
    page.text(&words::aligned(&rows, 0));
    page.flush();
    let faults: Vec<Finding> =
        tested.iter().flat_map(|test| test.faults.iter().map(Finding::error)).collect();
    page::tell(&faults);
    page.line(match faults.len() {
        0 => format!("\nall of it holds (numerics version {NUMERICS})"),
        1 => format!("\none thing does not hold (numerics version {NUMERICS})"),
        n => format!("\n{n} things do not hold (numerics version {NUMERICS})"),
    });
    faults.is_empty()
}

/// `test` gives how much was tested, the largest deviation and what differs.
fn timed(what: String, test: impl FnOnce() -> (String, String, Vec<String>)) -> Tested {
    let clock = Instant::now();
    let (of, deviation, faults) = test();
    Tested { what, of, deviation, seconds: clock.elapsed().as_secs_f64(), faults, done: true }
}

/// The checks that each built-in model carries.
fn closed_forms() -> Result<Vec<Tested>, Stop> {
    let mut tested = Vec::new();
    for (name, text) in builtin() {
        let model = Arc::new(Model::read(name, &Source::new(format!("models/{name}.toml"), *text))?);
        let clock = Instant::now();
        let results = check::run(&model)?;
        // An inequality may hold by a wide margin: that is no deviation.
        let counted = results.iter().filter(|result| !result.holds || result.miss() <= result.within);
        let largest = counted.map(check::CheckResult::miss).fold(0.0, f64::max);
        let failed = results.iter().filter(|result| !result.holds);
        tested.push(Tested {
            what: format!("checks of `{name}`"),
            of: format!("{} comparisons", results.len()),
            deviation: figures(largest),
            seconds: clock.elapsed().as_secs_f64(),
            faults: failed
                .map(|result| {
                    let (expected, found) = (result.expected, result.found);
                    format!("`{name}`, {}: {}: expected {expected}, found {found}", result.name, result.what)
                })
                .collect(),
            done: true,
        });
    }
    Ok(tested)
}

/// The states of each built-in model over time, against a table that an independent program made.
fn followed() -> Result<Vec<Tested>, Stop> {
    let one = |name: &str| {
        let clock = Instant::now();
        let compared = trajectories::compared(name)?;
        Ok(Tested {
            what: format!("trajectories of `{name}`"),
            of: format!("{} comparisons", compared.comparisons),
            deviation: figures(compared.deviation),
            seconds: clock.elapsed().as_secs_f64(),
            faults: compared.faults,
            done: true,
        })
    };
    trajectories::models().into_iter().map(one).collect()
}

/// What this program computes at another level of vectors: it runs itself, because a process has one.
fn at_level(level: Level, threads: Option<&str>) -> Result<String, String> {
    let program = env::current_exe().map_err(|e| format!("the program does not find itself: {e}"))?;
    let threads = threads.map(|count| format!("--threads={count}"));
    let output = Command::new(program)
        .args(["verify", "--digests"])
        .args(threads)
        .env(level::VARIABLE, level.name())
        .output()
        .map_err(|e| format!("the program cannot start itself: {e}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// A computed table of digests against the committed one.
fn compared(table: Result<String, String>) -> (String, String, Vec<String>) {
    let table = match table {
        Ok(table) => table,
        Err(why) => return (String::new(), String::new(), vec![why]),
    };
    let references = reference::references();
    let differs = |reference: &&Reference| {
        reference.committed().is_none() || reference.row(&table) != reference.committed()
    };
    let faults: Vec<String> = references
        .iter()
        .filter(differs)
        .map(|reference| {
            let why = match reference.committed() {
                Some(_) => "differs from the committed one",
                None => "has nothing to be compared with",
            };
            format!("the digest of `{}`, {}, {why}", reference.model, reference.scenario)
        })
        .collect();
    let of = format!("{} scenarios, {} agents", references.len(), reference::AGENTS);
    let deviation =
        if faults.is_empty() { "same bits".to_owned() } else { format!("{} differ", faults.len()) };
    (of, deviation, faults)
}

/// Agents of the runs that are compared with each other: three full blocks and a part of one.
const FEW: u64 = 200;

/// The same bits, however the work is cut.
fn contract() -> Result<Vec<Tested>, Stop> {
    let Some(reference) = reference::references().into_iter().find(|r| r.scenario != reference::DRIVE) else {
        return Ok(Vec::new());
    };
    let scenario = reference.read(FEW)?;
    let engine = Engine::new(&scenario.plan).map_err(Finding::error)?;
    let all = blocks(FEW);
    let digest = |collected: Collected| scenario.results(collected).digest;
    let on = |threads: &str| -> Result<String, Stop> {
        Ok(Threads::of(Some(threads))?.install(|| digest(engine.run(0..all, &|_| {}))))
    };
    let name = |what: &str| format!("`{}`, {what}", scenario.name);
    let clock = Instant::now();
    let one = on("1")?;
    let mut tested = Vec::new();
    let mut same = |what: &str, of: &str, clock: Instant, same: bool| {
        tested.push(Tested {
            what: name(what),
            of: of.to_owned(),
            deviation: if same { "same bits" } else { "differs" }.to_owned(),
            seconds: clock.elapsed().as_secs_f64(),
            faults: if same { Vec::new() } else { vec![format!("{}: {of} differ", name(what))] },
            done: true,
        });
    };
    let two = on("2")?;
    same("threads", "1 and 2 threads", clock, one == two);
    let clock = Instant::now();
    let mut second = engine.run(all / 2..all, &|_| {});
    second.merge(engine.run(0..all / 2, &|_| {}));
    same("shards", "1 and 2 shards", clock, digest(second) == one);
    let clock = Instant::now();
    let small = ends(&reference.read(FEW / 2)?)?;
    let large = ends(&scenario)?;
    let first = reference::digest_of(&large[..small.len()]) == reference::digest_of(&small);
    same("population", "100 agents alone and among 200", clock, first);
    Ok(tested)
}

fn ends(scenario: &Scenario) -> Result<Vec<Vec<f64>>, Stop> {
    let engine = Engine::new(&scenario.plan).map_err(Finding::error)?;
    Ok(engine.ends(0..blocks(scenario.plan.population.agents)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_that_differs_or_is_missing_is_a_fault() {
        let committed = reference::COMMITTED;
        let (of, deviation, faults) = compared(Ok(committed.to_owned()));
        assert!(of.ends_with("128 agents") && deviation == "same bits" && faults.is_empty(), "{faults:?}");
        let (head, rest) = committed.split_at(committed.len() - 10);
        let (_, deviation, faults) = compared(Ok(format!("{head}{}", rest.to_uppercase())));
        assert_eq!((deviation.as_str(), faults.len()), ("1 differ", 1));
        assert!(faults[0].contains("chronic"), "{faults:?}");
        assert_eq!(compared(Ok(String::new())).2.len(), reference::references().len());
        assert_eq!(compared(Err("no".to_owned())).2, ["no"]);
    }
}
