//! Whether an output goes one way along a factor, or up and down beyond noise.
//! Knows nothing of the factor's other effects: it sees the mean along it.
//!
//! The test: the sample is cut into bins of equal count; among all pairs of bins the surest rise and the surest fall from
//! left to right are found, each a difference of means in its own standard error (Welch: unchecked: Welch 1947, Biometrika 34:28). If the
//! output goes one way, the true differences against it are none or negative, and the chance that any of the pairs exceeds the critical
//! value, the quantile of t at 0.01 over the number of pairs (Bonferroni), is at most 1 %. Both beyond it: it is mixed.

use crate::math;

use super::bins::Bins;

/// Rows that a bin has at least, on average.
const ROWS: usize = 12;
/// Bins, at most: two full waves have each rise and fall in two or more bins.
const MOST: usize = 12;
/// Chance of a false alarm.
const ALPHA: f64 = 0.01;

/// The surest rise and the surest fall along a factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// In critical values: beyond 1 it is not chance. 0 where there is none.
    pub rise: f64,
    pub fall: f64,
    /// Fewer than 3 can show nothing mixed.
    pub bins: usize,
}

impl Trend {
    /// The output goes up and down along the factor: a coefficient of monotone association says little about it.
    pub fn is_mixed(&self) -> bool {
        self.rise > 1.0 && self.fall > 1.0
    }

    /// Along a column that bins are made of.
    pub(super) fn new(bins: &Bins, values: &[f64]) -> Trend {
        let means = bin_means(bins, values);
        let pairs = (means.len() * means.len().saturating_sub(1) / 2) as f64;
        let (mut rise, mut fall) = (0.0_f64, 0.0_f64);
        for (at, left) in means.iter().enumerate() {
            for right in &means[at + 1..] {
                let step = left.step_to(right, ALPHA / pairs);
                (rise, fall) = (rise.max(step), fall.max(-step));
            }
        }
        Trend { rise, fall, bins: means.len() }
    }

    /// How many bins a sample of `rows` allows.
    pub(super) fn most_bins(rows: usize) -> usize {
        (rows / ROWS).clamp(1, MOST)
    }
}

struct Mean {
    value: f64,
    /// Squared standard error of the mean.
    error: f64,
    freedom: f64,
}

impl Mean {
    /// Difference to another mean over the critical value at a one-sided `chance`; 0 where neither has noise and they agree.
    fn step_to(&self, other: &Mean, chance: f64) -> f64 {
        let error = self.error + other.error;
        let spread = self.error * self.error / self.freedom + other.error * other.error / other.freedom;
        let step = other.value - self.value;
        match error > 0.0 {
            true => step / (error.sqrt() * t_quantile(chance, error * error / spread)),
            false if step == 0.0 => 0.0,
            false => f64::INFINITY.copysign(step),
        }
    }
}

/// Of bins with at least six rows: the quantile of t is an expansion.
fn bin_means(bins: &Bins, values: &[f64]) -> Vec<Mean> {
    let rows = |bin: usize| bins.of.iter().zip(values).filter(move |(b, _)| **b == bin).map(|(_, v)| *v);
    let mean = |bin: usize| {
        let n = rows(bin).count() as f64;
        let value = rows(bin).sum::<f64>() / n;
        let squares: f64 = rows(bin).map(|v| (v - value) * (v - value)).sum();
        (n >= 6.0).then(|| Mean { value, error: squares / (n - 1.0) / n, freedom: n - 1.0 })
    };
    (0..bins.count).filter_map(mean).collect()
}

/// Upper quantile of Student's t from that of the normal distribution, three terms of the expansion in 1/freedom
/// (unchecked: Abramowitz & Stegun 26.7.5): from 5 degrees of freedom and a chance of 1e-4 upward at most 5 % too small.
fn t_quantile(chance: f64, freedom: f64) -> f64 {
    let z = -math::normal_quantile(chance);
    let z2 = z * z;
    let first = z * (z2 + 1.0) / 4.0;
    let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    z + (first + (second + third / freedom) / freedom) / freedom
}

#[cfg(test)]
mod tests {
    use super::t_quantile;

    /// Quantiles by scipy 1.17.
    #[test]
    fn the_quantile_of_t_is_nearly_exact_for_bins_of_twelve_and_low_for_small_ones() {
        for (chance, freedom, expected, low) in [
            (0.01 / 66.0, 5.0, 8.869156530332589, 0.05),
            (0.01 / 66.0, 11.0, 5.181531434737433, 3e-3),
            (0.01 / 3.0, 11.0, 3.333760871675186, 5e-4),
            (0.01 / 66.0, 40.0, 3.956539399207988, 2e-5),
        ] {
            let ratio = t_quantile(chance, freedom) / expected;
            assert!(ratio < 1.0 && ratio > 1.0 - low, "{chance} {freedom}: {ratio}");
        }
    }
}
