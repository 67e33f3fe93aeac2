//! The tables of a study on its page.
//! Knows factors, outputs and the tables of the analysis by the names of their columns.

use std::collections::BTreeMap;

use crate::figure::study::{number, text, whole};
use crate::report::html::{escaped, folded, section, table};
use crate::report::number::{figures, grouped, rounded, unit};
use crate::study::{Factor, Output, Scale, Value};
use crate::table::Table;

/// Rows of a table that the page shows; the file has all.
const MOST: usize = 400;
/// Values of a list that are shown.
const VALUES: usize = 8;
/// Reasons that are shown.
const REASONS: usize = 10;

/// Factors, assumed ranges first, then those that the study states, unchecked ones, and those with a source.
pub fn factors(factors: &[Factor]) -> String {
    let mut all: Vec<&Factor> = factors.iter().collect();
    all.sort_by_key(|factor| ground(&factor.source));
    let row = |factor: &&Factor| {
        let mut name = escaped(&factor.name);
        let paths: Vec<String> = factor.paths.iter().map(|path| format!("`{path}`")).collect();
        let path = if factor.paths == [factor.name.as_str()] { String::new() } else { paths.join(", ") };
        let words: Vec<&str> =
            [factor.doc.as_str(), &path].into_iter().filter(|words| !words.is_empty()).collect();
        if !words.is_empty() {
            name.push_str(&format!(" <span class=\"soft\">({})</span>", escaped(&words.join("; "))));
        }
        let (range, scale) = range(factor);
        let source = if factor.source.is_empty() { "chosen in the study" } else { &factor.source };
        vec![name, escaped(&range), scale.to_owned(), escaped(source)]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let heads = ["factor", "range", "scale", "where the range comes from"];
    table("Factors: assumed first, then chosen in the study, unchecked, and with a source", &heads, &rows)
}

fn ground(source: &str) -> u8 {
    match source {
        source if source.starts_with("assumed") => 0,
        "" => 1,
        source if source.starts_with("unchecked") => 2,
        _ => 3,
    }
}

fn range(factor: &Factor) -> (String, &'static str) {
    let samples = factor.samples();
    let told = |value: &Value| match (value, factor.unit()) {
        (Value::Number(number), Some(of)) => figures(*number) + &unit(of.label()),
        _ => factor.written(value),
    };
    let told: Vec<String> = samples.iter().take(VALUES).map(told).collect();
    let more = match samples.len() > VALUES {
        true => format!(", … ({} values)", grouped(samples.len() as u64)),
        false => String::new(),
    };
    match (factor.scale(), factor.levels()) {
        (Some((scale, _)), levels) => {
            let levels = levels.map_or(String::new(), |levels| format!(", {} levels", grouped(levels)));
            let named = if scale == Scale::Log { "logarithmic" } else { "linear" };
            (told.join(" to ") + &levels, named)
        }
        (None, _) => (told.join(", ") + &more, "as listed"),
    }
}

pub fn outputs(outputs: &[Output]) -> String {
    let row = |output: &Output| {
        vec![escaped(&output.name), escaped(&output.doc), escaped(unit(&output.unit).trim())]
    };
    let rows: Vec<Vec<String>> = outputs.iter().take(MOST).map(row).collect();
    table("Outputs: numbers that are read at each point", &["output", "what it is", "unit"], &rows)
}

/// A cell of a number: empty where there is none.
fn cell(table: &Table, column: &str, row: usize) -> String {
    let value = number(table, column, row);
    if value.is_nan() { String::new() } else { escaped(&rounded(value)) }
}

/// `0.46 to 0.58`; empty where an end is missing.
fn interval(of: &Table, row: usize) -> String {
    let (low, high) = (number(of, "low", row), number(of, "high", row));
    match low.is_nan() || high.is_nan() {
        true => String::new(),
        false => escaped(&format!("{} to {}", rounded(low), rounded(high))),
    }
}

fn used(of: &Table, row: usize) -> String {
    format!("{} of {}", grouped(whole(of, "n", row)), grouped(whole(of, "of", row)))
}

/// Indices, folded by output.
pub fn indices(indices: &Table) -> String {
    if indices.rows() == 0 {
        return String::new();
    }
    let mut names: Vec<&str> = (0..indices.rows()).map(|row| text(indices, "output", row)).collect();
    names.dedup();
    let mut seen: Vec<&str> = Vec::new();
    names.retain(|name| {
        let first = !seen.contains(name);
        seen.push(name);
        first
    });
    let mut body = "<p>Intervals hold the true value of the index in about 95 of 100 studies of this size. “Not distinguishable from zero” \
                    is what it says, and not that there is no effect.</p>\n"
        .to_owned();
    for (n, output) in names.iter().enumerate() {
        let own: Vec<usize> =
            (0..indices.rows()).filter(|row| text(indices, "output", *row) == *output).collect();
        let row = |row: &usize| {
            let row = *row;
            let factor = match text(indices, "with", row) {
                "" => text(indices, "factor", row).to_owned(),
                with => format!("{} with {with}", text(indices, "factor", row)),
            };
            let of_output = ["mu", "mu_star", "sigma", "slope"].contains(&text(indices, "index", row));
            let label = if of_output { unit(text(indices, "unit", row)) } else { String::new() };
            let value = match cell(indices, "value", row) {
                none if none.is_empty() => "none".to_owned(),
                value => value + &escaped(&label),
            };
            vec![
                escaped(&factor),
                escaped(text(indices, "method", row)),
                escaped(&text(indices, "index", row).replace("mu_star", "mu*")),
                value,
                interval(indices, row),
                escaped(text(indices, "verdict", row)),
                used(indices, row),
            ]
        };
        let rows: Vec<Vec<String>> = own.iter().take(MOST).map(row).collect();
        let heads = [
            "factor",
            "method",
            "index",
            "value",
            "95 % interval",
            "verdict",
            "points, blocks or steps used",
        ];
        let mut inner = table(&format!("Indices of {output}"), &heads, &rows);
        if own.len() > MOST {
            inner.push_str(&format!(
                "<p>{} more stand in <code>indices.csv</code>.</p>\n",
                grouped((own.len() - MOST) as u64)
            ));
        }
        body.push_str(&folded(&format!("indices-{n}"), 3, &format!("Indices of {output}"), &inner));
    }
    section("indices", "What decides the outputs", &body)
}

pub fn robustness(robustness: &Table) -> String {
    if robustness.rows() == 0 {
        return String::new();
    }
    let share = |column: &str, row: usize| match 100.0 * number(robustness, column, row) {
        share if share.is_nan() => "none".to_owned(),
        share => escaped(&format!("{} %", rounded(share))),
    };
    let row = |row: usize| {
        let say = match text(robustness, "say", row) {
            "" => text(robustness, "claim", row),
            say => say,
        };
        let name = format!(
            "{} <span class=\"soft\">({})</span>",
            escaped(say),
            escaped(text(robustness, "claim", row))
        );
        let decider = |which: &str| match (text(robustness, which, row), format!("{which}_share")) {
            ("", _) => None,
            (factor, column) => Some(match cell(robustness, &column, row) {
                none if none.is_empty() => escaped(factor),
                share => format!("{} ({share})", escaped(factor)),
            }),
        };
        let deciders: Vec<String> = ["first", "second"].into_iter().filter_map(decider).collect();
        vec![
            name,
            escaped(text(robustness, "tag", row)),
            share("holds", row),
            format!("{} to {}", share("low", row), share("high", row)),
            deciders.join(", "),
            used(robustness, row),
        ]
    };
    let rows: Vec<Vec<String>> = (0..robustness.rows().min(MOST)).map(row).collect();
    let heads = [
        "claim",
        "tag",
        "holds in",
        "95 % Wilson interval",
        "most decided by (share of the variance)",
        "points used",
    ];
    let body = table("In which share of the parameter space each claim holds", &heads, &rows);
    section("claims", "How robust the claims are", &body)
}

/// Where points without a value lie, against those with one.
pub fn dropped(dropped: &Table) -> String {
    if dropped.rows() == 0 {
        return String::new();
    }
    let row = |row: usize| {
        let count =
            format!("{} of {}", grouped(whole(dropped, "failed", row)), grouped(whole(dropped, "of", row)));
        vec![
            escaped(text(dropped, "factor", row)),
            escaped(text(dropped, "output", row)),
            count,
            cell(dropped, "failed_median", row),
            cell(dropped, "others_median", row),
            escaped(text(dropped, "verdict", row)),
        ]
    };
    let rows: Vec<Vec<String>> = (0..dropped.rows().min(MOST)).map(row).collect();
    let heads = ["factor", "output", "without a value", "their median", "median of the others", "verdict"];
    table(
        "Where points without a value lie: what is left out on one side makes every estimate one-sided",
        &heads,
        &rows,
    )
}

/// Why rows have no numbers, the most frequent reasons first.
pub fn reasons(points: &Table) -> String {
    let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
    for reason in points.texts("reason").iter().flatten().filter(|reason| !reason.is_empty()) {
        *numbers.entry(reason).or_default() += 1;
    }
    let mut counts: Vec<(&str, u64)> = numbers.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let rows: Vec<Vec<String>> =
        counts.iter().take(REASONS).map(|(reason, n)| vec![escaped(reason), grouped(*n)]).collect();
    if rows.is_empty() { String::new() } else { table("Why they have none", &["reason", "rows"], &rows) }
}
