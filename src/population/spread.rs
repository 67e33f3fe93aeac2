//! How a parameter differs between agents: from luck (a standard normal score) and a centre to a value.
//! Knows nothing of where luck comes from.

use rand::Rng;
use rand::distr::Distribution;

use crate::math::{
    beta_quantile, exp, exp_m1, gamma_quantile, ln, ln_1p, logistic, normal_cdf, normal_quantile,
};
use crate::rng::open_unit;

/// A distribution around the parameter's value, which stands where each kind says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// value * e^(sdlog z); the value is the median, and 0 is 0 for everyone.
    Lognormal { sdlog: f64 },
    /// value + sd z; the value is mean and median.
    Normal { sd: f64 },
    /// Normal on the scale ln(x/(1 - x)); the value, in (0, 1), is the median.
    LogitNormal { sd: f64 },
    /// Even between two ends; the value is not used.
    Uniform { low: f64, high: f64 },
    /// Even on the logarithmic scale between two positive ends; the value is not used.
    LogUniform { low: f64, high: f64 },
    /// A triangle over [low, high]; the value is its top.
    Triangular { low: f64, high: f64 },
    /// Gamma; the value is the mean.
    Gamma { cv: f64 },
    /// Beta on (0, 1); the value is the mean.
    Beta { cv: f64 },
}

/// What a spread comes to, for display.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    pub median: f64,
    /// Standard deviation over the size of the mean.
    pub cv: f64,
    /// Standard deviation of the logarithm for spreads that are even or normal there, NaN for the others.
    pub sdlog: f64,
}

/// Standard deviation of the logarithm of a log-normal with coefficient of variation `cv`: sqrt(ln(1 + cv^2)).
pub fn sdlog_of_cv(cv: f64) -> f64 {
    ln_1p(cv * cv).sqrt()
}

/// Coefficient of variation of a log-normal: sqrt(e^(sdlog^2) - 1).
pub fn cv_of_sdlog(sdlog: f64) -> f64 {
    exp_m1(sdlog * sdlog).sqrt()
}

/// ln(p/(1 - p)).
fn logit(p: f64) -> f64 {
    ln(p) - ln_1p(-p)
}

/// The two shapes of a beta distribution by its mean and coefficient of variation.
fn beta_shapes(mean: f64, cv: f64) -> (f64, f64) {
    let sum = (1.0 - mean) / (mean * cv * cv) - 1.0;
    (mean * sum, (1.0 - mean) * sum)
}

/// `low` at z = -inf, `high` at z = inf, even in the probability between them. Counted from the nearer end, so that
/// neither is passed.
fn between(low: f64, high: f64, z: f64) -> f64 {
    let tail = normal_cdf(-z.abs());
    if z < 0.0 { low + (high - low) * tail } else { high - (high - low) * tail }
}

fn triangular(low: f64, top: f64, high: f64, z: f64) -> f64 {
    let width = high - low;
    if normal_cdf(z) * width < top - low {
        low + (normal_cdf(z) * width * (top - low)).sqrt()
    } else {
        high - (normal_cdf(-z) * width * (high - top)).sqrt()
    }
}

impl Spread {
    /// The value of an agent with luck `z`, non-decreasing in z. `value` is the centre, in the model's units;
    /// meaningful where `problem` finds none.
    pub fn quantile(&self, value: f64, z: f64) -> f64 {
        match *self {
            // Not a product: a factor beyond the largest float would make NaN of 0.
            Spread::Lognormal { .. } if value == 0.0 => 0.0,
            Spread::Lognormal { sdlog } => value * exp(sdlog * z),
            Spread::Normal { sd } => value + sd * z,
            Spread::LogitNormal { sd } => logistic(logit(value) + sd * z),
            Spread::Uniform { low, high } => between(low, high, z),
            Spread::LogUniform { low, high } => exp(between(ln(low), ln(high), z)).clamp(low, high),
            Spread::Triangular { low, high } => triangular(low, value, high, z),
            Spread::Gamma { cv } => {
                let shape = 1.0 / (cv * cv);
                gamma_quantile(shape, z) * (value / shape)
            }
            Spread::Beta { cv } => {
                let (a, b) = beta_shapes(value, cv);
                beta_quantile(a, b, z)
            }
        }
    }

    /// Why no agent can be drawn around this value, or nothing.
    pub fn problem(&self, value: f64) -> Option<String> {
        let positive = |name: &str, size: f64| {
            (!(size > 0.0 && size.is_finite()))
                .then(|| format!("{name} is {size}; it must be a positive number"))
        };
        let ordered = |low: f64, high: f64| {
            (!(low < high && (high - low).is_finite()))
                .then(|| format!("low is {low} and high is {high}; low must be below high"))
        };
        let needs = |holds: bool, what: &str| (!holds).then(|| format!("the value is {value}; {what}"));
        match *self {
            Spread::Lognormal { sdlog } => {
                // Around 0 everyone is at 0: what switches a process off may still be said to vary.
                let value = needs(
                    value >= 0.0 && value.is_finite(),
                    "a log-normal spread needs a median of at least 0",
                );
                positive("sdlog", sdlog).or(value)
            }
            Spread::Normal { sd } => positive("sd", sd).or(needs(value.is_finite(), "it must be a number")),
            Spread::LogitNormal { sd } => positive("sd", sd).or(needs(
                value > 0.0 && value < 1.0,
                "a logit-normal spread needs a median between 0 and 1",
            )),
            Spread::Uniform { low, high } => ordered(low, high),
            Spread::LogUniform { low, high } => positive("low", low).or(ordered(low, high)),
            Spread::Triangular { low, high } => ordered(low, high).or(needs(
                low <= value && value <= high,
                &format!("the top of a triangle must lie between its ends, {low} and {high}"),
            )),
            Spread::Gamma { cv } => positive("cv", cv)
                .or(needs(value > 0.0 && value.is_finite(), "a gamma spread needs a positive mean"))
                .or((!(1e-7..=1e3).contains(&cv))
                    .then(|| format!("cv is {cv}; a gamma spread takes a cv between 1e-7 and 1000"))),
            Spread::Beta { cv } => positive("cv", cv)
                .or(needs(value > 0.0 && value < 1.0, "a beta spread needs a mean between 0 and 1"))
                .or(beta_problem(value, cv)),
        }
    }

    /// Median, coefficient of variation and, where it is meant, the standard deviation of the logarithm.
    pub fn summary(&self, value: f64) -> Summary {
        let (cv, sdlog) = match *self {
            Spread::Lognormal { sdlog } => (cv_of_sdlog(sdlog), sdlog),
            Spread::Normal { sd } => (sd / value.abs(), f64::NAN),
            Spread::LogitNormal { .. } => (self.cv_by_quadrature(value), f64::NAN),
            Spread::Uniform { low, high } => {
                ((high - low) / 12f64.sqrt() / (0.5 * (low + high)).abs(), f64::NAN)
            }
            Spread::LogUniform { low, high } => {
                // With h half the logarithmic width: mean square over square of the mean is h/tanh h.
                let half = 0.5 * (ln(high) - ln(low));
                let excess = half / crate::math::tanh(half) - 1.0;
                (excess.max(0.0).sqrt(), half / 3f64.sqrt())
            }
            Spread::Triangular { low, high } => {
                let (a, b, c) = (value - low, high - value, high - low);
                let variance = (a * a + b * b + c * c) / 36.0;
                (variance.sqrt() / ((low + value + high) / 3.0).abs(), f64::NAN)
            }
            Spread::Gamma { cv } | Spread::Beta { cv } => (cv, f64::NAN),
        };
        Summary { median: self.quantile(value, 0.0), cv, sdlog }
    }

    /// Sums over evenly spaced scores, which for a smooth quantile and the normal weight converge faster than any power.
    fn cv_by_quadrature(&self, value: f64) -> f64 {
        let scores = (-512..=512).map(|i| f64::from(i) / 64.0 * 1.25);
        let (mut weights, mut sum, mut squares) = (0.0, 0.0, 0.0);
        let median = self.quantile(value, 0.0);
        for z in scores {
            let (weight, apart) = (exp(-0.5 * z * z), self.quantile(value, z) - median);
            weights += weight;
            sum += weight * apart;
            squares += weight * apart * apart;
        }
        let shift = sum / weights;
        (squares / weights - shift * shift).max(0.0).sqrt() / (median + shift).abs()
    }
}

/// A beta distribution of a given mean has a largest cv, at which all agents stand at 0 or 1.
fn beta_problem(mean: f64, cv: f64) -> Option<String> {
    let largest = ((1.0 - mean) / mean).sqrt();
    if cv >= largest {
        return Some(format!("cv is {cv}; a beta spread with mean {mean} needs a cv below {largest:.4}"));
    }
    let (a, b) = beta_shapes(mean, cv);
    let fits = a.min(b) >= 1e-6 && a.max(b) <= 1e14;
    (!fits).then(|| format!("cv is {cv}; it is too extreme for a beta spread with mean {mean}"))
}

/// A spread around a value, as a distribution of `rand`: one draw of 64 bits, one value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centred {
    pub spread: Spread,
    pub value: f64,
}

impl Distribution<f64> for Centred {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.spread.quantile(self.value, normal_quantile(open_unit(rng.next_u64())))
    }
}
