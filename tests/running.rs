//! What a person in front of a long run can count on: agents that fail are counted and told, the time is told before, an interrupt
//! leaves nothing half-written.

use std::fs;
use std::path::Path;

use allostat::diagnostic::Source;
use allostat::scenario::{Scenario, preset};
use assert_cmd::Command;
use tempfile::TempDir;

/// Of a thousand such agents exactly one has a growth so fast that it reaches infinity before the end.
const GROWS: &str = r#"
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
const TRIAL: &str = r#"
    title = "A trial"
    model = "grows.toml"
    record = [{ what = "x", every = "0.02 h" }]
    [arms.calm]
    phases = [{ name = "only", for = "0.1 h" }]
    [arms.wild]
    phases = [{ name = "only", for = "LENGTH h" }]
    [population]
    agents = 1000
    vary.a = { lognormal = { cv = 0.5 } }
    [measures]
    last = "x[end of only]"
"#;

/// Exit code, standard output, standard error.
fn allostat(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allostat"));
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn trial(length: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("grows.toml"), GROWS).unwrap();
    fs::write(folder.path().join("trial.toml"), TRIAL.replace("LENGTH", length)).unwrap();
    folder
}

fn read(folder: &Path, file: &str) -> String {
    let latest = fs::read_to_string(folder.join("outputs/latest.txt")).unwrap();
    fs::read_to_string(folder.join("outputs").join(latest.trim()).join(file)).unwrap()
}

/// A length at which one agent of the thousand fails.
const ONE: &str = "0.283";

#[test]
fn one_agent_of_a_thousand_that_blows_up_is_counted_named_and_left_out() {
    let folder = trial(ONE);
    let (code, out, err) = allostat(folder.path(), &["run", "trial.toml", "--no-figures"]);
    assert_eq!(code, 1, "{out}{err}");
    let failures = read(folder.path(), "failures.csv");
    let rows: Vec<&str> = failures.lines().collect();
    assert_eq!(rows[0], "arm,agent,time,time_unit,cause,state");
    let [arm, agent, time, unit, cause, state] = rows[1].split(',').collect::<Vec<_>>()[..] else {
        panic!("{failures}")
    };
    assert_eq!((rows.len(), arm, unit, state), (2, "wild", "h", "x"), "{failures}");
    let time: f64 = time.parse().unwrap();
    assert!(time > 0.2 && time < 0.283, "{failures}");
    // The terminal: how many, who, when, why.
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in
        ["1 of 1,000 agents stopped", &format!("agent {agent} in arm wild at t = 0.2"), cause, "n = 999"]
    {
        assert!(words.contains(word), "{word}: {out}");
    }
    assert!(err.contains("1 of 1,000 agents stopped in arm `wild`: 0.1 %"), "{err}");
    // All is written; quantiles of the arm are over the others, those of the other arm over all.
    let summary = read(folder.path(), "summary.csv");
    let headers: Vec<&str> = summary.lines().next().unwrap().split(',').collect();
    let at = |name: &str| headers.iter().position(|header| *header == name).unwrap();
    let (mut before, mut after) = (0, 0);
    for row in summary.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()) {
        let late = row[at("time")].parse::<f64>().unwrap() > time;
        let n = if row[at("arm")] == "wild" && late { "999" } else { "1000" };
        if row[at("arm")] == "calm" || row[at("arm")] == "wild" {
            assert_eq!(row[at("n")], n, "{row:?}");
            if late { after += 1 } else { before += 1 }
        }
        assert!(
            row[at("value")].is_empty() || row[at("value")].parse::<f64>().unwrap().is_finite(),
            "{row:?}"
        );
    }
    assert!(before > 0 && after > 0);
    let manifest: serde_json::Value = serde_json::from_str(&read(folder.path(), "manifest.json")).unwrap();
    assert_eq!((&manifest["failed"], &manifest["fates"][0]["agents"]), (&1.into(), &1.into()));
    assert!(
        read(folder.path(), "LABEL.txt")
            .contains("agents that stopped before the end and are in no number: 1")
    );
}

#[test]
fn as_many_failures_as_are_allowed_are_fine_and_one_more_is_not() {
    let folder = trial(ONE);
    let with = |share: &[&str]| {
        allostat(folder.path(), &[&["run", "trial.toml", "--no-figures", "--quiet"], share].concat())
    };
    let (code, out, err) = with(&[]);
    assert_eq!(code, 1, "{err}");
    for (share, code) in [("0.001", 0), ("0.1 %", 0), ("1%", 0), ("0", 1), ("0.05%", 1)] {
        let said = with(&["--allow-failures", share]);
        assert_eq!((said.0, &said.1), (code, &out), "{share}: {}", said.2);
    }
    assert!(err.contains("--allow-failures 0.1%"), "{err}");
    assert_eq!(with(&["--allow-failures", "0.1%"]).0, 0);
}

#[test]
fn a_run_in_which_nobody_fails_says_so_in_its_label() {
    let folder = trial("0.1");
    let (code, out, err) = allostat(folder.path(), &["run", "trial.toml", "--no-figures"]);
    assert!(code == 0 && !out.contains("n = "), "{out}{err}");
    assert!(read(folder.path(), "LABEL.txt").contains("agents that stopped before the end: none"));
    assert_eq!(read(folder.path(), "failures.csv").lines().count(), 1);
}

#[test]
fn a_forecast_is_printed_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = allostat(
        folder.path(),
        &["run", "down-regulation", "--forecast", "--agents", "300", "--threads", "2"],
    );
    assert_eq!((code, err.as_str()), (0, ""));
    for word in ["300 agents × 2 arms × 28 d", "on 2 threads", " of memory", " of files"] {
        assert!(out.contains(word), "{word}: {out}");
    }
    assert_eq!((out.lines().count(), fs::read_dir(folder.path()).unwrap().count()), (1, 0));
}

#[test]
fn the_blocks_that_a_forecast_is_made_from_change_no_bit() {
    let folder = tempfile::tempdir().unwrap();
    let source = preset("down-regulation").unwrap();
    let change = Source::new("test", "population.agents=5000");
    let files = |file: &str| Err(format!("there is no file {file}"));
    let scenario = Scenario::read("down-regulation", &source, &[change], &files).unwrap();
    let digest = scenario.run(&|_| {}).unwrap().digest;
    for threads in ["1", "3"] {
        let said =
            ["run", "down-regulation", "--agents", "5000", "--threads", threads, "--no-figures", "--quiet"];
        let (code, out, err) = allostat(folder.path(), &said);
        assert_eq!((code, err.as_str()), (0, ""));
        assert_eq!(out.lines().nth(1), Some(format!("digest {digest}").as_str()));
    }
}

#[test]
fn progress_is_silent_where_there_is_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) =
        allostat(folder.path(), &["run", "down-regulation", "--agents", "2000", "--no-figures"]);
    assert!(code == 0 && err.is_empty() && !out.contains("agents/s"), "{out}{err}");
}

/// Interrupts, as a terminal or a system sends them.
#[cfg(unix)]
mod interrupts {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    use super::*;

    struct Running {
        child: Child,
        out: BufReader<std::process::ChildStdout>,
        err: BufReader<std::process::ChildStderr>,
    }

    impl Running {
        fn new(folder: &Path, arguments: &[&str]) -> Running {
            let mut child = Command::new(env!("CARGO_BIN_EXE_allostat"))
                .current_dir(folder)
                .args(arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let out = BufReader::new(child.stdout.take().unwrap());
            let err = BufReader::new(child.stderr.take().unwrap());
            Running { child, out, err }
        }

        fn signal(&self, name: &str) {
            let process = self.child.id().to_string();
            assert!(Command::new("kill").args(["-s", name, &process]).status().unwrap().success());
        }

        /// Exit code, and what was still said on standard error.
        fn end(mut self) -> (Option<i32>, String) {
            let mut said = String::new();
            self.err.read_to_string(&mut said).unwrap();
            (self.child.wait().unwrap().code(), said)
        }
    }

    /// Whether a signal that ends a run is ignored here, as after `nohup` and in the background of a script: then it stays so in what is
    /// started from here, and nothing is to be tested.
    fn ignored() -> bool {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        // SIGHUP, SIGINT and SIGTERM are 1, 2 and 15.
        let ignored = mask & (1 | 1 << 1 | 1 << 14) != 0;
        if ignored {
            println!("not tested: interrupts are ignored here");
        }
        ignored
    }

    /// Far more agents than can be run while a test waits.
    const ENDLESS: [&str; 5] = ["run", "down-regulation", "--no-figures", "--agents", "200000000"];

    fn left(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder.join("outputs")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_long_run_is_told_before_and_the_first_interrupt_ends_it_cleanly() {
        if ignored() {
            return;
        }
        for signal in ["INT", "TERM"] {
            let folder = tempfile::tempdir().unwrap();
            let mut running = Running::new(folder.path(), &ENDLESS);
            let mut forecast = String::new();
            running.err.read_line(&mut forecast).unwrap();
            assert!(forecast.contains("200,000,000 agents × 2 arms × 28 d: about "), "{forecast}");
            running.signal(signal);
            let (code, said) = running.end();
            assert_eq!(code, Some(130), "{said}");
            assert!(said.contains("stopping when the agents in hand are done"), "{said}");
            let after = said.split("stopped after ").nth(1).unwrap_or_else(|| panic!("{said}"));
            assert!(after.contains(" of 200,000,000 agents; nothing was written"), "{said}");
            assert_eq!(left(folder.path()), [""; 0]);
            // What it says can be run instead can be.
            let agents = after.split("--agents ").nth(1).unwrap().split('`').next().unwrap();
            assert_eq!(agents.parse::<u64>().unwrap() % 64, 0, "{said}");
        }
    }

    #[test]
    fn an_interrupt_while_a_prediction_is_asked_for_ends_the_program_and_leaves_nothing() {
        if ignored() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut running =
            Running::new(folder.path(), &["run", "down-regulation", "--predict", "--agents", "64"]);
        let mut said = String::new();
        while !said.contains("An empty line ends the answer") {
            assert!(running.err.read_line(&mut said).unwrap() > 0, "{said}");
        }
        running.signal("INT");
        let (code, after) = running.end();
        // Ended by the signal, which shells report as 130.
        assert!(code.is_none() || code == Some(130), "{code:?}: {after}");
        assert_eq!(left(folder.path()), [""; 0]);
    }

    /// Interrupts a run some time after its first word, and again when it says so: its exit code, and what it said then.
    fn twice(folder: &Path, wait: Duration) -> (Option<i32>, String) {
        let mut running = Running::new(folder, &["run", "trial.toml", "--no-figures"]);
        // Interrupts are caught before anything is said.
        running.out.read_line(&mut String::new()).unwrap();
        std::thread::sleep(wait);
        running.signal("INT");
        let mut said = String::new();
        while !said.contains("once more ends at once") {
            assert!(running.err.read_line(&mut said).unwrap() > 0, "{said}");
        }
        running.signal("INT");
        running.end()
    }

    #[test]
    fn the_second_interrupt_ends_a_run_at_once() {
        if ignored() {
            return;
        }
        let folder = trial("0.1");
        let chatters = GROWS.replace("a*x*x", "a*(1 - 2*x/sqrt(x*x))");
        fs::write(folder.path().join("grows.toml"), chatters).unwrap();
        let long = TRIAL.replace("LENGTH", "1e6").replace("0.02 h", "1e5 h");
        fs::write(folder.path().join("trial.toml"), long).unwrap();
        // An interrupt that comes before the first block is begun ends the run by itself; then a later one is tried.
        let found = (0..10).map(|attempt| twice(folder.path(), Duration::from_millis(300 * attempt)));
        let ended = found.into_iter().find(|(_, said)| !said.contains("stopped after 0 of"));
        let (code, said) = ended.expect("a block is begun within three seconds");
        assert!(code == Some(130) && !said.contains("stopped after"), "{code:?}: {said}");
        assert_eq!(left(folder.path()), [""; 0]);
    }
}
