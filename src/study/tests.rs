//! Laws of studies: what holds for the rows of every study, over all presets.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::scenario::{preset, presets};

/// Opens presets only.
fn open(which: &str) -> Result<Opened, Finding> {
    let source = preset(which).ok_or_else(|| Finding::error(format!("there is no preset `{which}`")))?;
    let files = |file: &str| Err(format!("there is no file `{file}`"));
    Ok(Opened { name: which.to_owned(), source, files: Arc::new(files) })
}

fn study(text: &str) -> Study {
    let source = Source::new("s.toml", text);
    Study::read("s", &source, &open).unwrap_or_else(|error| panic!("{error}"))
}

fn rows(study: &Study) -> Vec<Row> {
    let never = AtomicBool::new(false);
    (0..study.units()).flat_map(|unit| study.compute(unit, &|_| {}, &never).unwrap()).collect()
}

#[test]
fn the_numbers_of_a_point_are_those_of_a_run_of_its_scenario() {
    for name in presets() {
        let source = preset(name).unwrap();
        let read = Scenario::read(name, &source, &[], &|_| Err(String::new())).unwrap();
        let mut names: Vec<&str> = read.measures.iter().map(|measure| measure.name.as_str()).collect();
        names.dedup();
        let outputs: Vec<String> = names.iter().map(|m| format!("median_{m} = \"median({m})\"")).collect();
        let text = format!(
            "title = \"x\"\nscenario = {name:?}\ndesign = {{ list = {{}} }}\nclaims = true\n[vary]\nagents = {{ values = [20] }}\n[outputs]\n{}",
            outputs.join("\n")
        );
        let study = study(&text);
        let full = study.scenario_at(0, 0).unwrap();
        let results = full.run(&|_| {}).unwrap();
        let found = &rows(&study)[0];
        assert_eq!(found.failed, results.failed, "{name}");
        for (output, number) in study.outputs.iter().zip(&found.numbers) {
            let expected = match output.read {
                Read::Total(n) => full.totals[n].total.value(&results.collected),
                Read::Claim(n) => f64::from(u8::from(results.verdicts[n].holds)),
            };
            let same = number.to_bits() == expected.to_bits() || number.is_nan() && expected.is_nan();
            assert!(same, "{name}: {} is {number}, in a run {expected}", output.name);
        }
    }
}

const SMALL: &str = r#"
title = "x"
scenario = "down-regulation"
set = ["population.agents=70"]
repeats = 2
[design.latin_hypercube]
points = 6
[vary]
kdeg = {}
kappa = { from = "1", to = "8" }
[outputs]
fall = "median(stopped.fall)"
"#;

#[test]
fn a_row_depends_on_its_position_alone() {
    let whole = study(SMALL);
    let never = AtomicBool::new(false);
    let all = rows(&whole);
    assert_eq!(all.len(), 12);
    for position in [11, 3, 0, 7] {
        for threads in [point::Threads::One, point::Threads::All] {
            assert_eq!(whole.row(position, threads, &never).as_ref(), all.get(position as usize));
        }
    }
    let small = study(&SMALL.replace("repeats = 2", "repeats = 2\nunit = 1"));
    assert_eq!(rows(&small), all);
}

#[test]
fn common_luck_gives_all_points_the_same_agents_and_own_luck_others() {
    let common = study(SMALL);
    let seeds = |study: &Study, repeat: u64| -> Vec<u64> { (0..6).map(|p| study.seed(p, repeat)).collect() };
    let own = common.scenario.plan.population.seed;
    assert_eq!(seeds(&common, 0), [own; 6]);
    assert!(seeds(&common, 1).iter().all(|seed| *seed == common.seed(0, 1) && *seed != own));
    let apart = study(&SMALL.replace("repeats = 2", "repeats = 2\nluck = \"own\""));
    let mut all = [seeds(&apart, 0), seeds(&apart, 1)].concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 12);
    assert!(all.iter().all(|seed| i64::try_from(*seed).is_ok()));
}

#[test]
fn the_table_is_the_header_and_the_bodies_of_the_units() {
    use crate::output::{Csv, Format};
    let study = study(&SMALL.replace("repeats = 2", "repeats = 2\nunit = 5"));
    let all = rows(&study);
    let bodies = all.chunks(5).map(|rows| study.body(rows));
    let bytes: Vec<u8> = [study.header()].into_iter().chain(bodies).flatten().collect();
    assert_eq!(bytes, Csv.bytes(&study.table(&all)));
}

#[test]
fn every_unit_has_its_turn_once() {
    let grid = SMALL
        .replace("[design.latin_hypercube]\npoints = 6", "unit = 3\n[design.grid]")
        .replace("kdeg = {}", "kdeg = { levels = 7 }");
    let study = study(&grid);
    assert_eq!(study.points, 35);
    let mut turns: Vec<u64> = (0..study.units()).map(|turn| study.turn(turn)).collect();
    assert_ne!(turns, (0..study.units()).collect::<Vec<_>>(), "a grid is taken in a spread order");
    turns.sort_unstable();
    assert_eq!(turns, (0..study.units()).collect::<Vec<_>>());
}

#[test]
fn ten_million_million_points_are_planned_without_a_list() {
    let study = study(&SMALL.replace("points = 6", "points = 10_000_000_000_000"));
    assert_eq!(study.rows(), 20_000_000_000_000);
    assert_eq!(study.values(9_999_999_999_999).len(), 2);
    // Units of some 2^18 points.
    assert!(study.units() < 100_000_000);
}

#[test]
fn the_template_of_any_preset_is_a_study_without_findings() {
    for name in presets() {
        let opened = open(name).unwrap();
        let scenario = Scenario::read(name, &opened.source, &[], &|_| Err(String::new())).unwrap();
        let text = template(name, &scenario).unwrap_or_else(|why| panic!("{why}"));
        let study = study(&text);
        assert_eq!((study.factors.len(), study.points), (2, 64), "{name}");
    }
}

#[test]
fn an_output_that_names_no_measure_is_offered_the_nearest_one() {
    let text = SMALL.replace("[outputs]\n", "[outputs]\nmisspelt = \"median(stopped.fal)\"\n");
    let error = Study::read("x", &Source::new("x.toml", text), &open).err().unwrap().to_string();
    assert!(error.contains("did you mean `fall`?"), "{error}");
}

fn refused(text: &str) -> String {
    Study::read("x", &Source::new("x.toml", text), &open)
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn what_would_vary_nothing_is_no_factor() {
    let with = |factors: &str| SMALL.replace("[vary]\n", &format!("[vary]\n{factors}\n"));
    let seed = refused(&with("luck = { path = \"population.seed\", from = 1, to = 9 }"));
    assert!(seed.contains("the agents' luck is no factor"), "{seed}");
    let twice = refused(&with(
        "a = { path = \"kappa\" , from = 1, to = 2 }\nb = { path = \"parameters.kappa\", from = 1, to = 2 }",
    ));
    assert!(twice.contains("`a` and `b` set the same value"), "{twice}");
}

#[test]
fn values_between_the_ends_are_tried_as_well() {
    let text = SMALL
        .replace("set = [\"population.agents=70\"]\n", "")
        .replace("[vary]\n", "[vary]\nagents = { from = 10, to = 100 }\n");
    assert!(refused(&text).contains("agents"), "{}", refused(&text));
}

#[test]
fn a_point_whose_outputs_stand_elsewhere_says_so() {
    let text = SMALL
        .replace("[vary]\n", "[vary]\nshown = { path = \"measures.back.unit\", values = [\"d\", \"h\"] }\n")
        .replace("stopped.fall", "tapered.back");
    let reasons: Vec<String> = match Study::read("x", &Source::new("x.toml", text), &open) {
        Ok(study) => rows(&study).into_iter().map(|row| row.reason).collect(),
        Err(error) => panic!("{error}"),
    };
    assert!(reasons.iter().any(|reason| reason.contains("other arms or units")), "{reasons:?}");
    assert!(reasons.iter().any(String::is_empty), "{reasons:?}");
}
