//! `cargo bench --bench engine`: how fast the engine is, each figure a ratio within one run.
//! Knows the order of the sections. Nothing fails because of time.
//!
//! `-- tape runs pulses threads sizes cold stiff precision`: these sections only. `-- --quick` few agents, `-- --full` up to a million,
//! `-- --write` also writes `benches/README.md` and its figure, and takes all sections.

mod chronic;
mod hand;
mod load;
mod panels;
mod precision;
mod rival;
mod sizes;
mod stiff;
mod table;
mod tape;
mod whole;

use allostat::figure::Audience;
use table::Page;

const SECTIONS: [&str; 8] = ["tape", "runs", "pulses", "threads", "sizes", "cold", "stiff", "precision"];
const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches");

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
    // Tests of all targets start this program too, without that argument.
    if !has("--bench") {
        return;
    }
    if let Some(at) = arguments.iter().position(|argument| argument == sizes::CHILD) {
        return sizes::child(arguments.get(at + 1).and_then(|count| count.parse().ok()).unwrap_or(1000));
    }
    let (quick, full) = (has("--quick"), has("--full"));
    let named: Vec<&String> =
        arguments.iter().filter(|argument| SECTIONS.contains(&argument.as_str())).collect();
    let wanted = |section: &str| named.is_empty() || named.iter().any(|name| *name == section);
    // Before minutes are spent on it.
    assert!(named.is_empty() || !has("--write"), "`--write` takes all sections");
    let mut page = Page::default();
    opening(&mut page);
    let turns = if quick { 3 } else { 5 };
    if wanted("tape") {
        tape::section(&mut page, 101);
    }
    if wanted("runs") {
        let agents = match (quick, full) {
            (true, _) => 2_000,
            (false, true) => 20_000,
            // Enough for a ratio within minutes.
            (false, false) => 5_000,
        };
        whole::section(&mut page, agents, turns);
    }
    if wanted("pulses") {
        whole::pulses(&mut page, if quick { 64 } else { 1_024 }, 3);
    }
    if wanted("threads") {
        sizes::threads(&mut page, if quick { 2_000 } else { 10_000 }, 3);
    }
    if wanted("sizes") {
        let all = [1_000, 10_000, 100_000, 1_000_000];
        sizes::sizes(
            &mut page,
            &all[..if quick {
                2
            } else if full {
                4
            } else {
                3
            }],
        );
    }
    if wanted("cold") {
        sizes::cold(&mut page, 5);
    }
    if wanted("stiff") {
        stiff::section(&mut page, 3);
    }
    let figure = wanted("precision").then(|| precision::section(&mut page, quick));
    if has("--write") {
        write(&page, figure.as_deref());
    }
}

/// The page with its figure.
fn write(page: &Page, figure: Option<&str>) {
    let to = |name: &str, bytes: &[u8]| {
        let place = format!("{HERE}/{name}");
        std::fs::write(&place, bytes).unwrap_or_else(|error| panic!("{place}: {error}"));
    };
    if let Some(svg) = figure {
        let png = allostat::figure::png(svg, Audience::Screen).unwrap_or_else(|error| panic!("{error}"));
        to("work-precision.svg", svg.as_bytes());
        to("work-precision.png", &png);
    }
    to("README.md", format!("{}\n", page.0.trim_end()).as_bytes());
}

fn opening(page: &mut Page) {
    page.text("# How fast it is");
    page.text(
        "Written by `cargo bench --bench engine -- --full --write`; do not edit. Each figure is a ratio within one run of that command: \
         seconds hold for one machine, ratios carry over. What is compared runs in turns, and the ratio is the median over turns. \
         Where other processes took more than 5 % of the machine meanwhile, the table says so instead of judging. \
         Without arguments the command takes three minutes with fewer agents and leaves out what needs longer; `-- --quick` takes one, \
         `-- tape stiff` runs these sections only (of tape, runs, pulses, threads, sizes, cold, stiff, precision). \
         `cargo bench --bench math` compares exp, ln and pow with the platform's.",
    );
    page.text(&table::machine());
}
