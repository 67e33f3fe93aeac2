//! `manifest.json`: all that is needed to know, repeat, verify and redraw a run.
//! Knows scenarios and results; knows nothing of how they are printed.
//!
//! The same run gives the same manifest apart from `run`, which says when, how long and on how many threads.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::label::{self, Origins};
use super::values::Value;
use super::write::Finished;
use super::{Fate, fates, sha256};
use crate::diagnostic::Source;
use crate::engine::Collected;
use crate::figure::Subject;
use crate::model::{Caution, Model};
use crate::scenario::{Lesson, Results, Scenario};

/// Raised when a reader of manifests has to know.
pub const SCHEMA: u32 = 1;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema: u32,
    pub label: Vec<String>,
    /// What the inputs and quantities of the scenario bring with them, beside the label.
    #[serde(default)]
    pub cautions: Vec<Statement>,
    pub scenario: ScenarioText,
    pub models: Vec<Text>,
    /// Series from CSV files.
    pub inputs: Vec<Text>,
    pub parameters: Origins,
    /// What a teacher says around the run.
    #[serde(default)]
    pub lesson: Lesson,
    /// Values in force, those that are assumed first.
    #[serde(default)]
    pub values: Vec<Value>,
    /// In the order in which they were applied; the scenario's text is the one without them.
    pub changes: Vec<Changed>,
    pub seed: u64,
    pub agents: u64,
    pub version: String,
    pub commit: String,
    /// Of the arithmetic: runs of different ones may differ in their last bits.
    pub numerics: u32,
    /// SHA-256 of `summary.csv`, `assays.csv` and `measures.csv`, one after the other.
    pub digest: String,
    pub quantiles: String,
    pub claims: Held,
    /// Agents that failed in any arm, and why.
    pub failed: u64,
    pub fates: Vec<Fate>,
    /// Draws outside limits that were drawn again.
    pub redrawn: u64,
    pub measured_error: MeasuredError,
    pub cost: Work,
    pub files: Vec<Hashed>,
    pub subject: Subject,
    /// The same scenario without the changes, run beside it.
    pub unchanged: Option<Twin>,
    pub run: Circumstances,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioText {
    pub name: String,
    pub title: String,
    pub sha256: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Text {
    pub name: String,
    pub sha256: String,
    /// Empty in manifests that hold no texts of series: such a run cannot be rebuilt from its manifest alone.
    #[serde(default)]
    pub text: String,
}

/// A caution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    pub name: String,
    pub text: String,
    pub reason: String,
}

/// A file; `name` has `/` between its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hashed {
    pub name: String,
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    pub path: String,
    pub now: String,
    pub was: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    pub held: usize,
    pub of: usize,
}

/// Largest relative difference of the end states against tolerances `tighter` times as strict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuredError {
    /// `None` where nothing could be compared.
    pub value: Option<f64>,
    pub agents: u64,
    pub tighter: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// Steps that were taken, by either method.
    pub steps: u64,
    /// Of these the implicit ones.
    #[serde(default)]
    pub implicit: u64,
    pub rejected: u64,
    /// Evaluations of the rates of one agent.
    pub evaluations: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Twin {
    pub folder: String,
    pub digest: String,
    pub claims: Held,
    pub subject: Subject,
}

/// What differs from run to run of the same scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Circumstances {
    /// UTC, RFC 3339.
    pub started: String,
    /// Of the simulation, by the wall clock.
    pub seconds: f64,
    pub threads: usize,
}

impl Manifest {
    /// Of a run whose files have these hashes.
    pub fn of(run: &Finished, files: Vec<Hashed>) -> Manifest {
        let (scenario, results) = (run.scenario, run.results);
        let models = models(scenario);
        let is_input = |source: &&Source| !models.iter().any(|model| model.source == **source);
        let inputs = scenario.files.iter().filter(is_input);
        let cost = results.collected.cost;
        Manifest {
            schema: SCHEMA,
            label: label::sentences(&scenario.plan),
            cautions: cautions(scenario).map(statement).collect(),
            scenario: ScenarioText {
                name: scenario.name.clone(),
                title: scenario.title.clone(),
                sha256: sha256(scenario.source.text().as_bytes()),
                text: scenario.source.text().to_owned(),
            },
            models: models.iter().map(|model| text(model, run.base)).collect(),
            inputs: inputs
                .map(|source| Text {
                    name: name(source, run.base),
                    sha256: sha256(source.text().as_bytes()),
                    text: source.text().to_owned(),
                })
                .collect(),
            parameters: Origins::of(models),
            lesson: scenario.lesson.clone(),
            values: super::values::of(scenario),
            changes: scenario
                .changes
                .iter()
                .map(|c| Changed { path: c.path.clone(), now: c.now.clone(), was: c.was.clone() })
                .collect(),
            seed: scenario.plan.population.seed,
            agents: scenario.plan.population.agents,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: env!("ALLOSTAT_COMMIT").to_owned(),
            numerics: crate::engine::NUMERICS,
            digest: results.digest.clone(),
            quantiles: quantiles(&results.collected).to_owned(),
            claims: held(results),
            failed: results.failed,
            fates: fates(&results.failures),
            redrawn: results.collected.redrawn,
            measured_error: run.measured_error.clone(),
            cost: Work {
                steps: cost.steps,
                implicit: cost.implicit,
                rejected: cost.rejected,
                evaluations: cost.evaluations,
            },
            files,
            subject: super::subject(scenario, results),
            unchanged: run.unchanged.as_ref().map(|twin| Twin {
                folder: super::write::UNCHANGED.to_owned(),
                digest: twin.results.digest.clone(),
                claims: held(twin.results),
                subject: super::subject(twin.scenario, twin.results),
            }),
            run: Circumstances {
                started: super::clock::rfc3339(run.started),
                seconds: run.seconds,
                threads: run.threads,
            },
        }
    }

    pub fn json(&self) -> String {
        // Numbers and texts are all that stands in a manifest: nothing that JSON refuses.
        serde_json::to_string_pretty(self).expect("a manifest is JSON") + "\n"
    }

    /// `Err` is a sentence.
    pub fn read(text: &str) -> Result<Manifest, String> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|e| format!("its manifest is no JSON: {e}"))?;
        match value["schema"].as_u64() {
            Some(schema) if schema == u64::from(SCHEMA) => {}
            Some(schema) => {
                return Err(format!(
                    "its manifest has version {schema}; this program reads version {SCHEMA}, run it again"
                ));
            }
            None => return Err("its manifest has no version".to_owned()),
        }
        serde_json::from_value(value).map_err(|e| format!("its manifest is incomplete: {e}"))
    }
}

fn held(results: &Results) -> Held {
    Held { held: results.verdicts.iter().filter(|v| v.holds).count(), of: results.verdicts.len() }
}

/// What the scenario carries beside what every one does.
pub(super) fn cautions(scenario: &Scenario) -> impl Iterator<Item = &'static Caution> + '_ {
    scenario.cautions.iter().copied().filter(|caution| !caution.always)
}

fn statement(caution: &Caution) -> Statement {
    Statement {
        name: caution.name.to_owned(),
        text: caution.text.to_owned(),
        reason: caution.reason.to_owned(),
    }
}

/// Each model once.
fn models(scenario: &Scenario) -> Vec<&Model> {
    let mut models: Vec<&Model> = Vec::new();
    for arm in &scenario.arms {
        if !models.iter().any(|known| known.source == arm.model.source) {
            models.push(&arm.model);
        }
    }
    models
}

/// As the scenario names it: below its folder, with `/` on every system.
fn name(source: &Source, base: &Path) -> String {
    let path = Path::new(source.name());
    let below = path.strip_prefix(base).unwrap_or(path);
    below.to_string_lossy().replace('\\', "/")
}

/// A built-in model goes by its name, a user's by its file.
fn text(model: &Model, base: &Path) -> Text {
    let text = model.source.text();
    let built_in = crate::model::builtin().iter().any(|(known, own)| *known == model.name && *own == text);
    Text {
        name: if built_in { model.name.clone() } else { name(&model.source, base) },
        sha256: sha256(text.as_bytes()),
        text: text.to_owned(),
    }
}

fn quantiles(collected: &Collected) -> &'static str {
    let outcomes = collected.outcomes.iter().flatten();
    let series = collected.series.iter().flatten().flatten().flatten();
    let assays = collected.assays.iter().flatten().flat_map(|assay| assay.metrics.iter().flatten());
    match outcomes.chain(series).chain(assays).all(|reduction| reduction.exact()) {
        true => "exact",
        false => "counted by leading bits, within 1.3e-4",
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_manifest_read_back_is_the_same() {
        let manifest = sample::manifest();
        assert_eq!(Manifest::read(&manifest.json()).unwrap(), manifest);
    }

    #[test]
    fn what_differs_between_equal_runs_stands_in_run() {
        let (one, mut other) = (sample::manifest(), sample::manifest());
        other.run = Circumstances { started: "2031-01-01T00:00:00Z".to_owned(), seconds: 9.5, threads: 64 };
        let plain = |manifest: &Manifest| {
            let mut value: serde_json::Value = serde_json::from_str(&manifest.json()).unwrap();
            value.as_object_mut().unwrap().remove("run");
            value
        };
        assert_eq!(plain(&one), plain(&other));
    }

    #[test]
    fn a_manifest_of_another_version_or_half_of_one_is_refused_in_words() {
        let json = sample::manifest().json();
        let refusals = [
            Manifest::read(&json.replace("\"schema\": 1", "\"schema\": 9")).unwrap_err(),
            Manifest::read("{}").unwrap_err(),
            Manifest::read("{\"schema\": 1}").unwrap_err(),
            Manifest::read(&json[..json.len() / 2]).unwrap_err().chars().take(28).collect(),
        ];
        insta::assert_snapshot!(refusals.join("\n"), @"
        its manifest has version 9; this program reads version 1, run it again
        its manifest has no version
        its manifest is incomplete: missing field `label`
        its manifest is no JSON: EOF
        ");
    }

    #[test]
    fn a_file_is_named_as_the_scenario_names_it() {
        let source = Source::new("lessons/models/mine.toml", "");
        assert_eq!(name(&source, Path::new("lessons")), "models/mine.toml");
        assert_eq!(name(&source, Path::new("")), "lessons/models/mine.toml");
        assert_eq!(name(&source, Path::new("elsewhere")), "lessons/models/mine.toml");
    }
}
