//! The figures and the page of a gathered study, from outside.

mod place;

use std::fs;

use place::Place;

const STUDY: &str = r#"
title = "What decides how far receptors fall"
doc = "A <doc> & more."
scenario = "down-regulation"
set = ["population.agents=64"]
design = { sobol = { points = 24 } }
claims = true

[vary]
kdeg = {}
kappa = { from = "1", to = "8" }

[outputs]
fall = { value = "median(stopped.fall)", doc = "change of number, of the median agent" }
"#;

#[test]
fn a_gathered_study_has_figures_and_a_page_that_stands_alone() {
    let place = Place::with(STUDY);
    place.fine(&["run", "s.toml", "--out", "o"]);
    let folder = place.path("o");
    let page = || fs::read_to_string(folder.join("report.html")).unwrap();
    place.fine(&["gather", "s.toml", "--out", "o", "--no-figures"]);
    assert!(!folder.join("figures").exists() && !page().contains("<svg"));
    // As the analysis writes it.
    fs::write(
        folder.join("indices.csv"),
        "output,unit,method,index,factor,with,value,low,high,verdict,n,of\n\
         fall,,PRCC,prcc,kappa,,-0.9,-0.95,-0.8,,24,24\n\
         fall,,PRCC,prcc,kdeg,,0.1,-0.3,0.4,not distinguishable from zero,24,24\n",
    )
    .unwrap();
    place.fine(&["gather", "s.toml", "--out", "o"]);
    let names: Vec<String> = fs::read_dir(folder.join("figures"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    for name in ["response-fall.png", "response-fall.svg", "response-fall.txt", "map-fall.png"] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
    let first = page();
    for part in [
        "What decides how far receptors fall",
        "A &lt;doc&gt; &amp; more.",
        "Illustrative model",
        "Sobol&#39; sequence",
        "logarithmic",
        "<svg aria-label",
        "digest of points.csv",
        "kappa = { from",
    ] {
        assert!(first.contains(part) || first.contains(&part.replace('"', "&quot;")), "{part}");
    }
    assert!(!first.contains("<script") && !first.contains("src=\"http") && !first.contains("NaN"));
    place.fine(&["gather", "s.toml", "--out", "o"]);
    assert_eq!(page(), first);
    fs::write(folder.join("report.html"), "mine").unwrap();
    assert!(!place.study(&["gather", "s.toml", "--out", "o"]).status.success());
    assert_eq!(page(), "mine");
}
