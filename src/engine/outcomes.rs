//! Numbers per agent over the taps of all arms, and conditions on them.
//! Knows nothing of time.

use super::block::Why;
use super::collected::{Collected, Missing};
use super::draw::Agents;
use super::plan::{self, Plan};
use super::program::{Layout, Program, Registers};
use super::step::lanes_of;
use super::store::Tray;
use crate::expression::{Comparison, Id};
use crate::kernel::Lanes;

/// Outcomes and conditions as one program over taps.
#[derive(Clone, Debug)]
pub(super) struct Outcomes {
    /// Values, then left and right sides of all conditions.
    program: Program,
    /// (arm, tap) of each given number.
    given: Vec<(usize, usize)>,
    values: Vec<Value>,
    conditions: Vec<Condition>,
}

/// Arms whose failures exclude an agent.
#[derive(Clone, Debug)]
struct Value {
    arms: Vec<usize>,
    /// Given numbers that it stands on.
    given: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Condition {
    /// Position of the left side among the roots, and the comparison with the next one.
    comparisons: Vec<(usize, Comparison)>,
    arms: Vec<usize>,
}

impl Outcomes {
    /// Fails with a sentence about a symbol that stands for no tap.
    pub fn new(plan: &Plan) -> Result<Outcomes, String> {
        let plan::Outcomes { arena, given, values, conditions } = &plan.outcomes;
        let mut arena = arena.clone();
        let layout =
            Layout { fixed: given.iter().map(|(sym, ..)| arena.sym(*sym)).collect(), ..Layout::default() };
        let arms_of = |ids: &[Id]| -> Vec<usize> {
            let symbols: Vec<_> = ids.iter().flat_map(|id| arena.symbols(*id)).collect();
            let mut arms: Vec<usize> =
                given.iter().filter(|(sym, ..)| symbols.contains(sym)).map(|(_, arm, _)| *arm).collect();
            arms.sort_unstable();
            arms.dedup();
            arms
        };
        let given_of = |id: Id| -> Vec<usize> {
            let symbols = plan.outcomes.arena.symbols(id);
            (0..given.len()).filter(|n| symbols.contains(&given[*n].0)).collect()
        };
        let mut roots = values.clone();
        let conditions = conditions.iter().map(|comparisons| {
            let sides: Vec<Id> = comparisons.iter().flat_map(|(left, _, right)| [*left, *right]).collect();
            let first = roots.len();
            roots.extend(&sides);
            let numbered = comparisons.iter().enumerate();
            Condition {
                comparisons: numbered.map(|(n, (_, comparison, _))| (first + 2 * n, *comparison)).collect(),
                arms: arms_of(&sides),
            }
        });
        let conditions = conditions.collect();
        let program = Program::new(&arena, &roots, &layout, None)
            .map_err(|sym| format!("`{}` stands for nothing that is observed", arena.name(sym)))?;
        Ok(Outcomes {
            program,
            given: given.iter().map(|(_, arm, tap)| (*arm, *tap)).collect(),
            values: values.iter().map(|id| Value { arms: arms_of(&[*id]), given: given_of(*id) }).collect(),
            conditions,
        })
    }

    pub fn registers(&self) -> Registers {
        self.program.registers()
    }

    /// `failed`: lanes by arm.
    pub fn reduce(
        &self,
        registers: &mut Registers,
        (taps, why): (&[Vec<Lanes>], &[Vec<Why>]),
        agents: &Agents,
        failed: &[u64],
        tray: &mut Tray,
        rest: &mut Collected,
    ) {
        let given: Vec<Lanes> = self.given.iter().map(|(arm, tap)| taps[*arm][*tap]).collect();
        self.program.give_fixed(registers, &given);
        self.program.run(registers);
        let sound = |arms: &[usize]| sound(arms, agents.mask, failed);
        for (n, value) in self.values.iter().enumerate() {
            let (found, mask) = (self.program.root(registers, n), sound(&value.arms));
            tray.add(tray.sites().outcomes[n], found, mask);
            for lane in lanes_of(mask).filter(|lane| found.0[*lane].is_nan()) {
                let Some(reason) = self.reason(value, lane, taps, why) else { continue };
                for (group, members) in agents.groups.iter().enumerate() {
                    if members >> lane & 1 == 1 {
                        reason.count(&mut rest.reasons[n][group]);
                    }
                }
            }
        }
        for (n, condition) in self.conditions.iter().enumerate() {
            let counted = sound(&condition.arms);
            let holds = |lane: &usize| {
                condition.comparisons.iter().all(|(root, comparison)| {
                    let [left, right] = [*root, root + 1].map(|n| self.program.root(registers, n).0[*lane]);
                    // Not even `!=` holds for what there is not.
                    !left.is_nan() && !right.is_nan() && comparison.holds(left, right)
                })
            };
            for (group, members) in agents.groups.iter().enumerate() {
                let (holding, all) = &mut rest.conditions[n][group];
                *holding += lanes_of(counted & members).filter(holds).count() as u64;
                *all += u64::from((counted & members).count_ones());
            }
        }
    }

    /// What was just reduced: each outcome, and the lanes that count in it.
    pub fn of_lanes<'r>(
        &'r self,
        registers: &'r Registers,
        mask: u64,
        failed: &[u64],
    ) -> Vec<(&'r Lanes, u64)> {
        let values = self.values.iter().enumerate();
        values.map(|(n, value)| (self.program.root(registers, n), sound(&value.arms, mask, failed))).collect()
    }

    /// Why a lane has no value: the first reason, in their order, of the missing numbers that it stands on, if any of them
    /// has one; where all of them are there it is the formula that has none.
    fn reason(&self, value: &Value, lane: usize, taps: &[Vec<Lanes>], why: &[Vec<Why>]) -> Option<Missing> {
        let given = value.given.iter().map(|n| self.given[*n]);
        let mut missing = given.filter(|(arm, tap)| taps[*arm][*tap].0[lane].is_nan()).peekable();
        if missing.peek().is_none() {
            return Some(Missing::NotDefined);
        }
        missing.filter_map(|(arm, tap)| why[arm][tap][lane]).min()
    }
}

/// The lanes of `mask` that failed in none of the arms.
fn sound(arms: &[usize], mask: u64, failed: &[u64]) -> u64 {
    mask & !arms.iter().fold(0, |all, arm| all | failed[*arm])
}
