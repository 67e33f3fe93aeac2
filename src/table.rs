//! Tables: named columns with units and docs, the only thing that leaves a run.
//! Knows nothing of formats or files.

/// What a column holds. A missing number is NaN, a missing whole number or text is `None`.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    Number(Vec<f64>),
    Whole(Vec<Option<u64>>),
    Text(Vec<Option<String>>),
}

impl Data {
    /// Cells of the column, missing ones included.
    pub fn len(&self) -> usize {
        match self {
            Data::Number(v) => v.len(),
            Data::Whole(v) => v.len(),
            Data::Text(v) => v.len(),
        }
    }

    /// Adds the cells of a column of the same kind; of another kind as many missing ones.
    pub fn append(&mut self, other: &Data) {
        match (self, other) {
            (Data::Number(into), Data::Number(from)) => into.extend_from_slice(from),
            (Data::Whole(into), Data::Whole(from)) => into.extend_from_slice(from),
            (Data::Text(into), Data::Text(from)) => into.extend_from_slice(from),
            (Data::Number(into), from) => into.extend(std::iter::repeat_n(f64::NAN, from.len())),
            (Data::Whole(into), from) => into.extend(std::iter::repeat_n(None, from.len())),
            (Data::Text(into), from) => into.extend(std::iter::repeat_n(None, from.len())),
        }
    }

    /// Drops all cells.
    pub fn clear(&mut self) {
        match self {
            Data::Number(v) => v.clear(),
            Data::Whole(v) => v.clear(),
            Data::Text(v) => v.clear(),
        }
    }

    /// Whether the column has no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One column: its name is the CSV header.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    /// Unit of all its numbers; empty where there is none or where another column says it.
    pub unit: String,
    pub doc: String,
    pub data: Data,
}

impl Column {
    /// A column without a unit.
    pub fn new(name: &str, doc: &str, data: Data) -> Column {
        Column { name: name.to_owned(), unit: String::new(), doc: doc.to_owned(), data }
    }
}

/// Columns of equal length.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Table {
    /// File stem: `summary`, `assays`.
    pub name: String,
    pub columns: Vec<Column>,
}

impl Table {
    /// A table of columns that are equally long.
    pub fn new(name: &str, columns: Vec<Column>) -> Table {
        debug_assert!(columns.windows(2).all(|w| w[0].data.len() == w[1].data.len()));
        Table { name: name.to_owned(), columns }
    }

    /// Rows below the header.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |c| c.data.len())
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The numbers of a column; empty where there is no such column of numbers.
    pub fn numbers(&self, name: &str) -> &[f64] {
        match self.column(name).map(|c| &c.data) {
            Some(Data::Number(v)) => v,
            _ => &[],
        }
    }

    /// The texts of a column; empty where there is no such column of texts.
    pub fn texts(&self, name: &str) -> &[Option<String>] {
        match self.column(name).map(|c| &c.data) {
            Some(Data::Text(v)) => v,
            _ => &[],
        }
    }
}
