//! `allostat check`: files read, and the theorems of models run.
//! Knows nothing of how a theorem is proved.

use std::collections::HashSet;
use std::sync::Arc;

use clap::Args;

use super::inputs::{self, Named};
use super::page::{self, Page};
use super::{Done, Stop, show};
use crate::diagnostic::Finding;
use crate::model::Model;
use crate::report::number::figures;
use crate::scenario::Scenario;
use crate::scenario::check::{self, CheckResult};

#[derive(Args)]
pub struct Arguments {
    /// Model or scenario files, or names of built-in ones
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let (mut fine, mut findings) = (true, Vec::new());
    for file in &arguments.files {
        let checked = inputs::anything(file).and_then(|named| match show::is_scenario(&named.source) {
            true => scenario(&named, page).map(|()| true),
            false => model(&named, page),
        });
        match checked {
            Ok(holds) => fine &= holds,
            Err(Stop::Input(found)) => {
                page.line(format!("✗ {file}: cannot be used"));
                findings.extend(found);
            }
            Err(stop) => return Err(stop),
        }
    }
    if findings.is_empty() { Ok(fine) } else { Err(Stop::Input(findings)) }
}

fn scenario(named: &Named, page: &mut Page) -> Result<(), Stop> {
    let files = inputs::files(&named.base);
    let scenario = Scenario::read(&named.name, &named.source, &[], &files)?;
    notes(&scenario.notes, page);
    // A measure stands once for each arm that has it.
    let measures: HashSet<&str> = scenario.measures.iter().map(|measure| measure.name.as_str()).collect();
    let [arms, measures, claims] = [scenario.arms.len(), measures.len(), scenario.claims.len()];
    page.line(format!(
        "✓ {}: {} (arms: {arms}, measures: {measures}, claims: {claims})",
        named.source.name(),
        scenario.title
    ));
    page.text(&super::told::cautions(&scenario));
    Ok(())
}

fn model(named: &Named, page: &mut Page) -> Result<bool, Stop> {
    let model = Arc::new(Model::read(&named.name, &named.source)?);
    notes(&model.notes, page);
    let results = check::run(&model)?;
    let failed = results.iter().filter(|result| !result.holds).count();
    let head = match (results.len(), failed) {
        (0, _) => "✓ well formed; it has no checks of its own".to_owned(),
        (n, 0) => format!("✓ all of {n} comparisons hold"),
        (n, failed) => format!("✗ {failed} of {n} comparisons do not hold"),
    };
    page.line(format!("{}: {head}", named.source.name()));
    results.iter().for_each(|result| page.line(format!("  {}", told(result))));
    Ok(failed == 0)
}

fn notes(findings: &[Finding], page: &mut Page) {
    page.flush();
    page::tell(findings);
}

/// One comparison; what fails shows all figures, because the difference may be in the last.
fn told(result: &CheckResult) -> String {
    let (mark, number): (_, fn(f64) -> String) =
        if result.holds { ("✓", figures) } else { ("✗", crate::unit::shortest) };
    let found = if result.found.is_nan() { "no value".to_owned() } else { number(result.found) };
    format!(
        "{mark} {}: {}: expected {}, found {found} (within {})",
        result.name,
        result.what,
        number(result.expected),
        figures(result.within)
    )
}
