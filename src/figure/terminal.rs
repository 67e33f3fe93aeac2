//! A preview in Braille dots: the median of the first quantity for each arm, with labelled axes.
//! Knows the summary; knows nothing of terminals beyond their width and height in characters.

use super::fan::Fan;
use super::phases;
use super::reading::{Reading, SeriesKey};
use super::scale::{Scale, number};
use super::{PhaseSubject, Run, naming};

/// Dots of one character: two across, four down (Unicode block U+2800).
const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Dots that are set and left out in turn along the line of an arm, by place: its own length counts, so that steep parts show as well.
const PATTERN: [(f64, f64); 4] = [(1.0, 0.0), (4.0, 2.0), (1.0, 2.0), (9.0, 3.0)];

/// Dots with a left and bottom origin of the plot.
struct Screen {
    columns: usize,
    rows: usize,
    cells: Vec<u32>,
}

impl Screen {
    /// Sets the dot at shares (right, up) of the plot.
    fn dot(&mut self, column: usize, row: usize) {
        if column < 2 * self.columns && row < 4 * self.rows {
            self.cells[(row / 4) * self.columns + column / 2] |= DOTS[row % 4][column % 2];
        }
    }

    /// The median, with gaps in its dots that differ from arm to arm and are shorter than a row is high.
    fn curve(&mut self, fan: &Fan, (x, y): (&Scale, &Scale), arm: usize) {
        let across = (2 * self.columns - 1) as f64;
        let down = (4 * self.rows - 1) as f64;
        let at = |i: usize| (x.place(fan.x[i]) * across, (1.0 - y.place(fan.middle[i])) * down);
        let (set, out) = PATTERN[arm % PATTERN.len()];
        let mut travelled = 0.0;
        let mut before: Option<(f64, f64)> = None;
        for i in 0..fan.x.len() {
            let (to_x, to_y) = at(i);
            if !(to_x.is_finite() && to_y.is_finite()) {
                before = None;
                continue;
            }
            let (from_x, from_y) = before.unwrap_or((to_x, to_y));
            let length = (to_x - from_x).abs().max((to_y - from_y).abs());
            let steps = (2.0 * length).ceil().clamp(1.0, 8192.0) as usize;
            for step in 0..=steps {
                let share = step as f64 / steps as f64;
                let (px, py) = (from_x + (to_x - from_x) * share, from_y + (to_y - from_y) * share);
                if (travelled + length * share) % (set + out) < set {
                    self.dot(px.round() as usize, py.round() as usize);
                }
            }
            travelled += length;
            before = Some((to_x, to_y));
        }
    }

    fn row(&self, row: usize) -> String {
        let cells = &self.cells[row * self.columns..(row + 1) * self.columns];
        cells.iter().map(|bits| char::from_u32(0x2800 + bits).filter(|_| *bits > 0).unwrap_or(' ')).collect()
    }
}

fn cut(text: &str, room: usize) -> String {
    match text.chars().count() > room {
        true if room > 1 => text.chars().take(room - 1).collect::<String>() + "…",
        true => String::new(),
        false => text.to_owned(),
    }
}

/// The arms that recorded a quantity: title, place, fan.
fn medians<'r>(
    reading: &'r Reading<'r>,
    (what, window): (&'r str, &'r str),
) -> Vec<(String, usize, &'r Fan)> {
    let found = reading.arms().into_iter().filter_map(|arm| {
        let (fan, _) = reading.series.get(&SeriesKey { arm, group: "all", what, window })?;
        Some((reading.arm_title(arm), reading.arm_place(arm), fan))
    });
    found.collect()
}

/// Text of at most `width` by `height` characters (at least 30 by 8); a sentence where there is nothing to show.
pub fn terminal(run: &Run, width: usize, height: usize) -> String {
    let (width, height) = (width.clamp(30, 400), height.clamp(8, 200));
    let reading = Reading::of(run);
    let Some((quantity, lines)) =
        reading.quantities().into_iter().map(|q| (q, medians(&reading, q))).find(|(_, l)| !l.is_empty())
    else {
        return "nothing was recorded over time".to_owned();
    };
    let unit =
        reading.series.iter().find(|(k, _)| (k.what, k.window) == quantity).map_or("", |(_, (_, unit))| unit);
    let y = Scale::around(lines.iter().flat_map(|(_, _, f)| f.middle.iter().copied()));
    let x = Scale::span(lines.iter().flat_map(|(_, _, f)| f.x.iter().copied()));
    let ticks = y.ticks((height / 4).clamp(2, 6));
    let left = ticks.iter().map(|t| t.label.chars().count()).max().unwrap_or(1) + 1;
    let longest = lines.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    let right = longest.min(width / 4) + 1;
    let columns = width.saturating_sub(left + right + 1).max(8);
    let mut phases = phase_rows(&reading, &lines, &x, (columns, right));
    phases.truncate(height / 4 - 1);
    let rows = height.saturating_sub(4 + phases.len()).max(1);
    let mut screen = Screen { columns, rows, cells: vec![0; columns * rows] };
    for (_, place, fan) in &lines {
        screen.curve(fan, (&x, &y), *place);
    }
    let axis = naming::quantity_axis(reading.subject, quantity.0, quantity.1, unit);
    let window = naming::window(quantity.1, lines.first().map(|l| l.2), &reading.subject.time_unit);
    let window = if window == "momentary" { String::new() } else { format!(", {window}") };
    let whose = if lines.len() > 1 { "median of each arm" } else { "median" };
    let mut out = vec![cut(&format!("{axis}{window}; {whose}"), width)];
    out.extend(phases.into_iter().map(|row| format!("{:left$} {row}", "")));
    let labels = end_labels(&lines, &y, rows);
    for (row, label) in labels.into_iter().enumerate() {
        let tick =
            ticks.iter().find(|t| row_of(&y, t.value, rows) == Some(row)).map_or("", |t| t.label.as_str());
        let name = label.map_or(String::new(), |i| cut(&lines[i].0, right - 1));
        let bar = if tick.is_empty() { '│' } else { '┤' };
        out.push(
            format!("{tick:>width$}{bar}{} {name}", screen.row(row), width = left).trim_end().to_owned(),
        );
    }
    out.extend(time_axis(&x, &reading.subject.time_unit, left, columns, width));
    out.join("\n")
}

fn row_of(y: &Scale, value: f64, rows: usize) -> Option<usize> {
    let place = y.place(value);
    place.is_finite().then(|| (((1.0 - place) * (4 * rows - 1) as f64).round() as usize / 4).min(rows - 1))
}

/// For each row the line whose name stands there: at its end, or as near as there is room.
fn end_labels(lines: &[(String, usize, &Fan)], y: &Scale, rows: usize) -> Vec<Option<usize>> {
    let mut taken = vec![None; rows];
    for (i, (_, _, fan)) in lines.iter().enumerate() {
        let Some(last) = fan.last_until(f64::INFINITY) else { continue };
        let Some(wanted) = row_of(y, fan.middle[last], rows) else { continue };
        let nearest = (0..rows).filter(|r| taken[*r].is_none()).min_by_key(|r| r.abs_diff(wanted));
        if let Some(row) = nearest {
            taken[row] = Some(i);
        }
    }
    taken
}

/// Names of the phases above the plot: one row where all arms share them, else a row for each of at most three arms.
fn phase_rows(
    reading: &Reading,
    lines: &[(String, usize, &Fan)],
    x: &Scale,
    (columns, right): (usize, usize),
) -> Vec<String> {
    let arms = reading.arms();
    let shown: Vec<&str> = lines.iter().filter_map(|(_, place, _)| arms.get(*place).copied()).collect();
    let rows = phases::rows(reading, &shown);
    if rows.len() > 3 {
        return Vec::new();
    }
    let named = |row: &phases::PhaseRow| {
        let name = row.arm.map_or(String::new(), |arm| cut(&reading.arm_title(arm), right - 1));
        format!("{} {name}", phase_row(row.phases, x, columns)).trim_end().to_owned()
    };
    rows.iter().map(named).collect()
}

fn phase_row(phases: &[PhaseSubject], x: &Scale, columns: usize) -> String {
    let mut row = vec![' '; columns];
    for phase in phases {
        let place = |t: f64| {
            Some(x.place(t)).filter(|p| p.is_finite()).map(|p| (p * columns as f64).round() as usize)
        };
        let (Some(from), Some(to)) = (place(phase.start), place(phase.end)) else { continue };
        if to <= from + 1 {
            continue;
        }
        row[from] = '|';
        for (cell, c) in row[from + 1..to].iter_mut().zip(cut(&phase.name, to - from - 1).chars()) {
            *cell = c;
        }
    }
    row.into_iter().collect()
}

fn time_axis(x: &Scale, unit: &str, left: usize, columns: usize, width: usize) -> Vec<String> {
    let ticks = x.time_ticks((columns / 10).clamp(2, 10), unit);
    let mut rule: Vec<char> = std::iter::once('└').chain(std::iter::repeat_n('─', columns)).collect();
    let mut labels = vec![' '; width];
    let mut free = 0;
    for tick in &ticks {
        let at = 1 + (x.place(tick.value) * (columns - 1) as f64).round() as usize;
        rule[at] = '┴';
        let label: Vec<char> = tick.label.chars().collect();
        let start = (left + at).saturating_sub(label.len() / 2).min(width - label.len());
        if start >= free {
            labels[start..start + label.len()].copy_from_slice(&label);
            free = start + label.len() + 1;
        }
    }
    if ticks.is_empty() {
        labels.splice(..0, number(0.0).chars());
    }
    let title = format!("time ({})", naming::time_unit(unit));
    vec![
        format!("{:left$}{}", "", rule.into_iter().collect::<String>()),
        labels.into_iter().collect::<String>().trim_end().to_owned(),
        format!("{:left$} {}", "", cut(&title, columns)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_line_of_any_arm_leaves_no_gap_where_it_is_steep_or_level() {
        let scale = Scale::Linear { low: 0.0, high: 1.0 };
        let steep = Fan { x: vec![0.5, 0.5001], middle: vec![0.0, 1.0], ..Fan::default() };
        let dense = (0..=2000).map(|i| f64::from(i) / 2000.0);
        let level = Fan { x: dense.clone().collect(), middle: vec![0.5; 2001], ..Fan::default() };
        let (columns, rows) = (40, 12);
        for arm in 0..6 {
            let drawn = |fan: &Fan| {
                let mut screen = Screen { columns, rows, cells: vec![0; columns * rows] };
                screen.curve(fan, (&scale, &scale), arm);
                screen.cells
            };
            let (steep, level) = (drawn(&steep), drawn(&level));
            assert!(steep.chunks(columns).all(|row| row.iter().any(|c| *c > 0)), "arm {arm}");
            let marked = |c: usize| (0..rows).any(|r| level[r * columns + c] > 0);
            assert!((1..columns).all(|c| marked(c) || marked(c - 1)), "arm {arm}");
        }
    }

    #[test]
    fn the_preview_fits_and_names_axes_arms_and_phases() {
        let sample = sample::run();
        for (width, height) in [(30, 8), (80, 20), (120, 40)] {
            let shown = terminal(&sample.run(), width, height);
            assert!(shown.lines().all(|l| l.chars().count() <= width), "{shown}");
            assert!(shown.lines().count() <= height, "{shown}");
        }
        let shown = terminal(&sample.run(), 80, 20);
        for word in ["time (days)", "% of own baseline", "chronic", "abstinence", "exposure"] {
            assert!(shown.contains(word), "{word}\n{shown}");
        }
    }
}
