//! The engine against closed forms, and its contract of equal bits: plans from a few lines of text.

mod each;
mod excursions;
mod fates;
mod forms;
mod metrics;
mod order;
mod orders;
mod part;
mod people;
mod states;
mod steady;
mod stiff;
mod windows;

use std::sync::Arc;

use super::*;
use crate::diagnostic::{Findings, Source, render};
use crate::document::Node;
use crate::expression::{Arena, Comparison, Id, lower, parse};
use crate::population::{Population, Spread, Vary};
use crate::stimulus::{self, Agent, Interval, Micros, Number, Reading, Schedule};
use crate::unit::Unit;

const HOUR: Micros = 3_600_000_000;

fn micros(hours: f64) -> Micros {
    (hours * HOUR as f64).round() as Micros
}

/// The node of a text; all names are symbols.
fn node(arena: &mut Arena, text: &str) -> Id {
    let at = Source::new("test", text).span(0..text.len());
    let syntax = parse(text, &at).unwrap_or_else(|f| panic!("{}", render(&[f], false)));
    lower(&syntax, arena, &mut |arena, name, _| Ok(arena.named(name)), &mut |_, _| None)
        .unwrap_or_else(|f| panic!("{}", render(&[f], false)))
}

/// A plan in the making: time in hours, nothing has a unit.
#[derive(Clone)]
struct Bench {
    plan: Plan,
    names: Vec<String>,
    /// Texts over taps (`t0_1`: tap 1 of arm 0); all taps where there are none.
    outcomes: Vec<String>,
    conditions: Vec<(String, Comparison, String)>,
}

impl Bench {
    /// Values of the agent; inputs with baselines; states with rate and start (`steady`: solved). Scales are 1.
    fn new(values: &[(&str, f64)], inputs: &[(&str, &str)], states: &[[&str; 3]]) -> Bench {
        let mut arena = Arena::new();
        let values_of = values.iter().map(|(name, _)| arena.symbol(name)).collect();
        let inputs_of = inputs.iter().map(|(name, _)| arena.symbol(name)).collect();
        let states_of: Vec<_> = states.iter().map(|[name, ..]| arena.symbol(name)).collect();
        let start = |arena: &mut Arena, text: &str| (text != "steady").then(|| node(arena, text));
        let system = System {
            values: values_of,
            inputs: inputs_of,
            states: states_of,
            rates: states.iter().map(|[_, rate, _]| node(&mut arena, rate)).collect(),
            starts: states.iter().map(|[.., text]| start(&mut arena, text)).collect(),
            start_symbols: states
                .iter()
                .map(|[name, _, text]| (*text == "steady").then(|| arena.symbol(&format!("{name}_start"))))
                .collect(),
            baselines: inputs.iter().map(|(_, baseline)| node(&mut arena, baseline)).collect(),
            scales: states.iter().map(|_| Some(arena.constant(1.0))).collect(),
            nonnegative: vec![false; states.len()],
            conserved: Vec::new(),
            limits: Vec::new(),
            watched: Vec::new(),
            scores: Vec::new(),
            responses: Vec::new(),
            microseconds: HOUR as f64,
            arena,
        };
        let slots = values.iter().map(|(_, value)| Slot { value: *value, by_group: Vec::new(), vary: None });
        let arm = Arm {
            system: Arc::new(system),
            slots: slots.collect(),
            phases: Vec::new(),
            series: Vec::new(),
            assays: Vec::new(),
            taps: Vec::new(),
            starts: Vec::new(),
        };
        Bench {
            plan: Plan {
                population: Population { agents: 1, seed: 7, ..Population::default() },
                arms: vec![arm],
                outcomes: Outcomes::default(),
                relative: 1e-10,
                exact_quantiles: false,
                traced: Vec::new(),
            },
            names: values.iter().map(|(name, _)| (*name).to_owned()).collect(),
            outcomes: Vec::new(),
            conditions: Vec::new(),
        }
    }

    /// x' = k (u - x) from 3 with k = 0.7: watched 0 is x, input 0 is u.
    fn decay() -> Bench {
        Bench::new(&[("k", K)], &[("u", "0")], &[["x", "k*(u - x)", "3"]]).watching("x")
    }

    fn system(&mut self, arm: usize) -> &mut System {
        Arc::make_mut(&mut self.plan.arms[arm].system)
    }

    fn watching(mut self, text: &str) -> Bench {
        let system = self.system(0);
        let id = node(&mut system.arena, text);
        system.watched.push(id);
        self
    }

    fn agents(mut self, agents: u64) -> Bench {
        self.plan.population.agents = agents;
        self
    }

    /// All agents traced.
    fn traced(mut self) -> Bench {
        self.plan.traced = (0..self.plan.population.agents).collect();
        self
    }

    fn vary(mut self, name: &str, spread: Spread) -> Bench {
        let slot = self.names.iter().position(|known| known == name).unwrap();
        self.plan.population.vary.push(Vary { parameter: name.to_owned(), spread });
        let vary = Some(self.plan.population.vary.len() - 1);
        self.plan.arms.iter_mut().for_each(|arm| arm.slots[slot].vary = vary);
        self
    }

    /// Another phase of the last arm; an empty stimulus is the baseline.
    fn phase(mut self, hours: f64, stimuli: &[&str]) -> Bench {
        let inputs = stimuli.iter().map(|text| (!text.is_empty()).then(|| self.schedule(text))).collect();
        let phases = &mut self.plan.arms.last_mut().unwrap().phases;
        let start = phases.last().map_or(0, |phase| phase.when.end);
        phases.push(Phase { when: Interval { start, end: start + micros(hours) }, inputs, set: Vec::new() });
        self
    }

    /// The last phase begins with a state set.
    fn set(mut self, state: usize, text: &str) -> Bench {
        let arm = self.plan.arms.len() - 1;
        let id = node(&mut self.system(arm).arena, text);
        self.plan.arms[arm].phases.last_mut().unwrap().set.push((state, id));
        self
    }

    /// Another arm: the first one without phases and observations.
    fn arm(mut self) -> Bench {
        let first = self.plan.arms[0].clone();
        let (phases, series) = (Vec::new(), Vec::new());
        self.plan.arms.push(Arm { phases, series, assays: Vec::new(), taps: Vec::new(), ..first });
        self
    }

    fn schedule(&self, text: &str) -> Schedule {
        let mut findings = Findings::new();
        let text = if text.starts_with('{') { text.to_owned() } else { format!("{text:?}") };
        let root = Node::parse(&Source::new("test", format!("u = {text}\n")), &mut findings).expect("TOML");
        let (unit, time) = (Unit::parse("1").unwrap(), Unit::parse("h").unwrap());
        let parameter = |name: &str| {
            let slot = self.names.iter().position(|known| known == name)?;
            Some((slot, if name.starts_with('t') { time.clone() } else { unit.clone() }))
        };
        let reading = Reading {
            unit: &unit,
            baseline: Number::Fixed(0.0),
            time: &time,
            purpose: "input u",
            parameter: &parameter,
            known: &|| self.names.clone(),
            file: &|name| Err(format!("there is no file {name}")),
            arm: "a",
        };
        let schedule = stimulus::read(root.key("u").unwrap(), &reading, &mut findings);
        schedule.unwrap_or_else(|| panic!("{text}: {}", render(&findings.into_vec(), false)))
    }

    fn series(mut self, watched: usize, window: Option<(f64, Window)>, hours: &[f64]) -> Bench {
        let window = window.map(|(width, window)| (micros(width), window));
        let times = hours.iter().map(|at| micros(*at)).collect();
        self.plan.arms.last_mut().unwrap().series.push(Series { watched, window, times, against: None });
        self
    }

    fn tap(mut self, tap: Tap) -> Bench {
        self.plan.arms.last_mut().unwrap().taps.push(tap);
        self
    }

    fn at(self, watched: usize, hours: f64, side: Side) -> Bench {
        self.tap(Tap::At { watched, moment: Moment { at: micros(hours), side } })
    }

    fn over(self, watched: usize, from: f64, to: f64, reduce: Reduce) -> Bench {
        self.tap(Tap::Over { watched, from: micros(from), to: micros(to), reduce })
    }

    fn outcome(mut self, text: &str) -> Bench {
        self.outcomes.push(text.to_owned());
        self
    }

    fn condition(mut self, left: &str, comparison: Comparison, right: &str) -> Bench {
        self.conditions.push((left.to_owned(), comparison, right.to_owned()));
        self
    }

    /// The plan with its outcomes.
    fn plan(&self) -> Plan {
        let mut plan = self.plan.clone();
        let mut outcomes = Outcomes::default();
        let mut all = Vec::new();
        for (arm, of) in plan.arms.iter().enumerate() {
            for tap in 0..of.taps.len() {
                let name = format!("t{arm}_{tap}");
                outcomes.given.push((outcomes.arena.symbol(&name), arm, tap));
                all.push(name);
            }
        }
        let wanted = if self.outcomes.is_empty() { &all } else { &self.outcomes };
        outcomes.values = wanted.iter().map(|text| node(&mut outcomes.arena, text)).collect();
        for (left, comparison, right) in &self.conditions {
            let [left, right] = [left, right].map(|text| node(&mut outcomes.arena, text));
            outcomes.conditions.push(vec![(left, *comparison, right)]);
        }
        plan.outcomes = outcomes;
        plan
    }

    fn engine(&self) -> Engine {
        Engine::new(&self.plan()).unwrap_or_else(|why| panic!("{why}"))
    }

    fn run(&self) -> Collected {
        self.engine().run(0..blocks(self.plan.population.agents), &|_| {})
    }

    /// The outcomes of the only agent.
    fn numbers(&self) -> Vec<f64> {
        assert_eq!(self.plan.population.agents, 1);
        let collected = self.run();
        assert_eq!(collected.failures, []);
        collected.outcomes.iter().map(|groups| groups[0].mean()).collect()
    }
}

const K: f64 = 0.7;

/// From `from` towards `to` at rate k.
fn relaxed(from: f64, to: f64, k: f64, hours: f64) -> f64 {
    to + (from - to) * crate::math::exp(-k * hours)
}

/// x' = k (u - x) from `x` at the times, where u is constant between its changes.
fn relaxed_under(
    schedule: &Schedule,
    phase: Interval,
    agent: Agent,
    k: f64,
    mut x: f64,
    times: &[Micros],
) -> Vec<f64> {
    let mut at = phase.start;
    let mut found = Vec::new();
    loop {
        let (piece, next) = schedule.piece(at, phase, agent);
        let level = piece.constant().expect("a constant");
        let until = next.unwrap_or(phase.end);
        let hours = |to: Micros| (to - at) as f64 / HOUR as f64;
        while let Some(time) = times.get(found.len()).filter(|time| **time <= until) {
            found.push(relaxed(x, level, k, hours(*time)));
        }
        x = relaxed(x, level, k, hours(until));
        if until == phase.end {
            return found;
        }
        at = until;
    }
}

#[track_caller]
fn near(found: f64, wanted: f64, within: f64) {
    assert!((found - wanted).abs() <= within * wanted.abs().max(1.0), "{found} is not {wanted}");
}

#[track_caller]
fn all_near(found: &[f64], wanted: &[f64], within: f64) {
    assert_eq!(found.len(), wanted.len());
    for (n, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        let off = (found - wanted).abs();
        assert!(off <= within * wanted.abs().max(1.0), "number {n}: {found} is not {wanted}");
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// Bits of the traces of one agent in all arms.
fn life(collected: &Collected, agent: u64) -> Vec<Vec<u64>> {
    let own = collected.traces.iter().filter(|trace| trace.agent == agent);
    own.flat_map(|trace| trace.values.iter().map(|values| bits(values))).collect()
}
