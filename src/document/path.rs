//! One value of a tree by its dotted path: looking it up, and setting it from an argument.
//! Knows nothing of key tables: whether a set value may stand there is for the check that follows.

use std::ops::Range;

use super::parse::{DEEPEST, value as read_value};
use super::{Entry, Node, Table, Value};
use crate::diagnostic::{Finding, Findings, Source, Span};

/// The key by which a table stands for its value: `level = { value = "1", doc = "…" }`.
const VALUE: &str = "value";
/// The key of a repeated phase under which its phases stand.
const PHASES: &str = "phases";

pub(super) fn set(root: &mut Node, path: &str, value: &str, argument: &Source) -> Result<(), Finding> {
    let steps = steps(path, argument)?;
    let new = new_value(value, argument)?;
    let mut node = root;
    let mut walked: Option<&Step> = None;
    for (at, step) in steps.iter().enumerate() {
        node = step_into(node, step, walked, &steps[at + 1..])?;
        walked = Some(step);
    }
    let scalar = !matches!(new.value, Value::List(_) | Value::Table(_));
    match &mut node.value {
        Value::Table(table) if scalar && table.contains_key(VALUE) => {
            table.entry(VALUE.to_owned()).and_modify(|entry| entry.node = new);
        }
        _ => *node = new,
    }
    Ok(())
}

pub(super) fn at<'a>(root: &'a Node, path: &str) -> Option<&'a Node> {
    let steps = steps(path, &Source::new("", path)).ok()?;
    let mut node = root;
    for step in &steps {
        node = match &node.value {
            Value::Table(table) => &table.get(&step.name)?.node,
            Value::List(list) => {
                let place = place_in(list, &step.name, 0)?;
                descend(list, &place)?
            }
            _ => return None,
        };
    }
    Some(node.key(VALUE).unwrap_or(node))
}

/// One step of a path, with its place in the argument.
struct Step {
    name: String,
    at: Span,
}

/// A path is split at its dots; a step in double quotes may hold dots.
fn steps(path: &str, argument: &Source) -> Result<Vec<Step>, Finding> {
    let base = argument.text().find(path).unwrap_or(0);
    let place = |bytes: Range<usize>| argument.span(base + bytes.start..base + bytes.end);
    let mut steps = Vec::new();
    let mut start = 0;
    loop {
        let rest = &path[start..];
        let quoted = rest.strip_prefix('"').and_then(|inner| inner.find('"'));
        let end = match quoted {
            Some(length) => length + 2,
            None => rest.find('.').unwrap_or(rest.len()),
        };
        let after = &rest[end..];
        let written = &rest[..end];
        let name = if quoted.is_some() { &written[1..end - 1] } else { written.trim() };
        let at = place(start..start + end);
        if name.is_empty() || !(after.is_empty() || after.starts_with('.')) {
            return Err(Finding::error("this path has an empty or unfinished step")
                .at(&at)
                .because("a path is names with dots between them", None)
                .help("write, for example, --set population.agents=100"));
        }
        steps.push(Step { name: name.to_owned(), at });
        if steps.len() > DEEPEST {
            return Err(Finding::error(format!("this path has more than {DEEPEST} steps")).at(&place(0..0)));
        }
        if after.is_empty() {
            return Ok(steps);
        }
        start += end + 1;
    }
}

/// The value of an argument: TOML where it is that, else a bare text.
fn new_value(value: &str, argument: &Source) -> Result<Node, Finding> {
    let text = argument.text();
    let bytes = if text.ends_with(value) { text.len() - value.len()..text.len() } else { 0..text.len() };
    let bare = value.trim();
    let lead = value.len() - value.trim_start().len();
    let at = argument
        .span(bytes.start + lead..bytes.end.min(bytes.start + lead + bare.len()).max(bytes.start + lead));
    if bare.is_empty() {
        return Err(Finding::error("there is no value after `=`")
            .at(&at)
            .help("an empty text is written as two quotes: \"\""));
    }
    let mut findings = Findings::new();
    let read = read_value(argument, at.bytes.clone(), &mut findings);
    let structured = bare.starts_with(['{', '[', '"', '\'']);
    let node = match &read {
        Some(node) => node.clone(),
        None => Node { value: Value::Text(bare.to_owned()), at: at.clone() },
    };
    let mut hidden = Findings::new();
    super::visible::tree(&node, &mut hidden);
    if let Some(finding) = hidden.into_vec().pop() {
        return Err(finding);
    }
    match (read, findings.into_vec().into_iter().next()) {
        (Some(node), None) => Ok(node),
        (_, Some(finding)) if structured => {
            Err(finding.because("what starts with a bracket or a quote is read as TOML", None))
        }
        _ => Ok(Node { value: Value::Text(bare.to_owned()), at }),
    }
}

/// The node one step further, made where a table may grow by it.
fn step_into<'a>(
    node: &'a mut Node,
    step: &Step,
    parent: Option<&Step>,
    rest: &[Step],
) -> Result<&'a mut Node, Finding> {
    let kind = node.kind();
    match &mut node.value {
        Value::Table(table) => {
            if !table.contains_key(&step.name) {
                grow(table, step, rest)?;
            }
            Ok(&mut table[&step.name].node)
        }
        Value::List(list) => match place_in(list, &step.name, 0) {
            Some(place) => descend_mut(list, &place)
                .ok_or_else(|| Finding::error("this place does not exist").at(&step.at)),
            None => Err(not_in_list(list, step, parent)),
        },
        _ => {
            let parent = parent.map_or("", |parent| parent.name.as_str());
            Err(Finding::error(format!("`{parent}` is {kind}; there is no `{}` inside it", step.name))
                .at(&step.at)
                .because("it is written here", Some(&node.at)))
        }
    }
}

/// Adds the key of `step`: the value itself where it is the last, else an empty table on the way to it.
fn grow(table: &mut Table, step: &Step, rest: &[Step]) -> Result<(), Finding> {
    if let [next, _, ..] = rest {
        // Where this table's other entries hold a list under the next step, a new table in its place could only be wrong.
        let like = |entry: &Entry| entry.node.key(&next.name).is_some_and(|node| node.list().is_some());
        let known: Vec<&str> = table.iter().filter(|(_, e)| like(e)).map(|(name, _)| name.as_str()).collect();
        if !known.is_empty() {
            return Err(Finding::error(format!("there is no `{}`", step.name))
                .at(&step.at)
                .nearest(&step.name, known));
        }
    }
    let node = Node { value: Value::Table(Table::new()), at: step.at.clone() };
    table.insert(step.name.clone(), Entry { key: step.at.clone(), node });
    Ok(())
}

fn not_in_list(list: &[Node], step: &Step, parent: Option<&Step>) -> Finding {
    let list_name = parent.map_or("this list", |parent| parent.name.as_str());
    let names = names(list, 0);
    let finding = Finding::error(format!("nothing in `{list_name}` is named `{}`", step.name)).at(&step.at);
    if !names.is_empty() {
        return finding.nearest(&step.name, names);
    }
    match list.len() {
        0 => finding.because("the list is empty", None),
        1 => finding.help("its only item is at position 1"),
        items => finding.help(format!("its items have no names; write a position from 1 to {items}")),
    }
}

fn name_of(node: &Node) -> Option<&str> {
    node.key("name").and_then(Node::text)
}

fn phases_of(node: &Node) -> Option<&[Node]> {
    node.key(PHASES).and_then(Node::list)
}

/// The names in a list, those in repeated phases included.
fn names(list: &[Node], depth: usize) -> Vec<&str> {
    let mut names = Vec::new();
    for item in list {
        names.extend(name_of(item));
        if let Some(phases) = phases_of(item).filter(|_| depth < DEEPEST) {
            names.extend(self::names(phases, depth + 1));
        }
    }
    names
}

/// Positions from 0 that lead to an item: one, or one per repeated phase around it.
fn place_in(list: &[Node], name: &str, depth: usize) -> Option<Vec<usize>> {
    let named = by_name(list, name, depth);
    named.or_else(|| {
        let position = name.parse::<usize>().ok()?.checked_sub(1)?;
        (position < list.len()).then(|| vec![position])
    })
}

fn by_name(list: &[Node], name: &str, depth: usize) -> Option<Vec<usize>> {
    if let Some(position) = list.iter().position(|item| name_of(item) == Some(name)) {
        return Some(vec![position]);
    }
    if depth == DEEPEST {
        return None;
    }
    list.iter().enumerate().find_map(|(position, item)| {
        let mut place = by_name(phases_of(item)?, name, depth + 1)?;
        place.insert(0, position);
        Some(place)
    })
}

fn descend<'a>(list: &'a [Node], place: &[usize]) -> Option<&'a Node> {
    let (first, rest) = place.split_first()?;
    let item = list.get(*first)?;
    if rest.is_empty() { Some(item) } else { descend(phases_of(item)?, rest) }
}

fn descend_mut<'a>(list: &'a mut [Node], place: &[usize]) -> Option<&'a mut Node> {
    let (first, rest) = place.split_first()?;
    let item = list.get_mut(*first)?;
    if rest.is_empty() {
        return Some(item);
    }
    let Value::Table(table) = &mut item.value else { return None };
    let Value::List(phases) = &mut table.get_mut(PHASES)?.node.value else { return None };
    descend_mut(phases, rest)
}

#[cfg(test)]
mod tests {
    use super::super::shown;
    use super::*;
    use crate::diagnostic::render;
    use proptest::prelude::*;

    const SCENARIO: &str = r#"
[population]
agents = 10_000
vary.kls2 = { lognormal = { cv = 0.3 } }
[parameters]
level = { value = "1", doc = "strength" }
[arms.taper]
phases = [
  { name = "baseline", for = "14 d" },
  { name = "week off", for = "7 d", L = "1 nM" },
  { repeat = 6, phases = [ { name = "on", for = "5 d" }, { repeat = 2, phases = [{ name = "short", for = "1 d" }] } ] },
]
[[record]]
every = "1 d"
[[record]]
every = "2 d"
"#;

    fn scenario() -> Node {
        Node::parse(&Source::new("s.toml", SCENARIO), &mut Findings::new()).unwrap()
    }

    fn set_in(root: &mut Node, argument: &str) -> Result<(), Finding> {
        let (path, value) = argument.split_once('=').unwrap();
        set(root, path, value, &Source::new("--set", argument))
    }

    fn after(argument: &str) -> Node {
        let mut root = scenario();
        set_in(&mut root, argument).unwrap_or_else(|finding| panic!("{}", render(&[finding], false)));
        root
    }

    fn refused(argument: &str) -> String {
        render(&[set_in(&mut scenario(), argument).unwrap_err()], false)
    }

    #[test]
    fn what_is_set_is_found_again_at_the_same_path_and_has_its_place_in_the_argument() {
        for (argument, value) in [
            ("arms.taper.phases.baseline.for=90 d", "90 d"),
            ("arms.taper.phases.week off.for=8 d", "8 d"),
            ("arms.taper.phases.\"week off\".for=8 d", "8 d"),
            ("arms.taper.phases.2.L=2 nM", "2 nM"),
            ("arms.taper.phases.on.for=\"6 d\"", "\"6 d\""),
            ("arms.taper.phases.short.for=2 d", "2 d"),
            ("record.2.every=12 h", "12 h"),
            ("population.agents=100", "100"),
            ("population.vary.kls2.lognormal.cv=0.5", "0.5"),
            ("population.vary.kon={ normal = { sd = 1 } }", "{ normal = { sd = 1 } }"),
            ("accuracy.relative=1e-8", "1e-8"),
            ("arms.taper.phases.baseline.at=10:00:00", "10:00:00"),
            ("title=nan", "nan"),
            ("parameters.level=2", "2"),
        ] {
            let root = after(argument);
            let path = argument.split_once('=').unwrap().0;
            let node = at(&root, path).unwrap();
            assert_eq!((node.at.source.name(), node.at.text()), ("--set", value), "{argument}");
        }
    }

    #[test]
    fn a_value_that_is_toml_keeps_its_kind_and_anything_else_is_a_text() {
        let value = |argument: &str| after(argument).key("x").unwrap().clone();
        assert_eq!(value("x=12").whole(), Some(12));
        assert_eq!(value("x=0.5").number(), Some(0.5));
        assert_eq!(value("x=true").flag(), Some(true));
        assert_eq!(value("x=[1, 2]").list().unwrap().len(), 2);
        assert_eq!(value("x=90 d").text(), Some("90 d"));
        assert_eq!(value("x= 90 d ").inside().text(), "90 d");
        assert_eq!(value("x=a = b").text(), Some("a = b"));
        assert_eq!(value("x=99999999999999999999").text(), Some("99999999999999999999"));
    }

    #[test]
    fn a_text_or_number_set_on_a_described_value_keeps_its_description() {
        let root = after("parameters.level=2");
        let level = root.key("parameters").unwrap().key("level").unwrap();
        assert_eq!(shown(level), r#"{ value = 2, doc = "strength" }"#);
        let root = after("parameters.level={ value = 3 }");
        assert_eq!(shown(root.key("parameters").unwrap().key("level").unwrap()), "{ value = 3 }");
    }

    #[test]
    fn what_a_set_replaces_can_be_shown_before() {
        let root = scenario();
        let was = |path: &str| at(&root, path).map(shown);
        assert_eq!(was("parameters.level").as_deref(), Some("\"1\""));
        assert_eq!(was("arms.taper.phases.short").as_deref(), Some(r#"{ name = "short", for = "1 d" }"#));
        assert_eq!(was("population.agents").as_deref(), Some("10000"));
        assert_eq!(was("population.agents.x"), None);
        assert_eq!(was("record.3"), None);
        assert!(was("arms").unwrap().ends_with('…'));
    }

    #[test]
    fn a_step_that_leads_nowhere_is_shown_in_the_argument() {
        insta::assert_snapshot!(refused("arms.taper.phases.weekoff.for=8 d"), @r#"
        error: nothing in `phases` is named `weekoff`
         --> --set:1:19
          |
        1 | arms.taper.phases.weekoff.for=8 d
          |                   ^^^^^^^
          |
        help: did you mean `week off`?
        "#);
        insta::assert_snapshot!(refused("arms.tapre.phases.on.for=8 d"), @r#"
        error: there is no `tapre`
         --> --set:1:6
          |
        1 | arms.tapre.phases.on.for=8 d
          |      ^^^^^
          |
        help: did you mean `taper`?
        "#);
        insta::assert_snapshot!(refused("population.agents.x=1"), @r#"
        error: `agents` is a number; there is no `x` inside it
         --> --set:1:19
          |
        1 | population.agents.x=1
          |                   ^
          |
        note: it is written here
         --> s.toml:3:10
          |
        3 | agents = 10_000
          |          ------
        "#);
        insta::assert_snapshot!(refused("record.3.every=1 h"), @r#"
        error: nothing in `record` is named `3`
         --> --set:1:8
          |
        1 | record.3.every=1 h
          |        ^
          |
        help: its items have no names; write a position from 1 to 2
        "#);
        insta::assert_snapshot!(refused("arms..x=1"), @r#"
        error: this path has an empty or unfinished step
         --> --set:1:6
          |
        1 | arms..x=1
          |      ^
          |
          = note: a path is names with dots between them
        help: write, for example, --set population.agents=100
        "#);
        insta::assert_snapshot!(refused("population.agents="), @r#"
        error: there is no value after `=`
         --> --set:1:19
          |
        1 | population.agents=
          |                   ^
          |
        help: an empty text is written as two quotes: ""
        "#);
        insta::assert_snapshot!(refused("population={ agents = 3"), @r#"
        error: not a TOML value: unclosed inline table, expected `}`
         --> --set:1:24
          |
        1 | population={ agents = 3
          |                        ^
          |
          = note: what starts with a bracket or a quote is read as TOML
        "#);
    }

    #[test]
    fn a_path_without_end_is_refused() {
        assert!(refused(&format!("{}=1", vec!["a"; 100_000].join("."))).contains("more than 64 steps"));
    }

    #[test]
    fn a_refused_set_changes_nothing() {
        for argument in ["arms.taper.phases.weekoff.for=8 d", "new.x=[", "arms.tapre.phases.on.for=8 d"] {
            let mut root = scenario();
            assert!(set_in(&mut root, argument).is_err());
            assert_eq!(format!("{root:?}"), format!("{:?}", scenario()));
        }
    }

    proptest! {
        #[test]
        fn no_argument_makes_set_panic(path in "([a-z.\" µ0-9]|arms|taper|phases|\\PC){0,8}", value in "\\PC{0,12}") {
            let _ = set(&mut scenario(), &path, &value, &Source::new("--set", format!("{path}={value}")));
            let _ = set(&mut scenario(), &path, &value, &Source::new("--set", "unrelated µ"));
            let _ = at(&scenario(), &path);
        }
    }
}
