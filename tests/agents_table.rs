//! `agents.parquet`: its rows are what the tables of the population are made of, and writing it changes nothing else.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use allostat::diagnostic::Source;
use allostat::engine::{Engine, blocks};
use allostat::scenario::tables::Agents;
use allostat::scenario::{Results, Scenario, preset, presets};
use allostat::table::{Data, Table};
use assert_cmd::Command;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, RowAccessor};

/// Two blocks, of which one is not full.
const AGENTS: u64 = 71;

fn run(name: &str, agents: u64) -> (Scenario, Results, Table) {
    let change = Source::new("argument", format!("population.agents={agents}"));
    let none = |file: &str| Err(format!("no file {file}"));
    let read = Scenario::read(name, &preset(name).unwrap(), &[change], &none);
    let scenario = read.unwrap_or_else(|error| panic!("{error}"));
    let engine = Engine::new(&scenario.plan).unwrap();
    let agents_table = Agents::new(&scenario);
    let mut table = agents_table.rows(None);
    let never = AtomicBool::new(false);
    let collected = engine.run_each(0..blocks(agents), &|_| {}, &never, &mut |ended| {
        let more = agents_table.rows(Some(&ended));
        for (into, from) in table.columns.iter_mut().zip(&more.columns) {
            into.data.append(&from.data);
        }
        ControlFlow::Continue(())
    });
    let results = scenario.results(collected);
    (scenario, results, table)
}

fn cell<'t>(table: &'t Table, column: &str, row: usize) -> &'t str {
    table.texts(column)[row].as_deref().unwrap_or_default()
}

/// In the unit that the engine's values are in.
fn measure_is_as_computed(scenario: &Scenario, name: &str) -> bool {
    let mut of_name = scenario.measures.iter().filter(|measure| measure.name == name);
    of_name.all(|measure| measure.own.convert(1.0, &measure.unit).is_none_or(|factor| factor == 1.0))
}

#[test]
fn quantiles_of_a_column_are_those_of_the_table_of_measures() {
    let mut all = 0;
    for name in presets() {
        let (scenario, results, table) = run(name, AGENTS);
        assert_eq!(table.rows() as u64, AGENTS * scenario.arms.len() as u64, "{name}");
        let measures = &results.measures;
        let mut compared = 0;
        for row in 0..measures.rows() {
            let stat = cell(measures, "stat", row);
            let per_cent = stat.strip_prefix('p').and_then(|p| p.parse::<usize>().ok());
            let (measure, group) = (cell(measures, "measure", row), cell(measures, "group", row));
            let arm = cell(measures, "arm", row);
            // A measure that names its arms itself stands in each arm's row.
            let arm = if arm.is_empty() { scenario.arms[0].name.as_str() } else { arm };
            let Some(per_cent) = per_cent else { continue };
            let rows = (0..table.rows()).filter(|row| {
                cell(&table, "arm", *row) == arm && (group == "all" || cell(&table, "group", *row) == group)
            });
            let column = table.numbers(measure);
            assert!(!column.is_empty(), "{name}: no column {measure}");
            let mut values: Vec<f64> = rows.map(|row| column[row]).filter(|value| !value.is_nan()).collect();
            values.sort_by(f64::total_cmp);
            let found = measures.numbers("value")[row];
            if values.is_empty() {
                assert!(found.is_nan());
                continue;
            }
            // Type 7, in the same arithmetic.
            let place = (values.len() - 1) as f64 * (per_cent as f64 / 100.0);
            let [low, high] = [place.floor(), place.ceil()].map(|rank| values[rank as usize]);
            let share = place - place.floor();
            let quantile = if share == 0.0 { low } else { (low + share * (high - low)).min(high) };
            if measure_is_as_computed(&scenario, measure) {
                assert_eq!(quantile + 0.0, found, "{name}: {measure} {arm} {group} {stat}");
                compared += 1;
            } else {
                // A quantile is taken before its unit is changed, a cell after.
                let near = (quantile - found).abs() <= 1e-14 * found.abs();
                assert!(near, "{name}: {measure} {arm} {group} {stat}: {quantile} {found}");
            }
        }
        all += compared;
    }
    assert!(all > 1000, "{all}");
}

#[test]
fn the_table_has_drawn_values_and_ends_of_all_states_in_order_of_agent_and_arm() {
    let (scenario, _, table) = run("down-regulation", 70);
    let arms = scenario.arms.len();
    for row in 0..table.rows() {
        let Data::Whole(agents) = &table.columns[0].data else { panic!("whole numbers") };
        assert_eq!(agents[row], Some((row / arms) as u64));
        assert_eq!(cell(&table, "arm", row), scenario.arms[row % arms].name);
        assert_eq!(cell(&table, "failed", row), "");
    }
    let differ: Vec<&str> =
        scenario.plan.population.vary.iter().map(|vary| vary.parameter.as_str()).collect();
    assert!(!differ.is_empty());
    for parameter in differ {
        let values = table.numbers(parameter);
        assert!(values[0] != values[arms] && values[0] == values[1], "{parameter}: twins have one luck");
    }
    for state in &scenario.arms[0].model.states {
        let column = table.column(&format!("end {}", state.name)).unwrap();
        assert_eq!(column.unit, state.unit.label());
        assert!(table.numbers(&column.name).iter().all(|value| value.is_finite()));
    }
}

const GROWS: &str = r#"
    title = "Growth without bound"
    time = "h"
    doc = "A state that reaches infinity in finite time."
    sources = []
    [parameters]
    a = { value = "1 1/h", range = ["0.1 1/h", "10 1/h"], source = "assumed", doc = "growth" }
    [states]
    x = { unit = "1", start = "1", doc = "what grows" }
    [flows]
    growth = { to = "x", rate = "a*x*x", doc = "faster than any exponential" }
"#;
const TRIAL: &str = r#"
    title = "A trial"
    model = "grows.toml"
    [arms.calm]
    phases = [{ name = "only", for = "0.1 h" }]
    [arms.wild]
    phases = [{ name = "only", for = "0.5 h" }]
    [population]
    agents = 500
    vary.a = { lognormal = { cv = 0.5 } }
    [measures]
    last = "x[end of only]"
    apart = "wild.x[end of only] - calm.x[end of only]"
"#;

fn allostat(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout) + &text(output.stderr))
}

/// Runs the trial into a folder of its own and gives the run's.
fn trial(folder: &Path, out: &str, more: &[&str]) -> PathBuf {
    let arguments = ["run", "trial.toml", "--no-figures", "--quiet", "--allow-failures", "1", "--out", out];
    let (code, said) = allostat(folder, &[&arguments[..], more].concat());
    assert_eq!(code, 0, "{said}");
    let latest = fs::read_to_string(folder.join(out).join("latest.txt")).unwrap();
    let names = fs::read_dir(folder.join(out)).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().starts_with('.')), "nothing is left over");
    folder.join(out).join(latest.trim())
}

#[test]
fn a_run_writes_the_same_file_on_any_threads_and_the_same_digest_without_it() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("grows.toml"), GROWS).unwrap();
    fs::write(place.path().join("trial.toml"), TRIAL).unwrap();
    let one = trial(place.path(), "one", &["--agents-table", "--threads", "1"]);
    let three = trial(place.path(), "three", &["--agents-table", "--threads", "3"]);
    let without = trial(place.path(), "without", &[]);
    assert!(!without.join("agents.parquet").exists());
    let name = |folder: &Path| folder.file_name().unwrap().to_owned();
    assert_eq!((name(&one), name(&three)), (name(&without), name(&without)));
    let bytes = fs::read(one.join("agents.parquet")).unwrap();
    assert_eq!(bytes, fs::read(three.join("agents.parquet")).unwrap());
    let manifest = fs::read_to_string(one.join("manifest.json")).unwrap();
    assert!(manifest.contains("\"agents.parquet\""));

    let reader = SerializedFileReader::new(fs::File::open(one.join("agents.parquet")).unwrap()).unwrap();
    let metadata = reader.metadata().file_metadata();
    let pairs = metadata.key_value_metadata().unwrap();
    let said = |key: &str| pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone());
    assert_eq!(said("scenario").unwrap(), TRIAL);
    let digest = said("digest").unwrap();
    assert!(one.to_string_lossy().ends_with(&digest[..8]) && manifest.contains(&digest));
    assert!(said("label").unwrap().starts_with("Illustrative model"));
    assert_eq!((said("unit:a").as_deref(), said("seed").is_some()), (Some("1/h"), true));

    let names: Vec<String> = metadata.schema().get_fields().iter().map(|f| f.name().to_owned()).collect();
    assert_eq!(names, ["agent", "group", "arm", "failed", "last", "apart", "a", "end x"]);
    let failures = fs::read_to_string(one.join("failures.csv")).unwrap();
    let (mut rows, mut failed) = (0, 0);
    for row in reader.get_row_iter(None).unwrap() {
        let row = row.unwrap();
        let cells: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        let (agent, arm) = (row.get_ulong(0).unwrap(), row.get_string(2).unwrap());
        assert_eq!((agent, arm.as_str()), (rows / 2, ["calm", "wild"][(rows % 2) as usize]));
        let stopped = failures.lines().any(|line| line.starts_with(&format!("{arm},{agent},")));
        assert_eq!(*cells[3] != Field::Null, stopped);
        // What failed has no end; the difference has none in either row; what was drawn is known.
        let empty = |n: usize| *cells[n] == Field::Null;
        assert_eq!((empty(4), empty(7), empty(6)), (stopped, stopped, false));
        if stopped {
            assert!(empty(5));
            failed += 1;
        }
        rows += 1;
    }
    assert_eq!(rows, 1000);
    assert!(failed > 0 && failed == failures.lines().count() - 1, "{failed}");
}

#[test]
fn the_unchanged_run_has_its_agents_as_well_and_a_forecast_counts_both() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("grows.toml"), GROWS).unwrap();
    fs::write(place.path().join("trial.toml"), TRIAL).unwrap();
    let set = ["--set", "parameters.a=0.5 1/h", "--compare"];
    let both = trial(place.path(), "both", &[&set[..], &["--agents-table"]].concat());
    let bytes = |name: &str| fs::read(both.join(name)).unwrap();
    assert_ne!(bytes("agents.parquet"), bytes("unchanged/agents.parquet"));
    let forecast = |more: &[&str]| {
        let arguments = ["run", "trial.toml", "--forecast", "--agents", "10000000", "--out", "nowhere"];
        allostat(place.path(), &[&arguments[..], more].concat()).1
    };
    let (without, with) = (forecast(&[]), forecast(&["--agents-table"]));
    let files = |said: &str| -> f64 {
        let last = said.rsplit(" and ").next().unwrap_or_default();
        last.strip_suffix(" MB of files\n")
            .and_then(|size| size.parse().ok())
            .unwrap_or_else(|| panic!("{said}"))
    };
    // Ten million agents in two arms with four numbers of eight bytes, and some more.
    assert!(files(&without) < 10.0 && (640.0..1300.0).contains(&files(&with)), "{without}{with}");
}
