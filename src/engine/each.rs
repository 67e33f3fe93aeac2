//! What each agent came to, block after block in the order of agents, whoever runs the blocks.
//! Knows nothing of what is made of it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::block::{Lives, Rooms};
use super::collected::Cause;
use super::draw::Agents;
use super::step::lanes_of;
use crate::kernel::{LANES, Lanes};

/// Blocks that may be done while an earlier one is not: a block that takes long holds up the others only then.
pub const MOST_AHEAD: u64 = 256;

/// What the agents of one block came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// Index of the first agent; the others follow.
    pub first: u64,
    /// By agent, its group: position in `Population::groups`.
    pub groups: Vec<Option<usize>>,
    /// By outcome, agent; NaN where the agent has none, or failed in an arm that the outcome stands on.
    pub outcomes: Vec<Vec<f64>>,
    pub arms: Vec<EndedArm>,
}

/// What became of agents in one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct EndedArm {
    /// By agent, why it could not go on.
    pub causes: Vec<Option<Cause>>,
    /// By slot in which agents differ (`Slot::differs`), agent.
    pub values: Vec<Vec<f64>>,
    /// By state, agent: where it stands at the end; NaN where it failed.
    pub states: Vec<Vec<f64>>,
}

/// Whom finished blocks are given to; a break ends the run.
pub type Each<'a> = dyn FnMut(Ended) -> ControlFlow<()> + Send + 'a;

impl Ended {
    pub fn agents(&self) -> usize {
        self.groups.len()
    }
}

impl Lives {
    /// What the agents came to in whose rooms a block was just run.
    pub fn ended(&self, agents: &Agents, rooms: &Rooms) -> Ended {
        let of = |lanes: &Lanes, mask: u64| -> Vec<f64> {
            let number = |lane| if mask >> lane & 1 == 1 { lanes.0[lane] } else { f64::NAN };
            lanes_of(agents.mask).map(number).collect()
        };
        let failed: Vec<u64> = rooms.arms.iter().map(|room| agents.mask & !room.body.alive).collect();
        let outcomes = self.outcomes.of_lanes(&rooms.outcomes, agents.mask, &failed);
        let arms = rooms.arms.iter().zip(&self.plan.arms).map(|(room, arm)| {
            let mut causes = [None; LANES];
            room.body.fates.iter().for_each(|(lane, _, cause)| causes[*lane] = Some(*cause));
            let values = arm.slots.iter().zip(&room.eyes.fixed).filter(|(slot, _)| slot.differs());
            EndedArm {
                causes: lanes_of(agents.mask).map(|lane| causes[lane]).collect(),
                values: values.map(|(_, lanes)| of(lanes, agents.mask)).collect(),
                states: room.body.stepper.states.iter().map(|lanes| of(lanes, room.body.alive)).collect(),
            }
        });
        Ended {
            first: agents.first,
            groups: lanes_of(agents.mask).map(|lane| agents.group[lane]).collect(),
            outcomes: outcomes.iter().map(|(lanes, mask)| of(lanes, *mask)).collect(),
            arms: arms.collect(),
        }
    }
}

/// Finished blocks on their way to one who takes them in order. Of those that are done too early only so many wait.
pub(super) struct Queue<'a> {
    waiting: Mutex<Waiting<'a>>,
    /// Something was given on, or nobody takes more.
    moved: Condvar,
}

struct Waiting<'a> {
    /// The block that is given on next.
    next: u64,
    early: BTreeMap<u64, Ended>,
    each: &'a mut Each<'a>,
    over: bool,
}

impl<'a> Queue<'a> {
    pub fn new(first: u64, each: &'a mut Each<'a>) -> Queue<'a> {
        let waiting = Waiting { next: first, early: BTreeMap::new(), each, over: false };
        Queue { waiting: Mutex::new(waiting), moved: Condvar::new() }
    }

    /// Waits until a block is near the next one; `None` where nobody takes more. Whoever has a block in hand gives it, or ends it all
    /// by dropping what this gives, so that nobody waits for ever.
    pub fn enter(&self, block: u64) -> Option<Entered<'_, 'a>> {
        let mut waiting = self.lock();
        while !waiting.over && block >= waiting.next.saturating_add(MOST_AHEAD) {
            waiting = self.moved.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        // Not `then_some`: what is made and dropped there would wait for the lock that is held here.
        (!waiting.over).then(|| Entered { queue: self, block, given: false })
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<'a>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A block in hand.
pub(super) struct Entered<'q, 'a> {
    queue: &'q Queue<'a>,
    block: u64,
    given: bool,
}

impl Entered<'_, '_> {
    pub fn give(mut self, ended: Ended) {
        let mut guard = self.queue.lock();
        let waiting = &mut *guard;
        waiting.early.insert(self.block, ended);
        while !waiting.over
            && let Some(ended) = waiting.early.remove(&waiting.next)
        {
            waiting.over = (waiting.each)(ended).is_break();
            waiting.next += 1;
        }
        self.given = true;
        drop(guard);
        self.queue.moved.notify_all();
    }
}

impl Drop for Entered<'_, '_> {
    fn drop(&mut self) {
        if !self.given {
            self.queue.lock().over = true;
            self.queue.moved.notify_all();
        }
    }
}
