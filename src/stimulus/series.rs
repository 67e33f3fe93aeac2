//! A series of values from a CSV file, as steps or joined by lines.
//! Knows nothing of files: their text is handed in.

use std::sync::Arc;

use super::fields::{Fields, Reader};
use super::piece::Piece;
use super::{Interval, LONGEST, Micros, Schedule};
use crate::diagnostic::{Finding, Source, Span};
use crate::document::{Key, Kind, Need, Shape};
use crate::unit::Unit;

pub(super) static SHAPE: Shape = Shape {
    name: "series",
    doc: "values over time from a CSV file with a header; the first value holds before the first time, the last after the last",
    keys: &[
        Key { name: "file", kind: Kind::Text, need: Need::Required, doc: "path relative to the scenario" },
        Key {
            name: "time",
            kind: Kind::Text,
            need: Need::Default("h"),
            doc: "unit of the first column, which is the time after the start of the phase",
        },
        Key {
            name: "column",
            kind: Kind::Text,
            need: Need::Default("the second"),
            doc: "header of the column with the values",
        },
        Key { name: "unit", kind: Kind::Text, need: Need::Default("the input's"), doc: "unit of the values" },
        Key {
            name: "as",
            kind: Kind::OneOf(&["steps", "lines"]),
            need: Need::Default("steps"),
            doc: "`steps`: a value holds until the next time; `lines`: straight between times",
        },
        Key {
            name: "repeat_every",
            kind: Kind::Value,
            need: Need::Default("no repetition"),
            doc: "the series begins again after this time",
        },
    ],
};

#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Times after the start of the phase, increasing, and values in the input's unit. Never empty.
    points: Arc<[(Micros, f64)]>,
    lines: bool,
    pub(super) repeat: Option<Micros>,
    tick: f64,
}

pub(super) fn read(fields: &Fields, reader: &mut Reader) -> Option<Schedule> {
    let repeat = reader.span(fields, "repeat_every")?;
    let tick = reader.tick()?;
    let (file, at) = fields.get("file")?.text()?;
    let source = match (reader.reading.file)(file) {
        Ok(source) => source,
        Err(why) => {
            reader.findings.push(Finding::error(why).at(&at));
            return None;
        }
    };
    let time = unit(fields, reader, "time", "h")?;
    let own = unit(fields, reader, "unit", reader.reading.unit.label())?;
    let column = reader.word(fields, "column");
    let points = table(&source, column, &time, &own, reader.reading.unit);
    let points = match points {
        Ok(points) => points,
        Err(wrong) => {
            let told = |finding: Finding| finding.because(format!("read for {}", reader.input()), Some(&at));
            reader.findings.append(wrong.into_iter().map(told).collect::<Vec<_>>());
            return None;
        }
    };
    let repeat = match repeat {
        None => None,
        Some(repeat) => match repeat.fixed() {
            Some(micros) => Some(micros),
            None => {
                let given = fields.get("repeat_every")?;
                return reader.refuse(
                    given,
                    "`repeat_every` is the same for all agents".to_owned(),
                    "write a time such as \"24 h\"",
                );
            }
        },
    };
    let lines = reader.word(fields, "as") == Some("lines");
    Some(Schedule::Series(Series { points: points.into(), lines, repeat, tick }))
}

fn unit(fields: &Fields, reader: &mut Reader, key: &str, default: &str) -> Option<Unit> {
    let text = reader.word(fields, key).unwrap_or(default);
    let parsed = Unit::parse(text).and_then(|unit| {
        let wanted =
            if key == "time" { reader.reading.time.dimension() } else { reader.reading.unit.dimension() };
        if unit.dimension() == wanted {
            Ok(unit)
        } else {
            Err(format!("`{text}` is {}, expected {}", unit.dimension().words(), wanted.words()))
        }
    });
    match parsed {
        Ok(unit) => Some(unit),
        Err(sentence) => {
            let at = fields.get(key).map_or(fields.at.clone(), |given| given.at());
            reader.findings.push(Finding::error(sentence).at(&at));
            None
        }
    }
}

/// A longer line is no row of a table, and cells are looked for along the line.
const LONGEST_ROW: usize = 10_000;
/// Rows told about at once.
const TOLD: usize = 10;

/// Times and values; else what is wrong with the first rows that are.
fn table(
    source: &Source,
    column: Option<&str>,
    time: &Unit,
    own: &Unit,
    to: &Unit,
) -> Result<Vec<(Micros, f64)>, Vec<Finding>> {
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        if line.len() > LONGEST_ROW {
            let what =
                format!("this line has {} bytes, a row of a table has at most {LONGEST_ROW}", line.len());
            return Err(vec![Finding::error(what).at(&source.span(start..start + 1))]);
        }
        start += line.len();
    }
    let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source.text().as_bytes());
    let position = header(source, &mut rows, column).map_err(|finding| vec![finding])?;
    let (mut points, mut wrong): (Vec<(Micros, f64)>, Vec<Finding>) = (Vec::new(), Vec::new());
    for row in rows.records() {
        if wrong.len() >= TOLD {
            break;
        }
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                wrong.push(broken(source, error));
                continue;
            }
        };
        match self::row(source, &row, position, points.last().map(|last| last.0), time) {
            Err(finding) => wrong.push(finding),
            Ok((micros, value, at)) => match own.convert(value, to).filter(|v| v.is_finite()) {
                Some(value) => points.push((micros, value)),
                None => wrong.push(Finding::error("this value is too large").at(&at)),
            },
        }
    }
    match (wrong.is_empty(), points.is_empty()) {
        (false, _) => Err(wrong),
        (true, true) => Err(vec![Finding::error("this table has no rows").at(&first_line(source))]),
        (true, false) => Ok(points),
    }
}

fn broken(source: &Source, error: csv::Error) -> Finding {
    let place = error.position().map_or(0, |p| p.byte() as usize);
    Finding::error("this is no CSV table")
        .at(&source.span(place..place + 1))
        .because(error.to_string(), None)
        .help("write numbers with a decimal point and commas between columns")
}

fn first_line(source: &Source) -> Span {
    source.span(0..source.text().lines().next().map_or(0, str::len))
}

/// Position of the column of values.
fn header(source: &Source, rows: &mut csv::Reader<&[u8]>, column: Option<&str>) -> Result<usize, Finding> {
    let head = rows.headers().map_err(|error| broken(source, error))?.clone();
    let first = first_line(source);
    if head.len() >= 2 && head.iter().take(2).all(|cell| cell.parse::<f64>().is_ok()) {
        let finding = Finding::error("the first line has numbers, expected the names of the columns");
        return Err(finding.at(&first).help("write a line such as `time,level` above"));
    }
    match column {
        Some(name) => head.iter().position(|h| h == name).ok_or_else(|| {
            Finding::error(format!("there is no column `{name}`")).at(&first).nearest(name, head.iter())
        }),
        None if head.len() >= 2 => Ok(1),
        None => {
            let finding = Finding::error("a series needs a column of times and one of values").at(&first);
            let other =
                [(';', "semicolons"), ('\t', "tabs")].into_iter().find(|(c, _)| first.text().contains(*c));
            Err(match other {
                Some((_, name)) => finding
                    .label(format!("{name} between columns"))
                    .help("save it with commas between columns and a decimal point in numbers"),
                None => finding.help("write a line such as `time,level`, and a row for each time below"),
            })
        }
    }
}

/// Time, value and the value's place in one row; the time is later than `last`.
fn row(
    source: &Source,
    row: &csv::StringRecord,
    position: usize,
    last: Option<Micros>,
    time: &Unit,
) -> Result<(Micros, f64, Span), Finding> {
    let (when, when_at) = cell(source, row, 0)?;
    let (value, value_at) = cell(source, row, position)?;
    let micros = time.microseconds(when).filter(|t| t.abs() <= LONGEST);
    let micros = micros.ok_or_else(|| Finding::error("this time is longer than 285 years").at(&when_at))?;
    if last.is_some_and(|last| last >= micros) {
        return Err(Finding::error("times do not increase")
            .at(&when_at)
            .label("not later than the one before"));
    }
    Ok((micros, value, value_at))
}

/// The number in a cell, and its place.
fn cell(source: &Source, row: &csv::StringRecord, column: usize) -> Result<(f64, Span), Finding> {
    let text = row.get(column).unwrap_or("");
    let start = row.position().map_or(0, |p| p.byte() as usize);
    let line = source.text().get(start..).and_then(|rest| rest.lines().find(|l| !l.is_empty())).unwrap_or("");
    let start = start
        + source
            .text()
            .get(start..)
            .map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
    // Where a cell is quoted and holds a comma this is off by it; the line is still the right one.
    let before: usize = line.split(',').take(column).map(|c| c.len() + 1).sum();
    let at = source.span(
        start + before..start + before + line[before.min(line.len())..].split(',').next().map_or(0, str::len),
    );
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((value, at)),
        _ => Err(Finding::error(format!("`{text}` is no number")).at(&at)),
    }
}

impl Series {
    /// How often it changes in a phase.
    pub(super) fn changes(&self, phase: Interval) -> i64 {
        let length = phase.end - phase.start;
        let within = |until: Micros| self.points.partition_point(|(time, _)| *time < until) as i64;
        match self.repeat {
            None => within(length),
            Some(period) => (length / period.max(1)).saturating_mul(within(period).max(1)),
        }
    }

    pub(super) fn piece(&self, at: Micros, phase: Interval) -> (Piece, Option<Micros>) {
        let since = at - phase.start;
        let (round, since) = match self.repeat {
            Some(period) => (since - since.rem_euclid(period), since.rem_euclid(period)),
            None => (0, since),
        };
        let end = self.repeat.map(|period| phase.start + round + period);
        let next = self.points.partition_point(|(time, _)| *time <= since);
        let change = |point: &(Micros, f64)| phase.start + round + point.0;
        let change = self.points.get(next).map(change).into_iter().chain(end).min();
        let piece = match (next.checked_sub(1).map(|i| self.points[i]), self.points.get(next)) {
            (None, Some(&(_, first))) => Piece::Constant(first),
            (Some((t0, v0)), Some(&(t1, v1))) if self.lines => {
                let slope = (v1 - v0) / ((t1 - t0) as f64 / self.tick);
                Piece::Line { value: v0 + (v1 - v0) * ((since - t0) as f64 / (t1 - t0) as f64), slope }
            }
            (Some((_, value)), _) => Piece::Constant(value),
            (None, None) => Piece::Constant(f64::NAN),
        };
        (piece, change)
    }
}
