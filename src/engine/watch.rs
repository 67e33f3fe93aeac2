//! Observing the lanes of a block: values at points, and windows followed through steps.
//! Knows nothing of how steps are made, and changes none.
//!
//! Lanes pass a point at different times. What they show there waits in a ring of a few points until all have passed;
//! a lane that is a whole ring ahead waits within its step.

use super::control::{Taken, ZERO, lanes_where, ones};
use super::course::Course;
use super::lowered::Lowered;
use super::open::Open;
use super::plan::{Moment, Side};
use super::points::{Closing, Track};
use super::program::Registers;
use super::quartic::{POINTS, Quartic};
use super::step::{Stepper, lanes_of};
use super::trial::{Along, Path};
use crate::kernel::{LANES, Lanes, wide};
use crate::stimulus::Micros;

/// Points that can wait at once.
const RING: usize = 32;

/// What lanes showed at one point.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// Lanes that passed.
    pub mask: u64,
    pub states: Vec<Lanes>,
    pub inputs: Vec<Lanes>,
    /// In order of the point's closing windows.
    pub closed: Vec<Lanes>,
}

/// The step that a lane is passing through.
#[derive(Clone, Debug)]
struct Passing {
    /// Model times of the segment.
    from: f64,
    to: f64,
    /// By track, share of the step up to which its windows are followed.
    walked: Vec<f64>,
    /// By flowing quantity.
    paths: Vec<Quartic>,
}

/// What the lanes of a block have shown so far.
pub(super) struct Watch {
    ring: Vec<Shown>,
    /// The first point that not all lanes have passed.
    base: usize,
    /// The next point of each lane.
    next: [usize; LANES],
    /// Lanes that are within a step which they have taken.
    passing: u64,
    steps: Vec<Passing>,
    /// By state, over the step of each passing lane: coefficients of the powers of its share.
    paths: Vec<Path>,
    /// Model time, in each lane's segment, of its next point; infinite where there is none.
    due: Lanes,
    /// Lanes whose next point is seen at the end of a step: it lies before what changes there.
    before: u64,
    /// Lanes that may stand at a point.
    at_point: u64,
    /// By track, lane: the first window that has not closed, and those from there on that have opened.
    windows: Vec<Vec<(usize, std::collections::VecDeque<Open>)>>,
    /// Values of flowing quantities at `POINTS`, by point of the step, quantity.
    flow: [Vec<Lanes>; 5],
    inside: Vec<Lanes>,
}

impl Watch {
    pub fn new(lowered: &Lowered) -> Watch {
        let lanes = |count: usize| vec![ZERO; count];
        let observed = &lowered.observed;
        let shown = Shown {
            mask: 0,
            states: lanes(lowered.states),
            inputs: lanes(lowered.inputs),
            closed: lanes(observed.most_closing()),
        };
        let paths = vec![Quartic::default(); observed.flowing.len()];
        let walked = vec![0.0; observed.tracks.len()];
        let none = (0, std::collections::VecDeque::new());
        Watch {
            ring: vec![shown; RING.min(observed.points.len())],
            base: 0,
            next: [0; LANES],
            passing: 0,
            steps: vec![Passing { from: 0.0, to: 0.0, walked, paths }; LANES],
            paths: vec![[ZERO; 5]; lowered.states],
            due: Lanes([f64::INFINITY; LANES]),
            before: 0,
            at_point: 0,
            windows: vec![vec![none; LANES]; observed.tracks.len()],
            flow: std::array::from_fn(|_| lanes(observed.flowing.len())),
            inside: lanes(lowered.states),
        }
    }

    pub fn begin(&mut self) {
        self.base = 0;
        self.next = [0; LANES];
        (self.passing, self.at_point) = (0, 0);
        self.ring.iter_mut().for_each(|shown| shown.mask = 0);
        self.windows.iter_mut().flatten().for_each(|(first, open)| {
            *first = 0;
            open.clear();
        });
    }

    /// A lane has entered a segment.
    pub fn enter(&mut self, lowered: &Lowered, course: &Course, lane: usize) {
        self.aim(lowered, course, lane);
        self.at_point |= 1 << lane;
    }

    /// Where the next point of a lane lies.
    fn aim(&mut self, lowered: &Lowered, course: &Course, lane: usize) {
        let next = lowered.observed.moments.get(self.next[lane]);
        self.due.0[lane] = next.map_or(f64::INFINITY, |moment| course.model_time(lane, moment.at));
        let before = next.is_some_and(|moment| moment.side == Side::Before);
        self.before = self.before & !(1 << lane) | u64::from(before) << lane;
    }

    pub fn is_passing(&self, lane: usize) -> bool {
        self.passing >> lane & 1 == 1
    }

    /// Lanes that are within a step which they have taken.
    pub fn passing(&self) -> u64 {
        self.passing
    }

    /// Lanes that may stand at a point.
    pub fn at_point(&self) -> u64 {
        self.at_point
    }

    /// The first point that waits, and what was shown there, if no lane of `alive` has it still before it.
    pub fn ready(&self, lowered: &Lowered, alive: u64) -> Option<usize> {
        let slowest = lanes_of(alive).map(|lane| self.next[lane]).min().unwrap_or(usize::MAX);
        (self.base < slowest && self.base < lowered.observed.points.len()).then_some(self.base)
    }

    /// The moment of the first point that waits.
    pub fn waiting(&self, lowered: &Lowered) -> Option<Moment> {
        lowered.observed.moments.get(self.base).copied()
    }

    pub fn shown(&self, point: usize) -> &Shown {
        &self.ring[point % RING]
    }

    /// The first waiting point is done with.
    pub fn release(&mut self) {
        self.ring[self.base % RING].mask = 0;
        self.base += 1;
    }

    /// Shows what lies at this very moment of a lane's segment, before it takes another step; false where it has to wait.
    pub fn show_now(&mut self, lowered: &Lowered, course: &Course, stepper: &Stepper, lane: usize) -> bool {
        while let Some(moment) = lowered.observed.moments.get(self.next[lane]) {
            if course.model_time(lane, moment.at) > course.since.0[lane] {
                break;
            }
            let point = self.next[lane];
            if point >= self.base + RING {
                return false;
            }
            self.close(lowered, course, lane, point);
            let shown = &mut self.ring[point % RING];
            for (into, state) in shown.states.iter_mut().zip(&stepper.states) {
                into.0[lane] = state.0[lane];
            }
            show_inputs(&mut shown.inputs, course, lane, course.since.0[lane]);
            shown.mask |= 1 << lane;
            self.next[lane] += 1;
            self.aim(lowered, course, lane);
        }
        self.at_point &= !(1 << lane);
        true
    }

    /// Lanes of `accepted` to which a trial that leads to `ends` shows something.
    pub fn seeing(&self, lowered: &Lowered, course: &Course, ends: &Lanes, accepted: u64) -> u64 {
        let before = lanes_where(&self.due, ends, |due, end| due < end);
        let at_end = lanes_where(&self.due, ends, |due, end| due == end);
        let points = (before | at_end & self.before) & accepted;
        if lowered.observed.tracks.is_empty() {
            return points;
        }
        let follows =
            lanes_of(accepted & !points).filter(|lane| self.follows(lowered, course, *lane, ends.0[*lane]));
        follows.fold(points, |mask, lane| mask | 1 << lane)
    }

    /// Whether a window is open in a trial that leads a lane to `to`.
    fn follows(&self, lowered: &Lowered, course: &Course, lane: usize, to: f64) -> bool {
        lowered.observed.tracks.iter().zip(&self.windows).any(|(track, windows)| {
            let (first, open) = &windows[lane];
            !open.is_empty() || track.windows.get(*first).is_some_and(|w| course.model_time(lane, w[0]) < to)
        })
    }

    /// Takes note of the trial of the lanes of `seeing`, before it is taken over: they pass through it in `pass`.
    pub fn take(
        &mut self,
        lowered: &Lowered,
        registers: &mut Registers,
        course: &Course,
        stepper: &Stepper,
        (ends, seeing): (&Lanes, u64),
    ) {
        let mask = ones(seeing);
        for (from, into) in stepper.paths.iter().zip(&mut self.paths) {
            wide(Taken { mask: &mask, from, into });
        }
        let follows = |lane: &usize| self.follows(lowered, course, *lane, ends.0[*lane]);
        let following = if lowered.observed.tracks.is_empty() {
            0
        } else {
            lanes_of(seeing).filter(follows).fold(0_u64, |mask, lane| mask | 1 << lane)
        };
        if following != 0 {
            self.flow(lowered, registers, course, stepper);
        }
        for lane in lanes_of(seeing) {
            let step = &mut self.steps[lane];
            (step.from, step.to) = (course.since.0[lane], ends.0[lane]);
            step.walked.fill(0.0);
            if following >> lane & 1 == 1 {
                for (quantity, path) in step.paths.iter_mut().enumerate() {
                    *path = Quartic::through(std::array::from_fn(|n| self.flow[n][quantity].0[lane]));
                }
            }
        }
        self.passing |= seeing;
    }

    /// Flowing quantities of all lanes along the trial.
    fn flow(&mut self, lowered: &Lowered, registers: &mut Registers, course: &Course, stepper: &Stepper) {
        for (n, share) in POINTS.iter().enumerate() {
            match n {
                0 => lowered.flowing.give_states(registers, &stepper.states),
                4 => lowered.flowing.give_states(registers, &stepper.new),
                _ => {
                    for (into, path) in self.inside.iter_mut().zip(&self.paths) {
                        wide(Along { path, share: *share, into });
                    }
                    lowered.flowing.give_states(registers, &self.inside);
                }
            }
            course.give(&lowered.flowing, registers, &stepper.tried, *share);
            lowered.flowing.run(registers);
            for (quantity, lanes) in self.flow[n].iter_mut().enumerate() {
                *lanes = *lowered.flowing.root(registers, quantity);
            }
        }
    }

    /// Passes through the step that a lane has taken, as far as the ring has room.
    pub fn pass(&mut self, lowered: &Lowered, course: &Course, stepper: &Stepper, lane: usize) {
        let (from, to) = (self.steps[lane].from, self.steps[lane].to);
        while let Some(moment) = lowered.observed.moments.get(self.next[lane]) {
            let since = course.model_time(lane, moment.at);
            if !lies_before(since, to, moment.side) {
                break;
            }
            let point = self.next[lane];
            if point >= self.base + RING {
                return;
            }
            let share = if since >= to { 1.0 } else { ((since - from) / (to - from)).clamp(0.0, 1.0) };
            // A track is cut at its own windows only: what else is observed moves no bit of its numbers.
            for closing in &lowered.observed.points[point].closing {
                self.walk(lowered, course, lane, closing.track, share);
            }
            self.close(lowered, course, lane, point);
            let shown = &mut self.ring[point % RING];
            for (state, into) in shown.states.iter_mut().enumerate() {
                // The end of a step is the state itself, to the bit.
                into.0[lane] = if share == 1.0 {
                    stepper.states[state].0[lane]
                } else {
                    Quartic(self.paths[state].each_ref().map(|lanes| lanes.0[lane])).at(share)
                };
            }
            show_inputs(&mut shown.inputs, course, lane, since);
            shown.mask |= 1 << lane;
            self.next[lane] += 1;
            self.aim(lowered, course, lane);
        }
        for track in 0..lowered.observed.tracks.len() {
            self.walk(lowered, course, lane, track, 1.0);
        }
        self.passing &= !(1 << lane);
    }

    /// Follows the windows of a track in a lane from where it stands in its step to `share`.
    fn walk(&mut self, lowered: &Lowered, course: &Course, lane: usize, track: usize, share: f64) {
        let step = &mut self.steps[lane];
        let walked = step.walked[track];
        if share <= walked {
            return;
        }
        step.walked[track] = share;
        let length = step.to - step.from;
        // Not a sum that may round to beyond the end: what begins there begins in the next step.
        let reached = if share == 1.0 { step.to } else { step.from + share * length };
        let of = &lowered.observed.tracks[track];
        let paths = [&step.paths[of.root], &step.paths[of.against]];
        let (first, open) = &mut self.windows[track][lane];
        for (n, window) in of.windows[*first..].iter().enumerate() {
            let [start, end] = window.map(|at| course.model_time(lane, at));
            if start >= reached {
                break;
            }
            let at = |since: f64| ((since - step.from) / length).clamp(walked, share);
            let span = [at(start), if end >= reached { share } else { at(end) }];
            if n == open.len() {
                open.push_back(Open::new(of.kind));
            }
            let origin = course.time_after(lane, window[0], step.from);
            open[n].follow(of.kind, paths, span, origin, length);
        }
    }

    /// Takes the values of the windows that end at a point. One that began before time did has none.
    fn close(&mut self, lowered: &Lowered, course: &Course, lane: usize, point: usize) {
        let closing = &lowered.observed.points[point].closing;
        for (n, Closing { track, .. }) in closing.iter().enumerate() {
            let (first, open) = &mut self.windows[*track][lane];
            let Track { kind, windows, .. } = &lowered.observed.tracks[*track];
            let window = windows[*first];
            let seen = open.pop_front().filter(|_| window[0] >= 0);
            let value = seen.map_or(f64::NAN, |open| open.value(*kind, width(window, course)));
            *first += 1;
            self.ring[point % RING].closed[n].0[lane] = value;
        }
    }
}

/// Whether a moment is seen in a step that ends at `to`: what stands after a change at the end is seen in the next.
fn lies_before(since: f64, to: f64, side: Side) -> bool {
    since < to || (since == to && side == Side::Before)
}

fn show_inputs(into: &mut [Lanes], course: &Course, lane: usize, since: f64) {
    for (input, lanes) in into.iter_mut().enumerate() {
        lanes.0[lane] = course.input(input, lane, since);
    }
}

fn width(window: [Micros; 2], course: &Course) -> f64 {
    course.model_times(window[1] - window[0])
}
