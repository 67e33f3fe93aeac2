//! Words for how a quantity adapts over a phase: peak, overshoot, sensitivity and precision, settling, rebound, recovery, loops.
//! Knows nothing of steps or lanes.
//!
//! `before` is the value just before the phase (at rest, where the arm begins with it), `end` the value just before it ends,
//! and the peak the extreme on the dense output that is farthest from `before`. Sensitivity and precision after
//! unchecked: W. Ma, A. Trusina, H. El-Samad, W.A. Lim, C. Tang 2009, Cell 138:760-773.

use super::agent::Reader;
use super::fault::Fault;
use super::scope::Seen;
use crate::diagnostic::Finding;
use crate::engine::{Moment, Reduce, Side, Tap, WHOLE};
use crate::expression::{Id, Part, Syntax};
use crate::stimulus::Interval;
use crate::unit::Unit;

/// The largest precision that is told: adaptation is exact there.
pub(super) const MOST_PRECISE: f64 = 1e6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Adaptation {
    Peak,
    Overshoot,
    Error,
    Sensitivity,
    Precision,
    Time,
    Rebound,
    Recovery,
}

/// `overshoot(x[exposure])`, and how many arguments it may take.
pub(super) fn adaptation(word: &str) -> Option<(Adaptation, [usize; 2])> {
    use Adaptation::*;
    Some(match word {
        "peak" => (Peak, [1, 1]),
        "overshoot" => (Overshoot, [1, 1]),
        "adaptation_error" => (Error, [1, 1]),
        "sensitivity" => (Sensitivity, [2, 2]),
        "precision" => (Precision, [2, 2]),
        "adaptation_time" => (Time, [2, 2]),
        "rebound" => (Rebound, [1, 1]),
        "recovery_time" => (Recovery, [1, 2]),
        _ => return None,
    })
}

pub(super) const HYSTERESIS: &str = "hysteresis";

/// A quantity of an arm over one of its phases.
struct During {
    place: usize,
    inner: Syntax,
    when: Interval,
}

impl Reader<'_> {
    pub(super) fn adapted(
        &mut self,
        word: &str,
        wanted: Adaptation,
        args: &[Syntax],
    ) -> Result<(Id, Unit), Fault> {
        let x = self.during(word, &args[0])?;
        let during = |reader: &mut Self, reduce| reader.window(&x, reduce).map(|(id, _)| id);
        match wanted {
            Adaptation::Peak => self.peak(&x),
            Adaptation::Overshoot => {
                let (peak, _) = self.peak(&x)?;
                let ([before, end], _) = self.edges(&x)?;
                let (beyond, change) = (self.minus(peak, end), self.minus(end, before));
                let change = self.nonzero(change);
                Ok((self.over(beyond, change), Unit::one()))
            }
            Adaptation::Error => Ok((self.error(&x)?, Unit::one())),
            Adaptation::Sensitivity => {
                let input = self.input_change(&x, &args[1])?;
                let (peak, _) = self.peak(&x)?;
                let ([before, _], _) = self.edges(&x)?;
                let change = self.minus(peak, before);
                let change = self.relative(change, before);
                let input = self.nonzero(input);
                Ok((self.over(change, input), Unit::one()))
            }
            Adaptation::Precision => {
                let input = self.input_change(&x, &args[1])?;
                let input = self.nonzero(input);
                let error = self.error(&x)?;
                let precision = self.over(input, error);
                let most = self.constant(MOST_PRECISE);
                Ok((self.function("min", &[precision, most]), Unit::one()))
            }
            Adaptation::Time => {
                let share = millionths(word, &args[1])?;
                let id = during(self, Reduce::Settled(share))?;
                Ok(self.as_time(x.place, id))
            }
            Adaptation::Rebound => {
                let rest = self.at(&x, Seen::Rest, self.bench.arms[x.place].first_moment())?;
                let ([before, _], unit) = self.edges(&x)?;
                let (low, high) = (during(self, Reduce::Min)?, during(self, Reduce::Max)?);
                let away = self.minus(before, rest);
                let away = self.function("sign", &[away]);
                let away = self.nonzero(away);
                let (below, above) = (self.minus(rest, low), self.minus(high, rest));
                let beyond = self.chosen(away, [below, above]);
                let none = self.constant(0.0);
                Ok((self.function("max", &[beyond, none]), unit))
            }
            Adaptation::Recovery => {
                let share = args.get(1).map_or(Ok(WHOLE / 2), |share| millionths(word, share))?;
                let scope = &mut self.bench.arms[x.place];
                let (value, _) = scope.quantity(&x.inner)?;
                let rest = scope.at_rest(value, None);
                let away = scope.system.arena.binary(crate::expression::Operator::Sub, value, rest);
                let watched = scope.watch_node(away);
                let reduce = Reduce::Recovered(share);
                let tap = Tap::Over { watched, from: x.when.start, to: x.when.end, reduce };
                let id = self.tapped(x.place, tap);
                Ok(self.as_time(x.place, id))
            }
        }
    }

    /// `hysteresis(x, y [exposure])`: integral of y over x, closed.
    pub(super) fn hysteresis(&mut self, args: &[Syntax]) -> Result<(Id, Unit), Fault> {
        let y = self.during(HYSTERESIS, &args[1])?;
        let x = match contains_bracket(&args[0]) {
            true => self.during(HYSTERESIS, &args[0])?,
            false => During { place: y.place, inner: self.in_arm(&args[0], y.place)?, when: y.when },
        };
        if (x.place, x.when) != (y.place, y.when) {
            let what = "a loop lies in one arm and one phase";
            let help = format!("write `{HYSTERESIS}(concentration, effect [exposure])`");
            return Err(Finding::error(what).at(&args[0].at).help(help).into());
        }
        let scope = &mut self.bench.arms[y.place];
        let (against, x_unit) = scope.watched(&x.inner, Seen::Running)?;
        scope.flowing(scope.system.watched[against], &format!("`{HYSTERESIS}`"), &args[0].at)?;
        let (watched, y_unit) = scope.watched(&y.inner, Seen::Running)?;
        let reduce = Reduce::Loop { against };
        let tap = Tap::Over { watched, from: y.when.start, to: y.when.end, reduce };
        Ok((self.tapped(y.place, tap), y_unit.times(&x_unit)))
    }

    fn during(&mut self, word: &str, argument: &Syntax) -> Result<During, Fault> {
        self.no_comparison(word, argument)?;
        let (phase, at, inner) = self.over_phase(word, argument)?;
        let (place, inner) = self.placed(&inner)?;
        let scope = &mut self.bench.arms[place];
        let when = scope.find_phase(&phase, &at)?;
        let (id, _) = scope.quantity(&inner)?;
        scope.flowing(id, &format!("`{word}`"), &argument.at)?;
        Ok(During { place, inner, when })
    }

    fn window(&mut self, x: &During, reduce: Reduce) -> Result<(Id, Unit), Fault> {
        let (watched, unit) = self.bench.arms[x.place].watched(&x.inner, Seen::Running)?;
        let tap = Tap::Over { watched, from: x.when.start, to: x.when.end, reduce };
        Ok((self.tapped(x.place, tap), unit))
    }

    fn at(&mut self, x: &During, seen: Seen, moment: Moment) -> Result<Id, Fault> {
        let (watched, _) = self.bench.arms[x.place].watched(&x.inner, seen)?;
        Ok(self.tapped(x.place, Tap::At { watched, moment }))
    }

    /// Just before the phase; at rest where nothing comes before.
    fn before(&mut self, x: &During) -> Result<Id, Fault> {
        let first = self.bench.arms[x.place].first_moment();
        match x.when.start == first.at {
            true => self.at(x, Seen::Rest, first),
            false => self.at(x, Seen::Running, Moment { at: x.when.start, side: Side::Before }),
        }
    }

    /// Just before the phase and just before its end.
    fn edges(&mut self, x: &During) -> Result<([Id; 2], Unit), Fault> {
        let (_, unit) = self.bench.arms[x.place].watched(&x.inner, Seen::Running)?;
        let end = self.at(x, Seen::Running, Moment { at: x.when.end, side: Side::Before })?;
        Ok(([self.before(x)?, end], unit))
    }

    /// The extreme farthest from `before`; the upper one of two that are as far.
    fn peak(&mut self, x: &During) -> Result<(Id, Unit), Fault> {
        let (high, unit) = self.window(x, Reduce::Max)?;
        let (low, _) = self.window(x, Reduce::Min)?;
        let before = self.before(x)?;
        let (above, below) = (self.minus(high, before), self.minus(before, low));
        let lower = self.minus(below, above);
        let lower = self.function("sign", &[lower]);
        let [none, one, two] = [0.0, 1.0, 2.0].map(|number| self.constant(number));
        let lower = self.function("max", &[lower, none]);
        let lower = self.times(two, lower);
        let up = self.minus(one, lower);
        Ok((self.chosen(up, [high, low]), unit))
    }

    /// |end - before|/|before|.
    fn error(&mut self, x: &During) -> Result<Id, Fault> {
        let ([before, end], _) = self.edges(x)?;
        let change = self.minus(end, before);
        Ok(self.relative(change, before))
    }

    /// |u just after the phase began - u just before|/|u just before|.
    fn input_change(&mut self, x: &During, input: &Syntax) -> Result<Id, Fault> {
        let inner = self.in_arm(input, x.place)?;
        let u = During { place: x.place, inner, when: x.when };
        let before = self.before(&u)?;
        let after = self.at(&u, Seen::Running, Moment { at: u.when.start, side: Side::After })?;
        let change = self.minus(after, before);
        Ok(self.relative(change, before))
    }

    fn as_time(&mut self, place: usize, id: Id) -> (Id, Unit) {
        let model_time = self.bench.arms[place].model.time.clone();
        (self.in_scenario_time(id, &model_time), self.bench.time.clone())
    }
}

fn contains_bracket(syntax: &Syntax) -> bool {
    match &syntax.part {
        Part::At(..) => true,
        Part::Number(_) | Part::Quantity(..) | Part::Name(_) => false,
        Part::Negative(inner) => contains_bracket(inner),
        Part::Binary(_, a, b) | Part::Compare(_, a, b) => contains_bracket(a) || contains_bracket(b),
        Part::Call(_, args) | Part::And(args) => args.iter().any(contains_bracket),
    }
}

/// `5 %`, or 0.05.
fn millionths(word: &str, share: &Syntax) -> Result<u32, Fault> {
    let value = match &share.part {
        Part::Number(value) => Some(*value),
        Part::Quantity(value, label) => {
            Unit::parse(label).ok().and_then(|unit| unit.convert(*value, &Unit::one()))
        }
        _ => None,
    };
    let whole = value.map(|value| (value * f64::from(WHOLE)).round()).filter(|n| *n >= 1.0);
    match whole.filter(|n| *n < f64::from(WHOLE)) {
        Some(millionths) => Ok(millionths as u32),
        None => {
            let what = format!("`{word}` takes a share between 0 and 1, and {} is none", share.quoted());
            Err(Finding::error(what).at(&share.at).help("write `5 %` or `0.05`").into())
        }
    }
}
