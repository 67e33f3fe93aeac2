//! What the figures of a study are told beside its tables: factors with their spans, outputs, and what every figure carries.
//! Knows nothing of scenarios or files: whoever gathered the study fills it in.

use super::super::Subject;
use super::super::naming;

/// A study, told to its figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudySubject {
    /// Title, label, cautions and provenance, as those of a run.
    pub run: Subject,
    /// Whether the points are every value of each factor with every value of all others.
    pub grid: bool,
    /// Points in a row that belong together, as those of a trajectory do; 0 or 1 where each stands alone.
    pub block: u64,
    pub factors: Vec<FactorSubject>,
    pub outputs: Vec<OutputSubject>,
    /// Points that were gathered, of which the table of points may hold a random part.
    pub points: u64,
}

/// A column of the table of points that was varied.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorSubject {
    pub name: String,
    pub doc: String,
    pub unit: String,
    pub span: FactorSpan,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FactorSpan {
    /// From one end to the other in the factor's unit; `log`: even on a logarithmic scale.
    Between {
        ends: [f64; 2],
        log: bool,
    },
    Numbers(Vec<f64>),
    Texts(Vec<String>),
}

/// A column of the table of points that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutputSubject {
    pub name: String,
    pub doc: String,
    pub unit: String,
    /// 1 where a claim holds, 0 where it does not.
    pub claim: bool,
}

impl StudySubject {
    pub(super) fn factor(&self, name: &str) -> Option<&FactorSubject> {
        self.factors.iter().find(|factor| factor.name == name)
    }

    /// Words and name of a factor, without its unit; its name where nothing is known of it.
    pub(super) fn factor_words(&self, name: &str) -> String {
        self.factor(name)
            .map_or(name.to_owned(), |factor| naming::axis(&naming::measured(&factor.doc), name, ""))
    }

    /// What readers call an output, without its unit.
    pub(super) fn output_words(&self, name: &str) -> String {
        self.outputs.iter().find(|output| output.name == name).map_or(name.to_owned(), OutputSubject::words)
    }
}

impl FactorSubject {
    /// `basal removal, kdeg (1/min)`.
    pub(super) fn axis(&self) -> String {
        naming::axis(&naming::measured(&self.doc), &self.name, &self.unit)
    }
}

impl OutputSubject {
    pub(super) fn words(&self) -> String {
        match self.claim {
            true => self.name.strip_prefix("holds ").unwrap_or(&self.name).to_owned(),
            false => naming::axis(&self.doc, &self.name, ""),
        }
    }

    pub(super) fn axis(&self) -> String {
        match self.claim {
            true => format!("share of points in which “{}” holds (%)", self.words()),
            false => naming::axis(&self.doc, &self.name, &self.unit),
        }
    }
}
