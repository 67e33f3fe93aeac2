//! Latin hypercubes: in every dimension as many equal strata as points, and one point in each.
//! Knows nothing of other designs.
//!
//! Coordinate d of point i of N is (p_d(i) + u)/N: p_d a random order of 0..N for each dimension, u uniform in (0, 1).
//! M. D. McKay, R. J. Beckman, W. J. Conover 1979, Technometrics 21:239.

use super::permutation::Permutation;
use crate::rng::Key;

/// Fraction digits of stratum number and place within it together. The 53 of a 64-bit float less three: so the ends of a
/// stratum are farther from any point in it than the two roundings of `(p + u)/N*N`, and its floor is the stratum.
const DIGITS: u32 = 50;

#[derive(Clone, Copy, Debug)]
pub(super) struct Latin {
    points: u64,
    strata: Permutation,
    jitter: Key,
}

impl Latin {
    /// `points` from 1 to 2^48.
    pub(super) fn of(points: u64, strata: Key, jitter: Key) -> Latin {
        Latin { points, strata: Permutation::of(points, strata), jitter }
    }

    pub(super) fn coordinate(&self, index: u64, dimension: usize) -> f64 {
        let dimension = dimension as u64;
        let stratum = self.strata.at(dimension, index);
        let digits = DIGITS - (u64::BITS - (self.points - 1).leading_zeros());
        let cells = (1_u64 << digits) as f64;
        let cell = self.jitter.bits(index, dimension) >> (u64::BITS - digits);
        // Exact but for the division: stratum and place within it fit into 51 digits.
        let place = stratum as f64 + (cell as f64 + 0.5) / cells;
        place / self.points as f64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::rng::Stream;

    fn latin(points: u64, seed: u64) -> Latin {
        let key = |of| Key::new(seed, Stream::of(of));
        Latin::of(points, key("test strata"), key("test jitter"))
    }

    proptest! {
        #[test]
        fn every_stratum_of_every_dimension_has_one_point(points in 1_u64..400, seed: u64) {
            let latin = latin(points, seed);
            for dimension in 0..3 {
                let stratum = |i| (latin.coordinate(i, dimension) * points as f64).floor() as u64;
                let strata: HashSet<u64> = (0..points).map(stratum).collect();
                prop_assert_eq!(strata.len() as u64, points);
            }
        }

        #[test]
        fn the_stratum_of_a_point_of_very_many_can_be_read_from_its_coordinate(
            points in 1_u64..=1 << 48, at in 0.0..1.0, seed: u64,
        ) {
            let latin = latin(points, seed);
            let index = (at * points as f64) as u64;
            let coordinate = latin.coordinate(index, 0);
            prop_assert!(0.0 < coordinate && coordinate < 1.0);
            prop_assert_eq!((coordinate * points as f64).floor() as u64, latin.strata.at(0, index));
        }
    }

    #[test]
    fn points_lie_uniformly_within_their_strata_and_dimensions_are_unrelated() {
        let latin = latin(1_000, 5);
        let mut tenths = [0.0; 10];
        let mut correlation = 0.0;
        for i in 0..1_000 {
            let (x, y) = (latin.coordinate(i, 0), latin.coordinate(i, 1));
            tenths[((x * 1_000.0).fract() * 10.0) as usize] += 1.0;
            correlation += (x - 0.5) * (y - 0.5) * 12.0 / 1_000.0;
        }
        // 9 degrees of freedom: below 33.7 in all but one of 10,000.
        let chi_squared: f64 = tenths.iter().map(|n| (n - 100.0) * (n - 100.0) / 100.0).sum();
        assert!(chi_squared < 33.7, "{chi_squared}");
        assert!(correlation.abs() < 4.0 / 1_000f64.sqrt(), "{correlation}");
    }
}
