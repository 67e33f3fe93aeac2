//! The rival: the model of `scenarios/chronic.toml` written by hand, as a good programmer would write it for this one use.
//! Knows nothing of tapes, plans and texts.
//!
//! 64 agents in lanes take one step size together: Tsitouras 5(4), a proportional-integral controller, exact restarts at
//! switches, midnights from the interpolant (or by stopping at them). The whole integration is one piece of work for the vector unit.
//! Ch. Tsitouras, Computers & Mathematics with Applications 62 (2011) 770-775.

// Digits as published, also where the nearest float needs fewer.
#![allow(clippy::excessive_precision)]

use allostat::kernel::{LANES, Lanes, Level, Work, at};
use allostat::math::{Fused, pow, pow_by};

/// C, R1, R2, K1, K2.
pub const STATES: usize = 5;
/// From day 0 to day 240.
pub const MIDNIGHTS: usize = 241;
const MINUTES: u64 = 1440;
const EXPOSURE: [u64; 2] = [20 * MINUTES, 80 * MINUTES];
const END: u64 = 240 * MINUTES;

/// Parameters in the order in which the rival takes them.
pub const NAMES: [&str; 15] = [
    "kel", "Cbase", "g", "C0", "K01", "K02", "kout1", "kout2", "a1", "a2", "b1", "b2", "tauK1", "tauK2", "A",
];

/// When the drive is on, in minutes since the exposure began.
#[derive(Clone, Copy, Debug)]
pub struct Pulses {
    pub start: u64,
    pub width: u64,
    pub every: u64,
}

/// A stretch in which nothing switches, in days.
#[derive(Clone, Copy)]
pub struct Segment {
    start: f64,
    length: f64,
    on: bool,
}

impl Pulses {
    pub fn segments(self) -> Vec<Segment> {
        let onsets = (EXPOSURE[0] + self.start..EXPOSURE[1]).step_by(self.every as usize);
        let edges = onsets.flat_map(|onset| [(onset, false), ((onset + self.width).min(EXPOSURE[1]), true)]);
        let mut since = 0;
        let mut segments = Vec::new();
        for (until, on) in edges.chain([(END, false)]) {
            if until > since {
                let days = |minutes: u64| minutes as f64 / MINUTES as f64;
                // By the same subtraction as a midnight's place in the segment: one that ends it is then met, not missed by a rounding.
                let length = days(until) - days(since);
                segments.push(Segment { start: days(since), length, on });
            }
            since = until;
        }
        segments
    }
}

type Rows = [Lanes; STATES];
const ZERO: Lanes = Lanes([0.0; LANES]);
const STAGES: usize = 7;

const WEIGHTS: [[f64; 6]; STAGES] = [
    [0.0; 6],
    [0.161, 0.0, 0.0, 0.0, 0.0, 0.0],
    [-0.008480655492356989, 0.335480655492357, 0.0, 0.0, 0.0, 0.0],
    [2.8971530571054935, -6.359448489975075, 4.3622954328695815, 0.0, 0.0, 0.0],
    [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525, 0.0, 0.0],
    [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383, 0.0],
    [0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774],
];
const ERROR: [f64; STAGES] = [
    -0.00178001105222577714,
    -0.0008164344596567469,
    0.007880878010261995,
    -0.1447110071732629,
    0.5823571654525552,
    -0.45808210592918697,
    0.015151515151515152,
];

/// The interpolant's weight of each stage at a share of the step, as the paper factors them.
fn dense(share: f64) -> [f64; STAGES] {
    let x = share;
    let y = x * x;
    [
        -1.0530884977290216
            * x
            * (x - 1.3299890189751412)
            * (y - 1.4364028541716351 * x + 0.7139816917074209),
        0.1017 * y * (y - 2.1966568338249754 * x + 1.2949852507374631),
        2.490627285651252793 * y * (y - 2.38535645472061657 * x + 1.57803468208092486),
        -16.54810288924490272 * y * (x - 1.21712927295533244) * (x - 0.61620406037800089),
        47.37952196281928122 * y * (x - 1.203071208372362603) * (x - 0.658047292653547382),
        -34.87065786149660974 * y * (x - 1.2) * (x - 0.666666666666666667),
        2.5 * y * (x - 1.0) * (x - 0.6),
    ]
}

/// 64 agents: parameters in the order of `NAMES`, and who of the lanes is one.
#[derive(Clone)]
pub struct Block {
    pub values: [Lanes; NAMES.len()],
    pub mask: u64,
}

/// Sees the states of a block at each midnight.
pub trait Midnights {
    fn midnight(&mut self, n: usize, states: &Rows, mask: u64);
}

impl Midnights for () {
    fn midnight(&mut self, _: usize, _: &Rows, _: u64) {}
}

/// How to integrate.
#[derive(Clone, Copy)]
pub struct Way {
    pub relative: f64,
    /// Steps end at midnights, instead of the interpolant.
    pub stops: bool,
}

/// Of one block, or of many.
#[derive(Clone, Copy, Default, Debug)]
pub struct Cost {
    pub steps: u64,
    pub rejected: u64,
    /// Of the rates of a block.
    pub evaluations: u64,
}

/// What of the rates does not change within a segment: products of parameters, made once per block.
struct Constants {
    kel: Lanes,
    base: Lanes,
    rise: Lanes,
    drive: Lanes,
    g: Lanes,
    made: [Lanes; 2],
    kout: [Lanes; 2],
    kout_a: [Lanes; 2],
    b: [Lanes; 2],
    aim: [Lanes; 2],
    pace: [Lanes; 2],
}

/// Room to integrate a block; made once per thread.
pub struct Room {
    constants: Constants,
    states: Rows,
    new: Rows,
    scales: Rows,
    stages: [Rows; STAGES],
}

impl Room {
    pub fn new() -> Box<Room> {
        let two = [ZERO; 2];
        let constants = Constants {
            kel: ZERO,
            base: ZERO,
            rise: ZERO,
            drive: ZERO,
            g: ZERO,
            made: two,
            kout: two,
            kout_a: two,
            b: two,
            aim: two,
            pace: two,
        };
        let rows = [ZERO; STATES];
        Box::new(Room { constants, states: rows, new: rows, scales: rows, stages: [rows; STAGES] })
    }

    /// Integrates a block from day 0 to day 240.
    pub fn integrate(
        &mut self,
        block: &Block,
        segments: &[Segment],
        way: Way,
        seen: &mut dyn Midnights,
    ) -> Cost {
        let level = Level::current();
        let room = self;
        // Without the unit a fused product is a call.
        if level == Level::Plain && !cfg!(target_arch = "aarch64") {
            at(level, Integration::<false> { room, block, segments, way, seen })
        } else {
            at(level, Integration::<true> { room, block, segments, way, seen })
        }
    }
}

struct Integration<'a, const FUSED: bool> {
    room: &'a mut Room,
    block: &'a Block,
    segments: &'a [Segment],
    way: Way,
    seen: &'a mut dyn Midnights,
}

/// a·b + c.
#[inline(always)]
fn sum<const FUSED: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// x^y.
#[inline(always)]
fn power<const FUSED: bool>(x: f64, y: f64) -> f64 {
    if FUSED { pow_by::<Fused>(x, y) } else { pow(x, y) }
}

impl<const FUSED: bool> Work for Integration<'_, FUSED> {
    type Result = Cost;

    #[inline(always)]
    fn run(self) -> Cost {
        let Integration { room, block, segments, way, seen } = self;
        room.begin(block);
        seen.midnight(0, &room.states, block.mask);
        let mut cost = Cost::default();
        let mut next = 1;
        let mut kept = [0.0; 2];
        for segment in segments {
            room.switch::<FUSED>(segment.on);
            cost.evaluations += 1;
            let kept = &mut kept[usize::from(segment.on)];
            let guess = || FIRST * pow(way.relative, 0.2) / room.fastest();
            let mut wanted = if *kept > 0.0 { *kept } else { guess() };
            *kept = 0.0;
            let (mut since, mut last) = (0.0, 1.0);
            let mut careful = false;
            while since < segment.length {
                let midnight = next as f64 - segment.start;
                let stop = if way.stops { segment.length.min(midnight) } else { segment.length };
                let left = stop - since;
                let (h, to) = if wanted >= left {
                    (left, stop)
                } else {
                    let h = if 2.0 * wanted > left { 0.5 * left } else { wanted };
                    (h, since + h)
                };
                let error = room.attempt::<FUSED>(h) / way.relative;
                cost.evaluations += 6;
                if error.is_nan() || error > 1.0 {
                    assert!(h > 0.0, "the rival stands still at day {}", segment.start + since);
                    let factor = if error.is_nan() { SHRINK } else { SAFETY * pow(error, -0.2) };
                    wanted = h * factor.clamp(SHRINK, SAFETY);
                    careful = true;
                    cost.rejected += 1;
                    continue;
                }
                cost.steps += 1;
                if *kept == 0.0 {
                    *kept = AGAIN * h * pow(error.max(LEAST), -0.2).clamp(SHRINK, GROW);
                }
                while (next as f64) - segment.start <= to && next < MIDNIGHTS {
                    let share = ((next as f64 - segment.start) - since) / h;
                    if share < 1.0 {
                        let states = room.inside::<FUSED>(h, share);
                        seen.midnight(next, &states, block.mask);
                    } else {
                        seen.midnight(next, &room.new, block.mask);
                    }
                    next += 1;
                }
                room.states = room.new;
                room.stages[0] = room.stages[STAGES - 1];
                let error = error.max(LEAST);
                let factor = (SAFETY * pow(error, PROPORTIONAL) * pow(last, INTEGRAL)).clamp(SHRINK, GROW);
                let longer = h * if careful { factor.min(1.0) } else { factor };
                // A step that was cut short says nothing against the length that was wanted.
                wanted = if h < wanted { longer.max(wanted) } else { longer };
                (since, last, careful) = (to, error, false);
            }
        }
        cost
    }
}

/// The first step lets the fastest state change by this share of the size that it could have at order one.
const FIRST: f64 = 1.0;
/// Of the step that would have done after the last switch of this kind. This and the next three were tuned on the chronic
/// scenario: the fewest evaluations at an error of 1e-4, and of 1e-7.
const AGAIN: f64 = 0.9;
const SAFETY: f64 = 0.8;
const PROPORTIONAL: f64 = -0.16;
const INTEGRAL: f64 = 0.06;
const SHRINK: f64 = 0.2;
const GROW: f64 = 5.0;
const LEAST: f64 = 1e-8;

impl Room {
    #[inline(always)]
    fn begin(&mut self, block: &Block) {
        let [kel, base, g, c0, k01, k02, kout1, kout2, a1, a2, b1, b2, tau1, tau2, rise] = &block.values;
        let c = &mut self.constants;
        (c.kel, c.base, c.g, c.rise, c.b) = (*kel, *base, *g, *rise, [*b1, *b2]);
        for (i, (k0, kout, a, b, tau)) in
            [(k01, kout1, a1, b1, tau1), (k02, kout2, a2, b2, tau2)].iter().enumerate()
        {
            c.kout[i] = **kout;
            for n in 0..LANES {
                let rest = c0.0[n] / (c0.0[n] + k0.0[n]);
                c.made[i].0[n] = kout.0[n] * (1.0 + a.0[n] * rest);
                c.kout_a[i].0[n] = kout.0[n] * a.0[n];
                c.pace[i].0[n] = 1.0 / tau.0[n];
                c.aim[i].0[n] = k0.0[n] / (pow(rest, b.0[n]) * tau.0[n]);
            }
        }
        let one = Lanes([1.0; LANES]);
        self.states = [Lanes([20.0; LANES]), one, one, *k01, *k02];
        self.scales = self.states;
    }

    /// Into a segment: the drive, and the rates at its start.
    #[inline(always)]
    fn switch<const FUSED: bool>(&mut self, on: bool) {
        let c = &mut self.constants;
        let on = if on { 1.0 } else { 0.0 };
        for n in 0..LANES {
            c.drive.0[n] = c.base.0[n] * (1.0 + on * c.rise.0[n]);
        }
        rates::<FUSED>(&self.constants, &self.states, &mut self.stages[0]);
    }

    /// Of any state of any lane, per day, by its size.
    #[inline(always)]
    fn fastest(&self) -> f64 {
        let mut most = 0.0;
        for s in 0..STATES {
            for n in 0..LANES {
                let size = self.states[s].0[n].abs().max(self.scales[s].0[n]);
                let pace = self.stages[0][s].0[n].abs() / size;
                most = if pace > most { pace } else { most };
            }
        }
        most
    }

    /// Tries a step; its error relative to the size of the states, the largest of all.
    #[inline(always)]
    fn attempt<const FUSED: bool>(&mut self, h: f64) -> f64 {
        self.stage::<FUSED, 1>(h);
        self.stage::<FUSED, 2>(h);
        self.stage::<FUSED, 3>(h);
        self.stage::<FUSED, 4>(h);
        self.stage::<FUSED, 5>(h);
        self.stage::<FUSED, 6>(h);
        self.error::<FUSED>(h)
    }

    #[inline(always)]
    fn stage<const FUSED: bool, const S: usize>(&mut self, h: f64) {
        let weights: [f64; S] = std::array::from_fn(|j| h * WEIGHTS[S][j]);
        let (before, rest) = self.stages.split_at_mut(S);
        combine::<FUSED, S>(&self.states, before, &weights, &mut self.new);
        rates::<FUSED>(&self.constants, &self.new, &mut rest[0]);
    }

    #[inline(always)]
    fn inside<const FUSED: bool>(&self, h: f64, share: f64) -> Rows {
        let weights = dense(share).map(|weight| h * weight);
        let mut states = [ZERO; STATES];
        combine::<FUSED, STAGES>(&self.states, &self.stages, &weights, &mut states);
        states
    }

    /// The largest of fractions, found by products: one division in place of 320.
    #[inline(always)]
    fn error<const FUSED: bool>(&self, h: f64) -> f64 {
        let weights = ERROR.map(|weight| h * weight);
        let (mut above, mut below) = ([0.0; LANES], [1.0; LANES]);
        let mut broken = [0.0; LANES];
        for s in 0..STATES {
            let k: [&Lanes; STAGES] = std::array::from_fn(|j| &self.stages[j][s]);
            for n in 0..LANES {
                let mut error = weights[0] * k[0].0[n];
                for j in 1..STAGES {
                    error = sum::<FUSED>(weights[j], k[j].0[n], error);
                }
                let error = error.abs();
                let size = self.states[s].0[n].abs().max(self.new[s].0[n].abs()).max(self.scales[s].0[n]);
                let larger = error * below[n] > above[n] * size;
                above[n] = if larger { error } else { above[n] };
                below[n] = if larger { size } else { below[n] };
                broken[n] += error * 0.0;
            }
        }
        let (mut worst, mut nan) = (0.0_f64, 0.0);
        for n in 0..LANES {
            worst = worst.max(above[n] / below[n]);
            nan += broken[n];
        }
        worst + nan
    }
}

/// States + sum of weight times stage.
#[inline(always)]
fn combine<const FUSED: bool, const S: usize>(
    states: &Rows,
    stages: &[Rows],
    weights: &[f64; S],
    into: &mut Rows,
) {
    for s in 0..STATES {
        let k: [&Lanes; S] = std::array::from_fn(|j| &stages[j][s]);
        for n in 0..LANES {
            let mut x = states[s].0[n];
            for j in 0..S {
                x = sum::<FUSED>(weights[j], k[j].0[n], x);
            }
            into[s].0[n] = x;
        }
    }
}

/// Loops with a power of their own: with both in one loop the compiler makes no vectors.
#[inline(always)]
fn rates<const FUSED: bool>(p: &Constants, [c, r1, r2, k1, k2]: &Rows, into: &mut Rows) {
    let mut theta = [ZERO; 2];
    for n in 0..LANES {
        let theta1 = c.0[n] / (c.0[n] + k1.0[n]);
        let theta2 = c.0[n] / (c.0[n] + k2.0[n]);
        let drive = p.drive.0[n] / sum::<FUSED>(p.g.0[n] * r2.0[n], theta2, 1.0);
        into[0].0[n] = p.kel.0[n] * (drive - c.0[n]);
        let lost1 = sum::<FUSED>(p.kout_a[0].0[n], theta1, p.kout[0].0[n]);
        let lost2 = sum::<FUSED>(p.kout_a[1].0[n], theta2, p.kout[1].0[n]);
        into[1].0[n] = sum::<FUSED>(-r1.0[n], lost1, p.made[0].0[n]);
        into[2].0[n] = sum::<FUSED>(-r2.0[n], lost2, p.made[1].0[n]);
        (theta[0].0[n], theta[1].0[n]) = (theta1, theta2);
    }
    for n in 0..LANES {
        let aim = power::<FUSED>(theta[0].0[n], p.b[0].0[n]);
        into[3].0[n] = sum::<FUSED>(p.aim[0].0[n], aim, -k1.0[n] * p.pace[0].0[n]);
    }
    for n in 0..LANES {
        let aim = power::<FUSED>(theta[1].0[n], p.b[1].0[n]);
        into[4].0[n] = sum::<FUSED>(p.aim[1].0[n], aim, -k2.0[n] * p.pace[1].0[n]);
    }
}
