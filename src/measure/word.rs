//! The words of the language beside arithmetic: what goes over a phase, over a response, over agents.
//! Knows nothing of how they are computed.

use super::reliability::{ALPHA, RETEST};
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

/// The word for a response at one level, `effect(session[end of use], 10 nM)`.
pub(super) const EFFECT: &str = "effect";

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
    /// Standard deviation over mean.
    Cv,
    /// Pearson's, with another outcome; positions of that one and of the product.
    Correlation {
        other: usize,
        product: usize,
    },
    /// Of the agents in which a condition holds.
    Share,
    /// Of the agents that have a value.
    Count,
}

/// Words that go over agents and the number of their arguments; only claims and checks have them.
pub(super) const POPULATION: [(&str, usize); 9] = [
    ("median", 1),
    ("mean_of", 1),
    ("sd_of", 1),
    ("cv_of", 1),
    ("quantile", 2),
    ("correlation", 2),
    ("share", 1),
    (ALPHA, 1),
    (RETEST, 2),
];

pub(super) fn of_population(word: &str) -> bool {
    POPULATION.iter().any(|(name, _)| *name == word)
}

/// How each word is written, and what it is: for the reference page.
pub const WORDS: [(&str, &str); 22] = [
    ("x[end of P]", "value just before phase `P` ends; `x` may be any expression over the arm's quantities"),
    (
        "x[start of P]",
        "value just after phase `P` began, with what it sets and gives; `x[start of P + 7 d]` with an offset",
    ),
    ("x[3 d]", "value at a time since t = 0, before what changes there"),
    ("x[rest]", "before anything happens: inputs at baseline, states at their start"),
    ("arm.x[…]", "the same agent in another arm; `view.x[…]` as a view of the model shows it"),
    ("max(x[P])", "largest value during phase `P`, on the dense output"),
    ("min(x[P])", "smallest value during phase `P`"),
    ("mean(x[P])", "average over the time of phase `P`"),
    ("integral(x[P])", "integral over the model's time"),
    (
        "first(x > c [P])",
        "time from the start of `P` until the comparison first holds; `not reached` where it never does; also `<`",
    ),
    (
        "half_time(x[P])",
        "time from the start of `P` until `x` has gone half the way from its first value to its last",
    ),
    (
        "ec50(r[…])",
        "first level of the probe at which the response `r`, of any form, is half-way from bottom to top",
    ),
    ("emax(r[…])", "its stated top, or the largest value in its range"),
    ("slope(r[…])", "d ln(f/(1 - f))/d ln L at the EC50, with f the share of the way from bottom to top"),
    ("gain(r[…])", "dE/d ln L at the level that the probe has in that moment"),
    (
        "effect(r[…], 10 nM)",
        "the response `r` to one level of its probe; the level may be an expression: `effect(r[end of P], level)`",
    ),
    (
        "median(m), mean_of(m), sd_of(m)",
        "over agents, in claims only; `m` is a measure or an expression per agent",
    ),
    ("quantile(m, 0.9)", "over agents, type 7"),
    ("share(m < 0)", "share of agents in which a comparison holds"),
    (
        "scale[…], scale.item_3[…]",
        "score of a simulated instrument, or what one item adds to it; each moment is a visit, `off.scale[…]` and `scale[rest]` are \
         what the agent would answer then; over a phase there is none",
    ),
    (
        "alpha(scale[…])",
        "Cronbach's alpha of a questionnaire's items over agents, in claims only: k/(k - 1) (1 - Σ var(item)/var(score))",
    ),
    (
        "retest(a[…], b[…])",
        "test-retest reliability over agents, in claims only: ICC(2,1), absolute agreement of two visits",
    ),
];
