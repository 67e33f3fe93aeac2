//! Whole model files: what is read.
//! Knows nothing of the engine: values are those of the slow evaluator.

mod findings;

use super::*;
use crate::diagnostic::render;

/// A small model with `more` lines added under the tables they name.
fn text(parameters: &str, lets: &str, states: &str, flows: &str, rest: &str) -> String {
    format!(
        r#"title = "small"
time = "min"
doc = "for tests"
[inputs]
L = {{ unit = "nM", doc = "agonist" }}
[parameters]
k = {{ value = "0.1 1/min", range = ["0.01 1/min", "1 1/min"], source = "assumed", doc = "rate" }}
K = {{ value = "10 nM", range = ["1 nM", "100 nM"], source = "assumed", doc = "affinity" }}
n = {{ value = "100 receptor", range = ["1 receptor", "1e3 receptor"], source = "assumed", doc = "number" }}
{parameters}
[let]
theta = {{ value = "L/(K + L)", unit = "1", doc = "occupancy" }}
{lets}
[states]
R = {{ unit = "receptor", start = "n", doc = "receptor" }}
{states}
[flows]
make = {{ to = "R", rate = "k*n" }}
loss = {{ from = "R", rate = "k*R*(1 + theta)" }}
{flows}
{rest}
"#
    )
}

fn read(text: &str) -> Result<Model, Error> {
    Model::read("small", &Source::new("small.toml", text))
}

fn good(text: &str) -> Model {
    read(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// All findings of a text that cannot be used.
fn findings(text: &str) -> String {
    read(text).err().map_or_else(|| "no findings".to_owned(), |error| render(&error.findings, false))
}

fn with(parameters: &str, lets: &str, states: &str, flows: &str, rest: &str) -> String {
    findings(&text(parameters, lets, states, flows, rest))
}

/// Value of a name at `L` = 5, `R` = 40 and the default parameters.
fn value(model: &Model, name: &str) -> f64 {
    let mut arena = model.arena.clone();
    let named = model.resolve(&mut arena, name, &model.source.span(0..0)).unwrap_or_else(|f| panic!("{f:?}"));
    evaluate(model, &arena, named.value)
}

fn evaluate(model: &Model, arena: &Arena, of: Id) -> f64 {
    arena.evaluate(of, &|sym| match arena.name(sym) {
        "L" => 5.0,
        "R" => 40.0,
        name => model.parameters.iter().find(|p| p.name == name).map_or(f64::NAN, |p| p.value),
    })
}

#[test]
fn every_built_in_model_reads_and_gives_every_parameter_a_range() {
    assert!(builtin().len() >= 9, "{}", builtin().len());
    for (name, text) in builtin() {
        let model = Model::read(name, &Source::new(format!("{name}.toml"), *text))
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(model.notes.is_empty(), "{name}: {}", render(&model.notes, false));
        assert!(!model.checks.is_empty(), "{name}");
        for parameter in &model.parameters {
            let source = &parameter.source;
            assert!(!source.contains('['), "{name}: {source}");
            assert!(
                parameter.range.is_some_and(|r| r[0] <= parameter.value && parameter.value <= r[1]),
                "{}",
                parameter.name
            );
        }
    }
}

#[test]
fn a_model_at_rest_does_not_move() {
    // The opponent's strength fades without use: it is the one model that does not start at rest.
    for (name, text) in builtin().iter().filter(|(name, _)| *name != "opponent") {
        let model = Model::read(name, &Source::new(*name, *text)).unwrap_or_else(|error| panic!("{error}"));
        let mut arena = model.arena.clone();
        let at = model.source.span(0..0);
        for flow in &model.flows {
            assert!(model.resolve(&mut arena, &format!("rest.{}", flow.path), &at).is_ok());
        }
        let rest: Vec<(Sym, Id)> = model
            .inputs
            .iter()
            .map(|input| (input.sym, input.baseline.value))
            .chain(model.states.iter().filter_map(|state| match &state.start {
                Start::Formula(start) => Some((state.sym, start.value)),
                Start::Steady => None,
            }))
            .collect();
        // A start that is solved is one of this kind by how it is found.
        if model.states.iter().any(|state| matches!(state.start, Start::Steady)) {
            continue;
        }
        for rate in &model.rates {
            let rate =
                arena.substitute(*rate, &|sym| rest.iter().find(|(s, _)| *s == sym).map(|(_, id)| *id));
            assert!(evaluate(&model, &arena, rate).abs() < 1e-12, "{name}");
        }
    }
}

#[test]
fn a_quantity_is_converted_once_into_the_unit_that_expressions_see() {
    let model = good(&text(
        r#"kDR = { value = "0.02 1/s", unit = "1/d", range = ["1e-3 1/s", "2000 1/d"], limits = "kDR < 0.1 1/s", source = "assumed", doc = "x" }
half = { value = "1/72 1/h", source = "assumed", doc = "x" }
bare = { value = 3, source = "assumed", doc = "x" }"#,
        r#"used = { value = "kDR/half*bare", unit = "h/d", doc = "x" }"#,
        "",
        "",
        "",
    ));
    let by = |name: &str| model.parameters.iter().find(|p| p.name == name).unwrap();
    assert_eq!(by("kDR").value, 1728.0);
    assert_eq!(by("kDR").range.map(|r| [r[0].round(), r[1]]), Some([86.0, 2000.0]));
    assert_eq!(by("kDR").unit.label(), "1/d");
    assert_eq!(by("half").value, 1.0 / 72.0);
    assert_eq!((by("bare").value, by("bare").unit.label()), (3.0, "1"));
    let limit = &by("kDR").limits[0];
    assert_eq!(model.arena.as_constant(limit.right), Some(8640.0));
}

#[test]
fn rates_are_what_flows_give_minus_what_they_take() {
    let model = good(&text(
        r#"B = { value = "4", source = "assumed", doc = "burst" }"#,
        "",
        r#"M = { unit = "receptor", start = "n", doc = "x" }"#,
        r#"dimer = { from = "2 M", to = "R", rate = "k*M" }
burst = { to = "geometric(B) M", rate = "k*n" }
catalysis = { from = "M + R", to = "M", rate = "k*R" }"#,
        "",
    ));
    let at = |rate: Id| {
        model.arena.evaluate(rate, &|sym| match model.arena.name(sym) {
            "L" => 10.0,
            "R" => 40.0,
            "M" => 7.0,
            name => model.parameters.iter().find(|p| p.name == name).map_or(f64::NAN, |p| p.value),
        })
    };
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    near(at(model.rates[0]), 0.1 * 100.0 - 0.1 * 40.0 * 1.5 + 0.1 * 7.0 - 0.1 * 40.0);
    near(at(model.rates[1]), -2.0 * 0.1 * 7.0 + 4.0 * 0.1 * 100.0);
}

#[test]
fn conservation_laws_are_whole_and_a_burst_breaks_them() {
    let closed = |flows: &str| {
        let states =
            "A B C".split(' ').map(|s| format!("{s} = {{ unit = \"1\", start = \"1\", doc = \"x\" }}\n"));
        let head = "title = \"x\"\ntime = \"h\"\ndoc = \"x\"\n[parameters]\nk = { value = \"1 1/h\", source = \"assumed\", doc = \"x\" }\n[states]\n";
        good(&format!("{head}{}[flows]\n{flows}", states.collect::<String>())).conserved()
    };
    assert_eq!(closed("bind = { from = \"A + B\", to = \"C\", rate = \"k*A*B\" }"), [[1, -1, 0], [1, 0, 1]]);
    assert_eq!(
        closed("dimer = { from = \"2 A\", to = \"B\", rate = \"k\" }\nc = { to = \"C\", rate = \"k\" }"),
        [[1, 2, 0]]
    );
    assert_eq!(
        closed(
            "a = { from = \"A\", to = \"B\", rate = \"k\" }\nb = { from = \"B\", to = \"3 C\", rate = \"k\" }"
        ),
        [[3, 3, 1]]
    );
    assert_eq!(closed("a = { from = \"A\", to = \"B + geometric(2) C\", rate = \"k\" }"), [[1, 1, 0]]);
}

#[test]
fn a_view_reaches_through_lets_and_other_views_the_inner_one_first() {
    let model = good(&text(
        "",
        r#"load = { value = "theta + 1", unit = "1", doc = "x" }
through = { value = "half.load + R/n", unit = "1", doc = "x" }"#,
        "",
        "",
        r#"[views]
half = { L = "L/2" }
twice = { L = "2*L" }
off  = { theta = "0" }
calm = { of = "rest", K = "2*K" }"#,
    ));
    let near = |name: &str, expected: f64| {
        let found = value(&model, name);
        assert!((found - expected).abs() < 1e-12, "{name}: {found}, expected {expected}");
    };
    near("load", 5.0 / 15.0 + 1.0);
    near("half.load", 2.5 / 12.5 + 1.0);
    near("off.load", 1.0);
    near("through", 2.5 / 12.5 + 1.0 + 0.4);
    near("off.through", 1.0 + 0.4);
    near("rest.through", 1.0 + 1.0);
    near("half.twice.L", 5.0);
    near("twice.half.half.L", 2.5);
    near("half.through", 1.25 / 11.25 + 1.0 + 0.4);
    near("rest.R", 100.0);
    near("off.rest.R", 100.0);
    near("rest.L", 0.0);
    near("calm.K", 20.0);
    near("calm.R", 100.0);
    near("flow.loss", 0.1 * 40.0 * (1.0 + 5.0 / 15.0));
    near("off.flow.loss", 0.1 * 40.0);
    near("rest.flow.loss", 0.1 * 100.0);
}

#[test]
fn the_start_of_a_steady_state_is_a_symbol_of_its_own() {
    let model = good(
        &text("", "", "", "", "[views]\nmore = { L = \"2*L\" }\nother = { K = \"2*K\" }")
            .replace("start = \"n\"", "start = \"steady\""),
    );
    let mut arena = model.arena.clone();
    let at = model.source.span(0..0);
    let named = model.resolve(&mut arena, "more.rest.R", &at).unwrap();
    assert_eq!(arena.symbols(named.value).iter().map(|s| arena.name(*s)).collect::<Vec<_>>(), ["start of R"]);
    assert!(model.states[0].scale.is_none());
    let refused = model.resolve(&mut arena, "other.rest.R", &at).unwrap_err();
    assert!(refused.what.contains("cannot be seen through `other`"), "{refused:?}");
}

#[test]
fn what_is_not_a_name_is_told_with_the_nearest() {
    let model = good(&text("", "", "", "", ""));
    let mut arena = model.arena.clone();
    let at = model.source.span(0..0);
    for (name, nearest) in [("tehta", "theta"), ("rset.R", "rest"), ("flow.los", "flow.loss")] {
        let help = model.resolve(&mut arena, name, &at).unwrap_err().help;
        assert_eq!(help, Some(format!("did you mean `{nearest}`?")), "{name}");
    }
    for name in model.names() {
        assert!(model.resolve(&mut arena, name, &at).is_ok(), "{name}");
    }
}

#[test]
fn a_model_without_states_is_a_model() {
    let model = good(
        "title = \"x\"\ntime = \"h\"\ndoc = \"x\"\n[parameters]\nK = { value = \"1 nM\", source = \"assumed\", doc = \"x\" }\n\
         [responses]\nbound = { probe = { L = \"nM\" }, range = [\"0.01 nM\", \"1 uM\"], value = \"L/(K + L)\", top = \"1\", doc = \"x\" }",
    );
    assert!(model.rates.is_empty() && model.conserved().is_empty());
    let response = &model.responses[0];
    assert_eq!((response.probe, response.range, response.unit.label()), (Probe::New, [0.01, 1000.0], "1"));
}

#[test]
fn the_key_tables_make_a_schema_and_a_reference_page() {
    let page = crate::document::reference(&MODEL);
    let schema = crate::document::schema(&MODEL, "model").to_string();
    for word in ["baseline", "propensity", "eigenvalues", "probe", "scale", "limits"] {
        assert!(page.contains(word), "{word}");
        assert!(schema.contains(&format!("\"{word}\"")), "{word}");
    }
}

#[test]
fn a_model_with_every_part_of_the_language_reads_without_a_note() {
    let model = good(
        r#"
title   = "every part"
time    = "min"
doc     = """
Over several
lines."""
sources = "unchecked: a book"

[inputs]
L = { unit = "nM", baseline = "2*Lrest - Lrest", doc = "agonist" }

[parameters]
Lrest = { value = "1e-3 uM", unit = "nM", range = ["0.1 nM", "1 uM"], limits = ["Lrest > 0", "Lrest < 1 uM"], source = "assumed", doc = "x" }
k     = { value = "1/72 1/h", unit = "1/min", range = ["0.1 1/d", "1 1/min"], limits = "0 1/d < k <= 2*k", source = "assumed", doc = "x" }
burst = { value = "50 %", unit = "1", range = [0.1, 2], source = "assumed", doc = "x" }

[let]
share = { value = "L/(L + Lrest)", unit = "1", show = [0, 1], doc = "x" }
seen  = { value = "off.share + share", unit = "1", doc = "x" }

[states]
M = { unit = "receptor", start = "steady", min = 0, doc = "x" }
D = { unit = "receptor", start = "20 receptor", scale = "1 receptor", scope = "agent", doc = "x" }

[flows]
make  = { to = "geometric(burst + 1) M", rate = "k*rest.D*seen", doc = "x" }
dimer = { from = "2 M", to = "D", rate = "k*M", propensity = "k*M/2" }
loss  = { from = "D", rate = "k*D" }

[views]
off   = { L = "0", doc = "x" }
quiet = { of = "rest", k = "0.5 1/h" }

[responses]
curve = { probe = { x = "nM" }, range = ["0.01 nM", "10 uM"], value = "M*x/(x + Lrest)", bottom = 0, top = "M", doc = "x" }
other = { probe = "M", range = ["0.01 receptor", "10 receptor"], value = "ln(M/D)", doc = "x" }

[check.one]
inputs = { L = "1 nM" }
steady = { D = "0" }
that   = ["M[end of on] > 0 receptor"]
within = 1e-3
"#,
    );
    assert!(model.notes.is_empty(), "{}", render(&model.notes, false));
    assert_eq!(
        model.names(),
        ["L", "Lrest", "k", "burst", "M", "D", "share", "seen", "flow.make", "flow.dimer", "flow.loss"]
    );
    let view = model.views.iter().find(|view| view.name == "quiet").unwrap();
    assert_eq!(model.arena.as_constant(view.with[0].1).map(|k| (k * 120.0 * 1e12).round()), Some(1e12));
    assert_eq!(model.responses[0].range, [0.01, 10_000.0]);
    assert_eq!(model.responses[1].probe, Probe::State(0));
    assert_eq!(model.conserved(), [[0i64; 2]; 0]);
    assert_eq!((model.checks.len(), model.checks[0].name.as_str()), (1, "one"));
}
