//! What is known of many agents at once: counts, exact sums, quantiles; merging in any grouping gives the same bits.
//! Knows nothing of threads, names or times.
//!
//! Sums of values and of their squares are whole numbers of many digits, hence exact: neither the order of agents nor the
//! blocks they stand in can be seen in a mean, and a standard deviation keeps its digits however large the mean is.

mod batch;
pub mod bytes;
mod counts;
mod exact;
mod moments;
mod natural;
#[cfg(test)]
mod tests;
mod values;

use crate::kernel::Lanes;
pub use batch::Batch;
use bytes::Reader;
use moments::Moments;
use values::Values;

/// More agents than this are in no reduction.
const MOST: u64 = 1 << 48;

/// One number of many agents. Takes less than 500 bytes where values are of one size, and 8 bytes more per agent where values are
/// kept (up to twice that while more come), else 1 kB and 300 bytes per sixteenth of an octave that values fall in; where more
/// than 255 agents fall in one of its 256 bins, 600 more, and 2,100 where some 10⁷ do.
#[derive(Clone, Debug)]
pub struct Reduction {
    n: u64,
    missing: u64,
    moments: Moments,
    /// Infinite the wrong way round while there is no value.
    min: f64,
    max: f64,
    values: Values,
}

impl Default for Reduction {
    /// Values are counted, not kept.
    fn default() -> Reduction {
        Reduction::new(false)
    }
}

impl Reduction {
    /// `keep`: values are kept and quantiles exact; else they are counted by their leading bits, and a quantile is off by at
    /// most 1.3e-4 of itself.
    pub fn new(keep: bool) -> Reduction {
        Reduction {
            n: 0,
            missing: 0,
            moments: Moments::default(),
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            values: Values::new(keep),
        }
    }

    /// Adds one block: the lanes that `mask` names (bit i is lane i). NaN is counted as missing; -0 is 0.
    pub fn add(&mut self, lanes: &Lanes, mask: u64) {
        let mut batch = Batch::default();
        batch.push(&lanes.0, mask);
        self.add_all(&mut batch);
    }

    /// Adds all that was put into a batch, which keeps it.
    pub fn add_all(&mut self, batch: &mut Batch) {
        let (min, max) = batch.ends();
        self.n += batch.values.len() as u64;
        self.missing += batch.missing;
        if batch.values.is_empty() {
            return;
        }
        self.min = if min < self.min { min } else { self.min };
        self.max = if max > self.max { max } else { self.max };
        self.moments.add(&batch.values, max.max(-min));
        self.values.add(&batch.values, &mut batch.known);
    }

    /// As if the other's blocks had been added here. Both keep values, or both count them.
    pub fn merge(&mut self, other: &Reduction) {
        self.n += other.n;
        self.missing += other.missing;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.moments.merge(&other.moments);
        self.values.merge(&other.values);
    }

    /// All there is, as bytes: the same agents give the same ones in whatever order and grouping they were added. What counts takes
    /// some bytes for each bin that holds something, what keeps eight for each value.
    pub fn write(&self, into: &mut Vec<u8>) {
        bytes::whole(into, self.n);
        bytes::whole(into, self.missing);
        bytes::number(into, self.min);
        bytes::number(into, self.max);
        self.moments.write(into);
        self.values.write(into);
    }

    /// What was written; `None` where the bytes are no reduction. All that is read is as good as if it had been added.
    pub fn read(reader: &mut Reader) -> Option<Reduction> {
        let (n, missing) = (reader.whole()?, reader.whole()?);
        let (min, max) = (reader.number()?, reader.number()?);
        let ends = match n {
            0 => (min, max) == (f64::INFINITY, f64::NEG_INFINITY),
            _ => min <= max,
        };
        if !ends || n > MOST || missing > MOST {
            return None;
        }
        let moments = Moments::read(reader, n)?;
        let values = Values::read(reader, n)?;
        Some(Reduction { n, missing, moments, min, max, values })
    }

    /// Agents with a value.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Agents counted that have no value (not reached, not defined).
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// The exact mean, rounded once. NaN where n is 0, and of infinities of both signs.
    pub fn mean(&self) -> f64 {
        self.moments.mean(self.n)
    }

    /// Sample standard deviation, to 2 ulp; NaN where n < 2 or a value is infinite.
    pub fn sd(&self) -> f64 {
        self.moments.sd(self.n)
    }

    /// NaN where n is 0.
    pub fn min(&self) -> f64 {
        if self.n == 0 { f64::NAN } else { self.min }
    }

    /// NaN where n is 0.
    pub fn max(&self) -> f64 {
        if self.n == 0 { f64::NAN } else { self.max }
    }

    /// Type 7, p in [0, 1]; NaN where n is 0, and between infinities of both signs.
    pub fn quantile(&self, p: f64) -> f64 {
        self.quantiles(&[p])[0]
    }

    /// Several quantiles with one sort.
    pub fn quantiles(&self, ps: &[f64]) -> Vec<f64> {
        if self.n == 0 {
            return vec![f64::NAN; ps.len()];
        }
        let ordered = self.values.ordered(self.min, self.max);
        ps.iter().map(|p| ordered.quantile(*p)).collect()
    }

    /// Quantiles are exact, not counted by leading bits.
    pub fn exact(&self) -> bool {
        matches!(self.values, Values::Kept(_))
    }
}
