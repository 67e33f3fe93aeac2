//! In which arm an expression stands: `taper.x` is the same agent in arm `taper`.
//! Knows nothing of moments.

use super::agent::Reader;
use super::fault::Fault;
use super::moment::REST;
use super::read::rewrite;
use crate::diagnostic::{Finding, Span};
use crate::expression::{Part, Syntax};

/// In front of a flow's name stands its rate: `flow.binding`.
const FLOW: &str = "flow";

impl Reader<'_> {
    /// The arm in which an expression stands, and the expression without the arm's name.
    pub(super) fn placed(&mut self, syntax: &Syntax) -> Result<(usize, Syntax), Fault> {
        let mut arm: Option<(usize, Span)> = None;
        let mut bare: Option<(String, Span)> = None;
        let inner = rewrite(syntax, &mut |part| {
            let Part::Name(name) = &part.part else { return None };
            Some(self.arm_of(name, &part.at).and_then(|(found, base)| {
                self.no_measure(base, found.unwrap_or(self.arm), &part.at)?;
                match (found, &arm) {
                    (Some(found), Some((first, at))) if found != *first => {
                        return Err(Finding::error("one bracket stands in two arms")
                            .at(&part.at)
                            .because("the other arm is named here", Some(at))
                            .help("give each its own bracket: `a.x[…] - b.x[…]`")
                            .into());
                    }
                    (Some(found), _) => arm = Some((found, part.at.clone())),
                    (None, _) if self.varies_by_arm(base) => bare = Some((base.to_owned(), part.at.clone())),
                    (None, _) => {}
                }
                Ok(Syntax { part: Part::Name(base.to_owned()), at: part.at.clone() })
            }))
        })?;
        if let (Some((arm, _)), Some((name, at))) = (&arm, &bare) {
            let arm = &self.bench.arms[*arm].name;
            return Err(Finding::error(format!("`{name}` names no arm beside one that does"))
                .at(at)
                .help(format!("write `{arm}.{name}`, or give each arm its own bracket"))
                .into());
        }
        let arm = arm.map(|(arm, _)| arm);
        if arm.is_none() {
            self.spoken.unnamed = true;
        }
        Ok((self.speaks_of(arm), inner))
    }

    /// What stands beside an expression of an arm: without the arm's name, and of no other arm.
    pub(super) fn in_arm(&mut self, syntax: &Syntax, place: usize) -> Result<Syntax, Fault> {
        let (found, inner) = self.placed(syntax)?;
        if found == place {
            return Ok(inner);
        }
        let [own, other] = [place, found].map(|arm| &self.bench.arms[arm].name);
        let what = format!("{} is meant in arm `{other}`, beside a quantity of arm `{own}`", syntax.quoted());
        Err(Finding::error(what).at(&syntax.at).help(format!("name arm `{own}` here too")).into())
    }

    /// A measure says its moments itself, so that it cannot stand in a bracket's expression.
    pub(super) fn no_measure(&mut self, name: &str, place: usize, at: &Span) -> Result<(), Fault> {
        let is_measure = self.bench.measures.iter().any(|m| m.name == name);
        if !is_measure || self.bench.arms[place].named(name, at).is_ok() {
            return Ok(());
        }
        let finding = Finding::error(format!("`{name}` is a measure and says its moments itself")).at(at);
        Err(finding.help(format!("write `{name}` outside the bracket")).into())
    }

    /// Parameters may stand beside a named arm: they are that arm's.
    pub(super) fn varies_by_arm(&self, name: &str) -> bool {
        let scope = &self.bench.arms[self.arm];
        let own = scope.own.iter().any(|(own, _)| own == name);
        !own && !scope.model.parameters.iter().any(|p| p.name == name)
    }

    pub(super) fn speaks_of(&mut self, arm: Option<usize>) -> usize {
        self.spoken.named.extend(arm);
        arm.unwrap_or(self.arm)
    }

    /// The arm that a name begins with, and the rest of the name.
    pub(super) fn arm_of<'n>(&self, name: &'n str, at: &Span) -> Result<(Option<usize>, &'n str), Fault> {
        let Some((head, base)) = name.split_once('.') else { return Ok((None, name)) };
        let Some(arm) = self.bench.arms.iter().position(|arm| arm.name == head) else {
            return Ok((None, name));
        };
        let is_view = |place: usize| self.bench.arms[place].model.views.iter().any(|view| view.name == head);
        if head == REST || head == FLOW || is_view(arm) || is_view(self.arm) {
            let other = if head == FLOW { "the word before flows" } else { "a view" };
            let what = format!("`{head}` is both an arm and {other}");
            let help = "give the arm another name";
            return Err(Finding::error(what).at(at).label("which of them?").help(help).into());
        }
        Ok((Some(arm), base))
    }
}
