//! Responses: which symbol is swept, over what range, what happens at each level, and what is read.
//! Knows nothing of curves, EC50 or Emax.

use std::collections::HashMap;

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Entry, Node};
use crate::expression::{Arena, Sym};
use crate::unit::{Quantity, Unit};

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

/// What happens at each level.
fn form(
    (name, entry): (&str, &Entry),
    setting: Setting,
    of: Option<&Response>,
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Form> {
    let node = &entry.node;
    let said = match node.key("form") {
        Some(node) => node.text()?,
        // Said to be taken from another, it is taken with all that belongs to it.
        None => match of.map(|of| &of.form) {
            None | Some(Form::Acute) => "acute",
            Some(Form::Chronic) => "chronic",
            Some(Form::Challenge { .. }) => "challenge",
        },
    };
    if said != "challenge" {
        let table = node.table().into_iter().flatten();
        for (key, entry) in table.filter(|(key, _)| ["for", "read", "inputs"].contains(&key.as_str())) {
            let what = format!("`{key}` belongs to a challenge, and the response `{name}` is {said}");
            let help = format!("write `form = \"challenge\"`, or leave `{key}` out");
            findings.push(Finding::error(what).at(&entry.key).help(help));
        }
    }
    match said {
        "chronic" if setting.states == 0 => {
            let what = format!(
                "the response `{name}` is chronic, and the model has no states that could come to rest"
            );
            findings.push(Finding::error(what).at(form_at(entry)).help("write `form = \"acute\"`"));
            None
        }
        "chronic" => Some(Form::Chronic),
        "challenge" => challenge((name, entry), setting, of, arena, findings),
        _ => Some(Form::Acute),
    }
}

/// Where the form stands, or the response that does not say it.
fn form_at(entry: &Entry) -> &Span {
    entry.node.key("form").map_or(&entry.key, |node| &node.at)
}

fn challenge(
    (name, entry): (&str, &Entry),
    setting: Setting,
    of: Option<&Response>,
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Form> {
    let node = &entry.node;
    let known = of.and_then(|of| match &of.form {
        Form::Challenge { length, written, read, inputs } => Some((*length, written, *read, inputs)),
        _ => None,
    });
    let length = match (node.key("for"), known) {
        (Some(node), _) => length(node, name, findings),
        (None, Some((length, written, ..))) => Some((length, written.clone())),
        (None, None) => {
            let what = format!("the challenge `{name}` does not say how long it takes");
            findings.push(Finding::error(what).at(form_at(entry)).help("add `for = \"6 h\"`"));
            None
        }
    };
    let read = match node.key("read").map(Node::text) {
        Some(Some("max")) => Read::Max,
        Some(Some("min")) => Read::Min,
        Some(Some("mean")) => Read::Mean,
        Some(Some("area")) => Read::Area,
        Some(Some("end")) => Read::End,
        _ => known.map_or(Read::Max, |(.., read, _)| read),
    };
    let inputs = match (node.key("inputs"), known) {
        (Some(node), _) => held(node, name, setting, arena, findings),
        (None, known) => known.map_or(Vec::new(), |(.., inputs)| inputs.clone()),
    };
    let (length, written) = length?;
    Some(Form::Challenge { length, written, read, inputs })
}

/// A length of time above 0, and as written.
fn length(node: &Node, name: &str, findings: &mut Findings) -> Option<(i64, String)> {
    let text = node.text()?;
    let quantity = Quantity::parse(text);
    let quantity = findings.take(quantity.map_err(|why| Finding::error(why).at(&node.inside())))?;
    let micros = quantity.unit.microseconds(quantity.value).filter(|micros| (1..=LONGEST).contains(micros));
    if micros.is_none() {
        let what = format!("the challenge `{name}` takes no time that could be lived");
        let finding = Finding::error(what).at(&node.inside()).label(quantity.unit.dimension().words());
        let help = "write a time above 0, and of at most 285 years: `for = \"6 h\"`";
        findings.push(finding.help(help));
    }
    Some((micros?, text.trim().to_owned()))
}

/// 285 years: every whole microsecond below is exact as a float.
const LONGEST: i64 = 1 << 53;

/// Inputs that a challenge holds at a level of their own.
fn held(
    node: &Node,
    name: &str,
    setting: Setting,
    arena: &mut Arena,
    findings: &mut Findings,
) -> Vec<(usize, Formula)> {
    let names = setting.names;
    let mut all = Vec::new();
    for (input, entry) in node.table().into_iter().flatten() {
        let declared = names.declared.get(input.as_str());
        let (Some(declared), Some(Role::Input(position))) = (declared, declared.map(|d| d.role)) else {
            let what = format!("the challenge `{name}` holds `{input}`, which is not an input of this model");
            findings.push(Finding::error(what).at(&entry.key).nearest(input, names.inputs()));
            continue;
        };
        let what = format!("the level of `{input}`");
        let wanted =
            Wanted::in_unit_of(what, &format!("`{input}`"), declared.unit.as_ref(), &declared.unit_at);
        let read = formula::read(&entry.node, Scope { names, own: None }, &[wanted], arena, findings);
        all.extend(read.map(|read| (position, read.formula)));
    }
    all
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
