//! The functions of the language, one row each: value, derivative, unit, notation, meaning.
//! Knows nothing of lanes; a value is the arithmetic of one lane.

use super::arena::{Arena, Id};
use super::syntax::Operator::{Div, Mul, Pow, Sub};
use crate::math::{self, Fused, Products, Split};

/// Index into the one function table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Function(pub u8);

impl Function {
    /// The function's row of the table.
    pub fn row(self) -> &'static FunctionRow {
        &FUNCTIONS[self.0 as usize]
    }

    /// The function of that name.
    pub fn find(name: &str) -> Option<Function> {
        FUNCTIONS.iter().position(|row| row.name == name).map(|n| Function(n as u8))
    }
}

/// What a function's arguments may be measured in, and what it is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitRule {
    /// Dimensionless in, dimensionless out.
    Dimensionless,
    /// Any unit, and the same out.
    Same,
    /// Any unit in, dimensionless out.
    Sign,
    /// Half the exponents.
    Root,
    /// Equal units in, the same out.
    Equal,
    /// Two equal units and a dimensionless exponent in, dimensionless out.
    Hill,
}

/// Node of the partial derivative by argument `by`; `call` is the call itself.
type Partial = fn(arena: &mut Arena, args: [Id; 3], call: Id, by: usize) -> Id;

#[derive(Debug)]
pub struct FunctionRow {
    pub name: &'static str,
    pub arguments: &'static [&'static str],
    pub arity: usize,
    /// The arithmetic of one lane.
    pub value: fn([f64; 3]) -> f64,
    /// The same to the bit by `math::Fused`, for processors that have it.
    pub fused: fn([f64; 3]) -> f64,
    pub partial: Partial,
    pub unit: UnitRule,
    /// `#1` is the first argument, `@1` the same as the base of a power: in brackets where it needs them.
    pub latex: &'static str,
    /// Meaning, value at the edge of the domain, derivative at ties.
    pub doc: &'static str,
}

impl FunctionRow {
    /// `hill(x, k, n)`.
    pub fn signature(&self) -> String {
        format!("{}({})", self.name, self.arguments.join(", "))
    }
}

const X: &[&str] = &["x"];
const AB: &[&str] = &["a", "b"];

/// All functions. Models' texts know them by name; their order means nothing.
pub const FUNCTIONS: &[FunctionRow] = &[
    FunctionRow {
        name: "exp",
        arguments: X,
        arity: X.len(),
        value: exp,
        fused: exp,
        partial: |_, _, call, _| call,
        unit: UnitRule::Dimensionless,
        latex: r"\exp\left(#1\right)",
        doc: "e to the power of x; infinite above 709.78, 0 below -745.13",
    },
    FunctionRow {
        name: "ln",
        arguments: X,
        arity: X.len(),
        value: ln,
        fused: ln,
        partial: |arena, [x, ..], _, _| arena.reciprocal(x),
        unit: UnitRule::Dimensionless,
        latex: r"\ln\left(#1\right)",
        doc: "natural logarithm; -infinity at 0, not a number below",
    },
    FunctionRow {
        name: "log10",
        arguments: X,
        arity: X.len(),
        value: log10::<Split>,
        fused: log10::<Fused>,
        partial: |arena, [x, ..], _, _| {
            let per_decade = arena.constant(std::f64::consts::LN_10);
            let below = arena.binary(Mul, x, per_decade);
            arena.reciprocal(below)
        },
        unit: UnitRule::Dimensionless,
        latex: r"\log_{10}\left(#1\right)",
        doc: "logarithm to base 10; -infinity at 0, not a number below",
    },
    FunctionRow {
        name: "sqrt",
        arguments: X,
        arity: X.len(),
        value: sqrt,
        fused: sqrt,
        partial: |arena, _, call, _| {
            let two = arena.constant(2.0);
            let below = arena.binary(Mul, two, call);
            arena.reciprocal(below)
        },
        unit: UnitRule::Root,
        latex: r"\sqrt{#1}",
        doc: "square root; not a number below 0; its derivative at 0 is infinite",
    },
    FunctionRow {
        name: "abs",
        arguments: X,
        arity: X.len(),
        value: abs,
        fused: abs,
        partial: |arena, [x, ..], _, _| arena.call_named("sign", &[x]),
        unit: UnitRule::Same,
        latex: r"\left|#1\right|",
        doc: "absolute value; its derivative at 0 is 0",
    },
    FunctionRow {
        name: "min",
        arguments: AB,
        arity: AB.len(),
        value: smaller,
        fused: smaller,
        partial: |arena, [a, b, _], _, by| arena.share_of(by, b, a),
        unit: UnitRule::Equal,
        latex: r"\min\left(#1, #2\right)",
        doc: "the smaller of two, not a number where one of them is not; where they are equal each counts half in the derivative",
    },
    FunctionRow {
        name: "max",
        arguments: AB,
        arity: AB.len(),
        value: larger,
        fused: larger,
        partial: |arena, [a, b, _], _, by| arena.share_of(by, a, b),
        unit: UnitRule::Equal,
        latex: r"\max\left(#1, #2\right)",
        doc: "the larger of two, not a number where one of them is not; where they are equal each counts half in the derivative",
    },
    FunctionRow {
        name: "hill",
        arguments: &["x", "k", "n"],
        arity: 3,
        value: hill::<Split>,
        fused: hill::<Fused>,
        partial: hill_partial,
        unit: UnitRule::Hill,
        latex: r"\frac{@1^{#3}}{@2^{#3} + @1^{#3}}",
        doc: "x^n/(k^n + x^n), without overflow; 0 for x = 0 (also where k = 0), and x below 0 counts as 0; not a number for k or n below 0; \
              its derivative by x goes on below 0 as it is at 0: 1/k for n = 1, 0 for n > 1, infinite for n < 1",
    },
    FunctionRow {
        name: "logistic",
        arguments: X,
        arity: X.len(),
        value: logistic,
        fused: logistic,
        partial: |arena, [x, ..], call, _| {
            // 1 - logistic(x) loses all digits for large x; logistic(-x) is the same number and keeps them.
            let minus = arena.neg(x);
            let rest = arena.call_named("logistic", &[minus]);
            arena.binary(Mul, call, rest)
        },
        unit: UnitRule::Dimensionless,
        latex: r"\operatorname{logistic}\left(#1\right)",
        doc: "1/(1 + exp(-x)), without overflow",
    },
    FunctionRow {
        name: "tanh",
        arguments: X,
        arity: X.len(),
        value: tanh,
        fused: tanh,
        partial: |arena, _, call, _| {
            let (one, two) = (arena.constant(1.0), arena.constant(2.0));
            let square = arena.binary(Pow, call, two);
            arena.binary(Sub, one, square)
        },
        unit: UnitRule::Dimensionless,
        latex: r"\tanh\left(#1\right)",
        doc: "hyperbolic tangent",
    },
    FunctionRow {
        name: "sign",
        arguments: X,
        arity: X.len(),
        value: sign,
        fused: sign,
        partial: |arena, _, _, _| arena.constant(0.0),
        unit: UnitRule::Sign,
        latex: r"\operatorname{sign}\left(#1\right)",
        doc: "-1, 0 or 1; its derivative is 0 everywhere; the derivative of `abs`",
    },
    FunctionRow {
        name: "heaviside",
        arguments: X,
        arity: X.len(),
        value: step,
        fused: step,
        partial: |arena, _, _, _| arena.constant(0.0),
        unit: UnitRule::Sign,
        latex: r"\operatorname{H}\left(#1\right)",
        doc: "0 below 0, 0.5 at 0, 1 above; its derivative is 0 everywhere; in the derivatives of `min` and `max`",
    },
];

// The arithmetic of the rows over one lane. Functions that are always inlined, and choose without branches where they can: a closure
// may stay a call, and a loop over lanes with a call in it is not made of vectors.

#[inline(always)]
fn exp([x, ..]: [f64; 3]) -> f64 {
    math::exp(x)
}

#[inline(always)]
fn ln([x, ..]: [f64; 3]) -> f64 {
    math::ln(x)
}

#[inline(always)]
fn log10<P: Products>([x, ..]: [f64; 3]) -> f64 {
    math::log10_by::<P>(x)
}

#[inline(always)]
fn sqrt([x, ..]: [f64; 3]) -> f64 {
    x.sqrt()
}

#[inline(always)]
fn abs([x, ..]: [f64; 3]) -> f64 {
    x.abs()
}

#[inline(always)]
fn logistic([x, ..]: [f64; 3]) -> f64 {
    math::logistic(x)
}

#[inline(always)]
fn tanh([x, ..]: [f64; 3]) -> f64 {
    math::tanh(x)
}

#[inline(always)]
fn smaller([a, b, _]: [f64; 3]) -> f64 {
    // Where neither comparison holds, one of the two is not a number.
    let other = if b <= a { b } else { f64::NAN };
    if a < b { a } else { other }
}

#[inline(always)]
fn larger([a, b, c]: [f64; 3]) -> f64 {
    -smaller([-a, -b, c])
}

#[inline(always)]
fn step([x, ..]: [f64; 3]) -> f64 {
    let tie = if x == 0.0 { 0.5 } else { f64::NAN };
    let below = if x < 0.0 { 0.0 } else { tie };
    if x > 0.0 { 1.0 } else { below }
}

#[inline(always)]
fn sign([x, b, c]: [f64; 3]) -> f64 {
    step([x, b, c]) - step([-x, b, c])
}

/// The ratio is taken of the smaller to the larger, so its power never overflows.
///
/// It chooses by bits: a comparison would become a branch with the power on either side.
#[inline(always)]
fn hill<P: Products>([x, k, n]: [f64; 3]) -> f64 {
    let x = if x < 0.0 { 0.0 } else { x };
    let rising = u64::from(x <= k).wrapping_neg();
    let choose = |a: f64, b: f64| f64::from_bits(a.to_bits() & rising | b.to_bits() & !rising);
    let (small, large) = (choose(x, k), choose(k, x));
    let r = math::pow_by::<P>(small / large, n);
    let value = choose(r, 1.0) / (1.0 + r);
    let value = if x == 0.0 { 0.0 } else { value };
    if (k < 0.0) | (n < 0.0) { f64::NAN } else { value }
}

/// With u = x/k and 1 - h = hill(k, x, n): dh/dx = n/k·u^(n-1)·(1-h)², dh/dk = -n/k·h·(1-h), dh/dn = h·(1-h)·ln u.
fn hill_partial(arena: &mut Arena, [x, k, n]: [Id; 3], call: Id, by: usize) -> Id {
    let zero = arena.constant(0.0);
    let held = arena.call_named("max", &[x, zero]);
    let rest = arena.call_named("hill", &[k, held, n]);
    let steepness = arena.binary(Div, n, k);
    match by {
        0 => {
            let (one, two) = (arena.constant(1.0), arena.constant(2.0));
            let (u, m) = (arena.binary(Div, held, k), arena.binary(Sub, n, one));
            let (power, square) = (arena.binary(Pow, u, m), arena.binary(Pow, rest, two));
            let steep = arena.binary(Mul, steepness, power);
            arena.binary(Mul, steep, square)
        }
        1 => {
            let both = arena.binary(Mul, call, rest);
            let change = arena.binary(Mul, steepness, both);
            arena.neg(change)
        }
        _ => {
            let both = arena.binary(Mul, call, rest);
            let u = arena.binary(Div, x, k);
            let ln = arena.ln_above_zero(u);
            arena.binary(Mul, both, ln)
        }
    }
}

/// Nodes that several derivatives share.
impl Arena {
    pub(super) fn call_named(&mut self, name: &str, args: &[Id]) -> Id {
        let function = Function::find(name).expect("a row of the function table");
        self.call(function, args)
    }

    fn reciprocal(&mut self, x: Id) -> Id {
        let one = self.constant(1.0);
        self.binary(Div, one, x)
    }

    /// ln x for x > 0 and a finite number at 0, so that 0·ln 0 is 0.
    pub(super) fn ln_above_zero(&mut self, x: Id) -> Id {
        let least = self.constant(f64::MIN_POSITIVE);
        let above = self.call_named("max", &[x, least]);
        self.call_named("ln", &[above])
    }

    /// How much the argument `by` of a choice counts, where the first is chosen if `first > second`.
    fn share_of(&mut self, by: usize, first: Id, second: Id) -> Id {
        let lead = match by {
            0 => self.binary(Sub, first, second),
            _ => self.binary(Sub, second, first),
        };
        self.call_named("heaviside", &[lead])
    }
}
