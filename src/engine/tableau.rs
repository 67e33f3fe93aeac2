//! An explicit Runge-Kutta pair as data: stages, weights, error weights, interpolant.
//! Knows nothing of lanes.
//!
//! Ch. Tsitouras, Runge-Kutta pairs of order 5(4) satisfying only the first column simplifying assumption,
//! Computers & Mathematics with Applications 62 (2011) 770-775. The last stage of a step is the first of the next.

// Digits as published, also where the nearest float needs fewer.
#![allow(clippy::excessive_precision)]

/// Stages of a step, the last one at the new state.
pub(super) const STAGES: usize = 7;

/// An embedded pair whose last stage is evaluated at the new state.
pub(super) struct Tableau {
    /// Time of each stage, as a share of the step.
    pub times: [f64; STAGES],
    /// Weights of the earlier stages in the state of each stage; the last row gives the new state.
    pub weights: [[f64; STAGES - 1]; STAGES],
    /// Weights of the difference between the two solutions.
    pub error: [f64; STAGES],
    /// The interpolant's weight of each stage: coefficients of share, share^2, share^3, share^4.
    pub dense: [[f64; 4]; STAGES],
}

impl Tableau {
    /// Weight of each stage in the state at a share of the step.
    #[cfg(test)]
    pub fn dense_weights(&self, share: f64) -> [f64; STAGES] {
        self.dense.map(|[a, b, c, d]| share * (a + share * (b + share * (c + share * d))))
    }
}

pub(super) static TSITOURAS: Tableau = Tableau {
    times: [0.0, 0.161, 0.327, 0.9, 0.980_025_540_904_509_7, 1.0, 1.0],
    weights: [
        [0.0; 6],
        [0.161, 0.0, 0.0, 0.0, 0.0, 0.0],
        [-0.008_480_655_492_356_989, 0.335_480_655_492_357, 0.0, 0.0, 0.0, 0.0],
        [2.897_153_057_105_493_5, -6.359_448_489_975_075, 4.362_295_432_869_581_5, 0.0, 0.0, 0.0],
        [
            5.325_864_828_439_257,
            -11.748_883_564_062_828,
            7.495_539_342_889_836_5,
            -0.092_495_066_361_755_25,
            0.0,
            0.0,
        ],
        [
            5.861_455_442_946_42,
            -12.920_969_317_847_11,
            8.159_367_898_576_159,
            -0.071_584_973_281_401,
            -0.028_269_050_394_068_383,
            0.0,
        ],
        [
            0.096_460_766_818_065_23,
            0.01,
            0.479_889_650_414_499_6,
            1.379_008_574_103_742,
            -3.290_069_515_436_081,
            2.324_710_524_099_774,
        ],
    ],
    error: [
        -0.001_780_011_052_225_777_14,
        -0.000_816_434_459_656_746_9,
        0.007_880_878_010_261_995,
        -0.144_711_007_173_262_9,
        0.582_357_165_452_555_2,
        -0.458_082_105_929_186_97,
        0.015_151_515_151_515_152,
    ],
    dense: DENSE,
};

/// Products of the paper's factored interpolant: `scale·share·(share - p)·(share^2 - q·share + r)` for the first stage,
/// `scale·share^2·(share^2 - q·share + r)` for the others.
const DENSE: [[f64; 4]; STAGES] = [
    first(
        -1.053_088_497_729_021_6,
        1.329_989_018_975_141_2,
        1.436_402_854_171_635_1,
        0.713_981_691_707_420_9,
    ),
    later(0.1017, 2.196_656_833_824_975_4, 1.294_985_250_737_463_1),
    later(2.490_627_285_651_252_8, 2.385_356_454_720_616_6, 1.578_034_682_080_924_9),
    roots(-16.548_102_889_244_902_7, 1.217_129_272_955_332_44, 0.616_204_060_378_000_89),
    roots(47.379_521_962_819_281_2, 1.203_071_208_372_362_6, 0.658_047_292_653_547_4),
    roots(-34.870_657_861_496_609_7, 1.2, 2.0 / 3.0),
    roots(2.5, 1.0, 0.6),
];

const fn first(scale: f64, p: f64, q: f64, r: f64) -> [f64; 4] {
    [-scale * p * r, scale * (r + p * q), -scale * (p + q), scale]
}

const fn later(scale: f64, q: f64, r: f64) -> [f64; 4] {
    [0.0, scale * r, -scale * q, scale]
}

const fn roots(scale: f64, p: f64, q: f64) -> [f64; 4] {
    later(scale, p + q, p * q)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sum over stages of weight times a product.
    fn moment(weights: &[f64], of: impl Fn(usize) -> f64) -> f64 {
        weights.iter().enumerate().map(|(stage, weight)| weight * of(stage)).sum()
    }

    fn inner(stage: usize, of: impl Fn(usize) -> f64) -> f64 {
        moment(&TSITOURAS.weights[stage], of)
    }

    #[test]
    fn each_stage_stands_at_the_time_that_its_weights_add_up_to() {
        for stage in 1..STAGES {
            assert!((inner(stage, |_| 1.0) - TSITOURAS.times[stage]).abs() < 1e-14, "stage {stage}");
        }
    }

    #[test]
    fn the_solution_satisfies_the_conditions_of_order_five() {
        let c = &TSITOURAS.times;
        let b = &TSITOURAS.weights[STAGES - 1];
        let ac = |i: usize| inner(i, |j| c[j]);
        let ac2 = |i: usize| inner(i, |j| c[j] * c[j]);
        let aac = |i: usize| inner(i, ac);
        let conditions = [
            (moment(b, |_| 1.0), 1.0),
            (moment(b, |i| c[i]), 1.0 / 2.0),
            (moment(b, |i| c[i].powi(2)), 1.0 / 3.0),
            (moment(b, ac), 1.0 / 6.0),
            (moment(b, |i| c[i].powi(3)), 1.0 / 4.0),
            (moment(b, |i| c[i] * ac(i)), 1.0 / 8.0),
            (moment(b, ac2), 1.0 / 12.0),
            (moment(b, aac), 1.0 / 24.0),
            (moment(b, |i| c[i].powi(4)), 1.0 / 5.0),
            (moment(b, |i| c[i].powi(2) * ac(i)), 1.0 / 10.0),
            (moment(b, |i| ac(i).powi(2)), 1.0 / 20.0),
            (moment(b, |i| c[i] * ac2(i)), 1.0 / 15.0),
            (moment(b, |i| c[i] * aac(i)), 1.0 / 30.0),
            (moment(b, |i| inner(i, |j| c[j].powi(3))), 1.0 / 20.0),
            (moment(b, |i| inner(i, |j| c[j] * ac(j))), 1.0 / 40.0),
            (moment(b, |i| inner(i, ac2)), 1.0 / 60.0),
            (moment(b, |i| inner(i, aac)), 1.0 / 120.0),
        ];
        for (n, (found, wanted)) in conditions.iter().enumerate() {
            assert!((found - wanted).abs() < 1e-14, "condition {n}: {found} {wanted}");
        }
    }

    #[test]
    fn the_error_vanishes_for_what_the_pair_solves_exactly_and_only_there() {
        let c = &TSITOURAS.times;
        for power in 0..4 {
            assert!(moment(&TSITOURAS.error, |i| c[i].powi(power)).abs() < 1e-15, "power {power}");
        }
        assert!(moment(&TSITOURAS.error, |i| c[i].powi(4)).abs() > 1e-5);
    }

    #[test]
    fn the_interpolant_is_of_order_four_and_ends_in_the_new_state() {
        let c = &TSITOURAS.times;
        let ac = |i: usize| inner(i, |j| c[j]);
        for share in [0.0, 0.1, 0.37, 0.5, 0.77, 1.0] {
            let b = TSITOURAS.dense_weights(share);
            let conditions = [
                (moment(&b, |_| 1.0), share),
                (moment(&b, |i| c[i]), share.powi(2) / 2.0),
                (moment(&b, |i| c[i].powi(2)), share.powi(3) / 3.0),
                (moment(&b, ac), share.powi(3) / 6.0),
                (moment(&b, |i| c[i].powi(3)), share.powi(4) / 4.0),
                (moment(&b, |i| c[i] * ac(i)), share.powi(4) / 8.0),
                (moment(&b, |i| inner(i, |j| c[j] * c[j])), share.powi(4) / 12.0),
                (moment(&b, |i| inner(i, ac)), share.powi(4) / 24.0),
            ];
            for (n, (found, wanted)) in conditions.iter().enumerate() {
                assert!((found - wanted).abs() < 1e-13, "condition {n} at {share}: {found} {wanted}");
            }
        }
        let last = TSITOURAS.dense_weights(1.0);
        for (stage, weight) in TSITOURAS.weights[STAGES - 1].iter().enumerate() {
            assert!((last[stage] - weight).abs() < 1e-13, "stage {stage}");
        }
    }
}
