//! How wide a text in LaTeX is set, about.
//! Knows nothing of expressions.

/// Widths that are not those of one letter.
const WIDTHS: &[(&str, f64)] = &[
    ("left", 0.0),
    ("right", 0.0),
    ("mathrm", 0.0),
    ("text", 0.0),
    ("operatorname", 0.0),
    ("frac", 0.0),
    ("sqrt", 1.5),
    ("cdot", 1.5),
    ("ldots", 2.0),
    ("exp", 3.0),
    ("min", 3.5),
    ("max", 3.5),
    ("log", 3.0),
    ("tanh", 4.0),
    ("ln", 2.0),
    ("begin", 0.0),
    ("end", 0.0),
];

/// Width of a text in LaTeX, in digits; lines above each other are as wide as the widest.
pub fn breadth(latex: &str) -> f64 {
    let mut measure = Measure { rest: latex };
    let mut widest: f64 = 0.0;
    while !measure.rest.is_empty() {
        widest = widest.max(measure.group());
    }
    widest
}

struct Measure<'a> {
    rest: &'a str,
}

impl Measure<'_> {
    /// Up to the closing brace, a break of the line or the end.
    fn group(&mut self) -> f64 {
        let mut width: f64 = 0.0;
        while let Some(c) = self.rest.chars().next() {
            self.rest = &self.rest[c.len_utf8()..];
            width += match c {
                '}' => break,
                '{' => self.group(),
                '\\' if self.rest.starts_with('\\') => {
                    self.rest = &self.rest[1..];
                    return width.max(self.group());
                }
                '\\' => self.command(),
                '_' | '^' => 0.7 * self.argument(),
                ' ' | '&' => 0.0,
                '+' | '-' | '=' => 2.4,
                ',' | '.' => 0.6,
                '(' | ')' | '|' => 0.8,
                'm' | 'w' | 'M' | 'W' => 1.6,
                _ => 1.1,
            };
        }
        width
    }

    /// What follows in braces, or one character.
    fn argument(&mut self) -> f64 {
        match self.rest.strip_prefix('{') {
            Some(rest) => {
                self.rest = rest;
                self.group()
            }
            None => {
                let first = self.rest.chars().next().map_or(0, char::len_utf8);
                self.rest = &self.rest[first..];
                1.0
            }
        }
    }

    fn command(&mut self) -> f64 {
        let letters = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(letters);
        self.rest = rest;
        match name {
            // A thin space, or a sign that has a meaning of its own.
            "" => {
                self.rest = self.rest.get(1..).unwrap_or_default();
                0.4
            }
            "frac" => self.argument().max(self.argument()) + 0.5,
            "begin" | "end" => {
                self.argument();
                0.0
            }
            _ => WIDTHS.iter().find(|(known, _)| *known == name).map_or(1.2, |(_, width)| *width),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_about_those_of_what_is_seen() {
        let ten: f64 = breadth("1234567890");
        assert!((9.0..13.0).contains(&ten), "{ten}");
        assert!(breadth(r"\frac{1234567890}{2}") < 1.2 * ten);
        assert!(breadth(r"x_{1234567890}") < 0.9 * ten);
        assert!(breadth(r"\begin{aligned}&12345 \\ &12345\end{aligned}") < 0.7 * ten);
        assert!(breadth(r"\left(\alpha\right)") < 4.0);
    }
}
