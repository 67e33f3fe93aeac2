//! Text for a terminal: wrapped paragraphs, aligned columns.
//! Knows nothing of what is said.

use crate::report::number::figures;
use crate::table::{Data, Table};

/// Characters of a line of prose.
const WIDTH: usize = 100;

/// A text wrapped at words, its lines indented; blank lines stay. Ends with a line break.
pub fn wrapped(text: &str, indent: usize) -> String {
    let mut out = String::new();
    for paragraph in text.trim().split("\n\n") {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && indent + line.chars().count() + 1 + word.chars().count() > WIDTH {
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

/// Rows with their cells in columns, indented; the last cell of the longest rows is wrapped. Each line ends with a break.
pub fn aligned(rows: &[Vec<String>], indent: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let left = indent + widths.iter().rev().skip(1).map(|width| width + 2).sum::<usize>();
    let mut out = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        let last =
            row.get(columns - 1).filter(|cell| left + cell.chars().count() > WIDTH && left < WIDTH / 2);
        for (cell, width) in row.iter().zip(&widths).take(columns - usize::from(last.is_some())) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.chars().count() + 2));
        }
        match last {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    #[test]
    fn prose_is_wrapped_at_words_and_keeps_its_paragraphs() {
        let text = wrapped(&format!("{}\n\nlast  word", "word ".repeat(30)), 2);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
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
    fn a_table_has_its_columns_under_each_other_and_counts_what_it_leaves_out() {
        let numbers = Column::new("value", "", Data::Number(vec![0.123_456, f64::NAN, 3.0]));
        let texts = Column::new("arm", "", Data::Text(vec![Some("rest".to_owned()), None, None]));
        let text = table(&Table::new("t", vec![texts, numbers]), 2, "t.csv");
        assert_eq!(text, "  arm   value\n  rest  0.1235\n\n  … and 1 more rows in t.csv\n");
    }
}
