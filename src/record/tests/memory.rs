//! What the docstring of `Reduction` says of memory.

use super::*;

fn bytes(of: &Reduction) -> usize {
    size_of::<Reduction>() + of.moments.bytes() + of.values.bytes()
}

fn of_batches(values: &[f64], times: usize, keep: bool) -> Reduction {
    let mut reduction = Reduction::new(keep);
    let mut batch = Batch::default();
    values.chunks(LANES).for_each(|chunk| {
        let lanes = std::array::from_fn(|lane| chunk.get(lane).copied().unwrap_or(0.0));
        batch.push(&lanes, u64::MAX >> (LANES - chunk.len()));
    });
    (0..times).for_each(|_| reduction.add_all(&mut batch));
    reduction
}

fn log_normal(count: usize, spread: f64) -> Vec<f64> {
    let of = |n: usize| crate::math::normal_quantile((n as f64 + 0.5) / count as f64);
    (0..count).map(|n| (spread * of(n)).exp()).collect()
}

#[test]
fn sums_take_less_than_500_bytes_where_values_are_of_one_size() {
    for scale in [1e-300, 1.0, 1e300] {
        let values: Vec<f64> = log_normal(10_000, 1.0).iter().map(|x| scale * x).collect();
        let kept = of_batches(&values, 1, true);
        assert!(bytes(&kept) - kept.values.bytes() < 500, "{}", bytes(&kept));
        assert!((80_000..160_000).contains(&kept.values.bytes()));
    }
}

#[test]
fn counts_take_as_much_as_is_said_however_many_agents_there_are() {
    let values = log_normal(20_000, 0.3);
    let pages = |x: f64| (x.log2() * 16.0).ceil();
    let pages = pages(values[values.len() - 1] / values[0]) + 1.0;
    let most = |times: usize| 500.0 + 1024.0 + pages * if times == 1 { 300.0 } else { 900.0 };
    let sizes = [1, 50, 500].map(|times| {
        let found = bytes(&of_batches(&values, times, false));
        assert!(found as f64 <= most(times), "{times}: {found}");
        found
    });
    assert!(sizes[2] <= sizes[1] + 600 * pages as usize, "{sizes:?}");
    let same = [1.0; 64];
    assert!(bytes(&of_batches(&same, 1, false)) < 500 + 1024 + 300);
}
