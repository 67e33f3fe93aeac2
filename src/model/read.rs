//! A model file read: names first, then expressions as written, then what they stand for, then whether it makes sense.
//! Knows nothing of running a model. Reading goes on after each finding, so that all are told at once.

use indexmap::IndexMap;

use crate::diagnostic::{Error, Finding, Findings, Source, Span};
use crate::document::{self, Entry, Node};
use crate::expression::Arena;
use crate::unit::Unit;

use super::formula::{self, Scope};
use super::names::{Declared, Names, Role, well_formed};
use super::quantity::{self, Wanted};
use super::*;

pub(super) fn model(name: &str, source: &Source) -> Result<Model, Error> {
    let mut findings = Findings::new();
    let Some(root) = Node::parse(source, &mut findings) else {
        return Err(Error { findings: findings.into_vec() });
    };
    if let Some(finding) = too_large(&root) {
        return Err(finding.into());
    }
    document::check(&root, &MODEL, &mut findings);
    let mut reader = Reader::new(name, source, &root, findings);
    reader.declare();
    reader.flows();
    reader.express();
    judge::model(&reader.model, &reader.places(), &mut reader.findings);
    page::judge(&reader.model, &root, &mut reader.findings);
    let Reader { mut model, findings, .. } = reader;
    // The finding order is that of the passes; printing sorts by place.
    let ((), notes) = findings.finish(Some(()))?;
    model.notes = notes;
    Ok(model)
}

/// More names than this are no model, and names are compared with one another.
const MOST_NAMES: usize = 5000;

fn too_large(root: &Node) -> Option<Finding> {
    let mut tables = root.table()?.values();
    let large = tables.find(|entry| entry.node.table().is_some_and(|table| table.len() > MOST_NAMES))?;
    Some(Finding::error(format!("a table of a model has at most {MOST_NAMES} entries")).at(&large.key))
}

/// A model on its way from the file.
pub(super) struct Reader<'n> {
    pub root: &'n Node,
    pub model: Model,
    pub names: Names,
    pub findings: Findings,
    /// `None` where the unit of time could not be read, which has been said.
    time: Option<Unit>,
}

/// The text of a key, empty where there is none.
pub(super) fn words(node: &Node, key: &str) -> String {
    node.key(key).and_then(Node::text).unwrap_or_default().to_owned()
}

/// The statements that an entry names, each once; names that are none have been said.
fn cautions(node: &Node) -> Vec<&'static Caution> {
    let named = node.key("caution").map(|node| node.list().unwrap_or(std::slice::from_ref(node)));
    let named = named.unwrap_or_default().iter().filter_map(Node::text).filter_map(caution);
    let mut all = Vec::new();
    named.for_each(|caution| {
        if !all.contains(&caution) {
            all.push(caution);
        }
    });
    all
}

/// The tables under a key, in the order of the file.
pub(super) fn entries<'n>(root: &'n Node, key: &str) -> impl Iterator<Item = (&'n str, &'n Entry)> + use<'n> {
    root.key(key).and_then(Node::table).into_iter().flatten().map(|(name, entry)| (name.as_str(), entry))
}

impl<'n> Reader<'n> {
    fn new(name: &str, source: &Source, root: &'n Node, mut findings: Findings) -> Reader<'n> {
        let sources = root.key("sources").map(|node| node.list().unwrap_or(std::slice::from_ref(node)));
        let time = time(root, &mut findings);
        let model = Model {
            name: name.to_owned(),
            title: words(root, "title"),
            doc: words(root, "doc"),
            not_shown: words(root, "not_shown"),
            sources: sources.unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect(),
            time: time.clone().unwrap_or_else(Unit::one),
            arena: Arena::new(),
            inputs: Vec::new(),
            parameters: Vec::new(),
            lets: Vec::new(),
            states: Vec::new(),
            flows: Vec::new(),
            responses: Vec::new(),
            views: Vec::new(),
            checks: entries(root, "check")
                .map(|(name, entry)| Check { name: name.to_owned(), node: entry.node.clone() })
                .collect(),
            page: Page::read(root),
            rates: Vec::new(),
            source: source.clone(),
            notes: Vec::new(),
        };
        Reader { root, model, names: Names::default(), findings, time }
    }

    /// Stands for an expression until it is read, and where it cannot be.
    fn nothing(&mut self, at: &Span) -> Formula {
        let zero = self.model.arena.constant(0.0);
        Formula { written: zero, value: zero, at: at.clone() }
    }

    /// All names with their units: each entry of the file becomes one item of the model, whatever is wrong with it.
    fn declare(&mut self) {
        for (index, (name, entry)) in entries(self.root, "inputs").enumerate() {
            let unit = self.declare_one(name, entry, Role::Input(index));
            let sym = self.model.arena.symbol(name);
            let baseline = self.nothing(&entry.node.at);
            self.model.inputs.push(Input {
                name: name.to_owned(),
                sym,
                unit,
                baseline,
                doc: words(&entry.node, "doc"),
                caution: cautions(&entry.node),
            });
        }
        for (index, (name, entry)) in entries(self.root, "parameters").enumerate() {
            self.parameter(name, entry, index);
        }
        for (index, (name, entry)) in entries(self.root, "states").enumerate() {
            let unit = self.declare_one(name, entry, Role::State(index));
            let state = self.state(name, entry, unit);
            self.model.states.push(state);
        }
        for (index, (name, entry)) in entries(self.root, "let").enumerate() {
            let unit = self.declare_one(name, entry, Role::Let(index));
            let wanted = Wanted::in_unit_of(
                format!("the axis of `{name}`"),
                &format!("`{name}`"),
                Some(&unit),
                &entry.key,
            );
            let show = entry.node.key("show");
            let show = show.and_then(|node| quantity::span(node, &wanted, &mut self.findings));
            let sym = self.model.arena.symbol(name);
            let formula = self.nothing(&entry.node.at);
            self.model.lets.push(Let {
                name: name.to_owned(),
                sym,
                unit,
                formula,
                doc: words(&entry.node, "doc"),
                show,
                caution: cautions(&entry.node),
            });
        }
        for (name, entry) in entries(self.root, "views") {
            self.names.declare_view(name, &entry.key, &mut self.findings);
        }
    }

    /// Declares a name by its key `unit`.
    fn declare_one(&mut self, name: &str, entry: &Entry, role: Role) -> Unit {
        let node = entry.node.key("unit");
        let unit = node.and_then(|node| quantity::unit(node, &mut self.findings));
        let unit_at = node.map_or_else(|| entry.key.clone(), Node::inside);
        let declared = Declared { role, at: entry.key.clone(), unit: unit.clone(), unit_at };
        self.names.declare(name, declared, &mut self.findings);
        unit.unwrap_or_else(Unit::one)
    }

    fn parameter(&mut self, name: &str, entry: &Entry, index: usize) {
        let node = &entry.node;
        let written = node.key("value").and_then(|value| quantity::written(value, &mut self.findings));
        let unit_node = node.key("unit");
        let unit = match unit_node {
            Some(node) => quantity::unit(node, &mut self.findings),
            None => written.as_ref().map(|quantity| quantity.unit.clone()),
        };
        let value_at = node.key("value").map_or_else(|| entry.key.clone(), Node::inside);
        let unit_at = unit_node.map_or_else(|| value_at.clone(), Node::inside);
        let wanted = Wanted::in_unit_of(format!("`{name}`"), &format!("`{name}`"), unit.as_ref(), &unit_at);
        let value = written
            .and_then(|quantity| quantity::converted(&quantity, &wanted, &value_at, &mut self.findings));
        let of_range = Wanted { what: format!("the range of `{name}`"), ..wanted };
        let range = node.key("range").and_then(|node| quantity::span(node, &of_range, &mut self.findings));
        let source = words(node, "source");
        if node.key("source").is_some_and(|node| node.text().is_some_and(|text| text.trim().is_empty())) {
            self.findings.push(
                Finding::error(format!("`{name}` has an empty source"))
                    .at(&entry.key)
                    .help("write where the value comes from, or `assumed`"),
            );
        }
        let declared =
            Declared { role: Role::Parameter(index), at: entry.key.clone(), unit: unit.clone(), unit_at };
        self.names.declare(name, declared, &mut self.findings);
        self.model.parameters.push(Parameter {
            name: name.to_owned(),
            sym: self.model.arena.symbol(name),
            unit: unit.unwrap_or_else(Unit::one),
            value: value.unwrap_or(f64::NAN),
            range,
            limits: Vec::new(),
            source,
            doc: words(node, "doc"),
            at: entry.key.clone(),
        });
    }

    fn state(&mut self, name: &str, entry: &Entry, unit: Unit) -> State {
        let node = &entry.node;
        let min = node.key("min");
        if let Some(min) = min.filter(|min| min.number().is_some_and(|number| number != 0.0)) {
            self.findings.push(
                Finding::error("`min` can only be 0")
                    .at(&min.at)
                    .because("`min = 0` marks a state that cannot be negative; other ends are not kept", None)
                    .help("write `min = 0`, or leave it out"),
            );
        }
        if let Some(scope) = node.key("scope").filter(|scope| scope.text() == Some("shared")) {
            self.findings.push(
                Finding::error(format!("the state `{name}` is shared between agents"))
                    .at(&scope.at)
                    .label("comes later")
                    .help("leave `scope` out: each agent then has its own"),
            );
        }
        let start = match node.key("start").and_then(Node::text) {
            Some("steady") => Start::Steady,
            _ => Start::Formula(self.nothing(&node.at)),
        };
        State {
            name: name.to_owned(),
            sym: self.model.arena.symbol(name),
            unit,
            start,
            scale: None,
            nonnegative: min.is_some(),
            doc: words(node, "doc"),
            caution: cautions(node),
            at: entry.key.clone(),
        }
    }

    /// What flows take and give; their rates are read when all names are known.
    fn flows(&mut self) {
        let states: Vec<String> = self.model.states.iter().map(|state| state.name.clone()).collect();
        let states: Vec<&str> = states.iter().map(String::as_str).collect();
        for (name, entry) in entries(self.root, "flows") {
            well_formed(name, &entry.key, &mut self.findings);
            let mut side = |key: &str| {
                let node = entry.node.key(key)?;
                node.text()?;
                let (text, at) = self.findings.take(node.exact_text())?;
                Some(flow::parts(text, &at, &states, &mut self.findings))
            };
            let (from, to) = (side("from"), side("to"));
            if from.is_none() && to.is_none() && !["from", "to"].iter().any(|k| entry.node.key(k).is_some()) {
                self.findings.push(
                    Finding::error(format!("the flow `{name}` moves nothing"))
                        .at(&entry.key)
                        .help("say what it takes with `from` and what it gives with `to`"),
                );
            }
            let terms = |parts: Option<Vec<flow::Part>>| -> Vec<(Term, Option<(String, Span)>)> {
                let term = |part: flow::Part| {
                    (Term { count: part.count, burst: None, state: part.state }, part.burst)
                };
                parts.unwrap_or_default().into_iter().map(term).collect()
            };
            let (from, to) = (terms(from), terms(to));
            let path = format!("flow.{name}");
            let unit = from.iter().chain(&to).next().and_then(|(term, _)| self.rate_unit(term.state));
            self.names.flows.insert(path.clone(), unit);
            let rate = self.nothing(&entry.node.at);
            let (from, to) = (self.bursts(from), self.bursts(to));
            let doc = words(&entry.node, "doc");
            self.model.flows.push(Flow {
                name: name.to_owned(),
                path,
                from,
                to,
                rate,
                propensity: None,
                doc,
            });
        }
    }

    /// Unit of a state per time; `None` where one of the two could not be read.
    pub(super) fn rate_unit(&self, state: usize) -> Option<Unit> {
        let name = &self.model.states[state].name;
        let unit = self.names.declared.get(name)?.unit.as_ref()?;
        Some(unit.per(self.time.as_ref()?))
    }

    /// Reads the means of bursts. They may name anything declared, but no flow: flows are still being read.
    fn bursts(&mut self, terms: Vec<(Term, Option<(String, Span)>)>) -> Vec<Term> {
        let scope = Scope { names: &self.names, own: None };
        let wanted = [Wanted::dimensionless("the mean of a burst")];
        terms
            .into_iter()
            .map(|(term, mean)| {
                let (arena, findings) = (&mut self.model.arena, &mut self.findings);
                let read = mean
                    .and_then(|(text, at)| formula::read_text(&text, &at, scope, &wanted, arena, findings));
                Term { burst: read.map(|read| read.formula), ..term }
            })
            .collect()
    }

    /// Where the model's names stand, for findings about them.
    fn places(&self) -> IndexMap<String, Span> {
        self.names.declared.iter().map(|(name, declared)| (name.clone(), declared.at.clone())).collect()
    }
}

fn time(root: &Node, findings: &mut Findings) -> Option<Unit> {
    let node = root.key("time")?;
    let unit = quantity::unit(node, findings)?;
    if unit.in_microseconds().is_some() {
        return Some(unit);
    }
    findings.push(
        Finding::error("the model's time is not in a unit of time")
            .at(&node.inside())
            .label(unit.dimension().words())
            .help("write one of `s`, `min`, `h`, `d`"),
    );
    None
}
