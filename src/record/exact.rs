//! A sum of whole multiples of one small power of two, without rounding: any order of adding gives the same number.
//! Knows nothing of floating point or of what is summed.
//!
//! Fixed point in base 2^32 with signed 64-bit digits: a digit takes 2^29 additions before anything is carried.
//! unchecked: U. Kulisch, Computer Arithmetic and Validity, 2nd ed., de Gruyter 2013 (the long accumulator).

/// Additions to one digit, each below 2^32, before carrying: four times as many would overflow, so that two sums can be merged.
const CARRY_AFTER: u32 = 1 << 29;

/// A signed number, least digit first. `PLACES` digits hold every sum that can come up, and two more.
#[derive(Clone, Debug)]
pub struct Sum<const PLACES: usize> {
    digits: Vec<i64>,
    /// Each digit is at most one more than this times 2^32; at most `CARRY_AFTER`.
    pending: u32,
}

impl<const PLACES: usize> Default for Sum<PLACES> {
    fn default() -> Sum<PLACES> {
        Sum { digits: vec![0; PLACES], pending: 0 }
    }
}

impl<const PLACES: usize> Sum<PLACES> {
    /// Adds `size * 2^place`, or takes it away.
    #[inline]
    pub fn add(&mut self, size: u64, place: usize, negative: bool) {
        if self.pending >= CARRY_AFTER {
            self.carry();
        }
        self.pending += 1;
        let shifted = u128::from(size) << (place % 32);
        let flip = -i64::from(negative);
        let signed = |digit: u128| (i64::from(digit as u32) ^ flip) - flip;
        let first = place / 32;
        let digits = &mut self.digits[first..first + 3];
        digits[0] += signed(shifted);
        digits[1] += signed(shifted >> 32);
        digits[2] += signed(shifted >> 64);
    }

    pub fn merge(&mut self, other: &Sum<PLACES>) {
        for (digit, more) in self.digits.iter_mut().zip(&other.digits) {
            *digit += more;
        }
        // One more, for what carrying leaves in a digit of each.
        self.pending += other.pending + 1;
        if self.pending >= CARRY_AFTER {
            self.carry();
        }
    }

    /// Each digit but the last, which has the sign, in [0, 2^32).
    fn carry(&mut self) {
        let mut carried = 0;
        let (last, digits) = self.digits.split_last_mut().expect("a sum has digits");
        for digit in digits {
            let whole = *digit + carried;
            *digit = whole & 0xffff_ffff;
            carried = whole >> 32;
        }
        *last += carried;
        self.pending = 0;
    }

    /// Size, least digit first without leading zeros, and whether it is negative.
    pub fn size(&self) -> (Vec<u32>, bool) {
        let mut positive = self.clone();
        positive.carry();
        let negative = positive.digits[PLACES - 1] < 0;
        if negative {
            positive.digits.iter_mut().for_each(|digit| *digit = -*digit);
            positive.carry();
        }
        let mut size: Vec<u32> = positive.digits.iter().map(|digit| *digit as u32).collect();
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
            let (mut left, mut right) = (Sum::<6>::default(), Sum::<6>::default());
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
            let mut sum = Sum::<6> { pending: CARRY_AFTER, ..Default::default() };
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
}
