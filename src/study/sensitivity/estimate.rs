//! An estimate with its interval, and the bootstrap that makes intervals.
//! Knows nothing of what is estimated: a statistic is a function of how often each unit counts.
//!
//! Units (blocks, trajectories, rows) are drawn with replacement, as many as there are; the interval is
//! value ± 1.96 standard deviations of the statistic over the resamples (B. Efron; unchecked: Efron & Tibshirani 1993,
//! "An Introduction to the Bootstrap"). Not percentiles: a resample holds units twice, which shifts ratios such as
//! binned variances upward, and percentiles inherit the shift while a standard deviation does not. Units are taken to be independent:
//! for points of a Sobol' sequence, which err less, intervals hold the truth more often than they say.

use crate::rng::{Key, Stream};

/// The 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959963984540054;

/// An estimate and its 95 % bootstrap interval; each NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Estimate {
    /// No estimate.
    pub const NONE: Estimate = Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN };

    /// From zero: there is an interval and it does not cover zero.
    pub fn is_distinguishable(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// The luck of the intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    pub seed: u64,
    /// Fewer than `Bootstrap::FEWEST` count as that many.
    pub resamples: usize,
}

impl Bootstrap {
    /// With fewer, the interval's own noise is more than a tenth of its width (1/sqrt(2·200) = 5 % a side).
    pub const FEWEST: usize = 200;

    /// With 500 resamples.
    pub fn new(seed: u64) -> Bootstrap {
        Bootstrap { seed, resamples: 500 }
    }

    /// Estimates of several statistics over `n` units. `statistics` takes how often each unit counts and returns as
    /// many numbers each time; a number that is not finite in fewer than half of the resamples leaves its estimate
    /// without an interval, and so does a single unit.
    pub(super) fn estimates(self, n: usize, statistics: impl Fn(&[f64]) -> Vec<f64>) -> Vec<Estimate> {
        let values = statistics(&vec![1.0; n]);
        let bare = |value| Estimate { value, ..Estimate::NONE };
        if n < 2 {
            return values.into_iter().map(bare).collect();
        }
        let key = Key::new(self.seed, Stream::of("bootstrap"));
        let resamples = self.resamples.max(Bootstrap::FEWEST);
        let mut seen: Vec<Moments> = vec![Moments::default(); values.len()];
        for resample in 0..resamples {
            let again = statistics(&counts(key, resample as u64, n));
            for ((moments, value), again) in seen.iter_mut().zip(&values).zip(again) {
                moments.add(again - value);
            }
        }
        let interval = |(value, moments): (f64, Moments)| match moments.deviation() {
            Some(sd) if 2 * moments.n >= resamples => {
                Estimate { value, low: value - Z * sd, high: value + Z * sd }
            }
            _ => bare(value),
        };
        values.into_iter().zip(seen).map(interval).collect()
    }
}

/// How often each of `n` units is drawn in `n` draws.
fn counts(key: Key, resample: u64, n: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n];
    for draw in 0..n {
        let unit = (key.uniform(resample, draw as u64) * n as f64) as usize;
        counts[unit.min(n - 1)] += 1.0;
    }
    counts
}

/// Welford's sums over what is finite.
#[derive(Clone, Copy, Default)]
struct Moments {
    n: usize,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, x: f64) {
        if x.is_finite() {
            self.n += 1;
            let off = x - self.mean;
            self.mean += off / self.n as f64;
            self.squares += off * (x - self.mean);
        }
    }

    fn deviation(&self) -> Option<f64> {
        (self.n >= 2).then(|| (self.squares / (self.n - 1) as f64).sqrt())
    }
}

/// A power of two near the largest size: dividing by it changes no digit and keeps squares from overflow and underflow.
pub(super) fn scale<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    let largest = values.filter(|value| value.is_finite()).fold(0.0_f64, |most, value| most.max(value.abs()));
    let exponent = f64::from_bits(largest.to_bits() & f64::INFINITY.to_bits());
    if exponent > 0.0 { exponent } else { f64::MIN_POSITIVE }
}

/// Whether numbers differ by more than the rounding of the largest: what a variance may be divided by.
pub(super) fn vary<'a>(values: impl Iterator<Item = &'a f64>) -> bool {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for &value in values {
        (low, high) = (low.min(value), high.max(value));
    }
    high - low > 4.0 * f64::EPSILON * low.abs().max(high.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit of ten is drawn once in 39 % of resamples, at least once in 65 %.
    #[test]
    fn what_most_resamples_lack_has_no_interval() {
        let luck = Bootstrap::new(1);
        let value = |there: bool, counts: &[f64]| if there { counts[1] } else { f64::NAN };
        let found = luck.estimates(10, |c| vec![value(c[0] == 1.0, c), value(c[0] >= 1.0, c)]);
        assert!(found[0].value == 1.0 && found[0].low.is_nan() && found[0].high.is_nan());
        assert!(found[1].low < 0.0 && found[1].high > 2.0);
    }

    /// The mean of n numbers: sqrt(variance/n), divisor n.
    #[test]
    fn a_mean_has_its_standard_error() {
        let n = 200;
        let numbers: Vec<f64> = (0..n).map(|i| f64::from(i) / 10.0).collect();
        let luck = Bootstrap { seed: 1, resamples: 20_000 };
        let mean = |c: &[f64]| c.iter().zip(&numbers).map(|(c, x)| c * x).sum::<f64>() / f64::from(n);
        let found = luck.estimates(n as usize, |c| vec![mean(c)])[0];
        let error = ((f64::from(n * n) - 1.0) / 1200.0 / f64::from(n)).sqrt();
        assert!((found.value - 9.95).abs() < 1e-12);
        assert!(((found.high - found.value) / (Z * error) - 1.0).abs() < 0.02, "{found:?} {error}");
        assert!((found.high + found.low - 2.0 * found.value).abs() < 1e-12);
    }

    #[test]
    fn fewer_resamples_than_the_fewest_count_as_those() {
        let with = |resamples| Bootstrap { seed: 1, resamples }.estimates(9, |c| vec![c[0]])[0];
        assert_eq!(with(0), with(Bootstrap::FEWEST));
        assert_ne!(with(0), with(2 * Bootstrap::FEWEST));
    }

    #[test]
    fn a_scale_is_a_power_of_two_and_never_zero() {
        assert_eq!(scale([3.0, -5.0, f64::NAN, f64::INFINITY].iter()), 4.0);
        assert_eq!(scale([0.0].iter()), f64::MIN_POSITIVE);
        assert_eq!(scale([f64::MAX].iter()), 2.0_f64.powi(1023));
    }
}
