//! A total over time and the parts that it is the sum of, stacked from zero: what is above zero upwards, what is below downwards.
//! Knows the summary. Means are drawn, because the mean of a sum is the sum of the means; medians do not add up.

use super::asked::{self, fan_of, means, phases_of, unit_of};
use super::audience::{Pen, Theme};
use super::axes::Panel;
use super::canvas::{Ink, Picture};
use super::fan::Fan;
use super::fills::{self, Fill};
use super::multiples::{self, Cell, Multiples};
use super::page::{Head, Key, Sample};
use super::reading::Reading;
use super::scale::{Scale, number, percent};
use super::{Drawn, FigureSubject, PlottedSubject, font, naming, over_time, strokes, words};

/// Means of one arm at times at which all are known; of parts and of what they leave.
struct Stacked<'a> {
    arm: &'a str,
    x: Vec<f64>,
    total: Vec<f64>,
    parts: Vec<Vec<f64>>,
    ghost: Option<(Vec<f64>, Vec<f64>)>,
    /// Of the total, for its spread.
    fan: &'a Fan,
}

/// Parts that leave more than this share of the largest value have a rest that is drawn.
const REST: f64 = 0.005;

impl Stacked<'_> {
    fn of<'r>(
        reading: &'r Reading,
        ghost: Option<&Reading>,
        arm: &'r str,
        (total, parts): (&PlottedSubject, &[PlottedSubject]),
    ) -> Option<Stacked<'r>> {
        let own = |plotted| fan_of(reading, plotted, (arm, "all"));
        let fan = own(total)?;
        let fans: Vec<&Fan> = parts.iter().map(own).collect::<Option<_>>()?;
        let value = |fan: &Fan, t: f64| {
            let at = fan.x.binary_search_by(|x| x.total_cmp(&t)).ok()?;
            Some(means(fan).0[at]).filter(|value| value.is_finite())
        };
        let mut stacked = Stacked {
            arm,
            x: Vec::new(),
            total: Vec::new(),
            parts: vec![Vec::new(); fans.len()],
            ghost: None,
            fan,
        };
        for t in &fan.x {
            let values: Option<Vec<f64>> = fans.iter().map(|fan| value(fan, *t)).collect();
            let (Some(total), Some(values)) = (value(fan, *t), values) else { continue };
            stacked.x.push(*t);
            stacked.total.push(total);
            for (part, value) in stacked.parts.iter_mut().zip(values) {
                part.push(value);
            }
        }
        let unchanged = ghost.and_then(|ghost| fan_of(ghost, total, (arm, "all")));
        stacked.ghost = unchanged.map(|fan| (fan.x.clone(), means(fan).0.to_vec()));
        (!stacked.x.is_empty()).then_some(stacked)
    }

    /// What the parts leave of the total.
    fn rest(&self) -> Vec<f64> {
        let sum = |at: usize| self.parts.iter().map(|part| part[at]).sum::<f64>();
        self.total.iter().enumerate().map(|(at, total)| total - sum(at)).collect()
    }

    fn largest(&self) -> f64 {
        let all = self.parts.iter().flatten().chain(&self.total);
        all.fold(0.0, |most: f64, value| most.max(value.abs()))
    }

    fn has_rest(&self) -> bool {
        let most = REST * self.largest();
        self.rest().iter().any(|rest| rest.abs() > most)
    }

    /// Lower and upper edge of each part, above zero and below it.
    fn layers(&self) -> Vec<[Vec<(f64, f64)>; 2]> {
        let mut reached = vec![[0.0; 2]; self.x.len()];
        let layer = |part: &Vec<f64>| {
            [0, 1].map(|side| {
                let own = |(value, reached): (&f64, &mut [f64; 2])| {
                    let from = reached[side];
                    let own = if (*value > 0.0) == (side == 0) { *value } else { 0.0 };
                    reached[side] += own;
                    (from, reached[side])
                };
                part.iter().zip(reached.iter_mut()).map(own).collect()
            })
        };
        self.parts.iter().map(layer).collect()
    }
}

/// The figure; `None` where no arm has the total and all parts.
pub fn figure(
    theme: &Theme,
    reading: &Reading,
    ghost: Option<&Reading>,
    figure: &FigureSubject,
    (total, parts): (&PlottedSubject, &[PlottedSubject]),
) -> Option<Drawn> {
    let subject = reading.subject;
    let arms = asked::arms(reading, figure);
    let mut all: Vec<Stacked> =
        arms.iter().filter_map(|arm| Stacked::of(reading, ghost, arm, (total, parts))).collect();
    let first = all.first()?;
    let is_mean = means(first.fan).1;
    let unit = unit_of(reading, total);
    let axis = over_time::section_title(reading, (&total.what, &total.window), unit, Some(first.fan));
    let mut names: Vec<String> =
        parts.iter().map(|part| naming::quantity_name(subject, (&part.what, &part.window))).collect();
    let rest = all.iter().any(Stacked::has_rest);
    if rest {
        names.push("the rest, which no part explains".to_owned());
        for own in &mut all {
            own.parts.push(own.rest());
        }
    }
    let of_total = naming::quantity_name(subject, (&total.what, &total.window));
    let (heading, title) =
        asked::titles(theme, subject, figure, &format!("{of_total}, and what it is made of"));
    let text = text(reading, &axis, (&names, is_mean, rest), &all, unit);
    let left_out = asked::on_slide(theme, &mut all, multiples::SLIDE - 1, "arms");
    let fill = |at: usize| match rest && at + 1 == names.len() {
        true => Fill::of(Ink::rgb(225, 225, 225)),
        false => fills::fill(theme, at),
    };
    // A slide would cut long words where they begin to differ.
    let told = |at: usize, name: &String| match parts.get(at) {
        Some(part) if theme.slide() && font::width(name, theme.size, false) > 0.38 * theme.width => {
            part.what.clone()
        }
        _ => name.clone(),
    };
    let mut keys: Vec<Key> = names
        .iter()
        .enumerate()
        .map(|(at, name)| Key::new(Sample::Swatch(fill(at)), told(at, name)))
        .collect();
    let middle = if is_mean { "mean of agents" } else { "median of agents" };
    keys.push(Key::new(
        Sample::Line(Pen { ink: theme.ink(), ..theme.neutral() }),
        format!("total, {middle}"),
    ));
    if all.iter().any(|own| own.ghost.is_some()) {
        keys.push(Key::new(Sample::Ghost, "total, unchanged"));
    }
    if !theme.slide() {
        asked::remark(&mut keys, adds_up(is_mean, rest).to_owned());
    }
    asked::remark(&mut keys, left_out);
    let layers: Vec<_> = all.iter().map(Stacked::layers).collect();
    let edges = layers.iter().flatten().flatten().flatten().flat_map(|(from, to)| [*from, *to]);
    let ghosts = all.iter().filter_map(|own| own.ghost.as_ref()).flat_map(|(_, y)| y.iter().copied());
    let y = Scale::around(
        edges.chain(all.iter().flat_map(|own| own.total.iter().copied())).chain(ghosts).chain([0.0]),
    );
    let ends = all.iter().flat_map(|own| phases_of(reading, own.arm)).flat_map(|p| [p.start, p.end]);
    let x = Scale::span(all.iter().flat_map(|own| own.x.iter().copied()).chain(ends));
    let cell = |own: &Stacked| Cell {
        title: reading.arm_title(own.arm),
        axis: String::new(),
        notes: Vec::new(),
        x,
        y,
        x_title: asked::time_title(reading),
        phases: phases_of(reading, own.arm),
    };
    let head = Head { title: &heading, subtitle: &subject.question, keys };
    let size = (if all.len() > 2 { 15.0 } else { 20.0 }, if all.len() > 1 { 13.0 } else { 18.0 });
    let time = Some(subject.time_unit.as_str());
    let all_cells = Multiples { head, axis, cells: all.iter().map(cell).collect(), time, right: 0.9, size };
    let picture = multiples::picture(theme, subject, &all_cells, &mut |picture, panel, i| {
        let (own, layers) = (&all[i], &layers[i]);
        for (at, sides) in layers.iter().enumerate() {
            for side in sides {
                draw_layer(picture, theme, panel, (&own.x, side), &fill(at));
            }
        }
        draw_total(picture, theme, panel, own);
    });
    Some(Drawn::new(naming::stem(&["decomposition", &total.what]), title, picture, text))
}

fn adds_up(is_mean: bool, rest: bool) -> &'static str {
    match (is_mean, rest) {
        (true, false) => "means over agents: the parts above zero less those below it add up to the total",
        (true, true) => "means over agents: the parts leave a rest",
        (false, _) => "medians over agents, which need not add up; record the mean",
    }
}

fn draw_layer(
    picture: &mut Picture,
    theme: &Theme,
    panel: &Panel,
    (x, side): (&[f64], &[(f64, f64)]),
    fill: &Fill,
) {
    let edge = |(x, (from, to)): (&f64, &(f64, f64))| {
        let (a, b) = (panel.y_at(*from), panel.y_at(*to));
        (panel.x_at(*x), a.max(b), a.min(b))
    };
    let edges: Vec<(f64, f64, f64)> = x.iter().zip(side).map(edge).collect();
    match edges[..] {
        [(x, low, high)] => {
            let half = 1.2 * theme.size;
            fills::area(picture, theme, fill, &[(x - half, low, high), (x + half, low, high)]);
        }
        _ => fills::area(picture, theme, fill, &edges),
    }
}

/// Zero and the total, with a pale margin that keeps it apart from dark parts.
fn draw_total(picture: &mut Picture, theme: &Theme, panel: &Panel, own: &Stacked) {
    let zero = panel.y_at(0.0);
    picture.line(&[(panel.rect.left, zero), (panel.rect.right, zero)], theme.ink(), theme.hair(), &[]);
    if let Some((x, y)) = &own.ghost {
        let points: Vec<_> = x.iter().zip(y).map(|(x, y)| panel.at(*x, *y)).collect();
        picture.line(&strokes::thinned(points), theme.ghost(), 0.8 * theme.line, &strokes::ghost_dash(theme));
    }
    let points: Vec<(f64, f64)> = own.x.iter().zip(&own.total).map(|(x, y)| panel.at(*x, *y)).collect();
    if let [one] = points[..] {
        return strokes::dot(picture, theme, &theme.neutral(), one, 1.2);
    }
    let points = strokes::thinned(points);
    picture.line(&points, Ink::rgb(255, 255, 255).faint(0.8), 2.2 * theme.line, &[]);
    picture.line(&points, theme.ink(), theme.line, &[]);
}

fn text(
    reading: &Reading,
    axis: &str,
    (names, is_mean, rest): (&[String], bool, bool),
    all: &[Stacked],
    unit: &str,
) -> String {
    let middle = if is_mean { "mean" } else { "median" };
    let mut text = format!(
        "{}, over time, and what it is made of: {}. Drawn are {middle}s over agents; {}.",
        naming::sentence(axis),
        names.join("; "),
        match (is_mean, rest) {
            (true, false) => "parts add up to the total at each time",
            (true, true) => "parts leave a rest of the total, which is drawn as well",
            (false, _) => "medians need not add up",
        }
    );
    for own in all {
        let title = reading.arm_title(own.arm);
        let whose = if title.is_empty() { String::new() } else { format!("{title}: ") };
        let at = |t: f64| own.x.iter().rposition(|x| *x <= t + 1e-9 * t.abs().max(1.0));
        let largest = own.total.iter().filter(|v| v.is_finite()).fold(0.0, |most: f64, v| most.max(v.abs()));
        let told = |at: usize| {
            // What rounding has left of nothing is nothing.
            let quoted = |value: f64| {
                let value = if value.abs() < 1e-6 * largest { 0.0 } else { value };
                naming::with_unit(number(value), unit)
            };
            let parts: Vec<String> = names
                .iter()
                .zip(&own.parts)
                .map(|(name, part)| format!("{name} {}", quoted(part[at])))
                .collect();
            format!("{} ({})", quoted(own.total[at]), parts.join("; "))
        };
        let mut pieces = vec![format!("{} at first", told(0))];
        for (phase, end) in asked::turns(reading, own.arm) {
            pieces.extend(at(end).map(|at| format!("{} at the end of {phase}", told(at))));
        }
        let last = own.x.len() - 1;
        let time = naming::with_unit(number(own.x[last]), &reading.subject.time_unit);
        pieces.push(format!("{} at the last time, {time}", told(last)));
        text += &format!(" {whose}the total is {}", pieces.join(", "));
        text += &spread(own.fan, unit);
    }
    text + &words::failed(reading.subject)
}

fn spread(fan: &Fan, unit: &str) -> String {
    let (Some(band), Some(at)) = (fan.bands.first(), fan.last_until(f64::INFINITY)) else {
        return ".".to_owned();
    };
    let (low, high) = (number(band.low[at]), naming::with_unit(number(band.high[at]), unit));
    format!(
        ", where the total of the middle {} of agents lies between {low} and {high}.",
        percent(band.share)
    )
}
