//! ln and what stands on it: ln_1p, log10, and the logarithm of twice the precision that pow needs.
//! Knows nothing of exponentials.
//!
//! x = 2^k m with m in [sqrt(1/2), sqrt(2)); with f = m - 1 and s = f/(2 + f),
//! ln m = ln((1 + s)/(1 - s)) = 2s + 2s^3/3 + 2s^5/5 + …

use super::exact::{Double, Products, Split, polynomial, polynomial_by_pairs};
use super::exponential::{LN2_HIGH, LN2_LOW};

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

/// What follows 1/3 in atanh(s)/s - 1 = z/3 + z^2 Q(z), z = s^2, made the same way; truncation below 2^-66 of the
/// logarithm.
const FROM_FIFTH: [f64; 8] = [
    0.2,
    0.14285714285714682,
    0.11111111110827943,
    0.09090909167696401,
    0.07692297481259215,
    0.06667402346923655,
    0.05853118169745603,
    0.05861589311938259,
];

const THIRD: Double =
    Double { high: f64::from_bits(0x3fd5_5555_5555_5555), low: f64::from_bits(0x3c75_5555_5555_5555) };
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

/// ln x with a relative error below 2^-64, not made proper: the low part may be 2^-40 of the high one. The high part
/// alone is -inf at 0, infinite at infinity and NaN for NaN; for numbers below 0 it is of no meaning.
#[inline(always)]
pub(super) fn ln_double<P: Products>(x: f64) -> Double {
    let (k, m) = exponent_and_mantissa(x);
    let f = m - 1.0;
    let divisor = Double::of_larger_first(2.0, f);
    // One division for both parts of s.
    let share = 1.0 / divisor.high;
    let high = f * share;
    let left = P::remainder(f, high, divisor.high) - high * divisor.low;
    let s = Double::new(high, left * share);
    let z = s.times::<P>(s);
    let fifth = polynomial_by_pairs(z.high, &FROM_FIFTH);
    let third = Double::of_larger_first(THIRD.high, THIRD.low + z.high * fifth);
    let third = Double::new(third.high, third.low + z.low * fifth);
    let cube = s.times::<P>(z.times::<P>(third));
    // Each sum has its larger part first: the multiples of ln 2, then 2s, then what is below 1/100 of that.
    let twice = 2.0 * s.high;
    let first = P::exact_plus(k, LN2_HIGH, twice);
    let first_lost = twice - P::exact_plus(-k, LN2_HIGH, first);
    let whole = P::exact_plus(2.0, cube.high, first);
    let whole_lost = P::exact_plus(2.0, cube.high, first - whole);
    let low = P::exact_plus(2.0, s.low + cube.low, k * LN2_LOW + (first_lost + whole_lost));
    let high = if x < f64::INFINITY { whole } else { x };
    Double::new(if x == 0.0 { f64::NEG_INFINITY } else { high }, low)
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
    log10_by::<Split>(x)
}

/// `log10` by a way of exact products; the same bits.
#[inline(always)]
pub fn log10_by<P: Products>(x: f64) -> f64 {
    let value = ln_double::<P>(x).times::<P>(LOG10_E);
    with_edges(x, value.high + value.low)
}
