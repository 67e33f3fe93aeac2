//! The keys of a scenario file: the one place where their names, kinds, defaults and meaning stand.
//! Knows nothing of how a scenario is read: reader, schema, template and reference page all go by these tables.

use crate::document::{Key, Kind, Need, Shape};
use crate::stimulus;

use super::figure_keys::FIGURE;
use super::instruments::INSTRUMENT;
use super::responses::RESPONSE;
use Need::{Default, Required};

pub(super) const fn key(name: &'static str, kind: Kind, need: Need, doc: &'static str) -> Key {
    Key { name, kind, need, doc }
}

const PHASES: Kind = Kind::List(&Kind::Open(&stimulus::PHASE, &Kind::Lazy(stimulus::kind)));
const STATISTICS: &str =
    "numbers of the population: `mean`, `sd`, `min`, `max`, `median`, or a percentile such as `p5`, `p97.5`";
pub(super) const REDUCE: &str = "mean, p5, p25, p50, p75, p95";

/// Keys of a scenario file.
pub static SCENARIO: Shape = Shape {
    name: "scenario",
    doc: "A scenario: which agents there are, what happens to them in each arm, what is recorded, measured and claimed.",
    keys: &[
        key(
            "title",
            Kind::Text,
            Required,
            "what the scenario shows, in the words of someone who looks for it",
        ),
        key("doc", Kind::Text, Default("none"), "what it is for, in plain words"),
        key(
            "model",
            Kind::Text,
            Required,
            "a built-in model, or the path of a model file (`….toml`) relative to this file",
        ),
        key(
            "time",
            Kind::Text,
            Default("the model's unit of time"),
            "unit in which results show time: `min`, `h`, `d`",
        ),
        key("lesson", Kind::Table(&LESSON), Default("none"), "what a teacher says around a run"),
        key(
            "parameters",
            Kind::Named(&Kind::Either(&[Kind::Value, Kind::Table(&PARAMETER)])),
            Default("as in the model"),
            "other values of the model's parameters: `kdeg = \"0.05 1/h\"`; a name of your own is a table with `value`",
        ),
        key(
            "population",
            Kind::Table(&POPULATION),
            Default("1000 agents that are all alike"),
            "how many agents there are and how they differ",
        ),
        key(
            "phases",
            PHASES,
            Default("each arm has its own"),
            "what happens in arms that have no phases of their own; without `[arms]` there is one arm, called `run`",
        ),
        key(
            "arms",
            Kind::Named(&Kind::Table(&ARM)),
            Default("one arm, `run`"),
            "different histories of the same agents with the same luck; differences are taken from the first",
        ),
        key(
            "instruments",
            Kind::Named(&Kind::Table(&INSTRUMENT)),
            Default("none"),
            "simulated questionnaires and visual analogue scales; the name of one is its score in records, measures and claims",
        ),
        key(
            "measures",
            Kind::Named(&Kind::Either(&[Kind::Expression, Kind::Table(&MEASURE)])),
            Default("none"),
            "named numbers per agent: `fall = \"R[end of exposure] - R[rest]\"`",
        ),
        key(
            "record",
            Kind::List(&Kind::Table(&RECORD)),
            Default("all states"),
            "quantities recorded over time, reduced over agents",
        ),
        key(
            "trace",
            Kind::List(&Kind::Whole),
            Default("none"),
            "agents, counted from 0, whose recorded quantities are kept one by one",
        ),
        key(
            "responses",
            Kind::Named(&Kind::Table(&RESPONSE)),
            Default("those of the model"),
            "further responses, beside the model's: `session = { of = \"acute\", form = \"challenge\", for = \"6 h\" }`",
        ),
        key(
            "assay",
            Kind::List(&Kind::Table(&ASSAY)),
            Default("none"),
            "concentration-response curves at moments of each arm",
        ),
        key(
            "claim",
            Kind::List(&Kind::Table(&CLAIM)),
            Default("none"),
            "sentences about the run that the program checks",
        ),
        key(
            "figure",
            Kind::List(&Kind::Table(&FIGURE)),
            Default("none"),
            "figures beside those that every run has",
        ),
        key("accuracy", Kind::Table(&ACCURACY), Default("1e-6"), "how exact the run is"),
    ],
};

static LESSON: Shape = Shape {
    name: "lesson",
    doc: "What a teacher says around a run.",
    keys: &[
        key("question", Kind::Text, Default("none"), "what the run answers"),
        key("predict", Kind::Text, Default("none"), "what to guess before the picture"),
        key(
            "explain",
            Kind::Text,
            Default("none"),
            "what is seen and why; each sentence about a curve cites its claim in braces: `{falls}`",
        ),
        key("caveat", Kind::Text, Default("none"), "what must not be concluded"),
    ],
};

/// Keys of a parameter written as a table.
pub(super) static PARAMETER: Shape = Shape {
    name: "parameter",
    doc: "A value for all agents: of a parameter of the model, or of a name of your own that stimuli, measures and `vary` may use.",
    keys: &[
        key(
            "value",
            Kind::Value,
            Required,
            "a number or a ratio of two, then a unit: `0.02 1/min`, `1/72 1/h`",
        ),
        key(
            "unit",
            Kind::Text,
            Default("the unit of `value`"),
            "of a name of your own: the unit that expressions see",
        ),
        key("doc", Kind::Text, Default("none"), "what it is"),
    ],
};

/// Keys of the population.
pub(super) static POPULATION: Shape = Shape {
    name: "population",
    doc: "How many agents there are, with which luck, and how they differ.",
    keys: &[
        key("agents", Kind::Whole, Default("1000"), "how many, 1 to 1000000000"),
        key("seed", Kind::Whole, Default("1"), "luck: the same seed gives the same agents"),
        key(
            "vary",
            Kind::Named(&Kind::Tagged(&SPREAD)),
            Default("all agents alike"),
            "how a parameter differs between agents, around the value in force",
        ),
        key(
            "correlations",
            Kind::List(&Kind::Table(&CORRELATION)),
            Default("none"),
            "how far the luck of two parameters goes together",
        ),
        key(
            "groups",
            Kind::Named(&Kind::Table(&GROUP)),
            Default("none"),
            "parts of the population with parameter values of their own",
        ),
    ],
};

const fn spread(name: &'static str, kind: &'static Shape) -> Key {
    key(name, Kind::Table(kind), Default("another spread"), kind.doc)
}

/// Kinds of spread.
pub(super) static SPREAD: Shape = Shape {
    name: "spread",
    doc: "how a parameter differs between agents",
    keys: &[
        spread("lognormal", &LOGNORMAL),
        spread("normal", &NORMAL),
        spread("logitnormal", &LOGITNORMAL),
        spread("uniform", &UNIFORM),
        spread("loguniform", &LOGUNIFORM),
        spread("triangular", &TRIANGULAR),
        spread("gamma", &GAMMA),
        spread("beta", &BETA),
    ],
};

const CV: Key = key("cv", Kind::Number, Required, "standard deviation over the mean");
const LOW: Key = key("low", Kind::Value, Required, "lower end, in the parameter's unit");
const HIGH: Key = key("high", Kind::Value, Required, "upper end, in the parameter's unit");

static LOGNORMAL: Shape = Shape {
    name: "lognormal spread",
    doc: "positive and skewed; the parameter's value is the median",
    keys: &[
        key("cv", Kind::Number, Default("from `sdlog`"), "standard deviation over the mean"),
        key("sdlog", Kind::Number, Default("from `cv`"), "standard deviation of the logarithm"),
    ],
};
static NORMAL: Shape = Shape {
    name: "normal spread",
    doc: "a bell around the parameter's value",
    keys: &[key("sd", Kind::Value, Required, "standard deviation, in the parameter's unit")],
};
static LOGITNORMAL: Shape = Shape {
    name: "logitnormal spread",
    doc: "between 0 and 1, normal on the scale ln(x/(1 - x)); the parameter's value is the median",
    keys: &[key("sd", Kind::Number, Required, "standard deviation on the scale ln(x/(1 - x))")],
};
static UNIFORM: Shape = Shape {
    name: "uniform spread",
    doc: "even between two ends; the parameter's value is not used",
    keys: &[LOW, HIGH],
};
static LOGUNIFORM: Shape = Shape {
    name: "loguniform spread",
    doc: "even on the logarithmic scale between two ends above 0; the parameter's value is not used",
    keys: &[LOW, HIGH],
};
static TRIANGULAR: Shape = Shape {
    name: "triangular spread",
    doc: "a triangle; the parameter's value is its top",
    keys: &[LOW, HIGH],
};
static GAMMA: Shape = Shape {
    name: "gamma spread",
    doc: "positive and skewed; the parameter's value is the mean",
    keys: &[CV],
};
static BETA: Shape =
    Shape { name: "beta spread", doc: "between 0 and 1; the parameter's value is the mean", keys: &[CV] };

static CORRELATION: Shape = Shape {
    name: "correlation",
    doc: "How far the luck of two parameters goes together.",
    keys: &[
        key("between", Kind::List(&Kind::Text), Required, "two parameters that vary"),
        key("value", Kind::Number, Required, "correlation of their normal scores, -1 to 1"),
    ],
};

static GROUP: Shape = Shape {
    name: "group",
    doc: "A part of the population with parameter values of its own.",
    keys: &[
        key(
            "share",
            Kind::Quantity { of: "share" },
            Required,
            "chance of an agent to belong here; the shares of all groups add up to 1",
        ),
        key(
            "parameters",
            Kind::Named(&Kind::Value),
            Default("as for all"),
            "values in this group; those of an arm go before",
        ),
        key("doc", Kind::Text, Default("none"), "who they are"),
    ],
};

static ARM: Shape = Shape {
    name: "arm",
    doc: "One history of the agents.",
    keys: &[
        key("title", Kind::Text, Default("the arm's name"), "what happens here, for legends"),
        key("doc", Kind::Text, Default("none"), "what the arm is for"),
        key(
            "phases",
            PHASES,
            Default("the scenario's"),
            "what happens, one phase after the other; an input that a phase does not name is at its baseline",
        ),
        key(
            "parameters",
            Kind::Named(&Kind::Value),
            Default("as for all"),
            "values in this arm, before those of groups and of the scenario",
        ),
        key("model", Kind::Text, Default("the scenario's"), "another model for this arm"),
        key(
            "as",
            Kind::Named(&Kind::Text),
            Default("none"),
            "common names of this arm's quantities: `{ effect = \"R\" }`",
        ),
    ],
};

static MEASURE: Shape = Shape {
    name: "measure",
    doc: "A named number per agent.",
    keys: &[
        key(
            "value",
            Kind::Expression,
            Required,
            "an expression with moments: `R[end of exposure] - R[rest]`, `max(R[exposure])`, `ec50(acute[end of exposure])`",
        ),
        key("unit", Kind::Text, Default("its own"), "unit to show it in"),
        key("doc", Kind::Text, Default("none"), "what it is"),
    ],
};

static RECORD: Shape = Shape {
    name: "record",
    doc: "Quantities over time, reduced over agents.",
    keys: &[
        key("what", Kind::Texts, Required, "names or expressions: `R`, `off.mood`, `R/rest.R`"),
        key(
            "doc",
            Kind::Text,
            Default("of the quantity"),
            "what it is, in words, where `what` is a single expression",
        ),
        key(
            "every",
            Kind::Quantity { of: "time" },
            Default("about a two-hundredth of the time"),
            "how often, from the start to the end of each arm",
        ),
        key("at", Kind::Texts, Default("`every`"), "moments instead: `end of exposure`"),
        key(
            "over",
            Kind::Quantity { of: "time" },
            Default("no window: the value of each moment"),
            "length of the window that ends at each time",
        ),
        key(
            "window",
            Kind::OneOf(&["mean", "min", "max", "area", "last"]),
            Default("mean"),
            "how the window is reduced within each agent",
        ),
        key("relative", Kind::Flag, Default("false"), "per cent of each agent's own value at rest"),
        key("reduce", Kind::Texts, Default(REDUCE), STATISTICS),
        key("arms", Kind::Texts, Default("all that have it"), "arms in which it is recorded"),
    ],
};

static ASSAY: Shape = Shape {
    name: "assay",
    doc: "A concentration-response curve: a response taken at a moment, its probe swept.",
    keys: &[
        key(
            "response",
            Kind::Text,
            Required,
            "a response of the model, possibly seen through a view, or of the scenario",
        ),
        key("at", Kind::Texts, Required, "moments: `rest`, `end of exposure`, `start of recovery + 7 d`"),
        key(
            "points",
            Kind::Whole,
            Default("49; 13 of a challenge"),
            "levels of the curve, even on the logarithmic scale over the response's range, 2 to 1000",
        ),
        key("reduce", Kind::Texts, Default(REDUCE), STATISTICS),
        key("arms", Kind::Texts, Default("all that have the moment"), "arms in which it is taken"),
        key("doc", Kind::Text, Default("of the response"), "what it shows"),
    ],
};

static CLAIM: Shape = Shape {
    name: "claim",
    doc: "A sentence about the run that the program checks.",
    keys: &[
        key("name", Kind::Text, Required, "by which the lesson cites it"),
        key("say", Kind::Text, Required, "the sentence"),
        key(
            "that",
            Kind::Expression,
            Required,
            "what must hold, per agent (`fall < 0`) or of the population (`median(fall) < 0`)",
        ),
        key("share", Kind::Quantity { of: "share" }, Default("1"), "share of agents in which it must hold"),
        key(
            "tag",
            Kind::OneOf(&["emergent", "assumed"]),
            Default("emergent"),
            "`assumed`: true by what was put in (a term of a read-out, a schedule), not by how the model moves",
        ),
        key(
            "fails_with",
            Kind::Text,
            Default("not stated"),
            "a change under which the claim fails, `PATH=VALUE`, so that it is not empty",
        ),
    ],
};

static ACCURACY: Shape = Shape {
    name: "accuracy",
    doc: "How exact the run is.",
    keys: &[
        key(
            "relative",
            Kind::Number,
            Default("1e-6"),
            "relative tolerance of the local error, 1e-13 to 1e-2",
        ),
        key(
            "quantiles",
            Kind::OneOf(&["exact"]),
            Default("exact up to 4096 agents, then counted"),
            "`exact` keeps all values however many agents there are",
        ),
    ],
};
