//! `failures.csv`: agents that could not go on, when and why.
//! Knows nothing of steps.

use std::collections::BTreeSet;

use crate::engine::{Cause, Collected};
use crate::table::Table;

use super::{ARM, Rows, Schema, TIME, TIME_UNIT, in_time, text, whole};
use crate::scenario::Scenario;

/// Columns of `failures.csv`.
pub static FAILURES: Schema = Schema {
    name: "failures",
    doc: "agents that could not go on in an arm; no table of the population counts them there",
    headings: &[
        ARM,
        whole("agent", "index of the agent, from 0"),
        TIME,
        TIME_UNIT,
        text("cause", "what went wrong"),
        text("state", "the model's state in which it went wrong; empty where it was no state"),
    ],
};

/// As collected: by arm, then agent.
pub fn failures(scenario: &Scenario, collected: &Collected) -> Table {
    let mut rows = Rows::new(&FAILURES);
    for failure in &collected.failures {
        let (cause, state) = words(scenario, failure.arm, failure.cause);
        rows.push([
            (&scenario.arms[failure.arm].name).into(),
            failure.agent.into(),
            in_time(failure.at, &scenario.time).into(),
            scenario.time.label().into(),
            (&cause).into(),
            state.into(),
        ]);
    }
    rows.table()
}

/// Agents that failed in any arm, each once.
pub fn failed(collected: &Collected) -> u64 {
    collected.failures.iter().map(|failure| failure.agent).collect::<BTreeSet<u64>>().len() as u64
}

/// What went wrong, and the name of the state in which it did.
pub(super) fn words(scenario: &Scenario, arm: usize, cause: Cause) -> (String, &str) {
    let system = &scenario.plan.arms[arm].system;
    let name = |symbols: &[crate::expression::Sym], position: usize| {
        symbols.get(position).map_or("", |sym| system.arena.name(*sym))
    };
    let of_state = |cause: &str, state| (cause.to_owned(), name(&system.states, state));
    match cause {
        Cause::NotFinite { state } => of_state("its rate was not finite however small the step", state),
        Cause::StepTooSmall { state } => {
            of_state("the step that it needs became too small for the clock", state)
        }
        Cause::Negative { state } => {
            of_state("it cannot be negative and went below zero however small the step", state)
        }
        Cause::TooManySteps => ("the way is too long for steps as small as it needs".to_owned(), ""),
        Cause::NoDraw { slot } => (format!("no draw of `{}` met its limits", name(&system.values, slot)), ""),
        Cause::NoSteadyState => ("no steady state was found to start from".to_owned(), ""),
        Cause::Unstable => ("the steady state to start from is not stable".to_owned(), ""),
    }
}
