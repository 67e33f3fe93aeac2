//! Figures as files: those of a run, and those of a stored run drawn again for other eyes.
//! Knows nothing of scenarios: a stored run is its manifest and its tables.

use std::fs;
use std::path::{Path, PathBuf};

use super::draft::{Draft, replace};
use super::sheet::{PREDICTION, REPORT, Sheet};
use super::{Stored, html};
use crate::figure::{self, Audience, Figure, Run};

/// Figures and their files.
#[derive(Default)]
pub struct Pictures {
    pub figures: Vec<Figure>,
    /// Names and bytes of every figure as SVG, PNG and text.
    pub files: Vec<(String, Vec<u8>)>,
    /// Sentences about those that could not be made.
    pub notes: Vec<String>,
}

/// The figures that tell most, or `all`.
pub fn pictures(run: &Run, ghost: Option<&Run>, audience: Audience, all: bool) -> Pictures {
    let (figures, count) = match all {
        true => (figure::draw(run, ghost, audience), 0),
        false => figure::draw_telling(run, ghost, audience),
    };
    let drawn = figures.len();
    let mut pictures = written(figures, audience);
    if drawn < count {
        let told = format!(
            "{drawn} of {count} figures were drawn; `allostat figure RUN --all` draws the others as well"
        );
        pictures.notes.insert(0, told);
    }
    pictures
}

/// Figures with their files.
pub(super) fn written(figures: Vec<Figure>, audience: Audience) -> Pictures {
    let pngs = figure::pngs(&figures, audience);
    let (mut files, mut notes) = (Vec::new(), Vec::new());
    for (figure, png) in figures.iter().zip(pngs) {
        match png {
            Ok(bytes) => files.push((format!("{}.png", figure.stem), bytes)),
            Err(why) => notes.push(format!("there is no {}.png: {why}", figure.stem)),
        }
        files.push((format!("{}.svg", figure.stem), figure.svg.clone().into_bytes()));
        files.push((format!("{}.txt", figure.stem), (figure.text.trim_end().to_owned() + "\n").into_bytes()));
    }
    Pictures { figures, files, notes }
}

/// What was drawn again.
pub struct Redrawn {
    pub folder: PathBuf,
    /// Names in the folder.
    pub files: Vec<String>,
    /// The page with these figures.
    pub report: PathBuf,
    pub notes: Vec<String>,
}

/// Draws a stored run again, what tells most or `all`, into `figures-<audience>` of `out`, and writes the page of the run with these figures beside it.
pub fn redraw(run: &Stored, (audience, all): (Audience, bool), out: &Path) -> Result<Redrawn, String> {
    let name = format!("figures-{}", audience.name());
    let folder = out.join(&name);
    let ghost = run.unchanged.as_ref().map(|tables| tables.run());
    let Pictures { figures, files, mut notes } = pictures(&run.tables.run(), ghost.as_ref(), audience, all);
    let report = out.join(REPORT);
    if fs::read_to_string(&report).is_ok_and(|text| !html::is_ours(&text)) {
        return Err(format!("`{}` is there already and was not written by this program", report.display()));
    }
    let draft = Draft::of(&folder)?;
    for (name, bytes) in &files {
        draft.file(name, bytes)?;
    }
    draft.place(&holds_figures_only)?;
    let stored = |name: &str| fs::read_to_string(run.place.join(name)).ok();
    let (claims, prediction) = (stored("claims.json"), stored(PREDICTION));
    if claims.is_none() {
        notes.push("there is no claims.json, so the report says nothing of claims".to_owned());
    }
    let sheet = Sheet {
        manifest: &run.manifest,
        subject: &run.tables.subject,
        claims: &claims.unwrap_or_default(),
        measures: &run.tables.measures,
        figures: &figures,
        folder: &name,
        prediction: prediction.as_deref(),
        at_home: out == run.place,
    };
    replace(&report, sheet.html().as_bytes())?;
    Ok(Redrawn { folder, files: files.into_iter().map(|(name, _)| name).collect(), report, notes })
}

pub(super) fn holds_figures_only(folder: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(folder) else { return false };
    entries.all(|entry| {
        let extension = entry.ok().and_then(|e| e.path().extension().map(|e| e.to_owned()));
        extension.is_some_and(|extension| ["svg", "png", "txt"].iter().any(|known| extension == *known))
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_stored_run_is_drawn_again_and_again() {
        let out = tempfile::tempdir().unwrap();
        let place = sample::stored(out.path(), "run-1");
        let run = Stored::open(&place).unwrap();
        for _ in 0..2 {
            let Redrawn { folder, files, report, notes } =
                redraw(&run, (Audience::Slide, false), &place).unwrap();
            assert_eq!(folder, place.join("figures-slide"));
            assert_eq!(notes, ["there is no claims.json, so the report says nothing of claims"]);
            assert!(!files.is_empty() && files.iter().all(|file| folder.join(file).is_file()));
            assert!(fs::read_to_string(report).unwrap().contains("figures-slide/"));
        }
        fs::write(place.join("figures-slide/mine.docx"), "x").unwrap();
        assert!(redraw(&run, (Audience::Slide, false), &place).is_err());
        assert!(place.join("figures-slide/mine.docx").is_file());
        let elsewhere = tempfile::tempdir().unwrap();
        fs::write(elsewhere.path().join(REPORT), "my report").unwrap();
        assert!(redraw(&run, (Audience::Grey, true), elsewhere.path()).is_err());
        assert_eq!(fs::read_to_string(elsewhere.path().join(REPORT)).unwrap(), "my report");
    }
}
