//! The functions against tables in high precision, against the platform, and their laws.

use proptest::prelude::*;

use super::*;

/// Correctly rounded values, made by `tests/data/math.py`.
const TABLE: &str = include_str!("../../tests/data/math.csv");

/// Numbers counted along the line of floats: the distance of two is their distance in ulp.
fn rank(x: f64) -> i128 {
    let magnitude = i128::from(x.abs().to_bits());
    if x.is_sign_negative() { -magnitude } else { magnitude }
}

fn ulps(a: f64, b: f64) -> i128 {
    if a.is_nan() && b.is_nan() { 0 } else { (rank(a) - rank(b)).abs() }
}

fn number(bits: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(&format!("{bits:0<16}"), 16).expect("hexadecimal bits"))
}

/// Largest distance from the table in ulp, and the number of points.
fn worst(name: &str, f: impl Fn(&[f64]) -> f64) -> (i128, usize) {
    let points = TABLE.lines().skip_while(|line| *line != name).skip(1);
    let points = points.take_while(|line| line.contains(' '));
    let distances = points.map(|line| {
        let numbers: Vec<f64> = line.split(' ').map(number).collect();
        let (value, arguments) = numbers.split_last().expect("a value");
        ulps(f(arguments), *value)
    });
    distances.fold((0, 0), |(worst, count), distance| (worst.max(distance), count + 1))
}

type Function = fn(&[f64]) -> f64;

/// Name, the distance in ulp that its documentation allows, and the function of its arguments.
const FUNCTIONS: [(&str, i128, Function); 12] = [
    ("exp", 1, |x| exp(x[0])),
    ("ln", 1, |x| ln(x[0])),
    ("pow", 1, |x| pow(x[0], x[1])),
    ("sin", 1, |x| sin(x[0])),
    ("cos", 1, |x| cos(x[0])),
    ("log10", 1, |x| log10(x[0])),
    ("exp_m1", 2, |x| exp_m1(x[0])),
    ("ln_1p", 2, |x| ln_1p(x[0])),
    ("tanh", 3, |x| tanh(x[0])),
    ("logistic", 3, |x| logistic(x[0])),
    ("normal_cdf", 6, |x| normal_cdf(x[0])),
    ("normal_quantile", 10, |x| normal_quantile(x[0])),
];

#[test]
fn no_function_is_further_from_the_truth_than_it_says() {
    for (name, allowed, f) in FUNCTIONS {
        let (worst, points) = worst(name, f);
        assert!(points >= 200, "{name}: only {points} points");
        assert!(worst <= allowed, "{name}: {worst} ulp");
    }
}

/// The bits are part of the numerics version: they are the same on every machine and in every build, and these
/// numbers move only with it.
#[test]
fn the_bits_of_every_function_are_frozen() {
    let digests = FUNCTIONS.map(|(name, _, f)| {
        let digest = std::cell::Cell::new(0xcbf2_9ce4_8422_2325_u64);
        worst(name, |arguments| {
            let value = f(arguments);
            digest.set((digest.get().rotate_left(5) ^ value.to_bits()).wrapping_mul(0x0000_0100_0000_01b3));
            value
        });
        format!("{name} {:016x}", digest.get())
    });
    insta::assert_snapshot!(digests.join("\n"), @"
    exp 1387dd672aa7e8f8
    ln 69d21b156720fb61
    pow 15b46ecbdf26c547
    sin aefe5d8c884f34e7
    cos 8d36bc7964c37faf
    log10 d0c5ad5627a85950
    exp_m1 9db5c538584c55b0
    ln_1p 36261262175e5143
    tanh 9adef95e2a9457e3
    logistic f097c4fe5d366bdb
    normal_cdf 3dcfbacb7d78aa89
    normal_quantile b2bb0c82c0262c57
    ");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn our_functions_agree_with_the_platform(x in -700.0f64..700.0, magnitude in -300.0f64..300.0, y in -3.0f64..3.0) {
        let positive = 10f64.powf(magnitude);
        prop_assert!(ulps(exp(x), x.exp()) <= 2);
        prop_assert!(ulps(sin(x), x.sin()) <= 2);
        prop_assert!(ulps(cos(x), x.cos()) <= 2);
        prop_assert!(ulps(ln(positive), positive.ln()) <= 2);
        prop_assert!(ulps(log10(positive), positive.log10()) <= 2);
        prop_assert!(ulps(pow(positive, y), positive.powf(y)) <= 2);
    }

    #[test]
    fn any_bits_give_what_the_platform_gives(a: u64, b: u64) {
        let (x, y) = (f64::from_bits(a), f64::from_bits(b));
        prop_assert!(ulps(exp(x), x.exp()) <= 2);
        prop_assert!(ulps(ln(x), x.ln()) <= 2);
        prop_assert!(ulps(pow(x, y), x.powf(y)) <= 2, "{} {}", pow(x, y), x.powf(y));
        prop_assert!(ulps(exp_m1(x), x.exp_m1()) <= 4);
        prop_assert!(ulps(ln_1p(x), x.ln_1p()) <= 4);
        prop_assert!(ulps(tanh(x), x.tanh()) <= 5);
        prop_assert_eq!(sin(x).is_nan(), !x.is_finite());
        prop_assert!(!x.is_finite() || (sin(x).abs() <= 1.0 && cos(x).abs() <= 1.0));
    }

    #[test]
    fn both_ways_of_exact_products_give_the_same_powers(a: u64, b: u64, magnitude in -700.0f64..700.0, y in -9.0f64..9.0) {
        let any = (f64::from_bits(a), f64::from_bits(b));
        // Bases of all magnitudes, bases near 1 with large exponents, subnormal bases.
        let (base, near) = (exp(magnitude), 1.0 + 1e-9 * magnitude);
        for (x, y) in [any, (base, y), (-base, y.round()), (near, 1e8 * y), (f64::from_bits(a >> 13), y), (base, any.1)] {
            prop_assert!(same_both_ways(x, y), "pow({x:e}, {y:e})");
        }
    }

    #[test]
    fn pow_of_a_negative_base_is_real_for_whole_exponents_only(x in 0.01f64..100.0, n in -50i32..50) {
        let sign = if n % 2 == 0 { 1.0 } else { -1.0 };
        prop_assert_eq!(pow(-x, f64::from(n)), sign * pow(x, f64::from(n)));
        prop_assert!(pow(-x, f64::from(n) + 0.5).is_nan());
    }

    #[test]
    fn powi_multiplies_as_many_times_as_it_says(x in -50.0f64..50.0, n in -20i32..20) {
        let product = (0..n.unsigned_abs()).fold(1.0, |product, _| product * x);
        let expected = if n < 0 { 1.0 / product } else { product };
        prop_assert!((powi(x, n) / expected - 1.0).abs() < 2e-15 || x == 0.0);
    }

    #[test]
    fn monotone_functions_do_not_turn_back(x in -30.0f64..30.0, steps in 0u64..1_000) {
        // The next float or one near it: a step back of one ulp of a value is allowed to no function here
        // whose value moves; the others may stand still.
        let next = f64::from_bits(if x >= 0.0 { x.to_bits() + steps } else { x.to_bits().saturating_sub(steps) });
        let slack = 1.0 + 4.0 * f64::EPSILON;
        for f in [exp, logistic, normal_cdf] {
            prop_assert!(f(next) * slack >= f(x));
        }
        let further = x + x.abs() * 1e-12 + 1e-12;
        for f in [exp, logistic, tanh, normal_cdf] {
            prop_assert!(f(further) >= f(x));
        }
    }

    #[test]
    fn quantile_and_distribution_function_undo_each_other(z in -37.0f64..5.0) {
        let back = normal_quantile(normal_cdf(z));
        // Above 0 the distribution function keeps only the distance from 1, times 1/density.
        let lost = if z > 0.0 { 2e-16 * (z * z / 2.0).exp() * 2.6 } else { 0.0 };
        prop_assert!((back - z).abs() <= 4e-15 * z.abs().max(1.0) + lost, "{z} {back}");
    }

    #[test]
    fn the_two_sides_of_the_normal_mirror_each_other(z in 0.0f64..9.0, p in 1e-9f64..0.5) {
        prop_assert_eq!(normal_cdf(z), 1.0 - normal_cdf(-z));
        prop_assert_eq!(normal_quantile(1.0 - p), -normal_quantile(1.0 - (1.0 - p)));
    }

    #[test]
    fn lanes_give_the_bits_of_single_values(x in prop::collection::vec(-100.0f64..100.0, 64)) {
        let mut lanes = [0.0; 64];
        lanes.copy_from_slice(&x);
        let mut results = [0.0; 64];
        for (result, lane) in results.iter_mut().zip(&lanes) {
            *result = pow(exp(*lane), 0.3) + sin(*lane) + normal_cdf(*lane);
        }
        for (result, lane) in results.iter().zip(&x) {
            let alone = std::hint::black_box(*lane);
            prop_assert_eq!(*result, pow(exp(alone), 0.3) + sin(alone) + normal_cdf(alone));
        }
    }
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

fn same_both_ways(x: f64, y: f64) -> bool {
    same(pow_by::<Split>(x, y), pow_by::<Fused>(x, y)) && same(log10_by::<Split>(x), log10_by::<Fused>(x))
}

const INF: f64 = f64::INFINITY;

#[test]
fn both_ways_of_exact_products_give_the_same_powers_at_the_edges() {
    let sizes = [
        0.0,
        5e-324,
        1e-320,
        f64::MIN_POSITIVE,
        1e-300,
        1e-160,
        1e-16,
        0.5,
        std::f64::consts::FRAC_1_SQRT_2,
        std::f64::consts::FRAC_1_SQRT_2.next_down(),
        1.0 - f64::EPSILON / 2.0,
        1.0,
        1.0 + f64::EPSILON,
        std::f64::consts::SQRT_2,
        2.0,
        3.0,
        1e16,
        4503599627370495.5,
        4503599627370497.0,
        9007199254740991.0,
        9007199254740993.0,
        1e19,
        3.7e19,
        1e155,
        1e300,
        f64::MAX,
        INF,
        f64::NAN,
    ];
    let both = || sizes.into_iter().flat_map(|size| [size, -size]);
    for x in both() {
        for y in both() {
            assert!(same_both_ways(x, y), "pow({x:e}, {y:e})");
            assert!(ulps(pow(x, y), x.powf(y)) <= 1, "pow({x:e}, {y:e}) = {:e}", pow(x, y));
        }
    }
}

#[test]
fn one_logarithm_serves_all_powers_of_a_base() {
    for x in [1e-310, 0.3, 0.999, 1.0, 7.5, -2.0, 1e300] {
        let logarithm = logarithm_of_size::<Split>(x);
        for y in [-3.0, -0.1, 0.0, 0.7, 2.0, 1e9] {
            assert!(same(raised::<Split>(x, logarithm, y), pow(x, y)), "pow({x}, {y})");
        }
    }
}

#[test]
fn exponentials_end_where_numbers_end() {
    assert_eq!((exp(0.0), exp(-0.0), exp(-INF), exp(INF)), (1.0, 1.0, 0.0, INF));
    assert!(exp(f64::NAN).is_nan());
    assert_eq!(exp(709.782712893384), 709.782712893384f64.exp());
    assert_eq!((exp(709.7827128933841), exp(1e300)), (INF, INF));
    assert!(ulps(exp(-745.1), f64::from_bits(1)) <= 1);
    assert_eq!((exp(-745.2), exp(-1e300)), (0.0, 0.0));
    assert!(ulps(exp(-720.0), (-720.0f64).exp()) <= 1);
    assert_eq!((exp_m1(-INF), exp_m1(INF), exp_m1(709.79)), (-1.0, INF, INF));
    assert!(exp_m1(-0.0).is_sign_negative() && exp_m1(f64::NAN).is_nan());
}

#[test]
fn logarithms_of_what_has_none_are_infinite_or_nan() {
    for f in [ln, log10] {
        assert_eq!((f(0.0), f(-0.0), f(INF), f(1.0)), (-INF, -INF, INF, 0.0));
        assert!(f(-1.0).is_nan() && f(-INF).is_nan() && f(f64::NAN).is_nan() && f(-1e-320).is_nan());
    }
    assert_eq!((ln_1p(-1.0), ln_1p(INF)), (-INF, INF));
    assert!(ln_1p(-1.5).is_nan() && ln_1p(f64::NAN).is_nan() && ln_1p(-0.0).is_sign_negative());
}

#[test]
fn logarithms_hold_for_subnormal_numbers() {
    for bits in [1, 2, 77, 1 << 40, (1 << 52) - 1] {
        let x = f64::from_bits(bits);
        assert!(ulps(ln(x), x.ln()) <= 1 && ulps(log10(x), x.log10()) <= 1);
    }
}

#[test]
fn powers_of_ten_have_whole_decimal_logarithms() {
    for n in -300..=300 {
        let power: f64 = format!("1e{n}").parse().expect("a number");
        assert_eq!(log10(power), f64::from(n));
    }
}

#[test]
fn powers_at_zero_one_and_infinity_are_those_of_the_standard() {
    let special =
        [0.0, -0.0, 1.0, -1.0, INF, -INF, f64::NAN, 2.0, -2.0, 3.0, -3.0, 0.5, -0.5, 1e300, -1e300, 5e-324];
    for x in special {
        for y in special {
            let (ours, standard) = (pow(x, y), x.powf(y));
            assert!(ulps(ours, standard) <= 1, "pow({x}, {y}) is {ours} instead of {standard}");
        }
    }
    assert_eq!((pow(f64::NAN, 0.0), pow(1.0, f64::NAN)), (1.0, 1.0));
}

#[test]
fn whole_powers_of_whole_numbers_are_exact() {
    for base in 1..=40 {
        for n in 0..=9 {
            let exact = i128::from(base).pow(n);
            if exact < 1 << 53 {
                assert_eq!(pow(f64::from(base), f64::from(n)), exact as f64);
                assert_eq!(powi(f64::from(base), n as i32), exact as f64);
            }
        }
    }
    assert_eq!((powi(0.0, 0), powi(2.0, -3), powi(1.0, i32::MIN)), (1.0, 0.125, 1.0));
}

#[test]
fn powers_at_the_ends_of_the_range_are_right() {
    for (x, y) in
        [(10.0, 308.2), (10.0, 308.3), (10.0, -308.5), (10.0, -323.2), (10.0, -324.0), (1.0 + 1e-15, 1e17)]
    {
        assert!(ulps(pow(x, y), x.powf(y)) <= 1, "pow({x}, {y})");
    }
    assert!(ulps(pow(5e-324, 0.5), 5e-324f64.powf(0.5)) <= 1);
}

#[test]
fn logistic_and_tanh_saturate_without_overflow() {
    assert_eq!((logistic(0.0), logistic(INF), logistic(-INF)), (0.5, 1.0, 0.0));
    assert_eq!((logistic(800.0), logistic(-800.0)), (1.0, 0.0));
    assert_eq!((tanh(0.0), tanh(1e308), tanh(-INF)), (0.0, 1.0, -1.0));
    assert!(tanh(-0.0).is_sign_negative());
    assert!(logistic(f64::NAN).is_nan() && tanh(f64::NAN).is_nan());
    assert_eq!(tanh(1e-200), 1e-200);
}

#[test]
fn sines_keep_small_angles_and_stay_defined_for_absurd_ones() {
    assert_eq!((sin(0.0), cos(0.0), sin(1e-300)), (0.0, 1.0, 1e-300));
    assert!(sin(-0.0).is_sign_negative());
    assert_eq!((sin(1e300), cos(1e300)), (0.0, 1.0));
    // One ulp of the argument, which is what is promised there.
    for x in [2e6, 1.7e9, 3.3e12, 2.2e14] {
        assert!((sin(x) - x.sin()).abs() <= x * 2.3e-16 && (cos(x) - x.cos()).abs() <= x * 2.3e-16, "{x}");
    }
    for x in [INF, -INF, f64::NAN] {
        assert!(sin(x).is_nan() && cos(x).is_nan());
    }
}

#[test]
fn the_normal_has_its_middle_at_zero_and_its_ends_at_infinity() {
    assert_eq!((normal_cdf(0.0), normal_cdf(-0.0), normal_cdf(INF), normal_cdf(-INF)), (0.5, 0.5, 1.0, 0.0));
    assert_eq!((normal_quantile(0.5), normal_quantile(0.0), normal_quantile(1.0)), (0.0, -INF, INF));
    assert!(normal_cdf(f64::NAN).is_nan() && normal_quantile(f64::NAN).is_nan());
    assert!(normal_quantile(-0.1).is_nan() && normal_quantile(1.1).is_nan());
    assert_eq!(normal_cdf(-38.6), 0.0);
    assert!((normal_quantile(5e-324) + 38.467405617144344).abs() < 1e-12);
}
