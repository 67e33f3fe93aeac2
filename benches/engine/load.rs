//! Clocks that know whether someone else was using the machine.
//! Knows nothing of what is timed.

use std::fs;
use std::time::Instant;

/// Share of the machine that others may use before a time says nothing.
const FOREIGN: f64 = 0.05;
/// Hertz of the counters of Linux; fixed in its interface to programs.
const TICKS: f64 = 100.0;

/// Seconds within which ticks are too few to count.
const SHORT: f64 = 0.1;

/// What other processes used of the machine while something was timed.
#[derive(Clone, Copy, Debug)]
pub enum Load {
    /// Share of all cores.
    Foreign(f64),
    /// The system does not say, or it was too short to say.
    Unknown,
}

/// Since a moment.
pub struct Since {
    clock: Instant,
    ticks: Option<Ticks>,
}

#[derive(Clone, Copy)]
struct Ticks {
    busy: f64,
    own: f64,
    cores: f64,
}

impl Since {
    pub fn now() -> Since {
        Since { clock: Instant::now(), ticks: Ticks::read() }
    }

    pub fn load(&self) -> Load {
        if self.clock.elapsed().as_secs_f64() < SHORT {
            return Load::Unknown;
        }
        let (Some(before), Some(now)) = (self.ticks, Ticks::read()) else { return Load::Unknown };
        let foreign = (now.busy - before.busy) - (now.own - before.own);
        let all = self.clock.elapsed().as_secs_f64() * TICKS * now.cores;
        Load::Foreign((foreign / all).clamp(0.0, 1.0))
    }
}

impl Ticks {
    /// `None` where there is no such file.
    fn read() -> Option<Ticks> {
        let machine = fs::read_to_string("/proc/stat").ok()?;
        let cores = machine.lines().filter(|line| line.starts_with("cpu")).count() - 1;
        let all: Vec<f64> = numbers(machine.lines().next()?);
        // user nice system idle iowait irq softirq steal
        let busy = [0, 1, 2, 5, 6, 7].iter().filter_map(|n| all.get(*n)).sum();
        let process = fs::read_to_string("/proc/self/stat").ok()?;
        // The name in brackets may hold spaces; of user, system, and of children that ended, the 14th field to the 17th.
        let own = numbers(process.rsplit(')').next()?).get(10..14)?.iter().sum();
        Some(Ticks { busy, own, cores: cores as f64 })
    }
}

/// Words after the first that count something; others are 0.
fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace().skip(1).map(|word| word.parse().unwrap_or(0.0)).collect()
}

impl Load {
    /// `met`, `missed`, or why neither can be said.
    pub fn verdict(self, met: bool) -> String {
        let word = if met { "met" } else { "missed" };
        match self {
            Load::Foreign(share) if share > FOREIGN => {
                format!("cannot judge: foreign load {:.0} %", 100.0 * share)
            }
            Load::Foreign(_) => word.to_owned(),
            Load::Unknown => format!("{word} (load of the machine is unknown)"),
        }
    }

    /// Of two timings that share a line.
    pub fn larger(self, other: Load) -> Load {
        match (self, other) {
            (Load::Foreign(one), Load::Foreign(two)) => Load::Foreign(one.max(two)),
            _ => Load::Unknown,
        }
    }

    /// As a cell of a table.
    pub fn told(self) -> String {
        match self {
            Load::Foreign(share) => format!("{:.0} %", 100.0 * share),
            Load::Unknown => "unknown".to_owned(),
        }
    }
}

/// Seconds of two things done in turns, and how they compare.
pub struct Turns {
    /// Medians.
    pub first: f64,
    pub second: f64,
    /// Median of first/second, turn by turn.
    pub ratio: f64,
    pub load: Load,
}

/// In turns, so that what slows the machine slows both. One turn of each goes before and is not counted.
pub fn in_turns(turns: usize, mut first: impl FnMut(), mut second: impl FnMut()) -> Turns {
    first();
    second();
    let since = Since::now();
    let mut seconds = [Vec::new(), Vec::new()];
    for _ in 0..turns {
        seconds[0].push(time(&mut first));
        seconds[1].push(time(&mut second));
    }
    let load = since.load();
    let ratio = median(seconds[0].iter().zip(&seconds[1]).map(|(a, b)| a / b).collect());
    let [first, second] = seconds.map(median);
    Turns { first, second, ratio, load }
}

pub fn time(work: &mut dyn FnMut()) -> f64 {
    let clock = Instant::now();
    work();
    clock.elapsed().as_secs_f64()
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
