//! Differences over a phase at moments that arms have in common: `rms(a.x - b.x [exposure])`, `apart(a.x - b.x [exposure])`.
//! Knows nothing of one arm's dense output: two arms have no step in common, and so are looked at in moments.

use super::agent::Reader;
use super::fault::Fault;
use super::read::{Known, read, rewrite};
use crate::diagnostic::{Finding, Span};
use crate::engine::{Moment, Side, Tap};
use crate::expression::{Id, Part, Syntax};
use crate::stimulus::{Interval, Micros};
use crate::unit::Unit;

/// Equal parts of the phase; with both ends one moment more.
pub(super) const PARTS: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Distance {
    /// Root of the time average of the square, by trapezes.
    Rms,
    /// Largest absolute value.
    Largest,
}

pub(super) fn distance(word: &str) -> Option<Distance> {
    Some(match word {
        "rms" => Distance::Rms,
        "apart" => Distance::Largest,
        _ => return None,
    })
}

impl Reader<'_> {
    pub(super) fn distance(
        &mut self,
        word: &str,
        wanted: Distance,
        argument: &Syntax,
    ) -> Result<(Id, Unit), Fault> {
        self.no_comparison(word, argument)?;
        let (phase, at, inner) = self.over_phase(word, argument)?;
        let phases = self.common_phase(&inner, &phase, &at)?;
        let mut values = Vec::with_capacity(PARTS + 1);
        let mut unit = None;
        for part in 0..=PARTS {
            let mut known = Known::default();
            let inner = self.at_part(&inner, &phases, part, &mut known)?;
            let (id, of) = read(&inner, &mut self.bench.outcomes.arena, &mut known)?;
            unit = of;
            values.push(id);
        }
        let unit = unit.unwrap_or_else(Unit::one);
        let id = match wanted {
            Distance::Largest => {
                let sizes: Vec<Id> = values.into_iter().map(|value| self.abs(value)).collect();
                self.together(sizes, &mut |reader, a, b| reader.function("max", &[a, b]))
            }
            Distance::Rms => self.root_mean_square(&values),
        };
        Ok((id, unit))
    }

    fn root_mean_square(&mut self, values: &[Id]) -> Id {
        let half = self.constant(0.5);
        let squares = values.iter().enumerate().map(|(part, value)| {
            let square = self.times(*value, *value);
            if part == 0 || part == PARTS { self.times(half, square) } else { square }
        });
        let squares = squares.collect();
        let sum = self.together(squares, &mut |reader, a, b| reader.plus(a, b));
        let count = self.constant(PARTS as f64);
        let mean = self.over(sum, count);
        self.function("sqrt", &[mean])
    }

    /// The phase in each arm that is named; equally long in all of them.
    fn common_phase(
        &mut self,
        inner: &Syntax,
        phase: &str,
        at: &Span,
    ) -> Result<Vec<(usize, Interval)>, Fault> {
        let mut phases: Vec<(usize, Interval)> = Vec::new();
        rewrite(inner, &mut |part| {
            let Part::Name(name) = &part.part else { return None };
            Some(self.arm_of(name, &part.at).and_then(|(arm, base)| {
                let place = arm.unwrap_or(self.arm);
                self.no_measure(base, place, &part.at)?;
                let of_agent = arm.is_none() && !self.varies_by_arm(base);
                if !of_agent && phases.iter().all(|(known, _)| *known != place) {
                    phases.push((place, self.bench.arms[place].find_phase(phase, at)?));
                }
                Ok(part.clone())
            }))
        })?;
        let length = |when: &Interval| when.end - when.start;
        let first = phases.first().copied();
        let other = first.and_then(|(_, when)| phases.iter().find(|(_, w)| length(w) != length(&when)));
        if let (Some((one, when)), Some((other, other_when))) = (first, other) {
            let name = |place: usize| &self.bench.arms[place].name;
            let time = |micros: Micros| {
                let us = Unit::parse("us").ok();
                let time = us.and_then(|us| us.convert(micros as f64, &self.bench.time)).unwrap_or(f64::NAN);
                format!("{time} {}", self.bench.time.label())
            };
            let what = format!(
                "`{phase}` is {} long in arm `{}` and {} in arm `{}`",
                time(length(&when)),
                name(one),
                time(length(other_when)),
                name(*other)
            );
            let help = "compare phases of one length, so that their moments belong together";
            return Err(Finding::error(what).at(at).label("not equally long").help(help).into());
        }
        if phases.is_empty() {
            let what = "nothing here changes with time";
            return Err(Finding::error(what).at(&inner.at).help("name a quantity: `a.x - b.x`").into());
        }
        Ok(phases)
    }

    /// All names replaced by what they are at the end of a part; `part` 0 is just after the phase began.
    fn at_part(
        &mut self,
        inner: &Syntax,
        phases: &[(usize, Interval)],
        part: usize,
        known: &mut Known,
    ) -> Result<Syntax, Fault> {
        rewrite(inner, &mut |of| {
            let Part::Name(name) = &of.part else { return None };
            let made = self.name_at(name, &of.at, phases, part);
            Some(made.map(|(id, unit)| known.stand_in(of, id, unit)))
        })
    }

    fn name_at(
        &mut self,
        name: &str,
        at: &Span,
        phases: &[(usize, Interval)],
        part: usize,
    ) -> Result<(Id, Unit), Fault> {
        let (arm, base) = self.arm_of(name, at)?;
        let place = arm.unwrap_or(self.arm);
        let scope = &mut self.bench.arms[place];
        let (id, unit) = scope.named(base, at)?;
        let Some((_, when)) = phases.iter().find(|(known, _)| *known == place) else {
            return self.bare(name, at);
        };
        if scope.timeless(id) && arm.is_none() {
            return self.bare(name, at);
        }
        scope.flowing(id, "a distance over a phase", at)?;
        let watched = scope.watch_node(id);
        let since = i128::from(when.end - when.start) * part as i128 / PARTS as i128;
        // Nothing comes before the first moment, however short the phase.
        let side = if since == 0 { Side::After } else { Side::Before };
        let moment = Moment { at: when.start + since as Micros, side };
        self.spoken.unnamed |= arm.is_none();
        let place = self.speaks_of(arm);
        Ok((self.tapped(place, Tap::At { watched, moment }), unit))
    }
}
