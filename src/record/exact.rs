//! A sum of whole multiples of one small power of two, without rounding: any order of adding gives the same number.
//! Knows nothing of floating point or of what is summed.
//!
//! Fixed point in base 2^32 with signed 64-bit digits, as many as are in use: a digit takes 2^29 additions before anything is carried.
//! unchecked: U. Kulisch, Computer Arithmetic and Validity, 2nd ed., de Gruyter 2013 (the long accumulator).

use super::bytes::{self, Reader};

/// Additions to one digit, each below 2^32, before carrying: four times as many would overflow, so that two sums can be merged.
const CARRY_AFTER: u32 = 1 << 29;

/// Digits that the square of the largest number takes, and as many sums of them as there can be, with room.
const MOST_DIGITS: usize = 144;

/// A signed number: digits from one place upwards, least first; only places that something was added to have a digit.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    digits: Vec<i64>,
    /// Place of the least digit, in digits.
    first: u32,
    /// Each digit is at most one more than this times 2^32; at most `CARRY_AFTER`.
    pending: u32,
}

impl Sum {
    /// Adds `size * 2^place`, or takes it away.
    #[inline]
    pub fn add(&mut self, size: u64, place: usize, negative: bool) {
        if size == 0 {
            return;
        }
        if self.pending >= CARRY_AFTER {
            self.carry();
        }
        self.pending += 1;
        let shifted = u128::from(size) << (place % 32);
        let flip = -i64::from(negative);
        let signed = |digit: u128| (i64::from(digit as u32) ^ flip) - flip;
        let digits = self.digits(place / 32, 3);
        digits[0] += signed(shifted);
        digits[1] += signed(shifted >> 32);
        digits[2] += signed(shifted >> 64);
    }

    pub fn merge(&mut self, other: &Sum) {
        if other.digits.is_empty() {
            return;
        }
        let digits = self.digits(other.first as usize, other.digits.len());
        for (digit, more) in digits.iter_mut().zip(&other.digits) {
            *digit += more;
        }
        // One more, for what carrying leaves in a digit of each.
        self.pending += other.pending + 1;
        if self.pending >= CARRY_AFTER {
            self.carry();
        }
    }

    /// The same number is the same bytes, however it came about.
    pub fn write(&self, into: &mut Vec<u8>) {
        let (size, negative) = self.size();
        let first = size.iter().position(|digit| *digit != 0).unwrap_or(0);
        bytes::whole(into, (size.len() - first) as u64);
        into.extend([first as u8, u8::from(negative)]);
        size[first..].iter().for_each(|digit| into.extend_from_slice(&digit.to_le_bytes()));
    }

    pub fn read(reader: &mut Reader) -> Option<Sum> {
        let count = reader.count(4)?;
        let (first, sign) = (reader.byte()?, reader.byte()?);
        if usize::from(first) + count > MOST_DIGITS || sign > 1 {
            return None;
        }
        let mut digits = Vec::with_capacity(count);
        for _ in 0..count {
            let (digit, rest) = reader.0.split_first_chunk()?;
            reader.0 = rest;
            let size = i64::from(u32::from_le_bytes(*digit));
            digits.push(if sign == 1 { -size } else { size });
        }
        Some(Sum { digits, first: u32::from(first), pending: 0 })
    }

    /// Bytes beside itself.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        size_of::<i64>() * self.digits.capacity()
    }

    /// So many digits from a place on, made where there are none.
    #[inline]
    fn digits(&mut self, place: usize, count: usize) -> &mut [i64] {
        let first = self.first as usize;
        if place < first || place + count > first + self.digits.len() {
            self.widen(place, count);
        }
        let at = place - self.first as usize;
        &mut self.digits[at..at + count]
    }

    #[cold]
    fn widen(&mut self, place: usize, count: usize) {
        if self.digits.is_empty() {
            self.first = place as u32;
        }
        let first = self.first as usize;
        let start = first.min(place);
        let mut digits = vec![0; (first + self.digits.len()).max(place + count) - start];
        digits[first - start..][..self.digits.len()].copy_from_slice(&self.digits);
        (self.digits, self.first) = (digits, start as u32);
    }

    /// Each digit but the last, which has the sign, in [0, 2^32).
    fn carry(&mut self) {
        let mut carried = 0;
        let Some((last, digits)) = self.digits.split_last_mut() else { return };
        for digit in digits {
            let whole = *digit + carried;
            *digit = whole & 0xffff_ffff;
            carried = whole >> 32;
        }
        *last += carried;
        let mut higher = *last >> 32;
        // Also the last is not large.
        while higher != 0 && higher != -1 {
            if let Some(last) = self.digits.last_mut() {
                *last &= 0xffff_ffff;
            }
            self.digits.push(higher);
            higher >>= 32;
        }
        self.pending = 0;
    }

    /// Size, least digit first without leading zeros, and whether it is negative.
    pub fn size(&self) -> (Vec<u32>, bool) {
        let mut positive = self.clone();
        positive.carry();
        let negative = positive.digits.last().is_some_and(|last| *last < 0);
        if negative {
            positive.digits.iter_mut().for_each(|digit| *digit = -*digit);
            positive.carry();
        }
        let below = std::iter::repeat_n(0, positive.first as usize);
        let mut size: Vec<u32> = below.chain(positive.digits.iter().map(|digit| *digit as u32)).collect();
        size.truncate(size.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1));
        (size, negative)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_are_those_of_wide_integers(terms in proptest::collection::vec((any::<u64>(), 0usize..60, any::<bool>()), 0..50), at in 0usize..50) {
            let truth: i128 = terms.iter().map(|(size, place, negative)| {
                let size = i128::from(*size) << place;
                if *negative { -size } else { size }
            }).sum();
            let (mut left, mut right) = (Sum::default(), Sum::default());
            for (n, (size, place, negative)) in terms.iter().enumerate() {
                if n < at { &mut left } else { &mut right }.add(*size, *place, *negative);
            }
            left.merge(&right);
            let (size, negative) = left.size();
            let found = size.iter().rev().fold(0u128, |sum, digit| sum << 32 | u128::from(*digit));
            prop_assert_eq!((found, negative), (truth.unsigned_abs(), truth < 0));
            // Carrying early changes nothing.
            left.carry();
            prop_assert_eq!(left.size(), (size, negative));
        }
    }

    #[test]
    fn a_digit_is_carried_before_it_overflows() {
        let full = || {
            let mut sum = Sum { digits: vec![0; 6], first: 0, pending: CARRY_AFTER };
            sum.digits[1] = (i64::from(CARRY_AFTER) + 1) << 32;
            sum
        };
        let mut more = full();
        more.add(u64::MAX, 31, false);
        assert_eq!(more.pending, 1);
        assert!(more.digits.iter().all(|digit| *digit < 1 << 34));
        let mut twice = full();
        twice.merge(&full());
        assert_eq!(twice.pending, 0);
        assert_eq!(twice.size(), (vec![0, 0, (CARRY_AFTER + 1) * 2], false));
    }

    #[test]
    fn the_highest_digit_is_carried_too() {
        for (sign, negative) in [(1, false), (-1, true)] {
            let mut sum =
                Sum { digits: vec![sign * (i64::from(CARRY_AFTER) << 32)], first: 2, pending: CARRY_AFTER };
            sum.add(1, 64, negative);
            assert!(sum.digits.iter().all(|digit| digit.abs() <= 1 << 32), "{sum:?}");
            assert_eq!(sum.size(), (vec![0, 0, 1, CARRY_AFTER], negative));
        }
    }

    #[test]
    fn only_digits_in_use_take_memory() {
        let mut sum = Sum::default();
        sum.add(1, 1074, false);
        sum.add(5, 1100, true);
        assert_eq!(sum.digits.len(), 4);
        sum.add(0, 0, false);
        assert_eq!(sum.digits.len(), 4);
    }
}
