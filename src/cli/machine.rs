//! What this machine has left: memory and disk.
//! Knows where systems tell it; `None` where they do not.

use std::fs;
use std::path::Path;

/// In bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Left {
    pub memory: Option<u64>,
    pub disk: Option<u64>,
}

impl Left {
    /// `out`: where files will be written; it need not be there yet.
    pub fn here(out: &Path) -> Left {
        let text = |path: &str| fs::read_to_string(path).ok();
        let of_all = text("/proc/meminfo").and_then(|text| available(&text));
        // A container may have less than the machine.
        let limit = text("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse::<u64>().ok());
        let used = text("/sys/fs/cgroup/memory.current").and_then(|text| text.trim().parse::<u64>().ok());
        let of_own = limit.zip(used).map(|(limit, used)| limit.saturating_sub(used));
        let memory = [of_all, of_own].into_iter().flatten().min();
        let place = fs::canonicalize(".").unwrap_or_default().join(out);
        let disk =
            place.ancestors().find(|path| path.is_dir()).and_then(|path| fs4::available_space(path).ok());
        Left { memory, disk }
    }
}

/// The line `MemAvailable:   123 kB` of Linux.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_available_is_read_from_its_line() {
        let text = "MemTotal:       16 kB\nMemAvailable:    8 kB\nBuffers: 1 kB\n";
        assert_eq!(available(text), Some(8192));
        assert_eq!(available("MemTotal: 16 kB\n"), None);
        assert_eq!(available("MemAvailable: many\n"), None);
    }

    #[test]
    fn disk_is_known_of_a_folder_that_is_not_there_yet() {
        let folder = tempfile::tempdir().unwrap();
        let left = Left::here(&folder.path().join("not/yet"));
        assert!(left.disk.is_some_and(|bytes| bytes > 0), "{left:?}");
    }
}
