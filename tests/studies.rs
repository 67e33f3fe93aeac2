//! Studies from outside: killed, shared, damaged, refused; whatever happens to it, a study ends with the same bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use allostat::diagnostic::Source;
use allostat::report::study::{Store, gather};
use allostat::study::{Opened, Study};
use tempfile::TempDir;

const STUDY: &str = r#"
title = "What decides how far receptors fall"
scenario = "down-regulation"
set = ["population.agents=64"]
design = { sobol = { points = 96 } }
unit = 4
claims = true

[vary]
kdeg = {}
kappa = { from = "1", to = "8" }
rest = { path = "arms.stopped.phases.recovery.for", values = ["10 d", "20 d"] }

[outputs]
fall = { value = "median(stopped.fall)", doc = "change of number, of the median agent" }
"#;

struct Place {
    folder: TempDir,
}

impl Place {
    fn with(study: &str) -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        fs::write(place.path("s.toml"), study).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
        command.current_dir(self.folder.path()).args(["study"]).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn study(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn fine(&self, arguments: &[&str]) -> String {
        let output = self.study(arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
        text
    }

    fn started(&self, out: &str) -> Child {
        self.command(&["run", "s.toml", "--out", out, "--threads", "1"]).spawn().unwrap()
    }

    /// The digest that `gather` ends with, and the bytes that it stands for.
    fn gathered(&self, out: &str) -> (String, Vec<u8>) {
        let text = self.fine(&["gather", "s.toml", "--out", out, "--no-figures"]);
        let digest = text.lines().last().and_then(|line| line.strip_prefix("digest ")).unwrap().to_owned();
        (digest, fs::read(self.path(out).join("points.csv")).unwrap())
    }

    fn undisturbed(&self) -> (String, Vec<u8>) {
        self.fine(&["run", "s.toml", "--out", "undisturbed"]);
        self.gathered("undisturbed")
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn rows_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("units")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "rows")).collect();
    files.sort();
    files
}

/// Numbers that look random and are the same in each run.
fn moments(count: u64) -> impl Iterator<Item = Duration> {
    (0..count).scan(7_u64, |state, _| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Some(Duration::from_millis((*state >> 33) % 180))
    })
}

#[test]
fn a_study_killed_at_fifty_moments_ends_with_the_bytes_of_an_undisturbed_one() {
    let place = Place::with(STUDY);
    let whole = place.undisturbed();
    let (mut killed, mut kept) = (0, 0);
    for wait in moments(50) {
        let mut child = place.started("killed");
        std::thread::sleep(wait);
        // Sends SIGKILL.
        let _ = child.kill();
        killed += u32::from(!child.wait().unwrap().success());
        if place.path("killed").join("units").is_dir() {
            let units = units_there(&place, "killed");
            assert!(units >= kept, "a finished unit is gone: {units} after {kept}");
            kept = units;
        }
        if kept == 24 {
            // Begin again, so that all moments fall into a run that has work to do.
            fs::remove_dir_all(place.path("killed")).unwrap();
            kept = 0;
        }
    }
    assert!(killed >= 25, "only {killed} of 50 were still running when they were killed");
    place.fine(&["run", "s.toml", "--out", "killed"]);
    assert_eq!(place.gathered("killed"), whole);
    assert_eq!(rows_files(&place.path("killed")).len(), 1, "one process that ends leaves one file");
}

/// Units whose checksum is right, by the program's own words.
fn units_there(place: &Place, out: &str) -> u64 {
    let text = String::from_utf8_lossy(&place.study(&["status", "s.toml", "--out", out]).stdout).into_owned();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).find(|w| w[1] == "of").and_then(|w| w[0].parse().ok()).unwrap_or(0)
}

#[test]
fn two_processes_on_one_folder_share_the_work_and_count_nothing_twice() {
    let place = Place::with(STUDY);
    let whole = place.undisturbed();
    let both = [place.started("both"), place.started("both")];
    for child in both {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }
    assert_eq!(place.gathered("both"), whole);
}

#[test]
fn processes_that_begin_at_once_in_a_new_folder_all_go_on() {
    let place = Place::with(STUDY);
    let whole = place.undisturbed();
    for round in 0..3 {
        let out = format!("new {round}");
        let children: Vec<Child> = (0..6).map(|_| place.started(&out)).collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", said(&output));
        }
        assert_eq!(place.gathered(&out), whole);
    }
}

#[test]
fn a_folder_in_which_the_first_process_was_killed_at_once_can_be_used() {
    let place = Place::with(STUDY);
    fs::create_dir(place.path("killed early")).unwrap();
    fs::write(place.path("killed early").join(".writing-study.json-1-0"), "{").unwrap();
    place.fine(&["run", "s.toml", "--out", "killed early"]);
    assert_eq!(place.gathered("killed early"), place.undisturbed());
}

#[test]
fn shares_in_any_order_give_the_bytes_of_one_run() {
    let place = Place::with(STUDY);
    let whole = place.undisturbed();
    for share in ["3/3", "1/3", "2/3"] {
        let refused = place.study(&["gather", "s.toml", "--out", "shared"]);
        assert!(!refused.status.success(), "units are missing before share {share}");
        place.fine(&["run", "s.toml", "--out", "shared", "--share", share]);
    }
    assert_eq!(place.gathered("shared"), whole);
    assert!(place.fine(&["run", "s.toml", "--out", "shared"]).contains("24 of 24"));
}

#[test]
fn a_damaged_unit_is_found_told_and_computed_again() {
    let place = Place::with(STUDY);
    let whole = place.undisturbed();
    let file = rows_files(&place.path("undisturbed")).remove(0);
    let good = fs::read(&file).unwrap();
    // A digit inside a row, a header, and the end of the file.
    let half = good.len() / 2;
    for (at, cut) in [(half, false), (0, false), (good.len() - 30, true)] {
        let file = rows_files(&place.path("undisturbed")).remove(0);
        let mut bytes = good.clone();
        match cut {
            true => bytes.truncate(at),
            false => bytes[at] ^= 1,
        }
        fs::write(&file, bytes).unwrap();
        let refused = place.study(&["gather", "s.toml", "--out", "undisturbed"]);
        assert!(!refused.status.success() && said(&refused).contains("missing"), "{}", said(&refused));
        let mended = place.study(&["run", "s.toml", "--out", "undisturbed"]);
        assert!(mended.status.success() && said(&mended).contains("computed again"), "{}", said(&mended));
        assert_eq!(place.gathered("undisturbed"), whole);
        let again = place.study(&["run", "s.toml", "--out", "undisturbed"]);
        assert!(!said(&again).contains("computed again"), "told once: {}", said(&again));
    }
}

#[test]
fn a_changed_study_is_refused_in_an_old_folder_with_the_difference() {
    let place = Place::with(STUDY);
    place.fine(&["run", "s.toml", "--out", "old", "--share", "1/24"]);
    fs::write(place.path("s.toml"), STUDY.replace("to = \"8\"", "to = \"9\"")).unwrap();
    for deed in ["run", "status", "gather"] {
        let refused = place.study(&[deed, "s.toml", "--out", "old"]);
        assert_eq!(refused.status.code(), Some(2), "{deed}");
        let said = said(&refused);
        let shown = said.contains("- 11: kappa = { from = \"1\", to = \"8\" }") && said.contains("+ 11:");
        assert!(shown, "{said}");
    }
}

#[test]
fn a_folder_that_is_no_study_is_left_alone() {
    let place = Place::with(STUDY);
    fs::create_dir(place.path("mine")).unwrap();
    fs::write(place.path("mine").join("letter.txt"), "dear").unwrap();
    let refused = place.study(&["run", "s.toml", "--out", "mine"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(fs::read_dir(place.path("mine")).unwrap().count(), 1);
    assert_eq!(place.study(&["gather", "s.toml", "--out", "nowhere"]).status.code(), Some(2));
    assert!(!place.path("nowhere").exists());
}

#[test]
fn a_row_is_a_run_that_anybody_can_do() {
    let place = Place::with(&STUDY.replace("points = 96", "points = 4").replace("unit = 4\n", ""));
    let (_, table) = place.undisturbed();
    let table = String::from_utf8(table).unwrap();
    let mut lines = table.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let row = lines.nth(2).unwrap();
    let cell = |name: &str| row[header.iter().position(|h| h == name).unwrap()].clone();
    let mut run = Command::new(env!("CARGO_BIN_EXE_allostat"));
    run.current_dir(place.folder.path()).args([
        "run",
        "down-regulation",
        "--no-figures",
        "--quiet",
        "--agents",
        "64",
    ]);
    run.args(["--seed", &cell("seed"), "--out", "runs"]);
    for (path, value, unit) in [
        ("kdeg", cell("kdeg"), " 1/h"),
        ("kappa", cell("kappa"), ""),
        ("arms.stopped.phases.recovery.for", cell("rest"), " d"),
    ] {
        run.args(["--set", &format!("{path}={value}{unit}")]);
    }
    assert!(run.output().unwrap().status.success());
    let folder =
        fs::read_dir(place.path("runs")).unwrap().map(|e| e.unwrap().path()).find(|p| p.is_dir()).unwrap();
    let measures = fs::read_to_string(folder.join("measures.csv")).unwrap();
    let median = measures.lines().find(|line| line.starts_with("fall,stopped,all,p50,")).unwrap();
    assert_eq!(median.split(',').nth(4).unwrap(), cell("fall"), "{median}");
}

#[test]
fn what_is_wrong_with_a_study_is_found_before_anything_runs() {
    let wrong = [
        ("kdeg = {}", "kdge = {}", "kdeg"),
        ("kdeg = {}", "kdeg = { to = \"-1 1/h\" }", "lower end comes first"),
        ("kdeg = {}", "kdeg = { from = \"-1 1/h\" }", "1/h"),
        ("kdeg = {}", "kdeg = { from = \"1 nM\" }", "wrong unit"),
        ("kdeg = {}", "kdeg = { values = [] }", "values"),
        ("kdeg = {}", "kdeg = { levels = 3 }", "belong to a grid"),
        ("median(stopped.fall)", "median(stopped.fell)", "fell"),
        ("median(stopped.fall)", "stopped.fall", "median(stopped.fall)"),
        ("median(stopped.fall)", "median(stopped.fall) < 0", "share("),
        ("sobol = { points = 96 }", "sobol = { points = 0 }", "`points`"),
        ("sobol = { points = 96 }", "sobal = { points = 9 }", "sobol"),
        ("sobol = { points = 96 }", "list = {}", "has ends"),
        ("sobol = { points = 96 }", "saltelli = { base = 5 }", "multiple of 5"),
        ("unit = 4", "unit = 0", "at least one point"),
        ("unit = 4", "repeats = 0", "1 to 1000000 times"),
        ("down-regulation", "down-regolation", "down-regulation"),
        ("arms.stopped.phases.recovery.for", "arms.stoped.phases.recovery.for", "stopped"),
        ("population.agents=64", "population.agents=0", "agents"),
        ("[outputs]", "[output]", "outputs"),
        ("unit = 4", "repeats = 1000000\nunit = 4", ""),
    ];
    for (old, new, hint) in wrong {
        assert!(STUDY.contains(old), "{old}");
        let place = Place::with(&STUDY.replace(old, new));
        let output = place.study(&["plan", "s.toml"]);
        if hint.is_empty() {
            assert!(output.status.success(), "{new}: {}", said(&output));
            continue;
        }
        assert_eq!(output.status.code(), Some(2), "{new}: {}", said(&output));
        assert!(said(&output).contains(hint), "{new}: {}", said(&output));
        let run = place.study(&["run", "s.toml", "--out", "o"]);
        assert_eq!(run.status.code(), Some(2), "{new}");
        assert!(!place.path("o").exists(), "{new}: something was written");
    }
}

#[test]
fn shares_out_of_range_are_refused() {
    let place = Place::with(STUDY);
    for share in ["0/3", "4/3", "x", "1/0"] {
        let output = place.study(&["run", "s.toml", "--out", "o", "--share", share]);
        assert_eq!(output.status.code(), Some(2), "{share}: {}", said(&output));
    }
}

#[test]
fn a_point_that_cannot_be_run_is_a_row_with_its_reason() {
    // Each value alone fits the others as they are; the two together are refused only at their point.
    let study = r#"
title = "Points outside"
scenario = "./own.toml"
design = { grid = {} }
[vary]
low = { values = ["1", "5"] }
high = { values = ["2", "6"] }
[outputs]
x = "median(m)"
"#;
    let place = Place::with(study);
    let own = r#"
title = "A limit over two parameters"
model = "./own_model.toml"
phases = [{ name = "on", for = "1 h" }]
[population]
agents = 10
[measures]
m = "x[end of on]"
"#;
    let model = r#"
title = "Two parameters with a limit"
time = "h"
doc = "Simplified and illustrative."
[parameters]
low = { value = "0.5", limits = "low < high", source = "assumed", doc = "lower" }
high = { value = "7", source = "assumed", doc = "upper" }
k = { value = "1 1/h", source = "assumed", doc = "rate" }
[states]
x = { unit = "1", start = "low", scale = "1", doc = "a state" }
[flows]
loss = { from = "x", rate = "k*x" }
"#;
    fs::write(place.path("own.toml"), own).unwrap();
    fs::write(place.path("own_model.toml"), model).unwrap();
    let plan = place.study(&["plan", "s.toml"]);
    assert!(plan.status.success(), "{}", said(&plan));
    let (_, table) = place.undisturbed();
    let table = String::from_utf8(table).unwrap();
    let without: Vec<&str> = table.lines().filter(|line| line.contains("5,2")).collect();
    assert_eq!(table.lines().count(), 5, "{table}");
    assert!(without.len() == 1 && without[0].contains("limit"), "{table}");
}

/// As `STUDY`, of another design, with few points and agents.
fn analysed(design: &str) -> String {
    let study = STUDY.replace("sobol = { points = 96 }", design).replace("unit = 4\n", "");
    study.replace("agents=64", "agents=10")
}

fn table(place: &Place, out: &str, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(place.path(out).join(name)).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_gathered_study_says_which_factors_decide_and_shares_move_no_byte_of_it() {
    for (design, index, blocks) in
        [("saltelli = { base = 8 }", "total", "8"), ("morris = { trajectories = 4 }", "mu_star", "4")]
    {
        let place = Place::with(&analysed(design));
        place.undisturbed();
        for share in ["2/2", "1/2"] {
            place.fine(&["run", "s.toml", "--out", "shared", "--share", share]);
        }
        let said = place.fine(&["gather", "s.toml", "--out", "shared"]);
        for name in ["indices", "dropped", "robustness", "boundary"] {
            for kind in ["csv", "parquet"] {
                let file = format!("{name}.{kind}");
                let bytes = |out: &str| fs::read(place.path(out).join(&file)).unwrap();
                assert!(bytes("shared") == bytes("undisturbed"), "{design}: {file}");
            }
        }
        let rows = table(&place, "shared", "indices.csv");
        let header = [
            "output", "unit", "method", "index", "factor", "with", "value", "low", "high", "verdict", "n",
            "of",
        ];
        assert_eq!(rows[0], header);
        let kappa = rows.iter().find(|row| row[0] == "fall" && row[3] == index && row[4] == "kappa").unwrap();
        assert!(kappa[6].parse::<f64>().unwrap() > 0.0, "{kappa:?}");
        assert_eq!(kappa[10..], [blocks, blocks]);
        assert!(said.contains("kappa") && said.contains("affinity_stays: holds in 100 %"), "{said}");
        assert_eq!(table(&place, "shared", "robustness.csv").len(), 10, "nine claims below the header");
    }
}

#[test]
fn a_part_of_a_study_is_analysed_by_the_blocks_that_are_there() {
    let study = analysed("saltelli = { base = 16 }").replace("claims = true", "unit = 5");
    let place = Place::with(&study);
    place.fine(&["run", "s.toml", "--out", "part", "--share", "1/4"]);
    let said = place.fine(&["gather", "s.toml", "--out", "part", "--partial"]);
    assert!(said.contains("12 units are missing") && !said.contains("no numbers"), "{said}");
    let rows = table(&place, "part", "indices.csv");
    assert!(rows[1..].iter().all(|row| row[10..] == ["4", "16"]), "{rows:?}");
}

#[test]
fn a_corner_that_cannot_be_run_is_named_in_its_units() {
    let study = r#"
title = "A corner outside"
scenario = "./own.toml"
design = { latin_hypercube = { points = 120 } }
[vary]
bottom = { from = "0.1 nM", to = "6 nM", scale = "linear" }
top = { from = "1 nM", to = "8 nM", scale = "linear" }
k = { from = "0.1 1/h", to = "1 1/h" }
[outputs]
x = "median(m)"
"#;
    let place = Place::with(study);
    let own = r#"
title = "A limit over two parameters"
model = "./own_model.toml"
phases = [{ name = "on", for = "1 h" }]
[population]
agents = 4
[measures]
m = "x[end of on]"
"#;
    let model = r#"
title = "Two parameters with a limit"
time = "h"
doc = "Simplified and illustrative."
[parameters]
bottom = { value = "0.5 nM", limits = "bottom < top", source = "assumed", doc = "lower" }
top = { value = "7 nM", source = "assumed", doc = "upper" }
k = { value = "1 1/h", source = "assumed", doc = "rate" }
[states]
x = { unit = "nM", start = "bottom", scale = "1 nM", doc = "a state" }
[flows]
loss = { from = "x", rate = "k*x" }
"#;
    fs::write(place.path("own.toml"), own).unwrap();
    fs::write(place.path("own_model.toml"), model).unwrap();
    place.fine(&["run", "s.toml", "--out", "corner"]);
    let said = place.fine(&["gather", "s.toml", "--out", "corner"]);
    let line = said.lines().find(|line| line.contains("of 120 points have no numbers")).unwrap_or(&said);
    assert!(line.contains("bottom is high (median") && line.contains("top is low (median"), "{said}");
    assert!(line.contains(" nM; of the others ") && !line.contains("k is"), "{said}");
    assert!(said.contains("limit"), "the reason: {said}");
    let rows = table(&place, "corner", "dropped.csv");
    let verdicts: Vec<&str> = rows[1..].iter().map(|row| row[8].as_str()).collect();
    assert_eq!(verdicts, ["", "", "not distinguishable from the others"], "{rows:?}");
    assert_eq!([&rows[0][9], &rows[1][9]], ["unit", "nM"]);
}

#[test]
fn a_design_between_powers_of_two_is_remarked_on_and_runs() {
    let place = Place::with(STUDY);
    let plan = place.study(&["plan", "s.toml"]);
    assert!(plan.status.success() && said(&plan).contains("write 64 or 128"), "{}", said(&plan));
}

/// Two points of many agents of a cheap model, cut into parts of so many agents.
fn large(parts: u64) -> Study {
    const AGENTS: u64 = 200_000;
    let text = r#"
title = "Two large points"
scenario = "large"
design = { list = {} }
[vary]
k = { values = ["1 1/h", "2 1/h"] }
[outputs]
median = "median(m)"
mean = "mean_of(m)"
high = "share(m > 0.5)"
"#;
    let scenario = r#"
title = "Decay"
model = "decay.toml"
phases = [{ name = "on", for = "1 h" }]
[population]
agents = 200000
vary.k = { lognormal = { cv = 0.5 } }
[measures]
m = "x[end of on]"
"#;
    let model = r#"
title = "Decay"
time = "h"
doc = "Simplified and illustrative."
[parameters]
k = { value = "1 1/h", source = "assumed", doc = "rate" }
[states]
x = { unit = "1", start = "1", doc = "a state" }
[flows]
loss = { from = "x", rate = "k*x" }
"#;
    let open = |name: &str| {
        let files = move |file: &str| Ok(Source::new(file, model));
        Ok(Opened {
            name: name.to_owned(),
            source: Source::new("large.toml", scenario),
            files: Arc::new(files),
        })
    };
    let mut study = Study::read("s", &Source::new("s.toml", text), &open).unwrap_or_else(|e| panic!("{e}"));
    study.most_agents = AGENTS.div_ceil(parts);
    assert_eq!(study.parts(), parts);
    study
}

#[test]
fn a_large_point_in_parts_gives_the_bytes_of_a_whole_one_in_any_order() {
    let never = AtomicBool::new(false);
    let whole = large(1);
    let unit = |study: &Study, unit: u64| study.computed(unit, &|_| {}, &never).unwrap();
    let table: Vec<u8> = (0..whole.units()).flat_map(|n| unit(&whole, n)).collect();
    assert_eq!(table.split(|byte| *byte == b'\n').count(), 3);
    let study = large(5);
    assert_eq!(study.units(), 10);
    // Shares, the last first, each into the folder that all share.
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::of(folder.path(), study.units()).unwrap();
    for share in [2, 0, 1] {
        for n in (0..study.units()).rev().filter(|n| n % 3 == share) {
            let missing = gather(&study, folder.path(), &store).unwrap();
            assert!(missing.missing > 0 && missing.rows < 2);
            let bytes = unit(&study, n);
            assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
            store.keep(n, &bytes).unwrap();
        }
    }
    store.put_together().unwrap();
    let gathered = gather(&study, folder.path(), &store).unwrap();
    assert_eq!((gathered.missing, gathered.rows, gathered.without), (0, 2, 0));
    let bytes = fs::read(folder.path().join("points.csv")).unwrap();
    assert_eq!(bytes, [study.header(), table].concat());
    // In another order still.
    let parts: Vec<Vec<u8>> = (5..10).map(|n| unit(&study, n)).collect();
    let mut merging = study.merging(1);
    [3, 1, 4, 0, 2].iter().for_each(|n: &usize| merging.add(&parts[*n]).unwrap());
    let row = merging.row().unwrap();
    assert!(bytes.ends_with(&study.body(&[row])));
    assert!(study.merging(0).add(b"no part").is_err());
}
