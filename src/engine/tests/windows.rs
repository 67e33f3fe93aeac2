//! Windows in time against closed forms, and that nothing else that is observed moves their bits.

use super::*;
use crate::math::{exp, ln};

/// From 3 towards 5 for 2 h, back towards 0 for 4 h.
fn hump() -> Bench {
    Bench::decay().phase(2.0, &["5"]).phase(4.0, &[""])
}

fn x(t: f64) -> f64 {
    if t <= 2.0 { relaxed(3.0, 5.0, K, t) } else { relaxed(x(2.0), 0.0, K, t - 2.0) }
}

/// Integral of x from 0.
fn area(t: f64) -> f64 {
    let rise = |t: f64| 5.0 * t - 2.0 * (1.0 - exp(-K * t)) / K;
    if t <= 2.0 { rise(t) } else { rise(2.0) + x(2.0) * (1.0 - exp(-K * (t - 2.0))) / K }
}

/// Windows that meet neither steps nor changes, that overlap, and of which one holds the change.
const ENDS: [f64; 6] = [0.777, 1.1, 1.9, 2.4, 3.3333, 6.0];

#[test]
fn means_areas_and_extremes_of_overlapping_windows_are_exact() {
    for width in [0.7, 0.0013, 0.777] {
        let kinds = [Window::Mean, Window::Area, Window::Min, Window::Max, Window::Last];
        let bench = kinds.iter().fold(hump().traced(), |b, kind| b.series(0, Some((width, *kind)), &ENDS));
        let found = bench.run().traces.remove(0).values;
        // Times are whole microseconds: a short window is as long as they say.
        let from = |end: f64| (micros(end) - micros(width)) as f64 / HOUR as f64;
        let whole = ENDS.map(|end| area(end) - area(from(end)));
        all_near(&found[1], &whole, 1e-8);
        all_near(&found[0], &whole.map(|area| area * HOUR as f64 / micros(width) as f64), 1e-8);
        let ends = |end: f64| (x(from(end)).min(x(end)), x(from(end)).max(x(end)));
        all_near(&found[2], &ENDS.map(|end| ends(end).0), 1e-8);
        let top = |end: f64| if from(end) < 2.0 && end > 2.0 { x(2.0) } else { ends(end).1 };
        all_near(&found[3], &ENDS.map(top), 1e-8);
        all_near(&found[4], &ENDS.map(x), 1e-8);
    }
}

#[test]
fn one_window_over_many_steps_and_phases_is_exact() {
    let bench = Bench::new(&[], &[("u", "0")], &[["x", "u", "1"]]).watching("x").watching("u");
    let bench = bench.phase(30.0, &["1 for 30 min every 1 h"]).phase(30.0, &[""]);
    let bench = bench.over(0, 0.25, 59.75, Reduce::Integral).over(1, 0.25, 59.75, Reduce::Mean);
    let bench = bench.over(1, 0.25, 59.75, Reduce::Max).over(1, 0.75, 0.95, Reduce::Max);
    // x rises by 1/2 in the first half of each hour, and stands at 16 from 29.5 on.
    let hour = |n: f64| 1.0 + n / 2.0 + 0.125 + 0.25;
    let whole: f64 = (0..30).map(|n| hour(f64::from(n))).sum::<f64>() + 16.0 * 29.75 - 0.25 * 1.125;
    all_near(&bench.numbers(), &[whole, (15.0 - 0.25) / 59.5, 1.0, 0.0], 1e-10);
}

#[test]
fn one_step_over_many_windows_and_points_is_exact() {
    // A straight line needs few steps; five hundred windows and points lie in each, more than wait at once.
    let line =
        || Bench::new(&[], &[], &[["x", "1", "0"]]).watching("x").agents(3).phase(1000.0, &[]).traced();
    let times: Vec<f64> = (1..=2000).map(|n| f64::from(n) * 0.5).collect();
    let bench = line().series(0, Some((0.5, Window::Mean)), &times).series(0, None, &times);
    let collected = bench.run();
    assert!(collected.cost.steps < 3 * 40, "{:?}", collected.cost);
    for trace in &collected.traces {
        all_near(&trace.values[0], &times.iter().map(|t| t - 0.25).collect::<Vec<_>>(), 1e-12);
        all_near(&trace.values[1], &times, 1e-12);
    }
    assert_eq!(collected.cost, line().run().cost);
}

#[test]
fn agents_far_apart_in_time_wait_for_each_other_without_losing_a_point() {
    // The first lanes cross the phase in a few steps, the last needs thousands.
    let bench = Bench::new(&[("w", 1.0)], &[], &[["x", "w*y", "0"], ["y", "-w*x", "1"]]).watching("x");
    let bench = bench.vary("w", Spread::LogUniform { low: 0.01, high: 10.0 }).watching("w");
    let times: Vec<f64> = (0..=120).map(|n| f64::from(n) * 0.25).collect();
    let bench = bench.agents(64).phase(30.0, &[]).traced().series(0, None, &times).series(1, None, &[1.0]);
    for trace in bench.run().traces {
        let w = trace.values[1][0];
        all_near(&trace.values[0], &times.iter().map(|t| crate::math::sin(w * t)).collect::<Vec<_>>(), 1e-6);
    }
}

#[test]
fn first_crossings_are_met_from_both_sides_and_count_from_the_window() {
    let bench = hump().watching("x - 4").watching("x - 2.5").watching("x - 9");
    let bench = bench.over(1, 0.0, 6.0, Reduce::FirstAbove).over(1, 0.1, 6.0, Reduce::FirstAbove);
    let bench = bench.over(2, 1.0, 6.0, Reduce::FirstBelow).over(2, 0.3, 6.0, Reduce::FirstAbove);
    let bench = bench.over(3, 0.0, 6.0, Reduce::FirstAbove);
    let up = ln(2.0) / K;
    let down = 2.0 + ln(x(2.0) / 2.5) / K - 1.0;
    let found = bench.numbers();
    all_near(&found[..4], &[up, up - 0.1, down, 0.0], 1e-8);
    assert!(found[4].is_nan());
}

#[test]
fn a_jump_is_crossed_in_its_own_moment() {
    let bench = Bench::decay().watching("u - 1").phase(4.0, &["3 from 1.25 h for 1 h"]);
    all_near(&bench.over(1, 0.5, 4.0, Reduce::FirstAbove).numbers(), &[0.75], 1e-15);
}

#[test]
fn half_times_are_those_of_the_way_within_the_window() {
    let bench = hump().over(0, 0.0, 2.0, Reduce::HalfTime).over(0, 2.0, 6.0, Reduce::HalfTime);
    let bench = bench.over(0, 2.5, 4.5, Reduce::HalfTime);
    let half = |t: f64| -ln(0.5 * (1.0 + exp(-K * t))) / K;
    all_near(&bench.numbers(), &[half(2.0), half(4.0), half(2.0)], 1e-8);
}

#[test]
fn what_a_window_sees_begins_after_the_change_at_its_start() {
    // Many step lengths, some longer than half of a phase whose length is an odd float: there start and length of the
    // last step add up to the change and a bit more.
    let bench =
        Bench::new(&[("k", K)], &[("u", "0")], &[["x", "k*(u - x)", "3"]]).watching("x").watching("u");
    let mut bench = bench.vary("k", Spread::Lognormal { sdlog: 2.0 }).agents(2000);
    bench.plan.relative = 1e-4;
    let bench = bench.phase(1.3, &["5"]).phase(0.7, &["1"]).set(0, "2").phase(1.3, &["7"]);
    // Something is seen in the step that leads to the change.
    let bench =
        bench.series(0, None, &[1.3, 2.0]).outcome("t0_0").outcome("t0_1").outcome("t0_2").outcome("t0_3");
    let bench = bench.over(0, 1.3, 2.0, Reduce::Max).over(1, 1.3, 2.0, Reduce::Max);
    let bench = bench.over(0, 1.3, 2.0, Reduce::HalfTime).over(1, 2.0, 3.3, Reduce::Min);
    let outcomes = bench.run().outcomes;
    assert_eq!([outcomes[0][0].min(), outcomes[0][0].max()], [2.0, 2.0]);
    assert_eq!([outcomes[1][0].min(), outcomes[1][0].max()], [1.0, 1.0]);
    assert!(outcomes[2][0].min() > 0.0 && outcomes[2][0].max() <= 0.35, "{}", outcomes[2][0].max());
    assert_eq!([outcomes[3][0].min(), outcomes[3][0].max()], [7.0, 7.0]);
}

#[test]
fn other_records_move_no_bit_of_a_window() {
    let bench = |more: bool| {
        let bench = Bench::decay().agents(20).vary("k", Spread::Lognormal { sdlog: 0.5 }).traced();
        let bench = bench.phase(2.0, &["sine of 2 around 4 every 90 min"]).phase(4.0, &[""]);
        let kinds = [Window::Mean, Window::Area, Window::Min, Window::Max, Window::Last];
        let bench = kinds.iter().fold(bench, |b, kind| b.series(0, Some((0.7, *kind)), &ENDS));
        let bench = bench.over(0, 0.1, 5.9, Reduce::HalfTime).over(0, 0.1, 5.9, Reduce::Integral);
        if !more {
            return bench;
        }
        let times: Vec<f64> = (1..600).map(|n| f64::from(n) * 0.01).collect();
        bench.series(0, None, &times).series(0, Some((0.01, Window::Max)), &times)
    };
    let (few, many) = (bench(false).run(), bench(true).run());
    for agent in 0..20 {
        assert_eq!(life(&few, agent), life(&many, agent)[..5], "agent {agent}");
    }
    for (one, other) in few.outcomes.iter().flatten().zip(many.outcomes.iter().flatten()) {
        assert_eq!(
            bits(&[one.mean(), one.min(), one.max()]),
            bits(&[other.mean(), other.min(), other.max()])
        );
    }
}

#[test]
fn a_window_that_begins_before_time_has_no_value_and_moves_no_other() {
    let bench = hump().traced().series(0, Some((1.0, Window::Mean)), &[0.0, 0.5, 1.0, 2.0]);
    let found = bench.run().traces.remove(0).values.remove(0);
    assert!(found[0].is_nan() && found[1].is_nan(), "{found:?}");
    all_near(&found[2..], &[area(1.0), area(2.0) - area(1.0)], 1e-9);
}
