//! Work against precision: what each method, and each agent's own choice of them, costs for an error, model by model.
//! Knows nothing of how either steps, or of how the figure is drawn.

use std::sync::Arc;

use allostat::engine::{Engine, Method, Plan, Series, System, blocks};
use allostat::expression::Id;
use allostat::kernel::{LANES, Lanes, Tape};
use allostat::scenario::reference;

use crate::chronic::{DAILY, plan, read};
use crate::load::{median, time};
use crate::panels::{Curve, Panel, svg};
use crate::stiff;
use crate::table::{Page, number};

/// Of the runs that the others are compared with.
const EXACT: f64 = 1e-12;
/// The error at which the table compares.
const AT: f64 = 1e-6;
/// From 10^-3 to 10^-10.
const DECADES: std::ops::RangeInclusive<i32> = 3..=10;
/// Days of the stiff scenario.
const DAYS: u64 = 4;
const HOUR: i64 = 3_600_000_000;

pub const WAYS: [(&str, Option<Method>); 3] =
    [("explicit", Some(Method::Explicit)), ("implicit", Some(Method::Implicit)), ("own choice", None)];

/// One scenario with what its states are at the moments that are compared.
struct Case {
    name: String,
    plan: Plan,
    /// By agent, state, moment.
    exact: States,
    /// What an error is a share of, by agent and state.
    sizes: Vec<Vec<f64>>,
    /// Largest difference of the two methods at `EXACT`: smaller errors say nothing.
    floor: f64,
}

type States = Vec<Vec<Vec<f64>>>;

/// A run at one tolerance.
#[derive(Clone, Copy)]
struct Point {
    error: f64,
    /// Of one agent's rates.
    evaluations: f64,
    seconds: f64,
    /// Share of steps that were implicit.
    implicit: f64,
}

impl Case {
    fn new(name: &str, mut plan: Plan, moments: Vec<i64>) -> Case {
        plan.population.agents = LANES as u64;
        plan.traced = (0..LANES as u64).collect();
        let arm = &mut plan.arms[0];
        let mut system = System::clone(&arm.system);
        let states: Vec<Id> = system.states.clone().into_iter().map(|sym| system.arena.sym(sym)).collect();
        system.watched = states;
        let series = |watched| Series { watched, window: None, times: moments.clone(), against: None };
        arm.series = (0..system.watched.len()).map(series).collect();
        let stated = stated_scales(&system, &arm.slots.iter().map(|slot| slot.value).collect::<Vec<_>>());
        (arm.assays, arm.taps) = (Vec::new(), Vec::new());
        plan.outcomes = Default::default();
        arm.system = Arc::new(system);
        plan.arms.truncate(1);
        let run = |method| {
            states_of(&engine(&plan, EXACT, Some(method))).unwrap_or_else(|| panic!("{name} fails at 1e-12"))
        };
        let (exact, other) = (run(Method::Explicit), run(Method::Implicit));
        let size =
            |(values, stated): (&Vec<f64>, &f64)| values.iter().fold(*stated, |most, x| most.max(x.abs()));
        let sizes = exact.iter().map(|agent| agent.iter().zip(&stated).map(size).collect()).collect();
        let mut case = Case { name: name.to_owned(), plan, exact, sizes, floor: 0.0 };
        case.floor = case.error(&other);
        case
    }

    /// Largest of all agents, states and moments.
    fn error(&self, found: &States) -> f64 {
        let agents = found.iter().zip(&self.exact).zip(&self.sizes);
        let states = agents.flat_map(|((found, exact), sizes)| found.iter().zip(exact).zip(sizes));
        let off = states.flat_map(|((found, exact), size)| {
            found.iter().zip(exact).map(move |(found, exact)| (found - exact).abs() / size)
        });
        off.fold(
            0.0,
            |most: f64, error| if error.is_nan() || most.is_nan() { f64::NAN } else { most.max(error) },
        )
    }

    /// `None` where an agent fails.
    fn point(&self, relative: f64, method: Option<Method>, turns: usize) -> Option<Point> {
        let engine = engine(&self.plan, relative, method);
        let error = self.error(&states_of(&engine)?);
        let cost = engine.run(0..1, &|_| {}).cost;
        let seconds = median((0..turns).map(|_| time(&mut || drop(engine.ends(0..1)))).collect());
        Some(Point {
            error,
            evaluations: cost.evaluations as f64 / LANES as f64,
            seconds,
            implicit: cost.implicit as f64 / cost.steps.max(1) as f64,
        })
    }
}

fn engine(plan: &Plan, relative: f64, method: Option<Method>) -> Engine {
    let engine = crate::chronic::engine(plan, relative);
    match method {
        Some(method) => engine.only(method),
        None => engine,
    }
}

/// By agent, state, moment; `None` where an agent fails.
fn states_of(engine: &Engine) -> Option<States> {
    let collected = engine.run(0..blocks(LANES as u64), &|_| {});
    collected.failures.is_empty().then(|| collected.traces.into_iter().map(|trace| trace.values).collect())
}

/// The size below which relative accuracy is not asked, of states that state one, at the parameters' centres; else 0.
fn stated_scales(system: &System, values: &[f64]) -> Vec<f64> {
    let mut arena = system.arena.clone();
    let given: Vec<Id> = system.values.iter().map(|sym| arena.sym(*sym)).collect();
    let roots: Vec<Id> = system.scales.iter().flatten().copied().collect();
    let tape = Tape::lower(&arena, &roots, &given).expect("scales stand on parameters");
    let mut registers = vec![Lanes([0.0; LANES]); tape.registers().max(given.len())];
    tape.prepare(&mut registers);
    registers.iter_mut().zip(values).for_each(|(register, value)| *register = Lanes([*value; LANES]));
    tape.run(&mut registers);
    let mut stated = (0..roots.len()).map(|n| registers[tape.root(n)].0[0].abs());
    system.scales.iter().map(|scale| scale.and_then(|_| stated.next()).unwrap_or(0.0)).collect()
}

/// Built-in models under a small drive, at the ends of phases; the chronic scenario at midnights; the stiff one four times a day.
fn cases(days: u64) -> Vec<Case> {
    let drives = reference::references().into_iter().filter(|r| r.scenario == reference::DRIVE);
    let drives = drives.map(|r| {
        let scenario = r.read(LANES as u64).unwrap_or_else(|error| panic!("{error}"));
        (r.model, scenario.plan)
    });
    let driven = drives.filter(|(_, plan)| !plan.arms[0].system.states.is_empty()).map(|(name, plan)| {
        let ends = [0].into_iter().chain(plan.arms[0].phases.iter().map(|phase| phase.when.end)).collect();
        Case::new(&name, plan, ends)
    });
    let mut cases: Vec<Case> = driven.collect();
    let every = |hours: i64, days: i64| (0..=days * 24 / hours).map(|n| n * hours * HOUR).collect();
    cases.push(Case::new("chronic", plan(LANES as u64, DAILY), every(24, 240)));
    cases.push(Case::new("stiff", stiff::plan(days), every(6, days as i64)));
    cases
}

/// The course of a quantity over the error, at an error, on logarithmic scales; `None` where the points do not come to it.
fn at(points: &[Point], error: f64, of: impl Fn(&Point) -> f64) -> Option<f64> {
    let reached = points.iter().position(|point| point.error <= error)?;
    let (worse, better) = (&points[reached.checked_sub(1)?], &points[reached]);
    let share = (worse.error / error).ln() / (worse.error / better.error).ln();
    Some(of(worse) * (of(better) / of(worse)).powf(share))
}

pub fn section(page: &mut Page, quick: bool) -> String {
    page.text("## Work against precision");
    let cases = cases(if quick { 1 } else { DAYS });
    let turns = if quick { 1 } else { 3 };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let (mut rows, mut panels) = (Vec::new(), Vec::new());
    for case in &cases {
        let points = WAYS.map(|(_, method)| -> Vec<Point> {
            let tolerances = DECADES.map(|decade| 10f64.powi(-decade));
            pool.install(|| tolerances.filter_map(|relative| case.point(relative, method, turns)).collect())
        });
        rows.push(row(case, &points));
        let curve =
            |points: &Vec<Point>| -> Curve { points.iter().map(|p| (p.error, p.evaluations)).collect() };
        panels.push(Panel {
            title: case.name.clone(),
            floor: case.floor,
            curves: [curve(&points[0]), curve(&points[1]), curve(&points[2])],
        });
    }
    page.text(
        "![Evaluations of the rates per agent against the largest error, for each model: explicit method, implicit method, \
         each agent's own choice](work-precision.svg)",
    );
    page.text(&format!(
        "*What an error costs.* 64 agents of each model, tolerances from 1e-3 to 1e-10 from right to left: built-in models for 60 units of their \
         time under pulses, their states at the ends of three phases; `chronic` at 241 midnights; `stiff` for {} four times a day. \
         The error is the largest distance from a run of the explicit method at a tolerance of 1e-12, as a share of the state's size (its largest value, \
         at least the scale that the model states). Shaded: errors below what both methods agree to at 1e-12. Evaluations do not count what an implicit \
         step does besides: its derivatives and one factorisation; times do. `own choice` is what a run does.",
        if quick { "a day".to_owned() } else { format!("{DAYS} days") },
    ));
    page.text("At an error of 1e-6, between the two nearest tolerances; times are ratios on one thread, without recording:");
    let head = [
        "scenario",
        "states",
        "explicit, evaluations",
        "implicit, evaluations",
        "own choice, evaluations",
        "own choice, implicit steps",
        "time, explicit / own",
        "time, implicit / own",
        "methods agree to",
    ];
    page.table(&head, &rows);
    svg(&panels, AT)
}

fn row(case: &Case, points: &[Vec<Point>; 3]) -> Vec<String> {
    let missing = || "not reached".to_owned();
    let evaluations =
        |way: usize| at(&points[way], AT, |p| p.evaluations).map_or_else(missing, |x| format!("{x:.0}"));
    let seconds = |way: usize| at(&points[way], AT, |p| p.seconds);
    let slower = |way: usize| match (seconds(way), seconds(2)) {
        (Some(one), Some(own)) => number(one / own),
        _ => missing(),
    };
    let implicit = points[2].iter().find(|point| point.error <= AT);
    vec![
        case.name.clone(),
        case.exact[0].len().to_string(),
        evaluations(0),
        evaluations(1),
        evaluations(2),
        implicit.map_or_else(missing, |point| format!("{:.0} %", 100.0 * point.implicit)),
        slower(0),
        slower(1),
        format!("{:.0e}", case.floor),
    ]
}
