//! `allostat study run`.
//! Knows units and where they are kept; knows nothing of what is in them.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::Args;

use super::share::Share;
use super::watch::{Form, Watch};
use super::{Which, remarked};
use crate::cli::page::{self, Page};
use crate::cli::threads::Threads;
use crate::cli::{Done, Stop, interrupt};
use crate::diagnostic::Finding;
use crate::report::number::grouped;
use crate::report::study::Store;
use crate::study::Study;

/// Between looks at units that other processes are at.
const WAIT: Duration = Duration::from_millis(200);

#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Compute a part only: 3/8 is every eighth unit, beginning with the third
    #[arg(long, value_name = "I/N", allow_hyphen_values = true)]
    share: Option<String>,
    /// Threads to compute on; results do not depend on it
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    threads: Option<String>,
    /// How to tell how far it is
    #[arg(long, value_enum, default_value = "bar")]
    progress: Form,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let share = Share::of(arguments.share.as_deref())?;
    let threads = Threads::of(arguments.threads.as_deref())?;
    let study = arguments.which.read()?;
    remarked(&study);
    let folder = arguments.which.opened(&study, true)?;
    let stop = interrupt::catch();
    let mut store = Store::of(&folder, study.units()).map_err(Stop::Failed)?;
    store.verify().map_err(Stop::Failed)?;
    let broken = store.found().broken;
    if !broken.is_empty() {
        let told: Vec<String> =
            broken.iter().map(|what| format!("{what}: what was in it is computed again")).collect();
        page::note(&told);
    }
    store.adopt().map_err(Stop::Failed)?;
    let there = store.there();
    let units = || (0..study.units()).filter(|turn| share.has(*turn)).map(|turn| study.turn(turn));
    let missing = || units().filter(|unit| !there.has(*unit));
    let watch = Watch::new(arguments.progress, missing().map(|unit| length(&study, unit)).sum());
    let work = Work { study: &study, threads: &threads, watch: &watch, stop };
    let worked = work.all(&mut store, &mut missing());
    watch.end();
    if !worked? {
        return Err(stopped(&mut store));
    }
    store.put_together().map_err(Stop::Failed)?;
    let found = store.found();
    page.line(format!(
        "{} of {} units are in {}",
        grouped(found.done),
        grouped(found.units),
        folder.display()
    ));
    if found.done == found.units {
        page.line(format!("put them together with `allostat study gather {}`", arguments.which.study));
    }
    Ok(true)
}

struct Work<'a> {
    study: &'a Study,
    threads: &'a Threads,
    watch: &'a Watch,
    stop: &'a AtomicBool,
}

/// What came of a unit.
enum Came {
    Done,
    /// Another process is at it.
    Held,
    Stopped,
}

impl Work<'_> {
    /// Computes units, those that another process is at last: by then it has kept them, or is gone. `false` where it was stopped.
    fn all(&self, store: &mut Store, units: &mut dyn Iterator<Item = u64>) -> Result<bool, Stop> {
        let Some(mut left) = self.pass(store, units)? else { return Ok(false) };
        while !left.is_empty() {
            let before = left.len();
            let Some(still) = self.pass(store, &mut left.into_iter())? else { return Ok(false) };
            left = still;
            if left.len() == before {
                std::thread::sleep(WAIT);
            }
        }
        Ok(true)
    }

    /// What other processes are at, one unit each; `None` where it was stopped.
    fn pass(
        &self,
        store: &mut Store,
        units: &mut dyn Iterator<Item = u64>,
    ) -> Result<Option<Vec<u64>>, Stop> {
        let mut left = Vec::new();
        for unit in units {
            match self.one(store, unit)? {
                Came::Done => {}
                Came::Held => left.push(unit),
                Came::Stopped => return Ok(None),
            }
        }
        Ok((!interrupt::stopped()).then_some(left))
    }

    fn one(&self, store: &mut Store, unit: u64) -> Result<Came, Stop> {
        store.refresh().map_err(Stop::Failed)?;
        if store.has(unit) {
            self.watch.elsewhere(length(self.study, unit));
            return Ok(Came::Done);
        }
        let Some(_held) = store.hold(unit).map_err(Stop::Failed)? else { return Ok(Came::Held) };
        let without = |without| self.watch.row(without);
        let body = self.threads.install(|| self.study.computed(unit, &without, self.stop));
        let Some(body) = body else { return Ok(Came::Stopped) };
        store.keep(unit, &body).map_err(Stop::Failed)?;
        Ok(Came::Done)
    }
}

/// Rows of a unit; a part counts as one.
fn length(study: &Study, unit: u64) -> u64 {
    let rows = study.rows_of(unit);
    rows.end - rows.start
}

fn stopped(store: &mut Store) -> Stop {
    // What is loose stays loose where this fails, and is no less there.
    let _ = store.put_together();
    let found = store.found();
    let what = format!("stopped; {} of {} units are kept", grouped(found.done), grouped(found.units));
    Stop::Interrupted(Finding::note(what).help("run it again to go on"))
}
