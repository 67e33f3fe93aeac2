//! Nodes as text and as LaTeX.
//! Knows nothing of pages; `name.rs` says how names are typeset.

use std::borrow::Cow;

use super::arena::{Arena, Id, Node, PowerKind};
use super::function::{Function, FunctionRow};
use super::name::name_in_latex;
use super::parse::LONGEST;
use super::syntax::{Binding, Operator};

/// How expressions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// The language itself.
    Text,
    /// For math mode.
    Latex,
}

/// The expression as text (which parses back to the same node) or LaTeX.
///
/// What nodes share is written out each time; after as many bytes as a text may have it ends with `…`.
pub fn print(arena: &Arena, of: Id, notation: Notation) -> String {
    print_bound(arena, of, notation, Binding::SUM)
}

/// The same as part of something: in brackets if it binds less than so tightly.
pub(super) fn print_bound(arena: &Arena, of: Id, notation: Notation, loosest: u8) -> String {
    let (open, close) = match notation {
        Notation::Text => ("(", ")"),
        Notation::Latex => (r"\left(", r"\right)"),
    };
    let mut written = String::new();
    let mut pieces = vec![Piece::Node(of, loosest)];
    while let Some(piece) = pieces.pop() {
        match piece {
            _ if written.len() > LONGEST => {
                written.push('…');
                break;
            }
            Piece::Text(text) => written.push_str(&text),
            Piece::Node(id, loosest) => {
                let (binding, parts) = match notation {
                    Notation::Text => in_text(arena, id),
                    Notation::Latex => in_latex(arena, id),
                };
                let bracketed = binding < loosest;
                pieces.extend(bracketed.then(|| text(close)));
                pieces.extend(parts.into_iter().rev());
                pieces.extend(bracketed.then(|| text(open)));
            }
        }
    }
    written
}

/// How tightly a node binds in LaTeX.
pub(super) fn binding_in_latex(arena: &Arena, of: Id) -> u8 {
    in_latex(arena, of).0
}

/// What is still to be written: text, or a node in brackets if it binds less than so tightly.
enum Piece {
    Text(Cow<'static, str>),
    Node(Id, u8),
}

fn text(text: impl Into<Cow<'static, str>>) -> Piece {
    Piece::Text(text.into())
}

/// How tightly a node binds, and its parts.
fn in_text(arena: &Arena, id: Id) -> (u8, Vec<Piece>) {
    match arena.node(id) {
        Node::Const(bits) => {
            let value = f64::from_bits(bits);
            let binding = match value {
                _ if !value.is_finite() => Binding::PRODUCT,
                _ if value < 0.0 => Binding::NEGATIVE,
                _ => Binding::ATOM,
            };
            (binding, vec![text(number(value))])
        }
        Node::Sym(sym) => (Binding::ATOM, vec![text(arena.name(sym).to_owned())]),
        Node::Neg(a) => (Binding::NEGATIVE, vec![text("-"), Piece::Node(a, Binding::NEGATIVE)]),
        Node::Binary(op, a, b) => {
            let binding = op.binding();
            let (left, sign, right) = match op {
                Operator::Add => (binding, " + ", binding + 1),
                Operator::Sub => (binding, " - ", binding + 1),
                Operator::Mul => (binding, "*", binding + 1),
                Operator::Div => (binding, "/", binding + 1),
                Operator::Pow => (Binding::ATOM, "^", Binding::NEGATIVE),
            };
            (binding, vec![Piece::Node(a, left), text(sign), Piece::Node(b, right)])
        }
        Node::Call(function, args) => (Binding::ATOM, call_in_text(function.row(), args)),
    }
}

fn call_in_text(row: &FunctionRow, args: [Id; 3]) -> Vec<Piece> {
    let mut pieces = vec![text(row.name), text("(")];
    for (n, arg) in args[..row.arity].iter().enumerate() {
        pieces.extend((n > 0).then(|| text(", ")));
        pieces.push(Piece::Node(*arg, Binding::SUM));
    }
    pieces.push(text(")"));
    pieces
}

/// Fewest digits that read back to the same number; what is no number is the ratio that gives it.
fn number(value: f64) -> String {
    match value {
        _ if value.is_nan() => "0/0".to_owned(),
        f64::INFINITY => "1/0".to_owned(),
        f64::NEG_INFINITY => "-1/0".to_owned(),
        _ => crate::unit::shortest(value),
    }
}

fn in_latex(arena: &Arena, id: Id) -> (u8, Vec<Piece>) {
    match arena.node(id) {
        Node::Const(bits) => number_in_latex(f64::from_bits(bits)),
        Node::Sym(sym) => (Binding::ATOM, vec![text(name_in_latex(arena.name(sym)))]),
        // A minus sign stands only where a sum may: two signs are never side by side.
        Node::Neg(a) => (Binding::SUM, vec![text("-"), Piece::Node(a, Binding::PRODUCT)]),
        Node::Binary(op, a, b) => operation_in_latex(arena, op, a, b),
        Node::Call(function, args) => call_in_latex(function, args),
    }
}

fn operation_in_latex(arena: &Arena, op: Operator, a: Id, b: Id) -> (u8, Vec<Piece>) {
    let (any, binding) = (Binding::SUM, op.binding());
    let infix = |sign: &'static str, b: Id| {
        (binding, vec![Piece::Node(a, binding), text(sign), Piece::Node(b, binding + 1)])
    };
    match (op, arena.node(b)) {
        (Operator::Add, Node::Neg(b)) => infix(" - ", b),
        (Operator::Sub, Node::Neg(b)) => infix(" + ", b),
        (Operator::Add, _) => infix(" + ", b),
        (Operator::Sub, _) => infix(" - ", b),
        (Operator::Mul, _) if begins_with_digit(arena, b) => infix(r" \cdot ", b),
        (Operator::Mul, _) => infix(r"\,", b),
        (Operator::Div, _) => fraction_in_latex(arena, a, b),
        (Operator::Pow, _) if arena.power_kind(b) == PowerKind::Root => {
            (Binding::ATOM, vec![text(r"\sqrt{"), Piece::Node(a, any), text("}")])
        }
        (Operator::Pow, _) => {
            (binding, vec![Piece::Node(a, Binding::ATOM), text("^{"), Piece::Node(b, any), text("}")])
        }
    }
}

/// `a/b*c/d` is a product of two fractions and `a/b/c` is one: fractions in a numerator are hard to read.
fn fraction_in_latex(arena: &Arena, a: Id, b: Id) -> (u8, Vec<Piece>) {
    let any = Binding::SUM;
    match arena.node(a) {
        Node::Binary(Operator::Mul, p, q) if has_fraction(arena, p) => {
            let fraction = [text(r"\frac{"), Piece::Node(q, any), text("}{"), Piece::Node(b, any), text("}")];
            let product = [Piece::Node(p, Binding::PRODUCT), text(r"\,")].into_iter().chain(fraction);
            (Binding::PRODUCT, product.collect())
        }
        Node::Binary(Operator::Div, p, q) => {
            let joint = text(if begins_with_digit(arena, b) { r" \cdot " } else { r"\," });
            let (q, b) = (Piece::Node(q, Binding::PRODUCT), Piece::Node(b, Binding::PRODUCT + 1));
            let parts = [text(r"\frac{"), Piece::Node(p, any), text("}{"), q, joint, b, text("}")];
            (Binding::POWER, parts.into_iter().collect())
        }
        // A fraction needs brackets only as the base of a power.
        _ => {
            let parts = [text(r"\frac{"), Piece::Node(a, any), text("}{"), Piece::Node(b, any), text("}")];
            (Binding::POWER, parts.into_iter().collect())
        }
    }
}

/// Whether a factor of the product is a fraction.
fn has_fraction(arena: &Arena, mut id: Id) -> bool {
    loop {
        match arena.node(id) {
            Node::Binary(Operator::Div, ..) => return true,
            Node::Binary(Operator::Mul, a, b) => match arena.node(b) {
                Node::Binary(Operator::Div, ..) => return true,
                _ => id = a,
            },
            _ => return false,
        }
    }
}

/// Whether a thin space before it would join it with a number on its left.
pub(super) fn begins_with_digit(arena: &Arena, mut id: Id) -> bool {
    loop {
        match arena.node(id) {
            Node::Const(bits) => return f64::from_bits(bits) >= 0.0,
            Node::Binary(Operator::Mul | Operator::Pow, a, _) => id = a,
            _ => return false,
        }
    }
}

fn number_in_latex(value: f64) -> (u8, Vec<Piece>) {
    let written = match value {
        _ if value.is_nan() => r"\mathrm{NaN}".to_owned(),
        f64::INFINITY => r"\infty".to_owned(),
        f64::NEG_INFINITY => r"-\infty".to_owned(),
        _ => number(value),
    };
    let sign = if value < 0.0 { Binding::SUM } else { Binding::ATOM };
    match written.split_once('e') {
        None => (sign, vec![text(shortened(&written))]),
        Some(("1", exponent)) => (Binding::POWER, vec![text(format!("10^{{{exponent}}}"))]),
        Some((mantissa, exponent)) => (
            sign.min(Binding::PRODUCT),
            vec![text(format!(r"{} \cdot 10^{{{exponent}}}", shortened(mantissa)))],
        ),
    }
}

/// A number with more digits than anyone reads, such as ln 10, cut after six and marked as cut.
fn shortened(number: &str) -> String {
    const MOST: usize = 8;
    const SHOWN: usize = 6;
    let fraction = number.find('.').unwrap_or(number.len());
    let leading = number.find(|c: char| ('1'..='9').contains(&c)).unwrap_or(0);
    let digits = number[leading..].bytes().filter(u8::is_ascii_digit).count();
    let end = leading + SHOWN + usize::from(leading < fraction);
    if digits <= MOST || end <= fraction + 1 || end >= number.len() {
        return number.to_owned();
    }
    format!(r"{}\ldots", &number[..end])
}

fn call_in_latex(function: Function, args: [Id; 3]) -> (u8, Vec<Piece>) {
    let template = function.row().latex;
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['#', '@']) {
        let loosest = if rest[at..].starts_with('@') { Binding::ATOM } else { Binding::SUM };
        let digit = rest[at + 1..].chars().next().and_then(|c| c.to_digit(10)).unwrap_or(1);
        pieces.push(text(&rest[..at]));
        pieces.push(Piece::Node(args[digit as usize - 1], loosest));
        rest = &rest[at + 2..];
    }
    pieces.push(text(rest));
    let binding = if template.starts_with(r"\frac") { Binding::POWER } else { Binding::ATOM };
    (binding, pieces)
}
