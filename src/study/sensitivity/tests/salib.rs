//! The same numbers as SALib 1.6.0 and scipy from the same points (`tests/data/salib/make.py`).

use super::*;

/// Text of `tests/data/salib/NAME.points.csv` and of its indices.
macro_rules! sample {
    ($name:literal) => {
        (
            include_str!(concat!("../../../../tests/data/salib/", $name, ".points.csv")),
            include_str!(concat!("../../../../tests/data/salib/", $name, ".indices.csv")),
        )
    };
}

fn points(text: &str) -> (Array2<f64>, Array1<f64>) {
    let row = |line: &str| line.split(',').map(|cell| cell.parse().unwrap()).collect::<Vec<f64>>();
    let rows: Vec<Vec<f64>> = text.lines().skip(1).map(row).collect();
    let k = rows[0].len() - 1;
    let points = Array2::from_shape_fn((rows.len(), k), |(row, column)| rows[row][column]);
    (points, rows.iter().map(|row| row[k]).collect())
}

/// Values of one kind, in their order.
fn expected(text: &str, what: &str) -> Vec<f64> {
    let of_kind = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[0] == what).then(|| cells[3].parse().unwrap())
    };
    text.lines().filter_map(of_kind).collect()
}

/// To 1e-10 of the value, or of 1e-3 where that is more: below, the estimators themselves subtract what nearly agrees.
#[track_caller]
fn assert_same(found: &[Estimate], expected: &[f64]) {
    assert!(found.len() == expected.len() && !found.is_empty());
    for (found, expected) in found.iter().zip(expected) {
        let off = (found.value - expected).abs();
        assert!(off <= 1e-10 * expected.abs().max(1e-3), "{} is {off:e} off {expected}", found.value);
    }
}

#[test]
fn sobol_indices_agree() {
    for (table, indices) in [sample!("ishigami"), sample!("offset"), sample!("g")] {
        let (points, y) = points(table);
        let found = super::super::sobol(points.view(), y.view(), LUCK).unwrap();
        assert_same(&found.first, &expected(indices, "S1"));
        assert_same(&found.total, &expected(indices, "ST"));
        let second: Vec<Estimate> = found.second.iter().map(|pair| pair.index).collect();
        let expected = expected(indices, "S2");
        assert_eq!(second.len(), expected.len());
        if !second.is_empty() {
            assert_same(&second, &expected);
        }
    }
}

#[test]
fn elementary_effects_agree() {
    let (table, indices) = sample!("morris");
    let (points, y) = points(table);
    let found = super::super::morris(points.view(), y.view(), LUCK).unwrap();
    assert_same(&found.mu, &expected(indices, "mu"));
    assert_same(&found.mu_star, &expected(indices, "mu_star"));
    assert_same(&found.sigma, &expected(indices, "sigma"));
}

#[test]
fn partial_rank_correlations_agree_with_residuals() {
    let (table, indices) = sample!("prcc");
    let (points, y) = points(table);
    let found = super::super::prcc(points.view(), y.view(), LUCK).unwrap();
    assert_same(&found.coefficients, &expected(indices, "prcc"));
}
