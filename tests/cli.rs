//! The command line from outside: exit codes, what is printed where, what is written.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

struct Said {
    code: i32,
    out: String,
    err: String,
}

/// Runs the program in a folder of its own.
fn allostat(folder: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The folder that a quiet run names, and its digest.
fn quiet_run(folder: &Path, more: &[&str]) -> (String, String) {
    let said = allostat(folder, &[&["run", "--agents", "200", "--quiet"], more].concat());
    let mut lines = said.out.lines();
    let place = lines.next().unwrap_or_else(|| panic!("{}", said.err)).to_owned();
    let digest = lines.next().unwrap().strip_prefix("digest ").unwrap().to_owned();
    assert!(lines.next().is_none());
    (place, digest)
}

#[test]
fn wrong_arguments_end_with_2_and_leave_no_folder() {
    let folder = folder();
    fs::write(folder.path().join("empty.toml"), "").unwrap();
    fs::write(folder.path().join("latin.toml"), b"title = \"\xe4\"").unwrap();
    let wrong: [&[&str]; 16] = [
        &[],
        &["runn"],
        &["run", "no_such_preset"],
        &["run", "no/such/file.toml"],
        &["run", "."],
        &["run", "./"],
        &["run", "empty.toml"],
        &["run", "latin.toml"],
        &["run", "--agents", "0"],
        &["run", "--agents", "1000000000000000000"],
        &["run", "--agents", "many"],
        &["run", "--threads", "0"],
        &["run", "--set", "parameters.nothing=1"],
        &["run", "--set", "nonsense"],
        &["compare", "one", "two"],
        &["figure", "latest"],
    ];
    for arguments in wrong {
        let said = allostat(folder.path(), arguments);
        assert_eq!(said.code, 2, "{arguments:?}: {}{}", said.out, said.err);
        assert!(!said.err.is_empty() && !said.err.contains("panicked"), "{arguments:?}: {}", said.err);
    }
    assert_eq!(names(folder.path()), ["empty.toml", "latin.toml"]);
}

#[test]
fn an_unknown_preset_gets_the_nearest_name_and_the_list() {
    let said = allostat(folder().path(), &["run", "overstimulaton"]);
    assert!(said.err.contains("did you mean `overstimulation`?"), "{}", said.err);
}

#[test]
fn a_run_writes_a_folder_whose_digest_anyone_can_recompute() {
    let folder = folder();
    let said = allostat(folder.path(), &["run", "--agents", "200"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let digest = said.out.lines().last().unwrap().strip_prefix("digest ").unwrap();
    let outputs = folder.path().join("outputs");
    let latest = fs::read_to_string(outputs.join("latest.txt")).unwrap();
    assert_eq!(names(&outputs), ["index.html", "latest.txt", latest.trim()]);
    let place = outputs.join(latest.trim());
    let tables: Vec<u8> = ["summary.csv", "assays.csv", "measures.csv"]
        .iter()
        .flat_map(|name| fs::read(place.join(name)).unwrap())
        .collect();
    let hex: String = {
        use sha2::{Digest, Sha256};
        Sha256::digest(&tables).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    assert_eq!(hex, digest);
    for file in ["failures.csv", "claims.json", "manifest.json", "LABEL.txt", "figures"] {
        assert!(place.join(file).exists(), "{file}");
    }
    let first = names(&place.join("figures"))[0].clone();
    let stem = first.rsplit_once('.').unwrap().0.to_owned();
    for extension in ["svg", "png", "txt"] {
        assert!(place.join(format!("figures/{stem}.{extension}")).is_file());
    }
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(place.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["digest"], digest);
    assert_eq!(manifest["agents"], 200);
    for file in manifest["files"].as_array().unwrap() {
        assert!(place.join(file["name"].as_str().unwrap()).is_file(), "{file}");
    }
}

#[test]
fn threads_and_a_second_time_change_nothing() {
    let folder = folder();
    let one = quiet_run(folder.path(), &["down-regulation", "--threads", "1", "--no-figures"]);
    let many = quiet_run(folder.path(), &["down-regulation", "--threads", "4", "--no-figures"]);
    assert_eq!(one, many);
    let other =
        quiet_run(folder.path(), &["down-regulation", "--seed", "9", "--no-figures", "--out", "elsewhere"]);
    assert_ne!(one.1, other.1);
    assert!(folder.path().join(other.0).join("manifest.json").is_file());
}

#[test]
fn what_was_changed_stands_everywhere_and_is_compared() {
    let folder = folder();
    let set = "parameters.tau1=8";
    let said = allostat(folder.path(), &["run", "--agents", "200", "--compare", "--set", set]);
    assert!(said.code == 0, "{}{}", said.out, said.err);
    assert!(
        said.out.contains("tau1 = 8 (was 6)") && said.out.contains("same agents, same luck"),
        "{}",
        said.out
    );
    let latest = fs::read_to_string(folder.path().join("outputs/latest.txt")).unwrap();
    let place = folder.path().join("outputs").join(latest.trim());
    assert!(place.join("unchanged/summary.csv").is_file() && place.join("differences.csv").is_file());
    for file in ["LABEL.txt", "manifest.json"] {
        assert!(fs::read_to_string(place.join(file)).unwrap().contains("tau1 = 8 (was 6)"), "{file}");
    }
    let index = fs::read_to_string(folder.path().join("outputs/index.html")).unwrap();
    assert!(index.contains("tau1 = 8 (was 6)"));
    let (plain, _) = quiet_run(folder.path(), &["--no-figures"]);
    let said = allostat(folder.path(), &["compare", &plain, latest.trim()]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("change"), "{}", said.out);
}

#[test]
fn a_stored_run_is_drawn_again_without_simulating() {
    let folder = folder();
    let (place, _) = quiet_run(folder.path(), &["down-regulation", "--no-figures"]);
    let said = allostat(folder.path(), &["figure", "latest", "--for", "slide"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(!names(&folder.path().join(&place).join("figures-slide")).is_empty());
    let file = folder.path().join(&place).join("summary.csv");
    fs::write(&file, fs::read_to_string(&file).unwrap() + "\n").unwrap();
    let said = allostat(folder.path(), &["figure", "latest", "--for", "grey"]);
    assert!(said.code == 0 && said.err.contains("no longer what the run wrote"), "{}", said.err);
}

#[test]
fn an_unwritable_place_is_a_sentence_and_code_1() {
    let folder = folder();
    fs::write(folder.path().join("outputs"), "a file").unwrap();
    let said = allostat(folder.path(), &["run", "--agents", "64"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""), "{}", said.err);
    assert!(said.err.starts_with("error: cannot write to `outputs`"), "{}", said.err);
    assert_eq!(names(folder.path()), ["outputs"]);
}

#[test]
fn new_files_run_and_are_never_overwritten() {
    let folder = folder();
    let said = |arguments: &[&str]| allostat(folder.path(), arguments);
    assert_eq!(said(&["new", "model", "mine.toml"]).code, 0);
    let checked = said(&["check", "mine.toml"]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    assert_eq!(said(&["new", "scenario", "trial.toml", "--model", "mine.toml"]).code, 0);
    assert_eq!(said(&["check", "trial.toml"]).code, 0);
    let ran = said(&["run", "trial.toml", "--agents", "64", "--no-figures", "--quiet"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let before = fs::read_to_string(folder.path().join("mine.toml")).unwrap();
    assert_eq!(said(&["new", "scenario", "mine.toml"]).code, 2);
    assert_eq!(fs::read_to_string(folder.path().join("mine.toml")).unwrap(), before);
    assert_eq!(said(&["new", "model", "mine"]).code, 2);
    assert_eq!(said(&["new", "model", "no/folder/x.toml"]).code, 1);
}

#[test]
fn lists_pages_schemas_and_completions_are_printed() {
    let folder = folder();
    let said = |arguments: &[&str]| {
        let said = allostat(folder.path(), arguments);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{arguments:?}");
        said.out
    };
    assert!(said(&["list"]).contains("turnover"));
    let list: serde_json::Value = serde_json::from_str(&said(&["list", "models", "--json"])).unwrap();
    assert!(list["models"].as_array().unwrap().len() > 5 && list["presets"].is_null());
    assert!(said(&["show", "turnover"]).contains("dR/dt = ksyn - loss*R"));
    assert!(said(&["show", "overstimulation"]).contains("Differences between agents"));
    assert!(said(&["show", "break-that-seems-to-work"]).contains("Instruments (simulated"));
    let source = said(&["show", "turnover", "--source"]);
    assert_eq!(
        source,
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/models/turnover.toml")).unwrap()
    );
    for what in ["model", "scenario"] {
        let schema: serde_json::Value = serde_json::from_str(&said(&["schema", what])).unwrap();
        assert!(schema["properties"]["title"].is_object(), "{what}");
    }
    assert!(said(&["completions", "bash"]).contains("allostat"));
}

#[test]
fn a_file_with_findings_ends_with_2_and_a_check_that_fails_with_1() {
    let folder = folder();
    let model = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/models/turnover.toml")).unwrap();
    fs::write(folder.path().join("wrong.toml"), model.replace("rate = \"loss*R\"", "rate = \"los*R\""))
        .unwrap();
    fs::write(
        folder.path().join("false.toml"),
        model.replacen("steady = { R = \"R0\" }", "steady = { R = \"2*R0\" }", 1),
    )
    .unwrap();
    let said = allostat(folder.path(), &["check", "wrong.toml"]);
    assert!(said.code == 2 && said.err.contains("wrong.toml:"), "{}", said.err);
    let said = allostat(folder.path(), &["check", "false.toml"]);
    assert!(said.code == 1 && said.out.contains("✗ rest"), "{}{}", said.out, said.err);
    assert_eq!(allostat(folder.path(), &["check", "turnover", "false.toml", "wrong.toml"]).code, 2);
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_allostat"))
        .args(["schema", "scenario"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}
