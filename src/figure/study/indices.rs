//! Rows of `indices.csv`.
//! Knows the table; knows nothing of pictures.

use super::cells::{number, text, whole};
use crate::table::Table;

pub const SOBOL: &str = "Sobol'";
pub const MORRIS: &str = "Morris";
pub const PRCC: &str = "PRCC";
pub const GIVEN_DATA: &str = "given data";
pub const LOCAL: &str = "local";
/// The verdict on what may as well be nothing.
pub const NOTHING: &str = "not distinguishable from zero";

/// One estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    pub output: String,
    pub unit: String,
    pub method: String,
    pub index: String,
    pub factor: String,
    /// The other factor of a pair.
    pub with: String,
    pub value: f64,
    /// Ends of the 95 % interval; NaN where there is none.
    pub low: f64,
    pub high: f64,
    pub verdict: String,
    pub n: u64,
    pub of: u64,
}

impl Index {
    /// Its interval covers zero, or its verdict says so.
    pub fn is_nothing(&self) -> bool {
        self.verdict == NOTHING || self.low <= 0.0 && self.high >= 0.0
    }

    /// Of a pair: whether it surely decides something beyond what both factors decide alone.
    pub fn interacts(&self) -> bool {
        self.value > 0.0 && self.low.is_finite() && !self.is_nothing() && self.reason().is_empty()
    }

    /// Why there is no value, or what is wrong with it; empty where nothing is.
    pub fn reason(&self) -> &str {
        if self.verdict == NOTHING { "" } else { &self.verdict }
    }
}

/// All estimates, in the order of the table.
pub struct Indices(Vec<Index>);

impl Indices {
    pub fn of(table: &Table) -> Indices {
        let index = |row: usize| {
            let text = |column: &str| text(table, column, row).to_owned();
            Index {
                output: text("output"),
                unit: text("unit"),
                method: text("method"),
                index: text("index"),
                factor: text("factor"),
                with: text("with"),
                value: number(table, "value", row),
                low: number(table, "low", row),
                high: number(table, "high", row),
                verdict: text("verdict"),
                n: whole(table, "n", row),
                of: whole(table, "of", row),
            }
        };
        Indices((0..table.rows()).map(index).collect())
    }

    /// Outputs of which a method has an estimate with a value, in the order of the table.
    pub fn outputs(&self, method: &str) -> Vec<&str> {
        let mut outputs: Vec<&str> = Vec::new();
        for index in self.0.iter().filter(|index| index.method == method && index.value.is_finite()) {
            if !outputs.contains(&index.output.as_str()) {
                outputs.push(&index.output);
            }
        }
        outputs
    }

    /// The estimates of one index of an output, largest first, those without a value last.
    pub fn sorted(&self, output: &str, method: &str, index: &str) -> Vec<&Index> {
        let own = |i: &&Index| i.output == output && i.method == method && i.index == index;
        let mut all: Vec<&Index> = self.0.iter().filter(own).collect();
        let size = |i: &Index| if i.value.is_nan() { -1.0 } else { i.value.abs() };
        all.sort_by(|a, b| size(b).total_cmp(&size(a)));
        all
    }

    /// Whether there is an estimate with a value.
    pub fn has(&self, output: &str, (method, index): (&str, &str)) -> bool {
        self.sorted(output, method, index).first().is_some_and(|index| index.value.is_finite())
    }

    pub fn find(&self, output: &str, (method, index): (&str, &str), factor: &str) -> Option<&Index> {
        let own =
            |i: &&Index| i.output == output && i.method == method && i.index == index && i.factor == factor;
        self.0.iter().find(own)
    }

    /// How much each factor decides about an output by the method that says most, where one was used.
    pub fn weight(&self, output: &str, factor: &str) -> Option<f64> {
        let methods = [
            (SOBOL, "total"),
            (MORRIS, "mu_star"),
            (GIVEN_DATA, "first"),
            (PRCC, "prcc"),
            (LOCAL, "elasticity"),
        ];
        methods
            .into_iter()
            .find_map(|method| self.find(output, method, factor))
            .map(|index| index.value.abs())
    }
}
