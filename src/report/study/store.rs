//! Finished units in a folder that several processes may write to, on one machine or on many.
//! Knows nothing of what is in a unit.
//!
//! A file holds frames, one after the other: `unit-12.rows` one that was just finished, `units-NAME.rows` those that one process
//! put together. A process that was killed leaves both; the next one that runs
//! puts them together with its own, which also drops what is damaged.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use fs4::FileExt;

use super::frame::{Header, LONGEST_HEADER, framed};
use super::index::{Index, unindex};
use crate::report::draft::{refusal, replace, tidy};

/// Loose units that are put together at the latest.
const MOST_LOOSE: usize = 256;
const ROWS: &str = "rows";
const LOOSE: &str = "unit-";
const TOGETHER: &str = "units-";
const LOCKS: &str = "locks";
/// How often units are looked for again that another process moves meanwhile.
const LOOKS: usize = 10;

/// Where a unit lies; one is held in memory for each unit of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<str>,
    /// Of the rows, behind the header.
    pub start: u64,
    pub header: Header,
}

/// Takes the rows of a unit, and where it was found.
pub type Taking<'a> = dyn FnMut(&Place, Vec<u8>) -> Result<(), String> + 'a;

/// The units of one study.
pub struct Store {
    folder: PathBuf,
    /// Units of the study; others are no units of it.
    units: u64,
    /// A set bit for each unit that is there.
    done: Vec<u64>,
    /// Files that were looked at, with their length and time of change.
    seen: BTreeMap<String, (u64, Option<SystemTime>)>,
    /// Files whose frames this process put or will put together.
    own: Vec<String>,
    /// Of the file in which this process puts units together.
    name: String,
    /// That nobody else takes that file over, nor those of processes that are gone and that this one took over.
    held: Vec<Held>,
    broken: Vec<String>,
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

/// A unit that this process is at, held against others; given up when dropped, also by a kill.
pub struct Held {
    path: PathBuf,
    _lock: File,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Another process may remove it first; a file that is left over locks nobody out.
        let _ = fs::remove_file(&self.path);
    }
}

impl Store {
    /// The units below a study's folder, which is made.
    pub fn of(study: &Path, units: u64) -> Result<Store, String> {
        let folder = study.join("units");
        fs::create_dir_all(folder.join(LOCKS)).map_err(|e| refusal("write to", &folder, &e))?;
        tidy(study);
        tidy(&folder);
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let name = format!("{TOGETHER}{}-{}.{ROWS}", std::process::id(), since.as_nanos());
        let words = usize::try_from(units.div_ceil(64)).map_err(|_| "too many units".to_owned())?;
        let mut store = Store {
            folder,
            units,
            done: vec![0; words],
            seen: BTreeMap::new(),
            own: Vec::new(),
            held: Vec::new(),
            name,
            broken: Vec::new(),
        };
        store.held.extend(store.hold(&store.name));
        store.refresh()?;
        Ok(store)
    }

    /// Looks at files that are new or changed since the last time.
    pub fn refresh(&mut self) -> Result<(), String> {
        for (file, length, changed) in self.files()? {
            if self.seen.get(&file) == Some(&(length, changed)) {
                continue;
            }
            // A file that was put together with others meanwhile is looked at under its new name.
            let Ok(opened) = File::open(self.folder.join(&file)) else { continue };
            let mut done = Vec::new();
            let whole = frames(opened, &file, &mut |place| done.push(place.header.unit));
            if let Err(why) = whole {
                self.broken.push(why);
            }
            done.into_iter().for_each(|unit| self.mark(unit));
            self.seen.insert(file, (length, changed));
        }
        Ok(())
    }

    /// Files with units, by name.
    fn files(&self) -> Result<Vec<(String, u64, Option<SystemTime>)>, String> {
        let unreadable = |e: std::io::Error| refusal("read", &self.folder, &e);
        let mut all = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_rows = name.starts_with(LOOSE) || name.starts_with(TOGETHER);
            if is_rows
                && Path::new(&name).extension().is_some_and(|end| end == ROWS)
                && let Ok(data) = entry.metadata()
            {
                all.push((name, data.len(), data.modified().ok()));
            }
        }
        all.sort();
        Ok(all)
    }

    fn mark(&mut self, unit: u64) {
        if unit < self.units {
            self.done[(unit / 64) as usize] |= 1 << (unit % 64);
        }
    }

    pub fn has(&self, unit: u64) -> bool {
        self.done.get((unit / 64) as usize).is_some_and(|word| word >> (unit % 64) & 1 == 1)
    }

    pub fn found(&self) -> Found {
        Found {
            done: self.done.iter().map(|word| u64::from(word.count_ones())).sum(),
            units: self.units,
            files: self.seen.len(),
            broken: self.broken.clone(),
        }
    }

    /// Holds a unit against other processes; `None` where one of them is at it. `Err` where a lock cannot be made, so that nobody
    /// waits for a process that there is not.
    pub fn hold_unit(&self, unit: u64) -> Result<Option<Held>, String> {
        let path = self.lock(&unit.to_string());
        // Where a file system has no locks, two processes may compute the same unit: the same twice, which counts once.
        self.locked(&path).map(|locked| locked.map(|(held, _)| held)).map_err(|e| refusal("write", &path, &e))
    }

    /// Holds a file of units; `None` where another process does, and where that cannot be known.
    fn hold(&self, file: &str) -> Option<Held> {
        let held = self.locked(&self.lock(file)).ok().flatten();
        held.filter(|(_, sure)| *sure).map(|(held, _)| held)
    }

    fn lock(&self, what: &str) -> PathBuf {
        self.folder.join(LOCKS).join(format!("{what}.lock"))
    }

    /// A lock, and whether there are locks here at all; `None` where another process has it.
    fn locked(&self, path: &Path) -> std::io::Result<Option<(Held, bool)>> {
        let lock = File::create(path)?;
        let sure = match FileExt::try_lock(&lock) {
            Err(fs4::TryLockError::WouldBlock) => return Ok(None),
            locked => locked.is_ok(),
        };
        Ok(Some((Held { path: path.to_owned(), _lock: lock }, sure)))
    }

    /// Keeps a finished unit.
    pub fn keep(&mut self, unit: u64, body: &[u8]) -> Result<(), String> {
        let file = format!("{LOOSE}{unit}.{ROWS}");
        let path = self.folder.join(&file);
        replace(&path, &framed(unit, body))?;
        self.mark(unit);
        if let Ok(data) = fs::metadata(&path) {
            self.seen.insert(file.clone(), (data.len(), data.modified().ok()));
        }
        self.own.push(file);
        if self.own.len() > MOST_LOOSE {
            self.put_together()?;
        }
        Ok(())
    }

    /// Takes over what processes that are gone have left: loose units, and files that nobody holds any more.
    pub fn adopt(&mut self) {
        self.unlock();
        let others: Vec<String> = self.seen.keys().filter(|file| !self.own.contains(file)).cloned().collect();
        for file in others {
            if file.starts_with(TOGETHER) {
                let Some(held) = self.hold(&file) else { continue };
                self.held.push(held);
            }
            self.own.push(file);
        }
    }

    /// Removes locks of units that are finished; those that somebody holds stay.
    fn unlock(&self) {
        let locks = fs::read_dir(self.folder.join(LOCKS)).into_iter().flatten().flatten();
        for lock in locks {
            let name = lock.file_name().to_string_lossy().into_owned();
            let Some(unit) = name.strip_suffix(".lock").and_then(|unit| unit.parse().ok()) else { continue };
            if self.has(unit) {
                // Dropped at once, which removes it.
                drop(self.hold_unit(unit));
            }
        }
    }

    /// Puts this process's units into one file. Killed at any moment every unit is in one of the files, or in both.
    pub fn put_together(&mut self) -> Result<(), String> {
        if self.own.iter().all(|file| *file == self.name) {
            return Ok(());
        }
        let mut all = Vec::new();
        let mut files = std::mem::take(&mut self.own);
        files.dedup();
        for file in &files {
            let path = self.folder.join(file);
            match fs::read(&path) {
                Ok(bytes) => whole_frames(&bytes, &mut all),
                // Another process has taken it over.
                Err(e) if e.kind() == ErrorKind::NotFound => {}
                // What cannot be read now is there still, and stays.
                Err(e) => {
                    self.own = files;
                    return Err(refusal("read", &path, &e));
                }
            }
        }
        let path = self.folder.join(&self.name);
        if let Err(why) = replace(&path, &all) {
            self.own = files;
            return Err(why);
        }
        if let Ok(data) = fs::metadata(&path) {
            self.seen.insert(self.name.clone(), (data.len(), data.modified().ok()));
        }
        unindex(&self.folder);
        for file in files.iter().filter(|file| **file != self.name) {
            // Another process may have taken it over as well.
            let _ = fs::remove_file(self.folder.join(file));
            self.seen.remove(file);
        }
        // One that was written in between.
        unindex(&self.folder);
        self.own = vec![self.name.clone()];
        Ok(())
    }

    /// Reads all there is and checks it byte by byte: units that do not fit their checksum are no longer there, and are told.
    pub fn verify(&mut self) -> Result<(), String> {
        self.verified(LOOKS)
    }

    /// Looks so many times again where units are moved meanwhile.
    fn verified(&mut self, looks: usize) -> Result<(), String> {
        let (units, places) = (self.units, self.places()?);
        self.done.iter_mut().for_each(|word| *word = 0);
        let mut moved = false;
        for place in places.iter().filter(|place| place.header.unit < units) {
            match self.body(place) {
                Ok(_) => self.mark(place.header.unit),
                // Another process has put it elsewhere.
                Err(_) if !self.folder.join(&*place.file).exists() => moved = true,
                Err(why) => self.broken.push(why),
            }
        }
        if moved && looks > 0 {
            return self.verified(looks - 1);
        }
        self.broken.sort();
        self.broken.dedup();
        Ok(())
    }

    /// Where each unit lies, by unit; more than one place where it is there twice.
    fn places(&self) -> Result<Vec<Place>, String> {
        let mut places = Vec::new();
        for (file, ..) in self.files()? {
            let Ok(opened) = File::open(self.folder.join(&file)) else { continue };
            // What is broken is told by `refresh`.
            let _ = frames(opened, &file, &mut |place| places.push(place));
        }
        // Those of one unit stay in the order of their files.
        places.sort_by_key(|place| place.header.unit);
        Ok(places)
    }

    /// Begins an index of the units.
    pub fn index(&self) -> Result<Index, String> {
        Index::of(&self.folder)
    }

    fn body(&self, place: &Place) -> Result<Vec<u8>, String> {
        let path = self.folder.join(&*place.file);
        let read = || {
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(place.start))?;
            let mut body = Vec::new();
            file.take(place.header.bytes).read_to_end(&mut body)?;
            Ok(body)
        };
        let body = read().map_err(|e: std::io::Error| refusal("read", &path, &e))?;
        match place.header.fits(&body) {
            true => Ok(body),
            false => {
                Err(format!("unit {} in `{}` does not fit its checksum", place.header.unit, path.display()))
            }
        }
    }

    /// The rows of each unit, in order; what is not there, or does not fit its checksum in any file, is counted and passed over.
    pub fn each(&self, one: &mut dyn FnMut(u64, Vec<u8>) -> Result<(), String>) -> Result<u64, String> {
        self.each_at(&mut |place, body| one(place.header.unit, body))
    }

    /// As [`Store::each`], and where each unit was found.
    pub fn each_at(&self, one: &mut Taking) -> Result<u64, String> {
        let mut missing = 0;
        let mut places = self.places()?;
        for unit in 0..self.units {
            let mut found = self.whole(&places, unit);
            for _ in 0..LOOKS {
                if found.is_some() || !self.has(unit) {
                    break;
                }
                // A process that runs meanwhile has put it elsewhere.
                places = self.places()?;
                found = self.whole(&places, unit);
            }
            match found {
                Some((place, body)) => one(place, body)?,
                None => missing += 1,
            }
        }
        Ok(missing)
    }

    /// The first place of a unit whose rows fit their checksum.
    fn whole<'a>(&self, places: &'a [Place], unit: u64) -> Option<(&'a Place, Vec<u8>)> {
        let first = places.partition_point(|place| place.header.unit < unit);
        let of_unit = places[first..].iter().take_while(|place| place.header.unit == unit);
        of_unit.filter_map(|place| Some((place, self.body(place).ok()?))).next()
    }
}

/// The headers of a file's frames, each with its place. `Err` says where the file is no longer frames.
fn frames(mut file: File, name: &str, each: &mut dyn FnMut(Place)) -> Result<(), String> {
    let unreadable = |e: std::io::Error| format!("`{name}` cannot be read: {e}");
    let length = file.metadata().map_err(unreadable)?.len();
    let shared: Arc<str> = name.into();
    let mut at = 0;
    while at < length {
        let mut head = vec![0; LONGEST_HEADER.min((length - at) as usize)];
        file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut head)).map_err(unreadable)?;
        let Some((header, behind)) = Header::read(&head) else {
            return Err(format!("`{name}` is damaged at byte {at}"));
        };
        let start = at + behind as u64;
        let end = start.saturating_add(header.bytes);
        if end > length {
            return Err(format!("`{name}` is cut off at byte {length}"));
        }
        each(Place { file: shared.clone(), start, header });
        at = end;
    }
    Ok(())
}

/// Copies frames that fit their checksum.
fn whole_frames(bytes: &[u8], into: &mut Vec<u8>) {
    let mut at = 0;
    while let Some((header, behind)) = bytes.get(at..).and_then(Header::read) {
        let Some(end) = usize::try_from(header.bytes).ok().and_then(|n| (at + behind).checked_add(n)) else {
            return;
        };
        let Some(body) = bytes.get(at + behind..end) else { return };
        if header.fits(body) {
            into.extend_from_slice(&bytes[at..end]);
        }
        at = end;
    }
}
