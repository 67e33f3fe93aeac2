//! One number of a stimulus: a quantity, a bare number or the name of a parameter, in the unit of its place.
//! Knows nothing of keys or kinds.

use super::Number;
use super::fields::{Given, Reader};
use crate::diagnostic::{Finding, Span};
use crate::unit::{Dimension, Quantity, Unit};

impl Reader<'_> {
    /// A number in `unit`: a quantity, a bare number where that fits, or the name of a parameter; `what` names it in findings.
    pub(super) fn number(&mut self, given: &Given, unit: &Unit, what: &str) -> Option<Number> {
        if let Some(value) = given.number() {
            return self.converted(value, &Unit::one(), &value.to_string(), unit, what, &given.at());
        }
        let Some((text, at)) = given.text() else {
            return self.refuse(
                given,
                format!("{what} is a number here"),
                "write a quantity or the name of a parameter",
            );
        };
        let (text, at) = trimmed(text, &at);
        if is_name(text) {
            return self.named(text, unit, what, &at);
        }
        match Quantity::parse(text) {
            Ok(quantity) => self.converted(quantity.value, &quantity.unit, text, unit, what, &at),
            Err(sentence) => {
                self.findings.push(Finding::error(sentence).at(&at).label(format!("value of {what}")));
                None
            }
        }
    }

    fn converted(
        &mut self,
        value: f64,
        from: &Unit,
        text: &str,
        unit: &Unit,
        what: &str,
        at: &Span,
    ) -> Option<Number> {
        match from.convert(value, unit) {
            Some(value) if value.is_finite() => Some(Number::Fixed(value)),
            Some(_) => {
                self.findings.push(Finding::error(format!("`{text}` is too large a number")).at(at));
                None
            }
            None if value == 0.0 && from.dimension().is_one() => Some(Number::Fixed(0.0)),
            None => self.wrong_kind(text, from, unit, what, at),
        }
    }

    fn named(&mut self, name: &str, unit: &Unit, what: &str, at: &Span) -> Option<Number> {
        match (self.reading.parameter)(name) {
            Some((slot, own)) => match own.convert(1.0, unit) {
                Some(factor) => Some(Number::Agent { slot, factor }),
                None => self.wrong_kind(name, &own, unit, what, at),
            },
            None => {
                let known = (self.reading.known)();
                let finding = Finding::error(format!("unknown parameter `{name}`"))
                    .at(at)
                    .label(format!("value of {what}"));
                self.findings.push(finding.nearest(name, known.iter().map(String::as_str)));
                None
            }
        }
    }

    fn wrong_kind(&mut self, text: &str, from: &Unit, unit: &Unit, what: &str, at: &Span) -> Option<Number> {
        let wanted = unit.dimension();
        let label = if wanted.is_one() { String::new() } else { format!(" ({})", shown_unit(unit)) };
        let sentence = format!("`{text}` is {}, {what} is {}{label}", named(from.dimension()), named(wanted));
        self.findings.push(Finding::error(sentence).at(at).label(format!("value of {what}")));
        None
    }
}

/// Times are kept in microseconds, which nobody writes.
fn shown_unit(unit: &Unit) -> &str {
    if unit.label() == "us" { "such as h or d" } else { unit.label() }
}

fn named(dimension: Dimension) -> String {
    let words = dimension.words();
    match words.chars().next() {
        _ if dimension.is_one() => words,
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {words}"),
        _ => format!("a {words}"),
    }
}

/// A name as parameters have them.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

fn trimmed<'t>(text: &'t str, at: &Span) -> (&'t str, Span) {
    let start = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    (trimmed, if trimmed.len() == text.len() { at.clone() } else { at.within(start..start + trimmed.len()) })
}
