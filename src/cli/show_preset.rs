//! What is in a scenario: question, arms and phases as written, parameters, distributions, instruments, measures, claims.
//! Knows scenarios; runs nothing.

use super::Stop;
use super::inputs::{self, Named};
use super::told;
use super::words::{aligned, wrapped};
use crate::diagnostic::Findings;
use crate::document::{Node, shown};
use crate::report::kind;
use crate::report::number::{agents, figures, unit};
use crate::scenario::Scenario;

/// A scenario as text.
pub fn told(named: &Named) -> Result<String, Stop> {
    let files = inputs::files(&named.base);
    let scenario = Scenario::read(&named.name, &named.source, &[], &files)?;
    let root = Node::parse(&named.source, &mut Findings::new());
    let mut text = format!("{}: {}\n{}", scenario.name, scenario.title, wrapped(&scenario.doc, 0));
    text.push_str(&format!("\n{}", told::cautions(&scenario)));
    text.push_str(&told::question(&scenario));
    let population = &scenario.plan.population;
    text.push_str(&format!("\n{}, seed {}\n", agents(population.agents), population.seed));
    for arm in &scenario.arms {
        let title = if arm.title.is_empty() { String::new() } else { format!(": {}", arm.title) };
        text.push_str(&format!("\nArm {}{title}, model {}\n", arm.name, arm.model.name));
        let at = root.as_ref().and_then(|root| root.key("arms")?.key(&arm.name)?.key("phases"));
        text.push_str(&aligned(&at.map_or(Vec::new(), |phases| phase_rows(phases, "")), 2));
    }
    let mut section = |title: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            text.push_str(&format!("\n{title}\n{}", aligned(&rows, 2)));
        }
    };
    section("Parameters of the scenario", root.as_ref().map_or(Vec::new(), parameter_rows));
    section("Differences between agents", spreads(&scenario));
    section("Groups", groups(&scenario));
    section("Instruments (simulated; what each asks about)", instruments(&scenario));
    section("Measures", measures(&scenario));
    section("Claims", claims(&scenario));
    Ok(text)
}

/// Phases as written: name, duration, what is given; those of a repeat are indented below it.
fn phase_rows(phases: &Node, indent: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for phase in phases.list().unwrap_or_default() {
        let text = |key: &str| {
            phase
                .key(key)
                .map_or(String::new(), |node| node.text().map_or_else(|| shown(node), str::to_owned))
        };
        if let Some(inner) = phase.key("phases") {
            rows.push(vec![
                format!("{indent}{} times {}", text("repeat"), text("name")).trim_end().to_owned(),
            ]);
            rows.extend(phase_rows(inner, &format!("{indent}  ")));
            continue;
        }
        let given =
            phase.table().into_iter().flatten().filter(|(key, _)| !["name", "for"].contains(&key.as_str()));
        let given: Vec<String> = given
            .map(|(key, entry)| {
                let value = entry.node.text().map_or_else(|| shown(&entry.node), str::to_owned);
                format!("{key} = {value}")
            })
            .collect();
        rows.push(vec![format!("{indent}{}", text("name")), text("for"), given.join("; ")]);
    }
    rows
}

fn parameter_rows(root: &Node) -> Vec<Vec<String>> {
    let parameters = root.key("parameters").and_then(Node::table).into_iter().flatten();
    parameters
        .map(|(name, entry)| {
            let node = &entry.node;
            let value = node.key("value").unwrap_or(node);
            let value = value.text().map_or_else(|| shown(value), str::to_owned);
            let doc = node.key("doc").and_then(Node::text).unwrap_or_default();
            vec![name.clone(), value, doc.to_owned()]
        })
        .collect()
}

/// What varies: kind, median, cv, sdlog, around the value in force in the first arm that has it.
fn spreads(scenario: &Scenario) -> Vec<Vec<String>> {
    let head = ["parameter", "distribution", "median", "cv", "sdlog"].map(str::to_owned).to_vec();
    let mut rows = vec![head];
    for (at, vary) in scenario.plan.population.vary.iter().enumerate() {
        let slots = scenario.plan.arms.iter().zip(&scenario.arms);
        let found = slots.into_iter().find_map(|(arm, text)| {
            let slot = arm.slots.iter().position(|slot| slot.vary == Some(at))?;
            let known = text.model.parameters.iter().find(|p| p.name == vary.parameter);
            let label = known.map(|p| p.unit.label().to_owned());
            let own = scenario.own.iter().find(|(name, _)| *name == vary.parameter);
            let own_label = || own.map(|(_, unit)| unit.label().to_owned());
            Some((arm.slots[slot].value, label.or_else(own_label).unwrap_or_default()))
        });
        let (value, label) = found.unwrap_or((f64::NAN, String::new()));
        let summary = vary.spread.summary(value);
        let number = |value: f64| if value.is_nan() { "-".to_owned() } else { figures(value) };
        rows.push(vec![
            vary.parameter.clone(),
            kind(&vary.spread).to_owned(),
            format!("{}{}", number(summary.median), unit(&label)),
            number(summary.cv),
            number(summary.sdlog),
        ]);
    }
    if rows.len() == 1 { Vec::new() } else { rows }
}

fn groups(scenario: &Scenario) -> Vec<Vec<String>> {
    let row = |group: &crate::population::Group| {
        let values: Vec<String> =
            group.parameters.iter().map(|(name, value)| format!("{name} = {}", figures(*value))).collect();
        vec![group.name.clone(), format!("{} % of agents", figures(100.0 * group.share)), values.join(", ")]
    };
    scenario.plan.population.groups.iter().map(row).collect()
}

fn instruments(scenario: &Scenario) -> Vec<Vec<String>> {
    let row = |text: &crate::scenario::InstrumentText| {
        vec![text.name.clone(), text.latent.clone(), text.doc.clone()]
    };
    scenario.instruments.iter().map(row).collect()
}

fn measures(scenario: &Scenario) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for measure in &scenario.measures {
        if rows.last().is_none_or(|row| row[0] != measure.name) {
            rows.push(vec![measure.name.clone(), format!("[{}]", measure.unit.label()), measure.doc.clone()]);
        }
    }
    rows
}

fn claims(scenario: &Scenario) -> Vec<Vec<String>> {
    let row = |text: &crate::scenario::ClaimText| {
        let tag = if text.assumed { "assumed" } else { "emergent" };
        let fails = match text.fails_with.as_str() {
            "" => String::new(),
            change => format!(" (fails with {change})"),
        };
        vec![text.claim.name.clone(), tag.to_owned(), format!("{}{fails}", text.claim.say)]
    };
    scenario.claims.iter().map(row).collect()
}
