//! The values in force in a run: how much, by whom, and where they come from.
//! Knows scenarios; knows nothing of how a table is drawn.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Findings;
use crate::document::Node;
use crate::model::{Model, Origin};
use crate::population::Spread;
use crate::scenario::Scenario;

use super::number::figures;

/// What stands behind a number; the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ground {
    Assumed,
    /// Written by the scenario or its reader.
    Chosen,
    Unchecked,
    Sourced,
}

impl From<Origin> for Ground {
    fn from(origin: Origin) -> Ground {
        match origin {
            Origin::Assumed => Ground::Assumed,
            Origin::Unchecked => Ground::Unchecked,
            Origin::Sourced => Ground::Sourced,
        }
    }
}

/// A parameter and what it is in this run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Value {
    pub name: String,
    /// Empty for a name of the scenario's own.
    pub model: String,
    pub doc: String,
    pub unit: String,
    /// Of the model's default; empty for a name of the scenario's own.
    pub source: String,
    pub ground: Ground,
    /// How it differs between agents; empty where it does not.
    pub spread: String,
    pub in_force: Vec<InForce>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InForce {
    /// Arm, group; empty where it holds everywhere.
    pub place: String,
    /// The centre where it varies.
    pub value: f64,
    pub by: By,
    /// What a reader found there; empty where nothing was changed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub was: String,
}

/// Who gave a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Its default.
    Model,
    Scenario,
    /// `--set`.
    Reader,
}

/// All parameters that some arm has: those that are assumed first, within that in the order of arms and models.
pub fn of(scenario: &Scenario) -> Vec<Value> {
    let root = Node::parse(&scenario.source, &mut Findings::new());
    let mut values: Vec<Value> = Vec::new();
    for (arm, text) in scenario.arms.iter().enumerate() {
        for (slot, value) in named(scenario, &text.model, root.as_ref()).into_iter().enumerate() {
            if values.iter().any(|known| known.name == value.name && known.model == value.model) {
                continue;
            }
            let arms = (arm..scenario.arms.len())
                .filter(|other| *other == arm || same(scenario, arm, *other, slot, &value));
            let in_force = in_force(scenario, root.as_ref(), &arms.collect::<Vec<_>>(), slot, &value.name);
            let chosen = in_force.iter().all(|place| place.by != By::Model);
            let ground = if chosen { Ground::Chosen } else { value.ground };
            values.push(Value { ground, spread: spread(scenario, arm, slot), in_force, ..value });
        }
    }
    values.sort_by_key(|value| value.ground);
    values
}

/// The names of an arm by slot: the model's, then the scenario's own.
fn named(scenario: &Scenario, model: &Model, root: Option<&Node>) -> Vec<Value> {
    let of_model = model.parameters.iter().map(|p| Value {
        name: p.name.clone(),
        model: model.name.clone(),
        doc: p.doc.clone(),
        unit: p.unit.label().to_owned(),
        source: p.source.clone(),
        ground: p.origin().into(),
        spread: String::new(),
        in_force: Vec::new(),
    });
    let doc = |name: &str| Some(root?.key("parameters")?.key(name)?.key("doc")?.text()?.to_owned());
    let own = scenario.own.iter().map(|(name, unit)| Value {
        name: name.clone(),
        model: String::new(),
        doc: doc(name).unwrap_or_default(),
        unit: unit.label().to_owned(),
        source: String::new(),
        ground: Ground::Chosen,
        spread: String::new(),
        in_force: Vec::new(),
    });
    of_model.chain(own).collect()
}

/// Whether another arm has the same name in the same slot.
fn same(scenario: &Scenario, arm: usize, other: usize, slot: usize, value: &Value) -> bool {
    let of = |arm: usize| &scenario.arms[arm].model;
    let own = slot >= of(arm).parameters.len();
    let place = slot.checked_sub(of(arm).parameters.len());
    of(other).name == value.model
        || own && place.is_some_and(|place| place + of(other).parameters.len() == slot)
}

fn in_force(
    scenario: &Scenario,
    root: Option<&Node>,
    arms: &[usize],
    slot: usize,
    name: &str,
) -> Vec<InForce> {
    let mut all: Vec<(usize, InForce)> = Vec::new();
    for arm in arms {
        let Some(given) = scenario.plan.arms[*arm].slots.get(slot) else { continue };
        let giver = |tables: &[String]| giver(scenario, root, tables, name);
        let of_arm = format!("arms.{}.parameters", scenario.arms[*arm].name);
        let everywhere = [of_arm.clone(), "parameters".to_owned()];
        let (by, was) = giver(&everywhere);
        all.push((*arm, InForce { place: String::new(), value: given.value, by, was }));
        for (group, value) in scenario.plan.population.groups.iter().zip(&given.by_group) {
            if *value != given.value {
                let of_group = format!("population.groups.{}.parameters", group.name);
                let (by, was) = giver(&[of_arm.clone(), of_group, "parameters".to_owned()]);
                all.push((*arm, InForce { place: format!("group {}", group.name), value: *value, by, was }));
            }
        }
    }
    let of = |arm: usize| all.iter().filter(move |(of, _)| *of == arm).map(|(_, one)| one);
    if arms.iter().all(|arm| of(*arm).eq(of(arms[0]))) {
        return of(arms[0]).cloned().collect();
    }
    let placed = all.iter().map(|(arm, one)| {
        let place = format!("arm {}, {}", scenario.arms[*arm].name, one.place);
        InForce { place: place.trim_end_matches(", ").to_owned(), ..one.clone() }
    });
    placed.collect()
}

/// Who wrote into the first of some tables that has the name, and what a reader found there.
fn giver(scenario: &Scenario, root: Option<&Node>, tables: &[String], name: &str) -> (By, String) {
    for table in tables {
        let path = format!("{table}.{name}");
        let below = format!("{path}.");
        let mut changes = scenario.changes.iter();
        if let Some(change) = changes.find(|change| change.path == path || change.path.starts_with(&below)) {
            return (By::Reader, change.was.clone());
        }
        let written = root.and_then(|root| table.split('.').try_fold(root, |node, key| node.key(key)));
        if written.is_some_and(|table| table.key(name).is_some()) {
            return (By::Scenario, String::new());
        }
    }
    (By::Model, String::new())
}

/// `log-normal, cv 0.3`; where values are not summed up so, the kind alone.
fn spread(scenario: &Scenario, arm: usize, slot: usize) -> String {
    let slot = scenario.plan.arms[arm].slots.get(slot);
    let vary = slot.and_then(|slot| Some((slot.value, scenario.plan.population.vary.get(slot.vary?)?)));
    let Some((value, vary)) = vary else { return String::new() };
    let cv = vary.spread.summary(value).cv;
    let told = if cv.is_finite() { format!(", cv {}", figures(cv)) } else { String::new() };
    format!("{}{told}", kind(&vary.spread))
}

/// A distribution in words.
pub fn kind(spread: &Spread) -> &'static str {
    match spread {
        Spread::Lognormal { .. } => "log-normal",
        Spread::Normal { .. } => "normal",
        Spread::LogitNormal { .. } => "logit-normal",
        Spread::Uniform { .. } => "uniform",
        Spread::LogUniform { .. } => "log-uniform",
        Spread::Triangular { .. } => "triangular",
        Spread::Gamma { .. } => "gamma",
        Spread::Beta { .. } => "beta",
    }
}
