//! The draws of one agent in one stream as a generator of `rand`.
//! Knows nothing of distributions.

use std::convert::Infallible;

use rand::TryRng;

use super::Key;

/// The draws of one agent in one stream, one after the other: draw n is the 64 bits at index `from + n`.
///
/// A draw of 32 bits uses up a whole index and is its lower half, so that what follows does not depend on how
/// wide the draws before it were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draws {
    key: Key,
    agent: u64,
    index: u64,
}

impl Draws {
    pub(super) fn new(key: Key, agent: u64, from: u64) -> Draws {
        Draws { key, agent, index: from }
    }

    /// The index of the next draw.
    pub fn index(&self) -> u64 {
        self.index
    }

    fn next_bits(&mut self) -> u64 {
        let bits = self.key.bits(self.agent, self.index);
        self.index = self.index.wrapping_add(1);
        bits
    }
}

impl TryRng for Draws {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_bits() as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_bits())
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        for chunk in destination.chunks_mut(8) {
            let bytes = self.next_bits().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}
