//! Sobol' indices of functions whose indices are known.

use super::*;

fn of(f: Function, base: Array2<f64>, has_second: bool) -> Sobol {
    let points = saltelli(base, has_second);
    let y = outputs(&points, f);
    super::super::sobol(points.view(), y.view(), LUCK).unwrap()
}

#[test]
fn ishigami_has_its_indices() {
    let found = of(ishigami, sequence(1 << 14, 6, 1), true);
    assert!((found.mean - 3.5).abs() < 2e-3, "{}", found.mean);
    assert!((found.variance - ISHIGAMI_VARIANCE).abs() < 0.01, "{}", found.variance);
    assert_near(&found.first, &ISHIGAMI_FIRST, 3e-3);
    assert_near(&found.total, &ISHIGAMI_TOTAL, 3e-3);
    let pairs: Vec<_> = found.second.iter().map(|pair| pair.factors).collect();
    assert_eq!(pairs, [(0, 1), (0, 2), (1, 2)]);
    let second: Vec<Estimate> = found.second.iter().map(|pair| pair.index).collect();
    assert_near(&second, &[0.0, 0.24368366406214773, 0.0], 6e-3);
    assert!(second[1].is_distinguishable() && !second[0].is_distinguishable());
    assert!(!found.first[2].is_distinguishable() && found.total[2].is_distinguishable());
}

#[test]
fn g_has_its_indices() {
    let found = of(sobol_g, sequence(1 << 13, 16, 2), false);
    let parts: Vec<f64> =
        [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0].map(|a: f64| 1.0 / 3.0 / square(1.0 + a)).to_vec();
    let all: f64 = parts.iter().map(|v| 1.0 + v).product();
    let first: Vec<f64> = parts.iter().map(|v| v / (all - 1.0)).collect();
    let total: Vec<f64> = parts.iter().map(|v| v / (1.0 + v) * all / (all - 1.0)).collect();
    assert!((first[0] - 0.716192169).abs() < 1e-9 && (total[2] - 0.0343169102).abs() < 1e-9);
    assert_near(&found.first, &first, 8e-3);
    assert_near(&found.total, &total, 8e-3);
    assert!(found.second.is_empty());
}

#[test]
fn a_linear_function_has_the_shares_of_its_terms() {
    let found = of(linear, sequence(1 << 14, 6, 3), true);
    let shares = [16.0 / 21.0, 4.0 / 21.0, 1.0 / 21.0];
    assert_near(&found.first, &shares, 2e-3);
    assert_near(&found.total, &shares, 2e-3);
    found.second.iter().for_each(|pair| assert_near(&[pair.index], &[0.0], 3e-3));
}

/// V = 7/144, V1 = V2 = 1/48, so 3/7, 3/7 and 1/7 together.
#[test]
fn a_product_has_three_sevenths_alone_and_one_together() {
    let found = of(product, sequence(1 << 14, 4, 4), true);
    assert_near(&found.first, &[3.0 / 7.0; 2], 4e-3);
    assert_near(&found.total, &[4.0 / 7.0; 2], 4e-3);
    assert_near(&[found.second[0].index], &[1.0 / 7.0], 6e-3);
}

/// Root of the mean squared error of all first and total orders over seeds.
fn error(blocks: usize, sample: fn(usize, usize, u64) -> Array2<f64>) -> f64 {
    let squares = (0..40).map(|seed| {
        let found = of(ishigami, sample(blocks, 6, 1000 + seed), false);
        let truth = ISHIGAMI_FIRST.iter().chain(&ISHIGAMI_TOTAL);
        found.first.iter().chain(&found.total).zip(truth).map(|(e, t)| square(e.value - t)).sum::<f64>()
    });
    (squares.sum::<f64>() / 240.0).sqrt()
}

#[test]
fn sixteen_times_the_random_blocks_have_a_quarter_of_the_error() {
    let ratio = error(64, random) / error(1024, random);
    assert!((3.2..5.0).contains(&ratio), "{ratio}");
}

#[test]
fn blocks_of_a_sobol_sequence_gain_faster() {
    let ratio = error(64, sequence) / error(1024, sequence);
    assert!((6.5..30.0).contains(&ratio), "{ratio}");
}

#[test]
fn an_offset_moves_no_index() {
    let points = saltelli(random(256, 6, 5), true);
    let y = outputs(&points, ishigami);
    let [plain, moved] =
        [0.0, 1e6].map(|offset| super::super::sobol(points.view(), (&y + offset).view(), LUCK).unwrap());
    let numbers = |found: &Sobol| -> Vec<Estimate> {
        let second = found.second.iter().map(|pair| pair.index);
        found.first.iter().chain(&found.total).copied().chain(second).collect()
    };
    for (a, b) in numbers(&plain).iter().zip(numbers(&moved)) {
        // The outputs themselves are rounded at 1e6: 1e-10 absolute.
        assert!((a.value - b.value).abs() < 1e-9 && (a.low - b.low).abs() < 1e-9, "{a:?} {b:?}");
    }
}

#[test]
fn a_unit_moves_no_bit_of_an_index() {
    let points = saltelli(random(32, 6, 5), true);
    let y = outputs(&points, ishigami);
    let in_units = |unit: f64| super::super::sobol(points.view(), (&y * unit).view(), LUCK).unwrap();
    let plain = in_units(1.0);
    for unit in [2.0_f64.powi(900), 2.0_f64.powi(-900), -0.5] {
        let found = in_units(unit);
        assert_eq!((&found.first, &found.total, &found.second), (&plain.first, &plain.total, &plain.second));
        assert_eq!(found.mean, plain.mean * unit);
    }
}

#[test]
fn the_same_seed_has_the_same_intervals_and_another_has_others() {
    let points = saltelli(random(64, 6, 5), false);
    let y = outputs(&points, ishigami);
    let with = |seed| super::super::sobol(points.view(), y.view(), Bootstrap::new(seed)).unwrap();
    assert_eq!(with(1), with(1));
    assert_ne!(with(1).first[0].low, with(2).first[0].low);
    assert_eq!(with(1).first[0].value, with(2).first[0].value);
}

#[test]
fn points_of_another_design_are_refused() {
    let points = random(40, 3, 1);
    let error = super::super::sobol(points.view(), outputs(&points, linear).view(), LUCK).unwrap_err();
    assert!(error.contains("40 points of 3 factors") && error.contains("given-data"), "{error}");
    for row in 16..24 {
        let mut points = saltelli(random(8, 6, 1), true);
        points[[row, 1]] += f64::EPSILON;
        assert!(super::super::sobol(points.view(), outputs(&points, linear).view(), LUCK).is_err(), "{row}");
    }
    let empty = Array2::zeros((0, 3));
    assert!(super::super::sobol(empty.view(), Array1::zeros(0).view(), LUCK).is_err());
    let points = saltelli(random(8, 6, 1), true);
    assert!(super::super::sobol(points.view(), Array1::zeros(7).view(), LUCK).is_err());
}

#[test]
fn one_block_has_values_without_intervals() {
    let found = of(ishigami, random(1, 6, 1), true);
    let all = found.first.iter().chain(&found.total);
    all.for_each(|e| assert!(e.value.is_finite() && e.low.is_nan() && !e.is_distinguishable()));
}
