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
                leader(picture, theme, &line.pen, end, &free);
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

/// Heights of rows in which a name may stand above and below the end of its line.
const STEP: f64 = 0.65;
const STEPS: i32 = 14;

/// Where a name fits near the end of its line: where it hides least of all lines without being far, and no other name at all.
fn place(
    theme: &Theme,
    rect: &Rect,
    (label, end): (&str, (f64, f64)),
    paths: &[Vec<(f64, f64)>],
    taken: &[Rect],
) -> Option<Rect> {
    let em = theme.size;
    let (width, height) = (font::width(label, em, false) + 2.0 * AIR * em, 1.25 * em);
    let lefts = [0.2, 1.5, 3.0].map(|right| end.0 + right * em);
    let lefts = lefts.into_iter().chain([end.0 - 0.5 * width, end.0 - width]);
    let tops = (0..=STEPS).flat_map(|step| [-step, step]).map(|step| f64::from(step) * STEP * em);
    let tops: Vec<f64> = tops.map(|away| end.1 - 0.5 * height + away).collect();
    let places = lefts.flat_map(|left| tops.iter().map(move |top| (left, *top)));
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
    // A name hides a line as much as it stands away from its own by thrice that length.
    let harm = |r: &Rect| {
        let (x, y) = nearest(r, end);
        let away = (x - end.0).hypot(y - end.1);
        3.0 * paths.iter().map(|path| inside(path, r)).sum::<f64>() + away
    };
    boxes.filter(fits).min_by(|a, b| harm(a).total_cmp(&harm(b)))
}

/// The point of a box that is nearest to a point.
fn nearest(r: &Rect, (x, y): (f64, f64)) -> (f64, f64) {
    (x.clamp(r.left, r.right), y.clamp(r.top, r.bottom))
}

/// A thin line from the end of a line to its name, where that stands away from it.
fn leader(picture: &mut Picture, theme: &Theme, pen: &Pen, end: (f64, f64), name: &Rect) {
    let to = nearest(name, end);
    if (to.0 - end.0).hypot(to.1 - end.1) > 0.7 * theme.size {
        let ink = Ink { alpha: 0.7, ..pen.ink };
        picture.line(&[end, to], ink, theme.hair(), &[]);
    }
}

/// Length of a path inside of a box.
fn inside(path: &[(f64, f64)], r: &Rect) -> f64 {
    let length = |w: &[(f64, f64)]| {
        let along = (w[1].0 - w[0].0, w[1].1 - w[0].1);
        let x = crossed(w[0].0, along.0, (r.left, r.right));
        let y = crossed(w[0].1, along.1, (r.top, r.bottom));
        (x.1.min(y.1) - x.0.max(y.0)).max(0.0) * along.0.hypot(along.1)
    };
    path.windows(2).map(length).sum()
}

/// From which to which share of its way, between 0 and 1, something is between two bounds; the first is greater where it never is.
fn crossed(from: f64, way: f64, (low, high): (f64, f64)) -> (f64, f64) {
    if way == 0.0 {
        return if (low..=high).contains(&from) { (0.0, 1.0) } else { (1.0, 0.0) };
    }
    let (a, b) = ((low - from) / way, (high - from) / way);
    (a.min(b).max(0.0), a.max(b).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::super::Audience;
    use super::*;

    #[test]
    fn the_length_of_a_path_in_a_box_does_not_depend_on_its_points() {
        let r = Rect { left: 10.0, top: -1.0, right: 30.0, bottom: 1.0 };
        let straight = |points: i32| {
            let path: Vec<_> =
                (0..=points).map(|i| (100.0 * f64::from(i) / f64::from(points), 0.0)).collect();
            inside(&path, &r)
        };
        assert!((straight(1) - 20.0).abs() < 1e-9 && (straight(17) - 20.0).abs() < 1e-9);
        assert_eq!(inside(&[(0.0, 5.0), (50.0, 5.0)], &r), 0.0);
    }

    #[test]
    fn a_name_inside_hides_no_line_and_no_other_name() {
        let theme = Audience::Screen.theme();
        let rect = Rect { left: 0.0, top: 0.0, right: 600.0, bottom: 300.0 };
        let path = vec![(0.0, 150.0), (200.0, 150.0)];
        let first = place(&theme, &rect, ("one", (200.0, 150.0)), std::slice::from_ref(&path), &[]).unwrap();
        assert_eq!(inside(&path, &first), 0.0);
        let other = place(&theme, &rect, ("two", (200.0, 150.0)), &[path], &[first]).unwrap();
        assert!(other.top >= first.bottom || other.bottom <= first.top || other.right <= first.left);
        let swings: Vec<_> =
            (0..300).map(|i| (2.0 * f64::from(i), 150.0 + 20.0 * f64::from(i % 2))).collect();
        let own = vec![(0.0, 150.0), (50.0, 150.0)];
        let paths = [swings, own];
        let free = place(&theme, &rect, ("three", (50.0, 150.0)), &paths, &[]).unwrap();
        assert_eq!(paths.iter().map(|path| inside(path, &free)).sum::<f64>(), 0.0, "{free:?}");
        assert!(place(&theme, &Rect { right: 10.0, ..rect }, ("three", (200.0, 150.0)), &[], &[]).is_none());
    }
}
