//! The expressions of a model file, once all names are known: first as written, then what they stand for, then net rates.
//! Knows nothing of which names there are: that is `read`.

use crate::diagnostic::Span;
use crate::document::Node;
use crate::expression::{Arena, Id, Operator};

use super::formula::{self, Scope};
use super::quantity::Wanted;
use super::read::{Reader, entries, words};
use super::resolve::{Resolver, Seen};
use super::*;

impl Reader<'_> {
    /// Reads all expressions of the file.
    pub(super) fn express(&mut self) {
        self.lets_and_states();
        self.rates();
        self.limits();
        self.views();
        self.responses();
        self.values();
    }

    fn read(&mut self, node: &Node, wanted: &[Wanted]) -> Option<Formula> {
        let scope = Scope { names: &self.names, own: None };
        formula::read(node, scope, wanted, &mut self.model.arena, &mut self.findings).map(|read| read.formula)
    }

    /// Reads what must have the unit of the name it belongs to.
    fn read_as(&mut self, node: &Node, what: String, name: &str) -> Option<Formula> {
        let declared = self.names.declared.get(name)?;
        let wanted =
            Wanted::in_unit_of(what, &format!("`{name}`"), declared.unit.as_ref(), &declared.unit_at);
        self.read(node, &[wanted])
    }

    fn lets_and_states(&mut self) {
        for (index, (name, entry)) in entries(self.root, "inputs").enumerate() {
            let Some(node) = entry.node.key("baseline") else { continue };
            if let Some(formula) = self.read_as(node, format!("the baseline of `{name}`"), name) {
                self.model.inputs[index].baseline = formula;
            }
        }
        for (index, (name, entry)) in entries(self.root, "let").enumerate() {
            let Some(node) = entry.node.key("value") else { continue };
            if let Some(formula) = self.read_as(node, format!("`{name}`"), name) {
                self.model.lets[index].formula = formula;
            }
        }
        for (index, (name, entry)) in entries(self.root, "states").enumerate() {
            let start = entry.node.key("start").filter(|node| node.text() != Some("steady"));
            let start = start.and_then(|node| self.read_as(node, format!("the start of `{name}`"), name));
            if let Some(formula) = start {
                self.model.states[index].start = Start::Formula(formula);
            }
            let scale = entry.node.key("scale");
            let scale = scale.and_then(|node| self.read_as(node, format!("the scale of `{name}`"), name));
            self.model.states[index].scale = scale.map(|formula| formula.written);
        }
    }

    fn rates(&mut self) {
        for (index, (name, entry)) in entries(self.root, "flows").enumerate() {
            let flow = &self.model.flows[index];
            let mut wanted: Vec<Wanted> = Vec::new();
            for term in flow.from.iter().chain(&flow.to) {
                let state = &self.model.states[term.state];
                let Some(declared) = self.names.declared.get(&state.name) else { continue };
                let unit = self.rate_unit(term.state);
                if wanted.iter().all(|w| w.unit.as_ref().zip(unit.as_ref()).is_none_or(|(a, b)| !a.fits(b))) {
                    wanted.push(Wanted::in_unit_of(
                        format!("the rate of `{name}`"),
                        &format!("a flow of `{}`", state.name),
                        unit.as_ref(),
                        &declared.unit_at,
                    ));
                }
            }
            let rate = entry.node.key("rate").and_then(|node| self.read(node, &wanted));
            for wanted in &mut wanted {
                wanted.what = format!("the propensity of `{name}`");
            }
            let propensity = entry.node.key("propensity").and_then(|node| self.read(node, &wanted));
            let flow = &mut self.model.flows[index];
            flow.propensity = propensity;
            if let Some(rate) = rate {
                flow.rate = rate;
            }
        }
    }

    fn limits(&mut self) {
        for (index, (_, entry)) in entries(self.root, "parameters").enumerate() {
            let Some(node) = entry.node.key("limits") else { continue };
            let scope = Scope { names: &self.names, own: None };
            let limits = limit::read(node, scope, &mut self.model.arena, &mut self.findings);
            self.model.parameters[index].limits = limits;
        }
    }

    fn views(&mut self) {
        for (name, entry) in entries(self.root, "views") {
            let mut with = Vec::new();
            for (replaced, by) in entry.node.table().into_iter().flatten() {
                if replaced == "of" || replaced == "doc" {
                    continue;
                }
                if !self.names.declared.contains_key(replaced) {
                    let known = self.names.declared.keys().map(String::as_str);
                    let what =
                        format!("the view `{name}` replaces `{replaced}`, which is not a name of this model");
                    self.findings.push(Finding::error(what).at(&by.key).nearest(replaced, known));
                    continue;
                }
                let what = format!("what `{name}` puts in place of `{replaced}`");
                if let Some(formula) = self.read_as(&by.node, what, replaced) {
                    with.push((self.model.arena.symbol(replaced), formula.written));
                }
            }
            let of_rest = words(&entry.node, "of") == "rest";
            let doc = words(&entry.node, "doc");
            self.model.views.push(View { name: name.to_owned(), of_rest, with, doc, at: entry.key.clone() });
        }
    }

    fn responses(&mut self) {
        for (name, entry) in entries(self.root, "responses") {
            let states = self.model.states.len();
            let setting = response::Setting { names: &self.names, time: &self.model.time.clone(), states };
            let (arena, findings) = (&mut self.model.arena, &mut self.findings);
            self.model.responses.extend(response::read(name, entry, setting, None, arena, findings));
        }
    }

    /// What everything written stands for, and the net rates.
    fn values(&mut self) {
        let mut arena = std::mem::take(&mut self.model.arena);
        let written = self.model.clone();
        let mut resolver = Resolver::new(&written, &arena);
        let mut value = |arena: &mut Arena, views: &[Seen], written: Id, at: &Span| {
            let value = resolver.unfold(arena, views, written, at);
            self.findings.take(value).unwrap_or(written)
        };
        let model = &mut self.model;
        let lets = model.lets.iter_mut().map(|l| &mut l.formula);
        let baselines = model.inputs.iter_mut().map(|i| &mut i.baseline);
        let flows = model.flows.iter_mut().flat_map(|flow| {
            let bursts = flow.from.iter_mut().chain(&mut flow.to).filter_map(|term| term.burst.as_mut());
            bursts.chain([&mut flow.rate]).chain(flow.propensity.as_mut())
        });
        let responses = model.responses.iter_mut().flat_map(response::formulas);
        for formula in lets.chain(baselines).chain(flows).chain(responses) {
            formula.value = value(&mut arena, &[], formula.written, &formula.at);
        }
        for state in &mut model.states {
            state.scale = state.scale.map(|scale| value(&mut arena, &[], scale, &state.at));
            if let Start::Formula(start) = &mut state.start {
                start.value = value(&mut arena, &[Seen::Baseline], start.written, &start.at);
                state.scale.get_or_insert(start.value);
            }
        }
        for limit in model.parameters.iter_mut().flat_map(|p| &mut p.limits) {
            limit.left = value(&mut arena, &[], limit.left, &limit.at);
            limit.right = value(&mut arena, &[], limit.right, &limit.at);
        }
        for view in &model.views {
            for (_, by) in &view.with {
                value(&mut arena, &[], *by, &view.at);
            }
        }
        model.rates =
            (0..model.states.len()).map(|state| net_rate(&mut arena, &model.flows, state)).collect();
        model.arena = arena;
    }
}

/// Σ of what flows give to a state minus Σ of what they take, in the order of the file.
fn net_rate(arena: &mut Arena, flows: &[Flow], state: usize) -> Id {
    let mut sum: Option<Id> = None;
    let mut add = |arena: &mut Arena, op: Operator, amount: Id| {
        sum = Some(match (sum, op) {
            (None, Operator::Sub) => arena.neg(amount),
            (None, _) => amount,
            (Some(sum), op) => arena.binary(op, sum, amount),
        });
    };
    for flow in flows {
        let whole = |terms: &[Term]| -> i64 {
            let here = terms.iter().filter(|term| term.state == state && term.burst.is_none());
            here.map(|term| i64::from(term.count)).sum()
        };
        let net = whole(&flow.to) - whole(&flow.from);
        if net != 0 {
            let count = arena.constant(net.unsigned_abs() as f64);
            let amount = match net.unsigned_abs() {
                1 => flow.rate.value,
                _ => arena.binary(Operator::Mul, count, flow.rate.value),
            };
            add(arena, if net > 0 { Operator::Add } else { Operator::Sub }, amount);
        }
        for (terms, op) in [(&flow.to, Operator::Add), (&flow.from, Operator::Sub)] {
            for mean in terms.iter().filter(|t| t.state == state).filter_map(|t| t.burst.as_ref()) {
                let amount = arena.binary(Operator::Mul, mean.value, flow.rate.value);
                add(arena, op, amount);
            }
        }
    }
    sum.unwrap_or_else(|| arena.constant(0.0))
}
