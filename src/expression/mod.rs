//! Expressions: text to syntax, syntax to nodes that exist once, and what can be done with them:
//! print (text, LaTeX), derivative, units, substitution.
//! Knows nothing of models, time or agents.
//!
//! The way of an expression: [`parse`] gives [`Syntax`], whose parts know their places; [`unit_of`] checks it; [`lower`]
//! makes nodes of an [`Arena`] of it, which are printed, derived, substituted and evaluated. Syntax is at most
//! [`HIGHEST`] high and walked by recursion; nodes may be chained without limit and are walked by loops.
//!
//! A new function is one row of [`FUNCTIONS`].

// A finding is made once per mistake; its size costs nothing where nothing is wrong.

mod arena;
mod breadth;
mod derivative;
mod function;
mod lines;
mod lower;
mod mismatch;
mod name;
mod parse;
mod print;
mod syntax;
mod token;
mod unit_of;

pub use arena::{Arena, Id, Node, PowerKind, Sym};
pub use breadth::breadth;
pub use function::{FUNCTIONS, Function, FunctionRow, UnitRule};
pub use lines::latex_lines;
pub use lower::lower;
pub use name::name_in_latex;
pub use parse::{HIGHEST, LONGEST, parse};
pub use print::{Notation, print};
pub use syntax::{Comparison, Operator, Part, Syntax};
pub use unit_of::{unit_mismatch, unit_of};

#[cfg(test)]
mod tests;
