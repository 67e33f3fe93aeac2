//! Phases of the arms: shading of a panel and strips with their names.
//! Knows subjects and panels; knows nothing of tables.

use super::audience::Theme;
use super::axes::Panel;
use super::canvas::{Anchor, Ink, Picture, Rect};
use super::page::{Key, Sample};
use super::reading::{Reading, distinct};
use super::scale::{drawable, number};
use super::{PhaseSubject, font, naming};

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

/// A phase on a strip: its edges and its name.
struct Block<'a> {
    left: f64,
    right: f64,
    name: &'a str,
}

/// The phases of some strips that are too narrow for their names, with their times; those of a numbered series at once.
pub fn key(theme: &Theme, panel: &Panel, rows: &[PhaseRow], outside: f64, unit: &str) -> Option<Key> {
    const MOST: usize = 4;
    let told = |row: &PhaseRow<'_>| {
        unnamed(theme, panel, row.phases, outside).into_iter().cloned().collect::<Vec<_>>()
    };
    let all = folded(distinct(rows.iter().flat_map(told)));
    let unit = naming::time_unit(unit);
    let one = |(name, spans): &(String, Vec<[f64; 2]>)| {
        let spans: Vec<String> =
            spans.iter().map(|[start, end]| format!("{} to {}", number(*start), number(*end))).collect();
        format!("{name} ({} {unit})", spans.join(", "))
    };
    let mut names: Vec<String> = all.iter().take(MOST).map(one).collect();
    if all.len() > MOST {
        names.push(format!("{} more", all.len() - MOST));
    }
    (!names.is_empty())
        .then(|| Key::new(Sample::Nothing, format!("too narrow for a name here: {}", names.join(", "))))
}

/// Phases of one name with all their spans, those of a numbered series as one: `day 1 to 28`, from the start of the first to the end of
/// the last.
fn folded(phases: Vec<PhaseSubject>) -> Vec<(String, Vec<[f64; 2]>)> {
    let mut out: Vec<(String, Vec<[f64; 2]>)> = Vec::new();
    for phase in phases {
        let (span, own) = ([phase.start, phase.end], series(&phase.name));
        let number = &phase.name[own.len()..];
        let before = |(name, spans): &&mut (String, Vec<[f64; 2]>)| {
            !number.is_empty() && name.starts_with(own) && spans.iter().all(|s| s[1] <= phase.start)
        };
        if let Some((_, spans)) = out.iter_mut().find(|(name, _)| *name == phase.name) {
            spans.push(span);
        } else if let Some((name, spans)) = out.iter_mut().find(before) {
            let first = name.split(" to ").next().unwrap_or_default();
            *name = format!("{first} to {number}");
            spans[0][1] = phase.end;
        } else {
            out.push((phase.name.clone(), vec![span]));
        }
    }
    out
}

/// Names of phases that a strip in this panel has no room for; none where another phase of the same words is named (weeks of a long run).
fn unnamed<'a>(
    theme: &Theme,
    panel: &Panel,
    phases: &'a [PhaseSubject],
    outside: f64,
) -> Vec<&'a PhaseSubject> {
    let known = |phase: &'a PhaseSubject| {
        let (left, right) = edges(panel, phase)?;
        Some((phase, Block { left, right, name: &phase.name }))
    };
    let (shown, blocks): (Vec<&PhaseSubject>, Vec<Block>) = phases.iter().filter_map(known).unzip();
    let placed = names(theme, &blocks, panel.rect.right, outside);
    let told = |name: &str| placed.iter().any(|(_, own, ..)| own == name || series(own) == series(name));
    let missing = shown.into_iter().filter(|phase| !told(&phase.name));
    missing
        .chain(phases.iter().filter(|phase| edges(panel, phase).is_none() && phase.end > phase.start))
        .collect()
}

/// A name without the number at its end; the whole of a name without one.
fn series(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// A strip of phases between `top` and `bottom` with their names, as far as these find room, the first also `outside` of it on the left.
pub fn strip(
    picture: &mut Picture,
    theme: &Theme,
    panel: &Panel,
    phases: &[PhaseSubject],
    (top, bottom): (f64, f64),
    (tint, outside): (Ink, f64),
) {
    let mut blocks = Vec::new();
    for (i, phase) in phases.iter().enumerate() {
        let Some((left, right)) = edges(panel, phase) else { continue };
        let ink = if i % 2 == 1 { tint.faint(0.24) } else { tint.faint(0.1) };
        picture.block(Rect { left, top, right, bottom }, ink);
        blocks.push(Block { left, right, name: &phase.name });
    }
    let y = (top + bottom) / 2.0 + 0.36 * theme.size;
    for (x, name, size, anchor) in names(theme, &blocks, panel.rect.right, outside) {
        picture.text((x, y), &name, size, false, theme.ink(), anchor);
    }
}

/// Names with their places and sizes. All in one size where that fits; else each in its phase, smaller or shortened where it must be,
/// or running on over the next of its series (weeks of a long run): over a phase of another name it would name that one. The first may
/// begin `outside` of its phase, where nothing stands left of the strip.
fn names(theme: &Theme, blocks: &[Block], end: f64, outside: f64) -> Vec<(f64, String, f64, Anchor)> {
    let air = 0.35 * theme.size;
    let fits =
        |block: &Block, size: f64| font::width(block.name, size, false) <= block.right - block.left - air;
    let sizes = [theme.size, 0.9 * theme.size, theme.sizes()[1]];
    let common = sizes.into_iter().find(|size| blocks.iter().all(|b| fits(b, *size)));
    let mut placed = Vec::new();
    let mut free = f64::NEG_INFINITY;
    for (i, block) in blocks.iter().enumerate() {
        let middle = (block.left + block.right) / 2.0;
        let size =
            common.or_else(|| sizes.into_iter().find(|size| fits(block, *size) && *size == theme.size));
        if let Some(size) = size.filter(|_| block.left >= free) {
            placed.push((middle, block.name.to_owned(), size, Anchor::Middle));
            continue;
        }
        let other = |b: &&Block| fits(b, theme.size) || series(b.name) != series(block.name);
        let next = blocks[i + 1..].iter().find(other).map_or(end, |b| b.left);
        let width = font::width(block.name, theme.size, false);
        let small = sizes.into_iter().find(|size| fits(block, *size));
        if block.left < free {
            continue;
        } else if block.left + width + 2.0 * air <= next && i + 1 < blocks.len() {
            placed.push((block.left + 0.5 * air, block.name.to_owned(), theme.size, Anchor::Start));
            free = block.left + width + 2.0 * air;
        } else if let Some(size) = small {
            placed.push((middle, block.name.to_owned(), size, Anchor::Middle));
        } else if let (0, Some(size)) = (i, reaching(theme, block, outside)) {
            placed.push((block.right - 0.5 * air, block.name.to_owned(), size, Anchor::End));
        } else {
            let small = theme.sizes()[1];
            let short = font::shorten(block.name, small, false, block.right - block.left - air);
            // Less than two thirds of a name are none; the legend has it.
            if 3 * short.chars().count() > 2 * block.name.chars().count() + 2 {
                placed.push((middle, short, small, Anchor::Middle));
            }
        }
    }
    placed
}

/// The size in which the first name fits with what is free left of it.
fn reaching(theme: &Theme, block: &Block, outside: f64) -> Option<f64> {
    let room = block.right - block.left + outside - 0.5 * theme.size;
    theme.sizes().into_iter().rev().find(|size| font::width(block.name, *size, false) <= room)
}

#[cfg(test)]
mod tests {
    use super::super::Audience;
    use super::*;

    #[test]
    fn names_of_narrow_phases_run_on_over_each_other_only_where_there_is_room() {
        let theme = Audience::Screen.theme();
        let weeks: Vec<String> = (1..=40).map(|i| format!("week {i}")).collect();
        let blocks: Vec<Block> = (0..40)
            .map(|i| Block { left: 20.0 * i as f64, right: 20.0 * (i + 1) as f64, name: &weeks[i] })
            .collect();
        let placed = names(&theme, &blocks, 800.0, 0.0);
        assert!(placed.len() > 8 && placed[0].1 == "week 1", "{placed:?}");
        let ends = placed.iter().map(|(x, name, size, _)| x + font::width(name, *size, false));
        assert!(ends.zip(placed.iter().skip(1)).all(|(end, next)| end < next.0));
    }

    #[test]
    fn a_narrow_phase_is_never_named_over_another_one() {
        let theme = Audience::Screen.theme();
        let phase = |name: &str, start, end| PhaseSubject { name: name.to_owned(), start, end };
        let phases = [phase("use", 0.0, 60.0), phase("last day", 60.0, 61.0), phase("rest", 61.0, 100.0)];
        let rect = Rect { left: 0.0, top: 0.0, right: 500.0, bottom: 20.0 };
        let y = super::super::scale::Scale::Linear { low: 0.0, high: 1.0 };
        let panel = Panel { rect, x: super::super::scale::Scale::Linear { low: 0.0, high: 100.0 }, y };
        let missing: Vec<&str> =
            unnamed(&theme, &panel, &phases, 0.0).iter().map(|p| p.name.as_str()).collect();
        assert_eq!(missing, ["last day"]);
        let weeks: Vec<PhaseSubject> =
            (0..40).map(|i| phase(&format!("week {i}"), f64::from(i), f64::from(i + 1))).collect();
        assert!(unnamed(&theme, &panel, &weeks, 0.0).is_empty());
    }

    #[test]
    fn phases_of_a_series_are_told_at_once() {
        let phase = |name: &str, start, end| PhaseSubject { name: name.to_owned(), start, end };
        let days = (1..=28).map(|day| phase(&format!("day {day}"), f64::from(day - 1), f64::from(day)));
        let firsts = [phase("first", -2.0, -1.0), phase("first", -2.0, 0.0)];
        let all = folded(firsts.into_iter().chain(days).collect());
        let firsts = ("first".to_owned(), vec![[-2.0, -1.0], [-2.0, 0.0]]);
        assert_eq!(all, [firsts, ("day 1 to 28".to_owned(), vec![[0.0, 28.0]])]);
    }

    #[test]
    fn a_narrow_first_phase_has_its_whole_name_where_the_margin_has_room() {
        let theme = Audience::Screen.theme();
        let blocks = [
            Block { left: 40.0, right: 80.0, name: "baseline" },
            Block { left: 80.0, right: 500.0, name: "exposure" },
        ];
        let first = |outside: f64| names(&theme, &blocks, 500.0, outside)[0].1.clone();
        assert_eq!(first(40.0), "baseline");
        assert_ne!(first(0.0), "baseline");
    }
}
