//! Acute responses at moments of each arm that has them.
//! Knows nothing of how curves are computed.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::math::{exp, ln};
use crate::measure::ArmScope;
use crate::model::{Model, Probe, Response};

use super::quantity::{items, texts, words};
use super::{AssayText, Stat, arms, statistic};

const POINTS: i64 = 49;
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
                        let model = scopes[arm].model.clone();
                        all.push(told(
                            arm,
                            assay,
                            &moment,
                            node,
                            &model,
                            &model.responses[position],
                            stats.clone(),
                        ));
                    }
                }
            }
            findings.append(missing.filter(|_| !found));
        }
    }
    all
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
    let (assay, position) = one(&mut scopes[arm], response, moment, at, POINTS)?;
    if let Some(known) = all.iter().find(|known| same(known) && known.assay == assay) {
        return Ok(known.moment.clone());
    }
    let model = scopes[arm].model.clone();
    let stats = statistic::usual();
    all.push(told(arm, assay, moment, node, &model, &model.responses[position], stats));
    Ok(moment.trim().to_owned())
}

fn points(node: &Node, findings: &mut Findings) -> i64 {
    let Some(node) = node.key("points") else { return POINTS };
    match node.whole() {
        Some(points) if (2..=MOST_POINTS).contains(&points) => points,
        Some(_) => {
            findings.push(Finding::error(format!("a curve has 2 to {MOST_POINTS} points")).at(&node.at));
            POINTS
        }
        None => POINTS,
    }
}

/// Position of the assay in the arm, and of the response in the model.
fn one(
    scope: &mut ArmScope,
    response: &Node,
    moment: &str,
    moment_at: &Span,
    points: i64,
) -> Result<(usize, usize), Finding> {
    let name = response.text().unwrap_or_default().trim();
    let base = name.rsplit('.').next().unwrap_or(name);
    let base = scope.alias.iter().find(|(common, _)| common == base).map_or(base, |(_, real)| real);
    let position = scope.model.responses.iter().position(|response| response.name == base);
    let levels = position.map(|position| levels(scope.model.responses[position].range, points));
    let assay = scope.assay(name, &response.inside(), moment, moment_at, &levels.unwrap_or_default())?;
    Ok((assay, position.unwrap_or(0)))
}

/// Even on the logarithmic scale; the ends are exact.
fn levels([low, high]: [f64; 2], points: i64) -> Vec<f64> {
    let last = points - 1;
    let step = (ln(high) - ln(low)) / last as f64;
    let level = |point: i64| match point {
        0 => low,
        point if point == last => high,
        point => exp(ln(low) + point as f64 * step),
    };
    (0..points).map(level).collect()
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
        doc: doc.unwrap_or_else(|| response.doc.clone()),
        probe: response.probe_name.clone(),
        probe_doc,
        probe_unit: response.probe_unit.clone(),
        unit: response.unit.clone(),
        topped: response.top.is_some(),
        stats,
    }
}
