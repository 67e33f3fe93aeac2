//! The chronic scenario for both sides: the same agents, the same switches, the same 5 × 241 numbers of each.
//! Knows nothing of clocks.

use std::sync::atomic::{AtomicUsize, Ordering};

use allostat::diagnostic::Source;
use allostat::engine::{Collected, Engine, MOST_KEPT, Plan, blocks};
use allostat::kernel::{LANES, Lanes};
use allostat::record::Reduction;
use allostat::scenario::Scenario;

use crate::rival::{Block, Cost, MIDNIGHTS, Midnights, NAMES, Pulses, Room, STATES, Way};

const CHRONIC: &str = include_str!("../scenarios/chronic.toml");
const PULSE: &str = "start = \"8 h\", width = \"8 h\", every = \"1 d\"";
pub const MODEL: &str = include_str!("../scenarios/dual_receptor.toml");

/// Eight hours a day, as the file has it.
pub const DAILY: Pulses = Pulses { start: 480, width: 480, every: 1440 };

/// The scenario with a number of agents and its pulses.
pub fn plan(agents: u64, pulses: Pulses) -> Plan {
    let Pulses { start, width, every } = pulses;
    let pulse = format!("start = \"{start} min\", width = \"{width} min\", every = \"{every} min\"");
    assert!(CHRONIC.contains(PULSE), "chronic.toml has other pulses");
    let text = CHRONIC.replace(PULSE, &pulse);
    read("chronic", &text, agents, ("dual_receptor.toml", MODEL))
}

/// The plan of a scenario with a model of its own.
pub fn read(name: &str, text: &str, agents: u64, (file, model): (&str, &str)) -> Plan {
    let source = Source::new(format!("{name}.toml"), text);
    let changes = [Source::new("argument", format!("population.agents={agents}"))];
    let files = |wanted: &str| match wanted == file {
        true => Ok(Source::new(file, model)),
        false => Err(format!("there is no file {wanted}")),
    };
    let scenario = Scenario::read(name, &source, &changes, &files);
    scenario.unwrap_or_else(|error| panic!("{error}")).plan
}

pub fn engine(plan: &Plan, relative: f64) -> Engine {
    let plan = Plan { relative, ..plan.clone() };
    Engine::new(&plan).unwrap_or_else(|error| panic!("{error}"))
}

/// The same agents with a life of a microsecond in which nothing is seen: what drawing costs, and the values drawn.
pub fn unlived(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    plan.traced.clear();
    let arm = &mut plan.arms[0];
    arm.series.clear();
    arm.phases.truncate(1);
    arm.phases[0].when.end = arm.phases[0].when.start + 1;
    plan
}

/// All agents as the engine draws them, by block.
pub fn agents(plan: &Plan) -> Vec<Block> {
    let system = plan.arms[0].system.clone();
    let slots = NAMES.map(|name| {
        let found = system.values.iter().position(|sym| system.arena.name(*sym) == name);
        found.unwrap_or_else(|| panic!("dual_receptor.toml has no {name}"))
    });
    let ends = engine(&unlived(plan), plan.relative).ends(0..blocks(plan.population.agents));
    let block = |rows: &[Vec<f64>]| Block {
        // Lanes without an agent repeat the first one.
        values: slots.map(|slot| Lanes(std::array::from_fn(|n| rows.get(n).unwrap_or(&rows[0])[slot]))),
        mask: u64::MAX >> (LANES - rows.len()),
    };
    ends.chunks(LANES).map(block).collect()
}

/// What the engine makes of a plan.
pub fn by_engine(engine: &Engine, agents: u64) -> Collected {
    let collected = engine.run(0..blocks(agents), &|_| {});
    assert!(collected.failures.is_empty(), "agents failed: {:?}", collected.failures.first());
    collected
}

/// Reductions by state, midnight.
pub struct Reduced(Vec<Vec<Reduction>>);

impl Reduced {
    fn new(agents: u64) -> Reduced {
        let keep = agents <= MOST_KEPT;
        let times = || (0..MIDNIGHTS).map(|_| Reduction::new(keep)).collect();
        Reduced((0..STATES).map(|_| times()).collect())
    }

    pub fn median(&self, state: usize, midnight: usize) -> f64 {
        self.0[state][midnight].quantile(0.5)
    }
}

impl Midnights for Reduced {
    fn midnight(&mut self, n: usize, states: &[Lanes; STATES], mask: u64) {
        for (state, lanes) in self.0.iter_mut().zip(states) {
            state[n].add(lanes, mask);
        }
    }
}

/// What the rival makes of agents, on the threads of the current pool: as the engine does it, each thread counts for itself, and
/// the counts are put together.
pub fn by_rival(agents: &[Block], pulses: Pulses, way: Way) -> (Reduced, Cost) {
    let count = agents.iter().map(|block| u64::from(block.mask.count_ones())).sum();
    let parts = on_threads(agents, pulses, way, &|| Reduced::new(count));
    let cost = parts.iter().fold(Cost::default(), |sum, (_, cost)| added(sum, *cost));
    let mut parts = parts.into_iter().map(|(reduced, _)| reduced);
    let mut all = parts.next().unwrap_or_else(|| Reduced::new(count));
    for part in parts {
        let into = all.0.iter_mut().flatten();
        into.zip(part.0.iter().flatten()).for_each(|(into, from)| into.merge(from));
    }
    (all, cost)
}

/// The rival's integration with nothing reduced.
pub fn by_rival_unseen(agents: &[Block], pulses: Pulses, way: Way) -> Cost {
    let parts = on_threads(agents, pulses, way, &|| ());
    parts.iter().fold(Cost::default(), |sum, (_, cost)| added(sum, *cost))
}

fn on_threads<S: Midnights + Send>(
    agents: &[Block],
    pulses: Pulses,
    way: Way,
    nothing: &(dyn Fn() -> S + Sync),
) -> Vec<(S, Cost)> {
    let segments = pulses.segments();
    let next = AtomicUsize::new(0);
    rayon::broadcast(|_| {
        let (mut seen, mut cost, mut room) = (nothing(), Cost::default(), Room::new());
        while let Some(block) = agents.get(next.fetch_add(1, Ordering::Relaxed)) {
            cost = added(cost, room.integrate(block, &segments, way, &mut seen));
        }
        (seen, cost)
    })
}

fn added(a: Cost, b: Cost) -> Cost {
    Cost {
        steps: a.steps + b.steps,
        rejected: a.rejected + b.rejected,
        evaluations: a.evaluations + b.evaluations,
    }
}

/// The states of 64 agents at all midnights: by state, midnight.
pub type Paths = Vec<Vec<Lanes>>;

/// The rival's, of the first block.
pub fn paths_of_rival(block: &Block, pulses: Pulses, way: Way) -> (Paths, Cost) {
    struct Kept(Paths);
    impl Midnights for Kept {
        fn midnight(&mut self, n: usize, states: &[Lanes; STATES], _: u64) {
            for (path, lanes) in self.0.iter_mut().zip(states) {
                path[n] = *lanes;
            }
        }
    }
    let mut kept = Kept(vec![vec![Lanes([f64::NAN; LANES]); MIDNIGHTS]; STATES]);
    let cost = Room::new().integrate(block, &pulses.segments(), way, &mut kept);
    (kept.0, cost)
}

/// The engine's, of the first 64 agents of a plan.
pub fn paths_of_engine(plan: &Plan, relative: f64) -> (Paths, allostat::engine::Cost) {
    let mut plan = plan.clone();
    plan.population.agents = LANES as u64;
    plan.traced = (0..LANES as u64).collect();
    let collected = by_engine(&engine(&plan, relative), LANES as u64);
    let lanes =
        |state: usize, n: usize| Lanes(std::array::from_fn(|lane| collected.traces[lane].values[state][n]));
    let paths = (0..STATES).map(|state| (0..MIDNIGHTS).map(|n| lanes(state, n)).collect()).collect();
    (paths, collected.cost)
}

/// The largest |x/exact - 1|; NaN where a number is missing.
pub fn largest_error(found: &Paths, exact: &Paths) -> f64 {
    let pairs = found.iter().flatten().zip(exact.iter().flatten());
    let errors =
        pairs.flat_map(|(found, exact)| (0..LANES).map(|lane| (found.0[lane] / exact.0[lane] - 1.0).abs()));
    errors.fold(
        0.0,
        |most: f64, error| if error.is_nan() || most.is_nan() { f64::NAN } else { most.max(error) },
    )
}
