//! Units: rows that are computed and kept together, and the order in which units are taken.
//! Knows nothing of files.

use std::ops::Range;

use super::Study;
use super::design::{Design, Kind};

/// A study has about so many units where its file does not say how large they are.
const UNITS: u64 = 1000;
/// Points of a unit at most, about: its rows are in memory together.
const MOST: u64 = 1 << 18;
/// Agents that a unit has at least: a part of a second, so that writing a file takes no time beside it.
const AGENTS: u64 = 4096;

/// Points of a unit: whole blocks of the design.
pub(super) fn per_unit(points: u64, block: u64, agents: u64) -> u64 {
    let enough = points.div_ceil(UNITS).min(MOST).max(AGENTS.div_ceil(agents.max(1))).min(points);
    enough.div_ceil(block.max(1)).saturating_mul(block.max(1)).max(1)
}

/// Points of a unit at most: whole blocks of the design, one at least.
pub(super) fn most(block: u64) -> u64 {
    (MOST / block.max(1)).max(1).saturating_mul(block.max(1))
}

impl Study {
    /// How many units there are.
    pub fn units(&self) -> u64 {
        match self.parts() {
            1 => self.rows().div_ceil(self.per_unit),
            parts => self.rows().saturating_mul(parts),
        }
    }

    /// Rows of a unit; of a part the row that it is a part of.
    pub fn rows_of(&self, unit: u64) -> Range<u64> {
        if self.parts() > 1 {
            let position = unit / self.parts();
            return position..position + 1;
        }
        let first = unit * self.per_unit;
        first..(first + self.per_unit).min(self.rows())
    }

    /// The unit that is taken as the `turn`th: of a grid, whose rows go from one corner to the other, in an order that is spread
    /// out, so that a study that was cut off has seen all of its space.
    pub fn turn(&self, turn: u64) -> u64 {
        match self.design.kind {
            Kind::Grid { .. } => {
                let units = Kind::Grid { levels: vec![self.units()] };
                Design { kind: units, dimensions: 1, seed: self.design.seed }.order(turn)
            }
            _ => turn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::per_unit;

    #[test]
    fn units_are_whole_blocks_and_neither_tiny_nor_too_many() {
        for points in [1, 7, 1000, 123_456, 1_000_000, 1 << 40] {
            for block in [1, 4, 14] {
                for agents in [1, 100, 1000, 1_000_000] {
                    let per = per_unit(points, block, agents);
                    assert_eq!(per % block, 0);
                    assert!(points.div_ceil(per) <= super::UNITS || per >= super::MOST);
                    assert!(per <= super::MOST + block);
                    assert!(per * agents >= super::AGENTS.min(points * agents));
                }
            }
        }
    }
}
