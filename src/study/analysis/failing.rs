//! Where points without a number lie, factor by factor, in the factor's own unit.
//! Knows nothing of why they have none.

use super::super::Study;
use super::super::Value;
use super::super::sensitivity::{Dropped, Leaning};
use super::Columns;
use super::sample::Sample;

/// How points without a number lie along one factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Failing {
    /// Position in the study.
    pub output: usize,
    /// Position in the study.
    pub factor: usize,
    /// Points without a number, of those that were looked at.
    pub failed: u64,
    pub of: u64,
    /// As in `sensitivity::Leaning`; NaN where all points failed.
    pub distance: f64,
    pub critical: f64,
    /// In the factor's unit; NaN where its values are texts or all points failed.
    pub failed_median: f64,
    pub others_median: f64,
    /// Whether they lie elsewhere than the others, beyond chance; `None` where all points failed.
    pub elsewhere: Option<bool>,
}

impl Failing {
    /// As it stands in tables; empty where they lie elsewhere.
    pub fn verdict(&self) -> &'static str {
        match self.elsewhere {
            Some(true) => "",
            Some(false) => "not distinguishable from the others",
            None => "all points failed",
        }
    }
}

/// A row for each factor; none where no point failed.
pub(super) fn of(study: &Study, sample: &Sample, columns: &Columns, output: usize) -> Vec<Failing> {
    let y = sample.y(columns, output);
    if y.iter().all(|y| y.is_finite()) {
        return Vec::new();
    }
    let block = usize::try_from(study.design.block()).unwrap_or(usize::MAX);
    let dropped = Dropped::new(sample.x.view(), y.view(), block, 0, 0);
    let value = |factor: usize, coordinate: f64| match study.factors[factor].value(coordinate) {
        Value::Number(number) => number,
        Value::Text(_) => f64::NAN,
    };
    let row = |factor: usize| {
        let leaning: Option<&Leaning> = dropped.factors.get(factor);
        let number = |of: &dyn Fn(&Leaning) -> f64| leaning.map_or(f64::NAN, of);
        Failing {
            output,
            factor,
            failed: dropped.failed as u64,
            of: dropped.points as u64,
            distance: number(&|leaning| leaning.distance),
            critical: number(&|leaning| leaning.critical),
            failed_median: number(&|leaning| value(factor, leaning.failed_median)),
            others_median: number(&|leaning| value(factor, leaning.others_median)),
            elsewhere: leaning.map(Leaning::is_distinguishable),
        }
    };
    (0..study.factors.len()).map(row).collect()
}
