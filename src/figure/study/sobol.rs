//! Sobol' indices: first-order and total shares of each factor side by side, with their intervals.
//! Knows rows of indices and bars.

use super::super::audience::Theme;
use super::super::fills::{self, Fill};
use super::super::naming::stem;
use super::super::page::{Head, Key, Sample};
use super::super::scale::{self, Scale};
use super::super::{Drawn, words as run_words};
use super::bars::{self, Bar, Bars, Row};
use super::indices::{Index, NOTHING, SOBOL};
use super::{Reading, words};

/// One for each output that has them.
pub fn figures(theme: &Theme, reading: &Reading) -> Vec<Drawn> {
    reading.estimated(SOBOL).into_iter().map(|output| figure(theme, reading, output)).collect()
}

fn figure(theme: &Theme, reading: &Reading, output: &str) -> Drawn {
    let subject = reading.subject;
    let totals = reading.indices.sorted(output, SOBOL, "total");
    let pairs: Vec<(&Index, Option<&Index>)> = totals
        .iter()
        .map(|total| (*total, reading.indices.find(output, (SOBOL, "first"), &total.factor)))
        .collect();
    let fills = [fills::fill(theme, 0), fills::fill(theme, 1)];
    let rows = pairs.iter().map(|(total, first)| Row {
        label: subject.factor_words(&total.factor),
        bars: first.iter().map(|first| bar(first, fills[1])).chain([bar(total, fills[0])]).collect(),
    });
    let all = || pairs.iter().flat_map(|(total, first)| [Some(*total), *first]).flatten();
    let shown = format!("Sobol' indices of {}", subject.output_words(output));
    let title = run_words::title(&subject.run, theme, &shown);
    let keys = vec![
        Key::new(Sample::Swatch(fills[1]), "first order: alone"),
        Key::new(Sample::Swatch(fills[0]), "total: with interactions"),
        Key::new(Sample::Hollow, NOTHING),
        Key::new(Sample::Whisker, words::INTERVAL),
    ];
    let picture = bars::drawn(
        theme,
        &subject.run,
        Bars {
            head: Head { title: &title, subtitle: "", keys },
            rows: rows.collect(),
            scale: shares(all()),
            axis: format!("share of the variance of {}", subject.output_words(output)),
            rows_are: "factors",
            behind: 0.6,
            lines: 2,
        },
    );
    Drawn::new(stem(&["sobol", output]), title, picture, words::sobol(reading, output, &pairs))
}

/// The bar of an estimate; behind it what is to be said of it.
pub fn bar(index: &Index, fill: Fill) -> Bar {
    let note = match (index.reason(), index.is_nothing()) {
        ("", true) => NOTHING.to_owned(),
        ("", false) if index.value.is_nan() => "no estimate".to_owned(),
        (reason, _) => reason.to_owned(),
    };
    Bar { value: index.value, low: index.low, high: index.high, fill, hollow: index.is_nothing(), note }
}

/// From 0 to 1, and as far as an estimate or its interval goes beyond.
pub fn shares<'i>(indices: impl Iterator<Item = &'i Index>) -> Scale {
    let values = indices.flat_map(|index| [index.value, index.low, index.high]).chain([0.0, 1.0]);
    let (low, high) = scale::bounds(values).unwrap_or((0.0, 1.0));
    let air = |beyond: bool| if beyond { 0.03 * (high - low) } else { 0.0 };
    Scale::Linear { low: low - air(low < 0.0), high: high + air(high > 1.0) }
}
