//! Ranks of weighted samples and what is linear in them.
//! Knows nothing of which column is the output.

use nalgebra::{Cholesky, DMatrix, DVector};
use ndarray::{ArrayView1, ArrayView2};

use super::bins::ascending;

/// A column in ascending order, in groups of equal values: what ranks need of it, for any weights.
pub(super) struct Order {
    rows: Vec<usize>,
    /// Where each group of equal values ends in `rows`.
    ends: Vec<usize>,
}

impl Order {
    pub fn new(column: ArrayView1<f64>) -> Order {
        let rows = ascending(column);
        let ends = (1..=rows.len())
            .filter(|&at| at == rows.len() || column[rows[at - 1]] != column[rows[at]])
            .collect();
        Order { rows, ends }
    }

    /// Mid-ranks about their mean over their standard deviation, for rows that count as often as told. NaN where all are equal.
    fn scores(&self, counts: &[f64]) -> Vec<f64> {
        let n: f64 = counts.iter().sum();
        let (mut scores, mut below, mut from, mut squares) = (vec![0.0; counts.len()], 0.0, 0, 0.0);
        for &end in &self.ends {
            let group: f64 = self.rows[from..end].iter().map(|&row| counts[row]).sum();
            // Mid-rank below + (group + 1)/2 less the mean (n + 1)/2.
            let score = below + 0.5 * (group - n);
            self.rows[from..end].iter().for_each(|&row| scores[row] = score);
            squares += group * score * score;
            (below, from) = (below + group, end);
        }
        let deviation = (squares / n).sqrt();
        scores
            .iter_mut()
            .for_each(|score| *score = if deviation > 0.0 { *score / deviation } else { f64::NAN });
        scores
    }
}

/// The last of several columns as a linear function of the others, all of them standardised ranks.
pub(super) struct Regression {
    /// By column, the last one too.
    scores: Vec<Vec<f64>>,
    slopes: Vec<f64>,
    /// Share of the variance that is not explained.
    rest: f64,
    /// Diagonal of the inverse of the correlations of the others.
    inflation: Vec<f64>,
}

/// A factor that the others explain but for this share is one of them written twice.
const COLLINEAR: f64 = 1e-9;
/// A share of the variance that is rounding.
const ROUNDING: f64 = 1e-12;

impl Regression {
    /// `None` where a column is constant or the factors are not linearly independent.
    pub fn new(orders: &[Order], counts: &[f64]) -> Option<Regression> {
        let k = orders.len() - 1;
        let scores: Vec<Vec<f64>> = orders.iter().map(|order| order.scores(counts)).collect();
        let n: f64 = counts.iter().sum();
        let correlation = |i: usize, j: usize| {
            let products = scores[i].iter().zip(&scores[j]).zip(counts);
            products.map(|((a, b), count)| count * a * b).sum::<f64>() / n
        };
        // The decomposition reads the lower triangle only; it refuses NaN, so a constant column ends here.
        let among = DMatrix::from_fn(k, k, |i, j| if j <= i { correlation(i, j) } else { 0.0 });
        let with_last = DVector::from_fn(k, |i, _| correlation(i, k));
        let cholesky = Cholesky::new(among)?;
        let inverse = cholesky.inverse();
        let inflation: Vec<f64> = inverse.diagonal().iter().copied().collect();
        let slopes = cholesky.solve(&with_last);
        let rest = (1.0 - slopes.dot(&with_last)).max(0.0);
        let sound = inflation.iter().all(|&v| v < 1.0 / COLLINEAR) && with_last.iter().all(|r| r.is_finite());
        sound.then(|| Regression { scores, slopes: slopes.iter().copied().collect(), rest, inflation })
    }

    /// Partial correlation of each column with the last, −P_iy/sqrt(P_ii P_yy) with P the inverse of all correlations, written by the
    /// regression (P_iy = −b_i/s², P_yy = 1/s², P_ii = Q_ii + b_i²/s²), so that a last column without rest gives ±1, not 0/0.
    pub fn partial_correlations(&self) -> Vec<f64> {
        let partial = |(&slope, &inflation): (&f64, &f64)| match self.rest < ROUNDING {
            true if slope.abs() < ROUNDING.sqrt() => 0.0,
            true => slope.signum(),
            false => slope / (inflation * self.rest + slope * slope).sqrt(),
        };
        self.slopes.iter().zip(&self.inflation).map(partial).collect()
    }

    /// The last column less what the other columns but `factor` explain linearly.
    pub fn partial_residuals(&self, factor: usize) -> Vec<f64> {
        let k = self.slopes.len();
        let others =
            |row: usize| (0..k).filter(|&j| j != factor).map(move |j| self.slopes[j] * self.scores[j][row]);
        self.scores[k].iter().enumerate().map(|(row, score)| score - others(row).sum::<f64>()).collect()
    }
}

/// Orders of the columns of `points` and of `outputs` after them.
pub(super) fn orders(points: ArrayView2<f64>, outputs: ArrayView1<f64>) -> Vec<Order> {
    points.columns().into_iter().chain([outputs]).map(Order::new).collect()
}
