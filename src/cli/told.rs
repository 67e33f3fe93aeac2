//! A run in plain words: question, measures, claims, failures, places.
//! Knows scenarios and their results; prints nothing.

use std::collections::HashMap;
use std::path::Path;

use super::words::{hanging, wrapped};
use crate::engine::Missing;
use crate::measure::Verdict;
use crate::report::number::{agents, grouped, rounded, unit};
use crate::report::{SHORT, changes_claims, sentence_of_failures, told_changes};
use crate::scenario::tables::{MISSING, NOT_REACHED};
use crate::scenario::{ArmText, ClaimText, Results, Scenario};
use crate::table::{Data, Table};

/// Title, cautions, question, what was changed; what was predicted, where that was asked.
pub fn opening(scenario: &Scenario, predicted: Option<&str>) -> String {
    let population = &scenario.plan.population;
    let mut text = format!("{}\n", scenario.title);
    text.push_str(&format!("{}, seed {}. {SHORT}\n", agents(population.agents), population.seed));
    for change in told_changes(&scenario.changes) {
        text.push_str(&format!("changed: {change}\n"));
    }
    text.push_str(&format!("\n{}", cautions(scenario)));
    text.push_str(&question(scenario));
    let lesson = &scenario.lesson;
    match predicted {
        Some(answer) => text.push_str(&wrapped(&format!("Predicted: {answer}"), 0)),
        None if lesson.predict.is_empty() => {}
        None => text.push_str(&wrapped(&format!("Guess first: {}", lesson.predict), 0)),
    }
    text
}

/// What has to be known beside all that the scenario shows, one statement after the other.
pub fn cautions(scenario: &Scenario) -> String {
    scenario.cautions.iter().map(|caution| hanging("! ", caution.text)).collect()
}

/// The question of the lesson, where there is one.
pub fn question(scenario: &Scenario) -> String {
    match scenario.lesson.question.as_str() {
        "" => String::new(),
        question => format!("\n{}", wrapped(&format!("Question: {question}"), 0)),
    }
}

/// Measures, claims, the lesson's answer, failures.
pub fn results(scenario: &Scenario, results: &Results) -> String {
    let population = scenario.plan.population.agents;
    let mut text = measures(scenario, &results.measures, population);
    text.push_str(&assays(scenario, &results.assays));
    for sentence in unanswered(scenario, results) {
        text.push_str(&format!("\n{}", wrapped(&sentence, 0)));
    }
    text.push_str(&claims(scenario, results));
    let lesson = &scenario.lesson;
    if !lesson.explain.is_empty() {
        let explain = cited(&lesson.explain, &|name| verdict(scenario, results, name).map(|v| v.holds));
        text.push_str(&format!("\n{}", wrapped(&explain, 0)));
    }
    if !lesson.caveat.is_empty() {
        text.push_str(&wrapped(&format!("Caveat: {}", lesson.caveat), 0));
    }
    if let Some(sentence) = sentence_of_failures(&results.failures, scenario.plan.population.agents) {
        text.push_str(&format!("\n{}", wrapped(&sentence, 0)));
    }
    text
}

fn verdict<'r>(scenario: &Scenario, results: &'r Results, name: &str) -> Option<&'r Verdict> {
    let place = scenario.claims.iter().position(|text| text.claim.name == name)?;
    results.verdicts.get(place)
}

fn measures(scenario: &Scenario, table: &Table, population: u64) -> String {
    let spreads = Spreads::of(table, population);
    let mut text = String::new();
    let mut before = None;
    for measure in &scenario.measures {
        if before != Some(&measure.name) {
            let name = match measure.doc.as_str() {
                "" => measure.name.clone(),
                doc => format!("{doc} ({})", measure.name),
            };
            let head = if text.is_empty() { "\nMeasures: median [5 %, 95 % of agents]\n" } else { "" };
            text.push_str(&format!("{head}{}", wrapped(&name, 2)));
            before = Some(&measure.name);
        }
        let arm = measure.arm.map(|arm| &scenario.arms[arm]);
        let name = arm.map(|arm| arm.name.as_str());
        let head = arm.map_or(String::new(), |arm| whose(scenario, arm));
        let told = spreads.told(&measure.name, name, measure.unit.label());
        text.push_str(&format!("    {head}{told}\n"));
    }
    text
}

/// `stopped at once: `, where there is more than one arm.
fn whose(scenario: &Scenario, arm: &ArmText) -> String {
    let title = if arm.title.is_empty() { &arm.name } else { &arm.title };
    if scenario.arms.len() > 1 { format!("{title}: ") } else { String::new() }
}

/// EC50 and Emax at each moment, for scenarios that name no measures of their own.
fn assays(scenario: &Scenario, table: &Table) -> String {
    if !scenario.measures.is_empty() {
        return String::new();
    }
    let at = |column: &str, row: usize| table.texts(column).get(row).and_then(|t| t.as_deref()).unwrap_or("");
    let median = |row: &usize| {
        at("stat", *row) == "p50"
            && ["", "all"].contains(&at("group", *row))
            && ["ec50", "emax", "largest in range"].contains(&at("metric", *row))
    };
    let (mut text, mut before) = (String::new(), ("", "", ""));
    for row in (0..table.rows()).filter(median) {
        let (response, arm, moment) = (at("response", row), at("arm", row), at("moment", row));
        if before.0 != response {
            let form = Some(at("form", row)).filter(|form| *form != "acute");
            let form = form.map_or(String::new(), |form| format!(", {form}"));
            text.push_str(&format!("\n\nResponse `{response}`{form}, medians:"));
        }
        let value = rounded(table.numbers("value").get(row).copied().unwrap_or(f64::NAN));
        let name = match at("metric", row) {
            "ec50" => "EC50",
            "emax" => "Emax",
            other => other,
        };
        if before == (response, arm, moment) {
            text.push_str(&format!(", {name} {value}{}", unit(at("unit", row))));
        } else {
            let arm = scenario.arms.iter().find(|known| known.name == arm);
            let whose = arm.map_or(String::new(), |arm| whose(scenario, arm));
            text.push_str(&format!("\n  {whose}{moment}: {name} {value}{}", unit(at("unit", row))));
        }
        before = (response, arm, moment);
    }
    if text.is_empty() { text } else { format!("{}\n", &text[1..]) }
}

/// Who has no response at some levels in a form that not every agent answers to, and at which levels.
fn unanswered(scenario: &Scenario, results: &Results) -> Vec<String> {
    let mut all = Vec::new();
    for told in &scenario.assays {
        let result = results.collected.assays.get(told.arm).and_then(|assays| assays.get(told.assay));
        let Some(result) = result else { continue };
        let levels = &scenario.plan.arms[told.arm].assays[told.assay].levels;
        for (reason, why) in Missing::ALL.into_iter().enumerate() {
            let counts = result.absent.iter().map(|groups| groups.first().map_or(0, |all| all[reason]));
            let at: Vec<(f64, u64)> =
                levels.iter().copied().zip(counts).filter(|(_, count)| *count > 0).collect();
            let (Some((low, _)), Some((high, _))) = (at.first(), at.last()) else { continue };
            let most = at.iter().map(|(_, count)| *count).max().unwrap_or(0);
            let what = match why {
                Missing::NoSteadyState => "come to rest in no steady state",
                Missing::SeveralSteadyStates => "have several steady states",
                Missing::ChallengeFailed => "cannot go on under the challenge",
                _ => "have no number",
            };
            let unit = unit(told.probe_unit.label());
            let span = match low == high {
                true => format!("at {} = {}{unit}", told.probe, rounded(*low)),
                false => format!("between {} = {} and {}{unit}", told.probe, rounded(*low), rounded(*high)),
            };
            let upto = if at.len() > 1 { "up to " } else { "" };
            let whose = whose(scenario, &scenario.arms[told.arm]);
            all.push(format!(
                "{whose}response `{}`, {}, {}: {upto}{} {what} {span}, and no value there",
                told.response,
                told.form,
                told.moment,
                agents(most),
            ));
        }
    }
    all
}

const NO_VALUE: &str = "no value";

/// Statistics of everyone, by measure, arm and statistic.
struct Spreads<'t> {
    values: HashMap<[&'t str; 3], f64>,
    /// Agents counted, by measure and arm.
    counts: HashMap<[&'t str; 2], u64>,
    population: u64,
}

impl<'t> Spreads<'t> {
    fn of(table: &'t Table, population: u64) -> Spreads<'t> {
        let at = |column: &str, row: usize| -> &'t str {
            table.texts(column).get(row).and_then(|text| text.as_deref()).unwrap_or_default()
        };
        let values = table.numbers("value").iter().enumerate();
        let everyone = values.filter(|(row, _)| ["", "all"].contains(&at("group", *row)));
        let counted = match table.column("n").map(|column| &column.data) {
            Some(Data::Whole(counts)) => counts.as_slice(),
            _ => &[],
        };
        let of_median = everyone.clone().filter(|(row, _)| at("stat", *row) == "p50");
        let counts = of_median.filter_map(|(row, _)| {
            Some((["measure", "arm"].map(|name| at(name, row)), (*counted.get(row)?)?))
        });
        let counts = counts.collect();
        let keyed =
            everyone.map(|(row, value)| (["measure", "arm", "stat"].map(|name| at(name, row)), *value));
        Spreads { values: keyed.collect(), counts, population }
    }

    /// `12.3 [10, 15.2] h of those who reach it; not reached by 12 agents`, of everyone.
    fn told(&self, measure: &str, arm: Option<&str>, label: &str) -> String {
        let stat = |stat: &str| self.values.get(&[measure, arm.unwrap_or_default(), stat]).copied();
        let number = |name: &str| rounded(stat(name).unwrap_or(f64::NAN));
        let mut text = format!("{} [{}, {}]{}", number("p50"), number("p5"), number("p95"), unit(label));
        if stat("p50").is_none_or(f64::is_nan) {
            text = NO_VALUE.to_owned();
        }
        let counted = self.counts.get(&[measure, arm.unwrap_or_default()]);
        let without = self.without([measure, arm.unwrap_or_default()]);
        let missing: u64 = without.iter().map(|(_, count)| count).sum();
        // Failed agents are in no number.
        let n = counted.filter(|n| **n + missing < self.population);
        let n = n.map_or(String::new(), |n| format!("; n = {}", grouped(*n)));
        if without.is_empty() {
            return text + &n;
        }
        let never = without.iter().all(|(reason, _)| *reason == NOT_REACHED);
        let whose = match (text == NO_VALUE, never) {
            (true, _) => "",
            (_, true) => " of those who reach it",
            _ => " of those who have a value",
        };
        let told: Vec<String> = without
            .iter()
            .map(|(reason, count)| match *reason == NOT_REACHED {
                true => format!("; {NOT_REACHED} by {}", agents(*count)),
                false => format!("; {reason}: {}", agents(*count)),
            })
            .collect();
        format!("{text}{whose}{}{n}", told.concat())
    }

    /// Why agents have no value, and how many.
    fn without(&self, [measure, arm]: [&str; 2]) -> Vec<(&'t str, u64)> {
        let own = self.values.iter().filter(|([m, a, _], count)| (*m, *a) == (measure, arm) && **count > 0.0);
        let reasons = own.filter_map(|([.., stat], count)| {
            let reason = stat.strip_prefix(MISSING).or((*stat == NOT_REACHED).then_some(*stat));
            Some((reason?, *count as u64))
        });
        let mut reasons: Vec<_> = reasons.collect();
        reasons.sort_unstable();
        reasons
    }
}

fn claims(scenario: &Scenario, results: &Results) -> String {
    if scenario.claims.is_empty() {
        return String::new();
    }
    let rows = scenario.claims.iter().zip(&results.verdicts);
    let rows = rows.map(|(text, verdict)| {
        let mark = if verdict.holds { '✓' } else { '✗' };
        hanging(&format!("  {mark} "), &claim(scenario, text, verdict))
    });
    format!("\nClaims:\n{}", rows.collect::<String>())
}

fn claim(scenario: &Scenario, text: &ClaimText, verdict: &Verdict) -> String {
    let sentence = verdict.sentence(&text.claim, changes_claims(&scenario.changes));
    let assumed = if text.assumed { "; true by what was put in" } else { "" };
    let say = if text.claim.say.is_empty() { &text.claim.name } else { &text.claim.say };
    format!("{say} ({}: {sentence}{assumed})", text.claim.name)
}

/// Sentences about the claims that do not hold.
pub fn broken(scenario: &Scenario, results: &Results) -> Vec<String> {
    let rows = scenario.claims.iter().zip(&results.verdicts).filter(|(_, verdict)| !verdict.holds);
    rows.map(|(text, verdict)| claim(scenario, text, verdict)).collect()
}

/// A lesson's text with its citations `{name}` as marks: `(✓ name)`. Unknown names stay as they are.
pub fn cited(explain: &str, holds: &dyn Fn(&str) -> Option<bool>) -> String {
    let mut text = String::new();
    let mut rest = explain;
    while let Some((before, from)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = from.split_once('}') else {
            return text + "{" + from;
        };
        match holds(name.trim()) {
            Some(true) => text.push_str(&format!("(✓ {})", name.trim())),
            Some(false) => text.push_str(&format!("(✗ {}: does not hold here)", name.trim())),
            None => text.push_str(&format!("{{{name}}}")),
        }
        rest = after;
    }
    text + rest
}

/// Where the files are.
pub fn places(folder: &Path, out: &Path, quiet: bool) -> String {
    if quiet {
        return folder.display().to_string();
    }
    let index = out.join("index.html");
    format!("\nFiles: {}\nAll runs: {}", folder.display(), index.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    #[test]
    fn citations_become_marks() {
        let holds =
            |name: &str| [("a", true), ("b", false)].iter().find(|(n, _)| *n == name).map(|(_, h)| *h);
        let text = cited("It falls {a}, not {b}, {c} and {", &holds);
        assert_eq!(text, "It falls (✓ a), not (✗ b: does not hold here), {c} and {");
    }

    #[test]
    fn a_measure_is_a_median_with_its_spread_and_who_never_gets_there() {
        let table = table(&[("p5", 10.0), ("p50", 12.345_67), ("p95", 15.0), ("not reached", 1200.0)]);
        let said = |population| Spreads::of(&table, population).told("back", Some("rest"), "h");
        assert_eq!(said(5000), "12.3 [10, 15] h of those who reach it; not reached by 1,200 agents");
        assert_eq!(
            said(5001),
            "12.3 [10, 15] h of those who reach it; not reached by 1,200 agents; n = 3,800"
        );
        assert_eq!(Spreads::of(&table, 5000).told("back", None, "h"), "no value");
    }

    #[test]
    fn a_known_reason_for_no_value_is_told() {
        let rows =
            [("p5", 10.0), ("p50", 12.0), ("p95", 15.0), ("not reached", 200.0), ("missing: no fit", 1000.0)];
        let mixed = table(&rows);
        let said = Spreads::of(&mixed, 5000).told("back", Some("rest"), "h");
        assert_eq!(
            said,
            "12 [10, 15] h of those who have a value; no fit: 1,000 agents; not reached by 200 agents"
        );
        let none = table(&[("missing: no fit", 3.0)]);
        assert_eq!(Spreads::of(&none, 5000).told("back", Some("rest"), "h"), "no value; no fit: 3 agents");
    }

    /// A measure `back` of arm `rest`.
    fn table(rows: &[(&str, f64)]) -> Table {
        let text = |value: &str| Some(value.to_owned());
        let texts = |value: &str| Data::Text(vec![text(value); rows.len()]);
        let stats = rows.iter().map(|(stat, _)| text(stat)).collect();
        Table::new(
            "measures",
            vec![
                Column::new("measure", "", texts("back")),
                Column::new("arm", "", texts("rest")),
                Column::new("group", "", texts("all")),
                Column::new("stat", "", Data::Text(stats)),
                Column::new("value", "", Data::Number(rows.iter().map(|row| row.1).collect())),
                Column::new("n", "", Data::Whole(vec![Some(3800); rows.len()])),
            ],
        )
    }
}
