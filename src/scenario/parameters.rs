//! Values of agents: names of the scenario's own, and what is in force for each name in each arm and group.
//! Knows nothing of spreads and schedules.

use std::sync::Arc;

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Entry, Node};
use crate::engine::Slot;
use crate::model::{Model, Parameter};
use crate::unit::{Unit, format_quantity};

use super::arms::Draft;
use super::quantity::{entries, in_unit, quantity, unit};

/// A name that the scenario adds.
pub(super) struct Own {
    pub name: String,
    pub unit: Unit,
    pub value: f64,
}

/// One of an arm's values, and where what is in force was written: without a group, then by group; `None` in the model.
pub(super) struct Value {
    pub name: String,
    pub unit: Unit,
    pub slot: Slot,
    pub places: Vec<Option<Span>>,
}

/// A group and its table.
pub(super) struct Group<'n> {
    pub name: String,
    pub node: &'n Node,
}

/// The names that `[parameters]` adds to those of the models.
pub(super) fn own(root: &Node, models: &[Arc<Model>], findings: &mut Findings) -> Vec<Own> {
    let mut all = Vec::new();
    for (name, entry) in entries(root, "parameters") {
        let known = models.iter().find_map(|model| model.parameters.iter().find(|p| p.name == name));
        if let Some(parameter) = known {
            if let Some(unit) = entry.node.key("unit") {
                let finding = Finding::error(format!("the model says the unit of `{name}`")).at(&unit.at);
                findings
                    .push(finding.because("it stands here", Some(&parameter.at)).help("leave `unit` out"));
            }
            continue;
        }
        if entry.node.table().is_none() {
            findings.push(unknown(name, &entry.key, models));
            continue;
        }
        for model in models {
            if let Some(what) = taken(name, model) {
                let finding =
                    Finding::error(format!("`{name}` is {what} of `{}`", model.name)).at(&entry.key);
                findings.push(finding.help("choose another name"));
            }
        }
        all.push(own_one(name, &entry.node, findings));
    }
    all
}

/// What a name is in a model, if it is no parameter.
pub(super) fn taken(name: &str, model: &Model) -> Option<&'static str> {
    let is = |known: &String| known == name;
    if model.states.iter().any(|state| is(&state.name)) {
        return Some("a state");
    }
    if model.inputs.iter().any(|input| is(&input.name)) {
        return Some("an input");
    }
    if model.lets.iter().any(|l| is(&l.name)) {
        return Some("a let");
    }
    if model.responses.iter().any(|response| is(&response.name)) {
        return Some("a response");
    }
    model.views.iter().any(|view| is(&view.name)).then_some("a view")
}

/// Where the value cannot be read, which is said, the name is there all the same.
fn own_one(name: &str, node: &Node, findings: &mut Findings) -> Own {
    let stated = node.key("unit").and_then(|node| unit(node, findings));
    let Some(written) = node.key("value") else {
        return Own { name: name.to_owned(), unit: stated.unwrap_or_else(Unit::one), value: 1.0 };
    };
    let quantity = quantity(written, findings);
    let unit = stated.or(quantity.map(|quantity| quantity.unit)).unwrap_or_else(Unit::one);
    let value = in_unit(written, &unit, &format!("`{name}`"), findings).unwrap_or(1.0);
    Own { name: name.to_owned(), unit, value }
}

fn unknown(name: &str, at: &Span, models: &[Arc<Model>]) -> Finding {
    let known = models.iter().flat_map(|model| model.parameters.iter().map(|p| p.name.as_str()));
    let finding = Finding::error(format!("`{name}` is not a parameter of the model"))
        .at(at)
        .because(format!("a name of your own is written `{name} = {{ value = …, doc = … }}`"), None);
    finding.nearest(name, known)
}

/// The values of an arm by slot: the arm's before the group's before the scenario's before the model's.
pub(super) fn of_arm(
    root: &Node,
    arm: &Draft,
    own: &[Own],
    groups: &[Group],
    findings: &mut Findings,
) -> Vec<Value> {
    let model = arm.model.parameters.iter().map(|p| (&p.name, &p.unit, p.value));
    let names = model.chain(own.iter().map(|own| (&own.name, &own.unit, own.value)));
    let common = root.key("parameters");
    names
        .map(|(name, unit, value)| {
            let mut written = |table: Option<&Node>| in_force(table?, name, unit, findings);
            let everywhere = written(common).map_or((value, None), |(value, at)| (value, Some(at)));
            let of_arm = written(arm.parameters).map(|(value, at)| (value, Some(at)));
            let mut in_group = |group: &Group| of_arm.clone().or(written_in(&mut written, group));
            let by_group: Vec<_> =
                groups.iter().map(|group| in_group(group).unwrap_or_else(|| everywhere.clone())).collect();
            let base = of_arm.unwrap_or(everywhere);
            let places = std::iter::once(&base).chain(&by_group).map(|(_, at)| at.clone()).collect();
            let by_group = by_group.iter().map(|(value, _)| *value).collect();
            let slot = Slot { value: base.0, by_group, vary: None };
            Value { name: name.clone(), unit: unit.clone(), slot, places }
        })
        .collect()
}

fn written_in(
    written: &mut impl FnMut(Option<&Node>) -> Option<(f64, Span)>,
    group: &Group,
) -> Option<(f64, Option<Span>)> {
    written(group.node.key("parameters")).map(|(value, at)| (value, Some(at)))
}

/// The value that a table gives to a name, in `unit`, and its place.
fn in_force(table: &Node, name: &str, unit: &Unit, findings: &mut Findings) -> Option<(f64, Span)> {
    let node = table.key(name)?;
    let node = node.key("value").unwrap_or(node);
    let value = in_unit(node, unit, &format!("`{name}`"), findings)?;
    Some((value, node.inside()))
}

/// Names that arms and groups give values to and nothing has.
pub(super) fn strangers(arms: &[Draft], own: &[Own], groups: &[Group], findings: &mut Findings) {
    let own = |name: &str| own.iter().any(|own| own.name == name);
    let has = |model: &Model, name: &str| model.parameters.iter().any(|p| p.name == name);
    let mut look = |table: Option<&Node>, models: &[Arc<Model>]| {
        for (name, Entry { key, .. }) in table.and_then(Node::table).into_iter().flatten() {
            if !own(name) && !models.iter().any(|model| has(model, name)) {
                let known = models.iter().flat_map(|model| model.parameters.iter().map(|p| p.name.as_str()));
                let finding = Finding::error(format!("there is no parameter `{name}`")).at(key);
                findings.push(finding.nearest(name, known));
            }
        }
    };
    for arm in arms {
        look(arm.parameters, std::slice::from_ref(&arm.model));
    }
    let models: Vec<Arc<Model>> = arms.iter().map(|arm| arm.model.clone()).collect();
    for group in groups {
        look(group.node.key("parameters"), &models);
    }
}

/// Values outside the model's limits are findings, outside its plausible range notes.
pub(super) fn judge(model: &Model, values: &[Value], findings: &mut Findings) {
    for column in 0..values.first().map_or(0, |value| value.places.len()) {
        for (slot, parameter) in model.parameters.iter().enumerate() {
            if within_limits(model, values, column, slot, findings) {
                plausible(parameter, &values[slot], column, findings);
            }
        }
    }
}

fn within_limits(
    model: &Model,
    values: &[Value],
    column: usize,
    slot: usize,
    findings: &mut Findings,
) -> bool {
    let parameter = &model.parameters[slot];
    let value = |slot: usize| column_of(&values[slot], column);
    let of = |sym| model.parameters.iter().position(|p| p.sym == sym);
    let mut within = true;
    for limit in &parameter.limits {
        let side = |id| model.arena.evaluate(id, &|sym| of(sym).map_or(f64::NAN, value));
        if limit.comparison.holds(side(limit.left), side(limit.right)) {
            continue;
        }
        within = false;
        // The value itself, or another of the condition that was written here.
        let symbols = [limit.left, limit.right].map(|id| model.arena.symbols(id)).concat();
        let mut slots = std::iter::once(slot).chain(symbols.into_iter().filter_map(of));
        let Some(at) = slots.find_map(|slot| values[slot].places[column].clone()) else { continue };
        let text = format_quantity(value(slot), &parameter.unit);
        let what = format!("with this, `{}` is {text}, outside its limits", parameter.name);
        let finding = Finding::error(what).at(&at).label(limit.text.clone());
        findings.push(finding.because("the limits are stated here", Some(&limit.at)));
    }
    within
}

fn plausible(parameter: &Parameter, value: &Value, column: usize, findings: &mut Findings) {
    let (Some([low, high]), Some(at)) = (parameter.range, &value.places[column]) else { return };
    if (low..=high).contains(&column_of(value, column)) {
        return;
    }
    let text = |value: f64| format_quantity(value, &parameter.unit);
    let here = text(column_of(value, column));
    let what = format!("{here} is outside the plausible range of `{}`", parameter.name);
    let span = format!("the range is {} to {}", text(low), text(high));
    findings.push(Finding::note(what).at(at).because(span, Some(&parameter.at)));
}

/// The value in force: 0 without a group, then by group.
pub(super) fn column_of(value: &Value, column: usize) -> f64 {
    match column.checked_sub(1) {
        Some(group) => value.slot.by_group[group],
        None => value.slot.value,
    }
}
