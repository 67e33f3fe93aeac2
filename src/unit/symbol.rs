//! The known unit symbols, and what to say about the others.
//! Knows nothing of products or numbers.

use super::dimension::Dimension;
use super::size::Size;

/// One symbol: its kind, its size in base units, and its other spellings.
pub(super) struct Symbol {
    pub name: &'static str,
    pub dimension: Dimension,
    pub size: Size,
    pub spellings: &'static [&'static str],
}

const fn symbol(name: &'static str, dimension: Dimension, size: Size) -> Symbol {
    Symbol { name, dimension, size, spellings: &[] }
}

const fn spelled(name: &'static str, size: Size, spellings: &'static [&'static str]) -> Symbol {
    Symbol { name, dimension: Dimension::TIME, size, spellings }
}

/// A molar unit, given as the power of ten of moles per litre.
const fn molar(name: &'static str, n: i32) -> Symbol {
    symbol(name, Dimension::CONCENTRATION, Size::ten(n + 3))
}

/// Ordered by how often they are meant: between equally near names the earlier one is offered.
/// Micro is spelled `u` here; the reader turns both mu characters into it.
const SYMBOLS: &[Symbol] = &[
    spelled("min", Size::MINUTE, &[]),
    spelled("h", Size::HOUR, &[]),
    spelled("d", Size::DAY, &["day"]),
    spelled("s", Size::ONE, &[]),
    spelled("week", Size::WEEK, &["wk"]),
    spelled("ms", Size::ten(-3), &[]),
    spelled("us", Size::ten(-6), &[]),
    symbol("Hz", Dimension { time: -1, ..Dimension::ONE }, Size::ONE),
    molar("nM", -9),
    molar("uM", -6),
    molar("mM", -3),
    molar("pM", -12),
    molar("fM", -15),
    molar("M", 0),
    symbol("receptor", Dimension::RECEPTOR, Size::ONE),
    symbol("nmol", Dimension::AMOUNT, Size::ten(-9)),
    symbol("umol", Dimension::AMOUNT, Size::ten(-6)),
    symbol("mmol", Dimension::AMOUNT, Size::ten(-3)),
    symbol("pmol", Dimension::AMOUNT, Size::ten(-12)),
    symbol("fmol", Dimension::AMOUNT, Size::ten(-15)),
    symbol("mol", Dimension::AMOUNT, Size::ONE),
    symbol("L", Dimension::VOLUME, Size::ten(-3)),
    symbol("mL", Dimension::VOLUME, Size::ten(-6)),
    symbol("uL", Dimension::VOLUME, Size::ten(-9)),
    symbol("um", Dimension::LENGTH, Size::ten(-6)),
    symbol("nm", Dimension::LENGTH, Size::ten(-9)),
    symbol("mm", Dimension::LENGTH, Size::ten(-3)),
    symbol("cm", Dimension::LENGTH, Size::ten(-2)),
    symbol("m", Dimension::LENGTH, Size::ONE),
    symbol("mg", Dimension::MASS, Size::ten(-3)),
    symbol("ug", Dimension::MASS, Size::ten(-6)),
    symbol("ng", Dimension::MASS, Size::ten(-9)),
    symbol("g", Dimension::MASS, Size::ONE),
    symbol("kg", Dimension::MASS, Size::ten(3)),
    symbol("%", Dimension::ONE, Size::ten(-2)),
];

/// Words people write for what has no symbol here, and the remedy.
const REMEDIES: &[(&[&str], &str)] = &[
    (&["month", "months", "mo"], "months differ in length, write days, such as `30 d`"),
    (&["year", "years", "yr", "y", "a"], "years differ in length, write days, such as `365 d`"),
    (&["hour", "hours", "hr", "hrs"], "did you mean `h`?"),
    (&["minute", "minutes"], "did you mean `min`?"),
    (&["second", "seconds", "sec", "secs"], "did you mean `s`?"),
    (&["days"], "did you mean `d`?"),
    (&["weeks", "wks", "w"], "did you mean `week`?"),
    (&["millisecond", "milliseconds", "msec"], "did you mean `ms`?"),
    (&["microsecond", "microseconds", "usec"], "did you mean `us`?"),
    (&["cell", "cells"], "receptors are counted per cell already, write `receptor`"),
    (&["molecule", "molecules", "count", "counts", "copies"], "did you mean `receptor`?"),
    (&["molar"], "did you mean `M`?"),
    (&["mole", "moles"], "did you mean `mol`?"),
    (&["litre", "liter", "litres", "liters"], "did you mean `L`?"),
    (&["percent"], "did you mean `%`?"),
];

/// The symbol so written; `u` stands for both mu characters. `Err` is a sentence with the nearest symbol.
pub(super) fn named(written: &str) -> Result<&'static Symbol, String> {
    let name = ascii(written);
    SYMBOLS
        .iter()
        .find(|symbol| symbol.name == name || symbol.spellings.contains(&name.as_str()))
        .ok_or_else(|| format!("`{written}` is not a unit{}", remedy(&name)))
}

fn ascii(written: &str) -> String {
    written.replace(['\u{b5}', '\u{3bc}'], "u")
}

fn remedy(name: &str) -> String {
    let lower = name.to_lowercase();
    if let Some((_, remedy)) = REMEDIES.iter().find(|(words, _)| words.contains(&lower.as_str())) {
        return format!(": {remedy}");
    }
    let letters = name.trim_end_matches(|c: char| c.is_numeric());
    if letters.len() < name.len() && SYMBOLS.iter().any(|symbol| symbol.name == letters) {
        let power = name[letters.len()..].replace('²', "2").replace('³', "3");
        return format!(": did you mean `{letters}^{power}`?");
    }
    match nearest(name) {
        Some(near) => format!(": did you mean `{near}`?"),
        None => ", units are written like `min`, `nM`, `receptor` or `1/(nM*min)`".to_owned(),
    }
}

/// Fewest changed letters; then same case, same length and same base (the last letter), because symbols are too short
/// for the likeness that `diagnostic::nearest` uses (it takes `hM` for `h`).
fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let length = name.chars().count();
    SYMBOLS
        .iter()
        .filter_map(|symbol| {
            let changes = strsim::osa_distance(&lower, &symbol.name.to_lowercase());
            let close = changes <= 1 + length / 5 && changes < length;
            let other_length = symbol.name.chars().count() != length;
            let other_base = symbol.name.chars().last() != name.chars().last();
            let key = (changes, strsim::osa_distance(name, symbol.name), other_length, other_base);
            close.then_some((key, symbol.name))
        })
        .min_by_key(|(key, _)| *key)
        .map(|(_, near)| near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_and_spelling_is_found_and_none_twice() {
        let mut names: Vec<&str> =
            SYMBOLS.iter().flat_map(|s| s.spellings.iter().copied().chain([s.name])).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(names.iter().all(|name| named(name).is_ok()));
    }

    #[test]
    fn no_word_with_a_remedy_is_a_symbol() {
        for word in REMEDIES.iter().flat_map(|(words, _)| *words) {
            assert!(named(word).is_err(), "{word}");
        }
    }
}
