//! EC50, Emax, slope and gain of a curve that is known by its answers only, each of which costs.
//! Knows nothing of how they come about.
//!
//! As in `acute`, with f = (E - bottom)/(top - bottom): EC50 is the first level with f = 1/2, found by false position on ln L
//! (the Illinois rule); derivatives by ln L are differences over five levels.

use super::acute::{Metrics, half_way, passed};
use super::collected::Missing;
use super::excursion::{Answer, Excursion, Host, Room, defined};
use super::plan::Metric;
use super::step::lanes_of;
use crate::kernel::{LANES, Lanes};
use crate::math;

/// Trials for a half or a summit, at most.
const MOST: usize = 60;
/// Golden section.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

impl Excursion {
    /// The metrics that are wanted, of the lanes that set out; the others are left undefined.
    pub fn metrics(&self, room: &mut Room, host: Host, wanted: [bool; 4]) -> Metrics {
        let none: Answer = [Err(Missing::NotDefined); LANES];
        let [ec50, emax, slope, gain] = Metric::ALL.map(|metric| wanted[metric as usize]);
        let [bottom, stated, current] = [0, 1, 2].map(|n| *self.ends.root(&room.ends, n));
        let at_current = if gain { self.rise(room, host, &current, u64::MAX) } else { none };
        if !(ec50 || slope || emax && !self.topped) {
            let top = if emax { stated.0.map(defined) } else { none };
            return [none, top, none, at_current].map(|answer| answer.to_vec());
        }
        let curve: Vec<Answer> = self.grid.iter().map(|level| self.at(room, host, *level)).collect();
        let gap: [Option<Missing>; LANES] =
            std::array::from_fn(|lane| curve.iter().find_map(|answer| answer[lane].err()));
        let top: Answer =
            if self.topped { stated.0.map(defined) } else { self.largest(room, host, &curve, &gap) };
        let curve: Vec<Lanes> =
            curve.iter().map(|answer| Lanes(answer.map(|value| value.unwrap_or(f64::NAN)))).collect();
        let tops = Lanes(top.map(|top| top.unwrap_or(f64::NAN)));
        let flat = self.exact;
        let halves: [Result<usize, Missing>; LANES] = std::array::from_fn(|lane| {
            gap[lane]
                .map_or(Ok(()), Err)
                .and_then(|()| half_way(&curve, lane, (bottom.0[lane], tops.0[lane]), flat))
        });
        let half =
            if ec50 || slope { self.half(room, host, &curve, &halves, (&bottom, &tops)) } else { none };
        let levels = Lanes(half.map(|half| half.unwrap_or(f64::NAN)));
        let at_half = if slope { self.rise(room, host, &levels, u64::MAX) } else { none };
        let slopes: Answer = std::array::from_fn(|lane| {
            half[lane]
                .and(at_half[lane])
                .and_then(|rise| defined(4.0 * rise / (tops.0[lane] - bottom.0[lane])))
        });
        [half, top, slopes, at_current].map(|answer| answer.to_vec())
    }

    /// dE/d ln L at a level of each lane, from two levels on both sides.
    fn rise(&self, room: &mut Room, host: Host, levels: &Lanes, mask: u64) -> Answer {
        // Answers that are known to a share e of the height make an error of e/h, the rule one of h^4/30.
        let h = if self.exact < 1e-6 { 0.0078125 } else { 0.0625 };
        let mut at = |steps: f64| {
            let factor = math::exp(steps * h);
            self.answer(room, host, &Lanes(levels.0.map(|level| level * factor)), mask)
        };
        let [far_below, below, above, far_above] = [at(-2.0), at(-1.0), at(1.0), at(2.0)];
        std::array::from_fn(|lane| {
            let (outer, inner) = (far_above[lane]? - far_below[lane]?, above[lane]? - below[lane]?);
            defined((8.0 * inner - outer) / (12.0 * h))
        })
    }

    /// The largest value in the range: of the levels, or of the summit beside the largest that lies within.
    fn largest(
        &self,
        room: &mut Room,
        host: Host,
        curve: &[Answer],
        gap: &[Option<Missing>; LANES],
    ) -> Answer {
        let last = self.grid.len() - 1;
        let value = |n: usize, lane: usize| curve[n][lane].unwrap_or(f64::NAN);
        let best: [usize; LANES] = std::array::from_fn(|lane| {
            (0..=last).fold(0, |best, n| if value(n, lane) > value(best, lane) { n } else { best })
        });
        let mut top: Answer =
            std::array::from_fn(|lane| gap[lane].map_or_else(|| curve[best[lane]][lane], Err));
        let inside = (0..LANES).filter(|lane| top[*lane].is_ok() && (1..last).contains(&best[*lane]));
        let inside = inside.fold(0_u64, |mask, lane| mask | 1 << lane);
        let side = |lane: usize, up: bool| {
            let n = if up { (best[lane] + 1).min(last) } else { best[lane].saturating_sub(1) };
            math::ln(self.grid[n])
        };
        let mut low: [f64; LANES] = std::array::from_fn(|lane| side(lane, false));
        let mut high: [f64; LANES] = std::array::from_fn(|lane| side(lane, true));
        let trials = if self.exact < 1e-6 { 40 } else { 20 };
        for _ in 0..if inside == 0 { 0 } else { trials } {
            let place = |share: f64| {
                let at = |lane: usize| math::exp(low[lane] + share * (high[lane] - low[lane]));
                Lanes(std::array::from_fn(at))
            };
            let (left, right) = (place(1.0 - GOLDEN), place(GOLDEN));
            let left = self.answer(room, host, &left, inside);
            let right = self.answer(room, host, &right, inside);
            for lane in lanes_of(inside) {
                let (Ok(a), Ok(b)) = (left[lane], right[lane]) else {
                    top[lane] = left[lane].and(right[lane]);
                    continue;
                };
                top[lane] = top[lane].map(|top| top.max(a).max(b));
                let width = high[lane] - low[lane];
                if a >= b {
                    high[lane] = low[lane] + GOLDEN * width
                } else {
                    low[lane] = high[lane] - GOLDEN * width
                }
            }
        }
        top
    }

    /// Level half-way in each lane that has one.
    fn half(
        &self,
        room: &mut Room,
        host: Host,
        curve: &[Lanes],
        halves: &[Result<usize, Missing>; LANES],
        (bottom, top): (&Lanes, &Lanes),
    ) -> Answer {
        let height = |lane: usize| top.0[lane] - bottom.0[lane];
        let over = |lane: usize, value: f64| (value - bottom.0[lane]) / height(lane) - 0.5;
        let mut found: Answer = halves.map(|half| half.map(|n| self.grid[n]));
        let mut brackets: [Bracket; LANES] = std::array::from_fn(|lane| {
            let n = halves[lane].unwrap_or(1);
            let end = |n: usize| (math::ln(self.grid[n]), over(lane, curve[n].0[lane]));
            Bracket { low: end(n - 1), high: end(n), last: None }
        });
        let is_end = |lane: &usize| {
            let n = halves[*lane].unwrap_or(1);
            curve[n].0[*lane] == bottom.0[*lane] + 0.5 * height(*lane)
        };
        let open = (0..LANES).filter(|lane| halves[*lane].is_ok() && !is_end(lane));
        let mut open = open.fold(0_u64, |mask, lane| mask | 1 << lane);
        for trial in 0..MOST {
            if open == 0 {
                break;
            }
            let next: [f64; LANES] = std::array::from_fn(|lane| brackets[lane].next(trial));
            let levels = Lanes(next.map(math::exp));
            let answers = self.answer(room, host, &levels, open);
            for lane in lanes_of(open) {
                let Ok(value) = answers[lane] else {
                    (found[lane], open) = (answers[lane], open & !(1 << lane));
                    continue;
                };
                found[lane] = Ok(levels.0[lane]);
                let off = over(lane, value);
                let beyond = passed(value, bottom.0[lane], top.0[lane]);
                let width = brackets[lane].take((next[lane], off), beyond);
                let near = if self.exact < 1e-6 { 1e-14 } else { 1e-9 };
                if off.abs() <= near || width <= near {
                    open &= !(1 << lane);
                }
            }
        }
        found
    }
}

/// Logarithms of two levels with how far each is beyond half-way.
#[derive(Clone, Copy)]
struct Bracket {
    low: (f64, f64),
    high: (f64, f64),
    /// Which end was taken last.
    last: Option<bool>,
}

impl Bracket {
    fn next(&self, trial: usize) -> f64 {
        let ((a, below), (b, above)) = (self.low, self.high);
        let at = a - below * (b - a) / (above - below);
        // Now and then by halves, so that no curve takes for ever.
        if trial % 4 == 3 || !(at > a && at < b) { 0.5 * (a + b) } else { at }
    }

    /// Takes a point for one of the ends; how wide it still is.
    fn take(&mut self, point: (f64, f64), beyond: bool) -> f64 {
        if beyond {
            self.high = point
        } else {
            self.low = point
        }
        if self.last == Some(beyond) {
            // The same end twice: the other one counts half.
            if beyond { self.low.1 *= 0.5 } else { self.high.1 *= 0.5 }
        }
        self.last = Some(beyond);
        self.high.0 - self.low.0
    }
}
