//! The table of points: a row per point and repeat, and the rows of a unit computed.
//! Knows nothing of files.

use std::sync::atomic::AtomicBool;

use super::point::Threads;
use super::{Row, Study, Value};
use crate::output::{Csv, Format};
use crate::table::{Column, Data, Table};

/// Name of the table.
pub const POINTS: &str = "points";

impl Study {
    /// Computes a unit on the threads of the current pool; `None` where `stop` was set before its end. `done` is told of each row.
    pub fn compute(&self, unit: u64, done: &(dyn Fn(&Row) + Sync), stop: &AtomicBool) -> Option<Vec<Row>> {
        let positions: Vec<u64> = self.rows_of(unit).collect();
        let row = |position: u64, threads: Threads| {
            let row = self.row(position, threads, stop)?;
            done(&row);
            Some(row)
        };
        side_by_side(&positions, &row)
    }

    /// Rows as a table: point, repeat and seed, the factors, the outputs, failed agents, and why a point has no numbers.
    pub fn table(&self, rows: &[Row]) -> Table {
        let whole = |of: &dyn Fn(&Row) -> u64| Data::Whole(rows.iter().map(|row| Some(of(row))).collect());
        let mut columns = vec![
            Column::new("point", "position in the design, counted from 0", whole(&|row| row.point)),
            Column::new("repeat", "counted from 0; each has other luck", whole(&|row| row.repeat)),
            Column::new("seed", "luck of the agents", whole(&|row| row.seed)),
        ];
        columns.extend(self.factors.iter().enumerate().map(|(n, factor)| {
            let data = match factor.unit() {
                Some(_) => Data::Number(rows.iter().map(|row| number(&row.values[n])).collect()),
                None => Data::Text(rows.iter().map(|row| Some(factor.written(&row.values[n]))).collect()),
            };
            let unit = factor.unit().map(|unit| unit.label().to_owned()).unwrap_or_default();
            Column { name: factor.name.clone(), unit, doc: factor.doc.clone(), data }
        }));
        columns.extend(self.outputs.iter().enumerate().map(|(n, output)| Column {
            name: output.name.clone(),
            unit: output.unit.clone(),
            doc: output.doc.clone(),
            data: Data::Number(rows.iter().map(|row| row.numbers[n]).collect()),
        }));
        let reason = |row: &Row| (!row.reason.is_empty()).then(|| row.reason.clone());
        columns.push(Column::new("failed", "agents that failed in any arm", whole(&|row| row.failed)));
        let reasons = Data::Text(rows.iter().map(reason).collect());
        columns.push(Column::new("reason", "why the point has no numbers", reasons));
        Table::new(POINTS, columns)
    }

    /// The header of the table of points as CSV, with its line end.
    pub fn header(&self) -> Vec<u8> {
        Csv.bytes(&self.table(&[]))
    }

    /// Rows as CSV without header: put one after the other, in the order of units, they are the table.
    pub fn body(&self, rows: &[Row]) -> Vec<u8> {
        Csv.bytes(&self.table(rows)).split_off(self.header().len())
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        Value::Text(_) => f64::NAN,
    }
}

/// Many points side by side; few, whose agents would leave threads idle, one after the other.
fn side_by_side(positions: &[u64], row: &(dyn Fn(u64, Threads) -> Option<Row> + Sync)) -> Option<Vec<Row>> {
    if positions.len() < threads() {
        return positions.iter().map(|position| row(*position, Threads::All)).collect();
    }
    each(positions, &|position| row(position, Threads::One))
}

#[cfg(feature = "threads")]
fn threads() -> usize {
    rayon::current_num_threads()
}

#[cfg(not(feature = "threads"))]
fn threads() -> usize {
    1
}

#[cfg(feature = "threads")]
fn each(positions: &[u64], row: &(dyn Fn(u64) -> Option<Row> + Sync)) -> Option<Vec<Row>> {
    use rayon::prelude::*;
    positions.par_iter().with_max_len(1).map(|position| row(*position)).collect()
}

#[cfg(not(feature = "threads"))]
fn each(positions: &[u64], row: &(dyn Fn(u64) -> Option<Row> + Sync)) -> Option<Vec<Row>> {
    positions.iter().map(|position| row(*position)).collect()
}
