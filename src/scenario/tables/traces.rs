//! `traces.csv`: recorded quantities of chosen agents, one by one.
//! Knows nothing of who chose them.

use crate::engine::Collected;
use crate::table::Table;

use super::{ARM, Rows, Schema, TIME, TIME_UNIT, UNIT, WINDOW, in_time, number, text, whole};
use crate::scenario::Scenario;

/// Columns of `traces.csv`.
pub static TRACES: Schema = Schema {
    name: "traces",
    doc: "recorded quantities of chosen agents; one row per arm, agent, quantity and time",
    headings: &[
        ARM,
        whole("agent", "index of the agent, from 0"),
        TIME,
        TIME_UNIT,
        text("what", "the recorded quantity"),
        UNIT,
        WINDOW,
        number("value", "in `unit`; empty after the agent has failed"),
    ],
};

/// By arm and agent, record and time.
pub fn traces(scenario: &Scenario, collected: &Collected) -> Table {
    let mut rows = Rows::new(&TRACES);
    for trace in &collected.traces {
        let plan = &scenario.plan.arms[trace.arm];
        for record in &scenario.records {
            let Some(series) = record.series[trace.arm] else { continue };
            let Some(values) = trace.values.get(series) else { continue };
            for (at, value) in plan.series[series].times.iter().zip(values) {
                rows.push([
                    (&scenario.arms[trace.arm].name).into(),
                    trace.agent.into(),
                    in_time(*at, &scenario.time).into(),
                    scenario.time.label().into(),
                    (&record.what).into(),
                    record.unit.label().into(),
                    (&record.window).into(),
                    (*value).into(),
                ]);
            }
        }
    }
    rows.table()
}
