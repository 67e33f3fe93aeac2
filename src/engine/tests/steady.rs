//! Steady states, their stability, and starting from them.

use super::*;

fn found(bench: &Bench, values: &[f64], inputs: &[f64], guess: Option<&[f64]>) -> Steady {
    steady(&bench.plan.arms[0].system, values, inputs, guess).expect("a steady state")
}

#[test]
fn a_linear_system_has_the_solution_of_its_equations_and_its_eigenvalues() {
    let rates = [["x", "a - 2*x + y", "1"], ["y", "u + x - 3*y", "1"]];
    let bench = Bench::new(&[("a", 4.0)], &[("u", "0")], &rates);
    let state = found(&bench, &[4.0], &[7.0], None);
    all_near(&state.states, &[19.0 / 5.0, 18.0 / 5.0], 1e-14);
    let root = 5.0_f64.sqrt() / 2.0;
    let eigenvalues: Vec<f64> = state.eigenvalues.iter().flatten().copied().collect();
    all_near(&eigenvalues, &[-2.5 - root, 0.0, -2.5 + root, 0.0], 1e-13);
    assert!(state.stable);
}

#[test]
fn eigenvalues_come_by_real_part_and_pairs_by_imaginary_part() {
    let rates =
        [["x", "-x + 2*y", "1"], ["y", "-2*x - y", "1"], ["z", "-5*z + 1", "1"], ["w", "1 - w/2", "1"]];
    let state = found(&Bench::new(&[], &[], &rates), &[], &[], None);
    let eigenvalues: Vec<f64> = state.eigenvalues.iter().flatten().copied().collect();
    all_near(&eigenvalues, &[-5.0, 0.0, -1.0, -2.0, -1.0, 2.0, -0.5, 0.0], 1e-12);
    all_near(&state.states, &[0.0, 0.0, 0.2, 2.0], 1e-14);
}

#[test]
fn a_conserved_total_keeps_its_value_and_its_zero_eigenvalue_is_stable() {
    let rates = [["x", "2*y - 3*x", "1"], ["y", "3*x - 2*y", "4"]];
    let state = found(&Bench::new(&[], &[], &rates), &[], &[], None);
    all_near(&state.states, &[2.0, 3.0], 1e-13);
    assert!(state.stable);
    near(state.eigenvalues[0][0], -5.0, 1e-13);
}

#[test]
fn binding_with_turnover_and_a_feedback_reach_their_closed_forms() {
    let rates = [["R", "s - d*R - b*u*R + o*C", "s/d"], ["C", "b*u*R - o*C - i*C", "0"]];
    let values = [("s", 100.0), ("d", 0.03), ("b", 0.07), ("o", 0.3), ("i", 0.28)];
    let mut bench = Bench::new(&values, &[("u", "0")], &rates);
    bench.system(0).nonnegative = vec![true; 2];
    let state = found(&bench, &values.map(|(_, value)| value), &[10.0], None);
    let r = 100.0 / (0.03 + 0.7 * 0.28 / 0.58);
    all_near(&state.states, &[r, 0.7 * r / 0.58], 1e-13);
    let feedback = Bench::new(&[], &[("u", "0")], &[["x", "u/(1 + x^2) - x", "1"]]);
    // x + x^3 = u.
    all_near(&found(&feedback, &[], &[10.0], None).states, &[2.0], 1e-14);
}

#[test]
fn of_two_stable_states_the_one_that_attracts_the_guess_is_found() {
    let switch = Bench::new(&[], &[], &[["x", "x*(1 - x)*(x - 0.25)", "0.3"]]);
    all_near(&found(&switch, &[], &[], None).states, &[1.0], 1e-13);
    let low = found(&switch, &[], &[], Some(&[0.2]));
    assert!(low.states[0].abs() < 1e-100 && low.stable, "{low:?}");
    let ridge = found(&switch, &[], &[], Some(&[0.25]));
    assert!(!ridge.stable && (ridge.eigenvalues[0][0] - 0.1875).abs() < 1e-13);
}

#[test]
fn where_rates_have_no_slope_nothing_is_shown_to_be_stable() {
    // At 0 the slope of the root is infinite.
    let bench = Bench::new(&[], &[], &[["x", "-sqrt(x)", "0"]]);
    assert!(!steady(&bench.plan.arms[0].system, &[], &[], None).is_some_and(|state| state.stable));
}

#[test]
fn agents_start_from_their_own_steady_states_and_stay_there() {
    let bench = Bench::new(&[("k", 0.7), ("b", 3.0)], &[("u", "b")], &[["x", "k*(u - x^3)", "steady"]]);
    let bench =
        bench.watching("x").watching("b").agents(70).vary("b", Spread::Lognormal { sdlog: 0.4 }).traced();
    let bench = bench.phase(20.0, &[""]).series(0, None, &[0.0, 10.0, 20.0]).series(1, None, &[0.0]);
    let collected = bench.run();
    assert_eq!(collected.failures, []);
    for trace in collected.traces {
        let wanted = trace.values[1][0].cbrt();
        all_near(&trace.values[0], &[wanted; 3], 1e-10);
    }
}

#[test]
fn a_start_that_stands_on_a_solved_one_is_that_of_its_own_agent() {
    let states = [["x", "b - x", "steady"], ["y", "0*y", "2*x_start"]];
    let bench = Bench::new(&[("b", 3.0)], &[], &states).watching("y").watching("b").watching("x_start");
    let bench = bench.agents(200).vary("b", Spread::Lognormal { sdlog: 0.4 }).traced().phase(1.0, &[]);
    let bench = bench.series(0, None, &[0.0]).series(1, None, &[0.0]).series(2, None, &[0.0]);
    let collected = bench.run();
    assert_eq!(collected.failures, []);
    for trace in collected.traces {
        let b = trace.values[1][0];
        all_near(&[trace.values[0][0], trace.values[2][0]], &[2.0 * b, b], 1e-13);
    }
    all_near(&found(&bench, &[5.0], &[], None).states[..1], &[5.0], 1e-13);
}
