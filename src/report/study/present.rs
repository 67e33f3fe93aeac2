//! What a gathered study looks like: its figures as files, and its page.
//! Knows the folder of a study; knows nothing of how its tables are computed: one that is not there is passed over.

use std::fs;
use std::path::{Path, PathBuf};

use super::gather::Gathered;
use super::sheet::Sheet;
use super::store::Store;
use super::subject::subject;
use crate::figure::Audience;
use crate::figure::study::{Tables, draw};
use crate::output::csv::{self, Kind};
use crate::report::draft::{Draft, refusal, replace};
use crate::report::redraw::{Pictures, holds_figures_only, written};
use crate::report::{REPORT, html};
use crate::rng::Key;
use crate::study::Study;
use crate::table::{Data, Table};

/// Folder of the figures in the folder of the study.
const FIGURES: &str = "figures";
/// Rows that figures are drawn from, about: more than an eye tells apart, and few enough for any memory.
const MOST_ROWS: u64 = 200_000;
/// Decides which points those are; of no meaning beside that.
const DRAWN: Key = Key(0x6472_6177_6e5f_7074);

/// What was written.
#[derive(Debug)]
pub struct Presented {
    pub files: Vec<PathBuf>,
    /// What could not be done and is no reason to stop; sentences.
    pub notes: Vec<String>,
}

/// Tables of a study as they lie in its folder, and the points that figures are drawn from.
pub struct Analysis {
    pub points: Table,
    pub indices: Table,
    pub dropped: Table,
    pub robustness: Table,
    pub boundary: Table,
}

/// Writes the page of a gathered study, with figures for an audience where one is named, into its folder.
pub fn present(
    study: &Study,
    folder: &Path,
    (store, gathered): (&Store, &Gathered),
    figures: Option<Audience>,
) -> Result<Presented, String> {
    let analysis = Analysis {
        points: points(study, folder, store)?,
        indices: table(folder, "indices")?,
        dropped: table(folder, "dropped")?,
        robustness: table(folder, "robustness")?,
        boundary: table(folder, "boundary")?,
    };
    let subject = subject(study, gathered);
    let mut files = Vec::new();
    let pictures = match figures {
        None => Pictures::default(),
        Some(audience) => {
            let tables = Tables {
                points: &analysis.points,
                indices: &analysis.indices,
                dropped: &analysis.dropped,
                robustness: &analysis.robustness,
                boundary: &analysis.boundary,
            };
            let pictures = written(draw(&subject, &tables, audience), audience);
            let place = folder.join(FIGURES);
            let draft = Draft::of(&place)?;
            pictures.files.iter().try_for_each(|(name, bytes)| draft.file(name, bytes))?;
            draft.place(&holds_figures_only)?;
            files.extend(pictures.files.iter().map(|(name, _)| place.join(name)));
            pictures
        }
    };
    let report = folder.join(REPORT);
    if fs::read_to_string(&report).is_ok_and(|text| !html::is_ours(&text)) {
        return Err(format!("`{}` is there already and was not written by this program", report.display()));
    }
    let sheet = Sheet {
        study,
        subject: &subject,
        gathered,
        analysis: &analysis,
        figures: &pictures.figures,
        folder: FIGURES,
    };
    replace(&report, sheet.html().as_bytes())?;
    files.push(report);
    Ok(Presented { files, notes: pictures.notes })
}

/// A table of the analysis; empty where it is not there.
fn table(folder: &Path, name: &str) -> Result<Table, String> {
    const NUMBERS: [&str; 17] = [
        "value",
        "low",
        "high",
        "n",
        "of",
        "failed",
        "distance",
        "critical",
        "failed_median",
        "others_median",
        "holds",
        "first_share",
        "second_share",
        "first_low",
        "first_high",
        "second_low",
        "second_high",
    ];
    let path = folder.join(format!("{name}.csv"));
    match fs::read_to_string(&path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Table::new(name, Vec::new())),
        Err(e) => Err(refusal("read", &path, &e)),
        Ok(text) => csv::read(&text, name, &|column| match NUMBERS.contains(&column) {
            true => Kind::Number,
            false => Kind::Text,
        }),
    }
}

/// All points, or a random part of them with all repeats of each. Points of so many agents that they are computed in parts are few, and
/// are read as they were gathered; else one unit is in memory at a time.
fn points(study: &Study, folder: &Path, store: &Store) -> Result<Table, String> {
    let share = MOST_ROWS as f64 / study.rows() as f64;
    let kept = |point: u64| share >= 1.0 || DRAWN.uniform(point, 0) < share;
    let mut all = study.table(&[]);
    let header = study.header();
    let empty = all.clone();
    let kind = |name: &str| match empty.column(name).map(|column| &column.data) {
        Some(Data::Whole(_)) => Kind::Whole,
        Some(Data::Text(_)) => Kind::Text,
        _ => Kind::Number,
    };
    let mut rows = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).map_err(|_| "a unit is not UTF-8".to_owned())?;
        let unit = csv::read(&text, &empty.name, &kind)?;
        let rows: Vec<bool> = match unit.column("point").map(|column| &column.data) {
            Some(Data::Whole(points)) => points.iter().map(|point| point.is_some_and(kept)).collect(),
            _ => vec![true; unit.rows()],
        };
        for (into, from) in all.columns.iter_mut().zip(&unit.columns) {
            into.data.append(&filtered(&from.data, &rows));
        }
        Ok(())
    };
    if study.parts() > 1 {
        let path = folder.join("points.csv");
        rows(fs::read(&path).map_err(|e| refusal("read", &path, &e))?)?;
    } else {
        store.each(&mut |_, body| rows([&header[..], &body].concat()))?;
    }
    Ok(all)
}

fn filtered(data: &Data, rows: &[bool]) -> Data {
    fn some<T: Clone>(values: &[T], rows: &[bool]) -> Vec<T> {
        values.iter().zip(rows).filter(|(_, kept)| **kept).map(|(value, _)| value.clone()).collect()
    }
    match data {
        Data::Number(values) => Data::Number(some(values, rows)),
        Data::Whole(values) => Data::Whole(some(values, rows)),
        Data::Text(values) => Data::Text(some(values, rows)),
    }
}
