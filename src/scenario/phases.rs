//! Phases of an arm made schedules: one per input and phase, with what is left of earlier doses, and states that are set.
//! Knows nothing of what is observed.

use std::collections::HashSet;

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::engine::{MOST_STEPS, Phase, System};
use crate::expression::{Arena, Id, Node as Expression, Sym, parse};
use crate::measure::ArmScope;
use crate::model::Model;
use crate::stimulus::{self, Interval, Number, PhaseText, Reading, Schedule};
use crate::unit::{Quantity, Unit};

use super::quantity::{converted, misfit};
use super::shelf::Shelf;

/// Remainders of doses over all phases of an arm: each phase carries those of all phases before it.
const MOST_REMAINDERS: usize = 200_000;

/// Names and places in time, one after the other from 0.
pub(super) fn intervals(texts: &[PhaseText]) -> Vec<(String, Interval)> {
    let mut start = 0;
    let one = |phase: &PhaseText| {
        let when = Interval { start, end: start + phase.duration };
        start = when.end;
        (phase.name.clone(), when)
    };
    texts.iter().map(one).collect()
}

/// The phases of an arm; what is wrong in one is told and stands at its baseline, so that reading goes on.
pub(super) fn read(
    scope: &mut ArmScope,
    texts: &[PhaseText],
    shelf: &Shelf,
    findings: &mut Findings,
) -> Vec<Phase> {
    let inputs = scope.model.inputs.len();
    let flowing: HashSet<Sym> = {
        let system = &scope.system;
        system.rates.iter().flat_map(|rate| system.arena.symbols(*rate)).collect()
    };
    let left = vec![Vec::new(); inputs];
    let mut reader = Reader { scope, shelf, findings, left, remainders: 0, flowing, changes: 0 };
    let mut phases = Vec::with_capacity(texts.len());
    for (position, text) in texts.iter().enumerate() {
        let when = reader.scope.phases[position].1;
        let Some(inputs) = reader.inputs(text, when) else { break };
        let set = text.set.iter().filter_map(|(state, at, node)| reader.set(state, at, node)).collect();
        phases.push(Phase { when, inputs, set });
    }
    phases
}

struct Reader<'a, 's> {
    scope: &'a mut ArmScope,
    shelf: &'a Shelf<'s>,
    findings: &'a mut Findings,
    /// What doses of earlier phases still contribute, by input.
    left: Vec<Vec<Schedule>>,
    remainders: usize,
    /// Symbols in rates.
    flowing: HashSet<Sym>,
    /// How often inputs that flows read change, for certain.
    changes: u64,
}

impl Reader<'_, '_> {
    /// One schedule per input; `None` where doses pile up without end.
    fn inputs(&mut self, phase: &PhaseText, when: Interval) -> Option<Vec<Option<Schedule>>> {
        let model = self.scope.model.clone();
        for (name, at, _) in &phase.inputs {
            if !model.inputs.iter().any(|input| input.name == *name) {
                let known = model.inputs.iter().map(|input| input.name.as_str());
                let known = known.chain(stimulus::PHASE.keys.iter().map(|key| key.name));
                let what = format!("`{name}` is not an input of `{}`", model.name);
                self.findings.push(Finding::error(what).at(at).nearest(name, known));
            }
        }
        let mut all = Vec::with_capacity(model.inputs.len());
        for (position, input) in model.inputs.iter().enumerate() {
            let named = phase.inputs.iter().find(|(name, ..)| *name == input.name);
            let node = named.map(|(_, _, node)| node);
            if node.is_some() {
                self.scope.heed(&input.name);
            }
            let baseline = self.baseline(position);
            let here = match node {
                Some(node) => self.stimulus(node, position, baseline),
                None => baseline.map(Schedule::Constant),
            };
            if let (Some(here), Some(node)) = (&here, node) {
                self.count(here, position, node, when);
            }
            let left = self.left[position].clone();
            if let (None, Some(_)) = (&here, left.first()) {
                let what = format!(
                    "doses of an earlier phase go on here, and the baseline of `{}` is an expression",
                    input.name
                );
                let help = format!("say what `{}` is in this phase", input.name);
                self.findings.push(Finding::error(what).at(&phase.at).help(help));
            }
            self.left[position].extend(here.as_ref().and_then(|here| here.tail(when)));
            self.remainders += left.len();
            all.push(match left.is_empty() {
                true => here,
                false => Some(Schedule::Sum(here.into_iter().chain(left).collect())),
            });
        }
        if self.remainders > MOST_REMAINDERS {
            let finding = Finding::error("too many phases have doses whose remainders go on").at(&phase.at);
            self.findings.push(finding.help("write them as one phase with `every`"));
            return None;
        }
        Some(all)
    }

    /// An agent whose inputs change more often than it may take steps would be given up in every run.
    fn count(&mut self, here: &Schedule, input: usize, node: &Node, when: Interval) {
        if !self.flowing.contains(&self.scope.system.inputs[input]) {
            return;
        }
        let before = self.changes;
        self.changes = before.saturating_add(here.changes(when));
        if before <= MOST_STEPS && self.changes > MOST_STEPS {
            let name = &self.scope.model.inputs[input].name;
            let what = format!("with this, `{name}` changes {} times", self.changes);
            let most = format!("an agent is given up after {MOST_STEPS} steps, and each change needs one");
            let finding = Finding::error(what).at(&node.at).because(most, None);
            self.findings.push(finding.help("make `every` longer, or write the mean level instead"));
        }
    }

    /// What an input is without a stimulus, where that is a number or one of the agent's values.
    fn baseline(&self, input: usize) -> Option<Number> {
        let system = &self.scope.system;
        let id = system.baselines[input];
        if let Some(value) = system.arena.as_constant(id) {
            return Some(Number::Fixed(value));
        }
        let Expression::Sym(sym) = system.arena.node(id) else { return None };
        let slot = system.values.iter().position(|value| *value == sym)?;
        Some(Number::Agent { slot, factor: 1.0 })
    }

    fn stimulus(&mut self, node: &Node, input: usize, baseline: Option<Number>) -> Option<Schedule> {
        if let Some(baseline) = baseline {
            return Some(self.stimulus_on(node, input, baseline));
        }
        // Whether a stimulus stands on the baseline is seen from whether another one changes it.
        let here = self.stimulus_on(node, input, Number::Fixed(1.0));
        if here != self.stimulus_on(node, input, Number::Fixed(2.0)) {
            let name = &self.scope.model.inputs[input].name;
            let what = format!("this stimulus stands on the baseline of `{name}`, which is an expression");
            self.findings.push(Finding::error(what).at(&node.at).help("say its `base`"));
        }
        Some(here)
    }

    fn stimulus_on(&mut self, node: &Node, input: usize, baseline: Number) -> Schedule {
        let scope = &*self.scope;
        let model = &scope.model;
        let input = &model.inputs[input];
        let parameter = |name: &str| {
            let of_model = || model.parameters.iter().position(|p| p.name == name);
            match scope.own.iter().position(|(own, _)| own == name) {
                Some(own) => Some((model.parameters.len() + own, scope.own[own].1.clone())),
                None => of_model().map(|slot| (slot, model.parameters[slot].unit.clone())),
            }
        };
        let known = || {
            let own = scope.own.iter().map(|(name, _)| name.clone());
            model.parameters.iter().map(|p| p.name.clone()).chain(own).collect()
        };
        let reading = Reading {
            unit: &input.unit,
            baseline,
            time: &model.time,
            purpose: &format!("input {}", input.name),
            parameter: &parameter,
            known: &known,
            file: &|path| self.shelf.file(path),
            arm: &scope.name,
        };
        stimulus::read(node, &reading, self.findings).unwrap_or(Schedule::Constant(Number::Fixed(0.0)))
    }

    /// A state set at the start of the phase, over values and the states just before.
    fn set(&mut self, name: &str, at: &Span, node: &Node) -> Option<(usize, Id)> {
        let model = self.scope.model.clone();
        let Some(state) = model.states.iter().position(|state| state.name == name) else {
            let known = model.states.iter().map(|state| state.name.as_str());
            let what = format!("`{name}` is not a state of `{}`", model.name);
            self.findings.push(Finding::error(what).at(at).nearest(name, known));
            return None;
        };
        self.scope.heed(name);
        let unit = &model.states[state].unit;
        let what = format!("`{name}`");
        if let Some(quantity) = literal(node) {
            let value = converted(&quantity, unit, &what, &node.inside(), self.findings)?;
            return Some((state, self.scope.system.arena.constant(value)));
        }
        node.text()?;
        let (text, place) = self.findings.take(node.exact_text())?;
        let syntax = self.findings.take(parse(text, &place))?;
        let (id, found) = self.findings.take(self.scope.expression(&syntax))?;
        if let Some(found) = found.filter(|found| !found.fits(unit)) {
            self.findings.push(misfit(&found, unit, &what, &place));
            return None;
        }
        let system = &self.scope.system;
        if let Some(sym) = system.arena.symbols(id).into_iter().find(|sym| system.inputs.contains(sym)) {
            let what = format!("the input `{}` changes in this moment", system.arena.name(sym));
            let finding = Finding::error(what).at(&place);
            self.findings.push(finding.help("set a state from parameters and states"));
            return None;
        }
        Some((state, id))
    }
}

/// A number, or a quantity with a unit, which no expression is.
fn literal(node: &Node) -> Option<Quantity> {
    if let Some(value) = node.number() {
        return Some(Quantity { value, unit: Unit::one() });
    }
    Quantity::parse(node.text()?).ok()
}

/// Inputs that nothing reads make no breakpoint. What the model reads anywhere counts, recorded or not: else a measure that
/// reads an input which no flow does would bring its breakpoints along, and move a bit of what it looks at.
pub(super) fn without_unread(phases: &mut [Phase], model: &Model, system: &System) {
    let named = model.lets.iter().map(|l| l.formula.value);
    let named = named.chain(model.responses.iter().map(|r| r.value.value));
    let mut read: HashSet<Sym> = named.flat_map(|id| model.arena.symbols(id)).collect();
    read.extend(read_by(system));
    for phase in phases {
        for (schedule, sym) in phase.inputs.iter_mut().zip(&system.inputs) {
            if !read.contains(sym) {
                *schedule = None;
            }
        }
    }
}

/// Symbols in rates and in all that is observed.
fn read_by(system: &System) -> HashSet<Sym> {
    let of_response = |r: &crate::engine::Response| {
        [Some(r.value), r.bottom, r.top, r.current].into_iter().flatten().collect::<Vec<Id>>()
    };
    let responses = system.responses.iter().flat_map(of_response);
    let latents = system.scores.iter().map(|score| score.latent);
    let observed = system.watched.iter().copied().chain(latents).chain(responses);
    let all = system.rates.iter().copied().chain(observed);
    let arena: &Arena = &system.arena;
    all.flat_map(|id| arena.symbols(id)).collect()
}
