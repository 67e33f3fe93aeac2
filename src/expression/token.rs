//! A text as words, numbers and signs, each with its bytes.
//! Knows nothing of grammar; a bracketed moment is one token, whatever stands in it.

use std::ops::Range;

/// The letters that names may spell out: Greek, in the spelling that LaTeX uses.
/// Those whose capitals look like Latin letters have no LaTeX command and are left out.
pub(super) const GREEK: &[(char, &str)] = &[
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
    ('Γ', "Gamma"),
    ('Δ', "Delta"),
    ('Θ', "Theta"),
    ('Λ', "Lambda"),
    ('Ξ', "Xi"),
    ('Π', "Pi"),
    ('Σ', "Sigma"),
    ('Φ', "Phi"),
    ('Ψ', "Psi"),
    ('Ω', "Omega"),
];

/// What people write, and what this language writes instead.
const FOREIGN: &[(&str, &str)] = &[
    ("·", "*"),
    ("×", "*"),
    ("⋅", "*"),
    ("∗", "*"),
    ("**", "^"),
    ("÷", "/"),
    ("∕", "/"),
    ("−", "-"),
    ("–", "-"),
    ("—", "-"),
    ("≤", "<="),
    ("≥", ">="),
    ("=<", "<="),
    ("=>", ">="),
    ("<>", "!="),
    ("≠", "!="),
    ("∧", "and"),
    ("&&", "and"),
    ("²", "^2"),
    ("³", "^3"),
    ("√", "sqrt(…)"),
    ("\u{a0}", "a plain space"),
];

/// Signs, longer ones first.
const SIGNS: &[&str] = &["<=", ">=", "==", "!=", "+", "-", "*", "/", "^", "(", ")", ",", "<", ">"];

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    /// A name, a unit (also `%`) or `and`.
    Word,
    Sign(&'static str),
    /// `[…]`; the range inside the brackets.
    Moment(Range<usize>),
}

/// Where the text stops making sense, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub at: Range<usize>,
    pub what: String,
    pub help: Option<String>,
}

impl Fault {
    pub(super) fn new(at: Range<usize>, what: impl Into<String>) -> Fault {
        Fault { at, what: what.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }
}

/// All tokens of `text` with their bytes. Time is linear in the text.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Box<Fault>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let (token, end) = match byte {
            b'0'..=b'9' => number(text, at)?,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => (Token::Word, word_end(text, at)?),
            b'%' => (Token::Word, at + 1),
            b'[' => moment(text, at)?,
            _ => sign(text, at)?,
        };
        found.push((token, at..end));
        at = end;
    }
    Ok(found)
}

fn sign(text: &str, at: usize) -> Result<(Token, usize), Box<Fault>> {
    let rest = &text[at..];
    let foreign = FOREIGN.iter().find(|(foreign, _)| rest.starts_with(foreign));
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) if foreign.is_none() => Ok((Token::Sign(sign), at + sign.len())),
        _ => Err(Box::new(stranger(text, at, foreign))),
    }
}

/// Why the character at `at` is no part of an expression.
fn stranger(text: &str, at: usize, foreign: Option<&(&str, &str)>) -> Fault {
    if let Some((foreign, plain)) = foreign {
        let plain = if plain.contains(' ') { (*plain).to_owned() } else { format!("`{plain}`") };
        let shown = if foreign.trim().is_empty() { "a non-breaking space" } else { &format!("`{foreign}`") };
        return Fault::new(at..at + foreign.len(), format!("{shown} is not part of the language"))
            .help(format!("write {plain}"));
    }
    let first = text[at..].chars().next().unwrap_or(' ');
    let one = at..at + first.len_utf8();
    let fault = |what: String| Fault::new(one.clone(), what);
    match first {
        _ if first.is_alphabetic() => foreign_letters(text, at),
        '=' => fault("`=` sets nothing here".into()).help("to compare write `==`"),
        '|' => fault("`|` is not part of the language".into())
            .help("for an absolute value write `abs(…)`; there is no `or`"),
        '!' => fault("`!` is not part of the language".into())
            .help("there is no `not`; write the opposite comparison"),
        '.' => fault("a number begins with a digit".into()).help("write `0.5`, not `.5`"),
        ']' => fault("this `]` closes nothing".into()),
        '{' | '}' => fault(format!("`{first}` is not part of the language")).help("write round brackets"),
        _ if first.is_control() => fault("a control character is not part of the language".into()),
        _ => fault(format!("`{first}` is not part of the language")),
    }
}

/// A name with letters beyond a to z.
fn foreign_letters(text: &str, at: usize) -> Fault {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let end = text[at..].find(|c| !inside(c)).map_or(text.len(), |n| at + n);
    let start = text[..at]
        .rfind(|c| !inside(c))
        .map_or(0, |n| n + text[n..].chars().next().map_or(0, char::len_utf8));
    let fault = Fault::new(start..end, "names are made of the letters a to z and A to Z, digits and `_`");
    let first = text[at..].chars().next();
    if matches!(first, Some('µ' | 'μ')) {
        return fault.help("in a name write `mu`, in a unit `u`");
    }
    match GREEK.iter().find(|(letter, _)| Some(*letter) == first) {
        Some((letter, name)) => fault.help(format!("spell `{letter}` out: `{name}`; pages show the letter")),
        None => fault,
    }
}

/// End of a name that begins at `at`: words with single dots between them.
fn word_end(text: &str, at: usize) -> Result<usize, Box<Fault>> {
    let bytes = text.as_bytes();
    let inside = |n: usize| bytes.get(n).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let mut end = at;
    loop {
        while inside(end) {
            end += 1;
        }
        if bytes.get(end) != Some(&b'.') {
            break;
        }
        if !inside(end + 1) {
            let what = "a dot in a name stands between two words";
            return Err(Box::new(Fault::new(at..end + 1, what).help("write `off.mood`")));
        }
        end += 1;
    }
    match text[end..].chars().next() {
        Some(next) if next.is_alphabetic() => Err(Box::new(foreign_letters(text, end))),
        _ => Ok(end),
    }
}

/// `1`, `1.5`, `1e-3`, `10_000`.
fn number(text: &str, at: usize) -> Result<(Token, usize), Box<Fault>> {
    let bytes = text.as_bytes();
    let digit = |n: usize| bytes.get(n).is_some_and(u8::is_ascii_digit);
    let digits = |mut n: usize| {
        while digit(n) || (bytes.get(n) == Some(&b'_') && n > at && digit(n - 1) && digit(n + 1)) {
            n += 1;
        }
        n
    };
    let mut end = digits(at);
    if bytes.get(end) == Some(&b'.') {
        if !digit(end + 1) {
            let fault = Fault::new(at..end + 1, "a number goes on after its point");
            return Err(Box::new(fault.help(format!("write `{}.0`", &text[at..end]))));
        }
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digit(end + 1 + signed) {
            end = digits(end + 1 + signed);
        }
    }
    let what = match text[at..end].replace('_', "").parse::<f64>() {
        _ if bytes.get(end) == Some(&b'.') => "a number has one point",
        _ if bytes.get(end) == Some(&b'_') => "`_` in a number stands between two digits",
        Ok(value) if value.is_finite() => return Ok((Token::Number(value), end)),
        Ok(_) => "this number is too large: numbers reach to 1.8e308",
        Err(_) => "this is not a number",
    };
    Err(Box::new(Fault::new(at..end, what)))
}

/// Everything up to the bracket that closes the one at `at`.
fn moment(text: &str, at: usize) -> Result<(Token, usize), Box<Fault>> {
    let mut open = 0usize;
    for (n, byte) in text.bytes().enumerate().skip(at) {
        match byte {
            b'[' => open += 1,
            b']' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Ok((Token::Moment(at + 1..n), n + 1));
        }
    }
    Err(Box::new(Fault::new(at..at + 1, "this `[` is never closed").help("write `x[end of exposure]`")))
}
