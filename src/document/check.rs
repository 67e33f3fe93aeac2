//! A tree against a table of keys.
//! Knows nothing of what keys mean: units, names and expressions are read by others.

use super::kind::{LONGEST_NAME, article, cut, expected, fit, is_letter, is_word, remedy};
use super::{Entry, Key, Kind, Need, Node, Shape, Table, Value};
use crate::diagnostic::{Finding, Findings, Span};

/// Findings after which a check stops: the rest is seen when these are mended.
const MOST: usize = 100;

pub(super) fn table(node: &Node, shape: &'static Shape, findings: &mut Findings) {
    let mut check = Check { findings, left: MOST };
    check.value(node, Kind::Table(shape), &Place { name: shape.name, doc: shape.doc, at: &node.at });
}

struct Check<'f> {
    findings: &'f mut Findings,
    left: usize,
}

/// The key that a value belongs to.
struct Place<'a> {
    name: &'a str,
    doc: &'a str,
    at: &'a Span,
}

impl Check<'_> {
    fn push(&mut self, finding: Finding) {
        if self.left > 0 {
            self.left -= 1;
            self.findings.push(finding);
        }
    }

    fn value(&mut self, node: &Node, kind: Kind, place: &Place<'_>) {
        if self.left == 0 {
            return;
        }
        match (kind.resolved(), &node.value) {
            (Kind::Table(shape), Value::Table(table)) => self.shape(table, shape, None, place),
            (Kind::Open(shape, further), Value::Table(table)) => {
                self.shape(table, shape, Some(*further), place);
            }
            (Kind::Tagged(shape), Value::Table(table)) => self.tagged(table, shape, place),
            (Kind::Named(kind), Value::Table(table)) => {
                for (name, entry) in table {
                    self.named(name, entry, *kind, place.doc);
                }
            }
            (Kind::List(kind), Value::List(list)) => {
                list.iter().for_each(|item| self.value(item, *kind, &Place { at: &item.at, ..*place }));
            }
            (Kind::Texts, Value::List(list)) => {
                for item in list {
                    self.value(item, Kind::Text, &Place { at: &item.at, ..*place });
                }
            }
            (Kind::Either(kinds), _) => {
                let best = kinds.iter().filter_map(|kind| Some((fit(node, *kind)?, kind)));
                // The first of equals, so that the order of a key table decides.
                match best.reduce(|best, next| if next.0 > best.0 { next } else { best }) {
                    Some((_, kind)) => self.value(node, *kind, place),
                    None => self.mismatch(node, kind, place),
                }
            }
            (Kind::OneOf(words), Value::Text(text)) if !words.contains(&text.as_str()) => {
                let what = format!("`{}` cannot be {}", place.name, super::shown(node));
                self.push(Finding::error(what).at(&node.at).nearest(text, words.iter().copied()));
            }
            (kind, _) if fit(node, kind).is_none() => self.mismatch(node, kind, place),
            _ => {}
        }
    }

    fn mismatch(&mut self, node: &Node, kind: Kind, place: &Place<'_>) {
        let mut finding = Finding::error(format!("found {}, expected {}", node.kind(), expected(kind)))
            .at(&node.at)
            .label(format!("value of `{}`", place.name));
        if !place.doc.is_empty() {
            finding = finding.because(format!("`{}`: {}", place.name, place.doc), None);
        }
        if let Some(help) = remedy(node, kind.resolved()) {
            finding = finding.help(help);
        }
        self.push(finding);
    }

    /// The keys of a table; what `shape` does not name is of kind `further`, where there is one.
    fn shape(&mut self, table: &Table, shape: &'static Shape, further: Option<Kind>, place: &Place<'_>) {
        for (name, entry) in table {
            match (shape.key(name), further) {
                (Some(key), _) => self.entry(entry, key),
                (None, Some(kind)) => self.named(name, entry, kind, ""),
                (None, None) => self.unknown(name, entry, table, shape),
            }
        }
        for key in shape.keys {
            if matches!(key.need, Need::Required) && !table.contains_key(key.name) {
                self.push(
                    Finding::error(format!("{} needs the key `{}`", article(shape.name), key.name))
                        .at(place.at)
                        .label(format!("without `{}`", key.name))
                        .help(format!("add `{}`, {}: {}", key.name, expected(key.kind), key.doc)),
                );
            }
        }
    }

    fn entry(&mut self, entry: &Entry, key: &'static Key) {
        self.value(&entry.node, key.kind, &Place { name: key.name, doc: key.doc, at: &entry.key });
    }

    fn unknown(&mut self, name: &str, entry: &Entry, table: &Table, shape: &'static Shape) {
        let finding = Finding::error(format!("unknown key `{}`", cut(name)))
            .at(&entry.key)
            .label(format!("not a key of {}", article(shape.name)));
        let free: Vec<&str> = shape.names().filter(|known| !table.contains_key(*known)).collect();
        self.push(match crate::diagnostic::nearest(name, free.iter().copied()) {
            Some(_) => finding.nearest(name, free),
            None => finding.nearest(name, shape.names()),
        });
    }

    fn tagged(&mut self, table: &Table, shape: &'static Shape, place: &Place<'_>) {
        let mut tags = table.iter().filter(|(name, _)| shape.key(name).is_some());
        let first = tags.next();
        for (name, entry) in tags {
            let (first_name, first) = first.expect("a further tag follows a first one");
            self.push(
                Finding::error(format!("{} is one thing, `{first_name}` or `{name}`", article(shape.name)))
                    .at(&entry.key)
                    .because("it already says what it is here", Some(&first.key))
                    .help("keep one of the two"),
            );
        }
        for (name, entry) in table {
            match shape.key(name) {
                Some(key) => self.entry(entry, key),
                None => self.unknown(name, entry, table, shape),
            }
        }
        if table.is_empty() {
            self.push(
                Finding::error(format!("{} is empty", article(shape.name)))
                    .at(place.at)
                    .because(shape.doc, None)
                    .nearest("", shape.names()),
            );
        }
    }

    /// A key whose name is chosen by the writer.
    fn named(&mut self, name: &str, entry: &Entry, kind: Kind, doc: &str) {
        if name.chars().count() > LONGEST_NAME {
            self.push(
                Finding::error(format!("this name has {} characters", name.chars().count()))
                    .at(&entry.key)
                    .because(format!("names have at most {LONGEST_NAME}"), None),
            );
        } else if !is_word(name) {
            let word: String = name.chars().map(|c| if is_letter(c) { c } else { '_' }).collect();
            let word = if word.starts_with(|c: char| c.is_numeric()) { format!("_{word}") } else { word };
            let mut finding = Finding::error(format!("`{name}` is not a name"))
                .at(&entry.key)
                .because("names have letters, digits and `_`, and do not start with a digit", None);
            if is_word(&word) {
                finding = finding.help(format!("write `{word}`"));
            }
            self.push(finding);
        }
        self.value(&entry.node, kind, &Place { name, doc, at: &entry.key });
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{ARM_FILE, checked, with};
    use super::*;
    use crate::diagnostic::{Source, render};
    use proptest::prelude::*;

    #[test]
    fn a_file_of_known_keys_has_no_findings() {
        let text = r#"
            agents = 10
            strict = true
            share = 1
            window = "mean"
            what = ["a", "b"]
            every = "1 d"
            level = 0.3
            vary = { kls2 = { lognormal = { cv = 0.3 } } }
            [arms.a]
            phases = [
              { name = "on", for = "14 d", L = "20 nM", R = { sum = [{ pulse = { level = "1" } }, { ramp = { to = 2 } }] } },
              { repeat = 3, phases = [{ name = "in", for = 0 }] },
            ]
        "#;
        assert_eq!(with(text), "");
        assert_eq!(with("what = \"a\"\nwindow = \"max\"\narms = {}"), "");
    }

    #[test]
    fn an_unknown_key_is_shown_with_the_nearest_that_is_still_free() {
        insta::assert_snapshot!(with("agent = 10"), @r#"
        error: unknown key `agent`
         --> x.toml:2:1
          |
        2 | agent = 10
          | ^^^^^ not a key of a scenario
          |
        help: did you mean `agents`?
        "#);
        insta::assert_snapshot!(with("[arms.a]\nphases = []\nzzz = 1"), @r#"
        error: unknown key `zzz`
         --> x.toml:4:1
          |
        4 | zzz = 1
          | ^^^ not a key of an arm
          |
        help: write one of `phases`
        "#);
    }

    #[test]
    fn missing_keys_are_shown_at_the_key_of_their_table() {
        insta::assert_snapshot!(checked("agents = 1\n[arms.a]\n"), @r#"
        error: a scenario needs the key `title`
         --> x.toml:1:1
          |
        1 | agents = 1
          | ^ without `title`
          |
        help: add `title`, a text: one line

        error: an arm needs the key `phases`
         --> x.toml:2:7
          |
        2 | [arms.a]
          |       ^ without `phases`
          |
        help: add `phases`, a list, of which each is a table (phase), or a table (repeat): one after the other
        "#);
    }

    #[test]
    fn a_table_with_a_tag_has_exactly_one() {
        let phase = |stimulus: &str| {
            with(&format!("[arms.a]\nphases = [{{ name = \"on\", for = \"1 d\", L = {stimulus} }}]"))
        };
        insta::assert_snapshot!(phase("{ pulse = { level = 1 }, ramp = { to = 2 } }"), @r#"
        error: a stimulus is one thing, `pulse` or `ramp`
         --> x.toml:3:68
          |
        3 | phases = [{ name = "on", for = "1 d", L = { pulse = { level = 1 }, ramp = { to = 2 } } }]
          |                                                                    ^^^^
          |
        note: it already says what it is here
         --> x.toml:3:45
          |
        3 | phases = [{ name = "on", for = "1 d", L = { pulse = { level = 1 }, ramp = { to = 2 } } }]
          |                                             -----
        help: keep one of the two
        "#);
        insta::assert_snapshot!(phase("{ puls = { level = 1 } }"), @r#"
        error: unknown key `puls`
         --> x.toml:3:45
          |
        3 | phases = [{ name = "on", for = "1 d", L = { puls = { level = 1 } } }]
          |                                             ^^^^ not a key of a stimulus
          |
        help: did you mean `pulse`?
        "#);
        insta::assert_snapshot!(phase("{}"), @r#"
        error: a stimulus is empty
         --> x.toml:3:39
          |
        3 | phases = [{ name = "on", for = "1 d", L = {} }]
          |                                       ^
          |
          = note: An input over time.
        help: write one of `pulse`, `ramp`, `sum`
        "#);
        insta::assert_snapshot!(phase("{ pulse = { levl = 1 } }"), @r#"
        error: a pulse needs the key `level`
         --> x.toml:3:45
          |
        3 | phases = [{ name = "on", for = "1 d", L = { pulse = { levl = 1 } } }]
          |                                             ^^^^^ without `level`
          |
        help: add `level`, a text or a number: its height

        error: unknown key `levl`
         --> x.toml:3:55
          |
        3 | phases = [{ name = "on", for = "1 d", L = { pulse = { levl = 1 } } }]
          |                                                       ^^^^ not a key of a pulse
          |
        help: did you mean `level`?
        "#);
    }

    #[test]
    fn names_chosen_by_the_writer_are_words() {
        insta::assert_snapshot!(with("[arms.\"slow taper\"]\nphases = []\n[arms.2fast]\nphases = []"), @r#"
        error: `slow taper` is not a name
         --> x.toml:2:7
          |
        2 | [arms."slow taper"]
          |       ^^^^^^^^^^^^
          |
          = note: names have letters, digits and `_`, and do not start with a digit
        help: write `slow_taper`

        error: `2fast` is not a name
         --> x.toml:4:7
          |
        4 | [arms.2fast]
          |       ^^^^^
          |
          = note: names have letters, digits and `_`, and do not start with a digit
        help: write `_2fast`
        "#);
        assert!(with(&format!("[arms.{}]\nphases = []", "a".repeat(101))).contains("has 101 characters"));
        assert_eq!(with(&format!("[arms.\"{}\"]\nphases = []", "µ".repeat(100))), "");
    }

    #[test]
    fn findings_of_a_huge_file_stop_at_a_hundred() {
        let start = std::time::Instant::now();
        let said = with(&format!("what = [{}]", "1, ".repeat(300_000)));
        assert!(said.contains("… and 50 more findings"), "{}", &said[said.len() - 200..]);
        assert!(start.elapsed().as_secs() < 5);
    }

    #[test]
    fn a_deep_recursive_file_is_checked_quickly() {
        let depth = 10;
        let open = "{ repeat = 1, phases = [".repeat(depth);
        let text = format!("[arms.a]\nphases = [{open}{}]", "] }".repeat(depth));
        assert_eq!(with(&text), "");
    }

    proptest! {
        #[test]
        fn no_tree_makes_the_check_panic(text in "(title|agents|arms|what|phases|level|zz|\"\"|\"µ b\")( = (1|\"a\"|\\[1\\]|\\{ pulse = 1 \\}|true)|\\.(a|phases|sum) = \\{\\})\n") {
            let mut findings = Findings::new();
            if let Some(root) = Node::parse(&Source::new("x", text), &mut findings) {
                super::super::check(&root, &ARM_FILE, &mut findings);
                let _ = render(&findings.into_vec(), false);
            }
        }
    }
}
