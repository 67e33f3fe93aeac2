//! Responses: which symbol is swept, over what range, and what is read.
//! Knows nothing of curves, EC50 or Emax; what happens at each level is read by `form`.

use std::collections::HashMap;

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Entry, Node};
use crate::expression::{Arena, Sym};
use crate::unit::Unit;

use super::form::form;
use super::formula::{self, Scope};
use super::names::{Names, Role, well_formed};
use super::quantity::{self, Wanted};
use super::read::words;
use super::resolve::Resolver;
use super::{Form, Formula, Model, Naming, Probe, Read, Response};

/// What a response is read with.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub names: &'a Names,
    pub time: &'a Unit,
    pub states: usize,
}

/// Reads one response; its expressions stand as written. What it does not say it takes from `of`: the range with the
/// probe, and the limits with the value.
pub(super) fn read(
    name: &str,
    entry: &Entry,
    setting: Setting,
    of: Option<&Response>,
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Response> {
    let (node, names) = (&entry.node, setting.names);
    well_formed(name, &entry.key, findings);
    let form = form((name, entry), setting, of, arena, findings);
    let swept = match (node.key("probe"), of) {
        (Some(node), _) => probe(name, node, names, findings),
        (None, of) => Some(Swept::of(of?, &entry.key)),
    };
    if let (Some(swept), Some(form)) = (&swept, &form) {
        findings.append(not_an_input(name, form, swept, names));
        findings.append(held_twice(name, form, swept, node));
    }
    let own = swept.as_ref().filter(|p| p.probe == Probe::New).map(|p| (p.name, &p.unit));
    let scope = Scope { names, own };
    let anything = [Wanted::anything(format!("the response `{name}`"))];
    let (value, value_unit, place) = match (node.key("value"), of) {
        (Some(node), _) => {
            let read = formula::read(node, scope, &anything, arena, findings);
            let place = read.as_ref().map(|read| read.formula.at.clone());
            let unit = read.as_ref().and_then(|read| read.unit.clone());
            (read.map(|read| read.formula), unit, place)
        }
        (None, of) => {
            let of = of?;
            (Some(of.value.clone()), Some(of.value_unit.clone()), Some(of.value.at.clone()))
        }
    };
    let area = matches!(form, Some(Form::Challenge { read: Read::Area, .. }));
    let unit = value_unit.clone().map(|unit| if area { unit.times(setting.time) } else { unit });
    let mut limit = |key: &str, of: Option<&Formula>| {
        let Some(node) = node.key(key) else {
            return of.filter(|_| node.key("value").is_none()).cloned();
        };
        let wanted = Wanted {
            what: format!("`{key}` of the response `{name}`"),
            unit: unit.clone(),
            because: "the response is in".into(),
            place: place.clone(),
        };
        formula::read(node, scope, &[wanted], arena, findings).map(|read| read.formula)
    };
    let bottom = limit("bottom", of.and_then(|of| of.bottom.as_ref()));
    let top = limit("top", of.and_then(|of| of.top.as_ref()));
    let swept = swept?;
    let range = match (node.key("range"), of) {
        (Some(node), _) => {
            let wanted = Wanted::in_unit_of(
                format!("the range of `{name}`"),
                &format!("`{}`", swept.name),
                Some(&swept.unit),
                &swept.place,
            );
            range(node, &wanted, findings)?
        }
        (None, of) => of?.range,
    };
    let doc = words(node, "doc");
    Some(Response {
        name: name.to_owned(),
        form: form?,
        probe: swept.probe,
        probe_name: swept.name.to_owned(),
        probe_sym: arena.symbol(swept.name),
        probe_unit: swept.unit,
        range,
        value: value?,
        bottom,
        top,
        value_unit: value_unit.unwrap_or_else(Unit::one),
        unit: unit.unwrap_or_else(Unit::one),
        doc: if doc.is_empty() { of.map_or(doc, |of| of.doc.clone()) } else { doc },
    })
}

impl Response {
    /// All expressions.
    pub(super) fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let inputs = match &self.form {
            Form::Challenge { inputs, .. } => inputs.as_slice(),
            _ => &[],
        };
        let limits = [self.bottom.as_ref(), self.top.as_ref()].into_iter().flatten();
        std::iter::once(&self.value).chain(limits).chain(inputs.iter().map(|(_, level)| level))
    }
}

/// The same, to be resolved.
pub(super) fn formulas(response: &mut Response) -> impl Iterator<Item = &mut Formula> {
    let inputs = match &mut response.form {
        Form::Challenge { inputs, .. } => inputs.as_mut_slice(),
        _ => &mut [],
    };
    let limits = [response.bottom.as_mut(), response.top.as_mut()].into_iter().flatten();
    std::iter::once(&mut response.value).chain(limits).chain(inputs.iter_mut().map(|(_, level)| level))
}

/// Only an input can be held at a level while states move.
fn not_an_input(name: &str, form: &Form, swept: &Swept, names: &Names) -> Option<Finding> {
    if form.is_acute() || matches!(swept.probe, Probe::Input(_)) {
        return None;
    }
    let kind = if matches!(form, Form::Chronic) { "chronic" } else { "a challenge" };
    let what = format!("the response `{name}` is {kind}, and its probe `{}` is not an input", swept.name);
    let finding = Finding::error(what).at(&swept.at).nearest(swept.name, names.inputs());
    Some(
        finding.because(
            "states move while the probe stands at a level, so only an input can be held there",
            None,
        ),
    )
}

/// The probe stands at the level that is swept, and cannot be held at another.
fn held_twice(name: &str, form: &Form, swept: &Swept, node: &Node) -> Option<Finding> {
    let (Form::Challenge { inputs, .. }, Probe::Input(probe)) = (form, &swept.probe) else { return None };
    let (_, level) = inputs.iter().find(|(input, _)| input == probe)?;
    let what = format!("the challenge `{name}` holds `{}`, which is its probe", swept.name);
    // Taken from another, `inputs` stand there.
    let at = if node.key("inputs").is_some() { &level.at } else { &swept.at };
    Some(Finding::error(what).at(at).help("leave it out of `inputs`: it goes through `range`"))
}

/// What is wrong with a response whose expressions are resolved.
pub(super) fn judge(response: &Response, model: &Model, arena: &Arena, findings: &mut Findings) {
    let depends = |f: &Formula| arena.symbols(f.value).contains(&response.probe_sym);
    let (name, probe) = (&response.name, &response.probe_name);
    // What comes to rest or lives on may depend on the probe by way of states.
    if response.form.is_acute() && !depends(&response.value) {
        let what = format!("the response `{name}` does not depend on its probe `{probe}`");
        findings.push(Finding::error(what).at(&response.value.at));
    }
    let moves = |limit: &Formula| arena.symbols(limit.value).into_iter().find_map(|sym| model.moving(sym));
    for (key, limit) in [("bottom", &response.bottom), ("top", &response.top)] {
        let Some(limit) = limit else { continue };
        if depends(limit) {
            let what = format!("`{key}` of the response `{name}` depends on its probe `{probe}`");
            let finding = Finding::error(what).at(&limit.at);
            findings.push(finding.help("write the limit that the response tends to, without the probe"));
        } else if let Some(moving) = moves(limit).filter(|_| !response.form.is_acute()) {
            let what = format!(
                "`{key}` of the response `{name}` stands on `{moving}`, which is not the same at all levels"
            );
            let finding = Finding::error(what).at(&limit.at);
            findings.push(finding.help(format!("write it in parameters, or leave `{key}` out")));
        }
    }
}

/// A response that someone else declares over a model.
pub(super) fn declared(
    model: &Model,
    arena: &mut Arena,
    (name, entry): (&str, &Entry),
    naming: Naming,
    of: Option<&Response>,
    findings: &mut Findings,
) -> Option<Response> {
    let names = Names::of(model, naming);
    let setting = Setting { names: &names, time: &model.time, states: model.states.len() };
    let mut found = Findings::new();
    let mut response = read(name, entry, setting, of, arena, &mut found);
    if let Some(response) = &mut response {
        let mut resolver = Resolver::new(model, arena);
        let real = match response.probe {
            Probe::Input(n) => Some((&model.inputs[n].name, model.inputs[n].sym)),
            Probe::State(n) => Some((&model.states[n].name, model.states[n].sym)),
            Probe::New => None,
        };
        if let Some((name, sym)) = real {
            (response.probe_name, response.probe_sym) = (name.clone(), sym);
        }
        let probe = response.probe_sym;
        for formula in formulas(response).filter(|formula| formula.value == formula.written) {
            let mut with: HashMap<Sym, _> = HashMap::new();
            for sym in arena.symbols(formula.written) {
                let text = arena.name(sym).to_owned();
                if naming.own.iter().any(|(own, _)| *own == text) || sym == probe {
                    continue;
                }
                let real = common(&text, naming.alias);
                let real = arena.named(&real);
                let value = resolver.unfold(arena, &[], real, &formula.at);
                with.extend(found.take(value).map(|value| (sym, value)));
            }
            formula.value = arena.substitute(formula.written, &|sym| with.get(&sym).copied());
        }
        let moves =
            |limit: &Formula| arena.symbols(limit.value).into_iter().any(|sym| model.moving(sym).is_some());
        let taken = |key: &str| entry.node.key(key).is_none();
        if !response.form.is_acute() {
            // Limits of the moment are none of what moves.
            response.bottom = response.bottom.take().filter(|limit| !(taken("bottom") && moves(limit)));
            response.top = response.top.take().filter(|limit| !(taken("top") && moves(limit)));
        }
        judge(response, model, arena, &mut found);
    }
    let whole = !found.has_errors();
    findings.append(found.into_vec());
    response.filter(|_| whole)
}

/// The model's name behind a common one; views in front stay.
fn common(name: &str, alias: &[(String, String)]) -> String {
    let (views, base) = name.rsplit_once('.').unwrap_or(("", name));
    match alias.iter().find(|(common, _)| common == base) {
        Some((_, real)) if views.is_empty() => real.clone(),
        Some((_, real)) => format!("{views}.{real}"),
        None => name.to_owned(),
    }
}

struct Swept<'a> {
    probe: Probe,
    name: &'a str,
    unit: Unit,
    /// Where the unit stands.
    place: Span,
    /// Where the probe is named.
    at: Span,
}

impl<'a> Swept<'a> {
    fn of(of: &'a Response, at: &Span) -> Swept<'a> {
        let (name, unit) = (of.probe_name.as_str(), of.probe_unit.clone());
        Swept { probe: of.probe, name, unit, place: of.value.at.clone(), at: at.clone() }
    }
}

fn probe<'a>(response: &str, node: &'a Node, names: &Names, findings: &mut Findings) -> Option<Swept<'a>> {
    if let Some(table) = node.table() {
        return new_probe(response, node, table, names, findings);
    }
    let name = node.text()?;
    let unknown = |what: String| {
        let sweepable = names.declared.iter().filter(|(_, d)| probe_of(d.role).is_some());
        Finding::error(what)
            .at(&node.inside())
            .nearest(name, sweepable.map(|(name, _)| name.as_str()))
            .because("a probe is an input, a state, or a new name with its unit: `{ L = \"nM\" }`", None)
    };
    let Some(declared) = names.declared.get(name) else {
        findings.push(unknown(format!("the probe `{name}` is not a name of this model")));
        return None;
    };
    let Some(probe) = probe_of(declared.role) else {
        findings.push(unknown(format!("the probe `{name}` is {}", declared.role.words())));
        return None;
    };
    Some(Swept {
        probe,
        name,
        unit: declared.unit.clone()?,
        place: declared.unit_at.clone(),
        at: node.inside(),
    })
}

fn probe_of(role: Role) -> Option<Probe> {
    match role {
        Role::Input(i) => Some(Probe::Input(i)),
        Role::State(i) => Some(Probe::State(i)),
        Role::Parameter(_) | Role::Let(_) => None,
    }
}

fn new_probe<'a>(
    response: &str,
    node: &Node,
    table: &'a crate::document::Table,
    names: &Names,
    findings: &mut Findings,
) -> Option<Swept<'a>> {
    let mut entries = table.iter();
    let (Some((name, entry)), None) = (entries.next(), entries.next()) else {
        let what = format!("the response `{response}` sweeps {} names", table.len());
        findings.push(Finding::error(what).at(&node.at).help("name one probe: `probe = { L = \"nM\" }`"));
        return None;
    };
    if !well_formed(name, &entry.key, findings) {
        return None;
    }
    if let Some(first) = names.declared.get(name.as_str()) {
        let note = format!("`{name}` is {} here", first.role.words());
        findings.push(
            Finding::error(format!("the new probe `{name}` is named like something else"))
                .at(&entry.key)
                .because(note, Some(&first.at))
                .help(format!("write `probe = \"{name}\"` to sweep that, or choose another name")),
        );
        return None;
    }
    let unit = quantity::unit(&entry.node, findings)?;
    Some(Swept { probe: Probe::New, name, unit, place: entry.node.inside(), at: entry.key.clone() })
}

/// Lowest and highest level, above 0: the sweep is even on a logarithmic axis.
fn range(node: &Node, wanted: &Wanted, findings: &mut Findings) -> Option<[f64; 2]> {
    let range = quantity::span(node, wanted, findings)?;
    if range[0] > 0.0 {
        return Some(range);
    }
    let what = format!("{} begins at or below 0", wanted.what);
    findings
        .push(Finding::error(what).at(&node.at).help("begin above 0: a sweep is even on a logarithmic axis"));
    None
}
