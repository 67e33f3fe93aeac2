//! The same bits everywhere: end states of every built-in model and preset have the digests of `tests/digests.csv`, on any number
//! of threads, at every level of vectors, in any shards, among any number of agents.
//!
//! `ALLOSTAT_BLESS=1 cargo test --test digests` writes the table anew; whoever does that raises the numerics version.

use std::process::Command;

use allostat::engine::{Engine, blocks};
use allostat::kernel::Level;
use allostat::scenario::Scenario;
use allostat::scenario::reference::{AGENTS, COMMITTED, Reference, digest_of, references, table};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/digests.csv");

fn scenario(reference: &Reference, agents: u64) -> Scenario {
    reference.read(agents).unwrap_or_else(|error| panic!("{error}"))
}

fn on<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn any_number_of_threads_gives_the_committed_digests() {
    let one = on(1, table).unwrap();
    if std::env::var_os("ALLOSTAT_BLESS").is_some() {
        std::fs::write(FILE, &one).unwrap();
        return;
    }
    assert_eq!(one, COMMITTED, "on 1 thread");
    for threads in [2, 3, 8] {
        assert_eq!(on(threads, table).unwrap(), COMMITTED, "on {threads} threads");
    }
}

#[test]
fn every_level_of_vectors_gives_the_committed_digests() {
    for level in Level::ALL {
        if !level.is_here() {
            println!("not tested: this machine lacks {}", level.name());
            continue;
        }
        let mut program = Command::new(env!("CARGO_BIN_EXE_allostat"));
        let output =
            program.args(["verify", "--digests"]).env("ALLOSTAT_SIMD", level.name()).output().unwrap();
        assert!(output.status.success(), "{}: {}", level.name(), String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), COMMITTED, "{}", level.name());
    }
}

#[test]
fn implicit_steps_give_the_same_tables_at_every_level_and_on_any_threads() {
    let stiff = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/scenarios/stiff.toml");
    let set = ["--set", "arms.driven.phases.driven.for=\"4 d\"", "--agents", "200"];
    same_tables(stiff, &set, &["summary.csv"]);
}

#[test]
fn what_instruments_challenges_and_the_long_run_show_is_the_same_at_every_level_and_on_any_threads() {
    // Digests are of end states, and say nothing of these.
    let looked_at = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/looked-at.toml");
    same_tables(looked_at, &[], &["summary.csv", "assays.csv", "measures.csv"]);
}

/// Tables of a run at every level of vectors that is here, on one thread and on three, are those of plain arithmetic.
fn same_tables(scenario: &str, options: &[&str], names: &[&str]) {
    let tables = |level: Level, threads: &str| -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_allostat"));
        program.args(["run", scenario, "--no-figures", "--quiet", "--threads", threads, "--out"]);
        let output =
            program.arg(folder.path()).args(options).env("ALLOSTAT_SIMD", level.name()).output().unwrap();
        assert!(output.status.success(), "{}: {}", level.name(), String::from_utf8_lossy(&output.stderr));
        let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let run = entries.into_iter().find(|run| run.join("summary.csv").is_file()).unwrap();
        names.iter().map(|name| std::fs::read_to_string(run.join(name)).unwrap()).collect()
    };
    let plain = tables(Level::Plain, "1");
    assert!(plain.iter().map(|table| table.lines().count()).sum::<usize>() > 20, "{plain:?}");
    for level in Level::ALL.into_iter().filter(|level| level.is_here()) {
        for threads in ["1", "3"] {
            assert_eq!(tables(level, threads), plain, "{} on {threads}", level.name());
        }
    }
}

#[test]
fn seven_shards_give_the_ends_of_one() {
    const AGENTS: u64 = 7 * 64 - 9;
    for reference in cheap() {
        let scenario = scenario(&reference, AGENTS);
        let engine = Engine::new(&scenario.plan).unwrap();
        let whole = engine.ends(0..blocks(AGENTS));
        assert_eq!(whole.len() as u64, AGENTS);
        let mut shards: Vec<_> = [3, 0, 6, 1, 5, 2, 4].map(|n| (n, engine.ends(n..n + 1))).into();
        shards.sort_by_key(|(n, _)| *n);
        let joined: Vec<Vec<f64>> = shards.into_iter().flat_map(|(_, ends)| ends).collect();
        assert_eq!(digest_of(&joined), digest_of(&whole), "{}", reference.model);
    }
}

#[test]
fn a_hundred_agents_are_those_among_ten_thousand() {
    for reference in cheap() {
        let few = scenario(&reference, 100);
        let many = scenario(&reference, 10_000);
        let few = Engine::new(&few.plan).unwrap().ends(0..blocks(100));
        let many = Engine::new(&many.plan).unwrap().ends(0..blocks(10_000));
        assert_eq!((few.len(), many.len()), (100, 10_000));
        assert_eq!(digest_of(&few), digest_of(&many[..100]), "{}", reference.model);
        assert_ne!(digest_of(&few), digest_of(&many[100..200]), "{}", reference.model);
    }
}

#[test]
fn ends_are_those_of_traces() {
    for reference in cheap() {
        let mut plan = scenario(&reference, 100).plan;
        let end = plan.arms[0].phases.last().unwrap().when.end;
        let mut system = (*plan.arms[0].system).clone();
        system.watched = system.states.clone().into_iter().map(|sym| system.arena.sym(sym)).collect();
        plan.arms[0].series = (0..system.watched.len())
            .map(|watched| allostat::engine::Series {
                watched,
                window: None,
                times: vec![end],
                against: None,
            })
            .collect();
        let slots = plan.arms[0].slots.len();
        plan.arms[0].system = system.into();
        plan.traced = (0..100).collect();
        let engine = Engine::new(&plan).unwrap();
        let traces = engine.run(0..2, &|_| {}).traces;
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        for (trace, ends) in traces.iter().zip(engine.ends(0..2)) {
            let traced: Vec<f64> = trace.values.iter().map(|values| values[0]).collect();
            assert_eq!(bits(&traced), bits(&ends[slots..]), "{} {}", reference.model, trace.agent);
        }
    }
}

#[test]
fn nearly_all_agents_live_so_that_digests_say_something() {
    for reference in references() {
        let ends = Engine::new(&scenario(&reference, AGENTS).plan).unwrap().ends(0..blocks(AGENTS));
        let living = ends.iter().filter(|numbers| numbers.iter().all(|x| x.is_finite())).count();
        assert!(living >= 120, "{} {}: {living}", reference.model, reference.scenario);
    }
}

/// Models under a small drive, of those that ask for few steps.
fn cheap() -> Vec<Reference> {
    let cheap = ["desensitization", "moderator", "operational", "turnover"];
    let found: Vec<Reference> = references()
        .into_iter()
        .filter(|r| r.scenario == "drive" && cheap.contains(&r.model.as_str()))
        .collect();
    assert_eq!(found.len(), cheap.len());
    found
}
