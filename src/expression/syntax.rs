//! What a text says, part by part, each with its place.
//! Knows nothing of what names stand for.

use crate::diagnostic::Span;

/// A parsed expression; each part knows its place, brackets around it included.
#[derive(Clone, Debug, PartialEq)]
pub struct Syntax {
    pub part: Part,
    pub at: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Number(f64),
    /// A number directly followed by a unit, `7 d`: only the language of measures allows it.
    Quantity(f64, String),
    /// A name, with dots where it has any: `off.mood`, `taper.x`.
    Name(String),
    Negative(Box<Syntax>),
    Binary(Operator, Box<Syntax>, Box<Syntax>),
    Call(String, Vec<Syntax>),
    /// `x[end of exposure]`: the moment's text without the blanks around it, with its place.
    At(Box<Syntax>, String, Span),
    /// `a < b`; only at the top, as an argument or under `and`.
    Compare(Comparison, Box<Syntax>, Box<Syntax>),
    And(Vec<Syntax>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
}

impl Operator {
    /// As written: `+`.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Sub => "-",
            Operator::Mul => "*",
            Operator::Div => "/",
            Operator::Pow => "^",
        }
    }

    fn of(sign: &str) -> Option<Operator> {
        use Operator::*;
        [Add, Sub, Mul, Div, Pow].into_iter().find(|operator| operator.sign() == sign)
    }

    /// How tightly it binds; see `Binding`.
    pub fn binding(self) -> u8 {
        match self {
            Operator::Add | Operator::Sub => Binding::SUM,
            Operator::Mul | Operator::Div => Binding::PRODUCT,
            Operator::Pow => Binding::POWER,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
}

impl Comparison {
    /// As written: `<=`.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
        }
    }

    fn of(sign: &str) -> Option<Comparison> {
        use Comparison::*;
        let all = [Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual];
        all.into_iter().find(|comparison| comparison.sign() == sign)
    }

    /// Whether it holds; nothing but `!=` holds for NaN.
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Comparison::Less => a < b,
            Comparison::LessEqual => a <= b,
            Comparison::Greater => a > b,
            Comparison::GreaterEqual => a >= b,
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
        }
    }
}

/// What stands between two operands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Between {
    And,
    Compare(Comparison),
    Compute(Operator),
}

impl Between {
    pub(super) fn of(sign: &str) -> Option<Between> {
        if sign == "and" {
            return Some(Between::And);
        }
        Comparison::of(sign).map(Between::Compare).or_else(|| Operator::of(sign).map(Between::Compute))
    }

    pub(super) fn binding(self) -> u8 {
        match self {
            Between::And => Binding::AND,
            Between::Compare(_) => Binding::COMPARE,
            Between::Compute(operator) => operator.binding(),
        }
    }
}

/// How tightly things bind, loosest first: the one order that parser and printers share.
/// `-x^2` is `-(x^2)`, `-x*y` is `(-x)*y`, `x^y^z` is `x^(y^z)`.
pub(super) struct Binding;

impl Binding {
    pub(super) const AND: u8 = 1;
    pub(super) const COMPARE: u8 = 2;
    pub(super) const SUM: u8 = 3;
    pub(super) const PRODUCT: u8 = 4;
    pub(super) const NEGATIVE: u8 = 5;
    pub(super) const POWER: u8 = 6;
    pub(super) const ATOM: u8 = 7;
}

impl Syntax {
    /// Whether it is true or false rather than a number.
    pub fn is_condition(&self) -> bool {
        matches!(self.part, Part::Compare(..) | Part::And(_))
    }

    /// The text of this part for use inside a sentence: in backticks, cut where it is long.
    pub fn quoted(&self) -> String {
        const SHOWN: usize = 48;
        let text = self.at.text().trim();
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("`{}…`", text[..end].trim_end()),
            None => format!("`{text}`"),
        }
    }
}
