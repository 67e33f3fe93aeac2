//! Arms as written: name, model, common names, and where their phases and values stand.
//! Knows nothing of what is in phases or values.

use std::sync::Arc;

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::expression::Arena;
use crate::model::Model;

use super::quantity::{entries, title, words};
use super::shelf::Shelf;

/// Name of the only arm where `[arms]` is not written.
pub(super) const ONLY: &str = "run";
/// More arms than this are a slip.
const MOST: usize = 1000;

/// An arm on its way.
pub(super) struct Draft<'n> {
    pub name: String,
    pub title: String,
    pub model: Arc<Model>,
    pub alias: Vec<(String, String)>,
    /// The list; `None` where there is none, which has been said.
    pub phases: Option<&'n Node>,
    pub parameters: Option<&'n Node>,
}

/// The arms in the order of the file; without those whose model cannot be used, which has been said.
pub(super) fn read<'n>(root: &'n Node, shelf: &mut Shelf, findings: &mut Findings) -> Vec<Draft<'n>> {
    let common = root.key("model").and_then(|node| shelf.model(node, findings));
    let phases = root.key("phases");
    let Some(arms) = root.key("arms").filter(|arms| arms.table().is_some_and(|arms| !arms.is_empty())) else {
        if phases.is_none() {
            let at = root.key("arms").map_or(&root.at, |arms| &arms.at);
            let help = "write `phases = [{ name = \"exposure\", for = \"1 d\", … }]`, or `[arms.NAME]` with its phases";
            findings.push(Finding::error("nothing happens in this scenario").at(at).help(help));
        }
        let only = |model| Draft {
            name: ONLY.to_owned(),
            title: words(root, "title"),
            model,
            alias: Vec::new(),
            phases,
            parameters: None,
        };
        return common.map(only).into_iter().collect();
    };
    let count = arms.table().map_or(0, |arms| arms.len());
    if count > MOST {
        let what = format!("there are {count} arms, and a scenario has at most {MOST}");
        findings.push(Finding::error(what).at(&arms.at));
        return Vec::new();
    }
    let mut drafts = Vec::new();
    for (name, entry) in entries(root, "arms") {
        let arm = &entry.node;
        let model = match arm.key("model") {
            Some(node) => shelf.model(node, findings),
            None => common.clone(),
        };
        let Some(model) = model else { continue };
        let own = arm.key("phases").or(phases);
        if own.is_none() {
            let finding = Finding::error(format!("arm `{name}` has no phases")).at(&entry.key);
            findings
                .push(finding.help("write `phases = [ … ]` in the arm, or once for all arms above `[arms]`"));
        }
        let title = Some(title(arm, findings)).filter(|title| !title.is_empty());
        drafts.push(Draft {
            name: name.to_owned(),
            title: title.unwrap_or_else(|| name.to_owned()),
            alias: alias(arm, &model, findings),
            model,
            phases: own,
            parameters: arm.key("parameters"),
        });
    }
    drafts
}

/// Common names of the arm's quantities and responses.
fn alias(arm: &Node, model: &Model, findings: &mut Findings) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut arena = model.arena.clone();
    for (common, entry) in entries(arm, "as") {
        let Some(real) = entry.node.text().map(str::trim) else { continue };
        let at = entry.node.inside();
        if let Err(finding) = known(model, &mut arena, real, &at) {
            findings.push(finding);
        } else if common != real && known(model, &mut arena, common, &entry.key).is_ok() {
            let what = format!("`{common}` means something in `{}` already", model.name);
            findings.push(Finding::error(what).at(&entry.key).help("choose another common name"));
        }
        all.push((common.to_owned(), real.to_owned()));
    }
    all
}

fn known(model: &Model, arena: &mut Arena, name: &str, at: &Span) -> Result<(), Finding> {
    let base = name.rsplit('.').next().unwrap_or(name);
    if model.responses.iter().any(|response| response.name == base) {
        return Ok(());
    }
    model.resolve(arena, name, at).map(|_| ())
}

/// The arms that a filter names; all without one.
pub(super) fn filter(node: &Node, names: &[String], findings: &mut Findings) -> Vec<usize> {
    if node.key("arms").is_none() {
        return (0..names.len()).collect();
    }
    let mut chosen = Vec::new();
    for (text, at) in super::quantity::texts(node, "arms", findings) {
        match names.iter().position(|name| *name == text) {
            Some(arm) => chosen.push(arm),
            None => findings.push(
                Finding::error(format!("there is no arm `{text}`"))
                    .at(&at)
                    .nearest(&text, names.iter().map(String::as_str)),
            ),
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
