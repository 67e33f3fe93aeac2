//! Lying bars with whiskers, one row for each name.
//! Knows pages and scales; knows nothing of what a bar stands for.

use super::super::audience::Theme;
use super::super::axes::{self, Panel};
use super::super::canvas::{Anchor, Ink, Picture, Rect};
use super::super::fills::{self, Fill};
use super::super::page::{Head, Key, Page, Sample};
use super::super::scale::Scale;
use super::super::{Subject, font, words};

pub struct Bar {
    pub value: f64,
    /// Ends of the whisker; NaN for none.
    pub low: f64,
    pub high: f64,
    pub fill: Fill,
    /// Drawn as an outline: it may as well be nothing.
    pub hollow: bool,
    /// Behind the bar where there is room; in place of a bar without a value always.
    pub note: String,
}

pub struct Row {
    pub label: String,
    pub bars: Vec<Bar>,
}

pub struct Bars<'a> {
    pub head: Head<'a>,
    pub rows: Vec<Row>,
    pub scale: Scale,
    /// What the lying axis shows.
    pub axis: String,
    /// What the rows are: `factors`.
    pub rows_are: &'a str,
    /// Room for notes right of the scale, in type sizes.
    pub behind: f64,
    /// Lines that a row's name may take; two on a slide.
    pub lines: usize,
}

/// Rows of a picture; of a slide.
const MOST: usize = 40;
const SLIDE: usize = 6;

/// How many of so many rows an audience is shown.
pub fn shown(theme: &Theme, rows: usize) -> usize {
    rows.min(if theme.slide() { SLIDE } else { MOST })
}

/// Height of a bar in type sizes: of one of several, of one alone.
const THICK: [f64; 2] = [0.62, 0.9];

pub fn drawn(theme: &Theme, subject: &Subject, mut bars: Bars) -> Picture {
    let (all, shown) = (bars.rows.len(), shown(theme, bars.rows.len()));
    bars.rows.truncate(shown);
    if shown < all {
        bars.head.keys.push(Key::new(Sample::Nothing, words::left_out(bars.rows_are, shown, all)));
    }
    let em = theme.size;
    let room = theme.width - 2.0 * theme.margin();
    let most = 0.36 * room;
    let most_lines = if theme.slide() { 2 } else { bars.lines };
    let labels: Vec<Vec<String>> =
        bars.rows.iter().map(|row| font::wrap_evenly(&row.label, em, false, most, most_lines)).collect();
    let widest = labels.iter().flatten().map(|line| font::width(line, em, false)).fold(0.0, f64::max);
    let each = bars.rows.iter().map(|row| row.bars.len()).max().unwrap_or(1).max(1) as f64;
    let usual = THICK[usize::from(each == 1.0)];
    let lines = labels.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let pitch = (em * (0.75 + 1.05 * usual * each)).max(em * (0.45 + 1.2 * lines));
    let title = font::wrap_evenly(&bars.axis, em, false, 0.62 * room, 3);
    let below = axes::x_axis_height(theme, title.len());
    let content = pitch * shown.max(1) as f64 + below + 0.5 * em;
    let mut page = Page::new(theme, subject, &bars.head, content);
    let area = page.area;
    let rect = Rect {
        left: area.left + widest + 0.8 * em,
        top: area.top + 0.3 * em,
        right: area.right - bars.behind.max(0.6) * em,
        bottom: area.bottom - below,
    };
    let panel = Panel { rect, x: bars.scale, y: Scale::Linear { low: 0.0, high: 1.0 } };
    let picture = &mut page.picture;
    let ticks = axes::x_ticks(theme, &panel.x, rect.width(), None);
    for tick in &ticks {
        let x = panel.x_at(tick.value);
        picture.line(&[(x, rect.top), (x, rect.bottom)], theme.grid(), theme.hair(), &[]);
    }
    axes::x_axis(picture, theme, &panel, &ticks, true, &title);
    let pitch = rect.height() / shown.max(1) as f64;
    for (i, (row, label)) in bars.rows.iter().zip(&labels).enumerate() {
        let middle = rect.top + (i as f64 + 0.5) * pitch;
        named(picture, theme, label, rect.left - 0.6 * em, middle);
        let thick = (usual * em).min(0.8 * pitch / each).max(0.2 * em);
        let thick = if theme.slide() { (0.72 * pitch / each).min(1.3 * em) } else { thick };
        let top = middle - 0.5 * thick * row.bars.len() as f64;
        for (n, bar) in row.bars.iter().enumerate() {
            let top = top + n as f64 * thick;
            draw(picture, theme, &panel, bar, (top, top + 0.9 * thick));
        }
        let height = |n: usize| top + (n as f64 + 0.45) * thick;
        match &row.bars[..] {
            // What is to be said of all bars of a row is said once.
            [first, rest @ ..] if rest.iter().all(|bar| bar.note == first.note) => {
                note(picture, theme, &panel, (&first.note, &row.bars), middle, area.right);
            }
            bars => {
                for (n, bar) in bars.iter().enumerate() {
                    note(picture, theme, &panel, (&bar.note, bars), height(n), area.right);
                }
            }
        }
    }
    let zero = panel.x_at(0.0);
    picture.line(&[(zero, rect.top), (zero, rect.bottom)], theme.ink(), theme.hair(), &[]);
    page.picture
}

fn named(picture: &mut Picture, theme: &Theme, lines: &[String], right: f64, middle: f64) {
    let leading = 1.15 * theme.size;
    let top = middle - 0.5 * leading * lines.len() as f64;
    for (i, line) in lines.iter().enumerate() {
        let at = (right, top + (i as f64 + 0.78) * leading);
        picture.text(at, line, theme.size, false, theme.ink(), Anchor::End);
    }
}

fn draw(picture: &mut Picture, theme: &Theme, panel: &Panel, bar: &Bar, (top, bottom): (f64, f64)) {
    let (zero, end) = (panel.x_at(0.0), panel.x_at(bar.value));
    let middle = (top + bottom) / 2.0;
    if end.is_finite() {
        let r = Rect { left: zero.min(end), right: zero.max(end), top, bottom };
        match bar.hollow {
            true => outline(picture, r, bar.fill.ink, 1.7 * theme.hair()),
            false => fills::block(picture, theme, &bar.fill, r),
        }
    }
    let [low, high] = [bar.low, bar.high].map(|value| panel.x_at(value));
    if low.is_finite() && high.is_finite() {
        let (ink, width) = (theme.ink(), 1.3 * theme.hair());
        let half = 0.26 * (bottom - top);
        picture.line(&[(low, middle), (high, middle)], Ink::rgb(255, 255, 255).faint(0.75), 2.6 * width, &[]);
        picture.line(&[(low, middle), (high, middle)], ink, width, &[]);
        for x in [low, high] {
            picture.line(&[(x, middle - half), (x, middle + half)], ink, width, &[]);
        }
    }
}

/// A note at a height, behind the whiskers of all bars of its row; where there is no room, before them or not at all.
fn note(
    picture: &mut Picture,
    theme: &Theme,
    panel: &Panel,
    (text, bars): (&str, &[Bar]),
    middle: f64,
    edge: f64,
) {
    if text.is_empty() {
        return;
    }
    let ends = || {
        let ends = bars.iter().flat_map(|bar| [0.0, bar.value, bar.low, bar.high]);
        ends.map(|value| panel.x_at(value)).filter(|x| x.is_finite())
    };
    let right = ends().fold(panel.rect.left, f64::max);
    let left = ends().fold(panel.rect.right, f64::min);
    let size = theme.sizes()[1];
    let gap = 0.5 * theme.size;
    let wide = font::width(text, size, false);
    let y = middle + 0.36 * size;
    if right + gap + wide <= edge {
        picture.text((right + gap, y), text, size, false, theme.soft(), Anchor::Start);
    } else if left - gap - wide >= panel.rect.left {
        picture.text((left - gap, y), text, size, false, theme.soft(), Anchor::End);
    } else if bars.iter().all(|bar| !bar.value.is_finite()) {
        let note = font::shorten(text, size, false, edge - right - gap);
        picture.text((right + gap, y), &note, size, false, theme.soft(), Anchor::Start);
    }
}

fn outline(picture: &mut Picture, r: Rect, ink: Ink, width: f64) {
    picture.block(r, Ink::rgb(255, 255, 255));
    let corners =
        [(r.left, r.top), (r.right, r.top), (r.right, r.bottom), (r.left, r.bottom), (r.left, r.top)];
    picture.line(&corners, ink, width, &[]);
}
