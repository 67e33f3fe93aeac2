//! The names of a model while it is read: what each is, its unit, and where both were written.
//! Knows nothing of values.

use indexmap::IndexMap;

use crate::diagnostic::{Finding, Findings, Source, Span};
use crate::expression::{self, FUNCTIONS, Part};
use crate::unit::Unit;

use super::{Model, Naming};

/// What a name is, and its position in the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Input(usize),
    Parameter(usize),
    State(usize),
    Let(usize),
}

impl Role {
    pub fn words(self) -> &'static str {
        match self {
            Role::Input(_) => "an input",
            Role::Parameter(_) => "a parameter",
            Role::State(_) => "a state",
            Role::Let(_) => "a let",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub role: Role,
    pub at: Span,
    /// `None` where the unit could not be read, which has been said.
    pub unit: Option<Unit>,
    /// Where the unit stands.
    pub unit_at: Span,
}

/// All names that expressions of a model may use.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub declared: IndexMap<String, Declared>,
    /// Views other than `rest`, and where they are named.
    pub views: IndexMap<String, Span>,
    /// Unit of the rate of each flow, by path (`flow.binding`).
    pub flows: IndexMap<String, Option<Unit>>,
}

/// Words that mean something in expressions, moments and starts.
const RESERVED: &[(&str, &str)] = &[
    ("t", "the time since the start"),
    ("rest", "the view with inputs at baseline and states at their start"),
    ("start", "a moment, `start of …`"),
    ("end", "a moment, `end of …`"),
    ("steady", "a start that is solved for"),
    ("flow", "the rates of flows, `flow.…`"),
    ("and", "a word of the expression language"),
];

impl Names {
    pub fn declare(&mut self, name: &str, declared: Declared, findings: &mut Findings) {
        if !well_formed(name, &declared.at, findings) {
            return;
        }
        if let Some(first) = self.declared.get_mut(name) {
            // Which of the two an expression means cannot be known, so nothing is said about its unit.
            first.unit = None;
            let what = format!("`{name}` is named twice");
            let first_as = format!("it is {} here already", first.role.words());
            findings.push(
                Finding::error(what)
                    .at(&declared.at)
                    .label(declared.role.words())
                    .because(first_as, Some(&first.at))
                    .help("give one of them another name"),
            );
            return;
        }
        self.declared.insert(name.to_owned(), declared);
    }

    pub fn declare_view(&mut self, name: &str, at: &Span, findings: &mut Findings) {
        if !well_formed(name, at, findings) {
            return;
        }
        if let Some(first) = self.declared.get(name) {
            let note = format!("`{name}` is {} here", first.role.words());
            findings.push(
                Finding::error(format!("the view `{name}` is named like something else"))
                    .at(at)
                    .because(note, Some(&first.at))
                    .help("give the view another name"),
            );
            return;
        }
        self.views.insert(name.to_owned(), at.clone());
    }

    /// Unit of a name, seen through views or not; `Ok(None)` where the unit could not be read.
    pub fn unit(&self, path: &str, at: &Span) -> Result<Option<&Unit>, Finding> {
        let (views, base) = split(path);
        for view in views {
            if view != "rest" && !self.views.contains_key(view) {
                return Err(unknown_view(view, self.views.keys().map(String::as_str), at));
            }
        }
        if let Some(unit) = self.flows.get(base) {
            return Ok(unit.as_ref());
        }
        match self.declared.get(base) {
            Some(declared) => Ok(declared.unit.as_ref()),
            None => Err(unknown(base, self.all(), at)),
        }
    }

    /// The names of a model that was read, and those that someone else adds: values of the agent, other names of quantities.
    pub fn of(model: &Model, naming: Naming) -> Names {
        let mut names = Names::default();
        let place = |at: &Span, role: Role, unit: &Unit| Declared {
            role,
            at: at.clone(),
            unit: Some(unit.clone()),
            unit_at: at.clone(),
        };
        let whole = model.source.span(0..0);
        for (n, own) in model.inputs.iter().enumerate() {
            let declared = place(&own.baseline.at, Role::Input(n), &own.unit);
            names.declared.insert(own.name.clone(), declared);
        }
        for (n, own) in model.parameters.iter().enumerate() {
            names.declared.insert(own.name.clone(), place(&own.at, Role::Parameter(n), &own.unit));
        }
        for (n, own) in model.states.iter().enumerate() {
            names.declared.insert(own.name.clone(), place(&own.at, Role::State(n), &own.unit));
        }
        for (n, own) in model.lets.iter().enumerate() {
            names.declared.insert(own.name.clone(), place(&own.formula.at, Role::Let(n), &own.unit));
        }
        for flow in &model.flows {
            let state = flow.to.first().or(flow.from.first()).map(|term| &model.states[term.state].unit);
            names.flows.insert(flow.path.clone(), state.map(|unit| unit.per(&model.time)));
        }
        for view in &model.views {
            names.views.insert(view.name.clone(), view.at.clone());
        }
        for (common, real) in naming.alias {
            if let Some(declared) = names.declared.get(real).cloned() {
                names.declared.insert(common.clone(), declared);
            }
        }
        for (n, (name, unit)) in naming.own.iter().enumerate() {
            let declared = place(&whole, Role::Parameter(model.parameters.len() + n), unit);
            names.declared.insert(name.clone(), declared);
        }
        names
    }

    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        let inputs = self.declared.iter().filter(|(_, declared)| matches!(declared.role, Role::Input(_)));
        inputs.map(|(name, _)| name.as_str())
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.declared.keys().chain(self.flows.keys()).map(String::as_str)
    }
}

pub(super) fn unknown<'a>(base: &str, known: impl Iterator<Item = &'a str>, at: &Span) -> Finding {
    Finding::error(format!("`{base}` is not a name of this model")).at(at).nearest(base, known)
}

pub(super) fn unknown_view<'a>(view: &str, known: impl Iterator<Item = &'a str>, at: &Span) -> Finding {
    Finding::error(format!("`{view}` is not a view of this model"))
        .at(at)
        .nearest(view, known.chain(["rest"]))
}

/// The views of a path, outermost first, and the name they look at: `off.rest.flow.binding` is `[off, rest]` and `flow.binding`.
pub(super) fn split(path: &str) -> (Vec<&str>, &str) {
    let (views, last) = path.rsplit_once('.').unwrap_or(("", path));
    if views == "flow" {
        return (Vec::new(), path);
    }
    match views.strip_suffix(".flow") {
        Some(rest) => (rest.split('.').collect(), &path[rest.len() + 1..]),
        None => (views.split('.').filter(|v| !v.is_empty()).collect(), last),
    }
}

/// A name of a flow or response, which stand apart from other names.
pub(super) fn well_formed(name: &str, at: &Span, findings: &mut Findings) -> bool {
    let source = Source::new("name", name);
    let plain = !name.contains('.')
        && matches!(expression::parse(name, &source.span(0..name.len())).map(|s| s.part), Ok(Part::Name(n)) if n == name);
    let meaning = RESERVED.iter().find(|(word, _)| *word == name).map(|(_, means)| (*means).to_owned());
    if let Some(means) =
        meaning.or_else(|| FUNCTIONS.iter().any(|row| row.name == name).then(|| "a function".to_owned()))
    {
        findings.push(
            Finding::error(format!("`{name}` is reserved"))
                .at(at)
                .label(format!("means {means}"))
                .help("choose another name"),
        );
        return false;
    }
    if !plain {
        findings.push(
            Finding::error(format!("`{name}` cannot be used in an expression"))
                .at(at)
                .help("write a letter, then letters, digits and `_`"),
        );
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_splits_into_views_and_a_name_that_may_be_the_rate_of_a_flow() {
        assert_eq!(split("R"), (vec![], "R"));
        assert_eq!(split("off.rest.R"), (vec!["off", "rest"], "R"));
        assert_eq!(split("flow.binding"), (vec![], "flow.binding"));
        assert_eq!(split("off.flow.binding"), (vec!["off"], "flow.binding"));
        assert_eq!(split("a.b.flow.c"), (vec!["a", "b"], "flow.c"));
    }

    #[test]
    fn words_of_the_language_and_functions_cannot_be_names() {
        let source = Source::new("x", "abc");
        for name in ["t", "rest", "start", "end", "exp", "hill", "max", "a.b", "my rate", "2x", ""] {
            let mut findings = Findings::new();
            assert!(!well_formed(name, &source.span(0..3), &mut findings), "{name}");
            assert!(findings.has_errors(), "{name}");
        }
        assert!(well_formed("kdeg_2", &source.span(0..3), &mut Findings::new()));
    }
}
