//! All units of a study as one table: `points.csv`, `points.parquet`, the digest of the first, and the tables of its analysis.
//! Knows how rows are kept; holds one unit at a time, and of the others what the analysis holds of them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::beside::Beside;
use super::store::Store;
use crate::output::csv::{self, Kind};
use crate::output::{Csv, Format, Growing, Parquet};
use crate::report::draft::{refusal, replace};
use crate::report::label::sentences;
use crate::report::number::grouped;
use crate::study::analysis::{Analysis, Columns, analysed};
use crate::study::{Merging, Study, Unit};
use crate::table::{Data, Table};

/// The tables of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Gathered {
    /// SHA-256 of `points.csv`.
    pub digest: String,
    pub rows: u64,
    /// Rows without numbers.
    pub without: u64,
    /// Units that are not there.
    pub missing: u64,
    pub analysis: Analysis,
    pub files: Vec<PathBuf>,
}

/// Writes the tables into the study's folder, each complete or not at all, and an index beside the units. `partial`: units that are
/// missing are passed over and counted; else they are an error, and nothing is put into its place.
pub fn gather(study: &Study, folder: &Path, store: &Store, partial: bool) -> Result<Gathered, String> {
    let mut writing = Writing::of(study, folder)?;
    let mut index = store.index()?;
    let missing = store.each_at(&mut |place, body| {
        index.add(place)?;
        writing.unit(place.frame.header.unit, &body)
    })?;
    if missing > 0 && !partial {
        let what =
            format!("{} of {} units are no longer there or whole", grouped(missing), grouped(study.units()));
        return Err(what + ": nothing was written; run the study again");
    }
    let placed = writing.placed()?;
    // Before the analysis, which may take longer than a `run` that moves units.
    index.done()?;
    placed.analysed(missing)
}

struct Writing<'a> {
    study: &'a Study,
    folder: &'a Path,
    header: Vec<u8>,
    /// Columns without rows: units and docs.
    empty: Table,
    columns: Columns,
    metadata: Vec<(String, String)>,
    csv: BufWriter<File>,
    parquet: Growing<BufWriter<File>>,
    hasher: Sha256,
    /// A point of which not all parts have come.
    merging: Option<Merging<'a>>,
    rows: u64,
    without: u64,
    /// Of the two.
    beside: [Beside; 2],
}

impl<'a> Writing<'a> {
    fn of(study: &'a Study, folder: &'a Path) -> Result<Writing<'a>, String> {
        let [(table, csv), (columns, parquet)] =
            [Beside::of(&folder.join("points.csv"))?, Beside::of(&folder.join("points.parquet"))?];
        let empty = study.table(&[]);
        let mut metadata = vec![
            ("study".to_owned(), study.source.text().to_owned()),
            ("scenario".to_owned(), study.scenario.source.text().to_owned()),
            ("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ("numerics".to_owned(), crate::engine::NUMERICS.to_string()),
        ];
        metadata.insert(0, ("label".to_owned(), sentences(&study.scenario.plan).join(" ")));
        let mut writing = Writing {
            study,
            folder,
            header: study.header(),
            csv: BufWriter::new(csv),
            parquet: Growing::new(BufWriter::new(parquet), &empty, metadata.clone())
                .map_err(|e| refusal("write", columns.place(), &e))?,
            empty,
            columns: Columns::of(study),
            metadata,
            hasher: Sha256::new(),
            merging: None,
            rows: 0,
            without: 0,
            beside: [table, columns],
        };
        let header = writing.header.clone();
        writing.bytes(&header)?;
        Ok(writing)
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.hasher.update(bytes);
        self.csv.write_all(bytes).map_err(|e| refusal("write", self.beside[0].place(), &e))
    }

    fn unit(&mut self, unit: u64, body: &[u8]) -> Result<(), String> {
        let (position, part) = match self.study.unit(unit) {
            Unit::Rows(_) => return self.rows(body),
            Unit::Part { position, part } => (position, part),
        };
        // Units come in order: where a part is missing its point has no row.
        let mut merging = match self.merging.take().filter(|merging| merging.position == position) {
            Some(merging) => merging,
            None => self.study.merging(position),
        };
        merging.add(body)?;
        if part + 1 < self.study.parts() {
            self.merging = Some(merging);
            return Ok(());
        }
        match merging.row() {
            Some(row) => self.rows(&self.study.body(&[row])),
            None => Ok(()),
        }
    }

    fn rows(&mut self, body: &[u8]) -> Result<(), String> {
        self.bytes(body)?;
        let text = [&self.header, body].concat();
        let text = String::from_utf8(text).map_err(|_| "a unit is not UTF-8".to_owned())?;
        let kind = |name: &str| match self.empty.column(name).map(|column| &column.data) {
            Some(Data::Whole(_)) => Kind::Whole,
            Some(Data::Text(_)) => Kind::Text,
            _ => Kind::Number,
        };
        let table = csv::read(&text, &self.empty.name, &kind)?;
        self.columns.add(&table);
        self.rows += table.rows() as u64;
        self.without +=
            table.texts("reason").iter().flatten().filter(|reason| !reason.is_empty()).count() as u64;
        self.parquet.add(&table).map_err(|e| refusal("write", self.beside[1].place(), &e))
    }

    /// Puts the tables of points into their places.
    fn placed(mut self) -> Result<Placed<'a>, String> {
        let failed = |beside: &Beside, e: std::io::Error| refusal("write", beside.place(), &e);
        let csv = self.csv.flush().and_then(|()| self.csv.get_ref().sync_all());
        csv.map_err(|e| failed(&self.beside[0], e))?;
        self.parquet.finish().map_err(|e| failed(&self.beside[1], e))?;
        self.beside.iter().try_for_each(Beside::replace)?;
        Ok(Placed {
            study: self.study,
            folder: self.folder,
            columns: self.columns,
            metadata: self.metadata,
            digest: self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
            rows: self.rows,
            without: self.without,
            files: self.beside.iter().map(|beside| beside.place().to_owned()).collect(),
        })
    }
}

/// The tables of points are in their places.
struct Placed<'a> {
    study: &'a Study,
    folder: &'a Path,
    columns: Columns,
    metadata: Vec<(String, String)>,
    digest: String,
    rows: u64,
    without: u64,
    files: Vec<PathBuf>,
}

impl Placed<'_> {
    /// Writes the tables of the analysis.
    fn analysed(mut self, missing: u64) -> Result<Gathered, String> {
        let analysis = analysed(self.study, &self.columns);
        let formats: [Box<dyn Format>; 2] = [Box::new(Csv), Box::new(Parquet { metadata: self.metadata })];
        for table in analysis.tables(self.study) {
            for format in &formats {
                let file = self.folder.join(format!("{}.{}", table.name, format.extension()));
                replace(&file, &format.bytes(&table))?;
                self.files.push(file);
            }
        }
        let Placed { digest, rows, without, files, .. } = self;
        Ok(Gathered { digest, rows, without, missing, analysis, files })
    }
}
