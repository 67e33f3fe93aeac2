//! What a teacher says around a run, and the claims that the words cite.
//! Knows nothing of what the claims say.

use crate::diagnostic::{Finding, Findings, Span};
use crate::document::Node;

use super::Lesson;
use super::quantity::words;

pub(super) fn read(root: &Node, claims: &[&str], findings: &mut Findings) -> Lesson {
    let Some(node) = root.key("lesson") else { return Lesson::default() };
    if let Some(explain) = node.key("explain") {
        citations(explain, claims, findings);
    }
    Lesson {
        question: words(node, "question"),
        predict: words(node, "predict"),
        explain: words(node, "explain"),
        caveat: words(node, "caveat"),
    }
}

/// Each `{name}` is a claim's.
fn citations(node: &Node, claims: &[&str], findings: &mut Findings) {
    let text = node.text().unwrap_or_default();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let after = &rest[open + 1..];
        let Some(close) = after.find('}') else {
            let finding = Finding::error("a brace is opened and not closed").at(&place(node, "{"));
            findings.push(finding.help("cite a claim as `{name}`"));
            return;
        };
        let cited = &after[..close];
        if !claims.contains(&cited.trim()) {
            let what = format!("there is no claim `{}`", short(cited));
            let finding = Finding::error(what).at(&place(node, &rest[open..open + close + 2]));
            findings.push(match claims {
                [] => finding.help("add `[[claim]]` with this name, which the program then checks"),
                _ => finding.nearest(cited.trim(), claims.iter().copied()),
            });
        }
        rest = &after[close + 1..];
    }
}

/// Where the words stand in a text that may run over several lines.
fn place(node: &Node, words: &str) -> Span {
    match node.at.text().find(words) {
        Some(start) => node.at.within(start..start + words.len()),
        None => node.inside(),
    }
}

fn short(name: &str) -> String {
    name.chars().take(60).collect()
}
