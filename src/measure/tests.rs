//! Laws of the language of measures, on one small model with two arms.

mod over_arms;
mod words;

use std::sync::Arc;

use super::*;
use crate::diagnostic::{Findings, Source, render};
use crate::engine::{Metric, Moment, Reduce, Side};
use crate::expression::parse;
use crate::stimulus::DAY;

const MODEL: &str = r#"
title   = "turnover"
time    = "min"
doc     = "for tests"
sources = ["unchecked: none"]
[inputs]
L = { unit = "nM", baseline = "0 nM", doc = "agonist" }
[parameters]
ksyn = { value = "100 receptor/min", source = "assumed", doc = "synthesis" }
kdeg = { value = "0.03 1/min", source = "assumed", doc = "removal" }
kon  = { value = "0.07 1/(nM*min)", source = "assumed", doc = "binding" }
koff = { value = "0.3 1/min", source = "assumed", doc = "unbinding" }
[let]
KD        = { value = "koff/kon", unit = "nM", doc = "dissociation constant" }
occupancy = { value = "C/(R + C)", unit = "1", doc = "share bound" }
[states]
R = { unit = "receptor", start = "ksyn/kdeg", min = 0, doc = "free" }
C = { unit = "receptor", start = "0", scale = "1 receptor", min = 0, doc = "bound" }
[flows]
synthesis = { to = "R", rate = "ksyn", doc = "" }
removal   = { from = "R", rate = "kdeg*R", doc = "" }
binding   = { from = "R", to = "C", rate = "kon*L*R", doc = "" }
unbinding = { from = "C", to = "R", rate = "koff*C", doc = "" }
[views]
off  = { L = "0", doc = "without agonist" }
weak = { koff = "2*koff", doc = "half of the affinity" }
[responses]
surface = { probe = "L", range = ["0.01 nM", "1e4 nM"], value = "(R + C)*L/(KD + L)", top = "R + C", doc = "bound at once" }
"#;

fn model() -> Arc<Model> {
    let model = Model::read("turnover", &Source::new("turnover.toml", MODEL));
    Arc::new(model.unwrap_or_else(|error| panic!("{error}")))
}

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap()
}

fn days(from: i64, to: i64) -> Interval {
    Interval { start: from * DAY, end: to * DAY }
}

/// Arm `long` with baseline, exposure and abstinence (of 14, 60 and 300 days); arm `short` with the first two.
fn bench(measures: &[(&str, &str)]) -> Bench {
    let phases = [("baseline", days(0, 14)), ("exposure", days(14, 74)), ("abstinence", days(74, 374))];
    let phases: Vec<_> = phases.into_iter().map(|(name, when)| (name.to_owned(), when)).collect();
    let own = vec![("level".to_owned(), unit("1"))];
    let alias = vec![("free".to_owned(), "R".to_owned())];
    let arm = |name: &str, n: usize| {
        ArmScope::new(name, &model(), own.clone(), alias.clone(), phases[..n].to_vec())
    };
    let measures = measures.iter().map(|(name, text)| Measure {
        name: (*name).to_owned(),
        syntax: syntax(text),
        doc: String::new(),
        unit: None,
    });
    Bench::new(vec![arm("long", 3), arm("short", 2)], measures.collect(), unit("d"))
}

fn syntax(text: &str) -> Syntax {
    let source = Source::new("test", text);
    parse(text, &source.span(0..text.len())).unwrap_or_else(|finding| panic!("{}", render(&[finding], false)))
}

/// What a text per agent is refused for in arm `long`.
fn refused(text: &str) -> String {
    match bench(&[]).per_agent(0, &syntax(text)) {
        Err(finding) => render(&[finding], false),
        Ok((_, unit)) => panic!("`{text}` was read, in {}", unit.label()),
    }
}

/// Unit of a text per agent in arm `long`, and its value where each tap is worth `taps`, by position.
fn read(text: &str, taps: &[f64]) -> (f64, String, ArmScope) {
    let mut bench = bench(&[]);
    let (id, unit) =
        bench.per_agent(0, &syntax(text)).unwrap_or_else(|finding| panic!("{}", render(&[finding], false)));
    let given = bench.outcomes.given.clone();
    let value = bench.outcomes.arena.evaluate(id, &|sym| {
        given.iter().find(|(known, ..)| *known == sym).map_or(f64::NAN, |(_, _, tap)| taps[*tap])
    });
    (value, unit.label().to_owned(), bench.arms.swap_remove(0))
}

fn moment(text: &str) -> Moment {
    let source = Source::new("test", text);
    bench(&[]).arms[0].moment(text, &source.span(0..text.len())).unwrap()
}

#[test]
fn a_start_is_just_after_the_change_and_an_end_just_before() {
    assert_eq!(moment("start of exposure"), Moment { at: 14 * DAY, side: Side::After });
    assert_eq!(moment("end of exposure"), Moment { at: 74 * DAY, side: Side::Before });
    assert_eq!(moment("start of exposure + 7 d"), Moment { at: 21 * DAY, side: Side::Before });
    assert_eq!(moment("end of exposure - 24 h"), Moment { at: 73 * DAY, side: Side::Before });
    assert_eq!(moment("3 d"), Moment { at: 3 * DAY, side: Side::Before });
}

#[test]
fn nothing_comes_before_the_first_moment() {
    for text in ["0 d", "end of baseline - 14 d", "rest", "start of baseline"] {
        assert_eq!(moment(text), Moment { at: 0, side: Side::After }, "{text}");
    }
}

#[test]
fn a_moment_that_is_none_says_which_there_are() {
    insta::assert_snapshot!(refused("R[end of exposur]"), @r#"
    error: there is no phase `exposur`
     --> test:1:3
      |
    1 | R[end of exposur]
      |   ^^^^^^^^^^^^^^ unknown phase
      |
      = note: arm `long` has the phases `baseline`, `exposure`, `abstinence`
      = note: arm `short` has the phases `baseline`, `exposure`
    help: did you mean `exposure`?
    "#);
    insta::assert_snapshot!(refused("R[end of abstinence + 1 d]"), @r#"
    error: `abstinence + 1 d` lies outside arm `long`
     --> test:1:3
      |
    1 | R[end of abstinence + 1 d]
      |   ^^^^^^^^^^^^^^^^^^^^^^^ outside the arm
      |
      = note: arm `long` has the phases `baseline`, `exposure`, `abstinence`
      = note: arm `short` has the phases `baseline`, `exposure`
    "#);
    insta::assert_snapshot!(refused("R[exposure]"), @r#"
    error: `exposure` is a phase, not a moment
     --> test:1:3
      |
    1 | R[exposure]
      |   ^^^^^^^^ a phase
      |
    help: write `[end of exposure]`, or what of the phase: `mean(x[exposure])`
    "#);
    insta::assert_snapshot!(refused("R[noon]"), @r#"
    error: `noon` is no moment
     --> test:1:3
      |
    1 | R[noon]
      |   ^^^^ no moment
      |
    help: write `[end of exposure]`, `[start of exposure + 7 d]`, `[3 d]` since the start, or `[rest]`
    "#);
}

#[test]
fn the_same_thing_asked_twice_is_computed_once() {
    let (value, _, arm) = read("R[end of exposure] - 3*R[end of  exposure] + free[end of exposure]", &[2.0]);
    assert_eq!((value, arm.taps.len(), arm.system.watched.len()), (-2.0, 1, 1));
    let (_, _, arm) = read("ec50(surface[3 d])/ec50(surface[3 d]) + slope(surface[72 h])", &[1.0, 1.0]);
    assert_eq!((arm.assays.len(), arm.system.responses.len(), arm.taps.len()), (1, 1, 2));
}

#[test]
fn at_rest_nothing_is_left_of_states_and_inputs() {
    let (_, _, arm) =
        read("occupancy[rest] + (R/rest.R)[end of exposure] + ec50(surface[rest])/KD", &[1.0; 4]);
    let names =
        |id| arm.system.arena.symbols(id).iter().map(|s| arm.system.arena.name(*s)).collect::<Vec<_>>();
    assert!(names(arm.system.watched[0]).iter().all(|n| ["ksyn", "kdeg"].contains(n)));
    assert_eq!(names(arm.system.watched[1]), ["R", "ksyn", "kdeg"]);
    let response = &arm.system.responses[0];
    assert!(names(response.value).contains(&"L") && !names(response.value).contains(&"R"));
    assert_eq!(arm.system.arena.as_constant(response.current.unwrap()), Some(0.0));
}

#[test]
fn a_response_through_a_view_keeps_its_probe() {
    let (_, _, arm) =
        read("ec50(off.surface[3 d]) - ec50(weak.surface[3 d]) + ec50(surface[3 d])", &[1.0; 3]);
    let [off, weak, plain] = &arm.system.responses[..] else { panic!("three responses") };
    assert_eq!(off.value, plain.value);
    assert_ne!(off.current, plain.current);
    let values = |name: &str| match name {
        "koff" => 0.3,
        "kon" => 0.1,
        "L" => 6.0,
        _ => 1.0,
    };
    let at = |id| arm.system.arena.evaluate(id, &|s| values(arm.system.arena.name(s)));
    assert_eq!(at(weak.value), 1.0, "half of 2 where L is twice the dissociation constant");
    assert!((at(plain.value) - 2.0 * 6.0 / 9.0).abs() < 1e-15);
}

#[test]
fn parameters_and_what_stands_on_them_need_no_moment() {
    let (value, unit, arm) = read("level*kon", &[2.0, 3.0]);
    assert_eq!((value, unit.as_str()), (6.0, "1/(nM*min)"));
    assert_eq!(arm.taps, [Tap::Value { slot: 4 }, Tap::Value { slot: 2 }]);
    let (_, unit, arm) = read("KD", &[2.0]);
    assert_eq!(unit, "nM");
    assert!(matches!(arm.taps[0], Tap::At { moment: Moment { at: 0, side: Side::After }, .. }));
    insta::assert_snapshot!(refused("R - 1"), @r#"
    error: `R` changes with time
     --> test:1:1
      |
    1 | R - 1
      | ^ when?
      |
    help: say when: `R[end of …]`, `R[rest]`, or what of a phase: `max(R[…])`
    "#);
}

#[test]
fn a_phase_becomes_one_number_and_times_come_in_the_scenarios_unit() {
    let (value, unit, arm) = read("max(R[exposure]) - min((2*R)[exposure])", &[5.0, 3.0]);
    assert_eq!((value, unit.as_str()), (2.0, "receptor"));
    let over = |tap: &Tap| match tap {
        Tap::Over { from, to, reduce, .. } => (*from, *to, *reduce),
        other => panic!("{other:?}"),
    };
    assert_eq!(over(&arm.taps[0]), (14 * DAY, 74 * DAY, Reduce::Max));
    // A day of model minutes.
    let (value, unit, _) = read("half_time(R[abstinence])", &[1440.0]);
    assert_eq!((value, unit.as_str()), (1.0, "d"));
    let (value, unit, _) = read("integral(occupancy[exposure])", &[1440.0]);
    assert_eq!((value, unit.as_str()), (1440.0, "min"));
}

#[test]
fn a_crossing_may_have_its_bracket_behind_or_on_the_quantity() {
    for (text, reduce) in [
        ("first(R > 0.5*rest.R [abstinence])", Reduce::FirstAbove),
        ("first(R[abstinence] > 0.5*rest.R)", Reduce::FirstAbove),
        ("first(R[abstinence] < 0.5*rest.R)", Reduce::FirstBelow),
        ("first(L < 20 nM [abstinence])", Reduce::FirstBelow),
    ] {
        let (value, unit, arm) = read(text, &[2880.0]);
        assert_eq!((value, unit.as_str()), (2.0, "d"), "{text}");
        assert!(
            matches!(arm.taps[0], Tap::Over { reduce: r, from, .. } if r == reduce && from == 74 * DAY),
            "{text}"
        );
    }
    insta::assert_snapshot!(refused("first(R[abstinence] > R[end of baseline])"), @r#"
    error: `first` goes over one phase, and `abstinence` and `end of baseline` are named
     --> test:1:25
      |
    1 | first(R[abstinence] > R[end of baseline])
      |                         ^^^^^^^^^^^^^^^
      |
    help: take the value at another moment outside: `max(x[on]) - x[end of baseline]`; for the baseline write `rest.x`
    "#);
    insta::assert_snapshot!(refused("first(R[abstinence])"), @r#"
    error: `first` looks for the time when one quantity crosses another
     --> test:1:7
      |
    1 | first(R[abstinence])
      |       ^^^^^^^^^^^^^
      |
    help: write `first(x > c [abstinence])` or `first(x < c [abstinence])`
    "#);
}

#[test]
fn min_and_max_of_two_are_ordinary_functions() {
    let (value, ..) = read("max(R[3 d], C[3 d]) + min(R[3 d], 7 receptor)", &[2.0, 9.0]);
    assert_eq!(value, 11.0);
}

#[test]
fn a_quantity_takes_the_unit_beside_it() {
    let (value, unit, _) = read("first(R < C [abstinence]) - 12 h", &[1440.0]);
    assert_eq!((value, unit.as_str()), (0.5, "d"));
    let (value, unit, _) = read("ec50(surface[rest]) + 1 uM", &[1.0]);
    assert_eq!((value, unit.as_str()), (1001.0, "nM"));
    let (value, unit, _) = read("1 uM/KD", &[500.0]);
    assert_eq!((value, unit.as_str()), (2.0, "1"));
    for text in
        ["R[3 d] + 20 nM", "R[3 d] + 5", "20 nM - R[3 d]", "max(R[3 d], 7 d)", "first(R > 20 nM [exposure])"]
    {
        let said = refused(text);
        assert!(said.contains("receptor count"), "{text}:\n{said}");
    }
    assert!(refused("R[3 d] + 7 parsec").contains("parsec"));
}

proptest::proptest! {
    #[test]
    fn whatever_is_written_is_read_or_refused(words in proptest::collection::vec(0..WORDS.len(), 0..14)) {
        let text: String = words.iter().flat_map(|word| [WORDS[*word], " "]).collect();
        let source = Source::new("test", text.as_str());
        if let Ok(syntax) = parse(&text, &source.span(0..text.len())) {
            let mut bench = bench(&[("fall", "R[3 d] - R[rest]")]);
            let _ = bench.per_agent(0, &syntax);
            let _ = bench.compile_claim(&Claim { name: "c".into(), say: String::new(), syntax, share: 1.0 });
        }
    }

    #[test]
    fn whatever_a_bracket_holds_is_a_moment_of_the_arm_or_refused(text in "(start of |end of )?(exposure|rest|[a-z 0-9.+-]{0,9})( ?[+-] ?[0-9e.]{1,9} ?(d|h|us|nM|))?") {
        let source = Source::new("test", text.as_str());
        if let Ok(moment) = bench(&[]).arms[0].moment(&text, &source.span(0..text.len())) {
            proptest::prop_assert!((0..=374 * DAY).contains(&moment.at));
            proptest::prop_assert!(moment.at > 0 || moment.side == Side::After);
        }
    }
}

const WORDS: &[&str] = &[
    "R",
    "C[3 d]",
    "[exposure]",
    "[rest]",
    "(",
    ")",
    "+",
    "-",
    "*",
    "/",
    "<",
    "==",
    "and",
    "2",
    "7 d",
    "20 nM",
    "max(",
    "first(",
    "half_time(",
    "ec50(",
    "surface[rest]",
    "median(",
    "share(",
    "quantile(",
    ",",
    "long.R[3 d]",
    "fall",
    "level",
    "rest.R",
    "0.5",
    "off.",
    "abs(",
    "min(R[exposure])",
    "overshoot(",
    "adaptation_time(R[exposure],",
    "hysteresis(L,",
    "apart(",
    "long.R - short.R [exposure]",
    "tau(",
    "coefficient(",
    "fit_ec50(",
    "correlation(fall,",
    "5 %",
    "^",
    "%",
];

#[test]
fn a_bare_time_counts_in_the_scenarios_unit() {
    let (_, _, arm) = read("R[3] - R[3 d]", &[1.0]);
    assert_eq!(arm.taps.len(), 1);
}

#[test]
fn a_measure_named_like_a_parameter_is_refused_where_it_is_used() {
    let mut bench = bench(&[("level", "R[3 d]"), ("R", "R[3 d]/R[rest]")]);
    let finding = bench.per_agent(0, &syntax("2*level")).unwrap_err();
    bench.measures[1].name = "fall".into();
    let inside = bench.per_agent(0, &syntax("max(fall[exposure])")).unwrap_err();
    assert_eq!(inside.what, "`fall` is a measure and says its moments itself");
    bench.measures[1].name = "R".into();
    assert_eq!(finding.what, "`level` is both a measure and a value of the agent");
    assert!(bench.per_agent(0, &syntax("2*R")).is_ok(), "a state has no value without a moment");
}

#[test]
fn what_belongs_elsewhere_is_refused_with_its_place() {
    for (text, what) in [
        ("median(R[3 d])", "goes over all agents"),
        ("R[3 d] > 2 receptor", "a comparison is not a number"),
        ("ec50(R[3 d])", "not a response of this model or scenario"),
        ("ec50(surface)", "says no moment"),
        ("mean(R)", "none is named"),
        ("max(R[exposure] - R[baseline])", "one phase"),
        ("max(R[end of exposure])", "is a moment, not a phase"),
        ("mean(R[exposure], 2)", "takes one argument"),
        ("Q[3 d]", "not a name of this model"),
        ("(long.R - R)[3 d]", "names no arm beside one that does"),
        ("(long.R - short.R)[3 d]", "stands in two arms"),
        ("exp(R[3 d])", "dimensionless"),
        ("wob(R[3 d])", "no function `wob`"),
        ("(R[3 d] + 1)[4 d]", "stands inside an expression"),
    ] {
        assert!(refused(text).contains(what), "{text}:\n{}", refused(text));
    }
}

#[test]
fn an_arm_named_like_a_view_is_refused_where_both_could_be_meant() {
    let mut bench = bench(&[]);
    bench.arms[1].name = "off".into();
    assert!(bench.per_agent(0, &syntax("R[3 d]")).is_ok());
    let finding = bench.per_agent(0, &syntax("off.R[3 d]")).unwrap_err();
    assert_eq!(finding.what, "`off` is both an arm and a view");
}

#[test]
fn levels_of_one_assay_are_gathered_and_metrics_share_it() {
    let mut bench = bench(&[]);
    bench.per_agent(0, &syntax("ec50(surface[3 d])")).unwrap();
    let source = Source::new("test", "");
    let at = source.span(0..0);
    let arm = &mut bench.arms[0];
    assert_eq!(arm.assay("surface", &at, "72 h", &at, &[10.0, 1.0]).unwrap(), 0);
    assert_eq!(arm.assay("surface", &at, "3 d", &at, &[10.0, 5.0]).unwrap(), 0);
    assert_eq!(arm.assays[0].levels, [1.0, 5.0, 10.0]);
    assert_eq!(arm.assay("surface", &at, "rest", &at, &[]).unwrap(), 1);
    assert_ne!(arm.assays[0].response, arm.assays[1].response);
    assert!(matches!(arm.taps[0], Tap::Metric { assay: 0, metric: Metric::Ec50 }));
}
