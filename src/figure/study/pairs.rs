//! Pairs of factors: the share of the variance that each makes as a pair, as a triangle of cells with a bar of colours.
//! Knows rows of indices and pages.
//!
//! Factors stand from top to bottom by their total shares. The name of a factor stands left of its row and, at the end of that row, above
//! its column, where the other half of the square would only say the same again.

use super::super::audience::Theme;
use super::super::canvas::{Anchor, Ink, Picture, Rect};
use super::super::fills;
use super::super::naming::stem;
use super::super::page::{Head, Key, Page, Sample};
use super::super::scale::{Scale, Tick};
use super::super::{Drawn, axes, font, words as run_words};
use super::colour::colour;
use super::heat::{self, empty_fill};
use super::indices::{Index, NOTHING, SOBOL};
use super::{Reading, words};

/// Factors of a triangle; of a slide.
const MOST: usize = 16;
const SLIDE: usize = 6;
/// The widest cell and the least and usual height of one, in type sizes.
const WIDE: f64 = 6.0;
const HIGH: [f64; 2] = [1.9, 2.6];
/// From this share of the way on a colour is so dark that white is read better on it than black.
const DARK: f64 = 0.63;

/// The bar of colours goes as far at least, so that what is next to nothing is pale.
const LITTLE: f64 = 0.05;

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    Share(f64),
    /// Not distinguishable from zero.
    Nothing,
    /// No estimate, or none with an interval.
    Unknown,
}

impl Cell {
    fn of(index: Option<&Index>) -> Cell {
        match index {
            Some(index) if index.interacts() => Cell::Share(index.value),
            // No share is below zero: such an estimate is chance, however narrow its interval.
            Some(index) if index.value.is_finite() && index.reason().is_empty() => Cell::Nothing,
            _ => Cell::Unknown,
        }
    }
}

/// One for each output that has them.
pub fn figures(theme: &Theme, reading: &Reading) -> Vec<Drawn> {
    let mut outputs = reading.estimated(SOBOL);
    outputs.retain(|output| reading.indices.has(output, (SOBOL, "second")));
    outputs.into_iter().map(|output| figure(theme, reading, output)).collect()
}

fn figure(theme: &Theme, reading: &Reading, output: &str) -> Drawn {
    let subject = reading.subject;
    let all = reading.indices.sorted(output, SOBOL, "second");
    let known = |name: &&str| all.iter().any(|pair| pair.factor == *name || pair.with == *name);
    let totals = reading.indices.sorted(output, SOBOL, "total");
    let order: Vec<&str> = totals.iter().map(|total| total.factor.as_str()).filter(known).collect();
    let between = |a: &str, b: &str| {
        let own =
            |pair: &&&Index| [&pair.factor, &pair.with] == [a, b] || [&pair.with, &pair.factor] == [a, b];
        Cell::of(all.iter().find(own).copied())
    };
    let cells: Vec<Vec<Cell>> = (0..order.len())
        .map(|row| order[..row].iter().map(|column| between(order[row], column)).collect())
        .collect();
    let shown = format!("pairs that decide together: {}", subject.output_words(output));
    let title = run_words::title(&subject.run, theme, &shown);
    let labels = order.iter().map(|name| [subject.factor_words(name), (*name).to_owned()]).collect();
    // The title of a slide does not name the output.
    let of = if theme.slide() { format!(" of {}", subject.output_words(output)) } else { String::new() };
    let values = format!("share of the variance{of} that a pair makes beyond what both make alone");
    let picture = drawn(theme, reading, Triangle { title: &title, values, labels, cells });
    Drawn::new(stem(&["pairs", output]), title, picture, words::pairs(reading, output, &all))
}

struct Triangle<'a> {
    title: &'a str,
    values: String,
    /// By factor: in words, and by name.
    labels: Vec<[String; 2]>,
    /// By row: with each factor above it.
    cells: Vec<Vec<Cell>>,
}

/// Sizes in user units.
struct Layout {
    shown: usize,
    /// Left of the rows.
    labels: Vec<Vec<String>>,
    left: f64,
    wide: f64,
    high: f64,
    /// Whether the bar of colours stands beside the triangle, not in the corner that it leaves.
    beside: bool,
}

impl Layout {
    /// `bar` is the width of the bar of colours with its numbers.
    fn of(theme: &Theme, all: &Triangle, bar: f64) -> Layout {
        let em = theme.size;
        let room = theme.width - 2.0 * theme.margin();
        let least = font::width("0.00", theme.sizes()[1], false) + 0.45 * em;
        let most = if theme.slide() { SLIDE } else { MOST };
        let fitted = |words: usize, beside: bool| {
            let shown = all.labels.len().min(most);
            let label = |label: &[String; 2]| written(theme, &label[words], &label[1], 0.3 * room);
            let labels: Vec<Vec<String>> = all.labels[..shown].iter().map(label).collect();
            let widest =
                labels.iter().skip(1).flatten().map(|line| font::width(line, em, false)).fold(0.0, f64::max);
            let left = widest + 0.8 * em;
            let free = room - left - if beside { bar + 2.6 * em } else { 0.0 };
            // A row less than factors, of which the last one has no column.
            let fits = ((free / least) as usize + 1).clamp(2, shown.max(2));
            let wide = (free / (fits.min(shown).max(2) - 1) as f64).min(WIDE * em);
            Layout { shown: shown.min(fits), labels, left, wide, high: 0.0, beside }
        };
        let whole = |layout: &Layout| layout.shown == all.labels.len().min(most);
        let tries =
            [(0, true), (1, true), (0, false), (1, false)].map(|(words, beside)| fitted(words, beside));
        let mut tries = tries.into_iter();
        let last = tries.next_back();
        let mut found = tries.find(whole).or(last).unwrap_or_else(|| fitted(1, false));
        let lines = found.labels.iter().map(Vec::len).max().unwrap_or(1) as f64;
        found.high = (0.62 * found.wide).clamp(HIGH[0] * em, HIGH[1] * em).max((0.3 + 1.15 * lines) * em);
        found.labels.truncate(found.shown);
        found
    }
}

/// Words that end with a name in two lines, of which the name is never cut off.
fn written(theme: &Theme, words: &str, name: &str, room: f64) -> Vec<String> {
    let lines = font::wrap_evenly(words, theme.size, false, room, 2);
    if lines.join(" ") == words || words == name {
        return lines;
    }
    [words, name].map(|line| font::shorten(line, theme.size, false, room)).to_vec()
}

fn drawn(theme: &Theme, reading: &Reading, all: Triangle) -> Picture {
    let em = theme.size;
    let shares = || {
        all.cells.iter().flatten().filter_map(|cell| match cell {
            Cell::Share(share) => Some(*share),
            _ => None,
        })
    };
    let greatest = shares().fold(f64::NAN, f64::max);
    let scale = greatest.is_finite().then_some(Scale::Linear { low: 0.0, high: greatest.max(LITTLE) });
    let widest = |ticks: &[Tick]| ticks.iter().map(|t| font::width(&t.label, em, false)).fold(0.0, f64::max);
    let bar = scale.map_or(0.0, |scale| heat::BAR * em + 0.5 * em + widest(&scale.ticks(6)));
    let layout = Layout::of(theme, &all, bar);
    let has = |cell: Cell| all.cells[..layout.shown].iter().flatten().any(|known| *known == cell);
    let mut keys = Vec::new();
    if scale.is_some() {
        keys.push(Key::new(Sample::Nothing, "number and colour: the share; darker is more"));
    }
    if has(Cell::Nothing) {
        keys.push(Key::new(Sample::Dot(theme.neutral()), NOTHING));
    }
    if has(Cell::Unknown) {
        keys.push(Key::new(Sample::Swatch(empty_fill()), "no estimate, or none with an interval"));
    }
    if layout.shown < all.labels.len() {
        let text = run_words::left_out("factors", layout.shown, all.labels.len());
        keys.push(Key::new(Sample::Nothing, text));
    }
    let room = theme.width - 2.0 * theme.margin();
    let above = font::wrap_evenly(&all.values, em, false, room, 2);
    let top = (0.9 + 1.28 * above.len() as f64) * em;
    let head = Head { title: all.title, subtitle: "", keys };
    let rows = layout.shown as f64;
    let mut page = Page::new(theme, &reading.subject.run, &head, top + rows * layout.high + 0.6 * em);
    let area = page.area;
    let picture = &mut page.picture;
    axes::above(picture, theme, &above, area.left, area.top + top);
    let high = layout.high.min((area.height() - top) / rows);
    let left = area.left + layout.left;
    let top = area.top + top;
    let columns = (layout.shown - 1) as f64;
    // The bar, and where it ends below.
    let (bar_left, low) = match layout.beside {
        true => {
            let named = (0..layout.shown - 1).map(|row| {
                let name = &all.labels[row][usize::from(row > 0)];
                left + row as f64 * layout.wide + font::width(name, em, false) - 0.6 * em
            });
            let right = named.fold(left + columns * layout.wide, f64::max) + 2.0 * em;
            (right.min(area.right - bar), top + rows * high)
        }
        false => (area.right - bar, top + (0.5 * rows).floor() * high),
    };
    for (row, label) in layout.labels.iter().enumerate().skip(1) {
        let middle = top + (row as f64 + 0.5) * high;
        let first = middle - 0.5 * 1.15 * em * label.len() as f64;
        for (i, line) in label.iter().enumerate() {
            let at = (left - 0.6 * em, first + (i as f64 + 0.78) * 1.15 * em);
            picture.text(at, line, em, false, theme.ink(), Anchor::End);
        }
    }
    for row in 0..layout.shown - 1 {
        let (x, bottom) = (left + row as f64 * layout.wide, top + (row as f64 + 1.0) * high);
        let edge = if scale.is_some() && bottom - high < low { bar_left - em } else { area.right };
        let room = edge - x - 0.2 * em;
        // The first factor has no row.
        let words = row == 0 && font::width(&all.labels[0][0], em, false) <= room;
        let name = font::shorten(&all.labels[row][usize::from(!words)], em, false, room);
        picture.text((x + 0.2 * em, bottom - 0.42 * em), &name, em, false, theme.ink(), Anchor::Start);
    }
    for (row, cells) in all.cells[..layout.shown].iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let (x, y) = (left + column as f64 * layout.wide, top + row as f64 * high);
            let r = Rect { left: x, top: y, right: x + layout.wide, bottom: y + high };
            painted(picture, theme, *cell, scale, r);
        }
    }
    if let Some(scale) = scale {
        let rect = Rect { left: bar_left, top: top + 0.4 * em, right: bar_left, bottom: low };
        let ticks = scale.ticks(((rect.height() / (1.8 * em)) as usize).clamp(2, 6));
        heat::bar(picture, theme, &scale, (bar_left, rect), &ticks);
    }
    page.picture
}

fn painted(picture: &mut Picture, theme: &Theme, cell: Cell, scale: Option<Scale>, r: Rect) {
    let (x, y) = ((r.left + r.right) / 2.0, (r.top + r.bottom) / 2.0);
    match (cell, scale) {
        (Cell::Share(share), Some(scale)) => {
            let place = scale.place(share);
            picture.block(r, colour(theme, place));
            let ink = if place > DARK { Ink::rgb(255, 255, 255) } else { theme.ink() };
            let room = r.width() - 0.2 * theme.size;
            let (least, usual) = ("<0.01", format!("{share:.2}"));
            let little = share < 0.005 && font::width(least, theme.sizes()[1], false) <= room;
            let (text, size) = font::fitted(if little { least } else { &usual }, theme.sizes(), room);
            picture.text((x, y + 0.36 * size), &text, size, false, ink, Anchor::Middle);
        }
        (Cell::Unknown, _) => fills::block(picture, theme, &empty_fill(), r),
        _ => picture.disc((x, y), 0.2 * theme.size, theme.neutral().ink),
    }
    let corners =
        [(r.left, r.top), (r.right, r.top), (r.right, r.bottom), (r.left, r.bottom), (r.left, r.top)];
    picture.line(&corners, theme.ghost(), theme.hair(), &[]);
}
