//! Figures as files: those of a run, and those of a stored run drawn again for other eyes.
//! Knows nothing of scenarios: a stored run is its manifest and its tables.

use std::fs;
use std::path::{Path, PathBuf};

use super::Stored;
use super::draft::Draft;
use crate::figure::{self, Audience, Run};

/// Names and bytes of every figure as SVG, PNG and text; and sentences about those that could not be made.
pub fn pictures(run: &Run, ghost: Option<&Run>, audience: Audience) -> (Vec<(String, Vec<u8>)>, Vec<String>) {
    let figures = figure::draw(run, ghost, audience);
    let pngs = figure::pngs(&figures, audience);
    let (mut files, mut notes) = (Vec::new(), Vec::new());
    for (figure, png) in figures.into_iter().zip(pngs) {
        match png {
            Ok(bytes) => files.push((format!("{}.png", figure.stem), bytes)),
            Err(why) => notes.push(format!("there is no {}.png: {why}", figure.stem)),
        }
        files.push((format!("{}.svg", figure.stem), figure.svg.into_bytes()));
        files.push((format!("{}.txt", figure.stem), (figure.text.trim_end().to_owned() + "\n").into_bytes()));
    }
    (files, notes)
}

/// Draws a stored run again into `figures-<audience>` of `out`; gives that folder, its files and what could not be made.
pub fn redraw(
    run: &Stored,
    audience: Audience,
    out: &Path,
) -> Result<(PathBuf, Vec<String>, Vec<String>), String> {
    let folder = out.join(format!("figures-{}", audience.name()));
    let ghost = run.unchanged.as_ref().map(|tables| tables.run());
    let (files, notes) = pictures(&run.tables.run(), ghost.as_ref(), audience);
    let draft = Draft::of(&folder)?;
    for (name, bytes) in &files {
        draft.file(name, bytes)?;
    }
    draft.place(&holds_figures_only)?;
    Ok((folder, files.into_iter().map(|(name, _)| name).collect(), notes))
}

fn holds_figures_only(folder: &Path) -> bool {
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
            let (folder, files, notes) = redraw(&run, Audience::Slide, &place).unwrap();
            assert_eq!(folder, place.join("figures-slide"));
            assert!(notes.is_empty() && !files.is_empty(), "{files:?} {notes:?}");
            assert!(files.iter().all(|file| folder.join(file).is_file()));
        }
        fs::write(place.join("figures-slide/mine.docx"), "x").unwrap();
        assert!(redraw(&run, Audience::Slide, &place).is_err());
        assert!(place.join("figures-slide/mine.docx").is_file());
    }
}
