//! What is told about wrong scenarios.

use super::*;

/// Every pair of a text and what is told of it.
pub(super) fn told(texts: &[&str]) -> String {
    let one = |text: &&str| wrong(&format!("{HEAD}{PHASES}{text}\n"), &[]);
    texts.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn wrong_arms_phases_and_observations_are_explained() {
    insta::assert_snapshot!(told(&[
        "[arms.a]\nparameters = { kapa = 1 }\nas = { effect = \"Q\" }",
        "[arms.a]\nphases = [{ name = \"x\", for = \"1 d\", M = \"1 nM\", set = { Q = 1, R = \"L/K\" } }]",
        "[arms.a]\nphases = [{ name = \"x\", for = \"1 d\", L = \"1 h\", set = { R = \"1 nM\" } }]",
        "[arms.a]\nas = { K = \"R\" }\n",
        "[arms.a]\nmodel = \"turnovr\"",
        "[arms.a]\nmodel = \"mine.toml\"",
        "[measures]\nm = \"R[end of of]\"",
        "[[record]]\nwhat = [\"R\", \"Q\"]\nevery = \"1 h\"",
        "[[record]]\nwhat = \"R\"\nevery = \"1 us\"",
        "[[record]]\nwhat = [\"R\", \"R\"]",
        "[[record]]\nwhat = \"R\"\nover = \"5 d\"",
        "[[record]]\nwhat = \"R\"\nwindow = \"max\"\nreduce = [\"p101\", \"men\"]",
        "[[record]]\nwhat = \"R*2\"\nrelative = true\narms = [\"runs\"]",
        "[[assay]]\nresponse = \"acut\"\nat = \"rest\"",
        "[[assay]]\nresponse = \"acute\"\nat = \"end of off\"\npoints = 1",
        "[[claim]]\nname = \"a\"\nsay = \"\"\nthat = \"R[end of on] <\"\nshare = 2\n[[claim]]\nname = \"a\"\nsay = \"\"\nthat = \"fall < 0\"\nfails_with = \"kapa\"",
        "[lesson]\nexplain = \"it falls {fals} and {open\"\n[[claim]]\nname = \"falls\"\nsay = \"\"\nthat = \"R[end of on] < 1\"",
    ]), @r#"
    error: there is no parameter `kapa`
      --> test.toml:10:16
       |
    10 | parameters = { kapa = 1 }
       |                ^^^^
       |
    help: did you mean `kappa`?

    error: `Q` is not a name of this model
      --> test.toml:11:18
       |
    11 | as = { effect = "Q" }
       |                  ^

    error: `M` is not an input of `turnover`
      --> test.toml:10:38
       |
    10 | phases = [{ name = "x", for = "1 d", M = "1 nM", set = { Q = 1, R = "L/K" } }]
       |                                      ^
       |
    help: write one of `L`, `name`, `for`, `set`, `repeat`, `phases`

    error: `Q` is not a state of `turnover`
      --> test.toml:10:58
       |
    10 | phases = [{ name = "x", for = "1 d", M = "1 nM", set = { Q = 1, R = "L/K" } }]
       |                                                          ^
       |
    help: write one of `R`

    error: the input `L` changes in this moment
      --> test.toml:10:70
       |
    10 | phases = [{ name = "x", for = "1 d", M = "1 nM", set = { Q = 1, R = "L/K" } }]
       |                                                                      ^^^
       |
    help: set a state from parameters and states

    error: `1 h` is a time, L is a concentration (nM)
      --> test.toml:10:43
       |
    10 | phases = [{ name = "x", for = "1 d", L = "1 h", set = { R = "1 nM" } }]
       |                                           ^^^ value of L

    error: `R` has the wrong unit
      --> test.toml:10:62
       |
    10 | phases = [{ name = "x", for = "1 d", L = "1 h", set = { R = "1 nM" } }]
       |                                                              ^^^^ in nM
       |
    help: write a plain number

    error: `K` means something in `turnover` already
      --> test.toml:10:8
       |
    10 | as = { K = "R" }
       |        ^
       |
    help: choose another common name

    error: there is no built-in model `turnovr`
      --> test.toml:10:10
       |
    10 | model = "turnovr"
       |          ^^^^^^^
       |
       = note: a model of your own is named by its file, such as `my/model.toml`
    help: did you mean `turnover`?

    error: there is no file `mine.toml`
      --> test.toml:10:10
       |
    10 | model = "mine.toml"
       |          ^^^^^^^^^

    error: there is no phase `of`
      --> test.toml:10:8
       |
    10 | m = "R[end of of]"
       |        ^^^^^^^^^ unknown phase
       |
       = note: arm `run` has the phases `before`, `on`, `after`
    help: write one of `after`, `before`, `on`

    error: `Q` is not a name of this model
      --> test.toml:10:15
       |
    10 | what = ["R", "Q"]
       |               ^

    error: 345600000001 record times are too many, over all quantities and arms
      --> test.toml:11:9
       |
    11 | every = "1 us"
       |         ^^^^^^
       |
       = note: 177536 fit into memory with this many agents
    help: make `every` longer

    error: `R` is recorded twice
      --> test.toml:10:15
       |
    10 | what = ["R", "R"]
       |               ^
       |
    help: leave one of them out

    error: no time of this record has a whole window before it
      --> test.toml:11:8
       |
    11 | over = "5 d"
       |        ^^^^^
       |
    help: make `over` shorter

    error: `window` needs to know over which time
      --> test.toml:11:10
       |
    11 | window = "max"
       |          ^^^^^
       |
    help: add `over = "1 d"`

    error: `p101` is no number of a population
      --> test.toml:12:12
       |
    12 | reduce = ["p101", "men"]
       |            ^^^^
       |
    help: write `mean`, `sd`, `min`, `max`, `median`, or a percentile from `p0` to `p100`

    error: `men` is no number of a population
      --> test.toml:12:20
       |
    12 | reduce = ["p101", "men"]
       |                    ^^^
       |
    help: write `mean`, `sd`, `min`, `max`, `median`, or a percentile from `p0` to `p100`

    error: `relative` belongs to a name, and this is an expression
      --> test.toml:10:9
       |
    10 | what = "R*2"
       |         ^^^
       |
    help: write the quotient itself: `100*(a + b)/(rest.a + rest.b)`

    error: there is no arm `runs`
      --> test.toml:12:10
       |
    12 | arms = ["runs"]
       |          ^^^^
       |
    help: did you mean `run`?

    error: `acut` is not a response of this model or scenario
      --> test.toml:10:13
       |
    10 | response = "acut"
       |             ^^^^ no response
       |
    help: did you mean `acute`?

    error: there is no phase `off`
      --> test.toml:11:7
       |
    11 | at = "end of off"
       |       ^^^^^^^^^^ unknown phase
       |
       = note: arm `run` has the phases `before`, `on`, `after`
    help: write one of `after`, `before`, `on`

    error: a curve has 2 to 1000 points
      --> test.toml:12:10
       |
    12 | points = 1
       |          ^

    error: the expression ends where a number or name is expected
      --> test.toml:12:23
       |
    12 | that = "R[end of on] <"
       |                       ^

    error: a share lies between 0 and 1
      --> test.toml:13:9
       |
    13 | share = 2
       |         ^
       |
    help: write `0.9` or `"90 %"`

    error: two claims are called `a`
      --> test.toml:15:8
       |
    15 | name = "a"
       |        ^^^
       |
    note: the other one stands here
      --> test.toml:10:8
       |
    10 | name = "a"
       |        ---

    error: `fall` is not a name of this model
      --> test.toml:17:9
       |
    17 | that = "fall < 0"
       |         ^^^^

    error: this change cannot be made
      --> test.toml:18:15
       |
    18 | fails_with = "kapa"
       |               ^^^^
       |
       = note: `kapa` changes nothing
    help: write it as after `--set`: `kappa=0`

    error: there is no claim `fals`
      --> test.toml:10:21
       |
    10 | explain = "it falls {fals} and {open"
       |                     ^^^^^^
       |
    help: did you mean `falls`?

    error: a brace is opened and not closed
      --> test.toml:10:21
       |
    10 | explain = "it falls {fals} and {open"
       |                     ^
       |
    help: cite a claim as `{name}`
    "#);
}

#[test]
fn what_is_missing_at_all_is_explained() {
    insta::assert_snapshot!([wrong("", &[]), wrong(HEAD, &[]), wrong("title = ", &[])].join("\n\n"), @r#"
    error: a scenario needs the key `title`
     --> test.toml:1:1
      |
    1 |
      | ^ without `title`
      |
    help: add `title`, a text: what the scenario shows, in the words of someone who looks for it

    error: a scenario needs the key `model`
     --> test.toml:1:1
      |
    1 |
      | ^ without `model`
      |
    help: add `model`, a text: a built-in model, or the path of a model file (`….toml`) relative to this file

    error: nothing happens in this scenario
     --> test.toml:1:1
      |
    1 |
      | ^
      |
    help: write `phases = [{ name = "exposure", for = "1 d", … }]`, or `[arms.NAME]` with its phases

    error: nothing happens in this scenario
     --> test.toml:1:1
      |
    1 | title = "test"
      | ^
      |
    help: write `phases = [{ name = "exposure", for = "1 d", … }]`, or `[arms.NAME]` with its phases

    error: there is no value after `=`
     --> test.toml:1:9
      |
    1 | title = 
      |         ^
      |
    help: an empty text is written as two quotes: ""
    "#);
}

#[test]
fn wrong_changes_are_shown_in_the_argument() {
    let text = format!("{HEAD}{PHASES}");
    let changes = ["kdge=3 1/h", "kdeg", "population.agnets=3", "arm.x=1", "phases.onn.for=3 d", "kappa=-1"];
    insta::assert_snapshot!(wrong(&text, &changes), @r#"
    error: `kdeg` changes nothing
     --> --set:1:1
      |
    1 | kdeg
      | ^^^^
      |
      = note: a change is a path and a value with `=` between them
    help: write, for example, `kdeg=0.06 1/h` or `population.agents=100`

    error: a scenario has no `arm`
     --> --set:1:1
      |
    1 | arm.x=1
      | ^^^
      |
    help: did you mean `arms`?

    error: nothing in `phases` is named `onn`
     --> --set:1:8
      |
    1 | phases.onn.for=3 d
      |        ^^^
      |
    help: did you mean `on`?

    error: unknown key `agnets`
     --> --set:1:12
      |
    1 | population.agnets=3
      |            ^^^^^^ not a key of a population
      |
    help: did you mean `agents`?

    error: `kdge` is not a parameter of the model
     --> --set:1:12
      |
    1 | parameters.kdge=3 1/h
      |            ^^^^
      |
      = note: a name of your own is written `kdge = { value = …, doc = … }`
    help: did you mean `kdeg`?

    error: with this, `kappa` is -1, outside its limits
      --> --set:1:18
       |
     1 | parameters.kappa=-1
       |                  ^^ kappa >= 0
       |
    note: the limits are stated here
      --> turnover.toml:20:55
       |
    20 | kappa = { value = "4", range = ["0", "20"], limits = "kappa >= 0", source = "assumed", doc = "how many times faster loss can become:...
       |                                                       ----------
    "#);
}

#[test]
fn a_text_that_nobody_wrote_is_refused_at_once() {
    let claims = "[[claim]]\nname = \"a\"\n".repeat(60_000);
    assert!(wrong(&format!("{HEAD}{PHASES}{claims}"), &[]).contains("more than 100000 values"));
    let arms: String = (0..30).map(|n| format!("[arms.a{n}]\n")).collect();
    let phases = "phases = [{ repeat = 10000, phases = [{ name = \"x\", for = \"1 h\" }] }]\n";
    assert!(wrong(&format!("{HEAD}{phases}{arms}"), &[]).contains("more than 200000 phases"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn no_text_makes_reading_panic(cut in 0..4000_usize, more in "\\PC{0,20}", change in "[a-zA-Z.0-9]{0,12}=\\PC{0,8}") {
        let text = preset("overstimulation").unwrap();
        let text = text.text();
        let cut = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let _ = read(&format!("{}{more}", &text[..cut]), &[]);
        let _ = read(&format!("{}{more}{}", &text[..cut], &text[cut..]), &[]);
        let _ = read(text, &[&change]);
    }

    #[test]
    fn no_value_of_any_key_makes_reading_panic(line in 0..200_usize, value in "-?[0-9]{1,20}|\"\"|\\[\\]|\\{\\}|true|\"[a-z]{1,4} [<+] [0-9] d\"|1e300|[\"'].{0,9}[\"']") {
        let source = preset("overstimulation").unwrap();
        let lines: Vec<&str> = source.text().lines().collect();
        let line = line % lines.len();
        let replaced = lines[line].split_once(" = ").map(|(key, _)| format!("{key} = {value}"));
        let text: Vec<&str> = lines.iter().enumerate().map(|(at, old)| if at == line { replaced.as_deref().unwrap_or(old) } else { old }).collect();
        let _ = read(&text.join("\n"), &[]);
    }
}
