//! Means and standard deviations.

use proptest::prelude::*;

use super::*;

fn mean(values: &[f64]) -> f64 {
    reduced(values, false).mean()
}

fn sd(values: &[f64]) -> f64 {
    reduced(values, false).sd()
}

proptest! {
    #[test]
    fn the_mean_is_the_exact_mean_rounded_once(wholes in proptest::collection::vec(-(1i64 << 53)..1 << 53, 1..200), scale in -1000i32..900) {
        let unit = 2f64.powi(scale.max(-500)) * 2f64.powi(scale.min(-500) + 500);
        let values: Vec<f64> = wholes.iter().map(|n| *n as f64 * unit).collect();
        let sum: i128 = wholes.iter().map(|n| i128::from(*n)).sum();
        let n = wholes.len() as i128;
        // Nearest multiple of 2^-64 of the mean but for the last bit, which says that there is more: rounds as the mean does.
        let fixed = (sum << 64).div_euclid(n) | i128::from((sum << 64).rem_euclid(n) != 0);
        prop_assert_eq!(mean(&values), fixed as f64 * 2f64.powi(-64) * unit);
    }

    #[test]
    fn equal_values_are_their_own_mean_and_have_no_spread(x in any::<f64>().prop_filter("finite", |x| x.is_finite()), n in 2usize..200) {
        let values = vec![x; n];
        prop_assert_eq!((mean(&values), sd(&values)), (x, 0.0));
    }

    #[test]
    fn a_spread_does_not_depend_on_the_offset(steps in proptest::collection::vec(-1000i32..1000, 2..300), offset in -(1i64 << 52)..1 << 52) {
        let plain: Vec<f64> = steps.iter().map(|n| f64::from(*n)).collect();
        let far: Vec<f64> = steps.iter().map(|n| (offset + i64::from(*n)) as f64).collect();
        prop_assert_eq!(sd(&plain), sd(&far));
        let centre = plain.iter().sum::<f64>() / plain.len() as f64;
        let squares: f64 = plain.iter().map(|x| (x - centre) * (x - centre)).sum();
        let expected = (squares / (plain.len() - 1) as f64).sqrt();
        prop_assert!((sd(&plain) - expected).abs() <= 1e-12 * expected);
    }

    #[test]
    fn a_spread_scales_with_its_values(steps in proptest::collection::vec(-1000i32..1000, 2..100), power in -500i32..500) {
        let plain: Vec<f64> = steps.iter().map(|n| f64::from(*n)).collect();
        let scaled: Vec<f64> = plain.iter().map(|x| x * 2f64.powi(power) * 2f64.powi(power)).collect();
        prop_assert_eq!(sd(&scaled), sd(&plain) * 2f64.powi(power) * 2f64.powi(power));
    }
}

#[test]
fn a_spread_of_a_billionth_of_the_mean_is_right() {
    let values: Vec<f64> = (0..10_000).map(|n| 1.0 + 1e-9 * f64::from(n % 2)).collect();
    let expected = 0.5e-9 * (10_000.0f64 / 9_999.0).sqrt();
    let step = (1.0 + 1e-9) - 1.0;
    assert!((sd(&values) / (expected * step / 1e-9) - 1.0).abs() < 1e-14, "{:e}", sd(&values));
}

#[test]
fn sums_cancel_exactly_and_do_not_overflow() {
    assert_eq!(mean(&[1e300, 1.0, -1e300]), 1.0 / 3.0);
    assert_eq!(mean(&[f64::MAX; 1000]), f64::MAX);
    assert_eq!(mean(&[5e-324, 0.0]), 0.0);
    assert_eq!(mean(&[5e-324, 5e-324, 0.0]), 5e-324);
    assert_eq!(mean(&[1.0, -1.0, -0.0]).to_bits(), 0);
    assert_eq!(sd(&[1e200, 3e200]), 1e200 * 2f64.sqrt());
    assert!((sd(&[1e-200, 3e-200]) / (1e-200 * 2f64.sqrt()) - 1.0).abs() < 1e-15);
    assert_eq!(sd(&[f64::MAX, -f64::MAX]), f64::INFINITY);
    assert!(sd(&[1.0]).is_nan());
}

#[test]
fn infinities_are_means_but_have_no_spread() {
    let inf = f64::INFINITY;
    assert_eq!(mean(&[1.0, inf]), inf);
    assert_eq!(mean(&[1.0, -inf]), -inf);
    assert!(mean(&[inf, -inf]).is_nan());
    assert!(sd(&[1.0, 2.0, inf]).is_nan());
    let found = reduced(&[1.0, -inf, 2.0], true);
    assert_eq!((found.n(), found.missing(), found.min(), found.max()), (3, 0, -inf, 2.0));
}
