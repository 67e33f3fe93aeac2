//! Which recorded quantities are scores of simulated instruments, of which some agents may have none.
//! Knows nothing of tables.

use crate::engine::Plan;

/// `stat` of the agents whose latent quantity has no number.
pub const UNDEFINED: &str = "missing: not defined";

/// Whether a watched quantity of an arm stands on a score.
pub fn is_score(plan: &Plan, arm: usize, watched: usize) -> bool {
    let system = &plan.arms[arm].system;
    let shown = |sym| system.scores.iter().any(|score| score.sym == sym);
    !system.scores.is_empty() && system.arena.symbols(system.watched[watched]).into_iter().any(shown)
}
