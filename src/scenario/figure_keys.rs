//! The keys of a `[[figure]]`. Knows nothing of how a figure is read or drawn.

use crate::document::{Kind, Need, Shape};

use super::keys::key;

use Need::{Default, Required};

/// Of a key that other kinds do not have.
const ONLY: Need = Default("none: its kind needs it");

/// Keys of a `[[figure]]`; which of them a kind has is checked where figures are read.
pub(super) static FIGURE: Shape = Shape {
    name: "figure",
    doc: "A figure beside those that every run has. What it draws and nothing records is recorded for it, at the times of what it draws beside.",
    keys: &[
        key(
            "kind",
            Kind::OneOf(&["decomposition", "phase_portrait", "recovery", "archetypes", "scales"]),
            Required,
            "`decomposition`: parts of a total over time, stacked; `phase_portrait`: one quantity against another; `recovery`: share of agents that have \
             reached something, over time; `archetypes`: acute curves before and after, normalised; `scales`: several quantities over time in panels of their own",
        ),
        key(
            "title",
            Kind::Text,
            Default("what is shown"),
            "what the figure shows, behind the scenario's title",
        ),
        key("arms", Kind::Texts, Default("all that have it"), "arms that are drawn; not of `archetypes`"),
        key(
            "by",
            Kind::OneOf(&["arm", "group"]),
            Default("arm"),
            "of `recovery` and `scales`: what has a line of its own; `scales` by group draw one arm",
        ),
        key("total", Kind::Text, ONLY, "of `decomposition`: the quantity that is a sum"),
        key(
            "parts",
            Kind::Texts,
            ONLY,
            "of `decomposition`: what it is the sum of, in the unit of the total",
        ),
        key("x", Kind::Text, ONLY, "of `phase_portrait`: quantity to the right"),
        key("y", Kind::Text, ONLY, "of `phase_portrait`: quantity upwards"),
        key("what", Kind::Texts, ONLY, "of `scales`: quantities, each with a panel, 1 to 12"),
        key(
            "relative",
            Kind::Flag,
            Default("false"),
            "of `phase_portrait` and `scales`: per cent of each agent's own value at rest",
        ),
        key("measure", Kind::Text, ONLY, "of `recovery`: a measure that is a time: `first(x > 0.95 [rest])`"),
        key(
            "phase",
            Kind::Text,
            Default("that of the measure"),
            "of `recovery`: the phase from whose start the measure counts",
        ),
        key("before", Kind::Text, Default("rest"), "of `archetypes`: moment of the first curve"),
        key("after", Kind::Text, Default("of each panel"), "of `archetypes`: moment of the second curve"),
        key("panels", Kind::List(&Kind::Table(&PANEL)), ONLY, "of `archetypes`: 1 to 12 panels"),
    ],
};

static PANEL: Shape = Shape {
    name: "panel",
    doc: "An acute curve of one arm, before and after.",
    keys: &[
        key("title", Kind::Text, Default("the arm's title"), "what happens to the curve"),
        key("arm", Kind::Text, Required, "whose curve"),
        key("response", Kind::Text, Required, "a response of the arm's model"),
        key("before", Kind::Text, Default("that of the figure"), "moment of the first curve"),
        key("after", Kind::Text, Default("that of the figure"), "moment of the second curve"),
    ],
};
