//! What is observed of one arm: quantities and numbers per agent; the same thing asked twice is kept once.
//! Knows nothing of other arms, of measures or of claims.

use std::collections::HashMap;

use super::ArmScope;
use super::fault::Fault;
use super::moment::REST;
use super::read::{Known, read, rewrite};
use crate::diagnostic::{Finding, Span, nearest};
use crate::engine::Tap;
use crate::expression::{Id, Part, Sym, Syntax};
use crate::unit::Unit;

/// What is asked of the model: as it runs, or as it stands before anything happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Running,
    Rest,
}

impl Seen {
    pub fn of(moment: &str) -> Seen {
        if moment.trim() == REST { Seen::Rest } else { Seen::Running }
    }
}

impl ArmScope {
    /// Position in `system.watched` of an expression over this arm's quantities (`R`, `off.mood`, `R/rest.R`), and its unit.
    pub fn watch(&mut self, syntax: &Syntax) -> Result<(usize, Unit), Finding> {
        self.watched(syntax, Seen::Running).map_err(|fault| fault.finding)
    }

    pub(super) fn tap(&mut self, tap: Tap) -> usize {
        self.taps.iter().position(|known| *known == tap).unwrap_or_else(|| {
            self.taps.push(tap);
            self.taps.len() - 1
        })
    }

    /// Node of an expression over this arm's quantities, and its unit; a plain 0 fits any and has none.
    pub fn expression(&mut self, syntax: &Syntax) -> Result<(Id, Option<Unit>), Finding> {
        let found = self.quantity(syntax).map_err(|fault| fault.finding)?;
        if self.has_score(found.0) {
            let finding =
                Finding::error("what an instrument shows changes nothing in the model").at(&syntax.at);
            return Err(finding.help("write the quantity behind it"));
        }
        Ok(found)
    }

    pub(super) fn watched(&mut self, syntax: &Syntax, seen: Seen) -> Result<(usize, Unit), Fault> {
        let (id, unit) = self.quantity(syntax)?;
        let unit = unit.unwrap_or_else(Unit::one);
        let id = if seen == Seen::Rest { self.at_rest(id, None) } else { id };
        Ok((self.watch_node(id), unit))
    }

    pub(super) fn watch_node(&mut self, id: Id) -> usize {
        let watched = &mut self.system.watched;
        watched.iter().position(|known| *known == id).unwrap_or_else(|| {
            watched.push(id);
            watched.len() - 1
        })
    }

    pub(super) fn quantity(&mut self, syntax: &Syntax) -> Result<(Id, Option<Unit>), Fault> {
        let mut known = Known::default();
        let syntax = rewrite(syntax, &mut |part| match &part.part {
            Part::Name(name) => {
                if known.holds(name) {
                    return Some(Ok(part.clone()));
                }
                Some(self.named(name, &part.at).map(|(id, unit)| {
                    known.insert(name, id, unit);
                    part.clone()
                }))
            }
            Part::At(_, text, at) => {
                let what = format!("`[{text}]` stands inside an expression that has its moment elsewhere");
                let help = "put the whole expression in parentheses in front of one bracket: `(R/rest.R)[end of on]`";
                Some(Err(Finding::error(what).at(at).help(help).into()))
            }
            _ => None,
        })?;
        Ok(read(&syntax, &mut self.system.arena, &mut known)?)
    }

    /// What a name of this arm stands for: its own names first, then common names, then the model's.
    pub(super) fn named(&mut self, name: &str, at: &Span) -> Result<(Id, Unit), Fault> {
        if let Some((_, unit)) = self.own.iter().find(|(own, _)| own == name) {
            let sym = self.system.arena.symbol(name);
            return Ok((self.system.arena.sym(sym), unit.clone()));
        }
        if let Some(inner) = name.strip_prefix("rest.") {
            let (id, unit) = self.named(inner, at)?;
            return Ok((self.at_rest(id, None), unit));
        }
        if let Some(score) = self.score_named(name, at) {
            return score;
        }
        let common = self.common(name);
        match self.model.resolve(&mut self.system.arena, &common, at) {
            Ok(named) => {
                self.heed(&common);
                Ok((named.value, named.unit))
            }
            Err(finding) => Err(Fault::name(self.offered(name, finding))),
        }
    }

    /// Keeps what goes with one of the model's names.
    pub fn heed(&mut self, name: &str) {
        for caution in self.model.cautions(name) {
            if !self.cautions.contains(caution) {
                self.cautions.push(caution);
            }
        }
    }

    /// The finding of an unknown name, with the nearest of the scenario's own names where one is near.
    fn offered(&self, name: &str, finding: Finding) -> Finding {
        let own = self.own.iter().map(|(own, _)| own.as_str());
        let own = own.chain(self.instrument_names());
        match nearest(name, own.chain(self.alias.iter().map(|(common, _)| common.as_str()))) {
            Some(near) if finding.help.is_none() => finding.help(format!("did you mean `{near}`?")),
            _ => finding,
        }
    }

    /// The model's name behind a common one; views in front stay.
    pub(super) fn common(&self, name: &str) -> String {
        let (views, base) = name.rsplit_once('.').map_or(("", name), |(views, base)| (views, base));
        match self.alias.iter().find(|(common, _)| common == base) {
            Some((_, real)) if views.is_empty() => real.clone(),
            Some((_, real)) => format!("{views}.{real}"),
            None => name.to_owned(),
        }
    }

    /// Inputs at baseline, states at their start, except `keep`: the probe of a response.
    pub(super) fn at_rest(&mut self, id: Id, keep: Option<Sym>) -> Id {
        let mut with = self.rest(keep);
        self.scores_replaced(id, &mut with);
        self.system.arena.substitute(id, &|sym| with.get(&sym).copied())
    }

    pub(super) fn rest(&mut self, keep: Option<Sym>) -> HashMap<Sym, Id> {
        let system = &mut self.system;
        let mut with: HashMap<Sym, Id> =
            system.inputs.iter().copied().zip(system.baselines.iter().copied()).collect();
        for (position, state) in system.states.iter().enumerate() {
            let solved = system.start_symbols[position].map(|sym| system.arena.sym(sym));
            with.extend(system.starts[position].or(solved).map(|start| (*state, start)));
        }
        with.retain(|sym, _| Some(*sym) != keep);
        with
    }

    /// Whether an expression is the same at all times: it stands on the agent's values and solved starts only.
    pub(super) fn timeless(&self, id: Id) -> bool {
        let system = &self.system;
        let changes = |sym: &Sym| system.inputs.contains(sym) || system.states.contains(sym);
        !system.arena.symbols(id).iter().any(changes) && !self.has_score(id)
    }
}
