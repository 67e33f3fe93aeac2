//! Strips below a time panel that show what was done to each input.
//! Knows subjects and panels; knows nothing of tables. Trains with more pulses than columns are drawn as the band between
//! their extremes.

use super::audience::Theme;
use super::axes::Panel;
use super::canvas::{Anchor, Ink, Picture, Rect};
use super::fills::{self, Fill};
use super::reading::{Reading, distinct};
use super::scale::{Scale, number};
use super::{StimulusSubject, font, naming};

/// One row of a strip: of all arms where they agree, else of one arm, or of all laid over each other where there are many.
pub struct StripRow<'a> {
    pub arms: Vec<(&'a str, &'a StimulusSubject)>,
    pub shared: bool,
}

/// One input.
pub struct Strip<'a> {
    pub title: String,
    pub rows: Vec<StripRow<'a>>,
    pub y: Scale,
}

/// Pulses of one length at one distance: `6 h a day`.
struct Train {
    /// First start and last end.
    ends: (f64, f64),
    period: f64,
    length: f64,
    /// Start and greatest level of each pulse.
    pulses: Vec<(f64, f64)>,
}

impl Train {
    /// The train that a polyline of doubled steps is; `None` for anything else. Its first piece may have begun before.
    fn of(stimulus: &StimulusSubject) -> Option<Train> {
        let mut pulses: Vec<(f64, f64, f64)> = Vec::new();
        let mut open: Option<(f64, f64)> = None;
        for (time, value) in stimulus.times.iter().zip(&stimulus.values) {
            match (open, *value > 0.0) {
                (None, true) => open = Some((*time, *value)),
                (Some((start, level)), true) => open = Some((start, level.max(*value))),
                (Some((start, level)), false) => {
                    pulses.push((start, *time, level));
                    open = None;
                }
                (None, false) => {}
            }
        }
        let (first, last) = (pulses.first()?, pulses.last()?);
        let (length, period) = (first.1 - first.0, pulses.get(1)?.0 - first.0);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6 * period;
        let regular = pulses.iter().all(|p| near(p.1 - p.0, length))
            && pulses.windows(2).all(|w| near(w[1].0 - w[0].0, period));
        let ends = (first.0, last.1);
        (open.is_none() && regular && length < period).then(|| Train {
            ends,
            period,
            length,
            pulses: pulses.iter().map(|p| (p.0, p.2)).collect(),
        })
    }

    /// `6 h a day`; empty where the unit of time is not known.
    fn words(&self, unit: &str) -> String {
        let hours = 24.0 * naming::days(unit);
        let span = |time: f64| match time * hours {
            short if short < 1.0 => format!("{} min", number(60.0 * short)),
            short if short < 48.0 => format!("{} h", number(short)),
            long => format!("{} d", number(long / 24.0)),
        };
        let every = match (self.period * hours * 60.0).round() {
            _ if hours == 0.0 => return String::new(),
            60.0 => "an hour".to_owned(),
            1440.0 => "a day".to_owned(),
            10_080.0 => "a week".to_owned(),
            _ => format!("every {}", span(self.period)),
        };
        format!("{} {every}", span(self.length))
    }
}

/// Pulses closer than this, in units of the picture, would run into each other.
const APART: f64 = 4.5;

/// Height of one row, of the title above and of the gap below, in type sizes.
pub const ROW: f64 = 2.1;
pub const TITLE: f64 = 2.5;
pub const GAP: f64 = 0.45;
/// More rows than this are laid over each other.
const MOST_ROWS: usize = 8;

impl Strip<'_> {
    /// Height in type sizes.
    pub fn height(&self) -> f64 {
        TITLE + self.rows.len() as f64 * (ROW + GAP) + 0.3
    }

    /// The two numbers left of each row: greatest and least.
    pub fn labels(&self) -> [String; 2] {
        match self.y {
            Scale::Linear { low, high } | Scale::Log { low, high } => [number(high), number(low)],
        }
    }
}

fn moves(stimulus: &StimulusSubject) -> bool {
    stimulus.values.windows(2).any(|w| w[0] != w[1])
}

/// The strips of some arms: inputs that never leave one and the same level are left out, and those that are `recorded` and so drawn
/// above. A row names its arm where not all arms have the input, or not the same.
pub fn strips<'a>(reading: &Reading<'a>, arms: &[&str], recorded: &[&str]) -> Vec<Strip<'a>> {
    let subject: &'a super::Subject = reading.subject;
    let shown: Vec<_> = subject.arms.iter().filter(|a| arms.contains(&a.name.as_str())).collect();
    let own = |s: &'a StimulusSubject| (s.input.as_str(), s.unit.as_str());
    let inputs = distinct(shown.iter().flat_map(|a| &a.stimuli).map(own));
    let mut strips = Vec::new();
    for input in inputs.into_iter().filter(|(input, _)| !recorded.contains(input)) {
        let of_arm = |a: &&'a super::ArmSubject| {
            a.stimuli.iter().find(|s| own(s) == input).map(|s| (a.name.as_str(), s))
        };
        let lines: Vec<(&str, &StimulusSubject)> = shown.iter().filter_map(of_arm).collect();
        let same =
            lines.windows(2).all(|w| (&w[0].1.times, &w[0].1.values) == (&w[1].1.times, &w[1].1.values));
        let shared = same && lines.len() == shown.len();
        let Some((_, first)) = lines.first().filter(|_| !shared || lines.iter().any(|(_, s)| moves(s)))
        else {
            continue;
        };
        let title = naming::axis(&docs(&lines), &first.input, &first.unit);
        let told = |(_, stimulus): &(&str, &StimulusSubject)| {
            Train::of(stimulus).map(|train| train.words(&subject.time_unit))
        };
        let told = distinct(lines.iter().filter(|(_, s)| moves(s)).map(told));
        let title = match &told[..] {
            [Some(words)] if !words.is_empty() => format!("{title}: {words}"),
            _ => title,
        };
        let rows = if shared {
            vec![StripRow { arms: lines[..1].to_vec(), shared }]
        } else {
            lines.iter().map(|line| StripRow { arms: vec![*line], shared }).collect()
        };
        strips.push(Strip { title, y: scale_of(&lines), rows });
    }
    if strips.iter().map(|s| s.rows.len()).sum::<usize>() > MOST_ROWS {
        strips.iter_mut().for_each(lay_over);
    }
    strips
}

/// What the arms' models say of an input: nothing where they say different things.
fn docs(lines: &[(&str, &StimulusSubject)]) -> String {
    match &distinct(lines.iter().map(|(_, s)| s.doc.as_str()))[..] {
        [one] => (*one).to_owned(),
        _ => String::new(),
    }
}

/// From 0, or from the least value where that is negative, to the greatest.
fn scale_of(lines: &[(&str, &StimulusSubject)]) -> Scale {
    let values = || lines.iter().flat_map(|(_, s)| s.values.iter().copied());
    match Scale::span(values().chain([0.0])) {
        Scale::Linear { low, high } if low < 0.0 && values().all(|v| v >= 0.0) => {
            Scale::Linear { low: 0.0, high }
        }
        other => other,
    }
}

fn lay_over(strip: &mut Strip) {
    let shared = strip.rows.iter().all(|row| row.shared);
    let arms = strip.rows.drain(..).flat_map(|row| row.arms).collect();
    strip.rows = vec![StripRow { arms, shared }];
}

/// One row in its rectangle, over the panel's time.
pub fn row(
    picture: &mut Picture,
    theme: &Theme,
    reading: &Reading,
    panel: &Panel,
    row: &StripRow,
    labels: &[String; 2],
) {
    let rect = panel.rect;
    let over = row.arms.len() > 1;
    for (arm, stimulus) in &row.arms {
        let pen = theme.arm(reading.arm_place(arm));
        let ink = if row.shared { Ink::rgb(95, 95, 95) } else { pen.ink };
        let line = ink_of_line(theme, over);
        let train =
            Train::of(stimulus).filter(|train| panel.x_at(train.period) - panel.x_at(0.0) < APART && !over);
        if let Some(train) = train {
            dense(picture, theme, panel, &train, (ink, &reading.subject.time_unit));
        } else if stimulus.times.len() > (2.5 * rect.width()) as usize {
            let (low, high) = envelope(panel, stimulus);
            let ink = if over { ink.faint(0.35) } else { ink.faint(0.6) };
            picture.area(high.into_iter().chain(low.into_iter().rev()).collect(), ink);
        } else {
            stepped(picture, panel, stimulus, (ink, line, over));
        }
    }
    picture.line(&[(rect.left, rect.bottom), (rect.right, rect.bottom)], theme.grid(), theme.hair(), &[]);
    let x = rect.left - 0.5 * theme.size;
    picture.text(
        (x, rect.top + 0.73 * theme.sizes()[1]),
        &labels[0],
        theme.sizes()[1],
        false,
        theme.soft(),
        Anchor::End,
    );
    picture.text((x, rect.bottom), &labels[1], theme.sizes()[1], false, theme.soft(), Anchor::End);
}

fn ink_of_line(theme: &Theme, over: bool) -> f64 {
    theme.line * if over { 0.5 } else { 0.55 }
}

/// A train whose pulses cannot be told apart: a band up to their levels, hatched aslant so that no line is taken for a pulse, with words
/// where these fit.
fn dense(picture: &mut Picture, theme: &Theme, panel: &Panel, train: &Train, (ink, unit): (Ink, &str)) {
    let floor = panel.rect.bottom;
    let edge = |time: f64, level: f64| (panel.x_at(time), floor, panel.y_at(level));
    let mut edges: Vec<_> = train.pulses.iter().map(|(start, level)| edge(*start, *level)).collect();
    edges.extend(train.pulses.last().map(|(_, level)| edge(train.ends.1, *level)));
    fills::area(picture, theme, &Fill::hatched(ink), &edges);
    let size = theme.sizes()[1];
    let words = train.words(unit);
    let width = font::width(&words, size, false) + 0.8 * size;
    let (left, right) = (panel.x_at(train.ends.0), panel.x_at(train.ends.1));
    let even = train.pulses.iter().all(|(_, level)| *level == train.pulses[0].1);
    if !words.is_empty() && even && right - left > width + 2.0 * size {
        let middle = ((left + right) / 2.0, (floor + edges[0].2) / 2.0);
        let half = (width / 2.0, 0.62 * size);
        let behind = Rect {
            left: middle.0 - half.0,
            right: middle.0 + half.0,
            top: middle.1 - half.1,
            bottom: middle.1 + half.1,
        };
        picture.block(behind, Ink::rgb(255, 255, 255).faint(0.9));
        picture.text((middle.0, middle.1 + 0.36 * size), &words, size, false, theme.ink(), Anchor::Middle);
    }
}

/// The polyline with its area down to the bottom of the scale.
fn stepped(
    picture: &mut Picture,
    panel: &Panel,
    stimulus: &StimulusSubject,
    (ink, width, over): (Ink, f64, bool),
) {
    let pairs = stimulus.times.iter().zip(&stimulus.values);
    let points: Vec<(f64, f64)> =
        pairs.map(|(t, v)| panel.at(*t, *v)).filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else { return };
    if !over {
        let floor = [(last.0, panel.rect.bottom), (first.0, panel.rect.bottom)];
        picture.area(points.iter().copied().chain(floor).collect(), ink.faint(0.28));
    }
    picture.line(&points, ink, width, &[]);
}

/// Upper and lower edge of a dense polyline, column by column.
type Edges = (Vec<(f64, f64)>, Vec<(f64, f64)>);

fn envelope(panel: &Panel, stimulus: &StimulusSubject) -> Edges {
    let rect: Rect = panel.rect;
    let columns = (2.0 * rect.width()).ceil().max(1.0) as usize;
    let mut extremes = vec![(f64::INFINITY, f64::NEG_INFINITY); columns + 1];
    let column = |x: f64| (((x - rect.left) * 2.0) as usize).min(columns);
    let points: Vec<_> = stimulus.times.iter().zip(&stimulus.values).map(|(t, v)| panel.at(*t, *v)).collect();
    let points: Vec<_> = points.into_iter().filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (first, last) = (column(from.0), column(to.0.max(from.0)));
        for (c, extreme) in extremes.iter_mut().enumerate().take(last + 1).skip(first) {
            let at = |x: f64| match to.0 - from.0 {
                wide if wide > 1e-9 => from.1 + (to.1 - from.1) * ((x - from.0) / wide).clamp(0.0, 1.0),
                _ => to.1,
            };
            let left = rect.left + c as f64 / 2.0;
            let ends = if first == last { [from.1, to.1] } else { [at(left), at(left + 0.5)] };
            for y in ends {
                *extreme = (extreme.0.min(y), extreme.1.max(y));
            }
        }
    }
    let edges = extremes.iter().enumerate().filter(|(_, e)| e.0.is_finite());
    edges.map(|(c, e)| ((rect.left + c as f64 / 2.0, e.1), (rect.left + c as f64 / 2.0, e.0))).unzip()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn an_input_that_not_all_arms_have_names_those_that_have_it() {
        let mut sample = sample::run();
        let both = ["rest", "chronic"];
        let stimuli = sample.subject.arms[1].stimuli.clone();
        sample.subject.arms[0].stimuli = stimuli;
        let rows = |sample: &sample::Sample, recorded: &[&str]| {
            let run = sample.run();
            let strips = strips(&Reading::of(&run), &both, recorded);
            let named = |row: &StripRow| (row.arms[0].0.to_owned(), row.shared);
            strips.iter().flat_map(|s| &s.rows).map(named).collect::<Vec<_>>()
        };
        assert_eq!(rows(&sample, &[]), [("rest".to_owned(), true)], "all have the same");
        assert!(rows(&sample, &["e_substance"]).is_empty(), "what is drawn above is not repeated");
        sample.subject.arms[0].stimuli.clear();
        assert_eq!(rows(&sample, &[]), [("chronic".to_owned(), false)]);
    }

    #[test]
    fn a_train_denser_than_the_picture_keeps_its_extremes() {
        let times: Vec<f64> = (0..40_000).map(|i| f64::from(i / 2)).collect();
        let values: Vec<f64> = (0..40_000).map(|i| f64::from((i / 2) % 2)).collect();
        let stimulus = StimulusSubject { times, values, ..StimulusSubject::default() };
        let rect = Rect { left: 0.0, top: 0.0, right: 100.0, bottom: 10.0 };
        let panel = Panel {
            rect,
            x: Scale::Linear { low: 0.0, high: 20_000.0 },
            y: Scale::Linear { low: 0.0, high: 1.0 },
        };
        let (low, high) = envelope(&panel, &stimulus);
        assert!(low.len() >= 200 && low.len() <= 201);
        assert!(
            low.iter().skip(1).rev().skip(1).all(|p| p.1 == 10.0)
                && high.iter().skip(1).rev().skip(1).all(|p| p.1 == 0.0)
        );
    }
}
