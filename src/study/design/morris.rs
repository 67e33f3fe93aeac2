//! Morris trajectories: one factor moves at a time, each once, so that each step gives one elementary effect.
//! Knows nothing of outputs.
//!
//! On the grid of p levels a factor starts at a random level and moves half of the levels up or down, whichever stays on the
//! grid: the step is Δ = p/(2(p - 1)), and with p even each level is as likely as any other. The order of the factors
//! is random. M. D. Morris 1991, "Factorial sampling plans for preliminary computational experiments", Technometrics 33:161,
//! as the R package `sensitivity` describes it.

use super::permutation::below;
use crate::rng::Key;

#[derive(Clone, Copy, Debug)]
pub(super) struct Trajectories {
    dimensions: usize,
    levels: u64,
    order: Key,
    start: Key,
}

impl Trajectories {
    /// `levels` even and at least 2.
    pub(super) fn of(dimensions: usize, levels: u64, order: Key, start: Key) -> Trajectories {
        Trajectories { dimensions, levels, order, start }
    }

    /// Point `index mod (k + 1)` of trajectory `index/(k + 1)`: the first so many factors of its order have moved.
    pub(super) fn point(&self, index: u64) -> Vec<f64> {
        let length = self.dimensions as u64 + 1;
        let (trajectory, step) = (index / length, (index % length) as usize);
        let mut levels: Vec<u64> = (0..self.dimensions as u64)
            .map(|factor| below(self.start.bits(trajectory, factor), self.levels))
            .collect();
        for factor in &self.order(trajectory)[..step] {
            // Half of the levels away, around the end of the grid: the one place that is so far.
            levels[*factor] = (levels[*factor] + self.levels / 2) % self.levels;
        }
        levels.iter().map(|level| *level as f64 / (self.levels - 1) as f64).collect()
    }

    /// The factors in the order in which they move: sorted by a draw for each.
    fn order(&self, trajectory: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.dimensions).collect();
        order.sort_by_cached_key(|factor| (self.order.bits(trajectory, *factor as u64), *factor));
        order
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rng::Stream;

    fn trajectories(dimensions: usize, levels: u64, seed: u64) -> Trajectories {
        let key = |of| Key::new(seed, Stream::of(of));
        Trajectories::of(dimensions, levels, key("test order"), key("test start"))
    }

    /// Points of one trajectory.
    fn points(of: &Trajectories, trajectory: u64) -> Vec<Vec<f64>> {
        let length = of.dimensions as u64 + 1;
        (0..length).map(|step| of.point(trajectory * length + step)).collect()
    }

    proptest! {
        #[test]
        fn every_factor_moves_once_in_a_trajectory_by_the_step_and_stays_on_the_grid(
            dimensions in 1_usize..12, half in 1_u64..8, trajectory in 0_u64..1 << 40, seed: u64,
        ) {
            let levels = 2 * half;
            let step = levels as f64 / (2.0 * (levels - 1) as f64);
            let points = points(&trajectories(dimensions, levels, seed), trajectory);
            let mut moves = vec![0; dimensions];
            for pair in points.windows(2) {
                let moved: Vec<usize> = (0..dimensions).filter(|d| pair[0][*d] != pair[1][*d]).collect();
                prop_assert_eq!(moved.len(), 1);
                let by = pair[1][moved[0]] - pair[0][moved[0]];
                prop_assert!((by.abs() - step).abs() < 1e-15);
                moves[moved[0]] += 1;
            }
            prop_assert!(moves.iter().all(|count| *count == 1));
            for coordinate in points.iter().flatten() {
                let level = coordinate * (levels - 1) as f64;
                prop_assert!((0.0..=1.0).contains(coordinate));
                prop_assert!((level - level.round()).abs() < 1e-12);
            }
        }

        #[test]
        fn elementary_effects_of_a_linear_function_are_its_coefficients(
            slopes in proptest::collection::vec(-10.0..10.0_f64, 1..8), seed: u64,
        ) {
            let f = |x: &[f64]| x.iter().zip(&slopes).map(|(x, a)| x * a).sum::<f64>();
            for trajectory in 0..5 {
                for pair in points(&trajectories(slopes.len(), 4, seed), trajectory).windows(2) {
                    let moved = (0..slopes.len()).find(|d| pair[0][*d] != pair[1][*d]).unwrap();
                    let effect = (f(&pair[1]) - f(&pair[0])) / (pair[1][moved] - pair[0][moved]);
                    prop_assert!((effect - slopes[moved]).abs() < 1e-12, "{} {}", effect, slopes[moved]);
                }
            }
        }
    }

    #[test]
    fn levels_directions_and_places_in_the_order_are_equally_likely() {
        let (k, p, n) = (3, 4, 12_000);
        let of = trajectories(k, p, 9);
        let mut starts = vec![0.0; p as usize];
        let mut first = vec![0.0; k];
        let mut upward = 0.0;
        for trajectory in 0..n {
            let points = points(&of, trajectory);
            starts[(points[0][1] * (p - 1) as f64).round() as usize] += 1.0;
            first[of.order(trajectory)[0]] += 1.0;
            upward += f64::from(points[k][2] > points[0][2]);
        }
        // Five standard errors of a count of n chances with probability q.
        let near = |count: f64, q: f64| {
            let expected = q * n as f64;
            assert!(
                (count - expected).abs() < 5.0 * (expected * (1.0 - q)).sqrt(),
                "{count}, not {expected}"
            );
        };
        starts.iter().for_each(|count| near(*count, 0.25));
        first.iter().for_each(|count| near(*count, 1.0 / 3.0));
        near(upward, 0.5);
    }
}
