//! Laws over random expressions, built node by node so that parts are shared.

use proptest::prelude::*;

use super::*;
use crate::expression::{FUNCTIONS, Operator};

pub const SYMBOLS: usize = 4;

/// One node more: what it is, and which earlier nodes it takes.
pub type Step = (u8, [usize; 3]);

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((any::<u8>(), any::<[usize; 3]>()), 1..40)
}

pub fn lanes() -> impl Strategy<Value = Vec<Lanes>> {
    let number = prop_oneof![
        3 => -4.0f64..4.0,
        2 => 0.0f64..100.0,
        1 => any::<f64>(),
        1 => proptest::sample::select(EDGES.to_vec()),
    ];
    proptest::collection::vec(proptest::collection::vec(number, LANES), SYMBOLS)
        .prop_map(|rows| rows.iter().map(|row| Lanes(std::array::from_fn(|lane| row[lane]))).collect())
}

pub struct Case {
    pub arena: Arena,
    pub symbols: Vec<(Sym, Id)>,
    /// Everything that was built, simplest first.
    pub built: Vec<Id>,
}

pub fn case(steps: &[Step]) -> Case {
    let mut arena = Arena::new();
    let symbols: Vec<(Sym, Id)> =
        ["a", "b", "c", "d"].iter().map(|name| (arena.symbol(name), arena.named(name))).collect();
    let mut built: Vec<Id> = symbols.iter().map(|(_, id)| *id).collect();
    for number in [0.0, 0.5, 2.0, -1.0, 3.0, 7.25, 1e-300] {
        built.push(arena.constant(number));
    }
    for (kind, from) in steps {
        // Later nodes more often, so that expressions grow high.
        let [a, b, c] = from.map(|n| built[built.len() - 1 - n % built.len().min(12)]);
        let node = match *kind as usize % (8 + FUNCTIONS.len()) {
            0 => arena.neg(a),
            1 => arena.binary(Operator::Add, a, b),
            2 => arena.binary(Operator::Sub, a, b),
            3 => arena.binary(Operator::Mul, a, b),
            4 => arena.binary(Operator::Div, a, b),
            5 => arena.binary(Operator::Pow, a, b),
            6 => {
                let exponent = arena.constant([0.5, 1.5, -0.5, 65.0][from[1] % 4]);
                arena.binary(Operator::Pow, a, exponent)
            }
            7 => {
                let exponent = arena.constant((from[1] % 17) as f64 - 8.0);
                arena.binary(Operator::Pow, a, exponent)
            }
            n => arena.call(Function(n as u8 - 8), &[a, b, c][..FUNCTIONS[n - 8].arity]),
        };
        built.push(node);
    }
    Case { arena, symbols, built }
}

/// Nodes that a tape computes.
fn nodes(tape: &Tape) -> usize {
    let of = |operation: &Operation| match operation {
        Operation::Logarithm(_) => 0,
        Operation::Chain(..) => operation.sources().len() - 1,
        _ => 1,
    };
    tape.instructions.iter().map(|instruction| of(&instruction.operation)).sum()
}

proptest! {
    #[test]
    fn a_tape_gives_what_evaluation_gives_in_each_lane(steps in steps(), values in lanes()) {
        let Case { arena, symbols, built } = case(&steps);
        agrees(&arena, &built, &symbols, &values);
        agrees(&arena, &built[built.len() - 1..], &symbols, &values);
    }

    #[test]
    fn what_another_tape_computed_can_be_given(steps in steps(), values in lanes(), known in any::<[bool; SYMBOLS]>()) {
        let Case { arena, symbols, built } = case(&steps);
        let roots = &built[built.len().saturating_sub(3)..];
        let is_known = |sym: Sym| known[symbols.iter().position(|(s, _)| *s == sym).unwrap()];
        let parts = frontier(&arena, roots, &is_known);

        let ids: Vec<Id> = symbols.iter().map(|(_, id)| *id).collect();
        let first = Tape::lower(&arena, &parts, &ids).unwrap();
        let done = run(&first, &values);
        let mut given = values.clone();
        given.extend((0..parts.len()).map(|n| done[first.root(n)]));
        let second = Tape::lower(&arena, roots, &[ids, parts.clone()].concat()).unwrap();
        let registers = run(&second, &given);
        for (position, root) in roots.iter().enumerate() {
            expect(&arena, *root, &symbols, &values, &registers[second.root(position)]);
        }
        // What needs known symbols only is not computed again, and all else is.
        let mut reached: Vec<Id> = roots.iter().flat_map(|root| arena.reach(*root)).collect();
        reached.sort();
        reached.dedup();
        let unknown = |id: &&Id| arena.symbols(**id).iter().any(|sym| !is_known(*sym));
        let symbol = |id: &&Id| symbols.iter().any(|(_, symbol)| symbol == *id);
        prop_assert_eq!(nodes(&second), reached.iter().filter(unknown).filter(|id| !symbol(id)).count());
        for part in &parts {
            prop_assert!(arena.as_constant(*part).is_none());
            prop_assert!(arena.symbols(*part).iter().all(|sym| is_known(*sym)));
        }
        prop_assert!(parts.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn a_frontier_of_all_symbols_is_the_roots_and_of_none_is_nothing(steps in steps()) {
        let Case { arena, symbols, built } = case(&steps);
        let root = *built.last().unwrap();
        let plain = arena.as_constant(root).is_some() || symbols.iter().any(|(_, id)| *id == root);
        prop_assert_eq!(frontier(&arena, &[root], &|_| true), if plain { vec![] } else { vec![root] });
        prop_assert_eq!(frontier(&arena, &[root], &|_| false), vec![]);
    }
}

#[test]
fn a_part_used_by_an_unknown_is_computed_once_beside_the_larger_part_that_holds_it() {
    let mut arena = Arena::new();
    let [a, b, x] = ["a", "b", "x"].map(|name| arena.named(name));
    let ratio = arena.binary(Operator::Div, a, b);
    let larger = arena.binary(Operator::Mul, ratio, a);
    let moved = arena.binary(Operator::Add, ratio, x);
    let root = arena.binary(Operator::Sub, moved, larger);
    let x = arena.symbol("x");
    assert_eq!(frontier(&arena, &[root], &|sym| sym != x), [ratio, larger]);
}

#[test]
fn roots_may_be_given_or_constant_or_the_same_and_then_nothing_is_computed() {
    let mut arena = Arena::new();
    let (a, seven) = (arena.named("a"), arena.constant(7.0));
    let sum = arena.binary(Operator::Add, a, seven);
    let tape = Tape::lower(&arena, &[sum, seven, a, sum], &[a, sum]).unwrap();
    assert!(tape.is_empty());
    assert_eq!([tape.root(0), tape.root(2), tape.root(3)], [1, 0, 1]);
    let registers = run(&tape, &[Lanes([1.0; LANES]), Lanes([8.0; LANES])]);
    assert_eq!(registers[tape.root(1)].0, [7.0; LANES]);
    assert_eq!(registers.len(), 3);
    let none = Tape::lower(&arena, &[], &[]).unwrap();
    assert!(none.is_empty() && none.registers() == 0);
}

#[test]
fn a_symbol_that_is_not_given_is_named_unless_nothing_needs_it() {
    let mut arena = Arena::new();
    let (a, b) = (arena.named("a"), arena.named("b"));
    let product = arena.binary(Operator::Mul, a, b);
    let root = arena.neg(product);
    assert_eq!(Tape::lower(&arena, &[root], &[a]).unwrap_err(), arena.find_symbol("b").unwrap());
    assert_eq!(Tape::lower(&arena, &[root], &[product]).unwrap().registers(), 2);
}

#[test]
fn a_shared_part_is_computed_once() {
    let mut arena = Arena::new();
    let a = arena.named("a");
    let square = arena.binary(Operator::Mul, a, a);
    let root = arena.binary(Operator::Add, square, square);
    let tape = Tape::lower(&arena, &[root, square], &[a]).unwrap();
    assert_eq!(tape.registers(), 3);
}
