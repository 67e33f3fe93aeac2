//! Spreads, luck, correlations and groups: closed forms, laws, and what is refused.

use proptest::prelude::*;
use rand_distr::{Beta, Distribution, Gamma, LogNormal, Normal, Triangular, Uniform};

use super::*;
use crate::math::{exp, ln, logistic, normal_cdf};
use crate::rng::{Key, Stream};

const DRAWS: usize = 20_000;

/// The draws of our sampler for a spread, and of an oracle, in different streams.
fn draws(distribution: impl Distribution<f64>, purpose: &str) -> Vec<f64> {
    let generator = Key::new(11, Stream::of(purpose)).draws(0, 0);
    let mut values: Vec<f64> = distribution.sample_iter(generator).take(DRAWS).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Largest distance of two empirical distribution functions, in units in which 1.95 is passed once in 1000
/// (Kolmogorov and Smirnov).
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let (mut i, mut j, mut largest) = (0, 0, 0.0f64);
    while i < a.len() && j < b.len() {
        if a[i] <= b[j] {
            i += 1
        } else {
            j += 1
        }
        largest = largest.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    largest * (a.len() as f64 / 2.0).sqrt()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn cv(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64).sqrt() / mean.abs()
}

/// Each kind, a value to centre it on, and the same distribution from elsewhere.
fn oracles() -> Vec<(Spread, f64, Vec<f64>)> {
    let logit_normal = Normal::new(ln(0.2 / 0.8), 0.9).expect("valid").map(logistic);
    let log_uniform = Uniform::new(ln(0.1), ln(20.0)).expect("valid").map(exp);
    vec![
        (
            Spread::Lognormal { sdlog: 0.4 },
            3.0,
            draws(LogNormal::new(ln(3.0), 0.4).expect("valid"), "oracle"),
        ),
        (Spread::Normal { sd: 2.0 }, -1.0, draws(Normal::new(-1.0, 2.0).expect("valid"), "oracle")),
        (Spread::LogitNormal { sd: 0.9 }, 0.2, draws(logit_normal, "oracle")),
        (
            Spread::Uniform { low: -1.0, high: 4.0 },
            0.0,
            draws(Uniform::new(-1.0, 4.0).expect("valid"), "oracle"),
        ),
        (Spread::LogUniform { low: 0.1, high: 20.0 }, 1.0, draws(log_uniform, "oracle")),
        (
            Spread::Triangular { low: 1.0, high: 9.0 },
            2.5,
            draws(Triangular::new(1.0, 9.0, 2.5).expect("valid"), "oracle"),
        ),
        (Spread::Gamma { cv: 0.5 }, 8.0, draws(Gamma::new(4.0, 2.0).expect("valid"), "oracle")),
        (Spread::Gamma { cv: 1.6 }, 8.0, draws(Gamma::new(1.0 / 2.56, 8.0 * 2.56).expect("valid"), "oracle")),
        // Mean 2/7 and variance 10/(49*8): shapes 2 and 5.
        (
            Spread::Beta { cv: (10.0f64 / (49.0 * 8.0)).sqrt() * 3.5 },
            2.0 / 7.0,
            draws(Beta::new(2.0, 5.0).expect("valid"), "oracle"),
        ),
    ]
}

#[test]
fn every_spread_draws_from_the_distribution_it_names() {
    for (spread, value, oracle) in oracles() {
        let ours = draws(Centred { spread, value }, "ours");
        let distance = distance(&ours, &oracle);
        assert!(distance < 1.95, "{spread:?}: {distance}");
    }
}

#[test]
fn the_comparison_with_an_oracle_notices_a_small_difference() {
    let ours = draws(Centred { spread: Spread::Lognormal { sdlog: 0.4 }, value: 3.0 }, "ours");
    let oracle = draws(LogNormal::new(ln(3.0), 0.45).expect("valid"), "oracle");
    let shifted = draws(LogNormal::new(ln(3.15), 0.4).expect("valid"), "oracle");
    assert!(distance(&ours, &oracle) > 1.95 && distance(&ours, &shifted) > 1.95);
}

#[test]
fn a_summary_says_what_draws_show() {
    for (spread, value, _) in oracles() {
        let (summary, ours) = (spread.summary(value), draws(Centred { spread, value }, "summary"));
        let below = ours.partition_point(|x| *x < summary.median) as f64 / DRAWS as f64;
        assert!((below - 0.5).abs() < 0.015, "{spread:?}: {below} lie below the median");
        assert!((cv(&ours) / summary.cv - 1.0).abs() < 0.05, "{spread:?}: cv {} {}", cv(&ours), summary.cv);
        if summary.sdlog.is_finite() {
            let logarithms: Vec<f64> = ours.iter().map(|x| ln(*x)).collect();
            let sd = cv(&logarithms) * mean(&logarithms).abs();
            assert!((sd / summary.sdlog - 1.0).abs() < 0.03, "{spread:?}: sdlog {sd} {}", summary.sdlog);
        }
    }
}

#[test]
fn the_value_is_the_median_mean_or_top_that_its_spread_says() {
    let medians = [
        (Spread::Lognormal { sdlog: 0.7 }, 3.0),
        (Spread::Normal { sd: 2.0 }, -1.0),
        (Spread::LogitNormal { sd: 1.2 }, 0.3),
    ];
    for (spread, value) in medians {
        assert!((spread.quantile(value, 0.0) - value).abs() < 1e-15, "{spread:?}");
    }
    // Means as integrals over the probability by the middle of many slices.
    let slices = 4_000;
    for (spread, value) in [(Spread::Gamma { cv: 0.4 }, 5.0), (Spread::Beta { cv: 0.3 }, 0.6)] {
        let score = |i| crate::math::normal_quantile((f64::from(i) + 0.5) / f64::from(slices));
        let mean = (0..slices).map(|i| spread.quantile(value, score(i))).sum::<f64>() / f64::from(slices);
        assert!((mean / value - 1.0).abs() < 2e-4, "{spread:?}: {mean}");
    }
    // Below the top of a triangle lies the share (top - low)/(high - low).
    let at_top = crate::math::normal_quantile(1.5 / 8.0);
    assert!((Spread::Triangular { low: 1.0, high: 9.0 }.quantile(2.5, at_top) - 2.5).abs() < 1e-13);
}

#[test]
fn cv_and_sdlog_of_a_log_normal_undo_each_other() {
    for cv in [1e-9, 1e-3, 0.3, 1.0, 20.0] {
        assert!((cv_of_sdlog(sdlog_of_cv(cv)) / cv - 1.0).abs() < 1e-14, "{cv}");
    }
    assert!((sdlog_of_cv(1.0) - 0.832_554_611_157_697_7).abs() < 1e-15, "the root of ln 2");
}

fn any_spread() -> impl Strategy<Value = (Spread, f64)> {
    let size = 0.01f64..3.0;
    prop_oneof![
        (size.clone(), 0.1f64..10.0).prop_map(|(sdlog, value)| (Spread::Lognormal { sdlog }, value)),
        (size.clone(), -10.0f64..10.0).prop_map(|(sd, value)| (Spread::Normal { sd }, value)),
        (size.clone(), 0.01f64..0.99).prop_map(|(sd, value)| (Spread::LogitNormal { sd }, value)),
        (-5.0f64..5.0, size.clone())
            .prop_map(|(low, width)| (Spread::Uniform { low, high: low + width }, 0.0)),
        (0.1f64..5.0, size.clone())
            .prop_map(|(low, width)| (Spread::LogUniform { low, high: low + width }, 1.0)),
        (-5.0f64..5.0, size.clone(), 0.0f64..1.0).prop_map(|(low, width, top)| {
            (Spread::Triangular { low, high: low + width }, (low + top * width).min(low + width))
        }),
        (size.clone(), 0.1f64..10.0).prop_map(|(cv, value)| (Spread::Gamma { cv }, value)),
        (0.02f64..0.98, 0.01f64..0.95).prop_map(|(value, share)| {
            (Spread::Beta { cv: share * ((1.0 - value) / value).sqrt() }, value)
        }),
    ]
}

proptest! {
    #[test]
    fn more_luck_never_gives_less((spread, value) in any_spread(), z in -9.0f64..9.0, more in 0.001f64..3.0) {
        prop_assert_eq!(spread.problem(value), None);
        let (lower, higher) = (spread.quantile(value, z), spread.quantile(value, z + more));
        prop_assert!(lower.is_finite() && higher >= lower, "{} {}", lower, higher);
    }

    #[test]
    fn values_stay_where_their_spread_lives((spread, value) in any_spread(), z in -40.0f64..40.0) {
        let x = spread.quantile(value, z);
        let inside = match spread {
            Spread::Lognormal { .. } | Spread::Gamma { .. } => x > 0.0,
            Spread::Normal { .. } => x.is_finite(),
            Spread::LogitNormal { .. } => (0.0..=1.0).contains(&x),
            Spread::Beta { .. } => x > 0.0 && x < 1.0,
            Spread::Uniform { low, high } | Spread::LogUniform { low, high } | Spread::Triangular { low, high } => {
                low <= x && x <= high
            }
        };
        prop_assert!(inside, "{x}");
    }

    #[test]
    fn a_spread_without_a_problem_draws_numbers(
        kind in 0usize..8, a in prop::num::f64::ANY, b in prop::num::f64::ANY, value in prop::num::f64::ANY, z in -9.0f64..9.0,
    ) {
        let spread = [
            Spread::Lognormal { sdlog: a }, Spread::Normal { sd: a }, Spread::LogitNormal { sd: a },
            Spread::Uniform { low: a, high: b }, Spread::LogUniform { low: a, high: b },
            Spread::Triangular { low: a, high: b }, Spread::Gamma { cv: a }, Spread::Beta { cv: a },
        ][kind];
        let fine = spread.problem(value).is_none();
        prop_assert!(!fine || !spread.quantile(value, z).is_nan());
    }
}

#[test]
fn around_zero_a_log_normal_spread_is_zero_for_everyone() {
    for z in [-9.0, 0.0, 9.0] {
        assert_eq!(Spread::Lognormal { sdlog: 1e300 }.quantile(0.0, z), 0.0);
    }
}

#[test]
fn what_cannot_be_drawn_is_said_in_a_sentence() {
    let cases = [
        (Spread::Lognormal { sdlog: -0.1 }, 1.0),
        (Spread::Lognormal { sdlog: 0.1 }, -1.0),
        (Spread::LogitNormal { sd: 1.0 }, 1.0),
        (Spread::Uniform { low: 2.0, high: 1.0 }, 1.5),
        (Spread::LogUniform { low: 0.0, high: 1.0 }, 0.5),
        (Spread::Triangular { low: 0.0, high: 1.0 }, 1.5),
        (Spread::Gamma { cv: f64::NAN }, 1.0),
        (Spread::Beta { cv: 1.2 }, 0.5),
    ];
    let sentences: Vec<String> =
        cases.iter().map(|(spread, value)| spread.problem(*value).unwrap_or_default()).collect();
    insta::assert_snapshot!(sentences.join("\n"), @"
    sdlog is -0.1; it must be a positive number
    the value is -1; a log-normal spread needs a median of at least 0
    the value is 1; a logit-normal spread needs a median between 0 and 1
    low is 2 and high is 1; low must be below high
    low is 0; it must be a positive number
    the value is 1.5; the top of a triangle must lie between its ends, 0 and 1
    cv is NaN; it must be a positive number
    cv is 1.2; a beta spread with mean 0.5 needs a cv below 1.0000
    ");
}

fn population(agents: u64, names: &[&str], correlations: &[(&str, &str, f64)]) -> Population {
    let vary = |name: &&str| Vary { parameter: name.to_string(), spread: Spread::Normal { sd: 1.0 } };
    let pair = |(a, b, value): &(&str, &str, f64)| Correlation {
        between: [a.to_string(), b.to_string()],
        value: *value,
    };
    Population {
        agents,
        seed: 7,
        vary: names.iter().map(vary).collect(),
        correlations: correlations.iter().map(pair).collect(),
        groups: vec![],
    }
}

fn sampler(population: &Population) -> Sampler {
    Sampler::new(population).expect("possible correlations")
}

fn correlation(sampler: &Sampler, a: usize, b: usize) -> f64 {
    let agents = 40_000;
    (0..agents).map(|agent| sampler.score(a, agent, 0) * sampler.score(b, agent, 0)).sum::<f64>()
        / agents as f64
}

#[test]
fn scores_have_the_correlations_that_were_asked_for() {
    let asked = [("a", "b", 0.6), ("c", "a", -0.5), ("d", "b", 0.3)];
    let sampler = sampler(&population(1, &["d", "c", "b", "a", "e"], &asked));
    let index = |name: &str| ["d", "c", "b", "a", "e"].iter().position(|n| *n == name).expect("named");
    for (one, other, value) in
        [("b", "c", 0.0), ("e", "a", 0.0), ("a", "a", 1.0), ("d", "d", 1.0), ("e", "e", 1.0)]
            .into_iter()
            .chain(asked)
    {
        let found = correlation(&sampler, index(one), index(other));
        assert!((found - value).abs() < 0.03, "{one} and {other}: {found} instead of {value}");
    }
}

#[test]
fn luck_that_goes_together_fully_is_the_same_luck() {
    let sampler =
        sampler(&population(1, &["a", "b", "c"], &[("a", "b", 1.0), ("a", "c", -1.0), ("b", "c", -1.0)]));
    for agent in 0..100 {
        let z = sampler.score(0, agent, 0);
        assert_eq!((sampler.score(1, agent, 0), sampler.score(2, agent, 0)), (z, -z));
    }
}

#[test]
fn an_agent_is_the_same_in_any_population() {
    let small = population(100, &["k", "n"], &[]);
    let mut large = population(10_000, &["x", "n", "k"], &[("x", "n", 0.0)]);
    large.vary[1].spread = Spread::Gamma { cv: 1.0 };
    let (small, large) = (sampler(&small), sampler(&large));
    for attempt in 0..3 {
        assert_eq!(small.score(0, 57, attempt), large.score(2, 57, attempt));
        assert_eq!(small.score(1, 57, attempt), large.score(1, 57, attempt));
    }
    assert_ne!(small.score(0, 57, 0), small.score(0, 57, 1));
    assert_ne!(small.score(0, 57, 0), small.score(1, 57, 0));
    assert_ne!(small.score(0, 57, 0), small.score(0, 58, 0));
}

#[test]
fn no_order_in_a_file_moves_a_correlated_score() {
    let one = sampler(&population(1, &["a", "b", "c"], &[("a", "b", 0.5), ("b", "c", 0.4)]));
    let other = sampler(&population(1, &["c", "b", "a"], &[("c", "b", 0.4), ("b", "a", 0.5)]));
    for agent in 0..50 {
        for (at, mirrored) in [(0, 2), (1, 1), (2, 0)] {
            assert_eq!(one.score(at, agent, 0), other.score(mirrored, agent, 0));
        }
    }
}

#[test]
fn impossible_correlations_are_all_reported_with_their_reason() {
    let asked = [
        ("a", "a", 0.5),
        ("a", "ghost", 0.5),
        ("a", "b", 1.5),
        ("a", "b", 0.9),
        ("b", "a", 0.2),
        ("b", "c", 0.9),
        ("a", "c", -0.9),
        ("d", "e", 0.2),
        ("c", "d", f64::NAN),
    ];
    let problems = Sampler::new(&population(1, &["a", "b", "c", "d", "e"], &asked)).expect_err("impossible");
    let lines: Vec<String> = problems.iter().map(|(at, why)| format!("{at}: {why}")).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    0: `a` is correlated with itself; name two parameters
    1: `ghost` does not vary between agents, so nothing can be correlated with it
    2: the correlation of `a` and `b` is 1.5; it must lie between -1 and 1
    3: the correlation of `a` and `b` is given twice
    4: the correlation of `b` and `a` is given twice
    6: the correlations among `a`, `b`, `c` cannot hold together (their matrix is not positive definite); they could if each were multiplied by 0.785 or less
    8: the correlation of `c` and `d` is NaN; it must lie between -1 and 1
    ");
}

#[test]
fn two_sets_that_cannot_hold_are_two_findings() {
    let asked = [
        ("a", "b", 0.9),
        ("b", "c", 0.9),
        ("a", "c", -0.9),
        ("p", "q", 0.8),
        ("q", "r", 0.8),
        ("p", "r", -0.8),
        ("r", "a", 0.1),
    ];
    let problems =
        Sampler::new(&population(1, &["a", "b", "c", "p", "q", "r"], &asked)).expect_err("impossible");
    assert_eq!(problems.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [2, 5]);
}

fn grouped(shares: &[(&str, f64)]) -> Population {
    let group =
        |(name, share): &(&str, f64)| Group { name: name.to_string(), share: *share, parameters: vec![] };
    Population { groups: shares.iter().map(group).collect(), ..population(1, &[], &[]) }
}

#[test]
fn groups_have_their_shares_and_do_not_depend_on_their_order() {
    let (one, other) =
        (grouped(&[("b", 0.7), ("a", 0.2), ("c", 0.1)]), grouped(&[("c", 0.1), ("b", 0.7), ("a", 0.2)]));
    let (first, second) = (sampler(&one), sampler(&other));
    let mut counts = [0.0; 3];
    for agent in 0..20_000 {
        let (group, same) = (first.group(agent).expect("a group"), second.group(agent).expect("a group"));
        assert_eq!(one.groups[group].name, other.groups[same].name);
        counts[group] += 1.0 / 20_000.0;
    }
    for (count, group) in counts.iter().zip(&one.groups) {
        assert!((count - group.share).abs() < 0.015, "{}: {count}", group.name);
    }
    assert_eq!(sampler(&grouped(&[])).group(3), None);
}

#[test]
fn shares_that_do_not_add_up_are_said_so() {
    assert_eq!(grouped(&[("a", 0.1), ("b", 0.2), ("c", 0.7)]).shares_problem(), None);
    assert_eq!(grouped(&[]).shares_problem(), None);
    let sum = grouped(&[("a", 0.5), ("b", 0.25)]).shares_problem();
    assert_eq!(sum.as_deref(), Some("the shares of the groups add up to 0.75 instead of 1"));
    let negative = grouped(&[("a", 1.5), ("b", -0.5)]).shares_problem();
    assert_eq!(negative.as_deref(), Some("the share of `a` is 1.5; a share lies between 0 and 1"));
}

#[test]
fn scores_are_standard_normal() {
    let sampler = sampler(&population(1, &["a", "b"], &[("a", "b", 0.8)]));
    for parameter in 0..2 {
        let mut probabilities: Vec<f64> =
            (0..DRAWS as u64).map(|agent| normal_cdf(sampler.score(parameter, agent, 0))).collect();
        probabilities.sort_by(f64::total_cmp);
        let even: Vec<f64> = (0..DRAWS).map(|i| (i as f64 + 0.5) / DRAWS as f64).collect();
        assert!(distance(&probabilities, &even) < 1.4);
    }
}
