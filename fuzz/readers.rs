//! One function per reader of text, for the fuzz targets and for the corpus as a test: whatever comes is read or
//! refused, never a panic, and each refusal can be printed.
//! Knows nothing of where the bytes come from. Bytes that are no UTF-8 come as their replacement characters: refusing
//! them is for whoever reads files.

use allostat::diagnostic::{Error, Finding, Source, render};
use allostat::expression::{Arena, Id, LONGEST, Notation, lower, parse, print};
use allostat::model::Model;
use allostat::scenario::Scenario;

fn source(name: &str, bytes: &[u8]) -> Source {
    Source::new(name, String::from_utf8_lossy(bytes))
}

/// Each finding has something to say, and is printed with an excerpt that exists.
fn told(findings: &[Finding]) {
    assert!(!findings.is_empty(), "refused without a finding");
    for finding in findings {
        assert!(!finding.what.is_empty(), "{finding:?}");
        assert!(!render(std::slice::from_ref(finding), false).is_empty());
        if let Some(at) = &finding.at {
            let text = at.source.text();
            assert!(text.get(at.bytes.clone()).is_some(), "{:?} is no place of its text", at.bytes);
        }
    }
    assert!(!render(findings, true).is_empty());
}

fn read_or_told<T>(read: Result<T, Error>) -> Option<T> {
    read.map_err(|error| told(&error.findings)).ok()
}

/// True where the text is a model.
pub fn model(bytes: &[u8]) -> bool {
    let Some(model) = read_or_told(Model::read("mine", &source("mine.toml", bytes))) else { return false };
    for name in model.names() {
        let place = model.source.span(0..0);
        assert!(
            model.resolve(&mut model.arena.clone(), name, &place).is_ok(),
            "{name} is a name and has no meaning"
        );
    }
    model.conserved();
    true
}

/// True where the text is a scenario. One series and one model lie beside it.
pub fn scenario(bytes: &[u8]) -> bool {
    let files = |name: &str| match name {
        "steps.csv" => Ok(Source::new(name, "time,L\n0,1\n2,5\n4,0\n")),
        "mine.toml" => Ok(Source::new(name, include_str!("corpus/model/smallest.toml"))),
        _ => Err(format!("there is no file `{name}`")),
    };
    read_or_told(Scenario::read("mine", &source("mine.toml", bytes), &[], &files)).is_some()
}

/// True where the text is an expression; then it is printed and read back to the same node.
pub fn expression(bytes: &[u8]) -> bool {
    let text = source("expression", bytes);
    let mut arena = Arena::new();
    let Some(id) = node(&mut arena, text.text()) else { return false };
    assert!(!print(&arena, id, Notation::Latex).is_empty());
    let printed = print(&arena, id, Notation::Text);
    if printed.len() <= LONGEST {
        assert_eq!(node(&mut arena, &printed), Some(id), "`{printed}` is another expression");
    }
    true
}

/// All names are symbols; quantities and moments have no meaning here.
fn node(arena: &mut Arena, text: &str) -> Option<Id> {
    let whole = Source::new("expression", text).span(0..text.len());
    let lowered = parse(text, &whole).and_then(|syntax| {
        lower(&syntax, arena, &mut |arena, name, _| Ok(arena.named(name)), &mut |_, _| None)
    });
    lowered.map_err(|finding| told(&[finding])).ok()
}
