//! The standard normal distribution: its distribution function and quantile.
//! Knows nothing of draws.
//!
//! With the tail P(Z > z) = e^(-z^2/2) M(z) for z >= 0, M(z) (z + 1) is smooth and between 0.36 and 0.5: a polynomial
//! in t = (z - 4)/(z + 4), so the relative error is the same from the middle to the last number.
//! The quantile is three ratios of polynomials: in 0.425^2 - (p - 1/2)^2 in the middle, in
//! sqrt(-ln p) on the two parts of the tail. The division into these three regions is that of
//! unchecked: M. J. Wichura 1988, Appl. Stat. 37:477 (AS 241); the coefficients are our own.

use super::exact::{Double, Split, polynomial};
use super::exponential::exp_of;
use super::logarithm::ln;

/// M(z)(z + 1) over t for z in [0, 39]: interpolated at Chebyshev nodes in 60 digits
/// (`tests/data/math.py coefficients`); truncation below 2^-53.
const TAIL: [f64; 23] = [
    0.47205320650984467,
    -0.09670347732652537,
    0.013999634724429484,
    0.028600364053505536,
    -0.03219783742831323,
    0.017936097481063274,
    -0.005002378585987421,
    -0.0002856231172674321,
    0.0006948970458933204,
    -9.443010932300517e-05,
    -8.785278100423642e-05,
    2.1249416709821007e-05,
    1.362512870208532e-05,
    -3.430553944494517e-06,
    -2.608039199565658e-06,
    4.02096637961752e-07,
    5.432100827612577e-07,
    2.8055596826956697e-09,
    -1.0111129755671242e-07,
    -1.888137725703163e-08,
    1.134064999612679e-08,
    4.347202324981508e-09,
    1.9844072305621602e-10,
];

/// P(Z > z) for z >= 0.
#[inline(always)]
fn upper_tail(z: f64) -> f64 {
    let z = if z > 39.0 { 39.0 } else { z };
    let t = (z - 4.0) / (z + 4.0);
    exp_of(Double::product::<Split>(z, z).scaled(-0.5)) * (polynomial(t, &TAIL) / (z + 1.0))
}

/// Standard normal distribution function, relative error below 1e-15 (below 1e-13 of 2^-1022 where it is subnormal).
#[inline(always)]
pub fn normal_cdf(z: f64) -> f64 {
    let tail = upper_tail(z.abs());
    if z > 0.0 { 1.0 - tail } else { tail }
}

/// A numerator and a denominator, from the constant upward: relative least squares at Chebyshev nodes in 50 digits
/// (`tests/data/math.py coefficients`); off by at most 1.2 * 2^-53.
struct Ratio {
    numerator: [f64; 8],
    denominator: [f64; 8],
}

impl Ratio {
    #[inline(always)]
    fn at(&self, x: f64) -> f64 {
        polynomial(x, &self.numerator) / polynomial(x, &self.denominator)
    }
}

/// z/(p - 1/2) for |p - 1/2| <= 0.425.
const MIDDLE: Ratio = Ratio {
    numerator: [
        3.3871328727963665,
        132.94834606368894,
        1965.2853779829193,
        13658.811121265733,
        45561.2932015167,
        66532.51006767429,
        32946.38088827266,
        2462.425121980249,
    ],
    denominator: [
        1.0,
        42.25625534159708,
        685.1538560333714,
        5367.827342190193,
        21061.02880042378,
        38916.62728088063,
        28350.48761525133,
        5138.385719369858,
    ],
};
/// -z over sqrt(-ln p) - 1.6, up to sqrt(-ln p) = 5.
const NEAR: Ratio = Ratio {
    numerator: [
        1.4234371107496837,
        4.634169959996821,
        5.78124751652381,
        3.6609093634933796,
        1.2771629170912289,
        0.2434195333954494,
        0.022897056834228543,
        0.000780265052355721,
    ],
    denominator: [
        1.0,
        2.055883781992809,
        1.6814098293424742,
        0.6931471239597509,
        0.14908814737183057,
        0.015314713081492619,
        0.0005516381984955718,
        1.0507009396451084e-09,
    ],
};
/// -z over sqrt(-ln p) - 5, up to the smallest number.
const FAR: Ratio = Ratio {
    numerator: [
        6.657904643501103,
        5.462140161110791,
        1.7835859479374445,
        0.29619810194972757,
        0.02648052124113828,
        0.001238964742614104,
        2.6994573504009005e-05,
        1.9970165582011034e-07,
    ],
    denominator: [
        1.0,
        0.5995851693660523,
        0.13679809652355535,
        0.01484969673164776,
        0.0007846566721231669,
        1.8382340958557708e-05,
        1.4120947541714674e-07,
        2.004572425908309e-15,
    ],
};

/// Standard normal quantile of p in (0, 1), relative error below 2e-15. -inf at 0, inf at 1, NaN outside.
#[inline(always)]
pub fn normal_quantile(p: f64) -> f64 {
    let from_half = p - 0.5;
    let middle = from_half * MIDDLE.at(0.180625 - from_half * from_half);
    let rarer = if from_half > 0.0 { 1.0 - p } else { p };
    let depth = (-ln(rarer)).sqrt();
    let tail = if depth > 5.0 { FAR.at(depth - 5.0) } else { NEAR.at(depth - 1.6) };
    let value = if from_half.abs() <= 0.425 { middle } else { tail.copysign(from_half) };
    let value = if rarer == 0.0 { f64::INFINITY.copysign(from_half) } else { value };
    if rarer >= 0.0 { value } else { f64::NAN }
}
