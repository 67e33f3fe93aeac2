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

#[test]
fn of_mu_star_and_sigma() {
    // |8 (x + 1/4)² type|: truth from the four levels 0, 1/8, 1/4, 3/8 of a start: effects 8·(x + 1/4)·… of 8 (x − 1/2)².
    let effects: Vec<f64> =
        (0..4).map(|i| i as f64 / 8.0).map(|x| 16.0 * (square(x) - square(x - 0.5))).collect();
    let sizes = effects.iter().map(|e| e.abs()).sum::<f64>() / 4.0;
    assert_covers(&covered(&[sizes], |seed| {
        let points = trajectories(40, 2, 4, seed);
        let y = outputs(&points, |u| 8.0 * square(u[0] - 0.5) + u[1]);
        vec![super::super::morris(points.view(), y.view(), LUCK).unwrap().mu_star[0]]
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

#[test]
fn of_shares_from_given_data() {
    assert_covers(&covered(&ISHIGAMI_FIRST, |seed| {
        let points = random(1024, 3, seed);
        super::super::given_data(points.view(), outputs(&points, ishigami).view(), LUCK).unwrap().first
    }));
}
