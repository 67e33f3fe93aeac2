//! Steady states of a system.
//! Knows nothing of phases or schedules, of how many there are (`states`) or whether they are stable (`stability`).
//!
//! Pseudo-transient continuation: implicit Euler steps whose length grows as the rates fall, so that the way follows the
//! system's own motion to a state that attracts, and ends as Newton's method does. A conserved total keeps its value.

use super::plan::System;
use super::program::{Layout, Program, Registers};
use super::step::lanes_of;
use crate::expression::{Id, Sym};
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
    let guess = guess.map_or_else(|| starts(system, values), <[f64]>::to_vec);
    let (mut registers, mut room) = (solver.program.registers(), solver.room());
    let all = |values: &[f64]| -> Vec<Lanes> { values.iter().map(|v| Lanes([*v; LANES])).collect() };
    let mut states = all(&guess);
    let found = solver.solve(&mut registers, &mut room, &all(values), &all(inputs), &mut states, 1);
    if found & 1 == 0 {
        return None;
    }
    let eigenvalues = solver.eigenvalues(&registers, 0);
    let stable = solver.is_stable(&eigenvalues);
    Some(Steady { states: states.iter().map(|lanes| lanes.0[0]).collect(), eigenvalues, stable })
}

/// Starts that are formulas, and the scale of the others.
pub(super) fn starts(system: &System, values: &[f64]) -> Vec<f64> {
    let value = |sym| system.values.iter().position(|known| *known == sym).map(|n| values[n]);
    let scale = |state: usize| scale(system, values, state);
    // A start may stand on one that is solved: there its guess stands for it.
    let solved = |sym| system.start_symbols.iter().position(|known| *known == Some(sym)).map(scale);
    let start = |state: usize| {
        let of = |sym| value(sym).or_else(|| solved(sym)).unwrap_or(f64::NAN);
        system.starts[state].map_or_else(|| scale(state), |formula| system.arena.evaluate(formula, &of))
    };
    (0..system.states.len()).map(start).collect()
}

/// The stated scale of a state, else 1.
pub(super) fn scale(system: &System, values: &[f64], state: usize) -> f64 {
    let value = |sym| system.values.iter().position(|known| *known == sym).map(|n| values[n]);
    let of = |sym| value(sym).unwrap_or(f64::NAN);
    system.scales[state].map_or(1.0, |formula| system.arena.evaluate(formula, &of))
}

/// Rates and Jacobian of a system as one program.
#[derive(Clone, Debug)]
pub(super) struct Solver {
    /// Rates, then the Jacobian by rows.
    pub program: Program,
    pub states: usize,
    nonnegative: Vec<bool>,
    /// Combinations that are held at a total: the state in whose place each stands, in which no other has a part, and its coefficients.
    laws: Vec<(usize, Vec<f64>)>,
}

/// How a steady state is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Along the system's own motion, to the last bit.
    Exact,
    /// The same, up to where no further step comes closer.
    Along,
    /// Newton's method from the first step on: where a state is near.
    Near,
}

/// What a search works with, made once per thread.
#[derive(Debug)]
pub(super) struct Room {
    walks: Vec<Walk>,
    pub matrix: Vec<f64>,
    change: Vec<f64>,
    sizes: Vec<f64>,
    /// By law, the total of each lane.
    pub totals: Vec<Lanes>,
    /// How often rates and Jacobian were computed, in all lanes at once.
    pub evaluations: u64,
}

/// More steps than any system needs that gets anywhere.
const MOST_STEPS: usize = 2000;
/// Where many guesses are tried, one that takes longer is left.
const FEW_STEPS: usize = 300;
/// Length, in model time, at which a step is one of Newton's.
const LONGEST: f64 = 1e14;
/// Change of a state in one step, relative to its size, at which it stands.
const STILL: f64 = 1e-15;
/// Each step at full length is one of Newton's: after as many, what still moves is round-off, or the way leads nowhere.
const MOST_FULL: usize = 40;
/// Newton's steps from a guess that is near.
const MOST_NEAR: usize = 15;
const NEARLY_STILL: f64 = 1e-9;
/// Real parts up to this, relative to the largest eigenvalue, are round-off of zero.
pub(super) const ROUND_OFF: f64 = 1e-9;

impl Solver {
    /// Of starts that are solved: no rate may stand on them yet. Totals are kept as the motion keeps them.
    pub fn new(system: &System) -> Result<Solver, String> {
        Solver::over(system, &[])
    }

    /// With conserved totals held at those of `Room::totals`, wherever a guess lies; after the values come the solved
    /// starts, by state.
    pub fn with_totals(system: &System) -> Result<Solver, String> {
        Ok(Solver { laws: reduced(&system.conserved), ..Solver::over(system, &system.start_symbols)? })
    }

    fn over(system: &System, starts: &[Option<Sym>]) -> Result<Solver, String> {
        let mut arena = system.arena.clone();
        let mut nodes = |syms: &[Sym]| -> Vec<Id> { syms.iter().map(|sym| arena.sym(*sym)).collect() };
        let mut layout = Layout {
            states: nodes(&system.states),
            inputs: nodes(&system.inputs),
            fixed: nodes(&system.values),
        };
        for (state, start) in starts.iter().enumerate() {
            // Each state has a place.
            let sym = start.unwrap_or_else(|| arena.symbol(&format!("no start of state {state}")));
            layout.fixed.push(arena.sym(sym));
        }
        let mut roots = system.rates.clone();
        for rate in &system.rates {
            for state in &system.states {
                roots.push(arena.derivative(*rate, *state));
            }
        }
        let program = Program::new(&arena, &roots, &layout, None)
            .map_err(|sym| format!("`{}` has no value", arena.name(sym)))?;
        let nonnegative = system.nonnegative.clone();
        Ok(Solver { program, states: system.states.len(), nonnegative, laws: Vec::new() })
    }

    pub fn room(&self) -> Room {
        let n = self.states;
        Room {
            walks: (0..LANES).map(|_| Walk { before: Vec::with_capacity(n), ..Walk::default() }).collect(),
            matrix: vec![0.0; n * n],
            change: vec![0.0; n],
            sizes: vec![0.0; n],
            totals: vec![Lanes([0.0; LANES]); self.laws.len()],
            evaluations: 0,
        }
    }

    /// The totals are those of these states.
    pub fn hold(&self, room: &mut Room, states: &[Lanes]) {
        for ((_, law), total) in self.laws.iter().zip(&mut room.totals) {
            *total = Lanes(std::array::from_fn(|lane| sum_of(law, |i| states[i].0[lane])));
        }
    }

    /// Moves the lanes of `mask` from their guesses to a steady state; gives the lanes in which one was found. The program
    /// has run there.
    pub fn solve(
        &self,
        registers: &mut Registers,
        room: &mut Room,
        values: &[Lanes],
        inputs: &[Lanes],
        states: &mut [Lanes],
        mask: u64,
    ) -> u64 {
        self.program.give_fixed(registers, values);
        self.program.give_inputs(registers, inputs);
        self.go(registers, room, states, mask, Way::Exact)
    }

    /// The same with values and inputs given already.
    pub fn go(
        &self,
        registers: &mut Registers,
        room: &mut Room,
        states: &mut [Lanes],
        mask: u64,
        way: Way,
    ) -> u64 {
        let (mut open, mut found) = (mask, 0_u64);
        lanes_of(mask).for_each(|lane| room.walks[lane].begin(way));
        for _ in 0..if way == Way::Exact { MOST_STEPS } else { FEW_STEPS } {
            if open == 0 {
                break;
            }
            self.program.give_states(registers, states);
            self.program.run(registers);
            room.evaluations += 1;
            for lane in lanes_of(open) {
                match self.step(registers, room, states, lane, way) {
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
        found
    }

    /// One implicit Euler step of one lane.
    fn step(
        &self,
        registers: &Registers,
        room: &mut Room,
        states: &mut [Lanes],
        lane: usize,
        way: Way,
    ) -> Outcome {
        let n = self.states;
        let at = |root: usize| self.program.root(registers, root).0[lane];
        let Room { walks, matrix, change, sizes, totals, .. } = room;
        let walk = &mut walks[lane];
        for i in 0..n {
            change[i] = at(i);
            sizes[i] = states[i].0[lane].abs().max(f64::MIN_POSITIVE);
        }
        if change.iter().any(|rate| !rate.is_finite()) {
            return walk.back(states, lane, way);
        }
        if walk.length == 0.0 {
            let fastest = (0..n).map(|i| change[i].abs() / sizes[i]).fold(0.0, f64::max);
            walk.length = if fastest > 0.0 { (0.1 / fastest).clamp(1e-12, LONGEST) } else { 1.0 };
        }
        let mut largest = 0.0_f64;
        for (ij, entry) in matrix.iter_mut().enumerate() {
            let of = at(n + ij);
            largest = largest.max(of.abs());
            *entry = -of;
        }
        (0..n).for_each(|i| matrix[i * n + i] += 1.0 / walk.length);
        let newton = 1.0 / walk.length < ROUND_OFF * largest;
        for ((place, law), total) in self.laws.iter().zip(totals.iter()) {
            matrix[place * n..(place + 1) * n].copy_from_slice(law);
            change[*place] = total.0[lane] - sum_of(law, |i| states[i].0[lane]);
        }
        let Some(even) = solve_in_place(matrix, change) else { return walk.back(states, lane, way) };
        // A step longer than what grows takes to grow would lead against the motion, across a ridge between two states.
        if !even && !newton && change.iter().zip(&*sizes).any(|(d, size)| d.abs() > STILL * size) {
            return walk.shorter();
        }
        let falls = |i: usize| self.nonnegative[i] && states[i].0[lane] + change[i] < -STILL * sizes[i];
        if change.iter().any(|d| !d.is_finite()) || (0..n).any(falls) {
            return walk.back(states, lane, way);
        }
        walk.keep(states, lane);
        for (i, d) in change.iter().enumerate() {
            let new = states[i].0[lane] + d;
            states[i].0[lane] = if self.nonnegative[i] { new.max(0.0) } else { new };
        }
        let moved = (0..n).map(|i| change[i].abs() / sizes[i]).fold(0.0, f64::max);
        walk.on(moved, way)
    }
}

fn sum_of(law: &[f64], state: impl Fn(usize) -> f64) -> f64 {
    law.iter().enumerate().filter(|(_, c)| **c != 0.0).map(|(i, c)| c * state(i)).sum()
}

/// Laws such that each has a state of its own, with coefficient 1, in which no other law has a part. A row of the Jacobian
/// that such a law replaces keeps the sign of the determinant.
fn reduced(laws: &[Vec<f64>]) -> Vec<(usize, Vec<f64>)> {
    let mut all: Vec<(usize, Vec<f64>)> = Vec::new();
    for law in laws {
        let mut law = law.clone();
        for (place, known) in &all {
            let part = law[*place];
            law.iter_mut().zip(known).for_each(|(c, k)| *c -= part * k);
        }
        let Some(place) = (0..law.len()).find(|i| law[*i].abs() > 1e-9) else { continue };
        let part = law[place];
        law.iter_mut().for_each(|c| *c /= part);
        for (_, known) in &mut all {
            let part = known[place];
            known.iter_mut().zip(&law).for_each(|(k, c)| *k -= part * c);
        }
        all.push((place, law));
    }
    all
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
    /// How far the last of them led.
    last: f64,
}

impl Walk {
    fn begin(&mut self, way: Way) {
        self.before.clear();
        self.length = if way == Way::Near { LONGEST } else { 0.0 };
        (self.full, self.last) = (0, f64::INFINITY);
    }

    /// After a step that moved the states by this share of their size at most.
    fn on(&mut self, moved: f64, way: Way) -> Outcome {
        if self.length < LONGEST {
            self.length = (self.length * if moved < 0.1 { 4.0 } else { 1.5 }).min(LONGEST);
            return Outcome::Going;
        }
        self.full += 1;
        let most = if way == Way::Near { MOST_NEAR } else { MOST_FULL };
        let closer = moved < 0.1 * std::mem::replace(&mut self.last, moved);
        let nearly = moved <= NEARLY_STILL && (self.full > most || (way != Way::Exact && !closer));
        if moved <= STILL || nearly {
            Outcome::Found
        } else if self.full > most {
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
    fn back(&mut self, states: &mut [Lanes], lane: usize, way: Way) -> Outcome {
        for (lanes, before) in states.iter_mut().zip(&self.before) {
            lanes.0[lane] = *before;
        }
        if way == Way::Near { Outcome::Lost } else { self.shorter() }
    }

    fn shorter(&mut self) -> Outcome {
        self.length *= 0.1;
        if self.length < 1e-30 { Outcome::Lost } else { Outcome::Going }
    }
}

/// Puts the solution in place of the right side; whether the determinant is positive. By Gaussian elimination with partial
/// pivoting: own, because a library's may round differently from machine to machine.
fn solve_in_place(matrix: &mut [f64], right: &mut [f64]) -> Option<bool> {
    let n = right.len();
    let mut even = true;
    for column in 0..n {
        let mut pivot = column;
        for row in column + 1..n {
            // Of equals the last.
            if matrix[row * n + column].abs().total_cmp(&matrix[pivot * n + column].abs()).is_ge() {
                pivot = row;
            }
        }
        if matrix[pivot * n + column] == 0.0 || !matrix[pivot * n + column].is_finite() {
            return None;
        }
        if pivot != column {
            for k in 0..n {
                matrix.swap(column * n + k, pivot * n + k);
            }
            right.swap(column, pivot);
        }
        even ^= (pivot != column) ^ (matrix[column * n + column] < 0.0);
        let (above, below) = matrix.split_at_mut((column + 1) * n);
        let own = &above[column * n..];
        for (row, entries) in below.chunks_exact_mut(n).enumerate() {
            if entries[column] == 0.0 {
                continue;
            }
            let factor = entries[column] / own[column];
            for k in column..n {
                entries[k] -= factor * own[k];
            }
            right[column + 1 + row] -= factor * right[column];
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|k| matrix[row * n + k] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row * n + row];
    }
    Some(even)
}
