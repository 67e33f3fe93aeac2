//! Equations made cheaper before they are lowered: what is the same for all agents becomes a number, and a division whose
//! divisor stands more than once, or is fixed for an agent, becomes a product with its reciprocal. Knows nothing of tapes.
//!
//! A parameter that nobody varies is a constant, so that `x^n` with n = 2 is a product and with n = 0.5 a root. The rules
//! look at the arm's slots and at its rates only: no record and no other arm moves a bit.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::plan::{Arm, Slot, System};
use crate::expression::{Arena, Id, Node, Operator, Sym};

/// The arm with its rates, what phases set and what is observed rewritten; starts, baselines, scales and limits, which are
/// computed once per agent, stand as written. What is observed or set keeps its divisions: there `x/x0` is 1 where x is x0, which
/// a product with the reciprocal is not.
pub(super) fn folded(arm: &Arm) -> Arm {
    let mut arm = arm.clone();
    let mut system = System::clone(&arm.system);
    let numbers: HashMap<Sym, f64> = constants(&system.values, &arm.slots).collect();
    let mut arena = std::mem::take(&mut system.arena);
    let ids: HashMap<Sym, Id> = numbers.iter().map(|(sym, value)| (*sym, arena.constant(*value))).collect();
    let mut numbered = |id: &mut Id| *id = arena.substitute(*id, &|sym| ids.get(&sym).copied());
    system.rates.iter_mut().for_each(&mut numbered);
    observed(&mut system).for_each(&mut numbered);
    sets(&mut arm).for_each(&mut numbered);
    let fixed = fixed(&system);
    let shared = shared_divisors(&arena, &system.rates);
    let mut multiplied = |id: &mut Id| *id = reciprocal(&mut arena, *id, &fixed, &shared);
    system.rates.iter_mut().for_each(&mut multiplied);
    system.arena = arena;
    arm.system = Arc::new(system);
    arm
}

/// Values that no agent and no group has otherwise.
fn constants(values: &[Sym], slots: &[Slot]) -> impl Iterator<Item = (Sym, f64)> {
    let pairs = values.iter().zip(slots);
    let same =
        pairs.filter(|(_, slot)| slot.vary.is_none() && slot.by_group.iter().all(|v| *v == slot.value));
    same.map(|(sym, slot)| (*sym, slot.value))
}

/// What does not change while an agent lives.
pub(super) fn fixed(system: &System) -> HashSet<Sym> {
    system.values.iter().chain(system.start_symbols.iter().flatten()).copied().collect()
}

fn observed(system: &mut System) -> impl Iterator<Item = &mut Id> {
    let responses = system.responses.iter_mut().flat_map(|response| {
        let optional = [&mut response.bottom, &mut response.top, &mut response.current];
        std::iter::once(&mut response.value).chain(optional.into_iter().flatten())
    });
    let latents = system.scores.iter_mut().map(|score| &mut score.latent);
    system.watched.iter_mut().chain(latents).chain(responses)
}

fn sets(arm: &mut Arm) -> impl Iterator<Item = &mut Id> {
    arm.phases.iter_mut().flat_map(|phase| phase.set.iter_mut().map(|(_, id)| id))
}

/// What more than one quotient is divided by.
pub(super) fn shared_divisors(arena: &Arena, roots: &[Id]) -> HashSet<Id> {
    let reached: HashSet<Id> = roots.iter().flat_map(|root| arena.reach(*root)).collect();
    let mut quotients: HashMap<Id, usize> = HashMap::new();
    for id in reached {
        if let Node::Binary(Operator::Div, _, divisor) = arena.node(id) {
            *quotients.entry(divisor).or_default() += 1;
        }
    }
    quotients.into_iter().filter(|(_, count)| *count > 1).map(|(divisor, _)| divisor).collect()
}

/// `of` with products in place of quotients by what is fixed or shared.
pub(super) fn reciprocal(arena: &mut Arena, of: Id, fixed: &HashSet<Sym>, shared: &HashSet<Id>) -> Id {
    // By node: what stands for it, and whether it is fixed.
    let mut new: HashMap<Id, (Id, bool)> = HashMap::new();
    for id in arena.reach(of) {
        let node = arena.node(id);
        let still = match node {
            Node::Const(_) => true,
            Node::Sym(sym) => fixed.contains(&sym),
            node => node.children().all(|child| new[&child].1),
        };
        let made = match node {
            Node::Const(_) | Node::Sym(_) => id,
            Node::Neg(a) => arena.neg(new[&a].0),
            Node::Binary(Operator::Div, a, b) if !still && (new[&b].1 || shared.contains(&b)) => {
                let one = arena.constant(1.0);
                let inverse = arena.binary(Operator::Div, one, new[&b].0);
                arena.binary(Operator::Mul, new[&a].0, inverse)
            }
            Node::Binary(op, a, b) => arena.binary(op, new[&a].0, new[&b].0),
            Node::Call(function, args) => {
                let args = args.map(|arg| new[&arg].0);
                arena.call(function, &args[..function.row().arity])
            }
        };
        new.insert(id, (made, still));
    }
    new[&of].0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Notation, print};

    fn arena() -> (Arena, [Id; 3]) {
        let mut arena = Arena::new();
        let ids = ["x", "y", "k"].map(|name| arena.named(name));
        (arena, ids)
    }

    #[test]
    fn a_quotient_by_what_is_fixed_is_a_product_and_what_is_wholly_fixed_stays() {
        let (mut arena, [x, _, k]) = arena();
        let two = arena.constant(2.0);
        let fixed = HashSet::from([arena.symbol("k")]);
        let half = arena.binary(Operator::Div, k, two);
        let quotient = arena.binary(Operator::Div, x, half);
        let made = reciprocal(&mut arena, quotient, &fixed, &HashSet::new());
        assert_eq!(print(&arena, made, Notation::Text), "x*(1/(k/2))");
    }

    #[test]
    fn a_divisor_that_stands_twice_is_inverted_once() {
        let (mut arena, [x, y, k]) = arena();
        let below = arena.binary(Operator::Add, x, k);
        let quotients = [x, y].map(|above| arena.binary(Operator::Div, above, below));
        let alone = arena.binary(Operator::Div, x, y);
        let sum = quotients.into_iter().fold(alone, |sum, next| arena.binary(Operator::Add, sum, next));
        let shared = shared_divisors(&arena, &[sum]);
        assert_eq!(shared, HashSet::from([below]));
        let made = reciprocal(&mut arena, sum, &HashSet::new(), &shared);
        assert_eq!(print(&arena, made, Notation::Text), "x/y + x*(1/(x + k)) + y*(1/(x + k))");
    }
}
