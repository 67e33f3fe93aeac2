//! The honest label: what the numbers are and are not, where they come from, and how to verify them.
//! Knows a manifest and the sources of parameters.

use super::manifest::Manifest;
use super::number::grouped;
use crate::engine::Plan;
use crate::instrument::Scale;
use crate::model::{ILLUSTRATIVE, Model, NO_ADVICE, Origin};

/// The label in one line, for figures.
pub const SHORT: &str = "Illustrative model: not for diagnosis or treatment.";

/// The label in full, for everything that has room.
pub const LABEL: [&str; 4] = [
    SHORT,
    ILLUSTRATIVE.text,
    NO_ADVICE.text,
    "Bands are the spread between simulated agents, not the uncertainty of a measurement.",
];

/// Beside the label where a questionnaire is asked.
const SIMULATED: &str = "Questionnaires are simulated: their items are generated and are not the wording of any real questionnaire.";

/// The label in full, with what else a plan calls for.
pub fn sentences(plan: &Plan) -> Vec<String> {
    let mut scores = plan.arms.iter().flat_map(|arm| &arm.system.scores);
    let simulated = scores.any(|score| matches!(score.instrument.scale, Scale::Questionnaire(_)));
    LABEL.into_iter().chain(simulated.then_some(SIMULATED)).map(str::to_owned).collect()
}

/// Where the parameters of some models come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Origins {
    /// With a source that was read.
    pub sourced: usize,
    /// With a source that nobody has checked yet: `unchecked: …`.
    pub unchecked: usize,
    pub assumed: usize,
}

impl Origins {
    pub fn of<'m>(models: impl IntoIterator<Item = &'m Model>) -> Origins {
        let mut origins = Origins::default();
        for parameter in models.into_iter().flat_map(|model| &model.parameters) {
            match parameter.origin() {
                Origin::Assumed => origins.assumed += 1,
                Origin::Unchecked => origins.unchecked += 1,
                Origin::Sourced => origins.sourced += 1,
            }
        }
        origins
    }

    pub fn sentence(&self) -> String {
        let all = self.sourced + self.unchecked + self.assumed;
        format!(
            "Default values of {all} model parameters: with a source {}, with a source that is unchecked {}, assumed {}. \
             What the scenario sets itself is its author's choice.",
            self.sourced, self.unchecked, self.assumed
        )
    }
}

/// Who is in no number, and why.
fn stopped(manifest: &Manifest) -> String {
    let causes: Vec<String> =
        manifest.fates.iter().map(|fate| format!("{}: {}", grouped(fate.agents), fate.cause)).collect();
    match manifest.failed {
        0 => "agents that stopped before the end: none".to_owned(),
        failed => format!(
            "agents that stopped before the end and are in no number: {} ({})",
            grouped(failed),
            causes.join("; ")
        ),
    }
}

/// `LABEL.txt`.
pub fn text(manifest: &Manifest) -> String {
    let mut lines = manifest.label.clone();
    lines.extend(manifest.cautions.iter().map(|caution| caution.text.clone()));
    let mut section = |title: &str, text: Vec<String>| {
        lines.push(String::new());
        lines.push(title.to_owned());
        lines.extend(text.into_iter().map(|line| format!("  {line}")));
    };
    section(
        "What this is",
        vec![
            format!("scenario: {} ({})", manifest.scenario.title, manifest.scenario.name),
            format!(
                "models: {}",
                manifest.models.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join(", ")
            ),
            format!(
                "program: allostat {}, commit {}, numerics version {}",
                manifest.version, manifest.commit, manifest.numerics
            ),
            format!("seed: {}, agents: {}", manifest.seed, grouped(manifest.agents)),
            stopped(manifest),
            format!("quantiles: {}", manifest.quantiles),
            format!("digest: {}", manifest.digest),
        ],
    );
    let changed = match manifest.subject.changed.as_slice() {
        [] => vec!["nothing".to_owned()],
        changed => changed.to_vec(),
    };
    section("What was changed against the scenario as written", changed);
    section(
        "Where the numbers come from",
        vec![
            manifest.parameters.sentence(),
            "`allostat show MODEL` lists each with its source; the texts of scenario and models stand in manifest.json.".to_owned(),
        ],
    );
    section(
        "How to verify the digest",
        vec![
            "cat summary.csv assays.csv measures.csv | sha256sum".to_owned(),
            "(macOS: cat summary.csv assays.csv measures.csv | shasum -a 256)".to_owned(),
        ],
    );
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_label_says_what_is_needed_to_trust_or_doubt_the_run() {
        insta::assert_snapshot!(text(&sample::manifest()), @"
        Illustrative model: not for diagnosis or treatment.
        The models are simplified on purpose: for education and for exploring hypotheses. They describe no person and no person's brain.
        Nothing here diagnoses, predicts or treats. Do not start, stop or change a medicine, the use of a substance or a habit because of it: withdrawal from alcohol, benzodiazepines or opioids can be dangerous and belongs in medical care.
        Bands are the spread between simulated agents, not the uncertainty of a measurement.

        What this is
          scenario: Overstimulation (overstimulation)
          models: turnover
          program: allostat 0.1.0, commit 0123456789ab, numerics version 1
          seed: 7, agents: 12,000
          agents that stopped before the end and are in no number: 3 (3: step too small)
          quantiles: exact
          digest: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

        What was changed against the scenario as written
          kappa = 8 (was 4)

        Where the numbers come from
          Default values of 6 model parameters: with a source 1, with a source that is unchecked 0, assumed 5. What the scenario sets itself is its author's choice.
          `allostat show MODEL` lists each with its source; the texts of scenario and models stand in manifest.json.

        How to verify the digest
          cat summary.csv assays.csv measures.csv | sha256sum
          (macOS: cat summary.csv assays.csv measures.csv | shasum -a 256)
        ");
    }

    #[test]
    fn a_run_that_asks_a_questionnaire_says_that_it_is_simulated() {
        let of = |kind: &str| {
            let text = format!(
                "title = \"t\"\nmodel = \"turnover\"\nphases = [{{ name = \"on\", for = \"1 d\" }}]\n\
                 [instruments.scale]\n{kind} = {{ latent = \"R/rest.R\" }}\n[measures]\nm = \"scale[end of on]\"\n"
            );
            let source = crate::diagnostic::Source::new("t.toml", text);
            let none = |file: &str| Err(format!("no file {file}"));
            let read = crate::scenario::Scenario::read("t", &source, &[], &none);
            sentences(&read.unwrap_or_else(|error| panic!("{error}")).plan)
        };
        assert_eq!(of("visual_analogue"), LABEL);
        let label = of("questionnaire");
        assert_eq!((&label[..4], label[4].as_str()), (&LABEL.map(str::to_owned)[..], SIMULATED));
    }

    #[test]
    fn sources_are_counted_by_their_words() {
        let (name, text) = crate::model::builtin().iter().find(|(name, _)| *name == "turnover").unwrap();
        let model = Model::read(name, &crate::diagnostic::Source::new(*name, *text)).unwrap();
        assert_eq!(Origins::of([&model]), Origins { sourced: 1, unchecked: 0, assumed: 5 });
        let text = text.replacen("source = \"assumed\"", "source = \"assumed; pubmed 1 gives another\"", 1);
        let text = text.replacen("source = \"assumed\"", "source = \"unchecked: someone 1987\"", 1);
        let model = Model::read(name, &crate::diagnostic::Source::new(*name, text)).unwrap();
        assert_eq!(Origins::of([&model]), Origins { sourced: 1, unchecked: 1, assumed: 4 });
    }
}
