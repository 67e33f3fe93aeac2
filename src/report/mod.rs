//! Runs on disk: their folder with tables, figures and manifest, the page that lists them, and reading them back.
//! Knows file systems; knows nothing of the terminal or of arguments.
//!
//! A folder is complete or not there: it is written beside its place and renamed (`draft`).

mod agents;
mod claims;
mod clock;
mod draft;
mod fates;
mod html;
mod index;
mod label;
mod manifest;
pub mod number;
mod redraw;
mod reproduce;
#[cfg(test)]
mod sample;
mod sheet;
mod stored;
pub mod study;
mod subject;
mod values;
mod write;

pub use agents::{AgentsTable, ROWS as ROWS_OF_AGENTS, WritingAgents};
pub use claims::changes_claims;
pub use draft::{probe, refusal};
pub use fates::{Fate, fates, sentence as sentence_of_failures};
pub use label::{LABEL, Origins, SHORT};
pub use manifest::Manifest;
pub use manifest::MeasuredError;
pub use redraw::{Redrawn, redraw};
pub use reproduce::{Compared, Rebuilt, compare, rebuild};
pub use sheet::REPORT;
pub use stored::{Stored, manifest, manifest_file, place_of};
pub use subject::{of as subject, told_changes};
pub use values::kind;
pub use write::{Finished, Unchanged, Written, write};

use sha2::{Digest, Sha256};

/// SHA-256 in hex.
fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The folder's name: the scenario's, as every file system takes it, and the first eight digits of the digest.
fn folder_name(scenario: &str, digest: &str) -> String {
    // Forty characters of four bytes leave room for what a draft's name adds.
    let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = scenario.chars().take(40).map(plain).collect();
    let name = match name.trim_matches('-') {
        "" => "scenario",
        name => name,
    };
    format!("{name}-{}", digest8(digest))
}

fn digest8(digest: &str) -> &str {
    digest.get(..8).unwrap_or(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_so_that_every_file_system_takes_it() {
        let name = |scenario: &str| folder_name(scenario, "0123456789abcdef");
        assert_eq!(name("overstimulation"), "overstimulation-01234567");
        assert_eq!(name("a/b\\c:d*e?f\"g<h>i|j."), "a-b-c-d-e-f-g-h-i-j-01234567");
        assert_eq!(name("con"), "con-01234567");
        assert_eq!(name("../.."), "scenario-01234567");
        assert_eq!(name(""), "scenario-01234567");
        assert!(name(&"µ".repeat(400)).len() < 200);
    }

    #[test]
    fn sha256_of_abc_is_that_of_the_standard() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), known);
    }
}
