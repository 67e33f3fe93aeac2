//! One step of 64 lanes by an embedded Runge-Kutta pair: each lane with its own length, its own error, its own verdict.
//! Knows nothing of phases or of what is observed.

use super::course::Course;
use super::lowered::Lowered;
use super::program::Registers;
use super::quartic::POINTS;
use super::tableau::{STAGES, TSITOURAS};
use crate::kernel::{LANES, Lanes, Work, wide};
use crate::math;

const ZERO: Lanes = Lanes([0.0; LANES]);

/// How much a step may grow or shrink at once.
const GROW: f64 = 5.0;
const SHRINK: f64 = 0.2;
/// A step is chosen this much shorter than the error allows.
const SAFETY: f64 = 0.9;
/// Exponents of a proportional-integral controller (Gustafsson 1991, as usual for order 5): error of this step, of the last.
const PROPORTIONAL: f64 = -0.14;
const INTEGRAL: f64 = 0.08;
/// An error of zero would let the step grow without bound.
const LEAST: f64 = 1e-8;
/// The first step lets the fastest state change by this share of the size that it could have at order one.
const FIRST: f64 = 0.3;

/// What became of a lane's trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Trial {
    Accepted,
    /// Smaller steps are needed.
    Rejected(Reason),
}

/// Why a step was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its error was larger than what is allowed.
    Error,
    /// A rate or a state was not finite.
    NotFinite,
    /// A state that cannot be negative would have been.
    Negative,
}

/// States and stages of the lanes of a block.
pub(super) struct Stepper {
    relative: f64,
    /// `FIRST · relative^(1/order)`.
    first: f64,
    pub states: Vec<Lanes>,
    /// States at the end of the trial.
    pub new: Vec<Lanes>,
    stages: [Vec<Lanes>; STAGES],
    /// Sizes below which relative accuracy is not asked.
    pub scales: Vec<Lanes>,
    /// Length that the controller wants.
    pub wanted: Lanes,
    /// Length that is tried; 0 in lanes that stand still.
    pub tried: Lanes,
    /// Error of the trial, in units of what is allowed.
    error: Lanes,
    /// Error of the last accepted step.
    last: Lanes,
    /// Not finite somewhere, or below zero where that cannot be.
    broken: Lanes,
    below: Lanes,
    /// By how much the next step is longer where the trial is accepted, and shorter where its error is too large.
    longer: Lanes,
    shorter: Lanes,
    /// Lanes whose last trial was rejected: their next step does not grow.
    careful: u64,
}

impl Stepper {
    pub fn new(states: usize, relative: f64) -> Stepper {
        let lanes = || vec![ZERO; states];
        Stepper {
            relative,
            first: FIRST * math::pow(relative, 1.0 / f64::from(TSITOURAS.order)),
            states: lanes(),
            new: lanes(),
            stages: std::array::from_fn(|_| lanes()),
            scales: lanes(),
            wanted: ZERO,
            tried: ZERO,
            error: ZERO,
            last: Lanes([1.0; LANES]),
            broken: ZERO,
            below: ZERO,
            longer: ZERO,
            shorter: ZERO,
            careful: 0,
        }
    }

    /// Rates at the present states and inputs become the first stage of the lanes in `fresh`, and their first step is chosen:
    /// so short that neither the fastest state nor the fastest input changes much.
    pub fn refresh(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course, fresh: u64) {
        lowered.rates.give_states(registers, &self.states);
        course.give(&lowered.rates, registers, &ZERO, 0.0);
        lowered.rates.run(registers);
        for state in 0..lowered.states {
            let rates = lowered.rates.root(registers, state);
            for lane in lanes_of(fresh) {
                self.stages[0][state].0[lane] = rates.0[lane];
            }
        }
        for lane in lanes_of(fresh) {
            let fastest = (0..lowered.states).fold(0.0, |fastest: f64, state| {
                let size = self.states[state].0[lane].abs().max(self.scales[state].0[lane]);
                let rate = self.stages[0][state].0[lane].abs();
                if rate == 0.0 { fastest } else { fastest.max(rate / size) }
            });
            // Where nothing changes yet, an input may be about to.
            let fastest = fastest.max(course.pace(lane));
            let length = course.length[lane];
            let first = self.first / fastest;
            self.wanted.0[lane] = if first > 0.0 { first.min(length) } else { length };
            self.last.0[lane] = 1.0;
        }
        self.careful &= !fresh;
    }

    /// The lengths to try in the lanes of `active`; the others stand still.
    pub fn choose(&mut self, course: &Course, active: u64) {
        self.tried = ZERO;
        for lane in lanes_of(active) {
            let (wanted, left) = (self.wanted.0[lane], course.left(lane));
            self.tried.0[lane] = if wanted >= left {
                left
            } else if 2.0 * wanted > left {
                // Two even steps rather than a long one and a sliver.
                0.5 * left
            } else {
                wanted
            };
        }
    }

    /// Tries one step in all lanes.
    pub fn attempt(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course) {
        for stage in 1..STAGES {
            let weights = &TSITOURAS.weights[stage][..stage];
            for state in 0..lowered.states {
                self.new[state] = self.combined(state, weights);
            }
            lowered.rates.give_states(registers, &self.new);
            course.give_again(&lowered.rates, registers, &self.tried, TSITOURAS.times[stage]);
            lowered.rates.run(registers);
            for state in 0..lowered.states {
                self.stages[stage][state] = *lowered.rates.root(registers, state);
            }
        }
        self.judge(lowered);
    }

    /// State + step · Σ weight · stage.
    fn combined(&self, state: usize, weights: &[f64]) -> Lanes {
        let stages = std::array::from_fn(|stage| &self.stages[stage][state]);
        wide(Combined { before: &self.states[state], steps: &self.tried, weights, stages })
    }

    fn judge(&mut self, lowered: &Lowered) {
        (self.error, self.broken, self.below) = (ZERO, ZERO, ZERO);
        for state in 0..lowered.states {
            wide(Judged {
                relative: self.relative,
                nonnegative: lowered.arm.system.nonnegative[state],
                before: &self.states[state],
                after: &self.new[state],
                steps: &self.tried,
                scale: &self.scales[state],
                stages: std::array::from_fn(|stage| &self.stages[stage][state]),
                error: &mut self.error,
                broken: &mut self.broken,
                below: &mut self.below,
            });
        }
        (self.longer, self.shorter) = wide(Factors { error: &self.error, last: &self.last });
    }

    pub fn verdict(&self, lane: usize) -> Trial {
        if self.broken.0[lane] != 0.0 || self.error.0[lane].is_nan() {
            Trial::Rejected(Reason::NotFinite)
        } else if self.error.0[lane] > 1.0 {
            Trial::Rejected(Reason::Error)
        } else if self.below.0[lane] != 0.0 {
            Trial::Rejected(Reason::Negative)
        } else {
            Trial::Accepted
        }
    }

    /// The state that is to blame for a rejection.
    pub fn culprit(&self, lowered: &Lowered, lane: usize, reason: Reason) -> usize {
        let blame = |state: &usize| {
            let (after, rate) = (self.new[*state].0[lane], self.stages[STAGES - 1][*state].0[lane]);
            match reason {
                Reason::NotFinite => !after.is_finite() || !rate.is_finite(),
                Reason::Negative => lowered.arm.system.nonnegative[*state] && after < 0.0,
                Reason::Error => false,
            }
        };
        let error = |state: usize| {
            let sum: f64 = (0..STAGES).map(|s| TSITOURAS.error[s] * self.stages[s][state].0[lane]).sum();
            let size = self.states[state].0[lane].abs().max(self.scales[state].0[lane]);
            (sum / size).abs()
        };
        let largest = || (0..lowered.states).max_by(|a, b| error(*a).total_cmp(&error(*b)));
        (0..lowered.states).find(blame).or_else(largest).unwrap_or(0)
    }

    /// After a rejection: a shorter step.
    pub fn shorten(&mut self, lane: usize, reason: Reason) {
        let factor = match reason {
            Reason::NotFinite => SHRINK,
            Reason::Negative => 0.5,
            Reason::Error => self.shorter.0[lane],
        };
        self.wanted.0[lane] = self.tried.0[lane] * factor;
        self.careful |= 1 << lane;
    }

    /// Takes the trial of one lane over as its state.
    pub fn accept(&mut self, lane: usize) {
        for state in 0..self.states.len() {
            self.states[state].0[lane] = self.new[state].0[lane];
            self.stages[0][state].0[lane] = self.stages[STAGES - 1][state].0[lane];
        }
        let most = if self.careful >> lane & 1 == 1 { 1.0 } else { GROW };
        self.wanted.0[lane] = self.tried.0[lane] * self.longer.0[lane].min(most);
        self.last.0[lane] = self.error.0[lane].max(LEAST);
        self.careful &= !(1 << lane);
    }

    /// States of all lanes at a share of the trial.
    pub fn inside(&self, share: f64, into: &mut [Lanes]) {
        let weights = TSITOURAS.dense_weights(share);
        for (state, lanes) in into.iter_mut().enumerate() {
            *lanes = self.combined(state, &weights);
        }
    }

    /// One state of one lane over the trial, as values at `POINTS`.
    pub fn path(&self, state: usize, lane: usize) -> [f64; 5] {
        let mut values = [self.states[state].0[lane]; 5];
        for (value, weights) in values[1..4].iter_mut().zip(&*INSIDE) {
            let sum: f64 = (0..STAGES).map(|stage| weights[stage] * self.stages[stage][state].0[lane]).sum();
            *value += self.tried.0[lane] * sum;
        }
        values[4] = self.new[state].0[lane];
        values
    }
}

/// State + step · Σ weight · stage, of one state.
struct Combined<'a> {
    before: &'a Lanes,
    steps: &'a Lanes,
    weights: &'a [f64],
    stages: [&'a Lanes; STAGES],
}

impl Work for Combined<'_> {
    type Result = Lanes;

    #[inline(always)]
    fn run(self) -> Lanes {
        let mut sum = ZERO;
        for (weight, stage) in self.weights.iter().zip(self.stages) {
            if *weight != 0.0 {
                for lane in 0..LANES {
                    sum.0[lane] += weight * stage.0[lane];
                }
            }
        }
        for lane in 0..LANES {
            sum.0[lane] = self.before.0[lane] + self.steps.0[lane] * sum.0[lane];
        }
        sum
    }
}

/// What one state adds to the verdict on a trial.
struct Judged<'a> {
    relative: f64,
    nonnegative: bool,
    before: &'a Lanes,
    after: &'a Lanes,
    steps: &'a Lanes,
    scale: &'a Lanes,
    stages: [&'a Lanes; STAGES],
    error: &'a mut Lanes,
    broken: &'a mut Lanes,
    below: &'a mut Lanes,
}

impl Work for Judged<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let mut sum = ZERO;
        for (weight, stage) in TSITOURAS.error.iter().zip(self.stages) {
            for lane in 0..LANES {
                sum.0[lane] += weight * stage.0[lane];
            }
        }
        let rates = self.stages[STAGES - 1];
        for lane in 0..LANES {
            let (before, after) = (self.before.0[lane], self.after.0[lane]);
            let allowed = self.relative * before.abs().max(after.abs()).max(self.scale.0[lane]);
            let error = (self.steps.0[lane] * sum.0[lane]).abs();
            let share = if error == 0.0 { 0.0 } else { error / allowed };
            self.error.0[lane] = self.error.0[lane].max(share);
            // Zero times what is not finite is NaN, and NaN stays.
            self.broken.0[lane] += (after + rates.0[lane]) * 0.0;
            let below = self.nonnegative & (-after > allowed);
            self.below.0[lane] = if below { 1.0 } else { self.below.0[lane] };
        }
    }
}

/// Factors of the next step's length by the errors of this one and the last.
struct Factors<'a> {
    error: &'a Lanes,
    last: &'a Lanes,
}

impl Work for Factors<'_> {
    /// After an accepted trial, after one whose error is too large.
    type Result = (Lanes, Lanes);

    #[inline(always)]
    fn run(self) -> (Lanes, Lanes) {
        let (mut longer, mut shorter) = (ZERO, ZERO);
        for lane in 0..LANES {
            let error = math::ln(self.error.0[lane].max(LEAST));
            let last = math::ln(self.last.0[lane]);
            let power = PROPORTIONAL * error + INTEGRAL * last;
            longer.0[lane] = (SAFETY * math::exp(power)).clamp(SHRINK, GROW);
            let power = error * (-1.0 / TSITOURAS.order as f64);
            shorter.0[lane] = (SAFETY * math::exp(power)).clamp(SHRINK, SAFETY);
        }
        (longer, shorter)
    }
}

/// Dense weights at the inner points of a step.
static INSIDE: std::sync::LazyLock<[[f64; STAGES]; 3]> =
    std::sync::LazyLock::new(|| [1, 2, 3].map(|n| TSITOURAS.dense_weights(POINTS[n])));

/// The lanes of a mask, ascending.
pub(super) fn lanes_of(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lane = (mask != 0).then(|| mask.trailing_zeros() as usize);
        mask &= mask.wrapping_sub(1);
        lane
    })
}
