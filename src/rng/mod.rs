//! Addressed randomness: a draw is a pure function of (seed, stream, agent, index).
//! Knows nothing of what is drawn for whom.

/// What a draw is for: the hash of its description, `parameter kls2`, never of an order in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stream(pub u64);

impl Stream {
    pub fn of(purpose: &str) -> Stream {
        todo!()
    }
}

/// Seed and stream mixed: the key of the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(pub u64);

impl Key {
    pub fn new(seed: u64, stream: Stream) -> Key {
        todo!()
    }
    /// 64 random bits at (agent, index). `index` may be any number, so an absolute day or period fits.
    pub fn bits(self, agent: u64, index: u64) -> u64 {
        todo!()
    }
    /// Uniform on the open interval (0, 1): (k + 1/2) / 2^53.
    pub fn uniform(self, agent: u64, index: u64) -> f64 {
        todo!()
    }
    /// A generator for samplers that want the traits of `rand`: counts `index` upward from `from`.
    pub fn draws(self, agent: u64, from: u64) -> Draws {
        todo!()
    }
}

/// The draws of one agent in one stream, one after the other.
pub struct Draws {
    _todo: (),
}
