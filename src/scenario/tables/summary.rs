//! `summary.csv`: recorded quantities over time, reduced over agents.
//! Knows nothing of how quantities are observed.

use crate::engine::Collected;
use crate::record::Reduction;
use crate::stimulus::Micros;
use crate::table::Table;

use super::scores::{UNDEFINED, is_score};
use super::{
    GROUP, N, Rows, STAT, Schema, TIME, TIME_UNIT, UNIT, WINDOW, group_names, in_time, number, numbers, text,
};
use crate::scenario::{Record, Scenario};

/// Columns of `summary.csv`.
pub static SUMMARY: Schema = Schema {
    name: "summary",
    doc: "recorded quantities over time; one row per arm, quantity, time, group and stat",
    headings: &[
        text(
            "arm",
            "name of the arm; `B minus A`: the difference of each agent between arm B and the first arm, same agent, same luck",
        ),
        GROUP,
        TIME,
        TIME_UNIT,
        text("what", "the recorded quantity; `R / rest.R` in % is relative to the agent's own baseline"),
        UNIT,
        WINDOW,
        STAT,
        number("value", "in `unit`; empty where there is none"),
        N,
    ],
};

/// Each arm, then each arm minus the first; within them by record, time, group and stat.
pub fn summary(scenario: &Scenario, collected: &Collected) -> Table {
    let mut writer =
        Writer { scenario, groups: group_names(&scenario.plan.population), rows: Rows::new(&SUMMARY) };
    for (arm, series) in collected.series.iter().enumerate() {
        let name = &scenario.arms[arm].name;
        writer.arm(name, arm, &|series_at, time| series.get(series_at)?.get(time).map(Vec::as_slice));
    }
    for (arm, series) in collected.differences.iter().enumerate().skip(1) {
        let name = format!("{} minus {}", scenario.arms[arm].name, scenario.arms[0].name);
        writer.arm(&name, arm, &|series_at, time| series.get(series_at)?.get(time)?.as_deref());
    }
    writer.rows.table()
}

struct Writer<'a> {
    scenario: &'a Scenario,
    groups: Vec<&'a str>,
    rows: Rows,
}

impl<'a> Writer<'a> {
    /// `of` gives what was collected of a series at a time, by group.
    fn arm(&mut self, name: &str, arm: usize, of: &dyn Fn(usize, usize) -> Option<&'a [Reduction]>) {
        let scenario = self.scenario;
        for record in &scenario.records {
            let Some(series) = record.series[arm] else { continue };
            let planned = &scenario.plan.arms[arm].series[series];
            let counted = is_score(&scenario.plan, arm, planned.watched);
            for (time, at) in planned.times.iter().enumerate() {
                if let Some(groups) = of(series, time) {
                    self.moment(name, (record, counted), *at, groups);
                }
            }
        }
    }

    /// Agents without a value are `counted` where the quantity is a score.
    fn moment(&mut self, arm: &str, (record, counted): (&Record, bool), at: Micros, groups: &[Reduction]) {
        let unit = &self.scenario.time;
        let time = in_time(at, unit);
        for (group, reduction) in self.groups.iter().zip(groups) {
            let mut row = |stat: &str, value: f64, n: u64| {
                self.rows.push([
                    arm.into(),
                    (*group).into(),
                    time.into(),
                    unit.label().into(),
                    (&record.what).into(),
                    record.unit.label().into(),
                    (&record.window).into(),
                    stat.into(),
                    value.into(),
                    n.into(),
                ]);
            };
            for (stat, value) in record.stats.iter().zip(numbers(reduction, &record.stats)) {
                row(&stat.to_string(), value, reduction.n());
            }
            if counted && reduction.missing() > 0 {
                row(UNDEFINED, reduction.missing() as f64, reduction.missing());
            }
        }
    }
}
