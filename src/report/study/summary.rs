//! What a study says, in sentences: which factors decide, where points failed, where claims hold.
//! Knows the analysis; knows nothing of the terminal.
//!
//! An index whose interval covers zero is named and not numbered: its sign and size are chance.

use crate::report::number::{grouped, rounded, unit};
use crate::study::Study;
use crate::study::analysis::{Analysis, Failing, Index, Method, Robustness, Verdict};
use crate::study::{Output, Read};

/// Names in one line, at most.
const NAMES: usize = 6;
/// Outputs and claims that are told of, at most each.
const TOLD: usize = 12;

/// Lines without line ends.
pub fn summary(study: &Study, analysis: &Analysis) -> Vec<String> {
    let words = Words { study, analysis };
    let mut lines = words.without_numbers();
    lines.extend(words.outputs());
    lines.extend(words.claims());
    lines
}

struct Words<'a> {
    study: &'a Study,
    analysis: &'a Analysis,
}

impl Words<'_> {
    fn factor(&self, factor: usize) -> &str {
        &self.study.factors[factor].name
    }

    /// How many points have no numbers, why, and where they lie; outputs that lack the same points are told of together.
    fn without_numbers(&self) -> Vec<String> {
        let mut groups: Vec<(Vec<usize>, Vec<&Failing>)> = Vec::new();
        for (output, without) in self.analysis.without.iter().enumerate().filter(|(_, without)| **without > 0)
        {
            let rows: Vec<&Failing> =
                self.analysis.failing.iter().filter(|row| row.output == output).collect();
            let same = |(outputs, known): &&mut (Vec<usize>, Vec<&Failing>)| {
                self.analysis.without[outputs[0]] == *without && alike(known, &rows)
            };
            match groups.iter_mut().find(same) {
                Some((outputs, _)) => outputs.push(output),
                None => groups.push((vec![output], rows)),
            }
        }
        let mut lines = Vec::new();
        for (outputs, rows) in groups.iter().take(TOLD) {
            let without = self.analysis.without[outputs[0]];
            let whose = match outputs.len() == self.study.outputs.len() {
                true => "no numbers".to_owned(),
                false => format!("no value of {}", self.names(outputs)),
            };
            let counted = format!("{} of {} points", grouped(without), grouped(self.analysis.there));
            lines.push(format!("{counted} have {whose}{}", self.whereabouts(rows)));
        }
        lines.extend(more(groups.len(), TOLD, "groups of outputs", "dropped.csv"));
        let reasons = self.analysis.reasons.iter().take(NAMES);
        let reasons = reasons.map(|(reason, rows)| format!("  {}: {reason}", counted(*rows, "row")));
        lines.extend(reasons);
        lines.extend(more(self.analysis.reasons.len(), NAMES, "reasons", "points.csv"));
        lines
    }

    fn names(&self, outputs: &[usize]) -> String {
        let names: Vec<String> =
            outputs.iter().map(|output| format!("`{}`", self.study.outputs[*output].name)).collect();
        cut(&names, "points.csv")
    }

    /// In the factors' units; the clearest first.
    fn whereabouts(&self, rows: &[&Failing]) -> String {
        let mut telling: Vec<&&Failing> = rows.iter().filter(|row| row.elsewhere == Some(true)).collect();
        telling.sort_by(|a, b| b.distance.total_cmp(&a.distance));
        if telling.is_empty() {
            return match rows.first().map(|row| row.elsewhere) {
                Some(Some(_)) => ", spread over the space as far as one can tell".to_owned(),
                _ => String::new(),
            };
        }
        let one = |row: &&&Failing| {
            let factor = &self.study.factors[row.factor];
            let label = unit(factor.unit().map_or("", |unit| unit.label()));
            let name = self.factor(row.factor);
            if row.failed_median.is_nan() {
                return format!("other values of {name}");
            }
            let side = if row.failed_median > row.others_median { "high" } else { "low" };
            let [failed, others] = [row.failed_median, row.others_median].map(rounded);
            format!("{name} is {side} (median {failed}{label}; of the others {others}{label})")
        };
        let all: Vec<String> = telling.iter().map(one).collect();
        format!(", most of them where {}", cut(&all, "dropped.csv"))
    }

    fn outputs(&self) -> Vec<String> {
        let numbers = |output: &&(usize, &Output)| matches!(output.1.read, Read::Total(_));
        let all: Vec<(usize, &Output)> = self.study.outputs.iter().enumerate().collect();
        let all: Vec<&(usize, &Output)> = all.iter().filter(numbers).collect();
        let mut lines = Vec::new();
        for (output, named) in all.iter().take(TOLD) {
            let found = self.of_output(*output);
            if !found.is_empty() {
                let label = if named.unit.is_empty() { String::new() } else { format!(" [{}]", named.unit) };
                lines.push(format!("{}{label}", named.name));
                lines.extend(found);
            }
        }
        if !lines.is_empty() {
            lines.extend(more(all.len(), TOLD, "outputs", "indices.csv"));
        }
        lines
    }

    fn of_output(&self, output: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let rows: Vec<&Index> = self.analysis.indices.iter().filter(|row| row.output == output).collect();
        for (method, index, meaning) in MEANINGS {
            let mut rows: Vec<&Index> =
                rows.iter().copied().filter(|row| row.method == method && row.index == index).collect();
            rows.sort_by(|a, b| b.estimate.value.abs().total_cmp(&a.estimate.value.abs()));
            lines.extend(self.of_index(meaning, &rows));
        }
        lines
    }

    /// Factors in order of importance with their intervals, then those that say nothing, with what is against them.
    fn of_index(&self, meaning: &str, rows: &[&Index]) -> Option<String> {
        let first = rows.first()?;
        let reason = |row: &&Index| match &row.verdict {
            Verdict::Because(reason) => Some(reason.clone()),
            _ => None,
        };
        let same = rows.iter().all(|row| reason(row) == reason(first));
        if let (Some(reason), true) = (reason(first), same) {
            return Some(format!("  {meaning}: none, {reason}"));
        }
        let name = |row: &&Index| match row.with {
            Some(with) => format!("{} with {}", self.factor(row.factor), self.factor(with)),
            None => self.factor(row.factor).to_owned(),
        };
        let of = |verdict: &Verdict| -> Vec<&Index> {
            rows.iter().copied().filter(|row| row.verdict == *verdict).collect()
        };
        let clear: Vec<String> = of(&Verdict::Distinguishable)
            .iter()
            .map(|row| format!("{} {}", name(row), with_interval(row)))
            .collect();
        let mut parts = Vec::new();
        if !clear.is_empty() {
            parts.push(cut(&clear, "indices.csv"));
        }
        let rest = [
            (Verdict::NotDistinguishable, "not distinguishable from zero: "),
            (Verdict::Unresolved, "too few points for the shape of the effect, so that its share is rough: "),
            (Verdict::NotMonotone, "this index says little, as the output goes up and down along "),
        ];
        for (verdict, said) in rest {
            let names: Vec<String> = of(&verdict).iter().map(name).collect();
            if !names.is_empty() {
                parts.push(format!("{said}{}", cut(&names, "indices.csv")));
            }
        }
        let without: Vec<String> =
            rows.iter().filter_map(|row| Some(format!("{}: {}", name(row), reason(row)?))).collect();
        if !without.is_empty() {
            parts.push(cut(&without, "indices.csv"));
        }
        Some(format!("  {meaning}: {}", parts.join("; ")))
    }

    fn claims(&self) -> Vec<String> {
        let all = &self.analysis.robustness;
        let mut lines: Vec<String> = all.iter().take(TOLD).map(|row| self.claim(row)).collect();
        lines.extend(more(all.len(), TOLD, "claims", "robustness.csv"));
        lines
    }

    fn claim(&self, row: &Robustness) -> String {
        let name = &self.study.scenario.claims[row.claim].claim.name;
        if row.n == 0 {
            return format!("{name}: no point says whether it holds");
        }
        let percent = |share: f64| format!("{:.0}", 100.0 * share);
        let holds = percent(row.holds);
        let held = match row.low.is_nan() {
            true => format!("{name}: holds at {holds} % of {}", counted(row.n, "point")),
            false => {
                let (low, high) = (percent(row.low), percent(row.high));
                format!("{name}: holds in {holds} % ({low} to {high}) of the space")
            }
        };
        let names: Vec<&str> = row.deciding.iter().map(|one| self.factor(one.factor)).collect();
        match names[..] {
            [one] => format!("{held}; {one} decides"),
            [one, other] => format!("{held}; {one} and {other} decide"),
            _ => held,
        }
    }
}

/// What is told of each index.
const MEANINGS: [(Method, &str, &str); 8] = [
    (Method::Sobol, "total", "share of the variance, alone and with others (Sobol' total)"),
    (Method::Sobol, "first", "share of the variance, alone (Sobol' first)"),
    (Method::Sobol, "second", "share of the variance, as a pair beyond both (Sobol' second)"),
    (Method::Morris, "mu_star", "mean size of the effect of the whole range (Morris mu*)"),
    (Method::Morris, "mu", "mean effect of the whole range (Morris mu)"),
    (Method::GivenData, "first", "share of the variance, alone (given data)"),
    (Method::Prcc, "prcc", "rises or falls with (PRCC)"),
    (Method::Local, "elasticity", "per cent for a per cent (local)"),
];

/// Whether the same points failed, as far as the table tells.
fn alike(one: &[&Failing], other: &[&Failing]) -> bool {
    let same = |(a, b): (&&Failing, &&Failing)| {
        a.failed == b.failed && a.of == b.of && a.distance.to_bits() == b.distance.to_bits()
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

/// `0.62 (0.55 to 0.69)`.
fn with_interval(row: &Index) -> String {
    let shown = |value: f64| match row.unit.is_empty() && row.method != Method::Local {
        // A share or a correlation: what is beyond the second digit is chance.
        true => format!("{value:.2}").replace("-0.00", "0.00"),
        false => rounded(value),
    };
    let [value, low, high] = [row.estimate.value, row.estimate.low, row.estimate.high].map(shown);
    format!("{value}{} ({low} to {high})", unit(&row.unit))
}

/// The first of many, and how many more there are where.
fn cut(all: &[String], place: &str) -> String {
    let shown = all[..all.len().min(NAMES)].join(", ");
    match all.len().checked_sub(NAMES + 1) {
        Some(rest) => format!("{shown}, … and {} more ({place})", rest + 1),
        None => shown,
    }
}

/// The line behind a list that was cut.
fn more(all: usize, shown: usize, what: &str, place: &str) -> Option<String> {
    (all > shown).then(|| format!("… and {} more {what} ({place})", all - shown))
}

/// `1 row`, `12 rows`.
fn counted(n: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(n), if n == 1 { "" } else { "s" })
}
