//! Names, sizes and words of the files of this repository, and the sources of numbers in models.
//! Knows nothing of what the code does.

mod tree;

use std::collections::HashMap;
use std::fs;

use tree::files;

/// Lines of a source file, at most.
const LONGEST: usize = 450;
/// Files that Windows keeps for devices, whatever the extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
/// Why Windows refuses a path, if it does.
fn refused(path: &str) -> Option<String> {
    let of_device = |stem: &str| {
        let numbered = |port: &str| stem.strip_prefix(port).is_some_and(|n| n.len() == 1 && n != "0");
        DEVICES.contains(&stem) || (stem.is_ascii() && (numbered("com") || numbered("lpt")))
    };
    let step = |name: &str| {
        let stem = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
        let sign = name.chars().find(|c| r#"<>:"|?*\"#.contains(*c) || c.is_control());
        match sign {
            Some(sign) => Some(format!("`{path}` contains {sign:?}")),
            None if name.ends_with(['.', ' ']) => {
                Some(format!("a step of `{path}` ends with a dot or a space"))
            }
            None if of_device(&stem) => Some(format!("`{path}` is named like the device `{stem}`")),
            None => None,
        }
    };
    let long = (path.len() > 180).then(|| format!("`{path}` is too long for a folder of some depth"));
    path.split('/').find_map(step).or(long)
}

/// What is wrong with where a number is said to come from.
fn source_fault(source: &str) -> Option<&'static str> {
    let source = source.trim();
    match source.strip_prefix("unchecked:") {
        Some(rest) if rest.trim().is_empty() => Some("`unchecked:` names nothing"),
        None if source.is_empty() => Some("it is empty: write `assumed` where it is"),
        None if source.contains("[M]") || source.contains("from memory") => {
            Some("what is from memory begins with `unchecked:`")
        }
        _ => None,
    }
}

#[test]
fn windows_takes_every_file_name() {
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut faults = Vec::new();
    for file in files("") {
        faults.extend(refused(&file.path));
        if let Some(other) = seen.insert(file.path.to_lowercase(), file.path.clone()) {
            faults.push(format!("`{other}` and `{}` are one file where case does not count", file.path));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn names_that_windows_refuses_are_known() {
    for path in ["a/con.toml", "NUL", "a/com1.rs", "x./y", "a/b ", "a:b", "what?.md", &"a".repeat(181)] {
        assert!(refused(path).is_some(), "{path}");
    }
    for path in ["src/console.rs", ".ci/run", "a/common.rs", "docs/gallery/ec50-emax.png", "com0/command.rs"]
    {
        assert_eq!(refused(path), None);
    }
}

#[test]
fn there_are_no_symlinks() {
    let link = |file: &tree::File| fs::symlink_metadata(&file.place).is_ok_and(|data| data.is_symlink());
    let links: Vec<String> = files("").iter().filter(|f| link(f)).map(|f| f.path.clone()).collect();
    assert!(links.is_empty(), "{links:?}");
}

#[test]
fn source_files_are_short_and_open_with_what_they_are() {
    let mut faults = Vec::new();
    for folder in ["src", "tests", "benches", "fuzz"] {
        for file in files(folder).iter().filter(|file| file.path.ends_with(".rs")) {
            let text = file.text();
            let lines = text.lines().count();
            if lines > LONGEST {
                faults.push(format!("`{}` has {lines} lines; divide it by what its parts do", file.path));
            }
            // A file of one line says itself what it is.
            if lines > 1 && !text.starts_with("//!") {
                faults.push(format!(
                    "`{}` does not begin with `//!`: what it is, what it knows nothing of",
                    file.path
                ));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_number_of_a_model_says_where_it_comes_from() {
    let mut faults = Vec::new();
    for file in files("models").iter().filter(|file| file.path.ends_with(".toml")) {
        let model: toml::Table = file.text().parse().unwrap_or_else(|e| panic!("{}: {e}", file.path));
        let parameters = model.get("parameters").and_then(toml::Value::as_table);
        for (name, parameter) in parameters.into_iter().flatten() {
            let source = parameter.get("source").and_then(toml::Value::as_str).unwrap_or_default();
            faults.extend(
                source_fault(source).map(|fault| format!("`{}`, source of `{name}`: {fault}", file.path)),
            );
        }
        let sources = model.get("sources").and_then(toml::Value::as_array);
        for source in sources.into_iter().flatten() {
            let fault = source_fault(source.as_str().unwrap_or_default());
            faults.extend(fault.map(|fault| format!("`{}`, sources: {fault}", file.path)));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn a_source_is_assumed_unchecked_or_a_text() {
    for source in ["assumed", "unchecked: Wiley 1981", "pubmed 8794912", "assumed; pubmed 1"] {
        assert_eq!(source_fault(source), None, "{source}");
    }
    for source in ["", "  ", "unchecked:", "unchecked: ", "Wiley 1981 [M]", "Wiley 1981, from memory"] {
        assert!(source_fault(source).is_some(), "{source}");
    }
}

/// The command of a line of `.ci/run`, as a reader would type it.
fn command(line: &str) -> Option<String> {
    let line = line.trim().replace(" --locked", "");
    if let Some(checked) = line.strip_prefix("type_check ") {
        return Some(format!("cargo check --target {checked}"));
    }
    let (_, command) = line.strip_prefix("step \"")?.split_once("\" ")?;
    Some(command.trim_start_matches("env ").to_owned())
}

#[test]
fn the_readme_names_every_command_of_the_checks() {
    let text =
        |path: &str| fs::read_to_string(tree::root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    let (readme, checks) = (text("README.md"), text(".ci/run"));
    // Inside its function, a target is not a command yet.
    let commands: Vec<String> =
        checks.lines().filter(|line| !line.contains('$')).filter_map(command).collect();
    assert!(commands.contains(&"cargo test".to_owned()), "{commands:?}");
    assert!(commands.len() >= 8, "{commands:?}");
    for command in commands {
        assert!(readme.contains(&command), "`{command}` is not in the README");
    }
}
