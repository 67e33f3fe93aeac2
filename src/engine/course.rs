//! Where each lane of a block stands in time, and its inputs there.
//! Knows nothing of equations.
//!
//! A lane's time is a whole microsecond at which its inputs last changed (its segment's start) and the model time since
//! then: breakpoints are met exactly, however long the run.

use super::plan::Phase;
use super::program::{Program, Registers};
use super::step::lanes_of;
use crate::kernel::{LANES, Lanes};
use crate::stimulus::{Agent, Micros, Piece};

/// Times and inputs of the lanes of a block.
#[derive(Clone)]
pub(super) struct Course {
    /// Microseconds per model time.
    micros: f64,
    /// Start of the segment.
    pub start: [Micros; LANES],
    /// End of the segment: the next change of an input, or the end of the phase.
    pub until: [Micros; LANES],
    /// Model time since the segment's start.
    pub since: [f64; LANES],
    /// Model time of the whole segment.
    pub length: [f64; LANES],
    /// Closed form of each input that has a schedule, by lane; time counts from the segment's start.
    pieces: Vec<Vec<Piece>>,
    /// Lanes in which an input changes within its segment, by input.
    moving: Vec<u64>,
    /// Inputs at the segment's start, or throughout where they stand still.
    pub level: Vec<Lanes>,
}

impl Course {
    pub fn new(inputs: usize, micros: f64) -> Course {
        Course {
            micros,
            start: [0; LANES],
            until: [0; LANES],
            since: [0.0; LANES],
            length: [0.0; LANES],
            pieces: vec![vec![Piece::Constant(0.0); LANES]; inputs],
            moving: vec![0; inputs],
            level: vec![Lanes([0.0; LANES]); inputs],
        }
    }

    /// Begins the segment of one lane that starts at `at`.
    pub fn enter(&mut self, at: Micros, lane: usize, phase: &Phase, baselines: &[Lanes], agent: Agent) {
        let mut until = phase.when.end;
        for (input, schedule) in phase.inputs.iter().enumerate() {
            let bit = 1 << lane;
            self.moving[input] &= !bit;
            self.level[input].0[lane] = match schedule {
                None => baselines[input].0[lane],
                Some(schedule) => {
                    let (piece, next) = schedule.piece(at, phase.when, agent);
                    until = next.map_or(until, |next| next.min(until));
                    let level = piece.constant();
                    self.moving[input] |= if level.is_none() { bit } else { 0 };
                    let level = level.unwrap_or_else(|| piece.at(0.0));
                    self.pieces[input][lane] = piece;
                    level
                }
            };
        }
        self.start[lane] = at;
        self.until[lane] = until;
        self.since[lane] = 0.0;
        self.length[lane] = (until - at) as f64 / self.micros;
    }

    /// Model time from the start of a lane's segment to a moment.
    pub fn model_time(&self, lane: usize, at: Micros) -> f64 {
        (at - self.start[lane]) as f64 / self.micros
    }

    /// Model time of a number of microseconds.
    pub fn model_times(&self, micros: Micros) -> f64 {
        micros as f64 / self.micros
    }

    /// Model time from a moment to one of a lane's segment.
    pub fn time_after(&self, lane: usize, from: Micros, since: f64) -> f64 {
        (self.start[lane] - from) as f64 / self.micros + since
    }

    /// Where a lane stands, in microseconds and parts of them.
    pub fn micros_at(&self, lane: usize) -> f64 {
        self.start[lane] as f64 + self.since[lane] * self.micros
    }

    /// A moment of a lane's segment in whole microseconds.
    pub fn clock(&self, lane: usize) -> Micros {
        self.start[lane].saturating_add((self.since[lane] * self.micros).round() as Micros)
    }

    pub fn at_end(&self, lane: usize) -> bool {
        self.since[lane] >= self.length[lane]
    }

    /// Whether lanes at the end of their segments may go on: all are there, or they head for different moments anyway.
    pub fn together(&self, alive: u64) -> bool {
        let mut untils = lanes_of(alive).map(|lane| self.until[lane]);
        let first = untils.next();
        untils.any(|until| Some(until) != first) || lanes_of(alive).all(|lane| self.at_end(lane))
    }

    pub fn left(&self, lane: usize) -> f64 {
        self.length[lane] - self.since[lane]
    }

    /// How fast the inputs of a lane change, per model time, whatever they are just now.
    pub fn pace(&self, lane: usize) -> f64 {
        let moving = self.moving.iter().zip(&self.pieces).filter(|(moving, _)| *moving >> lane & 1 == 1);
        moving.map(|(_, pieces)| pieces[lane].pace()).fold(0.0, f64::max)
    }

    /// An input of a lane at a model time of its segment.
    pub fn input(&self, input: usize, lane: usize, since: f64) -> f64 {
        if self.moving[input] >> lane & 1 == 1 {
            self.pieces[input][lane].at(since)
        } else {
            self.level[input].0[lane]
        }
    }

    /// Gives a program all inputs at `share` of each lane's step.
    pub fn give(&self, program: &Program, registers: &mut Registers, steps: &Lanes, share: f64) {
        for (input, register) in program.input_registers() {
            registers[*register] = self.level[*input];
            self.give_moving(*input, &mut registers[*register], steps, share);
        }
    }

    /// The same where inputs that stand still were given before.
    pub fn give_again(&self, program: &Program, registers: &mut Registers, steps: &Lanes, share: f64) {
        for (input, register) in program.input_registers() {
            self.give_moving(*input, &mut registers[*register], steps, share);
        }
    }

    fn give_moving(&self, input: usize, lanes: &mut Lanes, steps: &Lanes, share: f64) {
        let mut moving = self.moving[input];
        while moving != 0 {
            let lane = moving.trailing_zeros() as usize;
            lanes.0[lane] = self.pieces[input][lane].at(self.since[lane] + share * steps.0[lane]);
            moving &= moving - 1;
        }
    }
}
