//! Quantiles against their definition, kept and counted.

use proptest::prelude::*;

use super::*;

/// Type 7 by its definition.
fn reference(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let place = (sorted.len() - 1) as f64 * p;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    low + (place - place.floor()) * (high - low)
}

/// Numbers of one kind: log-normal, negative, of both signs, tiny, huge, or few different ones.
fn numbers() -> impl Strategy<Value = Vec<f64>> {
    let draw = (0.0f64..1.0).prop_map(|u| crate::math::normal_quantile(u.max(1e-12)));
    (0usize..7, proptest::collection::vec(draw, 1..600)).prop_map(|(kind, draws)| {
        let of = |z: f64| match kind {
            0 => (0.3 * z).exp(),
            1 => -(1.5 * z).exp(),
            2 => z,
            3 => 1e-290 * (2.0 * z).exp(),
            4 => 1e290 * (2.0 * z).exp(),
            5 => z.round(),
            _ => 1e-310 * z,
        };
        draws.into_iter().map(of).collect()
    })
}

proptest! {
    #[test]
    fn kept_quantiles_are_type_7(values in numbers(), ps in proptest::collection::vec(0.0f64..=1.0, 1..6)) {
        let found = reduced(&values, true).quantiles(&ps);
        for (p, found) in ps.iter().zip(found) {
            prop_assert_eq!(found, reference(&values, *p));
        }
    }

    #[test]
    fn counted_quantiles_are_within_their_bound(values in numbers(), p in 0.0f64..=1.0) {
        let (kept, counted) = (reduced(&values, true), reduced(&values, false));
        let (exact, found) = (kept.quantile(p), counted.quantile(p));
        // Between two values the bound is that of the larger; below 2^-1022 bins have one width.
        let n = values.len() as f64 - 1.0;
        let ends = kept.quantiles(&[(n * p).floor() / n.max(1.0), (n * p).ceil() / n.max(1.0)]);
        let size = ends.iter().chain([&exact]).fold(0.0f64, |size, x| size.max(x.abs()));
        prop_assert!((found - exact).abs() <= 1.3e-4 * size + 2f64.powi(-1034), "{found:e} {exact:e}");
        prop_assert!(found >= counted.min() && found <= counted.max());
    }

    #[test]
    fn quantiles_rise_with_p_and_end_at_the_ends(values in numbers(), keep in any::<bool>()) {
        let found = reduced(&values, keep);
        let quantiles = found.quantiles(&(0..=40).map(|n| f64::from(n) / 40.0).collect::<Vec<_>>());
        prop_assert!(quantiles.is_sorted(), "{quantiles:?}");
        prop_assert_eq!((quantiles[0], quantiles[40]), (found.min(), found.max()));
    }
}

#[test]
fn a_large_log_normal_population_is_counted_to_its_bound() {
    let values: Vec<f64> = (0..100_000)
        .map(|n| (1.2 * crate::math::normal_quantile((f64::from(n * 7919 % 100_000) + 0.5) / 1e5)).exp())
        .collect();
    let ps = [0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999];
    let (kept, counted) = (reduced(&values, true), reduced(&values, false));
    for (exact, found) in kept.quantiles(&ps).into_iter().zip(counted.quantiles(&ps)) {
        assert!((found / exact - 1.0).abs() <= 1.3e-4, "{found} {exact}");
    }
}

#[test]
fn zeros_are_exact_however_they_are_signed() {
    for keep in [true, false] {
        let found = reduced(&[-1.0, -0.0, 0.0, 0.0, 2.0], keep);
        assert_eq!(
            found.quantiles(&[0.25, 0.5, 0.75]).iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
            [0; 3]
        );
    }
}

#[test]
fn infinities_have_their_ranks() {
    let inf = f64::INFINITY;
    for keep in [true, false] {
        let of = |values: &[f64], p: f64| reduced(values, keep).quantile(p);
        assert_eq!(of(&[-inf, -inf, 0.0, inf, inf], 0.25), -inf);
        assert_eq!(of(&[-inf, -inf, 0.0, inf, inf], 0.5), 0.0);
        assert_eq!(of(&[-inf, -inf, 0.0, inf, inf], 0.4), -inf);
        assert_eq!(of(&[-inf, -inf, 0.0, inf, inf], 0.6), inf);
        assert!(of(&[-inf, inf], 0.5).is_nan());
        assert_eq!(of(&[f64::MAX, -f64::MAX], 0.5), 0.0);
    }
}
