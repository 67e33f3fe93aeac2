//! Properties at default parameters: inequalities, and single numbers of the same integration.
//! Knows nothing of the table.

use std::collections::HashMap;

use super::{SESSIONS, values};

const OFF: &str = "{ name = 'off', for = '1 h' }";
const USE: &str = "{ name = 'use', for = '28 d', SESSIONS }";
const REST: &str = "{ name = 'rest', for = '90 d' }";

/// What the measures are worth, by the measures as written.
struct Values(HashMap<String, f64>);

impl Values {
    fn of(phases: &str, parameters: &str, measures: &[&str]) -> Values {
        let phases = phases.replace('\'', "\"").replace("SESSIONS", SESSIONS);
        let measures: Vec<String> = measures.iter().map(|m| (*m).to_owned()).collect();
        let found = values(&phases, &parameters.replace('\'', "\""), 1e-8, &measures);
        Values(measures.into_iter().zip(found).collect())
    }

    fn at(&self, measure: &str) -> f64 {
        *self.0.get(measure).unwrap_or_else(|| panic!("`{measure}` was not measured"))
    }
}

const STATES: [&str; 16] = [
    "e_media",
    "e_food",
    "e_substance",
    "V",
    "q1",
    "q2",
    "N1",
    "N2",
    "A",
    "x1",
    "x2",
    "w",
    "b",
    "c_media",
    "c_food",
    "c_substance",
];
const READ_OUTS: [&str; 9] = [
    "mood",
    "motivation",
    "focus",
    "craving",
    "anhedonia",
    "pleasure",
    "irritability",
    "isolation",
    "fatigue",
];

fn at(names: &[&str], moment: &str) -> Vec<String> {
    names.iter().map(|name| format!("{name}[{moment}]")).collect()
}

fn bits(phases: &str, parameters: &str, measures: &[String]) -> Vec<u64> {
    let measures: Vec<&str> = measures.iter().map(String::as_str).collect();
    let found = Values::of(phases, parameters, &measures);
    measures.iter().map(|measure| found.at(measure).to_bits()).collect()
}

/// Property P2.
#[test]
fn overdrive_lowers_number_affinity_sensitivity_potency_maximum_and_the_response_to_reward() {
    let names = ["N1", "N2", "x1", "x2", "Sigma1", "Sigma2", "NRR", "R"]
        .map(|name| format!("off.{name}[end of use]"));
    let curves = ["D1", "D2"].map(|r| {
        [format!("ec50({r}[end of use])/ec50({r}[rest])"), format!("emax({r}[end of use])/emax({r}[rest])")]
    });
    let all: Vec<&str> = names.iter().chain(curves.iter().flatten()).map(String::as_str).collect();
    let found = Values::of(USE, "", &all);
    let [n1, n2, x1, x2, sigma1, sigma2, nrr, r] = [0, 1, 2, 3, 4, 5, 6, 7].map(|n| found.at(&names[n]));
    assert!(
        n1 < 1.0 && n2 < 1.0 && x1 > 0.0 && x2 > 0.0 && sigma1 < 0.0 && sigma2 < 0.0 && nrr < 1.0 && r < 0.0
    );
    for [ec50, emax] in &curves {
        assert!(found.at(ec50) > 1.0 && found.at(emax) < 1.0, "{ec50}");
    }
}

/// Property P3, first half.
#[test]
fn number_falls_with_dose_and_sources_are_ordered_by_potency() {
    let n2 = "off.N2[end of use]";
    let with = |sessions: &str| {
        let phases = format!("{{ name = 'use', for = '28 d', {sessions} }}");
        let found = Values::of(&phases, "", &[n2, "off.craving[end of use]"]);
        [found.at(n2), found.at("off.craving[end of use]")]
    };
    let dose = |level: &str| with(&format!("substance = '{level} from 10:00 for 6 h every 1 d'"))[0];
    for (level, expected) in [("0.25", 0.9255), ("0.5", 0.8759), ("1", 0.8210), ("2", 0.7720), ("3", 0.7489)]
    {
        let found = dose(level);
        assert!((found - expected).abs() < 5e-4, "{level}: {found} against {expected}");
    }
    let [media, food, substance] = ["media", "food", "substance"]
        .map(|source| with(&format!("{source} = '1 from 10:00 for 6 h every 1 d'")));
    assert!(media[0] > food[0] && food[0] > substance[0]);
    assert!(media[1] < food[1] && food[1] < substance[1]);
}

/// Property P3, second half.
#[test]
fn a_source_without_potency_changes_nothing_but_its_own_effect_to_the_bit() {
    for source in ["media", "food", "substance"] {
        let own = [format!("e_{source}"), format!("c_{source}")];
        let names: Vec<&str> = STATES.into_iter().chain(READ_OUTS).filter(|name| *name != own[0]).collect();
        let measures = at(&names, "end of use");
        let without = format!("pT_{source} = '0'\npP_{source} = '0'\npF_{source} = '0'");
        let used = format!("{{ name = 'use', for = '14 d', {source} = '1 from 10:00 for 6 h every 1 d' }}");
        let untouched = "{ name = 'use', for = '14 d' }";
        assert_eq!(bits(&used, &without, &measures), bits(untouched, &without, &measures), "{source}");
    }
}

/// Property P4.
#[test]
fn after_stopping_sensitivity_rises_day_by_day_and_takes_more_than_three_times_as_long_as_its_fall() {
    let phases = format!("{}, {REST}", USE.replace("28 d", "60 d"));
    let days: Vec<String> = (1..=90)
        .flat_map(|day| ["Sigma1", "Sigma2"].map(|s| format!("{s}[start of rest + {day} d]")))
        .collect();
    let half = ["half_time(off.N2[use])", "half_time(N2[rest])"].map(str::to_owned);
    let returning =
        ["N1", "N2", "x1", "x2"].map(|n| [format!("{n}[start of rest + 1 d]"), format!("{n}[end of rest]")]);
    let all: Vec<&str> =
        days.iter().chain(&half).chain(returning.iter().flatten()).map(String::as_str).collect();
    let found = Values::of(&phases, "", &all);
    for pair in days.windows(3) {
        assert!(found.at(&pair[2]) > found.at(&pair[0]), "{} after {}", pair[2], pair[0]);
    }
    for (n, [first, last]) in returning.iter().enumerate() {
        let rest = if n < 2 { 1.0 } else { 0.0 };
        assert!((found.at(last) - rest).abs() < 0.25 * (found.at(first) - rest).abs(), "{first}");
    }
    assert!(found.at(&half[1]) > 3.0 * found.at(&half[0]), "{} {}", found.at(&half[0]), found.at(&half[1]));
}

/// Property P5.
#[test]
fn a_longer_exposure_is_followed_by_a_slower_recovery() {
    let lost = |days: u32| {
        let phases = format!("{}, {REST}", USE.replace("28 d", &format!("{days} d")));
        1.0 - Values::of(&phases, "", &["N2[end of rest]"]).at("N2[end of rest]")
    };
    let (short, long) = (lost(60), lost(365));
    assert!((short - 0.0073).abs() < 5e-5 && (long - 0.0209).abs() < 5e-5, "{short} {long}");
}

const PROBE: &str = "{ name = 'session', for = '6 h', substance = '1' }";

/// Property P6.
#[test]
fn depletion_raises_sensitivity_and_lowers_the_response_until_the_store_is_restored() {
    let depleted = "{ name = 'depleted', for = '28 d', depletion = '0.05 1/h' }";
    let restored = format!("{depleted}, {}", PROBE.replace("for =", "set = { V = '1' }, for ="));
    let end = "end of depleted";
    let names = ["N1", "N2", "x1", "x2", "Sigma1", "Sigma2", "NRR"].map(|n| format!("{n}[{end}]"));
    let more = ["NRR[start of session]", "max(R[session])", "mood[start of session]"];
    let all: Vec<&str> = names.iter().map(String::as_str).chain(more).collect();
    let found = Values::of(&restored, "", &all);
    let [n1, n2, x1, x2, sigma1, sigma2, nrr] = [0, 1, 2, 3, 4, 5, 6].map(|n| found.at(&names[n]));
    assert!(n1 > 1.0 && n2 > 1.0 && x1 < 0.0 && x2 < 0.0 && sigma1 > 0.0 && sigma2 > 0.0 && nrr < 1.0);
    assert!(found.at(more[0]) > 1.0 && found.at(more[2]) > 7.0);
    let naive = Values::of(PROBE, "", &["max(R[session])", "max(T[session])"]);
    assert!((found.at(more[1]) - 0.98).abs() < 1e-4, "{}", found.at(more[1]));
    assert!((naive.at("max(R[session])") - 0.7981).abs() < 1e-4);
    assert!((naive.at("max(T[session])") - 59.8).abs() < 0.05);
}

/// Property P7.
#[test]
fn the_same_session_gives_less_after_use_and_withdrawal_shows_in_daily_means_only() {
    let phases = format!(
        "{}, {{ name = 'rest', for = '30 d' }}, {{ name = 'morning', for = '10 h' }}, {PROBE}",
        USE.replace("28 d", "60 d")
    );
    let tolerant =
        Values::of(&phases.replace("{ name = 'rest', for = '30 d' }, ", ""), "", &["max(R[session])"])
            .at("max(R[session])");
    let later = Values::of(&phases, "", &["max(R[session])"]).at("max(R[session])");
    assert!((tolerant - 0.6436).abs() < 1e-4 && (later - 0.7762).abs() < 1e-4, "{tolerant} {later}");

    let day = |n: u32| format!("{{ name = 'day {n}', for = '1 d' }}");
    let days: Vec<String> = (1..=16).map(day).collect();
    let before = USE.replace("28 d", "59 d");
    let last = "{ name = 'last', for = '1 d', SESSIONS }";
    let means: Vec<String> = (1..=16).map(|n| format!("mean(mood[day {n}])")).collect();
    let midnight = ["mood[end of last]", "mood[end of day 1]"].map(str::to_owned);
    let all: Vec<&str> =
        means.iter().chain(&midnight).map(String::as_str).chain(["mean(mood[last])"]).collect();
    let found = Values::of(&format!("{before}, {last}, {}", days.join(", ")), "", &all);
    let used = found.at("mean(mood[last])");
    let rest = |n: usize| found.at(&means[n - 1]);
    assert!(
        (used - 6.91).abs() < 5e-3 && (rest(1) - 6.08).abs() < 5e-3 && (rest(8) - 6.83).abs() < 5e-3,
        "{used} {} {}",
        rest(1),
        rest(8)
    );
    assert!(rest(13) < used && rest(16) > used, "{used}: {} {} {}", rest(13), rest(14), rest(16));
    assert!(found.at(&midnight[1]) > found.at(&midnight[0]), "midnight saw a dip");
}

/// Property P8: at once, before anything adapts.
#[test]
fn tonic_and_phasic_drive_are_told_apart_by_the_two_receptors() {
    let split = |potency: &str| {
        let others = ["pT", "pP", "pF"]
            .map(|p| format!("{p}_media = '{}'", if p == &potency[..2] { &potency[5..] } else { "0" }));
        let found = Values::of(
            "{ name = 'on', for = '1 h', set = { e_media = '1' }, media = '1' }",
            &others.join("\n"),
            &["s1[start of on]", "s2[start of on]"],
        );
        [found.at("s1[start of on]"), found.at("s2[start of on]")]
    };
    let cases = [("pT = 1", [1.4246, 1.2741]), ("pP = 2", [1.3801, 1.0057]), ("pF = 2", [1.6596, 1.1006])];
    for (potency, expected) in cases {
        let found = split(potency);
        assert!((0..2).all(|n| (found[n] - expected[n]).abs() < 5e-5), "{potency}: {found:?}");
        let ratio = (found[0] - 1.0) / (found[1] - 1.0);
        assert_eq!(ratio > 5.0, potency != "pT = 1", "{potency}: {ratio}");
    }
}

/// Property P9.
#[test]
fn autoreceptors_hold_dopamine_down() {
    let now = "T[start of on]";
    let on = "{ name = 'on', for = '1 h', set = { e_substance = '1' }, substance = '1' }";
    let with = Values::of(on, "", &[now]).at(now);
    let without = Values::of(on, "alA = '0'", &[now]).at(now);
    assert!((with - 61.31).abs() < 5e-3 && (without - 80.0).abs() < 1e-9, "{with} {without}");
    let fewer = Values::of("{ name = 'on', for = '1 h', set = { A = '0.5' } }", "", &[now]).at(now);
    assert!(fewer > 20.0, "{fewer}");
}

/// Property P10.
#[test]
fn support_raises_d2_number_harms_no_neutral_agent_and_leaves_receptors_alone_where_it_says_so() {
    let used = USE.replace("28 d", "60 d");
    let rest = |support: &str| format!("{used}, {{ name = 'rest', for = '30 d' {support} }}");
    let days: Vec<String> =
        (1..=30).flat_map(|day| ["N1", "N2"].map(|n| format!("{n}[start of rest + {day} d]"))).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let plain = Values::of(&rest(""), "", &days);
    let active = Values::of(&rest(", exercise = '1'"), "", &days);
    let rival = Values::of(&rest(", exercise = '1'"), "ax1 = '-0.08'", &days);
    for pair in days.chunks(2) {
        assert!(active.at(pair[1]) > plain.at(pair[1]), "{}", pair[1]);
        assert!(rival.at(pair[1]) > plain.at(pair[1]), "{}", pair[1]);
    }
    assert!(rival.at("N1[start of rest + 30 d]") < plain.at("N1[start of rest + 30 d]"));

    let tired =
        Values::of("{ name = 'a', for = '7 d', sleep = '0.5' }", "", &["s2[end of a]", "focus[end of a]"]);
    assert!(tired.at("s2[end of a]") < 1.0 && tired.at("focus[end of a]") < 7.0);

    let receptors = at(&STATES, "end of rest");
    let untouched = bits(&rest(""), "", &receptors);
    for support in [", mindfulness = '1'", ", stringency = '1'"] {
        assert_eq!(bits(&rest(support), "", &receptors), untouched, "{support}");
        let scales = at(&["craving", "irritability", "isolation"], "end of rest");
        assert_ne!(bits(&rest(support), "", &scales), bits(&rest(""), "", &scales), "{support}");
    }
}

/// Of the supports at their default none lowers a receptor, or a read-out that is good to have, of a neutral agent, nor raises a bad one.
#[test]
fn no_support_harms_a_neutral_agent() {
    let good = ["N1", "N2", "s1", "s2", "Sigma1", "Sigma2", "mood", "motivation", "pleasure", "NRR"];
    let bad = ["craving", "anhedonia", "irritability", "isolation", "fatigue"];
    let measures: Vec<String> = at(&good, "end of a").into_iter().chain(at(&bad, "end of a")).collect();
    let measures: Vec<&str> = measures.iter().map(String::as_str).collect();
    let neutral = Values::of("{ name = 'a', for = '60 d' }", "", &measures);
    for support in ["exercise = '1'", "sleep = '1'", "mindfulness = '1'", "practice = '1', mindfulness = '1'"]
    {
        let with = Values::of(&format!("{{ name = 'a', for = '60 d', {support} }}"), "", &measures);
        for (n, measure) in measures.iter().enumerate() {
            let gain = with.at(measure) - neutral.at(measure);
            let gain = if n < good.len() { gain } else { -gain };
            assert!(gain > -1e-9, "{support}: {measure} {gain}");
        }
    }
}

/// Property P11.
#[test]
fn at_equal_mean_drive_sessions_cost_more_number_and_steady_drive_more_affinity() {
    let ends = ["off.N2[end of use]", "off.x2[end of use]"];
    let sessions = Values::of(USE, "", &ends);
    let steady = Values::of("{ name = 'use', for = '28 d', substance = '0.25' }", "", &ends);
    assert!(sessions.at(ends[0]) < steady.at(ends[0]) && sessions.at(ends[1]) < steady.at(ends[1]));
}

/// Property P12.
#[test]
fn availability_rises_more_than_number_under_depletion_and_falls_in_a_session_without_it() {
    let depleted = Values::of(
        "{ name = 'a', for = '28 d', depletion = '0.05 1/h' }",
        "",
        &["BP[end of a]", "N2[end of a]"],
    );
    assert!(depleted.at("BP[end of a]") - 1.0 > 2.0 * (depleted.at("N2[end of a]") - 1.0));
    let session =
        Values::of(PROBE, "", &["BP[end of session]", "off.BP[end of session]", "N2[end of session]"]);
    assert!(session.at("BP[end of session]") < 0.9 * session.at("off.BP[end of session]"));
    assert!((session.at("N2[end of session]") - 1.0).abs() < 0.06);
}

/// Property P1; agents that differ stay at rest by the law of all models.
#[test]
fn a_neutral_year_moves_nothing() {
    let measures: Vec<String> = at(&STATES, "end of year");
    let start = Values::of(OFF, "", &STATES.map(|s| format!("{s}[rest]")).each_ref().map(String::as_str));
    let names: Vec<&str> = measures.iter().map(String::as_str).collect();
    let end = Values::of("{ name = 'year', for = '365 d' }", "", &names);
    for (state, measure) in STATES.iter().zip(&measures) {
        assert!((end.at(measure) - start.at(&format!("{state}[rest]"))).abs() < 1e-9, "{state}");
    }
}

/// One night without sleep: surface D2 falls by about a twentieth within hours, and is back four hours after sleep is good again.
#[test]
fn a_night_without_sleep_lowers_surface_d2_for_hours() {
    let night = "{ name = 'night', for = '8 h', sleep = '0' }, { name = 'after', for = '4 h' }";
    let surface = ["((1 - q2)*N2)[end of night]", "((1 - q2)*N2)[end of after]", "((1 - q2)*N2)[rest]"];
    let found = Values::of(night, "", &surface);
    let [lowest, after, rest] = surface.map(|measure| found.at(measure));
    assert!((1.0 - lowest / rest - 0.046).abs() < 1e-3, "{}", lowest / rest);
    assert!((1.0 - after / rest).abs() < 1e-3, "{}", after / rest);
}

/// The share of a small, lasting change of dopamine that activation keeps: (1 - q0)(1 - o0)/((1 + gN)(1 + (1 - o0) xm g/2)), with
/// gN = h (Nmax - 1)(1 - Nmin)/(Nmax - Nmin), for tonic dopamine alone. At a change of 1e-4 the curvature is still seen.
#[test]
fn number_and_affinity_leave_the_share_of_a_small_change_that_their_gains_give() {
    let parameters = "f0 = '0'\nalA = '0'\nxiV = '0 1/h'\nwm = '0'\npP_media = '0'\npF_media = '0'\n";
    let kept = |change: f64| {
        let parameters = format!("{parameters}pT_media = '{:e}'", change.exp_m1()).replace('\'', "\"");
        let measures = ["ln(s1[end of on])", "ln(s2[end of on])"].map(str::to_owned);
        let found =
            values("{ name = \"on\", for = \"60000 h\", media = \"1\" }", &parameters, 1e-13, &measures);
        [found[0] / change, found[1] / change]
    };
    let closed = |k: f64, h: f64, g: f64| {
        let o = 20.0 / (20.0 + k);
        let q = 0.1 * o / (0.1 * o + 2.0);
        let number = h * 0.25;
        (1.0 - q) * (1.0 - o) / ((1.0 + number) * (1.0 + (1.0 - o) * 0.5 * g / 2.0))
    };
    let expected = [closed(1000.0, 1.0, 1.0), closed(25.0, 6.0, 3.0)];
    assert!((expected[0] - 0.6293042948).abs() < 1e-10 && (expected[1] - 0.1534526854).abs() < 1e-10);
    let found = kept(1e-4);
    assert!((found[0] - 0.6293028826).abs() < 1e-8 && (found[1] - 0.1534498614).abs() < 1e-8, "{found:?}");
    // The curvature leaves in proportion to the change: extrapolated to none, it is the closed form.
    let half = kept(5e-5);
    for n in 0..2 {
        assert!(
            (2.0 * half[n] - found[n] - expected[n]).abs() < 1e-8,
            "{} {}",
            2.0 * half[n] - found[n],
            expected[n]
        );
    }
}

/// Mood reads an input that no flow does.
#[test]
fn measuring_a_read_out_moves_no_bit_of_a_receptor() {
    let phases =
        format!("{USE}, {{ name = 'rest', for = '5 d', stringency = '1 from 9:00 for 9 h every 1 d' }}");
    let receptors = at(&STATES, "end of rest");
    let more: Vec<String> = receptors.iter().cloned().chain(at(&READ_OUTS, "end of rest")).collect();
    assert_eq!(bits(&phases, "", &receptors), bits(&phases, "", &more)[..STATES.len()]);
}
