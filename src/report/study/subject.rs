//! What the figures are told of a study, and a study in words.
//! Knows studies; knows nothing of files.

use super::gather::Gathered;
use crate::figure::Subject;
use crate::figure::study::{FactorSpan, FactorSubject, OutputSubject, StudySubject};
use crate::model::Caution;
use crate::report::label::SHORT;
use crate::report::manifest::cautions;
use crate::report::number::grouped;
use crate::report::{digest8, told_changes};
use crate::study::design::Kind;
use crate::study::{Factor, Read, Scale, Span, Study};

/// The subject of the figures.
pub fn subject(study: &Study, gathered: &Gathered) -> StudySubject {
    let scenario = &study.scenario;
    let text = |caution: &'static Caution| caution.text.to_owned();
    let missing = match gathered.missing {
        0 => String::new(),
        missing => format!(" · {} units are missing", grouped(missing)),
    };
    let run = Subject {
        title: study.title.clone(),
        label: SHORT.to_owned(),
        provenance: format!(
            "study {} · allostat {} · {}, seed {} · digest {}{missing}",
            study.name,
            env!("CARGO_PKG_VERSION"),
            size(study),
            study.design.seed,
            digest8(&gathered.digest),
        ),
        foot: cautions(scenario).filter(|caution| caution.in_figures).map(text).collect(),
        cautions: cautions(scenario).filter(|caution| !caution.in_figures).map(text).collect(),
        changed: told_changes(&scenario.changes),
        ..Subject::default()
    };
    StudySubject {
        run,
        grid: matches!(study.design.kind, Kind::Grid { .. }),
        block: study.design.block(),
        factors: study.factors.iter().map(factor).collect(),
        outputs: study
            .outputs
            .iter()
            .map(|output| OutputSubject {
                name: output.name.clone(),
                doc: output.doc.clone(),
                unit: output.unit.clone(),
                claim: matches!(output.read, Read::Claim(_)),
            })
            .collect(),
        points: gathered.rows / study.repeats.max(1),
    }
}

fn factor(factor: &Factor) -> FactorSubject {
    let span = match (factor.scale(), &factor.span) {
        (Some((scale, ends)), _) => FactorSpan::Between { ends, log: scale == Scale::Log },
        (None, Span::Numbers { values, .. }) => FactorSpan::Numbers(values.clone()),
        (None, _) => FactorSpan::Texts(factor.samples().iter().map(|value| factor.written(value)).collect()),
    };
    FactorSubject {
        name: factor.name.clone(),
        doc: factor.doc.clone(),
        unit: factor.unit().map(|unit| unit.label().to_owned()).unwrap_or_default(),
        span,
    }
}

/// `Saltelli design of 1,024 points`.
pub fn size(study: &Study) -> String {
    let kind = match study.design.kind {
        Kind::List { .. } => "list",
        Kind::Grid { .. } => "grid",
        Kind::Random { .. } => "random design",
        Kind::LatinHypercube { .. } => "Latin hypercube",
        Kind::Sobol { .. } => "Sobol' sequence",
        Kind::Morris { .. } => "Morris design",
        Kind::Saltelli { .. } => "Saltelli design",
        Kind::Local => "local design",
    };
    format!("{kind} of {} point{}", grouped(study.points), if study.points == 1 { "" } else { "s" })
}

/// The design in a sentence.
pub fn design(study: &Study) -> String {
    let points = grouped(study.points);
    match &study.design.kind {
        Kind::List { .. } => format!("The study runs the {points} points that it lists."),
        Kind::Grid { levels } => {
            let levels: Vec<String> = levels.iter().map(u64::to_string).collect();
            format!(
                "A grid: every value of each factor with every value of all others, {} = {points} points.",
                levels.join(" × ")
            )
        }
        Kind::Random { .. } => format!(
            "{points} points at random, independent of one another, even on the scale of each factor."
        ),
        Kind::LatinHypercube { .. } => format!(
            "A Latin hypercube of {points} points: at random, and for each factor exactly one in each of as many equal parts of its range."
        ),
        Kind::Sobol { scrambled, .. } => format!(
            "The first {points} points of a Sobol' sequence{}, which fill the space evenly.",
            if *scrambled { ", scrambled at random" } else { "" }
        ),
        Kind::Morris { trajectories, levels } => format!(
            "A Morris design of {} trajectories over {levels} levels: from point to point one factor moves, which gives one elementary effect \
             of each factor for each trajectory; {points} points.",
            grouped(*trajectories)
        ),
        Kind::Local => format!(
            "A local design: small steps of each factor from one centre, all others staying there; {points} points."
        ),
        Kind::Saltelli { base, second_order } => format!(
            "A Saltelli design of {} blocks: points that share all factors but one, for Sobol' indices{}; {points} points.",
            grouped(*base),
            if *second_order { " of single factors and of pairs" } else { "" }
        ),
    }
}
