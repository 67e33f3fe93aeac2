//! Equations whose parts differ in speed by many powers of ten, against closed forms and against work that would be too much.

use super::*;
use crate::math::{cos, exp, ln, sin};

/// How fast the fast part is, per hour.
const FAST: f64 = 1e6;

/// x follows y at once, y relaxes to 1 in an hour: both known.
fn follower(hours: f64, relative: f64) -> Bench {
    let states = [["x", "-1e6*(x - y)", "2"], ["y", "1 - y", "0"]];
    let mut bench = Bench::new(&[], &[], &states).watching("x").watching("y").phase(hours, &[]);
    bench.plan.relative = relative;
    bench
}

fn followed(t: f64) -> [f64; 2] {
    let lag = FAST / (FAST - 1.0);
    [1.0 - lag * exp(-t) + (1.0 + lag) * exp(-FAST * t), 1.0 - exp(-t)]
}

/// Moments from milliseconds to `last`, each later by the same factor, in whole microseconds.
fn moments(last: f64, count: i32) -> Vec<f64> {
    let first = 3e-7;
    let at = |n: i32| first * crate::math::pow(last / first, f64::from(n) / f64::from(count - 1));
    let micros: std::collections::BTreeSet<Micros> = (0..count).map(|n| micros(at(n))).collect();
    micros.into_iter().map(|at| at as f64 / HOUR as f64).filter(|at| *at <= last).collect()
}

/// Largest difference of a series to its closed form, relative to at least 1.
fn largest(found: &[f64], wanted: impl Iterator<Item = f64>) -> f64 {
    let off = |(found, wanted): (&f64, f64)| (found - wanted).abs() / wanted.abs().max(1.0);
    found.iter().zip(wanted).map(off).fold(0.0, f64::max)
}

#[test]
fn a_smooth_relaxation_takes_few_large_steps() {
    let times = moments(100.0, 400);
    let bench = follower(100.0, 1e-6).series(0, None, &times).series(1, None, &times).traced();
    let collected = bench.run();
    let off = [0, 1].map(|n| largest(&collected.traces[0].values[n], times.iter().map(|t| followed(*t)[n])));
    assert!(collected.cost.steps < 100, "{:?}", collected.cost);
    assert!(off.iter().all(|off| *off < 1e-5), "{off:?}");
}

#[test]
fn a_linear_stiff_system_meets_its_closed_form_inside_large_steps_too() {
    let times = moments(30.0, 3000);
    let bench = follower(30.0, 1e-11).series(0, None, &times).series(1, None, &times).traced();
    let collected = bench.run();
    let off = [0, 1].map(|n| largest(&collected.traces[0].values[n], times.iter().map(|t| followed(*t)[n])));
    assert!(off.iter().all(|off| *off < 1e-8), "{off:?}");
    // Moments lie inside steps. Half of them resolve what is fast; from there on they are implicit.
    assert!(collected.cost.steps * 2 < times.len() as u64, "{:?}", collected.cost);
    assert!(collected.cost.implicit > 100, "{:?}", collected.cost);
}

/// x' = k (u - x), z' = x with k = 1e5: x follows the input at once, z adds up. Largest error of both against the forms.
fn driven(hours: f64, stimulus: &str, u0: f64, x: &dyn Fn(f64) -> f64, z: &dyn Fn(f64) -> f64) -> [f64; 2] {
    let start = format!("{u0}");
    let states = [["x", "k*(u - x)", start.as_str()], ["z", "x", "0"]];
    let times = moments(hours, 500);
    let bench = Bench::new(&[("k", 1e5)], &[("u", start.as_str())], &states).watching("x").watching("z");
    let mut bench = bench.phase(hours, &[stimulus]).series(0, None, &times).series(1, None, &times).traced();
    bench.plan.relative = 1e-9;
    let collected = bench.run();
    assert_eq!(collected.failures, []);
    assert!(collected.cost.implicit * 2 > collected.cost.steps, "{:?}", collected.cost);
    let values = &collected.traces[0].values;
    [largest(&values[0], times.iter().map(|t| x(*t))), largest(&values[1], times.iter().map(|t| z(*t)))]
}

#[test]
fn a_ramp_is_followed_by_what_is_far_faster() {
    let k = 1e5;
    // On u = 1 + t.
    let x = |t: f64| 1.0 + t - 1.0 / k + exp(-k * t) / k;
    let z = |t: f64| t + 0.5 * t * t - t / k + (1.0 - exp(-k * t)) / (k * k);
    let off = driven(4.0, "ramp from 1 to 5 over 4 h", 1.0, &x, &z);
    assert!(off.iter().all(|off| *off < 1e-8), "{off:?}");
}

#[test]
fn a_sine_is_followed_by_what_is_far_faster() {
    let (k, w) = (1e5, std::f64::consts::TAU / 1.5);
    let size = 2.0 * k / (k * k + w * w);
    // x' = k (4 + 2 sin wt - x) from 4.
    let x = |t: f64| 4.0 + size * (k * sin(w * t) - w * cos(w * t) + w * exp(-k * t));
    let z = |t: f64| 4.0 * t + size * (k / w * (1.0 - cos(w * t)) - sin(w * t) + w / k * (1.0 - exp(-k * t)));
    let off = driven(6.0, "sine of 2 around 4 every 90 min", 4.0, &x, &z);
    assert!(off.iter().all(|off| *off < 1e-7), "{off:?}");
}

#[test]
fn a_dose_is_followed_by_what_is_far_faster() {
    let (k, ka, ke) = (1e5, 3.0, 1.5);
    let text = "{ doses = { amount = \"8\", absorption = \"3 1/h\", elimination = \"1.5 1/h\" } }";
    let part = |c: f64, t: f64| (exp(-c * t) - exp(-k * t)) / (k - c);
    let whole = |c: f64, t: f64| ((1.0 - exp(-c * t)) / c - (1.0 - exp(-k * t)) / k) / (k - c);
    let size = 8.0 * ka / (ka - ke) * k;
    let x = |t: f64| size * (part(ke, t) - part(ka, t));
    let z = |t: f64| size * (whole(ke, t) - whole(ka, t));
    let off = driven(8.0, text, 0.0, &x, &z);
    assert!(off.iter().all(|off| *off < 1e-7), "{off:?}");
}

#[test]
fn an_input_that_moves_the_fast_rate_itself_gives_the_same_by_either_method() {
    // The Jacobian depends on the input, so that its drift is no constant.
    let states = [["x", "2e3*(u*(1 - x) - x)", "0"], ["z", "x - 0.3*z", "0"]];
    let bench = Bench::new(&[], &[("u", "0")], &states);
    let mut bench = bench.phase(2.0, &["sine of 2 around 3 every 1 h"]);
    bench.plan.relative = 1e-8;
    let ends = |engine: Engine| engine.ends(0..1)[0].clone();
    let explicit = ends(bench.engine().only(Method::Explicit));
    let implicit = ends(bench.engine().only(Method::Implicit));
    let chosen = ends(bench.engine());
    all_near(&implicit, &explicit, 1e-7);
    all_near(&chosen, &explicit, 1e-7);
}

/// Desensitisation in minutes and number in days, under an input that stands still between switches: d relaxes, and N
/// relaxes to what d makes of it.
struct Upregulation {
    kd: f64,
    kdeg: f64,
    d: f64,
    number: f64,
}

const REST: f64 = 0.33;
const GAIN: f64 = 1.5;

impl Upregulation {
    fn drive(level: f64) -> f64 {
        (REST + level / 2.5) / (1.0 + level / 1000.0)
    }

    /// So many hours under a level.
    fn live(&mut self, level: f64, hours: f64) {
        let drive = Upregulation::drive(level);
        let (fast, still) = (self.kd * (1.0 + drive), drive / (1.0 + drive));
        let per = 1.0 + GAIN * REST / (1.0 + REST);
        let goal = (1.0 + GAIN * still) / per;
        // N' = kdeg (goal + part exp(-fast t) - N)
        let part = GAIN * (self.d - still) / per;
        let own = self.kdeg / (self.kdeg - fast) * part;
        let (soon, late) = (exp(-fast * hours), exp(-self.kdeg * hours));
        self.number = goal + own * soon + (self.number - goal - own) * late;
        self.d = still + (self.d - still) * soon;
    }
}

#[test]
fn a_month_of_days_and_a_season_of_rest_meet_the_closed_form_of_every_agent() {
    let values = [("kd", 60.0), ("kdeg", 0.1 / 24.0), ("m0", REST), ("U", GAIN)];
    let rates = [
        ["d", "kd*((m0 + L/2.5)/(1 + L/1000)*(1 - d) - d)", "m0/(1 + m0)"],
        ["N", "kdeg*((1 + U*d)/(1 + U*m0/(1 + m0)) - N)", "1"],
    ];
    let days = [1.0, 3.5, 27.25, 28.0, 28.002, 28.1, 40.0, 112.0];
    let times = days.map(|day| day * 24.0);
    let spread = Spread::Lognormal { sdlog: 0.5 };
    let bench = Bench::new(&values, &[("L", "0")], &rates).watching("d").watching("N").agents(64);
    let bench = bench.vary("kd", spread).vary("kdeg", spread).watching("kd").watching("kdeg");
    let bench = bench.phase(28.0 * 24.0, &["20 from 6 h for 16 h every 24 h"]).phase(84.0 * 24.0, &[""]);
    let bench = (0..4).fold(bench, |bench, watched| bench.series(watched, None, &times));
    let mut bench = bench.traced();
    bench.plan.relative = 1e-7;
    let collected = bench.run();
    assert_eq!(collected.failures, []);
    let mut largest = 0.0_f64;
    for trace in &collected.traces {
        let (kd, kdeg) = (trace.values[2][0], trace.values[3][0]);
        let mut agent = Upregulation { kd, kdeg, d: REST / (1.0 + REST), number: 1.0 };
        let (mut at, mut next) = (0.0, 0);
        while next < times.len() {
            // Segments end at 6 h and 22 h of each driven day.
            let hour = at % 24.0;
            let driven = at < 28.0 * 24.0;
            let until = match hour {
                _ if !driven => f64::INFINITY,
                hour if hour < 6.0 => at - hour + 6.0,
                hour if hour < 22.0 => at - hour + 22.0,
                hour => at - hour + 24.0,
            };
            let level = if driven && (6.0..22.0).contains(&hour) { 20.0 } else { 0.0 };
            let to = times[next].min(until);
            agent.live(level, to - at);
            at = to;
            if at == times[next] {
                let off = [trace.values[0][next] - agent.d, trace.values[1][next] - agent.number];
                largest = largest.max(off[0].abs()).max(off[1].abs());
                next += 1;
            }
        }
    }
    assert!(largest < 1e-6, "{largest:e}");
    // Some 56 switches and as many relaxations.
    assert!(collected.cost.steps < 64 * 5000, "{:?}", collected.cost);
}

/// Binding in a second, desensitisation in minutes, number over weeks and months; eight hours of ligand a day.
fn binding(days: f64) -> Bench {
    let values =
        [("koff", 3600.0), ("kdes", 12.0), ("kres", 6.0), ("kdeg", 0.02 / 24.0), ("loss", 0.2 / 24.0)];
    let states = [
        ["R", "kdeg*(1 - R) - koff*(L*R - B) + kres*D", "1"],
        ["B", "koff*(L*R - B) - kdes*B", "0"],
        ["D", "kdes*B - kres*D - (kdeg + loss)*D", "0"],
    ];
    let bench = Bench::new(&values, &[("L", "0")], &states).agents(64);
    let names = ["koff", "kdes", "kres", "kdeg", "loss"];
    let spread = Spread::Lognormal { sdlog: 0.3 };
    let bench = names.into_iter().fold(bench, |bench, name| bench.vary(name, spread));
    bench.phase(days * 24.0, &["1 from 8 h for 8 h every 24 h"])
}

#[test]
fn a_year_of_a_daily_drive_takes_a_bounded_number_of_steps_and_no_agent_fails() {
    let mut bench = binding(365.0).watching("R + B + D").series(0, None, &[24.0, 8760.0]);
    bench.plan.relative = 1e-4;
    let engine = bench.engine();
    let collected = engine.run(0..1, &|_| {});
    assert_eq!(collected.failures, []);
    let down = collected.series[0][0][1][0].max();
    assert!(down < 0.9, "{down}");
    // An explicit method bound by binding alone would take 19 million.
    let each = collected.cost.steps / 64;
    assert!(each < 365 * 100, "{each}");
    // A failed step of one is a rejected one: they are a minority.
    assert!(collected.cost.rejected * 5 < collected.cost.steps, "{:?}", collected.cost);
    let measured = engine.measured_error(64, 100.0);
    assert!(measured < 1e-3, "{measured}");
}

#[test]
fn errors_right_after_switches_and_between_them_are_near_the_tolerance() {
    // From milliseconds after the third switch on to the third switch off.
    let times: Vec<f64> = moments(7.9, 300).into_iter().map(|t| 56.0 + t).collect();
    let traces = |relative: f64| {
        let mut bench = binding(3.0).watching("R").watching("B").watching("D").traced();
        bench.plan.relative = relative;
        let collected = (0..3).fold(bench, |bench, n| bench.series(n, None, &times)).run();
        assert_eq!(collected.failures, []);
        collected.traces
    };
    let exact = traces(1e-12);
    for relative in [1e-4, 1e-6, 1e-8] {
        let found = traces(relative);
        let pairs =
            found.iter().zip(&exact).flat_map(|(found, exact)| found.values.iter().zip(&exact.values));
        let error = pairs.map(|(found, exact)| largest(found, exact.iter().copied())).fold(0.0, f64::max);
        assert!(error < 10.0 * relative && error > 1e-3 * relative, "{relative:e}: {error:e}");
    }
}

#[test]
fn what_is_only_moved_about_is_conserved_by_implicit_steps() {
    // Binding, desensitisation, no synthesis and no loss.
    let states =
        [["R", "-(3600*(L*R - B)) + 6*D", "1"], ["B", "3600*(L*R - B) - k*B", "0"], ["D", "k*B - 6*D", "0"]];
    let bench = Bench::new(&[("k", 12.0)], &[("L", "0")], &states).watching("R + B + D").agents(64);
    let bench = bench.vary("k", Spread::Lognormal { sdlog: 0.5 }).traced();
    let times: Vec<f64> = (0..=240).map(f64::from).collect();
    let mut bench = bench.phase(240.0, &["1 from 8 h for 8 h every 24 h"]).series(0, None, &times);
    bench.plan.relative = 1e-6;
    for engine in [bench.engine(), bench.engine().only(Method::Implicit)] {
        let collected = engine.run(0..1, &|_| {});
        assert_eq!(collected.failures, []);
        assert!(collected.cost.implicit > 64 * 50, "{:?}", collected.cost);
        let all = collected.traces.iter().flat_map(|trace| &trace.values[0]);
        let off = all.map(|sum| (sum - 1.0).abs()).fold(0.0, f64::max);
        assert!(off < 1e-10, "{off:e}");
    }
}

/// y follows a function of x at once, and x moves slowly: phases repeat, so that implicit steps are remembered after switches.
fn shadow(of: &str, rate: &str, start: &str) -> Bench {
    let fast = format!("-1e5*(y - {of})");
    let states = [["x", rate, start], ["y", fast.as_str(), "0"]];
    let mut bench = Bench::new(&[], &[("u", "0")], &states).watching("x").watching("y");
    bench.plan.relative = 1e-7;
    bench
}

/// x' = 1 - sqrt(x) again and again from the same x, with y that has nothing to catch up with: the time at which a run shows
/// what it shows at some times, and what it cost.
fn roots(rate: &str, of: &str, start: &str, method: Option<Method>) -> ([f64; 3], Cost) {
    let bench = shadow(of, rate, start);
    let again = |bench: Bench, _| bench.phase(2.0, &["1"]).set(0, start).set(1, start);
    let bench = (0..6).fold(bench, again);
    let bench = SEEN.iter().fold(bench, |bench, t| bench.at(0, 10.0 + t, Side::Before));
    let engine = bench.engine();
    let engine = if let Some(method) = method { engine.only(method) } else { engine };
    let collected = engine.run(0..1, &|_| {});
    assert_eq!(collected.failures, [], "{rate} from {start} {method:?}");
    let after = |x: f64| -2.0 * x.sqrt() - 2.0 * ln(1.0 - x.sqrt());
    let begun = after(start.parse().unwrap());
    ([0, 1, 2].map(|n| after(collected.outcomes[n][0].mean()) - begun), collected.cost)
}

const SEEN: [f64; 3] = [0.1, 1.0, 2.0];

#[test]
fn a_root_at_zero_has_no_finite_jacobian_and_is_passed_all_the_same() {
    for (rate, of) in [("1 - x^0.5", "x"), ("1 - sqrt(x)", "sqrt(x)")] {
        let (found, cost) = roots(rate, of, "0", None);
        assert!(cost.implicit > 100 && cost.steps < 2000, "{cost:?}");
        all_near(&found, &SEEN, 1e-6);
    }
}

#[test]
fn a_root_near_zero_has_a_jacobian_that_holds_nowhere_else_and_is_left_all_the_same() {
    // From 1e-20 the slope is -5e9, and -1 soon after.
    for start in ["1e-100", "1e-20", "1e-12", "1e-6"] {
        for method in [None, Some(Method::Implicit)].into_iter().take(if start == "1e-100" { 1 } else { 2 }) {
            let (found, cost) = roots("1 - sqrt(x)", "x", start, method);
            assert!(cost.implicit > 100 && cost.steps < 2000, "{cost:?}");
            all_near(&found, &SEEN, 1e-6);
        }
    }
}

#[test]
fn corners_are_passed_by_implicit_steps() {
    // x = sin t crosses the corners of what y follows, and begins on one of them.
    // The last has no finite derivative at all while x is negative: only explicit steps go on there, and it is less fast.
    for (of, fast, wanted) in [
        ("max(x, 0)", 1e5, (|x: f64| x.max(0.0)) as fn(f64) -> f64),
        ("abs(x)", 1e5, f64::abs),
        ("min(x, 0.5)", 1e5, |x: f64| x.min(0.5)),
        ("max(x, 0)^0.5", 1e3, |x: f64| x.max(0.0).sqrt()),
    ] {
        let fast = format!("-{fast}*(y - {of})");
        let states = [["x", "z", "0"], ["z", "-x", "1"], ["y", fast.as_str(), "0"]];
        let bench = Bench::new(&[], &[], &states).watching("y").phase(20.0, &[]).traced();
        let times = [0.5, 2.0, 4.0, 6.0, 7.0, 10.0, 13.0, 19.5];
        let mut bench = bench.series(0, None, &times);
        bench.plan.relative = 1e-6;
        let collected = bench.run();
        assert_eq!(collected.failures, [], "{of}");
        assert!(collected.cost.implicit > 0 && collected.cost.steps < 10_000, "{of} {:?}", collected.cost);
        // What follows lags by a thousandth of an hour at most.
        all_near(&collected.traces[0].values[0], &times.map(|t| wanted(sin(t))), 1e-3);
    }
}

#[test]
fn a_jacobian_without_an_inverse_is_no_trouble() {
    // Nothing depends on a state; a state that nobody reads; a sum that never changes; all zero.
    let systems: [&[[&str; 3]]; 4] = [
        &[["x", "u", "0"], ["y", "2", "1"]],
        &[["x", "-1e4*x + u", "0"], ["y", "x", "1"]],
        &[["x", "-1e4*(x - u*y)", "1"], ["y", "1e4*(x - u*y)", "0"]],
        &[["x", "0*x", "3"], ["y", "0*y", "1"]],
    ];
    for states in systems {
        let bench = Bench::new(&[], &[("u", "0")], states).phase(1.0, &[""]).phase(3.0, &["2"]);
        let ends = |engine: Engine| {
            let ends = engine.ends(0..1)[0].clone();
            assert!(ends.iter().all(|x| x.is_finite()), "{states:?} {ends:?}");
            ends
        };
        let implicit = ends(bench.engine().only(Method::Implicit));
        all_near(&implicit, &ends(bench.engine().only(Method::Explicit)), 1e-8);
        all_near(&implicit, &ends(bench.engine()), 1e-8);
    }
}

#[test]
fn what_grows_is_followed_by_implicit_steps() {
    let bench = Bench::new(&[], &[], &[["x", "x", "1"], ["y", "2*y - x", "1"]]).phase(8.0, &[]);
    let ends = bench.engine().only(Method::Implicit).ends(0..1);
    // y = x throughout: what is off from that grows twice as fast.
    let within = 1e-9 * exp(8.0);
    assert!((ends[0][0] - exp(8.0)).abs() < within && (ends[0][1] - exp(8.0)).abs() < within * exp(8.0));
}

#[test]
fn an_agent_alone_takes_the_steps_that_it_takes_in_company() {
    let bench = binding(3.0).watching("R").traced().series(0, None, &[10.0, 33.3, 72.0]);
    let engine = bench.engine();
    let together = engine.run(0..1, &|_| {});
    let mut steps = 0;
    for agent in 0..64 {
        let alone = engine.alone(agent).unwrap();
        assert_eq!(life(&alone.collected, agent), life(&together, agent), "agent {agent}");
        steps += alone.collected.cost.steps;
    }
    assert_eq!(steps, together.cost.steps);
}

#[test]
fn an_input_that_stands_still_does_not_move_with_those_of_its_neighbours() {
    // At u = 0 the rate's slope by u is infinite: what stands there in one agent and moves in the next must not be told apart.
    let ramp = "{ ramp = { from = 1, to = 0, over = \"tover\" } }";
    let bench = Bench::new(&[("tover", 2.0)], &[("u", "0")], &[["x", "300*(u^0.5 - x)", "0"]]).watching("x");
    let bench = bench.vary("tover", Spread::Lognormal { sdlog: 0.5 }).agents(12).traced();
    let mut bench = bench.phase(12.0, &[ramp]).series(0, None, &[1.0, 3.0, 6.0, 12.0]);
    bench.plan.relative = 1e-6;
    let engine = bench.engine();
    let together = engine.run(0..1, &|_| {});
    assert!(together.cost.implicit > 0, "{:?}", together.cost);
    for agent in 0..12 {
        let alone = engine.alone(agent).unwrap().collected;
        assert_eq!(life(&alone, agent), life(&together, agent), "agent {agent}");
    }
}
