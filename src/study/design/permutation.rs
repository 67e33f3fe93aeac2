//! Random orders of 0..n as functions: where each number goes, without a list of them.
//! Knows nothing of designs.
//!
//! Up to 64 numbers: the number at a place is the rank of the place's draw among all draws, so that all orders are equally likely.
//! Above: a number x below s^2, s = ceil(sqrt(n)), is the pair (x/s, x mod s). A round turns (l, r) into (r, (l + F(r)) mod s)
//! with F from addressed bits, which is one to one whatever F is: a Feistel network. A result of n or more goes through
//! again until it is below n, which keeps the whole one to one on 0..n ("cycle walking"); as s^2 < n + 2*sqrt(n) + 1 that
//! is rare. Of few numbers a network prefers some orders however many its rounds: with s odd it makes only even permutations of the s^2.
//!
//! Generalised Feistel networks and cycle walking: J. Black, P. Rogaway 2002, "Ciphers with arbitrary finite domains", CT-RSA.

use crate::rng::Key;

/// Numbers whose order is by rank, at most. Ranking takes a draw for each, a network eight.
const FEW: u64 = 64;

/// Measured on where 300,000 orders of 65 to 128 numbers put two of them: after four rounds up to 180 standard deviations off
/// what chance gives, after six and after eight within it.
const ROUNDS: u64 = 8;

/// Random orders of 0..n: one for each label.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permutation {
    count: u64,
    side: u64,
    key: Key,
}

impl Permutation {
    /// Orders of `0..count`, `count` at least 1.
    pub(super) fn of(count: u64, key: Key) -> Permutation {
        let root = count.isqrt();
        let side = if root * root < count { root + 1 } else { root };
        Permutation { count, side, key }
    }

    /// The number at a place below `count` in the order with a label.
    pub(super) fn at(&self, label: u64, place: u64) -> u64 {
        if self.count <= FEW {
            return self.rank(label, place);
        }
        let mut number = place;
        loop {
            number = self.through(label, number);
            if number < self.count {
                return number;
            }
        }
    }

    /// How many places have a smaller draw.
    fn rank(&self, label: u64, place: u64) -> u64 {
        let draw = |of| (self.key.bits(label, of), of);
        let own = draw(place);
        (0..self.count).filter(|of| draw(*of) < own).count() as u64
    }

    /// One passage through all rounds: one to one on the numbers below `side^2`.
    fn through(&self, label: u64, number: u64) -> u64 {
        let (mut left, mut right) = (number / self.side, number % self.side);
        for round in 0..ROUNDS {
            // A side is at most 2^32, so round and right half share an index.
            let shift = below(self.key.bits(label, round << 32 | right), self.side);
            (left, right) = (right, (left + shift) % self.side);
        }
        left * self.side + right
    }
}

/// A number below n from 64 random bits: floor(bits*n/2^64). Its probabilities are 1/n to within 2^-64.
pub(super) fn below(bits: u64, n: u64) -> u64 {
    ((u128::from(bits) * u128::from(n)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::rng::Stream;

    fn orders(count: u64) -> Permutation {
        Permutation::of(count, Key::new(11, Stream::of("test permutation")))
    }

    #[test]
    fn an_order_of_any_length_up_to_300_has_every_number_once() {
        for count in 1..=300 {
            let numbers: HashSet<u64> = (0..count).map(|place| orders(count).at(count % 7, place)).collect();
            assert_eq!(numbers.len() as u64, count);
            assert!(numbers.iter().all(|number| *number < count));
        }
    }

    #[test]
    fn an_order_of_a_million_million_numbers_repeats_none_and_stays_below() {
        for count in [1_000_000_000_000, 1 << 48, (1 << 48) - 1, u64::MAX] {
            let starts = [0, count / 3, count - 20_000];
            let places = starts.iter().flat_map(|start| *start..start + 20_000);
            let numbers: Vec<u64> = places.map(|place| orders(count).at(0, place)).collect();
            assert!(numbers.iter().all(|number| *number < count));
            assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len(), "of {count}");
            let mean = numbers.iter().map(|n| *n as f64 / count as f64).sum::<f64>() / numbers.len() as f64;
            // 60,000 uniform numbers: a standard error of 0.0012.
            assert!((mean - 0.5).abs() < 0.006, "{mean}");
        }
    }

    /// How far counts are from equal ones: chi-squared less its mean, in its standard deviations. Below 5 by chance in all
    /// but one of a million.
    fn unevenness(counts: impl Iterator<Item = f64>, ways: u64, total: u64) -> f64 {
        let expected = total as f64 / ways as f64;
        let (seen, sum) =
            counts.fold((0, 0.0), |(seen, sum), n| (seen + 1, sum + (n - expected) * (n - expected)));
        let chi_squared = (sum + (ways - seen) as f64 * expected * expected) / expected;
        let freedom = (ways - 1) as f64;
        (chi_squared - freedom) / (2.0 * freedom).sqrt()
    }

    #[test]
    fn all_orders_of_a_few_numbers_are_equally_likely() {
        for (count, ways) in [(2_u64, 2), (3, 6), (4, 24), (5, 120), (6, 720)] {
            let mut found: HashMap<Vec<u64>, f64> = HashMap::new();
            for label in 0..24_000 {
                let order = (0..count).map(|place| orders(count).at(label, place)).collect();
                *found.entry(order).or_default() += 1.0;
            }
            let off = unevenness(found.values().copied(), ways, 24_000);
            assert!(off < 5.0, "orders of {count}: {off}");
        }
    }

    #[test]
    fn two_places_of_many_have_any_two_numbers_equally_often() {
        // The third pair of places shares a half of the network's first pair.
        for (count, places) in [(65_u64, [0, 1]), (65, [32, 64]), (100, [0, 10]), (120, [3, 4])] {
            let mut found: HashMap<[u64; 2], f64> = HashMap::new();
            for label in 0..50_000 {
                *found.entry(places.map(|place| orders(count).at(label, place))).or_default() += 1.0;
            }
            let off = unevenness(found.values().copied(), count * (count - 1), 50_000);
            assert!(off < 5.0, "places {places:?} of {count}: {off}");
        }
    }

    #[test]
    fn orders_with_other_labels_are_other_orders() {
        let order = |label| (0..50).map(|place| orders(50).at(label, place)).collect::<Vec<_>>();
        let different: HashSet<Vec<u64>> = (0..1_000).map(order).collect();
        assert_eq!(different.len(), 1_000);
    }
}
