//! What became of a claim in a run, and how it is told.
//! Knows nothing of how it was computed.

use super::Claim;
use super::claim::{Compared, EQUAL_WITHIN, Judge, Population, Question};
use super::word::Statistic;
use crate::engine::Collected;
use crate::expression::{Comparison, Id};
use crate::record::Reduction;

/// What became of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub holds: bool,
    /// Share of agents in which it held, by instance; empty for a claim about the population.
    pub shares: Vec<(Option<usize>, f64)>,
    /// The two sides of each comparison of a population claim, as text: `median(fall) = -0.31 < 0`; behind the arm's
    /// name where it was judged in several.
    pub sides: Vec<String>,
    /// Those of them that do not hold, and by how much.
    pub missed: Vec<String>,
}

impl Judge {
    /// Whether the claim holds in a run: in every arm that it speaks of. Failed agents are not counted; an agent in which
    /// a side has no value does not hold.
    pub fn verdict(&self, collected: &Collected) -> Verdict {
        let mut verdict = Verdict { holds: true, shares: Vec::new(), sides: Vec::new(), missed: Vec::new() };
        for instance in &self.instances {
            match &instance.question {
                Question::Agents { condition } => {
                    let (holding, counted) = counts(collected, *condition);
                    verdict.holds &= enough(holding, counted, self.share);
                    verdict.shares.push((instance.arm, share(holding, counted)));
                }
                Question::Population(population) => {
                    for compared in &population.comparisons {
                        let [left, right] =
                            [compared.left, compared.right].map(|side| value(population, side, collected));
                        let told = told(compared, [left, right]);
                        let told = match &instance.name {
                            Some(arm) if self.instances.len() > 1 => format!("{arm}: {told}"),
                            _ => told,
                        };
                        if !holds(compared.comparison, left, right) {
                            verdict.holds = false;
                            verdict.missed.push(told.clone() + &miss(compared, left, right));
                        }
                        verdict.sides.push(told);
                    }
                }
            }
        }
        verdict
    }
}

/// Agents in which a condition holds, and agents counted; group 0 is everyone.
fn counts(collected: &Collected, condition: usize) -> (u64, u64) {
    collected.conditions.get(condition).and_then(|groups| groups.first()).copied().unwrap_or((0, 0))
}

fn share(holding: u64, counted: u64) -> f64 {
    holding as f64 / counted as f64
}

/// A share such as 0.9 is no binary fraction: 9 of 10 agents are enough for it.
fn enough(holding: u64, counted: u64, share: f64) -> bool {
    counted > 0 && holding as f64 >= share * counted as f64 - 1e-9
}

pub(super) fn value(population: &Population, side: Id, collected: &Collected) -> f64 {
    population.arena.evaluate(side, &|sym| {
        let asked = population.given.iter().find(|(known, ..)| *known == sym);
        asked.map_or(f64::NAN, |(_, statistic, position)| number(*statistic, *position, collected))
    })
}

fn number(statistic: Statistic, position: usize, collected: &Collected) -> f64 {
    if statistic == Statistic::Share {
        let (holding, counted) = counts(collected, position);
        return share(holding, counted);
    }
    let Some(all) = collected.outcomes.get(position).and_then(|groups| groups.first()) else {
        return f64::NAN;
    };
    match statistic {
        Statistic::Mean => all.mean(),
        Statistic::Sd => all.sd(),
        Statistic::Quantile(p) => all.quantile(p),
        Statistic::Cv => all.sd() / all.mean(),
        Statistic::Correlation { other, product } => {
            let groups =
                [other, product].map(|at| collected.outcomes.get(at).and_then(|groups| groups.first()));
            let [Some(other), Some(product)] = groups else { return f64::NAN };
            correlation(all, other, product)
        }
        Statistic::Count => all.n() as f64,
        Statistic::Share => f64::NAN,
    }
}

/// Pearson's coefficient; none where a number is the same in all agents.
fn correlation(x: &Reduction, y: &Reduction, product: &Reduction) -> f64 {
    let n = x.n() as f64;
    let covariance = (product.mean() - x.mean() * y.mean()) * (n / (n - 1.0));
    // Round-off may lead a hair beyond.
    (covariance / (x.sd() * y.sd())).clamp(-1.0, 1.0)
}

/// Equality as in claims per agent; NaN holds never.
fn holds(comparison: Comparison, left: f64, right: f64) -> bool {
    let near = (left - right).abs() <= EQUAL_WITHIN * left.abs().max(right.abs());
    match comparison {
        Comparison::Equal => near,
        Comparison::NotEqual => !near && !left.is_nan() && !right.is_nan(),
        _ => comparison.holds(left, right),
    }
}

/// `median(fall) = -0.31 < 0`.
fn told(compared: &Compared, values: [f64; 2]) -> String {
    let unit = unit(compared);
    let side = |i: usize| {
        let text = &compared.texts[i];
        if compared.plain[i] { text.clone() } else { format!("{text} = {}{unit}", short(values[i])) }
    };
    format!("{} {} {}", side(0), compared.comparison.sign(), side(1))
}

/// By how much a comparison does not hold: `, missed by 0.35 nM`; nothing where a side has no value, which is said.
fn miss(compared: &Compared, left: f64, right: f64) -> String {
    match (left - right).abs() {
        0.0 => ", and the two are equal".to_owned(),
        apart if apart.is_finite() => format!(", missed by {}{}", short(apart), unit(compared)),
        _ => String::new(),
    }
}

fn unit(compared: &Compared) -> String {
    match compared.unit.label() {
        "1" => String::new(),
        label => format!(" {label}"),
    }
}

impl Verdict {
    /// `still holds`; `no longer holds with your change: 62 % of agents instead of 90 %`; without a change `holds` and
    /// `does not hold: …`. Of a claim about the population: `median(fall) = -0.31 < -0.66, missed by 0.35`.
    pub fn sentence(&self, claim: &Claim, changed: bool) -> String {
        let head = match (self.holds, changed) {
            (true, true) => return "still holds".to_owned(),
            (true, false) => return "holds".to_owned(),
            (false, true) => "no longer holds with your change",
            (false, false) => "does not hold",
        };
        let tail = if self.shares.is_empty() { self.missed.join("; ") } else { self.agents(claim.share) };
        format!("{head}: {tail}")
    }

    /// The arm in which fewest agents agree decides.
    fn agents(&self, wanted: f64) -> String {
        let fewest = self.shares.iter().map(|(_, share)| *share).min_by(f64::total_cmp).unwrap_or(f64::NAN);
        if self.shares.iter().any(|(_, share)| share.is_nan()) {
            return "no agent could be counted".to_owned();
        }
        for digits in 0..4 {
            let [found, wanted] = [fewest, wanted].map(|share| format!("{:.digits$}", 100.0 * share));
            if found != wanted {
                return format!("{found} % of agents instead of {wanted} %");
            }
        }
        format!("{} % of agents instead of {} %", 100.0 * fewest, 100.0 * wanted)
    }
}

/// A number with four figures.
fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value.is_nan() { "no value".to_owned() } else { format!("{value}") };
    }
    let scientific = format!("{value:.3e}");
    let exponent: i32 = scientific.rsplit('e').next().and_then(|e| e.parse().ok()).unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        return scientific;
    }
    let places = usize::try_from(3 - exponent).unwrap_or(0);
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
