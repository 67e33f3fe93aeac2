//! Figures find what they draw in the columns that the tables of a run have.
#![cfg(feature = "figures")]

use allostat::figure::{Audience, Run, Subject, draw};
use allostat::scenario::tables::{ASSAYS, LARGEST, MEASURES, MISSING, NOT_REACHED, SUMMARY, Schema};
use allostat::table::Table;

/// A table of rows whose cells are named by their columns; the other cells are empty.
fn table(schema: &Schema, rows: &[Vec<(&str, String)>]) -> Table {
    let mut csv = schema.headings.iter().map(|heading| heading.name).collect::<Vec<_>>().join(",") + "\n";
    for row in rows {
        let cell = |name: &str| row.iter().find(|(column, _)| *column == name).map_or("", |(_, text)| text);
        csv += &(schema.headings.iter().map(|h| cell(h.name)).collect::<Vec<_>>().join(",") + "\n");
    }
    schema.read(&csv).unwrap_or_else(|error| panic!("{error}"))
}

fn row<'a>(fixed: &[(&'a str, &str)], numbers: &[(&'a str, f64)]) -> Vec<(&'a str, String)> {
    let texts = fixed.iter().map(|(column, text)| (*column, (*text).to_owned()));
    texts.chain(numbers.iter().map(|(column, number)| (*column, number.to_string()))).collect()
}

#[test]
fn figures_draw_every_table_that_has_the_documented_columns() {
    let quantiles = [("p5", 1.0), ("p25", 2.0), ("p50", 3.0), ("p75", 4.0), ("p95", 5.0)];
    let (mut summary, mut assays, mut measures) = (Vec::new(), Vec::new(), Vec::new());
    for (stat, value) in quantiles {
        for (arm, place) in [("rest", 1.0), ("chronic", 2.0), ("chronic minus rest", 1.0)] {
            for time in [0.0, 1.0, 2.0] {
                let texts = [
                    ("arm", arm),
                    ("group", "all"),
                    ("time_unit", "d"),
                    ("what", "R"),
                    ("unit", "1"),
                    ("stat", stat),
                ];
                summary.push(row(&texts, &[("time", time), ("value", value * place + time), ("n", 9.0)]));
            }
        }
        for moment in ["end of baseline", "end of exposure"] {
            let texts = |metric| {
                [
                    ("arm", "chronic"),
                    ("group", "all"),
                    ("moment", moment),
                    ("time_unit", "d"),
                    ("response", "acute"),
                    ("metric", metric),
                    ("stat", stat),
                    ("unit", "1"),
                    ("level_unit", "nM"),
                ]
            };
            for level in [1.0, 10.0, 100.0] {
                let numbers = [("time", 2.0), ("level", level), ("value", value * level), ("n", 9.0)];
                assays.push(row(&texts("response"), &numbers));
            }
            for metric in ["ec50", LARGEST] {
                assays.push(row(&texts(metric), &[("time", 2.0), ("value", value), ("n", 8.0)]));
            }
        }
        let texts =
            [("measure", "back"), ("arm", "chronic"), ("group", "all"), ("stat", stat), ("unit", "d")];
        measures.push(row(&texts, &[("value", value), ("n", 7.0)]));
    }
    let missing = format!("{MISSING}never half-way");
    let texts = [
        ("arm", "chronic"),
        ("group", "all"),
        ("moment", "end of exposure"),
        ("response", "acute"),
        ("metric", "ec50"),
        ("stat", &missing),
        ("unit", "nM"),
    ];
    assays.push(row(&texts, &[("value", 1.0), ("n", 1.0)]));
    let texts =
        [("measure", "back"), ("arm", "chronic"), ("group", "all"), ("stat", NOT_REACHED), ("unit", "d")];
    measures.push(row(&texts, &[("value", 2.0), ("n", 2.0)]));
    let tables = [table(&SUMMARY, &summary), table(&ASSAYS, &assays), table(&MEASURES, &measures)];
    let subject = Subject::default();
    let run = Run { subject: &subject, summary: &tables[0], assays: &tables[1], measures: &tables[2] };
    let figures = draw(&run, None, Audience::Screen);
    let stems: Vec<&str> = figures.iter().map(|figure| figure.stem.as_str()).collect();
    for kind in ["sensitivity", "twins", "dose-response", "ec50-emax", "measure"] {
        assert!(stems.iter().any(|stem| stem.starts_with(kind)), "no {kind} in {stems:?}");
    }
    let text = |kind: &str| &figures.iter().find(|figure| figure.stem.starts_with(kind)).unwrap().text;
    assert!(text("measure").contains("2 without a value (not reached)"), "{}", text("measure"));
}
