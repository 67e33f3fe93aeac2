//! Quantiles of gamma and beta against their distribution functions and closed forms, and their laws.

use super::*;

fn off(value: f64, truth: f64) -> f64 {
    (value / truth - 1.0).abs()
}

/// (shape, z, x) by bisection on mpmath's incomplete gamma function in 40 digits.
const GAMMA: &[(f64, f64, f64)] = &[
    (0.01, -2.5, 1.1473409288047922e-221),
    (0.01, 0.0, 4.465535018910355e-31),
    (0.01, 3.0, 1.3101010672791926),
    (0.2, -6.0, 6.099452895142277e-46),
    (0.2, -0.3, 0.0053378044404572165),
    (0.2, 0.7, 0.19034024116539794),
    (0.2, 7.5, 26.890081634509944),
    (0.9, -2.5, 0.0033870036070466026),
    (0.9, 0.0, 0.5967430489553945),
    (0.9, 3.0, 6.342864050950643),
    (1.0, -6.0, 9.865876455243758e-10),
    (1.0, -0.3, 0.4814101615884812),
    (1.0, 0.7, 1.4189677615315315),
    (1.0, 7.5, 31.075890902890002),
    (2.5, -2.5, 0.22577159388461188),
    (2.5, 0.0, 2.1757300955477636),
    (2.5, 3.0, 9.910724094625815),
    (11.1, -6.0, 0.8170956051600997),
    (11.1, -0.3, 9.816296466360019),
    (11.1, 0.7, 13.225384889570288),
    (11.1, 7.5, 56.71102880179928),
    (100.0, -2.5, 76.75331585708028),
    (100.0, 0.0, 99.66686491931549),
    (100.0, 3.0, 132.67994501406574),
    (2500.0, -6.0, 2211.5679384036725),
    (2500.0, -0.3, 2484.6978259378434),
    (2500.0, 0.7, 2534.827474141811),
    (2500.0, 7.5, 2893.617067383358),
];

/// (a, b, z, x) by bisection on mpmath's incomplete beta function in 40 digits.
const BETA: &[(f64, f64, f64, f64)] = &[
    (0.05, 0.3, -6.0, 1.1214545519692323e-179),
    (0.05, 0.3, -2.5, 1.0676578847204855e-43),
    (0.05, 0.3, 0.7, 0.055514853356236495),
    (0.05, 0.3, 5.0, 1.0),
    (0.5, 0.5, -6.0, 2.401657645396643e-18),
    (0.5, 0.5, -2.5, 9.51398295662408e-05),
    (0.5, 0.5, 0.7, 0.8623659076527133),
    (0.5, 0.5, 5.0, 0.9999999999997973),
    (1.0, 3.0, -6.0, 3.2886254845404997e-10),
    (1.0, 3.0, -2.5, 0.0020741877220704697),
    (1.0, 3.0, 0.7, 0.37686323253331205),
    (1.0, 3.0, 5.0, 0.9934064681375797),
    (2.5, 0.7, -6.0, 0.00031461523507483896),
    (2.5, 0.7, -2.5, 0.16251114491240118),
    (2.5, 0.7, 0.7, 0.9490459825939624),
    (2.5, 0.7, 5.0, 0.9999999998335737),
    (8.0, 2.0, -6.0, 0.05725617440649736),
    (8.0, 2.0, -2.5, 0.42735944965238853),
    (8.0, 2.0, 0.7, 0.895144481295957),
    (8.0, 2.0, 5.0, 0.9999107483286415),
    (40.0, 60.0, -6.0, 0.1508459837671787),
    (40.0, 60.0, -2.5, 0.2825993051186783),
    (40.0, 60.0, 0.7, 0.43398711651190336),
    (40.0, 60.0, 5.0, 0.6460964291771152),
    (90.0, 3.0, -6.0, 0.7457591980918983),
    (90.0, 3.0, -2.5, 0.90577561245164),
    (90.0, 3.0, 0.7, 0.9815242792200422),
    (90.0, 3.0, 5.0, 0.9998679453517434),
];

#[test]
fn gamma_quantiles_are_those_of_the_incomplete_gamma_function() {
    for &(shape, z, x) in GAMMA {
        assert!(off(gamma_quantile(shape, z), x) < 1e-11, "{shape} {z}: {} {x}", gamma_quantile(shape, z));
    }
}

#[test]
fn beta_quantiles_are_those_of_the_incomplete_beta_function() {
    for &(a, b, z, x) in BETA {
        assert!(off(beta_quantile(a, b, z), x) < 1e-11, "{a} {b} {z}: {} {x}", beta_quantile(a, b, z));
    }
}

#[test]
fn a_gamma_of_shape_one_is_exponential() {
    for z in [-8.0, -3.0, -0.5, 0.0, 1.0, 4.0, 20.0] {
        let exact = if z < 0.0 { -ln_1p(-normal_cdf(z)) } else { -ln(normal_cdf(-z)) };
        assert!(off(gamma_quantile(1.0, z), exact) < 1e-13, "{z}");
    }
}

#[test]
fn betas_with_a_shape_of_one_are_powers() {
    for z in [-5.0, -1.0, 0.0, 2.0] {
        for a in [0.02, 0.7, 1.0, 30.0] {
            let exact = exp(ln(normal_cdf(z)) / a).max(f64::MIN_POSITIVE);
            assert!(off(beta_quantile(a, 1.0, z), exact) < 1e-11, "{a} {z}");
        }
    }
}

#[test]
fn the_expansion_for_large_shapes_continues_the_inversion() {
    for z in [-8.0, -4.0, -1.0, 0.0, 0.5, 3.0, 8.0] {
        let (below, above) = (gamma_quantile(LARGE_GAMMA, z), large_gamma_quantile(LARGE_GAMMA, z));
        assert!(off(above, below) < 1e-12, "gamma at {z}: {below} {above}");
        for b in [LARGE_BETA, 7.0 * LARGE_BETA] {
            let (below, above) = (beta_quantile(LARGE_BETA, b, z), large_beta_quantile(LARGE_BETA, b, z));
            assert!(off(above, below) < 1e-11, "beta at {z}: {below} {above}");
        }
    }
}

#[test]
fn a_beta_mirrors_itself_when_its_shapes_change_places() {
    for z in [-6.0, -1.5, 0.0, 0.3, 4.0] {
        for (a, b) in [(0.3, 0.3), (2.0, 5.0), (400.0, 3.0), (1e5, 1e6)] {
            let (x, mirrored) = (beta_quantile(a, b, z), beta_quantile(b, a, -z));
            assert!((x + mirrored - 1.0).abs() < 1e-12, "{a} {b} {z}");
        }
    }
}

#[test]
fn quantiles_rise_with_luck_and_stay_inside_for_any_shape() {
    for shape in [1e-6, 1e-3, 0.1, 0.9, 3.0, 1e3, 9e4, 1e8, 1e14] {
        let scores = (-80..=80).map(|i| f64::from(i) / 2.0);
        let (mut last, mut last_beta) = (0.0, 0.0);
        for z in scores {
            let x = gamma_quantile(shape, z);
            assert!(x.is_finite() && x > 0.0 && x >= last, "gamma {shape} at {z}: {x} after {last}");
            let y = beta_quantile(shape, 2.0, z);
            assert!(y > 0.0 && y < 1.0 && y >= last_beta, "beta {shape} at {z}: {y} after {last_beta}");
            (last, last_beta) = (x, y);
        }
    }
}
