//! What happens at each level of a response: frozen states, a steady state, or a time that is lived on, and what is held in it.
//! Knows nothing of probes, values or limits.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Entry, Node};
use crate::expression::Arena;
use crate::unit::Quantity;

use super::formula::{self, Scope};
use super::names::Role;
use super::quantity::Wanted;
use super::response::Setting;
use super::{Form, Formula, Read, Response};

/// What happens at each level; what is not said is taken from `of`.
pub(super) fn form(
    (name, entry): (&str, &Entry),
    setting: Setting,
    of: Option<&Response>,
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Form> {
    let node = &entry.node;
    let said = match node.key("form") {
        Some(node) => node.text()?,
        // Said to be taken from another, it is taken with all that belongs to it.
        None => match of.map(|of| &of.form) {
            None | Some(Form::Acute) => "acute",
            Some(Form::Chronic) => "chronic",
            Some(Form::Challenge { .. }) => "challenge",
        },
    };
    if said != "challenge" {
        let table = node.table().into_iter().flatten();
        for (key, entry) in table.filter(|(key, _)| ["for", "read", "inputs"].contains(&key.as_str())) {
            let what = format!("`{key}` belongs to a challenge, and the response `{name}` is {said}");
            let help = format!("write `form = \"challenge\"`, or leave `{key}` out");
            findings.push(Finding::error(what).at(&entry.key).help(help));
        }
    }
    match said {
        "chronic" if setting.states == 0 => {
            let what = format!(
                "the response `{name}` is chronic, and the model has no states that could come to rest"
            );
            findings.push(Finding::error(what).at(form_at(entry)).help("write `form = \"acute\"`"));
            None
        }
        "chronic" => Some(Form::Chronic),
        "challenge" => challenge((name, entry), setting, of, arena, findings),
        _ => Some(Form::Acute),
    }
}

/// Where the form stands, or the response that does not say it.
fn form_at(entry: &Entry) -> &Span {
    entry.node.key("form").map_or(&entry.key, |node| &node.at)
}

fn challenge(
    (name, entry): (&str, &Entry),
    setting: Setting,
    of: Option<&Response>,
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Form> {
    let node = &entry.node;
    let known = of.and_then(|of| match &of.form {
        Form::Challenge { length, written, read, inputs } => Some((*length, written, *read, inputs)),
        _ => None,
    });
    let length = match (node.key("for"), known) {
        (Some(node), _) => length(node, name, findings),
        (None, Some((length, written, ..))) => Some((length, written.clone())),
        (None, None) => {
            let what = format!("the challenge `{name}` does not say how long it takes");
            findings.push(Finding::error(what).at(form_at(entry)).help("add `for = \"6 h\"`"));
            None
        }
    };
    let read = match node.key("read").map(Node::text) {
        Some(Some("max")) => Read::Max,
        Some(Some("min")) => Read::Min,
        Some(Some("mean")) => Read::Mean,
        Some(Some("area")) => Read::Area,
        Some(Some("end")) => Read::End,
        _ => known.map_or(Read::Max, |(.., read, _)| read),
    };
    let inputs = match (node.key("inputs"), known) {
        (Some(node), _) => held(node, name, setting, arena, findings),
        (None, known) => known.map_or(Vec::new(), |(.., inputs)| inputs.clone()),
    };
    let (length, written) = length?;
    Some(Form::Challenge { length, written, read, inputs })
}

/// A length of time above 0, and as written.
fn length(node: &Node, name: &str, findings: &mut Findings) -> Option<(i64, String)> {
    let text = node.text()?;
    let quantity = Quantity::parse(text);
    let quantity = findings.take(quantity.map_err(|why| Finding::error(why).at(&node.inside())))?;
    let micros = quantity.unit.microseconds(quantity.value).filter(|micros| (1..=LONGEST).contains(micros));
    if micros.is_none() {
        let what = format!("the challenge `{name}` takes no time that could be lived");
        let finding = Finding::error(what).at(&node.inside()).label(quantity.unit.dimension().words());
        let help = "write a time above 0, and of at most 285 years: `for = \"6 h\"`";
        findings.push(finding.help(help));
    }
    Some((micros?, text.trim().to_owned()))
}

/// 285 years: every whole microsecond below is exact as a float.
const LONGEST: i64 = 1 << 53;

/// Inputs that a challenge holds at a level of their own.
fn held(
    node: &Node,
    name: &str,
    setting: Setting,
    arena: &mut Arena,
    findings: &mut Findings,
) -> Vec<(usize, Formula)> {
    let names = setting.names;
    let mut all = Vec::new();
    for (input, entry) in node.table().into_iter().flatten() {
        let declared = names.declared.get(input.as_str());
        let (Some(declared), Some(Role::Input(position))) = (declared, declared.map(|d| d.role)) else {
            let what = format!("the challenge `{name}` holds `{input}`, which is not an input of this model");
            findings.push(Finding::error(what).at(&entry.key).nearest(input, names.inputs()));
            continue;
        };
        let what = format!("the level of `{input}`");
        let wanted =
            Wanted::in_unit_of(what, &format!("`{input}`"), declared.unit.as_ref(), &declared.unit_at);
        let read = formula::read(&entry.node, Scope { names, own: None }, &[wanted], arena, findings);
        all.extend(read.map(|read| (position, read.formula)));
    }
    all
}
