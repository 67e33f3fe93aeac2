//! Text to syntax: operators by how tightly they bind.
//! Knows nothing of what names and functions mean.
//! Grammar, loosest first: `and`; one comparison; `+ -`; `* /`; unary `- +`; `^` (to the right); `f(…)`, `x[moment]`, `(…)`.

use std::ops::Range;

use super::syntax::{Between, Binding, Comparison, Operator, Part, Syntax};
use super::token::{Fault, Token, tokens};
use crate::diagnostic::{Finding, Span};

/// Longest text, in bytes.
pub const LONGEST: usize = 100_000;
/// Highest tree, and deepest nesting of brackets: what walks syntax may recurse.
pub const HIGHEST: usize = 500;

/// Parses `text`, whose content stands at `at`. Never panics, never recurses deeper than a fixed height.
///
/// A finding points to the exact bytes inside `at`, or to all of `at` where the source has other bytes there (a text
/// written with escapes).
pub fn parse(text: &str, at: &Span) -> Result<Syntax, Finding> {
    let exact = at.text() == text;
    let place = |bytes: Range<usize>| if exact { at.within(bytes) } else { at.clone() };
    if text.len() > LONGEST {
        let what = format!("an expression has at most {LONGEST} bytes, this one has {}", text.len());
        return Err(Finding::error(what).at(at).help("give its parts names of their own"));
    }
    let parsed =
        tokens(text).and_then(|tokens| Parser { text, tokens, next: 0, depth: 0, place: &place }.whole());
    parsed.map_err(|fault| {
        let finding = Finding::error(fault.what).at(&place(fault.at));
        match fault.help {
            Some(help) => finding.help(help),
            None => finding,
        }
    })
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    depth: usize,
    place: &'a dyn Fn(Range<usize>) -> Span,
}

/// A part with its bytes and the height of its tree; boxed, to keep the frames of the recursion small.
struct Tall {
    part: Box<Part>,
    bytes: Range<usize>,
    height: usize,
}

type Parsed = Result<Tall, Box<Fault>>;

impl Parser<'_> {
    fn whole(mut self) -> Result<Syntax, Box<Fault>> {
        if self.tokens.is_empty() {
            return Err(Box::new(Fault::new(0..self.text.len(), "an expression is missing here")));
        }
        let tall = self.expression(Binding::AND)?;
        match self.peek() {
            None => Ok(self.syntax(tall)),
            Some(_) => Err(Box::new(self.unexpected())),
        }
    }

    /// Operands joined by all that binds at least as tightly as `loosest`.
    fn expression(&mut self, loosest: u8) -> Parsed {
        self.depth += 1;
        if self.depth > HIGHEST {
            return Err(Box::new(self.too_deep(self.here())));
        }
        let mut left = self.operand()?;
        while let Some(between) = self.between().filter(|between| between.binding() >= loosest) {
            self.next += 1;
            left = match between {
                Between::And => self.conjunction(left)?,
                Between::Compare(comparison) => self.comparison(left, comparison)?,
                Between::Compute(operator) => self.operation(left, operator)?,
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operation(&mut self, left: Tall, operator: Operator) -> Parsed {
        self.number_wanted(&left, operator.sign())?;
        let tightest = match operator {
            Operator::Pow => Binding::NEGATIVE,
            _ => operator.binding() + 1,
        };
        let right = self.expression(tightest)?;
        self.number_wanted(&right, operator.sign())?;
        self.joined(left, right, |left, right| Part::Binary(operator, left, right))
    }

    #[inline(never)] // Its frame would stand in each level of `expression`.
    fn comparison(&mut self, left: Tall, comparison: Comparison) -> Parsed {
        if matches!(*left.part, Part::Compare(..)) {
            let fault = Fault::new(self.previous(), "one comparison compares two numbers");
            return Err(Box::new(fault.help("write `a < b and b < c`")));
        }
        self.number_wanted(&left, comparison.sign())?;
        let right = self.expression(Binding::COMPARE + 1)?;
        self.number_wanted(&right, comparison.sign())?;
        self.joined(left, right, |left, right| Part::Compare(comparison, left, right))
    }

    #[inline(never)]
    fn conjunction(&mut self, first: Tall) -> Parsed {
        let (start, mut end, mut height) = (first.bytes.start, first.bytes.end, first.height);
        let mut all = vec![self.syntax(first)];
        loop {
            let next = self.expression(Binding::COMPARE)?;
            (end, height) = (next.bytes.end.max(end), height.max(next.height));
            all.push(self.syntax(next));
            if self.between() != Some(Between::And) {
                return self.grown(Part::And(all), start..end, height);
            }
            self.next += 1;
        }
    }

    /// A sign and its operand, or a primary with its moments.
    fn operand(&mut self) -> Parsed {
        let at = self.here();
        match self.peek() {
            Some(Token::Sign("-")) => {
                self.next += 1;
                let of = self.expression(Binding::NEGATIVE)?;
                self.number_wanted(&of, "-")?;
                let (bytes, height) = (at.start..of.bytes.end, of.height);
                let of = Box::new(self.syntax(of));
                self.grown(Part::Negative(of), bytes, height)
            }
            Some(Token::Sign("+")) => {
                self.next += 1;
                let of = self.expression(Binding::NEGATIVE)?;
                self.number_wanted(&of, "+")?;
                Ok(Tall { bytes: at.start..of.bytes.end, ..of })
            }
            _ => self.with_moments(),
        }
    }

    fn with_moments(&mut self) -> Parsed {
        let mut tall = self.primary()?;
        while let Some(Token::Moment(inside)) = self.peek().cloned() {
            let bytes = self.here();
            self.next += 1;
            self.number_wanted(&tall, "[…]")?;
            let text = self.text[inside.clone()].trim();
            if text.is_empty() {
                let fault = Fault::new(bytes, "a moment or phase is missing between the brackets");
                return Err(Box::new(fault.help("write `x[end of exposure]`")));
            }
            let start = inside.start + self.text[inside.clone()].find(text).unwrap_or(0);
            let moment = (self.place)(start..start + text.len());
            let (all, height) = (tall.bytes.start..bytes.end, tall.height);
            let of = Box::new(self.syntax(tall));
            tall = self.grown(Part::At(of, text.to_owned(), moment), all, height)?;
        }
        Ok(tall)
    }

    fn primary(&mut self) -> Parsed {
        let bytes = self.here();
        match self.peek() {
            Some(&Token::Number(value)) => {
                self.next += 1;
                self.number(value, bytes)
            }
            Some(Token::Word) if !matches!(&self.text[bytes.clone()], "and" | "%") => {
                self.next += 1;
                if self.peek() == Some(&Token::Sign("(")) {
                    return self.call(bytes);
                }
                self.grown(Part::Name(self.text[bytes.clone()].to_owned()), bytes, 0)
            }
            Some(Token::Sign("(")) => {
                self.next += 1;
                let inside = self.expression(Binding::AND)?;
                let end = self.closing(&bytes)?;
                Ok(Tall { bytes: bytes.start..end, ..inside })
            }
            _ => Err(Box::new(self.unexpected())),
        }
    }

    /// A number, and the unit behind it.
    #[inline(never)]
    fn number(&mut self, value: f64, bytes: Range<usize>) -> Parsed {
        let unit = self.here();
        let word = &self.text[unit.clone()];
        if self.peek() != Some(&Token::Word) || matches!(word, "and" | "or" | "not") {
            return self.grown(Part::Number(value), bytes, 0);
        }
        self.next += 1;
        if self.peek() == Some(&Token::Sign("(")) {
            let fault = Fault::new(bytes.start..unit.end, "a sign is missing between number and function");
            return Err(Box::new(fault.help(format!("write `{}*{word}(…)`", &self.text[bytes]))));
        }
        let part = Part::Quantity(value, word.to_owned());
        self.grown(part, bytes.start..unit.end, 0)
    }

    #[inline(never)]
    fn call(&mut self, name: Range<usize>) -> Parsed {
        let open = self.here();
        self.next += 1;
        let (mut arguments, mut height) = (Vec::new(), 0);
        if self.peek() != Some(&Token::Sign(")")) {
            loop {
                let argument = self.expression(Binding::AND)?;
                height = height.max(argument.height);
                arguments.push(self.syntax(argument));
                if self.peek() != Some(&Token::Sign(",")) {
                    break;
                }
                self.next += 1;
            }
        }
        let end = self.closing(&open)?;
        let part = Part::Call(self.text[name.clone()].to_owned(), arguments);
        self.grown(part, name.start..end, height)
    }

    /// The end of the bracket that closes `open`.
    fn closing(&mut self, open: &Range<usize>) -> Result<usize, Box<Fault>> {
        match self.peek() {
            Some(Token::Sign(")")) => {
                self.next += 1;
                Ok(self.previous().end)
            }
            Some(_) => Err(Box::new(self.unexpected())),
            None => Err(Box::new(Fault::new(open.clone(), "this `(` is never closed"))),
        }
    }

    fn joined(&self, left: Tall, right: Tall, part: impl FnOnce(Box<Syntax>, Box<Syntax>) -> Part) -> Parsed {
        let (bytes, height) = (left.bytes.start..right.bytes.end, left.height.max(right.height));
        let (left, right) = (Box::new(self.syntax(left)), Box::new(self.syntax(right)));
        self.grown(part(left, right), bytes, height)
    }

    /// A part one higher than its highest child.
    fn grown(&self, part: Part, bytes: Range<usize>, height: usize) -> Parsed {
        if height >= HIGHEST {
            return Err(Box::new(self.too_deep(bytes)));
        }
        Ok(Tall { part: Box::new(part), bytes, height: height + 1 })
    }

    fn syntax(&self, tall: Tall) -> Syntax {
        Syntax { part: *tall.part, at: (self.place)(tall.bytes) }
    }

    fn number_wanted(&self, operand: &Tall, sign: &str) -> Result<(), Box<Fault>> {
        if !matches!(*operand.part, Part::Compare(..) | Part::And(_)) {
            return Ok(());
        }
        let what = format!("a comparison is true or false, and `{sign}` wants a number");
        Err(Box::new(Fault::new(operand.bytes.clone(), what).help("join comparisons with `and`")))
    }

    fn too_deep(&self, at: Range<usize>) -> Fault {
        Fault::new(at, format!("an expression nests at most {HIGHEST} deep"))
            .help("give its parts names of their own")
    }

    /// Why the next token cannot stand here.
    fn unexpected(&self) -> Fault {
        let at = self.here();
        let after_operand = self.next > 0 && {
            let (token, bytes) = &self.tokens[self.next - 1];
            let word = token == &Token::Word && &self.text[bytes.clone()] != "and";
            word || matches!(token, Token::Number(_) | Token::Moment(_) | Token::Sign(")"))
        };
        let shown = &self.text[at.clone()];
        let absent =
            |help: &str| Fault::new(at.clone(), format!("there is no `{shown}` in the language")).help(help);
        match self.peek() {
            None => Fault::new(at, "the expression ends where a number or name is expected"),
            Some(Token::Sign(")")) if after_operand => Fault::new(at, "this `)` closes nothing"),
            Some(Token::Sign(",")) if after_operand => {
                Fault::new(at, "a comma stands only between arguments")
                    .help("a decimal number is written with a point")
            }
            Some(Token::Moment(_)) => Fault::new(at, "a moment in brackets stands after what is looked at")
                .help("write `x[end of exposure]`"),
            Some(Token::Word) if shown == "%" => Fault::new(at, "`%` stands after a number"),
            Some(Token::Word) if shown == "or" => absent("write two conditions, each on its own"),
            Some(Token::Word) if shown == "not" => absent("write the opposite comparison"),
            Some(Token::Word) if matches!(shown, "if" | "else") => {
                absent("for a choice use `min`, `max` or `hill`")
            }
            Some(_) if after_operand => Fault::new(at, format!("an operator is missing before `{shown}`"))
                .help(format!("to multiply write `*` before `{shown}`")),
            Some(_) => Fault::new(at, format!("a number or name is expected, not `{shown}`")),
        }
    }

    fn between(&self) -> Option<Between> {
        match self.peek() {
            Some(Token::Sign(sign)) => Between::of(sign),
            Some(Token::Word) if &self.text[self.here()] == "and" => Some(Between::And),
            _ => None,
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    /// Bytes of the next token; at the end, the place behind the last.
    fn here(&self) -> Range<usize> {
        let end = self.text.trim_end().len();
        self.tokens.get(self.next).map_or(end..end, |(_, bytes)| bytes.clone())
    }

    fn previous(&self) -> Range<usize> {
        self.next.checked_sub(1).and_then(|n| self.tokens.get(n)).map_or(0..0, |(_, bytes)| bytes.clone())
    }
}
