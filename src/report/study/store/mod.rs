//! Finished units in a folder that several processes may write to, on one machine or on many.
//! Knows nothing of what is in a unit.
//!
//! A file holds frames, one after the other: `unit-12-PROCESS.rows` one that was just finished, `units-PROCESS-NUMBER.rows` those that one
//! process put together. A process that was killed leaves both; the next one that runs puts them together with its own, which also drops what is
//! damaged.
//!
//! Memory: a bit for each unit; while units are read in order, 24 bytes for each.

mod frame;
mod index;
mod lock;
mod spots;
#[cfg(test)]
mod tests;
mod together;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::report::draft::{refusal, replace, tidy};
use frame::framed;
pub use index::Index;
use lock::{Held, Locks};
pub use spots::Place;
use spots::Spots;
use together::{LARGE, Own};
use walk::{Frame, Walk};

const ROWS: &str = "rows";
const LOOSE: &str = "unit-";
const TOGETHER: &str = "units-";
const LOCKS: &str = "locks";
/// How often units are looked for again that another process moves meanwhile.
const LOOKS: usize = 10;

/// Takes the rows of a unit, and where it was found.
pub type Taking<'a> = dyn FnMut(&Place, Vec<u8>) -> Result<(), String> + 'a;

/// Of a file when it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    length: u64,
    changed: Option<SystemTime>,
}

/// The units of one study.
pub struct Store {
    folder: PathBuf,
    /// Units of the study; others are no units of it.
    units: u64,
    done: Units,
    /// Files that were looked at, and those of them that are not all frames.
    seen: BTreeMap<String, Seen>,
    damaged: BTreeSet<String>,
    /// Files whose frames this process put or will put together.
    own: Vec<Own>,
    /// This process in the names of its files, which no other writes.
    process: String,
    /// How many such files it began.
    begun: u64,
    /// Bytes of a file to which nothing more is put.
    large: u64,
    locks: Locks,
    /// That nobody else takes its files over; `None` where that cannot be had.
    _held: Option<Held>,
    broken: BTreeSet<String>,
}

/// Some units of a study: a set bit for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units(Vec<u64>);

impl Units {
    fn none(of: u64) -> Result<Units, String> {
        let words = usize::try_from(of.div_ceil(64)).map_err(|_| "too many units".to_owned())?;
        Ok(Units(vec![0; words]))
    }

    fn add(&mut self, unit: u64) {
        self.0[(unit / 64) as usize] |= 1 << (unit % 64);
    }

    pub fn has(&self, unit: u64) -> bool {
        self.0.get((unit / 64) as usize).is_some_and(|word| word >> (unit % 64) & 1 == 1)
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

/// What a folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub done: u64,
    pub units: u64,
    pub files: usize,
    /// Files with what cannot be read, and why.
    pub broken: Vec<String>,
}

impl Store {
    /// The units below a study's folder, which is made.
    pub fn of(study: &Path, units: u64) -> Result<Store, String> {
        let folder = study.join("units");
        let locks = Locks::of(&folder.join(LOCKS))?;
        tidy(study);
        tidy(&folder);
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let process = format!("{}-{}", std::process::id(), since.as_nanos());
        let mut store = Store {
            folder,
            units,
            done: Units::none(units)?,
            seen: BTreeMap::new(),
            damaged: BTreeSet::new(),
            own: Vec::new(),
            _held: locks.process(&process),
            process,
            begun: 0,
            large: LARGE,
            locks,
            broken: BTreeSet::new(),
        };
        store.refresh()?;
        Ok(store)
    }

    /// Looks at files that are new or changed since the last time.
    pub fn refresh(&mut self) -> Result<(), String> {
        let files = self.files()?;
        self.seen.retain(|file, _| files.contains_key(file));
        for (file, now) in files {
            if self.seen.get(&file) == Some(&now) {
                continue;
            }
            // A file that was put together with others meanwhile is looked at under its new name.
            let Some(opened) = self.opened(&file)? else { continue };
            let walked = self.walked(opened, &mut |store, _, frame| {
                store.mark(frame.header.unit);
                Ok(())
            });
            self.tell(&file, walked);
            self.seen.insert(file, now);
        }
        Ok(())
    }

    /// Tells each frame of a file; what comes back are the bytes that are no frames.
    fn walked(
        &mut self,
        file: File,
        each: &mut dyn FnMut(&mut Store, &mut Walk, Frame) -> io::Result<()>,
    ) -> io::Result<Vec<Range<u64>>> {
        let mut walk = Walk::of(file)?;
        while let Some(frame) = walk.next()? {
            each(self, &mut walk, frame)?;
        }
        Ok(walk.damaged)
    }

    /// A file with units; `None` where it is gone.
    fn opened(&self, file: &str) -> Result<Option<File>, String> {
        let path = self.folder.join(file);
        match File::open(&path) {
            Ok(file) => Ok(Some(file)),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(refusal("read", &path, &e)),
        }
    }

    /// Keeps in mind what of a file is no frames.
    fn tell(&mut self, file: &str, walked: io::Result<Vec<Range<u64>>>) {
        let told = match walked {
            Ok(damaged) => damaged
                .into_iter()
                .map(|Range { start, end }| {
                    format!("`{file}` is damaged or cut off from byte {start} to {end}")
                })
                .collect(),
            // Where it was removed in between, its units are elsewhere.
            Err(_) if !self.folder.join(file).exists() => Vec::new(),
            Err(e) => vec![format!("`{file}` cannot be read: {e}")],
        };
        if !told.is_empty() {
            self.damaged.insert(file.to_owned());
        }
        self.broken.extend(told);
    }

    /// Files with units, by name.
    fn files(&self) -> Result<BTreeMap<String, Seen>, String> {
        let unreadable = |e: io::Error| refusal("read", &self.folder, &e);
        let mut all = BTreeMap::new();
        for entry in fs::read_dir(&self.folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_rows = name.starts_with(LOOSE) || name.starts_with(TOGETHER);
            if is_rows
                && Path::new(&name).extension().is_some_and(|end| end == ROWS)
                && let Ok(data) = entry.metadata()
            {
                all.insert(name, Seen { length: data.len(), changed: data.modified().ok() });
            }
        }
        Ok(all)
    }

    fn mark(&mut self, unit: u64) {
        if unit < self.units {
            self.done.add(unit);
        }
    }

    pub fn has(&self, unit: u64) -> bool {
        self.done.has(unit)
    }

    /// Units that are there now.
    pub fn there(&self) -> Units {
        self.done.clone()
    }

    pub fn found(&self) -> Found {
        Found {
            done: self.done.count(),
            units: self.units,
            files: self.seen.len(),
            broken: self.broken.iter().cloned().collect(),
        }
    }

    /// Holds a unit against other processes; `None` where one of them is at it.
    pub fn hold(&self, unit: u64) -> Result<Option<Held>, String> {
        self.locks.unit(unit)
    }

    /// Keeps a finished unit.
    pub fn keep(&mut self, unit: u64, body: &[u8]) -> Result<(), String> {
        let file = format!("{LOOSE}{unit}-{}.{ROWS}", self.process);
        let frame = framed(unit, body);
        replace(&self.folder.join(&file), &frame)?;
        self.mark(unit);
        self.is_own(file, frame.len() as u64);
        self.put_loose_together()
    }

    /// Reads all there is and checks it byte by byte: units that do not fit their checksum are no longer there, and are told.
    pub fn verify(&mut self) -> Result<(), String> {
        self.done = Units::none(self.units)?;
        for _ in 0..=LOOKS {
            let mut moved = false;
            for file in self.files()?.into_keys() {
                match self.opened(&file)? {
                    Some(opened) => self.check(&file, opened),
                    None => moved = true,
                }
            }
            if !moved {
                break;
            }
            // Another process has put them elsewhere.
        }
        Ok(())
    }

    fn check(&mut self, file: &str, opened: File) {
        let walked = self.walked(opened, &mut |store, walk, frame| {
            let (unit, body) = (frame.header.unit, walk.rows(&frame)?);
            if frame.header.fits(&body) {
                store.mark(unit);
                return Ok(());
            }
            store.damaged.insert(file.to_owned());
            store.broken.insert(format!("unit {unit} in `{file}` does not fit its checksum"));
            Ok(())
        });
        self.tell(file, walked);
    }

    /// Begins an index of the units.
    pub fn index(&self) -> Result<Index, String> {
        Index::of(&self.folder)
    }

    /// The rows of each unit, in order; what is not there, or does not fit its checksum in any file, is counted and passed over.
    pub fn each(&self, one: &mut dyn FnMut(u64, Vec<u8>) -> Result<(), String>) -> Result<u64, String> {
        self.each_at(&mut |place, body| one(place.frame.header.unit, body))
    }

    /// As [`Store::each`], and where each unit was found.
    pub fn each_at(&self, one: &mut Taking) -> Result<u64, String> {
        let mut missing = 0;
        let mut spots = Spots::of(self)?;
        for unit in 0..self.units {
            let mut found = spots.whole(unit);
            for _ in 0..LOOKS {
                if found.is_some() || !self.has(unit) {
                    break;
                }
                // A process that runs meanwhile has put it elsewhere.
                spots = Spots::of(self)?;
                found = spots.whole(unit);
            }
            match found {
                Some((place, body)) => one(&place, body)?,
                None => missing += 1,
            }
        }
        Ok(missing)
    }
}
