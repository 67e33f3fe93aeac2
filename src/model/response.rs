//! Acute responses: which symbol is swept, over what range, and what is read.
//! Knows nothing of curves, EC50 or Emax.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Entry, Node};
use crate::expression::Arena;
use crate::unit::Unit;

use super::formula::{self, Scope};
use super::names::{Names, Role, well_formed};
use super::quantity::{self, Wanted};
use super::read::words;
use super::{Probe, Response};

/// Reads one response; its expressions stand as written.
pub(super) fn read(
    name: &str,
    entry: &Entry,
    names: &Names,
    arena: &mut Arena,
    findings: &mut Findings,
) -> Option<Response> {
    let node = &entry.node;
    well_formed(name, &entry.key, findings);
    let swept = probe(name, node.key("probe")?, names, findings);
    let own = swept.as_ref().filter(|p| p.probe == Probe::New).map(|p| (p.name, &p.unit));
    let scope = Scope { names, own };
    let anything = [Wanted::anything(format!("the response `{name}`"))];
    let value = formula::read(node.key("value")?, scope, &anything, arena, findings);
    let unit = value.as_ref().and_then(|value| value.unit.clone());
    let mut limit = |key: &str| {
        let place = value.as_ref().map(|v| v.formula.at.clone());
        let wanted = Wanted {
            what: format!("`{key}` of the response `{name}`"),
            unit: unit.clone(),
            because: "the response is in".into(),
            place,
        };
        formula::read(node.key(key)?, scope, &[wanted], arena, findings).map(|read| read.formula)
    };
    let (bottom, top) = (limit("bottom"), limit("top"));
    let swept = swept?;
    let wanted = Wanted::in_unit_of(
        format!("the range of `{name}`"),
        &format!("`{}`", swept.name),
        Some(&swept.unit),
        &swept.place,
    );
    let range = range(node.key("range")?, &wanted, findings)?;
    Some(Response {
        name: name.to_owned(),
        probe: swept.probe,
        probe_name: swept.name.to_owned(),
        probe_sym: arena.symbol(swept.name),
        probe_unit: swept.unit,
        range,
        value: value?.formula,
        bottom,
        top,
        unit: unit.unwrap_or_else(Unit::one),
        doc: words(node, "doc"),
    })
}

struct Swept<'a> {
    probe: Probe,
    name: &'a str,
    unit: Unit,
    /// Where the unit stands.
    place: Span,
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
    Some(Swept { probe, name, unit: declared.unit.clone()?, place: declared.unit_at.clone() })
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
    Some(Swept { probe: Probe::New, name, unit, place: entry.node.inside() })
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
