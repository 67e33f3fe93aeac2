//! An arm made ready: its equations as programs, its observations in order of time.
//! Knows nothing of agents.

use super::excursion::Excursion;
use super::folded::folded;
use super::linear::{Jacobian, Linear};
use super::plan::{Arm, Form, Metric, Response, System, Tap};
use super::points::Observed;
use super::program::{Layout, Program};
use super::steady::Solver;
use super::visit::Visits;
use crate::expression::{Arena, Id};
use crate::kernel::frontier;

/// The programs of one arm.
///
/// What is fixed for an agent is numbered through: its values, its solved starts (one per state, unused where the start
/// is a formula), and the largest parts of all equations that stand on these alone.
#[derive(Clone, Debug)]
pub(super) struct Lowered {
    pub arm: Arm,
    pub states: usize,
    pub inputs: usize,
    /// Left and right side of each limit, over values.
    pub limits: Program,
    /// Baselines of all inputs, then starts of the states that have formulas, over values.
    pub early: Program,
    /// States whose start is a formula, in the order of `early`.
    pub formula_starts: Vec<usize>,
    pub solver: Option<Solver>,
    /// The frontier, then the scales of the states that state one.
    pub once: Program,
    pub frontier: usize,
    pub stated_scales: Vec<usize>,
    pub rates: Program,
    /// What implicit steps solve; `None` without states.
    pub linear: Option<Linear>,
    /// New values of the states that a phase sets, by phase.
    pub sets: Vec<Option<Program>>,
    pub observed: Observed,
    /// Quantities looked at in points, over states and then what `visits` show.
    pub still: Program,
    /// Simulated instruments; `None` where nothing looks at one.
    pub visits: Option<Visits>,
    /// Quantities followed through steps.
    pub flowing: Program,
    /// By response.
    pub operators: Vec<Operator>,
    /// By assay, which metrics are asked for.
    pub wanted: Vec<[bool; 4]>,
    /// By tap, the level of those that are effects of one.
    pub effects: Vec<Option<Program>>,
}

/// A response as programs.
#[derive(Clone, Debug)]
pub(super) enum Operator {
    Acute(Box<Acute>),
    Excursion(Box<Excursion>),
}

/// Nodes that an excursion needs beside its response.
pub(super) struct Places<'a> {
    /// What stands for the start of each state.
    pub starts: &'a [Id],
    /// Bottom, top and current level.
    pub ends: [Id; 3],
}

/// An acute response as programs.
#[derive(Clone, Debug)]
pub(super) struct Acute {
    /// The response over the probe.
    pub curve: Program,
    /// Its derivative by the probe.
    pub slope: Program,
    /// Bottom (0 where none is stated), top and current level (NaN where there is none).
    pub ends: Program,
    pub topped: bool,
    pub range: [f64; 2],
}

impl Lowered {
    /// Fails with a sentence about what the plan leaves open.
    pub fn new(whole: &Arm) -> Result<Lowered, String> {
        let arm = &folded(whole);
        let system: &System = &arm.system;
        let mut arena = system.arena.clone();
        let starts = starts(arm);
        let mut layout = layout(system, &mut arena);
        let own_values = Layout { states: Vec::new(), inputs: Vec::new(), fixed: layout.fixed.clone() };
        let starts_of = layout.fixed[system.values.len()..].to_vec();
        let responses = responses(system, &mut arena);
        let jacobian = Jacobian::new(system, &mut arena);
        let mut rest = later_roots(arm, &responses);
        rest.extend(jacobian.roots());
        let known = |sym| system.values.contains(&sym) || system.start_symbols.contains(&Some(sym));
        let frontier = frontier(&arena, &rest, &known);
        let formula_starts: Vec<usize> = (0..starts.len()).filter(|state| starts[*state].is_some()).collect();
        let stated_scales: Vec<usize> =
            (0..system.scales.len()).filter(|state| system.scales[*state].is_some()).collect();
        let mut early = system.baselines.clone();
        early.extend(starts.iter().flatten());
        let mut once = frontier.clone();
        once.extend(system.scales.iter().flatten());
        let sides: Vec<Id> = system.limits.iter().flat_map(|limit| [limit.left, limit.right]).collect();
        let unknown = |sym| format!("`{}` has no value", system.arena.name(sym));
        let program = |roots: &[Id], layout: &Layout, probe: Option<Id>| {
            Program::new(&arena, roots, layout, probe).map_err(unknown)
        };
        // Limits are judged before any start is solved.
        let drawn = Layout { fixed: own_values.fixed[..system.values.len()].to_vec(), ..Layout::default() };
        let limits = program(&sides, &drawn, None)?;
        let early = program(&early, &own_values, None)?;
        let once = program(&once, &own_values, None)?;
        layout.fixed.extend(&frontier);
        let observed = Observed::new(arm);
        let watched = |positions: &[usize]| -> Vec<Id> {
            positions.iter().map(|position| system.watched[*position]).collect()
        };
        let visits = Visits::new(system, &observed.still, &arena, &layout).map_err(unknown)?;
        let mut seen = layout.clone();
        seen.states.extend(visits.iter().flat_map(Visits::shown));
        let sets = arm.phases.iter().map(|phase| {
            let values: Vec<Id> = phase.set.iter().map(|(_, value)| *value).collect();
            (!values.is_empty()).then(|| program(&values, &layout, None)).transpose()
        });
        let operators = responses.iter().enumerate().map(|(n, parts)| {
            let probe = Some(parts.probe);
            if system.responses[n].form != Form::Acute {
                let places = Places { starts: &starts_of, ends: parts.ends };
                let excursion =
                    Excursion::new(whole, system, n, &places, |roots| program(roots, &layout, None))?;
                return Ok(Operator::Excursion(Box::new(excursion)));
            }
            Ok(Operator::Acute(Box::new(Acute {
                curve: program(&[parts.value], &layout, probe)?,
                slope: program(&[parts.slope], &layout, probe)?,
                ends: program(&parts.ends, &layout, None)?,
                topped: parts.topped,
                range: parts.range,
            })))
        });
        let effects = arm.taps.iter().map(|tap| match tap {
            Tap::Effect { level, .. } => program(&[*level], &layout, None).map(Some),
            _ => Ok(None),
        });
        let solver = formula_starts.len() < starts.len();
        let linear = Linear::new(system, &jacobian, &layout, &mut arena.clone()).map_err(unknown)?;
        Ok(Lowered {
            linear: (!system.states.is_empty()).then_some(linear),
            states: system.states.len(),
            inputs: system.inputs.len(),
            limits,
            early,
            once,
            frontier: frontier.len(),
            rates: program(&system.rates, &layout, None)?,
            sets: sets.collect::<Result<_, String>>()?,
            still: program(&watched(&observed.still), &seen, None)?,
            visits,
            flowing: program(&watched(&observed.flowing), &layout, None)?,
            operators: operators.collect::<Result<_, String>>()?,
            effects: effects.collect::<Result<_, String>>()?,
            wanted: wanted(arm),
            solver: if solver { Some(Solver::new(system)?) } else { None },
            formula_starts,
            stated_scales,
            observed,
            arm: arm.clone(),
        })
    }

    /// The same without anything observed.
    pub fn unobserved(&self) -> Lowered {
        Lowered { observed: Observed::default(), ..self.clone() }
    }
}

/// All metrics of a curve that is shown, else those that a tap asks for.
fn wanted(arm: &Arm) -> Vec<[bool; 4]> {
    let asked = |assay: usize, metric: Metric| arm.taps.contains(&Tap::Metric { assay, metric });
    let of = |(n, assay): (usize, &super::plan::Assay)| {
        Metric::ALL.map(|metric| !assay.levels.is_empty() || asked(n, metric))
    };
    arm.assays.iter().enumerate().map(of).collect()
}

/// Formulas of the starts; a state that the arm starts elsewhere has that one.
fn starts(arm: &Arm) -> Vec<Option<Id>> {
    let mut starts = arm.system.starts.clone();
    arm.starts.iter().for_each(|(state, start)| starts[*state] = Some(*start));
    starts
}

/// States, inputs, values, and a place for the solved start of each state.
fn layout(system: &System, arena: &mut Arena) -> Layout {
    let mut nodes = |syms: &mut dyn Iterator<Item = crate::expression::Sym>| -> Vec<Id> {
        syms.map(|sym| arena.sym(sym)).collect()
    };
    let states = nodes(&mut system.states.iter().copied());
    let inputs = nodes(&mut system.inputs.iter().copied());
    let mut fixed = nodes(&mut system.values.iter().copied());
    for (state, solved) in system.start_symbols.iter().enumerate() {
        // A state whose start is a formula keeps an unused place, so that places are numbered by state.
        let name = format!("no start of state {state}");
        let sym = solved.unwrap_or_else(|| arena.symbol(&name));
        fixed.push(arena.sym(sym));
    }
    Layout { states, inputs, fixed }
}

/// The expressions of a response.
struct Parts {
    probe: Id,
    value: Id,
    slope: Id,
    ends: [Id; 3],
    topped: bool,
    range: [f64; 2],
}

fn responses(system: &System, arena: &mut Arena) -> Vec<Parts> {
    let mut parts = |response: &Response| {
        let none = arena.constant(f64::NAN);
        let zero = arena.constant(0.0);
        Parts {
            probe: arena.sym(response.probe),
            value: response.value,
            slope: match response.form {
                Form::Acute => arena.derivative(response.value, response.probe),
                _ => zero,
            },
            ends: [
                response.bottom.unwrap_or(zero),
                response.top.unwrap_or(none),
                response.current.unwrap_or(none),
            ],
            topped: response.top.is_some(),
            range: response.range,
        }
    };
    system.responses.iter().map(&mut parts).collect()
}

/// All that is computed while time runs.
fn later_roots(arm: &Arm, responses: &[Parts]) -> Vec<Id> {
    let system = &arm.system;
    let mut roots = system.rates.clone();
    roots.extend(&system.watched);
    roots.extend(system.scores.iter().map(|score| score.latent));
    roots.extend(arm.phases.iter().flat_map(|phase| phase.set.iter().map(|(_, value)| *value)));
    for parts in responses {
        roots.extend([parts.value, parts.slope]);
        roots.extend(parts.ends);
    }
    roots
}
