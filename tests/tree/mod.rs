//! The files of this repository, as the tests about its house see them.
//! Knows nothing of what is in them.

// Each test uses a part.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

/// One file or link: its path from the root with `/`, and where it lies.
pub struct File {
    pub path: String,
    pub place: PathBuf,
}

impl File {
    /// Its text, lossy; empty where it is not a file.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.place).unwrap_or_default()).into_owned()
    }
}

/// The folder of `Cargo.toml`.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files under `folder` (`""`: all of the repository), by path, without what is built, run or fuzzed.
pub fn files(folder: &str) -> Vec<File> {
    let mut found = Vec::new();
    gather(&root().join(folder), folder, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn gather(place: &Path, path: &str, found: &mut Vec<File>) {
    // Each target folder of cargo carries this tag, whatever its name.
    if place.join("CACHEDIR.TAG").exists() {
        return;
    }
    let Ok(entries) = fs::read_dir(place) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if path.is_empty() { name } else { format!("{path}/{name}") };
        let place = entry.path();
        let folder = fs::symlink_metadata(&place).is_ok_and(|data| data.is_dir());
        match path.as_str() {
            ".git" | "outputs" | "target" | "fuzz/target" | "fuzz/artifacts" => {}
            _ if folder => gather(&place, &path, found),
            _ => found.push(File { path, place }),
        }
    }
}
