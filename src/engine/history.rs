//! What the next step of a lane depends on besides where the lane stands: lengths, errors, which method, and what it
//! learnt when the same happened before. Knows nothing of how steps are made.

use super::control::ZERO;
use super::step::lanes_of;
use crate::kernel::{LANES, Lanes};

/// Kinds of switches that a lane remembers; a newer one takes the place of the oldest.
const KINDS: usize = 4;
/// Explicit steps that a lane takes after an implicit one that came to nothing.
const SHY: u8 = 10;
/// Explicit steps after which it is looked at whether they have grown, and by how much they have to. While the fast part of the
/// equations dies out they do; where they do not, stability may bound them without being seen in the pace: at tight tolerances
/// what is slow moves more between two stages than what is fast. A few implicit steps tell.
const LOOKS: u8 = 8;
const GROWS: f64 = 1.25;
/// Implicit steps of a try.
const TRIES: u8 = 3;
/// An implicit step costs some two explicit ones.
const PAYS: f64 = 2.5;
/// Doublings of `LOOKS` at most.
const MOST_PATIENT: u8 = 4;

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
    /// Explicit steps in the segment since the last look, and the length then.
    taken: [u8; LANES],
    marks: Lanes,
    /// Lanes that try an implicit step, and how often one tried in vain.
    pub probing: u64,
    patience: [u8; LANES],
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
            taken: [0; LANES],
            marks: ZERO,
            probing: 0,
            patience: [0; LANES],
            kinds: vec![[Kind::default(); KINDS]; LANES],
            present: [0; LANES],
            oldest: [0; LANES],
        }
    }

    /// Nothing is known of the agents of a new block.
    pub fn forget(&mut self) {
        (self.wanted, self.last, self.pace, self.marks) = (ZERO, ZERO, ZERO, ZERO);
        (self.careful, self.stiff, self.probing) = (0, 0, 0);
        (self.shy, self.taken, self.patience) = ([0; LANES], [0; LANES], [0; LANES]);
        (self.present, self.oldest) = ([0; LANES], [0; LANES]);
        self.kinds.fill([Kind::default(); KINDS]);
    }

    /// A lane enters a segment after a switch of a kind: the length of the first step where it is remembered.
    pub fn enter(&mut self, lane: usize, key: u64) -> Option<f64> {
        let bit = 1 << lane;
        self.careful &= !bit;
        self.last.0[lane] = 0.0;
        (self.shy[lane], self.taken[lane], self.patience[lane]) = (0, 0, 0);
        self.marks.0[lane] = 0.0;
        self.probing &= !bit;
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

    /// Of the lanes of a mask, which took an explicit step of the given lengths, those that try an implicit one because theirs have
    /// hardly grown since they were last looked at.
    pub fn probe(&mut self, mask: u64, tried: &Lanes) {
        for lane in lanes_of(mask) {
            self.taken[lane] = (self.taken[lane] + 1) % (LOOKS << self.patience[lane]);
            if self.taken[lane] == 0 {
                let (before, now) = (self.marks.0[lane], tried.0[lane]);
                self.marks.0[lane] = now;
                if now < before * GROWS && self.dare(lane) {
                    self.stiff |= 1 << lane;
                    self.probing |= 1 << lane;
                }
            }
        }
    }

    /// Lanes of a mask took an implicit step for a try: they go on with that method where its next step pays, or go back. The first
    /// ones still meet what explicit steps have left of the fast part.
    pub fn try_out(&mut self, mask: u64) {
        for lane in lanes_of(mask & self.probing) {
            let length = self.marks.0[lane];
            self.taken[lane] += 1;
            if self.taken[lane] < TRIES {
                continue;
            }
            self.taken[lane] = 0;
            if self.wanted.0[lane] > PAYS * length {
                self.probing &= !(1 << lane);
                self.pace.0[lane] = self.pace.0[lane].max(1.0 / length);
            } else {
                self.give_up(lane);
            }
        }
    }

    /// A try came to nothing: the lane goes on as before, and tries less often.
    pub fn give_up(&mut self, lane: usize) {
        if self.probing >> lane & 1 == 1 {
            self.probing &= !(1 << lane);
            self.stiff &= !(1 << lane);
            self.taken[lane] = 0;
            self.patience[lane] = (self.patience[lane] + 1).min(MOST_PATIENT);
            self.wanted.0[lane] = self.wanted.0[lane].min(self.marks.0[lane]);
        }
    }

    /// An implicit step came to nothing.
    pub fn back_off(&mut self, lane: usize) {
        self.stiff &= !(1 << lane);
        self.shy[lane] = SHY;
    }
}
