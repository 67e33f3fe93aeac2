//! `[[figure]]`: figures that a scenario asks for, and the records and assays that they need.
//! Knows nothing of how they are drawn.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;
use crate::engine::Window;
use crate::expression::{Part, Syntax, parse};
use crate::measure::{ArmScope, Bench};
use crate::population::Population;
use crate::stimulus::Micros;

use super::quantity::{items, texts, title, words};
use super::records::{Recorder, Written, named};
use super::{AssayText, MeasureText, Record, Stat, arms, assays, statistic};

/// A figure that the scenario asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureText {
    /// Empty: the figure says itself what it shows.
    pub title: String,
    /// Names of the arms that are drawn.
    pub arms: Vec<String>,
    pub asked: Asked,
}

/// What a figure draws.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    Decomposition {
        total: Plotted,
        parts: Vec<Plotted>,
    },
    PhasePortrait {
        x: Plotted,
        y: Plotted,
    },
    /// `phase` is empty where the measure counts from no phase.
    Recovery {
        measure: String,
        phase: String,
        by_group: bool,
    },
    Archetypes {
        panels: Vec<Swept>,
    },
    Scales {
        what: Vec<Plotted>,
        by_group: bool,
    },
}

/// A recorded quantity, as `summary.csv` writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plotted {
    pub what: String,
    pub window: String,
}

/// An acute curve before and after, as `assays.csv` writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Swept {
    pub title: String,
    pub arm: String,
    pub response: String,
    pub before: String,
    pub after: String,
}

/// A figure with its place in the file.
pub(super) type Placed = (usize, FigureText);

/// Keys that a kind must have, and those that it may have beside `kind` and `title`.
const KINDS: [(&str, &[&str], &[&str]); 5] = [
    ("decomposition", &["total", "parts"], &["arms"]),
    ("phase_portrait", &["x", "y"], &["arms", "relative"]),
    ("recovery", &["measure"], &["arms", "by", "phase"]),
    ("archetypes", &["panels"], &["before", "after"]),
    ("scales", &["what"], &["arms", "by", "relative"]),
];
/// Panels, parts or quantities of one figure.
const MOST: usize = 12;

/// Figures of one kind that have the keys of their kind, with their places.
fn of_kind<'n>(root: &'n Node, kind: &'static str) -> impl Iterator<Item = (usize, &'n Node)> {
    let own = move |(_, node): &(usize, &Node)| node.key("kind").and_then(Node::text) == Some(kind);
    items(root, "figure").iter().enumerate().filter(own)
}

/// Keys that are missing or belong to another kind. Whether all needed are there.
fn keys_fit(node: &Node, findings: &mut Findings) -> bool {
    let kind = node.key("kind").and_then(Node::text).unwrap_or_default();
    let Some((_, needed, others)) = KINDS.iter().find(|(name, ..)| *name == kind) else { return false };
    for (name, entry) in node.table().into_iter().flatten() {
        let known = ["kind", "title"].iter().chain(*needed).chain(*others).any(|key| key == name);
        // A key that no figure has was told when the file was checked.
        if !known && KINDS.iter().any(|(_, a, b)| a.iter().chain(*b).any(|key| key == name)) {
            let what = format!("`{name}` is not a key of a figure of kind `{kind}`");
            let all: Vec<String> =
                needed.iter().chain(*others).chain(&["title"]).map(|key| format!("`{key}`")).collect();
            findings
                .push(Finding::error(what).at(&entry.key).help(format!("it may have {}", all.join(", "))));
        }
    }
    let mut whole = true;
    for key in needed.iter().filter(|key| node.key(key).is_none()) {
        whole = false;
        findings.push(Finding::error(format!("a figure of kind `{kind}` needs `{key}`")).at(&node.at));
    }
    whole
}

/// Decompositions, phase portraits and scales; what they draw and nothing records is recorded.
pub(super) fn of_quantities(
    root: &Node,
    recorder: &mut Recorder,
    population: &Population,
    findings: &mut Findings,
) -> Vec<Placed> {
    let mut all = Vec::new();
    for (place, node) in items(root, "figure").iter().enumerate() {
        if keys_fit(node, findings)
            && let Some(figure) = of_quantity(node, recorder, population, findings)
        {
            all.push((place, figure));
        }
    }
    all
}

fn of_quantity(
    node: &Node,
    recorder: &mut Recorder,
    population: &Population,
    findings: &mut Findings,
) -> Option<FigureText> {
    let kind = node.key("kind").and_then(Node::text)?;
    let keys: &[&str] = match kind {
        "decomposition" => &["total", "parts"],
        "phase_portrait" => &["x", "y"],
        "scales" => &["what"],
        _ => return None,
    };
    let names: Vec<String> = recorder.scopes.iter().map(|scope| scope.name.clone()).collect();
    let chosen = arms::filter(node, &names, findings);
    let wanted: Vec<(String, Span)> = keys.iter().flat_map(|key| texts(node, key, findings)).collect();
    let most = MOST + usize::from(kind == "decomposition");
    if wanted.len() < keys.len() || wanted.len() > most {
        let last = node.key(keys[keys.len() - 1]).unwrap_or(node);
        let what = format!("a figure of kind `{kind}` draws 1 to {MOST} quantities here");
        findings.push(Finding::error(what).at(&last.at));
        return None;
    }
    let relative = node.key("relative").and_then(Node::flag).unwrap_or(false);
    let mut quantities = Vec::new();
    for (text, at) in &wanted {
        let syntax = findings.take(parse(text, at))?;
        let (name, syntax) = findings.take(named(text.trim(), syntax, relative))?;
        quantities.push((name, syntax));
    }
    let mut request = Request { recorder, node, arms: &chosen, quantities, kind };
    let plotted = request.all(findings)?;
    let arms: Vec<String> = chosen.iter().map(|arm| names[*arm].clone()).collect();
    let by_group = by_group(node, population, findings);
    if kind == "scales" && by_group && arms.len() > 1 {
        let finding = Finding::error("scales by group draw one arm").at(&node.at);
        findings.push(finding.help(format!("name it: `arms = \"{}\"`", arms[0])));
    }
    let mut plotted = plotted.into_iter();
    let asked = match kind {
        "decomposition" => Asked::Decomposition { total: plotted.next()?, parts: plotted.collect() },
        "phase_portrait" => Asked::PhasePortrait { x: plotted.next()?, y: plotted.next()? },
        _ => Asked::Scales { what: plotted.collect(), by_group },
    };
    Some(FigureText { title: title(node, findings), arms, asked })
}

fn by_group(node: &Node, population: &Population, findings: &mut Findings) -> bool {
    let Some(by) = node.key("by").filter(|by| by.text() == Some("group")) else { return false };
    if population.groups.is_empty() {
        let finding = Finding::error("the population has no groups").at(&by.at);
        findings.push(finding.help("write them under `[population]`: `groups.slow = { share = 0.5 }`"));
    }
    true
}

/// Quantities of one figure on their way into the records.
struct Request<'a, 'r> {
    recorder: &'a mut Recorder<'r>,
    node: &'a Node,
    arms: &'a [usize],
    quantities: Vec<(String, Syntax)>,
    kind: &'a str,
}

impl Request<'_, '_> {
    /// All as they stand in the records, in their order.
    fn all(&mut self, findings: &mut Findings) -> Option<Vec<Plotted>> {
        let together = self.common_window();
        let mut plotted = Vec::new();
        for at in 0..self.quantities.len() {
            let what = self.quantities[at].0.clone();
            let own = self.recorder.records.iter().find(|record| record.what == what);
            // Panels of their own need no common window; a sum and a path do.
            let window = match own {
                Some(own) if self.kind == "scales" => own.window.clone(),
                _ => together.clone(),
            };
            self.recorded(at, &window, findings)?;
            plotted.push(Plotted { what, window });
        }
        if self.kind == "decomposition" {
            self.add_up(&plotted, findings)?;
        }
        Some(plotted)
    }

    /// The window in which most of the quantities are recorded; else that of another record.
    fn common_window(&self) -> String {
        // The mean of a sum is the sum of the means; extremes do not add up.
        let adds = |record: &&Record| !record.window.starts_with("min") && !record.window.starts_with("max");
        let records = &self.recorder.records;
        let wanted = |record: &Record| self.quantities.iter().any(|(name, _)| *name == record.what);
        let own: Vec<&Record> =
            records.iter().filter(|r| wanted(r) && (self.kind != "decomposition" || adds(r))).collect();
        let count = |window: &str| own.iter().filter(|record| record.window == window).count();
        let most = own.iter().map(|record| count(&record.window)).max();
        let best = own.iter().find(|record| Some(count(&record.window)) == most);
        let usual = |record: &&Record| {
            (record.window.is_empty() || record.window.starts_with("mean")) && self.has_course(record)
        };
        best.copied().or_else(|| records.iter().find(usual)).map_or(String::new(), |r| r.window.clone())
    }

    /// Whether a record has a course of times, not a few moments.
    fn has_course(&self, record: &Record) -> bool {
        self.series_of(record).any(|(_, times, _)| times.len() > 5)
    }

    /// (arm, times, window) of a record in each arm.
    fn series_of<'s>(
        &'s self,
        record: &'s Record,
    ) -> impl Iterator<Item = (usize, &'s Vec<Micros>, Option<(Micros, Window)>)> {
        let all = &self.recorder.series;
        let one = move |(arm, at): (usize, &Option<usize>)| {
            let series = &all[arm][(*at)?];
            Some((arm, &series.times, series.window))
        };
        record.series.iter().enumerate().filter_map(one)
    }

    /// Records a quantity in a window in the arms where nothing does yet, and its mean.
    fn recorded(&mut self, at: usize, window: &str, findings: &mut Findings) -> Option<()> {
        let (name, syntax) = self.quantities[at].clone();
        let own = |record: &Record| record.what == name && record.window == window;
        let has = |records: &[Record], arm: usize| {
            records.iter().any(|record| own(record) && record.series[arm].is_some())
        };
        let missing: Vec<usize> =
            self.arms.iter().copied().filter(|arm| !has(&self.recorder.records, *arm)).collect();
        let some = missing.len() < self.arms.len();
        // Where some arms have it, others may lack it in their models.
        let missing: Vec<usize> = match some {
            true => {
                missing.into_iter().filter(|arm| self.recorder.scopes[*arm].watch(&syntax).is_ok()).collect()
            }
            false => missing,
        };
        if !missing.is_empty() {
            let written = self.written(missing, window, findings)?;
            let before = findings.iter().count();
            self.recorder.quantity(&name, &syntax, &written, findings);
            if findings.iter().count() > before {
                return None;
            }
        }
        if self.node.key("arms").is_some()
            && let Some(arm) = self.arms.iter().find(|arm| !has(&self.recorder.records, **arm))
        {
            let scope = &mut self.recorder.scopes[*arm];
            let what = format!("arm `{}` has no `{name}`", scope.name);
            let why = scope.watch(&syntax).err().map(|finding| finding.what).unwrap_or_default();
            findings.push(Finding::error(what).at(&syntax.at).because(why, None));
            return None;
        }
        for record in self.recorder.records.iter_mut().filter(|record| own(record)) {
            for stat in [Stat::Mean, Stat::Quantile(0.5)] {
                if !record.stats.contains(&stat) {
                    record.stats.push(stat);
                }
            }
        }
        Some(())
    }

    /// A record in some arms, at the times that others have in this window: first those that the figure draws.
    fn written(&mut self, arms: Vec<usize>, window: &str, findings: &mut Findings) -> Option<Written> {
        let count = self.recorder.scopes.len();
        let wanted = |record: &&Record| self.quantities.iter().any(|(name, _)| *name == record.what);
        let same = || self.recorder.records.iter().filter(|record| record.window == window);
        let others = same().filter(|record| !wanted(record) && self.has_course(record));
        let mut times: Vec<Option<Vec<Micros>>> = vec![None; count];
        let mut length = None;
        for record in same().filter(wanted).chain(others) {
            for (arm, own, window) in self.series_of(record) {
                times[arm].get_or_insert_with(|| own.clone());
                length = length.or(window);
            }
        }
        let grid = match arms.iter().any(|arm| times[*arm].is_none()) && window.is_empty() {
            true => self.recorder.grid(self.node, None, &arms, false, self.quantities.len(), findings)?,
            false => vec![Vec::new(); count],
        };
        let times = times.into_iter().zip(grid).map(|(own, grid)| own.unwrap_or(grid)).collect();
        Some(Written {
            doc: String::new(),
            arms,
            times,
            window: length,
            label: window.to_owned(),
            relative: self.node.key("relative").and_then(Node::flag).unwrap_or(false),
            stats: statistic::usual(),
            for_figure: true,
        })
    }

    /// A part in another unit than the total is a finding.
    fn add_up(&self, plotted: &[Plotted], findings: &mut Findings) -> Option<()> {
        let unit = |plotted: &Plotted| {
            let own = |record: &&Record| record.what == plotted.what && record.window == plotted.window;
            self.recorder.records.iter().find(own).map(|record| &record.unit)
        };
        let total = unit(&plotted[0])?;
        let mut fits = Some(());
        for (part, (name, syntax)) in plotted.iter().zip(&self.quantities).skip(1) {
            let own = unit(part)?;
            if !own.fits(total) {
                let what = format!("`{name}` cannot be a part of `{}`", plotted[0].what);
                let why = format!("`{name}` is in {}, and the total is in {}", own.label(), total.label());
                findings.push(Finding::error(what).at(&syntax.at).because(why, None));
                fits = None;
            }
        }
        fits
    }
}

/// Figures of recovery. Their keys have been checked.
pub(super) fn of_measures(
    root: &Node,
    bench: &Bench,
    told: &[MeasureText],
    population: &Population,
    findings: &mut Findings,
) -> Vec<Placed> {
    let names: Vec<String> = bench.arms.iter().map(|scope| scope.name.clone()).collect();
    let mut all = Vec::new();
    for (place, node) in of_kind(root, "recovery") {
        let chosen = arms::filter(node, &names, findings);
        let by_group = by_group(node, population, findings);
        let Some((name, at)) = texts(node, "measure", findings).into_iter().next() else { continue };
        let Some(measure) = bench.measures.iter().find(|measure| measure.name == name) else {
            let finding = Finding::error(format!("there is no measure `{name}`")).at(&at);
            findings.push(finding.nearest(&name, bench.measures.iter().map(|m| m.name.as_str())));
            continue;
        };
        let of_measure = || told.iter().filter(|text| text.name == name);
        if let Some(text) = of_measure().find(|text| text.unit.in_microseconds().is_none()) {
            let what = format!("`{name}` is no time: it is in {}", text.unit.label());
            let finding = Finding::error(what).at(&at);
            findings.push(finding.help("recovery needs a time, such as `first(x > 0.95 [rest])`"));
            continue;
        }
        if node.key("arms").is_some()
            && let Some(arm) =
                chosen.iter().find(|arm| of_measure().all(|t| t.arm.is_some_and(|a| a != **arm)))
        {
            findings.push(Finding::error(format!("arm `{}` has no measure `{name}`", names[*arm])).at(&at));
            continue;
        }
        let Some(phase) = phase_of(node, &measure.syntax, &bench.arms, findings) else { continue };
        let arms = chosen.iter().map(|arm| names[*arm].clone()).collect();
        let asked = Asked::Recovery { measure: name, phase, by_group };
        all.push((place, FigureText { title: title(node, findings), arms, asked }));
    }
    all
}

/// The phase that is written, or the first that the measure names, or none. `None` with a finding.
fn phase_of(node: &Node, syntax: &Syntax, scopes: &[ArmScope], findings: &mut Findings) -> Option<String> {
    let names: Vec<&str> = scopes.iter().flat_map(|s| &s.phases).map(|(name, _)| name.as_str()).collect();
    let Some((text, at)) = texts(node, "phase", findings).into_iter().next() else {
        return Some(phase_in(syntax, &names).unwrap_or_default());
    };
    if names.contains(&text.as_str()) {
        return Some(text);
    }
    findings.push(Finding::error(format!("there is no phase `{text}`")).at(&at).nearest(&text, names));
    None
}

fn phase_in(syntax: &Syntax, names: &[&str]) -> Option<String> {
    let of_all = |all: &[Syntax]| all.iter().find_map(|part| phase_in(part, names));
    match &syntax.part {
        Part::At(inner, moment, _) => match names.contains(&moment.trim()) {
            true => Some(moment.trim().to_owned()),
            false => phase_in(inner, names),
        },
        Part::Negative(inner) => phase_in(inner, names),
        Part::Binary(_, a, b) | Part::Compare(_, a, b) => phase_in(a, names).or_else(|| phase_in(b, names)),
        Part::Call(_, all) | Part::And(all) => of_all(all),
        Part::Number(_) | Part::Quantity(..) | Part::Name(_) => None,
    }
}

/// Figures of archetypes; curves that no `[[assay]]` takes are taken.
pub(super) fn of_assays(
    root: &Node,
    scopes: &mut [ArmScope],
    taken: &mut Vec<AssayText>,
    findings: &mut Findings,
) -> Vec<Placed> {
    let mut all = Vec::new();
    for (place, node) in of_kind(root, "archetypes") {
        let list = items(node, "panels");
        if node.key("panels").is_some() && !(1..=MOST).contains(&list.len()) {
            let what = format!("a figure of archetypes has 1 to {MOST} panels");
            findings.push(Finding::error(what).at(&node.key("panels").unwrap_or(node).at));
        }
        let panels: Vec<Swept> =
            list.iter().filter_map(|panel| swept(node, panel, scopes, taken, findings)).collect();
        let mut arms: Vec<String> = panels.iter().map(|panel| panel.arm.clone()).collect();
        arms.dedup();
        all.push((
            place,
            FigureText { title: title(node, findings), arms, asked: Asked::Archetypes { panels } },
        ));
    }
    all
}

fn swept(
    figure: &Node,
    panel: &Node,
    scopes: &mut [ArmScope],
    taken: &mut Vec<AssayText>,
    findings: &mut Findings,
) -> Option<Swept> {
    let (name, at) = texts(panel, "arm", findings).into_iter().next()?;
    panel.key("response").and_then(Node::text)?;
    let Some(arm) = scopes.iter().position(|scope| scope.name == name) else {
        let finding = Finding::error(format!("there is no arm `{name}`")).at(&at);
        findings.push(finding.nearest(&name, scopes.iter().map(|scope| scope.name.as_str())));
        return None;
    };
    let mut moment = |key: &str| {
        let owner = if panel.key(key).is_some() { panel } else { figure };
        let (text, at) = match texts(owner, key, findings).into_iter().next() {
            Some(written) => written,
            None if key == "before" => ("rest".to_owned(), panel.at.clone()),
            None => {
                let finding = Finding::error("this panel has no moment of its second curve").at(&panel.at);
                findings.push(
                    finding.help("write `after` here or for the figure: `after = \"end of exposure\"`"),
                );
                return None;
            }
        };
        findings.take(assays::taken(taken, (scopes, arm), panel, (&text, &at)))
    };
    let (before, after) = (moment("before")?, moment("after")?);
    let response = words(panel, "response").trim().to_owned();
    Some(Swept { title: title(panel, findings), arm: name, response, before, after })
}
