//! Derivatives as nodes.
//! Knows nothing of Jacobians or states: one node by one symbol.
//!
//! Conventions, where the plain rules leave a choice:
//! - A factor that is the constant 0 takes its term with it, though the other factor may be infinite: what does not
//!   depend on the symbol adds nothing.
//! - `x^y` by y is `x^y*ln(x)`, with 0 at x = 0, for y > 0 the limit; a negative x has no such derivative.
//! - `x^n` at x = 0 is what `n*x^(n - 1)` is there: infinite for 0 < n < 1.
//! - Ties of `abs`, `min`, `max` and the edge of `hill` stand in the function table.

use super::arena::{Arena, Id, Node, PowerKind, Sym};
use super::syntax::Operator::{self, Add, Div, Mul, Pow, Sub};

impl Arena {
    /// The derivative of `of` by the symbol `by`. Its size is at most a small multiple of the size of `of`, for what is
    /// shared stays shared.
    pub fn derivative(&mut self, of: Id, by: Sym) -> Id {
        let (zero, one) = (self.constant(0.0), self.constant(1.0));
        let mut slopes = vec![zero; of.0 as usize + 1];
        for id in self.reach(of) {
            let slope = |id: Id| slopes[id.0 as usize];
            slopes[id.0 as usize] = match self.node(id) {
                Node::Sym(sym) if sym == by => one,
                Node::Const(_) | Node::Sym(_) => zero,
                Node::Neg(a) => self.neg(slope(a)),
                Node::Binary(op, a, b) => {
                    let (da, db) = (slope(a), slope(b));
                    self.operation_slope(op, id, [a, b], [da, db])
                }
                Node::Call(function, args) => {
                    let along = args.map(slope);
                    let mut sum = zero;
                    for (by, &along) in along[..function.row().arity].iter().enumerate() {
                        if along != zero {
                            let partial = (function.row().partial)(self, args, id, by);
                            let term = self.product(partial, along);
                            sum = self.binary(Add, sum, term);
                        }
                    }
                    sum
                }
            };
        }
        slopes[of.0 as usize]
    }

    /// Derivative of the operation `whole` on a and b, whose derivatives are da and db.
    fn operation_slope(&mut self, op: Operator, whole: Id, [a, b]: [Id; 2], [da, db]: [Id; 2]) -> Id {
        match op {
            Add => self.binary(Add, da, db),
            Sub => self.difference(da, db),
            Mul => {
                let (left, right) = (self.product(da, b), self.product(a, db));
                self.binary(Add, left, right)
            }
            Div => {
                let shift = self.product(whole, db);
                let above = self.difference(da, shift);
                self.quotient(above, b)
            }
            Pow => {
                let (base, exponent) = (self.base_slope(whole, a, b, da), self.exponent_slope(whole, a, db));
                self.binary(Add, base, exponent)
            }
        }
    }

    /// The part of the derivative of a^b that comes from a.
    fn base_slope(&mut self, whole: Id, a: Id, b: Id, da: Id) -> Id {
        if self.is_zero(da) {
            return da;
        }
        if self.power_kind(b) == PowerKind::Root {
            let two = self.constant(2.0);
            let below = self.binary(Mul, two, whole);
            return self.quotient(da, below);
        }
        let one = self.constant(1.0);
        let less = self.binary(Sub, b, one);
        let power = self.binary(Pow, a, less);
        let slope = self.product(b, power);
        self.product(slope, da)
    }

    /// The part of the derivative of a^b that comes from b.
    fn exponent_slope(&mut self, whole: Id, a: Id, db: Id) -> Id {
        if self.is_zero(db) {
            return db;
        }
        let ln = self.ln_above_zero(a);
        let slope = self.product(whole, ln);
        self.product(slope, db)
    }

    fn is_zero(&self, id: Id) -> bool {
        self.as_constant(id) == Some(0.0)
    }

    fn product(&mut self, a: Id, b: Id) -> Id {
        match (self.is_zero(a), self.is_zero(b)) {
            (true, _) => a,
            (_, true) => b,
            _ => self.binary(Mul, a, b),
        }
    }

    fn quotient(&mut self, a: Id, b: Id) -> Id {
        if self.is_zero(a) { a } else { self.binary(Div, a, b) }
    }

    fn difference(&mut self, a: Id, b: Id) -> Id {
        match (self.is_zero(a), self.is_zero(b)) {
            (true, false) => self.neg(b),
            _ => self.binary(Sub, a, b),
        }
    }
}
