//! What leaves a run does not depend on how it was cut into shards: the bytes of the tables and the digest.

use allostat::diagnostic::Source;
use allostat::engine::{Collected, Engine, blocks};
use allostat::scenario::{Scenario, preset, presets};

/// No preset: an instrument, a chronic response and a challenge in one scenario.
const LOOKED_AT: &str = "looked-at";

fn read(name: &str, agents: u64) -> Scenario {
    let source = preset(name).unwrap_or_else(|| Source::new(LOOKED_AT, include_str!("data/looked-at.toml")));
    let change = Source::new("argument", format!("population.agents={agents}"));
    let none = |file: &str| Err(format!("no file {file}"));
    Scenario::read(name, &source, &[change], &none).unwrap_or_else(|error| panic!("{error}"))
}

fn sharded(engine: &Engine, cuts: &[u64]) -> Collected {
    let mut shards: Vec<Collected> =
        cuts.windows(2).map(|ends| engine.run(ends[0]..ends[1], &|_| {})).collect();
    // Not in the order in which they would be made one after another.
    shards.reverse();
    let mut merged = shards.remove(0);
    shards.into_iter().for_each(|shard| merged.merge(shard));
    merged
}

#[test]
fn shards_of_a_preset_merged_give_the_digest_of_one_run() {
    for name in presets().into_iter().chain([LOOKED_AT]) {
        // A block that is not full; of one that is quick three blocks, and more agents than are kept one by one.
        let sizes: &[u64] = if name == "down-regulation" { &[130, 4_225] } else { &[65] };
        for &agents in sizes {
            let scenario = read(name, agents);
            let engine = Engine::new(&scenario.plan).unwrap();
            let all = blocks(agents);
            let whole = scenario.results(engine.run(0..all, &|_| {})).digest;
            let mut many = vec![0, all / 3, all / 2, all - 1, all];
            many.dedup();
            let mut cuts = vec![vec![0, 1, all], many];
            cuts.dedup();
            for cuts in cuts {
                assert_eq!(
                    scenario.results(sharded(&engine, &cuts)).digest,
                    whole,
                    "{name} {agents} {cuts:?}"
                );
            }
        }
    }
}

#[test]
fn records_of_an_arm_do_not_depend_on_the_arms_beside_it() {
    for name in presets() {
        let agents = if name == "down-regulation" { 70 } else { 5 };
        let scenario = read(name, agents);
        let engine = Engine::new(&scenario.plan).unwrap();
        let together = engine.run(0..blocks(agents), &|_| {});
        for arm in 0..scenario.plan.arms.len() {
            let mut alone = scenario.plan.clone();
            alone.arms = vec![scenario.plan.arms[arm].clone()];
            alone.arms[0].series.iter_mut().for_each(|series| series.against = None);
            alone.outcomes = Default::default();
            let alone = Engine::new(&alone).unwrap().run(0..blocks(agents), &|_| {});
            let bits = |collected: &Collected, arm: usize| -> Vec<u64> {
                let reductions = collected.series[arm].iter().flatten().flatten();
                reductions
                    .flat_map(|r| [r.mean().to_bits(), r.quantile(0.5).to_bits(), r.max().to_bits()])
                    .collect()
            };
            assert_eq!(bits(&together, arm), bits(&alone, 0), "{name}, arm {arm}");
        }
    }
}
