//! Times of day and weekdays as they are written.
//! Knows nothing of what happens then; t = 0 is Monday 00:00.

use super::{DAY, Micros, Start, WEEK};
use crate::diagnostic::{Finding, Span, nearest};

/// Weekdays, Monday first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Days([bool; 7]);

impl Days {
    /// These and the ones of a text: `Mo We`, `Mo, We`, `Mo-Fr`.
    pub fn with(mut self, text: &str, at: &Span) -> Result<Days, Finding> {
        let bad = |word: &str| {
            let finding = Finding::error(format!("`{word}` is no weekday")).at(at);
            finding.help(match nearest_weekday(word) {
                Some(day) => format!("did you mean `{day}`?"),
                None => "write days such as `Mo We` or `Mo-Fr`".to_owned(),
            })
        };
        let mut any = false;
        for word in text.split([' ', ',', '\t', '\n']).filter(|w| !w.is_empty()) {
            let (first, last) = word.split_once('-').unwrap_or((word, word));
            let first = weekday(first).ok_or_else(|| bad(word))?;
            let last = weekday(last).ok_or_else(|| bad(word))?;
            (0..=(last + 7 - first) % 7).for_each(|step| self.0[(first + step) % 7] = true);
            any = true;
        }
        if any { Ok(self) } else { Err(bad(text.trim())) }
    }

    pub fn holds(self, at: Micros) -> bool {
        self.0[at.div_euclid(DAY).rem_euclid(7) as usize]
    }

    /// The first midnight after `at` whose day is one of these.
    pub fn after(self, at: Micros) -> Micros {
        let day = at.div_euclid(DAY);
        let step = (1..=7).find(|step| self.0[(day + step).rem_euclid(7) as usize]).unwrap_or(7);
        (day + step) * DAY
    }
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// 0 for `Mo`, `Mon` or `Monday`.
fn weekday(word: &str) -> Option<usize> {
    let lower = word.to_lowercase();
    WEEKDAYS.iter().position(|day| matches!(lower.len(), 2 | 3) && day.starts_with(&lower) || *day == lower)
}

/// The two letters that a misspelt weekday was likely meant to be.
fn nearest_weekday(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    nearest(&lower, WEEKDAYS).map(|day| day[..1].to_uppercase() + &day[1..2])
}

/// `10:00` or `We 10:00`.
pub(super) fn clock(text: &str) -> Option<Start> {
    let mut words = text.split_whitespace();
    let (day, time) = match (words.next()?, words.next(), words.next()) {
        (time, None, None) => (None, time),
        (day, Some(time), None) => (Some(weekday(day)?), time),
        _ => return None,
    };
    let (hours, minutes) = time.split_once(':')?;
    let two = |digits: &str| {
        (matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit()))
            .then(|| digits.parse().ok())?
    };
    let (hours, minutes): (i64, i64) = (two(hours)?, two(minutes)?);
    if hours > 23 || minutes > 59 || !time.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let cycle = if day.is_some() { WEEK } else { DAY };
    Some(Start::Clock { at: day.unwrap_or(0) as Micros * DAY + (hours * 60 + minutes) * 60_000_000, cycle })
}
