//! A plan made ready to run, on one thread or many.
//! Knows nothing of how a block is run.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::alike::beginnings;
use super::block::{Lives, Rooms};
use super::collected::Collected;
use super::draw::{Agents, Drawing};
use super::lowered::Lowered;
use super::outcomes::Outcomes;
use super::plan::Plan;
use super::run::{Life, Observer, Room};
use super::step::lanes_of;
use super::watch::Watch;
use crate::kernel::{LANES, Lanes};
use crate::population::Sampler;

/// Blocks of 64 agents: how many a population has.
pub fn blocks(agents: u64) -> u64 {
    agents.div_ceil(LANES as u64)
}

/// A plan made ready to run: lowered to programs, what is observed in order of time.
pub struct Engine {
    lives: Lives,
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
            },
        })
    }

    /// Runs a range of blocks, on all threads of the current pool where there are threads. `done` is told the agents of each finished block.
    pub fn run(&self, blocks: Range<u64>, done: &(dyn Fn(u64) + Sync)) -> Collected {
        let next = AtomicU64::new(blocks.start);
        let work = || {
            let mut collected = self.lives.empty();
            let mut rooms = None;
            loop {
                let block = next.fetch_add(1, Ordering::Relaxed);
                if block >= blocks.end {
                    return collected;
                }
                let rooms = rooms.get_or_insert_with(|| Rooms::new(&self.lives));
                done(self.lives.block(block, rooms, &mut collected));
            }
        };
        let mut parts = on_all_threads(&work, blocks.end.saturating_sub(blocks.start)).into_iter();
        let mut collected = parts.next().unwrap_or_default();
        // Merging sorts traces and failures, also of one part.
        collected.merge(Collected::default());
        parts.for_each(|part| collected.merge(part));
        collected
    }

    /// Largest relative difference of the end states of the first `agents` agents, against tolerances `tighter` times as strict.
    /// NaN where no agent lives to the end in both.
    pub fn measured_error(&self, agents: u64, tighter: f64) -> f64 {
        let relative = self.lives.plan.relative;
        let agents = agents.min(self.lives.plan.population.agents);
        let mut largest = f64::NAN;
        for block in 0..blocks(agents) {
            let wanted = first_lanes(agents - block * LANES as u64);
            for arm in 0..self.lives.arms.len() {
                let (alive, ends, _) = self.ends(arm, block, relative);
                if alive == 0 {
                    continue;
                }
                let (tight, exact, scales) = self.ends(arm, block, relative / tighter);
                for lane in lanes_of(alive & tight & wanted) {
                    for (state, scale) in scales.iter().enumerate() {
                        let (found, exact) = (ends[state].0[lane], exact[state].0[lane]);
                        let size = exact.abs().max(scale.0[lane]);
                        let error = if found == exact { 0.0 } else { (found - exact).abs() / size };
                        largest = largest.max(error);
                    }
                }
            }
        }
        largest
    }

    /// States of one block at the end of an arm, with nothing observed: lanes that live, states, scales.
    fn ends(&self, arm: usize, block: u64, relative: f64) -> (u64, Vec<Lanes>, Vec<Lanes>) {
        let lowered = self.lives.arms[arm].unobserved();
        let mut room = Room::new(&lowered, relative);
        let population = &self.lives.plan.population;
        let agents = Agents::of_block(block, population, &self.lives.sampler);
        let drawing = &self.lives.drawings[arm];
        let life = Life { lowered: &lowered, drawing, population, sampler: &self.lives.sampler };
        life.prepare(&agents, &mut room);
        life.live((arm, 0), &agents, &mut room, &mut [], &mut Blind);
        (room.body.alive, room.body.stepper.states, room.body.stepper.scales)
    }
}

/// The lanes of the first agents of a block.
pub(super) fn first_lanes(agents: u64) -> u64 {
    if agents >= LANES as u64 { u64::MAX } else { (1 << agents) - 1 }
}

/// Sees nothing.
struct Blind;

impl Observer for Blind {
    fn point(&mut self, _: usize, _: usize, _: &Watch, _: &[Lanes]) {}
}

#[cfg(feature = "threads")]
fn on_all_threads(work: &(dyn Fn() -> Collected + Sync), blocks: u64) -> Vec<Collected> {
    if rayon::current_num_threads() == 1 || blocks <= 1 {
        return vec![work()];
    }
    rayon::broadcast(|_| work())
}

#[cfg(not(feature = "threads"))]
fn on_all_threads(work: &(dyn Fn() -> Collected + Sync), _: u64) -> Vec<Collected> {
    vec![work()]
}
