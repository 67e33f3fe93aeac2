//! The order of each method: how fast errors of equal steps fall when steps are halved.
//!
//! Agents differ in a parameter, so that no error vanishes by chance in all of them at once. The exact course is that of the
//! explicit method with steps many times shorter; that the implicit one comes to the same is part of its order.

use super::*;
use crate::kernel::Lanes;

/// What both methods claim.
const CLAIM: f64 = 5.0;
/// Errors in which round-off is seen, relative to the state.
const ROUND_OFF: f64 = 5e-13;
/// Numbers of steps, each twice the one before.
const STEPS: [u32; 9] = [4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// Root of the mean square of relative errors of all states of all agents.
fn error(found: &[Lanes], exact: &[Lanes]) -> f64 {
    let pairs = found.iter().zip(exact).flat_map(|(found, exact)| found.0.iter().zip(&exact.0));
    let squares: Vec<f64> = pairs.map(|(found, exact)| ((found - exact) / exact).powi(2)).collect();
    (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
}

/// The order at the finest steps whose errors stand above round-off, and the error there. The explicit method's share of
/// order five is small beside what comes after it, and halved steps halve that: the order is carried on to none of it.
fn order(engine: &Engine, method: Method, exact: &[Lanes]) -> [f64; 2] {
    let errors = STEPS.map(|steps| error(&engine.ends_in_steps(0, method, steps), exact));
    let clear = |errors: &&[f64]| errors.iter().all(|error| *error > ROUND_OFF);
    let finest = errors.windows(3).rfind(clear).expect("errors above round-off");
    let slopes = [0, 1].map(|n| (finest[n] / finest[n + 1]).log2());
    [2.0 * slopes[1] - slopes[0], finest[2]]
}

#[track_caller]
fn both_have_their_order(bench: Bench) {
    let engine = bench.vary("k", Spread::Lognormal { sdlog: 0.2 }).agents(64).engine();
    let exact = engine.ends_in_steps(0, Method::Explicit, 4000);
    let orders = [Method::Explicit, Method::Implicit].map(|method| order(&engine, method, &exact));
    for [order, error] in orders {
        assert!((order - CLAIM).abs() < 0.2 && error < 1e-9, "{orders:?}");
    }
}

/// A message, what is made by it, and a receptor that holds the message back with a Hill coefficient of 3.5.
fn feedback(drive: &str, hours: f64, stimuli: &[&str]) -> Bench {
    let synthesis = format!("k*({drive})/(1 + R^3.5) - 0.5*m");
    let states = [["m", synthesis.as_str(), "0.2"], ["p", "m - 0.5*p", "0.3"], ["R", "p - 0.5*R", "0.5"]];
    Bench::new(&[("k", 1.0)], &[("u", "0")], &states).phase(hours, stimuli)
}

#[test]
fn a_receptor_with_hill_feedback_is_followed_with_order_five() {
    both_have_their_order(feedback("3", 10.0, &[""]));
}

#[test]
fn predators_and_prey_are_followed_with_order_five() {
    let states = [["x", "k*x*(1 - x/4) - x*y", "1"], ["y", "0.8*x*y - 1.1*y", "0.5"]];
    both_have_their_order(Bench::new(&[("k", 1.5)], &[], &states).phase(10.0, &[]));
}

#[test]
fn what_a_sine_drives_is_followed_with_order_five() {
    let states = [["x", "k*u*(1 - x) - x^2", "0.3"], ["y", "x*u - y/(0.4 + y)", "0.6"]];
    let bench = Bench::new(&[("k", 0.6)], &[("u", "0")], &states);
    both_have_their_order(bench.phase(3.0, &["sine of 2 around 3 every 1 h"]));
}

#[test]
fn what_a_dose_drives_is_followed_with_order_five() {
    let text = "{ doses = { amount = \"8\", absorption = \"12 1/h\", elimination = \"9 1/h\" } }";
    both_have_their_order(feedback("1 + u", 3.0, &[text]));
}

#[test]
fn what_a_ramp_drives_is_followed_with_order_five() {
    both_have_their_order(feedback("1 + u", 5.0, &["ramp from 1 to 3 over 5 h"]));
}
