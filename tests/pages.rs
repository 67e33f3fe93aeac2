//! The pages that quote results: the numbers of `docs/evidence.md` are claims of scenarios that hold, and every claim that
//! `docs/concepts.md` names is one of the preset that it names.

use std::fs;

use allostat::diagnostic::Source;
use allostat::scenario::{Scenario, preset};

fn read(name: &str, source: &Source) -> Scenario {
    let none = |path: &str| Err(format!("there is no file `{path}`"));
    Scenario::read(name, source, &[], &none).unwrap_or_else(|error| panic!("{name}\n{error}"))
}

#[test]
fn the_numbers_beside_published_figures_are_those_of_runs() {
    let mut claims = 0;
    for entry in fs::read_dir("docs/evidence").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let source = Source::new(path.to_string_lossy(), fs::read_to_string(&path).unwrap());
        let scenario = read(&name, &source);
        let results = scenario.run(&|_| {}).unwrap_or_else(|why| panic!("{name}: {why}"));
        for (text, verdict) in scenario.claims.iter().zip(&results.verdicts) {
            assert!(verdict.holds, "{name}: {} {}", text.claim.name, verdict.sentence(&text.claim, false));
        }
        claims += scenario.claims.len();
    }
    assert!(claims > 100, "{claims}");
}

/// Words between backticks, with the text that follows each.
fn quoted(line: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = line.split('`').collect();
    parts[1..].chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or(""))).collect()
}

#[test]
fn a_claim_that_is_named_for_a_concept_is_one_of_its_preset() {
    let page = fs::read_to_string("docs/concepts.md").unwrap();
    let mut named = 0;
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let last = row.trim_end_matches([' ', '|']).rsplit_once('|').map_or("", |(_, last)| last);
        let mut claims: Vec<String> = Vec::new();
        let mut of = "";
        for (word, after) in quoted(last) {
            if let Some(source) = preset(word) {
                // `a`, `b`: claims of `b`, and `a` is named for itself.
                of = word;
                claims = read(word, &source).claims.iter().map(|text| text.claim.name.clone()).collect();
            } else if !of.is_empty() {
                assert!(claims.iter().any(|claim| claim == word), "`{of}` has no claim `{word}`: {row}");
                named += 1;
            }
            if after.starts_with(';') || after.starts_with(" (") {
                of = "";
            }
        }
    }
    assert!(named > 40, "{named}");
}
