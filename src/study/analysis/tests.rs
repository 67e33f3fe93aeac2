//! Known answers: numbers that are functions of the coordinates, put in place of those of agents.

use std::sync::Arc;

use super::super::sensitivity::Estimate;
use super::*;
use crate::diagnostic::{Finding, Source};
use crate::scenario::preset;
use crate::study::{Opened, Row, Study};
use crate::table::Table;

fn study(design: &str, more: &str) -> Study {
    let open = |which: &str| {
        let source = preset(which).ok_or_else(|| Finding::error("no preset"))?;
        let files = |_: &str| Err("no files".to_owned());
        Ok(Opened { name: which.to_owned(), source, files: Arc::new(files) })
    };
    let text = format!(
        "title = \"x\"\nscenario = \"down-regulation\"\ndesign = {{ {design} }}\nclaims = true\n{more}\n\
         [vary]\nkdeg = {{ from = \"0.001 1/h\", to = \"0.1 1/h\" }}\nkappa = {{ from = \"1\", to = \"9\", scale = \"linear\" }}\ntau0 = {{}}\n\
         [outputs]\nfall = \"median(stopped.fall)\"\n"
    );
    Study::read("s", &Source::new("s.toml", text), &open).unwrap_or_else(|error| panic!("{error}"))
}

/// The rows at some positions, all numbers a function of the coordinates and the repeat; a NaN is a point that failed.
fn rows(study: &Study, positions: impl Iterator<Item = u64>, f: &dyn Fn(&[f64], u64) -> f64) -> Table {
    let row = |position: u64| {
        let (point, repeat) = (position % study.points, position / study.points);
        let number = f(&study.coordinates(point), repeat);
        Row {
            point,
            repeat,
            seed: 1,
            values: study.values(point),
            numbers: vec![number; study.outputs.len()],
            failed: 0,
            reason: if number.is_nan() { "it cannot be".to_owned() } else { String::new() },
        }
    };
    study.table(&positions.map(row).collect::<Vec<_>>())
}

fn with(study: &Study, f: &dyn Fn(&[f64], u64) -> f64) -> Analysis {
    some(study, 0..study.rows(), f)
}

fn some(study: &Study, positions: impl Iterator<Item = u64>, f: &dyn Fn(&[f64], u64) -> f64) -> Analysis {
    let mut columns = Columns::of(study);
    columns.add(&rows(study, positions, f));
    analysed(study, &columns)
}

/// Shares 16/20 and 4/20 of the variance.
fn linear(u: &[f64], _: u64) -> f64 {
    4.0 * u[0] + 2.0 * u[1]
}

fn of<'a>(analysis: &'a Analysis, method: Method, index: &str) -> Vec<&'a Index> {
    let fits = |row: &&Index| row.output == 0 && row.method == method && row.index == index;
    analysis.indices.iter().filter(fits).collect()
}

#[test]
fn shares_of_a_linear_output_are_the_squares_of_its_slopes() {
    let study = study("saltelli = { base = 256, second_order = true }", "");
    let found = with(&study, &linear);
    for index in ["first", "total"] {
        let rows = of(&found, Method::Sobol, index);
        for (row, share) in rows.iter().zip([0.8, 0.2, 0.0]) {
            assert!((row.estimate.value - share).abs() < 0.05, "{index} {row:?}");
            assert_eq!(row.verdict == Verdict::NotDistinguishable, share == 0.0, "{row:?}");
            assert_eq!((row.n, row.of), (256, 256));
        }
    }
    assert_eq!(of(&found, Method::Sobol, "second").len(), 3);
    let steps = self::study("morris = { trajectories = 10 }", "");
    for (row, slope) in of(&with(&steps, &linear), Method::Morris, "mu").iter().zip([4.0, 2.0, 0.0]) {
        assert!((row.estimate.value - slope).abs() < 1e-9, "{row:?}");
        assert!((row.estimate.high - row.estimate.low).abs() < 1e-9);
        assert_eq!((row.unit.as_str(), row.n, row.of), ("%", 10, 10));
    }
}

#[test]
fn samples_have_correlations_and_shares_grids_shares_and_lists_nothing() {
    let sample = with(&study("latin_hypercube = { points = 300 }", ""), &linear);
    let [prcc, first] =
        [(Method::Prcc, "prcc"), (Method::GivenData, "first")].map(|(m, i)| of(&sample, m, i));
    assert!(prcc[0].estimate.value > 0.95 && prcc[0].verdict == Verdict::Distinguishable);
    assert!(first[2].verdict == Verdict::NotDistinguishable && (first[0].estimate.value - 0.8).abs() < 0.1);
    let names = |analysis: &Analysis, study: &Study| -> Vec<String> {
        analysis.tables(study).into_iter().map(|table| table.name).collect()
    };
    let grid = study("grid = {}", "");
    let found = with(&grid, &linear);
    assert_eq!(names(&found, &grid), ["indices", "dropped", "robustness", "boundary"]);
    assert!(found.indices.iter().all(|row| row.method == Method::GivenData));
    let text = "kdeg = { from = \"0.001 1/h\", to = \"0.1 1/h\" }\nkappa = { from = \"1\", to = \"9\", scale = \"linear\" }\ntau0 = {}";
    let list = grid.source.text().replace("grid", "list").replace(text, "kappa = { values = [1, 2] }");
    let open = |which: &str| {
        let source = preset(which).ok_or_else(|| Finding::error("no preset"))?;
        Ok(Opened { name: which.to_owned(), source, files: Arc::new(|_: &str| Err(String::new())) })
    };
    let list =
        Study::read("s", &Source::new("s.toml", list), &open).unwrap_or_else(|error| panic!("{error}"));
    let found = with(&list, &|u, _| f64::from(u8::from(u[0] < 0.5)));
    assert_eq!(names(&found, &list), ["robustness", "boundary"]);
    assert!(found.robustness[0].holds == 0.5 && found.robustness[0].low.is_nan());
}

#[test]
fn an_output_that_turns_is_not_called_independent() {
    let study = study("sobol = { points = 512 }", "");
    let found = with(&study, &|u, _| (u[0] - 0.5) * (u[0] - 0.5));
    assert_eq!(of(&found, Method::Prcc, "prcc")[0].verdict, Verdict::NotMonotone);
    assert_eq!(of(&found, Method::GivenData, "first")[0].verdict, Verdict::Distinguishable);
    assert!(
        of(&with(&study, &|_, _| 3.0), Method::Prcc, "prcc").iter().all(|row| {
            row.estimate.value.is_nan() && row.verdict.text().contains("the same at all points")
        })
    );
}

/// The share of waves that lies between bins is (sin(π w)/(π w))² with w waves a bin: with 512 points 0.72 of five waves between 16 bins, 0.22 between 8.
#[test]
fn a_share_of_an_effect_with_more_waves_than_bins_show_is_called_rough() {
    let wave =
        |waves: f64| move |u: &[f64], _: u64| (u[0] * waves * std::f64::consts::TAU).sin() + 0.1 * u[1];
    for (points, rough, fine) in [(512, 5.0, 1.0), (2048, 8.0, 1.0)] {
        let study = study(&format!("sobol = {{ points = {points} }}"), "");
        let row = |waves: f64| of(&with(&study, &wave(waves)), Method::GivenData, "first")[0].clone();
        let (found, smooth) = (row(rough), row(fine));
        assert_eq!(found.verdict, Verdict::Unresolved, "{found:?}");
        assert!(found.verdict.text().starts_with("not resolved: too few points") && found.estimate.low > 0.0);
        assert_eq!(smooth.verdict, Verdict::Distinguishable, "{smooth:?}");
        let table =
            with(&study, &wave(rough)).tables(&study).into_iter().find(|table| table.name == "indices");
        let verdicts = table.map(|table| table.texts("verdict").to_vec()).unwrap_or_default();
        assert!(verdicts.iter().flatten().any(|verdict| verdict.starts_with("not resolved")), "{verdicts:?}");
    }
}

#[test]
fn round_off_is_no_share() {
    let study = study("saltelli = { base = 64, second_order = true }", "");
    let found = with(&study, &|u, _| (0.1 + 0.7 * u[0]) * (1.0 + 1e-15 * u[2]) + u[1]);
    let of_third = |row: &&Index| row.output == 0 && (row.factor == 2 || row.with == Some(2));
    let third: Vec<&Index> = found.indices.iter().filter(of_third).collect();
    assert_eq!(third.len(), 4);
    assert!(third.iter().all(|row| row.verdict == Verdict::NotDistinguishable), "{third:?}");
    let narrow = Estimate { value: 5e-17, low: 5e-18, high: 1e-16 };
    assert_eq!(Verdict::of_share(narrow, None), Verdict::NotDistinguishable);
}

/// Blocks of the beginning are the blocks of a smaller design; units that are missing in between take theirs away only.
#[test]
fn a_part_of_a_study_is_analysed_by_its_whole_blocks() {
    let noisy = |u: &[f64], _: u64| linear(u, 0) + 3.0 * u[0] * u[2];
    for design in ["saltelli = { base = BLOCKS }", "morris = { trajectories = BLOCKS }"] {
        let large = study(&design.replace("BLOCKS", "64"), "");
        let small = study(&design.replace("BLOCKS", "16"), "");
        let size = large.design.block();
        let part = some(&large, 0..16 * size + 2, &noisy);
        let whole = with(&small, &noisy);
        let bits = |analysis: &Analysis| -> Vec<[u64; 3]> {
            let ends =
                |row: &Index| [row.estimate.value, row.estimate.low, row.estimate.high].map(f64::to_bits);
            analysis.indices.iter().map(ends).collect()
        };
        assert_eq!(bits(&part), bits(&whole), "{design}");
        assert!(part.indices.iter().all(|row| (row.n, row.of) == (16, 64)));
        assert_eq!((part.there, &part.without[0]), (16 * size + 2, &0), "what is not there has not failed");
        let holes = (0..large.points).filter(|position| (position / size) % 4 != 1);
        assert!(some(&large, holes, &noisy).indices.iter().all(|row| (row.n, row.of) == (48, 64)));
        let none = some(&large, 0..0, &noisy);
        assert!(none.indices.iter().all(|row| row.verdict.text() == "no whole block of points is there"));
    }
}

#[test]
fn repeats_count_as_their_mean_and_a_point_that_failed_once_has_no_value() {
    let study = study("random = { points = 40 }", "repeats = 3\nunit = 7");
    let mut columns = Columns::of(&study);
    let f = |u: &[f64], repeat: u64| if u[0] > 0.9 && repeat == 1 { f64::NAN } else { u[0] + repeat as f64 };
    for unit in 0..study.units() {
        columns.add(&rows(&study, study.rows_of(unit), &f));
    }
    let high = |point: u64| study.coordinates(point)[0] > 0.9;
    for point in 0..study.points {
        let (found, expected) = (columns.value(point, 0), study.coordinates(point)[0] + 1.0);
        assert!(if high(point) { found.is_nan() } else { (found - expected).abs() < 1e-12 });
    }
    let failed = (0..study.points).filter(|point| high(*point)).count() as u64;
    let found = analysed(&study, &columns);
    assert!(failed > 0 && found.without[0] == failed);
    assert_eq!(found.reasons, [("it cannot be".to_owned(), failed)]);
}

#[test]
fn a_corner_that_fails_is_placed_in_the_units_of_its_factors() {
    let study = study("latin_hypercube = { points = 400 }", "");
    let found = with(&study, &|u, _| if u[0] > 0.7 && u[1] < 0.4 { f64::NAN } else { u[2] });
    let rows: Vec<&Failing> = found.failing.iter().filter(|row| row.output == 0).collect();
    assert_eq!(
        rows.iter().map(|row| row.elsewhere).collect::<Vec<_>>(),
        [Some(true), Some(true), Some(false)]
    );
    assert!(rows[0].failed == found.without[0] && rows[0].of == 400 && rows[0].failed > 30);
    // 0.001 to 0.1 1/h by its logarithm: 0.85 of the way is 0.05 1/h; 1 to 9: 0.2 of the way is 2.6.
    assert!((rows[0].failed_median / 0.05 - 1.0).abs() < 0.15, "{rows:?}");
    assert!((rows[1].failed_median - 2.6).abs() < 0.4 && rows[1].others_median > 4.0, "{rows:?}");
}

#[test]
fn a_claim_that_one_factor_decides_has_its_share_and_its_boundary() {
    for design in [
        "sobol = { points = 1024 }",
        "saltelli = { base = 256 }",
        "grid = {}",
        "morris = { trajectories = 80 }",
    ] {
        let study = study(design, "");
        let found = with(&study, &|u, _| f64::from(u8::from(u[1] < 0.5)));
        let row = &found.robustness[0];
        assert!((row.holds - 0.5).abs() < 0.11 && row.low < row.holds && row.holds < row.high, "{row:?}");
        assert_eq!(row.deciding.iter().map(|one| one.factor).collect::<Vec<_>>(), [1], "{design}");
        let map: Vec<&Cell> = found.boundary.iter().filter(|cell| cell.claim == row.claim).collect();
        assert_eq!(map.iter().map(|cell| cell.n).sum::<u64>(), study.points, "{design}");
        assert!(map.iter().all(|cell| cell.factors[0] == 1 && cell.ends[0][0] < cell.ends[0][1]));
        for cell in map.iter().filter(|cell| cell.n > 0) {
            // 5 is the middle of 1 to 9.
            let [low, high] = cell.ends[0];
            assert!(high > 5.0 || cell.holds == 1.0, "{design} {cell:?}");
            assert!(low < 5.0 || cell.holds == 0.0, "{design} {cell:?}");
        }
    }
    let sure = with(&study("sobol = { points = 64 }", ""), &|_, _| 1.0);
    assert!(sure.boundary.is_empty() && sure.robustness[0].deciding.is_empty());
    assert!(sure.robustness[0].holds == 1.0 && sure.robustness[0].low > 0.9);
}

#[test]
fn a_local_design_stands_on_the_values_in_force_and_gives_the_power_of_a_power_law() {
    let text = study("sobol = { points = 4 }", "set = [\"kdeg=0.02 1/h\"]").source.text().to_owned();
    let text =
        text.replace("sobol = { points = 4 }", "local = { step = 0.1 }").replace(", scale = \"linear\"", "");
    let text = text.replace("kdeg = { from = \"0.001 1/h\", to = \"0.1 1/h\" }", "kdeg = {}");
    let open = |which: &str| {
        let source = preset(which).ok_or_else(|| Finding::error("no preset"))?;
        Ok(Opened { name: which.to_owned(), source, files: Arc::new(|_: &str| Err(String::new())) })
    };
    let read = |text: &str| Study::read("s", &Source::new("s.toml", text), &open);
    let study = read(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(study.points, 13);
    let numbers = |point: u64| {
        study.values(point).into_iter().map(|value| match value {
            crate::study::Value::Number(number) => number,
            crate::study::Value::Text(_) => f64::NAN,
        })
    };
    assert_eq!(numbers(0).collect::<Vec<_>>()[..2], [0.02, 3.0]);
    let mut columns = Columns::of(&study);
    for point in 0..study.points {
        let x: Vec<f64> = numbers(point).collect();
        columns.add(&rows(&study, point..point + 1, &|_, _| x[0] * x[0] / x[1]));
    }
    let found = analysed(&study, &columns);
    for (row, power) in of(&found, Method::Local, "elasticity").iter().zip([2.0, -1.0, 0.0]) {
        assert!((row.estimate.value - power).abs() < 1e-9, "{row:?}");
        assert!(row.estimate.low <= row.estimate.value && row.estimate.value <= row.estimate.high);
        assert_eq!((row.n, row.of), (5, 5));
    }
    assert!(found.failing.is_empty());
    for (old, new, hint) in [
        ("step = 0.1", "step = 0", "above 0"),
        ("tau0 = {}", "tau0 = { values = [1, 2] }", "values"),
        ("tau0 = {}", "nothing = {}", "centre"),
        ("from = \"1\", to = \"9\"", "from = \"0\", to = \"9\"", "logarithm"),
    ] {
        let error = read(&text.replace(old, new)).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(hint), "{new}: {error}");
    }
}
