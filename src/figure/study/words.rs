//! What the figures of a study show, in sentences: direction, size, what cannot be told from nothing, and how many points count.
//! Knows rows of indices and fields; knows nothing of pictures.

use super::super::naming::{sentence, with_unit};
use super::super::scale::{count, number, percent};
use super::Reading;
use super::cells::{number as cell, text, whole};
use super::field::Field;
use super::heat::Heat;
use super::indices::{GIVEN_DATA, Index, LOCAL, MORRIS, PRCC};
use super::response::Seen;
use super::smooth::Bin;
use super::tornado::Way;

pub const INTERVAL: &str = "95 % interval of the estimate";

/// ` (nM)`; empty for a pure number.
pub fn bracketed(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" ({unit})") }
}

pub fn sobol(reading: &Reading, output: &str, pairs: &[(&Index, Option<&Index>)]) -> String {
    let subject = reading.subject;
    let whose = subject.output_words(output);
    let mut said = format!(
        "{} is split into shares by factor: first order is what a factor decides alone, total what it decides with all its interactions.",
        sentence(&format!("the variance of {whose}"))
    );
    for (total, first) in pairs.iter().filter(|(total, _)| total.value.is_finite() && !total.is_nothing()) {
        said += &format!(" {}: total {}", named(reading, total), with_interval(total));
        if let Some(first) = first.filter(|first| first.value.is_finite()) {
            said += &match first.is_nothing() {
                true => format!(", first order {} ({})", number(first.value), super::indices::NOTHING),
                false => format!(", first order {}", with_interval(first)),
            };
        }
        said += ".";
    }
    let totals: Vec<&Index> = pairs.iter().map(|(total, _)| *total).collect();
    said += &nothing(reading, &totals);
    said + &reasons(reading, &totals) + &used(&totals, "blocks of points")
}

pub fn pairs(reading: &Reading, output: &str, all: &[&Index]) -> String {
    let mut said = format!(
        "Share of the variance of {} that each pair of factors makes beyond what both make alone.",
        reading.subject.output_words(output)
    );
    for pair in all.iter().filter(|pair| pair.interacts()) {
        said += &format!(" {}: {}.", named(reading, pair), with_interval(pair));
    }
    let without = |pair: &&&Index| pair.value.is_nan() || !pair.reason().is_empty();
    let unclear: Vec<&&Index> = all.iter().filter(|pair| !without(pair) && !pair.interacts()).collect();
    let largest = unclear.iter().max_by(|a, b| a.high.total_cmp(&b.high));
    let (none, clear) = (unclear.len(), all.iter().filter(|pair| pair.interacts()).count());
    said += &match (largest, clear) {
        (None, _) => String::new(),
        (Some(pair), 0) => format!(
            " None of {none} pairs interacts beyond chance: {}; the largest upper end of an interval is {}, of {}.",
            super::indices::NOTHING,
            number(pair.high),
            both(reading, pair)
        ),
        (Some(_), _) => {
            format!(" The other {none} of {} pairs: {}.", all.len(), super::indices::NOTHING)
        }
    };
    let mut reasons: Vec<&str> = all.iter().filter(without).map(|pair| pair.reason()).collect();
    reasons.sort_unstable();
    for same in reasons.chunk_by(|a, b| a == b) {
        let reason = if same[0].is_empty() { "no estimate" } else { same[0] };
        said += &format!(" {} of {} pairs: {reason}.", same.len(), all.len());
    }
    said + &used(all, "blocks of points")
}

pub fn tornado(reading: &Reading, output: &str, method: &str, all: &[&Index], ways: &[Way]) -> String {
    let subject = reading.subject;
    let whose = subject.output_words(output);
    let (what, of) = match method {
        PRCC => (format!("Partial rank correlation of each factor with {whose}, from −1 to 1."), "points"),
        MORRIS => (
            format!(
                "Mean size of the elementary effects of each factor on {whose}: how far it moves when one factor does."
            ),
            "trajectories",
        ),
        LOCAL => (
            format!(
                "How far {whose} moves when one factor moves a little from the centre, all others staying there."
            ),
            "steps",
        ),
        _ => (
            format!(
                "Share of the variance of {whose} that each factor decides alone, from the points as they are."
            ),
            "points",
        ),
    };
    let mut said = what;
    let clear = |index: &&Index| index.value.is_finite() && !index.is_nothing() && index.reason().is_empty();
    for (index, way) in all.iter().zip(ways).filter(|(index, _)| clear(index)) {
        let way = match (method, way) {
            (GIVEN_DATA, _) => "",
            (_, Way::Up) => ", the output rises with it",
            (_, Way::Down) => ", the output falls with it",
            (_, Way::Both) => ", the output rises here and falls there",
        };
        said += &format!(" {}: {}{way}.", named(reading, index), with_interval(index));
    }
    said + &nothing(reading, all) + &reasons(reading, all) + &used(all, of)
}

pub fn morris(reading: &Reading, output: &str, all: &[&Index], unnamed: usize) -> String {
    let subject = reading.subject;
    let mut said = format!(
        "Elementary effects on {}: their mean size mu* to the right, their spread sigma upward. Where sigma is as large as mu*, the effect of a \
         factor depends on where the others stand, or it is not a straight line.",
        subject.output_words(output)
    );
    for index in all.iter().filter(|index| index.value.is_finite() && !index.is_nothing()) {
        let sigma = reading.indices.find(output, (MORRIS, "sigma"), &index.factor);
        let sigma = sigma.map_or(f64::NAN, |sigma| sigma.value);
        let kind = match sigma / index.value {
            share if share >= 1.0 => "depends on place or interacts",
            share if share <= 0.1 => "nearly alike everywhere",
            share if share.is_nan() => "of unknown spread",
            _ => "uneven",
        };
        let size = with_unit(number(index.value), &index.unit);
        said += &format!(" {}: mu* {size}, sigma {}, {kind}.", named(reading, index), number(sigma));
    }
    if unnamed > 0 {
        said += &format!(" {unnamed} factors with small effects found no room for their names.");
    }
    said + &nothing(reading, all) + &reasons(reading, all) + &used(all, "trajectories")
}

pub fn response(reading: &Reading, output: usize, seen: &[(usize, Seen)], shown: usize) -> String {
    let (subject, points) = (reading.subject, &reading.points);
    let own = &subject.outputs[output];
    let (what, unit) = match own.claim {
        true => (format!("share of points in which the claim {} holds", own.words()), "%"),
        false => (own.words(), own.unit.as_str()),
    };
    let mut said = format!("{}, along each factor; all other factors vary as well.", sentence(&what));
    for (_, seen) in seen {
        let name = sentence(&subject.factor_words(&seen.axis.factor.name));
        let ([first, .., last], false) = (&seen.bins[..], own.claim && seen.bins.len() < 2) else {
            said += &format!(" {name}: too few points for a median.");
            continue;
        };
        let middle = |bin: &Bin| if own.claim { bin.mean } else { bin.quartiles[1] };
        let (from, to) = (middle(first), middle(last));
        let ends = |of: &dyn Fn(&str, &str) -> String| {
            let (from, to) = (with_unit(number(from), unit), with_unit(number(to), unit));
            of(
                &format!("{from} at {}", seen.axis.told(first.x)),
                &format!("{to} at {}", seen.axis.told(last.x)),
            )
        };
        let the = if own.claim { "share" } else { "median" };
        said += &match course(&seen.bins, own.claim) {
            Course::Rises => ends(&|from, to| format!(" {name}: the {the} rises from {from} to {to}.")),
            Course::Falls => ends(&|from, to| format!(" {name}: the {the} falls from {from} to {to}.")),
            Course::Turns => ends(&|from, to| format!(" {name}: the {the} goes up and down, {from}, {to}.")),
            Course::Level => {
                ends(&|from, to| format!(" {name}: the {the} does not move beyond chance, {from}, {to}."))
            }
        };
    }
    if shown < seen.len() {
        said += &format!(" {shown} of {} factors are drawn.", seen.len());
    }
    said + &of_points(reading, points.with_value(output))
}

/// What a middle does along a factor.
enum Course {
    Rises,
    Falls,
    Turns,
    Level,
}

/// Steps count that are larger than chance makes them: about twice their standard error between the ends, three times for the most
/// extreme of many bins.
fn course(bins: &[Bin], claim: bool) -> Course {
    let [first, .., last] = bins else { return Course::Level };
    let middle = |bin: &Bin| if claim { bin.mean } else { bin.quartiles[1] };
    // Of a share, and of a median where values are normal: 1.25 standard deviations, which are 1/1.35 of the quartiles' distance.
    let error = |bin: &Bin| {
        let n = bin.n as f64;
        match claim {
            true => (bin.mean * (100.0 - bin.mean)).max(100.0 * 100.0 / (n + 4.0)).sqrt() / n.sqrt(),
            false => 0.93 * (bin.quartiles[2] - bin.quartiles[0]) / n.sqrt(),
        }
    };
    let between = |a: &Bin, b: &Bin| (error(a) * error(a) + error(b) * error(b)).sqrt();
    let beyond = |a: &Bin, b: &Bin, times: f64| middle(a) - middle(b) > times * between(a, b);
    let high = bins.iter().fold(first, |best, bin| if middle(bin) > middle(best) { bin } else { best });
    let low = bins.iter().fold(first, |best, bin| if middle(bin) < middle(best) { bin } else { best });
    let over = beyond(high, first, 3.0) && beyond(high, last, 3.0);
    let under = beyond(first, low, 3.0) && beyond(last, low, 3.0);
    match () {
        () if over || under => Course::Turns,
        () if beyond(last, first, 2.0) => Course::Rises,
        () if beyond(first, last, 2.0) => Course::Falls,
        () => Course::Level,
    }
}

pub fn heat(reading: &Reading, output: usize, heat: &Heat) -> String {
    let subject = reading.subject;
    let own = &subject.outputs[output];
    let field = &heat.field;
    let mut said = format!(
        "{} over {} and {}, the two factors that decide most.",
        sentence(&own.words()),
        subject.factor_words(&field.x.factor.name),
        subject.factor_words(&field.y.factor.name),
    );
    said += &extremes(field, &own.unit);
    if subject.factors.len() > 2 {
        said += " Each cell is the median over all other factors.";
    }
    said + &empty_cells(field) + &of_points(reading, reading.points.with_value(output))
}

pub fn boundary(reading: &Reading, claim: &str, field: &Field) -> String {
    let subject = reading.subject;
    let table = reading.robustness;
    let row = (0..table.rows()).find(|row| text(table, "claim", *row) == claim);
    let say = row.map_or("", |row| text(table, "say", row));
    let mut said = format!(
        "Share of points in which the claim {claim} holds{}, over {} and {}.",
        if say.is_empty() { String::new() } else { format!(" (“{}”)", say.trim_end_matches('.')) },
        subject.factor_words(&field.x.factor.name),
        subject.factor_words(&field.y.factor.name),
    );
    let known: Vec<f64> = field.values.iter().copied().filter(|value| value.is_finite()).collect();
    let half = known.iter().filter(|value| **value >= 50.0).count();
    said += &match half {
        0 => " It holds in less than half of the points of every cell.".to_owned(),
        all if all == known.len() => " It holds in half or more of the points of every cell.".to_owned(),
        some => format!(
            " It holds in half or more of the points in {some} of {} cells; the bold line is the boundary.",
            known.len()
        ),
    };
    let points: usize = field.counts.iter().sum();
    said += &extremes(field, "%");
    said + &empty_cells(field) + &format!(" From {} points.", count(points as u64))
}

pub fn robustness(reading: &Reading) -> String {
    let table = reading.robustness;
    let mut said = "In which share of the points each claim holds, with its 95 % Wilson interval.".to_owned();
    for row in 0..table.rows() {
        let (holds, low, high) =
            (cell(table, "holds", row), cell(table, "low", row), cell(table, "high", row));
        let (n, of) = (whole(table, "n", row), whole(table, "of", row));
        let claim = text(table, "claim", row);
        if holds.is_nan() {
            said += &format!(" {claim}: no points.");
            continue;
        }
        said += &format!(" {claim} ({}): {}", text(table, "tag", row), percent(holds));
        if low.is_finite() && high.is_finite() {
            said += &format!(" ({} to {})", percent(low), percent(high));
        }
        said += &format!(" of {} points", count(n));
        if of > n {
            said += &format!(", {} more had no verdict", count(of - n));
        }
        let deciders: Vec<String> = ["first", "second"]
            .into_iter()
            .filter(|which| !text(table, which, row).is_empty())
            .map(|which| {
                let name = reading.subject.factor_words(text(table, which, row));
                match cell(table, &format!("{which}_share"), row) {
                    share if share.is_finite() => format!("{name} (share of the variance {})", number(share)),
                    _ => name,
                }
            })
            .collect();
        if !deciders.is_empty() && holds > 0.0 && holds < 1.0 {
            said += &format!("; most decided by {}", deciders.join(" and "));
        }
        said += ".";
    }
    said
}

fn with_interval(index: &Index) -> String {
    let unit = if [MORRIS, LOCAL].contains(&index.method.as_str()) { index.unit.as_str() } else { "" };
    match index.low.is_finite() && index.high.is_finite() {
        true => format!(
            "{} ({} to {})",
            with_unit(number(index.value), unit),
            number(index.low),
            number(index.high)
        ),
        false => with_unit(number(index.value), unit),
    }
}

/// Who may as well do nothing.
fn nothing(reading: &Reading, all: &[&Index]) -> String {
    let names: Vec<String> = all
        .iter()
        .filter(|index| index.value.is_finite() && index.is_nothing())
        .map(|index| reading.subject.factor_words(&index.factor))
        .collect();
    match names.len() {
        0 => String::new(),
        _ => format!(" Not distinguishable from zero: {}.", names.join("; ")),
    }
}

/// Where there is no estimate or one that says little, and why.
fn reasons(reading: &Reading, all: &[&Index]) -> String {
    let said = all.iter().filter(|index| !index.reason().is_empty() || index.value.is_nan());
    said.map(|index| {
        let reason = if index.reason().is_empty() { "no estimate" } else { index.reason() };
        format!(" {}: {reason}.", named(reading, index))
    })
    .collect()
}

/// The factor, or the pair, at the beginning of a sentence.
fn named(reading: &Reading, index: &Index) -> String {
    sentence(&both(reading, index))
}

fn both(reading: &Reading, index: &Index) -> String {
    let factor = reading.subject.factor_words(&index.factor);
    match index.with.as_str() {
        "" => factor,
        with => format!("{factor} with {}", reading.subject.factor_words(with)),
    }
}

fn used(all: &[&Index], what: &str) -> String {
    let Some(index) = all.first().filter(|index| index.of > 0) else { return String::new() };
    match index.of - index.n.min(index.of) {
        0 => format!(" From all {} {what}.", count(index.of)),
        failed => format!(
            " From {} of {} {what}; {} had no value and are left out.",
            count(index.n),
            count(index.of),
            count(failed)
        ),
    }
}

fn of_points(reading: &Reading, with_value: usize) -> String {
    let (known, all) = (reading.points.count(), reading.subject.points);
    let part = match (known as u64) < all {
        true => {
            format!(" {} points, drawn at random from {}, were looked at.", count(known as u64), count(all))
        }
        false => String::new(),
    };
    let failed = known - with_value.min(known);
    match failed {
        0 => format!("{part} From all {} points.", count(known as u64)),
        _ => format!(
            "{part} From {} of {} points; {} had no value and are left out.",
            count(with_value as u64),
            count(known as u64),
            count(failed as u64)
        ),
    }
}

/// The lowest and the highest cell.
fn extremes(field: &Field, unit: &str) -> String {
    let at = |better: fn(f64, f64) -> bool| {
        let known = (0..field.values.len()).filter(|cell| field.values[*cell].is_finite());
        known.reduce(|best, cell| if better(field.values[cell], field.values[best]) { cell } else { best })
    };
    let (Some(low), Some(high)) = (at(|a, b| a < b), at(|a, b| a > b)) else {
        return " No cell has a value.".to_owned();
    };
    if field.values[low] == field.values[high] {
        return format!(" It is {} everywhere.", with_unit(number(field.values[low]), unit));
    }
    let place = |cell: usize| {
        let middle = |axis: &super::axis::FactorAxis, edges: &[f64], n: usize| {
            let middle = (edges[n] + edges[n + 1]) / 2.0;
            axis.told(if axis.log { 10f64.powf(middle) } else { middle })
        };
        let (row, column) = (cell / field.columns(), cell % field.columns());
        let (x, y) = (middle(&field.x, &field.x_edges, column), middle(&field.y, &field.y_edges, row));
        format!("{} {x} and {} {y}", field.x.factor.name, field.y.factor.name)
    };
    format!(
        " It is lowest, {}, at {}, and highest, {}, at {}.",
        with_unit(number(field.values[low]), unit),
        place(low),
        with_unit(number(field.values[high]), unit),
        place(high)
    )
}

fn empty_cells(field: &Field) -> String {
    match field.empty() {
        0 => String::new(),
        empty => {
            format!(" {empty} of {} cells have no point with a value and are hatched.", field.values.len())
        }
    }
}
