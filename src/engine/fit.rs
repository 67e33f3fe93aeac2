//! Lines fitted to the acute response of each lane: a logistic curve over ln L, a straight line through bound/free over bound.
//! Knows nothing of time.
//!
//! The logistic curve E = bottom + (emax - bottom)/(1 + (EC50/L)^n), n > 0, is nearest in the weighted sum of squares over
//! the levels at which shape is looked for: even on ln L, each of weight 1, the two ends 1/2, so that the sum is the
//! integral over ln L by trapezes. Found by Levenberg-Marquardt from the level half-way between the ends of the curve and
//! the best of four slopes. The straight line is Scatchard's: B/F = (Bmax - B)/Kd with F = L, with the same weights.

use super::acute::{Room, all};
use super::collected::Missing;
use super::lowered::Acute;
use super::plan::Fit;
use super::step::lanes_of;
use crate::kernel::LANES;
use crate::math;

/// A height this small, as a share of the values themselves, is round-off.
const FLAT: f64 = 1e-9;
const ITERATIONS: usize = 100;
/// A step this small, in ln EC50, ln n and shares of the curve's height, is the last.
const SMALL: f64 = 1e-11;
/// Slopes from which the best one starts.
const SLOPES: [f64; 4] = [0.5, 1.0, 2.0, 4.0];

/// Numbers of lanes, or why there are none.
type Found = Vec<Result<f64, Missing>>;

impl Fit {
    const LOGISTIC: [Fit; 4] = [Fit::Ec50, Fit::Emax, Fit::Bottom, Fit::Slope];
    const LINE: [Fit; 2] = [Fit::Bmax, Fit::Kd];
}

impl Acute {
    /// The wanted numbers of the lanes of `mask`, and what comes with them; what is frozen was given before.
    pub fn fits(&self, room: &mut Room, mask: u64, wanted: &[Fit]) -> Vec<(Fit, Found)> {
        let levels = self.levels();
        let curve: Vec<_> = levels.iter().map(|level| self.response(room, &all(*level))).collect();
        let of_lane = |lane: usize| -> Vec<f64> { curve.iter().map(|level| level.0[lane]).collect() };
        let mut found = Vec::new();
        if wanted.iter().any(|fit| Fit::LOGISTIC.contains(fit)) {
            let logs: Vec<f64> = levels.iter().map(|level| math::ln(*level)).collect();
            found.extend(each(Fit::LOGISTIC, mask, |lane| logistic(&logs, &of_lane(lane))));
        }
        if wanted.iter().any(|fit| Fit::LINE.contains(fit)) {
            found.extend(each(Fit::LINE, mask, |lane| scatchard(&levels, &of_lane(lane))));
        }
        found
    }
}

fn each<const N: usize>(
    fits: [Fit; N],
    mask: u64,
    of: impl Fn(usize) -> Result<[f64; N], Missing>,
) -> impl Iterator<Item = (Fit, Found)> {
    let mut all: [Found; N] = std::array::from_fn(|_| vec![Err(Missing::NotDefined); LANES]);
    for lane in lanes_of(mask) {
        let numbers = of(lane);
        for (n, found) in all.iter_mut().enumerate() {
            found[lane] = numbers.map(|numbers| numbers[n]);
        }
    }
    fits.into_iter().zip(all)
}

/// Of a level among so many.
fn weight(n: usize, count: usize) -> f64 {
    if n == 0 || n + 1 == count { 0.5 } else { 1.0 }
}

/// Smallest and largest value of a curve that has values and a height.
fn ends(curve: &[f64]) -> Result<[f64; 2], Missing> {
    let [low, high] =
        curve.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[l, h], y| [l.min(*y), h.max(*y)]);
    let sound = curve.iter().all(|y| y.is_finite()) && high - low > FLAT * low.abs().max(high.abs());
    if sound { Ok([low, high]) } else { Err(Missing::NotDefined) }
}

/// Bmax and Kd.
fn scatchard(levels: &[f64], bound: &[f64]) -> Result<[f64; 2], Missing> {
    let [low, high] = ends(bound)?;
    let points = || {
        let quotients = bound.iter().zip(levels).map(|(b, free)| (*b, b / free));
        quotients.enumerate().map(|(n, (b, q))| (weight(n, bound.len()), b, q))
    };
    let total: f64 = points().map(|(w, ..)| w).sum();
    let mean_bound = points().map(|(w, b, _)| w * b).sum::<f64>() / total;
    let mean_quotient = points().map(|(w, _, q)| w * q).sum::<f64>() / total;
    let mixed: f64 = points().map(|(w, b, q)| w * (b - mean_bound) * (q - mean_quotient)).sum();
    let square: f64 = points().map(|(w, b, _)| w * (b - mean_bound) * (b - mean_bound)).sum();
    let slope = mixed / square;
    // What falls by no more than round-off does not fall.
    if slope * (high - low) < -FLAT * mean_quotient.abs() {
        Ok([mean_bound - mean_quotient / slope, -1.0 / slope])
    } else {
        Err(Missing::NoLine)
    }
}

/// Bottom, height, ln EC50 and ln n of a curve of height 1.
type Shape = [f64; 4];

/// EC50, Emax, bottom and slope; `logs` are the ln of the levels.
fn logistic(logs: &[f64], curve: &[f64]) -> Result<[f64; 4], Missing> {
    let [low, high] = ends(curve)?;
    let of_one: Vec<f64> = curve.iter().map(|y| (y - low) / (high - low)).collect();
    let [bottom, height, ec50, slope] = nearest(logs, &of_one).ok_or(Missing::NoFit)?;
    let number = |share: f64| low + (high - low) * share;
    let within = logs[0] <= ec50 && ec50 <= logs[logs.len() - 1];
    let found = [math::exp(ec50), number(bottom + height), number(bottom), math::exp(slope)];
    if within && found.iter().all(|x| x.is_finite()) { Ok(found) } else { Err(Missing::NoFit) }
}

/// Levenberg-Marquardt; none where it does not come to rest.
fn nearest(logs: &[f64], curve: &[f64]) -> Option<Shape> {
    let middle = half_way(logs, curve);
    let starts = SLOPES.map(|slope| [middle, math::ln(slope)]);
    let starts = starts.into_iter().filter_map(|start| levelled(logs, curve, start));
    let (mut shape, mut misses) =
        starts.map(|shape| (shape, squares(logs, curve, &shape))).min_by(|a, b| a.1.total_cmp(&b.1))?;
    let mut damping = 1e-3;
    for _ in 0..ITERATIONS {
        let step = step(logs, curve, &shape, damping)?;
        let next: Shape = std::array::from_fn(|n| shape[n] + step[n]);
        let length = step.iter().fold(0.0, |longest: f64, s| longest.max(s.abs()));
        let found = squares(logs, curve, &next);
        if found <= misses {
            (shape, misses) = (next, found);
            damping = if damping > 1e-9 { damping * 0.1 } else { 0.0 };
            if length < SMALL {
                return Some(shape);
            }
        } else if length < SMALL.sqrt() * 1e-2 {
            // Round-off: nothing near is nearer.
            return Some(shape);
        } else {
            damping = (damping * 10.0).max(1e-9);
        }
    }
    None
}

/// Where the curve is first half-way between its ends, between levels by a straight line; the middle where it is nowhere.
fn half_way(logs: &[f64], curve: &[f64]) -> f64 {
    let last = curve.len() - 1;
    let half = 0.5 * (curve[0] + curve[last]);
    let crossing = (0..last).find(|n| (curve[*n] - half) * (curve[n + 1] - half) <= 0.0);
    match crossing {
        Some(n) if curve[n + 1] != curve[n] => {
            logs[n] + (logs[n + 1] - logs[n]) * (half - curve[n]) / (curve[n + 1] - curve[n])
        }
        _ => 0.5 * (logs[0] + logs[last]),
    }
}

/// 1/(1 + (EC50/L)^n).
fn share(log: f64, [.., ec50, slope]: &Shape) -> f64 {
    1.0 / (1.0 + math::exp(math::exp(*slope) * (ec50 - log)))
}

fn squares(logs: &[f64], curve: &[f64], shape: &Shape) -> f64 {
    let points = logs.iter().zip(curve).enumerate();
    points
        .map(|(n, (log, y))| {
            let miss = y - (shape[0] + shape[1] * share(*log, shape));
            weight(n, logs.len()) * miss * miss
        })
        .sum()
}

/// The best bottom and height for an EC50 and a slope.
fn levelled(logs: &[f64], curve: &[f64], [ec50, slope]: [f64; 2]) -> Option<Shape> {
    let mut sums = [0.0; 5];
    for (n, (log, y)) in logs.iter().zip(curve).enumerate() {
        let (w, f) = (weight(n, logs.len()), share(*log, &[0.0, 0.0, ec50, slope]));
        let terms = [1.0, f, f * f, *y, f * y];
        sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += w * term);
    }
    let [one, f, ff, y, fy] = sums;
    let height = (one * fy - f * y) / (one * ff - f * f);
    let shape = [(y - height * f) / one, height, ec50, slope];
    shape.iter().all(|x| x.is_finite()).then_some(shape)
}

/// Solves (JᵀWJ + damping·diag) step = JᵀW miss.
fn step(logs: &[f64], curve: &[f64], shape: &Shape, damping: f64) -> Option<Shape> {
    let mut rows = [[0.0; 5]; 4];
    let n = math::exp(shape[3]);
    for (at, (log, y)) in logs.iter().zip(curve).enumerate() {
        let f = share(*log, shape);
        let rise = shape[1] * f * (1.0 - f) * n;
        let slopes = [1.0, f, -rise, rise * (log - shape[2])];
        let miss = y - (shape[0] + shape[1] * f);
        let w = weight(at, logs.len());
        for (row, own) in rows.iter_mut().zip(slopes) {
            row[..4].iter_mut().zip(slopes).for_each(|(cell, other)| *cell += w * own * other);
            row[4] += w * own * miss;
        }
    }
    (0..4).for_each(|i| rows[i][i] *= 1.0 + damping);
    solved(rows)
}

/// Four equations by elimination, the largest of each column first.
fn solved(mut rows: [[f64; 5]; 4]) -> Option<Shape> {
    for column in 0..4 {
        let best = (column..4).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, best);
        let own = rows[column];
        for row in &mut rows[column + 1..] {
            let share = row[column] / own[column];
            row.iter_mut().zip(own).for_each(|(cell, above)| *cell -= share * above);
        }
    }
    let mut found = [0.0; 4];
    for n in (0..4).rev() {
        let known: f64 = (n + 1..4).map(|m| rows[n][m] * found[m]).sum();
        found[n] = (rows[n][4] - known) / rows[n][n];
    }
    found.iter().all(|x| x.is_finite()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn levels(from: f64, to: f64) -> (Vec<f64>, Vec<f64>) {
        let logs: Vec<f64> = (0..97).map(|n| from.ln() + (to / from).ln() * f64::from(n) / 96.0).collect();
        (logs.iter().map(|log| log.exp()).collect(), logs)
    }

    proptest! {
        #[test]
        fn a_logistic_curve_is_found_again(ec50 in 0.03f64..300.0, n in 0.4f64..4.0, bottom in -5.0f64..5.0, height in 0.1f64..20.0, falls: bool) {
            let (levels, logs) = levels(1e-3, 1e4);
            let emax = if falls { bottom - height } else { bottom + height };
            let curve: Vec<f64> = levels.iter().map(|l| bottom + (emax - bottom) / (1.0 + (ec50 / l).powf(n))).collect();
            let found = logistic(&logs, &curve).unwrap();
            for (found, wanted) in found.into_iter().zip([ec50, emax, bottom, n]) {
                prop_assert!((found - wanted).abs() <= 1e-8 * wanted.abs().max(1.0), "{found} is not {wanted}");
            }
        }

        #[test]
        fn one_site_lies_on_its_straight_line(bmax in 0.1f64..1e6, kd in 0.03f64..300.0) {
            let (levels, _) = levels(1e-3, 1e4);
            let bound: Vec<f64> = levels.iter().map(|l| bmax * l / (kd + l)).collect();
            let [found, dissociation] = scatchard(&levels, &bound).unwrap();
            prop_assert!((found / bmax - 1.0).abs() < 1e-11 && (dissociation / kd - 1.0).abs() < 1e-11);
        }

        #[test]
        fn nothing_near_the_fit_of_another_curve_is_nearer(n in 0.5f64..3.0, tau in 0.3f64..30.0, nudge in prop::array::uniform4(-1.0f64..1.0)) {
            let (levels, logs) = levels(1e-4, 1e4);
            let curve: Vec<f64> = levels.iter().map(|l| (tau * l).powf(n) / ((1.0 + l).powf(n) + (tau * l).powf(n))).collect();
            let best = nearest(&logs, &curve).unwrap();
            let beside = std::array::from_fn(|i| best[i] + 1e-3 * nudge[i]);
            prop_assert!(squares(&logs, &curve, &best) <= squares(&logs, &curve, &beside));
        }

        #[test]
        fn whatever_the_curve_is_it_ends(curve in prop::collection::vec(-1e3f64..1e3, 97)) {
            let (levels, logs) = levels(1e-3, 1e4);
            let _ = (logistic(&logs, &curve), scatchard(&levels, &curve));
        }
    }

    #[test]
    fn what_has_no_shape_says_why() {
        let (levels, logs) = levels(1e-3, 1e4);
        assert_eq!(logistic(&logs, &[2.0; 97]), Err(Missing::NotDefined));
        assert_eq!(logistic(&logs, &[f64::NAN; 97]), Err(Missing::NotDefined));
        // Half-way lies far beyond the levels.
        let early: Vec<f64> = levels.iter().map(|l| 1.0 / (1.0 + 1e9 / l)).collect();
        assert_eq!(logistic(&logs, &early), Err(Missing::NoFit));
        // Bound without end, and bound that helps more to bind.
        let linear: Vec<f64> = levels.iter().map(|l| 3.0 * l).collect();
        let steep: Vec<f64> = levels.iter().map(|l| l * l).collect();
        assert_eq!(scatchard(&levels, &linear), Err(Missing::NoLine));
        assert_eq!(scatchard(&levels, &steep), Err(Missing::NoLine));
    }
}
