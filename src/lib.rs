//! Populations of agents whose receptors adapt, under stimulation that changes over time.
//!
//! The modules stand in ten floors (see ARCHITECTURE.md); a file imports only from floors below its own.
//! Every model is simplified and explicitly illustrative: for education and for exploring hypotheses,
//! never for diagnosis or treatment.

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
// Floor 8: report.
#[cfg(feature = "figures")]
pub mod figure;
#[cfg(feature = "cli")]
pub mod report;
// Floor 9: doors.
#[cfg(feature = "cli")]
pub mod cli;
