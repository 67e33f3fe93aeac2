//! Every finding about a model file, and that no text panics or hangs.
//! Knows nothing of what a good file gives.

use super::*;

#[test]
fn a_flow_whose_rate_does_not_fit_shows_what_would() {
    insta::assert_snapshot!(with("", "", "", r#"odd = { to = "R", rate = "k*K" }"#, ""), @r#"
    error: the rate of `odd` has the wrong unit
      --> small.toml:20:27
       |
    20 | odd = { to = "R", rate = "k*K" }
       |                           ^^^ concentration per time
       |
    note: a flow of `R` is in receptor/min (receptor count per time)
      --> small.toml:15:15
       |
    15 | R = { unit = "receptor", start = "n", doc = "receptor" }
       |               --------
    "#);
}

#[test]
fn a_value_in_a_wrong_dimension_shows_both() {
    insta::assert_snapshot!(with(r#"kdeg = { value = "1.2 nM/h", unit = "1/h", source = "assumed", doc = "x" }"#, "", "", "", ""), @r#"
    error: `kdeg` has the wrong unit
      --> small.toml:10:19
       |
    10 | kdeg = { value = "1.2 nM/h", unit = "1/h", source = "assumed", doc = "x" }
       |                   ^^^^^^^^ concentration per time
       |
    note: `kdeg` is in 1/h (1/time)
      --> small.toml:10:38
       |
    10 | kdeg = { value = "1.2 nM/h", unit = "1/h", source = "assumed", doc = "x" }
       |                                      ---
    help: write a number in 1/h
    "#);
}

#[test]
fn a_circle_of_lets_is_told_once_with_its_names() {
    let lets = r#"a = { value = "2*b", unit = "1", doc = "x" }
b = { value = "c + 1", unit = "1", doc = "x" }
c = { value = "a*theta", unit = "1", doc = "x" }"#;
    insta::assert_snapshot!(with("", lets, "", "", ""), @r#"
    error: `a` stands for itself
      --> small.toml:13:16
       |
    13 | a = { value = "2*b", unit = "1", doc = "x" }
       |                ^^^
       |
       = note: the circle is `a` → `b` → `c` → `a`
    help: let one of them stand for something else
    "#);
}

#[test]
fn a_name_used_twice_shows_both_places() {
    insta::assert_snapshot!(with("", r#"K = { value = "k", unit = "1/min", doc = "x" }"#, "", "", ""), @r#"
    error: `K` is named twice
      --> small.toml:13:1
       |
    13 | K = { value = "k", unit = "1/min", doc = "x" }
       | ^ a let
       |
    note: it is a parameter here already
      --> small.toml:8:1
       |
     8 | K = { value = "10 nM", range = ["1 nM", "100 nM"], source = "assumed", doc = "affinity" }
       | -
    help: give one of them another name
    "#);
}

#[test]
fn a_start_at_0_without_scale_is_refused() {
    let flow = r#"bind = { from = "R", to = "C", rate = "k*R" }"#;
    insta::assert_snapshot!(with("", "", r#"C = { unit = "receptor", start = "0", doc = "x" }"#, flow, ""), @r#"
    error: `C` starts at 0 and has no scale
      --> small.toml:16:35
       |
    16 | C = { unit = "receptor", start = "0", doc = "x" }
       |                                   ^
       |
       = note: the scale is the size below which relative accuracy is not asked; it defaults to the start
    help: add `scale`, a small amount that still matters: `scale = "1 receptor"`
    "#);
}

#[test]
fn a_value_outside_its_limits_is_refused() {
    let parameter =
        r#"q = { value = "50 %", unit = "1", limits = ["0 <= q < 0.4"], source = "assumed", doc = "x" }"#;
    insta::assert_snapshot!(with(parameter, r#"used = { value = "q", unit = "1", doc = "x" }"#, "", "", ""), @r#"
    error: `q` is outside its limits
      --> small.toml:10:1
       |
    10 | q = { value = "50 %", unit = "1", limits = ["0 <= q < 0.4"], source = "assumed", doc = "x" }
       | ^ 0.5
       |
    note: `0 <= q < 0.4` does not hold: 0.5 and 0.4
      --> small.toml:10:46
       |
    10 | q = { value = "50 %", unit = "1", limits = ["0 <= q < 0.4"], source = "assumed", doc = "x" }
       |                                              ------------
    help: change the value, or the limit where the model means something beyond it

    note: without a plausible range: `q`
      --> small.toml:10:1
       |
    10 | q = { value = "50 %", unit = "1", limits = ["0 <= q < 0.4"], source = "assumed", doc = "x" }
       | ^
       |
    help: give `range`: studies and sliders go by it
    "#);
}

#[test]
fn an_odd_coefficient_has_its_caret_inside_the_text() {
    insta::assert_snapshot!(with("", "", "", r#"odd = { from = "2*R + Q", rate = "k*R" }"#, ""), @r#"
    error: a coefficient stands directly before its state
      --> small.toml:20:17
       |
    20 | odd = { from = "2*R + Q", rate = "k*R" }
       |                 ^^^
       |
    help: write `2 R`

    error: `Q` is not a state of this model
      --> small.toml:20:23
       |
    20 | odd = { from = "2*R + Q", rate = "k*R" }
       |                       ^
       |
    help: write one of `R`
    "#);
}

#[test]
fn every_other_slip_is_a_finding() {
    let parameter = |rest: &str| format!("x = {{ value = \"2\", {rest} source = \"assumed\", doc = \"x\" }}");
    let state = |rest: &str| format!("S = {{ unit = \"1\", start = \"1\", {rest} doc = \"x\" }}");
    let flow = r#"f = { to = "S", rate = "k" }"#;
    let response = |rest: &str| format!("[responses]\nr = {{ {rest} doc = \"x\" }}");
    for (found, words) in [
        (with("x = { value = \"2\", doc = \"x\" }", "", "", "", ""), "assumed"),
        (with("x = { value = \"2\", source = \" \", doc = \"x\" }", "", "", "", ""), "empty source"),
        (with(&parameter("range = [3, 1],"), "", "", "", ""), "does not increase"),
        (
            with(&parameter("range = [\"1 nM\", \"2 nM\"],"), "", "", "", ""),
            "the range of `x` has the wrong unit",
        ),
        (with(&parameter("range = [1],"), "", "", "", ""), "has 1 ends instead of two"),
        (with(&parameter("limits = \"x\","), "", "", "", ""), "is not a condition"),
        (with(&parameter("limits = \"x > K\","), "", "", "", ""), "wrong unit"),
        (with(&parameter("limits = \"x > 0*L/K\","), "", "", "", ""), "depends on `L`, an input"),
        (with(&parameter("unti = \"1\","), "", "", "", ""), "unknown key `unti`"),
        (with("x = { value = \"2 nm/\", source = \"assumed\", doc = \"x\" }", "", "", "", ""), "error"),
        (
            with("x = { value = nan, source = \"assumed\", doc = \"x\" }", "", "", "", ""),
            "NaN is not a number",
        ),
        (with("t = { value = \"2\", source = \"assumed\", doc = \"x\" }", "", "", "", ""), "`t` is reserved"),
        (
            with("exp = { value = \"2\", source = \"assumed\", doc = \"x\" }", "", "", "", ""),
            "`exp` is reserved",
        ),
        (
            with("\"a b\" = { value = \"2\", source = \"assumed\", doc = \"x\" }", "", "", "", ""),
            "cannot be used",
        ),
        (
            with("", "x = { value = \"K\", unit = \"1/min\", doc = \"x\" }", "", "", ""),
            "`x` has the wrong unit",
        ),
        (with("", "x = { value = \"K\", unit = \"uM\", doc = \"x\" }", "", "", ""), "factor 1"),
        (with("", "x = { value = \"K + k\", unit = \"nM\", doc = \"x\" }", "", "", ""), "error"),
        (
            with("", "x = { value = \"thta\", unit = \"1\", doc = \"x\" }", "", "", ""),
            "did you mean `theta`?",
        ),
        (
            with("", "x = { value = \"of.theta\", unit = \"1\", doc = \"x\" }", "", "", ""),
            "`of` is not a view",
        ),
        (with("", "x = { value = \"1 +\", unit = \"1\", doc = \"x\" }", "", "", ""), "error"),
        (
            with("", "x = { value = \"1\", unit = \"1\", show = [\"1\", \"0\"], doc = \"x\" }", "", "", ""),
            "does not increase",
        ),
        (with("", "", &state("min = 1,"), flow, ""), "`min` can only be 0"),
        (with("", "", &state("scope = \"shared\","), flow, ""), "comes later"),
        (with("", "", &state("scale = \"2 nM\","), flow, ""), "the scale of `S` has the wrong unit"),
        (with("", "", &state("scale = \"0\","), flow, ""), "the scale of `S` is 0"),
        (with("", "", &state(""), "", ""), "no flow changes the state `S`"),
        (
            with("", "", "S = { unit = \"receptor\", start = \"2*R\", doc = \"x\" }", flow, ""),
            "depends on `R`, a state",
        ),
        (with("", "", "S = { unit = \"1\", start = \"1/0\", doc = \"x\" }", flow, ""), "is not a number"),
        (
            with("", "", "S = { unit = \"1\", start = \"-1\", min = 0, doc = \"x\" }", flow, ""),
            "below its `min`",
        ),
        (with("", "", "", "f = { rate = \"k\" }", ""), "moves nothing"),
        (
            with("", "", "", "f = { to = \"R\", rate = \"k*R\", propensity = \"k\" }", ""),
            "the propensity of `f` has the wrong unit",
        ),
        (
            with("", "", "", "f = { to = \"geometric(K) R\", rate = \"k*R\" }", ""),
            "the mean of a burst has the wrong unit",
        ),
        (with("", "", "", "", "[views]\ntheta = { L = \"0\" }"), "named like something else"),
        (with("", "", "", "", "[views]\nrest = { L = \"0\" }"), "`rest` is reserved"),
        (with("", "", "", "", "[views]\nv = { Q = \"0\" }"), "is not a name of this model"),
        (with("", "", "", "", "[views]\nv = { L = \"k\" }"), "wrong unit"),
        (with("", "", "", "", "[views]\nv = { L = \"w.L\" }\nw = { L = \"v.L\" }"), "stands for itself"),
        (with("", "", "", "", "[views]\nv = { L = \"v.v.L\" }"), "too many names"),
        (
            with(
                "",
                "x = { value = \"v.x\", unit = \"1\", doc = \"x\" }",
                "",
                "",
                "[views]\nv = { L = \"0\" }",
            ),
            "stands for itself",
        ),
        (
            with("", "", "", "", &response("probe = \"Q\", range = [\"1 nM\", \"2 nM\"], value = \"L\",")),
            "the probe `Q` is not a name",
        ),
        (
            with("", "", "", "", &response("probe = \"K\", range = [\"1 nM\", \"2 nM\"], value = \"L\",")),
            "is a parameter",
        ),
        (
            with(
                "",
                "",
                "",
                "",
                &response("probe = { L = \"nM\" }, range = [\"1 nM\", \"2 nM\"], value = \"L\","),
            ),
            "named like something else",
        ),
        (
            with("", "", "", "", &response("probe = \"L\", range = [\"0 nM\", \"2 nM\"], value = \"L\",")),
            "begins at or below 0",
        ),
        (
            with("", "", "", "", &response("probe = \"L\", range = [\"3 nM\", \"2 nM\"], value = \"L\",")),
            "does not increase",
        ),
        (
            with("", "", "", "", &response("probe = \"L\", range = [\"1 s\", \"2 s\"], value = \"L\",")),
            "has the wrong unit",
        ),
        (
            with("", "", "", "", &response("probe = \"L\", range = [\"1 nM\", \"2 nM\"], value = \"K\",")),
            "does not depend on its probe",
        ),
        (
            with(
                "",
                "",
                "",
                "",
                &response("probe = \"L\", range = [\"1 nM\", \"2 nM\"], value = \"L\", top = \"2*L\","),
            ),
            "depends on its probe",
        ),
        (
            with(
                "",
                "",
                "",
                "",
                &response("probe = \"L\", range = [\"1 nM\", \"2 nM\"], value = \"L\", top = \"k\","),
            ),
            "`top` of the response `r` has the wrong unit",
        ),
        (findings(&text("", "", "", "", "").replace("\"min\"", "\"nM\"")), "not in a unit of time"),
        (
            findings(
                &text("", "", "", "", "")
                    .replace("unit = \"nM\", doc", "unit = \"nM\", baseline = \"R\", doc"),
            ),
            "the baseline of `L`",
        ),
    ] {
        assert!(found.contains(words), "expected {words:?} in\n{found}");
    }
}

#[test]
fn all_findings_come_at_once_and_one_cause_is_told_once() {
    let found = with(
        r#"x = { value = "2 nq", source = "assumed", doc = "x" }"#,
        r#"y = { value = "x*2", unit = "nM", doc = "x" }
z = { value = "K", unit = "receptor", doc = "x" }"#,
        "",
        r#"f = { to = "Q", rate = "k" }"#,
        "",
    );
    assert_eq!(found.matches("error:").count(), 3, "{found}");
}

#[test]
fn what_may_be_meant_is_a_note() {
    let parameters = r#"far = { value = "9", range = ["1", "2"], source = "assumed", doc = "x" }
idle = { value = "9", source = "assumed", limits = "idle > 0", doc = "x" }"#;
    let model = good(&text(parameters, r#"y = { value = "far", unit = "1", doc = "x" }"#, "", "", ""));
    insta::assert_snapshot!(render(&model.notes, false), @r#"
    note: `far` is outside its plausible range
      --> small.toml:10:1
       |
    10 | far = { value = "9", range = ["1", "2"], source = "assumed", doc = "x" }
       | ^^^ 9
       |
       = note: its range is 1 to 2

    note: without a plausible range: `idle`
      --> small.toml:11:1
       |
    11 | idle = { value = "9", source = "assumed", limits = "idle > 0", doc = "x" }
       | ^^^^
       |
    help: give `range`: studies and sliders go by it

    note: nothing uses the parameter `idle`
      --> small.toml:11:1
       |
    11 | idle = { value = "9", source = "assumed", limits = "idle > 0", doc = "x" }
       | ^^^^
    "#);
}

#[test]
fn no_text_panics_or_hangs() {
    let whole = text("", "", "", "", "[views]\nhalf = { L = \"L/2\" }");
    for cut in (0..whole.len()).step_by(7) {
        let _ = read(&whole[..cut]);
        let _ = read(&format!("{}{}", &whole[..cut], &whole[(cut + 5).min(whole.len())..]));
    }
    let chain: String = (0..3000)
        .map(|i| format!("x{i} = {{ value = \"x{} + x{}\", unit = \"1\", doc = \"x\" }}\n", i + 1, i + 1))
        .chain(["x3000 = { value = \"1\", unit = \"1\", doc = \"x\" }".to_owned()])
        .collect();
    assert!(with("", &chain, "", "", "").contains("too many names"));
}

#[test]
fn a_circle_of_views_is_told_once_with_the_views_in_it() {
    insta::assert_snapshot!(with("", "", "", "", "[views]\nv = { L = \"w.L\" }\nw = { L = \"v.L\" }"), @r#"
    error: `v.L` stands for itself
      --> small.toml:22:1
       |
    22 | v = { L = "w.L" }
       | ^
       |
       = note: the circle is `v.L` → `w.L` → `v.L`
    help: let one of them stand for something else
    "#);
}
