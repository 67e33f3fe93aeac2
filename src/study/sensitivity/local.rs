//! Local sensitivity: logarithmic derivatives at one point by central differences.
//! Knows nothing of what the point is; steps are in ln x.
//!
//! A factor x becomes x e^d. With f(d) = ln|y| where y keeps its sign, f = y otherwise, D(h) = (f(h) − f(−h))/(2h) has the error
//! c h² + O(h⁴); from D(h) and D(h/2), (4 D(h/2) − D(h))/3 has O(h⁴) and |D(h) − D(h/2)|/3 estimates the error of D(h/2)
//! (unchecked: Richardson 1911). For a power law D is exact at any h.

use ndarray::{Array2, ArrayView1, ArrayView2};

use crate::math;

/// The steps of a local design, 4k + 1 rows of d = ln(x/centre): the centre, then for each factor h, −h, h/2, −h/2.
/// Rows with |d| = h and the centre alone, 2k + 1, are a design without error estimates.
pub fn local_points(factors: usize, h: f64) -> Array2<f64> {
    let mut steps = Array2::zeros((4 * factors + 1, factors));
    for factor in 0..factors {
        for (at, d) in [h, -h, 0.5 * h, -0.5 * h].into_iter().enumerate() {
            steps[[1 + 4 * factor + at, factor]] = d;
        }
    }
    steps
}

/// Logarithmic derivatives of one output by factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// d ln y/d ln x: per cent of y for a per cent of x. None where y is 0 or changes its sign.
    pub elasticities: Vec<Slope>,
    /// dy/d ln x, in units of y.
    pub slopes: Vec<Slope>,
    /// By factor why there is no elasticity, where there is none.
    pub reasons: Vec<Option<String>>,
}

/// A derivative and about how far it is off at most; NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    pub value: f64,
    /// NaN where only one step length could be used.
    pub error: f64,
}

const NO_SLOPE: Slope = Slope { value: f64::NAN, error: f64::NAN };

/// Derivatives from rows of d = ln(x/centre): a row of zeros, and for each factor one or two pairs ±d in which it alone moves.
///
/// # Errors
/// Where the steps are not such, or the outputs not as many as the steps.
pub fn local(steps: ArrayView2<f64>, outputs: ArrayView1<f64>) -> Result<Local, String> {
    super::bins::same_length(steps, outputs)?;
    let is_centre = |row: &usize| steps.row(*row).iter().all(|d| *d == 0.0);
    let centre = (0..steps.nrows()).find(is_centre).ok_or("no row of steps is the centre, all zeros")?;
    let mut local = Local { elasticities: Vec::new(), slopes: Vec::new(), reasons: Vec::new() };
    for factor in 0..steps.ncols() {
        let pairs = pairs(steps, factor)?;
        let y = |row: usize| outputs[row];
        let usable: Vec<&Pair> =
            pairs.iter().filter(|pair| y(pair.up).is_finite() && y(pair.down).is_finite()).collect();
        let used = || usable.iter().flat_map(|pair| [y(pair.up), y(pair.down)]).chain([outputs[centre]]);
        let reason = if usable.is_empty() {
            Some("a step has no value".to_owned())
        } else if !outputs[centre].is_finite() {
            Some("the centre has no value".to_owned())
        } else if used().all(|y| y > 0.0) || used().all(|y| y < 0.0) {
            None
        } else {
            Some("the output is 0 or changes its sign".to_owned())
        };
        local.slopes.push(derivative(&usable, y));
        local.elasticities.push(match reason {
            None => derivative(&usable, |row| math::ln(y(row).abs())),
            Some(_) => NO_SLOPE,
        });
        local.reasons.push(reason);
    }
    Ok(local)
}

/// Two rows, `size` up and down from the centre.
struct Pair {
    size: f64,
    up: usize,
    down: usize,
}

/// The pairs of a factor, the longest first.
fn pairs(steps: ArrayView2<f64>, factor: usize) -> Result<Vec<Pair>, String> {
    let alone = |row: &usize| steps.row(*row).iter().enumerate().all(|(i, d)| (*d != 0.0) == (i == factor));
    let rows: Vec<usize> = (0..steps.nrows()).filter(alone).collect();
    let pair = |&up: &usize| {
        let size = steps[[up, factor]];
        let down = rows.iter().find(|&&row| steps[[row, factor]] == -size)?;
        (size > 0.0).then_some(Pair { size, up, down: *down })
    };
    let mut pairs: Vec<Pair> = rows.iter().filter_map(pair).collect();
    pairs.sort_by(|a, b| b.size.total_cmp(&a.size));
    let ordered = pairs.windows(2).all(|two| two[0].size > two[1].size);
    match pairs.len() {
        1 | 2 if 2 * pairs.len() == rows.len() && ordered => Ok(pairs),
        _ => Err(format!("factor {factor} does not move alone in one or two pairs of steps ±d")),
    }
}

/// From the pairs that have values: extrapolated from two, of second order from one.
fn derivative(pairs: &[&Pair], f: impl Fn(usize) -> f64) -> Slope {
    let difference = |pair: &Pair| (f(pair.up) - f(pair.down)) / (2.0 * pair.size);
    match pairs {
        [one] => Slope { value: difference(one), error: f64::NAN },
        [long, short] => {
            let ratio = (long.size / short.size) * (long.size / short.size);
            let (d, finer) = (difference(long), difference(short));
            Slope { value: finer + (finer - d) / (ratio - 1.0), error: ((finer - d) / (ratio - 1.0)).abs() }
        }
        _ => NO_SLOPE,
    }
}
