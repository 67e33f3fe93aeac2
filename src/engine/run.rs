//! One arm of one block, from the first phase to the last, with the arms that look on while they share its steps.
//! Knows nothing of how what is seen is reduced.

use super::alone::What;
use super::collected::{Cause, Cost};
use super::control::{Counted, ones};
use super::draw::{Agents, Drawing, Drawn};
use super::lowered::Lowered;
use super::plan::Phase;
use super::room::{Body, Eyes, Room};
use super::step::{Reason, lanes_of};
use super::watch::Watch;
use crate::kernel::{LANES, Lanes, wide};
use crate::population::{Population, Sampler};
use crate::stimulus::{Agent, Micros};

/// Steps after which an agent is given up in an arm: some ten seconds of computing for a block whose agents all come to this.
/// What changes every hour for many years stays below it; what is stiff or chatters would take hours. Tests have no ten seconds.
pub const MOST_STEPS: u64 = if cfg!(test) { 50_000 } else { 2_000_000 };

/// Who looks at what lanes show.
pub(super) trait Observer {
    /// All lanes of an arm that could have passed a point. Fixed lanes are the agents' values and what stands on them.
    fn point(&mut self, arm: usize, point: usize, watch: &Watch, fixed: &[Lanes]);
}

/// An arm that sees what happens.
pub(super) struct Look<'a> {
    pub arm: usize,
    pub lowered: &'a Lowered,
    pub eyes: &'a mut Eyes,
}

/// An arm that looks on while another lives what both share, and goes on from there.
pub(super) struct Onlooker<'a> {
    pub arm: usize,
    pub lowered: &'a Lowered,
    pub room: &'a mut Room,
    /// Phases that it shares.
    pub phases: usize,
}

/// One arm with the population that lives it.
pub(super) struct Life<'a> {
    pub lowered: &'a Lowered,
    pub drawing: &'a Drawing,
    pub population: &'a Population,
    pub sampler: &'a Sampler,
}

impl Life<'_> {
    /// Draws the agents of a block and finds their starts. What was drawn again is told by lane.
    pub fn prepare(&self, agents: &Agents, room: &mut Room) -> Drawn {
        let (population, sampler) = (self.population, self.sampler);
        let slots = self.lowered.arm.slots.len();
        let Room { eyes, body } = room;
        body.alive = agents.mask;
        body.fates.clear();
        body.cost = Cost::default();
        (body.steps, body.trials) = ([0; LANES], 0);
        body.stepper.history.forget();
        body.course.begin();
        let values = &mut eyes.fixed[..slots];
        let drawn = self.drawing.draw(self.lowered, population, sampler, agents, &mut body.limits, values);
        for lane in lanes_of(agents.mask) {
            for slot in 0..slots {
                body.values[lane][slot] = eyes.fixed[slot].0[lane];
            }
            if let Some(slot) = drawn.failed[lane] {
                body.fail(lane, 0, Cause::NoDraw { slot });
            }
        }
        self.start(room);
        room.eyes.watch.begin();
        drawn
    }

    /// Lets a prepared block live the arm from a phase on, the first or the one after those that it shared.
    /// Onlookers see what they share and are left where it ends.
    pub fn live(
        &self,
        (arm, from): (usize, usize),
        agents: &Agents,
        room: &mut Room,
        onlookers: &mut [Onlooker],
        observer: &mut dyn Observer,
    ) {
        let Room { eyes, body } = room;
        for (n, phase) in self.lowered.arm.phases.iter().enumerate().skip(from) {
            let mut crowd = vec![Look { arm, lowered: self.lowered, eyes: &mut *eyes }];
            for onlooker in onlookers.iter_mut().filter(|onlooker| n < onlooker.phases) {
                let Onlooker { arm, lowered, room, .. } = onlooker;
                crowd.push(Look { arm: *arm, lowered, eyes: &mut room.eyes });
            }
            self.phase(n, phase, agents, body, &mut crowd, observer);
            for onlooker in onlookers.iter_mut().filter(|onlooker| n + 1 == onlooker.phases) {
                onlooker.room.body.follow(body);
            }
        }
        let mut crowd = [Look { arm, lowered: self.lowered, eyes }];
        show_rest(body, &mut crowd, observer);
    }

    /// Baselines, starts and what else is constant over the run.
    fn start(&self, room: &mut Room) {
        let slots = self.lowered.arm.slots.len();
        if self.lowered.solver.is_some() {
            self.solve_starts(room);
        } else {
            self.early(room);
        }
        for state in 0..self.lowered.states {
            room.eyes.fixed[slots + state] = room.body.stepper.states[state];
        }
        self.settle(room);
    }

    /// What is constant over the run, from the agents' values and starts.
    pub(super) fn settle(&self, room: &mut Room) {
        let lowered = self.lowered;
        let slots = lowered.arm.slots.len();
        for state in 0..lowered.states {
            room.body.stepper.scales[state] = room.eyes.fixed[slots + state];
            room.body.stepper.scales[state].0.iter_mut().for_each(|scale| *scale = scale.abs());
        }
        lowered.once.give_fixed(&mut room.body.once, &room.eyes.fixed);
        lowered.once.run(&mut room.body.once);
        for n in 0..lowered.frontier {
            room.eyes.fixed[slots + lowered.states + n] = *lowered.once.root(&room.body.once, n);
        }
        for (n, state) in lowered.stated_scales.iter().enumerate() {
            room.body.stepper.scales[*state] = *lowered.once.root(&room.body.once, lowered.frontier + n);
        }
        lowered.rates.give_fixed(&mut room.body.rates, &room.eyes.fixed);
        lowered.flowing.give_fixed(&mut room.eyes.flowing, &room.eyes.fixed);
        if let (Some(linear), Some(own)) = (&lowered.linear, &mut room.body.stepper.linear) {
            linear.give_fixed(own, &room.eyes.fixed);
        }
        for (set, registers) in lowered.sets.iter().zip(&mut room.body.sets) {
            if let Some(set) = set {
                set.give_fixed(registers, &room.eyes.fixed);
            }
        }
    }

    /// Baselines, and the starts that are formulas.
    fn early(&self, room: &mut Room) {
        let lowered = self.lowered;
        lowered.early.give_fixed(&mut room.body.early, &room.eyes.fixed);
        lowered.early.run(&mut room.body.early);
        for (input, baseline) in room.body.baselines.iter_mut().enumerate() {
            *baseline = *lowered.early.root(&room.body.early, input);
        }
        for (n, state) in lowered.formula_starts.iter().enumerate() {
            room.body.stepper.states[*state] = *lowered.early.root(&room.body.early, lowered.inputs + n);
        }
    }

    /// Starts that are steady states, looked for from the scale of each state where it states one; then the formulas,
    /// which may stand on them.
    fn solve_starts(&self, room: &mut Room) {
        let Some(solver) = &self.lowered.solver else { return };
        let lowered = self.lowered;
        let slots = lowered.arm.slots.len();
        let mut states = vec![Lanes([1.0; LANES]); lowered.states];
        room.eyes.fixed[slots..slots + lowered.states].copy_from_slice(&states);
        lowered.once.give_fixed(&mut room.body.once, &room.eyes.fixed);
        lowered.once.run(&mut room.body.once);
        for (n, state) in lowered.stated_scales.iter().enumerate() {
            states[*state] = *lowered.once.root(&room.body.once, lowered.frontier + n);
        }
        room.eyes.fixed[slots..slots + lowered.states].copy_from_slice(&states);
        self.early(room);
        for state in &lowered.formula_starts {
            states[*state] = room.body.stepper.states[*state];
        }
        let values = &room.eyes.fixed[..slots];
        let Body { solver: registers, baselines, alive, .. } = &mut room.body;
        let found = solver.solve(registers, &mut solver.room(), values, baselines, &mut states, *alive);
        for lane in lanes_of(room.body.alive) {
            if found >> lane & 1 == 0 {
                room.body.fail(lane, 0, Cause::NoSteadyState);
            } else if !solver.is_stable(&solver.eigenvalues(&room.body.solver, lane)) {
                room.body.fail(lane, 0, Cause::Unstable);
            }
        }
        for state in (0..lowered.states).filter(|state| !lowered.formula_starts.contains(state)) {
            room.body.stepper.states[state] = states[state];
            room.eyes.fixed[slots + state] = states[state];
        }
        self.early(room);
    }

    pub(super) fn phase(
        &self,
        n: usize,
        phase: &Phase,
        agents: &Agents,
        body: &mut Body,
        crowd: &mut [Look],
        observer: &mut dyn Observer,
    ) {
        self.set(n, phase, body);
        for lane in lanes_of(body.alive) {
            self.enter(phase.when.start, lane, phase, agents, body, crowd);
        }
        let mut fresh = body.alive;
        loop {
            observe(body.alive, crowd, observer);
            let active = self.active(phase, agents, body, crowd, &mut fresh);
            if active == 0 {
                let passing = crowd.iter().fold(0, |mask, look| mask | look.eyes.watch.passing());
                let through = body.alive & (!body.course.ended | passing) == 0;
                // Lanes may also be through a segment together when the one for which they waited there is given up.
                if through && lanes_of(body.alive).all(|lane| body.course.until[lane] == phase.when.end) {
                    return;
                }
                continue;
            }
            self.ready(active, &mut fresh, body);
            self.advance(active, body, crowd);
        }
    }

    /// Rates and first lengths of lanes that need them before they take a step.
    fn ready(&self, active: u64, fresh: &mut u64, body: &mut Body) {
        let begin = *fresh & active;
        let lanes = begin | body.stepper.unrated(active);
        if lanes == 0 {
            return;
        }
        body.stepper.rate(self.lowered, &mut body.rates, &body.course, lanes);
        body.cost.evaluations += u64::from(lanes.count_ones());
        for lane in lanes_of(begin) {
            body.stepper.begin(lane, &body.course);
        }
        *fresh &= !active;
    }

    /// Restores, boluses, inactivation: what a phase sets, all from the states just before.
    pub(super) fn set(&self, n: usize, phase: &Phase, body: &mut Body) {
        let Some(set) = &self.lowered.sets[n] else { return };
        let registers = &mut body.sets[n];
        set.give_states(registers, &body.stepper.states);
        set.run(registers);
        let values = set.results(registers);
        for ((state, _), value) in phase.set.iter().zip(values) {
            for lane in lanes_of(body.alive) {
                body.stepper.states[*state].0[lane] = value.0[lane];
            }
        }
    }

    pub(super) fn enter(
        &self,
        at: Micros,
        lane: usize,
        phase: &Phase,
        agents: &Agents,
        body: &mut Body,
        crowd: &mut [Look],
    ) {
        let index = agents.first + lane as u64;
        let agent = Agent { seed: self.population.seed, index, values: &body.values[lane] };
        body.course.enter(at, lane, phase, &body.baselines, agent);
        body.stepper.changed(lane);
        for look in crowd {
            look.eyes.watch.enter(look.lowered, &body.course, lane);
        }
        body.note(lane, What::Enters);
    }

    /// Lanes that can take a step. Lanes at the end of a segment enter the next one, all at once where it is the same for all.
    fn active(
        &self,
        phase: &Phase,
        agents: &Agents,
        body: &mut Body,
        crowd: &mut [Look],
        fresh: &mut u64,
    ) -> u64 {
        // Each looks on as far as it has room, whether or not another has to wait.
        let mut waiting = 0;
        for look in crowd.iter_mut() {
            for lane in lanes_of(look.eyes.watch.passing() & body.alive) {
                waiting |= u64::from(!look.is_through(body, lane)) << lane;
            }
        }
        let ended = body.course.ended & body.alive & !waiting;
        if ended != 0 {
            let together = body.course.together(body.alive);
            for lane in lanes_of(ended) {
                let until = body.course.until[lane];
                if until == phase.when.end || !together {
                    waiting |= 1 << lane;
                    continue;
                }
                self.enter(until, lane, phase, agents, body, crowd);
                *fresh |= 1 << lane;
            }
        }
        for look in crowd.iter_mut() {
            for lane in lanes_of(look.eyes.watch.at_point() & body.alive & !waiting) {
                waiting |= u64::from(!look.shows_now(body, lane)) << lane;
            }
        }
        // Only here has a lane shown all that it passed: nothing depends on whom it waited for.
        let active = body.alive & !waiting;
        active & !self.exhausted(active, body)
    }

    /// Lanes that are given up: none has taken more steps than the block.
    fn exhausted(&self, active: u64, body: &mut Body) -> u64 {
        if body.trials < MOST_STEPS {
            return 0;
        }
        let exhausted = lanes_of(active).filter(|lane| body.steps[*lane] >= MOST_STEPS);
        let exhausted = exhausted.fold(0_u64, |mask, lane| mask | 1 << lane);
        for lane in lanes_of(exhausted) {
            body.fail(lane, body.course.clock(lane), Cause::TooManySteps);
        }
        exhausted
    }

    /// One trial of the active lanes that are of one mind about the method.
    fn advance(&self, active: u64, body: &mut Body, crowd: &mut [Look]) {
        let active = body.stepper.of_one_mind(active);
        let mask = ones(active);
        body.stepper.choose(&body.course, &mask);
        body.stepper.attempt(self.lowered, &mut body.rates, &body.course);
        let accepted = body.stepper.judge(self.lowered, (active, &mask));
        body.trials += 1;
        body.cost.count(body.stepper.method, active, accepted);
        wide(Counted { mask: &mask, counts: &mut body.steps });
        let ends = body.course.ends(&body.stepper.tried);
        look(&ends, accepted, body, crowd);
        let mask = if accepted == active { mask } else { ones(accepted) };
        body.stepper.accept(&body.course, (accepted, &mask));
        let since = body.log.is_some().then_some(body.course.since);
        body.course.advance(&ends, (accepted, &mask));
        if let Some(before) = since {
            for lane in lanes_of(accepted) {
                let length = body.course.since.0[lane] - before.0[lane];
                body.note(lane, What::Steps { length, method: body.stepper.method });
            }
        }
        for lane in lanes_of(active & !accepted) {
            self.reject(lane, body);
        }
    }

    fn reject(&self, lane: usize, body: &mut Body) {
        let reason = body.stepper.reason(lane);
        body.note(
            lane,
            What::Rejects { length: body.stepper.tried.0[lane], reason, method: body.stepper.method },
        );
        body.stepper.shorten(lane, reason);
        let before = body.course.since.0[lane];
        let wanted = body.stepper.history.wanted.0[lane];
        if wanted > 0.0 && before + wanted > before && wanted > body.course.length.0[lane] * f64::EPSILON {
            return;
        }
        let state = body.stepper.culprit(self.lowered, lane, reason);
        let cause = match reason {
            Reason::Error => Cause::StepTooSmall { state },
            Reason::NotFinite => Cause::NotFinite { state },
            Reason::Negative => Cause::Negative { state },
        };
        body.fail(lane, body.course.clock(lane), cause);
    }
}

/// What the trial shows to those who look on, before it is taken over.
fn look(ends: &Lanes, accepted: u64, body: &mut Body, crowd: &mut [Look]) {
    let Body { stepper, course, .. } = body;
    let mut followed = false;
    for look in crowd.iter_mut() {
        let Eyes { watch, flowing, .. } = &mut *look.eyes;
        let seeing = watch.seeing(look.lowered, course, ends, accepted);
        if seeing == 0 {
            continue;
        }
        if !followed {
            stepper.follow();
            followed = true;
        }
        watch.take(look.lowered, flowing, course, stepper, (ends, seeing));
    }
}

/// Hands the points that all lanes have passed to the observer; what an onlooker sees comes after what the one whose steps
/// these are saw at that moment, from which it may be told apart.
fn observe(alive: u64, crowd: &mut [Look], observer: &mut dyn Observer) {
    let mut before = None;
    for (n, look) in crowd.iter_mut().enumerate() {
        let moments = &look.lowered.observed.moments;
        while let Some(point) = look.eyes.watch.ready(look.lowered, alive) {
            if before.is_some_and(|before| moments[point] >= before) {
                break;
            }
            observer.point(look.arm, point, &look.eyes.watch, &look.eyes.fixed);
            look.eyes.watch.release();
        }
        if n == 0 {
            before = look.eyes.watch.waiting(look.lowered);
        }
    }
}

/// What lies at the end of the last phase.
pub(super) fn show_rest(body: &Body, crowd: &mut [Look; 1], observer: &mut dyn Observer) {
    for lane in lanes_of(body.alive) {
        while !crowd[0].shows_now(body, lane) {
            observe(body.alive, crowd, observer);
        }
    }
    observe(body.alive, crowd, observer);
}

impl Look<'_> {
    /// Passes through the step that a lane has taken; false where it has to wait.
    fn is_through(&mut self, body: &Body, lane: usize) -> bool {
        let watch = &mut self.eyes.watch;
        if watch.is_passing(lane) {
            watch.pass(self.lowered, &body.course, &body.stepper, lane);
        }
        !watch.is_passing(lane)
    }

    /// Shows what lies at this very moment; false where it has to wait.
    fn shows_now(&mut self, body: &Body, lane: usize) -> bool {
        self.eyes.watch.show_now(self.lowered, &body.course, &body.stepper, lane)
    }
}
