//! Simulated instruments as written: their keys, what may stand there, and the instruments of each arm.
//! Knows nothing of how they are answered.
//!
//! Defaults: 14 items of 4 categories as the Snaith-Hamilton pleasure scale has them, scored there by counting, 0 to 14, with 3 or
//! more called abnormal [datashare.nida]. All else is assumed. Items are generated and are not the text of that scale.

use std::sync::Arc;

use super::InstrumentText;
use super::arms::Draft;
use super::keys::key;
use super::parameters::{Own, taken};
use super::quantity::{entries, in_unit, words};
use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Entry, Kind, Need, Node, Shape};
use crate::expression::{Syntax, parse};
use crate::instrument::{self, Questionnaire, Scale, Scoring, VisualAnalogue, bank};
use crate::measure::{ArmScope, Gauge, Measure, reserved};
use crate::unit::Unit;

use Need::{Default, Required};

/// More than this are a slip.
const MOST: usize = 100;
const MOST_ITEMS: i64 = 200;
const MOST_CATEGORIES: i64 = 100;
/// Beyond, an item is a step.
const SHARPEST: f64 = 100.0;
const FARTHEST: f64 = 1000.0;

const RANGE: Kind = Kind::List(&Kind::Value);

/// Keys of an instrument.
pub(super) static INSTRUMENT: Shape = Shape {
    name: "instrument",
    doc: "A simulated questionnaire or visual analogue scale, answered by each agent at each visit: a moment at which a record, measure or claim asks for it.",
    keys: &[
        key("doc", Kind::Text, Default("none"), "what it stands for"),
        key(
            "questionnaire",
            Kind::Table(&QUESTIONNAIRE),
            Default("another kind"),
            "items with graded answers; generated items, not the wording of any real questionnaire",
        ),
        key(
            "visual_analogue",
            Kind::Table(&VISUAL_ANALOGUE),
            Default("another kind"),
            "a mark on a line from 0 to 100",
        ),
        key(
            "luck",
            Kind::OneOf(&["shared", "own"]),
            Default("shared"),
            "`shared`: an agent has the same luck at the same time in all arms; `own`: each arm its own",
        ),
    ],
};

static QUESTIONNAIRE: Shape = Shape {
    name: "questionnaire",
    doc: "Items with graded answers (Samejima): the chance of category k or a higher one is 1/(1 + exp(-a (latent - b_k))). Items are generated, evenly \
          over the ranges of a and b, and called item 1, item 2, …; they are not the wording of any real questionnaire, and a score is none of a person.",
    keys: &[
        key(
            "latent",
            Kind::Expression,
            Required,
            "what the items ask about, a number without unit over the quantities of the arm: the larger, the higher the score",
        ),
        key(
            "items",
            Kind::Whole,
            Default("14"),
            "how many, 1 to 200 (14: as many as the SHAPS has; datashare.nida)",
        ),
        key(
            "categories",
            Kind::Whole,
            Default("4"),
            "answers to each item, 2 to 100 (4: as many as the SHAPS has; datashare.nida)",
        ),
        key(
            "discrimination",
            RANGE,
            Default("1, 2.5"),
            "a, from the item that follows the latent quantity least to the one that follows it most (assumed)",
        ),
        key(
            "difficulty",
            RANGE,
            Default("-2, 2"),
            "b, from the lowest threshold of all items to the highest, on the scale of the latent quantity (assumed)",
        ),
        key(
            "scoring",
            Kind::OneOf(&["sum", "count"]),
            Default("sum"),
            "`sum`: categories from 0 added up, 0 to items·(categories - 1); `count`: items answered in the upper half of the categories, \
             0 to items (the SHAPS is counted, 0 to 14, and 3 or more is called abnormal; datashare.nida)",
        ),
    ],
};

static VISUAL_ANALOGUE: Shape = Shape {
    name: "visual analogue scale",
    doc: "A mark on a line from 0 to 100: clamp(100·latent + sd·z, 0, 100) with a standard normal z, then end-aversion, then rounding.",
    keys: &[
        key(
            "latent",
            Kind::Expression,
            Required,
            "what the line shows, a number without unit over the quantities of the arm: 0 at its left end, 1 at its right",
        ),
        key(
            "sd",
            Kind::Value,
            Default("7"),
            "standard deviation of the error, in points of the line, 0 to 1000 (assumed)",
        ),
        key(
            "rounding",
            Kind::Value,
            Default("0"),
            "marks fall on multiples of this many points (and on 100), 0 to 100; 0: anywhere",
        ),
        key(
            "end_aversion",
            Kind::Value,
            Default("0"),
            "share of the line that is shunned, half at each end, 0 to less than 1: a mark m becomes 50 + (1 - share)·(m - 50)",
        ),
    ],
};

/// An instrument on its way.
pub(super) struct Instrument {
    name: String,
    doc: String,
    latent: Syntax,
    scale: Scale,
    /// Each arm has luck of its own.
    own_luck: bool,
}

impl Instrument {
    pub fn of_arm(&self, arm: &str) -> Gauge {
        let arm = self.own_luck.then_some(arm);
        Gauge {
            name: self.name.clone(),
            doc: self.doc.clone(),
            latent: self.latent.clone(),
            instrument: Arc::new(instrument::Instrument::new(&self.name, arm, self.scale.clone())),
        }
    }
}

/// What is told of each instrument; they are the same in every arm.
pub(super) fn told(scope: &ArmScope) -> Vec<InstrumentText> {
    let one = |gauge: &Gauge| InstrumentText {
        name: gauge.name.clone(),
        doc: scope.instrument_doc(&gauge.name).unwrap_or_default(),
        latent: gauge.latent.at.text().trim().to_owned(),
    };
    scope.instruments.iter().map(one).collect()
}

/// `[instruments]` in the order of the file; without those whose latent cannot be read, which has been said.
pub(super) fn read(
    root: &Node,
    drafts: &[Draft],
    own: &[Own],
    measures: &[Measure],
    findings: &mut Findings,
) -> Vec<Instrument> {
    let count = entries(root, "instruments").count();
    if count > MOST {
        let at = root.key("instruments").map_or(&root.at, |node| &node.at);
        let what = format!("there are {count} instruments, and a scenario has at most {MOST}");
        findings.push(Finding::error(what).at(at));
        return Vec::new();
    }
    let mut all = Vec::new();
    for (name, entry) in entries(root, "instruments") {
        if let Some(what) = clash(name, drafts, own, measures) {
            let finding = Finding::error(format!("`{name}` is {what} already")).at(&entry.key);
            findings.push(finding.help("give the instrument another name"));
        }
        all.extend(one(name, entry, findings));
    }
    all
}

/// What a name is already.
fn clash(name: &str, drafts: &[Draft], own: &[Own], measures: &[Measure]) -> Option<String> {
    if reserved(name) {
        return Some("a word of the language".to_owned());
    }
    if own.iter().any(|own| own.name == name) {
        return Some("a parameter".to_owned());
    }
    if measures.iter().any(|measure| measure.name == name) {
        return Some("a measure".to_owned());
    }
    drafts.iter().find_map(|draft| {
        if draft.name == name {
            return Some("an arm".to_owned());
        }
        if draft.alias.iter().any(|(common, _)| common == name) {
            return Some(format!("a common name of arm `{}`", draft.name));
        }
        let parameter = draft.model.parameters.iter().any(|p| p.name == name).then_some("a parameter");
        let what = parameter.or_else(|| taken(name, &draft.model))?;
        Some(format!("{what} of `{}`", draft.model.name))
    })
}

fn one(name: &str, entry: &Entry, findings: &mut Findings) -> Option<Instrument> {
    let node = &entry.node;
    node.table()?;
    let (kind, scale) = match (node.key("questionnaire"), node.key("visual_analogue")) {
        (Some(kind), None) => (kind, questionnaire(kind, findings)),
        (None, Some(kind)) => (kind, Scale::VisualAnalogue(visual_analogue(kind, findings))),
        (None, None) => {
            let finding = Finding::error(format!("`{name}` does not say what it is")).at(&entry.key);
            let help = "write `questionnaire = { latent = … }` or `visual_analogue = { latent = … }`";
            findings.push(finding.help(help));
            return None;
        }
        (Some(first), Some(second)) => {
            let finding =
                Finding::error(format!("`{name}` is one thing, `questionnaire` or `visual_analogue`"))
                    .at(&second.at)
                    .because("it already says what it is here", Some(&first.at));
            findings.push(finding.help("write two instruments"));
            return None;
        }
    };
    let latent = kind.key("latent").filter(|latent| latent.text().is_some())?;
    let (text, at) = findings.take(latent.exact_text())?;
    let latent = findings.take(parse(text, &at))?;
    let own_luck = node.key("luck").and_then(Node::text) == Some("own");
    Some(Instrument { name: name.to_owned(), doc: words(node, "doc"), latent, scale, own_luck })
}

/// What cannot be used has been said, and the default stands for it.
fn questionnaire(node: &Node, findings: &mut Findings) -> Scale {
    let items = whole(node, "items", 1, MOST_ITEMS, 14, findings);
    let categories = whole(node, "categories", 2, MOST_CATEGORIES, 4, findings);
    let discrimination = range(node, "discrimination", [1.0, 2.5], findings);
    let difficulty = range(node, "difficulty", [-2.0, 2.0], findings);
    if let Some(node) = node.key("discrimination")
        && !(discrimination[0] > 0.0 && discrimination[1] <= SHARPEST)
    {
        let what = format!("discrimination lies above 0, up to {SHARPEST}");
        let finding = Finding::error(what).at(&node.at);
        findings.push(finding.help("turn the sign of `latent` for items that are answered the other way"));
    }
    if let Some(node) = node.key("difficulty")
        && difficulty.iter().any(|b| b.abs() > FARTHEST)
    {
        let what = format!("difficulty lies between -{FARTHEST} and {FARTHEST}");
        findings.push(Finding::error(what).at(&node.at).help("divide `latent` by its own size"));
    } else if let Some(node) = node.key("difficulty")
        && difficulty[0] == difficulty[1]
        && items * (categories - 1) > 1
    {
        let finding = Finding::error("all thresholds would be one").at(&node.at);
        findings.push(finding.help("write the lowest and the highest: `[\"-2\", \"2\"]`"));
    }
    let scoring = match node.key("scoring").and_then(Node::text) {
        Some("count") => Scoring::Count,
        _ => Scoring::Sum,
    };
    Scale::Questionnaire(Questionnaire {
        items: bank(items, categories, discrimination, difficulty),
        scoring,
    })
}

fn visual_analogue(node: &Node, findings: &mut Findings) -> VisualAnalogue {
    let mut number = |key: &str, default: f64, fits: &dyn Fn(f64) -> bool, most: &str| {
        let Some(node) = node.key(key) else { return default };
        let Some(value) = in_unit(node, &Unit::one(), &format!("`{key}`"), findings) else { return default };
        if fits(value) {
            return value;
        }
        let finding = Finding::error(format!("`{key}` lies from 0 up to {most}")).at(&node.inside());
        findings.push(finding.help(format!("leave it out for {default}")));
        default
    };
    VisualAnalogue {
        sd: number("sd", 7.0, &|sd| (0.0..=1000.0).contains(&sd), "1000"),
        rounding: number("rounding", 0.0, &|points| (0.0..=100.0).contains(&points), "100"),
        end_aversion: number("end_aversion", 0.0, &|share| (0.0..1.0).contains(&share), "less than 1"),
    }
}

fn whole(node: &Node, key: &str, least: i64, most: i64, default: usize, findings: &mut Findings) -> usize {
    let Some((node, value)) = node.key(key).and_then(|node| Some((node, node.whole()?))) else {
        return default;
    };
    if !(least..=most).contains(&value) {
        let finding = Finding::error(format!("`{key}` lies between {least} and {most}")).at(&node.at);
        findings.push(finding.help(format!("leave it out for {default}")));
        return default;
    }
    usize::try_from(value).unwrap_or(default)
}

/// Two numbers, the lower first.
fn range(node: &Node, key: &str, default: [f64; 2], findings: &mut Findings) -> [f64; 2] {
    let Some((node, list)) = node.key(key).and_then(|node| Some((node, node.list()?))) else {
        return default;
    };
    let mut number = |node: &Node| in_unit(node, &Unit::one(), &format!("`{key}`"), findings);
    match list {
        [low, high] => match (number(low), number(high)) {
            (Some(low), Some(high)) if low <= high => [low, high],
            (Some(_), Some(_)) => {
                findings.push(wrong_range(key, default, &node.at));
                default
            }
            _ => default,
        },
        _ => {
            findings.push(wrong_range(key, default, &node.at));
            default
        }
    }
}

fn wrong_range(key: &str, default: [f64; 2], at: &Span) -> Finding {
    let [low, high] = default;
    let finding = Finding::error(format!("`{key}` is two numbers, the lower first")).at(at);
    finding.help(format!("write `[{low}, {high}]`, or leave it out for that"))
}
