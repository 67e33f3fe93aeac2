//! How long a run will take, from its own first blocks: they are a part of it, so that a forecast changes no bit.
//! Knows when blocks are done; what memory and disk are needed is told by `need`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::need::{Need, bytes};
use crate::kernel::LANES;
use crate::report::number::{agents, figures, unit};
use crate::scenario::Scenario;

/// How long blocks are watched.
const PILOT: Duration = Duration::from_millis(400);
/// A run that takes longer is told before, in seconds.
pub const LONG: f64 = 5.0;
/// The measured error repeats one block, with tolerances that ask for some times as many steps, on one thread.
const REPEATED: f64 = 5.0;

/// How fast agents are done.
pub struct Pace {
    began: Instant,
    finished: AtomicU64,
    /// Agents that take one block on each thread.
    round: u64,
    /// When a first round was done, and how many agents were: what threads and caches take in the beginning does not count.
    warm: OnceLock<(Instant, u64)>,
    /// Agents per second.
    rate: OnceLock<f64>,
}

impl Pace {
    pub fn new(threads: u64) -> Pace {
        Pace {
            began: Instant::now(),
            finished: AtomicU64::new(0),
            round: threads.max(1) * LANES as u64,
            warm: OnceLock::new(),
            rate: OnceLock::new(),
        }
    }

    /// Some more agents are done. Whether the rate is known just now; `true` once.
    pub fn done(&self, agents: u64) -> bool {
        let finished = self.finished.fetch_add(agents, Ordering::Relaxed) + agents;
        if finished < self.round || self.rate.get().is_some() {
            return false;
        }
        let (since, before) = *self.warm.get_or_init(|| (Instant::now(), finished));
        let passed = since.elapsed();
        let more = finished.saturating_sub(before);
        more >= self.round && passed >= PILOT && self.rate.set(more as f64 / passed.as_secs_f64()).is_ok()
    }

    pub fn finished(&self) -> u64 {
        self.finished.load(Ordering::Relaxed)
    }

    /// Seconds that so many more agents take, and the measured error after them; until the rate is known, that of all so far.
    pub fn seconds(&self, agents: u64) -> f64 {
        let so_far = || self.finished() as f64 / self.began.elapsed().as_secs_f64().max(1e-9);
        let rate = self.rate.get().copied().unwrap_or_else(so_far);
        (agents as f64 + REPEATED * self.round.min(agents) as f64) / rate
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
        "{} × {arms} × {}{}: about {} on {} {}, about {} of memory and {} of files",
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
    fn the_rate_is_known_once_and_not_from_the_first_round() {
        let pace = Pace::new(2);
        assert!(!pace.done(64) && !pace.done(64) && pace.warm.get().is_some());
        assert!(!pace.done(64), "a round is not yet done since");
        std::thread::sleep(PILOT);
        assert!(pace.done(64) && !pace.done(64));
        assert_eq!(pace.finished(), 320);
        let rate = pace.rate.get().unwrap();
        assert!(*rate <= 128.0 / PILOT.as_secs_f64(), "{rate}");
        assert!((pace.seconds(1000) - 1640.0 / rate).abs() < 1e-9);
    }

    #[test]
    fn durations_are_said_in_the_unit_that_fits() {
        let said = [0.2, 5.2, 89.0, 200.0, 9000.0, 400_000.0].map(duration);
        assert_eq!(said, ["1 s", "5 s", "89 s", "3.5 min", "2.5 h", "4.5 d"]);
    }
}
