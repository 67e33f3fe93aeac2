//! The figures of a model's page: its scene run and drawn.
//! Knows nothing of pages.

use super::scene;
use crate::figure::{Audience, Figure, Run, draw};
use crate::model::Model;
use crate::report;

/// Figures of a model: over time, and its response before, during and after.
#[derive(Default)]
pub struct Pictures {
    pub over_time: Option<Figure>,
    pub curve: Option<Figure>,
}

/// Runs the scene and draws it. `Err` says what is wrong with the scene or with its run.
pub fn pictures(model: &Model, scene: &str) -> Result<Pictures, String> {
    let scenario = scene::read(model, scene).map_err(|error| error.to_string())?;
    let results = scenario.run(&|_| {})?;
    if results.failed > 0 {
        let failures = &results.collected.failures;
        return Err(format!("the run of the figures of `{}` ended early: {failures:?}\n{scene}", model.name));
    }
    let mut subject = report::subject(&scenario, &results);
    // A page is the same in all versions that draw the same.
    subject.provenance = format!("one agent with the default values of {}", model.name);
    let run = Run {
        subject: &subject,
        summary: &results.summary,
        assays: &results.assays,
        measures: &results.measures,
    };
    let mut figures = draw(&run, None, Audience::Screen);
    let mut take = |start: &str| {
        // The overview stands before the figures of single quantities.
        let at = figures.iter().position(|figure| figure.stem.starts_with(start))?;
        Some(figures.swap_remove(at))
    };
    Ok(Pictures { over_time: take("sensitivity"), curve: take("dose-response") })
}
