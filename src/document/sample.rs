//! A small language of every kind, for the tests of this module.

use super::{Key, Kind, Need, Node, Shape};
use crate::diagnostic::{Findings, Source, render};

pub(super) static ARM_FILE: Shape = Shape {
    name: "scenario",
    doc: "What happens to whom.",
    keys: &[
        Key { name: "title", kind: Kind::Text, need: Need::Required, doc: "one line" },
        Key { name: "agents", kind: Kind::Whole, need: Need::Default("1000"), doc: "size of the population" },
        Key { name: "strict", kind: Kind::Flag, need: Need::Default("false"), doc: "stop at a broken claim" },
        Key { name: "share", kind: Kind::Number, need: Need::Default("1"), doc: "share of agents" },
        Key {
            name: "window",
            kind: Kind::OneOf(&["mean", "min", "max"]),
            need: Need::Default("mean"),
            doc: "how a window is reduced",
        },
        Key { name: "what", kind: Kind::Texts, need: Need::Default("all"), doc: "what is recorded" },
        Key {
            name: "every",
            kind: Kind::Quantity { of: "time" },
            need: Need::Default("1 d"),
            doc: "distance of records",
        },
        Key {
            name: "level",
            kind: Kind::Quantity { of: "level" },
            need: Need::Default("1"),
            doc: "strength",
        },
        Key {
            name: "vary",
            kind: Kind::Named(&Kind::Tagged(&SPREAD)),
            need: Need::Default("no change"),
            doc: "differences between agents",
        },
        Key {
            name: "arms",
            kind: Kind::Named(&Kind::Table(&ARM)),
            need: Need::Default("none"),
            doc: "histories",
        },
    ],
};

static SPREAD: Shape = Shape {
    name: "spread",
    doc: "How a parameter differs between agents.",
    keys: &[Key {
        name: "lognormal",
        kind: Kind::Table(&Shape {
            name: "lognormal",
            doc: "Logarithm normal.",
            keys: &[Key { name: "cv", kind: Kind::Number, need: Need::Required, doc: "sd|mean" }],
        }),
        need: Need::Default("another"),
        doc: "positive and skewed",
    }],
};

static ARM: Shape = Shape {
    name: "arm",
    doc: "One history.",
    keys: &[Key {
        name: "phases",
        kind: Kind::List(&Kind::Lazy(phase)),
        need: Need::Required,
        doc: "one after the other",
    }],
};

fn phase() -> Kind {
    static KINDS: [Kind; 2] = [Kind::Open(&PHASE, &Kind::Lazy(stimulus)), Kind::Table(&REPEAT)];
    Kind::Either(&KINDS)
}

static PHASE: Shape = Shape {
    name: "phase",
    doc: "A stretch of time.",
    keys: &[
        Key { name: "name", kind: Kind::Text, need: Need::Required, doc: "unique in its arm" },
        Key {
            name: "for",
            kind: Kind::Quantity { of: "time" },
            need: Need::Required,
            doc: "how long it lasts",
        },
    ],
};

static REPEAT: Shape = Shape {
    name: "repeat",
    doc: "Phases again and again.",
    keys: &[
        Key { name: "repeat", kind: Kind::Whole, need: Need::Required, doc: "how often" },
        Key {
            name: "phases",
            kind: Kind::List(&Kind::Lazy(phase)),
            need: Need::Required,
            doc: "what is repeated",
        },
    ],
};

fn stimulus() -> Kind {
    static KINDS: [Kind; 2] = [Kind::Value, Kind::Tagged(&STIMULUS)];
    Kind::Either(&KINDS)
}

static STIMULUS: Shape = Shape {
    name: "stimulus",
    doc: "An input over time.",
    keys: &[
        Key { name: "pulse", kind: Kind::Table(&PULSE), need: Need::Default("another"), doc: "on and off" },
        Key { name: "ramp", kind: Kind::Table(&RAMP), need: Need::Default("another"), doc: "a line" },
        Key {
            name: "sum",
            kind: Kind::List(&Kind::Lazy(stimulus)),
            need: Need::Default("another"),
            doc: "all of these together",
        },
    ],
};

static PULSE: Shape = Shape {
    name: "pulse",
    doc: "A level for a while.",
    keys: &[Key { name: "level", kind: Kind::Value, need: Need::Required, doc: "its height" }],
};

static RAMP: Shape = Shape {
    name: "ramp",
    doc: "A line.",
    keys: &[Key { name: "to", kind: Kind::Value, need: Need::Required, doc: "where it ends" }],
};

/// The findings of a file, as text.
pub(super) fn checked(text: &str) -> String {
    let mut findings = Findings::new();
    let root = Node::parse(&Source::new("x.toml", text), &mut findings).unwrap();
    super::check(&root, &ARM_FILE, &mut findings);
    render(&findings.into_vec(), false)
}

/// The findings of a file that is right, and `more`.
pub(super) fn with(more: &str) -> String {
    checked(&format!("title = \"x\"\n{more}\n"))
}
