//! Several quantities over time, each in a panel with its own range; and groups of the population in one panel, arm by arm.
//! Knows the summary. Lines are arms, or the groups of one arm.

use super::asked::{self, fan_of, phases_of, unit_of};
use super::audience::{Pen, Theme};
use super::axes::Panel;
use super::canvas::Picture;
use super::fan::Fan;
use super::multiples::{self, Cell, Multiples};
use super::page::{Head, Key, Sample};
use super::reading::Reading;
use super::scale::Scale;
use super::stack::Line;
use super::{Drawn, FigureSubject, PhaseSubject, PlottedSubject, naming, over_time, strokes, words};

/// A line with its pen.
struct Drawable<'a> {
    line: Line<'a>,
    pen: Pen,
}

/// One panel.
struct Plot<'a> {
    title: String,
    axis: String,
    unit: &'a str,
    lines: Vec<Drawable<'a>>,
    show: Option<[f64; 2]>,
    phases: &'a [PhaseSubject],
}

/// The figure; `None` where nothing of it was recorded.
pub fn figure(
    theme: &Theme,
    reading: &Reading,
    ghost: Option<&Reading>,
    figure: &FigureSubject,
    (what, by_group): (&[PlottedSubject], bool),
) -> Option<Drawn> {
    let arms = asked::arms(reading, figure);
    let plot = |plotted: &PlottedSubject| {
        let lines = match by_group {
            true => groups_of(theme, reading, ghost, plotted, arms.first()?),
            false => arms_of(theme, reading, ghost, plotted, &arms),
        };
        let first = &lines.first()?.line.fan;
        let unit = unit_of(reading, plotted);
        let axis = over_time::section_title(reading, (&plotted.what, &plotted.window), unit, Some(first));
        let show = reading.scale_of((&plotted.what, &plotted.window));
        Some(Plot { title: String::new(), axis, unit, phases: common_phases(reading, &lines), lines, show })
    };
    let plots: Vec<Plot> = what.iter().filter_map(plot).collect();
    let shown = match by_group {
        true => format!("several quantities over time, by group{}", of_arm(reading, arms.first()?)),
        false => "several quantities over time".to_owned(),
    };
    let (heading, title) = asked::titles(theme, reading.subject, figure, &shown);
    drawn(theme, reading, plots, (heading, title, "scales".to_owned()), String::new())
}

fn of_arm(reading: &Reading, arm: &str) -> String {
    match reading.arm_title(arm) {
        none if none.is_empty() => none,
        title => format!(", {title}"),
    }
}

/// One figure for each quantity whose population has groups: a panel for each arm, a line for each group.
pub fn groups(theme: &Theme, reading: &Reading, ghost: Option<&Reading>) -> Vec<Drawn> {
    let quantities = reading.quantities().into_iter().filter(|q| !reading.only_for_figure(*q));
    quantities.filter_map(|quantity| of_groups(theme, reading, ghost, quantity)).collect()
}

fn of_groups<'a>(
    theme: &Theme,
    reading: &Reading<'a>,
    ghost: Option<&Reading>,
    (what, window): (&str, &str),
) -> Option<Drawn> {
    let plotted = PlottedSubject { what: what.to_owned(), window: window.to_owned() };
    let unit = unit_of(reading, &plotted);
    let plot = |arm: &&'a str| {
        let lines = groups_of(theme, reading, ghost, &plotted, arm);
        let phases = phases_of(reading, lines.first()?.line.arm);
        Some(Plot {
            title: reading.arm_title(arm),
            axis: String::new(),
            unit,
            lines,
            show: reading.scale_of((what, window)),
            phases,
        })
    };
    let arms = reading.arms();
    let plots: Vec<Plot> = arms.iter().filter_map(plot).filter(|plot| plot.lines.len() > 1).collect();
    let first = &plots.first()?.lines.first()?.line.fan;
    let axis = over_time::section_title(reading, (what, window), unit, Some(first));
    let shown = format!("{}, group by group", naming::quantity_name(reading.subject, (what, window)));
    let heading = words::title(reading.subject, theme, &shown);
    let title = format!("{}: {shown}", reading.subject.title);
    drawn(theme, reading, plots, (heading, title, naming::stem(&["groups", what])), axis)
}

fn line<'a>(
    reading: &Reading,
    ghost: Option<&Reading>,
    plotted: &PlottedSubject,
    (arm, group): (&'a str, &str),
) -> Option<Line<'a>> {
    let fan = fan_of(reading, plotted, (arm, group))?.clone();
    let ghost = ghost.and_then(|ghost| fan_of(ghost, plotted, (arm, group))).cloned();
    let jumps = if plotted.window.is_empty() { reading.jumps(arm) } else { Vec::new() };
    Some(Line { arm, label: String::new(), fan, ghost, jumps })
}

fn arms_of<'a>(
    theme: &Theme,
    reading: &Reading<'a>,
    ghost: Option<&Reading>,
    plotted: &PlottedSubject,
    arms: &[&'a str],
) -> Vec<Drawable<'a>> {
    let one = |arm: &&'a str| {
        let line = line(reading, ghost, plotted, (*arm, "all"))?;
        Some(Drawable {
            line: Line { label: reading.arm_title(arm), ..line },
            pen: theme.arm(reading.arm_place(arm)),
        })
    };
    arms.iter().filter_map(one).collect()
}

fn groups_of<'a>(
    theme: &Theme,
    reading: &Reading<'a>,
    ghost: Option<&Reading>,
    plotted: &PlottedSubject,
    arm: &&'a str,
) -> Vec<Drawable<'a>> {
    let one = |(place, group): (usize, &str)| {
        let line = line(reading, ghost, plotted, (*arm, group))?;
        let label = words::group(group, line.fan.n);
        Some(Drawable { line: Line { label, ..line }, pen: theme.arm(place) })
    };
    reading.groups().into_iter().enumerate().filter_map(one).collect()
}

/// Phases that all lines share; none where they differ.
fn common_phases<'a>(reading: &Reading<'a>, lines: &[Drawable]) -> &'a [PhaseSubject] {
    let mut own = lines.iter().map(|own| phases_of(reading, own.line.arm));
    let first = own.next().unwrap_or(&[]);
    if own.all(|other| other == first) { first } else { &[] }
}

fn drawn<'a>(
    theme: &Theme,
    reading: &Reading<'a>,
    mut plots: Vec<Plot<'a>>,
    (heading, title, stem): (String, String, String),
    axis: String,
) -> Option<Drawn> {
    let subject = reading.subject;
    if plots.is_empty() {
        return None;
    }
    let text = text(reading, &plots, &axis);
    let left_out = simplified(theme, &mut plots);
    let time = |plot: &Plot| {
        let ends = plot.phases.iter().flat_map(|phase| [phase.start, phase.end]).collect::<Vec<_>>();
        plot.lines.iter().flat_map(|own| own.line.fan.x.iter().copied()).chain(ends).collect::<Vec<_>>()
    };
    let x = Scale::span(plots.iter().flat_map(time));
    // One quantity has one scale; several have their own.
    let together = axis.is_empty().then_some(()).is_none();
    let y: Vec<(Scale, bool)> = plots.iter().map(|plot| range(std::slice::from_ref(plot))).collect();
    let (common, part) = range(&plots);
    let axis = if part && together { naming::zoomed(&axis, !theme.slide()) } else { axis };
    let cell = |(plot, (own, part)): (&Plot<'a>, &(Scale, bool))| Cell {
        title: plot.title.clone(),
        axis: if *part && !together { naming::zoomed(&plot.axis, !theme.slide()) } else { plot.axis.clone() },
        notes: Vec::new(),
        x,
        y: if together { common } else { *own },
        x_title: asked::time_title(reading),
        phases: plot.phases,
    };
    let cells = plots.iter().zip(&y).map(cell).collect();
    let head = Head { title: &heading, subtitle: &subject.question, keys: legend(theme, &plots, left_out) };
    let size = match plots.len() {
        1 => (20.0, 17.0),
        2..=4 => (18.0, 11.0),
        _ => (15.0, 8.5),
    };
    let unit = Some(subject.time_unit.as_str());
    let all = Multiples { head, axis, cells, time: unit, right: 0.9, size };
    let picture = multiples::picture(theme, subject, &all, &mut |picture, panel, i| {
        draw(picture, theme, panel, &plots[i]);
    });
    Some(Drawn::new(stem, title, picture, text))
}

fn simplified(theme: &Theme, plots: &mut Vec<Plot>) -> String {
    let panels = asked::on_slide(theme, plots, multiples::SLIDE, "panels");
    let lines: Vec<String> = plots
        .iter_mut()
        .map(|plot| asked::on_slide(theme, &mut plot.lines, multiples::SLIDE_LINES, "lines"))
        .collect();
    for plot in plots.iter_mut().filter(|plot| theme.slide() || plot.lines.len() > strokes::MOST_WIDE_BANDS) {
        for own in &mut plot.lines {
            own.line.fan = own.line.fan.narrowed();
            own.line.ghost = own.line.ghost.as_ref().map(Fan::narrowed);
        }
    }
    [panels].into_iter().chain(lines).find(|told| !told.is_empty()).unwrap_or_default()
}

/// What the axis shows, and whether that is a part of a marked scale.
fn range(plots: &[Plot]) -> (Scale, bool) {
    let lines = plots.iter().flat_map(|plot| &plot.lines).map(|own| &own.line);
    let values = lines.flat_map(|l| l.fan.values().chain(l.ghost.iter().flat_map(|g| g.values())));
    match plots.iter().find_map(|plot| plot.show) {
        Some(show) => Scale::on(values, show),
        None => (Scale::around(values), false),
    }
}

fn legend(theme: &Theme, plots: &[Plot], left_out: String) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for own in plots.iter().flat_map(|plot| &plot.lines).filter(|own| !own.line.label.is_empty()) {
        if keys.iter().all(|key| key.text != own.line.label) {
            keys.push(Key::new(Sample::Line(own.pen), own.line.label.clone()));
        }
    }
    let lines = || plots.iter().flat_map(|plot| &plot.lines).map(|own| &own.line);
    if lines().any(|line| line.ghost.is_some()) {
        keys.push(match lines().any(Line::moved) {
            true => Key::new(Sample::Ghost, "unchanged"),
            false => Key::new(Sample::Nothing, "unchanged: the same"),
        });
    }
    if let Some(line) = lines().max_by_key(|line| line.fan.bands.len()) {
        keys.push(Key::fan(theme.neutral(), &line.fan));
    }
    asked::remark(&mut keys, left_out);
    keys
}

fn draw(picture: &mut Picture, theme: &Theme, panel: &Panel, plot: &Plot) {
    let fans: Vec<Fan> = plot.lines.iter().map(|own| own.line.drawn()).collect();
    for (own, fan) in plot.lines.iter().zip(&fans) {
        strokes::bands(picture, panel, theme, fan, &own.pen, plot.lines.len());
    }
    let ghosts = plot.lines.iter().filter(|own| own.line.moved());
    let ghosts: Vec<(&Fan, Pen)> =
        ghosts.filter_map(|own| Some((own.line.ghost.as_ref()?, own.pen))).collect();
    strokes::ghosts(picture, theme, panel, &ghosts, ghosts.len() > 1);
    for (place, (own, fan)) in plot.lines.iter().zip(&fans).enumerate() {
        strokes::curve(picture, theme, panel, (&fan.x, &fan.middle), &own.pen, place);
    }
}

fn text(reading: &Reading, plots: &[Plot], axis: &str) -> String {
    let mut text = String::new();
    for plot in plots {
        let what = if plot.axis.is_empty() { axis } else { &plot.axis };
        let whose = if plot.title.is_empty() { String::new() } else { format!(", {}", plot.title) };
        let lines: Vec<&Line> = plot.lines.iter().map(|own| &own.line).collect();
        text += &format!("{} ", words::over_time(reading, &format!("{what}{whose}"), lines, plot.unit));
    }
    text.trim_end().to_owned() + &words::failed(reading.subject)
}
