//! What one instruction of a tape does.
//! Knows nothing of nodes and of how lanes are run.

use crate::expression::{Function, PowerKind};

/// What one result is computed from: positions of values, later of registers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Negative([usize; 1]),
    Basic(Basic, [usize; 2]),
    /// Two or three basic operations, each with its rounding; what is between them is never stored.
    Chain(Chain, [usize; 4]),
    /// A whole power or a root; the general one is `Raised`.
    Power(PowerKind, [usize; 1]),
    /// ln |x| in two parts, hence two registers.
    Logarithm([usize; 1]),
    /// The general power: base, its logarithm, exponent.
    Raised([usize; 3]),
    Call(Function, [usize; 3]),
}

/// The four operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basic {
    Sum,
    Difference,
    Product,
    Quotient,
}

/// What becomes of a result x together with one more value v.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// x + v
    Plus,
    /// x - v
    Less,
    /// v - x
    From,
    /// x v
    Times,
    /// x/v
    Over,
    /// v/x
    Under,
}

/// A row of `CHAINS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chain(pub u8);

/// The first operation takes two values, each further one the result before and one value.
pub(super) type Steps = (Basic, Then, Option<Then>);

use Basic::{Difference, Product, Quotient, Sum};
use Then::{From, Less, Over, Plus, Times, Under};

/// All pairs, and of the chains of three those that balances of production and loss, occupancies and relaxations are made of.
pub(super) const CHAINS: [Steps; CHAIN_COUNT] = [
    (Sum, Plus, None),
    (Sum, Less, None),
    (Sum, From, None),
    (Sum, Times, None),
    (Sum, Over, None),
    (Sum, Under, None),
    (Difference, Plus, None),
    (Difference, Less, None),
    (Difference, From, None),
    (Difference, Times, None),
    (Difference, Over, None),
    (Difference, Under, None),
    (Product, Plus, None),
    (Product, Less, None),
    (Product, From, None),
    (Product, Times, None),
    (Product, Over, None),
    (Product, Under, None),
    (Quotient, Plus, None),
    (Quotient, Less, None),
    (Quotient, From, None),
    (Quotient, Times, None),
    (Quotient, Over, None),
    (Quotient, Under, None),
    (Sum, Under, Some(Times)),
    (Product, Plus, Some(Times)),
    (Product, Plus, Some(Under)),
    (Product, Less, Some(Times)),
    (Product, Less, Some(Over)),
    (Product, From, Some(Times)),
    (Product, Times, Some(Over)),
    (Product, Times, Some(Times)),
    (Product, Times, Some(Plus)),
    (Product, Times, Some(Less)),
    (Product, Times, Some(From)),
    (Product, Over, Some(Plus)),
    (Product, Over, Some(From)),
    (Quotient, Plus, Some(Under)),
    (Quotient, Less, Some(Times)),
    (Difference, Times, Some(Plus)),
    (Difference, Times, Some(Less)),
    (Difference, Times, Some(From)),
];

/// So many loops `run.rs` makes.
pub(super) const CHAIN_COUNT: usize = 42;

impl Chain {
    pub fn of(steps: Steps) -> Option<Chain> {
        CHAINS.iter().position(|chain| *chain == steps).map(|n| Chain(n as u8))
    }

    pub fn steps(self) -> Steps {
        CHAINS[self.0 as usize]
    }
}

impl Basic {
    /// What the operation does to one of its two values, where the other is more of the chain.
    pub fn then(self, is_left: bool) -> Then {
        match (self, is_left) {
            (Sum, _) => Plus,
            (Difference, true) => Less,
            (Difference, false) => From,
            (Product, _) => Times,
            (Quotient, true) => Over,
            (Quotient, false) => Under,
        }
    }

    #[inline(always)]
    pub fn value(self, a: f64, b: f64) -> f64 {
        match self {
            Sum => a + b,
            Difference => a - b,
            Product => a * b,
            Quotient => a / b,
        }
    }
}

impl Then {
    #[inline(always)]
    pub fn value(self, x: f64, v: f64) -> f64 {
        match self {
            Plus => x + v,
            Less => x - v,
            From => v - x,
            Times => x * v,
            Over => x / v,
            Under => v / x,
        }
    }
}

impl Operation {
    /// What it is computed from.
    pub fn sources(&self) -> &[usize] {
        match self {
            Operation::Negative(from) | Operation::Power(_, from) | Operation::Logarithm(from) => from,
            Operation::Basic(_, from) => from,
            Operation::Chain(chain, from) => &from[..if chain.steps().2.is_some() { 4 } else { 3 }],
            Operation::Raised(from) => from,
            Operation::Call(function, from) => &from[..function.row().arity],
        }
    }

    /// The same from other places.
    pub fn moved(mut self, place: impl Fn(usize) -> usize) -> Operation {
        let from: &mut [usize] = match &mut self {
            Operation::Negative(from) | Operation::Power(_, from) | Operation::Logarithm(from) => from,
            Operation::Basic(_, from) => from,
            Operation::Chain(_, from) => from,
            Operation::Raised(from) | Operation::Call(_, from) => from,
        };
        from.iter_mut().for_each(|source| *source = place(*source));
        self
    }

    /// Registers that the result takes.
    pub fn width(&self) -> usize {
        if matches!(self, Operation::Logarithm(_)) { 2 } else { 1 }
    }
}
