//! What the inputs of an arm do, as polylines: steps as two points at one time, curves through enough points.
//! Knows nothing of figures; asks schedules piece by piece, as an engine does.
//!
//! The agent drawn has median luck in every value that varies (score 0), stands in no group, and draws the luck of its
//! random schedules as agent 0.

use std::f64::consts::TAU;

use crate::engine::{Arm, Phase};
use crate::stimulus::{Agent, Micros, Piece, Schedule};

use super::tables::{in_time, in_time_of};
use super::{Course, Scenario};

/// Points of one polyline. A picture has fewer columns, so that more pulses are drawn as well by their extremes.
const MOST_POINTS: usize = 20_000;
/// Points per curved piece, and per period of a sinusoid.
const FINE: usize = 24;
/// Equal bins of an envelope: more than a picture has columns.
const BINS: i64 = 2_500;
/// Pieces looked at in a bin: 16 pulses. Those of a train are alike.
const PIECES_PER_BIN: usize = 32;
/// Relative distance from the baseline that is rounding.
const SAME: f64 = 1e-12;

impl Scenario {
    /// What each input of an arm does, for the figure's strip; inputs at baseline throughout are left out.
    pub fn courses(&self, arm: usize) -> Vec<Course> {
        let (words, plan) = (&self.arms[arm], &self.plan.arms[arm]);
        let values = self.median_values(plan);
        let agent = Agent { seed: self.plan.population.seed, index: 0, values: &values };
        let mut courses = Vec::new();
        for (input, text) in words.model.inputs.iter().enumerate() {
            let (tick, baseline) = (plan.system.microseconds, baseline(plan, input, &values));
            let line = Drawn { phases: &plan.phases, input, agent, tick, baseline }.line();
            if line.iter().all(|(_, value)| (value - baseline).abs() <= SAME * baseline.abs()) {
                continue;
            }
            courses.push(Course {
                input: text.name.clone(),
                doc: text.doc.clone(),
                unit: text.unit.label().to_owned(),
                times: line.iter().map(|(time, _)| time.shown(&self.time)).collect(),
                values: line.iter().map(|(_, value)| *value).collect(),
            });
        }
        courses
    }

    /// The values of an agent with score 0 in all that varies.
    fn median_values(&self, arm: &Arm) -> Vec<f64> {
        let vary = &self.plan.population.vary;
        let median = |slot: &crate::engine::Slot| match slot.vary.and_then(|position| vary.get(position)) {
            Some(vary) => vary.spread.quantile(slot.value, 0.0),
            None => slot.value,
        };
        arm.slots.iter().map(median).collect()
    }
}

fn baseline(arm: &Arm, input: usize, values: &[f64]) -> f64 {
    let system = &arm.system;
    system.arena.evaluate(system.baselines[input], &|sym| {
        let slot = system.values.iter().position(|known| *known == sym);
        slot.and_then(|slot| values.get(slot)).copied().unwrap_or(f64::NAN)
    })
}

/// A time of a point: a whole microsecond, and how far behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct When {
    micros: Micros,
    after: f64,
}

impl When {
    fn whole(micros: Micros) -> When {
        When { micros, after: 0.0 }
    }

    /// In the scenario's time.
    fn shown(self, unit: &crate::unit::Unit) -> f64 {
        if self.after == 0.0 {
            in_time(self.micros, unit)
        } else {
            in_time_of(self.micros as f64 + self.after, unit)
        }
    }
}

type Point = (When, f64);

/// One input of one agent over all phases of an arm.
struct Drawn<'a> {
    phases: &'a [Phase],
    input: usize,
    agent: Agent<'a>,
    /// Microseconds in one unit of the model's time.
    tick: f64,
    /// What it is in a phase without a schedule.
    baseline: f64,
}

/// One closed form, from one change to the next.
struct Segment {
    from: Micros,
    to: Micros,
    piece: Piece,
}

impl Drawn<'_> {
    /// The polyline; empty where nothing reads the input.
    fn line(&self) -> Vec<Point> {
        let Some(last) = self.phases.last() else { return Vec::new() };
        if self.phases.iter().all(|phase| self.schedule(phase).is_none()) {
            return Vec::new();
        }
        let (start, end) = (self.phases[0].when.start, last.when.end);
        self.every_piece(start, end).unwrap_or_else(|| self.envelope(start, end))
    }

    fn schedule<'p>(&self, phase: &'p Phase) -> Option<&'p Schedule> {
        phase.inputs.get(self.input)?.as_ref()
    }

    /// What it is from `at` until the next change, at the latest until `end`.
    fn segment(&self, at: Micros, end: Micros) -> Option<Segment> {
        let position = self.phases.partition_point(|phase| phase.when.end <= at);
        let phase = self.phases.get(position)?;
        let (piece, next) = match self.schedule(phase) {
            Some(schedule) => schedule.piece(at, phase.when, self.agent),
            None => (Piece::Constant(self.baseline), None),
        };
        let to = next.unwrap_or(phase.when.end).min(end);
        (to > at).then_some(Segment { from: at, to, piece })
    }

    /// `None` where it would have more points than can be drawn.
    fn every_piece(&self, start: Micros, end: Micros) -> Option<Vec<Point>> {
        let mut line = Vec::new();
        let mut at = start;
        // A change may change nothing, so that pieces are counted beside points.
        for _ in 0..MOST_POINTS {
            let Some(segment) = self.segment(at, end) else { return Some(line) };
            let offsets = segment.offsets(self.tick, MOST_POINTS)?;
            if line.len() + offsets.len() > MOST_POINTS {
                return None;
            }
            segment.points(&offsets, self.tick).for_each(|point| join(&mut line, point));
            at = segment.to;
        }
        (at >= end).then_some(line)
    }

    /// Least and greatest value of equal bins where they are met, beside the first and the last value.
    fn envelope(&self, start: Micros, end: Micros) -> Vec<Point> {
        let edge =
            |bin: i64| start + (i128::from(end - start) * i128::from(bin) / i128::from(BINS)) as Micros;
        let mut line: Vec<Point> = Vec::new();
        let mut last = None;
        for bin in 0..BINS {
            let met = self.met(edge(bin), edge(bin + 1));
            if bin == 0
                && let Some(first) = met.first()
            {
                line.push(*first);
            }
            extremes(&met).into_iter().for_each(|point| join(&mut line, point));
            last = met.last().copied().or(last);
        }
        if let Some((_, value)) = last {
            join(&mut line, (When::whole(end), value));
        }
        line
    }

    /// Points of the first pieces in a bin.
    fn met(&self, from: Micros, to: Micros) -> Vec<Point> {
        let mut met = Vec::new();
        let mut at = from;
        for _ in 0..PIECES_PER_BIN {
            let Some(segment) = self.segment(at, to) else { break };
            // A sinusoid of many periods in one bin: its first four show both extremes.
            let offsets =
                segment.offsets(self.tick, 4 * FINE).unwrap_or_else(|| segment.first_periods(self.tick));
            met.extend(segment.points(&offsets, self.tick));
            at = segment.to;
        }
        met
    }
}

impl Segment {
    /// Where to put points, in model time since its start: 0 and its end, and enough between them; `None` where these are
    /// more than `most`.
    fn offsets(&self, tick: f64, most: usize) -> Option<Vec<f64>> {
        let whole = (self.to - self.from) as f64 / tick;
        if self.piece.constant().is_some() || matches!(self.piece, Piece::Line { .. }) {
            return Some(vec![0.0, whole]);
        }
        let periods = fastest(&self.piece) * whole / TAU;
        let wanted = FINE as f64 * periods.max(1.0);
        if wanted.is_nan() || wanted > most as f64 {
            return None;
        }
        let n = wanted.ceil() as usize;
        let mut offsets: Vec<f64> = (0..=n).map(|k| whole * (k as f64 / n as f64)).collect();
        let mut rates = Vec::new();
        decay_rates(&self.piece, &mut rates);
        for rate in rates.into_iter().filter(|rate| rate * whole > STEEP) {
            offsets.extend(TIME_CONSTANTS.map(|x| x / rate).into_iter().filter(|t| *t < whole));
        }
        offsets.sort_by(f64::total_cmp);
        offsets.dedup();
        Some(offsets)
    }

    fn first_periods(&self, tick: f64) -> Vec<f64> {
        let period = TAU / fastest(&self.piece);
        let whole = (self.to - self.from) as f64 / tick;
        let offsets = (0..=4 * FINE).map(|k| period * k as f64 / FINE as f64).filter(|t| *t < whole);
        offsets.chain([whole]).collect()
    }

    fn points<'s>(&'s self, offsets: &'s [f64], tick: f64) -> impl Iterator<Item = Point> + 's {
        let last = offsets.len() - 1;
        offsets.iter().enumerate().map(move |(k, offset)| {
            let when = if k == last {
                When::whole(self.to)
            } else {
                When { micros: self.from, after: (offset * tick).clamp(0.0, (self.to - self.from) as f64) }
            };
            (when, self.piece.at(*offset))
        })
    }
}

/// Where a piece is longer than this many time constants of a decay, even points miss its beginning.
const STEEP: f64 = 6.0;
/// Time constants after the start at which a decay is looked at beside the even points.
const TIME_CONSTANTS: [f64; 12] = [0.125, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0];

/// The greatest angular frequency in a piece; those of a product add up. 0 without a sinusoid.
fn fastest(piece: &Piece) -> f64 {
    match piece {
        Piece::Sine { omega, .. } => omega.abs(),
        Piece::Sum(parts) => parts.iter().map(fastest).fold(0.0, f64::max),
        Piece::Product(parts) => parts.iter().map(fastest).sum(),
        Piece::Constant(_) | Piece::Line { .. } | Piece::Decays { .. } => 0.0,
    }
}

fn decay_rates(piece: &Piece, rates: &mut Vec<f64>) {
    match piece {
        Piece::Decays { terms, .. } => rates.extend(terms.iter().map(|[_, rate]| *rate)),
        Piece::Sum(parts) | Piece::Product(parts) => parts.iter().for_each(|part| decay_rates(part, rates)),
        Piece::Constant(_) | Piece::Line { .. } | Piece::Sine { .. } => {}
    }
}

/// Least and greatest of some points, in the order in which they come.
fn extremes(points: &[Point]) -> Vec<Point> {
    let by_value = |a: &(usize, &Point), b: &(usize, &Point)| a.1.1.total_cmp(&b.1.1);
    let least = points.iter().enumerate().min_by(by_value).map(|(at, _)| at);
    let greatest = points.iter().enumerate().max_by(by_value).map(|(at, _)| at);
    let mut at: Vec<usize> = least.into_iter().chain(greatest).collect();
    at.sort_unstable();
    at.dedup();
    at.into_iter().map(|at| points[at]).collect()
}

/// Adds a point; a level that goes on has its two ends only, and the same point stands once.
fn join(line: &mut Vec<Point>, point: Point) {
    if line.last() == Some(&point) {
        return;
    }
    let level = |at: usize| line[at].1 == point.1;
    if line.len() >= 2 && level(line.len() - 1) && level(line.len() - 2) {
        line.pop();
    }
    line.push(point);
}

#[cfg(test)]
mod tests {
    use super::super::tables::sample::{phases, scenario, stimulus};
    use super::*;
    use crate::population::{Spread, Vary};
    use crate::stimulus::{DAY, Interval};

    /// The course of input `L` in arm `chronic`: two days of nothing, then this for two days.
    fn of(text: &str) -> Vec<(f64, f64)> {
        over(text, 4)
    }

    fn over(text: &str, end: Micros) -> Vec<(f64, f64)> {
        let mut scenario = scenario();
        scenario.plan.arms[1].phases = phases(&[stimulus("\"0 nM\""), stimulus(text)]);
        scenario.plan.arms[1].phases[1].when.end = end * DAY;
        points(&scenario)
    }

    fn points(scenario: &Scenario) -> Vec<(f64, f64)> {
        let courses = scenario.courses(1);
        assert!(courses.len() <= 1);
        let Some(course) = courses.first() else { return Vec::new() };
        assert_eq!((course.input.as_str(), course.unit.as_str()), ("L", "nM"));
        assert_eq!(course.times.len(), course.values.len());
        assert!(course.times.is_sorted(), "{course:?}");
        assert!(course.times.len() <= MOST_POINTS);
        course.times.iter().copied().zip(course.values.iter().copied()).collect()
    }

    #[test]
    fn an_input_at_its_baseline_throughout_has_no_course() {
        assert_eq!(scenario().courses(0), []);
        assert_eq!(of("\"0 nM\""), []);
        let mut unread = scenario();
        unread.plan.arms[1].phases.iter_mut().for_each(|phase| phase.inputs = vec![None]);
        assert_eq!(unread.courses(1), []);
    }

    #[test]
    fn a_step_is_two_points_at_one_time_and_a_level_has_its_two_ends_only() {
        assert_eq!(of("\"20 nM\""), [(0.0, 0.0), (2.0, 0.0), (2.0, 20.0), (4.0, 20.0)]);
        let pulse = of("\"20 nM from 12:00 for 6 h every 1 d\"");
        let ups = [
            (2.5, 0.0),
            (2.5, 20.0),
            (2.75, 20.0),
            (2.75, 0.0),
            (3.5, 0.0),
            (3.5, 20.0),
            (3.75, 20.0),
            (3.75, 0.0),
        ];
        assert_eq!(pulse[1..pulse.len() - 1], ups);
        assert_eq!([pulse[0], pulse[pulse.len() - 1]], [(0.0, 0.0), (4.0, 0.0)]);
    }

    #[test]
    fn a_ramp_is_a_line_between_its_ends() {
        let ramp = of("\"ramp from 0 nM to 20 nM over 1 d\"");
        assert_eq!(ramp, [(0.0, 0.0), (2.0, 0.0), (3.0, 20.0), (4.0, 20.0)]);
    }

    #[test]
    fn a_sinusoid_is_smooth_and_reaches_both_extremes() {
        let sine = of("\"sine of 10 nM around 20 nM every 1 d\"");
        let value = |t: f64| 20.0 + 10.0 * (TAU * t).sin();
        let inside: Vec<_> = sine.iter().filter(|(t, v)| *t > 2.0 || *v > 0.0).collect();
        assert_eq!(inside.len(), 2 * FINE + 1);
        assert!(inside.iter().all(|(t, v)| (v - value(*t)).abs() < 1e-9), "{sine:?}");
        let steps = inside.windows(2).map(|w| (w[1].1 - w[0].1).abs());
        assert!(steps.fold(0.0, f64::max) < 10.0 * TAU / FINE as f64);
    }

    #[test]
    fn a_dose_far_shorter_than_the_time_to_the_next_is_seen_at_its_peak() {
        let doses =
            r#"{ doses = { amount = "100 nM", every = "1 d", absorption = "60 1/h", half_life = "1 min" } }"#;
        let peak = of(doses).iter().map(|(_, value)| *value).fold(0.0, f64::max);
        // ka = 60, ke = 60 ln 2: the greatest value is 100·(ka/ke)^(-ke/(ka - ke)) = 100·(ln 2)^(ln 2/(1 - ln 2)).
        let exact =
            100.0 * std::f64::consts::LN_2.powf(std::f64::consts::LN_2 / (1.0 - std::f64::consts::LN_2));
        assert!(peak > 0.97 * exact && peak <= exact * (1.0 + 1e-12), "{peak} of {exact}");
    }

    #[test]
    fn more_changes_than_points_are_drawn_by_their_extremes() {
        let train = over("\"20 nM for 1 min every 3 min\"", 1000);
        assert!(train.len() > 2_000, "{}", train.len());
        assert_eq!((train[0], train[train.len() - 1]), ((0.0, 0.0), (1000.0, 0.0)));
        for bin in 1..100 {
            let (from, to) = (f64::from(bin) * 10.0, f64::from(bin + 1) * 10.0);
            let values: Vec<f64> =
                train.iter().filter(|(t, _)| *t >= from && *t <= to).map(|p| p.1).collect();
            assert!(values.contains(&0.0) && values.contains(&20.0), "{from}");
        }
        let sine = over("\"sine of 10 nM around 20 nM every 1 s\"", 1000);
        let late: Vec<f64> = sine.iter().filter(|(t, _)| *t > 500.0).map(|p| p.1).collect();
        let [least, greatest] = [f64::min, f64::max].map(|f| late.iter().copied().fold(late[0], f));
        assert!(least < 10.1 && greatest > 29.9, "{least} {greatest}");
    }

    #[test]
    fn a_schedule_that_never_ends_is_drawn_in_a_bounded_time() {
        let mut scenario = scenario();
        let long = Interval { start: 0, end: crate::stimulus::LONGEST };
        let mut phases = phases(&[stimulus("\"20 nM for 1 us every 2 us\"")]);
        phases[0].when = long;
        scenario.plan.arms[1].phases = phases;
        assert!(points(&scenario).len() > 100);
    }

    #[test]
    fn the_agent_drawn_has_median_luck() {
        let mut scenario = scenario();
        let slot = scenario.arms[1].model.parameters.iter().position(|p| p.name == "K").unwrap();
        scenario.plan.arms[1].phases = phases(&[stimulus("\"K\"")]);
        assert_eq!(points(&scenario), [(0.0, 100.0), (2.0, 100.0)]);
        let spread = Spread::Uniform { low: 10.0, high: 30.0 };
        scenario.plan.population.vary = vec![Vary { parameter: "K".to_owned(), spread }];
        scenario.plan.arms[1].slots[slot].vary = Some(0);
        assert_eq!(points(&scenario), [(0.0, 20.0), (2.0, 20.0)]);
    }

    #[test]
    fn random_pulses_are_those_of_agent_0_and_the_same_each_time() {
        let text = r#"{ pulse = { level = "20 nM", start = "10:00", width = "1 h", every = "2 h", adherence = 0.5, jitter = "20 min" } }"#;
        let once = of(text);
        assert_eq!(once, of(text));
        let ups = once.windows(2).filter(|w| w[0].1 < w[1].1).count();
        assert!((2..24).contains(&ups), "{ups}");
    }
}
