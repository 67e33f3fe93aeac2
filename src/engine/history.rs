//! What the next step of a lane depends on besides where the lane stands: lengths, errors, which method, and what it
//! learnt when the same happened before. Knows nothing of how steps are made.

use super::control::ZERO;
use super::step::lanes_of;
use crate::kernel::{LANES, Lanes};

/// Kinds of switches that a lane remembers; a newer one takes the place of the oldest.
const KINDS: usize = 4;
/// Explicit steps that a lane takes after an implicit one that came to nothing.
const SHY: u8 = 10;
/// Explicit steps without growth that are no accident.
const STALLED: u8 = 4;

/// The lanes of a block.
#[derive(Clone)]
pub(super) struct History {
    /// Length that the controller wants.
    pub wanted: Lanes,
    /// Logarithm of the error of the last accepted step.
    pub last: Lanes,
    /// Lanes whose last trial was rejected: their next step does not grow.
    pub careful: u64,
    /// Lanes whose next trial is implicit.
    pub stiff: u64,
    /// How fast the equations were when last measured, per model time.
    pub pace: Lanes,
    /// Explicit steps still to take before an implicit one.
    shy: [u8; LANES],
    /// Explicit steps in a row that no longer grew although they are long for the pace.
    stalled: [u8; LANES],
    kinds: Vec<[Kind; KINDS]>,
    /// The kind of each lane's present segment.
    present: [u64; LANES],
    oldest: [u8; LANES],
}

/// What the first step after a switch came to.
#[derive(Clone, Copy, Default)]
struct Kind {
    /// Which switch; 0 is none.
    key: u64,
    /// Length whose error would have been just allowed.
    length: f64,
    stiff: bool,
}

impl History {
    pub fn new() -> History {
        History {
            wanted: ZERO,
            last: ZERO,
            careful: 0,
            stiff: 0,
            pace: ZERO,
            shy: [0; LANES],
            stalled: [0; LANES],
            kinds: vec![[Kind::default(); KINDS]; LANES],
            present: [0; LANES],
            oldest: [0; LANES],
        }
    }

    /// Nothing is known of the agents of a new block.
    pub fn forget(&mut self) {
        (self.wanted, self.last, self.pace) = (ZERO, ZERO, ZERO);
        (self.careful, self.stiff) = (0, 0);
        (self.shy, self.stalled) = ([0; LANES], [0; LANES]);
        (self.present, self.oldest) = ([0; LANES], [0; LANES]);
        self.kinds.fill([Kind::default(); KINDS]);
    }

    /// A lane enters a segment after a switch of a kind: the length of the first step where it is remembered.
    pub fn enter(&mut self, lane: usize, key: u64) -> Option<f64> {
        let bit = 1 << lane;
        self.careful &= !bit;
        self.last.0[lane] = 0.0;
        (self.shy[lane], self.stalled[lane]) = (0, 0);
        self.present[lane] = key;
        let known = self.kinds[lane].iter().find(|kind| kind.key == key);
        let stiff = known.is_some_and(|kind| kind.stiff);
        self.stiff = if stiff { self.stiff | bit } else { self.stiff & !bit };
        known.map(|kind| kind.length)
    }

    /// The first step after the switch has been taken.
    pub fn remember(&mut self, lane: usize, length: f64, stiff: bool) {
        let key = self.present[lane];
        let kinds = &mut self.kinds[lane];
        let place = kinds.iter().position(|kind| kind.key == key).unwrap_or_else(|| {
            let oldest = usize::from(self.oldest[lane]);
            self.oldest[lane] = ((oldest + 1) % KINDS) as u8;
            oldest
        });
        kinds[place] = Kind { key, length, stiff };
    }

    /// A lane could go on with an implicit step: whether it dares to, which it does some explicit ones after a failure.
    pub fn dare(&mut self, lane: usize) -> bool {
        let shy = &mut self.shy[lane];
        *shy = shy.saturating_sub(1);
        *shy == 0
    }

    /// Of the lanes of a mask, which took an explicit step, those whose steps stand still for long enough; `slow` are those whose
    /// step is long for the pace and grows no more.
    pub fn stall(&mut self, mask: u64, slow: u64) -> u64 {
        let mut found = 0;
        for lane in lanes_of(mask & slow) {
            self.stalled[lane] = self.stalled[lane].saturating_add(1);
            found |= u64::from(self.stalled[lane] >= STALLED) << lane;
        }
        for lane in lanes_of(mask & !slow) {
            self.stalled[lane] = 0;
        }
        found
    }

    /// An implicit step came to nothing.
    pub fn back_off(&mut self, lane: usize) {
        self.stiff &= !(1 << lane);
        self.shy[lane] = SHY;
    }
}
