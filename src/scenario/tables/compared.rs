//! Runs side by side: medians of measures, of EC50 and Emax, and of recorded quantities at their last time.
//! Knows tables only, so that runs may come from memory or from their CSV files.

use std::collections::{HashMap, HashSet};

use crate::table::{Column, Data, Table};
use crate::unit::Unit;

use super::{LARGEST, MISSING, NOT_REACHED};

/// What there is about each run: its label and its tables `measures`, `assays` and `summary`.
type Told<'a> = (&'a str, &'a Table, &'a Table, &'a Table);

/// Some runs of the same scenario side by side. Columns: `what, arm, group, unit, stat`, one by the label of each run, then
/// `change` (last minus first) and `change_percent` (of the first).
///
/// Rows in the order of first appearance: each measure, arm and group; each `ec50` and `emax`, moment, arm and group; each
/// recorded quantity, arm and group at its last time. `stat` is `p50`, or `mean` where a run has no median. Agents without a value
/// have a row of their own where any run has such agents, with stat `not reached` or `missing: …` and unit `agents`.
/// A value is shown in the unit of the first run that has it; what a run does not have is an empty cell.
pub fn compared(runs: &[(&str, &Table, &Table, &Table)]) -> Table {
    let mut lines = Lines { runs: runs.len(), lines: Vec::new() };
    for (position, (_, measures, ..)) in runs.iter().enumerate() {
        of_measures(&mut lines, position, measures);
    }
    for (position, (_, _, assays, _)) in runs.iter().enumerate() {
        of_assays(&mut lines, position, assays);
    }
    for (position, (.., summary)) in runs.iter().enumerate() {
        of_summary(&mut lines, position, summary);
    }
    lines.nobody_is_zero();
    lines.table(runs)
}

/// Whose row it is.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    what: String,
    arm: String,
    group: String,
    stat: String,
}

struct Line {
    key: Key,
    unit: String,
    /// By run; NaN where it has none.
    values: Vec<f64>,
}

struct Lines {
    runs: usize,
    lines: Vec<Line>,
}

const AGENTS: &str = "agents";

fn counts_agents(stat: &str) -> bool {
    stat == NOT_REACHED || stat.starts_with(MISSING)
}

impl Lines {
    fn add(&mut self, run: usize, key: Key, unit: &str, value: f64) {
        let unit = if counts_agents(&key.stat) { AGENTS } else { unit };
        for line in self.lines.iter_mut().filter(|line| line.key == key) {
            if let Some(value) = converted(value, unit, &line.unit) {
                line.values[run] = value;
                return;
            }
        }
        let mut values = vec![f64::NAN; self.runs];
        values[run] = value;
        self.lines.push(Line { key, unit: unit.to_owned(), values });
    }

    /// A run that has a measure and counts no agent without it has 0 of them.
    fn nobody_is_zero(&mut self) {
        for at in 0..self.lines.len() {
            let Key { what, arm, group, stat } = self.lines[at].key.clone();
            if !counts_agents(&stat) {
                continue;
            }
            let same = |line: &&Line| {
                let key = &line.key;
                !counts_agents(&key.stat) && (&key.what, &key.arm, &key.group) == (&what, &arm, &group)
            };
            for run in 0..self.runs {
                let has = self.lines.iter().filter(same).any(|line| !line.values[run].is_nan());
                let value = &mut self.lines[at].values[run];
                if has && value.is_nan() {
                    *value = 0.0;
                }
            }
        }
    }

    fn table(self, runs: &[Told]) -> Table {
        let texts = |name: &str, doc: &str, of: fn(&Line) -> &String| {
            let text = |line: &Line| Some(of(line).clone()).filter(|text| !text.is_empty());
            Column::new(name, doc, Data::Text(self.lines.iter().map(text).collect()))
        };
        let mut columns = vec![
            texts("what", "measure, metric of a response, or recorded quantity", |line| &line.key.what),
            texts("arm", "name of the arm; empty where a measure names its arms itself", |line| {
                &line.key.arm
            }),
            texts("group", "`all`, or the name of a group of the population", |line| &line.key.group),
            texts(
                "unit",
                "unit of the values and of `change`, which is in percentage points where it is %",
                |line| &line.unit,
            ),
            texts("stat", "over agents that have a value", |line| &line.key.stat),
        ];
        let mut names: Vec<String> =
            ["what", "arm", "group", "unit", "stat", CHANGE, PERCENT].map(str::to_owned).into();
        for (run, (label, ..)) in runs.iter().enumerate() {
            let name = unlike(&names, label);
            let values = self.lines.iter().map(|line| line.values[run]).collect();
            columns.push(Column::new(&name, "value in this run", Data::Number(values)));
            names.push(name);
        }
        let change = self.lines.iter().map(|line| change(&line.values)).collect();
        columns.push(Column::new(CHANGE, "last run minus first run", Data::Number(change)));
        let percent = self.lines.iter().map(|line| 100.0 * change_of(&line.values)).collect();
        let mut percent =
            Column::new(PERCENT, "change in per cent of the size of the first", Data::Number(percent));
        percent.unit = "%".to_owned();
        columns.push(percent);
        Table::new("compared", columns)
    }
}

const CHANGE: &str = "change";
const PERCENT: &str = "change_percent";

/// The label, with a number behind it where it is taken.
fn unlike(taken: &[String], label: &str) -> String {
    let label = if label.is_empty() { "run" } else { label };
    let numbered = (2..).map(|number| format!("{label} ({number})"));
    [label.to_owned()].into_iter().chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}

fn change(values: &[f64]) -> f64 {
    match values {
        [first, .., last] => last - first,
        _ => f64::NAN,
    }
}

/// Change in shares of the first; NaN where that is 0.
fn change_of(values: &[f64]) -> f64 {
    match values.first() {
        Some(first) if *first != 0.0 => change(values) / first.abs(),
        _ => f64::NAN,
    }
}

fn converted(value: f64, from: &str, to: &str) -> Option<f64> {
    if from == to {
        return Some(value);
    }
    Unit::parse(from).ok()?.convert(value, &Unit::parse(to).ok()?)
}

/// Columns of texts and of `value`, by row; what is absent reads as empty or missing.
struct Read<'a> {
    table: &'a Table,
}

impl<'a> Read<'a> {
    fn text(&self, column: &str, row: usize) -> &'a str {
        self.table.texts(column).get(row).and_then(|text| text.as_deref()).unwrap_or("")
    }

    fn number(&self, column: &str, row: usize) -> f64 {
        self.table.numbers(column).get(row).copied().unwrap_or(f64::NAN)
    }

    /// Rows of the median, or of the mean where the rows that are alike but for `stat` have no median; and counts of agents.
    fn chosen(&self, key: &dyn Fn(usize) -> Option<String>) -> Vec<(usize, Key)> {
        let keyed = |row| Some((row, key(row)?));
        let rows: Vec<(usize, String)> = (0..self.table.rows()).filter_map(keyed).collect();
        let own = |row: usize, what: &str| Key {
            what: what.to_owned(),
            arm: self.text("arm", row).to_owned(),
            group: self.text("group", row).to_owned(),
            stat: self.text("stat", row).to_owned(),
        };
        let keys: Vec<(usize, Key)> = rows.iter().map(|(row, what)| (*row, own(*row, what))).collect();
        let medians: HashSet<[&str; 3]> =
            keys.iter().filter(|(_, key)| key.stat == "p50").map(|(_, key)| key.whose()).collect();
        let wanted = |key: &Key| match key.stat.as_str() {
            "p50" => true,
            "mean" => !medians.contains(&key.whose()),
            stat => counts_agents(stat),
        };
        keys.iter().filter(|(_, key)| wanted(key)).cloned().collect()
    }
}

impl Key {
    fn whose(&self) -> [&str; 3] {
        [&self.what, &self.arm, &self.group]
    }
}

fn of_measures(lines: &mut Lines, run: usize, table: &Table) {
    let read = Read { table };
    for (row, key) in read.chosen(&|row| Some(read.text("measure", row).to_owned())) {
        lines.add(run, key, read.text("unit", row), read.number("value", row));
    }
}

/// `ec50 of surface, end of exposure`.
fn of_assays(lines: &mut Lines, run: usize, table: &Table) {
    let read = Read { table };
    let what = |row| {
        let metric = read.text("metric", row);
        let told = ["ec50", "emax", LARGEST].contains(&metric);
        told.then(|| format!("{metric} of {}, {}", read.text("response", row), read.text("moment", row)))
    };
    for (row, key) in read.chosen(&what) {
        lines.add(run, key, read.text("unit", row), read.number("value", row));
    }
}

/// `mood, mean over 1 d, at the last time`.
fn of_summary(lines: &mut Lines, run: usize, table: &Table) {
    let read = Read { table };
    let mut last: HashMap<[&str; 3], f64> = HashMap::new();
    let series = |row| ["arm", "what", "window"].map(|column| read.text(column, row));
    for row in 0..table.rows() {
        let time = last.entry(series(row)).or_insert(f64::NEG_INFINITY);
        *time = time.max(read.number("time", row));
    }
    let what = |row| {
        let [_, what, window] = series(row);
        let at_last = last.get(&series(row)).is_some_and(|time| *time == read.number("time", row));
        let parts = [what, window, "at the last time"].into_iter().filter(|part| !part.is_empty());
        at_last.then(|| parts.collect::<Vec<_>>().join(", "))
    };
    for (row, key) in read.chosen(&what) {
        lines.add(run, key, read.text("unit", row), read.number("value", row));
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{collected, reduced, scenario};
    use super::super::{ASSAYS, MEASURES, SUMMARY};
    use super::*;
    use crate::output::{Csv, Format};
    use crate::scenario::Results;

    fn runs<'a>(labelled: &[(&'a str, &'a Results)]) -> Vec<Told<'a>> {
        labelled.iter().map(|(label, run)| (*label, &run.measures, &run.assays, &run.summary)).collect()
    }

    fn lines(table: &Table, keep: &dyn Fn(&str) -> bool) -> String {
        let text = String::from_utf8(Csv.bytes(table)).unwrap();
        text.lines()
            .enumerate()
            .filter(|(k, line)| *k == 0 || keep(line))
            .map(|(_, line)| format!("{line}\n"))
            .collect()
    }

    fn changed() -> Results {
        let mut collected = collected();
        collected.outcomes[0][0] = reduced(&[12.0, 24.0, 48.0]);
        scenario().results(collected)
    }

    #[test]
    fn a_change_is_the_last_run_minus_the_first() {
        let (unchanged, changed) = (scenario().results(collected()), changed());
        let table = compared(&runs(&[("as shipped", &unchanged), ("K = 8 nM", &changed)]));
        insta::assert_snapshot!(lines(&table, &|line| line.contains(",all,")), @r#"
        what,arm,group,unit,stat,as shipped,K = 8 nM,change,change_percent
        back,chronic,all,d,p50,1.5,1,-0.5,-33.33333333333333
        back,chronic,all,agents,not reached,1,0,-1,-100
        apart,,all,h,p50,2,2,0,0
        "ec50 of acute, end of exposure",rest,all,nM,p50,20,20,0,0
        "ec50 of acute, end of exposure",rest,all,agents,missing: never half-way,1,1,0,0
        "ec50 of acute, end of exposure",rest,all,agents,missing: not monotone,1,1,0,0
        "emax of acute, end of exposure",rest,all,1,p50,2,2,0,0
        "ec50 of acute, end of exposure",chronic,all,nM,p50,20,20,0,0
        "ec50 of acute, end of exposure",chronic,all,agents,missing: never half-way,1,1,0,0
        "ec50 of acute, end of exposure",chronic,all,agents,missing: not monotone,1,1,0,0
        "largest in range of acute, end of exposure",chronic,all,1,p50,2,2,0,0
        "R, at the last time",rest,all,1,p50,3,3,0,0
        "R, at the last time",chronic,all,1,p50,5,5,0,0
        "R, at the last time",chronic minus rest,all,1,p50,2,2,0,0
        "#);
    }

    #[test]
    fn tables_from_csv_compare_like_those_from_memory() {
        let (unchanged, changed) = (scenario().results(collected()), changed());
        let back = |table: &Table, schema: &super::super::Schema| {
            schema.read(&String::from_utf8(Csv.bytes(table)).unwrap()).unwrap()
        };
        let files = [&unchanged, &changed].map(|run| {
            (back(&run.measures, &MEASURES), back(&run.assays, &ASSAYS), back(&run.summary, &SUMMARY))
        });
        let told = [("a", &files[0]), ("b", &files[1])].map(|(label, (m, a, s))| (label, m, a, s));
        let all = |_: &str| true;
        assert_eq!(
            lines(&compared(&told), &all),
            lines(&compared(&runs(&[("a", &unchanged), ("b", &changed)])), &all)
        );
    }

    #[test]
    fn a_run_in_another_unit_is_converted_and_what_a_run_lacks_is_empty() {
        let first = scenario().results(collected());
        let mut other = scenario();
        other.measures[0].unit = Unit::parse("h").unwrap();
        other.measures.truncate(1);
        other.records.clear();
        let second = other.results(collected());
        let table = compared(&runs(&[("a", &first), ("b", &second)]));
        insta::assert_snapshot!(lines(&table, &|line| line.contains(",all,") && !line.contains(" of ")), @r#"
        what,arm,group,unit,stat,a,b,change,change_percent
        back,chronic,all,d,p50,1.5,1.5,0,0
        back,chronic,all,agents,not reached,1,1,0,0
        apart,,all,h,p50,2,,,
        "R, at the last time",rest,all,1,p50,3,,,
        "R, at the last time",chronic,all,1,p50,5,,,
        "R, at the last time",chronic minus rest,all,1,p50,2,,,
        "#);
    }

    #[test]
    fn labels_that_are_taken_get_a_number() {
        let run = scenario().results(collected());
        let table = compared(&runs(&[("run", &run), ("run", &run), ("unit", &run), ("", &run)]));
        let names: Vec<&str> = table.columns[5..].iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["run", "run (2)", "unit (2)", "run (3)", "change", "change_percent"]);
        assert!(table.numbers("change").iter().all(|change| *change == 0.0 || change.is_nan()));
    }

    #[test]
    fn one_run_has_no_change_and_none_has_no_rows() {
        let run = scenario().results(collected());
        assert!(compared(&runs(&[("a", &run)])).numbers("change").iter().all(|change| change.is_nan()));
        assert_eq!(compared(&[]).rows(), 0);
    }
}
