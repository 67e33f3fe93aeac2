//! What is told about wrong scenarios.

use super::*;

/// Every pair of a text and what is told of it.
fn told(texts: &[&str]) -> String {
    let one = |text: &&str| wrong(&format!("{HEAD}{PHASES}{text}\n"), &[]);
    texts.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn wrong_values_and_populations_are_explained() {
    insta::assert_snapshot!(told(&[
        "[parameters]\nkdge = \"1 1/h\"",
        "[parameters]\nkdeg = \"1 nM\"",
        "[parameters]\nkdeg = 3",
        "[parameters]\nkdeg = \"-1 1/h\"",
        "[parameters]\nR = { value = 3 }",
        "[population]\nagents = 0",
        "[population]\nagents = 1000000000000000000",
        "[population]\nvary.kapa = { lognormal = { cv = 0.3 } }",
        "[population]\nvary.kappa = { lognormal = { cv = 0.3, sdlog = 0.2 } }",
        "[population]\nvary.kappa = { beta = { cv = 0.3 } }",
        "[population]\nvary.K = { normal = { sd = 3 } }",
        "[population]\ngroups.all = { share = 1 }",
        "[population]\ngroups = { a = { share = 0.5 }, b = { share = 0.4, parameters = { kapa = 3 } } }",
        "[population]\nvary.K = { lognormal = { cv = 1 } }\ncorrelations = [{ between = [\"K\", \"R0\"], value = 0.5 }]",
        "[accuracy]\nrelative = 1",
    ]), @"");
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
    ]), @"");
}

#[test]
fn what_is_missing_at_all_is_explained() {
    insta::assert_snapshot!([wrong("", &[]), wrong(HEAD, &[]), wrong("title = ", &[])].join("\n\n"), @"");
}

#[test]
fn wrong_changes_are_shown_in_the_argument() {
    let text = format!("{HEAD}{PHASES}");
    let changes = ["kdge=3 1/h", "kdeg", "population.agnets=3", "arm.x=1", "phases.onn.for=3 d", "kappa=-1"];
    insta::assert_snapshot!(wrong(&text, &changes), @"");
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
