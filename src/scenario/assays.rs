//! Responses at moments of each arm that has them.
//! Knows nothing of how curves are computed.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::engine::levels;
use crate::measure::ArmScope;
use crate::model::{Form, Model, Probe, Response};

use super::quantity::{entries, items, texts, words};
use super::{AssayText, Stat, arms, statistic};

const POINTS: i64 = 49;
/// Of a challenge, of which each costs a life.
const CHALLENGED: i64 = 13;
const MOST_POINTS: i64 = 1000;

/// All assays of all arms; moments must be in one arm at least.
pub(super) fn read(root: &Node, scopes: &mut [ArmScope], findings: &mut Findings) -> Vec<AssayText> {
    let mut all: Vec<AssayText> = Vec::new();
    for node in items(root, "assay") {
        let names: Vec<String> = scopes.iter().map(|scope| scope.name.clone()).collect();
        let chosen = arms::filter(node, &names, findings);
        let points = points(node, findings);
        let stats = statistic::read(node, findings);
        let Some(response) = node.key("response").filter(|node| node.text().is_some()) else { continue };
        if let Some(none) = node.key("at").filter(|at| at.list().is_some_and(<[Node]>::is_empty)) {
            let finding = Finding::error("this assay is taken at no moment").at(&none.at);
            findings.push(finding.help("name one at least: `at = [\"rest\", \"end of exposure\"]`"));
        }
        for (moment, at) in texts(node, "at", findings) {
            let (mut missing, mut found) = (None, false);
            for arm in chosen.iter().copied() {
                match one(&mut scopes[arm], response, &moment, &at, points) {
                    Err(finding) => missing = missing.or(Some(finding)),
                    Ok((assay, position)) => {
                        found = true;
                        if all.iter().any(|known| known.arm == arm && known.assay == assay) {
                            let what = format!(
                                "`{}` at `{}` is taken twice",
                                words(node, "response"),
                                moment.trim()
                            );
                            findings.push(Finding::error(what).at(&at).help("leave one of them out"));
                            continue;
                        }
                        let (model, response) = (&scopes[arm].model, &scopes[arm].responses[position]);
                        all.push(told(arm, assay, &moment, node, model, response, stats.clone()));
                    }
                }
            }
            findings.append(missing.filter(|_| !found && !unread(root, scopes, response)));
        }
    }
    all
}

/// Whether a response stands among those of the scenario and could be read for no arm, which has been said.
fn unread(root: &Node, scopes: &[ArmScope], response: &Node) -> bool {
    let name = response.text().unwrap_or_default().trim();
    let known = |scope: &ArmScope| scope.responses.iter().any(|response| response.name == name);
    entries(root, "responses").any(|(declared, _)| declared == name) && !scopes.iter().any(known)
}

/// The moment under which `response` of `node` is told in an arm: where no `[[assay]]` takes it, it is taken.
pub(super) fn taken(
    all: &mut Vec<AssayText>,
    (scopes, arm): (&mut [ArmScope], usize),
    node: &Node,
    (moment, at): (&str, &Span),
) -> Result<String, Finding> {
    let name = words(node, "response").trim().to_owned();
    let same = |known: &AssayText| known.arm == arm && known.response == name;
    let median = Stat::Quantile(0.5);
    if let Some(known) = all.iter_mut().find(|known| same(known) && known.moment == moment.trim()) {
        if !known.stats.contains(&median) {
            known.stats.push(median);
        }
        return Ok(known.moment.clone());
    }
    let response = node.key("response").unwrap_or(node);
    let (assay, position) = one(&mut scopes[arm], response, moment, at, None)?;
    if let Some(known) = all.iter().find(|known| same(known) && known.assay == assay) {
        return Ok(known.moment.clone());
    }
    let stats = statistic::usual();
    let scope = &scopes[arm];
    all.push(told(arm, assay, moment, node, &scope.model, &scope.responses[position], stats));
    Ok(moment.trim().to_owned())
}

fn points(node: &Node, findings: &mut Findings) -> Option<i64> {
    let node = node.key("points")?;
    let points = node.whole()?;
    if (2..=MOST_POINTS).contains(&points) {
        return Some(points);
    }
    findings.push(Finding::error(format!("a curve has 2 to {MOST_POINTS} points")).at(&node.at));
    None
}

/// Position of the assay in the arm, and of the response among the arm's.
fn one(
    scope: &mut ArmScope,
    response: &Node,
    moment: &str,
    moment_at: &Span,
    points: Option<i64>,
) -> Result<(usize, usize), Finding> {
    let name = response.text().unwrap_or_default().trim();
    let base = name.rsplit('.').next().unwrap_or(name);
    let base = scope.alias.iter().find(|(common, _)| common == base).map_or(base, |(_, real)| real);
    let position = scope.responses.iter().position(|response| response.name == base);
    let levels = position.map(|position| {
        let of = &scope.responses[position];
        let usual = if matches!(of.form, Form::Challenge { .. }) { CHALLENGED } else { POINTS };
        levels(of.range, points.unwrap_or(usual) as usize)
    });
    let assay = scope.assay(name, &response.inside(), moment, moment_at, &levels.unwrap_or_default())?;
    Ok((assay, position.unwrap_or(0)))
}

fn told(
    arm: usize,
    assay: usize,
    moment: &str,
    node: &Node,
    model: &Model,
    response: &Response,
    stats: Vec<Stat>,
) -> AssayText {
    let probe_doc = match response.probe {
        Probe::Input(input) => model.inputs[input].doc.clone(),
        Probe::State(state) => model.states[state].doc.clone(),
        Probe::New => String::new(),
    };
    let doc = Some(words(node, "doc")).filter(|doc| !doc.is_empty());
    AssayText {
        arm,
        assay,
        moment: moment.trim().to_owned(),
        response: words(node, "response").trim().to_owned(),
        form: response.form.words(),
        doc: doc.unwrap_or_else(|| response.doc.clone()),
        probe: response.probe_name.clone(),
        probe_doc,
        probe_unit: response.probe_unit.clone(),
        unit: response.unit.clone(),
        topped: response.top.is_some(),
        stats,
    }
}
