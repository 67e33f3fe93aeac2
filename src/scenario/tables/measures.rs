//! `measures.csv`: one number per agent, as its distribution over agents.
//! Knows nothing of what a measure means.

use crate::engine::{Collected, Missing, Reasons};
use crate::record::Reduction;
use crate::table::Table;
use crate::unit::Unit;

use super::assays::words;
use super::{GROUP, MISSING, N, Rows, Schema, UNIT, group_names, number, numbers, text};
use crate::scenario::{MeasureText, Scenario, Stat};

/// `stat` of the agents that never reach what the measure asks for.
pub const NOT_REACHED: &str = "not reached";

/// Columns of `measures.csv`.
pub static MEASURES: Schema = Schema {
    name: "measures",
    doc: "named numbers per agent; one row per measure, arm, group and stat",
    headings: &[
        text("measure", "name of the measure"),
        text("arm", "name of the arm; empty where the measure names its arms itself"),
        GROUP,
        text(
            "stat",
            "`mean`, `sd`, `min`, `max`, the quantiles over agents `p0` to `p100`; `not reached`: `value` is how many agents have none; `missing: …`: of how many it is known why",
        ),
        number("value", "in `unit`; empty where there is none"),
        UNIT,
        N,
    ],
};

/// By measure and arm, group and stat.
pub fn measures(scenario: &Scenario, collected: &Collected) -> Table {
    let groups = group_names(&scenario.plan.population);
    let moments = [Stat::Mean, Stat::Sd, Stat::Min, Stat::Max];
    let per_cents = (0..=100).map(|per_cent| Stat::Quantile(f64::from(per_cent) / 100.0));
    let stats: Vec<Stat> = moments.into_iter().chain(per_cents).collect();
    let mut rows = Rows::new(&MEASURES);
    for measure in &scenario.measures {
        let arm = measure.arm.map_or("", |arm| scenario.arms[arm].name.as_str());
        let by_group = collected.outcomes.get(measure.outcome).map_or(&[][..], Vec::as_slice);
        for (at, (group, reduction)) in groups.iter().zip(by_group).enumerate() {
            let reasons = collected.reasons.get(measure.outcome).and_then(|groups| groups.get(at));
            let reasons = reasons.copied().unwrap_or_default();
            spread(&mut rows, measure, [arm, group], &stats, (reduction, reasons));
        }
    }
    rows.table()
}

fn spread(
    rows: &mut Rows,
    measure: &MeasureText,
    [arm, group]: [&str; 2],
    stats: &[Stat],
    (reduction, reasons): (&Reduction, Reasons),
) {
    let (unit, shown) = shown(measure);
    let mut row = |stat: &str, value: f64, n: u64| {
        let name = &measure.name;
        rows.push([name.into(), arm.into(), group.into(), stat.into(), value.into(), unit.into(), n.into()]);
    };
    for (stat, value) in stats.iter().zip(numbers(reduction, stats)) {
        row(&stat.to_string(), shown(value), reduction.n());
    }
    for (reason, count) in Missing::ALL.into_iter().zip(reasons).filter(|(_, count)| *count > 0) {
        row(&format!("{MISSING}{}", words(reason)), count as f64, count);
    }
    let never = reduction.missing().saturating_sub(reasons.iter().sum());
    if never > 0 {
        row(NOT_REACHED, never as f64, never);
    }
}

/// Label of the unit to show a measure in, and the conversion. Every conversion is a factor, so that it holds for the
/// standard deviation too.
pub(super) fn shown(measure: &MeasureText) -> (&str, impl Fn(f64) -> f64 + use<'_>) {
    let kind = measure.own.convert(1.0, &measure.unit).is_some();
    // The reader refuses a unit of another kind; the numbers would be right in their own.
    let unit: &Unit = if kind { &measure.unit } else { &measure.own };
    (unit.label(), |value| measure.own.convert(value, unit).unwrap_or(f64::NAN))
}
