//! Correlated normal scores: the checks of the correlations and the triangle that mixes independent scores.
//! Knows nothing of agents and draws.
//!
//! Parameters are ordered by name, so that no order in a file moves a score.

use std::collections::BTreeSet;

use super::{Correlation, Population};

/// What is below this in a pivot is rounding: a correlation of 1 or -1 gives a pivot of 0 and is allowed.
const ROUNDING: f64 = 1e-12;

/// For each varied parameter, in the population's order, the (parameter, weight) of the independent scores it is
/// the sum of; its own with weight 1 where nothing is correlated.
pub(super) type Mixture = Vec<Vec<(usize, f64)>>;

/// The mixtures, or each impossible correlation by its index with the reason.
pub(super) fn mixture(population: &Population) -> Result<Mixture, Vec<(usize, String)>> {
    let correlations = &population.correlations;
    let mut problems: Vec<(usize, String)> =
        (0..correlations.len()).filter_map(|at| Some((at, problem(population, at)?))).collect();
    let sound = |at: &usize| problems.iter().all(|(with_problem, _)| with_problem != at);
    let usable: Vec<usize> = (0..correlations.len()).filter(sound).collect();
    let pairs: Vec<&Correlation> = usable.iter().map(|&at| &correlations[at]).collect();
    let names: BTreeSet<&str> =
        pairs.iter().flat_map(|pair| pair.between.iter().map(String::as_str)).collect();
    let names: Vec<&str> = names.into_iter().collect();

    let mut left = names.clone();
    while triangle(&matrix(&left, &pairs, 1.0)).is_none() {
        let set = smallest_impossible(&left, &pairs);
        let inside = |pair: &Correlation| pair.between.iter().all(|name| set.contains(&name.as_str()));
        let last = usable.iter().copied().rfind(|&at| inside(&correlations[at])).unwrap_or(0);
        problems.push((last, impossible(&set, &pairs)));
        left.retain(|name| !set.contains(name));
    }
    if !problems.is_empty() {
        problems.sort();
        return Err(problems);
    }
    let weights = triangle(&matrix(&names, &pairs, 1.0)).unwrap_or_default();
    let index = |name: &str| population.vary.iter().position(|vary| vary.parameter == name).unwrap_or(0);
    let mut mixture: Mixture = (0..population.vary.len()).map(|own| vec![(own, 1.0)]).collect();
    for (row, name) in weights.iter().zip(&names) {
        let parts = row.iter().zip(&names).filter(|(weight, _)| **weight != 0.0);
        mixture[index(name)] = parts.map(|(weight, other)| (index(other), *weight)).collect();
    }
    Ok(mixture)
}

/// What is wrong with one correlation by itself or with those before it.
fn problem(population: &Population, at: usize) -> Option<String> {
    let Correlation { between: [one, other], value } = &population.correlations[at];
    let varies = |name: &String| population.vary.iter().any(|vary| vary.parameter == *name);
    let same_pair = |pair: &Correlation| {
        let [a, b] = &pair.between;
        (a == one && b == other) || (a == other && b == one)
    };
    if one == other {
        return Some(format!("`{one}` is correlated with itself; name two parameters"));
    }
    if let Some(name) = [one, other].into_iter().find(|name| !varies(name)) {
        return Some(format!("`{name}` does not vary between agents, so nothing can be correlated with it"));
    }
    if !(-1.0..=1.0).contains(value) {
        return Some(format!(
            "the correlation of `{one}` and `{other}` is {value}; it must lie between -1 and 1"
        ));
    }
    if population.correlations[..at].iter().any(same_pair) {
        return Some(format!("the correlation of `{one}` and `{other}` is given twice"));
    }
    None
}

/// The correlation matrix of the named parameters, what is off its diagonal multiplied by `share`.
fn matrix(names: &[&str], pairs: &[&Correlation], share: f64) -> Vec<Vec<f64>> {
    let value = |one: &str, other: &str| {
        let is_it = |pair: &&&Correlation| {
            let [a, b] = &pair.between;
            (a == one && b == other) || (a == other && b == one)
        };
        if one == other { 1.0 } else { pairs.iter().find(is_it).map_or(0.0, |pair| share * pair.value) }
    };
    names.iter().map(|one| names.iter().map(|other| value(one, other)).collect()).collect()
}

/// Cholesky's factor, row by row up to the diagonal; none if the matrix has a negative eigenvalue.
fn triangle(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for (i, wanted) in matrix.iter().enumerate() {
        let mut row = vec![0.0; i + 1];
        for j in 0..=i {
            let known = |row: &[f64], other: &[f64]| (0..j).map(|k| row[k] * other[k]).sum::<f64>();
            if i == j {
                let pivot = wanted[i] - known(&row, &row);
                if pivot < -ROUNDING {
                    return None;
                }
                row[i] = if pivot <= ROUNDING { 0.0 } else { pivot.sqrt() };
            } else {
                let left = wanted[j] - known(&row, &rows[j]);
                let pivot = rows[j][j];
                if pivot == 0.0 && left.abs() > ROUNDING.sqrt() {
                    return None;
                }
                row[j] = if pivot == 0.0 { 0.0 } else { left / pivot };
            }
        }
        rows.push(row);
    }
    Some(rows)
}

/// The named set without every parameter whose absence leaves it impossible.
fn smallest_impossible<'a>(names: &[&'a str], pairs: &[&Correlation]) -> Vec<&'a str> {
    let mut set = names.to_vec();
    for name in names {
        let without: Vec<&str> = set.iter().copied().filter(|other| other != name).collect();
        if triangle(&matrix(&without, pairs, 1.0)).is_none() {
            set = without;
        }
    }
    set
}

/// The sentence for a set that cannot hold together, with the factor at which it would.
fn impossible(set: &[&str], pairs: &[&Correlation]) -> String {
    let (mut possible, mut not) = (0.0, 1.0);
    for _ in 0..30 {
        let middle = 0.5 * (possible + not);
        let holds = triangle(&matrix(set, pairs, middle)).is_some();
        if holds { possible = middle } else { not = middle }
    }
    let names: Vec<String> = set.iter().map(|name| format!("`{name}`")).collect();
    // Rounded downward, so that the factor shown does hold.
    let factor = (possible * 1000.0).floor() / 1000.0;
    format!(
        "the correlations among {} cannot hold together (their matrix is not positive definite); \
         they could if each were multiplied by {factor} or less",
        names.join(", ")
    )
}
