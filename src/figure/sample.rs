//! A made-up run for tests: two arms of three phases with daily pulses, two groups, assays at three moments, measures, differences.
//! The numbers follow simple formulas; they mean nothing.

use crate::table::{Column, Data, Table};

use super::*;

/// Owns what a `Run` borrows.
pub struct Sample {
    pub subject: Subject,
    pub summary: Table,
    pub assays: Table,
    pub measures: Table,
}

impl Sample {
    pub fn run(&self) -> Run<'_> {
        Run { subject: &self.subject, summary: &self.summary, assays: &self.assays, measures: &self.measures }
    }
}

/// Columns of texts and numbers, filled row by row; texts come first.
pub struct Rows {
    names: (Vec<&'static str>, Vec<&'static str>),
    texts: Vec<Vec<Option<String>>>,
    numbers: Vec<Vec<f64>>,
    n: Vec<Option<u64>>,
}

impl Rows {
    pub fn new(texts: &[&'static str], numbers: &[&'static str]) -> Rows {
        Rows {
            names: (texts.to_vec(), numbers.to_vec()),
            texts: vec![Vec::new(); texts.len()],
            numbers: vec![Vec::new(); numbers.len()],
            n: Vec::new(),
        }
    }

    pub fn push(&mut self, texts: &[&str], numbers: &[f64], n: u64) {
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.push(Some((*text).to_owned()));
        }
        for (column, number) in self.numbers.iter_mut().zip(numbers) {
            column.push(*number);
        }
        self.n.push(Some(n));
    }

    pub fn table(self, name: &str) -> Table {
        let texts = self.names.0.into_iter().zip(self.texts).map(|(n, v)| Column::new(n, "", Data::Text(v)));
        let numbers =
            self.names.1.into_iter().zip(self.numbers).map(|(n, v)| Column::new(n, "", Data::Number(v)));
        let n = Column::new("n", "agents", Data::Whole(self.n));
        Table::new(name, texts.chain(numbers).chain([n]).collect())
    }
}

pub fn summary_rows() -> Rows {
    Rows::new(&["arm", "group", "time_unit", "what", "unit", "window", "stat"], &["time", "value"])
}

pub fn assay_rows() -> Rows {
    let texts = ["arm", "group", "moment", "time_unit", "response", "metric", "level_unit", "stat", "unit"];
    Rows::new(&texts, &["time", "level", "value"])
}

pub fn measure_rows() -> Rows {
    Rows::new(&["measure", "arm", "group", "stat", "unit"], &["value"])
}

/// Standard normal quantiles of the stats.
const STATS: [(&str, f64); 5] =
    [("p5", -1.645), ("p25", -0.674), ("p50", 0.0), ("p75", 0.674), ("p95", 1.645)];
const END: f64 = 120.0;

/// Sensitivity in per cent: falls during exposure (14 d to 60 d), comes back partly.
fn sensitivity(t: f64, depth: f64) -> f64 {
    match t {
        t if t < 14.0 => 100.0,
        t if t < 60.0 => 100.0 - depth * (1.0 - (-(t - 14.0) / 12.0).exp()),
        t => 100.0 - depth * ((1.0 - (-46.0f64 / 12.0).exp()) * (0.2 + 0.8 * (-(t - 60.0) / 25.0).exp())),
    }
}

fn arm(name: &str, exposed: bool) -> ArmSubject {
    let phase = |name: &str, start, end| PhaseSubject { name: name.to_owned(), start, end };
    let mut times = vec![0.0, 14.0];
    let mut values = vec![0.0, 0.0];
    for day in (14..60).filter(|_| exposed) {
        let start = f64::from(day) + 10.0 / 24.0;
        times.extend([start, start, start + 0.25, start + 0.25]);
        values.extend([0.0, 1.0, 1.0, 0.0]);
    }
    times.push(END);
    values.push(0.0);
    let stimulus = StimulusSubject {
        input: "e_substance".to_owned(),
        doc: "substance effect".to_owned(),
        unit: "1".to_owned(),
        times,
        values,
    };
    let middle = if exposed { "exposure" } else { "no exposure" };
    ArmSubject {
        name: name.to_owned(),
        title: String::new(),
        phases: vec![phase("baseline", 0.0, 14.0), phase(middle, 14.0, 60.0), phase("abstinence", 60.0, END)],
        stimuli: vec![stimulus],
        sets: Vec::new(),
    }
}

pub fn subject() -> Subject {
    let text = str::to_owned;
    let quantity = |what: &str, doc: &str, unit: &str, window: &str| QuantitySubject {
        what: text(what),
        doc: text(doc),
        unit: text(unit),
        window: text(window),
        show: None,
        for_figure: false,
    };
    Subject {
        foot: Vec::new(),
        cautions: Vec::new(),
        title: text("Chronic drive, then rest"),
        question: text("What comes back after stimulation stops, and in whom?"),
        models: vec![text("Dopamine system, two receptor classes")],
        label: text("Illustrative model: not for diagnosis or treatment."),
        provenance: text("allostat 0.1.0 · seed 7 · 1,000 agents · digest 1a2b3c4d"),
        changed: vec![text("kappa = 8 (was 4)")],
        agents: 1000,
        failed: 3,
        time_unit: text("d"),
        arms: vec![arm("rest", false), arm("chronic", true)],
        quantities: vec![
            quantity("R / rest.R", "free surface receptor", "%", ""),
            quantity("mood", "mood between stimuli", "1", "mean over 1 d"),
        ],
        responses: vec![ResponseSubject {
            name: text("D2"),
            arms: Vec::new(),
            form: text("acute"),
            doc: text("bound D2 receptor at once"),
            probe: text("L"),
            probe_doc: text("probe concentration"),
            probe_unit: text("nM"),
            unit: text("receptor"),
        }],
        measures: vec![MeasureSubject {
            name: text("half_back"),
            doc: text("time until half of the loss has come back"),
            unit: text("d"),
        }],
        figures: Vec::new(),
    }
}

fn summary(depth: f64) -> Table {
    let mut rows = summary_rows();
    for day in 0..=120 {
        let t = f64::from(day);
        for (arm, depth) in [("rest", 0.0), ("chronic", depth), ("chronic minus rest", depth)] {
            for (group, factor, n) in [("all", 1.0, 997), ("sensitive", 1.3, 402), ("robust", 0.7, 595)] {
                for (stat, z) in STATS {
                    let gone = 100.0 - sensitivity(t, depth * factor);
                    let level = if arm.contains("minus") { -gone } else { 100.0 - gone };
                    let value = level + z * (1.5 + 0.22 * gone);
                    rows.push(&[arm, group, "d", "R / rest.R", "%", "", stat], &[t, value], n);
                    let mood = if arm.contains("minus") { -0.004 * gone } else { 0.55 - 0.004 * gone };
                    let swing = 0.02 * (t * 0.9).sin();
                    let value = mood + swing + z * (0.03 + 0.0008 * gone);
                    rows.push(&[arm, group, "d", "mood", "1", "mean over 1 d", stat], &[t, value], n);
                }
            }
        }
    }
    rows.table("summary")
}

fn assays(depth: f64) -> Table {
    let mut rows = assay_rows();
    let left = 1.0 - depth / 100.0;
    let moments = [
        ("end of baseline", 14.0, 1.0),
        ("end of exposure", 60.0, left),
        ("end of abstinence", END, 0.75 + 0.25 * left),
    ];
    for (arm, exposed) in [("rest", false), ("chronic", true)] {
        for (moment, time, left) in moments {
            let left = if exposed { left } else { 1.0 };
            let ec50 = 20.0 / left;
            let mut push = |metric: &str, stat: &str, level: f64, value: f64, unit: &str| {
                rows.push(
                    &[arm, "all", moment, "d", "D2", metric, "nM", stat, unit],
                    &[time, level, value],
                    990,
                );
            };
            for (stat, z) in STATS {
                for i in 0..=60 {
                    let level = 10f64.powf(-2.0 + 0.1 * f64::from(i));
                    let top = 3333.0 * left * (1.0 + 0.15 * z);
                    let half = ec50 * (1.0 - 0.25 * z);
                    push("response", stat, level, top * level / (half + level), "receptor");
                }
                push("ec50", stat, f64::NAN, ec50 * (0.35 * z).exp(), "nM");
                push("emax", stat, f64::NAN, 3333.0 * left * (1.0 + 0.15 * z), "receptor");
            }
            if exposed && time == 60.0 {
                push("ec50", "missing: never half-way", f64::NAN, 12.0, "nM");
            }
        }
    }
    rows.table("assays")
}

fn measures(depth: f64) -> Table {
    let mut rows = measure_rows();
    for (arm, scale, never) in [("rest", 6.0, 0), ("chronic", depth / 2.2, 180)] {
        for (group, factor, agents) in [("all", 1.0, 997), ("sensitive", 1.4, 402), ("robust", 0.7, 595)] {
            let share = never * agents / 997;
            for q in 0..=100 {
                let p = (f64::from(q) + 0.5) / 101.0;
                let value = scale * factor * (0.55 * (p / (1.0 - p)).ln()).exp();
                rows.push(&["half_back", arm, group, &format!("p{q}"), "d"], &[value], agents - share);
            }
            if share > 0 {
                rows.push(&["half_back", arm, group, "not reached", "d"], &[share as f64], share);
            }
        }
    }
    rows.table("measures")
}

pub fn run() -> Sample {
    with_depth(48.0)
}

/// The run with another loss of sensitivity in per cent.
pub fn with_depth(depth: f64) -> Sample {
    Sample { subject: subject(), summary: summary(depth), assays: assays(depth), measures: measures(depth) }
}
