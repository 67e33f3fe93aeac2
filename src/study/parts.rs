//! Points with so many agents that one is several units: whole blocks of it, run anywhere, put together to its row.
//! Knows nothing of files.
//!
//! How many parts a point has follows from the study's scenario alone, not from the values of the point; where a point has other agents
//! its parts are as many, of other sizes.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Row, Study};
use crate::engine::{Collected, Engine, blocks};
use crate::scenario::Scenario;

/// A point with more agents is several units.
pub(super) const MOST_AGENTS: u64 = 1 << 20;

/// What a unit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Whole points: positions of rows.
    Rows(Range<u64>),
    /// One part of the point at a position.
    Part { position: u64, part: u64 },
}

impl Study {
    /// In how many parts a point is computed; 1 where points are whole.
    pub fn parts(&self) -> u64 {
        self.scenario.plan.population.agents.div_ceil(self.most_agents.max(1)).max(1)
    }

    pub fn unit(&self, unit: u64) -> Unit {
        match self.parts() {
            1 => Unit::Rows(self.rows_of(unit)),
            parts => Unit::Part { position: unit / parts, part: unit % parts },
        }
    }

    /// Computes a unit on the threads of the current pool, as the bytes that are kept of it; `None` where `stop` was set before its end.
    /// `done` is told of each row, or once of a part, whether it has a reason for having no numbers.
    pub fn computed(&self, unit: u64, done: &(dyn Fn(bool) + Sync), stop: &AtomicBool) -> Option<Vec<u8>> {
        match self.unit(unit) {
            Unit::Rows(_) => {
                let rows = self.compute(unit, &|row| done(!row.reason.is_empty()), stop)?;
                Some(self.body(&rows))
            }
            Unit::Part { position, part } => {
                let (point, repeat) = self.place(position);
                let ready = self.ready(point, repeat);
                let bytes = ready.as_ref().map(|(scenario, engine)| {
                    let count = blocks(scenario.plan.population.agents);
                    engine.run_until(self.blocks_of(part, count), &|_| {}, stop).part()
                });
                if stop.load(Ordering::Relaxed) {
                    return None;
                }
                done(bytes.is_err());
                // Why the point cannot be run is found again when its row is made.
                Some(bytes.unwrap_or_default())
            }
        }
    }

    /// The blocks of a part, of so many.
    fn blocks_of(&self, part: u64, blocks: u64) -> Range<u64> {
        let end = |part: u64| (u128::from(blocks) * u128::from(part) / u128::from(self.parts())) as u64;
        end(part)..end(part + 1)
    }

    /// Begins to put the parts of a point together.
    pub fn merging(&self, position: u64) -> Merging<'_> {
        let mut row = self.without_numbers(position);
        let ready = self.ready(row.point, row.repeat).map(|(scenario, engine)| {
            let nothing = engine.nothing();
            (scenario, engine, nothing)
        });
        let ready = ready.map_err(|reason| row.reason = reason).ok();
        Merging { study: self, position, row, ready, merged: 0 }
    }
}

/// The parts of one point on their way to its row.
pub struct Merging<'a> {
    study: &'a Study,
    pub position: u64,
    row: Row,
    /// `None` where the point cannot be run.
    ready: Option<(Scenario, Engine, Collected)>,
    merged: u64,
}

impl Merging<'_> {
    /// Adds a part, each once, in any order. `Err` where the bytes are no part of this study.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), String> {
        if let Some((_, engine, collected)) = &mut self.ready {
            let read = engine.part(bytes);
            collected.merge(read.ok_or("a unit holds no part of a point of this study")?);
        }
        self.merged += 1;
        Ok(())
    }

    /// The row, once all parts were added.
    pub fn row(mut self) -> Option<Row> {
        if self.merged != self.study.parts() {
            return None;
        }
        if let Some((scenario, _, collected)) = &self.ready {
            self.study.give_numbers(&mut self.row, scenario, collected);
        }
        Some(self.row)
    }
}
