//! Tables as JSON: `{name, columns: [{name, unit, doc, values}]}`.
//! Knows nothing of files.

use serde_json::{Value, json};

use super::Format;
use crate::table::{Column, Data, Table};

/// JSON by columns. Missing is `null`; infinities, which JSON has no number for, are the texts `"inf"` and `"-inf"`.
pub struct Json;

impl Format for Json {
    fn extension(&self) -> &'static str {
        "json"
    }

    fn bytes(&self, table: &Table) -> Vec<u8> {
        let columns: Vec<Value> = table.columns.iter().map(column).collect();
        let mut text = json!({ "name": table.name, "columns": columns }).to_string();
        text.push('\n');
        text.into_bytes()
    }
}

fn column(column: &Column) -> Value {
    let values: Vec<Value> = match &column.data {
        Data::Number(values) => values.iter().copied().map(number).collect(),
        Data::Whole(values) => values.iter().map(|v| json!(v)).collect(),
        Data::Text(values) => values.iter().map(|v| json!(v)).collect(),
    };
    json!({ "name": column.name, "unit": column.unit, "doc": column.doc, "values": values })
}

fn number(value: f64) -> Value {
    match value {
        v if v.is_nan() => Value::Null,
        // Adding 0 turns -0 into 0.
        v if v.is_finite() => json!(v + 0.0),
        v => json!(crate::unit::shortest(v)),
    }
}
