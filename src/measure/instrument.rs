//! Simulated instruments as an arm sees them: `scale`, `scale.item_3`, `off.scale` become scores of the arm's quantities.
//! Knows nothing of how an answer is given.

use std::collections::HashMap;
use std::sync::Arc;

use super::fault::Fault;
use super::moment::REST;
use super::read::rewrite;
use super::{ArmScope, Bench};
use crate::diagnostic::{Finding, Findings, Span};
use crate::engine::Score;
use crate::expression::{Id, Part, Sym, Syntax};
use crate::instrument::{Asked, Instrument, Scale};
use crate::unit::Unit;

/// In front of the number of an item.
const ITEM: &str = "item_";

/// A simulated instrument under its name.
#[derive(Clone, Debug)]
pub struct Gauge {
    pub name: String,
    pub doc: String,
    /// The latent quantity, over quantities of the arm.
    pub latent: Syntax,
    pub instrument: Arc<Instrument>,
}

/// A name that asks an instrument: `off.scale.item_3`.
pub(super) struct Question<'n> {
    /// Position in `ArmScope::instruments`.
    pub gauge: usize,
    /// Outermost first, joined by dots.
    views: &'n str,
    /// What stands behind the instrument's name.
    part: &'n str,
}

impl Question<'_> {
    pub fn is_item(&self) -> bool {
        !self.part.is_empty()
    }
}

impl Gauge {
    /// What is asked by what stands behind the name.
    fn asked(&self, part: &str, at: &Span) -> Result<Asked, Finding> {
        if part.is_empty() {
            return Ok(Asked::Whole);
        }
        let items = self.instrument.items();
        let name = &self.name;
        let number = part.strip_prefix(ITEM).and_then(|number| number.parse::<usize>().ok());
        if let Some(item) = number.filter(|item| (1..=items).contains(item)) {
            return Ok(Asked::Item(item - 1));
        }
        let finding = Finding::error(format!("`{name}` has no `{part}`")).at(at);
        Err(match items {
            0 => finding.help(format!("write `{name}`: a visual analogue scale has no items")),
            _ => finding.help(format!("write `{name}`, or `{name}.{ITEM}1` to `{name}.{ITEM}{items}`")),
        })
    }

    /// What it is in words, with what must not be taken from it.
    fn told(&self, asked: Asked) -> String {
        let doc = if self.doc.is_empty() { String::new() } else { format!("{}: ", self.doc) };
        match (&self.instrument.scale, asked) {
            (Scale::VisualAnalogue(_), _) => format!("{doc}simulated visual analogue scale, 0 to 100"),
            (Scale::Questionnaire(of), Asked::Whole) => format!(
                "{doc}simulated questionnaire of {} generated items, 0 to {}; not the wording of any real questionnaire",
                of.items.len(),
                of.most()
            ),
            (Scale::Questionnaire(_), Asked::Item(item)) => {
                format!("{doc}simulated item {}; not the wording of any real questionnaire", item + 1)
            }
        }
    }
}

impl ArmScope {
    /// What a name asks of an instrument; `None` where it names none.
    pub(super) fn question<'n>(&self, name: &'n str) -> Option<Question<'n>> {
        let mut from = 0;
        for step in name.split('.') {
            if let Some(gauge) = self.instruments.iter().position(|gauge| gauge.name == step) {
                let views = name[..from].trim_end_matches('.');
                let part = name[from + step.len()..].trim_start_matches('.');
                return Some(Question { gauge, views, part });
            }
            from += step.len() + 1;
        }
        None
    }

    /// The score that a name stands for; `None` where it names no instrument.
    pub(super) fn score_named(&mut self, name: &str, at: &Span) -> Option<Result<(Id, Unit), Fault>> {
        let question = self.question(name)?;
        Some(self.score(&question, name, at).map(|id| (id, Unit::one())))
    }

    fn score(&mut self, question: &Question, name: &str, at: &Span) -> Result<Id, Fault> {
        let gauge = self.instruments[question.gauge].clone();
        let asked = gauge.asked(question.part, at)?;
        let latent = self.latent(&gauge, question.views)?;
        Ok(self.keep_score(name, latent, gauge.instrument, asked))
    }

    /// The latent quantity of an instrument, seen through views.
    fn latent(&mut self, gauge: &Gauge, views: &str) -> Result<Id, Fault> {
        let seen = rewrite(&gauge.latent, &mut |part| {
            let Part::Name(name) = &part.part else { return None };
            if self.question(name).is_some() {
                let what =
                    format!("`{name}` is an instrument, and the latent of one cannot stand on another");
                let help = "write the quantity behind it";
                return Some(Err(Fault::from(Finding::error(what).at(&part.at).help(help))));
            }
            let own = self.own.iter().any(|(own, _)| own == name);
            let name = if views.is_empty() || own { name.clone() } else { format!("{views}.{name}") };
            Some(Ok(Syntax { part: Part::Name(name), at: part.at.clone() }))
        })?;
        let (id, unit) = self.quantity(&seen)?;
        match unit {
            Some(unit) if !unit.fits(&Unit::one()) => Err(Finding::error(format!(
                "the latent of `{}` has a unit",
                gauge.name
            ))
            .at(&gauge.latent.at)
            .label(format!("in `{}`", unit.label()))
            .help("divide by what it is compared with, so that a number without unit is left: `R/rest.R`")
            .into()),
            _ => Ok(id),
        }
    }

    fn keep_score(&mut self, name: &str, latent: Id, instrument: Arc<Instrument>, asked: Asked) -> Id {
        let sym = self.system.arena.symbol(&format!("score of {name}"));
        if !self.system.scores.iter().any(|score| score.sym == sym) {
            self.system.scores.push(Score { sym, latent, instrument, asked });
        }
        self.system.arena.sym(sym)
    }

    /// Adds, for each score that an expression stands on, the one whose latent is what `with` makes of it: what the agent would
    /// answer at rest, at that visit.
    pub(super) fn scores_replaced(&mut self, id: Id, with: &mut HashMap<Sym, Id>) {
        if !self.has_score(id) {
            return;
        }
        for sym in self.system.arena.symbols(id) {
            let Some(score) = self.system.scores.iter().find(|score| score.sym == sym).cloned() else {
                continue;
            };
            let latent = self.system.arena.substitute(score.latent, &|sym| with.get(&sym).copied());
            if latent != score.latent {
                let name = self.system.arena.name(sym).trim_start_matches("score of ").to_owned();
                let made = self.keep_score(&format!("{name} at rest"), latent, score.instrument, score.asked);
                with.insert(sym, made);
            }
        }
    }

    /// Whether an expression stands on what an instrument shows.
    pub fn has_score(&self, id: Id) -> bool {
        let scores = &self.system.scores;
        let shown = |sym: &Sym| scores.iter().any(|score| score.sym == *sym);
        !scores.is_empty() && self.system.arena.symbols(id).iter().any(shown)
    }

    /// What goes over time or along a derivative cannot stand on a score; `asked` is what does.
    pub fn flowing(&self, id: Id, asked: &str, at: &Span) -> Result<(), Finding> {
        if !self.has_score(id) {
            return Ok(());
        }
        let what = format!("{asked} goes over all of the time, and an instrument is answered at visits only");
        Err(Finding::error(what)
            .at(at)
            .help("ask at visits: `scale[end of exposure]`, or record the scale with `every` or `at`"))
    }

    /// What is told of a name that asks an instrument; `None` where it names none.
    pub fn instrument_doc(&self, name: &str) -> Option<String> {
        let name = name.trim_start_matches("rest.");
        let question = self.question(name)?;
        let gauge = &self.instruments[question.gauge];
        let asked = gauge.asked(question.part, &gauge.latent.at).ok()?;
        Some(gauge.told(asked))
    }

    /// Names of instruments that a wrong name may have meant.
    pub(super) fn instrument_names(&self) -> impl Iterator<Item = &str> {
        self.instruments.iter().map(|gauge| gauge.name.as_str())
    }
}

impl Bench {
    /// Findings for instruments whose latent quantity is wrong, or is in no arm.
    pub fn check_instruments(&mut self, findings: &mut Findings) {
        for gauge in 0..self.arms.first().map_or(0, |arm| arm.instruments.len()) {
            let before = self.extent();
            let answered = self.in_each_arm(|reader| {
                reader.spoken.unnamed = true;
                let scope = &mut reader.bench.arms[reader.arm];
                let gauge = scope.instruments[gauge].clone();
                scope.latent(&gauge, "")
            });
            self.shrink(&before);
            findings.append(answered.err().into_iter().flatten());
        }
    }
}

/// Whether a name is one that moments and views have.
pub fn reserved(name: &str) -> bool {
    ["t", REST, "start", "end", "steady", "flow", "and"].contains(&name)
}
