//! Laws of tapes: over random expressions, over all functions, over all built-in models.

mod laws;
mod models;
mod parts;
mod rows;

use super::*;
use crate::expression::{Arena, Function, Id, Sym};

/// Equal to the last bit; every NaN is the same.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
}

/// Numbers at which arithmetic goes wrong, and some at which it does not.
const EDGES: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    -3.5,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    5e-324,
    -1e-310,
    f64::MIN_POSITIVE,
    f64::MAX,
    1e-200,
    -7e150,
];

/// Registers of `tape` after a run over the values of the given nodes; the same at each level of vectors.
fn run(tape: &Tape, given: &[Lanes]) -> Vec<Lanes> {
    let runs = Level::ALL.map(|level| {
        let mut registers = vec![Lanes([f64::NAN; LANES]); tape.registers()];
        registers[..given.len()].copy_from_slice(given);
        tape.prepare(&mut registers);
        tape.run_at(level, &mut registers);
        registers
    });
    let [plain, others @ ..] = runs;
    for other in others {
        for (one, other) in plain.iter().zip(&other) {
            assert!(one.0.iter().zip(&other.0).all(|(one, other)| same(*one, *other)));
        }
    }
    plain
}

/// Fails where a lane of a root is not what `Arena::evaluate` gives; `given` are symbols.
fn agrees(arena: &Arena, roots: &[Id], symbols: &[(Sym, Id)], values: &[Lanes]) {
    let given: Vec<Id> = symbols.iter().map(|(_, id)| *id).collect();
    let tape = Tape::lower(arena, roots, &given).expect("all symbols are given");
    let registers = run(&tape, values);
    for (position, root) in roots.iter().enumerate() {
        let found = &registers[tape.root(position)];
        expect(arena, *root, symbols, values, found);
    }
}

fn expect(arena: &Arena, root: Id, symbols: &[(Sym, Id)], values: &[Lanes], found: &Lanes) {
    for lane in 0..LANES {
        let value = |sym| values[symbols.iter().position(|(s, _)| *s == sym).expect("given")].0[lane];
        let truth = arena.evaluate(root, &value);
        assert!(same(found.0[lane], truth), "{root:?} lane {lane}: {} instead of {truth}", found.0[lane]);
    }
}
