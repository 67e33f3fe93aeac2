//! What happened: the answer beside what was predicted, claims, figures, measures.
//! Knows tables and claims as they stand in the folder of a run.

use super::super::html::{escaped, id, paragraphs, table};
use super::super::number::{grouped, rounded, unit};
use super::{Claim, MOST_DRAWN, Sheet};
use crate::figure::Figure;
use crate::table::{Data, Table};

impl Sheet<'_> {
    pub(super) fn outcome(&self, claims: &[Claim]) -> String {
        let explain = explained(&self.manifest.lesson.explain, claims);
        let mut body = match self.prediction {
            Some(answer) => format!(
                "<div class=\"beside\">\n<div>\n<h3>Predicted before the run</h3>\n<blockquote>{}</blockquote>\n</div>\n\
                 <div>\n<h3>What happened</h3>\n{explain}</div>\n</div>\n",
                escaped(answer.trim())
            ),
            None => explain,
        };
        if !self.manifest.lesson.caveat.is_empty() {
            body.push_str(&format!("<h3>Caveat</h3>\n{}", paragraphs(&self.manifest.lesson.caveat)));
        }
        body.push_str(&self.drawn());
        body.push_str(&claimed(claims));
        body + &self.measured()
    }

    fn drawn(&self) -> String {
        let mut text = "<h3>Figures</h3>\n".to_owned();
        if self.figures.is_empty() {
            return text
                + "<p>None were drawn. <code>allostat figure</code> draws them from the tables.</p>\n";
        }
        let said: Vec<&str> =
            self.subject.foot.iter().chain(&self.subject.cautions).map(String::as_str).collect();
        text.extend(self.figures.iter().take(MOST_DRAWN).map(|figure| inlined(figure, &said)));
        let more = self.figures.len().saturating_sub(MOST_DRAWN);
        if more > 0 {
            text.push_str(&format!("<p>{more} more are linked to at the end of the page.</p>\n"));
        }
        text
    }

    fn measured(&self) -> String {
        let rows = spreads(self.measures);
        let told: Vec<Vec<String>> = rows.iter().map(|row| self.row(row)).collect();
        if told.is_empty() {
            return String::new();
        }
        let heads = [
            "measure",
            "arm",
            "group",
            "median",
            "5 % of agents are below",
            "95 % are below",
            "agents",
            "not reached by",
        ];
        format!(
            "<h3>Measures</h3>\n{}",
            table("Measures: one number per agent, and its spread between agents", &heads, &told)
        )
    }

    fn row(&self, row: &Spread) -> Vec<String> {
        let doc = self
            .subject
            .measures
            .iter()
            .find(|known| known.name == row.measure)
            .map(|known| known.doc.as_str());
        let name = match doc.unwrap_or_default() {
            "" => escaped(row.measure),
            doc => format!("{} <span class=\"soft\">({})</span>", escaped(doc), escaped(row.measure)),
        };
        let arm = self.subject.arms.iter().find(|known| known.name == row.arm && !known.title.is_empty());
        let number = |stat: &str| match row.stat(stat) {
            Some(value) if !value.is_nan() => escaped(&format!("{}{}", rounded(value), unit(row.unit))),
            _ => "no value".to_owned(),
        };
        vec![
            name,
            escaped(arm.map_or(row.arm, |arm| &arm.title)),
            escaped(row.group),
            number("p50"),
            number("p5"),
            number("p95"),
            row.n.map_or(String::new(), grouped),
            row.stat("not reached").map_or(String::new(), |count| grouped(count as u64)),
        ]
    }
}

/// A lesson's text with its citations as links to the claims.
fn explained(explain: &str, claims: &[Claim]) -> String {
    let mut text = String::new();
    let mut rest = explain;
    while let Some((before, from)) = rest.split_once('{') {
        let Some((name, after)) = from.split_once('}') else { break };
        text.push_str(&escaped(before));
        let name = name.trim();
        match claims.iter().find(|claim| claim.name == name) {
            Some(claim) => {
                let (mark, said) = if claim.holds { ("✓", "") } else { ("✗", ": does not hold here") };
                text.push_str(&format!(
                    "<a href=\"#{}\">({mark} {}{said})</a>",
                    id("claim", name),
                    escaped(name)
                ));
            }
            None => text.push_str(&escaped(&format!("{{{name}}}"))),
        }
        rest = after;
    }
    text.push_str(&escaped(rest));
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{part}</p>\n")).collect()
}

fn claimed(claims: &[Claim]) -> String {
    if claims.is_empty() {
        return String::new();
    }
    let one = |claim: &Claim| {
        let (mark, class) = if claim.holds { ("✓", "") } else { ("✗", " class=\"missed\"") };
        let tag = match claim.tag.as_str() {
            "assumed" => "assumed: true by what was put in, not by how the model moves",
            _ => "emergent: comes out of how the model moves",
        };
        let fails = match claim.fails_with.as_str() {
            "" => String::new(),
            change => format!("; fails with <code>--set \"{}\"</code>", escaped(change)),
        };
        let say = if claim.say.is_empty() { &claim.name } else { &claim.say };
        format!(
            "<li id=\"{}\">{}<br><span{class}>{mark} {}</span> <span class=\"soft\">({}; {}{fails})</span></li>\n",
            id("claim", &claim.name),
            escaped(say),
            escaped(&claim.sentence),
            escaped(&claim.name),
            tag
        )
    };
    format!("<h3>Claims</h3>\n<ul>\n{}</ul>\n", claims.iter().map(one).collect::<String>())
}

/// A figure inside the page. Its SVG is of ours: escaped, and without anything from elsewhere. Its words stand folded below it, once, and
/// without what was `said` of all figures, which is a section of the page.
pub(in crate::report) fn inlined(figure: &Figure, said: &[&str]) -> String {
    let words = said
        .iter()
        .rev()
        .fold(figure.text.trim(), |text, caution| text.strip_suffix(caution).map_or(text, str::trim_end));
    let label = format!("<svg aria-label=\"{}\" ", escaped(&figure.title));
    let svg = figure.svg.replacen("<svg ", &label, 1);
    let svg = match (svg.find("<desc>"), svg.find("</desc>\n")) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &svg[..from], &svg[to + "</desc>\n".len()..]),
        _ => svg,
    };
    format!(
        "<figure>\n<div class=\"drawn\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n{}</div>\n\
         <figcaption><details class=\"words\">\n<summary>In words</summary>\n<p>{}</p>\n</details></figcaption>\n</figure>\n",
        escaped(&format!("Figure: {}", figure.title)),
        svg,
        escaped(words)
    )
}

/// The statistics of a measure in one arm and group.
struct Spread<'t> {
    measure: &'t str,
    arm: &'t str,
    group: &'t str,
    unit: &'t str,
    /// Agents that the median counts.
    n: Option<u64>,
    stats: Vec<(&'t str, f64)>,
}

impl Spread<'_> {
    fn stat(&self, name: &str) -> Option<f64> {
        self.stats.iter().find(|(stat, _)| *stat == name).map(|(_, value)| *value)
    }
}

/// The rows of `measures.csv` that belong together.
fn spreads(table: &Table) -> Vec<Spread<'_>> {
    let at = |column: &str, row: usize| table.texts(column).get(row).and_then(|t| t.as_deref()).unwrap_or("");
    let counts = match table.column("n").map(|column| &column.data) {
        Some(Data::Whole(counts)) => counts.as_slice(),
        _ => &[],
    };
    let mut all: Vec<Spread> = Vec::new();
    for (row, value) in table.numbers("value").iter().enumerate() {
        let (measure, arm, group) = (at("measure", row), at("arm", row), at("group", row));
        let known = all.last().is_some_and(|s| (s.measure, s.arm, s.group) == (measure, arm, group));
        if !known {
            all.push(Spread { measure, arm, group, unit: at("unit", row), n: None, stats: Vec::new() });
        }
        let Some(spread) = all.last_mut() else { continue };
        spread.stats.push((at("stat", row), *value));
        if at("stat", row) == "p50" {
            spread.unit = at("unit", row);
            spread.n = counts.get(row).copied().flatten();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(name: &str, holds: bool) -> Claim {
        Claim { name: name.to_owned(), holds, ..Claim::default() }
    }

    #[test]
    fn a_citation_leads_to_its_claim_and_nothing_else_is_markup() {
        let claims = [claim("a b", true), claim("c", false)];
        insta::assert_snapshot!(explained("It <falls> {a b}, not {c}, {d} and {", &claims), @r##"<p>It &lt;falls&gt; <a href="#claim-a-20-b">(✓ a b)</a>, not <a href="#claim-c">(✗ c: does not hold here)</a>, {d} and {</p>"##);
        assert!(claimed(&claims).contains("<li id=\"claim-a-20-b\">"));
    }
}
