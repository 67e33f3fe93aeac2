//! What lane mathematics costs: 64 numbers by our functions and by the platform's, side by side.
//! Knows nothing of models.

use std::hint::black_box;

use allostat::kernel::{LANES, Work, wide};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// 64 numbers of both signs; `ln` takes their size.
fn lanes() -> [f64; LANES] {
    std::array::from_fn(|lane| (lane as f64 - 31.5) / 4.0)
}

fn over_lanes(bencher: Bencher, f: impl Fn(f64) -> f64 + Copy + Sync) {
    let x = lanes();
    bencher.counter(ItemsCount::new(LANES)).bench(|| wide(Each { x: black_box(&x), f }));
}

/// The function of each lane, in vectors of the width that the engine uses.
struct Each<'a, F> {
    x: &'a [f64; LANES],
    f: F,
}

impl<F: Fn(f64) -> f64> Work for Each<'_, F> {
    type Result = [f64; LANES];

    #[inline(always)]
    fn run(self) -> [f64; LANES] {
        let mut into = [0.0; LANES];
        for (value, x) in into.iter_mut().zip(self.x) {
            *value = (self.f)(*x);
        }
        into
    }
}

#[divan::bench]
fn exp_ours(bencher: Bencher) {
    over_lanes(bencher, allostat::math::exp);
}

#[divan::bench]
fn exp_platform(bencher: Bencher) {
    over_lanes(bencher, f64::exp);
}

#[divan::bench]
fn ln_ours(bencher: Bencher) {
    over_lanes(bencher, |x| allostat::math::ln(x.abs()));
}

#[divan::bench]
fn ln_platform(bencher: Bencher) {
    over_lanes(bencher, |x| x.abs().ln());
}

#[divan::bench]
fn pow_ours(bencher: Bencher) {
    over_lanes(bencher, |x| allostat::math::pow(x.abs(), 1.7));
}

#[divan::bench]
fn pow_platform(bencher: Bencher) {
    over_lanes(bencher, |x| x.abs().powf(1.7));
}
