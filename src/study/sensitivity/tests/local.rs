//! Logarithmic derivatives of functions that have closed ones.

use super::*;

/// At x = centre e^d.
fn of(f: fn(&[f64]) -> f64, centre: &[f64], h: f64) -> Local {
    let steps = local_points(centre.len(), h);
    let at = |row: ArrayView1<f64>| f(&row.iter().zip(centre).map(|(d, x)| x * d.exp()).collect::<Vec<_>>());
    super::super::local(steps.view(), outputs(&steps, at).view()).unwrap()
}

#[test]
fn a_power_law_has_its_exponents_at_any_step() {
    let found = of(|x| -3.0 * x[0].powf(2.5) / x[1], &[0.7, 40.0], 0.5);
    let values: Vec<f64> = found.elasticities.iter().map(|slope| slope.value).collect();
    assert!((values[0] - 2.5).abs() < 1e-13 && (values[1] + 1.0).abs() < 1e-13, "{values:?}");
    assert!(found.elasticities.iter().all(|slope| slope.error < 1e-13));
}

/// x/(K + x) has the elasticities 1 − theta and theta − 1, and the slope theta (1 − theta).
#[test]
fn occupancy_has_its_slopes_and_errors_that_hold() {
    for h in [0.4, 0.1] {
        let found = of(|x| x[0] / (x[1] + x[0]), &[3.0, 1.0], h);
        for (slope, truth) in
            [(found.elasticities[0], 0.25), (found.elasticities[1], -0.25), (found.slopes[0], 0.1875)]
        {
            let off = (slope.value - truth).abs();
            assert!(off < slope.error && slope.error < 0.05 * h * h, "{off:e} {slope:?}");
        }
    }
}

#[test]
fn halving_the_step_makes_the_error_a_sixteenth() {
    let off = |h: f64| (of(|x| x[0].exp(), &[1.3], h).slopes[0].value - 1.3 * 1.3_f64.exp()).abs();
    let ratio = off(0.2) / off(0.1);
    assert!((14.0..18.0).contains(&ratio), "{ratio}");
}

#[test]
fn two_points_for_each_factor_have_no_error() {
    let steps = ndarray::array![[0.0, 0.0], [0.1, 0.0], [-0.1, 0.0], [0.0, 0.1], [0.0, -0.1]];
    let y = outputs(&steps, |d| (2.0 * d[0] - d[1]).exp());
    let found = super::super::local(steps.view(), y.view()).unwrap();
    assert!((found.elasticities[0].value - 2.0).abs() < 1e-13 && found.elasticities[0].error.is_nan());
}

#[test]
fn a_step_without_a_value_leaves_the_other() {
    let steps = local_points(2, 0.1);
    let mut y = outputs(&steps, |d| (2.0 * d[0] - d[1]).exp());
    y[1] = f64::NAN;
    let found = super::super::local(steps.view(), y.view()).unwrap();
    assert!((found.elasticities[0].value - 2.0).abs() < 1e-13 && found.elasticities[0].error.is_nan());
    assert!(found.elasticities[1].error < 1e-12 && found.reasons == [None, None]);
    y[3] = f64::NAN;
    let found = super::super::local(steps.view(), y.view()).unwrap();
    assert!(
        found.elasticities[0].value.is_nan() && found.reasons[0].as_deref() == Some("a step has no value")
    );
}

#[test]
fn an_output_through_zero_has_a_slope_and_no_elasticity() {
    let found = of(|x| x[0] - 1.0, &[1.0], 0.1);
    assert!((found.slopes[0].value - 1.0).abs() < 1e-5 && found.elasticities[0].value.is_nan());
    assert!(found.reasons[0].as_ref().unwrap().contains("changes its sign"));
}

#[test]
fn steps_that_move_two_factors_are_refused() {
    let y = Array1::ones(3);
    for steps in [
        ndarray::array![[0.0, 0.0], [0.1, 0.1], [-0.1, -0.1]],
        ndarray::array![[0.1, 0.0], [0.1, 0.0], [-0.1, 0.0]],
        ndarray::array![[0.0, 0.0], [0.1, 0.0], [-0.2, 0.0]],
    ] {
        assert!(super::super::local(steps.view(), y.view()).is_err());
    }
}
