//! `agents.parquet` while a run goes on: beside the run's folder until that is written and takes it in.
//! Knows nothing of what runs; holds a group of rows at a time.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use sha2::{Digest, Sha256};

use super::draft::{beside, refusal};
use super::label::sentences;
use crate::engine::{Ended, NUMERICS};
use crate::kernel::LANES;
use crate::output::Growing;
use crate::scenario::tables::Agents;
use crate::scenario::{Results, Scenario};

/// Name of the file in a run's folder.
pub const FILE: &str = "agents.parquet";
/// Rows that are in memory.
pub const ROWS: usize = 1 << 16;
/// A file that grows slowly shows that somebody is at it.
const ALIVE: Duration = Duration::from_secs(300);

/// A file that is removed when it is dropped, if it is still there.
#[derive(Debug)]
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        // A folder has taken it in, or nobody wants it.
        let _ = fs::remove_file(&self.0);
    }
}

/// The finished file, still beside the folder's place.
#[derive(Debug)]
pub struct AgentsTable {
    beside: Beside,
    pub sha256: String,
}

impl AgentsTable {
    pub fn path(&self) -> &Path {
        &self.beside.0
    }
}

/// The file while it grows.
pub struct WritingAgents<'a> {
    agents: Agents<'a>,
    growing: Growing<Hashing>,
    /// The same file, to show that somebody is at it.
    file: File,
    shown: Instant,
    failed: Option<io::Error>,
    beside: Beside,
}

impl<'a> WritingAgents<'a> {
    /// Begins a file in `out`, in which the run's folder will be. `Err` is a sentence.
    pub fn new(scenario: &'a Scenario, out: &Path) -> Result<WritingAgents<'a>, String> {
        fs::create_dir_all(out).map_err(|e| refusal("write to", out, &e))?;
        let path = beside(&out.join(FILE));
        let failed = |e: io::Error| refusal("write", &path, &e);
        let file = File::create(&path).map_err(failed)?;
        let beside = Beside(path.clone());
        let agents = Agents::new(scenario);
        let into = Hashing { file: BufWriter::new(file.try_clone().map_err(failed)?), hasher: Sha256::new() };
        let growing = Growing::new(into, &agents.rows(None), provenance(scenario)).map_err(failed)?;
        // Groups end with blocks.
        let block = LANES * scenario.arms.len().max(1);
        let growing = growing.in_groups_of((ROWS / block).max(1) * block);
        Ok(WritingAgents { agents, growing, file, shown: Instant::now(), failed: None, beside })
    }

    /// Adds the agents of a block; breaks off where they cannot be written.
    pub fn add(&mut self, ended: &Ended) -> ControlFlow<()> {
        if self.failed.is_none() {
            self.failed = self.growing.add(&self.agents.rows(Some(ended))).err();
        }
        if self.shown.elapsed() >= ALIVE {
            self.shown = Instant::now();
            // Where a file system refuses this, files of processes that live are not removed for an hour.
            let _ = self.file.set_modified(SystemTime::now());
        }
        if self.failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Ends the file of a run that came to these results. `Err` is a sentence.
    pub fn finish(self, results: &Results) -> Result<AgentsTable, String> {
        let refused = |e: io::Error| refusal("write", &self.beside.0, &e);
        if let Some(e) = self.failed {
            return Err(refused(e));
        }
        let digest = vec![("digest".to_owned(), results.digest.clone())];
        let mut into = self.growing.finish_with(digest).map_err(refused)?;
        into.file.flush().and_then(|()| into.file.get_ref().sync_all()).map_err(refused)?;
        let sha256 = into.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(AgentsTable { beside: self.beside, sha256 })
    }

    /// Why the run was broken off, if it was because of the file.
    pub fn refused(&self) -> Option<String> {
        self.failed.as_ref().map(|e| refusal("write", &self.beside.0, e))
    }
}

/// What a file that went astray says of itself.
fn provenance(scenario: &Scenario) -> Vec<(String, String)> {
    let changes = scenario.changes.iter().map(|change| format!("{}={}", change.path, change.now));
    let population = &scenario.plan.population;
    [
        ("label", sentences(&scenario.plan).join(" ")),
        ("name", scenario.name.clone()),
        ("scenario", scenario.source.text().to_owned()),
        ("changes", changes.collect::<Vec<_>>().join("\n")),
        ("seed", population.seed.to_string()),
        ("agents", population.agents.to_string()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("commit", env!("ALLOSTAT_COMMIT").to_owned()),
        ("numerics", NUMERICS.to_string()),
    ]
    .into_iter()
    .map(|(key, text)| (key.to_owned(), text))
    .collect()
}

/// Writes, and knows the hash of what was written.
struct Hashing {
    file: BufWriter<File>,
    hasher: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
