//! Numbers and expressions of a check: over parameters, local names, constant inputs and starts, in the unit of their place.
//! Knows nothing of what they are for.

use crate::diagnostic::{Finding, Span};
use crate::document::Node;
use crate::expression::{Id, Sym, parse};
use crate::stimulus::Micros;
use crate::unit::{Quantity, Unit};

use super::setup::{Reader, Setup, TIME};

impl Setup {
    /// The value of an expression at a model time; NaN where a symbol has no value.
    pub fn value(&self, id: Id, time: f64) -> f64 {
        let arena = &self.bench.arms[0].system.arena;
        arena.evaluate(id, &|sym| self.symbol(sym, time).unwrap_or(f64::NAN))
    }

    /// `None` for what changes with time.
    fn symbol(&self, sym: Sym, time: f64) -> Option<f64> {
        let system = &self.bench.arms[0].system;
        if let Some(slot) = system.values.iter().position(|known| *known == sym) {
            return self.values.get(slot).copied();
        }
        if let (Some(input), Some(levels)) =
            (system.inputs.iter().position(|known| *known == sym), &self.inputs)
        {
            return levels.get(input).copied();
        }
        if system.arena.name(sym) == TIME {
            return Some(time);
        }
        self.solved.get(&sym).copied()
    }
}

impl Reader<'_> {
    /// A number, a quantity or an expression, as a node and with its unit; a plain 0 has none.
    pub fn formula(&mut self, node: &Node, wanted: Option<&Unit>) -> Option<(Id, Option<Unit>)> {
        let read = match node.number() {
            Some(value) => Ok(self.literal(value, Unit::one(), wanted, &node.at)),
            None => node.exact_text().map(|(text, at)| match with_unit(text) {
                Some(quantity) => self.literal(quantity.value, quantity.unit, wanted, &at),
                None => parse(text, &at).and_then(|syntax| self.setup.scope().expression(&syntax)),
            }),
        };
        let (id, unit) = self.findings.take(read.and_then(|inner| inner))?;
        if let (Some(unit), Some(wanted)) = (&unit, wanted)
            && !unit.fits(wanted)
        {
            let what = format!("this is in `{}`, and `{}` is wanted here", unit.label(), wanted.label());
            self.findings.push(Finding::error(what).at(&node.at));
            return None;
        }
        Some((id, unit))
    }

    fn literal(
        &mut self,
        value: f64,
        unit: Unit,
        wanted: Option<&Unit>,
        at: &Span,
    ) -> Result<(Id, Option<Unit>), Finding> {
        let (value, unit) = match wanted {
            _ if value == 0.0 => (0.0, None),
            Some(wanted) => match unit.convert(value, wanted) {
                Some(value) => (value, Some(wanted.clone())),
                None => {
                    let words = [unit.dimension().words(), wanted.dimension().words()];
                    let what = format!("this is {}, and {} is wanted here", words[0], words[1]);
                    let help = format!("write it in `{}`", wanted.label());
                    return Err(Finding::error(what).at(at).help(help));
                }
            },
            None => (value, Some(unit)),
        };
        Ok((self.setup.scope().system.arena.constant(value), unit))
    }

    pub fn number(&mut self, node: &Node, wanted: Option<&Unit>) -> Option<f64> {
        let (id, _) = self.formula(node, wanted)?;
        self.constant(id, &node.at)
    }

    /// The value of an expression (at t = 0 where it stands on `t`); a finding where it changes by itself.
    pub fn constant(&mut self, id: Id, at: &Span) -> Option<f64> {
        let arena = &self.setup.bench.arms[0].system.arena;
        let unknown = arena.symbols(id).into_iter().find(|sym| self.setup.symbol(*sym, 0.0).is_none());
        let Some(sym) = unknown else { return Some(self.setup.value(id, 0.0)) };
        let name = arena.name(sym).to_owned();
        let finding = Finding::error(format!("`{name}` changes during the run")).at(at);
        self.findings
            .push(finding.help(format!("for its start write `rest.{name}`; for a moment use `that`")));
        None
    }

    /// Whole microseconds above 0.
    pub fn time(&mut self, node: &Node) -> Option<Micros> {
        let text = node.text().unwrap_or_default();
        let micros = Quantity::parse(text).ok().and_then(|q| q.unit.microseconds(q.value));
        if micros.is_none_or(|micros| micros <= 0) {
            let finding = Finding::error("this is no length of time").at(&node.at);
            self.findings.push(finding.help("write a number and a unit of time: `10 h`"));
            return None;
        }
        micros
    }
}

/// A number with a unit, which no expression is.
fn with_unit(text: &str) -> Option<Quantity> {
    Quantity::parse(text).ok().filter(|quantity| quantity.unit.label() != "1")
}
