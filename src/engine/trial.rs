//! One trial of 64 lanes by either method, and the way from its start to its end.
//! Knows nothing of who takes it.

use super::control::ZERO;
use super::course::Course;
use super::lowered::Lowered;
use super::program::Registers;
use super::rosenbrock::{self, RODAS5P};
use super::step::{Method, Stepper};
use super::tableau::{self, TSITOURAS};
use crate::kernel::{LANES, Lanes, Work, wide};

impl Stepper {
    /// Tries one step in all lanes.
    pub fn attempt(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course) {
        match self.method {
            Method::Explicit => self.attempt_explicit(lowered, registers, course),
            Method::Implicit => self.attempt_implicit(lowered, registers, course),
        }
    }

    fn attempt_explicit(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course) {
        self.settle(lowered, registers, course);
        for stage in 1..tableau::STAGES {
            if stage + 1 == tableau::STAGES {
                std::mem::swap(&mut self.new, &mut self.beside);
            }
            let weights = &TSITOURAS.weights[stage][..stage];
            for state in 0..lowered.states {
                let terms = self.rates[..stage].iter().map(|stage| &stage[state]);
                let (before, scale) = (&self.states[state], Some(&self.tried));
                combine(before, scale, weights, terms, &mut self.new[state]);
            }
            lowered.rates.give_states(registers, &self.new);
            course.run_again(&lowered.rates, registers, &self.tried, TSITOURAS.times[stage]);
            for state in 0..lowered.states {
                self.rates[stage][state] = *lowered.rates.root(registers, state);
            }
        }
        for state in 0..lowered.states {
            let terms = self.rates.iter().map(|stage| &stage[state]);
            combine(&ZERO, Some(&self.tried), &TSITOURAS.error, terms, &mut self.difference[state]);
        }
    }

    /// What stands on inputs alone, where they changed since the last trial.
    fn settle(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course) {
        if self.entered || course.moves() {
            course.give(&lowered.rates, registers, &ZERO, 0.0);
            lowered.rates.settle(registers);
            self.entered = false;
        }
    }

    fn attempt_implicit(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course) {
        self.settle(lowered, registers, course);
        let (Some(linear), Some(room)) = (&lowered.linear, &mut self.linear) else { return };
        let states = lowered.states;
        // A lane that stands still has some length, so that what it computes in vain is finite.
        let lengths = Lanes(self.tried.0.map(|tried| if tried > 0.0 { tried } else { 1.0 }));
        let inverse = Lanes(lengths.0.map(|length| 1.0 / length));
        self.given[..states].copy_from_slice(&self.states);
        self.given[states] = Lanes(inverse.0.map(|inverse| inverse / RODAS5P.gamma));
        let inputs = |program: &_, registers: &mut _| course.give(program, registers, &ZERO, 0.0);
        linear.factor(room, &self.given[..=states], inputs, &mut self.right);
        let moves = course.slopes(&mut self.given[states..]);
        if moves {
            let inputs = |program: &_, registers: &mut _| course.give(program, registers, &ZERO, 0.0);
            linear.drift(room, &self.given, inputs, &mut self.drift);
        }
        for stage in 0..rosenbrock::STAGES {
            if stage > 0 {
                let weights = &RODAS5P.states[stage][..stage];
                for state in 0..states {
                    let terms = self.increments[..stage].iter().map(|stage| &stage[state]);
                    combine(&self.states[state], None, weights, terms, &mut self.new[state]);
                }
                lowered.rates.give_states(registers, &self.new);
                course.run_again(&lowered.rates, registers, &self.tried, RODAS5P.times[stage]);
                let weights = &RODAS5P.rates[stage][..stage];
                for state in 0..states {
                    let terms = self.increments[..stage].iter().map(|stage| &stage[state]);
                    let rates = lowered.rates.root(registers, state);
                    combine(rates, Some(&inverse), weights, terms, &mut self.right[state]);
                }
            }
            if moves && RODAS5P.drift[stage] != 0.0 {
                for (right, drift) in self.right.iter_mut().zip(&self.drift) {
                    wide(Added { weight: RODAS5P.drift[stage], scale: &lengths, term: drift, into: right });
                }
            }
            linear.solve(room, &self.right, &mut self.increments[stage]);
        }
        for state in 0..states {
            let last = &self.increments[rosenbrock::STAGES - 1][state];
            wide(Added { weight: 1.0, scale: &ONE, term: last, into: &mut self.new[state] });
            self.difference[state] = *last;
            let mut bends = [ZERO; 3];
            for (weights, into) in RODAS5P.dense.iter().zip(&mut bends) {
                let terms = self.increments.iter().map(|stage| &stage[state]);
                combine(&ZERO, None, weights, terms, into);
            }
            let (before, after) = (&self.states[state], &self.new[state]);
            wide(Bent { before, after, bends: &bends, path: &mut self.paths[state] });
        }
        self.judge_path(lowered, registers, course, &inverse);
    }

    /// How far the interpolant is from the solution half-way, by what its slope leaves of the rates there, adds to the
    /// difference: what is fast may be met at both ends of a step and missed between them.
    fn judge_path(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course, inverse: &Lanes) {
        let (Some(linear), Some(room)) = (&lowered.linear, &mut self.linear) else { return };
        let row = &mut self.given[..lowered.states];
        for (path, into) in self.paths.iter().zip(row.iter_mut()) {
            wide(Along { path, share: 0.5, into });
        }
        lowered.rates.give_states(registers, row);
        course.run_again(&lowered.rates, registers, &self.tried, 0.5);
        for (state, path) in self.paths.iter().enumerate() {
            let rates = lowered.rates.root(registers, state);
            wide(Left { rates, inverse, path, into: &mut self.right[state] });
        }
        linear.solve(room, &self.right, row);
        for (off, into) in row.iter().zip(&mut self.difference) {
            wide(Larger { weight: WAY, off, into });
        }
    }

    /// States of all lanes over the trial: coefficients of 1, s, s^2, s^3, s^4 over the share s of the step.
    pub fn paths(&mut self) -> &[[Lanes; 5]] {
        if self.method == Method::Explicit {
            for (state, path) in self.paths.iter_mut().enumerate() {
                path[0] = self.states[state];
                for (power, into) in path[1..].iter_mut().enumerate() {
                    let weights = TSITOURAS.dense.map(|of_stage| of_stage[power]);
                    let terms = self.rates.iter().map(|stage| &stage[state]);
                    combine(&ZERO, Some(&self.tried), &weights, terms, into);
                }
            }
        }
        &self.paths
    }
}

/// into = before + scale · Σ weight · term; at most eight terms.
fn combine<'a>(
    before: &'a Lanes,
    scale: Option<&'a Lanes>,
    weights: &'a [f64],
    terms: impl Iterator<Item = &'a Lanes>,
    into: &'a mut Lanes,
) {
    const MOST: usize = rosenbrock::STAGES;
    let mut rows = [(0.0, before); MOST];
    let mut count = 0;
    for (weight, term) in weights.iter().zip(terms).filter(|(weight, _)| **weight != 0.0) {
        rows[count] = (*weight, term);
        count += 1;
    }
    let scale = scale.unwrap_or(&ONE);
    wide(Combined { before, scale, rows, count, into });
}

static ONE: Lanes = Lanes([1.0; LANES]);

struct Combined<'a> {
    before: &'a Lanes,
    scale: &'a Lanes,
    rows: [(f64, &'a Lanes); rosenbrock::STAGES],
    count: usize,
    into: &'a mut Lanes,
}

impl Work for Combined<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let Combined { before, scale, rows, count, into } = self;
        match count {
            1 => sum::<1>(before, scale, &rows, into),
            2 => sum::<2>(before, scale, &rows, into),
            3 => sum::<3>(before, scale, &rows, into),
            4 => sum::<4>(before, scale, &rows, into),
            5 => sum::<5>(before, scale, &rows, into),
            6 => sum::<6>(before, scale, &rows, into),
            7 => sum::<7>(before, scale, &rows, into),
            8 => sum::<8>(before, scale, &rows, into),
            _ => *into = *before,
        }
    }
}

/// A loop of its own for each number of terms, so that a sum stays in a register.
#[inline(always)]
fn sum<const N: usize>(before: &Lanes, scale: &Lanes, rows: &[(f64, &Lanes)], into: &mut Lanes) {
    let rows: [(f64, &Lanes); N] = std::array::from_fn(|n| rows[n]);
    for lane in 0..LANES {
        let mut sum = rows[0].0 * rows[0].1.0[lane];
        for (weight, term) in &rows[1..] {
            sum += weight * term.0[lane];
        }
        into.0[lane] = before.0[lane] + scale.0[lane] * sum;
    }
}

/// into += weight · scale · term
struct Added<'a> {
    weight: f64,
    scale: &'a Lanes,
    term: &'a Lanes,
    into: &'a mut Lanes,
}

impl Work for Added<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        for lane in 0..LANES {
            self.into.0[lane] += self.weight * self.scale.0[lane] * self.term.0[lane];
        }
    }
}

/// The interpolant of an implicit step by powers of the share.
struct Bent<'a> {
    before: &'a Lanes,
    after: &'a Lanes,
    bends: &'a [Lanes; 3],
    path: &'a mut [Lanes; 5],
}

impl Work for Bent<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let [a, b, c] = self.bends;
        self.path[0] = *self.before;
        for lane in 0..LANES {
            let (a, b, c) = (a.0[lane], b.0[lane], c.0[lane]);
            self.path[1].0[lane] = (self.after.0[lane] - self.before.0[lane]) + a;
            self.path[2].0[lane] = b - a;
            self.path[3].0[lane] = c - b;
            self.path[4].0[lane] = -c;
        }
    }
}

/// What a path's slope half-way leaves of the rates there.
struct Left<'a> {
    rates: &'a Lanes,
    inverse: &'a Lanes,
    path: &'a [Lanes; 5],
    into: &'a mut Lanes,
}

impl Work for Left<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let [_, b, c, d, e] = self.path;
        for lane in 0..LANES {
            let slope = b.0[lane] + (c.0[lane] + (0.75 * d.0[lane] + 0.5 * e.0[lane]));
            self.into.0[lane] = self.rates.0[lane] - self.inverse.0[lane] * slope;
        }
    }
}

/// By how much less the way may be off half-way than the end, for half-way is not where it is worst: a transient that died out
/// within one step was off by 1.6 times the tolerance with 1 here, by a tenth of it with 4.
const WAY: f64 = 4.0;

/// The larger in size of two differences, one of them weighted; NaN where one is.
struct Larger<'a> {
    weight: f64,
    off: &'a Lanes,
    into: &'a mut Lanes,
}

impl Work for Larger<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        for lane in 0..LANES {
            let (off, own) = (self.weight * self.off.0[lane].abs(), self.into.0[lane].abs());
            // A NaN on the left fails the comparison and stays; one on the right is met by the sum.
            self.into.0[lane] = if off <= own { own } else { off + 0.0 * own };
        }
    }
}

/// States at a share of each lane's trial.
pub(super) struct Along<'a> {
    pub path: &'a [Lanes; 5],
    pub share: f64,
    pub into: &'a mut Lanes,
}

impl Work for Along<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let [a, b, c, d, e] = self.path;
        let s = self.share;
        for lane in 0..LANES {
            let inner = c.0[lane] + s * (d.0[lane] + s * e.0[lane]);
            self.into.0[lane] = a.0[lane] + s * (b.0[lane] + s * inner);
        }
    }
}
