//! One row: the values of a point, the luck of its agents, and what came of them.
//! Knows nothing of units or tables.

use std::sync::atomic::AtomicBool;

use super::{Luck, Read, Study, Value};
use crate::diagnostic::{Severity, Source};
use crate::engine::{Collected, Engine, Plan, blocks};
use crate::rng::{Key, Stream};
use crate::scenario::{Scenario, tables};

const REPEAT: Stream = Stream::of("study repeat");
const POINT: Stream = Stream::of("study point");
/// Seeds are whole numbers of TOML.
const LARGEST: u64 = i64::MAX as u64;

/// What came of one point in one repeat.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub point: u64,
    pub repeat: u64,
    /// Of the agents.
    pub seed: u64,
    /// By factor.
    pub values: Vec<Value>,
    /// By output; NaN where there is none.
    pub numbers: Vec<f64>,
    /// Agents that failed in any arm.
    pub failed: u64,
    /// Why the point has no numbers; empty where it has.
    pub reason: String,
}

/// On which threads a point is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Threads {
    /// On the one that asks: others are at other points.
    One,
    All,
}

impl Study {
    /// The coordinates of a point in the unit cube, by factor.
    pub fn coordinates(&self, point: u64) -> Vec<f64> {
        self.places.point(point)
    }

    /// The values of a point, by factor.
    pub fn values(&self, point: u64) -> Vec<Value> {
        self.factors.iter().zip(self.coordinates(point)).map(|(factor, at)| factor.value(at)).collect()
    }

    /// Seed of the agents of a point. The first repeat with common luck has the scenario's own, so that such a point is a run
    /// that anybody can do.
    pub fn seed(&self, point: u64, repeat: u64) -> u64 {
        let own = self.scenario.plan.population.seed;
        match self.luck {
            Luck::Common if repeat == 0 => own,
            Luck::Common => Key::new(own, REPEAT).bits(repeat, 0) & LARGEST,
            Luck::Own => Key::new(own, POINT).bits(point, repeat) & LARGEST,
        }
    }

    /// What makes a point's run of the scenario: arguments after `--set`.
    pub fn changes(&self, point: u64, repeat: u64) -> Vec<Source> {
        let argument = |text: String| Source::new("point", text);
        let of_factors = self.factors.iter().zip(self.values(point));
        let of_factors = of_factors.flat_map(|(factor, value)| factor.changes(&value)).map(argument);
        let seed = argument(format!("population.seed={}", self.seed(point, repeat)));
        self.set.iter().cloned().chain(of_factors).chain([seed]).collect()
    }

    /// The scenario of a point.
    pub fn scenario_at(&self, point: u64, repeat: u64) -> Result<Scenario, crate::diagnostic::Error> {
        self.text.asking(&self.changes(point, repeat), &|file| (self.files)(file), &self.asked)
    }

    /// Of a scenario under changes what outputs are read from.
    pub(super) fn numbers_of(&self, changes: &[Source]) -> Result<Scenario, crate::diagnostic::Error> {
        let claims = self.outputs.iter().any(|output| matches!(output.read, Read::Claim(_)));
        self.text.numbers(changes, &|file| (self.files)(file), &self.asked, claims)
    }

    /// What the engine runs at a point: nothing is observed but what outputs are read from. `Err` is a sentence.
    pub fn plan_at(&self, point: u64) -> Result<Plan, String> {
        self.ready(point, 0).map(|(scenario, _)| scenario.plan)
    }

    /// Point and repeat at a position.
    pub(super) fn place(&self, position: u64) -> (u64, u64) {
        (position % self.points, position / self.points)
    }

    /// The row at a position before anything was run.
    pub(super) fn without_numbers(&self, position: u64) -> Row {
        let (point, repeat) = self.place(position);
        Row {
            point,
            repeat,
            seed: self.seed(point, repeat),
            values: self.values(point),
            numbers: vec![f64::NAN; self.outputs.len()],
            failed: 0,
            reason: String::new(),
        }
    }

    /// Computes the row at a position; `None` where `stop` was set before its end.
    pub(super) fn row(&self, position: u64, threads: Threads, stop: &AtomicBool) -> Option<Row> {
        let mut row = self.without_numbers(position);
        match self.ready(row.point, row.repeat) {
            Err(reason) => row.reason = reason,
            Ok((scenario, engine)) => {
                let all = 0..blocks(scenario.plan.population.agents);
                let collected = match threads {
                    Threads::One => engine.run_here(all, stop),
                    Threads::All => engine.run_until(all, &|_| {}, stop),
                };
                if stop.load(std::sync::atomic::Ordering::Relaxed) {
                    return None;
                }
                self.give_numbers(&mut row, &scenario, &collected);
            }
        }
        Some(row)
    }

    /// What all agents of a point came to.
    pub(super) fn give_numbers(&self, row: &mut Row, scenario: &Scenario, collected: &Collected) {
        row.failed = tables::failed(collected);
        row.numbers = self.numbers(scenario, collected);
        if row.failed == scenario.plan.population.agents {
            row.reason = "all agents failed".to_owned();
            row.numbers.fill(f64::NAN);
        }
    }

    /// The scenario of a point, ready to run; `Err` is a sentence that says why it cannot be.
    pub(super) fn ready(&self, point: u64, repeat: u64) -> Result<(Scenario, Engine), String> {
        let scenario = self.numbers_of(&self.changes(point, repeat)).map_err(|error| sentence(&error))?;
        self.outputs_are_its(&scenario)?;
        let engine = Engine::new(&scenario.plan)?;
        Ok((scenario, engine))
    }

    /// Outputs are found by their position: a point at which others stand there, or in other units, has none of them.
    fn outputs_are_its(&self, scenario: &Scenario) -> Result<(), String> {
        let known = self.scenario.totals.iter().map(|text| (&text.name, text.total.unit.label()));
        let found = scenario.totals.iter().map(|text| (&text.name, text.total.unit.label()));
        match known.eq(found) {
            true => Ok(()),
            false => Err("outputs are in other arms or units here".to_owned()),
        }
    }

    fn numbers(&self, scenario: &Scenario, collected: &Collected) -> Vec<f64> {
        let number = |read: Read| match read {
            Read::Total(n) => scenario.totals.get(n).map_or(f64::NAN, |text| text.total.value(collected)),
            Read::Claim(n) => scenario
                .claims
                .get(n)
                .map_or(f64::NAN, |text| f64::from(u8::from(text.judge.verdict(collected).holds))),
        };
        self.outputs.iter().map(|output| number(output.read)).collect()
    }
}

/// The first thing that is wrong, on one line.
fn sentence(error: &crate::diagnostic::Error) -> String {
    let mut wrong = error.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let first = wrong.next().map(|finding| finding.what.as_str());
    first.unwrap_or("the scenario cannot be read").replace('\n', " ")
}
