//! Agents that could not go on: counted by cause, and told in a sentence.
//! Knows the table of failures.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::number::{figures, grouped, unit};
use crate::table::{Data, Table};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fate {
    pub cause: String,
    pub agents: u64,
}

/// Failed agents by cause, the most frequent first. An agent that failed in several arms counts once, for the first of them.
pub fn fates(failures: &Table) -> Vec<Fate> {
    let mut seen: HashSet<u64> = HashSet::new();
    let mut counts: IndexMap<&str, u64> = IndexMap::new();
    for (agent, cause) in agents(failures).iter().zip(failures.texts("cause")) {
        if agent.is_some_and(|agent| seen.insert(agent)) {
            *counts.entry(cause.as_deref().unwrap_or("unknown")).or_default() += 1;
        }
    }
    let mut fates: Vec<Fate> =
        counts.into_iter().map(|(cause, agents)| Fate { cause: cause.to_owned(), agents }).collect();
    fates.sort_by_key(|fate| std::cmp::Reverse(fate.agents));
    fates
}

fn agents(failures: &Table) -> &[Option<u64>] {
    match failures.column("agent").map(|column| &column.data) {
        Some(Data::Whole(agents)) => agents,
        _ => &[],
    }
}

/// `37 of 1,000 agents stopped (35 …, 2 …); the first …`; nothing where all went on.
pub fn sentence(failures: &Table, of: u64) -> Option<String> {
    let fates = fates(failures);
    let failed: u64 = fates.iter().map(|fate| fate.agents).sum();
    let first = (*agents(failures).first()?)?;
    let text = |column: &str| failures.texts(column).first().cloned().flatten().unwrap_or_default();
    let causes: Vec<String> = fates.iter().map(|f| format!("{}: {}", grouped(f.agents), f.cause)).collect();
    let time = failures.numbers("time").first().copied().unwrap_or(f64::NAN);
    let state = match text("state") {
        state if state.is_empty() => state,
        state => format!(", state {state}"),
    };
    Some(format!(
        "{} of {} agents stopped ({}). The first is agent {first} in arm {} at t = {}{}{state}. From then on no number counts them; failures.csv lists them.",
        grouped(failed),
        grouped(of),
        causes.join("; "),
        text("arm"),
        figures(time),
        unit(&text("time_unit")),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn an_agent_that_failed_in_two_arms_counts_once() {
        let table = sample::failures(&[
            (7, "a rate was not finite"),
            (9, "step too small"),
            (8, "step too small"),
            (7, "step too small"),
        ]);
        let fates = fates(&table);
        assert_eq!(fates[0], Fate { cause: "step too small".to_owned(), agents: 2 });
        assert_eq!(fates.iter().map(|f| f.agents).sum::<u64>(), 3);
        insta::assert_snapshot!(sentence(&table, 1000).unwrap(), @"3 of 1,000 agents stopped (2: step too small; 1: a rate was not finite). The first is agent 7 in arm taper at t = 61.25 d, state R. From then on no number counts them; failures.csv lists them.");
    }

    #[test]
    fn where_all_went_on_there_is_nothing_to_say() {
        assert_eq!(sentence(&sample::failures(&[]), 1000), None);
    }
}
