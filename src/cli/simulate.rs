//! A scenario run to its end, told beforehand where that takes long, and stopped where somebody asks.
//! Knows the engine and what is shown meanwhile; knows nothing of what is written.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::forecast::Pace;
use super::need::Need;
use super::{Stop, forecast, interrupt, page, progress};
use crate::diagnostic::Finding;
use crate::engine::{Engine, blocks};
use crate::report::number::{agents, grouped};
use crate::report::{AgentsTable, WritingAgents};
use crate::scenario::{Results, Scenario};

/// A scenario that ran.
pub struct Ran {
    pub scenario: Scenario,
    pub results: Results,
    /// Where each agent has its rows.
    pub agents: Option<AgentsTable>,
}

/// How scenarios are run.
pub struct Simulation {
    pub stop: &'static AtomicBool,
    pub need: Need,
    pub quiet: bool,
    /// The folder below which each agent's rows are written while it runs; `None` where nobody asks for them.
    pub agents: Option<PathBuf>,
}

impl Simulation {
    /// What a run will take, from its first blocks; they are thrown away.
    pub fn forecast(&self, scenario: &Scenario) -> Result<String, Stop> {
        let engine = Engine::new(&scenario.plan).map_err(Finding::error)?;
        let (count, pace, enough) =
            (scenario.plan.population.agents, Pace::new(self.need.threads), AtomicBool::new(false));
        let done = |agents: u64| {
            if pace.done(agents) || interrupt::stopped() {
                enough.store(true, Ordering::Relaxed);
            }
        };
        engine.run_until(0..blocks(count), &done, &enough);
        self.go_on()?;
        Ok(forecast::told(scenario, &self.need, pace.seconds(self.need.runs() * count)))
    }

    /// Runs a scenario; says before how long it will take, where that is long.
    pub fn first(&self, scenario: Scenario) -> Result<Ran, Stop> {
        self.run(scenario, "simulating", self.need.runs())
    }

    /// Runs the unchanged scenario after the first one.
    pub fn unchanged(&self, scenario: Scenario) -> Result<Ran, Stop> {
        self.run(scenario, "simulating unchanged", 0)
    }

    /// Whether nobody has asked to stop.
    fn go_on(&self) -> Result<(), Stop> {
        match interrupt::stopped() {
            true => Err(Stop::Interrupted(Finding::note("stopped; nothing was written"))),
            false => Ok(()),
        }
    }

    /// `runs` such runs are told of; none where that was done before.
    fn run(&self, scenario: Scenario, what: &str, runs: u64) -> Result<Ran, Stop> {
        // What the engine refuses is a plan that cannot be run: the input is wrong.
        let engine = Engine::new(&scenario.plan).map_err(Finding::error)?;
        let count = scenario.plan.population.agents;
        let pace = Pace::new(self.need.threads);
        let bar = progress::bar(count, what, self.quiet);
        let done = |agents: u64| {
            bar.inc(agents);
            let known = pace.done(agents) && runs > 0 && !self.quiet;
            if known && pace.seconds(runs * count - pace.finished()) > forecast::LONG {
                let told = forecast::told(&scenario, &self.need, pace.seconds(runs * count));
                bar.suspend(|| page::note(&[told]));
            }
        };
        let all = 0..blocks(count);
        let writing = self.agents.as_ref().map(|out| WritingAgents::new(&scenario, out));
        let mut writing = writing.transpose().map_err(Stop::Failed)?;
        let collected = match &mut writing {
            None => engine.run_until(all, &done, self.stop),
            Some(writing) => engine.run_each(all, &done, self.stop, &mut |ended| writing.add(&ended)),
        };
        bar.finish_and_clear();
        if let Some(why) = writing.as_ref().and_then(WritingAgents::refused) {
            return Err(Stop::Failed(why));
        }
        let finished = pace.finished();
        if finished < count {
            return Err(stopped(finished, count));
        }
        let results = scenario.results(collected);
        let agents = writing.map(|writing| writing.finish(&results)).transpose().map_err(Stop::Failed)?;
        Ok(Ran { results, agents, scenario })
    }
}

/// A part of a population is a population, but its tables would be those of fewer agents than the folder's name says.
fn stopped(finished: u64, count: u64) -> Stop {
    let what = format!("stopped after {} of {}; nothing was written", grouped(finished), agents(count));
    let finding = Finding::note(what);
    Stop::Interrupted(match finished {
        0 => finding,
        finished => finding.help(format!("`--agents {finished}` runs just those, each with the same life")),
    })
}

/// Largest relative difference of the end states of the first agents against tolerances so many times as strict; NaN where none of
/// them lived to the end, which is known without running them again.
pub fn measured_error(ran: &Ran, agents: u64, tighter: f64) -> Result<f64, Stop> {
    let plan = &ran.scenario.plan;
    let first = agents.min(plan.population.agents);
    let failed = ran.results.collected.failures.iter().filter(|failure| failure.agent < first).count() as u64;
    if failed == first * plan.arms.len() as u64 {
        return Ok(f64::NAN);
    }
    let engine = Engine::new(plan).map_err(Finding::error)?;
    Ok(engine.measured_error(agents, tighter))
}
