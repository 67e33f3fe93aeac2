//! A sinusoid: `"sine of 10 nM around 20 nM every 1 d"`.
//! Knows nothing of changes: it has none.
//!
//! value(t) = mean + amplitude·sin(2π·(t - start)/period).

use std::f64::consts::TAU;

use super::fields::{Fields, Reader};
use super::piece::Piece;
use super::{Agent, Interval, Micros, Number, Schedule, Start, Time};
use crate::document::{Key, Kind, Need, Shape};

pub(super) static SHAPE: Shape = Shape {
    name: "sine",
    doc: "mean + amplitude·sin(2π·(t - start)/period); short form: `\"sine of 10 nM around 20 nM every 1 d\"`",
    keys: &[
        Key { name: "mean", kind: Kind::Value, need: Need::Required, doc: "level around which it swings" },
        Key {
            name: "amplitude",
            kind: Kind::Value,
            need: Need::Required,
            doc: "greatest distance from the mean",
        },
        Key {
            name: "period",
            kind: Kind::Value,
            need: Need::Required,
            doc: "time from one peak to the next",
        },
        Key {
            name: "start",
            kind: Kind::Value,
            need: Need::Default("0 h"),
            doc: "when it passes its mean upwards: a time after the start of the phase, or a clock time",
        },
    ],
};

#[derive(Clone, Debug, PartialEq)]
pub struct Sine {
    mean: Number,
    amplitude: Number,
    pub(super) period: Time,
    start: Start,
    tick: f64,
}

pub(super) fn read(fields: &Fields, reader: &mut Reader) -> Option<Schedule> {
    let (mean, amplitude) = (reader.level(fields, "mean"), reader.level(fields, "amplitude"));
    let (period, start) = (reader.span(fields, "period"), reader.start(fields, "start"));
    Some(Schedule::Sine(Sine {
        mean: mean??,
        amplitude: amplitude??,
        period: period??,
        start: start?.unwrap_or(Start::Phase(Time(Number::Fixed(0.0)))),
        tick: reader.tick()?,
    }))
}

impl Sine {
    pub(super) fn piece(&self, at: Micros, phase: Interval, agent: Agent) -> Piece {
        let mean = self.mean.of(agent);
        let period = self.period.of(agent);
        if period <= 0 {
            return Piece::Constant(mean);
        }
        let zero = match self.start {
            Start::Clock { at, .. } => at,
            start => start.first(phase, agent),
        };
        let turn = (at - zero).rem_euclid(period) as f64 / period as f64;
        Piece::Sine {
            mean,
            amplitude: self.amplitude.of(agent),
            phase: TAU * turn,
            omega: TAU / (period as f64 / self.tick),
        }
    }

    pub(super) fn common(&self) -> bool {
        let numbers = [self.mean, self.amplitude, self.period.0];
        self.start.common() && numbers.iter().all(|n| n.fixed().is_some())
    }
}
