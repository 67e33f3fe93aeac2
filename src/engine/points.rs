//! What is observed of an arm, in order of time: points at which all agents are looked at, and windows between them.
//! Knows nothing of agents.

use std::collections::BTreeMap;

use super::plan::{Arm, Moment, Reduce, Side, Tap, Window};
use crate::stimulus::Micros;

/// A moment at which something is observed.
#[derive(Clone, Debug, Default)]
pub(super) struct Point {
    /// Watched quantities: position of the root in the point's program, and what it is for.
    pub values: Vec<(usize, Purpose)>,
    /// Windows that close here, in the order in which they close.
    pub closing: Vec<Closing>,
    /// Responses that are taken, each once.
    pub probes: Vec<Probing>,
}

/// A response taken at a point.
#[derive(Clone, Debug, Default)]
pub(super) struct Probing {
    /// Position in `System::responses`.
    pub response: usize,
    /// The arm's assay of it, where there is one.
    pub assay: Option<usize>,
    /// Taps that are effects of a level.
    pub effects: Vec<usize>,
}

impl Point {
    fn probing(&mut self, response: usize) -> &mut Probing {
        let known = self.probes.iter().position(|probing| probing.response == response);
        let place = known.unwrap_or(self.probes.len());
        if place == self.probes.len() {
            self.probes.push(Probing { response, ..Probing::default() });
        }
        &mut self.probes[place]
    }
}

/// A window of a track that ends at a point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closing {
    pub track: usize,
    pub purpose: Purpose,
}

/// Where an observed number goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// (series, time)
    Series(usize, usize),
    Tap(usize),
}

/// A quantity reduced in time over windows, ascending and all of one width.
#[derive(Clone, Debug)]
pub(super) struct Track {
    /// Position in `Observed::flowing`.
    pub root: usize,
    /// Position in `Observed::flowing` of the other quantity of a loop; else `root`.
    pub against: usize,
    pub kind: Reduce,
    pub windows: Vec<[Micros; 2]>,
}

/// All that is observed of an arm.
#[derive(Clone, Debug, Default)]
pub(super) struct Observed {
    pub moments: Vec<Moment>,
    pub points: Vec<Point>,
    pub tracks: Vec<Track>,
    /// Watched quantities that are looked at in points.
    pub still: Vec<usize>,
    /// Watched quantities that are followed through steps.
    pub flowing: Vec<usize>,
}

impl Observed {
    pub fn new(arm: &Arm) -> Observed {
        let mut observed = Observed::default();
        let mut points: BTreeMap<Moment, Point> = BTreeMap::new();
        for (series, of) in arm.series.iter().enumerate() {
            match of.window {
                None | Some((_, Window::Last)) => {
                    let root = position(&mut observed.still, of.watched);
                    for (n, at) in of.times.iter().enumerate() {
                        let point = points.entry(moment(*at)).or_default();
                        point.values.push((root, Purpose::Series(series, n)));
                    }
                }
                Some((width, window)) => {
                    let windows = of.times.iter().map(|at| [at - width, *at]).collect();
                    let track = observed.track(of.watched, reduce(window), windows);
                    for (n, at) in of.times.iter().enumerate() {
                        let closing = Closing { track, purpose: Purpose::Series(series, n) };
                        points.entry(before(*at)).or_default().closing.push(closing);
                    }
                }
            }
        }
        for (tap, of) in arm.taps.iter().enumerate() {
            match *of {
                Tap::At { watched, moment } => {
                    let root = position(&mut observed.still, watched);
                    points.entry(moment).or_default().values.push((root, Purpose::Tap(tap)));
                }
                Tap::Over { watched, from, to, reduce } => {
                    let track = observed.track(watched, reduce, vec![[from, to]]);
                    let closing = Closing { track, purpose: Purpose::Tap(tap) };
                    points.entry(before(to)).or_default().closing.push(closing);
                }
                Tap::Effect { response, moment, .. } => {
                    points.entry(moment).or_default().probing(response).effects.push(tap);
                }
                Tap::Metric { .. } | Tap::Fit { .. } | Tap::Value { .. } => {}
            }
        }
        for (assay, of) in arm.assays.iter().enumerate() {
            points.entry(of.moment).or_default().probing(of.response).assay = Some(assay);
        }
        (observed.moments, observed.points) = points.into_iter().unzip();
        observed
    }

    fn track(&mut self, watched: usize, kind: Reduce, windows: Vec<[Micros; 2]>) -> usize {
        let root = position(&mut self.flowing, watched);
        let against = match kind {
            Reduce::Loop { against } => position(&mut self.flowing, against),
            _ => root,
        };
        self.tracks.push(Track { root, against, kind, windows });
        self.tracks.len() - 1
    }

    /// Windows that can close at one point.
    pub fn most_closing(&self) -> usize {
        self.points.iter().map(|point| point.closing.len()).max().unwrap_or(0)
    }
}

/// Position of an item in a list, where it is added if it is new.
fn position(list: &mut Vec<usize>, item: usize) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

fn before(at: Micros) -> Moment {
    Moment { at, side: Side::Before }
}

/// A record stands before what changes at its time; at time 0 there is no before.
fn moment(at: Micros) -> Moment {
    Moment { at, side: if at == 0 { Side::After } else { Side::Before } }
}

fn reduce(window: Window) -> Reduce {
    match window {
        Window::Mean => Reduce::Mean,
        Window::Min => Reduce::Min,
        Window::Max => Reduce::Max,
        Window::Area | Window::Last => Reduce::Integral,
    }
}
