//! Brackets: a quantity at a moment, a phase made one number, a crossing, a metric of a response, its effect at a level.
//! Knows nothing of the arithmetic around them.

use super::agent::Reader;
use super::fault::Fault;
use super::made::is_made;
use super::read::rewrite;
use super::scope::Seen;
use super::word::{EFFECT, FIRST};
use crate::diagnostic::{Finding, Span};
use crate::engine::{Assay, Metric, Moment, Reduce, Tap};
use crate::expression::{Comparison, Id, Operator, Part, Syntax};
use crate::model::Form;
use crate::unit::Unit;

/// A response of an arm at a moment.
pub(super) struct Assayed {
    /// The arm.
    pub place: usize,
    /// Of the arm.
    pub assay: usize,
    /// Position in `ArmScope::responses`.
    pub response: usize,
}

impl Reader<'_> {
    /// `x[end of exposure]`.
    pub(super) fn at_moment(&mut self, inner: &Syntax, text: &str, at: &Span) -> Result<(Id, Unit), Fault> {
        let (place, inner) = self.placed(inner)?;
        let text = self.with_time_unit(text);
        let scope = &mut self.bench.arms[place];
        let moment = scope.find_moment(&text, at)?;
        let (watched, unit) = scope.watched(&inner, Seen::of(&text))?;
        Ok((self.tapped(place, Tap::At { watched, moment }), unit))
    }

    /// A bare time counts in the scenario's unit.
    pub(super) fn with_time_unit(&self, text: &str) -> String {
        let bare = text.trim().parse::<f64>().is_ok();
        if bare { format!("{text} {}", self.bench.time.label()) } else { text.to_owned() }
    }

    /// `max(x[exposure])`.
    pub(super) fn reduced(
        &mut self,
        word: &str,
        reduce: Reduce,
        argument: &Syntax,
    ) -> Result<(Id, Unit), Fault> {
        self.no_comparison(word, argument)?;
        let (phase, at, inner) = self.over_phase(word, argument)?;
        let (place, inner) = self.placed(&inner)?;
        let scope = &mut self.bench.arms[place];
        let when = scope.find_phase(&phase, &at)?;
        let (watched, unit) = scope.watched(&inner, Seen::Running)?;
        scope.flowing(scope.system.watched[watched], &format!("`{word}`"), &argument.at)?;
        let id = self.tapped(place, Tap::Over { watched, from: when.start, to: when.end, reduce });
        let model_time = self.bench.arms[place].model.time.clone();
        Ok(match reduce {
            Reduce::Integral => (id, unit.times(&model_time)),
            Reduce::HalfTime => (self.in_scenario_time(id, &model_time), self.bench.time.clone()),
            _ => (id, unit),
        })
    }

    pub(super) fn no_comparison(&self, word: &str, argument: &Syntax) -> Result<(), Fault> {
        if !argument.is_condition() {
            return Ok(());
        }
        let what = format!("`{word}` goes over a number, not over a comparison");
        let help = format!("for the time of a crossing write `first({})`", argument.at.text().trim());
        Err(Finding::error(what).at(&argument.at).help(help).into())
    }

    pub(super) fn in_scenario_time(&mut self, id: Id, model_time: &Unit) -> Id {
        let factor = model_time.convert(1.0, &self.bench.time).unwrap_or(1.0);
        self.scaled(id, factor)
    }

    /// `first(x > c [abstinence])`.
    pub(super) fn first(&mut self, argument: &Syntax) -> Result<(Id, Unit), Fault> {
        let refuse = |what: &str| {
            let help = "write `first(x > c [abstinence])` or `first(x < c [abstinence])`";
            Err(Finding::error(what).at(&argument.at).help(help).into())
        };
        let (phase, at, inner) = self.over_phase(FIRST, argument)?;
        let Part::Compare(comparison, left, right) = &inner.part else {
            return refuse("`first` looks for the time when one quantity crosses another");
        };
        let reduce = match comparison {
            Comparison::Greater | Comparison::GreaterEqual => Reduce::FirstAbove,
            Comparison::Less | Comparison::LessEqual => Reduce::FirstBelow,
            _ => return refuse("`first` looks for a crossing, from below or from above"),
        };
        let distance = Part::Binary(Operator::Sub, left.clone(), right.clone());
        let (place, distance) = self.placed(&Syntax { part: distance, at: inner.at.clone() })?;
        let scope = &mut self.bench.arms[place];
        let when = scope.find_phase(&phase, &at)?;
        let (watched, _) = scope.watched(&distance, Seen::Running)?;
        scope.flowing(scope.system.watched[watched], "`first`", &argument.at)?;
        let model_time = scope.model.time.clone();
        let id = self.tapped(place, Tap::Over { watched, from: when.start, to: when.end, reduce });
        Ok((self.in_scenario_time(id, &model_time), self.bench.time.clone()))
    }

    /// `ec50(surface[end of exposure])`.
    pub(super) fn metric(
        &mut self,
        word: &str,
        metric: Metric,
        argument: &Syntax,
    ) -> Result<(Id, Unit), Fault> {
        let Taken { place, response, position, moment, .. } = self.taken(word, argument)?;
        let scope = &mut self.bench.arms[place];
        let assay = scope.assay_of(Assay { response, moment, levels: Vec::new() });
        let declared = &scope.responses[position];
        let unit = match metric {
            Metric::Ec50 => declared.probe_unit.clone(),
            Metric::Emax | Metric::Gain => declared.unit.clone(),
            Metric::Slope => Unit::one(),
        };
        Ok((self.tapped(place, Tap::Metric { assay, metric }), unit))
    }

    /// The acute response and the moment that a word is asked of.
    pub(super) fn assayed(&mut self, word: &str, argument: &Syntax) -> Result<Assayed, Fault> {
        let Taken { place, response, position, moment, .. } = self.taken(word, argument)?;
        let scope = &mut self.bench.arms[place];
        if !matches!(scope.responses[position].form, Form::Acute) {
            let what = format!("`{word}` belongs to an acute response, and this one has another form");
            let help = "ask for its `ec50`, `emax`, `slope`, `gain`, or its `effect` at a level";
            return Err(Finding::error(what).at(&argument.at).help(help).into());
        }
        let assay = scope.assay_of(Assay { response, moment, levels: Vec::new() });
        Ok(Assayed { place, assay, response: position })
    }

    /// `effect(session[end of use], 10 nM)`; the level is an expression of that arm and moment.
    pub(super) fn effect(&mut self, [argument, level]: [&Syntax; 2]) -> Result<(Id, Unit), Fault> {
        let Taken { place, response, position, moment, seen } = self.taken(EFFECT, argument)?;
        let scope = &mut self.bench.arms[place];
        let (mut id, unit) = scope.expression(level)?;
        let (probe, unit_of_probe) =
            (scope.responses[position].probe_name.clone(), scope.responses[position].probe_unit.clone());
        if let Some(unit) = unit {
            let Some(factor) = unit.convert(1.0, &unit_of_probe) else {
                let (found, wanted) = (unit.label(), unit_of_probe.label());
                let what = format!("the level is in `{found}`, and the probe `{probe}` is in `{wanted}`");
                return Err(Finding::error(what).at(&level.at).label(format!("in `{found}`")).into());
            };
            if factor != 1.0 {
                let factor = scope.system.arena.constant(factor);
                id = scope.system.arena.binary(Operator::Mul, id, factor);
            }
        }
        let level = if seen == Seen::Rest { scope.at_rest(id, None) } else { id };
        let unit = scope.responses[position].unit.clone();
        Ok((self.tapped(place, Tap::Effect { response, moment, level }), unit))
    }

    /// A response at a moment.
    fn taken(&mut self, word: &str, argument: &Syntax) -> Result<Taken, Fault> {
        let (name, text, at) = match &argument.part {
            Part::At(inner, text, at) => match &inner.part {
                Part::Name(name) => (name, text, at),
                _ => return Err(not_a_response(word, &inner.at)),
            },
            Part::Name(name) => {
                let what = format!("`{word}({name})` says no moment");
                let help = format!("write `{word}({name}[end of …])` or `{word}({name}[rest])`");
                return Err(Finding::error(what).at(&argument.at).label("when?").help(help).into());
            }
            _ => return Err(not_a_response(word, &argument.at)),
        };
        let (arm, base) = self.arm_of(name, &argument.at)?;
        if arm.is_none() {
            self.spoken.unnamed = true;
        }
        let (place, base) = (self.speaks_of(arm), base.to_owned());
        let text = self.with_time_unit(text);
        let scope = &mut self.bench.arms[place];
        let moment = scope.find_moment(&text, at)?;
        let seen = Seen::of(&text);
        let (response, position) = scope.find_response(&base, seen, &argument.at)?;
        Ok(Taken { place, response, position, moment, seen })
    }

    /// The one phase in the brackets of an argument, and the argument without them.
    pub(super) fn over_phase(&self, word: &str, argument: &Syntax) -> Result<(String, Span, Syntax), Fault> {
        let mut phases: Vec<(String, Span)> = Vec::new();
        let inner = without_brackets(argument, &mut phases)?;
        let Some((phase, at)) = phases.first().cloned() else {
            let of = argument.at.text().trim();
            return Err(Finding::error(format!("`{word}` goes over a phase, and none is named"))
                .at(&argument.at)
                .label("over which phase?")
                .help(format!("name the phase: `{word}({of}[exposure])`"))
                .into());
        };
        if let Some((other, other_at)) = phases.iter().find(|(other, _)| *other != phase) {
            return Err(Finding::error(format!("`{word}` goes over one phase, and `{phase}` and `{other}` are named"))
                .at(other_at)
                .help("take the value at another moment outside: `max(x[on]) - x[end of baseline]`; for the baseline write `rest.x`")
                .into());
        }
        Ok((phase, at, inner))
    }
}

/// A response at a moment of an arm.
struct Taken {
    place: usize,
    /// Position in `System::responses`.
    response: usize,
    /// Position in `ArmScope::responses`.
    position: usize,
    moment: Moment,
    seen: Seen,
}

pub(super) fn not_a_response(word: &str, at: &Span) -> Fault {
    let help = format!("name a response of the model and a moment: `{word}(surface[end of exposure])`");
    Finding::error(format!("`{word}` belongs to a response")).at(at).help(help).into()
}

/// An expression without its brackets, which are gathered.
fn without_brackets(syntax: &Syntax, phases: &mut Vec<(String, Span)>) -> Result<Syntax, Fault> {
    rewrite(syntax, &mut |part| {
        if let Part::Call(word, _) = &part.part
            && is_made(word)
        {
            let what = format!(
                "`{word}` says its phase or moment itself and cannot stand in a bracket's expression"
            );
            return Some(Err(Finding::error(what).at(&part.at).help("write it outside").into()));
        }
        let Part::At(inner, text, at) = &part.part else { return None };
        phases.push((text.trim().to_owned(), at.clone()));
        Some(without_brackets(inner, phases))
    })
}
