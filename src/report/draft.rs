//! Folders and files that are complete or not there: written beside their place, then renamed.
//! Knows nothing of what is in them.
//!
//! A folder that stands in the place is renamed aside, the draft renamed in, the old one removed: killed at any moment this leaves the
//! old complete folder (perhaps under its aside name, from which the next draft brings it back), or the new one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use super::{digest8, sha256};

/// Begins the name of what is not yet in its place.
pub const WRITING: &str = ".writing-";
const OLD: &str = ".old-";
/// No process writes a folder for so long; what is older was left by one that was killed.
const ABANDONED: Duration = Duration::from_secs(3600);
/// What a process of this machine left that is gone.
const ORPHANED: Duration = Duration::from_secs(60);

/// A folder that is being written; dropped, it is removed.
#[derive(Debug)]
pub struct Draft {
    beside: PathBuf,
    target: PathBuf,
}

impl Draft {
    /// An empty folder beside `target`, whose parents are made; leftovers of killed processes there are removed.
    pub fn of(target: &Path) -> Result<Draft, String> {
        let parent = parent(target);
        fs::create_dir_all(parent).map_err(|e| refusal("write to", parent, &e))?;
        sweep(parent, SystemTime::now());
        let beside = fresh(target, WRITING);
        fs::create_dir(&beside).map_err(|e| refusal("write to", parent, &e))?;
        Ok(Draft { beside, target: target.to_owned() })
    }

    /// Writes a file; `path` has `/` between its parts.
    pub fn file(&self, path: &str, bytes: &[u8]) -> Result<(), String> {
        let place = self.beside.join(path);
        let written = fs::create_dir_all(parent(&place)).and_then(|()| {
            let mut file = File::create(&place)?;
            file.write_all(bytes)?;
            // Some file systems tell only now that the disk is full.
            file.sync_all()
        });
        written.map_err(|e| refusal("write", &self.target.join(path), &e))
    }

    /// Takes in a file that was written beside the folder's place.
    pub fn take(&self, path: &str, beside: &Path) -> Result<(), String> {
        let place = self.beside.join(path);
        let taken = fs::create_dir_all(parent(&place)).and_then(|()| fs::rename(beside, &place));
        taken.map_err(|e| refusal("write", &self.target.join(path), &e))
    }

    /// Renames the draft into its place. A folder there is replaced if `ours` knows it, else it is refused.
    pub fn place(self, ours: &dyn Fn(&Path) -> bool) -> Result<(), String> {
        let told = |e: &io::Error| refusal("write", &self.target, e);
        let mut last = None;
        // Another process may put the same folder there in between.
        for _ in 0..10 {
            let mut aside = None;
            if fs::symlink_metadata(&self.target).is_ok() {
                if !ours(&self.target) {
                    return Err(format!(
                        "`{}` is there already and was not written by this program; move it or choose another folder with --out",
                        self.target.display()
                    ));
                }
                let old = fresh(&self.target, OLD);
                match fs::rename(&self.target, &old) {
                    Ok(()) => aside = Some(old),
                    Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                    Err(e) => return Err(told(&e)),
                }
            }
            match fs::rename(&self.beside, &self.target) {
                Ok(()) => {
                    // What cannot be removed now is swept later.
                    aside.map(fs::remove_dir_all);
                    return Ok(());
                }
                Err(e) => {
                    if let Some(old) = aside {
                        // If another folder took the place, the old one is superfluous.
                        let _ = fs::rename(&old, &self.target).or_else(|_| fs::remove_dir_all(&old));
                    }
                    last = Some(e);
                }
            }
        }
        Err(last.map_or_else(|| format!("cannot write `{}`", self.target.display()), |e| told(&e)))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After `place` there is nothing to remove.
        let _ = fs::remove_dir_all(&self.beside);
    }
}

/// Writes a file completely or not at all.
pub fn replace(target: &Path, bytes: &[u8]) -> Result<(), String> {
    let beside = fresh(target, WRITING);
    let written = File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, target));
    written.map_err(|e| {
        let _ = fs::remove_file(&beside);
        refusal("write", target, &e)
    })
}

/// Whether folders can be written into `out`: asked before hours of computing. Makes `out`.
pub fn probe(out: &Path) -> Result<(), String> {
    Draft::of(&out.join("probe"))?.file("probe.txt", b"a file that is removed at once\n")
}

/// Why something cannot be done with a path, as one sentence.
pub fn refusal(deed: &str, path: &Path, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is a file, not a folder".to_owned(),
        io::ErrorKind::AlreadyExists => "a file of that name is there already".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    };
    format!("cannot {deed} `{}`: {why}", path.display())
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => Path::new("."),
    }
}

/// Where a file is written that a folder beside it will take in; left by a process that was killed, it is removed.
pub fn beside(target: &Path) -> PathBuf {
    fresh(target, WRITING)
}

/// A path beside `target` that no other call gives.
fn fresh(target: &Path, prefix: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = target.file_name().map_or("folder".into(), |name| name.to_string_lossy());
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = parent(target).join(format!("{prefix}{name}-{}-{}-{number}", here(), std::process::id()));
        if fs::symlink_metadata(&path).is_err() {
            return path;
        }
    }
}

/// Removes from a folder what processes that are gone left unfinished.
pub fn tidy(folder: &Path) {
    sweep(folder, SystemTime::now());
}

/// Removes abandoned drafts; brings a folder back that was renamed aside and not replaced.
fn sweep(parent: &Path, now: SystemTime) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let (path, file) = (entry.path(), entry.file_name());
        let Some(name) = file.to_str() else { continue };
        let age = entry.metadata().and_then(|m| m.modified()).map(|at| now.duration_since(at));
        let longest = if gone(name) { ORPHANED } else { ABANDONED };
        let abandoned = matches!(age, Ok(Ok(age)) if age > longest);
        if abandoned && name.starts_with(WRITING) {
            let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
        } else if abandoned && let Some(of) = name.strip_prefix(OLD) {
            let target = of.rsplitn(4, '-').nth(3).map(|name| parent.join(name));
            match target {
                Some(target) if !target.exists() => drop(fs::rename(&path, target)),
                _ => drop(fs::remove_dir_all(&path)),
            }
        }
    }
}

/// Sets apart machines, and containers of one machine, that write into the same folder: their processes have the same numbers.
pub fn here() -> &'static str {
    static HERE: LazyLock<String> = LazyLock::new(|| {
        let [name, boot] = ["hostname", "random/boot_id"]
            .map(|of| fs::read(Path::new("/proc/sys/kernel").join(of)).unwrap_or_default());
        let processes = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        let all = [name, boot, processes.to_string_lossy().into_owned().into_bytes()].concat();
        digest8(&sha256(&all)).to_owned()
    });
    &HERE
}

/// Whether the process that `name` carries is known not to run any more: told by systems that list theirs in `/proc`.
fn gone(name: &str) -> bool {
    let processes = Path::new("/proc");
    let mut parts = name.rsplit('-').skip(1);
    let (process, machine) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_number = !process.is_empty() && process.bytes().all(|b| b.is_ascii_digit());
    machine == here() && is_number && processes.join("self").exists() && !processes.join(process).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_is_there_when_it_is_complete_and_not_before() {
        let out = tempfile::tempdir().unwrap();
        let target = out.path().join("new/run");
        let draft = Draft::of(&target).unwrap();
        draft.file("a.csv", b"1").unwrap();
        draft.file("figures/b.svg", b"2").unwrap();
        assert!(!target.exists());
        draft.place(&|_| false).unwrap();
        assert_eq!(names(&target), ["a.csv", "figures"]);
        assert_eq!(names(&out.path().join("new")), ["run"]);
    }

    #[test]
    fn a_failure_in_the_middle_leaves_the_old_folder_and_nothing_else() {
        let out = tempfile::tempdir().unwrap();
        let target = out.path().join("run");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("old.csv"), "old").unwrap();
        let draft = Draft::of(&target).unwrap();
        draft.file("a.csv", b"1").unwrap();
        let said = draft.file("a.csv/b.csv", b"2").unwrap_err();
        assert!(said.contains("cannot write") && said.contains("run"), "{said}");
        drop(draft);
        assert_eq!(names(out.path()), ["run"]);
        assert_eq!(names(&target), ["old.csv"]);
    }

    #[test]
    fn a_folder_of_ours_is_replaced_whole_and_a_strange_one_is_kept() {
        let out = tempfile::tempdir().unwrap();
        let target = out.path().join("run");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("old.csv"), "old").unwrap();
        let draft = Draft::of(&target).unwrap();
        draft.file("new.csv", b"new").unwrap();
        assert!(draft.place(&|_| false).unwrap_err().contains("was not written by this program"));
        assert_eq!(names(&target), ["old.csv"]);
        let draft = Draft::of(&target).unwrap();
        draft.file("new.csv", b"new").unwrap();
        draft.place(&|_| true).unwrap();
        assert_eq!(names(&target), ["new.csv"]);
        assert_eq!(names(out.path()), ["run"]);
    }

    #[test]
    fn leftovers_are_swept_when_old_and_a_folder_left_aside_comes_back() {
        let out = tempfile::tempdir().unwrap();
        for name in [".writing-x-a0-1-0", ".old-my-run-a0-1-0", ".old-kept-a0-1-0", "kept"] {
            fs::create_dir(out.path().join(name)).unwrap();
        }
        sweep(out.path(), SystemTime::now());
        assert_eq!(names(out.path()).len(), 4, "young ones may belong to a living process");
        sweep(out.path(), SystemTime::now() + 2 * ABANDONED);
        assert_eq!(names(out.path()), ["kept", "my-run"]);
    }

    #[test]
    fn leftovers_of_a_process_that_is_gone_are_swept_sooner() {
        let out = tempfile::tempdir().unwrap();
        let own = format!("{WRITING}x-{}-{}-0", here(), std::process::id());
        let gone = format!("{WRITING}x-{}-4294967295-0", here());
        // Of another machine nobody knows that here.
        let there = format!("{WRITING}x-a0-4294967295-0");
        for name in [&own, &gone, &there] {
            fs::create_dir(out.path().join(name)).unwrap();
        }
        sweep(out.path(), SystemTime::now() + 2 * ORPHANED);
        let left = names(out.path());
        assert!(left.contains(&own) && left.contains(&there), "{left:?}");
        assert_eq!(left.contains(&gone), !Path::new("/proc/self").exists());
    }

    #[test]
    fn an_unwritable_place_is_one_sentence() {
        let out = tempfile::tempdir().unwrap();
        let file = out.path().join("file");
        fs::write(&file, "x").unwrap();
        let said = probe(&file.join("runs")).unwrap_err();
        assert!(said.starts_with("cannot write to") && !said.contains("os error"), "{said}");
        probe(&out.path().join("runs")).unwrap();
        assert!(names(&out.path().join("runs")).is_empty());
    }

    #[test]
    fn a_file_is_replaced_at_once() {
        let out = tempfile::tempdir().unwrap();
        let file = out.path().join("latest.txt");
        replace(&file, b"one").unwrap();
        replace(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(names(out.path()), ["latest.txt"]);
    }
}
