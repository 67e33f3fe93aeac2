//! The dopamine model against numbers of an independent integration (fixed steps of 0.1 h, sampled at midnight), and the properties
//! that it is built to have at its default parameters.
//! Knows the model by its names alone.

mod history;
mod property;

use allostat::diagnostic::Source;
use allostat::scenario::Scenario;
use allostat::table::Data;

/// What use of the substance is, unless said otherwise.
const SESSIONS: &str = "substance = \"1 from 10:00 for 6 h every 1 d\"";

/// What the measures are worth in one agent with the model's own parameters, or with changed ones.
fn values(phases: &str, parameters: &str, relative: f64, measures: &[String]) -> Vec<f64> {
    let named: Vec<String> = measures.iter().enumerate().map(|(n, m)| format!("m{n} = \"{m}\"")).collect();
    let text = format!(
        "title = \"test\"\nmodel = \"dopamine\"\nphases = [{phases}]\n[parameters]\n{parameters}\n[population]\nagents = 1\n\
         [accuracy]\nrelative = {relative:e}\n[measures]\n{}\n[[record]]\nwhat = \"1\"\nat = \"rest\"\n",
        named.join("\n")
    );
    let none = |path: &str| Err(format!("there is no file `{path}`"));
    let scenario = Scenario::read("test", &Source::new("test.toml", text), &[], &none)
        .unwrap_or_else(|error| panic!("{error}"));
    let results = scenario.run(&|_| {}).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(results.failed, 0, "{phases}");
    let table = &results.measures;
    let column = |name: &str| &table.columns.iter().find(|c| c.name == name).unwrap().data;
    let (Data::Text(names), Data::Text(stats), Data::Number(values)) =
        (column("measure"), column("stat"), column("value"))
    else {
        panic!("{table:?}")
    };
    let mean = |n: usize| {
        let is = |row: &usize| {
            names[*row].as_deref() == Some(&format!("m{n}")) && stats[*row].as_deref() == Some("mean")
        };
        values[(0..names.len()).find(is).unwrap_or_else(|| panic!("no mean of {}", measures[n]))]
    };
    (0..measures.len()).map(mean).collect()
}
