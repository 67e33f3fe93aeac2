//! Intervals hold the truth about as often as they say.

use super::*;

/// How many of 200 replicates cover each truth.
fn covered(truth: &[f64], replicate: impl Fn(u64) -> Vec<Estimate>) -> Vec<usize> {
    let mut covered = vec![0; truth.len()];
    for seed in 0..200 {
        for ((count, estimate), truth) in covered.iter_mut().zip(replicate(seed)).zip(truth) {
            *count += usize::from(estimate.low <= *truth && *truth <= estimate.high);
        }
    }
    covered
}

#[track_caller]
fn assert_covers(counts: &[usize]) {
    assert!(counts.iter().all(|count| (176..=198).contains(count)), "of 200: {counts:?}");
}

#[test]
fn of_first_and_total_orders() {
    let truth: Vec<f64> = ISHIGAMI_FIRST.into_iter().chain(ISHIGAMI_TOTAL).collect();
    let second = [0.0, ISHIGAMI_TOTAL[2], 0.0];
    assert_covers(&covered(&[truth, second.to_vec()].concat(), |seed| {
        let points = saltelli(random(256, 6, seed), true);
        let found = super::super::sobol(points.view(), outputs(&points, ishigami).view(), LUCK).unwrap();
        let second = found.second.iter().map(|pair| pair.index);
        found.first.iter().chain(&found.total).copied().chain(second).collect()
    }));
}

/// Of g without its last four factors: small shares and heavy tails.
#[test]
fn of_first_and_total_orders_near_zero() {
    let parts = [1.0_f64, 2.0, 5.5, 10.0].map(|a| 1.0 / 3.0 / square(a));
    let all: f64 = parts.iter().map(|v| 1.0 + v).product();
    let first = parts.map(|v| v / (all - 1.0));
    let total = parts.map(|v| v / (1.0 + v) * all / (all - 1.0));
    assert_covers(&covered(&[first, total].concat(), |seed| {
        let points = saltelli(random(128, 8, 3000 + seed), false);
        let found = super::super::sobol(points.view(), outputs(&points, sobol_g).view(), LUCK).unwrap();
        [found.first, found.total].concat()
    }));
}

/// 8 (x1 − 1/2)² from starts 0, 1/8, 1/4, 3/8 has the effects −2, 0, 2, 4 … of a step of 1/2, each as often.
#[test]
fn of_elementary_effects() {
    let effects = [0.0, 0.125, 0.25, 0.375].map(|x| 16.0 * (square(x) - square(x - 0.5)));
    let mu = effects.iter().sum::<f64>() / 4.0;
    let mu_star = effects.iter().map(|e| e.abs()).sum::<f64>() / 4.0;
    let sigma = (effects.iter().map(|e| square(e - mu)).sum::<f64>() / 4.0).sqrt();
    assert_covers(&covered(&[mu, mu_star, sigma], |seed| {
        let points = trajectories(40, 2, 4, seed);
        let y = outputs(&points, |u| 8.0 * square(u[0] - 0.5) + u[1]);
        let found = super::super::morris(points.view(), y.view(), LUCK).unwrap();
        vec![found.mu[0], found.mu_star[0], found.sigma[0]]
    }));
}

#[test]
fn of_partial_rank_correlations() {
    assert_covers(&covered(&[0.873281, 0.659002, 0.0], |seed| {
        let all = random(150, 4, seed).mapv(crate::math::normal_quantile);
        let y = outputs(&all, |row| row[0] + 0.5 * row[1] + 0.5 * row[3]);
        super::super::prcc(all.slice(s![.., ..3]), y.view(), LUCK).unwrap().coefficients
    }));
}

/// That of a share of zero is wider than it need be.
#[test]
fn of_shares_from_given_data() {
    let counts = covered(&ISHIGAMI_FIRST, |seed| {
        let points = random(1024, 3, seed);
        super::super::given_data(points.view(), outputs(&points, ishigami).view(), LUCK).unwrap().first
    });
    assert_covers(&counts[..2]);
    assert!(counts[2] >= 176, "{counts:?}");
}

/// The bootstrap does not know that the points of a sequence are spread evenly: its intervals are wide, never narrow.
#[test]
fn of_points_of_a_sequence_at_least_as_often() {
    let truth: Vec<f64> = ISHIGAMI_FIRST.into_iter().chain(ISHIGAMI_TOTAL).collect();
    let blocks = covered(&truth, |seed| {
        let points = saltelli(sequence(256, 6, seed), false);
        let found = super::super::sobol(points.view(), outputs(&points, ishigami).view(), LUCK).unwrap();
        [found.first, found.total].concat()
    });
    let given = covered(&ISHIGAMI_FIRST, |seed| {
        let points = sequence(1024, 3, seed);
        super::super::given_data(points.view(), outputs(&points, ishigami).view(), LUCK).unwrap().first
    });
    assert!(blocks.iter().chain(&given).all(|count| *count >= 176), "of 200: {blocks:?} {given:?}");
}
