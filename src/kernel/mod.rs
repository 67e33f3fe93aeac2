//! Expressions over 64 lanes: lowering to a tape, and running it.
//! Knows nothing of time, steps or agents.
//!
//! A tape does the arithmetic of `Arena::evaluate`, in its order, in each lane: the same bits but for the payload of a NaN.

mod frontier;
mod fuse;
mod lower;
mod operation;
mod run;
mod schedule;
#[cfg(test)]
mod tests;
mod vector;

pub use frontier::frontier;
pub use vector::{Level, Work, at, wide};

use operation::Operation;

/// Agents in a block; a constant, so that loops over lanes have a length that the compiler knows.
pub const LANES: usize = 64;

/// One number of each of 64 agents.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [f64; LANES]);

/// Instructions over registers of lanes, in order of evaluation.
///
/// Registers: the given nodes first, in their order, then constants, then what is computed. An instruction's result is
/// never one of its arguments. A result is there after a run where it is a root.
#[derive(Clone, Debug)]
pub struct Tape {
    given: usize,
    constants: Vec<f64>,
    instructions: Vec<Instruction>,
    /// So many instructions stand on settled values alone; they come first.
    settled: usize,
    registers: usize,
    roots: Vec<usize>,
}

/// An operation whose sources are registers, and the register of its result.
#[derive(Clone, Copy, Debug)]
struct Instruction {
    operation: Operation,
    into: usize,
}

impl Tape {
    /// Registers that a run needs.
    pub fn registers(&self) -> usize {
        self.registers
    }

    /// Register that holds a root after a run, by position in `roots`.
    pub fn root(&self, position: usize) -> usize {
        self.roots[position]
    }

    /// Whether there is nothing to compute: every root is given or a constant.
    pub fn is_empty(&self) -> bool {
        self.instructions.is_empty()
    }
}
