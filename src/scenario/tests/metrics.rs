//! Metrics of sensitivity, adaptation and comparison against closed forms, from text to table.

use super::*;
use crate::engine::{Engine, blocks};
use crate::scenario::tables::measures;

const RESPONSES: &str = r#"
title   = "responses"
time    = "h"
doc     = "for tests"
sources = ["unchecked: none"]
[inputs]
L = { unit = "nM", baseline = "0 nM", doc = "ligand" }
u = { unit = "1", baseline = "1", doc = "drive" }
[parameters]
k    = { value = "1 1/h", source = "assumed", doc = "rate" }
n    = { value = "1.7", source = "assumed", doc = "slope" }
EC   = { value = "20 nM", source = "assumed", doc = "half-way" }
Em   = { value = "3", source = "assumed", doc = "largest" }
KA   = { value = "50 nM", source = "assumed", doc = "affinity" }
TAU  = { value = "4", source = "assumed", doc = "transducer ratio" }
q    = { value = "1", source = "assumed", doc = "slope of the transducer" }
Bmax = { value = "120", source = "assumed", doc = "sites" }
Kd   = { value = "2 nM", source = "assumed", doc = "of the probe" }
T    = { value = "0 nM", source = "assumed", doc = "endogenous" }
Ki   = { value = "5 nM", source = "assumed", doc = "of T" }
[let]
hilled = { value = "1 + 2*hill(L, EC, n)", unit = "1", doc = "with a bottom" }
y      = { value = "1 + u - z", unit = "1", doc = "adapts exactly" }
[states]
z = { unit = "1", start = "1", doc = "follows the drive" }
s = { unit = "1", start = "0", scale = "1", doc = "sine" }
c = { unit = "1", start = "1", doc = "cosine" }
[flows]
following = { to = "z", rate = "k*(u - z)", doc = "" }
up        = { to = "s", rate = "k*c", doc = "" }
down      = { from = "c", rate = "k*s", doc = "" }
[responses]
logi   = { probe = "L", range = ["0.01 nM", "1e5 nM"], value = "1 + 2*hill(L, EC, n)", bottom = "1", top = "3", doc = "logistic" }
plain  = { probe = "L", range = ["0.01 nM", "1e5 nM"], value = "2*hill(L, EC, n)", top = "2", doc = "without bottom" }
effect = { probe = "L", range = ["1e-3 nM", "1e6 nM"], value = "Em*(TAU*L/KA)^q/((1 + L/KA)^q + (TAU*L/KA)^q)", top = "Em*TAU^q/(1 + TAU^q)", doc = "operational" }
bound  = { probe = "L", range = ["0.01 nM", "1e4 nM"], value = "Bmax*L/(Kd*(1 + T/Ki) + L)", top = "Bmax", doc = "one site" }
linear = { probe = "L", range = ["0.01 nM", "1e4 nM"], value = "L/EC", doc = "never full" }
swept  = { probe = { X = "nM" }, range = ["0.01 nM", "1e4 nM"], value = "X/(EC + X)", top = "1", doc = "a probe of its own" }
"#;

const OTHER: &str = r#"
title   = "other"
time    = "min"
doc     = "for tests"
sources = ["unchecked: none"]
[inputs]
v = { unit = "1", baseline = "1", doc = "drive" }
[parameters]
rate = { value = "1/30 1/min", source = "assumed", doc = "rate" }
[states]
w = { unit = "1", start = "1", doc = "follows the drive" }
[flows]
following = { to = "w", rate = "rate*(v - w)", doc = "" }
"#;

fn scenario(text: &str) -> Scenario {
    let text = format!("title = \"t\"\ntime = \"h\"\n{text}");
    let files = |file: &str| match file {
        "responses.toml" => Ok(Source::new(file, RESPONSES)),
        "other.toml" => Ok(Source::new(file, OTHER)),
        _ => Err(format!("there is no file {file}")),
    };
    Scenario::read("t", &Source::new("t.toml", text), &[], &files).unwrap_or_else(|error| panic!("{error}"))
}

fn run(scenario: &Scenario) -> crate::engine::Collected {
    let engine = Engine::new(&scenario.plan).unwrap();
    engine.run(0..blocks(scenario.plan.population.agents), &|_| {})
}

/// One agent that lives the phases; the value of each measure.
fn measured(head: &str, asked: &[&str]) -> Vec<f64> {
    let list: String = asked.iter().enumerate().map(|(n, text)| format!("m{n} = \"{text}\"\n")).collect();
    let scenario = scenario(&format!(
        "{head}\n[accuracy]\nrelative = 1e-12\n[population]\nagents = 1\n[measures]\n{list}"
    ));
    let collected = run(&scenario);
    assert_eq!(collected.failures, []);
    scenario.measures.iter().map(|measure| collected.outcomes[measure.outcome][0].mean()).collect()
}

/// The first and the second of each pair are the same.
#[track_caller]
fn equal(head: &str, pairs: &[(&str, &str)], within: f64) {
    let asked: Vec<&str> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    for ((a, b), found) in pairs.iter().zip(measured(head, &asked).chunks(2)) {
        let off = (found[0] - found[1]).abs() / found[1].abs().max(1.0);
        assert!(off <= within, "{a} is {}, not {b}, which is {}", found[0], found[1]);
    }
}

const AT_TEN: &str = "model = \"responses.toml\"\nphases = [{ name = \"on\", for = \"1 h\", L = \"10 nM\" }]";

/// From u = 1 to 2 for 2 h, and back.
const STEP: &str = "model = \"responses.toml\"\nphases = [{ name = \"before\", for = \"1 h\" }, \
                    { name = \"on\", for = \"2 h\", u = 2 }, { name = \"off\", for = \"6 h\" }]";

#[test]
fn a_fit_of_a_logistic_response_finds_its_parameters_and_agrees_with_the_roots() {
    let pairs = [
        ("fit_ec50(logi[end of on])", "EC"),
        ("fit_emax(logi[end of on])", "3"),
        ("fit_bottom(logi[end of on])", "1"),
        ("fit_slope(logi[end of on])", "n"),
        ("fit_ec50(effect[rest])", "ec50(effect[rest])"),
        ("fit_emax(effect[rest])", "emax(effect[rest])"),
        ("fit_slope(effect[rest])", "1"),
    ];
    equal(AT_TEN, &pairs, 1e-8);
    // With n = 2 the curve is not logistic: the fit is near, and is not the root.
    let found = measured(
        &format!("{AT_TEN}\nparameters = {{ q = 2 }}"),
        &["fit_ec50(effect[rest])/ec50(effect[rest]) - 1"],
    );
    assert!(found[0].abs() > 1e-4 && found[0].abs() < 0.1, "{found:?}");
}

#[test]
fn the_operational_model_is_read_from_emax_and_ec50() {
    let pairs = [
        ("tau(effect[rest], Em)", "TAU"),
        ("KA(effect[end of on], Em)", "KA"),
        ("log_tau_KA(effect[rest], Em)", "log10(TAU/(KA/1 M))"),
        ("emax(effect[rest])/ec50(effect[rest])", "Em*TAU/KA"),
        ("Em*tau(effect[rest], Em)/KA(effect[rest], Em)", "emax(effect[rest])/ec50(effect[rest])"),
        // The difference of two transduction coefficients does not depend on Em.
        ("log_tau_KA(effect[rest], 2*Em) + log10(2)", "log_tau_KA(effect[rest], Em)"),
    ];
    equal(AT_TEN, &pairs, 1e-9);
}

#[test]
fn binding_of_one_site_is_read_from_its_straight_line_also_under_competition() {
    let pairs = [
        ("bmax(bound[rest])", "Bmax"),
        ("kd(bound[rest])", "Kd"),
        ("bmax(bound[rest])/kd(bound[rest])*1 nM", "Bmax/Kd*1 nM"),
    ];
    equal(AT_TEN, &pairs, 1e-9);
    let arms = "model = \"responses.toml\"\n[arms.blank]\nphases = [{ name = \"on\", for = \"1 h\" }]\n\
                [arms.full]\nparameters = { T = \"10 nM\" }\nphases = [{ name = \"on\", for = \"1 h\" }]";
    let pairs = [
        ("kd(full.bound[rest])", "full.Kd*(1 + full.T/full.Ki)"),
        (
            "1 - (bmax(full.bound[rest])/kd(full.bound[rest]))/(bmax(blank.bound[rest])/kd(blank.bound[rest]))",
            "full.T/(full.Ki + full.T)",
        ),
    ];
    equal(arms, &pairs, 1e-9);
}

#[test]
fn a_response_coefficient_is_that_of_the_closed_form_and_of_a_central_difference() {
    let pairs = [
        ("coefficient(plain[end of on])", "n*(1 - 1/(1 + (EC/10 nM)^n))"),
        ("coefficient(effect[end of on])", "KA/(KA + (1 + TAU)*10 nM)"),
        ("coefficient(logi[end of on])", "gain(logi[end of on])/hilled[end of on]"),
        ("coefficient(hilled[end of on], L)", "coefficient(logi[end of on])"),
        ("coefficient(hilled[end of on], EC)", "-coefficient(hilled[end of on], L)"),
    ];
    equal(AT_TEN, &pairs, 1e-12);
    let level = |name: &str, factor: f64| {
        format!(
            "[arms.{name}]\nphases = [{{ name = \"on\", for = \"1 h\", L = \"{} nM\" }}]\n",
            10.0 * factor
        )
    };
    let h = 1e-4_f64;
    let arms = [level("low", (-h).exp()), level("at", 1.0), level("high", h.exp())].concat();
    let slope = "ln(high.hilled[end of on]/low.hilled[end of on])/2e-4";
    let pairs = [("coefficient(at.logi[end of on])", slope)];
    equal(&format!("model = \"responses.toml\"\n{arms}"), &pairs, 1e-8);
    assert!(
        measured(AT_TEN, &["coefficient(plain[rest])"])[0].is_nan(),
        "nothing is relative to a level of 0"
    );
}

#[test]
fn adaptation_to_a_step_is_that_of_its_closed_form() {
    // y jumps from 1 to 2 and falls as 1 + exp(-t); e is what is left of it.
    let e = "exp(-2)";
    let pairs = [
        ("peak(y[on])", "2".to_owned()),
        ("overshoot(y[on])", format!("(1 - {e})/{e}")),
        ("overshoot(z[on])", "0".to_owned()),
        ("sensitivity(y[on], u)", "1".to_owned()),
        ("adaptation_error(y[on])", e.to_owned()),
        ("precision(y[on], u)", "exp(2)".to_owned()),
        ("adaptation_time(y[on], 5 %)*k", format!("-ln({e} + 0.05*(1 - {e}))")),
        // z rises; its distance from its end is the same curve.
        ("adaptation_time(z[on], 0.05)", "adaptation_time(y[on], 5 %)".to_owned()),
        ("peak(y[off])", e.to_owned()),
        ("rebound(y[off])", format!("1 - {e}")),
        ("rebound(z[off])", "0".to_owned()),
        ("recovery_time(z[off])*k", "ln(2)".to_owned()),
        ("recovery_time(z[off], 90 %)*k", "ln(10)".to_owned()),
    ];
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (*a, b.as_str())).collect();
    equal(STEP, &pairs, 1e-8);
}

#[test]
fn exact_adaptation_is_capped_and_its_raw_error_is_there() {
    let long = STEP.replace("2 h", "60 h");
    let found = measured(&long, &["precision(y[on], u)", "adaptation_error(y[on])"]);
    assert_eq!(found[0], 1e6);
    assert!(found[1] < 1e-9);
}

#[test]
fn a_phase_at_the_start_counts_from_rest_and_what_did_not_move_has_no_value() {
    let first = "model = \"responses.toml\"\nphases = [{ name = \"on\", for = \"2 h\", u = 2 }]";
    equal(first, &[("sensitivity(y[on], u)", "1"), ("overshoot(y[on])", "exp(2) - 1")], 1e-8);
    let still = [
        "overshoot(z[before])",
        "sensitivity(z[before], u)",
        "rebound(z[before])",
        "recovery_time(z[before])",
    ];
    for (text, found) in still.iter().zip(measured(STEP, &still)) {
        assert!(found.is_nan(), "{text} is {found}");
    }
}

#[test]
fn a_circle_run_clockwise_has_its_area_and_half_of_it_half() {
    let turn = |hours: f64| {
        format!(
            "model = \"responses.toml\"\nphases = [{{ name = \"on\", for = \"{} us\" }}]",
            (hours * 3.6e9).round()
        )
    };
    let pi = std::f64::consts::PI;
    let asked = ["hysteresis(s, c [on])", "hysteresis(c, s [on])", "hysteresis(s[on], 2*c[on])"];
    let found = measured(&turn(2.0 * pi), &asked);
    for (found, wanted) in found.iter().zip([pi, -pi, 2.0 * pi]) {
        assert!((found - wanted).abs() < 1e-8, "{found} is not {wanted}");
    }
    let half = measured(&turn(pi), &asked);
    assert!((half[0] - pi / 2.0).abs() < 1e-8, "closed by its diameter: {half:?}");
}

#[test]
fn arms_are_compared_at_the_same_moments_also_where_their_models_differ() {
    // z = 2 - exp(-t) and w = 3 - 2 exp(-2 t), in minutes.
    let text = "model = \"responses.toml\"\n[arms.a]\nphases = [{ name = \"before\", for = \"1 h\" }, { name = \"on\", for = \"2 h\", u = 2 }]\n\
                [arms.b]\nmodel = \"other.toml\"\nas = { z = \"w\" }\nphases = [{ name = \"on\", for = \"2 h\", v = 3 }]";
    let found =
        measured(text, &["rms(a.z - b.z [on])", "apart(a.z[on] - b.z[on])", "rms(a.z/b.z - a.z/b.z [on])"]);
    let differences: Vec<f64> = (0..=200)
        .map(|n| 2.0 * f64::from(n) / 200.0)
        .map(|t| (2.0 - (-t).exp()) - (3.0 - 2.0 * (-2.0 * t).exp()))
        .collect();
    let mut squares: f64 = differences.iter().map(|d| d * d).sum();
    squares -= 0.5 * (differences[0] * differences[0] + differences[200] * differences[200]);
    let largest = differences.iter().fold(0.0, |largest: f64, d| largest.max(d.abs()));
    for (found, wanted) in found.iter().zip([(squares / 200.0).sqrt(), largest, 0.0]) {
        assert!((found - wanted).abs() < 1e-8, "{found} is not {wanted}");
    }
}

#[test]
fn an_expression_of_one_arm_has_its_mean_square_and_needs_no_second() {
    let found = measured(STEP, &["rms(z - rest.z [on])", "sqrt(mean((z - rest.z)^2[on]))"]);
    assert!((found[0] / found[1] - 1.0).abs() < 1e-4, "{found:?}");
}

#[test]
fn agents_without_a_value_are_counted_with_the_reason() {
    let text = format!(
        "{AT_TEN}\n[population]\nagents = 3\n[measures]\nline = \"2*kd(linear[rest])\"\nfit = \"fit_ec50(linear[rest])\"\n\
         never = \"first(z > 9 [on])\"\nzero = \"1/(L[end of on] - 10 nM) - 1/(L[end of on] - 10 nM)\"\nhalf = \"ec50(logi[rest])\"\n\
         late = \"first(z > 9 [on]) + kd(linear[rest])*1 h/1 nM\""
    );
    let scenario = scenario(&text);
    let table = measures(&scenario, &run(&scenario));
    let rows = table.texts("measure").iter().zip(table.texts("stat")).zip(table.numbers("value"));
    let told: Vec<String> = rows
        .filter_map(|((name, stat), value)| Some((name.as_deref()?, stat.as_deref()?, value)))
        .filter(|(_, stat, _)| stat.starts_with("missing") || stat.starts_with("not"))
        .map(|(name, stat, value)| format!("{name}: {stat}: {value}"))
        .collect();
    let expected = [
        "line: missing: no falling line: 3",
        "fit: missing: no logistic fit: 3",
        "never: not reached: 3",
        "zero: missing: not defined: 3",
        "late: missing: no falling line: 3",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_correlation_takes_the_agents_that_have_both() {
    // z reaches 1.6 within the two hours where k is above 0.46 per hour.
    let claims = [
        "correlation(a, b) == -1",
        "correlation(a, a) == 1",
        "correlation(a, reached) < -0.9",
        "abs(cv_of(a) - sd_of(a)/mean_of(a)) < 1e-12",
        "correlation(a, independent) < 0.2 and correlation(a, independent) > -0.2",
    ];
    let claims: String = claims
        .iter()
        .enumerate()
        .map(|(n, text)| format!("[[claim]]\nname = \"c{n}\"\nsay = \"c\"\nthat = \"{text}\"\n"))
        .collect();
    let text = format!(
        "{STEP}\n[population]\nagents = 300\nseed = 3\nvary.k = {{ uniform = {{ low = \"0.2 1/h\", high = \"1 1/h\" }} }}\nvary.n = {{ uniform = {{ low = 1, high = 2 }} }}\n\
         [measures]\na = \"k\"\nb = \"2 - 3*k*1 h\"\nreached = \"first(z > 1.6 [on])\"\nindependent = \"n\"\n{claims}"
    );
    let scenario = scenario(&text);
    let collected = run(&scenario);
    let reached = &collected.outcomes[scenario.measures[2].outcome][0];
    assert!(reached.missing() > 20 && reached.n() > 20);
    for claim in &scenario.claims {
        let verdict = claim.judge.verdict(&collected);
        assert!(verdict.holds, "{:?}", verdict.sides);
    }
}
