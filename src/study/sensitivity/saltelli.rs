//! The layout of Saltelli's blocks, recognised from the points themselves.
//! Knows nothing of outputs.
//!
//! A block is A, B, AB_1 … AB_k and, for second orders, BA_1 … BA_k, where AB_i is A with factor i from B and BA_i is B with
//! factor i from A. The layout is checked to the bit: other points in these estimators give plausible nonsense.

use ndarray::{ArrayView1, ArrayView2};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub factors: usize,
    pub has_second: bool,
}

/// Rows of A and B in a block; AB_i is at `AB + i`.
pub(super) const A: usize = 0;
pub(super) const B: usize = 1;
pub(super) const AB: usize = 2;

impl Layout {
    /// Points of a block.
    pub fn size(self) -> usize {
        2 + self.factors * if self.has_second { 2 } else { 1 }
    }

    /// Row of BA_i in a block.
    pub fn ba(self, factor: usize) -> usize {
        AB + self.factors + factor
    }

    pub fn of(points: ArrayView2<f64>) -> Result<Layout, String> {
        let layouts = [true, false].map(|has_second| Layout { factors: points.ncols(), has_second });
        let fits = |layout: &&Layout| {
            points.nrows() > 0
                && points.nrows().is_multiple_of(layout.size())
                && (0..points.nrows() / layout.size()).all(|block| layout.is_block(points, block))
        };
        match layouts.iter().find(fits) {
            Some(layout) if layout.factors > 0 => Ok(*layout),
            _ => Err(format!(
                "{} points of {} factors are not blocks of A, B, AB_1 … AB_k[, BA_1 … BA_k]; \
                 for points of another design there is the given-data method",
                points.nrows(),
                points.ncols()
            )),
        }
    }

    fn is_block(self, points: ArrayView2<f64>, block: usize) -> bool {
        let row = |at: usize| points.row(block * self.size() + at);
        let (a, b) = (row(A), row(B));
        let swapped = |mixed: ArrayView1<f64>, own: ArrayView1<f64>, other: ArrayView1<f64>, i: usize| {
            mixed.iter().enumerate().all(|(j, x)| *x == if j == i { other[j] } else { own[j] })
        };
        (0..self.factors)
            .all(|i| swapped(row(AB + i), a, b, i) && (!self.has_second || swapped(row(self.ba(i)), b, a, i)))
    }
}
