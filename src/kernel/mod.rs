//! Expressions over 64 lanes: lowering to a tape, and running it.
//! Knows nothing of time, steps or agents.
//!
//! A tape does the arithmetic of `Arena::evaluate`, in its order, in each lane: the same bits but for the payload of a NaN.

mod frontier;
mod lower;
mod run;
#[cfg(test)]
mod tests;
mod vector;

pub use frontier::frontier;
pub use vector::{Level, Work, at, wide};

use crate::expression::{Function, PowerKind};

/// Agents in a block; a constant, so that loops over lanes have a length that the compiler knows.
pub const LANES: usize = 64;

/// One number of each of 64 agents.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [f64; LANES]);

/// Instructions over registers of lanes, in order of evaluation.
///
/// Registers: the given nodes first, in their order, then constants, then what is computed. Each is written once, so
/// that an instruction's result is never one of its arguments.
#[derive(Clone, Debug)]
pub struct Tape {
    given: usize,
    constants: Vec<f64>,
    operations: Vec<Operation>,
    roots: Vec<usize>,
}

/// What one register is computed from: positions of registers before it.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Negative(usize),
    Sum(usize, usize),
    Difference(usize, usize),
    Product(usize, usize),
    Quotient(usize, usize),
    Power(PowerKind, usize, usize),
    Call(Function, [usize; 3]),
}

impl Tape {
    /// Registers that a run needs.
    pub fn registers(&self) -> usize {
        self.first_computed() + self.operations.len()
    }

    /// Register that holds a root after a run, by position in `roots`.
    pub fn root(&self, position: usize) -> usize {
        self.roots[position]
    }

    /// Whether there is nothing to compute: every root is given or a constant.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    fn first_computed(&self) -> usize {
        self.given + self.constants.len()
    }
}
