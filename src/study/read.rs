//! A study read: the tree, the scenario that it names, the factors, the design; then every factor's ends tried in the scenario.
//! Knows nothing of running. Reading goes on after each finding, so that all are told at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::{Error, Finding, Findings, Severity, Source};
use crate::document::{self, Node};
use crate::scenario::quantity::{entries, texts, title, words};
use crate::scenario::{Asking, Scenario, Text};

use super::design::Design;
use super::factor::Factor;
use super::keys::STUDY;
use super::layout::{self, Layout};
use super::{Luck, Open, Opened, Output, Read, SharedFiles, Study, Value, factors, parts, units};

/// Runs of each point.
const MOST_REPEATS: i64 = 1_000_000;
/// Columns that each table of points has.
const OWN: [&str; 5] = ["point", "repeat", "seed", "failed", "reason"];
/// Readings of the scenario for one factor.
const MOST_TRIED: usize = 100;
/// Coordinate of a value between the ends.
const INSIDE: f64 = 0.37;
/// More columns than this nobody reads.
const MOST_OUTPUTS: usize = 1000;

pub(super) fn study(name: &str, source: &Source, open: &Open) -> Result<Study, Error> {
    let mut findings = Findings::new();
    let Some(root) = Node::parse(source, &mut findings) else {
        return Err(Error { findings: findings.into_vec() });
    };
    document::check(&root, &STUDY, &mut findings);
    let mut reader = Reader { root: &root, findings };
    let study = reader.study(name, source, open);
    let (study, _) = reader.findings.finish(study)?;
    Ok(study)
}

struct Reader<'a> {
    root: &'a Node,
    findings: Findings,
}

impl Reader<'_> {
    fn study(&mut self, name: &str, source: &Source, open: &Open) -> Option<Study> {
        let (root, findings) = (self.root, &mut self.findings);
        let title = title(root, findings);
        let repeats = repeats(root, findings);
        let seed = seed(root, findings);
        let set = texts(root, "set", findings);
        let set: Vec<Source> = set.into_iter().map(|(text, _)| Source::new("set", text)).collect();
        let asked = asked(root, findings);
        let Opened { name: of_scenario, source: written, files } = self.opened(open)?;
        let files = read_once(files);
        let text = Text::new(&of_scenario, &written);
        let text = self.right(text)?;
        // What the scenario notes is its own affair.
        let scenario = text.asking(&set, &|file| files(file), &asked);
        let scenario = self.right(scenario)?;
        let findings = &mut self.findings;
        let outputs = outputs(root, &scenario, &asked, findings);
        let factors = factors::read(root, &scenario, findings);
        let Layout { design, points, places } = layout::read(root, &factors, seed, findings)?;
        unique(root, &factors, &outputs, findings);
        if points.checked_mul(repeats).is_none() {
            let at = root.key("repeats").map_or(&root.at, |node| &node.at);
            findings.push(Finding::error("the study has more rows than can be counted").at(at));
            return None;
        }
        let agents = scenario.plan.population.agents;
        let per_unit = per_unit(root, points, &design, agents, findings);
        let luck = match root.key("luck").and_then(Node::text) {
            Some("own") => Luck::Own,
            _ => Luck::Common,
        };
        let doc = words(root, "doc");
        let source = source.clone();
        let name = name.to_owned();
        let study = Study {
            name,
            named: words(root, "scenario"),
            title,
            doc,
            source,
            scenario,
            factors,
            design,
            points,
            repeats,
            luck,
            outputs,
            per_unit,
            most_agents: parts::MOST_AGENTS,
            text,
            files,
            set,
            asked,
            places,
        };
        unsplit(root, &study, &mut self.findings);
        self.tried(&study);
        Some(study)
    }

    fn opened(&mut self, open: &Open) -> Option<Opened> {
        let node = self.root.key("scenario")?;
        let opened = open(node.text()?).map_err(|finding| finding.at(&node.inside()));
        self.findings.take(opened)
    }

    fn right<T>(&mut self, read: Result<T, Error>) -> Option<T> {
        read.map_err(|error| self.findings.append(error.findings)).ok()
    }

    /// Reads the scenario at each end or value of every factor, with the others as they are: what it refuses is told before
    /// anything runs.
    fn tried(&mut self, study: &Study) {
        for factor in &study.factors {
            for value in tried(factor) {
                let changes = factor.changes(&value).into_iter();
                let changes = changes.map(|text| Source::new(format!("vary.{}", factor.name), text));
                let changes: Vec<Source> = study.set.iter().cloned().chain(changes).collect();
                if let Err(error) = study.numbers_of(&changes) {
                    let wrong =
                        error.findings.into_iter().filter(|finding| finding.severity == Severity::Error);
                    self.findings.append(wrong.take(1));
                    break;
                }
            }
        }
    }
}

/// Each file as it was when it was first read, so that no point sees another text than those before it.
fn read_once(files: SharedFiles) -> SharedFiles {
    let known: Mutex<HashMap<String, Source>> = Mutex::default();
    Arc::new(move |file| {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(source) = known.get(file) {
            return Ok(source.clone());
        }
        let source = files(file)?;
        known.insert(file.to_owned(), source.clone());
        Ok(source)
    })
}

/// Values of a factor that are tried before anything runs: both ends and one between them (which is no whole number where the ends
/// are), or its values, of many some.
fn tried(factor: &Factor) -> Vec<Value> {
    let mut values = factor.samples();
    if factor.levels().is_none() {
        values.push(factor.value(INSIDE));
    }
    let step = values.len().div_ceil(MOST_TRIED).max(1);
    values.into_iter().step_by(step).collect()
}

fn seed(root: &Node, findings: &mut Findings) -> u64 {
    let Some(node) = root.key("seed") else { return 1 };
    let Some(seed) = node.whole() else { return 1 };
    if seed < 0 {
        findings.push(Finding::error("a seed is a whole number from 0").at(&node.at));
    }
    seed.unsigned_abs()
}

fn repeats(root: &Node, findings: &mut Findings) -> u64 {
    let Some((node, repeats)) = root.key("repeats").and_then(|node| Some((node, node.whole()?))) else {
        return 1;
    };
    if !(1..=MOST_REPEATS).contains(&repeats) {
        let what = format!("a point is run 1 to {MOST_REPEATS} times");
        findings.push(Finding::error(what).at(&node.at));
    }
    repeats.clamp(1, MOST_REPEATS).unsigned_abs()
}

/// The expressions of the outputs.
fn asked(root: &Node, findings: &mut Findings) -> Vec<Asking> {
    let mut all = Vec::new();
    for (name, entry) in entries(root, "outputs") {
        let node = entry.node.key("value").unwrap_or(&entry.node);
        if node.text().is_none() {
            continue;
        }
        if let Some((_, text)) = findings.take(node.exact_text()) {
            all.push(Asking { name: name.to_owned(), text });
        }
    }
    all
}

fn outputs(root: &Node, scenario: &Scenario, asked: &[Asking], findings: &mut Findings) -> Vec<Output> {
    let doc = |name: &str| {
        let table = root.key("outputs").and_then(|outputs| outputs.key(name));
        table.map(|table| words(table, "doc")).unwrap_or_default()
    };
    let totals = scenario.totals.iter().enumerate().map(|(n, text)| Output {
        name: text.name.clone(),
        unit: label(text.total.unit.label()),
        doc: asked.get(text.asking).map(|asking| doc(&asking.name)).unwrap_or_default(),
        read: Read::Total(n),
    });
    let mut all: Vec<Output> = totals.collect();
    if root.key("claims").and_then(Node::flag) == Some(true) {
        all.extend(scenario.claims.iter().enumerate().map(|(n, text)| Output {
            name: format!("holds {}", text.claim.name),
            unit: String::new(),
            doc: text.claim.say.clone(),
            read: Read::Claim(n),
        }));
    }
    if all.is_empty() {
        let finding = Finding::error("the study reads nothing").at(&root.at);
        let known: Vec<String> =
            scenario.measures.iter().map(|measure| format!("`{}`", measure.name)).collect();
        let finding = match known.is_empty() {
            true => finding,
            false => finding.because(format!("the scenario has the measures {}", known.join(", ")), None),
        };
        findings.push(
            finding.help("add outputs: `[outputs]` with `NAME = \"median(MEASURE)\"`, or `claims = true`"),
        );
    }
    if all.len() > MOST_OUTPUTS {
        let what = format!("a study reads at most {MOST_OUTPUTS} numbers, and these are {}", all.len());
        findings.push(Finding::error(what).at(&root.at));
    }
    all
}

/// As a header shows it: nothing for what has none.
fn label(label: &str) -> String {
    if label == "1" { String::new() } else { label.to_owned() }
}

/// Columns are found by their names.
fn unique(root: &Node, factors: &[Factor], outputs: &[Output], findings: &mut Findings) {
    let mut known: Vec<&str> = OWN.to_vec();
    let factors = factors.iter().map(|factor| (factor.name.as_str(), "vary"));
    let outputs = outputs.iter().map(|output| (output.name.as_str(), "outputs"));
    for (name, table) in factors.chain(outputs) {
        if known.contains(&name) {
            let place = root.key(table).and_then(Node::table).and_then(|table| table.get(name));
            let at = place.map_or(&root.at, |entry| &entry.key);
            let what = format!("two columns of the table of points would be called `{name}`");
            let help = match table {
                "vary" => "give the factor another name and say its `path`",
                _ => "choose another name",
            };
            findings.push(Finding::error(what).at(at).help(help));
        }
        known.push(name);
    }
}

fn per_unit(root: &Node, points: u64, design: &Design, agents: u64, findings: &mut Findings) -> u64 {
    let block = design.block();
    let default = units::per_unit(points, block, agents);
    let Some((node, written)) = root.key("unit").and_then(|node| Some((node, node.whole()?))) else {
        return default;
    };
    match u64::try_from(written) {
        Ok(written) if written > units::most(block) => {
            let what =
                format!("a unit has at most {} points, which are in memory together", units::most(block));
            findings.push(Finding::error(what).at(&node.at).help("write a smaller number, or leave it out"));
            default
        }
        Ok(written) if written > 0 && written.is_multiple_of(block) => written,
        _ => {
            let what = match block {
                1 => "a unit has at least one point".to_owned(),
                _ => format!("a unit holds whole blocks of this design, which are of {block} points"),
            };
            let help = format!("write a multiple of {block}, or leave it out");
            findings.push(Finding::error(what).at(&node.at).help(help));
            default
        }
    }
}

/// A unit is a part of a point where points are large, whatever the file says of points.
fn unsplit(root: &Node, study: &Study, findings: &mut Findings) {
    let (Some(node), parts @ 2..) = (root.key("unit"), study.parts()) else { return };
    let agents = study.scenario.plan.population.agents;
    let what = format!("a point of {agents} agents is more than a unit by itself");
    let help = format!("leave `unit` out: a point of so many agents is {parts} units");
    findings.push(Finding::error(what).at(&node.at).help(help));
}
