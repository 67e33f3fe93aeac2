//! EC50 and Emax side by side: a row for each arm and moment, with the spread over agents.
//! Knows the assays. Agents without a value are counted in the row, never dropped.

use super::audience::{Pen, Theme};
use super::axes::{self, Panel};
use super::canvas::{Anchor, Picture, Rect};
use super::dose_response::{EMAX, emax_of, main_group, shown};
use super::family::{Family, families};
use super::fan::FEW;
use super::page::{Head, Key, Page, Sample};
use super::reading::{AssayKey, Reading, Spread, distinct};
use super::scale::{self, Scale, drawable};
use super::{Drawn, font, naming, strokes, words};

/// A heading, or one arm at one moment.
enum Row<'a> {
    Arm(String, Pen),
    Moment(AssayKey<'a>, Pen),
}

/// One column of the figure.
struct Column {
    metric: &'static str,
    title: String,
    x: Scale,
}

/// One figure for each response with an EC50 or an Emax.
pub fn figures(theme: &Theme, reading: &Reading, ghost: Option<&Reading>) -> Vec<Drawn> {
    let wanted = |metric: &str| metric == "ec50" || EMAX.contains(&metric);
    let responses = distinct(reading.metrics.keys().filter(|(_, m)| wanted(m)).map(|(k, _)| k.response));
    let of_response = |response| {
        let arms = reading.metrics.keys().filter(move |(k, _)| k.response == response).map(|(k, _)| k.arm);
        families(reading, response, arms).into_iter().map(move |family| (response, family))
    };
    let all: Vec<_> = responses.into_iter().flat_map(of_response).collect();
    all.iter().filter_map(|(response, family)| figure(theme, reading, ghost, (response, family))).collect()
}

fn keys_of<'a>(reading: &Reading<'a>, response: &str, family: &Family) -> Vec<AssayKey<'a>> {
    let own = |k: &AssayKey| k.response == response && family.arms.contains(&k.arm);
    let of_response = || reading.metrics.keys().map(|(k, _)| *k).filter(own);
    let group = main_group(of_response().map(|k| k.group));
    let mut keys = distinct(of_response().filter(|k| k.group == group));
    keys.sort_by_key(|k| reading.arm_place(k.arm));
    keys
}

fn spread_of<'r>(reading: &'r Reading, key: AssayKey<'r>, metric: &str) -> Option<&'r Spread> {
    if metric == "ec50" {
        return reading.metrics.get(&(key, "ec50"));
    }
    emax_of(reading, key).map(|(_, spread)| spread)
}

fn has_value(spread: &Spread) -> bool {
    spread.at(50.0).is_finite()
}

fn rows<'a>(theme: &Theme, reading: &Reading<'a>, keys: &[AssayKey<'a>]) -> Vec<Row<'a>> {
    let arms = distinct(keys.iter().map(|k| k.arm));
    let mut rows = Vec::new();
    for arm in &arms {
        let pen = theme.arm(reading.arm_place(arm));
        if arms.len() > 1 {
            rows.push(Row::Arm(reading.arm_title(arm), pen));
        }
        rows.extend(keys.iter().filter(|k| k.arm == *arm).map(|k| Row::Moment(*k, pen)));
    }
    rows
}

fn columns(reading: &Reading, ghost: Option<&Reading>, keys: &[AssayKey], response: &str) -> Vec<Column> {
    let known = keys.first().and_then(|key| reading.subject.response(response, key.arm));
    let mut columns = Vec::new();
    for metric in ["ec50", "emax"] {
        let readings = [Some(reading), ghost];
        let spreads: Vec<&Spread> = readings
            .iter()
            .flatten()
            .flat_map(|r| keys.iter().filter_map(|k| spread_of(r, *k, metric)))
            .collect();
        if !spreads.iter().any(|s| has_value(s)) {
            continue;
        }
        let values = spreads.iter().flat_map(|s| [5.0, 25.0, 50.0, 75.0, 95.0].map(|q| s.at(q)));
        let own = spreads.iter().map(|s| s.unit.as_str()).find(|u| !u.is_empty()).unwrap_or("");
        let in_range = keys.iter().filter_map(|k| emax_of(reading, *k)).any(|(name, _)| name == EMAX[1]);
        columns.push(match metric {
            "ec50" => {
                let unit = if own.is_empty() { known.map_or("", |r| &r.probe_unit) } else { own };
                Column { metric, title: naming::axis("", "EC50", unit), x: Scale::decades(values) }
            }
            _ => {
                let name = shown(EMAX[usize::from(in_range)]);
                let unit = if own.is_empty() { known.map_or("", |r| &r.unit) } else { own };
                Column { metric, title: naming::axis("", name, unit), x: Scale::around(values.chain([0.0])) }
            }
        });
    }
    columns
}

const ROW: f64 = 1.9;

fn figure(
    theme: &Theme,
    reading: &Reading,
    ghost: Option<&Reading>,
    (response, family): (&str, &Family),
) -> Option<Drawn> {
    let em = theme.size;
    let keys = keys_of(reading, response, family);
    let columns = columns(reading, ghost, &keys, response);
    if columns.is_empty() {
        return None;
    }
    let text = text(reading, (response, family), &keys);
    let mut rows = rows(theme, reading, &keys);
    let form = words::forms(reading.subject, response, &family.arms);
    let told = words::named_form(response, &form);
    let shown = format!("EC50 and Emax, {told}{}", family.whose);
    let heading = words::title(reading.subject, theme, &shown);
    let spreads = columns.iter().flat_map(|c| keys.iter().filter_map(|k| spread_of(reading, *k, c.metric)));
    let mut legend = vec![Key::new(Sample::Dot(theme.neutral()), dots_are(spreads))];
    if ghost.is_some() {
        legend.insert(0, Key::new(Sample::Ghost, "unchanged"));
    }
    let head = Head { title: &heading, subtitle: &reading.subject.question, keys: legend };
    let above =
        if keys.iter().any(|k| missing(reading, *k) > 0) || theme.slide() { 1.9 * em } else { 0.6 * em };
    let longest = columns.iter().map(|c| font::width(&c.title, em, false)).fold(0.0, f64::max);
    let below = axes::x_axis_height(theme, if longest < 0.2 * theme.width { 1 } else { 2 });
    let Page { mut picture, area } =
        Page::new(theme, reading.subject, &head, above + below + rows.len() as f64 * ROW * em);
    let room = area.height() - above - below;
    let moments = |rows: &[Row]| rows.iter().filter(|r| matches!(r, Row::Moment(..))).count();
    let all = moments(&rows);
    shortened(&mut rows, ((room / (1.3 * em)) as usize).max(1));
    let left_out = words::left_out("moments", moments(&rows), all);
    picture.text((area.left, area.top + 1.3 * em), &left_out, em, false, theme.soft(), Anchor::Start);
    let height = (room / rows.len() as f64).min(3.2 * em);
    let names = label_width(theme, &rows, area.width());
    let counted = keys.iter().any(|k| missing(reading, *k) > 0);
    let counts = if counted { font::width("without", em, false) + em } else { 0.0 };
    let gap = 2.6 * em;
    let each = columns.len() as f64;
    let width = (area.width() - names - counts - gap * (each - 1.0) - 0.8 * em) / each;
    let top = area.top + above;
    let bottom = top + height * rows.len() as f64;
    for (i, column) in columns.iter().enumerate() {
        let left = area.left + names + i as f64 * (width + gap);
        let panel = Panel {
            rect: Rect { left, top, right: left + width, bottom },
            x: column.x,
            y: Scale::Linear { low: 0.0, high: 1.0 },
        };
        draw_column(&mut picture, theme, reading, ghost, &panel, column, (&rows, height));
    }
    draw_names(&mut picture, theme, reading, &rows, (area, names, counts), (top, height));
    let title = format!("{}: {shown}", reading.subject.title);
    Some(Drawn::new(naming::stem(&["ec50-emax", response]), title, picture, text))
}

/// What dots and bars are, with as much as is drawn of them.
fn dots_are<'a>(spreads: impl Iterator<Item = &'a Spread>) -> String {
    let shown: Vec<&Spread> = spreads.filter(|spread| has_value(spread)).collect();
    let some_without = shown.iter().any(|spread| spread.missing() > 0);
    let most = shown.iter().map(|spread| spread.n).max().unwrap_or(0);
    let whose = if some_without { " of those who have a value" } else { "" };
    match most {
        0 | 1 => "one agent".to_owned(),
        few if few < FEW => format!("median{whose}; too few agents for bars"),
        _ => format!(
            "median{whose}; thick bar: middle 50 % of agents; thin line: middle 90 % (population spread, not uncertainty)"
        ),
    }
}

/// At most so many rows, ending with a whole arm where one fits.
fn shortened(rows: &mut Vec<Row>, most: usize) {
    if rows.len() > most {
        let head = rows[..=most].iter().rposition(|row| matches!(row, Row::Arm(..)));
        rows.truncate(head.filter(|at| *at > 1).unwrap_or(most));
    }
}

/// Agents without an EC50, or without an Emax where that has more.
fn missing(reading: &Reading, key: AssayKey) -> u64 {
    let of = |metric| {
        reading.metrics.iter().find(|(k, _)| k.0 == key && k.1 == metric).map_or(0, |(_, s)| s.missing())
    };
    ["ec50", EMAX[0], EMAX[1]].into_iter().map(of).max().unwrap_or(0)
}

fn label_width(theme: &Theme, rows: &[Row], width: f64) -> f64 {
    let widths = rows.iter().map(|row| match row {
        Row::Arm(..) => 0.0,
        Row::Moment(key, _) => font::width(key.moment, theme.size, false) + 0.8 * theme.size,
    });
    widths.fold(0.0, f64::max).min(0.32 * width) + 0.9 * theme.size
}

fn draw_column(
    picture: &mut Picture,
    theme: &Theme,
    reading: &Reading,
    ghost: Option<&Reading>,
    panel: &Panel,
    column: &Column,
    (rows, height): (&[Row], f64),
) {
    let ticks = axes::x_ticks(theme, &column.x, panel.rect.width(), None);
    for i in (0..rows.len()).filter(|i| matches!(rows[*i], Row::Moment(..))) {
        let top = panel.rect.top + i as f64 * height;
        for tick in &ticks {
            let x = panel.x_at(tick.value);
            picture.line(&[(x, top), (x, top + height)], theme.grid(), theme.hair(), &[]);
        }
    }
    let title = font::wrap_evenly(&column.title, theme.size, false, panel.rect.width() + theme.size, 2);
    axes::x_axis(picture, theme, panel, &ticks, true, &title);
    for (i, row) in rows.iter().enumerate() {
        let Row::Moment(key, pen) = row else { continue };
        let y = panel.rect.top + (i as f64 + 0.5) * height;
        if let Some(spread) = ghost.and_then(|g| spread_of(g, *key, column.metric)) {
            whisker(picture, theme, panel, spread, y + 0.58 * theme.size);
        }
        match spread_of(reading, *key, column.metric).filter(|s| has_value(s)) {
            Some(spread) => bar(picture, theme, panel, spread, pen, y),
            None => {
                let at = (panel.rect.left + 0.4 * theme.size, y + 0.36 * theme.size);
                let text = font::shorten("no value", theme.size, false, panel.rect.width());
                picture.text(at, &text, theme.size, false, theme.soft(), Anchor::Start);
            }
        }
    }
}

fn bar(picture: &mut Picture, theme: &Theme, panel: &Panel, spread: &Spread, pen: &Pen, y: f64) {
    let x = |q: f64| panel.x_at(spread.at(q));
    let mut between = |low: f64, high: f64, width: f64, alpha: f64| {
        if drawable(x(low)) && drawable(x(high)) {
            picture.line(&[(x(low), y), (x(high), y)], pen.ink.faint(alpha), width, &[]);
        }
    };
    if spread.has_bars() {
        between(5.0, 95.0, theme.line * 0.7, 1.0);
        between(25.0, 75.0, theme.line * 3.2, 0.5);
    }
    if drawable(x(50.0)) {
        strokes::dot(picture, theme, pen, (x(50.0), y), 1.1);
    }
}

/// The unchanged run: dashed line and a small pale dot just below.
fn whisker(picture: &mut Picture, theme: &Theme, panel: &Panel, spread: &Spread, y: f64) {
    let x = |q: f64| panel.x_at(spread.at(q));
    if spread.has_bars() && drawable(x(5.0)) && drawable(x(95.0)) {
        let dash = strokes::ghost_dash(theme);
        picture.line(&[(x(5.0), y), (x(95.0), y)], theme.ghost(), theme.line * 0.6, &dash);
    }
    if drawable(x(50.0)) {
        picture.disc((x(50.0), y), theme.line * 1.2, theme.ghost());
    }
}

fn draw_names(
    picture: &mut Picture,
    theme: &Theme,
    reading: &Reading,
    rows: &[Row],
    (area, names, counts): (Rect, f64, f64),
    (top, height): (f64, f64),
) {
    let em = theme.size;
    if counts > 0.0 {
        for (i, word) in ["without", "a value"].into_iter().enumerate() {
            let y = top - (1.5 - 1.1 * i as f64) * em;
            picture.text((area.right, y), word, em, false, theme.soft(), Anchor::End);
        }
    }
    for (i, row) in rows.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * height + 0.36 * em;
        match row {
            Row::Arm(title, pen) => {
                let title = font::shorten(title, em, true, area.width() - counts);
                picture.text((area.left, y), &title, em, true, pen.text, Anchor::Start);
            }
            Row::Moment(key, _) => {
                let indent = if rows.iter().any(|r| matches!(r, Row::Arm(..))) { 0.8 * em } else { 0.0 };
                let moment = font::shorten(key.moment, em, false, names - 0.8 * em - indent);
                picture.text((area.left + indent, y), &moment, em, false, theme.ink(), Anchor::Start);
                if counts > 0.0 {
                    let count = scale::count(missing(reading, *key));
                    picture.text((area.right, y), &count, em, false, theme.soft(), Anchor::End);
                }
            }
        }
    }
}

fn text(reading: &Reading, (response, family): (&str, &Family), keys: &[AssayKey]) -> String {
    let subject = reading.subject;
    let known = family.arms.first().and_then(|arm| subject.response(response, arm));
    let name = words::response(subject, response, &family.arms);
    let form = words::forms_told(subject, response, &family.arms);
    let mut text = format!("EC50 and Emax of {name}, by arm and moment; {form}.");
    for key in keys {
        let mut parts = Vec::new();
        if let Some(spread) = spread_of(reading, *key, "ec50") {
            let unit =
                if spread.unit.is_empty() { known.map_or("", |r| &r.probe_unit) } else { &spread.unit };
            let first = keys.iter().find(|k| k.arm == key.arm).filter(|k| k.moment != key.moment);
            let shift = first.and_then(|f| {
                words::factor(spread_of(reading, *f, "ec50")?.at(50.0), spread.at(50.0), f.moment)
            });

            parts.push(format!("EC50 {}{}", words::spread(spread, unit, true), shift.unwrap_or_default()));
        }
        if let Some((name, spread)) = emax_of(reading, *key) {
            parts.push(format!("{} {}", shown(name), words::spread(spread, &spread.unit, true)));
        }
        text += &format!(" {}: {}.", words::of_arm(reading, key.arm, key.moment), parts.join("; "));
    }
    text + &words::failed(subject)
}
