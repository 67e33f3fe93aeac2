//! Expressions of a model file: parsed, their units compared with what is wanted, brought into the arena as written.
//! Knows nothing of what lets and views stand for: that is `resolve`.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::expression::{self, Arena, Syntax};
use crate::unit::{Quantity, Unit};

use super::Formula;
use super::names::Names;
use super::quantity::{self, Wanted};

/// What an expression may refer to.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub names: &'a Names,
    /// A name of this place only: the probe of a response.
    pub own: Option<(&'a str, &'a Unit)>,
}

impl Scope<'_> {
    fn unit(&self, name: &str, at: &Span) -> Result<Option<Unit>, Finding> {
        match self.own {
            Some((own, unit)) if own == name => Ok(Some(unit.clone())),
            _ => self.names.unit(name, at).map(Option::<&Unit>::cloned),
        }
    }
}

/// A node read: its expression and its unit; no unit where it is 0 or where the unit of a name is not known.
pub(super) struct Read {
    pub formula: Formula,
    pub unit: Option<Unit>,
}

/// Reads an expression, a number or a quantity.
pub(super) fn read(
    node: &Node,
    scope: Scope,
    wanted: &[Wanted],
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Read> {
    if node.number().is_some() {
        let quantity = quantity::written(node, findings)?;
        return constant(&quantity, &node.at, wanted, arena, findings);
    }
    node.text()?;
    let (text, at) = findings.take(node.exact_text())?;
    read_text(text, &at, scope, wanted, arena, findings)
}

/// Reads an expression or a quantity whose text stands at `at`.
pub(super) fn read_text(
    text: &str,
    at: &Span,
    scope: Scope,
    wanted: &[Wanted],
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Read> {
    if let Some(quantity) = with_unit(text) {
        return constant(&quantity, at, wanted, arena, findings);
    }
    let syntax = findings.take(expression::parse(text, at))?;
    let unit = unit(&syntax, scope, wanted, at, findings);
    let name = &mut |arena: &mut Arena, name: &str, at: &Span| {
        scope.unit(name, at)?;
        let sym = arena.symbol(name);
        Ok(arena.sym(sym))
    };
    let written = findings.take(expression::lower(&syntax, arena, name, &mut |_, _| None))?;
    Some(Read { formula: Formula { written, value: written, at: at.clone() }, unit: unit? })
}

/// A text that is a number with a unit, which no expression is.
pub(super) fn with_unit(text: &str) -> Option<Quantity> {
    Quantity::parse(text).ok().filter(|quantity| quantity.unit.label() != "1")
}

fn constant(
    quantity: &Quantity,
    at: &Span,
    wanted: &[Wanted],
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Read> {
    let mut value = Some(quantity.value);
    let mut unit = Some(quantity.unit.clone()).filter(|_| quantity.value != 0.0);
    for wanted in wanted {
        value = quantity::converted(quantity, wanted, at, findings);
        unit = wanted.unit.clone().or(unit);
    }
    let written = arena.constant(value?);
    Some(Read { formula: Formula { written, value: written, at: at.clone() }, unit })
}

/// `Some(unit)` where nothing is wrong; the unit is empty where 0 fits all or a name's unit is not known.
fn unit(
    syntax: &Syntax,
    scope: Scope,
    wanted: &[Wanted],
    at: &Span,
    findings: &mut Findings,
) -> Option<Option<Unit>> {
    let mut known = true;
    let name = &mut |name: &str, at: &Span| match scope.unit(name, at)? {
        Some(unit) => Ok(unit),
        None => {
            known = false;
            Err(Finding::error("a unit is not known"))
        }
    };
    let unit = expression::unit_of(syntax, name, &mut |_| None);
    if !known {
        // What is wrong with the unit of that name has been said where it is declared.
        return Some(None);
    }
    let unit = findings.take(unit)?;
    let misfits: Vec<Finding> =
        unit.iter().flat_map(|found| wanted.iter().filter_map(|w| w.misfit(found, at))).collect();
    let fits = misfits.is_empty();
    findings.append(misfits);
    fits.then_some(unit)
}
