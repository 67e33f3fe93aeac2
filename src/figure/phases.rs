//! Phases of the arms: shading of a panel and strips with their names.
//! Knows subjects and panels; knows nothing of tables.

use super::audience::Theme;
use super::axes::Panel;
use super::canvas::{Anchor, Ink, Picture, Rect};
use super::reading::Reading;
use super::scale::drawable;
use super::{PhaseSubject, font};

/// One strip of phases: of all arms where they agree, else of one arm.
pub struct PhaseRow<'a> {
    /// `None` where all arms share the phases.
    pub arm: Option<&'a str>,
    pub phases: &'a [PhaseSubject],
}

/// Height of a strip in type sizes.
pub const ROW: f64 = 1.5;

/// The strips of some arms; none where no arm has phases.
pub fn rows<'a>(reading: &Reading<'a>, arms: &[&str]) -> Vec<PhaseRow<'a>> {
    let subject: &'a super::Subject = reading.subject;
    let with = subject.arms.iter().filter(|a| arms.contains(&a.name.as_str()) && !a.phases.is_empty());
    let mut rows: Vec<PhaseRow> = with.map(|a| PhaseRow { arm: Some(&a.name), phases: &a.phases }).collect();
    if rows.windows(2).all(|w| w[0].phases == w[1].phases) {
        rows.truncate(1);
        rows.iter_mut().for_each(|row| row.arm = None);
    }
    rows
}

/// A phase's edges in the picture, held inside the panel; `None` where it lies outside.
fn edges(panel: &Panel, phase: &PhaseSubject) -> Option<(f64, f64)> {
    let (left, right) = (panel.x_at(phase.start), panel.x_at(phase.end));
    (drawable(left) && drawable(right) && right - left > 0.3).then_some((left, right))
}

/// Pale grey behind every second phase.
pub fn shade(picture: &mut Picture, theme: &Theme, panel: &Panel, phases: &[PhaseSubject]) {
    for phase in phases.iter().skip(1).step_by(2) {
        if let Some((left, right)) = edges(panel, phase) {
            picture.block(Rect { left, right, ..panel.rect }, theme.shade());
        }
    }
}

/// A strip of phases between `top` and `bottom` with the names that fit.
pub fn strip(
    picture: &mut Picture,
    theme: &Theme,
    panel: &Panel,
    phases: &[PhaseSubject],
    (top, bottom): (f64, f64),
    tint: Ink,
) {
    for (i, phase) in phases.iter().enumerate() {
        let Some((left, right)) = edges(panel, phase) else { continue };
        let ink = if i % 2 == 1 { tint.faint(0.24) } else { tint.faint(0.1) };
        picture.block(Rect { left, top, right, bottom }, ink);
        let room = right - left - 0.35 * theme.size;
        let size = [theme.size, 0.85 * theme.size, theme.small]
            .into_iter()
            .find(|s| font::width(&phase.name, *s, false) <= room);
        let size = size.unwrap_or(theme.size);
        let name = font::shorten(&phase.name, size, false, room);
        let readable = name == phase.name || name.chars().count() >= 5;
        if readable {
            let y = (top + bottom) / 2.0 + 0.36 * theme.size;
            picture.text(((left + right) / 2.0, y), &name, size, false, theme.ink(), Anchor::Middle);
        }
    }
}
