//! Where a claim holds: a map over the two factors that decide most.
//! Knows nothing of how factors are ordered.
//!
//! Cells are even on the scale of each factor, about ten points in each, 3 to 12 a side and no more than the factor has values.

use super::super::Study;
use super::super::design::Kind;
use super::super::factor::{Factor, Span};
use super::Columns;
use super::claims::ranked;
use super::indices::{Index, Verdict};

/// Points of a cell, on average.
const POINTS: f64 = 10.0;
const FEWEST: f64 = 3.0;
const MOST: f64 = 12.0;

/// One cell of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Position in the scenario.
    pub claim: usize,
    /// Factors, by position in the study.
    pub factors: [usize; 2],
    /// Ends along each factor, in its unit; of a factor with listed numbers the lowest and the highest of the cell.
    pub ends: [[f64; 2]; 2],
    /// Share of points in which the claim holds; NaN where there are none.
    pub holds: f64,
    pub n: u64,
}

/// Cells over the two factors with numbers that decide most, those of the first changing slowest; none where no factor is distinguishable.
pub(super) fn of(
    study: &Study,
    columns: &Columns,
    output: usize,
    claim: usize,
    indices: &[Index],
) -> Vec<Cell> {
    let ranked = ranked(indices);
    let numbers = ranked.iter().filter(|index| study.factors[index.factor].unit().is_some());
    let [first, second] = numbers.take(2).collect::<Vec<_>>()[..] else { return Vec::new() };
    if first.verdict != Verdict::Distinguishable {
        return Vec::new();
    }
    let points = || columns.there().map(|point| (point, columns.value(point, output)));
    let points = || points().filter(|(_, value)| value.is_finite());
    let side = (points().count() as f64 / POINTS).sqrt().clamp(FEWEST, MOST) as u64;
    let factors = [first.factor, second.factor];
    let axes = factors.map(|factor| Axis::of(study, &study.factors[factor], side));
    let mut sums = vec![(0.0, 0_u64); axes[0].ends.len() * axes[1].ends.len()];
    for (point, value) in points() {
        let at = study.coordinates(point);
        let cell = axes[0].cell(at[factors[0]]) * axes[1].ends.len() + axes[1].cell(at[factors[1]]);
        sums[cell] = (sums[cell].0 + value, sums[cell].1 + 1);
    }
    let both = axes[0].ends.iter().flat_map(|first| axes[1].ends.iter().map(move |second| [*first, *second]));
    let cell = |(ends, (sum, n)): ([[f64; 2]; 2], (f64, u64))| Cell {
        claim,
        factors,
        ends,
        holds: if n == 0 { f64::NAN } else { sum / n as f64 },
        n,
    };
    both.zip(sums).map(cell).collect()
}

struct Axis {
    /// Ends of each cell, in the factor's unit.
    ends: Vec<[f64; 2]>,
    /// The cell of each value; empty where the factor has all between two ends.
    of_values: Vec<usize>,
}

impl Axis {
    fn of(study: &Study, factor: &Factor, side: u64) -> Axis {
        let levels = match study.design.kind {
            Kind::Morris { levels, .. } => levels.min(factor.levels().unwrap_or(levels)),
            _ => factor.levels().unwrap_or(side),
        };
        let cells = side.min(levels).max(1) as usize;
        match (&factor.span, factor.scale()) {
            (Span::Numbers { values, .. }, _) => Axis::listed(values, cells),
            (span, Some((scale, ends))) => {
                let end = |cell: usize| scale.at(ends, cell as f64 / cells as f64);
                // Levels lie on the scale with both ends among them.
                let of_level = |level: u64, levels: u64| {
                    (level as f64 / (levels - 1).max(1) as f64 * cells as f64) as usize
                };
                let of_values = match span {
                    Span::Levels { levels, .. } => {
                        (0..*levels).map(|level| of_level(level, *levels).min(cells - 1)).collect()
                    }
                    _ => Vec::new(),
                };
                Axis { ends: (0..cells).map(|cell| [end(cell), end(cell + 1)]).collect(), of_values }
            }
            (_, None) => Axis { ends: vec![[f64::NAN; 2]], of_values: Vec::new() },
        }
    }

    /// Values in ascending order, as many in each cell.
    fn listed(values: &[f64], cells: usize) -> Axis {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let cells = cells.min(sorted.len()).max(1);
        let cell = |rank: usize| rank * cells / sorted.len();
        let mut ends = vec![[f64::INFINITY, f64::NEG_INFINITY]; cells];
        for (rank, value) in sorted.iter().enumerate() {
            let [low, high] = &mut ends[cell(rank)];
            (*low, *high) = (low.min(*value), high.max(*value));
        }
        let rank = |value: &f64| sorted.iter().take_while(|other| *other < value).count();
        Axis { of_values: values.iter().map(|value| cell(rank(value))).collect(), ends }
    }

    fn cell(&self, coordinate: f64) -> usize {
        let place = |count: usize| ((coordinate * count as f64) as usize).min(count - 1);
        match self.of_values.len() {
            0 => place(self.ends.len()),
            count => self.of_values[place(count)],
        }
    }
}
