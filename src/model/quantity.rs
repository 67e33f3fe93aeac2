//! Units and quantities of a model file, converted once into the unit that expressions see.
//! Knows nothing of expressions.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::unit::{Quantity, Unit};

/// What a value has to fit, and where that is written.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Subject of the finding: `` `kdeg` ``, `` the start of `R` ``.
    pub what: String,
    /// `None`: anything fits.
    pub unit: Option<Unit>,
    /// The sentence before the unit: `` `kdeg` is in ``.
    pub because: String,
    pub place: Option<Span>,
}

impl Wanted {
    pub fn anything(what: impl Into<String>) -> Wanted {
        Wanted { what: what.into(), unit: None, because: String::new(), place: None }
    }

    pub fn dimensionless(what: &str) -> Wanted {
        let because = format!("{what} is in");
        Wanted { what: what.to_owned(), unit: Some(Unit::one()), because, place: None }
    }

    pub fn in_unit_of(what: impl Into<String>, of: &str, unit: Option<&Unit>, place: &Span) -> Wanted {
        Wanted {
            what: what.into(),
            unit: unit.cloned(),
            because: format!("{of} is in"),
            place: Some(place.clone()),
        }
    }

    /// The finding for a value in `found`, if that does not fit with factor 1.
    pub fn misfit(&self, found: &Unit, at: &Span) -> Option<Finding> {
        self.unit.as_ref().filter(|wanted| !found.fits(wanted)).map(|wanted| self.finding(found, wanted, at))
    }

    fn finding(&self, found: &Unit, wanted: &Unit, at: &Span) -> Finding {
        let same_kind = found.dimension() == wanted.dimension();
        let kind = wanted.dimension().words();
        let finding = Finding::error(format!("{} has the wrong unit", self.what)).at(at);
        let note = match wanted.label() {
            "1" => format!("{} plain numbers", self.because),
            label if label == kind || same_kind => format!("{} {label}", self.because),
            label => format!("{} {label} ({kind})", self.because),
        };
        let finding = finding.because(note, self.place.as_ref());
        match same_kind {
            true => finding
                .label(format!("in {}", found.label()))
                .because("expressions fit with factor 1, nothing is converted inside them", None)
                .help("write parameters in matching units (`unit = …` converts the value once)"),
            false => finding.label(found.dimension().words()),
        }
    }
}

/// A unit written as a text.
pub(super) fn unit(node: &Node, findings: &mut Findings) -> Option<Unit> {
    let text = node.text()?;
    let read = Unit::parse(text).map_err(|sentence| Finding::error(sentence).at(&node.inside()));
    findings.take(read)
}

/// A quantity as written: a bare number is dimensionless, and no value is infinite.
pub(super) fn written(node: &Node, findings: &mut Findings) -> Option<Quantity> {
    let quantity = match node.number() {
        Some(value) => Quantity { value, unit: Unit::one() },
        None => {
            let read = Quantity::parse(node.text()?);
            findings.take(read.map_err(|sentence| Finding::error(sentence).at(&node.inside())))?
        }
    };
    if quantity.value.is_finite() {
        return Some(quantity);
    }
    findings.push(Finding::error(format!("{} is not a number", quantity.value)).at(&node.inside()));
    None
}

/// `quantity` in the unit wanted; 0 without a unit fits any.
pub(super) fn converted(
    quantity: &Quantity,
    wanted: &Wanted,
    at: &Span,
    findings: &mut Findings,
) -> Option<f64> {
    let Some(unit) = &wanted.unit else { return Some(quantity.value) };
    if quantity.value == 0.0 && quantity.unit.fits(&Unit::one()) {
        return Some(0.0);
    }
    let value = quantity.to(unit);
    if value.is_none() {
        let finding = wanted.finding(&quantity.unit, unit, at);
        findings.push(match unit.label() {
            "1" => finding.help("write a plain number"),
            label => finding.help(format!("write a number in {label}")),
        });
    }
    value
}

/// A quantity in the unit wanted.
pub(super) fn in_unit(node: &Node, wanted: &Wanted, findings: &mut Findings) -> Option<f64> {
    let quantity = written(node, findings)?;
    converted(&quantity, wanted, &node.inside(), findings)
}

/// Two increasing quantities.
pub(super) fn span(node: &Node, wanted: &Wanted, findings: &mut Findings) -> Option<[f64; 2]> {
    let list = node.list()?;
    let [low, high] = list else {
        let what = format!("{} has {} ends instead of two", wanted.what, list.len());
        findings.push(Finding::error(what).at(&node.at).help("write the lower and the upper end"));
        return None;
    };
    let (low, high) = (in_unit(low, wanted, findings), in_unit(high, wanted, findings));
    let (low, high) = (low?, high?);
    if !(low < high && low.is_finite() && high.is_finite()) {
        let what = format!("{} does not increase", wanted.what);
        findings.push(Finding::error(what).at(&node.at).help("write the lower end first"));
        return None;
    }
    Some([low, high])
}
