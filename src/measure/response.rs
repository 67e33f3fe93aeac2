//! Responses of one arm, seen through views and at rest, and the assays that take them.
//! Knows nothing of other arms, of measures or of claims.

use std::collections::HashMap;

use super::ArmScope;
use super::fault::Fault;
use super::moment::REST;
use super::scope::Seen;
use crate::diagnostic::{Finding, Span};
use crate::engine::{self, Assay, Challenge, Response};
use crate::expression::{Id, Sym};
use crate::model::{self, Form, Model, Probe};

impl ArmScope {
    /// Position in `system.responses` of a response, possibly seen through a view.
    pub fn response(&mut self, name: &str, at: &Span) -> Result<usize, Finding> {
        self.find_response(name, Seen::Running, at)
            .map(|(position, _)| position)
            .map_err(|fault| fault.finding)
    }

    /// Position in `assays` of a response at a moment as written (`rest` included), with the levels at which its curve is wanted.
    pub fn assay(
        &mut self,
        response: &str,
        response_at: &Span,
        moment: &str,
        moment_at: &Span,
        levels: &[f64],
    ) -> Result<usize, Finding> {
        let when = self.moment(moment, moment_at)?;
        let found = self.find_response(response, Seen::of(moment), response_at);
        let (response, _) = found.map_err(|fault| fault.finding)?;
        let position = self.assay_of(Assay { response, moment: when, levels: Vec::new() });
        let known = &mut self.assays[position].levels;
        known.extend(levels);
        known.sort_by(f64::total_cmp);
        known.dedup();
        Ok(position)
    }

    pub(super) fn assay_of(&mut self, assay: Assay) -> usize {
        let same = |a: &Assay| a.response == assay.response && a.moment == assay.moment;
        self.assays.iter().position(same).unwrap_or_else(|| {
            self.assays.push(assay);
            self.assays.len() - 1
        })
    }

    /// Position in `system.responses`, and position in `responses`.
    pub(super) fn find_response(
        &mut self,
        name: &str,
        seen: Seen,
        at: &Span,
    ) -> Result<(usize, usize), Fault> {
        let common = self.common(name);
        let (views, base) = common.rsplit_once('.').unwrap_or(("", &common));
        let model = self.model.clone();
        let Some(position) = self.responses.iter().position(|r| r.name == base) else {
            let what = format!("`{base}` is not a response of this model or scenario");
            let known = self.responses.iter().map(|r| r.name.as_str());
            return Err(Fault::name(Finding::error(what).at(at).label("no response").nearest(base, known)));
        };
        let response = &self.responses[position].clone();
        if !response.form.is_acute() {
            return Ok((self.moving(response, views, seen, at)?, position));
        }
        let mut through = Through { model: &model, views, probe: response.probe_sym, at };
        let mut seen_id = |scope: &mut ArmScope, written: Id, value: Id| {
            let id = through.apply(scope, written, value)?;
            Ok::<Id, Fault>(if seen == Seen::Rest { scope.at_rest(id, Some(response.probe_sym)) } else { id })
        };
        let mut formula = |scope: &mut ArmScope, f: &model::Formula| seen_id(scope, f.written, f.value);
        let value = formula(self, &response.value)?;
        let bottom = response.bottom.as_ref().map(|f| formula(self, f)).transpose()?;
        let top = response.top.as_ref().map(|f| formula(self, f)).transpose()?;
        let current = self.current(response.probe, views, seen, at)?;
        let made = Response {
            probe: response.probe_sym,
            value,
            bottom,
            top,
            current,
            range: response.range,
            form: engine::Form::Acute,
            from_rest: false,
        };
        Ok((self.keep_response(made), position))
    }

    /// A response for which states move: at rest it sets out from there, and what it reads is left as it is.
    fn moving(
        &mut self,
        response: &model::Response,
        views: &str,
        seen: Seen,
        at: &Span,
    ) -> Result<usize, Fault> {
        if !views.is_empty() {
            let what =
                format!("`{}` is {} and cannot be seen through a view", response.name, response.form.words());
            let finding = Finding::error(what).at(at).label("a view replaces what is read, not what happens");
            return Err(finding
                .help(format!("declare a response whose `value` has the view: `{views}.x`"))
                .into());
        }
        let form = match &response.form {
            Form::Challenge { length, read, inputs, .. } => {
                let inputs = inputs.iter().map(|(input, level)| (*input, level.value)).collect();
                engine::Form::Challenge(Challenge { length: *length, read: read_of(*read), inputs })
            }
            _ => engine::Form::Chronic,
        };
        let value_of = |formula: &Option<model::Formula>| formula.as_ref().map(|f| f.value);
        let made = Response {
            probe: response.probe_sym,
            value: response.value.value,
            bottom: value_of(&response.bottom),
            top: value_of(&response.top),
            current: self.current(response.probe, "", seen, at)?,
            range: response.range,
            form,
            from_rest: seen == Seen::Rest,
        };
        Ok(self.keep_response(made))
    }

    /// The level of the probe in the moment of the assay; none for a probe that is no input and no state.
    fn current(&mut self, probe: Probe, views: &str, seen: Seen, at: &Span) -> Result<Option<Id>, Fault> {
        let name = match probe {
            Probe::Input(input) => self.model.inputs[input].name.clone(),
            Probe::State(state) => self.model.states[state].name.clone(),
            Probe::New => return Ok(None),
        };
        let name = if views.is_empty() { name } else { format!("{views}.{name}") };
        let (id, _) = self.named(&name, at)?;
        Ok(Some(if seen == Seen::Rest { self.at_rest(id, None) } else { id }))
    }

    fn keep_response(&mut self, made: Response) -> usize {
        let same = |r: &Response| {
            (r.probe, r.value, r.bottom, r.top, r.current)
                == (made.probe, made.value, made.bottom, made.top, made.current)
                && (r.range, &r.form, r.from_rest) == (made.range, &made.form, made.from_rest)
        };
        let responses = &mut self.system.responses;
        responses.iter().position(same).unwrap_or_else(|| {
            responses.push(made);
            responses.len() - 1
        })
    }
}

fn read_of(read: model::Read) -> engine::Read {
    match read {
        model::Read::Max => engine::Read::Max,
        model::Read::Min => engine::Read::Min,
        model::Read::Mean => engine::Read::Mean,
        model::Read::Area => engine::Read::Area,
        model::Read::End => engine::Read::End,
    }
}

/// A response's expressions seen through views, in all of which the probe stays what it is.
struct Through<'a> {
    model: &'a Model,
    /// Outermost first, joined by dots.
    views: &'a str,
    probe: Sym,
    at: &'a Span,
}

impl Through<'_> {
    fn apply(&mut self, scope: &mut ArmScope, written: Id, value: Id) -> Result<Id, Fault> {
        if self.views.is_empty() {
            return Ok(value);
        }
        if self.views.split('.').any(|view| self.touches_probe(view)) {
            return self.around_probe(scope, value);
        }
        let mut with: HashMap<Sym, Id> = HashMap::new();
        for sym in scope.system.arena.symbols(written) {
            if sym != self.probe {
                let path = format!("{}.{}", self.views, scope.system.arena.name(sym));
                with.insert(sym, scope.named(&path, self.at)?.0);
            }
        }
        Ok(scope.system.arena.substitute(written, &|sym| with.get(&sym).copied()))
    }

    fn touches_probe(&self, view: &str) -> bool {
        let of_model = self.model.views.iter().find(|v| v.name == view);
        view == REST
            || of_model.is_some_and(|v| v.of_rest || v.with.iter().any(|(sym, _)| *sym == self.probe))
    }

    /// With lets replaced already, so that the probe can be told from what a view would put in its place.
    fn around_probe(&self, scope: &mut ArmScope, value: Id) -> Result<Id, Fault> {
        let mut id = value;
        for name in self.views.rsplit('.') {
            let view = self.model.views.iter().find(|v| v.name == name);
            let Some(view) = view else {
                if name != REST {
                    return Err(self.unknown(name));
                }
                id = scope.at_rest(id, Some(self.probe));
                continue;
            };
            let mut with = if view.of_rest { scope.rest(Some(self.probe)) } else { HashMap::new() };
            for (sym, instead) in view.with.iter().filter(|(sym, _)| *sym != self.probe) {
                with.insert(*sym, self.plain(scope, *instead)?);
            }
            id = scope.system.arena.substitute(id, &|sym| with.get(&sym).copied());
        }
        Ok(id)
    }

    /// An expression as written with its names unfolded.
    fn plain(&self, scope: &mut ArmScope, written: Id) -> Result<Id, Fault> {
        let mut with: HashMap<Sym, Id> = HashMap::new();
        for sym in scope.system.arena.symbols(written) {
            let name = scope.system.arena.name(sym).to_owned();
            with.insert(sym, scope.named(&name, self.at)?.0);
        }
        Ok(scope.system.arena.substitute(written, &|sym| with.get(&sym).copied()))
    }

    fn unknown(&self, view: &str) -> Fault {
        let known = self.model.views.iter().map(|v| v.name.as_str()).chain([REST]);
        Fault::name(
            Finding::error(format!("`{view}` is not a view of this model")).at(self.at).nearest(view, known),
        )
    }
}
