//! Reading something in every arm that has what it asks for; measures become outcomes.
//! Knows nothing of how an expression is read.

use std::collections::BTreeSet;

use super::agent::Reader;
use super::claim::comparisons;
use super::fault::{Fault, FaultKind};
use super::{ArmScope, Bench, Compiled, Measure};
use crate::diagnostic::{Finding, Findings, nearest};
use crate::engine::{Outcomes, System};
use crate::expression::{Comparison, Id, Syntax};
use crate::unit::Unit;

/// Which arms an expression speaks of.
#[derive(Clone, Debug, Default)]
pub(super) struct Spoken {
    /// It names a quantity, a moment or a phase without an arm.
    pub unnamed: bool,
    /// It names an agent's value without an arm; beside named arms that leaves nothing open.
    pub value: bool,
    pub named: BTreeSet<usize>,
}

impl Spoken {
    /// Whether it is the same whichever arm is asked.
    pub fn closed(&self) -> bool {
        !self.unnamed && (!self.value || !self.named.is_empty())
    }
}

impl Bench {
    pub fn new(arms: Vec<ArmScope>, measures: Vec<Measure>, time: Unit) -> Bench {
        Bench { arms, measures, outcomes: Outcomes::default(), time }
    }

    /// Compiles all measures in every arm that has their moments; findings for those that fit no arm.
    pub fn compile_measures(&mut self, findings: &mut Findings) -> Vec<Compiled> {
        let mut all = Vec::new();
        for measure in 0..self.measures.len() {
            match self.in_each_arm(|reader| reader.measure(measure)) {
                Ok(instances) => all.extend(instances.into_iter().map(|(arm, (id, unit))| {
                    let outcome = self.outcome(id);
                    Compiled { measure, arm, outcome, unit }
                })),
                Err(wrong) => findings.append(wrong),
            }
        }
        all
    }

    /// An expression per agent in one arm, as a node of `outcomes.arena`.
    pub fn per_agent(&mut self, arm: usize, syntax: &Syntax) -> Result<(Id, Unit), Finding> {
        let read = Reader::new(self, arm).number(syntax);
        read.map(|(id, unit)| (id, unit.unwrap_or_else(Unit::one))).map_err(|fault| self.explained(fault))
    }

    /// The comparisons of a condition per agent in one arm, their sides as nodes of `outcomes.arena`; all must hold, and
    /// equality is bit for bit.
    pub fn compared_per_agent(
        &mut self,
        arm: usize,
        syntax: &Syntax,
    ) -> Result<Vec<(Id, Comparison, Id)>, Finding> {
        let mut all = Vec::new();
        for (comparison, sides) in comparisons(syntax)? {
            let sides = Reader::new(self, arm).comparison(comparison, sides);
            let sides = sides.map_err(|fault| self.explained(fault))?;
            all.push((sides.left, comparison, sides.right));
        }
        Ok(all)
    }

    /// Position in `outcomes.values`; the same number is one outcome.
    pub fn outcome(&mut self, id: Id) -> usize {
        let values = &mut self.outcomes.values;
        values.iter().position(|known| *known == id).unwrap_or_else(|| {
            values.push(id);
            values.len() - 1
        })
    }

    pub(super) fn explained(&self, fault: Fault) -> Finding {
        if fault.kind == FaultKind::Name {
            return self.offered(fault.finding);
        }
        let arms: Vec<_> = self.arms.iter().map(|arm| arm.phase_names()).collect();
        fault.explained(&arms)
    }

    /// The finding of an unknown name, with the nearest measure where no nearer name was offered.
    fn offered(&self, finding: Finding) -> Finding {
        let name =
            finding.what.split('`').nth(1).and_then(|name| name.rsplit('.').next()).unwrap_or_default();
        match nearest(name, self.measures.iter().map(|measure| measure.name.as_str())) {
            Some(near) if finding.help.is_none() => {
                let help = format!("did you mean `{near}`?");
                finding.help(help)
            }
            _ => finding,
        }
    }

    /// Reads something in every arm that has what it asks for: by arm, or once where it names its arms itself.
    /// Arms that it names beside one that it leaves open are not asked about themselves.
    pub(super) fn in_each_arm<T>(
        &mut self,
        mut one: impl FnMut(&mut Reader) -> Result<T, Fault>,
    ) -> Result<Vec<(Option<usize>, T)>, Vec<Finding>> {
        let (mut instances, mut misfits, mut wrong) = (Vec::new(), Vec::new(), Findings::new());
        for arm in 0..self.arms.len() {
            let before = self.extent();
            let mut reader = Reader::new(self, arm);
            let result = one(&mut reader);
            let spoken = reader.spoken;
            match result {
                Ok(value) if spoken.closed() => return Ok(vec![(None, value)]),
                Ok(_) if spoken.named.contains(&arm) => self.shrink(&before),
                Ok(value) => instances.push((Some(arm), value)),
                Err(fault) => {
                    self.shrink(&before);
                    match fault.misfit() {
                        true => misfits.push(fault),
                        false => wrong.push(fault.finding),
                    }
                }
            }
        }
        if wrong.has_errors() {
            return Err(wrong.into_vec());
        }
        if instances.is_empty() {
            // An arm that has the moment and lacks a name says more than one that lacks the moment.
            misfits.sort_by_key(|fault| matches!(fault.kind, FaultKind::Moment(_)));
            let fault =
                misfits.into_iter().next().unwrap_or_else(|| Finding::error("there is no other arm").into());
            return Err(vec![self.explained(fault)]);
        }
        Ok(instances)
    }

    /// How much is observed; what a failed reading added is dropped again.
    pub(super) fn extent(&self) -> Vec<[usize; 5]> {
        let mut lengths: Vec<[usize; 5]> = self
            .arms
            .iter()
            .map(|a| {
                let System { watched, responses, scores, .. } = &a.system;
                [watched.len(), responses.len(), a.assays.len(), a.taps.len(), scores.len()]
            })
            .collect();
        let outcomes = &self.outcomes;
        lengths.push([outcomes.given.len(), outcomes.values.len(), outcomes.conditions.len(), 0, 0]);
        lengths
    }

    pub(super) fn shrink(&mut self, to: &[[usize; 5]]) {
        for (arm, [watched, responses, assays, taps, scores]) in self.arms.iter_mut().zip(to) {
            arm.system.watched.truncate(*watched);
            arm.system.responses.truncate(*responses);
            arm.assays.truncate(*assays);
            arm.taps.truncate(*taps);
            arm.system.scores.truncate(*scores);
        }
        if let Some([given, values, conditions, ..]) = to.last() {
            self.outcomes.given.truncate(*given);
            self.outcomes.values.truncate(*values);
            self.outcomes.conditions.truncate(*conditions);
        }
    }
}
