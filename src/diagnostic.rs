//! Findings: what is wrong with a text, where it stands, and what to write instead.
//! Knows nothing of TOML, models or terminals: a finding is data, and printing it gives a string.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A named text that spans point into: a file, a built-in model, or one argument of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    inner: Arc<SourceText>,
}

#[derive(Debug, PartialEq, Eq)]
struct SourceText {
    name: String,
    text: String,
}

impl Source {
    /// A text under the name that findings show: a path, or the argument that held it.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        let (name, text) = (name.into(), text.into());
        Source { inner: Arc::new(SourceText { name, text }) }
    }

    /// The path or label shown in front of line and column.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// A place in this text; `bytes` counts from its beginning.
    pub fn span(&self, bytes: Range<usize>) -> Span {
        Span { source: self.clone(), bytes }
    }
}

/// A range of bytes of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub source: Source,
    pub bytes: Range<usize>,
}

impl Span {
    /// The part of this span that `bytes`, counted from its start, covers.
    pub fn within(&self, bytes: Range<usize>) -> Span {
        let start = self.bytes.start;
        let end = |at: usize| (start + at).min(self.bytes.end.max(start));
        Span { source: self.source.clone(), bytes: end(bytes.start)..end(bytes.end) }
    }

    /// The text under the span; empty where the span lies outside its source.
    pub fn text(&self) -> &str {
        self.source.text().get(self.bytes.clone()).unwrap_or("")
    }

    /// Line, counted from 1.
    pub fn line(&self) -> usize {
        let end = self.bytes.start.min(self.source.text().len());
        1 + self.source.text().as_bytes()[..end].iter().filter(|&&b| b == b'\n').count()
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is wrong; the reader may want to know.
    Note,
    /// The input cannot be used.
    Error,
}

/// One thing to say about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    /// One sentence without a full stop: what was found.
    pub what: String,
    pub at: Option<Span>,
    /// The words beside the caret.
    pub label: String,
    /// What was expected, and where that is written.
    pub notes: Vec<(String, Option<Span>)>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Finding {
    /// What is wrong, in one sentence: lower case, no full stop.
    pub fn error(what: impl Into<String>) -> Finding {
        Finding {
            severity: Severity::Error,
            what: what.into(),
            at: None,
            label: String::new(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// What is not wrong but worth knowing.
    pub fn note(what: impl Into<String>) -> Finding {
        Finding { severity: Severity::Note, ..Finding::error(what) }
    }

    /// Where it stands.
    pub fn at(mut self, span: &Span) -> Finding {
        self.at = Some(span.clone());
        self
    }

    /// What stands under the marked place.
    pub fn label(mut self, label: impl Into<String>) -> Finding {
        self.label = label.into();
        self
    }

    /// A fact that explains it, with its place if it has one.
    pub fn because(mut self, note: impl Into<String>, at: Option<&Span>) -> Finding {
        self.notes.push((note.into(), at.cloned()));
        self
    }

    /// What to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean" where one of `known` is close to `found`, the list itself where it is short.
    pub fn nearest<'a>(self, found: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
        let known: Vec<&str> = known.into_iter().collect();
        match nearest(found, known.iter().copied()) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None if known.is_empty() => self,
            None if known.len() <= 12 => {
                let list: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
                self.help(format!("write one of {}", list.join(", ")))
            }
            None => self,
        }
    }
}

/// The name of `known` that `found` most likely meant.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A name of megabytes is nobody's typing error, and the distance is quadratic in its length.
    if found.len() > 200 {
        return None;
    }
    let lower = found.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

const KEPT: usize = 1000;

/// Findings gathered while reading; reading goes on after each.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// Nothing found yet.
    pub fn new() -> Findings {
        Findings::default()
    }

    /// Adds what has not been said. Beyond the first thousand nothing is added to what is wrong already: nobody reads so far, and
    /// findings are compared with one another.
    pub fn push(&mut self, finding: Finding) {
        let full = self.list.len() >= KEPT;
        if full && (finding.severity == Severity::Note || self.has_errors()) {
            return;
        }
        if !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }

    /// Keeps the finding of a failure, and gives the value of a success.
    pub fn take<T>(&mut self, result: Result<T, Finding>) -> Option<T> {
        result.map_err(|finding| self.push(finding)).ok()
    }

    /// Adds several findings.
    pub fn append(&mut self, other: impl IntoIterator<Item = Finding>) {
        other.into_iter().for_each(|finding| self.push(finding));
    }

    /// Whether something is wrong; notes alone are not.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|f| f.severity == Severity::Error)
    }

    /// In the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// All findings, notes included.
    pub fn into_vec(self) -> Vec<Finding> {
        self.list
    }

    /// `value` with the notes, if nothing is wrong; else all findings as an error.
    pub fn finish<T>(self, value: Option<T>) -> Result<(T, Vec<Finding>), Error> {
        match value {
            Some(value) if !self.has_errors() => Ok((value, self.list)),
            _ => Err(Error { findings: self.list }),
        }
    }
}

/// The crate's only error: one or more findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub findings: Vec<Finding>,
}

impl From<Finding> for Error {
    fn from(finding: Finding) -> Error {
        Error { findings: vec![finding] }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render(&self.findings, false))
    }
}

/// At most this many findings are printed; the rest is counted.
const PRINTED: usize = 50;

/// Findings as text with excerpts and carets, in the order of their places; `colour` adds terminal colours.
pub fn render(findings: &[Finding], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|f| {
        let at = f.at.as_ref().map(|s| (s.source.name().to_owned(), s.bytes.start));
        (std::cmp::Reverse(f.severity), at)
    });
    let mut blocks: Vec<String> = sorted.iter().take(PRINTED).map(|f| render_one(f, &renderer)).collect();
    if sorted.len() > PRINTED {
        let more = if sorted.len() >= KEPT { "at least " } else { "" };
        blocks.push(format!("… and {more}{} more findings", sorted.len() - PRINTED));
    }
    blocks.join("\n\n")
}

fn render_one(finding: &Finding, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Note => Level::NOTE,
    };
    let what = short(&finding.what);
    let help = finding.help.as_deref().map(short);
    let title = level.primary_title(what.as_str());
    let mut groups: Vec<Group<'_>> = Vec::new();
    let excerpt = finding.at.as_ref().map(Excerpt::around);
    let places: Vec<(String, Option<Excerpt>)> =
        finding.notes.iter().map(|(t, s)| (short(t), s.as_ref().map(Excerpt::around))).collect();
    let mut group = Group::with_title(title);
    if let Some(excerpt) = &excerpt {
        group = group.element(excerpt.snippet(AnnotationKind::Primary, &finding.label));
    }
    for (text, _) in places.iter().filter(|(_, place)| place.is_none()) {
        group = group.element(Level::NOTE.message(text.as_str()));
    }
    groups.push(group);
    for (text, place) in &places {
        if let Some(excerpt) = place {
            let title = Level::NOTE.secondary_title(text.as_str());
            groups.push(Group::with_title(title).element(excerpt.snippet(AnnotationKind::Context, "")));
        }
    }
    if let Some(help) = &help {
        groups.push(Group::with_title(Level::HELP.secondary_title(help.as_str())));
    }
    renderer.render(&groups)
}

/// A sentence that quotes a name of megabytes is cut.
fn short(text: &str) -> String {
    const LONGEST: usize = 1000;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The lines around a span, cut so that a line of megabytes is never printed.
struct Excerpt {
    name: String,
    text: String,
    first_line: usize,
    bytes: Range<usize>,
}

impl Excerpt {
    const WIDTH: usize = 160;

    fn around(span: &Span) -> Excerpt {
        let text = span.source.text();
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, mut end) = (floor(span.bytes.start), floor(span.bytes.end.max(span.bytes.start)));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        end = end.min(line_end).max(start);
        let from = floor(line_start.max(start.saturating_sub(Self::WIDTH)));
        let to = floor(line_end.min(start + Self::WIDTH)).max(start);
        Excerpt {
            name: span.source.name().to_owned(),
            text: text[from..to].to_owned(),
            first_line: span.line(),
            bytes: start - from..end.min(to) - from,
        }
    }

    fn snippet<'a>(
        &'a self,
        kind: AnnotationKind,
        label: &'a str,
    ) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        Snippet::source(self.text.as_str())
            .path(self.name.as_str())
            .line_start(self.first_line)
            .annotation(kind.span(self.bytes.clone()).label(label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Source {
        Source::new("pulse.toml", "title = \"x\"\nvary.kdeg = { cv = \"much\" }\n")
    }

    #[test]
    fn of_findings_without_end_a_thousand_are_kept_and_an_error_is_never_lost() {
        let mut findings = Findings::new();
        (0..3000).for_each(|n| findings.push(Finding::note(format!("note {n}"))));
        assert_eq!(findings.iter().count(), KEPT);
        (0..3).for_each(|n| findings.push(Finding::error(format!("error {n}"))));
        assert!(findings.has_errors());
        assert_eq!(findings.iter().count(), KEPT + 1);
    }

    #[test]
    fn a_name_of_megabytes_is_not_printed_whole() {
        let name = "ä".repeat(1_000_000);
        let finding = Finding::error(format!("there is no `{name}`")).because(name.clone(), None).help(name);
        assert!(render(&[finding], false).len() < 10_000);
    }

    #[test]
    fn a_finding_shows_file_line_caret_expectation_and_remedy() {
        let source = scenario();
        let at = source.text().find("\"much\"").unwrap();
        let finding = Finding::error("`cv` is not a number")
            .at(&source.span(at..at + 6))
            .label("text")
            .because("a coefficient of variation is a number above 0", None)
            .help("write `cv = 0.3`");
        insta::assert_snapshot!(render(&[finding], false), @r#"
        error: `cv` is not a number
         --> pulse.toml:2:20
          |
        2 | vary.kdeg = { cv = "much" }
          |                    ^^^^^^ text
          |
          = note: a coefficient of variation is a number above 0
        help: write `cv = 0.3`
        "#);
    }

    #[test]
    fn the_nearest_name_is_offered_and_nonsense_is_not_matched() {
        assert_eq!(nearest("kdge", ["ksyn", "kdeg"]), Some("kdeg"));
        assert_eq!(nearest("zzz", ["ksyn", "kdeg"]), None);
    }

    #[test]
    fn a_span_outside_its_text_or_inside_a_character_does_not_panic() {
        let source = Source::new("x", "µµ");
        for bytes in [0..1, 1..3, 3..90, 90..95] {
            let _ = render(&[Finding::error("odd").at(&source.span(bytes))], false);
        }
    }

    #[test]
    fn a_line_of_a_megabyte_is_cut() {
        let source = Source::new("x", "a".repeat(1 << 20));
        let text = render(&[Finding::error("long").at(&source.span(500_000..500_001))], false);
        assert!(text.len() < 1000, "{}", text.len());
    }
}
