//! TOML texts as trees whose every value knows its place, checked against const tables of keys.
//! Knows nothing of models or scenarios: their key tables are handed in.
//!
//! One table of keys (a [`Shape`]) drives the check of a file, the nearest name in a finding, the JSON Schema and the
//! reference page, so that none of them can disagree.

mod check;
mod kind;
mod parse;
mod path;
mod reference;
#[cfg(test)]
mod sample;
mod schema;
mod show;
mod visible;

use indexmap::IndexMap;

use crate::diagnostic::{Finding, Findings, Source, Span};

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub value: Value,
    pub at: Span,
}

#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Whole(i64),
    /// Always finite in a tree read without errors.
    Number(f64),
    Flag(bool),
    List(Vec<Node>),
    Table(Table),
}

/// A table in the order of the file.
pub type Table = IndexMap<String, Entry>;

#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Span,
    pub node: Node,
}

impl Node {
    /// Reads a TOML text. All findings at once; `None` where nothing could be read, which is so after any error of syntax
    /// (what a broken line meant would be a guess). A table's place is its header `[a.b]`, its braces, or the key that
    /// made it; the whole file's place is its first byte.
    pub fn parse(source: &Source, findings: &mut Findings) -> Option<Node> {
        let root = parse::document(source, findings)?;
        visible::tree(&root, findings);
        Some(root)
    }

    /// The text, where this is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Place of a text's content, without its quotes: `.within(a..b)` of it is the place of bytes a..b of the text.
    /// Where the text was written with escapes or over several lines, and for anything but a text, the whole value.
    pub fn inside(&self) -> Span {
        self.content().unwrap_or_else(|| self.at.clone())
    }

    /// A text on one line and without escapes, with the place of its content: for texts that are read further, so that
    /// each of their bytes has a place in the file.
    pub fn exact_text(&self) -> Result<(&str, Span), Finding> {
        let Some(text) = self.text() else {
            return Err(Finding::error(format!("found {}, expected a text", self.kind())).at(&self.at));
        };
        let Some(content) = self.content() else {
            return Err(Finding::error("this text is written with escapes or over several lines")
                .at(&self.at)
                .because("it is read further, and only a plain text on one line has exact places", None)
                .help("write it on one line, in '…' where it holds quotes or backslashes"));
        };
        Ok((text, content))
    }

    /// The place of the content, where the source holds it byte for byte and on one line.
    fn content(&self) -> Option<Span> {
        let text = self.text().filter(|text| !text.contains(['\n', '\r']))?;
        let written = self.at.text();
        ["\"\"\"", "'''", "\"", "'", ""].into_iter().find_map(|quote| {
            let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
            (inner == text).then(|| self.at.within(quote.len()..quote.len() + text.len()))
        })
    }

    /// The table, where this is one.
    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The items, where this is a list.
    pub fn list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// Whole or fractional.
    pub fn number(&self) -> Option<f64> {
        match self.value {
            Value::Whole(whole) => Some(whole as f64),
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number, where it is written as a whole one.
    pub fn whole(&self) -> Option<i64> {
        match self.value {
            Value::Whole(whole) => Some(whole),
            _ => None,
        }
    }

    /// `true` or `false`, where this is one of them.
    pub fn flag(&self) -> Option<bool> {
        match self.value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// The value of a key of this table.
    pub fn key(&self, name: &str) -> Option<&Node> {
        self.table()?.get(name).map(|entry| &entry.node)
    }

    /// "a text", "a table", …
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a text",
            Value::Whole(_) | Value::Number(_) => "a number",
            Value::Flag(true) => "`true`",
            Value::Flag(false) => "`false`",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// One key of a table: the one place where its name, kind, unit, default and meaning stand.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub kind: Kind,
    pub need: Need,
    pub doc: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub enum Need {
    Required,
    /// May be left out; the text says what then holds (`"1e-6"`, `"no change"`).
    Default(&'static str),
}

/// What a key's value may be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Text,
    /// A text with a number and a unit; a bare number where the dimension is 1. `of` says in words what is measured: `time`.
    /// What is called a time, concentration, amount or rate always has a unit, and a bare number other than 0 is refused
    /// here already; for the rest whoever knows the dimension decides.
    Quantity {
        of: &'static str,
    },
    /// A text in the expression language.
    Expression,
    /// A text or number in the expression language or a quantity: read further by whoever knows the names.
    Value,
    Whole,
    Number,
    Flag,
    /// One of these words.
    OneOf(&'static [&'static str]),
    List(&'static Kind),
    /// A text or a list of texts.
    Texts,
    /// A table with these keys.
    Table(&'static Shape),
    /// A table of tables with names chosen by the writer: `kls2 = { … }`.
    Named(&'static Kind),
    /// Exactly one key of these, which says what the table is: `pulse = { … }`.
    Tagged(&'static Shape),
    /// Any of these. Between kinds that a value could be both, the one whose keys fit best is taken.
    Either(&'static [Kind]),
    /// A table whose further keys are named by the writer and are of this kind (a phase names inputs).
    Open(&'static Shape, &'static Kind),
    /// Refers to another shape by function, for recursion.
    Lazy(fn() -> Kind),
}

impl Kind {
    /// This kind with `Lazy` looked up.
    fn resolved(self) -> Kind {
        match self {
            Kind::Lazy(kind) => kind().resolved(),
            kind => kind,
        }
    }
}

/// The keys of one kind of table.
#[derive(Debug)]
pub struct Shape {
    /// Singular: `state`, `arm`.
    pub name: &'static str,
    pub doc: &'static str,
    pub keys: &'static [Key],
}

impl Shape {
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.keys.iter().map(|key| key.name)
    }
}

/// Finds unknown keys (with the nearest name), missing ones and values of the wrong kind, all at once.
pub fn check(node: &Node, shape: &'static Shape, findings: &mut Findings) {
    check::table(node, shape, findings);
}

/// JSON Schema (2020-12) of a shape.
pub fn schema(shape: &'static Shape, title: &str) -> serde_json::Value {
    schema::document(shape, title)
}

/// Reference page of a shape and all shapes below it, in Markdown.
pub fn reference(shape: &'static Shape) -> String {
    reference::page(shape)
}

/// What a key means, for a comment beside it.
pub fn comment_of(shape: &Shape, key: &str) -> Option<&'static str> {
    shape.key(key).map(|key| key.doc)
}

/// Replaces or adds the value at a dotted path (`arms.taper.phases.exposure.for`); a step through a list of tables goes by their `name`
/// (or by position from 1), also inside the `phases` of a repeated phase. A step with a dot in it stands in quotes. `value` is TOML, or a
/// bare text (`90 d`). A table with the key `value` keeps its other keys when a text or number is set. Findings, and the places of what
/// was set, point into `argument`, whose text is `PATH=VALUE`.
pub fn set(root: &mut Node, path: &str, value: &str, argument: &Source) -> Result<(), Finding> {
    path::set(root, path, value, argument)
}

/// What a text or number set at `path` would replace.
pub fn at_path<'a>(root: &'a Node, path: &str) -> Option<&'a Node> {
    path::at(root, path)
}

/// A value as a short TOML text, cut with `…` where it is long.
pub fn shown(node: &Node) -> String {
    show::shown(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Node {
        let mut findings = Findings::new();
        let root = Node::parse(&Source::new("x.toml", format!("x = {text}\n")), &mut findings);
        assert!(!findings.has_errors(), "{:?}", findings.into_vec());
        root.unwrap().key("x").unwrap().clone()
    }

    #[test]
    fn each_byte_of_a_plain_text_has_its_place() {
        for written in ["\"kon*L\"", "'kon*L'", "\"\"\"kon*L\"\"\"", "'''kon*L'''"] {
            let node = value(written);
            let (text, place) = node.exact_text().unwrap();
            assert_eq!((text, place.text(), place.within(4..5).text()), ("kon*L", "kon*L", "L"), "{written}");
            assert_eq!(node.inside(), place);
        }
    }

    #[test]
    fn a_text_with_escapes_or_line_breaks_has_no_exact_places() {
        for written in [r#""a\tb""#, "\"\"\"\na\nb\"\"\"", "'''a\nb'''", r#""\u0061""#] {
            let node = value(written);
            assert!(node.exact_text().is_err(), "{written}");
            assert_eq!(node.inside(), node.at);
        }
        assert!(value("1").exact_text().is_err());
    }

    #[test]
    fn an_empty_text_has_an_empty_place_between_its_quotes() {
        let node = value("\"\"");
        let (text, place) = node.exact_text().unwrap();
        assert_eq!((text, place.bytes), ("", 5..5));
    }
}
