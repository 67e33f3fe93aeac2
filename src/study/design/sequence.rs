//! Sobol' sequences with random access, plain or scrambled.
//! Knows nothing of how many points are wanted: point n is the same whatever follows it.
//!
//! Point n has in dimension d the binary digits XOR over the bits j of the Gray code n ^ (n >> 1) of v_{d,j}, the direction
//! numbers. In this order (Antonov & Saleev 1979, USSR Comput. Maths. Math. Phys. 19:252) as in the plain one the first
//! 2^m points are the same set. Direction numbers: S. Joe, F. Y. Kuo 2008, SIAM J. Sci. Comput. 30:2635, file new-joe-kuo-6,
//! from the crate `sobol`. The first point is kept: A. B. Owen 2020, "On dropping the first Sobol' point", arXiv 2008.08051.
//!
//! Scrambling is Owen's nested uniform one: each digit is flipped or not by a fair coin that belongs to the digits before
//! it. Two points that agree in their first j digits still do, so each elementary interval keeps its share of points, while
//! each point alone is uniform in the cube. unchecked: A. B. Owen 1995, "Randomly permuted (t,m,s)-nets and
//! (t,s)-sequences". The coins are addressed, 63 to an address: no tree of them is kept.

use ::sobol::Sobol;
use ::sobol::params::JoeKuoD6;

use crate::rng::{Key, open_unit};

/// Binary digits of a coordinate, and so of the largest index.
const DIGITS: usize = 52;
/// Digits whose coins share an address: a binary tree of this depth has 2^6 - 1 inner nodes.
const TOGETHER: u32 = 6;

#[derive(Clone, Debug)]
pub(super) struct Sequence {
    /// By dimension, then by digit of the Gray code; digit 1 of the coordinate is the highest bit.
    directions: Vec<Vec<u64>>,
    scramble: Option<Key>,
}

impl Sequence {
    /// `dimensions` at most `MOST_DIMENSIONS`; scrambled if there is a key.
    pub(super) fn of(dimensions: usize, scramble: Option<Key>) -> Sequence {
        // Reading the small table takes a tenth of the time of the large one; it is the beginning of it.
        let table = if dimensions <= 100 { JoeKuoD6::minimal() } else { JoeKuoD6::standard() };
        let directions = Sobol::<f64>::init_direction_vals::<u32>(dimensions, DIGITS, &table);
        Sequence { directions, scramble }
    }

    /// In (0, 1): half a last digit, 2^-53, above the point of the sequence, so that none is 0.
    pub(super) fn coordinate(&self, index: u64, dimension: usize) -> f64 {
        let digits = digits(&self.directions[dimension], index);
        open_unit(match self.scramble {
            None => digits,
            Some(key) => scrambled(digits, key, dimension as u64),
        })
    }
}

/// The digits of one coordinate of a point, from the highest bit downward; `index` below 2^52.
fn digits(directions: &[u64], index: u64) -> u64 {
    let mut gray = index ^ (index >> 1);
    let mut digits = 0;
    while gray != 0 {
        digits ^= directions[gray.trailing_zeros() as usize];
        gray &= gray - 1;
    }
    digits
}

/// The digits, each flipped by the coin of those before it.
fn scrambled(digits: u64, key: Key, dimension: u64) -> u64 {
    let rest = u64::BITS - TOGETHER;
    // A 1 and the digits so far: the number of a node in the tree of all beginnings.
    let mut node = 1_u64;
    let mut result = 0;
    for level in (0..DIGITS as u32).step_by(TOGETHER as usize) {
        let few = (digits << level) >> rest;
        result |= flipped(few, key.bits(node, dimension)) << rest >> level;
        node = node << TOGETHER | few;
    }
    result
}

/// Six digits, each flipped by the coin of those before it among the 63 of their tree.
fn flipped(digits: u64, coins: u64) -> u64 {
    let mut node = 1;
    let mut result = 0;
    for place in (0..TOGETHER).rev() {
        let digit = digits >> place & 1;
        result = result << 1 | (digit ^ coins >> node & 1);
        node = node << 1 | digit;
    }
    result
}

#[cfg(test)]
mod tests;
