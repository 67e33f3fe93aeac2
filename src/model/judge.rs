//! Whether a model that could be read makes sense: what depends on what, numbers at the defaults, what nothing uses.
//! Knows nothing of texts: it works on the model, and on where its names stand.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::diagnostic::{Finding, Findings, Span};
use crate::expression::{Id, Sym};
use crate::unit::Unit;

use super::limit::holds;
use super::{Model, Response, Start, start_symbol};

pub(super) fn model(model: &Model, places: &IndexMap<String, Span>, findings: &mut Findings) {
    let broken = findings.has_errors();
    let judge = Judge { model, places };
    judge.dependence(findings);
    judge.idle_states(findings);
    // What follows looks at values and uses, which a part that could not be read would falsify.
    if broken {
        return;
    }
    judge.probes(findings);
    judge.limits(findings);
    judge.starts(findings);
    judge.ranges(findings);
    judge.unused(findings);
}

/// A value with its unit, for people.
fn shown(value: f64, unit: &Unit) -> String {
    match unit.label() {
        "1" => value.to_string(),
        label => format!("{value} {label}"),
    }
}

struct Judge<'m> {
    model: &'m Model,
    places: &'m IndexMap<String, Span>,
}

impl Judge<'_> {
    fn is_parameter(&self, sym: Sym) -> bool {
        let name = self.model.arena.name(sym);
        let solved = || self.model.states.iter().any(|s| start_symbol(&s.name) == name);
        self.model.parameters.iter().any(|p| p.sym == sym) || solved()
    }

    /// A finding where `value` needs more than parameters.
    fn parameters_only(&self, what: &str, value: Id, at: &Span, findings: &mut Findings) {
        let symbols = self.model.arena.symbols(value);
        let Some(sym) = symbols.into_iter().find(|sym| !self.is_parameter(*sym)) else { return };
        let name = self.model.arena.name(sym);
        let is = match self.model.states.iter().any(|s| s.sym == sym) {
            true => "a state",
            false => "an input",
        };
        findings.push(
            Finding::error(format!("{what} depends on `{name}`, {is}"))
                .at(at)
                .because(format!("`{name}` is {is} here"), self.places.get(name))
                .help("use parameters and lets of parameters"),
        );
    }

    fn dependence(&self, findings: &mut Findings) {
        for input in &self.model.inputs {
            let what = format!("the baseline of `{}`", input.name);
            self.parameters_only(&what, input.baseline.value, &input.baseline.at, findings);
        }
        for state in &self.model.states {
            if let Start::Formula(start) = &state.start {
                let what = format!("the start of `{}`", state.name);
                self.parameters_only(&what, start.value, &start.at, findings);
                if state.scale == Some(start.value) {
                    continue;
                }
            }
            if let Some(scale) = state.scale {
                self.parameters_only(&format!("the scale of `{}`", state.name), scale, &state.at, findings);
            }
        }
        for limit in self.model.parameters.iter().flat_map(|p| &p.limits) {
            for side in [limit.left, limit.right] {
                self.parameters_only("a limit", side, &limit.at, findings);
            }
        }
    }

    fn idle_states(&self, findings: &mut Findings) {
        for (index, state) in self.model.states.iter().enumerate() {
            // As often from a state as to it is no change.
            let touched = |flow: &super::Flow| {
                let count = |side: &[super::Term]| -> i64 {
                    side.iter().filter(|t| t.state == index).map(|t| i64::from(t.count)).sum()
                };
                let random = flow.from.iter().chain(&flow.to).any(|t| t.state == index && t.burst.is_some());
                random || count(&flow.from) != count(&flow.to)
            };
            if !self.model.flows.iter().any(touched) {
                findings.push(
                    Finding::error(format!("no flow changes the state `{}`", state.name))
                        .at(&state.at)
                        .help("add a flow from or to it, or make it a parameter"),
                );
            }
        }
    }

    fn probes(&self, findings: &mut Findings) {
        for response in &self.model.responses {
            super::response::judge(response, self.model, &self.model.arena, findings);
        }
    }

    /// Value at the default parameters; `None` where it needs a solved start.
    fn at_defaults(&self, value: Id) -> Option<f64> {
        let defaults: HashMap<Sym, f64> = self.model.parameters.iter().map(|p| (p.sym, p.value)).collect();
        let known = self.model.arena.symbols(value).iter().all(|sym| defaults.contains_key(sym));
        known
            .then(|| self.model.arena.evaluate(value, &|sym| defaults.get(&sym).copied().unwrap_or(f64::NAN)))
    }

    fn limits(&self, findings: &mut Findings) {
        for parameter in &self.model.parameters {
            for limit in &parameter.limits {
                let sides = (self.at_defaults(limit.left), self.at_defaults(limit.right));
                let (Some(left), Some(right)) = sides else { continue };
                if !holds(left, limit.comparison, right) {
                    findings.push(
                        Finding::error(format!("`{}` is outside its limits", parameter.name))
                            .at(&parameter.at)
                            .label(shown(parameter.value, &parameter.unit))
                            .because(
                                format!("`{}` does not hold: {left} and {right}", limit.text),
                                Some(&limit.at),
                            )
                            .help("change the value, or the limit where the model means something beyond it"),
                    );
                }
            }
        }
    }

    fn starts(&self, findings: &mut Findings) {
        for state in &self.model.states {
            let name = &state.name;
            if let Start::Formula(start) = &state.start
                && let Some(value) = self.at_defaults(start.value)
            {
                let trouble = match value {
                    value if !value.is_finite() => Some("is not a number"),
                    value if state.nonnegative && value < 0.0 => Some("is below its `min`"),
                    _ => None,
                };
                if let Some(trouble) = trouble {
                    let what = format!("the start of `{name}` {trouble}");
                    findings
                        .push(Finding::error(what).at(&start.at).label(format!("{value} with the defaults")));
                    continue;
                }
                if value == 0.0 && state.scale == Some(start.value) {
                    findings.push(
                        Finding::error(format!("`{name}` starts at 0 and has no scale"))
                            .at(&start.at)
                            .because("the scale is the size below which relative accuracy is not asked; it defaults to the start", None)
                            .help(format!("add `scale`, a small amount that still matters: `scale = \"{}\"`", shown(1.0, &state.unit))),
                    );
                    continue;
                }
            }
            let scale = state.scale.and_then(|scale| self.at_defaults(scale));
            if let Some(value) = scale.filter(|value| !value.is_finite() || *value == 0.0) {
                let what = format!("the scale of `{name}` is {value} with the defaults");
                findings.push(Finding::error(what).at(&state.at).help("write a size other than 0"));
            }
        }
    }

    fn ranges(&self, findings: &mut Findings) {
        for parameter in &self.model.parameters {
            let outside = |range: &[f64; 2]| !(range[0] <= parameter.value && parameter.value <= range[1]);
            if let Some([low, high]) = parameter.range.filter(outside) {
                let (name, unit) = (&parameter.name, &parameter.unit);
                findings.push(
                    Finding::note(format!("`{name}` is outside its plausible range"))
                        .at(&parameter.at)
                        .label(shown(parameter.value, unit))
                        .because(format!("its range is {low} to {}", shown(high, unit)), None),
                );
            }
        }
        let bare = self.model.parameters.iter().filter(|p| p.range.is_none()).collect::<Vec<_>>();
        if let Some(first) = bare.first() {
            let names: Vec<String> = bare.iter().map(|p| format!("`{}`", p.name)).collect();
            findings.push(
                Finding::note(format!("without a plausible range: {}", names.join(", ")))
                    .at(&first.at)
                    .help("give `range`: studies and sliders go by it"),
            );
        }
    }

    fn unused(&self, findings: &mut Findings) {
        let used: HashSet<Sym> = self.written().flat_map(|id| self.model.arena.symbols(id)).collect();
        let seen: HashSet<&str> =
            used.iter().map(|sym| super::names::split(self.model.arena.name(*sym)).1).collect();
        let parameters = self.model.parameters.iter().map(|p| ("parameter", &p.name, &p.at));
        let inputs = self.model.inputs.iter().map(|i| ("input", &i.name, &i.baseline.at));
        for (role, name, at) in parameters.chain(inputs).filter(|(_, name, _)| !seen.contains(name.as_str()))
        {
            findings.push(Finding::note(format!("nothing uses the {role} `{name}`")).at(at));
        }
    }

    /// Every expression of the model except limits: a parameter that only its own limits name is not used.
    fn written(&self) -> impl Iterator<Item = Id> {
        let model = self.model;
        let baselines = model.inputs.iter().map(|i| i.baseline.written);
        let lets = model.lets.iter().map(|l| l.formula.written);
        let starts = model.states.iter().flat_map(|s| {
            let start = match &s.start {
                Start::Formula(start) => Some(start.written),
                Start::Steady => None,
            };
            start.into_iter().chain(s.scale)
        });
        let flows = model.flows.iter().flat_map(|f| {
            let bursts = f.from.iter().chain(&f.to).filter_map(|t| t.burst.as_ref());
            bursts.chain([&f.rate]).chain(&f.propensity).map(|f| f.written)
        });
        let views = model.views.iter().flat_map(|v| v.with.iter().map(|(_, by)| *by));
        let responses = model.responses.iter().flat_map(Response::formulas).map(|f| f.written);
        baselines.chain(lets).chain(starts).chain(flows).chain(views).chain(responses)
    }
}
