//! A linearly implicit method as data: stages, weights, error, interpolant.
//! Knows nothing of lanes or Jacobians.
//!
//! G. Steinebach, Construction of Rosenbrock-Wanner method Rodas5P and numerical benchmarks within the Julia Differential
//! Equations package, BIT Numerical Mathematics 63 (2023) 27. Order 5(4), stiffly accurate, interpolant of order 4.
//!
//! With W = 1/(gamma·h) - J and T = df/dt of moving inputs, stage i solves
//! W u_i = f(y + Σ states[i][j] u_j) + (1/h) Σ rates[i][j] u_j + h·drift[i] T; the last stage is the error, the state of the
//! last stage plus that stage the solution.

/// Stages of a step.
pub(super) const STAGES: usize = 8;

pub(super) struct Rosenbrock {
    pub gamma: f64,
    /// Time of each stage, as a share of the step.
    pub times: [f64; STAGES],
    /// Weights of the earlier stages in the state of each stage.
    pub states: [[f64; STAGES - 1]; STAGES],
    /// Weights of the earlier stages on the right, each over the step's length.
    pub rates: [[f64; STAGES - 1]; STAGES],
    /// Weight of the rates' own change in time, times the step's length.
    pub drift: [f64; STAGES],
    /// Of each stage in the three coefficients of the interpolant:
    /// (1 - s) y0 + s (y1 + (1 - s)(H1 + s (H2 + s H3))).
    pub dense: [[f64; STAGES]; 3],
}

const LAST: [f64; 5] =
    [-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946];

pub(super) static RODAS5P: Rosenbrock = Rosenbrock {
    gamma: 0.21193756319429014,
    times: [
        0.0,
        0.6358126895828704,
        0.4095798393397535,
        0.9769306725060716,
        0.4288403609558664,
        1.0,
        1.0,
        1.0,
    ],
    states: [
        [0.0; 7],
        [3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [2.849394379747939, 0.45842242204463923, 0.0, 0.0, 0.0, 0.0, 0.0],
        [-6.954028509809101, 2.489845061869568, -10.358996098473584, 0.0, 0.0, 0.0, 0.0],
        [2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641, 0.0, 0.0, 0.0],
        [LAST[0], LAST[1], LAST[2], LAST[3], LAST[4], 0.0, 0.0],
        [LAST[0], LAST[1], LAST[2], LAST[3], LAST[4], 1.0, 0.0],
        [LAST[0], LAST[1], LAST[2], LAST[3], LAST[4], 1.0, 1.0],
    ],
    rates: [
        [0.0; 7],
        [-14.155112264123755, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [-17.97296035885952, -2.859693295451294, 0.0, 0.0, 0.0, 0.0, 0.0],
        [147.12150275711716, -1.41221402718213, 71.68940251302358, 0.0, 0.0, 0.0, 0.0],
        [165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306, 0.0, 0.0, 0.0],
        [
            24.854864614690072,
            -3.0009227002832186,
            47.4931110020768,
            5.5814197821558125,
            -0.6610691825249471,
            0.0,
            0.0,
        ],
        [
            30.91273214028599,
            -3.1208243349937974,
            77.79954646070892,
            34.28646028294783,
            -19.097331116725623,
            -28.087943162872662,
            0.0,
        ],
        [
            37.80277123390563,
            -3.2571969029072276,
            112.26918849496327,
            66.9347231244047,
            -40.06618937091002,
            -54.66780262877968,
            -9.48861652309627,
        ],
    ],
    drift: [
        0.21193756319429014,
        -0.42387512638858027,
        -0.3384627126235924,
        1.8046452872882734,
        2.325825639765069,
        0.0,
        0.0,
        0.0,
    ],
    dense: [
        [
            25.948786856663858,
            -2.5579724845846235,
            10.433815404888879,
            -2.3679251022685204,
            0.524948541321073,
            1.1241088310450404,
            0.4272876194431874,
            -0.17202221070155493,
        ],
        [
            -9.91568850695171,
            -0.9689944594115154,
            3.0438037242978453,
            -24.495224566215796,
            20.176138334709044,
            15.98066361424651,
            -6.789040303419874,
            -6.710236069923372,
        ],
        [
            11.419903575922262,
            2.8879645146136994,
            72.92137995996029,
            80.12511834622643,
            -52.072871366152654,
            -59.78993625266729,
            -0.15582684282751913,
            4.883087185713722,
        ],
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    type Matrix = [[f64; STAGES]; STAGES];

    /// The method in the form of order conditions: sums of stages without a Jacobian, with one, and a row of weights.
    struct Plain {
        alpha: Matrix,
        beta: Matrix,
        gamma: Matrix,
    }

    impl Plain {
        fn new() -> Plain {
            let method = &RODAS5P;
            // The stages are u = Gamma k with Gamma^-1 = 1/gamma - rates, lower triangular.
            let mut gamma = [[0.0; STAGES]; STAGES];
            for (row, column) in (0..STAGES).flat_map(|row| (0..=row).map(move |column| (row, column))) {
                let known: f64 = (column..row).map(|j| method.rates[row][j] * gamma[j][column]).sum();
                gamma[row][column] = method.gamma * (if row == column { 1.0 } else { 0.0 } + known);
            }
            let row = |weights: &[f64]| row(weights, &gamma);
            let alpha: Matrix = std::array::from_fn(|i| row(&method.states[i]));
            let beta = std::array::from_fn(|i| std::array::from_fn(|j| alpha[i][j] + gamma[i][j]));
            Plain { alpha, beta, gamma }
        }

        /// Weights of the slopes in what is a sum of stages.
        fn weights(&self, stages: &[f64]) -> [f64; STAGES] {
            row(stages, &self.gamma)
        }

        /// (found, wanted) of the conditions up to an order, for the weights of a solution at a share of the step.
        fn conditions(&self, b: &[f64; STAGES], share: f64, order: i32) -> Vec<(f64, f64)> {
            let sum = |of: &dyn Fn(usize) -> f64| -> f64 { (0..STAGES).map(|i| b[i] * of(i)).sum() };
            let along = |m: &Matrix, i: usize, of: &dyn Fn(usize) -> f64| -> f64 {
                (0..STAGES).map(|j| m[i][j] * of(j)).sum()
            };
            let a = |i: usize, of: &dyn Fn(usize) -> f64| along(&self.alpha, i, of);
            let d = |i: usize, of: &dyn Fn(usize) -> f64| along(&self.beta, i, of);
            let one = |_: usize| 1.0;
            let a1 = |i: usize| a(i, &one);
            let d1 = |i: usize| d(i, &one);
            let square = |i: usize| a1(i) * a1(i);
            let all: [(i32, f64, f64); 17] = [
                (1, sum(&one), 1.0),
                (2, sum(&d1), 2.0),
                (3, sum(&square), 3.0),
                (3, sum(&|i| d(i, &d1)), 6.0),
                (4, sum(&|i| a1(i) * square(i)), 4.0),
                (4, sum(&|i| a1(i) * a(i, &d1)), 8.0),
                (4, sum(&|i| d(i, &square)), 12.0),
                (4, sum(&|i| d(i, &|j| d(j, &d1))), 24.0),
                (5, sum(&|i| square(i) * square(i)), 5.0),
                (5, sum(&|i| square(i) * a(i, &d1)), 10.0),
                (5, sum(&|i| a(i, &d1) * a(i, &d1)), 20.0),
                (5, sum(&|i| a1(i) * a(i, &square)), 15.0),
                (5, sum(&|i| a1(i) * a(i, &|j| d(j, &d1))), 30.0),
                (5, sum(&|i| d(i, &|j| a1(j) * square(j))), 20.0),
                (5, sum(&|i| d(i, &|j| a1(j) * a(j, &d1))), 40.0),
                (5, sum(&|i| d(i, &|j| d(j, &square))), 60.0),
                (5, sum(&|i| d(i, &|j| d(j, &|k| d(k, &d1)))), 120.0),
            ];
            let wanted = all.into_iter().filter(|(of, ..)| *of <= order);
            wanted.map(|(of, found, density)| (found, share.powi(of) / density)).collect()
        }
    }

    fn row(weights: &[f64], gamma: &Matrix) -> [f64; STAGES] {
        std::array::from_fn(|j| weights.iter().zip(gamma).map(|(w, g)| w * g[j]).sum())
    }

    /// Of each stage in the solution: the state of the last stage and that stage itself.
    fn solution() -> [f64; STAGES] {
        std::array::from_fn(|j| RODAS5P.states[STAGES - 1].get(j).copied().unwrap_or(1.0))
    }

    #[track_caller]
    fn all_hold(conditions: &[(f64, f64)], within: f64) {
        for (n, (found, wanted)) in conditions.iter().enumerate() {
            assert!((found - wanted).abs() < within, "condition {n}: {found} {wanted}");
        }
    }

    #[test]
    fn each_stage_stands_at_the_time_and_has_the_drift_that_its_weights_add_up_to() {
        let plain = Plain::new();
        for stage in 0..STAGES {
            let time: f64 = plain.alpha[stage].iter().sum();
            let drift: f64 = plain.gamma[stage].iter().sum();
            assert!((time - RODAS5P.times[stage]).abs() < 1e-13, "time {stage}");
            assert!((drift - RODAS5P.drift[stage]).abs() < 1e-12, "drift {stage}: {drift}");
        }
    }

    #[test]
    fn the_solution_satisfies_the_conditions_of_order_five() {
        let plain = Plain::new();
        all_hold(&plain.conditions(&plain.weights(&solution()), 1.0, 5), 1e-12);
    }

    #[test]
    fn the_solution_beside_it_is_of_order_four_and_not_of_five() {
        let plain = Plain::new();
        let mut beside = solution();
        beside[STAGES - 1] = 0.0;
        let weights = plain.weights(&beside);
        all_hold(&plain.conditions(&weights, 1.0, 4), 1e-12);
        assert!(
            plain.conditions(&weights, 1.0, 5).iter().any(|(found, wanted)| (found - wanted).abs() > 1e-4)
        );
    }

    #[test]
    fn the_interpolant_is_of_order_four_and_ends_in_the_solution() {
        let plain = Plain::new();
        let solution = solution();
        for share in [0.1, 0.37, 0.5, 0.77, 1.0] {
            let [a, b, c] = &RODAS5P.dense;
            let of =
                |j: usize| share * (solution[j] + (1.0 - share) * (a[j] + share * (b[j] + share * c[j])));
            all_hold(
                &plain.conditions(&plain.weights(&std::array::from_fn::<f64, STAGES, _>(of)), share, 4),
                1e-11,
            );
        }
    }

    #[test]
    fn what_decays_infinitely_fast_is_gone_after_a_step() {
        // Rows of `beta` add up so that the last stage of y' = z y tends to 0 as z tends to minus infinity.
        let plain = Plain::new();
        let weights = plain.weights(&solution());
        for (stage, (beta, weight)) in plain.beta[STAGES - 1].iter().zip(weights).enumerate() {
            assert!((beta - weight).abs() < 1e-12, "stage {stage}");
        }
    }
}
