//! Time constants from a second to months in one model: what the engine does, and what a step bound by the fastest would do.
//! Knows nothing of how the engine steps.

use allostat::engine::blocks;

use crate::chronic::{engine, read};
use crate::load::in_turns;
use crate::table::{Page, number};

const SCENARIO: &str = include_str!("../scenarios/stiff.toml");
const MODEL: &str = include_str!("../scenarios/binding_to_number.toml");
/// Days that are driven.
const DAYS: u64 = 365;
/// Days that are timed.
const TIMED: [u64; 2] = [1, 4];
/// -h·lambda on the edge of stability of Tsitouras 5(4).
const STABLE: f64 = 3.3;
/// Of binding, per day: koff without ligand, twice that in the third of the day that has it.
const FASTEST: f64 = 86_400.0 * (2.0 / 3.0 + 2.0 / 3.0);

pub fn section(page: &mut Page, turns: usize, days: Option<u64>) {
    page.text("## Stiff");
    let bound = FASTEST / STABLE;
    page.text(&format!(
        "`scenarios/stiff.toml`: binding in a second, desensitisation in minutes, number in weeks, eight hours of ligand a day for a \
         year; 64 agents on one thread, error asked for 1e-4. An explicit method whose steps are bound by binding alone needs \
         {:.1e} steps per agent for the year.",
        bound * DAYS as f64,
    ));
    let mut rows = Vec::new();
    for days in TIMED.into_iter().chain(days) {
        let text = SCENARIO.replace("365 d", &format!("{days} d"));
        let engine = engine(&read("stiff", &text, 64, ("binding_to_number.toml", MODEL)), 1e-4);
        let collected = engine.run(0..blocks(64), &|_| {});
        let timed = in_turns(turns, || drop(engine.run(0..blocks(64), &|_| {})), || ());
        let steps = collected.cost.steps as f64 / 64.0;
        rows.push(vec![
            days.to_string(),
            format!("{steps:.0}"),
            format!("{:.0}", collected.cost.rejected as f64 / 64.0),
            format!("{:.0}", steps / days as f64),
            number(bound / (steps / days as f64)),
            number(timed.first),
            collected.failures.len().to_string(),
            timed.load.told(),
        ]);
    }
    page.table(
        &[
            "days",
            "steps per agent",
            "rejected",
            "steps a day",
            "bound / engine",
            "time, s",
            "agents failed",
            "foreign load",
        ],
        &rows,
    );
}
