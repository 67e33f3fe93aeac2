//! When something happens again and again: pulses and doses.
//! Knows nothing of what happens then.
//!
//! Nominal onsets are origin + k·every. The origin is a time after the start of the phase (then k >= 0), or a clock time
//! (then k is any whole number, so that what began before the phase is known). Luck is addressed by the absolute
//! period of the nominal onset, floor(onset/every), or its day where nothing repeats: a phase put in front moves no draw.

use super::clock::Days;
use super::fields::{Fields, Reader};
use super::{Agent, DAY, Interval, LONGEST, Micros, Number, Start, Time, WEEK};
use crate::math;
use crate::rng::{Key, Stream};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Onsets {
    pub start: Start,
    /// `None`: once.
    pub every: Option<Time>,
    /// How many at most, those that are missed included.
    pub count: Option<i64>,
    pub days: Option<Days>,
    adherence: Option<(Number, Stream)>,
    jitter: Option<(Time, Stream)>,
}

/// More than this in one phase is nobody's intention.
const COUNT: i64 = 1_000_000_000;

impl Onsets {
    /// Reads `start`, `every`, `count`, `days`, `adherence`, `jitter` and `luck`.
    pub fn read(fields: &Fields, reader: &mut Reader) -> Option<Onsets> {
        let (start, every) = (reader.start(fields, "start"), reader.span(fields, "every"));
        let (count, days) = (reader.whole(fields, "count", 1..=COUNT), reader.days(fields, "days"));
        let (adherence, jitter) = (reader.share(fields, "adherence", 1.0), reader.since(fields, "jitter"));
        let start = start?.unwrap_or(Start::Phase(Time(Number::Fixed(0.0))));
        let (count, days) = (count?, days?);
        let daily = (days.is_some() || count.is_some()) && matches!(start, Start::Clock { cycle: DAY, .. });
        let every = every?.or(daily.then_some(Time(Number::Fixed(DAY as f64))));
        if every.is_none()
            && let Some(key) = ["days", "count"].into_iter().find(|key| fields.get(key).is_some())
        {
            return reader.missing(fields, "every", &format!("`{key}` chooses among what is repeated"));
        }
        let whole_days = every.and_then(|e| e.fixed()).is_some_and(|e| e % DAY == 0);
        if let (Some(_), Some(_), false, Some(given)) = (count, days, whole_days, fields.get("count")) {
            let what = "`count` and `days` together need `every` in whole days".to_owned();
            return reader.refuse(given, what, "write `every = \"1 d\"`");
        }
        Some(Onsets {
            start,
            every,
            count,
            days,
            adherence: adherence?.map(|share| (share, reader.stream(fields, "adherence"))),
            jitter: jitter?.map(|sd| (sd, reader.stream(fields, "jitter"))),
        })
    }

    pub fn common(&self) -> bool {
        let every = self.every.is_none_or(|e| e.fixed().is_some());
        self.start.common() && every && self.regular_luck()
    }

    /// Neither luck nor weekdays: a plain arithmetic sequence.
    pub fn plain(&self) -> bool {
        self.days.is_none() && self.regular_luck()
    }

    fn regular_luck(&self) -> bool {
        self.adherence.is_none() && self.jitter.is_none()
    }

    /// How many onsets a phase has at least, where their period is fixed. A missed one counts little: a search for the next is given
    /// up after some, which is a change as well.
    pub fn least(&self, phase: Interval) -> i64 {
        let Some(every) = self.every.and_then(|every| every.fixed()).filter(|every| *every > 0) else {
            return 0;
        };
        let first = match self.start {
            Start::Phase(after) => after.fixed().unwrap_or(LONGEST).max(0),
            Start::Clock { cycle, .. } => cycle,
        };
        let all = (phase.end - phase.start - first).max(0) / every;
        let all = self.count.map_or(all, |count| all.min(count));
        let all = if self.days.is_some() { all / 7 } else { all };
        if self.adherence.is_some() { all / TRIES as i64 } else { all }
    }

    /// The period where it is fixed; a week where weekdays are chosen.
    pub fn period(&self) -> Option<Micros> {
        let every = self.every?.fixed()?;
        Some(if self.days.is_some() { every.max(WEEK) } else { every })
    }

    /// `every` of an agent; `None` where nothing repeats, or its value makes no period (then nothing happens at all).
    pub fn train<'a>(&'a self, width: Micros, phase: Interval, agent: Agent<'a>) -> Train<'a> {
        let every = self.every.map_or(LONGEST, |every| every.of(agent));
        // A period that is no time: an empty range of k.
        let never = every <= 0;
        let every = every.max(1);
        let (origin, mut first) = match self.start {
            Start::Clock { at, .. } if self.every.is_some() => (at, -LONGEST),
            start => (start.first(phase, agent), 0),
        };
        if self.count.is_some() && first < 0 {
            first = -(origin - phase.start).div_euclid(every);
        }
        let last = match (self.every, self.count) {
            _ if never => first - 1,
            (None, _) => first,
            (_, Some(count)) if self.days.is_none() => first + count - 1,
            _ => LONGEST,
        };
        let width = width.clamp(0, every);
        let reach = if self.jitter.is_some() { (every - width) / 2 } else { 0 };
        let floor = matches!(self.start, Start::Phase(_)).then_some(phase.start);
        Train { onsets: self, origin, every, first, last, width, reach, floor, phase, agent }
    }
}

/// The onsets of one agent in one phase.
pub(super) struct Train<'a> {
    onsets: &'a Onsets,
    pub origin: Micros,
    pub every: Micros,
    pub first: i64,
    pub last: i64,
    /// How long each lasts: at most until the next is due.
    pub width: Micros,
    /// The farthest that jitter moves an onset: half of the gap between two, so that they keep their order.
    reach: Micros,
    /// Onsets counted from the start of the phase are not moved before it.
    floor: Option<Micros>,
    phase: Interval,
    agent: Agent<'a>,
}

/// Onsets looked at before a search gives up and announces a change that is none.
const TRIES: usize = 64;

impl Train<'_> {
    fn nominal(&self, k: i64) -> Micros {
        // At most 2^53 periods of at most 2^53 µs: beyond an `i64` is beyond every phase.
        self.origin.saturating_add(k.saturating_mul(self.every))
    }

    /// The last k that is nominally not after `at`.
    pub fn before(&self, at: Micros) -> i64 {
        (at - self.origin).div_euclid(self.every)
    }

    /// When number k really begins; `None` where it does not happen.
    pub fn onset(&self, k: i64) -> Option<Micros> {
        let nominal = self.nominal(k);
        if k < self.first || k > self.last || !self.chosen(k, nominal) {
            return None;
        }
        let index = nominal.div_euclid(if self.onsets.every.is_some() { self.every } else { DAY }) as u64;
        if let Some((share, stream)) = self.onsets.adherence
            && Key::new(self.agent.seed, stream).uniform(self.agent.index, index) >= share.of(self.agent)
        {
            return None;
        }
        let onset = nominal.saturating_add(self.shift(index));
        Some(self.floor.map_or(onset, |floor| onset.max(floor)))
    }

    fn chosen(&self, k: i64, nominal: Micros) -> bool {
        let Some(days) = self.onsets.days else { return true };
        days.holds(nominal) && self.onsets.count.is_none_or(|count| self.chosen_before(days, k) < count)
    }

    /// How many weekdays were chosen from the first k to this one. `every` is whole days here, so seven periods are a cycle.
    fn chosen_before(&self, days: Days, k: i64) -> i64 {
        let within =
            |from: i64, n: i64| (from..from + n).filter(|&k| days.holds(self.nominal(k))).count() as i64;
        let (cycles, rest) = ((k - self.first).div_euclid(7), (k - self.first).rem_euclid(7));
        cycles * within(self.first, 7) + within(self.first, rest)
    }

    /// A normal shift, truncated to ±reach by drawing from the middle of its distribution.
    fn shift(&self, index: u64) -> Micros {
        let Some((sd, stream)) = self.onsets.jitter else { return 0 };
        let sd = sd.of(self.agent);
        if sd <= 0 || self.reach <= 0 {
            return 0;
        }
        let outside = math::normal_cdf(-(self.reach as f64 / sd as f64).min(8.0));
        let p = outside
            + Key::new(self.agent.seed, stream).uniform(self.agent.index, index) * (1.0 - 2.0 * outside);
        ((math::normal_quantile(p) * sd as f64).round() as Micros).clamp(-self.reach, self.reach)
    }

    /// When the one that lasts at `at` ends.
    pub fn running(&self, at: Micros) -> Option<Micros> {
        let k = self.before(at);
        let ends =
            (k - 1..=k + 1).filter_map(|k| self.onset(k)).filter(|&on| on <= at).map(|on| on + self.width);
        ends.max().filter(|&end| end > at)
    }

    /// The next onset after `at`, or a moment before it where to ask again.
    pub fn next(&self, at: Micros) -> Option<Micros> {
        let mut k = (self.before(at) - 1).max(self.first);
        for _ in 0..TRIES {
            let nominal = self.nominal(k);
            if k > self.last || nominal.saturating_sub(self.reach) >= self.phase.end {
                return None;
            }
            match self.onset(k) {
                Some(onset) if onset > at => return Some(onset),
                _ => k = self.following(k, nominal),
            }
        }
        Some((self.nominal(k).saturating_sub(self.reach)).max(at + 1))
    }

    /// The next k worth a look: on another day where this day is not chosen.
    fn following(&self, k: i64, nominal: Micros) -> i64 {
        match self.onsets.days {
            Some(days) if !days.holds(nominal) => {
                (-(self.origin - days.after(nominal)).div_euclid(-self.every)).max(k + 1)
            }
            _ => k + 1,
        }
    }
}
