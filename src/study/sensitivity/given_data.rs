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
//! The interval's upper end is therefore raised by the correction. The interval of a share near zero is wider than it need be (a
//! resample adds noise to bin means that have noise already). Points that share coordinates, Saltelli's blocks or trajectories, are
//! not such a sample; A and B of the blocks are.

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
    let reason = match n < FEWEST {
        true => Some(format!("{n} points with a value are fewer than {FEWEST}")),
        false => (!vary(y.iter())).then(|| "the output is the same at all points".to_owned()),
    };
    if reason.is_some() {
        let (first, unresolved) = (vec![Estimate::NONE; k], vec![f64::NAN; k]);
        return Ok(GivenData { first, unresolved, bins, dropped, reason });
    }
    let x = points.select(Axis(0), &rows);
    let mean = y.iter().sum::<f64>() / n as f64;
    let y: Vec<f64> = y.iter().map(|y| y - mean).collect();
    let cuts: Vec<Cut> = x.columns().into_iter().map(|column| Cut::new(column, bins)).collect();
    let shares: Vec<Share> = cuts.iter().map(|cut| cut.share(&y, &vec![1.0; n])).collect();
    let resampled = |counts: &[f64]| cuts.iter().map(|cut| cut.share(&y, counts).value).collect();
    let estimates = bootstrap.estimates(n, resampled).into_iter().zip(&shares);
    let first = estimates.map(|(e, share)| Estimate { high: e.high + share.correction, ..e }).collect();
    let unresolved = shares.iter().map(|share| share.unresolved).collect();
    Ok(GivenData { first, unresolved, bins, dropped, reason: None })
}

/// 2 n^(1/3), to the nearest below, even.
fn most_bins(n: usize) -> usize {
    2 * (1..).take_while(|m| m * m * m <= n).count()
}

/// A sample cut along one factor twice, into bins and into half as many.
struct Cut {
    fine: Bins,
    coarse: Bins,
}

/// A share of the variance, extrapolated to bins of no width.
struct Share {
    value: f64,
    /// What the extrapolation added.
    unresolved: f64,
    /// What was taken away for the noise of bin means.
    correction: f64,
}

impl Cut {
    fn new(column: ArrayView1<f64>, most: usize) -> Cut {
        let fine = Bins::new(column, most);
        Cut { coarse: fine.coarser(column), fine }
    }

    fn share(&self, y: &[f64], counts: &[f64]) -> Share {
        let [(fine, noise), (coarse, coarse_noise)] =
            [&self.fine, &self.coarse].map(|bins| between(bins, y, counts));
        let unresolved = (fine - coarse) / 3.0;
        Share { value: fine + unresolved, unresolved, correction: noise + (noise - coarse_noise) / 3.0 }
    }
}

/// Share of the variance of centred outputs that lies between bins without that of the noise of bin means, and the latter.
fn between(bins: &Bins, y: &[f64], counts: &[f64]) -> (f64, f64) {
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
        return (f64::NAN, f64::NAN);
    }
    let explained = filled().map(|(count, sum)| sum * sum / count).sum::<f64>() - total * total / n;
    let rest = 1.0 - explained / about_mean;
    let noise = rest * (m - 1.0) / (n - m);
    (1.0 - rest - noise, noise)
}
