//! Sobol' indices: shares of the variance of an output that factors make alone, in pairs, and in all.
//! Knows nothing of other designs than Saltelli's blocks.
//!
//! With y centred, V the variance over all A and B, means over blocks:
//! first order S_i = mean(y_B (y_ABi − y_A))/V (unchecked: Saltelli et al. 2010, Comput. Phys. Commun. 181:259, table 2 b);
//! total ST_i = mean((y_A − y_ABi)²)/(2V) (unchecked: Jansen 1999, Comput. Phys. Commun. 117:35);
//! second order S_ij = mean(y_BAi y_ABj − y_A y_B)/V − S_i − S_j (unchecked: Saltelli 2002, Comput. Phys. Commun. 145:280).
//! These are the estimators of SALib 1.6.0, which agrees to rounding (`tests/data/salib`). An estimate may fall outside
//! [0, 1]: it is unbiased but for the division, and its interval says how far that is from meaning something.
//!
//! If one point of a block failed, the whole block is left out of all indices: then all are about the same
//! points, S and ST remain comparable, and what was left out is said by one number. With a share p of failures at random,
//! a share of about (k + 2) p of blocks is lost.

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use super::estimate::{scale, vary};
use super::saltelli::{A, AB, B, Layout};
use super::{Bootstrap, Dropped, Estimate};

/// Sobol' indices of one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Sobol {
    /// By factor: the share that it makes alone.
    pub first: Vec<Estimate>,
    /// By factor: the share that it makes alone and together with others.
    pub total: Vec<Estimate>,
    /// Pairs i < j, row by row: what two make beyond the sum of both; empty where the design has no BA.
    pub second: Vec<Pair>,
    /// Mean and variance (divided by n) of the output over A and B.
    pub mean: f64,
    pub variance: f64,
    /// Blocks used.
    pub blocks: usize,
    pub dropped: Dropped,
    /// Why there are no indices, where there are none.
    pub reason: Option<String>,
}

/// Second-order index of two factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub factors: (usize, usize),
    pub index: Estimate,
}

/// Indices from Saltelli's blocks: A, B, AB_1 … AB_k and, where second orders are wanted, BA_1 … BA_k; the layout is recognised.
///
/// # Errors
/// Where the points are not such blocks or the outputs not as many as the points.
pub fn sobol(
    points: ArrayView2<f64>,
    outputs: ArrayView1<f64>,
    bootstrap: Bootstrap,
) -> Result<Sobol, String> {
    super::bins::same_length(points, outputs)?;
    let layout = Layout::of(points)?;
    let scale = scale(outputs.iter());
    let scaled = outputs.mapv(|y| y / scale);
    let blocks: Vec<ArrayView1<f64>> = scaled.axis_chunks_iter(Axis(0), layout.size()).collect();
    let (of, whole): (usize, Vec<_>) = (blocks.len(), blocks.into_iter().filter(is_whole).collect());
    let dropped = Dropped::new(points, outputs, layout.size(), of - whole.len(), of);
    let base = || whole.iter().flat_map(|block| [&block[A], &block[B]]);
    let mean = base().sum::<f64>() / (2 * whole.len()) as f64;
    let variance = base().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (2 * whole.len()) as f64;
    let reason = match whole.len() {
        0 => Some("no block has a value at each of its points".to_owned()),
        _ if !vary(base()) => Some("the output is the same at all points of A and B".to_owned()),
        _ => None,
    };
    let k = layout.factors;
    let estimates = match reason {
        Some(_) => vec![Estimate::NONE; 2 * k + pairs(layout).count()],
        None => {
            let terms = terms(layout, &whole, mean);
            bootstrap
                .estimates(whole.len(), |counts| indices(layout, &weighted_sum(&terms, counts), whole.len()))
        }
    };
    Ok(Sobol {
        first: estimates[..k].to_vec(),
        total: estimates[k..2 * k].to_vec(),
        second: pairs(layout)
            .zip(&estimates[2 * k..])
            .map(|(factors, &index)| Pair { factors, index })
            .collect(),
        mean: mean * scale,
        variance: variance * scale * scale,
        blocks: whole.len(),
        dropped,
        reason,
    })
}

fn is_whole(block: &ArrayView1<f64>) -> bool {
    block.iter().all(|y| y.is_finite())
}

/// Pairs of factors that the layout has indices for.
fn pairs(layout: Layout) -> impl Iterator<Item = (usize, usize)> {
    let k = if layout.has_second { layout.factors } else { 0 };
    (0..k).flat_map(move |i| (i + 1..k).map(move |j| (i, j)))
}

/// What each block adds: y_A + y_B and y_A² + y_B² about their mean, then the terms of first, total and second orders.
/// For these y is centred by the mean over all points, as SALib does.
fn terms(layout: Layout, whole: &[ArrayView1<f64>], mean: f64) -> Array2<f64> {
    let k = layout.factors;
    let all = (whole.len() * layout.size()) as f64;
    let centre = mean + whole.iter().flatten().map(|y| y - mean).sum::<f64>() / all;
    let mut terms = Array2::zeros((whole.len(), 2 + 2 * k + pairs(layout).count()));
    for (mut row, block) in terms.rows_mut().into_iter().zip(whole) {
        let (da, db) = (block[A] - mean, block[B] - mean);
        (row[0], row[1]) = (da + db, da * da + db * db);
        let y = |at: usize| block[at] - centre;
        for i in 0..k {
            let step = block[AB + i] - block[A];
            row[2 + i] = y(B) * step;
            row[2 + k + i] = 0.5 * step * step;
        }
        for (at, (i, j)) in pairs(layout).enumerate() {
            row[2 + 2 * k + at] = y(layout.ba(i)) * y(AB + j) - y(A) * y(B);
        }
    }
    terms
}

fn weighted_sum(terms: &Array2<f64>, counts: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; terms.ncols()];
    for (row, &count) in terms.rows().into_iter().zip(counts).filter(|(_, count)| **count > 0.0) {
        for (sum, term) in sums.iter_mut().zip(row) {
            *sum += count * term;
        }
    }
    sums
}

/// First, total and second orders from sums over `n` blocks. The first two sums are about a mean that is that of the
/// data, so the subtraction in the variance takes away what is small.
fn indices(layout: Layout, sums: &[f64], n: usize) -> Vec<f64> {
    let (k, n) = (layout.factors, n as f64);
    let mean = sums[0] / (2.0 * n);
    let variance = sums[1] / (2.0 * n) - mean * mean;
    let mut indices: Vec<f64> = sums[2..].iter().map(|sum| sum / n / variance).collect();
    for (at, (i, j)) in pairs(layout).enumerate() {
        indices[2 * k + at] -= indices[i] + indices[j];
    }
    indices
}

#[cfg(test)]
mod tests {
    use ndarray::arr1;

    use super::*;

    /// First and second orders are about the mean of the study, which a resample keeps; total orders have none.
    #[test]
    fn a_block_that_counts_three_times_is_as_if_it_were_there_three_times() {
        let layout = Layout { factors: 1, has_second: false };
        let blocks = [arr1(&[9.0, 1.0, 4.0]), arr1(&[2.0, 3.0, 2.5]), arr1(&[0.0, 1.0, 5.0])];
        let total = |picked: &[usize], counts: &[f64]| {
            let whole: Vec<ArrayView1<f64>> = picked.iter().map(|&block| blocks[block].view()).collect();
            let mean = whole.iter().map(|block| block[A] + block[B]).sum::<f64>() / (2 * picked.len()) as f64;
            indices(
                layout,
                &weighted_sum(&terms(layout, &whole, mean), counts),
                counts.iter().sum::<f64>() as usize,
            )[1]
        };
        let (counted, there) = (total(&[0, 1, 2], &[3.0, 0.0, 1.0]), total(&[0, 0, 0, 2], &[1.0; 4]));
        assert!((counted - there).abs() < 1e-14, "{counted} {there}");
    }
}
