//! All steady states of systems whose steady states are known.

use super::*;

/// x' = a + x^2/(1 + x^2) - b x: the roots of b x^3 - (a + 1) x^2 + b x - a.
fn switch() -> Bench {
    Bench::new(&[("a", 0.0), ("b", 0.0)], &[], &[["x", "a + x^2/(1 + x^2) - b*x", "0"]])
}

/// a and b of which three roots are given: from x1 + x2 + x3 = (a + 1)/b and x1 x2 x3 = a/b, with x1 x2 + x1 x3 + x2 x3 = 1.
fn of_roots([x1, x2]: [f64; 2]) -> ([f64; 2], [f64; 3]) {
    let x3 = (1.0 - x1 * x2) / (x1 + x2);
    let (sum, product) = (x1 + x2 + x3, x1 * x2 * x3);
    let b = 1.0 / (sum - product);
    ([product * b, b], [x1, x2, x3])
}

#[test]
fn a_switch_has_its_three_roots_and_the_middle_one_is_not_stable() {
    for pair in [[0.05, 0.5], [0.2, 0.5], [0.01, 0.3], [0.1, 0.2]] {
        let ([a, b], mut roots) = of_roots(pair);
        roots.sort_by(f64::total_cmp);
        let found = steady_states(&switch().plan.arms[0].system, &[a, b], &[], None);
        let states: Vec<f64> = found.iter().map(|steady| steady.states[0]).collect();
        all_near(&states, &roots, 1e-12);
        assert_eq!(found.iter().map(|steady| steady.stable).collect::<Vec<_>>(), [true, false, true]);
        for steady in &found {
            let x = steady.states[0];
            // f' = 2 x/(1 + x^2)^2 - b.
            near(steady.eigenvalues[0][0], 2.0 * x / (1.0 + x * x).powi(2) - b, 1e-9);
        }
    }
}

#[test]
fn where_only_one_root_is_left_one_is_found() {
    for [a, b] in [[0.5, 0.6], [0.001, 0.9]] {
        let found = steady_states(&switch().plan.arms[0].system, &[a, b], &[], None);
        assert_eq!(found.len(), 1);
        assert!(found[0].stable);
    }
}

#[test]
fn two_that_hold_each_other_down_have_two_states_and_a_ridge() {
    // x = 4/(1 + y^2): symmetric at x + x^3 = 4, else x y = 1 and x + y = 4.
    let states = [["x", "4/(1 + y^2) - x", "1"], ["y", "4/(1 + x^2) - y", "1"]];
    let found = steady_states(&Bench::new(&[], &[], &states).plan.arms[0].system, &[], &[], None);
    let high = 2.0 + 3.0_f64.sqrt();
    assert_eq!(found.len(), 3);
    all_near(&found[0].states, &[1.0 / high, high], 1e-12);
    near(found[1].states[0], found[1].states[1], 1e-12);
    all_near(&found[2].states, &[high, 1.0 / high], 1e-12);
    assert_eq!(found.iter().map(|steady| steady.stable).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn a_conserved_total_is_that_of_where_the_search_begins() {
    let states = [["x", "2*y - 3*x", "1"], ["y", "3*x - 2*y", "4"]];
    let mut bench = Bench::new(&[], &[], &states);
    bench.system(0).conserved = vec![vec![1.0, 1.0]];
    for (from, total) in [(None, 5.0), (Some(&[4.0, 6.0][..]), 10.0)] {
        let found = steady_states(&bench.plan.arms[0].system, &[], &[], from);
        assert_eq!(found.len(), 1);
        all_near(&found[0].states, &[0.4 * total, 0.6 * total], 1e-13);
        assert!(found[0].stable);
    }
}

#[test]
fn what_has_no_steady_state_has_none_and_what_turns_has_one_that_is_not_stable() {
    let grows = Bench::new(&[], &[], &[["x", "1 + x^2", "0"]]);
    assert_eq!(steady_states(&grows.plan.arms[0].system, &[], &[], None), []);
    // The Brusselator with B > 1 + A^2.
    let states = [["x", "1 + x^2*y - 4*x", "2"], ["y", "3*x - x^2*y", "1"]];
    let found = steady_states(&Bench::new(&[], &[], &states).plan.arms[0].system, &[], &[], None);
    assert_eq!(found.len(), 1);
    all_near(&found[0].states, &[1.0, 3.0], 1e-12);
    assert!(!found[0].stable);
}
