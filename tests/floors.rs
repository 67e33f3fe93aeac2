//! The house as ARCHITECTURE.md draws it: no import upward, no file system or terminal below the top, no `unsafe`, no
//! platform mathematics where bits count.
//! Knows nothing of what the modules do. Code under `#[cfg(test)]` is free.

mod rust;
mod tree;

use std::collections::BTreeSet;

use rust::{Word, after, firsts, without_tests, words};

/// The one file that may say `unsafe`: it enters code made for a vector unit after that unit was found.
const VECTORS: &str = "src/kernel/vector.rs";
/// Modules that may name files, the environment, clocks and the terminal.
const DOORS: [&str; 3] = ["report", "cli", "main"];
/// Of `std`; each differs between machines or moments.
const OUTSIDE: [&str; 6] = ["env", "fs", "net", "os", "process", "thread"];
const TERMINAL: [&str; 5] = ["stdin", "stdout", "stderr", "Instant", "SystemTime"];
const MACROS: [&str; 5] = ["print", "println", "eprint", "eprintln", "dbg"];
/// Methods of `f64` whose last bit is the platform's; `crate::math` has its own.
const PLATFORM: [&str; 27] = [
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "exp", "exp2",
    "exp_m1", "hypot", "ln", "ln_1p", "log", "log10", "log2", "powf", "powi", "sin", "sin_cos", "sinh",
    "tan", "tanh", "gamma",
];

/// The modules in the order of the table: floor by floor, from left to right.
struct Floors(Vec<(usize, String)>);

impl Floors {
    /// Rows `| 1 text and meaning | `document` … |` of a Markdown table.
    fn read(page: &str) -> Floors {
        let rows = page.lines().filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            let floor = cells.next()?.split_whitespace().next()?.parse().ok()?;
            Some((floor, cells.next()?.to_owned()))
        });
        let names = |(floor, cell): (usize, String)| {
            let names: Vec<String> = cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            names.into_iter().map(move |name| (floor, name))
        };
        Floors(rows.flat_map(names).collect())
    }

    fn rank(&self, module: &str) -> Option<usize> {
        self.0.iter().position(|(_, name)| name == module)
    }

    /// What is wrong with one import, if anything.
    fn import(&self, path: &str, own: &str, imported: &Word) -> Option<String> {
        let place = format!("`{path}:{}`", imported.line);
        let name = &imported.text;
        let (Some(from), Some(to)) = (self.rank(own), self.rank(name)) else {
            let missing = if self.rank(own).is_none() { own } else { name };
            return Some(format!(
                "{place} names `crate::{name}`, and `{missing}` stands on no floor of ARCHITECTURE.md"
            ));
        };
        let (floor, above) = (self.0[from].0, self.0[to].0);
        let how = match above > floor {
            true => "which is upward",
            false => "to the right of it, which counts as upward",
        };
        (to > from).then(|| {
            format!(
                "{place} ({own}, floor {floor}) imports `crate::{name}` (floor {above}), {how}: \
                 move what it needs down, or let the caller pass a value"
            )
        })
    }
}

/// All that is wrong with the files `(path, text)` of `src`.
fn faults(floors: &Floors, files: &[(String, String)]) -> Vec<String> {
    let split: Vec<_> = files.iter().map(|(path, text)| (path, without_tests(&words(text)))).collect();
    let tests: Vec<String> =
        split.iter().flat_map(|(path, (_, modules))| test_files(path, modules)).collect();
    let lived_in =
        |path: &str| !tests.iter().any(|t| path == format!("{t}.rs") || path.starts_with(&format!("{t}/")));
    let mut faults = Vec::new();
    for (path, (words, _)) in split.iter().filter(|(path, _)| lived_in(path)) {
        let steps = module(path);
        let own = steps.first().map_or("lib", String::as_str);
        if !matches!(own, "lib" | "main") {
            let imported = firsts(words, "crate").into_iter().chain(through_super(words, steps.len()));
            faults.extend(imported.filter_map(|word| floors.import(path, own, word)));
        }
        faults.extend(outside(path, own, words));
        faults.extend(platform(path, own, words));
        faults.extend(
            words
                .iter()
                .filter(|w| w.text == "unsafe" && path.as_str() != VECTORS)
                .map(|w| format!("`{path}:{}` is unsafe", w.line)),
        );
    }
    faults
}

/// `src/unit/parse.rs` is [unit, parse]; `src/unit/mod.rs` is [unit]; `src/lib.rs` is [].
fn module(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    path.split('/').filter(|step| !matches!(*step, "mod" | "lib")).map(str::to_owned).collect()
}

/// Paths without `.rs` of the modules that `path` declares for tests only.
fn test_files(path: &str, modules: &[String]) -> Vec<String> {
    let folder = ["src".to_owned()].into_iter().chain(module(path)).collect::<Vec<_>>().join("/");
    modules.iter().map(|name| format!("{folder}/{name}")).collect()
}

/// Modules reached by climbing to the root with `super::super::…`.
fn through_super(words: &[Word], depth: usize) -> impl Iterator<Item = &Word> {
    let climbs = move |&at: &usize| {
        let step = |n: usize| words.get(at + 2 * n).is_some_and(|w| w.text == "super");
        let begins = at == 0 || words[at - 1].text != "::";
        begins && (0..depth).all(step) && !step(depth)
    };
    (0..words.len()).filter(climbs).flat_map(move |at| after(words, at + 2 * depth - 1))
}

fn outside(path: &str, own: &str, words: &[Word]) -> Vec<String> {
    if DOORS.contains(&own) {
        return Vec::new();
    }
    let parts = firsts(words, "std").into_iter().filter(|w| OUTSIDE.contains(&w.text.as_str()));
    let signs = words.iter().filter(|w| TERMINAL.contains(&w.text.as_str()));
    let printed = words.windows(2).filter(|w| MACROS.contains(&w[0].text.as_str()) && w[1].text == "!");
    let told = |w: &Word| {
        let (line, text) = (w.line, &w.text);
        format!(
            "`{path}:{line}` names `{text}`: files, clocks, threads and the terminal belong to report and cli"
        )
    };
    parts.chain(signs).chain(printed.map(|w| &w[0])).map(told).collect()
}

fn platform(path: &str, own: &str, words: &[Word]) -> Vec<String> {
    let called = |three: &&[Word]| {
        let [before, name, after] = three else { return false };
        let method = before.text == "." && after.text == "(";
        let function = before.text == "::" && words_before(words, before) == Some("f64");
        PLATFORM.contains(&name.text.as_str()) && (method || function)
    };
    // Figures hold no state, and no digest covers them.
    let calls = words.windows(3).filter(called).filter(|_| own != "figure");
    calls
        .map(|three| {
            let (line, name) = (three[1].line, &three[1].text);
            format!("`{path}:{line}` calls the platform's `{name}`, which differs in the last bit: use `crate::math`")
        })
        .collect()
}

/// The word that stands before `word`, itself a part of `words`.
fn words_before<'a>(words: &'a [Word], word: &Word) -> Option<&'a str> {
    let at = words.iter().position(|w| std::ptr::eq(w, word))?;
    words.get(at.checked_sub(1)?).map(|w| w.text.as_str())
}

fn drawn() -> Floors {
    Floors::read(
        &std::fs::read_to_string(tree::root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there"),
    )
}

#[test]
fn no_file_breaks_the_house() {
    let files = tree::files("src").into_iter().filter(|f| f.path.ends_with(".rs"));
    let files: Vec<(String, String)> = files.map(|f| (f.path.clone(), f.text())).collect();
    let faults = faults(&drawn(), &files);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_table_names_exactly_the_modules_of_the_library() {
    let library = std::fs::read_to_string(tree::root().join("src/lib.rs")).expect("src/lib.rs is there");
    let words = words(&library);
    let declared = words.windows(3).filter(|w| w[0].text == "mod" && w[2].text == ";");
    let declared: BTreeSet<String> = declared.map(|w| w[1].text.clone()).collect();
    let drawn = drawn().0;
    let table: BTreeSet<String> = drawn.iter().map(|(_, name)| name.clone()).collect();
    assert_eq!(table, declared, "left: the table of ARCHITECTURE.md, right: src/lib.rs");
    assert_eq!(table.len(), drawn.len(), "a module stands on two floors");
    assert!(drawn.is_sorted_by_key(|(floor, _)| *floor), "the floors are not in order");
}

/// What is wrong with one file, in a small house.
fn found(path: &str, text: &str) -> Vec<String> {
    let page =
        "| floor | modules |\n|---|---|\n| 0 ground | `unit` `rng` |\n| 1 | `model` `figure` `cli` |\n";
    faults(&Floors::read(page), &[(path.to_owned(), text.to_owned())])
}

#[test]
fn an_upward_import_is_found_however_it_is_written() {
    let texts = [
        "use crate::model::Model;",
        "use crate::{unit::Unit, model};",
        "use crate::{\n    unit::{Unit, Kind},\n    model::{self, Model},\n};",
        "fn f(m: &crate::model::Model) {}",
        "pub(in crate::model) fn f() {}",
        "use super::super::model::Model;",
        "use super::super::{unit, model};",
        "const A: char = '\"'; use crate::model; const B: &str = \"\\\"\";",
        "const R: &str = r#\"quoted \" \"#; use crate::model;",
        "fn f<'a>(x: &'a str) -> &'a crate::model::Model {}",
        "#[cfg(not(test))] use crate::model;",
        "#[cfg(test)] mod tests { use crate::model; } use crate::model;",
        "/* a /* nested */ comment */ use crate::model;",
    ];
    for text in texts {
        let faults = found("src/unit/parse.rs", text);
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        assert!(
            faults[0].contains("(unit, floor 0) imports `crate::model` (floor 1), which is upward"),
            "{faults:?}"
        );
    }
}

#[test]
fn an_import_says_its_line_and_rightward_counts() {
    let fault = "`src/unit/mod.rs:3` (unit, floor 0) imports `crate::rng` (floor 0), to the right of it, which counts as \
                 upward: move what it needs down, or let the caller pass a value";
    assert_eq!(found("src/unit/mod.rs", "//! Units.\n\nuse crate::rng::draw;\n"), [fault]);
}

#[test]
fn what_is_downward_or_not_code_is_free() {
    let texts = [
        "use crate::unit::Unit; use crate::rng; use crate::model::read;",
        "// use crate::cli;\n/// [`crate::cli`]\nconst TEXT: &str = \"crate::cli std::fs unsafe\";",
        "#[cfg(test)]\nmod tests {\n    use crate::cli; fn f() { println!(\"{}\", 2f64.exp()); }\n}",
        "#[cfg(test)] #[allow(dead_code)] use crate::cli::{run, main};",
        "const R: &str = r##\"crate::cli \"# crate::cli\"##;",
        "const C: [char; 2] = ['\\'', '\"']; // crate::cli",
        "use super::super::unit; use super::names;",
        "let y = crate::unit::exp(x) + x.sqrt().abs();",
    ];
    for text in texts {
        assert_eq!(found("src/model/read.rs", text), [""; 0], "{text}");
    }
}

#[test]
fn a_module_for_tests_only_is_free_in_its_own_file() {
    let page = "| 0 | `unit` |\n| 1 | `model` |\n";
    let files = [
        ("src/unit/mod.rs", "#[cfg(test)]\nmod tests;\nmod parse;"),
        ("src/unit/tests.rs", "use crate::model;"),
        ("src/unit/tests/more.rs", "use crate::model;"),
        ("src/unit/parse.rs", "#[cfg(test)]\nmod tests;"),
        ("src/unit/parse/tests.rs", "use crate::model;"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    assert_eq!(faults(&Floors::read(page), &files), [""; 0]);
}

#[test]
fn files_terminals_platform_mathematics_and_unsafe_are_found() {
    let texts = [
        ("use std::fs;", "`fs`"),
        ("use std::{fmt, env};", "`env`"),
        ("fn f() { println!(); }", "`println`"),
        ("use std::time::Instant;", "`Instant`"),
        ("fn f(x: f64) -> f64 { x.exp() }", "platform's `exp`"),
        ("fn f(x: f64) -> f64 { 10f64.powi(2) }", "platform's `powi`"),
        ("fn f(x: &[f64]) { x.iter().map(f64::ln) }", "platform's `ln`"),
        ("fn f() { unsafe { g() } }", "is unsafe"),
        ("use crate::unknown;", "`unknown` stands on no floor"),
    ];
    for (text, part) in texts {
        let faults = found("src/model/read.rs", text);
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        assert!(faults[0].contains(part), "{faults:?}");
    }
    assert_eq!(found("src/figure/scale.rs", "fn f(x: f64) -> f64 { x.log10() }"), [""; 0]);
    assert_eq!(found("src/cli/run.rs", "use std::fs; fn f() { println!(); }"), [""; 0]);
}
