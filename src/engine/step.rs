//! Steps of 64 lanes: each lane with its own length, its own error, its own verdict, its own choice of method.
//! Knows nothing of phases or of what is observed.
//!
//! Explicit steps are cheap and as long as the fastest part of the equations takes to die out; where that part has died out
//! and yet bounds the length, the implicit method goes on, whose steps are bounded by what still changes. How fast the
//! equations are is measured on each explicit step from two stages at its end (unchecked: E. Hairer & G. Wanner, Solving
//! Ordinary Differential Equations II, sect. IV.2).

use super::control::{Chosen, Judged, Lengthened, ORDER, SHRINK, Taken, Verdict, ZERO, lanes_where, ones};
use super::course::Course;
use super::history::History;
use super::linear;
use super::lowered::Lowered;
use super::program::Registers;
use super::trial::Path;
use super::{rosenbrock, tableau};
use crate::kernel::{Lanes, wide};
use crate::math;

/// The first step lets the fastest state change by this share of the size that it could have at order one.
const FIRST: f64 = 0.3;
/// Share of the segment in which a state that is nothing, and has no scale, is taken to become something.
const FROM_NOTHING: f64 = 1e-6;
/// Length times pace from which the implicit method goes on. An explicit step is stable up to 3.3; well below, what it leaves of
/// the fast part still costs accuracy (switching at 2 took half as many evaluations again for an error of 1e-7).
const STIFF: f64 = 1.3;
/// While the fast part dies out steps grow by a fifth of this and more each time. Where they stand still although they are so
/// long, stability bounds them: at tight tolerances it does so below `STIFF`.
const LONG: f64 = 0.6;
const GROWS: f64 = 1.05;
/// An implicit lane whose steps are this short, times the pace, does better with explicit ones.
const SMOOTH: f64 = 0.5;
/// A rejected explicit step this long was unstable, not inaccurate.
const UNSTABLE: f64 = 3.0;

/// What becomes of a rejected trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its error was larger than what is allowed.
    Error,
    /// A rate or a state was not finite.
    NotFinite,
    /// A state that cannot be negative would have been.
    Negative,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Tsitouras 5(4).
    Explicit,
    /// Rodas5P.
    Implicit,
}

/// States and stages of the lanes of a block.
pub(super) struct Stepper {
    relative: f64,
    /// One method throughout.
    only: Option<Method>,
    /// Whether lanes may turn from one method to the other.
    turns: bool,
    /// `FIRST · relative^(1/order)`.
    first: f64,
    pub states: Vec<Lanes>,
    /// States at the end of the trial.
    pub new: Vec<Lanes>,
    /// Explicit stages; the first are the rates at the present states, in the lanes of `rated`.
    pub(super) rates: [Vec<Lanes>; tableau::STAGES],
    rated: u64,
    /// A lane has entered a segment since inputs were given.
    pub(super) entered: bool,
    /// States of the last stage but one, at the end of an explicit trial.
    pub(super) beside: Vec<Lanes>,
    /// Implicit stages.
    pub(super) increments: [Vec<Lanes>; rosenbrock::STAGES],
    /// Room for one row per state and input, and one more.
    pub(super) given: Vec<Lanes>,
    pub(super) right: Vec<Lanes>,
    pub(super) drift: Vec<Lanes>,
    pub(super) linear: Option<linear::Room>,
    /// By state, the way over the trial.
    pub paths: Vec<Path>,
    /// Each state at its own place.
    pub(super) every: Vec<(usize, usize)>,
    /// Sizes below which relative accuracy is not asked.
    pub scales: Vec<Lanes>,
    /// Length that is tried; 0 in lanes that stand still.
    pub tried: Lanes,
    /// Method of the trial.
    pub method: Method,
    /// Difference of the two solutions, by state.
    pub(super) difference: Vec<Lanes>,
    verdict: Verdict,
    pub history: History,
}

impl Stepper {
    pub fn new(lowered: &Lowered, relative: f64, only: Option<Method>) -> Stepper {
        let lanes = || vec![ZERO; lowered.states];
        Stepper {
            relative,
            only,
            turns: only.is_none() && lowered.linear.is_some(),
            first: FIRST * math::pow(relative, 1.0 / f64::from(ORDER)),
            states: lanes(),
            new: lanes(),
            rates: std::array::from_fn(|_| lanes()),
            rated: 0,
            entered: true,
            beside: lanes(),
            increments: std::array::from_fn(|_| lanes()),
            given: vec![ZERO; lowered.states + lowered.inputs + 1],
            right: lanes(),
            drift: lanes(),
            linear: lowered.linear.as_ref().map(linear::Linear::room),
            paths: vec![[ZERO; 5]; lowered.states],
            every: (0..lowered.states).map(|state| (state, state)).collect(),
            scales: lanes(),
            tried: ZERO,
            method: Method::Explicit,
            difference: lanes(),
            verdict: Verdict::new(),
            history: History::new(),
        }
    }

    /// Of `active`, the lanes whose next trial is made with one method: explicit as long as some want it. After a switch lanes
    /// go from explicit to implicit, so that those which are first wait once and then go on together; with the method that
    /// more of them want half the lanes of an implicit trial stood still.
    pub fn of_one_mind(&mut self, active: u64) -> u64 {
        let implicit = match self.only {
            None => active & self.history.stiff,
            Some(Method::Implicit) => active,
            Some(Method::Explicit) => 0,
        };
        let explicit = active & !implicit;
        let last = explicit == 0;
        self.method = if last { Method::Implicit } else { Method::Explicit };
        if last { implicit } else { explicit }
    }

    /// Lanes of `active` that cannot take an explicit step before their rates are computed.
    pub fn unrated(&self, active: u64) -> u64 {
        let explicit = if self.only.is_some() { u64::MAX } else { !self.history.stiff };
        active & !self.rated & explicit
    }

    /// States were set from outside, or inputs changed.
    pub fn changed(&mut self, lane: usize) {
        self.rated &= !(1 << lane);
        self.entered = true;
    }

    /// Rates at the present states and inputs become the first stage of `lanes`.
    pub fn rate(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course, lanes: u64) {
        lowered.rates.give_states(registers, &self.states);
        course.give(&lowered.rates, registers, &ZERO, 0.0);
        lowered.rates.run(registers);
        self.entered = false;
        let mask = ones(lanes);
        for state in 0..lowered.states {
            let rates = lowered.rates.root(registers, state);
            let into = &mut self.rates[0][state];
            wide(Taken { mask: &mask, from: std::slice::from_ref(rates), into: std::slice::from_mut(into) });
        }
        self.rated |= lanes;
    }

    /// The first step of a segment, after `rate`: as remembered of a switch of the same kind, else so short that neither the
    /// fastest state nor the fastest input changes much.
    pub fn begin(&mut self, lane: usize, course: &Course) {
        let remembered = self.history.enter(lane, course.kind[lane]);
        let length = course.length.0[lane];
        let first = remembered.unwrap_or_else(|| {
            let fastest = (0..self.states.len()).fold(0.0, |fastest: f64, state| {
                let size = self.states[state].0[lane].abs().max(self.scales[state].0[lane]);
                let rate = self.rates[0][state].0[lane].abs();
                match (rate > 0.0, size > 0.0) {
                    (true, true) => fastest.max(rate / size),
                    // Of what begins at nothing no share can be told.
                    (true, false) => fastest.max(1.0 / (FROM_NOTHING * length)),
                    _ => fastest,
                }
            });
            // Where nothing changes yet, an input may be about to.
            self.first / fastest.max(course.pace(lane))
        });
        self.history.wanted.0[lane] = if first > 0.0 { first.min(length) } else { length };
    }

    /// The lengths to try in the lanes of `active`; the others stand still.
    pub fn choose(&mut self, course: &Course, active: &Lanes) {
        wide(Chosen {
            active,
            wanted: &self.history.wanted,
            since: &course.since,
            length: &course.length,
            tried: &mut self.tried,
        });
    }

    /// Judges the trial; gives the lanes of `active` that take it.
    pub fn judge(&mut self, lowered: &Lowered, (active, mask): (u64, &Lanes)) -> u64 {
        let last = tableau::STAGES - 1;
        let explicit = self.method == Method::Explicit;
        let beside: [&[Lanes]; 3] = [&self.beside, &self.rates[last - 1], &self.rates[last]];
        let good = wide(Judged {
            relative: self.relative,
            nonnegative: &lowered.arm.system.nonnegative,
            before: &self.states,
            after: &self.new,
            difference: &self.difference,
            scales: &self.scales,
            beside: explicit.then_some(beside),
            last: &self.history.last,
            verdict: &mut self.verdict,
        });
        if explicit && self.turns {
            let (from, into) = (&self.verdict.pace, &mut self.history.pace);
            let (from, into) = (std::slice::from_ref(from), std::slice::from_mut(into));
            wide(Taken { mask, from, into });
        }
        good & active
    }

    /// Why a lane did not take the trial.
    pub fn reason(&self, lane: usize) -> Reason {
        let Verdict { error, broken, .. } = &self.verdict;
        if broken.0[lane] != 0.0 || error.0[lane].is_nan() {
            Reason::NotFinite
        } else if error.0[lane] > 1.0 {
            Reason::Error
        } else {
            Reason::Negative
        }
    }

    /// The state that is to blame for a rejection.
    pub fn culprit(&self, lowered: &Lowered, lane: usize, reason: Reason) -> usize {
        let blame = |state: &usize| {
            let (after, off) = (self.new[*state].0[lane], self.difference[*state].0[lane]);
            match reason {
                Reason::NotFinite => !after.is_finite() || !off.is_finite(),
                Reason::Negative => lowered.arm.system.nonnegative[*state] && after < 0.0,
                Reason::Error => false,
            }
        };
        let error = |state: usize| {
            let size = self.states[state].0[lane].abs().max(self.scales[state].0[lane]);
            (self.difference[state].0[lane] / size).abs()
        };
        let largest = || (0..lowered.states).max_by(|a, b| error(*a).total_cmp(&error(*b)));
        (0..lowered.states).find(blame).or_else(largest).unwrap_or(0)
    }

    /// After a rejection: a shorter step, or the other method.
    pub fn shorten(&mut self, lane: usize, reason: Reason) {
        let (tried, bit) = (self.tried.0[lane], 1 << lane);
        let history = &mut self.history;
        history.careful |= bit;
        let swift = tried * history.pace.0[lane];
        let explicit = self.method == Method::Explicit;
        let turns = explicit && reason == Reason::Error && swift > UNSTABLE && self.turns;
        if turns && history.dare(lane) {
            history.stiff |= bit;
            history.wanted.0[lane] = tried;
            return;
        }
        let factor = match reason {
            Reason::NotFinite => SHRINK,
            Reason::Negative => 0.5,
            Reason::Error => self.verdict.fitting(lane).min(0.9),
        };
        history.wanted.0[lane] = tried * factor;
        if !explicit && reason == Reason::NotFinite {
            history.back_off(lane);
        } else if !explicit && factor * swift < SMOOTH {
            history.stiff &= !bit;
        }
    }

    /// Takes the trial of the lanes of a mask over as their states.
    pub fn accept(&mut self, course: &Course, (accepted, mask): (u64, &Lanes)) {
        let explicit = self.method == Method::Explicit;
        self.take_over(explicit, accepted, mask);
        if !explicit {
            self.rated &= !accepted;
        }
        for lane in lanes_of(accepted & course.opening) {
            let length = self.tried.0[lane] * self.verdict.fitting(lane);
            let stiff = !explicit || self.tried.0[lane] * self.history.pace.0[lane] > UNSTABLE;
            self.history.remember(lane, length, stiff && self.turns);
        }
        let history = &mut self.history;
        let careful = if history.careful == 0 { ZERO } else { ones(history.careful) };
        wide(Lengthened {
            mask,
            careful: &careful,
            tried: &self.tried,
            verdict: &self.verdict,
            wanted: &mut history.wanted,
            last: &mut history.last,
        });
        history.careful &= !accepted;
        if self.turns {
            self.turn(accepted);
        }
    }

    /// New states, and after an explicit step their rates: all at once where all lanes go on.
    fn take_over(&mut self, explicit: bool, accepted: u64, mask: &Lanes) {
        let last = tableau::STAGES - 1;
        if accepted == u64::MAX {
            std::mem::swap(&mut self.states, &mut self.new);
            if explicit {
                self.rates.swap(0, last);
            }
            return;
        }
        wide(Taken { mask, from: &self.new, into: &mut self.states });
        if explicit {
            let (first, later) = self.rates.split_at_mut(1);
            wide(Taken { mask, from: &later[last - 1], into: &mut first[0] });
        }
    }

    /// Which method goes on.
    fn turn(&mut self, accepted: u64) {
        let history = &mut self.history;
        if self.method == Method::Explicit {
            let swift = lanes_where(&self.tried, &history.pace, |tried, pace| tried * pace > STIFF);
            let long = lanes_where(&self.tried, &history.pace, |tried, pace| tried * pace > LONG);
            let slow = lanes_where(&self.tried, &history.wanted, |tried, wanted| wanted < tried * GROWS);
            let stalled = history.stall(accepted, long & slow);
            for lane in lanes_of((swift | stalled) & accepted) {
                if history.dare(lane) {
                    history.stiff |= 1 << lane;
                }
            }
        } else {
            let smooth = lanes_where(&history.wanted, &history.pace, |wanted, pace| wanted * pace < SMOOTH);
            history.stiff &= !(smooth & accepted);
        }
    }
}

/// The lanes of a mask, ascending.
pub(super) fn lanes_of(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lane = (mask != 0).then(|| mask.trailing_zeros() as usize);
        mask &= mask.wrapping_sub(1);
        lane
    })
}
