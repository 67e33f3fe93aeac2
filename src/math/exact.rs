//! Sums and products whose rounding error is kept: the two parts of a number of twice the precision.
//! Knows nothing of the functions that stand on it.
//!
//! unchecked: T. J. Dekker 1971, Numer. Math. 18:224 (exact product by splitting);
//! D. E. Knuth, The Art of Computer Programming, vol. 2 (exact sum).

/// 1.5 * 2^52: a number of magnitude below 2^51 added to it is rounded to whole, ties to even, and
/// stands as an integer in the low bits of the sum.
pub(super) const ROUNDER: f64 = 6_755_399_441_055_744.0;

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

    /// The exact product of two numbers of magnitude below 2^996. The low part has the bits that a fused
    /// `a*b - high` gives, as long as it is not below 2^-1022; callers only meet smaller ones
    /// where the low part is far below the last bit of their result.
    #[inline(always)]
    pub fn product(a: f64, b: f64) -> Double {
        let high = a * b;
        let (a1, a2) = halves(a);
        let (b1, b2) = halves(b);
        Double { high, low: ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2 }
    }

    /// Product with relative error below 2^-102.
    #[inline(always)]
    pub fn times(self, other: Double) -> Double {
        let exact = Double::product(self.high, other.high);
        Double::of_larger_first(exact.high, exact.low + (self.high * other.low + self.low * other.high))
    }

    /// Sum with a relative error below 2^-102 where `|self| >= |other|` and both have one sign,
    /// or where nothing cancels.
    #[inline(always)]
    pub fn plus(self, other: Double) -> Double {
        let exact = Double::sum(self.high, other.high);
        Double::of_larger_first(exact.high, exact.low + (self.low + other.low))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_product_keeps_what_a_fused_multiplication_keeps(a in -1e100f64..1e100, b in -1e100f64..1e100) {
            let exact = Double::product(a, b);
            prop_assert_eq!(exact.high, a * b);
            prop_assert_eq!(exact.low, a.mul_add(b, -exact.high));
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
