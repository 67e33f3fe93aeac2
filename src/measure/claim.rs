//! Claims: sentences about every agent or about the population, made ready to be judged after a run.
//! Knows nothing of how verdicts are told.

use super::agent::Reader;
use super::fault::Fault;
use super::read::{Known, Sides, nearly, read_comparison, rewrite};
use super::reliability::reliability;
use super::word::{POPULATION, Statistic, of_population};
use super::{Bench, Claim};
use crate::diagnostic::Finding;
use crate::expression::{Arena, Comparison, Id, Part, Sym, Syntax};
use crate::unit::Unit;

/// Two numbers of a claim are equal within this share of the larger.
pub const EQUAL_WITHIN: f64 = 1e-9;

/// A claim made ready: per arm where it names none.
#[derive(Clone, Debug)]
pub struct Judge {
    pub(super) instances: Vec<Instance>,
    pub(super) share: f64,
}

#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// `None` where the claim names its arms itself.
    pub arm: Option<usize>,
    /// Of the arm.
    pub name: Option<String>,
    pub question: Question,
}

#[derive(Clone, Debug)]
pub(super) enum Question {
    /// Position in `Outcomes::conditions`.
    Agents {
        condition: usize,
    },
    Population(Population),
}

/// Comparisons of numbers over all agents.
#[derive(Clone, Debug, Default)]
pub(super) struct Population {
    pub arena: Arena,
    /// What each symbol stands for, and the position in `Outcomes::values` (of `conditions` for a share).
    pub given: Vec<(Sym, Statistic, usize)>,
    pub comparisons: Vec<Compared>,
}

#[derive(Clone, Debug)]
pub(super) struct Compared {
    pub left: Id,
    pub comparison: Comparison,
    pub right: Id,
    pub unit: Unit,
    /// As written.
    pub texts: [String; 2],
    /// Whether a side is a plain number whose text says all.
    pub plain: [bool; 2],
}

impl Population {
    /// The node of a statistic of an outcome (of a condition for a share).
    pub fn number(&mut self, statistic: Statistic, position: usize) -> Id {
        let sym = self.arena.symbol(&format!("{statistic:?} of {position}"));
        if !self.given.iter().any(|(known, ..)| *known == sym) {
            self.given.push((sym, statistic, position));
        }
        self.arena.sym(sym)
    }
}

impl Bench {
    /// Makes a claim ready in every arm that has its moments, or once where it names its arms itself.
    pub fn compile_claim(&mut self, claim: &Claim) -> Result<Judge, Vec<Finding>> {
        let comparisons = comparisons(&claim.syntax).map_err(|finding| vec![finding])?;
        let over_agents = comparisons.iter().any(|(_, sides)| sides.iter().any(|side| has_population(side)));
        let instances = self.in_each_arm(|reader| match over_agents {
            true => Ok(Question::Population(population(reader, &comparisons)?)),
            false => Ok(Question::Agents { condition: condition(reader, &comparisons)? }),
        })?;
        let instances = instances.into_iter().map(|(arm, question)| {
            let name = arm.map(|arm| self.arms[arm].name.clone());
            Instance { arm, name, question }
        });
        Ok(Judge { instances: instances.collect(), share: claim.share })
    }
}

/// The comparisons of a condition, all of which must hold.
pub(super) fn comparisons(syntax: &Syntax) -> Result<Vec<(Comparison, [&Syntax; 2])>, Finding> {
    match &syntax.part {
        Part::Compare(comparison, left, right) => Ok(vec![(*comparison, [left, right])]),
        Part::And(parts) => {
            let all: Result<Vec<_>, _> = parts.iter().map(comparisons).collect();
            all.map(|lists| lists.into_iter().flatten().collect())
        }
        _ => Err(Finding::error("this is no comparison")
            .at(&syntax.at)
            .label("a number")
            .help("say what it is compared with: `fall < 0`, `a < b and b < c`")),
    }
}

/// Whether a word over agents stands somewhere in an expression.
fn has_population(syntax: &Syntax) -> bool {
    match &syntax.part {
        Part::Number(_) | Part::Quantity(..) | Part::Name(_) => false,
        Part::Negative(inner) | Part::At(inner, ..) => has_population(inner),
        Part::Binary(_, a, b) | Part::Compare(_, a, b) => has_population(a) || has_population(b),
        Part::Call(word, args) => of_population(word) || args.iter().any(has_population),
        Part::And(parts) => parts.iter().any(has_population),
    }
}

/// Position of a condition per agent in `Outcomes::conditions`.
fn condition(reader: &mut Reader, comparisons: &[(Comparison, [&Syntax; 2])]) -> Result<usize, Fault> {
    let mut all = Vec::with_capacity(comparisons.len());
    for (comparison, sides) in comparisons {
        let at = &sides[0].at;
        let sides = reader.comparison(*comparison, *sides)?;
        let sides = tolerant(sides, &mut reader.bench.outcomes.arena, at)?;
        all.push((sides.left, sides.comparison, sides.right));
    }
    let conditions = &mut reader.bench.outcomes.conditions;
    Ok(conditions.iter().position(|known| *known == all).unwrap_or_else(|| {
        conditions.push(all);
        conditions.len() - 1
    }))
}

fn tolerant(sides: Sides, arena: &mut Arena, at: &crate::diagnostic::Span) -> Result<Sides, Finding> {
    match sides.comparison {
        Comparison::Equal | Comparison::NotEqual => nearly(&sides, EQUAL_WITHIN, arena, at),
        _ => Ok(sides),
    }
}

fn population(reader: &mut Reader, comparisons: &[(Comparison, [&Syntax; 2])]) -> Result<Population, Fault> {
    let mut all = Population::default();
    for (comparison, written) in comparisons {
        let mut known = Known::default();
        let left = over_agents(reader, written[0], &mut all, &mut known)?;
        let right = over_agents(reader, written[1], &mut all, &mut known)?;
        let sides = read_comparison(*comparison, [&left, &right], &mut all.arena, &mut known)?;
        all.comparisons.push(Compared {
            left: sides.left,
            comparison: *comparison,
            right: sides.right,
            unit: sides.unit,
            texts: written.map(|side| side.at.text().trim().to_owned()),
            plain: written.map(is_plain),
        });
    }
    Ok(all)
}

fn is_plain(syntax: &Syntax) -> bool {
    match &syntax.part {
        Part::Number(_) | Part::Quantity(..) => true,
        Part::Negative(inner) => is_plain(inner),
        _ => false,
    }
}

/// Words over agents replaced by names of what they stand for; what one agent has cannot stand beside them.
pub(super) fn over_agents(
    reader: &mut Reader,
    syntax: &Syntax,
    all: &mut Population,
    known: &mut Known,
) -> Result<Syntax, Fault> {
    rewrite(syntax, &mut |part| match &part.part {
        Part::Call(word, args) if of_population(word) => {
            if let Some(found) = reliability(reader, part, all) {
                return Some(found.map(|id| known.stand_in(part, id, Unit::one())));
            }
            Some(statistic(reader, part, word, args).map(|found| {
                let (statistic, position, unit) = found;
                let id = all.number(statistic, position);
                known.stand_in(part, id, unit)
            }))
        }
        Part::Name(name) => Some(Err(per_agent(&format!("`{name}`"), part))),
        Part::At(..) => Some(Err(per_agent(&part.quoted(), part))),
        _ => None,
    })
}

fn per_agent(what: &str, part: &Syntax) -> Fault {
    Finding::error(format!("{what} belongs to each agent, and this is about all of them"))
        .at(&part.at)
        .help(format!("say which number of the population: `median({})`", part.at.text().trim()))
        .into()
}

/// What a word over agents asks for: statistic, position of the outcome or condition, unit.
fn statistic(
    reader: &mut Reader,
    call: &Syntax,
    word: &str,
    args: &[Syntax],
) -> Result<(Statistic, usize, Unit), Fault> {
    let wanted = POPULATION.iter().find(|(name, _)| *name == word).map_or(1, |(_, count)| *count);
    let (Some(of), true) = (args.first(), args.len() == wanted) else {
        let help = match word {
            "quantile" => "write `quantile(m, 0.9)`".to_owned(),
            "correlation" => "write `correlation(m, other)`".to_owned(),
            _ => format!("write `{word}(…)`"),
        };
        let what = format!("`{word}` takes {wanted} argument{}", if wanted == 1 { "" } else { "s" });
        return Err(Finding::error(what).at(&call.at).help(help).into());
    };
    if word == "share" {
        if !of.is_condition() {
            let what = "`share` counts the agents in which a comparison holds";
            return Err(Finding::error(what).at(&of.at).help("write `share(fall < 0)`").into());
        }
        let position = condition(reader, &comparisons(of)?)?;
        return Ok((Statistic::Share, position, Unit::one()));
    }
    let statistic = match (word, args.get(1).map(|p| &p.part)) {
        ("mean_of", _) => Statistic::Mean,
        ("sd_of", _) => Statistic::Sd,
        ("cv_of", _) => Statistic::Cv,
        ("correlation", _) => return correlation(reader, [of, &args[1]]),
        ("median", _) => Statistic::Quantile(0.5),
        (_, Some(Part::Number(p))) if (0.0..=1.0).contains(p) => Statistic::Quantile(*p),
        _ => {
            let at = args.get(1).map_or(&call.at, |p| &p.at);
            let what = "a quantile is named by a number from 0 to 1";
            return Err(Finding::error(what).at(at).help("write `quantile(m, 0.9)`").into());
        }
    };
    let (id, unit) = reader.number(of)?;
    let unit = if statistic == Statistic::Cv { None } else { unit };
    Ok((statistic, reader.bench.outcome(id), unit.unwrap_or_else(Unit::one)))
}

/// Both numbers and their product, each in the agents that have both.
fn correlation(reader: &mut Reader, pair: [&Syntax; 2]) -> Result<(Statistic, usize, Unit), Fault> {
    let [(x, _), (y, _)] = [reader.number(pair[0])?, reader.number(pair[1])?];
    let mut beside = |of: Id, other: Id| {
        // 0, or no number where the other is none.
        let nothing = reader.minus(other, other);
        reader.plus(of, nothing)
    };
    let (x, y) = (beside(x, y), beside(y, x));
    let product = reader.times(x, y);
    let [x, other, product] = [x, y, product].map(|id| reader.bench.outcome(id));
    Ok((Statistic::Correlation { other, product }, x, Unit::one()))
}
