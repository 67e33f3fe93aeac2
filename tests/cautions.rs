//! What a reader has to be told stands in all that is written of a scenario, and nowhere else; an answer given before a run is kept;
//! a page of a run stands alone.
//! Knows the command line and the files that it writes.

use std::fs;
use std::path::{Path, PathBuf};

use allostat::model::caution;
use assert_cmd::Command;
use tempfile::TempDir;

const MODEL: &str = r#"
title   = "A dose and what is left of it"
time    = "h"
doc     = "One state that follows a dose."
sources = []
[inputs]
dose  = { unit = "1", baseline = "0", doc = "a substance", caution = "withdrawal" }
meal  = { unit = "1", baseline = "0", doc = "food", caution = ["potency", "not_interchangeable"] }
plain = { unit = "1", baseline = "0", doc = "something else" }
[parameters]
k = { value = "0.5 1/h", range = ["0.1 1/h", "2 1/h"], source = "assumed; <b>bold</b> & \"quoted\"", doc = "rate" }
[let]
mood = { value = "1 - x", unit = "1", doc = "a read-out", caution = "read_outs" }
[states]
x = { unit = "1", start = "0", scale = "1", doc = "what follows" }
[flows]
following = { to = "x", rate = "k*(dose + meal + plain - x)" }
"#;

const SCENARIO: &str = r#"
title = "A <dose>"
model = "dose.toml"
record = [{ what = "WHAT", every = "1 h" }]
phases = [{ name = "on", for = "4 h", INPUT = "1" }, { name = "off", for = "4 h" }]
[lesson]
question = "What is left & why?"
predict = "Is it <i>more</i> or less than a half?"
explain = "It is less {low}."
[population]
agents = 12
vary.k = { lognormal = { cv = 0.2 } }
[measures]
left = "x[end of off]"
[[claim]]
name = "low"
say = "Less than half is left."
that = "left < BOUND"
share = 0.9
fails_with = "k=0.1 1/h"
[[claim]]
name = "middle"
say = "The median is low."
that = "median(left) < BOUND"
"#;

fn folder(what: &str, input: &str, bound: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("dose.toml"), MODEL).unwrap();
    let scenario = SCENARIO.replace("WHAT", what).replace("INPUT", input).replace("BOUND", bound);
    fs::write(folder.path().join("trial.toml"), scenario).unwrap();
    folder
}

/// Exit code, standard output, standard error.
fn allostat(folder: &Path, arguments: &[&str], typed: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
    let output = command.current_dir(folder).args(arguments).write_stdin(typed).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn latest(folder: &Path) -> PathBuf {
    let name = fs::read_to_string(folder.join("outputs/latest.txt")).unwrap();
    folder.join("outputs").join(name.trim())
}

fn read(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Words as a reader sees them: without markup, whatever the line breaks.
fn seen(markup: &str) -> String {
    let mut text = String::new();
    for part in markup.split('<') {
        text.push(' ');
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("&#39;", "'")
}

/// All places where a statement must stand, with what stands there.
fn places(folder: &Path) -> Vec<(String, String)> {
    let run = latest(folder);
    let (_, shown, _) = allostat(folder, &["show", "./trial.toml"], "");
    let (_, checked, _) = allostat(folder, &["check", "trial.toml"], "");
    let mut all = vec![("show".to_owned(), seen(&shown)), ("check".to_owned(), seen(&checked))];
    for file in ["LABEL.txt", "manifest.json", "report.html"] {
        all.push((file.to_owned(), seen(&read(run.join(file)))));
    }
    for entry in fs::read_dir(run.join("figures")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".txt") || name.ends_with(".svg") {
            all.push((name, seen(&read(path))));
        }
    }
    all
}

#[test]
fn a_caution_stands_wherever_the_scenario_is_told_and_in_every_figure() {
    let folder = folder("mood", "dose", "0.5");
    let (code, out, err) = allostat(folder.path(), &["run", "trial.toml"], "");
    assert_eq!(code, 0, "{out}{err}");
    let mut places = places(folder.path());
    places.push(("run".to_owned(), seen(&out)));
    assert!(places.iter().filter(|(name, _)| name.ends_with(".svg")).count() >= 2);
    for (name, text) in &places {
        assert!(text.contains(caution("withdrawal").unwrap().text), "{name}: {text}");
        assert!(text.contains(caution("read_outs").unwrap().text), "{name}: {text}");
        for absent in ["potency", "not_interchangeable", "alone"] {
            assert!(!text.contains(caution(absent).unwrap().text), "{name}: {absent}");
        }
    }
    // In the picture itself, not only in what describes it.
    for (name, _) in places.iter().filter(|(name, _)| name.ends_with(".svg")) {
        let svg = read(latest(folder.path()).join("figures").join(name));
        let drawn = seen(svg.split_once("</desc>").unwrap().1);
        assert!(drawn.contains(caution("withdrawal").unwrap().text), "{name}: {drawn}");
        assert!(!drawn.contains(caution("read_outs").unwrap().text), "{name}");
    }
    let manifest: serde_json::Value =
        serde_json::from_str(&read(latest(folder.path()).join("manifest.json"))).unwrap();
    assert_eq!(manifest["cautions"][1]["name"], "withdrawal");
}

#[test]
fn a_caution_that_nothing_uses_stands_nowhere_and_the_first_two_always_do() {
    let folder = folder("x", "plain", "0.5");
    let (code, out, err) = allostat(folder.path(), &["run", "trial.toml"], "");
    assert_eq!(code, 0, "{out}{err}");
    let mut places = places(folder.path());
    places.push(("run".to_owned(), seen(&out)));
    for (name, text) in &places {
        // The texts of all models that ran stand in manifest and report.
        for absent in ["withdrawal", "potency", "read_outs", "not_interchangeable"] {
            assert!(!text.contains(caution(absent).unwrap().text), "{name}: {absent}");
        }
        let figure = name.ends_with(".svg") || name.ends_with(".txt") && name != "LABEL.txt";
        for always in ["illustrative", "no_advice"] {
            assert!(figure || text.contains(caution(always).unwrap().text), "{name}: {always}");
        }
        let short = "not for diagnosis or treatment";
        assert!(!name.ends_with(".svg") || text.contains(short), "{name}");
    }
}

#[test]
fn several_cautions_of_one_input_all_count_and_an_unknown_one_is_a_finding_with_the_nearest() {
    let folder = folder("x", "meal", "0.5");
    let (_, out, _) = allostat(folder.path(), &["check", "trial.toml"], "");
    for name in ["potency", "not_interchangeable"] {
        assert!(seen(&out).contains(caution(name).unwrap().text), "{out}");
    }
    for (wrong, text) in
        [("\"withdrawl\"", "withdrawal"), ("[\"potency\", \"pott\"]", "`potency`"), ("3", "one of")]
    {
        let model = MODEL.replace("\"withdrawal\"", wrong);
        fs::write(folder.path().join("dose.toml"), model).unwrap();
        let (code, _, err) = allostat(folder.path(), &["check", "dose.toml"], "");
        assert!(code == 2 && err.contains("caution") && err.contains(text), "{wrong}: {err}");
    }
}

#[test]
fn what_was_predicted_is_kept_and_stands_in_the_report_but_not_in_the_digest() {
    let folder = folder("x", "plain", "0.5");
    let run = |arguments: &[&str], typed: &str| {
        let arguments = [&["run", "trial.toml", "--no-figures"], arguments].concat();
        let (code, out, err) = allostat(folder.path(), &arguments, typed);
        assert_eq!(code, 0, "{out}{err}");
        (out, err)
    };
    let digest = |out: &str| out.lines().find(|line| line.starts_with("digest")).unwrap().to_owned();
    let (plain, _) = run(&[], "");
    assert!(!latest(folder.path()).join("prediction.txt").exists());
    let (out, err) = run(&["--predict"], "Less, <b>I think</b>\nbecause it fades\n\nno more\n");
    assert!(err.contains("Predict: Is it") && err.contains("What is left"), "{err}");
    assert!(out.contains("Predicted: Less"), "{out}");
    assert_eq!(digest(&out), digest(&plain));
    let kept = "Less, <b>I think</b>\nbecause it fades\n";
    assert_eq!(read(latest(folder.path()).join("prediction.txt")), kept);
    let report = || read(latest(folder.path()).join("report.html"));
    assert!(report().contains("Less, &lt;b&gt;I think&lt;/b&gt;\nbecause it fades"));
    // A run that is repeated, or drawn again, keeps the words.
    run(&[], "");
    assert_eq!(read(latest(folder.path()).join("prediction.txt")), kept);
    let before = report();
    let (code, ..) = allostat(folder.path(), &["figure", "latest"], "");
    assert!(code == 0 && report().contains("because it fades") && report() != before);
    // Nothing typed, and a scenario that asks for nothing, run all the same.
    let (_, err) = run(&["--predict", "--seed", "3"], "");
    assert!(err.contains("nothing was predicted"), "{err}");
    let scenario = read(folder.path().join("trial.toml")).replace("predict =", "caveat =");
    fs::write(folder.path().join("trial.toml"), scenario).unwrap();
    let (_, err) = run(&["--predict"], "lost\n");
    assert!(err.contains("asks for no prediction") && !err.contains("Predict:"), "{err}");
}

#[test]
fn the_report_stands_alone_escapes_everything_and_is_the_same_for_the_same_run() {
    let folder = folder("mood", "dose", "0.5");
    let run = || {
        let (code, out, err) = allostat(folder.path(), &["run", "trial.toml", "--set", "k=0.6 1/h"], "");
        assert_eq!(code, 0, "{out}{err}");
        read(latest(folder.path()).join("report.html"))
    };
    let report = run();
    assert_eq!(report, run());
    assert!(!report.contains("<script") && !report.contains("<link") && !report.contains("<img"));
    for elsewhere in ["src=", "url(", "@import", "href=\"http", "href=\"//"] {
        assert!(!report.contains(elsewhere), "{elsewhere}");
    }
    let own = report.split("<body>").nth(1).unwrap();
    for raw in ["<dose>", "<i>more", "<b>bold"] {
        assert!(!own.contains(raw), "{raw}");
    }
    for wanted in [
        "lang=\"en\"",
        "A &lt;dose&gt;",
        "What is left &amp; why?",
        "<summary><h2>Show what happened</h2></summary>",
        "<a href=\"#claim-low\">(✓ low)</a>",
        "<li id=\"claim-low\">",
        "the reader (was 0.5 1/h)",
        "assumed; &lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;",
        "k = 0.6 1/h (was 0.5 1/h)",
        "sha256sum",
        "@media print",
        "</svg>",
    ] {
        assert!(report.contains(wanted), "{wanted}");
    }
    // What gives the answer away is folded.
    let (before, after) = own.split_once("<details id=\"happened\">").unwrap();
    assert!(before.contains("Guess first") && !before.contains("<svg") && !before.contains("It is less"));
    assert!(
        after.contains("<svg") && after.contains("It is less") && after.contains("Less than half is left.")
    );
    assert!(well_formed(&report), "tags that are not closed");
    let index = read(folder.path().join("outputs/index.html"));
    assert!(index.contains("/report.html\">A &lt;dose&gt;</a>") && well_formed(&index), "{index}");
    // Drawn again from what is stored it is the same, apart from the folder of the figures.
    let (code, out, err) = allostat(folder.path(), &["figure", "latest"], "");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("report.html"), "{out}");
    let again = read(latest(folder.path()).join("report.html"));
    assert_eq!(again.replace("figures-screen/", "figures/"), report);
}

/// Whether each tag is closed where it must be.
fn well_formed(page: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let style = |page: &str| {
        page.split_once("<style>").and_then(|(a, b)| Some(a.to_owned() + b.split_once("</style>")?.1))
    };
    let page = style(page).unwrap();
    for part in page.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap();
        if tag.starts_with('!') || tag.ends_with('/') || ["meta", "br", "img"].contains(&name) {
            continue;
        }
        match tag.starts_with('/') {
            false => open.push(name),
            true if open.pop() == Some(name) => {}
            true => return false,
        }
    }
    open.is_empty()
}

#[test]
fn a_claim_that_fails_ends_the_run_with_1_and_says_by_how_much() {
    let folder = folder("x", "plain", "0.01");
    let arguments = ["run", "trial.toml", "--no-figures"];
    let (code, out, err) = allostat(folder.path(), &arguments, "");
    assert_eq!(code, 1, "{out}{err}");
    let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("does not hold: 0 % of agents instead of 90 %"), "{out}");
    assert!(
        told.contains("does not hold: median(left) = 0.1") && told.contains("< 0.01, missed by 0.1"),
        "{out}"
    );
    let (code, out, err) = allostat(folder.path(), &[&arguments[..], &["--quiet"]].concat(), "");
    assert!(
        code == 1 && err.contains("missed by 0.1") && err.contains("of agents instead of 90 %"),
        "{out}{err}"
    );
}
