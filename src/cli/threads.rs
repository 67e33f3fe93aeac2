//! On how many threads a command computes.
//! Knows nothing of what it computes.

use super::Stop;
use crate::diagnostic::{Finding, Source};

const MOST: usize = 1024;

/// The threads that were asked for; without a number those of the system.
pub struct Threads {
    #[cfg(feature = "threads")]
    pool: Option<rayon::ThreadPool>,
}

impl Threads {
    pub fn of(argument: Option<&str>) -> Result<Threads, Stop> {
        let count = argument.map(count).transpose()?;
        #[cfg(feature = "threads")]
        {
            let build = |count| rayon::ThreadPoolBuilder::new().num_threads(count).build();
            let pool = count.map(build).transpose();
            Ok(Threads { pool: pool.map_err(|e| Stop::Failed(format!("cannot start threads: {e}")))? })
        }
        #[cfg(not(feature = "threads"))]
        {
            let _ = count;
            Ok(Threads {})
        }
    }

    pub fn count(&self) -> usize {
        #[cfg(feature = "threads")]
        {
            self.pool.as_ref().map_or_else(rayon::current_num_threads, rayon::ThreadPool::current_num_threads)
        }
        #[cfg(not(feature = "threads"))]
        1
    }

    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        #[cfg(feature = "threads")]
        if let Some(pool) = &self.pool {
            return pool.install(work);
        }
        work()
    }
}

fn count(argument: &str) -> Result<usize, Stop> {
    match argument.parse::<usize>() {
        Ok(count) if (1..=MOST).contains(&count) => Ok(count),
        _ => {
            let source = Source::new("--threads", argument);
            let finding = Finding::error("this is no number of threads")
                .at(&source.span(0..argument.len()))
                .help(format!("write a whole number from 1 to {MOST}, or leave it out to use all cores"));
            Err(finding.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_thousands_and_words_are_refused() {
        for argument in ["0", "1025", "-1", "four", "", "99999999999999999999"] {
            assert!(matches!(Threads::of(Some(argument)), Err(Stop::Input(_))), "{argument}");
        }
        assert_eq!(Threads::of(Some("2")).unwrap_or_else(|_| panic!()).install(|| 7), 7);
    }
}
