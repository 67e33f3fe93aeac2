//! What readers may stumble over: the corpus of the fuzz targets, cut and changed, and the worst of its kind made large.
//! Knows nothing of what a text means: it is read or refused, without panic and without delay.

#[path = "../fuzz/readers.rs"]
mod readers;
mod tree;

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

type Read = fn(&[u8]) -> bool;

const READERS: [(&str, Read); 3] =
    [("model", readers::model), ("scenario", readers::scenario), ("expression", readers::expression)];
/// Far above what any of these takes, in a build without optimisation on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether the text was accepted; panics with the name of what it was.
fn read(name: &str, reader: Read, bytes: &[u8]) -> bool {
    let start = Instant::now();
    let accepted = catch_unwind(|| reader(bytes));
    let accepted = accepted.unwrap_or_else(|_| panic!("{name} made the reader panic:\n{}", excerpt(bytes)));
    assert!(start.elapsed() < PATIENCE, "{name} took {:?}", start.elapsed());
    accepted
}

fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).into_owned()
}

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let files = tree::files(&format!("fuzz/corpus/{target}"));
    files
        .into_iter()
        .map(|f| (f.path, std::fs::read(f.place).expect("a file of the corpus is read")))
        .collect()
}

#[test]
fn each_text_of_the_corpus_is_read_or_refused_as_its_name_says() {
    for (target, reader) in READERS {
        let texts = corpus(target);
        assert!(texts.len() >= 15, "{target} has {} texts", texts.len());
        for (name, bytes) in texts {
            let accepted = read(&name, reader, &bytes);
            let wrong = name.contains("/wrong_");
            assert_eq!(accepted, !wrong, "{name}: left is whether it was accepted");
        }
    }
}

#[test]
fn a_text_that_was_cut_is_read_or_refused() {
    for (target, reader) in READERS {
        for (name, bytes) in corpus(target) {
            let step = (bytes.len() / 60).max(1);
            for end in (0..bytes.len()).step_by(step) {
                read(&format!("{name} cut at {end}"), reader, &bytes[..end]);
            }
        }
    }
}

#[test]
fn a_text_with_one_sign_changed_is_read_or_refused() {
    for (target, reader) in READERS {
        for (name, bytes) in corpus(target) {
            let step = (bytes.len() / 40).max(1);
            for (at, sign) in (0..bytes.len()).step_by(step).zip(b"\"={}[](),.-0e^*/\n\xff".iter().cycle()) {
                let mut changed = bytes.clone();
                changed[at] = *sign;
                read(&format!("{name} with {:?} at {at}", char::from(*sign)), reader, &changed);
            }
        }
    }
}

#[test]
fn depth_without_end_is_refused() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    let texts = [
        deep("(", ")"),
        deep("[", "]"),
        deep("{ a = ", " }"),
        deep("-", ""),
        deep("exp(", ")"),
        deep("1 + ", ""),
        deep("2^", ""),
        format!("a = {}", deep("[", "]")),
        format!("a = {}", deep("{ a = ", " }")),
        format!("a{} = 1", ".a".repeat(100_000)),
        format!("[{}a]", "a.".repeat(100_000)),
        format!("time = \"min\"\n[let]\nx = {{ value = \"{}\", unit = \"1\" }}", deep("(", ")")),
    ];
    for (target, reader) in READERS {
        for text in &texts {
            assert!(!read(&format!("{target} {}…", &text[..20]), reader, text.as_bytes()));
        }
    }
}

#[test]
fn length_without_end_is_refused() {
    let texts =
        ["x".repeat(17 << 20), "\n".repeat(17 << 20), "a = 1\n".repeat(100_000), "[a]\n".repeat(100_000)];
    for (target, reader) in READERS {
        for text in &texts {
            assert!(!read(&format!("{target} {:?}…", &text[..6]), reader, text.as_bytes()));
        }
    }
}

#[test]
fn the_scenario_of_the_readme_is_read() {
    let page = std::fs::read_to_string(tree::root().join("README.md")).expect("README.md is there");
    let scenario = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
    let scenario = scenario.expect("the README shows a scenario");
    assert!(read("README.md", readers::scenario, scenario.as_bytes()), "{scenario}");
}
