//! What a study costs beside the bare engine: points of 1,000 agents, computed as a study does (text to row), and the same
//! plans, ready beforehand, run by the engine alone. Ratios within one run; `cargo bench --bench study`.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use allostat::diagnostic::{Finding, Source};
use allostat::engine::{Engine, Plan, blocks};
use allostat::scenario::preset;
use allostat::study::{Opened, Study};
use rayon::prelude::*;

/// Preset, factor, output, points (so many that a round takes some tenths of a second); from cheap to dear.
const PRESETS: [(&str, &str, &str, u64); 3] = [
    ("down-regulation", "kdeg", "median(stopped.fall)", 1024),
    ("exact-vs-partial-adaptation", "eps", "median(settled)", 256),
    ("four-profiles", "krc2", "median(number_end)", 16),
];
const AGENTS: [u64; 2] = [1000, 100];
const ROUNDS: usize = 5;

fn main() {
    // `cargo test` runs benches with this; there is nothing to test here.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!("preset, agents per point, seconds of the engine, seconds of the study, overhead");
    for (name, factor, output, points) in PRESETS {
        for agents in AGENTS {
            let study = read(name, factor, output, (points, agents));
            let plans: Vec<Plan> = (0..study.points).map(|point| study.plan_at(point).unwrap()).collect();
            let mut best = [f64::INFINITY; 2];
            for _ in 0..ROUNDS {
                best[0] = best[0].min(seconds(|| engine(&plans)));
                best[1] = best[1].min(seconds(|| computed(&study)));
            }
            let [engine, study] = best;
            println!("{name}, {agents}, {engine:.3}, {study:.3}, {:.1} %", 100.0 * (study / engine - 1.0));
        }
    }
}

fn read(name: &str, factor: &str, output: &str, (points, agents): (u64, u64)) -> Study {
    let text = format!(
        "title = \"x\"\nscenario = {name:?}\nset = [\"population.agents={agents}\"]\nunit = {points}\n\
         design = {{ sobol = {{ points = {points} }} }}\n[vary]\n{factor} = {{}}\n[outputs]\nx = \"{output}\"\n"
    );
    let open = |which: &str| {
        let source = preset(which).ok_or_else(|| Finding::error("no such preset"))?;
        let files = |file: &str| Err(format!("no file {file}"));
        Ok(Opened { name: which.to_owned(), source, files: Arc::new(files) })
    };
    Study::read("bench", &Source::new("bench.toml", text), &open).unwrap_or_else(|error| panic!("{error}"))
}

fn engine(plans: &[Plan]) {
    let never = AtomicBool::new(false);
    plans.par_iter().with_max_len(1).for_each(|plan| {
        let engine = Engine::new(plan).unwrap();
        black_box(engine.run_here(0..blocks(plan.population.agents), &never));
    });
}

fn computed(study: &Study) {
    let never = AtomicBool::new(false);
    black_box(study.compute(0, &|_| {}, &never));
}

fn seconds(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64()
}
