//! Same bits, always: an agent's life does not depend on threads, population, shards or on what is recorded.

mod common;

use std::sync::Arc;

use allostat::engine::{
    Assay, Challenge, Collected, Cost, Engine, Form, Metric, Moment, Phase, Plan, Read, Reduce, Response,
    Series, Side, System, Tap, Window, blocks, levels,
};
use allostat::model::Model;
use allostat::stimulus::Interval;
use common::{Setting, Shape, bits, drive, model, models, plan};

/// All built-in models, and last one whose parts differ in speed: binding in a second, number over weeks.
fn subjects() -> Vec<Model> {
    let text = include_str!("../benches/scenarios/binding_to_number.toml");
    models().into_iter().chain([model(STIFF, text)]).collect()
}

const STIFF: &str = "binding_to_number";

fn shaped(agents: u64, shape: Shape) -> Vec<(String, Plan)> {
    let setting = |model: &Model| Setting { agents, drive: Some(drive(model)), shape, ..Setting::default() };
    let named = |model: &Model| (format!("{} {shape:?}", model.name), plan(model, &setting(model)));
    subjects().iter().map(named).collect()
}

/// All models under pulses and under random events, of levels that differ between agents, and some under constants.
fn driven(agents: u64) -> Vec<(String, Plan)> {
    let mut plans = shaped(agents, Shape::Pulses);
    plans.extend(shaped(agents, Shape::Events));
    plans.extend(shaped(agents, Shape::Constant).into_iter().take(2));
    plans.push(probed(agents));
    plans
}

/// Receptor turnover under pulses, and a switch, with a response of each form: a curve, metrics and an effect.
fn probed(agents: u64) -> (String, Plan) {
    let model = models().into_iter().find(|model| model.name == "turnover_binding").unwrap();
    let drive = Some(drive(&model));
    let mut plan = plan(&model, &Setting { agents, drive, shape: Shape::Pulses, ..Setting::default() });
    let arm = &mut plan.arms[0];
    let at = arm.phases[1].when.end;
    let system: &mut System = Arc::make_mut(&mut arm.system);
    let complex = system.arena.sym(system.states[1]);
    let level = system.arena.constant(3.0);
    let (range, moment) = ([1e-2, 1e3], Moment { at, side: Side::Before });
    let length = at / 20;
    let forms = [
        Form::Acute,
        Form::Chronic,
        Form::Challenge(Challenge { length, read: Read::Max, inputs: Vec::new() }),
    ];
    for (response, form) in forms.into_iter().enumerate() {
        let probe = system.inputs[0];
        let input = system.arena.sym(probe);
        let acute = form == Form::Acute;
        let value = if acute {
            system.arena.binary(allostat::expression::Operator::Mul, complex, input)
        } else {
            complex
        };
        system.responses.push(Response {
            probe,
            value,
            bottom: None,
            top: None,
            current: Some(input),
            range,
            form,
            from_rest: false,
        });
        arm.assays.push(Assay { response, moment, levels: levels(range, 5) });
        arm.taps.extend(Metric::ALL.map(|metric| Tap::Metric { assay: response, metric }));
        arm.taps.push(Tap::Effect { response, moment, level });
    }
    let given = (0..arm.taps.len()).map(|tap| (plan.outcomes.arena.symbol(&format!("tap {tap}")), 0, tap));
    plan.outcomes.given = given.collect();
    plan.outcomes.values = (0..15).map(|tap| plan.outcomes.arena.named(&format!("tap {tap}"))).collect();
    ("turnover_binding probed".to_owned(), plan)
}

fn run(plan: &Plan) -> Collected {
    Engine::new(plan).unwrap().run(0..blocks(plan.population.agents), &|_| {})
}

/// Bits of all numbers over agents.
fn reduced(collected: &Collected) -> Vec<u64> {
    let series = collected.series.iter().flatten().flatten().flatten();
    let assays = collected.assays.iter().flatten();
    let assays = assays.flat_map(|assay| assay.curve.iter().chain(&assay.metrics).flatten());
    series
        .chain(assays)
        .chain(collected.outcomes.iter().flatten())
        .flat_map(|r| [r.mean(), r.sd(), r.min(), r.max(), r.quantile(0.05), r.quantile(0.5), r.n() as f64])
        .map(f64::to_bits)
        .collect()
}

fn lives(collected: &Collected) -> Vec<Vec<u64>> {
    collected.traces.iter().map(bits).collect()
}

#[test]
fn what_is_compared_takes_steps_of_both_methods() {
    let costs: Vec<(String, Cost)> =
        driven(64).into_iter().map(|(name, plan)| (name, run(&plan).cost)).collect();
    let stiff = costs.iter().filter(|(name, _)| name.starts_with(STIFF));
    assert!(stiff.clone().count() == 2 && stiff.clone().all(|(_, cost)| cost.implicit > 64 * 100));
    assert!(stiff.clone().all(|(_, cost)| cost.steps > cost.implicit));
}

#[test]
fn each_form_of_a_response_has_numbers_to_compare() {
    let (_, plan) = probed(80);
    let collected = run(&plan);
    for (n, assay) in collected.assays[0].iter().enumerate() {
        assert!(assay.curve.iter().all(|level| level[0].n() == 80 && level[0].sd() > 0.0), "{n}");
        assert_eq!(assay.metrics[1][0].n(), 80, "{n}");
    }
    assert!(collected.outcomes.iter().filter(|outcome| outcome[0].n() == 80).count() >= 10);
}

#[test]
fn responses_move_no_bit_of_the_agents_whose_they_are() {
    let (_, plan) = probed(80);
    let mut without = plan.clone();
    let arm = &mut without.arms[0];
    Arc::make_mut(&mut arm.system).responses.clear();
    (arm.assays, arm.taps, without.outcomes) = (Vec::new(), Vec::new(), Default::default());
    let (with, without) = (run(&plan), run(&without));
    assert_eq!(lives(&with), lives(&without));
    assert_eq!((with.cost, with.failures), (without.cost, without.failures));
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
    for ((name, small), (_, mut large)) in driven(100).into_iter().zip(driven(2_000)) {
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
fn a_hundred_stiff_agents_are_those_among_ten_thousand() {
    let ends = |agents: u64| {
        let (_, mut plan) = shaped(agents, Shape::Pulses).pop().unwrap();
        plan.arms[0].phases.truncate(2);
        plan.relative = 1e-3;
        Engine::new(&plan).unwrap().ends(0..blocks(agents))
    };
    let (few, many) = (ends(100), ends(10_000));
    assert_eq!((few.len(), many.len()), (100, 10_000));
    let bits = |ends: &[Vec<f64>]| ends.iter().flatten().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&few), bits(&many[..100]));
    assert_ne!(bits(&few), bits(&many[100..200]));
}

#[test]
fn an_agent_alone_lives_as_in_the_run() {
    for (name, plan) in driven(80) {
        let engine = Engine::new(&plan).unwrap();
        let (together, ends) = (lives(&run(&plan)), engine.ends(0..2));
        for agent in [0, 37, 63, 64, 79] {
            let alone = engine.alone(agent as u64).unwrap();
            assert_eq!(lives(&alone.collected), [together[agent].clone()], "{name} {agent}");
            let story = &alone.arms[0];
            let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            let slots = story.values.len();
            assert_eq!(bits(&story.values), bits(&ends[agent][..slots]), "{name} {agent}");
            assert_eq!(bits(&story.ends), bits(&ends[agent][slots..]), "{name} {agent}");
        }
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

#[test]
fn what_else_is_recorded_moves_no_bit_of_a_window() {
    let states = |plan: &Plan| !plan.arms[0].system.states.is_empty();
    for (name, mut plan) in driven(80).into_iter().filter(|(_, plan)| states(plan)) {
        let end = plan.arms[0].phases[2].when.end;
        plan.traced.clear();
        let arm = &mut plan.arms[0];
        arm.series.truncate(1);
        let widths = [(end / 7, Window::Mean), (end / 31, Window::Area), (end / 5, Window::Max)];
        for (width, window) in widths {
            let times = (1..=20).map(|n| end / 20 * n).filter(|at| *at >= width).collect();
            arm.series.push(Series { watched: 0, window: Some((width, window)), times, against: None });
        }
        let mut busy = plan.clone();
        let arm = &mut busy.arms[0];
        let times = (1..=997).map(|n| end / 997 * n).collect();
        arm.series.push(Series { watched: 0, window: Some((end / 997, Window::Min)), times, against: None });
        let few = run(&plan);
        let mut many = run(&busy);
        many.series[0].pop();
        assert_eq!(reduced(&few), reduced(&many), "{name}");
    }
}

#[test]
fn a_phase_in_front_of_a_random_schedule_moves_none_of_its_draws() {
    for (name, plan) in shaped(80, Shape::Events) {
        // At rest for as long as the models take: what differs is the time at which the same events are met.
        let mut early = plan.clone();
        let length = plan.arms[0].phases[0].when.end;
        let arm = &mut early.arms[0];
        let driven = arm.phases[1].clone();
        arm.phases = vec![Phase { when: Interval { start: 0, end: 2 * length }, ..driven }];
        arm.phases.push(Phase {
            when: Interval { start: 2 * length, end: 3 * length },
            ..plan.arms[0].phases[2].clone()
        });
        // The inputs themselves are watched: only where both stand under the schedule are they compared.
        let inputs = |mut plan: Plan| {
            let mut system = (*plan.arms[0].system).clone();
            let symbols = system.inputs.clone();
            system.watched = symbols.into_iter().map(|sym| system.arena.sym(sym)).collect();
            let times: Vec<i64> = (1..=200).map(|n| length + length / 200 * n).collect();
            plan.arms[0].series = (0..system.watched.len())
                .map(|watched| Series { watched, window: None, times: times.clone(), against: None })
                .collect();
            plan.arms[0].system = system.into();
            lives(&run(&plan))
        };
        let (late, early) = (inputs(plan), inputs(early));
        assert!(late.iter().flatten().any(|bits| *bits != late[0][0]), "{name}: no event");
        assert_eq!(late, early, "{name}");
    }
}

#[test]
fn another_arm_moves_no_bit_of_the_first() {
    for (name, plan) in driven(80) {
        let mut both = plan.clone();
        let mut second = plan.arms[0].clone();
        second.phases.swap(0, 1);
        let length = plan.arms[0].phases[0].when.end;
        for (n, phase) in second.phases.iter_mut().enumerate() {
            phase.when = Interval { start: n as i64 * length, end: (n as i64 + 1) * length };
        }
        second.series.iter_mut().enumerate().for_each(|(n, series)| series.against = Some(n));
        both.arms.push(second);
        let (one, two) = (run(&plan), run(&both));
        assert_eq!(lives(&one)[..], lives(&two)[..80], "{name}");
        // Twins: each difference is that of one agent's two lives.
        for series in 0..plan.arms[0].series.len() {
            for time in [0, 15, 40] {
                let Some(found) = &two.differences[1][series][time] else { panic!("{name}") };
                let of = |arm: usize, n: usize| two.traces[80 * arm + n].values[series][time];
                let all = (0..80).map(|n| of(1, n) - of(0, n)).filter(|difference| !difference.is_nan());
                let largest = all.fold(f64::NAN, f64::max);
                assert_eq!(found[0].max() + 0.0, largest + 0.0, "{name}");
            }
        }
    }
}

#[test]
fn arms_that_begin_alike_are_computed_once_where_they_are_alike_and_differ_by_their_differences() {
    for (name, plan) in driven(70) {
        let mut both = plan.clone();
        let end = both.arms[0].phases[2].when.end;
        // The first arm is looked at so often that its ring is full many times over within a step; the second seldom.
        let fine: Vec<i64> = (0..=1500).map(|n| end / 1500 * n).collect();
        let seldom: Vec<i64> = fine.iter().copied().step_by(300).collect();
        both.arms.push(both.arms[0].clone());
        // The last phase of the second arm goes on as the one before.
        both.arms[1].phases[2].inputs = both.arms[1].phases[1].inputs.clone();
        for (arm, times) in [(0, &fine), (1, &seldom)] {
            for (n, series) in both.arms[arm].series.iter_mut().enumerate() {
                series.times = times.clone();
                series.against = (arm == 1).then_some(n);
            }
        }
        let together = run(&both);
        let apart: u64 = (0..2)
            .map(|arm| run(&Plan { arms: vec![both.arms[arm].clone()], ..both.clone() }).cost.steps)
            .sum();
        assert!(together.cost.steps < apart, "{name}: nothing was shared");
        for (series, times) in together.differences[1].iter().enumerate() {
            for (time, groups) in times.iter().enumerate() {
                let of = |arm: usize, time: usize| {
                    let traces = together.traces.iter().filter(move |trace| trace.arm == arm);
                    traces.map(move |trace| trace.values[series][time])
                };
                let differences: Vec<f64> = of(1, time).zip(of(0, 300 * time)).map(|(b, a)| b - a).collect();
                let found = &groups.as_ref().unwrap()[0];
                let largest = differences.iter().copied().fold(f64::MIN, f64::max);
                let smallest = differences.iter().copied().fold(f64::MAX, f64::min);
                assert_eq!((found.max(), found.min()), (largest, smallest), "{name} {series} {time}");
                if seldom[time] <= both.arms[0].phases[1].when.end {
                    assert_eq!((largest, smallest), (0.0, 0.0), "{name}: alike until here");
                }
            }
        }
    }
}
