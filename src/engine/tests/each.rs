//! What each agent came to, given on in order: the same whoever runs the blocks, and no bit of what is collected moves.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use super::*;

const AGENTS: u64 = 10 * 64 + 7;

/// Agents whose growth differs, in two arms; in the second some reach infinity before the end.
fn growing() -> Engine {
    let bench = Bench::new(&[("a", 1.0)], &[], &[["x", "a*x*x", "1"]]).agents(AGENTS);
    let bench = bench.vary("a", Spread::Normal { sd: 0.5 }).watching("x").phase(0.1, &[]);
    let bench = bench.at(0, 0.1, Side::Before).tap(Tap::Value { slot: 0 });
    let bench = bench.arm().phase(0.6, &[]).at(0, 0.6, Side::Before);
    bench.outcome("t0_0").outcome("t1_0").engine()
}

fn all(engine: &Engine) -> (Vec<Ended>, Collected) {
    let mut each = Vec::new();
    let collected = engine.run_each(0..blocks(AGENTS), &|_| {}, &AtomicBool::new(false), &mut |ended| {
        each.push(ended);
        ControlFlow::Continue(())
    });
    (each, collected)
}

/// Bits, because NaN is no number's equal.
fn all_bits(ended: &Ended) -> Vec<u64> {
    let arms = ended.arms.iter().flat_map(|arm| arm.values.iter().chain(&arm.states));
    ended.outcomes.iter().chain(arms).flatten().map(|value| value.to_bits()).collect()
}

#[test]
fn every_agent_is_given_on_once_in_order_with_what_it_came_to() {
    let engine = growing();
    let (each, collected) = all(&engine);
    assert_eq!(each.iter().map(|ended| ended.first / 64).collect::<Vec<_>>(), (0..11).collect::<Vec<_>>());
    assert_eq!(each.iter().map(|ended| ended.agents() as u64).sum::<u64>(), AGENTS);
    let ends = engine.ends(0..blocks(AGENTS));
    let plain = engine.run(0..blocks(AGENTS), &|_| {});
    assert_eq!((&collected.failures, collected.cost), (&plain.failures, plain.cost));
    assert!(!plain.failures.is_empty() && (plain.failures.len() as u64) < AGENTS);
    for (n, reduction) in plain.outcomes.iter().enumerate() {
        let values: Vec<f64> = each.iter().flat_map(|ended| ended.outcomes[n].clone()).collect();
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        assert_eq!(sorted.len() as u64, reduction[0].n());
        assert_eq!(sorted[0].to_bits(), reduction[0].min().to_bits());
        assert_eq!(collected.outcomes[n][0].mean().to_bits(), reduction[0].mean().to_bits());
        let middle = sorted.len() / 2;
        let at = middle as f64 / (sorted.len() - 1) as f64;
        assert!((sorted[middle] - reduction[0].quantile(at)).abs() <= 1e-12 * sorted[middle].abs());
    }
    for ended in &each {
        for lane in 0..ended.agents() {
            let agent = ended.first + lane as u64;
            for (arm, of) in ended.arms.iter().enumerate() {
                let failure = plain.failures.iter().find(|f| f.agent == agent && f.arm == arm);
                assert_eq!(of.causes[lane], failure.map(|failure| failure.cause));
                // The value is known of who failed as well.
                assert!(of.values[0][lane].is_finite());
                let end = ends[agent as usize][2 * arm + 1];
                assert_eq!(of.states[0][lane].to_bits(), end.to_bits());
            }
        }
    }
}

#[cfg(feature = "threads")]
#[test]
fn threads_change_neither_order_nor_bits() {
    let engine = growing();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (each, collected) = pool.install(|| all(&engine));
        (each.iter().flat_map(all_bits).collect::<Vec<u64>>(), bits(&[collected.outcomes[0][0].mean()]))
    };
    let one = on(1);
    assert_eq!((on(2), on(5)), (one.clone(), one));
}

#[test]
fn who_breaks_off_is_given_nothing_more() {
    let engine = growing();
    let mut given = 0;
    let never = AtomicBool::new(false);
    engine.run_each(0..blocks(AGENTS), &|_| {}, &never, &mut |_| {
        given += 1;
        if given == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(given, 3);
}
