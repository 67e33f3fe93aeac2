//! Recovery as a distribution: which share of the agents has reached what a measure measures, over the time since a phase began.
//! Knows the measures table, whose quantiles are the steps of the curve. Who does not reach it is part of the whole and is told.

use super::asked;
use super::audience::{Pen, Theme};
use super::axes::{self, EndLabel};
use super::canvas::Picture;
use super::multiples::{self, Cell, Multiples};
use super::page::{Head, Key, Sample};
use super::reading::{MeasureKey, Reading, Spread, distinct};
use super::scale::{Scale, count, number, percent};
use super::{Drawn, FigureSubject, font, naming, strokes, words};

/// One arm in one group.
struct Curve<'a> {
    label: String,
    pen: Pen,
    spread: &'a Spread,
    ghost: Option<&'a Spread>,
    /// Length of the phase in the unit of the measure; NaN where it is not known.
    end: f64,
}

struct Plot<'a> {
    title: String,
    curves: Vec<Curve<'a>>,
}

/// Values of a measure are whole agents up to this many, and per cents beyond.
const SINGLE: u64 = 101;

/// The steps of a curve: (value, share of all agents that are there by then), from no agent at 0.
fn steps(spread: &Spread) -> Vec<(f64, f64)> {
    let have = 1.0 - spread.missing_share();
    let mut steps = vec![(0.0, 0.0)];
    let agents = spread.n;
    if agents == 0 || spread.quantiles.is_empty() {
        return steps;
    }
    let mut reached = 0.0;
    let mut push = |value: f64, share: f64| {
        if value.is_finite() {
            steps.push((value, reached));
            steps.push((value, share));
            reached = share;
        }
    };
    if agents <= SINGLE {
        for i in 0..agents {
            let at = if agents > 1 { 100.0 * i as f64 / (agents - 1) as f64 } else { 50.0 };
            push(spread.at(at), have * (i + 1) as f64 / agents as f64);
        }
    } else {
        for (q, value) in &spread.quantiles {
            push(*value, have * q / 100.0);
        }
    }
    steps
}

/// The figure; `None` where nobody was counted.
pub fn figure(
    theme: &Theme,
    reading: &Reading,
    ghost: Option<&Reading>,
    figure: &FigureSubject,
    (measure, phase, by_group): (&str, &str, bool),
) -> Option<Drawn> {
    let subject = reading.subject;
    let known = subject.measures.iter().find(|own| own.name == measure);
    let counted = |spread: &Spread| spread.n + spread.missing() > 0;
    let of_measure = || reading.measures.iter().filter(|(k, s)| k.measure == measure && counted(s));
    let unit = of_measure().map(|(_, s)| s.unit.as_str()).find(|unit| !unit.is_empty());
    let unit = unit.or(known.map(|own| own.unit.as_str())).unwrap_or("");
    let arms = asked::arms(reading, figure);
    let mine = |key: &MeasureKey| key.arm.is_empty() || arms.contains(&key.arm);
    let keys: Vec<MeasureKey> = of_measure().map(|(key, _)| *key).filter(mine).collect();
    let mut plots = plots(theme, reading, ghost, &keys, (phase, unit, by_group));
    plots.retain(|plot| !plot.curves.is_empty());
    if plots.is_empty() {
        return None;
    }
    let doc = &naming::measured(known.map_or("", |own| own.doc.as_str()));
    let name = naming::axis(doc, if doc.is_empty() { measure } else { "" }, "");
    let (heading, title) = asked::titles(theme, subject, figure, &format!("{name}: share of agents"));
    let text = text(reading, &name, (phase, unit), &plots);
    let left_out = slide(theme, &mut plots);
    let curves = || plots.iter().flat_map(|plot| &plot.curves);
    let lengths = curves().map(|curve| curve.end);
    let values = curves().flat_map(|c| [Some(c.spread), c.ghost]).flatten().flat_map(|s| s.quantiles.iter());
    let x = Scale::span(lengths.chain(values.map(|(_, value)| *value)).chain([0.0]));
    // A line at 0 % would be lost in the axis.
    let y = Scale::Linear { low: -0.03, high: 1.04 };
    let percents = Scale::Linear { low: -3.0, high: 104.0 };
    let x_title = match phase {
        "" => naming::axis(doc, if doc.is_empty() { measure } else { "" }, unit),
        phase => format!("time since the start of {phase} ({})", naming::time_unit(unit)),
    };
    let cell = |plot: &Plot| Cell {
        title: plot.title.clone(),
        axis: String::new(),
        notes: Vec::new(),
        x,
        y: percents,
        x_title: x_title.clone(),
        phases: &[],
    };
    let widest =
        curves().map(|curve| font::width(&not_yet(curve.spread), theme.size, false)).fold(0.0, f64::max);
    let right = (widest / theme.size + 1.5).max(0.9);
    let tallest = plots.iter().map(|plot| plot.curves.len()).max().unwrap_or(1) as f64;
    let height = (1.3 * tallest).max(if plots.len() > 1 { 12.0 } else { 16.0 });
    let keys = legend(theme, &plots, left_out, phase);
    let head = Head { title: &heading, subtitle: &subject.question, keys };
    let axis = "agents that have reached it (% of all)".to_owned();
    let cells = plots.iter().map(cell).collect();
    let all = Multiples { head, axis, cells, time: Some(unit), right, size: (12.0, height) };
    let picture = multiples::picture(theme, subject, &all, &mut |picture, panel, i| {
        draw(picture, theme, &axes::Panel { y, ..*panel }, &plots[i]);
    });
    Some(Drawn::new(naming::stem(&["recovery", measure]), title, picture, text))
}

/// A panel for each group with a line for each arm; or, where `by_group`, the other way round.
fn plots<'r>(
    theme: &Theme,
    reading: &'r Reading,
    ghost: Option<&'r Reading>,
    keys: &[MeasureKey],
    (phase, unit, by_group): (&str, &str, bool),
) -> Vec<Plot<'r>> {
    let groups = distinct(keys.iter().map(|key| key.group));
    let own_groups: Vec<&str> = groups.iter().copied().filter(|group| *group != "all").collect();
    let curve = |key: &MeasureKey, by_group: bool| {
        let (_, spread) = reading.measures.iter().find(|(own, _)| *own == key)?;
        let place = match by_group {
            true => own_groups.iter().position(|group| *group == key.group)?,
            false => reading.arm_place(key.arm),
        };
        let label = match by_group {
            true => words::group(key.group, Some(spread.n + spread.missing())),
            false => reading.arm_title(key.arm),
        };
        let ghost = ghost.and_then(|ghost| ghost.measures.iter().find(|(own, _)| *own == key));
        let ghost = ghost.map(|(_, other)| other).filter(|other| *other != spread);
        Some(Curve {
            label,
            pen: theme.arm(place),
            spread,
            ghost,
            end: length(reading, key.arm, phase, unit),
        })
    };
    let in_order = |group: &str| {
        let mut own: Vec<MeasureKey> = keys.iter().copied().filter(|key| key.group == group).collect();
        own.sort_by_key(|key| reading.arm_place(key.arm));
        own
    };
    match by_group {
        true => distinct(in_order("all").iter().chain(keys).map(|key| key.arm))
            .into_iter()
            .map(|arm| Plot {
                title: reading.arm_title(arm),
                curves: own_groups
                    .iter()
                    .filter_map(|group| {
                        curve(&MeasureKey { measure: keys.first()?.measure, arm, group }, true)
                    })
                    .collect(),
            })
            .collect(),
        false => groups
            .iter()
            .map(|group| {
                let curves: Vec<Curve> = in_order(group).iter().filter_map(|key| curve(key, false)).collect();
                let n = curves.first().map(|curve| curve.spread.n + curve.spread.missing());
                let title = match (*group, own_groups.len()) {
                    ("all", 0) => String::new(),
                    ("all", _) => "all agents".to_owned(),
                    (group, _) => words::group(group, n),
                };
                Plot { title, curves }
            })
            .collect(),
    }
}

/// Length of a phase of an arm in the unit of the measure.
fn length(reading: &Reading, arm: &str, phase: &str, unit: &str) -> f64 {
    let of_arm = asked::phases_of(reading, arm);
    let mut of_any = reading.subject.arms.iter().flat_map(|own| &own.phases);
    let found = of_arm.iter().find(|own| own.name == phase);
    let found = found.or_else(|| of_any.find(|own| arm.is_empty() && own.name == phase));
    let days = [&reading.subject.time_unit, unit].map(naming::days);
    match found {
        Some(found) if unit == reading.subject.time_unit => found.end - found.start,
        Some(found) if days.iter().all(|days| *days > 0.0) => (found.end - found.start) * days[0] / days[1],
        _ => f64::NAN,
    }
}

fn slide(theme: &Theme, plots: &mut Vec<Plot>) -> String {
    let panels = asked::on_slide(theme, plots, multiples::SLIDE - 1, "panels");
    let lines: Vec<String> = plots
        .iter_mut()
        .map(|plot| asked::on_slide(theme, &mut plot.curves, multiples::SLIDE_LINES, "lines"))
        .collect();
    [panels].into_iter().chain(lines).find(|told| !told.is_empty()).unwrap_or_default()
}

/// Who is not there at the end: `5.6 % not`.
fn not_yet(spread: &Spread) -> String {
    match spread.missing() {
        0 => "0 % not".to_owned(),
        _ => format!("{} not", percent(spread.missing_share())),
    }
}

fn legend(theme: &Theme, plots: &[Plot], left_out: String, phase: &str) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for curve in plots.iter().flat_map(|plot| &plot.curves).filter(|curve| !curve.label.is_empty()) {
        if keys.iter().all(|key| key.text != curve.label) {
            keys.push(Key::new(Sample::Line(curve.pen), curve.label.clone()));
        }
    }
    let curves = || plots.iter().flat_map(|plot| &plot.curves);
    if curves().any(|curve| curve.ghost.is_some()) {
        keys.push(Key::new(Sample::Ghost, "unchanged"));
    }
    let end = if phase.is_empty() { "the end".to_owned() } else { format!("the end of {phase}") };
    asked::remark(&mut keys, format!("at the right: agents not there by {end}"));
    if !theme.slide() {
        let each = match curves().all(|curve| curve.spread.n <= SINGLE) {
            true => "a step for each agent",
            false => "a step for each hundredth of those who get there",
        };
        asked::remark(&mut keys, format!("{each} (population spread, not uncertainty)"));
    }
    asked::remark(&mut keys, left_out);
    keys
}

fn draw(picture: &mut Picture, theme: &Theme, panel: &axes::Panel, plot: &Plot) {
    let Scale::Linear { high, .. } = panel.x else { return };
    let course = |spread: &Spread, end: f64| {
        let mut steps = steps(spread);
        let last = steps[steps.len() - 1];
        let end = if end.is_finite() { end.max(last.0) } else { high };
        steps.push((end, last.1));
        steps.into_iter().unzip::<f64, f64, Vec<f64>, Vec<f64>>()
    };
    for curve in &plot.curves {
        if let Some(ghost) = curve.ghost {
            let (x, y) = course(ghost, curve.end);
            let points: Vec<_> = x.iter().zip(&y).map(|(x, y)| panel.at(*x, *y)).collect();
            picture.line(&points, theme.ghost(), 0.8 * theme.line, &strokes::ghost_dash(theme));
        }
    }
    let mut labels = Vec::new();
    for (place, curve) in plot.curves.iter().enumerate() {
        let (x, y) = course(curve.spread, curve.end);
        strokes::curve(picture, theme, panel, (&x, &y), &curve.pen, place);
        let at = panel.y_at(y[y.len() - 1]);
        labels.push(EndLabel { y: at, lines: vec![not_yet(curve.spread)], pen: curve.pen });
    }
    axes::end_labels(picture, theme, &panel.rect, labels);
}

fn text(reading: &Reading, name: &str, (phase, unit): (&str, &str), plots: &[Plot]) -> String {
    let since = if phase.is_empty() { String::new() } else { format!(" since the start of {phase}") };
    let mut text = format!("Share of all agents that have reached it, over the time{since}: {}.", name);
    let by = if phase.is_empty() { "the end".to_owned() } else { format!("the end of {phase}") };
    for plot in plots {
        for curve in &plot.curves {
            let whom: Vec<&str> =
                [plot.title.as_str(), &curve.label].into_iter().filter(|s| !s.is_empty()).collect();
            let whom = if whom.is_empty() { "All agents".to_owned() } else { whom.join(", ") };
            let spread = curve.spread;
            let have = 1.0 - spread.missing_share();
            let share = |share: f64, word: &str| {
                let value = spread.at(100.0 * share / have);
                let quoted = naming::with_unit(number(value), unit);
                (share <= have && value.is_finite()).then(|| format!("{word} by {quoted}"))
            };
            let quarters = [(0.25, "a quarter"), (0.5, "half"), (0.75, "three quarters")];
            let mut told: Vec<String> = quarters.into_iter().filter_map(|(s, w)| share(s, w)).collect();
            if spread.n + spread.missing() < super::fan::FEW {
                told = share(0.5, "half").into_iter().collect();
            }
            let all = spread.n + spread.missing();
            told.push(match spread.missing() {
                0 => format!("all {} by {by}", count(all)),
                missing => format!(
                    "{} of {} ({}) not by {by}",
                    count(missing),
                    count(all),
                    percent(spread.missing_share())
                ),
            });
            text += &format!(" {whom}: {}.", told.join(", "));
        }
    }
    text + &words::failed(reading.subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(values: &[f64], missing: u64) -> Spread {
        let last = (values.len() - 1) as f64;
        // Type 7: between neighbours by a straight line.
        let quantile = |q: f64| {
            let place = last * q / 100.0;
            let low = place.floor() as usize;
            let high = (low + 1).min(values.len() - 1);
            values[low] + (values[high] - values[low]) * (place - place.floor())
        };
        let quantiles = (0..=100).map(|q| (f64::from(q), quantile(f64::from(q)))).collect();
        let without = if missing > 0 { vec![("not reached".to_owned(), missing)] } else { Vec::new() };
        Spread { unit: "d".to_owned(), quantiles, n: values.len() as u64, without }
    }

    #[test]
    fn a_few_agents_have_a_step_each_and_those_who_never_get_there_none() {
        let steps = steps(&spread(&[1.0, 2.0, 4.0, 5.0, 9.0], 5));
        let tops: Vec<f64> = steps.iter().skip(2).step_by(2).map(|step| step.1).collect();
        assert_eq!(tops, [0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(steps[steps.len() - 1].0, 9.0);
    }

    #[test]
    fn curves_never_fall_and_end_at_the_share_that_gets_there() {
        for (count, missing) in [(1, 0), (1, 9), (50, 3), (101, 0), (500, 125)] {
            let values: Vec<f64> = (0..count).map(|i| f64::from(i) * f64::from(i)).collect();
            let steps = steps(&spread(&values, missing));
            assert!(steps.windows(2).all(|w| w[0].0 <= w[1].0 && w[0].1 <= w[1].1), "{count}");
            let all = f64::from(count) / (f64::from(count) + missing as f64);
            assert!((steps[steps.len() - 1].1 - all).abs() < 1e-12, "{count} {missing}");
        }
    }

    #[test]
    fn where_nobody_gets_there_the_curve_stays_at_zero() {
        let nobody = Spread { without: vec![("not reached".to_owned(), 4)], ..Spread::default() };
        assert_eq!((steps(&nobody), not_yet(&nobody)), (vec![(0.0, 0.0)], "100 % not".to_owned()));
    }
}
