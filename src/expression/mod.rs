//! Expressions: text to syntax, syntax to nodes that exist once, and what can be done with them:
//! print (text, LaTeX), derivative, units, substitution.
//! Knows nothing of models, time or agents.

use crate::diagnostic::{Finding, Span};
use crate::unit::Unit;

// ---------------------------------------------------------------- syntax (syntax.rs, parse.rs)

/// A parsed expression; each part knows its place.
#[derive(Clone, Debug)]
pub struct Syntax {
    pub part: Part,
    pub at: Span,
}

#[derive(Clone, Debug)]
pub enum Part {
    Number(f64),
    /// A number directly followed by a unit, `7 d`: only the language of measures allows it.
    Quantity(f64, String),
    /// A name, with dots where it has any: `off.mood`, `taper.x`.
    Name(String),
    Negative(Box<Syntax>),
    Binary(Operator, Box<Syntax>, Box<Syntax>),
    Call(String, Vec<Syntax>),
    /// `x[end of exposure]`: the moment's text as written, with its place.
    At(Box<Syntax>, String, Span),
    /// `a < b`; only at the top or under `and`.
    Compare(Comparison, Box<Syntax>, Box<Syntax>),
    And(Vec<Syntax>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
}

/// Parses `text`, whose content stands at `at`. Never panics, never recurses deeper than a fixed height.
pub fn parse(text: &str, at: &Span) -> Result<Syntax, Finding> {
    todo!()
}

// ---------------------------------------------------------------- arena (arena.rs)

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sym(pub u32);
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub u32);

/// A node; children always have smaller ids, so arena order is evaluation order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// Bits of the number; NaN canonical, -0 stored as 0.
    Const(u64),
    Sym(Sym),
    Neg(Id),
    Binary(Operator, Id, Id),
    /// Unused arguments repeat the first.
    Call(Function, [Id; 3]),
}

/// Index into the one function table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Function(pub u8);

#[derive(Clone, Debug, Default)]
pub struct Arena {
    _todo: (),
}

impl Arena {
    pub fn new() -> Arena {
        todo!()
    }
    /// The symbol of a name, made at first use.
    pub fn symbol(&mut self, name: &str) -> Sym {
        todo!()
    }
    pub fn find_symbol(&self, name: &str) -> Option<Sym> {
        todo!()
    }
    pub fn name(&self, sym: Sym) -> &str {
        todo!()
    }
    pub fn node(&self, id: Id) -> Node {
        todo!()
    }
    pub fn len(&self) -> usize {
        todo!()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    // Building: constants are folded with the same arithmetic as evaluation, x*1, x+0, 0*… of exact identities only where no rounding or NaN can differ.
    pub fn constant(&mut self, value: f64) -> Id {
        todo!()
    }
    pub fn sym(&mut self, sym: Sym) -> Id {
        todo!()
    }
    pub fn neg(&mut self, a: Id) -> Id {
        todo!()
    }
    pub fn binary(&mut self, op: Operator, a: Id, b: Id) -> Id {
        todo!()
    }
    pub fn call(&mut self, function: Function, args: &[Id]) -> Id {
        todo!()
    }
    /// Each symbol replaced where `with` says so, in all that `of` depends on.
    pub fn substitute(&mut self, of: Id, with: &dyn Fn(Sym) -> Option<Id>) -> Id {
        todo!()
    }
    pub fn derivative(&mut self, of: Id, by: Sym) -> Id {
        todo!()
    }
    /// All symbols that `of` depends on, in order of first use.
    pub fn symbols(&self, of: Id) -> Vec<Sym> {
        todo!()
    }
    /// Value by walking nodes in order with `crate::math`: the slow truth that tapes are compared with.
    pub fn evaluate(&self, of: Id, value: &dyn Fn(Sym) -> f64) -> f64 {
        todo!()
    }
    /// The number, where the node is one.
    pub fn as_constant(&self, of: Id) -> Option<f64> {
        todo!()
    }
}

/// Syntax to nodes. `name` gives the node of a name (a symbol, or what a `let` stands for);
/// `special` is asked first about every part and may take it over (moments and population functions of measures).
pub fn lower(
    syntax: &Syntax,
    arena: &mut Arena,
    name: &mut dyn FnMut(&mut Arena, &str, &Span) -> Result<Id, Finding>,
    special: &mut dyn FnMut(&mut Arena, &Syntax) -> Option<Result<Id, Finding>>,
) -> Result<Id, Finding> {
    todo!()
}

/// Unit of an expression; expressions must fit with factor 1, a bare number other than 0 is dimensionless, 0 fits any unit (`None`).
/// `name` gives the unit of a name; `special` may take a part over.
pub fn unit_of(
    syntax: &Syntax,
    name: &mut dyn FnMut(&str, &Span) -> Result<Unit, Finding>,
    special: &mut dyn FnMut(&Syntax) -> Option<Result<Option<Unit>, Finding>>,
) -> Result<Option<Unit>, Finding> {
    todo!()
}

/// How expressions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    Text,
    Latex,
}

/// The expression as text (which parses back to the same node) or LaTeX; `written` names symbols.
pub fn print(arena: &Arena, of: Id, notation: Notation) -> String {
    todo!()
}

// ---------------------------------------------------------------- functions (function.rs): one row each

pub struct FunctionRow {
    pub name: &'static str,
    pub arity: usize,
    /// The arithmetic of one lane.
    pub value: fn([f64; 3]) -> f64,
    pub doc: &'static str,
}
