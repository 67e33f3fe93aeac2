//! Running a tape: one loop over the lanes per instruction, written so that the compiler makes vectors of it.
//! Knows nothing of nodes and names.
//!
//! The loops hold no call that is not inlined: a function of the table is a constant where its loop is made, so that the
//! table stays the only place of its arithmetic and the loop still is one piece of straight code.

use super::vector::{Level, Work, at, wide};
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
        wide(Running { tape: self, registers });
    }

    /// The same at a level of vectors of one's choice.
    pub fn run_at(&self, level: Level, registers: &mut [Lanes]) {
        at(level, Running { tape: self, registers });
    }
}

struct Running<'a> {
    tape: &'a Tape,
    registers: &'a mut [Lanes],
}

impl Work for Running<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        for (register, operation) in (self.tape.first_computed()..).zip(&self.tape.operations) {
            let (ready, rest) = self.registers.split_at_mut(register);
            operation.compute(ready, &mut rest[0].0);
        }
    }
}

/// A macro and not a function that takes a closure: a closure of some size stays a call of plain code.
macro_rules! each {
    ($into:ident, $n:ident => $value:expr) => {
        for $n in 0..LANES {
            $into[$n] = $value;
        }
    };
}

impl Operation {
    #[inline(always)]
    fn compute(&self, ready: &[Lanes], into: &mut Row) {
        match *self {
            Operation::Negative(a) => {
                let a = &ready[a].0;
                each!(into, n => -a[n]);
            }
            Operation::Sum(a, b) => {
                let (a, b) = (&ready[a].0, &ready[b].0);
                each!(into, n => a[n] + b[n]);
            }
            Operation::Difference(a, b) => {
                let (a, b) = (&ready[a].0, &ready[b].0);
                each!(into, n => a[n] - b[n]);
            }
            Operation::Product(a, b) => {
                let (a, b) = (&ready[a].0, &ready[b].0);
                each!(into, n => a[n] * b[n]);
            }
            Operation::Quotient(a, b) => {
                let (a, b) = (&ready[a].0, &ready[b].0);
                each!(into, n => a[n] / b[n]);
            }
            Operation::Power(kind, a, b) => power(kind, &ready[a].0, &ready[b].0, into),
            Operation::Call(function, [a, b, c]) => {
                call_of(function.0 as usize, &ready[a].0, &ready[b].0, &ready[c].0, into);
            }
        }
    }
}

/// The kinds that models use most have loops of their own, in which the kind is a constant: a square is one product.
#[inline(always)]
fn power(kind: PowerKind, base: &Row, exponent: &Row, into: &mut Row) {
    use PowerKind::{General, Root, Whole};
    match kind {
        Whole(-2) => each!(into, n => Whole(-2).value(base[n], exponent[n])),
        Whole(-1) => each!(into, n => Whole(-1).value(base[n], exponent[n])),
        Whole(2) => each!(into, n => Whole(2).value(base[n], exponent[n])),
        Whole(3) => each!(into, n => Whole(3).value(base[n], exponent[n])),
        Whole(4) => each!(into, n => Whole(4).value(base[n], exponent[n])),
        Whole(whole) => each!(into, n => Whole(whole).value(base[n], exponent[n])),
        Root => each!(into, n => Root.value(base[n], exponent[n])),
        General => each!(into, n => General.value(base[n], exponent[n])),
    }
}

/// The loop over the row `N` of the function table.
#[inline(always)]
fn call<const N: usize>(a: &Row, b: &Row, c: &Row, into: &mut Row) {
    let value = const { FUNCTIONS[if N < FUNCTIONS.len() { N } else { 0 }].value };
    each!(into, n => value([a[n], b[n], c[n]]));
}

macro_rules! calls {
    ($($n:literal)*) => {
        /// More rows than the table has, so that a new function stays one row.
        #[inline(always)]
        fn call_of(function: usize, a: &Row, b: &Row, c: &Row, into: &mut Row) {
            match function {
                $($n => call::<$n>(a, b, c, into),)*
                _ => unreachable!("the table has no such row"),
            }
        }

        const MOST: usize = [$($n),*].len();
    };
}

calls! { 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 }

const _: () =
    assert!(FUNCTIONS.len() <= MOST, "each row of the function table needs a call: lengthen the list");
