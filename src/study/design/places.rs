//! The points of one design, ready to be asked for by index.
//! Knows nothing of blocks or of the order in which points are run.

use super::latin::Latin;
use super::morris::Trajectories;
use super::saltelli::Saltelli;
use super::sequence::Sequence;
use super::{Design, Kind};
use crate::rng::Key;

/// The points of a design: what they share, such as direction numbers, is made once. Takes no more memory for more points.
#[derive(Clone, Debug)]
pub struct Places {
    dimensions: usize,
    points: u64,
    rule: Rule,
}

#[derive(Clone, Debug)]
enum Rule {
    List { rows: u64 },
    Grid { levels: Vec<u64> },
    Random { key: Key },
    Latin(Latin),
    Sobol(Sequence),
    Morris(Trajectories),
    Saltelli(Saltelli),
    Local,
}

impl Places {
    /// Of a design without problems.
    pub(super) fn of(design: &Design) -> Places {
        let dimensions = design.dimensions;
        let rule = match &design.kind {
            Kind::List { rows } => Rule::List { rows: *rows },
            Kind::Grid { levels } => Rule::Grid { levels: levels.clone() },
            Kind::Random { .. } => Rule::Random { key: design.key("points") },
            Kind::LatinHypercube { points } => {
                Rule::Latin(Latin::of(*points, design.key("strata"), design.key("jitter")))
            }
            Kind::Sobol { scrambled, .. } => {
                Rule::Sobol(Sequence::of(dimensions, scrambled.then(|| design.key("scramble"))))
            }
            Kind::Morris { levels, .. } => {
                Rule::Morris(Trajectories::of(dimensions, *levels, design.key("order"), design.key("start")))
            }
            Kind::Saltelli { second_order, .. } => {
                let sequence = Sequence::of(2 * dimensions, Some(design.key("scramble")));
                Rule::Saltelli(Saltelli::of(sequence, dimensions, *second_order))
            }
            Kind::Local => Rule::Local,
        };
        Places { dimensions, points: design.points().unwrap_or(u64::MAX), rule }
    }

    /// How many points there are.
    pub fn points(&self) -> u64 {
        self.points
    }

    /// Coordinates of a point, as many as there are dimensions, each in [0, 1]; never 0 or 1 but for Morris
    /// trajectories and local designs, whose outermost places they are.
    ///
    /// # Panics
    /// If `index` is not below `points`.
    pub fn point(&self, index: u64) -> Vec<f64> {
        assert!(index < self.points, "point {index} of a design of {} points", self.points);
        let each = |coordinate: &dyn Fn(usize) -> f64| (0..self.dimensions).map(coordinate).collect();
        match &self.rule {
            Rule::List { rows } => vec![middle(index, *rows); self.dimensions],
            Rule::Grid { levels } => on_grid(levels, index),
            Rule::Random { key } => each(&|dimension| key.uniform(index, dimension as u64)),
            Rule::Latin(latin) => each(&|dimension| latin.coordinate(index, dimension)),
            Rule::Sobol(sequence) => each(&|dimension| sequence.coordinate(index, dimension)),
            Rule::Morris(trajectories) => trajectories.point(index),
            Rule::Saltelli(saltelli) => each(&|dimension| saltelli.coordinate(index, dimension)),
            Rule::Local => each(&|dimension| step_from_centre(index, dimension as u64)),
        }
    }
}

/// The middle of cell `i` of `n` equal ones.
fn middle(i: u64, n: u64) -> f64 {
    (i as f64 + 0.5) / n as f64
}

/// Four steps in each dimension after the centre.
fn step_from_centre(index: u64, dimension: u64) -> f64 {
    match index.checked_sub(1 + 4 * dimension) {
        Some(0) => 1.0,
        Some(1) => 0.0,
        Some(2) => 0.75,
        Some(3) => 0.25,
        _ => 0.5,
    }
}

/// The digits of the index in the mixed base of the levels, the last the lowest.
fn on_grid(levels: &[u64], index: u64) -> Vec<f64> {
    let mut point = vec![0.0; levels.len()];
    let mut rest = index;
    for (coordinate, n) in point.iter_mut().zip(levels).rev() {
        *coordinate = middle(rest % n, *n);
        rest /= n;
    }
    point
}
