//! Calls of the words that are made of others: who takes which, with how many arguments; and words that are none.
//! Knows nothing of what they compute.

use super::adaptation::{Adaptation, HYSTERESIS, adaptation};
use super::agent::Reader;
use super::apart::{Distance, distance};
use super::fault::Fault;
use super::glossary::GLOSSARY;
use super::metric::{COEFFICIENT, Operational, fit, operational};
use super::word::{FIRST, WORDS, metric, reduction};
use crate::diagnostic::{Finding, Span, nearest};
use crate::engine::Fit;
use crate::expression::{FUNCTIONS, Function, Id, Syntax};
use crate::unit::Unit;

/// A word that is made of others.
enum Made {
    Fit(Fit),
    Operational(Operational),
    Coefficient,
    Adaptation(Adaptation),
    Hysteresis,
    Distance(Distance),
}

/// The word, and between how many arguments it takes.
fn made(word: &str) -> Option<(Made, [usize; 2])> {
    match word {
        COEFFICIENT => return Some((Made::Coefficient, [1, 2])),
        HYSTERESIS => return Some((Made::Hysteresis, [2, 2])),
        _ => {}
    }
    let fitted = fit(word).map(|fit| (Made::Fit(fit), [1, 1]));
    let operational = || operational(word).map(|wanted| (Made::Operational(wanted), [2, 2]));
    let adaptation = || adaptation(word).map(|(wanted, takes)| (Made::Adaptation(wanted), takes));
    let distance = || distance(word).map(|wanted| (Made::Distance(wanted), [1, 1]));
    fitted.or_else(operational).or_else(adaptation).or_else(distance)
}

pub(super) fn is_made(word: &str) -> bool {
    made(word).is_some()
}

impl Reader<'_> {
    /// A word that is made of others, or one that stands for nothing; `None` leaves the call to others.
    pub(super) fn made(
        &mut self,
        word: &str,
        args: &[Syntax],
        at: &Span,
    ) -> Option<Result<(Id, Unit), Fault>> {
        let Some((made, [least, most])) = made(word) else {
            let known = metric(word).is_some() || reduction(word).is_some() || word == FIRST;
            return (!known && Function::find(word).is_none())
                .then(|| unknown(word, at))
                .flatten()
                .map(|finding| Err(finding.into()));
        };
        if args.len() < least || args.len() > most {
            let count = if least == most { format!("{least}") } else { format!("{least} or {most}") };
            let what = format!("`{word}` takes {count} argument{}", if most == 1 { "" } else { "s" });
            let finding = Finding::error(what).at(at);
            let usage = usages().find(|usage| named(usage) == word);
            let finding = match usage {
                Some(usage) => finding.help(format!("write `{usage}`")),
                None => finding,
            };
            return Some(Err(finding.into()));
        }
        Some(match made {
            Made::Fit(fit) => self.fitted(word, fit, &args[0]),
            Made::Operational(wanted) => self.operational(word, wanted, [&args[0], &args[1]]),
            Made::Coefficient => self.coefficient(args),
            Made::Adaptation(wanted) => self.adapted(word, wanted, args),
            Made::Hysteresis => self.hysteresis(args),
            Made::Distance(wanted) => self.distance(word, wanted, &args[0]),
        })
    }
}

/// A call of nothing that is near to one of the words; what is nearer to a function is left to the table.
fn unknown(word: &str, at: &Span) -> Option<Finding> {
    let words = usages().map(named).filter(|name| made(name).is_some() || reduction(name).is_some());
    let near = nearest(word, words.chain(FUNCTIONS.iter().map(|row| row.name)))?;
    if Function::find(near).is_some() {
        return None;
    }
    Some(
        Finding::error(format!("there is no function `{word}`"))
            .at(at)
            .help(format!("did you mean `{near}`?")),
    )
}

/// How each word is written.
fn usages() -> impl Iterator<Item = &'static str> {
    WORDS.iter().chain(GLOSSARY).flat_map(|(usage, _)| usage.split("; ")).map(str::trim)
}

/// `overshoot` of `overshoot(x[P])`.
fn named(usage: &'static str) -> &'static str {
    usage.split('(').next().unwrap_or(usage)
}
