//! Weighted sums of rows of lanes: what the stages of a step are made of.
//! Knows nothing of steps.

use crate::kernel::{LANES, Lanes, Work};

/// Terms that a sum has at most.
const MOST: usize = 8;

/// What a sum is added to.
#[derive(Clone, Copy)]
pub(super) enum To<'a> {
    Nothing,
    /// What stands where it goes.
    Itself,
    /// Rows by state.
    Rows(&'a [Lanes]),
}

/// into[place] = start[state] + scale · Σ weight · term[state], by (state, place).
pub(super) struct Weighted<'a> {
    pub to: To<'a>,
    pub scale: &'a Lanes,
    pub weights: &'a [f64],
    /// By term, state.
    pub terms: &'a [Vec<Lanes>],
    pub places: &'a [(usize, usize)],
    pub into: &'a mut [Lanes],
}

impl Work for Weighted<'_> {
    type Result = ();

    /// A loop of its own for each number of terms, so that a sum stays in a register.
    #[inline(always)]
    fn run(self) {
        match self.weights.len() {
            1 => self.sums::<1>(),
            2 => self.sums::<2>(),
            3 => self.sums::<3>(),
            4 => self.sums::<4>(),
            5 => self.sums::<5>(),
            6 => self.sums::<6>(),
            7 => self.sums::<7>(),
            MOST => self.sums::<MOST>(),
            other => unreachable!("a sum of {other} terms"),
        }
    }
}

impl Weighted<'_> {
    #[inline(always)]
    fn sums<const N: usize>(self) {
        let weights: [f64; N] = std::array::from_fn(|n| self.weights[n]);
        for (state, place) in self.places {
            let terms: [&Lanes; N] = std::array::from_fn(|n| &self.terms[n][*state]);
            let into = &mut self.into[*place];
            // A macro, for a closure of some size stays a call of plain code.
            macro_rules! sum {
                ($lane:ident) => {{
                    let mut sum = weights[0] * terms[0].0[$lane];
                    for n in 1..N {
                        sum += weights[n] * terms[n].0[$lane];
                    }
                    self.scale.0[$lane] * sum
                }};
            }
            match self.to {
                To::Nothing => {
                    for lane in 0..LANES {
                        into.0[lane] = sum!(lane);
                    }
                }
                To::Itself => {
                    for lane in 0..LANES {
                        into.0[lane] += sum!(lane);
                    }
                }
                To::Rows(rows) => {
                    let start = &rows[*state];
                    for lane in 0..LANES {
                        into.0[lane] = start.0[lane] + sum!(lane);
                    }
                }
            }
        }
    }
}
