//! Known answers of graded items, laws of answers, and the addresses of their luck.

use proptest::prelude::*;

use super::*;

fn near(found: f64, exact: f64) {
    assert!((found - exact).abs() < 5e-9, "{found} is not {exact}");
}

/// Category probabilities, expected category and information to the digits of closed forms computed apart.
#[test]
fn an_item_of_four_categories_has_the_known_chances_mean_and_information() {
    let item = Item { discrimination: 2.0, thresholds: vec![-1.0, 0.0, 1.0] };
    for (theta, chances, expected, information) in [
        (0.0, [0.11920292, 0.38079708, 0.38079708, 0.11920292], 1.5, 1.181568498),
        (1.0, [0.01798621, 0.10121671, 0.38079708, 0.5], 2.362810868, 1.091652286),
    ] {
        item.probabilities(theta).into_iter().zip(chances).for_each(|(found, exact)| near(found, exact));
        near(item.expected(theta), expected);
        near(item.information(theta), information);
    }
}

#[test]
fn an_item_of_two_categories_has_the_information_of_a_logistic_curve() {
    let item = Item { discrimination: 1.7, thresholds: vec![0.4] };
    for theta in [-2.0, 0.4, 3.0] {
        let p = item.probabilities(theta)[1];
        near(item.information(theta), 1.7 * 1.7 * p * (1.0 - p));
    }
    assert_eq!(item.information(f64::INFINITY), 0.0);
}

#[test]
fn a_bank_fills_its_ranges_evenly_and_its_parameters_do_not_go_together() {
    for (items, categories) in [(14, 4), (1, 2), (7, 2), (200, 5), (2, 3)] {
        let bank = bank(items, categories, [1.0, 2.5], [-2.0, 2.0]);
        let mut discriminations: Vec<f64> = bank.iter().map(|item| item.discrimination).collect();
        let mut thresholds: Vec<f64> = bank.iter().flat_map(|item| item.thresholds.clone()).collect();
        assert!(
            bank.iter().all(|item| item.thresholds.is_sorted() && item.thresholds.len() == categories - 1)
        );
        for (values, low, high) in [(&mut discriminations, 1.0, 2.5), (&mut thresholds, -2.0, 2.0)] {
            values.sort_by(f64::total_cmp);
            let step = (high - low) / values.len() as f64;
            for (n, value) in values.iter().enumerate() {
                assert!((value - (low + step * (n as f64 + 0.5))).abs() < 1e-12);
            }
        }
    }
    let bank = bank(14, 4, [1.0, 2.5], [-2.0, 2.0]);
    let of: Vec<(f64, f64)> = bank.iter().map(|item| (item.discrimination, item.thresholds[0])).collect();
    let mean = |f: &dyn Fn(&(f64, f64)) -> f64| of.iter().map(f).sum::<f64>() / of.len() as f64;
    let (a, b) = (mean(&|p| p.0), mean(&|p| p.1));
    let cov = mean(&|p| (p.0 - a) * (p.1 - b));
    let size = (mean(&|p| (p.0 - a).powi(2)) * mean(&|p| (p.1 - b).powi(2))).sqrt();
    assert!((cov / size).abs() < 0.3, "{}", cov / size);
}

/// Part of the numerics version: these move only with it.
#[test]
fn the_parameters_of_a_bank_are_frozen() {
    let item = |n: usize| bank(14, 4, [1.0, 2.5], [-2.0, 2.0])[n].clone();
    insta::assert_debug_snapshot!([item(0), item(1)], @r#"
    [
        Item {
            discrimination: 1.0535714285714286,
            thresholds: [
                -1.9523809523809523,
                -0.6190476190476191,
                0.7142857142857144,
            ],
        },
        Item {
            discrimination: 1.1607142857142856,
            thresholds: [
                -1.0952380952380953,
                0.23809523809523814,
                1.5714285714285716,
            ],
        },
    ]
    "#);
}

proptest! {
    #[test]
    fn chances_add_up_and_their_mean_is_the_expected_category(
        a in 0.1f64..5.0, mut b in proptest::collection::vec(-4.0f64..4.0, 1..8), theta in -8.0f64..8.0,
    ) {
        b.sort_by(f64::total_cmp);
        let item = Item { discrimination: a, thresholds: b };
        let chances = item.probabilities(theta);
        prop_assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        prop_assert!(chances.iter().all(|p| *p >= 0.0));
        let mean: f64 = chances.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
        prop_assert!((mean - item.expected(theta)).abs() < 1e-12);
        prop_assert!(item.information(theta) >= 0.0);
    }

    #[test]
    fn an_answer_is_the_inverse_of_the_chances_and_grows_with_the_latent(
        theta in -4.0f64..4.0, more in 0.0f64..2.0, uniform in 1e-9f64..1.0,
    ) {
        let item = Item { discrimination: 1.3, thresholds: vec![-1.5, -0.2, 0.1, 2.0] };
        let category = item.answer(theta, uniform) as usize;
        let above: f64 = item.probabilities(theta)[category + 1..].iter().sum();
        let from: f64 = item.probabilities(theta)[category..].iter().sum();
        prop_assert!(above - 1e-12 <= uniform && uniform <= from + 1e-12);
        prop_assert!(item.answer(theta + more, uniform) >= category as f64);
    }

    #[test]
    fn a_mark_lies_on_the_line_as_often_rounded_and_away_from_its_ends_as_stated(
        latent in -1.0f64..2.0, score in -4.0f64..4.0, rounding in 1u8..30, aversion in 0.0f64..0.9,
    ) {
        let line = |rounding: f64, end_aversion: f64| VisualAnalogue { sd: 7.0, rounding, end_aversion };
        let plain = line(0.0, 0.0).mark(latent, score);
        prop_assert!((0.0..=100.0).contains(&plain));
        let rounding = f64::from(rounding);
        let rounded = line(rounding, 0.0).mark(latent, score);
        prop_assert!(rounded == 100.0 || rounded % rounding == 0.0);
        prop_assert!((rounded - plain).abs() <= rounding / 2.0 + 1e-9);
        let shy = line(0.0, aversion).mark(latent, score);
        prop_assert!((50.0 * aversion - 1e-9..=100.0 - 50.0 * aversion + 1e-9).contains(&shy));
    }
}

fn questionnaire(scoring: Scoring) -> Instrument {
    let items = bank(14, 4, [1.0, 2.5], [-2.0, 2.0]);
    Instrument::new("scale", None, Scale::Questionnaire(Questionnaire { items, scoring }))
}

#[test]
fn a_score_is_the_sum_of_its_items_and_stays_in_its_range() {
    for scoring in [Scoring::Sum, Scoring::Count] {
        let instrument = questionnaire(scoring);
        let Scale::Questionnaire(of) = &instrument.scale else { panic!() };
        let keys = instrument.keys(5);
        assert_eq!((of.most(), instrument.items()), (if scoring == Scoring::Sum { 42 } else { 14 }, 14));
        for agent in 0..200 {
            let theta = agent as f64 / 50.0 - 2.0;
            let shown = |asked| instrument.shown(&keys, asked, theta, agent, 3_600_000_000);
            let items: Vec<f64> = (0..14).map(|item| shown(Asked::Item(item))).collect();
            assert_eq!(shown(Asked::Whole), items.iter().sum::<f64>());
            let most = if scoring == Scoring::Sum { 3.0 } else { 1.0 };
            assert!(items.iter().all(|item| (0.0..=most).contains(item)));
        }
    }
}

#[test]
fn the_upper_half_counts_and_the_middle_of_an_odd_number_does_not() {
    let of = |categories| Questionnaire {
        items: bank(1, categories, [1.0; 2], [0.0; 2]),
        scoring: Scoring::Count,
    };
    let counted = |n: usize| (0..n).map(|k| of(n).counted(0, k as f64)).collect::<Vec<_>>();
    assert_eq!(counted(4), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(counted(5), [0.0, 0.0, 0.0, 1.0, 1.0]);
    assert_eq!(counted(2), [0.0, 1.0]);
}

#[test]
fn what_has_no_number_has_no_answer_and_what_is_infinite_the_outermost() {
    let line = VisualAnalogue { sd: 7.0, rounding: 5.0, end_aversion: 0.1 };
    let line = Instrument::new("line", None, Scale::VisualAnalogue(line));
    for (instrument, ends) in [
        (questionnaire(Scoring::Sum), [0.0, 42.0]),
        (questionnaire(Scoring::Count), [0.0, 14.0]),
        (line, [5.0, 95.0]),
    ] {
        let keys = instrument.keys(1);
        let of = |latent| instrument.shown(&keys, Asked::Whole, latent, 7, 0);
        assert_eq!([of(f64::NEG_INFINITY), of(f64::INFINITY)], ends);
        assert_eq!(of(f64::NAN).to_bits(), f64::NAN.to_bits());
    }
}

/// Answers differ between items, visits, agents, seeds, names and arms with luck of their own; nothing else moves them.
#[test]
fn instruments_items_visits_and_agents_share_no_luck() {
    let items = vec![bank(1, 100, [1.0; 2], [-4.0, 4.0]).remove(0); 2];
    let scale = || Scale::Questionnaire(Questionnaire { items: items.clone(), scoring: Scoring::Sum });
    let all = |instrument: &Instrument, seed, asked, agent: u64, at| -> Vec<f64> {
        let keys = instrument.keys(seed);
        (0..50).map(|n| instrument.shown(&keys, asked, 0.0, agent + n, at)).collect()
    };
    let one = Instrument::new("a", None, scale());
    let first = all(&one, 1, Asked::Item(0), 0, 60);
    assert_eq!(first, all(&Instrument::new("a", None, scale()), 1, Asked::Item(0), 0, 60));
    for other in [
        all(&one, 1, Asked::Item(1), 0, 60),
        all(&one, 2, Asked::Item(0), 0, 60),
        all(&one, 1, Asked::Item(0), 50, 60),
        all(&one, 1, Asked::Item(0), 0, 61),
        all(&Instrument::new("b", None, scale()), 1, Asked::Item(0), 0, 60),
        all(&Instrument::new("a", Some("rest"), scale()), 1, Asked::Item(0), 0, 60),
    ] {
        let same = first.iter().zip(&other).filter(|(a, b)| a == b).count();
        assert!(same < 10, "{same} of 50 agree");
    }
}

#[test]
fn the_address_of_an_answer_is_frozen() {
    let instrument = questionnaire(Scoring::Sum);
    let keys = instrument.keys(7);
    let answers: Vec<f64> =
        (0..14).map(|n| instrument.shown(&keys, Asked::Item(n), 0.3, 57, 86_400_000_000)).collect();
    insta::assert_compact_debug_snapshot!(answers, @r#"[2.0, 1.0, 2.0, 3.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0, 2.0, 1.0, 2.0, 1.0]"#);
}
