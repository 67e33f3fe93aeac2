//! What surrounds every figure: title, what it shows, keys, and the footer with the honest label.
//! Knows nothing of axes; leaves a free area in which a figure is drawn.

use super::audience::{Marker, Pen, Theme};
use super::canvas::{Anchor, Picture, Rect};
use super::fan::{FEW, Fan};
use super::fills::{self, Fill};
use super::strokes;
use super::{Subject, font, scale};

/// What stands left of a key's words.
#[derive(Clone, Copy, Debug)]
pub enum Sample {
    Nothing,
    Line(Pen),
    /// A median with this many bands.
    Fan(Pen, usize),
    Ghost,
    Dot(Pen),
    /// An area.
    Swatch(Fill),
    /// An area of which only the outline is drawn.
    Hollow,
    /// An interval.
    Whisker,
}

/// One entry of the legend.
#[derive(Clone, Debug)]
pub struct Key {
    pub sample: Sample,
    pub text: String,
}

impl Key {
    pub fn new(sample: Sample, text: impl Into<String>) -> Key {
        Key { sample, text: text.into() }
    }

    /// Keys of the unchanged run: one, or one for each of several `(name, pen)` that moved, told apart by their dashes. A slide has one.
    pub fn unchanged(theme: &Theme, moved: &[(String, Pen)]) -> Vec<Key> {
        match moved {
            [] => vec![Key::new(Sample::Nothing, "unchanged: the same")],
            [_] => vec![Key::new(Sample::Ghost, "unchanged")],
            _ if theme.slide() => vec![Key::new(Sample::Ghost, "grey: unchanged")],
            several => {
                let key = |(name, pen): &(String, Pen)| {
                    Key::new(Sample::Line(strokes::ghost_pen(theme, pen)), format!("unchanged, {name}"))
                };
                several.iter().map(key).collect()
            }
        }
    }

    /// The key that says what middle and bands of a fan are.
    pub fn fan(pen: Pen, fan: &Fan) -> Key {
        let middle = if fan.mean { "mean" } else { "median" };
        let shares: Vec<String> =
            fan.bands.iter().rev().map(|b| format!("{} %", scale::number(100.0 * b.share))).collect();
        let text = match (shares.join(" and "), fan.n) {
            (none, Some(1)) if none.is_empty() => "one agent".to_owned(),
            (none, Some(n)) if none.is_empty() && n < FEW => {
                format!("{middle} of {n} agents, too few for bands")
            }
            (none, _) if none.is_empty() => format!("{middle} of agents"),
            (some, _) => {
                format!("{middle}; bands: middle {some} of agents (population spread, not uncertainty)")
            }
        };
        Key::new(Sample::Fan(pen, fan.bands.len()), text)
    }
}

/// A picture with its surroundings drawn and the area that is left.
pub struct Page {
    pub picture: Picture,
    pub area: Rect,
}

/// Title and legend of a figure.
pub struct Head<'a> {
    /// One paragraph, or two: whose figure it is, and what it shows.
    pub title: &'a str,
    /// One line below the title; left out on slides.
    pub subtitle: &'a str,
    pub keys: Vec<Key>,
}

const LEADING: f64 = 1.32;
/// No caution is so long that it would be cut.
const MOST_LINES: usize = 20;

impl Page {
    /// A page whose free area is at least `content` high (on a slide: what the slide leaves).
    pub fn new(theme: &Theme, subject: &Subject, head: &Head, content: f64) -> Page {
        let margin = theme.margin();
        let width = theme.width - 2.0 * margin;
        let title = titled(head.title, theme.title, width);
        let subtitle = match theme.slide() {
            true => Vec::new(),
            false => font::wrap(head.subtitle, theme.size, false, width, 2),
        };
        let keys = rows_of_keys(theme, &head.keys, width);
        let key_lines: usize = keys.iter().map(|row| row.lines).sum();
        let footer = footer(theme, subject, width);
        let top = margin * 0.7
            + title.len() as f64 * theme.title * LEADING
            + (subtitle.len() + key_lines) as f64 * theme.size * LEADING
            + theme.size * 0.7;
        let bottom = footer.len() as f64 * theme.small * LEADING + margin * 0.6 + theme.size * 0.5;
        let height = if theme.slide() { theme.height } else { top + content + bottom };
        let mut picture = Picture::new(theme.width, height);
        let mut y = margin * 0.7;
        for (line, bold) in title {
            y += theme.title * LEADING;
            let at = (margin, y - 0.25 * theme.title);
            picture.text(at, &line, theme.title, bold, theme.ink(), Anchor::Start);
        }
        for line in subtitle {
            y += theme.size * LEADING;
            picture.text(
                (margin, y - 0.2 * theme.size),
                &line,
                theme.size,
                false,
                theme.soft(),
                Anchor::Start,
            );
        }
        for row in keys {
            draw_keys(&mut picture, theme, &row, y);
            y += row.lines as f64 * theme.size * LEADING;
        }
        let mut low = height - margin * 0.6 - (footer.len() as f64 - 1.0) * theme.small * LEADING;
        for (line, bold) in footer {
            picture.text((margin, low), &line, theme.small, bold, theme.soft(), Anchor::Start);
            low += theme.small * LEADING;
        }
        Page {
            area: Rect { left: margin, top, right: theme.width - margin, bottom: height - bottom },
            picture,
        }
    }
}

/// A title in one line where it fits; else what it shows stands below the name of the scenario. `true` for bold.
fn titled(title: &str, size: f64, width: f64) -> Vec<(String, bool)> {
    let Some((whose, what)) = title.split_once('\n') else {
        return font::wrap_evenly(title, size, true, width, 3).into_iter().map(|line| (line, true)).collect();
    };
    let joined = format!("{whose}: {what}");
    if font::width(&joined, size, true) <= width {
        return vec![(joined, true)];
    }
    let what = font::wrap_evenly(what, size, false, width, 2).into_iter().map(|line| (line, false));
    font::wrap_evenly(whose, size, true, width, 3).into_iter().map(|line| (line, true)).chain(what).collect()
}

/// Label, cautions, origin, changes and failures, wrapped; `true` for bold. A caution is never cut.
fn footer(theme: &Theme, subject: &Subject, width: f64) -> Vec<(String, bool)> {
    let mut facts = vec![subject.provenance.clone()];
    if !subject.changed.is_empty() {
        facts.push(format!("changed: {}", subject.changed.join("; ")));
    }
    if subject.failed > 0 {
        let (failed, agents) = (scale::count(subject.failed), scale::count(subject.agents));
        facts.push(format!("{failed} of {agents} agents failed and are left out"));
    }
    facts.retain(|fact| !fact.is_empty());
    let label = font::wrap(&subject.label, theme.small, true, width, 2).into_iter();
    let cautions =
        subject.foot.iter().flat_map(|text| font::wrap_evenly(text, theme.small, true, width, MOST_LINES));
    let label = label.chain(cautions).map(|line| (line, true));
    let facts = match theme.slide() {
        true => font::wrap(&facts.join(" · "), theme.small, false, width, 2),
        false => facts.iter().flat_map(|fact| font::wrap(fact, theme.small, false, width, 3)).collect(),
    };
    label.chain(facts.into_iter().map(|line| (line, false))).collect()
}

/// Keys side by side with the lines that their texts take.
struct KeyRow {
    keys: Vec<(f64, Sample, Vec<String>)>,
    lines: usize,
}

fn sample_width(theme: &Theme, sample: Sample) -> f64 {
    match sample {
        Sample::Nothing => 0.0,
        Sample::Dot(_) => theme.size * 1.2,
        Sample::Swatch(_) | Sample::Hollow => theme.size * 2.2,
        Sample::Line(pen) if pen.marker != Marker::None => theme.size * 3.4,
        _ => theme.size * 2.6,
    }
}

fn rows_of_keys(theme: &Theme, keys: &[Key], width: f64) -> Vec<KeyRow> {
    let mut rows: Vec<KeyRow> = Vec::new();
    let mut x = width;
    let several =
        keys.iter().filter(|key| matches!(key.sample, Sample::Line(_) | Sample::Swatch(_))).count() > 2;
    for key in keys {
        let sample = sample_width(theme, key.sample);
        let room = width - sample;
        let lines = match key.sample {
            Sample::Line(_) | Sample::Swatch(_) if theme.slide() && several => {
                vec![font::shorten(&key.text, theme.size, false, 0.4 * width)]
            }
            _ => font::wrap(&key.text, theme.size, false, room, 3),
        };
        let widest = lines.iter().map(|l| font::width(l, theme.size, false)).fold(0.0, f64::max);
        if rows.is_empty() || x + sample + widest > width || lines.len() > 1 {
            rows.push(KeyRow { keys: Vec::new(), lines: 0 });
            x = 0.0;
        }
        if let Some(row) = rows.last_mut() {
            row.lines = row.lines.max(lines.len());
            row.keys.push((x, key.sample, lines));
        }
        x += sample + widest + 1.6 * theme.size;
    }
    rows
}

fn draw_keys(picture: &mut Picture, theme: &Theme, row: &KeyRow, top: f64) {
    for (x, sample, lines) in &row.keys {
        let left = theme.margin() + x;
        let middle = top + 0.62 * LEADING * theme.size;
        let end = left + sample_width(theme, *sample) - 0.6 * theme.size;
        let reach = 0.5 * theme.size;
        match sample {
            Sample::Nothing => {}
            Sample::Line(pen) => strokes::sample(picture, theme, pen, (left, end), middle),
            Sample::Fan(pen, bands) => {
                for band in 0..*bands {
                    let half = reach * (1.0 - 0.45 * band as f64);
                    let r = Rect { left, top: middle - half, right: end, bottom: middle + half };
                    picture.block(r, strokes::band_ink(pen, band + 2 - bands));
                }
                picture.line(&[(left, middle), (end, middle)], pen.ink, theme.line, &[]);
            }
            Sample::Ghost => {
                let dash = strokes::ghost_dash(theme);
                picture.line(&[(left, middle), (end, middle)], theme.ghost(), theme.line * 0.8, &dash);
            }
            Sample::Swatch(fill) => {
                let r = Rect { left, top: middle - 0.85 * reach, right: end, bottom: middle + 0.85 * reach };
                fills::block(picture, theme, fill, r);
            }
            Sample::Hollow => {
                let (high, low) = (middle - 0.8 * reach, middle + 0.8 * reach);
                let corners = [(left, high), (end, high), (end, low), (left, low), (left, high)];
                picture.line(&corners, theme.ink(), 1.2 * theme.hair(), &[]);
            }
            Sample::Whisker => {
                let width = 1.3 * theme.hair();
                picture.line(&[(left, middle), (end, middle)], theme.ink(), width, &[]);
                for x in [left, end] {
                    let tip = 0.35 * reach;
                    picture.line(&[(x, middle - tip), (x, middle + tip)], theme.ink(), width, &[]);
                }
            }
            Sample::Dot(pen) => strokes::dot(picture, theme, pen, (left + 0.35 * theme.size, middle), 1.0),
        }
        for (i, line) in lines.iter().enumerate() {
            let at = (left + sample_width(theme, *sample), top + (i as f64 + 0.82) * LEADING * theme.size);
            picture.text(at, line, theme.size, false, theme.ink(), Anchor::Start);
        }
    }
}
