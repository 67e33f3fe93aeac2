//! Figures that a scenario asks for: what they draw, what is recorded for them, and what is told of wrong ones.

use super::findings::told;
use super::*;

const MEASURE: &str = "\n[measures]\nback = { value = \"first(R > 0.95 [after])\", unit = \"h\" }\nfall = \"R[end of on] - R[rest]\"\n";

fn plotted(what: &str, window: &str) -> Plotted {
    Plotted { what: what.to_owned(), window: window.to_owned() }
}

#[test]
fn what_a_figure_draws_and_nothing_records_is_recorded_at_the_times_of_the_rest() {
    let scenario = with(
        "\n[[record]]\nwhat = \"tau\"\nevery = \"6 h\"\nover = \"12 h\"\nreduce = \"p50\"\n\
         [[figure]]\nkind = \"decomposition\"\ntotal = \"tau\"\nparts = [\"0.5*tau\", \"tau - 0.5*tau\"]\n",
    );
    let window = "mean over 12 h";
    let parts = vec![plotted("0.5*tau", window), plotted("tau - 0.5*tau", window)];
    assert_eq!(scenario.figures.len(), 1);
    assert_eq!(scenario.figures[0].asked, Asked::Decomposition { total: plotted("tau", window), parts });
    assert_eq!(scenario.records.iter().map(|r| r.for_figure).collect::<Vec<_>>(), [false, true, true]);
    assert!(scenario.records.iter().all(|record| record.stats.contains(&Stat::Mean)));
    let series = &scenario.plan.arms[0].series;
    assert!(series.iter().all(|own| own.times == series[0].times && own.window == series[0].window));
}

#[test]
fn figures_keep_the_order_of_the_file_and_take_the_curves_that_they_need() {
    let scenario = with(&format!(
        "{MEASURE}[[figure]]\nkind = \"recovery\"\nmeasure = \"back\"\n\
         [[figure]]\nkind = \"scales\"\nwhat = [\"R\", \"theta\"]\nrelative = false\ntitle = \"two\"\n\
         [[figure]]\nkind = \"archetypes\"\nafter = \"end of on\"\npanels = [{{ arm = \"run\", response = \"acute\" }}]\n"
    ));
    let told: Vec<&Asked> = scenario.figures.iter().map(|figure| &figure.asked).collect();
    let recovery = Asked::Recovery { measure: "back".to_owned(), phase: "after".to_owned(), by_group: false };
    assert_eq!(told[0], &recovery);
    assert!(matches!(told[1], Asked::Scales { what, .. } if what.len() == 2));
    let Asked::Archetypes { panels } = told[2] else { panic!("{:?}", told[2]) };
    assert_eq!((panels[0].before.as_str(), panels[0].after.as_str()), ("rest", "end of on"));
    let moments: Vec<&str> = scenario.assays.iter().map(|assay| assay.moment.as_str()).collect();
    assert_eq!(moments, ["rest", "end of on"]);
}

#[test]
fn wrong_figures_are_explained() {
    let figure = |text: &str| format!("{MEASURE}[[figure]]\n{text}");
    let texts = [
        "kind = \"decompositon\"\ntotal = \"R\"\nparts = \"R\"",
        "kind = \"recovery\"\nparts = [\"R\"]",
        "kind = \"decomposition\"\ntotal = \"tau\"\nparts = [\"tau\", \"loss\"]",
        "kind = \"phase_portrait\"\nx = \"thta\"\ny = \"R\"",
        "kind = \"recovery\"\nmeasure = \"bak\"",
        "kind = \"recovery\"\nmeasure = \"fall\"",
        "kind = \"recovery\"\nmeasure = \"back\"\nphase = \"aftr\"\nby = \"group\"",
        "kind = \"scales\"\nwhat = \"R\"\narms = \"runn\"",
        "kind = \"archetypes\"\nafter = \"end of off\"\npanels = [{ arm = \"run\", response = \"acute\" }, { arm = \"rin\", response = \"acute\" }]",
        "kind = \"archetypes\"\npanels = [{ arm = \"run\", response = \"acut\", after = \"end of on\" }, { arm = \"run\", response = \"acute\" }]",
    ]
    .map(figure);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let lines = told(&texts);
    let starts = ["error: ", "help: ", "   = note: "];
    let said: Vec<&str> =
        lines.lines().filter(|line| starts.iter().any(|start| line.starts_with(start))).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    error: `kind` cannot be "decompositon"
    help: did you mean `decomposition`?
    error: a figure of kind `recovery` needs `measure`
    error: `parts` is not a key of a figure of kind `recovery`
    help: it may have `measure`, `arms`, `by`, `phase`, `title`
    error: `loss` cannot be a part of `tau`
       = note: `loss` is in 1/h, and the total is in 1
    error: `thta` is not a name of this model
    help: did you mean `theta`?
    error: there is no measure `bak`
    help: did you mean `back`?
    error: `fall` is no time: it is in 1
    help: recovery needs a time, such as `first(x > 0.95 [rest])`
    error: there is no phase `aftr`
    help: did you mean `after`?
    error: the population has no groups
    help: write them under `[population]`: `groups.slow = { share = 0.5 }`
    error: there is no arm `runn`
    help: did you mean `run`?
    error: there is no phase `off`
       = note: arm `run` has the phases `before`, `on`, `after`
    help: write one of `after`, `before`, `on`
    error: there is no arm `rin`
    help: write one of `run`
    error: `acut` is not a response of this model or scenario
    help: did you mean `acute`?
    error: this panel has no moment of its second curve
    help: write `after` here or for the figure: `after = "end of exposure"`
    "#);
}
