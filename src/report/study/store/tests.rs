//! Whatever happens to files of units, each unit is there once and whole, in few files.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn rows_files(study: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(study.join("units")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == ROWS)).collect();
    files.sort();
    files
}

fn body(unit: u64) -> Vec<u8> {
    format!("{unit},a row of a unit\n").repeat(1 + unit as usize % 5).into_bytes()
}

/// Keeps units as a process does that ends well.
fn kept(study: &Path, of: u64, units: impl IntoIterator<Item = u64>) -> Store {
    let mut store = Store::of(study, of).unwrap();
    units.into_iter().for_each(|unit| store.keep(unit, &body(unit)).unwrap());
    store
}

fn assert_whole(store: &mut Store, units: &[u64]) {
    store.verify().unwrap();
    let mut found = Vec::new();
    let each = store.each(&mut |unit, rows| {
        assert_eq!(rows, body(unit));
        found.push(unit);
        Ok(())
    });
    assert_eq!(each, Ok(store.units - units.len() as u64));
    assert_eq!(found, units);
}

#[test]
fn many_units_make_few_files_and_a_byte_moves_a_few_times_only() {
    let study = tempfile::tempdir().unwrap();
    let mut store = Store::of(study.path(), 5000).unwrap();
    let mut most = 0;
    for unit in 0..5000 {
        store.keep(unit, &body(unit)).unwrap();
        most = most.max(store.own.iter().filter(|own| !own.is_loose()).count());
    }
    // 19 times 257 units were put together; files double in length.
    assert!(most <= 6 && store.begun == 19, "{most} {}", store.begun);
    store.put_together().unwrap();
    assert_eq!(rows_files(study.path()).len(), 1);
    assert_whole(&mut store, &(0..5000).collect::<Vec<_>>());
}

#[test]
fn a_large_file_is_not_written_anew() {
    let study = tempfile::tempdir().unwrap();
    let large = |study: &Path| {
        let mut store = Store::of(study, 3000).unwrap();
        store.large = 100_000;
        store
    };
    let mut first = large(study.path());
    (0..2000).for_each(|unit| first.keep(unit, &body(unit)).unwrap());
    first.put_together().unwrap();
    let files = rows_files(study.path());
    let lengths: Vec<u64> = files.iter().map(|file| fs::metadata(file).unwrap().len()).collect();
    assert!(
        files.len() > 2 && lengths.iter().filter(|length| **length < 100_000).count() <= 1,
        "{lengths:?}"
    );
    assert!(lengths.iter().all(|length| *length < 2 * 100_000), "{lengths:?}");
    let written: Vec<_> = files.iter().map(|file| fs::metadata(file).unwrap().modified().unwrap()).collect();
    drop(first);
    // Taken over by the next process they get other names and stay as they are.
    let mut second = large(study.path());
    second.adopt().unwrap();
    second.keep(2500, &body(2500)).unwrap();
    second.put_together().unwrap();
    let files = rows_files(study.path());
    let now: Vec<_> = files.iter().map(|file| fs::metadata(file).unwrap().modified().unwrap()).collect();
    assert!(now.iter().filter(|now| !written.contains(now)).count() <= 1);
    assert!(files.iter().all(|file| file.to_string_lossy().contains(&second.process)), "{files:?}");
    assert_whole(&mut second, &(0..2000).chain([2500]).collect::<Vec<_>>());
}

#[test]
fn a_complete_study_in_one_sound_file_is_left_as_it_is() {
    let study = tempfile::tempdir().unwrap();
    kept(study.path(), 4, 0..4).put_together().unwrap();
    let (files, index) = (rows_files(study.path()), study.path().join("units/index.csv"));
    fs::write(&index, "").unwrap();
    let mut store = Store::of(study.path(), 4).unwrap();
    store.verify().unwrap();
    store.adopt().unwrap();
    store.put_together().unwrap();
    assert!(rows_files(study.path()) == files && index.exists());
}

#[test]
fn more_processes_that_died_than_files_may_be_open_are_taken_over() {
    let study = tempfile::tempdir().unwrap();
    let died = 3 * 100 + 7;
    for unit in 0..died {
        let mut store = kept(study.path(), died, [unit]);
        store.put_together().unwrap();
    }
    let mut last = Store::of(study.path(), died).unwrap();
    last.adopt().unwrap();
    assert_eq!(rows_files(study.path()).len(), 1);
    assert_whole(&mut last, &(0..died).collect::<Vec<_>>());
}

#[test]
fn damage_in_the_middle_of_a_file_costs_the_unit_it_lies_in() {
    let study = tempfile::tempdir().unwrap();
    kept(study.path(), 9, 0..9).put_together().unwrap();
    let file = rows_files(study.path()).remove(0);
    let good = fs::read(&file).unwrap();
    let text = String::from_utf8(good).unwrap();
    // A header, rows, and bytes that are gone.
    let at = |what: &str| text.find(what).unwrap();
    for bad in [
        text.replacen("unit 4 bytes", "unit 5 bytes", 1),
        text.replacen("4,a row", "4,a raw", 1),
        format!("{}{}", &text[..at("4,a row")], &text[at("4,a row") + 30..]),
        format!("{}{}", &text[..at("unit 4") + 40], &text[at("4,a row")..]),
    ] {
        fs::write(&file, bad).unwrap();
        let mut store = Store::of(study.path(), 9).unwrap();
        assert_whole(&mut store, &[0, 1, 2, 3, 5, 6, 7, 8]);
        assert!(!store.found().broken.is_empty());
    }
    // The next process drops what is damaged and nothing else.
    let mut store = Store::of(study.path(), 9).unwrap();
    store.verify().unwrap();
    store.adopt().unwrap();
    store.put_together().unwrap();
    let mut again = Store::of(study.path(), 9).unwrap();
    assert_whole(&mut again, &[0, 1, 2, 3, 5, 6, 7, 8]);
    assert!(again.found().broken.is_empty(), "{:?}", again.found().broken);
}

#[test]
fn a_unit_that_is_computed_again_is_not_lost_with_the_damaged_one() {
    let study = tempfile::tempdir().unwrap();
    drop(kept(study.path(), 3, [1]));
    let damaged = rows_files(study.path()).remove(0);
    fs::write(&damaged, "unit 1 bytes 3 sha").unwrap();
    let mut second = Store::of(study.path(), 3).unwrap();
    second.verify().unwrap();
    let mut first = kept(study.path(), 3, [1]);
    // Knows only of the damaged one, and takes it away.
    second.adopt().unwrap();
    second.put_together().unwrap();
    assert!(!damaged.exists());
    assert_whole(&mut first, &[1]);
}
