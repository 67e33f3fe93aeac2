//! The keys of a model file: the one place where their names, kinds, defaults and meaning stand.
//! Knows nothing of how a model is read: reader, schema and reference page all go by these tables.

use crate::document::{Key, Kind, Need, Shape};
use crate::stimulus;

use super::caution::NAMES;
use super::page;

use Need::{Default, Required};

const fn key(name: &'static str, kind: Kind, need: Need, doc: &'static str) -> Key {
    Key { name, kind, need, doc }
}

static ONE_CAUTION: Kind = Kind::OneOf(&NAMES);
static CAUTIONS: [Kind; 2] = [Kind::OneOf(&NAMES), Kind::List(&ONE_CAUTION)];

/// What a scenario that uses the entry has to tell, everywhere.
const CAUTION: Key = key(
    "caution",
    Kind::Either(&CAUTIONS),
    Default("none"),
    "what every artefact of a scenario that uses it has to say, by name; a list for several",
);

/// Two quantities, the lower first.
const SPAN: Kind = Kind::List(&Kind::Value);

/// Keys of a model file.
pub static MODEL: Shape = Shape {
    name: "model",
    doc: "A model: what there is (inputs, parameters, states), what is derived (let), and the flows that change the states. \
          The flows give the differential equations, the discrete jumps and the conservation laws.",
    keys: &[
        key("title", Kind::Text, Required, "what the model is, in the words of someone who looks for it"),
        key("time", Kind::Text, Required, "unit of time of all rates: `s`, `min`, `h`, `d`"),
        key("doc", Kind::Text, Required, "what the model says in plain words"),
        key(
            "not_shown",
            Kind::Text,
            Default("not stated"),
            "what it does not show, in sentences: what was left out, and what nobody should read out of it",
        ),
        key(
            "sources",
            Kind::Texts,
            Default("none"),
            "where the equations come from; begins with `unchecked: ` where the source was not seen",
        ),
        key(
            "inputs",
            Kind::Named(&Kind::Table(&INPUT)),
            Default("none"),
            "what a scenario may change over time",
        ),
        key(
            "parameters",
            Kind::Named(&Kind::Table(&PARAMETER)),
            Default("none"),
            "numbers that stay the same during an agent's life",
        ),
        key(
            "let",
            Kind::Named(&Kind::Table(&LET)),
            Default("none"),
            "names for what is derived from other names, in any order",
        ),
        key("states", Kind::Named(&Kind::Table(&STATE)), Default("none"), "what the flows change"),
        key(
            "flows",
            Kind::Named(&Kind::Table(&FLOW)),
            Default("none"),
            "what moves from where to where, and how fast",
        ),
        key(
            "views",
            Kind::Named(&Kind::Open(&VIEW, &Kind::Value)),
            Default("`rest` alone"),
            "the model seen with some names replaced: `off.s1` is `s1` with the replacements of `off` made in all that it depends on",
        ),
        key(
            "responses",
            Kind::Named(&Kind::Table(&RESPONSE)),
            Default("none"),
            "concentration-response curves: the probe swept, with all states frozen unless `form` says otherwise",
        ),
        key(
            "check",
            Kind::Named(&Kind::Table(&CHECK)),
            Default("none"),
            "what must hold of the model, with the numbers it must give",
        ),
        key(
            "page",
            Kind::Table(&PAGE),
            Default("chosen from the model"),
            "what the model's page and its figures show",
        ),
    ],
};

static INPUT: Shape = Shape {
    name: "input",
    doc: "What a scenario may change over time: a concentration, a stimulus.",
    keys: &[
        key("unit", Kind::Text, Required, "unit of the input"),
        key(
            "baseline",
            Kind::Value,
            Default("0"),
            "its value where a phase does not name it: a quantity, or an expression in parameters",
        ),
        key("doc", Kind::Text, Required, "what it is"),
        CAUTION,
    ],
};

static PARAMETER: Shape = Shape {
    name: "parameter",
    doc: "A number that stays the same during an agent's life and may differ between agents.",
    keys: &[
        key(
            "value",
            Kind::Quantity { of: "value" },
            Required,
            "the default: a number or a ratio of two, then a unit: `0.02 1/min`, `1/72 1/h`",
        ),
        key(
            "unit",
            Kind::Text,
            Default("the unit of `value`"),
            "the unit that expressions see; `value`, `range` and `limits` may be written in any unit of its kind",
        ),
        key(
            "range",
            SPAN,
            Default("none"),
            "plausible span, the default of studies and sliders; leaving it is a note",
        ),
        key(
            "limits",
            Kind::Texts,
            Default("none"),
            "where the model means something: `Nmax > 1`, `0 <= p < 1`; a value outside is an error",
        ),
        key(
            "source",
            Kind::Text,
            Required,
            "where the default comes from: a source that was seen, `unchecked: …`, or `assumed`",
        ),
        key("doc", Kind::Text, Required, "what it is"),
    ],
};

static LET: Shape = Shape {
    name: "let",
    doc: "A name for something derived. What depends on parameters only is computed once per agent.",
    keys: &[
        key("value", Kind::Value, Required, "an expression in any names, seen through views too: `off.s1`"),
        key("unit", Kind::Text, Required, "its unit, which the expression must fit with factor 1"),
        key("show", SPAN, Default("chosen by the figure"), "lower and upper end of its axis in figures"),
        key("doc", Kind::Text, Required, "what it is"),
        CAUTION,
    ],
};

static STATE: Shape = Shape {
    name: "state",
    doc: "What the flows change.",
    keys: &[
        key("unit", Kind::Text, Required, "unit of the state"),
        key(
            "start",
            Kind::Value,
            Required,
            "its value at t = 0: an expression in parameters, lets and inputs (at their baseline), or `steady`: solved per agent",
        ),
        key(
            "scale",
            Kind::Value,
            Default("the start"),
            "the size below which relative accuracy is not asked; required where the start is 0",
        ),
        key("min", Kind::Number, Default("no lower end"), "0 marks what cannot be negative"),
        key(
            "scope",
            Kind::OneOf(&["agent", "shared"]),
            Default("agent"),
            "`agent`: each agent has its own; `shared` comes later",
        ),
        key("doc", Kind::Text, Required, "what it is"),
        CAUTION,
    ],
};

static FLOW: Shape = Shape {
    name: "flow",
    doc: "Something that moves. `from` is taken away, `to` is added, both at `rate`.",
    keys: &[
        key("from", Kind::Text, Default("nothing"), "states with whole coefficients: `R`, `R + L`, `2 M`"),
        key("to", Kind::Text, Default("nothing"), "as `from`; `geometric(B) M` adds a burst of mean B"),
        key(
            "rate",
            Kind::Value,
            Required,
            "an expression in the state's unit per time; it may change sign where the model only runs as differential equation",
        ),
        key(
            "propensity",
            Kind::Value,
            Default("the rate with falling powers"),
            "how often the discrete jump happens, where that is not the rate",
        ),
        key("doc", Kind::Text, Default("none"), "what it is"),
    ],
};

static VIEW: Shape = Shape {
    name: "view",
    doc: "The model seen with some names replaced. Further keys name what is replaced, values say by what.",
    keys: &[
        key(
            "of",
            Kind::OneOf(&["rest"]),
            Default("the model as it runs"),
            "`rest`: what is not replaced stands at rest, inputs at baseline and states at their start",
        ),
        key("doc", Kind::Text, Default("none"), "what the view shows"),
    ],
};

static RESPONSE: Shape = Shape {
    name: "response",
    doc: "A concentration-response curve: the probe swept over its range, with all states frozen unless `form` says otherwise.",
    keys: &[
        FORM,
        key(
            "probe",
            Kind::Either(&[Kind::Text, Kind::Named(&Kind::Text)]),
            Required,
            "what is swept: an input, a state, or a new name with its unit: `{ L = \"nM\" }`",
        ),
        key("range", SPAN, Required, "lowest and highest level of the probe, both above 0"),
        key(
            "value",
            Kind::Value,
            Required,
            "the response as an expression in the probe, states, inputs and parameters",
        ),
        key("bottom", Kind::Value, Default("0"), "what the response tends to at low levels"),
        key(
            "top",
            Kind::Value,
            Default("the largest value in the range"),
            "what the response tends to at high levels",
        ),
        FOR,
        READ,
        INPUTS,
        key("doc", Kind::Text, Required, "what it is"),
    ],
};

static PAGE: Shape = Shape {
    name: "page",
    doc: "What the model's page and its figures show. Figures are drawn from one agent with the default values.",
    keys: &[
        key("topic", Kind::OneOf(&page::NAMES), Default("further"), "under which the index lists the model"),
        key(
            "phases",
            Kind::List(&Kind::Open(&stimulus::PHASE, &Kind::Lazy(stimulus::kind))),
            Default(
                "before, during and after a step of the first input, as long as the model takes to settle",
            ),
            "phases of the figures, one after the other; inputs not named are at baseline",
        ),
        key(
            "over_time",
            Kind::Texts,
            Default("the first four states that the first input moves"),
            "names shown over time: states, lets, what views see",
        ),
        key("response", Kind::Text, Default("the first"), "the response whose curves are shown"),
        key(
            "at",
            Kind::Texts,
            Default("the end of each phase"),
            "moments of the curves: `rest`, `end of during`",
        ),
    ],
};
pub const FORM: Key = key(
    "form",
    Kind::OneOf(&["acute", "chronic", "challenge"]),
    Default("acute"),
    "what happens at each level: `acute`: all states are frozen; `chronic`: all states are at their steady state there, and an agent \
     with none or several that are stable has no value (they are searched at both ends and in the middle of the range and followed \
     from there: one that exists only between two of these levels may be missed); `challenge`: a copy of the agent lives on for `for` with the probe at the level. \
     Slope and gain of the last two are differences over five levels (0.8 % apart, 6 % for a challenge)",
);
pub const FOR: Key = key(
    "for",
    Kind::Quantity { of: "time" },
    Default("required for a challenge"),
    "how long a challenge takes",
);
pub const READ: Key = key(
    "read",
    Kind::OneOf(&["max", "min", "mean", "area", "end"]),
    Default("max"),
    "what is read of `value` during a challenge, on the dense output; `area` is over the model's time",
);
pub const INPUTS: Key = key(
    "inputs",
    Kind::Named(&Kind::Value),
    Default("as they are at the moment"),
    "levels of other inputs during a challenge",
);

/// Keys of a check.
pub static CHECK: Shape = Shape {
    name: "check",
    doc: "A theorem of the model. It starts from rest; either `inputs` are held constant for the time `for` (one phase, called `on`), \
          or `phases` follow each other.",
    keys: &[
        key("doc", Kind::Text, Default("none"), "what holds, in words"),
        key(
            "inputs",
            Kind::Named(&Kind::Value),
            Default("all at baseline"),
            "inputs held constant from t = 0",
        ),
        key(
            "phases",
            Kind::List(&Kind::Open(&stimulus::PHASE, &Kind::Lazy(stimulus::kind))),
            Default("none"),
            "phases one after the other; inputs not named are at baseline",
        ),
        key(
            "parameters",
            Kind::Named(&Kind::Value),
            Default("as in the model"),
            "other values of parameters",
        ),
        key("start", Kind::Named(&Kind::Value), Default("as in the model"), "other starts of states"),
        key("let", Kind::Named(&Kind::Value), Default("none"), "names used in this check only"),
        key(
            "for",
            Kind::Quantity { of: "time" },
            Default("as long as `steady` and the phases need"),
            "how long `inputs` are held",
        ),
        key(
            "every",
            Kind::Quantity { of: "time" },
            Default("a hundredth of the time"),
            "how often `values` and `constant` are compared",
        ),
        key(
            "steady",
            Kind::Named(&Kind::Value),
            Default("none"),
            "the steady state under the inputs, for some or all states",
        ),
        key(
            "values",
            Kind::Named(&Kind::Value),
            Default("none"),
            "what names are worth at every record time, with `t` the time since the start in the model's unit",
        ),
        key(
            "eigenvalues",
            Kind::List(&Kind::Either(&[Kind::Value, Kind::List(&Kind::Value)])),
            Default("none"),
            "of the Jacobian at the steady state, in any order; a complex one as `[real, imaginary]`",
        ),
        key("constant", Kind::Texts, Default("none"), "expressions that do not change over time"),
        key(
            "that",
            Kind::Texts,
            Default("none"),
            "claims in the language of measures: `max(R[on]) == 3.12`, `ec50(surface[rest]) == KD`",
        ),
        key(
            "within",
            Kind::Number,
            Default("1e-8"),
            "largest difference, relative where the value is above 1",
        ),
    ],
};
