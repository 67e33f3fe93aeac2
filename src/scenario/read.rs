//! A scenario read: the tree and its changes, then arms and values, then phases, then what is observed, then the plan.
//! Knows nothing of running. Reading goes on after each finding, so that all are told at once.

use std::sync::Arc;

use crate::diagnostic::{Error, Finding, Findings, Source};
use crate::document::{self, Node};
use crate::engine::{self, Phase, Plan};
use crate::measure::{ArmScope, Bench};
use crate::model::{Model, carried};
use crate::population::Population;
use crate::stimulus;
use crate::unit::Unit;

use super::arms::Draft;
use super::instruments::Instrument;
use super::keys::SCENARIO;
use super::parameters::{Group, Own, Value};
use super::quantity::{title, unit, words};
use super::records::Recorder;
use super::room::Room;
use super::shelf::Shelf;
use super::{
    ArmText, Asking, Change, Scenario, Text, arms, assays, change, figures, instruments, lesson, measures,
    parameters, phases, population, records, responses,
};

/// What is read of a scenario.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Numbers over agents, beside what the scenario says.
    pub asked: &'a [Asking],
    pub claims: bool,
    /// Lesson, records, curves, measures and figures, for which a run is told.
    pub told: bool,
}

/// Keys of what only tables and figures want.
pub(super) const TOLD: [&str; 4] = ["lesson", "record", "assay", "figure"];
pub(super) const TOLD_AND_CLAIMS: [&str; 5] = ["lesson", "record", "assay", "figure", "claim"];

/// A tree without some of its keys.
pub(super) fn without(root: &Node, keys: &[&str]) -> Node {
    let mut root = root.clone();
    if let document::Value::Table(table) = &mut root.value {
        table.retain(|key, _| !keys.contains(&key.as_str()));
    }
    root
}

/// The tree of a scenario's text, and what there is to say of it.
pub(super) fn parsed(source: &Source) -> Result<(Node, Vec<Finding>), Error> {
    let mut findings = Findings::new();
    let Some(root) = Node::parse(source, &mut findings) else {
        return Err(Error { findings: findings.into_vec() });
    };
    match too_large(&root) {
        Some(finding) => Err(finding.into()),
        None => Ok((root, findings.into_vec())),
    }
}

pub(super) fn scenario(
    text: &Text,
    arguments: &[Source],
    shelf: Shelf,
    wanted: Wanted,
) -> Result<Scenario, Error> {
    let mut findings = Findings::new();
    findings.append(text.said.iter().cloned());
    let mut root = text.tree(arguments, wanted).clone();
    let changes = change::apply(&mut root, arguments, &mut findings);
    document::check(&root, &SCENARIO, &mut findings);
    let mut reader = Reader { root: &root, shelf, wanted, findings };
    let scenario = reader.scenario(text, changes);
    let Reader { shelf, findings, .. } = reader;
    let (mut scenario, notes) = findings.finish(scenario)?;
    scenario.files = shelf.files();
    scenario.notes = notes;
    Ok(scenario)
}

struct Reader<'a> {
    root: &'a Node,
    shelf: Shelf<'a>,
    wanted: Wanted<'a>,
    findings: Findings,
}

impl Reader<'_> {
    /// `None` where there is no arm to go on with.
    fn scenario(&mut self, text: &Text, mut changes: Vec<Change>) -> Option<Scenario> {
        let (root, wanted, findings) = (self.root, self.wanted, &mut self.findings);
        let drafts = arms::read(root, &mut self.shelf, findings);
        let models: Vec<Arc<Model>> = drafts.iter().map(|draft| draft.model.clone()).collect();
        let lesson = wanted.told.then(|| {
            measures::falsifiers(root, &models, findings);
            lesson::read(root, &measures::claim_names(root), findings)
        });
        let claims = if wanted.claims { measures::claims(root, findings) } else { Vec::new() };
        let measures = measures::read(root, findings);
        let relative = relative(root, findings);
        let groups = population::groups(root, findings);
        let first = drafts.first()?.model.clone();
        change::complete(&mut changes, root, &models);

        let own = parameters::own(root, &models, findings);
        let (population, values) = self.agents(&drafts, &own, &groups);
        let time = self.time(&first);
        let instruments = instruments::read(self.root, &drafts, &own, &measures, &mut self.findings);
        let own: Vec<(String, Unit)> = own.iter().map(|own| (own.name.clone(), own.unit.clone())).collect();
        let (mut scopes, mut phases, whole) = self.arms(&drafts, &own, &instruments);

        let findings = &mut self.findings;
        responses::read(root, &mut scopes, findings);
        let arm_texts = arm_texts(&drafts, &scopes);
        let mut bench = Bench::new(scopes, measures, time.clone());
        bench.check_instruments(findings);
        let exact_quantiles = root.key("accuracy").and_then(|node| node.key("quantiles")).is_some();
        let room = Room::of(&population, exact_quantiles);
        let mut recorder = Recorder::new(&mut bench.arms, whole, room);
        let mut figures = Vec::new();
        if wanted.told {
            recorder.all(root, findings);
            figures = figures::of_quantities(root, &mut recorder, &population, findings);
        }
        let Recorder { series, records, sampled, .. } = recorder;
        // A moment that is missing because its phase could not be read is not told again.
        let (mut assays, mut told, mut judged, mut totals) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        if whole && wanted.told {
            assays = assays::read(root, &mut bench.arms, findings);
            told = measures::compiled(&mut bench, findings);
        }
        if whole {
            judged = measures::judged(&mut bench, claims, findings);
            totals = measures::totals(&mut bench, wanted.asked, findings);
        }
        if whole && wanted.told {
            figures.extend(figures::of_measures(root, &bench, &told, &population, findings));
            figures.extend(figures::of_assays(root, &mut bench.arms, &mut assays, findings));
        }
        figures.sort_by_key(|(place, _)| *place);
        for (phases, scope) in phases.iter_mut().zip(&bench.arms) {
            phases::without_unread(phases, &scope.model, &scope.system);
        }
        records::same_moment(&sampled, &bench.arms, &phases, findings);

        let instruments = bench.arms.first().map(instruments::told).unwrap_or_default();
        let cautions = carried(&bench.arms.iter().flat_map(|arm| arm.cautions.clone()).collect::<Vec<_>>());
        let traced =
            if wanted.told { population::traced(root, population.agents, findings) } else { Vec::new() };
        let values_of_one: usize = series.iter().flatten().map(|series| series.times.len()).sum();
        population::not_too_many_traced(root, traced.len(), values_of_one, findings);
        let slots = values.into_iter().map(|values| values.into_iter().map(|value| value.slot).collect());
        let parts = bench.arms.into_iter().zip(slots).zip(phases).zip(series);
        let arms = parts.map(|(((scope, slots), phases), series)| engine::Arm {
            system: Arc::new(scope.system),
            slots,
            phases,
            series,
            assays: scope.assays,
            taps: scope.taps,
            starts: Vec::new(),
        });
        let plan = Plan {
            traced,
            population,
            arms: arms.collect(),
            outcomes: bench.outcomes,
            relative,
            exact_quantiles,
        };
        room.check(root, &plan, findings);
        Some(Scenario {
            name: text.name.clone(),
            title: title(root, findings),
            doc: words(root, "doc"),
            lesson: lesson.unwrap_or_default(),
            source: text.source.clone(),
            files: Vec::new(),
            changes,
            time,
            arms: arm_texts,
            own,
            instruments,
            plan,
            records,
            assays,
            measures: told,
            claims: judged,
            totals,
            figures: figures.into_iter().map(|(_, figure)| figure).collect(),
            cautions,
            notes: Vec::new(),
        })
    }

    /// The population, and the values of each arm by slot.
    fn agents(&mut self, drafts: &[Draft], own: &[Own], groups: &[Group]) -> (Population, Vec<Vec<Value>>) {
        let findings = &mut self.findings;
        parameters::strangers(drafts, own, groups, findings);
        let of_arm = |draft: &Draft| parameters::of_arm(self.root, draft, own, groups, findings);
        let mut values: Vec<Vec<Value>> = drafts.iter().map(of_arm).collect();
        for (draft, values) in drafts.iter().zip(&values) {
            parameters::judge(&draft.model, values, findings);
        }
        (population::read(self.root, groups, &mut values, findings), values)
    }

    /// The unit in which results show time.
    fn time(&mut self, model: &Model) -> Unit {
        let Some(node) = self.root.key("time") else { return model.time.clone() };
        let Some(unit) = unit(node, &mut self.findings) else { return model.time.clone() };
        if unit.in_microseconds().is_some() {
            return unit;
        }
        let what = format!("`{}` is no unit of time", unit.label());
        self.findings.push(Finding::error(what).at(&node.inside()).help("write `s`, `min`, `h` or `d`"));
        model.time.clone()
    }

    /// Scopes and phases by arm, and whether all phases could be read.
    fn arms(
        &mut self,
        drafts: &[Draft],
        own: &[(String, Unit)],
        instruments: &[Instrument],
    ) -> (Vec<ArmScope>, Vec<Vec<Phase>>, bool) {
        let (mut scopes, mut all, mut whole) = (Vec::new(), Vec::<Vec<Phase>>::new(), true);
        for draft in drafts {
            let mut found = Findings::new();
            let list = draft.phases.filter(|list| list.list().is_some());
            let mut texts = list.map(|list| stimulus::phases(list, &mut found)).unwrap_or_default();
            let known: usize = all.iter().map(Vec::len).sum();
            if let Some(list) = list.filter(|_| known + texts.len() > MOST_PHASES) {
                let what = format!("the arms have more than {MOST_PHASES} phases together");
                found.push(Finding::error(what).at(&list.at));
                texts.clear();
            }
            whole &= !found.has_errors() && !texts.is_empty();
            self.findings.append(found.into_vec());
            let places = phases::intervals(&texts);
            let mut scope =
                ArmScope::new(&draft.name, &draft.model, own.to_vec(), draft.alias.clone(), places);
            scope.instruments = instruments.iter().map(|one| one.of_arm(&draft.name)).collect();
            all.push(phases::read(&mut scope, &texts, &self.shelf, &mut self.findings));
            scopes.push(scope);
        }
        (scopes, all, whole)
    }
}

fn arm_texts(drafts: &[Draft], scopes: &[ArmScope]) -> Vec<ArmText> {
    let one = |(draft, scope): (&Draft, &ArmScope)| ArmText {
        name: draft.name.clone(),
        title: draft.title.clone(),
        model: draft.model.clone(),
        phases: scope.phases.clone(),
    };
    drafts.iter().zip(scopes).map(one).collect()
}

/// More values than this nobody wrote; each may be a finding, and findings are compared with one another.
const MOST_VALUES: usize = 100_000;

fn too_large(root: &Node) -> Option<Finding> {
    let mut open = vec![root];
    let mut count = 0;
    while let Some(node) = open.pop() {
        count += 1;
        if count > MOST_VALUES {
            let what = format!("this scenario has more than {MOST_VALUES} values");
            return Some(
                Finding::error(what)
                    .at(&node.at)
                    .help("write phases that repeat as `{ repeat = …, phases = […] }`"),
            );
        }
        open.extend(node.list().into_iter().flatten());
        open.extend(node.table().into_iter().flatten().map(|(_, entry)| &entry.node));
    }
    None
}

/// Phases of all arms together, repetitions written out.
const MOST_PHASES: usize = 200_000;

/// Relative tolerance of the local error where the file says none.
const RELATIVE: f64 = 1e-6;

fn relative(root: &Node, findings: &mut Findings) -> f64 {
    let Some(node) = root.key("accuracy").and_then(|node| node.key("relative")) else { return RELATIVE };
    match node.number() {
        Some(relative) if (1e-13..=1e-2).contains(&relative) => relative,
        Some(_) => {
            let finding = Finding::error("the relative tolerance lies between 1e-13 and 1e-2").at(&node.at);
            findings.push(finding.help("leave it out for 1e-6"));
            RELATIVE
        }
        None => RELATIVE,
    }
}
