//! Every function and every operator at the edges of the numbers.

use super::*;
use crate::expression::{FUNCTIONS, Operator};

/// All combinations of three edges, in blocks: 16 and 4 of the first and second argument fill the lanes.
fn blocks() -> impl Iterator<Item = Vec<Lanes>> {
    EDGES.into_iter().flat_map(|third| {
        (0..EDGES.len() / 4).map(move |quarter| {
            vec![
                Lanes(std::array::from_fn(|lane| EDGES[lane % 16])),
                Lanes(std::array::from_fn(|lane| EDGES[quarter * 4 + lane / 16])),
                Lanes([third; LANES]),
            ]
        })
    })
}

fn named(arena: &mut Arena) -> Vec<(Sym, Id)> {
    ["a", "b", "c"].iter().map(|name| (arena.symbol(name), arena.named(name))).collect()
}

#[test]
fn every_function_is_its_row_at_the_edges() {
    let mut arena = Arena::new();
    let symbols = named(&mut arena);
    let ids: Vec<Id> = symbols.iter().map(|(_, id)| *id).collect();
    let calls: Vec<Id> =
        (0..FUNCTIONS.len()).map(|n| arena.call(Function(n as u8), &ids[..FUNCTIONS[n].arity])).collect();
    let tape = Tape::lower(&arena, &calls, &ids).unwrap();
    for values in blocks() {
        let registers = run(&tape, &values);
        for (position, row) in FUNCTIONS.iter().enumerate() {
            for lane in 0..LANES {
                let args = std::array::from_fn(|n| values[if n < row.arity { n } else { 0 }].0[lane]);
                let found = registers[tape.root(position)].0[lane];
                assert!(same(found, (row.value)(args)), "{}{args:?} = {found}", row.name);
            }
        }
    }
}

#[test]
fn every_operator_and_kind_of_power_is_evaluation_at_the_edges() {
    use Operator::{Add, Div, Mul, Pow, Sub};
    let mut arena = Arena::new();
    let symbols = named(&mut arena);
    let (a, b) = (symbols[0].1, symbols[1].1);
    let mut roots: Vec<Id> = [Add, Sub, Mul, Div, Pow].map(|op| arena.binary(op, a, b)).to_vec();
    roots.push(arena.neg(a));
    for n in -64..=64 {
        let exponent = arena.constant(f64::from(n));
        roots.push(arena.binary(Pow, a, exponent));
    }
    for exponent in [0.5, 1.5, -0.5, 65.0, f64::INFINITY, f64::NAN] {
        let exponent = arena.constant(exponent);
        roots.push(arena.binary(Pow, a, exponent));
        roots.push(arena.binary(Pow, exponent, a));
    }
    for values in blocks().take(4) {
        agrees(&arena, &roots, &symbols, &values);
    }
}
