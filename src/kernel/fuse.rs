//! Chains of basic operations made one operation each, so that what is between them needs no register.
//! Knows nothing of registers. Each operation keeps its rounding: no bit changes but the payload of a NaN.

use super::lower::Values;
use super::operation::{Basic, Chain, Operation, Then};
use super::schedule::settled;

/// Takes into each operation what only it uses, from the last operation to the first.
pub(super) fn fuse(values: &mut Values) {
    let first = values.first_computed();
    let uses = uses(values);
    let settled = settled(values);
    for n in (0..values.operations.len()).rev() {
        let Some(Operation::Basic(last, from)) = values.operations[n] else { continue };
        let inner = |value: usize| -> Option<(Basic, [usize; 2])> {
            let at = value.checked_sub(first)?;
            match values.operations[at] {
                Some(Operation::Basic(basic, from))
                    if uses[value] == 1 && settled[value] == settled[first + n] =>
                {
                    Some((basic, from))
                }
                _ => None,
            }
        };
        if let Some((operation, taken)) = longest(last, from, &inner) {
            taken.iter().for_each(|value| values.operations[value - first] = None);
            values.operations[n] = Some(operation);
        }
    }
}

/// The longest chain that ends in `last`, and the values that it takes in.
fn longest(
    last: Basic,
    from: [usize; 2],
    inner: &dyn Fn(usize) -> Option<(Basic, [usize; 2])>,
) -> Option<(Operation, Vec<usize>)> {
    let mut pair = None;
    for (value, then, other) in ways(last, from) {
        let Some((middle, middle_from)) = inner(value) else { continue };
        for (deep, deep_then, deep_other) in ways(middle, middle_from) {
            if let Some((basic, [a, b])) = inner(deep)
                && let Some(chain) = Chain::of((basic, deep_then, Some(then)))
            {
                return Some((Operation::Chain(chain, [a, b, deep_other, other]), vec![value, deep]));
            }
        }
        if let (None, Some(chain)) = (&pair, Chain::of((middle, then, None))) {
            let [a, b] = middle_from;
            pair = Some((Operation::Chain(chain, [a, b, other, other]), vec![value]));
        }
    }
    pair
}

/// Either source as the rest of a chain: it, what is done to it, with which other value.
fn ways(basic: Basic, [a, b]: [usize; 2]) -> [(usize, Then, usize); 2] {
    [(a, basic.then(true), b), (b, basic.then(false), a)]
}

/// How often each value is used; a root once more.
fn uses(values: &Values) -> Vec<usize> {
    let mut uses = vec![0; values.first_computed() + values.operations.len()];
    let sources = values.operations.iter().flatten().flat_map(Operation::sources);
    sources.chain(&values.roots).for_each(|value| uses[*value] += 1);
    uses
}
