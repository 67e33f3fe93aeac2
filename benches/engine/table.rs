//! The page that a run prints: sections, sentences, tables, and the machine they hold for.
//! Knows nothing of what is measured.

use std::fmt::Write;
use std::process::Command;
use std::time::SystemTime;

use allostat::kernel::Level;

/// Markdown, printed as it grows.
#[derive(Default)]
pub struct Page(pub String);

impl Page {
    pub fn text(&mut self, text: &str) {
        println!("{text}\n");
        self.0.push_str(text);
        self.0.push_str("\n\n");
    }

    pub fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain([head[column].chars().count()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        let line = |cells: &[String]| {
            let padded = widths.iter().enumerate().map(|(n, width)| {
                let cell = cells.get(n).map_or("", String::as_str);
                format!(" {cell:<width$} ")
            });
            format!("|{}|", padded.collect::<Vec<_>>().join("|"))
        };
        let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        let lines: Vec<String> =
            [line(&head), line(&rule)].into_iter().chain(rows.iter().map(|row| line(row))).collect();
        self.text(&lines.join("\n"));
    }
}

/// Three digits that count.
pub fn number(x: f64) -> String {
    let size = x.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if (1e-3..1e6).contains(&size) {
        let decimals = 2 - size.log10().floor() as i32;
        format!("{x:.*}", decimals.max(0) as usize)
    } else {
        format!("{x:.1e}")
    }
}

/// Processor, cores, vectors, compiler, day.
pub fn machine() -> String {
    let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rustc = Command::new("rustc").arg("--version").output().ok();
    let rustc = rustc.and_then(|output| String::from_utf8(output.stdout).ok());
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _ = write!(
        text,
        "{}, {cores} cores, vectors: {}; {}; {}, {}; {}.",
        processor.unwrap_or_else(|| "unnamed processor".to_owned()),
        Level::current().name(),
        std::env::consts::OS,
        rustc.as_deref().map_or("unknown compiler", str::trim),
        std::env::consts::ARCH,
        today(),
    );
    text
}

/// Year, month and day of the present moment, by the count of days since 0000-03-01.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}
