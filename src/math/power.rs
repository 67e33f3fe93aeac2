//! pow and powi.
//! Knows nothing of how logarithms and exponentials are made.

use super::exact::{Double, Products, Split};
use super::exponential::exp_for_pow;
use super::logarithm::ln_double;

/// Beyond this an exponent gives 0, 1 or infinity for every base (the nearest logarithm to 0 is 2^-53).
const LARGEST_EXPONENT: f64 = 36_893_488_147_419_103_232.0;

const TWO_52: f64 = 4_503_599_627_370_496.0;

/// x^y = e^(y ln x) with the logarithm and the product in twice the precision; at most 1 ulp.
///
/// pow(x, 0) = 1 and pow(1, y) = 1 for every x and y, NaN included; pow(0, y) = 0 for y > 0 and inf for y < 0, with the
/// sign of the base where y is odd; of a negative base NaN unless y is whole.
#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    pow_by::<Split>(x, y)
}

/// `pow` by a way of exact products; the same bits.
#[inline(always)]
pub fn pow_by<P: Products>(x: f64, y: f64) -> f64 {
    let [high, low] = logarithm_of_size::<P>(x);
    raised::<P>(x, [high, low], y)
}

/// ln |x| in two parts, for `raised`; one logarithm serves all powers of a base.
#[inline(always)]
pub fn logarithm_of_size<P: Products>(x: f64) -> [f64; 2] {
    let logarithm = ln_double::<P>(x.abs());
    [logarithm.high, logarithm.low]
}

/// x^y from `logarithm_of_size` of x.
#[inline(always)]
pub fn raised<P: Products>(x: f64, [high, low]: [f64; 2], y: f64) -> f64 {
    let exponent = if y > LARGEST_EXPONENT { LARGEST_EXPONENT } else { y };
    let exponent = if exponent < -LARGEST_EXPONENT { -LARGEST_EXPONENT } else { exponent };
    // Where the logarithm is infinite so is the high part of the product, and the low part counts for nothing.
    let exact = Double::product::<P>(exponent, high);
    let value = exp_for_pow::<P>(Double::new(exact.high, exact.low + exponent * low));

    // What rounding to an even number takes away: 0 of even numbers, 1 of odd ones. From 2^53 on all are even.
    let size = if y.abs() < 2.0 * TWO_52 { y.abs() } else { 2.0 * TWO_52 };
    let half = P::exact_plus(0.5, size, TWO_52) - TWO_52;
    let off = P::exact_plus(-2.0, half, size).abs();
    let sign = if off == 1.0 { x } else { 1.0 };
    let undefined = (x < 0.0) & (x > f64::NEG_INFINITY) & (off != 0.0) & (off != 1.0);
    let value = if undefined { f64::NAN } else { value.copysign(sign) };
    if (x == 1.0) | (y == 0.0) { 1.0 } else { value }
}

/// x^n by squaring from the lowest bit of n upward, for negative n one over that; n is the same for all lanes.
/// The chain is part of the numerics version. Off by at most about |n|/2 ulp; where x^|n| overflows x^-|n| is 0.
#[inline(always)]
pub fn powi(x: f64, n: i32) -> f64 {
    let mut left = n.unsigned_abs();
    let mut square = x;
    let mut product = if left & 1 == 1 { x } else { 1.0 };
    left >>= 1;
    while left > 0 {
        square *= square;
        if left & 1 == 1 {
            product *= square;
        }
        left >>= 1;
    }
    if n < 0 { 1.0 / product } else { product }
}
