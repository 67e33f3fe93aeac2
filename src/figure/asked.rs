//! The figures that a scenario asks for beside those that every run has.
//! Knows which kind is drawn by which file, and what the kinds share.

use super::audience::Theme;
use super::fan::Fan;
use super::page::{Key, Sample};
use super::reading::{Reading, SeriesKey};
use super::{
    Drawn, FigureKind, FigureSubject, PhaseSubject, PlottedSubject, Subject, archetypes, decomposition,
    naming, portrait, recovery, scales, words,
};

/// Every figure that is asked for and that the tables allow, in the order of the scenario.
pub fn figures(theme: &Theme, reading: &Reading, ghost: Option<&Reading>) -> Vec<Drawn> {
    let subject: &Subject = reading.subject;
    let draw = |figure: &FigureSubject| match &figure.kind {
        FigureKind::Decomposition { total, parts } => {
            decomposition::figure(theme, reading, ghost, figure, (total, parts))
        }
        FigureKind::PhasePortrait { x, y } => portrait::figure(theme, reading, ghost, figure, (x, y)),
        FigureKind::Recovery { measure, phase, by_group } => {
            recovery::figure(theme, reading, ghost, figure, (measure, phase, *by_group))
        }
        FigureKind::Archetypes { panels } => archetypes::figure(theme, reading, figure, panels),
        FigureKind::Scales { what, by_group } => {
            scales::figure(theme, reading, ghost, figure, (what, *by_group))
        }
    };
    subject.figures.iter().filter_map(draw).collect()
}

/// Arms of a figure in the order of the run; all where it names none.
pub fn arms<'a>(reading: &Reading<'a>, figure: &FigureSubject) -> Vec<&'a str> {
    let all = reading.arms().into_iter();
    all.filter(|arm| figure.arms.is_empty() || figure.arms.iter().any(|own| own == arm)).collect()
}

/// The figure's heading, and its title as a document.
pub fn titles(theme: &Theme, subject: &Subject, figure: &FigureSubject, usual: &str) -> (String, String) {
    let shown = if figure.title.is_empty() { usual } else { &figure.title };
    // A scenario of one figure has its title.
    if shown.eq_ignore_ascii_case(&subject.title) {
        return (shown.to_owned(), shown.to_owned());
    }
    let heading = match theme.slide() && !figure.title.is_empty() {
        true => figure.title.clone(),
        false => words::title(subject, theme, shown),
    };
    (heading, format!("{}: {shown}", subject.title))
}

/// The fan of a recorded quantity.
pub fn fan_of<'r>(
    reading: &'r Reading,
    plotted: &PlottedSubject,
    (arm, group): (&str, &str),
) -> Option<&'r Fan> {
    let own = |key: &SeriesKey| {
        (key.arm, key.group, key.what, key.window) == (arm, group, &plotted.what, &plotted.window)
    };
    reading.series.iter().find(|(key, _)| own(key)).map(|(_, (fan, _))| fan)
}

/// The unit of a recorded quantity.
pub fn unit_of<'a>(reading: &Reading<'a>, plotted: &PlottedSubject) -> &'a str {
    let own = |key: &SeriesKey| key.what == plotted.what && key.window == plotted.window;
    reading.series.iter().find(|(key, _)| own(key)).map_or("", |(_, (_, unit))| unit)
}

/// Means where they were recorded, else the middle; with whether these are means.
pub fn means(fan: &Fan) -> (&[f64], bool) {
    match fan.average.iter().any(|value| value.is_finite()) {
        true => (&fan.average, true),
        false => (&fan.middle, fan.mean),
    }
}

/// Phases of an arm.
pub fn phases_of<'a>(reading: &Reading<'a>, arm: &str) -> &'a [PhaseSubject] {
    let subject: &'a Subject = reading.subject;
    subject.arms.iter().find(|own| own.name == arm).map_or(&[], |own| &own.phases)
}

/// Ends of at most four phases of an arm but the last: name and time.
pub fn turns<'a>(reading: &Reading<'a>, arm: &str) -> Vec<(&'a str, f64)> {
    let phases = phases_of(reading, arm);
    let inner = phases.len().saturating_sub(1);
    let ends = phases.iter().take(inner).map(|phase| (phase.name.as_str(), phase.end));
    if inner > 4 { Vec::new() } else { ends.collect() }
}

/// What a time axis shows.
pub fn time_title(reading: &Reading) -> String {
    match naming::time_unit(&reading.subject.time_unit) {
        "" => "time".to_owned(),
        unit => format!("time ({unit})"),
    }
}

/// A key of words alone; none of nothing.
pub fn remark(keys: &mut Vec<Key>, text: String) {
    if !text.is_empty() {
        keys.push(Key::new(Sample::Nothing, text));
    }
}

/// Keeps what a slide can hold and says what is left out.
pub fn on_slide<T>(theme: &Theme, all: &mut Vec<T>, most: usize, of_what: &str) -> String {
    let count = all.len();
    if theme.slide() {
        all.truncate(most);
    }
    words::left_out(of_what, all.len(), count)
}
