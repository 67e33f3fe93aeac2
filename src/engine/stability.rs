//! Whether a steady state is stable: eigenvalues of the Jacobian where a solver stands.
//! Knows nothing of how it came there.

use std::ops::{AddAssign, SubAssign};

use nalgebra::linalg::{Schur, balancing::balance_parlett_reinsch};
use nalgebra::{DMatrix, DVector};

use super::program::Registers;
use super::steady::{ROUND_OFF, Room, Solver};

/// Iterations per state after which eigenvalues count as not found: where they are, a handful is enough. Without a limit the iteration
/// has gone round for ever on a Jacobian with states that nothing moves.
const MOST_ITERATIONS: usize = 100;

impl Solver {
    /// Whether nothing grows where the program ran last. Most Jacobians need no eigenvalues, which cost more: where taking all
    /// couplings for positive leaves something that decays, all decays. A state that nothing moves stays, and has no part in it.
    pub fn is_stable_there(&self, registers: &Registers, room: &mut Room, lane: usize) -> bool {
        let n = self.states;
        let of = |i: usize, j: usize| self.program.root(registers, n + i * n + j).0[lane];
        let moves = |i: &usize| (0..n).any(|j| of(*i, j) != 0.0);
        let mut size = 0;
        for i in (0..n).filter(moves) {
            let row = &mut room.matrix[size * n..];
            for (place, j) in (0..n).filter(moves).enumerate() {
                row[place] = if i == j { -of(i, j) } else { -of(i, j).abs() };
            }
            size += 1;
        }
        // Rows stood n apart.
        (0..size).for_each(|row| room.matrix.copy_within(row * n..row * n + size, row * size));
        all_pivots_positive(&mut room.matrix[..size * size], size)
            || self.is_stable(&self.eigenvalues(registers, lane))
    }

    /// Of the Jacobian where the program ran last, by real part; empty where that is not finite or they are not found.
    pub fn eigenvalues(&self, registers: &Registers, lane: usize) -> Vec<[f64; 2]> {
        let n = self.states;
        let matrix = DMatrix::from_fn(n, n, |i, j| self.program.root(registers, n + i * n + j).0[lane]);
        if n == 0 || matrix.iter().any(|x| !x.is_finite()) {
            return Vec::new();
        }
        let mut values = coupled(matrix.clone()).or_else(|| decoupled(matrix)).unwrap_or_default();
        values.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        values
    }

    /// Whether nothing grows. Without a finite Jacobian nothing is shown.
    pub fn is_stable(&self, eigenvalues: &[[f64; 2]]) -> bool {
        let size = eigenvalues.iter().map(|[re, im]| re.abs().max(im.abs())).fold(0.0, f64::max);
        let largest = eigenvalues.iter().map(|[re, _]| *re).fold(f64::NEG_INFINITY, f64::max);
        largest <= ROUND_OFF * size && eigenvalues.len() == self.states
    }
}

/// Eigenvalues of a matrix as it is; `None` where the iteration does not come to rest.
fn coupled(matrix: DMatrix<f64>) -> Option<Vec<[f64; 2]>> {
    let most = MOST_ITERATIONS * matrix.nrows();
    let values = Schur::try_new(matrix, f64::EPSILON, most)?.complex_eigenvalues();
    Some(values.iter().map(|z| [z.re, z.im]).collect())
}

/// The same by parts: a row or a column with nothing beside its diagonal has an eigenvalue there, and the rest has the others. What
/// remains is scaled so that its rows and columns are of one size, by powers of two.
fn decoupled(mut matrix: DMatrix<f64>) -> Option<Vec<[f64; 2]>> {
    let mut values = Vec::with_capacity(matrix.nrows());
    let alone = |matrix: &DMatrix<f64>| {
        let n = matrix.nrows();
        let beside = |i: usize| (0..n).filter(move |j| *j != i);
        (0..n).find(|i| {
            beside(*i).all(|j| matrix[(*i, j)] == 0.0) || beside(*i).all(|j| matrix[(j, *i)] == 0.0)
        })
    };
    while let Some(i) = alone(&matrix) {
        values.push([matrix[(i, i)], 0.0]);
        matrix = matrix.remove_row(i).remove_column(i);
    }
    if matrix.nrows() > 0 {
        let _: DVector<f64> = balance_parlett_reinsch(&mut matrix);
        values.extend(coupled(matrix.clone()).or_else(|| coupled(stirred(matrix)))?);
    }
    Some(values)
}

/// A matrix with the same eigenvalues and another shape: the iteration leaves a ring of equal parts as it is.
fn stirred(mut matrix: DMatrix<f64>) -> DMatrix<f64> {
    for i in 1..matrix.nrows() {
        let row = 0.5 * matrix.row(i);
        matrix.row_mut(i - 1).add_assign(&row);
        let column = 0.5 * matrix.column(i - 1);
        matrix.column_mut(i).sub_assign(&column);
    }
    matrix
}

/// Whether a matrix with nothing positive beside its diagonal has an inverse without anything negative: elimination without
/// exchange of rows meets positive pivots only.
fn all_pivots_positive(matrix: &mut [f64], n: usize) -> bool {
    for column in 0..n {
        let (above, below) = matrix.split_at_mut((column + 1) * n);
        let own = &above[column * n..];
        // What round-off could have made is not told from nothing.
        let size = own.iter().map(|entry| entry.abs()).fold(0.0, f64::max);
        if !(own[column] > ROUND_OFF * size && size.is_finite()) {
            return false;
        }
        for entries in below.chunks_exact_mut(n).filter(|entries| entries[column] != 0.0) {
            let factor = entries[column] / own[column];
            for k in column..n {
                entries[k] -= factor * own[k];
            }
        }
    }
    n > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(mut values: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
        values.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        values
    }

    proptest! {
        #[test]
        fn eigenvalues_by_parts_are_those_of_the_whole(
            entries in prop::array::uniform16(-3.0f64..3.0),
            dropped in prop::array::uniform16(0u8..3),
        ) {
            let entry = |i: usize, j: usize| if dropped[4 * i + j] == 0 { entries[4 * i + j] } else { 0.0 };
            let matrix = DMatrix::from_fn(4, 4, entry);
            let (Some(whole), Some(parts)) = (coupled(matrix.clone()), decoupled(matrix.clone())) else {
                return Ok(());
            };
            // Sums of powers, which hold where eigenvalues lie close to each other too.
            prop_assert_eq!(whole.len(), parts.len());
            let trace = |values: &[[f64; 2]]| values.iter().map(|[re, _]| re).sum::<f64>();
            let square = |values: &[[f64; 2]]| values.iter().map(|[re, im]| re * re - im * im).sum::<f64>();
            prop_assert!((trace(&whole) - trace(&parts)).abs() < 1e-9);
            prop_assert!((square(&whole) - square(&parts)).abs() < 1e-8);
            prop_assert!((matrix.trace() - trace(&parts)).abs() < 1e-9);
        }
    }

    #[test]
    fn eigenvalues_of_what_is_not_coupled_stand_on_the_diagonal() {
        let matrix = DMatrix::from_row_slice(3, 3, &[-1.0, 5.0, 7.0, 0.0, -2.0, 3.0, 0.0, 0.0, 0.0]);
        assert_eq!(sorted(decoupled(matrix).unwrap()), [[-2.0, 0.0], [-1.0, 0.0], [0.0, 0.0]]);
    }

    #[test]
    fn an_iteration_that_goes_round_is_left_and_another_finds_the_eigenvalues() {
        let ring = DMatrix::from_fn(4, 4, |i, j| f64::from((i + 1) % 4 == j));
        assert!(coupled(ring.clone()).is_none());
        let found = sorted(decoupled(ring).unwrap());
        for (found, wanted) in found.iter().zip([[-1.0, 0.0], [0.0, -1.0], [0.0, 1.0], [1.0, 0.0]]) {
            assert!((found[0] - wanted[0]).abs() < 1e-12 && (found[1].abs() - wanted[1].abs()).abs() < 1e-12);
        }
    }
}
