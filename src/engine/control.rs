//! The verdict on a trial of 64 lanes and the length of the next: error in units of what is allowed, what broke, how fast the
//! fastest part of the equations is, by how much a step grows. Knows nothing of methods.

use crate::kernel::{LANES, Lanes, Work, wide};
use crate::math;

/// How much a step may grow or shrink at once.
pub(super) const GROW: f64 = 5.0;
pub(super) const SHRINK: f64 = 0.2;
/// A step is chosen this much shorter than the error allows.
const SAFETY: f64 = 0.9;
/// Order of the solution that is kept, of both methods.
pub(super) const ORDER: i32 = 5;
/// Exponents of a proportional-integral controller (Gustafsson 1991): error of this step, of the last. Nearly -1/5 and 0, for hardly
/// a step is rejected here and damping only delays: with the usual -0.14 and 0.08 the chronic exposure took a sixth more
/// evaluations at the same error.
const PROPORTIONAL: f64 = -0.18;
const INTEGRAL: f64 = 0.02;
/// An error of zero would let the step grow without bound.
const LEAST: f64 = 1e-8;
/// A state smaller than this has no digits of its own to be held to.
const SMALLEST: f64 = 1e-290;

pub(super) const ZERO: Lanes = Lanes([0.0; LANES]);
pub(super) static ONE: Lanes = Lanes([1.0; LANES]);

/// What is known of a trial when it has been judged.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    /// Largest error of a state, in units of what is allowed.
    pub error: Lanes,
    /// Its logarithm, of at least `LEAST`.
    pub logarithm: Lanes,
    /// Not 0 where something is not finite.
    pub broken: Lanes,
    /// 1 where a state is below zero that cannot be.
    pub below: Lanes,
    /// By how much the next step is longer after this one.
    pub longer: Lanes,
    /// How fast the equations are, per model time, after an explicit trial; 0 where nothing is seen of it.
    pub pace: Lanes,
}

impl Verdict {
    pub fn new() -> Verdict {
        Verdict { error: ZERO, logarithm: ZERO, broken: ZERO, below: ZERO, longer: ZERO, pace: ZERO }
    }

    /// The factor to the length whose error would have been just allowed, with the safety of any other step.
    pub fn fitting(&self, lane: usize) -> f64 {
        let power = self.logarithm.0[lane] * (-1.0 / ORDER as f64);
        (SAFETY * math::exp(power)).clamp(SHRINK, GROW)
    }
}

/// A trial to be judged; rows are states.
pub(super) struct Judged<'a> {
    pub relative: f64,
    pub nonnegative: &'a [bool],
    pub before: &'a [Lanes],
    pub after: &'a [Lanes],
    /// Of the two solutions.
    pub difference: &'a [Lanes],
    pub scales: &'a [Lanes],
    /// Of an explicit trial: another state at its end, the rates there, and the rates at the state after.
    pub beside: Option<[&'a [Lanes]; 3]>,
    /// Logarithm of the error of the last step.
    pub last: &'a Lanes,
    pub verdict: &'a mut Verdict,
}

impl Work for Judged<'_> {
    /// Lanes that can take the trial.
    type Result = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        let verdict = self.verdict;
        (verdict.error, verdict.broken, verdict.below) = (ZERO, ZERO, ZERO);
        // Largest distances of two states at the end of an explicit trial, and of their rates.
        let [mut states_apart, mut rates_apart] = [ZERO, ZERO];
        for state in 0..self.before.len() {
            let (before, after) = (&self.before[state], &self.after[state]);
            let (difference, scale) = (&self.difference[state], &self.scales[state]);
            let allowed = if self.nonnegative[state] { self.relative } else { f64::INFINITY };
            let mut inverse = ZERO;
            for lane in 0..LANES {
                let (new, off) = (after.0[lane], difference.0[lane].abs());
                let size = before.0[lane].abs().max(new.abs()).max(scale.0[lane]).max(SMALLEST);
                inverse.0[lane] = 1.0 / size;
                verdict.error.0[lane] = verdict.error.0[lane].max(off * inverse.0[lane]);
                // Zero times what is not finite is NaN, and NaN stays.
                verdict.broken.0[lane] += (new + off) * 0.0;
                let under = -new > allowed * size;
                verdict.below.0[lane] = if under { 1.0 } else { verdict.below.0[lane] };
            }
            if let Some([beside, rates, later]) = self.beside {
                let (beside, rates, later) = (&beside[state], &rates[state], &later[state]);
                for lane in 0..LANES {
                    let (new, rate) = (after.0[lane], later.0[lane]);
                    let (state, slope) = ((new - beside.0[lane]).abs(), (rate - rates.0[lane]).abs());
                    states_apart.0[lane] = states_apart.0[lane].max(state * inverse.0[lane]);
                    rates_apart.0[lane] = rates_apart.0[lane].max(slope * inverse.0[lane]);
                    verdict.broken.0[lane] += rate * 0.0;
                }
            }
        }
        let mut good = [0_u8; LANES];
        let inverse = 1.0 / self.relative;
        for (lane, good) in good.iter_mut().enumerate() {
            let error = verdict.error.0[lane] * inverse;
            verdict.error.0[lane] = error;
            let fits = (error <= 1.0) & (verdict.broken.0[lane] == 0.0) & (verdict.below.0[lane] == 0.0);
            *good = u8::from(fits);
        }
        for lane in 0..LANES {
            let (states, rates) = (states_apart.0[lane], rates_apart.0[lane]);
            verdict.pace.0[lane] = if states > 0.0 { rates / states } else { 0.0 };
        }
        for lane in 0..LANES {
            let logarithm = math::ln(verdict.error.0[lane].max(LEAST));
            verdict.logarithm.0[lane] = logarithm;
            let power = PROPORTIONAL * logarithm + INTEGRAL * self.last.0[lane];
            verdict.longer.0[lane] = (SAFETY * math::exp(power)).clamp(SHRINK, GROW);
        }
        mask_of_bytes(&good)
    }
}

/// Lanes whose byte is 1.
#[inline(always)]
fn mask_of_bytes(bytes: &[u8; LANES]) -> u64 {
    let mut mask = 0;
    for (n, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
        // The product brings the lowest bit of each byte to the top one.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (8 * n);
    }
    mask
}

/// Lanes for which a comparison of two numbers holds.
pub(super) fn lanes_where(one: &Lanes, other: &Lanes, holds: impl Fn(f64, f64) -> bool) -> u64 {
    wide(Compared { one, other, holds })
}

struct Compared<'a, F> {
    one: &'a Lanes,
    other: &'a Lanes,
    holds: F,
}

impl<F: Fn(f64, f64) -> bool> Work for Compared<'_, F> {
    type Result = u64;

    #[inline(always)]
    fn run(self) -> u64 {
        let mut bytes = [0; LANES];
        for (lane, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from((self.holds)(self.one.0[lane], self.other.0[lane]));
        }
        mask_of_bytes(&bytes)
    }
}

/// One in the lanes of a mask.
pub(super) fn ones(mask: u64) -> Lanes {
    wide(Ones(mask))
}

struct Ones(u64);

impl Work for Ones {
    type Result = Lanes;

    #[inline(always)]
    fn run(self) -> Lanes {
        let mut lanes = ZERO;
        for lane in 0..LANES {
            lanes.0[lane] = if self.0 >> lane & 1 == 1 { 1.0 } else { 0.0 };
        }
        lanes
    }
}

/// Counts one more in the lanes of a mask.
pub(super) struct Counted<'a> {
    pub mask: &'a Lanes,
    pub counts: &'a mut [u64; LANES],
}

impl Work for Counted<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        for lane in 0..LANES {
            self.counts[lane] += u64::from(self.mask.0[lane] != 0.0);
        }
    }
}

/// Rows of which the lanes of a mask are taken over.
pub(super) struct Taken<'a> {
    pub mask: &'a Lanes,
    pub from: &'a [Lanes],
    pub into: &'a mut [Lanes],
}

impl Work for Taken<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        for (from, into) in self.from.iter().zip(self.into) {
            for lane in 0..LANES {
                let (new, old) = (from.0[lane], into.0[lane]);
                into.0[lane] = if self.mask.0[lane] != 0.0 { new } else { old };
            }
        }
    }
}

/// Lengths to try.
pub(super) struct Chosen<'a> {
    pub active: &'a Lanes,
    pub wanted: &'a Lanes,
    pub since: &'a Lanes,
    pub length: &'a Lanes,
    pub tried: &'a mut Lanes,
}

impl Work for Chosen<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        for lane in 0..LANES {
            let (wanted, left) = (self.wanted.0[lane], self.length.0[lane] - self.since.0[lane]);
            // Two even steps rather than a long one and a sliver.
            let shared = if 2.0 * wanted > left { 0.5 * left } else { wanted };
            let tried = if wanted >= left { left } else { shared };
            self.tried.0[lane] = if self.active.0[lane] != 0.0 { tried } else { 0.0 };
        }
    }
}

/// Lengths of the next steps after accepted ones.
pub(super) struct Lengthened<'a> {
    pub mask: &'a Lanes,
    /// Lanes that do not grow.
    pub careful: &'a Lanes,
    pub tried: &'a Lanes,
    pub verdict: &'a Verdict,
    pub wanted: &'a mut Lanes,
    pub last: &'a mut Lanes,
}

impl Work for Lengthened<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let Verdict { longer, logarithm, .. } = self.verdict;
        for lane in 0..LANES {
            let taken = self.mask.0[lane] != 0.0;
            let most = if self.careful.0[lane] != 0.0 { 1.0 } else { GROW };
            let next = self.tried.0[lane] * longer.0[lane].min(most);
            self.wanted.0[lane] = if taken { next } else { self.wanted.0[lane] };
            self.last.0[lane] = if taken { logarithm.0[lane] } else { self.last.0[lane] };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_mask_names_the_lanes_for_which_it_was_made(mask in any::<u64>()) {
            prop_assert_eq!(lanes_where(&ones(mask), &ZERO, |one, zero| one > zero), mask);
        }
    }
}
