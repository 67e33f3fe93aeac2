//! Acute responses of 64 lanes: states frozen, the probe swept; EC50, Emax, slope and gain of each lane.
//! Knows nothing of time.
//!
//! With f = (E - bottom)/(top - bottom): EC50 is the first level with f = 1/2; slope is d ln(f/(1 - f))/d ln L there,
//! which is 4 L E'(L)/(top - bottom); gain is dE/d ln L = L E'(L) at the present level.

use super::collected::Missing;
use super::lowered::Acute;
use super::program::Registers;
use crate::kernel::{LANES, Lanes};
use crate::math;

/// Levels per curve at which shape and half-way are looked for; which levels are drawn changes nothing.
const LEVELS: usize = 97;
/// A fall this small, as a share of the whole height, is round-off.
const FLAT: f64 = 1e-9;
/// Halvings of a bracket: more than a float has bits.
const HALVINGS: usize = 80;

/// The registers in which one response is computed.
pub(super) struct Room {
    curve: Registers,
    slope: Registers,
    ends: Registers,
}

/// A number of each lane, or why there is none.
pub(super) type Metrics = [Vec<Result<f64, Missing>>; 4];

/// What is frozen.
#[derive(Clone, Copy)]
pub(super) struct Frozen<'a> {
    pub states: &'a [Lanes],
    pub inputs: &'a [Lanes],
    pub fixed: &'a [Lanes],
}

impl Room {
    pub fn new(acute: &Acute) -> Room {
        Room { curve: acute.curve.registers(), slope: acute.slope.registers(), ends: acute.ends.registers() }
    }
}

impl Acute {
    pub fn freeze(&self, room: &mut Room, frozen: Frozen) {
        let programs =
            [(&self.curve, &mut room.curve), (&self.slope, &mut room.slope), (&self.ends, &mut room.ends)];
        for (program, registers) in programs {
            program.give_fixed(registers, frozen.fixed);
            program.give_inputs(registers, frozen.inputs);
            program.give_states(registers, frozen.states);
        }
        self.ends.run(&mut room.ends);
    }

    /// The response of each lane to a level of its own.
    pub fn response(&self, room: &mut Room, levels: &Lanes) -> Lanes {
        self.curve.give_probe(&mut room.curve, levels);
        self.curve.run(&mut room.curve);
        *self.curve.root(&room.curve, 0)
    }

    /// dE/d ln L at a level of each lane.
    fn rise(&self, room: &mut Room, levels: &Lanes) -> Lanes {
        self.slope.give_probe(&mut room.slope, levels);
        self.slope.run(&mut room.slope);
        let slope = self.slope.root(&room.slope, 0);
        Lanes(std::array::from_fn(|lane| levels.0[lane] * slope.0[lane]))
    }

    /// EC50, Emax, slope and gain of each lane.
    pub fn metrics(&self, room: &mut Room) -> Metrics {
        let levels = self.levels();
        let curve: Vec<Lanes> = levels.iter().map(|level| self.response(room, &all(*level))).collect();
        let [bottom, stated_top, current] = [0, 1, 2].map(|n| *self.ends.root(&room.ends, n));
        let largest = self.largest(room, &levels, &curve);
        let top = if self.topped { stated_top } else { largest };
        let halves: [Result<usize, Missing>; LANES] =
            std::array::from_fn(|lane| half_way(&curve, lane, (bottom.0[lane], top.0[lane]), FLAT));
        let ec50 = self.half(room, &levels, &halves, &bottom, &top);
        let at_half = self.rise(room, &ec50);
        let at_current = self.rise(room, &current);
        // A formula may have a slope where it has no value.
        let here = self.response(room, &current);
        let found = |lane: usize, value: f64| halves[lane].and_then(|_| defined(value));
        let each = |of: &dyn Fn(usize) -> Result<f64, Missing>| (0..LANES).map(of).collect::<Vec<_>>();
        [
            each(&|lane| found(lane, ec50.0[lane])),
            each(&|lane| defined(top.0[lane])),
            each(&|lane| found(lane, 4.0 * at_half.0[lane] / (top.0[lane] - bottom.0[lane]))),
            each(&|lane| defined(here.0[lane]).and_then(|_| defined(at_current.0[lane]))),
        ]
    }

    /// Even on the logarithm, both ends of the range exactly.
    pub fn levels(&self) -> Vec<f64> {
        let [low, high] = self.range;
        let (from, width) = (math::ln(low), math::ln(high) - math::ln(low));
        let mut levels: Vec<f64> =
            (0..LEVELS).map(|n| math::exp(from + width * n as f64 / (LEVELS - 1) as f64)).collect();
        (levels[0], levels[LEVELS - 1]) = (low, high);
        levels
    }

    /// The largest value in the range: of the levels, and of the summit beside the largest.
    fn largest(&self, room: &mut Room, levels: &[f64], curve: &[Lanes]) -> Lanes {
        let best: [usize; LANES] = std::array::from_fn(|lane| {
            (0..LEVELS).fold(0, |best, n| if curve[n].0[lane] > curve[best].0[lane] { n } else { best })
        });
        let mut values = Lanes(std::array::from_fn(|lane| curve[best[lane]].0[lane]));
        if self.topped {
            return values;
        }
        // In all lanes, whatever the others need: a lane's number is its own.
        let mut low = Lanes(best.map(|n| levels[n.saturating_sub(1)]));
        let mut high = Lanes(best.map(|n| levels[(n + 1).min(LEVELS - 1)]));
        for _ in 0..HALVINGS {
            let middle = between(&low, &high);
            let rise = self.rise(room, &middle);
            narrow(&mut low, &mut high, &middle, |lane| rise.0[lane] <= 0.0);
        }
        let summit = self.response(room, &low);
        values.0.iter_mut().zip(summit.0).for_each(|(value, summit)| *value = value.max(summit));
        values
    }

    /// Level half-way in each lane that has one, by halving the bracket on the logarithm.
    fn half(
        &self,
        room: &mut Room,
        levels: &[f64],
        halves: &[Result<usize, Missing>; LANES],
        bottom: &Lanes,
        top: &Lanes,
    ) -> Lanes {
        let bracket = |lane: usize| halves[lane].unwrap_or(1);
        let mut low = Lanes(std::array::from_fn(|lane| levels[bracket(lane) - 1]));
        let mut high = Lanes(std::array::from_fn(|lane| levels[bracket(lane)]));
        for _ in 0..HALVINGS {
            let middle = between(&low, &high);
            let value = self.response(room, &middle);
            narrow(&mut low, &mut high, &middle, |lane| passed(value.0[lane], bottom.0[lane], top.0[lane]));
        }
        high
    }
}

pub(super) fn all(level: f64) -> Lanes {
    Lanes([level; LANES])
}

fn between(low: &Lanes, high: &Lanes) -> Lanes {
    Lanes(std::array::from_fn(|lane| low.0[lane].sqrt() * high.0[lane].sqrt()))
}

fn narrow(low: &mut Lanes, high: &mut Lanes, middle: &Lanes, passed: impl Fn(usize) -> bool) {
    for lane in 0..LANES {
        let m = middle.0[lane];
        if m <= low.0[lane] || m >= high.0[lane] {
            continue;
        }
        if passed(lane) { high.0[lane] = m } else { low.0[lane] = m }
    }
}

/// At least half-way from bottom to top.
pub(super) fn passed(value: f64, bottom: f64, top: f64) -> bool {
    let half = bottom + 0.5 * (top - bottom);
    if top > bottom { value >= half } else { value <= half }
}

/// Position of the first level half-way or beyond; not the lowest, where the way there is not in the range. A fall up to
/// `flat`, as a share of the whole height, is none.
pub(super) fn half_way(
    curve: &[Lanes],
    lane: usize,
    (bottom, top): (f64, f64),
    flat: f64,
) -> Result<usize, Missing> {
    let values = || curve.iter().map(|level| level.0[lane]);
    let height = top - bottom;
    if !height.is_finite() || height == 0.0 || values().any(|value| !value.is_finite()) {
        return Err(Missing::NotDefined);
    }
    let falls = |(one, next): (f64, f64)| (next - one) * height.signum() < -flat * height.abs();
    if values().zip(values().skip(1)).any(falls) {
        return Err(Missing::NotMonotone);
    }
    values().position(|value| passed(value, bottom, top)).filter(|n| *n > 0).ok_or(Missing::NeverHalfWay)
}

fn defined(value: f64) -> Result<f64, Missing> {
    if value.is_finite() { Ok(value) } else { Err(Missing::NotDefined) }
}
