//! Values that a reader changes: `PATH=VALUE` set in the tree of a scenario before anything is checked.
//! Knows nothing of what the values mean.

use std::sync::Arc;

use crate::diagnostic::{Finding, Findings, Source};
use crate::document::{self, Kind, Need, Node, Shape};
use crate::model::Model;
use crate::unit::format_quantity;

use super::Change;
use super::keys::{POPULATION, SCENARIO};

/// Changes a tree, one argument after the other; what cannot be changed is told.
pub(super) fn apply(root: &mut Node, arguments: &[Source], findings: &mut Findings) -> Vec<Change> {
    let all = arguments.iter().filter_map(|argument| {
        let change = one(root, argument);
        findings.take(change)
    });
    all.collect()
}

fn one(root: &mut Node, argument: &Source) -> Result<Change, Finding> {
    let text = argument.text();
    let Some((path, value)) = text.split_once('=') else {
        return Err(Finding::error(format!("`{}` changes nothing", cut(text)))
            .at(&argument.span(0..text.len()))
            .because("a change is a path and a value with `=` between them", None)
            .help("write, for example, `kdeg=0.06 1/h` or `population.agents=100`"));
    };
    let path = full(path.trim(), argument)?;
    // Places point into the argument with its full path, so that they fit what is shown.
    let argument = Source::new(argument.name(), format!("{path}={value}"));
    let was = document::at_path(root, &path).map(told).unwrap_or_default();
    document::set(root, &path, value, &argument)?;
    let was = if was.is_empty() { default_of(&path).unwrap_or_default().to_owned() } else { was };
    Ok(Change { path, now: value.trim().to_owned(), was })
}

/// A bare `kdeg` is `parameters.kdeg`; `agents`, `seed`, `vary.…` belong to the population.
fn full(path: &str, argument: &Source) -> Result<String, Finding> {
    let first = path.split('.').next().unwrap_or_default().trim();
    if SCENARIO.key(first).is_some() {
        return Ok(path.to_owned());
    }
    if POPULATION.key(first).is_some() {
        return Ok(format!("population.{path}"));
    }
    if !path.contains('.') && !path.is_empty() {
        return Ok(format!("parameters.{path}"));
    }
    let start = argument.text().find(first).unwrap_or(0);
    let known = SCENARIO.keys.iter().chain(POPULATION.keys).map(|key| key.name);
    Err(Finding::error(format!("a scenario has no `{}`", cut(first)))
        .at(&argument.span(start..start + first.len()))
        .nearest(first, known))
}

fn told(node: &Node) -> String {
    match node.text() {
        Some(text) => cut(text),
        None => document::shown(node),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The number that holds where a key is not written.
fn default_of(path: &str) -> Option<&'static str> {
    let mut shape: &'static Shape = &SCENARIO;
    let mut steps = path.split('.');
    let last = steps.next_back()?;
    for step in steps {
        let Kind::Table(inner) = shape.key(step)?.kind else { return None };
        shape = inner;
    }
    let key = shape.key(last)?;
    match (key.kind, key.need) {
        (Kind::Whole | Kind::Number, Need::Default(text)) => Some(text),
        _ => None,
    }
}

/// What stood in the model, for parameters that nothing in the file said.
pub(super) fn complete(changes: &mut [Change], root: &Node, models: &[Arc<Model>]) {
    for change in changes.iter_mut().filter(|change| change.was.is_empty()) {
        let mut steps = change.path.rsplit('.');
        let (Some(name), Some("parameters")) = (steps.next(), steps.next()) else { continue };
        let common = root.key("parameters").filter(|_| steps.next().is_some());
        let in_file =
            common.and_then(|common| common.key(name)).map(|node| told(node.key("value").unwrap_or(node)));
        let in_model = || {
            let parameter =
                models.iter().find_map(|model| model.parameters.iter().find(|p| p.name == name))?;
            Some(format_quantity(parameter.value, &parameter.unit))
        };
        change.was = in_file.or_else(in_model).unwrap_or_default();
    }
}

/// Why a change cannot be made, if so.
pub(super) fn problem(root: &Node, models: &[Arc<Model>], text: &str) -> Option<String> {
    let mut changed = root.clone();
    let change = match one(&mut changed, &Source::new("", text)) {
        Ok(change) => change,
        Err(finding) => return Some(finding.what),
    };
    if let Some(name) = change.path.strip_prefix("parameters.") {
        let name = name.trim_end_matches(".value");
        let in_file = root.key("parameters").is_some_and(|common| common.key(name).is_some());
        let has = |model: &Arc<Model>| model.parameters.iter().any(|p| p.name == name);
        if !in_file && !models.iter().any(has) {
            return Some(format!("there is no parameter `{name}`"));
        }
    }
    let wrong = |root: &Node| {
        let mut findings = Findings::new();
        document::check(root, &SCENARIO, &mut findings);
        findings.into_vec()
    };
    let before: Vec<String> = wrong(root).into_iter().map(|finding| finding.what).collect();
    wrong(&changed).into_iter().map(|finding| finding.what).find(|what| !before.contains(what))
}
