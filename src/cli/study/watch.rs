//! How far a study is: on a terminal as a bar, for programs as lines of JSON.
//! Knows nothing of what runs.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

/// In which form progress is told, on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A bar where standard error is a terminal
    Bar,
    /// A line of JSON each second
    Json,
    None,
}

const EVERY: Duration = Duration::from_secs(1);

/// Points of one process, counted from several threads.
pub struct Watch {
    form: Form,
    bar: ProgressBar,
    began: Instant,
    told: Mutex<Instant>,
    /// Rows that this process has to compute.
    rows: u64,
    done: AtomicU64,
    without: AtomicU64,
}

/// A line for programs.
#[derive(Serialize)]
struct Line {
    done: u64,
    of: u64,
    without_numbers: u64,
    rows_per_second: f64,
    seconds_left: Option<f64>,
}

impl Watch {
    pub fn new(form: Form, rows: u64) -> Watch {
        let hidden = form != Form::Bar || !std::io::stderr().is_terminal();
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(rows), target);
        let style = "[{bar:30}] {human_pos}/{human_len} points, {per_sec}, {msg}{eta} left";
        // The template is a constant; were it wrong, the plain bar would do.
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.progress_chars("=> "));
        }
        let now = Instant::now();
        Watch {
            form,
            bar,
            began: now,
            told: Mutex::new(now),
            rows,
            done: AtomicU64::new(0),
            without: AtomicU64::new(0),
        }
    }

    /// One more row is there.
    pub fn row(&self, without: bool) {
        self.done.fetch_add(1, Ordering::Relaxed);
        let failed = self.without.fetch_add(u64::from(without), Ordering::Relaxed) + u64::from(without);
        if failed > 0 {
            self.bar.set_message(format!("{failed} without numbers, "));
        }
        self.bar.inc(1);
        if self.form == Form::Json && self.due() {
            self.line();
        }
    }

    /// Rows of a unit that another process computed.
    pub fn elsewhere(&self, rows: u64) {
        self.done.fetch_add(rows, Ordering::Relaxed);
        self.bar.inc(rows);
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
        if self.form == Form::Json {
            self.line();
        }
    }

    fn due(&self) -> bool {
        let Ok(mut told) = self.told.try_lock() else { return false };
        let due = told.elapsed() >= EVERY;
        if due {
            *told = Instant::now();
        }
        due
    }

    fn line(&self) {
        let done = self.done.load(Ordering::Relaxed);
        let rate = done as f64 / self.began.elapsed().as_secs_f64().max(1e-9);
        let line = Line {
            done,
            of: self.rows,
            without_numbers: self.without.load(Ordering::Relaxed),
            rows_per_second: rate,
            seconds_left: (rate > 0.0).then(|| self.rows.saturating_sub(done) as f64 / rate),
        };
        if let Ok(json) = serde_json::to_string(&line) {
            // If standard error is gone there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "{json}");
        }
    }
}
