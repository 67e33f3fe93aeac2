//! Conservation laws: whole-number combinations of states that no flow changes.
//! Knows nothing of rates: only which flow adds how much of which state.
//!
//! The laws span the left null space of the stoichiometry. They are found by elimination on whole numbers, each row
//! divided by its greatest common divisor, so no law is lost or invented by rounding.

use super::Flow;

/// One row per law over `states` states, in lowest terms, first coefficient positive.
///
/// A burst of random size must leave a law untouched whatever its mean, so each burst counts as a flow of its own.
/// A law whose numbers leave 128 bits is left out.
pub(super) fn laws(states: usize, flows: &[Flow]) -> Vec<Vec<i64>> {
    let mut rows: Vec<Vec<i128>> = flows.iter().flat_map(|flow| changes(states, flow)).collect();
    let Some(pivots) = reduce(&mut rows, states) else { return Vec::new() };
    (0..states)
        .filter(|column| !pivots.contains(column))
        .filter_map(|free| law(&rows, &pivots, states, free))
        .collect()
}

/// The change of each state by one jump: first the whole part, then one row per burst.
fn changes(states: usize, flow: &Flow) -> Vec<Vec<i128>> {
    let mut whole = vec![0; states];
    let mut rows = Vec::new();
    for (term, sign) in flow.from.iter().map(|t| (t, -1)).chain(flow.to.iter().map(|t| (t, 1))) {
        if term.burst.is_none() {
            whole[term.state] += sign * i128::from(term.count);
        } else {
            let mut burst = vec![0; states];
            burst[term.state] = 1;
            rows.push(burst);
        }
    }
    rows.push(whole);
    rows
}

/// Brings `rows` to reduced echelon form over the whole numbers; the pivot column of each row that is left.
fn reduce(rows: &mut Vec<Vec<i128>>, columns: usize) -> Option<Vec<usize>> {
    let mut pivots = Vec::new();
    for column in 0..columns {
        let next = pivots.len();
        let Some(found) = (next..rows.len()).find(|&r| rows[r][column] != 0) else { continue };
        rows.swap(next, found);
        let pivot = rows[next].clone();
        for (r, row) in rows.iter_mut().enumerate() {
            if r != next && row[column] != 0 {
                *row = eliminate(row, &pivot, column)?;
            }
        }
        pivots.push(column);
    }
    rows.truncate(pivots.len());
    Some(pivots)
}

/// `row` with its entry in `column` removed by a multiple of `pivot`; `None` where the numbers grow too large.
fn eliminate(row: &[i128], pivot: &[i128], column: usize) -> Option<Vec<i128>> {
    let (a, b) = (pivot[column], row[column]);
    let next: Option<Vec<i128>> =
        row.iter().zip(pivot).map(|(&r, &p)| r.checked_mul(a)?.checked_sub(p.checked_mul(b)?)).collect();
    next.map(lowest)
}

/// The null vector with the free column 1, in whole numbers.
fn law(rows: &[Vec<i128>], pivots: &[usize], states: usize, free: usize) -> Option<Vec<i64>> {
    let mut common = 1i128;
    for (row, &column) in rows.iter().zip(pivots) {
        let divisor = row[column].checked_abs()? / gcd(row[column], row[free]).max(1);
        common = (common / gcd(common, divisor)).checked_mul(divisor)?;
    }
    let mut vector = vec![0i128; states];
    vector[free] = common;
    for (row, &column) in rows.iter().zip(pivots) {
        vector[column] = common.checked_mul(row[free])?.checked_neg()? / row[column];
    }
    let mut vector = lowest(vector);
    if vector.iter().find(|&&v| v != 0).is_some_and(|&v| v < 0) {
        vector.iter_mut().for_each(|v| *v = -*v);
    }
    vector.into_iter().map(|v| i64::try_from(v).ok()).collect()
}

fn lowest(row: Vec<i128>) -> Vec<i128> {
    let divisor = row.iter().fold(0, |d, &v| gcd(d, v)).max(1);
    row.into_iter().map(|v| v / divisor).collect()
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Formula, Term};
    use super::*;
    use crate::diagnostic::Source;
    use crate::expression::Arena;

    const STATES: usize = 5;

    fn flow(terms: &[(u32, usize, bool)]) -> Flow {
        let nothing = Arena::new().constant(0.0);
        let rate = Formula { written: nothing, value: nothing, at: Source::new("", "").span(0..0) };
        let side = |to: bool| {
            let here = terms.iter().filter(|term| term.2 == to);
            here.map(|&(count, state, _)| Term { count, burst: None, state }).collect()
        };
        let (from, to) = (side(false), side(true));
        Flow {
            name: String::new(),
            path: String::new(),
            from,
            to,
            rate,
            propensity: None,
            doc: String::new(),
        }
    }

    proptest! {
        #[test]
        fn no_flow_changes_a_law_and_there_are_as_many_as_the_rank_leaves(
            flows in prop::collection::vec(prop::collection::vec((1u32..4, 0..STATES, any::<bool>()), 1..4), 0..7)
        ) {
            let flows: Vec<Flow> = flows.iter().map(|terms| flow(terms)).collect();
            let change: Vec<Vec<i128>> = flows.iter().flat_map(|flow| changes(STATES, flow)).collect();
            let laws = laws(STATES, &flows);
            for law in &laws {
                for change in &change {
                    prop_assert_eq!(law.iter().zip(change).map(|(&l, &c)| i128::from(l) * c).sum::<i128>(), 0);
                }
                prop_assert_eq!(law.iter().fold(0, |d, &l| gcd(d, i128::from(l))), 1);
                prop_assert!(law.iter().find(|&&l| l != 0).is_some_and(|&l| l > 0));
            }
            let entries = change.iter().flatten().map(|&c| c as f64);
            let matrix = nalgebra::DMatrix::from_row_iterator(change.len(), STATES, entries);
            let rank = if change.is_empty() { 0 } else { matrix.rank(1e-9) };
            prop_assert_eq!(laws.len(), STATES - rank);
        }
    }
}
