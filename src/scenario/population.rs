//! The population: sizes, groups, spreads and correlations, checked against the values in force.
//! Knows nothing of phases and observations.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Entry, Node};
use crate::population::{Correlation, Group as Part, Population, Sampler, Spread, Vary, sdlog_of_cv};
use crate::unit::Unit;

use super::keys::{POPULATION, SPREAD};
use super::parameters::{Group, Value, column_of};
use super::quantity::{entries, in_unit, items, share};

const MOST_AGENTS: i64 = 1_000_000_000;
/// The group that is everybody.
const ALL: &str = "all";
/// More are a slip, and whether they are possible together takes a time that grows with their cube.
const MOST_CORRELATIONS: usize = 200;
const MOST_GROUPS: usize = 100;
/// More agents than this nobody looks at one by one.
const MOST_TRACED: usize = 1000;

pub(super) fn groups<'n>(root: &'n Node, findings: &mut Findings) -> Vec<Group<'n>> {
    let Some(population) = root.key("population") else { return Vec::new() };
    let mut groups = Vec::new();
    for (name, entry) in entries(population, "groups") {
        if name == ALL {
            let finding = Finding::error("`all` is the group of all agents").at(&entry.key);
            findings.push(finding.help("give the group another name"));
        }
        groups.push(Group { name: name.to_owned(), node: &entry.node });
    }
    if groups.len() > MOST_GROUPS {
        let what = format!("there are {} groups, and a population has at most {MOST_GROUPS}", groups.len());
        findings.push(Finding::error(what).at(&population.at));
        groups.truncate(MOST_GROUPS);
    }
    groups
}

/// The population; the slots of `values` (by arm) learn which of them vary.
pub(super) fn read(
    root: &Node,
    groups: &[Group],
    values: &mut [Vec<Value>],
    findings: &mut Findings,
) -> Population {
    let nothing = Node { value: crate::document::Value::Table(Default::default()), at: root.at.clone() };
    let node = root.key("population").unwrap_or(&nothing);
    let mut population = Population {
        agents: agents(node, findings),
        seed: seed(node, findings),
        vary: vary(node, values, findings),
        correlations: Vec::new(),
        groups: parts(node, groups, values, findings),
    };
    correlations(node, &mut population, findings);
    population
}

fn agents(node: &Node, findings: &mut Findings) -> u64 {
    let Some(node) = node.key("agents") else { return default_of("agents") };
    match node.whole() {
        Some(agents) if (1..=MOST_AGENTS).contains(&agents) => agents as u64,
        Some(_) => {
            let what = format!("a population has 1 to {MOST_AGENTS} agents");
            findings.push(Finding::error(what).at(&node.at).help("for a first look 1000 are enough"));
            1
        }
        None => 1,
    }
}

fn seed(node: &Node, findings: &mut Findings) -> u64 {
    let Some(node) = node.key("seed") else { return default_of("seed") };
    let seed = node.whole().map(u64::try_from);
    if let Some(Err(_)) = seed {
        findings.push(Finding::error("a seed is a whole number from 0").at(&node.at));
    }
    seed.and_then(Result::ok).unwrap_or(1)
}

/// The default stands in the key table.
fn default_of(key: &str) -> u64 {
    match POPULATION.key(key).map(|key| key.need) {
        Some(crate::document::Need::Default(text)) => text.parse().unwrap_or(1),
        _ => 1,
    }
}

/// Rows of the table of traced agents.
const MOST_ROWS: usize = 5_000_000;

/// `each` values of every traced agent make a row each.
pub(super) fn not_too_many_traced(root: &Node, traced: usize, each: usize, findings: &mut Findings) {
    if traced.saturating_mul(each) > MOST_ROWS {
        let at = root.key("trace").map_or(&root.at, |node| &node.at);
        let what = format!(
            "{traced} traced agents with {each} values each are too many: at most {MOST_ROWS} values fit"
        );
        findings.push(Finding::error(what).at(at).help("trace fewer agents, or record less often"));
    }
}

/// Agents whose series are kept one by one, ascending.
pub(super) fn traced(root: &Node, agents: u64, findings: &mut Findings) -> Vec<u64> {
    let list = items(root, "trace");
    if list.len() > MOST_TRACED {
        let at = root.key("trace").map_or(&root.at, |node| &node.at);
        findings.push(Finding::error(format!("at most {MOST_TRACED} agents are traced")).at(at));
        return Vec::new();
    }
    let mut traced = Vec::new();
    for node in list {
        match node.whole().map(u64::try_from) {
            Some(Ok(agent)) if agent < agents => traced.push(agent),
            Some(_) => {
                let finding = Finding::error("there is no such agent").at(&node.at);
                findings.push(finding.help(format!("agents are counted from 0 to {}", agents - 1)));
            }
            None => {}
        }
    }
    traced.sort_unstable();
    traced.dedup();
    traced
}

fn vary(node: &Node, values: &mut [Vec<Value>], findings: &mut Findings) -> Vec<Vary> {
    let mut all: Vec<Vary> = Vec::new();
    for (name, entry) in entries(node, "vary") {
        let found: Vec<&Value> = values.iter().flatten().filter(|value| value.name == name).collect();
        let Some(first) = found.first() else {
            let known = values.iter().flatten().map(|value| value.name.as_str());
            let known: std::collections::BTreeSet<&str> = known.collect();
            let finding =
                Finding::error(format!("there is no parameter `{name}` that could vary")).at(&entry.key);
            findings.push(finding.nearest(name, known));
            continue;
        };
        if let Some(other) = found.iter().find(|value| !value.unit.fits(&first.unit)) {
            let what = format!(
                "`{name}` is in {} in one arm and in {} in another",
                first.unit.label(),
                other.unit.label()
            );
            findings.push(Finding::error(what).at(&entry.key).help("give both models the same unit"));
            continue;
        }
        let Some((spread, at)) = spread(&entry.node, name, &first.unit, findings) else { continue };
        problems(&spread, &found, entry, &at, findings);
        let position = all.len();
        all.push(Vary { parameter: name.to_owned(), spread });
        for value in values.iter_mut().flatten().filter(|value| value.name == name) {
            value.slot.vary = Some(position);
        }
    }
    all
}

/// What keeps agents from being drawn around a value in force, each told once.
fn problems(spread: &Spread, found: &[&Value], entry: &Entry, at: &Span, findings: &mut Findings) {
    for value in found {
        for (column, place) in value.places.iter().enumerate() {
            let Some(problem) = spread.problem(column_of(value, column)) else { continue };
            let mut finding = Finding::error(format!("`{}` cannot vary so: {problem}", value.name)).at(at);
            finding.label = String::new();
            if let Some(place) = place.as_ref().filter(|place| **place != entry.node.at) {
                finding = finding.because("the value stands here", Some(place));
            }
            findings.push(finding);
        }
    }
}

/// A spread in the parameter's unit, and the place of its numbers.
fn spread(node: &Node, name: &str, unit: &Unit, findings: &mut Findings) -> Option<(Spread, Span)> {
    let (kind, entry) = node.table()?.iter().find(|(kind, _)| SPREAD.key(kind).is_some())?;
    let table = &entry.node;
    table.table()?;
    let number = |key: &str| table.key(key)?.number();
    let what = |key: &str| format!("`{key}` of `{name}`");
    let mut sized = |key: &str| in_unit(table.key(key)?, unit, &what(key), findings);
    let spread = match kind.as_str() {
        "lognormal" => return lognormal(table, findings).map(|spread| (spread, table.at.clone())),
        "normal" => Spread::Normal { sd: sized("sd")? },
        "logitnormal" => Spread::LogitNormal { sd: number("sd")? },
        "gamma" => Spread::Gamma { cv: number("cv")? },
        "beta" => Spread::Beta { cv: number("cv")? },
        _ => {
            let (low, high) = (sized("low"), sized("high"));
            let (low, high) = (low?, high?);
            match kind.as_str() {
                "uniform" => Spread::Uniform { low, high },
                "loguniform" => Spread::LogUniform { low, high },
                _ => Spread::Triangular { low, high },
            }
        }
    };
    Some((spread, table.at.clone()))
}

fn lognormal(table: &Node, findings: &mut Findings) -> Option<Spread> {
    match (table.key("cv"), table.key("sdlog")) {
        (Some(cv), None) => {
            let cv = cv.number().map(|written| (written, cv))?;
            if cv.0 > 0.0 {
                return Some(Spread::Lognormal { sdlog: sdlog_of_cv(cv.0) });
            }
            findings.push(
                Finding::error("`cv` is a number above 0")
                    .at(&cv.1.at)
                    .help("leave a parameter that does not vary out of `vary`"),
            );
            None
        }
        (None, Some(sdlog)) => Some(Spread::Lognormal { sdlog: sdlog.number()? }),
        (Some(_), Some(sdlog)) => {
            let finding = Finding::error("a lognormal spread has `cv` or `sdlog`, not both").at(&sdlog.at);
            findings.push(finding.because("sdlog = sqrt(ln(1 + cv^2))", None).help("keep one of the two"));
            None
        }
        (None, None) => {
            let finding = Finding::error("a lognormal spread needs `cv` or `sdlog`").at(&table.at);
            findings.push(finding.help("write `{ lognormal = { cv = 0.3 } }`"));
            None
        }
    }
}

fn parts(node: &Node, groups: &[Group], values: &[Vec<Value>], findings: &mut Findings) -> Vec<Part> {
    let mut parts = Vec::new();
    for (position, group) in groups.iter().enumerate() {
        let share = group.node.key("share").and_then(|node| share(node, findings));
        let of_group = |name: &str| {
            let value = values.iter().flatten().find(|value| value.name == name)?;
            Some((name.to_owned(), value.slot.by_group[position]))
        };
        let parameters = entries(group.node, "parameters").filter_map(|(name, _)| of_group(name)).collect();
        let Some(share) = share else { return parts };
        parts.push(Part { name: group.name.clone(), share, parameters });
    }
    let population = Population { groups: parts, ..Population::default() };
    if let Some(problem) = population.shares_problem() {
        let at = node.key("groups").map_or(&node.at, |groups| &groups.at);
        findings.push(Finding::error(problem).at(at));
    }
    population.groups
}

fn correlations(node: &Node, population: &mut Population, findings: &mut Findings) {
    let list = items(node, "correlations");
    if list.len() > MOST_CORRELATIONS {
        let at = node.key("correlations").map_or(&node.at, |node| &node.at);
        findings.push(Finding::error(format!("there are more than {MOST_CORRELATIONS} correlations")).at(at));
        return;
    }
    let mut places = Vec::new();
    for node in list {
        let Some(between) = node.key("between") else { continue };
        let names: Vec<String> =
            between.list().unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect();
        let (Ok(between_two), Some(value)) = (names.try_into(), node.key("value").and_then(Node::number))
        else {
            if between.list().is_some_and(|list| list.len() != 2) {
                let finding = Finding::error("a correlation is between two parameters").at(&between.at);
                findings.push(finding.help("write `between = [\"a\", \"b\"]`"));
            }
            continue;
        };
        places.push(&node.at);
        population.correlations.push(Correlation { between: between_two, value });
    }
    if let Err(problems) = Sampler::new(population) {
        for (correlation, problem) in problems {
            let at = places.get(correlation).copied().unwrap_or(&node.at);
            findings.push(Finding::error(problem).at(at));
        }
    }
}
