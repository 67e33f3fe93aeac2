//! Words made of others: what they stand on, and what they are refused for.

use super::*;
use crate::engine::Fit;

#[test]
fn units_are_those_of_what_is_measured() {
    for (text, unit) in [
        ("fit_ec50(surface[rest])", "nM"),
        ("kd(surface[rest])", "nM"),
        ("bmax(surface[rest])", "receptor"),
        ("fit_slope(surface[rest])", "1"),
        ("tau(surface[rest], 5000 receptor)", "1"),
        ("KA(surface[rest], 5 receptor)", "nM"),
        ("log_tau_KA(surface[rest], 5 receptor)", "1"),
        ("coefficient(surface[3 d])", "1"),
        ("peak(R[exposure])", "receptor"),
        ("rebound(R[abstinence])", "receptor"),
        ("overshoot(R[exposure])", "1"),
        ("adaptation_time(R[exposure], 5 %)", "d"),
        ("recovery_time(R[abstinence])", "d"),
        ("hysteresis(L, C [exposure])", "receptor*nM"),
        ("rms(long.R - short.R [exposure])", "receptor"),
        ("apart(long.R/short.R [exposure])", "1"),
    ] {
        let (_, found, _) = read(text, &[1.0; 500]);
        assert_eq!(found, unit, "{text}");
    }
}

#[test]
fn words_share_what_they_stand_on() {
    let (_, _, arm) =
        read("fit_ec50(surface[3 d])/fit_emax(surface[72 h]) - ec50(surface[3 d])*0", &[1.0; 9]);
    assert_eq!((arm.assays.len(), arm.taps.len()), (1, 3));
    assert_eq!(arm.taps[1], Tap::Fit { assay: 0, fit: Fit::Emax });
    let (_, _, arm) =
        read("overshoot(R[exposure])*peak(R[exposure])*adaptation_error(R[exposure])", &[1.0; 9]);
    assert_eq!(arm.taps.len(), 4, "largest, smallest, before, end");
    assert!(
        matches!(arm.taps[2], Tap::At { moment: Moment { at, side: Side::Before }, .. } if at == 14 * DAY)
    );
}

#[test]
fn a_peak_is_the_farther_extreme_and_the_upper_one_of_two_as_far() {
    for (high, low, before, peak) in
        [(5.0, 1.0, 2.0, 5.0), (3.0, -9.0, 2.0, -9.0), (3.0, 1.0, 2.0, 3.0), (1.0, 0.5, 2.0, 0.5)]
    {
        assert_eq!(read("peak(R[exposure])", &[high, low, before]).0, peak);
    }
}

#[test]
fn formulas_have_no_value_where_they_have_no_meaning() {
    // Largest, smallest, before, end.
    let overshoot = |taps: [f64; 4]| read("overshoot(R[exposure])", &taps).0;
    assert_eq!(overshoot([4.0, 1.0, 1.0, 3.0]), 0.5);
    assert!(overshoot([4.0, 1.0, 1.0, 1.0]).is_nan());
    let tau = |emax: f64| read("tau(surface[rest], 10 receptor)", &[emax, 1.0]).0;
    assert_eq!(tau(8.0), 4.0);
    assert!(tau(10.0).is_nan() && tau(11.0).is_nan());
}

#[test]
fn an_unknown_word_is_told_the_nearest() {
    insta::assert_snapshot!(refused("overshot(R[exposure])"), @r#"
    error: there is no function `overshot`
     --> test:1:1
      |
    1 | overshot(R[exposure])
      | ^^^^^^^^^^^^^^^^^^^^^
      |
    help: did you mean `overshoot`?
    "#);
    assert!(refused("expp(R[3 d])").contains("`exp(x)`"), "{}", refused("expp(R[3 d])"));
    assert!(refused("fit_ec5(surface[rest])").contains("did you mean `fit_ec50`?"));
}

#[test]
fn wrong_use_says_what_is_wanted() {
    for (text, what) in [
        ("fit_ec50(surface)", "says no moment"),
        ("fit_ec50(R[3 d])", "is not a response of this model"),
        ("fit_ec50(2*surface[3 d])", "belongs to a response"),
        ("kd(surface[exposure])", "is a phase, not a moment"),
        ("kd(surface[end of exposur])", "there is no phase"),
        ("coefficient(surface[exposure])", "is a phase, not a moment"),
        ("coefficient(surface)", "says no moment"),
        ("coefficient(R[3 d])", "is not a response of this model"),
        ("coefficient(R[3 d], KD)", "is no input, state or parameter"),
        ("coefficient(R[3 d], R + C)", "is no input, state or parameter"),
        ("tau(surface[rest])", "takes 2 arguments"),
        ("tau(surface[rest], 3 d)", "its largest possible value in `d`"),
        ("overshoot(R[end of exposure])", "is a moment, not a phase"),
        ("overshoot(R)", "none is named"),
        ("overshoot(R > 2 receptor [exposure])", "not over a comparison"),
        ("overshoot(R[noon])", "there is no phase `noon`"),
        ("precision(R[exposure])", "takes 2 arguments"),
        ("precision(R[exposure], Q)", "not a name of this model"),
        ("adaptation_time(R[exposure], 2)", "takes a share between 0 and 1"),
        ("adaptation_time(R[exposure], R)", "takes a share between 0 and 1"),
        ("adaptation_time(R[exposure], 5 nM)", "takes a share between 0 and 1"),
        ("recovery_time(R[exposure], 1, 2)", "takes 1 or 2 arguments"),
        ("hysteresis(L[baseline], R[exposure])", "one arm and one phase"),
        ("hysteresis(short.L, long.R [exposure])", "beside a quantity of arm `long`"),
        ("hysteresis(L, R)", "none is named"),
        ("max(overshoot(R[exposure]))", "`overshoot` says its phase or moment itself"),
        ("rms(R > C [exposure])", "not over a comparison"),
        ("rms(long.R - short.R [abstinence])", "there is no phase `abstinence`"),
        ("rms(level [exposure])", "nothing here changes with time"),
        ("rms(long.R - short.L [exposure])", "receptor count"),
        ("apart(long.R - short.R)", "none is named"),
        ("correlation(R[3 d], C[3 d])", "goes over all agents"),
    ] {
        assert!(refused(text).contains(what), "{text}:\n{}", refused(text));
    }
}

#[test]
fn phases_of_different_length_are_not_compared() {
    let mut bench = bench(&[]);
    bench.arms[1].phases[1].1 = days(14, 44);
    let finding = bench.per_agent(0, &syntax("rms(long.R - short.R [exposure])")).unwrap_err();
    assert_eq!(finding.what, "`exposure` is 60 d long in arm `long` and 30 d in arm `short`");
}

#[test]
fn a_probe_of_its_own_has_no_present_level() {
    let text = MODEL.replace("probe = \"L\"", "probe = { X = \"nM\" }").replace("*L/(KD + L)", "*X/(KD + X)");
    let model = Model::read("turnover", &Source::new("turnover.toml", text))
        .unwrap_or_else(|error| panic!("{error}"));
    let mut bench = bench(&[]);
    let phases = bench.arms[0].phases.clone();
    bench.arms[0] = ArmScope::new("long", &Arc::new(model), Vec::new(), Vec::new(), phases);
    let finding = bench.per_agent(0, &syntax("coefficient(surface[3 d])")).unwrap_err();
    assert!(finding.what.contains("has no level in a moment"), "{}", finding.what);
}

#[test]
fn a_claim_over_agents_may_correlate_and_vary() {
    let mut bench = bench(&[]);
    let claim = |text: &str| Claim { name: "c".into(), say: String::new(), syntax: syntax(text), share: 1.0 };
    bench.compile_claim(&claim("correlation(R[3 d], C[3 d]) > 0.5 and cv_of(R[3 d]) < 10 %")).unwrap();
    for (text, what) in [
        ("correlation(R[3 d]) > 0", "`correlation` takes 2 arguments"),
        ("cv_of(R[3 d]) < 2 receptor", "the left side is in no unit"),
    ] {
        let findings = bench.compile_claim(&claim(text)).unwrap_err();
        assert!(findings[0].what.contains(what), "{text}: {}", findings[0].what);
    }
}
