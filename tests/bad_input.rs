//! Bad input from outside: each ends with clear findings and exit code 2, soon, and leaves nothing behind.
//! Knows nothing of how anything is computed.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use tempfile::TempDir;

const SCENARIO: &str = r#"title = "T"
model = "turnover"
time  = "d"

[population]
agents = 64
seed   = 1

[arms.rest]
phases = [
  { name = "base", for = "1 d" },
  { name = "on", for = "2 d", L = "20 nM" },
]

[[record]]
what  = "R"
every = "6 h"
"#;

/// Far above what a refusal takes, in a build that is little optimised on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

struct Said {
    code: i32,
    out: String,
    err: String,
    took: Duration,
}

fn allostat(folder: &Path, arguments: &[&str]) -> Said {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_allostat"))
        .current_dir(folder)
        .args(arguments)
        .timeout(Duration::from_secs(60))
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    Said { code: output.status.code().unwrap_or(-1), out, err, took: start.elapsed() }
}

/// The test scenario with one piece of it replaced.
fn with(old: &str, new: &str) -> String {
    assert!(SCENARIO.contains(old), "{old}");
    SCENARIO.replacen(old, new, 1)
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// Runs a scenario that must be refused: what was said.
fn refused(what: &str, text: &[u8], more: &[(&str, &[u8])]) -> String {
    let folder = folder(&[&[("s.toml", text)], more].concat());
    let said = allostat(folder.path(), &["run", "s.toml"]);
    assert_eq!(said.code, 2, "{what}: {}{}", said.out, said.err);
    assert!(said.took < PATIENCE, "{what} took {:?}", said.took);
    assert!(said.err.contains("error: ") && !said.err.contains("panicked"), "{what}: {}", said.err);
    assert!(said.err.len() < 50_000, "{what}: {} bytes of findings", said.err.len());
    assert!(!folder.path().join("outputs").exists(), "{what} left a folder");
    said.err
}

fn stimulus(text: &str) -> String {
    with("\"20 nM\"", text)
}

#[test]
fn wrong_values_of_a_scenario_are_told_with_what_was_expected() {
    let cases: [(String, &str); 19] = [
        (with("seed ", "sed "), "did you mean `seed`"),
        (with("\"turnover\"", "\"turnovr\""), "did you mean `turnover`"),
        (with("\"R\"", "\"Rr\""), "`Rr` is not a name"),
        (with("agents = 64", "agents = 0"), "1 to 1000000000 agents"),
        (with("agents = 64", "agents = 1_000_000_000_000_000_000"), "1 to 1000000000 agents"),
        (with("seed   = 1", "seed = -1"), "seed"),
        (with("2 d", "-2 d"), "2 d"),
        (with("2 d", "0 d"), "0 d"),
        (with("2 d", "1e30 d"), "285 years"),
        (with("20 nM", "20 min"), "L is a concentration"),
        (with("\"20 nM\"", "nan"), "finite"),
        (with("\"20 nM\"", "1e400"), "too large"),
        (with("6 h", "0 h"), "0 h"),
        (with("6 h", "0.05 s"), "fit into memory"),
        (with("\"on\"", "\"\""), "name of a phase"),
        (with("\"on\"", "\"a\\nb\""), "name of a phase"),
        (with("\"T\"", "\"\\u001b[31m\""), "U+001B"),
        (with("\"T\"", "\"a\\u202Eb\""), "U+202E"),
        (with("\"T\"", &format!("\"{}\"", "x".repeat(300))), "one line of 1 to 200 characters"),
    ];
    for (text, expected) in cases {
        let err = refused(expected, text.as_bytes(), &[]);
        assert!(err.contains(expected), "{expected}:\n{err}");
    }
}

#[test]
fn tolerances_that_nothing_can_keep_are_refused_with_what_is_accepted() {
    let with = |relative: &str| format!("accuracy = {{ relative = {relative} }}\n{SCENARIO}");
    for relative in ["0", "-1", "-1e-6", "1e-300", "1e300", "1e-14", "0.1"] {
        let err = refused(relative, with(relative).as_bytes(), &[]);
        assert!(err.contains("between 1e-13 and 1e-2"), "{relative}: {err}");
    }
    for relative in ["nan", "inf", "\"x\"", "true"] {
        refused(relative, with(relative).as_bytes(), &[]);
    }
    for relative in ["1e-13", "1e-2"] {
        let folder = folder(&[("s.toml", with(relative).as_bytes())]);
        let said = allostat(folder.path(), &["run", "s.toml", "--no-figures", "--quiet"]);
        assert_eq!(said.code, 0, "{relative}: {}", said.err);
    }
}

#[test]
fn what_is_wrong_in_a_model_is_told_once_however_many_arms_and_files_use_it() {
    let model = include_str!("../models/turnover.toml").replacen("rate = \"loss*R\"", "rate = \"los*R\"", 1);
    let text = with("\"turnover\"", "\"m.toml\"");
    let arms = format!(
        "{text}\n[arms.other]\nphases = [{{ name = \"on\", for = \"1 d\" }}]\n\
         [arms.third]\nmodel = \"m.toml\"\nphases = [{{ name = \"on\", for = \"1 d\" }}]\n"
    );
    let once = |err: &str| assert_eq!(err.matches("`los` is not a name").count(), 1, "{err}");
    once(&refused("three arms", arms.as_bytes(), &[("m.toml", model.as_bytes())]));
    let folder =
        folder(&[("s.toml", arms.as_bytes()), ("t.toml", text.as_bytes()), ("m.toml", model.as_bytes())]);
    let said = allostat(folder.path(), &["check", "s.toml", "t.toml"]);
    assert_eq!(said.code, 2, "{}", said.out);
    once(&said.err);
}

#[test]
fn several_mistakes_are_told_at_once() {
    let text =
        with("seed ", "sed ").replace("\"R\"", "\"Rr\"").replace("20 nM", "20 nMM").replace("6 h", "x");
    let err = refused("several", text.as_bytes(), &[]);
    assert!(err.matches("error: ").count() >= 3, "{err}");
}

#[test]
fn what_nests_or_goes_on_without_end_is_refused_at_once() {
    let many = |piece: &str, n: usize| piece.repeat(n);
    let measure = |value: &str| format!("{SCENARIO}[measures]\nm = {{ value = \"{value}\" }}\n");
    let brackets = format!("{}1{}", many("(", 40_000), many(")", 40_000));
    let texts = [
        ("lists", format!("{SCENARIO}x = {}", many("[", 100_000))),
        ("inline tables", format!("{SCENARIO}x = {}", many("{a=", 100_000))),
        ("dotted keys", format!("{SCENARIO}{}a = 1", many("a.", 100_000))),
        ("brackets", measure(&brackets)),
        ("many brackets", measure(&many("(", 1_000_000))),
        ("signs", measure(&many("-", 99_000))),
        ("powers", measure(&format!("{}2", many("2^", 45_000)))),
        ("a long expression", measure(&format!("{}1", many("R[end of on] + ", 70_000)))),
        ("a long line", stimulus(&format!("\"{}\"", many("20 nM from ", 100_000)))),
        ("stimuli in stimuli", stimulus(&format!("{}\"1 nM\"{}", many("{sum=[", 3000), many("]}", 3000)))),
        (
            "measures",
            format!(
                "{SCENARIO}[measures]\n{}",
                (0..110_000).map(|i| format!("m{i}=\"R\"\n")).collect::<String>()
            ),
        ),
    ];
    for (what, text) in texts {
        refused(what, text.as_bytes(), &[]);
    }
}

#[test]
fn files_of_the_wrong_kind_are_refused_in_a_sentence() {
    refused("empty", b"", &[]);
    refused("not utf-8", b"title = \"\xe4\"", &[]);
    refused("utf-16", b"\xff\xfet\0i\0", &[]);
    refused("nul", format!("{SCENARIO}\0").as_bytes(), &[]);
    let model = with("\"turnover\"", "\"m.toml\"");
    refused("a model that is missing", model.as_bytes(), &[]);
    refused("a model that is empty", model.as_bytes(), &[("m.toml", b"")]);
    refused("a model that is no text", model.as_bytes(), &[("m.toml", b"\xff")]);
    refused("a scenario as model", model.as_bytes(), &[("m.toml", SCENARIO.as_bytes())]);
    let folder = folder(&[]);
    let large = |name: &str| fs::File::create(folder.path().join(name)).unwrap().set_len(100 << 20).unwrap();
    large("s.toml");
    let said = allostat(folder.path(), &["run", "s.toml"]);
    assert!(said.code == 2 && said.err.contains("larger than") && said.took < PATIENCE, "{}", said.err);
    large("x.csv");
    let series = stimulus("{ series = { file = \"x.csv\" } }");
    fs::write(folder.path().join("s.toml"), series).unwrap();
    let said = allostat(folder.path(), &["run", "s.toml"]);
    assert!(said.code == 2 && said.err.contains("larger than") && said.took < PATIENCE, "{}", said.err);
    fs::create_dir(folder.path().join("d.toml")).unwrap();
    let said = allostat(folder.path(), &["run", "d.toml"]);
    assert!(said.code == 2 && said.err.contains("is a folder"), "{}", said.err);
}

#[test]
fn a_table_that_is_none_is_told_row_by_row() {
    let series = stimulus("{ series = { file = \"x.csv\" } }");
    let cases: [(&[u8], &[&str]); 13] = [
        (b"", &["needs a column of times and one of values"]),
        (b"t,L\n", &["no rows"]),
        (b"0,1\n1,2\n", &["the first line has numbers"]),
        (b"t,L\n0,1\n2,1\n1,2\n", &["times do not increase", "x.csv:4"]),
        (b"t,L\n0,1\n0,2\n", &["times do not increase"]),
        (b"t,L\n0,1\n1,abc\n2,x\ny,3\n", &["`abc` is no number", "`x` is no number", "`y` is no number"]),
        (b"t;L\n0;1,5\n", &["semicolons between columns"]),
        (b"t,L\n0,5,1,2\n", &["this is no CSV table"]),
        (b"t,L\n0,\n", &["is no number"]),
        (b"t,L\n0,nan\n", &["`nan` is no number"]),
        (b"t,L\n0,1e400\n", &["is no number"]),
        (b"t,L\n0,\xff\n", &["not UTF-8"]),
        (b"t,L\n0,1\n1e300,2\n", &["longer than 285 years"]),
    ];
    for (csv, expected) in cases {
        let err = refused(expected[0], series.as_bytes(), &[("x.csv", csv)]);
        expected.iter().for_each(|words| assert!(err.contains(words), "{words}:\n{err}"));
    }
    let err = refused("one line", series.as_bytes(), &[("x.csv", &b"1,".repeat(5_000_000))]);
    assert!(err.contains("this line has"), "{err}");
    refused("missing", series.as_bytes(), &[]);
    let fine =
        folder(&[("s.toml", series.as_bytes()), ("x.csv", "\u{feff}t,L\r\n0,1\r\n1,2\r\n".as_bytes())]);
    let said = allostat(fine.path(), &["run", "s.toml", "--no-figures", "--quiet"]);
    assert_eq!(said.code, 0, "a byte order mark and Windows line ends are fine: {}", said.err);
}

#[test]
fn inputs_that_change_more_often_than_an_agent_takes_steps_are_refused() {
    for text in [
        "{ pulse = { level = \"1 nM\", width = \"1 us\", every = \"2 us\" } }",
        "{ pulse = { level = \"1 nM\", width = \"1 us\", every = \"2 us\", adherence = 0.5 } }",
        "{ poisson = { level = \"1 nM\", width = \"1 us\", rate = \"1e9 1/s\" } }",
        "{ sum = [\"1 nM\", { pulse = { level = \"1 nM\", width = \"1 us\", every = \"3 us\" } }] }",
    ] {
        let err = refused(text, stimulus(text).as_bytes(), &[]);
        let bound = format!("given up after {} steps", allostat::engine::MOST_STEPS);
        assert!(err.contains(&bound), "{text}:\n{err}");
    }
    let few = stimulus("{ pulse = { level = \"1 nM\", width = \"1 us\", every = \"2 us\", count = 100 } }");
    let folder = folder(&[("s.toml", few.as_bytes())]);
    let said = allostat(folder.path(), &["run", "s.toml", "--no-figures", "--quiet"]);
    assert_eq!(said.code, 0, "a burst of a hundred is fine: {}", said.err);
}

#[test]
fn wrong_changes_and_numbers_on_the_command_line_are_refused() {
    let folder = folder(&[("s.toml", SCENARIO.as_bytes())]);
    let long = format!("{}=1", "x".repeat(100_000));
    let wrong: [&[&str]; 29] = [
        &["--set", ""],
        &["--set", "="],
        &["--set", "parameters.kdeg"],
        &["--set", "parameters.kdeg="],
        &["--set", "parameters.kdegg=1"],
        &["--set", "parameters.kdeg=1 nM"],
        &["--set", "parameters.kdeg=[[[["],
        &["--set", "arms.rest.phases.onn.for=1 d"],
        &["--set", "arms.rest.phases.on.for=-1 d"],
        &["--set", "population.agents=1e18"],
        &["--set", "model=/dev/null"],
        &["--set", "title=\u{1b}[31m"],
        &["--set", "a..b=1"],
        &["--set", &long],
        &["--agents", "-1"],
        &["--agents", "99999999999999999999"],
        &["--agents", "1e12"],
        &["--agents", "1000000000000"],
        &["--seed", "-1"],
        &["--seed", "18446744073709551616"],
        &["--seed", ""],
        &["--allow-failures", "1.5"],
        &["--allow-failures", "-1%"],
        &["--allow-failures", "nan"],
        &["--allow-failures", "few"],
        &["--threads", "0"],
        &["--threads", "-1"],
        &["--threads", "1000000"],
        &["--out"],
    ];
    for arguments in wrong {
        let said = allostat(folder.path(), &[&["run", "s.toml"], arguments].concat());
        let told: Vec<String> = arguments.iter().map(|a| a.chars().take(60).collect()).collect();
        assert_eq!(said.code, 2, "{told:?}: {}{}", said.out, said.err);
        assert!(said.err.len() < 5_000 && !said.err.contains("panicked"), "{told:?}: {}", said.err.len());
        assert!(said.took < PATIENCE && !folder.path().join("outputs").exists(), "{told:?}");
    }
    let said = allostat(folder.path(), &["run", "s.toml", "--seed", "18446744073709551615"]);
    assert!(said.code == 2 && said.err.contains("from 0 to 9223372036854775807"), "{}", said.err);
    let said = allostat(folder.path(), &["run", "s.toml", "--out", "s.toml"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""), "{}", said.err);
}

#[test]
fn an_agent_whose_equations_are_nonsense_is_a_row_and_ends_soon() {
    let model = |rate: &str| {
        format!(
            "title = \"m\"\ndoc = \"m\"\ntime = \"d\"\n[parameters]\nk = {{ value = \"1 1/d\", source = \"assumed\", doc = \"rate\" }}\n\
             [states]\nx = {{ unit = \"1\", start = \"1\", doc = \"state\" }}\n[flows]\nf = {{ to = \"x\", rate = \"{rate}\" }}\n"
        )
    };
    let scenario = "title = \"T\"\nmodel = \"m.toml\"\n[population]\nagents = 3\nseed = 1\n[arms.rest]\nphases = [{ name = \"on\", for = \"400 d\" }]\n";
    for rate in ["k*x^2", "k/(x - 1)", "k*sqrt(-x)", "k*ln(x - 1)", "k*exp(x)"] {
        let folder = folder(&[("s.toml", scenario.as_bytes()), ("m.toml", model(rate).as_bytes())]);
        let said = allostat(folder.path(), &["run", "s.toml", "--no-figures"]);
        assert!(said.took < PATIENCE, "{rate} took {:?}", said.took);
        assert_eq!(said.code, 1, "{rate}: {}", said.err);
        assert!(said.out.contains("failures.csv lists them"), "{rate}: {}", said.out);
        assert!(said.err.contains("3 of 3 agents stopped in arm `rest`"), "{rate}: {}", said.err);
    }
}

/// Runs a model of one state `x` on `input`; it ends by itself, and nothing is said in a panic. Exit code and `failures.csv`.
fn ended(start: &str, rate: &str, k: &str, input: &str, more: &[(&str, &[u8])]) -> (i32, String) {
    let model = format!(
        "title = \"m\"\ndoc = \"m\"\ntime = \"d\"\n[inputs]\nL = {{ unit = \"1\", baseline = \"0\", doc = \"input\" }}\n\
         [parameters]\nk = {{ value = \"{k}\", source = \"assumed\", doc = \"rate\" }}\n\
         [states]\nx = {{ unit = \"1\", start = \"{start}\", scale = \"3\", doc = \"state\" }}\n\
         [flows]\nf = {{ to = \"x\", rate = \"{rate}\" }}\n"
    );
    let scenario = format!(
        "title = \"T\"\nmodel = \"m.toml\"\n[population]\nagents = 1\n[arms.rest]\nphases = [{{ name = \"on\", for = \"365 d\", L = {input} }}]\n"
    );
    let folder = folder(&[&[("s.toml", scenario.as_bytes()), ("m.toml", model.as_bytes())], more].concat());
    let output = Command::new(env!("CARGO_BIN_EXE_allostat"))
        .current_dir(folder.path())
        .args(["run", "s.toml", "--no-figures", "--quiet"])
        // Against hanging only.
        .timeout(Duration::from_secs(120))
        .output()
        .unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    let code = output.status.code().unwrap_or_else(|| panic!("{rate} went on and on"));
    assert!(!err.contains("panicked"), "{rate}: {err}");
    let table = out.lines().next().map(|place| folder.path().join(place).join("failures.csv"));
    (code, table.map_or(err, |table| fs::read_to_string(table).unwrap()))
}

#[test]
fn a_state_that_reaches_infinity_fails_at_its_time() {
    let (code, failures) = ended("1", "k*x^2", "1 1/d", "\"0\"", &[]);
    let row: Vec<&str> = failures.lines().nth(1).unwrap().split(',').collect();
    assert!(code == 1 && row[..2] == ["rest", "0"] && row[3] == "d" && row[5] == "x", "{failures}");
    let time: f64 = row[2].parse().unwrap();
    assert!((time - 1.0).abs() < 1e-3, "1/(1 - t) is infinite at 1: {failures}");
}

#[test]
fn a_state_that_chatters_about_a_jump_is_given_up_and_counted() {
    let (code, failures) = ended("0.5", "-k*x/sqrt(x*x)", "1 1/d", "\"0\"", &[]);
    assert!(code == 1 && failures.contains("rest,0,") && failures.contains("too long"), "{failures}");
}

#[test]
fn a_rate_with_an_absurd_constant_is_run_through_or_given_up_and_counted() {
    for stays in ["1e300 1/d", "1e-300 1/d"] {
        let (code, failures) = ended("0.5", "k*(1 - x)", stays, "\"0\"", &[]);
        assert!(code == 0 && failures.lines().count() == 1, "{failures}");
    }
    let (code, failures) = ended("0.5", "k*(1 + x)", "1e300 1/d", "\"0\"", &[]);
    assert!(code == 1 && failures.contains("rest,0,"), "{failures}");
    assert_eq!(ended("0.5", "k*(1 - x)", "1e400 1/d", "\"0\"", &[]).0, 2);
}

#[test]
fn a_steady_start_is_counted_as_failed_where_the_jacobian_is_singular_unless_all_is_steady() {
    for rate in ["k*(x - 1)^2", "k*(x - 1)^3", "k", "k*abs(x - 1)"] {
        let (code, failures) = ended("steady", rate, "1 1/d", "\"0\"", &[]);
        assert!(code == 1 && failures.contains("rest,0,0,d,no steady state"), "{rate}: {failures}");
    }
    assert_eq!(ended("steady", "0*k*x", "1 1/d", "\"0\"", &[]).0, 0);
}

#[test]
fn a_million_breakpoints_are_run_through_or_refused() {
    let mut csv = "t,L\n".to_owned();
    (0..1_000_000).for_each(|n| csv.push_str(&format!("{}e-4,{}\n", n, n % 2)));
    let series = "{ series = { file = \"x.csv\" } }";
    let (code, said) = ended("0.5", "k*(L - x)", "1 1/d", series, &[("x.csv", csv.as_bytes())]);
    assert!(code == 0 || code == 2 && said.contains("error: "), "{said}");
}

#[test]
fn pulses_of_a_microsecond_for_a_year_are_run_through_or_refused() {
    let pulse =
        |every: &str| format!("{{ pulse = {{ level = \"1\", width = \"1 us\", every = \"{every}\" }} }}");
    assert_eq!(ended("0.5", "k*(L - x)", "1 1/d", &pulse("1 h"), &[]).0, 0);
    for every in ["1 s", "2 us"] {
        let (code, said) = ended("0.5", "k*(L - x)", "1 1/d", &pulse(every), &[]);
        assert!(code == 2 && said.contains("`L` changes"), "{said}");
    }
}

#[test]
fn runs_that_are_damaged_are_told_and_never_half_read() {
    let folder = folder(&[("s.toml", SCENARIO.as_bytes())]);
    let said = allostat(folder.path(), &["run", "s.toml", "--no-figures", "--quiet"]);
    let place = folder.path().join(said.out.lines().next().unwrap());
    let (manifest, summary) = (place.join("manifest.json"), place.join("summary.csv"));
    let whole = fs::read_to_string(&manifest).unwrap();
    let table = fs::read_to_string(&summary).unwrap();
    let figure = |what: &str| {
        let said = allostat(folder.path(), &["figure", "latest"]);
        assert!(!said.err.contains("panicked") && !said.out.contains("figure"), "{what}: {}", said.err);
        assert_eq!(said.code, 2, "{what}: {}", said.err);
    };
    let half = &whole[..whole.len() / 2];
    let deep = "[".repeat(100_000);
    for damaged in ["", "{}", "null", half, deep.as_str(), "\u{0}"] {
        fs::write(&manifest, damaged).unwrap();
        figure("manifest");
    }
    fs::write(&manifest, &whole).unwrap();
    for damaged in [
        "",
        "a,b\n",
        &table[..table.len() / 2 + 3],
        &table.replace(",R,", ",R,R,"),
        &table.replacen("time", "tine", 1),
    ] {
        fs::write(&summary, damaged).unwrap();
        let said = allostat(folder.path(), &["figure", "latest"]);
        assert!([0, 2].contains(&said.code) && !said.err.is_empty(), "{damaged:.50}: {}", said.err);
        assert!(!said.err.contains("panicked"), "{damaged:.50}: {}", said.err);
    }
    fs::remove_file(&summary).unwrap();
    figure("a table is missing");
}
