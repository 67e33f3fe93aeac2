//! When each operation is run and which register holds its result.
//! Knows nothing of nodes and lanes.
//!
//! Registers: given values, constants, then results. A result that is wanted after the run, or settled and used by what
//! changes, keeps its register; another's is used again after its last use. So few registers are in use that they stay near
//! the processor.

use std::collections::BTreeSet;

use super::lower::Values;
use super::operation::Operation;
use super::{Instruction, Tape};

pub(super) fn scheduled(values: &Values) -> Tape {
    let first = values.first_computed();
    let settled = settled(values);
    let there = (0..values.operations.len()).filter(|n| values.operations[*n].is_some());
    let (early, late): (Vec<usize>, Vec<usize>) = there.partition(|n| settled[first + n]);
    let order: Vec<(usize, Operation)> = early
        .iter()
        .chain(&late)
        .map(|n| (first + n, values.operations[*n].expect("only what is there was kept")))
        .collect();

    let last_uses = last_uses(values, &order, &settled);
    let mut registers: Vec<usize> = (0..first).chain(values.operations.iter().map(|_| 0)).collect();
    let mut room = Room { free: BTreeSet::new(), next: first };
    let mut instructions = Vec::with_capacity(order.len());
    for (position, (value, operation)) in order.iter().enumerate() {
        // Before those of the sources are free: a result never lies where a source does.
        registers[*value] = room.taken(operation.width());
        instructions
            .push(Instruction { operation: operation.moved(|n| registers[n]), into: registers[*value] });
        for source in operation.sources() {
            if last_uses[*source] == Some(position) {
                let width = values.operations[source - first].map_or(1, |operation| operation.width());
                room.free.extend(registers[*source]..registers[*source] + width);
            }
        }
    }
    Tape {
        given: values.given,
        constants: values.constants.clone(),
        instructions,
        settled: early.len(),
        registers: room.next,
        roots: values.roots.iter().map(|root| registers[*root]).collect(),
    }
}

/// By value, whether it stands on settled and constant ones alone.
pub(super) fn settled(values: &Values) -> Vec<bool> {
    let mut settled: Vec<bool> =
        (0..values.first_computed()).map(|n| n < values.settled || n >= values.given).collect();
    for operation in &values.operations {
        let so = operation.is_some_and(|operation| operation.sources().iter().all(|source| settled[*source]));
        settled.push(so);
    }
    settled
}

/// By value, where in the order its register is free again, if ever.
fn last_uses(values: &Values, order: &[(usize, Operation)], settled: &[bool]) -> Vec<Option<usize>> {
    let mut last: Vec<Option<usize>> = vec![None; settled.len()];
    let mut kept = vec![false; settled.len()];
    kept[..values.first_computed()].fill(true);
    values.roots.iter().for_each(|root| kept[*root] = true);
    for (position, (value, operation)) in order.iter().enumerate() {
        for source in operation.sources() {
            last[*source] = Some(position);
            kept[*source] |= settled[*source] && !settled[*value];
        }
    }
    last.iter().zip(kept).map(|(last, kept)| last.filter(|_| !kept)).collect()
}

struct Room {
    free: BTreeSet<usize>,
    next: usize,
}

impl Room {
    /// The first of so many registers side by side.
    fn taken(&mut self, width: usize) -> usize {
        let fits = |register: &usize| (0..width).all(|n| self.free.contains(&(register + n)));
        let found = self.free.iter().copied().find(fits);
        let register = found.unwrap_or(self.next);
        for n in register..register + width {
            if !self.free.remove(&n) {
                self.next += 1;
            }
        }
        register
    }
}
