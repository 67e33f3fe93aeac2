//! Measures and claims over arms and agents.

use super::*;
use crate::engine::Collected;
use crate::expression::Comparison;

fn claim(text: &str, share: f64) -> Claim {
    Claim { name: "c".into(), say: String::new(), syntax: syntax(text), share }
}

#[test]
fn a_measure_is_compiled_where_its_moments_are() {
    let mut bench = bench(&[
        ("fall", "R[end of exposure]/R[end of baseline]"),
        ("back", "half_time(R[abstinence])"),
        ("apart", "long.R[end of exposure] - short.R[end of exposure]"),
        ("both", "fall + long.fall"),
        ("other", "short.level*apart"),
    ]);
    let mut findings = Findings::new();
    let compiled = bench.compile_measures(&mut findings);
    assert!(!findings.has_errors(), "{}", render(&findings.into_vec(), false));
    let found: Vec<_> = compiled.iter().map(|c| (bench.measures[c.measure].name.as_str(), c.arm)).collect();
    let expected = [
        ("fall", Some(0)),
        ("fall", Some(1)),
        ("back", Some(0)),
        ("apart", None),
        ("both", Some(1)),
        ("other", None),
    ];
    assert_eq!(found, expected);
    assert_eq!(bench.arms[1].taps.len(), 3, "nothing is left of what did not fit");
}

#[test]
fn a_measure_that_fits_no_arm_lists_the_phases_of_each() {
    let mut bench = bench(&[("x", "R[end of washout]")]);
    let mut findings = Findings::new();
    bench.compile_measures(&mut findings);
    insta::assert_snapshot!(render(&findings.into_vec(), false), @r#"
    error: there is no phase `washout`
     --> test:1:3
      |
    1 | R[end of washout]
      |   ^^^^^^^^^^^^^^ unknown phase
      |
      = note: arm `long` has the phases `baseline`, `exposure`, `abstinence`
      = note: arm `short` has the phases `baseline`, `exposure`
    help: write one of `abstinence`, `baseline`, `exposure`
    "#);
}

#[test]
fn measures_in_a_circle_are_named() {
    let mut bench = bench(&[("a", "b + 1"), ("b", "2*c"), ("c", "a")]);
    let mut findings = Findings::new();
    bench.compile_measures(&mut findings);
    insta::assert_snapshot!(render(&findings.into_vec(), false), @r#"
    error: the measure `a` stands on itself
     --> test:1:1
      |
    1 | b + 1
      | ^^^^^
      |
      = note: the circle is `a` → `b` → `c` → `a`
    "#);
}

#[test]
fn doubling_measures_upon_measures_does_not_hang() {
    let texts: Vec<(String, String)> =
        (1..60).map(|n| (format!("m{n}"), format!("m{} + m{}", n - 1, n - 1))).collect();
    let mut all = vec![("m0", "level")];
    all.extend(texts.iter().rev().map(|(name, text)| (name.as_str(), text.as_str())));
    let mut findings = Findings::new();
    assert_eq!(bench(&all).compile_measures(&mut findings).len(), 2 * 60);
}

#[test]
fn a_claim_per_agent_needs_its_share_in_every_arm() {
    let mut bench = bench(&[("fall", "R[end of exposure]/R[end of baseline] - 1")]);
    let made = bench.compile_claim(&claim("fall < 0 and C[3 d] == 2 receptor", 0.9)).unwrap();
    assert_eq!(bench.outcomes.conditions.len(), 2);
    assert_eq!(bench.outcomes.conditions[0].len(), 2);
    assert_eq!(bench.outcomes.conditions[0][1].1, Comparison::LessEqual);
    let with = |counts: [(u64, u64); 2]| Collected {
        conditions: counts.iter().map(|c| vec![*c]).collect(),
        ..Collected::default()
    };
    assert!(made.verdict(&with([(9, 10), (10, 10)])).holds, "nine of ten are 0.9, whatever the rounding");
    let verdict = made.verdict(&with([(9, 10), (62, 100)]));
    assert_eq!(verdict.shares, [(Some(0), 0.9), (Some(1), 0.62)]);
    let claim = claim("fall < 0", 0.9);
    assert_eq!(
        verdict.sentence(&claim, true),
        "no longer holds with your change: 62 % of agents instead of 90 %"
    );
    assert_eq!(made.verdict(&with([(9, 10), (9, 10)])).sentence(&claim, true), "still holds");
    let verdict = made.verdict(&with([(10, 10), (8996, 10_000)]));
    assert_eq!(verdict.sentence(&claim, false), "does not hold: 89.96 % of agents instead of 90.00 %");
    assert!(!made.verdict(&with([(0, 0), (9, 10)])).holds, "no agent counted is no agent that agrees");
}

#[test]
fn equality_in_a_claim_is_relative() {
    let mut bench = bench(&[]);
    for (text, expected) in [("level == 1", [true, true, false]), ("level != 1", [false, false, true])] {
        bench.compile_claim(&claim(text, 1.0)).unwrap();
        let (left, comparison, right) = bench.outcomes.conditions.last().unwrap()[0];
        let holds = [1.0, 1.0 + 1e-10, 1.0 + 1e-8].map(|level| {
            let value = |id| bench.outcomes.arena.evaluate(id, &|_| level);
            comparison.holds(value(left), value(right))
        });
        assert_eq!(holds, expected, "{text}");
    }
}

#[test]
fn a_claim_about_the_population_counts_shares() {
    let mut bench = bench(&[]);
    let judge = bench.compile_claim(&claim("share(long.R[3 d] < short.R[3 d]) >= 50 %", 1.0)).unwrap();
    let with = |holding| Collected { conditions: vec![vec![(holding, 8)]], ..Collected::default() };
    assert!(judge.verdict(&with(4)).holds);
    let verdict = judge.verdict(&with(3));
    assert!(!verdict.holds && verdict.shares.is_empty());
    let told = "share(long.R[3 d] < short.R[3 d]) = 0.375 >= 50 %";
    assert_eq!(verdict.sides, [told]);
    let said = verdict.sentence(&claim("R[3 d] < 1 receptor", 1.0), false);
    assert_eq!(said, format!("does not hold: {told}, missed by 0.125"));
    let judge = bench.compile_claim(&claim("median(R[3 d]) < quantile(R[3 d], 0.9)", 1.0)).unwrap();
    assert_eq!(judge.instances.len(), 2);
    let judge = bench.compile_claim(&claim("share(R[3 d] < C[3 d]) > 0", 1.0)).unwrap();
    let conditions = vec![vec![(0, 1)], vec![(1, 4)], vec![(0, 4)]];
    let verdict = judge.verdict(&Collected { conditions, ..Collected::default() });
    let told = ["long: share(R[3 d] < C[3 d]) = 0.25 > 0", "short: share(R[3 d] < C[3 d]) = 0 > 0"];
    assert_eq!((verdict.holds, &verdict.sides[..]), (false, &told.map(String::from)[..]));
    assert_eq!(verdict.missed, [format!("{}, and the two are equal", told[1])]);
    for (text, what) in [
        ("median(R[3 d]) < level", "belongs to each agent"),
        ("median(R[3 d]) < R[3 d]", "belongs to each agent"),
        ("quantile(R[3 d], 9) < 1", "number from 0 to 1"),
        ("share(R[3 d]) < 1", "counts the agents"),
        ("median(R[3 d]) < 20 nM", "the left side is in `receptor`"),
        ("level + 1", "no comparison"),
    ] {
        let findings = bench.compile_claim(&claim(text, 1.0)).unwrap_err();
        assert!(findings[0].what.contains(what), "{text}: {findings:?}");
    }
}

#[test]
fn a_measure_may_state_the_unit_to_show_it_in() {
    let mut bench = bench(&[("x", "ec50(surface[rest])"), ("y", "x + 0")]);
    bench.measures[0].unit = Some(unit("uM"));
    let mut findings = Findings::new();
    let compiled = bench.compile_measures(&mut findings);
    assert!(compiled.iter().all(|c| c.unit.label() == "uM"));
    let id = bench.outcomes.values[compiled[0].outcome];
    assert_eq!(bench.outcomes.arena.evaluate(id, &|_| 250.0), 0.25);
    bench.measures[0].unit = Some(unit("d"));
    bench.compile_measures(&mut findings);
    assert_eq!(findings.into_vec()[0].what, "`x` is in `nM`, not in `d`");
}

#[test]
fn high_measures_upon_high_measures_do_not_break_the_stack() {
    let high = |inner: &str| format!("{}{inner}{}", "1 + (2 - ".repeat(60), ")".repeat(60));
    let texts: Vec<(String, String)> =
        (1..80).map(|n| (format!("m{n}"), high(&format!("m{}", n - 1)))).collect();
    let mut all = vec![("m0", "level")];
    // The highest first, so that nothing is known yet of those below.
    all.extend(texts.iter().rev().map(|(name, text)| (name.as_str(), text.as_str())));
    let mut findings = Findings::new();
    bench(&all).compile_measures(&mut findings);
    assert!(!findings.has_errors());
    for height in ["1 d + (", "max(0 d, ", "-(R[3 d]*"] {
        let text = format!("{}2 d{}", height.repeat(160), ")".repeat(160));
        let _ = bench(&[]).per_agent(0, &syntax(&text));
        let text = format!("({}R{})[3 d]", "1*(2*".repeat(120), ")".repeat(120));
        assert!(bench(&[]).per_agent(0, &syntax(&text)).is_ok());
    }
}
