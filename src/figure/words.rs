//! What a figure shows, in sentences: for screen readers, worksheets and reports.
//! Knows fans and spreads; knows nothing of pictures. Says directions, shifts, spread and who is left out; never after how many days
//! a receptor would be recovered, because recovery is a distribution with a share that has not recovered by the end.

use super::audience::Theme;
use super::fan::Fan;
use super::naming::{sentence, with_unit};
use super::reading::{Reading, Spread, distinct};
use super::scale::{count, number, percent};
use super::stack::Line;
use super::{Subject, naming};

/// A figure's title: on a slide the question, elsewhere the scenario and, as a second paragraph, what is shown.
pub fn title(subject: &Subject, theme: &Theme, shown: &str) -> String {
    match (theme.slide(), subject.question.as_str(), subject.title.as_str(), shown) {
        (true, question, ..) if !question.is_empty() => question.to_owned(),
        (_, _, "", shown) => sentence(shown),
        (_, _, title, "") => title.to_owned(),
        (true, _, title, _) => title.to_owned(),
        (_, _, title, shown) => format!("{title}\n{shown}"),
    }
}

/// A response with its form, once where they have one name: `reserve, acute`, `acute`.
pub fn named_form(response: &str, form: &str) -> String {
    if response == form { response.to_owned() } else { format!("{response}, {form}") }
}

/// Share of failed agents.
pub fn failed(subject: &Subject) -> String {
    match (subject.failed, subject.agents) {
        (0, _) => " No agent failed.".to_owned(),
        (failed, 0) => format!(" {} agents failed and are left out.", count(failed)),
        (failed, agents) => {
            let share = percent(failed as f64 / agents as f64);
            format!(" {} of {} agents ({share}) failed and are left out.", count(failed), count(agents))
        }
    }
}

/// A group's name with the number of its agents.
pub fn group(name: &str, n: Option<u64>) -> String {
    match n {
        Some(n) => format!("{name} ({} agents)", count(n)),
        None => name.to_owned(),
    }
}

/// `2 of 5 arms are shown here`; empty where all are.
pub fn left_out(of_what: &str, shown: usize, all: usize) -> String {
    if shown < all { format!("{shown} of {all} {of_what} are shown here") } else { String::new() }
}

fn quoted(value: f64, unit: &str) -> String {
    with_unit(number(value), unit)
}

/// `48 % lower`, or a plain difference where a ratio means nothing.
fn shift(from: f64, to: f64, unit: &str) -> String {
    let change = to - from;
    let size = from.abs().max(to.abs());
    if change.abs() <= 0.005 * size || size == 0.0 {
        return "about as at the start".to_owned();
    }
    let way = if change > 0.0 { "higher" } else { "lower" };
    if unit == "%" || unit == naming::POINTS {
        format!("{} percentage points {way} than at the start", number(change.abs()))
    } else if from > 0.0 && to >= 0.0 && to < 10.0 * from {
        format!("{} {way} than at the start", percent(change.abs() / from))
    } else {
        format!("{} {way} than at the start", quoted(change.abs(), unit))
    }
}

/// One quantity over time: what the axis is, and a sentence for each line.
pub fn over_time<'l, 'a: 'l>(
    reading: &Reading,
    axis: &str,
    lines: impl IntoIterator<Item = &'l Line<'a>>,
    unit: &str,
) -> String {
    let mut text = format!("{}, over time.", sentence(axis));
    for line in lines {
        text += &line_sentence(reading, line, unit);
    }
    text
}

fn line_sentence(reading: &Reading, line: &Line, unit: &str) -> String {
    let fan = &line.fan;
    let time_unit = &reading.subject.time_unit;
    let whose = if line.label.is_empty() { String::new() } else { format!("{}: ", line.label) };
    let Some(first) = fan.first() else { return format!(" {whose}no values.") };
    let middle = if fan.mean { "mean" } else { "median" };
    let start = fan.middle[first];
    let the = if whose.is_empty() { "The" } else { "the" };
    let mut text = format!(" {whose}{the} {middle} is {} at first", quoted(start, unit));
    let turns = turning_points(reading, line);
    for &(name, at) in &turns {
        let value = fan.middle[at];
        text += &format!("; {} at the end of {name} ({})", quoted(value, unit), shift(start, value, unit));
    }
    let Some(last) = fan.last_until(f64::INFINITY) else { return text + "." };
    let extreme = |better: fn(f64, f64) -> bool| {
        let known = (0..fan.x.len()).filter(|i| fan.middle[*i].is_finite());
        known.fold(first, |best, i| if better(fan.middle[i], fan.middle[best]) { i } else { best })
    };
    for (name, at) in [("lowest", extreme(|a, b| a < b)), ("highest", extreme(|a, b| a > b))] {
        if fan.middle[at] != start && at != last && turns.iter().all(|(_, turn)| *turn != at) {
            text += &format!("; {name} {} at {}", quoted(fan.middle[at], unit), quoted(fan.x[at], time_unit));
        }
    }
    text +=
        &format!("; {} at the last time, {}", quoted(fan.middle[last], unit), quoted(fan.x[last], time_unit));
    text + &spread_at(fan, last, unit) + "." + &ghost_sentence(line, last, unit)
}

fn spread_at(fan: &Fan, at: usize, unit: &str) -> String {
    let Some(band) = fan.bands.first().filter(|b| b.low[at].is_finite() && b.high[at].is_finite()) else {
        return String::new();
    };
    let (low, high) = (number(band.low[at]), quoted(band.high[at], unit));
    if low == number(band.high[at]) {
        return ", where agents hardly differ".to_owned();
    }
    format!(", where the middle {} of agents lie between {low} and {high}", percent(band.share))
}

fn ghost_sentence(line: &Line, last: usize, unit: &str) -> String {
    let Some(ghost) = &line.ghost else { return String::new() };
    match ghost.last_until(line.fan.x[last]) {
        Some(at) => format!(" Unchanged, it is {} then.", quoted(ghost.middle[at], unit)),
        None => String::new(),
    }
}

/// The ends of at most four phases of the line's arm, but the last, with the index of the time.
fn turning_points<'a>(reading: &Reading<'a>, line: &Line) -> Vec<(&'a str, usize)> {
    let subject: &'a Subject = reading.subject;
    let arm = line.arm.split(" minus ").next().unwrap_or("");
    let Some(arm) = subject.arms.iter().find(|a| a.name == line.arm || a.name == arm) else {
        return Vec::new();
    };
    let inner = arm.phases.len().saturating_sub(1);
    let ends =
        arm.phases.iter().take(inner).filter_map(|p| Some((p.name.as_str(), line.fan.last_until(p.end)?)));
    if inner > 4 { Vec::new() } else { ends.collect() }
}

/// Where each arm of a group ends.
pub fn group_ends(reading: &Reading, group: &str, lines: &[Line], unit: &str) -> String {
    let ends: Vec<String> = lines
        .iter()
        .filter_map(|l| {
            let last = quoted(l.fan.middle[l.fan.last_until(f64::INFINITY)?], unit);
            Some(format!("{} {last}", reading.arm_title(l.arm)).trim_start().to_owned())
        })
        .collect();
    if ends.is_empty() { String::new() } else { format!(" Group {group} ends at: {}.", ends.join("; ")) }
}

/// What the median is the median of, where some agents have none; empty where all have a value.
pub fn whose_median(spread: &Spread) -> &'static str {
    match &spread.without[..] {
        [] => "",
        some if some.iter().all(|(reason, _)| reason == "not reached") => " of those who reach it",
        _ => " of those who have a value",
    }
}

/// `median 12 nM, middle 50 % of agents 8 to 16 nM`, where `wide` also the middle 90 %, and who has no value.
pub fn spread(spread: &Spread, unit: &str, wide: bool) -> String {
    let whose = whose_median(spread);
    let mut text = match spread.at(50.0) {
        only if only.is_finite() && spread.n == 1 && whose.is_empty() => quoted(only, unit),
        median if median.is_finite() => format!("median{whose} {}", quoted(median, unit)),
        _ => "no median".to_owned(),
    };
    let shares = [(50, 25.0, 75.0), (90, 5.0, 95.0)].into_iter().take(1 + usize::from(wide));
    let whose = if whose.is_empty() { " of agents" } else { whose };
    for (share, low, high) in shares.filter(|_| spread.has_bars()) {
        let (low, high) = (spread.at(low), spread.at(high));
        if low.is_finite() && high.is_finite() && number(low) != number(high) {
            text += &format!(", middle {share} %{whose} {} to {}", number(low), quoted(high, unit));
        }
    }
    for (reason, n) in &spread.without {
        text += &format!(", {} without a value ({reason})", count(*n));
    }
    text
}

/// How far a median has shifted since an earlier moment, as a factor: ` (the median is 2.1 times that at end of baseline)`.
pub fn factor(from: f64, to: f64, moment: &str) -> Option<String> {
    let ratio = to / from;
    if !(ratio.is_finite() && ratio > 0.0) {
        return None;
    }
    Some(match ratio {
        r if (0.995..1.005).contains(&r) => format!(" (the median is as at {moment})"),
        r if r > 1.0 => format!(" (the median is {} times that at {moment})", number(r)),
        r => format!(" (the median is that at {moment} divided by {})", number(1.0 / r)),
    })
}

/// The arm's title with what belongs to it, as the start of a sentence.
pub fn of_arm(reading: &Reading, arm: &str, moment: &str) -> String {
    let arm = reading.arm_title(arm);
    match (arm.as_str(), moment) {
        ("", moment) => moment.to_owned(),
        (arm, "") => arm.to_owned(),
        (arm, moment) => format!("{arm}, {moment}"),
    }
}

/// The axis of a response in an arm, with its form; its name where nothing is documented.
pub fn response_axis(subject: &Subject, response: &str, arm: &str, unit: &str) -> String {
    let known = subject.response(response, arm).filter(|r| !r.doc.is_empty());
    let of = forms(subject, response, &[arm]);
    naming::axis(known.map_or(response, |r| &r.doc), &of, unit)
}

/// What happens at each level in some arms: `acute`, `challenge (peak over 6 h)`.
pub fn forms(subject: &Subject, response: &str, arms: &[&str]) -> String {
    let forms = arms.iter().filter_map(|arm| subject.response(response, arm)).map(|r| r.form.as_str());
    let forms = distinct(forms.map(|form| if form.is_empty() { ACUTE } else { form }));
    if forms.is_empty() { ACUTE.to_owned() } else { forms.join("; ") }
}

const ACUTE: &str = "acute";

/// The same as the end of a sentence.
pub fn forms_told(subject: &Subject, response: &str, arms: &[&str]) -> String {
    match forms(subject, response, arms).as_str() {
        ACUTE => "acute: all states frozen at each moment".to_owned(),
        form => format!("{form}, from where agents stand at each moment"),
    }
}

/// All that is documented of a response in some arms, with its name.
pub fn response(subject: &Subject, response: &str, arms: &[&str]) -> String {
    let docs = arms.iter().filter_map(|arm| subject.response(response, arm)).map(|r| r.doc.as_str());
    let docs = distinct(docs.filter(|doc| !doc.is_empty()));
    if docs.is_empty() { response.to_owned() } else { format!("{response} ({})", docs.join("; ")) }
}

/// The axis of a response's probe in an arm.
pub fn probe_axis(subject: &Subject, response: &str, arm: &str) -> String {
    match subject.response(response, arm) {
        Some(r) => naming::axis(&r.probe_doc, &r.probe, &r.probe_unit),
        None => "level of the probe".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_said_as_shares_points_or_differences() {
        assert_eq!(shift(100.0, 52.0, "%"), "48 percentage points lower than at the start");
        assert_eq!(shift(4.0, 6.0, naming::POINTS), "2 percentage points higher than at the start");
        assert_eq!(shift(4.0, 5.0, "nM"), "25 % higher than at the start");
        assert_eq!(shift(0.0, 5.0, "nM"), "5 nM higher than at the start");
        assert_eq!(shift(2.0, 2.0, "1"), "about as at the start");
    }

    #[test]
    fn a_median_says_whose_it_is_where_some_have_none() {
        let told = |without: &[&str], n| {
            let without = without.iter().map(|reason| ((*reason).to_owned(), 20)).collect();
            let quantiles = vec![(25.0, 4.0), (50.0, 5.0), (75.0, 6.0)];
            spread(&Spread { quantiles, n, without, ..Spread::default() }, "d", false)
        };
        assert_eq!(told(&[], 80), "median 5 d, middle 50 % of agents 4 to 6 d");
        assert_eq!(
            told(&["not reached"], 80),
            "median of those who reach it 5 d, middle 50 % of those who reach it 4 to 6 d, 20 without a value (not reached)"
        );
        let mixed = told(&["not reached", "not monotone"], 80);
        assert!(mixed.starts_with("median of those who have a value 5 d"), "{mixed}");
        assert_eq!(told(&[], 1), "5 d", "one agent has a value and no median");
        assert_eq!(told(&[], 5), "median 5 d", "a handful has no shares");
    }

    #[test]
    fn factors_are_said_in_the_direction_of_the_shift() {
        assert_eq!(factor(2.0, 5.0, "rest").as_deref(), Some(" (the median is 2.5 times that at rest)"));
        assert_eq!(factor(5.0, 2.0, "rest").as_deref(), Some(" (the median is that at rest divided by 2.5)"));
        assert_eq!(factor(0.0, 2.0, "rest"), None);
    }
}
