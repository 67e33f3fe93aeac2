//! The unit of an expression, and findings where its parts do not fit.
//! Knows nothing of what is declared: its caller gives the unit of each name.
//!
//! Nothing is converted: parts fit with factor 1 or not at all, so that a number in a file is the number computed with.
//! `None` is the unit of 0, which fits any. A bare number other than 0 is dimensionless.

use super::function::UnitRule;
use super::lower::callable;
use super::mismatch::label;
use super::syntax::{Operator, Part, Syntax};
use crate::diagnostic::{Finding, Span};
use crate::unit::Unit;

type Name<'a> = &'a mut dyn FnMut(&str, &Span) -> Result<Unit, Finding>;
type Special<'a> = &'a mut dyn FnMut(&Syntax) -> Option<Result<Option<Unit>, Finding>>;
type Found = Result<Option<Unit>, Finding>;

/// Unit of an expression; expressions must fit with factor 1, a bare number other than 0 is dimensionless, 0 fits any
/// unit (`None`). `name` gives the unit of a name; `special` may take a part over.
///
/// Without `special` a moment has the unit of what is looked at, a comparison is dimensionless and its sides must fit.
pub fn unit_of(syntax: &Syntax, name: Name<'_>, special: Special<'_>) -> Result<Option<Unit>, Finding> {
    Units { name, special, advise: true }.of(syntax)
}

/// The finding that `what`, found in one unit, is wanted in another: which of its names to declare in which unit.
/// `why` says who wants it: "the rate of `removal`". `name` and `special` as in `unit_of`.
pub fn unit_mismatch(
    what: &Syntax,
    found: &Unit,
    wanted: &Unit,
    why: &str,
    name: Name<'_>,
    special: Special<'_>,
) -> Finding {
    Units { name, special, advise: true }.mismatch(what, found, wanted, why)
}

pub(super) struct Units<'a> {
    pub(super) name: Name<'a>,
    pub(super) special: Special<'a>,
    /// Whether findings search for a remedy, which asks for units again.
    pub(super) advise: bool,
}

impl Units<'_> {
    pub(super) fn of(&mut self, syntax: &Syntax) -> Found {
        if let Some(taken) = (self.special)(syntax) {
            return taken;
        }
        match &syntax.part {
            Part::Number(0.0) => Ok(None),
            Part::Number(_) => Ok(Some(Unit::one())),
            Part::Quantity(_, unit) => match Unit::parse(unit) {
                Ok(unit) => Ok(Some(unit)),
                Err(sentence) => Err(Finding::error(sentence).at(&syntax.at)),
            },
            Part::Name(name) => (self.name)(name, &syntax.at).map(Some),
            Part::Negative(of) | Part::At(of, ..) => self.of(of),
            Part::Binary(op, left, right) => self.operation(syntax, *op, left, right),
            Part::Call(name, arguments) => self.call(syntax, name, arguments),
            Part::Compare(comparison, left, right) => {
                self.equal(syntax, comparison.sign(), left, right)?;
                Ok(Some(Unit::one()))
            }
            Part::And(all) => {
                for condition in all {
                    self.of(condition)?;
                }
                Ok(Some(Unit::one()))
            }
        }
    }

    #[inline(never)] // Small frames, here and where findings are made: this recurses as deep as the tree is high.
    fn operation(&mut self, whole: &Syntax, op: Operator, left: &Syntax, right: &Syntax) -> Found {
        match op {
            Operator::Add | Operator::Sub => self.equal(whole, op.sign(), left, right),
            Operator::Mul => self.joined(left, right, Unit::times),
            Operator::Div => self.joined(left, right, Unit::per),
            Operator::Pow => self.power(left, right),
        }
    }

    /// 0 is 0 in any unit, so products and ratios with it are too.
    fn joined(&mut self, left: &Syntax, right: &Syntax, join: fn(&Unit, &Unit) -> Unit) -> Found {
        let (a, b) = (self.of(left)?, self.of(right)?);
        Ok(a.zip(b).map(|(a, b)| join(&a, &b)))
    }

    /// The one unit of two sides of `sign`.
    #[inline(never)]
    fn equal(&mut self, whole: &Syntax, sign: &str, left: &Syntax, right: &Syntax) -> Found {
        match (self.of(left)?, self.of(right)?) {
            (Some(a), Some(b)) if a.fits(&b) => Ok(Some(a)),
            (Some(a), Some(b)) => Err(self.clash(whole, sign, (left, &a), (right, &b))),
            (a, b) => Ok(a.or(b)),
        }
    }

    #[inline(never)]
    fn power(&mut self, base: &Syntax, exponent: &Syntax) -> Found {
        self.dimensionless(exponent, "an exponent")?;
        let unit = match self.of(base)? {
            Some(unit) if !unit.fits(&Unit::one()) => unit,
            plain => return Ok(plain),
        };
        match halves(exponent).and_then(|n| unit.power(n).root(2)) {
            Some(unit) => Ok(Some(unit)),
            None => Err(unraised(base, &unit, exponent)),
        }
    }

    #[inline(never)]
    fn call(&mut self, whole: &Syntax, name: &str, arguments: &[Syntax]) -> Found {
        let row = callable(name, arguments.len(), &whole.at)?.row();
        let wanted = format!("the argument of `{name}`");
        match (row.unit, arguments) {
            (UnitRule::Equal, [a, b]) => self.equal(whole, name, a, b),
            (UnitRule::Hill, [x, k, n]) => {
                self.equal(whole, name, x, k)?;
                self.dimensionless(n, "the Hill coefficient")
            }
            (UnitRule::Same, [x]) => self.of(x),
            (UnitRule::Sign, [x]) => self.of(x).map(|_| Some(Unit::one())),
            (UnitRule::Root, [x]) => match self.of(x)? {
                None => Ok(None),
                Some(unit) => unit.root(2).map(Some).ok_or_else(|| rootless(x, &unit)),
            },
            _ => {
                for argument in arguments {
                    self.dimensionless(argument, &wanted)?;
                }
                Ok(Some(Unit::one()))
            }
        }
    }

    #[inline(never)]
    fn dimensionless(&mut self, syntax: &Syntax, why: &str) -> Found {
        let one = Unit::one();
        match self.of(syntax)? {
            Some(unit) if !unit.fits(&one) => Err(self.mismatch(syntax, &unit, &one, why)),
            _ => Ok(Some(one)),
        }
    }
}

#[inline(never)]
fn unraised(base: &Syntax, unit: &Unit, exponent: &Syntax) -> Finding {
    let (base, kind) = (base.quoted(), unit.dimension().words());
    let exponent_text = exponent.quoted();
    let what = format!("{base} is {kind}, so its exponent is a constant whole number, not {exponent_text}");
    Finding::error(what)
        .at(&exponent.at)
        .label("exponent")
        .help("divide by a quantity of the same unit first, as in `(R/R0)^n`, or write `hill(R, R0, n)`")
}

#[inline(never)]
fn rootless(x: &Syntax, unit: &Unit) -> Finding {
    let what = format!("{} is {}, which has no square root", x.quoted(), unit.dimension().words());
    Finding::error(what).at(&x.at).label(format!("in {}", label(unit)))
}

/// Twice a constant exponent, where that is whole and of reasonable size.
fn halves(exponent: &Syntax) -> Option<i32> {
    const LARGEST: f64 = 64.0;
    let twice = 2.0 * constant(exponent)?;
    (twice == twice.round() && twice.abs() <= 2.0 * LARGEST).then_some(twice as i32)
}

/// The value of syntax that is made of numbers only.
fn constant(syntax: &Syntax) -> Option<f64> {
    match &syntax.part {
        Part::Number(value) => Some(*value),
        Part::Negative(of) => constant(of).map(|value| -value),
        Part::Binary(op, left, right) => {
            let (a, b) = (constant(left)?, constant(right)?);
            match op {
                Operator::Add => Some(a + b),
                Operator::Sub => Some(a - b),
                Operator::Mul => Some(a * b),
                Operator::Div => Some(a / b),
                Operator::Pow => None,
            }
        }
        _ => None,
    }
}
