//! What is known of many agents at once: counts, exact sums, quantiles; merging in any grouping gives the same bits.
//! Knows nothing of threads, names or times.

/// One number of many agents.
#[derive(Clone, Debug, Default)]
pub struct Reduction {
    _todo: (),
}

impl Reduction {
    /// `keep`: values are kept and quantiles exact; else they are counted by their leading bits.
    pub fn new(keep: bool) -> Reduction {
        todo!()
    }
    /// Adds one block: the lanes that `mask` names, in lane order. NaN is counted as missing.
    pub fn add(&mut self, lanes: &crate::kernel::Lanes, mask: u64) {
        todo!()
    }
    pub fn merge(&mut self, other: &Reduction) {
        todo!()
    }
    /// Agents with a value.
    pub fn n(&self) -> u64 {
        todo!()
    }
    /// Agents counted that have no value (not reached, not defined).
    pub fn missing(&self) -> u64 {
        todo!()
    }
    /// NaN where n is 0.
    pub fn mean(&self) -> f64 {
        todo!()
    }
    /// Sample standard deviation; NaN where n < 2.
    pub fn sd(&self) -> f64 {
        todo!()
    }
    pub fn min(&self) -> f64 {
        todo!()
    }
    pub fn max(&self) -> f64 {
        todo!()
    }
    /// Type 7, p in [0, 1]; NaN where n is 0.
    pub fn quantile(&self, p: f64) -> f64 {
        todo!()
    }
    /// Several quantiles with one sort.
    pub fn quantiles(&self, ps: &[f64]) -> Vec<f64> {
        todo!()
    }
    /// Quantiles are exact, not counted by leading bits.
    pub fn exact(&self) -> bool {
        todo!()
    }
}
