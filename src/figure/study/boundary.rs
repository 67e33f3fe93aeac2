//! Where claims hold: a heat map of the share of points in which a claim holds, from `boundary.csv`.
//! Knows the table and fields.

use super::super::audience::Theme;
use super::super::naming::stem;
use super::super::page::{Key, Sample};
use super::super::scale::Scale;
use super::super::{Drawn, words as run_words};
use super::axis::FactorAxis;
use super::cells::{number, text, whole};
use super::field::{Field, around};
use super::heat::{self, Heat};
use super::{Reading, words};
use crate::table::Table;

pub fn figures(theme: &Theme, reading: &Reading) -> Vec<Drawn> {
    let table = reading.boundary;
    let mut claims: Vec<&str> = Vec::new();
    for row in 0..table.rows() {
        let claim = text(table, "claim", row);
        if !claims.contains(&claim) {
            claims.push(claim);
        }
    }
    claims.into_iter().filter_map(|claim| figure(theme, reading, claim)).collect()
}

fn figure(theme: &Theme, reading: &Reading, claim: &str) -> Option<Drawn> {
    let subject = reading.subject;
    let field = field(reading, claim)?;
    field.bounds()?;
    let shown = format!("where “{claim}” holds");
    let title = run_words::title(&subject.run, theme, &shown);
    let mut keys =
        vec![Key::new(Sample::Nothing, "bold line: it holds in 50 % of the points; darker is more")];
    keys.extend(heat::empty_key(&field));
    let heat = Heat {
        field,
        title: title.clone(),
        values: format!("share of points in which “{claim}” holds (%)"),
        scale: Scale::Linear { low: 0.0, high: 100.0 },
        levels: vec![50.0, 20.0, 80.0],
        bold: true,
        keys,
    };
    let told = words::boundary(reading, claim, &heat.field);
    Some(Drawn::new(stem(&["holds", claim]), title, heat::drawn(theme, reading, &heat), told))
}

fn field<'a>(reading: &Reading<'a>, claim: &str) -> Option<Field<'a>> {
    let table: &Table = reading.boundary;
    let own: Vec<usize> = (0..table.rows()).filter(|row| text(table, "claim", *row) == claim).collect();
    let factor = |column: &str| reading.subject.factor(text(table, column, *own.first()?));
    let (x, y) = (FactorAxis::of(factor("first")?), FactorAxis::of(factor("second")?));
    let ends = |axis: &FactorAxis, row: usize, which: &str| {
        ["low", "high"].map(|end| axis.coordinate(number(table, &format!("{which}_{end}"), row)))
    };
    let edges = |axis: &FactorAxis, which: &str| {
        let mut all: Vec<f64> = own.iter().flat_map(|row| ends(axis, *row, which)).collect();
        all.retain(|edge| edge.is_finite());
        all.sort_by(f64::total_cmp);
        let whole = all.last().copied().unwrap_or(1.0) - all.first().copied().unwrap_or(0.0);
        all.dedup_by(|a, b| (*a - *b).abs() <= 1e-6 * whole);
        let level = |row: &usize| {
            let [low, high] = ends(axis, *row, which);
            (high - low).abs() <= 1e-6 * whole
        };
        // Values of a list are cells without a width.
        if !all.is_empty() && own.iter().all(level) { around(&all) } else { all }
    };
    let (x_edges, y_edges) = (edges(&x, "first"), edges(&y, "second"));
    if x_edges.len() < 2 || y_edges.len() < 2 {
        return None;
    }
    let wide = x_edges.len() - 1;
    let mut values = vec![f64::NAN; wide * (y_edges.len() - 1)];
    let mut counts = vec![0; values.len()];
    for row in own {
        let middle = |axis: &FactorAxis, which: &str| ends(axis, row, which).iter().sum::<f64>() / 2.0;
        let place = |edges: &[f64], at: f64| edges.partition_point(|edge| *edge <= at).checked_sub(1);
        let column = place(&x_edges, middle(&x, "first"));
        let line = place(&y_edges, middle(&y, "second"));
        let (Some(column), Some(line)) = (column, line) else { continue };
        if let Some(value) = values.get_mut(line * wide + column).filter(|_| column < wide) {
            *value = 100.0 * number(table, "holds", row);
            counts[line * wide + column] = whole(table, "n", row) as usize;
        }
    }
    Some(Field::new((x, y), (x_edges, y_edges), (values, counts), false))
}
