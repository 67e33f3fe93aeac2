//! Figures of a study: what decides its outputs, how sure that is, and where its claims hold.
//! Knows tables and its own subject; knows nothing of studies, files or the command line.
//!
//! | figure | from |
//! |---|---|
//! | `sobol` bars with intervals, `pairs` of factors, `tornado`, `morris` plane | `indices.csv` |
//! | `response` along each factor, `heat` map over two | `points.csv` |
//! | `failing`: where points without a value lie | `dropped.csv`, `points.csv` |
//! | `robustness` of claims, `boundary` in which they hold | `robustness.csv`, `boundary.csv` |

mod axis;
mod bars;
mod boundary;
mod cells;
mod colour;
mod contour;
mod failing;
mod field;
mod heat;
mod indices;
mod morris;
mod pairs;
mod panels;
mod points;
mod response;
mod robustness;
mod smooth;
mod sobol;
mod subject;
mod tornado;
mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use super::{Audience, Figure};
use crate::table::Table;

pub use cells::{number, text, whole};
pub use subject::{FactorSpan, FactorSubject, OutputSubject, StudySubject};

/// The tables of a study; one that is not there is empty. Of the points a random part will do, with all repeats of each.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    pub points: &'a Table,
    pub indices: &'a Table,
    pub dropped: &'a Table,
    pub robustness: &'a Table,
    pub boundary: &'a Table,
}

/// Outputs that are drawn along their factors, at most, numbers before claims: as many as somebody looks at.
pub const MOST_OUTPUTS: usize = 12;

/// A study read for its figures.
struct Reading<'a> {
    subject: &'a StudySubject,
    points: points::Points,
    indices: indices::Indices,
    dropped: &'a Table,
    robustness: &'a Table,
    boundary: &'a Table,
}

impl Reading<'_> {
    /// Outputs of which a method has an estimate, at most as many as are drawn; claims only where nothing else is read, because
    /// their robustness says what decides them.
    fn estimated(&self, method: &str) -> Vec<&str> {
        let claim =
            |name: &str| self.subject.outputs.iter().any(|output| output.claim && output.name == name);
        let numbers = self.subject.outputs.iter().any(|output| !output.claim);
        let mut outputs = self.indices.outputs(method);
        outputs.retain(|name| !(numbers && claim(name)));
        outputs.truncate(MOST_OUTPUTS);
        outputs
    }

    /// Whether the boundary of a claim is drawn.
    fn has_boundary(&self, output: &OutputSubject) -> bool {
        let name = output.name.strip_prefix("holds ").unwrap_or(&output.name);
        self.boundary.texts("claim").iter().flatten().any(|claim| claim == name)
    }

    /// Outputs that are drawn point by point: those with a value somewhere, numbers before claims.
    fn drawn_outputs(&self) -> Vec<usize> {
        let known = |output: &usize| {
            let mut values = self.points.outputs[*output].iter().filter(|value| value.is_finite());
            let first = values.next();
            // Where a claim holds everywhere or nowhere, a picture shows nothing that its robustness does not say.
            let told = !self.subject.outputs[*output].claim || values.any(|value| Some(value) != first);
            let own = &self.subject.outputs[*output];
            let told = told && !(own.claim && self.has_boundary(own));
            first.is_some() && told && !self.subject.factors.is_empty()
        };
        let mut all: Vec<usize> = (0..self.subject.outputs.len()).filter(known).collect();
        all.sort_by_key(|output| self.subject.outputs[*output].claim);
        all.truncate(MOST_OUTPUTS);
        all
    }
}

/// Every figure that the tables allow: robustness and boundaries of claims, indices, outputs along their factors, and where points
/// have no value.
pub fn draw(subject: &StudySubject, tables: &Tables, audience: Audience) -> Vec<Figure> {
    let theme = audience.theme();
    let reading = Reading {
        subject,
        points: points::Points::of(subject, tables.points),
        indices: indices::Indices::of(tables.indices),
        dropped: tables.dropped,
        robustness: tables.robustness,
        boundary: tables.boundary,
    };
    let mut drawn = robustness::figures(&theme, &reading);
    drawn.extend(sobol::figures(&theme, &reading));
    drawn.extend(pairs::figures(&theme, &reading));
    drawn.extend(tornado::figures(&theme, &reading));
    drawn.extend(morris::figures(&theme, &reading));
    drawn.extend(response::figures(&theme, &reading));
    drawn.extend(heat::figures(&theme, &reading));
    drawn.extend(boundary::figures(&theme, &reading));
    drawn.extend(failing::figures(&theme, &reading));
    super::told_apart(&mut drawn, &subject.run);
    super::finished(drawn, audience)
}
