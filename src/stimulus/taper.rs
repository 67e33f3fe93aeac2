//! A level that is taken down (or up) in a line, exponentially or in steps; or another stimulus scaled in that way.
//! Knows nothing of the curve itself, which is `course`.

use super::course::{Course, Curve};
use super::fields::{Fields, Given, Reader};
use super::{Number, Schedule, Start, Time};
use crate::diagnostic::Finding;
use crate::document::{Key, Kind, Need, Shape};

pub(super) static SHAPE: Shape = Shape {
    name: "taper",
    doc: "a level that falls over a time, or another stimulus scaled so; short forms: `\"taper from 20 nM to 0 nM over 30 d\"`, `… in 6 steps`, `… exponentially`",
    keys: &[
        Key {
            name: "from",
            kind: Kind::Value,
            need: Need::Default("1 with `of`"),
            doc: "first level; with `of` a factor",
        },
        Key {
            name: "to",
            kind: Kind::Value,
            need: Need::Default("0"),
            doc: "last level, held afterwards; with `of` a factor",
        },
        Key {
            name: "start",
            kind: Kind::Value,
            need: Need::Default("0 h"),
            doc: "when it begins: a time after the start of the phase, or a clock time",
        },
        Key { name: "over", kind: Kind::Value, need: Need::Required, doc: "how long it takes" },
        Key {
            name: "shape",
            kind: Kind::OneOf(&["linear", "exponential", "stepwise"]),
            need: Need::Default("linear"),
            doc: "`exponential` reaches `to` exactly at the end; `stepwise` holds `from` first and reaches `to` at the end",
        },
        Key {
            name: "half_life",
            kind: Kind::Value,
            need: Need::Default("over/5"),
            doc: "half-life of the exponential shape (default assumed)",
        },
        Key {
            name: "steps",
            kind: Kind::Whole,
            need: Need::Default("required if stepwise"),
            doc: "number of equal steps",
        },
        Key {
            name: "of",
            kind: Kind::Lazy(super::kind),
            need: Need::Default("no other stimulus"),
            doc: "stimulus whose distance from the baseline is scaled",
        },
    ],
};

/// More steps than this are a line.
const STEPS: i64 = 100_000;

pub(super) fn read(fields: &Fields, reader: &mut Reader) -> Option<Schedule> {
    let of = fields.get("of").and_then(Given::node);
    let scaled = of.map(|node| reader.deeper(|r| r.stimulus(node)));
    let ends = if of.is_some() {
        [reader.share(fields, "from", f64::INFINITY), reader.share(fields, "to", f64::INFINITY)]
    } else {
        [reader.level(fields, "from"), reader.level(fields, "to")]
    };
    let (start, over) = (reader.start(fields, "start"), reader.span(fields, "over"));
    let curve = curve(fields, reader);
    let [from, to] = ends;
    let from = match from? {
        Some(from) => from,
        None if of.is_some() => Number::Fixed(1.0),
        None => {
            return reader.missing(
                fields,
                "from",
                "a taper says `from` where it begins, or `of` which stimulus it scales",
            );
        }
    };
    let course = Schedule::Course(Course {
        from,
        to: to?.unwrap_or(Number::Fixed(0.0)),
        start: start?.unwrap_or(Start::Phase(Time(Number::Fixed(0.0)))),
        over: over??,
        curve: curve?,
        tick: reader.tick()?,
    });
    Some(match scaled {
        None => course,
        Some(scaled) => around_baseline(course, scaled?, reader.reading.baseline),
    })
}

/// baseline + factor·(stimulus - baseline): a taper to 0 ends at the baseline, not at nothing.
fn around_baseline(factor: Schedule, scaled: Schedule, baseline: Number) -> Schedule {
    if baseline == Number::Fixed(0.0) {
        return Schedule::Product(vec![factor, scaled]);
    }
    let above = Schedule::Sum(vec![scaled, Schedule::Constant(baseline.negative())]);
    Schedule::Sum(vec![Schedule::Constant(baseline), Schedule::Product(vec![factor, above])])
}

fn curve(fields: &Fields, reader: &mut Reader) -> Option<Curve> {
    let half = reader.span(fields, "half_life")?;
    let steps = reader.whole(fields, "steps", 1..=STEPS)?;
    let shape = match fields.get("shape").and_then(|g| g.text()) {
        Some((text, _)) => text.to_owned(),
        None if steps.is_some() => "stepwise".to_owned(),
        None if half.is_some() => "exponential".to_owned(),
        None => "linear".to_owned(),
    };
    let odd = |key: &str| {
        fields.get(key).map(|given| {
            Finding::error(format!("`{key}` has no meaning in a {shape} taper"))
                .at(&given.at())
                .label("not used")
        })
    };
    let stray = match shape.as_str() {
        "exponential" => odd("steps"),
        "stepwise" => odd("half_life"),
        _ => odd("steps").or(odd("half_life")),
    };
    if let Some(finding) = stray {
        reader.findings.push(finding);
        return None;
    }
    match (shape.as_str(), steps) {
        ("linear", _) => Some(Curve::Line),
        ("exponential", _) => Some(Curve::Exponential(half)),
        ("stepwise", Some(steps)) => Some(Curve::Steps(steps as u32)),
        ("stepwise", None) => reader.missing(fields, "steps", "a stepwise taper says in how many `steps`"),
        // An unknown shape is a finding of the key table.
        _ => None,
    }
}
