//! How long a run will take, from its own first blocks: they count as part of it, so that a forecast changes no bit.
//! Knows the engine; what memory and disk are needed is told by `need`.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::need::{Need, bytes};
use crate::engine::{Collected, Engine};
use crate::report::number::{agents, figures, unit};
use crate::scenario::Scenario;

/// The first blocks run until this is over, so that what threads and caches take in the beginning does not count.
const PILOT: Duration = Duration::from_millis(400);
/// A run that takes longer is told before, in seconds.
pub const LONG: f64 = 5.0;
/// The measured error repeats one block, with tolerances that ask for some times as many steps, on one thread.
const REPEATED: f64 = 5.0;

/// The first blocks of a run, finished.
pub struct Pilot {
    pub collected: Collected,
    /// That are left.
    pub blocks: Range<u64>,
    /// Blocks per second on all threads.
    pub rate: f64,
    /// Seconds that one thread takes for a block.
    block: f64,
}

/// Runs the first of `blocks`, more and more of them at once, until enough time has passed to know how fast they go.
pub fn pilot(
    engine: &Engine,
    mut blocks: Range<u64>,
    threads: u64,
    done: &(dyn Fn(u64) + Sync),
    stop: &AtomicBool,
) -> Pilot {
    let clock = Instant::now();
    let (mut size, mut rate) = (threads.max(1), f64::INFINITY);
    let mut collected: Option<Collected> = None;
    while clock.elapsed() < PILOT && !blocks.is_empty() && !stop.load(Ordering::Relaxed) {
        let batch = blocks.start..blocks.end.min(blocks.start + size);
        let began = Instant::now();
        let more = engine.run_until(batch.clone(), done, stop);
        rate = (batch.end - batch.start) as f64 / began.elapsed().as_secs_f64().max(1e-9);
        match &mut collected {
            Some(collected) => collected.merge(more),
            None => collected = Some(more),
        }
        (blocks.start, size) = (batch.end, 2 * size);
    }
    let collected = collected.unwrap_or_else(|| engine.run(0..0, &|_| {}));
    Pilot { collected, blocks, rate, block: threads.max(1) as f64 / rate }
}

impl Pilot {
    /// Seconds that `runs` runs take from beginning to end.
    pub fn all(&self, all: u64, runs: u64) -> f64 {
        (runs * all) as f64 / self.rate + REPEATED * self.block
    }

    /// Seconds that `runs` such runs still take.
    pub fn left(&self, all: u64, runs: u64) -> f64 {
        let blocks = (self.blocks.end - self.blocks.start) + (runs - 1) * all;
        blocks as f64 / self.rate + REPEATED * self.block
    }
}

/// What will run, how long, and what it takes.
pub fn told(scenario: &Scenario, need: &Need, seconds: f64) -> String {
    let ends = scenario.plan.arms.iter().filter_map(|arm| arm.phases.last()).map(|phase| phase.when.end);
    let longest = ends.max().unwrap_or(0) as f64 / scenario.time.in_microseconds().unwrap_or(1.0);
    let arms = match scenario.arms.len() {
        1 => "1 arm".to_owned(),
        n => format!("{n} arms"),
    };
    format!(
        "{} × {arms} × {}{}: about {} on {} {}, at most {} of memory, about {} of files",
        agents(need.agents),
        figures(longest),
        unit(scenario.time.label()),
        duration(seconds),
        need.threads,
        if need.threads == 1 { "thread" } else { "threads" },
        bytes(need.memory()),
        bytes(need.disk()),
    )
}

/// `40 s`, `3 min`, `2.5 h`, `4 d`: rounded as an estimate is.
pub fn duration(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s < 1.0 => return "1 s".to_owned(),
        s if s < 90.0 => (s, "s"),
        s if s < 5400.0 => (s / 60.0, "min"),
        s if s < 48.0 * 3600.0 => (s / 3600.0, "h"),
        s => (s / 86_400.0, "d"),
    };
    let shown = if value < 10.0 { (2.0 * value).round() / 2.0 } else { value.round() };
    format!("{} {unit}", figures(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_the_unit_that_fits() {
        let said = [0.2, 5.2, 89.0, 200.0, 9000.0, 400_000.0].map(duration);
        assert_eq!(said, ["1 s", "5 s", "89 s", "3.5 min", "2.5 h", "4.5 d"]);
    }
}
