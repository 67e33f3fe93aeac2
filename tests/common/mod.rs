//! Plans over built-in models, made without a scenario file.

use std::sync::Arc;

use allostat::diagnostic::{Findings, Source, render};
use allostat::document::Node;
use allostat::engine::{Arm, Outcomes, Phase, Plan, Series, Slot, System, Trace};
use allostat::expression::Id;
use allostat::measure;
use allostat::model::{Model, Probe, builtin};
use allostat::population::{Population, Spread, Vary};
use allostat::stimulus::{self, Interval, Micros, Number, Reading, Schedule};
use allostat::unit::Unit;

/// All models that come with the program.
pub fn models() -> Vec<Model> {
    builtin().iter().map(|(name, text)| model(name, text)).collect()
}

pub fn model(name: &str, text: &str) -> Model {
    Model::read(name, &Source::new(format!("{name}.toml"), text)).unwrap_or_else(|error| panic!("{error}"))
}

/// A strong but plausible level of each input: the middle of the range of a response that it probes, else 1, or a quarter above its
/// baseline.
pub fn drive(model: &Model) -> Vec<f64> {
    let level = |n: usize| {
        let probed = model.responses.iter().find(|r| matches!(r.probe, Probe::Input(input) if input == n));
        let aside = || if baseline(model, n) == 0.0 { 1.0 } else { 1.25 * baseline(model, n) };
        probed.map_or_else(aside, |r| (r.range[0] * r.range[1]).sqrt())
    };
    (0..model.inputs.len()).map(level).collect()
}

/// Where an input stands in a phase that does not name it, with the model's own parameters.
fn baseline(model: &Model, input: usize) -> f64 {
    let parameter = |sym| model.parameters.iter().find(|p| p.sym == sym).map_or(f64::NAN, |p| p.value);
    model.arena.evaluate(model.inputs[input].baseline.value, &parameter)
}

/// How an input is driven in the second phase. What is not constant has a level of each agent's own.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(dead_code)]
pub enum Shape {
    Constant,
    /// Pulses of which each is missed now and then and comes early or late.
    Pulses,
    /// Random events.
    Events,
}

/// How a plan is to be.
pub struct Setting {
    pub agents: u64,
    pub seed: u64,
    /// Coefficient of variation of all parameters.
    pub cv: f64,
    /// Levels of the inputs in the second phase; `None`: at baseline throughout.
    pub drive: Option<Vec<f64>>,
    pub shape: Shape,
    /// Length of each of three phases, in model time.
    pub length: f64,
    pub samples: i64,
    pub relative: f64,
    /// What is watched; `None`: all states.
    pub watched: Option<Vec<Id>>,
}

impl Default for Setting {
    fn default() -> Setting {
        Setting {
            agents: 100,
            seed: 7,
            cv: 0.3,
            drive: None,
            shape: Shape::Constant,
            length: 50.0,
            samples: 60,
            relative: 1e-6,
            watched: None,
        }
    }
}

/// Rest, drive, rest: all states watched and traced in all agents.
pub fn plan(model: &Model, setting: &Setting) -> Plan {
    let levels: Vec<(String, Unit)> = model
        .inputs
        .iter()
        .enumerate()
        .filter(|_| setting.shape != Shape::Constant)
        .map(|(n, input)| (level_of(n), input.unit.clone()))
        .collect();
    let mut system: System = measure::system(model, &levels);
    let states: Vec<Id> = system.states.clone().into_iter().map(|sym| system.arena.sym(sym)).collect();
    system.watched = setting.watched.clone().unwrap_or(states);
    let length = (setting.length * system.microseconds) as Micros;
    let phase = |n: i64, driven: bool| Phase {
        when: Interval { start: n * length, end: (n + 1) * length },
        inputs: (0..model.inputs.len())
            .map(|input| {
                let drive = setting.drive.as_ref().filter(|_| driven)?;
                Some(match setting.shape {
                    Shape::Constant => Schedule::Constant(Number::Fixed(drive[input])),
                    shape => schedule(model, input, shape, setting.length, &levels),
                })
            })
            .collect(),
        set: Vec::new(),
    };
    let times: Vec<Micros> = (0..=setting.samples).map(|n| 3 * length / setting.samples * n).collect();
    let series = (0..system.watched.len())
        .map(|watched| Series { watched, window: None, times: times.clone(), against: None })
        .collect();
    let own = levels
        .iter()
        .enumerate()
        .map(|(n, (name, _))| (name.clone(), setting.drive.as_ref().map_or(1.0, |drive| drive[n])));
    let values: Vec<(String, f64)> =
        model.parameters.iter().map(|p| (p.name.clone(), p.value)).chain(own).collect();
    let slots = values.iter().enumerate();
    let slots = slots
        .map(|(n, (_, value))| Slot {
            value: *value,
            by_group: Vec::new(),
            vary: (*value > 0.0).then_some(n),
        })
        .collect();
    let vary = values.iter().map(|(name, _)| Vary {
        parameter: name.clone(),
        spread: Spread::Lognormal { sdlog: allostat::population::sdlog_of_cv(setting.cv) },
    });
    Plan {
        population: Population {
            agents: setting.agents,
            seed: setting.seed,
            vary: vary.collect(),
            ..Population::default()
        },
        arms: vec![Arm {
            system: Arc::new(system),
            slots,
            phases: vec![phase(0, false), phase(1, true), phase(2, false)],
            series,
            assays: Vec::new(),
            taps: Vec::new(),
            starts: Vec::new(),
        }],
        outcomes: Outcomes::default(),
        relative: setting.relative,
        exact_quantiles: false,
        traced: (0..setting.agents).collect(),
    }
}

fn level_of(input: usize) -> String {
    format!("level{input}")
}

/// A stimulus whose level is the agent's own: a tenth of the phase on, a tenth off, or events as often.
fn schedule(model: &Model, input: usize, shape: Shape, length: f64, levels: &[(String, Unit)]) -> Schedule {
    let (level, time) = (level_of(input), model.time.label());
    let tenth = format!("{} {time}", length / 10.0);
    let text = match shape {
        Shape::Events => {
            format!(
                "{{ poisson = {{ level = \"{level}\", rate = \"{} 1/{time}\", width = \"{tenth}\" }} }}",
                5.0 / length
            )
        }
        _ => format!(
            "{{ pulse = {{ level = \"{level}\", width = \"{tenth}\", every = \"{} {time}\", adherence = 0.8, jitter = \"{} {time}\" }} }}",
            length / 5.0,
            length / 50.0
        ),
    };
    let mut findings = Findings::new();
    let root = Node::parse(&Source::new("stimulus", format!("u = {text}\n")), &mut findings).expect("TOML");
    let slot = |name: &str| levels.iter().position(|(known, _)| known == name);
    let reading = Reading {
        unit: &model.inputs[input].unit,
        baseline: Number::Fixed(baseline(model, input)),
        time: &model.time,
        purpose: &format!("input {}", model.inputs[input].name),
        parameter: &|name| slot(name).map(|n| (model.parameters.len() + n, levels[n].1.clone())),
        known: &|| levels.iter().map(|(name, _)| name.clone()).collect(),
        file: &|name| Err(format!("there is no file {name}")),
        arm: "a",
    };
    let schedule = stimulus::read(root.key("u").unwrap(), &reading, &mut findings);
    schedule.unwrap_or_else(|| panic!("{text}: {}", render(&findings.into_vec(), false)))
}

/// Bits of everything in a trace.
#[allow(dead_code)]
pub fn bits(trace: &Trace) -> Vec<u64> {
    trace.values.iter().flatten().map(|value| value.to_bits()).collect()
}
