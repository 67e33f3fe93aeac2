//! A user's CSV of numbers, read strictly: a header row, then rows of finite numbers, none missing.
//! Knows nothing of what the numbers are for.

use std::ops::Range;

use crate::diagnostic::{Finding, Source};

/// At most this many findings are listed; the others are counted in one more.
const LISTED: usize = 20;

/// The columns of a CSV of numbers: header and values, from top to bottom. Spaces around a cell do not count, empty
/// lines are skipped. `Err` lists all that is wrong: text in place of a number, a missing value, uneven rows, a header
/// that is missing, empty or repeated, no rows.
pub fn series(source: &Source) -> Result<Vec<(String, Vec<f64>)>, Vec<Finding>> {
    let mut reading = Reading { source, columns: Vec::new(), findings: Vec::new(), unlisted: 0 };
    reading.read();
    let Reading { columns, mut findings, unlisted, .. } = reading;
    match unlisted {
        0 if findings.is_empty() => return Ok(columns),
        0 => {}
        1 => findings.push(Finding::error("1 more place in this file is wrong")),
        n => findings.push(Finding::error(format!("{n} more places in this file are wrong"))),
    }
    Err(findings)
}

struct Reading<'a> {
    source: &'a Source,
    columns: Vec<(String, Vec<f64>)>,
    findings: Vec<Finding>,
    unlisted: usize,
}

impl Reading<'_> {
    fn read(&mut self) {
        // A byte order mark is no part of the first header, but counts in the places of findings.
        let text = self.source.text();
        let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(&text.as_bytes()[mark..]);
        let mut record = ::csv::StringRecord::new();
        let mut rows = 0_usize;
        // Reading text in memory cannot fail: it is UTF-8 and rows may differ in length.
        while reader.read_record(&mut record).unwrap_or(false) {
            let start = mark + record.position().map_or(0, |at| at.byte() as usize);
            if self.columns.is_empty() {
                if !self.header(&record, start) {
                    return;
                }
            } else {
                rows += 1;
                self.row(&record, start);
            }
        }
        if self.columns.is_empty() {
            let finding = Finding::error(format!("`{}` is empty", self.source.name()));
            self.push(finding.help("write a row of headers, then rows of numbers, separated by commas"));
        } else if rows == 0 {
            let at = self.source.span(mark..text.len());
            let finding = Finding::error("a header is followed by no rows").at(&at);
            self.push(finding.help("write a row of numbers below the header"));
        }
    }

    /// Takes the names of columns; false where rows below cannot be understood.
    fn header(&mut self, record: &::csv::StringRecord, start: usize) -> bool {
        let at = |field| self.source.span(field_bytes(self.source.text(), start, field));
        let separator = |c: &char| record.len() == 1 && matches!(c, ';' | '\t');
        if let Some(found) = record[0].chars().find(separator) {
            let found = if found == ';' { "a semicolon" } else { "a tab" };
            let finding = Finding::error(format!("columns are separated by {found}")).at(&at(0));
            self.push(finding.help("separate columns by commas and write decimals with a point: `0,1.5`"));
            return false;
        }
        if record.iter().all(|cell| number(cell).is_some()) {
            let finding = Finding::error("the first row holds numbers, not headers").at(&at(0));
            self.push(finding.help("write a header above each column, such as `time,level`"));
            return false;
        }
        let mut found = Vec::new();
        for (field, cell) in record.iter().enumerate() {
            let name = cell.trim();
            if name.is_empty() {
                let finding = Finding::error(format!("column {} has no header", field + 1)).at(&at(field));
                found.push(finding.help("name the column, or take out the comma"));
            } else if self.columns.iter().any(|(known, _)| known == name) {
                let finding = Finding::error(format!("two columns are named `{}`", shown(name)));
                found.push(finding.at(&at(field)).help("give each column its own name"));
            }
            self.columns.push((name.to_owned(), Vec::new()));
        }
        found.into_iter().for_each(|finding| self.push(finding));
        true
    }

    fn row(&mut self, record: &::csv::StringRecord, start: usize) {
        if record.len() != self.columns.len() {
            return self.uneven(record.len(), start);
        }
        for (field, cell) in record.iter().enumerate() {
            match number(cell) {
                Some(value) => self.columns[field].1.push(value),
                None => self.refused(field, cell, start),
            }
        }
    }

    fn uneven(&mut self, cells: usize, start: usize) {
        self.say(|reading| {
            let text = reading.source.text();
            let first = field_bytes(text, start, 0).start;
            let last = field_bytes(text, start, cells - 1).end;
            let counted = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
            let (cells, headers) = (counted(cells, "cell"), counted(reading.columns.len(), "header"));
            Finding::error(format!("a row of {cells} stands under {headers}"))
                .at(&reading.source.span(first..last))
                .help("each row has one cell per header; write decimals with a point, not a comma")
        });
    }

    fn refused(&mut self, field: usize, cell: &str, start: usize) {
        self.say(|reading| {
            let name = shown(&reading.columns[field].0);
            let at = reading.source.span(field_bytes(reading.source.text(), start, field));
            let cell = cell.trim();
            if cell.is_empty() {
                Finding::error(format!("a value in column `{name}` is missing"))
                    .at(&at)
                    .help("write a number, or take out the row")
            } else if cell.parse::<f64>().is_ok() {
                Finding::error(format!("`{}` in column `{name}` is not a finite number", shown(cell))).at(&at)
            } else {
                Finding::error(format!("`{}` in column `{name}` is not a number", shown(cell)))
                    .at(&at)
                    .help("write a number such as `0.5` or `1e-3`, without a unit")
            }
        });
    }

    fn push(&mut self, finding: Finding) {
        self.say(|_| finding);
    }

    /// Makes the finding only where it is listed: finding its place takes a walk through the row.
    fn say(&mut self, finding: impl FnOnce(&Self) -> Finding) {
        if self.findings.len() < LISTED {
            let finding = finding(self);
            self.findings.push(finding);
        } else {
            self.unlisted += 1;
        }
    }
}

fn number(cell: &str) -> Option<f64> {
    cell.trim().parse().ok().filter(|value: &f64| value.is_finite())
}

/// A cell on one line, cut where it is long.
fn shown(cell: &str) -> String {
    const LONGEST: usize = 40;
    let line = cell.chars().map(|c| if c.is_control() { ' ' } else { c });
    if cell.chars().nth(LONGEST).is_some() {
        line.take(LONGEST).chain(['…']).collect()
    } else {
        line.collect()
    }
}

/// Bytes of a field of the record that starts at or after `start`, quotes included.
fn field_bytes(text: &str, start: usize, field: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
        at += 1;
    }
    let (mut begin, mut nth, mut quoted) = (at, 0, false);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted && nth == field => break,
            b',' if !quoted => (nth, begin) = (nth + 1, at + 1),
            b'\n' | b'\r' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    begin..at
}
