//! Long expressions in LaTeX, broken over lines: a sum before its signs, a product between its factors, anything else by breaking its parts.
//! Knows nothing of pages; widths are in digits, as `breadth` estimates them.

use super::arena::{Arena, Id, Node, PowerKind};
use super::breadth::breadth;
use super::function::Function;
use super::print::{Notation, begins_with_digit, binding_in_latex, print_bound};
use super::syntax::{Binding, Operator};

/// The expression in LaTeX, in lines about `width` digits wide. Each line but the first begins with the sign before which it was broken.
pub fn latex_lines(arena: &Arena, of: Id, width: f64) -> Vec<String> {
    Breaking { arena }.lines(of, Binding::SUM, width)
}

/// Nothing is broken into lines narrower than this.
const NARROWEST: f64 = 20.0;

struct Breaking<'a> {
    arena: &'a Arena,
}

impl Breaking<'_> {
    fn whole(&self, id: Id, loosest: u8) -> String {
        print_bound(self.arena, id, Notation::Latex, loosest)
    }

    fn lines(&self, id: Id, loosest: u8, width: f64) -> Vec<String> {
        let width = width.max(NARROWEST);
        let whole = self.whole(id, loosest);
        if breadth(&whole) <= width || whole.ends_with('…') {
            return vec![whole];
        }
        if binding_in_latex(self.arena, id) < loosest {
            let inner = self.boxed(id, Binding::SUM, width - 2.0);
            return vec![format!(r"\left({inner}\right)")];
        }
        match self.arena.node(id) {
            Node::Const(_) | Node::Sym(_) => vec![whole],
            Node::Neg(_) | Node::Binary(Operator::Add | Operator::Sub, ..) => self.sum(id, width),
            Node::Binary(Operator::Mul, ..) => self.product(id, width),
            Node::Binary(Operator::Div, a, b) => {
                let (a, b) = (self.boxed(a, Binding::SUM, width), self.boxed(b, Binding::SUM, width));
                vec![format!(r"\frac{{{a}}}{{{b}}}")]
            }
            Node::Binary(Operator::Pow, a, b) if self.arena.power_kind(b) == PowerKind::Root => {
                vec![format!(r"\sqrt{{{}}}", self.boxed(a, Binding::SUM, width - 1.0))]
            }
            Node::Binary(Operator::Pow, a, b) => {
                let exponent = self.whole(b, Binding::SUM);
                let base = self.boxed(a, Binding::ATOM, width - breadth(&exponent));
                vec![format!("{{{base}}}^{{{exponent}}}")]
            }
            Node::Call(function, args) => vec![self.call(function, args, width)],
        }
    }

    /// What may stand inside something: its lines above each other.
    fn boxed(&self, id: Id, loosest: u8, width: f64) -> String {
        match &self.lines(id, loosest, width)[..] {
            [line] => line.clone(),
            lines => {
                let lines: Vec<String> = lines.iter().map(|line| format!("&{line}")).collect();
                format!(r"\begin{{aligned}}{}\end{{aligned}}", lines.join(r" \\ "))
            }
        }
    }

    fn sum(&self, id: Id, width: f64) -> Vec<String> {
        let (mut summands, mut rest, mut minus) = (Vec::new(), id, false);
        loop {
            match self.arena.node(rest) {
                Node::Binary(op @ (Operator::Add | Operator::Sub), a, b) => {
                    summands.push(self.signed(op == Operator::Sub, b));
                    rest = a;
                }
                Node::Neg(a) if !minus => (rest, minus) = (a, true),
                _ => break,
            }
            if minus {
                break;
            }
        }
        summands.push((minus, rest));
        summands.reverse();
        let mut lines = Lines::new(width);
        for (place, (minus, id)) in summands.into_iter().enumerate() {
            let sign = match (place, minus) {
                (0, false) => "",
                (0, true) => "-",
                (_, false) => "+ ",
                (_, true) => "- ",
            };
            let loosest = if place == 0 && !minus { Binding::SUM } else { Binding::PRODUCT };
            lines.add(sign, " ", self.lines(id, loosest, width - 2.0));
        }
        lines.done
    }

    /// `a + -b` is `a - b`.
    fn signed(&self, minus: bool, id: Id) -> (bool, Id) {
        match self.arena.node(id) {
            Node::Neg(inner) => (!minus, inner),
            _ => (minus, id),
        }
    }

    fn product(&self, id: Id, width: f64) -> Vec<String> {
        let (mut factors, mut rest) = (Vec::new(), id);
        while let Node::Binary(Operator::Mul, a, b) = self.arena.node(rest) {
            factors.push(b);
            rest = a;
        }
        factors.push(rest);
        factors.reverse();
        let mut lines = Lines::new(width);
        for (place, id) in factors.into_iter().enumerate() {
            let loosest = if place == 0 { Binding::PRODUCT } else { Binding::PRODUCT + 1 };
            // What is short leaves room for a broken factor beside it.
            let room = width - if lines.last() < width / 3.0 { lines.last() } else { 2.0 };
            let joint = if begins_with_digit(self.arena, id) { r" \cdot " } else { r"\," };
            let factor = self.boxed(id, loosest, room);
            lines.add(if place == 0 { "" } else { r"\cdot " }, joint, vec![factor]);
        }
        lines.done
    }

    fn call(&self, function: Function, args: [Id; 3], width: f64) -> String {
        let mut written = String::new();
        let mut rest = function.row().latex;
        let room = width - breadth(rest);
        while let Some(at) = rest.find(['#', '@']) {
            let loosest = if rest[at..].starts_with('@') { Binding::ATOM } else { Binding::SUM };
            let digit = rest[at + 1..].chars().next().and_then(|c| c.to_digit(10)).unwrap_or(1);
            written.push_str(&rest[..at]);
            written.push_str(&self.boxed(args[digit as usize - 1], loosest, room));
            rest = &rest[at + 2..];
        }
        written + rest
    }
}

/// Lines that fill up.
struct Lines {
    done: Vec<String>,
    width: f64,
}

impl Lines {
    fn new(width: f64) -> Lines {
        Lines { done: Vec::new(), width }
    }

    /// How much of the last line is used.
    fn last(&self) -> f64 {
        self.done.last().map_or(0.0, |line| breadth(line))
    }

    /// Adds a part behind the last line where it fits, else below. `sign` begins a line; behind another part a factor stands after `joint`,
    /// a summand after its own sign.
    fn add(&mut self, sign: &str, joint: &str, part: Vec<String>) {
        let mut part = part.into_iter();
        let Some(first) = part.next() else { return };
        let fits = self.last() + breadth(sign) + breadth(&first) <= self.width;
        match self.done.last_mut() {
            Some(line) if fits => {
                let between = if joint == " " { format!(" {sign}") } else { joint.to_owned() };
                line.push_str(&between);
                line.push_str(&first);
            }
            _ => self.done.push(format!("{sign}{first}")),
        }
        self.done.extend(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Notation, lower, parse, print};

    fn made(text: &str) -> (Arena, Id) {
        let source = crate::diagnostic::Source::new("e", text);
        let mut arena = Arena::new();
        let syntax = parse(text, &source.span(0..text.len())).unwrap();
        let named = &mut |arena: &mut Arena, name: &str, _: &_| Ok(arena.named(name));
        let id = lower(&syntax, &mut arena, named, &mut |_, _| None).unwrap();
        (arena, id)
    }

    fn lines(text: &str, width: f64) -> Vec<String> {
        let (arena, id) = made(text);
        latex_lines(&arena, id, width)
    }

    #[test]
    fn what_fits_is_printed_as_ever() {
        for text in ["a + b*c", "-(a + b)*4^x", "hill(x, k, n) - max(0, s1)", "2*3e-7*x^-2/sqrt(y)"] {
            let (arena, id) = made(text);
            assert_eq!(latex_lines(&arena, id, 200.0), [print(&arena, id, Notation::Latex)], "{text}");
        }
    }

    #[test]
    fn a_long_sum_breaks_before_its_signs_and_a_product_between_factors() {
        let sum = lines("alpha_long*xxxxxx + beta_long*yyyyyy - gamma_long*zzzzzz + -delta_long*wwwww", 26.0);
        assert_eq!(
            sum,
            [
                r"\alpha_{\mathrm{long}}\,\mathrm{xxxxxx} + \beta_{\mathrm{long}}\,\mathrm{yyyyyy}",
                r"- \gamma_{\mathrm{long}}\,\mathrm{zzzzzz}",
                r"+ \left(-\delta_{\mathrm{long}}\right)\,\mathrm{wwwww}",
            ]
        );
        let product = lines("first_long*second_long*third_long*fourth_long*fifth_long", 30.0);
        assert!(
            product.len() > 1 && product[1..].iter().all(|line| line.starts_with(r"\cdot ")),
            "{product:?}"
        );
    }

    #[test]
    fn parts_that_are_too_wide_are_broken_in_their_place() {
        let text = "k*(aaaaaaaa + bbbbbbbb + cccccccc + dddddddd)/(eeeeeee + fffffff + ggggggg + hhhhhhh)";
        let [fraction] = &lines(text, 24.0)[..] else { panic!("one line") };
        assert_eq!(fraction.matches(r"\begin{aligned}").count(), 2, "{fraction}");
        assert!(breadth(fraction) <= 40.0, "{fraction}");
        let open = |bracket: &str| fraction.matches(bracket).count();
        assert_eq!(open("{"), open("}"));
        assert_eq!(open(r"\left("), open(r"\right)"));
    }
}
