//! The table of `tests/data/dopamine.csv`: what states and read-outs are worth after a history.
//! Knows nothing of why.

use super::{SESSIONS, values};

/// Histories of the table by name: phases, and parameters that differ.
const HISTORIES: [(&str, &str, &str); 15] = [
    ("baseline", "{ name = 'a', for = '28 d' }", ""),
    ("substance", "{ name = 'a', for = '365 d', SESSIONS }", ""),
    ("rest after 60 d", "{ name = 'a', for = '60 d', SESSIONS }, { name = 'b', for = '90 d' }", ""),
    ("exercise", "{ name = 'a', for = '60 d', SESSIONS }, { name = 'b', for = '30 d', exercise = '1' }", ""),
    (
        "exercise, ax1 -0.08",
        "{ name = 'a', for = '60 d', SESSIONS }, { name = 'b', for = '30 d', exercise = '1' }",
        "ax1 = '-0.08'",
    ),
    ("poor sleep", "{ name = 'a', for = '60 d', SESSIONS }, { name = 'b', for = '7 d', sleep = '0.5' }", ""),
    (
        "mindfulness",
        "{ name = 'a', for = '60 d', SESSIONS }, { name = 'b', for = '7 d', mindfulness = '1' }",
        "",
    ),
    (
        "stringency",
        "{ name = 'a', for = '60 d', SESSIONS }, { name = 'b', for = '7 d', stringency = '1' }",
        "",
    ),
    ("depletion", "{ name = 'a', for = '28 d', depletion = '0.05 1/h' }", ""),
    (
        "restored",
        "{ name = 'a', for = '28 d', depletion = '0.05 1/h' }, { name = 'b', for = '1 d', set = { V = '1' } }",
        "",
    ),
    ("media", "{ name = 'a', for = '28 d', media = '1 from 10:00 for 6 h every 1 d' }", ""),
    ("food", "{ name = 'a', for = '28 d', food = '1 from 10:00 for 6 h every 1 d' }", ""),
    ("substance, continuous", "{ name = 'a', for = '28 d', substance = '0.25' }", ""),
    ("rest after 365 d", "{ name = 'a', for = '365 d', SESSIONS }, { name = 'b', for = '365 d' }", ""),
    (
        "rest after 365 d, slow",
        "{ name = 'a', for = '365 d', SESSIONS }, { name = 'b', for = '365 d' }",
        "krc2 = '1/4800 1/h'",
    ),
];

/// The measure of a column of the table at a moment, outside sessions.
fn outside_sessions(column: &str, moment: &str) -> String {
    match column {
        "K1/K10" => format!("off.K1[{moment}]/K10"),
        "K2/K20" => format!("off.K2[{moment}]/K20"),
        "ec50(D1)" => format!("ec50(off.D1[{moment}])"),
        "ec50(D2)" => format!("ec50(off.D2[{moment}])"),
        name => format!("off.{name}[{moment}]"),
    }
}

/// How far a value may be from the printed one: 5e-4 for numbers and sensitivities, 5e-3 for the rest, and half of the last digit printed.
fn within(column: &str, printed: &str) -> f64 {
    let fine = ["N1", "N2", "Sigma1", "Sigma2"].contains(&column);
    let decimals = printed.split_once('.').map_or(0, |(_, digits)| digits.len());
    let rounding = 0.5 * 0.1_f64.powi(decimals as i32);
    if fine { 5e-4 } else { rounding.max(5e-3) }
}

#[test]
fn every_history_gives_the_numbers_of_an_independent_integration() {
    let mut reader = csv::Reader::from_path("tests/data/dopamine.csv").unwrap();
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut missed = Vec::new();
    for (name, phases, parameters) in HISTORIES {
        let of_it: Vec<_> = rows.iter().filter(|row| &row[0] == name).collect();
        assert!(!of_it.is_empty(), "{name}");
        let moment =
            |day: &str| if name == "restored" { "start of b".to_owned() } else { format!("{day} d") };
        let measures: Vec<String> = of_it
            .iter()
            .flat_map(|row| columns[2..].iter().map(|column| outside_sessions(column, &moment(&row[1]))))
            .collect();
        let phases = phases.replace('\'', "\"").replace("SESSIONS", SESSIONS);
        let found = values(&phases, &parameters.replace('\'', "\""), 1e-8, &measures);
        for (row, found) in of_it.iter().zip(found.chunks(columns.len() - 2)) {
            for (n, value) in found.iter().enumerate() {
                let (column, printed) = (&columns[n + 2], &row[n + 2]);
                let expected: f64 = printed.parse().unwrap();
                let miss = (value - expected).abs();
                if miss.is_nan() || miss > within(column, printed) {
                    missed.push(format!("{name}, day {}: {column} {value} against {printed}", &row[1]));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert_eq!(
        rows.len(),
        HISTORIES.iter().map(|(name, ..)| rows.iter().filter(|r| &r[0] == *name).count()).sum::<usize>()
    );
}
