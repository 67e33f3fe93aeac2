//! What a run came to: tables, verdicts and the digest.
//! Knows nothing of shards, threads or files.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::engine::Collected;
use crate::output::{Csv, Format};
use crate::table::Table;

use super::{Results, Scenario, tables};

impl Scenario {
    /// Tables, verdicts and digest of what was collected, whichever shards it came from.
    pub fn results(&self, collected: Collected) -> Results {
        let summary = tables::summary(self, &collected);
        let assays = tables::assays(self, &collected);
        let measures = tables::measures(self, &collected);
        let files = [&summary, &assays, &measures].map(|table| Csv.bytes(table));
        Results {
            digest: digest(&files),
            traces: tables::traces(self, &collected),
            failures: tables::failures(self, &collected),
            verdicts: self.claims.iter().map(|text| text.judge.verdict(&collected)).collect(),
            failed: tables::failed(&collected),
            summary,
            assays,
            measures,
            collected,
        }
    }
}

impl Results {
    /// `summary`, `assays`, `measures`, `traces`, `failures`: as `tables::SCHEMAS`. The digest is that of the first three.
    pub fn tables(&self) -> [&Table; 5] {
        [&self.summary, &self.assays, &self.measures, &self.traces, &self.failures]
    }
}

/// SHA-256, in hex, of some files one after another: what `cat … | sha256sum` prints.
pub fn digest<B: AsRef<[u8]>>(files: &[B]) -> String {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(file);
    }
    hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing into a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
