//! Three tables through every format, and users' CSVs.

use super::csv::{Kind, read, series};
use super::*;
use crate::diagnostic::{Source, render};
use crate::table::{Column, Data};
use proptest::prelude::*;

fn empty() -> Table {
    Table::new(
        "empty",
        vec![
            Column::new("time", "", Data::Number(vec![])),
            Column::new("n", "", Data::Whole(vec![])),
            Column::new("arm", "", Data::Text(vec![])),
        ],
    )
}

fn missing() -> Table {
    let numbers =
        vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 1e300, 0.1, f64::from_bits(1), -1.5e-7];
    let whole = vec![None, Some(0), Some(u64::MAX), Some(1), None, Some(7), Some(1000), Some(2)];
    let mut value = Column::new("value", "what was measured", Data::Number(numbers));
    value.unit = "1/(nM*min)".to_owned();
    let rows = whole.len();
    let texts = (0..rows).map(|row| (row % 2 == 0).then(|| format!("row {row}"))).collect();
    let columns =
        vec![value, Column::new("n", "", Data::Whole(whole)), Column::new("arm", "", Data::Text(texts))];
    Table::new("missing", columns)
}

fn strange() -> Table {
    let texts =
        ["µM, \"quoted\"", "two\nlines", "cr\rlf\r\n", " spaces ", "受容体", "# no comment", "=1+1", "'"];
    let texts: Vec<_> = texts.iter().map(|text| Some((*text).to_owned())).collect();
    let columns = vec![
        Column::new("off.mood / rest.R, \"µ\"", "näme", Data::Text(texts.clone())),
        Column::new("one", "", Data::Number((0..texts.len()).map(|k| k as f64 / 3.0).collect())),
    ];
    Table::new("strange", columns)
}

fn kind_in(table: &Table) -> impl Fn(&str) -> Kind {
    move |header| match table.column(header).map(|column| &column.data) {
        Some(Data::Number(_)) => Kind::Number,
        Some(Data::Whole(_)) => Kind::Whole,
        _ => Kind::Text,
    }
}

fn csv_text(table: &Table) -> String {
    String::from_utf8(Csv.bytes(table)).unwrap()
}

#[test]
fn csv_has_short_numbers_and_empty_cells_for_missing() {
    assert_eq!(csv_text(&empty()), "time,n,arm\n");
    assert_eq!(csv_text(&Table::default()), "");
    insta::assert_snapshot!(csv_text(&missing()), @r#"
    value,n,arm
    ,,row 0
    inf,0,
    -inf,18446744073709551615,row 2
    0,1,
    1e300,,row 4
    0.1,7,
    5e-324,1000,row 6
    -1.5e-7,2,
    "#);
}

#[test]
fn csv_read_back_gives_the_same_bytes() {
    for table in [empty(), missing(), strange(), Table::default()] {
        let text = csv_text(&table);
        let back = read(&text, &table.name, &kind_in(&table)).unwrap();
        assert_eq!(csv_text(&back), text);
        assert_eq!(back.rows(), table.rows());
    }
    let back = read(&csv_text(&strange()), "strange", &kind_in(&strange())).unwrap();
    assert_eq!(back.columns[0].data, strange().columns[0].data);
    assert_eq!(back.columns[1].data, strange().columns[1].data);
}

#[test]
fn a_column_alone_keeps_its_missing_rows() {
    let table = Table::new("alone", vec![Column::new("x", "", Data::Number(vec![1.0, f64::NAN, 2.0]))]);
    let back = read(&csv_text(&table), "alone", &|_| Kind::Number).unwrap();
    assert_eq!(back.rows(), 3);
    assert!(back.numbers("x")[1].is_nan());
}

#[test]
fn a_csv_that_is_no_table_is_refused_with_its_line() {
    let refusal = |text: &str, kind| read(text, "t", &|_| kind).unwrap_err();
    let lines = [
        refusal("a,b\n1,2\n1,x\n", Kind::Number),
        refusal("a\n-1\n", Kind::Whole),
        refusal("a,b\n1,2,3\n", Kind::Text),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    t, line 3: `x` in column `b` is not a number
    t, line 2: `-1` in column `a` is not a whole number
    t, line 2: a row of 3 cells under 2 headers
    "#);
}

#[test]
fn json_has_null_for_missing_and_text_for_infinities() {
    let value = |table: &Table| -> serde_json::Value { serde_json::from_slice(&Json.bytes(table)).unwrap() };
    let column = &value(&missing())["columns"][0];
    assert_eq!(column["unit"], "1/(nM*min)");
    let expected = serde_json::json!([null, "inf", "-inf", 0.0, 1e300, 0.1, 5e-324, -1.5e-7]);
    assert_eq!(column["values"], expected);
    assert_eq!(value(&missing())["columns"][1]["values"][2], u64::MAX);
    assert_eq!(value(&strange())["columns"][0]["values"][1], "two\nlines");
    assert_eq!(value(&empty())["columns"][2]["values"], serde_json::json!([]));
    assert!(!String::from_utf8(Json.bytes(&missing())).unwrap().contains("-0.0"));
}

#[cfg(feature = "parquet")]
mod parquet {
    use super::*;
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::Field;
    use ::parquet::schema::types::Type;
    use std::io::Write;
    use std::sync::Arc;

    fn reader(bytes: &[u8]) -> SerializedFileReader<std::fs::File> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        SerializedFileReader::new(file).unwrap()
    }

    fn none_yet(data: &Data) -> Data {
        match data {
            Data::Number(_) => Data::Number(vec![]),
            Data::Whole(_) => Data::Whole(vec![]),
            Data::Text(_) => Data::Text(vec![]),
        }
    }

    fn read_back(bytes: &[u8], table: &Table) -> Table {
        let reader = reader(bytes);
        let fields = reader.metadata().file_metadata().schema().get_fields().to_vec();
        let mut columns: Vec<Data> = table.columns.iter().map(|c| none_yet(&c.data)).collect();
        for row in reader.get_row_iter(None).unwrap() {
            for ((_, field), column) in row.unwrap().get_column_iter().zip(&mut columns) {
                match (column, field) {
                    (Data::Number(v), Field::Double(x)) => v.push(*x),
                    (Data::Number(v), Field::Null) => v.push(f64::NAN),
                    (Data::Whole(v), Field::ULong(x)) => v.push(Some(*x)),
                    (Data::Whole(v), Field::Null) => v.push(None),
                    (Data::Text(v), Field::Str(x)) => v.push(Some(x.clone())),
                    (Data::Text(v), Field::Null) => v.push(None),
                    (column, field) => panic!("{field:?} in {column:?}"),
                }
            }
        }
        let named = |(field, data): (&Arc<Type>, Data)| Column::new(field.name(), "", data);
        Table::new(&table.name, fields.iter().zip(columns).map(named).collect())
    }

    #[test]
    fn parquet_read_back_is_the_table() {
        for table in [empty(), missing(), strange(), Table::new("none", vec![])] {
            let bytes = Parquet::default().bytes(&table);
            let back = read_back(&bytes, &table);
            assert_eq!(csv_text(&back), csv_text(&table));
            assert_eq!(Parquet::default().bytes(&table), bytes);
        }
    }

    #[test]
    fn missing_is_null_in_parquet_and_zero_is_not() {
        let back = read_back(&Parquet::default().bytes(&missing()), &missing());
        assert_eq!(back.columns[1].data, missing().columns[1].data);
        assert_eq!(back.columns[2].data, missing().columns[2].data);
    }

    #[test]
    fn the_footer_holds_units_docs_and_the_pairs_of_the_caller() {
        let format = Parquet { metadata: vec![("seed".to_owned(), "7".to_owned())] };
        let reader = reader(&format.bytes(&missing()));
        let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap().iter();
        let lines: Vec<String> =
            pairs.map(|pair| format!("{} = {}", pair.key, pair.value.as_deref().unwrap_or(""))).collect();
        assert_eq!(lines, ["seed = 7", "unit:value = 1/(nM*min)", "doc:value = what was measured"]);
    }
}

fn read_series(text: &str) -> Result<Vec<(String, Vec<f64>)>, String> {
    series(&Source::new("levels.csv", text)).map_err(|findings| render(&findings, false))
}

#[test]
fn a_series_is_headers_and_numbers() {
    let expected = vec![("time".to_owned(), vec![0.0, 1.5]), ("level".to_owned(), vec![1e-3, -2.0])];
    for text in [
        "time,level\n0,1e-3\n1.5,-2\n",
        "\u{feff}time, level\r\n0, 0.001\r\n\r\n1.5,-2",
        "\"time\",level\n0,\"1e-3\"\n 1.5 ,-2\n\n",
    ] {
        assert_eq!(read_series(text).unwrap(), expected, "{text:?}");
    }
}

#[test]
fn all_that_is_wrong_in_a_series_is_found_at_its_place() {
    let text = "time,level\r\n0,high\r\n1,\r\n2\r\n3,1,5\r\n4,nan\r\n\"a\nb\",1e999\r\n";
    insta::assert_snapshot!(read_series(text).unwrap_err(), @r#"
    error: `high` in column `level` is not a number
     --> levels.csv:2:3
      |
    2 | 0,high␍
      |   ^^^^
      |
    help: write a number such as `0.5` or `1e-3`, without a unit

    error: a value in column `level` is missing
     --> levels.csv:3:3
      |
    3 | 1,␍
      |   ^
      |
    help: write a number, or take out the row

    error: a row of 1 cell stands under 2 headers
     --> levels.csv:4:1
      |
    4 | 2␍
      | ^
      |
    help: each row has one cell per header; write decimals with a point, not a comma

    error: a row of 3 cells stands under 2 headers
     --> levels.csv:5:1
      |
    5 | 3,1,5␍
      | ^^^^^
      |
    help: each row has one cell per header; write decimals with a point, not a comma

    error: `nan` in column `level` is not a finite number
     --> levels.csv:6:3
      |
    6 | 4,nan␍
      |   ^^^

    error: `a b` in column `time` is not a number
     --> levels.csv:7:1
      |
    7 | "a
      | ^^
      |
    help: write a number such as `0.5` or `1e-3`, without a unit

    error: `1e999` in column `level` is not a finite number
     --> levels.csv:8:4
      |
    8 | b",1e999␍
      |    ^^^^^
    "#);
}

#[test]
fn a_series_without_headers_or_rows_says_so() {
    let texts = ["", "\n\n", "0,1\n1,2\n", "time,level\n", "time;level\n0;1,5\n", "t,t,\n1,2,3\n"];
    let refusals: Vec<String> = texts.iter().map(|text| read_series(text).unwrap_err()).collect();
    insta::assert_snapshot!(refusals.join("\n\n"), @r#"
    error: `levels.csv` is empty
     |
    help: write a row of headers, then rows of numbers, separated by commas

    error: `levels.csv` is empty
     |
    help: write a row of headers, then rows of numbers, separated by commas

    error: the first row holds numbers, not headers
     --> levels.csv:1:1
      |
    1 | 0,1
      | ^
      |
    help: write a header above each column, such as `time,level`

    error: a header is followed by no rows
     --> levels.csv:1:1
      |
    1 | time,level
      | ^^^^^^^^^^
      |
    help: write a row of numbers below the header

    error: columns are separated by a semicolon
     --> levels.csv:1:1
      |
    1 | time;level
      | ^^^^^^^^^^
      |
    help: separate columns by commas and write decimals with a point: `0,1.5`

    error: two columns are named `t`
     --> levels.csv:1:3
      |
    1 | t,t,
      |   ^
      |
    help: give each column its own name

    error: column 3 has no header
     --> levels.csv:1:5
      |
    1 | t,t,
      |     ^
      |
    help: name the column, or take out the comma
    "#);
}

#[test]
fn twenty_findings_are_listed_and_the_rest_is_counted() {
    let text = format!("t\n{}", "x\n".repeat(1_000_000));
    let findings = series(&Source::new("levels.csv", text)).unwrap_err();
    assert_eq!(findings.len(), 21);
    assert_eq!(findings[20].what, "999980 more places in this file are wrong");
    assert_eq!(findings[19].at.as_ref().unwrap().line(), 21);
}

proptest! {
    #[test]
    fn any_table_survives_csv(cells in proptest::collection::vec((any::<f64>(), any::<Option<u64>>(), ".{0,8}"), 0..20)) {
        let table = Table::new("any", vec![
            Column::new("a", "", Data::Number(cells.iter().map(|c| c.0).collect())),
            Column::new("b", "", Data::Whole(cells.iter().map(|c| c.1).collect())),
            Column::new("c", "", Data::Text(cells.iter().map(|c| Some(c.2.clone())).collect())),
        ]);
        let text = csv_text(&table);
        let back = read(&text, "any", &kind_in(&table)).unwrap();
        prop_assert_eq!(&csv_text(&back), &text);
        for (a, b) in back.numbers("a").iter().zip(table.numbers("a")) {
            prop_assert!(a.is_nan() && b.is_nan() || a == b);
        }
    }

    #[test]
    fn any_text_is_a_series_or_refused(text in "[0-9a,;\"\n\r .\u{b5}-]{0,60}") {
        let source = Source::new("any.csv", text.clone());
        match series(&source) {
            Ok(columns) => prop_assert!(columns.iter().all(|(_, v)| v.len() == columns[0].1.len() && !v.is_empty())),
            Err(findings) => {
                prop_assert!(!findings.is_empty());
                let _ = render(&findings, false);
            }
        }
    }
}
