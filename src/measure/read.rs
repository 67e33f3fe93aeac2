//! Expressions over names that are known by now: their unit, their node, and literals brought into the unit beside them.
//! Knows nothing of moments, arms or models.

use std::collections::HashMap;

use crate::diagnostic::{Finding, Span};
use crate::expression::{self, Arena, Comparison, Id, Operator, Part, Syntax};
use crate::unit::Unit;

/// Names with what they stand for, as nodes of one arena.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    names: HashMap<String, (Id, Unit)>,
}

impl Known {
    pub fn insert(&mut self, name: &str, id: Id, unit: Unit) {
        self.names.insert(name.to_owned(), (id, unit));
    }

    pub fn holds(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// A name that stands for a part which has been read already, as syntax in its place.
    pub fn stand_in(&mut self, part: &Syntax, id: Id, unit: Unit) -> Syntax {
        let text = part.at.text();
        let mut name = text.to_owned();
        let mut count = 1;
        // The same words may stand for two things where places are not exact.
        while self.names.get(&name).is_some_and(|(other, u)| *other != id || !u.fits(&unit)) {
            count += 1;
            name = format!("{text} ({count})");
        }
        self.names.insert(name.clone(), (id, unit));
        Syntax { part: Part::Name(name), at: part.at.clone() }
    }

    fn unknown(name: &str, at: &Span) -> Finding {
        Finding::error(format!("there is no `{name}`")).at(at).label("unknown name")
    }
}

/// Asks `change` about each part from the outside in; what it leaves is rebuilt of its changed parts.
pub(super) fn rewrite<E>(
    syntax: &Syntax,
    change: &mut dyn FnMut(&Syntax) -> Option<Result<Syntax, E>>,
) -> Result<Syntax, E> {
    if let Some(changed) = change(syntax) {
        return changed;
    }
    let mut boxed = |inner: &Syntax| rewrite(inner, change).map(Box::new);
    let part = match &syntax.part {
        Part::Number(_) | Part::Quantity(..) | Part::Name(_) => syntax.part.clone(),
        Part::Negative(a) => Part::Negative(boxed(a)?),
        Part::Binary(op, a, b) => Part::Binary(*op, boxed(a)?, boxed(b)?),
        Part::Compare(op, a, b) => Part::Compare(*op, boxed(a)?, boxed(b)?),
        Part::At(a, text, at) => Part::At(boxed(a)?, text.clone(), at.clone()),
        Part::Call(name, args) => {
            Part::Call(name.clone(), args.iter().map(|a| rewrite(a, change)).collect::<Result<_, _>>()?)
        }
        Part::And(parts) => Part::And(parts.iter().map(|a| rewrite(a, change)).collect::<Result<_, _>>()?),
    };
    Ok(Syntax { part, at: syntax.at.clone() })
}

/// Node and unit of an expression over `known` names; a plain 0 fits any unit and has `None`.
pub(super) fn read(
    syntax: &Syntax,
    arena: &mut Arena,
    known: &mut Known,
) -> Result<(Id, Option<Unit>), Finding> {
    let fitted = fit(syntax, arena, known)?;
    Ok((lowered(&fitted, arena, known)?, unit(&fitted, known)?))
}

/// Both sides of a comparison; their units must fit.
pub(super) struct Sides {
    pub left: Id,
    pub comparison: Comparison,
    pub right: Id,
    pub unit: Unit,
}

pub(super) fn read_comparison(
    comparison: Comparison,
    sides: [&Syntax; 2],
    arena: &mut Arena,
    known: &mut Known,
) -> Result<Sides, Finding> {
    let [left, right] = beside(sides, arena, known)?;
    let units = [unit(&left, known)?, unit(&right, known)?];
    if let [Some(l), Some(r)] = &units
        && !l.fits(r)
    {
        let (l, r) = (l.label(), r.label());
        return Err(Finding::error(format!(
            "the left side is in {}, the right side in {}",
            named(l),
            named(r)
        ))
        .at(&right.at)
        .label(format!("in {}", named(r)))
        .help("compare what has the same unit; a number with its unit is converted (`7 d`)"));
    }
    let (left, right) = (lowered(&left, arena, known)?, lowered(&right, arena, known)?);
    let unit = units.into_iter().flatten().next().unwrap_or_else(Unit::one);
    Ok(Sides { left, comparison, right, unit })
}

fn named(label: &str) -> String {
    if label == "1" { "no unit".to_owned() } else { format!("`{label}`") }
}

/// `a == b` up to a share of the larger: |a - b| <= within·max(|a|, |b|).
pub(super) fn nearly(sides: &Sides, within: f64, arena: &mut Arena, at: &Span) -> Result<Sides, Finding> {
    let mut known = Known::default();
    known.insert("a", sides.left, Unit::one());
    known.insert("b", sides.right, Unit::one());
    let syntax = |part| Syntax { part, at: at.clone() };
    let name = |name: &str| syntax(Part::Name(name.to_owned()));
    let abs = |of| syntax(Part::Call("abs".to_owned(), vec![of]));
    let binary = |op, a, b| syntax(Part::Binary(op, Box::new(a), Box::new(b)));
    let distance = abs(binary(Operator::Sub, name("a"), name("b")));
    let larger = syntax(Part::Call("max".to_owned(), vec![abs(name("a")), abs(name("b"))]));
    let allowed = binary(Operator::Mul, syntax(Part::Number(within)), larger);
    let comparison = match sides.comparison {
        Comparison::NotEqual => Comparison::Greater,
        _ => Comparison::LessEqual,
    };
    let (left, right) = (lowered(&distance, arena, &known)?, lowered(&allowed, arena, &known)?);
    Ok(Sides { left, comparison, right, unit: Unit::one() })
}

fn lowered(syntax: &Syntax, arena: &mut Arena, known: &Known) -> Result<Id, Finding> {
    let mut name = |_: &mut Arena, name: &str, at: &Span| {
        known.names.get(name).map(|(id, _)| *id).ok_or_else(|| Known::unknown(name, at))
    };
    expression::lower(syntax, arena, &mut name, &mut |_, _| None)
}

fn unit(syntax: &Syntax, known: &Known) -> Result<Option<Unit>, Finding> {
    let mut name = |name: &str, at: &Span| {
        known.names.get(name).map(|(_, unit)| unit.clone()).ok_or_else(|| Known::unknown(name, at))
    };
    expression::unit_of(syntax, &mut name, &mut |_| None)
}

/// Literals with a unit become names, in the unit of what stands beside them where the kinds agree.
fn fit(syntax: &Syntax, arena: &mut Arena, known: &mut Known) -> Result<Syntax, Finding> {
    rewrite(syntax, &mut |part| match &part.part {
        Part::Quantity(..) => Some(literal(part, None, arena, known)),
        Part::Binary(op @ (Operator::Add | Operator::Sub | Operator::Div), a, b)
            if is_literal(a) || is_literal(b) =>
        {
            Some(beside([a, b], arena, known).map(|[a, b]| Syntax {
                part: Part::Binary(*op, Box::new(a), Box::new(b)),
                at: part.at.clone(),
            }))
        }
        Part::Call(name, args)
            if matches!(name.as_str(), "min" | "max")
                && args.len() == 2
                && (is_literal(&args[0]) || is_literal(&args[1])) =>
        {
            Some(
                beside([&args[0], &args[1]], arena, known).map(|pair| Syntax {
                    part: Part::Call(name.clone(), pair.to_vec()),
                    at: part.at.clone(),
                }),
            )
        }
        _ => None,
    })
}

fn is_literal(syntax: &Syntax) -> bool {
    match &syntax.part {
        Part::Quantity(..) => true,
        Part::Negative(inner) => is_literal(inner),
        _ => false,
    }
}

/// Two parts side by side, a literal in the unit of the other.
fn beside(pair: [&Syntax; 2], arena: &mut Arena, known: &mut Known) -> Result<[Syntax; 2], Finding> {
    let [a, b] = pair;
    if is_literal(a) && !is_literal(b) {
        let b = fit(b, arena, known)?;
        let other = unit(&b, known)?;
        return Ok([literal(a, other.as_ref(), arena, known)?, b]);
    }
    let a = fit(a, arena, known)?;
    let b = if is_literal(b) {
        let other = unit(&a, known)?;
        literal(b, other.as_ref(), arena, known)?
    } else {
        fit(b, arena, known)?
    };
    Ok([a, b])
}

/// `7 d`, in the unit `to` where it is of the same kind.
fn literal(
    syntax: &Syntax,
    to: Option<&Unit>,
    arena: &mut Arena,
    known: &mut Known,
) -> Result<Syntax, Finding> {
    match &syntax.part {
        Part::Quantity(value, label) => {
            let written = Unit::parse(label)
                .map_err(|why| Finding::error(why).at(&syntax.at).label("not a known unit"))?;
            let (value, unit) = match to.and_then(|to| Some((written.convert(*value, to)?, to.clone()))) {
                Some(converted) => converted,
                None => (*value, written),
            };
            let id = arena.constant(value);
            Ok(known.stand_in(syntax, id, unit))
        }
        Part::Negative(inner) => {
            let inner = literal(inner, to, arena, known)?;
            Ok(Syntax { part: Part::Negative(Box::new(inner)), at: syntax.at.clone() })
        }
        _ => Ok(syntax.clone()),
    }
}
