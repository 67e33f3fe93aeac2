//! Sums and products of stimuli.
//! Knows nothing of single kinds.
//!
//! Inside a sum, product or the `of` of one, `base` defaults to 0 and not to the input's baseline,
//! which would otherwise be counted several times.

use super::fields::Reader;
use super::{Agent, Interval, Micros, Number, Piece, Reading, Schedule};
use crate::diagnostic::{Finding, Findings};
use crate::document::Node;
use crate::unit::Unit;

/// The pieces of all parts in one, until the first of them changes.
pub(super) fn together(
    parts: &[Schedule],
    at: Micros,
    phase: Interval,
    agent: Agent,
    combine: fn(Vec<Piece>) -> Piece,
) -> (Piece, Option<Micros>) {
    let (pieces, next): (Vec<Piece>, Vec<Option<Micros>>) =
        parts.iter().map(|part| part.piece(at, phase, agent)).unzip();
    (combine(pieces), next.into_iter().flatten().min())
}

pub(super) fn sum(node: &Node, reader: &mut Reader) -> Option<Schedule> {
    let parts = parts(node, reader)?;
    let reading = Reading { baseline: Number::Fixed(0.0), ..*reader.reading };
    let read: Vec<Option<Schedule>> = parts
        .iter()
        .map(|part| {
            Reader { reading: &reading, findings: reader.findings, depth: reader.depth }
                .deeper(|r| r.stimulus(part))
        })
        .collect();
    read.into_iter().collect::<Option<Vec<Schedule>>>().map(Schedule::Sum)
}

/// Of the factors one has the input's unit, unless the input is dimensionless; the others are dimensionless.
pub(super) fn product(node: &Node, reader: &mut Reader) -> Option<Schedule> {
    let factors = parts(node, reader)?;
    let one = Unit::one();
    let whole = Reading { baseline: Number::Fixed(0.0), ..*reader.reading };
    let bare = Reading { unit: &one, ..whole };
    let mut carrier: Option<&Node> = None;
    let mut read = Vec::new();
    for factor in factors {
        let (schedule, found) = attempt(factor, &bare, reader.depth);
        if schedule.is_some() || whole.unit.dimension().is_one() {
            reader.findings.append(found);
            read.push(schedule);
            continue;
        }
        let (carrying, found_carrying) = attempt(factor, &whole, reader.depth);
        match (&carrying, carrier) {
            (Some(_), Some(first)) => {
                let unit = whole.unit.label();
                reader.findings.push(
                    Finding::error(format!("two factors of this product are in {unit}"))
                        .at(&factor.at)
                        .because("the other one stands here", Some(&first.at))
                        .help("write all factors but one without a unit"),
                );
                read.push(None);
            }
            (Some(_), None) => {
                carrier = Some(factor);
                reader.findings.append(found_carrying);
                read.push(carrying);
            }
            (None, _) => {
                reader.findings.append(if carrier.is_some() { found } else { found_carrying });
                read.push(None);
            }
        }
    }
    let read = read.into_iter().collect::<Option<Vec<Schedule>>>()?;
    if carrier.is_none() && !whole.unit.dimension().is_one() {
        let name = reader.input();
        let unit = whole.unit.label();
        reader.findings.push(
            Finding::error(format!("no factor of this product is in {unit}"))
                .at(&node.at)
                .because(format!("{name} is in {unit}"), None)
                .help(format!("give one factor a unit: `\"1 {unit}\"`")),
        );
        return None;
    }
    Some(Schedule::Product(read))
}

fn attempt(node: &Node, reading: &Reading, depth: usize) -> (Option<Schedule>, Vec<Finding>) {
    let mut findings = Findings::new();
    let schedule = Reader { reading, findings: &mut findings, depth }.deeper(|r| r.stimulus(node));
    (schedule, findings.into_vec())
}

fn parts<'n>(node: &'n Node, reader: &mut Reader) -> Option<&'n [Node]> {
    let parts = node.list()?;
    if parts.is_empty() {
        reader
            .findings
            .push(Finding::error("this list of stimuli is empty").at(&node.at).label("at least one"));
        return None;
    }
    Some(parts)
}
