//! Words for units, windows, axes and files.
//! Knows nothing of pictures; the only place where a column's code becomes a reader's sentence.

use super::Subject;
use super::fan::Fan;

/// A unit as it is printed: `1/(nM·min)`; empty for a pure number.
pub fn unit(unit: &str) -> String {
    match unit.trim() {
        "1" => String::new(),
        "uM" => "µM".to_owned(),
        "us" => "µs".to_owned(),
        other => other.replace('*', "·"),
    }
}

/// The unit of a difference between percentages.
pub const POINTS: &str = "percentage points";

/// The unit of a difference between values of a unit.
pub fn unit_of_difference(unit: &str) -> &str {
    if unit.trim() == "%" { POINTS } else { unit }
}

/// A number's unit behind it, with a space.
pub fn with_unit(number: String, of: &str) -> String {
    match unit(of).as_str() {
        "" => number,
        printed => format!("{number} {printed}"),
    }
}

/// A unit of time in full: `days`.
pub fn time_unit(unit: &str) -> &str {
    match unit {
        "us" => "microseconds",
        "ms" => "milliseconds",
        "s" => "seconds",
        "min" => "minutes",
        "h" => "hours",
        "d" => "days",
        "wk" | "week" | "weeks" => "weeks",
        "a" | "yr" | "year" => "years",
        other => other,
    }
}

/// Days in one time unit; 0 for a unit unknown here.
pub fn days(unit: &str) -> f64 {
    match unit {
        "s" => 1.0 / 86_400.0,
        "min" => 1.0 / 1_440.0,
        "h" => 1.0 / 24.0,
        "d" => 1.0,
        "wk" | "week" | "weeks" => 7.0,
        _ => 0.0,
    }
}

/// What the values of a window are: `daily mean`, `at midnight`, `momentary`.
pub fn window(window: &str, fan: Option<&Fan>, time_unit: &str) -> String {
    let midnight = fan.is_some_and(|fan| at_midnight(&fan.x, time_unit));
    let (reduction, span) = window.split_once(" over ").unwrap_or((window, ""));
    let span = span.trim();
    match (reduction, span) {
        ("", _) if midnight => "at midnight".to_owned(),
        ("", _) => "momentary".to_owned(),
        ("last", "1 d") if midnight => "at midnight".to_owned(),
        ("mean" | "min" | "max" | "area" | "last", "1 d" | "24 h") => format!("daily {}", reduced(reduction)),
        ("mean" | "min" | "max" | "area" | "last", "1 h" | "60 min") => {
            format!("hourly {}", reduced(reduction))
        }
        ("mean" | "min" | "max" | "area" | "last", _) => format!("{} of each {span}", reduced(reduction)),
        _ => window.to_owned(),
    }
}

fn reduced(reduction: &str) -> &str {
    match reduction {
        "min" => "minimum",
        "max" => "maximum",
        "last" => "last value",
        other => other,
    }
}

/// Whether all times are whole days (t = 0 is Monday 00:00).
fn at_midnight(times: &[f64], unit: &str) -> bool {
    let day = days(unit);
    day > 0.0 && times.len() > 1 && times.iter().all(|t| (t * day - (t * day).round()).abs() < 1e-6)
}

/// What a sentence of documentation is about: up to its first colon or semicolon outside of brackets.
pub fn headline(doc: &str) -> &str {
    let mut depth = 0;
    for (i, c) in doc.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ':' | ';' if depth == 0 && i > 0 => return doc[..i].trim_end(),
            _ => {}
        }
    }
    doc.trim().trim_end_matches('.')
}

/// `free surface receptor, R (% of own baseline)`.
pub fn axis(doc: &str, symbol: &str, of: &str) -> String {
    let (symbol, of) = match symbol.split_once(" / ") {
        Some((own, _)) if ["%", POINTS].contains(&of.trim()) => {
            (own, format!("{} of own baseline", of.trim()))
        }
        _ => (symbol, unit(of)),
    };
    let name = match (headline(doc), symbol) {
        ("", symbol) => symbol.to_owned(),
        (doc, "") => doc.to_owned(),
        (doc, symbol) if doc == symbol => symbol.to_owned(),
        (doc, symbol) => format!("{doc}, {symbol}"),
    };
    if of.is_empty() { name } else { format!("{name} ({of})") }
}

/// What readers call a recorded quantity, without unit.
pub fn quantity_name(subject: &Subject, what: &str) -> String {
    let doc = subject.quantities.iter().find(|q| q.what == what).map_or("", |q| q.doc.as_str());
    let symbol = what.split_once(" / ").map_or(what, |(own, _)| own);
    axis(doc, symbol, "")
}

/// The axis of a recorded quantity.
pub fn quantity_axis(subject: &Subject, what: &str, window: &str, of: &str) -> String {
    let matching = subject.quantities.iter().filter(|q| q.what == what);
    let found = matching.clone().find(|q| q.window == window).or(matching.clone().next());
    axis(found.map_or("", |q| &q.doc), what, of)
}

/// The first letter as a capital, unless the word is a symbol (`kDR`, `e_media`).
pub fn sentence(text: &str) -> String {
    let word: String = text.chars().take_while(|c| !c.is_whitespace() && *c != ',').collect();
    let plain = word.chars().count() > 1 && word.chars().all(|c| c.is_lowercase() || c == '-');
    let mut rest = text.chars();
    match rest.next() {
        Some(first) if plain => first.to_uppercase().chain(rest).collect(),
        _ => text.to_owned(),
    }
}

/// A file name without extension that every file system takes: letters, digits and hyphens, at most 80 of them.
pub fn stem(parts: &[&str]) -> String {
    let mut out = String::new();
    for c in parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join("-").chars() {
        let safe = c.is_ascii_alphanumeric() || c == '_';
        if safe {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let short: String = out.chars().take(80).collect();
    short.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_plain_words_with_symbol_and_unit() {
        assert_eq!(
            axis("free surface receptor", "R / rest.R", "%"),
            "free surface receptor, R (% of own baseline)"
        );
        assert_eq!(axis("dissociation constant", "KD", "uM"), "dissociation constant, KD (µM)");
        assert_eq!(axis("", "x", "1"), "x");
    }

    #[test]
    fn differences_of_percentages_are_percentage_points() {
        let of = unit_of_difference("%");
        assert_eq!(axis("number", "R / rest.R", of), "number, R (percentage points of own baseline)");
        assert_eq!(with_unit("3".to_owned(), of), "3 percentage points");
        assert_eq!(unit_of_difference("nM"), "nM");
    }

    #[test]
    fn an_axis_has_the_headline_of_what_is_documented() {
        assert_eq!(axis("occupied at once: number scales the maximum", "", ""), "occupied at once");
        assert_eq!(axis("loss (basal: 1/h); all of it", "loss", "1/h"), "loss (basal: 1/h), loss (1/h)");
    }

    #[test]
    fn windows_have_names_of_daily_life() {
        let fan = Fan { x: vec![0.0, 1.0, 2.0], ..Fan::default() };
        assert_eq!(window("mean over 1 d", Some(&fan), "d"), "daily mean");
        assert_eq!(window("", Some(&fan), "d"), "at midnight");
        assert_eq!(window("", Some(&fan), "h"), "momentary");
        assert_eq!(window("max over 6 h", None, "h"), "maximum of each 6 h");
    }

    #[test]
    fn stems_hold_nothing_that_a_file_system_refuses() {
        assert_eq!(
            stem(&["sensitivity", "R / rest.R", "mean over 1 d"]),
            "sensitivity-R-rest-R-mean-over-1-d"
        );
        assert_eq!(stem(&["measure", "..\\CON:*?"]), "measure-CON");
    }
}
