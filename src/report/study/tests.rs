//! A study's folder belongs to one study; its store of units loses nothing that is finished and keeps nothing unfinished.

use std::fs::{self, File};
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, SystemTime};

use super::{Refused, Store, gather, open};
use crate::diagnostic::{Finding, Source};
use crate::report::draft::here;
use crate::scenario::preset;
use crate::study::{Opened, Study};

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
        let left = folder.join(format!(".writing-points.csv-{}-{NOBODY}-0", here()));
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
    second.adopt().unwrap();
    // The first one lives, and keeps its file.
    second.put_together().unwrap();
    let files = there(&study.path().join("units"));
    assert_eq!(files.iter().filter(|name| name.ends_with(".rows")).count(), 2, "{files:?}");
    drop(first);
    let mut third = Store::of(study.path(), 6).unwrap();
    drop(second);
    third.adopt().unwrap();
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
    let held = store.hold(4).unwrap().unwrap();
    assert!(other.hold(4).unwrap().is_none() && other.hold(3).unwrap().is_some());
    drop(held);
    assert!(other.hold(4).unwrap().is_some());
    let locks = study.path().join("units").join("locks");
    // As a kill leaves them.
    for unit in [2, 5] {
        File::create(locks.join(format!("{unit}.lock"))).unwrap();
    }
    store.keep(2, b"row\n").unwrap();
    store.adopt().unwrap();
    let left = there(&locks);
    assert!(!left.contains(&"2.lock".to_owned()) && left.contains(&"5.lock".to_owned()), "{left:?}");
}

fn study(points: u64) -> Study {
    let text = format!(
        "title = \"x\"\nscenario = \"down-regulation\"\ndesign = {{ random = {{ points = {points} }} }}\n\
         [vary]\nkdeg = {{}}\n[outputs]\nfall = \"median(stopped.fall)\"\n"
    );
    let opened = |which: &str| {
        let source = preset(which).ok_or_else(|| Finding::error("no such preset"))?;
        let files = |_: &str| Err(String::new());
        Ok(Opened { name: which.to_owned(), source, files: Arc::new(files) })
    };
    Study::read("s", &Source::new("s.toml", text), &opened).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn of_two_studies_that_begin_at_once_in_a_new_folder_one_has_it_and_the_other_is_refused() {
    let studies = [study(4), study(5)];
    let all = tempfile::tempdir().unwrap();
    for round in 0..100 {
        let folder = all.path().join(round.to_string());
        let begin = Barrier::new(6);
        let one = |n: usize| {
            begin.wait();
            open(&folder, &studies[(n + round) % 2], true)
        };
        let one = &one;
        let results: Vec<Result<(), Refused>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|n| scope.spawn(move || one(n))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let winner = (results.iter().position(Result::is_ok).unwrap() + round) % 2;
        for (n, result) in results.iter().enumerate() {
            match result {
                Ok(()) => assert_eq!((n + round) % 2, winner, "round {round}: both were let in"),
                Err(Refused::Another { lines, .. }) => assert!((n + round) % 2 != winner && lines.len() > 1),
                Err(other) => panic!("round {round}: {other:?}"),
            }
        }
        assert_eq!(open(&folder, &studies[winner], false), Ok(()));
        assert_eq!(there(&folder), ["study.json"]);
    }
}

#[test]
fn units_that_vanish_before_they_are_gathered_leave_the_tables_that_are_there() {
    let study = study(4);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::of(folder.path(), study.units()).unwrap();
    fs::write(folder.path().join("points.csv"), "old").unwrap();
    let why = gather(&study, folder.path(), &store, false).unwrap_err();
    assert!(why.contains("1 of 1 units"), "{why}");
    assert_eq!(fs::read_to_string(folder.path().join("points.csv")).unwrap(), "old");
    assert_eq!(there(folder.path()), ["points.csv", "units"]);
    assert_eq!(gather(&study, folder.path(), &store, true).unwrap().missing, 1);
}
