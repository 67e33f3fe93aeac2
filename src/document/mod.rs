//! TOML texts as trees whose every value knows its place, checked against const tables of keys.
//! Knows nothing of models or scenarios: their key tables are handed in.

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
    /// Reads a TOML text. All findings at once; `None` where nothing could be read.
    pub fn parse(source: &Source, findings: &mut Findings) -> Option<Node> { todo!() }
    pub fn text(&self) -> Option<&str> { todo!() }
    /// Place of a text's content, without its quotes: `.within(a..b)` of it is the place of bytes a..b of the text.
    /// Where the text was written with escapes or over several lines, the whole value (and `exact` is false).
    pub fn inside(&self) -> Span { todo!() }
    pub fn table(&self) -> Option<&Table> { todo!() }
    pub fn list(&self) -> Option<&[Node]> { todo!() }
    /// Whole or fractional.
    pub fn number(&self) -> Option<f64> { todo!() }
    pub fn flag(&self) -> Option<bool> { todo!() }
    /// The value of a key of this table.
    pub fn key(&self, name: &str) -> Option<&Node> { todo!() }
    /// "a text", "a table", …
    pub fn kind(&self) -> &'static str { todo!() }
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
    Quantity { of: &'static str },
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
    /// Any of these.
    Either(&'static [Kind]),
    /// A table whose further keys are named by the writer and are of this kind (a phase names inputs).
    Open(&'static Shape, &'static Kind),
    /// Refers to another shape by function, for recursion.
    Lazy(fn() -> Kind),
}

/// The keys of one kind of table.
#[derive(Debug)]
pub struct Shape {
    /// Singular: `state`, `arm`.
    pub name: &'static str,
    pub doc: &'static str,
    pub keys: &'static [Key],
}

/// Finds unknown keys (with the nearest name), missing ones and values of the wrong kind, all at once.
pub fn check(node: &Node, shape: &'static Shape, findings: &mut Findings) { todo!() }

/// JSON Schema (2020-12) of a shape.
pub fn schema(shape: &'static Shape, title: &str) -> serde_json::Value { todo!() }

/// Reference page of a shape and all shapes below it, in Markdown.
pub fn reference(shape: &'static Shape) -> String { todo!() }

/// Replaces or adds the value at a dotted path (`arms.taper.phases.exposure.for`); a step through a list of tables goes by their `name`
/// (or by position from 1). `value` is TOML, or a bare text (`90 d`). Findings point into `argument`.
pub fn set(root: &mut Node, path: &str, value: &str, argument: &Source) -> Result<(), Finding> { todo!() }
