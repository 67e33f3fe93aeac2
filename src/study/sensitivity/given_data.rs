//! First-order indices from any sample: how much of the variance lies between bins along one factor.
//! Knows nothing of the design; factors are taken to be independent of each other.
//!
//! R_m = 1 − (W/(n − m))/(T/(n − 1)) with W the squares within m bins of equal count along factor i and T those about the mean:
//! the correlation ratio without its bias from noise (the ratio: unchecked: Pearson 1905; the correction: unchecked: Kelley 1935,
//! PNAS 21:554; for sensitivity: unchecked: Plischke et al. 2013, Eur. J. Oper. Res. 226:536). R_m misses the variance of the effect
//! inside bins, which falls as 1/m², so S_i = R_m + (R_m − R_(m/2))/3 with m = 2 n^(1/3), which leaves noise of order 1/sqrt(n).
//!
//! The correction is that of independent points. Where points are spread more evenly than chance does (Latin hypercubes, Sobol'
//! sequences, grids) bin means are less noisy than it takes them to be, and S_i is up to (1 − S_i) m/n too low: 0.02 at n = 1000.
//! The interval of a share near zero is wider than it need be (a resample adds noise to bin means that have noise already).

use ndarray::{ArrayView1, ArrayView2, Axis};

use super::bins::{Bins, same_length, usable};
use super::estimate::{scale, vary};
use super::{Bootstrap, Dropped, Estimate};

/// Fewer points than this have no indices: four bins of four.
const FEWEST: usize = 16;

/// First-order indices of one output from any sample.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenData {
    /// By factor; NaN for a factor that has one value only.
    pub first: Vec<Estimate>,
    /// By factor: what the extrapolation to bins of no width added, 0 where each value of the factor has its own bin. Where
    /// it is not small beside the interval there are too few points for the effect's shape.
    pub unresolved: Vec<f64>,
    /// Bins along a factor, at most.
    pub bins: usize,
    pub dropped: Dropped,
    /// Why there are no indices, where there are none.
    pub reason: Option<String>,
}

/// From points of any design whose factors are independent: random, Latin hypercube, Sobol' sequence, full factorial.
///
/// # Errors
/// Where the outputs are not as many as the points or a coordinate is not finite.
pub fn given_data(
    points: ArrayView2<f64>,
    outputs: ArrayView1<f64>,
    bootstrap: Bootstrap,
) -> Result<GivenData, String> {
    same_length(points, outputs)?;
    let rows = usable(outputs);
    let (n, k) = (rows.len(), points.ncols());
    let dropped = Dropped::new(points, outputs, 1, outputs.len() - n, outputs.len());
    let scale = scale(outputs.iter());
    let y: Vec<f64> = rows.iter().map(|&row| outputs[row] / scale).collect();
    let bins = most_bins(n);
    let none = |reason: String| GivenData {
        first: vec![Estimate::NONE; k],
        unresolved: vec![f64::NAN; k],
        bins,
        dropped: dropped.clone(),
        reason: Some(reason),
    };
    if n < FEWEST {
        return Ok(none(format!("{n} points with a value are fewer than {FEWEST}")));
    }
    if !vary(y.iter()) {
        return Ok(none("the output is the same at all points".to_owned()));
    }
    let x = points.select(Axis(0), &rows);
    let mean = y.iter().sum::<f64>() / n as f64;
    let y: Vec<f64> = y.iter().map(|y| y - mean).collect();
    let fine: Vec<Bins> = x.columns().into_iter().map(|column| Bins::new(column, bins)).collect();
    let coarse: Vec<Bins> = x.columns().into_iter().zip(&fine).map(|(c, fine)| fine.coarser(c)).collect();
    let shares = |counts: &[f64]| -> Vec<(f64, f64)> {
        let share = |bins: &Bins| share_between(bins, &y, counts);
        let both = fine.iter().zip(&coarse).map(|(fine, coarse)| (share(fine), share(coarse)));
        both.map(|(fine, coarse)| (fine, (fine - coarse) / 3.0)).collect()
    };
    let unresolved = shares(&vec![1.0; n]).into_iter().map(|(_, missed)| missed).collect();
    let extrapolated =
        |counts: &[f64]| shares(counts).into_iter().map(|(fine, missed)| fine + missed).collect();
    let first = bootstrap.estimates(n, extrapolated);
    Ok(GivenData { first, unresolved, bins, dropped, reason: None })
}

/// 2 n^(1/3), to the nearest below, even.
fn most_bins(n: usize) -> usize {
    2 * (1..).take_while(|m| m * m * m <= n).count()
}

/// Share of the variance of centred outputs that lies between bins, without the chance variance of bin means.
fn share_between(bins: &Bins, y: &[f64], counts: &[f64]) -> f64 {
    let mut sums = vec![(0.0, 0.0); bins.count];
    let (mut n, mut total, mut squares) = (0.0, 0.0, 0.0);
    for ((&bin, y), count) in bins.of.iter().zip(y).zip(counts) {
        sums[bin].0 += count;
        sums[bin].1 += count * y;
        (n, total, squares) = (n + count, total + count * y, squares + count * y * y);
    }
    let about_mean = squares - total * total / n;
    let filled = || sums.iter().filter(|(count, _)| *count > 0.0);
    let m = filled().count() as f64;
    if m < 2.0 || n <= m {
        return f64::NAN;
    }
    let between = filled().map(|(count, sum)| sum * sum / count).sum::<f64>() - total * total / n;
    1.0 - (about_mean - between) / (n - m) / (about_mean / (n - 1.0))
}
