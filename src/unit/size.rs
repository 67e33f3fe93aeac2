//! Exact sizes of units, and scaling by them with one rounding.
//! Knows nothing of kinds or symbols.
//!
//! Every known unit is 2^a 3^b 5^c 7^d base units (a week is 604,800 = 2^7 3^3 5^2 7 seconds). Keeping the four
//! exponents instead of numerator and denominator makes products, powers and roots exact, and none overflows.

/// 2^a 3^b 5^c 7^d base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    exponents: [i32; 4],
}

impl Size {
    pub const ONE: Size = Size { exponents: [0; 4] };
    pub const MINUTE: Size = Size { exponents: [2, 1, 1, 0] };
    pub const HOUR: Size = Size { exponents: [4, 2, 2, 0] };
    pub const DAY: Size = Size { exponents: [7, 3, 2, 0] };
    pub const WEEK: Size = Size { exponents: [7, 3, 2, 1] };

    /// 10^n base units.
    pub const fn ten(n: i32) -> Size {
        Size { exponents: [n, 0, n, 0] }
    }

    pub fn times(self, other: Size) -> Size {
        Size { exponents: std::array::from_fn(|k| self.exponents[k].saturating_add(other.exponents[k])) }
    }

    pub fn per(self, other: Size) -> Size {
        self.times(other.power(-1))
    }

    pub fn power(self, n: i32) -> Size {
        Size { exponents: self.exponents.map(|e| e.saturating_mul(n)) }
    }

    /// `None` where the root is not a ratio of whole numbers.
    pub fn root(self, n: i32) -> Option<Size> {
        let divides = n > 0 && self.exponents.iter().all(|e| e % n == 0);
        divides.then(|| Size { exponents: self.exponents.map(|e| e / n) })
    }

    /// `value` times this size, rounded once to nearest, ties to even.
    pub fn scale(self, value: f64) -> f64 {
        if value == 0.0 || !value.is_finite() || self == Size::ONE {
            return value;
        }
        self.scale_exactly(value).unwrap_or_else(|| self.scale_roughly(value))
    }

    /// Long division of mantissa·3^b·5^c·7^d by what has negative exponents; the powers of two are only shifted.
    /// `None` where a product leaves 128 bits.
    fn scale_exactly(self, value: f64) -> Option<f64> {
        let [twos, ..] = self.exponents;
        let (mantissa, exponent) = parts(value.abs());
        let above = self.odd_product(1)?.checked_mul(mantissa.into())?;
        let below = self.odd_product(-1).filter(|below| below >> 127 == 0)?;
        let (mut quotient, mut rest) = (above / below, above % below);
        let mut shift = 0;
        // 64 bits leave 11 below the last one that is kept: enough for the bit that stands for the rest.
        while rest != 0 && quotient >> 63 == 0 {
            rest <<= 1;
            quotient = (quotient << 1) | u128::from(rest >= below);
            rest -= if rest >= below { below } else { 0 };
            shift += 1;
        }
        quotient |= u128::from(rest != 0);
        let power = twos.saturating_add(exponent - shift);
        Some(times_power_of_two(quotient as f64, power).copysign(value))
    }

    fn scale_roughly(self, value: f64) -> f64 {
        let [twos, odd @ ..] = self.exponents;
        let product = |sign: i32| -> f64 {
            let powers = [3.0, 5.0, 7.0].into_iter().zip(odd).filter(|(_, e)| e.signum() == sign);
            powers.map(|(prime, e)| whole_power(prime, e.unsigned_abs())).product()
        };
        times_power_of_two(value * product(1) / product(-1), twos)
    }

    /// Product of the odd primes whose exponents have this sign.
    fn odd_product(self, sign: i32) -> Option<u128> {
        let [_, odd @ ..] = self.exponents;
        let mut powers = [3_u128, 5, 7].into_iter().zip(odd).filter(|(_, e)| e.signum() == sign);
        powers
            .try_fold(1_u128, |product, (prime, e)| product.checked_mul(prime.checked_pow(e.unsigned_abs())?))
    }
}

/// Mantissa and exponent: `value = mantissa·2^exponent` for a finite value above 0.
fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let (stored, fraction) = ((bits >> 52) as i32 & 0x7ff, bits & ((1 << 52) - 1));
    if stored == 0 { (fraction, -1074) } else { (fraction | 1 << 52, stored - 1075) }
}

fn times_power_of_two(mut value: f64, mut power: i32) -> f64 {
    const STEP: i32 = 1000;
    let two_to = |n: i32| f64::from_bits(((n + 1023) as u64) << 52);
    power = power.clamp(-4 * STEP, 4 * STEP);
    while power.abs() > STEP {
        value *= two_to(STEP * power.signum());
        power -= STEP * power.signum();
    }
    value * two_to(power)
}

/// By squaring: multiplications only, so the same bits on every platform.
fn whole_power(base: f64, n: u32) -> f64 {
    match n {
        0 => 1.0,
        n if n % 2 == 0 => whole_power(base * base, n / 2),
        n => base * whole_power(base * base, n / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ratio_that_is_whole_scales_without_rounding() {
        assert_eq!(Size::DAY.scale(0.02), 1728.0);
        assert_eq!(Size::WEEK.per(Size::DAY).scale(1.0), 7.0);
        assert_eq!(Size::ten(-9).scale(3.0), 3e-9);
        assert_eq!(Size::ten(22).scale(7.0), 7e22);
    }

    #[test]
    fn sizes_beyond_128_bits_scale_nearly_and_do_not_panic() {
        let near = Size::ten(60).scale(3.0) / 3e60;
        assert!((near - 1.0).abs() < 1e-14, "{near}");
        for n in [i32::MIN, -400, 400, i32::MAX] {
            let _ = Size::WEEK.power(n).times(Size::ten(n)).scale(1.5);
        }
    }

    proptest! {
        /// Powers of ten against the decimal reader, which rounds once by construction.
        #[test]
        fn scaling_by_a_power_of_ten_agrees_with_the_decimal_reader(digits in 1_u64..1 << 53, n in -30..30_i32) {
            let decimal: f64 = format!("{digits}e{n}").parse().unwrap();
            prop_assert_eq!(Size::ten(n).scale(digits as f64), decimal);
        }

        #[test]
        fn scaling_is_odd_and_grows_with_the_value(a in -1e9..1e9_f64, b in -1e9..1e9_f64) {
            let size = Size::MINUTE.per(Size::WEEK);
            prop_assert_eq!(size.scale(-a), -size.scale(a));
            prop_assert!((a <= b) <= (size.scale(a) <= size.scale(b)));
        }

        #[test]
        fn a_subnormal_or_huge_value_never_panics(bits in any::<u64>(), n in -200..200_i32) {
            let _ = Size::HOUR.power(n).scale(f64::from_bits(bits));
        }
    }
}
