//! What a scenario carries: by what it gives, sets, records, measures and claims, directly.

use super::*;
use crate::diagnostic::render;

const MODEL: &str = r#"
title   = "with cautions"
time    = "d"
doc     = "for tests"
sources = []
[inputs]
L = { unit = "1", baseline = "0", doc = "drive", caution = "withdrawal" }
M = { unit = "1", baseline = "0", doc = "another drive" }
[parameters]
k = { value = "0.5 1/d", range = ["0.1 1/d", "1 1/d"], source = "assumed", doc = "rate" }
[let]
y = { value = "2*x", unit = "1", doc = "seen", caution = ["read_outs", "pet"] }
z = { value = "y + 1", unit = "1", doc = "seen through another" }
[states]
x = { unit = "1", start = "0", scale = "1", doc = "level", caution = "alone" }
w = { unit = "1", start = "0", scale = "1", doc = "nobody looks" }
[flows]
gain = { to = "x", rate = "k*(L + M - x)" }
idle = { to = "w", rate = "k*(x - w)" }
"#;

/// Names of what the scenario carries beside what every one does.
fn carried(text: &str) -> Vec<&'static str> {
    let head = "title = \"t\"\nmodel = \"m.toml\"\n";
    let model = Source::new("m.toml", MODEL);
    let files = move |_: &str| Ok(model.clone());
    let source = Source::new("t.toml", format!("{head}{text}"));
    let scenario = Scenario::read("t", &source, &[], &files);
    let scenario = scenario.unwrap_or_else(|error| panic!("{text}\n{}", render(&error.findings, false)));
    assert_eq!(scenario.cautions.iter().filter(|caution| caution.always).count(), 2);
    scenario.cautions.iter().filter(|caution| !caution.always).map(|caution| caution.name).collect()
}

const QUIET: &str = "phases = [{ name = \"on\", for = \"1 d\", M = \"1\" }]\nrecord = [{ what = \"w\", at = \"end of on\" }]\n";

#[test]
fn what_nothing_uses_is_not_carried() {
    assert_eq!(carried(QUIET), [""; 0]);
    // Directly: what stands behind a name does not count.
    assert_eq!(carried(&QUIET.replace("what = \"w\"", "what = \"z\"")), [""; 0]);
}

#[test]
fn what_is_given_in_any_phase_of_any_arm_is_carried() {
    let arms = "record = [{ what = \"w\", at = \"end of on\" }]\n[arms.a]\nphases = [{ name = \"on\", for = \"1 d\" }]\n\
                [arms.b]\nphases = [{ repeat = 2, name = \"round\", phases = [{ name = \"in\", for = \"1 d\" }, { name = \"out\", for = \"1 d\", L = \"0\" }] }, { name = \"on\", for = \"1 d\" }]\n";
    assert_eq!(carried(arms), ["withdrawal"]);
    assert_eq!(carried(&QUIET.replace("M = \"1\"", "set = { x = \"1\" }")), ["alone"]);
}

#[test]
fn what_is_recorded_measured_or_claimed_is_carried_through_views_and_common_names() {
    for (what, expected) in
        [("y", &["pet", "read_outs"][..]), ("rest.x", &["alone"]), ("x + y", &["pet", "read_outs", "alone"])]
    {
        assert_eq!(
            carried(&QUIET.replace("what = \"w\"", &format!("what = \"{what}\""))),
            expected,
            "{what}"
        );
    }
    assert_eq!(carried(&format!("{QUIET}[measures]\nm = \"max(y[on])\"\n")), ["pet", "read_outs"]);
    let claim = "[[claim]]\nname = \"c\"\nsay = \"s\"\nthat = \"median(x[end of on]) < 9\"\n";
    assert_eq!(carried(&format!("{QUIET}{claim}")), ["alone"]);
    let common = "[arms.a]\nas = { effect = \"y\" }\nphases = [{ name = \"on\", for = \"1 d\" }]\n[[record]]\nwhat = \"effect\"\nat = \"end of on\"\n";
    assert_eq!(carried(common), ["pet", "read_outs"]);
    // Where nothing says what is recorded, all states are.
    assert_eq!(carried("phases = [{ name = \"on\", for = \"1 d\" }]\n"), ["alone"]);
}
