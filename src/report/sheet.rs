//! `report.html`: a run as one page that stands alone: what was asked, and folded below it what happened.
//! Knows what stands in the run's folder; knows nothing of scenarios, so that a stored run gets the same page again.
//!
//! The same run gives the same bytes: nothing that differs from run to run of the same scenario stands in it.

mod origins;
mod outcome;

pub(super) use outcome::inlined;

use serde::Deserialize;

use super::html::{document, encoded, escaped, folded, paragraphs, section, table};
use super::manifest::Manifest;
use super::number::{agents, figures, grouped};
use crate::figure::{Figure, Subject};
use crate::table::Table;

/// Name of the page in the folder of a run.
pub const REPORT: &str = "report.html";
/// Name of the reader's own answer to the lesson's question, given before the run.
pub const PREDICTION: &str = "prediction.txt";

/// Pictures in the page; further ones are linked to.
const MOST_DRAWN: usize = 16;

/// What the page is made of.
pub struct Sheet<'a> {
    pub manifest: &'a Manifest,
    /// Of the tables as they are, which may have been edited after the run.
    pub subject: &'a Subject,
    /// Text of `claims.json`.
    pub claims: &'a str,
    pub measures: &'a Table,
    pub figures: &'a [Figure],
    /// Folder of the figures' files.
    pub folder: &'a str,
    pub prediction: Option<&'a str>,
    /// Whether the page stands in the folder of the run, beside its tables.
    pub at_home: bool,
}

/// A claim as `claims.json` has it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Claim {
    name: String,
    say: String,
    tag: String,
    holds: bool,
    sentence: String,
    fails_with: String,
}

impl Sheet<'_> {
    pub fn html(&self) -> String {
        let manifest = self.manifest;
        // What cannot be read says nothing about any claim.
        let claims: Vec<Claim> = serde_json::from_str(self.claims).unwrap_or_default();
        let body = format!(
            "{}<main>\n{}{}{}{}{}{}{}</main>\n{}",
            self.header(),
            self.question(),
            folded("happened", 2, "Show what happened", &self.outcome(&claims)),
            self.changed(),
            self.cautions(),
            self.origins(),
            self.texts(),
            self.verification(),
            self.footer(),
        );
        let title = match manifest.scenario.title.as_str() {
            "" => &manifest.scenario.name,
            title => title,
        };
        document(&format!("{title}: a run of Allostat"), &body)
    }

    fn header(&self) -> String {
        let manifest = self.manifest;
        let label: String = manifest.label.iter().map(|s| format!("<p>{}</p>\n", escaped(s))).collect();
        let foot = self.subject.foot.iter().map(|s| format!("<p class=\"caution\">{}</p>\n", escaped(s)));
        format!(
            "<header>\n<h1>{}</h1>\n<p class=\"soft\">{}, seed {}; models: {}</p>\n\
             <div class=\"label\" role=\"note\">\n{label}</div>\n{}</header>\n",
            escaped(&manifest.scenario.title),
            agents(manifest.agents),
            manifest.seed,
            escaped(&self.subject.models.join(", ")),
            foot.collect::<String>(),
        )
    }

    fn question(&self) -> String {
        let lesson = &self.manifest.lesson;
        let mut body = paragraphs(&lesson.question);
        if !lesson.predict.is_empty() {
            body.push_str(&format!("<h3>Guess first</h3>\n{}", paragraphs(&lesson.predict)));
        }
        if self.prediction.is_some() {
            body.push_str("<p>An answer was given before the run; it stands beside what happened.</p>\n");
        }
        if body.is_empty() { body } else { section("question", "Question", &body) }
    }

    fn changed(&self) -> String {
        let body = match self.subject.changed.as_slice() {
            [] => "<p>Nothing: the scenario ran as it is written.</p>\n".to_owned(),
            changed => {
                let rows = changed.iter().map(|change| format!("<li>{}</li>\n", escaped(change)));
                format!("<ul>\n{}</ul>\n", rows.collect::<String>())
            }
        };
        section("changed", "What was changed against the scenario as written", &body)
    }

    fn cautions(&self) -> String {
        let always = self.manifest.label.iter().map(|text| format!("<li>{}</li>\n", escaped(text)));
        let own = self.manifest.cautions.iter().map(|caution| {
            let why = format!("<br><span class=\"soft\">Why: {}.</span>", escaped(&caution.reason));
            format!("<li>{}{why}</li>\n", escaped(&caution.text))
        });
        section("cautions", "Cautions", &format!("<ul>\n{}</ul>\n", always.chain(own).collect::<String>()))
    }

    fn texts(&self) -> String {
        let manifest = self.manifest;
        let scenario = format!("<pre><code>{}</code></pre>\n", escaped(&manifest.scenario.text));
        let mut body = folded(
            "scenario-text",
            3,
            &format!("Scenario `{}` as written", manifest.scenario.name),
            &scenario,
        );
        for (at, model) in manifest.models.iter().enumerate() {
            let text = format!("<pre><code>{}</code></pre>\n", escaped(&model.text));
            body.push_str(&folded(
                &format!("model-text-{at}"),
                3,
                &format!("Model `{}` as written", model.name),
                &text,
            ));
        }
        section("texts", "Scenario and models", &body)
    }

    fn verification(&self) -> String {
        let manifest = self.manifest;
        let stopped: Vec<String> =
            manifest.fates.iter().map(|fate| format!("{}: {}", grouped(fate.agents), fate.cause)).collect();
        let stopped = match manifest.failed {
            0 => "none".to_owned(),
            failed => format!("{} ({}); they are in no number", grouped(failed), stopped.join("; ")),
        };
        let error = &manifest.measured_error;
        let error = error.value.map_or("could not be measured".to_owned(), |value| {
            format!(
                "{} (largest relative difference of {} run again, {} times as exactly)",
                figures(value),
                agents(error.agents),
                figures(error.tighter)
            )
        });
        let rows = [
            ("program", format!("allostat {}, commit {}", manifest.version, manifest.commit)),
            ("numerics version", manifest.numerics.to_string()),
            ("seed", manifest.seed.to_string()),
            ("agents", grouped(manifest.agents)),
            ("agents that stopped before the end", stopped),
            ("quantiles", manifest.quantiles.clone()),
            ("numerical error", error),
            ("digest", manifest.digest.clone()),
        ];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|(what, value)| vec![(*what).to_owned(), escaped(value)]).collect();
        let how = "<p>The digest is the SHA-256 of the three tables one after the other. In the folder of the run:</p>\n\
                   <pre><code>cat summary.csv assays.csv measures.csv | sha256sum</code></pre>\n\
                   <p>(macOS: <code>shasum -a 256</code>.) From the manifest alone, on any machine:</p>\n\
                   <pre><code>allostat reproduce manifest.json</code></pre>\n";
        section(
            "verification",
            "Which run this is, and how to verify it",
            &(table("Which run this is", &["what", "value"], &rows) + how),
        )
    }

    /// Links to what lies around the page; none of them is needed to read it.
    fn footer(&self) -> String {
        let link = |path: &str, name: &str| format!("<a href=\"{}\">{}</a>", encoded(path), escaped(name));
        let pictures = self
            .figures
            .iter()
            .map(|figure| link(&format!("{}/{}.png", self.folder, figure.stem), &figure.stem));
        let pictures: Vec<String> = pictures.collect();
        let mut body = String::new();
        if !pictures.is_empty() {
            body.push_str(&format!("<p>Figures as files: {}</p>\n", pictures.join(" · ")));
        }
        if self.at_home {
            let files = self.manifest.files.iter().map(|file| file.name.as_str());
            let files =
                files.filter(|name| !name.starts_with("figures/")).chain(["manifest.json", "LABEL.txt"]);
            let files: Vec<String> = files.map(|name| link(name, name)).collect();
            body.push_str(&format!("<p>Tables: {}</p>\n", files.join(" · ")));
            body.push_str("<p><a href=\"../index.html\">All runs</a></p>\n");
        }
        format!(
            "<footer>\n<nav aria-label=\"Files of the run\">\n{body}</nav>\n<p class=\"soft\">{}</p>\n</footer>\n",
            escaped(&format!("{} · {}", self.subject.label, self.subject.provenance))
        )
    }
}
