//! Nodes to operations, each with a value of its own.
//! Knows nothing of lanes and registers.

use std::collections::HashMap;

use super::operation::{Basic, Operation};
use super::{Tape, fuse, schedule};
use crate::expression::{Arena, Id, Node, Operator, PowerKind, Sym};

/// Operations in order of evaluation. Values are numbered: the given ones, constants, then one of each operation.
pub(super) struct Values {
    /// Given values that change last; those before are settled.
    pub settled: usize,
    pub given: usize,
    pub constants: Vec<f64>,
    /// `None` where another operation has taken it in.
    pub operations: Vec<Option<Operation>>,
    pub roots: Vec<usize>,
}

impl Values {
    pub fn first_computed(&self) -> usize {
        self.given + self.constants.len()
    }
}

impl Tape {
    /// Lowers `roots`. `given` are nodes whose values the caller writes into registers 0, 1, … before it runs: symbols, or
    /// whole expressions that another tape has computed; what only they stand on is not computed. `Err` names a symbol
    /// that is reached and not given.
    pub fn lower(arena: &Arena, roots: &[Id], given: &[Id]) -> Result<Tape, Sym> {
        Tape::lower_in_two(arena, roots, &[], given)
    }

    /// The same for given nodes of two kinds, `settled` in the first registers and `changing` after them: what stands on
    /// settled ones alone is computed by `settle`, all else by `rerun`.
    pub fn lower_in_two(arena: &Arena, roots: &[Id], settled: &[Id], changing: &[Id]) -> Result<Tape, Sym> {
        let mut places = HashMap::new();
        for (register, id) in settled.iter().chain(changing).enumerate() {
            places.entry(*id).or_insert(register);
        }
        let given = settled.len() + changing.len();
        let reached = reached(arena, roots, |id| places.contains_key(&id));

        let mut constants = Vec::new();
        for &id in &reached {
            if let Some(value) = arena.as_constant(id) {
                places.insert(id, given + constants.len());
                constants.push(value);
            }
        }
        let mut values =
            Values { settled: settled.len(), given, constants, operations: Vec::new(), roots: Vec::new() };
        let mut logarithms = HashMap::new();
        for &id in &reached {
            let node = arena.node(id);
            match node {
                Node::Const(_) => continue,
                Node::Sym(sym) => return Err(sym),
                _ => values.add(arena, node, &|id| places[&id], &mut logarithms),
            }
            places.insert(id, values.first_computed() + values.operations.len() - 1);
        }
        values.roots = roots.iter().map(|root| places[root]).collect();
        fuse::fuse(&mut values);
        Ok(schedule::scheduled(&values))
    }
}

impl Values {
    /// The operation of a node, after the logarithm of its base where that is needed and not there yet.
    fn add(
        &mut self,
        arena: &Arena,
        node: Node,
        place: &dyn Fn(Id) -> usize,
        logarithms: &mut HashMap<usize, usize>,
    ) {
        let operation = match node {
            Node::Neg(a) => Operation::Negative([place(a)]),
            Node::Binary(operator, left, right) => {
                let (a, b) = (place(left), place(right));
                match operator {
                    Operator::Add => Operation::Basic(Basic::Sum, [a, b]),
                    Operator::Sub => Operation::Basic(Basic::Difference, [a, b]),
                    Operator::Mul => Operation::Basic(Basic::Product, [a, b]),
                    Operator::Div => Operation::Basic(Basic::Quotient, [a, b]),
                    Operator::Pow => match arena.power_kind(right) {
                        PowerKind::General => Operation::Raised([a, self.logarithm(a, logarithms), b]),
                        // `powi` multiplies 1 by the square.
                        PowerKind::Whole(2) => Operation::Basic(Basic::Product, [a, a]),
                        kind => Operation::Power(kind, [a]),
                    },
                }
            }
            Node::Call(function, arguments) => Operation::Call(function, arguments.map(place)),
            Node::Const(_) | Node::Sym(_) => unreachable!("constants and symbols are values, not operations"),
        };
        self.operations.push(Some(operation));
    }

    fn logarithm(&mut self, base: usize, logarithms: &mut HashMap<usize, usize>) -> usize {
        let next = self.first_computed() + self.operations.len();
        let value = *logarithms.entry(base).or_insert(next);
        if value == next {
            self.operations.push(Some(Operation::Logarithm([base])));
        }
        value
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
