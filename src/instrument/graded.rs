//! Graded answers: the chance of each category of an item, given a latent quantity, and a bank of generated items.
//! Knows nothing of draws.
//!
//! P(category >= k) = 1/(1 + exp(-a (theta - b_k))) for k = 1, 2, …, with discrimination a and ascending thresholds b_k.
//! unchecked: F. Samejima 1969, "Estimation of latent ability using a response pattern of graded scores", Psychometrika monograph 17.

use crate::math::{ln, logistic};

/// An item: the larger the latent quantity, the higher its category.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// How sharply answers follow the latent quantity; above 0.
    pub discrimination: f64,
    /// Where the chance of at least category 1, 2, … is one half; ascending. One fewer than there are categories.
    pub thresholds: Vec<f64>,
}

impl Item {
    /// Chances of at least category 0 (which is 1), 1, … and of one more than there are (which is 0).
    fn at_least(&self, theta: f64) -> Vec<f64> {
        let inner = self.thresholds.iter().map(|b| logistic(self.discrimination * (theta - b)));
        std::iter::once(1.0).chain(inner).chain([0.0]).collect()
    }

    /// Chance of each category, from 0 upward.
    pub fn probabilities(&self, theta: f64) -> Vec<f64> {
        self.at_least(theta).windows(2).map(|pair| pair[0] - pair[1]).collect()
    }

    /// The expected category.
    pub fn expected(&self, theta: f64) -> f64 {
        self.thresholds.iter().map(|b| logistic(self.discrimination * (theta - b))).sum()
    }

    /// Fisher's information about theta: the sum over categories of (dP/dtheta)^2/P; one that cannot be chosen tells nothing.
    pub fn information(&self, theta: f64) -> f64 {
        let slopes = self.at_least(theta).into_iter().map(|p| self.discrimination * p * (1.0 - p));
        let slopes: Vec<f64> = slopes.collect();
        let parts = slopes.windows(2).zip(self.probabilities(theta)).map(|(slope, p)| {
            let slope = slope[0] - slope[1];
            if p > 0.0 { slope * slope / p } else { 0.0 }
        });
        parts.sum()
    }

    /// The category that a number `uniform` of (0, 1) stands for: the highest whose chance of at least itself is above it. With the
    /// same luck a larger theta never has a lower category. NaN of NaN.
    pub fn answer(&self, theta: f64, uniform: f64) -> f64 {
        if theta.is_nan() {
            return f64::NAN;
        }
        // uniform < logistic(x) where ln(uniform/(1 - uniform)) < x: one logarithm for all thresholds.
        let logit = ln(uniform / (1.0 - uniform));
        let passed = self.thresholds.iter().filter(|b| logit < self.discrimination * (theta - **b));
        passed.count() as f64
    }
}

/// Items spread evenly over ranges of discrimination and difficulty: a formula, no luck.
///
/// With n items of c categories, item i (from 1) has the discrimination in the middle of the i-th of n equal parts of its range.
/// The range of difficulty is cut into n (c - 1) equal parts; the k-th threshold of item i is the middle of part (k - 1) n + r, with
/// r = 1 + ((i - 1) g mod n). g is the smallest whole number from 0.618 n on that has no divisor in common with n: it keeps
/// difficulty from growing together with discrimination.
pub fn bank(items: usize, categories: usize, discrimination: [f64; 2], difficulty: [f64; 2]) -> Vec<Item> {
    let middle = |[low, high]: [f64; 2], part: usize, parts: usize| {
        low + (high - low) * ((part as f64 + 0.5) / parts as f64)
    };
    let steps = categories.saturating_sub(1);
    let stride = stride(items);
    let item = |i: usize| Item {
        discrimination: middle(discrimination, i, items),
        thresholds: (0..steps)
            .map(|k| middle(difficulty, k * items + i * stride % items, items * steps))
            .collect(),
    };
    (0..items).map(item).collect()
}

fn stride(items: usize) -> usize {
    let first = (618 * items).div_ceil(1000).max(1);
    (first..).find(|stride| divisor(*stride, items) == 1).unwrap_or(1)
}

/// The greatest common divisor.
fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}
