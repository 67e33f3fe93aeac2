//! One trial of 64 lanes by either method, and the way from its start to its end.
//! Knows nothing of who takes it.

use super::control::{ONE, ZERO, lanes_where, ones};
use super::course::Course;
use super::lowered::Lowered;
use super::program::Registers;
use super::rosenbrock::{self, RODAS5P};
use super::step::{Method, Stepper, lanes_of};
use super::tableau::{self, TSITOURAS};
use super::weighted::{To, Weighted};
use crate::kernel::{LANES, Lanes, Work, wide};

/// Coefficients of 1, s, s^2, s^3, s^4 over the share s of a step, of all lanes.
pub(super) type Path = [Lanes; 5];

impl Stepper {
    /// Tries one step in all lanes.
    pub fn attempt(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course) {
        if self.entered || course.moves() {
            course.give(&lowered.rates, registers, &ZERO, 0.0);
            lowered.rates.settle(registers);
            self.entered = false;
        }
        match self.method {
            Method::Explicit => self.attempt_explicit(lowered, registers, course),
            Method::Implicit => self.attempt_implicit(lowered, registers, course),
        }
    }

    fn attempt_explicit(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course) {
        for stage in 1..tableau::STAGES {
            // The states of the last two stages are asked for later.
            let last = stage + 2 >= tableau::STAGES;
            if stage + 1 == tableau::STAGES {
                std::mem::swap(&mut self.new, &mut self.beside);
            }
            wide(Weighted {
                to: To::Rows(&self.states),
                scale: &self.tried,
                weights: &TSITOURAS.weights[stage][..stage],
                terms: &self.rates,
                places: if last { &self.every } else { lowered.rates.state_registers() },
                into: if last { &mut self.new } else { registers },
            });
            if last {
                lowered.rates.give_states(registers, &self.new);
            }
            course.run_again(&lowered.rates, registers, &self.tried, TSITOURAS.times[stage]);
            lowered.rates.copy_roots(registers, &mut self.rates[stage]);
        }
        let (weights, terms) = (&TSITOURAS.error, &self.rates);
        sums(To::Nothing, &self.tried, weights, terms, &self.every, &mut self.difference);
    }

    fn attempt_implicit(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course) {
        let (Some(linear), Some(room)) = (&lowered.linear, &mut self.linear) else { return };
        let states = lowered.states;
        // A lane that stands still has some length, so that what it computes in vain is finite.
        let lengths = Lanes(self.tried.0.map(|tried| if tried > 0.0 { tried } else { 1.0 }));
        let inverse = Lanes(lengths.0.map(|length| 1.0 / length));
        self.given[..states].copy_from_slice(&self.states);
        self.given[states] = Lanes(inverse.0.map(|inverse| inverse / RODAS5P.gamma));
        let inputs = |program: &_, registers: &mut _| course.give(program, registers, &ZERO, 0.0);
        linear.factor(room, &self.given[..=states], inputs, &mut self.right);
        let moving = course.slopes(&mut self.given[states..]);
        let moves = ones(moving);
        if moving != 0 {
            let inputs = |program: &_, registers: &mut _| course.give(program, registers, &ZERO, 0.0);
            linear.drift(room, &self.given, inputs, &mut self.drift);
        }
        for stage in 0..rosenbrock::STAGES {
            if stage > 0 {
                let (weights, terms) = (&RODAS5P.states[stage][..stage], &self.increments);
                sums(To::Rows(&self.states), &ONE, weights, terms, &self.every, &mut self.new);
                lowered.rates.give_states(registers, &self.new);
                course.run_again(&lowered.rates, registers, &self.tried, RODAS5P.times[stage]);
                lowered.rates.copy_roots(registers, &mut self.right);
                let weights = &RODAS5P.rates[stage][..stage];
                sums(To::Itself, &inverse, weights, terms, &self.every, &mut self.right);
            }
            if moving != 0 && RODAS5P.drift[stage] != 0.0 {
                for (right, drift) in self.right.iter_mut().zip(&self.drift) {
                    let (weight, scale) = (RODAS5P.drift[stage], &lengths);
                    wide(Drifted { weight, scale, term: drift, lanes: &moves, into: right });
                }
            }
            linear.solve(room, &self.right, &mut self.increments[stage]);
        }
        for state in 0..states {
            let last = &self.increments[rosenbrock::STAGES - 1][state];
            wide(Added { term: last, into: &mut self.new[state] });
            self.difference[state] = *last;
        }
        for (power, weights) in (1..).zip(&RODAS5P.dense) {
            let (terms, row) = (&self.increments, &mut self.given[..states]);
            sums(To::Nothing, &ONE, weights, terms, &self.every, row);
            row.iter().zip(&mut self.paths).for_each(|(from, path)| path[power] = *from);
        }
        for (state, path) in self.paths.iter_mut().enumerate() {
            wide(Bent { before: &self.states[state], after: &self.new[state], path });
        }
        self.judge_path(lowered, registers, course, &inverse);
        self.judge_end(lowered, registers, course);
    }

    /// A state that cannot be negative may end below zero within the tolerance, but only where there are rates: no step leads on
    /// from anywhere else.
    fn judge_end(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course) {
        let nonnegative = lowered.arm.system.nonnegative.iter();
        let below = nonnegative.zip(&self.new).filter(|(cannot, _)| **cannot);
        let below = below.fold(0, |mask, (_, new)| mask | lanes_where(new, &ZERO, |new, zero| new < zero));
        if below == 0 {
            return;
        }
        lowered.rates.give_states(registers, &self.new);
        course.run_again(&lowered.rates, registers, &self.tried, 1.0);
        for state in 0..lowered.states {
            let rates = lowered.rates.root(registers, state);
            for lane in lanes_of(below).filter(|lane| !rates.0[*lane].is_finite()) {
                self.difference[state].0[lane] = f64::NAN;
            }
        }
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

    /// The way of all lanes over the trial, by state, for those who look on.
    pub fn follow(&mut self) {
        if self.method == Method::Implicit {
            return;
        }
        for power in 1..5 {
            let weights = TSITOURAS.dense.map(|of_stage| of_stage[power - 1]);
            let row = &mut self.given[..self.states.len()];
            sums(To::Nothing, &self.tried, &weights, &self.rates, &self.every, row);
            row.iter().zip(&mut self.paths).for_each(|(from, path)| path[power] = *from);
        }
        self.paths.iter_mut().zip(&self.states).for_each(|(path, state)| path[0] = *state);
    }
}

fn sums(
    to: To,
    scale: &Lanes,
    weights: &[f64],
    terms: &[Vec<Lanes>],
    places: &[(usize, usize)],
    into: &mut [Lanes],
) {
    wide(Weighted { to, scale, weights, terms, places, into });
}

struct Added<'a> {
    term: &'a Lanes,
    into: &'a mut Lanes,
}

impl Work for Added<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        for lane in 0..LANES {
            self.into.0[lane] += self.term.0[lane];
        }
    }
}

/// into += weight · scale · term in some lanes. What stands still in a lane drifts nowhere, also where the term is not finite: it must
/// not be seen who else is in the block.
struct Drifted<'a> {
    weight: f64,
    scale: &'a Lanes,
    term: &'a Lanes,
    lanes: &'a Lanes,
    into: &'a mut Lanes,
}

impl Work for Drifted<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        for lane in 0..LANES {
            let own = self.into.0[lane];
            let drifted = own + self.weight * self.scale.0[lane] * self.term.0[lane];
            self.into.0[lane] = if self.lanes.0[lane] != 0.0 { drifted } else { own };
        }
    }
}

/// The interpolant of an implicit step by powers of the share; its three coefficients stand where those of s, s^2 and s^3 come.
struct Bent<'a> {
    before: &'a Lanes,
    after: &'a Lanes,
    path: &'a mut Path,
}

impl Work for Bent<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        let [p0, p1, p2, p3, p4] = self.path;
        *p0 = *self.before;
        for lane in 0..LANES {
            let (a, b, c) = (p1.0[lane], p2.0[lane], p3.0[lane]);
            p1.0[lane] = (self.after.0[lane] - self.before.0[lane]) + a;
            p2.0[lane] = b - a;
            p3.0[lane] = c - b;
            p4.0[lane] = -c;
        }
    }
}

/// What a path's slope half-way leaves of the rates there.
struct Left<'a> {
    rates: &'a Lanes,
    inverse: &'a Lanes,
    path: &'a Path,
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
    pub path: &'a Path,
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
