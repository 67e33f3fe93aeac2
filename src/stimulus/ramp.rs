//! A straight way from one level to another: `"ramp from 0 nM to 20 nM over 6 h"`.
//! Knows nothing of the curve itself, which is `course`.
//!
//! value(t) = from + (to - from)·(t - start)/over; `from` before, `to` afterwards.

use super::course::{Course, Curve};
use super::fields::{Fields, Reader};
use super::{Number, Schedule, Start, Time};
use crate::document::{Key, Kind, Need, Shape};

pub(super) static SHAPE: Shape = Shape {
    name: "ramp",
    doc: "a straight way from one level to another, which then holds; short form: `\"ramp from 0 nM to 20 nM over 6 h\"`",
    keys: &[
        Key {
            name: "from",
            kind: Kind::Value,
            need: Need::Required,
            doc: "first level, held before the start",
        },
        Key { name: "to", kind: Kind::Value, need: Need::Required, doc: "last level, held after the end" },
        Key {
            name: "start",
            kind: Kind::Value,
            need: Need::Default("0 h"),
            doc: "when it begins: a time after the start of the phase, or a clock time",
        },
        Key { name: "over", kind: Kind::Value, need: Need::Required, doc: "how long it takes" },
    ],
};

pub(super) fn read(fields: &Fields, reader: &mut Reader) -> Option<Schedule> {
    let (from, to) = (reader.level(fields, "from"), reader.level(fields, "to"));
    let (start, over) = (reader.start(fields, "start"), reader.span(fields, "over"));
    Some(Schedule::Course(Course {
        from: from??,
        to: to??,
        start: start?.unwrap_or(Start::Phase(Time(Number::Fixed(0.0)))),
        over: over??,
        curve: Curve::Line,
        tick: reader.tick()?,
    }))
}
