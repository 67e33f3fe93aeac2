//! In how much of its space a claim holds, and which factors decide.
//! Knows nothing of what is claimed.
//!
//! The share is that of points of the design, for a Saltelli design of A and B, whose blocks repeat them. Its interval is
//! Wilson's (unchecked: Wilson 1927, J. Am. Stat. Assoc. 22:209), which takes points to be independent: points that fill the space evenly
//! err less than it says. Points of a Morris trajectory lie side by side and count as one.

use super::super::Study;
use super::super::design::Kind;
use super::Columns;
use super::indices::{Index, Method, Verdict};
use crate::math::normal_quantile;

/// The 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959963984540054;

/// One claim over all points.
#[derive(Clone, Debug, PartialEq)]
pub struct Robustness {
    /// Position in the scenario.
    pub claim: usize,
    /// Share of points in which it holds; of repeats of a point the mean.
    pub holds: f64,
    /// Ends of the 95 % interval of the share of the space; NaN where points do not stand for one.
    pub low: f64,
    pub high: f64,
    /// Points that say whether it holds, of those of the design.
    pub n: u64,
    pub of: u64,
    /// At most two factors, that which decides most first; only such as surely decide something.
    pub deciding: Vec<Deciding>,
}

/// A factor, and the share of the variance of holding that it makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deciding {
    /// Position in the study.
    pub factor: usize,
    /// NaN where the design gives an order only.
    pub share: f64,
}

pub(super) fn of(
    study: &Study,
    columns: &Columns,
    output: usize,
    claim: usize,
    indices: &[Index],
) -> Robustness {
    let block = study.design.block();
    let (is_used, of): (&dyn Fn(u64) -> bool, u64) = match study.design.kind {
        Kind::Saltelli { base, .. } => (&|point| point % block < 2, base.saturating_mul(2)),
        _ => (&|_| true, study.points),
    };
    let values = columns.there().filter(|point| is_used(*point)).map(|point| columns.value(point, output));
    let (sum, n) =
        values.filter(|value| value.is_finite()).fold((0.0, 0_u64), |(sum, n), value| (sum + value, n + 1));
    let holds = if n == 0 { f64::NAN } else { sum / n as f64 };
    let independent = match study.design.kind {
        Kind::List { .. } | Kind::Local => 0.0,
        Kind::Morris { .. } => (n / block) as f64,
        _ => n as f64,
    };
    let [low, high] = wilson(holds, independent);
    let surely = ranked(indices).into_iter().filter(|index| is_sure(index, study.factors.len()));
    let deciding = surely.take(2).map(|index| Deciding {
        factor: index.factor,
        share: if index.method == Method::Morris { f64::NAN } else { index.estimate.value },
    });
    Robustness { claim, holds, low, high, n, of, deciding: deciding.collect() }
}

/// Whether a factor decides, among so many that were asked. An interval of 95 % lets one of forty factors pass that decide nothing; this one
/// lets some factor of a claim pass in one of forty claims (Bonferroni).
fn is_sure(index: &Index, factors: usize) -> bool {
    let z = normal_quantile(1.0 - 0.025 / factors.max(1) as f64);
    let (value, low) = (index.estimate.value, index.estimate.low);
    // A rough share is one all the same.
    let estimated = matches!(index.verdict, Verdict::Distinguishable | Verdict::Unresolved);
    estimated && value - (value - low) * z / Z > 0.0
}

/// What orders factors by how much they decide, the largest first: total shares where there are such, else shares alone, else mean sizes of
/// effects.
pub(super) fn ranked(indices: &[Index]) -> Vec<&Index> {
    let orders = |index: &&Index| {
        matches!(
            (index.method, index.index),
            (Method::Sobol, "total") | (Method::GivenData, "first") | (Method::Morris, "mu_star")
        )
    };
    let mut all: Vec<&Index> =
        indices.iter().filter(orders).filter(|index| index.estimate.value.is_finite()).collect();
    all.sort_by(|a, b| b.estimate.value.total_cmp(&a.estimate.value));
    all
}

/// Wilson's interval of a share among `n`; NaN where there are none or it is no share.
fn wilson(share: f64, n: f64) -> [f64; 2] {
    if n == 0.0 || !(0.0..=1.0).contains(&share) {
        return [f64::NAN; 2];
    }
    let z2 = Z * Z / n;
    let middle = share + z2 / 2.0;
    let off = (z2 * (share * (1.0 - share) + z2 / 4.0)).sqrt();
    // Round-off may leave out a share of 0 or 1, which is an end itself.
    [((middle - off) / (1.0 + z2)).clamp(0.0, share), ((middle + off) / (1.0 + z2)).clamp(share, 1.0)]
}

#[cfg(test)]
mod tests {
    use super::wilson;

    /// (p + z²/2n ± z sqrt(p q/n + z²/4n²))/(1 + z²/n) for 15 of 20; for 0 of 10 the upper end is z²/(n + z²).
    #[test]
    fn an_interval_of_a_share_stays_inside_and_is_never_empty() {
        let near = |[low, high]: [f64; 2], a: f64, b: f64| (low - a).abs() < 1e-4 && (high - b).abs() < 1e-4;
        assert!(near(wilson(0.75, 20.0), 0.5313, 0.8881));
        assert!(near(wilson(0.0, 10.0), 0.0, 0.2775));
        assert_eq!(wilson(1.0, 10.0)[1], 1.0);
        assert!(wilson(0.5, 0.0).iter().all(|end| end.is_nan()));
    }
}
