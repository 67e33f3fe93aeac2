//! One agent living alone, with all that it goes through kept: the same bits as in company.
//! Knows nothing of how it is told.

use super::block::Rooms;
use super::collected::Collected;
use super::draw::Agents;
use super::drive::Engine;
use super::step::{Method, Reason};
use super::store::{Store, Tray};
use crate::kernel::{LANES, Lanes};

/// What happens to an agent at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// Its inputs take the courses of a new segment, at the start of a phase after what the phase sets.
    Enters,
    /// A step was taken, of a length in model time; inputs and states are those at its end.
    Steps { length: f64, method: Method },
    /// A step of a length in model time was tried and not taken; inputs and states are those from which it was tried.
    Rejects { length: f64, reason: Reason, method: Method },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Microseconds since t = 0, with their fraction: steps end between them.
    pub at: f64,
    pub what: What,
    pub inputs: Vec<f64>,
    pub states: Vec<f64>,
}

/// What one agent went through in one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// By slot.
    pub values: Vec<f64>,
    /// In the order in which they came.
    pub events: Vec<Event>,
    /// States at the end, or where the agent failed.
    pub ends: Vec<f64>,
}

/// One agent of a plan, run by itself.
#[derive(Clone, Debug)]
pub struct Alone {
    /// Position in `Population::groups`.
    pub group: Option<usize>,
    /// By arm.
    pub arms: Vec<Story>,
    /// As of a run with this agent only: its fates, its cost (what arms share counts once), and its traces where the plan traces it.
    pub collected: Collected,
}

impl Engine {
    /// Runs one agent alone; `None` where the population has no such agent.
    pub fn alone(&self, agent: u64) -> Option<Alone> {
        let (block, lane) = (agent / LANES as u64, (agent % LANES as u64) as usize);
        let mut agents = Agents::of_block(block, &self.lives.plan.population, &self.lives.sampler);
        if !agents.holds(agent) {
            return None;
        }
        agents.mask = 1 << lane;
        agents.groups.iter_mut().for_each(|lanes| *lanes &= 1 << lane);
        let mut rooms = Rooms::new(&self.lives);
        rooms.arms.iter_mut().for_each(|room| room.body.log = Some(Vec::new()));
        let mut collected = self.lives.empty();
        let store = Store::of(&mut collected);
        let (mut tray, mut rest) = (Tray::new(&store, 1), collected.clone());
        self.lives.agents(&agents, &mut rooms, &mut tray, &mut rest);
        tray.empty();
        collected.merge(rest);
        store.give_back(&mut collected);
        let of = |lanes: &[Lanes]| lanes.iter().map(|lanes| lanes.0[lane]).collect();
        let arms = rooms.arms.iter_mut().zip(&self.lives.plan.arms).map(|(room, arm)| Story {
            values: of(&room.eyes.fixed[..arm.slots.len()]),
            events: room.body.log.take().unwrap_or_default(),
            ends: of(&room.body.stepper.states),
        });
        Some(Alone { group: agents.group[lane], arms: arms.collect(), collected })
    }
}
