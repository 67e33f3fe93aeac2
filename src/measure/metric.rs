//! Words that stand on an acute response: fits, the operational model, local sensitivity.
//! Knows nothing of how a curve is computed.

use super::agent::Reader;
use super::fault::Fault;
use super::over::{Assayed, not_a_response};
use super::scope::Seen;
use crate::diagnostic::Finding;
use crate::engine::{Fit, Metric, Tap};
use crate::expression::{Id, Node, Operator, Part, Sym, Syntax};
use crate::unit::Unit;

/// `fit_ec50(surface[end of exposure])`.
pub(super) fn fit(word: &str) -> Option<Fit> {
    Some(match word {
        "fit_ec50" => Fit::Ec50,
        "fit_emax" => Fit::Emax,
        "fit_bottom" => Fit::Bottom,
        "fit_slope" => Fit::Slope,
        "bmax" => Fit::Bmax,
        "kd" => Fit::Kd,
        _ => return None,
    })
}

/// Words of the operational model of agonism with slope 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operational {
    Tau,
    Affinity,
    Transduction,
}

/// `tau(effect[end of exposure], Em)`.
pub(super) fn operational(word: &str) -> Option<Operational> {
    Some(match word {
        "tau" => Operational::Tau,
        "KA" => Operational::Affinity,
        "log_tau_KA" => Operational::Transduction,
        _ => return None,
    })
}

pub(super) const COEFFICIENT: &str = "coefficient";

impl Reader<'_> {
    pub(super) fn fitted(&mut self, word: &str, fit: Fit, argument: &Syntax) -> Result<(Id, Unit), Fault> {
        let Assayed { place, assay, response } = self.assayed(word, argument)?;
        let response = &self.bench.arms[place].responses[response];
        let unit = match fit {
            Fit::Ec50 | Fit::Kd => response.probe_unit.clone(),
            Fit::Emax | Fit::Bottom | Fit::Bmax => response.unit.clone(),
            Fit::Slope => Unit::one(),
        };
        Ok((self.tapped(place, Tap::Fit { assay, fit }), unit))
    }

    /// tau = Emax/(Em - Emax), KA = EC50 Em/(Em - Emax), and their quotient Emax/(EC50 Em).
    /// unchecked: J.W. Black, P. Leff 1983, Proceedings of the Royal Society B 220:141-162.
    pub(super) fn operational(
        &mut self,
        word: &str,
        wanted: Operational,
        [response, largest]: [&Syntax; 2],
    ) -> Result<(Id, Unit), Fault> {
        let (emax, unit) = self.metric(word, Metric::Emax, response)?;
        let (ec50, probe) = self.metric(word, Metric::Ec50, response)?;
        let (em, own) = self.number(largest)?;
        let Some(factor) = own.as_ref().map_or(Some(1.0), |own| own.convert(1.0, &unit)) else {
            let own = own.unwrap_or_else(Unit::one);
            let what = format!(
                "the response is in `{}`, its largest possible value in `{}`",
                unit.label(),
                own.label()
            );
            let label = format!("in `{}`", own.label());
            return Err(Finding::error(what).at(&largest.at).label(label).into());
        };
        let em = self.scaled(em, factor);
        // Above the largest possible value there is neither.
        let reserve = self.minus(em, emax);
        let reserve = self.positive(reserve);
        Ok(match wanted {
            Operational::Tau => (self.over(emax, reserve), Unit::one()),
            Operational::Affinity => {
                let product = self.times(ec50, em);
                (self.over(product, reserve), probe)
            }
            Operational::Transduction => {
                let molar = Unit::parse("M").ok().and_then(|molar| probe.convert(1.0, &molar));
                let ec50 = self.scaled(ec50, molar.unwrap_or(1.0));
                let below = self.times(ec50, em);
                let below = self.positive(below);
                let quotient = self.over(emax, below);
                let quotient = self.positive(quotient);
                (self.function("log10", &[quotient]), Unit::one())
            }
        })
    }

    /// d ln E/d ln L at the level that the probe has in that moment, or of an expression by something that it stands on.
    pub(super) fn coefficient(&mut self, args: &[Syntax]) -> Result<(Id, Unit), Fault> {
        let of = &args[0];
        let Part::At(inner, text, at) = &of.part else {
            let what = format!("`{COEFFICIENT}` says no moment");
            let help = format!("write `{COEFFICIENT}({}[end of …])`", of.at.text().trim());
            return Err(Finding::error(what).at(&of.at).label("when?").help(help).into());
        };
        let text = self.with_time_unit(text);
        let seen = Seen::of(&text);
        if let Some(by) = args.get(1) {
            let (place, inner) = self.placed(inner)?;
            let by_syntax = self.in_arm(by, place)?;
            let scope = &mut self.bench.arms[place];
            let moment = scope.find_moment(&text, at)?;
            let (value, _) = scope.quantity(&inner)?;
            let Part::Name(name) = &by_syntax.part else { return Err(no_symbol(by)) };
            let (id, _) = scope.named(name, &by.at)?;
            let Node::Sym(sym) = scope.system.arena.node(id) else { return Err(no_symbol(by)) };
            scope.flowing(value, &format!("`{COEFFICIENT}`"), &inner.at)?;
            scope.flowing(id, &format!("`{COEFFICIENT}`"), &by.at)?;
            let id = elasticity(scope, value, sym);
            let id = if seen == Seen::Rest { scope.at_rest(id, None) } else { id };
            let watched = scope.watch_node(id);
            return Ok((self.tapped(place, Tap::At { watched, moment }), Unit::one()));
        }
        let Part::Name(name) = &inner.part else { return Err(not_a_response(COEFFICIENT, &inner.at)) };
        let (arm, base) = self.arm_of(name, &of.at)?;
        let (place, base) = (self.speaks_of(arm), base.to_owned());
        self.spoken.unnamed |= arm.is_none();
        let scope = &mut self.bench.arms[place];
        let moment = scope.find_moment(&text, at)?;
        let (response, _) = scope.find_response(&base, seen, &of.at)?;
        let response = scope.system.responses[response].clone();
        let Some(current) = response.current else {
            let what = format!(
                "the probe of `{base}` is no input and no state, so that it has no level in a moment"
            );
            let help = "the slope at the half-way level is `slope(…)`";
            return Err(Finding::error(what).at(&of.at).help(help).into());
        };
        let id = elasticity(scope, response.value, response.probe);
        let id = scope.system.arena.substitute(id, &|sym| (sym == response.probe).then_some(current));
        let watched = scope.watch_node(id);
        Ok((self.tapped(place, Tap::At { watched, moment }), Unit::one()))
    }
}

/// (∂x/∂u) u/x, with no value where u or x is 0.
fn elasticity(scope: &mut super::ArmScope, value: Id, by: Sym) -> Id {
    let arena = &mut scope.system.arena;
    let slope = arena.derivative(value, by);
    let by = arena.sym(by);
    let rise = arena.binary(Operator::Mul, slope, by);
    let relative = arena.binary(Operator::Div, rise, value);
    let one = arena.binary(Operator::Div, by, by);
    arena.binary(Operator::Mul, relative, one)
}

fn no_symbol(by: &Syntax) -> Fault {
    let what = format!("{} is no input, state or parameter", by.quoted());
    let help = "name what is varied: `coefficient(x[end of exposure], L)`; all else stays as it is";
    Finding::error(what).at(&by.at).help(help).into()
}
