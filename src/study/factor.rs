//! Factors: what varies between the points of a study, and the value at each place in its span.
//! Knows nothing of designs or of how a scenario takes a value.

use crate::math;
use crate::unit::{Unit, format_quantity};

/// One factor.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Column of the table of points.
    pub name: String,
    /// As after `--set`; all of them get the same value.
    pub paths: Vec<String>,
    pub doc: String,
    /// Where its ends come from: `assumed`, a source; empty where the study states them.
    pub source: String,
    pub span: Span,
}

/// The values of a factor.
#[derive(Clone, Debug)]
pub enum Span {
    /// All between two ends, in `unit`.
    Between {
        low: f64,
        high: f64,
        scale: Scale,
        unit: Unit,
    },
    /// `levels` of them, both ends among them, even on the scale.
    Levels {
        low: f64,
        high: f64,
        scale: Scale,
        unit: Unit,
        levels: u64,
    },
    /// Steps from a centre that is above 0, in `unit`: at most `step` of its logarithm down and up.
    Around {
        centre: f64,
        step: f64,
        unit: Unit,
    },
    /// Numbers, in `unit`.
    Numbers {
        values: Vec<f64>,
        unit: Unit,
    },
    Texts(Vec<String>),
}

/// On which scale points are even.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    Log,
    Linear,
}

/// A factor's value at a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// In the factor's unit.
    Number(f64),
    Text(String),
}

impl Factor {
    /// The value at a coordinate in [0, 1].
    pub fn value(&self, coordinate: f64) -> Value {
        match &self.span {
            Span::Between { low, high, scale, .. } => Value::Number(scale.at([*low, *high], coordinate)),
            Span::Around { centre, step, .. } => {
                Value::Number(around(*centre, (2.0 * coordinate - 1.0) * step))
            }
            Span::Levels { low, high, scale, levels, .. } => {
                let level = position(coordinate, *levels) as f64;
                Value::Number(scale.at([*low, *high], level / (levels - 1).max(1) as f64))
            }
            Span::Numbers { values, .. } => Value::Number(values[position(coordinate, values.len() as u64)]),
            Span::Texts(values) => Value::Text(values[position(coordinate, values.len() as u64)].clone()),
        }
    }

    /// What gives a scenario the value: arguments after `--set`.
    pub fn changes(&self, value: &Value) -> Vec<String> {
        self.paths.iter().map(|path| format!("{path}={}", self.written(value))).collect()
    }

    /// The value as it is written after `--set PATH=`.
    pub fn written(&self, value: &Value) -> String {
        match value {
            Value::Number(number) => format_quantity(*number, self.unit().unwrap_or(&Unit::one())),
            Value::Text(text) => text.clone(),
        }
    }

    /// Of its numbers; `None` where its values are texts.
    pub fn unit(&self) -> Option<&Unit> {
        match &self.span {
            Span::Between { unit, .. }
            | Span::Levels { unit, .. }
            | Span::Around { unit, .. }
            | Span::Numbers { unit, .. } => Some(unit),
            Span::Texts(_) => None,
        }
    }

    /// How many values it has; `None` where it has all between two ends.
    pub fn levels(&self) -> Option<u64> {
        match &self.span {
            Span::Between { .. } | Span::Around { .. } => None,
            Span::Levels { levels, .. } => Some(*levels),
            Span::Numbers { values, .. } => Some(values.len() as u64),
            Span::Texts(values) => Some(values.len() as u64),
        }
    }

    /// Values that stand for all: its ends, or each of its values.
    pub fn samples(&self) -> Vec<Value> {
        match &self.span {
            Span::Between { low, high, .. } | Span::Levels { low, high, .. } => {
                vec![Value::Number(*low), Value::Number(*high)]
            }
            Span::Around { .. } => [0.0, 1.0].map(|coordinate| self.value(coordinate)).to_vec(),
            Span::Numbers { values, .. } => values.iter().copied().map(Value::Number).collect(),
            Span::Texts(values) => values.iter().cloned().map(Value::Text).collect(),
        }
    }

    /// Where a number lies between the ends, on the factor's scale: what sensitivity analysis takes for a coordinate. `None`
    /// where it has no ends.
    pub fn scale(&self) -> Option<(Scale, [f64; 2])> {
        match &self.span {
            Span::Between { low, high, scale, .. } | Span::Levels { low, high, scale, .. } => {
                Some((*scale, [*low, *high]))
            }
            Span::Around { centre, step, .. } => {
                Some((Scale::Log, [-step, *step].map(|off| around(*centre, off))))
            }
            Span::Numbers { .. } | Span::Texts(_) => None,
        }
    }

    /// How far its logarithm goes from the centre, where it has one.
    pub fn step(&self) -> Option<f64> {
        match &self.span {
            Span::Around { step, .. } => Some(*step),
            _ => None,
        }
    }
}

/// A centre moved by `off` in its logarithm; the centre itself exactly.
fn around(centre: f64, off: f64) -> f64 {
    if off == 0.0 { centre } else { centre * math::exp(off) }
}

impl Scale {
    /// The value at a share of the way; both ends exactly.
    pub(super) fn at(self, [low, high]: [f64; 2], share: f64) -> f64 {
        if share <= 0.0 {
            return low;
        }
        if share >= 1.0 {
            return high;
        }
        let value = match self {
            Scale::Linear => low + share * (high - low),
            Scale::Log => math::exp(math::ln(low) + share * (math::ln(high) - math::ln(low))),
        };
        // Round-off may lead a hair beyond.
        value.clamp(low.min(high), low.max(high))
    }
}

/// Position of the value that a coordinate falls on, of so many.
fn position(coordinate: f64, count: u64) -> usize {
    let position = (coordinate * count as f64) as u64;
    position.min(count.saturating_sub(1)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(low: f64, high: f64, scale: Scale) -> Factor {
        let span = Span::Between { low, high, scale, unit: Unit::parse("1/h").unwrap() };
        Factor { name: "k".into(), paths: vec!["k".into()], doc: String::new(), source: String::new(), span }
    }

    #[test]
    fn ends_are_exact_and_the_middle_is_even_on_the_scale() {
        for (low, high) in [(0.001, 0.1), (1.0 / 4800.0, 1.0 / 480.0), (3e-7, 9e11)] {
            let log = between(low, high, Scale::Log);
            assert_eq!([0.0, 1.0].map(|c| log.value(c)), [Value::Number(low), Value::Number(high)]);
            let Value::Number(middle) = log.value(0.5) else { panic!() };
            assert!((middle / (low * high).sqrt() - 1.0).abs() < 1e-12);
            let Value::Number(middle) = between(low, high, Scale::Linear).value(0.5) else { panic!() };
            assert!((middle / (0.5 * (low + high)) - 1.0).abs() < 1e-12);
        }
        assert_eq!(between(-2.0, 2.0, Scale::Linear).value(0.5), Value::Number(0.0));
    }

    #[test]
    fn a_value_is_written_so_that_it_reads_back_to_the_same_bits() {
        let factor = between(1.0 / 4800.0, 1.0 / 480.0, Scale::Log);
        for n in 0..100 {
            let value = factor.value(f64::from(n) / 99.0);
            let read = crate::unit::Quantity::parse(&factor.written(&value)).unwrap();
            assert_eq!(Value::Number(read.value), value);
        }
    }

    #[test]
    fn levels_fall_on_their_values_and_both_ends_are_among_them() {
        let unit = Unit::one();
        let span = Span::Levels { low: 1.0, high: 100.0, scale: Scale::Log, unit, levels: 3 };
        let factor = Factor { span, ..between(0.0, 1.0, Scale::Linear) };
        let found: Vec<Value> = (0..3).map(|n| factor.value((f64::from(n) + 0.5) / 3.0)).collect();
        let [Value::Number(low), Value::Number(middle), Value::Number(high)] = &found[..] else { panic!() };
        assert_eq!((*low, *high), (1.0, 100.0));
        assert!((middle - 10.0).abs() < 1e-12);
        let texts = Factor { span: Span::Texts(vec!["a".into(), "b".into()]), ..factor };
        assert_eq!([0.0, 0.49, 0.5, 1.0].map(|c| texts.written(&texts.value(c))), ["a", "a", "b", "b"]);
    }
}
