//! How a name is typeset.
//! Knows nothing of what it stands for.
//!
//! One letter is italic; a Greek letter spelled out is that letter (`eps` is short for one); longer words are upright. An underscore
//! makes a subscript, as do digits at the end, all that follows a leading `k` or `K` (rates and constants), one of `ENDINGS` after one
//! letter, the second of two letters of which one is a capital, and a capital behind a small word: `kdeg`, `KD`, `Sigma2`, `Rinf`,
//! `Nmax1`, `Em`, `EC50`, `goalA`, `e_media` are k_deg, K_D, Σ_2, R_∞, N_max,1, E_m, EC_50, goal_A, e_media. Dots stay.

use super::token::GREEK;

/// Subscripts that one letter takes without an underscore.
const ENDINGS: &[&str] = &["max", "min", "inf", "tot", "ref", "half"];
/// The same of a capital only: after a small letter they would be part of a word.
const ENDINGS_OF_CAPITALS: &[&str] = &["ss", "eq", "on", "off"];
/// Two letters that are one symbol.
const SYMBOLS: &[&str] = &["Ca", "Na", "Mg", "Cl", "Zn", "Li", "Gs", "Gi", "Gq"];

/// A name for LaTeX's math mode.
pub fn name_in_latex(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    if name.is_empty() || !name.chars().all(plain) {
        return format!(r"\text{{{}}}", escaped(name));
    }
    name.split('.').map(word).collect::<Vec<_>>().join("{.}")
}

fn word(word: &str) -> String {
    let mut parts = word.split('_').filter(|part| !part.is_empty());
    let Some(first) = parts.next() else {
        return format!(r"\text{{{}}}", escaped(word));
    };
    let (head, tail) = first.split_at(head_length(first));
    let (ending, last) =
        tail.split_at(ENDINGS.iter().filter(|e| tail.starts_with(**e)).map(|e| e.len()).max().unwrap_or(0));
    let below: Vec<String> =
        [ending, last].into_iter().filter(|t| !t.is_empty()).chain(parts).map(upright).collect();
    match &below[..] {
        [] => upright(head),
        _ => format!("{}_{{{}}}", upright(head), below.join(",")),
    }
}

/// How much of a word stands on the line.
fn head_length(word: &str) -> usize {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let greek = GREEK.iter().filter(|(_, name)| word.starts_with(name)).map(|(_, name)| name.len()).max();
    if let Some(length) = greek
        && (digits(&word[length..]) || word.as_bytes()[length].is_ascii_uppercase())
    {
        return length;
    }
    let capital = word.as_bytes()[0].is_ascii_uppercase();
    // `Nmin`, and of several `Nmin1`, `NminA`.
    let counted = |rest: &str| digits(rest) || rest.len() == 1 && rest.as_bytes()[0].is_ascii_uppercase();
    let ending = ENDINGS.iter().any(|ending| word[1..].strip_prefix(ending).is_some_and(counted))
        || capital && ENDINGS_OF_CAPITALS.contains(&&word[1..]);
    // `goalA`, `thA0`: one of several.
    let small = word.bytes().take_while(u8::is_ascii_lowercase).count();
    let lettered = small > 1
        && word[small..].starts_with(|c: char| c.is_ascii_uppercase())
        && digits(&word[small + 1..]);
    let letters = word.len() == 2 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let mixed = letters && capital != word.as_bytes()[1].is_ascii_uppercase() && !SYMBOLS.contains(&word);
    if word.starts_with(['k', 'K']) || ending || mixed {
        return 1;
    }
    if lettered {
        return small;
    }
    match word.trim_end_matches(|c: char| c.is_ascii_digit()).len() {
        0 => word.len(),
        length => length,
    }
}

/// A word that takes no subscript.
fn upright(word: &str) -> String {
    match word {
        "inf" => r"\infty".to_owned(),
        "eps" => r"\varepsilon".to_owned(),
        _ if GREEK.iter().any(|(_, name)| *name == word) => format!(r"\{word}"),
        _ if word.len() == 1 || word.bytes().all(|b| b.is_ascii_digit()) => word.to_owned(),
        _ => format!(r"\mathrm{{{word}}}"),
    }
}

/// Any characters, for text mode.
fn escaped(text: &str) -> String {
    let mut written = String::new();
    for c in text.chars() {
        match c {
            '\\' => written.push_str(r"\textbackslash{}"),
            '^' => written.push_str(r"\textasciicircum{}"),
            '~' => written.push_str(r"\textasciitilde{}"),
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => {
                written.push('\\');
                written.push(c);
            }
            _ => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_typeset_as_their_kind_is() {
        let shown = [
            ("kdeg", r"k_{\mathrm{deg}}"),
            ("KD", "K_{D}"),
            ("K10", "K_{10}"),
            ("R0", "R_{0}"),
            ("R", "R"),
            ("Em", "E_{m}"),
            ("pT", "p_{T}"),
            ("pT_media", r"p_{T,\mathrm{media}}"),
            ("Ca", r"\mathrm{Ca}"),
            ("Rinf", r"R_{\infty}"),
            ("gmax", r"g_{\mathrm{max}}"),
            ("Nmin1", r"N_{\mathrm{min},1}"),
            ("NmaxA", r"N_{\mathrm{max},A}"),
            ("goalA", r"\mathrm{goal}_{A}"),
            ("thA0", r"\mathrm{th}_{\mathrm{A0}}"),
            ("tau_b", r"\tau_{b}"),
            ("tauE_media", r"\tau_{E,\mathrm{media}}"),
            ("theta", r"\theta"),
            ("eps", r"\varepsilon"),
            ("EC50", r"\mathrm{EC}_{50}"),
            ("SC50", r"\mathrm{SC}_{50}"),
            ("minute", r"\mathrm{minute}"),
            ("occupancy", r"\mathrm{occupancy}"),
            ("off.mood", r"\mathrm{off}{.}\mathrm{mood}"),
            ("a_b_c", "a_{b,c}"),
        ];
        for (name, expected) in shown {
            assert_eq!(name_in_latex(name), expected, "{name}");
        }
    }
}
