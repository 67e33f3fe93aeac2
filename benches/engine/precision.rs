//! Work against precision: what each method, and each agent's own choice of them, costs for an error, model by model.
//! Knows nothing of how either steps, or of how the figure is drawn.

use std::sync::Arc;

use allostat::engine::{Collected, Engine, Method, Plan, Series, System};
use allostat::expression::Id;
use allostat::kernel::{LANES, Lanes, Tape};
use allostat::scenario::reference;

use crate::chronic::{DAILY, plan};
use crate::load::{Load, in_turns, time};
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
const MINUTE: i64 = 60_000_000;
/// Seconds that one turn of a clock is to last.
const LONG_ENOUGH: f64 = 2e-2;

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
    relative: f64,
    error: f64,
    /// Of one agent's rates.
    evaluations: f64,
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
        let reference = |method| {
            let collected = run(&engine(&plan, EXACT, Some(method)));
            states_of(collected.unwrap_or_else(|| panic!("agents of {name} fail at {EXACT:e}")))
        };
        let (exact, other) = (reference(Method::Explicit), reference(Method::Implicit));
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
    fn point(&self, relative: f64, method: Option<Method>) -> Option<Point> {
        let collected = run(&engine(&self.plan, relative, method))?;
        let cost = collected.cost;
        Some(Point {
            relative,
            error: self.error(&states_of(collected)),
            evaluations: cost.evaluations as f64 / LANES as f64,
            implicit: cost.implicit as f64 / cost.steps.max(1) as f64,
        })
    }

    /// How much longer one method takes than the agents' own choice, each at its tolerance.
    fn slower(&self, method: (f64, Option<Method>), own: f64, turns: usize) -> (f64, Load) {
        let (one, own) = (engine(&self.plan, method.0, method.1), engine(&self.plan, own, None));
        let longer =
            [&one, &own].map(|engine| time(&mut || drop(engine.ends(0..1)))).into_iter().fold(0.0, f64::max);
        let repeats = (LONG_ENOUGH / longer).clamp(1.0, 1000.0) as usize;
        let some = |engine: &Engine| (0..repeats).for_each(|_| drop(engine.ends(0..1)));
        let timed = in_turns(turns, || some(&one), || some(&own));
        (timed.ratio, timed.load)
    }
}

fn engine(plan: &Plan, relative: f64, method: Option<Method>) -> Engine {
    let engine = crate::chronic::engine(plan, relative);
    match method {
        Some(method) => engine.only(method),
        None => engine,
    }
}

/// One block; `None` where an agent fails.
fn run(engine: &Engine) -> Option<Collected> {
    let collected = engine.run(0..1, &|_| {});
    collected.failures.is_empty().then_some(collected)
}

fn states_of(collected: Collected) -> States {
    collected.traces.into_iter().map(|trace| trace.values).collect()
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

/// Built-in models under a small drive, at half units of their time; the chronic scenario at midnights; the stiff one every ten
/// minutes.
fn cases(days: u64) -> Vec<Case> {
    let drives = reference::references().into_iter().filter(|r| r.scenario == reference::DRIVE);
    let drives = drives.map(|r| {
        let scenario = r.read(LANES as u64).unwrap_or_else(|error| panic!("{error}"));
        (r.model, scenario.plan)
    });
    let every = |micros: i64, end: i64| (0..=end / micros).map(|n| n * micros).collect();
    let driven = drives.filter(|(_, plan)| !plan.arms[0].system.states.is_empty()).map(|(name, plan)| {
        let half = plan.arms[0].system.microseconds as i64 / 2;
        let end = plan.arms[0].phases.last().map_or(0, |phase| phase.when.end);
        Case::new(&name, plan, every(half, end))
    });
    let mut cases: Vec<Case> = driven.collect();
    let day = 1440 * MINUTE;
    cases.push(Case::new("chronic", plan(LANES as u64, DAILY), every(day, 240 * day)));
    cases.push(Case::new("stiff", stiff::plan(days), every(10 * MINUTE, days as i64 * day)));
    cases
}

/// A number where an error is reached: between the two nearest points, on logarithmic scales, or of the first point where that is
/// better already.
struct Reached {
    value: f64,
    by_first: bool,
}

/// `None` where the points do not come to it.
fn at(points: &[Point], error: f64, of: impl Fn(&Point) -> f64) -> Option<Reached> {
    let reached = points.iter().position(|point| point.error <= error)?;
    let better = &points[reached];
    let Some(worse) = reached.checked_sub(1).map(|before| &points[before]) else {
        return Some(Reached { value: of(better), by_first: true });
    };
    let share = (worse.error / error).ln() / (worse.error / better.error).ln();
    Some(Reached { value: of(worse) * (of(better) / of(worse)).powf(share), by_first: false })
}

pub fn section(page: &mut Page, quick: bool) -> String {
    page.text("## Work against precision");
    let cases = cases(if quick { 1 } else { DAYS });
    let turns = if quick { 3 } else { 7 };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let (mut rows, mut panels) = (Vec::new(), Vec::new());
    for case in &cases {
        let points = WAYS.map(|(_, method)| -> Vec<Point> {
            let tolerances = DECADES.map(|decade| 10f64.powi(-decade));
            pool.install(|| tolerances.filter_map(|relative| case.point(relative, method)).collect())
        });
        rows.push(pool.install(|| row(case, &points, turns)));
        let curve =
            |points: &Vec<Point>| -> Curve { points.iter().map(|p| (p.error, p.evaluations)).collect() };
        panels.push(Panel {
            title: case.name.clone(),
            curves: [curve(&points[0]), curve(&points[1]), curve(&points[2])],
        });
    }
    page.text(
        "![Evaluations of the rates per agent against the largest error, for each model: explicit method, implicit method, \
         each agent's own choice](work-precision.svg)",
    );
    page.text(&format!(
        "*What an error costs.* 64 agents of each model, tolerances from 1e-3 to 1e-10 from right to left. Built-in models under pulses, \
         120 moments in 60 units of their time; `chronic` at 241 midnights; `stiff` every ten minutes of {}. \
         The error is the largest distance, over agents, states and moments, from a run of the explicit method at a tolerance of 1e-12, as a share of the \
         state's size (its largest value, at least the scale that the model states). Evaluations do not count what an implicit step does besides, its derivatives and one factorisation; times do. \
         `own choice` is what a run does.",
        if quick { "a day".to_owned() } else { format!("{DAYS} days") },
    ));
    page.text(
        "At an error of 1e-6, by the two nearest tolerances of the figure; `<` where 1e-3 is better already. Times are ratios of runs in turns on one thread, \
         with nothing recorded:",
    );
    let head = [
        "scenario",
        "states",
        "explicit, evaluations",
        "implicit, evaluations",
        "own choice, evaluations",
        "own choice, implicit steps",
        "time, explicit / own",
        "time, implicit / own",
        "foreign load",
        "methods agree to",
    ];
    page.table(&head, &rows);
    svg(&panels, AT)
}

fn row(case: &Case, points: &[Vec<Point>; 3], turns: usize) -> Vec<String> {
    let missing = || "not reached".to_owned();
    let evaluations = |way: usize| match at(&points[way], AT, |point| point.evaluations) {
        Some(Reached { value, by_first }) => format!("{}{value:.0}", if by_first { "< " } else { "" }),
        None => missing(),
    };
    let tolerance = |way: usize| Some(at(&points[way], AT, |point| point.relative)?.value);
    let slower = |way: usize| Some(case.slower((tolerance(way)?, WAYS[way].1), tolerance(2)?, turns));
    let times = [slower(0), slower(1)];
    let load = times.iter().flatten().map(|(_, load)| *load).reduce(Load::larger);
    let implicit = points[2].iter().find(|point| point.error <= AT);
    let [explicit_time, implicit_time] =
        times.map(|time| time.map_or_else(missing, |(ratio, _)| number(ratio)));
    vec![
        case.name.clone(),
        case.exact[0].len().to_string(),
        evaluations(0),
        evaluations(1),
        evaluations(2),
        implicit.map_or_else(missing, |point| format!("{:.0} %", 100.0 * point.implicit)),
        explicit_time,
        implicit_time,
        load.map_or_else(missing, Load::told),
        format!("{:.0e}", case.floor),
    ]
}
