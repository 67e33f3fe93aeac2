//! Expressions per agent: brackets become taps of an arm, names of measures what they stand for, and arithmetic stands on top.
//! Knows nothing of claims or populations.

use std::collections::HashMap;

use super::bench::Spoken;
use super::fault::Fault;
use super::read::{Known, Sides, read, read_comparison, rewrite};
use super::word::{EFFECT, FIRST, POPULATION, metric, of_population, reduction};
use super::{Bench, Measure};
use crate::diagnostic::{Finding, Span};
use crate::engine::Tap;
use crate::expression::{Comparison, Id, Operator, Part, Syntax};
use crate::unit::Unit;

/// Reads expressions per agent of one arm and remembers which arms they speak of.
pub(super) struct Reader<'a> {
    pub bench: &'a mut Bench,
    pub(super) arm: usize,
    pub spoken: Spoken,
    /// By measure and arm.
    done: HashMap<(usize, usize), (Id, Unit, Spoken)>,
}

impl<'a> Reader<'a> {
    pub fn new(bench: &'a mut Bench, arm: usize) -> Reader<'a> {
        Reader { bench, arm, spoken: Spoken::default(), done: HashMap::new() }
    }

    /// Node and unit of a number per agent; a plain 0 has no unit.
    pub fn number(&mut self, syntax: &Syntax) -> Result<(Id, Option<Unit>), Fault> {
        let mut known = Known::default();
        let syntax = self.prepared(syntax, &mut known)?;
        Ok(read(&syntax, &mut self.bench.outcomes.arena, &mut known)?)
    }

    /// Both sides of a comparison per agent.
    pub fn comparison(&mut self, comparison: Comparison, sides: [&Syntax; 2]) -> Result<Sides, Fault> {
        let mut known = Known::default();
        let left = self.prepared(sides[0], &mut known)?;
        let right = self.prepared(sides[1], &mut known)?;
        Ok(read_comparison(comparison, [&left, &right], &mut self.bench.outcomes.arena, &mut known)?)
    }

    /// The measure in the reader's arm. What it stands on is read before it, so that the depth of reading does not grow
    /// with the number of measures that stand on one another.
    pub fn measure(&mut self, measure: usize) -> Result<(Id, Unit), Fault> {
        let asked = (measure, self.arm);
        let mut open = vec![asked];
        while let Some(top) = open.last().copied() {
            let missing = self.stands_on(top).into_iter().find(|next| !self.done.contains_key(next));
            match missing {
                Some(next) => {
                    if let Some(first) = open.iter().position(|(measure, _)| *measure == next.0) {
                        return Err(self.cycle(&open[first..]).into());
                    }
                    open.push(next);
                }
                None => {
                    self.alone(top)?;
                    open.pop();
                }
            }
        }
        let (id, unit, spoken) = self.done[&asked].clone();
        self.speak(spoken);
        Ok((id, unit))
    }

    /// Reads a measure all of whose measures have been read.
    fn alone(&mut self, (measure, arm): (usize, usize)) -> Result<(), Fault> {
        if self.done.contains_key(&(measure, arm)) {
            return Ok(());
        }
        let written = self.bench.measures[measure].clone();
        let outer = (std::mem::replace(&mut self.arm, arm), std::mem::take(&mut self.spoken));
        let result = self.number(&written.syntax);
        self.arm = outer.0;
        let spoken = std::mem::replace(&mut self.spoken, outer.1);
        let (id, unit) = result?;
        let (id, unit) = self.shown(id, unit.unwrap_or_else(Unit::one), &written)?;
        self.done.insert((measure, arm), (id, unit, spoken));
        Ok(())
    }

    /// The measures that a measure names, in their arms.
    fn stands_on(&self, (measure, arm): (usize, usize)) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        let mut parts = vec![&self.bench.measures[measure].syntax];
        while let Some(part) = parts.pop() {
            match &part.part {
                Part::Name(name) => all.extend(self.measure_named(name, arm)),
                Part::Negative(inner) => parts.push(inner),
                Part::Binary(_, a, b) | Part::Compare(_, a, b) => parts.extend([&**a, &**b]),
                Part::Call(_, inner) | Part::And(inner) => parts.extend(inner),
                Part::Number(_) | Part::Quantity(..) | Part::At(..) => {}
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    fn measure_named(&self, name: &str, arm: usize) -> Option<(usize, usize)> {
        let position = |name: &str| self.bench.measures.iter().position(|m| m.name == name);
        if let Some((head, base)) = name.split_once('.') {
            let arm = self.bench.arms.iter().position(|arm| arm.name == head)?;
            return Some((position(base)?, arm));
        }
        Some((position(name)?, arm))
    }

    fn speak(&mut self, spoken: Spoken) {
        self.spoken.unnamed |= spoken.unnamed;
        self.spoken.value |= spoken.value;
        self.spoken.named.extend(spoken.named);
    }

    /// In the unit that the measure states.
    fn shown(&mut self, id: Id, unit: Unit, written: &Measure) -> Result<(Id, Unit), Fault> {
        let Some(wanted) = &written.unit else { return Ok((id, unit)) };
        let Some(factor) = unit.convert(1.0, wanted) else {
            let what = format!("`{}` is in `{}`, not in `{}`", written.name, unit.label(), wanted.label());
            let label = format!("in `{}`", unit.label());
            return Err(Finding::error(what).at(&written.syntax.at).label(label).into());
        };
        Ok((self.scaled(id, factor), wanted.clone()))
    }

    pub(super) fn scaled(&mut self, id: Id, factor: f64) -> Id {
        if factor == 1.0 {
            return id;
        }
        let arena = &mut self.bench.outcomes.arena;
        let factor = arena.constant(factor);
        arena.binary(Operator::Mul, id, factor)
    }

    /// The circle told from its first measure in the file, so that each circle is told once.
    fn cycle(&self, open: &[(usize, usize)]) -> Finding {
        let mut circle: Vec<usize> = open.iter().map(|(measure, _)| *measure).collect();
        let start = (0..circle.len()).min_by_key(|&i| circle[i]).unwrap_or(0);
        circle.rotate_left(start);
        let names: Vec<String> = circle
            .iter()
            .chain(&circle[..1])
            .map(|measure| format!("`{}`", self.bench.measures[*measure].name))
            .collect();
        let head = &self.bench.measures[circle[0]];
        Finding::error(format!("the measure `{}` stands on itself", head.name))
            .at(&head.syntax.at)
            .because(format!("the circle is {}", names.join(" → ")), None)
    }

    /// Everything of this language replaced by names of what it stands for: arithmetic is left.
    fn prepared(&mut self, syntax: &Syntax, known: &mut Known) -> Result<Syntax, Fault> {
        rewrite(syntax, &mut |part| {
            let made = match &part.part {
                Part::Name(name) => self.bare(name, &part.at),
                Part::At(inner, text, at) => self.at_moment(inner, text, at),
                Part::Call(word, args) => self.call(word, args, &part.at)?,
                Part::Compare(..) | Part::And(_) => Err(Finding::error("a comparison is not a number")
                    .at(&part.at)
                    .help("compare in a claim, or count agents there: `share(x < y)`")
                    .into()),
                _ => return None,
            };
            Some(made.map(|(id, unit)| known.stand_in(part, id, unit)))
        })
    }

    /// A word of this language; `None` leaves the call to the function table.
    fn call(&mut self, word: &str, args: &[Syntax], at: &Span) -> Option<Result<(Id, Unit), Fault>> {
        if of_population(word) {
            let words: Vec<String> = POPULATION.iter().map(|(name, _)| format!("`{name}`")).collect();
            return Some(Err(Finding::error(format!(
                "`{word}` goes over all agents, and one agent's number is wanted here"
            ))
            .at(at)
            .because(format!("{} stand in claims, around expressions per agent", words.join(", ")), None)
            .into()));
        }
        if word == EFFECT {
            return Some(match args {
                [response, level] => self.effect([response, level]),
                _ => {
                    let help = "write `effect(session[end of use], 10 nM)`";
                    let what = format!("`{word}` takes a response at a moment, and a level of its probe");
                    Err(Finding::error(what).at(at).help(help).into())
                }
            });
        }
        if let Some(made) = self.made(word, args, at) {
            return Some(made);
        }
        let [argument] = args else {
            let own = word == FIRST
                || metric(word).is_some()
                || (reduction(word).is_some() && !matches!(word, "min" | "max"));
            return own.then(|| Err(Finding::error(format!("`{word}` takes one argument")).at(at).into()));
        };
        if let Some(metric) = metric(word) {
            return Some(self.metric(word, metric, argument));
        }
        if word == FIRST {
            return Some(self.first(argument));
        }
        reduction(word).map(|reduce| self.reduced(word, reduce, argument))
    }

    /// A name without a bracket: a measure, or something that does not change with time.
    pub(super) fn bare(&mut self, name: &str, at: &Span) -> Result<(Id, Unit), Fault> {
        let (arm, base) = self.arm_of(name, at)?;
        let place = self.speaks_of(arm);
        if let Some(measure) = self.bench.measures.iter().position(|m| m.name == base) {
            self.unlike_a_value(base, place, at)?;
            return self.measure_in(measure, arm, place);
        }
        self.spoken.value |= arm.is_none();
        let scope = &mut self.bench.arms[place];
        let (id, unit) = scope.named(base, at)?;
        if !scope.timeless(id) {
            return Err(Finding::error(format!("`{name}` changes with time"))
                .at(at)
                .label("when?")
                .help(match scope.has_score(id) {
                    true => format!("say at which visit: `{name}[end of …]`"),
                    false => format!(
                        "say when: `{name}[end of …]`, `{name}[rest]`, or what of a phase: `max({name}[…])`"
                    ),
                })
                .into());
        }
        let values = &scope.system.values;
        let slot = values.iter().position(|sym| scope.system.arena.find_symbol(base) == Some(*sym));
        let tap = match slot {
            Some(slot) => Tap::Value { slot },
            None => Tap::At { watched: scope.watch_node(id), moment: scope.first_moment() },
        };
        Ok((self.tapped(place, tap), unit))
    }

    /// A name of a measure must not be one that stands for something without a moment already.
    fn unlike_a_value(&mut self, name: &str, place: usize, at: &Span) -> Result<(), Fault> {
        let scope = &mut self.bench.arms[place];
        match scope.named(name, at) {
            Ok((id, _)) if scope.timeless(id) => {
                let what = format!("`{name}` is both a measure and a value of the agent");
                Err(Finding::error(what)
                    .at(at)
                    .label("which of them?")
                    .help("give the measure another name")
                    .into())
            }
            _ => Ok(()),
        }
    }

    /// `fall`, or `taper.fall`: the measure of another arm.
    fn measure_in(
        &mut self,
        measure: usize,
        named: Option<usize>,
        place: usize,
    ) -> Result<(Id, Unit), Fault> {
        let outer = (self.arm, std::mem::take(&mut self.spoken));
        self.arm = place;
        let result = self.measure(measure);
        self.arm = outer.0;
        let mut inner = std::mem::replace(&mut self.spoken, outer.1);
        if named.is_some() {
            (inner.unnamed, inner.value) = (false, false);
        }
        self.speak(inner);
        result
    }

    /// The node of a tap; the same tap is one symbol.
    pub(super) fn tapped(&mut self, arm: usize, tap: Tap) -> Id {
        let tap = self.bench.arms[arm].tap(tap);
        let outcomes = &mut self.bench.outcomes;
        let sym = outcomes.arena.symbol(&format!("tap {tap} of arm {arm}"));
        if !outcomes.given.iter().any(|(known, ..)| *known == sym) {
            outcomes.given.push((sym, arm, tap));
        }
        outcomes.arena.sym(sym)
    }
}
