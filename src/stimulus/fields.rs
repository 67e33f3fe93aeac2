//! Reads one clause of a stimulus: its levels, times, shares and clock times, from a table or from a line.
//! Knows nothing of single kinds beyond their key tables.

use std::ops::RangeInclusive;

use super::clock::{Days, clock};
use super::{
    LONGEST, Micros, Number, Reading, Schedule, Start, Time, combine, constant, doses, line, poisson, pulse,
    ramp, series, sine, taper,
};
use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Key, Kind, Need, Node, Shape, Value, check};
use crate::rng::Stream;
use crate::unit::Unit;

/// A stimulus as a table: one key says what it is.
pub(super) static STIMULUS: Shape = Shape {
    name: "stimulus",
    doc: "what an input does during a phase",
    keys: &[
        tag("constant", Kind::Table(&constant::SHAPE), constant::SHAPE.doc),
        tag("pulse", Kind::Table(&pulse::SHAPE), pulse::SHAPE.doc),
        tag("ramp", Kind::Table(&ramp::SHAPE), ramp::SHAPE.doc),
        tag("taper", Kind::Table(&taper::SHAPE), taper::SHAPE.doc),
        tag("sine", Kind::Table(&sine::SHAPE), sine::SHAPE.doc),
        tag("poisson", Kind::Table(&poisson::SHAPE), poisson::SHAPE.doc),
        tag("doses", Kind::Table(&doses::SHAPE), doses::SHAPE.doc),
        tag("series", Kind::Table(&series::SHAPE), series::SHAPE.doc),
        tag("sum", Kind::List(&Kind::Lazy(super::kind)), "stimuli added up; `base` in them defaults to 0"),
        tag(
            "product",
            Kind::List(&Kind::Lazy(super::kind)),
            "stimuli multiplied; one carries the unit, the others have none",
        ),
    ],
};

const fn tag(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, need: Need::Default("another kind"), doc }
}

type Read = fn(&Fields, &mut Reader) -> Option<Schedule>;

/// Kinds that are tables of fields: what they are called, their keys, their reader.
static KINDS: [(&Shape, Read); 8] = [
    (&constant::SHAPE, constant::read),
    (&pulse::SHAPE, pulse::read),
    (&ramp::SHAPE, ramp::read),
    (&taper::SHAPE, taper::read),
    (&sine::SHAPE, sine::read),
    (&poisson::SHAPE, poisson::read),
    (&doses::SHAPE, doses::read),
    (&series::SHAPE, series::read),
];

/// Stimuli inside stimuli: deeper is nobody's intention, and a product tries each factor in two units.
const DEEPEST: usize = 8;

/// A value and its place: from a table, or some words of a line.
pub(super) enum Given<'a> {
    Node(&'a Node),
    Words(&'a str, Span),
}

impl Given<'_> {
    pub fn text(&self) -> Option<(&str, Span)> {
        match self {
            Given::Node(node) => node.text().map(|text| (text, node.inside())),
            Given::Words(text, at) => Some((text, at.clone())),
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Given::Node(node) => node.number(),
            Given::Words(..) => None,
        }
    }

    pub fn node(&self) -> Option<&Node> {
        match self {
            Given::Node(node) => Some(node),
            Given::Words(..) => None,
        }
    }

    pub fn at(&self) -> Span {
        match self {
            Given::Node(node) => node.at.clone(),
            Given::Words(_, at) => at.clone(),
        }
    }
}

/// The values of one clause by key.
pub(super) struct Fields<'a> {
    pub kind: &'static str,
    pub at: Span,
    pub list: Vec<(&'a str, Given<'a>)>,
}

impl<'a> Fields<'a> {
    pub fn get(&self, key: &str) -> Option<&Given<'a>> {
        self.list.iter().find(|(name, _)| *name == key).map(|(_, given)| given)
    }
}

/// What a reader found at a key: `None` a finding, `Some(None)` nothing.
pub(super) type Found<T> = Option<Option<T>>;

/// Reads stimuli of one input.
pub(super) struct Reader<'r> {
    pub reading: &'r Reading<'r>,
    pub findings: &'r mut Findings,
    pub depth: usize,
}

impl Reader<'_> {
    pub fn stimulus(&mut self, node: &Node) -> Option<Schedule> {
        if self.depth > DEEPEST {
            self.findings.push(Finding::error("stimuli stand too deep in one another").at(&node.at));
            return None;
        }
        match &node.value {
            Value::Text(text) => line::read(text, &node.inside(), self),
            Value::Whole(_) | Value::Number(_) => {
                let fields = Fields {
                    kind: "constant",
                    at: node.at.clone(),
                    list: vec![("level", Given::Node(node))],
                };
                constant::read(&fields, self)
            }
            _ => self.table(node),
        }
    }

    fn table(&mut self, node: &Node) -> Option<Schedule> {
        static ONE: Shape = Shape {
            name: "input",
            doc: "",
            keys: &[Key {
                name: "stimulus",
                kind: Kind::Lazy(super::kind),
                need: Need::Required,
                doc: "what an input does",
            }],
        };
        let Some((tag, entry)) =
            node.table().and_then(|t| t.iter().find(|(name, _)| STIMULUS.key(name).is_some()))
        else {
            let found = node.table().and_then(|t| t.first());
            let (what, at) = match found {
                Some((name, entry)) => (format!("`{name}` is no kind of stimulus"), &entry.key),
                None => (format!("found {}, expected a stimulus", node.kind()), &node.at),
            };
            let known = STIMULUS.keys.iter().map(|k| k.name);
            let finding = Finding::error(what).at(at).nearest(found.map_or("", |(name, _)| name), known);
            self.findings.push(finding);
            return None;
        };
        if node.table().is_some_and(|t| t.len() > 1) {
            let wrapped = std::iter::once((
                "stimulus".to_owned(),
                crate::document::Entry { key: node.at.clone(), node: node.clone() },
            ));
            let root = Node { value: Value::Table(wrapped.collect()), at: node.at.clone() };
            self.checked(&root, &ONE);
            return None;
        }
        match tag.as_str() {
            "sum" => combine::sum(&entry.node, self),
            "product" => combine::product(&entry.node, self),
            _ => {
                let (shape, read) = KINDS.iter().find(|(shape, _)| shape.name == tag)?;
                if !self.checked(&entry.node, shape) {
                    return None;
                }
                let list =
                    entry.node.table()?.iter().map(|(k, e)| (k.as_str(), Given::Node(&e.node))).collect();
                read(&Fields { kind: shape.name, at: entry.node.at.clone(), list }, self)
            }
        }
    }

    /// Reads something that stands inside this stimulus.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Reader) -> T) -> T {
        read(&mut Reader { reading: self.reading, findings: self.findings, depth: self.depth + 1 })
    }

    fn checked(&mut self, node: &Node, shape: &'static Shape) -> bool {
        let mut found = Findings::new();
        check(node, shape, &mut found);
        let fine = !found.has_errors();
        self.findings.append(found.into_vec());
        fine
    }

    /// The input's name, as it stands in the purpose `input L`.
    pub fn input(&self) -> &str {
        let purpose = self.reading.purpose;
        purpose.strip_prefix("input ").unwrap_or(purpose)
    }

    /// Microseconds in one unit of the model's time.
    pub fn tick(&mut self) -> Option<f64> {
        let tick = self.reading.time.in_microseconds();
        if tick.is_none() {
            let unit = self.reading.time.label();
            self.findings.push(Finding::error(format!("the model's time unit `{unit}` is no time")));
        }
        tick
    }

    pub fn missing<T>(&mut self, fields: &Fields, key: &str, why: &str) -> Option<T> {
        let finding = Finding::error(format!("`{}` needs `{key}` here", fields.kind)).at(&fields.at);
        self.findings.push(finding.because(why, None));
        None
    }

    pub fn refuse<T>(&mut self, given: &Given, what: String, help: &str) -> Option<T> {
        self.findings.push(Finding::error(what).at(&given.at()).help(help));
        None
    }

    /// A level in the input's unit.
    pub fn level(&mut self, fields: &Fields, key: &str) -> Found<Number> {
        let unit = self.reading.unit;
        let what = self.input().to_owned();
        self.at_key(fields, key, |reader, given| reader.number(given, unit, &what))
    }

    /// A dimensionless number from 0 to `most`.
    pub fn share(&mut self, fields: &Fields, key: &str, most: f64) -> Found<Number> {
        self.at_key(fields, key, |reader, given| {
            let number = reader.number(given, &Unit::one(), &format!("`{key}`"))?;
            match number.fixed() {
                Some(v) if !(0.0..=most).contains(&v) && most.is_finite() => reader.refuse(
                    given,
                    format!("`{key}` is {v}, outside 0 to {most}"),
                    "write a share such as 0.8",
                ),
                _ => Some(number),
            }
        })
    }

    /// A rate above 0, per unit of the model's time.
    pub fn rate(&mut self, fields: &Fields, key: &str) -> Found<Number> {
        let unit = Unit::one().per(self.reading.time);
        self.at_key(fields, key, |reader, given| {
            let number = reader.number(given, &unit, &format!("`{key}`"))?;
            match number.fixed() {
                Some(v) if v <= 0.0 => reader.refuse(
                    given,
                    format!("`{key}` is not above 0"),
                    "write a rate such as \"0.5 1/h\"",
                ),
                _ => Some(number),
            }
        })
    }

    /// A duration above 0.
    pub fn span(&mut self, fields: &Fields, key: &str) -> Found<Time> {
        self.time(fields, key, 1)
    }

    /// A duration of 0 or more.
    pub fn since(&mut self, fields: &Fields, key: &str) -> Found<Time> {
        self.time(fields, key, 0)
    }

    fn time(&mut self, fields: &Fields, key: &str, least: Micros) -> Found<Time> {
        self.at_key(fields, key, |reader, given| reader.duration(given, key, least))
    }

    fn duration(&mut self, given: &Given, key: &str, least: Micros) -> Option<Time> {
        // The unit symbol is in the unit table; a second is always there.
        let micro = Unit::parse("us").ok()?;
        let number = self.number(given, &micro, &format!("`{key}`"))?;
        let Some(value) = number.fixed() else { return Some(Time(number)) };
        let rounded = value.round();
        if rounded.abs() > LONGEST as f64 {
            return self.refuse(given, format!("`{key}` is longer than 285 years"), "write a shorter time");
        }
        if (rounded as Micros) < least {
            let what = if value < 0.0 { "a negative time" } else { "no time at all" };
            return self.refuse(given, format!("`{key}` is {what}"), "write a time such as \"6 h\"");
        }
        Some(Time(Number::Fixed(rounded)))
    }

    /// `10:00`, `We 10:00`, or a time after the start of the phase.
    pub fn start(&mut self, fields: &Fields, key: &str) -> Found<Start> {
        self.at_key(fields, key, |reader, given| match given.text() {
            Some((text, at)) if text.contains(':') => {
                let start = clock(text);
                if start.is_none() {
                    let what = format!("`{}` is no time of day", text.trim());
                    reader.findings.push(
                        Finding::error(what).at(&at).help("write `10:00`, or `We 10:00` for a weekday"),
                    );
                }
                start
            }
            _ => reader.duration(given, key, 0).map(Start::Phase),
        })
    }

    pub fn whole(&mut self, fields: &Fields, key: &str, range: RangeInclusive<i64>) -> Found<i64> {
        self.at_key(fields, key, |reader, given| {
            let value = match given {
                Given::Node(node) => node.whole(),
                Given::Words(text, _) => text.trim().replace('_', "").parse().ok(),
            };
            match value {
                Some(value) if range.contains(&value) => Some(value),
                _ => {
                    let what = format!("`{key}` is a whole number from {} to {}", range.start(), range.end());
                    reader.refuse(given, what, "write a whole number such as 8")
                }
            }
        })
    }

    pub fn days(&mut self, fields: &Fields, key: &str) -> Found<Days> {
        self.at_key(fields, key, |reader, given| {
            let result = match given.node().and_then(Node::list) {
                Some(list) => list.iter().try_fold(Days::default(), |days, day| {
                    days.with(day.text().unwrap_or(""), &day.inside())
                }),
                None => match given.text() {
                    Some((text, at)) => Days::default().with(text, &at),
                    None => return None,
                },
            };
            reader.findings.take(result)
        })
    }

    pub fn word<'f>(&self, fields: &'f Fields, key: &str) -> Option<&'f str> {
        match fields.get(key)? {
            Given::Node(node) => node.text(),
            Given::Words(text, _) => Some(text),
        }
    }

    /// The stream of a clause's draws: for what they are, never where they stand.
    pub fn stream(&self, fields: &Fields, draw: &str) -> Stream {
        let name = self.word(fields, "name").unwrap_or(fields.kind);
        let shared = format!("{}, clause {name}, {draw}", self.reading.purpose);
        match self.word(fields, "luck") {
            Some("own") => Stream::of(&format!("{shared}, arm {}", self.reading.arm)),
            _ => Stream::of(&shared),
        }
    }

    fn at_key<T>(
        &mut self,
        fields: &Fields,
        key: &str,
        read: impl FnOnce(&mut Self, &Given) -> Option<T>,
    ) -> Found<T> {
        match fields.get(key) {
            Some(given) => read(self, given).map(Some),
            None => Some(None),
        }
    }
}
