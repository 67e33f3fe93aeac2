//! Sequences against published points, and what scrambling must keep.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::rng::Stream;

/// Points of another implementation, made by `tests/data/sobol.py`.
const TABLE: &str = include_str!("../../../../tests/data/sobol.csv");

fn key(seed: u64) -> Key {
    Key::new(seed, Stream::of("test scramble"))
}

fn plain(dimensions: usize) -> Sequence {
    Sequence::of(dimensions, None)
}

#[test]
fn plain_points_are_the_published_ones() {
    let mut lines = TABLE.lines();
    let dimensions: Vec<usize> =
        lines.next().unwrap().split(',').skip(1).map(|cell| cell.parse().unwrap()).collect();
    let sequence = plain(1000);
    let mut compared = 0;
    for line in lines {
        let mut cells = line.split(',');
        let index = cells.next().unwrap().parse().unwrap();
        for (dimension, cell) in dimensions.iter().zip(cells) {
            let published: f64 = cell.parse().unwrap();
            let half_a_last_digit = 0.5f64.powi(53);
            assert_eq!(sequence.coordinate(index, dimension - 1), published + half_a_last_digit, "{index}");
            compared += 1;
        }
    }
    assert!(compared >= 16 * 10, "{compared} coordinates");
}

#[test]
fn the_small_table_of_directions_is_the_beginning_of_the_large_one() {
    assert_eq!(plain(100).directions, plain(101).directions[..100]);
}

/// Every interval [a, a + 1)*2^-j has 2^(m-j) of the first 2^m points; j = m says it all.
#[test]
fn beginnings_of_a_power_of_two_are_balanced_in_every_dimension() {
    for scramble in [None, Some(key(3))] {
        let sequence = Sequence::of(1000, scramble);
        for dimension in (0..1000).step_by(37) {
            for m in 0..=10 {
                let size = (1_u64 << m) as f64;
                let interval = |i| (sequence.coordinate(i, dimension) * size) as u64;
                let intervals: HashSet<u64> = (0..1_u64 << m).map(interval).collect();
                assert_eq!(intervals.len(), 1 << m, "dimension {dimension}, {size} points");
            }
        }
    }
}

/// The first two dimensions are a (0, 2)-sequence: any 2^m points from a multiple of 2^m on have one in each rectangle of
/// sides 2^-j and 2^(j-m).
#[test]
fn rectangles_of_the_first_two_dimensions_have_one_point_each() {
    for scramble in [None, Some(key(1)), Some(key(2))] {
        let sequence = Sequence::of(2, scramble);
        let m = 8;
        for start in [0, 1 << m, 77 << m] {
            for j in 0..=m {
                let cell = |i| {
                    let x = sequence.coordinate(i, 0) * f64::from(1 << j);
                    let y = sequence.coordinate(i, 1) * f64::from(1 << (m - j));
                    (x as u64, y as u64)
                };
                let cells: HashSet<(u64, u64)> = (start..start + (1 << m)).map(cell).collect();
                assert_eq!(cells.len(), 1 << m, "from {start}, 2^-{j} wide");
            }
        }
    }
}

proptest! {
    #[test]
    fn scrambling_keeps_at_which_digit_two_numbers_part(a: u64, same in 0_u32..52, seed: u64, dimension in 0_u64..1000) {
        // Another number with exactly `same` first digits in common.
        let b = a ^ (1 << 63 >> same) ^ (seed & (u64::MAX >> 1 >> same));
        let of = |digits| scrambled(digits, key(seed), dimension);
        prop_assert_eq!((of(a) ^ of(b)).leading_zeros(), same);
    }
}

#[test]
fn scrambling_flips_every_digit_by_a_fair_coin_of_its_own() {
    let tosses = 4_000;
    let flips: Vec<u64> = (0..tosses).map(|seed| scrambled(0, key(seed), 4)).collect();
    let limit = 4.5 * (tosses as f64).sqrt() / 2.0;
    let odd = |count: usize| (count as f64 - tosses as f64 / 2.0).abs() > limit;
    for i in 12..64 {
        assert!(!odd(flips.iter().filter(|f| *f >> i & 1 == 1).count()), "digit {i}");
        for j in 12..i {
            let alike = flips.iter().filter(|f| (*f >> i ^ *f >> j) & 1 == 0).count();
            assert!(!odd(alike), "digits {i} and {j}");
        }
    }
}

#[test]
fn coins_depend_on_the_digits_before_and_on_the_dimension() {
    // The digits after the first: where their coins are unrelated, half of them differ.
    let unlike = |a: u64, b: u64| ((a ^ b) << 1 >> 13).count_ones();
    let from_zero = |seed, dimension| scrambled(0, key(seed), dimension);
    let first_differs: u32 =
        (0..1_000).map(|seed| unlike(from_zero(seed, 0), scrambled(1 << 63, key(seed), 0))).sum();
    let dimension_differs: u32 = (0..1_000).map(|seed| unlike(from_zero(seed, 0), from_zero(seed, 1))).sum();
    // 51,000 fair tosses: a standard error of 113.
    assert!((24_950..26_050).contains(&first_differs), "{first_differs}");
    assert!((24_950..26_050).contains(&dimension_differs), "{dimension_differs}");
}

/// The mean of a smooth function over the cube: scrambled points are unbiased, and far closer to it than independent ones.
#[test]
fn a_mean_over_scrambled_points_is_unbiased_and_far_less_scattered_than_a_random_one() {
    let f = |x: &dyn Fn(usize) -> f64| (0..4).map(|d| 1.0 + (x(d) - 0.3) * x(d)).product::<f64>();
    // Each factor has the mean 1 + 1/3 - 0.15.
    let exact = (1.0f64 + 1.0 / 3.0 - 0.15).powi(4);
    let n = 1 << 8;
    let scatter = |mean: &dyn Fn(u64) -> f64| {
        let errors: Vec<f64> = (0..50).map(|seed| mean(seed) - exact).collect();
        let bias = errors.iter().sum::<f64>() / 50.0;
        let spread = (errors.iter().map(|e| e * e).sum::<f64>() / 50.0).sqrt();
        assert!(bias.abs() < 4.0 * spread / 50f64.sqrt(), "bias {bias}, spread {spread}");
        spread
    };
    let directions = plain(4).directions;
    let of_scrambled = scatter(&|seed| {
        let sequence = Sequence { directions: directions.clone(), scramble: Some(key(seed)) };
        (0..n).map(|i| f(&|d| sequence.coordinate(i, d))).sum::<f64>() / n as f64
    });
    let of_random =
        scatter(&|seed| (0..n).map(|i| f(&|d| key(seed).uniform(i, d as u64))).sum::<f64>() / n as f64);
    assert!(of_scrambled < of_random / 20.0, "{of_scrambled} and {of_random}");
}
