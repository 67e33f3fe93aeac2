//! Responses of a scenario's own: chronic curves against closed forms, challenges, effects, and what is wrong with wrong ones.

use super::findings::told;
use super::*;

/// The only agent's measures by name.
fn measured(scenario: &Scenario) -> Vec<f64> {
    let results = scenario.run(&|_| {}).unwrap();
    assert_eq!(results.failed, 0);
    let outcomes = &results.collected.outcomes;
    scenario.measures.iter().map(|measure| outcomes[measure.outcome][0].mean()).collect()
}

fn all_near(found: &[f64], wanted: &[f64], within: f64) {
    assert_eq!(found.len(), wanted.len());
    for (n, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert!(
            (found - wanted).abs() <= within * wanted.abs().max(1.0),
            "number {n}: {found} is not {wanted}"
        );
    }
}

const ALONE: &str = "[population]\nagents = 1\n[accuracy]\nrelative = 1e-10\n";

#[test]
fn the_chronic_curves_of_turnover_and_of_desensitisation_have_their_closed_forms() {
    let turnover = format!(
        r#"title = "test"
model = "turnover_binding"
phases = [{{ name = "on", for = "1 h", L = "2 nM" }}]
{ALONE}
[responses]
chronic = {{ of = "surface", form = "chronic", value = "C", bottom = "0", top = "Vs/ke" }}
total   = {{ of = "surface", form = "chronic", value = "total", doc = "number" }}
[measures]
a = "ec50(chronic[end of on])/(KSS*kt/ke)"
b = "emax(chronic[rest])/(Vs/ke)"
c = "slope(chronic[rest])"
d = "effect(chronic[end of on], KSS*kt/ke)/(Vs/ke)"
e = "effect(total[rest], 2 nM)/R0"
f = "effect(total[rest], 0.002 uM)/R0"
g = "ec50(chronic[rest])/(KSS*kt/ke)"
"#
    );
    let ratio = 0.381625441696;
    all_near(&measured(&good(&turnover, &[])), &[1.0, 1.0, 1.0, 0.5, ratio, ratio, 1.0], 1e-8);
    let desensitisation = format!(
        r#"title = "test"
model = "desensitization"
phases = [{{ name = "on", for = "1 s", L = "2 uM" }}]
{ALONE}
[responses]
settled = {{ of = "acute", form = "chronic", top = "1 - dmax" }}
[measures]
a = "ec50(settled[rest])/Kapp"
b = "emax(settled[rest])/(1 - dmax)"
c = "effect(settled[end of on], 10 uM)"
d = "gain(settled[end of on])"
e = "effect(settled[rest], 3 uM)/effect(chronic[rest], 3 uM)"
"#
    );
    let m0: f64 = 0.01;
    let (at, kapp) = (|level: f64| 0.2 * level / (4.04 + level), (1.0 + m0) / (1.0 / 20.0 + m0 / 0.05));
    assert!((kapp - 4.04).abs() < 1e-12);
    let gain = 0.2 * 2.0 * kapp / (2.0 + kapp).powi(2);
    all_near(&measured(&good(&desensitisation, &[])), &[1.0, 1.0, at(10.0), gain, 1.0], 1e-8);
}

#[test]
fn a_challenge_is_read_over_its_time_and_may_hold_other_inputs() {
    let text = format!(
        r#"title = "test"
model = "my/own.toml"
phases = [{{ name = "on", for = "2 d", L = "3 nM" }}]
{ALONE}
[parameters]
level = {{ value = "5 nM" }}
[responses]
session = {{ probe = "L", range = ["0.1 nM", "100 nM"], value = "x", form = "challenge", for = "2 d" }}
after   = {{ of = "session", read = "end", for = "1 d" }}
area    = {{ of = "session", read = "area" }}
held    = {{ of = "session", value = "x*N/L0", inputs = {{ N = "2*level" }}, doc = "scaled" }}
[measures]
peak = "effect(session[end of on], level)"
end  = "effect(after[rest], 0.005 uM)"
area = "effect(area[rest], level)"
held = "effect(held[rest], level)"
[[assay]]
response = "session"
at = "end of on"
"#
    );
    let scenario = good(&text, &[]);
    // x' = (L - x)/2 from 1; at rest L = 2.
    let on = 3.0 + (1.0 - 3.0) * (-1.0_f64).exp();
    let end = |from: f64, level: f64, days: f64| level + (from - level) * (-0.5 * days).exp();
    let area = 5.0 * 2.0 + (1.0 - 5.0) * 2.0 * (1.0 - (-1.0_f64).exp());
    let wanted = [end(on, 5.0, 2.0), end(1.0, 5.0, 1.0), area, 10.0 * end(1.0, 5.0, 2.0)];
    all_near(&measured(&scenario), &wanted, 1e-8);
    let told = &scenario.assays[0];
    assert_eq!(told.form, "challenge (peak over 2 d)");
    assert_eq!(scenario.plan.arms[0].assays[told.assay].levels.len(), 13);
    assert_eq!(
        scenario.measures.iter().map(|m| m.own.label()).collect::<Vec<_>>(),
        ["nM", "nM", "nM*d", "nM"]
    );
}

#[test]
fn a_limit_that_moves_is_left_behind_in_another_form() {
    let chronic = with(
        "[responses]\nchronic = { of = \"acute\", form = \"chronic\" }\n[[assay]]\nresponse = \"chronic\"\nat = \"rest\"",
    );
    let response = &chronic.plan.arms[0].system.responses[0];
    assert!(response.top.is_none() && response.bottom.is_some());
    assert_eq!(
        (chronic.assays[0].topped, chronic.assays[0].form.as_str()),
        (false, "chronic (steady state at each level)")
    );
}

#[test]
fn wrong_responses_are_explained() {
    let response = |text: &str| format!("[responses]\nmine = {text}\n");
    let texts = [
        response("{ of = \"acut\" }"),
        response("{ of = \"acute\", form = \"challenge\" }"),
        response("{ of = \"acute\", read = \"min\", for = \"1 h\" }"),
        response("{ of = \"acute\", form = \"chronic\", probe = \"R\", range = [\"1\", \"2\"] }"),
        response("{ of = \"acute\", form = \"chronic\", top = \"R\" }"),
        response("{ form = \"chronic\", value = \"R\" }"),
        response("{ of = \"acute\", form = \"challenge\", for = \"6 h\", inputs = { M = 1 } }"),
        response("{ of = \"acute\", form = \"challenge\", for = \"6 nM\" }"),
        "[responses]\nacute = { of = \"acute\", form = \"chronic\" }\n".to_owned(),
        response("{ of = \"acute\", form = \"chronic\" }\n[measures]\nm = \"ec50(mine[end of of])\""),
        response("{ of = \"acute\", form = \"chronic\" }\n[measures]\nm = \"ec50(min[rest])\""),
        response("{ of = \"acute\", form = \"chronic\" }\n[measures]\nm = \"effect(mine[rest], 1 h)\""),
        response("{ of = \"acute\", form = \"chronic\" }\n[measures]\nm = \"effect(mine[rest])\""),
        response("{ of = \"acute\", form = \"chronic\" }\n[measures]\nm = \"ec50(rest.mine[end of on])\""),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let static_model = wrong(
        "title = \"t\"\nmodel = \"operational\"\nphases = [{ name = \"on\", for = \"1 d\" }]\n[responses]\nmine = { of = \"acute\", form = \"chronic\" }\n",
        &[],
    );
    insta::assert_snapshot!(told(&texts) + "\n\n" + &static_model, @r#"
    error: `acut` is not a response of this model, nor one of this scenario above
      --> test.toml:10:16
       |
    10 | mine = { of = "acut" }
       |                ^^^^ no response
       |
    help: did you mean `acute`?

    error: the challenge `mine` does not say how long it takes
      --> test.toml:10:31
       |
    10 | mine = { of = "acute", form = "challenge" }
       |                               ^^^^^^^^^^^
       |
    help: add `for = "6 h"`

    error: `read` belongs to a challenge, and the response `mine` is acute
      --> test.toml:10:24
       |
    10 | mine = { of = "acute", read = "min", for = "1 h" }
       |                        ^^^^
       |
    help: write `form = "challenge"`, or leave `read` out

    error: `for` belongs to a challenge, and the response `mine` is acute
      --> test.toml:10:38
       |
    10 | mine = { of = "acute", read = "min", for = "1 h" }
       |                                      ^^^
       |
    help: write `form = "challenge"`, or leave `for` out

    error: the response `mine` is chronic, and its probe `R` is not an input
      --> test.toml:10:51
       |
    10 | mine = { of = "acute", form = "chronic", probe = "R", range = ["1", "2"] }
       |                                                   ^
       |
       = note: states move while the probe stands at a level, so only an input can be held there
    help: write one of `L`

    error: `top` of the response `mine` stands on `R`, which is not the same at all levels
      --> test.toml:10:49
       |
    10 | mine = { of = "acute", form = "chronic", top = "R" }
       |                                                 ^
       |
    help: write it in parameters, or leave `top` out

    error: the response `mine` does not say `probe`, `range`
      --> test.toml:10:1
       |
    10 | mine = { form = "chronic", value = "R" }
       | ^^^^
       |
    help: say it, or take it from a response of the model: `of = "…"`

    error: the challenge `mine` holds `M`, which is not an input of this model
      --> test.toml:10:68
       |
    10 | mine = { of = "acute", form = "challenge", for = "6 h", inputs = { M = 1 } }
       |                                                                    ^
       |
    help: write one of `L`

    error: the challenge `mine` takes no time that could be lived
      --> test.toml:10:51
       |
    10 | mine = { of = "acute", form = "challenge", for = "6 nM" }
       |                                                   ^^^^ concentration
       |
    help: write a time above 0, and of at most 285 years: `for = "6 h"`

    error: `acute` is a response of the model already
      --> test.toml:10:1
       |
    10 | acute = { of = "acute", form = "chronic" }
       | ^^^^^
       |
    help: give this one another name

    error: there is no phase `of`
      --> test.toml:12:16
       |
    12 | m = "ec50(mine[end of of])"
       |                ^^^^^^^^^ unknown phase
       |
       = note: arm `run` has the phases `before`, `on`, `after`
    help: write one of `after`, `before`, `on`

    error: `min` is not a response of this model or scenario
      --> test.toml:12:11
       |
    12 | m = "ec50(min[rest])"
       |           ^^^^^^^^^ no response
       |
    help: did you mean `mine`?

    error: the level is in `h`, and the probe `L` is in `nM`
      --> test.toml:12:25
       |
    12 | m = "effect(mine[rest], 1 h)"
       |                         ^^^ in `h`

    error: `effect` takes a response at a moment, and a level of its probe
      --> test.toml:12:6
       |
    12 | m = "effect(mine[rest])"
       |      ^^^^^^^^^^^^^^^^^^
       |
    help: write `effect(session[end of use], 10 nM)`

    error: `mine` is chronic (steady state at each level) and cannot be seen through a view
      --> test.toml:12:11
       |
    12 | m = "ec50(rest.mine[end of on])"
       |           ^^^^^^^^^^^^^^^^^^^^ a view replaces what is read, not what happens
       |
    help: declare a response whose `value` has the view: `rest.x`

    error: the response `mine` is chronic, and the model has no states that could come to rest
     --> test.toml:5:31
      |
    5 | mine = { of = "acute", form = "chronic" }
      |                               ^^^^^^^^^
      |
    help: write `form = "acute"`
    "#);
}

#[test]
fn a_challenge_cannot_hold_its_own_probe() {
    let text = "[responses]\ns = { of = \"acute\", form = \"challenge\", for = \"6 h\", inputs = { L = \"5 nM\" } }\n\
                [[assay]]\nresponse = \"s\"\nat = \"rest\"\n";
    let said = told(&[text]);
    assert!(
        said.contains("the challenge `s` holds `L`, which is its probe") && said.contains("help: "),
        "{said}"
    );
    // That it is none of the scenario's would not be true.
    assert_eq!(said.matches("error: ").count(), 1, "{said}");
}
