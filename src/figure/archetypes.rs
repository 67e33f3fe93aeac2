//! Acute curves before and after, side by side: what happens to EC50 and to the maximum in each.
//! Knows the assays. Curves are population medians; the level is in multiples of the EC50 before, the response in per cent of the
//! maximum before, both medians of agents. A curve without an EC50 keeps its own axis of levels and is told as an offset, in per cent of its
//! largest value in the range.

use super::asked;
use super::audience::{Pen, Theme};
use super::axes::Panel;
use super::canvas::Picture;
use super::dose_response::{EMAX, emax_of, height_at, main_group};
use super::fan::{FEW, Fan};
use super::multiples::{self, Cell, Multiples};
use super::page::{Head, Key, Sample};
use super::reading::{AssayKey, Reading, distinct};
use super::scale::{Scale, drawable, number};
use super::{Drawn, FigureSubject, PanelSubject, naming, strokes, words};

/// One curve: its fan in the panel's units, its EC50 and maximum.
struct Curve {
    fan: Fan,
    /// In multiples of the EC50 before; `None` where there is none.
    ec50: Option<f64>,
    /// In per cent of the maximum before.
    top: Option<f64>,
    /// Share of agents without an EC50.
    without: f64,
}

struct Pair<'a> {
    panel: &'a PanelSubject,
    title: String,
    curves: [Curve; 2],
    /// Whether levels are multiples of the EC50 before.
    scaled: bool,
    x_title: String,
    /// What has become of EC50 and maximum.
    told: Vec<String>,
}

const MULTIPLES: &str = "level, in multiples of the EC50 before";
/// Multiples of the EC50 that are shown on each side.
const REACH: f64 = 300.0;
/// A median EC50 that so few agents have stands for no curve.
const MOST_WITHOUT: f64 = 0.5;

fn key_of<'a>(reading: &Reading<'a>, panel: &PanelSubject, moment: &str) -> Option<AssayKey<'a>> {
    let own = |k: &&AssayKey| k.arm == panel.arm && k.response == panel.response && k.moment == moment;
    let group = main_group(reading.curves.keys().filter(own).map(|key| key.group));
    reading.curves.keys().filter(own).find(|key| key.group == group).copied()
}

/// Whether a curve has a maximum of which half can be meant: a stated one, or a flat end. Half of the largest value of a line is nothing
/// but the middle of the range that was swept.
fn saturates(reading: &Reading, key: AssayKey) -> bool {
    if emax_of(reading, key).is_some_and(|(name, _)| name == EMAX[0]) {
        return true;
    }
    let flat = |fan: &Fan| {
        let last = fan.last_until(f64::INFINITY)?;
        let (first, end) = (fan.middle[fan.first()?], fan.middle[last]);
        let near = height_at(fan, fan.x[last] / 3.0)?;
        Some((end - near).abs() <= 0.1 * (end - first).abs())
    };
    reading.curves.get(&key).and_then(|(fan, _)| flat(fan)).unwrap_or(false)
}

/// The median EC50 of a curve, unless too many agents have none; and how many have none.
fn ec50_of(reading: &Reading, key: AssayKey) -> (Option<f64>, f64) {
    let known = reading.metrics.get(&(key, "ec50")).filter(|_| saturates(reading, key));
    let Some(spread) = known else { return (None, 1.0) };
    let without = if spread.missing() > 0 { spread.missing_share() } else { 0.0 };
    let median = Some(spread.at(50.0)).filter(|v| drawable(*v) && *v > 0.0 && without <= MOST_WITHOUT);
    (median, without)
}

/// The median Emax; without one the largest value of the median curve.
fn top_of(reading: &Reading, key: AssayKey) -> Option<f64> {
    let stated = emax_of(reading, key).map(|(_, spread)| spread.at(50.0)).filter(|v| drawable(*v));
    let fan = reading.curves.get(&key).map(|(fan, _)| fan);
    let drawn = fan.into_iter().flat_map(|fan| &fan.middle).copied().filter(|v| drawable(*v));
    stated.or_else(|| drawn.max_by(f64::total_cmp))
}

/// The fan with levels divided by `level` and values by a hundredth of `top`, where it lies inside of `range`.
fn scaled(fan: &Fan, level: f64, top: f64, range: (f64, f64)) -> Fan {
    let kept: Vec<usize> =
        (0..fan.x.len()).filter(|i| (range.0..=range.1).contains(&(fan.x[*i] / level))).collect();
    let values = |v: &[f64]| kept.iter().map(|i| 100.0 * v[*i] / top).collect::<Vec<f64>>();
    let mut own = fan.narrowed();
    for band in &mut own.bands {
        (band.low, band.high) = (values(&band.low), values(&band.high));
    }
    own.x = kept.iter().map(|i| fan.x[*i] / level).collect();
    own.middle = values(&fan.middle);
    own
}

fn pair<'a>(reading: &Reading, panel: &'a PanelSubject) -> Option<Pair<'a>> {
    let keys = [key_of(reading, panel, &panel.before)?, key_of(reading, panel, &panel.after)?];
    let ec50 = keys.map(|key| ec50_of(reading, key));
    let tops = keys.map(|key| top_of(reading, key));
    let unit = tops[0].filter(|top| top.abs() > 1e-12).map_or(1.0, f64::abs);
    let (level, range) = match ec50[0].0 {
        Some(level) => (level, (1.0 / REACH, REACH)),
        None => (1.0, (0.0, f64::INFINITY)),
    };
    let curve = |i: usize| {
        let (fan, _) = &reading.curves[&keys[i]];
        Curve {
            fan: scaled(fan, level, unit, range),
            ec50: ec50[i].0.map(|own| own / level).filter(|_| ec50[0].0.is_some()),
            top: tops[i].map(|top| 100.0 * top / unit).filter(|_| ec50[0].0.is_some()),
            without: ec50[i].1,
        }
    };
    let probe = words::probe_axis(reading.subject, &panel.response, &panel.arm);
    let arm = reading.arm_title(&panel.arm);
    let curves = [curve(0), curve(1)];
    let scaled = ec50[0].0.is_some();
    Some(Pair {
        panel,
        title: if panel.title.is_empty() { arm } else { panel.title.clone() },
        told: told(&curves, scaled),
        curves,
        scaled,
        x_title: if scaled { MULTIPLES.to_owned() } else { probe },
    })
}

/// `EC50 × 2.96`, `maximum × 0.8`; an offset where there is no EC50.
fn told(curves: &[Curve; 2], scaled: bool) -> Vec<String> {
    let factor = |ratio: f64| match ratio {
        r if (0.995..1.005).contains(&r) => "as before".to_owned(),
        r => format!("× {}", number(r)),
    };
    let ec50 = match (scaled, curves[1].ec50) {
        (true, Some(after)) => format!("EC50 {}", factor(after)),
        (true, None) => "no EC50 after".to_owned(),
        (false, _) => "no EC50, as it has no maximum".to_owned(),
    };
    let offset = offset(curves);
    let top = match (curves[0].top, curves[1].top) {
        (Some(before), Some(after)) if scaled && before > 0.0 => {
            format!("maximum {}", factor(after / before))
        }
        _ => match offset {
            Some(by) if by.abs() < 0.5 => "as before at every level".to_owned(),
            Some(by) => format!("{} points at every level", signed(by)),
            None => String::new(),
        },
    };
    [ec50, top].into_iter().filter(|told| !told.is_empty()).collect()
}

fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", number(value)) } else { number(value) }
}

/// By how much the curve has moved up or down, where that is the same at every level.
fn offset(curves: &[Curve; 2]) -> Option<f64> {
    let [before, after] = curves.each_ref().map(|curve| &curve.fan);
    let moved: Vec<f64> = before.middle.iter().zip(&after.middle).map(|(a, b)| b - a).collect();
    let first = *moved.first()?;
    let even = before.x == after.x && moved.iter().all(|by| (by - first).abs() < 1.0);
    even.then_some(first)
}

/// The figure; `None` where no panel has both curves.
pub fn figure(
    theme: &Theme,
    reading: &Reading,
    figure: &FigureSubject,
    panels: &[PanelSubject],
) -> Option<Drawn> {
    let subject = reading.subject;
    let mut pairs: Vec<Pair> = panels.iter().filter_map(|panel| pair(reading, panel)).collect();
    if pairs.is_empty() {
        return None;
    }
    let (heading, title) = asked::titles(theme, subject, figure, "what becomes of an acute curve");
    let text = text(reading, &pairs);
    let left_out = asked::on_slide(theme, &mut pairs, multiples::SLIDE, "panels");
    let pens = [theme.moment(0), theme.moment(1)];
    let head =
        Head { title: &heading, subtitle: &subject.question, keys: legend(theme, &pairs, pens, left_out) };
    let fans = |scaled: bool| {
        pairs.iter().filter(move |pair| pair.scaled == scaled).flat_map(|pair| &pair.curves).map(|c| &c.fan)
    };
    let multiple = Scale::decades(fans(true).flat_map(|fan| fan.x.iter().copied()));
    let common = y_scale(pairs.iter().filter(|pair| !pair.dips()));
    let cell = |pair: &Pair| Cell {
        title: pair.title.clone(),
        axis: String::new(),
        notes: if theme.slide() { Vec::new() } else { pair.told.clone() },
        x: match pair.scaled {
            true => multiple,
            // What does not level off is read best where it is straight.
            false => {
                Scale::span(pair.curves.iter().flat_map(|curve| curve.fan.x.iter().copied()).chain([0.0]))
            }
        },
        y: if pair.dips() { y_scale([pair].into_iter()) } else { common },
        x_title: match theme.slide() && pair.scaled {
            true => "multiples of EC50".to_owned(),
            false => pair.x_title.clone(),
        },
        phases: &[],
    };
    let size = if theme.slide() { (9.0, 9.0) } else { (13.0, 12.5) };
    let cells = pairs.iter().map(cell).collect();
    let axis = "response (% of the maximum before)".to_owned();
    let all = Multiples { head, axis, cells, time: None, right: 0.9, size };
    let picture = multiples::picture(theme, subject, &all, &mut |picture, panel, i| {
        draw(picture, theme, panel, &pairs[i], pens);
    });
    Some(Drawn::new("archetypes".to_owned(), title, picture, text))
}

impl Pair<'_> {
    /// Whether a curve goes so far below zero that the other panels would be flattened by it.
    fn dips(&self) -> bool {
        self.curves.iter().flat_map(|curve| curve.fan.values()).any(|value| value < -5.0)
    }
}

fn y_scale<'p, 'a: 'p>(pairs: impl Iterator<Item = &'p Pair<'a>>) -> Scale {
    let curves = pairs.flat_map(|pair| &pair.curves);
    let values: Vec<f64> = curves.flat_map(|curve| curve.fan.values().chain(curve.top)).collect();
    Scale::around(values.into_iter().chain([0.0, 100.0]))
}

fn legend(theme: &Theme, pairs: &[Pair], pens: [Pen; 2], left_out: String) -> Vec<Key> {
    let moments = |moment: &dyn Fn(&PanelSubject) -> &str| {
        let all = distinct(pairs.iter().map(|pair| moment(pair.panel)));
        if let [one] = all[..] { format!(" ({one})") } else { String::new() }
    };
    let mut keys = vec![
        Key::new(Sample::Line(pens[0]), format!("before{}", moments(&|panel| &panel.before))),
        Key::new(Sample::Line(pens[1]), format!("after{}", moments(&|panel| &panel.after))),
    ];
    let curves = || pairs.iter().flat_map(|pair| &pair.curves);
    if curves().any(|curve| curve.ec50.is_some()) {
        keys.push(Key::new(Sample::Dot(theme.neutral()), "EC50"));
    }
    if !theme.slide() {
        asked::remark(&mut keys, "short line at the right edge: maximum".to_owned());
        if let Some(curve) = curves().max_by_key(|curve| curve.fan.bands.len()) {
            keys.push(Key::fan(theme.neutral(), &curve.fan));
        }
    }
    asked::remark(&mut keys, left_out);
    keys
}

fn draw(picture: &mut Picture, theme: &Theme, panel: &Panel, pair: &Pair, pens: [Pen; 2]) {
    let zero = panel.y_at(0.0);
    picture.line(&[(panel.rect.left, zero), (panel.rect.right, zero)], theme.grid(), 2.0 * theme.hair(), &[]);
    for (curve, pen) in pair.curves.iter().zip(&pens) {
        strokes::bands(picture, panel, theme, &curve.fan, pen, 2);
    }
    for (place, (curve, pen)) in pair.curves.iter().zip(&pens).enumerate() {
        strokes::curve(picture, theme, panel, (&curve.fan.x, &curve.fan.middle), pen, place);
        if let Some(top) = curve.top.filter(|top| drawable(*top)) {
            let (y, right) = (panel.y_at(top), panel.rect.right);
            picture.line(&[(right - 1.2 * theme.size, y), (right, y)], pen.ink, 1.6 * theme.line, &[]);
        }
    }
    for (curve, pen) in pair.curves.iter().zip(&pens) {
        let Some(x) = curve.ec50 else { continue };
        let Some(y) = height_at(&curve.fan, x) else { continue };
        let at = panel.at(x, y);
        let dash = [2.0 * theme.line, 2.0 * theme.line];
        picture.line(&[at, (at.0, panel.rect.bottom)], pen.ink, theme.hair(), &dash);
        strokes::dot(picture, theme, pen, at, 1.1);
    }
}

fn text(reading: &Reading, pairs: &[Pair]) -> String {
    let mut text = "Acute curves before and after, each with all states frozen: the response in per cent of the maximum before, against the \
                    level in multiples of the EC50 before where there is one. Curves are medians over agents."
        .to_owned();
    for pair in pairs {
        let panel = pair.panel;
        let arm = reading.arm_title(&panel.arm);
        let whose = if arm.is_empty() || arm == pair.title { String::new() } else { format!(" ({arm})") };
        text += &format!(
            " {}{whose}, {} to {}: {}",
            naming::sentence(&pair.title),
            panel.before,
            panel.after,
            pair.told.join(", ")
        );
        let spread = |fan: &Fan| {
            let last = fan.last_until(f64::INFINITY)?;
            let band = fan.bands.first().filter(|_| fan.n.is_some_and(|n| n >= FEW))?;
            let (low, high) = (number(band.low[last]), number(band.high[last]));
            let share = super::scale::percent(band.share);
            (low != high).then(|| {
                format!(
                    "; at the highest level the middle {share} of agents lie between {low} and {high} % then"
                )
            })
        };
        text += &spread(&pair.curves[1].fan).unwrap_or_default();
        for (curve, moment) in pair.curves.iter().zip([&panel.before, &panel.after]) {
            if curve.without > 0.0 && pair.scaled {
                text +=
                    &format!("; at {moment} {} of agents have no EC50", super::scale::percent(curve.without));
            }
        }
        text += ".";
    }
    text + &words::failed(reading.subject)
}
