//! A number with a unit, read and printed.
//! Knows nothing of what a quantity is for.

use super::Unit;

/// A longer text is no quantity.
const LONGEST: usize = 400;

/// A number with a unit: `"0.02 1/min"`, `"1/72 1/h"`, `"10_000"`, `"50 %"`.
#[derive(Clone, Debug)]
pub struct Quantity {
    pub value: f64,
    pub unit: Unit,
}

impl Quantity {
    /// A quantity is a finite number or a ratio of two, then a unit (none: dimensionless). `1/72 1/h` is the ratio
    /// 1/72 in `1/h`; `1/min` lacks its number. `Err` is a sentence.
    pub fn parse(text: &str) -> Result<Quantity, String> {
        let written = text.trim();
        if written.is_empty() {
            return Err("a quantity is missing, write a number and a unit such as `0.02 1/min`".to_owned());
        }
        if written.len() > LONGEST {
            let length = written.chars().count();
            return Err(format!("a quantity of {length} characters is too long to read"));
        }
        let (above, rest) = number(written)?;
        match rest.trim_start().strip_prefix('/') {
            None => Ok(Quantity { value: above, unit: unit_after(written, rest)? }),
            Some(below) => ratio(written, above, below),
        }
    }

    /// The value in `unit`; `None` where the kinds differ.
    pub fn to(&self, unit: &Unit) -> Option<f64> {
        self.unit.convert(self.value, unit)
    }
}

fn ratio(written: &str, above: f64, after: &str) -> Result<Quantity, String> {
    if !starts_number(after.trim_start()) {
        let unit = Unit::parse(&format!("1/{}", after.trim_start()))?;
        let remedy = format_quantity(above, &unit);
        return Err(format!("`{written}` is not a number with a unit: write `{remedy}`"));
    }
    let (below, rest) = number(after.trim_start())?;
    if below == 0.0 {
        return Err(format!("`{written}` divides by 0"));
    }
    if rest.trim_start().starts_with('/') {
        let remedy = "write one ratio, then the unit, such as `1/72 1/h`";
        return Err(format!("`{written}` is not a number with a unit: {remedy}"));
    }
    let value = finite(above / below, written, above != 0.0)?;
    Ok(Quantity { value, unit: unit_after(written, rest)? })
}

fn unit_after(written: &str, rest: &str) -> Result<Unit, String> {
    let unit = rest.trim();
    let digits = |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    let thousands = unit.split([' ', ',']).next().is_some_and(digits);
    match unit.chars().next() {
        None => Ok(Unit::one()),
        Some('0'..='9') if thousands => {
            Err(format!("`{written}` has a gap in its number: write thousands as `10_000`"))
        }
        Some(',') => Err(format!("`{written}` has a comma: write decimals as `0.5`, thousands as `10_000`")),
        Some('*') => Err(format!("`{written}` has a `*`: write a number, a space and a unit")),
        Some(_) => Unit::parse(unit),
    }
}

fn starts_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    digits.starts_with(|c: char| c.is_ascii_digit())
}

/// The number that `text` starts with, and what follows it.
fn number(text: &str) -> Result<(f64, &str), String> {
    if !starts_number(text) {
        return Err(not_a_number(text));
    }
    let (written, rest) = text.split_at(number_length(text));
    let digits = written.replace('_', "");
    if !written.split(|c: char| !(c.is_ascii_digit() || c == '_')).all(grouped) {
        return Err(format!("`{written}` is not a number: `_` stands between digits, as in `10_000`"));
    }
    let value = digits.parse::<f64>().map_err(|_| not_a_number(text))?;
    let significant =
        digits.split(['e', 'E']).next().unwrap_or("").bytes().any(|b| b.is_ascii_digit() && b != b'0');
    Ok((finite(value, written, significant)?, rest))
}

fn grouped(digits: &str) -> bool {
    !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__")
}

/// Bytes of sign, digits, point, digits, exponent; an `e` that no digits follow belongs to the unit.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits_from = |at: usize| -> usize {
        at + bytes[at..].iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count()
    };
    let mut at = digits_from(usize::from(matches!(bytes.first(), Some(b'-' | b'+'))));
    if bytes.get(at) == Some(&b'.') {
        at = digits_from(at + 1);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let start = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
        if bytes.get(start).is_some_and(u8::is_ascii_digit) {
            at = digits_from(start);
        }
    }
    at
}

fn not_a_number(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    let word = text.trim_start_matches(['-', '+']).to_lowercase();
    if ["nan", "inf"].iter().any(|name| word.starts_with(name)) {
        return format!("`{start}` is not a finite number");
    }
    match Unit::parse(text) {
        Ok(unit) => {
            format!("`{start}` has no number: write one before the unit, such as `1 {}`", unit.label())
        }
        Err(_) => {
            format!("`{start}` does not start with a number: write a number and a unit such as `0.02 1/min`")
        }
    }
}

/// Refuses what left the range of a double: too large, or 0 where digits are not.
fn finite(value: f64, written: &str, significant: bool) -> Result<f64, String> {
    match value {
        v if !v.is_finite() => {
            Err(format!("`{written}` is too large a number, the largest is about 1.8e308"))
        }
        0.0 if significant => {
            Err(format!("`{written}` is too close to 0, the smallest number is about 5e-324"))
        }
        v => Ok(v),
    }
}

/// The quantity as [`Quantity::parse`] reads it back to the same bits: `0.02 1/min`, `5` for dimensionless.
pub fn format_quantity(value: f64, unit: &Unit) -> String {
    match unit.label() {
        "1" => shortest(value),
        label => format!("{} {label}", shortest(value)),
    }
}

/// The fewest digits that read back to the same double; with an exponent below 1e-4 and from 1e9 where that is
/// shorter. -0 is `0`; infinities are `inf` and `-inf`.
pub fn shortest(value: f64) -> String {
    let value = value + 0.0;
    let plain = format!("{value}");
    if !value.is_finite() || value == 0.0 || (1e-4..1e9).contains(&value.abs()) {
        return plain;
    }
    let scientific = format!("{value:e}");
    if scientific.len() < plain.len() { scientific } else { plain }
}
