//! Chronic responses and challenges against closed forms, and the agents that they leave alone.

use super::super::acute::Frozen;
use super::super::lowered::{Lowered, Operator};
use super::*;
use crate::kernel::{LANES, Lanes};

/// Free receptor and complex under an input L: synthesis, loss, binding, unbinding, internalisation.
fn turnover() -> Bench {
    let values = [("s", 100.0), ("d", 0.03), ("b", 0.07), ("o", 0.3), ("i", 0.28)];
    let rates = [["R", "s - d*R - b*L*R + o*C", "s/d"], ["C", "b*L*R - o*C - i*C", "0"]];
    let mut bench = Bench::new(&values, &[("L", "0")], &rates);
    bench.system(0).nonnegative = vec![true; 2];
    bench
}

fn respond(bench: &mut Bench, value: &str, top: Option<&str>, range: [f64; 2], form: Form) {
    let system = bench.system(0);
    let mut id = |text: &str| node(&mut system.arena, text);
    let (value, top, current) = (id(value), top.map(&mut id), Some(id("L")));
    let probe = system.arena.symbol("L");
    system.responses.push(Response {
        probe,
        value,
        bottom: None,
        top,
        current,
        range,
        form,
        from_rest: false,
    });
}

/// An assay of a response at an hour, with all metrics as taps.
fn assay(bench: &mut Bench, response: usize, hours: f64, points: usize) {
    let range = bench.system(0).responses[response].range;
    let moment = Moment { at: micros(hours), side: Side::Before };
    let arm = &mut bench.plan.arms[0];
    arm.assays.push(Assay { response, moment, levels: levels(range, points) });
    let assay = arm.assays.len() - 1;
    arm.taps.extend(Metric::ALL.map(|metric| Tap::Metric { assay, metric }));
}

fn challenge(hours: f64, read: Read) -> Form {
    Form::Challenge(Challenge { length: micros(hours), read, inputs: Vec::new() })
}

fn effect(bench: &mut Bench, response: usize, hours: f64, level: &str) {
    let level = node(&mut bench.system(0).arena, level);
    let moment = Moment { at: micros(hours), side: Side::Before };
    bench.plan.arms[0].taps.push(Tap::Effect { response, moment, level });
}

#[test]
fn the_chronic_curve_of_turnover_has_the_potency_and_the_maximum_of_its_closed_form() {
    let mut bench = turnover().phase(30.0, &["2"]);
    respond(&mut bench, "C", Some("s/i"), [1e-3, 1e4], Form::Chronic);
    assay(&mut bench, 0, 10.0, 49);
    let half = (0.3 + 0.28) / 0.07 * 0.03 / 0.28;
    let gain = 100.0 / 0.28 * 2.0 * half / (2.0 + half) / (2.0 + half);
    all_near(&bench.numbers(), &[half, 100.0 / 0.28, 1.0, gain], 1e-8);
    let collected = bench.run();
    for (level, groups) in levels([1e-3, 1e4], 49).into_iter().zip(&collected.assays[0][0].curve) {
        near(groups[0].mean(), 100.0 / 0.28 * level / (level + half), 1e-12);
    }
}

#[test]
fn a_chronic_effect_at_any_level_is_on_the_curve() {
    let mut bench = turnover().phase(30.0, &["2"]);
    respond(&mut bench, "R + C", None, [1e-3, 1e4], Form::Chronic);
    for level in ["2", "0", "1e6", "3*o"] {
        effect(&mut bench, 0, 10.0, level);
    }
    let half = (0.3 + 0.28) / 0.07;
    let total = |level: f64| 100.0 / 0.03 * (half + level) / (half + level * 0.28 / 0.03);
    all_near(&bench.numbers(), &[total(2.0), total(0.0), total(1e6), total(0.9)], 1e-12);
}

/// x' = a L + x^2/(1 + x^2) - b x: low below, high above, both between.
fn switch(start: &str) -> Bench {
    let mut bench = Bench::new(&[("b", 0.48)], &[("L", "0")], &[["x", "L + x^2/(1 + x^2) - b*x", start]]);
    bench.system(0).nonnegative = vec![true];
    bench.phase(10.0, &["0.05"])
}

#[test]
fn where_a_hysteresis_has_two_stable_states_a_chronic_response_has_no_value_and_says_why() {
    for start in ["0", "3"] {
        let mut bench = switch(start);
        respond(&mut bench, "x", None, [1e-3, 1.0], Form::Chronic);
        assay(&mut bench, 0, 5.0, 49);
        let collected = bench.run();
        let result = &collected.assays[0][0];
        let mut several = 0;
        for (n, level) in levels([1e-3, 1.0], 49).into_iter().enumerate() {
            let system = &bench.plan.arms[0].system;
            let found = steady_states(system, &[0.48], &[level], None);
            let stable: Vec<f64> = found.iter().filter(|s| s.stable).map(|s| s.states[0]).collect();
            let seen = &result.curve[n][0];
            match &stable[..] {
                [one] => near(seen.mean(), *one, 1e-12),
                _ => {
                    assert_eq!((seen.n(), stable.len()), (0, 2), "{level}");
                    assert_eq!(result.absent[n][0][Missing::SeveralSteadyStates as usize], 1);
                    several += 1;
                }
            }
        }
        assert!((3..40).contains(&several), "{several}");
        for metric in [0, 1, 2] {
            assert_eq!(result.missing[metric][0][Missing::SeveralSteadyStates as usize], 1);
        }
    }
}

#[test]
fn a_chronic_response_of_what_never_rests_has_no_value() {
    let mut bench = Bench::new(&[], &[("L", "0")], &[["x", "L", "1"]]).phase(2.0, &["0"]);
    respond(&mut bench, "x", None, [0.1, 10.0], Form::Chronic);
    assay(&mut bench, 0, 1.0, 5);
    let result = &bench.run().assays[0][0];
    assert!(result.absent.iter().all(|groups| groups[0][Missing::NoSteadyState as usize] == 1));
}

#[test]
fn a_conserved_total_stays_that_of_the_moment_in_a_chronic_response() {
    // A' = -B': the share that is bound at rest is L/(1 + L) of what there is, here 5.
    let states = [["A", "B - L*A", "4"], ["B", "L*A - B", "1"]];
    let mut bench = Bench::new(&[], &[("L", "0")], &states).phase(2.0, &["0.5"]);
    bench.system(0).conserved = vec![vec![1.0, 1.0]];
    bench.system(0).nonnegative = vec![true; 2];
    respond(&mut bench, "B", Some("5"), [1e-4, 1e4], Form::Chronic);
    assay(&mut bench, 0, 1.0, 5);
    all_near(&bench.numbers()[..3], &[1.0, 5.0, 1.0], 1e-8);
}

#[test]
fn a_challenge_of_decay_is_read_as_its_closed_form_says() {
    // x' = k (L - x) from x0: at L for 2 h.
    let forms = [Read::Max, Read::Min, Read::Mean, Read::Area, Read::End];
    let mut bench = Bench::new(&[("k", 0.7)], &[("L", "0")], &[["x", "k*(L - x)", "3"]]).phase(9.0, &["1"]);
    for (n, read) in forms.into_iter().enumerate() {
        respond(&mut bench, "x", None, [0.1, 100.0], challenge(2.0, read));
        effect(&mut bench, n, 4.0, "10");
    }
    let x0 = 1.0 + 2.0 * (-0.7 * 4.0_f64).exp();
    let end = 10.0 + (x0 - 10.0) * (-1.4_f64).exp();
    let area = 20.0 + (x0 - 10.0) * (1.0 - (-1.4_f64).exp()) / 0.7;
    all_near(&bench.numbers(), &[end, x0, area / 2.0, area, end], 1e-8);
}

#[test]
fn the_metrics_of_a_challenge_are_those_of_the_curve_that_it_gives() {
    // After a long time x = hill(L, EC, n) E, whatever it was.
    let rates = [["x", "30*(E*hill(L, EC, n) - x)", "3"]];
    let values = [("n", 1.7), ("EC", 20.0), ("E", 3.0)];
    let mut bench = Bench::new(&values, &[("L", "0")], &rates).phase(9.0, &["5"]);
    respond(&mut bench, "x", Some("E"), [1e-3, 1e5], challenge(6.0, Read::End));
    assay(&mut bench, 0, 4.0, 13);
    let part = 1.0 / (1.0 + 4.0_f64.powf(1.7));
    let gain = 3.0 * 1.7 * part * (1.0 - part);
    let found = bench.numbers();
    all_near(&found[..2], &[20.0, 3.0], 1e-7);
    all_near(&found[2..], &[1.7, gain], 1e-4);
}

#[test]
fn other_inputs_of_a_challenge_stay_or_take_a_level_of_their_own() {
    let inputs = [("L", "0"), ("u", "0")];
    let mut bench = Bench::new(&[("k", 0.5)], &inputs, &[["x", "L*u*k", "0"]]).phase(9.0, &["0", "3"]);
    respond(&mut bench, "x", None, [0.1, 10.0], challenge(2.0, Read::End));
    let own = node(&mut bench.system(0).arena, "k");
    let form = Form::Challenge(Challenge { length: micros(2.0), read: Read::End, inputs: vec![(1, own)] });
    respond(&mut bench, "x", None, [0.1, 10.0], form);
    effect(&mut bench, 0, 4.0, "7");
    effect(&mut bench, 1, 4.0, "7");
    all_near(&bench.numbers(), &[7.0 * 3.0 * 0.5 * 2.0, 7.0 * 0.5 * 0.5 * 2.0], 1e-9);
}

#[test]
fn an_agent_that_cannot_go_on_under_a_challenge_lives_on_and_is_counted() {
    // Beyond L = 1 it grows without bound within 2 h.
    let mut bench =
        Bench::new(&[], &[("L", "0")], &[["x", "max(L - 1, 0)*x^2 - x/9", "5"]]).phase(3.0, &["0"]);
    respond(&mut bench, "x", None, [0.1, 100.0], challenge(2.0, Read::Max));
    assay(&mut bench, 0, 1.0, 13);
    let collected = bench.run();
    assert!(collected.failures.is_empty());
    let result = &collected.assays[0][0];
    let failed = |n: usize| result.absent[n][0][Missing::ChallengeFailed as usize];
    assert_eq!((failed(0), failed(12)), (0, 1));
    assert_eq!(result.missing[0][0][Missing::ChallengeFailed as usize], 1);
}

#[test]
fn excursions_move_no_bit_of_the_agents() {
    let live = |excursions: bool| {
        let mut bench = turnover().phase(5.0, &["2"]).phase(20.0, &["0"]).agents(70).traced();
        bench = bench.watching("C").vary("d", Spread::Lognormal { sdlog: 0.4 });
        let times = (0..=100).map(|n| micros(0.25) * n).collect();
        bench.plan.arms[0].series.push(Series { watched: 0, window: None, times, against: None });
        if excursions {
            respond(&mut bench, "C", None, [1e-2, 1e3], Form::Chronic);
            respond(&mut bench, "C", None, [1e-2, 1e3], challenge(6.0, Read::Max));
            assay(&mut bench, 0, 3.0, 7);
            assay(&mut bench, 1, 7.0, 7);
            assay(&mut bench, 1, 3.0, 7);
        }
        let collected = bench.run();
        let traces: Vec<_> = collected.traces.iter().map(|trace| bits(&trace.values[0])).collect();
        (traces, collected.cost)
    };
    assert_eq!(live(false), live(true));
}

/// A curve of x at 49 levels, taken at 5 h: x' = a - L x/(1 + x) has its state a/(L - a) where L is above a, and none below.
fn begins_at_a(agents: u64, spread: f64) -> Bench {
    let mut bench =
        Bench::new(&[("a", 0.3)], &[("L", "0")], &[["x", "a - L*x/(1 + x)", "0"]]).phase(10.0, &["1"]);
    bench.system(0).nonnegative = vec![true];
    bench = bench.agents(agents).vary("a", Spread::Lognormal { sdlog: spread });
    respond(&mut bench, "x", None, [1e-2, 1e2], Form::Chronic);
    assay(&mut bench, 0, 5.0, 49);
    bench
}

#[test]
fn a_branch_that_is_found_half_way_is_followed_down_to_where_it_begins() {
    let bench = begins_at_a(1, 0.0);
    let curve = &bench.run().assays[0][0].curve;
    for (level, groups) in levels([1e-2, 1e2], 49).into_iter().zip(curve) {
        assert_eq!(groups[0].n(), u64::from(level > 0.3), "{level}");
        if level > 0.3 {
            near(groups[0].mean(), 0.3 / (level - 0.3), 1e-9);
        }
    }
}

#[test]
fn a_chronic_response_does_not_depend_on_the_company() {
    let bench = begins_at_a(9, 2.0);
    let (engine, together) = (bench.engine(), bench.run());
    let alone: Vec<Collected> = (0..9).map(|agent| engine.alone(agent).unwrap().collected).collect();
    for (n, level) in together.assays[0][0].curve.iter().enumerate() {
        let own = || alone.iter().map(|one| &one.assays[0][0].curve[n][0]);
        assert_eq!(level[0].n(), own().map(|one| one.n()).sum::<u64>(), "{n}");
        let largest = own().filter(|one| one.n() > 0).map(|one| one.max()).fold(f64::NAN, f64::max);
        assert_eq!(level[0].max().to_bits(), largest.to_bits(), "{n}");
    }
}

/// How often a sweep of three states computes rates and Jacobian where they are pulled back to 1 at rate k, and how many states
/// it has at each level.
fn effort(k: f64) -> (u64, AssayResult) {
    let states = [["x", "y*z*L - x", "0"], ["y", "k*(1 - y)", "1"], ["z", "k*(1 - z)", "1"]];
    let mut bench = Bench::new(&[("k", k)], &[("L", "0")], &states).phase(10.0, &["1"]);
    bench.system(0).nonnegative = vec![true; 3];
    respond(&mut bench, "x", None, [1e-2, 1e2], Form::Chronic);
    assay(&mut bench, 0, 5.0, 49);
    let lowered = Lowered::new(&bench.plan.arms[0]).unwrap();
    let Operator::Excursion(excursion) = &lowered.operators[0] else { panic!() };
    let mut room = excursion.room(1e-6, None);
    let all = |values: &[f64]| -> Vec<Lanes> { values.iter().map(|v| Lanes([*v; LANES])).collect() };
    let (states, inputs, fixed) = (all(&[1.0, 1.0, 1.0]), all(&[1.0]), all(&[k, 0.0, 1.0, 1.0]));
    let frozen = Frozen { states: &states, inputs: &inputs, fixed: &fixed };
    excursion.begin(&mut room, frozen, u64::MAX);
    (room.evaluations(), bench.run().assays[0][0].clone())
}

#[test]
fn a_line_of_steady_states_is_as_many_as_are_kept_and_costs_hardly_more_than_a_few_points() {
    let ((points, one), (line, several)) = (effort(1.0), effort(0.0));
    assert!(one.curve.iter().all(|level| level[0].n() == 1));
    let reason = Missing::SeveralSteadyStates as usize;
    assert!(several.absent.iter().all(|groups| groups[0][reason] == 1));
    // One state is followed up and down in a few steps per level; of a line four are, and only upward.
    assert!(points < 3_000 && line < 3 * points, "{points} {line}");
}
