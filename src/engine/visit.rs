//! Simulated instruments at points: latent quantities are computed for all lanes, and each lane answers by its own luck.
//! Knows nothing of how a quantity is called or of what the answers are for.

use std::collections::HashMap;

use super::acute::Frozen;
use super::plan::System;
use super::points::Point;
use super::program::{Layout, Program, Registers};
use super::step::lanes_of;
use crate::expression::{Arena, Id, Sym};
use crate::instrument::{Asked, Instrument};
use crate::kernel::{LANES, Lanes};
use crate::stimulus::Micros;

/// The instruments of one arm that something looks at.
#[derive(Clone, Debug)]
pub(super) struct Visits {
    /// By sheet.
    latents: Program,
    sheets: Vec<Sheet>,
    /// The node of each thing shown.
    shown: Vec<Id>,
    /// By quantity that is looked at, the sheets on which it stands.
    needed: Vec<Vec<usize>>,
}

/// One instrument filled in about one latent quantity.
#[derive(Clone, Debug)]
struct Sheet {
    instrument: std::sync::Arc<Instrument>,
    latent: Id,
    /// What is asked, and its place in `Visits::shown`.
    asked: Vec<(Asked, usize)>,
}

/// Room for the visits of one arm.
pub(super) struct Room {
    latents: Registers,
    /// States, then what is shown.
    seen: Vec<Lanes>,
}

impl Room {
    pub fn new(visits: &Visits) -> Room {
        Room { latents: visits.latents.registers(), seen: Vec::new() }
    }
}

/// Who answers, when, and for which point.
pub(super) struct Visit<'a> {
    pub at: Micros,
    pub of: &'a Point,
    pub seed: u64,
    /// Agent of the first lane.
    pub first: u64,
    pub mask: u64,
}

impl Visits {
    /// `still` are positions in `System::watched`. `None` where these stand on no score. Fails with a symbol that nothing gives.
    pub fn new(
        system: &System,
        still: &[usize],
        arena: &Arena,
        layout: &Layout,
    ) -> Result<Option<Visits>, Sym> {
        let (mut sheets, mut shown): (Vec<Sheet>, Vec<Sym>) = (Vec::new(), Vec::new());
        let scores: HashMap<Sym, usize> =
            system.scores.iter().enumerate().map(|(n, score)| (score.sym, n)).collect();
        let mut sheet_of = |sym: Sym| -> Option<usize> {
            let score = &system.scores[*scores.get(&sym)?];
            let same = |sheet: &Sheet| sheet.latent == score.latent && sheet.instrument == score.instrument;
            let sheet = sheets.iter().position(same).unwrap_or_else(|| {
                let instrument = score.instrument.clone();
                sheets.push(Sheet { instrument, latent: score.latent, asked: Vec::new() });
                sheets.len() - 1
            });
            if !shown.contains(&sym) {
                sheets[sheet].asked.push((score.asked, shown.len()));
                shown.push(sym);
            }
            Some(sheet)
        };
        let of_watched = |watched: &usize| -> Vec<usize> {
            let symbols = arena.symbols(system.watched[*watched]).into_iter();
            let mut needed: Vec<usize> = symbols.filter_map(&mut sheet_of).collect();
            needed.sort_unstable();
            needed.dedup();
            needed
        };
        let needed: Vec<Vec<usize>> = still.iter().map(of_watched).collect();
        if sheets.is_empty() {
            return Ok(None);
        }
        let roots: Vec<Id> = sheets.iter().map(|sheet| sheet.latent).collect();
        let latents = Program::new(arena, &roots, layout, None)?;
        let mut arena = arena.clone();
        let shown = shown.into_iter().map(|sym| arena.sym(sym)).collect();
        Ok(Some(Visits { latents, sheets, shown, needed }))
    }

    /// Whether a quantity that is looked at stands on an instrument.
    pub fn answers(&self, root: usize) -> bool {
        !self.needed[root].is_empty()
    }

    /// Nodes of what is shown, in the order in which it stands behind the states.
    pub fn shown(&self) -> &[Id] {
        &self.shown
    }

    /// States and what the instruments that a point needs show there; what it does not need is not looked at.
    pub fn answer<'r>(&self, room: &'r mut Room, frozen: Frozen, visit: Visit) -> &'r [Lanes] {
        let Room { latents, seen } = room;
        let states = frozen.states.len();
        seen.resize(states + self.shown.len(), Lanes([f64::NAN; LANES]));
        seen[..states].copy_from_slice(frozen.states);
        let mut needed: Vec<usize> =
            visit.of.values.iter().flat_map(|(root, _)| self.needed[*root].iter().copied()).collect();
        needed.sort_unstable();
        needed.dedup();
        if needed.is_empty() {
            return seen;
        }
        self.latents.give_fixed(latents, frozen.fixed);
        self.latents.give_states(latents, frozen.states);
        self.latents.give_inputs(latents, frozen.inputs);
        self.latents.run(latents);
        for n in needed {
            let Sheet { instrument, asked, .. } = &self.sheets[n];
            let latent = self.latents.root(latents, n);
            let keys = instrument.keys(visit.seed);
            for (asked, place) in asked {
                for lane in lanes_of(visit.mask) {
                    let agent = visit.first + lane as u64;
                    seen[states + place].0[lane] =
                        instrument.shown(&keys, *asked, latent.0[lane], agent, visit.at);
                }
            }
        }
        seen
    }
}
