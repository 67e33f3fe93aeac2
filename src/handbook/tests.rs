//! Pages of models that are unlike the built-in ones: long, large, empty, odd.

use super::*;
use crate::diagnostic::Source;
use crate::model::Model;

fn model(text: &str) -> Model {
    Model::read("odd", &Source::new("odd.toml", text)).unwrap_or_else(|error| panic!("{error}"))
}

fn told(text: &str) -> ModelPage {
    page(&model(text)).unwrap_or_else(|why| panic!("{why}"))
}

const HEAD: &str = "title = \"Odd: a_b *and* |c|\"\ntime = \"h\"\ndoc = \"A model.\"\n";

/// Braces, brackets and environments are closed, tables have as many cells in each row, nothing is empty.
fn well_formed(text: &str) {
    let mathematics: Vec<&str> = text
        .split("```math\n")
        .skip(1)
        .filter_map(|part| part.split("```").next())
        .chain(text.split("$`").skip(1).filter_map(|part| part.split("`$").next()))
        .collect();
    for latex in mathematics {
        let count = |what: &str| latex.matches(what).count();
        assert_eq!(count("{"), count("}"), "{latex}");
        assert_eq!(count(r"\left"), count(r"\right"), "{latex}");
        assert_eq!(count(r"\begin{aligned}"), count(r"\end{aligned}"), "{latex}");
        assert!(!latex.trim().is_empty() && !latex.contains('…'), "{latex}");
    }
    for block in text.split("\n\n").filter(|block| block.starts_with('|')) {
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let rows: Vec<usize> = block.lines().map(cells).collect();
        assert!(rows.iter().all(|n| *n == rows[0]), "{block}");
    }
    assert!(!text.contains("NaN") && !text.contains("\n\n\n\n"), "{text}");
}

#[test]
fn a_model_with_nothing_in_it_has_a_page_without_figures() {
    let page = told(HEAD);
    well_formed(&page.text);
    assert!(page.figures.is_empty() && !page.text.contains("## Figures"), "{}", page.text);
    assert!(page.text.contains(r"# Odd: a\_b \*and\* \|c\|"), "{}", page.text);
    assert!(!page.text.contains("## Parameters") && !page.text.contains("## What it does not show"));
}

#[test]
fn states_without_inputs_or_responses_are_shown_alone() {
    let page = told(&format!(
        "{HEAD}[parameters]\nk = {{ value = \"0.5 1/h\", source = \"assumed\", doc = \"loss\" }}\n\
         [states]\nx = {{ unit = \"1\", start = \"1\", doc = \"something\" }}\n\
         [flows]\nloss = {{ from = \"x\", rate = \"k*x\" }}\n"
    ));
    well_formed(&page.text);
    assert!(page.text.contains("{ name = \"alone\", for = \"10 h\" }"), "{}", page.text);
    assert_eq!(page.figures.len(), 1);
    assert_eq!(page.figures[0].0, "figures/odd-over-time.svg");
}

#[test]
fn inputs_without_states_or_responses_are_shown_through_what_they_drive() {
    let page = told(&format!(
        "{HEAD}[inputs]\nu = {{ unit = \"1\", baseline = \"2\", doc = \"input\" }}\n\
         [let]\ngate = {{ value = \"heaviside(u - 3)*logistic(u)\", unit = \"1\", doc = \"gate\" }}\n\
         fixed = {{ value = \"sqrt(2)\", unit = \"1\", doc = \"a number\" }}\n"
    ));
    well_formed(&page.text);
    assert!(page.text.contains("u = \"10\"") && page.text.contains("what   = [\"gate\"]"), "{}", page.text);
    assert_eq!(page.figures.len(), 1);
}

/// Sixteen states in a chain, parameters with long names, and lets as long as a screen is wide.
fn large() -> String {
    let name = |n: usize| format!("rate_of_something_with_a_long_name_{n}");
    let mut text = format!(
        "{HEAD}[inputs]\nL = {{ unit = \"nM\", baseline = \"0 nM\", doc = \"agonist\" }}\n[parameters]\n"
    );
    text += "EC50 = { value = \"10 nM\", source = \"unchecked: someone 1990\", doc = \"half\" }\n";
    for n in 0..60 {
        let source = ["assumed", "a paper that was read", "unchecked: another"][n % 3];
        text += &format!(
            "{} = {{ value = \"0.{:02} 1/h\", source = \"{source}\", doc = \"{n}\" }}\n",
            name(n),
            n + 1
        );
    }
    let sum = (0..20).map(|n| format!("{}*s{}", name(n), n % 16)).collect::<Vec<_>>().join(" + ");
    let bounded = format!(
        "max(0, min(1, hill(L, EC50, 2)))*({sum})/(1 + tanh(abs(s0 - s1)) + ({sum})/{}*exp(-s3^2))",
        name(2)
    );
    text += &format!("[let]\nlongest = {{ value = \"{bounded}\", unit = \"1/h\", doc = \"long\" }}\n");
    text += &format!(
        "outside = {{ value = \"sqrt(({sum})/{})\", unit = \"1\", doc = \"read-out\" }}\n[states]\n",
        name(3)
    );
    for n in 0..16 {
        text += &format!("s{n} = {{ unit = \"1\", start = \"0.1\", min = 0, doc = \"state {n}\" }}\n");
    }
    text += "[flows]\n";
    for n in 0..16 {
        let rate = format!("{}*s{n} + 0.001*longest", name(n));
        text += &format!(
            "f{n} = {{ from = \"s{n}\", to = \"{}s{}\", rate = \"{rate}\" }}\n",
            if n == 3 { "2 " } else { "" },
            (n + 1) % 16
        );
    }
    text += "out = { from = \"s0\", rate = \"s0*longest/(1 + s0)\" }\n[responses]\n";
    text += "effect = { probe = \"L\", range = [\"0.1 nM\", \"1e4 nM\"], value = \"s0*hill(L, EC50, 1)\", bottom = \"0\", top = \"s0\", doc = \"effect\" }\n";
    text
}

#[test]
fn a_large_model_with_long_lines_fits_on_a_page() {
    let page = told(&large());
    well_formed(&page.text);
    let widest = page
        .text
        .split("```math\n")
        .skip(1)
        .flat_map(|part| part.split("```").next().unwrap_or_default().lines())
        .map(crate::expression::breadth)
        .fold(0.0, f64::max);
    assert!(widest < 110.0, "{widest}");
    let order = ["| assumed |", "| unchecked: another |", "**a paper that was read**"];
    let places: Vec<usize> = order.iter().map(|source| page.text.find(source).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.text.contains("what   = [\"s0\", \"s1\", \"s2\", \"s3\"]"));
    assert!(page.figures.iter().all(|(_, svg)| svg.len() < 60_000));
}

#[test]
fn the_file_says_what_its_page_shows() {
    let text = crate::model::template()
        + "\n[page]\ntopic = \"number\"\nover_time = [\"theta\", \"R\"]\nat = [\"rest\", \"end of on\"]\n\
           phases = [{ name = \"on\", for = \"30 h\", L = \"70 nM\" }, { name = \"off\", for = \"7 h\" }]\n";
    let scene = scene(&model(&text)).unwrap();
    for words in [r#"L = "70 nM" }"#, r#"["theta", "R"]"#, r#"["rest", "end of on"]"#] {
        assert!(scene.contains(words), "{words} not in {scene}");
    }
    well_formed(&told(&text).text);
    let wrong = text.replace("L = \"70 nM\"", "Q = \"70 nM\"");
    let said = page(&model(&wrong)).err().unwrap();
    assert!(said.contains("`Q`"), "{said}");
}

#[test]
fn lets_stand_where_they_are_needed() {
    let model = model(
        &(HEAD.to_owned()
            + "[inputs]\nL = { unit = \"1\", doc = \"agonist\" }\n\
               [let]\nlate = { value = \"3*early\", unit = \"1\", doc = \"of the rate\" }\n\
               early = { value = \"1 + L\", unit = \"1\", doc = \"of another let\" }\n\
               own = { value = \"x + 1\", unit = \"1\", doc = \"of the response\" }\n\
               other = { value = \"x + 2\", unit = \"1\", doc = \"of nothing\" }\n\
               [states]\nx = { unit = \"h\", start = \"1 h\", doc = \"state\" }\n\
               [flows]\ngain = { to = \"x\", rate = \"late\" }\n\
               [responses]\nseen = { probe = \"L\", range = [\"0.1\", \"10\"], value = \"own*L\", doc = \"response\" }\n")
        .replace("\"x + 1\"", "\"x/x + 1\"")
        .replace("\"x + 2\"", "\"x/x + 2\""),
    );
    let content = Content::of(&model);
    let names =
        content.lets().map(|lets| lets.iter().map(|item| item.name.as_str()).collect::<Vec<_>>().join(" "));
    assert_eq!(names, ["late early", "own", "other"]);
}
