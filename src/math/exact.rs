//! Sums and products whose rounding error is kept: the two parts of a number of twice the precision.
//! Knows nothing of the functions that stand on it.
//!
//! unchecked: T. J. Dekker 1971, Numer. Math. 18:224 (exact product by splitting);
//! D. E. Knuth, The Art of Computer Programming, vol. 2 (exact sum).

/// 1.5 * 2^52: a number of magnitude below 2^51 added to it is rounded to whole, ties to even, and
/// stands as an integer in the low bits of the sum.
pub(super) const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// How the rounding error of a product is found. Both ways give the same bits where the error is not below 2^-1022.
pub trait Products {
    /// Whether it is `Fused`.
    const FUSED: bool;

    /// a b - high, for `high` the rounded product.
    fn error(a: f64, b: f64, high: f64) -> f64;

    /// a b + c rounded once, where a b needs no rounding.
    fn exact_plus(a: f64, b: f64, c: f64) -> f64;

    /// c - a b rounded once, where a b is so near to c that c less the rounded product is exact.
    fn remainder(c: f64, a: f64, b: f64) -> f64;
}

/// By one multiplication with an addition that is not rounded between: for processors that have it. Elsewhere it
/// is a slow call.
pub struct Fused;

/// By splitting both factors into halves, whose products are exact: for every processor. For magnitudes below 2^996.
pub struct Split;

impl Products for Fused {
    const FUSED: bool = true;

    #[inline(always)]
    fn error(a: f64, b: f64, high: f64) -> f64 {
        a.mul_add(b, -high)
    }

    #[inline(always)]
    fn exact_plus(a: f64, b: f64, c: f64) -> f64 {
        a.mul_add(b, c)
    }

    #[inline(always)]
    fn remainder(c: f64, a: f64, b: f64) -> f64 {
        (-a).mul_add(b, c)
    }
}

impl Products for Split {
    const FUSED: bool = false;

    #[inline(always)]
    fn error(a: f64, b: f64, high: f64) -> f64 {
        let (a1, a2) = halves(a);
        let (b1, b2) = halves(b);
        ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2
    }

    #[inline(always)]
    fn exact_plus(a: f64, b: f64, c: f64) -> f64 {
        a * b + c
    }

    #[inline(always)]
    fn remainder(c: f64, a: f64, b: f64) -> f64 {
        let high = a * b;
        (c - high) - Split::error(a, b, high)
    }
}

/// An unevaluated sum `high + low` with `|low|` at most half an ulp of `high`.
#[derive(Clone, Copy)]
pub(super) struct Double {
    pub high: f64,
    pub low: f64,
}

impl Double {
    #[inline(always)]
    pub fn new(high: f64, low: f64) -> Double {
        Double { high, low }
    }

    /// `high + low` made proper; `|high| >= |low|` or `high = 0`.
    #[inline(always)]
    pub fn of_larger_first(high: f64, low: f64) -> Double {
        let sum = high + low;
        Double { high: sum, low: low - (sum - high) }
    }

    /// The exact sum of two numbers.
    #[inline(always)]
    pub fn sum(a: f64, b: f64) -> Double {
        let high = a + b;
        let from_b = high - a;
        Double { high, low: (a - (high - from_b)) + (b - from_b) }
    }

    /// The exact product of two numbers of magnitude below 2^996, as long as its low part is not below 2^-1022; callers
    /// only meet smaller ones where the low part is far below the last bit of their result.
    #[inline(always)]
    pub fn product<P: Products>(a: f64, b: f64) -> Double {
        let high = a * b;
        Double { high, low: P::error(a, b, high) }
    }

    /// Product with relative error below 2^-100, not made proper.
    #[inline(always)]
    pub fn times<P: Products>(self, other: Double) -> Double {
        let exact = Double::product::<P>(self.high, other.high);
        Double { high: exact.high, low: exact.low + (self.high * other.low + self.low * other.high) }
    }

    /// Product with a power of two.
    #[inline(always)]
    pub fn scaled(self, power: f64) -> Double {
        Double { high: self.high * power, low: self.low * power }
    }
}

/// A number as the sum of two of at most 26 bits each (Veltkamp's splitting with 2^27 + 1).
#[inline(always)]
fn halves(a: f64) -> (f64, f64) {
    let spread = 134_217_729.0 * a;
    let high = spread - (spread - a);
    (high, a - high)
}

/// Horner's scheme, coefficients from the constant upward.
#[inline(always)]
pub(super) fn polynomial<const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let mut sum = coefficients[N - 1];
    let mut at = N - 1;
    while at > 0 {
        at -= 1;
        sum = sum * x + coefficients[at];
    }
    sum
}

/// The same number but for its last bits, by a tree of pairs (Estrin's scheme): a shorter wait for each result, where a loop has
/// little else to do meanwhile.
#[inline(always)]
pub(super) fn polynomial_by_pairs<const N: usize>(x: f64, coefficients: &[f64; N]) -> f64 {
    let mut sums = *coefficients;
    let (mut left, mut power) = (N, x);
    while left > 1 {
        let pairs = left / 2;
        let mut n = 0;
        while n < pairs {
            sums[n] = sums[2 * n] + sums[2 * n + 1] * power;
            n += 1;
        }
        if left & 1 == 1 {
            sums[pairs] = sums[left - 1];
        }
        left -= pairs;
        power *= power;
    }
    sums[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_product_keeps_what_a_fused_multiplication_keeps(a in -1e100f64..1e100, b in -1e100f64..1e100) {
            let split = Double::product::<Split>(a, b);
            let fused = Double::product::<Fused>(a, b);
            prop_assert_eq!((split.high, split.low), (a * b, a.mul_add(b, -(a * b))));
            prop_assert_eq!((fused.high, fused.low), (split.high, split.low));
        }

        #[test]
        fn what_a_near_quotient_leaves_is_the_same_both_ways(f in -0.3f64..0.42, d in 1.7f64..2.42, off in -2i64..3) {
            let s = f64::from_bits((f * (1.0 / d)).to_bits().wrapping_add_signed(off));
            prop_assert_eq!(Split::remainder(f, s, d).to_bits(), Fused::remainder(f, s, d).to_bits());
        }

        #[test]
        fn a_sum_is_exact_in_either_order(a in -1e9f64..1e9, b in -1e-9f64..1e-9) {
            let (one, other) = (Double::sum(a, b), Double::sum(b, a));
            prop_assert_eq!((one.high, one.low), (other.high, other.low));
            // Nothing but the low part is missing: a and b can be taken away again exactly.
            prop_assert_eq!((one.high - a) + one.low, b);
        }
    }
}
