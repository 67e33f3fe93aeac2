//! Sensitivity indices of one output, by the method that the design is for, each with a verdict.
//! Knows nothing of how estimates are made.

use ndarray::Array1;

use super::super::Study;
use super::super::sensitivity::{self, Bootstrap, Estimate, Slope};
use super::Columns;
use super::sample::Sample;

/// What an extrapolation to bins of no width may add to a share: of a smooth effect it leaves an error much smaller than that.
const ROUGH: f64 = 0.05;

/// A share of the variance below this is the round-off of outputs that do not depend on the factor.
const ROUND_OFF: f64 = 1e-9;

/// One estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Position in the study.
    pub output: usize,
    pub method: Method,
    /// `first`, `total`, `second`, `mu`, `mu_star`, `sigma`, `prcc`, `elasticity`, `slope`.
    pub index: &'static str,
    /// Position in the study.
    pub factor: usize,
    /// The other factor of a pair.
    pub with: Option<usize>,
    /// Of value, low and high; empty for pure numbers.
    pub unit: String,
    pub estimate: Estimate,
    pub verdict: Verdict,
    /// Points or blocks used, of those of the design.
    pub n: u64,
    pub of: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Sobol,
    Morris,
    Prcc,
    GivenData,
    Local,
}

impl Method {
    /// As it stands in tables.
    pub fn name(self) -> &'static str {
        match self {
            Method::Sobol => "Sobol'",
            Method::Morris => "Morris",
            Method::Prcc => "PRCC",
            Method::GivenData => "given data",
            Method::Local => "local",
        }
    }

    /// Its indices of single factors.
    pub fn indices(self) -> &'static [&'static str] {
        match self {
            Method::Sobol => &["total", "first"],
            Method::Morris => &["mu_star", "mu", "sigma"],
            Method::Prcc => &["prcc"],
            Method::GivenData => &["first"],
            Method::Local => &["elasticity", "slope"],
        }
    }
}

/// What an estimate is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// From zero.
    Distinguishable,
    /// From zero.
    NotDistinguishable,
    /// The output goes up and down along the factor, so that a measure of monotone association says little.
    NotMonotone,
    /// The output bends more along the factor than so many points show, so that a share from bins is a rough one.
    Unresolved,
    /// Why there is no estimate, or no interval.
    Because(String),
}

impl Verdict {
    /// As it stands in tables; empty where the estimate speaks for itself.
    pub fn text(&self) -> &str {
        match self {
            Verdict::Distinguishable => "",
            Verdict::NotDistinguishable => "not distinguishable from zero",
            Verdict::NotMonotone => "not monotone: the output goes up and down along the factor",
            Verdict::Unresolved => {
                "not resolved: too few points for the shape of the effect, the share is rough"
            }
            Verdict::Because(reason) => reason,
        }
    }

    fn of(estimate: Estimate, reason: Option<&str>) -> Verdict {
        if estimate.value.is_nan() {
            return Verdict::Because(reason.unwrap_or("the factor has one value only").to_owned());
        }
        match estimate.low.is_nan() {
            true => Verdict::Because("too few points for an interval".to_owned()),
            false if estimate.is_distinguishable() => Verdict::Distinguishable,
            false => Verdict::NotDistinguishable,
        }
    }

    /// Of a share of the variance: one that is all round-off is none, however narrow its interval.
    pub(super) fn of_share(estimate: Estimate, reason: Option<&str>) -> Verdict {
        match Verdict::of(estimate, reason) {
            Verdict::Distinguishable if estimate.value.abs() < ROUND_OFF => Verdict::NotDistinguishable,
            verdict => verdict,
        }
    }
}

/// The indices of one output by one method.
pub(super) fn of(
    study: &Study,
    method: Method,
    sample: &Sample,
    columns: &Columns,
    output: usize,
) -> Vec<Index> {
    let blocks = study.points / study.design.block();
    let one = One { study, method, sample, y: sample.y(columns, output), output, blocks };
    let found = match method {
        _ if sample.is_empty() => Err("no whole block of points is there".to_owned()),
        Method::Sobol => one.sobol(),
        Method::Morris => one.morris(),
        Method::Prcc => one.prcc(),
        Method::GivenData => one.given_data(),
        Method::Local => one.local(),
    };
    // The points are those of the design, so that only what is empty comes here.
    found.unwrap_or_else(|reason| {
        let none = vec![Estimate::NONE; study.factors.len()];
        method.indices().iter().flat_map(|index| one.rows(index, &none, 0, Some(&reason))).collect()
    })
}

struct One<'a> {
    study: &'a Study,
    method: Method,
    sample: &'a Sample,
    y: Array1<f64>,
    output: usize,
    /// Of the design.
    blocks: u64,
}

type Found = Result<Vec<Index>, String>;

impl One<'_> {
    fn bootstrap(&self) -> Bootstrap {
        Bootstrap::new(self.study.design.seed)
    }

    fn row(
        &self,
        index: &'static str,
        factor: usize,
        estimate: Estimate,
        n: usize,
        verdict: Verdict,
    ) -> Index {
        let unit = match index {
            "mu" | "mu_star" | "sigma" | "slope" => self.study.outputs[self.output].unit.clone(),
            _ => String::new(),
        };
        let (n, of) = (n as u64, self.blocks);
        Index {
            output: self.output,
            method: self.method,
            index,
            factor,
            with: None,
            unit,
            estimate,
            verdict,
            n,
            of,
        }
    }

    /// An index of each factor.
    fn rows(
        &self,
        index: &'static str,
        estimates: &[Estimate],
        n: usize,
        reason: Option<&str>,
    ) -> Vec<Index> {
        let row = |(factor, estimate): (usize, &Estimate)| {
            let verdict = match self.method {
                Method::Sobol | Method::GivenData => Verdict::of_share(*estimate, reason),
                _ => Verdict::of(*estimate, reason),
            };
            self.row(index, factor, *estimate, n, verdict)
        };
        estimates.iter().enumerate().map(row).collect()
    }

    fn sobol(&self) -> Found {
        let found = sensitivity::sobol(self.sample.x.view(), self.y.view(), self.bootstrap())?;
        let reason = found.reason.as_deref();
        let mut rows = self.rows("total", &found.total, found.blocks, reason);
        rows.extend(self.rows("first", &found.first, found.blocks, reason));
        rows.extend(found.second.iter().map(|pair| {
            let verdict = Verdict::of_share(pair.index, reason);
            let row = self.row("second", pair.factors.0, pair.index, found.blocks, verdict);
            Index { with: Some(pair.factors.1), ..row }
        }));
        Ok(rows)
    }

    fn morris(&self) -> Found {
        let found = sensitivity::morris(self.sample.x.view(), self.y.view(), self.bootstrap())?;
        let effects = |factor: usize| found.effects.column(factor).iter().filter(|e| e.is_finite()).count();
        let few = "one effect has no deviation";
        let reason = found.reason.as_deref().unwrap_or(few);
        let of_factors = [("mu_star", &found.mu_star), ("mu", &found.mu), ("sigma", &found.sigma)];
        let row = |index: &'static str, (factor, estimate): (usize, &Estimate)| {
            self.row(index, factor, *estimate, effects(factor), Verdict::of(*estimate, Some(reason)))
        };
        let rows = of_factors.into_iter();
        Ok(rows.flat_map(|(index, all)| all.iter().enumerate().map(move |one| row(index, one))).collect())
    }

    fn prcc(&self) -> Found {
        let found = sensitivity::prcc(self.sample.x.view(), self.y.view(), self.bootstrap())?;
        let n = found.dropped.of - found.dropped.dropped;
        let mut rows = self.rows("prcc", &found.coefficients, n, found.reason.as_deref());
        for (row, trend) in rows.iter_mut().zip(&found.trends) {
            if trend.is_mixed() {
                row.verdict = Verdict::NotMonotone;
            }
        }
        Ok(rows)
    }

    fn given_data(&self) -> Found {
        let found = sensitivity::given_data(self.sample.x.view(), self.y.view(), self.bootstrap())?;
        let n = found.dropped.of - found.dropped.dropped;
        let mut rows = self.rows("first", &found.first, n, found.reason.as_deref());
        for (row, unresolved) in rows.iter_mut().zip(&found.unresolved) {
            if *unresolved > ROUGH && *unresolved > row.estimate.value - row.estimate.low {
                row.verdict = Verdict::Unresolved;
            }
        }
        Ok(rows)
    }

    /// Low and high are the estimate less and plus about what it is off at most.
    fn local(&self) -> Found {
        let mut steps = self.sample.x.clone();
        for (mut column, factor) in steps.columns_mut().into_iter().zip(&self.study.factors) {
            let step = factor.step().ok_or("a factor has no centre")?;
            column.mapv_inplace(|coordinate| (2.0 * coordinate - 1.0) * step);
        }
        let found = sensitivity::local(steps.view(), self.y.view())?;
        let used = |factor: usize| {
            let alone = |row: usize| steps.row(row).iter().enumerate().all(|(i, d)| i == factor || *d == 0.0);
            (0..self.y.len()).filter(|row| alone(*row) && self.y[*row].is_finite()).count()
        };
        let row = |index: &'static str, factor: usize, slope: &Slope| {
            let Slope { value, error } = *slope;
            let estimate = Estimate { value, low: value - error, high: value + error };
            let why = found.reasons[factor].as_deref().unwrap_or("a step has no value");
            let verdict = match Verdict::of(estimate, Some(why)) {
                Verdict::Because(_) if !value.is_nan() => {
                    Verdict::Because("one length of step only, so its error is not known".to_owned())
                }
                verdict => verdict,
            };
            // The centre and four steps.
            Index { of: 5, ..self.row(index, factor, estimate, used(factor), verdict) }
        };
        let slopes = [("elasticity", &found.elasticities), ("slope", &found.slopes)].into_iter();
        let rows = slopes.flat_map(|(index, all)| all.iter().enumerate().map(move |(i, s)| row(index, i, s)));
        Ok(rows.collect())
    }
}
