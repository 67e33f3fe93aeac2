//! Panels with their axes, and labels at the ends of lines.
//! Knows scales and pictures; knows nothing of tables.

use super::audience::{Pen, Theme};
use super::canvas::{Anchor, Ink, Picture, Rect};
use super::font;
use super::scale::{Scale, Tick};

/// A rectangle with its two scales.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    pub rect: Rect,
    pub x: Scale,
    pub y: Scale,
}

impl Panel {
    pub fn x_at(&self, x: f64) -> f64 {
        self.rect.left + self.x.place(x) * self.rect.width()
    }

    pub fn y_at(&self, y: f64) -> f64 {
        self.rect.bottom - self.y.place(y) * self.rect.height()
    }

    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x_at(x), self.y_at(y))
    }
}

/// Labelled ticks of an upright axis: as many as its height carries, and two at least, as one number alone gives no scale.
fn upright_ticks(theme: &Theme, scale: &Scale, height: f64) -> Vec<Tick> {
    let most = ((height / (1.8 * theme.size)) as usize).clamp(2, 7);
    (most..=7)
        .map(|most| scale.ticks(most))
        .find(|ticks| ticks.len() > 1)
        .unwrap_or_else(|| scale.ticks(most))
}

/// Width of the labels of an upright axis of any height, with the gap to the panel.
pub fn y_labels_width(theme: &Theme, scale: &Scale) -> f64 {
    let labels = (2..=7).flat_map(|most| scale.ticks(most)).map(|t| font::width(&t.label, theme.size, false));
    labels.fold(0.0, f64::max) + 0.6 * theme.size
}

/// Grid lines and, where `labelled`, numbers left of the panel.
pub fn y_axis(picture: &mut Picture, theme: &Theme, panel: &Panel, labelled: bool) {
    for tick in upright_ticks(theme, &panel.y, panel.rect.height()) {
        let y = panel.y_at(tick.value);
        picture.line(&[(panel.rect.left, y), (panel.rect.right, y)], theme.grid(), theme.hair(), &[]);
        if labelled {
            let at = (panel.rect.left - 0.5 * theme.size, y + 0.36 * theme.size);
            picture.text(at, &tick.label, theme.size, false, theme.soft(), Anchor::End);
        }
    }
}

/// Room below a panel for tick labels and a title of so many lines.
pub fn x_axis_height(theme: &Theme, title_lines: usize) -> f64 {
    theme.size * (1.6 + 1.35 * title_lines as f64)
}

/// Ticks that fit side by side below a panel of this width.
pub fn x_ticks(theme: &Theme, scale: &Scale, width: f64, time_unit: Option<&str>) -> Vec<Tick> {
    let ticks = |most| match time_unit {
        Some(unit) => scale.time_ticks(most, unit),
        None => scale.ticks(most),
    };
    let fits = |ticks: &[Tick], air: f64| {
        let widest = ticks.iter().map(|t| font::width(&t.label, theme.size, false)).fold(0.0, f64::max);
        let places: Vec<f64> = ticks.iter().map(|t| scale.place(t.value) * width).collect();
        places.windows(2).all(|w| w[1] - w[0] > widest + air * theme.size)
    };
    let most = ((width / (3.2 * theme.size)) as usize).clamp(2, 10);
    // One number alone gives no scale: two close to each other are better than one with air around it.
    let some = |air: f64| (2..=most.max(4)).rev().map(ticks).find(|t| t.len() > 1 && fits(t, air));
    some(1.0).or_else(|| some(0.4)).unwrap_or_else(|| ticks(2).into_iter().take(1).collect())
}

/// The line below a panel with its ticks; numbers where `labelled`; below them the lines of a title.
pub fn x_axis(
    picture: &mut Picture,
    theme: &Theme,
    panel: &Panel,
    ticks: &[Tick],
    labelled: bool,
    title: &[String],
) {
    let (r, size) = (panel.rect, theme.size);
    picture.line(&[(r.left, r.bottom), (r.right, r.bottom)], theme.ink(), theme.hair(), &[]);
    for value in panel.x.minor() {
        let x = panel.x_at(value);
        picture.line(&[(x, r.bottom), (x, r.bottom + 0.16 * size)], theme.ink(), theme.hair() * 0.7, &[]);
    }
    for tick in ticks {
        let x = panel.x_at(tick.value);
        picture.line(&[(x, r.bottom), (x, r.bottom + 0.3 * size)], theme.ink(), theme.hair(), &[]);
        if labelled {
            let half = font::width(&tick.label, size, false) / 2.0;
            let x = x.clamp(half + 1.0, picture.width - half - 1.0);
            picture.text((x, r.bottom + 1.3 * size), &tick.label, size, false, theme.soft(), Anchor::Middle);
        }
    }
    for (i, line) in title.iter().enumerate() {
        let y = r.bottom + (2.65 + 1.3 * i as f64) * size;
        let half = font::width(line, size, false) / 2.0;
        let x = ((r.left + r.right) / 2.0).clamp(half + 1.0, (picture.width - half - 1.0).max(half + 1.0));
        picture.text((x, y), line, size, false, theme.ink(), Anchor::Middle);
    }
}

/// Lines of text above a panel, the last one ending just above `bottom`.
pub fn above(picture: &mut Picture, theme: &Theme, lines: &[String], left: f64, bottom: f64) {
    for (i, line) in lines.iter().rev().enumerate() {
        let at = (left, bottom - (0.75 + 1.28 * i as f64) * theme.size);
        picture.text(at, line, theme.size, false, theme.ink(), Anchor::Start);
    }
}

/// A label that belongs to the end of a line at height `y`.
pub struct EndLabel {
    pub y: f64,
    pub lines: Vec<String>,
    pub pen: Pen,
}

pub const LABEL_LEADING: f64 = 1.18;

/// Height that labels take one above the other.
pub fn labels_height(theme: &Theme, lines: usize) -> f64 {
    lines as f64 * LABEL_LEADING * theme.size
}

/// Writes labels right of a panel, moved apart where they would touch, with a thin line to where they belong.
pub fn end_labels(picture: &mut Picture, theme: &Theme, rect: &Rect, mut labels: Vec<EndLabel>) {
    labels.retain(|l| l.y.is_finite() && !l.lines.is_empty());
    labels.sort_by(|a, b| a.y.total_cmp(&b.y));
    let heights: Vec<f64> = labels.iter().map(|l| labels_height(theme, l.lines.len())).collect();
    let wanted: Vec<f64> = labels.iter().zip(&heights).map(|(l, h)| l.y - h / 2.0).collect();
    let tops = spread_out(&wanted, &heights, (rect.top, rect.bottom));
    for ((label, top), height) in labels.iter().zip(&tops).zip(&heights) {
        let (from, middle) = (rect.right + 0.15 * theme.size, top + height / 2.0);
        let to = rect.right + 0.95 * theme.size;
        let ink = Ink { alpha: 0.55, ..label.pen.ink };
        picture.line(&[(from, label.y), (to, middle)], ink, theme.hair(), &[]);
        for (i, line) in label.lines.iter().enumerate() {
            let y = top + (i as f64 + 0.82) * LABEL_LEADING * theme.size;
            picture.text(
                (rect.right + 1.15 * theme.size, y),
                line,
                theme.size,
                false,
                label.pen.text,
                Anchor::Start,
            );
        }
    }
}

/// Tops of boxes in the same order, near the wanted ones, without overlap and within the range where they fit.
fn spread_out(wanted: &[f64], heights: &[f64], (low, high): (f64, f64)) -> Vec<f64> {
    let mut tops = wanted.to_vec();
    let mut free = low;
    for (top, height) in tops.iter_mut().zip(heights) {
        *top = top.max(free);
        free = *top + height;
    }
    let mut limit = high;
    for (top, height) in tops.iter_mut().zip(heights).rev() {
        *top = top.min(limit - height);
        limit = *top;
    }
    // Labels pushed up by those below may leave room between the highest and where it wanted to be.
    tops
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_upright_axis_has_two_numbers_at_least() {
        let theme = super::super::Audience::Slide.theme();
        for (low, high) in [(-260.0, 210.0), (0.0, 107.0), (-1.0, 1.0), (3.1, 3.4)] {
            let ticks = upright_ticks(&theme, &Scale::Linear { low, high }, 2.0 * theme.size);
            assert!(ticks.len() > 1, "{low} {high}: {ticks:?}");
        }
    }

    proptest! {
        #[test]
        fn labels_that_fit_never_overlap_and_stay_inside(ys in proptest::collection::vec(-20.0f64..120.0, 1..8)) {
            let mut wanted = ys.clone();
            wanted.sort_by(f64::total_cmp);
            let heights = vec![12.0; wanted.len()];
            let tops = spread_out(&wanted, &heights, (0.0, 100.0));
            prop_assert!(tops.windows(2).all(|w| w[1] - w[0] >= 12.0 - 1e-9), "{tops:?}");
            prop_assert!(tops.iter().all(|t| (-1e-9..=88.0 + 1e-9).contains(t)), "{tops:?}");
        }
    }
}
