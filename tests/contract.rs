//! Same bits, always: an agent's life does not depend on threads, population, shards or on what is recorded.

mod common;

use allostat::engine::{Collected, Engine, Moment, Plan, Reduce, Series, Side, Tap, Window, blocks};
use common::{Setting, bits, drive, models, plan};

fn driven(agents: u64) -> Vec<(String, Plan)> {
    let setting = |model| Setting { agents, drive: Some(drive(model)), ..Setting::default() };
    models().iter().map(|model| (model.name.clone(), plan(model, &setting(model)))).collect()
}

fn run(plan: &Plan) -> Collected {
    Engine::new(plan).unwrap().run(0..blocks(plan.population.agents), &|_| {})
}

/// Bits of all numbers over agents.
fn reduced(collected: &Collected) -> Vec<u64> {
    let series = collected.series.iter().flatten().flatten().flatten();
    series
        .flat_map(|r| [r.mean(), r.sd(), r.min(), r.max(), r.quantile(0.05), r.quantile(0.5), r.n() as f64])
        .map(f64::to_bits)
        .collect()
}

fn lives(collected: &Collected) -> Vec<Vec<u64>> {
    collected.traces.iter().map(bits).collect()
}

#[test]
fn one_thread_and_many_give_the_same_bits() {
    for (name, plan) in driven(300) {
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| run(&plan))
        };
        let one = on(1);
        for threads in [2, 3, 8] {
            let many = on(threads);
            assert_eq!(lives(&one), lives(&many), "{name} on {threads}");
            assert_eq!(reduced(&one), reduced(&many), "{name} on {threads}");
        }
    }
}

#[test]
fn the_first_agents_of_a_large_population_are_those_of_a_small_one() {
    for ((name, small), (_, mut large)) in driven(100).into_iter().zip(driven(10_000)) {
        large.traced = small.traced.clone();
        large.arms[0].phases.truncate(2);
        let mut small = small;
        small.arms[0].phases.truncate(2);
        for plan in [&mut small, &mut large] {
            let end = plan.arms[0].phases[1].when.end;
            plan.arms[0].series.iter_mut().for_each(|s| s.times.retain(|at| *at <= end));
        }
        assert_eq!(lives(&run(&small)), lives(&run(&large)), "{name}");
    }
}

#[test]
fn shards_merged_in_any_grouping_give_the_bits_of_one_run() {
    for (name, plan) in driven(64 * 7 + 5) {
        let engine = Engine::new(&plan).unwrap();
        let shard = |from: u64, to: u64| engine.run(from..to, &|_| {});
        let whole = shard(0, 8);
        let mut seven = Collected::default();
        for n in [3, 0, 6, 1, 5, 2, 4] {
            let part = shard(n, if n == 6 { 8 } else { n + 1 });
            if n == 3 { seven = part } else { seven.merge(part) }
        }
        let mut right = shard(5, 8);
        right.merge(shard(2, 5));
        let mut two = shard(0, 2);
        two.merge(right);
        for parts in [seven, two] {
            assert_eq!(reduced(&whole), reduced(&parts), "{name}");
            assert_eq!(lives(&whole), lives(&parts), "{name}");
            assert_eq!(whole.cost, parts.cost, "{name}");
        }
    }
}

#[test]
fn what_is_recorded_moves_no_bit() {
    for (name, plan) in driven(80) {
        let end = plan.arms[0].phases[2].when.end;
        let mut busy = plan.clone();
        let arm = &mut busy.arms[0];
        let finer: Vec<i64> = (1..=997).map(|n| end / 997 * n).collect();
        for watched in 0..arm.system.watched.len() {
            for window in [None, Some((end / 997, Window::Mean)), Some((end / 300, Window::Max))] {
                let times =
                    finer.iter().copied().filter(|at| window.is_none_or(|(width, _)| *at >= width)).collect();
                arm.series.push(Series { watched, window, times, against: None });
            }
            arm.taps.push(Tap::At { watched, moment: Moment { at: end / 3, side: Side::After } });
            arm.taps.push(Tap::Over { watched, from: end / 5, to: end, reduce: Reduce::HalfTime });
        }
        let own = plan.arms[0].series.len();
        let few = run(&plan);
        let many = run(&busy);
        assert_eq!(few.cost, many.cost, "{name}");
        for (one, other) in few.traces.iter().zip(&many.traces) {
            for series in 0..own {
                let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&one.values[series]), bits(&other.values[series]), "{name}");
            }
        }
    }
}
