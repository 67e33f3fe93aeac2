//! `--share 3/8`: every eighth unit, beginning with the third.
//! Knows nothing of what is in a unit.

use crate::cli::Stop;
use crate::diagnostic::{Finding, Source};

const MOST: u64 = 1_000_000;

/// Which turns are one process's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// From 1.
    pub own: u64,
    pub of: u64,
}

impl Share {
    pub fn of(argument: Option<&str>) -> Result<Share, Stop> {
        let Some(argument) = argument else { return Ok(Share { own: 1, of: 1 }) };
        let parts =
            argument.split_once('/').and_then(|(own, of)| Some((own.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((own, of)) if (1..=of).contains(&own) && of <= MOST => Ok(Share { own, of }),
            _ => {
                let source = Source::new("--share", argument);
                let finding = Finding::error("this is no share")
                    .at(&source.span(0..argument.len()))
                    .help("write which part of how many, from 1: `3/8`");
                Err(finding.into())
            }
        }
    }

    pub fn has(self, turn: u64) -> bool {
        turn % self.of == self.own - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_every_turn_once() {
        for of in 1..=7 {
            for turn in 0..50 {
                assert_eq!((1..=of).filter(|own| Share { own: *own, of }.has(turn)).count(), 1);
            }
        }
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for argument in ["", "0/4", "5/4", "1", "1/0", "-1/4", "a/b", "1/2/3", "1/99999999999999999999"] {
            assert!(matches!(Share::of(Some(argument)), Err(Stop::Input(_))), "{argument}");
        }
        assert_eq!(Share::of(Some("4/4")).unwrap_or_else(|_| panic!()), Share { own: 4, of: 4 });
    }
}
