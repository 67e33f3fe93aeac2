//! Events at random moments: a level for a while after each, overlapping ones merged.
//! Knows nothing of phases: the moments are laid on absolute time.
//!
//! The axis is cut into cells of one mean gap, 1/rate of the agent, rounded to whole microseconds. Cell c holds a Poisson(1)
//! number of onsets (by inversion of the uniform at index 64·c) at uniform places (indices 64·c + 1, …): together an exact
//! Poisson process, of which any moment can be asked alone.

use super::fields::{Fields, Reader};
use super::piece::Piece;
use super::pulse::{LUCK, NAME};
use super::{Agent, Interval, LONGEST, Micros, Number, Schedule, Time};
use crate::document::{Key, Kind, Need, Shape};
use crate::rng::{self, Stream};

pub(super) static SHAPE: Shape = Shape {
    name: "poisson",
    doc: "events at random moments, each a level for a while; overlapping ones merge",
    keys: &[
        Key { name: "level", kind: Kind::Value, need: Need::Required, doc: "level during an event" },
        Key { name: "rate", kind: Kind::Value, need: Need::Required, doc: "events per time: `3 1/d`" },
        Key { name: "width", kind: Kind::Value, need: Need::Required, doc: "how long an event lasts" },
        Key {
            name: "base",
            kind: Kind::Value,
            need: Need::Default("the input's baseline"),
            doc: "level between events",
        },
        LUCK,
        NAME,
    ],
};

#[derive(Clone, Debug, PartialEq)]
pub struct Poisson {
    level: Number,
    base: Number,
    /// Per unit of the model's time.
    rate: Number,
    width: Time,
    stream: Stream,
    tick: f64,
}

/// Cells looked at in one direction. An event lasts at most so many mean gaps; longer ones would leave a moment free with probability e^-64.
const CELLS: i64 = 64;
/// Draws of one cell: its number and at most 63 places; more than 20 have probability 1e-20.
const DRAWS: i64 = 64;

pub(super) fn read(fields: &Fields, reader: &mut Reader) -> Option<Schedule> {
    let (level, base) = (reader.level(fields, "level"), reader.level(fields, "base"));
    let (rate, width) = (reader.rate(fields, "rate"), reader.span(fields, "width"));
    Some(Schedule::Poisson(Poisson {
        level: level??,
        base: base?.unwrap_or(reader.reading.baseline),
        rate: rate??,
        width: width??,
        stream: reader.stream(fields, "events"),
        tick: reader.tick()?,
    }))
}

impl Poisson {
    /// About how many events a phase has that do not merge, where the rate and the width are fixed.
    pub(super) fn expected(&self, phase: Interval) -> i64 {
        let (Some(rate), Some(width)) = (self.rate.fixed(), self.width.fixed()) else { return 0 };
        if !(rate > 0.0 && width > 0) {
            return 0;
        }
        let gap = (self.tick / rate).max(1.0) + width as f64;
        // Half of what is expected: luck does not reach that far where many are expected.
        ((phase.end - phase.start) as f64 / gap / 2.0) as i64
    }

    pub(super) fn piece(&self, at: Micros, phase: Interval, agent: Agent) -> (Piece, Option<Micros>) {
        let off = Piece::Constant(self.base.of(agent));
        let gap = self.tick / self.rate.of(agent);
        let width = self.width.of(agent);
        // A rate of nothing, or no number: no events.
        if !(gap > 0.0 && gap < LONGEST as f64) || width <= 0 {
            return (off, None);
        }
        let cells = Cells { length: (gap.round() as Micros).max(1), stream: self.stream, agent };
        let width = width.min(cells.length.saturating_mul(CELLS));
        match cells.latest(at, at - width) {
            Some(onset) => (Piece::Constant(self.level.of(agent)), Some(onset + width)),
            None => (off, cells.next(at, phase.end)),
        }
    }
}

struct Cells<'a> {
    length: Micros,
    stream: Stream,
    agent: Agent<'a>,
}

impl Cells<'_> {
    fn of(&self, at: Micros) -> i64 {
        at.div_euclid(self.length)
    }

    /// The onsets of one cell, unordered.
    fn onsets(&self, cell: i64) -> impl Iterator<Item = Micros> {
        let key = rng::Key::new(self.agent.seed, self.stream);
        let agent = self.agent.index;
        let draw = move |k: i64| key.uniform(agent, cell.wrapping_mul(DRAWS).wrapping_add(k) as u64);
        let length = self.length;
        let start = cell.saturating_mul(length);
        (1..=number(draw(0))).map(move |k| start.saturating_add((draw(k) * length as f64) as Micros))
    }

    /// The last onset in (after, at].
    fn latest(&self, at: Micros, after: Micros) -> Option<Micros> {
        (self.of(after)..=self.of(at))
            .rev()
            .find_map(|cell| self.onsets(cell).filter(|&on| on <= at && on > after).max())
    }

    /// The first onset after `at`, or a moment before it where to ask again.
    fn next(&self, at: Micros, end: Micros) -> Option<Micros> {
        let first = self.of(at);
        let last = self.of(end).min(first + CELLS);
        let found = (first..=last).find_map(|cell| self.onsets(cell).filter(|&on| on > at).min());
        found.or((last < self.of(end)).then(|| last.saturating_mul(self.length).max(at + 1)))
    }
}

/// Poisson with mean 1 by inversion: the least n whose distribution function reaches u.
fn number(u: f64) -> i64 {
    let mut share = 1.0 / std::f64::consts::E;
    let mut sum = share;
    let mut n = 0;
    while u > sum && n < DRAWS - 1 {
        n += 1;
        share /= n as f64;
        sum += share;
    }
    n
}
