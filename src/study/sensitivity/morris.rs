//! Morris' elementary effects: how much an output moves with one factor, and how unevenly.
//! Knows nothing of how the trajectories were chosen.
//!
//! An effect is (y' − y)/(x'_i − x_i) between two points that differ in factor i only. Over trajectories: mu their mean
//! and sigma their standard deviation (divisor r − 1) (unchecked: Morris 1991, Technometrics 33:161), mu* the mean of their sizes
//! (unchecked: Campolongo et al. 2007, Environ. Model. Softw. 22:1509). mu* orders factors; sigma beyond mu* says that the
//! effect depends on where one stands: curved, or together with others.
//!
//! If a point failed, the two effects that touch it are left out and the others of the trajectory kept: each
//! effect stands for itself, and trajectories are few.

use ndarray::{Array2, ArrayView1, ArrayView2, s};

use super::{Bootstrap, Dropped, Estimate};

/// Elementary effects of one output, in units of output per unit of coordinate.
#[derive(Clone, Debug, PartialEq)]
pub struct Morris {
    /// By factor; NaN where the factor has no effect that could be used.
    pub mu: Vec<Estimate>,
    pub mu_star: Vec<Estimate>,
    /// NaN where there are fewer than two effects.
    pub sigma: Vec<Estimate>,
    /// Trajectories × factors, NaN where one of the two points failed.
    pub effects: Array2<f64>,
    pub dropped: Dropped,
    /// Why some factors have no estimate, where there are such.
    pub reason: Option<String>,
}

/// From trajectories of k + 1 points in a row, each of which changes one factor and together each factor once.
///
/// # Errors
/// Where the points are not such trajectories or the outputs not as many as the points.
pub fn morris(
    points: ArrayView2<f64>,
    outputs: ArrayView1<f64>,
    bootstrap: Bootstrap,
) -> Result<Morris, String> {
    super::bins::same_length(points, outputs)?;
    let effects = effects(points, outputs)?;
    let (r, k) = effects.dim();
    let estimates = bootstrap.estimates(r, |counts| {
        let of_factor = |effects: ArrayView1<f64>| moments(effects, counts);
        let by_factor: Vec<[f64; 3]> = effects.columns().into_iter().map(of_factor).collect();
        (0..3).flat_map(|which| by_factor.iter().map(move |moments| moments[which])).collect()
    });
    let lost = effects.iter().filter(|effect| !effect.is_finite()).count();
    let empty = effects.columns().into_iter().any(|effects| !effects.iter().any(|e| e.is_finite()));
    Ok(Morris {
        mu: estimates[..k].to_vec(),
        mu_star: estimates[k..2 * k].to_vec(),
        sigma: estimates[2 * k..].to_vec(),
        dropped: Dropped::new(points, outputs, k + 1, lost, r * k),
        reason: empty.then(|| "each effect of a factor touches a point without a value".to_owned()),
        effects,
    })
}

fn effects(points: ArrayView2<f64>, outputs: ArrayView1<f64>) -> Result<Array2<f64>, String> {
    let k = points.ncols();
    if k == 0 || points.nrows() == 0 || !points.nrows().is_multiple_of(k + 1) {
        return Err(format!(
            "{} points of {k} factors are not trajectories of {} points",
            points.nrows(),
            k + 1
        ));
    }
    let r = points.nrows() / (k + 1);
    let mut effects = Array2::from_elem((r, k), f64::NAN);
    for t in 0..r {
        let mut moved = vec![false; k];
        for at in t * (k + 1)..t * (k + 1) + k {
            let step = &points.slice(s![at + 1, ..]) - &points.slice(s![at, ..]);
            let mut changed = (0..k).filter(|&i| step[i] != 0.0);
            let factor = match (changed.next(), changed.next()) {
                (Some(i), None) if !moved[i] && step[i].is_finite() => i,
                _ => {
                    return Err(format!(
                        "points {at} and {} of trajectory {t} do not differ in one factor that is new in it",
                        at + 1
                    ));
                }
            };
            moved[factor] = true;
            let effect = (outputs[at + 1] - outputs[at]) / step[factor];
            effects[[t, factor]] = if effect.is_finite() { effect } else { f64::NAN };
        }
    }
    Ok(effects)
}

/// mu, mu* and sigma of effects that count as often as told.
fn moments(effects: ArrayView1<f64>, counts: &[f64]) -> [f64; 3] {
    let used = || effects.iter().zip(counts).filter(|(effect, count)| effect.is_finite() && **count > 0.0);
    let n: f64 = used().map(|(_, count)| count).sum();
    let mean = |of: &dyn Fn(f64) -> f64| used().map(|(e, count)| count * of(*e)).sum::<f64>() / n;
    let mu = mean(&|e| e);
    let squares: f64 = used().map(|(e, count)| count * (e - mu) * (e - mu)).sum();
    let sigma = if n > 1.0 { (squares / (n - 1.0)).sqrt() } else { f64::NAN };
    [mu, mean(&f64::abs), sigma]
}
