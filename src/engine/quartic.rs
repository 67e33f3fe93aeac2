//! A quantity over one step as a polynomial of degree four through five points of the step.
//! Knows nothing of lanes or quantities; the share of the step runs from 0 to 1.
//!
//! The points are those of Chebyshev and Lobatto, both ends included: the interpolant of a state is itself of degree
//! four and is met exactly, other quantities to the order of the interpolant.

use std::sync::LazyLock;

/// Points of a step at which a quantity is taken, as shares of the step: (1 - cos(j pi/4))/2.
pub(super) const POINTS: [f64; 5] = [0.0, 0.146_446_609_406_726_24, 0.5, 0.853_553_390_593_273_8, 1.0];

/// Coefficients of 1, s, s^2, s^3, s^4.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Quartic(pub [f64; 5]);

/// The polynomials that are 1 at one point and 0 at the others.
static BASIS: LazyLock<[[f64; 5]; 5]> = LazyLock::new(|| {
    std::array::from_fn(|own| {
        let mut coefficients = [1.0, 0.0, 0.0, 0.0, 0.0];
        let mut scale = 1.0;
        for (_, point) in POINTS.iter().enumerate().filter(|(other, _)| *other != own) {
            scale *= POINTS[own] - point;
            for n in (0..5).rev() {
                let lower = if n == 0 { 0.0 } else { coefficients[n - 1] };
                coefficients[n] = lower - point * coefficients[n];
            }
        }
        coefficients.map(|c| c / scale)
    })
});

impl Quartic {
    /// Through the values at `POINTS`.
    pub fn through(values: [f64; 5]) -> Quartic {
        // Differences from the first value keep a constant quantity constant to the bit.
        let mut coefficients = [0.0; 5];
        for (value, basis) in values.iter().zip(BASIS.iter()).skip(1) {
            for (sum, c) in coefficients.iter_mut().zip(basis) {
                *sum += (value - values[0]) * c;
            }
        }
        coefficients[0] = values[0];
        Quartic(coefficients)
    }

    pub fn at(&self, s: f64) -> f64 {
        let [a, b, c, d, e] = self.0;
        a + s * (b + s * (c + s * (d + s * e)))
    }

    /// Integral from `from` to `to`, in shares of the step.
    pub fn integral(&self, from: f64, to: f64) -> f64 {
        let middle = 0.5 * (from + to);
        let half = 0.5 * (to - from);
        // Gauss with three nodes is exact to degree five, and does not subtract large primitives.
        let node = half * 0.774_596_669_241_483_4;
        let sides = self.at(middle - node) + self.at(middle + node);
        half * ((8.0 / 9.0) * self.at(middle) + (5.0 / 9.0) * sides)
    }

    pub fn largest(&self, from: f64, to: f64) -> f64 {
        let ends = self.at(from).max(self.at(to));
        self.turns(from, to).map(|s| self.at(s)).fold(ends, f64::max)
    }

    pub fn smallest(&self, from: f64, to: f64) -> f64 {
        let ends = self.at(from).min(self.at(to));
        self.turns(from, to).map(|s| self.at(s)).fold(ends, f64::min)
    }

    /// The first share in [from, to] at which the value is above the level.
    pub fn first_above(&self, level: f64, from: f64, to: f64) -> Option<f64> {
        let above = |s: f64| self.at(s) > level;
        if above(from) {
            return Some(from);
        }
        let mut start = from;
        let ends = self.turns(from, to).chain([to]).collect::<Turns>();
        for end in ends {
            if above(end) {
                return Some(bisect(start, end, &above));
            }
            start = end;
        }
        None
    }

    pub fn first_below(&self, level: f64, from: f64, to: f64) -> Option<f64> {
        Quartic(self.0.map(|c| -c)).first_above(-level, from, to)
    }

    /// The last share in [from, to] at which the value is above the level.
    pub fn last_above(&self, level: f64, from: f64, to: f64) -> Option<f64> {
        let below = |s: f64| self.at(s) <= level;
        if !below(to) {
            return Some(to);
        }
        let ends: Vec<f64> = [from].into_iter().chain(self.turns(from, to)).chain([to]).collect();
        let stretch = ends.windows(2).rev().find(|stretch| !below(stretch[0]))?;
        Some(bisect(stretch[0], stretch[1], &below))
    }

    pub fn last_below(&self, level: f64, from: f64, to: f64) -> Option<f64> {
        Quartic(self.0.map(|c| -c)).last_above(-level, from, to)
    }

    /// Integral over another quantity of the same step, from `from` to `to`.
    pub fn area_over(&self, other: &Quartic, from: f64, to: f64) -> f64 {
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        let [_, b, c, d, e] = other.0;
        let height = |s: f64| self.at(s) * (b + s * (2.0 * c + s * (3.0 * d + s * 4.0 * e)));
        // Gauss with four nodes is exact to degree seven.
        let pair = |node: f64| height(middle - half * node) + height(middle + half * node);
        let inner = 0.652_145_154_862_546_1 * pair(0.339_981_043_584_856_26);
        half * (inner + 0.347_854_845_137_453_85 * pair(0.861_136_311_594_052_6))
    }

    /// Where it turns inside (from, to), ascending.
    fn turns(&self, from: f64, to: f64) -> Turns {
        let [_, b, c, d, e] = self.0;
        let slope = move |s: f64| b + s * (2.0 * c + s * (3.0 * d + s * 4.0 * e));
        let mut turns = Turns::default();
        let mut start = from;
        // Between the turns of the slope it has at most one zero.
        for end in bends([2.0 * c, 6.0 * d, 12.0 * e], from, to).chain([to]) {
            let rises = slope(start) > 0.0;
            if slope(start) != 0.0 && (slope(end) > 0.0) != rises {
                turns.push(bisect(start, end, &|s| (slope(s) > 0.0) != rises));
            }
            start = end;
        }
        turns
    }
}

/// A few shares of a step, ascending.
#[derive(Clone, Copy, Debug, Default)]
struct Turns {
    at: [f64; 5],
    count: usize,
    next: usize,
}

impl Turns {
    fn push(&mut self, s: f64) {
        self.at[self.count] = s;
        self.count += 1;
    }
}

impl FromIterator<f64> for Turns {
    fn from_iter<T: IntoIterator<Item = f64>>(from: T) -> Turns {
        let mut turns = Turns::default();
        from.into_iter().for_each(|s| turns.push(s));
        turns
    }
}

impl Iterator for Turns {
    type Item = f64;
    fn next(&mut self) -> Option<f64> {
        let s = self.at[..self.count].get(self.next).copied();
        self.next += 1;
        s
    }
}

/// Zeros of a + b s + c s^2 inside (from, to), ascending.
fn bends([a, b, c]: [f64; 3], from: f64, to: f64) -> Turns {
    let mut turns = Turns::default();
    let root = (b * b - 4.0 * a * c).sqrt();
    // The sum that does not cancel; a NaN root is no zero.
    let sum = -0.5 * (b + if b < 0.0 { -root } else { root });
    let zeros = [sum / c, a / sum];
    let (low, high) = (zeros[0].min(zeros[1]), zeros[0].max(zeros[1]));
    for zero in [low, high] {
        if root.is_finite() && from < zero && zero < to {
            turns.push(zero);
        }
    }
    turns
}

/// The first share in (low, high] of those where `passed` holds: it does not at `low`, and does at `high`.
fn bisect(mut low: f64, mut high: f64, passed: &dyn Fn(f64) -> bool) -> f64 {
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return high;
        }
        if passed(middle) { high = middle } else { low = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(coefficients: [f64; 5]) -> Quartic {
        Quartic::through(POINTS.map(|s| Quartic(coefficients).at(s)))
    }

    proptest! {
        #[test]
        fn a_polynomial_of_degree_four_is_met_everywhere(c in prop::array::uniform5(-3.0f64..3.0), s in 0.0f64..1.0) {
            prop_assert!((of(c).at(s) - Quartic(c).at(s)).abs() < 1e-13);
        }

        #[test]
        fn integrals_are_differences_of_the_primitive(c in prop::array::uniform5(-3.0f64..3.0), a in 0.0f64..1.0, b in 0.0f64..1.0) {
            let primitive = |s: f64| c.iter().enumerate().map(|(n, c)| c * s.powi(n as i32 + 1) / (n + 1) as f64).sum::<f64>();
            prop_assert!((Quartic(c).integral(a, b) - (primitive(b) - primitive(a))).abs() < 1e-13);
        }

        #[test]
        fn nothing_inside_is_above_the_largest_or_below_the_smallest_and_both_are_reached(c in prop::array::uniform5(-3.0f64..3.0), a in 0.0f64..0.5, b in 0.5f64..1.0) {
            let q = Quartic(c);
            let values: Vec<f64> = (0..=1000).map(|n| q.at(a + (b - a) * n as f64 / 1000.0)).collect();
            let (high, low) = (values.iter().copied().fold(f64::MIN, f64::max), values.iter().copied().fold(f64::MAX, f64::min));
            prop_assert!(q.largest(a, b) >= high - 1e-12 && q.largest(a, b) < high + 1e-4);
            prop_assert!(q.smallest(a, b) <= low + 1e-12 && q.smallest(a, b) > low - 1e-4);
        }

        #[test]
        fn an_integral_over_another_quantity_and_back_of_the_other_over_it_make_a_rectangle(c in prop::array::uniform5(-3.0f64..3.0), d in prop::array::uniform5(-3.0f64..3.0), a in 0.0f64..1.0, b in 0.0f64..1.0) {
            let (y, x) = (Quartic(c), Quartic(d));
            let whole = y.at(b) * x.at(b) - y.at(a) * x.at(a);
            prop_assert!((y.area_over(&x, a, b) + x.area_over(&y, a, b) - whole).abs() < 1e-11);
        }

        #[test]
        fn the_last_crossing_is_the_first_one_seen_from_behind(c in prop::array::uniform5(-3.0f64..3.0), level in -2.0f64..2.0) {
            let q = Quartic(c);
            let last = (0..=2000).rev().map(|n| f64::from(n) / 2000.0).find(|s| q.at(*s) > level + 1e-9);
            match (q.last_above(level, 0.0, 1.0), last) {
                (Some(found), Some(seen)) => prop_assert!(found >= seen - 1e-12 && (found == 1.0 || (q.at(found) - level).abs() < 1e-9)),
                (None, seen) => prop_assert!(seen.is_none()),
                (Some(found), None) => prop_assert!(q.at(found) >= level - 1e-6),
            }
        }

        #[test]
        fn the_first_crossing_has_nothing_above_before_it(c in prop::array::uniform5(-3.0f64..3.0), level in -2.0f64..2.0) {
            let q = Quartic(c);
            let first = (0..=2000).map(|n| n as f64 / 2000.0).find(|s| q.at(*s) > level + 1e-9);
            match (q.first_above(level, 0.0, 1.0), first) {
                (Some(found), Some(seen)) => prop_assert!(found <= seen + 1e-12 && (found == 0.0 || (q.at(found) - level).abs() < 1e-9)),
                (None, seen) => prop_assert!(seen.is_none()),
                (Some(found), None) => prop_assert!(q.at(found) >= level - 1e-6),
            }
        }
    }

    #[test]
    fn a_constant_stays_itself_to_the_bit() {
        let q = of([0.1, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!((q.at(0.3), q.largest(0.0, 1.0), q.smallest(0.0, 1.0)), (0.1, 0.1, 0.1));
        assert_eq!(q.first_above(0.1, 0.0, 1.0), None);
    }
}
