//! Arithmetic on the numbers of an agent, as nodes; with what has no value where a formula has no meaning.
//! Knows nothing of what the numbers are.

use super::agent::Reader;
use crate::expression::{Function, Id, Operator};

impl Reader<'_> {
    pub(super) fn binary(&mut self, op: Operator, a: Id, b: Id) -> Id {
        self.bench.outcomes.arena.binary(op, a, b)
    }

    pub(super) fn plus(&mut self, a: Id, b: Id) -> Id {
        self.binary(Operator::Add, a, b)
    }

    pub(super) fn minus(&mut self, a: Id, b: Id) -> Id {
        self.binary(Operator::Sub, a, b)
    }

    pub(super) fn times(&mut self, a: Id, b: Id) -> Id {
        self.binary(Operator::Mul, a, b)
    }

    pub(super) fn over(&mut self, a: Id, b: Id) -> Id {
        self.binary(Operator::Div, a, b)
    }

    pub(super) fn constant(&mut self, value: f64) -> Id {
        self.bench.outcomes.arena.constant(value)
    }

    /// A function of the table.
    pub(super) fn function(&mut self, name: &str, args: &[Id]) -> Id {
        match Function::find(name) {
            Some(function) => self.bench.outcomes.arena.call(function, args),
            None => self.constant(f64::NAN),
        }
    }

    pub(super) fn abs(&mut self, a: Id) -> Id {
        self.function("abs", &[a])
    }

    /// |a|/|b|, with no value where b is 0.
    pub(super) fn relative(&mut self, a: Id, b: Id) -> Id {
        let (a, b) = (self.abs(a), self.abs(b));
        let b = self.nonzero(b);
        self.over(a, b)
    }

    /// The number itself, to the bit; no value for 0 and what is not finite.
    pub(super) fn nonzero(&mut self, a: Id) -> Id {
        let size = self.abs(a);
        let one = self.over(size, size);
        self.times(a, one)
    }

    /// The number itself, to the bit; no value unless it is above 0 and finite.
    pub(super) fn positive(&mut self, a: Id) -> Id {
        let a = self.nonzero(a);
        let size = self.abs(a);
        let sign = self.over(size, a);
        let one = self.function("sqrt", &[sign]);
        self.times(a, one)
    }

    /// The first where `up` is 1, the second where it is -1.
    pub(super) fn chosen(&mut self, up: Id, [first, second]: [Id; 2]) -> Id {
        let [one, half] = [1.0, 0.5].map(|number| self.constant(number));
        let (weight, other) = (self.plus(one, up), self.minus(one, up));
        let (first, second) = (self.times(weight, first), self.times(other, second));
        let both = self.plus(first, second);
        self.times(half, both)
    }

    /// All put together by pairs, so that the depth stays small.
    pub(super) fn together(&mut self, mut all: Vec<Id>, pair: &mut dyn FnMut(&mut Self, Id, Id) -> Id) -> Id {
        while all.len() > 1 {
            all = all
                .chunks(2)
                .map(|chunk| match chunk {
                    [a, b] => pair(self, *a, *b),
                    alone => alone[0],
                })
                .collect();
        }
        all.first().copied().unwrap_or_else(|| self.constant(f64::NAN))
    }
}
