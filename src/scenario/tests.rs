//! A whole scenario, changes, presets and templates; what is wrong with wrong ones stands beside.

mod cautions;
mod figures;
mod findings;
mod forms;
mod instrument_findings;
mod instruments;
mod metrics;
mod plan;
mod values;

use super::*;
use crate::diagnostic::render;
use crate::model::Probe;

/// Arms for a model with parameters, one response and an input.
const HEAD: &str = "title = \"test\"\nmodel = \"turnover\"\n";
const PHASES: &str = r#"
phases = [
  { name = "before", for = "1 d" },
  { name = "on", for = "2 d", L = "100 nM" },
  { name = "after", for = "1 d" },
]
"#;

fn read(text: &str, changes: &[&str]) -> Result<Scenario, crate::diagnostic::Error> {
    let changes: Vec<Source> = changes.iter().map(|change| Source::new("--set", *change)).collect();
    let steps = Source::new("steps.csv", "time,L\n0,1\n6,100\n12,0\n");
    let own = Source::new("my/own.toml", OWN);
    let files = move |path: &str| match path {
        "steps.csv" => Ok(steps.clone()),
        "my/own.toml" => Ok(own.clone()),
        _ => Err(format!("there is no file `{path}`")),
    };
    Scenario::read("test", &Source::new("test.toml", text), &changes, &files)
}

/// A model with a baseline that is an expression, another unit of time, and a quantity of its own.
const OWN: &str = r#"
title   = "decay"
time    = "d"
doc     = "for tests"
sources = ["unchecked: none"]
[inputs]
L = { unit = "nM", baseline = "2*L0", doc = "drive" }
N = { unit = "nM", baseline = "L0", doc = "nothing reads it" }
[parameters]
k  = { value = "0.5 1/d", range = ["0.1 1/d", "1 1/d"], limits = "k > 0", source = "assumed", doc = "loss" }
L0 = { value = "1 nM", range = ["0.1 nM", "10 nM"], source = "assumed", doc = "background" }
[states]
x = { unit = "nM", start = "L0", doc = "level" }
[flows]
gain = { to = "x", rate = "k*L", doc = "" }
loss = { from = "x", rate = "k*x", doc = "" }
"#;

/// The scenario of `HEAD`, `PHASES` and more text.
fn with(more: &str) -> Scenario {
    good(&format!("{HEAD}{PHASES}{more}"), &[])
}

fn good(text: &str, changes: &[&str]) -> Scenario {
    read(text, changes).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

fn wrong(text: &str, changes: &[&str]) -> String {
    match read(text, changes) {
        Ok(_) => "nothing is wrong".to_owned(),
        Err(error) => render(&error.findings, false),
    }
}

#[test]
fn every_preset_reads_without_findings_and_the_first_is_the_default() {
    let names = presets();
    assert_eq!(names.first(), Some(&"overstimulation"));
    for name in names {
        let source = preset(name).unwrap();
        let none = |path: &str| Err(format!("there is no file `{path}`"));
        let scenario = Scenario::read(name, &source, &[], &none).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(render(&scenario.notes, false), "", "{name}");
        assert!(!scenario.plan.arms.is_empty() && !scenario.claims.is_empty());
    }
    assert!(preset("nothing").is_none());
}

#[test]
fn the_falsifier_of_each_claim_of_a_preset_can_be_read() {
    for name in presets() {
        let source = preset(name).unwrap();
        let none = |path: &str| Err(format!("there is no file `{path}`"));
        let scenario = Scenario::read(name, &source, &[], &none).unwrap();
        for claim in scenario.claims.iter().filter(|claim| !claim.fails_with.is_empty()) {
            let change = Source::new("fails_with", claim.fails_with.clone());
            let changed = Scenario::read(name, &source, &[change], &none).unwrap_or_else(|e| panic!("{e}"));
            assert_eq!(changed.changes.len(), 1);
        }
    }
}

#[test]
fn a_template_of_each_built_in_model_reads_without_findings() {
    let mut scored = 0;
    for (name, text) in crate::model::builtin() {
        let model = Model::read(name, &Source::new(*name, *text)).unwrap();
        let text = template(name, &model);
        let scenario = good(&text, &[]);
        assert_eq!(render(&scenario.notes, false), "", "{text}");
        assert!(text.contains("# how many, 1 to"), "{text}");
        // What is offered in comments can be taken out of them.
        let code = |line: &&str| line.starts_with('[') || line.split_whitespace().nth(1) == Some("=");
        let uncommented: Vec<&str> =
            text.lines().map(|line| line.strip_prefix("# ").filter(code).unwrap_or(line)).collect();
        let all = good(&uncommented.join("\n"), &[]);
        let moves = usize::from(!model.states.is_empty());
        assert_eq!(all.claims.len(), moves);
        // What begins at 0 in a unit has no score in comments.
        assert_eq!(all.instruments.len(), text.matches("\n# [instruments.").count(), "{text}");
        scored += all.instruments.len();
        let probed = model.responses.iter().any(|response| matches!(response.probe, Probe::Input(_)));
        let challenges = text.matches("\n# session = ").count();
        assert_eq!(challenges, if probed { moves } else { 0 }, "{text}");
    }
    assert!(scored > 30, "{scored}");
}

#[test]
fn reading_is_deterministic() {
    for name in presets() {
        let read =
            || Scenario::read(name, &preset(name).unwrap(), &[], &|_: &str| Err(String::new())).unwrap();
        // The arena's map of nodes has no order of its own in a debug text, so that all else is compared.
        let told = |scenario: &Scenario| {
            let arms: Vec<String> = scenario
                .plan
                .arms
                .iter()
                .map(|arm| {
                    format!(
                        "{:?}{:?}{:?}{:?}{:?}{:?}",
                        arm.slots, arm.phases, arm.series, arm.assays, arm.taps, arm.system.watched
                    )
                })
                .collect();
            format!(
                "{arms:?}{:?}{:?}{:?}",
                scenario.plan.outcomes.given, scenario.plan.outcomes.values, scenario.records
            )
        };
        assert_eq!(told(&read()), told(&read()));
    }
}

#[test]
fn a_name_of_a_phase_is_not_read_as_a_moment() {
    let text = format!("{HEAD}phases = [{{ name = \"end of on\", for = \"1 d\" }}]\n");
    let error = read(&text, &[]).err().unwrap();
    assert!(error.to_string().contains("this cannot be the name of a phase"), "{error}");
}

#[test]
fn an_assay_at_no_moment_is_a_finding() {
    let text = format!("{HEAD}{PHASES}[[assay]]\nresponse = \"acute\"\nat = []\n");
    let error = read(&text, &[]).err().unwrap();
    assert!(error.to_string().contains("this assay is taken at no moment"), "{error}");
}

#[test]
fn what_is_no_number_is_said_once() {
    let text =
        format!("{HEAD}{PHASES}[[claim]]\nname = \"a\"\nsay = \"b\"\nthat = \"R[rest] > 0\"\nshare = nan\n");
    let error = read(&text, &[]).err().unwrap();
    assert_eq!(error.findings.len(), 1, "{error}");
}

#[test]
fn instruments_and_parameters_of_its_own_are_told_with_what_they_mean() {
    let own = "[parameters]\nlevel = { value = \"3 nM\", doc = \"strength\" }\n[instruments.scale]\ndoc = \"loss\"\n\
               visual_analogue = { latent = \"1 - R\" }\n";
    let scenario = with(own);
    let units: Vec<(&str, &str)> =
        scenario.own.iter().map(|(name, unit)| (name.as_str(), unit.label())).collect();
    assert_eq!(units, [("level", "nM")]);
    let told = scenario.instruments.first().unwrap();
    assert_eq!([&told.name, &told.latent], ["scale", "1 - R"]);
    assert!(told.doc.starts_with("loss: simulated visual analogue scale"), "{}", told.doc);
    let engine = Engine::new(&scenario.plan).unwrap();
    let story = tables::story(&scenario, &engine.alone(0).unwrap());
    let row = story.texts("what").iter().position(|what| what.as_deref() == Some("level")).unwrap();
    assert_eq!(story.texts("unit")[row].as_deref(), Some("nM"));
}

#[test]
fn a_template_has_a_level_in_any_range_of_a_probe() {
    let (name, text) = crate::model::builtin().iter().find(|(name, _)| *name == "turnover").unwrap();
    for [low, high] in [["1e300", "1e307"], ["1e-300", "1e-290"], ["1e-308", "1e308"]] {
        let range = format!("[\"{low} nM\", \"{high} nM\"]");
        let text = text.replace("[\"0.01 nM\", \"1e6 nM\"]", &range);
        let text = template(name, &Model::read(name, &Source::new(*name, text)).unwrap());
        let level = text.split("L = \"").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or(&text);
        let [low, level, high]: [f64; 3] = [low, level, high].map(|number| number.parse().unwrap());
        assert!(low <= level && level <= high, "{level} in {range}");
    }
}
