//! The way from one level to another over a time: a line, an exponential that arrives, or steps.
//! Knows nothing of how it is written: ramps and tapers are read elsewhere.
//!
//! With x = (t - start)/over in 0..1:
//! line: from + (to - from)·x;
//! exponential with rate k = ln 2/half_life, T = over: to + (from - to)·(e^(-k·t) - e^(-k·T))/(1 - e^(-k·T)), which is `to` at T;
//! n steps: from + (to - from)·floor(n·x)/n.

use super::piece::{Piece, one_minus_exp};
use super::{Agent, Interval, Micros, Number, Start, Time};
use crate::math;

#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub(super) from: Number,
    pub(super) to: Number,
    pub(super) start: Start,
    pub(super) over: Time,
    pub(super) curve: Curve,
    /// Microseconds in one unit of the model's time.
    pub(super) tick: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Curve {
    Line,
    /// Half-life; `None`: a fifth of the whole time.
    Exponential(Option<Time>),
    Steps(u32),
}

/// Half-lives in an exponential course that names none (assumed: it then begins at 3 % above its plain exponential).
const HALF_LIVES: f64 = 5.0;

/// Below this k·T the exponential is a line to 1e-7, and its two large terms would cancel.
const STRAIGHT: f64 = 1e-7;

impl Course {
    pub(super) fn piece(&self, at: Micros, phase: Interval, agent: Agent) -> (Piece, Option<Micros>) {
        let (from, to) = (self.from.of(agent), self.to.of(agent));
        let start = self.start.first(phase, agent);
        let over = self.over.of(agent).max(0);
        let since = at - start;
        if since < 0 {
            return (Piece::Constant(from), Some(start));
        }
        if since >= over {
            return (Piece::Constant(to), None);
        }
        let end = Some(start.saturating_add(over));
        match self.curve {
            Curve::Line => (self.line(from, to, since, over), end),
            Curve::Exponential(half) => {
                (self.exponential(from, to, since, over, self.half(half, over, agent)), end)
            }
            Curve::Steps(n) => {
                let (n, since, over) = (i128::from(n.max(1)), i128::from(since), i128::from(over));
                let step = since * n / over;
                let next = ((step + 1) * over + n - 1) / n;
                let level = from + (to - from) * (step as f64 / n as f64);
                (Piece::Constant(level), Some(start + next as Micros))
            }
        }
    }

    fn line(&self, from: f64, to: f64, since: Micros, over: Micros) -> Piece {
        let slope = (to - from) / (over as f64 / self.tick);
        Piece::Line { value: from + (to - from) * (since as f64 / over as f64), slope }
    }

    fn half(&self, half: Option<Time>, over: Micros, agent: Agent) -> f64 {
        half.map_or(over as f64 / HALF_LIVES, |time| time.0.of(agent))
    }

    fn exponential(&self, from: f64, to: f64, since: Micros, over: Micros, half: f64) -> Piece {
        if half <= 0.0 {
            return Piece::Constant(to);
        }
        let k = std::f64::consts::LN_2 / half;
        let whole = k * over as f64;
        if whole < STRAIGHT {
            return self.line(from, to, since, over);
        }
        let scale = (from - to) / one_minus_exp(whole);
        let level = to - scale * math::exp(-whole);
        Piece::Decays { level, terms: vec![[scale * math::exp(-k * since as f64), k * self.tick]] }
    }

    pub(super) fn common(&self) -> bool {
        let half = match self.curve {
            Curve::Exponential(Some(half)) => half.fixed().is_some(),
            _ => true,
        };
        let numbers = [self.from, self.to, self.over.0];
        half && self.start.common() && numbers.iter().all(|n| n.fixed().is_some())
    }
}
