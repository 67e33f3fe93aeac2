//! `agents.parquet`: what each agent came to in each arm, a row for each of both.
//! Knows nothing of files: rows come and go with the blocks of a run.
//!
//! A measure that names its arms itself stands in the row of each arm: the rows of one arm are then one row per agent with all that is
//! known of it, and nothing has to be joined. Where models differ a column that an arm lacks is empty there.

use std::collections::HashMap;

use crate::engine::{Ended, EndedArm};
use crate::table::{Column, Data, Table};
use crate::unit::Unit;

use super::failures::words;
use super::measures::shown;
use crate::scenario::Scenario;

/// Name of the table.
pub const AGENTS: &str = "agents";
/// Columns before the numbers.
const OWN: [(&str, &str); 4] = [
    ("agent", "index of the agent, from 0"),
    ("group", "group of the population; empty without groups"),
    ("arm", "name of the arm"),
    ("failed", "why the agent could not go on in the arm; empty where it lived to the end"),
];

/// Where a number of an arm comes from: a position in what ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// Position in `Scenario::measures`.
    Measure(usize),
    /// Position among the slots that differ.
    Value(usize),
    State(usize),
}

/// A number in one unit.
struct Number {
    name: String,
    unit: String,
    doc: String,
    /// What the name is put behind where another column has it.
    kind: &'static str,
    /// By arm; `None` where the arm has none.
    from: Vec<Option<From>>,
}

/// The columns of the table, and how they are filled.
pub struct Agents<'a> {
    scenario: &'a Scenario,
    groups: Vec<&'a str>,
    numbers: Vec<Number>,
}

impl<'a> Agents<'a> {
    pub fn new(scenario: &'a Scenario) -> Agents<'a> {
        let mut agents = Agents {
            scenario,
            groups: scenario.plan.population.groups.iter().map(|group| group.name.as_str()).collect(),
            numbers: Vec::new(),
        };
        let arms = 0..scenario.arms.len();
        for (n, measure) in scenario.measures.iter().enumerate() {
            let unit = shown(measure).0.to_owned();
            for arm in arms.clone().filter(|arm| measure.arm.is_none_or(|own| own == *arm)) {
                let column = [measure.name.as_str(), unit.as_str(), measure.doc.as_str()];
                agents.number(arm, "measure", column, From::Measure(n));
            }
        }
        for arm in arms.clone() {
            agents.values(arm);
        }
        for arm in arms {
            for (n, state) in scenario.arms[arm].model.states.iter().enumerate() {
                let name = format!("end {}", state.name);
                let doc = match state.doc.is_empty() {
                    true => "at the end of the arm".to_owned(),
                    false => format!("{}, at the end of the arm", state.doc),
                };
                agents.number(arm, "state", [&name, state.unit.label(), &doc], From::State(n));
            }
        }
        agents.unique();
        agents
    }

    fn values(&mut self, arm: usize) {
        let scenario = self.scenario;
        let model = &scenario.arms[arm].model;
        let of_model = model.parameters.iter().map(|p| (p.name.as_str(), (&p.unit, p.doc.as_str())));
        let own = scenario.own.iter().map(|(name, unit)| (name.as_str(), (unit, "")));
        let known: HashMap<&str, (&Unit, &str)> = of_model.chain(own).collect();
        let plan = &scenario.plan.arms[arm];
        let slots = plan.slots.iter().zip(&plan.system.values).filter(|(slot, _)| slot.differs());
        for (n, (_, sym)) in slots.enumerate() {
            let name = plan.system.arena.name(*sym);
            let (unit, doc) = known.get(name).map_or(("", ""), |(unit, doc)| (unit.label(), *doc));
            self.number(arm, "value", [name, unit, doc], From::Value(n));
        }
    }

    fn number(&mut self, arm: usize, kind: &'static str, [name, unit, doc]: [&str; 3], from: From) {
        let same = |number: &&mut Number| number.kind == kind && number.name == name && number.unit == unit;
        if let Some(number) = self.numbers.iter_mut().find(same) {
            number.from[arm] = Some(from);
            return;
        }
        let mut of_arms = vec![None; self.scenario.arms.len()];
        of_arms[arm] = Some(from);
        let (name, unit, doc) = (name.to_owned(), unit.to_owned(), doc.to_owned());
        self.numbers.push(Number { name, unit, doc, kind, from: of_arms });
    }

    /// Names that several columns would have say more: what it is, and in which unit.
    fn unique(&mut self) {
        let mut taken: Vec<String> = OWN.iter().map(|(name, _)| (*name).to_owned()).collect();
        for number in &mut self.numbers {
            let long = format!("{} {}", number.kind, number.name);
            let with_unit = format!("{long} [{}]", number.unit);
            let free = [number.name.clone(), long, with_unit].into_iter().find(|name| !taken.contains(name));
            number.name = free.unwrap_or_else(|| format!("column {}", taken.len()));
            taken.push(number.name.clone());
        }
    }

    /// Columns of numbers.
    pub fn numbers(&self) -> usize {
        self.numbers.len()
    }

    /// The table of some agents, in order of agent, then arm. Nobody's is the header.
    pub fn rows(&self, ended: Option<&Ended>) -> Table {
        let arms = &self.scenario.arms;
        let cells = || {
            let agents = 0..ended.map_or(0, Ended::agents);
            agents.flat_map(|agent| (0..arms.len()).map(move |arm| (agent, arm)))
        };
        let text = |of: &dyn Fn(&Ended, usize, usize) -> Option<String>| {
            Data::Text(cells().map(|(agent, arm)| of(ended?, agent, arm)).collect())
        };
        let own = [
            Data::Whole(cells().map(|(agent, _)| Some(ended?.first + agent as u64)).collect()),
            text(&|ended, agent, _| Some(self.groups.get(ended.groups[agent]?).copied()?.to_owned())),
            text(&|_, _, arm| Some(arms[arm].name.clone())),
            text(&|ended, agent, arm| Some(words(self.scenario, arm, ended.arms[arm].causes[agent]?).0)),
        ];
        let own = OWN.iter().zip(own).map(|((name, doc), data)| Column::new(name, doc, data));
        let mut columns: Vec<Column> = own.collect();
        columns.extend(self.numbers.iter().map(|number| {
            let of = |arm: usize| {
                ended.zip(number.from[arm]).map(|(ended, from)| self.cells(ended, &ended.arms[arm], from))
            };
            let of: Vec<Option<Vec<f64>>> = (0..arms.len()).map(of).collect();
            let cell = |(agent, arm): (usize, usize)| of[arm].as_ref().map_or(f64::NAN, |cells| cells[agent]);
            Column {
                name: number.name.clone(),
                unit: number.unit.clone(),
                doc: number.doc.clone(),
                data: Data::Number(cells().map(cell).collect()),
            }
        }));
        Table::new(AGENTS, columns)
    }

    /// By agent; as `measures.csv` shows them.
    fn cells(&self, ended: &Ended, arm: &EndedArm, from: From) -> Vec<f64> {
        match from {
            From::Measure(n) => {
                let measure = &self.scenario.measures[n];
                let (_, shown) = shown(measure);
                ended.outcomes[measure.outcome].iter().map(|value| shown(*value)).collect()
            }
            From::Value(n) => arm.values[n].clone(),
            From::State(n) => arm.states[n].clone(),
        }
    }
}
