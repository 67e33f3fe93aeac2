//! Expressions over 64 lanes: lowering to a tape, and running it.
//! Knows nothing of time, steps or agents.

/// Agents in a block; a constant, because sums of a block are part of the bits.
pub const LANES: usize = 64;

/// One number of each of 64 agents.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [f64; LANES]);
