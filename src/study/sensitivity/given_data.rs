//! First-order indices from any sample: how much of the variance lies between bins along one factor.
//! Knows nothing of the design; factors are taken to be independent of each other.
//!
//! S_i = 1 − (W/(n − m))/(T/(n − 1)) with W the squares within m bins of equal count along factor i and T those about the mean:
//! the correlation ratio without its bias from noise (m − 1 bins' worth of chance variance) (the ratio: unchecked: Pearson 1905; the
//! correction: unchecked: Kelley 1935, PNAS 21:554; for sensitivity: unchecked: Plischke et al. 2013, Eur. J. Oper. Res. 226:536).
//! What remains is the variance of the effect inside bins, which falls as 1/m²; m = sqrt(n) bins make it a share of order 1/n, far below
//! the noise 1/sqrt(n). `unresolved` estimates it by comparing with half as many bins.

use ndarray::{ArrayView1, ArrayView2, Axis};

use super::bins::{Bins, levels, same_length, usable};
use super::estimate::vary;
use super::{Bootstrap, Dropped, Estimate};

/// Fewer points than this have no indices: four bins of four.
const FEWEST: usize = 16;

/// First-order indices of one output from any sample.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenData {
    /// By factor; NaN for a factor that has one value only.
    pub first: Vec<Estimate>,
    /// By factor: by how much `first` is about too low because the effect changes inside bins; 0 where each value of the factor has
    /// its own bin. Compare with the width of the interval; more points make it smaller.
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
    let y: Vec<f64> = rows.iter().map(|&row| outputs[row]).collect();
    let bins = (n as f64).sqrt().round() as usize;
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
    let along = |most: usize| -> Vec<Bins> { x.columns().into_iter().map(|c| Bins::new(c, most)).collect() };
    let (fine, coarse) = (along(bins), along(bins / 2));
    let shares = |bins: &[Bins], counts: &[f64]| -> Vec<f64> {
        bins.iter().map(|bins| share_between(bins, &y, counts)).collect()
    };
    let ones = vec![1.0; n];
    let both = shares(&fine, &ones).into_iter().zip(shares(&coarse, &ones));
    let resolved = fine.iter().zip(x.columns()).map(|(bins, column)| bins.count == levels(column));
    let unresolved = both.zip(resolved).map(|((fine, coarse), resolved)| {
        if resolved { 0.0 } else { ((fine - coarse) / 3.0).max(0.0) }
    });
    let unresolved = unresolved.collect();
    let first = bootstrap.estimates(n, |counts| shares(&fine, counts));
    Ok(GivenData { first, unresolved, bins, dropped, reason: None })
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
