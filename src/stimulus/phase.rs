//! Phases as written: durations, repetitions, names.
//! Knows nothing of inputs or states: their values are handed on with their places.

use std::collections::{HashMap, HashSet};

use super::{LONGEST, Micros};
use crate::diagnostic::{Finding, Findings, Span};
use crate::document::{Key, Kind, Need, Node, Shape};
use crate::unit::Quantity;

/// Keys of a phase: `name`, `for`, `set`, `repeat`, `phases`; further keys name inputs.
pub static PHASE: Shape = Shape {
    name: "phase",
    doc: "a stretch of time with what the inputs do in it (any further key names an input), or a group of phases that repeats",
    keys: &[
        Key {
            name: "name",
            kind: Kind::Text,
            need: Need::Default("required, except of a group"),
            doc: "name; a group's name replaces that of its only phase, and repetitions are numbered: `week 1`",
        },
        Key {
            name: "for",
            kind: Kind::Quantity { of: "time" },
            need: Need::Default("required, except of a group"),
            doc: "how long it lasts",
        },
        Key {
            name: "set",
            kind: Kind::Named(&Kind::Value),
            need: Need::Default("no change"),
            doc: "states set to these values as the phase begins: `{ V = \"1\" }`",
        },
        Key {
            name: "repeat",
            kind: Kind::Whole,
            need: Need::Default("1, unnumbered"),
            doc: "how often the group runs, 1 to 10000",
        },
        Key {
            name: "phases",
            kind: Kind::List(&Kind::Lazy(one)),
            need: Need::Default("no group"),
            doc: "the phases of a group",
        },
    ],
};

/// The kind of value that a phase is.
fn one() -> Kind {
    Kind::Open(&PHASE, &Kind::Lazy(super::kind))
}

/// One phase, repetitions written out.
#[derive(Clone, Debug)]
pub struct PhaseText {
    pub name: String,
    /// Place of the name.
    pub at: Span,
    pub duration: Micros,
    pub set: Vec<(String, Span, Node)>,
    /// Input, place of its key, stimulus.
    pub inputs: Vec<(String, Span, Node)>,
}

const REPEATS: i64 = 10_000;
/// Phases of one arm, repetitions written out.
const PHASES: usize = 100_000;
/// A name stands in tables and figures, and in moments.
const LONGEST_NAME: usize = 100;

/// Reads a list of phases and writes repetitions out: `{ repeat = 6, phases = [on, off] }` is `on 1`, `off 1`, `on 2`, …
/// Findings: no name or duration, a duration that is not above 0, names that stand twice, more than fits in time.
pub fn phases(list: &Node, findings: &mut Findings) -> Vec<PhaseText> {
    let mut flat = Flat { phases: Vec::new(), total: 0, full: false, findings };
    flat.list(list, "", None, 0);
    let Flat { phases, .. } = flat;
    twice(&phases, findings);
    phases
}

struct Flat<'f> {
    phases: Vec<PhaseText>,
    total: Micros,
    full: bool,
    findings: &'f mut Findings,
}

impl Flat<'_> {
    /// `numbers` are those of the repetitions around, `group` the name of a group with this one phase.
    fn list(&mut self, list: &Node, numbers: &str, group: Option<(&str, &Span)>, depth: usize) {
        let Some(items) = list.list() else {
            self.findings.push(
                Finding::error(format!("found {}, expected a list of phases", list.kind())).at(&list.at),
            );
            return;
        };
        if items.is_empty() {
            self.findings.push(
                Finding::error("there are no phases here")
                    .at(&list.at)
                    .help("write `{ name = \"rest\", for = \"1 d\" }`"),
            );
        }
        for item in items {
            if self.full {
                return;
            }
            match (item.table(), item.key("phases")) {
                (None, _) => {
                    self.findings.push(
                        Finding::error(format!("found {}, expected a phase", item.kind())).at(&item.at),
                    );
                }
                (_, Some(inner)) => self.group(item, inner, numbers, depth),
                _ => self.phase(item, numbers, group),
            }
        }
    }

    fn group(&mut self, item: &Node, inner: &Node, numbers: &str, depth: usize) {
        if depth > 8 {
            self.findings.push(Finding::error("groups of phases stand too deep in one another").at(&item.at));
            return;
        }
        for (key, entry) in item.table().into_iter().flatten() {
            if !matches!(key.as_str(), "name" | "repeat" | "phases") {
                let finding = Finding::error(format!("`{key}` stands beside `phases`")).at(&entry.key);
                self.findings.push(
                    finding.label("of a group").help(format!("write `{key}` in the phases of the group")),
                );
            }
        }
        let name = item.key("name").and_then(|node| Some((node.text()?, &node.at)));
        let name = name.filter(|_| inner.list().is_some_and(|list| list.len() == 1));
        let Some(repeat) = item.key("repeat") else { return self.list(inner, numbers, name, depth + 1) };
        match repeat.whole() {
            Some(times) if (1..=REPEATS).contains(&times) => {
                for round in 1..=times {
                    let before = self.phases.len();
                    self.list(inner, &format!("{numbers} {round}"), name, depth + 1);
                    // A round of wrong phases only would be as wrong each time.
                    if self.full || self.phases.len() == before {
                        return;
                    }
                }
            }
            _ => self.findings.push(
                Finding::error(format!("`repeat` is a whole number from 1 to {REPEATS}")).at(&repeat.at),
            ),
        }
    }

    fn phase(&mut self, item: &Node, numbers: &str, group: Option<(&str, &Span)>) {
        if let Some(repeat) = item.key("repeat") {
            let finding = Finding::error("`repeat` stands without `phases`").at(&repeat.at);
            self.findings.push(finding.help("write `{ repeat = 6, phases = [ … ] }`"));
        }
        let own = item.key("name").and_then(|node| Some((node.text()?, &node.at)));
        let name = group.or(own);
        if name.is_none() {
            self.findings
                .push(Finding::error("a phase needs a name").at(&item.at).help("write `name = \"rest\"`"));
        }
        if let Some((name, at)) = name
            && (name.trim().is_empty()
                || name.len() > LONGEST_NAME
                || name.contains(['\n', '\r', '[', ']'])
                || ["start of ", "end of "].iter().any(|edge| name.trim_start().starts_with(edge)))
        {
            let finding = Finding::error("this cannot be the name of a phase").at(at);
            let what = format!(
                "a name has 1 to {LONGEST_NAME} bytes on one line, without `[` and `]`, and does not begin as a moment does"
            );
            self.findings.push(finding.because(what, None).help("moments are named by it: `end of rest`"));
        }
        let duration = self.duration(item);
        let (Some((name, at)), Some(duration)) = (name, duration) else { return };
        self.total = self.total.saturating_add(duration);
        if self.total > LONGEST || self.phases.len() >= PHASES {
            self.full = true;
            let what = if self.total > LONGEST {
                "the phases last longer than 285 years".to_owned()
            } else {
                format!("there are more than {PHASES} phases")
            };
            self.findings.push(Finding::error(what).at(at));
            return;
        }
        let named = |node: &Node| -> Vec<(String, Span, Node)> {
            node.table()
                .into_iter()
                .flatten()
                .map(|(k, e)| (k.clone(), e.key.clone(), e.node.clone()))
                .collect()
        };
        let set = item.key("set").map(named).unwrap_or_default();
        let inputs = named(item).into_iter().filter(|(key, ..)| PHASE.key(key).is_none()).collect();
        self.phases.push(PhaseText {
            name: format!("{name}{numbers}"),
            at: at.clone(),
            duration,
            set,
            inputs,
        });
    }

    fn duration(&mut self, item: &Node) -> Option<Micros> {
        let help = "write `for = \"14 d\"`";
        let Some(node) = item.key("for") else {
            self.findings.push(Finding::error("a phase says how long it lasts").at(&item.at).help(help));
            return None;
        };
        let refused = match node.text().map(Quantity::parse) {
            None => "`for` is a time with its unit".to_owned(),
            Some(Err(sentence)) => sentence,
            Some(Ok(time)) => match (time.unit.microseconds(time.value), time.unit.in_microseconds()) {
                (Some(micros), _) if micros > 0 && micros <= LONGEST => return Some(micros),
                (Some(micros), _) if micros <= 0 => "a phase lasts longer than no time".to_owned(),
                (_, None) => format!("`for` is a time, not {}", time.unit.dimension().words()),
                _ => "a phase lasts at most 285 years".to_owned(),
            },
        };
        self.findings.push(Finding::error(refused).at(&node.at).help(help));
        None
    }
}

/// Names that stand twice; each pair of places once, however often it repeats.
fn twice(phases: &[PhaseText], findings: &mut Findings) {
    let mut known: HashMap<&str, &Span> = HashMap::new();
    let mut told = HashSet::new();
    for phase in phases {
        let Some(first) = known.get(phase.name.as_str()) else {
            known.insert(&phase.name, &phase.at);
            continue;
        };
        if told.insert((first.bytes.start, phase.at.bytes.start)) {
            findings.push(
                Finding::error(format!("two phases are called `{}`", phase.name))
                    .at(&phase.at)
                    .because("the other one stands here", Some(first))
                    .help("give each phase its own name"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::DAY;
    use super::*;
    use crate::diagnostic::{Source, render};

    fn phases_of(text: &str) -> (Vec<PhaseText>, String) {
        let mut findings = Findings::new();
        let root =
            Node::parse(&Source::new("s.toml", format!("phases = {text}\n")), &mut findings).expect("TOML");
        let list = phases(root.key("phases").unwrap(), &mut findings);
        (list, render(&findings.into_vec(), false))
    }

    #[test]
    fn repetitions_are_written_out_and_numbered() {
        let names = |text: &str| phases_of(text).0.into_iter().map(|p| p.name).collect::<Vec<_>>();
        let on_off = r#"[{ name = "on", for = "1 d", L = "20 nM" }, { name = "off", for = "1 d" }]"#;
        assert_eq!(
            names(&format!("[{{ repeat = 2, phases = {on_off} }}]")),
            ["on 1", "off 1", "on 2", "off 2"]
        );
        let week = r#"[{ name = "week", repeat = 2, phases = [{ for = "7 d" }] }]"#;
        assert_eq!(names(week), ["week 1", "week 2"]);
        let nested = r#"[{ repeat = 2, phases = [{ repeat = 2, phases = [{ name = "x", for = "1 d" }] }] }]"#;
        assert_eq!(names(nested), ["x 1 1", "x 1 2", "x 2 1", "x 2 2"]);
        let (list, _) = phases_of(on_off);
        assert_eq!((list[0].duration, list[0].inputs.len(), list[0].inputs[0].0.as_str()), (DAY, 1, "L"));
    }

    #[test]
    fn wrong_phases_are_explained() {
        for (text, part) in [
            (r#"[{ name = "a", for = "1 d" }, { name = "a", for = "1 d" }]"#, "two phases are called `a`"),
            (r#"[{ name = "a" }]"#, "how long"),
            (r#"[{ for = "1 d" }]"#, "needs a name"),
            (r#"[{ name = "a", for = "0 d" }]"#, "longer than no time"),
            (r#"[{ name = "a", for = "3 nM" }]"#, "is a time"),
            (r#"[{ name = "a", for = 3 }]"#, "is a time"),
            (r#"[{ name = "a", for = "900 a" }]"#, "for"),
            (r#"[{ repeat = 0, phases = [{ name = "a", for = "1 d" }] }]"#, "1 to 10000"),
            (
                r#"[{ repeat = 10000, phases = [{ repeat = 10000, phases = [{ name = "a", for = "1 s" }] }] }]"#,
                "more than 100000",
            ),
            (r#"[{ repeat = 9999, phases = [{ name = "a", for = "1000 d" }] }]"#, "285 years"),
            ("[]", "no phases"),
        ] {
            let found = phases_of(text).1;
            assert!(found.contains(part), "{text}\n{found}");
        }
    }
}
