//! The tables of a run, sorted into what figures draw: fans over time, fans over probe levels, spreads of one number per agent.
//! Knows the columns of `summary`, `assays` and `measures`; knows nothing of pictures.

use std::hash::Hash;

use indexmap::IndexMap;

use crate::table::{Column, Data, Table};

use super::fan::{FEW, Fan, Row, quantile};
use super::scale::drawable;
use super::{Run, Subject};

/// Whose summary rows: arm (or `B minus A`), group, quantity, window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SeriesKey<'a> {
    pub arm: &'a str,
    pub group: &'a str,
    pub what: &'a str,
    pub window: &'a str,
}

/// Whose assay rows: arm, group, response, moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AssayKey<'a> {
    pub arm: &'a str,
    pub group: &'a str,
    pub response: &'a str,
    pub moment: &'a str,
}

/// Whose measure rows: measure, arm (empty where the measure names its arms itself), group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MeasureKey<'a> {
    pub measure: &'a str,
    pub arm: &'a str,
    pub group: &'a str,
}

/// One number per agent, as quantiles; and how many agents have none, by reason.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    pub unit: String,
    /// (per cent, value), increasing in per cent.
    pub quantiles: Vec<(f64, f64)>,
    pub n: u64,
    pub without: Vec<(String, u64)>,
}

/// A run's tables, sorted.
#[derive(Clone)]
pub struct Reading<'a> {
    pub subject: &'a Subject,
    pub series: IndexMap<SeriesKey<'a>, (Fan, &'a str)>,
    pub curves: IndexMap<AssayKey<'a>, (Fan, &'a str)>,
    pub metrics: IndexMap<(AssayKey<'a>, &'a str), Spread>,
    pub measures: IndexMap<MeasureKey<'a>, Spread>,
}

/// Columns of a table by name, read row by row; what is absent reads as empty or missing.
struct Rows<'a> {
    table: &'a Table,
}

impl<'a> Rows<'a> {
    fn text(&self, name: &str) -> impl Fn(usize) -> &'a str + use<'a> {
        let column = self.table.texts(name);
        move |row| column.get(row).and_then(|t| t.as_deref()).unwrap_or("")
    }

    fn number(&self, name: &str) -> impl Fn(usize) -> f64 + use<'a> {
        let column = self.table.column(name);
        move |row| match column.map(|c: &Column| &c.data) {
            Some(Data::Number(v)) => v.get(row).copied().unwrap_or(f64::NAN),
            Some(Data::Whole(v)) => v.get(row).copied().flatten().map_or(f64::NAN, |n| n as f64),
            _ => f64::NAN,
        }
    }

    fn count(&self, name: &str) -> impl Fn(usize) -> Option<u64> + use<'a> {
        let number = self.number(name);
        move |row| Some(number(row)).filter(|n| n.is_finite() && *n >= 0.0).map(counted)
    }
}

fn group_of(group: &str) -> &str {
    if group.is_empty() { "all" } else { group }
}

/// Rows by key in the order of first appearance, with their unit.
type Sorted<'a, K> = IndexMap<K, (Vec<Row<'a>>, &'a str)>;

fn fans<'a, K: Hash + Eq>(sorted: Sorted<'a, K>) -> IndexMap<K, (Fan, &'a str)> {
    sorted.into_iter().filter_map(|(key, (rows, unit))| Some((key, (Fan::of(&rows)?, unit)))).collect()
}

impl<'a> Reading<'a> {
    pub fn of(run: &Run<'a>) -> Reading<'a> {
        let (curves, metrics) = assays(run.assays);
        Reading {
            subject: run.subject,
            series: fans(series(run.summary)),
            curves: fans(curves),
            metrics: spreads(metrics),
            measures: spreads(measures(run.measures)),
        }
    }

    /// The scale that the model marks for a quantity.
    pub fn scale_of(&self, (what, window): (&str, &str)) -> Option<[f64; 2]> {
        let found = self.subject.quantities.iter().find(|q| q.what == what && q.window == window);
        found.and_then(|q| q.show)
    }

    /// Whether a quantity was recorded for a figure that is asked for, and so has none of its own.
    pub fn only_for_figure(&self, (what, window): (&str, &str)) -> bool {
        let mut own =
            self.subject.quantities.iter().filter(|q| q.what == what && q.window == window).peekable();
        own.peek().is_some() && own.all(|q| q.for_figure)
    }

    /// Names of arms, in the subject's order, then as the tables bring them; differences between arms are none of them.
    pub fn arms(&self) -> Vec<&'a str> {
        let subject: &'a Subject = self.subject;
        let mut arms: Vec<&str> = subject.arms.iter().map(|a| a.name.as_str()).collect();
        let tables = self.series.keys().map(|k| k.arm).chain(self.curves.keys().map(|k| k.arm));
        let tables =
            tables.chain(self.metrics.keys().map(|k| k.0.arm)).chain(self.measures.keys().map(|k| k.arm));
        for arm in tables.filter(|a| !a.is_empty()) {
            if !arms.contains(&arm) && !self.is_difference(arm) {
                arms.push(arm);
            }
        }
        arms
    }

    /// Whether the name means `B minus A`.
    pub fn is_difference(&self, arm: &str) -> bool {
        arm.contains(" minus ") && self.subject.arms.iter().all(|a| a.name != arm)
    }

    /// Place of an arm, which decides its colour; a difference has the place of its first arm.
    pub fn arm_place(&self, arm: &str) -> usize {
        let arms = self.arms();
        let place = |name: &str| arms.iter().position(|a| *a == name);
        place(arm).or_else(|| place(arm.split_once(" minus ")?.0)).unwrap_or(0)
    }

    /// What readers call an arm; empty where there is only one and it has no title of its own.
    pub fn arm_title(&self, arm: &str) -> String {
        if let [only] = &self.subject.arms[..]
            && only.name == arm
            && (only.title.is_empty() || only.title == self.subject.title)
        {
            return String::new();
        }
        if self.is_difference(arm)
            && let Some((b, a)) = arm.split_once(" minus ")
        {
            return format!("{} minus {}", self.arm_title(b), self.arm_title(a));
        }
        let known = self.subject.arms.iter().find(|a| a.name == arm).map(|a| a.title.as_str());
        known.filter(|t| !t.is_empty()).unwrap_or(arm).to_owned()
    }

    /// Times at which a phase of an arm, or of both arms of a difference, sets a state.
    pub fn jumps(&self, arm: &str) -> Vec<f64> {
        let difference = arm.split_once(" minus ").filter(|_| self.is_difference(arm));
        let names = difference.map_or([arm, arm], |(b, a)| [b, a]);
        let own = self.subject.arms.iter().filter(|own| names.contains(&own.name.as_str()));
        let mut times: Vec<f64> = own.flat_map(|own| own.sets.iter().copied()).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        times
    }

    /// Groups beside `all`, in the order of the table.
    pub fn groups(&self) -> Vec<&'a str> {
        distinct(self.series.keys().map(|k| k.group).filter(|g| *g != "all"))
    }

    /// Recorded (quantity, window) pairs: in the subject's order, then as the table brings them.
    pub fn quantities(&self) -> Vec<(&'a str, &'a str)> {
        let recorded = distinct(self.series.keys().map(|k| (k.what, k.window)));
        let subject: &'a Subject = self.subject;
        let listed = subject.quantities.iter().map(|q| (q.what.as_str(), q.window.as_str()));
        distinct(listed.filter(|q| recorded.contains(q)).chain(recorded.iter().copied()))
    }
}

/// Each item once, in the order of first appearance.
pub fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.fold(Vec::new(), |mut seen, item| {
        if !seen.contains(&item) {
            seen.push(item);
        }
        seen
    })
}

fn series(table: &Table) -> Sorted<'_, SeriesKey<'_>> {
    let rows = Rows { table };
    let (arm, group, what, window) =
        (rows.text("arm"), rows.text("group"), rows.text("what"), rows.text("window"));
    let (time, unit, stat) = (rows.number("time"), rows.text("unit"), rows.text("stat"));
    let (value, n) = (rows.number("value"), rows.count("n"));
    let mut sorted: Sorted<SeriesKey> = IndexMap::new();
    // How many have no score is nothing that is drawn, and nobody's number of agents.
    for i in (0..table.rows()).filter(|i| !stat(*i).starts_with("missing: ")) {
        let key = SeriesKey { arm: arm(i), group: group_of(group(i)), what: what(i), window: window(i) };
        let entry = sorted.entry(key).or_insert_with(|| (Vec::new(), unit(i)));
        entry.0.push(Row { x: time(i), stat: stat(i), value: value(i), n: n(i) });
    }
    sorted
}

type Metrics<'a> = Sorted<'a, (AssayKey<'a>, &'a str)>;

fn assays(table: &Table) -> (Sorted<'_, AssayKey<'_>>, Metrics<'_>) {
    let rows = Rows { table };
    let (arm, group, moment) = (rows.text("arm"), rows.text("group"), rows.text("moment"));
    let (response, metric, level) = (rows.text("response"), rows.text("metric"), rows.number("level"));
    let (unit, stat, value, n) =
        (rows.text("unit"), rows.text("stat"), rows.number("value"), rows.count("n"));
    let (mut curves, mut metrics) = (Sorted::new(), Metrics::new());
    for i in 0..table.rows() {
        let key =
            AssayKey { arm: arm(i), group: group_of(group(i)), response: response(i), moment: moment(i) };
        let row = Row { x: level(i), stat: stat(i), value: value(i), n: n(i) };
        match metric(i) {
            "response" if row.x > 0.0 => {
                curves.entry(key).or_insert_with(|| (Vec::new(), unit(i))).0.push(row)
            }
            "response" => {}
            metric => metrics.entry((key, metric)).or_insert_with(|| (Vec::new(), unit(i))).0.push(row),
        }
    }
    (curves, metrics)
}

fn measures(table: &Table) -> Sorted<'_, MeasureKey<'_>> {
    let rows = Rows { table };
    let (measure, arm, group) = (rows.text("measure"), rows.text("arm"), rows.text("group"));
    let (unit, stat, value, n) =
        (rows.text("unit"), rows.text("stat"), rows.number("value"), rows.count("n"));
    let mut sorted: Sorted<MeasureKey> = IndexMap::new();
    for i in 0..table.rows() {
        let key = MeasureKey { measure: measure(i), arm: arm(i), group: group_of(group(i)) };
        let row = Row { x: 0.0, stat: stat(i), value: value(i), n: n(i) };
        sorted.entry(key).or_insert_with(|| (Vec::new(), unit(i))).0.push(row);
    }
    sorted
}

fn spreads<K: Hash + Eq>(sorted: Sorted<'_, K>) -> IndexMap<K, Spread> {
    sorted.into_iter().map(|(key, (rows, unit))| (key, Spread::of(&rows, unit))).collect()
}

impl Spread {
    fn of(rows: &[Row], unit: &str) -> Spread {
        let mut spread = Spread { unit: unit.to_owned(), ..Spread::default() };
        for row in rows {
            let reason =
                row.stat.strip_prefix("missing: ").or((row.stat == "not reached").then_some(row.stat));
            if let Some(q) = quantile(row.stat).filter(|_| drawable(row.value)) {
                spread.quantiles.push((q, row.value));
                spread.n = spread.n.max(row.n.unwrap_or(0));
            } else if let Some(reason) = reason.filter(|_| row.value.is_finite() && row.value >= 1.0) {
                spread.without.push((reason.to_owned(), counted(row.value)));
            }
        }
        spread.quantiles.sort_by(|a, b| a.0.total_cmp(&b.0));
        spread.quantiles.dedup_by(|a, b| a.0 == b.0);
        spread
    }

    /// The value at a quantile in per cent, between neighbours by a straight line; NaN outside of what is known.
    pub fn at(&self, q: f64) -> f64 {
        let q = q.clamp(0.0, 100.0);
        let after = self.quantiles.iter().position(|(p, _)| *p >= q);
        match after {
            Some(i) if self.quantiles[i].0 == q => self.quantiles[i].1,
            Some(i) if i > 0 => {
                let ((p0, v0), (p1, v1)) = (self.quantiles[i - 1], self.quantiles[i]);
                v0 + (v1 - v0) * (q - p0) / (p1 - p0)
            }
            _ => f64::NAN,
        }
    }

    /// Whether shares of the agents say more than single values would.
    pub fn has_bars(&self) -> bool {
        self.n >= FEW
    }

    pub fn missing(&self) -> u64 {
        self.without.iter().map(|(_, count)| *count).sum()
    }

    /// Share of agents without a value; NaN where nobody was counted.
    pub fn missing_share(&self) -> f64 {
        self.missing() as f64 / (self.missing() as f64 + self.n as f64)
    }
}

/// A count from a table, which may be nonsense: no more than doubles count, so that counts add up.
fn counted(n: f64) -> u64 {
    n.min(9_007_199_254_740_992.0) as u64
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn arms_are_told_from_differences_between_them() {
        let sample = sample::run();
        let reading = Reading::of(&sample.run());
        assert_eq!(reading.arms(), ["rest", "chronic"]);
        assert!(reading.is_difference("chronic minus rest"));
        assert_eq!(reading.arm_place("chronic minus rest"), 1);
        assert_eq!(reading.groups(), ["sensitive", "robust"]);
    }

    #[test]
    fn a_spread_counts_who_has_no_value_and_reads_between_quantiles() {
        let row = |stat, value, n| Row { x: 0.0, stat, value, n: Some(n) };
        let rows =
            [row("p0", 0.0, 75), row("p50", 10.0, 75), row("p100", 30.0, 75), row("not reached", 25.0, 25)];
        let spread = Spread::of(&rows, "d");
        assert_eq!((spread.at(25.0), spread.at(75.0), spread.missing_share()), (5.0, 20.0, 0.25));
        assert!(Spread::default().at(50.0).is_nan());
    }
}
