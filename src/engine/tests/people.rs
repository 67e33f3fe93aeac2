//! Agents as a population: luck, groups, differences between arms, outcomes, and which quantiles are exact.

use super::*;
use crate::population::{Correlation, Group};

fn spread() -> Spread {
    Spread::Normal { sd: 1.0 }
}

/// Two correlated values of which one has a limit, and one that stands alone.
fn correlated(agents: u64, limited: bool) -> Bench {
    let values = [("a", 0.0), ("b", 0.0), ("c", 0.0)];
    let bench = Bench::new(&values, &[], &[["x", "0*x", "0"]]).agents(agents).phase(1.0, &[]);
    let mut bench = bench.vary("a", spread()).vary("b", spread()).vary("c", spread());
    bench.plan.population.correlations =
        vec![Correlation { between: ["a".to_owned(), "b".to_owned()], value: 0.9 }];
    if limited {
        let system = bench.system(0);
        let (left, right) = (node(&mut system.arena, "a"), node(&mut system.arena, "0"));
        system.limits.push(Limit { slot: 0, left, comparison: Comparison::Greater, right });
    }
    bench
        .watching("a")
        .watching("b")
        .watching("c")
        .traced()
        .series(0, None, &[0.0])
        .series(1, None, &[0.0])
        .series(2, None, &[0.0])
}

fn firsts(collected: &Collected) -> Vec<[f64; 3]> {
    collected.traces.iter().map(|trace| [0, 1, 2].map(|series| trace.values[series][0])).collect()
}

#[test]
fn a_draw_outside_limits_is_made_again_with_its_partners_and_counted() {
    let (free, bound) = (correlated(2000, false).run(), correlated(2000, true).run());
    let (free, drawn) = (firsts(&free), (firsts(&bound), bound.redrawn));
    let (bound, redrawn) = drawn;
    for (before, after) in free.iter().zip(&bound) {
        assert!(after[0] > 0.0);
        // Who met the limit keeps all; who did not keeps what has nothing to do with it.
        assert_eq!(before[2], after[2]);
        assert_eq!(before[0] > 0.0, before == after);
        assert_eq!(before[0] > 0.0, before[1] == after[1]);
    }
    // Each draw misses with probability 1/2: 2000 more on average, standard deviation 63.
    assert!((1700..2300).contains(&redrawn), "{redrawn}");
    // b - 0.9 a is what a does not explain: its standard deviation stays sqrt(1 - 0.81).
    let rest: f64 = bound.iter().map(|[a, b, _]| (b - 0.9 * a).powi(2)).sum::<f64>() / 2000.0;
    assert!((rest.sqrt() - 0.19_f64.sqrt()).abs() < 0.03, "{rest}");
}

#[test]
fn twins_are_drawn_again_once_and_alike() {
    let one = correlated(200, true);
    let two = one.clone().arm().phase(2.0, &[]).series(0, None, &[0.0]).series(1, None, &[0.0]).series(
        2,
        None,
        &[0.0],
    );
    let (one, two) = (one.run(), two.run());
    assert_eq!(one.redrawn, two.redrawn);
    assert_eq!(firsts(&one), firsts(&two)[..200]);
    assert_eq!(firsts(&one), firsts(&two)[200..]);
}

/// Two groups with values of their own.
fn grouped() -> Bench {
    let bench = Bench::new(&[("a", 1.0), ("b", 5.0)], &[], &[["x", "0*x", "a"]]).watching("x").watching("b");
    let mut bench = bench.agents(1000).vary("b", Spread::Normal { sd: 0.5 }).phase(1.0, &[]).traced();
    let group = |name: &str, share: f64| Group { name: name.to_owned(), share, parameters: Vec::new() };
    bench.plan.population.groups = vec![group("few", 0.2), group("many", 0.8)];
    bench.plan.arms[0].slots[0].by_group = vec![10.0, 20.0];
    bench.plan.arms[0].slots[1].by_group = vec![50.0, 5.0];
    bench.series(0, None, &[0.0]).series(1, None, &[0.0]).at(1, 0.0, Side::After).tap(Tap::Value { slot: 0 })
}

#[test]
fn groups_have_their_values_and_everyone_is_in_one() {
    let collected = grouped().run();
    let [all, few, many] = [0, 1, 2].map(|group| &collected.series[0][0][0][group]);
    assert_eq!(all.n(), 1000);
    assert_eq!(few.n() + many.n(), 1000);
    assert!((150..250).contains(&few.n()), "{}", few.n());
    assert_eq!([few.min(), few.max(), many.min(), many.max()], [10.0, 10.0, 20.0, 20.0]);
    // A group moves the centre, not the luck.
    let mut same = grouped();
    same.plan.arms[0].slots[1].by_group = vec![5.0, 5.0];
    for (one, other) in collected.traces.iter().zip(&same.run().traces) {
        let moved = if one.values[0][0] == 10.0 { 45.0 } else { 0.0 };
        near(one.values[1][0], other.values[1][0] + moved, 1e-13);
    }
    let values = &collected.outcomes[1];
    assert_eq!([values[1].mean(), values[2].mean()], [10.0, 20.0]);
}

#[test]
fn conditions_are_counted_by_group() {
    let collected = grouped().condition("t0_1", Comparison::Less, "15").run();
    let few = collected.series[0][0][0][1].n();
    assert_eq!(collected.conditions[0], [(few, 1000), (few, few), (0, 1000 - few)]);
}

/// Two histories of the same agents; the second arm lacks one time and has one more.
fn twins() -> Bench {
    let bench = Bench::decay().vary("k", Spread::Lognormal { sdlog: 0.4 }).agents(90).traced();
    let bench = bench.phase(2.0, &["5"]).phase(2.0, &[""]).series(0, None, &[0.5, 1.0, 3.0]);
    let mut bench = bench.arm().phase(2.0, &["1"]).phase(2.0, &["2"]).series(0, None, &[1.0, 2.0, 3.0]);
    bench.plan.arms[1].series[0].against = Some(0);
    bench
}

#[test]
fn differences_are_those_of_the_same_agents_at_the_same_times() {
    let collected = twins().run();
    assert!(collected.differences[0].iter().flatten().all(Option::is_none));
    let [first, missing, last] = &collected.differences[1][0][..] else { panic!() };
    assert!(missing.is_none());
    for (own, other, found) in [(0, 1, first), (2, 2, last)] {
        let found = &found.as_ref().unwrap()[0];
        let mut wanted: Vec<f64> = (0..90)
            .map(|n| collected.traces[90 + n].values[0][own] - collected.traces[n].values[0][other])
            .collect();
        wanted.sort_by(f64::total_cmp);
        assert_eq!((found.n(), found.min(), found.max()), (90, wanted[0], wanted[89]));
        assert_eq!(found.quantile(0.5), wanted[44] + 0.5 * (wanted[45] - wanted[44]));
    }
}

#[test]
fn another_arm_moves_no_bit_of_the_first() {
    let mut alone = twins();
    alone.plan.arms.truncate(1);
    let (alone, both) = (alone.run(), twins().run());
    assert_eq!(alone.traces[..], both.traces[..90]);
}

/// The second arm fails for agents with a start above 0.5, the first for none.
fn half_failing() -> Bench {
    let bench = Bench::new(&[("x0", 0.5)], &[("u", "0")], &[["x", "u*x^2 - x", "x0"]]).watching("x");
    let bench = bench.vary("x0", Spread::Uniform { low: 0.1, high: 0.9 }).agents(200);
    let bench = bench.phase(3.0, &[""]).at(0, 3.0, Side::Before).at(0, 0.5, Side::Before).series(
        0,
        None,
        &[0.5, 3.0],
    );
    let mut bench = bench.arm().phase(3.0, &["2"]).at(0, 3.0, Side::Before).at(0, 0.5, Side::Before);
    bench.plan.arms[1].series = vec![Series { against: Some(0), ..bench.plan.arms[0].series[0].clone() }];
    bench
        .outcome("t0_0")
        .outcome("t1_1")
        .outcome("t1_1 - t0_1")
        .outcome("1")
        .condition("t0_0", Comparison::Greater, "0")
        .condition("t1_1", Comparison::Greater, "t0_1")
}

#[test]
fn an_outcome_excludes_agents_that_failed_in_an_arm_that_it_uses_and_no_others() {
    let collected = half_failing().run();
    let failed = collected.failures.len() as u64;
    assert!((60..140).contains(&failed), "{failed}");
    assert!(collected.failures.iter().all(|failure| failure.arm == 1));
    let n: Vec<u64> = collected.outcomes.iter().map(|groups| groups[0].n() + groups[0].missing()).collect();
    assert_eq!(n, [200, 200 - failed, 200 - failed, 200]);
    assert_eq!(collected.conditions[0][0], (200, 200));
    assert_eq!(collected.conditions[1][0], (200 - failed, 200 - failed));
    assert_eq!(collected.differences[1][0][1].as_ref().unwrap()[0].n(), 200 - failed);
}

#[test]
fn what_is_not_reached_is_counted_as_missing_and_no_condition_holds_for_it() {
    let bench = Bench::decay().watching("x - 4").watching("x - 100").phase(4.0, &["5"]);
    let bench = bench.over(1, 0.0, 4.0, Reduce::FirstAbove).over(2, 0.0, 4.0, Reduce::FirstAbove).agents(10);
    let all = [
        Comparison::Less,
        Comparison::LessEqual,
        Comparison::Greater,
        Comparison::GreaterEqual,
        Comparison::Equal,
        Comparison::NotEqual,
    ];
    let bench =
        all.iter().fold(bench, |bench, c| bench.condition("t0_1", *c, "t0_0").condition("t0_0", *c, "t0_1"));
    let collected = bench.run();
    assert_eq!((collected.outcomes[0][0].n(), collected.outcomes[0][0].missing()), (10, 0));
    assert_eq!((collected.outcomes[1][0].n(), collected.outcomes[1][0].missing()), (0, 10));
    assert!(collected.conditions.iter().all(|groups| groups[0] == (0, 10)), "{:?}", collected.conditions);
}

#[test]
fn what_is_not_defined_is_the_one_nan_in_a_trace() {
    let bench = Bench::decay().watching("ln(x - 100)").watching("0/(x - x)").phase(1.0, &["5"]).traced();
    let times = [0.0, 0.5, 1.0];
    let bench = bench.series(1, None, &times).series(2, None, &times).series(
        1,
        Some((0.25, Window::Mean)),
        &times[1..],
    );
    let collected = bench.run();
    let values = collected.traces[0].values.iter().flatten();
    assert!(values.map(|value| value.to_bits()).all(|bits| bits == f64::NAN.to_bits()));
    assert!(
        collected.series[0].iter().flatten().all(|groups| (groups[0].n(), groups[0].missing()) == (0, 1))
    );
}

#[test]
fn quantiles_are_exact_up_to_4096_agents_of_the_whole_scenario() {
    let bench = |agents: u64, exact: bool| {
        let mut bench = Bench::new(&[("a", 0.0)], &[], &[["x", "0*x", "a"]]).watching("x");
        bench = bench.agents(agents).vary("a", spread()).phase(1.0, &[]).series(0, None, &[1.0]);
        bench.plan.exact_quantiles = exact;
        // One block only: the rule looks at the scenario.
        bench.engine().run(0..1, &|_| {}).series.remove(0).remove(0).remove(0).remove(0)
    };
    assert!(bench(4096, false).exact() && bench(4097, true).exact());
    let (kept, counted) = (bench(4096, false), bench(4097, false));
    assert!(!counted.exact());
    assert_eq!(kept.mean().to_bits(), counted.mean().to_bits());
    for p in [0.05, 0.5, 0.95] {
        let (exact, near) = (kept.quantile(p), counted.quantile(p));
        assert!((exact - near).abs() <= 1.3e-4 * exact.abs().max(0.1), "{p}: {exact} {near}");
    }
}

#[test]
fn blocks_of_any_number_of_agents_hold_the_same_agents() {
    let bench = |agents: u64| {
        let bench = Bench::decay().vary("k", Spread::Lognormal { sdlog: 0.4 }).agents(agents).traced();
        bench.phase(2.0, &["4 for 10 min every 1 h"]).series(0, None, &[0.5, 1.0, 2.0]).run()
    };
    let most = bench(129);
    for agents in [1, 63, 64, 65, 128] {
        let found = bench(agents);
        assert_eq!(found.traces[..], most.traces[..agents as usize]);
        assert_eq!(found.series[0][0][0][0].n(), agents);
    }
    assert_eq!([0, 1, 63, 64, 65].map(blocks), [0, 1, 1, 1, 2]);
}

#[test]
fn finished_agents_are_told_once() {
    let told = std::sync::atomic::AtomicU64::new(0);
    Bench::decay().agents(130).phase(1.0, &["5"]).engine().run(0..3, &|agents| {
        told.fetch_add(agents, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(told.into_inner(), 130);
}

#[test]
fn parts_merge_to_the_whole_in_any_order() {
    let bench = half_failing().traced();
    let engine = bench.engine();
    let whole = engine.run(0..4, &|_| {});
    let mut parts = [2, 0, 3, 1].map(|n| engine.run(n..n + 1, &|_| {})).into_iter();
    let mut merged = parts.next().unwrap();
    parts.for_each(|part| merged.merge(part));
    let lives = |of: &Collected| (0..200).map(|agent| life(of, agent)).collect::<Vec<_>>();
    assert!(lives(&merged) == lives(&whole) && merged.failures == whole.failures);
    assert_eq!(
        (&merged.conditions, merged.cost, merged.redrawn),
        (&whole.conditions, whole.cost, whole.redrawn)
    );
    for (one, other) in merged.outcomes.iter().flatten().zip(whole.outcomes.iter().flatten()) {
        let of = |r: &crate::record::Reduction| bits(&[r.mean(), r.sd(), r.quantile(0.3), r.n() as f64]);
        assert_eq!(of(one), of(other));
    }
}
