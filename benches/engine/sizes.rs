//! Threads, sizes, memory, and the program from a cold start.
//! Knows nothing of the rival.

use std::path::Path;
use std::process::Command;

use allostat::engine::blocks;

use crate::chronic::{DAILY, by_engine, engine, plan};
use crate::load::{Load, Since, in_turns, median, time};
use crate::table::{Page, number};

/// Of the chronic scenario as its file has it.
const RELATIVE: f64 = 1e-4;
/// Times the speed of one thread that four are wanted to have.
const FOUR: f64 = 3.5;
/// Megabytes that a million agents may take.
const MEMORY: f64 = 150.0;
/// Seconds in which a thousand agents are wanted with figures.
const COLD: f64 = 1.0;
/// The argument by which this program runs one size and says what it took.
pub const CHILD: &str = "--size";

pub fn threads(page: &mut Page, agents: u64, turns: usize) {
    page.text("## Threads");
    page.text(&format!(
        "{agents} agents of `scenarios/chronic.toml`. Wanted: four threads at least 3.5 times as fast as one."
    ));
    let engine = engine(&plan(agents, DAILY), RELATIVE);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let pool = |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let mut rows = Vec::new();
    for threads in [2, 4] {
        if threads > cores {
            rows.push(vec![threads.to_string(), "not tested: fewer cores".to_owned()]);
            continue;
        }
        let (Ok(one), Ok(many)) = (pool(1), pool(threads)) else { continue };
        let run = || drop(engine.run(0..blocks(agents), &|_| {}));
        let timed = in_turns(turns, || one.install(run), || many.install(run));
        rows.push(vec![
            threads.to_string(),
            number(timed.first),
            number(timed.second),
            number(timed.ratio),
            match threads {
                4 => timed.load.verdict(timed.ratio >= FOUR),
                _ => format!("none wanted; foreign load {}", timed.load.told()),
            },
        ]);
    }
    page.table(&["threads", "one thread, s", "these, s", "times as fast", "target"], &rows);
}

/// One size in a process of its own: prints seconds per run, and the most memory that it ever had.
pub fn child(agents: u64) {
    let engine = engine(&plan(agents, DAILY), RELATIVE);
    let repeats = (20_000 / agents).clamp(1, 9) as usize;
    let run = || drop(by_engine(&engine, agents));
    let seconds = median((0..repeats).map(|_| time(&mut &run)).collect());
    println!("{seconds} {}", most_memory().map_or("unknown".to_owned(), |megabytes| megabytes.to_string()));
}

/// Megabytes.
fn most_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

pub fn sizes(page: &mut Page, sizes: &[u64]) {
    page.text("## Sizes and memory");
    page.text(
        "`scenarios/chronic.toml`, each size in a process of its own. Wanted: less than 150 MB for a million agents. \
         Up to 4,096 agents values are kept, from there on they are counted.",
    );
    let measured: Vec<(u64, f64, Option<f64>, Load)> =
        sizes.iter().filter_map(|size| of_child(*size)).collect();
    let each = |agents: u64, seconds: f64| seconds / agents as f64;
    let base = measured.iter().find(|(agents, ..)| *agents == 10_000).or(measured.first());
    let Some(base) = base.map(|(agents, seconds, ..)| each(*agents, *seconds)) else { return };
    let rows: Vec<Vec<String>> = measured
        .iter()
        .map(|(agents, seconds, memory, load)| {
            vec![
                agents.to_string(),
                number(*seconds),
                number(each(*agents, *seconds) / base),
                load.told(),
                memory.map_or("unknown".to_owned(), number),
                match memory {
                    Some(memory) if *agents == 1_000_000 => {
                        if *memory < MEMORY {
                            "met".to_owned()
                        } else {
                            "missed".to_owned()
                        }
                    }
                    _ => "none wanted".to_owned(),
                },
            ]
        })
        .collect();
    page.table(
        &["agents", "time, s", "per agent, relative to 10,000", "foreign load", "memory, MB", "target"],
        &rows,
    );
    if !sizes.contains(&1_000_000) {
        page.text("A million agents: not run (`--full`).");
    }
}

fn of_child(agents: u64) -> Option<(u64, f64, Option<f64>, Load)> {
    let since = Since::now();
    let program = std::env::current_exe().ok()?;
    let output = Command::new(program).args(["--bench", CHILD, &agents.to_string()]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (seconds, memory) = text.trim().split_once(' ')?;
    Some((agents, seconds.parse().ok()?, memory.parse().ok(), since.load()))
}

/// The program itself, with figures.
pub fn cold(page: &mut Page, turns: usize) {
    page.text("## From a cold start");
    page.text(
        "`allostat run PRESET --agents 1000` in an empty folder, figures and all, the median of five. Wanted: under a second.",
    );
    let mut rows = Vec::new();
    for preset in allostat::scenario::presets() {
        let since = Since::now();
        let seconds: Option<Vec<f64>> = (0..turns).map(|_| run(preset)).collect();
        let load = since.load();
        rows.push(match seconds.map(median) {
            Some(seconds) => vec![preset.to_owned(), number(seconds), load.verdict(seconds < COLD)],
            None => vec![preset.to_owned(), "did not run".to_owned()],
        });
    }
    page.table(&["preset", "time, s", "target"], &rows);
}

fn run(preset: &str) -> Option<f64> {
    let folder = tempfile::tempdir().ok()?;
    let mut program = Command::new(Path::new(env!("CARGO_BIN_EXE_allostat")));
    program.args(["run", preset, "--agents", "1000", "--quiet"]).current_dir(folder.path());
    let mut well = false;
    let seconds = time(&mut || well = program.output().is_ok_and(|output| output.status.success()));
    well.then_some(seconds)
}
