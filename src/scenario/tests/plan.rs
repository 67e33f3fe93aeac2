//! What a right scenario becomes, and changes by path.

use super::*;
use crate::engine::{Metric, Moment, Series, Side, Slot, Tap, Window};
use crate::population::{Spread, sdlog_of_cv};
use crate::stimulus::{DAY, Micros, Number, Schedule};

const HOUR: Micros = DAY / 24;

/// Groups, arms, own names, a spread and every kind of observation.
const FULL: &str = r#"
title = "Everything"
doc   = "for tests"
model = "turnover"
time  = "d"
trace = [3, 1, 1]

[lesson]
question = "?"
explain  = """
Number
falls {falls}."""

[parameters]
kdeg  = "0.96 1/d"
K     = { value = "50 nM" }
level = { value = "0.2 uM", unit = "nM", doc = "strength" }

[population]
agents = 10
seed   = 7
vary.level = { lognormal = { cv = 0.5 } }
vary.kappa = { uniform = { low = 1, high = 9 } }
correlations = [{ between = ["level", "kappa"], value = 0.5 }]
groups.slow = { share = "25 %", parameters = { kdeg = "0.01 1/h", kappa = 2 } }
groups.fast = { share = 0.75 }

[arms.plain]
title  = "plain"
phases = [
  { name = "before", for = "1 d" },
  { name = "on", for = "2 d", L = "level" },
  { name = "after", for = "1 d", set = { R = "R/2 + 0.1*R0" } },
]

[arms.strong]
parameters = { level = "1 uM", kappa = "5" }
as     = { number = "R" }
phases = [
  { name = "before", for = "1 d" },
  { name = "on", for = "1 d", L = { doses = { amount = "level", every = "6 h", half_life = "3 h" } } },
  { name = "again", for = "12 h", L = "10 nM" },
  { name = "after", for = "12 h", L = { series = { file = "steps.csv" } } },
]

[measures]
fall   = { value = "R[end of on] - R[rest]", unit = "%", doc = "change" }
beside = "R[end of on] - plain.R[end of on]"

[[record]]
what = ["R", "theta"]
every = "6 h"
over = "1 d"
window = "area"
reduce = ["median", "p2.5"]

[[record]]
what = "R"
relative = true
at = ["end of on", "end of again"]

[[assay]]
response = "acute"
at = ["rest", "end of on", "end of again"]
points = 3

[[claim]]
name = "falls"
say = "It falls."
that = "fall < 0"
share = "90 %"
tag = "assumed"
fails_with = "kappa=0"

[accuracy]
relative = 1e-8
quantiles = "exact"
"#;

fn slot<'s>(scenario: &'s Scenario, arm: usize, name: &str) -> &'s Slot {
    let arm = &scenario.plan.arms[arm];
    let named = |sym: &crate::expression::Sym| arm.system.arena.name(*sym) == name;
    &arm.slots[arm.system.values.iter().position(named).unwrap()]
}

#[test]
fn values_are_those_of_the_arm_before_the_group_before_the_scenario_before_the_model() {
    let scenario = good(FULL, &[]);
    let values = |arm, name| {
        let slot = slot(&scenario, arm, name);
        (slot.value, slot.by_group.clone(), slot.vary)
    };
    assert_eq!(values(0, "R0"), (1.0, vec![1.0, 1.0], None));
    assert_eq!(values(0, "kdeg"), (0.04, vec![0.01, 0.04], None));
    assert_eq!(values(0, "K"), (50.0, vec![50.0, 50.0], None));
    assert_eq!(values(0, "kappa"), (4.0, vec![2.0, 4.0], Some(1)));
    assert_eq!(values(1, "kappa"), (5.0, vec![5.0, 5.0], Some(1)));
    assert_eq!(values(0, "level"), (200.0, vec![200.0, 200.0], Some(0)));
    assert_eq!(values(1, "level"), (1000.0, vec![1000.0, 1000.0], Some(0)));
    let population = &scenario.plan.population;
    assert_eq!((population.agents, population.seed), (10, 7));
    assert_eq!(population.vary[0].spread, Spread::Lognormal { sdlog: sdlog_of_cv(0.5) });
    assert_eq!(population.vary[1].spread, Spread::Uniform { low: 1.0, high: 9.0 });
    assert_eq!(population.groups[0].parameters, [("kdeg".to_owned(), 0.01), ("kappa".to_owned(), 2.0)]);
    assert_eq!((population.groups[0].share, population.correlations.len()), (0.25, 1));
    assert_eq!((scenario.plan.relative, scenario.plan.exact_quantiles), (1e-8, true));
    assert_eq!(scenario.plan.traced, [1, 3]);
    let kappa_place = scenario.plan.arms[0].slots.len();
    assert_eq!(kappa_place, 7, "six parameters of the model and one own name");
}

#[test]
fn phases_are_contiguous_and_doses_go_on_in_all_later_phases() {
    let scenario = good(FULL, &[]);
    let phases = &scenario.plan.arms[1].phases;
    let ends: Vec<(Micros, Micros)> =
        phases.iter().map(|phase| (phase.when.start / HOUR, phase.when.end / HOUR)).collect();
    assert_eq!(ends, [(0, 24), (24, 48), (48, 60), (60, 72)]);
    let input = |phase: usize| phases[phase].inputs[0].as_ref().unwrap();
    assert_eq!(input(0), &Schedule::Constant(Number::Fixed(0.0)));
    let Schedule::Sum(again) = input(2) else { panic!("{:?}", input(2)) };
    let Schedule::Sum(after) = input(3) else { panic!("{:?}", input(3)) };
    assert!(matches!(again[..], [Schedule::Constant(Number::Fixed(10.0)), Schedule::Left(_)]));
    assert!(matches!(after[..], [Schedule::Series(_), Schedule::Left(_)]));
    assert_eq!(again[1], after[1]);
    let level = scenario.plan.arms[0].phases[1].inputs[0].clone();
    assert_eq!(level, Some(Schedule::Constant(Number::Agent { slot: 6, factor: 1.0 })));
    let (state, id) = scenario.plan.arms[0].phases[2].set[0];
    let arena = &scenario.plan.arms[0].system.arena;
    let half = arena.evaluate(id, &|sym| if arena.name(sym) == "R" { 0.4 } else { 1.0 });
    assert_eq!((state, half), (0, 0.30000000000000004));
    assert_eq!(scenario.files.iter().map(Source::name).collect::<Vec<_>>(), ["steps.csv"]);
}

#[test]
fn records_have_whole_windows_and_stand_in_the_arms_that_have_their_moments() {
    let scenario = good(FULL, &[]);
    let told: Vec<(&str, &str, &str, &[Option<usize>])> = scenario
        .records
        .iter()
        .map(|r| (r.what.as_str(), r.window.as_str(), r.unit.label(), &r.series[..]))
        .collect();
    assert_eq!(
        told,
        [
            ("R", "area over 1 d", "h", &[Some(0), Some(0)][..]),
            ("theta", "area over 1 d", "h", &[Some(1), Some(1)][..]),
            ("R / rest.R", "", "%", &[Some(2), Some(2)][..]),
        ]
    );
    assert_eq!(scenario.records[0].stats, [Stat::Quantile(0.5), Stat::Quantile(0.025)]);
    assert_eq!(scenario.records[0].doc, "receptor number, relative to rest");
    assert_eq!(scenario.records[2].doc, "receptor number, relative to rest");
    assert_eq!(scenario.records[2].stats.len(), 6);
    let series: &Series = &scenario.plan.arms[1].series[0];
    assert_eq!(series.window, Some((DAY, Window::Area)));
    assert_eq!(series.times, (4..=12).map(|n| n * 6 * HOUR).collect::<Vec<_>>());
    assert_eq!(scenario.plan.arms[0].series[2].times, [3 * DAY]);
    assert_eq!(scenario.plan.arms[1].series[2].times, [2 * DAY, 60 * HOUR]);
    let arm = &scenario.plan.arms[0];
    let relative = arm.system.watched[arm.series[2].watched];
    let value =
        arm.system.arena.evaluate(relative, &|sym| if arm.system.arena.name(sym) == "R" { 0.4 } else { 2.0 });
    assert_eq!(value, 20.0, "100*R/R0");
}

#[test]
fn assays_stand_in_the_arms_that_have_the_moment_with_levels_over_the_whole_range() {
    let scenario = good(FULL, &[]);
    let told: Vec<(usize, &str, &str, bool)> =
        scenario.assays.iter().map(|a| (a.arm, a.moment.as_str(), a.probe_unit.label(), a.topped)).collect();
    assert_eq!(
        told,
        [
            (0, "rest", "nM", true),
            (1, "rest", "nM", true),
            (0, "end of on", "nM", true),
            (1, "end of on", "nM", true),
            (1, "end of again", "nM", true),
        ]
    );
    for text in &scenario.assays {
        let assay = &scenario.plan.arms[text.arm].assays[text.assay];
        assert_eq!((assay.levels[0], assay.levels[2]), (0.01, 1e6));
        assert!((assay.levels[1] - 100.0).abs() < 1e-10);
    }
    let on = &scenario.plan.arms[0].assays[scenario.assays[2].assay];
    assert_eq!(on.moment, Moment { at: 3 * DAY, side: Side::Before });
}

#[test]
fn measures_and_claims_become_outcomes_in_every_arm_that_has_their_moments() {
    let scenario = good(FULL, &[]);
    let told: Vec<(&str, Option<usize>, &str)> =
        scenario.measures.iter().map(|m| (m.name.as_str(), m.arm, m.unit.label())).collect();
    assert_eq!(told, [("fall", Some(0), "%"), ("fall", Some(1), "%"), ("beside", Some(1), "1")]);
    let outcomes = &scenario.plan.outcomes;
    assert!(scenario.measures.iter().all(|m| m.outcome < outcomes.values.len()));
    assert_eq!(outcomes.conditions.len(), 2);
    let tap = |arm: usize, tap: usize| scenario.plan.arms[arm].taps[tap];
    assert!(outcomes.given.iter().all(|(_, arm, position)| matches!(tap(*arm, *position), Tap::At { .. })));
    let claim = &scenario.claims[0];
    assert_eq!((claim.claim.share, claim.assumed, claim.fails_with.as_str()), (0.9, true, "kappa=0"));
    let metric = with("[measures]\nm = \"ec50(acute[end of on])\"");
    assert_eq!(metric.plan.arms[0].taps, [Tap::Metric { assay: 0, metric: Metric::Ec50 }]);
}

#[test]
fn without_arms_and_records_there_is_one_arm_and_all_states_are_recorded_about_two_hundred_times() {
    let scenario = with("");
    assert_eq!(scenario.arms[0].name, "run");
    assert_eq!(scenario.records.iter().map(|r| r.what.as_str()).collect::<Vec<_>>(), ["R"]);
    let times = &scenario.plan.arms[0].series[0].times;
    assert_eq!((times[1], times.last()), (HOUR / 2, Some(&(4 * DAY))));
    assert_eq!((scenario.plan.population.agents, scenario.plan.population.seed), (1000, 1));
    assert_eq!(scenario.plan.relative, 1e-6);
    assert_eq!(scenario.time.label(), "h");
}

#[test]
fn arms_without_phases_share_those_of_the_scenario() {
    let scenario = with("[arms.a]\n[arms.b]\nparameters = { kappa = 9 }\n");
    let phases = |arm: usize| format!("{:?}", scenario.plan.arms[arm].phases);
    assert_eq!(phases(0), phases(1));
    assert_eq!((slot(&scenario, 0, "kappa").value, slot(&scenario, 1, "kappa").value), (4.0, 9.0));
}

#[test]
fn an_arm_may_have_another_model_and_lacks_what_only_the_first_has() {
    let more = "[arms.a]\n[arms.b]\nmodel = \"my/own.toml\"\nas = { R = \"x\" }\n[[record]]\nwhat = [\"R\", \"theta\"]\nevery = \"1 d\"\n";
    let scenario = with(more);
    let told: Vec<(&str, &[Option<usize>])> =
        scenario.records.iter().map(|r| (r.what.as_str(), &r.series[..])).collect();
    assert_eq!(
        told,
        [("R", &[Some(0), None][..]), ("R", &[None, Some(0)][..]), ("theta", &[Some(1), None][..])]
    );
    assert_eq!((scenario.records[0].unit.label(), scenario.records[1].unit.label()), ("1", "nM"));
    assert_eq!(scenario.records[1].doc, "level");
    assert_eq!(scenario.arms[1].model.name, "own");
    assert_eq!(scenario.plan.arms[1].system.microseconds, DAY as f64);
    let input = &scenario.plan.arms[1].phases[0].inputs;
    assert_eq!(input, &[None, None], "an expression as baseline, and an input that nothing reads");
    assert!(scenario.plan.arms[1].phases[1].inputs[0].is_some());
    assert_eq!(scenario.files.len(), 1);
}

#[test]
fn an_input_that_is_only_watched_has_its_schedule() {
    let text =
        "title = \"t\"\nmodel = \"my/own.toml\"\nphases = [{ name = \"a\", for = \"1 d\", N = \"3 nM\" }]\n";
    assert_eq!(good(text, &[]).plan.arms[0].phases[0].inputs[1], None);
    let watched = good(&format!("{text}[[record]]\nwhat = \"N\"\nevery = \"1 h\"\n"), &[]);
    assert_eq!(watched.plan.arms[0].phases[0].inputs[1], Some(Schedule::Constant(Number::Fixed(3.0))));
}

#[test]
fn a_record_that_always_sees_the_same_moment_of_a_period_gets_a_note() {
    let text = format!(
        "{HEAD}phases = [{{ name = \"on\", for = \"9 d\", L = \"9 nM from 10:00 for 6 h every 1 d\" }}]\n[[record]]\nwhat = \"R\"\n"
    );
    let notes = |more: &str| render(&good(&format!("{text}{more}"), &[]).notes, false);
    assert!(
        notes("every = \"2 d\"").contains("this record sees `L` always in the same moment of its period")
    );
    assert_eq!(notes("every = \"1 h\""), "");
    assert_eq!(notes("every = \"1 d\"\nover = \"1 d\""), "");
}

#[test]
fn a_value_outside_the_plausible_range_gets_a_note() {
    insta::assert_snapshot!(render(&with("[parameters]\nkappa = 30\n").notes, false), @r#"
    note: 30 is outside the plausible range of `kappa`
      --> test.toml:10:9
       |
    10 | kappa = 30
       |         ^^
       |
    note: the range is 0 to 20
      --> turnover.toml:20:1
       |
    20 | kappa = { value = "4", range = ["0", "20"], limits = "kappa >= 0", source = "assumed", doc = "how many times faster loss can become:...
       | -----
    "#);
}

#[test]
fn a_change_by_path_is_the_text_edited_by_hand() {
    let told = |scenario: &Scenario| {
        let arms = scenario.plan.arms.iter().map(|a| format!("{:?}{:?}{:?}", a.slots, a.phases, a.series));
        format!("{:?}{:?}", arms.collect::<Vec<_>>(), scenario.plan.population)
    };
    for (change, path, from, to, was) in [
        (
            "arms.strong.phases.again.for=90 h",
            "arms.strong.phases.again.for",
            "\"again\", for = \"12 h\"",
            "\"again\", for = \"90 h\"",
            "12 h",
        ),
        ("kdeg=0.05 1/h", "parameters.kdeg", "kdeg  = \"0.96 1/d\"", "kdeg = \"0.05 1/h\"", "0.96 1/d"),
        ("level=3 nM", "parameters.level", "\"0.2 uM\"", "\"3 nM\"", "0.2 uM"),
        ("kappa=3", "parameters.kappa", "[parameters]", "[parameters]\nkappa = 3", "4"),
        ("R0=2", "parameters.R0", "[parameters]", "[parameters]\nR0 = 2", "1"),
        ("agents=99", "population.agents", "agents = 10", "agents = 99", "10"),
        ("seed=8", "population.seed", "seed   = 7", "seed = 8", "7"),
        ("vary.level.lognormal.cv=0.6", "population.vary.level.lognormal.cv", "cv = 0.5", "cv = 0.6", "0.5"),
        (
            "groups.slow.parameters.kappa=1",
            "population.groups.slow.parameters.kappa",
            "kappa = 2",
            "kappa = 1",
            "2",
        ),
        (
            "arms.strong.parameters.kdeg=1 1/d",
            "arms.strong.parameters.kdeg",
            "{ level = \"1 uM\"",
            "{ kdeg = \"1 1/d\", level = \"1 uM\"",
            "0.96 1/d",
        ),
        (
            "arms.strong.parameters.tau0=3",
            "arms.strong.parameters.tau0",
            "{ level = \"1 uM\"",
            "{ tau0 = 3, level = \"1 uM\"",
            "10",
        ),
        ("record.1.every=3 h", "record.1.every", "every = \"6 h\"\nover", "every = \"3 h\"\nover", "6 h"),
    ] {
        let edited = FULL.replacen(from, to, 1);
        assert_ne!(edited, FULL, "{change}");
        let changed = good(FULL, &[change]);
        assert_eq!(told(&changed), told(&good(&edited, &[])), "{change}");
        let now = change.split_once('=').unwrap().1;
        assert_eq!(
            changed.changes,
            [Change { path: path.to_owned(), now: now.to_owned(), was: was.to_owned() }]
        );
        assert_eq!(changed.source.text(), FULL);
    }
    let twice = good(FULL, &["kappa=3", "kappa=2"]);
    assert_eq!((slot(&twice, 0, "kappa").value, twice.changes[1].was.as_str()), (2.0, "3"));
    assert_eq!(with("").plan.population.agents, 1000);
    assert_eq!(good(&format!("{HEAD}{PHASES}"), &["agents=5"]).changes[0].was, "1000");
}
