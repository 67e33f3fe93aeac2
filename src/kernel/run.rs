//! Running a tape: one loop over the lanes per instruction, written so that the compiler makes vectors of it.
//! Knows nothing of nodes and names.
//!
//! The loops hold no call that is not inlined: a function of the table is a constant where its loop is made, so that the
//! table stays the only place of its arithmetic and the loop still is one piece of straight code.

use super::{LANES, Lanes, Operation, Tape};
use crate::expression::{FUNCTIONS, PowerKind};

type Row = [f64; LANES];

impl Tape {
    /// Writes the constants; once per register file.
    pub fn prepare(&self, registers: &mut [Lanes]) {
        for (register, value) in registers[self.given..].iter_mut().zip(&self.constants) {
            register.0 = [*value; LANES];
        }
    }

    /// Computes everything from the given registers. Allocates nothing.
    pub fn run(&self, registers: &mut [Lanes]) {
        for (register, operation) in (self.first_computed()..).zip(&self.operations) {
            let (ready, rest) = registers.split_at_mut(register);
            operation.compute(ready, &mut rest[0].0);
        }
    }
}

impl Operation {
    #[inline]
    fn compute(&self, ready: &[Lanes], into: &mut Row) {
        let row = |n: usize| &ready[n].0;
        match *self {
            Operation::Negative(a) => one(row(a), into, |x| -x),
            Operation::Sum(a, b) => two(row(a), row(b), into, |x, y| x + y),
            Operation::Difference(a, b) => two(row(a), row(b), into, |x, y| x - y),
            Operation::Product(a, b) => two(row(a), row(b), into, |x, y| x * y),
            Operation::Quotient(a, b) => two(row(a), row(b), into, |x, y| x / y),
            Operation::Power(kind, a, b) => power(kind, row(a), row(b), into),
            Operation::Call(function, [a, b, c]) => LOOPS[function.0 as usize](row(a), row(b), row(c), into),
        }
    }
}

#[inline(always)]
fn one(a: &Row, into: &mut Row, value: impl Fn(f64) -> f64) {
    for (into, x) in into.iter_mut().zip(a) {
        *into = value(*x);
    }
}

#[inline(always)]
fn two(a: &Row, b: &Row, into: &mut Row, value: impl Fn(f64, f64) -> f64) {
    for n in 0..LANES {
        into[n] = value(a[n], b[n]);
    }
}

/// The kinds that models use most have loops of their own, in which the kind is a constant: a square is one product.
fn power(kind: PowerKind, base: &Row, exponent: &Row, into: &mut Row) {
    use PowerKind::{General, Root, Whole};
    match kind {
        Whole(-2) => two(base, exponent, into, |x, y| Whole(-2).value(x, y)),
        Whole(-1) => two(base, exponent, into, |x, y| Whole(-1).value(x, y)),
        Whole(2) => two(base, exponent, into, |x, y| Whole(2).value(x, y)),
        Whole(3) => two(base, exponent, into, |x, y| Whole(3).value(x, y)),
        Whole(4) => two(base, exponent, into, |x, y| Whole(4).value(x, y)),
        Whole(n) => two(base, exponent, into, |x, y| Whole(n).value(x, y)),
        Root => two(base, exponent, into, |x, y| Root.value(x, y)),
        General => two(base, exponent, into, |x, y| General.value(x, y)),
    }
}

type Loop = fn(&Row, &Row, &Row, &mut Row);

/// The loop over the row `N` of the function table.
fn call<const N: usize>(a: &Row, b: &Row, c: &Row, into: &mut Row) {
    let value = const { FUNCTIONS[if N < FUNCTIONS.len() { N } else { 0 }].value };
    for n in 0..LANES {
        into[n] = value([a[n], b[n], c[n]]);
    }
}

macro_rules! loops {
    ($($n:literal)*) => { [$(call::<$n>),*] };
}

/// By function; more than the table has, so that a new function stays one row.
static LOOPS: [Loop; 32] =
    loops![0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31];

const _: () =
    assert!(FUNCTIONS.len() <= LOOPS.len(), "each row of the function table needs a loop: lengthen LOOPS");
