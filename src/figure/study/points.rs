//! The points of a study as columns: factors, and outputs as means over repeats.
//! Knows the table of points; knows nothing of pictures.

use std::collections::HashMap;

use super::cells::{number, text};
use super::indices::Indices;
use super::smooth::ratio;
use super::subject::{FactorSpan, FactorSubject, StudySubject};
use crate::rng::Key;
use crate::table::Table;

/// Decides which points are drawn where there are too many; of no meaning beside that.
const THINNING: Key = Key(0x7468_696e_6e65_6421);

pub struct Points {
    /// By factor and point: a number in the factor's unit, or the position of a text.
    pub factors: Vec<Vec<f64>>,
    /// By output and point; NaN where no repeat has a value.
    pub outputs: Vec<Vec<f64>>,
    /// By output and point: whether some repeat has no value.
    pub failed: Vec<Vec<bool>>,
    /// Positions in the design.
    pub numbers: Vec<u64>,
}

impl Points {
    pub fn of(subject: &StudySubject, table: &Table) -> Points {
        let mut place: HashMap<u64, usize> = HashMap::new();
        let (mut numbers, mut first) = (Vec::new(), Vec::new());
        let of_row: Vec<usize> = (0..table.rows())
            .map(|row| {
                let point = number(table, "point", row);
                let point = if point.is_nan() { row as u64 } else { point as u64 };
                *place.entry(point).or_insert_with(|| {
                    numbers.push(point);
                    first.push(row);
                    numbers.len() - 1
                })
            })
            .collect();
        let factor = |factor: &FactorSubject| first.iter().map(|row| value(table, factor, *row)).collect();
        let output = |name: &str| {
            let mut sums = vec![(0.0, 0.0); numbers.len()];
            for (row, point) in of_row.iter().enumerate() {
                let value = number(table, name, row);
                if value.is_finite() {
                    sums[*point] = (sums[*point].0 + value, sums[*point].1 + 1.0);
                }
            }
            sums.into_iter().map(|(sum, n)| sum / n).collect()
        };
        let failed = |name: &str| {
            let mut failed = vec![false; numbers.len()];
            for (row, point) in of_row.iter().enumerate() {
                // A claim may say something of a row that has no numbers.
                failed[*point] |=
                    !number(table, name, row).is_finite() || !text(table, "reason", row).is_empty();
            }
            failed
        };
        Points {
            failed: subject.outputs.iter().map(|out| failed(&out.name)).collect(),
            factors: subject.factors.iter().map(factor).collect(),
            outputs: subject.outputs.iter().map(|out| output(&out.name)).collect(),
            numbers,
        }
    }

    pub fn count(&self) -> usize {
        self.numbers.len()
    }

    /// How many points have a value of an output.
    pub fn with_value(&self, output: usize) -> usize {
        self.outputs[output].iter().filter(|value| value.is_finite()).count()
    }

    /// At most so many of some points, at random, the same each time.
    pub fn thinned(&self, points: Vec<usize>, most: usize) -> Vec<usize> {
        if points.len() <= most {
            return points;
        }
        let mut by_chance = points;
        by_chance.sort_by_key(|point| (THINNING.bits(self.numbers[*point], 0), *point));
        by_chance.truncate(most);
        by_chance.sort_unstable();
        by_chance
    }

    /// Factors by how much they decide about an output, most first: by the study's indices, else by the share of the variance
    /// between bins.
    pub fn order(&self, subject: &StudySubject, indices: &Indices, output: usize) -> Vec<usize> {
        let weight = |factor: usize| {
            let known = indices.weight(&subject.outputs[output].name, &subject.factors[factor].name);
            let weight = known.unwrap_or_else(|| ratio(&self.factors[factor], &self.outputs[output]));
            if weight.is_nan() { -1.0 } else { weight }
        };
        let mut order: Vec<(usize, f64)> = (0..self.factors.len()).map(|f| (f, weight(f))).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        order.into_iter().map(|(factor, _)| factor).collect()
    }
}

fn value(table: &Table, factor: &FactorSubject, row: usize) -> f64 {
    match &factor.span {
        FactorSpan::Texts(texts) => {
            let own = text(table, &factor.name, row);
            texts.iter().position(|text| text == own).map_or(f64::NAN, |position| position as f64)
        }
        _ => number(table, &factor.name, row),
    }
}
