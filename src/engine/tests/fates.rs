//! Agents that cannot go on: when, why, and that nobody else notices.

use super::*;

/// x' = x² from x0 and a neighbour y that decays: x ends at 1/x0 hours.
fn blow_up(x0: f64) -> Bench {
    Bench::new(&[("x0", x0)], &[], &[["x", "x^2", "x0"], ["y", "-y", "1"]]).watching("x").phase(2.0, &[])
}

fn failure(bench: &Bench) -> Failure {
    let failures = bench.run().failures;
    assert_eq!(failures.len(), 1, "{failures:?}");
    failures[0].clone()
}

#[test]
fn a_state_that_runs_to_infinity_ends_at_its_pole() {
    let failure = failure(&blow_up(1.0));
    near(failure.at as f64 / HOUR as f64, 1.0, 1e-9);
    assert!(
        matches!(failure.cause, Cause::StepTooSmall { state: 0 } | Cause::NotFinite { state: 0 }),
        "{failure:?}"
    );
}

#[test]
fn the_root_of_what_falls_below_zero_ends_where_it_reaches_zero() {
    let bench = Bench::new(&[], &[], &[["y", "-y", "1"], ["x", "-2*sqrt(x)", "1"]]).phase(2.0, &[]);
    let failure = failure(&bench);
    near(failure.at as f64 / HOUR as f64, 1.0, 1e-4);
    assert_eq!(failure.cause, Cause::NotFinite { state: 1 });
}

#[test]
fn a_state_that_cannot_be_negative_ends_where_it_would_be() {
    let mut bench = Bench::new(&[], &[], &[["y", "-y", "1"], ["x", "-1", "1.5"]]).phase(2.0, &[]);
    bench.system(0).nonnegative[1] = true;
    let failure = failure(&bench);
    near(failure.at as f64 / HOUR as f64, 1.5, 1e-9);
    assert_eq!(failure.cause, Cause::Negative { state: 1 });
}

#[test]
fn a_start_that_is_no_number_fails_at_once() {
    let bench = Bench::new(&[("a", -1.0)], &[], &[["x", "-x", "ln(a)"]]).phase(2.0, &[]);
    assert_eq!(failure(&bench), Failure { arm: 0, agent: 0, at: 0, cause: Cause::NotFinite { state: 0 } });
}

#[test]
fn what_a_phase_sets_to_no_number_fails_there() {
    let bench = Bench::decay().phase(1.5, &["5"]).phase(1.0, &[""]).set(0, "ln(0*x - 1)");
    assert_eq!(failure(&bench).at, micros(1.5));
}

#[test]
fn limits_that_no_draw_meets_are_told_by_their_slot() {
    let mut bench =
        Bench::decay().agents(3).vary("k", Spread::Uniform { low: 0.1, high: 0.2 }).phase(1.0, &["5"]);
    let system = bench.system(0);
    let (left, right) = (node(&mut system.arena, "k"), node(&mut system.arena, "0.5"));
    system.limits.push(Limit { slot: 0, left, comparison: Comparison::Greater, right });
    let collected = bench.run();
    assert_eq!(collected.failures.len(), 3);
    assert!(collected.failures.iter().all(|f| (f.at, f.cause) == (0, Cause::NoDraw { slot: 0 })));
    assert_eq!(collected.redrawn, 3000);
}

#[test]
fn no_steady_state_and_an_unstable_one_are_told_apart() {
    let none = Bench::new(&[], &[], &[["x", "1 + x^2", "steady"]]).phase(1.0, &[]);
    assert_eq!(failure(&none).cause, Cause::NoSteadyState);
    let unstable = Bench::new(&[], &[], &[["x", "x - 1", "steady"]]).phase(1.0, &[]);
    assert_eq!(failure(&unstable).cause, Cause::Unstable);
}

#[test]
fn a_way_that_is_too_long_is_given_up() {
    // A thousand million turns, each of which takes steps whatever the method.
    let bench = Bench::new(&[], &[], &[["x", "6e9*y", "0"], ["y", "-6e9*x", "1"]]).phase(1.0, &[]);
    let failure = failure(&bench);
    assert_eq!(failure.cause, Cause::TooManySteps);
    assert!(failure.at > 0 && failure.at < HOUR);
}

/// Agents with x0 = 0.2 or so live on; from 0.5 up they end within two hours.
fn mixed(high: f64) -> Bench {
    let bench = blow_up(0.3).agents(150).vary("x0", Spread::Uniform { low: 0.1, high }).traced();
    let mut bench = bench;
    bench.plan.relative = 1e-6;
    let times: Vec<f64> = (0..=40).map(|n| f64::from(n) * 0.05).collect();
    bench.series(0, None, &times).series(0, Some((0.1, Window::Mean)), &times[2..])
}

#[test]
fn those_who_waited_for_one_that_is_given_up_go_on_where_they_are() {
    // Turns that take more steps than there may be in some agents, and pulses on which all of them wait for each other.
    let states = [["x", "w*y", "0"], ["y", "-w*x", "1"], ["z", "u - z", "0"]];
    let bench = Bench::new(&[("w", 1.0)], &[("u", "0")], &states).watching("z").agents(4).traced();
    let bench = bench.vary("w", Spread::Uniform { low: 1.0, high: 400.0 });
    let times: Vec<f64> = (0..=12).map(f64::from).collect();
    let bench = bench.phase(12.0, &["2 for 1 h every 3 h"]).series(0, None, &times);
    let engine = bench.engine();
    let company = bench.run();
    assert!((1..4).contains(&company.failures.len()), "{:?}", company.failures);
    for agent in 0..4 {
        let alone = engine.alone(agent).unwrap().collected;
        assert_eq!(life(&alone, agent), life(&company, agent), "{agent}");
    }
}

#[test]
fn neighbours_of_those_that_fail_have_the_bits_that_they_have_alone() {
    let together = mixed(0.9).run();
    let failed: Vec<u64> = together.failures.iter().map(|failure| failure.agent).collect();
    assert!((20..130).contains(&failed.len()), "{}", failed.len());
    for agent in (0..150).step_by(7) {
        let mut alone = mixed(0.9);
        alone.plan.traced = vec![agent];
        // The population ends with this agent: its block is cut off behind it.
        alone.plan.population.agents = agent + 1;
        let alone = alone.engine().run(agent / 64..agent / 64 + 1, &|_| {});
        assert_eq!(life(&alone, agent), life(&together, agent), "agent {agent}");
        let fate = |of: &Collected| of.failures.iter().find(|f| f.agent == agent).cloned();
        assert_eq!(fate(&alone), fate(&together));
    }
}

#[test]
fn an_agent_that_failed_counts_up_to_its_failure_and_no_further() {
    let bench = mixed(0.9).at(0, 0.5, Side::Before);
    let collected = bench.run();
    let failed = collected.failures.len() as u64;
    let last = collected.series[0][0].last().unwrap();
    assert_eq!((last[0].n(), last[0].missing()), (150 - failed, 0));
    assert_eq!(collected.series[0][0][0][0].n(), 150);
    // An outcome is a number of a whole life.
    assert_eq!(collected.outcomes[0][0].n(), 150 - failed);
    assert_eq!(collected.outcomes[0][0].missing(), 0);
}
