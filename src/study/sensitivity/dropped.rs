//! What could not be used, and where it lies: a region that fails is itself a finding.
//! Knows nothing of why a point failed.

use ndarray::{ArrayView1, ArrayView2};

use crate::math;

/// Points without a value, and what was left out with them.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped {
    /// Points without a value, of `points`.
    pub failed: usize,
    pub points: usize,
    /// Blocks, effects or rows that needed such a point, of `of`.
    pub dropped: usize,
    pub of: usize,
    /// By factor; empty where nothing or everything failed.
    pub factors: Vec<Leaning>,
}

/// How far the coordinates of failed points differ from those of the others, along one factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaning {
    /// Kolmogorov-Smirnov distance: the largest difference of the two distribution functions, 0 to 1.
    pub distance: f64,
    /// What chance alone exceeds for any factor in at most 5 % of studies, points of a block counted as one:
    /// sqrt(ln(2 k/0.05)/2 · (m + n)/(m n)), k factors (the asymptotic distribution; unchecked: Smirnov 1948).
    pub critical: f64,
    pub failed_median: f64,
    pub others_median: f64,
}

impl Leaning {
    /// Whether failures lie elsewhere than the others, beyond chance.
    pub fn is_distinguishable(&self) -> bool {
        self.distance > self.critical
    }
}

impl Dropped {
    /// `block` points in a row belong together (1 where each stands alone); `dropped` of `of` is the caller's.
    pub fn new(
        points: ArrayView2<f64>,
        outputs: ArrayView1<f64>,
        block: usize,
        dropped: usize,
        of: usize,
    ) -> Dropped {
        let failed = outputs.iter().filter(|y| !y.is_finite()).count();
        let factors = match failed {
            0 => Vec::new(),
            all if all == outputs.len() => Vec::new(),
            _ => leanings(points, outputs, block),
        };
        Dropped { failed, points: outputs.len(), dropped, of, factors }
    }
}

fn leanings(points: ArrayView2<f64>, outputs: ArrayView1<f64>, block: usize) -> Vec<Leaning> {
    let blocks_with = |failed: bool| {
        let has =
            |from: usize| (from..(from + block).min(outputs.len())).any(|i| outputs[i].is_finite() != failed);
        (0..outputs.len()).step_by(block).filter(|&from| has(from)).count() as f64
    };
    let (m, n) = (blocks_with(true), blocks_with(false));
    let tail = math::ln(2.0 * points.ncols() as f64 / 0.05);
    let critical = (tail / 2.0 * (m + n) / (m * n)).sqrt();
    let side = |column: ArrayView1<f64>, failed: bool| {
        let of_side = column.iter().zip(&outputs).filter(|(_, y)| y.is_finite() != failed);
        let mut side: Vec<f64> = of_side.map(|(x, _)| *x).collect();
        side.sort_by(f64::total_cmp);
        side
    };
    let leaning = |column: ArrayView1<f64>| {
        let (failed, others) = (side(column, true), side(column, false));
        Leaning {
            distance: kolmogorov_smirnov(&failed, &others),
            critical,
            failed_median: median(&failed),
            others_median: median(&others),
        }
    };
    points.columns().into_iter().map(leaning).collect()
}

/// Largest difference of the distribution functions of two sorted samples.
fn kolmogorov_smirnov(a: &[f64], b: &[f64]) -> f64 {
    let (mut i, mut j, mut most) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        let x = a[i].min(b[j]);
        while i < a.len() && a[i] <= x {
            i += 1;
        }
        while j < b.len() && b[j] <= x {
            j += 1;
        }
        most = most.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    most
}

fn median(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    0.5 * (sorted[(n - 1) / 2] + sorted[n / 2])
}
