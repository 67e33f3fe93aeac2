//! What came of some blocks as bytes, for whoever merges it elsewhere or later.
//! Knows nothing of files. Traces are no part of it: they belong to single agents.
//!
//! A version, the lengths of all lists flattened to one number (so that the part of another plan is refused), reductions in the order of
//! `places`, counts, failures. Merging parts in any grouping gives the bits of one run, as merging what they were made of.

use super::Engine;
use super::collected::{Cause, Collected, Cost, Failure};
use super::plan::Plan;
use crate::record::Reduction;
use crate::record::bytes::{Reader, signed, whole};

/// Raised when the bytes of the same part change.
const VERSION: u8 = 1;

impl Collected {
    /// All but traces, as bytes that [`Engine::part`] reads.
    pub fn part(&mut self) -> Vec<u8> {
        let mut into = vec![VERSION];
        let places = places(self);
        whole(&mut into, places.len() as u64);
        places.iter().for_each(|reduction| reduction.write(&mut into));
        let counts = counts(self);
        whole(&mut into, counts.len() as u64);
        counts.iter().for_each(|count| whole(&mut into, **count));
        whole(&mut into, self.failures.len() as u64);
        for failure in &self.failures {
            let (kind, which) = told(failure.cause);
            into.push(kind);
            [failure.arm as u64, failure.agent, which].iter().for_each(|n| whole(&mut into, *n));
            signed(&mut into, failure.at);
        }
        into
    }
}

impl Engine {
    /// What a part of a run of the same plan holds; `None` where the bytes are none. No bytes make it panic, here or in what is
    /// asked of it.
    pub fn part(&self, bytes: &[u8]) -> Option<Collected> {
        let (mut reader, mut collected) = (Reader(bytes), self.lives.empty());
        let plan = &self.lives.plan;
        if reader.byte()? != VERSION {
            return None;
        }
        let mut of_plan = places(&mut collected);
        if reader.count(1)? != of_plan.len() {
            return None;
        }
        for place in &mut of_plan {
            let read = Reduction::read(&mut reader)?;
            if read.exact() != place.exact() {
                return None;
            }
            **place = read;
        }
        let mut of_plan = counts(&mut collected);
        if reader.count(1)? != of_plan.len() {
            return None;
        }
        for count in &mut of_plan {
            **count = reader.whole().filter(|count| *count < 1 << 56)?;
        }
        let failures = reader.count(5)?;
        for _ in 0..failures {
            collected.failures.push(failure(&mut reader, plan)?);
        }
        reader.0.is_empty().then_some(collected)
    }

    /// Nothing yet, to merge parts into.
    pub fn nothing(&self) -> Collected {
        self.lives.empty()
    }
}

/// All reductions in one order.
fn places(of: &mut Collected) -> Vec<&mut Reduction> {
    let series = of.series.iter_mut().flatten().flatten();
    let differences = of.differences.iter_mut().flatten().flatten().flatten();
    let assays = of.assays.iter_mut().flatten();
    let assays = assays.flat_map(|assay| assay.curve.iter_mut().chain(&mut assay.metrics));
    series.chain(differences).chain(assays).chain(&mut of.outcomes).flatten().collect()
}

/// All that is counted besides, in one order.
fn counts(of: &mut Collected) -> Vec<&mut u64> {
    let assays = of.assays.iter_mut().flatten();
    let missing = assays.flat_map(|assay| assay.missing.iter_mut().chain(&mut assay.absent));
    let reasons = missing.chain(&mut of.reasons).flatten().flatten();
    let conditions = of.conditions.iter_mut().flatten().flat_map(|(holds, all)| [holds, all]);
    let Cost { steps, implicit, rejected, evaluations } = &mut of.cost;
    let all = reasons.chain(conditions);
    all.chain([&mut of.redrawn, steps, implicit, rejected, evaluations]).collect()
}

/// A cause as numbers.
fn told(cause: Cause) -> (u8, u64) {
    match cause {
        Cause::NotFinite { state } => (0, state as u64),
        Cause::StepTooSmall { state } => (1, state as u64),
        Cause::Negative { state } => (2, state as u64),
        Cause::TooManySteps => (3, 0),
        Cause::NoDraw { slot } => (4, slot as u64),
        Cause::NoSteadyState => (5, 0),
        Cause::Unstable => (6, 0),
    }
}

fn failure(reader: &mut Reader, plan: &Plan) -> Option<Failure> {
    let kind = reader.byte()?;
    let arm = usize::try_from(reader.whole()?).ok()?;
    let agent = reader.whole().filter(|agent| *agent < plan.population.agents)?;
    let which = usize::try_from(reader.whole()?).ok()?;
    let of = plan.arms.get(arm)?;
    let (states, slots) = (of.system.states.len(), of.slots.len());
    let cause = match kind {
        0 if which < states => Cause::NotFinite { state: which },
        1 if which < states => Cause::StepTooSmall { state: which },
        2 if which < states => Cause::Negative { state: which },
        3 if which == 0 => Cause::TooManySteps,
        4 if which < slots => Cause::NoDraw { slot: which },
        5 if which == 0 => Cause::NoSteadyState,
        6 if which == 0 => Cause::Unstable,
        _ => return None,
    };
    Some(Failure { arm, agent, at: reader.signed()?, cause })
}
