//! Values of many agents that are added at once: what is done once per value is done while they are near.
//! Knows nothing of sums and quantiles.

use super::counts::Known;
use crate::kernel::LANES;

/// Values side by side, and room to count them. Used again and again: clearing it frees nothing.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Neither NaN nor -0.
    pub(super) values: Vec<f64>,
    pub(super) missing: u64,
    pub(super) known: Known,
}

impl Batch {
    pub fn clear(&mut self) {
        self.values.clear();
        self.missing = 0;
    }

    /// Puts in the lanes that `mask` names (bit i is lane i). NaN is counted as missing; -0 is 0.
    pub fn push(&mut self, lanes: &[f64; LANES], mask: u64) {
        let whole = mask == u64::MAX && !lanes.iter().fold(false, |nan, value| nan | value.is_nan());
        if whole {
            return self.values.extend(lanes.iter().map(|value| value + 0.0));
        }
        let before = self.values.len();
        self.values.resize(before + LANES, 0.0);
        let into = &mut self.values[before..];
        let mut put = 0;
        let mut put_in = |value: f64| {
            // Where a value is missing the next one takes its place.
            into[put] = value + 0.0;
            put += usize::from(!value.is_nan());
        };
        let mut left = mask;
        while left != 0 {
            put_in(lanes[left.trailing_zeros() as usize]);
            left &= left - 1;
        }
        self.missing += u64::from(mask.count_ones()) - put as u64;
        self.values.truncate(before + put);
    }

    /// The least and the largest value; infinite the wrong way round where there is none.
    pub(super) fn ends(&self) -> (f64, f64) {
        const WIDTH: usize = 8;
        let (mut least, mut largest) = ([f64::INFINITY; WIDTH], [f64::NEG_INFINITY; WIDTH]);
        let mut see = |n: usize, value: f64| {
            least[n] = if value < least[n] { value } else { least[n] };
            largest[n] = if value > largest[n] { value } else { largest[n] };
        };
        let (wide, rest) = self.values.as_chunks::<WIDTH>();
        wide.iter().for_each(|values| (0..WIDTH).for_each(|n| see(n, values[n])));
        rest.iter().for_each(|value| see(0, *value));
        (
            least.into_iter().fold(f64::INFINITY, f64::min),
            largest.into_iter().fold(f64::NEG_INFINITY, f64::max),
        )
    }
}
