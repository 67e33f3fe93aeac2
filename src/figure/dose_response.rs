//! Acute responses over the level of their probe: one curve for each moment, EC50 and Emax marked.
//! Knows the assays; a curve is the population's median at each level, and EC50 is the median of the agents' own EC50s.

use super::audience::{Pen, Theme};
use super::axes::{self, EndLabel, Panel};
use super::canvas::{Anchor, Picture, Rect};
use super::family::{Family, families};
use super::fan::Fan;
use super::page::{Head, Key, Page, Sample};
use super::reading::{AssayKey, Reading, Spread, distinct};
use super::scale::{Scale, bounds, drawable};
use super::{Drawn, font, naming, strokes, words};

/// What Emax is called in the tables: with a stated top, and without.
pub const EMAX: [&str; 2] = ["emax", "largest in range"];
/// More curves than this in one panel are divided by arm.
const MOST_CURVES: usize = 4;

/// One moment of one arm.
struct Curve<'a> {
    key: AssayKey<'a>,
    label: String,
    pen: Pen,
    fan: Fan,
    /// The unchanged run, and the pen whose dashes it has.
    ghost: Option<(Fan, Pen)>,
    ec50: Option<&'a Spread>,
    emax: Option<(&'static str, &'a Spread)>,
}

/// Curves that share a panel.
struct Plot<'a> {
    title: String,
    /// What the probe is called in the arms of the panel.
    probe: String,
    curves: Vec<Curve<'a>>,
}

impl Curve<'_> {
    /// Whether the unchanged run differs.
    fn moved(&self) -> bool {
        self.ghost.as_ref().is_some_and(|(ghost, _)| ghost.differs(&self.fan))
    }
}

/// One figure for each response that has curves, in the units of each family of arms.
pub fn figures(theme: &Theme, reading: &Reading, ghost: Option<&Reading>) -> Vec<Drawn> {
    let responses = distinct(reading.curves.keys().map(|k| k.response));
    let of_response = |response| {
        let arms = reading.curves.keys().filter(move |k| k.response == response).map(|k| k.arm);
        let families = families(reading, response, arms);
        families.into_iter().map(move |family| (response, family))
    };
    let all: Vec<_> = responses.into_iter().flat_map(of_response).collect();
    all.iter().map(|(response, family)| figure(theme, reading, ghost, (response, family))).collect()
}

/// The group that stands for the population: `all`, or the first where no row says `all`.
pub fn main_group<'a>(keys: impl Iterator<Item = &'a str>) -> &'a str {
    let groups = distinct(keys);
    if groups.contains(&"all") { "all" } else { groups.first().copied().unwrap_or("all") }
}

/// Emax of an assay under either name, with the name.
pub fn emax_of<'r>(reading: &'r Reading, key: AssayKey<'r>) -> Option<(&'static str, &'r Spread)> {
    EMAX.into_iter().find_map(|name| reading.metrics.get(&(key, name)).map(|spread| (name, spread)))
}

fn plots<'r>(
    theme: &Theme,
    reading: &'r Reading,
    ghost: Option<&Reading>,
    (response, family): (&str, &Family),
) -> Vec<Plot<'r>> {
    let of_family =
        || reading.curves.keys().filter(|k| k.response == response && family.arms.contains(&k.arm));
    let group = main_group(of_family().map(|k| k.group));
    let keys = || of_family().filter(|k| k.group == group);
    let arms: Vec<&str> = reading.arms().into_iter().filter(|a| keys().any(|k| k.arm == *a)).collect();
    let moments = distinct(keys().map(|k| k.moment));
    let probes: Vec<String> =
        arms.iter().map(|arm| words::probe_axis(reading.subject, response, arm)).collect();
    let together = keys().count() <= MOST_CURVES && distinct(probes.iter()).len() == 1;
    let mixed = together && arms.len() > 1;
    let curve = |key: &AssayKey<'r>| {
        let place = moments.iter().position(|m| *m == key.moment).unwrap_or(0);
        let mut pen = theme.moment(place);
        let mut unchanged = pen;
        if mixed && moments.len() == 1 {
            pen = theme.arm(reading.arm_place(key.arm));
            unchanged = pen;
        } else if mixed {
            unchanged.dash = theme.moment(keys().position(|k| k == key).unwrap_or(0)).dash;
            pen.dash = theme.arm(arms.iter().position(|a| *a == key.arm).unwrap_or(0)).dash;
        }
        let (fan, _) = &reading.curves[key];
        Curve {
            key: *key,
            label: if mixed { words::of_arm(reading, key.arm, key.moment) } else { key.moment.to_owned() },
            pen,
            fan: fan.clone(),
            ghost: ghost.and_then(|g| g.curves.get(key)).map(|(fan, _)| (fan.clone(), unchanged)),
            ec50: reading.metrics.get(&(*key, "ec50")),
            emax: emax_of(reading, *key),
        }
    };
    if together {
        let title = if arms.len() == 1 { reading.arm_title(arms[0]) } else { String::new() };
        let probe = probes.into_iter().next().unwrap_or_default();
        return vec![Plot { title, probe, curves: keys().map(curve).collect() }];
    }
    let plot = |(arm, probe): (&&'r str, String)| Plot {
        title: reading.arm_title(arm),
        probe,
        curves: keys().filter(|k| k.arm == *arm).map(curve).collect(),
    };
    arms.iter().zip(probes).map(plot).collect()
}

/// A slide shows two panels at most, and of many moments the first and the last two; says what it leaves out.
fn simplify(plots: &mut Vec<Plot>) -> String {
    let curves = |plots: &[Plot]| plots.iter().map(|p| p.curves.len()).sum();
    let all = curves(plots);
    plots.truncate(2);
    for plot in plots.iter_mut().filter(|p| p.curves.len() > MOST_CURVES) {
        plot.curves.drain(1..plot.curves.len() - 2);
    }
    words::left_out("curves", curves(plots), all)
}

/// Sizes shared by the panels of a figure.
struct Grid {
    columns: usize,
    left: f64,
    right: f64,
    rug: f64,
    x: Scale,
    /// Of each panel.
    y: Vec<Scale>,
    /// Between panels side by side.
    gap: f64,
    /// Whether unchanged runs of several curves have to be told apart.
    several_ghosts: bool,
    /// Of each panel.
    x_titles: Vec<Vec<String>>,
}

const PANEL: f64 = 17.0;
const TITLE: f64 = 1.9;
/// Between panels side by side.
const GAP: f64 = 2.2;
/// Panels whose tops are further apart than this have scales of their own: on a common one the lower would be flat.
const FAR: f64 = 5.0;

/// The scale of each panel, and whether they are different ones.
fn y_scales(plots: &[Plot]) -> (Vec<Scale>, bool) {
    let of = |plots: &[Plot]| {
        let curves = || plots.iter().flat_map(|p| &p.curves);
        let fans = curves().flat_map(|c| std::iter::once(&c.fan).chain(c.ghost.iter().map(|(fan, _)| fan)));
        let tops = curves().filter_map(|c| c.emax).map(|(_, e)| e.at(50.0));
        Scale::around(fans.flat_map(Fan::values).chain(tops))
    };
    let own: Vec<Scale> = plots.iter().map(|plot| of(std::slice::from_ref(plot))).collect();
    let (least, most) = bounds(own.iter().map(Scale::size)).unwrap_or((1.0, 1.0));
    if most > FAR * least { (own, true) } else { (vec![of(plots); plots.len()], false) }
}

fn grid(theme: &Theme, plots: &[Plot]) -> Grid {
    let em = theme.size;
    let curves = || plots.iter().flat_map(|p| &p.curves);
    let fans = || curves().flat_map(|c| std::iter::once(&c.fan).chain(c.ghost.iter().map(|(fan, _)| fan)));
    let width = theme.width - 2.0 * theme.margin();
    let most = ((width / (17.0 * em)) as usize).clamp(1, 3);
    // Rows as even as they can be: four panels stand two by two.
    let columns = plots.len().div_ceil(plots.len().div_ceil(most).max(1)).max(1);
    let labels = plots.len() == 1;
    let widest = curves().map(|c| font::width(&c.label, em, false)).fold(0.0, f64::max);
    let (y, different) = y_scales(plots);
    let left = y.iter().map(|y| axes::y_labels_width(theme, y)).fold(0.0, f64::max);
    let gap = if different { GAP * em + left } else { GAP * em };
    let right = if labels { widest.min(0.24 * width) + 1.6 * em } else { 0.9 * em };
    let inner = (width - left - right) / columns as f64;
    // A title may be wider than its panel where no other stands beside it.
    let room = if columns > 1 { inner - gap } else { inner.max(0.55 * width) };
    Grid {
        columns,
        left,
        right,
        rug: match theme.slide() {
            true => 0.3 * em,
            false => em * (0.5 + 0.62 * plots.iter().map(|p| p.curves.len()).max().unwrap_or(0) as f64),
        },
        x: Scale::decades(fans().flat_map(|f| f.x.iter().copied())),
        y,
        gap,
        several_ghosts: moved(plots).len() > 1,
        x_titles: plots.iter().map(|p| font::wrap_evenly(&p.probe, em, false, room, 3)).collect(),
    }
}

/// Name and pen of each curve that the change moved; those of one moment in several panels are alike.
fn moved(plots: &[Plot]) -> Vec<(String, Pen)> {
    let curves = plots.iter().flat_map(|p| &p.curves).filter(|c| c.moved());
    let all = curves.filter_map(|c| Some((c.label.clone(), c.ghost.as_ref()?.1)));
    all.fold(Vec::new(), |mut seen, own| {
        if seen.iter().all(|(label, _)| *label != own.0) {
            seen.push(own);
        }
        seen
    })
}

fn figure(
    theme: &Theme,
    reading: &Reading,
    ghost: Option<&Reading>,
    (response, family): (&str, &Family),
) -> Drawn {
    let em = theme.size;
    let mut plots = plots(theme, reading, ghost, (response, family));
    let text = text(reading, (response, family), &plots);
    let left_out = if theme.slide() { simplify(&mut plots) } else { String::new() };
    for plot in plots.iter_mut().filter(|p| theme.slide() || p.curves.len() > strokes::MOST_WIDE_BANDS) {
        for curve in &mut plot.curves {
            curve.fan = curve.fan.narrowed();
            curve.ghost = curve.ghost.as_ref().map(|(fan, pen)| (fan.narrowed(), *pen));
        }
    }
    let grid = grid(theme, &plots);
    let unit = family.unit(reading, response);
    let form = words::forms(reading.subject, response, &family.arms);
    let told = words::named_form(response, &form);
    let shown = format!("dose-response, {told}{}", family.whose);
    let heading = words::title(reading.subject, theme, &shown);
    let head =
        Head { title: &heading, subtitle: &reading.subject.question, keys: keys(theme, &plots, left_out) };
    let rows = plots.len().div_ceil(grid.columns);
    let x_lines = grid.x_titles.iter().map(Vec::len).max().unwrap_or(0);
    let below = axes::x_axis_height(theme, x_lines) + 0.3 * em;
    let responses = family.arms.iter().map(|arm| words::response_axis(reading.subject, response, arm, unit));
    let y_title = distinct(responses).join("; ");
    let y_title = font::wrap(&y_title, em, false, theme.width - 2.0 * theme.margin(), 3);
    let above = (1.28 * y_title.len() as f64 + 0.5) * em;
    let room = (theme.width - 2.0 * theme.margin() - grid.left - grid.right) / grid.columns as f64 - grid.gap;
    let titles: Vec<Vec<String>> = plots
        .iter()
        .map(|p| font::wrap(&p.title, em, true, room, if theme.slide() { 1 } else { 2 }))
        .collect();
    let titled = match titles.iter().map(Vec::len).max().unwrap_or(0) {
        0 => 0.5 * em,
        lines => (TITLE + 1.2 * (lines as f64 - 1.0)) * em,
    };
    let frame = titled + grid.rug + below;
    let Page { mut picture, area } =
        Page::new(theme, reading.subject, &head, above + rows as f64 * (PANEL * em + frame));
    axes::above(&mut picture, theme, &y_title, area.left, area.top + above);
    let height = ((area.height() - above) / rows.max(1) as f64 - frame).max(3.0 * em);
    let gap = grid.gap;
    let width =
        (area.width() - grid.left - grid.right - gap * (grid.columns as f64 - 1.0)) / grid.columns as f64;
    for (i, plot) in plots.iter().enumerate() {
        let (row, column) = (i / grid.columns, i % grid.columns);
        let left = area.left + grid.left + column as f64 * (width + gap);
        let top = area.top + above + row as f64 * (height + frame) + titled;
        let panel = Panel {
            rect: Rect { left, top, right: left + width, bottom: top + height },
            x: grid.x,
            y: grid.y[i],
        };
        let numbered = column == 0 || grid.y[i] != grid.y[i - 1];
        for (i, line) in titles[i].iter().rev().enumerate() {
            let at = (left, top - (0.5 + 1.2 * i as f64) * em);
            picture.text(at, line, em, true, theme.ink(), Anchor::Start);
        }
        draw(&mut picture, theme, &panel, (plot, &grid.x_titles[i]), &grid, (numbered, plots.len() == 1));
    }
    let title = format!("{}: {shown}", reading.subject.title);
    Drawn::new(naming::stem(&["dose-response", response]), title, picture, text)
}

fn keys(theme: &Theme, plots: &[Plot], left_out: String) -> Vec<Key> {
    let mut keys = Vec::new();
    if plots.len() > 1 {
        let curves = plots.iter().flat_map(|p| &p.curves).map(|c| (c.label.clone(), c.pen));
        let mut seen: Vec<String> = Vec::new();
        for (label, pen) in curves {
            if !seen.contains(&label) {
                keys.push(Key::new(Sample::Line(pen), label.clone()));
                seen.push(label);
            }
        }
    }
    let curves = || plots.iter().flat_map(|p| &p.curves);
    if curves().any(|c| c.ghost.is_some()) {
        keys.extend(Key::unchanged(theme, &moved(plots)));
    }
    let ec50: Vec<&Spread> =
        curves().filter_map(|c| c.ec50).filter(|spread| spread.at(50.0).is_finite()).collect();
    if !ec50.is_empty() {
        let text = match theme.slide() {
            _ if ec50.iter().all(|spread| spread.n <= 1) => "dot: EC50",
            true => "dot: median EC50",
            false if !ec50.iter().any(|spread| spread.has_bars()) => "dots: median EC50",
            false => "EC50: median (dots) and middle 50 % of agents (bar)",
        };
        keys.push(Key::new(Sample::Dot(theme.neutral()), text));
    }
    let emax = curves().filter_map(|c| c.emax).find(|(_, e)| e.at(50.0).is_finite());
    if let Some((name, _)) = emax.filter(|_| !theme.slide()) {
        let name = if name == EMAX[0] { "median Emax" } else { "median of the largest in range" };
        keys.push(Key::new(Sample::Nothing, format!("short line at the right edge: {name}")));
    }
    if let Some(curve) = curves().max_by_key(|c| c.fan.bands.len()) {
        keys.push(Key::fan(theme.neutral(), &curve.fan));
    }
    if !left_out.is_empty() {
        keys.push(Key::new(Sample::Nothing, left_out));
    }
    keys
}

/// One panel with its rug of EC50s and its axis below the rug.
fn draw(
    picture: &mut Picture,
    theme: &Theme,
    panel: &Panel,
    (plot, x_title): (&Plot, &[String]),
    grid: &Grid,
    (first, labelled): (bool, bool),
) {
    axes::y_axis(picture, theme, panel, first);
    for curve in &plot.curves {
        strokes::bands(picture, panel, theme, &curve.fan, &curve.pen, plot.curves.len());
    }
    let ghosts = plot.curves.iter().filter(|c| c.moved()).filter_map(|c| c.ghost.as_ref());
    let ghosts: Vec<(&Fan, Pen)> = ghosts.map(|(fan, pen)| (fan, *pen)).collect();
    strokes::ghosts(picture, theme, panel, &ghosts, grid.several_ghosts);
    for (place, curve) in plot.curves.iter().enumerate() {
        let points = (&curve.fan.x[..], &curve.fan.middle[..]);
        if plot.curves[place + 1..].iter().any(|over| covers(panel, over, curve)) {
            strokes::halo(picture, theme, panel, points, &curve.pen);
        }
        strokes::curve(picture, theme, panel, points, &curve.pen, place);
        mark_emax(picture, theme, panel, curve);
    }
    let base = Rect { top: panel.rect.bottom, bottom: panel.rect.bottom + grid.rug, ..panel.rect };
    for (place, curve) in plot.curves.iter().enumerate() {
        let y = (!theme.slide()).then_some(base.top + (0.55 + 0.62 * place as f64) * theme.size);
        mark_ec50(picture, theme, panel, curve, y);
    }
    let ticks = axes::x_ticks(theme, &grid.x, base.width(), None);
    axes::x_axis(picture, theme, &Panel { rect: base, ..*panel }, &ticks, true, x_title);
    if labelled {
        let room = grid.right - 1.3 * theme.size;
        let label = |c: &Curve| {
            let y = panel.y_at(c.fan.middle[c.fan.last_until(f64::INFINITY)?]);
            Some(EndLabel { y, lines: font::wrap(&c.label, theme.size, false, room, 3), pen: c.pen })
        };
        axes::end_labels(picture, theme, &panel.rect, plot.curves.iter().filter_map(label).collect());
    }
}

/// Whether one median hides the other: nowhere are they further apart than a line is wide.
fn covers(panel: &Panel, over: &Curve, below: &Curve) -> bool {
    let height = |fan: &Fan, i: usize| panel.y.place(fan.middle[i]);
    let apart = |i: usize| (height(&over.fan, i) - height(&below.fan, i)).abs();
    over.fan.x == below.fan.x && (0..below.fan.x.len()).all(|i| apart(i) < 0.01)
}

fn mark_emax(picture: &mut Picture, theme: &Theme, panel: &Panel, curve: &Curve) {
    let Some(top) = curve.emax.map(|(_, e)| e.at(50.0)).filter(|v| drawable(*v)) else { return };
    let (y, right) = (panel.y_at(top), panel.rect.right);
    picture.line(&[(right - 1.4 * theme.size, y), (right, y)], curve.pen.ink, theme.line * 1.5, &[]);
}

/// Dot and bar in the rug at height `y`, where there is a rug, and a dot where the curve passes the median EC50.
fn mark_ec50(picture: &mut Picture, theme: &Theme, panel: &Panel, curve: &Curve, y: Option<f64>) {
    let Some(spread) = curve.ec50 else { return };
    let x = |q: f64| panel.x_at(spread.at(q));
    let median = x(50.0);
    if let Some(y) = y {
        if spread.has_bars() && drawable(x(25.0)) && drawable(x(75.0)) {
            picture.line(&[(x(25.0), y), (x(75.0), y)], curve.pen.ink.faint(0.55), theme.line * 1.6, &[]);
        }
        if drawable(median) {
            strokes::dot(picture, theme, &curve.pen, (median, y), 0.75);
        }
    }
    if let Some(level) = height_at(&curve.fan, spread.at(50.0)).filter(|_| drawable(median)) {
        strokes::dot(picture, theme, &curve.pen, panel.at(spread.at(50.0), level), 1.15);
    }
}

/// The median curve between its levels, by a straight line over the logarithm.
pub fn height_at(fan: &Fan, x: f64) -> Option<f64> {
    let after = fan.x.iter().position(|v| *v >= x)?;
    if fan.x[after] == x {
        return Some(fan.middle[after]).filter(|v| v.is_finite());
    }
    let before = after.checked_sub(1)?;
    let share = (x / fan.x[before]).log10() / (fan.x[after] / fan.x[before]).log10();
    let (a, b) = (fan.middle[before], fan.middle[after]);
    Some(a + (b - a) * share).filter(|v| v.is_finite())
}

fn text(reading: &Reading, (response, family): (&str, &Family), plots: &[Plot]) -> String {
    let subject = reading.subject;
    let known = family.arms.first().and_then(|arm| subject.response(response, arm));
    let unit = family.unit(reading, response);
    let probes = distinct(plots.iter().map(|plot| plot.probe.as_str())).join("; ");
    let mut text = format!(
        "{} against {}; {}.",
        naming::sentence(&format!("dose-response, {}", words::response(subject, response, &family.arms))),
        probes,
        words::forms_told(subject, response, &family.arms)
    );
    let curves: Vec<&Curve> = plots.iter().flat_map(|p| &p.curves).collect();
    for curve in &curves {
        let first =
            curves.iter().find(|c| c.key.arm == curve.key.arm).filter(|c| c.key.moment != curve.key.moment);
        let told = |name: &str, spread: Option<&Spread>, from: Option<&Spread>, unit: &str| {
            let spread = spread?;
            let unit = if spread.unit.is_empty() { unit } else { &spread.unit };
            let shift =
                from.zip(first).and_then(|(f, c)| words::factor(f.at(50.0), spread.at(50.0), c.key.moment));
            Some(format!("{name} {}{}", words::spread(spread, unit, false), shift.unwrap_or_default()))
        };
        let ec50 = told("EC50", curve.ec50, first.and_then(|c| c.ec50), known.map_or("", |r| &r.probe_unit));
        let emax = curve.emax.map_or("Emax", |(name, _)| shown(name));
        let emax = told(emax, spread_in(curve.emax), first.and_then(|c| spread_in(c.emax)), unit);
        let told: Vec<String> = ec50.into_iter().chain(emax).collect();
        let told = if told.is_empty() { "no EC50 or Emax".to_owned() } else { told.join("; ") };
        text += &format!(" {}: {told}.", words::of_arm(reading, curve.key.arm, curve.key.moment));
    }
    text + &words::failed(subject)
}

/// What readers call Emax, which without a stated top is only the largest value in the range.
pub fn shown(metric: &'static str) -> &'static str {
    if metric == EMAX[0] { "Emax" } else { metric }
}

fn spread_in<'a>(named: Option<(&'static str, &'a Spread)>) -> Option<&'a Spread> {
    named.map(|(_, spread)| spread)
}
