//! Blocks of rows for Sobol' indices: two points, and each with one coordinate from the other.
//! Knows nothing of estimators.
//!
//! Point j of a sequence of 2k dimensions is cut in two: A_j its first k coordinates, B_j the others. A block of k + 2 rows
//! is A, B, AB_1 … AB_k; with BA_1 … BA_k behind it has 2k + 2 and gives indices of pairs as well.
//! A. Saltelli et al. 2010, "Variance based sensitivity analysis of model output", Comput. Phys. Commun. 181:259, as the R
//! package `sensobol` describes it.

use super::sequence::Sequence;

#[derive(Clone, Debug)]
pub(super) struct Saltelli {
    sequence: Sequence,
    dimensions: usize,
    rows: u64,
}

impl Saltelli {
    /// `sequence` has twice the dimensions.
    pub(super) fn of(sequence: Sequence, dimensions: usize, second_order: bool) -> Saltelli {
        let changed = if second_order { 2 * dimensions } else { dimensions };
        Saltelli { sequence, dimensions, rows: changed as u64 + 2 }
    }

    pub(super) fn coordinate(&self, index: u64, dimension: usize) -> f64 {
        let (block, row) = (index / self.rows, (index % self.rows) as usize);
        let second = self.takes_second(row, dimension);
        self.sequence.coordinate(block, if second { self.dimensions + dimension } else { dimension })
    }

    /// Whether a row of a block takes a coordinate from B.
    fn takes_second(&self, row: usize, dimension: usize) -> bool {
        match row {
            0 => false,
            1 => true,
            _ if row < 2 + self.dimensions => dimension == row - 2,
            _ => dimension != row - 2 - self.dimensions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Stream};

    #[test]
    fn a_block_is_two_points_of_the_sequence_and_each_with_one_coordinate_of_the_other() {
        let k = 3;
        let sequence = Sequence::of(2 * k, Some(Key::new(4, Stream::of("test"))));
        for second_order in [false, true] {
            let saltelli = Saltelli::of(sequence.clone(), k, second_order);
            let length = if second_order { 2 * k + 2 } else { k + 2 };
            for block in [0, 1, 1_000_000_007] {
                let row = |r: usize| -> Vec<f64> {
                    (0..k).map(|d| saltelli.coordinate(block * length as u64 + r as u64, d)).collect()
                };
                let point: Vec<f64> = (0..2 * k).map(|d| sequence.coordinate(block, d)).collect();
                let (a, b) = (row(0), row(1));
                assert_eq!([a.clone(), b.clone()].concat(), point);
                for r in 2..length {
                    let (own, other, i) = if r < 2 + k { (&a, &b, r - 2) } else { (&b, &a, r - 2 - k) };
                    let mut expected = own.clone();
                    expected[i] = other[i];
                    assert_eq!(row(r), expected);
                }
            }
        }
    }
}
