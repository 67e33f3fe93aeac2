//! exp and what stands on it: exp_m1, logistic, tanh.
//! Knows nothing of logarithms.
//!
//! e^x = 2^k * e^r with k = x/ln 2 rounded to whole and |r| <= ln 2 / 2 (Cody and Waite's reduction with ln 2 in
//! two parts, so that k times the upper part is exact); e^r = 1 + r + r^2 p(r). The parts of `1 + r` are kept
//! exactly, so the last addition is nearly the only rounding.

use super::exact::{Double, Products, ROUNDER, Split, polynomial, polynomial_by_pairs};

/// Upper 42 bits of ln 2: exact when multiplied by a whole number below 2^11.
pub(super) const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fefa_3800);
/// ln 2 less its upper part.
pub(super) const LN2_LOW: f64 = f64::from_bits(0x3d2e_f357_93c7_6730);

/// Above, e^x overflows; below, it is under half of the smallest number.
const OVERFLOW: f64 = 709.8;
const UNDERFLOW: f64 = -745.2;

/// (e^r - 1 - r)/r^2 on |r| <= 1.0001 ln 2 / 2: interpolated at Chebyshev nodes in 60 digits
/// (`tests/data/math.py coefficients`); truncation below 0.003 * 2^-53 of e^r.
const EXP: [f64; 11] = [
    0.5,
    0.1666666666666667,
    0.04166666666666667,
    0.008333333333326136,
    0.0013888888888883748,
    0.00019841269874820627,
    2.4801587325547743e-05,
    2.7557255400206422e-06,
    2.75572736431103e-07,
    2.5105217004720745e-08,
    2.0914686968086876e-09,
];

/// x + low as exponent * ln 2 + r + lost.
struct Reduced {
    r: f64,
    lost: f64,
    exponent: Exponent,
}

/// e^(x + low) as 2^exponent * (lead + rest): lead = 1 + r rounded, rest all that is below it.
struct Parts {
    lead: f64,
    rest: f64,
    exponent: Exponent,
}

/// A whole number of size up to 1100, in the low bits.
#[derive(Clone, Copy)]
struct Exponent(u64);

/// `x` in [UNDERFLOW, OVERFLOW] or NaN, `|low|` far below 1.
#[inline(always)]
fn reduced<P: Products>(x: f64, low: f64) -> Reduced {
    let rounded = x * std::f64::consts::LOG2_E + ROUNDER;
    let exponent = rounded - ROUNDER;
    let coarse = P::exact_plus(exponent, -LN2_HIGH, x);
    let fine = low - exponent * LN2_LOW;
    let r = coarse + fine;
    Reduced { r, lost: (coarse - r) + fine, exponent: Exponent(rounded.to_bits()) }
}

impl Reduced {
    /// With the value of the series `EXP` at r.
    #[inline(always)]
    fn parts(self, series: f64) -> Parts {
        let tail = self.lost + self.r * self.r * series;
        let lead = 1.0 + self.r;
        Parts { lead, rest: (self.r - (lead - 1.0)) + tail, exponent: self.exponent }
    }
}

#[inline(always)]
fn parts(x: f64, low: f64) -> Parts {
    let reduced = reduced::<Split>(x, low);
    let series = polynomial(reduced.r, &EXP);
    reduced.parts(series)
}

impl Parts {
    #[inline(always)]
    fn value(self) -> f64 {
        self.exponent.scale(self.lead + self.rest)
    }
}

impl Exponent {
    /// value * 2^n, in two steps so that 2^n itself need not be a number.
    #[inline(always)]
    fn scale(self, value: f64) -> f64 {
        // The sign reaches into the bits that the field of an exponent takes, so halving needs no signed shift.
        let half = self.0 >> 1;
        value * power_of_two(half) * power_of_two(self.0.wrapping_sub(half))
    }
}

/// 2^n for n in [-1022, 1023] in the low 12 bits.
#[inline(always)]
fn power_of_two(n: u64) -> f64 {
    f64::from_bits(n.wrapping_add(1023) << 52)
}

/// In the range of `reduced`; what is far outside ends at its edges.
#[inline(always)]
fn clamped(x: Double) -> Double {
    let high = if x.high > OVERFLOW { OVERFLOW } else { x.high };
    let high = if high < UNDERFLOW { UNDERFLOW } else { high };
    Double::new(high, if high == x.high { x.low } else { 0.0 })
}

/// e^(x.high + x.low), also far outside the range of numbers; `|x.low|` far below 1 inside it.
#[inline(always)]
pub(super) fn exp_of(x: Double) -> f64 {
    let x = clamped(x);
    parts(x.high, x.low).value()
}

/// The same but for last bits: what is left of pow, which is so long that waiting would cost more than these.
#[inline(always)]
pub(super) fn exp_for_pow<P: Products>(x: Double) -> f64 {
    let x = clamped(x);
    let reduced = reduced::<P>(x.high, x.low);
    let series = polynomial_by_pairs(reduced.r, &EXP);
    reduced.parts(series).value()
}

/// e^x, at most 1 ulp; overflows to infinity, underflows gradually to 0.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    exp_of(Double::new(x, 0.0))
}

/// e^x - 1 without cancellation near 0, at most 2 ulp.
#[inline(always)]
pub fn exp_m1(x: f64) -> f64 {
    let clamped = if x < -50.0 { -50.0 } else { x };
    let clamped = if clamped > OVERFLOW { OVERFLOW } else { clamped };
    let p = parts(clamped, 0.0);
    let lead = Double::sum(p.exponent.scale(p.lead), -1.0);
    let value = lead.high + (lead.low + p.exponent.scale(p.rest));
    let value = if lead.high == f64::INFINITY { f64::INFINITY } else { value };
    // Keeps the sign of zero and every bit of what is its own e^x - 1.
    if x.abs() < 1e-17 { x } else { value }
}

/// 1/(1 + e^-x), without overflow, at most 3 ulp.
#[inline(always)]
pub fn logistic(x: f64) -> f64 {
    let small = exp(-x.abs());
    let upper = 1.0 / (1.0 + small);
    if x < 0.0 { small * upper } else { upper }
}

/// Hyperbolic tangent, at most 3 ulp.
#[inline(always)]
pub fn tanh(x: f64) -> f64 {
    let size = if x.abs() > 40.0 { 40.0 } else { x.abs() };
    let growth = exp_m1(size + size);
    // Near 1 the distance from it is computed, so that rounding cannot turn the function back.
    let near_one = growth > 2.0;
    let share = if near_one { 2.0 } else { growth } / (growth + 2.0);
    let value = if near_one { 1.0 - share } else { share }.copysign(x);
    if x.is_nan() { x } else { value }
}
