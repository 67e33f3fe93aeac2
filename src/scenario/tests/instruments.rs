//! Simulated instruments in scenarios: a score is the same whoever asks.

use super::*;

/// A questionnaire and a line over what the model shows, much as a preset would have them.
pub(super) const BOTH: &str = r#"
[instruments.pleasure_scale]
doc = "loss of pleasure"
questionnaire = { latent = "1 - R/rest.R", items = 14, categories = 4, discrimination = ["1", "2.5"], difficulty = ["-2", "2"] }
[instruments.mood_line]
visual_analogue = { latent = "R/rest.R", sd = 7, rounding = 5, end_aversion = 0.1 }
"#;

const AGENTS: &str = "[population]\nagents = 130\nvary.kdeg = { lognormal = { cv = 0.4 } }\n";

/// A row of a table for each line that begins so.
fn rows(table: &crate::table::Table, starts: &str) -> Vec<String> {
    let csv = String::from_utf8(crate::output::Format::bytes(&crate::output::Csv, table)).unwrap();
    csv.lines().filter(|line| line.contains(starts)).map(str::to_owned).collect()
}

#[test]
fn a_scenario_with_instruments_reads_without_findings_and_tells_what_they_are() {
    let scenario = with(&format!(
        "{BOTH}{AGENTS}[measures]\nworse = \"pleasure_scale[end of on] - pleasure_scale[end of before]\"\n\
         [[record]]\nwhat = [\"pleasure_scale\", \"pleasure_scale.item_3\", \"mood_line\", \"rest.mood_line\"]\nevery = \"1 d\"\n\
         [[claim]]\nname = \"a\"\nsay = \"\"\nthat = \"mean_of(worse) > 0\"\n\
         [[claim]]\nname = \"b\"\nsay = \"\"\nthat = \"pleasure_scale[2 d] <= 42 and mood_line[2 d] <= 95\"\n"
    ));
    assert_eq!(render(&scenario.notes, false), "");
    let docs: Vec<&str> = scenario.records.iter().map(|record| record.doc.as_str()).collect();
    insta::assert_debug_snapshot!(docs, @r#"
    [
        "loss of pleasure: simulated questionnaire of 14 generated items, 0 to 42; not the wording of any real questionnaire",
        "loss of pleasure: simulated item 3; not the wording of any real questionnaire",
        "simulated visual analogue scale, 0 to 100",
        "simulated visual analogue scale, 0 to 100",
    ]
    "#);
    let results = scenario.run(&|_| {}).unwrap();
    assert!(results.verdicts.iter().all(|verdict| verdict.holds), "{:?}", results.verdicts);
    assert_eq!(rows(&results.measures, "missing"), [""; 0]);
}

/// Cells of a measure or record, whatever else the scenario asks for.
fn values(text: &str, agents: &str) -> Vec<String> {
    let scenario = with(&format!("{BOTH}{agents}{text}"));
    let results = scenario.run(&|_| {}).unwrap();
    let mut all = rows(&results.measures, "m,");
    all.extend(rows(&results.summary, "pleasure_scale,"));
    all
}

#[test]
fn other_records_measures_and_claims_move_no_score() {
    let asked = "[measures]\nm = \"pleasure_scale[2 d] + 100*mood_line[2 d]\"\n[[record]]\nwhat = \"pleasure_scale\"\nat = \"2 d\"\n";
    let more = "[[record]]\nwhat = [\"mood_line\", \"pleasure_scale.item_9\", \"L\"]\nevery = \"7 h\"\n[[claim]]\nname = \"a\"\nsay = \"\"\n\
                that = \"alpha(pleasure_scale[2 d]) > -9\"\n[instruments.third]\nvisual_analogue = { latent = \"L/rest.L\" }\n";
    assert_eq!(values(asked, AGENTS), values(&format!("{asked}{more}"), AGENTS));
}

#[test]
fn a_record_a_measure_and_items_show_the_same_score_at_the_same_visit() {
    let items: Vec<String> = (1..=14).map(|n| format!("pleasure_scale.item_{n}")).collect();
    let scenario = with(&format!(
        "{BOTH}{AGENTS}[measures]\nwhole = \"pleasure_scale[2 d]\"\nitems = \"({})[2 d]\"\n[[record]]\nwhat = \"pleasure_scale\"\nat = \"2 d\"\n\
         [[claim]]\nname = \"same\"\nsay = \"\"\nthat = \"whole == items and pleasure_scale[2 d] == whole\"",
        items.join(" + ")
    ));
    let results = scenario.run(&|_| {}).unwrap();
    assert!(results.verdicts[0].holds);
    let value = |line: &String, column: usize| line.split(',').nth(column).unwrap().to_owned();
    for stat in ["mean", "p5", "p50", "p95"] {
        let of = |table, name: &str, column| {
            let lines = rows(table, name);
            value(lines.iter().find(|line| line.contains(&format!(",{stat},"))).unwrap(), column)
        };
        assert_eq!(of(&results.measures, "whole", 4), of(&results.summary, "pleasure_scale", 8));
    }
}

#[test]
fn arms_share_the_luck_of_a_visit_unless_an_instrument_has_its_own() {
    let arms = "[arms.a]\n[arms.b]\n[measures]\napart = \"b.line[2 d] - a.line[2 d]\"\nviews = \"line[rest] - line[0 h]\"\n";
    let of = |luck: &str| {
        let text = format!(
            "[instruments.line]\nvisual_analogue = {{ latent = \"R/rest.R/2\" }}\nluck = \"{luck}\"\n{arms}"
        );
        let results = with(&text).run(&|_| {}).unwrap();
        assert!(
            rows(&results.measures, "views")
                .iter()
                .all(|line| !line.contains(",max,") || line.contains(",max,0,"))
        );
        rows(&results.measures, "apart").iter().find(|line| line.contains(",sd,")).unwrap().clone()
    };
    assert!(of("shared").contains(",sd,0,"), "{}", of("shared"));
    assert!(!of("own").contains(",sd,0,"));
}

#[test]
fn a_latent_without_a_number_is_an_empty_score_with_its_reason_counted() {
    // Half of the agents lie below the root's domain.
    let text = "[instruments.scale]\nquestionnaire = { latent = \"sqrt(kdeg/typical - 1)\" }\n\
                [parameters]\nkdeg = \"0.02 1/h\"\ntypical = { value = \"0.02 1/h\" }\n\
                [population]\nagents = 100\nvary.kdeg = { lognormal = { cv = 0.4 } }\n\
                [measures]\nm = \"scale[1 d]\"\n[[record]]\nwhat = \"scale\"\nat = \"1 d\"\n";
    let results = match read(&format!("{HEAD}{PHASES}{text}"), &[]) {
        Ok(scenario) => scenario.run(&|_| {}).unwrap(),
        Err(error) => panic!("{error}"),
    };
    let missing = [rows(&results.measures, "missing"), rows(&results.summary, "missing")].concat();
    insta::assert_debug_snapshot!(missing, @r#"
    [
        "m,run,all,missing: not defined,50,1,50",
        "run,all,24,h,scale,1,,missing: not defined,50,50",
    ]
    "#);
    let counted = rows(&results.summary, "mean");
    insta::assert_debug_snapshot!(counted, @r#"
    [
        "run,all,24,h,scale,1,,mean,27.14,50",
    ]
    "#);
    assert_eq!(results.failed, 0);
}

#[test]
fn defaults_are_those_that_the_keys_say() {
    let scenario = with(
        "[instruments.a]\nquestionnaire = { latent = \"1\" }\n[instruments.b]\nvisual_analogue = { latent = \"1\" }\n[measures]\nm = \"a[rest] + b[rest]\"\n",
    );
    let stated = with(
        "[instruments.a]\nquestionnaire = { latent = \"1\", items = 14, categories = 4, discrimination = [1, 2.5], difficulty = [-2, 2], scoring = \"sum\" }\n\
         [instruments.b]\nvisual_analogue = { latent = \"1\", sd = 7, rounding = 0, end_aversion = 0 }\nluck = \"shared\"\n[measures]\nm = \"a[rest] + b[rest]\"\n",
    );
    let of = |scenario: &Scenario| -> Vec<crate::instrument::Instrument> {
        scenario.plan.arms[0].system.scores.iter().map(|score| (*score.instrument).clone()).collect()
    };
    assert_eq!(of(&scenario), of(&stated));
    assert_eq!(of(&scenario).len(), 2);
}

#[test]
fn a_change_reaches_an_instrument() {
    let text = format!("{HEAD}{PHASES}{BOTH}[measures]\nm = \"pleasure_scale[rest]\"\n");
    let scenario = good(&text, &["instruments.pleasure_scale.questionnaire.items=3"]);
    assert_eq!(scenario.plan.arms[0].system.scores[0].instrument.items(), 3);
    let wrong = wrong(&text, &["instruments.pleasure_scale.questionnaire.categories=1"]);
    assert!(wrong.contains("`categories` lies between 2 and 100"), "{wrong}");
}
