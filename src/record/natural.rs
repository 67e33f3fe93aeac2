//! Whole numbers of any length: the little arithmetic that a mean and a standard deviation need at the end.
//! Knows nothing of what they count.
//!
//! Digits in base 2^32, least first; leading zeros are allowed.

/// a².
pub fn square(a: &[u32]) -> Vec<u32> {
    let mut product = vec![0; 2 * a.len()];
    for (place, digit) in a.iter().enumerate().filter(|(_, digit)| **digit != 0) {
        let mut carried = 0;
        for (into, other) in product[place..].iter_mut().zip(a) {
            // At most (2^32 - 1)² + 2·(2^32 - 1) = 2^64 - 1.
            let sum = u64::from(*digit) * u64::from(*other) + u64::from(*into) + carried;
            *into = sum as u32;
            carried = sum >> 32;
        }
        product[place + a.len()] = carried as u32;
    }
    product
}

/// n·a.
pub fn times(a: &[u32], n: u64) -> Vec<u32> {
    let mut carried = 0;
    let mut product: Vec<u32> = Vec::with_capacity(a.len() + 2);
    for digit in a.iter().chain(&[0, 0]) {
        let sum = u128::from(*digit) * u128::from(n) + carried;
        product.push(sum as u32);
        carried = sum >> 32;
    }
    product
}

/// a - b, where b is not larger.
pub fn minus(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut borrowed = 0;
    let mut rest = Vec::with_capacity(a.len().max(b.len()));
    for place in 0..a.len().max(b.len()) {
        let digit = |of: &[u32]| of.get(place).map_or(0, |digit| i64::from(*digit));
        let difference = digit(a) - digit(b) - borrowed;
        rest.push(difference as u32);
        borrowed = i64::from(difference < 0);
    }
    debug_assert_eq!(borrowed, 0);
    rest
}

/// a < b.
pub fn less(a: &[u32], b: &[u32]) -> bool {
    let digit = |of: &[u32], place: usize| of.get(place).copied().unwrap_or(0);
    let places = (0..a.len().max(b.len())).rev();
    let apart = places.map(|place| (digit(a, place), digit(b, place))).find(|(a, b)| a != b);
    apart.is_some_and(|(a, b)| a < b)
}

/// a/n rounded down, and whether something is left; n is not 0.
pub fn over(a: &[u32], n: u64) -> (Vec<u32>, bool) {
    let n = u128::from(n);
    let mut left = 0;
    let mut quotient = vec![0; a.len()];
    for (into, digit) in quotient.iter_mut().zip(a).rev() {
        let part = left << 32 | u128::from(*digit);
        *into = (part / n) as u32;
        left = part % n;
    }
    (quotient, left != 0)
}

/// Position of the highest bit that is set; `None` for 0.
pub fn highest_bit(a: &[u32]) -> Option<usize> {
    let place = a.iter().rposition(|digit| *digit != 0)?;
    Some(32 * place + a[place].ilog2() as usize)
}

/// a/2^places to the nearest whole number, ties to even; the whole part is below 2^64 - 1. `more`: a is larger by less than 1.
pub fn rounded(a: &[u32], places: usize, more: bool) -> u64 {
    let bit = |place: usize| a.get(place / 32).is_some_and(|digit| digit >> (place % 32) & 1 == 1);
    let whole = (0..64).filter(|n| bit(places + n)).fold(0u64, |whole, n| whole | 1 << n);
    if places == 0 || !bit(places - 1) {
        return whole;
    }
    let below = more || (0..places - 1).any(bit);
    whole + u64::from(below || whole & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digits(n: u128) -> Vec<u32> {
        (0..4).map(|place| (n >> (32 * place)) as u32).collect()
    }

    fn number(a: &[u32]) -> u128 {
        assert!(a.iter().skip(4).all(|digit| *digit == 0));
        a.iter().take(4).rev().fold(0, |sum, digit| sum << 32 | u128::from(*digit))
    }

    proptest! {
        #[test]
        fn arithmetic_is_that_of_wide_integers(a in any::<u128>(), shift in 0u32..128, n in 1u64.., b in any::<u128>()) {
            let a = a >> shift;
            prop_assert_eq!(number(&over(&digits(a), n).0), a / u128::from(n));
            prop_assert_eq!(over(&digits(a), n).1, a % u128::from(n) != 0);
            prop_assert_eq!(less(&digits(a), &digits(b)), a < b);
            prop_assert_eq!(number(&minus(&digits(a.max(b)), &digits(a.min(b)))), a.max(b) - a.min(b));
            let half = a >> 64;
            prop_assert_eq!(number(&square(&digits(half)[..2])), half * half);
            prop_assert_eq!(number(&times(&digits(half), n)), half * u128::from(n));
            prop_assert_eq!(highest_bit(&digits(a)), a.checked_ilog2().map(|bit| bit as usize));
        }

        #[test]
        fn rounding_is_to_the_nearest_and_to_even(a in any::<u128>(), places in 66usize..120, tie in any::<bool>(), more in any::<bool>()) {
            let unit = 1u128 << places;
            let a = if tie { a / unit * unit + unit / 2 } else { a };
            let (whole, left) = (a / unit, a % unit);
            let up = left > unit / 2 || left == unit / 2 && (more || whole % 2 == 1);
            prop_assert_eq!(u128::from(rounded(&digits(a), places, more)), whole + u128::from(up));
        }
    }

    #[test]
    fn the_largest_digits_do_not_overflow() {
        assert_eq!(square(&[u32::MAX; 3]), [1, 0, 0, u32::MAX - 1, u32::MAX, u32::MAX]);
        assert_eq!(times(&[u32::MAX; 2], u64::MAX), [1, 0, u32::MAX - 1, u32::MAX]);
        assert_eq!(highest_bit(&[0, 0]), None);
        assert_eq!(square(&[]), [0u32; 0]);
    }
}
