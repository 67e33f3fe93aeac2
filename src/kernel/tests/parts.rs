//! A tape's two parts, its registers, its chains and its logarithms.

use proptest::prelude::*;

use super::laws::{Case, SYMBOLS, case, lanes, steps};
use super::*;
use crate::expression::Operator::{Add, Div, Mul, Pow, Sub};
use crate::kernel::operation::{Basic, CHAINS, Chain, Then};

fn roots_of(tape: &Tape, registers: &[Lanes]) -> Vec<Lanes> {
    tape.roots.iter().map(|root| registers[*root]).collect()
}

fn equal(one: &[Lanes], other: &[Lanes]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.0.iter().zip(&other.0).all(|(a, b)| same(*a, *b)))
}

proptest! {
    #[test]
    fn settling_and_running_the_rest_again_is_running_everything(
        steps in steps(),
        values in lanes(),
        later in lanes(),
        known in any::<[bool; SYMBOLS]>(),
    ) {
        let Case { arena, symbols, built } = case(&steps);
        let roots = &built[built.len().saturating_sub(3)..];
        let (settled, changing): (Vec<usize>, Vec<usize>) = (0..SYMBOLS).partition(|n| known[*n]);
        let ids = |of: &[usize]| of.iter().map(|n| symbols[*n].1).collect::<Vec<Id>>();
        let tape = Tape::lower_in_two(&arena, roots, &ids(&settled), &ids(&changing)).unwrap();
        let rows = |of: &[usize], values: &[Lanes]| of.iter().map(|n| values[*n]).collect::<Vec<_>>();

        let before = run(&tape, &[rows(&settled, &values), rows(&changing, &values)].concat());
        let after = run(&tape, &[rows(&settled, &values), rows(&changing, &later)].concat());
        let mut registers = vec![Lanes([f64::NAN; LANES]); tape.registers()];
        registers[..settled.len()].copy_from_slice(&rows(&settled, &values));
        tape.prepare(&mut registers);
        tape.settle(&mut registers);
        for (changed, expected) in [(&values, &before), (&later, &after), (&values, &before)] {
            registers[settled.len()..SYMBOLS].copy_from_slice(&rows(&changing, changed));
            tape.rerun(&mut registers);
            prop_assert!(equal(&roots_of(&tape, &registers), &roots_of(&tape, expected)));
        }
        for (position, root) in roots.iter().enumerate() {
            expect(&arena, *root, &symbols, &values, &before[tape.root(position)]);
        }
    }

    #[test]
    fn no_result_is_written_over_a_source_or_what_is_kept(steps in steps(), known in any::<[bool; SYMBOLS]>()) {
        let Case { arena, symbols, built } = case(&steps);
        let (settled, changing): (Vec<Id>, Vec<Id>) =
            symbols.iter().zip(known).map(|((_, id), known)| (*id, known)).fold(Default::default(), |mut both: (Vec<Id>, Vec<Id>), (id, known)| {
                if known { both.0.push(id) } else { both.1.push(id) }
                both
            });
        let tape = Tape::lower_in_two(&arena, &built[built.len() - 3..], &settled, &changing).unwrap();
        let written = |i: &Instruction| i.into..i.into + i.operation.width();
        for (position, instruction) in tape.instructions.iter().enumerate() {
            let into = written(instruction);
            prop_assert!(into.start >= tape.given + tape.constants.len() && into.end <= tape.registers);
            prop_assert!(instruction.operation.sources().iter().all(|source| !into.contains(source)));
            // What the rest reads from before it was not written over by the rest.
            for source in instruction.operation.sources().iter().filter(|_| position >= tape.settled) {
                let writers = |part: &[Instruction]| part.iter().any(|i| written(i).contains(source));
                let within = writers(&tape.instructions[tape.settled..position]);
                prop_assert!(within || !writers(&tape.instructions[position..]));
            }
        }
    }

    #[test]
    fn each_chain_is_its_operations_one_by_one_to_the_bit(values in lanes()) {
        for steps in CHAINS {
            let (arena, symbols, root) = written_out(steps);
            let given: Vec<Id> = symbols.iter().map(|(_, id)| *id).collect();
            let tape = Tape::lower(&arena, &[root], &given).unwrap();
            prop_assert_eq!(tape.instructions.len(), 1, "{:?}", steps);
            agrees(&arena, &[root], &symbols, &values);
        }
    }
}

/// A chain as nodes over four symbols.
fn written_out((basic, then, last): (Basic, Then, Option<Then>)) -> (Arena, Vec<(Sym, Id)>, Id) {
    let mut arena = Arena::new();
    let symbols: Vec<(Sym, Id)> =
        ["a", "b", "c", "d"].iter().map(|name| (arena.symbol(name), arena.named(name))).collect();
    let first = match basic {
        Basic::Sum => Add,
        Basic::Difference => Sub,
        Basic::Product => Mul,
        Basic::Quotient => Div,
    };
    let mut root = arena.binary(first, symbols[0].1, symbols[1].1);
    for (then, (_, value)) in [Some(then), last].into_iter().flatten().zip(&symbols[2..]) {
        root = match then {
            Then::Plus => arena.binary(Add, root, *value),
            Then::Less => arena.binary(Sub, root, *value),
            Then::From => arena.binary(Sub, *value, root),
            Then::Times => arena.binary(Mul, root, *value),
            Then::Over => arena.binary(Div, root, *value),
            Then::Under => arena.binary(Div, *value, root),
        };
    }
    (arena, symbols, root)
}

#[test]
fn every_chain_is_listed_once_and_every_pair_is_a_chain() {
    for (n, steps) in CHAINS.into_iter().enumerate() {
        assert_eq!(Chain::of(steps), Some(Chain(n as u8)));
    }
    assert_eq!(CHAINS.iter().filter(|(_, _, last)| last.is_none()).count(), 4 * 6);
}

#[test]
fn what_two_use_or_a_root_is_stays_out_of_chains() {
    let mut arena = Arena::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| arena.named(name));
    let product = arena.binary(Mul, a, b);
    let (sum, difference) = (arena.binary(Add, product, c), arena.binary(Sub, product, c));
    let lengths = |roots: &[Id]| Tape::lower(&arena, roots, &[a, b, c]).unwrap().instructions.len();
    assert_eq!(lengths(&[sum]), 1);
    assert_eq!(lengths(&[sum, product]), 2);
    assert_eq!(lengths(&[sum, difference]), 3);
}

#[test]
fn a_long_calculation_needs_few_registers() {
    let mut arena = Arena::new();
    let a = arena.named("a");
    let root = (0..100).fold(a, |inner, _| arena.call(Function::find("tanh").unwrap(), &[inner]));
    let tape = Tape::lower(&arena, &[root], &[a]).unwrap();
    assert_eq!((tape.instructions.len(), tape.registers()), (100, 3));
}

#[test]
fn powers_of_one_base_share_its_logarithm_at_all_edges() {
    let mut arena = Arena::new();
    let symbols: Vec<(Sym, Id)> =
        ["x", "n", "m"].iter().map(|name| (arena.symbol(name), arena.named(name))).collect();
    let [x, n, m] = [0, 1, 2].map(|k| symbols[k].1);
    let third = arena.constant(1.0 / 3.0);
    let roots = [n, m, third].map(|exponent| arena.binary(Pow, x, exponent));
    let ids = [x, n, m];
    let logarithms = |part: &[Instruction]| {
        part.iter().filter(|i| matches!(i.operation, operation::Operation::Logarithm(_))).count()
    };
    let tape = Tape::lower(&arena, &roots, &ids).unwrap();
    assert_eq!((logarithms(&tape.instructions), tape.instructions.len()), (1, 4));
    // That of a settled base is settled, whatever the exponent does.
    let tape = Tape::lower_in_two(&arena, &roots[..2], &[x], &[n, m]).unwrap();
    assert_eq!((tape.settled, logarithms(&tape.instructions[..1]), tape.instructions.len()), (1, 1, 3));
    for offset in 0..16 {
        let rows: Vec<Lanes> = [
            Lanes(std::array::from_fn(|lane| EDGES[lane % 16])),
            Lanes(std::array::from_fn(|lane| EDGES[(lane / 4 + offset) % 16])),
            Lanes(std::array::from_fn(|lane| EDGES[(lane / 16 + offset) % 16])),
        ]
        .to_vec();
        agrees(&arena, &roots, &symbols, &rows);
    }
}
