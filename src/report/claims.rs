//! `claims.json`: what became of each claim.
//! Knows scenarios and verdicts.

use serde_json::{Value, json};

use crate::scenario::{Change, Results, Scenario};

/// Whether a change makes it another scenario: other agents, as many or more of them, leave what is claimed as it is.
pub fn changes_claims(changes: &[Change]) -> bool {
    changes.iter().any(|change| !["population.agents", "population.seed"].contains(&change.path.as_str()))
}

pub fn json(scenario: &Scenario, results: &Results) -> String {
    let changed = changes_claims(&scenario.changes);
    let claims: Vec<Value> = scenario
        .claims
        .iter()
        .zip(&results.verdicts)
        .map(|(text, verdict)| {
            let shares: Vec<Value> = verdict
                .shares
                .iter()
                .map(|(arm, share)| {
                    let arm = arm.and_then(|arm| scenario.arms.get(arm)).map(|arm| &arm.name);
                    json!({ "arm": arm, "share": share })
                })
                .collect();
            json!({
                "name": text.claim.name,
                "say": text.claim.say,
                "tag": if text.assumed { "assumed" } else { "emergent" },
                "wanted": text.claim.share,
                "holds": verdict.holds,
                "shares": shares,
                "sides": verdict.sides,
                "sentence": verdict.sentence(&text.claim, changed),
                "scenario": if changed { "changed" } else { "unchanged" },
                "fails_with": text.fails_with,
            })
        })
        .collect();
    serde_json::to_string_pretty(&claims).expect("claims are JSON") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_and_seed_leave_the_claims_as_they_are() {
        let change = |path: &str| Change { path: path.to_owned(), now: "9".to_owned(), was: "1".to_owned() };
        assert!(!changes_claims(&[]));
        assert!(!changes_claims(&[change("population.agents"), change("population.seed")]));
        assert!(changes_claims(&[change("population.agents"), change("parameters.kappa")]));
        assert!(changes_claims(&[change("population.vary.kappa.lognormal.cv")]));
    }
}
