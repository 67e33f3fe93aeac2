//! The story of one agent: its values, what happens in each arm, and what was recorded of it, in order of time.
//! Knows nothing of how it was run.

use std::collections::HashMap;

use crate::engine::{Alone, Event, Method, Reason, What};
use crate::table::Table;

use super::failures::words;
use super::traces::traces;
use super::{ARM, Rows, Schema, TIME, TIME_UNIT, UNIT, WINDOW, in_time, in_time_of, number, text};
use crate::scenario::Scenario;
use crate::unit::Unit;

pub static STORY: Schema = Schema {
    name: "story",
    doc: "all that one agent went through; one row per arm, moment and quantity",
    headings: &[
        ARM,
        text(
            "event",
            "`drawn`: the agent's own values; `segment`: inputs take new courses; `step`, `implicit step`; `rejected: …`: a step that was not taken; \
             `record`; `end`, or `stopped: …`",
        ),
        TIME,
        TIME_UNIT,
        text("what", "a value, input, state, recorded quantity, or `step length`"),
        UNIT,
        WINDOW,
        number("value", "in `unit`"),
    ],
};

/// Arm by arm. The agent's traces are among what was collected where the plan traces it.
pub fn story(scenario: &Scenario, alone: &Alone) -> Table {
    let mut rows = Rows::new(&STORY);
    let recorded = traces(scenario, &alone.collected);
    for arm in 0..alone.arms.len() {
        let mut told = Told { scenario, arm, rows: &mut rows };
        told.values(&alone.arms[arm].values);
        alone.arms[arm].events.iter().for_each(|event| told.event(event));
        told.recorded(&recorded);
        let failure = alone.collected.failures.iter().find(|failure| failure.arm == arm);
        let end = scenario.plan.arms[arm].phases.last().map_or(0, |phase| phase.when.end);
        let (head, at) = match failure {
            Some(failure) => {
                let (cause, state) = words(scenario, arm, failure.cause);
                let of = if state.is_empty() { String::new() } else { format!(", state {state}") };
                (format!("stopped: {cause}{of}"), failure.at)
            }
            None => ("end".to_owned(), end),
        };
        told.states(&head, in_time(at, &scenario.time), &alone.arms[arm].ends);
    }
    rows.table()
}

/// Rows of one arm.
struct Told<'a> {
    scenario: &'a Scenario,
    arm: usize,
    rows: &'a mut Rows,
}

impl Told<'_> {
    fn row(&mut self, event: &str, time: f64, what: &str, unit: &str, value: f64) {
        let (arm, label) = (&self.scenario.arms[self.arm].name, self.scenario.time.label());
        self.rows.push([
            arm.into(),
            event.into(),
            time.into(),
            (if time.is_nan() { "" } else { label }).into(),
            what.into(),
            unit.into(),
            "".into(),
            value.into(),
        ]);
    }

    fn values(&mut self, values: &[f64]) {
        let scenario = self.scenario;
        let (system, model) = (&scenario.plan.arms[self.arm].system, &scenario.arms[self.arm].model);
        let of_model = model.parameters.iter().map(|parameter| (&parameter.name, &parameter.unit));
        let own = scenario.own.iter().map(|(name, unit)| (name, unit));
        let units: HashMap<&str, &Unit> =
            of_model.chain(own).map(|(name, unit)| (name.as_str(), unit)).collect();
        for (sym, value) in system.values.iter().zip(values) {
            let name = system.arena.name(*sym);
            self.row("drawn", f64::NAN, name, units.get(name).map_or("", |unit| unit.label()), *value);
        }
    }

    fn event(&mut self, event: &Event) {
        let (head, length) = match event.what {
            What::Enters => ("segment", None),
            What::Steps { length, method: Method::Explicit } => ("step", Some(length)),
            What::Steps { length, method: Method::Implicit } => ("implicit step", Some(length)),
            What::Rejects { length, reason, .. } => (rejected(reason), Some(length)),
        };
        let model = &self.scenario.arms[self.arm].model;
        let time = in_time_of(event.at, &self.scenario.time);
        if let Some(length) = length {
            self.row(head, time, "step length", model.time.label(), length);
        }
        for (input, value) in model.inputs.iter().zip(&event.inputs) {
            self.row(head, time, &input.name, input.unit.label(), *value);
        }
        self.states(head, time, &event.states);
    }

    fn states(&mut self, event: &str, time: f64, values: &[f64]) {
        let model = &self.scenario.arms[self.arm].model;
        for (state, value) in model.states.iter().zip(values) {
            self.row(event, time, &state.name, state.unit.label(), *value);
        }
    }

    /// What `traces.csv` of a run says of the agent.
    fn recorded(&mut self, traces: &Table) {
        let name = &self.scenario.arms[self.arm].name;
        let cell = |column: &str, row: usize| traces.texts(column)[row].clone().unwrap_or_default();
        for row in (0..traces.rows()).filter(|row| cell("arm", *row) == *name) {
            self.rows.push([
                name.into(),
                "record".into(),
                traces.numbers("time")[row].into(),
                (&cell("time_unit", row)).into(),
                (&cell("what", row)).into(),
                (&cell("unit", row)).into(),
                (&cell("window", row)).into(),
                traces.numbers("value")[row].into(),
            ]);
        }
    }
}

fn rejected(reason: Reason) -> &'static str {
    match reason {
        Reason::Error => "rejected: its error was too large",
        Reason::NotFinite => "rejected: not finite",
        Reason::Negative => "rejected: it would have become negative",
    }
}
