//! Reads the text of a unit: products, ratios, whole powers, parentheses.
//! Knows nothing of numbers in front of a unit.
//!
//! unit = power (("*" | "/") power)*; power = base ("^" whole)?; base = symbol | "%" | "1" | "(" unit ")"

use super::Unit;
use super::symbol;

/// A longer text is no unit, and reading it would only cost time.
const LONGEST: usize = 200;
const DEEPEST: usize = 16;
/// A larger exponent is a slip; kinds hold exponents up to 126.
const LARGEST_EXPONENT: i32 = 30;

pub(super) fn unit(text: &str) -> Result<Unit, String> {
    let written = text.trim();
    if written.is_empty() {
        return Err("a unit is missing, write `1` for dimensionless".to_owned());
    }
    if written.len() > LONGEST {
        return Err(format!("a unit of {} characters is too long to read", written.chars().count()));
    }
    let mut reader = Reader { text: written, rest: written, depth: 0 };
    let mut unit = reader.product()?;
    match reader.next() {
        None if unit.dimension.is_cut() => Err(format!("the powers in `{written}` are too large")),
        None if unit.factors.is_empty() => Ok(Unit::one()),
        None => {
            unit.label = written.to_owned();
            Ok(unit)
        }
        Some(')') => Err(format!("`{written}` closes a parenthesis that it does not open")),
        Some(c) if starts_symbol(c) || c == '(' || c == '1' => {
            Err(format!("`{written}` has no sign between two units, write a product as `nM*min`"))
        }
        Some(c) => Err(reader.unexpected(c)),
    }
}

fn starts_symbol(c: char) -> bool {
    c.is_alphabetic() || c == '%'
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// The next character that is no space, not taken.
    fn next(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn takes(&mut self, c: char) -> bool {
        let found = self.next() == Some(c);
        if found {
            self.rest = &self.rest[c.len_utf8()..];
        }
        found
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn product(&mut self) -> Result<Unit, String> {
        let mut unit = self.power()?;
        loop {
            if self.takes('*') {
                unit = unit.times(&self.power()?);
            } else if self.takes('/') {
                unit = unit.per(&self.power()?);
            } else {
                return Ok(unit);
            }
        }
    }

    fn power(&mut self) -> Result<Unit, String> {
        let base = self.base()?;
        if !self.takes('^') {
            return Ok(base);
        }
        let closing = self.takes('(');
        let sign = if self.takes('-') { -1 } else { 1 };
        self.next();
        let digits = self.take_while(|c| c.is_ascii_digit());
        let exponent =
            digits.parse::<i32>().ok().filter(|n| *n <= LARGEST_EXPONENT && self.next() != Some('.'));
        let exponent = exponent.ok_or_else(|| {
            let text = self.text;
            format!(
                "a power in `{text}` is not a whole number up to {LARGEST_EXPONENT}, write `um^2` or `min^-1`"
            )
        })?;
        if closing && !self.takes(')') {
            return Err(self.unclosed());
        }
        Ok(base.power(sign * exponent))
    }

    fn base(&mut self) -> Result<Unit, String> {
        match self.next() {
            None => Err(format!("`{}` ends where a unit is expected", self.text)),
            Some('(') => self.parenthesis(),
            Some('%') => {
                self.takes('%');
                named("%")
            }
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() => named(self.take_while(char::is_alphanumeric)),
            Some(c) => Err(self.unexpected(c)),
        }
    }

    fn parenthesis(&mut self) -> Result<Unit, String> {
        self.takes('(');
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("`{}` has more than {DEEPEST} parentheses in each other", self.text));
        }
        let unit = self.product()?;
        self.depth -= 1;
        if self.takes(')') { Ok(unit) } else { Err(self.unclosed()) }
    }

    fn number(&mut self) -> Result<Unit, String> {
        match self.take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '_')) {
            "1" => Ok(Unit::one()),
            number => Err(format!(
                "the number {number} cannot stand in the unit `{}`, only a 1 can, as in `1/min`",
                self.text
            )),
        }
    }

    fn unexpected(&self, c: char) -> String {
        format!("{c:?} cannot stand there in the unit `{}`, units are written like `1/(nM*min)`", self.text)
    }

    fn unclosed(&self) -> String {
        format!("`{}` opens a parenthesis and does not close it", self.text)
    }
}

/// `Hz` is read as `1/s`, so that `Hz` times `s` is 1.
fn named(written: &str) -> Result<Unit, String> {
    let symbol = symbol::named(written)?;
    let factor = if symbol.name == "Hz" { ("s", -1) } else { (symbol.name, 1) };
    Ok(Unit::of(symbol.dimension, symbol.size, vec![factor]))
}
