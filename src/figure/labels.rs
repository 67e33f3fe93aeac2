//! Names of lines at their ends: right of the panel where a line reaches its edge, inside of the panel where it ends before.
//! Knows panels and fans; knows nothing of tables.

use super::audience::{Pen, Theme};
use super::axes::{self, EndLabel, Panel};
use super::canvas::{Anchor, Ink, Picture, Rect};
use super::fan::Fan;
use super::font;

/// A line with its name.
pub struct Named<'a> {
    pub label: &'a str,
    pub fan: &'a Fan,
    pub pen: Pen,
}

/// Names at the ends of lines; `room` right of the panel for one name: width and lines.
pub fn at_ends(picture: &mut Picture, theme: &Theme, panel: &Panel, lines: &[Named], room: (f64, usize)) {
    let paths: Vec<Vec<(f64, f64)>> = lines.iter().map(|line| path(panel, line.fan)).collect();
    let mut taken: Vec<Rect> = Vec::new();
    let mut outside = Vec::new();
    for (line, own) in lines.iter().zip(&paths) {
        let Some(&end) = own.last() else { continue };
        let inside = (panel.rect.right - end.0 > 2.0 * theme.size)
            .then(|| place(theme, &panel.rect, (line.label, end), &paths, &taken))
            .flatten();
        match inside {
            Some(free) => {
                taken.push(free);
                picture.block(free, Ink::rgb(255, 255, 255).faint(0.7));
                let at = (free.left + AIR * theme.size, free.bottom - 0.32 * theme.size);
                picture.text(at, line.label, theme.size, false, line.pen.text, Anchor::Start);
            }
            None => outside.push(EndLabel {
                y: end.1,
                lines: font::wrap(line.label, theme.size, false, room.0, room.1),
                pen: line.pen,
            }),
        }
    }
    axes::end_labels(picture, theme, &panel.rect, outside);
}

/// Free space around a name in type sizes.
const AIR: f64 = 0.2;

/// A middle in the picture.
fn path(panel: &Panel, fan: &Fan) -> Vec<(f64, f64)> {
    let points = fan.x.iter().zip(&fan.middle).map(|(x, y)| panel.at(*x, *y));
    points.filter(|p| p.0.is_finite() && p.1.is_finite()).collect()
}

/// Where a name fits beside the end of its line: where it hides least of all lines, and no other name at all.
fn place(
    theme: &Theme,
    rect: &Rect,
    (label, end): (&str, (f64, f64)),
    paths: &[Vec<(f64, f64)>],
    taken: &[Rect],
) -> Option<Rect> {
    let em = theme.size;
    let (width, height) = (font::width(label, em, false) + 2.0 * AIR * em, 1.25 * em);
    let lefts = [end.0 + 0.2 * em, end.0 - 0.5 * width, end.0 - width];
    let tops = [end.1 - 0.5 * height, end.1 - height - 0.35 * em, end.1 + 0.35 * em];
    // Of places as good as each other the first counts: right of the end, at its height.
    let places = tops.iter().flat_map(|top| lefts.iter().map(move |left| (*left, *top)));
    let boxes = places.map(|(left, top)| Rect { left, top, right: left + width, bottom: top + height });
    let fits = |r: &Rect| {
        let apart =
            |o: &Rect| r.left >= o.right || o.left >= r.right || r.top >= o.bottom || o.top >= r.bottom;
        r.left >= rect.left
            && r.right <= rect.right
            && r.top >= rect.top
            && r.bottom <= rect.bottom
            && taken.iter().all(apart)
    };
    let hidden = |r: &Rect| paths.iter().map(|path| inside(path, r)).sum::<usize>();
    boxes.filter(fits).min_by_key(hidden)
}

/// How much of a path lies inside of a box, in points taken along it.
fn inside(path: &[(f64, f64)], r: &Rect) -> usize {
    const POINTS: usize = 8;
    let within = |p: (f64, f64)| p.0 > r.left && p.0 < r.right && p.1 > r.top && p.1 < r.bottom;
    let along = |w: &[(f64, f64)], i: usize| {
        let share = i as f64 / POINTS as f64;
        (w[0].0 + (w[1].0 - w[0].0) * share, w[0].1 + (w[1].1 - w[0].1) * share)
    };
    path.windows(2).map(|w| (0..POINTS).filter(|i| within(along(w, *i))).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::super::Audience;
    use super::*;

    #[test]
    fn a_name_inside_hides_no_line_and_no_other_name() {
        let theme = Audience::Screen.theme();
        let rect = Rect { left: 0.0, top: 0.0, right: 600.0, bottom: 300.0 };
        let path = vec![(0.0, 150.0), (200.0, 150.0)];
        let first = place(&theme, &rect, ("one", (200.0, 150.0)), std::slice::from_ref(&path), &[]).unwrap();
        assert_eq!(inside(&path, &first), 0);
        let other = place(&theme, &rect, ("two", (200.0, 150.0)), &[path], &[first]).unwrap();
        assert!(other.top >= first.bottom || other.bottom <= first.top || other.right <= first.left);
        assert!(place(&theme, &Rect { right: 10.0, ..rect }, ("three", (200.0, 150.0)), &[], &[]).is_none());
    }
}
