//! `alpha` and `retest`: how reliably simulated instruments tell agents apart, as numbers over all agents.
//! Knows nothing of how answers are given.
//!
//! alpha = k/(k - 1) (1 - Σ var(item)/var(score)) over the k items of a questionnaire at one visit (Cronbach's alpha).
//! unchecked: L. J. Cronbach 1951, Psychometrika 16:297.
//! retest = (MSR - MSE)/(MSR + MSE + 2 (MSC - MSE)/n), the intraclass correlation ICC(2,1): two-way random effects, absolute
//! agreement, single visit, here for two visits of n agents. A shift of all agents lowers it. With the sum s and the difference d of
//! the visits MSR = var(s)/2, MSE = var(d)/2, MSC = n mean(d)²/2.
//! unchecked: P. E. Shrout, J. L. Fleiss 1979, Psychological Bulletin 86:420.

use super::agent::Reader;
use super::claim::Population;
use super::fault::Fault;
use super::word::Statistic;
use crate::diagnostic::{Finding, nearest};
use crate::expression::{Id, Operator, Part, Syntax};

pub(super) const ALPHA: &str = "alpha";
pub(super) const RETEST: &str = "retest";

/// The node of `alpha(…)` or `retest(…)`; `None` for another word.
pub(super) fn reliability(
    reader: &mut Reader,
    call: &Syntax,
    all: &mut Population,
) -> Option<Result<Id, Fault>> {
    let Part::Call(word, args) = &call.part else { return None };
    match (word.as_str(), args.as_slice()) {
        (ALPHA, [of]) => Some(alpha(reader, of, all)),
        (RETEST, [first, second]) => Some(retest(reader, [first, second], all)),
        (ALPHA, _) => {
            let help = "write `alpha(scale[end of exposure])`";
            Some(Err(Finding::error("`alpha` takes 1 argument").at(&call.at).help(help).into()))
        }
        (RETEST, _) => {
            let help = "write `retest(scale[end of baseline], scale[end of baseline - 7 d])`";
            Some(Err(Finding::error("`retest` takes 2 arguments").at(&call.at).help(help).into()))
        }
        _ => None,
    }
}

fn alpha(reader: &mut Reader, of: &Syntax, all: &mut Population) -> Result<Id, Fault> {
    let Part::At(inner, moment, moment_at) = &of.part else { return Err(no_questionnaire(of, None)) };
    let Part::Name(name) = &inner.part else { return Err(no_questionnaire(of, None)) };
    let items = items(reader, name, of)?;
    let mut variance = |name: String| -> Result<Id, Fault> {
        let name = Box::new(Syntax { part: Part::Name(name), at: inner.at.clone() });
        let part = Part::At(name, moment.clone(), moment_at.clone());
        let (id, _) = reader.number(&Syntax { part, at: of.at.clone() })?;
        let sd = all.number(Statistic::Sd, reader.bench.outcome(id));
        Ok(all.arena.binary(Operator::Mul, sd, sd))
    };
    let whole = variance(name.clone())?;
    let each =
        (1..=items).map(|item| variance(format!("{name}.item_{item}"))).collect::<Result<Vec<_>, _>>()?;
    let arena = &mut all.arena;
    let zero = arena.constant(0.0);
    let sum = each.into_iter().fold(zero, |sum, next| arena.binary(Operator::Add, sum, next));
    let share = arena.binary(Operator::Div, sum, whole);
    let one = arena.constant(1.0);
    let rest = arena.binary(Operator::Sub, one, share);
    let factor = arena.constant(items as f64 / (items as f64 - 1.0));
    Ok(arena.binary(Operator::Mul, factor, rest))
}

/// How many items a name has, at least two.
fn items(reader: &mut Reader, name: &str, of: &Syntax) -> Result<usize, Fault> {
    let (arm, base) = reader.arm_of(name, &of.at)?;
    let scope = &reader.bench.arms[arm.unwrap_or(reader.arm)];
    let Some(question) = scope.question(base) else {
        let fault = no_questionnaire(of, Some("no instrument"));
        let near = nearest(base, scope.instrument_names());
        let help = near.map(|near| format!("did you mean `{near}`?"));
        return Err(help.map_or(fault.clone(), |help| fault.finding.help(help).into()));
    };
    let items = scope.instruments[question.gauge].instrument.items();
    match items {
        _ if question.is_item() => Err(no_questionnaire(of, Some("a single item"))),
        0 => Err(no_questionnaire(of, Some("a visual analogue scale has no items"))),
        1 => Err(no_questionnaire(of, Some("it has one item only"))),
        items => Ok(items),
    }
}

fn no_questionnaire(of: &Syntax, label: Option<&str>) -> Fault {
    let finding = Finding::error("`alpha` goes over the items of a questionnaire at one visit").at(&of.at);
    let finding = finding.help("write `alpha(scale[end of exposure])`");
    match label {
        Some(label) => finding.label(label).into(),
        None => finding.into(),
    }
}

fn retest(reader: &mut Reader, visits: [&Syntax; 2], all: &mut Population) -> Result<Id, Fault> {
    let mut combined = |op| {
        let [first, second] = visits.map(|visit| Box::new(visit.clone()));
        let syntax = Syntax { part: Part::Binary(op, first, second), at: visits[1].at.clone() };
        let (id, _) = reader.number(&syntax)?;
        Ok::<usize, Fault>(reader.bench.outcome(id))
    };
    let (sum, difference) = (combined(Operator::Add)?, combined(Operator::Sub)?);
    if reader.number(visits[0])?.0 == reader.number(visits[1])?.0 {
        let help = "write `retest(scale[end of baseline - 7 d], scale[end of baseline])`";
        return Err(Finding::error("`retest` compares two visits, and this is one")
            .at(&visits[1].at)
            .help(help)
            .into());
    }
    let mut of = |statistic, outcome| all.number(statistic, outcome);
    let (rows, errors) = (of(Statistic::Sd, sum), of(Statistic::Sd, difference));
    let (shift, n) = (of(Statistic::Mean, difference), of(Statistic::Count, difference));
    let arena = &mut all.arena;
    let half = arena.constant(0.5);
    let mut halved = |sd| {
        let variance = arena.binary(Operator::Mul, sd, sd);
        arena.binary(Operator::Mul, half, variance)
    };
    let (rows, errors) = (halved(rows), halved(errors));
    let arena = &mut all.arena;
    let above = arena.binary(Operator::Sub, rows, errors);
    let both = arena.binary(Operator::Add, rows, errors);
    let squared = arena.binary(Operator::Mul, shift, shift);
    let twice = arena.binary(Operator::Add, errors, errors);
    let by_chance = arena.binary(Operator::Div, twice, n);
    let columns = arena.binary(Operator::Sub, squared, by_chance);
    let below = arena.binary(Operator::Add, both, columns);
    Ok(arena.binary(Operator::Div, above, below))
}
