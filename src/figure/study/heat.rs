//! Heat map with contours over two factors.
//! Knows fields, panels and pages.

use super::super::audience::Theme;
use super::super::axes::{self, Panel};
use super::super::canvas::{Anchor, Ink, Picture, Rect};
use super::super::fills::{self, Fill};
use super::super::naming::stem;
use super::super::page::{Head, Key, Page, Sample};
use super::super::scale::{Scale, Tick, number};
use super::super::{Drawn, font, words as run_words};
use super::colour::colour;
use super::contour::contours;
use super::field::Field;
use super::{Reading, words};

/// A field and its words.
pub struct Heat<'a> {
    pub field: Field<'a>,
    pub title: String,
    /// What a colour is, above the bar of colours.
    pub values: String,
    pub scale: Scale,
    /// Values of the contours; the first one is drawn bold where `bold`.
    pub levels: Vec<f64>,
    pub bold: bool,
    pub keys: Vec<Key>,
}

/// For each output the two factors that decide most.
pub fn figures(theme: &Theme, reading: &Reading) -> Vec<Drawn> {
    reading.drawn_outputs().into_iter().filter_map(|output| figure(theme, reading, output)).collect()
}

fn figure(theme: &Theme, reading: &Reading, output: usize) -> Option<Drawn> {
    let (subject, points) = (reading.subject, &reading.points);
    let own = &subject.outputs[output];
    let order = points.order(subject, &reading.indices, output);
    let [x, y, ..] = order[..] else { return None };
    if own.claim || points.with_value(output) < 9 {
        return None;
    }
    let factors = (&subject.factors[x], &subject.factors[y]);
    let places = (points.factors[x].as_slice(), points.factors[y].as_slice());
    let field = Field::of_points(factors, places, &points.outputs[output], subject.grid);
    let (low, high) = field.bounds()?;
    let scale = Scale::span([low, high].into_iter());
    let levels = scale.ticks(6).iter().map(|tick| tick.value).filter(|v| *v > low && *v < high).collect();
    let shown = format!("over the two factors that decide most: {}", own.words());
    let title = run_words::title(&subject.run, theme, &shown);
    let one = field.levels && order.len() == 2;
    let what = if one {
        "colour and lines: the value at each point of the grid"
    } else {
        "colour and lines: median of the points in each cell"
    };
    let mut keys = vec![Key::new(Sample::Nothing, format!("{what}; darker is more"))];
    keys.extend(empty_key(&field));
    let heat = Heat { field, title: title.clone(), values: own.axis(), scale, levels, bold: false, keys };
    let text = words::heat(reading, output, &heat);
    Some(Drawn::new(stem(&["map", &own.name]), title, drawn(theme, reading, &heat), text))
}

/// The key of cells without a value, where there are some.
pub fn empty_key(field: &Field) -> Option<Key> {
    let told = match (field.empty(), field.counts.iter().all(|n| *n > 0)) {
        (0, _) => return None,
        (_, true) => "no point here has a value",
        (_, false) => "no points with a value here",
    };
    Some(Key::new(Sample::Swatch(empty_fill()), told))
}

/// Of cells without a value.
pub fn empty_fill() -> Fill {
    Fill::hatched(Ink::rgb(150, 150, 150))
}

/// What neighbouring cells overlap, in user units.
const SEAM: f64 = 0.25;
/// Width of the bar of colours in type sizes.
pub const BAR: f64 = 1.3;

pub fn drawn(theme: &Theme, reading: &Reading, heat: &Heat) -> Picture {
    let em = theme.size;
    let field = &heat.field;
    let head = Head { title: &heat.title, subtitle: "", keys: heat.keys.clone() };
    let mut page = Page::new(theme, &reading.subject.run, &head, 0.82 * theme.height);
    let area = page.area;
    let bar_ticks = heat.scale.ticks(6);
    let widest = |ticks: &[Tick]| ticks.iter().map(|t| font::width(&t.label, em, false)).fold(0.0, f64::max);
    let right = BAR * em + 0.5 * em + widest(&bar_ticks);
    let above_bar = font::wrap_evenly(&heat.values, em, false, 0.42 * area.width(), 3);
    let above_y = font::wrap_evenly(&field.y.factor.axis(), em, false, 0.5 * area.width(), 3);
    let lines = above_bar.len().max(above_y.len()) as f64;
    let x_title = font::wrap_evenly(&field.x.factor.axis(), em, false, 0.8 * area.width(), 2);
    let top = area.top + (0.9 + 1.28 * lines) * em;
    let bottom = area.bottom - axes::x_axis_height(theme, x_title.len());
    let y_ticks = field.y.upright_ticks(theme, bottom - top, 0.25 * area.width());
    let left = area.left + widest(&y_ticks) + 0.8 * em;
    let rect = Rect { left, top, right: area.right - right - 1.6 * em, bottom };
    let panel = Panel { rect, x: field.x.scale, y: field.y.scale };
    let picture = &mut page.picture;
    axes::above(picture, theme, &above_y, area.left, top);
    cells(picture, theme, &panel, heat);
    for tick in &y_ticks {
        let y = panel.y_at(tick.value);
        picture.line(&[(rect.left - 0.3 * em, y), (rect.left, y)], theme.ink(), theme.hair(), &[]);
        let at = (rect.left - 0.5 * em, y + 0.36 * em);
        picture.text(at, &tick.label, em, false, theme.soft(), Anchor::End);
    }
    let x_ticks = field.x.ticks(theme, rect.width());
    axes::x_axis(picture, theme, &panel, &x_ticks, true, &x_title);
    if field.is_continuous() {
        lines_of(picture, theme, &panel, heat);
    }
    bar(picture, theme, &heat.scale, (area.right - right, rect), &bar_ticks);
    for (i, line) in above_bar.iter().rev().enumerate() {
        let at = (area.right, top - (0.75 + 1.28 * i as f64) * em);
        picture.text(at, line, em, false, theme.ink(), Anchor::End);
    }
    page.picture
}

/// Where an edge lies on the panel; edges are in coordinates of the axis.
fn across(panel: &Panel, log: bool, coordinate: f64) -> f64 {
    panel.x_at(if log { 10f64.powf(coordinate) } else { coordinate })
}

fn upright(panel: &Panel, log: bool, coordinate: f64) -> f64 {
    panel.y_at(if log { 10f64.powf(coordinate) } else { coordinate })
}

fn cells(picture: &mut Picture, theme: &Theme, panel: &Panel, heat: &Heat) {
    let field = &heat.field;
    // Values that no scale can show (1e300) lie far outside.
    let [lying, standing] = [(panel.rect.left, panel.rect.right), (panel.rect.top, panel.rect.bottom)];
    let within = |x: f64, (low, high): (f64, f64)| x.clamp(low, high);
    for row in 0..field.rows() {
        for column in 0..field.columns() {
            let r = Rect {
                left: within(across(panel, field.x.log, field.x_edges[column]), lying),
                right: within(across(panel, field.x.log, field.x_edges[column + 1]), lying),
                top: within(upright(panel, field.y.log, field.y_edges[row + 1]), standing),
                bottom: within(upright(panel, field.y.log, field.y_edges[row]), standing),
            };
            if !(r.left < r.right && r.top < r.bottom) {
                continue;
            }
            let value = field.values[row * field.columns() + column];
            match value.is_finite() {
                // A hair over its neighbours, which are painted later, so that no seam is seen between them.
                true => {
                    let over = Rect {
                        right: (r.right + SEAM).min(panel.rect.right),
                        top: (r.top - SEAM).max(panel.rect.top),
                        ..r
                    };
                    picture.block(over, colour(theme, heat.scale.place(value)));
                }
                false => fills::block(picture, theme, &empty_fill(), r),
            }
        }
    }
    let r = panel.rect;
    let corners =
        [(r.left, r.top), (r.right, r.top), (r.right, r.bottom), (r.left, r.bottom), (r.left, r.top)];
    picture.line(&corners, theme.ink(), theme.hair(), &[]);
}

/// Of levels of a grid, beyond which nothing was run.
fn inner_centres(edges: &[f64]) -> Vec<f64> {
    edges.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect()
}

/// The centres of cells, and the outer edges, to which the outermost cells reach.
fn centres(edges: &[f64]) -> Vec<f64> {
    let middles = inner_centres(edges);
    edges.first().copied().into_iter().chain(middles).chain(edges.last().copied()).collect()
}

/// The values at `centres`: those of cells, the outermost ones twice.
fn at_centres(field: &Field) -> Vec<f64> {
    let doubled = |n: usize| (0..n + 2).map(move |i| i.saturating_sub(1).min(n.saturating_sub(1)));
    let row = |row: usize| doubled(field.columns()).map(move |c| field.values[row * field.columns() + c]);
    doubled(field.rows()).flat_map(row).collect()
}

fn lines_of(picture: &mut Picture, theme: &Theme, panel: &Panel, heat: &Heat) {
    let field = &heat.field;
    let centres = if field.levels { inner_centres } else { centres };
    let x: Vec<f64> = centres(&field.x_edges).into_iter().map(|c| across(panel, field.x.log, c)).collect();
    let y: Vec<f64> = centres(&field.y_edges).into_iter().map(|c| upright(panel, field.y.log, c)).collect();
    let values = if field.levels { field.values.clone() } else { at_centres(field) };
    let mut taken: Vec<Rect> = Vec::new();
    let mut labels = Vec::new();
    for (n, level) in heat.levels.iter().enumerate() {
        let bold = heat.bold && n == 0;
        let width = theme.line * if bold { 1.3 } else { 0.6 };
        let lines = contours(&x, &y, &values, *level);
        for line in &lines {
            picture.line(line, Ink::rgb(255, 255, 255).faint(0.65), width + 1.1 * theme.line, &[]);
            picture.line(line, Ink::rgb(20, 20, 20), width, &[]);
        }
        let longest = lines.iter().max_by(|a, b| length(a).total_cmp(&length(b)));
        let tick = heat.scale.ticks(6).into_iter().find(|tick| tick.value == *level);
        let text = tick.map_or_else(|| number(*level), |tick| tick.label);
        labels.extend(longest.and_then(|line| label(theme, panel, line, text, &mut taken)));
    }
    for (text, r) in labels {
        picture.block(r, Ink::rgb(255, 255, 255).faint(0.88));
        let at = ((r.left + r.right) / 2.0, r.bottom - 0.3 * theme.size);
        picture.text(at, &text, theme.sizes()[1], false, theme.ink(), Anchor::Middle);
    }
}

fn length(line: &[(f64, f64)]) -> f64 {
    line.windows(2).map(|w| ((w[1].0 - w[0].0).powi(2) + (w[1].1 - w[0].1).powi(2)).sqrt()).sum()
}

/// Where a contour's number stands: on the line, near its middle, inside of the panel, apart from other numbers.
fn label(
    theme: &Theme,
    panel: &Panel,
    line: &[(f64, f64)],
    text: String,
    taken: &mut Vec<Rect>,
) -> Option<(String, Rect)> {
    let size = theme.sizes()[1];
    let half = font::width(&text, size, false) / 2.0 + 0.25 * size;
    let whole = length(line);
    let places = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9].map(|share| along(line, share * whole));
    let boxes = places.map(|(x, y)| Rect {
        left: x - half,
        right: x + half,
        top: y - 0.6 * theme.size,
        bottom: y + 0.6 * theme.size,
    });
    let fits = |r: &Rect| {
        let inside = r.left >= panel.rect.left
            && r.right <= panel.rect.right
            && r.top >= panel.rect.top
            && r.bottom <= panel.rect.bottom;
        let apart =
            |o: &Rect| r.left >= o.right || o.left >= r.right || r.top >= o.bottom || o.top >= r.bottom;
        inside && taken.iter().all(apart)
    };
    let place = boxes.into_iter().find(fits)?;
    taken.push(place);
    Some((text, place))
}

fn along(line: &[(f64, f64)], mut rest: f64) -> (f64, f64) {
    for pair in line.windows(2) {
        let own = length(pair);
        if rest <= own && own > 0.0 {
            let share = rest / own;
            return (
                pair[0].0 + (pair[1].0 - pair[0].0) * share,
                pair[0].1 + (pair[1].1 - pair[0].1) * share,
            );
        }
        rest -= own;
    }
    line.last().copied().unwrap_or((0.0, 0.0))
}

/// The bar of colours of a scale, as high as `rect`, with its numbers right of it.
pub fn bar(picture: &mut Picture, theme: &Theme, scale: &Scale, (left, rect): (f64, Rect), ticks: &[Tick]) {
    const BLOCKS: usize = 64;
    let right = left + BAR * theme.size;
    let at = |share: f64| rect.bottom - share * rect.height();
    for i in 0..BLOCKS {
        let share = i as f64 / BLOCKS as f64;
        let r = Rect {
            left,
            right,
            top: (at(share + 1.0 / BLOCKS as f64) - SEAM).max(rect.top),
            bottom: at(share),
        };
        picture.block(r, colour(theme, (i as f64 + 0.5) / BLOCKS as f64));
    }
    let corners = [(left, rect.top), (right, rect.top), (right, rect.bottom), (left, rect.bottom)];
    let corners: Vec<(f64, f64)> = corners.into_iter().chain([corners[0]]).collect();
    picture.line(&corners, theme.ink(), theme.hair(), &[]);
    for tick in ticks {
        let y = at(scale.place(tick.value));
        picture.line(&[(right, y), (right + 0.25 * theme.size, y)], theme.ink(), theme.hair(), &[]);
        let place = (right + 0.45 * theme.size, y + 0.36 * theme.size);
        picture.text(place, &tick.label, theme.size, false, theme.soft(), Anchor::Start);
    }
}
