//! The order of each method: how fast errors of equal steps fall when steps are halved.
//!
//! Agents differ in a parameter, so that no error vanishes by chance in all of them at once. Errors are measured against the
//! other method with steps many times shorter: what both have wrong in common would be seen as an order of 0.

use super::*;
use crate::kernel::Lanes;

/// What both methods claim.
const CLAIM: f64 = 5.0;
/// Errors in which round-off is seen, relative to the state.
const ROUND_OFF: f64 = 2e-12;
/// Numbers of steps, each twice the one before.
const STEPS: [u32; 10] = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// Root of the mean square of relative errors of all states of all agents.
fn error(found: &[Lanes], exact: &[Lanes]) -> f64 {
    let pairs = found.iter().zip(exact).flat_map(|(found, exact)| found.0.iter().zip(&exact.0));
    let squares: Vec<f64> = pairs.map(|(found, exact)| ((found - exact) / exact).powi(2)).collect();
    (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
}

/// The order at the finest steps whose errors stand above round-off, and the error there. Halved steps halve what is
/// missing to the limit: it is carried on by that.
fn order(bench: &Bench, method: Method) -> (f64, f64) {
    let engine = bench.engine();
    let other = if method == Method::Explicit { Method::Implicit } else { Method::Explicit };
    let exact = engine.ends_in_steps(0, other, 3000);
    let errors = STEPS.map(|steps| error(&engine.ends_in_steps(0, method, steps), &exact));
    let clear = |errors: &&[f64]| errors.iter().all(|error| *error > ROUND_OFF);
    let finest = errors.windows(3).filter(clear).last().expect("errors above round-off");
    let slopes = [0, 1].map(|n| (finest[n] / finest[n + 1]).log2());
    println!("{method:?} {errors:?} {slopes:?}");
    (2.0 * slopes[1] - slopes[0], finest[2])
}

#[track_caller]
fn both_have_their_order(bench: Bench) {
    let bench = bench.agents(64);
    let found = [Method::Explicit, Method::Implicit].map(|method| (method, order(&bench, method)));
    for (method, (order, error)) in found {
        assert!((order - CLAIM).abs() < 0.2, "{method:?}: {order}");
        assert!(error < 1e-6, "{method:?}: {error}");
    }
}

#[test]
fn a_receptor_with_hill_feedback_is_followed_with_order_five() {
    // Bound receptor holds back synthesis and drives its own loss.
    let values = [("k", 1.3), ("n", 2.3)];
    let states = [
        ["R", "2/(1 + C^n) - 0.4*R - k*R*1.5 + 0.7*C", "1.2"],
        ["C", "k*R*1.5 - 0.7*C - 0.9*C^2/(0.5 + C)", "0.4"],
    ];
    let bench = Bench::new(&values, &[], &states).vary("k", Spread::Lognormal { sdlog: 0.2 });
    both_have_their_order(bench.phase(3.0, &[]));
}

#[test]
fn predators_and_prey_are_followed_with_order_five() {
    let states = [["x", "k*x - x*y", "1"], ["y", "0.8*x*y - 1.1*y", "0.5"]];
    let bench = Bench::new(&[("k", 1.5)], &[], &states).vary("k", Spread::Lognormal { sdlog: 0.2 });
    both_have_their_order(bench.phase(5.0, &[]));
}

#[test]
fn a_pendulum_with_friction_is_followed_with_order_five() {
    let states = [["x", "v", "1.2"], ["v", "-k*sin(x) - 0.3*v*abs(v + 9)", "0.3"]];
    let bench = Bench::new(&[("k", 2.0)], &[], &states).vary("k", Spread::Lognormal { sdlog: 0.2 });
    both_have_their_order(bench.phase(2.0, &[]));
}

#[test]
fn what_a_sine_drives_is_followed_with_order_five() {
    let states = [["x", "k*u*(1 - x) - x^2", "0.3"], ["y", "x*u - y/(0.4 + y)", "0.6"]];
    let bench =
        Bench::new(&[("k", 0.6)], &[("u", "0")], &states).vary("k", Spread::Lognormal { sdlog: 0.2 });
    both_have_their_order(bench.phase(3.0, &["sine of 2 around 3 every 3 h"]));
}

#[test]
fn what_a_dose_drives_is_followed_with_order_five() {
    let text = "{ doses = { amount = \"8\", absorption = \"3 1/h\", elimination = \"1.5 1/h\" } }";
    let states = [["x", "k*u^2*(1 - x) - x^2", "0.3"], ["y", "x*u - y/(0.4 + y)", "0.6"]];
    let bench =
        Bench::new(&[("k", 0.6)], &[("u", "0")], &states).vary("k", Spread::Lognormal { sdlog: 0.2 });
    both_have_their_order(bench.phase(2.0, &[text]));
}

#[test]
fn what_a_ramp_drives_is_followed_with_order_five() {
    let states = [["x", "k*u*exp(-x) - x", "0.3"], ["y", "x*u - y^2", "0.6"]];
    let bench =
        Bench::new(&[("k", 0.6)], &[("u", "0")], &states).vary("k", Spread::Lognormal { sdlog: 0.2 });
    both_have_their_order(bench.phase(2.0, &["ramp from 1 to 2 over 2 h"]));
}
