//! Values kept or counted, and quantiles of them.
//! Knows nothing of sums.
//!
//! Type 7: the quantile at p is at rank (n - 1)·p counted from 0, between two ranks on the straight line.
//! unchecked: R. J. Hyndman & Y. Fan 1996, Am. Stat. 50:361.

use super::bytes::{self, Reader};
use super::counts::{Counts, Known};

#[derive(Clone, Debug)]
pub enum Values {
    Kept(Vec<f64>),
    Counted(Counts),
}

impl Values {
    pub fn new(keep: bool) -> Values {
        if keep { Values::Kept(Vec::new()) } else { Values::Counted(Counts::default()) }
    }

    /// Adds values that are neither NaN nor -0.
    pub fn add(&mut self, more: &[f64], known: &mut Known) {
        match self {
            Values::Kept(values) => values.extend(more),
            Values::Counted(counts) => counts.add(more, known),
        }
    }

    pub fn merge(&mut self, other: &Values) {
        match (self, other) {
            (Values::Kept(values), Values::Kept(more)) => values.extend(more),
            (Values::Counted(counts), Values::Counted(more)) => counts.merge(more),
            (Values::Counted(counts), Values::Kept(more)) => {
                debug_assert!(more.is_empty(), "kept values merged into counted ones");
                counts.add(more, &mut Known::default());
            }
            (Values::Kept(_), Values::Counted(more)) => {
                debug_assert!(more.bins().next().is_none(), "counted values merged into kept ones");
            }
        }
    }

    /// Values that are kept are written in ascending order: in which order they came is not seen.
    pub fn write(&self, into: &mut Vec<u8>) {
        match self {
            Values::Kept(values) => {
                let mut sorted = values.clone();
                sorted.sort_unstable_by(f64::total_cmp);
                into.push(0);
                sorted.iter().for_each(|value| bytes::number(into, *value));
            }
            Values::Counted(counts) => {
                into.push(1);
                counts.write(into);
            }
        }
    }

    /// As many as `n` values.
    pub fn read(reader: &mut Reader, n: u64) -> Option<Values> {
        match reader.byte()? {
            0 => {
                let count = usize::try_from(n).ok().filter(|count| *count <= reader.0.len() / 8)?;
                let values: Option<Vec<f64>> = (0..count).map(|_| reader.number()).collect();
                values.filter(|values| !values.iter().any(|value| value.is_nan())).map(Values::Kept)
            }
            1 => Counts::read(reader, n).map(Values::Counted),
            _ => None,
        }
    }

    /// Bytes beside itself.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        match self {
            Values::Kept(values) => size_of::<f64>() * values.capacity(),
            Values::Counted(counts) => counts.bytes(),
        }
    }

    /// In ascending order; `min` and `max` are the least and largest of at least one value.
    pub fn ordered(&self, min: f64, max: f64) -> Ordered {
        match self {
            Values::Kept(values) => {
                let mut sorted = values.clone();
                sorted.sort_unstable_by(f64::total_cmp);
                Ordered::Each(sorted)
            }
            Values::Counted(counts) => {
                let mut below = 0;
                let bins = counts.bins().map(|(middle, count)| {
                    below += count;
                    (below, middle.clamp(min, max))
                });
                Ordered::Binned { bins: bins.collect(), min, max }
            }
        }
    }
}

/// Values by rank.
pub enum Ordered {
    Each(Vec<f64>),
    Binned {
        /// Values up to the end of the bin, and the value that stands for each of the bin's.
        bins: Vec<(u64, f64)>,
        min: f64,
        max: f64,
    },
}

impl Ordered {
    /// Type 7; p outside [0, 1] is the nearest of the two.
    pub fn quantile(&self, p: f64) -> f64 {
        if p.is_nan() {
            return f64::NAN;
        }
        let place = (self.count() - 1) as f64 * p.clamp(0.0, 1.0);
        let rank = place.floor();
        let (low, high) = (self.at(rank as u64), self.at(place.ceil() as u64));
        between(low, high, place - rank)
    }

    fn count(&self) -> u64 {
        match self {
            Ordered::Each(values) => values.len() as u64,
            Ordered::Binned { bins, .. } => bins.last().map_or(0, |(end, _)| *end),
        }
    }

    /// The ends are exact in bins too.
    fn at(&self, rank: u64) -> f64 {
        match self {
            Ordered::Each(values) => values[rank as usize],
            Ordered::Binned { min, .. } if rank == 0 => *min,
            Ordered::Binned { max, .. } if rank + 1 == self.count() => *max,
            Ordered::Binned { bins, .. } => bins[bins.partition_point(|(end, _)| *end <= rank)].1,
        }
    }
}

/// The point at `share` of the way. Infinities of both signs have nothing between them: NaN.
fn between(low: f64, high: f64, share: f64) -> f64 {
    let way = high - low;
    if low == high || share == 0.0 {
        low
    } else if way.is_finite() {
        (low + share * way).min(high)
    } else {
        // Infinite ends, or finite ones further apart than the largest number.
        low * (1.0 - share) + high * share
    }
}
