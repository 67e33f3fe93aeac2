//! A plan without what only tables and figures want: a study reads numbers over agents, and nothing else is observed.
//! Knows nothing of points.

use crate::engine::Plan;

/// Drops records, curves and traces; what is observed moves no bit of what is left.
pub(super) fn bare(plan: &mut Plan) {
    plan.traced.clear();
    for arm in &mut plan.arms {
        arm.series.clear();
        arm.assays.iter_mut().for_each(|assay| assay.levels.clear());
    }
}
