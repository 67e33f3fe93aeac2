//! exp and what stands on it: exp_m1, logistic, tanh.
//! Knows nothing of logarithms.
//!
//! e^x = 2^k * e^r with k = x/ln 2 rounded to whole and |r| <= ln 2 / 2 (Cody and Waite's reduction with ln 2 in
//! two parts, so that k times the upper part is exact); e^r = 1 + r + r^2 p(r). The parts of `1 + r` are kept
//! exactly, so the last addition is nearly the only rounding.

use super::exact::{Double, ROUNDER, polynomial};

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

/// e^(x + low) as 2^exponent * (lead + rest): lead = 1 + r rounded, rest all that is below it.
struct Parts {
    lead: f64,
    rest: f64,
    exponent: f64,
}

/// `x` in [UNDERFLOW, OVERFLOW] or NaN, `|low|` at most an ulp of it.
#[inline(always)]
fn parts(x: f64, low: f64) -> Parts {
    let exponent = (x * std::f64::consts::LOG2_E + ROUNDER) - ROUNDER;
    let coarse = x - exponent * LN2_HIGH;
    let fine = low - exponent * LN2_LOW;
    let r = coarse + fine;
    let lost = (coarse - r) + fine;
    let tail = lost + r * r * polynomial(r, &EXP);
    let lead = 1.0 + r;
    Parts { lead, rest: (r - (lead - 1.0)) + tail, exponent }
}

/// 2^n for whole n in [-1022, 1023]; anything for others.
#[inline(always)]
fn power_of_two(n: f64) -> f64 {
    f64::from_bits((n + ROUNDER).to_bits().wrapping_add(1023) << 52)
}

/// value * 2^n for whole |n| <= 1100, in two steps so that 2^n itself need not be a number.
#[inline(always)]
fn scaled(value: f64, n: f64) -> f64 {
    let half = (n * 0.5 + ROUNDER) - ROUNDER;
    value * power_of_two(half) * power_of_two(n - half)
}

/// e^(x.high + x.low), also far outside the range of numbers.
#[inline(always)]
pub(super) fn exp_of(x: Double) -> f64 {
    let clamped = if x.high > OVERFLOW { OVERFLOW } else { x.high };
    let clamped = if clamped < UNDERFLOW { UNDERFLOW } else { clamped };
    let low = if clamped == x.high { x.low } else { 0.0 };
    let p = parts(clamped, low);
    scaled(p.lead + p.rest, p.exponent)
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
    let lead = Double::sum(scaled(p.lead, p.exponent), -1.0);
    let value = lead.high + (lead.low + scaled(p.rest, p.exponent));
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
