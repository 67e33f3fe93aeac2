//! Tables as Parquet, without Arrow.
//! Knows nothing of files.
//!
//! Every column is optional, missing is null. Units and docs stand in the footer as `unit:NAME` and `doc:NAME`, after
//! the caller's own pairs. No time, no place and no random number goes in, so the same table gives the same bytes.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use ::parquet::errors::Result;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::Type;

use super::Format;
use crate::table::{Column, Data, Table};

/// Readers load a row group at once: about a million rows are some megabytes per column.
const ROWS_PER_GROUP: usize = 1 << 20;

/// Snappy-compressed Parquet: numbers as DOUBLE, whole numbers as unsigned INT64, texts as UTF-8.
#[derive(Clone, Debug, Default)]
pub struct Parquet {
    /// Key-value pairs for the footer: label, seed, version, digest.
    pub metadata: Vec<(String, String)>,
}

impl Format for Parquet {
    fn extension(&self) -> &'static str {
        "parquet"
    }

    fn bytes(&self, table: &Table) -> Vec<u8> {
        // A vector refuses no bytes, and the schema is made from the same columns that are written.
        self.written(table).expect("bytes in memory")
    }
}

impl Parquet {
    fn written(&self, table: &Table) -> io::Result<Vec<u8>> {
        let mut growing = Growing::new(Vec::new(), table, self.metadata.clone())?;
        growing.add(table)?;
        growing.finish()
    }
}

/// A table that is written as it grows, a group of rows at a time: no more than a group of them is ever in memory.
pub struct Growing<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    /// Rows that wait for their group to be full.
    waiting: Table,
    rows_per_group: usize,
}

impl<W: Write + Send> Growing<W> {
    /// Begins a file. `like` gives the columns with their units and docs, not the rows; `metadata` stands in the footer.
    pub fn new(into: W, like: &Table, metadata: Vec<(String, String)>) -> io::Result<Growing<W>> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("allostat ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(footer(metadata, like)))
            .build();
        let schema = schema(like).map_err(io::Error::other)?;
        let writer =
            SerializedFileWriter::new(into, schema, Arc::new(properties)).map_err(io::Error::other)?;
        let mut waiting = like.clone();
        waiting.columns.iter_mut().for_each(|column| column.data.clear());
        Ok(Growing { writer, waiting, rows_per_group: ROWS_PER_GROUP })
    }

    /// With smaller groups, of tables with many columns: so many rows are in memory.
    pub fn in_groups_of(mut self, rows: usize) -> Growing<W> {
        self.rows_per_group = rows.clamp(1, ROWS_PER_GROUP);
        self
    }

    /// Adds the rows of a table with the same columns.
    pub fn add(&mut self, table: &Table) -> io::Result<()> {
        for (into, from) in self.waiting.columns.iter_mut().zip(&table.columns) {
            into.data.append(&from.data);
        }
        if self.waiting.rows() >= self.rows_per_group {
            self.write().map_err(io::Error::other)
        } else {
            Ok(())
        }
    }

    /// Ends the file.
    pub fn finish(self) -> io::Result<W> {
        self.finish_with(Vec::new())
    }

    /// Ends the file with what is known only now: it stands in the footer, behind all else.
    pub fn finish_with(mut self, metadata: Vec<(String, String)>) -> io::Result<W> {
        for (key, text) in metadata {
            self.writer.append_key_value_metadata(KeyValue::new(key, text));
        }
        self.write().and_then(|()| self.writer.into_inner()).map_err(io::Error::other)
    }

    /// Writes all rows that wait.
    fn write(&mut self) -> Result<()> {
        for start in (0..self.waiting.rows()).step_by(self.rows_per_group) {
            let rows = start..(start + self.rows_per_group).min(self.waiting.rows());
            let mut group = self.writer.next_row_group()?;
            for column in &self.waiting.columns {
                if let Some(mut into) = group.next_column()? {
                    write(&column.data, rows.clone(), &mut into)?;
                    into.close()?;
                }
            }
            group.close()?;
        }
        self.waiting.columns.iter_mut().for_each(|column| column.data.clear());
        Ok(())
    }
}

fn footer(own: Vec<(String, String)>, table: &Table) -> Vec<KeyValue> {
    let of_column = |column: &Column| {
        let pair = |key: &str, text: &str| (format!("{key}:{}", column.name), text.to_owned());
        [pair("unit", &column.unit), pair("doc", &column.doc)]
    };
    let of_columns = table.columns.iter().flat_map(of_column).filter(|(_, text)| !text.is_empty());
    own.into_iter().chain(of_columns).map(|(key, text)| KeyValue::new(key, text)).collect()
}

fn schema(table: &Table) -> Result<Arc<Type>> {
    let field = |column: &Column| {
        let (physical, logical) = match column.data {
            Data::Number(_) => (Physical::DOUBLE, None),
            Data::Whole(_) => (Physical::INT64, Some(LogicalType::integer(64, false))),
            Data::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        Type::primitive_type_builder(&column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    };
    let fields = table.columns.iter().map(field).collect::<Result<Vec<_>>>()?;
    Type::group_type_builder(&table.name).with_fields(fields).build().map(Arc::new)
}

fn write(data: &Data, rows: Range<usize>, into: &mut SerializedColumnWriter<'_>) -> Result<()> {
    match data {
        Data::Number(values) => {
            let (levels, values) = present(&values[rows], |v| (!v.is_nan()).then_some(v + 0.0));
            into.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
        }
        Data::Whole(values) => {
            // An unsigned column holds the 64 bits as they are.
            let (levels, values) = present(&values[rows], |v| v.map(u64::cast_signed));
            into.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
        }
        Data::Text(values) => {
            let (levels, values) = present(&values[rows], |v| v.as_deref().map(ByteArray::from));
            into.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        }
    }
    Ok(())
}

/// For each cell whether it is there (1) or missing (0), and the values that are there.
fn present<T, U>(cells: &[T], value: impl Fn(&T) -> Option<U>) -> (Vec<i16>, Vec<U>) {
    let cells: Vec<Option<U>> = cells.iter().map(value).collect();
    (cells.iter().map(|cell| i16::from(cell.is_some())).collect(), cells.into_iter().flatten().collect())
}
