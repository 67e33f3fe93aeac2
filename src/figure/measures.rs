//! Distributions of measures as quantile dot plots: fifty dots stand for all agents, two in a hundred each.
//! Knows the measures table. Agents that never reach what is measured have no dot; their share is written out.

use super::audience::{Pen, Theme};
use super::axes::{self, Panel};
use super::canvas::{Anchor, Picture, Rect};
use super::page::{Head, Key, Page, Sample};
use super::reading::{MeasureKey, Reading, Spread, distinct};
use super::scale::{self, Scale, drawable};
use super::{Drawn, font, naming, strokes, words};

/// Dots that stand for all agents.
const DOTS: f64 = 50.0;
/// Height of a row in type sizes.
const ROW: f64 = 5.6;

/// One arm and group.
struct Row<'a> {
    key: MeasureKey<'a>,
    spread: &'a Spread,
    ghost: Option<&'a Spread>,
    pen: Pen,
}

/// One figure for each measure in which anyone was counted.
pub fn figures(theme: &Theme, reading: &Reading, ghost: Option<&Reading>) -> Vec<Drawn> {
    let counted = reading.measures.iter().filter(|(_, s)| !s.quantiles.is_empty() || s.missing() > 0);
    let measures = distinct(counted.map(|(k, _)| k.measure));
    measures.into_iter().map(|measure| figure(theme, reading, ghost, measure)).collect()
}

fn rows<'r>(theme: &Theme, reading: &'r Reading, ghost: Option<&'r Reading>, measure: &str) -> Vec<Row<'r>> {
    let of_measure = reading.measures.iter().filter(|(k, _)| k.measure == measure);
    let mut rows: Vec<Row> = of_measure
        .map(|(key, spread)| Row {
            key: *key,
            spread,
            ghost: ghost.and_then(|g| g.measures.iter().find(|(k, _)| *k == key)).map(|(_, s)| s),
            pen: if key.arm.is_empty() { theme.arm(0) } else { theme.arm(reading.arm_place(key.arm)) },
        })
        .collect();
    rows.sort_by_key(|r| reading.arm_place(r.key.arm));
    if theme.slide() && rows.iter().any(|r| r.key.group == "all") {
        rows.retain(|r| r.key.group == "all");
    }
    rows
}

/// A logarithmic scale where all values are positive and span more than two decades; but of shares, whose smallest are as good as 0.
fn scale_of(rows: &[Row], unit: &str) -> Scale {
    let spreads = || rows.iter().flat_map(|r| std::iter::once(r.spread).chain(r.ghost));
    let values = || spreads().flat_map(|s| (0..50).map(|i| s.at(1.0 + 2.0 * f64::from(i))));
    match scale::bounds(values()) {
        Some((low, high)) if low > 0.0 && high / low > 300.0 && unit != "%" => Scale::decades(values()),
        _ => Scale::around(values()),
    }
}

fn figure(theme: &Theme, reading: &Reading, ghost: Option<&Reading>, measure: &str) -> Drawn {
    let em = theme.size;
    let subject = reading.subject;
    let mut rows = rows(theme, reading, ghost, measure);
    let known = subject.measures.iter().find(|m| m.name == measure);
    let unit = rows.iter().map(|r| r.spread.unit.as_str()).find(|u| !u.is_empty());
    let unit = unit.or(known.map(|m| m.unit.as_str())).unwrap_or("").to_owned();
    let doc = &naming::measured(known.map_or("", |m| m.doc.as_str()));
    let text = text(reading, &naming::axis(doc, measure, ""), &rows, &unit);
    let x = scale_of(&rows, &unit);
    drop_even_groups(&mut rows, &x);
    // Where words say what it is, its name adds nothing.
    let symbol = if doc.is_empty() { measure } else { "" };
    let name = naming::axis(doc, symbol, "");
    let few = rows.iter().filter(|r| counted(r.spread) <= DOTS as u64).count();
    let each = match few {
        0 => "2 % of agents each (population spread, not uncertainty)",
        n if n == rows.len() => "one agent each (population spread, not uncertainty)",
        _ => {
            "2 % of agents each; in groups of 50 and fewer one agent each (population spread, not uncertainty)"
        }
    };
    let mut keys = vec![Key::new(Sample::Dot(theme.neutral()), each)];
    let whose = whose(&rows);
    if rows.iter().any(|row| one_bar(&x, row.spread)) {
        keys.push(Key::new(Sample::Nothing, "thick bar: all agents"));
    }
    keys.push(Key::new(Sample::Nothing, format!("upright line: median{whose}")));
    if rows.iter().any(|r| r.ghost.is_some()) {
        let whose = if whose.is_empty() { " of agents" } else { whose };
        keys.insert(0, Key::new(Sample::Ghost, format!("unchanged: median and middle 90 %{whose}")));
    }
    let heading = words::title(subject, theme, &name);
    let head = Head { title: &heading, subtitle: &subject.question, keys };
    let width = theme.width - 2.0 * theme.margin();
    let names = label_width(theme, reading, &rows, (&unit, &x)).min(0.4 * width);
    let title = font::wrap_evenly(&naming::axis(doc, symbol, &unit), em, false, width - names, 2);
    let below = axes::x_axis_height(theme, title.len());
    let lines = rows.iter().map(|row| names_of(theme, reading, row, (&unit, &x)).len()).max().unwrap_or(0);
    let row = if rows.len() < 3 { 1.3 * ROW } else { ROW };
    let row = row.max(1.25 * lines as f64 + 0.4);
    let content = rows.len() as f64 * row * em + below;
    let Page { mut picture, area } = Page::new(theme, subject, &head, content);
    let all = rows.len();
    rows.truncate((((area.height() - below) / (3.6 * em)) as usize).max(1));
    let left_out = words::left_out("rows", rows.len(), all);
    let above = if left_out.is_empty() { 0.0 } else { 1.5 * em };
    picture.text((area.left, area.top + em), &left_out, em, false, theme.soft(), Anchor::Start);
    let room = area.height() - below - above;
    let height = (room / rows.len().max(1) as f64).min(13.0 * em);
    let rect = Rect {
        left: area.left + names,
        right: area.right - 0.9 * em,
        top: area.top + above,
        bottom: area.top + above + height * rows.len() as f64,
    };
    let panel = Panel { rect, x, y: Scale::Linear { low: 0.0, high: 1.0 } };
    let mut ticks = axes::x_ticks(theme, &panel.x, rect.width(), None);
    if rows.iter().all(|r| r.spread.quantiles.is_empty()) {
        ticks.clear();
    }
    for tick in &ticks {
        let x = panel.x_at(tick.value);
        picture.line(&[(x, rect.top), (x, rect.bottom)], theme.grid(), theme.hair(), &[]);
    }
    axes::x_axis(&mut picture, theme, &panel, &ticks, true, &title);
    for (i, row) in rows.iter().enumerate() {
        let rect =
            Rect { top: rect.top + i as f64 * height, bottom: rect.top + (i + 1) as f64 * height, ..rect };
        draw_row(&mut picture, theme, &Panel { rect, ..panel }, row);
        draw_name(&mut picture, theme, reading, row, (&rect, area.left), (&unit, &x));
    }
    Drawn::new(naming::stem(&["measure", measure]), format!("{}: {name}", subject.title), picture, text)
}

/// Whose medians the upright lines are, in words that are true of every row and of the unchanged run; empty where all agents have a value.
fn whose(rows: &[Row]) -> &'static str {
    let spreads = rows.iter().flat_map(|row| std::iter::once(row.spread).chain(row.ghost));
    let told = distinct(spreads.map(words::whose_median).filter(|whose| !whose.is_empty()));
    match told[..] {
        [] => "",
        [one] => one,
        _ => " of those who have a value",
    }
}

/// What stands left of a row: arm, group, median, share without a value.
fn names_of(
    theme: &Theme,
    reading: &Reading,
    row: &Row,
    (unit, scale): (&str, &Scale),
) -> Vec<(String, bool)> {
    let mut lines = vec![(reading.arm_title(row.key.arm), true)];
    if row.key.group != "all" {
        lines.push((words::group(row.key.group, Some(row.spread.n + row.spread.missing())), false));
    }
    let median = row.spread.at(50.0);
    if median.is_finite() {
        let whose = words::whose_median(row.spread);
        let of = match (row.spread.n, alike(row.spread)) {
            (1, _) if whose.is_empty() => String::new(),
            (2.., true) if whose.is_empty() => "all agents ".to_owned(),
            _ if one_bar(scale, row.spread) => "all agents about ".to_owned(),
            _ => "median ".to_owned(),
        };
        let median = if of.contains("about") { rounded(scale, median) } else { median };
        lines.push((format!("{of}{}", naming::with_unit(scale::number(median), unit)), false));
        // A slide has no room for what its key says as well.
        if !theme.slide() {
            lines.push((whose.trim_start().to_owned(), false));
        }
    }
    for (reason, n) in &row.spread.without {
        let share = *n as f64 / (row.spread.n + row.spread.missing()).max(1) as f64;
        lines.push((format!("{reason}: {}", scale::percent(share)), false));
    }
    lines.retain(|(line, _)| !line.is_empty());
    lines
}

fn label_width(theme: &Theme, reading: &Reading, rows: &[Row], unit: (&str, &Scale)) -> f64 {
    let lines = rows.iter().flat_map(|row| names_of(theme, reading, row, unit));
    lines.map(|(line, bold)| font::width(&line, theme.size, bold)).fold(0.0, f64::max) + 1.4 * theme.size
}

fn draw_name(
    picture: &mut Picture,
    theme: &Theme,
    reading: &Reading,
    row: &Row,
    (rect, left): (&Rect, f64),
    unit: (&str, &Scale),
) {
    let em = theme.size;
    let room = rect.left - left - 0.8 * em;
    let fits = ((rect.height() / (1.25 * em)) as usize).max(1);
    let lines = names_of(theme, reading, row, unit);
    let spare = 1 + fits.saturating_sub(lines.len());
    let wrapped = |(line, bold): (String, bool)| {
        font::wrap(&line, em, bold, room, spare.min(2)).into_iter().map(move |line| (line, bold))
    };
    let lines: Vec<_> = lines.into_iter().flat_map(wrapped).take(fits).collect();
    let top = rect.bottom - (lines.len() as f64 * 1.25 + 0.15) * em;
    for (i, (line, bold)) in lines.iter().enumerate() {
        let ink = if *bold { row.pen.text } else { theme.soft() };
        let line = font::shorten(line, em, *bold, room);
        picture.text((left, top + (i as f64 * 1.25 + 0.95) * em), &line, em, *bold, ink, Anchor::Start);
    }
}

/// Dots above the row's base line, then median and the unchanged run.
fn draw_row(picture: &mut Picture, theme: &Theme, panel: &Panel, row: &Row) {
    let r = panel.rect;
    let base = r.bottom - 0.35 * theme.size;
    picture.line(&[(r.left, base), (r.right, base)], theme.grid(), theme.hair() * 1.5, &[]);
    let room = r.height() - 0.9 * theme.size;
    let one = one_bar(&panel.x, row.spread);
    if one {
        // A single dot would stand for 2 % of agents.
        let x = panel.x_at(row.spread.at(50.0));
        let half = 0.28 * theme.size;
        let bar = Rect { left: x - half, right: x + half, top: base - room, bottom: base };
        picture.block(bar, row.pen.ink);
    } else {
        for (at, radius) in dots(panel, row.spread, (base, room), theme.size) {
            picture.disc(at, radius, row.pen.ink.faint(0.75));
        }
    }
    let upright = |picture: &mut Picture, spread: &Spread, ink, width, dash: &[f64]| {
        let x = panel.x_at(spread.at(50.0));
        if drawable(x) {
            picture.line(&[(x, base + 0.3 * theme.size), (x, base - room)], ink, width, dash);
        }
    };
    if let Some(ghost) = row.ghost {
        let dash = strokes::ghost_dash(theme);
        upright(picture, ghost, theme.ghost(), theme.line * 0.8, &dash);
        let (low, high) = (panel.x_at(ghost.at(5.0)), panel.x_at(ghost.at(95.0)));
        if drawable(low) && drawable(high) {
            let y = base + 0.2 * theme.size;
            picture.line(&[(low, y), (high, y)], theme.ghost(), theme.line * 0.8, &dash);
        }
    }
    if !one {
        upright(picture, row.spread, theme.ink(), theme.line * 0.7, &[]);
    }
}

/// Whether all agents with a value have the same, to the figures that are shown.
fn alike(spread: &Spread) -> bool {
    scale::number(spread.at(1.0)) == scale::number(spread.at(99.0))
}

/// Groups of an arm in which all agents are alike, or none has a value, say nothing that the arm does not.
fn drop_even_groups(rows: &mut Vec<Row>, scale: &Scale) {
    let even = |row: &&Row| row.key.group == "all" && (one_bar(scale, row.spread) || row.spread.n == 0);
    let arms: Vec<&str> = rows.iter().filter(even).map(|row| row.key.arm).collect();
    rows.retain(|row| row.key.group == "all" || !arms.contains(&row.key.arm));
}

/// A number without what cannot be seen on a scale.
fn rounded(scale: &Scale, value: f64) -> f64 {
    match *scale {
        Scale::Linear { low, high } if high > low => {
            let step = 10f64.powf(((high - low) / 100.0).log10().floor());
            (value / step).round() * step
        }
        _ => value,
    }
}

/// Whether several agents, seen on this scale, have one and the same value.
fn one_bar(scale: &Scale, spread: &Spread) -> bool {
    let [low, high] = [1.0, 99.0].map(|q| scale.place(spread.at(q)));
    spread.n > 1 && spread.missing() == 0 && (alike(spread) || high - low < 0.0015)
}

/// Agents with a value and without.
fn counted(spread: &Spread) -> u64 {
    spread.n + spread.missing()
}

/// Centres and radius of the dots: quantiles in bins as wide as a dot, stacked from the base upwards.
fn dots(panel: &Panel, spread: &Spread, (base, room): (f64, f64), em: f64) -> Vec<((f64, f64), f64)> {
    let have = 1.0 - spread.missing_share();
    let all = counted(spread);
    let count = match all {
        0 => DOTS as usize,
        few if few <= DOTS as u64 => spread.n as usize,
        _ => (DOTS * have).round() as usize,
    };
    // Of a few agents each stands at its own value, which is a quantile of type 7; of many at the middle of its share.
    let share = |i: usize| match (all <= DOTS as u64, count) {
        (true, 1) => 0.5,
        (true, count) => i as f64 / (count - 1) as f64,
        (false, count) => (i as f64 + 0.5) / count as f64,
    };
    let place = |i: usize| panel.x_at(spread.at(100.0 * share(i)));
    let places: Vec<f64> = (0..count).map(place).filter(|x| drawable(*x)).collect();
    if places.is_empty() {
        return Vec::new();
    }
    // A heap of dots would stand beside the only value there is.
    if alike(spread) || places[places.len() - 1] - places[0] < 1.0 {
        let radius = 0.8 * em;
        return vec![((panel.x_at(spread.at(50.0)), base - radius), radius)];
    }
    let stacks = |size: f64| {
        let mut bins: Vec<(f64, usize)> = Vec::new();
        for &x in &places {
            match bins.last_mut() {
                Some((start, n)) if x - *start < size => *n += 1,
                _ => bins.push((x, 1)),
            }
        }
        bins
    };
    let tallest = |size: f64| stacks(size).iter().map(|b| b.1).max().unwrap_or(1) as f64;
    let sizes = (0..12).map(|i| 1.25 * em * 0.92f64.powi(i));
    let size = sizes.clone().find(|s| tallest(*s) * s <= room).unwrap_or(0.5 * em);
    // Dots of stacks that are still too high overlap: side by side they would stand at values that nobody has.
    let pitch = size.min((room - size) / (tallest(size) - 1.0).max(1.0));
    let half = 0.46 * size;
    let mut free = f64::NEG_INFINITY;
    let column = |(start, n): (f64, usize)| {
        let members = places.iter().filter(|x| **x >= start).take(n);
        let centre = (members.sum::<f64>() / n as f64).max(free);
        free = centre + size;
        let centre = centre.clamp(panel.rect.left + half, panel.rect.right - half);
        (0..n).map(move |i| ((centre, base - half - 0.05 * em - i as f64 * pitch), half))
    };
    stacks(size).into_iter().flat_map(column).collect()
}

fn text(reading: &Reading, name: &str, rows: &[Row], unit: &str) -> String {
    let mut text = format!("Distribution over agents of {name}.");
    for row in rows {
        let arm = reading.arm_title(row.key.arm);
        let group = if row.key.group == "all" { String::new() } else { format!("group {}", row.key.group) };
        let whom: Vec<&str> = [arm.as_str(), group.as_str()].into_iter().filter(|s| !s.is_empty()).collect();
        let whom = if whom.is_empty() { "All agents".to_owned() } else { whom.join(", ") };
        text += &format!(" {whom}: {}", words::spread(row.spread, unit, true));
        if row.spread.missing() > 0 {
            text += &format!(", which is {} of agents", scale::percent(row.spread.missing_share()));
        }
        if let Some(ghost) = row.ghost {
            text += &format!("; unchanged: {}", words::spread(ghost, unit, true));
        }
        text += ".";
    }
    text + &words::failed(reading.subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_dots_stand_for_all_and_those_without_a_value_have_none() {
        let rect = Rect { left: 0.0, top: 0.0, right: 500.0, bottom: 100.0 };
        let x = Scale::Linear { low: 0.0, high: 100.0 };
        let panel = Panel { rect, x, y: x };
        let quantiles = (0..=100).map(|q| (f64::from(q), f64::from(q))).collect();
        let mut spread = Spread { quantiles, n: 100, ..Spread::default() };
        assert_eq!(dots(&panel, &spread, (100.0, 80.0), 10.0).len(), 50);
        spread.n = 7;
        assert_eq!(dots(&panel, &spread, (100.0, 80.0), 10.0).len(), 7, "few agents have a dot each");
        spread.n = 100;
        spread.without.push(("not reached".to_owned(), 100));
        assert_eq!(dots(&panel, &spread, (100.0, 80.0), 10.0).len(), 25);
        for ((x, y), r) in dots(&panel, &spread, (100.0, 80.0), 10.0) {
            assert!(x - r >= 0.0 && x + r <= 500.0 && y - r >= 19.0 && y + r <= 100.0);
        }
    }

    #[test]
    fn agents_of_one_value_stand_above_it_and_nowhere_else() {
        let rect = Rect { left: 0.0, top: 0.0, right: 500.0, bottom: 100.0 };
        let panel =
            Panel { rect, x: Scale::Linear { low: 0.0, high: 200.0 }, y: Scale::span([0.0].into_iter()) };
        let quantiles = vec![(0.0, 20.0), (25.0, 100.0), (100.0, 100.0)];
        let spread = Spread { quantiles, n: 400, ..Spread::default() };
        let dots = dots(&panel, &spread, (100.0, 60.0), 10.0);
        assert_eq!(dots.iter().filter(|((x, _), _)| *x > 249.0).count(), 38);
        assert!(dots.iter().all(|((x, y), r)| *x < 251.0 && y - r >= 39.0), "{dots:?}");
    }
}
