//! The words of presets, models, pages and what is written of a run judge nobody, and name no fast without saying what it is not.
//! Knows nothing of what they are about.

mod tree;

use allostat::model::caution;
use allostat::scenario::presets;
use assert_cmd::Command;

/// People are not their substance or illness, nobody is clean or dirty, and neither is the result of a test. Whole words; titles of
/// what others wrote stand in sources as they are.
const STIGMATISING: [&str; 26] = [
    "addict",
    "addicts",
    "abuse",
    "abuses",
    "abused",
    "abuser",
    "abusers",
    "alcoholic",
    "alcoholics",
    "drunkard",
    "drunkards",
    "junkie",
    "junkies",
    "druggie",
    "druggies",
    "stoner",
    "stoners",
    "dirty urine",
    "clean urine",
    "dirty test",
    "clean test",
    "clean person",
    "clean people",
    "get clean",
    "got clean",
    "stay clean",
];

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

/// Stigmatising words, and a fast that is named without quotation marks or without what is known of it.
fn wrong(name: &str, text: &str) -> Vec<String> {
    let plain = own(text);
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let words = format!(" {} ", words.join(" "));
    let stigmatising = STIGMATISING.iter().filter(|word| words.contains(&format!(" {word} ")));
    let mut wrong: Vec<String> = stigmatising.map(|word| format!("{name}: `{word}`")).collect();
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

/// Whether the word at a place stands between quotation marks, with a few others at most: the nearest mark before it opens, and the
/// nearest after it closes, in the same paragraph. Lines may end in between, as texts are wrapped.
fn quoted(text: &str, at: usize) -> bool {
    let before = nearest_mark(text[..at].chars().rev());
    let after = nearest_mark(text[at..].chars());
    before.is_some_and(|mark| mark != '”') && after.is_some_and(|mark| mark != '„')
}

fn nearest_mark(chars: impl Iterator<Item = char>) -> Option<char> {
    const NEAR: usize = 40;
    let mut last = ' ';
    for c in chars.take(NEAR) {
        if (last, c) == ('\n', '\n') {
            return None;
        }
        if ['“', '”', '„', '"'].contains(&c) {
            return Some(c);
        }
        last = c;
    }
    None
}

#[test]
fn presets_models_and_pages_judge_nobody() {
    let folders = ["scenarios", "models", "docs"].into_iter().flat_map(tree::files);
    let pages =
        tree::files("").into_iter().filter(|file| !file.path.contains('/') && file.path.ends_with(".md"));
    let texts = folders.chain(pages).filter(|file| !file.path.ends_with(".png"));
    let found: Vec<String> = texts.flat_map(|file| wrong(&file.path, &file.text())).collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn what_is_written_of_a_run_judges_nobody() {
    let folder = tempfile::tempdir().unwrap();
    for preset in presets() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
        let arguments = ["run", preset, "--agents", "8", "--no-figures", "--set", "population.seed=2"];
        let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
        let mut found = wrong(preset, &String::from_utf8_lossy(&output.stdout));
        for run in std::fs::read_dir(folder.path().join("outputs")).unwrap() {
            for file in ["LABEL.txt", "report.html", "manifest.json", "claims.json"] {
                let text = std::fs::read_to_string(run.as_ref().unwrap().path().join(file));
                found.extend(wrong(&format!("{preset}/{file}"), &text.unwrap_or_default()));
            }
        }
        assert_eq!(found, [""; 0]);
    }
}

#[test]
fn a_word_that_judges_and_a_bare_fast_are_found() {
    let statement = caution("no_fast").unwrap().text;
    for (text, count) in [
        ("The Addict's brain; dirty\nurine.", 2),
        ("Addiction medicine; non-alcoholics too", 1),
        ("people with a substance use disorder; addictive; clean data", 0),
        ("sources = [\"Journal of Substance Abuse\"]", 0),
        ("sources = [\n\"Abuse 1\",\n\"Abuse 2\",\n]\ndoc = \"abuse\"", 1),
        ("k = { value = \"1\", source = \"Alcohol Abuse 3:1\", doc = \"rate\" }", 0),
        ("fasting from dopamine", 1),
        ("the so-called “dopamine fasting”", 1),
        ("caution = \"no_fast\"\ndoc = \"so-called “dopamine fasting”\"", 0),
        ("caution = \"no_fast\"\nthe “slow” fasting “way”", 1),
        ("caution = \"no_fast\"\nthe “dopamine\nfasting”", 0),
        ("caution = \"no_fast\"\nthe “dopamine\n\nfasting”", 1),
        (statement, 0),
    ] {
        assert_eq!(wrong("x", text).len(), count, "{text}: {:?}", wrong("x", text));
    }
    assert_eq!(wrong("x", &format!("{statement} Also fasting without.")).len(), 1);
}
