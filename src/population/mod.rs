//! A population: how many agents, how they differ, how the differences hang together, and which groups there are.
//! Knows nothing of units, texts or models: parameters are names, values are in the model's units already.
//!
//! An agent's difference in a parameter is one standard normal score, its luck; a spread turns luck and the value
//! in force into the agent's value. So the same agent has the same luck whatever arm, group or study sets the value.

mod copula;
mod sampler;
mod spread;

pub use sampler::Sampler;
pub use spread::{Centred, Spread, Summary, cv_of_sdlog, sdlog_of_cv};

/// The agents of a scenario: how many, with which luck, how they differ.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Population {
    pub agents: u64,
    pub seed: u64,
    pub vary: Vec<Vary>,
    pub correlations: Vec<Correlation>,
    pub groups: Vec<Group>,
}

/// A parameter that differs between agents.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    pub parameter: String,
    pub spread: Spread,
}

/// How far the luck of two parameters goes together: the correlation of their normal scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    pub between: [String; 2],
    pub value: f64,
}

/// A part of the population with parameter values of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: String,
    /// Probability of an agent to belong here; the shares of all groups add up to 1.
    pub share: f64,
    pub parameters: Vec<(String, f64)>,
}

impl Population {
    /// What is wrong with the shares of the groups, if anything.
    pub fn shares_problem(&self) -> Option<String> {
        if let Some(group) = self.groups.iter().find(|group| !(0.0..=1.0).contains(&group.share)) {
            return Some(format!(
                "the share of `{}` is {}; a share lies between 0 and 1",
                group.name, group.share
            ));
        }
        let sum: f64 = self.groups.iter().map(|group| group.share).sum();
        let fits = self.groups.is_empty() || (sum - 1.0).abs() <= 1e-9;
        (!fits).then(|| format!("the shares of the groups add up to {sum} instead of 1"))
    }
}

#[cfg(test)]
mod tests;
