//! The width of vectors that `ALLOSTAT_SIMD` asks for. No result depends on it: that is what it is there to show.
//! Knows nothing of what is computed.

use std::env;

use super::Stop;
use crate::diagnostic::{Finding, Source};
use crate::kernel::Level;

/// Name of the variable.
pub const VARIABLE: &str = "ALLOSTAT_SIMD";

/// Chooses the level that the environment names; without one the widest that the machine has.
pub fn choose() -> Result<(), Stop> {
    match env::var_os(VARIABLE).filter(|name| !name.is_empty()) {
        Some(name) => level(&name.to_string_lossy()).map(|level| {
            // Nothing was computed yet, and the machine has it.
            level.choose();
        }),
        None => Ok(()),
    }
}

fn level(name: &str) -> Result<Level, Stop> {
    let here = || Level::ALL.into_iter().filter(|level| level.is_here()).map(Level::name);
    let source = Source::new(VARIABLE, name);
    let names = here().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let refused = |what: &str| {
        Finding::error(what)
            .at(&source.span(0..name.len()))
            .because(format!("this machine has {names}"), None)
            .help("leave the variable out to use the widest")
    };
    match Level::ALL.into_iter().find(|level| level.name() == name) {
        Some(level) if level.is_here() => Ok(level),
        Some(_) => Err(refused("this machine lacks these vectors").into()),
        None => Err(refused("there are no such vectors").nearest(name, here()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_known_by_its_name_only() {
        assert_eq!(level("plain").ok(), Some(Level::Plain));
        for name in ["Plain", "sse", "avx", "avx513", " ", "plain "] {
            assert!(matches!(level(name), Err(Stop::Input(_))), "{name}");
        }
        for known in Level::ALL {
            assert_eq!(level(known.name()).is_ok(), known.is_here());
        }
    }
}
