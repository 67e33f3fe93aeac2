//! A plan made ready to run, on one thread or many.
//! Knows nothing of how a block is run.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::alike::beginnings;
use super::block::{Lives, Rooms};
use super::collected::Collected;
use super::draw::Drawing;
use super::each::{Each, Queue};
use super::ends::End;
use super::lowered::Lowered;
use super::outcomes::Outcomes;
use super::plan::Plan;
use super::step::lanes_of;
use super::store::{Store, Tray};
use crate::kernel::LANES;
use crate::population::Sampler;

/// Blocks of 64 agents: how many a population has.
pub fn blocks(agents: u64) -> u64 {
    agents.div_ceil(LANES as u64)
}

/// A plan made ready to run: lowered to programs, what is observed in order of time.
pub struct Engine {
    pub(super) lives: Lives,
}

impl Engine {
    /// `Err` says which correlation is impossible, or names what is wrong with the plan.
    pub fn new(plan: &Plan) -> Result<Engine, String> {
        let sentences = |problems: Vec<(usize, String)>| {
            problems.into_iter().map(|(_, why)| why).collect::<Vec<_>>().join("; ")
        };
        let sampler = Sampler::new(&plan.population).map_err(sentences)?;
        let arms = plan.arms.iter().map(Lowered::new).collect::<Result<Vec<_>, _>>()?;
        let drawings = arms.iter().map(|arm| Drawing::new(arm, &plan.population)).collect();
        let outcomes = Outcomes::new(plan)?;
        Ok(Engine {
            lives: Lives {
                plan: plan.clone(),
                sampler,
                arms,
                drawings,
                outcomes,
                follows: beginnings(&plan.arms),
                only: None,
            },
        })
    }

    /// Runs a range of blocks, on all threads of the current pool where there are threads. `done` is told the agents of each finished block.
    pub fn run(&self, blocks: Range<u64>, done: &(dyn Fn(u64) + Sync)) -> Collected {
        self.run_until(blocks, done, &AtomicBool::new(false))
    }

    /// The same on the thread that asks, for whoever runs many plans side by side.
    pub fn run_here(&self, blocks: Range<u64>, stop: &AtomicBool) -> Collected {
        let count = blocks.end.saturating_sub(blocks.start);
        let mut collected = self.lives.empty();
        let store = Store::of(&mut collected);
        let (mut rooms, mut tray) = (Rooms::new(&self.lives), Tray::new(&store, count));
        let mut rest = collected.clone();
        for block in blocks {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            self.lives.block(block, &mut rooms, &mut tray, &mut rest);
        }
        tray.empty();
        drop(tray);
        collected.merge(rest);
        store.give_back(&mut collected);
        collected
    }

    /// The same, but no block is begun once `stop` is set. Those in hand are finished, so that what comes back is of the first
    /// blocks of the range, without a gap.
    pub fn run_until(&self, blocks: Range<u64>, done: &(dyn Fn(u64) + Sync), stop: &AtomicBool) -> Collected {
        self.run_seen(blocks, done, stop, None)
    }

    /// The same, and `each` is given what the agents of each block came to, in the order of agents whoever runs them. It changes no bit
    /// of what is collected. Where it breaks off no block is begun any more, and what was collected is of no use.
    pub fn run_each<'a>(
        &self,
        blocks: Range<u64>,
        done: &(dyn Fn(u64) + Sync),
        stop: &AtomicBool,
        each: &'a mut Each<'a>,
    ) -> Collected {
        let queue = Queue::new(blocks.start, each);
        self.run_seen(blocks, done, stop, Some(&queue))
    }

    fn run_seen(
        &self,
        blocks: Range<u64>,
        done: &(dyn Fn(u64) + Sync),
        stop: &AtomicBool,
        queue: Option<&Queue>,
    ) -> Collected {
        let next = AtomicU64::new(blocks.start);
        let count = blocks.end.saturating_sub(blocks.start);
        let mut collected = self.lives.empty();
        let store = Store::of(&mut collected);
        let work = || {
            let mut rest = collected.clone();
            let mut room = None;
            loop {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let block = next.fetch_add(1, Ordering::Relaxed);
                if block >= blocks.end {
                    break;
                }
                let entered = queue.map(|queue| queue.enter(block));
                if let Some(None) = entered {
                    break;
                }
                let (rooms, tray) =
                    room.get_or_insert_with(|| (Rooms::new(&self.lives), Tray::new(&store, count)));
                let agents = self.lives.agents_of(block);
                let count = self.lives.agents(&agents, rooms, tray, &mut rest);
                if let Some(Some(entered)) = entered {
                    entered.give(self.lives.ended(&agents, rooms));
                }
                done(count);
            }
            room.iter_mut().for_each(|(_, tray)| tray.empty());
            rest
        };
        let parts = on_all_threads(&work, count);
        // Merging sorts traces and failures, also of one part.
        parts.into_iter().for_each(|part| collected.merge(part));
        store.give_back(&mut collected);
        collected
    }

    /// Largest relative difference of the end states of the first `agents` agents, against tolerances `tighter` times as strict.
    /// NaN where no agent lives to the end in both.
    pub fn measured_error(&self, agents: u64, tighter: f64) -> f64 {
        let relative = self.lives.plan.relative;
        let agents = agents.min(self.lives.plan.population.agents);
        let mut largest = f64::NAN;
        for arm in 0..self.lives.arms.len() {
            let mut loose = End::new(&self.lives, arm, relative);
            let mut tight = End::new(&self.lives, arm, relative / tighter);
            for block in 0..blocks(agents) {
                let wanted = first_lanes(agents - block * LANES as u64);
                if loose.run(&self.lives, block) == 0 {
                    continue;
                }
                let alive = loose.alive() & tight.run(&self.lives, block) & wanted;
                let scales = tight.scales();
                for lane in lanes_of(alive) {
                    for (state, scale) in scales.iter().enumerate() {
                        let (found, exact) = (loose.states()[state].0[lane], tight.states()[state].0[lane]);
                        let size = exact.abs().max(scale.0[lane]);
                        let error = if found == exact { 0.0 } else { (found - exact).abs() / size };
                        largest = largest.max(error);
                    }
                }
            }
        }
        largest
    }
}

/// The lanes of the first agents of a block.
pub(super) fn first_lanes(agents: u64) -> u64 {
    if agents >= LANES as u64 { u64::MAX } else { (1 << agents) - 1 }
}

/// Does the work on every thread of the current pool; what each came to.
#[cfg(feature = "threads")]
pub(super) fn on_all_threads<R: Send>(work: &(dyn Fn() -> R + Sync), blocks: u64) -> Vec<R> {
    if rayon::current_num_threads() == 1 || blocks <= 1 {
        return vec![work()];
    }
    rayon::broadcast(|_| work())
}

/// Does the work once: there are no threads.
#[cfg(not(feature = "threads"))]
pub(super) fn on_all_threads<R>(work: &(dyn Fn() -> R + Sync), _: u64) -> Vec<R> {
    vec![work()]
}
