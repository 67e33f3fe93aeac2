//! What must hold in every model, with agents that differ.

mod common;

use allostat::engine::{Engine, blocks};
use common::{Setting, drive, models, plan};

fn run(plan: &allostat::engine::Plan) -> allostat::engine::Collected {
    let engine = Engine::new(plan).unwrap_or_else(|why| panic!("{why}"));
    engine.run(0..blocks(plan.population.agents), &|_| {})
}

/// A model at rest is one with a history here: its opponent starts as strong as a parameter says, and fades.
const NOT_AT_REST: [&str; 1] = ["opponent"];

#[test]
fn agents_that_differ_stay_at_their_own_rest_while_inputs_stand_at_baseline() {
    for model in models().iter().filter(|model| !NOT_AT_REST.contains(&model.name.as_str())) {
        // At rest steps grow until round-off is worth an error: the tolerance bounds how far it drifts.
        let plan = plan(model, &Setting { relative: 1e-10, ..Setting::default() });
        let collected = run(&plan);
        assert!(collected.failures.is_empty(), "{}: {:?}", model.name, collected.failures);
        for trace in &collected.traces {
            for (state, values) in trace.values.iter().enumerate() {
                let start = values[0];
                for value in values {
                    let miss = (value - start).abs();
                    let state = &model.states[state].name;
                    assert!(
                        miss <= 1e-9 * start.abs(),
                        "{} {state} of agent {}: {start} {value}",
                        model.name,
                        trace.agent
                    );
                }
            }
        }
    }
}

#[test]
fn agents_that_differ_differ() {
    for model in models().iter().filter(|model| !model.states.is_empty()) {
        let setting = Setting { drive: Some(drive(model)), ..Setting::default() };
        let collected = run(&plan(model, &setting));
        let spread = collected.series[0].iter().flatten().any(|groups| groups[0].sd() > 0.0);
        assert!(spread, "{}", model.name);
    }
}

#[test]
fn what_no_flow_changes_is_conserved_in_every_agent() {
    for model in models() {
        for law in model.conserved() {
            let mut system = allostat::measure::system(&model, &[]);
            let states: Vec<_> = system.states.clone();
            let mut sum = system.arena.constant(0.0);
            for (sym, count) in states.iter().zip(&law) {
                let count = system.arena.constant(*count as f64);
                let state = system.arena.sym(*sym);
                let term = system.arena.binary(allostat::expression::Operator::Mul, count, state);
                sum = system.arena.binary(allostat::expression::Operator::Add, sum, term);
            }
            let setting = Setting { drive: Some(drive(&model)), ..Setting::default() };
            let mut plan = plan(&model, &setting);
            let mut own = (*plan.arms[0].system).clone();
            own.arena = system.arena;
            own.watched = vec![sum];
            plan.arms[0].system = own.into();
            plan.arms[0].series.truncate(1);
            for trace in run(&plan).traces {
                let start = trace.values[0][0];
                for value in &trace.values[0] {
                    assert!(
                        (value - start).abs() <= 1e-11 * start.abs(),
                        "{} {law:?}: {start} {value}",
                        model.name
                    );
                }
            }
        }
    }
}

/// Largest error of all states of all agents at all samples, and the steps taken.
fn error(model: &allostat::model::Model, relative: f64) -> (f64, u64) {
    let setting =
        |relative| Setting { relative, drive: Some(drive(model)), agents: 20, ..Setting::default() };
    let found = run(&plan(model, &setting(relative)));
    let exact = run(&plan(model, &setting(1e-13)));
    let mut largest = 0.0_f64;
    for (found, exact) in found.traces.iter().zip(&exact.traces) {
        for (found, exact) in found.values.iter().zip(&exact.values) {
            let size = exact.iter().fold(0.0, |size: f64, value| size.max(value.abs()));
            for (found, exact) in found.iter().zip(exact).filter(|_| size > 0.0) {
                largest = largest.max((found - exact).abs() / size);
            }
        }
    }
    (largest, found.cost.steps)
}

#[test]
fn errors_fall_with_the_tolerance_and_with_the_fifth_power_of_the_steps() {
    for model in models().iter().filter(|model| !model.states.is_empty()) {
        let (rough, few) = error(model, 1e-6);
        let (fine, many) = error(model, 1e-10);
        assert!(rough < 1e-4 && fine < 1e-8 && fine < rough / 100.0, "{}: {rough:e} {fine:e}", model.name);
        let order = (rough / fine).ln() / (many as f64 / few as f64).ln();
        assert!(
            (4.0..7.5).contains(&order),
            "{}: order {order}, {rough:e} in {few}, {fine:e} in {many}",
            model.name
        );
    }
}

#[test]
fn the_measured_error_is_of_the_size_of_the_tolerance() {
    for model in models().iter().filter(|model| !model.states.is_empty()) {
        let setting = Setting { drive: Some(drive(model)), ..Setting::default() };
        let measured = Engine::new(&plan(model, &setting)).unwrap().measured_error(64, 100.0);
        assert!(measured < 1e-4, "{}: {measured}", model.name);
    }
}
