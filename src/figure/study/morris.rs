//! Morris plane: mean size of a factor's elementary effects against their spread.
//! Knows rows of indices, panels and pages.

use super::super::audience::{Marker, Pen, Theme};
use super::super::axes::{self, Panel};
use super::super::canvas::{Anchor, Ink, Picture, Rect};
use super::super::naming::{stem, unit};
use super::super::page::{Head, Key, Page, Sample};
use super::super::scale::{Scale, drawable};
use super::super::{Drawn, font, strokes, words as run_words};
use super::indices::{Index, MORRIS, NOTHING};
use super::{Reading, words};

pub fn figures(theme: &Theme, reading: &Reading) -> Vec<Drawn> {
    reading.estimated(MORRIS).into_iter().map(|output| figure(theme, reading, output)).collect()
}

/// A factor in the plane.
struct Spot<'a> {
    index: &'a Index,
    sigma: f64,
}

fn figure(theme: &Theme, reading: &Reading, output: &str) -> Drawn {
    let subject = reading.subject;
    let sizes = reading.indices.sorted(output, MORRIS, "mu_star");
    let spot = |index: &&'_ Index| -> Option<(f64, f64)> {
        let sigma = reading.indices.find(output, (MORRIS, "sigma"), &index.factor)?.value;
        (drawable(index.value) && drawable(sigma)).then_some((index.value, sigma))
    };
    let spots: Vec<Spot> =
        sizes.iter().filter_map(|index| Some(Spot { index, sigma: spot(index)?.1 })).collect();
    let label = words::bracketed(&sizes.first().map_or(String::new(), |index| unit(&index.unit)));
    let shown = format!("elementary effects on {}: size and spread", subject.output_words(output));
    let title = run_words::title(&subject.run, theme, &shown);
    let pen = theme.arm(0);
    let keys = vec![
        Key::new(Sample::Dot(pen), "factor"),
        Key::new(Sample::Nothing, format!("open: {NOTHING}")),
        Key::new(Sample::Line(theme.moment(0)), "sigma = mu*"),
        Key::new(
            Sample::Line(Pen { ink: pen.ink.faint(0.45), marker: Marker::None, ..pen }),
            words::INTERVAL,
        ),
        Key::new(
            Sample::Nothing,
            "above the line effects change size or sign from place to place; far below it they are alike",
        ),
    ];
    let em = theme.size;
    let head = Head { title: &title, subtitle: "", keys };
    let mut page = Page::new(theme, &subject.run, &head, 0.72 * theme.height);
    let x = Scale::around(spots.iter().flat_map(|s| [s.index.value, s.index.high]).chain([0.0]));
    let y = Scale::around(spots.iter().map(|s| s.sigma).chain([0.0]));
    let area = page.area;
    let x_title = font::wrap_evenly(
        &format!("mean size of elementary effects, mu*{label}"),
        em,
        false,
        0.9 * area.width(),
        2,
    );
    let y_title =
        font::wrap(&format!("spread of elementary effects, sigma{label}"), em, false, area.width(), 2);
    let rect = Rect {
        left: area.left + axes::y_labels_width(theme, &y),
        top: area.top + (1.2 + 1.28 * y_title.len() as f64) * em,
        right: area.right - em,
        bottom: area.bottom - axes::x_axis_height(theme, x_title.len()),
    };
    let panel = Panel { rect, x, y };
    let picture = &mut page.picture;
    axes::above(picture, theme, &y_title, area.left, rect.top);
    axes::y_axis(picture, theme, &panel, true);
    let ticks = axes::x_ticks(theme, &x, rect.width(), None);
    for tick in &ticks {
        let x = panel.x_at(tick.value);
        picture.line(&[(x, rect.top), (x, rect.bottom)], theme.grid(), theme.hair(), &[]);
    }
    axes::x_axis(picture, theme, &panel, &ticks, true, &x_title);
    diagonal(picture, theme, &panel);
    for spot in &spots {
        let at = panel.at(spot.index.value, spot.sigma);
        let [low, high] = [spot.index.low, spot.index.high].map(|end| panel.x_at(end));
        if low.is_finite() && high.is_finite() && !spot.index.is_nothing() {
            picture.line(&[(low, at.1), (high, at.1)], pen.ink.faint(0.35), theme.hair(), &[]);
        }
    }
    let unnamed = names(picture, theme, &panel, &spots);
    for spot in &spots {
        let at = panel.at(spot.index.value, spot.sigma);
        strokes::dot(picture, theme, &pen, at, 1.0);
        if spot.index.is_nothing() {
            picture.disc(at, 0.17 * em, Ink::rgb(255, 255, 255));
        }
    }
    if unnamed > 0 {
        let told = format!("{unnamed} points found no room for their names");
        let at = (rect.right - 0.4 * em, rect.bottom - 0.5 * em);
        page.picture.text(at, &told, theme.small, false, theme.soft(), Anchor::End);
    }
    let text = words::morris(reading, output, &sizes, unnamed);
    Drawn::new(stem(&["morris", output]), title, page.picture, text)
}

fn diagonal(picture: &mut Picture, theme: &Theme, panel: &Panel) {
    let (Scale::Linear { high: wide, .. }, Scale::Linear { high, .. }) = (panel.x, panel.y) else { return };
    let end = wide.min(high);
    let pen = theme.moment(0);
    picture.line(&[panel.at(0.0, 0.0), panel.at(end, end)], pen.ink, 0.7 * theme.line, &[]);
}

/// How far from its spot a name may stand, in steps; from one that may as well be at zero.
const FAR: u8 = 9;
const NEAR: u8 = 2;

/// Writes a name beside each spot, the largest first, where it covers no spot and no name; gives how many found no room.
fn names(picture: &mut Picture, theme: &Theme, panel: &Panel, spots: &[Spot]) -> usize {
    let em = theme.size;
    let at = |spot: &Spot| panel.at(spot.index.value, spot.sigma);
    let dot = |(x, y): (f64, f64)| Rect {
        left: x - 0.35 * em,
        right: x + 0.35 * em,
        top: y - 0.35 * em,
        bottom: y + 0.35 * em,
    };
    let dots: Vec<Rect> = spots.iter().map(|spot| dot(at(spot))).collect();
    let mut taken: Vec<Rect> = Vec::new();
    let mut unnamed = 0;
    for (own, spot) in spots.iter().enumerate() {
        let name = font::shorten(&spot.index.factor, em, false, 14.0 * em);
        let (wide, high) = (font::width(&name, em, false), 1.1 * em);
        let (x, y) = at(spot);
        let free = |r: &Rect| {
            let inside = r.left >= panel.rect.left
                && r.right <= panel.rect.right
                && r.top >= panel.rect.top
                && r.bottom <= panel.rect.bottom;
            let clear = dots.iter().enumerate().all(|(n, dot)| n == own || apart(r, dot));
            inside && clear && taken.iter().all(|other| apart(r, other))
        };
        let rings = if spot.index.is_nothing() { NEAR } else { FAR };
        let Some(place) = places((x, y), (wide, high), em, rings).find(free) else {
            unnamed += 1;
            continue;
        };
        let near = (x.clamp(place.left, place.right), y.clamp(place.top, place.bottom));
        if (near.0 - x).abs() + (near.1 - y).abs() > 0.9 * em {
            picture.line(&[(x, y), near], theme.soft().faint(0.6), 0.7 * theme.hair(), &[]);
        }
        let base = (place.left, place.bottom - 0.28 * em);
        picture.block(place, Ink::rgb(255, 255, 255).faint(0.8));
        picture.text(base, &name, em, false, theme.ink(), Anchor::Start);
        taken.push(place);
    }
    unnamed
}

/// Boxes around a point, the nearest first: right, left, above, below, then between.
fn places((x, y): (f64, f64), (wide, high): (f64, f64), em: f64, rings: u8) -> impl Iterator<Item = Rect> {
    const WAYS: [(f64, f64); 8] = [
        (1.0, 0.0),
        (-1.0, 0.0),
        (0.0, -1.0),
        (0.0, 1.0),
        (0.8, -0.8),
        (-0.8, -0.8),
        (0.8, 0.8),
        (-0.8, 0.8),
    ];
    let distances = (0..rings).map(move |ring| em * (0.45 + 0.7 * f64::from(ring)));
    distances.flat_map(move |distance| {
        WAYS.into_iter().map(move |(right, down)| {
            let left = x
                + right * distance
                + wide * (right.signum() * f64::from(u8::from(right != 0.0)) - 1.0) / 2.0;
            let top =
                y + down * distance + high * (down.signum() * f64::from(u8::from(down != 0.0)) - 1.0) / 2.0;
            Rect { left, right: left + wide, top, bottom: top + high }
        })
    })
}

fn apart(a: &Rect, b: &Rect) -> bool {
    a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom
}
