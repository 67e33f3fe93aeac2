//! Studies from outside: killed, shared, damaged, refused; whatever happens to it, a study ends with the same bytes.

mod place;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use place::{Place, STUDY, said};
use sha2::{Digest, Sha256};

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

/// A model that costs next to nothing, so that a point may have more agents than one unit takes.
const DECAY: [(&str, &str); 3] = [
    (
        "s.toml",
        r#"
title = "Points in parts"
scenario = "./decay.toml"
design = { list = {} }
[vary]
level = { values = ["1", "2", "3"] }
[outputs]
median = "median(m)"
mean = "mean_of(m)"
few = "share(m < 0.7)"
"#,
    ),
    (
        "decay.toml",
        r#"
title = "Decay"
model = "./decay_model.toml"
phases = [{ name = "on", for = "1 h" }]
[population]
agents = 1_100_000
vary.k = { lognormal = { cv = 0.5 } }
[measures]
m = "x[end of on]"
"#,
    ),
    (
        "decay_model.toml",
        r#"
title = "Decay"
time = "h"
doc = "Simplified and illustrative."
[parameters]
level = { value = "1", range = ["0.1", "10"], source = "assumed", doc = "level at the start" }
k = { value = "0.1 1/h", range = ["0.01 1/h", "1 1/h"], source = "assumed", doc = "rate" }
[states]
x = { unit = "1", start = "level", scale = "1", doc = "a state" }
[flows]
loss = { from = "x", rate = "k*x" }
"#,
    ),
];

#[test]
fn a_study_of_points_in_parts_killed_at_ten_moments_ends_with_the_bytes_of_an_undisturbed_one() {
    let place = Place::with(DECAY[0].1);
    DECAY.iter().for_each(|(file, text)| fs::write(place.path(file), text).unwrap());
    let began = Instant::now();
    assert!(place.started("undisturbed").wait().unwrap().success());
    let took = began.elapsed();
    let whole = place.gathered("undisturbed");
    assert!(place.fine(&["status", "s.toml", "--out", "undisturbed"]).contains("6 of 6 units (a part of"));
    let (mut killed, mut kept, mut halves) = (0, 0, 0);
    for share in moments(10).map(|wait| wait.as_secs_f64() / 0.18) {
        let mut child = place.started("killed");
        // Mostly after a part or two, wherever this runs.
        std::thread::sleep(took.mul_f64(share * 0.4));
        let _ = child.kill();
        killed += u32::from(!child.wait().unwrap().success());
        if place.path("killed").join("units").is_dir() {
            let units = units_there(&place, "killed");
            assert!(units >= kept, "a finished part is gone: {units} after {kept}");
            kept = units;
            halves += u32::from(kept % 2 == 1);
        }
        if kept == 6 {
            fs::remove_dir_all(place.path("killed")).unwrap();
            kept = 0;
        }
    }
    assert!(killed >= 5, "only {killed} of 10 were still running when they were killed");
    assert!(halves > 0, "no kill left a point of which one part is there");
    place.fine(&["run", "s.toml", "--out", "killed"]);
    assert_eq!(place.gathered("killed"), whole);
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
fn of_two_studies_begun_at_once_in_a_new_folder_all_processes_of_one_are_refused() {
    let place = Place::with(&STUDY.replace("points = 96", "points = 4"));
    let other = STUDY.replace("points = 96", "points = 8");
    fs::write(place.path("t.toml"), &other).unwrap();
    for round in 0..15 {
        let out = format!("new {round}");
        let began: Vec<(&str, Child)> = ["s.toml", "t.toml", "t.toml", "s.toml"]
            .map(|file| {
                (file, place.command(&["run", file, "--out", &out, "--threads", "1"]).spawn().unwrap())
            })
            .into();
        let ended: Vec<_> =
            began.into_iter().map(|(file, child)| (file, child.wait_with_output().unwrap())).collect();
        let let_in = |file: &str| ended.iter().find(|(of, _)| *of == file).unwrap().1.status.success();
        assert_ne!(let_in("s.toml"), let_in("t.toml"), "round {round}: one of two studies has a folder");
        for (file, output) in &ended {
            let said = said(output);
            assert_eq!(output.status.code(), Some(if let_in(file) { 0 } else { 2 }), "{file}: {said}");
            assert!(let_in(file) || said.contains("- 5: design") && said.contains("+ 5: design"), "{said}");
        }
        let winner = if let_in("s.toml") { "points = 4" } else { "points = 8" };
        assert!(fs::read_to_string(place.path(&out).join("study.json")).unwrap().contains(winner));
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

/// Rows of the index of units: unit, file, start, bytes, checksum.
fn index(folder: &Path) -> Vec<(u64, PathBuf, usize, usize, String)> {
    let text = fs::read_to_string(folder.join("units/index.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("unit,file,start,bytes,checksum"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let [unit, file, start, bytes, sum] = cells[..] else { panic!("{line}") };
        let number = |cell: &str| cell.parse::<usize>().unwrap();
        (number(unit) as u64, folder.join("units").join(file), number(start), number(bytes), sum.to_owned())
    };
    lines.map(row).collect()
}

#[test]
fn each_unit_is_where_the_index_says_and_the_index_is_right_or_gone() {
    let place = Place::with(STUDY);
    let whole = place.undisturbed();
    for share in ["2/3", "1/3"] {
        place.fine(&["run", "s.toml", "--out", "shared", "--share", share]);
    }
    let folder = place.path("shared");
    place.fine(&["gather", "s.toml", "--out", "shared", "--no-figures", "--partial"]);
    let there: Vec<u64> = index(&folder).iter().map(|row| row.0).collect();
    assert_eq!(there, (0..24).filter(|unit| unit % 3 != 2).collect::<Vec<_>>());
    for child in [place.started("shared"), place.started("shared")] {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    assert!(!folder.join("units/index.csv").exists(), "units have moved");
    assert_eq!(place.gathered("shared"), whole);
    let mut rows = Vec::new();
    for (n, (unit, file, start, bytes, sum)) in index(&folder).into_iter().enumerate() {
        assert_eq!(unit, n as u64);
        let all = fs::read(file).unwrap();
        let body = &all[start..start + bytes];
        let hex: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, sum);
        let header = format!("unit {unit} bytes {bytes} sha256 {sum} check ");
        assert!(all[..start - 9].ends_with(header.as_bytes()), "{header}");
        rows.extend_from_slice(body);
    }
    let (_, table) = &whole;
    let first = table.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    assert_eq!(rows, table[first..], "the units in order are the table");
    // Looking changes nothing, and takes the index for no unit.
    let status = place.study(&["status", "s.toml", "--out", "shared"]);
    assert!(said(&status).is_empty() && status.status.success(), "{}", said(&status));
    assert_eq!(index(&folder).len(), 24);
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
        ("population.agents=64", "population.agents=3000000", "a point of so many agents is 3 units"),
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
