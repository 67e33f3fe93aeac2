//! Plans over built-in models, made without a scenario file.

use std::sync::Arc;

use allostat::diagnostic::Source;
use allostat::engine::{Arm, Outcomes, Phase, Plan, Series, Slot, System, Trace};
use allostat::expression::Id;
use allostat::measure;
use allostat::model::{Model, Probe, builtin};
use allostat::population::{Population, Spread, Vary};
use allostat::stimulus::{Interval, Micros, Number, Schedule};

/// All models that come with the program.
pub fn models() -> Vec<Model> {
    builtin().iter().map(|(name, text)| model(name, text)).collect()
}

pub fn model(name: &str, text: &str) -> Model {
    Model::read(name, &Source::new(format!("{name}.toml"), text)).unwrap_or_else(|error| panic!("{error}"))
}

/// A strong but plausible level of each input: the middle of the range of a response that it probes, else 1 above baseline.
pub fn drive(model: &Model) -> Vec<f64> {
    let level = |n: usize| {
        let probed = model.responses.iter().find(|r| matches!(r.probe, Probe::Input(input) if input == n));
        probed.map_or(1.0, |r| (r.range[0] * r.range[1]).sqrt())
    };
    (0..model.inputs.len()).map(level).collect()
}

/// How a plan is to be.
pub struct Setting {
    pub agents: u64,
    pub seed: u64,
    /// Coefficient of variation of all parameters.
    pub cv: f64,
    /// Levels of the inputs in the second phase; `None`: at baseline throughout.
    pub drive: Option<Vec<f64>>,
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
            length: 50.0,
            samples: 60,
            relative: 1e-6,
            watched: None,
        }
    }
}

/// Rest, drive, rest: all states watched and traced in all agents.
pub fn plan(model: &Model, setting: &Setting) -> Plan {
    let mut system: System = measure::system(model, &[]);
    let states: Vec<Id> = system.states.clone().into_iter().map(|sym| system.arena.sym(sym)).collect();
    system.watched = setting.watched.clone().unwrap_or(states);
    let length = (setting.length * system.microseconds) as Micros;
    let phase = |n: i64, driven: bool| Phase {
        when: Interval { start: n * length, end: (n + 1) * length },
        inputs: (0..model.inputs.len())
            .map(|input| {
                let drive = setting.drive.as_ref().filter(|_| driven)?;
                Some(Schedule::Constant(Number::Fixed(drive[input])))
            })
            .collect(),
        set: Vec::new(),
    };
    let times: Vec<Micros> = (0..=setting.samples).map(|n| 3 * length / setting.samples * n).collect();
    let series = (0..system.watched.len())
        .map(|watched| Series { watched, window: None, times: times.clone(), against: None })
        .collect();
    let slots = model.parameters.iter().enumerate();
    let slots = slots
        .map(|(n, p)| Slot { value: p.value, by_group: Vec::new(), vary: (p.value > 0.0).then_some(n) })
        .collect();
    let vary = model.parameters.iter().map(|p| Vary {
        parameter: p.name.clone(),
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

/// Bits of everything in a trace.
#[allow(dead_code)]
pub fn bits(trace: &Trace) -> Vec<u64> {
    trace.values.iter().flatten().map(|value| value.to_bits()).collect()
}
