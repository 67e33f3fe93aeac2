//! Closed forms of an input between two changes.
//! Knows nothing of schedules: time counts in the model's unit from a moment that the piece does not know.

use crate::math;

/// A closed form between two changes; time counts in the model's unit from the moment that `piece` was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Constant(f64),
    /// value + slope·t
    Line {
        value: f64,
        slope: f64,
    },
    /// level + Σ a·exp(-k·t)
    Decays {
        level: f64,
        terms: Vec<[f64; 2]>,
    },
    /// mean + amplitude·sin(phase + omega·t)
    Sine {
        mean: f64,
        amplitude: f64,
        phase: f64,
        omega: f64,
    },
    Sum(Vec<Piece>),
    Product(Vec<Piece>),
}

impl Piece {
    pub fn at(&self, since: f64) -> f64 {
        match self {
            Piece::Constant(value) => *value,
            Piece::Line { value, slope } => value + slope * since,
            Piece::Decays { level, terms } => {
                terms.iter().fold(*level, |sum, [a, k]| sum + a * math::exp(-k * since))
            }
            Piece::Sine { mean, amplitude, phase, omega } => {
                mean + amplitude * math::sin(phase + omega * since)
            }
            Piece::Sum(parts) => parts.iter().map(|p| p.at(since)).sum(),
            Piece::Product(parts) => parts.iter().map(|p| p.at(since)).product(),
        }
    }

    /// Its derivative by model time.
    pub fn slope(&self, since: f64) -> f64 {
        match self {
            Piece::Constant(_) => 0.0,
            Piece::Line { slope, .. } => *slope,
            Piece::Decays { terms, .. } => {
                terms.iter().fold(0.0, |sum, [a, k]| sum - a * k * math::exp(-k * since))
            }
            Piece::Sine { amplitude, phase, omega, .. } => {
                amplitude * omega * math::cos(phase + omega * since)
            }
            Piece::Sum(parts) => parts.iter().map(|part| part.slope(since)).sum(),
            Piece::Product(parts) => {
                let others = |own: usize| -> f64 {
                    parts
                        .iter()
                        .enumerate()
                        .filter(|(n, _)| *n != own)
                        .map(|(_, part)| part.at(since))
                        .product()
                };
                parts.iter().enumerate().map(|(n, part)| part.slope(since) * others(n)).sum()
            }
        }
    }

    /// The largest rate, per model time, at which its value can begin to change: of the fastest exponential or sine. A
    /// line has none, its slope is the same throughout.
    pub fn pace(&self) -> f64 {
        match self {
            Piece::Constant(_) | Piece::Line { .. } => 0.0,
            Piece::Decays { terms, .. } => terms.iter().map(|[_, k]| k.abs()).fold(0.0, f64::max),
            Piece::Sine { omega, .. } => omega.abs(),
            Piece::Sum(parts) | Piece::Product(parts) => parts.iter().map(Piece::pace).fold(0.0, f64::max),
        }
    }

    /// Always the same value?
    pub fn constant(&self) -> Option<f64> {
        match self {
            Piece::Constant(value) => Some(*value),
            Piece::Line { value, slope } => (*slope == 0.0).then_some(*value),
            Piece::Decays { level, terms } => {
                terms.iter().try_fold(*level, |sum, [a, k]| (*a == 0.0 || *k == 0.0).then_some(sum + a))
            }
            Piece::Sine { mean, amplitude, phase, omega } => {
                let still = *amplitude == 0.0 || *omega == 0.0;
                still.then(|| mean + amplitude * math::sin(*phase))
            }
            Piece::Sum(parts) => parts.iter().map(Piece::constant).sum(),
            Piece::Product(parts) => parts.iter().map(Piece::constant).product(),
        }
    }

    /// The sum; constants are folded into one piece, so that the common case stays flat.
    pub(super) fn sum(parts: Vec<Piece>) -> Piece {
        let (constant, mut moving) = folded(parts, 0.0, |a, b| a + b);
        match (moving.len(), moving.pop()) {
            (1, Some(only)) => only.plus(constant),
            (_, Some(last)) => {
                moving.push(last.plus(constant));
                Piece::Sum(moving)
            }
            (_, None) => Piece::Constant(constant),
        }
    }

    /// The product; constants are folded into one piece.
    pub(super) fn product(parts: Vec<Piece>) -> Piece {
        let (constant, mut moving) = folded(parts, 1.0, |a, b| a * b);
        match (moving.len(), moving.pop()) {
            (_, _) if constant == 0.0 => Piece::Constant(0.0),
            (1, Some(only)) => only.times(constant),
            (_, Some(last)) => {
                moving.push(last.times(constant));
                Piece::Product(moving)
            }
            (_, None) => Piece::Constant(constant),
        }
    }

    fn plus(self, constant: f64) -> Piece {
        match self {
            Piece::Constant(value) => Piece::Constant(value + constant),
            Piece::Line { value, slope } => Piece::Line { value: value + constant, slope },
            Piece::Decays { level, terms } => Piece::Decays { level: level + constant, terms },
            Piece::Sine { mean, amplitude, phase, omega } => {
                Piece::Sine { mean: mean + constant, amplitude, phase, omega }
            }
            other if constant == 0.0 => other,
            other => Piece::Sum(vec![other, Piece::Constant(constant)]),
        }
    }

    fn times(self, constant: f64) -> Piece {
        match self {
            Piece::Constant(value) => Piece::Constant(value * constant),
            Piece::Line { value, slope } => Piece::Line { value: value * constant, slope: slope * constant },
            Piece::Decays { level, terms } => Piece::Decays {
                level: level * constant,
                terms: terms.into_iter().map(|[a, k]| [a * constant, k]).collect(),
            },
            Piece::Sine { mean, amplitude, phase, omega } => {
                Piece::Sine { mean: mean * constant, amplitude: amplitude * constant, phase, omega }
            }
            other if constant == 1.0 => other,
            other => Piece::Product(vec![other, Piece::Constant(constant)]),
        }
    }
}

/// All constant pieces combined from `start`, and the others.
fn folded(parts: Vec<Piece>, start: f64, combine: fn(f64, f64) -> f64) -> (f64, Vec<Piece>) {
    let mut moving = Vec::new();
    let mut constant = start;
    for part in parts {
        match part.constant() {
            Some(value) => constant = combine(constant, value),
            None => moving.push(part),
        }
    }
    (constant, moving)
}

/// 1 - exp(-x) without cancellation for small x: below 0.1 by its Taylor series, whose first left-out term is under 1e-17 of the sum.
pub(super) fn one_minus_exp(x: f64) -> f64 {
    if x.abs() >= 0.1 {
        return 1.0 - math::exp(-x);
    }
    let series = (2..=11).rev().fold(1.0, |sum, n| 1.0 - x / f64::from(n) * sum);
    x * series
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_minus_exp_joins_its_two_formulas() {
        assert!((one_minus_exp(0.1 - 1e-12) / one_minus_exp(0.1) - 1.0).abs() < 1e-10);
        assert!((one_minus_exp(1e-9) / (1e-9 - 5e-19) - 1.0).abs() < 1e-15);
        assert_eq!(one_minus_exp(0.0), 0.0);
    }

    fn simple() -> impl Strategy<Value = Piece> {
        let number = -5.0..5.0f64;
        prop_oneof![
            number.clone().prop_map(Piece::Constant),
            (number.clone(), number.clone()).prop_map(|(value, slope)| Piece::Line { value, slope }),
            (number.clone(), number.clone(), 0.0..2.0f64)
                .prop_map(|(level, a, k)| Piece::Decays { level, terms: vec![[a, k]] }),
            (number.clone(), number.clone(), number.clone(), number)
                .prop_map(|(mean, amplitude, phase, omega)| Piece::Sine { mean, amplitude, phase, omega }),
        ]
    }

    proptest! {
        #[test]
        fn folding_constants_changes_no_value(parts in proptest::collection::vec(simple(), 0..5), t in 0.0..3.0f64) {
            let sum: f64 = parts.iter().map(|p| p.at(t)).sum();
            let product: f64 = parts.iter().map(|p| p.at(t)).product();
            prop_assert!((Piece::sum(parts.clone()).at(t) - sum).abs() < 1e-9);
            prop_assert!((Piece::product(parts).at(t) - product).abs() < 1e-7 * product.abs().max(1.0));
        }
    }
}
