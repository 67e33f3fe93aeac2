//! `allostat study run`.
//! Knows units and where they are kept; knows nothing of what is in them.

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
    store.adopt();
    let mut turns: Vec<u64> =
        (0..study.units()).filter(|turn| share.has(*turn) && !store.has(study.turn(*turn))).collect();
    let rows: u64 = turns.iter().map(|turn| length(&study, study.turn(*turn))).sum();
    let watch = Watch::new(arguments.progress, rows);
    while !turns.is_empty() {
        // Those that another process is at come last: by then it has kept them, or is gone.
        let mut left = Vec::new();
        let before = turns.len();
        for turn in turns {
            let unit = study.turn(turn);
            store.refresh().map_err(Stop::Failed)?;
            if store.has(unit) {
                watch.elsewhere(length(&study, unit));
                continue;
            }
            let Some(held) = store.hold_unit(unit).map_err(Stop::Failed)? else {
                left.push(turn);
                continue;
            };
            let body = threads.install(|| study.computed(unit, &|without| watch.row(without), stop));
            let Some(body) = body else {
                watch.end();
                return Err(stopped(&mut store));
            };
            store.keep(unit, &body).map_err(Stop::Failed)?;
            drop(held);
        }
        if left.len() == before {
            std::thread::sleep(WAIT);
        }
        if interrupt::stopped() {
            watch.end();
            return Err(stopped(&mut store));
        }
        turns = left;
    }
    watch.end();
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
