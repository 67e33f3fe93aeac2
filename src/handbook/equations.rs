//! Equations of a model in LaTeX: derivatives, lets, responses with their limits.
//! Knows nothing of figures.

use super::content::Content;
use super::markdown::display;
use crate::expression::{Id, latex_lines, name_in_latex};
use crate::model::{Let, Response};

/// Digits beside a left side, on a page of GitHub.
const WIDTH: f64 = 74.0;
/// Lines of one block of mathematics: a longer one is slow to set and hard to read.
const MOST_LINES: usize = 14;

/// A left side and the lines of its right side.
type Row = (String, Vec<String>);

/// `dR/dt = …` for each state.
pub fn derivatives(content: &Content) -> String {
    let row = |equation: &super::Equation| {
        let left = format!(r"\frac{{\mathrm{{d}}{}}}{{\mathrm{{d}}t}}", name_in_latex(&equation.state.name));
        (left, lines(content, equation.rate))
    };
    blocks(content.equations.iter().map(row))
}

/// `K_D = …` for each of these.
pub fn definitions(content: &Content, lets: &[&Let]) -> String {
    blocks(lets.iter().map(|item| (name_in_latex(&item.name), lines(content, item.formula.written))))
}

/// The curve of a response, and what it tends to.
pub fn curve(content: &Content, response: &Response) -> String {
    let (name, probe) = (name_in_latex(&response.name), name_in_latex(&response.probe_name));
    let limit = |formula: &Option<crate::model::Formula>, to: &str| {
        let formula = formula.as_ref()?;
        Some((format!(r"\lim_{{{probe} \to {to}}} {name}"), lines(content, formula.written)))
    };
    let value = (format!(r"{name}\left({probe}\right)"), lines(content, response.value.written));
    let limits = [limit(&response.bottom, "0"), limit(&response.top, r"\infty")];
    blocks([Some(value)].into_iter().chain(limits).flatten())
}

fn lines(content: &Content, of: Id) -> Vec<String> {
    latex_lines(&content.arena, of, WIDTH)
}

/// As few blocks as hold all rows with not too many lines each, about equally long.
fn blocks(rows: impl Iterator<Item = Row>) -> String {
    let rows: Vec<Row> = rows.collect();
    let lines: usize = rows.iter().map(|(_, lines)| lines.len()).sum();
    let most = lines.div_ceil(lines.div_ceil(MOST_LINES).max(1));
    let mut blocks: Vec<Vec<Row>> = Vec::new();
    let length = |block: &Vec<Row>| block.iter().map(|(_, lines)| lines.len()).sum::<usize>();
    for row in rows {
        match blocks.last_mut().filter(|block| length(block) < most) {
            Some(block) => block.push(row),
            None => blocks.push(vec![row]),
        }
    }
    blocks.iter().map(|block| display(block)).collect::<Vec<_>>().join("\n")
}
