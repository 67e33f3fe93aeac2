//! Where the numbers come from: every parameter with its value in force, who gave it, and its source.
//! Knows manifests.

use super::super::html::{escaped, section, table};
use super::super::number::unit;
use super::super::values::{By, Ground, InForce, Value};
use super::Sheet;
use crate::unit::shortest;

impl Sheet<'_> {
    pub(super) fn origins(&self) -> String {
        let manifest = self.manifest;
        let mut body = format!("<p>{}</p>\n", escaped(&manifest.parameters.sentence()));
        let several = manifest.models.len() > 1;
        let rows: Vec<Vec<String>> = manifest.values.iter().map(|value| row(value, several)).collect();
        if !rows.is_empty() {
            let heads = ["parameter", "value in force", "unit", "given by", "where it comes from"];
            let caption = "Parameters: assumed first, then chosen here, unchecked, and with a source";
            body.push_str(&table(caption, &heads, &rows));
        }
        section("origins", "Where the numbers come from", &body)
    }
}

fn row(value: &Value, several: bool) -> Vec<String> {
    let model = match value.model.as_str() {
        "" => "; of the scenario's own".to_owned(),
        model if several => format!("; of {model}"),
        _ => String::new(),
    };
    let name = format!(
        "{} <span class=\"soft\">({}{})</span>",
        escaped(&value.name),
        escaped(&value.doc),
        escaped(&model)
    );
    let lines = |told: &dyn Fn(&InForce) -> String| {
        let lines: Vec<String> = value.in_force.iter().map(|one| escaped(&told(one))).collect();
        lines.join("<br>")
    };
    let place = |one: &InForce| match one.place.as_str() {
        "" => String::new(),
        place => format!("{place}: "),
    };
    let mut numbers = lines(&|one| format!("{}{}", place(one), number(one.value)));
    if !value.spread.is_empty() {
        numbers.push_str(&format!(
            "<br><span class=\"soft\">the centre; differs between agents: {}</span>",
            escaped(&value.spread)
        ));
    }
    let by = |one: &InForce| match one.by {
        By::Model => "the model".to_owned(),
        By::Scenario => "the scenario".to_owned(),
        By::Reader if one.was.is_empty() => "the reader".to_owned(),
        By::Reader => format!("the reader (was {})", one.was),
    };
    vec![name, numbers, escaped(unit(&value.unit).trim()), lines(&by), origin(value)]
}

fn origin(value: &Value) -> String {
    let word = match value.ground {
        Ground::Assumed => "assumed",
        Ground::Chosen => "chosen here",
        Ground::Unchecked => "unchecked",
        Ground::Sourced => "source",
    };
    let source = value.source.trim();
    let source = source.strip_prefix(word).map_or(source, |rest| rest.trim_start_matches([':', ';', ' ']));
    match (source, value.ground) {
        ("", _) => word.to_owned(),
        (source, Ground::Chosen) => format!("{word} (the model's default: {})", escaped(source)),
        (source, _) => format!("{word}: {}", escaped(source)),
    }
}

/// Six figures: what stands in a file, without what conversion of units adds at its end.
fn number(value: f64) -> String {
    shortest(format!("{value:.5e}").parse().unwrap_or(value))
}
