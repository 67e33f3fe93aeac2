//! Running a tape: one loop over the lanes per instruction, written so that the compiler makes vectors of it.
//! Knows nothing of nodes and names.
//!
//! The loops hold no call that is not inlined: a function of the table, or a chain, is a constant where its loop is made, so that the
//! table stays the only place of its arithmetic and the loop still is one piece of straight code.

use super::operation::{CHAIN_COUNT, CHAINS, Operation};
use super::vector::{Level, Work, at, wide};
use super::{Instruction, LANES, Lanes, Tape};
use crate::expression::{FUNCTIONS, PowerKind};
use crate::math::{self, Fused, Products, Split};

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
        wide(Running { instructions: &self.instructions, registers });
    }

    /// The same at a level of vectors of one's choice.
    pub fn run_at(&self, level: Level, registers: &mut [Lanes]) {
        at(level, Running { instructions: &self.instructions, registers });
    }

    /// Computes what stands on settled values alone; once these are given.
    pub fn settle(&self, registers: &mut [Lanes]) {
        if self.settled > 0 {
            wide(Running { instructions: &self.instructions[..self.settled], registers });
        }
    }

    /// Computes the rest, after `settle` or `run`: all that may differ where only changing values do.
    pub fn rerun(&self, registers: &mut [Lanes]) {
        wide(Running { instructions: &self.instructions[self.settled..], registers });
    }
}

struct Running<'a> {
    instructions: &'a [Instruction],
    registers: &'a mut [Lanes],
}

impl Work for Running<'_> {
    type Result = ();

    #[inline(always)]
    fn run(self) {
        self.run_by::<Split>();
    }

    #[inline(always)]
    fn run_fused(self) {
        self.run_by::<Fused>();
    }
}

impl Running<'_> {
    #[inline(always)]
    fn run_by<P: Products>(self) {
        for instruction in self.instructions {
            let (below, rest) = self.registers.split_at_mut(instruction.into);
            let [into, above @ ..] = rest else { unreachable!("a result has a register") };
            let sources = Sources { below, above };
            match instruction.operation {
                Operation::Logarithm([a]) => {
                    let [next, above @ ..] = above else { unreachable!("a logarithm has two registers") };
                    let a = if a < below.len() { &below[a].0 } else { &above[a - below.len() - 2].0 };
                    logarithm::<P>(a, &mut into.0, &mut next.0);
                }
                operation => operation.compute::<P>(sources, &mut into.0),
            }
        }
    }
}

/// All registers but the one that is written.
#[derive(Clone, Copy)]
struct Sources<'a> {
    below: &'a [Lanes],
    above: &'a [Lanes],
}

impl<'a> Sources<'a> {
    #[inline(always)]
    fn row(self, register: usize) -> &'a Row {
        let written = self.below.len();
        if register < written { &self.below[register].0 } else { &self.above[register - written - 1].0 }
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
    fn compute<P: Products>(&self, from: Sources, into: &mut Row) {
        use super::operation::Basic::{Difference, Product, Quotient, Sum};
        match *self {
            Operation::Negative([a]) => {
                let a = from.row(a);
                each!(into, n => -a[n]);
            }
            Operation::Basic(basic, [a, b]) => {
                let (a, b) = (from.row(a), from.row(b));
                match basic {
                    Sum => each!(into, n => a[n] + b[n]),
                    Difference => each!(into, n => a[n] - b[n]),
                    Product => each!(into, n => a[n] * b[n]),
                    Quotient => each!(into, n => a[n] / b[n]),
                }
            }
            Operation::Chain(chain, [a, b, c, d]) => {
                chain_of(chain.0 as usize, from.row(a), from.row(b), from.row(c), from.row(d), into);
            }
            Operation::Power(kind, [a]) => power(kind, from.row(a), into),
            Operation::Logarithm(_) => unreachable!("it has two results"),
            Operation::Raised([a, logarithm, b]) => {
                let (a, b) = (from.row(a), from.row(b));
                let (high, low) = (from.row(logarithm), from.row(logarithm + 1));
                each!(into, n => math::raised::<P>(a[n], [high[n], low[n]], b[n]));
            }
            Operation::Call(function, [a, b, c]) => {
                call_of::<P>(function.0 as usize, from.row(a), from.row(b), from.row(c), into);
            }
        }
    }
}

#[inline(always)]
fn logarithm<P: Products>(base: &Row, high: &mut Row, low: &mut Row) {
    for n in 0..LANES {
        [high[n], low[n]] = math::logarithm_of_size::<P>(base[n]);
    }
}

/// The kinds that models use most have loops of their own, in which the kind is a constant: a square is one product.
#[inline(always)]
fn power(kind: PowerKind, base: &Row, into: &mut Row) {
    use PowerKind::{General, Root, Whole};
    match kind {
        Whole(-2) => each!(into, n => math::powi(base[n], -2)),
        Whole(-1) => each!(into, n => math::powi(base[n], -1)),
        Whole(3) => each!(into, n => math::powi(base[n], 3)),
        Whole(4) => each!(into, n => math::powi(base[n], 4)),
        Whole(whole) => each!(into, n => math::powi(base[n], whole)),
        Root => each!(into, n => base[n].sqrt()),
        General => unreachable!("a general power is raised from a logarithm"),
    }
}

/// The loop over the row `N` of the table of chains.
#[inline(always)]
fn chain<const N: usize>(a: &Row, b: &Row, c: &Row, d: &Row, into: &mut Row) {
    match const { CHAINS[N] } {
        (basic, then, None) => each!(into, n => then.value(basic.value(a[n], b[n]), c[n])),
        (basic, then, Some(last)) => {
            each!(into, n => last.value(then.value(basic.value(a[n], b[n]), c[n]), d[n]));
        }
    }
}

/// The loop over the row `N` of the function table.
#[inline(always)]
fn call<const N: usize, P: Products>(a: &Row, b: &Row, c: &Row, into: &mut Row) {
    let value = const {
        let row = &FUNCTIONS[if N < FUNCTIONS.len() { N } else { 0 }];
        if P::FUSED { row.fused } else { row.value }
    };
    each!(into, n => value([a[n], b[n], c[n]]));
}

macro_rules! chains {
    ($($n:literal)*) => {
        #[inline(always)]
        fn chain_of(row: usize, a: &Row, b: &Row, c: &Row, d: &Row, into: &mut Row) {
            match row {
                $($n => chain::<$n>(a, b, c, d, into),)*
                _ => unreachable!("the table has no such row"),
            }
        }

        const _: () = assert!(CHAIN_COUNT == [$($n),*].len(), "each chain needs its loop");
    };
}

macro_rules! calls {
    ($($n:literal)*) => {
        /// More rows than the table has, so that a new function stays one row.
        #[inline(always)]
        fn call_of<P: Products>(function: usize, a: &Row, b: &Row, c: &Row, into: &mut Row) {
            match function {
                $($n => call::<$n, P>(a, b, c, into),)*
                _ => unreachable!("the table has no such row"),
            }
        }

        const MOST: usize = [$($n),*].len();
    };
}

chains! { 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 }

calls! { 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 }

const _: () =
    assert!(FUNCTIONS.len() <= MOST, "each row of the function table needs a call: lengthen the list");
