//! Steady states of a system, and whether they are stable.
//! Knows nothing of phases or schedules.
//!
//! Pseudo-transient continuation: implicit Euler steps whose length grows as the rates fall, so that the way follows the
//! system's own motion to a state that attracts, and ends as Newton's method does. A conserved total keeps its value.

use nalgebra::DMatrix;

use super::plan::System;
use super::program::{Layout, Program, Registers};
use super::step::lanes_of;
use crate::expression::Id;
use crate::kernel::{LANES, Lanes};

/// A steady state and the eigenvalues of the Jacobian there, for one agent with the given values and inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Steady {
    pub states: Vec<f64>,
    /// Real and imaginary parts, by real part.
    pub eigenvalues: Vec<[f64; 2]>,
    pub stable: bool,
}

/// Finds the steady state from `guess` (`None`: from the starts that are formulas, and the scale of the others).
/// `None`: not found.
pub fn steady(system: &System, values: &[f64], inputs: &[f64], guess: Option<&[f64]>) -> Option<Steady> {
    let solver = Solver::new(system).ok()?;
    let value = |sym| system.values.iter().position(|known| *known == sym).map(|n| values[n]);
    let scale = |state: usize| {
        let of = |sym| value(sym).unwrap_or(f64::NAN);
        system.scales[state].map_or(1.0, |formula| system.arena.evaluate(formula, &of))
    };
    // A start may stand on one that is solved: there its guess stands for it.
    let solved = |sym| system.start_symbols.iter().position(|known| *known == Some(sym)).map(scale);
    let start = |state: usize| {
        let of = |sym| value(sym).or_else(|| solved(sym)).unwrap_or(f64::NAN);
        system.starts[state].map_or_else(|| scale(state), |formula| system.arena.evaluate(formula, &of))
    };
    let guess = guess.map_or_else(|| (0..system.states.len()).map(start).collect(), <[f64]>::to_vec);
    let mut registers = solver.program.registers();
    let all = |values: &[f64]| -> Vec<Lanes> { values.iter().map(|v| Lanes([*v; LANES])).collect() };
    let mut states = all(&guess);
    let found = solver.solve(&mut registers, &all(values), &all(inputs), &mut states, 1);
    let states: Vec<f64> = states.iter().map(|lanes| lanes.0[0]).collect();
    (found.0 & 1 == 1).then(|| Steady { states, eigenvalues: found.1[0].clone(), stable: found.2 & 1 == 1 })
}

/// Rates and Jacobian of a system as one program.
#[derive(Clone, Debug)]
pub(super) struct Solver {
    /// Rates, then the Jacobian by rows.
    pub program: Program,
    states: usize,
    nonnegative: Vec<bool>,
}

/// More steps than any system needs that gets anywhere.
const MOST_STEPS: usize = 2000;
/// Length, in model time, at which a step is one of Newton's.
const LONGEST: f64 = 1e14;
/// Change of a state in one step, relative to its size, at which it stands.
const STILL: f64 = 1e-15;
/// Each step at full length is one of Newton's: after as many, what still moves is round-off, or the way leads nowhere.
const MOST_FULL: usize = 40;
const NEARLY_STILL: f64 = 1e-9;
/// Real parts up to this, relative to the largest eigenvalue, are round-off of zero.
const ROUND_OFF: f64 = 1e-9;

impl Solver {
    pub fn new(system: &System) -> Result<Solver, String> {
        let mut arena = system.arena.clone();
        let mut nodes =
            |syms: &[crate::expression::Sym]| -> Vec<Id> { syms.iter().map(|sym| arena.sym(*sym)).collect() };
        let layout = Layout {
            states: nodes(&system.states),
            inputs: nodes(&system.inputs),
            fixed: nodes(&system.values),
        };
        let mut roots = system.rates.clone();
        for rate in &system.rates {
            for state in &system.states {
                roots.push(arena.derivative(*rate, *state));
            }
        }
        let program = Program::new(&arena, &roots, &layout, None)
            .map_err(|sym| format!("`{}` has no value", arena.name(sym)))?;
        Ok(Solver { program, states: system.states.len(), nonnegative: system.nonnegative.clone() })
    }

    /// Moves the lanes of `mask` from their guesses to a steady state. Gives the lanes in which one was found, the
    /// eigenvalues there by lane, and the lanes in which it is stable.
    pub fn solve(
        &self,
        registers: &mut Registers,
        values: &[Lanes],
        inputs: &[Lanes],
        states: &mut [Lanes],
        mask: u64,
    ) -> (u64, Vec<Vec<[f64; 2]>>, u64) {
        self.program.give_fixed(registers, values);
        self.program.give_inputs(registers, inputs);
        let mut lanes: Vec<Walk> = (0..LANES).map(|_| Walk::default()).collect();
        let (mut open, mut found) = (mask, 0_u64);
        for _ in 0..MOST_STEPS {
            if open == 0 {
                break;
            }
            self.program.give_states(registers, states);
            self.program.run(registers);
            for lane in lanes_of(open) {
                match self.step(registers, states, lane, &mut lanes[lane]) {
                    Outcome::Going => {}
                    Outcome::Found => {
                        found |= 1 << lane;
                        open &= !(1 << lane);
                    }
                    Outcome::Lost => open &= !(1 << lane),
                }
            }
        }
        self.program.give_states(registers, states);
        self.program.run(registers);
        let mut eigenvalues = vec![Vec::new(); LANES];
        let mut stable = 0;
        for lane in lanes_of(found) {
            eigenvalues[lane] = self.eigenvalues(registers, lane);
            let size = eigenvalues[lane].iter().map(|[re, im]| re.abs().max(im.abs())).fold(0.0, f64::max);
            let largest = eigenvalues[lane].iter().map(|[re, _]| *re).fold(f64::NEG_INFINITY, f64::max);
            // Without a finite Jacobian nothing is shown.
            if largest <= ROUND_OFF * size && eigenvalues[lane].len() == self.states {
                stable |= 1 << lane;
            }
        }
        (found, eigenvalues, stable)
    }

    /// One implicit Euler step of one lane.
    fn step(&self, registers: &Registers, states: &mut [Lanes], lane: usize, walk: &mut Walk) -> Outcome {
        let n = self.states;
        let at = |root: usize| self.program.root(registers, root).0[lane];
        let rates: Vec<f64> = (0..n).map(at).collect();
        let sizes: Vec<f64> = states.iter().map(|s| s.0[lane].abs().max(f64::MIN_POSITIVE)).collect();
        if rates.iter().any(|rate| !rate.is_finite()) {
            return walk.back(states, lane);
        }
        if walk.length == 0.0 {
            let fastest = (0..n).map(|i| rates[i].abs() / sizes[i]).fold(0.0, f64::max);
            walk.length = if fastest > 0.0 { (0.1 / fastest).clamp(1e-12, LONGEST) } else { 1.0 };
        }
        let mut matrix: Vec<f64> = (0..n * n).map(|ij| -at(n + ij)).collect();
        (0..n).for_each(|i| matrix[i * n + i] += 1.0 / walk.length);
        let newton =
            1.0 / walk.length < ROUND_OFF * (0..n * n).map(|ij| at(n + ij).abs()).fold(0.0, f64::max);
        let Some((change, even)) = solved(matrix, rates) else { return walk.back(states, lane) };
        // A step longer than what grows takes to grow would lead against the motion, across a ridge between two states.
        if !even && !newton && change.iter().zip(&sizes).any(|(d, size)| d.abs() > STILL * size) {
            return walk.shorter();
        }
        let falls = |i: usize| self.nonnegative[i] && states[i].0[lane] + change[i] < -STILL * sizes[i];
        if change.iter().any(|d| !d.is_finite()) || (0..n).any(falls) {
            return walk.back(states, lane);
        }
        walk.keep(states, lane);
        for (i, d) in change.iter().enumerate() {
            let new = states[i].0[lane] + d;
            states[i].0[lane] = if self.nonnegative[i] { new.max(0.0) } else { new };
        }
        let moved = (0..n).map(|i| change[i].abs() / sizes[i]).fold(0.0, f64::max);
        walk.on(moved)
    }

    fn eigenvalues(&self, registers: &Registers, lane: usize) -> Vec<[f64; 2]> {
        let n = self.states;
        let matrix = DMatrix::from_fn(n, n, |i, j| self.program.root(registers, n + i * n + j).0[lane]);
        if n == 0 || matrix.iter().any(|x| !x.is_finite()) {
            return Vec::new();
        }
        let mut values: Vec<[f64; 2]> = matrix.complex_eigenvalues().iter().map(|z| [z.re, z.im]).collect();
        values.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        values
    }
}

enum Outcome {
    Going,
    Found,
    Lost,
}

/// Where a lane stands on its way.
#[derive(Clone, Debug, Default)]
struct Walk {
    /// In model time; 0 before the first step.
    length: f64,
    before: Vec<f64>,
    /// Steps at full length.
    full: usize,
}

impl Walk {
    /// After a step that moved the states by this share of their size at most.
    fn on(&mut self, moved: f64) -> Outcome {
        if self.length < LONGEST {
            self.length = (self.length * if moved < 0.1 { 4.0 } else { 1.5 }).min(LONGEST);
            return Outcome::Going;
        }
        self.full += 1;
        if moved <= STILL || (self.full > MOST_FULL && moved <= NEARLY_STILL) {
            Outcome::Found
        } else if self.full > MOST_FULL {
            Outcome::Lost
        } else {
            Outcome::Going
        }
    }

    fn keep(&mut self, states: &[Lanes], lane: usize) {
        self.before.clear();
        self.before.extend(states.iter().map(|lanes| lanes.0[lane]));
    }

    /// A shorter step from where the last good one began.
    fn back(&mut self, states: &mut [Lanes], lane: usize) -> Outcome {
        for (lanes, before) in states.iter_mut().zip(&self.before) {
            lanes.0[lane] = *before;
        }
        self.shorter()
    }

    fn shorter(&mut self) -> Outcome {
        self.length *= 0.1;
        if self.length < 1e-30 { Outcome::Lost } else { Outcome::Going }
    }
}

/// Solution, and whether the determinant is positive, by Gaussian elimination with partial pivoting: own, because a library's may round differently from machine to machine.
fn solved(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Option<(Vec<f64>, bool)> {
    let n = right.len();
    let mut even = true;
    for column in 0..n {
        let pivot = (column..n)
            .max_by(|a, b| matrix[a * n + column].abs().total_cmp(&matrix[b * n + column].abs()))?;
        if matrix[pivot * n + column] == 0.0 || !matrix[pivot * n + column].is_finite() {
            return None;
        }
        for k in 0..n {
            matrix.swap(column * n + k, pivot * n + k);
        }
        right.swap(column, pivot);
        even ^= (pivot != column) ^ (matrix[column * n + column] < 0.0);
        for row in column + 1..n {
            let factor = matrix[row * n + column] / matrix[column * n + column];
            for k in column..n {
                matrix[row * n + k] -= factor * matrix[column * n + k];
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| matrix[row * n + k] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row * n + row];
    }
    Some((right, even))
}
