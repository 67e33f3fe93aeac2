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

/// What a sentence of documentation is about: up to its first colon or semicolon outside of brackets. A name alone before a colon
/// says nothing, so what follows belongs to it: `D2: receptor number` is `D2 receptor number`.
pub fn headline(doc: &str) -> String {
    let (mut depth, mut named) = (0, "");
    for (i, c) in doc.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ':' if depth == 0 && named.is_empty() && is_symbol(&doc[..i]) => named = &doc[..i],
            ':' | ';' if depth == 0 && i > 0 => return joined(named, doc[..i].trim_end()),
            _ => {}
        }
    }
    joined(named, doc.trim().trim_end_matches('.'))
}

/// What is documented of a measure. Words before its colon say whose value it is, and are no headline: `loss: top in the long run` is
/// `loss, top in the long run`.
pub fn measured(doc: &str) -> String {
    match doc.split_once(": ") {
        Some((whose, what)) if whose.chars().all(|c| c.is_lowercase() || c == ' ') => {
            format!("{whose}, {what}")
        }
        _ => doc.to_owned(),
    }
}

fn is_symbol(text: &str) -> bool {
    (1..=4).contains(&text.chars().count())
        && text.chars().all(char::is_alphanumeric)
        && text.contains(char::is_uppercase)
}

/// A headline without the colon behind its name.
fn joined(named: &str, headline: &str) -> String {
    match headline[named.len()..].strip_prefix(':') {
        Some(rest) if !named.is_empty() => format!("{named} {}", rest.trim_start()),
        _ => headline.to_owned(),
    }
}

/// A headline without the scale of a read-out that it names, and that scale: `mood, 0 to 10` is `mood` and `0 to 10`.
fn scale_apart(headline: &str) -> (String, Option<String>) {
    let parts: Vec<&str> = headline.split(", ").collect();
    let number = |text: &str| text.parse::<f64>().is_ok();
    let is_scale =
        |part: &&str| part.split_once(" to ").is_some_and(|(low, high)| number(low) && number(high));
    match parts.iter().position(is_scale) {
        Some(at) if at > 0 => {
            let rest: Vec<&str> =
                parts.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, part)| *part).collect();
            (rest.join(", "), Some(parts[at].to_owned()))
        }
        _ => (headline.to_owned(), None),
    }
}

/// Words and symbol; the words alone where they hold the symbol. The symbol of a view (`off.mood`) stays where the words are those of
/// what is viewed.
fn words_and_symbol(words: &str, symbol: &str) -> String {
    let (view, own) = symbol.rsplit_once('.').unwrap_or(("", symbol));
    let told =
        words.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word.eq_ignore_ascii_case(own));
    match (words, symbol) {
        ("", symbol) => symbol.to_owned(),
        (words, "") => words.to_owned(),
        (words, symbol) if told && !view.is_empty() && words.eq_ignore_ascii_case(own) => {
            format!("{words}, {symbol}")
        }
        (words, _) if told => words.to_owned(),
        (words, symbol) => format!("{words}, {symbol}"),
    }
}

/// `free surface receptor, R (% of own baseline)`, `mood (scale 0 to 10)`.
pub fn axis(doc: &str, symbol: &str, of: &str) -> String {
    let (symbol, of) = match symbol.split_once(" / ") {
        Some((own, _)) if ["%", POINTS].contains(&of.trim()) => {
            (own, format!("{} of own baseline", of.trim()))
        }
        _ => (symbol, unit(of)),
    };
    let (words, scale) = scale_apart(&headline(doc));
    let words = if of.ends_with(" of own baseline") { words.replace(RELATIVE, "") } else { words };
    let name = words_and_symbol(&words, symbol);
    match (of.as_str(), scale) {
        ("", None) => name,
        ("", Some(scale)) => format!("{name} ({SCALE}{scale})"),
        (of, _) => format!("{name} ({of})"),
    }
}

/// What the unit says where values are per cent of the own baseline.
const RELATIVE: &str = ", relative to rest";

/// Before the two ends of a scale.
const SCALE: &str = "scale ";

/// An axis that shows a part of its scale says so; of which scale, where there is room.
pub fn zoomed(axis: &str, room: bool) -> String {
    match axis.split_once(&format!("({SCALE}")) {
        Some((before, after)) if !room => {
            format!("{before}(zoomed in{}", after.trim_start_matches(|c| c != ')'))
        }
        Some((before, after)) => format!("{before}(zoomed in; {SCALE}{after}"),
        None => format!("{axis} (zoomed in)"),
    }
}

/// What readers call a recorded quantity, without unit and scale.
pub fn quantity_name(subject: &Subject, (what, window): (&str, &str)) -> String {
    let symbol = what.split_once(" / ").map_or(what, |(own, _)| own);
    let (words, _) = scale_apart(&headline(doc_of(subject, what, window)));
    let words = if symbol == what { words } else { words.replace(RELATIVE, "") };
    words_and_symbol(&words, symbol)
}

fn doc_of<'a>(subject: &'a Subject, what: &str, window: &str) -> &'a str {
    let matching = || subject.quantities.iter().filter(|q| q.what == what);
    matching().find(|q| q.window == window).or(matching().next()).map_or("", |q| &q.doc)
}

/// The axis of a recorded quantity.
pub fn quantity_axis(subject: &Subject, what: &str, window: &str, of: &str) -> String {
    axis(doc_of(subject, what, window), what, of)
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
        assert_eq!(axis("loss (basal: 1/h); all of it", "kl", "1/h"), "loss (basal: 1/h), kl (1/h)");
    }

    #[test]
    fn a_name_before_a_colon_is_no_headline_of_its_own() {
        assert_eq!(
            axis("D2: receptor number, relative to rest", "N2", "1"),
            "D2 receptor number, relative to rest, N2"
        );
        assert_eq!(
            axis("D2: receptor number, relative to rest", "N2 / rest.N2", "%"),
            "D2 receptor number, N2 (% of own baseline)"
        );
    }

    #[test]
    fn a_measure_is_named_in_full() {
        let told = measured("loss: top in the long run; of that at once");
        assert_eq!(axis(&told, "", "%"), "loss, top in the long run (%)");
        assert_eq!(measured("D2: number"), "D2: number");
    }

    #[test]
    fn no_word_stands_twice_and_a_scale_stands_behind() {
        assert_eq!(axis("mood, 0 to 10; invented", "mood", "1"), "mood (scale 0 to 10)");
        assert_eq!(axis("mood, 0 to 10; invented", "off.mood", "1"), "mood, off.mood (scale 0 to 10)");
        assert_eq!(
            axis("mood outside sessions, 0 to 10", "off.mood", "1"),
            "mood outside sessions (scale 0 to 10)"
        );
        assert_eq!(
            zoomed("mood (scale 0 to 10), daily mean", true),
            "mood (zoomed in; scale 0 to 10), daily mean"
        );
        assert_eq!(zoomed("mood (scale 0 to 10), daily mean", false), "mood (zoomed in), daily mean");
        assert_eq!(zoomed("tone, T", true), "tone, T (zoomed in)");
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
