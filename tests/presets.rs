//! The presets as shipped: what they say holds as shipped, with more agents, and with 200 agents in each of a few seeds (see `seeds`);
//! and each claim fails, with 100 agents, under the change that it names. Knows nothing of what a preset is about.

use std::collections::BTreeMap;

use allostat::diagnostic::{Source, render};
use allostat::engine::Engine;
use allostat::scenario::{Results, Scenario, Text, preset, presets};

fn read(name: &str, changes: &[&str]) -> Scenario {
    let text = Text::new(name, &preset(name).unwrap()).unwrap();
    text.asking(&arguments(changes), &none, &[]).unwrap_or_else(|error| panic!("{name} {changes:?}\n{error}"))
}

/// Its claims alone, without what else is observed, on which none of them stands.
fn claims_of(name: &str, changes: &[&str]) -> Scenario {
    let text = Text::new(name, &preset(name).unwrap()).unwrap();
    let read = text.numbers(&arguments(changes), &none, &[], true);
    read.unwrap_or_else(|error| panic!("{name} {changes:?}\n{error}"))
}

fn arguments(changes: &[&str]) -> Vec<Source> {
    changes.iter().map(|change| Source::new("--set", *change)).collect()
}

fn none(path: &str) -> Result<Source, String> {
    Err(format!("there is no file `{path}`"))
}

fn run(scenario: &Scenario) -> Results {
    scenario.run(&|_| {}).unwrap_or_else(|why| panic!("{}: {why}", scenario.name))
}

/// Every claim holds and no agent fails.
fn holds(scenario: &Scenario, what: &str) {
    let results = run(scenario);
    assert_eq!(results.failed, 0, "{} {what}", scenario.name);
    for (text, verdict) in scenario.claims.iter().zip(&results.verdicts) {
        assert!(
            verdict.holds,
            "{} {what}: `{}` {}",
            scenario.name,
            text.claim.name,
            verdict.sentence(&text.claim, false)
        );
    }
}

/// All that a reader is told, claims included.
fn told(scenario: &Scenario) -> String {
    let lesson = &scenario.lesson;
    let words =
        [&scenario.title, &scenario.doc, &lesson.question, &lesson.predict, &lesson.explain, &lesson.caveat];
    let claims = scenario.claims.iter().map(|text| text.claim.say.as_str());
    let arms = scenario.arms.iter().map(|arm| arm.title.as_str());
    let measures = scenario.measures.iter().map(|measure| measure.doc.as_str());
    let all = words.into_iter().map(String::as_str).chain(claims).chain(arms).chain(measures);
    all.collect::<Vec<_>>().join("\n").to_lowercase()
}

#[test]
fn a_preset_reads_without_notes_and_is_a_whole_lesson() {
    assert!(presets().len() >= 4);
    for name in presets() {
        let scenario = read(name, &[]);
        assert_eq!(render(&scenario.notes, false), "", "{name}");
        let lesson = &scenario.lesson;
        for words in [&scenario.doc, &lesson.question, &lesson.predict, &lesson.explain, &lesson.caveat] {
            assert!(words.split_whitespace().count() > 8, "{name}: `{words}`");
        }
        assert!(lesson.question.ends_with('?'), "{name}");
        assert!(!scenario.assays.is_empty() && !scenario.measures.is_empty(), "{name}");
    }
}

#[test]
fn each_claim_is_cited_and_each_citation_is_a_claim() {
    for name in presets() {
        let scenario = read(name, &[]);
        let explain = &scenario.lesson.explain;
        let mut cited: Vec<&str> =
            explain.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        let mut claims: Vec<&str> = scenario.claims.iter().map(|text| text.claim.name.as_str()).collect();
        cited.sort_unstable();
        cited.dedup();
        claims.sort_unstable();
        assert_eq!(cited, claims, "{name}");
    }
}

/// A sentence that asserts something cites; one that says how to look for oneself names a command instead.
#[test]
fn each_sentence_of_an_explanation_cites_or_leads_to_one_that_does() {
    for name in presets() {
        let explain = read(name, &[]).lesson.explain;
        for sentence in explain.replace('\n', " ").split(". ") {
            assert!(sentence.contains('{') || sentence.contains("--set"), "{name}: `{sentence}`");
        }
    }
}

#[test]
fn the_words_give_no_advice_and_promise_no_length_of_recovery() {
    const ADVICE: [&str; 10] = [
        "you must",
        "recommend",
        "advise",
        "your brain",
        "your receptors",
        "detox",
        "abuser",
        "addict",
        "clean",
        "should",
    ];
    for name in presets() {
        let told = told(&read(name, &[]));
        for word in ADVICE {
            assert!(!told.contains(word), "{name}: `{word}`");
        }
        for sentence in told.split(['.', '?', '\n']) {
            let days = ["day", "week", "month"].iter().any(|unit| sentence.contains(unit));
            let recovered = ["recovered", "back to normal", "healed", "are back", "is back"]
                .iter()
                .any(|w| sentence.contains(w));
            assert!(!(days && recovered), "{name}: `{sentence}`");
        }
    }
}

/// Seeds for which claims are tried: 3, or as many as `ALLOSTAT_SEEDS` says. With 20, `ALLOSTAT_SEEDS=20 cargo test --test presets`
/// takes some ten minutes on two cores.
fn seeds() -> u64 {
    std::env::var("ALLOSTAT_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(3)
}

#[test]
fn claims_hold_in_each_seed_that_is_tried() {
    for name in presets() {
        for seed in 1..=seeds() {
            let seed = format!("population.seed={seed}");
            holds(&claims_of(name, &["population.agents=200", &seed]), &seed);
        }
    }
}

/// 2,000 agents; half as many of a preset of several years, unless twenty seeds are asked for.
fn larger(name: &str) -> u64 {
    const DAY: f64 = 86_400e6;
    let ends = read(name, &[])
        .plan
        .arms
        .iter()
        .filter_map(|arm| arm.phases.last().map(|phase| phase.when.end))
        .sum::<i64>();
    if ends as f64 > 1000.0 * DAY && seeds() < 20 { 1000 } else { 2000 }
}

#[test]
fn claims_hold_as_shipped_and_in_larger_populations() {
    for name in presets() {
        assert!(read(name, &[]).plan.population.agents >= 200, "{name}");
        holds(&read(name, &[]), "as shipped");
        let more = format!("population.agents={}", larger(name));
        holds(&claims_of(name, &[&more]), &more);
    }
}

#[test]
fn each_claim_names_a_change_under_which_it_fails() {
    for name in presets() {
        let mut by_change: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (position, text) in read(name, &[]).claims.iter().enumerate() {
            assert!(!text.fails_with.is_empty(), "{name}: `{}`", text.claim.name);
            by_change.entry(text.fails_with.clone()).or_default().push(position);
        }
        for (change, claims) in by_change {
            let changed = claims_of(name, &["population.agents=100", &change]);
            let results = run(&changed);
            let failed = results.failed;
            assert!(failed == 0, "{name}, {change}: {failed} agents failed");
            for position in claims {
                let claim = &changed.claims[position].claim.name;
                assert!(!results.verdicts[position].holds, "{name}: `{claim}` holds with {change}");
            }
        }
    }
}

/// The tolerance is on the local error of a step; over a run errors may add up, here to less than a hundred times as much.
#[test]
fn a_run_a_hundred_times_tighter_says_the_same() {
    for name in presets() {
        let scenario = read(name, &["record=[{ what = \"1\", at = \"rest\" }]", "population.agents=64"]);
        let error = Engine::new(&scenario.plan).unwrap().measured_error(64, 100.0);
        let bound = 100.0 * scenario.plan.relative;
        assert!(error < bound, "{name}: {error:e} against {bound:e}");
    }
}
