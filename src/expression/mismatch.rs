//! Findings about units: both sides, and which name to declare in which unit.
//! Knows nothing of files: what a name is measured in is asked of the caller.
//!
//! A remedy is found by trying: each name of the part, measured in each unit of the same kind that is mentioned nearby, and
//! the part's unit asked for again. So it holds for any power of the name.

use super::syntax::{Part, Syntax};
use super::unit_of::Units;
use crate::diagnostic::{Finding, Span};
use crate::unit::{Unit, shortest};

/// In a longer part no remedy is searched for: its cost grows with the square of the length.
const LONGEST_SEARCHED: usize = 200;

/// A part and what it was found in.
pub(super) type Side<'a> = (&'a Syntax, &'a Unit);

impl Units<'_> {
    /// `what` is found in one unit and wanted in another, by `why`.
    #[inline(never)]
    pub(super) fn mismatch(&mut self, what: &Syntax, found: &Unit, wanted: &Unit, why: &str) -> Finding {
        let quoted = what.quoted();
        let sentence = if same_kind(found, wanted) {
            format!("{why} should be in {} but {quoted} is in {}", label(wanted), label(found))
        } else {
            format!(
                "{why} should be {} but {quoted} is {}",
                wanted.dimension().words(),
                found.dimension().words()
            )
        };
        let finding = Finding::error(sentence).at(&what.at).label(format!("in {}", label(found)));
        with_help(finding, self.remedy((what, found), wanted))
    }

    /// Two sides of `sign` that do not fit, each with its place.
    #[inline(never)]
    pub(super) fn clash(&mut self, whole: &Syntax, sign: &str, left: Side<'_>, right: Side<'_>) -> Finding {
        let (shown_left, shown_right) = shown(left.0, right.0);
        let (a, b) = if same_kind(left.1, right.1) {
            (format!("in {}", label(left.1)), format!("in {}", label(right.1)))
        } else {
            (left.1.dimension().words(), right.1.dimension().words())
        };
        let finding = Finding::error(format!("{shown_left} is {a} but {shown_right} is {b}"))
            .at(&whole.at)
            .label(format!("both sides of `{sign}` need one unit"))
            .because(format!("{shown_left} is in {}", label(left.1)), Some(&left.0.at))
            .because(format!("{shown_right} is in {}", label(right.1)), Some(&right.0.at));
        // A bare number gives way first, else the right side.
        let help = match left.0.part {
            Part::Number(_) => self.remedy(left, right.1),
            _ => self.remedy(right, left.1).or_else(|| self.remedy(left, right.1)),
        };
        with_help(finding, help)
    }

    /// What to write instead so that a part comes in the unit `wanted`.
    fn remedy(&mut self, (what, found): Side<'_>, wanted: &Unit) -> Option<String> {
        if let Part::Number(value) = what.part {
            let quantity = format!("{} {}", shortest(value), wanted.label());
            return Some(format!("a bare number has no unit: make it a parameter with value \"{quantity}\""));
        }
        let factor = shortest(found.convert(1.0, wanted)?);
        let changes = if self.advise { self.changes(what, wanted) } else { Vec::new() };
        if changes.is_empty() {
            let wanted = if wanted.label() == "1" { String::new() } else { format!(" {}", label(wanted)) };
            return Some(format!(
                "1 {} is {factor}{wanted}, and nothing is converted inside an expression",
                label(found)
            ));
        }
        let changes: Vec<String> = changes
            .iter()
            .map(|(name, from, to)| {
                let size = from.convert(1.0, to).map_or(String::new(), shortest);
                format!("`{name}` with unit = \"{}\" (1 {} is {size} {0})", to.label(), label(from))
            })
            .collect();
        Some(format!("declare {}; values may stay written as they are", changes.join(", or ")))
    }

    /// Names of `what` with the unit they have, and one that would bring `what` into the unit `wanted`.
    fn changes(&mut self, what: &Syntax, wanted: &Unit) -> Vec<(String, Unit, Unit)> {
        if what.at.bytes.len() > LONGEST_SEARCHED {
            return Vec::new();
        }
        let mut known: Vec<(&str, Unit)> = Vec::new();
        for (name, at) in names(what) {
            known.extend((self.name)(name, at).ok().map(|unit| (name, unit)));
        }
        let labels = known.iter().map(|(_, unit)| unit.label()).chain([wanted.label()]);
        let mut nearby: Vec<&str> = labels.flat_map(symbols).collect();
        nearby.sort_unstable();
        nearby.dedup();
        let mut found = Vec::new();
        for (name, unit) in &known {
            let fitting =
                variants(unit, &nearby).into_iter().find(|to| self.would_fit(what, name, to, wanted));
            found.extend(fitting.map(|to| (name.to_string(), unit.clone(), to)));
        }
        found
    }

    /// Whether `what` would be in `wanted` if `changed` were declared in `to`.
    fn would_fit(&mut self, what: &Syntax, changed: &str, to: &Unit, wanted: &Unit) -> bool {
        let asked = &mut *self.name;
        let mut name = |name: &str, at: &Span| if name == changed { Ok(to.clone()) } else { asked(name, at) };
        let mut again = Units { name: &mut name, special: &mut *self.special, advise: false };
        matches!(again.of(what), Ok(Some(unit)) if unit.fits(wanted))
    }
}

fn with_help(finding: Finding, help: Option<String>) -> Finding {
    match help {
        Some(help) => finding.help(help),
        None => finding,
    }
}

/// `unit` with one of its symbols replaced by one of `nearby` of the same kind.
fn variants(unit: &Unit, nearby: &[&str]) -> Vec<Unit> {
    let kind = |symbol: &str| Unit::parse(symbol).ok().map(|unit| unit.dimension());
    let mut found = Vec::new();
    for old in symbols(unit.label()) {
        for new in nearby.iter().filter(|new| **new != old && kind(new) == kind(old)) {
            let start = old.as_ptr() as usize - unit.label().as_ptr() as usize;
            let mut label = unit.label().to_owned();
            label.replace_range(start..start + old.len(), new);
            found.extend(Unit::parse(&label));
        }
    }
    found
}

/// The words of a unit's label.
fn symbols(label: &str) -> impl Iterator<Item = &str> {
    label.split(|c: char| !c.is_alphanumeric()).filter(|word| word.starts_with(char::is_alphabetic))
}

/// The names in a part with a place of each.
fn names(syntax: &Syntax) -> Vec<(&str, &Span)> {
    let (mut found, mut open): (Vec<(&str, &Span)>, _) = (Vec::new(), vec![syntax]);
    while let Some(syntax) = open.pop() {
        match &syntax.part {
            Part::Name(name) if !found.iter().any(|(known, _)| known == name) => {
                found.push((name, &syntax.at))
            }
            Part::Negative(of) | Part::At(of, ..) => open.push(of),
            Part::Binary(_, a, b) | Part::Compare(_, a, b) => open.extend([&**b, &**a]),
            Part::Call(_, all) | Part::And(all) => open.extend(all.iter().rev()),
            Part::Name(_) | Part::Number(_) | Part::Quantity(..) => {}
        }
    }
    found
}

/// Two sides as they are named in a sentence.
fn shown(left: &Syntax, right: &Syntax) -> (String, String) {
    if left.at == right.at || left.at.text().is_empty() {
        return ("the left side".to_owned(), "the right side".to_owned());
    }
    (left.quoted(), right.quoted())
}

fn same_kind(a: &Unit, b: &Unit) -> bool {
    a.dimension() == b.dimension()
}

pub(super) fn label(unit: &Unit) -> String {
    match unit.label() {
        "1" => "plain numbers".to_owned(),
        label => format!("`{label}`"),
    }
}
