//! Laws of all figures for all audiences: nothing panics, nothing is cut off, nothing overlaps, the same tables give the same bytes.

mod asked;

use proptest::prelude::*;

use super::canvas::{Mark, Rect};
use super::sample::{self, Sample};
use super::*;

fn empty() -> Sample {
    Sample {
        subject: Subject::default(),
        summary: Table::default(),
        assays: Table::default(),
        measures: Table::default(),
    }
}

fn name_of(mark: &Mark) -> &str {
    match mark {
        Mark::Text { text, .. } => text,
        _ => "",
    }
}

/// Texts that reach out of the picture, and pairs that touch.
fn faults(drawn: &Drawn) -> Vec<String> {
    let picture = &drawn.picture;
    let texts: Vec<(&str, Rect)> =
        picture.marks.iter().filter_map(|m| Some((name_of(m), m.text_box()?))).collect();
    let mut faults = Vec::new();
    for (i, (text, r)) in texts.iter().enumerate() {
        if r.left < 0.0 || r.top < 0.0 || r.right > picture.width || r.bottom > picture.height {
            faults.push(format!("`{text}` leaves the picture: {r:?}"));
        }
        for (other, o) in &texts[..i] {
            if r.left < o.right && o.left < r.right && r.top < o.bottom && o.top < r.bottom {
                faults.push(format!("`{text}` touches `{other}`: {r:?} {o:?}"));
            }
        }
    }
    faults
}

fn check(sample: &Sample, ghost: Option<&Sample>) {
    for audience in Audience::ALL {
        let ghost = ghost.map(Sample::run);
        for drawn in pictures(&sample.run(), ghost.as_ref(), audience) {
            let faults = faults(&drawn);
            assert!(faults.is_empty(), "{audience:?} {}:\n{}", drawn.stem, faults.join("\n"));
        }
    }
}

#[test]
fn a_run_yields_every_kind_of_figure_with_its_own_safe_stem() {
    let sample = sample::run();
    let figures = draw(&sample.run(), None, Audience::Screen);
    assert_eq!(
        figures.iter().map(|f| f.stem.as_str()).collect::<Vec<_>>(),
        [
            "sensitivity",
            "sensitivity-R-rest-R",
            "sensitivity-mood",
            "twins-R-rest-R",
            "twins-mood",
            "groups-R-rest-R",
            "groups-mood",
            "dose-response-D2",
            "ec50-emax-D2",
            "measure-half_back"
        ]
    );
}

#[test]
fn labels_stay_inside_and_apart_for_every_audience() {
    let sample = sample::run();
    check(&sample, None);
    check(&sample, Some(&sample::with_depth(25.0)));
}

#[test]
fn the_same_tables_give_the_same_bytes_and_a_readable_document() {
    let (first, second) = (sample::run(), sample::run());
    for audience in Audience::ALL {
        let figures = draw(&first.run(), Some(&second.run()), audience);
        assert_eq!(figures, draw(&second.run(), Some(&first.run()), audience));
        for figure in figures {
            raster::tree(&figure.svg).unwrap();
        }
    }
}

#[test]
fn every_figure_carries_label_origin_changes_and_failures() {
    let sample = sample::run();
    for audience in Audience::ALL {
        for drawn in pictures(&sample.run(), None, audience) {
            let all = drawn.picture.marks.iter().map(name_of).collect::<Vec<_>>().join(" ");
            for needed in [
                "Illustrative model: not for diagnosis",
                "digest 1a2b3c4d",
                "kappa = 8 (was 4)",
                "3 of 1,000 agents failed",
            ] {
                assert!(all.contains(needed), "{audience:?} {}: {needed} not in {all}", drawn.stem);
            }
        }
    }
}

#[test]
fn summaries_say_direction_size_spread_and_failures_and_never_a_day_of_recovery() {
    let sample = sample::run();
    let figures = draw(&sample.run(), None, Audience::Screen);
    let text = |stem: &str| figures.iter().find(|f| f.stem == stem).map(|f| f.text.clone()).unwrap();
    assert!(text("sensitivity-R-rest-R").contains("percentage points lower than at the start"));
    assert!(text("sensitivity-R-rest-R").contains("at midnight"));
    assert!(text("sensitivity-mood").contains("daily mean"));
    assert!(text("sensitivity-mood").contains("3 of 1,000 agents (0.3 %) failed"));
    assert!(text("dose-response-D2").contains("the median is 1.92 times that at end of baseline"));
    assert!(text("ec50-emax-D2").contains("12 without a value (never half-way)"));
    assert!(
        text("measure-half_back").contains("180 without a value (not reached), which is 18.1 % of agents")
    );
    assert!(figures.iter().all(|f| !f.text.contains("recovered") && !f.text.contains("NaN")));
}

/// Eight arms with long names, six moments, groups, and phases that differ.
fn crowded() -> Sample {
    let mut sample = sample::run();
    let name = |i: usize| format!("arm {i} with a rather long and winding name that nobody can read");
    let (mut summary, mut assays, mut measures) =
        (sample::summary_rows(), sample::assay_rows(), sample::measure_rows());
    sample.subject.arms.clear();
    for i in 0..8 {
        let mut arm = sample::subject().arms.remove(i % 2);
        arm.name = name(i);
        arm.phases[1].end += i as f64;
        arm.stimuli[0].values.iter_mut().for_each(|v| *v *= 1.0 + i as f64);
        sample.subject.arms.push(arm);
        for t in 0..30 {
            for (stat, z) in [("p5", -1.6), ("p50", 0.0), ("p95", 1.6)] {
                let value = 1e7 + 1e5 * (f64::from(t) * 0.3 + i as f64).sin() + 3e4 * z;
                summary.push(
                    &[&name(i), "all", "d", "receptor_number", "receptor", "max over 6 h", stat],
                    &[f64::from(t) * 4.0, value],
                    50,
                );
            }
        }
        for m in 0..6 {
            let moment = format!("end of week {m} of the second exposure");
            for (stat, z) in [("p5", -1.6), ("p25", -0.7), ("p50", 0.0), ("p75", 0.7), ("p95", 1.6)] {
                for k in 0..20 {
                    let level = 10f64.powi(k - 10);
                    let value = (1.0 + z * 0.1) * level / (level + f64::from(m + 1));
                    assays.push(
                        &[&name(i), "all", &moment, "d", "D2", "response", "nM", stat, "1"],
                        &[0.0, level, value],
                        50,
                    );
                }
                let texts = [name(i).as_str(), "all", &moment, "d", "D2", "ec50", "nM", stat, "nM"]
                    .map(str::to_owned);
                assays.push(
                    &texts.each_ref().map(String::as_str),
                    &[0.0, f64::NAN, f64::from(m + 1) * (z * 0.2).exp()],
                    50,
                );
            }
        }
        for q in [5, 25, 50, 75, 95] {
            measures.push(&["fall", &name(i), "all", &format!("p{q}"), "receptor"], &[f64::from(q)], 50);
        }
    }
    Sample {
        summary: summary.table("summary"),
        assays: assays.table("assays"),
        measures: measures.table("measures"),
        ..sample
    }
}

#[test]
fn eight_arms_and_six_moments_with_long_names_stay_apart() {
    check(&crowded(), None);
}

/// Two moments only, so that both arms share a panel, and five groups.
fn paired() -> Sample {
    let mut sample = sample::run();
    let mut assays = sample::assay_rows();
    for (arm, shift) in [("rest", 1.0), ("chronic", 4.0)] {
        for (moment, left) in [("end of baseline", 1.0), ("end of exposure", 1.0 / shift)] {
            for (stat, z) in [("p5", -1.6), ("p25", -0.7), ("p50", 0.0), ("p75", 0.7), ("p95", 1.6)] {
                let mut push = |metric, level: f64, value| {
                    assays.push(
                        &[arm, "all", moment, "d", "D2", metric, "nM", stat, ""],
                        &[0.0, level, value],
                        50,
                    );
                };
                for k in 0..40 {
                    let level = 10f64.powf(f64::from(k) / 10.0 - 1.0);
                    push("response", level, left * (1.0 + 0.1 * z) * level / (level + 20.0 / left));
                }
                push("ec50", f64::NAN, 20.0 / left * (0.2 * z).exp());
                push("largest in range", f64::NAN, left * (1.0 + 0.1 * z));
            }
        }
    }
    let mut summary = sample::summary_rows();
    for group in ["all", "women", "men", "carriers of the risk allele", "never exposed before", "others"] {
        for arm in ["rest", "chronic"] {
            for t in 0..=60 {
                for (stat, z) in [("p25", -0.7), ("p50", 0.0), ("p75", 0.7)] {
                    let value = 50_000.0 + f64::from(t) * (group.len() as f64 - 8.0) * 100.0 + z * 900.0;
                    summary.push(
                        &[arm, group, "d", "R", "receptor", "last over 1 d", stat],
                        &[2.0 * f64::from(t), value],
                        40,
                    );
                }
            }
        }
    }
    (sample.assays, sample.summary) = (assays.table("assays"), summary.table("summary"));
    for arm in &mut sample.subject.arms {
        arm.phases = (0..17)
            .map(|i| PhaseSubject {
                name: format!("week {}", i + 1),
                start: 7.0 * f64::from(i),
                end: 7.0 * f64::from(i + 1),
            })
            .collect();
    }
    sample
}

#[test]
fn two_arms_in_one_panel_and_five_groups_stay_apart() {
    check(&paired(), None);
}

/// One agent, one time, constants, missing and infinite values, and more pulses than columns.
fn odd() -> Sample {
    let mut sample = sample::run();
    let (mut summary, mut assays, mut measures) =
        (sample::summary_rows(), sample::assay_rows(), sample::measure_rows());
    for stat in ["p5", "p25", "p50", "p75", "p95"] {
        summary.push(&["rest", "all", "d", "one", "nM", "", stat], &[3.0, 7.0], 1);
        for t in [0.0, 1.0, 2.0] {
            summary.push(&["rest", "all", "d", "flat", "", "", stat], &[t, 1e-30], 1);
            summary.push(&["rest", "all", "d", "zero", "", "", stat], &[t, 0.0], 1);
            summary.push(&["chronic", "all", "d", "zero", "", "", stat], &[t, f64::NAN], 1);
            summary.push(&["rest", "all", "d", "gone", "", "", stat], &[t, f64::INFINITY], 1);
        }
        assays.push(&["rest", "all", "now", "d", "D2", "response", "nM", stat, "1"], &[0.0, 1.0, 0.5], 1);
        assays.push(&["rest", "all", "now", "d", "D2", "ec50", "nM", stat, "nM"], &[0.0, f64::NAN, 1.0], 1);
        measures.push(&["same", "", "", stat, "d"], &[4.0], 1);
    }
    measures.push(&["never", "", "", "not reached", "d"], &[10.0], 10);
    sample.subject.failed = 0;
    let pulses = (0..16_000)
        .map(|i| (f64::from((i + 1) / 2) * 0.015, f64::from((i / 2) % 2) * (1.0 + f64::from(i) / 8e3)));
    (sample.subject.arms[0].stimuli[0].times, sample.subject.arms[0].stimuli[0].values) = pulses.unzip();
    Sample {
        summary: summary.table("summary"),
        assays: assays.table("assays"),
        measures: measures.table("measures"),
        ..sample
    }
}

#[test]
fn one_agent_one_time_constants_and_missing_values_are_drawn_or_left_out() {
    let odd = odd();
    check(&odd, Some(&sample::run()));
    let stems: Vec<String> = draw(&odd.run(), None, Audience::Screen).into_iter().map(|f| f.stem).collect();
    assert!(
        stems.contains(&"sensitivity-zero".to_owned()) && !stems.contains(&"sensitivity-gone".to_owned()),
        "{stems:?}"
    );
    assert!(stems.contains(&"measure-never".to_owned()), "{stems:?}");
}

#[test]
fn the_key_of_one_agent_speaks_of_no_bars_and_no_median() {
    let mut assays = sample::assay_rows();
    for stat in ["p5", "p25", "p50", "p75", "p95"] {
        assays.push(&["rest", "all", "now", "d", "D2", "ec50", "nM", stat, "nM"], &[0.0, f64::NAN, 9.0], 1);
        assays.push(&["rest", "all", "now", "d", "D2", "response", "nM", stat, "1"], &[0.0, 1.0, 0.5], 1);
    }
    let sample = Sample { subject: sample::subject(), assays: assays.table("assays"), ..empty() };
    for audience in Audience::ALL {
        for drawn in pictures(&sample.run(), None, audience) {
            let all = drawn.picture.marks.iter().map(name_of).collect::<Vec<_>>().join(" ");
            assert!(all.contains("one agent") && !all.contains("bar") && !all.contains("median"), "{all}");
        }
    }
}

#[test]
fn differences_between_four_arms_are_named_in_full_beside_their_lines() {
    let mut sample = sample::run();
    let mut rows = sample::summary_rows();
    let titles = ["integral feedback", "integral feedback, leaky", "moderator follows", "both at once"];
    sample.subject.arms = titles.map(|t| ArmSubject { name: t.to_owned(), ..ArmSubject::default() }).into();
    for arm in &titles[1..] {
        let difference = format!("{arm} minus {}", titles[0]);
        for t in [0.0, 120.0] {
            rows.push(&[&difference, "all", "d", "mood", "1", "", "p50"], &[t, t], 50);
        }
    }
    sample.summary = rows.table("summary");
    let drawn = pictures(&sample.run(), None, Audience::Screen);
    let twins = drawn.iter().find(|d| d.stem.starts_with("twins")).unwrap();
    let all = twins.picture.marks.iter().map(name_of).collect::<Vec<_>>().join(" ");
    assert!(!all.contains('…'), "{all}");
    for arm in &titles[1..] {
        assert_eq!(all.matches(&format!("{arm} minus {}", titles[0])).count(), 1, "{all}");
    }
}

#[test]
fn without_tables_there_are_no_figures() {
    assert!(draw(&empty().run(), None, Audience::Screen).is_empty());
    assert_eq!(terminal(&empty().run(), 80, 20), "nothing was recorded over time");
}

#[test]
fn stems_differ_whatever_the_case_of_letters() {
    let mut rows = sample::summary_rows();
    for what in ["r", "R", "R?"] {
        rows.push(&["a", "all", "d", what, "", "", "p50"], &[0.0, 1.0], 1);
    }
    let sample = Sample { summary: rows.table("summary"), ..empty() };
    let figures = draw(&sample.run(), None, Audience::Screen);
    let mut stems: Vec<String> = figures.iter().map(|f| f.stem.to_lowercase()).collect();
    let count = stems.len();
    stems.sort();
    stems.dedup();
    assert_eq!((stems.len(), count), (4, 4), "{stems:?}");
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -1e3f64..1e3,
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(0.0),
        1 => Just(-f64::MAX),
        1 => any::<f64>(),
    ]
}

fn word() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("a"),
        Just("b"),
        Just(""),
        Just("all"),
        Just("b minus a"),
        Just("p50"),
        Just("p5"),
        Just("p95"),
        Just("mean"),
        Just("response"),
        Just("ec50"),
        Just("emax"),
        Just("not reached"),
        Just("missing: x"),
        Just("<&>\u{1}\u{202e}\u{ffff}漢字"),
        Just("%"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn odd_tables_never_panic_and_give_readable_documents(
        words in proptest::collection::vec(proptest::collection::vec(word(), 9), 1..30),
        numbers in proptest::collection::vec(proptest::collection::vec(number(), 3), 30),
        times in proptest::collection::vec(number(), 6),
        which in 0usize..6,
    ) {
        let (mut summary, mut assays, mut measures) = (sample::summary_rows(), sample::assay_rows(), sample::measure_rows());
        for (words, numbers) in words.iter().zip(&numbers) {
            summary.push(&words[..7], &numbers[..2], 3);
            assays.push(words, numbers, 3);
            measures.push(&words[..5], &numbers[..1], 3);
        }
        let mut subject = sample::subject();
        subject.arms[0].name = "a".to_owned();
        subject.arms[1].name = "b".to_owned();
        subject.arms[0].phases[0].end = times[0];
        subject.arms[1].stimuli[0].times = times.clone();
        subject.arms[1].stimuli[0].values = times;
        let odd = Sample {
            subject,
            summary: summary.table("summary"),
            assays: assays.table("assays"),
            measures: measures.table("measures"),
        };
        for figure in draw(&odd.run(), Some(&odd.run()), Audience::ALL[which]) {
            prop_assert!(raster::tree(&figure.svg).is_ok(), "{}", figure.svg);
            prop_assert!(!figure.svg.contains("NaN") && !figure.svg.contains("-2147483648"));
        }
        terminal(&odd.run(), 60, 16);
    }
}

/// Writes every figure for every audience where `ALLOSTAT_FIGURES` names a folder (`1`: the system's temporary one).
#[test]
fn figures_can_be_looked_at() {
    let Ok(folder) = std::env::var("ALLOSTAT_FIGURES") else { return };
    let folder = if folder == "1" { std::env::temp_dir().join("allostat-figures") } else { folder.into() };
    let (plain, many, odd, paired) = (sample::run(), crowded(), odd(), paired());
    let unchanged = sample::with_depth(25.0);
    let ghost = unchanged.run();
    for (name, sample, ghost) in [
        ("plain", &plain, None),
        ("ghost", &plain, Some(&ghost)),
        ("crowded", &many, None),
        ("odd", &odd, None),
        ("paired", &paired, None),
    ] {
        for audience in Audience::ALL {
            let place = folder.join(name).join(audience.name());
            std::fs::create_dir_all(&place).unwrap();
            let start = std::time::Instant::now();
            let figures = draw(&sample.run(), ghost, audience);
            println!("{name} {audience:?}: {} figures drawn in {:?}", figures.len(), start.elapsed());
            let pictures = pngs(&figures, audience);
            println!("{name} {audience:?}: painted after {:?}", start.elapsed());
            for (figure, png) in figures.iter().zip(pictures) {
                std::fs::write(place.join(format!("{}.svg", figure.stem)), &figure.svg).unwrap();
                std::fs::write(place.join(format!("{}.png", figure.stem)), png.unwrap()).unwrap();
                std::fs::write(place.join(format!("{}.txt", figure.stem)), &figure.text).unwrap();
            }
            println!("{name} {audience:?}: written after {:?}", start.elapsed());
        }
    }
    println!("{}", terminal(&plain.run(), 90, 22));
}
