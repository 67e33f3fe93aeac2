//! Reductions as bytes.

use proptest::prelude::*;

use super::super::bytes::Reader;
use super::*;

fn written(of: &Reduction) -> Vec<u8> {
    let mut bytes = Vec::new();
    of.write(&mut bytes);
    bytes
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), -2.0f64..2.0, proptest::sample::select(vec![0.0, -0.0, 1.0, 1e300, f64::NAN])]
}

proptest! {
    #[test]
    fn what_was_written_reads_back_equal_and_merges_equal(values in proptest::collection::vec(value(), 0..600), cut in 0usize..600, keep in any::<bool>()) {
        let (left, right) = values.split_at(cut.min(values.len()));
        let (whole, mut left, right) = (reduced(&values, keep), reduced(left, keep), reduced(right, keep));
        for of in [&whole, &left, &right] {
            let bytes = written(of);
            let mut reader = Reader(&bytes);
            let back = Reduction::read(&mut reader).unwrap();
            prop_assert!(reader.0.is_empty());
            prop_assert_eq!((bits(&back), back.exact()), (bits(of), keep));
            prop_assert_eq!(written(&back), bytes);
        }
        let back = Reduction::read(&mut Reader(&written(&right))).unwrap();
        left.merge(&back);
        prop_assert_eq!((bits(&left), written(&left)), (bits(&whole), written(&whole)));
    }

    #[test]
    fn no_bytes_make_a_reduction_panic(values in proptest::collection::vec(value(), 0..100), keep in any::<bool>(), changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4), cut in any::<prop::sample::Index>()) {
        let good = reduced(&values, keep);
        let mut bytes = written(&good);
        for (at, to) in changes {
            let at = at.index(bytes.len());
            bytes[at] = to;
        }
        bytes.truncate(cut.index(bytes.len() + 1).max(bytes.len() / 2));
        if let Some(mut read) = Reduction::read(&mut Reader(&bytes)) {
            let _ = bits(&read);
            if read.exact() == keep {
                read.merge(&good);
                let _ = bits(&read);
            }
            let _ = written(&read);
        }
    }
}

#[test]
fn a_counted_part_is_small_and_a_cell_of_millions_reads_back() {
    let mut many = Reduction::new(false);
    let lanes = Lanes([1.5; LANES]);
    (0..20_000).for_each(|_| many.add(&lanes, u64::MAX));
    let mut all = many.clone();
    (0..6).for_each(|_| all.merge(&all.clone()));
    let bytes = written(&all);
    assert!(bytes.len() < 100, "{}", bytes.len());
    let back = Reduction::read(&mut Reader(&bytes)).unwrap();
    assert_eq!((bits(&back), back.n()), (bits(&all), 64 * 20_000 * 64));
}
