//! Parts as bytes: read back and merged in any order they are the run.

use proptest::prelude::*;

use super::*;

/// Two arms, an outcome, a condition, and agents that fail.
fn engine(agents: u64) -> Engine {
    let bench = Bench::new(&[("a", 1.0)], &[], &[["x", "a*x*x", "1"]]).agents(agents);
    let bench = bench.vary("a", Spread::Normal { sd: 0.5 }).watching("x").phase(0.1, &[]);
    let bench = bench.at(0, 0.1, Side::Before).arm().phase(0.6, &[]).at(0, 0.6, Side::Before);
    bench.outcome("t0_0").outcome("t1_0 - t0_0").condition("t1_0", Comparison::Greater, "2").engine()
}

fn parts(engine: &Engine, agents: u64) -> Vec<Vec<u8>> {
    let run = |block| engine.run(block..block + 1, &|_| {}).part();
    (0..blocks(agents)).map(run).collect()
}

#[test]
fn parts_merged_in_any_order_are_the_bytes_of_one_run() {
    // Of the larger population values are counted.
    for (agents, blocks_run) in [(300, 5), (5000, 5)] {
        let engine = engine(agents);
        let mut whole = engine.run(0..blocks_run, &|_| {});
        assert!(!whole.failures.is_empty());
        let mut parts: Vec<Vec<u8>> = (0..blocks_run).map(|n| engine.run(n..n + 1, &|_| {}).part()).collect();
        for _ in 0..parts.len() {
            parts.rotate_left(1);
            let mut merged = engine.nothing();
            parts.iter().for_each(|part| merged.merge(engine.part(part).unwrap()));
            assert_eq!(merged.part(), whole.part());
            assert_eq!(merged.failures, whole.failures);
        }
        assert_eq!(engine.part(&whole.part()).unwrap().part(), whole.part());
    }
}

#[test]
fn the_part_of_another_plan_is_refused() {
    let (small, large) = (engine(70), engine(5000));
    let part = parts(&small, 70).remove(0);
    assert!(small.part(&part).is_some() && large.part(&part).is_none());
    assert!((0..part.len()).all(|length| small.part(&part[..length]).is_none()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_bytes_make_a_part_panic(at in any::<prop::sample::Index>(), to in any::<u8>(), more in proptest::collection::vec(any::<u8>(), 0..40)) {
        use std::sync::OnceLock;
        static ENGINE: OnceLock<(Engine, Vec<u8>)> = OnceLock::new();
        let (engine, part) = ENGINE.get_or_init(|| {
            let engine = engine(70);
            let part = parts(&engine, 70).remove(0);
            (engine, part)
        });
        let mut changed = part.clone();
        changed[at.index(part.len())] = to;
        for bytes in [changed, more] {
            if let Some(mut collected) = engine.part(&bytes) {
                collected.merge(engine.part(part).unwrap());
                for reduction in collected.outcomes.iter().flatten() {
                    let _ = (reduction.mean(), reduction.sd(), reduction.quantiles(&[0.0, 0.3, 1.0]));
                }
                let _ = collected.part();
            }
        }
    }
}
