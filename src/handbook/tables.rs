//! Tables of a model's page: states, inputs, lets, parameters, flows, views.
//! Knows nothing of equations that stand by themselves.

use super::content::Content;
use super::markdown::{code, inline, prose, table};
use crate::expression::{Id, latex_lines, name_in_latex};
use crate::model::{Let, Origin};
use crate::unit::{Unit, format_quantity, shortest};

/// A name as the file writes it, and as equations do.
fn named(name: &str) -> [String; 2] {
    [code(name), inline(&name_in_latex(name))]
}

fn unit(unit: &Unit) -> String {
    match unit.label() {
        "1" => "–".to_owned(),
        label => code(label),
    }
}

/// What fits into a cell is typeset; what does not is written as the file does.
fn cell(content: &Content, of: Id) -> String {
    const WIDTH: f64 = 40.0;
    match &latex_lines(&content.arena, of, WIDTH)[..] {
        [line] if !line.contains(r"\begin") => inline(line),
        _ => code(&content.text(of)),
    }
}

fn row<const A: usize, const B: usize>(first: [String; A], rest: [String; B]) -> Vec<String> {
    first.into_iter().chain(rest).collect()
}

pub fn states(content: &Content) -> String {
    let rows = content.model.states.iter().map(|state| {
        let start = content.start(state).map(|formula| cell(content, formula.written));
        let start = start.unwrap_or_else(|| "its steady state".to_owned());
        row(named(&state.name), [unit(&state.unit), start, prose(&state.doc)])
    });
    table(&["state", "symbol", "unit", "starts at", "meaning"], &rows.collect::<Vec<_>>())
}

pub fn inputs(content: &Content) -> String {
    let rows = content.model.inputs.iter().map(|input| {
        let baseline = cell(content, input.baseline.written);
        row(named(&input.name), [unit(&input.unit), baseline, prose(&input.doc)])
    });
    table(&["input", "symbol", "unit", "baseline", "meaning"], &rows.collect::<Vec<_>>())
}

pub fn lets(lets: &[&Let]) -> String {
    let rows = lets.iter().map(|item| row(named(&item.name), [unit(&item.unit), prose(&item.doc)]));
    table(&["name", "symbol", "unit", "meaning"], &rows.collect::<Vec<_>>())
}

pub fn flows(content: &Content) -> String {
    let rows = content.model.flows.iter().map(|flow| {
        let rate = code(&content.text(flow.rate.written));
        vec![code(&flow.name), content.moves(flow), rate, prose(&flow.doc)]
    });
    table(&["flow", "from → to", "rate", "meaning"], &rows.collect::<Vec<_>>())
}

pub fn views(content: &Content) -> String {
    let rows = content.model.views.iter().map(|view| {
        let rest = view.of_rest.then(|| "at rest".to_owned());
        let replaced = content.replaced(&view.with).into_iter().map(|text| code(&text));
        let with: Vec<String> = rest.into_iter().chain(replaced).collect();
        vec![code(&view.name), with.join(", "), prose(&view.doc)]
    });
    table(&["view", "with", "meaning"], &rows.collect::<Vec<_>>())
}

/// Assumed ones first, so that nobody overlooks how much is assumed.
pub fn parameters(content: &Content) -> String {
    let rows = content.parameters().into_iter().map(|parameter| {
        let range = parameter.range.map_or(String::new(), |range| {
            let [low, high] = range.map(shortest);
            format!("{low} to {high}")
        });
        let source = match parameter.origin() {
            Origin::Assumed | Origin::Unchecked => prose(&parameter.source),
            Origin::Sourced => format!("**{}**", prose(&parameter.source)),
        };
        let value = format_quantity(parameter.value, &parameter.unit);
        row(named(&parameter.name), [code(&value), range, prose(&parameter.doc), source])
    });
    table(
        &["parameter", "symbol", "value", "plausible range", "meaning", "source"],
        &rows.collect::<Vec<_>>(),
    )
}
