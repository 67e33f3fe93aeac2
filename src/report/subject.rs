//! What the figures are told of a run: from a scenario and its results to `figure::Subject`.
//! Knows nothing of files.

use super::label::SHORT;
use super::manifest::cautions;
use super::number::agents;
use super::{changes_claims, digest8};
use crate::figure::{
    ArmSubject, FigureKind, FigureSubject, MeasureSubject, PanelSubject, PhaseSubject, PlottedSubject,
    QuantitySubject, ResponseSubject, StimulusSubject, Subject,
};
use crate::model::Caution;
use crate::scenario::{Asked, Change, Course, FigureText, Plotted, Results, Scenario, Swept};

pub fn of(scenario: &Scenario, results: &Results) -> Subject {
    let population = &scenario.plan.population;
    let mut models: Vec<String> = Vec::new();
    for arm in &scenario.arms {
        if !models.contains(&arm.model.title) {
            models.push(arm.model.title.clone());
        }
    }
    Subject {
        title: scenario.title.clone(),
        question: scenario.lesson.question.clone(),
        models,
        label: SHORT.to_owned(),
        provenance: format!(
            "allostat {} · seed {} · {} · digest {}",
            env!("CARGO_PKG_VERSION"),
            population.seed,
            agents(population.agents),
            digest8(&results.digest)
        ),
        foot: cautions(scenario).filter(|caution| caution.in_figures).map(text).collect(),
        cautions: cautions(scenario).filter(|caution| !caution.in_figures).map(text).collect(),
        changed: told_changes(&scenario.changes),
        agents: population.agents,
        failed: results.failed,
        time_unit: scenario.time.label().to_owned(),
        arms: (0..scenario.arms.len()).map(|arm| arm_subject(scenario, arm)).collect(),
        quantities: scenario
            .records
            .iter()
            .map(|record| QuantitySubject {
                what: record.what.clone(),
                doc: record.doc.clone(),
                unit: record.unit.label().to_owned(),
                window: record.window.clone(),
                show: scale(scenario, &record.what),
                for_figure: record.for_figure,
            })
            .collect(),
        responses: responses(scenario),
        measures: measures(scenario),
        figures: scenario.figures.iter().map(asked).collect(),
    }
}

fn asked(figure: &FigureText) -> FigureSubject {
    let plotted =
        |plotted: &Plotted| PlottedSubject { what: plotted.what.clone(), window: plotted.window.clone() };
    let panel = |swept: &Swept| PanelSubject {
        title: swept.title.clone(),
        arm: swept.arm.clone(),
        response: swept.response.clone(),
        before: swept.before.clone(),
        after: swept.after.clone(),
    };
    let kind = match &figure.asked {
        Asked::Decomposition { total, parts } => {
            FigureKind::Decomposition { total: plotted(total), parts: parts.iter().map(plotted).collect() }
        }
        Asked::PhasePortrait { x, y } => FigureKind::PhasePortrait { x: plotted(x), y: plotted(y) },
        Asked::Recovery { measure, phase, by_group } => {
            FigureKind::Recovery { measure: measure.clone(), phase: phase.clone(), by_group: *by_group }
        }
        Asked::Archetypes { panels } => FigureKind::Archetypes { panels: panels.iter().map(panel).collect() },
        Asked::Scales { what, by_group } => {
            FigureKind::Scales { what: what.iter().map(plotted).collect(), by_group: *by_group }
        }
    };
    FigureSubject { title: figure.title.clone(), arms: figure.arms.clone(), kind }
}

fn text(caution: &Caution) -> String {
    caution.text.to_owned()
}

/// The scale that a model marks for a let, where all arms mark the same.
fn scale(scenario: &Scenario, what: &str) -> Option<[f64; 2]> {
    let mut marked = scenario.arms.iter().map(|arm| {
        let own = what.rsplit_once('.').map_or(what, |(_, own)| own);
        arm.model.lets.iter().find(|own_let| own_let.name == own).and_then(|own_let| own_let.show)
    });
    let first = marked.next().flatten();
    first.filter(|first| marked.all(|other| other == Some(*first)))
}

/// `kappa = 8 (was 4)`, by change that makes it another scenario; agents and seed stand in the provenance.
pub fn told_changes(changes: &[Change]) -> Vec<String> {
    let telling = |change: &&Change| changes_claims(std::slice::from_ref(*change));
    changes
        .iter()
        .filter(telling)
        .map(|change| {
            let name = change.path.strip_prefix("parameters.").unwrap_or(&change.path);
            match change.was.as_str() {
                "" => format!("{name} = {}", change.now),
                was => format!("{name} = {} (was {was})", change.now),
            }
        })
        .collect()
}

fn arm_subject(scenario: &Scenario, arm: usize) -> ArmSubject {
    let text = &scenario.arms[arm];
    // A unit of time always has a length in microseconds.
    let unit = scenario.time.in_microseconds().unwrap_or(1.0);
    let phase = |(name, when): &(String, crate::stimulus::Interval)| PhaseSubject {
        name: name.clone(),
        start: when.start as f64 / unit,
        end: when.end as f64 / unit,
    };
    ArmSubject {
        name: text.name.clone(),
        title: text.title.clone(),
        phases: text.phases.iter().map(phase).collect(),
        stimuli: scenario.courses(arm).into_iter().map(stimulus).collect(),
        sets: scenario.plan.arms[arm]
            .phases
            .iter()
            .filter(|phase| !phase.set.is_empty())
            .map(|phase| phase.when.start as f64 / unit)
            .collect(),
    }
}

/// JSON has no number for what is not finite, so such points are left out.
fn stimulus(course: Course) -> StimulusSubject {
    let points = course.times.into_iter().zip(course.values).filter(|(t, v)| t.is_finite() && v.is_finite());
    let (times, values) = points.unzip();
    StimulusSubject { input: course.input, doc: course.doc, unit: course.unit, times, values }
}

/// Arms of different models may call different things by one name: what differs in anything is listed for itself, with its arms.
fn responses(scenario: &Scenario) -> Vec<ResponseSubject> {
    let own = scenario.assays.iter().map(|assay| {
        let response = ResponseSubject {
            name: assay.response.clone(),
            arms: Vec::new(),
            form: assay.form.clone(),
            doc: assay.doc.clone(),
            probe: assay.probe.clone(),
            probe_doc: assay.probe_doc.clone(),
            probe_unit: assay.probe_unit.label().to_owned(),
            unit: assay.unit.label().to_owned(),
        };
        (scenario.arms[assay.arm].name.as_str(), response)
    });
    by_arms(own)
}

/// Each response once with the arms that have it so; without arms where only one is of its name. Of several in one arm the first counts.
fn by_arms<'a>(own: impl Iterator<Item = (&'a str, ResponseSubject)>) -> Vec<ResponseSubject> {
    let mut responses: Vec<ResponseSubject> = Vec::new();
    for (arm, response) in own {
        if responses.iter().any(|known| known.name == response.name && known.arms.iter().any(|a| a == arm)) {
            continue;
        }
        let same = |known: &&mut ResponseSubject| {
            ResponseSubject { arms: Vec::new(), ..(**known).clone() } == response
        };
        match responses.iter_mut().find(same) {
            Some(known) => known.arms.push(arm.to_owned()),
            None => responses.push(ResponseSubject { arms: vec![arm.to_owned()], ..response }),
        }
    }
    let names: Vec<String> = responses.iter().map(|response| response.name.clone()).collect();
    for response in &mut responses {
        if names.iter().filter(|name| **name == response.name).count() == 1 {
            response.arms.clear();
        }
    }
    responses
}

fn measures(scenario: &Scenario) -> Vec<MeasureSubject> {
    let mut measures: Vec<MeasureSubject> = Vec::new();
    for measure in &scenario.measures {
        if !measures.iter().any(|known| known.name == measure.name) {
            measures.push(MeasureSubject {
                name: measure.name.clone(),
                doc: measure.doc.clone(),
                unit: measure.unit.label().to_owned(),
            });
        }
    }
    measures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_told_once_for_all_arms_or_for_each_model_with_its_arms() {
        let response = |name: &str, probe: &str| ResponseSubject {
            name: name.to_owned(),
            probe: probe.to_owned(),
            ..ResponseSubject::default()
        };
        let own = [
            ("a", response("effect", "L")),
            ("a", response("number", "L")),
            ("b", response("effect", "L")),
            ("c", response("effect", "C")),
            ("c", response("effect", "L")),
        ];
        let told = by_arms(own.into_iter());
        let told: Vec<_> =
            told.iter().map(|r| (r.name.as_str(), r.probe.as_str(), r.arms.join(" "))).collect();
        let expected = [
            ("effect", "L", "a b".to_owned()),
            ("number", "L", String::new()),
            ("effect", "C", "c".to_owned()),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_change_is_told_with_what_stood_there() {
        let change = |path: &str, now: &str, was: &str| Change {
            path: path.to_owned(),
            now: now.to_owned(),
            was: was.to_owned(),
        };
        let told = told_changes(&[
            change("parameters.kappa", "8", "4"),
            change("population.agents", "100", "200"),
            change("arms.taper.phases.exposure.for", "90 d", "60 d"),
            change("population.vary.K", "{ lognormal = { cv = 0.3 } }", ""),
        ]);
        let expected = [
            "kappa = 8 (was 4)",
            "arms.taper.phases.exposure.for = 90 d (was 60 d)",
            "population.vary.K = { lognormal = { cv = 0.3 } }",
        ];
        assert_eq!(told, expected);
    }
}
