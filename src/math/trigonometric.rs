//! sin and cos.
//! Knows nothing of other functions.
//!
//! x = k pi/2 + r with |r| <= pi/4, r in twice the precision; then the series of sin or cos by the quadrant k mod 4.
//! pi/2 is taken off in three parts of 33 bits and a rest, so that k times a part is exact for k < 2^20.

use super::exact::{Double, ROUNDER, polynomial};

const HALF_PI: [f64; 4] = [
    f64::from_bits(0x3ff9_21fb_5440_0000),
    f64::from_bits(0x3dd0_b461_1a60_0000),
    f64::from_bits(0x3ba3_198a_2e00_0000),
    f64::from_bits(0x397b_839a_2520_49c1),
];

/// (sin r - r)/r^3 and (cos r - 1 + r^2/2)/r^4 over r^2 in [0, (1.02 pi/4)^2]: interpolated at Chebyshev
/// nodes in 60 digits (`tests/data/math.py coefficients`); truncation below 0.06 and 0.01 * 2^-53.
const SIN: [f64; 7] = [
    -0.16666666666666666,
    0.008333333333333331,
    -0.0001984126984126402,
    2.7557319218542833e-06,
    -2.5052105961377e-08,
    1.605848950955874e-10,
    -7.584263996034166e-13,
];
const COS: [f64; 6] = [
    0.041666666666666664,
    -0.001388888888888707,
    2.4801587298282115e-05,
    -2.755731702592346e-07,
    2.0876096058995368e-09,
    -1.1379086634729478e-11,
];

/// From here on an argument's own last bit is a sizeable part of a turn: sin is 0 and cos is 1 by definition.
const NO_ANGLE_LEFT: f64 = 281_474_976_710_656.0;

/// sin and cos of the remainder of x, and the quadrant in the low two bits.
#[inline(always)]
fn remainder(x: f64) -> (f64, f64, u64) {
    let x = if x.abs() < NO_ANGLE_LEFT { x } else { x * 0.0 };
    let rounded = x * std::f64::consts::FRAC_2_PI + ROUNDER;
    let k = rounded - ROUNDER;
    let first = x - k * HALF_PI[0];
    let second = Double::sum(first, -(k * HALF_PI[1]));
    let third = Double::sum(second.high, -(k * HALF_PI[2]));
    let tail = (second.low + third.low) - k * HALF_PI[3];
    let r = Double::of_larger_first(third.high, tail);
    (sin_near_zero(r), cos_near_zero(r), rounded.to_bits())
}

#[inline(always)]
fn sin_near_zero(r: Double) -> f64 {
    let z = r.high * r.high;
    r.high + (r.high * z * polynomial(z, &SIN) + r.low * (1.0 - 0.5 * z))
}

#[inline(always)]
fn cos_near_zero(r: Double) -> f64 {
    let z = r.high * r.high;
    let half = 0.5 * z;
    let lead = 1.0 - half;
    lead + (((1.0 - lead) - half) + (z * z * polynomial(z, &COS) - r.high * r.low))
}

#[inline(always)]
fn with_sign(value: f64, negative: u64) -> f64 {
    f64::from_bits(value.to_bits() ^ (negative << 63))
}

/// Sine of x in radians, at most 1 ulp for |x| < 1.6e6. Beyond, the error grows to about |x| * 2^-52 absolute,
/// one ulp of the argument; from 2^48 on sin is 0. NaN for an infinite x.
#[inline(always)]
pub fn sin(x: f64) -> f64 {
    let (sin, cos, quadrant) = remainder(x);
    let value = with_sign(if quadrant & 1 == 0 { sin } else { cos }, (quadrant >> 1) & 1);
    // Keeps the sign of zero.
    if x.abs() < 1e-9 { x } else { value }
}

/// Cosine of x in radians, at most 1 ulp for |x| < 1.6e6. Beyond, as for sine; from 2^48 on cos is 1.
#[inline(always)]
pub fn cos(x: f64) -> f64 {
    let (sin, cos, quadrant) = remainder(x);
    with_sign(if quadrant & 1 == 0 { cos } else { sin }, (quadrant.wrapping_add(1) >> 1) & 1)
}
