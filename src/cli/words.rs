//! Text for a terminal: wrapped paragraphs, aligned columns.
//! Knows nothing of what is said.

use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use crate::report::number::figures;
use crate::table::{Column, Data, Table};

/// Characters of a line of prose: those of the terminal, where it is one, within what can be read.
fn line_width() -> usize {
    static WIDTH: OnceLock<usize> = OnceLock::new();
    *WIDTH.get_or_init(|| {
        let size = terminal_size::terminal_size_of(io::stdout()).filter(|_| io::stdout().is_terminal());
        size.map_or(100, |(width, _)| usize::from(width.0).clamp(60, 100))
    })
}

/// A text wrapped at words, its lines indented; blank lines stay. Ends with a line break.
pub fn wrapped(text: &str, indent: usize) -> String {
    let width = line_width();
    let mut out = String::new();
    for paragraph in text.trim().split("\n\n") {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && indent + line.chars().count() + 1 + word.chars().count() > width {
                out.push_str(&format!("{:indent$}{line}\n", ""));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        out.push_str(&format!("{:indent$}{line}\n", ""));
    }
    out
}

/// A last cell of no more characters stays in its line, whatever that line's length: numbers.
const SHORT: usize = 16;

/// Rows with their cells in columns, indented. A last cell that is too long is wrapped under itself, or stands on lines of its own
/// where the columns before it leave less than half of the width. Each line ends with a break.
pub fn aligned(rows: &[Vec<String>], indent: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let left = indent + widths.iter().rev().skip(1).map(|width| width + 2).sum::<usize>();
    let room = line_width();
    let mut out = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        let long = |cell: &&String| cell.chars().count() > SHORT && left + cell.chars().count() > room;
        let last = row.get(columns - 1).filter(|cell| columns > 1 && long(cell));
        for (cell, width) in row.iter().zip(&widths).take(columns - usize::from(last.is_some())) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.chars().count() + 2));
        }
        match last {
            Some(cell) if left >= room / 2 => {
                out.push_str(&format!("{}\n{}", line.trim_end(), wrapped(cell, indent + 4)));
            }
            Some(cell) => out.push_str(&hanging(&line, cell)),
            None => out.push_str(&format!("{}\n", line.trim_end())),
        }
    }
    out
}

/// A text wrapped behind a head, its further lines indented by the head's width.
pub fn hanging(head: &str, text: &str) -> String {
    let body = wrapped(text, head.chars().count());
    format!("{head}{}", body.trim_start())
}

/// A table with its headers, numbers with four figures; after `most` rows it says in which file the others are.
pub fn table(table: &Table, most: usize, file: &str) -> String {
    if table.rows() == 0 {
        return String::new();
    }
    let shown = table.rows().min(most);
    let mut rows: Vec<Vec<String>> = vec![table.columns.iter().map(|column| column.name.clone()).collect()];
    for row in 0..shown {
        let cell = |data: &Data| match data {
            Data::Number(values) if values[row].is_nan() => String::new(),
            Data::Number(values) => figures(values[row]),
            Data::Whole(values) => values[row].map_or(String::new(), |n| n.to_string()),
            Data::Text(values) => values[row].clone().unwrap_or_default(),
        };
        rows.push(table.columns.iter().map(|column| cell(&column.data)).collect());
    }
    let mut out = aligned(&rows, 2);
    if table.rows() > shown {
        out.push_str(&format!("  … and {} more rows in {file}\n", table.rows() - shown));
    }
    out
}

/// Below this many per cent a difference is said to be none.
const MOVED: f64 = 0.1;

/// A table of differences as a reader wants it: what moved, without the columns that say the same in every row; and how many rows
/// did not move.
pub fn moved(table: &Table) -> (Table, usize) {
    let percent = table.numbers("change_percent");
    let change = table.numbers("change");
    let still =
        |row: usize| change.get(row) == Some(&0.0) || percent.get(row).is_some_and(|p| p.abs() < MOVED);
    let rows: Vec<usize> = (0..table.rows()).filter(|row| !still(*row)).collect();
    let usual = [("group", "all"), ("stat", "p50"), ("unit", "1")];
    let columns = table.columns.iter().filter_map(|column| {
        let data = match &column.data {
            Data::Number(values) => Data::Number(rows.iter().map(|row| values[*row]).collect()),
            Data::Whole(values) => Data::Whole(rows.iter().map(|row| values[*row]).collect()),
            Data::Text(values) => {
                let usual = usual.iter().find(|(name, _)| *name == column.name).map(|(_, usual)| *usual);
                if usual.is_some() && values.iter().all(|value| value.as_deref() == usual) {
                    return None;
                }
                let plain =
                    |row: &usize| values[*row].clone().filter(|text| text != "1" || column.name != "unit");
                Data::Text(rows.iter().map(plain).collect())
            }
        };
        let name = if column.name == "change_percent" { "change %" } else { &column.name };
        Some(Column::new(name, &column.unit, data))
    });
    (Table::new(&table.name, columns.collect()), table.rows() - rows.len())
}

/// How many rows a table of differences leaves out.
pub fn unmoved(rows: usize) -> String {
    match rows {
        0 => String::new(),
        1 => format!("  one more row differs by less than {MOVED} %\n"),
        rows => format!("  {rows} more rows differ by less than {MOVED} %\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_wrapped_at_words_and_keeps_its_paragraphs() {
        let text = wrapped(&format!("{}\n\nlast  word", "word ".repeat(30)), 2);
        assert!(text.lines().all(|line| line.chars().count() <= line_width()));
        assert!(text.starts_with("  word word") && text.ends_with("\n\n  last word\n"), "{text}");
    }

    #[test]
    fn a_long_last_cell_is_wrapped_under_itself() {
        let rows = [vec!["K".to_owned(), "word ".repeat(30)], vec!["kdeg".to_owned(), "short".to_owned()]];
        let text = aligned(&rows, 2);
        let starts: Vec<&str> = text.lines().map(|line| &line[..10]).collect();
        assert_eq!(starts, ["  K     wo", "        wo", "  kdeg  sh"]);
        assert_eq!(aligned(&[], 2), "");
    }

    #[test]
    fn differences_are_told_where_something_moved() {
        let texts = |values: [&str; 2]| Data::Text(values.map(|v| Some(v.to_owned())).to_vec());
        let differences = Table::new(
            "differences",
            vec![
                Column::new("what", "", texts(["fall", "ec50"])),
                Column::new("group", "", texts(["all", "all"])),
                Column::new("change", "", Data::Number(vec![-11.4, 1e-7])),
                Column::new("change_percent", "", Data::Number(vec![15.7, 1e-6])),
            ],
        );
        let (told, still) = moved(&differences);
        assert_eq!(
            (table(&told, 9, ""), still),
            ("  what  change  change %\n  fall  -11.4   15.7\n".to_owned(), 1)
        );
    }

    #[test]
    fn a_table_has_its_columns_under_each_other_and_counts_what_it_leaves_out() {
        let numbers = Column::new("value", "", Data::Number(vec![0.123_456, f64::NAN, 3.0]));
        let texts = Column::new("arm", "", Data::Text(vec![Some("rest".to_owned()), None, None]));
        let text = table(&Table::new("t", vec![texts, numbers]), 2, "t.csv");
        assert_eq!(text, "  arm   value\n  rest  0.1235\n\n  … and 1 more rows in t.csv\n");
    }
}
