//! The points that an estimate is made from: whole blocks that are there, no more than fit.
//! Knows nothing of estimators.

use ndarray::{Array1, Array2};

use super::super::design::Kind;
use super::super::{Factor, Study};
use super::Columns;
use crate::rng::{Key, Stream};

/// Points with their coordinates.
pub(super) struct Sample {
    points: Vec<u64>,
    /// A row for each point, a column for each factor, in [0, 1].
    pub x: Array2<f64>,
}

/// The coordinates of a point; where each point stands for itself, those of one value are one.
fn coordinates(study: &Study, point: u64) -> Array1<f64> {
    let each = study.factors.iter().zip(study.coordinates(point));
    let alone = study.design.block() == 1;
    let one = |(factor, at): (&Factor, f64)| match factor.levels().filter(|_| alone) {
        Some(levels) => {
            let levels = levels as f64;
            ((at * levels).floor().min(levels - 1.0) + 0.5) / levels
        }
        None => at,
    };
    each.map(one).collect()
}

impl Sample {
    /// At most `most` points, of blocks of the design that are there whole, which keeps every bit of their layout. The
    /// beginning of a design is a fair sample of the whole; of a grid, whose beginning is a corner, points are drawn.
    /// A local design is all there is of it: points that are not there have no value.
    pub fn of(study: &Study, columns: &Columns, most: u64) -> Sample {
        let size = study.design.block();
        let blocks = columns.blocks(size);
        let take = (most / size).max(1);
        let blocks: Vec<u64> = match study.design.kind {
            Kind::Local => (0..study.points).collect(),
            Kind::Grid { .. } => {
                let key = Key::new(study.design.seed, Stream::of("study sample of a grid"));
                let share = take as f64 / columns.blocks(size).count().max(1) as f64;
                blocks.filter(|block| share >= 1.0 || key.uniform(*block, 0) < share).collect()
            }
            _ => blocks.take(usize::try_from(take).unwrap_or(usize::MAX)).collect(),
        };
        let points: Vec<u64> =
            blocks.into_iter().flat_map(|block| block * size..(block + 1) * size).collect();
        let mut x = Array2::zeros((points.len(), study.factors.len()));
        for (mut row, point) in x.rows_mut().into_iter().zip(&points) {
            row.assign(&coordinates(study, *point));
        }
        Sample { points, x }
    }

    /// An output at these points.
    pub fn y(&self, columns: &Columns, output: usize) -> Array1<f64> {
        self.points.iter().map(|point| columns.value(*point, output)).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}
