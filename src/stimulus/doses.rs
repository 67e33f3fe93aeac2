//! Doses with first-order absorption and elimination, as a concentration by superposition.
//! Knows nothing of compartments beyond these two; volumes are in the amount, which is a step of concentration.
//!
//! One dose, t after it: bolus amount·e^(-ke·t); absorbed amount·ka/(ka - ke)·(e^(-ke·t) - e^(-ka·t)) (Bateman function).
//! A plain train of n doses is a geometric sum: e^(-k·t)·(1 - q^n)/(1 - q), q = e^(-k·every), t since the last.

use std::f64::consts::LN_2;

use super::fields::{Fields, Reader};
use super::onsets::{Onsets, Train};
use super::piece::{Piece, one_minus_exp};
use super::pulse::{ADHERENCE, COUNT, DAYS, EVERY, JITTER, LUCK, NAME, START};
use super::{Agent, Interval, Micros, Number, Schedule, Time};
use crate::document::{Key, Kind, Need, Shape};
use crate::math;

pub(super) static SHAPE: Shape = Shape {
    name: "doses",
    doc: "doses that are absorbed and eliminated at rates proportional to what is there; what is left goes on after the phase",
    keys: &[
        Key {
            name: "amount",
            kind: Kind::Value,
            need: Need::Required,
            doc: "step of concentration that one dose makes (dose over volume), in the input's unit",
        },
        START,
        EVERY,
        COUNT,
        DAYS,
        Key {
            name: "absorption",
            kind: Kind::Value,
            need: Need::Default("at once (bolus)"),
            doc: "rate of absorption",
        },
        Key {
            name: "elimination",
            kind: Kind::Value,
            need: Need::Default("from `half_life`"),
            doc: "rate of elimination",
        },
        Key {
            name: "half_life",
            kind: Kind::Value,
            need: Need::Default("from `elimination`"),
            doc: "ln 2/elimination",
        },
        Key {
            name: "base",
            kind: Kind::Value,
            need: Need::Default("the input's baseline"),
            doc: "level to which doses add",
        },
        ADHERENCE,
        JITTER,
        LUCK,
        NAME,
    ],
};

#[derive(Clone, Debug, PartialEq)]
pub struct Doses {
    amount: Number,
    base: Number,
    absorption: Option<Number>,
    elimination: Elimination,
    pub(super) onsets: Onsets,
    tick: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Elimination {
    Rate(Number),
    HalfLife(Time),
}

/// What doses of an earlier phase still contribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    doses: Doses,
    phase: Interval,
}

/// A dose older than this many times 1/rate contributes less than 3e-20 of its amount and is left out.
const FORGOTTEN: f64 = 45.0;
/// Irregular doses that are added up, latest first.
const REMEMBERED: i64 = 100_000;
/// Rates closer than this, relatively, are moved apart symmetrically: the limit t·e^(-k·t) is then met to (k·t)²·2e-13,
/// and the difference of the two exponentials keeps ten digits.
const EQUAL: f64 = 1e-6;

pub(super) fn read(fields: &Fields, reader: &mut Reader) -> Option<Schedule> {
    let (amount, base) = (reader.level(fields, "amount"), reader.level(fields, "base"));
    let (absorption, rate) = (reader.rate(fields, "absorption"), reader.rate(fields, "elimination"));
    let (half, onsets) = (reader.span(fields, "half_life"), Onsets::read(fields, reader));
    let elimination = match (rate?, half?) {
        (Some(rate), None) => Elimination::Rate(rate),
        (None, Some(half)) => Elimination::HalfLife(half),
        (None, None) => {
            return reader.missing(fields, "elimination", "doses leave at a rate, or with a `half_life`");
        }
        (Some(_), Some(_)) => {
            let what = "`elimination` and `half_life` say the same thing twice".to_owned();
            return reader.refuse(fields.get("half_life")?, what, "keep one of the two");
        }
    };
    Some(Schedule::Doses(Doses {
        amount: amount??,
        base: base?.unwrap_or(reader.reading.baseline),
        absorption: absorption?,
        elimination,
        onsets: onsets?,
        tick: reader.tick()?,
    }))
}

impl Doses {
    pub(super) fn piece(&self, at: Micros, phase: Interval, agent: Agent) -> (Piece, Option<Micros>) {
        let terms = self.terms(at, phase, agent);
        let next = self.onsets.train(0, phase, agent).next(at);
        (Piece::Decays { level: self.base.of(agent), terms }, next)
    }

    pub(super) fn left(&self, phase: Interval) -> Left {
        Left { doses: self.clone(), phase }
    }

    /// Coefficients and rates (per unit of the model's time) of what the doses of `phase` contribute from `at` on.
    fn terms(&self, at: Micros, phase: Interval, agent: Agent) -> Vec<[f64; 2]> {
        let amount = self.amount.of(agent);
        let unit = self.unit_dose(agent);
        let train = self.onsets.train(0, phase, agent);
        unit.into_iter()
            .map(|[share, k]| [amount * share * self.decayed(k, &train, at, phase), k])
            .filter(|[a, _]| *a != 0.0)
            .collect()
    }

    /// One dose of amount 1 as a sum of exponentials.
    fn unit_dose(&self, agent: Agent) -> Vec<[f64; 2]> {
        let not_negative = |k: f64| if k < 0.0 { 0.0 } else { k };
        let ke = not_negative(match self.elimination {
            Elimination::Rate(rate) => rate.of(agent),
            Elimination::HalfLife(half) => LN_2 * self.tick / half.0.of(agent),
        });
        let Some(absorption) = self.absorption else { return vec![[1.0, ke]] };
        let ka = not_negative(absorption.of(agent));
        if ka == 0.0 {
            return Vec::new();
        }
        let middle = 0.5 * (ka + ke);
        let (slow, fast) = if (ka - ke).abs() < 2.0 * EQUAL * middle {
            (middle * (1.0 - EQUAL), middle * (1.0 + EQUAL))
        } else {
            (ke, ka)
        };
        let share = ka / (fast - slow);
        vec![[share, slow], [-share, fast]]
    }

    /// Σ e^(-k·age) over the doses of the phase until `at`.
    fn decayed(&self, k: f64, train: &Train, at: Micros, phase: Interval) -> f64 {
        let per_micro = k / self.tick;
        let until = at.min(phase.end - 1);
        if self.onsets.plain() {
            let first = train.first.max(train.before(phase.start - 1) + 1);
            let last = train.last.min(train.before(until));
            if last < first {
                return 0.0;
            }
            let n = (last - first + 1) as f64;
            let age = (at - train.origin - last * train.every) as f64;
            let step = per_micro * train.every as f64;
            let sum = if step == 0.0 || n == 1.0 { n } else { one_minus_exp(n * step) / one_minus_exp(step) };
            return math::exp(-per_micro * age) * sum;
        }
        let newest = train.before(until) + 1;
        let mut sum = 0.0;
        for k in (newest.saturating_sub(REMEMBERED).max(train.first)..=newest).rev() {
            let due = train.origin.saturating_add(k.saturating_mul(train.every));
            if due.saturating_add(train.every) < phase.start || (at - due) as f64 * per_micro > FORGOTTEN {
                break;
            }
            match train.onset(k) {
                Some(onset) if onset >= phase.start && onset <= until => {
                    sum += math::exp(-per_micro * (at - onset) as f64);
                }
                _ => {}
            }
        }
        sum
    }

    pub(super) fn common(&self) -> bool {
        let elimination = match self.elimination {
            Elimination::Rate(rate) => rate,
            Elimination::HalfLife(half) => half.0,
        };
        let numbers = [self.amount, self.base, elimination];
        let fixed = numbers.iter().chain(&self.absorption).all(|n| n.fixed().is_some());
        fixed && self.onsets.common()
    }
}

impl Left {
    pub(super) fn piece(&self, at: Micros, agent: Agent) -> Piece {
        Piece::Decays { level: 0.0, terms: self.doses.terms(at, self.phase, agent) }
    }

    pub(super) fn common(&self) -> bool {
        self.doses.common()
    }
}
