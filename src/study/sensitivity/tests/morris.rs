//! Elementary effects of functions whose effects are known.

use super::*;

fn of(f: Function, points: &Array2<f64>) -> Morris {
    super::super::morris(points.view(), outputs(points, f).view(), LUCK).unwrap()
}

#[test]
fn a_linear_function_has_its_slopes_and_no_spread_exactly() {
    let found = of(|u| 4.0 * u[0] - 2.0 * u[1] + 0.5 * u[2], &trajectories(10, 3, 8, 1));
    let exactly = |value| Estimate { value, low: value, high: value };
    assert_eq!(found.mu, [4.0, -2.0, 0.5].map(exactly));
    assert_eq!(found.mu_star, [4.0, 2.0, 0.5].map(exactly));
    assert_eq!(found.sigma, [0.0; 3].map(exactly));
    assert!(found.reason.is_none() && found.dropped.failed == 0);
}

/// The effect of x1 is x2 of where it is taken: values of 0, 1/8 … 3/8 and, after the step of x2, 1/2 … 7/8.
#[test]
fn the_effect_of_one_factor_of_a_product_is_the_other() {
    let found = of(product, &trajectories(4000, 2, 4, 2));
    assert_near(&found.mu, &[7.0 / 16.0; 2], 0.02);
    let spread = (63.0_f64 / 768.0).sqrt();
    assert_near(&found.sigma, &[spread; 2], 0.02);
    assert_eq!(found.mu[0].value, found.mu_star[0].value);
}

#[test]
fn mu_star_sees_what_mu_cancels() {
    let found = of(|u| 8.0 * square(u[0] - 0.5) + u[1], &trajectories(400, 2, 8, 3));
    assert!(found.mu[0].value.abs() < 0.8 && found.mu_star[0].value > 1.5, "{found:?}");
    assert!(found.sigma[0].value > 1.0 && found.sigma[1].value < 1e-12);
}

#[test]
fn the_sign_of_a_step_does_not_matter() {
    let points = trajectories(6, 3, 4, 1);
    let backward = points.slice(s![..;-1, ..]).to_owned();
    let (forward, backward) = (of(linear, &points), of(linear, &backward));
    assert_eq!((forward.mu, forward.sigma), (backward.mu, backward.sigma));
}

#[test]
fn points_that_do_not_move_one_factor_are_refused() {
    let refused = |points: &Array2<f64>| {
        super::super::morris(points.view(), outputs(points, product).view(), LUCK).unwrap_err()
    };
    assert!(refused(&random(8, 3, 1)).contains("points 0 and 1 of trajectory 0"));
    assert!(refused(&random(7, 3, 1)).contains("7 points of 3 factors"));
    let twice = ndarray::array![[0.0, 0.0], [0.5, 0.0], [1.0, 0.0]];
    assert!(refused(&twice).contains("points 1 and 2"));
}

#[test]
fn one_trajectory_has_effects_without_spread_or_interval() {
    let found = of(product, &trajectories(1, 2, 4, 1));
    assert!(found.mu.iter().all(|e| e.value.is_finite() && e.low.is_nan()));
    assert!(found.sigma.iter().all(|e| e.value.is_nan()));
}
