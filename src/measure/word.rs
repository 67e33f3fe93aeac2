//! The words of the language beside arithmetic: what goes over a phase, over an acute response, over agents.
//! Knows nothing of how they are computed.

use crate::engine::{Metric, Reduce};

/// `max(R[on])`: words that make one number of a phase; with two arguments `min` and `max` are ordinary functions.
pub(super) fn reduction(word: &str) -> Option<Reduce> {
    Some(match word {
        "max" => Reduce::Max,
        "min" => Reduce::Min,
        "mean" => Reduce::Mean,
        "integral" => Reduce::Integral,
        "half_time" => Reduce::HalfTime,
        _ => return None,
    })
}

/// The word that looks for a crossing, `first(x > c [abstinence])`.
pub(super) const FIRST: &str = "first";

/// `ec50(surface[end of exposure])`.
pub(super) fn metric(word: &str) -> Option<Metric> {
    Some(match word {
        "ec50" => Metric::Ec50,
        "emax" => Metric::Emax,
        "slope" => Metric::Slope,
        "gain" => Metric::Gain,
        _ => return None,
    })
}

/// What is said of many agents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Statistic {
    Mean,
    Sd,
    /// Type 7; the median is 0.5.
    Quantile(f64),
    /// Of the agents in which a condition holds.
    Share,
}

/// Words that go over agents and the number of their arguments; only claims and checks have them.
pub(super) const POPULATION: [(&str, usize); 5] =
    [("median", 1), ("mean_of", 1), ("sd_of", 1), ("quantile", 2), ("share", 1)];

pub(super) fn of_population(word: &str) -> bool {
    POPULATION.iter().any(|(name, _)| *name == word)
}
