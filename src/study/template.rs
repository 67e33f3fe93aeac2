//! A new study to begin with: a commented text for a scenario, whose comments are those of the key tables.
//! Knows nothing of files.

use crate::document::comment_of;
use crate::model::Parameter;
use crate::scenario::Scenario;

use super::STUDY;

/// Factors of a new study.
const FACTORS: usize = 2;

/// A commented study of `scenario`, which it names by `reference` (a preset or a path): two parameters over the ranges of the model, and the median of
/// each measure. `Err` is a sentence that says why there is none.
pub fn template(reference: &str, scenario: &Scenario) -> Result<String, String> {
    let ranged = |parameter: &&Parameter| parameter.range.is_some();
    let parameters = scenario.arms.first().into_iter().flat_map(|arm| &arm.model.parameters).filter(ranged);
    let factors: String =
        parameters.take(FACTORS).map(|p| format!("{} = {{}}   # {}\n", p.name, p.doc)).collect();
    if factors.is_empty() {
        return Err(format!("no parameter of `{}` has a range to vary it over", scenario.arms[0].model.name));
    }
    let mut measures: Vec<&str> = scenario.measures.iter().map(|measure| measure.name.as_str()).collect();
    measures.dedup();
    let outputs: String = measures.iter().map(|m| format!("{m} = \"median({m})\"\n")).collect();
    let line = |key: &str, text: &str| {
        let comment = comment_of(&STUDY, key).map(|comment| format!("# {comment}\n")).unwrap_or_default();
        format!("{comment}{text}\n")
    };
    let parts = [
        line("title", "title = \"A new study\""),
        line("scenario", &format!("scenario = {reference:?}")),
        line("set", "set = [\"population.agents=100\"]"),
        line("design", "design = { sobol = { points = 64 } }"),
        line("repeats", "# repeats = 1"),
        line("luck", "# luck = \"common\""),
        line("claims", "claims = false"),
        line("vary", &format!("[vary]\n{factors}")),
        if outputs.is_empty() { String::new() } else { line("outputs", &format!("[outputs]\n{outputs}")) },
    ];
    let text = parts.join("\n");
    // Without measures there are claims, or nothing to read.
    Ok(if outputs.is_empty() { text.replace("claims = false", "claims = true") } else { text })
}
