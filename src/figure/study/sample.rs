//! A made-up study for tests: its numbers follow simple formulas and mean nothing.

use super::*;
use crate::figure::Subject;
use crate::table::{Column, Data};

/// Owns what `draw` borrows.
pub struct Sample {
    pub subject: StudySubject,
    pub points: Table,
    pub indices: Table,
    pub dropped: Table,
    pub robustness: Table,
    pub boundary: Table,
}

impl Sample {
    pub fn draw(&self, audience: Audience) -> Vec<Figure> {
        let tables = Tables {
            points: &self.points,
            indices: &self.indices,
            dropped: &self.dropped,
            robustness: &self.robustness,
            boundary: &self.boundary,
        };
        draw(&self.subject, &tables, audience)
    }
}

const DOCS: [&str; 6] = [
    "basal removal of the receptor",
    "binding of agonist",
    "unbinding",
    "internalisation of the complex",
    "synthesis",
    "fold increase of removal",
];
const NAMES: [&str; 6] = ["kdeg", "kon", "koff", "kint", "ksyn", "kappa"];

fn factor(n: usize) -> FactorSubject {
    let log = !n.is_multiple_of(3);
    FactorSubject {
        name: if n < 6 { NAMES[n].to_owned() } else { format!("k{n}") },
        doc: if n < 6 { DOCS[n].to_owned() } else { String::new() },
        unit: "1/min".to_owned(),
        span: FactorSpan::Between { ends: if log { [0.001, 0.1] } else { [0.5, 4.0] }, log },
    }
}

/// Even in (0, 1), other for each factor (unchecked: Kronecker sequences of square roots of primes).
fn even(point: usize, factor: usize) -> f64 {
    const PRIMES: [f64; 8] = [2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0];
    let step = PRIMES[factor % 8].sqrt() * (1.0 + (factor / 8) as f64 * 0.37);
    ((point + 1) as f64 * step).fract()
}

fn place(factor: &FactorSubject, share: f64) -> f64 {
    match factor.span {
        FactorSpan::Between { ends, log: true } => ends[0] * (ends[1] / ends[0]).powf(share),
        FactorSpan::Between { ends, .. } => ends[0] + share * (ends[1] - ends[0]),
        _ => share,
    }
}

fn number_column(name: &str, values: Vec<f64>) -> Column {
    Column::new(name, "", Data::Number(values))
}

fn text_column(name: &str, values: Vec<String>) -> Column {
    Column::new(name, "", Data::Text(values.into_iter().map(Some).collect()))
}

/// A study of so many factors and points; each eleventh point has no value, and none where the first two factors are high.
pub fn sample(factors: usize, points: usize) -> Sample {
    let factors: Vec<FactorSubject> = (0..factors).map(factor).collect();
    let output = |name: &str, doc: &str, unit: &str, claim| OutputSubject {
        name: name.into(),
        doc: doc.into(),
        unit: unit.into(),
        claim,
    };
    let outputs = vec![
        output("fall", "change of receptor number, of the median agent", "%", false),
        output("holds falls", "the number falls", "", true),
    ];
    let run = Subject {
        title: "What decides how far receptors fall".into(),
        label: "Illustrative model: not for diagnosis or treatment.".into(),
        provenance: "study falls · allostat 0.1.0 · Saltelli design, seed 1 · digest 01234567".into(),
        ..Subject::default()
    };
    let shares: Vec<Vec<f64>> =
        (0..factors.len()).map(|f| (0..points).map(|p| even(p, f)).collect()).collect();
    let share = |f: usize, p: usize| shares.get(f).map_or(0.5, |all| all[p]);
    let fall = |p: usize| {
        if p % 11 == 10 || factors.len() > 1 && share(0, p) > 0.75 && share(1, p) > 0.6 {
            return f64::NAN;
        }
        let bend = (share(1, p) - 0.5) * (share(2, p) - 0.3);
        -80.0 * share(0, p).powi(2) - 30.0 * bend + 6.0 * (share(5, p) - 0.5)
    };
    let falls: Vec<f64> = (0..points).map(fall).collect();
    let holds =
        falls.iter().map(|fall| if fall.is_nan() { *fall } else { f64::from(u8::from(*fall < -20.0)) });
    let falls_failed = falls.iter().filter(|fall| fall.is_nan()).count();
    let mut columns =
        vec![Column::new("point", "", Data::Whole((0..points).map(|p| Some(p as u64)).collect()))];
    columns.extend(
        factors
            .iter()
            .zip(&shares)
            .map(|(f, s)| number_column(&f.name, s.iter().map(|share| place(f, *share)).collect())),
    );
    columns.push(number_column("holds falls", holds.collect()));
    columns.push(number_column("fall", falls));
    let subject = StudySubject { run, grid: false, block: 1, factors, outputs, points: points as u64 };

    Sample {
        indices: indices(&subject),
        dropped: dropped(&subject, falls_failed),
        robustness: robustness(&subject),
        boundary: boundary(&subject),
        points: Table::new("points", columns),
        subject,
    }
}

fn indices(subject: &StudySubject) -> Table {
    let mut rows: Vec<([String; 6], [f64; 5])> = Vec::new();
    for (n, factor) in subject.factors.iter().enumerate() {
        let size = 0.7 / (1.0 + n as f64).powf(1.4);
        let sign = if n % 2 == 0 { -1.0 } else { 1.0 };
        let mut push = |method: &str, index: &str, value: f64, half: f64| {
            let nothing = value - half <= 0.0 && value + half >= 0.0;
            let verdict = match (nothing, n) {
                (_, 4) if method == "PRCC" => "not monotone: rises and falls",
                (true, _) => "not distinguishable from zero",
                _ => "",
            };
            let words = ["fall", method, index, &factor.name, "", verdict].map(str::to_owned);
            rows.push((words, [value, value - half, value + half, 931.0, 1024.0]));
        };
        push("Sobol'", "first", 0.75 * size, 0.06);
        push("Sobol'", "total", size, 0.05);
        push("PRCC", "prcc", sign * 1.2 * size, 0.08);
        push("given data", "first", 0.8 * size, 0.05);
        push("Morris", "mu_star", 60.0 * size, 3.0);
        push("Morris", "mu", sign * if n == 1 { 9.0 } else { 60.0 } * size, 4.0);
        push("local", "elasticity", sign * 2.0 * size, 0.1);
        push("Morris", "sigma", 20.0 * size * (1.0 + n as f64 * 0.8), f64::NAN);
    }
    // Four pairs interact; an estimate may be below zero by chance.
    for (n, factor) in subject.factors.iter().enumerate() {
        for (m, with) in subject.factors.iter().enumerate().skip(n + 1) {
            let value = if n * m + m < 6 { 0.2 / (n * m + m) as f64 } else { 0.01 * ((n + m) as f64).sin() };
            let verdict = if value > 0.03 { "" } else { "not distinguishable from zero" };
            let words = ["fall", "Sobol'", "second", &factor.name, &with.name, verdict].map(str::to_owned);
            rows.push((words, [value, value - 0.03, value + 0.03, 931.0, 1024.0]));
        }
    }
    let text = |n: usize| rows.iter().map(|row| row.0[n].clone()).collect::<Vec<String>>();
    let mut columns: Vec<Column> = ["output", "method", "index", "factor", "with", "verdict"]
        .iter()
        .enumerate()
        .map(|(n, name)| text_column(name, text(n)))
        .collect();
    columns.push(text_column("unit", vec!["%".to_owned(); rows.len()]));
    for (n, name) in ["value", "low", "high", "n", "of"].iter().enumerate() {
        columns.push(number_column(name, rows.iter().map(|row| row.1[n]).collect()));
    }
    Table::new("indices", columns)
}

fn dropped(subject: &StudySubject, failed: usize) -> Table {
    let outputs = || subject.outputs.iter().flat_map(|output| vec![&output.name; subject.factors.len()]);
    let factors: Vec<&FactorSubject> = subject.outputs.iter().flat_map(|_| &subject.factors).collect();
    let far = |factor: &&FactorSubject| match factor.name.as_str() {
        "kdeg" => 0.5,
        "kon" => 0.4,
        _ => 0.05,
    };
    let number = |name: &str, of: &dyn Fn(&&FactorSubject) -> f64| {
        number_column(name, factors.iter().map(of).collect())
    };
    Table::new(
        "dropped",
        vec![
            text_column("output", outputs().cloned().collect()),
            text_column("factor", factors.iter().map(|factor| factor.name.clone()).collect()),
            number("failed", &|_| failed as f64),
            number("of", &|_| subject.points as f64),
            number("distance", &far),
            number("critical", &|_| 0.1),
            number("failed_median", &|factor| place(factor, 0.5 + 0.7 * far(factor))),
            number("others_median", &|factor| place(factor, 0.5 - 0.1 * far(factor))),
        ],
    )
}

fn robustness(subject: &StudySubject) -> Table {
    let name = |n: usize| subject.factors.get(n).map_or(String::new(), |factor| factor.name.clone());
    let text = |name: &str, values: [&str; 3]| text_column(name, values.map(str::to_owned).to_vec());
    let number = |name: &str, values: [f64; 3]| number_column(name, values.to_vec());
    Table::new(
        "robustness",
        vec![
            text("claim", ["falls", "returns slowly", "binds"]),
            text(
                "say",
                [
                    "The number of receptors falls while the agonist is there",
                    "It returns more slowly than it fell, however long the agonist was there before the break",
                    "",
                ],
            ),
            text("tag", ["emergent", "emergent", "assumed"]),
            number("holds", [0.63, 0.08, 1.0]),
            number("low", [0.6, 0.06, 0.996]),
            number("high", [0.66, 0.1, 1.0]),
            number("n", [931.0, 900.0, 1024.0]),
            number("of", [1024.0, 1024.0, 1024.0]),
            text("first", [&name(0), &name(1), ""]),
            text("second", [&name(1), &name(2), ""]),
            number("first_share", [0.5, 0.3, f64::NAN]),
            number("second_share", [0.2, 0.1, f64::NAN]),
        ],
    )
}

fn boundary(subject: &StudySubject) -> Table {
    const SIDE: usize = 9;
    let [x, y, ..] = &subject.factors[..] else { return Table::default() };
    let mut rows: Vec<[f64; 6]> = Vec::new();
    for i in 0..SIDE {
        for j in 0..SIDE {
            let at = |n: usize| n as f64 / SIDE as f64;
            let share = 1.0 / (1.0 + (-9.0 * (at(i) + 0.4 * at(j) * at(j) - 0.55)).exp());
            let empty = i > 6 && j < 2;
            let (holds, n) = if empty { (f64::NAN, 0.0) } else { (share, 11.0) };
            let ends = [place(x, at(i)), place(x, at(i + 1)), place(y, at(j)), place(y, at(j + 1))];
            rows.push([ends[0], ends[1], ends[2], ends[3], holds, n]);
        }
    }
    let names = ["first_low", "first_high", "second_low", "second_high", "holds", "n"];
    let numbers = names
        .iter()
        .enumerate()
        .map(|(n, name)| number_column(name, rows.iter().map(|row| row[n]).collect()));
    let same = |name: &str, value: &str| text_column(name, vec![value.to_owned(); rows.len()]);
    let texts = [same("claim", "falls"), same("first", &x.name), same("second", &y.name)];
    Table::new("boundary", texts.into_iter().chain(numbers).collect())
}
