//! TOML text → [`Node`]; the parser's errors → findings.
//! Knows nothing of keys and their kinds.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Node, Table, Value};
use crate::diagnostic::{Finding, Findings, Source, Span};

/// Bytes. A model or scenario has some kilobytes; time series stand in CSV files.
const LARGEST: usize = 16 << 20;
/// Bytes up to which all errors are looked for; in a larger text only the first, as each may take memory.
const ALL_ERRORS: usize = 1 << 20;
/// Errors of syntax that become findings; more come from one broken quote, and hide it.
const MOST_ERRORS: usize = 40;
/// Levels of tables and lists. Everything that walks a tree may recurse.
pub(super) const DEEPEST: usize = 64;

pub(super) fn document(source: &Source, findings: &mut Findings) -> Option<Node> {
    let text = source.text();
    if text.len() > LARGEST {
        let size = text.len() >> 20;
        findings.push(
            Finding::error(format!("this file has {size} MB; at most {} MB are read", LARGEST >> 20))
                .at(&source.span(0..0))
                .help("keep time series in CSV files and name them in the scenario"),
        );
        return None;
    }
    let (table, errors) = if text.len() <= ALL_ERRORS {
        DeTable::parse_recoverable(text)
    } else {
        match DeTable::parse(text) {
            Ok(table) => (table, Vec::new()),
            Err(error) => (Spanned::new(0..0, DeTable::new()), vec![error]),
        }
    };
    if !errors.is_empty() {
        findings.append(errors.iter().take(MOST_ERRORS).map(|error| syntax(source, error, &table)));
        if errors.len() > MOST_ERRORS {
            findings.push(Finding::note(format!("{} further errors of syntax", errors.len() - MOST_ERRORS)));
        }
        return None;
    }
    let mut reader = Reader { source, base: 0, findings };
    let table = reader.table(table.get_ref(), 0);
    Some(Node { value: Value::Table(table), at: source.span(0..0) })
}

/// Reads one TOML value that stands in `source` at `bytes`.
pub(super) fn value(source: &Source, bytes: Range<usize>, findings: &mut Findings) -> Option<Node> {
    let base = bytes.start;
    match DeValue::parse(source.text().get(bytes)?) {
        Ok(value) => Some(Reader { source, base, findings }.node(&value, 0)),
        Err(error) => {
            let at = error.span().unwrap_or(0..0);
            let what = format!("not a TOML value: {}", error.message());
            findings.push(Finding::error(what).at(&source.span(base + at.start..base + at.end)));
            None
        }
    }
}

struct Reader<'a> {
    source: &'a Source,
    /// Where the parsed text starts in the source.
    base: usize,
    findings: &'a mut Findings,
}

impl Reader<'_> {
    fn span(&self, bytes: Range<usize>) -> Span {
        self.source.span(self.base + bytes.start..self.base + bytes.end)
    }

    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> Table {
        let mut read = Table::with_capacity(table.len());
        for (key, value) in table {
            let entry = Entry { key: self.span(key.span()), node: self.node(value, depth + 1) };
            read.insert(key.get_ref().to_string(), entry);
        }
        read
    }

    fn node(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> Node {
        let at = self.span(value.span());
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Integer(digits) => self.whole(digits.as_str(), digits.radix(), &at),
            DeValue::Float(digits) => self.number(digits.as_str(), &at),
            DeValue::Datetime(_) => self.date(&at),
            DeValue::Array(_) | DeValue::Table(_) if depth > DEEPEST => {
                self.findings.push(too_deep(&at));
                Value::Table(Table::new())
            }
            DeValue::Array(list) => Value::List(list.iter().map(|item| self.node(item, depth + 1)).collect()),
            DeValue::Table(table) => Value::Table(self.table(table, depth)),
        };
        Node { value, at }
    }

    fn whole(&mut self, digits: &str, radix: u32, at: &Span) -> Value {
        Value::Whole(i64::from_str_radix(digits, radix).unwrap_or_else(|_| {
            self.findings.push(
                Finding::error("this whole number is too large")
                    .at(at)
                    .because(format!("whole numbers go up to {}", i64::MAX), None)
                    .help("write it with a point or an exponent, such as 1e20"),
            );
            0
        }))
    }

    fn number(&mut self, digits: &str, at: &Span) -> Value {
        let number = digits.parse().unwrap_or(f64::NAN);
        if !f64::is_finite(number) {
            let what = if digits.contains(['n', 'i']) {
                format!("`{digits}` cannot be used as a value")
            } else {
                "this number is too large".to_owned()
            };
            let expected = "numbers are finite, at most 1.8e308 in size";
            self.findings.push(Finding::error(what).at(at).because(expected, None));
        }
        Value::Number(number)
    }

    fn date(&mut self, at: &Span) -> Value {
        self.findings.push(
            Finding::error("dates and times of day are written as texts")
                .at(at)
                .label("a TOML date or time")
                .help(format!("put it in quotes: \"{}\"", at.text())),
        );
        Value::Text(at.text().to_owned())
    }
}

fn too_deep(at: &Span) -> Finding {
    Finding::error("tables or lists are nested too deeply")
        .at(at)
        .because(format!("at most {DEEPEST} levels are read"), None)
}

/// An error of the parser as a finding.
fn syntax(source: &Source, error: &toml::de::Error, recovered: &Spanned<DeTable<'_>>) -> Finding {
    let bytes = error.span().unwrap_or(0..0);
    let at = source.span(bytes.clone());
    let message = error.message();
    if message == "duplicate key" {
        let finding = Finding::error(format!("`{}` is given twice", at.text())).at(&at).label("again here");
        return match first_place(source, bytes, recovered.get_ref()) {
            Some(first) => finding.because("first given here", Some(&first)),
            None => finding,
        };
    }
    if message.contains("recur") {
        return too_deep(&at);
    }
    if bytes.is_empty() && before(source, bytes.start).ends_with('=') {
        let finding = Finding::error("there is no value after `=`").at(&at);
        return finding.help("an empty text is written as two quotes: \"\"");
    }
    let finding = Finding::error(format!("this is not TOML: {message}")).at(&at);
    if message.contains("quote") {
        return finding.help("put texts, and numbers with a unit, in quotes: for = \"14 d\"");
    }
    finding
}

/// The text in front of a byte, without the blanks before it.
fn before(source: &Source, byte: usize) -> &str {
    source.text().get(..byte).unwrap_or("").trim_end_matches([' ', '\t'])
}

/// The place where the key at `bytes` was given first.
fn first_place(source: &Source, bytes: Range<usize>, recovered: &DeTable<'_>) -> Option<Span> {
    let text = source.text();
    let line_start = text.get(..bytes.start)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line_start..bytes.start)?;
    if before.contains(['=', '{', ',']) {
        return in_inline_table(recovered, text.get(bytes.clone())?, &bytes).map(|at| source.span(at));
    }
    // The parser drops the first of two equal headers or keys, so it is looked for as text, line by line.
    let statement = |line: &str| -> Option<String> {
        let line = line.trim_start();
        let end = if line.starts_with('[') { line.find(']')? } else { line.find('=')? };
        Some(line[..end].split_whitespace().collect())
    };
    let line = text[line_start..].lines().next()?;
    let (wanted, is_header) = (statement(line)?, line.trim_start().starts_with('['));
    let mut first = None;
    let mut start = 0;
    for line in text[..line_start].split_inclusive('\n') {
        let heads = line.trim_start().starts_with('[');
        if heads && !is_header {
            first = None;
        }
        if heads == is_header && first.is_none() && statement(line).as_ref() == Some(&wanted) {
            let indent = line.len() - line.trim_start().len();
            first = Some(start + indent..start + line.trim_end().len());
        }
        start += line.len();
    }
    first.map(|at| source.span(at))
}

/// The key `name` of the innermost inline table around `bytes`.
fn in_inline_table(table: &DeTable<'_>, name: &str, bytes: &Range<usize>) -> Option<Range<usize>> {
    fn below(value: &Spanned<DeValue<'_>>, name: &str, bytes: &Range<usize>) -> Option<Range<usize>> {
        match value.get_ref() {
            DeValue::Table(table) => {
                let around = value.span().start <= bytes.start && bytes.end <= value.span().end;
                let here = || table.keys().find(|key| *key.get_ref() == Cow::Borrowed(name));
                in_inline_table(table, name, bytes)
                    .or_else(|| here().filter(|key| around && key.span() != *bytes).map(Spanned::span))
            }
            DeValue::Array(list) => list.iter().find_map(|item| below(item, name, bytes)),
            _ => None,
        }
    }
    table.values().find_map(|value| below(value, name, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::render;
    use proptest::prelude::*;

    fn findings(text: &str) -> String {
        let mut findings = Findings::new();
        let _ = document(&Source::new("x.toml", text), &mut findings);
        render(&findings.into_vec(), false)
    }

    fn read(text: &str) -> Node {
        let mut findings = Findings::new();
        let node = document(&Source::new("x.toml", text), &mut findings);
        assert!(!findings.has_errors(), "{}", render(&findings.into_vec(), false));
        node.unwrap()
    }

    #[test]
    fn all_errors_of_syntax_are_found_at_once() {
        insta::assert_snapshot!(findings("a = 14 d\nb =\nc = \"open\n"), @r#"
        error: this is not TOML: string values must be quoted, expected literal string
         --> x.toml:1:5
          |
        1 | a = 14 d
          |     ^^^^
          |
        help: put texts, and numbers with a unit, in quotes: for = "14 d"

        error: there is no value after `=`
         --> x.toml:2:4
          |
        2 | b =
          |    ^
          |
        help: an empty text is written as two quotes: ""

        error: this is not TOML: invalid basic string, expected `"`
         --> x.toml:3:10
          |
        3 | c = "open
          |          ^
        "#);
    }

    #[test]
    fn a_key_given_twice_shows_both_places() {
        insta::assert_snapshot!(findings("[p]\nkon = 1\nkoff = 2\nkon = 3\n"), @r#"
        error: `kon` is given twice
         --> x.toml:4:1
          |
        4 | kon = 3
          | ^^^ again here
          |
        note: first given here
         --> x.toml:2:1
          |
        2 | kon = 1
          | -------
        "#);
        insta::assert_snapshot!(findings("[p]\nkon = 1\n[q]\nkon = 2\n[p]\nx = 1\n"), @r#"
        error: `p` is given twice
         --> x.toml:5:2
          |
        5 | [p]
          |  ^ again here
          |
        note: first given here
         --> x.toml:1:1
          |
        1 | [p]
          | ---
        "#);
        insta::assert_snapshot!(findings("p = { a = 1, b = { a = 2, a = 3 } }\n"), @r#"
        error: `a` is given twice
         --> x.toml:1:27
          |
        1 | p = { a = 1, b = { a = 2, a = 3 } }
          |                           ^ again here
          |
        note: first given here
         --> x.toml:1:20
          |
        1 | p = { a = 1, b = { a = 2, a = 3 } }
          |                    -
        "#);
    }

    #[test]
    fn dates_are_refused_and_the_text_to_write_is_shown() {
        insta::assert_snapshot!(findings("at = 10:00:00\nday = 2026-01-01\n"), @r#"
        error: dates and times of day are written as texts
         --> x.toml:1:6
          |
        1 | at = 10:00:00
          |      ^^^^^^^^ a TOML date or time
          |
        help: put it in quotes: "10:00:00"

        error: dates and times of day are written as texts
         --> x.toml:2:7
          |
        2 | day = 2026-01-01
          |       ^^^^^^^^^^ a TOML date or time
          |
        help: put it in quotes: "2026-01-01"
        "#);
    }

    #[test]
    fn numbers_that_no_computation_could_use_are_refused() {
        insta::assert_snapshot!(findings("a = nan\nb = 1e999\nc = 99999999999999999999\n"), @r#"
        error: `nan` cannot be used as a value
         --> x.toml:1:5
          |
        1 | a = nan
          |     ^^^
          |
          = note: numbers are finite, at most 1.8e308 in size

        error: this number is too large
         --> x.toml:2:5
          |
        2 | b = 1e999
          |     ^^^^^
          |
          = note: numbers are finite, at most 1.8e308 in size

        error: this whole number is too large
         --> x.toml:3:5
          |
        3 | c = 99999999999999999999
          |     ^^^^^^^^^^^^^^^^^^^^
          |
          = note: whole numbers go up to 9223372036854775807
        help: write it with a point or an exponent, such as 1e20
        "#);
    }

    #[test]
    fn dotted_keys_headers_and_lists_of_tables_make_one_tree_in_the_order_of_the_file() {
        let root = read(
            "z = 1\nvary.kls2 = { cv = 0.3 }\nvary.a = 2\n[[record]]\nevery = \"1 d\"\n[[record]]\n[arms.b]\n[arms.a]\n",
        );
        let keys = |node: &Node| node.table().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&root), ["z", "vary", "record", "arms"]);
        assert_eq!(keys(root.key("vary").unwrap()), ["kls2", "a"]);
        assert_eq!(keys(root.key("arms").unwrap()), ["b", "a"]);
        assert_eq!(root.key("vary").unwrap().at.text(), "vary");
        assert_eq!(root.key("vary").unwrap().key("kls2").unwrap().at.text(), "{ cv = 0.3 }");
        assert_eq!(root.key("record").unwrap().list().unwrap()[1].at.line(), 6);
        assert_eq!(root.key("arms").unwrap().key("a").unwrap().at.text(), "[arms.a]");
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_and_places_stay_exact() {
        assert_eq!(read("\u{feff}kon = 7\n").key("kon").unwrap().at.text(), "7");
    }

    #[test]
    fn texts_nested_without_end_are_refused_quickly_whatever_they_are_made_of() {
        let deep = 100_000;
        let dotted = vec!["a"; 79].join(".");
        let texts = [
            format!("a = {}", "[".repeat(deep)),
            format!("a = {}{}", "[".repeat(deep), "]".repeat(deep)),
            format!("a = {}", "{a=".repeat(deep)),
            "[".repeat(deep),
            format!("{} = 1", vec!["a"; deep].join(".")),
            format!("[{}]", vec!["a"; deep].join(".")),
            format!("[{dotted}]\n{dotted} = {}1{}", format!("{{{dotted} = ").repeat(70), "}".repeat(70)),
        ];
        for text in texts {
            let start = std::time::Instant::now();
            let said = findings(&text);
            assert!(said.contains("error"), "{said}");
            assert!(said.len() < 20_000, "{}", said.len());
            assert!(start.elapsed().as_secs() < 5, "{}", &text[..20]);
        }
    }

    #[test]
    fn a_text_of_a_hundred_megabytes_is_refused_without_being_read() {
        let said = findings(&"a = 1 # x\n".repeat(10 << 20));
        assert!(said.contains("this file has 100 MB; at most 16 MB are read"), "{said}");
    }

    #[test]
    fn a_large_text_of_errors_is_refused_in_seconds() {
        let start = std::time::Instant::now();
        assert!(findings(&"=\n".repeat(7 << 20)).contains("not TOML"));
        assert!(findings(&"=\n".repeat(1 << 18)).contains("further errors"));
        assert!(start.elapsed().as_secs() < 20);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC*|([a-c=\\[\\]{}.\"'#\n 0-9:,\\\\-]|\\[\\[a\\]\\]\n|a\\.b = ){0,60}") {
            let _ = findings(&text);
        }

        #[test]
        fn every_place_of_a_tree_lies_in_its_text(text in "([a-c] = (1|\"µ\"|\\{ b = 1 \\})\n|\\[[d-g]\\]\n|\\[\\[[h-j]\\]\\]\n){0,6}") {
            fn walk(node: &Node) {
                assert!(node.at.source.text().get(node.at.bytes.clone()).is_some());
                for entry in node.table().into_iter().flat_map(|t| t.values()) {
                    assert!(!entry.key.text().is_empty());
                    walk(&entry.node);
                }
                node.list().into_iter().flatten().for_each(walk);
            }
            if let Some(node) = document(&Source::new("x.toml", text.as_str()), &mut Findings::new()) {
                walk(&node);
            }
        }
    }
}
