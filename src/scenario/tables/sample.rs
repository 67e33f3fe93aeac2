//! A scenario and what an engine might have collected of it, small enough to know every number: two arms of four days, two
//! groups, three agents.
//! Knows nothing of how a scenario is read.

use std::sync::Arc;

use crate::diagnostic::{Findings, Source};
use crate::document::Node;
use crate::engine::*;
use crate::kernel::{LANES, Lanes};
use crate::measure::system;
use crate::model::{Model, builtin};
use crate::population::{Group, Population};
use crate::record::Reduction;
use crate::scenario::{ArmText, AssayText, Lesson, MeasureText, Record, Scenario, Stat};
use crate::stimulus::{DAY, Interval, Number, Reading, Schedule, read};
use crate::unit::Unit;

pub fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap()
}

fn model() -> Arc<Model> {
    let text = builtin().iter().find(|(name, _)| *name == "turnover").unwrap().1;
    Arc::new(
        Model::read("turnover", &Source::new("turnover.toml", text))
            .unwrap_or_else(|error| panic!("{error}")),
    )
}

/// A stimulus of input `L` over the parameters of the model.
pub fn stimulus(text: &str) -> Schedule {
    let model = model();
    let mut findings = Findings::new();
    let root = Node::parse(&Source::new("s.toml", format!("L = {text}\n")), &mut findings).unwrap();
    let parameter = |name: &str| {
        let slot = model.parameters.iter().position(|parameter| parameter.name == name)?;
        Some((slot, model.parameters[slot].unit.clone()))
    };
    let reading = Reading {
        unit: &unit("nM"),
        baseline: Number::Fixed(0.0),
        time: &model.time,
        purpose: "input L",
        parameter: &parameter,
        known: &|| Vec::new(),
        file: &|name| Err(format!("there is no {name}")),
        arm: "chronic",
    };
    read(root.key("L").unwrap(), &reading, &mut findings).unwrap_or_else(|| panic!("{text}"))
}

/// Phases of two days each.
pub fn phases(inputs: &[Schedule]) -> Vec<Phase> {
    let phase = |(n, schedule): (i64, &Schedule)| Phase {
        when: Interval { start: 2 * n * DAY, end: 2 * (n + 1) * DAY },
        inputs: vec![Some(schedule.clone())],
        set: Vec::new(),
    };
    (0..).zip(inputs).map(phase).collect()
}

/// Arm `rest` or `chronic`.
fn arm(model: &Model, first: bool) -> Arm {
    let input = if first { "\"0 nM\"" } else { "\"20 nM from 10:00 for 6 h every 1 d\"" };
    let slot = |value: f64| Slot { value, by_group: vec![value; 2], vary: None };
    let series = |against: usize, window, times: &[i64]| Series {
        watched: 0,
        against: (!first).then_some(against),
        window,
        times: times.iter().map(|day| day * DAY).collect(),
    };
    Arm {
        system: Arc::new(system(model, &[])),
        slots: model.parameters.iter().map(|parameter| slot(parameter.value)).collect(),
        phases: phases(&[stimulus("\"0 nM\""), stimulus(input)]),
        series: vec![series(0, None, &[0, 1]), series(1, Some((DAY, Window::Mean)), &[4])],
        assays: vec![Assay {
            response: 0,
            moment: Moment { at: 4 * DAY, side: Side::Before },
            levels: vec![1.0, 100.0],
        }],
        taps: Vec::new(),
        starts: Vec::new(),
    }
}

fn record(what: &str, unit: Unit, window: &str, stats: &[Stat], at: usize) -> Record {
    Record {
        what: what.to_owned(),
        doc: String::new(),
        unit,
        window: window.to_owned(),
        stats: stats.to_vec(),
        for_figure: false,
        series: vec![Some(at), Some(at)],
    }
}

fn assay(arm: usize, topped: bool) -> AssayText {
    AssayText {
        arm,
        assay: 0,
        moment: "end of exposure".to_owned(),
        response: "acute".to_owned(),
        form: "acute".to_owned(),
        doc: String::new(),
        probe: "L".to_owned(),
        probe_doc: String::new(),
        probe_unit: unit("nM"),
        unit: unit("1"),
        topped,
        stats: vec![Stat::Quantile(0.5)],
    }
}

fn group(name: &str) -> Group {
    Group { name: name.to_owned(), share: 0.5, parameters: Vec::new() }
}

pub fn scenario() -> Scenario {
    let model = model();
    let named = |name: &str| ArmText {
        name: name.to_owned(),
        title: String::new(),
        model: model.clone(),
        phases: vec![
            ("baseline".to_owned(), Interval { start: 0, end: 2 * DAY }),
            ("exposure".to_owned(), Interval { start: 2 * DAY, end: 4 * DAY }),
        ],
    };
    let measure = |name: &str, arm, outcome, unit_to_show: &str| MeasureText {
        name: name.to_owned(),
        doc: String::new(),
        arm,
        outcome,
        own: unit("h"),
        unit: unit(unit_to_show),
    };
    let population = Population {
        agents: 3,
        seed: 7,
        groups: vec![group("slow"), group("fast")],
        ..Population::default()
    };
    Scenario {
        name: "sample".to_owned(),
        title: "Sample".to_owned(),
        doc: String::new(),
        lesson: Lesson::default(),
        source: Source::new("sample.toml", ""),
        files: Vec::new(),
        changes: Vec::new(),
        time: unit("d"),
        arms: vec![named("rest"), named("chronic")],
        own: Vec::new(),
        instruments: Vec::new(),
        plan: Plan {
            population,
            arms: vec![arm(&model, true), arm(&model, false)],
            outcomes: Outcomes::default(),
            relative: 1e-6,
            exact_quantiles: false,
            traced: vec![1],
        },
        records: vec![
            record("R", unit("1"), "", &[Stat::Mean, Stat::Quantile(0.5)], 0),
            record("R / rest.R", unit("%"), "mean over 1 d", &[Stat::Quantile(0.07)], 1),
        ],
        assays: vec![assay(0, true), assay(1, false)],
        measures: vec![measure("back", Some(1), 0, "d"), measure("apart", None, 1, "h")],
        totals: Vec::new(),
        claims: Vec::new(),
        figures: Vec::new(),
        cautions: Vec::new(),
        notes: Vec::new(),
    }
}

/// One block of agents with these values.
pub fn reduced(values: &[f64]) -> Reduction {
    let mut lanes = Lanes([f64::NAN; LANES]);
    lanes.0[..values.len()].copy_from_slice(values);
    let mut reduction = Reduction::new(true);
    reduction.add(&lanes, (1 << values.len()) - 1);
    reduction
}

/// All three agents, then the first in one group and the others in the other one.
fn grouped([a, b, c]: [f64; 3]) -> Vec<Reduction> {
    vec![reduced(&[a, b, c]), reduced(&[a]), reduced(&[b, c])]
}

pub fn collected() -> Collected {
    let nobody = f64::NAN;
    let series = |by: f64| {
        let day = |k: f64| grouped([k + by, k + 2.0 * by, k + 6.0 * by]);
        vec![vec![day(0.0), day(1.0)], vec![day(100.0)]]
    };
    let assay = || AssayResult {
        curve: vec![grouped([0.1, 0.2, 0.3]), grouped([0.5, 0.6, 0.7])],
        metrics: vec![
            grouped([20.0, nobody, nobody]),
            grouped([1.0, 2.0, 3.0]),
            grouped([1.0, nobody, nobody]),
            grouped([nobody; 3]),
        ],
        missing: vec![
            vec![[1, 1, 0, 0, 0, 0, 0, 0], [0; 8], [1, 1, 0, 0, 0, 0, 0, 0]],
            vec![[0; 8]; 3],
            vec![[1, 1, 0, 0, 0, 0, 0, 0], [0; 8], [1, 1, 0, 0, 0, 0, 0, 0]],
            vec![[0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0, 0, 0]],
        ],
        absent: vec![vec![[0; 8]; 3]; 2],
    };
    let failure = |arm, agent, at, cause| Failure { arm, agent, at, cause };
    Collected {
        series: vec![series(1.0), series(2.0)],
        differences: vec![Vec::new(), vec![vec![Some(grouped([1.0, 2.0, 6.0])), None], vec![None]]],
        assays: vec![vec![assay()], vec![assay()]],
        outcomes: vec![grouped([24.0, 48.0, nobody]), grouped([1.0, 2.0, 3.0])],
        traces: vec![Trace { arm: 1, agent: 1, values: vec![vec![0.5, nobody], vec![99.0]] }],
        failures: vec![
            failure(0, 5, 0, Cause::NoDraw { slot: 1 }),
            failure(1, 5, 0, Cause::NoDraw { slot: 1 }),
            failure(1, 9, 36 * DAY / 24, Cause::Negative { state: 0 }),
        ],
        ..Collected::default()
    }
}
