//! All steady states of a system that a search finds, stable or not.
//! Knows nothing of probes or levels.
//!
//! A search has no proof: it sets out from a few guesses by the system's own motion, which ends in states that attract, and
//! from many more by Newton's method, which also ends in states that do not.

use super::plan::System;
use super::steady::{Solver, Steady, Way, scale, starts};
use super::step::lanes_of;
use crate::kernel::{LANES, Lanes};

/// Two states are one where no state variable differs by more than this share of its size.
const SAME: f64 = 1e-6;
/// A state variable this much smaller than its scale has no size of its own.
const SMALL: f64 = 1e-9;
/// Guesses between two states that were found.
const BETWEEN: usize = 15;

/// All steady states that are found for one agent with the given values and inputs, ordered by their first state that differs.
/// Conserved totals (`System::conserved`) are those of `from`, or of the starts where there is none.
///
/// Guesses are `from`, the starts of the model, fractions and multiples of the scales, high and low by turns, and the straight
/// ways between the states that were found.
pub fn steady_states(system: &System, values: &[f64], inputs: &[f64], from: Option<&[f64]>) -> Vec<Steady> {
    let Ok(solver) = Solver::with_totals(system) else { return Vec::new() };
    let start = starts(system, values);
    let scales: Vec<f64> =
        (0..start.len()).map(|n| scale(system, values, n).abs().max(start[n].abs())).collect();
    let mut guesses: Vec<Vec<f64>> = from.iter().map(|from| from.to_vec()).collect();
    guesses.push(start.clone());
    let own = |guess: usize| (0..scales.len()).map(|n| guessed(guess, n) * scales[n]).collect();
    guesses.extend((0..guesses_of(scales.len())).map(own));
    // Solved starts are not known here.
    let given: Vec<f64> = values.iter().copied().chain(start.iter().map(|_| f64::NAN)).collect();
    let mut search = Search {
        solver,
        scales,
        given,
        inputs: inputs.to_vec(),
        totals: guesses[0].clone(),
        found: Vec::new(),
    };
    search.from(&guesses, Way::Along);
    search.from(&guesses, Way::Near);
    let ends: Vec<Vec<f64>> = search.found.iter().map(|steady| steady.states.clone()).collect();
    for (n, one) in ends.iter().enumerate() {
        for other in &ends[n + 1..] {
            let at = |k: usize| k as f64 / (BETWEEN + 1) as f64;
            let mixed = |k: usize| one.iter().zip(other).map(|(a, b)| a + at(k) * (b - a)).collect();
            search.from(&(1..=BETWEEN).map(mixed).collect::<Vec<_>>(), Way::Near);
        }
    }
    let mut found = search.found;
    found.sort_by(|a, b| {
        let pairs = a.states.iter().zip(&b.states);
        pairs.map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    found
}

struct Search {
    solver: Solver,
    scales: Vec<f64>,
    given: Vec<f64>,
    inputs: Vec<f64>,
    /// States whose conserved totals hold.
    totals: Vec<f64>,
    found: Vec<Steady>,
}

impl Search {
    /// Adds what is found from each guess and was not known: each lane has a guess of its own.
    fn from(&mut self, guesses: &[Vec<f64>], way: Way) {
        let all = |values: &[f64]| -> Vec<Lanes> { values.iter().map(|v| Lanes([*v; LANES])).collect() };
        let (mut registers, mut room) = (self.solver.program.registers(), self.solver.room());
        self.solver.hold(&mut room, &all(&self.totals));
        self.solver.program.give_fixed(&mut registers, &all(&self.given));
        self.solver.program.give_inputs(&mut registers, &all(&self.inputs));
        for guesses in guesses.chunks(LANES) {
            let of = |state: usize, lane: usize| guesses.get(lane).map_or(0.0, |guess| guess[state]);
            let mut states: Vec<Lanes> = (0..self.scales.len())
                .map(|state| Lanes(std::array::from_fn(|lane| of(state, lane))))
                .collect();
            let mask = (0..guesses.len()).fold(0, |mask, lane| mask | 1 << lane);
            let found = self.solver.go(&mut registers, &mut room, &mut states, mask, way);
            for lane in lanes_of(found) {
                let states: Vec<f64> = states.iter().map(|lanes| lanes.0[lane]).collect();
                let known = |one: &Steady| same(&one.states, &states, |n| self.scales[n]);
                if self.found.iter().any(known) {
                    continue;
                }
                let eigenvalues = self.solver.eigenvalues(&registers, lane);
                let stable = self.solver.is_stable(&eigenvalues);
                self.found.push(Steady { states, eigenvalues, stable });
            }
        }
    }
}

/// Whether two states are one.
pub(super) fn same(one: &[f64], other: &[f64], scale: impl Fn(usize) -> f64) -> bool {
    let mut pairs = one.iter().zip(other).enumerate();
    pairs.all(|(n, (a, b))| (a - b).abs() <= SAME * a.abs().max(b.abs()).max(SMALL * scale(n)))
}

/// How many guesses stand on the scales of so many states.
pub(super) fn guesses_of(states: usize) -> usize {
    3 + 2 * bits(states)
}

/// Patterns of which any two states differ in one: of up to 16 states.
fn bits(states: usize) -> usize {
    (states.max(1) as u32).next_power_of_two().trailing_zeros().min(4) as usize
}

/// What a guess is, as a share of the scale of a state: all low, as they are, high; then some high and some low.
pub(super) fn guessed(guess: usize, state: usize) -> f64 {
    const LEVELS: [f64; 3] = [0.01, 1.0, 10.0];
    let Some(pattern) = guess.checked_sub(LEVELS.len()) else { return LEVELS[guess] };
    let high = (state >> (pattern / 2)) & 1 == pattern % 2;
    if high { 10.0 } else { 0.01 }
}
