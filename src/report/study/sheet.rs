//! `report.html` of a study: one page that stands alone.
//! Knows studies and their tables; knows nothing of folders.
//!
//! The same study gives the same bytes: nothing that differs from day to day stands in it.

use super::gather::Gathered;
use super::present::Analysis;
use super::subject::design;
use super::tables;
use crate::diagnostic::Source;
use crate::engine::NUMERICS;
use crate::figure::Figure;
use crate::figure::study::{MOST_OUTPUTS, StudySubject};
use crate::report::html::{document, encoded, escaped, folded, paragraphs, section, table};
use crate::report::label::{Origins, sentences};
use crate::report::number::{agents, grouped};
use crate::report::sheet::inlined;
use crate::study::{Luck, Study};

/// What the page is made of.
pub struct Sheet<'a> {
    pub study: &'a Study,
    pub subject: &'a StudySubject,
    pub gathered: &'a Gathered,
    pub analysis: &'a Analysis,
    pub figures: &'a [Figure],
    /// Of the files of the figures, beside the page.
    pub folder: &'a str,
}

impl Sheet<'_> {
    pub fn html(&self) -> String {
        let body = format!(
            "{}<main>\n{}{}{}{}{}{}{}{}{}</main>\n{}",
            self.header(),
            self.question(),
            self.layout(),
            self.drawn(),
            tables::robustness(&self.analysis.robustness),
            tables::indices(&self.analysis.indices),
            self.failed(),
            self.cautions(),
            self.texts(),
            self.verification(),
            self.footer(),
        );
        document(&format!("{}: a study with Allostat", self.study.title), &body)
    }

    fn header(&self) -> String {
        let run = &self.subject.run;
        let label = sentences(&self.study.scenario.plan);
        let label: String = label.iter().map(|s| format!("<p>{}</p>\n", escaped(s))).collect();
        let foot = run.foot.iter().map(|s| format!("<p class=\"caution\">{}</p>\n", escaped(s)));
        let missing = match self.gathered.missing {
            0 => String::new(),
            missing => format!(
                "<p class=\"caution\">{} of {} units are missing: this page speaks of a part of the study.</p>\n",
                grouped(missing),
                grouped(self.study.units())
            ),
        };
        format!(
            "<header>\n<h1>{}</h1>\n<p class=\"soft\">{}</p>\n<div class=\"label\" role=\"note\">\n{label}</div>\n{}{missing}</header>\n",
            escaped(&self.study.title),
            escaped(&run.provenance),
            foot.collect::<String>(),
        )
    }

    fn question(&self) -> String {
        let body = paragraphs(&self.study.doc);
        if body.is_empty() { body } else { section("what-for", "What it is for", &body) }
    }

    fn layout(&self) -> String {
        let study = self.study;
        let scenario = &study.scenario;
        let mut body = format!(
            "<p>{} Each point is a run of <em>{}</em> ({}) with {}.",
            escaped(&design(study)),
            escaped(&scenario.title),
            escaped(&scenario.name),
            escaped(&agents(scenario.plan.population.agents)),
        );
        if study.repeats > 1 {
            body.push_str(&format!(
                " Each point is run {} times, each time with other luck of the agents; numbers are means over these runs.",
                grouped(study.repeats)
            ));
        }
        body.push_str(match study.luck {
            Luck::Common => " The same agents live at all points, so that differences between points come from the factors alone.</p>\n",
            Luck::Own => " Each point has agents of its own.</p>\n",
        });
        let changed = &self.subject.run.changed;
        if !changed.is_empty() {
            let rows: String =
                changed.iter().map(|change| format!("<li>{}</li>\n", escaped(change))).collect();
            body.push_str(&format!(
                "<p>Changed at all points against the scenario as written:</p>\n<ul>\n{rows}</ul>\n"
            ));
        }
        body.push_str(&tables::factors(&study.factors));
        body.push_str(&tables::outputs(&study.outputs));
        section("design", "What varies, and what is read", &body)
    }

    fn drawn(&self) -> String {
        if self.figures.is_empty() {
            let none = "<p>None were drawn. <code>allostat study gather</code> without <code>--no-figures</code> draws them.</p>\n";
            return section("figures", "Figures", none);
        }
        let run = &self.subject.run;
        let said: Vec<&str> = run.foot.iter().chain(&run.cautions).map(String::as_str).collect();
        let mut body = "<p>Bands are the spread between points, that is between sets of parameters. Whiskers are 95 % intervals of \
                        an estimate: more points make them shorter, and make no model truer.</p>\n"
            .to_owned();
        if self.study.outputs.len() > MOST_OUTPUTS {
            body.push_str(&format!(
                "<p>At most {MOST_OUTPUTS} outputs are drawn along their factors, numbers before claims; the tables hold all.</p>\n"
            ));
        }
        body.extend(self.figures.iter().map(|figure| inlined(figure, &said)));
        section("figures", "Figures", &body)
    }

    fn failed(&self) -> String {
        let gathered = self.gathered;
        let mut body = match gathered.without {
            0 => format!("<p>None: all {} rows have numbers.</p>\n", grouped(gathered.rows)),
            without => format!(
                "<p>{} of {} rows have no numbers and are in no estimate.</p>\n",
                grouped(without),
                grouped(gathered.rows)
            ),
        };
        body.push_str(&tables::reasons(&self.analysis.points));
        body.push_str(&tables::dropped(&self.analysis.dropped));
        section("failed", "Points without numbers", &body)
    }

    fn cautions(&self) -> String {
        let origins = Origins::of(self.study.scenario.arms.iter().map(|arm| &arm.model).fold(
            Vec::new(),
            |mut models: Vec<&crate::model::Model>, model| {
                if models.iter().all(|known| known.name != model.name) {
                    models.push(model);
                }
                models
            },
        ));
        let run = &self.subject.run;
        let own: String = run
            .foot
            .iter()
            .chain(&run.cautions)
            .map(|caution| format!("<li>{}</li>\n", escaped(caution)))
            .collect();
        let own = if own.is_empty() { own } else { format!("<ul>\n{own}</ul>\n") };
        let ranges = "<p>What a study finds holds within the ranges that it varies and for this model. A factor that is not varied decides nothing \
                      here, whatever it decides elsewhere. A claim that holds everywhere in the space is robust in the model; that says nothing about people.</p>\n";
        let body = format!("{ranges}<p>{}</p>\n{own}", escaped(&origins.sentence()));
        section("cautions", "Cautions, and where the numbers come from", &body)
    }

    fn texts(&self) -> String {
        let study = self.study;
        let text = |n: usize, heading: &str, source: &Source| {
            let body = format!("<pre><code>{}</code></pre>\n", escaped(source.text()));
            folded(&format!("text-{n}"), 3, heading, &body)
        };
        let mut body = text(0, &format!("Study `{}` as written", study.name), &study.source);
        let scenario = &study.scenario;
        body.push_str(&text(1, &format!("Scenario `{}` as written", scenario.name), &scenario.source));
        for (n, file) in scenario.files.iter().enumerate() {
            body.push_str(&text(n + 2, &format!("`{}` as written", file.name()), file));
        }
        section("texts", "Study and scenario", &body)
    }

    fn verification(&self) -> String {
        let (study, gathered) = (self.study, self.gathered);
        let rows = [
            (
                "program",
                format!("allostat {}, commit {}", env!("CARGO_PKG_VERSION"), env!("ALLOSTAT_COMMIT")),
            ),
            ("numerics version", NUMERICS.to_string()),
            ("seed of the design", study.design.seed.to_string()),
            ("seed of the agents", study.scenario.plan.population.seed.to_string()),
            ("points", grouped(study.points)),
            ("repeats", grouped(study.repeats)),
            ("agents of a point", grouped(study.scenario.plan.population.agents)),
            ("rows", format!("{}, {} without numbers", grouped(gathered.rows), grouped(gathered.without))),
            ("digest of points.csv", gathered.digest.clone()),
        ];
        let rows: Vec<Vec<String>> =
            rows.iter().map(|(what, value)| vec![(*what).to_owned(), escaped(value)]).collect();
        let how = format!(
            "<p>The digest is the SHA-256 of <code>points.csv</code>. The same study file gives the same bytes on any machine, in any order, on any number of processes:</p>\n\
             <pre><code>allostat study run {0}\nallostat study gather {0}\nsha256sum points.csv</code></pre>\n",
            escaped(&format!("{}.toml", study.name))
        );
        section(
            "verification",
            "Which study this is, and how to verify it",
            &(table("Which study this is", &["what", "value"], &rows) + &how),
        )
    }

    /// Links to what lies around the page; none of them is needed to read it.
    fn footer(&self) -> String {
        let link = |path: &str, name: &str| format!("<a href=\"{}\">{}</a>", encoded(path), escaped(name));
        let figures: Vec<String> = self
            .figures
            .iter()
            .map(|figure| link(&format!("{}/{}.png", self.folder, figure.stem), &figure.stem))
            .collect();
        let mut body = String::new();
        if !figures.is_empty() {
            body.push_str(&format!("<p>Figures as files: {}</p>\n", figures.join(" · ")));
        }
        let own = self.analysis;
        let there = [&own.indices, &own.dropped, &own.robustness, &own.boundary]
            .into_iter()
            .filter(|table| !table.columns.is_empty());
        let names = there.map(|table| format!("{}.csv", table.name));
        let names = ["points.csv", "points.parquet"].map(str::to_owned).into_iter().chain(names);
        let links: Vec<String> = names.map(|name| link(&name, &name)).collect();
        body.push_str(&format!("<p>Tables: {}</p>\n", links.join(" · ")));
        let run = &self.subject.run;
        format!(
            "<footer>\n<nav aria-label=\"Files of the study\">\n{body}</nav>\n<p class=\"soft\">{}</p>\n</footer>\n",
            escaped(&format!("{} · {}", run.label, run.provenance))
        )
    }
}
