//! Chronic responses: at each level of the probe the stable steady states of all states, and what is read where there is one.
//! Knows nothing of curves.
//!
//! States are followed along the levels upward and then downward, so that both branches of a hysteresis are found; at the
//! ends and in the middle they are looked for from where the agent stands, from its starts and from what `states` guesses,
//! which also finds branches that end within the range on both sides. A search has no proof: what it does not find is not counted,
//! and a branch that begins and ends between two of these three levels is met only where a followed state leads to it.
//!
//! Where steady states are no points but a line (a state that nothing moves any more), as many of them are found as are kept, and
//! the agent has several.

use super::collected::Missing;
use super::excursion::{Answer, From, defined};
use super::plan::System;
use super::program::{Program, Registers};
use super::states::{guessed, guesses_of, same};
use super::steady::{self, Solver, Way};
use super::step::lanes_of;
use crate::kernel::{LANES, Lanes};

/// Stable states that are kept at a level.
const MOST: usize = 4;
/// A state followed from a neighbouring level that is nearer to another than to where it was has jumped.
const NEAR: f64 = 0.9;

#[derive(Clone, Debug)]
pub(super) struct Chronic {
    solver: Solver,
    value: Program,
    states: usize,
}

/// Stable states of each lane at one level.
#[derive(Clone)]
struct Branches {
    count: [usize; LANES],
    /// By place, state.
    states: Vec<Vec<Lanes>>,
}

pub(super) struct Room {
    solver: Registers,
    search: steady::Room,
    value: Registers,
    /// By level of the grid.
    grid: Vec<Branches>,
    here: Branches,
    states: Vec<Lanes>,
    guess: Vec<Lanes>,
    one: Vec<f64>,
    other: Vec<f64>,
}

#[cfg(test)]
impl Room {
    /// How often rates and Jacobian were computed.
    pub fn evaluations(&self) -> u64 {
        self.search.evaluations
    }
}

impl Chronic {
    pub fn new(system: &System, value: Program) -> Result<Chronic, String> {
        Ok(Chronic { solver: Solver::with_totals(system)?, value, states: system.states.len() })
    }

    pub fn room(&self, levels: usize) -> Room {
        let lanes = || vec![Lanes([0.0; LANES]); self.states];
        let none = Branches { count: [0; LANES], states: vec![lanes(); MOST] };
        Room {
            solver: self.solver.program.registers(),
            search: self.solver.room(),
            value: self.value.registers(),
            grid: vec![none.clone(); levels],
            here: none,
            states: lanes(),
            guess: lanes(),
            one: vec![0.0; self.states],
            other: vec![0.0; self.states],
        }
    }

    /// Finds the stable states at all levels of the grid. `inputs` are those at which the agents stand.
    pub fn sweep(
        &self,
        room: &mut Room,
        from: &From,
        (probe, grid): (usize, &[f64]),
        inputs: &mut [Lanes],
        fixed: &[Lanes],
        mask: u64,
    ) {
        self.solver.program.give_fixed(&mut room.solver, fixed);
        self.value.give_fixed(&mut room.value, fixed);
        self.solver.hold(&mut room.search, &from.states);
        room.grid.iter_mut().for_each(|level| level.count = [0; LANES]);
        let last = grid.len() - 1;
        let upward = (0..=last).map(|n| (n, true));
        for (n, upward) in upward.chain((0..last).rev().map(|n| (n, false))) {
            inputs[probe] = Lanes([grid[n]; LANES]);
            self.solver.program.give_inputs(&mut room.solver, inputs);
            std::mem::swap(&mut room.here, &mut room.grid[n]);
            let neighbour = if upward { n.checked_sub(1) } else { Some(n + 1) };
            if let Some(neighbour) = neighbour {
                self.follow_all(room, from, &[neighbour; LANES], mask);
            }
            if upward && [0, last / 2, last].contains(&n) {
                self.look(room, from, mask);
            }
            std::mem::swap(&mut room.here, &mut room.grid[n]);
        }
    }

    /// Adds to `here` what is found from all states of a neighbouring level, which each lane has of its own.
    fn follow_all(&self, room: &mut Room, from: &From, neighbour: &[usize; LANES], mask: u64) {
        for place in 0..MOST {
            let known = |lane: &usize| room.grid[neighbour[*lane]].count[*lane] > place;
            let following =
                lanes_of(room.here.open(mask)).filter(known).fold(0_u64, |mask, lane| mask | 1 << lane);
            if following == 0 {
                return;
            }
            for lane in lanes_of(following) {
                let states = &room.grid[neighbour[lane]].states[place];
                room.guess.iter_mut().zip(states).for_each(|(guess, state)| guess.0[lane] = state.0[lane]);
            }
            let left = self.go(room, from, following, Way::Near);
            self.go(room, from, left, Way::Along);
        }
    }

    /// Adds to `here` what is found from where the agents stand, from their starts and from guesses.
    fn look(&self, room: &mut Room, from: &From, mask: u64) {
        for guess in 0..2 + guesses_of(self.states) {
            match guess {
                0 => room.guess.copy_from_slice(&from.states),
                1 => room.guess.copy_from_slice(&from.starts),
                _ => {
                    for (state, into) in room.guess.iter_mut().enumerate() {
                        let share = guessed(guess - 2, state);
                        *into = Lanes(from.sizes[state].0.map(|size| share * size));
                    }
                }
            }
            let open = room.here.open(mask);
            self.go(room, from, open, Way::Along);
        }
    }

    /// Adds to `here` what is found from `guess`; gives the lanes in which nothing stable was, or something far away.
    fn go(&self, room: &mut Room, from: &From, mask: u64, way: Way) -> u64 {
        if mask == 0 {
            return 0;
        }
        room.states.copy_from_slice(&room.guess);
        let found = self.solver.go(&mut room.solver, &mut room.search, &mut room.states, mask, way);
        let mut left = mask & !found;
        for lane in lanes_of(found) {
            for state in 0..self.states {
                (room.one[state], room.other[state]) =
                    (room.states[state].0[lane], room.guess[state].0[lane]);
            }
            let far = way == Way::Near
                && room.one.iter().zip(&room.other).any(|(a, b)| (a - b).abs() > NEAR * a.abs().max(b.abs()));
            if far || !self.add(room, from, lane) {
                left |= 1 << lane;
            }
        }
        left
    }

    /// Keeps a state that was found if it is new and stable; whether it is stable.
    fn add(&self, room: &mut Room, from: &From, lane: usize) -> bool {
        let Room { here, one, other, solver, search, .. } = room;
        for states in &here.states[..here.count[lane]] {
            other.iter_mut().zip(states).for_each(|(into, state)| *into = state.0[lane]);
            if same(one, other, |state| from.sizes[state].0[lane]) {
                return true;
            }
        }
        if !self.solver.is_stable_there(solver, search, lane) {
            return false;
        }
        if let Some(place) = here.states.get_mut(here.count[lane]) {
            place.iter_mut().zip(&*one).for_each(|(into, state)| into.0[lane] = *state);
            here.count[lane] += 1;
        }
        true
    }

    /// What the lanes of a mask answer to the levels that stand among `inputs`.
    #[allow(clippy::too_many_arguments)]
    pub fn answer(
        &self,
        room: &mut Room,
        from: &From,
        (probe, grid): (usize, &[f64]),
        inputs: &[Lanes],
        fixed: &[Lanes],
        mask: u64,
        answer: &mut Answer,
    ) {
        self.solver.program.give_fixed(&mut room.solver, fixed);
        self.solver.program.give_inputs(&mut room.solver, inputs);
        room.here.count = [0; LANES];
        let (mut below, mut above, mut between, mut outside) = ([0; LANES], [0; LANES], 0, 0);
        for lane in lanes_of(mask) {
            let level = inputs[probe].0[lane];
            let n = grid.iter().position(|known| *known >= level).unwrap_or(grid.len());
            if grid.get(n) == Some(&level) {
                room.here.take(&room.grid[n], lane);
                continue;
            }
            (below[lane], above[lane]) = (n.saturating_sub(1), n.min(grid.len() - 1));
            between |= 1 << lane;
            outside |= u64::from(n == 0 || n == grid.len()) << lane;
        }
        self.follow_all(room, from, &below, between);
        self.follow_all(room, from, &above, between);
        if outside != 0 {
            self.look(room, from, outside);
        }
        self.value.give_inputs(&mut room.value, inputs);
        self.value.give_states(&mut room.value, &room.here.states[0]);
        self.value.run(&mut room.value);
        let values = self.value.root(&room.value, 0);
        for lane in lanes_of(mask) {
            answer[lane] = match room.here.count[lane] {
                0 => Err(Missing::NoSteadyState),
                1 => defined(values.0[lane]),
                _ => Err(Missing::SeveralSteadyStates),
            };
        }
    }
}

impl Branches {
    /// The lanes of a mask that can take another state: for the others nothing is to be searched.
    fn open(&self, mask: u64) -> u64 {
        let open = lanes_of(mask).filter(|lane| self.count[*lane] < MOST);
        open.fold(0, |mask, lane| mask | 1 << lane)
    }

    /// What another has of a lane.
    fn take(&mut self, other: &Branches, lane: usize) {
        self.count[lane] = other.count[lane];
        for (into, from) in self.states.iter_mut().zip(&other.states).take(other.count[lane]) {
            into.iter_mut().zip(from).for_each(|(into, from)| into.0[lane] = from.0[lane]);
        }
    }
}
