//! Whole runs of the engine and of the rival, each at the tolerance that just reaches an error.
//! Knows nothing of how either integrates.

use allostat::engine::blocks;
use allostat::kernel::LANES;

use crate::chronic::{
    self, Paths, Reduced, agents, by_engine, by_rival, by_rival_unseen, engine, largest_error, unlived,
};
use crate::load::{in_turns, median, time};
use crate::rival::{Pulses, Way};
use crate::table::{Page, number};

/// The tolerance of the reference, which stops at midnights; looser where only an error of 1e-4 is looked at.
const EXACT: f64 = 1e-11;
const EXACT_ENOUGH: f64 = 1e-8;
/// Bisections of the last factor of two.
const FINER: u32 = 3;

/// One side at the tolerance that just reaches an error.
struct Side {
    relative: f64,
    error: f64,
    /// Of an agent, or of a block.
    steps: f64,
    rejected: f64,
    /// Of one agent's rates.
    evaluations: f64,
}

/// Tolerances in falling order: the first that reaches the error, by factors of two from a loose one, then the last factor
/// halved in ratio a few times.
fn just_reaching(wanted: f64, side: &dyn Fn(f64) -> Side) -> Side {
    let mut found = side((wanted * 64.0).min(0.1));
    while found.error.is_nan() || found.error > wanted {
        // Nothing that strict is wanted: the sides do not integrate the same.
        assert!(found.relative > 1e-12, "an error of {wanted:e} is not reached, only {:e}", found.error);
        found = side(found.relative / 2.0);
    }
    let mut loose = found.relative * 2.0;
    for _ in 0..FINER {
        let between = side((loose * found.relative).sqrt());
        if between.error <= wanted { found = between } else { loose = between.relative }
    }
    found
}

/// Engine and rival with some pulses.
struct Sides {
    pulses: Pulses,
    plan: allostat::engine::Plan,
    block: Vec<crate::rival::Block>,
    exact: Paths,
}

impl Sides {
    fn new(pulses: Pulses, agents_count: u64, exact: f64) -> Sides {
        let plan = chronic::plan(agents_count, pulses);
        let block = agents(&plan);
        let way = Way { relative: exact, stops: true };
        let exact = chronic::paths_of_rival(&block[0], pulses, way).0;
        Sides { pulses, plan, block, exact }
    }

    fn rival(&self, way: Way) -> Side {
        let (paths, cost) = chronic::paths_of_rival(&self.block[0], self.pulses, way);
        Side {
            relative: way.relative,
            error: largest_error(&paths, &self.exact),
            steps: cost.steps as f64,
            rejected: cost.rejected as f64,
            evaluations: cost.evaluations as f64,
        }
    }

    fn engine(&self, relative: f64) -> Side {
        let (paths, cost) = chronic::paths_of_engine(&self.plan, relative);
        let each = |count: u64| count as f64 / LANES as f64;
        Side {
            relative,
            error: largest_error(&paths, &self.exact),
            steps: each(cost.steps),
            rejected: each(cost.rejected),
            evaluations: each(cost.evaluations),
        }
    }

    /// The cheaper of both ways to midnights, and the other.
    fn rivals(&self, wanted: f64) -> [(Way, Side); 2] {
        let mut both = [false, true].map(|stops| {
            let side = just_reaching(wanted, &|relative| self.rival(Way { relative, stops }));
            (Way { relative: side.relative, stops }, side)
        });
        both.sort_by(|(_, a), (_, b)| a.evaluations.total_cmp(&b.evaluations));
        both
    }
}

/// Both see the same numbers: medians differ by what counting and errors may.
fn assert_same_medians(rival: &Reduced, engine: &allostat::engine::Collected) {
    for (state, series) in engine.series[0].iter().enumerate() {
        for (n, groups) in series.iter().enumerate() {
            let (ours, theirs) = (groups[0].quantile(0.5), rival.median(state, n));
            assert!(
                (ours / theirs - 1.0).abs() < 1e-3,
                "median of state {state}, midnight {n}: {ours}, {theirs}"
            );
        }
    }
}

fn row(name: &str, wanted: f64, side: &Side) -> Vec<String> {
    let whole = |x: f64| format!("{x:.0}");
    vec![
        format!("{wanted:.0e}"),
        name.to_owned(),
        format!("{:.1e}", side.relative),
        format!("{:.1e}", side.error),
        whole(side.steps),
        whole(side.rejected),
        whole(side.evaluations),
    ]
}

const SIDES: [&str; 7] = ["error wanted", "side", "tolerance", "error", "steps", "rejected", "evaluations"];

pub fn section(page: &mut Page, agents_count: u64, turns: usize) {
    page.text("## Whole runs against the rival");
    page.text(&format!(
        "`scenarios/chronic.toml`: {agents_count} agents, 240 days, 5 states at 241 midnights, quantiles over agents. The rival \
         (`engine/rival.rs`) is this one model as plain Rust: 64 agents in lanes with one step size, same tableau, same functions, \
         same reductions, same agents. The error is the largest |x/exact - 1| of 64 agents at all midnights; each side has the \
         loosest tolerance that reaches it, and the rival that way of meeting midnights that is cheaper. Steps and evaluations are per agent for the engine, per block of 64 for the rival. \
         Wanted: rival / engine at least 1.3 at 1e-4 and 1.15 at 1e-7."
    ));
    let sides = Sides::new(chronic::DAILY, agents_count, EXACT);
    let engine_at_exact = sides.engine(EXACT).error;
    page.text(&format!(
        "At a tolerance of 1e-11 engine and rival differ by {engine_at_exact:.0e}, in the engine's part by its interpolant."
    ));
    let (mut reached, mut times) = (Vec::new(), Vec::new());
    for (wanted, ratio) in [(1e-4, 1.3), (1e-7, 1.15)] {
        let ours = just_reaching(wanted, &|relative| sides.engine(relative));
        let rivals = sides.rivals(wanted);
        let way = rivals[0].0;
        let unlived = engine(&unlived(&sides.plan), ours.relative);
        let drawing = || drop(unlived.run(0..blocks(agents_count), &|_| {}));
        let drawn = median((0..3).map(|_| time(&mut &drawing)).collect());
        let ready = engine(&sides.plan, ours.relative);
        assert_same_medians(&by_rival(&sides.block, sides.pulses, way).0, &by_engine(&ready, agents_count));
        let whole = in_turns(
            turns,
            || drop(by_rival(&sides.block, sides.pulses, way)),
            || drop(by_engine(&ready, agents_count)),
        );
        let alone = in_turns(
            turns,
            || {
                by_rival_unseen(&sides.block, sides.pulses, way);
            },
            || drop(ready.ends(0..blocks(agents_count))),
        );
        for (what, timed, target) in
            [("integration and reduction", whole, Some(ratio)), ("integration", alone, None)]
        {
            // Only the engine draws.
            let net = timed.second - drawn;
            let found = timed.ratio * timed.second / net;
            times.push(vec![
                format!("{wanted:.0e}"),
                what.to_owned(),
                number(timed.first),
                number(net),
                number(found),
                match target {
                    Some(target) => timed.load.verdict(found >= target),
                    None => format!("none wanted; foreign load {}", timed.load.told()),
                },
            ]);
        }
        reached.push(row("engine", wanted, &ours));
        for ((way, side), which) in rivals.iter().zip(["timed", "not timed"]) {
            let how = if way.stops { "stops at midnights" } else { "interpolates" };
            reached.push(row(&format!("rival, {how} ({which})"), wanted, side));
        }
    }
    page.table(&SIDES, &reached);
    page.text("Without the time of drawing the agents, on all cores:");
    page.table(&["error wanted", "what", "rival, s", "engine, s", "rival / engine", "target"], &times);
}

/// Short pulses, daily ones, long ones.
pub fn pulses(page: &mut Page, agents_count: u64, turns: usize) {
    page.text("## Short and long pulses");
    page.text(&format!(
        "The same with other pulses: {agents_count} agents, error 1e-4, drawing included in the engine's time. No ratio is wanted."
    ));
    let of = |start, width, every| Pulses { start, width, every };
    let kinds = [
        ("5 min every hour", of(0, 5, 60)),
        ("8 h a day", chronic::DAILY),
        ("12 h every 2 days", of(480, 720, 2880)),
    ];
    let mut rows = Vec::new();
    for (name, pulses) in kinds {
        let sides = Sides::new(pulses, agents_count, EXACT_ENOUGH);
        let ours = just_reaching(1e-4, &|relative| sides.engine(relative));
        let [(way, rival), _] = sides.rivals(1e-4);
        let ready = engine(&sides.plan, ours.relative);
        let timed = in_turns(
            turns,
            || drop(by_rival(&sides.block, pulses, way)),
            || drop(by_engine(&ready, agents_count)),
        );
        rows.push(vec![
            name.to_owned(),
            format!("{:.0}", ours.steps),
            format!("{:.0}", rival.steps),
            number(timed.first),
            number(timed.second),
            number(timed.ratio),
            timed.load.told(),
        ]);
    }
    page.table(
        &[
            "pulses",
            "engine, steps",
            "rival, steps",
            "rival, s",
            "engine, s",
            "rival / engine",
            "foreign load",
        ],
        &rows,
    );
}
