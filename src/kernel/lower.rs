//! Nodes to a tape.
//! Knows nothing of lanes.

use std::collections::HashMap;

use super::{Operation, Tape};
use crate::expression::{Arena, Id, Node, Operator, Sym};

impl Tape {
    /// Lowers `roots`. `given` are nodes whose values the caller writes into registers 0, 1, … before it runs: symbols, or
    /// whole expressions that another tape has computed; what only they stand on is not computed. `Err` names a symbol
    /// that is reached and not given.
    pub fn lower(arena: &Arena, roots: &[Id], given: &[Id]) -> Result<Tape, Sym> {
        let mut places = HashMap::new();
        for (register, id) in given.iter().enumerate() {
            places.entry(*id).or_insert(register);
        }
        let reached = reached(arena, roots, |id| places.contains_key(&id));

        let mut constants = Vec::new();
        for &id in &reached {
            if let Some(value) = arena.as_constant(id) {
                places.insert(id, given.len() + constants.len());
                constants.push(value);
            }
        }

        let mut operations = Vec::new();
        for &id in &reached {
            let node = arena.node(id);
            match node {
                Node::Const(_) => continue,
                Node::Sym(sym) => return Err(sym),
                _ => operations.push(operation(arena, node, |id| places[&id])),
            }
            places.insert(id, given.len() + constants.len() + operations.len() - 1);
        }
        let roots = roots.iter().map(|root| places[root]).collect();
        Ok(Tape { given: given.len(), constants, operations, roots })
    }
}

/// All that `roots` stand on and themselves, in order of evaluation, without what is `given` and what only that stands on.
fn reached(arena: &Arena, roots: &[Id], given: impl Fn(Id) -> bool) -> Vec<Id> {
    let mut wanted = vec![false; roots.iter().map(|root| root.0 as usize + 1).max().unwrap_or(0)];
    for root in roots {
        wanted[root.0 as usize] = true;
    }
    let mut found = Vec::new();
    for n in (0..wanted.len()).rev() {
        let id = Id(n as u32);
        if wanted[n] && !given(id) {
            found.push(id);
            arena.node(id).children().for_each(|child| wanted[child.0 as usize] = true);
        }
    }
    found.reverse();
    found
}

fn operation(arena: &Arena, node: Node, place: impl Fn(Id) -> usize) -> Operation {
    match node {
        Node::Neg(a) => Operation::Negative(place(a)),
        Node::Binary(operator, left, right) => {
            let (a, b) = (place(left), place(right));
            match operator {
                Operator::Add => Operation::Sum(a, b),
                Operator::Sub => Operation::Difference(a, b),
                Operator::Mul => Operation::Product(a, b),
                Operator::Div => Operation::Quotient(a, b),
                Operator::Pow => Operation::Power(arena.power_kind(right), a, b),
            }
        }
        Node::Call(function, arguments) => Operation::Call(function, arguments.map(place)),
        Node::Const(_) | Node::Sym(_) => unreachable!("constants and symbols are registers, not operations"),
    }
}
