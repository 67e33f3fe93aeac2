//! A fan: the median of a population over time or dose with its nested bands, read from rows of (position, stat, value).
//! Knows nothing of pictures or of the tables' other columns.

use super::scale::drawable;

/// One row of a tidy table, at a position (time, level) that it shares with others.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    pub x: f64,
    pub stat: &'a str,
    pub value: f64,
    pub n: Option<u64>,
}

/// Fewer agents than this have no bands: the 5th and 95th percentile of a handful lie between its extremes and say nothing more.
pub const FEW: u64 = 10;

/// A pair of quantiles over the positions; `share` of the agents lie between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    pub share: f64,
    pub low: Vec<f64>,
    pub high: Vec<f64>,
}

/// Middle and bands over increasing positions; NaN where missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fan {
    pub x: Vec<f64>,
    pub middle: Vec<f64>,
    /// The mean, where it was recorded.
    pub average: Vec<f64>,
    /// `true` where no median was recorded and the middle is the mean.
    pub mean: bool,
    /// The wider band first; at most two.
    pub bands: Vec<Band>,
    pub n: Option<u64>,
}

/// The quantile that a stat names, in per cent.
pub fn quantile(stat: &str) -> Option<f64> {
    stat.strip_prefix('p')?.parse().ok().filter(|q| (0.0..=100.0).contains(q))
}

impl Fan {
    /// The fan of some rows in any order; `None` where they hold neither median nor mean.
    pub fn of(rows: &[Row]) -> Option<Fan> {
        let mut x: Vec<f64> = rows.iter().map(|r| r.x).filter(|v| drawable(*v)).collect();
        x.sort_by(f64::total_cmp);
        x.dedup();
        let column = |wanted: &dyn Fn(&str) -> bool| {
            let mut values = vec![f64::NAN; x.len()];
            for row in rows.iter().filter(|r| wanted(r.stat) && drawable(r.value)) {
                if let Ok(at) = x.binary_search_by(|v| v.total_cmp(&row.x)) {
                    values[at] = row.value;
                }
            }
            values
        };
        let level = |q: f64| column(&|stat| quantile(stat) == Some(q));
        let mut levels: Vec<f64> = rows.iter().filter_map(|r| quantile(r.stat)).collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let mean = !levels.contains(&50.0);
        let middle = if mean { column(&|stat| stat == "mean") } else { level(50.0) };
        if middle.iter().all(|v| v.is_nan()) {
            return None;
        }
        let n = rows.iter().filter_map(|r| r.n).max();
        let wide = if n.is_some_and(|n| n < FEW) { Vec::new() } else { chosen(&levels) };
        let bands = wide.into_iter().map(|q| Band {
            share: (100.0 - 2.0 * q) / 100.0,
            low: level(q),
            high: level(100.0 - q),
        });
        let average = column(&|stat| stat == "mean");
        Some(Fan { middle, average, mean, bands: bands.collect(), n, x })
    }

    /// Every number of the fan.
    pub fn values(&self) -> impl Iterator<Item = f64> + '_ {
        let bands = self.bands.iter().flat_map(|b| b.low.iter().chain(&b.high));
        self.middle.iter().chain(bands).copied()
    }

    /// Whether another fan would be seen beside this one: in its middle or its bands, by more than so small a share of the largest value.
    pub fn differs(&self, other: &Fan) -> bool {
        const SEEN: f64 = 0.004;
        let largest = self
            .values()
            .chain(other.values())
            .filter(|v| drawable(*v))
            .fold(0.0, |m: f64, v| m.max(v.abs()));
        let near = |(a, b): (f64, f64)| (a.is_nan() && b.is_nan()) || (a - b).abs() <= SEEN * largest;
        self.x != other.x
            || self.bands.len() != other.bands.len()
            || !self.values().zip(other.values()).all(near)
    }

    /// The fan with a step at each of these times at which its middle jumps, in place of a slope up to the next record. A change is a jump
    /// where it is much larger than the changes beside it: what a setting of one state moves slowly has no step.
    pub fn stepped(&self, times: &[f64]) -> Fan {
        let mut fan = self.clone();
        for &time in times {
            let after = fan.x.partition_point(|x| *x <= time + 1e-9 * time.abs().max(1.0));
            if after < 2 || after + 1 >= fan.x.len() {
                continue;
            }
            let change = |at: usize| (fan.middle[at] - fan.middle[at - 1]).abs();
            let jumps = change(after) > 4.0 * change(after - 1).max(change(after + 1)) && fan.x[after] > time;
            if jumps {
                let bands = fan.bands.iter_mut().flat_map(|band| [&mut band.low, &mut band.high]);
                let columns = [&mut fan.middle, &mut fan.average].into_iter().chain(bands);
                for column in columns.filter(|column| column.len() > after) {
                    let (before, then) = (column[after - 1], column[after]);
                    column.splice(after..after, [before, then]);
                }
                fan.x.splice(after..after, [time, time]);
            }
        }
        fan
    }

    /// The fan with its inner band only.
    pub fn narrowed(&self) -> Fan {
        Fan { bands: self.bands.last().cloned().into_iter().collect(), ..self.clone() }
    }

    /// Index of the last position up to `x` that has a middle.
    pub fn last_until(&self, x: f64) -> Option<usize> {
        let tolerance = 1e-9 * x.abs().max(1.0);
        (0..self.x.len()).rev().find(|&i| self.x[i] <= x + tolerance && self.middle[i].is_finite())
    }

    /// First index that has a middle.
    pub fn first(&self) -> Option<usize> {
        self.middle.iter().position(|v| v.is_finite())
    }
}

/// Lower quantiles of the bands to draw: 5 and 25 where recorded, else the widest and the next symmetric pairs.
fn chosen(levels: &[f64]) -> Vec<f64> {
    let pairs: Vec<f64> = levels
        .iter()
        .copied()
        .filter(|q| *q > 0.0 && *q < 50.0 && levels.iter().any(|other| (other - (100.0 - q)).abs() < 1e-9))
        .collect();
    let outer = pairs.iter().find(|q| **q == 5.0).or(pairs.first());
    let inner = pairs.iter().find(|q| **q == 25.0).or(pairs.last());
    match (outer, inner) {
        (Some(a), Some(b)) if a < b => vec![*a, *b],
        (_, Some(b)) => vec![*b],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(x: f64, stat: &str, value: f64) -> Row<'_> {
        Row { x, stat, value, n: Some(FEW) }
    }

    #[test]
    fn rows_in_any_order_make_an_ordered_fan_with_its_two_bands() {
        let rows = [
            row(2.0, "p50", 5.0),
            row(1.0, "p50", 4.0),
            row(1.0, "p5", 1.0),
            row(1.0, "p95", 9.0),
            row(1.0, "p25", 3.0),
            row(1.0, "p75", 6.0),
            row(1.0, "mean", 4.5),
        ];
        let fan = Fan::of(&rows).unwrap();
        assert_eq!((fan.x.as_slice(), fan.middle.as_slice()), (&[1.0, 2.0][..], &[4.0, 5.0][..]));
        assert_eq!(fan.bands.iter().map(|b| b.share).collect::<Vec<_>>(), [0.9, 0.5]);
        assert!(fan.bands[0].low[0] == 1.0 && fan.bands[0].low[1].is_nan());
    }

    #[test]
    fn a_jump_is_a_step_and_a_slope_stays_a_slope() {
        let fan = |middle: [f64; 6]| Fan {
            x: (0..6).map(f64::from).collect(),
            middle: middle.into(),
            ..Fan::default()
        };
        let stepped = fan([1.0, 1.0, 1.0, 3.0, 2.9, 2.8]).stepped(&[2.0]);
        assert_eq!(stepped.x, [0.0, 1.0, 2.0, 2.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(stepped.middle[2..6], [1.0, 1.0, 3.0, 3.0]);
        let slope = fan([1.0, 1.0, 1.0, 1.5, 2.0, 2.5]);
        assert_eq!(slope.stepped(&[2.0, 0.0, 5.0, 9.0]), slope);
    }

    #[test]
    fn what_is_drawn_over_each_other_does_not_differ() {
        let fan = |top: f64| Fan { x: vec![0.0, 1.0], middle: vec![0.0, top], ..Fan::default() };
        assert!(!fan(1.0).differs(&fan(1.001)) && fan(1.0).differs(&fan(1.02)));
        assert!(!fan(f64::NAN).differs(&fan(f64::NAN)) && fan(1.0).differs(&fan(f64::NAN)));
    }

    #[test]
    fn a_handful_of_agents_has_a_median_and_no_bands() {
        let rows = [("p5", 1.0), ("p50", 2.0), ("p95", 3.0)];
        let fan =
            Fan::of(&rows.map(|(stat, value)| Row { n: Some(FEW - 1), ..row(1.0, stat, value) })).unwrap();
        assert!(fan.middle == [2.0] && fan.bands.is_empty());
    }

    #[test]
    fn without_a_median_the_mean_stands_in_and_nothing_is_drawn_from_nothing() {
        assert!(Fan::of(&[row(0.0, "mean", 2.0)]).unwrap().mean);
        assert_eq!(Fan::of(&[row(0.0, "p50", f64::NAN), row(0.0, "p5", 1.0)]), None);
        assert_eq!(Fan::of(&[]), None);
    }
}
