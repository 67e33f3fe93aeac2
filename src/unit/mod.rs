//! Units and quantities: `"0.02 1/min"` and what it is in `1/h`.
//! Knows nothing of models or files.
//!
//! A unit is a kind ([`Dimension`]), an exact size in base units, and how its author wrote it. Base units are second,
//! receptor, mole, metre and gram; a litre is 1/1000 cubic metre, `M` is one mole per litre, `%` is 1/100.

mod dimension;
mod parse;
mod quantity;
mod size;
mod symbol;

pub use dimension::Dimension;
pub use quantity::{Quantity, format_quantity, shortest};

use size::Size;

/// A unit: its kind, its size as an exact ratio of whole numbers of base units, and how it is written.
///
/// Base units: second, receptor, mole, metre, gram. A litre is 1/1000 cubic metre.
#[derive(Clone, Debug)]
pub struct Unit {
    dimension: Dimension,
    size: Size,
    /// Symbols with their exponents, each symbol once, in the order of first mention: what labels are made of.
    factors: Vec<(&'static str, i32)>,
    label: String,
}

impl Unit {
    /// Dimensionless, factor 1, written `1`.
    pub fn one() -> Unit {
        Unit { dimension: Dimension::ONE, size: Size::ONE, factors: Vec::new(), label: "1".to_owned() }
    }

    /// Reads `1/min`, `nM`, `1/(nM*min)`, `receptor/um^2`, `%`, `Hz`, `min^2`: products, ratios, whole powers and
    /// parentheses; `a/b*c` is `(a/b)*c`, as in an expression. `u`, the micro sign and the Greek mu are the same.
    /// `Err` is a sentence with the nearest known unit.
    pub fn parse(text: &str) -> Result<Unit, String> {
        parse::unit(text)
    }

    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// As written by the person who wrote it; `1` for dimensionless.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Same kind and same size: an expression in one is an expression in the other with factor 1.
    pub fn fits(&self, other: &Unit) -> bool {
        self.dimension.is_same_kind(&other.dimension) && self.size == other.size
    }

    /// Products keep a readable label (`nM*min` times `1/min` is `nM`).
    pub fn times(&self, other: &Unit) -> Unit {
        if other.factors.is_empty() {
            return self.clone();
        }
        if self.factors.is_empty() {
            return other.clone();
        }
        let mut factors = self.factors.clone();
        for &(symbol, n) in &other.factors {
            match factors.iter_mut().find(|(known, _)| *known == symbol) {
                Some((_, exponent)) => *exponent = exponent.saturating_add(n),
                None => factors.push((symbol, n)),
            }
        }
        factors.retain(|&(_, exponent)| exponent != 0);
        Unit::of(self.dimension.times(&other.dimension), self.size.times(other.size), factors)
    }

    pub fn per(&self, other: &Unit) -> Unit {
        self.times(&other.power(-1))
    }

    pub fn power(&self, n: i32) -> Unit {
        if n == 0 {
            return Unit::one();
        }
        let factors = self.factors.iter().map(|&(symbol, e)| (symbol, e.saturating_mul(n))).collect();
        Unit::of(self.dimension.power(n), self.size.power(n), factors)
    }

    /// `None` where an exponent of a symbol does not divide by `n`, and where `n` is not above 0.
    pub fn root(&self, n: i32) -> Option<Unit> {
        let dimension = self.dimension.root(n)?;
        let size = self.size.root(n)?;
        let divided = |&(symbol, e): &(&'static str, i32)| (e % n == 0).then(|| (symbol, e / n));
        let factors: Option<Vec<_>> = self.factors.iter().map(divided).collect();
        Some(Unit::of(dimension, size, factors?))
    }

    /// `value` in this unit, expressed in `to`; `None` where the kinds differ. One rounding only: the ratio of the two
    /// sizes is exact (beyond a ratio of about 10^32 and below 2.3e-308 a few roundings).
    pub fn convert(&self, value: f64, to: &Unit) -> Option<f64> {
        self.dimension.is_same_kind(&to.dimension).then(|| self.size.per(to.size).scale(value))
    }

    /// Whole microseconds of `value` of this time unit, rounded to nearest; `None` where it is no time or does not fit
    /// an `i64` (about ±9.2e18, or 292,000 years).
    pub fn microseconds(&self, value: f64) -> Option<i64> {
        const END: f64 = 9_223_372_036_854_775_808.0;
        let whole = self.to_microseconds(value)?.round();
        (-END..END).contains(&whole).then_some(whole as i64)
    }

    /// Size of one unit of time in microseconds (1 min = 6e7); `None` where it is no time.
    pub fn in_microseconds(&self) -> Option<f64> {
        self.to_microseconds(1.0)
    }

    fn to_microseconds(&self, value: f64) -> Option<f64> {
        self.dimension.is_same_kind(&Dimension::TIME).then(|| self.size.per(Size::ten(-6)).scale(value))
    }

    fn of(dimension: Dimension, size: Size, factors: Vec<(&'static str, i32)>) -> Unit {
        let label = ratio_of_powers(&factors);
        Unit { dimension, size, factors, label }
    }
}

/// `nM*min/h^2`, `1/(nM*min)`, `1` of names with exponents.
fn ratio_of_powers(factors: &[(&str, i32)]) -> String {
    let product = |sign: i32| -> Vec<String> {
        let powers = factors.iter().filter(|(_, e)| e.signum() == sign);
        powers
            .map(|(name, e)| match e.unsigned_abs() {
                1 => (*name).to_owned(),
                n => format!("{name}^{n}"),
            })
            .collect()
    };
    let (above, below) = (product(1), product(-1));
    let above = if above.is_empty() { "1".to_owned() } else { above.join("*") };
    match below.len() {
        0 => above,
        1 => format!("{above}/{}", below[0]),
        _ => format!("{above}/({})", below.join("*")),
    }
}

#[cfg(test)]
mod tests;
