//! pow and powi.
//! Knows nothing of how logarithms and exponentials are made.

use super::exact::Double;
use super::exponential::exp_of;
use super::logarithm::ln_double;

/// Beyond this an exponent gives 0, 1 or infinity for every base (the nearest logarithm to 0 is 2^-53).
const LARGEST_EXPONENT: f64 = 36_893_488_147_419_103_232.0;

const TWO_52: f64 = 4_503_599_627_370_496.0;

/// Whether a number is whole; every number from 2^52 on is.
#[inline(always)]
fn is_whole(size: f64) -> bool {
    size >= TWO_52 || (size + TWO_52) - TWO_52 == size
}

/// x^y = e^(y ln x) with the logarithm and the product in twice the precision; at most 1 ulp.
///
/// pow(x, 0) = 1 and pow(1, y) = 1 for every x and y, NaN included; pow(0, y) = 0 for y > 0 and inf for y < 0, with the
/// sign of the base where y is odd; of a negative base NaN unless y is whole.
#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    let base = x.abs();
    let size = y.abs();
    let exponent = if size > LARGEST_EXPONENT { LARGEST_EXPONENT.copysign(y) } else { y };
    let logarithm = ln_double(base);
    let exact = Double::product(exponent, logarithm.high);
    let value = exp_of(Double::of_larger_first(exact.high, exact.low + exponent * logarithm.low));

    let at_infinity = if y > 0.0 { f64::INFINITY } else { 0.0 };
    let at_zero = if y > 0.0 { 0.0 } else { f64::INFINITY };
    let value = if base == f64::INFINITY { at_infinity } else { value };
    let value = if base == 0.0 { at_zero } else { value };

    let odd = is_whole(size) & !is_whole(0.5 * size);
    let value = if x.is_sign_negative() & odd { -value } else { value };
    let undefined = ((x < 0.0) & (base < f64::INFINITY) & !is_whole(size)) | x.is_nan() | y.is_nan();
    let value = if undefined { f64::NAN } else { value };
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
