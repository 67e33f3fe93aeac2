//! Record times: a pleasant step for a length of time, and the times that it gives.
//! Knows nothing of what is recorded.

use crate::stimulus::{DAY, Micros};

const SECOND: Micros = 1_000_000;
const MINUTE: Micros = 60 * SECOND;
const HOUR: Micros = 60 * MINUTE;

/// About so many records where no step is written.
const RECORDS: Micros = 200;
/// Steps within one unit that divide the next.
const BY_UNIT: [(Micros, &[Micros]); 3] =
    [(SECOND, &[1, 2, 5, 10, 15, 30]), (MINUTE, &[1, 2, 5, 10, 15, 30]), (HOUR, &[1, 2, 3, 4, 6, 12])];

/// The shortest pleasant step that gives no more than about 200 records.
pub(super) fn pleasant(total: Micros) -> Micros {
    let least = (total / RECORDS).max(1);
    let decimal = |base: Micros| {
        (0..16).flat_map(move |power| [1, 2, 5].map(|n| base.saturating_mul(n * 10_i64.pow(power))))
    };
    let below = decimal(1).filter(|step| *step < SECOND);
    let between = BY_UNIT.iter().flat_map(|(unit, counts)| counts.iter().map(move |count| unit * count));
    let mut steps = below.chain(between).chain(decimal(DAY));
    steps.find(|step| *step >= least).unwrap_or(total)
}

/// How many times there are from 0 in steps of `every` to the end, which is among them.
pub(super) fn count(end: Micros, every: Micros) -> usize {
    (end / every) as usize + 1 + usize::from(end % every != 0)
}

/// From 0 in steps of `every`, and the end.
pub(super) fn from_start(end: Micros, every: Micros) -> Vec<Micros> {
    let mut times: Vec<Micros> = (0..=end / every).map(|step| step * every).collect();
    if times.last() != Some(&end) {
        times.push(end);
    }
    times
}
