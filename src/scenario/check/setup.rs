//! A check as written made ready to run: values, inputs, starts, local names, phases, and what is to hold.
//! Knows nothing of how it is run.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Node, Table};
use crate::engine::{Phase, steady};
use crate::expression::{Comparison, Id, Part, Sym, Syntax, parse};
use crate::measure::{ArmScope, Bench};
use crate::model::{Check, Model};
use crate::stimulus::Micros;
use crate::unit::Unit;

use super::phases;

/// A check ready to run.
pub(super) struct Setup {
    pub name: String,
    pub at: Span,
    /// One arm; local names are its own parameters.
    pub bench: Bench,
    /// By slot: parameters, then local names.
    pub values: Vec<f64>,
    /// Where they are constant.
    pub inputs: Option<Vec<f64>>,
    /// Starts that were solved.
    pub solved: HashMap<Sym, f64>,
    pub phases: Vec<Phase>,
    pub times: Vec<Micros>,
    pub within: f64,
    /// State, as written, expected value.
    pub steady: Vec<(usize, String, f64)>,
    /// Real and imaginary parts.
    pub eigenvalues: Vec<[f64; 2]>,
    pub theorems: Vec<Theorem>,
}

/// What is to hold in the run.
pub(super) enum Theorem {
    /// A watched quantity is worth an expression in `t` at every record time.
    Course {
        what: String,
        watched: usize,
        expected: Id,
    },
    Constant {
        what: String,
        watched: usize,
    },
    /// Positions of the sides in `Outcomes::values`.
    That {
        what: String,
        left: usize,
        comparison: Comparison,
        right: usize,
    },
}

/// Largest difference where a check states none.
const WITHIN: f64 = 1e-8;
/// More record times than this are a slip of the unit.
const MOST_TIMES: i64 = 100_000;
/// The time since the start, in expressions of `values`.
pub(super) const TIME: &str = "t";

pub(super) fn read(model: &Arc<Model>, check: &Check, findings: &mut Findings) -> Option<Setup> {
    let before = findings.iter().count();
    let setup = Reader { setup: Setup::new(model, check), check, model, findings }.all();
    (findings.iter().count() == before).then_some(setup)
}

impl Setup {
    fn new(model: &Arc<Model>, check: &Check) -> Setup {
        // No name of an expression has a blank, so that the arm is never taken for a view.
        let arm = format!("check {}", check.name);
        let scope = ArmScope::new(&arm, model, Vec::new(), Vec::new(), Vec::new());
        Setup {
            name: check.name.clone(),
            at: check.node.at.clone(),
            bench: Bench::new(vec![scope], Vec::new(), model.time.clone()),
            values: model.parameters.iter().map(|p| p.value).collect(),
            inputs: None,
            solved: HashMap::new(),
            phases: Vec::new(),
            times: Vec::new(),
            within: WITHIN,
            steady: Vec::new(),
            eigenvalues: Vec::new(),
            theorems: Vec::new(),
        }
    }

    pub fn scope(&mut self) -> &mut ArmScope {
        &mut self.bench.arms[0]
    }

    pub fn model_time(&self, at: Micros) -> f64 {
        at as f64 / self.bench.arms[0].system.microseconds
    }

    /// End of the last phase, in model time.
    pub fn end(&self) -> f64 {
        self.model_time(self.phases.last().map_or(0, |phase| phase.when.end))
    }
}

/// Reads the keys of one check, in the order in which they stand on each other.
pub(super) struct Reader<'a> {
    pub setup: Setup,
    pub check: &'a Check,
    pub model: &'a Arc<Model>,
    pub findings: &'a mut Findings,
}

impl Reader<'_> {
    fn all(mut self) -> Setup {
        self.within();
        self.parameters();
        self.inputs();
        self.starts();
        self.solved();
        self.lets();
        let runs = ["values", "constant", "that"].iter().any(|key| self.check.node.key(key).is_some());
        self.phases(runs);
        self.steady();
        self.eigenvalues();
        self.courses();
        self.constants();
        self.that();
        self.nothing();
        self.setup
    }

    /// A check that cannot fail is a slip.
    fn nothing(&mut self) {
        let keys = ["steady", "values", "eigenvalues", "constant", "that"];
        if keys.iter().all(|key| self.check.node.key(key).is_none()) {
            let finding = Finding::error(format!("check `{}` says nothing that could fail", self.check.name));
            let help = "add `steady`, `values`, `eigenvalues`, `constant` or `that`";
            self.findings.push(finding.at(&self.check.node.at).help(help));
        }
    }

    fn within(&mut self) {
        let Some(node) = self.check.node.key("within") else { return };
        match node.number() {
            Some(within) if within > 0.0 && within.is_finite() => self.setup.within = within,
            _ => self.findings.push(Finding::error("`within` is a number above 0").at(&node.at)),
        }
    }

    pub fn table(&self, key: &str) -> Option<Table> {
        self.check.node.key(key)?.table().cloned()
    }

    fn parameters(&mut self) {
        for (name, entry) in self.table("parameters").unwrap_or_default() {
            let model = self.model.clone();
            let Some(position) = model.parameters.iter().position(|p| p.name == name) else {
                let known = model.parameters.iter().map(|p| p.name.as_str());
                let what = format!("`{name}` is not a parameter of this model");
                self.findings.push(Finding::error(what).at(&entry.key).nearest(&name, known));
                continue;
            };
            if let Some(value) = self.number(&entry.node, Some(&model.parameters[position].unit)) {
                self.setup.values[position] = value;
            }
        }
        self.limits();
    }

    fn limits(&mut self) {
        for limit in self.setup.bench.arms[0].system.limits.clone() {
            let sides = [limit.left, limit.right].map(|side| self.setup.value(side, 0.0));
            if !limit.comparison.holds(sides[0], sides[1]) {
                let parameter = &self.model.parameters[limit.slot];
                let at = self.check.node.key("parameters").map_or(&self.check.node.at, |node| &node.at);
                let value = self.setup.values[limit.slot];
                let what = format!("{value} is outside the limits of `{}`", parameter.name);
                self.findings.push(
                    Finding::error(what).at(at).because("its limits are stated here", Some(&parameter.at)),
                );
            }
        }
    }

    /// Constant inputs: those that are named, the others at baseline. None where phases change them.
    fn inputs(&mut self) {
        let phases = self.check.node.key("phases");
        if let (Some(inputs), Some(phases)) = (self.check.node.key("inputs"), phases) {
            self.findings.push(
                Finding::error("a check has `inputs` or `phases`, not both")
                    .at(&inputs.at)
                    .because("the phases stand here", Some(&phases.at)),
            );
        }
        if phases.is_some() {
            return;
        }
        let baselines = self.setup.bench.arms[0].system.baselines.clone();
        let mut levels: Vec<f64> = baselines.iter().map(|id| self.setup.value(*id, 0.0)).collect();
        for (name, entry) in self.table("inputs").unwrap_or_default() {
            let model = self.model.clone();
            let Some(position) = model.inputs.iter().position(|input| input.name == name) else {
                let known = model.inputs.iter().map(|input| input.name.as_str());
                let what = format!("`{name}` is not an input of this model");
                self.findings.push(Finding::error(what).at(&entry.key).nearest(&name, known));
                continue;
            };
            if let Some(level) = self.number(&entry.node, Some(&model.inputs[position].unit)) {
                levels[position] = level;
            }
        }
        self.setup.inputs = Some(levels);
    }

    pub fn state(&mut self, name: &str, at: &Span) -> Option<usize> {
        let model = self.model;
        let position = model.states.iter().position(|state| state.name == name);
        if position.is_none() {
            let known = model.states.iter().map(|state| state.name.as_str());
            let what = format!("`{name}` is not a state of this model");
            self.findings.push(Finding::error(what).at(at).nearest(name, known));
        }
        position
    }

    fn starts(&mut self) {
        for (name, entry) in self.table("start").unwrap_or_default() {
            let Some(state) = self.state(&name, &entry.key) else { continue };
            let unit = self.model.states[state].unit.clone();
            let Some(value) = self.number(&entry.node, Some(&unit)) else { continue };
            let system = &mut self.setup.scope().system;
            system.starts[state] = Some(system.arena.constant(value));
            system.start_symbols[state] = None;
        }
    }

    /// Starts that the model solves for, at the baseline of the inputs.
    fn solved(&mut self) {
        let system = &self.setup.bench.arms[0].system;
        if system.starts.iter().all(Option::is_some) {
            return;
        }
        let baselines: Vec<f64> = system.baselines.iter().map(|id| self.setup.value(*id, 0.0)).collect();
        let Some(found) = steady(system, &self.setup.values, &baselines, None) else {
            let what = "no steady state was found to start from";
            self.findings.push(Finding::error(what).at(&self.check.node.at));
            return;
        };
        let symbols = system.start_symbols.iter().zip(&found.states);
        self.setup.solved = symbols.filter_map(|(sym, value)| Some(((*sym)?, *value))).collect();
    }

    /// Local names, each standing on those before it.
    fn lets(&mut self) {
        for (name, entry) in self.table("let").unwrap_or_default() {
            if name == TIME || self.model.names().contains(&name.as_str()) {
                let what = format!("`{name}` means something in this model already");
                self.findings.push(Finding::error(what).at(&entry.key).help("choose another name"));
                continue;
            }
            let Some((id, unit)) = self.formula(&entry.node, None) else { continue };
            let Some(value) = self.constant(id, &entry.node.at) else { continue };
            let scope = self.setup.scope();
            scope.own.push((name.clone(), unit.unwrap_or_else(Unit::one)));
            let sym = scope.system.arena.symbol(&name);
            scope.system.values.push(sym);
            self.setup.values.push(value);
        }
    }

    fn phases(&mut self, runs: bool) {
        let Some(total) = phases::read(self, runs) else { return };
        let every = match self.check.node.key("every").map(|node| self.time(node)) {
            Some(every) => every.unwrap_or(total),
            None => (total / 100).max(1),
        };
        if every <= 0 || total / every > MOST_TIMES {
            let at = self.check.node.key("every").map_or(&self.check.node.at, |node| &node.at);
            let what = format!("a check compares at no more than {MOST_TIMES} times");
            self.findings.push(Finding::error(what).at(at).help("make `every` longer"));
            return;
        }
        self.setup.times = (0..=total / every).map(|n| n * every).collect();
        if self.setup.times.last() != Some(&total) {
            self.setup.times.push(total);
        }
    }

    fn steady(&mut self) {
        for (name, entry) in self.table("steady").unwrap_or_default() {
            let Some(state) = self.state(&name, &entry.key) else { continue };
            let unit = self.model.states[state].unit.clone();
            if let Some(value) = self.number(&entry.node, Some(&unit)) {
                self.setup.steady.push((state, format!("{name} = {}", written(&entry.node)), value));
            }
        }
        self.needs_inputs("steady");
    }

    fn needs_inputs(&mut self, key: &str) {
        if let Some(node) = self.check.node.key(key)
            && self.setup.inputs.is_none()
        {
            let what = format!("`{key}` belongs to constant inputs, and this check has phases");
            self.findings
                .push(Finding::error(what).at(&node.at).help("say `inputs = { … }` in a check of its own"));
        }
    }

    fn eigenvalues(&mut self) {
        let unit = Unit::one().per(&self.model.time);
        let list = self.check.node.key("eigenvalues").and_then(Node::list).unwrap_or_default();
        for node in list {
            let parts: &[Node] = node.list().unwrap_or(std::slice::from_ref(node));
            let numbers: Vec<f64> = parts.iter().filter_map(|part| self.number(part, Some(&unit))).collect();
            match (parts.len(), numbers[..].try_into()) {
                (2, Ok(pair)) => self.setup.eigenvalues.push(pair),
                (1, _) => self.setup.eigenvalues.extend(numbers.first().map(|real| [*real, 0.0])),
                (2, Err(_)) => {}
                _ => self.findings.push(
                    Finding::error("a complex eigenvalue has a real and an imaginary part")
                        .at(&node.at)
                        .help("write `[\"-a\", \"b\"]`"),
                ),
            }
        }
        self.needs_inputs("eigenvalues");
    }

    fn courses(&mut self) {
        for (name, entry) in self.table("values").unwrap_or_default() {
            let quantity = Syntax { part: Part::Name(name.clone()), at: entry.key.clone() };
            let Some((watched, unit)) = self.watched(&quantity) else { continue };
            let Some(expected) = self.course(&entry.node, &unit) else { continue };
            let what = format!("{name} = {}", written(&entry.node));
            self.setup.theorems.push(Theorem::Course { what, watched, expected });
        }
    }

    fn watched(&mut self, syntax: &Syntax) -> Option<(usize, Unit)> {
        let watched = self.setup.scope().watch(syntax);
        self.findings.take(watched)
    }

    /// An expression in `t`.
    fn course(&mut self, node: &Node, unit: &Unit) -> Option<Id> {
        let time = (TIME.to_owned(), self.model.time.clone());
        self.setup.scope().own.push(time);
        let formula = self.formula(node, Some(unit));
        self.setup.scope().own.pop();
        let (id, _) = formula?;
        self.constant(id, &node.at).map(|_| id)
    }

    fn constants(&mut self) {
        for (text, at) in self.texts("constant") {
            let Some(syntax) = self.findings.take(parse(&text, &at)) else { continue };
            if let Some((watched, _)) = self.watched(&syntax) {
                self.setup.theorems.push(Theorem::Constant { what: text, watched });
            }
        }
    }

    fn that(&mut self) {
        for (text, at) in self.texts("that") {
            let Some(syntax) = self.findings.take(parse(&text, &at)) else { continue };
            let compared = self.setup.bench.compared_per_agent(0, &syntax);
            for (left, comparison, right) in self.findings.take(compared).unwrap_or_default() {
                let [left, right] = [left, right].map(|side| self.setup.bench.outcome(side));
                self.setup.theorems.push(Theorem::That { what: text.clone(), left, comparison, right });
            }
        }
    }

    /// A text or a list of texts, with places.
    fn texts(&mut self, key: &str) -> Vec<(String, Span)> {
        let Some(node) = self.check.node.key(key) else { return Vec::new() };
        let nodes: &[Node] = node.list().unwrap_or(std::slice::from_ref(node));
        let texts = nodes.iter().filter_map(|node| {
            let text = self.findings.take(node.exact_text())?;
            Some((text.0.to_owned(), text.1))
        });
        texts.collect()
    }
}

fn written(node: &Node) -> String {
    node.text().map_or_else(|| crate::document::shown(node), str::to_owned)
}
