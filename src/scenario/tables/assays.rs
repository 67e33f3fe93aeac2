//! `assays.csv`: responses at moments, as curves over the probe and as EC50, Emax, slope and gain.
//! Knows nothing of how a curve is evaluated.

use crate::engine::{AssayResult, Collected, Metric, Missing, Reasons};
use crate::record::Reduction;
use crate::table::Table;
use crate::unit::Unit;

use super::{
    ARM, GROUP, MISSING, N, Rows, Schema, TIME, TIME_UNIT, UNIT, group_names, in_time, number, numbers, text,
};
use crate::scenario::{AssayText, Scenario};

/// What Emax is called where the model states no top.
pub const LARGEST: &str = "largest in range";

/// Columns of `assays.csv`.
pub static ASSAYS: Schema = Schema {
    name: "assays",
    doc: "responses, the probe swept; one row per arm, moment, response, metric, level, group and stat",
    headings: &[
        ARM,
        GROUP,
        text("moment", "when, as written in the scenario"),
        TIME,
        TIME_UNIT,
        text("response", "name of the response"),
        text(
            "form",
            "what happens at each level: `acute`: all states frozen; `chronic (…)`: all states at their steady state; `challenge (…)`: a copy \
             of the agent lives on for a time",
        ),
        text(
            "metric",
            "`response`: the curve; `ec50`: first level half-way; `emax`: the stated top; `largest in range`: where no top is stated; \
             `slope`: d ln(E/(top - E))/d ln L at the EC50; `gain`: dE/d ln L at the present level",
        ),
        number("level", "of the probe, where `metric` is `response`"),
        text("level_unit", "unit of `level`"),
        text(
            "stat",
            "`mean`, `sd`, `min`, `max`, or a quantile over agents: `p5` is the 5th per cent; `missing: …`: why agents have no value, and `value` is how many",
        ),
        number("value", "in `unit`; empty where there is none"),
        UNIT,
        N,
    ],
};

/// By assay: the curve by level, group and stat, then each metric by group and stat, and who has none of it.
pub fn assays(scenario: &Scenario, collected: &Collected) -> Table {
    let groups = group_names(&scenario.plan.population);
    let mut rows = Rows::new(&ASSAYS);
    for told in &scenario.assays {
        let result = collected.assays.get(told.arm).and_then(|assays| assays.get(told.assay));
        let Some(result) = result else { continue };
        let plan = &scenario.plan.arms[told.arm].assays[told.assay];
        let time = in_time(plan.moment.at, &scenario.time);
        let mut writer = Writer { scenario, told, time, groups: &groups, rows: &mut rows };
        writer.curve(&plan.levels, result);
        writer.metrics(result);
    }
    rows.table()
}

/// Writes one assay.
struct Writer<'a> {
    scenario: &'a Scenario,
    told: &'a AssayText,
    time: f64,
    groups: &'a [&'a str],
    rows: &'a mut Rows,
}

/// What a number of the population is a number of.
#[derive(Clone, Copy)]
struct Of<'a> {
    group: &'a str,
    metric: &'a str,
    /// NaN but for the curve.
    level: f64,
    unit: &'a Unit,
}

impl Writer<'_> {
    fn curve(&mut self, levels: &[f64], result: &AssayResult) {
        let told = self.told;
        for (n, (level, by_group)) in levels.iter().zip(&result.curve).enumerate() {
            for (at, (group, reduction)) in self.groups.iter().zip(by_group).enumerate() {
                let of = Of { group, metric: "response", level: *level, unit: &told.unit };
                self.stats(of, reduction);
                let counts = result.absent.get(n).and_then(|groups| groups.get(at));
                self.missing(of, counts.copied().unwrap_or_default());
            }
        }
    }

    fn metrics(&mut self, result: &AssayResult) {
        for (position, metric) in Metric::ALL.into_iter().enumerate() {
            let (metric, unit) = self.named(metric);
            let by_group = result.metrics.get(position).map_or(&[][..], Vec::as_slice);
            for (at, (group, reduction)) in self.groups.iter().zip(by_group).enumerate() {
                let of = Of { group, metric, level: f64::NAN, unit: &unit };
                self.stats(of, reduction);
                let counts = result.missing.get(position).and_then(|groups| groups.get(at));
                self.missing(of, counts.copied().unwrap_or_default());
            }
        }
    }

    /// Name and unit of a metric. The gain is per relative change of the level, so it has the unit of the response.
    fn named(&self, metric: Metric) -> (&'static str, Unit) {
        match metric {
            Metric::Ec50 => ("ec50", self.told.probe_unit.clone()),
            Metric::Emax if self.told.topped => ("emax", self.told.unit.clone()),
            Metric::Emax => (LARGEST, self.told.unit.clone()),
            Metric::Slope => ("slope", Unit::one()),
            Metric::Gain => ("gain", self.told.unit.clone()),
        }
    }

    fn stats(&mut self, of: Of, reduction: &Reduction) {
        let stats = &self.told.stats;
        for (stat, value) in stats.iter().zip(numbers(reduction, stats)) {
            self.row(of, &stat.to_string(), value, reduction.n());
        }
    }

    fn missing(&mut self, of: Of, counts: Reasons) {
        for (reason, count) in Missing::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0) {
            self.row(of, &format!("{MISSING}{}", words(reason)), count as f64, count);
        }
    }

    fn row(&mut self, of: Of, stat: &str, value: f64, n: u64) {
        let told = self.told;
        let level_unit = if of.level.is_nan() { "" } else { told.probe_unit.label() };
        self.rows.push([
            (&self.scenario.arms[told.arm].name).into(),
            of.group.into(),
            (&told.moment).into(),
            self.time.into(),
            self.scenario.time.label().into(),
            (&told.response).into(),
            (&told.form).into(),
            of.metric.into(),
            of.level.into(),
            level_unit.into(),
            stat.into(),
            value.into(),
            of.unit.label().into(),
            n.into(),
        ]);
    }
}

pub(super) fn words(reason: Missing) -> &'static str {
    match reason {
        Missing::NeverHalfWay => "never half-way",
        Missing::NotMonotone => "not monotone",
        Missing::NotDefined => "not defined",
        Missing::NoFit => "no logistic fit",
        Missing::NoLine => "no falling line",
        Missing::NoSteadyState => "no steady state",
        Missing::SeveralSteadyStates => "several steady states",
        Missing::ChallengeFailed => "challenge failed",
    }
}
