//! Tables of a small run, number by number, and what holds of all of them.

use super::sample::{collected, scenario, stimulus};
use super::*;
use crate::diagnostic::Source;
use crate::engine::Collected;
use crate::measure::{ArmScope, Bench, Claim};
use crate::output::{Csv, Format};
use crate::scenario::{ClaimText, Results, digest};

fn results() -> Results {
    scenario().results(collected())
}

fn csv_of(table: &Table) -> String {
    String::from_utf8(Csv.bytes(table)).unwrap()
}

fn lines(table: &Table, keep: &dyn Fn(&str) -> bool) -> String {
    let text = csv_of(table);
    text.lines()
        .enumerate()
        .filter(|(k, line)| *k == 0 || keep(line))
        .map(|(_, line)| format!("{line}\n"))
        .collect()
}

#[test]
fn headers_are_those_of_the_documented_schemas() {
    let results = results();
    let headers: Vec<String> = results.tables().map(|table| lines(table, &|_| false)).into();
    insta::assert_snapshot!(headers.concat(), @r#"
    arm,group,time,time_unit,what,unit,window,stat,value,n
    arm,group,moment,time,time_unit,response,form,metric,level,level_unit,stat,value,unit,n
    measure,arm,group,stat,value,unit,n
    arm,agent,time,time_unit,what,unit,window,value
    arm,agent,time,time_unit,cause,state
    "#);
    for (table, schema) in results.tables().into_iter().zip(SCHEMAS) {
        assert_eq!(table.name, schema.name);
        assert!(table.columns.iter().all(|column| !column.doc.is_empty()), "{}", table.name);
    }
}

#[test]
fn the_summary_has_each_arm_and_then_its_difference_from_the_first() {
    insta::assert_snapshot!(lines(&results().summary, &|line| line.contains(",all,")), @r#"
    arm,group,time,time_unit,what,unit,window,stat,value,n
    rest,all,0,d,R,1,,mean,3,3
    rest,all,0,d,R,1,,p50,2,3
    rest,all,1,d,R,1,,mean,4,3
    rest,all,1,d,R,1,,p50,3,3
    rest,all,4,d,R / rest.R,%,mean over 1 d,p7,101.14,3
    chronic,all,0,d,R,1,,mean,6,3
    chronic,all,0,d,R,1,,p50,4,3
    chronic,all,1,d,R,1,,mean,7,3
    chronic,all,1,d,R,1,,p50,5,3
    chronic,all,4,d,R / rest.R,%,mean over 1 d,p7,102.28,3
    chronic minus rest,all,0,d,R,1,,mean,3,3
    chronic minus rest,all,0,d,R,1,,p50,2,3
    "#);
}

#[test]
fn groups_follow_all_in_the_order_of_the_population() {
    let results = results();
    let groups: Vec<&str> = results.summary.texts("group").iter().flatten().map(String::as_str).collect();
    assert_eq!(groups[..6], ["all", "all", "slow", "slow", "fast", "fast"]);
    let second = &results.summary.numbers("value")[..6];
    assert_eq!(second, [3.0, 2.0, 1.0, 1.0, 4.0, 4.0]);
}

#[test]
fn an_assay_is_its_curve_its_metrics_and_who_has_none_of_them() {
    insta::assert_snapshot!(lines(&results().assays, &|line| line.starts_with("rest,all,")), @r#"
    arm,group,moment,time,time_unit,response,form,metric,level,level_unit,stat,value,unit,n
    rest,all,end of exposure,4,d,acute,acute,response,1,nM,p50,0.2,1,3
    rest,all,end of exposure,4,d,acute,acute,response,100,nM,p50,0.6,1,3
    rest,all,end of exposure,4,d,acute,acute,ec50,,,p50,20,nM,1
    rest,all,end of exposure,4,d,acute,acute,ec50,,,missing: never half-way,1,nM,1
    rest,all,end of exposure,4,d,acute,acute,ec50,,,missing: not monotone,1,nM,1
    rest,all,end of exposure,4,d,acute,acute,emax,,,p50,2,1,3
    rest,all,end of exposure,4,d,acute,acute,slope,,,p50,1,1,1
    rest,all,end of exposure,4,d,acute,acute,slope,,,missing: never half-way,1,1,1
    rest,all,end of exposure,4,d,acute,acute,slope,,,missing: not monotone,1,1,1
    rest,all,end of exposure,4,d,acute,acute,gain,,,p50,,1,0
    rest,all,end of exposure,4,d,acute,acute,gain,,,missing: not defined,3,1,3
    "#);
    let names = |arm: &str| {
        lines(&results().assays, &|line| line.starts_with(arm) && line.contains("largest in range"))
    };
    assert_eq!(names("rest").lines().count(), 1);
    assert_eq!(names("chronic").lines().count(), 4);
}

#[test]
fn a_measure_is_shown_in_its_unit_with_those_that_never_reach_it() {
    let results = results();
    let chosen = |stat: &str| lines(&results.measures, &|line| line.contains(&format!(",all,{stat},")));
    insta::assert_snapshot!(["mean", "sd", "p0", "p50", "p100", "not reached"].map(chosen).concat(), @r#"
    measure,arm,group,stat,value,unit,n
    back,chronic,all,mean,1.5,d,2
    apart,,all,mean,2,h,3
    measure,arm,group,stat,value,unit,n
    back,chronic,all,sd,0.7071067811865475,d,2
    apart,,all,sd,1,h,3
    measure,arm,group,stat,value,unit,n
    back,chronic,all,p0,1,d,2
    apart,,all,p0,1,h,3
    measure,arm,group,stat,value,unit,n
    back,chronic,all,p50,1.5,d,2
    apart,,all,p50,2,h,3
    measure,arm,group,stat,value,unit,n
    back,chronic,all,p100,2,d,2
    apart,,all,p100,3,h,3
    measure,arm,group,stat,value,unit,n
    back,chronic,all,not reached,1,d,1
    "#);
    assert_eq!(results.measures.rows(), 2 * 3 * 105 + 2);
}

#[test]
fn a_trace_is_one_agent_and_ends_where_it_failed() {
    insta::assert_snapshot!(csv_of(&results().traces), @r#"
    arm,agent,time,time_unit,what,unit,window,value
    chronic,1,0,d,R,1,,0.5
    chronic,1,1,d,R,1,,
    chronic,1,4,d,R / rest.R,%,mean over 1 d,99
    "#);
}

#[test]
fn a_failure_is_told_in_words_and_an_agent_counts_once() {
    let results = results();
    insta::assert_snapshot!(csv_of(&results.failures), @r#"
    arm,agent,time,time_unit,cause,state
    rest,5,0,d,no draw of `kdeg` met its limits,
    chronic,5,0,d,no draw of `kdeg` met its limits,
    chronic,9,1.5,d,it cannot be negative and went below zero however small the step,R
    "#);
    assert_eq!(results.failed, 2);
}

#[test]
fn every_table_read_back_from_csv_gives_the_same_bytes() {
    let results = results();
    for (table, schema) in results.tables().into_iter().zip(SCHEMAS) {
        let back = schema.read(&csv_of(table)).unwrap();
        assert_eq!(csv_of(&back), csv_of(table), "{}", schema.name);
        let kinds =
            |table: &Table| table.columns.iter().map(|c| std::mem::discriminant(&c.data)).collect::<Vec<_>>();
        assert_eq!(kinds(&back), kinds(table), "{}", schema.name);
    }
    assert_eq!(SUMMARY.read("arm,group\n").unwrap_err(), "summary has no column `time`");
}

#[test]
fn the_digest_is_that_of_the_three_files_one_after_another() {
    let results = results();
    let bytes: Vec<u8> = results.tables()[..3].iter().flat_map(|table| Csv.bytes(table)).collect();
    assert_eq!(results.digest, digest(&[bytes]));
    // `printf abc | sha256sum`.
    let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(digest(&["a", "bc"]), known);
}

#[test]
fn the_digest_changes_with_any_number_that_the_three_files_hold_and_with_no_other() {
    let with = |change: &dyn Fn(&mut Collected)| {
        let mut collected = collected();
        change(&mut collected);
        scenario().results(collected).digest
    };
    let digest = results().digest;
    assert_ne!(with(&|c| c.series[1][1][0][2] = super::sample::reduced(&[7.0])), digest);
    assert_ne!(with(&|c| c.assays[0][0].missing[3][0][2] = 2), digest);
    assert_ne!(with(&|c| c.outcomes[0][0] = super::sample::reduced(&[7.0])), digest);
    assert_eq!(with(&|c| c.traces.clear()), digest);
    assert_eq!(with(&|c| c.failures.clear()), digest);
}

#[test]
fn a_quantile_is_named_in_per_cent_without_noise() {
    let name = |p: f64| Stat::Quantile(p).to_string();
    assert_eq!(
        [0.0, 0.07, 0.29, 0.5, 0.975, 0.999, 1.0].map(name),
        ["p0", "p7", "p29", "p50", "p97.5", "p99.9", "p100"]
    );
    for per_cent in 0..=1000 {
        let p = f64::from(per_cent) / 1000.0;
        assert_eq!(name(p), format!("p{}", f64::from(per_cent) / 10.0));
    }
}

#[test]
fn times_are_rounded_once() {
    let d = Unit::parse("d").unwrap();
    assert_eq!(in_time(86_400_000_000 / 3, &d), 1.0 / 3.0);
    assert_eq!(in_time(3 * 86_400_000_000, &Unit::parse("h").unwrap()), 72.0);
}

#[test]
fn each_claim_has_its_verdict_in_the_order_of_the_claims() {
    let mut scenario = scenario();
    let text = "R[4 d] < 1";
    let syntax = crate::expression::parse(text, &Source::new("claim", text).span(0..text.len())).unwrap();
    let scope =
        ArmScope::new("chronic", &scenario.arms[1].model, vec![], vec![], scenario.arms[1].phases.clone());
    let mut bench = Bench::new(vec![scope], Vec::new(), scenario.time.clone());
    scenario.claims = [0.6, 0.7]
        .map(|share| {
            let claim = Claim { name: "falls".to_owned(), say: String::new(), syntax: syntax.clone(), share };
            let judge = bench.compile_claim(&claim).unwrap();
            ClaimText { claim, judge, assumed: false, fails_with: String::new() }
        })
        .into();
    let collected = Collected { conditions: vec![vec![(2, 3)]; 2], ..collected() };
    let holds: Vec<bool> = scenario.results(collected).verdicts.iter().map(|verdict| verdict.holds).collect();
    assert_eq!(holds, [true, false]);
}

#[test]
fn nobody_and_nothing_make_empty_tables() {
    let mut scenario = scenario();
    scenario.plan.arms[1].phases[0].inputs = vec![Some(stimulus("\"0 nM\""))];
    let results = scenario.results(Collected::default());
    assert_eq!(results.tables().map(Table::rows), [0; 5]);
    assert_eq!(results.failed, 0);
    scenario.records.clear();
    scenario.assays.clear();
    scenario.measures.clear();
    assert_eq!(scenario.results(collected()).tables().map(Table::rows), [0, 0, 0, 0, 3]);
}
