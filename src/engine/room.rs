//! The room in which one arm of a block is run: what is fixed of the agents, where they stand, what became of them.
//! Knows nothing of how steps are made.

use super::alone::{Event, What};
use super::collected::{Cause, Cost};
use super::course::Course;
use super::lowered::Lowered;
use super::program::Registers;
use super::step::{Method, Stepper};
use super::watch::Watch;
use crate::kernel::{LANES, Lanes};
use crate::stimulus::Micros;

/// The room in which one arm is run.
pub(super) struct Room {
    pub eyes: Eyes,
    pub body: Body,
}

/// What an arm sees along steps, its own or those of an arm that begins alike.
pub(super) struct Eyes {
    /// What is fixed of the agents.
    pub fixed: Vec<Lanes>,
    pub watch: Watch,
    pub flowing: Registers,
}

/// The state of the computation, and what became of it.
pub(super) struct Body {
    /// By lane, its values by slot, as schedules want them.
    pub values: Vec<Vec<f64>>,
    pub baselines: Vec<Lanes>,
    pub stepper: Stepper,
    pub course: Course,
    pub limits: Registers,
    pub early: Registers,
    pub once: Registers,
    pub rates: Registers,
    pub sets: Vec<Registers>,
    pub solver: Registers,
    /// Lanes that go on.
    pub alive: u64,
    pub fates: Vec<(usize, Micros, Cause)>,
    pub cost: Cost,
    /// Trials by lane.
    pub steps: [u64; LANES],
    /// Trials of the block.
    pub trials: u64,
    /// What happened, as it came; `None` where nobody asks. It changes nothing.
    pub log: Option<Vec<Event>>,
}

impl Room {
    pub fn new(lowered: &Lowered, relative: f64) -> Room {
        Room::by(lowered, relative, None)
    }

    /// Room for steps of one method only, where there is one.
    pub fn by(lowered: &Lowered, relative: f64, only: Option<Method>) -> Room {
        let lanes = |count: usize| vec![Lanes([0.0; LANES]); count];
        let slots = lowered.arm.slots.len();
        let sets = lowered.sets.iter().map(|set| set.as_ref().map_or(Vec::new(), |set| set.registers()));
        let eyes = Eyes {
            fixed: lanes(slots + lowered.states + lowered.frontier),
            watch: Watch::new(lowered),
            flowing: lowered.flowing.registers(),
        };
        let body = Body {
            values: vec![vec![0.0; slots]; LANES],
            baselines: lanes(lowered.inputs),
            stepper: Stepper::new(lowered, relative, only),
            course: Course::new(lowered.inputs, lowered.arm.system.microseconds),
            limits: lowered.limits.registers(),
            early: lowered.early.registers(),
            once: lowered.once.registers(),
            rates: lowered.rates.registers(),
            sets: sets.collect(),
            solver: lowered.solver.as_ref().map_or(Vec::new(), |solver| solver.program.registers()),
            alive: 0,
            fates: Vec::new(),
            cost: Cost::default(),
            steps: [0; LANES],
            trials: 0,
            log: None,
        };
        Room { eyes, body }
    }
}

impl Body {
    pub fn fail(&mut self, lane: usize, at: Micros, cause: Cause) {
        if self.alive >> lane & 1 == 1 {
            self.alive &= !(1 << lane);
            self.fates.push((lane, at, cause));
        }
    }

    /// Notes what happened to a lane, where somebody asks.
    pub fn note(&mut self, lane: usize, what: What) {
        let Some(log) = &mut self.log else { return };
        let (course, since) = (&self.course, self.course.since.0[lane]);
        log.push(Event {
            at: course.micros_at(lane),
            what,
            inputs: (0..self.baselines.len()).map(|input| course.input(input, lane, since)).collect(),
            states: self.stepper.states.iter().map(|state| state.0[lane]).collect(),
        });
    }

    /// Goes on where another body stands that has lived the same so far.
    pub fn follow(&mut self, other: &Body) {
        self.stepper.states.clone_from(&other.stepper.states);
        self.stepper.history.clone_from(&other.stepper.history);
        self.course.clone_from(&other.course);
        self.fates.clone_from(&other.fates);
        self.log.clone_from(&other.log);
        (self.alive, self.steps, self.trials) = (other.alive, other.steps, other.trials);
    }
}
