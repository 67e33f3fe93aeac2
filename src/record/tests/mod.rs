//! Laws of reductions.

mod memory;
mod merging;
mod moments;
mod quantiles;
mod stored;

use super::*;
use crate::kernel::LANES;

/// Blocks of values in order; the last block is partly masked.
fn blocks(values: &[f64]) -> Vec<(Lanes, u64)> {
    values
        .chunks(LANES)
        .map(|chunk| {
            let lanes = Lanes(std::array::from_fn(|lane| chunk.get(lane).copied().unwrap_or(1e9)));
            (lanes, if chunk.len() == LANES { u64::MAX } else { (1 << chunk.len()) - 1 })
        })
        .collect()
}

fn reduced(values: &[f64], keep: bool) -> Reduction {
    let mut reduction = Reduction::new(keep);
    for (lanes, mask) in blocks(values) {
        reduction.add(&lanes, mask);
    }
    reduction
}

/// All that can be asked, as bits.
fn bits(of: &Reduction) -> Vec<u64> {
    let ps = [0.0, 0.05, 0.25, 0.5, 0.9, 0.975, 1.0];
    let numbers = [of.mean(), of.sd(), of.min(), of.max()].into_iter().chain(of.quantiles(&ps));
    numbers.map(f64::to_bits).chain([of.n(), of.missing()]).collect()
}
