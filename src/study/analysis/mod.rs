//! What the rows of a study say about its factors: indices with intervals, where points failed, where claims hold.
//! Knows nothing of files or of how rows are kept; the same rows give the same tables, in whatever order they were computed.
//!
//! Memory: a number for each point and output (`Columns`), and the coordinates of at most `WHOLE` points.
//! Nothing grows with repeats, with the length of the file, or with points that are not there.

mod claims;
mod columns;
mod failing;
mod indices;
mod map;
mod sample;
mod tables;
#[cfg(test)]
mod tests;

pub use claims::{Deciding, Robustness};
pub use columns::Columns;
pub use failing::Failing;
pub use indices::{Index, Method, Verdict};
pub use map::Cell;

use super::design::Kind;
use super::{Read, Study};
use sample::Sample;

/// Points whose coordinates are held at once, at most: 8 MB for each factor.
const WHOLE: u64 = 1 << 20;
/// Points of samples that are drawn again hundreds of times, at most. An index of so many is sure to less than 0.01, which is
/// less than what the extrapolation to bins of no width leaves open.
const RESAMPLED: u64 = 1 << 15;
/// A full factorial with fewer points has no indices.
const FEWEST_OF_GRID: u64 = 16;

/// All that is computed from the rows of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// Points of which there is a row.
    pub there: u64,
    /// By output, in the order of the study; within it by method and index, factors in the order of the file.
    pub indices: Vec<Index>,
    /// By output with points without numbers, and factor.
    pub failing: Vec<Failing>,
    /// By claim; empty where claims are no outputs.
    pub robustness: Vec<Robustness>,
    /// By claim that two factors with numbers decide, over a grid of both.
    pub boundary: Vec<Cell>,
    /// By output: points that are there and have no number.
    pub without: Vec<u64>,
    /// Why rows have no numbers, and how many.
    pub reasons: Vec<(String, u64)>,
    /// Which of the tables the study has.
    tables: Has,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Has {
    indices: bool,
    failing: bool,
    claims: bool,
}

/// The analysis that suits the design of a study.
pub fn analysed(study: &Study, columns: &Columns) -> Analysis {
    let methods = methods(study);
    let whole = Sample::of(study, columns, WHOLE);
    let resampled = Sample::of(study, columns, RESAMPLED);
    let sample = if study.design.block() > 1 { &whole } else { &resampled };
    let placed = !matches!(study.design.kind, Kind::List { .. } | Kind::Local);
    let of_output = |output: usize| {
        let indices: Vec<Index> =
            methods.iter().flat_map(|method| indices::of(study, *method, sample, columns, output)).collect();
        let failing = if placed { failing::of(study, &whole, columns, output) } else { Vec::new() };
        (indices, failing)
    };
    let mut all = Analysis {
        there: columns.there().count() as u64,
        indices: Vec::new(),
        failing: Vec::new(),
        robustness: Vec::new(),
        boundary: Vec::new(),
        without: (0..study.outputs.len()).map(|output| columns.without(output)).collect(),
        reasons: columns.reasons(),
        tables: Has {
            indices: !methods.is_empty(),
            failing: placed,
            claims: study.outputs.iter().any(|output| matches!(output.read, Read::Claim(_))),
        },
    };
    for (output, (indices, failing)) in side_by_side(study.outputs.len(), &of_output).into_iter().enumerate()
    {
        if let Read::Claim(claim) = study.outputs[output].read {
            all.robustness.push(claims::of(study, columns, output, claim, &indices));
            all.boundary.extend(map::of(study, columns, output, claim, &indices));
        }
        all.indices.extend(indices);
        all.failing.extend(failing);
    }
    all
}

/// What can be said from points of a design.
fn methods(study: &Study) -> &'static [Method] {
    match study.design.kind {
        Kind::List { .. } => &[],
        Kind::Grid { .. } if study.points < FEWEST_OF_GRID => &[],
        Kind::Grid { .. } => &[Method::GivenData],
        Kind::Random { .. } | Kind::LatinHypercube { .. } | Kind::Sobol { .. } => {
            &[Method::Prcc, Method::GivenData]
        }
        Kind::Morris { .. } => &[Method::Morris],
        Kind::Saltelli { .. } => &[Method::Sobol],
        Kind::Local => &[Method::Local],
    }
}

/// Outputs do not depend on one another.
#[cfg(feature = "threads")]
fn side_by_side<T: Send>(count: usize, one: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    use rayon::prelude::*;
    (0..count).into_par_iter().with_max_len(1).map(one).collect()
}

#[cfg(not(feature = "threads"))]
fn side_by_side<T: Send>(count: usize, one: &(dyn Fn(usize) -> T + Sync)) -> Vec<T> {
    (0..count).map(one).collect()
}
