//! Populations of agents whose receptors adapt, under stimulation that changes over time.
//!
//! The modules stand in ten floors (see ARCHITECTURE.md); a file imports only from floors
//! below its own and, on its own floor, from modules to its left.
//! Every model is simplified and explicitly illustrative: for education and for exploring hypotheses,
//! never for diagnosis or treatment.
//!
//! A text becomes a [`Scenario`](scenario::Scenario), a scenario's plan is run by the [`Engine`](engine::Engine), and what leaves a
//! run are [tables](table::Table):
//!
//! ```
//! use allostat::diagnostic::Source;
//! use allostat::scenario::{Scenario, preset};
//!
//! let source = preset("overstimulation").unwrap();
//! let changes = [Source::new("argument", "population.agents=64")];
//! let no_files = |path: &str| Err(format!("there is no file `{path}`"));
//! let scenario = Scenario::read("overstimulation", &source, &changes, &no_files)?;
//! let results = scenario.run(&|_agents_done| {})?;
//! assert_eq!(results.digest.len(), 64);
//! for (said, verdict) in scenario.claims.iter().zip(&results.verdicts) {
//!     println!("{}: {}", said.claim.say, verdict.holds);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Begin with [`scenario`] (a file in, tables out), [`model`] (what a model file becomes) or [`engine::Plan`] (everything that
//! decides a run).

#![deny(unsafe_code)]

// Floor 0: ground.
pub mod diagnostic;
pub mod math;
pub mod rng;
pub mod table;
pub mod unit;
// Floor 1: text and meaning.
pub mod document;
pub mod expression;
pub mod output;
// Floor 2: nouns.
pub mod instrument;
pub mod model;
pub mod population;
pub mod stimulus;
// Floor 3: kernel.
pub mod kernel;
// Floor 4: record.
pub mod record;
// Floor 5: engine.
pub mod engine;
// Floor 6: scenario.
pub mod measure;
pub mod scenario;
// Floor 7: study.
pub mod study;
// Floor 8: report.
#[cfg(feature = "figures")]
pub mod figure;
#[cfg(feature = "cli")]
pub mod handbook;
#[cfg(feature = "cli")]
pub mod report;
// Floor 9: doors.
#[cfg(feature = "cli")]
pub mod cli;
