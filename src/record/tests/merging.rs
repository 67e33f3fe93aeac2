//! The same blocks give the same bits, whoever adds them and in whatever order.

use proptest::prelude::*;

use super::*;

fn numbers() -> impl Strategy<Value = Vec<f64>> {
    let number = prop_oneof![
        4 => -1.0f64..1e3,
        1 => any::<f64>(),
        1 => proptest::sample::select(vec![0.0, -0.0, f64::NAN, 5e-324, f64::MAX, -1e200, 1e-200]),
    ];
    proptest::collection::vec(number, 0..500)
}

proptest! {
    #[test]
    fn any_grouping_and_order_of_merges_gives_the_same_bits(values in numbers(), keep in any::<bool>(), owners in proptest::collection::vec(0usize..4, 8), order in Just((0..4usize).collect::<Vec<_>>()).prop_shuffle(), pairs in any::<bool>()) {
        let whole = reduced(&values, keep);
        let mut parts = vec![Reduction::new(keep); 4];
        for (n, (lanes, mask)) in blocks(&values).iter().enumerate().rev() {
            parts[owners[n]].add(lanes, *mask);
        }
        let mut merged = Reduction::new(keep);
        if pairs {
            for pair in order.chunks(2) {
                let mut both = parts[pair[0]].clone();
                both.merge(&parts[pair[1]]);
                merged.merge(&both);
            }
        } else {
            order.iter().for_each(|part| merged.merge(&parts[*part]));
        }
        prop_assert_eq!(bits(&merged), bits(&whole));
    }

    #[test]
    fn batches_of_any_size_give_the_bits_of_single_blocks(values in numbers(), keep in any::<bool>(), cuts in proptest::collection::vec(1usize..9, 1..9)) {
        let mut found = Reduction::new(keep);
        let mut batch = Batch::default();
        let blocks = blocks(&values);
        let (mut cuts, mut left) = (cuts.iter().cycle(), blocks.as_slice());
        while !left.is_empty() {
            let (now, later) = left.split_at(left.len().min(*cuts.next().unwrap()));
            batch.clear();
            now.iter().for_each(|(lanes, mask)| batch.push(&lanes.0, *mask));
            found.add_all(&mut batch);
            left = later;
        }
        prop_assert_eq!(bits(&found), bits(&reduced(&values, keep)));
    }

    #[test]
    fn lanes_count_for_themselves_whatever_block_they_stand_in(values in proptest::collection::vec(any::<f64>(), 1..200), keep in any::<bool>(), cut in 0usize..200) {
        let (left, right) = values.split_at(cut.min(values.len()));
        let mut parts = reduced(right, keep);
        parts.merge(&reduced(left, keep));
        prop_assert_eq!(bits(&parts), bits(&reduced(&values, keep)));
    }

    #[test]
    fn only_masked_lanes_are_counted_and_nan_is_missing(mask in any::<u64>(), holes in any::<u64>()) {
        let lanes = Lanes(std::array::from_fn(|lane| if holes >> lane & 1 == 1 { f64::NAN } else { lane as f64 }));
        let mut found = Reduction::new(true);
        found.add(&lanes, mask);
        let there: Vec<f64> = (0..LANES).filter(|lane| mask & !holes & 1 << lane != 0).map(|lane| lane as f64).collect();
        let same = reduced(&there, true);
        prop_assert_eq!(found.n(), there.len() as u64);
        prop_assert_eq!(found.missing(), u64::from((mask & holes).count_ones()));
        prop_assert_eq!(&bits(&found)[..11], &bits(&same)[..11]);
    }
}

#[test]
fn nothing_has_no_mean_no_ends_and_no_quantile() {
    for keep in [true, false] {
        let nothing = reduced(&[f64::NAN; 3], keep);
        assert_eq!((nothing.n(), nothing.missing(), nothing.exact()), (0, 3, keep));
        let numbers = [nothing.mean(), nothing.sd(), nothing.min(), nothing.max(), nothing.quantile(0.5)];
        assert!(numbers.iter().all(|x| x.is_nan()));
    }
    assert!(!Reduction::default().exact());
}
