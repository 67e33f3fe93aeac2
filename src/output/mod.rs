//! Tables as bytes: CSV, JSON and Parquet, and CSV back into a table.
//! Knows nothing of models, runs or files: a format gives bytes, and others decide where they go.
//!
//! The same table gives the same bytes on every system. Missing stays missing in every format, and is never 0.

pub mod csv;
mod json;
#[cfg(feature = "parquet")]
mod parquet;

pub use csv::Csv;
pub use json::Json;
#[cfg(feature = "parquet")]
pub use parquet::{Growing, Parquet};

use crate::table::Table;

/// A way to write a table.
pub trait Format {
    /// What a file in this format is called after the dot.
    fn extension(&self) -> &'static str;
    fn bytes(&self, table: &Table) -> Vec<u8>;
}

#[cfg(test)]
mod tests;
