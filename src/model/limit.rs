//! Where a model means something: `"Nmax > 1"`, `"0 <= p < 1"`, `"kdeg < 5 1/d"`.
//! Knows nothing of what a value outside leads to.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::expression::{Arena, Comparison};

use super::Limit;
use super::formula::{Read, Scope, read_text, with_unit};
use super::quantity::Wanted;

/// Longer signs first, so that `<=` is not read as `<`.
const SIGNS: [(&str, Comparison); 6] = [
    ("<=", Comparison::LessEqual),
    (">=", Comparison::GreaterEqual),
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// All conditions of a text or a list of texts; `0 < p < 1` is two.
pub(super) fn read(node: &Node, scope: Scope, arena: &mut Arena, findings: &mut Findings) -> Vec<Limit> {
    let nodes = node.list().unwrap_or(std::slice::from_ref(node));
    let mut limits = Vec::new();
    for node in nodes.iter().filter(|node| node.text().is_some()) {
        let Some((text, at)) = findings.take(node.exact_text()) else { continue };
        let (sides, signs) = split(text);
        if signs.is_empty() {
            let finding = Finding::error(format!("`{text}` is not a condition")).at(&at);
            findings.push(finding.help("write a comparison of parameters: `Nmax > 1`, `0 <= p < 1`"));
        }
        for (pair, comparison) in sides.windows(2).zip(signs) {
            limits.extend(condition(text, &at, pair, comparison, scope, arena, findings));
        }
    }
    limits
}

/// First byte and text of each side, and the signs between them.
fn split(text: &str) -> (Vec<(usize, &str)>, Vec<Comparison>) {
    let (mut sides, mut signs, mut start, mut at) = (Vec::new(), Vec::new(), 0, 0);
    while at < text.len() {
        let sign = SIGNS.iter().find(|(sign, _)| text.as_bytes()[at..].starts_with(sign.as_bytes()));
        if let Some((sign, comparison)) = sign {
            sides.push((start, &text[start..at]));
            signs.push(*comparison);
            at += sign.len();
            start = at;
        } else {
            at += 1;
        }
    }
    sides.push((start, &text[start..]));
    (sides, signs)
}

fn condition(
    text: &str,
    at: &Span,
    pair: &[(usize, &str)],
    comparison: Comparison,
    scope: Scope,
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Limit> {
    let mut side = |(start, text): (usize, &str), wanted: &[Wanted]| -> Option<Read> {
        let lead = start + text.len() - text.trim_start().len();
        let place = at.within(lead..lead + text.trim().len());
        read_text(text.trim(), &place, scope, wanted, arena, findings)
    };
    // A quantity is converted into the unit of the other side, which therefore comes first.
    let swapped = with_unit(pair[0].1.trim()).is_some();
    let (first, second) = if swapped { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
    let first = side(first, &[])?;
    let wanted = Wanted {
        what: "the other side of the comparison".into(),
        unit: first.unit.clone(),
        because: "this side is in".into(),
        place: Some(first.formula.at.clone()),
    };
    let second = side(second, &[wanted])?;
    let (left, right) = if swapped { (second, first) } else { (first, second) };
    let (left, right) = (left.formula.written, right.formula.written);
    Some(Limit { text: text.to_owned(), left, comparison, right, at: at.clone() })
}

/// Whether `left comparison right` holds; nothing holds of what is not a number.
pub(super) fn holds(left: f64, comparison: Comparison, right: f64) -> bool {
    match comparison {
        Comparison::Less => left < right,
        Comparison::LessEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterEqual => left >= right,
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right && !left.is_nan() && !right.is_nan(),
    }
}
