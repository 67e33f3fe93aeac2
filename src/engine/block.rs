//! One block through all arms: what lanes show becomes reductions, taps, outcomes.
//! Knows nothing of threads.

use super::acute::{self, Frozen};
use super::alike::Follows;
use super::collected::{AssayResult, Collected, Failure, Missing, Reasons, Trace};
use super::draw::{Agents, Drawing};
use super::lowered::{Lowered, Operator};
use super::outcomes::Outcomes;
use super::plan::{Metric, Plan, Tap};
use super::points::Purpose;
use super::probed::Probed;
use super::program::{Program, Registers};
use super::room::Room;
use super::run::{Life, Observer, Onlooker};
use super::step::{Method, lanes_of};
use super::store::Tray;
use super::visit;
use super::watch::Watch;
use crate::kernel::{LANES, Lanes};
use crate::population::Sampler;
use crate::record::Reduction;

/// All that a plan is lowered to.
pub(super) struct Lives {
    pub plan: Plan,
    pub sampler: Sampler,
    pub arms: Vec<Lowered>,
    pub drawings: Vec<Drawing>,
    pub outcomes: Outcomes,
    /// By arm, in whose steps it begins.
    pub follows: Vec<Option<Follows>>,
    /// One method throughout; `None` in every run but those that measure.
    pub only: Option<Method>,
}

/// Room for one block: made once per thread.
pub(super) struct Rooms {
    pub arms: Vec<Room>,
    still: Vec<Registers>,
    /// By arm, response.
    probed: Vec<Vec<Probed>>,
    /// By arm, tap that is an effect: where its level is computed.
    effects: Vec<Vec<Registers>>,
    visits: Vec<Option<visit::Room>>,
    pub outcomes: Registers,
    /// What the first arm showed: by series, time, its lanes and who passed.
    first: Vec<Vec<(u64, Lanes)>>,
    /// By arm, tap; NaN where there is no value.
    taps: Vec<Vec<Lanes>>,
    /// By arm, tap: why there is none, where that is known.
    why: Vec<Vec<Why>>,
}

/// Why lanes have no value.
pub(super) type Why = [Option<Missing>; LANES];

impl Rooms {
    pub fn new(lives: &Lives) -> Rooms {
        let nothing = (0, Lanes([f64::NAN; LANES]));
        let compared = |series: usize| {
            lives.plan.arms.iter().skip(1).any(|arm| arm.series.iter().any(|s| s.against == Some(series)))
        };
        let probed = |operator: &Operator| match operator {
            Operator::Acute(acute) => Probed::Acute(acute::Room::new(acute)),
            Operator::Excursion(of) => Probed::Excursion(Box::new(of.room(lives.plan.relative, lives.only))),
        };
        let level = |of: &Option<Program>| of.as_ref().map_or(Vec::new(), Program::registers);
        let first = lives.plan.arms.first().map_or(Vec::new(), |arm| {
            let times = arm.series.iter().enumerate();
            times.map(|(n, s)| if compared(n) { vec![nothing; s.times.len()] } else { Vec::new() }).collect()
        });
        Rooms {
            arms: lives.arms.iter().map(|arm| Room::by(arm, lives.plan.relative, lives.only)).collect(),
            still: lives.arms.iter().map(|arm| arm.still.registers()).collect(),
            probed: lives.arms.iter().map(|arm| arm.operators.iter().map(probed).collect()).collect(),
            effects: lives.arms.iter().map(|arm| arm.effects.iter().map(level).collect()).collect(),
            visits: lives.arms.iter().map(|arm| arm.visits.as_ref().map(visit::Room::new)).collect(),
            outcomes: lives.outcomes.registers(),
            first,
            taps: lives.plan.arms.iter().map(|arm| vec![Lanes([f64::NAN; LANES]); arm.taps.len()]).collect(),
            why: lives.plan.arms.iter().map(|arm| vec![[None; LANES]; arm.taps.len()]).collect(),
        }
    }
}

impl Lives {
    /// Runs one block and adds what came of it: what is reduced to a tray, all else to the rest.
    pub fn block(&self, block: u64, rooms: &mut Rooms, tray: &mut Tray, rest: &mut Collected) -> u64 {
        self.agents(&self.agents_of(block), rooms, tray, rest)
    }

    pub fn agents_of(&self, block: u64) -> Agents {
        Agents::of_block(block, &self.plan.population, &self.sampler)
    }

    /// Runs agents of one block and adds what came of them; how many they are.
    pub fn agents(&self, agents: &Agents, rooms: &mut Rooms, tray: &mut Tray, rest: &mut Collected) -> u64 {
        tray.begin(agents);
        let mut again = [0_u64; LANES];
        for (arm, room) in rooms.arms.iter_mut().enumerate() {
            let drawn = self.life(arm).prepare(agents, room);
            again.iter_mut().zip(drawn.again).for_each(|(again, more)| *again = more.max(*again));
        }
        rooms.taps.iter_mut().flatten().for_each(|lanes| *lanes = Lanes([f64::NAN; LANES]));
        rooms.why.iter_mut().flatten().for_each(|why| *why = [None; LANES]);
        let traces = self.traces(agents);
        let mut seen = Seen {
            lives: self,
            agents,
            still: &mut rooms.still,
            probed: &mut rooms.probed,
            effects: &mut rooms.effects,
            visits: &mut rooms.visits,
            first: &mut rooms.first,
            taps: &mut rooms.taps,
            why: &mut rooms.why,
            traces,
            tray,
            rest,
        };
        for arm in 0..self.arms.len() {
            self.arm(arm, agents, &mut rooms.arms, &mut seen);
        }
        let mut traces = seen.traces;
        rest.traces.append(&mut traces);
        rest.redrawn += again.iter().sum::<u64>();
        let mut failed = vec![0_u64; self.arms.len()];
        for (arm, room) in rooms.arms.iter().enumerate() {
            self.values(arm, room, &mut rooms.taps[arm]);
            rest.cost.add(room.body.cost);
            for (lane, at, cause) in &room.body.fates {
                failed[arm] |= 1 << lane;
                let agent = agents.first + *lane as u64;
                rest.failures.push(Failure { arm, agent, at: *at, cause: *cause });
            }
        }
        self.outcomes.reduce(&mut rooms.outcomes, (&rooms.taps, &rooms.why), agents, &failed, tray, rest);
        u64::from(agents.mask.count_ones())
    }

    pub fn life(&self, arm: usize) -> Life<'_> {
        Life {
            lowered: &self.arms[arm],
            drawing: &self.drawings[arm],
            population: &self.plan.population,
            sampler: &self.sampler,
        }
    }

    /// Lets the agents live one arm; arms that begin alike look on.
    fn arm(&self, arm: usize, agents: &Agents, rooms: &mut [Room], seen: &mut Seen) {
        let mut own = None;
        let mut onlookers = Vec::new();
        for (n, room) in rooms.iter_mut().enumerate() {
            match self.follows[n] {
                _ if n == arm => own = Some(room),
                Some(Follows { leader, phases }) if leader == arm => {
                    onlookers.push(Onlooker { arm: n, lowered: &self.arms[n], room, phases });
                }
                _ => {}
            }
        }
        let from = self.follows[arm].map_or(0, |follows| follows.phases);
        if let Some(room) = own {
            self.life(arm).live((arm, from), agents, room, &mut onlookers, seen);
        }
    }

    /// Empty traces of the chosen agents of a block, in all arms.
    fn traces(&self, agents: &Agents) -> Vec<Trace> {
        let chosen = || self.plan.traced.iter().filter(|agent| agents.holds(**agent));
        let empty = |arm: usize| -> Vec<Vec<f64>> {
            self.plan.arms[arm].series.iter().map(|s| vec![f64::NAN; s.times.len()]).collect()
        };
        (0..self.arms.len())
            .flat_map(|arm| chosen().map(move |agent| (arm, *agent)))
            .map(|(arm, agent)| Trace { arm, agent, values: empty(arm) })
            .collect()
    }

    /// Taps that are the agent's own values.
    fn values(&self, arm: usize, room: &Room, taps: &mut [Lanes]) {
        for (tap, lanes) in self.plan.arms[arm].taps.iter().zip(taps) {
            if let Tap::Value { slot } = tap {
                *lanes = room.eyes.fixed[*slot];
            }
        }
    }

    /// Nothing collected yet.
    pub fn empty(&self) -> Collected {
        let plan = &self.plan;
        let keep = plan.exact_quantiles || plan.population.agents <= MOST_KEPT;
        let groups = plan.population.groups.len() + 1;
        let each = || vec![Reduction::new(keep); groups];
        let assay = |levels: &Vec<f64>| AssayResult {
            curve: levels.iter().map(|_| each()).collect(),
            metrics: Metric::ALL.iter().map(|_| each()).collect(),
            missing: Metric::ALL.iter().map(|_| vec![Reasons::default(); groups]).collect(),
            absent: levels.iter().map(|_| vec![Reasons::default(); groups]).collect(),
        };
        let first = plan.arms.first();
        let differences = plan.arms.iter().map(|arm| {
            let series = arm.series.iter().map(|series| {
                let against = series.against.and_then(|n| first.map(|first| &first.series[n]));
                let has = |at| against.is_some_and(|against| against.times.binary_search(at).is_ok());
                series.times.iter().map(|at| has(at).then(each)).collect()
            });
            series.collect()
        });
        Collected {
            series: plan
                .arms
                .iter()
                .map(|arm| {
                    arm.series.iter().map(|series| series.times.iter().map(|_| each()).collect()).collect()
                })
                .collect(),
            differences: differences.collect(),
            assays: plan
                .arms
                .iter()
                .map(|arm| arm.assays.iter().map(|a| assay(&a.levels)).collect())
                .collect(),
            outcomes: plan.outcomes.values.iter().map(|_| each()).collect(),
            reasons: plan.outcomes.values.iter().map(|_| vec![Reasons::default(); groups]).collect(),
            conditions: plan.outcomes.conditions.iter().map(|_| vec![(0, 0); groups]).collect(),
            ..Collected::default()
        }
    }
}

/// Up to as many agents all values are kept and quantiles are exact.
pub const MOST_KEPT: u64 = 4096;

impl Agents {
    pub fn holds(&self, agent: u64) -> bool {
        agent >= self.first && agent - self.first < LANES as u64 && self.mask >> (agent - self.first) & 1 == 1
    }
}

/// The observer of a block.
pub(super) struct Seen<'a, 'b> {
    pub lives: &'a Lives,
    pub agents: &'a Agents,
    pub still: &'a mut [Registers],
    pub probed: &'a mut [Vec<Probed>],
    pub effects: &'a mut [Vec<Registers>],
    pub visits: &'a mut [Option<visit::Room>],
    pub first: &'a mut [Vec<(u64, Lanes)>],
    pub taps: &'a mut [Vec<Lanes>],
    pub why: &'a mut [Vec<Why>],
    pub traces: Vec<Trace>,
    pub tray: &'a mut Tray<'b>,
    pub rest: &'a mut Collected,
}

impl Observer for Seen<'_, '_> {
    fn point(&mut self, arm: usize, point: usize, watch: &Watch, fixed: &[Lanes]) {
        let lowered = &self.lives.arms[arm];
        let of = &lowered.observed.points[point];
        let shown = watch.shown(point);
        let still = &mut self.still[arm];
        if !of.values.is_empty() {
            lowered.still.give_fixed(still, fixed);
            let states = match (&lowered.visits, &mut self.visits[arm]) {
                (Some(visits), Some(room)) => {
                    let frozen = Frozen { states: &shown.states, inputs: &shown.inputs, fixed };
                    let visit = visit::Visit {
                        at: lowered.observed.moments[point].at,
                        of,
                        seed: self.lives.plan.population.seed,
                        first: self.agents.first,
                        mask: shown.mask,
                    };
                    visits.answer(room, frozen, visit)
                }
                _ => &shown.states,
            };
            lowered.still.give_states(still, states);
            lowered.still.give_inputs(still, &shown.inputs);
            lowered.still.run(still);
        }
        for (root, purpose) in &of.values {
            let lanes = *lowered.still.root(&self.still[arm], *root);
            self.number(arm, *purpose, lanes, shown.mask);
            if let Purpose::Tap(tap) = *purpose
                && lowered.visits.as_ref().is_some_and(|visits| visits.answers(*root))
            {
                self.undefined(arm, tap, shown.mask);
            }
        }
        for (closing, lanes) in of.closing.iter().zip(&shown.closed) {
            self.number(arm, closing.purpose, *lanes, shown.mask);
        }
        let frozen = Frozen { states: &shown.states, inputs: &shown.inputs, fixed };
        for probing in &of.probes {
            self.probe(arm, probing, frozen, shown.mask);
        }
    }
}

impl Seen<'_, '_> {
    fn number(&mut self, arm: usize, purpose: Purpose, lanes: Lanes, mask: u64) {
        match purpose {
            Purpose::Series(series, time) => self.series((arm, series, time), lanes, mask),
            Purpose::Tap(tap) => self.tap(arm, tap, mask, |lane| lanes.0[lane]),
        }
    }

    /// A score that is not there has a latent quantity without a number.
    fn undefined(&mut self, arm: usize, tap: usize, mask: u64) {
        for lane in lanes_of(mask).filter(|lane| self.taps[arm][tap].0[*lane].is_nan()) {
            self.why[arm][tap][lane] = Some(Missing::NotDefined);
        }
    }

    pub fn tap(&mut self, arm: usize, tap: usize, mask: u64, value: impl Fn(usize) -> f64) {
        for lane in lanes_of(mask) {
            self.taps[arm][tap].0[lane] = value(lane);
        }
    }

    fn series(&mut self, (arm, series, time): (usize, usize, usize), lanes: Lanes, mask: u64) {
        self.tray.add(self.tray.sites().series[arm][series][time], &lanes, mask);
        for trace in self.traces.iter_mut().filter(|trace| trace.arm == arm) {
            let lane = (trace.agent - self.agents.first) as usize;
            let value = lanes.0[lane];
            if mask >> lane & 1 == 1 && !value.is_nan() {
                trace.values[series][time] = value;
            }
        }
        if arm == 0 {
            if let Some(kept) = self.first[series].get_mut(time) {
                *kept = (mask, lanes);
            }
            return;
        }
        let Some(site) = self.tray.sites().differences[arm][series][time] else { return };
        let arms = &self.lives.plan.arms;
        let own = &arms[arm].series[series];
        let Some(against) = own.against else { return };
        let Ok(n) = arms[0].series[against].times.binary_search(&own.times[time]) else { return };
        let (passed, first) = self.first[against][n];
        let difference = Lanes(std::array::from_fn(|lane| lanes.0[lane] - first.0[lane]));
        self.tray.add(site, &difference, mask & passed);
    }
}
