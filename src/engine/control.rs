//! The verdict on a trial and the length of the next: error in units of what is allowed, what broke, how fast the fastest
//! part of the equations is, by how much a step grows or shrinks. Knows nothing of methods.

use crate::kernel::{LANES, Lanes, Work};
use crate::math;

/// How much a step may grow or shrink at once.
pub(super) const GROW: f64 = 5.0;
pub(super) const SHRINK: f64 = 0.2;
/// A step is chosen this much shorter than the error allows.
const SAFETY: f64 = 0.9;
/// Order of the solution that is kept, of both methods.
pub(super) const ORDER: i32 = 5;
/// Exponents of a proportional-integral controller (Gustafsson 1991, as usual for order 5): error of this step, of the last.
const PROPORTIONAL: f64 = -0.14;
const INTEGRAL: f64 = 0.08;
/// An error of zero would let the step grow without bound.
pub(super) const LEAST: f64 = 1e-8;

pub(super) const ZERO: Lanes = Lanes([0.0; LANES]);

/// What states add to the verdict on a trial.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    /// Largest error of a state, in units of what is allowed.
    pub error: Lanes,
    /// NaN where something is not finite.
    pub broken: Lanes,
    /// 1 where a state is below zero that cannot be.
    pub below: Lanes,
}

impl Default for Verdict {
    fn default() -> Verdict {
        Verdict { error: ZERO, broken: ZERO, below: ZERO }
    }
}

/// One state's part of the verdict.
pub(super) struct Judged<'a> {
    pub relative: f64,
    pub nonnegative: bool,
    pub before: &'a Lanes,
    pub after: &'a Lanes,
    /// Difference of the two solutions.
    pub difference: &'a Lanes,
    /// Not finite where the trial is not.
    pub rates: &'a Lanes,
    pub scale: &'a Lanes,
    pub verdict: &'a mut Verdict,
}

impl Work for Judged<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let Verdict { error, broken, below } = self.verdict;
        for lane in 0..LANES {
            let (before, after) = (self.before.0[lane], self.after.0[lane]);
            let allowed = self.relative * before.abs().max(after.abs()).max(self.scale.0[lane]);
            let off = self.difference.0[lane].abs();
            let share = if off == 0.0 { 0.0 } else { off / allowed };
            error.0[lane] = error.0[lane].max(share);
            // Zero times what is not finite is NaN, and NaN stays.
            broken.0[lane] += (after + off + self.rates.0[lane]) * 0.0;
            let under = self.nonnegative & (-after > allowed);
            below.0[lane] = if under { 1.0 } else { below.0[lane] };
        }
    }
}

/// One state's part in how fast the equations are, by two states at the same moment and their rates.
pub(super) struct Pace<'a> {
    pub states: [&'a Lanes; 2],
    pub rates: [&'a Lanes; 2],
    pub scale: &'a Lanes,
    /// Largest distance of the states and of the rates, relative to the state's size.
    pub apart: &'a mut [Lanes; 2],
}

impl Work for Pace<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let [of_states, of_rates] = self.apart;
        for lane in 0..LANES {
            let [a, b] = [self.states[0].0[lane], self.states[1].0[lane]];
            let size = b.abs().max(self.scale.0[lane]);
            let (state, rate) = ((b - a).abs(), (self.rates[1].0[lane] - self.rates[0].0[lane]).abs());
            let size = if size > 0.0 { size } else { 1.0 };
            of_states.0[lane] = of_states.0[lane].max(state / size);
            of_rates.0[lane] = of_rates.0[lane].max(rate / size);
        }
    }
}

/// Factors of the next step's length by the errors of this one and the last.
pub(super) struct Factors<'a> {
    pub error: &'a Lanes,
    pub last: &'a Lanes,
}

/// By how much the next step is longer after an accepted trial, shorter after one whose error is too large, and what the first
/// step of such a segment should have been times.
pub(super) struct Lengths {
    pub longer: Lanes,
    pub shorter: Lanes,
}

impl Work for Factors<'_> {
    type Result = Lengths;

    #[inline(always)]
    fn run(self) -> Lengths {
        let mut lengths = Lengths { longer: ZERO, shorter: ZERO };
        for lane in 0..LANES {
            let error = math::ln(self.error.0[lane].max(LEAST));
            let last = math::ln(self.last.0[lane]);
            let power = PROPORTIONAL * error + INTEGRAL * last;
            lengths.longer.0[lane] = (SAFETY * math::exp(power)).clamp(SHRINK, GROW);
            let power = error * (-1.0 / ORDER as f64);
            lengths.shorter.0[lane] = (SAFETY * math::exp(power)).clamp(SHRINK, GROW);
        }
        lengths
    }
}

/// Lanes that are not zero.
pub(super) fn mask_of(lanes: &Lanes) -> u64 {
    lanes.0.iter().enumerate().fold(0, |mask, (lane, value)| mask | u64::from(*value != 0.0) << lane)
}

/// One in the lanes of a mask.
pub(super) fn ones(mask: u64) -> Lanes {
    Lanes(std::array::from_fn(|lane| if mask >> lane & 1 == 1 { 1.0 } else { 0.0 }))
}
