//! The scenarios that come with the program, embedded by `build.rs` from `scenarios/*.toml`.
//! Knows nothing of what is in them.

use crate::diagnostic::Source;

/// The preset that is run where none is named.
const FIRST: &str = "overstimulation";

/// In alphabetical order.
fn embedded() -> &'static [(&'static str, &'static str)] {
    include!(concat!(env!("OUT_DIR"), "/scenarios.rs"))
}

/// The built-in scenario of that name.
pub fn preset(name: &str) -> Option<Source> {
    let (name, text) = embedded().iter().find(|(known, _)| *known == name)?;
    Some(Source::new(format!("{name}.toml"), *text))
}

/// Names of the presets, the default first.
pub fn presets() -> Vec<&'static str> {
    let mut names: Vec<&str> = embedded().iter().map(|(name, _)| *name).collect();
    names.sort_by_key(|name| *name != FIRST);
    names
}
