//! A window while it is open in one lane: what of a quantity's way is kept, and the number it closes with.
//! Knows nothing of lanes or of where steps come from.

use super::plan::{Reduce, WHOLE};
use super::quartic::Quartic;

/// A change below this share of the values themselves is round-off.
const FLAT: f64 = 1e-9;

/// A window that is open in one lane.
#[derive(Clone, Debug)]
pub(super) enum Open {
    Sum(f64),
    Extreme(f64),
    /// Model time of the first crossing since the window's start.
    Crossing(Option<f64>),
    /// The way so far.
    Way(Vec<Part>),
    /// What is left of the first value where it counts as recovered, and when that was first so.
    Recovery(Option<f64>, Option<f64>),
    Loop(Option<Round>),
}

/// The way within one step, or a part of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Model time from the window's start to the step's.
    origin: f64,
    /// Of the step.
    length: f64,
    /// Shares of the step.
    span: [f64; 2],
    path: Quartic,
}

/// A way in the plane: the quantity upwards over the other one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Round {
    area: f64,
    first: [f64; 2],
    last: [f64; 2],
}

impl Open {
    pub fn new(kind: Reduce) -> Open {
        match kind {
            Reduce::Mean | Reduce::Integral => Open::Sum(0.0),
            Reduce::Max | Reduce::Min => Open::Extreme(f64::NAN),
            Reduce::FirstAbove | Reduce::FirstBelow => Open::Crossing(None),
            Reduce::HalfTime | Reduce::Settled(_) => Open::Way(Vec::new()),
            Reduce::Recovered(_) => Open::Recovery(None, None),
            Reduce::Loop { .. } => Open::Loop(None),
        }
    }

    /// `span` is a part of the step, `origin` the model time from the window's start to the step's, `length` the step's;
    /// the second path is that of the other quantity of a loop.
    pub fn follow(
        &mut self,
        kind: Reduce,
        [path, against]: [&Quartic; 2],
        span: [f64; 2],
        origin: f64,
        length: f64,
    ) {
        let [from, to] = span;
        let time = |share: f64| (origin + share * length).max(0.0);
        match self {
            Open::Sum(sum) => *sum += length * path.integral(from, to),
            Open::Extreme(extreme) => {
                *extreme = match kind {
                    Reduce::Max => extreme.max(path.largest(from, to)),
                    _ => extreme.min(path.smallest(from, to)),
                }
            }
            Open::Crossing(Some(_)) | Open::Recovery(_, Some(_)) => {}
            Open::Crossing(crossing) => {
                let crossed = match kind {
                    Reduce::FirstAbove => path.first_above(0.0, from, to),
                    _ => path.first_below(0.0, from, to),
                };
                *crossing = crossed.map(time);
            }
            Open::Way(way) => way.push(Part { origin, length, span, path: *path }),
            Open::Recovery(left, recovered) => {
                let level = *left.get_or_insert(path.at(from) * (1.0 - share(kind)));
                let crossed = if path.at(from).abs() <= level.abs() && level != 0.0 {
                    Some(from)
                } else if level > 0.0 {
                    path.first_below(level, from, to)
                } else if level < 0.0 {
                    path.first_above(level, from, to)
                } else {
                    None
                };
                *recovered = crossed.map(time);
            }
            Open::Loop(round) => {
                let point = |share: f64| [path.at(share), against.at(share)];
                let start = point(from);
                let round = round.get_or_insert(Round { area: 0.0, first: start, last: start });
                round.area += below(round.last, start) + path.area_over(against, from, to);
                round.last = point(to);
            }
        }
    }

    pub fn value(&self, kind: Reduce, width: f64) -> f64 {
        match self {
            Open::Sum(sum) if kind == Reduce::Mean => sum / width,
            Open::Sum(sum) => *sum,
            Open::Extreme(extreme) => *extreme,
            Open::Crossing(time) | Open::Recovery(_, time) => time.unwrap_or(f64::NAN),
            Open::Way(way) => match kind {
                Reduce::Settled(_) => settled(way, share(kind)),
                _ => half_time(way),
            }
            .unwrap_or(f64::NAN),
            Open::Loop(round) => round.map_or(f64::NAN, |round| round.area + below(round.last, round.first)),
        }
    }
}

/// The share that a reduction asks for.
fn share(kind: Reduce) -> f64 {
    match kind {
        Reduce::Settled(millionths) | Reduce::Recovered(millionths) => {
            f64::from(millionths) / f64::from(WHOLE)
        }
        _ => f64::NAN,
    }
}

/// Area under the straight line between two points.
fn below([y0, x0]: [f64; 2], [y1, x1]: [f64; 2]) -> f64 {
    0.5 * (y0 + y1) * (x1 - x0)
}

/// Model time until half of the way from the first value to the last; none where they are equal.
fn half_time(way: &[Part]) -> Option<f64> {
    let (first, last) = (way.first()?, way.last()?);
    let (from, to) = (first.path.at(first.span[0]), last.path.at(last.span[1]));
    let half = from + 0.5 * (to - from);
    way.iter().find_map(|Part { origin, length, span: [start, end], path }| {
        let crossed = if to > from {
            path.first_above(half, *start, *end)
        } else if to < from {
            path.first_below(half, *start, *end)
        } else {
            None
        };
        crossed.map(|share| (origin + share * length).max(0.0))
    })
}

/// Model time of the last moment that is farther from the last value than the share of the largest distance.
fn settled(way: &[Part], share: f64) -> Option<f64> {
    let last = way.last()?;
    let end = last.path.at(last.span[1]);
    let [low, high] = way.iter().fold([end; 2], |[low, high], Part { span: [from, to], path, .. }| {
        [low.min(path.smallest(*from, *to)), high.max(path.largest(*from, *to))]
    });
    let farthest = (high - end).max(end - low);
    let changes = farthest > FLAT * low.abs().max(high.abs());
    changes.then(|| {
        let band = share * farthest;
        let outside = way.iter().rev().find_map(|Part { origin, length, span: [from, to], path }| {
            let above = path.last_above(end + band, *from, *to);
            let below = path.last_below(end - band, *from, *to);
            let outside = if above > below { above } else { below };
            outside.map(|share| (origin + share * length).max(0.0))
        });
        outside.unwrap_or(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows paths of one model time each.
    fn over(kind: Reduce, paths: &[[Quartic; 2]]) -> f64 {
        let mut open = Open::new(kind);
        for (n, [path, against]) in paths.iter().enumerate() {
            open.follow(kind, [path, against], [0.0, 1.0], n as f64, 1.0);
        }
        open.value(kind, paths.len() as f64)
    }

    fn line(from: f64, to: f64) -> Quartic {
        Quartic([from, to - from, 0.0, 0.0, 0.0])
    }

    const LOOP: Reduce = Reduce::Loop { against: 0 };

    #[test]
    fn a_loop_has_its_area_and_its_sign_whatever_way_it_is_cut() {
        // Up along y = 2x, down along y = x^2 + x: clockwise, 1/6.
        let up = [Quartic([0.0, 2.0, 0.0, 0.0, 0.0]), line(0.0, 1.0)];
        let back = [Quartic([2.0, -3.0, 1.0, 0.0, 0.0]), line(1.0, 0.0)];
        assert!((over(LOOP, &[up, back]) - 1.0 / 6.0).abs() < 1e-15);
        let down = [line(2.0, 0.0), line(1.0, 0.0)];
        let out = [Quartic([0.0, 1.0, 1.0, 0.0, 0.0]), line(0.0, 1.0)];
        assert!((over(LOOP, &[out, down]) + 1.0 / 6.0).abs() < 1e-15, "the other way round it is negative");
    }

    #[test]
    fn an_open_loop_is_closed_by_a_straight_line_and_jumps_are_straight() {
        // Along two sides of a unit square; the diagonal closes it. Then as two jumps between three corners.
        let sides = [[line(0.0, 1.0), line(0.0, 0.0)], [line(1.0, 1.0), line(0.0, 1.0)]];
        assert_eq!(over(LOOP, &sides), 0.5);
        let corner = |y: f64, x: f64| [line(y, y), line(x, x)];
        assert_eq!(over(LOOP, &[corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0)]), 0.5);
    }

    #[test]
    fn what_settles_is_outside_its_band_up_to_then_and_never_after() {
        let path = |y: Quartic| [y, y];
        // Rises to 3, falls to 1: within a tenth of 2 from 1.2 on, which is at 90 % of the way down.
        let hump = [path(line(1.0, 3.0)), path(line(3.0, 1.0))];
        assert!((over(Reduce::Settled(100_000), &hump) - 1.9).abs() < 1e-12);
        let jump = [path(line(5.0, 5.0)), path(line(1.0, 1.0))];
        assert_eq!(over(Reduce::Settled(100_000), &jump), 1.0);
        assert!(over(Reduce::Settled(50_000), &[path(line(2.0, 2.0))]).is_nan());
    }

    #[test]
    fn recovery_counts_from_the_first_value_on_either_side_of_zero() {
        let path = |y: Quartic| [y, y];
        for sign in [1.0, -1.0] {
            let way = [path(line(4.0 * sign, 3.0 * sign)), path(line(3.0 * sign, -sign))];
            assert!((over(Reduce::Recovered(500_000), &way) - 1.25).abs() < 1e-12);
            let jump = [path(line(4.0 * sign, 4.0 * sign)), path(line(-sign, -sign))];
            assert_eq!(over(Reduce::Recovered(500_000), &jump), 1.0);
        }
        assert!(over(Reduce::Recovered(500_000), &[path(line(0.0, 1.0))]).is_nan());
        assert!(over(Reduce::Recovered(500_000), &[path(line(2.0, 1.5))]).is_nan());
    }
}
