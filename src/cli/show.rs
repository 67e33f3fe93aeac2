//! `allostat show`: what is in a model. What is in a preset is told by `show_preset`.
//! Knows models; computes nothing.

use clap::Args;

use super::inputs;
use super::page::Page;
use super::words::{aligned, wrapped};
use super::{Done, show_preset};
use crate::diagnostic::{Findings, Source};
use crate::document::Node;
use crate::expression::{Arena, Id, Notation, Operator, print};
use crate::model::{Model, Start, Term};
use crate::report::number::unit;
use crate::unit::{format_quantity, shortest};

#[derive(Args)]
pub struct Arguments {
    /// Name of a model or preset, or a file
    name: String,
    /// Print the file itself
    #[arg(long)]
    source: bool,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let named = inputs::anything(&arguments.name)?;
    if arguments.source {
        page.text(named.source.text());
    } else if is_scenario(&named.source) {
        page.text(&show_preset::told(&named)?);
    } else {
        page.text(&told(&Model::read(&named.name, &named.source)?));
    }
    Ok(true)
}

/// Whether a text is a scenario: it names a model or arms, which no model does.
pub fn is_scenario(source: &Source) -> bool {
    let root = Node::parse(source, &mut Findings::new());
    root.is_some_and(|root| ["model", "arms", "population"].iter().any(|key| root.key(key).is_some()))
}

/// A model as text.
fn told(model: &Model) -> String {
    let mut text = format!("{}: {}\n{}", model.name, model.title, wrapped(&model.doc, 0));
    text.push_str(&format!("time in {}\n", model.time.label()));
    let mut section = |title: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            text.push_str(&format!("\n{title}\n{}", aligned(&rows, 2)));
        }
    };
    section("Equations", equations(model));
    section("Flows", flows(model));
    section("With", lets(model));
    section("Always the same", conserved(model));
    section("Inputs", inputs_of(model));
    section("Responses (acute, all states frozen, where no form is said)", responses(model));
    section("Views", views(model));
    section("Parameters", parameters(model));
    section("Sources", model.sources.iter().map(|source| vec![source.clone()]).collect());
    let checks: Vec<&str> = model.checks.iter().map(|check| check.name.as_str()).collect();
    if !checks.is_empty() {
        text.push('\n');
        text.push_str(&wrapped(
            &format!("Checks (`allostat check {}`): {}", model.name, checks.join(", ")),
            0,
        ));
    }
    text
}

fn written(model: &Model, of: Id) -> String {
    print(&model.arena, of, Notation::Text)
}

fn label(unit: &crate::unit::Unit) -> String {
    format!("[{}]", unit.label())
}

/// `dR/dt = ksyn - loss*R` with `R(0) = R0`, from the flows as written.
fn equations(model: &Model) -> Vec<Vec<String>> {
    let mut arena = model.arena.clone();
    let mut rows = Vec::new();
    for (at, state) in model.states.iter().enumerate() {
        let mut sum: Option<Id> = None;
        for flow in &model.flows {
            for (terms, sign) in [(&flow.to, Operator::Add), (&flow.from, Operator::Sub)] {
                for term in terms.iter().filter(|term| term.state == at) {
                    let part = scaled(&mut arena, term, flow.rate.written);
                    sum = Some(match (sum, sign) {
                        (Some(sum), sign) => arena.binary(sign, sum, part),
                        (None, Operator::Sub) => arena.neg(part),
                        (None, _) => part,
                    });
                }
            }
        }
        let rate = sum.map_or_else(|| "0".to_owned(), |sum| print(&arena, sum, Notation::Text));
        let start = match &state.start {
            Start::Formula(formula) => written(model, formula.written),
            Start::Steady => "its steady state".to_owned(),
        };
        let equation = format!("d{}/dt = {rate}", state.name);
        let start = format!("{}(0) = {start}", state.name);
        rows.push(vec![equation, start, label(&state.unit), state.doc.clone()]);
    }
    rows
}

/// A flow's rate times how much of the state one event moves (the mean of a burst).
fn scaled(arena: &mut Arena, term: &Term, rate: Id) -> Id {
    let mut part = rate;
    if let Some(burst) = &term.burst {
        part = arena.binary(Operator::Mul, burst.written, part);
    }
    if term.count != 1 {
        let count = arena.constant(f64::from(term.count));
        part = arena.binary(Operator::Mul, count, part);
    }
    part
}

fn flows(model: &Model) -> Vec<Vec<String>> {
    let side = |terms: &[Term]| {
        let term = |term: &Term| {
            let name = &model.states[term.state].name;
            match (&term.burst, term.count) {
                (Some(burst), _) => format!("geometric({}) {name}", written(model, burst.written)),
                (None, 1) => name.clone(),
                (None, count) => format!("{count} {name}"),
            }
        };
        let terms: Vec<String> = terms.iter().map(term).collect();
        if terms.is_empty() { "∅".to_owned() } else { terms.join(" + ") }
    };
    let row = |flow: &crate::model::Flow| {
        let moves = format!("{} → {}", side(&flow.from), side(&flow.to));
        vec![flow.name.clone(), moves, written(model, flow.rate.written), flow.doc.clone()]
    };
    model.flows.iter().map(row).collect()
}

fn lets(model: &Model) -> Vec<Vec<String>> {
    let row = |item: &crate::model::Let| {
        let value = format!("{} = {}", item.name, written(model, item.formula.written));
        vec![value, label(&item.unit), item.doc.clone()]
    };
    model.lets.iter().map(row).collect()
}

fn conserved(model: &Model) -> Vec<Vec<String>> {
    let law = |law: Vec<i64>| {
        let mut text = String::new();
        for (factor, state) in law.iter().zip(&model.states).filter(|(factor, _)| **factor != 0) {
            let sign = match (text.is_empty(), *factor < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            let times = factor.unsigned_abs();
            let times = if times == 1 { String::new() } else { format!("{times} ") };
            text.push_str(&format!("{sign}{times}{}", state.name));
        }
        vec![text]
    };
    model.conserved().into_iter().map(law).collect()
}

fn inputs_of(model: &Model) -> Vec<Vec<String>> {
    let row = |input: &crate::model::Input| {
        let baseline = format!("baseline {}", written(model, input.baseline.written));
        vec![input.name.clone(), label(&input.unit), baseline, input.doc.clone()]
    };
    model.inputs.iter().map(row).collect()
}

fn responses(model: &Model) -> Vec<Vec<String>> {
    let row = |response: &crate::model::Response| {
        let curve = format!(
            "{}({}) = {}",
            response.name,
            response.probe_name,
            written(model, response.value.written)
        );
        let form = response.form.words();
        let curve = if response.form.is_acute() { curve } else { format!("{curve}, {form}") };
        let [low, high] = response.range.map(shortest);
        let range =
            format!("{} from {low} to {high}{}", response.probe_name, unit(response.probe_unit.label()));
        let limit = |name: &str, of: &Option<crate::model::Formula>| {
            of.as_ref().map(|formula| format!("{name} {}", written(model, formula.written)))
        };
        let limits: Vec<String> =
            [limit("bottom", &response.bottom), limit("top", &response.top)].into_iter().flatten().collect();
        vec![curve, range, limits.join(", "), response.doc.clone()]
    };
    model.responses.iter().map(row).collect()
}

fn views(model: &Model) -> Vec<Vec<String>> {
    let row = |view: &crate::model::View| {
        let with =
            view.with.iter().map(|(sym, id)| format!("{} = {}", model.arena.name(*sym), written(model, *id)));
        let mut with: Vec<String> = with.collect();
        if view.of_rest {
            with.insert(0, "at rest".to_owned());
        }
        vec![view.name.clone(), with.join(", "), view.doc.clone()]
    };
    model.views.iter().map(row).collect()
}

fn parameters(model: &Model) -> Vec<Vec<String>> {
    let row = |parameter: &crate::model::Parameter| {
        let range = parameter.range.map_or("-".to_owned(), |range| {
            let [low, high] = range.map(shortest);
            format!("{low} to {high}")
        });
        let value = format_quantity(parameter.value, &parameter.unit);
        let meaning = format!("{} [{}]", parameter.doc, parameter.source);
        vec![parameter.name.clone(), value, range, meaning]
    };
    let head = ["name", "value", "range", "meaning [source]"].map(str::to_owned).to_vec();
    let rows: Vec<Vec<String>> = model.parameters.iter().map(row).collect();
    if rows.is_empty() { rows } else { [vec![head], rows].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builtin;

    #[test]
    fn a_model_shows_its_equations_parameters_and_sources() {
        let (name, text) = builtin().iter().find(|(name, _)| *name == "turnover").unwrap();
        let shown = told(&Model::read(name, &Source::new(*name, *text)).unwrap());
        let row = |start: &str| {
            shown.lines().find(|line| line.trim().starts_with(start)).unwrap_or(start).to_owned()
        };
        assert!(row("dR/dt").contains("dR/dt = ksyn - loss*R"), "{shown}");
        assert!(row("loss =").contains("kdeg*(1 + kappa*theta)"), "{shown}");
        assert!(row("kdeg ").contains("0.0204 1/h") && row("kdeg ").contains("Fuxe 1987"), "{shown}");
        assert!(row("K ").contains("1 to 10000"), "{shown}");
        assert!(row("acute(L)").contains("top R"), "{shown}");
    }

    #[test]
    fn every_built_in_model_can_be_shown() {
        for (name, text) in builtin() {
            let source = Source::new(*name, *text);
            assert!(!is_scenario(&source), "{name}");
            let shown = told(&Model::read(name, &source).unwrap());
            assert!(shown.contains("Parameters") && shown.lines().all(|l| !l.ends_with(' ')), "{shown}");
        }
    }
}
