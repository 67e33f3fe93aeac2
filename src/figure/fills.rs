//! Filled areas that are told apart by colour, by lightness and, where greys are printed, by hatching.
//! Knows audiences and pictures; knows nothing of what an area stands for.

use super::Audience;
use super::audience::Theme;
use super::canvas::{Ink, Picture, Rect};

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    pub ink: Ink,
    /// Lines over it.
    hatch: Option<(Hatch, Ink)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Hatch {
    Rising,
    Falling,
    Upright,
    Level,
}

const COLOURS: [(u8, u8, u8); 6] =
    [(0, 86, 142), (230, 140, 40), (120, 195, 175), (150, 75, 130), (200, 190, 90), (120, 120, 120)];
const GREYS: [u8; 6] = [95, 175, 225, 130, 205, 240];
const HATCHES: [Option<Hatch>; 5] =
    [None, Some(Hatch::Rising), Some(Hatch::Falling), Some(Hatch::Upright), Some(Hatch::Level)];

/// The fill of a part at a place. From the fourth on colours are hatched too, so that twelve differ.
pub fn fill(theme: &Theme, index: usize) -> Fill {
    let grey = theme.audience == Audience::Grey;
    let (r, g, b) = match grey {
        true => [GREYS[index % GREYS.len()]; 3].into(),
        false => COLOURS[index % COLOURS.len()],
    };
    let printed = grey || theme.audience == Audience::Handout;
    let hatch = match printed {
        true => HATCHES[index % HATCHES.len()],
        false => HATCHES[(index / COLOURS.len()) % HATCHES.len()],
    };
    let lines = if r < 130 && grey { Ink::rgb(255, 255, 255) } else { Ink::rgb(60, 60, 60).faint(0.7) };
    Fill { ink: Ink::rgb(r, g, b).faint(0.85), hatch: hatch.map(|hatch| (hatch, lines)) }
}

impl Fill {
    /// Pale, with slanting lines of the same ink.
    pub fn hatched(ink: Ink) -> Fill {
        Fill { ink: ink.faint(0.3), hatch: Some((Hatch::Rising, ink)) }
    }

    /// Of one ink, without lines.
    pub fn of(ink: Ink) -> Fill {
        Fill { ink, hatch: None }
    }
}

/// A block of a fill.
pub fn block(picture: &mut Picture, theme: &Theme, fill: &Fill, r: Rect) {
    area(picture, theme, fill, &[(r.left, r.bottom, r.top), (r.right, r.bottom, r.top)]);
}

/// An area between two edges: points (right, lower edge, upper edge) in the picture, from left to right.
pub fn area(picture: &mut Picture, theme: &Theme, fill: &Fill, edges: &[(f64, f64, f64)]) {
    if edges.len() < 2 || edges.iter().all(|(_, low, high)| low - high < 0.05) {
        return;
    }
    let low = edges.iter().map(|(x, low, _)| (*x, *low));
    let high = edges.iter().rev().map(|(x, _, high)| (*x, *high));
    picture.area(low.chain(high).collect(), fill.ink);
    let Some((hatch, ink)) = fill.hatch else { return };
    let gap = 0.62 * theme.size;
    for points in lines(hatch, gap, edges) {
        picture.line(&points, ink, 0.7 * theme.hair(), &[]);
    }
}

/// Pieces of parallel lines inside of the area.
fn lines(hatch: Hatch, gap: f64, edges: &[(f64, f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let (left, right) = (edges[0].0, edges[edges.len() - 1].0);
    let top = edges.iter().map(|e| e.2).fold(f64::INFINITY, f64::min);
    let bottom = edges.iter().map(|e| e.1).fold(f64::NEG_INFINITY, f64::max);
    if hatch == Hatch::Upright {
        let count = ((right - left) / gap).floor() as usize;
        let xs = (1..=count).map(|i| left + i as f64 * gap).filter(|x| *x < right);
        let line = |x: f64| at(edges, x).map(|(low, high)| vec![(x, low), (x, high)]);
        return xs.filter_map(line).collect();
    }
    let slope = match hatch {
        Hatch::Rising => -1.0,
        Hatch::Falling => 1.0,
        _ => 0.0,
    };
    // A line is y = slope·x + c. A whole multiple of the gap, so that neighbouring areas of one fill join.
    let ends = [slope * left, slope * right];
    let (least, most) = (top - ends[0].max(ends[1]), bottom - ends[0].min(ends[1]));
    let step = if slope == 0.0 { gap } else { gap * std::f64::consts::SQRT_2 };
    let first = (least / step).ceil() as i64;
    let last = ((most / step).floor() as i64).min(first.saturating_add(2000));
    (first..=last).flat_map(|k| pieces(edges, slope, k as f64 * step)).collect()
}

/// Where one line lies inside, in pieces.
fn pieces(edges: &[(f64, f64, f64)], slope: f64, c: f64) -> Vec<Vec<(f64, f64)>> {
    const STEP: f64 = 0.8;
    let (left, right) = (edges[0].0, edges[edges.len() - 1].0);
    let steps = ((right - left) / STEP).ceil() as usize;
    let (mut out, mut run, mut place) = (Vec::new(), None, 0);
    for i in 0..=steps {
        let x = (left + i as f64 * STEP).min(right);
        while place + 2 < edges.len() && edges[place + 1].0 < x {
            place += 1;
        }
        let (low, high) = between(edges[place], edges[place + 1], x);
        let y = slope * x + c;
        match (y < low && y > high, run) {
            (true, None) => run = Some(((x, y), (x, y))),
            (true, Some((from, _))) => run = Some((from, (x, y))),
            (false, Some((from, to))) => {
                out.push(vec![from, to]);
                run = None;
            }
            (false, None) => {}
        }
    }
    out.extend(run.map(|(from, to)| vec![from, to]));
    out.retain(|piece| piece[1].0 - piece[0].0 > STEP);
    out
}

fn between(a: (f64, f64, f64), b: (f64, f64, f64), x: f64) -> (f64, f64) {
    let share = if b.0 > a.0 { ((x - a.0) / (b.0 - a.0)).clamp(0.0, 1.0) } else { 0.0 };
    (a.1 + (b.1 - a.1) * share, a.2 + (b.2 - a.2) * share)
}

fn at(edges: &[(f64, f64, f64)], x: f64) -> Option<(f64, f64)> {
    let after = edges.iter().position(|e| e.0 >= x)?.max(1);
    Some(between(edges[after - 1], *edges.get(after)?, x)).filter(|(low, high)| low - high > 0.3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hatching_stays_inside_of_its_area() {
        let edges = [(0.0, 50.0, 40.0), (50.0, 80.0, 10.0), (100.0, 50.0, 49.0)];
        for hatch in [Hatch::Rising, Hatch::Falling, Hatch::Upright, Hatch::Level] {
            let all = lines(hatch, 5.0, &edges);
            assert!(all.len() > 5, "{hatch:?}");
            for (x, y) in all.into_iter().flatten() {
                let after = edges.iter().position(|e| e.0 >= x).unwrap().max(1);
                let (low, high) = between(edges[after - 1], edges[after], x);
                assert!(y <= low + 1e-9 && y >= high - 1e-9, "{hatch:?} {x} {y}");
            }
        }
    }

    #[test]
    fn no_two_of_twelve_fills_are_alike() {
        for audience in [Audience::Screen, Audience::Grey, Audience::Handout] {
            let theme = audience.theme();
            for i in 0..12 {
                assert!((0..i).all(|j| fill(&theme, i) != fill(&theme, j)), "{audience:?} {i}");
            }
        }
    }
}
