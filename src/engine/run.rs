//! One arm of one block, from the first phase to the last.
//! Knows nothing of other arms or of how what is seen is reduced.

use super::collected::{Cause, Cost};
use super::course::Course;
use super::draw::{Agents, Drawing, Drawn};
use super::lowered::Lowered;
use super::plan::Phase;
use super::program::Registers;
use super::step::{Reason, Stepper, Trial, lanes_of};
use super::watch::{Watch, end_of};
use crate::kernel::{LANES, Lanes};
use crate::population::{Population, Sampler};
use crate::stimulus::{Agent, Micros};

/// Steps after which an agent is given up in an arm: some ten seconds of computing for a block whose agents all come to this.
/// What changes every hour for many years stays below it; what is stiff or chatters would take hours. Tests have no ten seconds.
pub const MOST_STEPS: u64 = if cfg!(test) { 50_000 } else { 2_000_000 };

/// Who looks at what lanes show.
pub(super) trait Observer {
    /// All lanes that could have passed a point. Fixed lanes are the agents' values and what stands on them.
    fn point(&mut self, point: usize, watch: &Watch, fixed: &[Lanes]);
}

/// What is fixed of an agent, the state of the computation, and what became of it: the room in which one arm is run.
pub(super) struct Room {
    pub fixed: Vec<Lanes>,
    /// By lane, its values by slot, as schedules want them.
    values: Vec<Vec<f64>>,
    baselines: Vec<Lanes>,
    pub stepper: Stepper,
    course: Course,
    watch: Watch,
    limits: Registers,
    early: Registers,
    once: Registers,
    rates: Registers,
    flowing: Registers,
    sets: Vec<Registers>,
    solver: Registers,
    /// Lanes that go on.
    pub alive: u64,
    pub fates: Vec<(usize, Micros, Cause)>,
    pub cost: Cost,
    /// Steps by lane.
    steps: [u64; LANES],
}

impl Room {
    pub fn new(lowered: &Lowered, relative: f64) -> Room {
        let lanes = |count: usize| vec![Lanes([0.0; LANES]); count];
        let slots = lowered.arm.slots.len();
        let sets = lowered.sets.iter().map(|set| set.as_ref().map_or(Vec::new(), |set| set.registers()));
        Room {
            fixed: lanes(slots + lowered.states + lowered.frontier),
            values: vec![vec![0.0; slots]; LANES],
            baselines: lanes(lowered.inputs),
            stepper: Stepper::new(lowered.states, relative),
            course: Course::new(lowered.inputs, lowered.arm.system.microseconds),
            watch: Watch::new(lowered),
            limits: lowered.limits.registers(),
            early: lowered.early.registers(),
            once: lowered.once.registers(),
            rates: lowered.rates.registers(),
            flowing: lowered.flowing.registers(),
            sets: sets.collect(),
            solver: lowered.solver.as_ref().map_or(Vec::new(), |solver| solver.program.registers()),
            alive: 0,
            fates: Vec::new(),
            cost: Cost::default(),
            steps: [0; LANES],
        }
    }
}

/// One arm with the population that lives it.
pub(super) struct Life<'a> {
    pub lowered: &'a Lowered,
    pub drawing: &'a Drawing,
    pub population: &'a Population,
    pub sampler: &'a Sampler,
}

impl Life<'_> {
    /// Draws the agents of a block and lets them live the arm. What was drawn again is told by lane.
    pub fn run(&self, agents: &Agents, room: &mut Room, observer: &mut dyn Observer) -> Drawn {
        room.alive = agents.mask;
        room.fates.clear();
        room.cost = Cost::default();
        room.steps = [0; LANES];
        let slots = self.lowered.arm.slots.len();
        let values = &mut room.fixed[..slots];
        let (population, sampler) = (self.population, self.sampler);
        let drawn = self.drawing.draw(self.lowered, population, sampler, agents, &mut room.limits, values);
        for lane in lanes_of(agents.mask) {
            for slot in 0..slots {
                room.values[lane][slot] = room.fixed[slot].0[lane];
            }
            if let Some(slot) = drawn.failed[lane] {
                room.fail(lane, 0, Cause::NoDraw { slot });
            }
        }
        self.start(room);
        room.watch.begin();
        for (n, phase) in self.lowered.arm.phases.iter().enumerate() {
            self.phase(n, phase, agents, room, observer);
        }
        for lane in lanes_of(room.alive) {
            while !room.watch.show_now(self.lowered, &room.course, &room.stepper, lane) {
                self.observe(room, observer);
            }
        }
        self.observe(room, observer);
        drawn
    }

    /// Baselines, starts and what else is constant over the run.
    fn start(&self, room: &mut Room) {
        let lowered = self.lowered;
        let slots = lowered.arm.slots.len();
        if lowered.solver.is_some() {
            self.solve_starts(room);
        } else {
            self.early(room);
        }
        for state in 0..lowered.states {
            room.fixed[slots + state] = room.stepper.states[state];
            room.stepper.scales[state] = room.stepper.states[state];
            room.stepper.scales[state].0.iter_mut().for_each(|scale| *scale = scale.abs());
        }
        lowered.once.give_fixed(&mut room.once, &room.fixed);
        lowered.once.run(&mut room.once);
        for n in 0..lowered.frontier {
            room.fixed[slots + lowered.states + n] = *lowered.once.root(&room.once, n);
        }
        for (n, state) in lowered.stated_scales.iter().enumerate() {
            room.stepper.scales[*state] = *lowered.once.root(&room.once, lowered.frontier + n);
        }
        lowered.rates.give_fixed(&mut room.rates, &room.fixed);
        lowered.flowing.give_fixed(&mut room.flowing, &room.fixed);
        for (set, registers) in lowered.sets.iter().zip(&mut room.sets) {
            if let Some(set) = set {
                set.give_fixed(registers, &room.fixed);
            }
        }
    }

    /// Baselines, and the starts that are formulas.
    fn early(&self, room: &mut Room) {
        let lowered = self.lowered;
        lowered.early.give_fixed(&mut room.early, &room.fixed);
        lowered.early.run(&mut room.early);
        for (input, baseline) in room.baselines.iter_mut().enumerate() {
            *baseline = *lowered.early.root(&room.early, input);
        }
        for (n, state) in lowered.formula_starts.iter().enumerate() {
            room.stepper.states[*state] = *lowered.early.root(&room.early, lowered.inputs + n);
        }
    }

    /// Starts that are steady states, looked for from the scale of each state where it states one; then the formulas,
    /// which may stand on them.
    fn solve_starts(&self, room: &mut Room) {
        let Some(solver) = &self.lowered.solver else { return };
        let lowered = self.lowered;
        let slots = lowered.arm.slots.len();
        let mut states = vec![Lanes([1.0; LANES]); lowered.states];
        room.fixed[slots..slots + lowered.states].copy_from_slice(&states);
        lowered.once.give_fixed(&mut room.once, &room.fixed);
        lowered.once.run(&mut room.once);
        for (n, state) in lowered.stated_scales.iter().enumerate() {
            states[*state] = *lowered.once.root(&room.once, lowered.frontier + n);
        }
        room.fixed[slots..slots + lowered.states].copy_from_slice(&states);
        self.early(room);
        for state in &lowered.formula_starts {
            states[*state] = room.stepper.states[*state];
        }
        let values = &room.fixed[..slots];
        let (found, _, stable) =
            solver.solve(&mut room.solver, values, &room.baselines, &mut states, room.alive);
        for lane in lanes_of(room.alive) {
            if found >> lane & 1 == 0 {
                room.fail(lane, 0, Cause::NoSteadyState);
            } else if stable >> lane & 1 == 0 {
                room.fail(lane, 0, Cause::Unstable);
            }
        }
        for state in (0..lowered.states).filter(|state| !lowered.formula_starts.contains(state)) {
            room.stepper.states[state] = states[state];
            room.fixed[slots + state] = states[state];
        }
        self.early(room);
    }

    fn phase(&self, n: usize, phase: &Phase, agents: &Agents, room: &mut Room, observer: &mut dyn Observer) {
        self.set(n, phase, room);
        for lane in lanes_of(room.alive) {
            self.enter(phase.when.start, lane, phase, agents, room);
        }
        let mut fresh = room.alive;
        loop {
            self.observe(room, observer);
            let active = self.active(phase, agents, room, &mut fresh);
            if active == 0 {
                let done =
                    lanes_of(room.alive).all(|lane| room.course.at_end(lane) && !room.watch.is_passing(lane));
                if done {
                    return;
                }
                continue;
            }
            if fresh & active != 0 {
                room.stepper.refresh(self.lowered, &mut room.rates, &room.course, fresh & active);
                room.cost.evaluations += u64::from((fresh & active).count_ones());
                fresh &= !active;
            }
            self.advance(active, room);
        }
    }

    /// Restores, boluses, inactivation: what a phase sets, all from the states just before.
    fn set(&self, n: usize, phase: &Phase, room: &mut Room) {
        let Some(set) = &self.lowered.sets[n] else { return };
        let registers = &mut room.sets[n];
        set.give_states(registers, &room.stepper.states);
        set.run(registers);
        let values = set.results(registers);
        for ((state, _), value) in phase.set.iter().zip(values) {
            for lane in lanes_of(room.alive) {
                room.stepper.states[*state].0[lane] = value.0[lane];
            }
        }
    }

    fn enter(&self, at: Micros, lane: usize, phase: &Phase, agents: &Agents, room: &mut Room) {
        let index = agents.first + lane as u64;
        let agent = Agent { seed: self.population.seed, index, values: &room.values[lane] };
        room.course.enter(at, lane, phase, &room.baselines, agent);
    }

    /// Lanes that can take a step. Lanes at the end of a segment enter the next one, all at once where it is the same for all.
    fn active(&self, phase: &Phase, agents: &Agents, room: &mut Room, fresh: &mut u64) -> u64 {
        let mut active = 0;
        let together = room.course.together(room.alive);
        for lane in lanes_of(room.alive) {
            if room.watch.is_passing(lane) {
                room.watch.pass(self.lowered, &room.course, &room.stepper, lane);
                if room.watch.is_passing(lane) {
                    continue;
                }
            }
            if room.course.at_end(lane) {
                let until = room.course.until[lane];
                if until == phase.when.end || !together {
                    continue;
                }
                self.enter(until, lane, phase, agents, room);
                *fresh |= 1 << lane;
            }
            if !room.watch.show_now(self.lowered, &room.course, &room.stepper, lane) {
                continue;
            }
            // Only here has the lane shown all that it passed: nothing depends on whom it waited for.
            if room.steps[lane] >= MOST_STEPS {
                room.fail(lane, room.course.clock(lane), Cause::TooManySteps);
                continue;
            }
            active |= 1 << lane;
        }
        active
    }

    /// One trial of all active lanes.
    fn advance(&self, active: u64, room: &mut Room) {
        room.stepper.choose(&room.course, active);
        room.stepper.attempt(self.lowered, &mut room.rates, &room.course);
        let accepted = lanes_of(active)
            .filter(|lane| room.stepper.verdict(*lane) == Trial::Accepted)
            .fold(0_u64, |mask, lane| mask | 1 << lane);
        room.cost.evaluations += 6 * u64::from(active.count_ones());
        room.cost.steps += u64::from(accepted.count_ones());
        room.cost.rejected += u64::from((active & !accepted).count_ones());
        room.watch.follow(self.lowered, &mut room.flowing, &room.course, &room.stepper, accepted);
        for lane in lanes_of(active) {
            room.steps[lane] += 1;
            match room.stepper.verdict(lane) {
                Trial::Accepted => {
                    room.watch.take(self.lowered, &room.course, &room.stepper, lane);
                    let to = end_of(&room.course, &room.stepper, lane);
                    room.stepper.accept(lane);
                    room.course.since[lane] = to;
                    if room.watch.is_passing(lane) {
                        room.watch.pass(self.lowered, &room.course, &room.stepper, lane);
                    }
                }
                Trial::Rejected(reason) => self.reject(lane, reason, room),
            }
        }
    }

    fn reject(&self, lane: usize, reason: Reason, room: &mut Room) {
        let before = room.course.since[lane];
        room.stepper.shorten(lane, reason);
        let wanted = room.stepper.wanted.0[lane];
        if wanted > 0.0 && before + wanted > before && wanted > room.course.length[lane] * f64::EPSILON {
            return;
        }
        let state = room.stepper.culprit(self.lowered, lane, reason);
        let cause = match reason {
            Reason::Error => Cause::StepTooSmall { state },
            Reason::NotFinite => Cause::NotFinite { state },
            Reason::Negative => Cause::Negative { state },
        };
        room.fail(lane, room.course.clock(lane), cause);
    }

    /// Hands the points that all lanes have passed to the observer.
    fn observe(&self, room: &mut Room, observer: &mut dyn Observer) {
        while let Some(point) = room.watch.ready(self.lowered, room.alive) {
            observer.point(point, &room.watch, &room.fixed);
            room.watch.release();
        }
    }
}

impl Room {
    fn fail(&mut self, lane: usize, at: Micros, cause: Cause) {
        if self.alive >> lane & 1 == 1 {
            self.alive &= !(1 << lane);
            self.fates.push((lane, at, cause));
        }
    }
}
