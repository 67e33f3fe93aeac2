//! The page of one model: what stands where.
//! Knows nothing of files: figures are named by paths relative to the page.

use super::content::Content;
use super::markdown::{code, inline, prose};
use super::picture::{Pictures, pictures};
use super::{equations, scene, tables};
use crate::expression::{latex_lines, name_in_latex};
use crate::figure::Figure;
use crate::model::{Let, Model, Response};
use crate::report::LABEL;
use crate::report::number::unit;
use crate::unit::shortest;

/// First line of every page, so that nobody changes it by hand.
pub const GENERATED: &str = "<!-- Generated from the model files; `tests/model_pages.rs` compares. Change the model, then run\n     \
     ALLOSTAT_BLESS=1 cargo test --test model_pages -->\n";

/// A page with its figures.
pub struct ModelPage {
    /// Markdown.
    pub text: String,
    /// Path relative to the page, and bytes.
    pub figures: Vec<(String, String)>,
}

/// The page of a model. `Err` says why its figures cannot be drawn.
pub fn page(model: &Model) -> Result<ModelPage, String> {
    let content = Content::of(model);
    let scene = scene(model);
    let drawn = scene.as_deref().map(|scene| pictures(model, scene)).transpose()?.unwrap_or_default();
    let mut text = head(model);
    for (title, body) in [
        ("What it shows", prose(&model.doc)),
        ("What it does not show", prose(&model.not_shown)),
        ("Take care", cautions(&content)),
        ("Figures", figures(model, &drawn, scene.as_deref())),
        ("Equations", equations_of(&content)),
        ("Responses", responses(&content)),
        ("Parameters", parameters(&content)),
        ("What else it is worth", read_outs(&content)),
        ("Views", tables::views(&content)),
        ("What it proves about itself", proofs(&content)),
        ("Sources", list(model.sources.iter().map(|source| prose(source)))),
    ] {
        if !body.trim().is_empty() {
            text.push_str(&format!("\n## {title}\n\n{}\n", body.trim_end()));
        }
    }
    text.push_str(&format!(
        "\n---\n\nThe model is one text file, [`models/{0}.toml`](../../models/{0}.toml); `allostat show {0}` tells the same in a \
         terminal, `allostat new scenario --model {0}` begins an experiment with it. [All models](README.md).\n",
        model.name
    ));
    let file = |name: &str, figure: Option<Figure>| Some((path(model, name), figure?.svg));
    let figures = [file("over-time", drawn.over_time), file("response", drawn.curve)];
    Ok(ModelPage { text, figures: figures.into_iter().flatten().collect() })
}

fn path(model: &Model, what: &str) -> String {
    format!("figures/{}-{what}.svg", model.name)
}

fn head(model: &Model) -> String {
    let label: Vec<&str> = LABEL[..3].to_vec();
    format!("{GENERATED}\n# {}\n\n> {}\n", prose(&model.title), label.join("\n> "))
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.map(|item| format!("- {item}\n")).collect()
}

fn cautions(content: &Content) -> String {
    list(content.cautions().into_iter().map(|(caution, names)| {
        let names: Vec<String> = names.into_iter().map(code).collect();
        format!("{}: {}", names.join(", "), prose(caution.text))
    }))
}

fn figures(model: &Model, drawn: &Pictures, scene: Option<&str>) -> String {
    let shown = |what: &str, alt: &str, figure: &Option<Figure>| {
        let figure = figure.as_ref()?;
        let words = prose(&figure.text);
        Some(format!(
            "![{alt}]({})\n\n<details><summary>In words</summary>\n\n{words}\n\n</details>\n\n",
            path(model, what)
        ))
    };
    let over_time = shown("over-time", "over time: phases, inputs and states", &drawn.over_time);
    let curve = shown("response", "acute response at several moments", &drawn.curve);
    if over_time.is_none() && curve.is_none() {
        return String::new();
    }
    let how = scene.map(|scene| {
        format!(
            "<details><summary>The scenario of the figures</summary>\n\nOne agent with the default values.\n\n```toml\n{scene}```\n\n\
             </details>\n"
        )
    });
    [over_time, curve, how].into_iter().flatten().collect()
}

fn equations_of(content: &Content) -> String {
    let model = content.model;
    let mut text = String::new();
    let mut part = |before: &str, body: String| {
        if !body.is_empty() {
            text.push_str(&format!("{before}{body}\n"));
        }
    };
    let time = format!("Time is in {}.\n\n", code(model.time.label()));
    let states = equations::derivatives(content);
    let [used, ..] = content.lets();
    if states.is_empty() {
        part("Nothing in this model changes over time by itself.\n", " ".to_owned());
    } else {
        part(&time, states);
    }
    let definitions = equations::definitions(content, &used);
    part("with\n\n", definitions);
    let laws = content.conserved(&|arena, id| inline(&latex_lines(arena, id, f64::INFINITY).concat()));
    part(
        "",
        if laws.is_empty() { String::new() } else { format!("Always the same: {}.\n", laws.join(", ")) },
    );
    part("", tables::states(content));
    part("", tables::inputs(content));
    part("", tables::lets(&used));
    part("", tables::flows(content));
    text
}

fn responses(content: &Content) -> String {
    let mut text = String::new();
    for response in &content.model.responses {
        let form = match response.form.is_acute() {
            true => String::new(),
            false => format!(" ({})", response.form.words()),
        };
        text.push_str(&format!("**{}**{form}: {}\n\n", prose(&response.name), prose(&response.doc)));
        text.push_str(&equations::curve(content, response));
        text.push_str(&format!("\n{}\n\n", swept(response)));
    }
    if text.is_empty() {
        return text;
    }
    let [_, own, _] = content.lets();
    let with = if own.is_empty() { String::new() } else { format!("with\n\n{}", defined(content, &own)) };
    let acute = content.model.responses.iter().all(|response| response.form.is_acute());
    let where_not = if acute { "" } else { ", where no other form is said" };
    format!("All states are held while the probe is swept{where_not}.\n\n{text}{with}")
}

fn swept(response: &Response) -> String {
    let [low, high] = response.range.map(shortest);
    let probe = inline(&name_in_latex(&response.probe_name));
    let limits = match (&response.bottom, &response.top) {
        (_, None) => " No upper limit is stated: Emax is the largest value in this range.",
        _ => "",
    };
    format!("{probe} from {low} to {high}{}.{limits}", unit(response.probe_unit.label()))
}

fn parameters(content: &Content) -> String {
    let table = tables::parameters(content);
    if table.is_empty() {
        return table;
    }
    let origins = crate::report::Origins::of([content.model]);
    format!(
        "Assumed: {}. With a source that nobody has checked yet: {}. With a source that was read: {}.\n\n{table}",
        origins.assumed, origins.unchecked, origins.sourced
    )
}

fn defined(content: &Content, lets: &[&Let]) -> String {
    match lets {
        [] => String::new(),
        lets => format!("{}\n{}", equations::definitions(content, lets), tables::lets(lets)),
    }
}

/// Lets on which no equation and no response stands.
fn read_outs(content: &Content) -> String {
    let [.., others] = content.lets();
    defined(content, &others)
}

fn proofs(content: &Content) -> String {
    let proof = |(name, doc): (&str, &str)| match doc {
        "" => code(name),
        doc => format!("{}: {}", code(name), prose(doc)),
    };
    let list = list(content.proofs().into_iter().map(proof));
    match list.is_empty() {
        true => list,
        false => format!(
            "`allostat check {}` integrates the model and compares with these statements.\n\n{list}",
            content.model.name
        ),
    }
}
