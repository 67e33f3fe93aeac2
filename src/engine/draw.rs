//! Who the agents of a block are: their groups, their luck, and their values in each arm.
//! Knows nothing of time.

use super::drive::first_lanes;
use super::lowered::Lowered;
use super::program::Registers;
use crate::kernel::{LANES, Lanes};
use crate::population::{Population, Sampler};

/// Attempts after which no draw is found to meet the limits.
const MOST_ATTEMPTS: u64 = 1000;

/// The agents of a block.
#[derive(Clone, Debug)]
pub(super) struct Agents {
    pub first: u64,
    /// Lanes that hold an agent.
    pub mask: u64,
    pub group: [Option<usize>; LANES],
    /// Lanes of everyone, then of each group.
    pub groups: Vec<u64>,
}

impl Agents {
    pub fn of_block(block: u64, population: &Population, sampler: &Sampler) -> Agents {
        let first = block * LANES as u64;
        let count = population.agents.saturating_sub(first).min(LANES as u64) as usize;
        let mask = first_lanes(count as u64);
        let group =
            std::array::from_fn(|lane| if lane < count { sampler.group(first + lane as u64) } else { None });
        let of = |wanted: usize| {
            (0..count).filter(|lane| group[*lane] == Some(wanted)).fold(0, |mask, lane| mask | 1 << lane)
        };
        let mut groups = vec![mask];
        groups.extend((0..population.groups.len()).map(of));
        Agents { first, mask, group, groups }
    }
}

/// What came of drawing the values of a block in one arm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawn {
    /// Draws that were made again, by lane.
    pub again: [u64; LANES],
    /// The slot whose limits no draw met, by lane.
    pub failed: [Option<usize>; LANES],
}

/// How the values of one arm are drawn.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    /// By limit: the parameters (positions in `Population::vary`) that are drawn again where it is not met.
    again: Vec<Vec<usize>>,
}

impl Drawing {
    pub fn new(lowered: &Lowered, population: &Population) -> Drawing {
        let system = &lowered.arm.system;
        let varied_by = |id| -> Vec<usize> {
            let slots = system.arena.symbols(id).into_iter();
            let slots = slots.filter_map(|sym| system.values.iter().position(|known| *known == sym));
            slots.filter_map(|slot| lowered.arm.slots[slot].vary).collect()
        };
        let again = system.limits.iter().map(|limit| {
            let mut parameters = varied_by(limit.left);
            parameters.extend(varied_by(limit.right));
            together(parameters, population)
        });
        Drawing { again: again.collect() }
    }

    /// Writes the values of all lanes; lanes without an agent take the luck of the block's first.
    pub fn draw(
        &self,
        lowered: &Lowered,
        population: &Population,
        sampler: &Sampler,
        agents: &Agents,
        registers: &mut Registers,
        values: &mut [Lanes],
    ) -> Drawn {
        let mut attempts = vec![[0_u64; LANES]; population.vary.len()];
        let mut drawn = Drawn { again: [0; LANES], failed: [None; LANES] };
        for (slot, lanes) in values.iter_mut().enumerate() {
            *lanes =
                Lanes(std::array::from_fn(|lane| value(lowered, population, sampler, agents, slot, lane, 0)));
        }
        loop {
            let missed = self.missed(lowered, registers, values, agents.mask, &drawn);
            if missed.is_empty() {
                return drawn;
            }
            for (lane, limit) in missed {
                let again = &self.again[limit];
                let tried = again.iter().map(|vary| attempts[*vary][lane]).max();
                if tried.is_none_or(|tried| tried >= MOST_ATTEMPTS) {
                    drawn.failed[lane] = Some(lowered.arm.system.limits[limit].slot);
                    continue;
                }
                drawn.again[lane] += 1;
                for vary in again {
                    attempts[*vary][lane] += 1;
                }
                for (slot, lanes) in values.iter_mut().enumerate() {
                    if let Some(vary) = lowered.arm.slots[slot].vary.filter(|vary| again.contains(vary)) {
                        let attempt = attempts[vary][lane];
                        lanes.0[lane] = value(lowered, population, sampler, agents, slot, lane, attempt);
                    }
                }
            }
        }
    }

    /// Lanes whose values miss a limit, with the first that they miss.
    fn missed(
        &self,
        lowered: &Lowered,
        registers: &mut Registers,
        values: &[Lanes],
        mask: u64,
        drawn: &Drawn,
    ) -> Vec<(usize, usize)> {
        let limits = &lowered.arm.system.limits;
        if limits.is_empty() {
            return Vec::new();
        }
        lowered.limits.give_fixed(registers, values);
        lowered.limits.run(registers);
        let side = |n: usize, lane: usize| lowered.limits.root(registers, n).0[lane];
        let first = |lane: usize| {
            let missed = |n: &usize| !limits[*n].comparison.holds(side(2 * n, lane), side(2 * n + 1, lane));
            (0..limits.len()).find(missed).map(|limit| (lane, limit))
        };
        let open = |lane: &usize| mask >> lane & 1 == 1 && drawn.failed[*lane].is_none();
        (0..LANES).filter(open).filter_map(first).collect()
    }
}

/// The value of one slot for the agent in a lane.
fn value(
    lowered: &Lowered,
    population: &Population,
    sampler: &Sampler,
    agents: &Agents,
    slot: usize,
    lane: usize,
    attempt: u64,
) -> f64 {
    let slot = &lowered.arm.slots[slot];
    let in_force =
        agents.group[lane].and_then(|group| slot.by_group.get(group)).copied().unwrap_or(slot.value);
    let Some(vary) = slot.vary else { return in_force };
    let agent = if agents.mask >> lane & 1 == 1 { agents.first + lane as u64 } else { agents.first };
    population.vary[vary].spread.quantile(in_force, sampler.score(vary, agent, attempt))
}

/// The given parameters and all that are correlated with them, directly or through others: drawn again together they
/// keep their correlation.
fn together(mut parameters: Vec<usize>, population: &Population) -> Vec<usize> {
    let position = |name: &String| population.vary.iter().position(|vary| vary.parameter == *name);
    let mut next = 0;
    parameters.sort_unstable();
    parameters.dedup();
    while let Some(parameter) = parameters.get(next).copied() {
        for correlation in &population.correlations {
            let [one, other] = correlation.between.each_ref().map(position);
            let linked = match parameter {
                p if Some(p) == one => other,
                p if Some(p) == other => one,
                _ => None,
            };
            parameters.extend(linked.filter(|linked| !parameters.contains(linked)));
        }
        next += 1;
    }
    parameters
}
