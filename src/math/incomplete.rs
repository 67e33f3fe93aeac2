//! Quantiles of the gamma and beta distributions at the probability of a normal score.
//! Knows nothing of means and coefficients of variation.
//!
//! The smaller of the two tails is inverted, by Newton's method on its logarithm with a bracket, so neither tail
//! loses digits. Densities are written around their mean (the exponent is the shape times d - ln(1 + d), with d the
//! relative distance from the mean), because the factors of x^a e^-x / Γ(a) cancel for large shapes.
//! Relative error below 1e-11, and mostly far below.
//! unchecked: C. Loader 2000, "Fast and accurate computation of binomial probabilities" (densities around the mean);
//! Abramowitz & Stegun 1964, 6.5.29 and 6.5.31 (series and continued fraction), 26.5.8 (continued fraction of beta),
//! 26.4.17 (start), 26.2.49 (expansion for large shapes).

use super::{exp, exp_m1, ln, ln_1p, logistic, normal_cdf};

/// Beyond, a normal score has the luck of its end: its tail is about the smallest number.
const LAST_SCORE: f64 = 37.0;
/// Above this shape the gamma quantile comes from its expansion in 1/sqrt(shape), off by less than 1e-12 there.
const LARGE_GAMMA: f64 = 1e5;
/// The same for the smaller shape of beta, whose expansion has fewer terms.
const LARGE_BETA: f64 = 1e7;
/// Series and fractions need about six times the root of the largest shape that reaches them.
const TERMS: u32 = 100_000;
const TAU: f64 = std::f64::consts::TAU;

/// ln Γ(a) - (a - 1/2) ln a + a - ln(2 pi)/2: Stirling's series from 10 on, recurrence below.
fn stirling_rest(a: f64) -> f64 {
    let (mut a, mut sum) = (a, 0.0);
    while a < 10.0 {
        sum += (a + 0.5) * ln_1p(1.0 / a) - 1.0;
        a += 1.0;
    }
    let w = 1.0 / (a * a);
    // B_2n / (2n (2n - 1)), Bernoulli's numbers.
    let series = 1.0 / 156.0;
    let series = series * w - 691.0 / 360_360.0;
    let series = series * w + 1.0 / 1_188.0;
    let series = series * w - 1.0 / 1_680.0;
    let series = series * w + 1.0 / 1_260.0;
    let series = series * w - 1.0 / 360.0;
    sum + (series * w + 1.0 / 12.0) / a
}

/// d - ln(1 + d), given 1 + d as well, since d alone has lost a ratio near 0.
fn excess(ratio: f64, d: f64) -> f64 {
    if d.abs() > 0.3 {
        return d - ln(ratio);
    }
    // ln(1 + d) = 2 atanh(s) with s = d/(2 + d), and d - 2s = s d.
    let s = d / (2.0 + d);
    let z = s * s;
    let series = (0..14).rev().fold(0.0, |sum, k| sum * z + 1.0 / f64::from(2 * k + 3));
    s * d - 2.0 * s * z * series
}

/// One of the two tails of a distribution along a scale on which it is smooth.
struct Tail {
    /// ln of the tail, and the size of the slope of that.
    ln: f64,
    slope: f64,
}

impl Tail {
    /// From the tail that was computed and whether it is the wanted one; `density` per unit of the scale.
    fn of(computed: f64, is_wanted: bool, density: f64) -> Tail {
        let tail = if is_wanted { computed } else { 1.0 - computed };
        Tail { ln: if tail > 0.0 { ln(tail) } else { f64::NEG_INFINITY }, slope: density / tail }
    }
}

/// Where the logarithm of a tail reaches that of the normal tail at `z`: the lower tail, which rises, for z < 0, the upper
/// tail, which falls, otherwise. `spacing` is the scale's unit of luck; a bracket's end is returned if the place lies outside.
fn place(
    z: f64,
    (mut low, mut high): (f64, f64),
    start: f64,
    spacing: f64,
    tail: impl Fn(f64) -> Tail,
) -> f64 {
    let target = ln(normal_cdf(-z.abs()));
    let rises = z < 0.0;
    let mut at = start.clamp(low, high);
    for round in 0..100 {
        let here = tail(at);
        let missing = target - here.ln;
        if (missing > 0.0) == rises {
            low = at
        } else {
            high = at
        }
        let step = if rises { missing } else { -missing } / here.slope;
        let newton = at + step;
        // NaN and infinite steps fail the comparison too.
        let next = if round < 25 && newton >= low && newton <= high { newton } else { 0.5 * (low + high) };
        let moved = (next - at).abs();
        at = next;
        if moved <= 1e-11 * spacing || high - low <= 1e-16 * (1.0 + at.abs()) {
            break;
        }
    }
    at
}

/// x with P(X <= x) = normal_cdf(z) for X gamma distributed with `shape` > 0 and scale 1; at least 2^-1022.
pub fn gamma_quantile(shape: f64, z: f64) -> f64 {
    let a = shape;
    let z = z.clamp(-LAST_SCORE, LAST_SCORE);
    if a > LARGE_GAMMA {
        return large_gamma_quantile(a, z);
    }
    let rest = stirling_rest(a);
    let root = (a / TAU).sqrt();
    // u = ln(x/a); the density per unit of u is x^a e^-x / Γ(a).
    let tail = |u: f64| {
        let x = a * exp(u);
        let density = root * exp(-a * (exp_m1(u) - u) - rest);
        if x < a + 1.0 {
            Tail::of(density * gamma_series(a, x), z < 0.0, density)
        } else {
            Tail::of(density * gamma_fraction(a, x), z >= 0.0, density)
        }
    };
    let cube_root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt());
    let start = if a > 0.3 && cube_root > 0.1 {
        3.0 * ln(cube_root)
    } else {
        // The lower tail is density/a where x is small.
        (ln(normal_cdf(z)) + ln(a / root) + rest) / a - 1.0
    };
    let bracket = (-760.0 - ln(a).max(0.0), ln((a + 80.0 * a.sqrt() + 1_500.0) / a));
    let u = place(z, bracket, start, (1.0 / a.sqrt()).min(1.0), tail);
    (a * exp(u)).max(f64::MIN_POSITIVE)
}

/// Sum of x^n / (a (a + 1) … (a + n)): the lower tail over x^a e^-x / Γ(a).
fn gamma_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    for n in 1..TERMS {
        term *= x / (a + f64::from(n));
        sum += term;
        if term <= 1e-17 * sum {
            break;
        }
    }
    sum
}

/// 1/(x + 1 - a - 1(1 - a)/(x + 3 - a - …)): the upper tail over x^a e^-x / Γ(a).
fn gamma_fraction(a: f64, x: f64) -> f64 {
    let first = x + 1.0 - a;
    let mut fraction = Fraction::new(first);
    for n in 1..TERMS {
        let n = f64::from(n);
        if fraction.has_settled_with(n * (a - n), first + 2.0 * n) {
            break;
        }
    }
    1.0 / fraction.value
}

/// Cornish and Fisher's expansion of the gamma quantile to the fifth power of 1/sqrt(shape).
fn large_gamma_quantile(a: f64, z: f64) -> f64 {
    let w = z * z;
    let e = 1.0 / a.sqrt();
    let fifth = z * ((9.0 * w + 256.0) * w - 433.0) / 38_880.0;
    let fourth = -((3.0 * w + 7.0) * w - 16.0) / 810.0;
    let third = z * (w - 7.0) / 36.0;
    let relative = e * (z + e * ((w - 1.0) / 3.0 + e * (third + e * (fourth + e * fifth))));
    a * (1.0 + relative)
}

/// A continued fraction b0 + a1/(b1 + a2/(b2 + …)) from its front, by the ratios of its numerators and denominators.
/// unchecked: W. J. Lentz 1976, Appl. Opt. 15:668.
struct Fraction {
    value: f64,
    numerators: f64,
    denominators: f64,
}

impl Fraction {
    fn new(lead: f64) -> Fraction {
        Fraction { value: lead, numerators: lead, denominators: 0.0 }
    }

    /// Takes in the next part; whether it has stopped to matter.
    fn has_settled_with(&mut self, over: f64, under: f64) -> bool {
        let kept = |x: f64| if x.abs() < 1e-300 { 1e-300 } else { x };
        self.denominators = 1.0 / kept(under + over * self.denominators);
        self.numerators = kept(under + over / self.numerators);
        let factor = self.numerators * self.denominators;
        self.value *= factor;
        (factor - 1.0).abs() <= 1e-16
    }
}

/// x with P(X <= x) = normal_cdf(z) for X beta distributed with shapes `a`, `b` > 0; strictly between 0 and 1.
pub fn beta_quantile(a: f64, b: f64, z: f64) -> f64 {
    let z = z.clamp(-LAST_SCORE, LAST_SCORE);
    let n = a + b;
    let (mean, rest_mean) = (a / n, b / n);
    if a.min(b) > LARGE_BETA {
        return large_beta_quantile(a, b, z);
    }
    let ln_height = 0.5 * ln(a / TAU * rest_mean) + stirling_rest(n) - stirling_rest(a) - stirling_rest(b);
    // v = ln(x/(1 - x)); the density per unit of v is x^a (1 - x)^b / B(a, b).
    let tail = |v: f64| {
        let (x, y) = (logistic(v), logistic(-v));
        let above = if x < 0.5 { x - mean } else { rest_mean - y };
        let exponent = a * excess(x / mean, above / mean) + b * excess(y / rest_mean, -above / rest_mean);
        let density = exp(ln_height - exponent);
        if x < (a + 1.0) / (n + 2.0) {
            Tail::of(density * beta_fraction(a, b, x) / a, z < 0.0, density)
        } else {
            Tail::of(density * beta_fraction(b, a, y) / b, z >= 0.0, density)
        }
    };
    let spacing = 1.0 / (n * mean * rest_mean).sqrt();
    // Where a shape is below 1 its end holds much of the whole: the tail is x^shape/(shape B) there.
    let ln_beta = a * ln(mean) + b * ln(rest_mean) - ln_height;
    let start = if z < 0.0 && a < 1.0 {
        (ln(normal_cdf(z)) + ln(a) + ln_beta) / a
    } else if z >= 0.0 && b < 1.0 {
        -(ln(normal_cdf(-z)) + ln(b) + ln_beta) / b
    } else {
        ln(a / b) + z * spacing
    };
    let v = place(z, (-760.0, 760.0), start, spacing.min(1.0), tail);
    logistic(v).clamp(f64::MIN_POSITIVE, 1.0 - 0.5 * f64::EPSILON)
}

/// The continued fraction of the incomplete beta function: the lower tail times a over x^a (1 - x)^b / B(a, b).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let mut fraction = Fraction::new(1.0);
    if fraction.has_settled_with(-(a + b) * x / (a + 1.0), 1.0) {
        return 1.0 / fraction.value;
    }
    for m in 1..TERMS {
        let m = f64::from(m);
        let twice = a + 2.0 * m;
        let even = fraction.has_settled_with(m * (b - m) * x / ((twice - 1.0) * twice), 1.0);
        let odd = fraction.has_settled_with(-(a + m) * (a + b + m) * x / (twice * (twice + 1.0)), 1.0);
        if even && odd {
            break;
        }
    }
    1.0 / fraction.value
}

/// Cornish and Fisher's expansion by skewness and excess kurtosis.
fn large_beta_quantile(a: f64, b: f64, z: f64) -> f64 {
    let n = a + b;
    let mean = a / n;
    let sd = (mean * (b / n) / (n + 1.0)).sqrt();
    let skewness = 2.0 * (b - a) * (n + 1.0).sqrt() / ((n + 2.0) * a.sqrt() * b.sqrt());
    let ratio = (a - b) / a * ((a - b) / b);
    let kurtosis = 6.0 * (ratio * (n + 1.0) / (n + 2.0) - 1.0) / (n + 3.0);
    let w = z * z;
    let score = z + skewness * (w - 1.0) / 6.0 + kurtosis * z * (w - 3.0) / 24.0
        - skewness * skewness * z * (2.0 * w - 5.0) / 36.0;
    (mean + sd * score).clamp(f64::MIN_POSITIVE, 1.0 - 0.5 * f64::EPSILON)
}

#[cfg(test)]
mod tests;
