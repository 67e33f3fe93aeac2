//! `[vary]`: the factors as written, with the ranges of the model where the study says no ends.
//! Knows nothing of designs but whether they are grids or lists.

use std::collections::HashMap;

use crate::diagnostic::{Finding, Findings, nearest};
use crate::document::{Entry, Node};
use crate::model::Parameter;
use crate::scenario::Scenario;
use crate::scenario::quantity::{converted, entries, quantity, texts, words};
use crate::unit::{Quantity, Unit, format_quantity};

use super::centre::{arm_of, step};
use super::factor::{Factor, Scale, Span};

/// Values of one factor, as a list or as levels.
const MOST_VALUES: i64 = 1_000_000;
/// Levels of a grid where the study does not say how many.
const LEVELS: i64 = 5;

pub(super) fn read(root: &Node, scenario: &Scenario, findings: &mut Findings) -> Vec<Factor> {
    let grid = root.key("design").is_some_and(|design| design.key("grid").is_some());
    let list = root.key("design").is_some_and(|design| design.key("list").is_some());
    let local = root.key("design").and_then(|design| design.key("local")).map(|local| step(local, findings));
    let mut all = Vec::new();
    for (name, entry) in entries(root, "vary") {
        if entry.node.table().is_some() {
            let mut one = One { name, entry, scenario, grid, list, local, findings };
            all.extend(one.factor());
        }
    }
    apart(root, &all, findings);
    if all.is_empty() && !findings.has_errors() {
        let finding = Finding::error("nothing varies").at(root.key("vary").map_or(&root.at, |node| &node.at));
        findings.push(finding.help("name a factor: `[vary]` with `NAME = {}` for the range of the model"));
    }
    all
}

/// Two factors that set one value, or one that sets the agents' luck, would vary nothing.
fn apart(root: &Node, all: &[Factor], findings: &mut Findings) {
    let at = |factor: &Factor| {
        let entry = root.key("vary").and_then(Node::table).and_then(|table| table.get(&factor.name));
        entry.map_or(&root.at, |entry| &entry.key).clone()
    };
    let mut known: HashMap<&str, &str> = HashMap::new();
    for factor in all {
        for path in &factor.paths {
            let path = short(path);
            if path == "seed" {
                let finding = Finding::error("the agents' luck is no factor").at(&at(factor));
                findings.push(finding.help("for other luck write `repeats = 5`, or `luck = \"own\"`"));
            } else if let Some(other) = known.insert(path, &factor.name).filter(|other| *other != factor.name)
            {
                let what = format!("`{other}` and `{}` set the same value", factor.name);
                findings.push(Finding::error(what).at(&at(factor)).help("leave one of them out"));
            }
        }
    }
}

/// A path without what may be left out of it.
fn short(path: &str) -> &str {
    let path = path.trim();
    let path = path.strip_suffix(".value").unwrap_or(path);
    ["parameters.", "population."].iter().find_map(|prefix| path.strip_prefix(prefix)).unwrap_or(path)
}

pub(super) struct One<'a> {
    pub(super) name: &'a str,
    pub(super) entry: &'a Entry,
    pub(super) scenario: &'a Scenario,
    grid: bool,
    list: bool,
    /// The step of a local design.
    local: Option<f64>,
    pub(super) findings: &'a mut Findings,
}

impl<'a> One<'a> {
    fn factor(&mut self) -> Option<Factor> {
        let node = &self.entry.node;
        let mut paths: Vec<String> =
            texts(node, "path", self.findings).into_iter().map(|(path, _)| path).collect();
        if paths.is_empty() {
            paths.push(self.name.to_owned());
        }
        let parameter = self.parameter(&paths[0]);
        let span = match (self.local, node.key("values")) {
            (Some(step), _) => self.around(step, &paths[0], parameter)?,
            (None, Some(values)) => self.listed(values, parameter)?,
            (None, None) => self.between(parameter)?,
        };
        let stated = node.key("from").is_some() || node.key("to").is_some() || node.key("values").is_some();
        let doc = words(node, "doc");
        Some(Factor {
            name: self.name.to_owned(),
            paths,
            doc: if doc.is_empty() { parameter.map(|p| p.doc.clone()).unwrap_or_default() } else { doc },
            source: parameter.filter(|_| !stated).map(|p| p.source.clone()).unwrap_or_default(),
            span,
        })
    }

    /// The parameter of a model that a path names.
    fn parameter(&self, path: &str) -> Option<&'a Parameter> {
        let name = path.rsplit_once("parameters.").map_or(path, |(_, name)| name);
        let scenario: &'a Scenario = self.scenario;
        let own = arm_of(path);
        let arms = scenario.arms.iter().filter(|arm| own.is_none_or(|own| own == arm.name));
        arms.flat_map(|arm| &arm.model.parameters).find(|parameter| parameter.name == name)
    }

    fn listed(&mut self, values: &Node, parameter: Option<&Parameter>) -> Option<Span> {
        for key in ["from", "to", "scale", "levels"] {
            if let Some(node) = self.entry.node.key(key) {
                let what = format!("`{}` has `values`, and `{key}` says nothing beside them", self.name);
                self.findings.push(Finding::error(what).at(&node.at).help("leave one of them out"));
            }
        }
        let list = values.list()?;
        if list.is_empty() || list.len() as i64 > MOST_VALUES {
            let what = format!("a factor has 1 to {MOST_VALUES} values");
            self.findings.push(Finding::error(what).at(&values.at));
            return None;
        }
        let quantities: Option<Vec<Quantity>> = list.iter().map(plain).collect();
        let Some(quantities) = quantities else {
            return Some(Span::Texts(list.iter().map(written).collect()));
        };
        let unit = parameter.map_or_else(|| quantities[0].unit.clone(), |parameter| parameter.unit.clone());
        let what = format!("a value of `{}`", self.name);
        let of = list.iter().zip(&quantities);
        let mut values: Vec<f64> =
            of.filter_map(|(node, q)| converted(q, &unit, &what, &node.inside(), self.findings)).collect();
        // Of a list the order is the points'. Elsewhere an effect rises or falls along the values.
        if !self.list {
            values.sort_by(f64::total_cmp);
        }
        (values.len() == list.len()).then_some(Span::Numbers { values, unit })
    }

    pub(super) fn between(&mut self, parameter: Option<&Parameter>) -> Option<Span> {
        let node = &self.entry.node;
        let written =
            ["from", "to"].map(|key| node.key(key).map(|node| (node, quantity(node, self.findings))));
        let range = parameter.and_then(|parameter| parameter.range);
        let first = written.iter().flatten().find_map(|(_, quantity)| quantity.as_ref());
        let unit = parameter.map(|p| p.unit.clone()).or_else(|| first.map(|quantity| quantity.unit.clone()));
        let Some(unit) = unit.filter(|_| range.is_some() || written.iter().all(Option::is_some)) else {
            self.findings.push(self.endless(parameter));
            return None;
        };
        let mut end = |n: usize| match &written[n] {
            Some((node, quantity)) => converted(
                quantity.as_ref()?,
                &unit,
                &format!("`{}`", self.name),
                &node.inside(),
                self.findings,
            ),
            None => range.map(|range| range[n]),
        };
        let (low, high) = (end(0)?, end(1)?);
        self.span(low, high, unit)
    }

    fn span(&mut self, low: f64, high: f64, unit: Unit) -> Option<Span> {
        let node = &self.entry.node;
        if low >= high {
            let [low, high] = [low, high].map(|value| format_quantity(value, &unit));
            let what = format!("`{}` goes from {low} to {high}", self.name);
            let at = node.key("from").or(node.key("to")).map_or(&node.at, |node| &node.at);
            self.findings
                .push(Finding::error(what).at(at).help("the lower end comes first, and they differ"));
            return None;
        }
        let scale = match node.key("scale").and_then(Node::text) {
            Some("log") if low <= 0.0 => {
                let what = format!(
                    "`{}` begins at {}, which has no logarithm",
                    self.name,
                    format_quantity(low, &unit)
                );
                let at = node.key("scale").map_or(&node.at, |node| &node.at);
                self.findings.push(
                    Finding::error(what).at(at).help("write `scale = \"linear\"`, or a lower end above 0"),
                );
                return None;
            }
            Some("linear") => Scale::Linear,
            Some("log") => Scale::Log,
            _ if low > 0.0 => Scale::Log,
            _ => Scale::Linear,
        };
        let levels = node.key("levels");
        match (self.grid, levels.map(|node| (node, node.whole().unwrap_or(LEVELS)))) {
            (true, Some((_, count))) if (2..=MOST_VALUES).contains(&count) => {
                Some(Span::Levels { low, high, scale, unit, levels: count.unsigned_abs() })
            }
            (true, Some((node, _))) => {
                let what = format!("a grid has 2 to {MOST_VALUES} levels between two ends");
                self.findings.push(Finding::error(what).at(&node.at));
                None
            }
            (true, None) => Some(Span::Levels { low, high, scale, unit, levels: LEVELS.unsigned_abs() }),
            (false, Some((node, _))) => {
                let finding = Finding::error("`levels` belong to a grid").at(&node.at);
                self.findings.push(finding.help("leave it out, or write `design = { grid = {} }`"));
                None
            }
            (false, None) => Some(Span::Between { low, high, scale, unit }),
        }
    }

    /// A factor without ends.
    fn endless(&self, parameter: Option<&Parameter>) -> Finding {
        let finding = Finding::error(format!("`{}` has no ends", self.name)).at(&self.entry.key);
        let help = "write `from` and `to`, or `values`";
        if parameter.is_some() {
            return finding.because("the model states no range for it", None).help(help);
        }
        let parameters = self.scenario.arms.iter().flat_map(|arm| &arm.model.parameters);
        let known = parameters.map(|parameter| parameter.name.as_str());
        match nearest(self.name, known) {
            Some(name) => finding
                .because("it is no parameter of the model, so there is no range to take them from", None)
                .help(format!("did you mean `{name}`? else {help}")),
            None => finding.help(help),
        }
    }
}

/// A number or a text that is a quantity.
fn plain(node: &Node) -> Option<Quantity> {
    match node.number() {
        Some(value) => Some(Quantity { value, unit: Unit::one() }),
        None => Quantity::parse(node.text()?).ok(),
    }
}

/// A value as it is written after `--set`.
fn written(node: &Node) -> String {
    node.text().map_or_else(|| node.at.text().to_owned(), str::to_owned)
}
