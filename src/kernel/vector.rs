//! Work over lanes, compiled once for each width of vectors that processors have, chosen when the program runs.
//! Knows nothing of tapes. The only file with `unsafe`: code for a vector unit may run where that unit is.
//!
//! The compiler never fuses a product with a sum by itself, and `math::Fused` does so only where the bits are those of
//! `math::Split`, so each level gives the bits of every other.
#![allow(unsafe_code)]

use std::sync::OnceLock;

/// Widths of vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What every processor of the target has: two lanes at once on x86-64.
    Plain,
    /// Four lanes at once.
    Avx2,
    /// Eight lanes at once.
    Avx512,
}

impl Level {
    /// From narrow to wide.
    pub const ALL: [Level; 3] = [Level::Plain, Level::Avx2, Level::Avx512];

    /// As printed: `plain`, `avx2`, `avx512`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Plain => "plain",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }

    /// Whether this machine has it.
    pub fn is_here(self) -> bool {
        self <= Level::widest()
    }

    fn widest() -> Level {
        static WIDEST: OnceLock<Level> = OnceLock::new();
        *WIDEST.get_or_init(Level::found)
    }

    #[cfg(target_arch = "x86_64")]
    fn found() -> Level {
        let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        let avx512 = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl");
        match (avx2, avx512) {
            (true, true) => Level::Avx512,
            (true, false) => Level::Avx2,
            _ => Level::Plain,
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn found() -> Level {
        Level::Plain
    }

    /// The level at which this process computes: the widest, unless another was chosen.
    pub fn current() -> Level {
        *CHOSEN.get_or_init(Level::widest)
    }

    /// Chooses the level of this process; `false` where the machine lacks it, or where computing has begun at another.
    pub fn choose(self) -> bool {
        self.is_here() && *CHOSEN.get_or_init(|| self) == self
    }
}

static CHOSEN: OnceLock<Level> = OnceLock::new();

/// Something to do over lanes. `run` and all that it calls is marked `#[inline(always)]`, else it stays plain code.
pub trait Work {
    type Result;
    fn run(self) -> Self::Result;

    /// The same to the bit for a processor that multiplies and adds without rounding between (`math::Fused`).
    #[inline(always)]
    fn run_fused(self) -> Self::Result
    where
        Self: Sized,
    {
        self.run()
    }
}

/// Does the work at the level of this process. Always inlined: work that is handed on is copied, which costs more than a call.
#[inline(always)]
pub fn wide<W: Work>(work: W) -> W::Result {
    at(Level::current(), work)
}

/// Does the work at a level; one that the machine lacks is plain.
#[inline(always)]
pub fn at<W: Work>(level: Level, work: W) -> W::Result {
    #[cfg(target_arch = "x86_64")]
    match level {
        // SAFETY: a level above plain is only entered where its features were detected.
        Level::Avx512 if level.is_here() => return unsafe { avx512(work) },
        Level::Avx2 if level.is_here() => return unsafe { avx2(work) },
        _ => {}
    }
    let _ = level;
    // Each processor of that kind multiplies and adds in one.
    if cfg!(target_arch = "aarch64") { work.run_fused() } else { work.run() }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<W: Work>(work: W) -> W::Result {
    work.run_fused()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512bw,avx512vl")]
fn avx512<W: Work>(work: W) -> W::Result {
    work.run_fused()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sum<'a>(&'a [f64; 64]);

    impl Work for Sum<'_> {
        type Result = [f64; 64];
        #[inline(always)]
        fn run(self) -> [f64; 64] {
            std::array::from_fn(|n| crate::math::pow(self.0[n], 1.7) + 0.1 * self.0[n])
        }
        #[inline(always)]
        fn run_fused(self) -> [f64; 64] {
            std::array::from_fn(|n| {
                crate::math::pow_by::<crate::math::Fused>(self.0[n], 1.7) + 0.1 * self.0[n]
            })
        }
    }

    #[test]
    fn every_level_gives_the_same_bits() {
        let values = std::array::from_fn(|n| 0.37 * n as f64);
        let plain = at(Level::Plain, Sum(&values)).map(f64::to_bits);
        for level in Level::ALL {
            assert_eq!(at(level, Sum(&values)).map(f64::to_bits), plain, "{}", level.name());
        }
    }

    #[test]
    fn a_level_is_chosen_once() {
        let current = Level::current();
        assert!(current.choose());
        assert!(Level::ALL.into_iter().filter(|level| *level != current).all(|level| !level.choose()));
    }
}
