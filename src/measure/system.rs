//! The equations of a model as the engine takes them, and an arm in which nothing is observed yet.
//! Knows nothing of schedules or agents.

use std::sync::Arc;

use super::ArmScope;
use crate::engine::{Limit, System};
use crate::model::{Model, Start, start_symbol};
use crate::stimulus::Interval;
use crate::unit::Unit;

/// A model's equations; the agent's values are the model's parameters in their order, then the `own` names.
pub fn system(model: &Model, own: &[(String, Unit)]) -> System {
    let mut arena = model.arena.clone();
    let mut values: Vec<_> = model.parameters.iter().map(|p| p.sym).collect();
    values.extend(own.iter().map(|(name, _)| arena.symbol(name)));
    let limits = model.parameters.iter().enumerate().flat_map(|(slot, parameter)| {
        parameter.limits.iter().map(move |l| Limit {
            slot,
            left: l.left,
            comparison: l.comparison,
            right: l.right,
        })
    });
    let start_symbols = model
        .states
        .iter()
        .map(|s| matches!(s.start, Start::Steady).then(|| arena.symbol(&start_symbol(&s.name))))
        .collect();
    System {
        values,
        inputs: model.inputs.iter().map(|i| i.sym).collect(),
        states: model.states.iter().map(|s| s.sym).collect(),
        rates: model.rates.clone(),
        starts: model
            .states
            .iter()
            .map(|s| match &s.start {
                Start::Formula(formula) => Some(formula.value),
                Start::Steady => None,
            })
            .collect(),
        start_symbols,
        baselines: model.inputs.iter().map(|i| i.baseline.value).collect(),
        scales: model.states.iter().map(|s| s.scale).collect(),
        nonnegative: model.states.iter().map(|s| s.nonnegative).collect(),
        conserved: model.conserved().iter().map(|law| law.iter().map(|c| *c as f64).collect()).collect(),
        limits: limits.collect(),
        watched: Vec::new(),
        scores: Vec::new(),
        responses: Vec::new(),
        // A model's time is checked to be a time when it is read.
        microseconds: model.time.in_microseconds().unwrap_or(1.0),
        arena,
    }
}

impl ArmScope {
    /// An arm of a model in which nothing is observed yet.
    pub fn new(
        name: &str,
        model: &Arc<Model>,
        own: Vec<(String, Unit)>,
        alias: Vec<(String, String)>,
        phases: Vec<(String, Interval)>,
    ) -> ArmScope {
        let system = system(model, &own);
        let (assays, taps) = (Vec::new(), Vec::new());
        ArmScope {
            name: name.to_owned(),
            model: model.clone(),
            own,
            alias,
            phases,
            responses: model.responses.clone(),
            instruments: Vec::new(),
            system,
            assays,
            taps,
            cautions: Vec::new(),
        }
    }
}
