//! Pulses: `"level from 10:00 for 6 h every 1 d"`.
//! Knows nothing of when they begin, which is `onsets`.
//!
//! A pulse lasts at most until the next one is due: where an agent's width exceeds its period, pulses join without doubling.

use super::fields::{Fields, Reader};
use super::onsets::Onsets;
use super::piece::Piece;
use super::{Agent, DAY, Interval, Micros, Number, Schedule, Start, Time};
use crate::document::{Key, Kind, Need, Shape};

pub(super) static SHAPE: Shape = Shape {
    name: "pulse",
    doc: "a level for a while, once or again and again; short form: `\"20 nM from 10:00 for 6 h every 1 d\"`",
    keys: &[
        Key { name: "level", kind: Kind::Value, need: Need::Required, doc: "level during a pulse" },
        START,
        Key {
            name: "width",
            kind: Kind::Value,
            need: Need::Default("until `to`"),
            doc: "how long a pulse lasts",
        },
        Key {
            name: "to",
            kind: Kind::Text,
            need: Need::Default("`width` after the start"),
            doc: "clock time at which a pulse that starts on the clock ends",
        },
        EVERY,
        COUNT,
        DAYS,
        Key {
            name: "base",
            kind: Kind::Value,
            need: Need::Default("the input's baseline"),
            doc: "level between pulses",
        },
        ADHERENCE,
        JITTER,
        LUCK,
        NAME,
    ],
};

pub(super) const START: Key = Key {
    name: "start",
    kind: Kind::Value,
    need: Need::Default("0 h"),
    doc: "when the first begins: a time after the start of the phase, or a clock time (`10:00`, `We 10:00`)",
};
pub(super) const EVERY: Key = Key {
    name: "every",
    kind: Kind::Value,
    need: Need::Default("once; 1 d where a clock time stands with `days` or `count`"),
    doc: "time from one start to the next",
};
pub(super) const COUNT: Key = Key {
    name: "count",
    kind: Kind::Whole,
    need: Need::Default("until the phase ends"),
    doc: "how many, missed ones included",
};
pub(super) const DAYS: Key = Key {
    name: "days",
    kind: Kind::Texts,
    need: Need::Default("every day"),
    doc: "weekdays on which they begin: `Mo We`, `Mo-Fr`",
};
pub(super) const ADHERENCE: Key = Key {
    name: "adherence",
    kind: Kind::Value,
    need: Need::Default("1"),
    doc: "probability that each one happens",
};
pub(super) const JITTER: Key = Key {
    name: "jitter",
    kind: Kind::Value,
    need: Need::Default("0 min"),
    doc: "standard deviation of a normal shift of each start, truncated to half of the gap between two",
};
pub(super) const LUCK: Key = Key {
    name: "luck",
    kind: Kind::OneOf(&["shared", "own"]),
    need: Need::Default("shared"),
    doc: "`shared`: the same luck for the same clause in all arms; `own`: each arm its own",
};
pub(super) const NAME: Key = Key {
    name: "name",
    kind: Kind::Text,
    need: Need::Default("the kind"),
    doc: "name of the clause: clauses of one input with one name have the same luck",
};

#[derive(Clone, Debug, PartialEq)]
pub struct Pulse {
    level: Number,
    base: Number,
    width: Time,
    pub(super) onsets: Onsets,
}

pub(super) fn read(fields: &Fields, reader: &mut Reader) -> Option<Schedule> {
    let (level, base) = (reader.level(fields, "level"), reader.level(fields, "base"));
    let (width, onsets) = (reader.span(fields, "width"), Onsets::read(fields, reader));
    let end = reader.start(fields, "to");
    let onsets = onsets?;
    let width = match (width?, end?, onsets.start) {
        (Some(width), None, _) => width,
        (None, Some(Start::Clock { at: to, cycle: DAY }), Start::Clock { at: from, .. }) => {
            // From 08:00 to 08:00 is a whole day.
            Time(Number::Fixed(((to - from - 1).rem_euclid(DAY) + 1) as f64))
        }
        (None, None, _) => {
            return reader.missing(fields, "width", "a pulse lasts for a `width`, or `to` a clock time");
        }
        (Some(_), Some(_), _) => {
            return reader.refuse(
                fields.get("to")?,
                "`width` and `to` both say when a pulse ends".to_owned(),
                "keep one of the two",
            );
        }
        _ => {
            let what = "`to` is a clock time here, and needs a start on the clock".to_owned();
            return reader.refuse(fields.get("to")?, what, "write `from 08:00 to 16:00`, or give a duration");
        }
    };
    if let (Some(lasts), Some(every)) = (width.fixed(), onsets.every.and_then(|e| e.fixed()))
        && lasts >= every
    {
        let given = fields.get("width").or(fields.get("to"))?;
        let what = "these pulses overlap: each lasts as long as the time to the next, or longer".to_owned();
        return reader.refuse(
            given,
            what,
            "make it shorter than `every`, or write the level alone for a constant",
        );
    }
    Some(Schedule::Pulse(Pulse {
        level: level??,
        base: base?.unwrap_or(reader.reading.baseline),
        width,
        onsets,
    }))
}

impl Pulse {
    pub(super) fn piece(&self, at: Micros, phase: Interval, agent: Agent) -> (Piece, Option<Micros>) {
        let width = self.width.of(agent).max(0);
        let base = self.base.of(agent);
        if width == 0 {
            return (Piece::Constant(base), None);
        }
        let train = self.onsets.train(width, phase, agent);
        match train.running(at) {
            Some(end) => (Piece::Constant(self.level.of(agent)), Some(end)),
            None => (Piece::Constant(base), train.next(at)),
        }
    }

    pub(super) fn common(&self) -> bool {
        let numbers = [self.level, self.base, self.width.0];
        self.onsets.common() && numbers.iter().all(|n| n.fixed().is_some())
    }
}
