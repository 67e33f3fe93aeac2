//! Mean and standard deviation from exact sums.
//! Knows nothing of lanes and quantiles.
//!
//! A finite number is a whole multiple of 2^-1074 and its square one of 2^-2148. With Σx and Σx² exact, the variance
//! is (n·Σx² - (Σx)²)/(n·(n - 1)), where nothing is rounded before the division.

use super::bytes::{self, Reader};
use super::exact::Sum;
use super::natural::{highest_bit, less, minus, over, rounded, square, times};

/// Octaves below the largest of some values within which a value is a whole number of 63 bits.
const OCTAVES: usize = 10;
/// Values that are summed before the sums are added to the long ones: sums of 2^12 times 2^63 and 2^126 do not overflow.
const AT_ONCE: usize = 4096;

/// Exponent of the unit of Σx.
const UNIT: i32 = -1074;

/// Σx and Σx² of finite values, and how many were infinite.
#[derive(Clone, Debug, Default)]
pub struct Moments {
    values: Sum,
    squares: Sum,
    /// Below, above.
    infinite: [u64; 2],
}

impl Moments {
    /// Adds values none of which is NaN; `largest` is the largest of their sizes. Most lie within few octaves: they are whole
    /// multiples of one unit, summed as such. What is far smaller goes into the long sums by itself.
    pub fn add(&mut self, values: &[f64], largest: f64) {
        if largest.is_infinite() {
            return values.iter().for_each(|value| self.add_one(*value));
        }
        let unit = place(largest.to_bits()).saturating_sub(OCTAVES);
        for values in values.chunks(AT_ONCE) {
            let mut sum = 0i128;
            // 192 bits.
            let (mut squares, mut carries) = (0u128, 0u64);
            for value in values {
                let bits = value.to_bits();
                let place = place(bits);
                if place < unit {
                    self.add_one(*value);
                    continue;
                }
                let whole = size(bits) << (place - unit);
                let flip = -i64::from(value.is_sign_negative());
                sum += i128::from((whole as i64 ^ flip) - flip);
                let (square, carry) = squares.overflowing_add(u128::from(whole) * u128::from(whole));
                (squares, carries) = (square, carries + u64::from(carry));
            }
            let size = sum.unsigned_abs();
            self.values.add(size as u64, unit, sum < 0);
            self.values.add((size >> 64) as u64, unit + 64, sum < 0);
            self.squares.add(squares as u64, 2 * unit, false);
            self.squares.add((squares >> 64) as u64, 2 * unit + 64, false);
            self.squares.add(carries, 2 * unit + 128, false);
        }
    }

    fn add_one(&mut self, value: f64) {
        if value.is_infinite() {
            self.infinite[usize::from(value > 0.0)] += 1;
            return;
        }
        let (size, place) = (size(value.to_bits()), place(value.to_bits()));
        self.values.add(size, place, value.is_sign_negative());
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

    pub fn write(&self, into: &mut Vec<u8>) {
        self.values.write(into);
        self.squares.write(into);
        self.infinite.iter().for_each(|count| bytes::whole(into, *count));
    }

    /// Moments that `n` values can have.
    pub fn read(reader: &mut Reader, n: u64) -> Option<Moments> {
        let (values, squares) = (Sum::read(reader)?, Sum::read(reader)?);
        let infinite = [reader.whole()?, reader.whole()?];
        let (squared, negative) = squares.size();
        let possible = !negative
            && infinite[0].checked_add(infinite[1])? <= n
            && !less(&times(&squared, n), &square(&values.size().0));
        possible.then_some(Moments { values, squares, infinite })
    }

    /// Bytes beside itself.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.values.bytes() + self.squares.bytes()
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
        // What rounds to 0 has no sign.
        0.0 + if negative { -mean } else { mean }
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

/// The whole number that a finite value is a multiple of 2^(place - 1074) of.
#[inline]
fn size(bits: u64) -> u64 {
    bits & ((1 << 52) - 1) | u64::from(bits >> 52 & 0x7ff != 0) << 52
}

#[inline]
fn place(bits: u64) -> usize {
    ((bits >> 52 & 0x7ff) as usize).max(1) - 1
}

/// x·2^exponent for exponents of size up to 2000; in two steps, because the power alone may be no number.
fn scaled(x: f64, exponent: i32) -> f64 {
    let power = |n: i32| f64::from_bits(((1023 + n) as u64) << 52);
    let half = exponent / 2;
    x * power(half) * power(exponent - half)
}
