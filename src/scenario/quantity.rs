//! Numbers, times and texts of a scenario, each in the unit of its place.
//! Knows nothing of what they are for.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Entry, Node};
use crate::stimulus::{LONGEST, Micros};
use crate::unit::{Quantity, Unit};

/// What fits above a figure.
const LONGEST_TITLE: usize = 200;

/// The text of a key, empty where there is none.
pub(crate) fn words(node: &Node, key: &str) -> String {
    node.key(key).and_then(Node::text).unwrap_or_default().to_owned()
}

/// A title: one line that fits above a figure. Empty where there is none.
pub(crate) fn title(node: &Node, findings: &mut Findings) -> String {
    let Some((given, text)) = node.key("title").and_then(|given| Some((given, given.text()?))) else {
        return String::new();
    };
    if text.trim().is_empty() || text.contains(['\n', '\r']) || text.chars().count() > LONGEST_TITLE {
        let what = format!("a title is one line of 1 to {LONGEST_TITLE} characters");
        findings.push(Finding::error(what).at(&given.at).help("say more in `doc`"));
    }
    text.to_owned()
}

/// The tables under a key, in the order of the file.
pub(crate) fn entries<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = (&'n str, &'n Entry)> + use<'n> {
    node.key(key).and_then(Node::table).into_iter().flatten().map(|(name, entry)| (name.as_str(), entry))
}

/// The items of a list under a key.
pub(super) fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.key(key).and_then(Node::list).unwrap_or_default()
}

/// A text or a list of texts, each with its exact place.
pub(crate) fn texts(node: &Node, key: &str, findings: &mut Findings) -> Vec<(String, Span)> {
    let Some(node) = node.key(key) else { return Vec::new() };
    let nodes = node.list().unwrap_or(std::slice::from_ref(node));
    let texts = nodes.iter().filter(|node| node.text().is_some());
    texts
        .filter_map(|node| findings.take(node.exact_text()).map(|(text, at)| (text.to_owned(), at)))
        .collect()
}

/// A quantity as written; a bare number is dimensionless. `None` with a finding, or where the value is of another kind,
/// which has been said.
pub(crate) fn quantity(node: &Node, findings: &mut Findings) -> Option<Quantity> {
    if let Some(value) = node.number() {
        return Some(Quantity { value, unit: Unit::one() });
    }
    let read = Quantity::parse(node.text()?);
    findings.take(read.map_err(|sentence| Finding::error(sentence).at(&node.inside())))
}

/// A quantity in `unit`; 0 without a unit fits any. `what` names it in findings.
pub(crate) fn in_unit(node: &Node, unit: &Unit, what: &str, findings: &mut Findings) -> Option<f64> {
    let quantity = quantity(node, findings)?;
    converted(&quantity, unit, what, &node.inside(), findings)
}

pub(crate) fn converted(
    quantity: &Quantity,
    unit: &Unit,
    what: &str,
    at: &Span,
    findings: &mut Findings,
) -> Option<f64> {
    if quantity.value == 0.0 && quantity.unit.fits(&Unit::one()) {
        return Some(0.0);
    }
    match quantity.to(unit) {
        Some(value) if value.is_finite() => Some(value),
        // That a number is none has been said where the file was checked.
        Some(_) if !quantity.value.is_finite() => None,
        Some(_) => {
            findings.push(Finding::error(format!("{what} is too large a number")).at(at));
            None
        }
        None => {
            findings.push(misfit(&quantity.unit, unit, what, at));
            None
        }
    }
}

/// A unit where another is wanted.
pub(super) fn misfit(found: &Unit, wanted: &Unit, what: &str, at: &Span) -> Finding {
    let finding = Finding::error(format!("{what} has the wrong unit")).at(at);
    match wanted.label() {
        "1" => finding.label(format!("in {}", found.label())).help("write a plain number"),
        label => {
            let found =
                if found.label() == "1" { "without a unit" } else { &format!("in {}", found.label()) };
            finding
                .label(found)
                .because(format!("{what} is in {label}"), None)
                .help(format!("write a number in {label}"))
        }
    }
}

/// Whole microseconds above 0.
pub(super) fn time(node: &Node, findings: &mut Findings) -> Option<Micros> {
    let Ok(quantity) = Quantity::parse(node.text()?) else {
        findings.push(no_time(node));
        return None;
    };
    let micros = quantity.unit.microseconds(quantity.value).filter(|micros| (1..=LONGEST).contains(micros));
    if micros.is_none() {
        findings.push(no_time(node));
    }
    micros
}

fn no_time(node: &Node) -> Finding {
    Finding::error("this is no length of time")
        .at(&node.inside())
        .because("a length of time is at least a microsecond and at most 285 years", None)
        .help("write a number and a unit of time: `6 h`")
}

/// A share from 0 to 1: `0.9` or `90 %`.
pub(super) fn share(node: &Node, findings: &mut Findings) -> Option<f64> {
    let share = in_unit(node, &Unit::one(), "a share", findings)?;
    if !(0.0..=1.0).contains(&share) {
        let finding = Finding::error("a share lies between 0 and 1").at(&node.inside());
        findings.push(finding.help("write `0.9` or `\"90 %\"`"));
        return None;
    }
    Some(share)
}

/// A unit written as a text.
pub(super) fn unit(node: &Node, findings: &mut Findings) -> Option<Unit> {
    let read = Unit::parse(node.text()?).map_err(|sentence| Finding::error(sentence).at(&node.inside()));
    findings.take(read)
}
