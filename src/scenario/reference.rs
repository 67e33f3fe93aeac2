//! Scenarios whose end states have a committed digest, the same on every machine: each built-in model under a small fixed drive, each
//! preset, and the chronic exposure of the benchmarks. Knows nothing of where they are run.
//!
//! The table is `tests/digests.csv`. A digest is SHA-256 over the agents' values and end states as little-endian doubles: agent
//! by agent, arm by arm ([`Engine::ends`]).

use std::fmt::Write;

use super::{Scenario, digest, preset, presets};
use crate::diagnostic::{Error, Source};
use crate::engine::{Engine, NUMERICS, blocks};
use crate::model::{Model, Probe, builtin};
use crate::unit::format_quantity;

/// The committed table: model, scenario, numerics version, digest.
pub const COMMITTED: &str = include_str!("../../tests/digests.csv");
/// Agents whose end states are digested.
pub const AGENTS: u64 = 128;
/// The scenario of a model that has none of its own.
pub const DRIVE: &str = "drive";

const CHRONIC: [(&str, &str); 2] = [
    ("chronic.toml", include_str!("../../benches/scenarios/chronic.toml")),
    ("dual_receptor.toml", include_str!("../../benches/scenarios/dual_receptor.toml")),
];

/// A scenario with a committed digest.
pub struct Reference {
    /// Of the first arm.
    pub model: String,
    pub scenario: String,
    source: Source,
}

/// All of them, in the order of the table.
pub fn references() -> Vec<Reference> {
    let models = builtin().iter().filter_map(|(name, text)| {
        let model = Model::read(name, &Source::new(format!("{name}.toml"), *text)).ok()?;
        Some((DRIVE.to_owned(), Source::new(format!("{DRIVE}.toml"), drive(&model))))
    });
    let presets = presets().into_iter().filter_map(|name| Some((name.to_owned(), preset(name)?)));
    let (name, text) = CHRONIC[0];
    let chronic = ("chronic".to_owned(), Source::new(name, text));
    let all = models.chain(presets).chain([chronic]);
    all.map(|(scenario, source)| Reference { model: model_of(source.text()), scenario, source }).collect()
}

impl Reference {
    /// The scenario with a number of agents.
    pub fn read(&self, agents: u64) -> Result<Scenario, Error> {
        let change = Source::new("reference", format!("population.agents={agents}"));
        Scenario::read(&self.scenario, &self.source, &[change], &|file| {
            let (name, text) =
                CHRONIC.iter().find(|(name, _)| *name == file).ok_or(format!("there is no file {file}"))?;
            Ok(Source::new(*name, *text))
        })
    }

    /// The digest of the table; `None` where it has no such row.
    pub fn committed(&self) -> Option<&'static str> {
        self.row(COMMITTED)
    }

    /// The digest that a table gives for this scenario and numerics version.
    pub fn row<'a>(&self, table: &'a str) -> Option<&'a str> {
        let head = format!("{},{},{NUMERICS},", self.model, self.scenario);
        table.lines().find_map(|line| line.strip_prefix(head.as_str()))
    }
}

/// The digest of end states, as [`Engine::ends`] gives them.
pub fn digest_of(ends: &[Vec<f64>]) -> String {
    let bytes: Vec<u8> = ends
        .iter()
        .flatten()
        .flat_map(|value| if value.is_nan() { f64::NAN.to_le_bytes() } else { value.to_le_bytes() })
        .collect();
    digest(&[bytes])
}

/// The table as this build computes it, on the threads of the current pool; `Err` is a sentence.
pub fn table() -> Result<String, String> {
    let mut table = "model,scenario,numerics,digest\n".to_owned();
    for reference in references() {
        let scenario = reference.read(AGENTS).map_err(|error| error.to_string())?;
        let ends = Engine::new(&scenario.plan)?.ends(0..blocks(AGENTS));
        // Writing into a text cannot fail.
        let _ = writeln!(table, "{},{},{NUMERICS},{}", reference.model, reference.scenario, digest_of(&ends));
    }
    Ok(table)
}

fn model_of(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("model "));
    let name = line.and_then(|line| line.split('"').nth(1)).unwrap_or("");
    name.trim_end_matches(".toml").to_owned()
}

/// Rest, pulses in the middle of what a response probes, rest; agents that differ in every positive parameter.
fn drive(model: &Model) -> String {
    let time = model.time.label();
    let level = |n: usize| {
        let probed = model.responses.iter().find(|r| matches!(r.probe, Probe::Input(input) if input == n));
        probed.map_or(1.0, |r| (r.range[0] * r.range[1]).sqrt())
    };
    let pulses: String = model
        .inputs
        .iter()
        .enumerate()
        .map(|(n, input)| {
            let level = format_quantity(level(n), &input.unit);
            let pulse = format!("level = \"{level}\", width = \"2 {time}\", every = \"5 {time}\"");
            format!(", {} = {{ pulse = {{ {pulse} }} }}", input.name)
        })
        .collect();
    let vary: String = model
        .parameters
        .iter()
        .filter(|parameter| parameter.value > 0.0)
        .map(|parameter| format!("vary.{} = {{ lognormal = {{ cv = 0.2 }} }}\n", parameter.name))
        .collect();
    format!(
        "title = \"{0} under a small drive\"\nmodel = \"{0}\"\n\
         phases = [\n  {{ name = \"before\", for = \"20 {time}\" }},\n  \
         {{ name = \"driven\", for = \"20 {time}\"{pulses} }},\n  {{ name = \"after\", for = \"20 {time}\" }},\n]\n\
         record = [{{ what = \"1\", at = \"rest\" }}]\n[population]\nagents = {AGENTS}\nseed = 7\n{vary}",
        model.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_model_and_preset_has_a_row_and_no_row_is_left_over() {
        let references = references();
        assert_eq!(references.len(), builtin().len() + presets().len() + 1);
        for reference in &references {
            assert!(reference.committed().is_some(), "{} {}", reference.model, reference.scenario);
        }
        assert_eq!(COMMITTED.lines().count(), 1 + references.len());
    }

    #[test]
    fn the_digest_of_a_failed_agent_does_not_depend_on_its_nan() {
        let other = f64::from_bits(f64::NAN.to_bits() ^ 1 << 63 | 7);
        assert_eq!(digest_of(&[vec![1.0, f64::NAN]]), digest_of(&[vec![1.0, other]]));
        assert_ne!(digest_of(&[vec![0.0]]), digest_of(&[vec![-0.0]]));
    }
}
