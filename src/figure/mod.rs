//! Figures of a run as SVG and PNG, each with a summary in words, and a quick preview for a terminal.
//! Knows tables and its own `Subject`; knows nothing of models, engines, files or the command line.
//!
//! A figure is read from tables (`reading`), laid out as marks in user units (`stack`, `dose_response`, `ec50_emax`, `measures` on
//! `page` and `axes`), and written by `canvas`. The same tables give the same bytes.

mod archetypes;
mod asked;
mod audience;
mod axes;
mod canvas;
mod choice;
mod decomposition;
mod dose_response;
mod ec50_emax;
mod family;
mod fan;
mod fills;
mod font;
mod labels;
mod measures;
mod multiples;
mod naming;
mod over_time;
mod page;
mod phases;
mod portrait;
mod raster;
mod reading;
mod recovery;
mod scale;
mod scales;
mod stack;
mod strips;
mod strokes;
pub mod study;
mod subject;
mod terminal;
mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use crate::table::Table;

pub use audience::Audience;
pub use raster::png;
pub use subject::{
    ArmSubject, FigureKind, FigureSubject, MeasureSubject, PanelSubject, PhaseSubject, PlottedSubject,
    QuantitySubject, ResponseSubject, StimulusSubject, Subject,
};
pub use terminal::terminal;

/// What is drawn: the words of a run and its tables `summary`, `assays`, `measures`. A table may be empty.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    pub subject: &'a Subject,
    pub summary: &'a Table,
    pub assays: &'a Table,
    pub measures: &'a Table,
}

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// File name without extension, which every file system takes; unlike all others of the run, whatever the case of letters.
    pub stem: String,
    pub title: String,
    pub svg: String,
    /// What it shows, in sentences.
    pub text: String,
}

/// A figure before it is written.
struct Drawn {
    stem: String,
    title: String,
    picture: canvas::Picture,
    text: String,
    /// Whether it is among those that tell most.
    telling: bool,
}

impl Drawn {
    fn new(stem: String, title: String, picture: canvas::Picture, text: String) -> Drawn {
        Drawn { stem, title, picture, text, telling: true }
    }
}

/// Every figure that the tables allow; `ghost` is the unchanged run, drawn pale and dashed behind.
///
/// # Examples
/// Over time (`sensitivity…`, `twins-…`), over probe levels (`dose-response-…`, `ec50-emax-…`), over agents (`measure-…`).
pub fn draw(run: &Run, ghost: Option<&Run>, audience: Audience) -> Vec<Figure> {
    finished(pictures(run, ghost, audience), audience)
}

/// The figures of `draw` that tell most, a dozen or as many as the scenario asks for, and the number of all.
pub fn draw_telling(run: &Run, ghost: Option<&Run>, audience: Audience) -> (Vec<Figure>, usize) {
    let mut all = pictures(run, ghost, audience);
    let count = all.len();
    all.retain(|drawn| drawn.telling);
    (finished(all, audience), count)
}

fn finished(drawn: Vec<Drawn>, audience: Audience) -> Vec<Figure> {
    let finish = |drawn: Drawn| Figure {
        svg: svg(&drawn, audience),
        stem: drawn.stem,
        title: drawn.title,
        text: drawn.text,
    };
    drawn.into_iter().map(finish).collect()
}

/// The PNGs of some figures in their order, side by side on all cores where the feature `threads` allows.
///
/// # Errors
/// Those of `png`, figure by figure.
pub fn pngs(figures: &[Figure], audience: Audience) -> Vec<Result<Vec<u8>, String>> {
    let one = |figure: &Figure| png(&figure.svg, audience);
    #[cfg(feature = "threads")]
    {
        use rayon::prelude::*;
        figures.par_iter().map(one).collect()
    }
    #[cfg(not(feature = "threads"))]
    figures.iter().map(one).collect()
}

fn pictures(run: &Run, ghost: Option<&Run>, audience: Audience) -> Vec<Drawn> {
    let theme = audience.theme();
    let reading = reading::Reading::of(run);
    let ghost = ghost.map(reading::Reading::of);
    let ghost = ghost.as_ref();
    let mut figures = asked::figures(&theme, &reading, ghost);
    let mut kinds = [
        over_time::figures(&theme, &reading, ghost),
        dose_response::figures(&theme, &reading, ghost),
        measures::figures(&theme, &reading, ghost),
        over_time::twins(&theme, &reading, ghost),
        scales::groups(&theme, &reading, ghost),
        ec50_emax::figures(&theme, &reading, ghost),
    ];
    let taken = choice::telling(figures.len(), &kinds.each_ref().map(Vec::len));
    for (kind, taken) in kinds.iter_mut().zip(taken) {
        kind.iter_mut().skip(taken).for_each(|drawn| drawn.telling = false);
    }
    let [over_time, dose_response, measures, twins, groups, ec50_emax] = kinds;
    figures.extend([over_time, twins, groups, dose_response, ec50_emax, measures].into_iter().flatten());
    told_apart(&mut figures, run.subject);
    figures
}

/// Gives each figure a file name of its own, and its words what is said of all of them.
fn told_apart(figures: &mut [Drawn], subject: &Subject) {
    let mut taken: Vec<String> = Vec::new();
    for figure in figures {
        figure.title = figure.title.trim_start_matches(": ").to_owned();
        let base = figure.stem.clone();
        let mut number = 1;
        while taken.contains(&figure.stem.to_lowercase()) {
            number += 1;
            figure.stem = format!("{base}-{number}");
        }
        taken.push(figure.stem.to_lowercase());
        let said = subject.foot.iter().chain(&subject.cautions);
        said.for_each(|caution| figure.text = format!("{} {caution}", figure.text.trim_end()));
    }
}

/// The document in the size of its audience: millimetres on paper, pixels elsewhere.
fn svg(drawn: &Drawn, audience: Audience) -> String {
    let (width, height) = (drawn.picture.width, drawn.picture.height);
    let paper =
        |millimetres: f64| (format!("{millimetres}mm"), format!("{:.2}mm", height / width * millimetres));
    let size = match audience {
        Audience::Paper85 => paper(85.0),
        Audience::Paper180 => paper(180.0),
        Audience::Handout => paper(210.0),
        Audience::Screen | Audience::Slide | Audience::Grey => (format!("{width}"), format!("{height:.1}")),
    };
    drawn.picture.svg((&size.0, &size.1), &drawn.title, &drawn.text)
}
