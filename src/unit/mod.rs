//! Units and quantities: `"0.02 1/min"` and what it is in `1/h`.
//! Knows nothing of models or files.

/// Exponents of the kinds of quantity that models tell apart.
///
/// Receptor count, density (receptor per area), amount and concentration are different kinds and never convert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Dimension {
    pub time: i8,
    pub receptor: i8,
    pub amount: i8,
    pub length: i8,
    pub mass: i8,
}

impl Dimension {
    pub const ONE: Dimension = Dimension { time: 0, receptor: 0, amount: 0, length: 0, mass: 0 };
    pub fn is_one(&self) -> bool {
        todo!()
    }
    pub fn times(&self, other: &Dimension) -> Dimension {
        todo!()
    }
    pub fn per(&self, other: &Dimension) -> Dimension {
        todo!()
    }
    pub fn power(&self, n: i32) -> Dimension {
        todo!()
    }
    /// `None` where an exponent does not divide by `n`.
    pub fn root(&self, n: i32) -> Option<Dimension> {
        todo!()
    }
    /// In words: `concentration`, `1/time`, `receptor count`, `concentration per time`, `dimensionless`.
    pub fn words(&self) -> String {
        todo!()
    }
}

/// A unit: its kind, its size as an exact ratio of whole numbers of base units, and how it is written.
///
/// Base units: second, receptor, mole, metre, gram. A litre is 1/1000 cubic metre.
#[derive(Clone, Debug)]
pub struct Unit {
    _todo: (),
}

impl Unit {
    /// Dimensionless, factor 1, written `1`.
    pub fn one() -> Unit {
        todo!()
    }
    /// Reads `1/min`, `nM`, `1/(nM*min)`, `receptor/um^2`, `%`, `Hz`, `min^2`, `sqrt`-free products and ratios.
    /// `Err` is a sentence with the nearest known unit.
    pub fn parse(text: &str) -> Result<Unit, String> {
        todo!()
    }
    pub fn dimension(&self) -> Dimension {
        todo!()
    }
    /// As written by the person who wrote it; `1` for dimensionless.
    pub fn label(&self) -> &str {
        todo!()
    }
    /// Same kind and same size: an expression in one is an expression in the other with factor 1.
    pub fn fits(&self, other: &Unit) -> bool {
        todo!()
    }
    /// Products keep a readable label (`nM*min` times `1/min` is `nM`).
    pub fn times(&self, other: &Unit) -> Unit {
        todo!()
    }
    pub fn per(&self, other: &Unit) -> Unit {
        todo!()
    }
    pub fn power(&self, n: i32) -> Unit {
        todo!()
    }
    pub fn root(&self, n: i32) -> Option<Unit> {
        todo!()
    }
    /// `value` in this unit, expressed in `to`; `None` where the kinds differ. One rounding only: the ratio of the two sizes is exact.
    pub fn convert(&self, value: f64, to: &Unit) -> Option<f64> {
        todo!()
    }
    /// Whole microseconds of `value` of this time unit, rounded to nearest; `None` where it is no time or does not fit an `i64`.
    pub fn microseconds(&self, value: f64) -> Option<i64> {
        todo!()
    }
    /// Size of one unit of time in microseconds (1 min = 6e7); `None` where it is no time.
    pub fn in_microseconds(&self) -> Option<f64> {
        todo!()
    }
}

/// A number with a unit: `"0.02 1/min"`, `"1/72 1/h"`, `"10_000"`, `"50 %"`.
#[derive(Clone, Debug)]
pub struct Quantity {
    pub value: f64,
    pub unit: Unit,
}

impl Quantity {
    /// A quantity is a number or a ratio of two, then a unit (none: dimensionless). `Err` is a sentence.
    pub fn parse(text: &str) -> Result<Quantity, String> {
        todo!()
    }
    pub fn to(&self, unit: &Unit) -> Option<f64> {
        todo!()
    }
}
