//! Where each lane of a block stands in time, and its inputs there.
//! Knows nothing of equations.
//!
//! A lane's time is a whole microsecond at which its inputs last changed (its segment's start) and the model time since
//! then: breakpoints are met exactly, however long the run.

use super::control::{Taken, ZERO, lanes_where};
use super::plan::Phase;
use super::program::{Program, Registers};
use super::step::lanes_of;
use crate::kernel::{LANES, Lanes, Work, wide};
use crate::stimulus::{Agent, Micros, Piece};

/// Number of no inputs.
const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;

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
    pub since: Lanes,
    /// Model time of the whole segment.
    pub length: Lanes,
    /// Lanes at the start of their segments, and at their end.
    pub opening: u64,
    pub ended: u64,
    /// Which switch led into the segment: the same number for the same inputs before and after it.
    pub kind: [u64; LANES],
    /// Number of the inputs as they were when the segment began.
    levels: [u64; LANES],
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
            since: ZERO,
            length: ZERO,
            opening: 0,
            ended: 0,
            kind: [0; LANES],
            levels: [0; LANES],
            pieces: vec![vec![Piece::Constant(0.0); LANES]; inputs],
            moving: vec![0; inputs],
            level: vec![ZERO; inputs],
        }
    }

    /// A new block begins.
    pub fn begin(&mut self) {
        self.levels = [0; LANES];
        self.moving.fill(0);
    }

    /// Begins the segment of one lane that starts at `at`.
    pub fn enter(&mut self, at: Micros, lane: usize, phase: &Phase, baselines: &[Lanes], agent: Agent) {
        let mut until = phase.when.end;
        let mut levels = FIRST;
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
                    levels = mixed(levels, u64::from(level.is_none()));
                    let level = level.unwrap_or_else(|| piece.at(0.0));
                    self.pieces[input][lane] = piece;
                    level
                }
            };
            levels = mixed(levels, self.level[input].0[lane].to_bits());
        }
        self.kind[lane] = mixed(self.levels[lane], levels);
        self.levels[lane] = levels;
        self.start[lane] = at;
        self.until[lane] = until;
        self.since.0[lane] = 0.0;
        self.length.0[lane] = (until - at) as f64 / self.micros;
        self.ended &= !(1 << lane);
        self.opening |= 1 << lane;
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
        self.start[lane] as f64 + self.since.0[lane] * self.micros
    }

    /// A moment of a lane's segment in whole microseconds.
    pub fn clock(&self, lane: usize) -> Micros {
        self.start[lane].saturating_add((self.since.0[lane] * self.micros).round() as Micros)
    }

    /// Where a trial leads, in model time of each lane's segment.
    pub fn ends(&self, tried: &Lanes) -> Lanes {
        wide(Ends { since: &self.since, length: &self.length, tried })
    }

    /// The lanes of a mask have come to `ends`.
    pub fn advance(&mut self, ends: &Lanes, (mask, lanes): (u64, &Lanes)) {
        let (from, into) = (std::slice::from_ref(ends), std::slice::from_mut(&mut self.since));
        wide(Taken { mask: lanes, from, into });
        self.ended |= lanes_where(&self.since, &self.length, |since, length| since >= length) & mask;
        self.opening &= !mask;
    }

    /// Whether lanes at the end of their segments may go on: all are there, or they head for different moments anyway.
    pub fn together(&self, alive: u64) -> bool {
        let mut untils = lanes_of(alive).map(|lane| self.until[lane]);
        let first = untils.next();
        untils.any(|until| Some(until) != first) || self.ended & alive == alive
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

    /// Slopes of the inputs where each lane stands, by input; the lanes in which one moves.
    pub fn slopes(&self, into: &mut [Lanes]) -> u64 {
        for (input, lanes) in into.iter_mut().enumerate().take(self.moving.len()) {
            *lanes = ZERO;
            for lane in lanes_of(self.moving[input]) {
                lanes.0[lane] = self.pieces[input][lane].slope(self.since.0[lane]);
            }
        }
        self.moving.iter().fold(0, |all, moving| all | moving)
    }

    /// Runs a program whose states have been given, at `share` of each lane's step, where it ran before in the same
    /// segments: only what moves is computed again.
    pub fn run_again(&self, program: &Program, registers: &mut Registers, steps: &Lanes, share: f64) {
        let mut settled = true;
        for (input, register) in program.input_registers() {
            if self.moving[*input] != 0 {
                self.give_moving(*input, &mut registers[*register], steps, share);
                settled = false;
            }
        }
        if !settled {
            program.settle(registers);
        }
        program.rerun(registers);
    }

    /// Whether an input moves in some lane.
    pub fn moves(&self) -> bool {
        self.moving.iter().any(|moving| *moving != 0)
    }

    fn give_moving(&self, input: usize, lanes: &mut Lanes, steps: &Lanes, share: f64) {
        let mut moving = self.moving[input];
        while moving != 0 {
            let lane = moving.trailing_zeros() as usize;
            lanes.0[lane] = self.pieces[input][lane].at(self.since.0[lane] + share * steps.0[lane]);
            moving &= moving - 1;
        }
    }
}

/// Numbers that differ for what differs, nearly always: a wrong guess of the first step costs a step, never a result's accuracy.
fn mixed(one: u64, other: u64) -> u64 {
    let mixed = (one ^ other.rotate_left(32)).wrapping_mul(FIRST);
    mixed ^ mixed >> 29
}

struct Ends<'a> {
    since: &'a Lanes,
    length: &'a Lanes,
    tried: &'a Lanes,
}

impl Work for Ends<'_> {
    type Result = Lanes;

    #[inline(always)]
    fn run(self) -> Lanes {
        let mut ends = ZERO;
        for lane in 0..LANES {
            let (since, length, tried) = (self.since.0[lane], self.length.0[lane], self.tried.0[lane]);
            // The end itself, not a sum that may round past it.
            ends.0[lane] = if tried == length - since { length } else { since + tried };
        }
        ends
    }
}
