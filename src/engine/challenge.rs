//! Challenges: a time that agents live on with their inputs held, apart from the arm, and what is read of it.
//! Knows nothing of curves. It is an arm of its own with one phase, lived with the same steps and tolerance.

use std::sync::Arc;

use super::collected::{Cost, Missing};
use super::draw::Agents;
use super::excursion::{Answer, From, Host, defined};
use super::lowered::Lowered;
use super::plan::{self, Arm, Moment, Phase, Read, Reduce, Side, Tap};
use super::program::{Program, Registers};
use super::room;
use super::run::{Life, Look, Observer, show_rest};
use super::step::{Method, lanes_of};
use super::watch::Watch;
use crate::kernel::{LANES, Lanes};
use crate::stimulus::Interval;

#[derive(Clone, Debug)]
pub(super) struct Challenge {
    lowered: Box<Lowered>,
    /// Levels of the inputs that have one of their own.
    levels: Program,
    which: Vec<usize>,
}

pub(super) struct Room {
    life: room::Room,
    still: Registers,
    levels: Registers,
}

impl Challenge {
    /// Response `n` of an arm as planned.
    pub fn new(arm: &Arm, n: usize, of: &plan::Challenge, levels: Program) -> Result<Challenge, String> {
        let mut system = plan::System::clone(&arm.system);
        system.watched = vec![system.responses[n].value];
        system.responses.clear();
        let inputs = vec![None; system.inputs.len()];
        let reduce = match of.read {
            Read::Max => Some(Reduce::Max),
            Read::Min => Some(Reduce::Min),
            Read::Mean => Some(Reduce::Mean),
            Read::Area => Some(Reduce::Integral),
            Read::End => None,
        };
        let end = Moment { at: of.length, side: Side::Before };
        let tap = match reduce {
            Some(reduce) => Tap::Over { watched: 0, from: 0, to: of.length, reduce },
            None => Tap::At { watched: 0, moment: end },
        };
        let arm = Arm {
            system: Arc::new(system),
            phases: vec![Phase { when: Interval { start: 0, end: of.length }, inputs, set: Vec::new() }],
            series: Vec::new(),
            assays: Vec::new(),
            taps: vec![tap],
            ..arm.clone()
        };
        let which = of.inputs.iter().map(|(input, _)| *input).collect();
        Ok(Challenge { lowered: Box::new(Lowered::new(&arm)?), levels, which })
    }

    pub fn room(&self, relative: f64, only: Option<Method>) -> Room {
        Room {
            life: room::Room::by(&self.lowered, relative, only),
            still: self.lowered.still.registers(),
            levels: self.levels.registers(),
        }
    }

    /// Inputs with a level of their own take it.
    pub fn begin(&self, room: &mut Room, from: &mut From, fixed: &[Lanes]) {
        self.levels.give_fixed(&mut room.levels, fixed);
        self.levels.give_inputs(&mut room.levels, &from.inputs);
        self.levels.give_states(&mut room.levels, &from.states);
        self.levels.run(&mut room.levels);
        for (n, input) in self.which.iter().enumerate() {
            from.inputs[*input] = *self.levels.root(&room.levels, n);
        }
    }

    /// What the lanes of a mask answer under these inputs.
    pub fn answer(
        &self,
        room: &mut Room,
        host: Host,
        from: &From,
        inputs: &[Lanes],
        mask: u64,
        answer: &mut Answer,
    ) {
        lanes_of(mask).for_each(|lane| answer[lane] = Err(Missing::ChallengeFailed));
        let Host { population, sampler, drawing, agents, fixed } = host;
        let life = Life { lowered: &self.lowered, drawing, population, sampler };
        let mut reading = Reading { lowered: &self.lowered, still: &mut room.still, answer };
        life.apart(agents, &mut room.life, (&from.states, inputs, fixed), mask, &mut reading);
    }
}

impl Life<'_> {
    /// Lets the lanes of a mask live the arm's one phase from elsewhere: states, inputs that stand still, and what is fixed of
    /// the agents. Nothing of what was before is remembered, so that each life is its own.
    fn apart(
        &self,
        agents: &Agents,
        room: &mut room::Room,
        (states, inputs, fixed): (&[Lanes], &[Lanes], &[Lanes]),
        mask: u64,
        observer: &mut dyn Observer,
    ) {
        let known = self.lowered.arm.slots.len() + self.lowered.states;
        room.eyes.fixed[..known].copy_from_slice(&fixed[..known]);
        self.settle(room);
        let room::Room { eyes, body } = room;
        body.alive = mask;
        body.fates.clear();
        body.cost = Cost::default();
        (body.steps, body.trials) = ([0; LANES], 0);
        body.stepper.history.forget();
        body.course.begin();
        body.baselines.copy_from_slice(inputs);
        body.stepper.states.copy_from_slice(states);
        eyes.watch.begin();
        let mut crowd = [Look { arm: 0, lowered: self.lowered, eyes }];
        for (n, phase) in self.lowered.arm.phases.iter().enumerate() {
            self.phase(n, phase, agents, body, &mut crowd, observer);
        }
        show_rest(body, &mut crowd, observer);
    }
}

/// Reads the one number of a challenge.
struct Reading<'a> {
    lowered: &'a Lowered,
    still: &'a mut Registers,
    answer: &'a mut Answer,
}

impl Observer for Reading<'_> {
    fn point(&mut self, _: usize, point: usize, watch: &Watch, fixed: &[Lanes]) {
        let shown = watch.shown(point);
        let values = match shown.closed.first() {
            Some(closed) => closed,
            None => {
                let still = &self.lowered.still;
                still.give_fixed(self.still, fixed);
                still.give_states(self.still, &shown.states);
                still.give_inputs(self.still, &shown.inputs);
                still.run(self.still);
                still.root(self.still, 0)
            }
        };
        lanes_of(shown.mask).for_each(|lane| self.answer[lane] = defined(values.0[lane]));
    }
}
