//! Designs: where the points of a study lie in the unit cube, each as a function of its index.
//! Knows nothing of scenarios: a coordinate in [0, 1] becomes a value elsewhere.
//!
//! Nothing is held as a list: a study of 10^12 points takes no more memory than one of ten, any point can be
//! made again alone, and what is drawn for it is addressed by (seed, design, index, dimension).

mod latin;
mod morris;
mod permutation;
mod places;
mod problem;
mod saltelli;
mod sequence;
#[cfg(test)]
mod tests;

pub use places::Places;
pub use problem::{Part, Problem};

use permutation::Permutation;

use crate::rng::{Key, Stream};

/// Points of a design, at most: 2^48. Up to here a coordinate tells any two strata, rows or levels apart, and at a
/// microsecond per point it is nine years of work.
pub const MOST_POINTS: u64 = 1 << 48;

/// Dimensions of a Sobol' sequence, at most: those of the packaged table of direction numbers.
pub const MOST_DIMENSIONS: usize = 1000;

/// Where the points of a study lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    pub kind: Kind,
    /// Coordinates of a point: the factors of the study.
    pub dimensions: usize,
    /// Moves every random choice of the design. A list, the coordinates of a grid, an unscrambled Sobol'
    /// sequence and a local design have none.
    pub seed: u64,
}

/// A rule for points, with its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Rows that the study lists. In every dimension the coordinate is the row's position, (row + 1/2)/rows:
    /// `floor(coordinate*rows)` is the row.
    List { rows: u64 },
    /// Every combination of levels, the last dimension changing fastest. Level i of n in a dimension is the coordinate
    /// (i + 1/2)/n: `floor(coordinate*n)` is the level.
    Grid { levels: Vec<u64> },
    /// Independent points, uniform in the open cube.
    Random { points: u64 },
    /// As many strata per dimension as points, one point in each, in random order, uniform within its stratum.
    LatinHypercube { points: u64 },
    /// A low-discrepancy sequence: each of its first 2^m points, m = 0, 1, …, is alone in its interval of length
    /// 2^-m in every dimension. `scrambled` keeps that and makes each point uniform.
    Sobol { points: u64, scrambled: bool },
    /// Trajectories of dimensions + 1 points, each next point one factor away from the one before. `levels` is even; the
    /// coordinates are k/(levels - 1) and the step is levels/(2*(levels - 1)).
    Morris { trajectories: u64, levels: u64 },
    /// For Sobol' indices: blocks of rows made of two points A and B of a scrambled Sobol' sequence. With k
    /// dimensions a block is, in this order, A, B, AB_1 … AB_k and, for the second order, BA_1 … BA_k, where AB_i is A
    /// with coordinate i from B, and BA_i is B with coordinate i from A.
    Saltelli { base: u64, second_order: bool },
    /// Steps from one centre, as `sensitivity::local_points` has them: the centre, 1/2 in every dimension, then for each
    /// dimension 1, 0, 3/4, 1/4 in it alone.
    Local,
}

impl Design {
    /// How many points there are; none if more than 2^64 - 1.
    pub fn points(&self) -> Option<u64> {
        match &self.kind {
            Kind::Grid { levels } => levels.iter().try_fold(1, |points: u64, n| points.checked_mul(*n)),
            Kind::Local => (self.dimensions as u64).checked_mul(4)?.checked_add(1),
            Kind::List { rows: blocks }
            | Kind::Random { points: blocks }
            | Kind::LatinHypercube { points: blocks }
            | Kind::Sobol { points: blocks, .. }
            | Kind::Morris { trajectories: blocks, .. }
            | Kind::Saltelli { base: blocks, .. } => blocks.checked_mul(self.block()),
        }
    }

    /// Points that mean something only together: k + 1 of a Morris trajectory, k + 2 or 2k + 2 of a Saltelli block with
    /// k dimensions, else 1. Block b is the points `b*block .. (b + 1)*block`.
    pub fn block(&self) -> u64 {
        let k = self.dimensions as u64;
        match self.kind {
            Kind::Morris { .. } => k.saturating_add(1),
            Kind::Saltelli { second_order: false, .. } => k.saturating_add(2),
            Kind::Saltelli { second_order: true, .. } => k.saturating_mul(2).saturating_add(2),
            _ => 1,
        }
    }

    /// How many blocks there are; none if there are more points than can be counted.
    pub fn blocks(&self) -> Option<u64> {
        self.points().map(|points| points / self.block())
    }

    /// The block that is run at a position: one to one on `0..blocks`. A grid's own order fills it from one corner, so it is
    /// run in a random order, in which any beginning is a fair sample of the whole; a list is run as written,
    /// and the beginnings of the others are balanced as they are.
    pub fn order(&self, position: u64) -> u64 {
        match (&self.kind, self.points()) {
            (Kind::Grid { .. }, Some(points)) if position < points => {
                Permutation::of(points, self.key("order")).at(0, position)
            }
            _ => position,
        }
    }

    /// The points, ready to be asked for; or all that is wrong with the design.
    pub fn places(&self) -> Result<Places, Vec<Problem>> {
        let problems = self.problems();
        if problems.is_empty() { Ok(Places::of(self)) } else { Err(problems) }
    }

    /// The key of one kind of choice.
    fn key(&self, choice: &str) -> Key {
        let kind = match self.kind {
            Kind::List { .. } => "list",
            Kind::Grid { .. } => "grid",
            Kind::Random { .. } => "random",
            Kind::LatinHypercube { .. } => "latin hypercube",
            Kind::Sobol { .. } => "sobol",
            Kind::Morris { .. } => "morris",
            Kind::Saltelli { .. } => "saltelli",
            Kind::Local => "local",
        };
        Key::new(self.seed, Stream::of(&format!("design {kind} {choice}")))
    }
}
