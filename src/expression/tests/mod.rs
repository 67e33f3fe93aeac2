//! Laws of expressions, over random expressions and over all functions.

mod findings;
mod laws;
mod limits;

use super::*;
use crate::diagnostic::{Finding, Source, Span, render};

fn whole(text: &str) -> Span {
    Source::new("model.toml", text).span(0..text.len())
}

fn read(text: &str) -> Syntax {
    parse(text, &whole(text)).unwrap_or_else(|f| panic!("{}", render(&[f], false)))
}

/// All names are symbols.
fn lowered(arena: &mut Arena, syntax: &Syntax) -> Result<Id, Finding> {
    lower(syntax, arena, &mut |arena, name, _| Ok(arena.named(name)), &mut |_, _| None)
}

fn node(arena: &mut Arena, text: &str) -> Id {
    lowered(arena, &read(text)).unwrap_or_else(|f| panic!("{}", render(&[f], false)))
}

/// Value of a text without names.
fn value(text: &str) -> f64 {
    let mut arena = Arena::new();
    let id = node(&mut arena, text);
    arena.evaluate(id, &|_| f64::NAN)
}
