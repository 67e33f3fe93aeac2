//! The store of units: nothing that is finished is lost, and what is unfinished does not stay.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::Store;

/// No system gives a process a number as large.
const NOBODY: u32 = 4_194_305;

fn there(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn bodies(store: &Store) -> Vec<(u64, Vec<u8>)> {
    let mut all = Vec::new();
    store
        .each(&mut |unit, body| {
            all.push((unit, body));
            Ok(())
        })
        .unwrap();
    all
}

#[test]
fn what_a_process_that_is_gone_left_unfinished_is_tidied_away() {
    let study = tempfile::tempdir().unwrap();
    drop(Store::of(study.path(), 10).unwrap());
    let old = SystemTime::now() - Duration::from_secs(120);
    for folder in [study.path().to_owned(), study.path().join("units")] {
        let left = folder.join(format!(".writing-points.csv-{NOBODY}-0"));
        File::create(&left).unwrap().set_modified(old).unwrap();
    }
    drop(Store::of(study.path(), 10).unwrap());
    assert_eq!(there(study.path()), ["units"]);
    assert_eq!(there(&study.path().join("units")), ["locks"]);
}

#[test]
fn units_of_several_processes_are_put_together_and_each_is_there_once() {
    let study = tempfile::tempdir().unwrap();
    let mut first = Store::of(study.path(), 6).unwrap();
    for unit in [0, 3, 5] {
        first.keep(unit, format!("row {unit}\n").as_bytes()).unwrap();
    }
    first.put_together().unwrap();
    first.keep(1, b"row 1\n").unwrap();
    let mut second = Store::of(study.path(), 6).unwrap();
    second.keep(3, b"row 3\n").unwrap();
    second.adopt();
    // The first one lives, and keeps its file.
    second.put_together().unwrap();
    let files = there(&study.path().join("units"));
    assert_eq!(files.iter().filter(|name| name.ends_with(".rows")).count(), 2, "{files:?}");
    drop(first);
    let mut third = Store::of(study.path(), 6).unwrap();
    drop(second);
    third.adopt();
    third.put_together().unwrap();
    let files = there(&study.path().join("units"));
    assert_eq!(files.iter().filter(|name| name.ends_with(".rows")).count(), 1, "{files:?}");
    assert_eq!(third.found().done, 4);
    let expected = [0, 1, 3, 5].map(|unit| (unit, format!("row {unit}\n").into_bytes()));
    assert_eq!(bodies(&third), expected);
}

#[test]
fn a_unit_is_held_by_one_process_and_locks_of_finished_units_go() {
    let study = tempfile::tempdir().unwrap();
    let mut store = Store::of(study.path(), 6).unwrap();
    let other = Store::of(study.path(), 6).unwrap();
    let held = store.hold_unit(4).unwrap();
    assert!(other.hold_unit(4).is_none() && other.hold_unit(3).is_some());
    drop(held);
    assert!(other.hold_unit(4).is_some());
    let locks = study.path().join("units").join("locks");
    // As a kill leaves them.
    for unit in [2, 5] {
        File::create(locks.join(format!("{unit}.lock"))).unwrap();
    }
    store.keep(2, b"row\n").unwrap();
    store.adopt();
    let left = there(&locks);
    assert!(!left.contains(&"2.lock".to_owned()) && left.contains(&"5.lock".to_owned()), "{left:?}");
}
