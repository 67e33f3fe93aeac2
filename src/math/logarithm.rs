//! ln and what stands on it: ln_1p, log10, and the logarithm of twice the precision that pow needs.
//! Knows nothing of exponentials.
//!
//! x = 2^k m with m in [sqrt(1/2), sqrt(2)); with f = m - 1 and s = f/(2 + f),
//! ln m = ln((1 + s)/(1 - s)) = 2s + 2s^3/3 + 2s^5/5 + …

use super::exact::{Double, polynomial};
use super::exponential::{LN2_HIGH, LN2_LOW};

/// The next 42 bits of ln 2 after LN2_HIGH, and what is left.
const LN2_MIDDLE: f64 = f64::from_bits(0x3d2e_f357_93c7_6000);
const LN2_TAIL: f64 = f64::from_bits(0x3a8c_c01f_97b5_7a08);

/// (ln((1 + s)/(1 - s)) - 2s)/s^3 over s^2 in [0, 0.0295]: interpolated at Chebyshev nodes in 60 digits
/// (`tests/data/math.py coefficients`); truncation below 0.01 * 2^-53 of s.
const LN: [f64; 8] = [
    0.6666666666666666,
    0.4000000000000088,
    0.2857142857080323,
    0.2222222239180047,
    0.18181795630884753,
    0.15386240205813478,
    0.13268759668560612,
    0.13086767009948175,
];

/// What follows 1/3 and 1/5 in atanh(s)/s - 1 = z/3 + z^2/5 + z^3 Q(z), z = s^2, made the same way;
/// truncation below 2^-72 of the logarithm.
const FROM_SEVENTH: [f64; 8] = [
    0.14285714285714285,
    0.11111111111111474,
    0.09090909090650334,
    0.07692307762474186,
    0.06666657336287023,
    0.058830251424610534,
    0.05236447707177386,
    0.05308572170586171,
];

const THIRD: Double =
    Double { high: f64::from_bits(0x3fd5_5555_5555_5555), low: f64::from_bits(0x3c75_5555_5555_5555) };
const FIFTH: Double =
    Double { high: f64::from_bits(0x3fc9_9999_9999_999a), low: f64::from_bits(0xbc69_9999_9999_999a) };
/// 1/ln 10.
const LOG10_E: Double =
    Double { high: f64::from_bits(0x3fdb_cb7b_1526_e50e), low: f64::from_bits(0x3c69_5355_baaa_fad3) };

/// A positive finite x as 2^k m: (k, m) with m in [sqrt(1/2), sqrt(2)). Subnormals included.
#[inline(always)]
fn exponent_and_mantissa(x: f64) -> (f64, f64) {
    let tiny = x < f64::MIN_POSITIVE;
    let x = if tiny { x * 18_014_398_509_481_984.0 } else { x };
    // Taking off the bits of sqrt(1/2) makes the exponent field count from there.
    let above = x.to_bits().wrapping_sub(0x3fe6_a09e_667f_3bcd);
    let mantissa = f64::from_bits((above & 0x000f_ffff_ffff_ffff).wrapping_add(0x3fe6_a09e_667f_3bcd));
    // The field is a signed number in the upper 12 bits; laid under 2^52 it becomes a number without a
    // conversion of integers, which base x86 has not got for vectors.
    let field = (above >> 52).wrapping_add(2048) & 0xfff;
    let k = f64::from_bits(field | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 2048.0);
    (if tiny { k - 54.0 } else { k }, mantissa)
}

/// The values of a logarithm where the series has none; infinity and NaN stand for themselves.
#[inline(always)]
fn with_edges(x: f64, value: f64) -> f64 {
    let value = if x < f64::INFINITY { value } else { x };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x < 0.0 { f64::NAN } else { value }
}

/// Natural logarithm, at most 1 ulp. ln 0 = -inf, ln of a negative number is NaN.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let (k, m) = exponent_and_mantissa(x);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let half_square = 0.5 * f * f;
    // 2s = f - f^2/2 + s f^2/2: the large part is f itself, without the rounding of s.
    let tail = s * (half_square + z * polynomial(z, &LN)) + k * LN2_LOW;
    let value = k * LN2_HIGH + (f - (half_square - tail));
    with_edges(x, value)
}

/// ln x for positive finite x, relative error below 2^-66.
#[inline(always)]
pub(super) fn ln_double(x: f64) -> Double {
    let (k, m) = exponent_and_mantissa(x);
    let f = m - 1.0;
    let divisor = Double::of_larger_first(2.0, f);
    let s = f / divisor.high;
    let back = Double::product(s, divisor.high);
    let s = Double::new(s, (((f - back.high) - back.low) - s * divisor.low) / divisor.high);
    let z = s.times(s);
    let seventh = z.high * polynomial(z.high, &FROM_SEVENTH);
    let fifth = FIFTH.plus(Double::new(seventh, 0.0));
    let third = THIRD.plus(z.times(fifth));
    let mantissa = s.plus(s.times(z.times(third))).scaled(2.0);
    let whole = Double::of_larger_first(k * LN2_HIGH, k * LN2_MIDDLE);
    let sum = whole.plus(mantissa);
    Double::of_larger_first(sum.high, sum.low + k * LN2_TAIL)
}

/// ln(1 + x) without cancellation near 0, at most 2 ulp.
#[inline(always)]
pub fn ln_1p(x: f64) -> f64 {
    let sum = Double::sum(1.0, x);
    let value = ln(sum.high) + sum.low / sum.high;
    let value = if x.abs() < 1e-17 { x } else { value };
    if x > -1.0 && x < f64::INFINITY { value } else { with_edges(x + 1.0, value) }
}

/// Logarithm to base 10, at most 1 ulp, exact for powers of ten.
#[inline(always)]
pub fn log10(x: f64) -> f64 {
    let value = ln_double(x).times(LOG10_E);
    with_edges(x, value.high + value.low)
}
