//! Mean and standard deviation from exact sums.
//! Knows nothing of lanes and quantiles.
//!
//! A finite number is a whole multiple of 2^-1074 and its square one of 2^-2148. With Σx and Σx² exact, the variance
//! is (n·Σx² - (Σx)²)/(n·(n - 1)), where nothing is rounded before the division.

use super::exact::Sum;
use super::natural::{highest_bit, minus, over, rounded, square, times};

/// Digits for values: 2098 bits, 64 more for their number, 2 digits more that adding touches.
const VALUES: usize = 2098usize.div_ceil(32) + 4;
const SQUARES: usize = (2 * 2098usize).div_ceil(32) + 4;

/// Exponent of the unit of Σx.
const UNIT: i32 = -1074;

/// Σx and Σx² of finite values, and how many were infinite.
#[derive(Clone, Debug, Default)]
pub struct Moments {
    values: Sum<VALUES>,
    squares: Sum<SQUARES>,
    /// Below, above.
    infinite: [u64; 2],
}

impl Moments {
    #[inline]
    pub fn add(&mut self, value: f64) {
        let bits = value.to_bits();
        let (exponent, fraction) = ((bits >> 52 & 0x7ff) as usize, bits & ((1 << 52) - 1));
        let negative = value.is_sign_negative();
        if exponent == 0x7ff {
            self.infinite[usize::from(!negative)] += 1;
            return;
        }
        let size = fraction | u64::from(exponent != 0) << 52;
        let place = exponent.max(1) - 1;
        self.values.add(size, place, negative);
        let square = u128::from(size) * u128::from(size);
        self.squares.add(square as u64, 2 * place, false);
        self.squares.add((square >> 64) as u64, 2 * place + 64, false);
    }

    pub fn merge(&mut self, other: &Moments) {
        self.values.merge(&other.values);
        self.squares.merge(&other.squares);
        self.infinite[0] += other.infinite[0];
        self.infinite[1] += other.infinite[1];
    }

    /// Rounded once; NaN where n is 0, and of infinities of both signs.
    pub fn mean(&self, n: u64) -> f64 {
        match self.infinite {
            _ if n == 0 => return f64::NAN,
            [0, 0] => {}
            [_, 0] => return f64::NEG_INFINITY,
            [0, _] => return f64::INFINITY,
            _ => return f64::NAN,
        }
        // 64 more bits, so that the smallest numbers are rounded like all others.
        let (size, negative) = self.values.size();
        let (quotient, more) = over(&[&[0, 0], size.as_slice()].concat(), n);
        let Some(highest) = highest_bit(&quotient) else {
            return 0.0;
        };
        let dropped = highest.saturating_sub(52).max(64);
        let mean = scaled(rounded(&quotient, dropped, more) as f64, dropped as i32 - 64 + UNIT);
        if negative { -mean } else { mean }
    }

    /// NaN where n < 2 or a value is infinite.
    pub fn sd(&self, n: u64) -> f64 {
        if n < 2 || self.infinite != [0, 0] {
            return f64::NAN;
        }
        let spread = minus(&times(&self.squares.size().0, n), &square(&self.values.size().0));
        let Some(highest) = highest_bit(&spread) else {
            return 0.0;
        };
        let dropped = highest.saturating_sub(52);
        let exponent = dropped as i32 + 2 * UNIT;
        let odd = exponent.rem_euclid(2);
        let lead = rounded(&spread, dropped, false) as f64 * f64::from(1 + odd);
        let variance = lead / (n as f64 * (n - 1) as f64);
        scaled(variance.sqrt(), (exponent - odd) / 2)
    }
}

/// x·2^exponent for exponents of size up to 2000; in two steps, because the power alone may be no number.
fn scaled(x: f64, exponent: i32) -> f64 {
    let power = |n: i32| f64::from_bits(((1023 + n) as u64) << 52);
    let half = exponent / 2;
    x * power(half) * power(exponent - half)
}
