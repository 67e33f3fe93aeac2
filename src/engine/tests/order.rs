//! What comes first at equal times: record before, end of stimulus, `set`, start of stimulus, record after.

use super::*;

/// x decays, and u and x are watched.
fn bench() -> Bench {
    Bench::decay().watching("u")
}

#[test]
fn before_and_after_a_change_see_the_two_sides_of_it() {
    let bench = bench().phase(2.0, &["5"]).phase(2.0, &["7"]).set(0, "x + 10");
    let bench = bench.at(0, 2.0, Side::Before).at(1, 2.0, Side::Before);
    let bench = bench.at(0, 2.0, Side::After).at(1, 2.0, Side::After);
    let x = relaxed(3.0, 5.0, K, 2.0);
    all_near(&bench.numbers(), &[x, 5.0, x + 10.0, 7.0], 1e-9);
}

#[test]
fn inside_a_phase_a_pulse_has_two_sides_too() {
    let bench = bench().phase(4.0, &["5 from 1 h for 2 h"]);
    let bench =
        [1.0, 3.0].iter().fold(bench, |bench, at| bench.at(1, *at, Side::Before).at(1, *at, Side::After));
    assert_eq!(bench.numbers(), [0.0, 5.0, 5.0, 0.0]);
}

#[test]
fn where_nothing_changes_the_sides_are_equal_to_the_bit() {
    let bench = bench().phase(4.0, &["5"]).at(0, 1.3, Side::Before).at(0, 1.3, Side::After);
    let found = bench.numbers();
    assert_eq!(found[0].to_bits(), found[1].to_bits());
}

#[test]
fn the_first_moment_is_after_what_the_first_phase_sets_and_the_last_is_seen() {
    let bench = bench().phase(2.0, &["5"]).set(0, "4").at(0, 0.0, Side::After).at(1, 0.0, Side::After);
    let bench = bench.at(0, 2.0, Side::Before).at(0, 2.0, Side::After).at(1, 2.0, Side::After);
    let end = relaxed(4.0, 5.0, K, 2.0);
    all_near(&bench.numbers(), &[4.0, 5.0, end, end, 5.0], 1e-9);
}

#[test]
fn all_that_a_phase_sets_is_taken_from_the_states_just_before() {
    let states = [["x", "0*x", "1"], ["y", "0*y", "2"]];
    let bench = Bench::new(&[], &[], &states).watching("x").watching("y");
    let bench = bench.phase(1.0, &[]).phase(1.0, &[]).set(0, "y + 1").set(1, "x + 10");
    let bench = bench.at(0, 1.0, Side::Before).at(1, 1.0, Side::Before).at(0, 1.0, Side::After).at(
        1,
        1.0,
        Side::After,
    );
    assert_eq!(bench.numbers(), [1.0, 2.0, 3.0, 11.0]);
}

#[test]
fn a_record_stands_before_the_change_and_at_time_zero_after_it() {
    let bench = bench().phase(1.0, &["5"]).set(0, "9").phase(1.0, &["7"]).phase(1.0, &[""]).traced();
    let trace = bench.series(1, None, &[0.0, 1.0, 2.0, 3.0]).run().traces.remove(0);
    assert_eq!(trace.values[0], [5.0, 5.0, 7.0, 0.0]);
}

#[test]
fn steps_end_at_every_change_also_where_pulses_are_short() {
    // One microsecond of a huge level: its area is met only by a step of its own.
    let text = "{ pulse = { level = \"3.6e9\", start = \"1 h\", width = \"1 us\" } }";
    let bench = Bench::new(&[], &[("u", "0")], &[["x", "u", "0"]]).watching("x");
    near(bench.phase(2.0, &[text]).at(0, 2.0, Side::Before).numbers()[0], 1.0, 1e-12);
}

#[test]
fn whole_times_far_from_the_start_are_met_to_the_microsecond() {
    let hours = 24.0 * 365.0 * 20.0;
    let bench = Bench::new(&[], &[("u", "0")], &[["x", "1 + u", "0"]]).watching("x").watching("u");
    let bench = bench.phase(hours, &[""]).phase(1.0, &["1"]).set(0, "0");
    let bench = bench.at(0, hours + 1.0 / HOUR as f64, Side::Before).at(1, hours, Side::Before).at(
        1,
        hours,
        Side::After,
    );
    let found = bench.numbers();
    near(found[0], 2.0 / HOUR as f64, 1e-15);
    assert_eq!(found[1..], [0.0, 1.0]);
}
