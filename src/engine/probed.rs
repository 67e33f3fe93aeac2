//! Responses of a block's lanes at a moment: curves, metrics, fitted lines and effects, for reductions and taps.
//! Knows nothing of how a response is evaluated.

use super::acute::{self, Frozen, Metrics};
use super::block::Seen;
use super::collected::Missing;
use super::excursion::{self, Answer, Host};
use super::lowered::Operator;
use super::plan::{Fit, Metric, Tap};
use super::points::Probing;
use super::step::lanes_of;
use crate::kernel::{LANES, Lanes};

/// Where a response is taken.
pub(super) enum Probed {
    Acute(acute::Room),
    Excursion(Box<excursion::Room>),
}

impl Seen<'_, '_> {
    /// Takes a response: the curve and the metrics of an assay, and effects of single levels.
    pub fn probe(&mut self, arm: usize, probing: &Probing, frozen: Frozen, mask: u64) {
        let lives = self.lives;
        let lowered = &lives.arms[arm];
        let host = Host {
            population: &lives.plan.population,
            sampler: &lives.sampler,
            drawing: &lives.drawings[arm],
            agents: self.agents,
            fixed: frozen.fixed,
        };
        let operator = &lowered.operators[probing.response];
        match (operator, &mut self.probed[arm][probing.response]) {
            (Operator::Acute(acute), Probed::Acute(room)) => acute.freeze(room, frozen),
            (Operator::Excursion(of), Probed::Excursion(room)) => of.begin(room, frozen, mask),
            _ => {}
        }
        if let Some(assay) = probing.assay {
            let of = &lowered.arm.assays[assay];
            for (n, level) in of.levels.iter().enumerate() {
                let answer = match (operator, &mut self.probed[arm][probing.response]) {
                    (Operator::Acute(acute), Probed::Acute(room)) => {
                        let lanes = acute.response(room, &Lanes([*level; LANES]));
                        self.tray.add(self.tray.sites().assays[arm][assay][0][n], &lanes, mask);
                        continue;
                    }
                    (Operator::Excursion(of), Probed::Excursion(room)) => of.at(room, host, *level),
                    _ => continue,
                };
                self.level((arm, assay, n), &answer, mask);
            }
            let metrics = match (operator, &mut self.probed[arm][probing.response]) {
                (Operator::Acute(acute), Probed::Acute(room)) => acute.metrics(room),
                (Operator::Excursion(of), Probed::Excursion(room)) => {
                    of.metrics(room, host, lowered.wanted[assay])
                }
                _ => return,
            };
            self.metrics((arm, assay), &metrics, mask);
            let wanted: Vec<Fit> = lowered.arm.taps.iter().filter_map(|tap| fit_of(tap, assay)).collect();
            if let (Operator::Acute(acute), Probed::Acute(room), false) =
                (operator, &mut self.probed[arm][probing.response], wanted.is_empty())
            {
                for (fit, values) in acute.fits(room, mask, &wanted) {
                    self.found((arm, Tap::Fit { assay, fit }), mask, &values);
                }
            }
        }
        for tap in &probing.effects {
            self.effect((arm, probing.response, *tap), frozen, host, mask);
        }
    }

    /// One level of a curve, with why agents have no value there.
    fn level(&mut self, (arm, assay, n): (usize, usize, usize), answer: &Answer, mask: u64) {
        let lanes = Lanes(answer.map(|value| value.unwrap_or(f64::NAN)));
        self.tray.add(self.tray.sites().assays[arm][assay][0][n], &lanes, mask);
        let absent = &mut self.rest.assays[arm][assay].absent[n];
        for (counts, members) in absent.iter_mut().zip(&self.agents.groups) {
            for lane in lanes_of(mask & members) {
                if let Err(why) = answer[lane] {
                    why.count(counts);
                }
            }
        }
    }

    fn metrics(&mut self, (arm, assay): (usize, usize), metrics: &Metrics, mask: u64) {
        for (metric, values) in metrics.iter().enumerate() {
            let lanes = Lanes(std::array::from_fn(|lane| values[lane].unwrap_or(f64::NAN)));
            self.tray.add(self.tray.sites().assays[arm][assay][1][metric], &lanes, mask);
            let result = &mut self.rest.assays[arm][assay];
            for (group, members) in self.agents.groups.iter().enumerate() {
                for why in lanes_of(mask & members).filter_map(|lane| values[lane].err()) {
                    why.count(&mut result.missing[metric][group]);
                }
            }
            self.found((arm, Tap::Metric { assay, metric: Metric::ALL[metric] }), mask, values);
        }
    }

    /// Numbers of lanes, or why there are none, for the taps that want them.
    fn found(&mut self, (arm, wanted): (usize, Tap), mask: u64, values: &[Result<f64, Missing>]) {
        let taps = &self.lives.arms[arm].arm.taps;
        for tap in (0..taps.len()).filter(|tap| taps[*tap] == wanted) {
            self.give(arm, tap, mask, values);
        }
    }

    fn give(&mut self, arm: usize, tap: usize, mask: u64, values: &[Result<f64, Missing>]) {
        self.tap(arm, tap, mask, |lane| values[lane].unwrap_or(f64::NAN));
        for lane in lanes_of(mask) {
            self.why[arm][tap][lane] = values[lane].err();
        }
    }

    /// A response at the level that a tap asks for, which each lane has of its own.
    fn effect(&mut self, (arm, response, tap): (usize, usize, usize), frozen: Frozen, host: Host, mask: u64) {
        let lowered = &self.lives.arms[arm];
        let Some(level) = &lowered.effects[tap] else { return };
        let registers = &mut self.effects[arm][tap];
        level.give_fixed(registers, frozen.fixed);
        level.give_states(registers, frozen.states);
        level.give_inputs(registers, frozen.inputs);
        level.run(registers);
        let levels = level.root(registers, 0);
        let values: Answer = match (&lowered.operators[response], &mut self.probed[arm][response]) {
            (Operator::Acute(acute), Probed::Acute(room)) => acute.response(room, levels).0.map(Ok),
            (Operator::Excursion(of), Probed::Excursion(room)) => of.answer(room, host, levels, u64::MAX),
            _ => return,
        };
        self.give(arm, tap, mask, &values);
    }
}

/// What a tap wants of a line fitted to an assay.
fn fit_of(tap: &Tap, of: usize) -> Option<Fit> {
    match tap {
        Tap::Fit { assay, fit } if *assay == of => Some(*fit),
        _ => None,
    }
}
