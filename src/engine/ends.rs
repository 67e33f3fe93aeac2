//! Where agents stand at the end of each arm, with nothing observed: what a digest of end states is made of.
//! Knows nothing of digests.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::block::Lives;
use super::draw::Agents;
use super::drive::{Engine, on_all_threads};
use super::lowered::Lowered;
use super::room::Room;
use super::run::{Life, Observer};
use super::step::lanes_of;
use super::watch::Watch;
use crate::kernel::Lanes;

impl Engine {
    /// By agent of a range of blocks, arm after arm: the values that the agent has in the arm (by slot), then its states at
    /// the end. All of an arm are NaN, the same NaN everywhere, where the agent failed in it. On all threads of the current pool.
    pub fn ends(&self, blocks: Range<u64>) -> Vec<Vec<f64>> {
        let next = AtomicU64::new(blocks.start);
        let work = || {
            let mut parts = Vec::new();
            let arms = 0..self.lives.arms.len();
            let mut ends: Vec<End> =
                arms.map(|arm| End::new(&self.lives, arm, self.lives.plan.relative)).collect();
            loop {
                let block = next.fetch_add(1, Ordering::Relaxed);
                if block >= blocks.end {
                    return parts;
                }
                parts.push((block, self.of_block(block, &mut ends)));
            }
        };
        let count = blocks.end.saturating_sub(blocks.start);
        let mut parts: Vec<_> = on_all_threads(&work, count).into_iter().flatten().collect();
        parts.sort_by_key(|(block, _)| *block);
        parts.into_iter().flat_map(|(_, agents)| agents).collect()
    }

    fn of_block(&self, block: u64, ends: &mut [End]) -> Vec<Vec<f64>> {
        let agents = Agents::of_block(block, &self.lives.plan.population, &self.lives.sampler);
        let mut all = vec![Vec::new(); agents.mask.count_ones() as usize];
        for end in ends {
            let alive = end.run(&self.lives, block);
            for (lane, numbers) in lanes_of(agents.mask).zip(&mut all) {
                let of = |lanes: &Lanes| if alive >> lane & 1 == 1 { lanes.0[lane] } else { f64::NAN };
                numbers.extend(end.values().iter().chain(end.states()).map(of));
            }
        }
        all
    }
}

/// One arm without anything observed, and room to run it in.
pub(super) struct End {
    arm: usize,
    lowered: Lowered,
    room: Room,
}

impl End {
    pub fn new(lives: &Lives, arm: usize, relative: f64) -> End {
        let lowered = lives.arms[arm].unobserved();
        let room = Room::by(&lowered, relative, lives.only);
        End { arm, lowered, room }
    }

    /// Runs a block to the end; gives the lanes that live.
    pub fn run(&mut self, lives: &Lives, block: u64) -> u64 {
        let population = &lives.plan.population;
        let agents = Agents::of_block(block, population, &lives.sampler);
        let drawing = &lives.drawings[self.arm];
        let life = Life { lowered: &self.lowered, drawing, population, sampler: &lives.sampler };
        life.prepare(&agents, &mut self.room);
        life.live((self.arm, 0), &agents, &mut self.room, &mut [], &mut Blind);
        self.room.body.alive
    }

    pub fn alive(&self) -> u64 {
        self.room.body.alive
    }

    pub fn values(&self) -> &[Lanes] {
        &self.room.eyes.fixed[..self.lowered.arm.slots.len()]
    }

    pub fn states(&self) -> &[Lanes] {
        &self.room.body.stepper.states
    }

    pub fn scales(&self) -> &[Lanes] {
        &self.room.body.stepper.scales
    }
}

/// Sees nothing.
struct Blind;

impl Observer for Blind {
    fn point(&mut self, _: usize, _: usize, _: &Watch, _: &[Lanes]) {}
}
