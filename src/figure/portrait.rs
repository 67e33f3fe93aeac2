//! One quantity against another: the path of the population's means through time, phase by phase, with its direction.
//! Knows the summary. A path of means is no agent's own path.

use super::asked::{self, fan_of, means, phases_of, unit_of};
use super::audience::{Marker, Pen, Theme};
use super::axes::Panel;
use super::canvas::{Anchor, Ink, Picture, Rect};
use super::multiples::{self, Cell, Multiples};
use super::page::{Head, Key, Sample};
use super::reading::{Reading, distinct};
use super::scale::{Scale, number};
use super::{Drawn, FigureSubject, PlottedSubject, font, naming, over_time, strokes, words};

/// Means of one arm at times at which both are known.
struct Path<'a> {
    arm: &'a str,
    t: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
    is_mean: bool,
}

impl Path<'_> {
    fn of<'a>(
        reading: &Reading,
        arm: &'a str,
        (x, y): (&PlottedSubject, &PlottedSubject),
    ) -> Option<Path<'a>> {
        let (across, upward) = (fan_of(reading, x, (arm, "all"))?, fan_of(reading, y, (arm, "all"))?);
        let (xs, is_mean) = means(across);
        let (ys, too) = means(upward);
        let mut path = Path { arm, t: Vec::new(), x: Vec::new(), y: Vec::new(), is_mean: is_mean && too };
        for (i, t) in across.x.iter().enumerate() {
            let Ok(j) = upward.x.binary_search_by(|other| other.total_cmp(t)) else { continue };
            if xs[i].is_finite() && ys[j].is_finite() {
                path.t.push(*t);
                path.x.push(xs[i]);
                path.y.push(ys[j]);
            }
        }
        (!path.t.is_empty()).then_some(path)
    }

    /// Between two times by a straight line.
    fn at(&self, t: f64) -> Option<(f64, f64)> {
        let after = self.t.iter().position(|own| *own >= t)?;
        let before = if self.t[after] == t { after } else { after.checked_sub(1)? };
        let width = self.t[after] - self.t[before];
        let share = if width > 0.0 { (t - self.t[before]) / width } else { 0.0 };
        let between = |v: &[f64]| v[before] + (v[after] - v[before]) * share;
        Some((between(&self.x), between(&self.y)))
    }
}

/// `week` of `week 12`: phases that repeat are drawn alike.
fn kind_of(phase: &str) -> &str {
    let base = phase.trim_end_matches(|c: char| c.is_ascii_digit());
    if base.len() < phase.len() && base.ends_with(' ') { base.trim_end() } else { phase }
}

/// The figure; `None` where no arm has both.
pub fn figure(
    theme: &Theme,
    reading: &Reading,
    ghost: Option<&Reading>,
    figure: &FigureSubject,
    (x, y): (&PlottedSubject, &PlottedSubject),
) -> Option<Drawn> {
    let subject = reading.subject;
    let arms = asked::arms(reading, figure);
    let mut paths: Vec<Path> = arms.iter().filter_map(|arm| Path::of(reading, arm, (x, y))).collect();
    let is_mean = paths.first()?.is_mean;
    let [across, upward] = [x, y].map(|plotted| {
        let fan = fan_of(reading, plotted, (paths[0].arm, "all"));
        over_time::section_title(reading, (&plotted.what, &plotted.window), unit_of(reading, plotted), fan)
    });
    let [x_name, y_name] =
        [x, y].map(|plotted| naming::quantity_name(subject, (&plotted.what, &plotted.window)));
    let usual = format!("{y_name} against {x_name}");
    let (heading, title) = asked::titles(theme, subject, figure, &usual);
    let units = [unit_of(reading, x), unit_of(reading, y)];
    let text = text(reading, (&across, &upward), &paths, units);
    let left_out = asked::on_slide(theme, &mut paths, multiples::SLIDE - 1, "arms");
    let ghosts: Vec<Option<Path>> = paths.iter().map(|path| Path::of(ghost?, path.arm, (x, y))).collect();
    let phases = paths.iter().flat_map(|path| phases_of(reading, path.arm)).map(|p| kind_of(&p.name));
    let phases = distinct(phases);
    let marks = marks(theme, reading, &paths);
    let pen = |name: &str| theme.moment(phases.iter().position(|own| *own == name).unwrap_or(0));
    let mut keys: Vec<Key> = match phases.len() {
        0 | 1 => Vec::new(),
        _ => phases.iter().map(|name| Key::new(Sample::Line(pen_of(&pen, name)), *name)).collect(),
    };
    if ghosts.iter().any(Option::is_some) {
        keys.push(Key::new(Sample::Ghost, "unchanged"));
    }
    let of = if is_mean { "means" } else { "medians" };
    asked::remark(
        &mut keys,
        match theme.slide() {
            true => "ring: start; square: end".to_owned(),
            false => {
                format!("path of the {of} over agents, which is no agent's own; ring: start, square: end")
            }
        },
    );
    if let ([_, ..], false) = (&marks[..], theme.slide()) {
        let time = naming::time_unit(&subject.time_unit);
        asked::remark(&mut keys, format!("small dots: {time} as written"));
    }
    asked::remark(&mut keys, left_out);
    let shown = || paths.iter().chain(ghosts.iter().flatten());
    let own = [x, y].map(|plotted| reading.scale_of((&plotted.what, &plotted.window)));
    let scale = |values: Vec<f64>, marked: Option<[f64; 2]>| {
        aired(Scale::around(values.into_iter().chain(marked.into_iter().flatten())))
    };
    let x_scale = scale(shown().flat_map(|path| path.x.iter().copied()).collect(), own[0]);
    let y_scale = scale(shown().flat_map(|path| path.y.iter().copied()).collect(), own[1]);
    let cell = |path: &Path| Cell {
        title: reading.arm_title(path.arm),
        axis: String::new(),
        notes: Vec::new(),
        x: x_scale,
        y: y_scale,
        x_title: across.clone(),
        phases: &[],
    };
    let head = Head { title: &heading, subtitle: &subject.question, keys };
    let size = if paths.len() > 2 { (15.0, 15.0) } else { (18.0, 19.0) };
    let cells = paths.iter().map(cell).collect();
    let all = Multiples { head, axis: upward, cells, time: None, right: 0.9, size };
    let picture = multiples::picture(theme, subject, &all, &mut |picture, panel, i| {
        if let Some(ghost) = &ghosts[i] {
            let points = ghost.x.iter().zip(&ghost.y).map(|(x, y)| panel.at(*x, *y)).collect::<Vec<_>>();
            picture.line(&points, theme.ghost(), 0.8 * theme.line, &strokes::ghost_dash(theme));
        }
        draw(picture, theme, panel, (reading, &paths[i]), &pen, &marks);
    });
    Some(Drawn::new(naming::stem(&["phase-portrait", &y.what, &x.what]), title, picture, text))
}

/// Room for marks of what lies on the edge.
fn aired(scale: Scale) -> Scale {
    match scale {
        Scale::Linear { low, high } => Scale::Linear { low: low - 0.04 * (high - low), high },
        other => other,
    }
}

/// Markers would be taken for marks of time.
fn pen_of(pen: &dyn Fn(&str) -> Pen, name: &str) -> Pen {
    Pen { marker: Marker::None, ..pen(name) }
}

/// Pleasant times that are marked on the paths.
fn marks(theme: &Theme, reading: &Reading, paths: &[Path]) -> Vec<(f64, String)> {
    let times = Scale::span(paths.iter().flat_map(|path| [path.t[0], path.t[path.t.len() - 1]]));
    if paths.iter().all(|path| path.t.len() < 3) {
        return Vec::new();
    }
    let most = if theme.slide() { 3 } else { 6 };
    let ticks = times.time_ticks(most, &reading.subject.time_unit);
    ticks.into_iter().map(|tick| (tick.value, tick.label)).collect()
}

/// Labels that have found room in a panel, and what they must not touch.
struct Room<'a> {
    panel: &'a Panel,
    taken: Vec<Rect>,
    /// What a label covers only where it must.
    path: Vec<(f64, f64)>,
}

impl Room<'_> {
    /// A place for a text beside a point: right, left, above or below, where it touches nothing.
    fn beside(&mut self, theme: &Theme, text: &str, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        let size = theme.sizes()[1];
        let (width, air) = (font::width(text, size, false), 0.8 * size);
        let places = [
            (x + air, y + 0.36 * size),
            (x - air - width, y + 0.36 * size),
            (x - width / 2.0, y - air - 0.1 * size),
            (x - width / 2.0, y + air + 0.8 * size),
            (x + air, y - 0.5 * size),
            (x + air, y + 1.15 * size),
            (x - air - width, y - 0.5 * size),
            (x - air - width, y + 1.15 * size),
        ];
        let r = self.panel.rect;
        let boxed = |(left, base): (f64, f64)| Rect {
            left,
            top: base - 0.8 * size,
            right: left + width,
            bottom: base + 0.26 * size,
        };
        let inside =
            |own: &Rect| own.left > r.left && own.right < r.right && own.top > r.top && own.bottom < r.bottom;
        let free = |own: &Rect| inside(own) && self.taken.iter().all(|other| apart(own, other));
        let clear = |own: &Rect| self.path.iter().all(|at| apart(own, &around(*at, 0.12 * size)));
        let mut fitting = places.into_iter().filter(|place| free(&boxed(*place)));
        let best = fitting.clone().find(|place| clear(&boxed(*place))).or_else(|| fitting.next())?;
        self.taken.push(boxed(best));
        Some(best)
    }

    fn keep(&mut self, at: (f64, f64), reach: f64) {
        self.taken.push(around(at, reach));
    }
}

/// Points along a path, close enough that no label slips between them.
fn along(points: &[(f64, f64)], step: f64) -> Vec<(f64, f64)> {
    let between = |w: &[(f64, f64)]| {
        let (a, b) = (w[0], w[1]);
        let count = ((b.0 - a.0).abs().max((b.1 - a.1).abs()) / step).ceil().clamp(1.0, 500.0);
        let point = move |i: usize| {
            let share = i as f64 / count;
            (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
        };
        (0..count as usize).map(point).collect::<Vec<_>>()
    };
    points.windows(2).flat_map(between).collect()
}

fn around((x, y): (f64, f64), reach: f64) -> Rect {
    Rect { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }
}

fn apart(a: &Rect, b: &Rect) -> bool {
    a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top
}

fn draw(
    picture: &mut Picture,
    theme: &Theme,
    panel: &Panel,
    (reading, path): (&Reading, &Path),
    pen: &dyn Fn(&str) -> Pen,
    marks: &[(f64, String)],
) {
    let phases = phases_of(reading, path.arm);
    let phase_at =
        |t: f64| phases.iter().rposition(|p| p.start <= t).map_or("", |i| kind_of(&phases[i].name));
    let points: Vec<(f64, f64)> = path.x.iter().zip(&path.y).map(|(x, y)| panel.at(*x, *y)).collect();
    let mut run: Vec<(f64, f64)> = Vec::new();
    for i in 0..points.len().saturating_sub(1) {
        let middle = |i: usize| (path.t[i] + path.t[i + 1]) / 2.0;
        run.push(points[i]);
        let last = i + 2 >= points.len() || phase_at(middle(i)) != phase_at(middle(i + 1));
        if last {
            run.push(points[i + 1]);
            let own = pen_of(pen, phase_at(middle(i)));
            let dash: Vec<f64> = own.dash.iter().map(|d| d * theme.line).collect();
            picture.line(&run, own.ink, theme.line, &dash);
            arrows(picture, theme, &run, own.ink);
            run.clear();
        }
    }
    let mut room =
        Room { panel, taken: Vec::new(), path: along(&strokes::thinned(points.clone()), 0.3 * theme.size) };
    let ends = [("start", points.first()), ("end", points.last())];
    for (_, at) in ends {
        room.keep(*at.unwrap_or(&(0.0, 0.0)), 0.4 * theme.size);
    }
    for (name, at) in ends {
        let Some(at) = at else { continue };
        if let Some(place) = room.beside(theme, name, *at) {
            picture.text(place, name, theme.sizes()[1], false, theme.ink(), Anchor::Start);
        }
    }
    // A time that stands where another one stands already would be read as that one.
    for (t, label) in marks {
        let Some((x, y)) = path.at(*t) else { continue };
        let at = panel.at(x, y);
        let covered = |other: &Option<&(f64, f64)>| other.is_some_and(|o| near(*o, at, 0.5 * theme.size));
        if ends.iter().any(|(_, end)| covered(end)) {
            continue;
        }
        picture.disc(at, 0.27 * theme.size, Ink::rgb(255, 255, 255));
        picture.disc(at, 0.2 * theme.size, theme.ink());
        room.keep(at, 0.27 * theme.size);
        if let Some(place) = room.beside(theme, label, at) {
            picture.text(place, label, theme.sizes()[1], false, theme.soft(), Anchor::Start);
        }
    }
    if let (Some(start), Some(end)) = (points.first(), points.last()) {
        picture.disc(*start, 0.42 * theme.size, theme.ink());
        picture.disc(*start, 0.26 * theme.size, Ink::rgb(255, 255, 255));
        let square = Pen { marker: Marker::Square, ink: theme.ink(), ..theme.neutral() };
        let size = if near(*start, *end, 0.3 * theme.size) { 0.55 } else { 1.1 };
        strokes::marker(picture, theme, &square, *end, size);
    }
}

fn near(a: (f64, f64), b: (f64, f64), reach: f64) -> bool {
    (a.0 - b.0).abs() < reach && (a.1 - b.1).abs() < reach
}

/// Heads along a run: one in the middle of what is long enough, more where it is long.
fn arrows(picture: &mut Picture, theme: &Theme, run: &[(f64, f64)], ink: Ink) {
    let length = |w: &[(f64, f64)]| ((w[1].0 - w[0].0).powi(2) + (w[1].1 - w[0].1).powi(2)).sqrt();
    let whole: f64 = run.windows(2).map(length).sum();
    let em = theme.size;
    if whole < 2.2 * em {
        return;
    }
    let count = ((whole / (9.0 * em)).round()).clamp(1.0, 8.0);
    let mut wanted = (0..count as usize).map(|i| (i as f64 + 0.5) / count * whole).peekable();
    let mut travelled = 0.0;
    for w in run.windows(2) {
        let own = length(w);
        while let Some(at) = wanted.next_if(|at| *at <= travelled + own) {
            let share = if own > 0.0 { (at - travelled) / own } else { 0.0 };
            let (dx, dy) = ((w[1].0 - w[0].0) / own.max(1e-9), (w[1].1 - w[0].1) / own.max(1e-9));
            let (x, y) = (w[0].0 + (w[1].0 - w[0].0) * share, w[0].1 + (w[1].1 - w[0].1) * share);
            let (long, wide) = (0.85 * em, 0.36 * em);
            picture.area(
                vec![
                    (x + 0.5 * long * dx, y + 0.5 * long * dy),
                    (x - 0.5 * long * dx - wide * dy, y - 0.5 * long * dy + wide * dx),
                    (x - 0.5 * long * dx + wide * dy, y - 0.5 * long * dy - wide * dx),
                ],
                ink,
            );
        }
        travelled += own;
    }
}

fn text(reading: &Reading, (across, upward): (&str, &str), paths: &[Path], units: [&str; 2]) -> String {
    let of = if paths[0].is_mean { "mean" } else { "median" };
    let mut text = format!(
        "{} (upwards) against {across} (to the right): the path of the {of} over agents through time, which is no agent's own.",
        naming::sentence(upward)
    );
    for path in paths {
        let title = reading.arm_title(path.arm);
        let whose = if title.is_empty() { String::new() } else { format!("{title}: ") };
        let told = |(x, y): (f64, f64)| {
            let quoted = |value: f64, unit: &str| naming::with_unit(number(value), unit);
            format!("{} across and {} up", quoted(x, units[0]), quoted(y, units[1]))
        };
        let last = path.t.len() - 1;
        let mut pieces = vec![format!("starts at {}", told((path.x[0], path.y[0])))];
        for (phase, end) in asked::turns(reading, path.arm) {
            pieces.extend(path.at(end).map(|at| format!("is at {} at the end of {phase}", told(at))));
        }
        let time = naming::with_unit(number(path.t[last]), &reading.subject.time_unit);
        pieces.push(format!("ends at {} at {time}", told((path.x[last], path.y[last]))));
        let the = if whose.is_empty() { "The" } else { "the" };
        text += &format!(" {whose}{the} path {}.", pieces.join(", "));
        let far = |v: &[f64]| {
            let (low, high) =
                v.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |r, v| (r.0.min(*v), r.1.max(*v)));
            (v[last] - v[0]).abs() <= 0.02 * (high - low)
        };
        text += match far(&path.x) && far(&path.y) {
            true => " It ends about where it began.",
            false => " It does not end where it began.",
        };
    }
    text + &words::failed(reading.subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_that_repeat_are_of_one_kind() {
        let kinds: Vec<&str> =
            ["week 12", "week 3", "exposure", "D2", "12"].into_iter().map(kind_of).collect();
        assert_eq!(kinds, ["week", "week", "exposure", "D2", "12"]);
    }

    #[test]
    fn a_path_is_read_between_its_times() {
        let path = Path { arm: "a", t: vec![0.0, 2.0], x: vec![1.0, 3.0], y: vec![0.0, 8.0], is_mean: true };
        assert_eq!((path.at(0.5), path.at(2.0), path.at(3.0)), (Some((1.5, 2.0)), Some((3.0, 8.0)), None));
    }
}
