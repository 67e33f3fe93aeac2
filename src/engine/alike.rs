//! How much of two arms is the same history of the same agents, so that it need be lived only once.
//! Knows nothing of agents or of what is observed.

use super::plan::{Arm, Phase, System};
use crate::expression::{Arena, Id, Node, Sym};

/// The arm in whose steps another begins, and how many phases they share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Follows {
    pub leader: usize,
    pub phases: usize,
}

/// By arm, what it begins with: the longest beginning of an earlier arm that follows none itself.
pub(super) fn beginnings(arms: &[Arm]) -> Vec<Option<Follows>> {
    let mut follows: Vec<Option<Follows>> = Vec::with_capacity(arms.len());
    for (n, arm) in arms.iter().enumerate() {
        let leaders = (0..n).filter(|leader| follows[*leader].is_none());
        let shared = leaders.map(|leader| Follows { leader, phases: shared(&arms[leader], arm) });
        // The first of the longest.
        let longest = shared.fold(None, |best: Option<Follows>, next| match best {
            Some(best) if best.phases >= next.phases => Some(best),
            _ if next.phases == 0 => best,
            _ => Some(next),
        });
        follows.push(longest);
    }
    follows
}

/// Leading phases that two arms share; 0 where their agents or equations differ.
fn shared(one: &Arm, other: &Arm) -> usize {
    let same = one.slots == other.slots && same_system(one, other);
    let pairs = one.phases.iter().zip(&other.phases);
    let alike = |(a, b): &(&Phase, &Phase)| {
        a.when == b.when && a.inputs == b.inputs && same_set(&one.system, a, &other.system, b)
    };
    if same { pairs.take_while(alike).count() } else { 0 }
}

fn same_set(one: &System, a: &Phase, other: &System, b: &Phase) -> bool {
    let ids = a.set.iter().map(|(_, id)| *id);
    a.set == b.set && same_nodes(&one.arena, &other.arena, ids)
}

/// Whether all that moves states is the same; what is watched may differ.
fn same_system(one: &Arm, other: &Arm) -> bool {
    let (a, b) = (&one.system, &other.system);
    let names = |system: &System, syms: &[Sym]| -> Vec<String> {
        syms.iter().map(|sym| system.arena.name(*sym).to_owned()).collect()
    };
    let same_names = |x: &[Sym], y: &[Sym]| x == y && names(a, x) == names(b, y);
    let solved = |system: &System| -> Vec<Sym> { system.start_symbols.iter().flatten().copied().collect() };
    let limits = |system: &System| -> Vec<(usize, Id, Id, &'static str)> {
        system.limits.iter().map(|l| (l.slot, l.left, l.right, l.comparison.sign())).collect()
    };
    let alike = same_names(&a.values, &b.values)
        && same_names(&a.inputs, &b.inputs)
        && same_names(&a.states, &b.states)
        && same_names(&solved(a), &solved(b))
        && (&a.rates, &a.starts, &a.baselines, &a.scales) == (&b.rates, &b.starts, &b.baselines, &b.scales)
        && (&a.nonnegative, limits(a), a.microseconds) == (&b.nonnegative, limits(b), b.microseconds)
        && one.starts == other.starts;
    let roots = a.rates.iter().chain(&a.baselines).copied();
    let roots = roots.chain(a.starts.iter().chain(&a.scales).flatten().copied());
    let roots = roots.chain(a.limits.iter().flat_map(|limit| [limit.left, limit.right]));
    let roots = roots.chain(one.starts.iter().map(|(_, id)| *id));
    alike && same_nodes(&a.arena, &b.arena, roots)
}

/// Whether nodes of the same number mean the same in two arenas.
fn same_nodes(one: &Arena, other: &Arena, ids: impl Iterator<Item = Id>) -> bool {
    let same = |id: Id| match (one.node(id), other.node(id)) {
        (Node::Sym(a), Node::Sym(b)) => one.name(a) == other.name(b),
        (a, b) => a == b,
    };
    let known = |id: Id| (id.0 as usize) < other.len();
    ids.flat_map(|id| one.reach(id)).all(|id| known(id) && same(id))
}
