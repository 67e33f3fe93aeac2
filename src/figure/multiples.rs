//! Small panels of equal size in rows below one head, each with its title and its axes.
//! Knows scales and pages; what stands inside of a panel is drawn by whoever asks.

use super::audience::Theme;
use super::axes::{self, Panel};
use super::canvas::{Anchor, Ink, Picture, Rect};
use super::page::{Head, Page};
use super::scale::{Scale, Tick};
use super::{PhaseSubject, Subject, font, phases};

/// One panel.
pub struct Cell<'a> {
    pub title: String,
    /// What its upright axis shows; empty where all panels share one.
    pub axis: String,
    /// Below the title.
    pub notes: Vec<String>,
    pub x: Scale,
    pub y: Scale,
    pub x_title: String,
    /// Named on top and shaded; none where x is no time.
    pub phases: &'a [PhaseSubject],
}

/// All panels of a figure.
pub struct Multiples<'a> {
    pub head: Head<'a>,
    /// What the upright axes of all panels show; empty where each says so itself.
    pub axis: String,
    pub cells: Vec<Cell<'a>>,
    /// Unit of time, where x is the time.
    pub time: Option<&'a str>,
    /// Room right of each panel, in type sizes.
    pub right: f64,
    /// Least width and usual height of a panel, in type sizes.
    pub size: (f64, f64),
}

/// Panels that a slide holds.
pub const SLIDE: usize = 3;
/// Lines that a panel of a slide holds.
pub const SLIDE_LINES: usize = 4;
const MOST_COLUMNS: usize = 4;
const GAP: f64 = 1.3;

/// Widths, and what stands above and below each panel in lines.
struct Layout {
    columns: usize,
    rows: usize,
    /// Of the numbers of an upright axis.
    numbers: f64,
    /// Whether each panel has numbers of its own.
    own: bool,
    pitch: f64,
    width: f64,
    titles: Vec<Vec<String>>,
    axes: Vec<Vec<String>>,
    notes: Vec<Vec<String>>,
    x_titles: Vec<Vec<String>>,
    /// Whether all panels have the same words below them.
    one_x: bool,
    strip: f64,
}

fn most_lines(all: &[Vec<String>]) -> f64 {
    all.iter().map(Vec::len).max().unwrap_or(0) as f64
}

impl Layout {
    fn of(theme: &Theme, all: &Multiples) -> Layout {
        let em = theme.size;
        let cells = &all.cells;
        let room = theme.width - 2.0 * theme.margin();
        let own = cells.iter().any(|cell| cell.y != cells[0].y) || cells.iter().any(|c| !c.axis.is_empty());
        let numbers = cells.iter().map(|cell| axes::y_labels_width(theme, &cell.y)).fold(0.0, f64::max);
        let (first, each) = if own { (0.0, numbers) } else { (numbers, 0.0) };
        let right = all.right * em;
        let least = all.size.0 * em + each + right + GAP * em;
        let most =
            (((room - first + GAP * em) / least) as usize).clamp(1, MOST_COLUMNS.max(cells.len().min(5)));
        // A slide has no height for three rows.
        let two = cells.len().div_ceil(2).min(2);
        let most = if theme.slide() { most.max(two) } else { most.min(MOST_COLUMNS) };
        let rows = cells.len().div_ceil(most).max(1);
        let columns = cells.len().div_ceil(rows).max(1);
        let between = if columns > 1 { GAP * em + right + each } else { 0.0 };
        let pitch = (room - first - right - each + between) / columns as f64;
        let width = pitch - between;
        let lines = if theme.slide() { 1 } else { 2 };
        let beside = width + right;
        let wrapped = |text: &str, bold: bool, lines: usize| font::wrap_evenly(text, em, bold, beside, lines);
        let one_x = cells.iter().all(|cell| cell.x_title == cells[0].x_title);
        let x_room = if one_x || columns == 1 { room } else { pitch - 0.8 * em };
        let strip = cells.iter().any(|cell| !cell.phases.is_empty());
        Layout {
            titles: cells.iter().map(|cell| wrapped(&cell.title, true, 2)).collect(),
            axes: cells.iter().map(|cell| wrapped(&cell.axis, false, lines + 1)).collect(),
            notes: cells
                .iter()
                .map(|cell| cell.notes.iter().flat_map(|note| wrapped(note, false, lines)).collect())
                .collect(),
            x_titles: cells
                .iter()
                .map(|cell| font::wrap_evenly(&cell.x_title, em, false, x_room, lines + 1))
                .collect(),
            strip: if strip { phases::ROW + 0.2 } else { 0.0 },
            columns,
            rows,
            numbers,
            own,
            pitch,
            width,
            one_x,
        }
    }

    /// Above a panel, in type sizes: title, notes, axis, phases.
    fn above(&self) -> f64 {
        let some = |lines: f64, leading: f64, air: f64| if lines > 0.0 { leading * lines + air } else { 0.0 };
        some(most_lines(&self.titles), 1.25, 0.15)
            + some(most_lines(&self.notes), 1.25, 0.1)
            + some(most_lines(&self.axes), 1.28, 0.0)
            + 0.55
            + self.strip
    }

    /// Below a panel of a row.
    fn below(&self) -> f64 {
        let titles = if self.one_x { 0.0 } else { 1.35 * most_lines(&self.x_titles) };
        1.6 + titles + 0.5
    }

    /// Below all panels.
    fn last(&self) -> f64 {
        if self.one_x { 1.35 * most_lines(&self.x_titles) } else { 0.0 }
    }
}

/// The figure; `draw` is asked for the inside of each panel between its grid and its lower axis.
pub fn picture(
    theme: &Theme,
    subject: &Subject,
    all: &Multiples,
    draw: &mut dyn FnMut(&mut Picture, &Panel, usize),
) -> Picture {
    let em = theme.size;
    let mut layout = Layout::of(theme, all);
    let axis_lines = if theme.slide() { 2 } else { 3 };
    let axis = font::wrap(&all.axis, em, false, theme.width - 2.0 * theme.margin(), axis_lines);
    let shared = if axis.is_empty() { 0.0 } else { 1.28 * axis.len() as f64 + 0.5 };
    let rows = layout.rows as f64;
    let frame = layout.above() + layout.below();
    let content = (shared + rows * (frame + all.size.1) + layout.last()) * em;
    let Page { mut picture, area } = Page::new(theme, subject, &all.head, content);
    axes::above(&mut picture, theme, &axis, area.left, area.top + shared * em);
    let left_for = |layout: &Layout| {
        let frame = layout.above() + layout.below();
        (area.height() - (shared + layout.last()) * em) / rows - frame * em
    };
    // A slide cannot grow; phases are shaded without their names then, and titles have one line.
    if theme.slide() && left_for(&layout) < 4.5 * em {
        layout.strip = 0.0;
    }
    if theme.slide() && left_for(&layout) < 3.0 * em {
        let beside = layout.width + all.right * em;
        layout.axes = all.cells.iter().map(|cell| font::wrap(&cell.axis, em, false, beside, 1)).collect();
        layout.titles = all.cells.iter().map(|cell| font::wrap(&cell.title, em, true, beside, 1)).collect();
    }
    let frame = layout.above() + layout.below();
    let height = left_for(&layout).max(if theme.slide() { 2.4 } else { 3.0 } * em);
    for (i, cell) in all.cells.iter().enumerate() {
        let (row, column) = (i / layout.columns, i % layout.columns);
        let left = area.left + layout.numbers + column as f64 * layout.pitch;
        let top = area.top + shared * em + row as f64 * (height + frame * em) + layout.above() * em;
        let rect = Rect { left, top, right: left + layout.width, bottom: top + height };
        let panel = Panel { rect, x: cell.x, y: cell.y };
        words(&mut picture, theme, &layout, i, &rect);
        if !cell.phases.is_empty() {
            phases::shade(&mut picture, theme, &panel, cell.phases);
            if layout.strip > 0.0 {
                let strip = (top - layout.strip * em, top - 0.35 * em);
                let free =
                    left - if column == 0 { theme.margin() } else { left - layout.pitch + layout.width };
                phases::strip(
                    &mut picture,
                    theme,
                    &panel,
                    cell.phases,
                    strip,
                    (Ink::rgb(120, 120, 120), free),
                );
            }
        }
        axes::y_axis(&mut picture, theme, &panel, layout.own || column == 0);
        draw(&mut picture, &panel, i);
        let mut ticks = axes::x_ticks(theme, &cell.x, layout.width, all.time);
        // A wide label at the left edge would touch the lowest number of the upright axis.
        let clear = |tick: &Tick| {
            let half = font::width(&tick.label, em, false) / 2.0;
            half < 0.6 * em || panel.x_at(tick.value) - half > rect.left - 0.45 * em
        };
        if (layout.own || column == 0) && ticks.iter().filter(|tick| clear(tick)).count() > 1 {
            ticks.retain(clear);
        }
        let title: &[String] = if layout.one_x { &[] } else { &layout.x_titles[i] };
        axes::x_axis(&mut picture, theme, &panel, &ticks, true, title);
    }
    if layout.one_x
        && let Some(title) = layout.x_titles.first()
    {
        let bottom = area.top + (shared + rows * frame - layout.below()) * em + rows * height;
        let columns = layout.columns as f64;
        let left = area.left + layout.numbers;
        let middle = left + ((columns - 1.0) * layout.pitch + layout.width) / 2.0;
        for (i, line) in title.iter().enumerate() {
            let half = font::width(line, em, false) / 2.0;
            let x = middle.clamp(half + 1.0, (picture.width - half - 1.0).max(half + 1.0));
            let y = bottom + (2.65 + 1.3 * i as f64) * em;
            picture.text((x, y), line, em, false, theme.ink(), Anchor::Middle);
        }
    }
    picture
}

/// Title, notes and axis of a panel above its phases.
fn words(picture: &mut Picture, theme: &Theme, layout: &Layout, i: usize, rect: &Rect) {
    let em = theme.size;
    let mut y = rect.top - layout.above() * em;
    for line in &layout.titles[i] {
        y += 1.25 * em;
        picture.text((rect.left, y - 0.25 * em), line, em, true, theme.ink(), Anchor::Start);
    }
    for line in &layout.notes[i] {
        y += 1.25 * em;
        picture.text((rect.left, y - 0.2 * em), line, em, false, theme.soft(), Anchor::Start);
    }
    let mut y = rect.top - (layout.strip + 0.55) * em - 1.28 * em * (layout.axes[i].len() as f64 - 1.0);
    for line in &layout.axes[i] {
        picture.text((rect.left, y), line, em, false, theme.ink(), Anchor::Start);
        y += 1.28 * em;
    }
}
