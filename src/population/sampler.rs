//! The luck of agents: addressed normal scores, mixed where parameters are correlated, and membership in groups.
//! Knows nothing of spreads and values.

use crate::math::normal_quantile;
use crate::rng::{Key, Stream};

use super::Population;
use super::copula::{Mixture, mixture};

/// Draws the scores of a population's parameters. Every draw is a pure function of seed, parameter name, agent and
/// attempt: the size of the population, the order of parameters and what else varies do not move it.
#[derive(Clone, Debug)]
pub struct Sampler {
    keys: Vec<Key>,
    mixture: Mixture,
    group_key: Key,
    /// Upper ends of the groups on the unit interval, by name, with the group's index in the population.
    group_ends: Vec<(f64, usize)>,
}

impl Sampler {
    /// Fails with the index of each impossible correlation and a sentence that says why.
    pub fn new(population: &Population) -> Result<Sampler, Vec<(usize, String)>> {
        let mixture = mixture(population)?;
        let key = |purpose: &str| Key::new(population.seed, Stream::of(purpose));
        let keys = population.vary.iter().map(|vary| key(&format!("parameter {}", vary.parameter))).collect();
        Ok(Sampler { keys, mixture, group_key: key("group"), group_ends: group_ends(population) })
    }

    /// The standard normal score of a parameter (its index in `Population::vary`) for an agent.
    ///
    /// `attempt` is 0, and counts upward where a draw fell outside the model's `limits`. Correlated parameters
    /// keep their correlation only if they are drawn again together, with the same attempt.
    pub fn score(&self, parameter_index: usize, agent: u64, attempt: u64) -> f64 {
        let parts = &self.mixture[parameter_index];
        parts.iter().map(|&(part, weight)| weight * self.own_score(part, agent, attempt)).sum()
    }

    fn own_score(&self, parameter_index: usize, agent: u64, attempt: u64) -> f64 {
        normal_quantile(self.keys[parameter_index].uniform(agent, attempt))
    }

    /// The index of the group an agent belongs to, none if there are no groups: its own uniform against the shares
    /// added up in the order of the groups' names. A chance for each agent, not a quota.
    pub fn group(&self, agent: u64) -> Option<usize> {
        let at = self.group_key.uniform(agent, 0);
        let found = self.group_ends.iter().find(|(end, _)| at < *end);
        found.or(self.group_ends.last()).map(|(_, group)| *group)
    }
}

/// Groups without a share are nobody's, also where rounding leaves a gap at the end.
fn group_ends(population: &Population) -> Vec<(f64, usize)> {
    let groups = &population.groups;
    let mut order: Vec<usize> = (0..groups.len()).filter(|&at| groups[at].share > 0.0).collect();
    order.sort_by(|&a, &b| groups[a].name.cmp(&groups[b].name));
    let mut end = 0.0;
    let mut ends = Vec::with_capacity(order.len());
    for at in order {
        end += groups[at].share;
        ends.push((end, at));
    }
    ends
}
