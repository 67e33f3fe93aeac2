//! `allostat list`: built-in models and presets, in words or as JSON.
//! Knows nothing of what is in them beyond title and question.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::page::Page;
use super::{Done, words};
use crate::diagnostic::{Findings, Source};
use crate::document::Node;
use crate::model;
use crate::scenario;

#[derive(Args)]
pub struct Arguments {
    /// What to list; everything where nothing is named
    what: Option<What>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum What {
    Models,
    Presets,
}

struct Row {
    name: String,
    title: String,
    /// The model's doc, or the lesson's question.
    about: String,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let wanted = |what| arguments.what.is_none_or(|only| only == what);
    let mut lists: Vec<(&str, Vec<Row>)> = Vec::new();
    if wanted(What::Presets) {
        lists.push(("presets", presets()));
    }
    if wanted(What::Models) {
        lists.push(("models", models()));
    }
    if arguments.json {
        let rows = |rows: &[Row]| -> Vec<serde_json::Value> {
            rows.iter()
                .map(|row| json!({ "name": row.name, "title": row.title, "about": row.about }))
                .collect()
        };
        let value: serde_json::Map<_, _> =
            lists.iter().map(|(name, list)| ((*name).to_owned(), json!(rows(list)))).collect();
        page.line(format!("{:#}", serde_json::Value::Object(value)));
        return Ok(true);
    }
    for (at, (name, list)) in lists.iter().enumerate() {
        page.line(format!("{}{name}", if at > 0 { "\n" } else { "" }));
        let rows: Vec<Vec<String>> =
            list.iter().map(|row| vec![row.name.clone(), row.title.clone()]).collect();
        page.text(&words::aligned(&rows, 2));
    }
    page.line("\n`allostat show NAME` tells more, `allostat run PRESET` runs a preset");
    Ok(true)
}

fn models() -> Vec<Row> {
    let row = |(name, text): &(&str, &str)| row(name, &Source::new(*name, *text), &["doc"]);
    model::builtin().iter().map(row).collect()
}

fn presets() -> Vec<Row> {
    let known = scenario::presets().into_iter();
    known.filter_map(|name| Some(row(name, &scenario::preset(name)?, &["lesson", "question"]))).collect()
}

/// Read as TOML only: a list has no use for equations.
fn row(name: &str, source: &Source, about: &[&str]) -> Row {
    let root = Node::parse(source, &mut Findings::new());
    let text = |path: &[&str]| {
        let node = path.iter().try_fold(root.as_ref()?, |node, key| node.key(key))?;
        Some(node.text()?.trim().to_owned())
    };
    Row {
        name: name.to_owned(),
        title: text(&["title"]).unwrap_or_default(),
        about: text(about).unwrap_or_default(),
    }
}
