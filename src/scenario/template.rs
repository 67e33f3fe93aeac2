//! A new scenario to begin with: a commented text for a model, whose comments are those of the key tables.
//! Knows nothing of files.

use crate::document::{Shape, comment_of};
use crate::model::{Model, Probe, Start, State};
use crate::unit::format_quantity;

use super::SCENARIO;
use super::keys::{POPULATION, SPREAD};

/// A commented scenario on `model`, which it names by `reference` (a built-in name or a path); reads without findings.
pub fn template(reference: &str, model: &Model) -> String {
    let line = |shape: &Shape, key: &str, text: String| match comment_of(shape, key) {
        Some(comment) => format!("# {comment}\n{text}\n"),
        None => format!("{text}\n"),
    };
    let top = |key: &str, text: String| line(&SCENARIO, key, text);
    let mut parts = vec![
        top("title", "title = \"A new scenario\"".to_owned())
            + &top("model", format!("model = {reference:?}"))
            + &format!(
                "# time = \"{}\"   # {}\n",
                model.time.label(),
                comment_of(&SCENARIO, "time").unwrap_or_default()
            ),
        parameters(model),
        format!("# {}\n[population]\n", comment_of(&SCENARIO, "population").unwrap_or_default())
            + &line(&POPULATION, "agents", "agents = 1000".to_owned())
            + &line(&POPULATION, "seed", "seed = 1".to_owned())
            + &vary(model),
        phases(model),
    ];
    let states: Vec<String> = model.states.iter().map(|state| format!("{:?}", state.name)).collect();
    if let Some(state) = model.states.first() {
        let name = &state.name;
        parts.push(format!(
            "# {}\n[measures]\nchange = {{ value = \"{name}[end of exposure] - {name}[rest]\", doc = \"change of {name} during exposure\" }}\n",
            comment_of(&SCENARIO, "measures").unwrap_or_default()
        ));
    }
    if !states.is_empty() {
        parts.push(top("record", format!("[[record]]\nwhat = [{}]", states.join(", "))));
    }
    parts.extend(instrument(model));
    parts.extend(response(model));
    if let Some(response) = model.responses.first() {
        let moments = "at = [\"rest\", \"end of exposure\", \"end of recovery\"]";
        parts.push(top("assay", format!("[[assay]]\nresponse = \"{}\"\n{moments}", response.name)));
    }
    parts.push(claim(model));
    parts.join("\n")
}

/// The model's own values, ready to be changed.
fn parameters(model: &Model) -> String {
    let width = model.parameters.iter().map(|p| p.name.len()).max().unwrap_or(0);
    let lines = model.parameters.iter().map(|p| {
        let value = format_quantity(p.value, &p.unit);
        format!("# {:width$} = \"{value}\"   # {}\n", p.name, p.doc)
    });
    format!(
        "# {}\n[parameters]\n{}",
        comment_of(&SCENARIO, "parameters").unwrap_or_default(),
        lines.collect::<String>()
    )
}

/// A spread of the first parameter that is above 0 at all plausible values, so that no draw falls outside.
fn vary(model: &Model) -> String {
    let positive = |p: &&crate::model::Parameter| p.value > 0.0 && p.range.is_some_and(|[low, _]| low > 0.0);
    let Some(parameter) = model.parameters.iter().find(positive) else { return String::new() };
    let comment = comment_of(&POPULATION, "vary").unwrap_or_default();
    let spread = comment_of(&SPREAD, "lognormal").unwrap_or_default();
    format!(
        "# {comment}\n# lognormal: {spread}\nvary.{} = {{ lognormal = {{ cv = 0.2 }} }}\n",
        parameter.name
    )
}

/// Rest, exposure of the first input, recovery: as long as a hundred units of the model's time each.
fn phases(model: &Model) -> String {
    let stimulus = model.inputs.first().map(|input| {
        let probed = model.responses.iter().find(|r| matches!(r.probe, Probe::Input(0)));
        // The middle of the probed range on the logarithmic scale, rounded to its power of ten; a product of the ends may be infinite.
        let level = probed.map_or(1.0, |r| decade(r.range[0].sqrt() * r.range[1].sqrt()));
        format!(", {} = \"{}\"", input.name, format_quantity(level, &input.unit))
    });
    let time = model.time.label();
    let comment = comment_of(&SCENARIO, "arms").unwrap_or_default();
    let phase = |name: &str, length: u32, more: &str| {
        format!("  {{ name = \"{name}\", for = \"{length} {time}\"{more} }},\n")
    };
    format!(
        "# {comment}\n[arms.exposed]\nphases = [\n{}{}{}]\n",
        phase("baseline", 20, ""),
        phase("exposure", 100, &stimulus.unwrap_or_default()),
        phase("recovery", 200, "")
    )
}

/// The largest power of ten that is not above `value`.
fn decade(value: f64) -> f64 {
    let mut power = 1.0;
    while power * 10.0 <= value {
        power *= 10.0;
    }
    while power > value {
        power /= 10.0;
    }
    power
}

/// A score of a state, in comments.
fn instrument(model: &Model) -> Option<String> {
    // Relative to rest, except where that may be 0.
    let plain = |state: &&State| state.unit.label() == "1";
    let at_zero = |state: &&State| match &state.start {
        Start::Formula(start) => model.arena.as_constant(start.value) == Some(0.0),
        Start::Steady => false,
    };
    let state = model.states.iter().find(plain).or_else(|| model.states.iter().find(|s| !at_zero(s)))?;
    let name = &state.name;
    let latent = if plain(&state) { name.clone() } else { format!("{name}/rest.{name}") };
    Some(offered(
        "instruments",
        &[
            "[instruments.simulated_scale]",
            &format!("questionnaire = {{ latent = \"{latent}\", items = 14, categories = 4 }}"),
            "[[record]]",
            "what = [\"simulated_scale\"]",
            "at = [\"end of baseline\", \"end of exposure\"]",
        ],
    ))
}

/// A response of the model in another form, in comments; only an input can be held while states move.
fn response(model: &Model) -> Option<String> {
    let response = model.responses.iter().find(|response| matches!(response.probe, Probe::Input(_)))?;
    if model.states.is_empty() {
        return None;
    }
    let (of, time) = (&response.name, model.time.label());
    Some(offered(
        "responses",
        &[
            "[responses]",
            &format!("session = {{ of = \"{of}\", form = \"challenge\", for = \"10 {time}\" }}"),
        ],
    ))
}

/// What a file may have and this one has not: lines in comments, under what the key means.
fn offered(key: &str, lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("# {line}\n")).collect();
    format!("# {}\n{lines}", comment_of(&SCENARIO, key).unwrap_or_default())
}

fn claim(model: &Model) -> String {
    let lines = [
        "[[claim]]",
        "name = \"falls\"",
        "say  = \"It falls during exposure in nine of ten agents.\"",
        "that = \"change < 0\"",
        "share = 0.9",
    ];
    offered("claim", if model.states.is_empty() { &[] } else { &lines })
}
