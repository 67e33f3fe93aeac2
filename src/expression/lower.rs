//! Syntax to nodes.
//! Knows nothing of what names stand for: its caller says.

use super::arena::{Arena, Id};
use super::function::{FUNCTIONS, Function};
use super::syntax::{Part, Syntax};
use crate::diagnostic::{Finding, Span, nearest};

type Name<'a> = &'a mut dyn FnMut(&mut Arena, &str, &Span) -> Result<Id, Finding>;
type Special<'a> = &'a mut dyn FnMut(&mut Arena, &Syntax) -> Option<Result<Id, Finding>>;

/// Syntax to nodes. `name` gives the node of a name (a symbol, or what a `let` stands for);
/// `special` is asked first about every part and may take it over (moments and population functions of measures).
///
/// Recurses as deep as the tree is high, which `parse` limits.
pub fn lower(
    syntax: &Syntax,
    arena: &mut Arena,
    name: Name<'_>,
    special: Special<'_>,
) -> Result<Id, Finding> {
    if let Some(taken) = special(arena, syntax) {
        return taken;
    }
    match &syntax.part {
        Part::Number(value) => Ok(arena.constant(*value)),
        Part::Name(text) => name(arena, text, &syntax.at),
        Part::Negative(of) => {
            let of = lower(of, arena, name, special)?;
            Ok(arena.neg(of))
        }
        Part::Binary(op, left, right) => {
            let left = lower(left, arena, name, special)?;
            let right = lower(right, arena, name, special)?;
            Ok(arena.binary(*op, left, right))
        }
        Part::Call(function, arguments) => {
            let function = callable(function, arguments.len(), &syntax.at)?;
            let mut ids = Vec::with_capacity(arguments.len());
            for argument in arguments {
                ids.push(lower(argument, arena, name, special)?);
            }
            Ok(arena.call(function, &ids))
        }
        Part::Quantity(..) | Part::At(..) | Part::Compare(..) | Part::And(_) => Err(misplaced(syntax)),
    }
}

/// The function of a call with so many arguments.
pub(super) fn callable(name: &str, arguments: usize, at: &Span) -> Result<Function, Finding> {
    let Some(function) = Function::find(name) else {
        return Err(unknown(name, at));
    };
    let row = function.row();
    if row.arity == arguments {
        return Ok(function);
    }
    let count = |n: usize| if n == 1 { "1 argument".to_owned() } else { format!("{n} arguments") };
    Err(Finding::error(format!("`{name}` takes {}, not {}", count(row.arity), arguments))
        .at(at)
        .help(format!("write `{}`", row.signature())))
}

fn unknown(name: &str, at: &Span) -> Finding {
    let finding = Finding::error(format!("there is no function `{name}`")).at(&start_of(at, name));
    let other = match name {
        "pow" | "power" => Some("x^y"),
        "log" => Some("ln(x)` or `log10(x)"),
        "fabs" => Some("abs(x)"),
        _ => None,
    };
    if let Some(other) = other {
        return finding.help(format!("write `{other}`"));
    }
    match nearest(name, FUNCTIONS.iter().map(|row| row.name)) {
        Some(near) => {
            let row = Function::find(near).map(Function::row);
            finding.help(format!("did you mean `{}`?", row.map_or(near.to_owned(), |row| row.signature())))
        }
        None => finding.help(format!("to multiply write `{name}*(…)`")),
    }
}

/// The name at the start of a call.
fn start_of(call: &Span, name: &str) -> Span {
    if call.text().starts_with(name) { call.within(0..name.len()) } else { call.clone() }
}

/// What belongs to measures, in an expression that has no moments.
fn misplaced(syntax: &Syntax) -> Finding {
    let finding = |what: String| Finding::error(what).at(&syntax.at);
    match &syntax.part {
        Part::Quantity(value, unit) if unit == "%" => {
            finding("a number in an expression has no unit".into()).help(format!("write `{}`", value / 100.0))
        }
        Part::Quantity(value, unit) => finding("a number in an expression has no unit".into())
            .help(format!("name the quantity as a parameter with value \"{value} {unit}\"; to multiply write `{value}*{unit}`")),
        Part::At(_, moment, at) => Finding::error(format!("`[{moment}]` asks for a moment, and this expression has none"))
            .at(at)
            .help("moments and phases belong into measures"),
        _ => finding("a comparison is true or false, and a number is wanted here".into())
            .help("comparisons belong into claims and checks; for a choice use `min`, `max` or `hill`"),
    }
}
