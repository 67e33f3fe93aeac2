//! Simulated instruments against what theory says of them, and the contract of same bits for what they show.
//! Knows nothing of how an answer is drawn.

use std::ops::Range;

use allostat::diagnostic::Source;
use allostat::engine::{Collected, Engine, blocks};
use allostat::instrument::{Item, bank};
use allostat::scenario::Scenario;

/// Everyone has a trait that stays, and a burden that a treatment shifts.
const MODEL: &str = r#"
title = "trait"
time = "d"
doc = "for tests"
sources = ["assumed"]
[inputs]
relief = { unit = "1", baseline = "0", doc = "shift that is aimed at" }
[parameters]
theta = { value = "0", source = "assumed", doc = "trait" }
noise = { value = "0", source = "assumed", doc = "what else moves the criterion" }
k = { value = "1 1/d", source = "assumed", doc = "how fast the shift comes" }
[let]
burden = { value = "theta + x", unit = "1", doc = "trait and shift" }
criterion = { value = "3*(50 + 5*burden) + 20*noise", unit = "1", doc = "3 per true point of the line" }
[states]
x = { unit = "1", start = "0", scale = "1", doc = "shift" }
[flows]
relax = { to = "x", rate = "k*(relief - x)", doc = "" }
[views]
eased = { x = "-1" }
"#;

const SCENARIO: &str = r#"
title = "Instruments under test"
model = "trait.toml"
[population]
agents = 4000
seed = 11
vary.theta = { normal = { sd = 1 } }
vary.noise = { normal = { sd = 1 } }
[arms.plain]
phases = [{ name = "baseline", for = "10 d" }, { name = "after", for = "20 d" }]
[arms.relief]
phases = [{ name = "baseline", for = "10 d" }, { name = "after", for = "20 d", relief = -0.5 }]
[instruments.scale]
questionnaire = { latent = "burden" }
[instruments.count]
questionnaire = { latent = "burden", scoring = "count", items = 8, categories = 5 }
[instruments.line]
visual_analogue = { latent = "0.5 + 0.05*burden" }
[measures]
fall = "scale[end of after] - scale[end of baseline]"
gain = "relief.fall - plain.fall"
eased = "eased.scale[end of baseline] - scale[end of baseline]"
[[record]]
what = ["scale", "count", "line", "criterion", "scale.item_3"]
every = "10 d"
[[claim]]
name = "alpha"
say = ""
that = "alpha(plain.scale[end of baseline]) > 0"
[[claim]]
name = "alpha of counts"
say = ""
that = "alpha(plain.count[end of baseline]) > 0"
[[claim]]
name = "retest"
say = ""
that = "retest(plain.scale[end of baseline], plain.scale[20 d]) > 0"
[[claim]]
name = "shift"
say = ""
that = "retest(relief.scale[end of baseline], relief.scale[20 d]) < retest(plain.scale[end of baseline], plain.scale[20 d])"
[[claim]]
name = "relief shows, and in nobody the other way round"
say = ""
that = "mean_of(gain) < 0 and share(gain <= 0) == 1"
[[claim]]
name = "a view shows, and in nobody the other way round"
say = ""
that = "mean_of(eased) < 0 and share(eased <= 0) == 1"
"#;

fn read(text: &str, changes: &[&str]) -> Scenario {
    let changes: Vec<Source> = changes.iter().map(|change| Source::new("argument", *change)).collect();
    let files = |path: &str| match path {
        "trait.toml" => Ok(Source::new("trait.toml", MODEL)),
        _ => Err(format!("no file {path}")),
    };
    Scenario::read("test", &Source::new("test.toml", text), &changes, &files)
        .unwrap_or_else(|e| panic!("{e}"))
}

fn run(scenario: &Scenario, blocks: Range<u64>) -> Collected {
    Engine::new(&scenario.plan).unwrap().run(blocks, &|_| {})
}

/// By agent, what the first arm recorded, at 0, 10, 20 and 30 d.
fn recorded(scenario: &mut Scenario, what: &str) -> Vec<[f64; 4]> {
    scenario.plan.traced = (0..scenario.plan.population.agents).collect();
    let series = scenario.records.iter().find(|record| record.what == what).unwrap().series[0].unwrap();
    let collected = run(scenario, 0..blocks(scenario.plan.population.agents));
    let of_first = collected.traces.iter().filter(|trace| trace.arm == 0);
    of_first.map(|trace| trace.values[series][..4].try_into().unwrap()).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// With n - 1 below.
fn covariance(a: &[f64], b: &[f64]) -> f64 {
    let (ma, mb) = (mean(a), mean(b));
    a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum::<f64>() / (a.len() as f64 - 1.0)
}

fn at(values: &[[f64; 4]], visit: usize) -> Vec<f64> {
    values.iter().map(|value| value[visit]).collect()
}

/// `f` over a standard normal trait: a fine sum over [-8, 8].
fn over_trait(f: impl Fn(f64) -> f64) -> f64 {
    let step = 0.01;
    let each = (-800..=800).map(|n| f64::from(n) * step);
    let weight = |theta: f64| (-theta * theta / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    each.map(|theta| weight(theta) * f(theta) * step).sum()
}

/// Mean and variance of what an item adds, given the trait.
fn item(item: &Item, counts: bool, theta: f64) -> [f64; 2] {
    let steps = item.thresholds.len();
    let points = |k: usize| if counts { f64::from(u8::from(2 * k > steps)) } else { k as f64 };
    let chances = item.probabilities(theta);
    let moment = |power: i32| chances.iter().enumerate().map(|(k, p)| p * points(k).powi(power)).sum::<f64>();
    [moment(1), moment(2) - moment(1).powi(2)]
}

/// Cronbach's alpha and reliability that theory gives to a questionnaire over a standard normal trait.
fn theory(items: &[Item], counts: bool) -> [f64; 2] {
    let variance = |f: &dyn Fn(f64) -> [f64; 2]| {
        let mean = over_trait(|theta| f(theta)[0]);
        [over_trait(|theta| (f(theta)[0] - mean).powi(2)), over_trait(|theta| f(theta)[1])]
    };
    let whole = |theta: f64| {
        items.iter().fold([0.0; 2], |sum, next| {
            let [mean, error] = item(next, counts, theta);
            [sum[0] + mean, sum[1] + error]
        })
    };
    let [of_trait, of_error] = variance(&whole);
    let each: f64 =
        items.iter().map(|one| variance(&|theta| item(one, counts, theta)).iter().sum::<f64>()).sum();
    let k = items.len() as f64;
    [k / (k - 1.0) * (1.0 - each / (of_trait + of_error)), of_trait / (of_trait + of_error)]
}

/// The number on the left of a claim's comparison, as it is told with four figures.
fn told(scenario: &Scenario, results: &allostat::scenario::Results, name: &str) -> f64 {
    let position = scenario.claims.iter().position(|claim| claim.claim.name == name).unwrap();
    let side = &results.verdicts[position].sides[0];
    side.split(" = ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn alpha_and_retest_are_those_of_theory_and_claims_hold() {
    let scenario = read(SCENARIO, &[]);
    let results = scenario.run(&|_| {}).unwrap();
    for (claim, verdict) in scenario.claims.iter().zip(&results.verdicts) {
        assert!(verdict.holds, "{}: {:?} {:?}", claim.claim.name, verdict.sides, verdict.shares);
    }
    let n: f64 = 4000.0;
    let scales = [
        ("alpha", bank(14, 4, [1.0, 2.5], [-2.0, 2.0]), false),
        ("alpha of counts", bank(8, 5, [1.0, 2.5], [-2.0, 2.0]), true),
    ];
    for (name, items, counts) in scales {
        let [alpha, reliability] = theory(&items, counts);
        let k = items.len() as f64;
        // Standard error of alpha: unchecked: Feldt 1965, for normal scores.
        let error = (1.0 - alpha) * (2.0 * k / ((n - 1.0) * (k - 1.0))).sqrt();
        let found = told(&scenario, &results, name);
        assert!((found - alpha).abs() < 4.0 * error + 5e-5, "{name}: {found}, theory {alpha} ± {error}");
        assert!(alpha <= reliability && 0.75 < alpha, "{alpha} {reliability}");
    }
    let [_, reliability] = theory(&bank(14, 4, [1.0, 2.5], [-2.0, 2.0]), false);
    let found = told(&scenario, &results, "retest");
    let error = (1.0 - reliability * reliability) / n.sqrt();
    assert!((found - reliability).abs() < 4.0 * error + 5e-5, "{found}, theory {reliability} ± {error}");
}

#[test]
fn the_intraclass_correlation_of_a_claim_is_that_of_a_table_of_variance() {
    let mut scenario = read(SCENARIO, &["agents=500"]);
    let results = scenario.run(&|_| {}).unwrap();
    let values = recorded(&mut scenario, "scale");
    let visits = [at(&values, 1), at(&values, 2)];
    let n = values.len() as f64;
    let all = mean(&visits.concat());
    let rows: f64 = values.iter().map(|v| 2.0 * (0.5 * (v[1] + v[2]) - all).powi(2)).sum::<f64>() / (n - 1.0);
    let columns: f64 = visits.iter().map(|visit| n * (mean(visit) - all).powi(2)).sum();
    let total: f64 = visits.iter().flatten().map(|x| (x - all).powi(2)).sum();
    let errors = (total - rows * (n - 1.0) - columns) / (n - 1.0);
    let icc = (rows - errors) / (rows + errors + 2.0 * (columns - errors) / n);
    assert!((told(&scenario, &results, "retest") - icc).abs() < 5.1e-5, "{icc}");
}

/// Variance of the true points 5², of the error 7²; neither end of the line comes near.
const RELIABILITY: f64 = 25.0 / (25.0 + 49.0);

#[test]
fn an_unreliable_scale_dilutes_a_slope_by_its_reliability() {
    let mut scenario = read(SCENARIO, &[]);
    let (line, criterion) = (recorded(&mut scenario, "line"), recorded(&mut scenario, "criterion"));
    let (x, y) = (at(&line, 1), at(&criterion, 1));
    let slope = covariance(&x, &y) / covariance(&x, &x);
    let left = covariance(&y, &y) - slope * covariance(&x, &y);
    let error = (left / covariance(&x, &x) / x.len() as f64).sqrt();
    assert!((slope - RELIABILITY * 3.0).abs() < 4.0 * error, "{slope} ± {error}");
    assert!(error < 0.1 && (slope - 3.0).abs() > 10.0 * error);
    // Visits are errors of their own: their correlation is the reliability.
    let again = at(&line, 2);
    let correlation = covariance(&x, &again) / (covariance(&x, &x) * covariance(&again, &again)).sqrt();
    let error = (1.0 - RELIABILITY * RELIABILITY) / (x.len() as f64).sqrt();
    assert!((correlation - RELIABILITY).abs() < 4.0 * error, "{correlation} ± {error}");
}

#[test]
fn those_chosen_for_a_high_score_come_back_towards_the_mean_without_any_effect() {
    let mut scenario = read(SCENARIO, &[]);
    let line = recorded(&mut scenario, "line");
    let (first, second) = (at(&line, 1), at(&line, 2));
    let middle = mean(&first);
    let chosen: Vec<usize> = (0..line.len()).filter(|agent| first[*agent] > middle + 8.0).collect();
    let differential = mean(&chosen.iter().map(|agent| first[*agent] - middle).collect::<Vec<_>>());
    let changes: Vec<f64> = chosen.iter().map(|agent| second[*agent] - first[*agent]).collect();
    let error = (covariance(&changes, &changes) / changes.len() as f64).sqrt();
    let expected = -(1.0 - RELIABILITY) * differential;
    assert!(chosen.len() > 400 && (mean(&changes) - expected).abs() < 4.0 * error, "{expected} ± {error}");
    assert!(expected < -10.0 * error);
    let all = second.iter().zip(&first).map(|(b, a)| b - a).collect::<Vec<_>>();
    assert!(mean(&all).abs() < 4.0 * (2.0 * 49.0 / all.len() as f64).sqrt());
}

fn on<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn threads_and_shards_give_the_digest_of_one_run() {
    let scenario = read(SCENARIO, &["agents=453"]);
    let whole = scenario.results(on(1, || run(&scenario, 0..8))).digest;
    for threads in [2, 4] {
        assert_eq!(on(threads, || scenario.results(run(&scenario, 0..8))).digest, whole, "{threads} threads");
    }
    let mut parts = run(&scenario, 5..8);
    parts.merge(run(&scenario, 0..2));
    parts.merge(run(&scenario, 2..5));
    assert_eq!(scenario.results(parts).digest, whole);
    // Part of the numerics version: it moves only with it.
    insta::assert_snapshot!(whole, @r#"0efd7d45179916262aeb3f45119333cafdc1c4bb70028be081f3c94d55ff5e94"#);
}

fn bits(values: &[[f64; 4]]) -> Vec<u64> {
    values.iter().flatten().map(|value| value.to_bits()).collect()
}

#[test]
fn a_larger_population_and_company_move_no_score() {
    for what in ["scale", "count", "line", "scale.item_3"] {
        let of = |agents: &str| recorded(&mut read(SCENARIO, &[agents]), what);
        let (few, many) = (of("agents=100"), of("agents=1000"));
        assert_eq!(bits(&few), bits(&many[..100]), "{what}");
        assert_ne!(bits(&few), bits(&many[100..200]), "{what}");
    }
    let mut scenario = read(SCENARIO, &["agents=100"]);
    let together = recorded(&mut scenario, "scale");
    let series = scenario.records[0].series[0].unwrap();
    let engine = Engine::new(&scenario.plan).unwrap();
    for agent in [0, 63, 64, 99] {
        let alone = engine.alone(agent).unwrap();
        assert_eq!(alone.collected.traces[0].values[series], together[agent as usize]);
    }
}

#[test]
fn fewer_records_and_measures_move_no_score() {
    let all = recorded(&mut read(SCENARIO, &["agents=200"]), "scale");
    let head = &SCENARIO[..SCENARIO.find("[measures]").unwrap()];
    let few = format!("{head}[[record]]\nwhat = \"scale\"\nevery = \"10 d\"\n");
    assert_eq!(bits(&all), bits(&recorded(&mut read(&few, &["agents=200"]), "scale")));
    // Nor does another instrument, its order, or another length of another item bank.
    let other = few.replace(
        "[instruments.scale]",
        "[instruments.a]\nvisual_analogue = { latent = \"x\" }\n[instruments.scale]",
    );
    let other = other.replace("items = 8", "items = 9");
    assert_eq!(bits(&all), bits(&recorded(&mut read(&other, &["agents=200"]), "scale")));
}
