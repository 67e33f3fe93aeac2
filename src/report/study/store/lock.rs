//! Locks of processes: on the unit that one is at, and on the files in which it keeps units. A kill gives them up.
//! Knows nothing of what is in a unit.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use fs4::FileExt;

use crate::report::draft::refusal;

const LOCK: &str = ".lock";

/// The folder of locks.
#[derive(Debug)]
pub struct Locks(PathBuf);

/// Something that this process holds against others; given up when dropped, also by a kill.
#[derive(Debug)]
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

impl Locks {
    /// In a folder, which is made.
    pub fn of(folder: &Path) -> Result<Locks, String> {
        fs::create_dir_all(folder).map_err(|e| refusal("write to", folder, &e))?;
        Ok(Locks(folder.to_owned()))
    }

    /// Holds a unit against other processes; `None` where one of them is at it. `Err` where a lock cannot be made, so that nobody
    /// waits for a process that there is not.
    pub fn unit(&self, unit: u64) -> Result<Option<Held>, String> {
        let path = self.path(&unit.to_string());
        // Where a file system has no locks, two processes may compute the same unit: the same twice, which counts once.
        locked(&path).map(|locked| locked.map(|(held, _)| held)).map_err(|e| refusal("write", &path, &e))
    }

    /// Holds the files of a process; `None` where it lives, and where that cannot be known.
    pub fn process(&self, name: &str) -> Option<Held> {
        let held = locked(&self.path(name)).ok().flatten();
        held.filter(|(_, sure)| *sure).map(|(held, _)| held)
    }

    /// Removes locks that are of no more use: of units that are done, and of processes that are gone. Those that somebody holds stay.
    pub fn tidy(&self, own: &str, done: &dyn Fn(u64) -> bool) {
        for lock in fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let name = lock.file_name().to_string_lossy().into_owned();
            let Some(name) = name.strip_suffix(LOCK).filter(|name| *name != own) else { continue };
            // Dropped at once, which removes it.
            match name.parse() {
                Ok(unit) if done(unit) => drop(self.unit(unit)),
                Ok(_) => {}
                Err(_) => drop(self.process(name)),
            }
        }
    }

    fn path(&self, what: &str) -> PathBuf {
        self.0.join(format!("{what}{LOCK}"))
    }
}

/// A lock, and whether there are locks here at all; `None` where another process has it.
fn locked(path: &Path) -> io::Result<Option<(Held, bool)>> {
    let lock = File::create(path)?;
    let sure = match FileExt::try_lock(&lock) {
        Err(fs4::TryLockError::WouldBlock) => return Ok(None),
        locked => locked.is_ok(),
    };
    Ok(Some((Held { path: path.to_owned(), _lock: lock }, sure)))
}
