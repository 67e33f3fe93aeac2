//! What a figure is told beside its tables: titles, phases, stimuli, units, the label and where the numbers come from.
//! Knows nothing of models, scenarios or files: whoever ran the scenario fills it in, and it is part of the manifest.

use serde::{Deserialize, Serialize};

/// The words and histories that belong to one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Subject {
    /// Title of the scenario.
    pub title: String,
    /// Question of the lesson; empty where there is none.
    pub question: String,
    /// Titles of the models that ran.
    pub models: Vec<String>,
    /// The honest label: illustrative model, not for diagnosis or treatment.
    pub label: String,
    /// What the reader has to know of this scenario: stands in the foot of each figure.
    pub foot: Vec<String>,
    /// What stands in the words of each figure only.
    pub cautions: Vec<String>,
    /// Version, seed, number of agents, digest, as one line.
    pub provenance: String,
    /// What the reader changed: `kappa = 8 (was 4)`; empty for an unchanged preset.
    pub changed: Vec<String>,
    pub agents: u64,
    pub failed: u64,
    /// Unit of every time in the tables.
    pub time_unit: String,
    pub arms: Vec<ArmSubject>,
    pub quantities: Vec<QuantitySubject>,
    pub responses: Vec<ResponseSubject>,
    pub measures: Vec<MeasureSubject>,
    /// Figures beside those that every run has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<FigureSubject>,
}

impl Subject {
    /// The subject with the phases and inputs of its arms up to a time only.
    pub(super) fn until(&self, end: f64) -> Subject {
        let mut subject = self.clone();
        for arm in &mut subject.arms {
            arm.phases.retain(|phase| phase.start < end);
            for phase in &mut arm.phases {
                phase.end = phase.end.min(end);
            }
            for stimulus in &mut arm.stimuli {
                let kept = stimulus.times.partition_point(|time| *time <= end);
                if let Some(last) = kept.checked_sub(1).filter(|_| kept < stimulus.times.len()) {
                    let level = stimulus.level_between(last, end);
                    stimulus.times.truncate(kept);
                    stimulus.values.truncate(kept);
                    stimulus.times.push(end);
                    stimulus.values.push(level);
                }
            }
        }
        subject
    }

    /// What an arm's model says of a response; an arm that none names has the first of that name.
    pub(super) fn response(&self, name: &str, arm: &str) -> Option<&ResponseSubject> {
        let of_name = || self.responses.iter().filter(|r| r.name == name);
        of_name().find(|r| r.arms.iter().any(|own| own == arm)).or_else(|| of_name().next())
    }
}

/// One arm: its phases and what it does to the inputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArmSubject {
    /// The arm's name as the tables write it.
    pub name: String,
    pub title: String,
    pub phases: Vec<PhaseSubject>,
    pub stimuli: Vec<StimulusSubject>,
    /// Times at which a phase sets a state, so that quantities may jump.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<f64>,
}

/// One phase, from `start` to `end` in the time unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhaseSubject {
    pub name: String,
    pub start: f64,
    pub end: f64,
}

/// One input over time as a polyline (steps doubled), for the agent with median parameters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StimulusSubject {
    pub input: String,
    pub doc: String,
    pub unit: String,
    pub times: Vec<f64>,
    pub values: Vec<f64>,
}

impl StimulusSubject {
    /// The level at a time between a point of the polyline and the next one.
    fn level_between(&self, at: usize, time: f64) -> f64 {
        let share = (time - self.times[at]) / (self.times[at + 1] - self.times[at]);
        self.values[at] + share * (self.values[at + 1] - self.values[at])
    }
}

/// A recorded quantity: `what` and `window` as the summary writes them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuantitySubject {
    pub what: String,
    pub doc: String,
    pub unit: String,
    pub window: String,
    /// The scale that the model marks for it: its axis shows at least this.
    pub show: Option<[f64; 2]>,
    /// Recorded for a figure of `figures`: has none of its own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub for_figure: bool,
}

/// A response and its probe, as the arms of one model have it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResponseSubject {
    pub name: String,
    /// Names of the arms that have it so; empty where all arms have the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<String>,
    /// What happens at each level: `acute` (also where nothing is said), `challenge (peak over 6 h)`.
    pub form: String,
    pub doc: String,
    pub probe: String,
    pub probe_doc: String,
    pub probe_unit: String,
    pub unit: String,
}

/// A measure: one number per agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MeasureSubject {
    pub name: String,
    pub doc: String,
    pub unit: String,
}

/// A figure beside those that every run has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FigureSubject {
    /// Empty: the figure says itself what it shows.
    pub title: String,
    /// Names of the arms that are drawn.
    pub arms: Vec<String>,
    pub kind: FigureKind,
}

/// What such a figure draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    /// Parts of a total over time, stacked.
    Decomposition { total: PlottedSubject, parts: Vec<PlottedSubject> },
    /// One quantity against another.
    PhasePortrait { x: PlottedSubject, y: PlottedSubject },
    /// Share of agents that have reached what a measure measures, over the time since the start of `phase` (empty: of none).
    Recovery { measure: String, phase: String, by_group: bool },
    /// Acute curves before and after.
    Archetypes { panels: Vec<PanelSubject> },
    /// Several quantities over time, each in its own panel.
    Scales { what: Vec<PlottedSubject>, by_group: bool },
}

impl Default for FigureKind {
    fn default() -> FigureKind {
        FigureKind::Archetypes { panels: Vec::new() }
    }
}

/// A recorded quantity as the summary writes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlottedSubject {
    pub what: String,
    pub window: String,
}

/// An acute curve of an arm at two moments, as the assays write them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PanelSubject {
    pub title: String,
    pub arm: String,
    pub response: String,
    pub before: String,
    pub after: String,
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    #[test]
    fn a_shorter_subject_has_the_phases_and_inputs_up_to_its_end() {
        let short = sample::subject().until(20.5);
        let chronic = &short.arms[1];
        let phases: Vec<(&str, f64)> = chronic.phases.iter().map(|p| (p.name.as_str(), p.end)).collect();
        assert_eq!(phases, [("baseline", 14.0), ("exposure", 20.5)]);
        let input = &chronic.stimuli[0];
        assert_eq!((input.times.last(), input.values.last()), (Some(&20.5), Some(&1.0)), "within a pulse");
        assert_eq!(input.times.len(), input.values.len());
        assert_eq!(sample::subject().until(1e9), sample::subject());
    }
}
