//! The outputs of a study by point, as its rows come in.
//! Knows nothing of designs but how many points belong together.
//!
//! One number for each point and output, that of several repeats their mean, and one count for each point. Points lie in
//! pieces of a unit's length, which are made when their first row comes: what is not there takes no memory.

use std::collections::BTreeMap;

use super::super::Study;
use crate::table::{Data, Table};

/// Different reasons that are told apart.
const MOST_REASONS: usize = 100;

/// What the rows of a study came to.
#[derive(Clone, Debug)]
pub struct Columns {
    points: u64,
    /// Points of a piece: whole blocks of the design.
    per_piece: u64,
    outputs: Vec<String>,
    pieces: BTreeMap<u64, Piece>,
    reasons: BTreeMap<String, u64>,
}

#[derive(Clone, Debug)]
struct Piece {
    /// Rows that came, by point.
    rows: Vec<u32>,
    /// By output and point; NaN where a row has no number.
    sums: Vec<Vec<f64>>,
}

impl Columns {
    /// Of a study, without rows.
    pub fn of(study: &Study) -> Columns {
        Columns {
            points: study.points,
            per_piece: study.per_unit.clamp(1, study.points.max(1)),
            outputs: study.outputs.iter().map(|output| output.name.clone()).collect(),
            pieces: BTreeMap::new(),
            reasons: BTreeMap::new(),
        }
    }

    /// Adds rows of the table of points, each once. For the same bits in the order of the table.
    pub fn add(&mut self, rows: &Table) {
        let Some(Data::Whole(points)) = rows.column("point").map(|column| &column.data) else { return };
        let reasons = rows.texts("reason");
        let numbers: Vec<Vec<f64>> = self.outputs.iter().map(|name| rows.numbers(name).to_vec()).collect();
        for (row, point) in points.iter().enumerate() {
            let Some(point) = point.filter(|point| *point < self.points) else { continue };
            let reason = reasons.get(row).and_then(Option::as_deref).filter(|reason| !reason.is_empty());
            if let Some(reason) = reason {
                self.failed(reason);
            }
            let (piece, at) = self.piece(point);
            piece.rows[at] = piece.rows[at].saturating_add(1);
            for (sum, numbers) in piece.sums.iter_mut().zip(&numbers) {
                // A row with a reason has no numbers, whatever a claim says of agents that all failed.
                let number =
                    numbers.get(row).copied().filter(|number| reason.is_none() && number.is_finite());
                sum[at] += number.unwrap_or(f64::NAN);
            }
        }
    }

    fn failed(&mut self, reason: &str) {
        let known = self.reasons.contains_key(reason) || self.reasons.len() < MOST_REASONS;
        *self.reasons.entry(if known { reason } else { "other reasons" }.to_owned()).or_default() += 1;
    }

    fn piece(&mut self, point: u64) -> (&mut Piece, usize) {
        let (which, at) = (point / self.per_piece, (point % self.per_piece) as usize);
        let length = self.per_piece.min(self.points - which * self.per_piece) as usize;
        let outputs = self.outputs.len();
        let empty = || Piece { rows: vec![0; length], sums: vec![vec![0.0; length]; outputs] };
        (self.pieces.entry(which).or_insert_with(empty), at)
    }

    /// Points of which there is a row, ascending.
    pub fn there(&self) -> impl Iterator<Item = u64> + '_ {
        self.pieces.iter().flat_map(|(which, piece)| {
            let first = which * self.per_piece;
            let some = piece.rows.iter().enumerate().filter(|(_, rows)| **rows > 0);
            some.map(move |(at, _)| first + at as u64)
        })
    }

    /// Blocks of points in a row of which each has a row, ascending.
    pub(super) fn blocks(&self, size: u64) -> impl Iterator<Item = u64> + '_ {
        // Points of a block lie in one piece and come one after the other.
        let (mut block, mut found) = (u64::MAX, 0);
        self.there().filter_map(move |point| {
            found = if point / size == block { found + 1 } else { 1 };
            block = point / size;
            (found == size).then_some(block)
        })
    }

    /// The mean over the repeats of a point; NaN where one of them has no number or there is none.
    pub fn value(&self, point: u64, output: usize) -> f64 {
        let (which, at) = (point / self.per_piece, (point % self.per_piece) as usize);
        let of = |piece: &Piece| match piece.rows.get(at) {
            Some(rows) if *rows > 0 => piece.sums[output][at] / f64::from(*rows),
            _ => f64::NAN,
        };
        self.pieces.get(&which).map_or(f64::NAN, of)
    }

    /// Points that are there without a number.
    pub(super) fn without(&self, output: usize) -> u64 {
        self.there().filter(|point| !self.value(*point, output).is_finite()).count() as u64
    }

    /// Why rows have no numbers, the most frequent first.
    pub(super) fn reasons(&self) -> Vec<(String, u64)> {
        let mut all: Vec<(String, u64)> = self.reasons.clone().into_iter().collect();
        all.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        all
    }
}
