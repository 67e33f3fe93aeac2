//! Responses that a scenario declares beside those of its models, in every arm whose model has what they ask for.
//! Knows nothing of assays.

use crate::diagnostic::{Finding, Findings};
use crate::document::{Entry, Kind, Need, Node, Shape};
use crate::measure::ArmScope;
use crate::model::{FOR, FORM, INPUTS, Naming, READ, Response};

use super::keys::key;
use super::quantity::entries;
use Need::Default;

/// Two quantities, the lower first.
const SPAN: Kind = Kind::List(&Kind::Value);

/// Keys of a response.
pub(super) static RESPONSE: Shape = Shape {
    name: "response",
    doc: "A response of the scenario's own: with all that it says itself, or like another in a form of its own.",
    keys: &[
        key(
            "of",
            Kind::Text,
            Default("none"),
            "a response of the model, or of this scenario above, from which comes what is not said here; in another form than the \
             acute one `bottom` and `top` come along where they stand on parameters only",
        ),
        FORM,
        key(
            "probe",
            Kind::Either(&[Kind::Text, Kind::Named(&Kind::Text)]),
            Default("from `of`"),
            "what is swept: an input; in the acute form also a state, or a new name with its unit: `{ L = \"nM\" }`",
        ),
        key("range", SPAN, Default("from `of`"), "lowest and highest level of the probe, both above 0"),
        key(
            "value",
            Kind::Value,
            Default("from `of`"),
            "what is read, as an expression in anything of the model, seen through views or not",
        ),
        key("bottom", Kind::Value, Default("from `of`, else 0"), "what the response tends to at low levels"),
        key(
            "top",
            Kind::Value,
            Default("from `of`, else the largest value in the range"),
            "what the response tends to at high levels",
        ),
        FOR,
        READ,
        INPUTS,
        key("doc", Kind::Text, Default("from `of`"), "what it is"),
    ],
};

/// What a response says where it takes nothing from another.
const NEEDED: [&str; 3] = ["probe", "range", "value"];
/// Each is looked for by every other.
const MOST: usize = 500;

/// `[responses]` in the order of the file. What one arm's model lacks another's may have: only what fits no arm is told.
pub(super) fn read(root: &Node, scopes: &mut [ArmScope], findings: &mut Findings) {
    let count = entries(root, "responses").count();
    if count > MOST {
        let at = root.key("responses").map_or(&root.at, |node| &node.at);
        let what = format!("there are {count} responses, and a scenario has at most {MOST}");
        return findings.push(Finding::error(what).at(at));
    }
    for (name, entry) in entries(root, "responses") {
        let mut first: Option<Findings> = None;
        let mut fits = false;
        for scope in scopes.iter_mut() {
            let mut found = Findings::new();
            if let Some(response) = one(scope, name, entry, &mut found) {
                scope.responses.push(response);
                fits = true;
            } else {
                first.get_or_insert(found);
            }
        }
        if let Some(found) = first.filter(|_| !fits) {
            findings.append(found.into_vec());
        }
    }
}

fn one(scope: &mut ArmScope, name: &str, entry: &Entry, findings: &mut Findings) -> Option<Response> {
    if scope.model.responses.iter().any(|known| known.name == name) {
        let what = format!("`{name}` is a response of the model already");
        findings.push(Finding::error(what).at(&entry.key).help("give this one another name"));
        return None;
    }
    let node = &entry.node;
    let mut of = None;
    if let Some(node) = node.key("of") {
        let text = node.text()?;
        let base = scope.alias.iter().find(|(common, _)| common == text).map_or(text, |(_, real)| real);
        of = scope.responses.iter().find(|known| known.name == base).cloned();
        if of.is_none() {
            let what = format!("`{text}` is not a response of this model, nor one of this scenario above");
            let known = scope.responses.iter().map(|known| known.name.as_str());
            let finding = Finding::error(what).at(&node.inside()).label("no response");
            findings.push(finding.nearest(text, known));
            return None;
        }
    }
    let missing = NEEDED.into_iter().filter(|key| of.is_none() && node.key(key).is_none());
    let missing: Vec<String> = missing.map(|key| format!("`{key}`")).collect();
    if !missing.is_empty() {
        let what = format!("the response `{name}` does not say {}", missing.join(", "));
        let help = "say it, or take it from a response of the model: `of = \"…\"`";
        findings.push(Finding::error(what).at(&entry.key).help(help));
        return None;
    }
    if node.key("probe").is_some() && node.key("range").is_none() {
        let what = format!("the response `{name}` has a probe of its own and no range for it");
        findings.push(Finding::error(what).at(&entry.key).help("add `range = [\"…\", \"…\"]`"));
        return None;
    }
    let naming = Naming { own: &scope.own, alias: &scope.alias };
    scope.model.response(&mut scope.system.arena, (name, entry), naming, of.as_ref(), findings)
}
