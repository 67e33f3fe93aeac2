//! What the figures of a model's page show, as a scenario: what the model file says, and for the rest a step of the first input.
//! Knows nothing of figures.
//!
//! The step is three times the EC50 of the response at rest; it and the rest after it last about four of the model's own time
//! constants, which are those of the slowest eigenvalue at the steady state.

use std::collections::HashMap;

use crate::diagnostic::Source;
use crate::engine::{Steady, steady};
use crate::expression::{Id, Sym};
use crate::measure;
use crate::model::{Formula, Model, Probe, Response, Start, start_symbol};
use crate::scenario::Scenario;
use crate::unit::{format_quantity, shortest};

/// Panels that a figure over time stacks.
const MOST_PANELS: usize = 4;
/// Points of a line over time: fast turns look steep, and the file stays small.
const POINTS: f64 = 300.0;
/// The step, in EC50.
const STRONG: f64 = 3.0;
/// How long a step is held, in time constants.
const SETTLED: f64 = 4.0;
/// In time units of the model, where it has no time constant of its own.
const USUAL: f64 = 100.0;

/// A scenario with one agent that names the model by its name; `None` where there is neither a response nor anything that moves.
pub fn scene(model: &Model) -> Option<String> {
    let page = &model.page;
    let over_time = over_time(model);
    let response = model.responses.iter().find(|r| page.response.as_ref().is_none_or(|own| *own == r.name));
    if over_time.is_empty() && response.is_none() {
        return None;
    }
    let (phases, named) = match &page.phases {
        Some(written) => (written.text().to_owned(), page.phase_names.clone()),
        None => stepped(model, !over_time.is_empty()),
    };
    // An arm that is titled as the scenario needs no label.
    let title = &model.title;
    let population = "[population]\nagents = 1\nseed   = 1\n";
    let arm = format!("[arms.step]\ntitle  = {title:?}\nphases = {phases}\n");
    let assay = response.map_or(String::new(), |response| {
        let at = match (&page.at[..], &named[..]) {
            ([], [] | [_]) => vec!["rest".to_owned()],
            ([], named) => named.iter().take(4).map(|name| format!("end of {name}")).collect(),
            (written, _) => written.to_vec(),
        };
        let name = &response.name;
        format!("\n[[assay]]\nresponse = \"{name}\"\nat       = {at:?}\nreduce   = [\"p50\"]\n")
    });
    let head = format!("title = {title:?}\nmodel = {:?}\n", model.name);
    let length = length(model, &format!("{head}\n{population}\n{arm}{assay}"));
    let time = length
        .and_then(|length| readable(model, length))
        .map_or(String::new(), |unit| format!("time  = \"{unit}\"\n"));
    let record = match &over_time[..] {
        [] => String::new(),
        shown => {
            let every = length.map_or(String::new(), |length| {
                format!("every  = \"{} {}\"\n", shortest(decimal(length / POINTS)), model.time.label())
            });
            format!("\n[[record]]\nwhat   = {shown:?}\n{every}reduce = [\"p50\"]\n")
        }
    };
    Some(format!("{head}{time}\n{population}\n{arm}{record}{assay}"))
}

/// How long a scenario is, in the model's time; `None` where it is not understood, which its run will tell.
fn length(model: &Model, text: &str) -> Option<f64> {
    let scenario = read(model, text).ok()?;
    let end = scenario.arms.iter().flat_map(|arm| &arm.phases).map(|(_, when)| when.end).max()?;
    Some(end as f64 / model.time.in_microseconds()?)
}

/// The scene as a scenario. `Err` holds all that is wrong with it.
pub fn read(model: &Model, scene: &str) -> Result<Scenario, crate::diagnostic::Error> {
    let source = Source::new(format!("the figures of {}", model.name), scene);
    let own = |name: &str| (name == model.name).then(|| model.source.clone());
    let none = |path: &str| Err(format!("there is no file `{path}` for a page"));
    Scenario::read_with(&model.name, &source, &[], &none, &own)
}

/// What the file names, else states that the first input moves, else what depends on inputs where there is no curve to show.
fn over_time(model: &Model) -> Vec<String> {
    let page = &model.page.over_time;
    let driven = model.lets.iter().filter(|item| {
        let symbols = model.arena.symbols(item.formula.value);
        model.responses.is_empty() && model.inputs.iter().any(|input| symbols.contains(&input.sym))
    });
    let shown: Vec<String> = match (page.is_empty(), model.states.is_empty()) {
        (false, _) => page.clone(),
        (true, false) => moved(model),
        (true, true) => driven.map(|item| item.name.clone()).collect(),
    };
    shown.into_iter().take(MOST_PANELS).collect()
}

/// States whose rates depend on the first input, directly or through other states; all of them where none does.
fn moved(model: &Model) -> Vec<String> {
    let mut moving: Vec<Sym> = model.inputs.first().map(|input| input.sym).into_iter().collect();
    let rates: Vec<Vec<Sym>> = model.rates.iter().map(|rate| model.arena.symbols(*rate)).collect();
    loop {
        let known = moving.len();
        for (state, symbols) in model.states.iter().zip(&rates) {
            if !moving.contains(&state.sym) && symbols.iter().any(|sym| moving.contains(sym)) {
                moving.push(state.sym);
            }
        }
        if moving.len() == known {
            break;
        }
    }
    let none = model.states.iter().all(|state| !moving.contains(&state.sym));
    let shown = model.states.iter().filter(|state| none || moving.contains(&state.sym));
    shown.map(|state| state.name.clone()).collect()
}

/// Phases as text, and their names.
fn stepped(model: &Model, moving: bool) -> (String, Vec<String>) {
    let time = model.time.label();
    let phase = |name: &str, length: f64, more: &str| {
        format!("  {{ name = \"{name}\", for = \"{} {time}\"{more} }},\n", shortest(length))
    };
    let rest = Rest::of(model);
    let off = rest.pace(&rest.inputs);
    let Some(input) = model.inputs.first().filter(|_| moving) else {
        let length = off.map_or(USUAL, |pace| nice(SETTLED * pace));
        return (format!("[\n{}]", phase("alone", length, "")), vec!["alone".to_owned()]);
    };
    let level = rest.step();
    let driven: Vec<f64> = [level].into_iter().chain(rest.inputs.iter().skip(1).copied()).collect();
    let on = rest.pace(&driven);
    let during = on.or(off).map_or(USUAL, |pace| nice(SETTLED * pace));
    // A memory far slower than the step would squeeze all else into a corner.
    let after = off.map_or(during, |pace| nice(SETTLED * pace)).clamp(0.5 * during, 4.0 * during);
    let before = decimal(0.2 * during);
    let stimulus = format!(", {} = \"{}\"", input.name, format_quantity(level, &input.unit));
    let phases = [("before", before, ""), ("during", during, &*stimulus), ("after", after, "")];
    let text: String =
        phases.iter().map(|(name, length, more)| phase(name, decimal(*length), more)).collect();
    let names = phases.iter().map(|(name, ..)| (*name).to_owned()).collect();
    (format!("[\n{text}]"), names)
}

/// A larger unit than the model's in which the whole lasts at least five, so that the axis has short numbers.
fn readable(model: &Model, total: f64) -> Option<&'static str> {
    const UNITS: [(&str, f64); 3] = [("d", 86_400e6), ("h", 3_600e6), ("min", 60e6)];
    let own = model.time.in_microseconds()?;
    let (name, length) = UNITS.into_iter().find(|(_, length)| total * own >= 5.0 * length)?;
    (length > own).then_some(name)
}

/// A model at rest: its default values, inputs at baseline, states at their start.
struct Rest<'m> {
    model: &'m Model,
    parameters: Vec<f64>,
    inputs: Vec<f64>,
    values: HashMap<Sym, f64>,
}

impl<'m> Rest<'m> {
    fn of(model: &'m Model) -> Rest<'m> {
        let parameters: Vec<f64> = model.parameters.iter().map(|parameter| parameter.value).collect();
        let values = model.parameters.iter().map(|parameter| (parameter.sym, parameter.value)).collect();
        let mut rest = Rest { model, parameters, inputs: Vec::new(), values };
        rest.inputs = model.inputs.iter().map(|input| rest.value(input.baseline.value, None)).collect();
        rest.values.extend(model.inputs.iter().map(|input| input.sym).zip(rest.inputs.clone()));
        rest.start();
        rest
    }

    fn start(&mut self) {
        let states = &self.model.states;
        if states.iter().any(|state| matches!(state.start, Start::Steady))
            && let Some(steady) = self.steady(&self.inputs)
        {
            for (state, value) in states.iter().zip(steady.states) {
                self.values
                    .extend(self.model.arena.find_symbol(&start_symbol(&state.name)).map(|sym| (sym, value)));
                self.values.insert(state.sym, value);
            }
        }
        for state in states {
            if let Start::Formula(start) = &state.start {
                self.values.insert(state.sym, self.value(start.value, None));
            }
        }
    }

    /// NaN where a name has no value here.
    fn value(&self, of: Id, probe: Option<(Sym, f64)>) -> f64 {
        let known = |sym| match probe {
            Some((own, level)) if own == sym => level,
            _ => self.values.get(&sym).copied().unwrap_or(f64::NAN),
        };
        self.model.arena.evaluate(of, &known)
    }

    fn steady(&self, inputs: &[f64]) -> Option<Steady> {
        steady(&measure::system(self.model, &[]), &self.parameters, inputs, None)
    }

    /// The slowest time constant at the stable steady state under these inputs.
    fn pace(&self, inputs: &[f64]) -> Option<f64> {
        // Beside what is this much faster, a mode is one that does not move.
        const STILL: f64 = 1e-8;
        let steady = self.steady(inputs).filter(|steady| steady.stable)?;
        let rates = || steady.eigenvalues.iter().map(|[real, _]| real.abs());
        let fastest = rates().fold(0.0, f64::max);
        let slowest = rates().filter(|rate| *rate > STILL * fastest).fold(fastest, f64::min);
        (slowest > 0.0).then_some(1.0 / slowest)
    }

    /// A level of the first input that does something.
    fn step(&self) -> f64 {
        let baseline = self.inputs.first().copied().unwrap_or(0.0);
        let response = self.model.responses.iter().find(|response| response.probe == Probe::Input(0));
        let level = response.map(|response| {
            let [low, high] = response.range;
            let usual = || (low * high).sqrt();
            nice(self.half(response).map_or_else(usual, |half| STRONG * half)).clamp(low, high)
        });
        match level {
            Some(level) if level > STRONG * baseline => level,
            _ if baseline != 0.0 => nice((STRONG + 1.0) * baseline.abs()).copysign(baseline),
            Some(level) => level,
            None => 1.0,
        }
    }

    /// EC50 at rest of a response with stated limits: by bisection on the logarithmic scale.
    fn half(&self, response: &Response) -> Option<f64> {
        let [mut low, mut high] = response.range;
        let limit = |formula: &Option<Formula>| Some(self.value(formula.as_ref()?.value, None));
        let half = 0.5 * (limit(&response.bottom)? + limit(&response.top)?);
        let beyond = |level: f64| self.value(response.value.value, Some((response.probe_sym, level))) > half;
        let rising = beyond(high);
        if !half.is_finite() || beyond(low) == rising {
            return None;
        }
        for _ in 0..60 {
            let middle = (low * high).sqrt();
            if beyond(middle) == rising { high = middle } else { low = middle }
        }
        Some(high)
    }
}

/// The nearest of 1, 2, 5 times a power of ten.
fn nice(value: f64) -> f64 {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or(("1", "0"));
    let digits: f64 = digits.parse().unwrap_or(1.0);
    // Half-way on the logarithmic scale: the roots of 2, 10 and 50.
    let (nearest, more) = match digits {
        d if d < 1.414 => (1, 0),
        d if d < 3.162 => (2, 0),
        d if d < 7.071 => (5, 0),
        _ => (1, 1),
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{nearest}e{}", exponent + more).parse().unwrap_or(value)
}

/// Without the noise of binary fractions.
fn decimal(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builtin;

    fn model(name: &str) -> Model {
        let (name, text) = builtin().iter().find(|(own, _)| *own == name).unwrap();
        Model::read(name, &Source::new(*name, *text)).unwrap()
    }

    #[test]
    fn numbers_become_one_two_or_five() {
        for (value, expected) in
            [(1.4, 1.0), (0.0316, 0.02), (32.0, 50.0), (7.2e-3, 0.01), (95.0, 100.0), (2e7, 2e7)]
        {
            assert_eq!(nice(value), expected);
        }
    }

    #[test]
    fn the_step_is_three_times_the_ec50_and_lasts_four_time_constants() {
        let model = model("turnover");
        let rest = Rest::of(&model);
        let half = rest.half(&model.responses[0]).unwrap();
        assert!((half - 100.0).abs() < 1e-9, "{half}");
        assert_eq!(rest.step(), 200.0);
        // 1/kdeg = 49.02 h at rest; with L = 200 nM loss is 1 + 4*2/3 times as fast.
        assert!((rest.pace(&[0.0]).unwrap() - 1.0 / 0.0204).abs() < 1e-6);
        assert!((rest.pace(&[200.0]).unwrap() * 0.0204 * (1.0 + 8.0 / 3.0) - 1.0).abs() < 1e-9);
        let text = scene(&model).unwrap();
        assert!(
            text.contains("for = \"50 h\", L = \"200 nM\"") && text.contains("for = \"200 h\" }"),
            "{text}"
        );
    }

    #[test]
    fn a_background_is_stepped_up_from() {
        let model = model("integral_receptor");
        let rest = Rest::of(&model);
        assert_eq!(rest.inputs, [25.0]);
        assert!(rest.step() > 3.0 * 25.0);
    }
}
