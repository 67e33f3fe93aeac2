//! `units/index.csv`: in which file each gathered unit lies and from which byte, so that anything that can seek reads one.
//! Knows nothing of what is in a unit.
//!
//! The files change with each `run` that puts units together. So the index is there only as long as it is right: whoever moves a unit
//! removes it before and after.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use super::super::beside::Beside;
use super::frame::hex;
use super::spots::Place;
use super::walk::Frame;
use crate::report::draft::refusal;

const INDEX: &str = "index.csv";
const HEADER: &str = "unit,file,start,bytes,checksum";

/// An index that is being written; units come in order.
pub struct Index {
    beside: Beside,
    rows: BufWriter<File>,
    /// In which units lie.
    files: BTreeSet<Arc<str>>,
}

/// Takes the index away, because a unit is moved.
pub fn unindex(units: &Path) {
    // Mostly there is none.
    let _ = fs::remove_file(units.join(INDEX));
}

impl Index {
    /// Into the folder with the units.
    pub fn of(units: &Path) -> Result<Index, String> {
        let (beside, file) = Beside::of(&units.join(INDEX))?;
        let mut index = Index { beside, rows: BufWriter::new(file), files: BTreeSet::new() };
        index.line(HEADER)?;
        Ok(index)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        writeln!(self.rows, "{line}").map_err(|e| refusal("write", self.beside.place(), &e))
    }

    pub fn add(&mut self, place: &Place) -> Result<(), String> {
        let Place { file, frame } = place;
        if !self.files.contains(file) {
            self.files.insert(file.clone());
        }
        let file = match file.contains([',', '"', '\n', '\r']) {
            true => format!("\"{}\"", file.replace('"', "\"\"")),
            false => file.to_string(),
        };
        let Frame { header, start, .. } = frame;
        self.line(&format!("{},{file},{start},{},{}", header.unit, header.bytes, hex(&header.sha256)))
    }

    /// Puts the index into its place, unless units were moved meanwhile.
    pub fn done(mut self) -> Result<(), String> {
        let flushed = self.rows.flush().and_then(|()| self.rows.get_ref().sync_all());
        flushed.map_err(|e| refusal("write", self.beside.place(), &e))?;
        self.beside.replace()?;
        let units = self.beside.place().parent().unwrap_or(Path::new("."));
        if self.files.iter().any(|file| !units.join(&**file).exists()) {
            unindex(units);
        }
        Ok(())
    }
}
