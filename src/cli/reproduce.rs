//! `allostat reproduce`.
//! Knows the order in which things are done and told.

use std::path::{Path, PathBuf};

use clap::Args;

use super::page::{self, Page};
use super::threads::Threads;
use super::{Done, Stop, progress};
use crate::diagnostic::Finding;
use crate::engine::NUMERICS;
use crate::report::{self, Manifest};
use crate::scenario::{Results, Scenario};

#[derive(Args)]
pub struct Arguments {
    /// Folder of a run, or its manifest.json; `latest` is the last one
    #[arg(value_name = "RUN|MANIFEST")]
    run: String,
    /// Folder where runs are looked for by name
    #[arg(long, value_name = "DIR", default_value = "outputs")]
    out: PathBuf,
    /// Threads to compute on; results do not depend on it
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    threads: Option<String>,
}

pub fn run(arguments: &Arguments, page: &mut Page) -> Done {
    let threads = Threads::of(arguments.threads.as_deref())?;
    let (manifest, folder) = manifest(&arguments.run, &arguments.out)?;
    let rebuilt = report::rebuild(&manifest)?;
    let (title, agents, seed) = (&manifest.scenario.title, manifest.agents, manifest.seed);
    page.line(format!("{title}: {agents} agents, seed {seed}, rebuilt from its manifest"));
    page.flush();
    other_program(&manifest);
    let simulated = |scenario: &Scenario| threads.install(|| simulated(scenario));
    let results = simulated(&rebuilt.scenario)?;
    let unchanged = rebuilt.unchanged.as_ref().map(simulated).transpose()?;
    let compared = report::compare(&manifest, folder.as_deref(), &rebuilt, &results, unchanged.as_ref());
    if compared.differing.is_empty() {
        page.line(format!("identical: {}", compared.same.join(", ")));
        page.line(format!("digest {}", results.digest));
        return Ok(true);
    }
    page.line("not identical");
    page.flush();
    page::tell(&compared.differing.iter().map(Finding::error).collect::<Vec<_>>());
    Ok(false)
}

/// The manifest that an argument means, and the folder of the run.
pub fn manifest(run: &str, outputs: &Path) -> Result<(Manifest, Option<PathBuf>), Stop> {
    let path = Path::new(run);
    if path.is_file() {
        let manifest = report::manifest_file(path)
            .map_err(|why| Finding::error(format!("`{run}` is no manifest: {why}")))?;
        return Ok((manifest, path.parent().map(Path::to_owned)));
    }
    let place = report::place_of(run, outputs).map_err(Finding::error)?;
    Ok((report::manifest(&place).map_err(Finding::error)?, Some(place)))
}

/// Says before anything runs that the last bits may differ.
pub fn other_program(manifest: &Manifest) {
    let finding = Finding::note(format!(
        "the run is of numerics version {}, this program has {NUMERICS}: the last bits may differ",
        manifest.numerics
    ));
    if manifest.numerics != NUMERICS {
        page::tell(&[finding.help(format!("allostat {} made it", manifest.version))]);
    }
}

fn simulated(scenario: &Scenario) -> Result<Results, Stop> {
    let bar = progress::bar(scenario.plan.population.agents, "simulating again", false);
    let results = scenario.run(&|agents| bar.inc(agents));
    bar.finish_and_clear();
    Ok(results.map_err(Finding::error)?)
}
