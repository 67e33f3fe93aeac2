//! The keys of a study file: the one place where their names, kinds, defaults and meaning stand.
//! Knows nothing of how a study is read: reader, schema and reference page all go by these tables.

use crate::document::{Key, Kind, Need, Shape};
use Need::{Default, Required};

const fn key(name: &'static str, kind: Kind, need: Need, doc: &'static str) -> Key {
    Key { name, kind, need, doc }
}

const fn design(name: &'static str, kind: &'static Shape) -> Key {
    key(name, Kind::Table(kind), Default("another design"), kind.doc)
}

/// Keys of a study file.
pub static STUDY: Shape = Shape {
    name: "study",
    doc: "A study: a scenario, what varies in it and how, and which numbers are read at each point.",
    keys: &[
        key("title", Kind::Text, Required, "what the study answers, in one line"),
        key("doc", Kind::Text, Default("none"), "what it is for, in plain words"),
        key(
            "scenario",
            Kind::Text,
            Required,
            "a preset, or the path of a scenario file (`….toml`) relative to this file",
        ),
        key(
            "set",
            Kind::Texts,
            Default("nothing"),
            "changes of the scenario at all points, as after `--set`: `population.agents=200`",
        ),
        key("design", Kind::Tagged(&DESIGN), Required, "where the points lie"),
        key("seed", Kind::Whole, Default("1"), "luck of the design; that of the agents is the scenario's"),
        key(
            "repeats",
            Kind::Whole,
            Default("1"),
            "runs of each point, each with other luck of the agents, 1 to 1000000",
        ),
        key(
            "luck",
            Kind::OneOf(&["common", "own"]),
            Default("common"),
            "`common`: the same agents at all points, so that differences between points come from the factors alone; `own`: other agents at each",
        ),
        key(
            "vary",
            Kind::Named(&Kind::Table(&FACTOR)),
            Required,
            "the factors: a parameter of the scenario by its name, `krc2 = {}` over the model's range, or any value of its file by its path",
        ),
        key(
            "outputs",
            Kind::Named(&Kind::Either(&[Kind::Expression, Kind::Table(&OUTPUT)])),
            Default("none"),
            "numbers over all agents that are read at each point: `fall = \"median(fall)\"`, `lost = \"share(fall < -0.05)\"`",
        ),
        key(
            "claims",
            Kind::Flag,
            Default("false"),
            "whether each claim of the scenario is an output as well, `holds NAME`: 1 where it holds, 0 where it does not",
        ),
        key(
            "unit",
            Kind::Whole,
            Default("a thousandth of the study, at least 4096 agents"),
            "points that are computed and kept together: what a kill can lose; a point with more than 1048576 agents is several units by itself, and such a study takes no `unit`",
        ),
    ],
};

/// Kinds of design.
static DESIGN: Shape = Shape {
    name: "design",
    doc: "where the points lie",
    keys: &[
        design("list", &LIST),
        design("grid", &GRID),
        design("random", &RANDOM),
        design("latin_hypercube", &LATIN),
        design("sobol", &SOBOL),
        design("morris", &MORRIS),
        design("saltelli", &SALTELLI),
        design("local", &LOCAL),
    ],
};

static LIST: Shape = Shape {
    name: "list",
    doc: "the rows that the factors' `values` make, the first of each, the second of each, …",
    keys: &[],
};
static GRID: Shape = Shape {
    name: "grid",
    doc: "every value of each factor with every value of all others: its `values`, or `levels` between its ends",
    keys: &[],
};
static RANDOM: Shape = Shape {
    name: "random design",
    doc: "points that are independent of one another",
    keys: &[key("points", Kind::Whole, Required, "how many")],
};
static LATIN: Shape = Shape {
    name: "Latin hypercube",
    doc: "random points of which each factor has exactly one in each of as many equal parts of its range",
    keys: &[key("points", Kind::Whole, Required, "how many")],
};
static SOBOL: Shape = Shape {
    name: "Sobol' sequence",
    doc: "points that fill the space evenly; most evenly where their number is a power of two",
    keys: &[
        key("points", Kind::Whole, Required, "how many"),
        key(
            "scrambled",
            Kind::Flag,
            Default("true"),
            "whether they are scrambled at random, which keeps them even",
        ),
    ],
};
static MORRIS: Shape = Shape {
    name: "Morris design",
    doc: "trajectories on a grid, each of which moves every factor once: for elementary effects",
    keys: &[
        key("trajectories", Kind::Whole, Required, "how many, each of one point more than there are factors"),
        key("levels", Kind::Whole, Default("4"), "levels of the grid, an even number"),
    ],
};
static SALTELLI: Shape = Shape {
    name: "Saltelli design",
    doc: "blocks of points that share all factors but one: for Sobol' indices",
    keys: &[
        key(
            "base",
            Kind::Whole,
            Required,
            "blocks, each of two points more than there are factors; best a power of two",
        ),
        key(
            "second_order",
            Kind::Flag,
            Default("false"),
            "whether blocks hold what indices of pairs need, which makes them nearly twice as long",
        ),
    ],
};

static LOCAL: Shape = Shape {
    name: "local design",
    doc: "small steps of each factor from one centre, its value in the scenario or the geometric mean of its ends: for per cent of an \
          output for a per cent of the factor",
    keys: &[key(
        "step",
        Kind::Number,
        Default("0.05"),
        "the largest step, as a change of the factor's logarithm: about that share of it; above 0, at most 1",
    )],
};

static FACTOR: Shape = Shape {
    name: "factor",
    doc: "What varies between points.",
    keys: &[
        key(
            "path",
            Kind::Texts,
            Default("the factor's name"),
            "a value of the scenario, as after `--set`: `arms.rest.phases.use.for`; or a list of them, which all get the same value",
        ),
        key("from", Kind::Value, Default("the lower end of the model's range"), "lower end"),
        key("to", Kind::Value, Default("the upper end of the model's range"), "upper end"),
        key(
            "scale",
            Kind::OneOf(&["log", "linear"]),
            Default("log where both ends are above 0"),
            "on which scale the points are even",
        ),
        key(
            "values",
            Kind::List(&Kind::Value),
            Default("all between the ends"),
            "values in place of ends: numbers with units, or texts",
        ),
        key("levels", Kind::Whole, Default("5"), "of a grid: how many values between the ends"),
        key("doc", Kind::Text, Default("that of the parameter"), "what it is"),
    ],
};

static OUTPUT: Shape = Shape {
    name: "output",
    doc: "A number over all agents.",
    keys: &[
        key(
            "value",
            Kind::Expression,
            Required,
            "an expression as in claims: `median(fall)`, `quantile(fall, 0.9)`, `share(fall < 0)`",
        ),
        key("doc", Kind::Text, Default("none"), "what it is"),
    ],
};
