//! What there is to tell of a model, put together from its flows, lets, states and sources.
//! Knows nothing of how it is written down.

use crate::document::Node;
use crate::expression::{Arena, Id, Notation, Operator, Sym, print};
use crate::model::{CAUTIONS, Caution, Flow, Formula, Let, Model, Parameter, Start, State, Term};

/// A model with the nodes that its file does not contain: each state's derivative as written, with lets as symbols.
pub struct Content<'m> {
    pub model: &'m Model,
    pub arena: Arena,
    /// By state.
    pub equations: Vec<Equation<'m>>,
}

/// The derivative of a state: what its flows give and take, in the order of the file.
pub struct Equation<'m> {
    pub state: &'m State,
    pub rate: Id,
}

impl<'m> Content<'m> {
    pub fn of(model: &'m Model) -> Content<'m> {
        let mut arena = model.arena.clone();
        let mut equation = |(at, state)| Equation { state, rate: net_rate(&mut arena, &model.flows, at) };
        let equations = model.states.iter().enumerate().map(&mut equation).collect();
        Content { model, arena, equations }
    }

    /// As the language writes it.
    pub fn text(&self, of: Id) -> String {
        print(&self.arena, of, Notation::Text)
    }

    /// Lets on which the equations stand, those on which only responses stand, and all others, each in the order of the file.
    pub fn lets(&self) -> [Vec<&'m Let>; 3] {
        let rates = self.equations.iter().map(|equation| equation.rate);
        let starts =
            self.model.states.iter().filter_map(|state| self.start(state)).map(|start| start.written);
        let baselines = self.model.inputs.iter().map(|input| input.baseline.written);
        let moving = self.lets_under(rates.chain(starts).chain(baselines).collect());
        let curves =
            self.model.responses.iter().flat_map(|r| [Some(&r.value), r.bottom.as_ref(), r.top.as_ref()]);
        let swept = self.lets_under(curves.flatten().map(|formula| formula.written).collect());
        let mut sorted = [Vec::new(), Vec::new(), Vec::new()];
        for item in &self.model.lets {
            let name = item.name.as_str();
            let place = if moving.contains(&name) { 0 } else { 2 - usize::from(swept.contains(&name)) };
            sorted[place].push(item);
        }
        sorted
    }

    /// Names of all lets that these expressions use, directly or through other lets, seen through views or not.
    fn lets_under(&self, mut open: Vec<Id>) -> Vec<&'m str> {
        let mut used: Vec<&str> = Vec::new();
        while let Some(id) = open.pop() {
            for sym in self.arena.symbols(id) {
                let name = self.arena.name(sym);
                let own = name.rsplit_once('.').map_or(name, |(_, own)| own);
                if let Some(item) = self.model.lets.iter().find(|item| item.name == own)
                    && !used.contains(&item.name.as_str())
                {
                    used.push(&item.name);
                    open.push(item.formula.written);
                }
            }
        }
        used
    }

    /// Sums of states that no flow changes, written: `S + P + I`.
    pub fn conserved(&self, write: &dyn Fn(&Arena, Id) -> String) -> Vec<String> {
        let mut arena = self.arena.clone();
        let sum = |law: Vec<i64>| {
            let id = sum_of_states(&mut arena, self.model, &law);
            write(&arena, id)
        };
        self.model.conserved().into_iter().map(sum).collect()
    }

    /// Parameters by where their numbers come from: assumed ones first, sourced ones last, each in the order of the file.
    pub fn parameters(&self) -> Vec<&'m Parameter> {
        let mut parameters: Vec<&Parameter> = self.model.parameters.iter().collect();
        parameters.sort_by_key(|parameter| parameter.origin());
        parameters
    }

    /// The start of a state; `None` where it is solved for.
    pub fn start(&self, state: &'m State) -> Option<&'m Formula> {
        match &state.start {
            Start::Formula(formula) => Some(formula),
            Start::Steady => None,
        }
    }

    /// `R + L → C`: what a flow takes and gives.
    pub fn moves(&self, flow: &Flow) -> String {
        format!("{} → {}", self.side(&flow.from), self.side(&flow.to))
    }

    fn side(&self, terms: &[Term]) -> String {
        let term = |term: &Term| {
            let name = &self.model.states[term.state].name;
            match (&term.burst, term.count) {
                (Some(burst), _) => format!("geometric({}) {name}", self.text(burst.written)),
                (None, 1) => name.clone(),
                (None, count) => format!("{count} {name}"),
            }
        };
        let terms: Vec<String> = terms.iter().map(term).collect();
        if terms.is_empty() { "∅".to_owned() } else { terms.join(" + ") }
    }

    /// What a view puts in place of what: `(q, 1)`.
    pub fn replaced(&self, with: &[(Sym, Id)]) -> Vec<String> {
        with.iter().map(|(sym, id)| format!("{} = {}", self.arena.name(*sym), self.text(*id))).collect()
    }

    /// What a check proves, in its own words; empty where it has none.
    pub fn proofs(&self) -> Vec<(&'m str, &'m str)> {
        let proof = |check: &'m crate::model::Check| {
            (check.name.as_str(), check.node.key("doc").and_then(Node::text).unwrap_or_default())
        };
        self.model.checks.iter().map(proof).collect()
    }

    /// What goes with inputs, lets and states, each statement once and in the order of its table, with the names that it goes with in the
    /// order of the file.
    pub fn cautions(&self) -> Vec<(&'static Caution, Vec<&'m str>)> {
        let model = self.model;
        let inputs = model.inputs.iter().map(|input| (input.name.as_str(), &input.caution));
        let lets = model.lets.iter().map(|item| (item.name.as_str(), &item.caution));
        let states = model.states.iter().map(|state| (state.name.as_str(), &state.caution));
        let named: Vec<(&str, &Vec<&Caution>)> = inputs.chain(lets).chain(states).collect();
        let with = |caution: &'static Caution| {
            let names: Vec<&str> =
                named.iter().filter(|(_, own)| own.contains(&caution)).map(|(name, _)| *name).collect();
            (caution, names)
        };
        CAUTIONS.iter().map(with).filter(|(_, names)| !names.is_empty()).collect()
    }
}

/// Σ of what flows give to a state minus Σ of what they take, as written.
fn net_rate(arena: &mut Arena, flows: &[Flow], state: usize) -> Id {
    let mut sum: Option<Id> = None;
    for flow in flows {
        for (terms, sign) in [(&flow.to, Operator::Add), (&flow.from, Operator::Sub)] {
            for term in terms.iter().filter(|term| term.state == state) {
                let part = scaled(arena, term, flow.rate.written);
                sum = Some(match (sum, sign) {
                    (Some(sum), sign) => arena.binary(sign, sum, part),
                    (None, Operator::Sub) => arena.neg(part),
                    (None, _) => part,
                });
            }
        }
    }
    sum.unwrap_or_else(|| arena.constant(0.0))
}

/// A flow's rate times how much of the state one event moves (the mean of a burst).
fn scaled(arena: &mut Arena, term: &Term, rate: Id) -> Id {
    let mut part = rate;
    if let Some(burst) = &term.burst {
        part = arena.binary(Operator::Mul, burst.written, part);
    }
    if term.count != 1 {
        let count = arena.constant(f64::from(term.count));
        part = arena.binary(Operator::Mul, count, part);
    }
    part
}

/// A whole-number combination of states.
fn sum_of_states(arena: &mut Arena, model: &Model, law: &[i64]) -> Id {
    let mut sum: Option<Id> = None;
    for (factor, state) in law.iter().zip(&model.states).filter(|(factor, _)| **factor != 0) {
        let own = arena.sym(state.sym);
        let count = arena.constant(factor.unsigned_abs() as f64);
        let part = arena.binary(Operator::Mul, count, own);
        sum = Some(match (sum, *factor < 0) {
            (Some(sum), true) => arena.binary(Operator::Sub, sum, part),
            (Some(sum), false) => arena.binary(Operator::Add, sum, part),
            (None, true) => arena.neg(part),
            (None, false) => part,
        });
    }
    sum.unwrap_or_else(|| arena.constant(0.0))
}
