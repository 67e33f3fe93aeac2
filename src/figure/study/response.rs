//! An output against each factor: points, their median in bins and the middle half, one panel for each factor.
//! Knows points and panels.

use super::super::audience::{Pen, Theme};
use super::super::axes::{self, Panel};
use super::super::canvas::{Ink, Picture, Rect};
use super::super::naming::stem;
use super::super::page::{Head, Key, Page, Sample};
use super::super::scale::{Scale, bounds, count, drawable};
use super::super::{Drawn, font, strokes, words as run_words};
use super::axis::FactorAxis;
use super::panels::Panels;
use super::smooth::{Bin, bins, wilson};
use super::{Reading, words};

/// Points of one panel, and of all panels of a figure.
const MOST_POINTS: usize = 2000;
const ALL_POINTS: usize = 6000;
const LEAST_POINTS: usize = 300;
/// On a slide, whose dots are large.
const SLIDE_POINTS: usize = 500;
/// Panels of a figure; of a slide.
const MOST: usize = 30;
const SLIDE: usize = 3;

/// What is seen along one factor.
pub struct Seen<'a> {
    pub axis: FactorAxis<'a>,
    pub bins: Vec<Bin>,
}

pub fn figures(theme: &Theme, reading: &Reading) -> Vec<Drawn> {
    reading.drawn_outputs().into_iter().map(|output| figure(theme, reading, output)).collect()
}

fn figure(theme: &Theme, reading: &Reading, output: usize) -> Drawn {
    let (subject, points) = (reading.subject, &reading.points);
    let own = &subject.outputs[output];
    let order = points.order(subject, &reading.indices, output);
    let shown = order.len().min(if theme.slide() { SLIDE } else { MOST });
    let values: Vec<f64> = match own.claim {
        true => points.outputs[output].iter().map(|holds| 100.0 * holds).collect(),
        false => points.outputs[output].clone(),
    };
    let seen: Vec<(usize, Seen)> = order
        .iter()
        .map(|factor| {
            let axis = FactorAxis::of(&subject.factors[*factor]);
            (*factor, Seen { axis, bins: bins(&points.factors[*factor], &values) })
        })
        .collect();
    let title = match own.claim {
        true => format!("where “{}” holds", own.words()),
        false => format!("along each factor: {}", own.words()),
    };
    let title = run_words::title(&subject.run, theme, &title);
    let pen = theme.arm(0);
    let with_value = points.with_value(output);
    let most = MOST_POINTS.min((ALL_POINTS / shown.max(1)).max(LEAST_POINTS));
    let most = if theme.slide() { most.min(SLIDE_POINTS) } else { most };
    let mut keys = Vec::new();
    if !own.claim {
        let dots = match with_value > most {
            true => format!("points ({} of {} are drawn)", count(most as u64), count(with_value as u64)),
            false => "points".to_owned(),
        };
        keys.push(Key::new(Sample::Dot(dot_pen(theme)), dots));
    }
    if seen.iter().any(|(_, seen)| !seen.bins.is_empty()) {
        let (line, band) = match own.claim {
            true => ("share of the points in a bin", "95 % Wilson interval"),
            false => ("median of the points in a bin", "their middle half"),
        };
        keys.push(Key::new(Sample::Fan(pen, 1), format!("{line}; band: {band}")));
    }
    if shown < order.len() {
        keys.push(Key::new(Sample::Nothing, run_words::left_out("factors", shown, order.len())));
    }
    let axes: Vec<&FactorAxis> = seen[..shown].iter().map(|(_, seen)| &seen.axis).collect();
    let layout = Panels::of(theme, &axes, scale(&values, own.claim));
    let y_title = font::wrap(&own.axis(), theme.size, false, theme.width - 2.0 * theme.margin(), 2);
    let head = Head { title: &title, subtitle: "", keys };
    let above = (0.9 + 1.28 * y_title.len() as f64) * theme.size;
    let mut page = Page::new(theme, &subject.run, &head, above + layout.height(theme));
    let area = page.area;
    let picture = &mut page.picture;
    axes::above(picture, theme, &y_title, area.left, area.top + above - 0.2 * theme.size);
    let known: Vec<usize> = (0..values.len()).filter(|point| drawable(values[*point])).collect();
    let drawn = points.thinned(known, most);
    let area = Rect { top: area.top + above, ..area };
    for (i, (factor, seen)) in seen[..shown].iter().enumerate() {
        let panel = Panel { rect: layout.rect(theme, &area, i), x: seen.axis.scale, y: layout.y };
        axes::y_axis(picture, theme, &panel, i % layout.columns == 0);
        if !own.claim {
            let (x, ink) = (&points.factors[*factor], dot_pen(theme).ink);
            scatter(picture, theme, &panel, drawn.iter().map(|point| (x[*point], values[*point])), ink);
        }
        middle(picture, theme, &panel, &seen.bins, (&pen, own.claim));
        let ticks = seen.axis.ticks(theme, panel.rect.width());
        axes::x_axis(picture, theme, &panel, &ticks, true, &layout.titles[i]);
    }
    let text = words::response(reading, output, &seen, shown);
    Drawn::new(stem(&["response", &own.name]), title, page.picture, text)
}

fn scale(values: &[f64], claim: bool) -> Scale {
    match claim {
        true => Scale::Linear { low: 0.0, high: 100.0 },
        false => match bounds(values.iter().copied()) {
            Some((low, high)) if high - low > 1e-9 * low.abs().max(high.abs()) => {
                let air = 0.04 * (high - low);
                Scale::Linear { low: low - air, high: high + air }
            }
            _ => Scale::around(values.iter().copied()),
        },
    }
}

fn dot_pen(theme: &Theme) -> Pen {
    Pen { ink: Ink::rgb(120, 120, 120).faint(0.55), ..theme.neutral() }
}

fn scatter(
    picture: &mut Picture,
    theme: &Theme,
    panel: &Panel,
    points: impl Iterator<Item = (f64, f64)>,
    ink: Ink,
) {
    let mut last = None;
    for (x, y) in points {
        let at = panel.at(x, y);
        // Points of repeats and of levels that coincide are one.
        if at.0.is_finite() && at.1.is_finite() && last != Some(at) {
            picture.disc(at, 0.115 * theme.size, ink);
            last = Some(at);
        }
    }
}

fn middle(picture: &mut Picture, theme: &Theme, panel: &Panel, bins: &[Bin], (pen, claim): (&Pen, bool)) {
    let band: Vec<[f64; 3]> =
        bins.iter().map(|bin| if claim { wilson(bin.mean, bin.n) } else { bin.quartiles }).collect();
    let at = |i: usize, level: usize| panel.at(bins[i].x, band[i][level]);
    let outline: Vec<(f64, f64)> =
        (0..bins.len()).map(|i| at(i, 0)).chain((0..bins.len()).rev().map(|i| at(i, 2))).collect();
    if bins.len() > 1 {
        picture.area(outline, strokes::band_ink(pen, 1));
    }
    let line: Vec<(f64, f64)> = (0..bins.len()).map(|i| at(i, 1)).collect();
    picture.line(&line, Ink::rgb(255, 255, 255).faint(0.7), 1.9 * theme.line, &[]);
    picture.line(&line, pen.ink, theme.line, &[]);
    if bins.len() <= 8 {
        line.iter().for_each(|at| picture.disc(*at, 0.24 * theme.size, pen.ink));
    }
}
