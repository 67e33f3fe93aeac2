//! Cells of a table by column and row, whatever kind of column it is; a column that is not there is empty.
//! Knows nothing of what they mean.

use crate::table::{Data, Table};

pub fn text<'t>(table: &'t Table, column: &str, row: usize) -> &'t str {
    table.texts(column).get(row).and_then(|text| text.as_deref()).unwrap_or("")
}

/// NaN for what is missing.
pub fn number(table: &Table, column: &str, row: usize) -> f64 {
    match table.column(column).map(|column| &column.data) {
        Some(Data::Number(values)) => values.get(row).copied().unwrap_or(f64::NAN),
        Some(Data::Whole(values)) => values.get(row).copied().flatten().map_or(f64::NAN, |n| n as f64),
        _ => f64::NAN,
    }
}

/// A count; 0 for what is missing.
pub fn whole(table: &Table, column: &str, row: usize) -> u64 {
    number(table, column, row) as u64
}
