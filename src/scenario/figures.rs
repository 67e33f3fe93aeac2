//! `[[figure]]`: figures that a scenario asks for, and the records and assays that they need.
//! Knows nothing of how they are drawn.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::expression::{Part, Syntax, parse};
use crate::measure::{ArmScope, Bench};
use crate::population::Population;

use super::figure_records::Request;
use super::quantity::{items, texts, title, words};
use super::records::{Recorder, named};
use super::{AssayText, MeasureText, arms, assays};

/// A figure that the scenario asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureText {
    /// Empty: the figure says itself what it shows.
    pub title: String,
    /// Names of the arms that are drawn.
    pub arms: Vec<String>,
    pub asked: Asked,
}

/// What a figure draws.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    Decomposition {
        total: Plotted,
        parts: Vec<Plotted>,
    },
    PhasePortrait {
        x: Plotted,
        y: Plotted,
    },
    /// `phase` is empty where the measure counts from no phase.
    Recovery {
        measure: String,
        phase: String,
        by_group: bool,
    },
    Archetypes {
        panels: Vec<Swept>,
    },
    Scales {
        what: Vec<Plotted>,
        by_group: bool,
    },
}

/// A recorded quantity, as `summary.csv` writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plotted {
    pub what: String,
    pub window: String,
}

/// An acute curve before and after, as `assays.csv` writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Swept {
    pub title: String,
    pub arm: String,
    pub response: String,
    pub before: String,
    pub after: String,
}

/// A figure with its place in the file.
pub(super) type Placed = (usize, FigureText);

/// Keys that a kind must have, and those that it may have beside `kind` and `title`.
const KINDS: [(&str, &[&str], &[&str]); 5] = [
    ("decomposition", &["total", "parts"], &["arms"]),
    ("phase_portrait", &["x", "y"], &["arms", "relative"]),
    ("recovery", &["measure"], &["arms", "by", "phase"]),
    ("archetypes", &["panels"], &["before", "after"]),
    ("scales", &["what"], &["arms", "by", "relative"]),
];
/// Panels, parts or quantities of one figure.
const MOST: usize = 12;

/// Figures of one kind that have the keys of their kind, with their places.
fn of_kind<'n>(root: &'n Node, kind: &'static str) -> impl Iterator<Item = (usize, &'n Node)> {
    let own = move |(_, node): &(usize, &Node)| node.key("kind").and_then(Node::text) == Some(kind);
    items(root, "figure").iter().enumerate().filter(own)
}

/// Keys that are missing or belong to another kind. Whether all needed are there.
fn keys_fit(node: &Node, findings: &mut Findings) -> bool {
    let kind = node.key("kind").and_then(Node::text).unwrap_or_default();
    let Some((_, needed, others)) = KINDS.iter().find(|(name, ..)| *name == kind) else { return false };
    for (name, entry) in node.table().into_iter().flatten() {
        let known = ["kind", "title"].iter().chain(*needed).chain(*others).any(|key| key == name);
        // A key that no figure has was told when the file was checked.
        if !known && KINDS.iter().any(|(_, a, b)| a.iter().chain(*b).any(|key| key == name)) {
            let what = format!("`{name}` is not a key of a figure of kind `{kind}`");
            let all: Vec<String> =
                needed.iter().chain(*others).chain(&["title"]).map(|key| format!("`{key}`")).collect();
            findings
                .push(Finding::error(what).at(&entry.key).help(format!("it may have {}", all.join(", "))));
        }
    }
    let mut whole = true;
    for key in needed.iter().filter(|key| node.key(key).is_none()) {
        whole = false;
        findings.push(Finding::error(format!("a figure of kind `{kind}` needs `{key}`")).at(&node.at));
    }
    whole
}

/// Decompositions, phase portraits and scales; what they draw and nothing records is recorded.
pub(super) fn of_quantities(
    root: &Node,
    recorder: &mut Recorder,
    population: &Population,
    findings: &mut Findings,
) -> Vec<Placed> {
    let mut all = Vec::new();
    for (place, node) in items(root, "figure").iter().enumerate() {
        if keys_fit(node, findings)
            && let Some(figure) = of_quantity(node, recorder, population, findings)
        {
            all.push((place, figure));
        }
    }
    all
}

fn of_quantity(
    node: &Node,
    recorder: &mut Recorder,
    population: &Population,
    findings: &mut Findings,
) -> Option<FigureText> {
    let kind = node.key("kind").and_then(Node::text)?;
    let keys: &[&str] = match kind {
        "decomposition" => &["total", "parts"],
        "phase_portrait" => &["x", "y"],
        "scales" => &["what"],
        _ => return None,
    };
    let names: Vec<String> = recorder.scopes.iter().map(|scope| scope.name.clone()).collect();
    let chosen = arms::filter(node, &names, findings);
    let wanted: Vec<(String, Span)> = keys.iter().flat_map(|key| texts(node, key, findings)).collect();
    let most = MOST + usize::from(kind == "decomposition");
    if wanted.len() < keys.len() || wanted.len() > most {
        let last = node.key(keys[keys.len() - 1]).unwrap_or(node);
        let what = format!("a figure of kind `{kind}` draws 1 to {MOST} quantities here");
        findings.push(Finding::error(what).at(&last.at));
        return None;
    }
    let relative = node.key("relative").and_then(Node::flag).unwrap_or(false);
    let mut quantities = Vec::new();
    for (text, at) in &wanted {
        let syntax = findings.take(parse(text, at))?;
        let (name, syntax) = findings.take(named(text.trim(), syntax, relative))?;
        quantities.push((name, syntax));
    }
    let mut request = Request { recorder, node, arms: &chosen, quantities, kind };
    let plotted = request.all(findings)?;
    let arms: Vec<String> = chosen.iter().map(|arm| names[*arm].clone()).collect();
    let by_group = by_group(node, population, findings);
    if kind == "scales" && by_group && arms.len() > 1 {
        let finding = Finding::error("scales by group draw one arm").at(&node.at);
        findings.push(finding.help(format!("name it: `arms = \"{}\"`", arms[0])));
    }
    let mut plotted = plotted.into_iter();
    let asked = match kind {
        "decomposition" => Asked::Decomposition { total: plotted.next()?, parts: plotted.collect() },
        "phase_portrait" => Asked::PhasePortrait { x: plotted.next()?, y: plotted.next()? },
        _ => Asked::Scales { what: plotted.collect(), by_group },
    };
    Some(FigureText { title: title(node, findings), arms, asked })
}

fn by_group(node: &Node, population: &Population, findings: &mut Findings) -> bool {
    let Some(by) = node.key("by").filter(|by| by.text() == Some("group")) else { return false };
    if population.groups.is_empty() {
        let finding = Finding::error("the population has no groups").at(&by.at);
        findings.push(finding.help("write them under `[population]`: `groups.slow = { share = 0.5 }`"));
    }
    true
}

/// Figures of recovery. Their keys have been checked.
pub(super) fn of_measures(
    root: &Node,
    bench: &Bench,
    told: &[MeasureText],
    population: &Population,
    findings: &mut Findings,
) -> Vec<Placed> {
    let names: Vec<String> = bench.arms.iter().map(|scope| scope.name.clone()).collect();
    let mut all = Vec::new();
    for (place, node) in of_kind(root, "recovery") {
        let chosen = arms::filter(node, &names, findings);
        let by_group = by_group(node, population, findings);
        let Some((name, at)) = texts(node, "measure", findings).into_iter().next() else { continue };
        let Some(measure) = bench.measures.iter().find(|measure| measure.name == name) else {
            let finding = Finding::error(format!("there is no measure `{name}`")).at(&at);
            findings.push(finding.nearest(&name, bench.measures.iter().map(|m| m.name.as_str())));
            continue;
        };
        let of_measure = || told.iter().filter(|text| text.name == name);
        if let Some(text) = of_measure().find(|text| text.unit.in_microseconds().is_none()) {
            let what = format!("`{name}` is no time: it is in {}", text.unit.label());
            let finding = Finding::error(what).at(&at);
            findings.push(finding.help("recovery needs a time, such as `first(x > 0.95 [rest])`"));
            continue;
        }
        if node.key("arms").is_some()
            && let Some(arm) =
                chosen.iter().find(|arm| of_measure().all(|t| t.arm.is_some_and(|a| a != **arm)))
        {
            findings.push(Finding::error(format!("arm `{}` has no measure `{name}`", names[*arm])).at(&at));
            continue;
        }
        let Some(phase) = phase_of(node, &measure.syntax, &bench.arms, findings) else { continue };
        let arms = chosen.iter().map(|arm| names[*arm].clone()).collect();
        let asked = Asked::Recovery { measure: name, phase, by_group };
        all.push((place, FigureText { title: title(node, findings), arms, asked }));
    }
    all
}

/// The phase that is written, or the first that the measure names, or none. `None` with a finding.
fn phase_of(node: &Node, syntax: &Syntax, scopes: &[ArmScope], findings: &mut Findings) -> Option<String> {
    let names: Vec<&str> = scopes.iter().flat_map(|s| &s.phases).map(|(name, _)| name.as_str()).collect();
    let Some((text, at)) = texts(node, "phase", findings).into_iter().next() else {
        return Some(phase_in(syntax, &names).unwrap_or_default());
    };
    if names.contains(&text.as_str()) {
        return Some(text);
    }
    findings.push(Finding::error(format!("there is no phase `{text}`")).at(&at).nearest(&text, names));
    None
}

fn phase_in(syntax: &Syntax, names: &[&str]) -> Option<String> {
    let of_all = |all: &[Syntax]| all.iter().find_map(|part| phase_in(part, names));
    match &syntax.part {
        Part::At(inner, moment, _) => match names.contains(&moment.trim()) {
            true => Some(moment.trim().to_owned()),
            false => phase_in(inner, names),
        },
        Part::Negative(inner) => phase_in(inner, names),
        Part::Binary(_, a, b) | Part::Compare(_, a, b) => phase_in(a, names).or_else(|| phase_in(b, names)),
        Part::Call(_, all) | Part::And(all) => of_all(all),
        Part::Number(_) | Part::Quantity(..) | Part::Name(_) => None,
    }
}

/// Figures of archetypes; curves that no `[[assay]]` takes are taken.
pub(super) fn of_assays(
    root: &Node,
    scopes: &mut [ArmScope],
    taken: &mut Vec<AssayText>,
    findings: &mut Findings,
) -> Vec<Placed> {
    let mut all = Vec::new();
    for (place, node) in of_kind(root, "archetypes") {
        let list = items(node, "panels");
        if node.key("panels").is_some() && !(1..=MOST).contains(&list.len()) {
            let what = format!("a figure of archetypes has 1 to {MOST} panels");
            findings.push(Finding::error(what).at(&node.key("panels").unwrap_or(node).at));
        }
        let panels: Vec<Swept> =
            list.iter().filter_map(|panel| swept(node, panel, scopes, taken, findings)).collect();
        let mut arms: Vec<String> = panels.iter().map(|panel| panel.arm.clone()).collect();
        arms.dedup();
        all.push((
            place,
            FigureText { title: title(node, findings), arms, asked: Asked::Archetypes { panels } },
        ));
    }
    all
}

fn swept(
    figure: &Node,
    panel: &Node,
    scopes: &mut [ArmScope],
    taken: &mut Vec<AssayText>,
    findings: &mut Findings,
) -> Option<Swept> {
    let (name, at) = texts(panel, "arm", findings).into_iter().next()?;
    panel.key("response").and_then(Node::text)?;
    let Some(arm) = scopes.iter().position(|scope| scope.name == name) else {
        let finding = Finding::error(format!("there is no arm `{name}`")).at(&at);
        findings.push(finding.nearest(&name, scopes.iter().map(|scope| scope.name.as_str())));
        return None;
    };
    let mut moment = |key: &str| {
        let owner = if panel.key(key).is_some() { panel } else { figure };
        let (text, at) = match texts(owner, key, findings).into_iter().next() {
            Some(written) => written,
            None if key == "before" => ("rest".to_owned(), panel.at.clone()),
            None => {
                let finding = Finding::error("this panel has no moment of its second curve").at(&panel.at);
                findings.push(
                    finding.help("write `after` here or for the figure: `after = \"end of exposure\"`"),
                );
                return None;
            }
        };
        findings.take(assays::taken(taken, (scopes, arm), panel, (&text, &at)))
    };
    let (before, after) = (moment("before")?, moment("after")?);
    let response = words(panel, "response").trim().to_owned();
    Some(Swept { title: title(panel, findings), arm: name, response, before, after })
}
