//! `allostat show`: what is in a model. What is in a preset is told by `show_preset`.
//! Knows models; computes nothing.

use clap::Args;

use super::inputs;
use super::page::Page;
use super::words::{aligned, hanging, wrapped};
use super::{Done, show_preset};
use crate::diagnostic::{Findings, Source};
use crate::document::Node;
use crate::expression::{Id, Notation, print};
use crate::handbook::{Content, Equation};
use crate::model::Model;
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
    if !model.not_shown.is_empty() {
        text.push_str(&hanging("Not shown: ", &model.not_shown));
    }
    let content = Content::of(model);
    for (caution, names) in content.cautions() {
        text.push_str(&hanging("! ", &format!("{}: {}", names.join(", "), caution.text)));
    }
    text.push_str(&format!("time in {}\n", model.time.label()));
    let mut section = |title: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            text.push_str(&format!("\n{title}\n{}", aligned(&rows, 2)));
        }
    };
    section("Equations", equations(&content));
    section("Flows", flows(&content));
    section("With", lets(model));
    section("Always the same", conserved(&content));
    section("Inputs", inputs_of(model));
    section("Responses (acute, all states frozen, where no form is said)", responses(model));
    section("Views", views(&content));
    section("Parameters", parameters(&content));
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
fn equations(content: &Content) -> Vec<Vec<String>> {
    let row = |equation: &Equation| {
        let state = equation.state;
        let start = content.start(state).map(|formula| content.text(formula.written));
        let start = start.unwrap_or_else(|| "its steady state".to_owned());
        let equation = format!("d{}/dt = {}", state.name, content.text(equation.rate));
        vec![equation, format!("{}(0) = {start}", state.name), label(&state.unit), state.doc.clone()]
    };
    content.equations.iter().map(row).collect()
}

fn flows(content: &Content) -> Vec<Vec<String>> {
    let row = |flow: &crate::model::Flow| {
        vec![flow.name.clone(), content.moves(flow), content.text(flow.rate.written), flow.doc.clone()]
    };
    content.model.flows.iter().map(row).collect()
}

fn lets(model: &Model) -> Vec<Vec<String>> {
    let row = |item: &crate::model::Let| {
        let value = format!("{} = {}", item.name, written(model, item.formula.written));
        vec![value, label(&item.unit), item.doc.clone()]
    };
    model.lets.iter().map(row).collect()
}

fn conserved(content: &Content) -> Vec<Vec<String>> {
    let laws = content.conserved(&|arena, id| print(arena, id, Notation::Text));
    laws.into_iter().map(|law| vec![law]).collect()
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

fn views(content: &Content) -> Vec<Vec<String>> {
    let row = |view: &crate::model::View| {
        let mut with = content.replaced(&view.with);
        if view.of_rest {
            with.insert(0, "at rest".to_owned());
        }
        vec![view.name.clone(), with.join(", "), view.doc.clone()]
    };
    content.model.views.iter().map(row).collect()
}

/// Assumed ones first, so that nobody overlooks how much is assumed.
fn parameters(content: &Content) -> Vec<Vec<String>> {
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
    let rows: Vec<Vec<String>> = content.parameters().into_iter().map(row).collect();
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
    fn a_model_tells_each_caution_once_with_all_that_it_goes_with() {
        let (name, text) = builtin().iter().find(|(name, _)| *name == "dopamine").unwrap();
        let model = Model::read(name, &Source::new(*name, *text)).unwrap();
        let shown = told(&model).split_whitespace().collect::<Vec<_>>().join(" ");
        for caution in model.lets.iter().flat_map(|item| &item.caution) {
            assert_eq!(shown.matches(caution.text).count(), 1, "{}", caution.name);
        }
        assert!(
            shown.contains(" ! media, food: The size of the effect of media and food is assumed"),
            "{shown}"
        );
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
