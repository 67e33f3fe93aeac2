//! Laws of the figures that a scenario asks for: every kind for every audience, from nothing to twelve arms with long names.

use super::*;

const LONG: &str = "with a rather long and winding name that nobody can read";

fn plotted(what: &str) -> PlottedSubject {
    PlottedSubject { what: what.to_owned(), window: String::new() }
}

fn panel(title: &str, arm: &str, response: &str) -> PanelSubject {
    PanelSubject {
        title: title.to_owned(),
        arm: arm.to_owned(),
        response: response.to_owned(),
        before: "rest".to_owned(),
        after: "end of exposure".to_owned(),
    }
}

/// Every kind of figure of some arms.
fn every_kind(arms: &[String]) -> Vec<FigureSubject> {
    let quantities = ["total", "number", "coupling", "affinity", "mood"];
    let titles = [
        "vertical scaling",
        "horizontal translation",
        "potency shift by number",
        "downward offset",
        "increase by agonist",
    ];
    let panels = titles.iter().enumerate().map(|(i, title)| {
        panel(title, &arms[i % arms.len()], ["scaled", "shifted", "shifted", "line", "scaled"][i])
    });
    let kinds = [
        FigureKind::Decomposition {
            total: plotted("total"),
            parts: vec![plotted("number"), plotted("coupling"), plotted("affinity")],
        },
        FigureKind::PhasePortrait { x: plotted("number"), y: plotted("mood") },
        FigureKind::Recovery { measure: "back".to_owned(), phase: "recovery".to_owned(), by_group: false },
        FigureKind::Recovery { measure: "back".to_owned(), phase: "recovery".to_owned(), by_group: true },
        FigureKind::Archetypes { panels: panels.collect() },
        FigureKind::Scales { what: quantities.map(plotted).into(), by_group: false },
        FigureKind::Scales { what: quantities[..2].iter().map(|q| plotted(q)).collect(), by_group: true },
    ];
    kinds.into_iter().map(|kind| FigureSubject { title: String::new(), arms: Vec::new(), kind }).collect()
}

/// Parts that fall and come back at their own paces, in so many arms, of so many agents.
fn crowd(arms: usize, agents: u64, long: bool) -> Sample {
    let name = |i: usize| if long { format!("arm {i} {LONG}") } else { format!("arm {i}") };
    let names: Vec<String> = (0..arms).map(name).collect();
    let mut subject = sample::subject();
    let phase = |name: &str, start, end| PhaseSubject { name: name.to_owned(), start, end };
    let phases =
        vec![phase("baseline", 0.0, 10.0), phase("exposure", 10.0, 40.0), phase("recovery", 40.0, 100.0)];
    subject.arms = names
        .iter()
        .map(|name| ArmSubject { name: name.clone(), phases: phases.clone(), ..ArmSubject::default() })
        .collect();
    let quantity = |what: &str, doc: &str| QuantitySubject {
        what: what.to_owned(),
        doc: if long { format!("{doc} {LONG}") } else { doc.to_owned() },
        unit: "1".to_owned(),
        for_figure: what != "mood",
        ..QuantitySubject::default()
    };
    subject.quantities = vec![
        quantity("total", "sensitivity, decades"),
        quantity("number", "contribution of number"),
        quantity("coupling", "contribution of coupling"),
        quantity("affinity", "contribution of affinity"),
        quantity("mood", "mood between stimuli"),
    ];
    let response = |name: &str| ResponseSubject { name: name.to_owned(), ..subject.responses[0].clone() };
    subject.responses = ["scaled", "shifted", "line"].map(response).into();
    subject.measures = vec![MeasureSubject {
        name: "back".to_owned(),
        doc: "time until number is back".to_owned(),
        unit: "d".to_owned(),
    }];
    subject.figures = every_kind(&names);
    let groups =
        [("all", 1.0, agents), ("slow", 1.4, agents.div_ceil(3)), ("usual", 0.8, agents - agents / 3)];
    let (mut summary, mut assays, mut measures) =
        (sample::summary_rows(), sample::assay_rows(), sample::measure_rows());
    for (i, arm) in names.iter().enumerate() {
        for t in 0..=50 {
            let t = 2.0 * f64::from(t);
            let gone = |rate: f64| match t {
                t if t < 10.0 => 0.0,
                t if t < 40.0 => 1.0 - (-(t - 10.0) * rate).exp(),
                t => (1.0 - (-30.0 * rate).exp()) * (-(t - 40.0) * rate / 2.0).exp(),
            };
            let deep = 1.0 + 0.1 * i as f64;
            let parts = [-0.5 * deep * gone(0.1), 0.2 * gone(0.5), -0.15 * gone(0.03)];
            let values = [parts.iter().sum(), parts[0], parts[1], parts[2], 7.0 - 2.0 * gone(0.05)];
            for (what, value) in ["total", "number", "coupling", "affinity", "mood"].iter().zip(values) {
                for (group, factor, n) in groups {
                    for (stat, z) in
                        [("mean", 0.1), ("p5", -1.6), ("p25", -0.7), ("p50", 0.0), ("p75", 0.7), ("p95", 1.6)]
                    {
                        let z = if stat == "mean" { 0.0 } else { z };
                        let value = value * factor * (1.0 + 0.15 * z);
                        summary.push(&[arm, group, "d", what, "1", "", stat], &[t, value], n);
                    }
                }
            }
        }
        for (moment, left) in [("rest", 1.0), ("end of exposure", 0.4)] {
            for (stat, z) in [("p5", -1.6), ("p25", -0.7), ("p50", 0.0), ("p75", 0.7), ("p95", 1.6)] {
                let spread = 1.0 + if left < 1.0 { 0.1 * z } else { 0.0 };
                for response in ["scaled", "shifted", "line"] {
                    let mut push = |metric: &str, level: f64, value: f64| {
                        let texts = [arm.as_str(), "all", moment, "d", response, metric, "nM", stat, "1"];
                        assays.push(&texts, &[0.0, level, value], agents);
                    };
                    let (top, half) = match response {
                        "scaled" => (left * spread, 20.0),
                        _ => (1.0 - 0.2 * (1.0 - left), 20.0 / left * spread),
                    };
                    for k in 0..=40 {
                        let level = 10f64.powf(f64::from(k) / 10.0 - 1.0);
                        let value = if response == "line" {
                            0.02 * level + 2.0 * (left - 1.0) * spread
                        } else {
                            top * level / (half + level)
                        };
                        push("response", level, value);
                    }
                    if response != "line" {
                        push("ec50", f64::NAN, half);
                        push("emax", f64::NAN, top);
                    }
                }
            }
            let texts =
                [arm.as_str(), "all", moment, "d", "line", "ec50", "nM", "missing: not defined", "nM"];
            assays.push(&texts, &[0.0, f64::NAN, agents as f64], agents);
        }
        for (group, factor, n) in groups {
            let never = if n > 1 { n * (i as u64 % 4) / 10 } else { 0 };
            for q in 0..=100 {
                let value = (4.0 + i as f64) * factor * (0.5 + f64::from(q) / 50.0);
                measures.push(&["back", arm, group, &format!("p{q}"), "d"], &[value], n - never);
            }
            if never > 0 {
                measures.push(&["back", arm, group, "not reached", "d"], &[never as f64], never);
            }
        }
    }
    Sample {
        subject,
        summary: summary.table("summary"),
        assays: assays.table("assays"),
        measures: measures.table("measures"),
    }
}

fn asked_for(drawn: &[Figure]) -> Vec<&str> {
    drawn.iter().map(|f| f.stem.as_str()).take_while(|stem| !stem.starts_with("sensitivity")).collect()
}

#[test]
fn every_kind_that_is_asked_for_comes_first_in_the_order_of_the_scenario() {
    let sample = crowd(2, 300, false);
    let figures = draw(&sample.run(), None, Audience::Screen);
    let expected = [
        "decomposition-total",
        "phase-portrait-mood-number",
        "recovery-back",
        "recovery-back-2",
        "archetypes",
        "scales",
        "scales-2",
    ];
    assert_eq!(asked_for(&figures), expected);
    let stems: Vec<&str> = figures.iter().map(|f| f.stem.as_str()).collect();
    assert!(stems.contains(&"sensitivity-mood") && stems.contains(&"groups-mood"), "{stems:?}");
    assert!(!stems.contains(&"sensitivity-number"), "what is recorded for a figure has none of its own");
}

#[test]
fn two_arms_stay_inside_and_apart_for_every_audience_and_beside_an_unchanged_run() {
    let sample = crowd(2, 300, false);
    check(&sample, None);
    check(&sample, Some(&crowd(2, 200, false)));
}

#[test]
fn one_arm_six_arms_and_twelve_with_long_names_stay_apart() {
    check(&crowd(1, 300, false), None);
    check(&crowd(6, 300, false), None);
    check(&crowd(12, 40, true), None);
}

#[test]
fn one_agent_is_drawn_without_bands() {
    let sample = crowd(2, 1, false);
    check(&sample, None);
    let figures = draw(&sample.run(), None, Audience::Screen);
    let scales = figures.iter().find(|f| f.stem == "scales").unwrap();
    assert!(scales.svg.contains("one agent") && !scales.svg.contains("bands"));
}

#[test]
fn without_rows_nothing_is_drawn_and_nothing_fails() {
    let full = crowd(3, 20, false);
    let empty = Sample { subject: full.subject, ..empty() };
    assert!(draw(&empty.run(), None, Audience::Screen).is_empty());
}

#[test]
fn an_arm_without_a_part_has_no_panel_and_another_filter_draws_what_it_names() {
    let mut sample = crowd(3, 50, false);
    sample.subject.figures.truncate(1);
    sample.subject.figures[0].arms = vec!["arm 2".to_owned()];
    let one = draw(&sample.run(), None, Audience::Screen).remove(0);
    assert!(one.text.contains("arm 2: the total") && !one.text.contains("arm 1"), "{}", one.text);
    sample.subject.figures[0].arms.clear();
    let FigureKind::Decomposition { parts, .. } = &mut sample.subject.figures[0].kind else { panic!() };
    parts.push(plotted("nothing"));
    let figures = draw(&sample.run(), None, Audience::Screen);
    assert!(figures.iter().all(|f| !f.stem.starts_with("decomposition")));
}

#[test]
fn parts_that_leave_a_rest_say_so_and_those_that_do_not_add_up_exactly() {
    let mut sample = crowd(1, 50, false);
    let told = |sample: &Sample| draw(&sample.run(), None, Audience::Screen).remove(0);
    let whole = told(&sample);
    assert!(whole.text.contains("add up to the total at each time") && !whole.svg.contains("the rest"));
    let FigureKind::Decomposition { parts, .. } = &mut sample.subject.figures[0].kind else { panic!() };
    parts.pop();
    let rest = told(&sample);
    assert!(rest.text.contains("leave a rest") && rest.svg.contains("the rest, which no part explains"));
}

#[test]
fn texts_say_direction_size_spread_and_who_is_left_out() {
    let sample = crowd(2, 300, false);
    let figures = draw(&sample.run(), None, Audience::Screen);
    let text = |stem: &str| figures.iter().find(|f| f.stem == stem).map(|f| f.text.clone()).unwrap();
    let all = [
        ("decomposition-total", "at the end of exposure"),
        ("decomposition-total", "the middle 90 % of agents lies between"),
        ("phase-portrait-mood-number", "It does not end where it began."),
        ("recovery-back", "30 of 300 (10 %) not by the end of recovery"),
        ("recovery-back", "half by"),
        ("recovery-back-2", "slow (100 agents)"),
        ("archetypes", "EC50 as before, maximum × 0.4"),
        ("archetypes", "no EC50"),
        ("archetypes", "EC50 × 2.5"),
        ("scales", "lower than at the start"),
        ("groups-mood", "usual (200 agents): the median is"),
    ];
    for (stem, needed) in all {
        assert!(text(stem).contains(needed), "{stem}: {needed}\n{}", text(stem));
    }
    for figure in &figures {
        assert!(figure.text.contains("3 of 1,000 agents (0.3 %) failed"), "{}", figure.stem);
        assert!(!figure.text.contains("recovered") && !figure.text.contains("NaN"), "{}", figure.text);
    }
}

#[test]
fn the_share_that_is_not_there_by_the_end_stands_on_the_figure() {
    let sample = crowd(2, 300, false);
    for audience in Audience::ALL {
        let drawn = pictures(&sample.run(), None, audience);
        let recovery = drawn.iter().find(|d| d.stem == "recovery-back").unwrap();
        let all = recovery.picture.marks.iter().map(name_of).collect::<Vec<_>>().join(" ");
        assert!(all.contains("0 % not") && all.contains("10 % not"), "{audience:?} {all}");
        assert!(all.contains("by the end of recovery"), "{audience:?} {all}");
    }
}

#[test]
fn figures_are_kept_in_the_manifest_of_a_run() {
    let subject = crowd(2, 30, false).subject;
    let text = serde_json::to_string(&subject).unwrap();
    assert_eq!(serde_json::from_str::<Subject>(&text).unwrap(), subject);
    let none = serde_json::to_string(&sample::subject()).unwrap();
    assert!(!none.contains("figures") && !none.contains("for_figure"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn odd_tables_never_panic(
        words in proptest::collection::vec(proptest::collection::vec(word(), 9), 1..40),
        numbers in proptest::collection::vec(proptest::collection::vec(number(), 3), 40),
        which in 0usize..6,
    ) {
        let (mut summary, mut assays, mut measures) = (sample::summary_rows(), sample::assay_rows(), sample::measure_rows());
        for (words, numbers) in words.iter().zip(&numbers) {
            summary.push(&[words[0], "all", "d", words[3], "1", "", words[6]], &numbers[..2], 3);
            assays.push(&[words[0], "all", words[2], "d", "D2", words[5], "nM", words[7], "1"], numbers, 3);
            measures.push(&["back", words[1], words[2], words[3], "d"], &numbers[..1], 3);
        }
        let mut subject = sample::subject();
        (subject.arms[0].name, subject.arms[1].name) = ("a".to_owned(), "b".to_owned());
        let panel = PanelSubject { before: "a".to_owned(), after: "b".to_owned(), ..panel("", "a", "D2") };
        let kinds = [
            FigureKind::Decomposition { total: plotted("a"), parts: vec![plotted("b"), plotted("all")] },
            FigureKind::PhasePortrait { x: plotted("a"), y: plotted("b") },
            FigureKind::Recovery { measure: "back".to_owned(), phase: "baseline".to_owned(), by_group: which % 2 == 0 },
            FigureKind::Archetypes { panels: vec![panel] },
            FigureKind::Scales { what: vec![plotted("a"), plotted("b")], by_group: false },
        ];
        subject.figures = kinds.into_iter().map(|kind| FigureSubject { kind, ..FigureSubject::default() }).collect();
        let odd = Sample {
            subject,
            summary: summary.table("summary"),
            assays: assays.table("assays"),
            measures: measures.table("measures"),
        };
        for figure in draw(&odd.run(), Some(&odd.run()), Audience::ALL[which]) {
            prop_assert!(raster::tree(&figure.svg).is_ok(), "{}", figure.svg);
            prop_assert!(!figure.svg.contains("NaN") && !figure.svg.contains("-2147483648"), "{}", figure.stem);
        }
    }
}

/// Writes every figure for every audience where `ALLOSTAT_FIGURES` names a folder (`1`: the system's temporary one).
#[test]
fn asked_figures_can_be_looked_at() {
    let Ok(folder) = std::env::var("ALLOSTAT_FIGURES") else { return };
    let folder = if folder == "1" { std::env::temp_dir().join("allostat-figures") } else { folder.into() };
    let unchanged = crowd(2, 200, false);
    for (name, sample, ghost) in [
        ("asked-two", crowd(2, 300, false), None),
        ("asked-ghost", crowd(3, 300, false), Some(&unchanged)),
        ("asked-six", crowd(6, 300, false), None),
        ("asked-twelve", crowd(12, 40, true), None),
        ("asked-alone", crowd(1, 1, false), None),
    ] {
        let ghost = ghost.map(Sample::run);
        for audience in Audience::ALL {
            let place = folder.join(name).join(audience.name());
            std::fs::create_dir_all(&place).unwrap();
            let figures = draw(&sample.run(), ghost.as_ref(), audience);
            for (figure, png) in figures.iter().zip(pngs(&figures, audience)) {
                std::fs::write(place.join(format!("{}.png", figure.stem)), png.unwrap()).unwrap();
                std::fs::write(place.join(format!("{}.txt", figure.stem)), &figure.text).unwrap();
            }
        }
    }
}
