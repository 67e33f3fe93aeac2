//! Partial rank correlations of normal samples, and the warning where they do not apply.

use super::*;
use crate::math::normal_quantile;

fn of(points: &Array2<f64>, y: &Array1<f64>) -> Prcc {
    super::super::prcc(points.view(), y.view(), LUCK).unwrap()
}

/// x1 + x2/2 + 0 x3 + e/2, all standard normal.
fn normal(n: usize, seed: u64) -> (Array2<f64>, Array1<f64>) {
    let all = random(n, 4, seed).mapv(normal_quantile);
    let y = outputs(&all, |row| row[0] + 0.5 * row[1] + 0.5 * row[3]);
    (all.slice(s![.., ..3]).to_owned(), y)
}

/// Pearson's matrix, each r to Spearman's 6/pi asin(r/2), then partial.
const NORMAL: [f64; 3] = [0.873281, 0.659002, 0.0];

#[test]
fn a_normal_sample_has_the_closed_form() {
    let (points, y) = normal(40_000, 1);
    let found = of(&points, &y);
    assert_near(&found.coefficients, &NORMAL, 0.008);
    assert!(found.reason.is_none() && found.trends.iter().all(|trend| !trend.is_mixed()));
}

#[test]
fn sixteen_times_the_points_have_a_quarter_of_the_error() {
    let error = |n: usize| {
        let squares = (0..60).map(|seed| {
            let (points, y) = normal(n, 100 + seed);
            let found = of(&points, &y).coefficients;
            found.iter().zip(NORMAL).map(|(e, t)| square(e.value - t)).sum::<f64>()
        });
        (squares.sum::<f64>() / 180.0).sqrt()
    };
    let ratio = error(100) / error(1600);
    assert!((3.2..5.0).contains(&ratio), "{ratio}");
}

#[test]
fn only_order_matters() {
    let (points, y) = normal(300, 2);
    let bent = points.mapv(|x| x.exp() + 3.0 * x);
    let (plain, bent) = (of(&points, &y), of(&bent, &y.mapv(|y| y.powi(3) - 1e6)));
    assert_eq!(plain.coefficients, bent.coefficients);
}

#[test]
fn a_factor_that_is_the_output_has_coefficient_one() {
    let points = random(50, 1, 1);
    for sign in [1.0, -1.0] {
        let found = of(&points, &outputs(&points, |u| sign * u[0].exp()));
        assert_eq!(found.coefficients[0].value, sign);
    }
    let points = random(50, 3, 1);
    let found = of(&points, &outputs(&points, |u| u[1]));
    let values: Vec<f64> = found.coefficients.iter().map(|e| e.value).collect();
    assert_eq!(values, [0.0, 1.0, 0.0]);
}

#[test]
fn intervals_end_before_one() {
    for seed in 0..20 {
        let all = random(40, 3, seed).mapv(normal_quantile);
        let y = outputs(&all, |row| row[0] + 0.5 * row[1] + 0.05 * row[2]);
        let found = of(&all.slice(s![.., ..2]).to_owned(), &y).coefficients;
        assert!(found.iter().all(|e| 0.0 < e.low && e.low < e.value && e.value < e.high && e.high < 1.0));
    }
}

/// x2 makes 44 % of the variance and has a coefficient of about 0: only the warning tells. (x1 goes with sin, mixed too.)
#[test]
fn ishigami_x2_has_no_coefficient_and_a_warning() {
    for (n, sample) in [(200, random as fn(usize, usize, u64) -> _), (256, sequence), (2000, random)] {
        let points = sample(n, 3, 5);
        let y = outputs(&points, ishigami);
        let found = of(&points, &y);
        assert!(found.coefficients[1].value.abs() < 3.0 / (n as f64).sqrt(), "{found:?}");
        let mixed: Vec<bool> = found.trends.iter().map(Trend::is_mixed).collect();
        assert_eq!(mixed[1..], [true, false], "{n} {:?}", found.trends);
        let given = super::super::given_data(points.view(), y.view(), LUCK).unwrap();
        assert!(given.first[1].value > 0.25);
    }
}

#[test]
fn the_warning_seldom_cries_wolf() {
    let alarms = |f: &dyn Fn(ArrayView1<f64>) -> f64| -> usize {
        let alarms = (0..300).map(|seed| {
            let points = random(120, 3, seed);
            let found = super::super::prcc(points.view(), outputs(&points, f).view(), LUCK).unwrap();
            found.trends.iter().filter(|trend| trend.is_mixed()).count()
        });
        alarms.sum()
    };
    // Of 900 each: noise without factors, a steep step with a plateau, an effect of one kind on the spread only.
    let noise = |u: ArrayView1<f64>| (u[0] * 1e7).fract();
    let plateau = |u: ArrayView1<f64>| (20.0 * (u[0] - 0.5)).tanh() + 0.3 * (u[1] * 1e7).fract();
    let spread = |u: ArrayView1<f64>| u[0] * ((u[1] * 1e7).fract() - 0.5);
    let counts = [alarms(&noise), alarms(&plateau), alarms(&spread)];
    assert!(counts.iter().all(|&count| count <= 5), "{counts:?}");
}

#[test]
fn factors_that_are_not_independent_have_no_coefficients() {
    let mut points = random(50, 3, 1);
    for seed in 0..20 {
        points = random(50, 3, seed);
        let copy = points.column(0).to_owned();
        points.column_mut(2).assign(&copy);
        let found = of(&points, &outputs(&points, linear));
        assert!(found.reason.unwrap().contains("combination of others"), "{seed}");
    }
    // One of three kinds, a column for each: any two tell the third, up to rounding.
    for seed in 0..20 {
        let kinds = random(50, 1, seed);
        let of_kind = |(row, kind)| f64::from((kinds[[row, 0]] * 3.0) as usize == kind);
        let points = Array2::from_shape_fn((50, 3), of_kind);
        let y = outputs(&random(50, 3, seed), linear);
        assert!(of(&points, &y).reason.is_some(), "{seed}");
    }
    points.column_mut(2).fill(0.5);
    let found = of(&points, &outputs(&points, linear));
    assert!(found.reason.is_some() && found.coefficients.iter().all(|e| e.value.is_nan()));
    let few = random(4, 3, 1);
    assert!(of(&few, &outputs(&few, linear)).reason.unwrap().contains("too few"));
}
