//! Figures over time: each recorded quantity, the overview of several, and the differences between arms within the same agents.
//! Knows the summary; leaves all drawing to `stack`.

use std::cell::OnceCell;

use super::audience::Theme;
use super::fan::Fan;
use super::reading::{Reading, SeriesKey, distinct};
use super::scale::{bounds, drawable, number};
use super::stack::{self, Line, Section, Stack};
use super::{Drawn, Subject, naming, strokes, words};

/// Panels that an overview stacks at most.
const MOST_PANELS: usize = 4;

/// Quantities that have figures of their own.
fn drawn_quantities<'a>(reading: &Reading<'a>) -> Vec<(&'a str, &'a str)> {
    let mut quantities = reading.quantities();
    quantities.retain(|q| !reading.only_for_figure(*q));
    quantities
}

/// Levels over time: the overview first, but on slides, which have one message each.
pub fn figures(theme: &Theme, reading: &Reading, ghost: Option<&Reading>) -> Vec<Drawn> {
    let quantities = drawn_quantities(reading);
    let mut figures = Vec::new();
    let levels: Vec<_> =
        quantities.iter().filter(|q| !lines(reading, ghost, **q, "all", false).is_empty()).collect();
    if levels.len() > 1 && !theme.slide() {
        figures.push(overview(theme, reading, ghost, &levels));
    }
    figures.extend(levels.iter().filter_map(|q| sensitivity(theme, reading, ghost, **q)));
    figures
}

/// Differences between arms over time.
pub fn twins(theme: &Theme, reading: &Reading, ghost: Option<&Reading>) -> Vec<Drawn> {
    drawn_quantities(reading).into_iter().filter_map(|q| difference(theme, reading, ghost, q)).collect()
}

/// The lines of a quantity in a group: of arms, or of differences between arms.
fn lines<'a>(
    reading: &Reading<'a>,
    ghost: Option<&Reading>,
    (what, window): (&'a str, &'a str),
    group: &str,
    differences: bool,
) -> Vec<Line<'a>> {
    let arms = distinct(reading.series.keys().map(|k| k.arm)).into_iter();
    let mut lines: Vec<Line> = arms
        .filter(|arm| reading.is_difference(arm) == differences)
        .filter_map(|arm| {
            let (fan, _) = reading.series.get(&SeriesKey { arm, group, what, window })?;
            let ghost = ghost.and_then(|g| g.series.get(&SeriesKey { arm, group, what, window }));
            let ghost = ghost.map(|(fan, _)| fan.clone());
            let jumps = if window.is_empty() { reading.jumps(arm) } else { Vec::new() };
            Some(Line { arm, label: reading.arm_title(arm), fan: fan.clone(), ghost, jumps })
        })
        .collect();
    lines.sort_by_key(|l| reading.arm_place(l.arm));
    lines
}

fn unit_of<'a>(reading: &Reading<'a>, (what, window): (&str, &str)) -> &'a str {
    let found = reading.series.iter().find(|(k, _)| (k.what, k.window) == (what, window));
    found.map_or("", |(_, (_, unit))| unit)
}

/// The axis in words, with what its window is.
pub fn section_title(reading: &Reading, quantity: (&str, &str), unit: &str, fan: Option<&Fan>) -> String {
    let axis = naming::quantity_axis(reading.subject, quantity.0, quantity.1, unit);
    let window = naming::window(quantity.1, fan, &reading.subject.time_unit);
    match window.as_str() {
        "momentary" => axis,
        told if axis.contains(told) => axis,
        window => format!("{axis}, {window}"),
    }
}

fn section<'a>(
    theme: &Theme,
    reading: &Reading<'a>,
    mut lines: Vec<Line<'a>>,
    quantity: (&'a str, &'a str),
) -> Section<'a> {
    let title = section_title(reading, quantity, unit_of(reading, quantity), lines.first().map(|l| &l.fan));
    let own = quantity.0.contains(" / ") && unit_of(reading, quantity).trim() == "%";
    simplified(theme, &mut lines);
    let whole = if quantity.1.is_empty() { quantity.0 } else { "" };
    Section { title, whole, lines, level: own.then_some(100.0), least: 0.0, show: reading.scale_of(quantity) }
}

/// A slide has one message, the medians with one band; so have panels in which wide bands would cover each other.
fn simplified(theme: &Theme, lines: &mut [Line]) {
    if theme.slide() || lines.len() > strokes::MOST_WIDE_BANDS {
        for line in lines {
            line.fan = line.fan.narrowed();
            line.ghost = line.ghost.as_ref().map(Fan::narrowed);
        }
    }
}

fn arms_of<'a>(sections: &[Section<'a>]) -> Vec<&'a str> {
    distinct(sections.iter().flat_map(|s| &s.lines).map(|l| l.arm))
}

fn overview<'a>(
    theme: &Theme,
    reading: &Reading<'a>,
    ghost: Option<&Reading>,
    quantities: &[&(&'a str, &'a str)],
) -> Drawn {
    let shown = &quantities[..quantities.len().min(MOST_PANELS)];
    let sections: Vec<Section> = shown
        .iter()
        .map(|q| section(theme, reading, lines(reading, ghost, **q, "all", false), **q))
        .collect();
    let names: Vec<String> = shown.iter().map(|q| naming::quantity_name(reading.subject, **q)).collect();
    let title = words::title(reading.subject, theme, "");
    let mut text = format!("Overview over time of {}.", names.join("; "));
    match quantities.len() - shown.len() {
        0 => {}
        1 => text += " One more quantity has its own figure.",
        more => text += &format!(" {more} more quantities have their own figures."),
    }
    for (q, s) in shown.iter().zip(&sections) {
        text += &format!(" {}", words::over_time(reading, &s.title, &s.lines, unit_of(reading, **q)));
    }
    text += &words::failed(reading.subject);
    let arms = arms_of(&sections);
    let remark = words::left_out("quantities", shown.len(), quantities.len());
    let stack = Stack { sections, facets: Vec::new(), arms, remark };
    let picture = stack::picture(theme, reading, &title, &stack);
    Drawn::new("sensitivity".to_owned(), format!("{}: overview", reading.subject.title), picture, text)
}

fn sensitivity<'a>(
    theme: &Theme,
    reading: &Reading<'a>,
    ghost: Option<&Reading>,
    quantity: (&'a str, &'a str),
) -> Option<Drawn> {
    let section = section(theme, reading, lines(reading, ghost, quantity, "all", false), quantity);
    let mut facets = Vec::new();
    for group in reading.groups() {
        let mut lines = lines(reading, ghost, quantity, group, false);
        simplified(theme, &mut lines);
        if let Some(n) = lines.first().map(|l| l.fan.n) {
            facets.push((words::group(group, n), lines));
        }
    }
    let name = naming::quantity_name(reading.subject, quantity);
    let mut text = words::over_time(reading, &section.title, &section.lines, unit_of(reading, quantity));
    for (group, lines) in &facets {
        text += &words::group_ends(reading, group, lines, unit_of(reading, quantity));
    }
    text += &words::failed(reading.subject);
    let title = words::title(reading.subject, theme, &name);
    let arms = arms_of(std::slice::from_ref(&section));
    let stack = Stack { sections: vec![section], facets, arms, remark: String::new() };
    let picture = stack::picture(theme, reading, &title, &stack);
    let stem = naming::stem(&["sensitivity", quantity.0]);
    Some(Drawn::new(stem, format!("{}: {name}", reading.subject.title), picture, text))
}

/// Share of a quantity's own range below which arms are said to agree.
const AGREE: f64 = 0.01;

/// What a quantity spans in all arms, with 0.
fn own_span(reading: &Reading, quantity: (&str, &str)) -> f64 {
    let lines = lines(reading, None, quantity, "all", false);
    let values = lines.iter().flat_map(|l| l.fan.values()).chain([0.0]);
    bounds(values).map_or(0.0, |(low, high)| high - low)
}

/// The reading with phases and inputs only as long as there are lines, where these end long before; else `None`.
fn shortened<'a>(
    reading: &Reading<'a>,
    lines: &[Line],
    subject: &'a OnceCell<Subject>,
) -> Option<Reading<'a>> {
    const LONG: f64 = 0.8;
    let end = bounds(lines.iter().flat_map(|l| l.fan.x.iter().copied()))?.1;
    let phases = reading.subject.arms.iter().flat_map(|arm| &arm.phases);
    let (start, last) = bounds(phases.flat_map(|phase| [phase.start, phase.end]))?;
    (end - start < LONG * (last - start))
        .then(|| Reading { subject: subject.get_or_init(|| reading.subject.until(end)), ..reading.clone() })
}

fn difference(
    theme: &Theme,
    reading: &Reading,
    ghost: Option<&Reading>,
    quantity: (&str, &str),
) -> Option<Drawn> {
    let mut lines = lines(reading, ghost, quantity, "all", true);
    if lines.is_empty() {
        return None;
    }
    simplified(theme, &mut lines);
    let subject = reading.subject;
    let name = naming::quantity_name(subject, quantity);
    let unit = naming::unit_of_difference(unit_of(reading, quantity));
    let axis = section_title(reading, quantity, unit, lines.first().map(|l| &l.fan));
    let title = format!("difference within each agent: {axis}");
    let mut text = words::over_time(reading, &title, &lines, unit);
    text += " The same agents with the same luck are compared, so the spread is that of the effect.";
    let least = AGREE * own_span(reading, quantity);
    let remark = agreement(&lines, least, unit);
    if !remark.is_empty() {
        text += &format!(" {}.", naming::sentence(&remark));
    }
    text += &words::failed(subject);
    let arms = distinct(lines.iter().flat_map(|l| l.arm.split(" minus "))).into_iter().collect();
    let shorter = OnceCell::new();
    let shorter = shortened(reading, &lines, &shorter);
    let section = Section { title, whole: "", lines, level: Some(0.0), least, show: None };
    let heading = words::title(subject, theme, &format!("{name}, same agents, same luck"));
    let heading = match theme.slide() {
        true => naming::sentence(&format!("{name}: same agents, same luck")),
        false => heading,
    };
    let stack = Stack { sections: vec![section], facets: Vec::new(), arms, remark };
    let picture = stack::picture(theme, shorter.as_ref().unwrap_or(reading), &heading, &stack);
    let stem = naming::stem(&["twins", quantity.0]);
    let title = format!("{}: {name}, same agents, same luck", subject.title);
    Some(Drawn::new(stem, title, picture, text))
}

/// That all differences are as good as none, with the largest; empty where they are not.
fn agreement(lines: &[Line], least: f64, unit: &str) -> String {
    let values = lines.iter().flat_map(|l| l.fan.values());
    let largest = values.filter(|v| drawable(*v)).fold(0.0, |most: f64, v| most.max(v.abs()));
    if largest >= least {
        return String::new();
    }
    let largest = naming::with_unit(number(largest), unit);
    format!("the arms agree within {largest}, less than 1 % of what the quantity spans in them")
}

#[cfg(test)]
mod tests {
    use super::super::{Audience, sample};
    use super::*;

    #[test]
    fn arms_that_agree_are_said_to_and_their_noise_fills_no_axis() {
        let line = |y: f64| {
            let fan = Fan { x: vec![0.0, 1.0], middle: vec![0.0, y], ..Fan::default() };
            Line { arm: "b minus a", label: String::new(), fan, ghost: None, jumps: Vec::new() }
        };
        assert!(agreement(&[line(-2e-6)], 1.0, "nM").contains("within 2×10⁻⁶ nM"));
        assert_eq!(agreement(&[line(-2e-6), line(3.0)], 1.0, "nM"), "");
        let sample = sample::run();
        let run = sample.run();
        let span = own_span(&Reading::of(&run), ("R / rest.R", ""));
        assert!((100.0..110.0).contains(&span), "{span}");
    }

    #[test]
    fn differences_end_with_their_lines_and_not_with_the_phases() {
        let mut sample = sample::run();
        let told = |sample: &sample::Sample| {
            let run = sample.run();
            let drawn = twins(&Audience::Screen.theme(), &Reading::of(&run), None);
            drawn.into_iter().map(|d| d.picture).collect::<Vec<_>>()
        };
        let short = told(&sample);
        for arm in &mut sample.subject.arms {
            arm.phases[2].end = 400.0;
        }
        assert_eq!(told(&sample), short);
    }
}
