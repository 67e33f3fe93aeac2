//! Responses for which something happens at each level of the probe: where that sets out, and what was answered to which level.
//! Knows nothing of what happens (`chronic`, `challenge`) or of curves (`sensitivity`). Nothing flows back to the agents.

use super::acute::Frozen;
use super::challenge::{self, Challenge};
use super::chronic::{self, Chronic};
use super::collected::Missing;
use super::draw::{Agents, Drawing};
use super::lowered::Places;
use super::plan::{self, Arm, Form, Response, System};
use super::program::{Program, Registers};
use super::step::{Method, lanes_of};
use crate::expression::Id;
use crate::kernel::{LANES, Lanes};
use crate::population::{Population, Sampler};

/// Levels at which a curve is looked at for its metrics; which levels are drawn changes nothing.
const CHRONIC: usize = 49;
const CHALLENGED: usize = 13;

/// What each lane answers to a level, or why it does not.
pub(super) type Answer = [Result<f64, Missing>; LANES];

/// Whose responses are taken.
#[derive(Clone, Copy)]
pub(super) struct Host<'a> {
    pub population: &'a Population,
    pub sampler: &'a Sampler,
    pub drawing: &'a Drawing,
    pub agents: &'a Agents,
    /// What is fixed of the agents.
    pub fixed: &'a [Lanes],
}

/// A response in a form other than the acute one, as programs.
#[derive(Clone, Debug)]
pub(super) struct Excursion {
    by: By,
    /// Bottom (0 where none is stated), top and current level (NaN where there is none).
    pub ends: Program,
    /// Baselines, then sizes of the states.
    rest: Program,
    from_rest: bool,
    slots: usize,
    states: usize,
    probe: usize,
    pub topped: bool,
    /// Levels at which the curve is looked at.
    pub grid: Vec<f64>,
    /// How exactly answers are known, as a share of the whole height.
    pub exact: f64,
}

#[derive(Clone, Debug)]
enum By {
    Chronic(Box<Chronic>),
    Challenge(Box<Challenge>),
}

/// Where one response of one block is taken.
pub(super) struct Room {
    pub ends: Registers,
    rest: Registers,
    mask: u64,
    from: From,
    /// Inputs with the level in the probe's place.
    inputs: Vec<Lanes>,
    /// What was answered to levels that are the same for all lanes.
    known: Vec<(f64, Answer)>,
    by: Taken,
}

/// Where an excursion sets out.
pub(super) struct From {
    pub states: Vec<Lanes>,
    pub inputs: Vec<Lanes>,
    /// Starts of the states, and the sizes below which they have none of their own.
    pub starts: Vec<Lanes>,
    pub sizes: Vec<Lanes>,
}

#[cfg(test)]
impl Room {
    /// How often a search computed rates and Jacobian.
    pub fn evaluations(&self) -> u64 {
        match &self.by {
            Taken::Chronic(chronic) => chronic.evaluations(),
            Taken::Challenge(_) => 0,
        }
    }
}

enum Taken {
    Chronic(Box<chronic::Room>),
    Challenge(Box<challenge::Room>),
}

impl Excursion {
    /// Response `n`; `whole` is the arm as planned, of which `system` is the folded one.
    pub fn new(
        whole: &Arm,
        system: &System,
        n: usize,
        places: &Places,
        program: impl Fn(&[Id]) -> Result<Program, String>,
    ) -> Result<Excursion, String> {
        let response: &Response = &system.responses[n];
        let probe = system.inputs.iter().position(|input| *input == response.probe);
        let probe =
            probe.ok_or_else(|| format!("`{}` is not an input", system.arena.name(response.probe)))?;
        let sizes =
            (0..system.states.len()).map(|state| system.scales[state].unwrap_or(places.starts[state]));
        let rest: Vec<Id> = system.baselines.iter().copied().chain(sizes).collect();
        let (by, points, exact) = match &response.form {
            Form::Acute => return Err("an acute response needs no excursion".to_owned()),
            Form::Chronic => {
                let chronic = Chronic::new(system, program(&[response.value])?)?;
                (By::Chronic(Box::new(chronic)), CHRONIC, 1e-9)
            }
            Form::Challenge(of) => {
                let inputs: Vec<Id> = of.inputs.iter().map(|(_, level)| *level).collect();
                let challenge = Challenge::new(whole, n, of, program(&inputs)?)?;
                (By::Challenge(Box::new(challenge)), CHALLENGED, 1e-4)
            }
        };
        Ok(Excursion {
            by,
            ends: program(&places.ends)?,
            rest: program(&rest)?,
            from_rest: response.from_rest,
            slots: system.values.len(),
            states: system.states.len(),
            probe,
            topped: response.top.is_some(),
            grid: plan::levels(response.range, points),
            exact,
        })
    }

    pub fn room(&self, relative: f64, only: Option<Method>) -> Room {
        let lanes = |count: usize| vec![Lanes([0.0; LANES]); count];
        let inputs = self.inputs();
        let from = From {
            states: lanes(self.states),
            inputs: lanes(inputs),
            starts: lanes(self.states),
            sizes: lanes(self.states),
        };
        Room {
            ends: self.ends.registers(),
            rest: self.rest.registers(),
            mask: 0,
            from,
            inputs: lanes(inputs),
            known: Vec::with_capacity(2 * self.grid.len()),
            by: match &self.by {
                By::Chronic(chronic) => Taken::Chronic(Box::new(chronic.room(self.grid.len()))),
                By::Challenge(challenge) => Taken::Challenge(Box::new(challenge.room(relative, only))),
            },
        }
    }

    fn inputs(&self) -> usize {
        self.rest.count() - self.states
    }

    /// The lanes of a mask set out from what is frozen.
    pub fn begin(&self, room: &mut Room, frozen: Frozen, mask: u64) {
        room.mask = mask;
        room.known.clear();
        self.ends.give_fixed(&mut room.ends, frozen.fixed);
        self.ends.give_inputs(&mut room.ends, frozen.inputs);
        self.ends.give_states(&mut room.ends, frozen.states);
        self.ends.run(&mut room.ends);
        self.rest.give_fixed(&mut room.rest, frozen.fixed);
        self.rest.run(&mut room.rest);
        let (inputs, from) = (self.inputs(), &mut room.from);
        from.starts.copy_from_slice(&frozen.fixed[self.slots..self.slots + self.states]);
        from.states.copy_from_slice(if self.from_rest { &from.starts } else { frozen.states });
        for (n, input) in from.inputs.iter_mut().enumerate() {
            *input = if self.from_rest { *self.rest.root(&room.rest, n) } else { frozen.inputs[n] };
        }
        for (state, size) in from.sizes.iter_mut().enumerate() {
            let (stated, start) = (self.rest.root(&room.rest, inputs + state), &from.starts[state]);
            *size = Lanes(std::array::from_fn(|lane| stated.0[lane].abs().max(start.0[lane].abs())));
        }
        match (&self.by, &mut room.by) {
            (By::Chronic(chronic), Taken::Chronic(taken)) => {
                room.inputs.copy_from_slice(&room.from.inputs);
                chronic.sweep(
                    taken,
                    &room.from,
                    (self.probe, &self.grid),
                    &mut room.inputs,
                    frozen.fixed,
                    mask,
                );
            }
            (By::Challenge(challenge), Taken::Challenge(taken)) => {
                challenge.begin(taken, &mut room.from, frozen.fixed);
            }
            _ => {}
        }
    }

    /// What the lanes that set out answer to one level, which is asked once however often it is needed.
    pub fn at(&self, room: &mut Room, host: Host, level: f64) -> Answer {
        if let Some((_, answer)) = room.known.iter().find(|(known, _)| *known == level) {
            return *answer;
        }
        let answer = self.answer(room, host, &Lanes([level; LANES]), u64::MAX);
        room.known.push((level, answer));
        answer
    }

    /// What the lanes of a mask answer to a level of their own.
    pub fn answer(&self, room: &mut Room, host: Host, levels: &Lanes, mask: u64) -> Answer {
        let mut answer = [Err(Missing::NotDefined); LANES];
        let sound = lanes_of(room.mask & mask).filter(|lane| levels.0[*lane].is_finite());
        let mask = sound.fold(0_u64, |mask, lane| mask | 1 << lane);
        if mask == 0 {
            return answer;
        }
        room.inputs.copy_from_slice(&room.from.inputs);
        room.inputs[self.probe] = *levels;
        match (&self.by, &mut room.by) {
            (By::Chronic(chronic), Taken::Chronic(taken)) => {
                let sweep = (self.probe, &self.grid[..]);
                chronic.answer(taken, &room.from, sweep, &room.inputs, host.fixed, mask, &mut answer);
            }
            (By::Challenge(challenge), Taken::Challenge(taken)) => {
                challenge.answer(taken, host, &room.from, &room.inputs, mask, &mut answer);
            }
            _ => {}
        }
        answer
    }
}

/// A number, or that there is none.
pub(super) fn defined(value: f64) -> Result<f64, Missing> {
    if value.is_finite() { Ok(value) } else { Err(Missing::NotDefined) }
}
