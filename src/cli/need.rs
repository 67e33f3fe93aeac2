//! Memory and disk that a run will take, from its plan alone, and what would fit where it takes too much.
//! Knows plans; the sizes of what is reduced over agents are those that `record` states: an estimate.

use std::sync::Arc;

use super::machine::Left;
use crate::diagnostic::Finding;
use crate::engine::{Form, MOST_AHEAD, MOST_KEPT, Metric, Plan, Response, System};
use crate::report::ROWS_OF_AGENTS;
use crate::report::number::{figures, grouped};
use crate::scenario::Scenario;
use crate::scenario::tables::Agents;

/// One number of many agents, without their values, in bytes.
const EACH: u64 = 512 + 256;
/// Values that are counted by their leading bits, spread over three octaves, in bytes.
const COUNTED: u64 = 16_384;
/// Lists grow by doubling.
const GROWN: u64 = 2;
/// What waits in a thread until it is reduced: at most, and of one number.
const WAITING: u64 = 8 << 20;
const WAITS: u64 = 32 * 512;
/// One row of a table with its texts, in memory and as text; in a file.
const ROW: u64 = 640;
const WRITTEN: u64 = 96;
/// What one moment takes on each thread where arms are compared agent by agent.
const COMPARED: u64 = 520;
/// Agents of a block.
const BLOCK: u64 = crate::kernel::LANES as u64;
/// Index, group, arm and fate of a row: in memory, and in a file, which has each text once.
const TEXTS: u64 = 16 + 3 * 40;
const WORDS: u64 = 12;
/// The program, its fonts and pictures; the pictures of a run as files.
const PROGRAM: u64 = 64 << 20;
const PICTURES: u64 = 4 << 20;

/// What decides how much a run takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Need {
    pub agents: u64,
    pub threads: u64,
    /// Numbers over agents: of records, curves, measures.
    numbers: u64,
    /// Everyone, and each group.
    groups: u64,
    /// Every agent's value is kept for every number.
    kept: bool,
    /// Because the scenario asks for it.
    exact: bool,
    compared: u64,
    rows: u64,
    /// Rows of agents that are recorded one by one.
    traced: u64,
    /// What responses in which states move take on each thread, in bytes.
    excursions: u64,
    /// Columns of numbers and rows of each agent in `agents.parquet`; none where it is not written.
    table: [u64; 2],
    /// Scenarios that run: two where the unchanged one does as well.
    runs: u64,
}

/// One number of each agent of a block, in bytes.
const LANES: u64 = 512;
/// States that are kept of an agent where its steady states are followed over levels, and where it lives a challenge.
const FOLLOWED: u64 = 49 * 4;
const LIVED: u64 = 60;

/// In bytes on each thread.
fn excursions(plan: &Plan) -> u64 {
    let systems = plan.arms.iter().map(|arm| &arm.system);
    let of = |system: &Arc<System>| -> u64 {
        let states = system.states.len() as u64;
        let one = |response: &Response| match response.form {
            Form::Acute => 0,
            // The Jacobian as well.
            Form::Chronic => LANES * (FOLLOWED * states + 2 * states * states),
            Form::Challenge(_) => LANES * LIVED * states,
        };
        system.responses.iter().map(one).sum()
    };
    systems.map(of).sum()
}

impl Need {
    pub fn of(scenario: &Scenario, threads: usize, runs: u64) -> Need {
        let plan = &scenario.plan;
        let population = &plan.population;
        let groups = 1 + population.groups.len() as u64;
        let series = || plan.arms.iter().flat_map(|arm| &arm.series);
        let moments: u64 = series().map(|series| series.times.len() as u64).sum();
        let compared: u64 =
            series().filter_map(|series| series.against.map(|_| series.times.len() as u64)).sum();
        let assays = plan.arms.iter().flat_map(|arm| &arm.assays);
        let curves: u64 = assays.map(|assay| (assay.levels.len() + Metric::ALL.len()) as u64).sum();
        let numbers = moments + compared + curves + plan.outcomes.values.len() as u64;
        let stats = |stats: usize| stats as u64 + 1;
        let of_records: u64 = scenario
            .records
            .iter()
            .map(|record| {
                let series = record.series.iter().enumerate();
                let times =
                    series.filter_map(|(arm, n)| Some(plan.arms[arm].series[(*n)?].times.len() as u64));
                times.sum::<u64>() * stats(record.stats.len())
            })
            .sum();
        let of_assays: u64 = scenario
            .assays
            .iter()
            .map(|told| {
                let levels = plan.arms[told.arm].assays[told.assay].levels.len() + Metric::ALL.len();
                levels as u64 * stats(told.stats.len())
            })
            .sum();
        // Differences between arms stand in the summary as well.
        let of_records = if compared > 0 { 2 * of_records } else { of_records };
        Need {
            agents: population.agents,
            threads: threads as u64,
            numbers,
            groups,
            kept: plan.exact_quantiles || population.agents <= MOST_KEPT,
            exact: plan.exact_quantiles && population.agents > MOST_KEPT,
            compared,
            rows: groups * (of_records + of_assays + 10 * plan.outcomes.values.len() as u64),
            traced: plan.traced.len() as u64 * moments,
            excursions: excursions(plan),
            table: [0, 0],
            runs,
        }
    }

    /// With a row of each agent in each arm as a file.
    pub fn with_agents(self, scenario: &Scenario) -> Need {
        let table = [Agents::new(scenario).numbers() as u64, scenario.arms.len() as u64];
        Need { table, ..self }
    }

    /// Scenarios that run.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// In bytes.
    pub fn memory(&self) -> u64 {
        let tables = self.runs * ROW * (self.rows + self.traced);
        let compared = self.threads * COMPARED * self.compared;
        let waiting = self.threads * WAITING.min(WAITS * self.numbers);
        let excursions = self.threads * self.excursions;
        PROGRAM
            + tables
            + compared
            + waiting
            + excursions
            + self.of_agents()
            + self.numbers * self.of_number()
    }

    /// What waits of the table of agents: blocks that are early, and the rows of a group, as they are and as they will be written.
    fn of_agents(&self) -> u64 {
        let [numbers, arms] = self.table;
        let early = (MOST_AHEAD * BLOCK).min(self.agents) * arms;
        let group = (ROWS_OF_AGENTS as u64).min(self.agents * arms);
        let rows = GROWN * group * (8 * numbers + TEXTS) + group * (8 * numbers + WORDS);
        if arms == 0 { 0 } else { early * 8 * numbers + rows }
    }

    /// One number in all groups. What a first run came to is there while the second runs.
    fn of_number(&self) -> u64 {
        // An agent stands among everyone and in at most one group.
        let values = 8 * self.agents * self.groups.min(2) * GROWN;
        let counted = self.groups * COUNTED.min(8 * self.agents);
        self.runs * (self.groups * EACH + if self.kept { values } else { counted })
    }

    /// In bytes.
    pub fn disk(&self) -> u64 {
        let [numbers, arms] = self.table;
        // Numbers that look random cannot be made smaller.
        let agents = self.agents.saturating_mul(arms * (9 * numbers + WORDS));
        PICTURES
            + (self.runs * WRITTEN * (self.rows + self.traced))
                .saturating_add(self.runs.saturating_mul(agents))
    }

    /// Why the run does not fit into what is left, if so, and what would.
    pub fn refused(&self, left: Left) -> Option<Finding> {
        if let Some(memory) = left.memory.filter(|memory| self.memory() > *memory) {
            let needs = format!("this run needs about {} of memory", bytes(self.memory()));
            let values = if self.kept { "every value kept" } else { "values counted" };
            let what = format!(
                "{} are available; {} numbers are reduced over {} agents in {} {}, {values}, on {} {}",
                bytes(memory),
                grouped(self.numbers),
                grouped(self.agents),
                self.groups,
                if self.groups == 1 { "group" } else { "groups, all of them together being one" },
                self.threads,
                if self.threads == 1 { "thread" } else { "threads" },
            );
            return Some(Finding::error(needs).because(what, None).help(self.smaller(memory)));
        }
        let disk = left.disk.filter(|disk| self.disk() > *disk)?;
        let needs = format!("this run writes about {}", bytes(self.disk()));
        let help = "record less often or fewer quantities, or choose another disk with --out";
        Some(Finding::error(needs).because(format!("{} are free", bytes(disk)), None).help(help))
    }

    /// Changes that make the run fit, each by itself.
    fn smaller(&self, memory: u64) -> String {
        let fits = |need: &Need| need.memory() <= memory;
        let mut ways = Vec::new();
        let alone = Need { threads: 1, ..*self };
        if self.threads > 1 && fits(&alone) {
            ways.push("`--threads 1`".to_owned());
        }
        let counted = Need { kept: false, exact: false, ..*self };
        if self.exact && fits(&counted) {
            ways.push("quantiles that are counted: leave out `quantiles = \"exact\"`".to_owned());
        }
        if self.groups > 1 && fits(&Need { groups: 1, rows: self.rows / self.groups, ..*self }) {
            ways.push("no groups".to_owned());
        }
        let with = |agents: u64| Need { agents, ..*self };
        let most = largest(self.agents, |agents| fits(&with(agents)));
        if self.kept && most > 0 {
            ways.push(format!("`--agents {most}`"));
        }
        let share = |n: u64, numbers: u64| {
            (u128::from(n) * u128::from(numbers) / u128::from(self.numbers.max(1))) as u64
        };
        let recorded = |numbers: u64| Need {
            numbers,
            compared: share(self.compared, numbers),
            rows: share(self.rows, numbers),
            traced: share(self.traced, numbers),
            ..*self
        };
        let most = largest(self.numbers, |numbers| fits(&recorded(numbers)));
        if most > 0 {
            ways.push(format!(
                "at most {} numbers: record less often (`every`) or fewer quantities",
                grouped(most)
            ));
        }
        match ways.is_empty() {
            true => "close other programs, or use a machine with more memory".to_owned(),
            false => format!("what would fit: {}", ways.join("; or ")),
        }
    }
}

/// The largest number up to `most` that fits, where all below fit as well; 0 where none does.
fn largest(most: u64, fits: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = high - (high - low) / 2;
        if fits(middle) { low = middle } else { high = middle - 1 }
    }
    low
}

/// `1.2 GB`, with two figures.
pub fn bytes(count: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"];
    let (mut value, mut unit) = (count as f64, 0);
    while value >= 1000.0 && unit + 1 < units.len() {
        (value, unit) = (value / 1000.0, unit + 1);
    }
    let shown = if value < 10.0 { (value * 10.0).round() / 10.0 } else { value.round() };
    format!("{} {}", figures(shown), units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Need = Need {
        agents: 1000,
        threads: 4,
        numbers: 1000,
        groups: 1,
        kept: true,
        exact: false,
        compared: 0,
        rows: 7000,
        traced: 0,
        excursions: 0,
        table: [0, 0],
        runs: 1,
    };

    fn left(memory: u64) -> Left {
        Left { memory: Some(memory), disk: Some(1 << 40) }
    }

    #[test]
    fn more_of_anything_takes_no_less() {
        let memory = SMALL.memory();
        for more in [
            Need { agents: 2000, ..SMALL },
            Need { threads: 8, ..SMALL },
            Need { numbers: 2000, ..SMALL },
            Need { groups: 3, ..SMALL },
            Need { runs: 2, ..SMALL },
            Need { traced: 1000, ..SMALL },
            Need { compared: 1000, ..SMALL },
            Need { excursions: 1000, ..SMALL },
            Need { table: [10, 1], ..SMALL },
        ] {
            assert!(more.memory() > memory, "{more:?}");
            assert!(more.disk() >= SMALL.disk());
        }
    }

    #[test]
    fn what_fits_is_not_refused_and_nothing_is_where_nothing_is_known() {
        assert_eq!(SMALL.refused(left(SMALL.memory())), None);
        assert_eq!(Need { numbers: 1 << 40, ..SMALL }.refused(Left::default()), None);
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_would() {
        let exact = Need { agents: 10_000_000, numbers: 500, groups: 3, exact: true, ..SMALL };
        let finding = exact.refused(left(8 << 30)).unwrap();
        assert!(finding.what.starts_with("this run needs about 160 GB"), "{}", finding.what);
        let help = finding.help.unwrap();
        for way in ["quantiles that are counted", "`--agents ", "at most "] {
            assert!(help.contains(way), "{way}: {help}");
        }
        let agents: u64 =
            help.split("`--agents ").nth(1).unwrap().split('`').next().unwrap().parse().unwrap();
        assert!(Need { agents, ..exact }.memory() <= 8 << 30);
        assert!(Need { agents: agents + 1, ..exact }.memory() > 8 << 30);
        let many = Need { numbers: 10_000, kept: false, agents: 1_000_000, threads: 64, ..SMALL };
        let help = many.refused(left(512 << 20)).unwrap().help.unwrap();
        assert!(help.contains("`--threads 1`") && !help.contains("--agents"), "{help}");
        let nothing = SMALL.refused(left(1 << 20)).unwrap().help.unwrap();
        assert!(nothing.starts_with("close other programs"), "{nothing}");
    }

    #[test]
    fn a_disk_that_is_too_small_is_named() {
        let finding = SMALL.refused(Left { memory: None, disk: Some(1000) }).unwrap();
        assert!(
            finding.what.contains("writes about") && finding.notes[0].0 == "1 kB are free",
            "{finding:?}"
        );
    }

    #[test]
    fn sizes_have_two_figures() {
        let shown = [0, 999, 1500, 12_345_678, 160_000_000_000].map(bytes);
        assert_eq!(shown, ["0 B", "999 B", "1.5 kB", "12 MB", "160 GB"]);
    }
}
