//! The phases of a check: constant inputs held for a while, or phases one after the other.
//! Knows nothing of what is to hold in them.

use crate::diagnostic::{Finding, Findings, Source, Span};
use crate::document::Node;
use crate::engine::Phase;
use crate::expression::Id;
use crate::stimulus::{self, Interval, Micros, Number, PhaseText, Reading, Schedule};
use crate::unit::Unit;

use super::setup::Reader;

/// Name of the one phase of constant inputs.
const ON: &str = "on";

/// Reads the phases and gives their whole length; `None` where there is nothing to run or something is wrong.
pub(super) fn read(reader: &mut Reader, runs: bool) -> Option<Micros> {
    let length = reader.check.node.key("for").cloned();
    if let Some(list) = reader.check.node.key("phases") {
        if let Some(length) = length {
            let finding = Finding::error("the phases say how long a check is, and `for` says it too");
            reader.findings.push(finding.at(&length.at));
        }
        let phases = stimulus::phases(list, reader.findings);
        return phases.into_iter().map(|phase| written(reader, phase)).last();
    }
    let Some(length) = length else {
        if runs {
            let what = "nothing says how long the inputs are held";
            reader.findings.push(Finding::error(what).at(&reader.check.node.at).help("add `for = \"10 h\"`"));
        }
        return None;
    };
    let length = reader.time(&length)?;
    let levels = reader.setup.inputs.clone().unwrap_or_default();
    let inputs = levels.into_iter().map(|level| Some(Schedule::Constant(Number::Fixed(level)))).collect();
    Some(add(reader, ON, length, inputs, Vec::new()))
}

fn add(
    reader: &mut Reader,
    name: &str,
    length: Micros,
    inputs: Vec<Option<Schedule>>,
    set: Vec<(usize, Id)>,
) -> Micros {
    let start = reader.setup.phases.last().map_or(0, |phase| phase.when.end);
    let when = Interval { start, end: start.saturating_add(length) };
    reader.setup.phases.push(Phase { when, inputs, set });
    reader.setup.scope().phases.push((name.to_owned(), when));
    when.end
}

/// A phase as written; what is wrong in it is told and stands at its baseline, so that reading goes on.
fn written(reader: &mut Reader, phase: PhaseText) -> Micros {
    let inputs = inputs(reader, &phase);
    let set = phase.set.iter().filter_map(|(state, at, node)| set(reader, state, at, node)).collect();
    add(reader, &phase.name, phase.duration, inputs, set)
}

/// A state set at the start of the phase, over values and the states just before.
fn set(reader: &mut Reader, name: &str, at: &Span, node: &Node) -> Option<(usize, Id)> {
    let state = reader.state(name, at)?;
    let unit = reader.model.states[state].unit.clone();
    Some((state, reader.formula(node, Some(&unit))?.0))
}

/// One schedule per input; what the phase does not name is at its baseline, with what is left of earlier doses.
fn inputs(reader: &mut Reader, phase: &PhaseText) -> Vec<Option<Schedule>> {
    let model = reader.model;
    for (name, at, _) in &phase.inputs {
        if !model.inputs.iter().any(|input| input.name == *name) {
            let known = model.inputs.iter().map(|input| input.name.as_str());
            let what = format!("`{name}` is not an input of this model");
            reader.findings.push(Finding::error(what).at(at).nearest(name, known));
        }
    }
    let baselines = reader.setup.bench.arms[0].system.baselines.clone();
    let mut all = Vec::with_capacity(model.inputs.len());
    for (position, (input, baseline)) in model.inputs.iter().zip(baselines).enumerate() {
        let baseline = Number::Fixed(reader.setup.value(baseline, 0.0));
        let named = phase.inputs.iter().find(|(name, ..)| *name == input.name);
        let here =
            named.and_then(|(_, _, node)| stimulus_of(reader, node, &input.name, &input.unit, baseline));
        let here = here.unwrap_or(Schedule::Constant(baseline));
        let left =
            reader.setup.phases.last().and_then(|before| before.inputs[position].as_ref()?.tail(before.when));
        all.push(Some(match left {
            Some(left) => Schedule::Sum(vec![here, left]),
            None => here,
        }));
    }
    all
}

fn stimulus_of(
    reader: &mut Reader,
    node: &Node,
    input: &str,
    unit: &Unit,
    baseline: Number,
) -> Option<Schedule> {
    let scope = &reader.setup.bench.arms[0];
    let parameters = reader.model.parameters.iter().map(|p| (p.name.clone(), p.unit.clone()));
    let values: Vec<(String, Unit)> = parameters.chain(scope.own.iter().cloned()).collect();
    let parameter = |name: &str| {
        let slot = values.iter().position(|(known, _)| known == name)?;
        Some((slot, values[slot].1.clone()))
    };
    let known = || values.iter().map(|(name, _)| name.clone()).collect();
    let file = |_: &str| Err::<Source, String>("a check reads no files".to_owned());
    let reading = Reading {
        unit,
        baseline,
        time: &reader.model.time,
        purpose: &format!("input {input}"),
        parameter: &parameter,
        known: &known,
        file: &file,
        arm: &reader.check.name,
    };
    let mut findings = Findings::new();
    let schedule = stimulus::read(node, &reading, &mut findings);
    reader.findings.append(findings.into_vec());
    schedule
}
