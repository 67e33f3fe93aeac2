//! Checks on a model small enough to see through.

use super::*;
use crate::diagnostic::{Source, render};
use crate::engine::Trace;

const MODEL: &str = r#"
title   = "decay"
time    = "h"
doc     = "for tests"
sources = ["unchecked: none"]
[inputs]
u = { unit = "1", baseline = "0", doc = "drive" }
[parameters]
k = { value = "0.5 1/h", limits = "k > 0", source = "assumed", doc = "loss" }
A = { value = "2", source = "assumed", doc = "start" }
[let]
goal = { value = "u*A", unit = "1", doc = "where it goes" }
[states]
x = { unit = "1", start = "A", doc = "level" }
y = { unit = "1", start = "0", scale = "1", doc = "what was lost" }
[flows]
loss = { from = "x", to = "y", rate = "k*(x - goal)", doc = "" }
"#;

fn model(checks: &str) -> Arc<Model> {
    let text = format!("{MODEL}{checks}");
    Arc::new(Model::read("decay", &Source::new("decay.toml", text)).unwrap_or_else(|error| panic!("{error}")))
}

fn findings(checks: &str) -> String {
    let mut findings = Findings::new();
    let model = model(checks);
    let read = setup::read(&model, &model.checks[0], &mut findings);
    assert_eq!(read.is_none(), findings.has_errors());
    render(&findings.into_vec(), false)
}

fn setup(checks: &str) -> Setup {
    let mut findings = Findings::new();
    let model = model(checks);
    let read = setup::read(&model, &model.checks[0], &mut findings);
    read.unwrap_or_else(|| panic!("{}", render(&findings.into_vec(), false)))
}

/// What a run would have collected, from the course of the first quantity watched.
fn collected(setup: &Setup, course: impl Fn(f64) -> f64) -> Collected {
    let values = vec![setup.times.iter().map(|at| course(setup.model_time(*at))).collect()];
    Collected { traces: vec![Trace { arm: 0, agent: 0, values }], ..Collected::default() }
}

const COURSE: &str = r#"
[check.course]
parameters = { k = "1 1/h" }
inputs = { u = "50 %" }
let    = { far = "A - goal", three = "180 min" }
for    = "3 h"
every  = "1 h"
values = { x = "goal + far*exp(-k*t)" }
"#;

#[test]
fn a_course_is_compared_at_every_time_and_the_worst_speaks() {
    let setup = setup(COURSE);
    assert_eq!(setup.times, [0, 1, 2, 3].map(|h| h * 3_600_000_000));
    assert_eq!(setup.values, [1.0, 2.0, 1.0, 180.0]);
    let judged = |course: fn(f64) -> f64| setup.judged(&setup.theorems[0], &collected(&setup, course));
    let right = judged(|t| 1.0 + crate::math::exp(-t));
    assert!(right.holds, "{right:?}");
    let wrong = judged(|t| 1.0 + crate::math::exp(-t) + if t == 2.0 { 2e-8 } else { 0.5e-8 });
    assert!(!wrong.holds);
    assert_eq!(wrong.what, "x = goal + far*exp(-k*t) at t = 2");
    assert!((wrong.expected - 1.1353352832366128).abs() < 1e-15);
    assert!(
        !judged(|t| if t == 1.0 { f64::NAN } else { 1.0 + crate::math::exp(-t) }).holds,
        "no value is no success"
    );
}

#[test]
fn the_end_is_always_compared() {
    let setup = setup("[check.c]\nfor = \"5 h\"\nevery = \"2 h\"\nconstant = \"x + y\"\n");
    assert_eq!(setup.times, [0, 2, 4, 5].map(|h| h * 3_600_000_000));
}

#[test]
fn a_quantity_that_drifts_is_not_constant() {
    let setup = setup("[check.c]\nfor = \"10 h\"\nconstant = [\"x + y\"]\n");
    assert_eq!(setup.times.len(), 101);
    let judged = |course: fn(f64) -> f64| setup.judged(&setup.theorems[0], &collected(&setup, course));
    assert!(judged(|_| 5.0).holds);
    let drifting = judged(|t| 5.0 + 1e-7 * t);
    assert!(!drifting.holds);
    assert_eq!((drifting.what.as_str(), drifting.expected), ("x + y is constant at t = 10", 5.0));
}

#[test]
fn starts_local_names_and_eigenvalues_are_numbers_in_their_units() {
    let setup = setup(
        r#"
[check.s]
start = { x = "2*A" }
let = { twice = "rest.x", pace = "1 1/h" }
steady = { x = "twice/4", y = 3 }
eigenvalues = ["-k", ["-24 1/d", "pace"], 0]
within = 1e-3
"#,
    );
    assert_eq!(setup.values, [0.5, 2.0, 4.0, 1.0]);
    let steady: Vec<_> =
        setup.steady.iter().map(|(state, what, value)| (*state, what.as_str(), *value)).collect();
    assert_eq!(steady, [(0, "x = twice/4", 1.0), (1, "y = 3", 3.0)]);
    assert_eq!(setup.eigenvalues, [[-0.5, 0.0], [-1.0, 1.0], [0.0, 0.0]]);
    assert_eq!(setup.within, 1e-3);
}

#[test]
fn repeated_phases_follow_each_other_with_their_turn() {
    let setup = setup(
        r#"
[check.p]
phases = [
  { name = "cycle", repeat = 2, phases = [{ name = "on", for = "1 h", u = "1" }, { name = "off", for = "30 min" }] },
  { name = "last", for = "1 h" },
]
that = ["x[start of last] > x[end of last]"]
"#,
    );
    let starts: Vec<i64> = setup.phases.iter().map(|phase| phase.when.start / 60_000_000).collect();
    assert_eq!(starts, [0, 60, 90, 150, 180]);
    assert_eq!(setup.end(), 4.0);
    assert_eq!(setup.theorems.len(), 1);
}

#[test]
fn what_is_not_understood_is_shown_with_its_place() {
    for (check, what) in [
        ("parameters = { kk = \"1 1/h\" }", "`kk` is not a parameter of this model"),
        ("parameters = { k = \"1 h\" }", "this is time, and 1/time is wanted here"),
        ("parameters = { k = \"0 1/h\" }", "0 is outside the limits of `k`"),
        ("steady = { z = 1 }", "`z` is not a state of this model"),
        ("steady = { x = \"y\" }", "`y` changes during the run"),
        ("steady = { x = \"k\" }", "this is in `1/h`, and `1` is wanted here"),
        ("inputs = { v = 1 }", "`v` is not an input of this model"),
        ("values = { x = 1 }", "nothing says how long the inputs are held"),
        ("for = \"1 h\"\nevery = \"1 us\"\nconstant = \"x\"", "no more than 100000 times"),
        ("for = \"1 h\"\nthat = \"x[end of of] > 1\"", "there is no phase `of`"),
        ("for = \"1 h\"\nthat = \"x[end of on]\"", "this is no comparison"),
        ("let = { k = 1 }", "`k` means something in this model already"),
        ("for = \"1 h\"", "check `c` says nothing that could fail"),
        ("within = -1.0", "`within` is a number above 0"),
        ("eigenvalues = [[1, 2, 3]]", "a real and an imaginary part"),
    ] {
        let found = findings(&format!("[check.c]\n{check}\n"));
        assert!(found.contains(what) && found.contains("decay.toml:"), "{check}:\n{found}");
    }
}

#[test]
fn a_difference_is_relative_above_one_and_infinite_without_a_value() {
    assert_eq!(miss(0.0, 1e-9), 1e-9);
    assert_eq!(miss(1e9, 1e9 + 1.0), 1e-9);
    assert_eq!(miss(1.0, f64::NAN), f64::INFINITY);
}

/// Right and wrong twins: each right one holds, each wrong one fails.
#[test]
fn right_checks_hold_and_wrong_ones_fail() {
    let all = |x: &str, eigenvalue: &str, peak: &str| {
        format!(
            r#"
[check.c]
inputs = {{ u = "50 %" }}
for    = "40 h"
every  = "1 h"
values = {{ x = "goal + {x}*exp(-k*t)" }}
constant = "x + y"
that   = ["max(x[on]) == {peak}", "x[end of on] > 0.999", "x[rest] == A"]
[check.s]
start  = {{ y = 1 }}
inputs = {{ u = 1 }}
steady = {{ x = "A" }}
eigenvalues = ["{eigenvalue}", 0]
"#
        )
    };
    let results = run(&model(&all("1", "-k", "2"))).unwrap();
    assert!(results.iter().all(|r| r.holds), "{results:#?}");
    let failing = |text: String| run(&model(&text)).unwrap().iter().filter(|r| !r.holds).count();
    assert_eq!(failing(all("1.0000001", "-k", "2")), 1);
    assert_eq!(failing(all("1", "-1.0000001*k", "2.0000001")), 2);
}
