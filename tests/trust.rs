//! What a stranger can find out about a run: that this machine computes as it should, that the run comes about again from its
//! manifest alone, and what one agent of it went through.

use std::fs;
use std::path::Path;

use allostat::engine::{Engine, What, blocks};
use allostat::scenario::reference::{AGENTS, references};
use assert_cmd::Command;
use tempfile::TempDir;

/// Exit code, standard output, standard error.
fn allostat(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A run of a user's own model and series, changed and compared with the unchanged one; the files that it was made of are gone.
fn stored() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let model = include_str!("../models/turnover.toml");
    fs::create_dir(folder.path().join("parts")).unwrap();
    fs::write(folder.path().join("parts/mine.toml"), model).unwrap();
    fs::write(folder.path().join("parts/steps.csv"), "time_h,L_nM\n0,0\n5,100\n30,3\n").unwrap();
    let scenario = r#"
        title = "A trial"
        model = "./parts/mine.toml"
        trace = [3, 70]
        record = [{ what = ["R", "L"], every = "2 h" }]
        assay = [{ response = "acute", at = ["end of on"] }]
        [arms.one]
        phases = [{ name = "on", for = "2 d", L = { series = { file = "parts/steps.csv" } } }]
        [arms.two]
        phases = [{ name = "on", for = "2 d", L = "10 nM" }]
        [population]
        agents = 90
        groups = { slow = { share = 0.5, parameters = { kdeg = "0.01 1/h" } }, fast = { share = 0.5 } }
        vary.kdeg = { lognormal = { cv = 0.3 } }
        [measures]
        fall = "R[end of on] - R[start of on]"
    "#;
    fs::write(folder.path().join("trial.toml"), scenario).unwrap();
    let set = ["run", "trial.toml", "--no-figures", "--quiet", "--compare", "--set", "parameters.kappa=8"];
    let (code, out, err) = allostat(folder.path(), &set);
    assert_eq!(code, 0, "{out}{err}");
    fs::remove_file(folder.path().join("trial.toml")).unwrap();
    fs::remove_dir_all(folder.path().join("parts")).unwrap();
    let place = out.lines().next().unwrap().to_owned();
    (folder, place)
}

#[test]
fn this_machine_computes_as_it_should() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = allostat(folder.path(), &["verify"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for word in [
        "checks of `turnover`",
        "trajectories of `moderator`",
        "digests of end states, plain",
        "shards",
        "same bits",
        "all of it holds",
    ] {
        assert!(out.contains(word), "{word}: {out}");
    }
    assert!(!out.contains('✗'), "{out}");
}

#[test]
fn a_level_of_vectors_that_there_is_not_is_a_finding() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
    let output = command.arg("list").env("ALLOSTAT_SIMD", "axv2").output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(err.contains("ALLOSTAT_SIMD") && err.contains("`plain`"), "{err}");
}

#[test]
fn a_run_comes_about_again_from_its_manifest_alone() {
    let (folder, place) = stored();
    for what in ["latest", &place, &format!("{place}/manifest.json")] {
        let (code, out, err) = allostat(folder.path(), &["reproduce", what]);
        assert_eq!(code, 0, "{what}: {out}{err}");
        for file in ["summary.csv", "traces.csv", "unchanged/measures.csv", "differences.csv"] {
            assert!(out.contains("identical") && out.contains(file), "{file}: {out}");
        }
    }
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join(&place).join("manifest.json"), elsewhere.path().join("m.json")).unwrap();
    let (code, out, err) = allostat(elsewhere.path(), &["reproduce", "m.json", "--threads", "1"]);
    assert!(code == 0 && out.contains("identical"), "{out}{err}");
}

#[test]
fn what_differs_is_named_with_row_time_and_column() {
    let (folder, place) = stored();
    let file = folder.path().join(&place).join("summary.csv");
    let text = fs::read_to_string(&file).unwrap();
    let (head, tail) = text.rsplit_once('\n').unwrap().0.rsplit_once('\n').unwrap();
    let row = tail.rsplit_once(',').unwrap().0;
    fs::write(&file, format!("{head}\n{row},89\n")).unwrap();
    let (code, out, err) = allostat(folder.path(), &["reproduce", "latest"]);
    assert!(code == 1 && out.contains("not identical"), "{out}{err}");
    for word in
        ["`summary.csv`", "edited after the run", "time 48 h", "column `n`", "the run has 89, now it is "]
    {
        assert!(err.contains(word), "{word}: {err}");
    }
}

#[test]
fn another_manifest_is_told_before_anything_runs() {
    let (folder, place) = stored();
    let file = folder.path().join(&place).join("manifest.json");
    let text = fs::read_to_string(&file).unwrap();
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        fs::write(&file, text.replace(from, to)).unwrap();
        allostat(folder.path(), &["reproduce", "latest"])
    };
    let numerics = allostat::engine::NUMERICS;
    let (code, _, err) = changed(&format!("\"numerics\": {numerics},"), "\"numerics\": 99,");
    assert!(code == 0 && err.contains("numerics version 99"), "{err}");
    let (code, out, err) = changed("5,100", "5,101");
    assert!(
        code == 2 && err.contains("parts/steps.csv") && err.contains("not the one that ran"),
        "{out}{err}"
    );
    let (code, _, err) = changed("\"now\": \"8\"", "\"now\": \"9\"");
    assert!(code == 1 && err.contains("`summary.csv` differs first"), "{err}");
    let seed = text.lines().find(|line| line.starts_with("  \"digest\"")).unwrap();
    let (code, _, err) = changed(seed, "  \"digest\": \"0\",");
    assert!(code == 1 && err.contains("digest"), "{err}");
}

#[test]
fn a_replayed_agent_tells_what_the_run_recorded_of_it() {
    let (folder, place) = stored();
    let traces = fs::read_to_string(folder.path().join(&place).join("traces.csv")).unwrap();
    for agent in ["3", "70"] {
        let said = ["replay", "latest", "--agent", agent, "--out", "story.csv"];
        let (code, out, err) = allostat(folder.path(), &said);
        assert_eq!(code, 0, "{out}{err}");
        assert!(
            out.contains("it lived to the end") && out.contains("group `") && out.contains("kdeg"),
            "{out}"
        );
        let story = fs::read_to_string(folder.path().join("story.csv")).unwrap();
        let recorded: Vec<String> = story
            .lines()
            .filter(|line| line.split(',').nth(1) == Some("record"))
            .map(|line| line.replacen("record", agent, 1))
            .collect();
        let traced: Vec<&str> = traces.lines().filter(|line| line.split(',').nth(1) == Some(agent)).collect();
        assert!(traced.len() > 50);
        assert_eq!(recorded, traced, "agent {agent}");
    }
    for wrong in ["90", "-1", "many"] {
        assert_eq!(allostat(folder.path(), &["replay", "latest", "--agent", wrong]).0, 2, "{wrong}");
    }
}

#[test]
fn an_agent_alone_lives_as_in_company() {
    let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    for reference in references() {
        let mut plan = reference.read(AGENTS).unwrap_or_else(|error| panic!("{error}")).plan;
        let agents = [0, 63, 64, 100];
        plan.traced = agents.to_vec();
        let engine = Engine::new(&plan).unwrap();
        let (company, ends) = (engine.run(0..blocks(AGENTS), &|_| {}), engine.ends(0..blocks(AGENTS)));
        for agent in agents {
            let alone = engine.alone(agent).unwrap();
            let name = format!("{} {} {agent}", reference.model, reference.scenario);
            let own: Vec<_> = company.traces.iter().filter(|trace| trace.agent == agent).collect();
            assert_eq!(own.len(), alone.arms.len());
            for (one, other) in own.iter().zip(&alone.collected.traces) {
                assert_eq!(one.arm, other.arm);
                for (one, other) in one.values.iter().zip(&other.values) {
                    assert_eq!(bits(one), bits(other), "{name}");
                }
            }
            let numbers: Vec<f64> =
                alone.arms.iter().flat_map(|story| story.values.iter().chain(&story.ends)).copied().collect();
            assert_eq!(bits(&numbers), bits(&ends[agent as usize]), "{name}");
            for story in &alone.arms {
                let mut steps = story.events.iter().filter(|event| matches!(event.what, What::Steps { .. }));
                assert!(story.events.windows(2).all(|pair| pair[0].at <= pair[1].at), "{name}");
                assert!(
                    steps.next_back().is_none_or(|last| bits(&last.states) == bits(&story.ends)),
                    "{name}"
                );
            }
            let shared = plan.arms.len() > 1;
            let taken = alone.arms.iter().flat_map(|story| &story.events);
            let taken = taken.filter(|event| matches!(event.what, What::Steps { .. })).count() as u64;
            // What arms share is computed once and stands in the story of each.
            let cost = alone.collected.cost.steps;
            assert!(if shared { taken >= cost } else { taken == cost }, "{name}: {taken} {cost}");
        }
        assert!(engine.alone(AGENTS).is_none());
    }
}

#[test]
fn a_replayed_agent_that_failed_tells_where_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let model = r#"
        title = "Growth without bound"
        time = "h"
        doc = "A state that reaches infinity in finite time."
        sources = []
        [parameters]
        a = { value = "1 1/h", range = ["0.1 1/h", "10 1/h"], source = "assumed", doc = "growth" }
        [states]
        x = { unit = "1", start = "1", doc = "what grows" }
        [flows]
        growth = { to = "x", rate = "a*x*x", doc = "faster than any exponential" }
    "#;
    let scenario = r#"
        title = "A trial"
        model = "grows.toml"
        phases = [{ name = "only", for = "1 h" }]
        record = [{ what = "x", every = "0.1 h" }]
        [population]
        agents = 100
        vary.a = { lognormal = { cv = 0.5 } }
    "#;
    fs::write(folder.path().join("grows.toml"), model).unwrap();
    fs::write(folder.path().join("trial.toml"), scenario).unwrap();
    let (_, out, err) = allostat(folder.path(), &["run", "trial.toml", "--no-figures", "--quiet"]);
    let place = folder.path().join(out.lines().next().unwrap_or_else(|| panic!("{err}")));
    let failures = fs::read_to_string(place.join("failures.csv")).unwrap();
    let row: Vec<&str> = failures.lines().nth(1).unwrap_or_else(|| panic!("{failures}")).split(',').collect();
    let [_, agent, time, _, cause, state] = row[..] else { panic!("{row:?}") };
    let said = ["replay", "latest", "--agent", agent, "--out", "story.csv"];
    let (code, out, err) = allostat(folder.path(), &said);
    assert!(code == 0 && out.contains("stopped: ") && out.contains(cause), "{out}{err}");
    let story = fs::read_to_string(folder.path().join("story.csv")).unwrap();
    let last = story.lines().last().unwrap();
    assert!(last.contains(&format!("\"stopped: {cause}, state {state}\",{time},h,x,")), "{last}");
    assert!(story.contains("rejected: "), "{story}");
    assert_eq!(allostat(folder.path(), &["reproduce", "latest"]).0, 0);
}
