//! Where points without a value lie: their share along equal steps of each factor, one panel for each factor.
//! Knows points, rows of `dropped.csv` and panels.
//!
//! Points of a block (a trajectory, a block of a Saltelli design) share most of their coordinates: the interval of a share counts them as one.

use std::collections::HashSet;

use super::super::audience::{Pen, Theme};
use super::super::axes::{self, Panel};
use super::super::canvas::{Ink, Picture, Rect};
use super::super::fills;
use super::super::naming::{sentence, stem};
use super::super::page::{Head, Key, Page, Sample};
use super::super::scale::{Scale, bounds, count, number as told, percent};
use super::super::{Drawn, font, words as run_words};
use super::axis::FactorAxis;
use super::cells::{number, text, whole};
use super::field::{cell_of, edges};
use super::panels::Panels;
use super::smooth::wilson;
use super::{MOST_OUTPUTS, Reading};

/// Panels of a figure; of a slide.
const MOST: usize = 30;
const SLIDE: usize = 3;
/// Points of a step, on average, where there are so many; the fewest and the most steps.
const PER_STEP: usize = 15;
const STEPS: [usize; 2] = [4, 10];
/// A factor with at most as many different values has a step for each.
const LEVELS: usize = 12;
const ELSEWHERE: &str = "points without a value lie elsewhere along this factor";
const ALIKE: &str = "not distinguishable from the others";

/// A row of `dropped.csv`.
struct Row {
    factor: usize,
    /// How far points without a value lie from the others, 0 to 1.
    distance: f64,
    /// Beyond chance.
    elsewhere: bool,
    medians: [f64; 2],
    failed: u64,
    of: u64,
}

/// The share of points without a value in a step along a factor.
struct Step {
    /// Edges in coordinates of the axis.
    ends: [f64; 2],
    /// The value of the factor, where the step is one level.
    level: Option<f64>,
    /// Lower end of its interval, share, upper end, in per cent; NaN where there are no points.
    share: [f64; 3],
}

/// A factor with what is seen along it.
struct Seen<'a> {
    row: Row,
    axis: FactorAxis<'a>,
    steps: Vec<Step>,
}

/// One for all outputs that lack the same points; none where no point failed, or all did.
pub fn figures(theme: &Theme, reading: &Reading) -> Vec<Drawn> {
    let failed = &reading.points.failed;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (output, of) in failed.iter().enumerate() {
        if of.iter().all(|failed| *failed) || of.iter().all(|failed| !*failed) {
            continue;
        }
        match groups.iter_mut().find(|group| failed[group[0]] == *of) {
            Some(group) => group.push(output),
            None => groups.push(vec![output]),
        }
    }
    groups.truncate(MOST_OUTPUTS);
    groups.into_iter().filter_map(|group| figure(theme, reading, &group)).collect()
}

fn figure(theme: &Theme, reading: &Reading, outputs: &[usize]) -> Option<Drawn> {
    let subject = reading.subject;
    let rows = rows(reading, outputs[0]);
    let failed = &reading.points.failed[outputs[0]];
    let seen: Vec<Seen> = rows.into_iter().map(|row| seen(reading, row, failed)).collect();
    let shown = seen.len().min(if theme.slide() { SLIDE } else { MOST });
    let most = bounds(seen.iter().flat_map(|seen| &seen.steps).map(|step| step.share[2]))?.1;
    let of_names = named(reading, outputs);
    let title = run_words::title(&subject.run, theme, &format!("where points have {of_names}"));
    let all = 100.0 * failed.iter().filter(|failed| **failed).count() as f64 / failed.len() as f64;
    let pen = Pen { dash: &[3.0, 1.4], ..theme.neutral() };
    let has = |elsewhere: bool| seen[..shown].iter().any(|seen| seen.row.elsewhere == elsewhere);
    let mut keys = Vec::new();
    if has(true) {
        keys.push(Key::new(Sample::Swatch(fills::fill(theme, 0)), ELSEWHERE));
    }
    if has(false) {
        keys.push(Key::new(Sample::Hollow, ALIKE));
    }
    keys.push(Key::new(Sample::Whisker, "95 % Wilson interval"));
    keys.push(Key::new(Sample::Line(pen), format!("share of all points, {} %", told(all))));
    if shown < seen.len() {
        keys.push(Key::new(Sample::Nothing, run_words::left_out("factors", shown, seen.len())));
    }
    let axes_of: Vec<&FactorAxis> = seen[..shown].iter().map(|seen| &seen.axis).collect();
    let panels = Panels::of(theme, &axes_of, Scale::Linear { low: 0.0, high: most.max(all).min(100.0) });
    let values = format!("share of points with {of_names} (%)");
    let above = font::wrap_evenly(&values, theme.size, false, theme.width - 2.0 * theme.margin(), 2);
    let top = (0.9 + 1.28 * above.len() as f64) * theme.size;
    let head = Head { title: &title, subtitle: "", keys };
    let mut page = Page::new(theme, &subject.run, &head, top + panels.height(theme));
    let picture = &mut page.picture;
    axes::above(picture, theme, &above, page.area.left, page.area.top + top - 0.2 * theme.size);
    let area = Rect { top: page.area.top + top, ..page.area };
    for (i, seen) in seen[..shown].iter().enumerate() {
        let panel = Panel { rect: panels.rect(theme, &area, i), x: seen.axis.scale, y: panels.y };
        axes::y_axis(picture, theme, &panel, i % panels.columns == 0);
        seen.steps.iter().for_each(|step| bar(picture, theme, &panel, seen, step));
        let y = panel.y_at(all);
        let dash: Vec<f64> = pen.dash.iter().map(|dash| dash * theme.line).collect();
        picture.line(&[(panel.rect.left, y), (panel.rect.right, y)], pen.ink, 0.7 * theme.line, &dash);
        let ticks = seen.axis.ticks(theme, panel.rect.width());
        axes::x_axis(picture, theme, &panel, &ticks, true, &panels.titles[i]);
    }
    let stem = stem(&["failed", &subject.outputs[outputs[0]].name]);
    Some(Drawn::new(stem, title, page.picture, words(reading, &of_names, &seen, shown)))
}

/// Rows of an output, the clearest first.
fn rows(reading: &Reading, output: usize) -> Vec<Row> {
    let (subject, table) = (reading.subject, reading.dropped);
    let own = (0..table.rows()).filter(|row| text(table, "output", *row) == subject.outputs[output].name);
    let row = |row: usize| {
        let name = text(table, "factor", row);
        let cell = |column: &str| number(table, column, row);
        Some(Row {
            factor: subject.factors.iter().position(|factor| factor.name == name)?,
            distance: cell("distance"),
            elsewhere: cell("distance") > cell("critical"),
            medians: [cell("failed_median"), cell("others_median")],
            failed: whole(table, "failed", row),
            of: whole(table, "of", row),
        })
    };
    let mut all: Vec<Row> = own.filter_map(row).collect();
    all.sort_by(|a, b| b.distance.total_cmp(&a.distance));
    all
}

/// Points of a step as they are counted.
#[derive(Clone, Default)]
struct Tally {
    /// The value of the factor at one of them.
    place: Option<f64>,
    failed: u64,
    of: u64,
    blocks: HashSet<u64>,
}

fn seen<'a>(reading: &Reading<'a>, row: Row, failed: &[bool]) -> Seen<'a> {
    let (subject, points) = (reading.subject, &reading.points);
    let axis = FactorAxis::of(&subject.factors[row.factor]);
    let places = &points.factors[row.factor];
    let coordinates: Vec<f64> = places.iter().map(|place| axis.coordinate(*place)).collect();
    let different: HashSet<u64> = coordinates.iter().map(|c| c.to_bits()).collect();
    let block = subject.block.max(1);
    // Of a block there are two values of each factor.
    let alone = points.count() / block as usize * block.min(2) as usize;
    let side = (alone / PER_STEP).clamp(STEPS[0], STEPS[1]);
    let (edges, levels) = edges(&axis, &coordinates, side, subject.grid || different.len() <= LEVELS);
    let mut found = vec![Tally::default(); edges.len() - 1];
    for (point, coordinate) in coordinates.iter().enumerate() {
        let Some(step) = cell_of(&edges, *coordinate) else { continue };
        let tally = &mut found[step];
        tally.place = Some(places[point]);
        tally.failed += u64::from(failed[point]);
        tally.of += 1;
        tally.blocks.insert(points.numbers[point] / block);
    }
    let step = |(ends, tally): (&[f64], Tally)| Step {
        ends: [ends[0], ends[1]],
        level: tally.place.filter(|_| levels),
        share: match tally.of {
            0 => [f64::NAN; 3],
            of => wilson(100.0 * tally.failed as f64 / of as f64, tally.blocks.len()),
        },
    };
    let steps = edges.windows(2).zip(found).map(step).collect();
    let [low, high] = [edges[0], edges[edges.len() - 1]];
    // So that numbers at the ends of neighbouring panels stand apart.
    let air = 0.03 * (high - low);
    Seen { row, axis: axis.between(low - air, high + air), steps }
}

fn bar(picture: &mut Picture, theme: &Theme, panel: &Panel, seen: &Seen, step: &Step) {
    let [low, share, high] = step.share.map(|share| panel.y_at(share));
    if !share.is_finite() {
        return;
    }
    let x = |coordinate: f64| panel.x_at(if seen.axis.log { 10f64.powf(coordinate) } else { coordinate });
    let [left, right] = step.ends.map(x);
    let air = 0.1 * (right - left);
    let r = Rect { left: left + air, right: right - air, top: share, bottom: panel.rect.bottom };
    let fill = fills::fill(theme, 0);
    match seen.row.elsewhere {
        true => fills::block(picture, theme, &fill, r),
        false => {
            let corners = [(r.left, r.bottom), (r.left, r.top), (r.right, r.top), (r.right, r.bottom)];
            picture.block(r, Ink::rgb(255, 255, 255));
            picture.line(&corners, fill.ink, 1.7 * theme.hair(), &[]);
        }
    }
    let middle = (left + right) / 2.0;
    let (ink, width) = (theme.ink(), 1.3 * theme.hair());
    let half = (0.16 * (right - left)).min(0.3 * theme.size);
    picture.line(&[(middle, low), (middle, high)], Ink::rgb(255, 255, 255).faint(0.75), 2.6 * width, &[]);
    picture.line(&[(middle, low), (middle, high)], ink, width, &[]);
    for y in [low, high] {
        picture.line(&[(middle - half, y), (middle + half, y)], ink, width, &[]);
    }
}

/// `no numbers`, `no value of fall`, `no value of fall and 2 more outputs`.
fn named(reading: &Reading, outputs: &[usize]) -> String {
    let all = &reading.subject.outputs;
    let first = all[outputs[0]].words();
    match outputs.len() {
        1 => format!("no value of {first}"),
        of if of == all.len() => "no numbers".to_owned(),
        of => format!("no value of {first} and {} more output{}", of - 1, if of == 2 { "" } else { "s" }),
    }
}

fn words(reading: &Reading, of_names: &str, seen: &[Seen], shown: usize) -> String {
    let subject = reading.subject;
    let mut said = String::new();
    if let Some(row) = seen.first().map(|seen| &seen.row).filter(|row| row.of > 0) {
        let share = percent(row.failed as f64 / row.of as f64);
        said += &format!("{} of {} points ({share}) have {of_names}.", count(row.failed), count(row.of));
    }
    for seen in seen.iter().filter(|seen| seen.row.elsewhere) {
        said += &format!(
            " {}: they lie elsewhere than the others",
            sentence(&subject.factor_words(&seen.axis.factor.name))
        );
        let [failed, others] = seen.row.medians;
        if failed.is_finite() && others.is_finite() {
            said += &format!(", median {} against {}", seen.axis.told(failed), seen.axis.told(others));
        }
        let known = || seen.steps.iter().filter(|step| step.share[1].is_finite());
        let by_share = |a: &&Step, b: &&Step| a.share[1].total_cmp(&b.share[1]);
        if let (Some(low), Some(high)) = (known().min_by(by_share), known().max_by(by_share)) {
            said += &format!(
                "; their share is largest, {} %, {}, and least, {} %, {}",
                told(high.share[1]),
                place(&seen.axis, high),
                told(low.share[1]),
                place(&seen.axis, low)
            );
        }
        said += ".";
    }
    let alike: Vec<String> = seen
        .iter()
        .filter(|seen| !seen.row.elsewhere)
        .map(|seen| subject.factor_words(&seen.axis.factor.name))
        .collect();
    if !alike.is_empty() {
        said += &format!(" Along these they are {ALIKE}: {}.", alike.join("; "));
    }
    if seen.iter().any(|seen| seen.row.elsewhere) {
        said += " Estimates leave them out and speak of the rest of the space.";
    }
    if shown < seen.len() {
        said += &format!(" {shown} of {} factors are drawn.", seen.len());
    }
    said
}

/// `at 5 d`, `from 1 nM to 2 nM`.
fn place(axis: &FactorAxis, step: &Step) -> String {
    let value = |coordinate: f64| axis.told(if axis.log { 10f64.powf(coordinate) } else { coordinate });
    match step.level {
        Some(level) => format!("at {}", axis.told(level)),
        None => format!("from {} to {}", value(step.ends[0]), value(step.ends[1])),
    }
}
