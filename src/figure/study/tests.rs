//! Laws of the figures of a study: whatever the tables hold, they are drawn, inside of their pictures, the same each time.

use super::sample::sample;
use super::*;
use crate::figure::png;
use crate::table::{Column, Data};

#[test]
fn no_factor_one_factor_and_thirty_are_drawn_for_every_audience() {
    for audience in Audience::ALL {
        for factors in [0, 1, 2, 30] {
            let figures = sample(factors, 200).draw(audience);
            let kinds: Vec<&str> = figures.iter().map(|f| f.stem.split('-').next().unwrap_or("")).collect();
            assert!(kinds.contains(&"robustness"), "{kinds:?}");
            let expected: &[&str] = match factors {
                0 => &["robustness"],
                1 => &["sobol", "prcc", "shares", "effects", "local", "morris", "response"],
                _ => &[
                    "sobol", "pairs", "prcc", "shares", "effects", "local", "morris", "response", "map",
                    "holds",
                ],
            };
            assert!(expected.iter().all(|kind| kinds.contains(kind)), "{audience:?} {factors}: {kinds:?}");
            for figure in &figures {
                assert!(figure.svg.starts_with("<svg") && !figure.svg.contains("NaN"), "{}", figure.stem);
                assert!(figure.svg.contains("Illustrative model"), "{}", figure.stem);
                assert!(!figure.text.contains("NaN") && !figure.text.is_empty(), "{}", figure.text);
            }
        }
    }
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    let (once, again) = (sample(6, 3000).draw(Audience::Screen), sample(6, 3000).draw(Audience::Screen));
    assert!(once == again && once.len() > 6);
    for figure in sample(3, 100).draw(Audience::Paper85) {
        assert!(png(&figure.svg, Audience::Paper85).is_ok(), "{}", figure.stem);
    }
}

#[test]
fn what_may_as_well_be_nothing_is_said_in_words() {
    for figure in sample(30, 300).draw(Audience::Screen) {
        let kind = figure.stem.split('-').next().unwrap_or("");
        if ["sobol", "prcc", "shares", "effects", "morris"].contains(&kind) {
            assert!(figure.text.contains("Not distinguishable from zero: "), "{}", figure.text);
            assert!(figure.svg.contains("not distinguishable from zero"), "{kind}");
            assert!(figure.text.contains("931 of 1,024"), "{}", figure.text);
        }
        if ["response", "map"].contains(&kind) {
            assert!(figure.text.contains("had no value and are left out"), "{}", figure.text);
        }
    }
}

#[test]
fn values_of_a_list_have_their_cells_in_the_boundary_of_a_claim() {
    let mut sample = sample(2, 30);
    let levels = [10.0, 20.0, 40.0];
    sample.subject.factors[1].span = FactorSpan::Numbers(levels.to_vec());
    let of = |column: &str| match column {
        "first_low" => [1.0; 3],
        "first_high" => [2.0; 3],
        "second_low" | "second_high" => levels,
        "holds" => [0.0, 0.6, 1.0],
        _ => [7.0; 3],
    };
    for column in &mut sample.boundary.columns {
        match &mut column.data {
            Data::Number(values) => *values = of(&column.name).to_vec(),
            Data::Text(values) => values.truncate(3),
            Data::Whole(_) => {}
        }
    }
    let figures = sample.draw(Audience::Screen);
    let text = &figures.iter().find(|figure| figure.stem == "holds-falls").unwrap().text;
    assert!(text.contains("in 2 of 3 cells") && text.contains("From 21 points."), "{text}");
    assert!(text.contains("kon 10 1/min") && text.contains("kon 40 1/min"), "{text}");
}

#[test]
fn an_index_without_an_estimate_says_why() {
    let mut sample = sample(3, 50);
    for column in &mut sample.indices.columns {
        match (&mut column.data, column.name.as_str()) {
            // Of the second factor.
            (Data::Number(values), "value" | "low" | "high") => values[8..16].fill(f64::NAN),
            (Data::Text(values), "verdict") => values[8..16].fill(Some("no variance".to_owned())),
            _ => {}
        }
    }
    let figures = sample.draw(Audience::Screen);
    let sobol = figures.iter().find(|figure| figure.stem == "sobol-fall").unwrap();
    assert!(sobol.text.contains("kon: no variance.") && sobol.svg.contains("no variance"), "{}", sobol.text);
}

#[test]
fn a_table_without_a_single_value_is_left_out() {
    let mut sample = sample(3, 50);
    let tables = [
        &mut sample.points,
        &mut sample.indices,
        &mut sample.dropped,
        &mut sample.robustness,
        &mut sample.boundary,
    ];
    for table in tables {
        for column in &mut table.columns {
            if let Data::Number(values) = &mut column.data {
                values.fill(f64::NAN);
            }
        }
    }
    let figures = sample.draw(Audience::Screen);
    let stems: Vec<&str> = figures.iter().map(|figure| figure.stem.as_str()).collect();
    assert_eq!(stems, ["robustness"]);
    assert!(figures[0].text.contains("no points") && !figures[0].svg.contains("NaN"));
}

#[test]
fn infinite_and_huge_values_are_drawn() {
    let mut sample = sample(2, 60);
    for column in &mut sample.points.columns {
        if let (Data::Number(values), "fall") = (&mut column.data, column.name.as_str()) {
            values[3] = f64::INFINITY;
            values[4] = 1e300;
        }
    }
    assert!(sample.draw(Audience::Screen).iter().all(|figure| !figure.svg.contains("NaN")));
}

#[test]
fn long_names_and_texts_stay_inside_of_the_picture() {
    let long = "a name that goes on and on without any regard for whoever has to set it in type ".repeat(4);
    let mut sample = sample(3, 120);
    for (n, factor) in sample.subject.factors.iter_mut().enumerate() {
        factor.doc = format!("{long} {n}");
    }
    sample.subject.outputs[0].doc = long.clone();
    let texts: Vec<String> = (0..7).map(|n| format!("{n} {long}")).collect();
    sample.subject.factors[1].span = FactorSpan::Texts(texts.clone());
    let data = Data::Text((0..120).map(|n| Some(texts[n % 7].clone())).collect());
    sample.points.columns[2] = Column::new("kon", "", data);
    for audience in Audience::ALL {
        let theme = audience.theme();
        let reading = Reading {
            subject: &sample.subject,
            points: points::Points::of(&sample.subject, &sample.points),
            indices: indices::Indices::of(&sample.indices),
            dropped: &sample.dropped,
            robustness: &sample.robustness,
            boundary: &sample.boundary,
        };
        let kinds = [
            robustness::figures(&theme, &reading),
            sobol::figures(&theme, &reading),
            pairs::figures(&theme, &reading),
            tornado::figures(&theme, &reading),
            morris::figures(&theme, &reading),
            response::figures(&theme, &reading),
            heat::figures(&theme, &reading),
            failing::figures(&theme, &reading),
        ];
        for drawn in kinds.iter().flatten() {
            let picture = &drawn.picture;
            for mark in &picture.marks {
                if let Some(r) = mark.text_box() {
                    let inside = r.left >= -0.5
                        && r.right <= picture.width + 0.5
                        && r.top >= -0.5
                        && r.bottom <= picture.height + 0.5;
                    assert!(inside, "{audience:?} {}: {mark:?} {r:?}", drawn.stem);
                }
            }
        }
    }
}

#[test]
fn names_in_the_plane_of_elementary_effects_cover_neither_each_other_nor_a_spot() {
    let sample = sample(30, 10);
    let reading = Reading {
        subject: &sample.subject,
        points: points::Points::of(&sample.subject, &sample.points),
        indices: indices::Indices::of(&sample.indices),
        dropped: &sample.dropped,
        robustness: &sample.robustness,
        boundary: &sample.boundary,
    };
    for audience in [Audience::Screen, Audience::Paper180] {
        let drawn = morris::figures(&audience.theme(), &reading).remove(0);
        let named = |mark: &&super::super::canvas::Mark| match mark {
            super::super::canvas::Mark::Text { text, .. } => {
                sample.subject.factors.iter().any(|factor| factor.name == *text)
            }
            _ => false,
        };
        let boxes: Vec<_> = drawn.picture.marks.iter().filter(named).filter_map(|m| m.text_box()).collect();
        assert!(boxes.len() >= 6, "those that can be told from nothing are named: {}", boxes.len());
        assert!(boxes.len() < 30 && drawn.text.contains("found no room"), "{}", drawn.text);
        for (i, a) in boxes.iter().enumerate() {
            for b in &boxes[..i] {
                let (wide, high) =
                    (a.right.min(b.right) - a.left.max(b.left), a.bottom.min(b.bottom) - a.top.max(b.top));
                assert!(wide <= 0.5 || high <= 0.3 * (a.bottom - a.top), "{audience:?}: {a:?} {b:?}");
            }
        }
    }
}

#[test]
fn a_claim_that_holds_everywhere_is_not_drawn_along_its_factors() {
    let mut sample = sample(3, 200);
    let stems = |sample: &super::sample::Sample| -> Vec<String> {
        sample.draw(Audience::Screen).into_iter().map(|figure| figure.stem).collect()
    };
    assert!(!stems(&sample).contains(&"response-holds-falls".to_owned()), "its boundary is drawn");
    sample.boundary = Table::default();
    assert!(stems(&sample).contains(&"response-holds-falls".to_owned()));
    let column = sample.points.columns.iter_mut().find(|column| column.name == "holds falls").unwrap();
    column.data = Data::Number(vec![1.0; 200]);
    assert!(!stems(&sample).contains(&"response-holds-falls".to_owned()));
}

#[test]
fn words_say_the_direction_of_what_moves_beyond_chance_and_of_nothing_else() {
    let figures = sample(6, 3000).draw(Audience::Screen);
    let text = &figures.iter().find(|figure| figure.stem == "response-fall").unwrap().text;
    assert!(text.contains("Basal removal of the receptor, kdeg: the median falls from"), "{text}");
    assert!(text.contains("Synthesis, ksyn: the median does not move beyond chance"), "{text}");
}

#[test]
fn pairs_are_named_where_they_interact_and_are_no_number_where_chance_would_do() {
    for factors in [2, 6, 12] {
        for audience in Audience::ALL {
            let figures = sample(factors, 100).draw(audience);
            let pairs = figures.iter().find(|figure| figure.stem == "pairs-fall").unwrap();
            let first =
                "Basal removal of the receptor, kdeg with binding of agonist, kon: 0.2 (0.17 to 0.23).";
            assert!(pairs.text.contains(first), "{}", pairs.text);
            assert!(pairs.svg.contains("0.20") && !pairs.svg.contains("-0.0") && !pairs.svg.contains("−0.0"));
            let others = pairs.text.contains("not distinguishable from zero");
            assert_eq!((others, pairs.svg.contains(indices::NOTHING)), (factors > 2, factors > 2));
            assert!(audience == Audience::Slide || !pairs.svg.contains("are shown here"), "{audience:?}");
        }
    }
    let mut none = sample(3, 100);
    for column in &mut none.indices.columns {
        match (&mut column.data, column.name.as_str()) {
            (Data::Number(values), "low") => values.fill(-0.5),
            (Data::Number(values), "high") => values.fill(0.5),
            _ => {}
        }
    }
    let figures = none.draw(Audience::Screen);
    let pairs = figures.iter().find(|figure| figure.stem == "pairs-fall").unwrap();
    assert!(pairs.text.contains("None of 3 pairs interacts beyond chance"), "{}", pairs.text);
}

#[test]
fn no_text_of_a_triangle_of_pairs_covers_another() {
    for factors in [2, 3, 5, 8, 12, 30] {
        let sample = sample(factors, 10);
        let reading = Reading {
            subject: &sample.subject,
            points: points::Points::of(&sample.subject, &sample.points),
            indices: indices::Indices::of(&sample.indices),
            dropped: &sample.dropped,
            robustness: &sample.robustness,
            boundary: &sample.boundary,
        };
        for audience in Audience::ALL {
            let drawn = pairs::figures(&audience.theme(), &reading).remove(0);
            let boxes: Vec<_> = drawn.picture.marks.iter().filter_map(|mark| mark.text_box()).collect();
            for (i, a) in boxes.iter().enumerate() {
                for b in &boxes[..i] {
                    let (wide, high) = (
                        a.right.min(b.right) - a.left.max(b.left),
                        a.bottom.min(b.bottom) - a.top.max(b.top),
                    );
                    let apart = wide <= 0.5 || high <= 0.3 * (a.bottom - a.top);
                    assert!(apart, "{audience:?} {factors}: {a:?} {b:?}");
                }
            }
        }
    }
}

#[test]
fn failed_points_are_placed_along_each_factor_and_only_where_some_failed() {
    let of = |sample: &super::sample::Sample| {
        let figures = sample.draw(Audience::Screen).into_iter();
        figures.filter(|figure| figure.stem.starts_with("failed")).collect::<Vec<Figure>>()
    };
    let mut some = sample(3, 1000);
    let figures = of(&some);
    assert_eq!(figures.len(), 1, "both outputs lack the same points");
    let (text, svg) = (&figures[0].text, &figures[0].svg);
    assert!(text.contains(" of 1,000 points (") && text.contains("have no numbers."), "{text}");
    // A tenth of what is not in the corner, and all of the corner: 0.09 + 0.91·0.4 = 0.455 beyond three quarters of 0.5 to 4 1/min.
    assert!(text.contains("kdeg: they lie elsewhere than the others, median 3.48 1/min"), "{text}");
    assert!(text.contains("1/min to 4 1/min, and least"), "{text}");
    assert!(text.contains("not distinguishable from the others: unbinding, koff."), "{text}");
    assert!(svg.contains("share of points with no numbers (%)") && svg.contains("koff (1/min)"));
    for column in &mut some.points.columns {
        if let (Data::Number(values), "holds falls") = (&mut column.data, column.name.as_str()) {
            values.fill(1.0);
        }
    }
    let figures = of(&some);
    assert_eq!(figures.len(), 1);
    assert!(figures[0].text.contains("have no value of change of receptor number"), "{}", figures[0].text);
    for fill in [0.5, f64::NAN] {
        for column in &mut some.points.columns {
            if let (Data::Number(values), "fall" | "holds falls") = (&mut column.data, column.name.as_str()) {
                values.fill(fill);
            }
        }
        assert!(of(&some).is_empty(), "none failed, or all did");
    }
}

#[test]
fn points_of_a_block_count_as_one_where_they_fail() {
    let upper = |block: u64| {
        let mut sample = sample(1, 400);
        sample.subject.block = block;
        let reading = Reading {
            subject: &sample.subject,
            points: points::Points::of(&sample.subject, &sample.points),
            indices: indices::Indices::of(&sample.indices),
            dropped: &sample.dropped,
            robustness: &sample.robustness,
            boundary: &sample.boundary,
        };
        failing::figures(&Audience::Screen.theme(), &reading).remove(0).picture.marks.len()
    };
    assert!(upper(1) > upper(20), "fewer steps");
}

/// Writes every kind of figure into the folder that `ALLOSTAT_LOOK` names, for eyes.
#[test]
fn figures_are_written_for_eyes_where_a_folder_is_named() {
    let Ok(folder) = std::env::var("ALLOSTAT_LOOK") else { return };
    for audience in Audience::ALL {
        for (factors, points) in [(2, 300), (6, 3000), (12, 600), (30, 400)] {
            for figure in sample(factors, points).draw(audience) {
                let name = format!("{folder}/{}-{factors}-{}.png", audience.name(), figure.stem);
                std::fs::write(name, png(&figure.svg, audience).unwrap()).unwrap();
            }
        }
    }
}
