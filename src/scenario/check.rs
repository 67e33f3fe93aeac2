//! A model's own theorems, run with one agent: steady states, eigenvalues, courses in closed form, conservation, measures.
//! Knows nothing of files: a model's checks are trees of its text.

mod numbers;
mod phases;
mod setup;

use std::sync::Arc;

use crate::diagnostic::{Error, Finding, Findings};
use crate::engine::{Arm, Collected, Engine, Outcomes, Plan, Series, Slot, steady};
use crate::expression::Comparison;
use crate::model::Model;
use crate::population::Population;

use setup::{Setup, Theorem};

/// One comparison of a check.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckResult {
    /// Of the check.
    pub name: String,
    /// What was compared, as written: `R = R0*exp(-kdeg*t) at t = 3.2`, `max(R[on]) == 3.12`.
    pub what: String,
    pub expected: f64,
    /// NaN where there is no value.
    pub found: f64,
    /// Largest difference, relative where the expected value is above 1.
    pub within: f64,
    pub holds: bool,
}

impl CheckResult {
    /// Difference, relative where the expected value is above 1; infinite where there is no value.
    pub fn miss(&self) -> f64 {
        miss(self.expected, self.found)
    }
}

/// Runs all checks of a model; findings where a check is not understood.
pub fn run(model: &Arc<Model>) -> Result<Vec<CheckResult>, Error> {
    let mut findings = Findings::new();
    let read: Vec<_> = model.checks.iter().map(|check| setup::read(model, check, &mut findings)).collect();
    if findings.has_errors() {
        return Err(Error { findings: findings.into_vec() });
    }
    let mut results = Vec::new();
    for setup in read.into_iter().flatten() {
        results.extend(setup.results()?);
    }
    Ok(results)
}

/// Local errors add up over a run, so they are kept this much below what a check allows, and below 1e-10 in any case.
const STRICTER: f64 = 1e-2;
/// Rounding leaves nothing to gain below.
const STRICTEST: f64 = 1e-13;

impl Setup {
    fn results(mut self) -> Result<Vec<CheckResult>, Finding> {
        let mut results = self.at_steady_state();
        if self.theorems.is_empty() {
            return Ok(results);
        }
        let theorems = std::mem::take(&mut self.theorems);
        let plan = self.plan();
        let engine = Engine::new(&plan).map_err(|why| Finding::error(why).at(&self.at))?;
        let collected = engine.run(0..1, &|_| {});
        if let Some(failure) = collected.failures.first() {
            let time = self.model_time(failure.at);
            let what = format!("the run ended at t = {time} of {}: {:?}", self.end(), failure.cause);
            results.push(self.result(what, self.end(), f64::NAN));
            return Ok(results);
        }
        results.extend(theorems.iter().map(|theorem| self.judged(theorem, &collected)));
        Ok(results)
    }

    fn plan(&self) -> Plan {
        let slots = self.values.iter().map(|value| Slot { value: *value, by_group: Vec::new(), vary: None });
        let scope = &self.bench.arms[0];
        // Series in order of the quantity watched, so that a quantity's position finds its series.
        let series = (0..scope.system.watched.len()).map(|watched| Series {
            watched,
            window: None,
            times: self.times.clone(),
            against: None,
        });
        let arm = Arm {
            slots: slots.collect(),
            phases: self.phases.clone(),
            series: series.collect(),
            assays: scope.assays.clone(),
            taps: scope.taps.clone(),
            starts: Vec::new(),
            system: Arc::new(scope.system.clone()),
        };
        Plan {
            population: Population { agents: 1, seed: 1, ..Population::default() },
            arms: vec![arm],
            outcomes: Outcomes { conditions: Vec::new(), ..self.bench.outcomes.clone() },
            relative: (STRICTER * self.within).clamp(STRICTEST, 1e-10),
            exact_quantiles: true,
            traced: vec![0],
        }
    }

    fn at_steady_state(&self) -> Vec<CheckResult> {
        if self.steady.is_empty() && self.eigenvalues.is_empty() {
            return Vec::new();
        }
        let inputs = self.inputs.as_deref().unwrap_or_default();
        let system = &self.bench.arms[0].system;
        let found = steady(system, &self.values, inputs, None);
        let mut results: Vec<CheckResult> = self
            .steady
            .iter()
            .map(|(state, what, expected)| {
                let value = found.as_ref().map_or(f64::NAN, |found| found.states[*state]);
                self.result(format!("steady {what}"), *expected, value)
            })
            .collect();
        let mut values = found.map_or(Vec::new(), |found| found.eigenvalues);
        for [real, imaginary] in &self.eigenvalues {
            // Each expected one takes the nearest that is left, so that the order of writing does not matter.
            let distance = |value: &[f64; 2]| (value[0] - real).abs() + (value[1] - imaginary).abs();
            let nearest =
                (0..values.len()).min_by(|a, b| distance(&values[*a]).total_cmp(&distance(&values[*b])));
            let value = nearest.map_or([f64::NAN; 2], |nearest| values.swap_remove(nearest));
            results.push(self.result("eigenvalue".to_owned(), *real, value[0]));
            if *imaginary != 0.0 || value[1] != 0.0 {
                results.push(self.result("eigenvalue, imaginary part".to_owned(), *imaginary, value[1]));
            }
        }
        results
    }

    fn judged(&self, theorem: &Theorem, collected: &Collected) -> CheckResult {
        match theorem {
            Theorem::Course { what, watched, expected } => {
                let found = self.series(*watched, collected);
                let expected = self.times.iter().map(|at| self.value(*expected, self.model_time(*at)));
                self.worst(what, expected, found)
            }
            Theorem::Constant { what, watched } => {
                let found = self.series(*watched, collected);
                let first = found.first().copied().unwrap_or(f64::NAN);
                self.worst(&format!("{what} is constant"), self.times.iter().map(|_| first), found)
            }
            Theorem::That { what, left, comparison, right } => {
                let side = |outcome: usize| {
                    let value = collected.outcomes.get(outcome).and_then(|groups| groups.first());
                    value.map_or(f64::NAN, |value| value.mean())
                };
                let (left, right) = (side(*left), side(*right));
                let mut result = self.result(what.clone(), right, left);
                result.holds = match comparison {
                    Comparison::Equal => result.holds,
                    Comparison::NotEqual => !result.holds && !left.is_nan() && !right.is_nan(),
                    other => other.holds(left, right),
                };
                result
            }
        }
    }

    fn series<'c>(&self, watched: usize, collected: &'c Collected) -> &'c [f64] {
        collected.traces.first().and_then(|trace| trace.values.get(watched)).map_or(&[], Vec::as_slice)
    }

    /// The time at which the difference is largest speaks for all.
    fn worst(&self, what: &str, expected: impl Iterator<Item = f64>, found: &[f64]) -> CheckResult {
        let found = found.iter().copied().chain(std::iter::repeat(f64::NAN));
        let all = self.times.iter().zip(expected.zip(found));
        let worst = all.max_by(|(_, a), (_, b)| miss(a.0, a.1).total_cmp(&miss(b.0, b.1)));
        match worst {
            Some((at, (expected, found))) => {
                self.result(format!("{what} at t = {}", self.model_time(*at)), expected, found)
            }
            None => self.result(what.to_owned(), f64::NAN, f64::NAN),
        }
    }

    fn result(&self, what: String, expected: f64, found: f64) -> CheckResult {
        let holds = miss(expected, found) <= self.within;
        CheckResult { name: self.name.clone(), what, expected, found, within: self.within, holds }
    }
}

/// Difference, relative where the expected value is above 1; infinite where there is no value.
fn miss(expected: f64, found: f64) -> f64 {
    let miss = (found - expected).abs() / expected.abs().max(1.0);
    if miss.is_nan() { f64::INFINITY } else { miss }
}

#[cfg(test)]
mod tests;
