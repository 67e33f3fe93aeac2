//! Robustness of claims: in which share of the parameter space each holds, from `robustness.csv`.
//! Knows the table and bars.

use super::super::audience::Theme;
use super::super::fills;
use super::super::page::{Head, Key, Sample};
use super::super::scale::{Scale, percent};
use super::super::{Drawn, words as run_words};
use super::bars::{self, Bar, Bars, Row};
use super::cells::{number, text};
use super::{Reading, words};

pub fn figures(theme: &Theme, reading: &Reading) -> Vec<Drawn> {
    let table = reading.robustness;
    if table.rows() == 0 {
        return Vec::new();
    }
    let subject = reading.subject;
    let assumed = |row: usize| text(table, "tag", row) == "assumed";
    let row = |row: usize| {
        let say = text(table, "say", row);
        let holds = number(table, "holds", row);
        let note = if holds.is_nan() { "no points".to_owned() } else { percent(holds) };
        Row {
            label: if say.is_empty() { text(table, "claim", row).to_owned() } else { say.to_owned() },
            bars: vec![Bar {
                value: 100.0 * holds,
                low: 100.0 * number(table, "low", row),
                high: 100.0 * number(table, "high", row),
                fill: fills::fill(theme, usize::from(assumed(row))),
                hollow: false,
                note,
            }],
        }
    };
    let title = run_words::title(&subject.run, theme, "how robust the claims are");
    let mut keys = Vec::new();
    for (tag, fill, told) in [
        (false, 0, "emergent: comes out of how the model moves"),
        (true, 1, "assumed: true by what was put in"),
    ] {
        if (0..table.rows()).any(|row| assumed(row) == tag) {
            keys.push(Key::new(Sample::Swatch(fills::fill(theme, fill)), told));
        }
    }
    keys.push(Key::new(Sample::Whisker, "95 % Wilson interval of the share"));
    let picture = bars::drawn(
        theme,
        &subject.run,
        Bars {
            head: Head { title: &title, subtitle: "", keys },
            rows: (0..table.rows()).map(row).collect(),
            scale: Scale::Linear { low: 0.0, high: 100.0 },
            axis: "share of the parameter space in which the claim holds (% of points)".to_owned(),
            rows_are: "claims",
            behind: 3.6,
            lines: 4,
        },
    );
    vec![Drawn::new("robustness".to_owned(), title, picture, words::robustness(reading))]
}
