//! Tornado: bars by size, longest on top, of rank correlations, mean elementary effects, or shares of the variance.
//! Knows rows of indices and bars.

use super::super::audience::Theme;
use super::super::fills;
use super::super::naming::{stem, unit};
use super::super::page::{Head, Key, Sample};
use super::super::scale::{self, Scale};
use super::super::{Drawn, words as run_words};
use super::bars::{self, Bars, Row};
use super::indices::{GIVEN_DATA, Index, LOCAL, MORRIS, NOTHING, PRCC};
use super::sobol::{bar, shares};
use super::{Reading, words};

/// Which way an output goes as a factor rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    /// Here up, there down; or nobody knows.
    Both,
}

/// Elementary effects have one sign where the mean of the effects is at least this share of the mean of their sizes.
const ONE_WAY: f64 = 0.9;

pub fn figures(theme: &Theme, reading: &Reading) -> Vec<Drawn> {
    let of = |method: &'static str, index: &'static str| {
        let outputs = reading.estimated(method).into_iter();
        outputs.map(move |output| figure(theme, reading, output, (method, index)))
    };
    let local = reading.estimated(LOCAL).into_iter().map(|output| {
        // Per cent of what may be nothing or of either sign mean nothing: then the slope is what there is.
        let index = if reading.indices.has(output, (LOCAL, "elasticity")) { "elasticity" } else { "slope" };
        figure(theme, reading, output, (LOCAL, index))
    });
    of(PRCC, "prcc").chain(of(GIVEN_DATA, "first")).chain(of(MORRIS, "mu_star")).chain(local).collect()
}

fn figure(theme: &Theme, reading: &Reading, output: &str, (method, index): (&str, &str)) -> Drawn {
    let subject = reading.subject;
    let all = reading.indices.sorted(output, method, index);
    let ways: Vec<Way> = all.iter().map(|index| way(reading, index)).collect();
    let directed = method != GIVEN_DATA;
    let row = |(index, way): (&&Index, &Way)| {
        let fill = fills::fill(theme, if directed { *way as usize } else { 0 });
        Row { label: subject.factor_words(&index.factor), bars: vec![bar(index, fill)] }
    };
    let rows = all.iter().zip(&ways).map(row).collect();
    let named = subject.output_words(output);
    let (shown, axis, scale) = match method {
        PRCC => {
            let of = all.iter().flat_map(|i| [i.low, i.high]).chain([-1.0, 1.0]);
            let (low, high) = scale::bounds(of).unwrap_or((-1.0, 1.0));
            let axis = format!("partial rank correlation with {named} (−1 to 1)");
            (format!("rank correlation of factors with {named}"), axis, Scale::Linear { low, high })
        }
        MORRIS => {
            let of = all.iter().flat_map(|i| [i.value, i.low, i.high]).chain([0.0]);
            let label = all.first().map_or(String::new(), |index| unit(&index.unit));
            let axis = format!("mean size of elementary effects on {named}, mu*{}", words::bracketed(&label));
            (format!("size of elementary effects on {named}"), axis, Scale::around(of))
        }
        LOCAL => {
            let of = all.iter().flat_map(|i| [i.value, i.low, i.high]).chain([0.0]);
            let label = all.first().map_or(String::new(), |index| unit(&index.unit));
            let axis = match index {
                "elasticity" => format!("per cent of {named} for a per cent of the factor"),
                _ => format!(
                    "change of {named} for a change of the factor's logarithm by 1{}",
                    words::bracketed(&label)
                ),
            };
            (format!("small steps of each factor: {named}"), axis, Scale::around(of))
        }
        _ => {
            let axis = format!("share of the variance of {named}, first order");
            (format!("what decides {named}"), axis, shares(all.iter().copied()))
        }
    };
    let title = run_words::title(&subject.run, theme, &shown);
    let mut keys = Vec::new();
    let words_of =
        [(Way::Up, "rises with the factor"), (Way::Down, "falls"), (Way::Both, "rises here, falls there")];
    for (way, text) in words_of.into_iter().filter(|(way, _)| directed && ways.contains(way)) {
        keys.push(Key::new(Sample::Swatch(fills::fill(theme, way as usize)), text));
    }
    keys.push(Key::new(Sample::Hollow, NOTHING));
    if all.iter().any(|index| index.low.is_finite()) {
        let told = if method == LOCAL { "error of the estimate" } else { words::INTERVAL };
        keys.push(Key::new(Sample::Whisker, told));
    }
    let head = Head { title: &title, subtitle: "", keys };
    let picture = bars::drawn(
        theme,
        &subject.run,
        Bars { head, rows, scale, axis, rows_are: "factors", behind: 0.6, lines: 2 },
    );
    let kind = match method {
        PRCC => "prcc",
        MORRIS => "effects",
        LOCAL => "local",
        _ => "shares",
    };
    let text = words::tornado(reading, output, method, &all, &ways);
    Drawn::new(stem(&[kind, output]), title, picture, text)
}

fn way(reading: &Reading, index: &Index) -> Way {
    let (signed, size) = match index.method.as_str() {
        MORRIS => {
            let mu = reading.indices.find(&index.output, (MORRIS, "mu"), &index.factor);
            (mu.map_or(f64::NAN, |mu| mu.value), index.value)
        }
        _ => (index.value, index.value.abs()),
    };
    match signed {
        signed if signed > 0.0 && signed >= ONE_WAY * size => Way::Up,
        signed if signed < 0.0 && -signed >= ONE_WAY * size => Way::Down,
        _ => Way::Both,
    }
}
