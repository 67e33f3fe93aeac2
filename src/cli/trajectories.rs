//! States over time of built-in models with one input, against those that an independent program found with forty digits.
//! Knows the table `trajectories.csv`, which `tests/data/trajectories.py` makes; reads models and runs them, nothing else.

use std::fmt::Write;

use crate::diagnostic::{Error, Finding, Source};
use crate::engine::Engine;
use crate::model::{Model, builtin};
use crate::scenario::Scenario;
use crate::unit::format_quantity;

/// Model, time in the model's unit, level of its input in the phase that ends there (empty: the baseline), state, value.
const TABLE: &str = include_str!("trajectories.csv");
/// Largest deviation, relative where the expected value is above the floor.
pub const WITHIN: f64 = 1e-10;
/// Below this a state of these models is as good as gone, and its deviation is measured in this.
const FLOOR: f64 = 1e-3;

/// One row of the table.
struct Row<'t> {
    time: &'t str,
    level: &'t str,
    state: &'t str,
    value: f64,
}

/// What was compared of a model.
pub struct Compared {
    pub comparisons: usize,
    /// Infinite where a value is missing.
    pub deviation: f64,
    /// Sentences.
    pub faults: Vec<String>,
}

/// The models of the table, in its order.
pub fn models() -> Vec<&'static str> {
    let mut names: Vec<&str> = TABLE.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    names.dedup();
    names
}

fn rows(model: &str) -> Vec<Row<'static>> {
    let of = |line: &'static str| {
        let [name, time, level, state, value] = line.split(',').collect::<Vec<_>>()[..] else { return None };
        Some(Row { time, level, state, value: value.parse().ok()? }).filter(|_| name == model)
    };
    TABLE.lines().skip(1).filter_map(of).collect()
}

/// Runs one agent, with the model's own parameters, and compares its states with the table.
pub fn compared(name: &str) -> Result<Compared, Error> {
    let rows = rows(name);
    let Some((_, text)) = builtin().iter().find(|(known, _)| *known == name) else {
        return Err(Finding::error(format!("there is no model `{name}`")).into());
    };
    let model = Model::read(name, &Source::new(format!("{name}.toml"), *text))?;
    let source = Source::new("trajectories.toml", scenario(&model, &rows));
    let scenario = Scenario::read(name, &source, &[], &|file| Err(format!("there is no file {file}")))?;
    let engine = Engine::new(&scenario.plan).map_err(Finding::error)?;
    let collected = engine.run(0..1, &|_| {});
    let times = times(&rows);
    let mut compared = Compared { comparisons: rows.len(), deviation: 0.0, faults: Vec::new() };
    for row in &rows {
        let moment = times.iter().position(|time| *time == row.time);
        let series = model.states.iter().position(|state| state.name == row.state);
        let traced = collected.traces.first().map(|trace| &trace.values);
        let found = traced.zip(series).zip(moment);
        let found = found.and_then(|((values, series), moment)| values.get(series)?.get(moment).copied());
        let found = found.unwrap_or(f64::NAN);
        let deviation = (found - row.value).abs() / row.value.abs().max(FLOOR);
        let deviation = if deviation.is_nan() { f64::INFINITY } else { deviation };
        compared.deviation = compared.deviation.max(deviation);
        if deviation > WITHIN {
            let Row { time, state, value, .. } = row;
            compared.faults.push(format!("`{name}`, {state} at t = {time}: expected {value}, found {found}"));
        }
    }
    Ok(compared)
}

fn times<'t>(rows: &[Row<'t>]) -> Vec<&'t str> {
    let mut times: Vec<&str> = rows.iter().map(|row| row.time).collect();
    times.dedup();
    times
}

/// One phase to each time of the table, as strict as the engine goes, with the states recorded at each end.
fn scenario(model: &Model, rows: &[Row]) -> String {
    let (time, name) = (model.time.label(), &model.name);
    let mut text = format!("title = \"trajectories\"\nmodel = \"{name}\"\ntrace = [0]\nphases = [\n");
    let (mut before, mut ends) = (0.0, Vec::new());
    for (n, end) in times(rows).into_iter().enumerate() {
        let until = end.parse().unwrap_or(f64::NAN);
        let level = rows.iter().find(|row| row.time == end).map_or("", |row| row.level);
        let input = model.inputs.first().filter(|_| !level.is_empty()).map_or(String::new(), |input| {
            format!(
                ", {} = \"{}\"",
                input.name,
                format_quantity(level.parse().unwrap_or(f64::NAN), &input.unit)
            )
        });
        // Writing into a text cannot fail.
        let _ = writeln!(text, "  {{ name = \"p{n}\", for = \"{} {time}\"{input} }},", until - before);
        ends.push(format!("\"end of p{n}\""));
        before = until;
    }
    let states: Vec<String> = model.states.iter().map(|state| format!("\"{}\"", state.name)).collect();
    let (states, ends) = (states.join(", "), ends.join(", "));
    text + &format!(
        "]\nrecord = [{{ what = [{states}], at = [{ends}] }}]\naccuracy = {{ relative = 1e-13 }}\n[population]\nagents = 1\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_of_the_table_has_a_trajectory_of_all_of_its_states() {
        for (name, text) in builtin().iter().filter(|(name, _)| models().contains(name)) {
            let model = Model::read(name, &Source::new(*name, *text)).unwrap();
            let rows = rows(name);
            for end in times(&rows) {
                let told: Vec<&str> =
                    rows.iter().filter(|row| row.time == end).map(|row| row.state).collect();
                let states: Vec<&str> = model.states.iter().map(|state| state.name.as_str()).collect();
                assert_eq!(told, states, "{name} {end}");
            }
            assert!(times(&rows).len() >= 5, "{name}");
            assert!(model.inputs.len() == 1, "{name}: the table tells the level of one input");
        }
        let known = |name: &&str| builtin().iter().any(|(built_in, _)| built_in == name);
        assert!(models().len() >= 27 && models().iter().all(known));
    }

    #[test]
    fn the_engine_follows_the_trajectories_and_another_value_is_a_fault() {
        for name in models() {
            let compared = compared(name).unwrap_or_else(|error| panic!("{error}"));
            assert!(compared.faults.is_empty(), "{:?}", compared.faults);
            assert!(compared.comparisons >= 5 && compared.deviation <= WITHIN, "{name}");
        }
    }
}
