//! The words of presets, models, pages and what is written of a run judge nobody, and name no fast without saying what it is not.
//! Knows nothing of what they are about.

mod tree;

use std::path::Path;

use allostat::model::{builtin, caution};
use allostat::scenario::{preset, presets};
use assert_cmd::Command;

/// Beginnings of words that judge. Titles of what others wrote stand in sources as they are.
const JUDGING: [&str; 9] =
    ["addict", "abuser", "abuse", "junkie", "alcoholic", "druggie", "crackhead", "stoner", "dirty"];
/// What is said of persons and their bodies only.
const OF_PERSONS: [&str; 7] =
    ["clean person", "clean people", "get clean", "got clean", "stay clean", "stayed clean", "drug-clean"];

/// A text without its sources, in small letters; quotation marks and line breaks as they are read.
fn own(text: &str) -> String {
    let text = text.replace("&quot;", "\"").replace("&#39;", "'").replace("\\\"", "\"").replace("\\n", "\n");
    let mut within = false;
    let lines = text.lines().filter(|line| {
        let start = line.trim_start().trim_start_matches('"');
        let list = start.starts_with("sources");
        let source = within || list || ["source =", "source\":"].iter().any(|word| start.starts_with(word));
        within = (within || list) && !start.contains(']');
        !source
    });
    // A parameter has its source in its line, and a report in a cell.
    let marks = [
        ("source = \"", "\""),
        ("<td>source: ", "</td>"),
        ("<td>unchecked: ", "</td>"),
        ("default: ", "</td>"),
    ];
    let without = lines.map(|line| {
        marks.iter().fold(line.to_owned(), |line, (from, to)| match line.split_once(from) {
            Some((before, after)) => format!("{before}{}", after.split_once(to).map_or("", |(_, rest)| rest)),
            None => line,
        })
    });
    without.collect::<Vec<_>>().join("\n").to_lowercase()
}

/// Words that judge, and a fast that is named without quotation marks or without what is known of it.
fn wrong(name: &str, text: &str, allowed: &[&str]) -> Vec<String> {
    let plain = own(text);
    let word =
        |word: &&&str| plain.match_indices(**word).any(|(at, _)| !plain[..at].ends_with(char::is_alphabetic));
    let judging = JUDGING.iter().chain(&OF_PERSONS).filter(|word| !allowed.contains(word)).filter(word);
    let mut wrong: Vec<String> = judging.map(|word| format!("{name}: `{word}`")).collect();
    let statement = caution("no_fast").unwrap().text.to_lowercase();
    let said = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let carried = said.contains(&statement) || said.contains("\"no_fast\"");
    for (at, _) in plain.match_indices("fasting") {
        if !quoted(&plain, at) || !carried {
            wrong.push(format!(
                "{name}: `fasting`, {}",
                if carried { "bare" } else { "without the statement" }
            ));
        }
    }
    wrong
}

/// Whether the word at a place stands between quotation marks, with a few others at most.
fn quoted(text: &str, at: usize) -> bool {
    const NEAR: usize = 40;
    let before: Vec<char> = text[..at].chars().rev().take(NEAR).collect();
    let after: Vec<char> = text[at..].chars().take(NEAR).collect();
    let line = |c: &&char| **c != '\n';
    let opens = before.iter().take_while(line).any(|c| ['“', '"', '„'].contains(c));
    opens && after.iter().take_while(line).any(|c| ['”', '"', '“'].contains(c))
}

#[test]
fn presets_models_and_pages_judge_nobody() {
    let mut found = Vec::new();
    for name in presets() {
        found.extend(wrong(name, preset(name).unwrap().text(), &[]));
    }
    for (name, text) in builtin() {
        found.extend(wrong(name, text, &[]));
    }
    for file in tree::files("docs").into_iter().chain(tree::files("scenarios")).chain(tree::files("models")) {
        if ["md", "toml", "html", "txt", "csv"].iter().any(|end| file.path.ends_with(end)) {
            found.extend(wrong(&file.path, &file.text(), &[]));
        }
    }
    for path in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        let text =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_default();
        found.extend(wrong(path, &text, &["dirty"]));
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn what_is_written_of_a_run_judges_nobody() {
    let folder = tempfile::tempdir().unwrap();
    for preset in presets() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
        let arguments = ["run", preset, "--agents", "70", "--no-figures", "--set", "population.seed=2"];
        let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
        let mut found = wrong(preset, &String::from_utf8_lossy(&output.stdout), &[]);
        for run in std::fs::read_dir(folder.path().join("outputs")).unwrap() {
            for file in ["LABEL.txt", "report.html", "manifest.json", "claims.json"] {
                let text = std::fs::read_to_string(run.as_ref().unwrap().path().join(file));
                found.extend(wrong(&format!("{preset}/{file}"), &text.unwrap_or_default(), &[]));
            }
        }
        assert_eq!(found, [""; 0]);
    }
}

#[test]
fn a_word_that_judges_and_a_bare_fast_are_found() {
    let statement = caution("no_fast").unwrap().text;
    for (text, count) in [
        ("An addict.", 1),
        ("Alcohol abuse, or a dirty urine", 2),
        ("unaddicted thermodynamics, clean data", 0),
        ("sources = [\"Journal of Substance Abuse\"]", 0),
        ("sources = [\n\"Abuse 1\",\n\"Abuse 2\",\n]\ndoc = \"abuse\"", 1),
        ("k = { value = \"1\", source = \"Alcohol Abuse 3:1\", doc = \"rate\" }", 0),
        ("fasting from dopamine", 1),
        ("the so-called “dopamine fasting”", 1),
        ("caution = \"no_fast\"\ndoc = \"so-called “dopamine fasting”\"", 0),
        (statement, 0),
    ] {
        assert_eq!(wrong("x", text, &[]).len(), count, "{text}: {:?}", wrong("x", text, &[]));
    }
    assert_eq!(wrong("x", &format!("{statement} Also fasting without."), &[]).len(), 1);
}
