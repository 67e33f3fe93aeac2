//! Addressed randomness: a draw is a pure function of (seed, stream, agent, index).
//! Knows nothing of what is drawn for whom.
//!
//! The key of the generator is seed and stream mixed, its counter is (agent, index): no draw depends on how many
//! were made before it, so neither threads, nor the size of a population, nor what else is drawn can move it.

mod draws;
mod philox;

pub use draws::Draws;

/// What a draw is for: the hash of its description, `parameter kls2`, never of an order in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stream(pub u64);

impl Stream {
    /// FNV-1a over the bytes of the description, then a finaliser that spreads its weak upper bits.
    pub const fn of(purpose: &str) -> Stream {
        let bytes = purpose.as_bytes();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
            at += 1;
        }
        Stream(mixed(hash))
    }
}

/// Seed and stream mixed: the key of the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(pub u64);

impl Key {
    /// One to one in the seed for a given stream and in the stream for a given seed.
    pub const fn new(seed: u64, stream: Stream) -> Key {
        // The seed is mixed before the stream is added, so that neighbouring seeds and streams whose sums or
        // differences agree do not meet.
        Key(mixed(mixed(seed.wrapping_add(GOLDEN)).wrapping_add(stream.0)))
    }

    /// 64 random bits at (agent, index). `index` may be any number, so an absolute day or period fits.
    #[inline(always)]
    pub fn bits(self, agent: u64, index: u64) -> u64 {
        let counter = [agent as u32, (agent >> 32) as u32, index as u32, (index >> 32) as u32];
        let words = philox::philox(counter, [self.0 as u32, (self.0 >> 32) as u32]);
        u64::from(words[0]) | u64::from(words[1]) << 32
    }

    /// Uniform on the open interval (0, 1): (k + 1/2) / 2^52 with k the upper 52 bits, so that the nearest to 1 is
    /// as far from it as the nearest to 0 is from 0, and u and 1 - u are both exact.
    #[inline(always)]
    pub fn uniform(self, agent: u64, index: u64) -> f64 {
        open_unit(self.bits(agent, index))
    }

    /// A generator for samplers that want the traits of `rand`: counts `index` upward from `from`.
    pub fn draws(self, agent: u64, from: u64) -> Draws {
        Draws::new(self, agent, from)
    }
}

/// Random bits as a number of the open interval (0, 1).
#[inline(always)]
pub fn open_unit(bits: u64) -> f64 {
    // 2^52 + k as a float, its fraction being k: no conversion of 64-bit integers, which base x86 has not got.
    let from_one = f64::from_bits(bits >> 12 | 0x3ff0_0000_0000_0000) - 1.0;
    from_one + 0.5 / 4_503_599_627_370_496.0
}

/// 2^64 over the golden ratio: the increment of SplitMix64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64, one to one on 64 bits.
/// unchecked: G. L. Steele, D. Lea, C. H. Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA.
const fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests;
