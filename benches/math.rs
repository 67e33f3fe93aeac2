//! What lane mathematics costs: 64 numbers by our functions at each level of vectors, and by the platform's, side by side.
//! Knows nothing of models.

use std::hint::black_box;

use allostat::kernel::{LANES, Lanes, Level, Work, at};
use allostat::math::{self, Fused, Products, Split};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// 64 numbers of both signs; logarithms take their size.
fn lanes() -> Lanes {
    Lanes(std::array::from_fn(|lane| (lane as f64 - 31.5) / 4.0))
}

/// A function over lanes; `$by` is the way of exact products, for those that need one.
macro_rules! over_lanes {
    ($name:ident, $by:ident, $x:ident => $value:expr) => {
        #[divan::bench(args = Level::ALL.map(Level::name))]
        fn $name(bencher: Bencher, level: &str) {
            struct Over<'a>(&'a Lanes, &'a mut Lanes);

            impl Over<'_> {
                // Only powers need it.
                #[allow(clippy::extra_unused_type_parameters)]
                #[inline(always)]
                fn each<$by: Products>(self) {
                    for n in 0..LANES {
                        let $x = self.0.0[n];
                        self.1.0[n] = $value;
                    }
                }
            }

            impl Work for Over<'_> {
                type Result = ();

                #[inline(always)]
                fn run(self) {
                    self.each::<Split>();
                }

                #[inline(always)]
                fn run_fused(self) {
                    self.each::<Fused>();
                }
            }

            let level = Level::ALL.into_iter().find(|known| known.name() == level).expect("a level");
            let (x, mut results) = (lanes(), lanes());
            bencher.counter(ItemsCount::new(LANES)).bench_local(|| {
                at(level, Over(black_box(&x), black_box(&mut results)));
            });
        }
    };
}

over_lanes!(exp_ours, P, x => math::exp(x));
over_lanes!(ln_ours, P, x => math::ln(x.abs()));
over_lanes!(pow_ours, P, x => math::pow_by::<P>(x.abs(), 1.7));

fn platform(bencher: Bencher, f: impl Fn(f64) -> f64 + Sync) {
    let x = lanes();
    bencher.counter(ItemsCount::new(LANES)).bench(|| black_box(&x.0).map(&f));
}

#[divan::bench]
fn exp_platform(bencher: Bencher) {
    platform(bencher, f64::exp);
}

#[divan::bench]
fn ln_platform(bencher: Bencher) {
    platform(bencher, |x| x.abs().ln());
}

#[divan::bench]
fn pow_platform(bencher: Bencher) {
    platform(bencher, |x| x.abs().powf(1.7));
}
