//! The linear equations of an implicit step as programs: W = shift - J with the symbolic Jacobian J, its factors, and the
//! solution for a right side. Knows nothing of steps.
//!
//! The order of elimination is chosen once from the structure (fewest new entries first), and what is zero for every agent
//! is never computed. No row is exchanged: shift = 1/(gamma·h) stands on the diagonal, so that a shorter step always has
//! factors, and a step whose factors are not finite is not taken.

use super::folded::{fixed, reciprocal, shared_divisors};
use super::plan::System;
use super::program::{Layout, Program, Registers};
use crate::expression::{Arena, Id, Operator, Sym};
use crate::kernel::Lanes;

/// Programs of one system.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    /// Rates, then the factors of W; over the states, then the shift.
    factor: Program,
    /// The solution; over the right side, with the factors fixed.
    solve: Program,
    /// Changes of the rates by what inputs do in time; over states, and by input its slope.
    drift: Program,
    states: usize,
    factors: usize,
    /// The factors that are one over a pivot.
    inverses: Vec<usize>,
}

/// Registers of the programs, and the factors of the lanes of a block.
pub(super) struct Room {
    factor: Registers,
    solve: Registers,
    drift: Registers,
    factors: Vec<Lanes>,
}

/// Symbols of a system's Jacobian that every program of an arm needs.
pub(super) struct Jacobian {
    /// By rate, state; `None` where it is zero for every agent.
    entries: Vec<Vec<Option<Id>>>,
    /// By rate, input.
    by_input: Vec<Vec<Option<Id>>>,
}

impl Jacobian {
    pub fn new(system: &System, arena: &mut Arena) -> Jacobian {
        let mut rows = |by: &[Sym]| -> Vec<Vec<Option<Id>>> {
            let row = |rate: &Id| by.iter().map(|sym| nonzero(arena, *rate, *sym)).collect();
            system.rates.iter().map(row).collect()
        };
        let mut jacobian = Jacobian { entries: rows(&system.states), by_input: rows(&system.inputs) };
        let all: Vec<Id> = system.rates.iter().copied().chain(jacobian.roots()).collect();
        let shared = shared_divisors(arena, &all);
        let fixed = fixed(system);
        let entries = jacobian.entries.iter_mut().chain(&mut jacobian.by_input).flatten().flatten();
        entries.for_each(|entry| *entry = reciprocal(arena, *entry, &fixed, &shared));
        jacobian
    }

    /// All that it is made of.
    pub fn roots(&self) -> Vec<Id> {
        self.entries.iter().chain(&self.by_input).flatten().flatten().copied().collect()
    }
}

fn nonzero(arena: &mut Arena, rate: Id, by: Sym) -> Option<Id> {
    let slope = arena.derivative(rate, by);
    (arena.as_constant(slope) != Some(0.0)).then_some(slope)
}

impl Linear {
    /// `layout` is that of the arm's other programs. Fails with a symbol that nothing gives.
    pub fn new(
        system: &System,
        jacobian: &Jacobian,
        layout: &Layout,
        arena: &mut Arena,
    ) -> Result<Linear, Sym> {
        let shift = arena.named("shift of the implicit step");
        let factored = Factored::new(arena, &jacobian.entries, shift);
        let mut given = Layout { states: layout.states.clone(), ..layout.clone() };
        given.states.push(shift);
        let mut roots = system.rates.clone();
        roots.extend(&factored.factors);
        let factor = Program::new(arena, &roots, &given, None)?;

        let right: Vec<Id> =
            (0..system.states.len()).map(|n| arena.named(&format!("right side {n}"))).collect();
        let known: Vec<Id> =
            (0..factored.factors.len()).map(|n| arena.named(&format!("factor {n}"))).collect();
        let solution = factored.solution(arena, &right, &known);
        let given = Layout { states: right, inputs: Vec::new(), fixed: known };
        let solve = Program::new(arena, &solution, &given, None)?;

        let slopes: Vec<Id> =
            (0..system.inputs.len()).map(|n| arena.named(&format!("slope of input {n}"))).collect();
        let along = drift(arena, &jacobian.by_input, &slopes);
        let mut given = layout.clone();
        given.states.extend(&slopes);
        let drift = Program::new(arena, &along, &given, None)?;
        let inverses = factored.pivots.iter().map(|pivot| pivot.inverse).collect();
        let (states, factors) = (system.states.len(), factored.factors.len());
        Ok(Linear { factor, solve, drift, states, factors, inverses })
    }

    pub fn room(&self) -> Room {
        Room {
            factor: self.factor.registers(),
            solve: self.solve.registers(),
            drift: self.drift.registers(),
            factors: vec![Lanes([0.0; crate::kernel::LANES]); self.factors],
        }
    }

    /// What is constant over the run, once per block.
    pub fn give_fixed(&self, room: &mut Room, fixed: &[Lanes]) {
        self.factor.give_fixed(&mut room.factor, fixed);
        self.drift.give_fixed(&mut room.drift, fixed);
    }

    /// Rates at the states, and the factors of W for later solutions. `states` has the shift as its last row.
    pub fn factor(
        &self,
        room: &mut Room,
        states: &[Lanes],
        inputs: impl FnOnce(&Program, &mut Registers),
        rates: &mut [Lanes],
    ) {
        self.factor.give_states(&mut room.factor, states);
        inputs(&self.factor, &mut room.factor);
        self.factor.run(&mut room.factor);
        for (n, rate) in rates.iter_mut().enumerate() {
            *rate = *self.factor.root(&room.factor, n);
        }
        for (n, factor) in room.factors.iter_mut().enumerate() {
            *factor = *self.factor.root(&room.factor, self.states + n);
        }
        // An infinite pivot would hold its state still without a sign of it.
        for inverse in &self.inverses {
            room.factors[*inverse].0.iter_mut().for_each(|x| *x = if *x == 0.0 { f64::NAN } else { *x });
        }
        self.solve.give_fixed(&mut room.solve, &room.factors);
    }

    /// Solves W x = right.
    pub fn solve(&self, room: &mut Room, right: &[Lanes], into: &mut [Lanes]) {
        self.solve.give_states(&mut room.solve, right);
        self.solve.run(&mut room.solve);
        for (n, lanes) in into.iter_mut().enumerate() {
            *lanes = *self.solve.root(&room.solve, n);
        }
    }

    /// How fast the rates change by the inputs alone. `states` has the slopes of the inputs after the states.
    pub fn drift(
        &self,
        room: &mut Room,
        states: &[Lanes],
        inputs: impl FnOnce(&Program, &mut Registers),
        into: &mut [Lanes],
    ) {
        self.drift.give_states(&mut room.drift, states);
        inputs(&self.drift, &mut room.drift);
        self.drift.run(&mut room.drift);
        for (n, lanes) in into.iter_mut().enumerate() {
            *lanes = *self.drift.root(&room.drift, n);
        }
    }
}

/// Σ over inputs of the rate's derivative times the input's slope, by rate.
fn drift(arena: &mut Arena, by_input: &[Vec<Option<Id>>], slopes: &[Id]) -> Vec<Id> {
    let zero = arena.constant(0.0);
    let mut along = |row: &Vec<Option<Id>>| {
        row.iter().zip(slopes).fold(zero, |sum, (by, slope)| match by {
            None => sum,
            Some(by) => {
                let term = arena.binary(Operator::Mul, *by, *slope);
                arena.binary(Operator::Add, sum, term)
            }
        })
    };
    by_input.iter().map(&mut along).collect()
}

/// W as lower and upper factors.
struct Factored {
    factors: Vec<Id>,
    /// In order of elimination.
    pivots: Vec<Pivot>,
}

/// One step of elimination; numbers are positions among the factors.
struct Pivot {
    row: usize,
    /// One over the pivot.
    inverse: usize,
    /// What later rows lose of this one: (row, factor).
    below: Vec<(usize, usize)>,
    /// What this row has in later columns: (column, factor).
    right: Vec<(usize, usize)>,
}

impl Factored {
    fn new(arena: &mut Arena, jacobian: &[Vec<Option<Id>>], shift: Id) -> Factored {
        let mut matrix = shifted(arena, jacobian, shift);
        let mut left: Vec<usize> = (0..matrix.len()).collect();
        let mut factored = Factored { factors: Vec::new(), pivots: Vec::new() };
        while let Some(row) = cheapest(&matrix, &left) {
            left.retain(|other| *other != row);
            let pivot = factored.eliminate(arena, &mut matrix, row, &left);
            factored.pivots.push(pivot);
        }
        factored
    }

    fn eliminate(
        &mut self,
        arena: &mut Arena,
        matrix: &mut [Vec<Option<Id>>],
        row: usize,
        left: &[usize],
    ) -> Pivot {
        let diagonal = matrix[row][row].expect("the shift stands on the diagonal");
        let one = arena.constant(1.0);
        let inverse = arena.binary(Operator::Div, one, diagonal);
        let mut pivot = Pivot { row, inverse: self.factor(inverse), below: Vec::new(), right: Vec::new() };
        let entries: Vec<(usize, Id)> = left.iter().filter_map(|j| Some((*j, matrix[row][*j]?))).collect();
        pivot.right = entries.iter().map(|(column, entry)| (*column, self.factor(*entry))).collect();
        for other in left {
            let Some(entry) = matrix[*other][row] else { continue };
            let share = arena.binary(Operator::Mul, entry, inverse);
            pivot.below.push((*other, self.factor(share)));
            for (column, entry) in &entries {
                let lost = arena.binary(Operator::Mul, share, *entry);
                let kept = match matrix[*other][*column] {
                    Some(kept) => arena.binary(Operator::Sub, kept, lost),
                    None => arena.neg(lost),
                };
                matrix[*other][*column] = Some(kept);
            }
        }
        pivot
    }

    fn factor(&mut self, id: Id) -> usize {
        self.factors.push(id);
        self.factors.len() - 1
    }

    /// Solution by state, of a right side and the factors by their symbols.
    fn solution(&self, arena: &mut Arena, right: &[Id], factors: &[Id]) -> Vec<Id> {
        let mut x = right.to_vec();
        let less = |arena: &mut Arena, from: Id, factor: usize, of: Id| {
            let lost = arena.binary(Operator::Mul, factors[factor], of);
            arena.binary(Operator::Sub, from, lost)
        };
        for pivot in &self.pivots {
            for (row, factor) in &pivot.below {
                x[*row] = less(arena, x[*row], *factor, x[pivot.row]);
            }
        }
        for pivot in self.pivots.iter().rev() {
            for (column, factor) in &pivot.right {
                x[pivot.row] = less(arena, x[pivot.row], *factor, x[*column]);
            }
            x[pivot.row] = arena.binary(Operator::Mul, x[pivot.row], factors[pivot.inverse]);
        }
        x
    }
}

/// shift - J.
fn shifted(arena: &mut Arena, jacobian: &[Vec<Option<Id>>], shift: Id) -> Vec<Vec<Option<Id>>> {
    let mut matrix = Vec::with_capacity(jacobian.len());
    for (row, entries) in jacobian.iter().enumerate() {
        let entry = |(column, entry): (usize, &Option<Id>)| match (row == column, *entry) {
            (true, None) => Some(shift),
            (true, Some(entry)) => Some(arena.binary(Operator::Sub, shift, entry)),
            (false, entry) => entry.map(|entry| arena.neg(entry)),
        };
        matrix.push(entries.iter().enumerate().map(entry).collect());
    }
    matrix
}

/// The row whose elimination makes the fewest entries; the first of equals.
fn cheapest(matrix: &[Vec<Option<Id>>], left: &[usize]) -> Option<usize> {
    let cost = |row: usize| {
        let others = |of: &dyn Fn(usize) -> bool| left.iter().filter(|j| **j != row && of(**j)).count();
        others(&|j| matrix[row][j].is_some()) * others(&|j| matrix[j][row].is_some())
    };
    left.iter().copied().min_by_key(|row| cost(*row))
}
