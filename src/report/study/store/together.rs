//! Units of a process that are put together into few files, and the files of processes that are gone, which the next one takes over.
//! Knows nothing of what is in a unit; holds one at a time.
//!
//! Killed at any moment every unit is in one of the files, or in both. A file is written anew only with as much as it holds itself, or to end
//! with few: a byte moves about log2(units/256) times. One of `LARGE` bytes stays as it is, so that this takes no more room on the disk
//! than two such.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufWriter, Write};

use super::super::beside::Beside;
use super::frame::framed;
use super::index::unindex;
use super::walk::Walk;
use super::{LOOSE, ROWS, Seen, Store, TOGETHER, refusal};

/// Loose units that are put together at the latest.
const MOST_LOOSE: usize = 256;
/// Bytes of a file to which nothing more is put.
pub(super) const LARGE: u64 = 1 << 28;
/// Processes whose files are taken over at once: each takes a file descriptor meanwhile.
const AT_ONCE: usize = 100;

/// A file that this process puts together with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Own {
    file: String,
    bytes: u64,
}

impl Own {
    pub(super) fn is_loose(&self) -> bool {
        self.file.starts_with(LOOSE)
    }
}

impl Store {
    pub(super) fn is_own(&mut self, file: String, bytes: u64) {
        if let Ok(data) = fs::metadata(self.folder.join(&file)) {
            self.seen.insert(file.clone(), Seen { length: data.len(), changed: data.modified().ok() });
        }
        self.own.push(Own { file, bytes });
    }

    /// Once there are enough, loose units and such files as hold no more than what comes to them.
    pub(super) fn put_loose_together(&mut self) -> Result<(), String> {
        if self.own.iter().filter(|own| own.is_loose()).count() <= MOST_LOOSE {
            return Ok(());
        }
        let (mut joined, mut rest): (Vec<Own>, Vec<Own>) =
            std::mem::take(&mut self.own).into_iter().partition(Own::is_loose);
        rest.sort_by_key(|own| own.bytes);
        let mut bytes: u64 = joined.iter().map(|own| own.bytes).sum();
        for own in rest {
            match own.bytes <= bytes && own.bytes < self.large {
                true => {
                    bytes += own.bytes;
                    joined.push(own);
                }
                false => self.own.push(own),
            }
        }
        self.join(joined)
    }

    /// Puts this process's units into files as large as they may be; what is damaged is dropped.
    pub fn put_together(&mut self) -> Result<(), String> {
        let (damaged, large) = (&self.damaged, self.large);
        let stays = |own: &Own| own.bytes >= large && !damaged.contains(&own.file);
        let (done, small): (Vec<Own>, Vec<Own>) = std::mem::take(&mut self.own).into_iter().partition(stays);
        self.own = done;
        let is_one = |group: &[Own]| match group {
            [one] => !one.is_loose() && !damaged.contains(&one.file),
            _ => group.is_empty(),
        };
        let (mut groups, mut bytes) = (vec![Vec::new()], 0);
        for own in small {
            if bytes >= self.large {
                groups.push(Vec::new());
                bytes = 0;
            }
            bytes += own.bytes;
            groups.last_mut().expect("there is one from the beginning").push(own);
        }
        let (done, joined): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| is_one(group));
        self.own.extend(done.into_iter().flatten());
        let mut result = Ok(());
        for group in joined {
            match result {
                Ok(()) => result = self.join(group),
                Err(_) => self.own.extend(group),
            }
        }
        result
    }

    /// Writes the units of some files into a new one, and removes them. Where that fails they stay as they are.
    fn join(&mut self, files: Vec<Own>) -> Result<(), String> {
        let name = self.next_name();
        match self.joined(&files, &name) {
            Err(why) => {
                self.own.extend(files);
                return Err(why);
            }
            Ok(0) => {}
            Ok(bytes) => self.is_own(name, bytes),
        }
        unindex(&self.folder);
        for own in files {
            // Another process may have taken it over as well.
            let _ = fs::remove_file(self.folder.join(&own.file));
            self.seen.remove(&own.file);
            self.damaged.remove(&own.file);
        }
        // One that was written in between.
        unindex(&self.folder);
        Ok(())
    }

    fn next_name(&mut self) -> String {
        self.begun += 1;
        format!("{TOGETHER}{}-{}.{ROWS}", self.process, self.begun)
    }

    /// The length of the new file; there is none where nothing is whole.
    fn joined(&self, files: &[Own], name: &str) -> Result<u64, String> {
        let (beside, into) = Beside::of(&self.folder.join(name))?;
        let unwritable = |e: std::io::Error| refusal("write", beside.place(), &e);
        let mut into = BufWriter::new(into);
        let mut bytes = 0;
        for Own { file, .. } in files {
            // What cannot be read now is there still, and stays; what is gone another process has taken over.
            let unreadable = |e: std::io::Error| refusal("read", &self.folder.join(file), &e);
            let Some(opened) = self.opened(file)? else { continue };
            let mut walk = Walk::of(opened).map_err(unreadable)?;
            while let Some(frame) = walk.next().map_err(unreadable)? {
                let body = walk.rows(&frame).map_err(unreadable)?;
                if frame.header.fits(&body) {
                    let frame = framed(frame.header.unit, &body);
                    into.write_all(&frame).map_err(unwritable)?;
                    bytes += frame.len() as u64;
                }
            }
        }
        if bytes > 0 {
            into.flush().and_then(|()| into.get_ref().sync_all()).map_err(unwritable)?;
            beside.replace()?;
        }
        Ok(bytes)
    }

    /// Takes over what processes that are gone have left: loose units, and files that nobody holds any more.
    pub fn adopt(&mut self) -> Result<(), String> {
        self.locks.tidy(&self.process, &|unit| self.has(unit));
        let own: BTreeSet<&String> = self.own.iter().map(|own| &own.file).collect();
        let others = self.seen.iter().filter(|(file, _)| !own.contains(file));
        let others = others.map(|(file, seen)| Own { file: file.clone(), bytes: seen.length });
        let (loose, together): (Vec<Own>, Vec<Own>) = others.partition(Own::is_loose);
        if loose.is_empty() && self.are_few(&together) && self.found().done == self.units {
            return Ok(());
        }
        self.own.extend(loose);
        let mut names: Vec<String> =
            together.iter().filter_map(|own| Some(process(&own.file)?.to_owned())).collect();
        names.sort();
        names.dedup();
        for names in names.chunks(AT_ONCE) {
            let held: Vec<_> =
                names.iter().filter_map(|name| Some((name.as_str(), self.locks.process(name)?))).collect();
            for own in &together {
                if held.iter().any(|(name, _)| process(&own.file) == Some(name)) {
                    self.take_over(own);
                }
            }
            if let Err(why) = self.put_together() {
                // Those of other processes are no longer held.
                let process_of = format!("-{}", self.process);
                self.own.retain(|own| own.file.contains(&process_of));
                return Err(why);
            }
        }
        Ok(())
    }

    /// Whether nothing is won by writing files anew.
    fn are_few(&self, together: &[Own]) -> bool {
        let is_sound = |own: &Own| !self.damaged.contains(&own.file);
        together.iter().all(is_sound) && together.iter().filter(|own| own.bytes < self.large).count() <= 1
    }

    /// A file gets a name of this process; one that is damaged is written anew, while its process's lock is held.
    fn take_over(&mut self, own: &Own) {
        if self.damaged.contains(&own.file) {
            self.own.push(own.clone());
            return;
        }
        let name = self.next_name();
        unindex(&self.folder);
        // Another process may have taken it over as well.
        if fs::rename(self.folder.join(&own.file), self.folder.join(&name)).is_ok() {
            self.seen.remove(&own.file);
            self.is_own(name, own.bytes);
        }
        unindex(&self.folder);
    }
}

/// The process in whose file units were put together.
fn process(file: &str) -> Option<&str> {
    let (process, _) = file.rsplit_once('-')?;
    process.strip_prefix(TOGETHER)
}
