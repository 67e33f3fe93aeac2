//! x' = k (u - x) under every kind of schedule, against its closed form.

use super::*;
use crate::math::{cos, exp, sin};

const TIMES: [f64; 9] = [0.0, 0.3, 1.0, 1.7, 2.0, 3.1, 4.0, 5.5, 6.0];

fn trace(bench: Bench) -> Vec<f64> {
    bench.series(0, None, &TIMES).traced().run().traces[0].values[0].clone()
}

#[test]
fn a_constant_is_approached_exponentially() {
    let found = trace(Bench::decay().phase(6.0, &["5"]));
    all_near(&found, &TIMES.map(|t| relaxed(3.0, 5.0, K, t)), 1e-9);
}

#[test]
fn an_input_that_a_phase_does_not_name_stands_at_the_agents_own_baseline() {
    let values = [("k", K), ("b", 1.25)];
    let bench = Bench::new(&values, &[("u", "2*b")], &[["x", "k*(u - x)", "b"]]).watching("x");
    all_near(&trace(bench.phase(6.0, &[""])), &TIMES.map(|t| relaxed(1.25, 2.5, K, t)), 1e-9);
}

#[test]
fn a_pulse_train_is_followed_through_every_change() {
    let text = "4 from 0.5 h for 15 min every 1 h";
    let bench = Bench::decay().phase(6.0, &[text]);
    let (schedule, when) = (bench.schedule(text), bench.plan.arms[0].phases[0].when);
    let agent = Agent { seed: 7, index: 0, values: &[K] };
    let wanted = relaxed_under(&schedule, when, agent, K, 3.0, &TIMES.map(micros));
    all_near(&trace(bench), &wanted, 1e-9);
}

#[test]
fn a_ramp_is_met_on_its_way_and_after_it() {
    let found = trace(Bench::decay().phase(6.0, &["ramp from 1 to 5 over 4 h"]));
    // On u = 1 + t the particular solution is 1 + t - 1/k.
    let on = |t: f64| 1.0 + t - 1.0 / K + (3.0 - 1.0 + 1.0 / K) * exp(-K * t);
    let wanted = TIMES.map(|t| if t <= 4.0 { on(t) } else { relaxed(on(4.0), 5.0, K, t - 4.0) });
    all_near(&found, &wanted, 1e-9);
}

#[test]
fn a_sine_is_followed_in_amplitude_and_phase() {
    let found = trace(Bench::decay().phase(6.0, &["sine of 2 around 4 every 90 min"]));
    let w = std::f64::consts::TAU / 1.5;
    let size = K / (K * K + w * w);
    let forced = |t: f64| 4.0 + 2.0 * size * (K * sin(w * t) - w * cos(w * t));
    all_near(&found, &TIMES.map(|t| forced(t) + (3.0 - forced(0.0)) * exp(-K * t)), 1e-8);
}

#[test]
fn each_agent_has_pulses_of_its_own_level_and_width() {
    let text = "level from 0.5 h for tw every 2 h";
    let values = [("k", K), ("level", 4.0), ("tw", 0.5)];
    let bench = Bench::new(&values, &[("u", "0")], &[["x", "k*(u - x)", "3"]]).watching("x").agents(70);
    let bench =
        bench.vary("level", Spread::Lognormal { sdlog: 0.5 }).vary("tw", Spread::Lognormal { sdlog: 0.3 });
    let bench = bench.watching("level").watching("tw").phase(6.0, &[text]).traced();
    let bench = bench.series(0, None, &TIMES).series(1, None, &[1.0]).series(2, None, &[1.0]);
    let (schedule, when) = (bench.schedule(text), bench.plan.arms[0].phases[0].when);
    let traces = bench.run().traces;
    assert_eq!(traces.len(), 70);
    for trace in traces {
        let values = [K, trace.values[1][0], trace.values[2][0]];
        let agent = Agent { seed: 7, index: trace.agent, values: &values };
        let wanted = relaxed_under(&schedule, when, agent, K, 3.0, &TIMES.map(micros));
        all_near(&trace.values[0], &wanted, 1e-8);
    }
}

#[test]
fn each_agent_meets_its_own_random_events() {
    let text = "{ poisson = { level = \"2\", rate = \"20 1/d\", width = \"30 min\" } }";
    let bench = Bench::decay().agents(70).phase(6.0, &[text]).phase(6.0, &[""]).phase(12.0, &[text]);
    let times = [0.5, 3.0, 6.0, 12.0, 13.3, 20.0, 24.0];
    let bench = bench.series(0, None, &times).traced();
    let schedule = bench.schedule(text);
    let phases: Vec<Interval> = bench.plan.arms[0].phases.iter().map(|phase| phase.when).collect();
    for trace in bench.run().traces {
        let agent = Agent { seed: 7, index: trace.agent, values: &[K] };
        let one = relaxed_under(&schedule, phases[0], agent, K, 3.0, &[0.5, 3.0, 6.0].map(micros));
        let two = relaxed(one[2], 0.0, K, 6.0);
        let three = relaxed_under(&schedule, phases[2], agent, K, two, &[13.3, 20.0, 24.0].map(micros));
        all_near(&trace.values[0], &[&one[..], &[two], &three].concat(), 1e-8);
    }
}

#[test]
fn a_dose_that_sets_in_from_nothing_is_not_stepped_over() {
    // At the start nothing changes: neither the state nor, yet, the input.
    let (ka, ke) = (3.0, 1.5);
    let text = "{ doses = { amount = \"8\", absorption = \"3 1/h\", elimination = \"1.5 1/h\" } }";
    let bench = Bench::new(&[("k", K)], &[("u", "0")], &[["x", "k*(u - x)", "0"]]).watching("x");
    let bench = bench.phase(2000.0, &[text]);
    let times = [0.2, 1.0, 3.0, 10.0];
    let found = bench.series(0, None, &times).traced().run().traces[0].values[0].clone();
    let part = |k: f64, t: f64| (exp(-k * t) - exp(-K * t)) / (K - k);
    let wanted = times.map(|t| 8.0 * ka / (ka - ke) * K * (part(ke, t) - part(ka, t)));
    all_near(&found, &wanted, 1e-8);
}

#[test]
fn a_sine_that_begins_at_rest_is_not_stepped_over() {
    let bench = Bench::new(&[("k", K)], &[("u", "4")], &[["x", "k*(u - x)", "4"]]).watching("x");
    let found =
        bench.phase(300.0, &["sine of 2 around 4 every 1 h"]).over(0, 200.25, 201.25, Reduce::Max).numbers();
    let w = std::f64::consts::TAU;
    near(found[0], 4.0 + 2.0 * K / (K * K + w * w).sqrt(), 1e-8);
}

#[test]
fn errors_of_smooth_inputs_fall_with_the_tolerance() {
    let error = |relative: f64| {
        let mut bench = Bench::decay().phase(6.0, &["sine of 2 around 4 every 90 min"]);
        bench.plan.relative = relative;
        bench.engine().measured_error(1, 1000.0)
    };
    let errors = [1e-4, 1e-6, 1e-8].map(error);
    assert!(errors[0] < 1e-3 && errors[1] < errors[0] / 10.0 && errors[2] < errors[1] / 10.0, "{errors:?}");
}

#[test]
fn the_measured_error_is_that_of_so_many_agents() {
    let few = Bench::decay().vary("k", Spread::Lognormal { sdlog: 0.5 }).phase(6.0, &["5"]);
    let many = few.clone().agents(64);
    assert_eq!(few.engine().measured_error(1, 100.0), many.engine().measured_error(1, 100.0));
    assert!(many.engine().measured_error(64, 100.0) > many.engine().measured_error(1, 100.0));
}
