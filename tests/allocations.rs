//! Nothing is allocated after start: how often memory is asked for while a run goes on, by the thread that computes it.
//! A file of its own, for it replaces the allocator.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use allostat::engine::{
    Assay, Challenge, Collected, Engine, Form, Moment, Plan, Read, Reduce, Response, Series, Side, Tap,
    Window, blocks, levels,
};
use allostat::model::Model;
use common::{Setting, Shape, drive, model, models, plan};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

fn count() {
    // A thread that ends has nothing to count into.
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: the system's allocator does the work, with what it is given.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// A run on one thread, and how often it asked for memory.
fn run(plan: &Plan) -> (u64, Collected) {
    let engine = Engine::new(plan).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        let before = ALLOCATIONS.get();
        let collected = engine.run(0..blocks(plan.population.agents), &|_| {});
        (ALLOCATIONS.get() - before, collected)
    })
}

/// All built-in models, and one whose parts differ in speed.
fn subjects() -> Vec<Model> {
    let text = include_str!("../benches/scenarios/binding_to_number.toml");
    models().into_iter().chain([model("binding_to_number", text)]).collect()
}

/// Agents that differ, under pulses, with values, means and extremes over windows; nobody is traced. What is recorded is 0
/// throughout: an exact sum grows wider with what values it meets, and those are of no interest here.
fn subject(model: &Model, agents: u64, relative: f64) -> Plan {
    let setting =
        Setting { agents, relative, drive: Some(drive(model)), shape: Shape::Pulses, ..Setting::default() };
    let mut plan = plan(model, &setting);
    plan.traced.clear();
    let arm = &mut plan.arms[0];
    let mut system = (*arm.system).clone();
    system.watched = vec![system.arena.constant(0.0)];
    arm.system = system.into();
    let times: Vec<_> = (0..=30).map(|n| arm.phases.last().unwrap().when.end / 30 * n).collect();
    let series = Series { watched: 0, window: None, times, against: None };
    arm.series = vec![series; 5];
    let end = arm.phases.last().unwrap().when.end;
    for (n, kind) in [Window::Mean, Window::Max, Window::Min, Window::Area].into_iter().enumerate() {
        let (series, width) = (&mut arm.series[n], end / 40);
        series.window = Some((width, kind));
        series.times.retain(|at| *at >= width);
    }
    for reduce in [Reduce::Mean, Reduce::Max] {
        arm.taps.push(Tap::Over { watched: 0, from: end / 3, to: end, reduce });
    }
    plan
}

#[test]
fn memory_is_asked_for_as_often_however_many_steps_are_taken() {
    for model in subjects().iter().filter(|model| !model.states.is_empty()) {
        let (few, coarse) = run(&subject(model, 128, 1e-4));
        let (many, fine) = run(&subject(model, 128, 1e-8));
        assert!(fine.cost.steps > coarse.cost.steps * 5 / 4, "{}", model.name);
        assert_eq!(few, many, "{}", model.name);
    }
}

/// Receptor turnover with a chronic response and a challenge.
fn probed(agents: u64, relative: f64) -> Plan {
    let model = models().into_iter().find(|model| model.name == "turnover_binding").unwrap();
    let mut plan = subject(&model, agents, relative);
    let arm = &mut plan.arms[0];
    let at = arm.phases[1].when.end;
    let mut system = (*arm.system).clone();
    let nothing = system.arena.constant(0.0);
    let challenge = Challenge { length: at / 20, read: Read::Max, inputs: Vec::new() };
    for (response, form) in [Form::Chronic, Form::Challenge(challenge)].into_iter().enumerate() {
        let (probe, range) = (system.inputs[0], [1e-2, 1e3]);
        let (bottom, top, current) = (None, None, None);
        let value = nothing;
        system.responses.push(Response { probe, value, bottom, top, current, range, form, from_rest: false });
        let moment = Moment { at, side: Side::Before };
        arm.assays.push(Assay { response, moment, levels: levels(range, 13) });
    }
    arm.system = system.into();
    plan
}

/// Lists of levels and of metrics, of each assay.
const OF_AN_ASSAY: u64 = 12;

#[test]
fn excursions_ask_for_memory_a_few_times_however_many_levels_and_steps_they_take() {
    let own = |agents: u64, relative: f64| {
        let (count, collected) = run(&probed(agents, relative));
        (count, collected.redrawn)
    };
    assert_eq!(own(128, 1e-4).0, own(128, 1e-8).0);
    let ((few, drawn), (many, more)) = (own(128, 1e-6), own(256, 1e-6));
    assert!(many <= few + 2 * (OF_A_BLOCK + 2 * OF_AN_ASSAY) + (more - drawn), "{few} {many}");
}

/// How often each further block asks for memory: for its agents and their groups, for what each of three phases has in hand.
const OF_A_BLOCK: u64 = 8;

#[test]
fn a_further_block_asks_for_memory_a_few_times_whatever_it_lives() {
    // Its steady state to start from is judged agent by agent, and each judgement asks for its matrices.
    let judged = |model: &&Model| model.name == "dopamine_release";
    for model in subjects().iter().filter(|model| !judged(model)) {
        // A draw outside limits, which is drawn again, may ask once more.
        let own = |agents: u64| {
            let (count, collected) = run(&subject(model, agents, 1e-6));
            (count, collected.redrawn)
        };
        let [two, four, six] = [128, 256, 384].map(own);
        for ((few, drawn), (many, more)) in [(two, four), (four, six)] {
            assert!(many <= few + 2 * OF_A_BLOCK + (more - drawn), "{}: {few} {many}", model.name);
        }
    }
}

#[test]
fn a_half_time_asks_for_memory_for_the_way_that_it_keeps() {
    for model in subjects().iter().filter(|model| !model.states.is_empty()) {
        let with = |relative: f64| {
            let mut plan = subject(model, 64, relative);
            let end = plan.arms[0].phases.last().unwrap().when.end;
            plan.arms[0].taps.push(Tap::Over { watched: 0, from: 0, to: end, reduce: Reduce::HalfTime });
            run(&plan)
        };
        let (few, coarse) = with(1e-4);
        let (many, fine) = with(1e-8);
        // A way that grows doubles its room: each doubling is one request of each lane.
        let doublings = (fine.cost.steps as f64 / coarse.cost.steps as f64).log2().ceil() as u64 + 1;
        assert!(many <= few + 64 * doublings, "{}: {few} {many}", model.name);
    }
}
