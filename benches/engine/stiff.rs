//! Time constants from a second to months in one model: what the engine does, and what a step bound by the fastest would do.
//! Knows nothing of how the engine steps.

use allostat::engine::{Collected, Plan, blocks};

use crate::chronic::{engine, read};
use crate::load::in_turns;
use crate::table::{Page, number};

const SCENARIO: &str = include_str!("../scenarios/stiff.toml");
const MODEL: &str = include_str!("../scenarios/binding_to_number.toml");
const AGENTS: u64 = 64;
const RELATIVE: f64 = 1e-4;
/// The last is the whole file.
const DAYS: [u64; 3] = [1, 4, 365];
/// -h·lambda on the edge of stability of Tsitouras 5(4).
const STABLE: f64 = 3.3;
/// Of binding, per day: koff without ligand, twice that in the third of the day that has it.
const FASTEST: f64 = 86_400.0 * (2.0 / 3.0 + 2.0 / 3.0);

/// The first days.
pub fn plan(days: u64) -> Plan {
    let text = SCENARIO.replace("365 d", &format!("{days} d"));
    read("stiff", &text, AGENTS, ("binding_to_number.toml", MODEL))
}

/// Who failed, where and why.
fn failures(plan: &Plan, collected: &Collected) -> String {
    let Some(first) = collected.failures.first() else { return "0".to_owned() };
    let days = first.at as f64 / 86_400e6;
    let system = &plan.arms[first.arm].system;
    let names: Vec<&str> = system.states.iter().map(|sym| system.arena.name(*sym)).collect();
    format!(
        "{}, first agent {} at day {days:.3}: {:?} of {}",
        collected.failures.len(),
        first.agent,
        first.cause,
        names.join(", ")
    )
}

pub fn section(page: &mut Page, turns: usize) {
    page.text("## Stiff");
    let bound = FASTEST / STABLE;
    page.text(&format!(
        "`scenarios/stiff.toml`: binding in a second, desensitisation in minutes, number in weeks, eight hours of ligand a day; {AGENTS} agents \
         on one thread, error asked for 1e-4. An explicit method whose steps are bound by the stability of binding alone needs \
         {:.1e} steps a day per agent, {:.1e} for the year.",
        bound,
        bound * DAYS[2] as f64,
    ));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let mut rows = Vec::new();
    for days in DAYS {
        let plan = plan(days);
        let engine = engine(&plan, RELATIVE);
        let run = || engine.run(0..blocks(AGENTS), &|_| {});
        let collected = run();
        // About a year of each in every turn.
        let repeats = DAYS[2] / days;
        let timed = pool.install(|| in_turns(turns, || (0..repeats).for_each(|_| drop(run())), || ()));
        let each = |count: u64| count as f64 / AGENTS as f64;
        let cost = collected.cost;
        let steps = each(cost.steps);
        rows.push(vec![
            days.to_string(),
            format!("{:.0}", each(cost.steps - cost.implicit)),
            format!("{:.0}", each(cost.implicit)),
            format!("{:.0}", each(cost.rejected)),
            format!("{:.0}", each(cost.evaluations)),
            number(bound * days as f64 / steps),
            number(1e3 * timed.first / AGENTS as f64 * DAYS[2] as f64 / (repeats * days) as f64),
            timed.load.told(),
            failures(&plan, &collected),
        ]);
    }
    page.text("Steps and evaluations are per agent:");
    page.table(
        &[
            "days",
            "explicit steps",
            "implicit steps",
            "rejected",
            "evaluations",
            "bound / steps",
            "ms per agent-year",
            "foreign load",
            "agents failed",
        ],
        &rows,
    );
}
