//! A file that is written beside its place and gets it when it is complete: in place of another, or as the first only.
//! Knows nothing of what is in it.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::report::draft::{WRITING, beside, refusal};

/// Gives a file a second name, if there is nothing of that name.
type Link = dyn Fn(&Path, &Path) -> io::Result<()> + Sync;

/// A file that is not in its place yet; dropped, it is removed.
pub struct Beside {
    beside: PathBuf,
    place: PathBuf,
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Once it is in its place there is nothing to remove, or a second name of it.
        let _ = fs::remove_file(&self.beside);
    }
}

impl Beside {
    /// An empty file of a name that no other process has, also none of another machine; named as drafts are, so that what a kill
    /// leaves is tidied away.
    pub fn of(place: &Path) -> Result<(Beside, File), String> {
        loop {
            let beside = beside(place);
            match File::create_new(&beside) {
                Ok(file) => return Ok((Beside { beside, place: place.to_owned() }, file)),
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
                Err(e) => return Err(refusal("write", place, &e)),
            }
        }
    }

    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Gives the file its place, whatever is there.
    pub fn replace(&self) -> Result<(), String> {
        fs::rename(&self.beside, &self.place).map_err(|e| refusal("write", &self.place, &e))
    }

    /// Gives the file its place if nothing is there; `false` where another was first. Of several at once exactly one is.
    pub fn first(&self) -> Result<bool, String> {
        self.first_by(&|from, to| fs::hard_link(from, to))
    }

    fn first_by(&self, link: &Link) -> Result<bool, String> {
        match link(&self.beside, &self.place) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
            // Some file systems have no hard links (exFAT), some systems let nobody make them.
            Err(_) => self.first_locked(),
        }
    }

    /// The same under a lock, which a kill gives up; a claim by a file's name alone would outlive its process and lock all out.
    fn first_locked(&self) -> Result<bool, String> {
        let there = || fs::symlink_metadata(&self.place).is_ok();
        let name = self.place.file_name().unwrap_or_default().to_string_lossy();
        let path = self.place.with_file_name(format!("{WRITING}{name}.lock"));
        let lock = match File::create(&path) {
            Ok(lock) => lock,
            Err(_) if there() => return Ok(false),
            Err(e) => return Err(refusal("write", &path, &e)),
        };
        // Where there are no locks either, of two in the same instant the later one wins.
        let _ = lock.lock();
        let first = !there();
        if first {
            self.replace()?;
        }
        // Who waits for this lock, or makes another of its name, finds the place taken.
        let _ = fs::remove_file(&path);
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    fn link(from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn none(_: &Path, _: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into()).collect()
    }

    fn written(place: &Path, bytes: &[u8]) -> Beside {
        let (beside, mut file) = Beside::of(place).unwrap();
        file.write_all(bytes).unwrap();
        beside
    }

    #[test]
    fn of_many_at_once_one_is_first_and_its_bytes_stay_also_without_hard_links() {
        let ways: [&Link; 2] = [&link, &none];
        for (way, round) in ways.iter().flat_map(|way| (0..50).map(move |round| (way, round))) {
            let folder = tempfile::tempdir().unwrap();
            let place = folder.path().join("a.json");
            let begin = Barrier::new(4);
            let one = |n: usize| {
                let beside = written(&place, n.to_string().as_bytes());
                begin.wait();
                beside.first_by(way).unwrap()
            };
            let first: Vec<usize> = thread::scope(|scope| {
                let all: Vec<_> = (0..4).map(|n| scope.spawn(move || one(n))).collect();
                let all = all.into_iter().map(|thread| thread.join().unwrap()).enumerate();
                all.filter(|(_, first)| *first).map(|(n, _)| n).collect()
            });
            assert_eq!(first.len(), 1, "round {round}");
            assert_eq!(fs::read_to_string(&place).unwrap(), first[0].to_string());
            assert_eq!(names(folder.path()), ["a.json"], "round {round}");
        }
    }

    #[test]
    fn what_a_kill_leaves_keeps_nobody_from_being_first() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.json");
        // Killed while it wrote, and while it held the lock.
        std::mem::forget(written(&place, b"ha"));
        File::create(folder.path().join(format!("{WRITING}a.json.lock"))).unwrap();
        assert!(written(&place, b"whole").first_by(&none).unwrap());
        assert!(!written(&place, b"late").first_by(&none).unwrap());
        assert!(!written(&place, b"late").first().unwrap());
        assert_eq!(fs::read(&place).unwrap(), b"whole");
    }
}
