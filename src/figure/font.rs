//! Widths of text in DejaVu Sans, so that nothing overlaps and nothing is cut off.
//! Knows nothing of figures. Reads the `cmap` (format 4), `hhea` and `hmtx` tables of the fonts that
//! draw the PNG (OpenType specification 1.9); kerning is left out, which makes text look at most slightly wider than it is.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Widths of one weight's characters in parts of the type size.
struct Advances {
    glyphs: HashMap<u32, f64>,
    /// Width assumed for what the font lacks.
    unknown: f64,
}

fn u16_at(data: &[u8], at: usize) -> Option<usize> {
    Some(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?) as usize)
}

fn u32_at(data: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?) as usize)
}

/// Offset of a table in the file.
fn table(data: &[u8], tag: &[u8; 4]) -> Option<usize> {
    let count = u16_at(data, 4)?;
    (0..count)
        .map(|i| 12 + 16 * i)
        .find(|&at| data.get(at..at + 4) == Some(tag))
        .and_then(|at| u32_at(data, at + 8))
}

/// Glyph numbers by character from a `cmap` subtable of format 4 (the basic plane).
fn glyphs_by_character(data: &[u8]) -> Option<Vec<(u32, usize)>> {
    let cmap = table(data, b"cmap")?;
    let subtable = (0..u16_at(data, cmap + 2)?)
        .filter_map(|i| Some(cmap + u32_at(data, cmap + 4 + 8 * i + 4)?))
        .find(|&at| u16_at(data, at) == Some(4))?;
    let segments = u16_at(data, subtable + 6)? / 2;
    let (ends, starts) = (subtable + 14, subtable + 16 + 2 * segments);
    let (deltas, offsets) = (starts + 2 * segments, starts + 4 * segments);
    let mut found = Vec::new();
    for segment in 0..segments {
        let (end, start) = (u16_at(data, ends + 2 * segment)?, u16_at(data, starts + 2 * segment)?);
        let (delta, offset) = (u16_at(data, deltas + 2 * segment)?, u16_at(data, offsets + 2 * segment)?);
        for character in start..=end.min(0xFFFE) {
            let glyph = if offset == 0 {
                (character + delta) & 0xFFFF
            } else {
                match u16_at(data, offsets + 2 * segment + offset + 2 * (character - start))? {
                    0 => 0,
                    glyph => (glyph + delta) & 0xFFFF,
                }
            };
            found.push((character as u32, glyph));
        }
    }
    Some(found)
}

impl Advances {
    fn of(data: &[u8]) -> Option<Advances> {
        let size = u16_at(data, table(data, b"head")? + 18)? as f64;
        let wide = u16_at(data, table(data, b"hhea")? + 34)?.max(1);
        let hmtx = table(data, b"hmtx")?;
        let advance = |glyph: usize| Some(u16_at(data, hmtx + 4 * glyph.min(wide - 1))? as f64 / size);
        let glyphs = glyphs_by_character(data)?;
        let glyphs = glyphs.into_iter().filter_map(|(character, glyph)| Some((character, advance(glyph)?)));
        Some(Advances { glyphs: glyphs.collect(), unknown: 1.0 })
    }

    fn width(&self, text: &str) -> f64 {
        text.chars().map(|c| self.glyphs.get(&(c as u32)).copied().unwrap_or(self.unknown)).sum()
    }
}

fn advances(bold: bool) -> &'static Advances {
    static REGULAR: OnceLock<Advances> = OnceLock::new();
    static BOLD: OnceLock<Advances> = OnceLock::new();
    let (cell, data) = match bold {
        true => (&BOLD, dejavu::sans::bold()),
        false => (&REGULAR, dejavu::sans::regular()),
    };
    cell.get_or_init(|| Advances::of(data).unwrap_or(Advances { glyphs: HashMap::new(), unknown: 0.65 }))
}

/// Height of a capital letter in parts of the type size.
#[cfg(test)]
pub const CAPITAL: f64 = 0.73;
/// Depth of a descender in parts of the type size.
#[cfg(test)]
pub const DESCENT: f64 = 0.24;

/// Width of a text at a type size.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    advances(bold).width(text) * size
}

/// The text, shortened with an ellipsis where it is wider than `room`; empty where not even one character fits.
pub fn shorten(text: &str, size: f64, bold: bool, room: f64) -> String {
    if width(text, size, bold) <= room {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let short: String = kept.iter().collect::<String>().trim_end().to_owned() + "…";
        if kept.is_empty() {
            break;
        }
        if width(&short, size, bold) <= room {
            return short;
        }
    }
    String::new()
}

/// The text in the first of these sizes in which it fits, shortened in the last; with its size.
pub fn fitted(text: &str, sizes: [f64; 2], room: f64) -> (String, f64) {
    match sizes.into_iter().find(|size| width(text, *size, false) <= room) {
        Some(size) => (text.to_owned(), size),
        None => (shorten(text, sizes[1], false, room), sizes[1]),
    }
}

/// Words of a text; a range of numbers (`scale 0 to 10`) is one, with the word before it.
fn unbroken(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut all = text.split_whitespace().peekable();
    while let Some(word) = all.next() {
        let number = words.last().is_some_and(|w| w.ends_with(|c: char| c.is_ascii_digit()));
        let other = all.peek().is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit() || c == '−'));
        if word == "to" && number && other {
            let mut range = vec![words.pop().unwrap_or_default(), word.to_owned()];
            range.extend(all.next().map(str::to_owned));
            if words.last().is_some_and(|w| w.ends_with("scale")) {
                range.insert(0, words.pop().unwrap_or_default());
            }
            words.push(range.join(" "));
        } else {
            words.push(word.to_owned());
        }
    }
    words
}

/// The text in at most `lines` lines no wider than `room`; the last one ends in an ellipsis where words are left over.
pub fn wrap(text: &str, size: f64, bold: bool, room: f64, lines: usize) -> Vec<String> {
    let words = unbroken(text);
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() && out.len() < lines {
        if out.len() + 1 == lines {
            out.push(shorten(&words[at..].join(" "), size, bold, room));
            break;
        }
        let mut line = words[at].clone();
        at += 1;
        while at < words.len() && width(&format!("{line} {}", words[at]), size, bold) <= room {
            line = format!("{line} {}", words[at]);
            at += 1;
        }
        out.push(shorten(&line, size, bold, room));
    }
    out.retain(|line| !line.is_empty());
    out
}

/// The text wrapped in as few lines as `wrap` needs, of about equal length, so that no unit stands alone in the last.
pub fn wrap_evenly(text: &str, size: f64, bold: bool, room: f64, lines: usize) -> Vec<String> {
    let wrapped = wrap(text, size, bold, room, lines);
    let narrower = (0..10).map(|i| room * (0.55 + 0.05 * f64::from(i)));
    let whole = |other: &Vec<String>| other.len() == wrapped.len() && other.join(" ") == wrapped.join(" ");
    let evener = narrower.map(|room| wrap(text, size, bold, room, lines + 1)).find(whole);
    evener.filter(|_| wrapped.len() > 1).unwrap_or(wrapped)
}

/// Words that end with `, name` and perhaps a unit, wrapped evenly; where they do not fit the words are cut short, and the name is not.
pub fn wrap_named(text: &str, name: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let wrapped = wrap_evenly(text, size, false, room, lines);
    let before_name = text.rfind(&format!(", {name}")).filter(|_| !name.is_empty() && lines > 1);
    match before_name {
        Some(at) if wrapped.join(" ") != text => {
            let mut wrapped = wrap(&text[..at], size, false, room, lines - 1);
            wrapped.push(shorten(&text[at + 2..], size, false, room));
            wrapped
        }
        _ => wrapped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_behind_words_that_do_not_fit_stands_whole() {
        let text = "time constant with which the memory of cues fades (60 d), tau_c (h)";
        let wrapped = wrap_named(text, "tau_c", 10.0, 100.0, 3);
        assert_eq!(wrapped.len(), 3);
        assert_eq!(wrapped[2], "tau_c (h)");
        assert!(wrapped[1].ends_with('…'), "{wrapped:?}");
        assert_eq!(wrap_named(text, "tau_c", 10.0, 250.0, 3), wrap_evenly(text, 10.0, false, 250.0, 3));
    }

    #[test]
    fn even_lines_are_no_more_and_no_wider_and_hold_the_same_words() {
        let text = "time after exposure until number is within 5 % of its baseline (d)";
        for room in [60.0, 120.0, 200.0, 330.0, 390.0, 1000.0] {
            let (plain, even) = (wrap(text, 10.0, false, room, 4), wrap_evenly(text, 10.0, false, room, 4));
            assert_eq!((plain.len(), plain.join(" ")), (even.len(), even.join(" ")));
            let widest = |lines: &[String]| lines.iter().map(|l| width(l, 10.0, false)).fold(0.0, f64::max);
            assert!(widest(&even) <= widest(&plain).max(room), "{even:?}");
        }
        assert_ne!(wrap_evenly(text, 10.0, false, 370.0, 2).last().map(String::as_str), Some("(d)"));
    }

    #[test]
    fn a_digit_of_dejavu_sans_is_1303_of_2048_wide() {
        assert!((width("0", 2048.0, false) - 1303.0).abs() < 1e-9, "{}", width("0", 2048.0, false));
        assert!(width("0", 1.0, true) > width("0", 1.0, false));
    }

    #[test]
    fn superscripts_and_symbols_of_the_figures_are_in_the_font() {
        for c in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻−·×…µκΣ–".chars() {
            assert!(advances(false).glyphs.get(&(c as u32)).is_some_and(|w| *w > 0.0), "{c}");
        }
    }

    #[test]
    fn a_wrapped_text_never_exceeds_its_room() {
        for room in [5.0, 30.0, 80.0, 200.0] {
            for line in wrap("free surface receptor, R (% of own baseline), daily mean", 10.0, false, room, 3)
            {
                assert!(width(&line, 10.0, false) <= room);
            }
        }
    }
}
