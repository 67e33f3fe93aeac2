//! Known answers of sensitivity analysis. Functions and small samples of the unit cube for all of them.

mod coverage;
mod dropped;
mod given_data;
mod local;
mod morris;
mod prcc;
mod salib;
mod sobol;

use std::f64::consts::PI;

use ndarray::{Array1, Array2, ArrayView1, Axis, s};

use super::*;
use crate::rng::{Key, Stream};

type Function = fn(ArrayView1<f64>) -> f64;

/// Ishigami's function, a = 7, b = 0.1, of the unit cube.
fn ishigami(u: ArrayView1<f64>) -> f64 {
    let x = u.mapv(|u| (2.0 * u - 1.0) * PI);
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

const ISHIGAMI_VARIANCE: f64 = 13.844587940719254;
const ISHIGAMI_FIRST: [f64; 3] = [0.31390519114781146, 0.4424111447900409, 0.0];
const ISHIGAMI_TOTAL: [f64; 3] = [0.5575888552099592, 0.4424111447900409, 0.24368366406214773];

/// Sobol's g with a = (0, 1, 4.5, 9, 99, 99, 99, 99).
fn sobol_g(u: ArrayView1<f64>) -> f64 {
    let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
    u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
}

/// 4 x1 + 2 x2 + x3: shares 16/21, 4/21, 1/21.
fn linear(u: ArrayView1<f64>) -> f64 {
    4.0 * u[0] + 2.0 * u[1] + u[2]
}

fn product(u: ArrayView1<f64>) -> f64 {
    u[0] * u[1]
}

fn outputs(points: &Array2<f64>, f: impl Fn(ArrayView1<f64>) -> f64) -> Array1<f64> {
    points.rows().into_iter().map(f).collect()
}

/// Independent uniform points.
fn random(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let key = Key::new(seed, Stream::of("random points of a test"));
    Array2::from_shape_fn((rows, columns), |(row, column)| key.uniform(row as u64, column as u64))
}

/// A Sobol' sequence shifted by a random point modulo 1.
fn sequence(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
    let shift = random(1, columns, seed);
    let numbers = ::sobol::params::JoeKuoD6::minimal();
    let points: Vec<f64> = ::sobol::Sobol::<f64>::new(columns, &numbers).take(rows).flatten().collect();
    let points = Array2::from_shape_vec((rows, columns), points).unwrap();
    (points + shift).mapv(|x| x.fract())
}

/// Saltelli's blocks from points of twice as many columns.
fn saltelli(base: Array2<f64>, has_second: bool) -> Array2<f64> {
    let k = base.ncols() / 2;
    let block = |row: ArrayView1<f64>| {
        let (a, b) = (row.slice(s![..k]), row.slice(s![k..]));
        let mixed = |own: ArrayView1<f64>, other: ArrayView1<f64>, i: usize| {
            Array1::from_shape_fn(k, |j| if j == i { other[j] } else { own[j] })
        };
        let mut block = vec![a.to_owned(), b.to_owned()];
        block.extend((0..k).map(|i| mixed(a, b, i)));
        block.extend((0..k).filter(|_| has_second).map(|i| mixed(b, a, i)));
        block
    };
    let rows: Vec<Array1<f64>> = base.rows().into_iter().flat_map(block).collect();
    ndarray::stack(Axis(0), &rows.iter().map(|row| row.view()).collect::<Vec<_>>()).unwrap()
}

/// Trajectories that step up by half through the factors in turn, from random points of the lower half with `levels` values.
fn trajectories(r: usize, k: usize, levels: usize, seed: u64) -> Array2<f64> {
    let starts = random(r, k, seed).mapv(|u| (u * levels as f64).floor() / (2 * levels) as f64);
    let key = Key::new(seed, Stream::of("order of the factors"));
    let trajectory = |t: usize| {
        let mut order: Vec<usize> = (0..k).collect();
        order.sort_by_key(|&i| key.bits(t as u64, i as u64));
        let mut points = vec![starts.row(t).to_owned()];
        for factor in order {
            let mut next = points[points.len() - 1].clone();
            next[factor] += 0.5;
            points.push(next);
        }
        points
    };
    let rows: Vec<Array1<f64>> = (0..r).flat_map(trajectory).collect();
    ndarray::stack(Axis(0), &rows.iter().map(|row| row.view()).collect::<Vec<_>>()).unwrap()
}

/// `what` within `bound` of each `expected`.
#[track_caller]
fn assert_near(what: &[Estimate], expected: &[f64], bound: f64) {
    assert_eq!(what.len(), expected.len());
    for (at, (estimate, expected)) in what.iter().zip(expected).enumerate() {
        let off = estimate.value - expected;
        assert!(off.abs() <= bound, "{at}: {} is {off:e} off {expected}, not {bound:e}", estimate.value);
    }
}

fn square(x: f64) -> f64 {
    x * x
}

const LUCK: Bootstrap = Bootstrap { seed: 1, resamples: 200 };
