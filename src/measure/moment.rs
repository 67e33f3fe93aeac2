//! Moments and phases of an arm: `end of exposure`, `start of abstinence + 7 d`, `3 d`.
//! Knows nothing of what is asked for at them.

use super::ArmScope;
use super::fault::Fault;
use crate::diagnostic::{Finding, Span};
use crate::engine::{Moment, Side};
use crate::stimulus::{Interval, Micros};
use crate::unit::Quantity;

/// The moment before any stimulus: inputs at baseline, states at start.
pub(super) const REST: &str = "rest";

impl ArmScope {
    /// `end of exposure` (just before the change), `start of abstinence` (just after it), `start of abstinence + 7 d`,
    /// `3 d` since t = 0 (just before, should anything change there). `rest` is the arm's first moment: what is asked for at rest is
    /// no moment's value but the model's `rest` view, see [`ArmScope::assay`].
    pub fn moment(&self, text: &str, at: &Span) -> Result<Moment, Finding> {
        self.find_moment(text, at).map_err(|fault| fault.explained(&[self.phase_names()]))
    }

    pub(super) fn phase_names(&self) -> (&str, Vec<&str>) {
        (&self.name, self.phases.iter().map(|(name, _)| name.as_str()).collect())
    }

    pub(super) fn first_moment(&self) -> Moment {
        Moment { at: self.span().start, side: Side::After }
    }

    /// From the start of the first phase to the end of the last.
    fn span(&self) -> Interval {
        let start = self.phases.first().map_or(0, |(_, when)| when.start);
        Interval { start, end: self.phases.last().map_or(start, |(_, when)| when.end) }
    }

    pub(super) fn find_phase(&self, name: &str, at: &Span) -> Result<Interval, Fault> {
        let name = name.trim();
        self.phases.iter().find(|(phase, _)| phase == name).map(|(_, when)| *when).ok_or_else(|| {
            let unknown = Finding::error(format!("there is no phase `{name}`")).at(at).label("unknown phase");
            match self.find_moment(name, at) {
                Ok(_) => Finding::error(format!("`{name}` is a moment, not a phase"))
                    .at(at)
                    .help("name a phase: `max(x[exposure])`")
                    .into(),
                Err(_) => Fault::moment(unknown, Some(name)),
            }
        })
    }

    pub(super) fn find_moment(&self, text: &str, at: &Span) -> Result<Moment, Fault> {
        let text = text.trim();
        if text == REST {
            return Ok(self.first_moment());
        }
        if let Some(rest) = text.strip_prefix("start of ") {
            return self.beside(rest.trim(), Side::After, at);
        }
        if let Some(rest) = text.strip_prefix("end of ") {
            return self.beside(rest.trim(), Side::Before, at);
        }
        if self.phases.iter().any(|(phase, _)| phase == text) {
            let what = format!("`{text}` is a phase, not a moment");
            let help = format!("write `[end of {text}]`, or what of the phase: `mean(x[{text}])`");
            return Err(Finding::error(what).at(at).label("a phase").help(help).into());
        }
        match time(text) {
            Some(micros) => self.inside(micros, Side::Before, text, at),
            None => Err(Finding::error(format!("`{text}` is no moment"))
                .at(at)
                .label("no moment")
                .help("write `[end of exposure]`, `[start of exposure + 7 d]`, `[3 d]` since the start, or `[rest]`")
                .into()),
        }
    }

    /// Start or end of a phase, with an offset or without.
    fn beside(&self, text: &str, side: Side, at: &Span) -> Result<Moment, Fault> {
        let edge = |name: &str| {
            let (_, when) = self.phases.iter().find(|(phase, _)| phase == name)?;
            Some(if side == Side::After { when.start } else { when.end })
        };
        if let Some(micros) = edge(text) {
            return self.inside(micros, side, text, at);
        }
        // A phase's name may hold a hyphen itself: the last sign that leaves a known phase in front counts.
        let signs = text.char_indices().rev().filter(|(_, c)| matches!(c, '+' | '-'));
        for (place, sign) in signs {
            let Some(micros) = edge(text[..place].trim()) else { continue };
            let length = text[place + 1..].trim();
            let Some(offset) = time(length) else {
                let what = format!("`{length}` is no length of time");
                return Err(Finding::error(what).at(at).label("no time").help("write `+ 7 d`").into());
            };
            let moved = if sign == '+' { micros.checked_add(offset) } else { micros.checked_sub(offset) };
            return self.inside(moved.unwrap_or(Micros::MAX), Side::Before, text, at);
        }
        let name = without_offset(text);
        let finding = Finding::error(format!("there is no phase `{name}`")).at(at).label("unknown phase");
        Err(Fault::moment(finding, Some(name)))
    }

    fn inside(&self, micros: Micros, side: Side, text: &str, at: &Span) -> Result<Moment, Fault> {
        let span = self.span();
        if micros < span.start || micros > span.end {
            let what = format!("`{text}` lies outside arm `{}`", self.name);
            return Err(Fault::moment(Finding::error(what).at(at).label("outside the arm"), None));
        }
        // Nothing comes before the first moment.
        let side = if micros == span.start { Side::After } else { side };
        Ok(Moment { at: micros, side })
    }
}

/// Whole microseconds of `7 d`.
fn time(text: &str) -> Option<Micros> {
    let quantity = Quantity::parse(text).ok()?;
    quantity.unit.microseconds(quantity.value)
}

/// `exposure` of `exposure + 7 d`.
fn without_offset(text: &str) -> &str {
    text.char_indices()
        .rev()
        .filter(|(_, c)| matches!(c, '+' | '-'))
        .find(|(place, _)| time(text[place + 1..].trim()).is_some())
        .map_or(text, |(place, _)| text[..place].trim())
}
