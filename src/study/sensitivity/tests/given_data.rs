//! First-order indices from samples that were not made for them.

use super::*;

fn of(f: Function, points: &Array2<f64>) -> GivenData {
    super::super::given_data(points.view(), outputs(points, f).view(), LUCK).unwrap()
}

#[test]
fn ishigami_has_its_first_orders() {
    assert_near(&of(ishigami, &random(20_000, 3, 1)).first, &ISHIGAMI_FIRST, 0.02);
    assert_near(&of(ishigami, &sequence(1 << 14, 3, 1)).first, &ISHIGAMI_FIRST, 6e-3);
}

#[test]
fn noise_makes_no_share_on_average() {
    let values = (0..400).map(|seed| of(|u| (u[0] * 1e7).fract(), &random(64, 2, seed)).first[1].value);
    let mean = values.sum::<f64>() / 400.0;
    // The uncorrected ratio would be 0.11; the standard error of this mean is 0.003.
    assert!(mean.abs() < 0.012, "{mean}");
}

#[test]
fn the_error_falls_with_the_root_of_the_points() {
    let error = |n: usize| {
        let squares = (0..60).map(|seed| {
            let found = of(linear, &random(n, 3, 500 + seed)).first;
            let truth = [16.0 / 21.0, 4.0 / 21.0, 1.0 / 21.0];
            found.iter().zip(truth).map(|(e, t)| square(e.value - t)).sum::<f64>()
        });
        (squares.sum::<f64>() / 180.0).sqrt()
    };
    let ratio = error(128) / error(2048);
    assert!((3.2..5.5).contains(&ratio), "{ratio}");
}

#[test]
fn what_bins_do_not_resolve_is_added_and_told() {
    let mean_of = |n: usize, which: fn(&GivenData) -> f64| {
        (0..100).map(|seed| which(&of(ishigami, &random(n, 3, seed)))).sum::<f64>() / 100.0
    };
    let missed =
        |n: usize| ISHIGAMI_FIRST[1] - mean_of(n, |found| found.first[1].value - found.unresolved[1]);
    let told = |n: usize| mean_of(n, |found| found.unresolved[1]);
    assert!(missed(64) > 0.05 && (0.6..1.6).contains(&(told(64) / missed(64))));
    assert!(missed(1024) > 0.01 && (0.8..1.25).contains(&(told(1024) / missed(1024))));
}

/// A full factorial: its order is that of the other factor, which must not leak. Bins are of one value each; the correction
/// for noise takes (1 − S) 9/729 too much.
#[test]
fn a_grid_of_levels_has_its_shares() {
    let points = Array2::from_shape_fn((729, 2), |(row, factor)| [row / 81, row % 9][factor] as f64 / 8.0);
    let found = of(|u| 2.0 * u[0] + u[1], &points);
    assert_near(&found.first, &[0.8, 0.2], 0.01);
    assert_eq!(found.unresolved, [0.0, 0.0]);
    let points = Array2::from_shape_fn((400, 2), |(row, factor)| [row / 200, row % 200][factor] as f64);
    let found = of(|u| 100.0 * u[0] + u[1], &points);
    assert_eq!((found.first[0].value > 0.4, found.unresolved[0]), (true, 0.0));
}

#[test]
fn few_points_and_constant_factors_have_no_share() {
    let found = of(linear, &random(15, 3, 1));
    assert!(found.reason.unwrap().contains("15 points"));
    let mut points = random(64, 3, 1);
    points.column_mut(1).fill(0.3);
    let found = of(linear, &points);
    assert!(found.first[1].value.is_nan() && found.first[0].low > 0.3);
}
