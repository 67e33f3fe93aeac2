//! A new model to begin with: a small one that runs, whose comments are those of the key tables.
//! Knows nothing of files.

use crate::document::{Kind, Shape, comment_of};

use super::keys::MODEL;

/// Sections with one commented example of each kind of entry; `#:` stands for the comment of the key after it, `#: a.b` for that
/// of key `b` in the tables under `a`.
const TEXT: &str = r#"#: title
title   = "A new model"
#: time
time    = "h"
#: doc
doc     = "What the model says in plain words. Simplified and illustrative."
#: not_shown
not_shown = "What was left out."
#: sources
sources = ["unchecked: where the equations come from"]

#: inputs
[inputs]
L = { unit = "nM", baseline = "0 nM", doc = "agonist at the receptor" }

#: parameters
#: parameters.range
#: parameters.limits
#: parameters.source
[parameters]
R0    = { value = "1", range = ["0.1", "10"], limits = "R0 > 0", source = "assumed", doc = "receptor number at rest, relative" }
kdeg  = { value = "0.02 1/h", range = ["0.002 1/h", "0.2 1/h"], limits = "kdeg > 0", source = "assumed", doc = "basal loss" }
kappa = { value = "4", range = ["0", "20"], limits = "kappa >= 0", source = "assumed", doc = "loss that full occupancy adds, in units of the basal loss" }
K     = { value = "100 nM", range = ["1 nM", "1e4 nM"], limits = "K > 0", source = "assumed", doc = "agonist of half occupancy" }

#: let
[let]
theta = { value = "L/(K + L)", unit = "1", show = ["0", "1"], doc = "share of receptors occupied" }

#: states
#: states.start
#: states.scale
[states]
R = { unit = "1", start = "R0", min = 0, doc = "receptor number, relative to rest" }

#: flows
#: flows.rate
[flows]
synthesis = { to = "R",   rate = "kdeg*R0", doc = "constant synthesis" }
removal   = { from = "R", rate = "kdeg*(1 + kappa*theta)*R", doc = "basal and agonist-driven loss" }

#: responses
#: responses.top
[responses]
acute = { probe = "L", range = ["0.01 nM", "1e6 nM"], value = "R*theta", bottom = "0", top = "R", doc = "occupied receptors at once" }

#: check
#: check.steady
[check.rest]
doc    = "without agonist nothing moves"
inputs = { L = "0 nM" }
steady = { R = "R0" }

[check.exposed]
doc    = "number under constant agonist is synthesis over loss"
inputs = { L = "100 nM" }
steady = { R = "R0/(1 + kappa*theta)" }
"#;

/// A commented model that reads without findings.
pub fn template() -> String {
    let lines = TEXT.lines().map(|line| match line.strip_prefix("#: ") {
        Some(path) => comment(path).map_or(String::new(), |comment| format!("{comment}\n")),
        None => format!("{line}\n"),
    });
    lines.collect()
}

fn comment(path: &str) -> Option<String> {
    match path.split_once('.') {
        None => comment_of(&MODEL, path).map(|doc| format!("# {doc}")),
        Some((table, key)) => comment_of(entry_of(table)?, key).map(|doc| format!("# {key}: {doc}")),
    }
}

/// The keys of each entry of a table with names of the writer's choice.
fn entry_of(table: &str) -> Option<&'static Shape> {
    match MODEL.key(table)?.kind {
        Kind::Named(Kind::Table(shape)) => Some(shape),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Source, render};
    use crate::model::Model;

    #[test]
    fn the_template_reads_without_findings_and_every_comment_is_there() {
        let text = template();
        let model =
            Model::read("new", &Source::new("new.toml", text.clone())).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(render(&model.notes, false), "");
        let wanted: Vec<&str> = TEXT.lines().filter_map(|line| line.strip_prefix("#: ")).collect();
        assert!(wanted.iter().all(|path| comment(path).is_some()));
        assert_eq!(text.lines().filter(|line| line.starts_with("# ")).count(), wanted.len());
    }
}
