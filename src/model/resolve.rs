//! What a name stands for: lets replaced by what they mean, views applied to all that a name depends on.
//! Knows nothing of files: it works on a model whose expressions stand in the arena as written.
//!
//! A name is looked up under a list of views, outermost first. The innermost view that replaces the name wins, and its
//! replacement is looked up under the views outside it; a let is unfolded under the whole list. So `off.NRR` reaches
//! through `meal.s1` inside `NRR`, and `meal` goes first there.

use std::collections::HashMap;

use crate::diagnostic::{Finding, Span};
use crate::expression::{Arena, Id, Sym};

use super::names::{Role, split, unknown, unknown_view};
use super::{Model, Named, Start, start_symbol};

/// One view that a name is seen through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Seen {
    /// Inputs at baseline, states at their start.
    Rest,
    /// Inputs at baseline.
    Baseline,
    View(usize),
}

/// Views on top of each other; more are taken for a cycle that grows.
const DEEPEST_VIEW: usize = 16;
/// Names on the way from a name to the parameters it depends on.
const DEEPEST_LET: usize = 200;
/// Names unfolded under different views before a model is refused: far above any that a person wrote.
const MOST: usize = 100_000;

pub(super) fn named(model: &Model, arena: &mut Arena, path: &str, at: &Span) -> Result<Named, Finding> {
    let (_, base) = split(path);
    let mut resolver = Resolver::new(model, arena);
    let (unit, doc) = match resolver.roles.get(base) {
        Some(Role::Input(i)) => (model.inputs[*i].unit.clone(), &model.inputs[*i].doc),
        Some(Role::Parameter(i)) => (model.parameters[*i].unit.clone(), &model.parameters[*i].doc),
        Some(Role::State(i)) => (model.states[*i].unit.clone(), &model.states[*i].doc),
        Some(Role::Let(i)) => (model.lets[*i].unit.clone(), &model.lets[*i].doc),
        None => {
            let flow = model.flows.iter().find(|flow| flow.path == base);
            let flow = flow.ok_or_else(|| unknown(base, model.names().into_iter(), at))?;
            let state = flow.to.first().or(flow.from.first()).map(|term| &model.states[term.state].unit);
            (state.unwrap_or(&model.time).per(&model.time), &flow.doc)
        }
    };
    let value = resolver.path(arena, &[], path, at)?;
    Ok(Named { value, unit, doc: doc.clone() })
}

/// Unfolds names of one model, each under each list of views once.
pub(super) struct Resolver<'m> {
    model: &'m Model,
    roles: HashMap<&'m str, Role>,
    /// What each view puts in place of which name.
    instead: Vec<HashMap<String, Id>>,
    done: HashMap<(Vec<Seen>, String), Id>,
    /// What is being unfolded, outermost first; a let is marked.
    open: Vec<(Vec<Seen>, String, bool)>,
}

impl<'m> Resolver<'m> {
    /// `arena` holds the model's expressions; while a model is read, its own is empty.
    pub fn new(model: &'m Model, arena: &Arena) -> Resolver<'m> {
        let inputs = model.inputs.iter().enumerate().map(|(i, x)| (x.name.as_str(), Role::Input(i)));
        let parameters =
            model.parameters.iter().enumerate().map(|(i, x)| (x.name.as_str(), Role::Parameter(i)));
        let states = model.states.iter().enumerate().map(|(i, x)| (x.name.as_str(), Role::State(i)));
        let lets = model.lets.iter().enumerate().map(|(i, x)| (x.name.as_str(), Role::Let(i)));
        let roles = inputs.chain(parameters).chain(states).chain(lets).collect();
        let by_name = |(sym, id): &(Sym, Id)| (arena.name(*sym).to_owned(), *id);
        let instead = model.views.iter().map(|view| view.with.iter().map(by_name).collect()).collect();
        Resolver { model, roles, instead, done: HashMap::new(), open: Vec::new() }
    }

    /// The expression with all names in it unfolded under the views.
    pub fn unfold(
        &mut self,
        arena: &mut Arena,
        views: &[Seen],
        written: Id,
        at: &Span,
    ) -> Result<Id, Finding> {
        let mut with: HashMap<Sym, Id> = HashMap::new();
        for sym in arena.symbols(written) {
            let path = arena.name(sym).to_owned();
            with.insert(sym, self.path(arena, views, &path, at)?);
        }
        Ok(arena.substitute(written, &|sym| with.get(&sym).copied()))
    }

    fn path(&mut self, arena: &mut Arena, views: &[Seen], path: &str, at: &Span) -> Result<Id, Finding> {
        let (prefix, base) = split(path);
        if prefix.is_empty() {
            return self.name(arena, views, base, at);
        }
        let mut through = views.to_vec();
        for view in prefix {
            if view == "rest" {
                through.push(Seen::Rest);
                continue;
            }
            let known = || self.model.views.iter().map(|v| v.name.as_str());
            let index =
                known().position(|name| name == view).ok_or_else(|| unknown_view(view, known(), at))?;
            through.extend(self.model.views[index].of_rest.then_some(Seen::Rest));
            through.push(Seen::View(index));
        }
        self.name(arena, &through, base, at)
    }

    fn name(&mut self, arena: &mut Arena, views: &[Seen], base: &str, at: &Span) -> Result<Id, Finding> {
        let key = (views.to_vec(), base.to_owned());
        if let Some(id) = self.done.get(&key) {
            return Ok(*id);
        }
        let replaced = (0..views.len()).rev().find(|&i| self.replaces(views[i], base));
        let is_let = replaced.is_none() && matches!(self.roles.get(base), Some(Role::Let(_)));
        let again = |(open_views, open, was_let): &(Vec<Seen>, String, bool)| {
            open == base && ((is_let && *was_let) || open_views == views)
        };
        if let Some(first) = self.open.iter().position(again) {
            return Err(self.cycle(first, at));
        }
        if views.len() > DEEPEST_VIEW || self.open.len() > DEEPEST_LET || self.done.len() > MOST {
            return Err(Finding::error(format!("`{base}` depends on too many names"))
                .at(at)
                .because("views that name each other in a circle look like this", None));
        }
        self.open.push((key.0.clone(), key.1.clone(), is_let));
        let value = match replaced {
            Some(i) => self.replacement(arena, views, i, base, at),
            None => self.plain(arena, views, base),
        };
        self.open.pop();
        let value = value?;
        self.done.insert(key, value);
        Ok(value)
    }

    fn replaces(&self, seen: Seen, base: &str) -> bool {
        match (seen, self.roles.get(base)) {
            (Seen::Rest | Seen::Baseline, Some(Role::Input(_))) => true,
            (Seen::Rest, Some(Role::State(_))) => true,
            (Seen::View(view), Some(_)) => self.instead[view].contains_key(base),
            _ => false,
        }
    }

    /// What the view at position `i` puts in place of a name, seen through the views outside it.
    fn replacement(
        &mut self,
        arena: &mut Arena,
        views: &[Seen],
        i: usize,
        base: &str,
        at: &Span,
    ) -> Result<Id, Finding> {
        let outer = &views[..i];
        if let Seen::View(view) = views[i] {
            let written = self.instead[view].get(base).copied();
            let written = written.ok_or_else(|| unknown(base, std::iter::empty(), at))?;
            return self.unfold(arena, outer, written, at);
        }
        match self.roles.get(base) {
            Some(Role::Input(index)) => {
                let baseline = &self.model.inputs[*index].baseline;
                self.unfold(arena, outer, baseline.written, &baseline.at)
            }
            Some(Role::State(index)) => match &self.model.states[*index].start {
                Start::Formula(start) => {
                    let at_baseline = [outer, &[Seen::Baseline]].concat();
                    self.unfold(arena, &at_baseline, start.written, &start.at)
                }
                Start::Steady => self.steady(arena, outer, base, at),
            },
            _ => Err(unknown(base, std::iter::empty(), at)),
        }
    }

    /// A solved start belongs to the agent's own parameters, so a view of other parameters has none.
    fn steady(&self, arena: &mut Arena, outer: &[Seen], base: &str, at: &Span) -> Result<Id, Finding> {
        for seen in outer {
            let Seen::View(view) = seen else { continue };
            let other = |name: &&String| {
                matches!(self.roles.get(name.as_str()), Some(Role::Parameter(_) | Role::Let(_)))
            };
            if let Some(name) = self.instead[*view].keys().filter(other).min() {
                let view = &self.model.views[*view].name;
                let note = format!("`{view}` replaces `{name}`, and the start would have to be solved again");
                return Err(Finding::error(format!(
                    "the steady start of `{base}` cannot be seen through `{view}`"
                ))
                .at(at)
                .because(note, None));
            }
        }
        let sym = arena.symbol(&start_symbol(base));
        Ok(arena.sym(sym))
    }

    fn plain(&mut self, arena: &mut Arena, views: &[Seen], base: &str) -> Result<Id, Finding> {
        if let Some(Role::Let(index)) = self.roles.get(base) {
            let formula = &self.model.lets[*index].formula;
            return self.unfold(arena, views, formula.written, &formula.at);
        }
        if let Some(flow) = self.model.flows.iter().find(|flow| flow.path == base) {
            return self.unfold(arena, views, flow.rate.written, &flow.rate.at);
        }
        let sym = arena.symbol(base);
        Ok(arena.sym(sym))
    }

    /// The circle that starts at `open[first]`, told from what stands first in the file, so that each circle is told once.
    fn cycle(&self, first: usize, at: &Span) -> Finding {
        let mut circle: Vec<(String, Option<&Span>)> =
            self.open[first..].iter().map(|(views, name, is_let)| self.link(views, name, *is_let)).collect();
        let place = |i: &usize| circle[*i].1.map_or(usize::MAX, |at| at.bytes.start);
        let start = (0..circle.len()).min_by_key(place).unwrap_or(0);
        circle.rotate_left(start);
        let (head, place) = circle.first().cloned().unwrap_or_default();
        let names: Vec<String> =
            circle.iter().map(|(name, _)| name).chain([&head]).map(|name| format!("`{name}`")).collect();
        Finding::error(format!("`{head}` stands for itself"))
            .at(place.unwrap_or(at))
            .because(format!("the circle is {}", names.join(" → ")), None)
            .help("let one of them stand for something else")
    }

    /// How a part of a circle is told, and where it stands.
    fn link(&self, views: &[Seen], name: &str, is_let: bool) -> (String, Option<&'m Span>) {
        let model = self.model;
        if is_let {
            return (name.to_owned(), model.lets.iter().find(|l| l.name == name).map(|l| &l.formula.at));
        }
        match views.iter().rev().find(|seen| self.replaces(**seen, name)) {
            Some(Seen::View(view)) => {
                (format!("{}.{name}", model.views[*view].name), Some(&model.views[*view].at))
            }
            Some(Seen::Rest | Seen::Baseline) => (format!("rest.{name}"), None),
            None => (name.to_owned(), None),
        }
    }
}
