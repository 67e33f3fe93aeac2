//! Numbers over all agents (`median(fall)`, `share(back > 0.9)`), made ready to be read from a run.
//! Knows nothing of what they are asked for.

use super::Bench;
use super::agent::Reader;
use super::claim::{Population, over_agents};
use super::fault::Fault;
use super::read::{self, Known};
use super::verdict::value;
use crate::diagnostic::Finding;
use crate::engine::Collected;
use crate::expression::{Id, Syntax};
use crate::unit::Unit;

/// One number of a population.
#[derive(Clone, Debug)]
pub struct Total {
    /// Position of the arm; `None` where the expression names its arms itself.
    pub arm: Option<usize>,
    pub unit: Unit,
    id: Id,
    population: Population,
}

impl Total {
    /// Failed agents are not counted; NaN where nobody has a value.
    pub fn value(&self, collected: &Collected) -> f64 {
        value(&self.population, self.id, collected)
    }
}

impl Bench {
    /// Makes a number over agents ready in every arm that has its moments, or once where it names its arms itself.
    pub fn compile_total(&mut self, syntax: &Syntax) -> Result<Vec<Total>, Vec<Finding>> {
        let instances = self.in_each_arm(|reader| total(reader, syntax))?;
        let totals =
            instances.into_iter().map(|(arm, (population, id, unit))| Total { arm, unit, id, population });
        Ok(totals.collect())
    }
}

fn total(reader: &mut Reader, syntax: &Syntax) -> Result<(Population, Id, Unit), Fault> {
    if syntax.is_condition() {
        let help =
            format!("for the share of agents in which it holds write `share({})`", syntax.at.text().trim());
        return Err(Finding::error("this is a comparison, not a number").at(&syntax.at).help(help).into());
    }
    let (mut population, mut known) = (Population::default(), Known::default());
    let syntax = over_agents(reader, syntax, &mut population, &mut known)?;
    let (id, unit) = read::read(&syntax, &mut population.arena, &mut known)?;
    Ok((population, id, unit.unwrap_or_else(Unit::one)))
}
