//! What must hold in every model, with agents that differ.

mod common;

use allostat::diagnostic::Source;
use allostat::engine::{Collected, Engine, Method, blocks};
use allostat::expression::{Id, Notation, Sym, lower, parse, print, unit_of};
use allostat::kernel::Lanes;
use allostat::model::{Model, builtin};
use allostat::unit::Unit;
use common::{Setting, Shape, drive, models, plan};

fn run(plan: &allostat::engine::Plan) -> Collected {
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
                let size = start.abs().max(if start == 0.0 { scale(model, state) } else { 0.0 });
                for value in values {
                    let miss = (value - start).abs();
                    let state = &model.states[state].name;
                    assert!(
                        miss <= 1e-9 * size,
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

/// The size below which a state is not asked to be exact, with the model's own parameters.
fn scale(model: &Model, state: usize) -> f64 {
    let parameter = |sym: Sym| model.parameters.iter().find(|p| p.sym == sym).map_or(f64::NAN, |p| p.value);
    model.states[state].scale.map_or(0.0, |id| model.arena.evaluate(id, &parameter).abs())
}

/// Largest difference of all states of all agents at all samples, relative to the largest value of the state in that agent, or to
/// its scale.
fn farthest(model: &Model, found: &Collected, exact: &Collected) -> f64 {
    let mut largest = 0.0_f64;
    for (found, exact) in found.traces.iter().zip(&exact.traces) {
        for (state, (found, exact)) in found.values.iter().zip(&exact.values).enumerate() {
            let size = exact.iter().fold(scale(model, state), |size: f64, value| size.max(value.abs()));
            for (found, exact) in found.iter().zip(exact).filter(|_| size > 0.0) {
                largest = largest.max((found - exact).abs() / size);
            }
        }
    }
    largest
}

/// Largest error of all states of all agents at all samples, and the steps taken.
fn error(model: &Model, relative: f64) -> (f64, u64) {
    let setting =
        |relative| Setting { relative, drive: Some(drive(model)), agents: 20, ..Setting::default() };
    let found = run(&plan(model, &setting(relative)));
    let exact = run(&plan(model, &setting(1e-13)));
    (farthest(model, &found, &exact), found.cost.steps)
}

#[test]
fn errors_fall_with_the_tolerance() {
    for model in models().iter().filter(|model| !model.states.is_empty()) {
        let (rough, _) = error(model, 1e-6);
        let (fine, _) = error(model, 1e-10);
        assert!(rough < 1e-4 && fine < 1e-8 && fine < rough / 100.0, "{}: {rough:e} {fine:e}", model.name);
    }
}

/// Root of the mean square of relative differences of end states, by all states of all agents.
fn apart(found: &[Lanes], exact: &[Lanes]) -> f64 {
    let pairs = found.iter().zip(exact).flat_map(|(found, exact)| found.0.iter().zip(&exact.0));
    let squares = pairs.map(|(found, exact)| ((found - exact) / exact.abs().max(1e-3)).powi(2));
    let (sum, count) = squares.fold((0.0, 0.0), |(sum, count), square| (sum + square, count + 1.0));
    (sum / count).sqrt()
}

/// Errors in which round-off is seen.
const ROUND_OFF: f64 = 1e-13;
/// Errors from which on the first term need not be the largest.
const COARSE: f64 = 1e-3;

/// What a model is asked for whose order does not show at the finest steps above round-off.
enum Shown {
    /// An order of at least this.
    AtLeast(f64),
    /// The order at the finest steps with errors above this.
    Above(f64),
    /// Only round-off is left from four steps on.
    RoundOff,
}

/// Exceptions, with what was measured. `dopamine` has corners in its states (`max`, `min`), where no method has its order: 2.57 and
/// 1.95. `dopamine_release` is stiff, and its finest pair has 4.77. Round-off of `synaptic_scaling_additive` adds up to 1.5e-13.
/// The other two are linear, and their errors at four steps are below 1e-14.
const EXCEPTIONS: [(&str, Method, Shown); 6] = [
    ("dopamine", Method::Explicit, Shown::AtLeast(2.5)),
    ("dopamine", Method::Implicit, Shown::AtLeast(1.9)),
    ("dopamine_release", Method::Implicit, Shown::AtLeast(4.7)),
    ("synaptic_scaling_additive", Method::Implicit, Shown::Above(1e-12)),
    ("bursty_synthesis", Method::Implicit, Shown::RoundOff),
    ("immigration_death", Method::Implicit, Shown::RoundOff),
];

/// Errors of end states in 2, 4, 8 … steps. The end stands in the drive, where states still move.
fn errors(model: &Model, method: Method) -> Vec<f64> {
    let setting = Setting { drive: Some(drive(model)), agents: 64, length: 5.0, ..Setting::default() };
    let mut plan = plan(model, &setting);
    plan.arms[0].phases.truncate(2);
    let engine = Engine::new(&plan).unwrap();
    let exact = engine.ends_in_steps(0, Method::Implicit, 3000);
    (1..9).map(|n| apart(&engine.ends_in_steps(0, method, 1 << n), &exact)).collect()
}

/// The order at which errors fall when steps are halved, at the finest steps whose errors stand above round-off.
fn order(errors: &[f64], round_off: f64) -> f64 {
    let clear = |errors: &&[f64]| errors.iter().all(|error| (round_off..COARSE).contains(error));
    let finest = errors.windows(2).rfind(clear).unwrap_or_else(|| panic!("{errors:?}"));
    (finest[0] / finest[1]).log2()
}

#[test]
fn each_method_has_at_least_the_order_that_it_claims_on_every_model() {
    // Linear models are met with more: only from below can the claim be missed.
    for model in models().iter().filter(|model| !model.states.is_empty()) {
        for method in [Method::Explicit, Method::Implicit] {
            let errors = errors(model, method);
            let exception = EXCEPTIONS.iter().find(|(name, of, _)| *name == model.name && *of == method);
            let holds = match exception {
                None => order(&errors, ROUND_OFF) > 4.8,
                Some((.., Shown::AtLeast(least))) => order(&errors, ROUND_OFF) > *least,
                Some((.., Shown::Above(round_off))) => order(&errors, *round_off) > 4.8,
                Some((.., Shown::RoundOff)) => errors[1..].iter().all(|error| *error < ROUND_OFF),
            };
            assert!(holds, "{} {method:?}: {errors:?}", model.name);
        }
    }
}

/// Steps of one method throughout, of the other, and of the choice between them come to the same.
#[test]
fn either_method_and_the_choice_between_them_agree_within_the_tolerance_on_every_model() {
    for shape in [Shape::Constant, Shape::Pulses] {
        for model in models().iter().filter(|model| !model.states.is_empty()) {
            let setting = Setting {
                relative: 1e-8,
                agents: 64,
                cv: 0.3,
                drive: Some(drive(model)),
                shape,
                ..Setting::default()
            };
            let plan = plan(model, &setting);
            let run = |engine: Engine| engine.run(0..1, &|_| {});
            let engine = || Engine::new(&plan).unwrap();
            let chosen = run(engine());
            let explicit = run(engine().only(Method::Explicit));
            let implicit = run(engine().only(Method::Implicit));
            assert_eq!((explicit.cost.implicit, implicit.cost.implicit), (0, implicit.cost.steps));
            for (other, name) in [(&explicit, "explicit"), (&implicit, "implicit")] {
                assert_eq!(other.failures, [], "{} {name}", model.name);
                let off = farthest(model, &chosen, other);
                // Pulses across the corners in its states: 4.5e-6 was measured.
                let most = if model.name == "supersensitivity" { 1e-5 } else { 1e-6 };
                assert!(off < most, "{} {name}: {off:e}", model.name);
            }
        }
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

/// Rates with the unit of their state per time, and lets, responses and their limits with theirs.
fn formulas(model: &Model) -> Vec<(String, Id, Unit)> {
    let rates = model.states.iter().zip(&model.rates);
    let rates = rates.map(|(s, rate)| (format!("rate of {}", s.name), *rate, s.unit.per(&model.time)));
    let lets = model.lets.iter().map(|l| (l.name.clone(), l.formula.value, l.unit.clone()));
    let responses = model.responses.iter().flat_map(|r| {
        let all = [Some(&r.value), r.bottom.as_ref(), r.top.as_ref()].into_iter().flatten();
        all.map(|formula| (r.name.clone(), formula.value, r.unit.clone())).collect::<Vec<_>>()
    });
    rates.chain(lets).chain(responses).collect()
}

/// A number of (0.3, 3), another for each n.
fn factor(n: usize) -> f64 {
    let share = (n as f64 * 0.754_877_666_246_692_7).fract();
    0.3 * 10.0_f64.powf(share)
}

/// Values around the model's own.
fn value(model: &Model, sym: Sym, n: usize) -> f64 {
    let parameter = model.parameters.iter().find(|p| p.sym == sym).map(|p| p.value);
    parameter.unwrap_or(1.0) * factor(n * 31 + sym.0 as usize)
}

#[test]
fn derivatives_of_rates_and_responses_by_states_and_probes_are_slopes() {
    for model in models() {
        let mut arena = model.arena.clone();
        let probes = model.responses.iter().map(|r| r.probe_sym);
        let by: Vec<Sym> = model.states.iter().map(|s| s.sym).chain(probes).collect();
        let responses = model.responses.iter().map(|r| r.value.value);
        let all: Vec<Id> = model.rates.iter().copied().chain(responses).collect();
        let mut compared = 0;
        for (of, by) in all.iter().flat_map(|of| by.iter().map(move |by| (*of, *by))) {
            let derivative = arena.derivative(of, by);
            for n in 0..20 {
                let own = |sym: Sym| value(&model, sym, n);
                let at = |moved: f64| move |sym: Sym| own(sym) * if sym == by { 1.0 + moved } else { 1.0 };
                let step = 1e-4;
                let [lowest, low, high, highest] =
                    [-2.0, -1.0, 1.0, 2.0].map(|steps| arena.evaluate(of, &at(steps * step)));
                // Of fourth order: near a steep part the third derivative would be seen.
                let slope = (8.0 * (high - low) - (highest - lowest)) / (12.0 * step * value(&model, by, n));
                let found = arena.evaluate(derivative, &at(0.0));
                // Outside of what a formula is made for: the root of a negative number.
                if slope.is_nan() && (lowest.is_nan() || highest.is_nan()) {
                    continue;
                }
                // Round-off of the difference, and what the fifth derivative adds.
                let size = (low.abs() + high.abs()) / value(&model, by, n);
                assert!(
                    (found - slope).abs() <= 1e-7 * found.abs().max(size),
                    "{}: {} by {}: {found} {slope}",
                    model.name,
                    print(&arena, of, Notation::Text),
                    arena.name(by)
                );
                compared += usize::from(slope != 0.0);
            }
        }
        assert!(compared > 0, "{}", model.name);
    }
}

#[test]
fn every_formula_parses_back_from_its_print_to_the_same_node_of_the_same_dimension() {
    for model in models() {
        for (name, id, unit) in formulas(&model) {
            let mut arena = model.arena.clone();
            let text = print(&arena, id, Notation::Text);
            let source = Source::new("print", text.as_str());
            let syntax = parse(&text, &source.span(0..text.len())).unwrap_or_else(|_| panic!("{text}"));
            let unit_of_name = |name: &str| {
                let probe = model.responses.iter().find(|r| r.probe_name == name);
                let named = model.resolve(&mut model.arena.clone(), name, &syntax.at).map(|named| named.unit);
                probe.map_or(named, |r| Ok(r.probe_unit.clone()))
            };
            let found = unit_of(&syntax, &mut |name, _| unit_of_name(name), &mut |_| None);
            let found = found.unwrap_or_else(|_| panic!("{} {name}: {text}", model.name));
            assert!(found.is_none_or(|found| found.fits(&unit)), "{} {name}: {text}", model.name);
            let named = |arena: &mut allostat::expression::Arena, name: &str, _: &_| Ok(arena.named(name));
            let back = lower(&syntax, &mut arena, &mut { named }, &mut |_, _| None);
            assert_eq!(back.ok(), Some(id), "{} {name}: {text}", model.name);
        }
    }
}

#[test]
fn a_rate_of_another_dimension_is_refused_in_every_model() {
    for (name, text) in builtin() {
        let rates: Vec<usize> = text.match_indices("rate = \"").map(|(at, found)| at + found.len()).collect();
        let mut refused = 0;
        for start in &rates {
            let end = start + text[*start..].find('"').unwrap();
            // A rate is per time: its square is not.
            let altered = format!("{}({})^2{}", &text[..*start], &text[*start..end], &text[end..]);
            let read = Model::read(name, &Source::new("altered.toml", altered));
            assert!(read.is_err(), "{name}: {}", &text[*start..end]);
            refused += 1;
        }
        let flows =
            Model::read(name, &Source::new("own.toml", *text)).unwrap_or_else(|e| panic!("{e}")).flows;
        assert!(refused >= flows.len(), "{name}");
    }
}
