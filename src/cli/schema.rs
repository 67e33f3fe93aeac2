//! `allostat schema`: the JSON Schema of a language, for editors.
//! Knows nothing of keys.

use clap::{Args, ValueEnum};

use super::Done;
use super::page::Page;
use crate::document;
use crate::model::MODEL;
use crate::scenario::SCENARIO;
use crate::study::STUDY;

#[derive(Args)]
pub struct Arguments {
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    Model,
    Scenario,
    Study,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let schema = match arguments.what {
        What::Model => document::schema(&MODEL, "Allostat model"),
        What::Scenario => document::schema(&SCENARIO, "Allostat scenario"),
        What::Study => document::schema(&STUDY, "Allostat study"),
    };
    page.line(format!("{schema:#}"));
    Ok(true)
}
