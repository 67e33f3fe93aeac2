//! What a gathered study says: which factors decide, where it failed; and points so large that they are computed in parts.

mod place;

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use allostat::diagnostic::Source;
use allostat::report::study::{Store, gather};
use allostat::study::{Opened, Study};
use place::{Place, STUDY, said};

/// As `STUDY`, of another design, with few points and agents.
fn analysed(design: &str) -> String {
    let study = STUDY.replace("sobol = { points = 96 }", design).replace("unit = 4\n", "");
    study.replace("agents=64", "agents=10")
}

fn table(place: &Place, out: &str, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(place.path(out).join(name)).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_gathered_study_says_which_factors_decide_and_shares_move_no_byte_of_it() {
    for (design, index, blocks) in
        [("saltelli = { base = 8 }", "total", "8"), ("morris = { trajectories = 4 }", "mu_star", "4")]
    {
        let place = Place::with(&analysed(design));
        place.undisturbed();
        for share in ["2/2", "1/2"] {
            place.fine(&["run", "s.toml", "--out", "shared", "--share", share]);
        }
        let said = place.fine(&["gather", "s.toml", "--out", "shared"]);
        for name in ["indices", "dropped", "robustness", "boundary"] {
            for kind in ["csv", "parquet"] {
                let file = format!("{name}.{kind}");
                let bytes = |out: &str| fs::read(place.path(out).join(&file)).unwrap();
                assert!(bytes("shared") == bytes("undisturbed"), "{design}: {file}");
            }
        }
        let rows = table(&place, "shared", "indices.csv");
        let header = [
            "output", "unit", "method", "index", "factor", "with", "value", "low", "high", "verdict", "n",
            "of",
        ];
        assert_eq!(rows[0], header);
        let kappa = rows.iter().find(|row| row[0] == "fall" && row[3] == index && row[4] == "kappa").unwrap();
        assert!(kappa[6].parse::<f64>().unwrap() > 0.0, "{kappa:?}");
        assert_eq!(kappa[10..], [blocks, blocks]);
        assert!(said.contains("kappa") && said.contains("affinity_stays: holds in 100 %"), "{said}");
        assert_eq!(table(&place, "shared", "robustness.csv").len(), 10, "nine claims below the header");
    }
}

#[test]
fn a_part_of_a_study_is_analysed_by_the_blocks_that_are_there() {
    let study = analysed("saltelli = { base = 16 }").replace("claims = true", "unit = 5");
    let place = Place::with(&study);
    place.fine(&["run", "s.toml", "--out", "part", "--share", "1/4"]);
    let said = place.fine(&["gather", "s.toml", "--out", "part", "--partial"]);
    assert!(said.contains("12 units are missing") && !said.contains("no numbers"), "{said}");
    let rows = table(&place, "part", "indices.csv");
    assert!(rows[1..].iter().all(|row| row[10..] == ["4", "16"]), "{rows:?}");
}

#[test]
fn a_corner_that_cannot_be_run_is_named_in_its_units() {
    let study = r#"
title = "A corner outside"
scenario = "./own.toml"
design = { latin_hypercube = { points = 120 } }
[vary]
bottom = { from = "0.1 nM", to = "6 nM", scale = "linear" }
top = { from = "1 nM", to = "8 nM", scale = "linear" }
k = { from = "0.1 1/h", to = "1 1/h" }
[outputs]
x = "median(m)"
"#;
    let place = Place::with(study);
    let own = r#"
title = "A limit over two parameters"
model = "./own_model.toml"
phases = [{ name = "on", for = "1 h" }]
[population]
agents = 4
[measures]
m = "x[end of on]"
"#;
    let model = r#"
title = "Two parameters with a limit"
time = "h"
doc = "Simplified and illustrative."
[parameters]
bottom = { value = "0.5 nM", limits = "bottom < top", source = "assumed", doc = "lower" }
top = { value = "7 nM", source = "assumed", doc = "upper" }
k = { value = "1 1/h", source = "assumed", doc = "rate" }
[states]
x = { unit = "nM", start = "bottom", scale = "1 nM", doc = "a state" }
[flows]
loss = { from = "x", rate = "k*x" }
"#;
    fs::write(place.path("own.toml"), own).unwrap();
    fs::write(place.path("own_model.toml"), model).unwrap();
    place.fine(&["run", "s.toml", "--out", "corner"]);
    let said = place.fine(&["gather", "s.toml", "--out", "corner"]);
    let line = said.lines().find(|line| line.contains("of 120 points have no numbers")).unwrap_or(&said);
    assert!(line.contains("bottom is high (median") && line.contains("top is low (median"), "{said}");
    assert!(line.contains(" nM; of the others ") && !line.contains("k is"), "{said}");
    assert!(said.contains("limit"), "the reason: {said}");
    let rows = table(&place, "corner", "dropped.csv");
    let verdicts: Vec<&str> = rows[1..].iter().map(|row| row[8].as_str()).collect();
    assert_eq!(verdicts, ["", "", "not distinguishable from the others"], "{rows:?}");
    assert_eq!([&rows[0][9], &rows[1][9]], ["unit", "nM"]);
}

#[test]
fn a_design_between_powers_of_two_is_remarked_on_and_runs() {
    let place = Place::with(STUDY);
    let plan = place.study(&["plan", "s.toml"]);
    assert!(plan.status.success() && said(&plan).contains("write 64 or 128"), "{}", said(&plan));
}

/// Value, low and high of an index of `x` or `fall`.
fn estimate(rows: &[Vec<String>], index: &str, factor: &str) -> [f64; 3] {
    let row = rows.iter().find(|row| row[2] == "local" && row[3] == index && row[4] == factor);
    let row = row.unwrap_or_else(|| panic!("{index} of {factor}: {rows:?}"));
    [6, 7, 8].map(|column| row[column].parse().unwrap_or_else(|_| panic!("{row:?}")))
}

/// x = x0·exp(−k t): a per cent more x0 is a per cent more x, a per cent more k is k t per cent less.
#[test]
fn a_local_study_of_a_decay_has_the_elasticities_of_its_formula() {
    let study = r#"
title = "A decay"
scenario = "./own.toml"
design = { local = {} }
[vary]
k = {}
x0 = {}
[outputs]
x = "median(m)"
"#;
    let place = Place::with(study);
    let own = r#"
title = "Decay"
model = "./own_model.toml"
phases = [{ name = "on", for = "2 h" }]
[population]
agents = 3
[measures]
m = "x[end of on]"
"#;
    let model = r#"
title = "Decay"
time = "h"
doc = "Simplified and illustrative."
[parameters]
x0 = { value = "3 nM", source = "assumed", doc = "at first" }
k = { value = "0.7 1/h", source = "assumed", doc = "rate" }
[states]
x = { unit = "nM", start = "x0", scale = "1 nM", doc = "a state" }
[flows]
loss = { from = "x", rate = "k*x" }
"#;
    fs::write(place.path("own.toml"), own).unwrap();
    fs::write(place.path("own_model.toml"), model).unwrap();
    place.fine(&["run", "s.toml", "--out", "local"]);
    place.fine(&["gather", "s.toml", "--out", "local", "--no-figures"]);
    let rows = table(&place, "local", "indices.csv");
    for (factor, expected) in [("k", -1.4), ("x0", 1.0)] {
        let [value, low, high] = estimate(&rows, "elasticity", factor);
        assert!((value - expected).abs() < 1e-4, "{factor}: {value}");
        assert!(low <= value && value <= high && high - low < 1e-2, "{factor}: {low} {high}");
    }
    assert!(rows[1..].iter().all(|row| row[10..] == ["5", "5"] && row[9].is_empty()), "{rows:?}");
}

/// Against runs a hundredth up and down, whose difference is off by a share of about 1e-4.
#[test]
fn a_local_study_of_a_preset_has_the_slopes_of_differences_made_by_hand() {
    let vary = "kdeg = {}\nkappa = {}\n";
    let local = STUDY.replace("sobol = { points = 96 }", "local = {}").replace("unit = 4\n", "");
    // After two days number still falls, so that both rates count.
    let set = "agents=10\", \"arms.stopped.phases.exposure.for=2 d";
    let local = local.replace("agents=64", set).replace("claims = true", "");
    let (head, tail) = local.split_once("kdeg = {}").unwrap();
    let outputs = &tail[tail.find("[outputs]").unwrap()..];
    let place = Place::with(&format!("{head}{vary}\n{outputs}"));
    place.fine(&["run", "s.toml", "--out", "local"]);
    place.fine(&["gather", "s.toml", "--out", "local", "--no-figures"]);
    let rows = table(&place, "local", "indices.csv");
    let column = |rows: &[Vec<String>], name: &str| -> Vec<f64> {
        let at = rows[0].iter().position(|head| head == name).unwrap();
        rows[1..].iter().map(|row| row[at].parse().unwrap()).collect()
    };
    let points = table(&place, "local", "points.csv");
    let centre = ["kdeg", "kappa"].map(|name| column(&points, name)[0]);
    let off = 0.01_f64;
    let places = |factor: usize, unit: &str| -> String {
        let steps: [f64; 4] = if factor == 0 { [off, -off, 0.0, 0.0] } else { [0.0, 0.0, off, -off] };
        let value = |step: &f64| format!("\"{}{unit}\"", centre[factor] * step.exp());
        steps.iter().map(value).collect::<Vec<String>>().join(", ")
    };
    let vary = format!(
        "kdeg = {{ values = [{}] }}\nkappa = {{ values = [{}] }}\n",
        places(0, " 1/h"),
        places(1, "")
    );
    let list = format!("{}{vary}\n{outputs}", head.replace("local = {}", "list = {}"));
    fs::write(place.path("s.toml"), list).unwrap();
    place.fine(&["run", "s.toml", "--out", "list"]);
    place.fine(&["gather", "s.toml", "--out", "list", "--no-figures"]);
    let fall = column(&table(&place, "list", "points.csv"), "fall");
    for (factor, at) in [("kdeg", 0), ("kappa", 2)] {
        let by_hand = (fall[at] - fall[at + 1]) / (2.0 * off);
        let [value, low, high] = estimate(&rows, "slope", factor);
        assert!(by_hand.abs() > 0.1, "{factor} moves the output: {by_hand}");
        assert!((value - by_hand).abs() < 2e-3 * by_hand.abs(), "{factor}: {value} by hand {by_hand}");
        assert!(low <= value && value <= high, "{factor}: {low} {value} {high}");
    }
}

/// Two points of many agents of a cheap model, cut into parts of so many agents.
fn large(parts: u64) -> Study {
    const AGENTS: u64 = 200_000;
    let text = r#"
title = "Two large points"
scenario = "large"
design = { list = {} }
[vary]
k = { values = ["1 1/h", "2 1/h"] }
[outputs]
median = "median(m)"
mean = "mean_of(m)"
high = "share(m > 0.5)"
"#;
    let scenario = r#"
title = "Decay"
model = "decay.toml"
phases = [{ name = "on", for = "1 h" }]
[population]
agents = 200000
vary.k = { lognormal = { cv = 0.5 } }
[measures]
m = "x[end of on]"
"#;
    let model = r#"
title = "Decay"
time = "h"
doc = "Simplified and illustrative."
[parameters]
k = { value = "1 1/h", source = "assumed", doc = "rate" }
[states]
x = { unit = "1", start = "1", doc = "a state" }
[flows]
loss = { from = "x", rate = "k*x" }
"#;
    let open = |name: &str| {
        let files = move |file: &str| Ok(Source::new(file, model));
        Ok(Opened {
            name: name.to_owned(),
            source: Source::new("large.toml", scenario),
            files: Arc::new(files),
        })
    };
    let mut study = Study::read("s", &Source::new("s.toml", text), &open).unwrap_or_else(|e| panic!("{e}"));
    study.most_agents = AGENTS.div_ceil(parts);
    assert_eq!(study.parts(), parts);
    study
}

#[test]
fn a_large_point_in_parts_gives_the_bytes_of_a_whole_one_in_any_order() {
    let never = AtomicBool::new(false);
    let whole = large(1);
    let unit = |study: &Study, unit: u64| study.computed(unit, &|_| {}, &never).unwrap();
    let table: Vec<u8> = (0..whole.units()).flat_map(|n| unit(&whole, n)).collect();
    assert_eq!(table.split(|byte| *byte == b'\n').count(), 3);
    let study = large(5);
    assert_eq!(study.units(), 10);
    // Shares, the last first, each into the folder that all share.
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::of(folder.path(), study.units()).unwrap();
    for share in [2, 0, 1] {
        for n in (0..study.units()).rev().filter(|n| n % 3 == share) {
            let missing = gather(&study, folder.path(), &store, true).unwrap();
            assert!(missing.missing > 0 && missing.rows < 2);
            let bytes = unit(&study, n);
            assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
            store.keep(n, &bytes).unwrap();
        }
    }
    store.put_together().unwrap();
    let gathered = gather(&study, folder.path(), &store, false).unwrap();
    assert_eq!((gathered.missing, gathered.rows, gathered.without), (0, 2, 0));
    let bytes = fs::read(folder.path().join("points.csv")).unwrap();
    assert_eq!(bytes, [study.header(), table].concat());
    // In another order still.
    let parts: Vec<Vec<u8>> = (5..10).map(|n| unit(&study, n)).collect();
    let mut merging = study.merging(1);
    [3, 1, 4, 0, 2].iter().for_each(|n: &usize| merging.add(&parts[*n]).unwrap());
    let row = merging.row().unwrap();
    assert!(bytes.ends_with(&study.body(&[row])));
    assert!(study.merging(0).add(b"no part").is_err());
}
