//! The analysis as tables.
//! Knows nothing of files.

use super::super::Study;
use super::{Analysis, Failing, Index, Robustness};
use crate::table::{Column, Data, Table};

impl Analysis {
    /// `indices`, `dropped`, and where claims are outputs `robustness` and `boundary`; those that the design allows.
    pub fn tables(&self, study: &Study) -> Vec<Table> {
        let mut all = Vec::new();
        if self.tables.indices {
            all.push(self.of_indices(study));
        }
        if self.tables.failing {
            all.push(self.of_failing(study));
        }
        if self.tables.claims {
            all.extend([self.of_claims(study), self.of_cells(study)]);
        }
        all
    }

    fn of_indices(&self, study: &Study) -> Table {
        let rows = &self.indices;
        let factor = |factor: usize| study.factors[factor].name.clone();
        let columns = vec![
            text("output", "column of the table of points", rows, |row| {
                study.outputs[row.output].name.clone()
            }),
            text("unit", "of value, low and high; empty for pure numbers", rows, |row| row.unit.clone()),
            text("method", "how the index is estimated", rows, |row| row.method.name().to_owned()),
            text(
                "index",
                "first, total, second: share of the variance made alone, in all, by a pair beyond both; mu, mu_star, sigma: mean, \
                 mean size and deviation of the effect of the whole range; prcc: partial rank correlation; elasticity: per cent \
                 for a per cent; slope: output per change of the factor's logarithm by 1",
                rows,
                |row| row.index.to_owned(),
            ),
            text("factor", "what varies", rows, |row| factor(row.factor)),
            text("with", "the other factor of a pair", rows, |row| row.with.map(factor).unwrap_or_default()),
            number("value", "estimate", rows, |row: &Index| row.estimate.value),
            number("low", "lower end of its 95 % interval; local: less its error", rows, |row| {
                row.estimate.low
            }),
            number("high", "upper end of its 95 % interval; local: plus its error", rows, |row| {
                row.estimate.high
            }),
            text("verdict", "empty: distinguishable from zero; else what it is worth", rows, |row| {
                row.verdict.text().to_owned()
            }),
            whole("n", "points, blocks, trajectories or steps used", rows, |row| row.n),
            whole("of", "those of the design", rows, |row| row.of),
        ];
        Table::new("indices", columns)
    }

    fn of_failing(&self, study: &Study) -> Table {
        let rows = &self.failing;
        let columns = vec![
            text("output", "column of the table of points", rows, |row| {
                study.outputs[row.output].name.clone()
            }),
            text("factor", "what varies", rows, |row| study.factors[row.factor].name.clone()),
            whole("failed", "points without a number", rows, |row: &Failing| row.failed),
            whole("of", "points that were looked at", rows, |row| row.of),
            number(
                "distance",
                "largest difference of the distribution functions of failed and other points along the factor, 0 to 1",
                rows,
                |row| row.distance,
            ),
            number(
                "critical",
                "distance that chance exceeds in 5 % of studies, for any factor",
                rows,
                |row| row.critical,
            ),
            number("failed_median", "median of the factor among failed points, in its unit", rows, |row| {
                row.failed_median
            }),
            number("others_median", "median of the factor among the others, in its unit", rows, |row| {
                row.others_median
            }),
            text("verdict", "empty: they lie elsewhere than the others", rows, |row| {
                row.verdict().to_owned()
            }),
            text("unit", "of the medians", rows, |row| unit(study, row.factor)),
        ];
        Table::new("dropped", columns)
    }

    fn of_claims(&self, study: &Study) -> Table {
        let rows = &self.robustness;
        let claim = |row: &Robustness| &study.scenario.claims[row.claim];
        let factor = |row: &Robustness, at: usize| {
            row.deciding
                .get(at)
                .map(|deciding| study.factors[deciding.factor].name.clone())
                .unwrap_or_default()
        };
        let share = |row: &Robustness, at: usize| row.deciding.get(at).map_or(f64::NAN, |one| one.share);
        let columns = vec![
            text("claim", "name in the scenario", rows, |row| claim(row).claim.name.clone()),
            text("say", "what is claimed", rows, |row| claim(row).claim.say.clone()),
            text("tag", "emergent, or assumed: true by what was put in", rows, |row| {
                if claim(row).assumed { "assumed" } else { "emergent" }.to_owned()
            }),
            number(
                "holds",
                "share of points in which it holds; of a Saltelli design of A and B",
                rows,
                |row| row.holds,
            ),
            number("low", "lower end of its 95 % interval as a share of the space", rows, |row| row.low),
            number("high", "upper end of its 95 % interval as a share of the space", rows, |row| row.high),
            whole("n", "points that say whether it holds", rows, |row| row.n),
            whole("of", "those of the design", rows, |row| row.of),
            text("first", "the factor that decides most", rows, |row| factor(row, 0)),
            text("second", "the factor that decides most after it", rows, |row| factor(row, 1)),
            number("first_share", "share of the variance of holding that the first makes", rows, |row| {
                share(row, 0)
            }),
            number("second_share", "share of the variance of holding that the second makes", rows, |row| {
                share(row, 1)
            }),
        ];
        Table::new("robustness", columns)
    }

    fn of_cells(&self, study: &Study) -> Table {
        let rows = &self.boundary;
        let name = |factor: usize| study.factors[factor].name.clone();
        let columns = vec![
            text("claim", "name in the scenario", rows, |row| {
                study.scenario.claims[row.claim].claim.name.clone()
            }),
            text("first", "the factor that decides most", rows, |row| name(row.factors[0])),
            text("second", "the factor that decides most after it", rows, |row| name(row.factors[1])),
            number("first_low", "lower end of the cell, in first_unit", rows, |row| row.ends[0][0]),
            number("first_high", "upper end of the cell, in first_unit", rows, |row| row.ends[0][1]),
            number("second_low", "lower end of the cell, in second_unit", rows, |row| row.ends[1][0]),
            number("second_high", "upper end of the cell, in second_unit", rows, |row| row.ends[1][1]),
            number("holds", "share of the cell's points in which the claim holds", rows, |row| row.holds),
            whole("n", "points of the cell", rows, |row| row.n),
            text("first_unit", "of first_low and first_high", rows, |row| unit(study, row.factors[0])),
            text("second_unit", "of second_low and second_high", rows, |row| unit(study, row.factors[1])),
        ];
        Table::new("boundary", columns)
    }
}

/// Of a factor; nothing for a pure number or a text.
fn unit(study: &Study, factor: usize) -> String {
    let label = study.factors[factor].unit().map(|unit| unit.label().to_owned()).unwrap_or_default();
    if label == "1" { String::new() } else { label }
}

fn text<T>(name: &str, doc: &str, rows: &[T], of: impl Fn(&T) -> String) -> Column {
    let cells = rows.iter().map(of).map(|text| (!text.is_empty()).then_some(text));
    Column::new(name, doc, Data::Text(cells.collect()))
}

fn number<T>(name: &str, doc: &str, rows: &[T], of: impl Fn(&T) -> f64) -> Column {
    Column::new(name, doc, Data::Number(rows.iter().map(of).collect()))
}

fn whole<T>(name: &str, doc: &str, rows: &[T], of: impl Fn(&T) -> u64) -> Column {
    Column::new(name, doc, Data::Whole(rows.iter().map(|row| Some(of(row))).collect()))
}
