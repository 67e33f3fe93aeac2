//! `cargo bench --bench engine`: how fast the engine is, each figure a ratio within one run.
//! Knows the order of the sections. Nothing fails because of time.
//!
//! `-- tape runs pulses threads sizes cold stiff`: these sections only. `-- --quick` few agents, `-- --full` a million and a year of the stiff model, `-- --write` also writes `benches/README.md`.

mod chronic;
mod hand;
mod load;
mod rival;
mod sizes;
mod stiff;
mod table;
mod tape;
mod whole;

use table::Page;

const SECTIONS: [&str; 7] = ["tape", "runs", "pulses", "threads", "sizes", "cold", "stiff"];
const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/README.md");

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
    let mut page = Page::default();
    opening(&mut page);
    let turns = if quick { 3 } else { 5 };
    if wanted("tape") {
        tape::section(&mut page, if quick { 5 } else { 25 });
    }
    if wanted("runs") {
        whole::section(&mut page, if quick { 2_000 } else { 20_000 }, turns);
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
        stiff::section(&mut page, 1, full.then_some(365));
    }
    if has("--write") {
        assert!(named.is_empty(), "`--write` takes all sections");
        let text = format!("{}\n", page.0.trim_end());
        std::fs::write(README, text).unwrap_or_else(|error| panic!("benches/README.md: {error}"));
    }
}

fn opening(page: &mut Page) {
    page.text("# How fast it is");
    page.text(
        "Written by `cargo bench --bench engine -- --full --write`; do not edit. Each figure is a ratio within one run of that command: \
         seconds hold for one machine, ratios carry over. What is compared runs in turns, and the ratio is the median over turns. \
         Where other processes took more than 5 % of the machine meanwhile, the table says so instead of judging. \
         Without arguments the command takes a few minutes and leaves out what needs longer; `-- --quick` takes one, \
         `-- tape stiff` runs these sections only (of tape, runs, pulses, threads, sizes, cold, stiff). \
         `cargo bench --bench math` compares exp, ln and pow with the platform's.",
    );
    page.text(&table::machine());
}
