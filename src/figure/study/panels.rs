//! Small panels side by side and in rows, one for each factor, with one upright axis for all.
//! Knows axes of factors; knows nothing of what stands in a panel.

use super::super::audience::Theme;
use super::super::canvas::Rect;
use super::super::scale::Scale;
use super::super::{axes, font};
use super::axis::FactorAxis;

/// Panels of equal size in rows.
pub struct Panels {
    pub columns: usize,
    rows: usize,
    pub y: Scale,
    numbers: f64,
    /// Below each panel.
    pub titles: Vec<Vec<String>>,
    width: f64,
    /// Height of a panel where the picture may grow.
    high: f64,
    below: f64,
}

const GAP: f64 = 2.7;

impl Panels {
    pub fn of(theme: &Theme, factors: &[&FactorAxis], y: Scale) -> Panels {
        let em = theme.size;
        let numbers = axes::y_labels_width(theme, &y);
        let room = theme.width - 2.0 * theme.margin() - numbers;
        let most = (((room + GAP * em) / (13.5 * em)) as usize).clamp(1, 5);
        let rows = factors.len().div_ceil(most).max(1);
        let columns = factors.len().div_ceil(rows).max(1);
        let width = (room - GAP * em * (columns - 1) as f64) / columns as f64;
        let wide = width + 0.3 * GAP * em;
        let title =
            |axis: &&FactorAxis| font::wrap_named(&axis.factor.axis(), &axis.factor.name, em, wide, 3);
        let titles: Vec<Vec<String>> = factors.iter().map(title).collect();
        let lines = titles.iter().map(Vec::len).max().unwrap_or(1);
        let below = axes::x_axis_height(theme, lines) + 0.6 * em;
        let high = (0.72 * width).clamp(7.0 * em, 0.62 * theme.height);
        Panels { columns, rows, y, numbers, titles, width, high, below }
    }

    pub fn height(&self, theme: &Theme) -> f64 {
        self.rows as f64 * (self.high + self.below) + 0.2 * theme.size
    }

    pub fn rect(&self, theme: &Theme, area: &Rect, place: usize) -> Rect {
        let pitch = area.height() / self.rows as f64;
        let left = area.left + self.numbers + (place % self.columns) as f64 * (self.width + GAP * theme.size);
        let top = area.top + (place / self.columns) as f64 * pitch;
        Rect { left, top, right: left + self.width, bottom: top + pitch - self.below }
    }
}
