//! A number in each cell over two factors, from the points of a study or from a table of cells.
//! Knows axes of factors; knows nothing of pictures.

use super::super::scale::bounds;
use super::axis::FactorAxis;
use super::smooth::quantile;
use super::subject::{FactorSpan, FactorSubject};

pub struct Field<'a> {
    pub x: FactorAxis<'a>,
    pub y: FactorAxis<'a>,
    /// Edges of the cells in coordinates of the axes, ascending, one more than there are cells.
    pub x_edges: Vec<f64>,
    pub y_edges: Vec<f64>,
    /// By y, within that by x; NaN where there is nothing.
    pub values: Vec<f64>,
    /// Points of each cell, those without a value among them.
    pub counts: Vec<usize>,
    /// Whether the cells are the levels of a grid.
    pub levels: bool,
}

/// Cells a side: about this many points in a cell.
const PER_CELL: f64 = 10.0;
/// Levels of a grid that are cells of their own.
const MOST_LEVELS: usize = 60;

impl<'a> Field<'a> {
    /// The median of `values` in the cells over two columns of points: a cell for each pair of levels of a grid, else cells by
    /// equal steps on the scales of the factors.
    pub fn of_points(
        (x, y): (&'a FactorSubject, &'a FactorSubject),
        places: (&[f64], &[f64]),
        values: &[f64],
        grid: bool,
    ) -> Field<'a> {
        let (x, y) = (FactorAxis::of(x), FactorAxis::of(y));
        let side = ((values.len() as f64 / PER_CELL).sqrt() as usize).clamp(3, 12);
        let coordinates = |axis: &FactorAxis, places: &[f64]| -> Vec<f64> {
            places.iter().map(|value| axis.coordinate(*value)).collect()
        };
        let (xs, ys) = (coordinates(&x, places.0), coordinates(&y, places.1));
        let (x_edges, x_levels) = edges(&x, &xs, side, grid);
        let (y_edges, y_levels) = edges(&y, &ys, side, grid);
        let wide = x_edges.len() - 1;
        let mut cells: Vec<Vec<f64>> = vec![Vec::new(); wide * (y_edges.len() - 1)];
        let mut counts = vec![0; cells.len()];
        for ((x, y), value) in xs.iter().zip(&ys).zip(values) {
            let (Some(column), Some(row)) = (cell_of(&x_edges, *x), cell_of(&y_edges, *y)) else { continue };
            counts[row * wide + column] += 1;
            if value.is_finite() {
                cells[row * wide + column].push(*value);
            }
        }
        let median = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            quantile(&values, 0.5)
        };
        let values = cells.into_iter().map(median).collect();
        Field::new((x, y), (x_edges, y_edges), (values, counts), x_levels && y_levels)
    }

    pub fn new(
        (x, y): (FactorAxis<'a>, FactorAxis<'a>),
        (x_edges, y_edges): (Vec<f64>, Vec<f64>),
        (values, counts): (Vec<f64>, Vec<usize>),
        levels: bool,
    ) -> Field<'a> {
        let between = |axis: FactorAxis<'a>, edges: &[f64]| {
            axis.between(edges.first().copied().unwrap_or(0.0), edges.last().copied().unwrap_or(1.0))
        };
        Field { x: between(x, &x_edges), y: between(y, &y_edges), x_edges, y_edges, values, counts, levels }
    }

    pub fn columns(&self) -> usize {
        self.x_edges.len().saturating_sub(1)
    }

    pub fn rows(&self) -> usize {
        self.y_edges.len().saturating_sub(1)
    }

    /// Whether neighbouring cells are neighbours in a sense that lines between them have.
    pub fn is_continuous(&self) -> bool {
        let number = |axis: &FactorAxis| !matches!(axis.factor.span, FactorSpan::Texts(_));
        number(&self.x) && number(&self.y)
    }

    pub fn empty(&self) -> usize {
        self.values.iter().filter(|value| !value.is_finite()).count()
    }

    pub fn bounds(&self) -> Option<(f64, f64)> {
        bounds(self.values.iter().copied())
    }
}

/// Edges of cells along an axis, ascending: around each level of a grid or list, else equal steps; and whether each cell is one level.
pub fn edges(axis: &FactorAxis, coordinates: &[f64], side: usize, grid: bool) -> (Vec<f64>, bool) {
    let mut levels: Vec<f64> = coordinates.iter().copied().filter(|c| c.is_finite()).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let listed = !matches!(axis.factor.span, FactorSpan::Between { .. });
    if (grid || listed) && (1..=MOST_LEVELS).contains(&levels.len()) {
        return (around(&levels), true);
    }
    let [low, high] = match &axis.factor.span {
        FactorSpan::Between { ends, .. } => ends.map(|end| axis.coordinate(end)),
        _ => [levels.first().copied().unwrap_or(0.0), levels.last().copied().unwrap_or(1.0)],
    };
    let [low, high] = if low < high { [low, high] } else { [high, low + 1e-9 + 1e-9 * low.abs()] };
    ((0..=side).map(|i| low + (high - low) * i as f64 / side as f64).collect(), false)
}

/// Edges half way between levels, and as far beyond the outermost.
pub fn around(levels: &[f64]) -> Vec<f64> {
    let (first, last) = (levels[0], levels[levels.len() - 1]);
    let half = |a: f64, b: f64| (b - a) / 2.0;
    let [before, behind] = match levels {
        [only] => [0.5 * only.abs().max(1.0); 2],
        _ => [half(first, levels[1]), half(levels[levels.len() - 2], last)],
    };
    let between = levels.windows(2).map(|pair| pair[0] + half(pair[0], pair[1]));
    [first - before].into_iter().chain(between).chain([last + behind]).collect()
}

/// Which cell a coordinate lies in.
pub fn cell_of(edges: &[f64], coordinate: f64) -> Option<usize> {
    let (first, last) = (edges.first()?, edges.last()?);
    let air = 1e-9 * (last - first);
    if !(coordinate >= first - air && coordinate <= last + air) {
        return None;
    }
    let at = edges.partition_point(|edge| *edge <= coordinate);
    Some(at.clamp(1, edges.len() - 1) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_point_of_a_grid_has_its_cell_and_its_value() {
        let span = FactorSpan::Between { ends: [0.01, 100.0], log: true };
        let factor = |name: &str| FactorSubject {
            name: name.into(),
            doc: String::new(),
            unit: "nM".into(),
            span: span.clone(),
        };
        let (a, b) = (factor("a"), factor("b"));
        let levels = [0.01, 0.1, 1.0, 10.0, 100.0];
        let x: Vec<f64> = (0..25).map(|i| levels[i / 5]).collect();
        let y: Vec<f64> = (0..25).map(|i| levels[i % 5]).collect();
        let values: Vec<f64> = (0..25).map(|i| if i == 7 { f64::NAN } else { i as f64 }).collect();
        let field = Field::of_points((&a, &b), (&x, &y), &values, true);
        assert_eq!((field.columns(), field.rows(), field.empty()), (5, 5, 1));
        for i in (0..25).filter(|i| *i != 7) {
            assert_eq!(field.values[i % 5 * 5 + i / 5], i as f64);
        }
        let binned = Field::of_points((&a, &b), (&x, &y), &values, false);
        assert_eq!(binned.counts.iter().sum::<usize>(), 25);
        let none = Field::of_points((&a, &b), (&[], &[]), &[], true);
        assert!(none.bounds().is_none() && none.columns() >= 1);
    }
}
