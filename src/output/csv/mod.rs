//! Tables as CSV and back.
//! Knows nothing of files.
//!
//! UTF-8, one header row, no comment lines, lines end with `\n` on every system. Numbers have the fewest digits that
//! read back to the same double; infinities are `inf` and `-inf`; -0 is `0`; missing is empty.

mod series;

pub use series::series;

use super::Format;
use crate::table::{Column, Data, Table};
use crate::unit::shortest;

/// Comma-separated values. An empty text and a missing text are both an empty cell.
pub struct Csv;

impl Format for Csv {
    fn extension(&self) -> &'static str {
        "csv"
    }

    fn bytes(&self, table: &Table) -> Vec<u8> {
        let mut writer =
            ::csv::WriterBuilder::new().terminator(::csv::Terminator::Any(b'\n')).from_writer(Vec::new());
        let written = write(&mut writer, table);
        // A vector refuses no bytes, and columns of equal length give rows of equal length.
        written
            .and_then(|()| writer.into_inner().map_err(|e| e.into_error().into()))
            .expect("bytes in memory")
    }
}

fn write(writer: &mut ::csv::Writer<Vec<u8>>, table: &Table) -> ::csv::Result<()> {
    if table.columns.is_empty() {
        return Ok(());
    }
    writer.write_record(table.columns.iter().map(|column| &column.name))?;
    for row in 0..table.rows() {
        for column in &table.columns {
            match &column.data {
                Data::Number(values) if values[row].is_nan() => writer.write_field("")?,
                Data::Number(values) => writer.write_field(shortest(values[row]))?,
                Data::Whole(values) => {
                    writer.write_field(values[row].map_or(String::new(), |n| n.to_string()))?;
                }
                Data::Text(values) => writer.write_field(values[row].as_deref().unwrap_or(""))?,
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Whole,
    Text,
}

/// A table of this name from CSV; `kinds` says what stands under each header. Written again it gives the same bytes.
/// Units and docs are not in a CSV and stay empty. `Err` is a sentence with the line.
pub fn read(text: &str, name: &str, kinds: &dyn Fn(&str) -> Kind) -> Result<Table, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = ::csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let unreadable = |error: ::csv::Error| unreadable(name, &error);
    let headers = reader.headers().map_err(unreadable)?.clone();
    let mut columns: Vec<Column> =
        headers.iter().map(|header| Column::new(header, "", none_yet(kinds(header)))).collect();
    let mut record = ::csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(unreadable)? {
        for (column, cell) in columns.iter_mut().zip(&record) {
            push(&mut column.data, cell).map_err(|expected| {
                let line = record.position().map_or(0, ::csv::Position::line);
                let start: String = cell.chars().take(40).collect();
                format!("{name}, line {line}: `{start}` in column `{}` is not {expected}", column.name)
            })?;
        }
    }
    Ok(Table::new(name, columns))
}

fn none_yet(kind: Kind) -> Data {
    match kind {
        Kind::Number => Data::Number(Vec::new()),
        Kind::Whole => Data::Whole(Vec::new()),
        Kind::Text => Data::Text(Vec::new()),
    }
}

/// `Err` says what the cell should have been.
fn push(data: &mut Data, cell: &str) -> Result<(), &'static str> {
    match data {
        Data::Number(values) if cell.is_empty() => values.push(f64::NAN),
        Data::Number(values) => values.push(cell.parse().map_err(|_| "a number")?),
        Data::Whole(values) if cell.is_empty() => values.push(None),
        Data::Whole(values) => values.push(Some(cell.parse().map_err(|_| "a whole number")?)),
        Data::Text(values) => values.push((!cell.is_empty()).then(|| cell.to_owned())),
    }
    Ok(())
}

fn unreadable(name: &str, error: &::csv::Error) -> String {
    match error.kind() {
        ::csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, ::csv::Position::line);
            format!("{name}, line {line}: a row of {len} cells under {expected_len} headers")
        }
        _ => format!("{name} is not a readable CSV: {error}"),
    }
}
