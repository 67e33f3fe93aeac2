//! How many agents may fail before a run is no success.
//! Knows the argument and the count; why an agent fails is told elsewhere.

use super::Stop;
use super::page;
use crate::diagnostic::{Finding, Source};
use crate::report::number::{figures, grouped};
use crate::scenario::{Results, Scenario};
use crate::unit::shortest;

/// The largest share of agents that may fail in any arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowed {
    share: f64,
    /// Whether somebody chose it.
    asked: bool,
}

impl Allowed {
    /// `0.01`, `1%` or `1 %`; without an argument none may fail.
    pub fn of(argument: Option<&str>) -> Result<Allowed, Stop> {
        let Some(text) = argument else { return Ok(Allowed { share: 0.0, asked: false }) };
        let (number, divisor) = match text.trim().strip_suffix('%') {
            Some(number) => (number, 100.0),
            None => (text, 1.0),
        };
        match number.trim().parse::<f64>().map(|number| number / divisor) {
            Ok(share) if (0.0..=1.0).contains(&share) => Ok(Allowed { share, asked: true }),
            _ => Err(Finding::error("this is no share of agents")
                .at(&Source::new("--allow-failures", text).span(0..text.len()))
                .because("it is the largest share that may fail in any arm", None)
                .help("write a number from 0 to 1, such as `0.01`, or per cent, such as `1%`")
                .into()),
        }
    }

    /// Whether no arm lost more; where one did, that is told on standard error.
    pub fn judge(&self, scenario: &Scenario, results: &Results) -> bool {
        let mut counts = vec![0_u64; scenario.arms.len()];
        results.collected.failures.iter().for_each(|failure| counts[failure.arm] += 1);
        let Some((arm, count)) = counts.into_iter().enumerate().max_by_key(|(arm, n)| (*n, usize::MAX - arm))
        else {
            return true;
        };
        let agents = scenario.plan.population.agents;
        let fine = self.takes(count, agents);
        if let Some(first) = results.collected.failures.iter().find(|failure| !fine && failure.arm == arm) {
            page::tell(&[self.finding(&scenario.arms[arm].name, count, agents, first.agent)]);
        }
        fine
    }

    /// Seven in a thousand are 0.7 %, whatever the last bits say.
    fn takes(&self, count: u64, agents: u64) -> bool {
        count as f64 <= self.share * agents as f64 * (1.0 + 1e-12)
    }

    fn finding(&self, arm: &str, count: u64, agents: u64, first: u64) -> Finding {
        // Rounded up, so that the share that is told is large enough to be allowed.
        let share = shortest((1e6 * count as f64 / agents as f64 - 1e-6).ceil() / 1e4);
        let most = figures(100.0 * self.share);
        let allowed = if self.asked { format!("{most} % may") } else { "none may".to_owned() };
        let (count, agents) = (grouped(count), grouped(agents));
        Finding::error(format!("{count} of {agents} agents stopped in arm `{arm}`: {share} %, and {allowed}"))
            .help(format!(
                "`allostat replay latest --agent {first}` tells what the first of them went through; \
                 `--allow-failures {share}%` takes so many as they are"
            ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_number_or_per_cent() {
        let share = |text| Allowed::of(Some(text)).map(|allowed| allowed.share).ok();
        for (text, expected) in
            [("0", 0.0), ("1", 1.0), ("0.01", 0.01), ("1%", 0.01), (" 2.5 % ", 0.025), ("1e-3", 0.001)]
        {
            assert_eq!(share(text), Some(expected), "{text}");
        }
        assert_eq!(Allowed::of(None).ok(), Some(Allowed { share: 0.0, asked: false }));
    }

    #[test]
    fn the_share_that_a_finding_proposes_takes_what_it_told_of() {
        for (count, agents) in [(1, 1000), (7, 1000), (1, 3), (29, 100), (1, 999_983), (64, 64)] {
            let none = Allowed::of(None).unwrap_or_else(|_| panic!());
            assert!(!none.takes(count, agents));
            let help = none.finding("rest", count, agents, 0).help.unwrap();
            let share = help.split("--allow-failures ").nth(1).unwrap().split('`').next().unwrap();
            let allowed = Allowed::of(Some(share)).unwrap_or_else(|_| panic!("{share}"));
            assert!(allowed.takes(count, agents), "{count} of {agents}: {share}");
        }
    }

    #[test]
    fn what_is_no_share_is_a_finding() {
        for text in ["", "%", "-0.1", "1.01", "101%", "nan", "inf", "few", "1 %%", "0,01"] {
            assert!(matches!(Allowed::of(Some(text)), Err(Stop::Input(_))), "{text}");
        }
    }
}
