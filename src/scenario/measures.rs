//! Measures and claims as written, and ready to be computed and judged.
//! Knows nothing of runs.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::expression::{Syntax, parse};
use crate::measure::{Bench, Claim, Measure};
use crate::model::Model;

use super::quantity::{entries, items, share, unit, words};
use super::{Asking, ClaimText, MeasureText, TotalText, change};

/// Each is computed in every arm and looked for by every other.
const MOST: usize = 2000;

/// `[measures]` in the order of the file; without those whose text is broken, which has been said.
pub(super) fn read(root: &Node, findings: &mut Findings) -> Vec<Measure> {
    let mut all = Vec::new();
    let count = entries(root, "measures").count();
    if count > MOST {
        let at = root.key("measures").map_or(&root.at, |node| &node.at);
        findings.push(
            Finding::error(format!("there are {count} measures, and a scenario has at most {MOST}")).at(at),
        );
        return all;
    }
    for (name, entry) in entries(root, "measures") {
        let node = &entry.node;
        let Some(syntax) = expression(node.key("value").unwrap_or(node), findings) else { continue };
        let unit = node.key("unit").and_then(|node| unit(node, findings));
        all.push(Measure { name: name.to_owned(), syntax, doc: words(node, "doc"), unit });
    }
    all
}

fn expression(node: &Node, findings: &mut Findings) -> Option<Syntax> {
    node.text()?;
    let (text, at) = findings.take(node.exact_text())?;
    findings.take(parse(text, &at))
}

/// Measures in every arm that has their moments.
pub(super) fn compiled(bench: &mut Bench, findings: &mut Findings) -> Vec<MeasureText> {
    let compiled = bench.compile_measures(findings);
    let told = compiled.into_iter().map(|compiled| {
        let measure = &bench.measures[compiled.measure];
        MeasureText {
            name: measure.name.clone(),
            doc: measure.doc.clone(),
            arm: compiled.arm,
            outcome: compiled.outcome,
            own: compiled.unit.clone(),
            unit: compiled.unit,
        }
    });
    told.collect()
}

/// A claim on its way.
pub(super) struct Written {
    claim: Claim,
    assumed: bool,
    fails_with: String,
}

/// `[[claim]]` in the order of the file.
pub(super) fn claims(root: &Node, findings: &mut Findings) -> Vec<Written> {
    let mut known: HashMap<&str, &Span> = HashMap::new();
    let mut all = Vec::new();
    for node in items(root, "claim") {
        if let Some((name, at)) = node.key("name").and_then(|node| Some((node.text()?, &node.at))) {
            if let Some(first) = known.insert(name, at) {
                let finding = Finding::error(format!("two claims are called `{name}`")).at(at);
                findings.push(finding.because("the other one stands here", Some(first)));
            }
            if name.is_empty() || name.contains(['{', '}', '\n']) || name.trim() != name {
                let finding = Finding::error("the lesson cannot cite a claim of this name").at(at);
                findings.push(finding.help("use letters, digits and `_`"));
            }
        }
        let share = node.key("share").map_or(Some(1.0), |node| share(node, findings));
        let Some(syntax) = node.key("that").and_then(|node| expression(node, findings)) else { continue };
        let claim =
            Claim { name: words(node, "name"), say: words(node, "say"), syntax, share: share.unwrap_or(1.0) };
        all.push(Written {
            claim,
            assumed: node.key("tag").and_then(Node::text) == Some("assumed"),
            fails_with: words(node, "fails_with"),
        });
    }
    all
}

/// Names by which a lesson may cite.
pub(super) fn claim_names(root: &Node) -> Vec<&str> {
    items(root, "claim").iter().filter_map(|node| node.key("name")?.text()).collect()
}

/// The changes under which claims are said to fail must be such as can be made.
pub(super) fn falsifiers(root: &Node, models: &[Arc<Model>], findings: &mut Findings) {
    for node in items(root, "claim").iter().filter_map(|claim| claim.key("fails_with")) {
        falsifier(root, models, node, findings);
    }
}

fn falsifier(root: &Node, models: &[Arc<Model>], node: &Node, findings: &mut Findings) {
    let Some(text) = node.text() else { return };
    if let Some(why) = change::problem(root, models, text) {
        let finding = Finding::error("this change cannot be made").at(&node.inside());
        findings.push(finding.because(why, None).help("write it as after `--set`: `kappa=0`"));
    }
}

/// Claims in every arm that has their moments.
pub(super) fn judged(bench: &mut Bench, written: Vec<Written>, findings: &mut Findings) -> Vec<ClaimText> {
    let mut all = Vec::new();
    for Written { claim, assumed, fails_with } in written {
        match bench.compile_claim(&claim) {
            Ok(judge) => all.push(ClaimText { claim, judge, assumed, fails_with }),
            Err(wrong) => findings.append(wrong),
        }
    }
    all
}

/// Numbers over agents that were asked for, each in every arm that has its moments.
pub(super) fn totals(bench: &mut Bench, asked: &[Asking], findings: &mut Findings) -> Vec<TotalText> {
    let mut all = Vec::new();
    for (asking, Asking { name, text }) in asked.iter().enumerate() {
        let Some(syntax) = findings.take(parse(text.text(), text)) else { continue };
        match bench.compile_total(&syntax) {
            Ok(totals) => {
                let several = totals.len() > 1;
                all.extend(totals.into_iter().map(|total| {
                    let arm = total.arm.filter(|_| several).map(|arm| format!(" ({})", bench.arms[arm].name));
                    TotalText { name: name.clone() + &arm.unwrap_or_default(), asking, total }
                }));
            }
            Err(wrong) => findings.append(wrong),
        }
    }
    all
}
