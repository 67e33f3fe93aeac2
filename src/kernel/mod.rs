//! Expressions over 64 lanes: lowering to a tape, and running it.
//! Knows nothing of time, steps or agents.

use crate::expression::{Arena, Id, Sym};

/// Agents in a block; a constant, because sums of a block are part of the bits.
pub const LANES: usize = 64;

/// One number of each of 64 agents.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [f64; LANES]);

/// Instructions over registers of lanes, in order of evaluation.
///
/// Registers: the given nodes first, in their order, then constants, then what is computed.
#[derive(Clone, Debug)]
pub struct Tape {
    _todo: (),
}

impl Tape {
    /// Lowers `roots`. `given` are nodes whose values the caller writes into registers 0, 1, … before it runs: symbols, or
    /// whole expressions that another tape has computed. `Err` names a symbol that is reached and not given.
    pub fn lower(arena: &Arena, roots: &[Id], given: &[Id]) -> Result<Tape, Sym> {
        todo!()
    }
    /// Registers that a run needs.
    pub fn registers(&self) -> usize {
        todo!()
    }
    /// Register that holds a root after a run, by position in `roots`.
    pub fn root(&self, position: usize) -> usize {
        todo!()
    }
    /// Writes the constants; once per register file.
    pub fn prepare(&self, registers: &mut [Lanes]) {
        todo!()
    }
    /// Computes everything from the given registers.
    pub fn run(&self, registers: &mut [Lanes]) {
        todo!()
    }
    /// Whether there is nothing to compute.
    pub fn is_empty(&self) -> bool {
        todo!()
    }
}

/// Of what `roots` stand on, the largest parts that need only `known` symbols and are worth computing once: neither a
/// number nor a symbol. Ascending.
pub fn frontier(arena: &Arena, roots: &[Id], known: &dyn Fn(Sym) -> bool) -> Vec<Id> {
    todo!()
}
