//! Points without a value: counted, placed, and harmless.

use super::*;

/// A Sobol' study in which points beyond x1 = 0.9 fail.
fn failing() -> (Array2<f64>, Array1<f64>) {
    let points = saltelli(random(512, 6, 7), false);
    let fails = |u: ArrayView1<f64>| if u[0] > 0.95 { f64::NAN } else { linear(u) };
    let y = outputs(&points, fails);
    (points, y)
}

#[test]
fn a_block_with_a_failure_is_as_if_it_had_not_been_there() {
    let (points, y) = failing();
    let found = super::super::sobol(points.view(), y.view(), LUCK).unwrap();
    let whole = |block: &usize| y.slice(s![5 * block..5 * block + 5]).iter().all(|y| y.is_finite());
    let rows: Vec<usize> = (0..512).filter(whole).flat_map(|block| 5 * block..5 * block + 5).collect();
    let without =
        super::super::sobol(points.select(Axis(0), &rows).view(), y.select(Axis(0), &rows).view(), LUCK)
            .unwrap();
    assert_eq!((&found.first, &found.total, found.blocks), (&without.first, &without.total, rows.len() / 5));
    assert_eq!(found.dropped.dropped, 512 - rows.len() / 5);
    assert!(found.dropped.dropped > 20 && found.first.iter().all(|e| e.low.is_finite()));
}

#[test]
fn the_factor_along_which_points_fail_is_found() {
    let (points, y) = failing();
    let found = super::super::sobol(points.view(), y.view(), LUCK).unwrap().dropped;
    assert_eq!((found.failed, found.points), (y.iter().filter(|y| y.is_nan()).count(), 2560));
    let leads: Vec<bool> = found.factors.iter().map(Leaning::is_distinguishable).collect();
    assert_eq!(leads, [true, false, false]);
    assert_eq!(found.factors[0].distance, 1.0);
    assert!(found.factors[0].failed_median > 0.95 && (found.factors[0].others_median - 0.48).abs() < 0.05);
}

#[test]
fn failures_at_random_lean_nowhere() {
    let leaning = (0..100).filter(|&seed| {
        let points = saltelli(random(64, 6, seed), false);
        let luck = random(320, 1, seed + 1000);
        let y = Array1::from_shape_fn(320, |i| if luck[[i, 0]] < 0.1 { f64::NAN } else { 1.0 });
        let found = super::super::sobol(points.view(), y.view(), LUCK).unwrap();
        found.dropped.factors.iter().any(Leaning::is_distinguishable)
    });
    let count = leaning.count();
    assert!(count <= 8, "{count}");
}

#[test]
fn the_distance_is_that_of_kolmogorov_and_smirnov() {
    let points = ndarray::array![[0.1], [0.2], [0.3], [0.4], [0.5], [0.3]];
    let nan = f64::NAN;
    let y = ndarray::array![1.0, 1.0, nan, 1.0, nan, 1.0];
    let found = prcc_dropped(&points, &y);
    // Others .1 .2 .3 .4, failed .3 .5: furthest after .2 (1/2 to 0) and after .4 (1 to 1/2).
    assert_eq!((found.factors[0].distance, found.factors[0].failed_median), (0.5, 0.4));
    assert_eq!(found.factors[0].others_median, 0.25);
    // sqrt(ln(2/0.05)/2 · 6/8)
    assert!((found.factors[0].critical - 1.1761504).abs() < 1e-7, "{}", found.factors[0].critical);
    assert_eq!((found.failed, found.points, found.dropped, found.of), (2, 6, 2, 6));
}

fn prcc_dropped(points: &Array2<f64>, y: &Array1<f64>) -> Dropped {
    super::super::prcc(points.view(), y.view(), LUCK).unwrap().dropped
}

#[test]
fn nothing_but_failures_gives_nan_and_a_reason() {
    for value in [f64::NAN, f64::INFINITY] {
        let points = saltelli(random(8, 6, 1), true);
        let y = Array1::from_elem(64, value);
        let sobol = super::super::sobol(points.view(), y.view(), LUCK).unwrap();
        assert!(sobol.reason.is_some() && sobol.first.iter().all(|e| e.value.is_nan()));
        assert_eq!((sobol.blocks, sobol.second.len(), sobol.dropped.factors.len()), (0, 3, 0));
        let prcc = super::super::prcc(points.view(), y.view(), LUCK).unwrap();
        assert!(prcc.reason.is_some() && prcc.coefficients.iter().all(|e| e.value.is_nan()));
        let given = super::super::given_data(points.view(), y.view(), LUCK).unwrap();
        assert!(given.reason.is_some() && given.first.iter().all(|e| e.value.is_nan()));
        let points = trajectories(8, 3, 4, 1);
        let morris = super::super::morris(points.view(), Array1::from_elem(32, value).view(), LUCK).unwrap();
        assert!(morris.reason.is_some() && morris.mu_star.iter().all(|e| e.value.is_nan()));
    }
}

#[test]
fn an_output_without_variance_gives_nan_and_a_reason() {
    // 0.1 has no exact mean: rounding is not variance.
    for value in [0.0, 0.1, 1e300] {
        let points = saltelli(random(8, 6, 1), true);
        let y = Array1::from_elem(64, value);
        let sobol = super::super::sobol(points.view(), y.view(), LUCK).unwrap();
        assert!(sobol.reason.is_some() && sobol.total.iter().all(|e| e.value.is_nan()));
        let prcc = super::super::prcc(points.view(), y.view(), LUCK).unwrap();
        assert!(prcc.reason.is_some() && prcc.coefficients.iter().all(|e| e.value.is_nan()));
        let given = super::super::given_data(points.view(), y.view(), LUCK).unwrap();
        assert!(given.reason.is_some() && given.first.iter().all(|e| e.value.is_nan()));
    }
}

#[test]
fn a_failure_takes_two_effects_and_no_more() {
    let points = trajectories(4, 3, 4, 1);
    let mut y = outputs(&points, linear);
    y[5] = f64::NAN;
    let found = super::super::morris(points.view(), y.view(), LUCK).unwrap();
    assert_eq!((found.dropped.failed, found.dropped.dropped, found.dropped.of), (1, 2, 12));
    assert_near(&found.mu_star, &[4.0, 2.0, 1.0], 1e-12);
    assert!(found.reason.is_none());
}

/// Every method on every small and broken sample: an answer or a refusal, and what is left out is counted.
#[test]
fn no_sample_is_too_small_or_too_broken_for_an_answer() {
    for (k, blocks, seed) in (0..4).flat_map(|k| (0..5).flat_map(move |n| (0..6).map(move |s| (k, n, s)))) {
        let share = seed as f64 / 5.0;
        let broken = |points: &Array2<f64>| {
            let luck = random(points.nrows(), 1, seed + 77);
            let value = |row: usize| if luck[[row, 0]] < share { f64::NAN } else { points.row(row).sum() };
            Array1::from_shape_fn(points.nrows(), value)
        };
        let sample = random(blocks * 9, k, seed);
        let y = broken(&sample);
        let failed = y.iter().filter(|y| y.is_nan()).count();
        let prcc = super::super::prcc(sample.view(), y.view(), LUCK).unwrap();
        let given = super::super::given_data(sample.view(), y.view(), LUCK).unwrap();
        assert_eq!((prcc.dropped.failed, given.dropped.dropped), (failed, failed));
        assert_eq!((prcc.coefficients.len(), prcc.trends.len(), given.first.len()), (k, k, k));
        assert!(prcc.reason.is_some() || prcc.coefficients.iter().all(|e| e.value.abs() <= 1.0));
        assert!(given.reason.is_some() || given.first.iter().all(|e| e.value <= 1.5));
        if k > 0 && blocks > 0 {
            let points = saltelli(random(blocks, 2 * k, seed), seed % 2 == 0);
            let found = super::super::sobol(points.view(), broken(&points).view(), LUCK).unwrap();
            assert_eq!(found.blocks + found.dropped.dropped, blocks);
            assert!(found.reason.is_some() || found.total.iter().all(|e| e.value >= 0.0));
            let points = trajectories(blocks, k, 4, seed);
            let found = super::super::morris(points.view(), broken(&points).view(), LUCK).unwrap();
            assert_eq!(found.dropped.of, blocks * k);
            assert!(found.reason.is_some() || found.mu_star.iter().all(|e| (e.value - 1.0).abs() < 1e-12));
        }
    }
}
