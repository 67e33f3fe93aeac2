//! The reductions of a run, one set for all threads, and the lanes that wait in each thread until they are added.
//! Knows nothing of what is reduced.
//!
//! A run has thousands of reductions of tens of kilobytes each, far more than a cache holds. Lanes of several blocks therefore wait,
//! and each reduction is taken up once for all of them. Reductions are the same whoever adds to them and in whatever
//! order, so that who comes first to a lock is never seen.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use super::collected::{AssayResult, Collected};
use super::draw::Agents;
use crate::kernel::{LANES, Lanes};
use crate::record::{Batch, Reduction};

/// Bytes of lanes that may wait in a thread.
const WAITING: usize = 8 << 20;
/// Blocks whose lanes wait, at most: more would not be cheaper.
const BLOCKS: usize = 32;

/// What one place of `Collected` is: its number in the store.
pub(super) type Site = usize;

/// Where what is observed is reduced.
#[derive(Debug, Default)]
pub(super) struct Sites {
    /// By arm, series, time.
    pub series: Vec<Vec<Vec<Site>>>,
    /// By arm, series, time.
    pub differences: Vec<Vec<Vec<Option<Site>>>>,
    /// By arm, assay: by level, by metric.
    pub assays: Vec<Vec<[Vec<Site>; 2]>>,
    /// By outcome.
    pub outcomes: Vec<Site>,
}

/// All reductions of a run, each place under its own lock.
#[derive(Debug)]
pub(super) struct Store {
    pub sites: Sites,
    /// By site, group.
    reductions: Vec<Mutex<Vec<Reduction>>>,
}

impl Store {
    /// Takes the reductions out of what is collected.
    pub fn of(collected: &mut Collected) -> Store {
        let mut reductions = Vec::new();
        let mut site = |groups: &mut Vec<Reduction>| {
            reductions.push(Mutex::new(std::mem::take(groups)));
            reductions.len() - 1
        };
        let mut all = |of: &mut Vec<Vec<Reduction>>| -> Vec<Site> { of.iter_mut().map(&mut site).collect() };
        let series = collected.series.iter_mut();
        let series = series.map(|arm| arm.iter_mut().map(&mut all).collect()).collect();
        let mut assay = |of: &mut AssayResult| [all(&mut of.curve), all(&mut of.metrics)];
        let assays = collected.assays.iter_mut();
        let assays = assays.map(|arm| arm.iter_mut().map(&mut assay).collect()).collect();
        let outcomes = all(&mut collected.outcomes);
        let mut some = |of: &mut Vec<Option<Vec<Reduction>>>| -> Vec<Option<Site>> {
            of.iter_mut().map(|groups| groups.as_mut().map(&mut site)).collect()
        };
        let differences = collected.differences.iter_mut();
        let differences = differences.map(|arm| arm.iter_mut().map(&mut some).collect()).collect();
        Store { sites: Sites { series, differences, assays, outcomes }, reductions }
    }

    /// Puts the reductions back to where they were taken from.
    pub fn give_back(self, collected: &mut Collected) {
        let mut reductions = self.reductions;
        let mut put = |groups: &mut Vec<Reduction>, site: Site| {
            let from = reductions[site].get_mut().unwrap_or_else(PoisonError::into_inner);
            *groups = std::mem::take(from);
        };
        let mut all = |of: &mut Vec<Vec<Reduction>>, sites: &[Site]| {
            of.iter_mut().zip(sites).for_each(|(groups, site)| put(groups, *site));
        };
        let series = collected.series.iter_mut().flatten();
        series.zip(self.sites.series.iter().flatten()).for_each(|(series, sites)| all(series, sites));
        let assays = collected.assays.iter_mut().flatten();
        for (assay, [curve, metrics]) in assays.zip(self.sites.assays.iter().flatten()) {
            all(&mut assay.curve, curve);
            all(&mut assay.metrics, metrics);
        }
        all(&mut collected.outcomes, &self.sites.outcomes);
        let differences = collected.differences.iter_mut().flatten().flatten();
        for (groups, site) in differences.zip(self.sites.differences.iter().flatten().flatten()) {
            if let (Some(groups), Some(site)) = (groups, site) {
                put(groups, *site);
            }
        }
    }
}

/// Lanes of a thread that are still to be added, in a store for all threads. What waits when a tray is dropped is lost: `empty` it.
pub(super) struct Tray<'a> {
    store: &'a Store,
    /// Blocks that it holds; of a single one nothing waits.
    size: usize,
    /// Lanes by site, block; untouched memory until something waits there.
    lanes: Vec<f64>,
    /// Which of them are to be added: by site, block.
    masks: Vec<u64>,
    /// Lanes of everyone, then of each group: by block that waits.
    groups: Vec<Vec<u64>>,
    batch: Batch,
}

impl<'a> Tray<'a> {
    /// A tray for a thread's share of so many blocks.
    pub fn new(store: &'a Store, blocks: u64) -> Tray<'a> {
        let sites = store.reductions.len();
        let fit = WAITING / (sites * size_of::<Lanes>()).max(1);
        Tray::of_size(store, fit.min(BLOCKS).min(blocks.try_into().unwrap_or(BLOCKS)))
    }

    fn of_size(store: &'a Store, size: usize) -> Tray<'a> {
        let cells = if size > 1 { size * store.reductions.len() } else { 0 };
        let (lanes, masks) = (vec![0.0; cells * LANES], vec![0; cells]);
        Tray { store, size, lanes, masks, groups: Vec::new(), batch: Batch::default() }
    }

    pub fn sites(&self) -> &'a Sites {
        &self.store.sites
    }

    /// Begins a block; a full tray is emptied before.
    pub fn begin(&mut self, agents: &Agents) {
        if self.groups.len() >= self.size {
            self.empty();
        }
        self.groups.push(agents.groups.clone());
    }

    /// Adds lanes of the block to the reductions of everyone and of each group; at most once per block and site.
    pub fn add(&mut self, site: Site, lanes: &Lanes, mask: u64) {
        let block = self.groups.len() - 1;
        if self.size <= 1 {
            let groups = lock(&self.store.reductions[site]);
            return reduce(groups, &mut self.batch, &self.groups, [(&lanes.0, mask)].into_iter());
        }
        let cell = site * self.size + block;
        debug_assert_eq!(self.masks[cell], 0, "lanes were added twice");
        self.lanes[cell * LANES..][..LANES].copy_from_slice(&lanes.0);
        self.masks[cell] = mask;
    }

    /// Adds all that waits.
    pub fn empty(&mut self) {
        // Sites that another thread has in hand come last.
        let mut later = Vec::new();
        if self.size > 1 {
            for site in 0..self.store.reductions.len() {
                match self.store.reductions[site].try_lock() {
                    Ok(groups) => self.add_site(site, groups),
                    Err(TryLockError::Poisoned(poisoned)) => self.add_site(site, poisoned.into_inner()),
                    Err(TryLockError::WouldBlock) => later.push(site),
                }
            }
        }
        for site in later {
            self.add_site(site, lock(&self.store.reductions[site]));
        }
        self.masks.fill(0);
        self.groups.clear();
    }

    fn add_site(&mut self, site: Site, groups: MutexGuard<Vec<Reduction>>) {
        let cells = site * self.size..site * self.size + self.groups.len();
        let (lanes, _) = self.lanes.as_chunks::<LANES>();
        let waiting = lanes[cells.clone()].iter().zip(self.masks[cells].iter().copied());
        reduce(groups, &mut self.batch, &self.groups, waiting);
    }
}

fn lock(groups: &Mutex<Vec<Reduction>>) -> MutexGuard<'_, Vec<Reduction>> {
    groups.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds the lanes of some blocks to the reductions of everyone and of each group.
fn reduce<'a>(
    mut reductions: MutexGuard<Vec<Reduction>>,
    batch: &mut Batch,
    members: &[Vec<u64>],
    waiting: impl Iterator<Item = (&'a [f64; LANES], u64)> + Clone,
) {
    for (group, reduction) in reductions.iter_mut().enumerate() {
        batch.clear();
        for ((lanes, mask), members) in waiting.clone().zip(members) {
            batch.push(lanes, mask & members[group]);
        }
        reduction.add_all(batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BLOCKS: usize = 24;

    /// A place of each kind.
    fn nothing(keep: bool) -> Collected {
        let each = || vec![Reduction::new(keep); 2];
        Collected {
            series: vec![vec![vec![each(), each()], vec![]], vec![vec![each()]]],
            differences: vec![vec![], vec![vec![Some(each()), None]]],
            assays: vec![
                vec![AssayResult {
                    curve: vec![each()],
                    metrics: vec![each()],
                    missing: vec![],
                    absent: vec![],
                }],
                vec![],
            ],
            outcomes: vec![each()],
            ..Collected::default()
        }
    }

    fn places(collected: &Collected) -> Vec<&Vec<Reduction>> {
        let series = collected.series.iter().flatten().flatten();
        let differences = collected.differences.iter().flatten().flatten().flatten();
        let assays = collected.assays.iter().flatten().flat_map(|of| of.curve.iter().chain(&of.metrics));
        series.chain(differences).chain(assays).chain(&collected.outcomes).collect()
    }

    /// In the order of `places`.
    fn sites(of: &Sites) -> Vec<Site> {
        let series = of.series.iter().flatten().flatten();
        let differences = of.differences.iter().flatten().flatten().flatten();
        let assays = of.assays.iter().flatten().flatten().flatten();
        series.chain(differences).chain(assays).chain(&of.outcomes).copied().collect()
    }

    fn bits(collected: &Collected) -> Vec<u64> {
        let of = |r: &Reduction| {
            let numbers =
                [r.mean(), r.sd(), r.min(), r.max(), r.quantile(0.3), r.quantile(0.9)].map(f64::to_bits);
            numbers.into_iter().chain([r.n(), r.missing()])
        };
        places(collected).into_iter().flatten().flat_map(of).collect()
    }

    /// What a block shows at a place: some lanes have no value, the last block is not full, and a place may see nothing.
    fn shown(block: usize, place: usize) -> (Lanes, u64) {
        let key = crate::rng::Key::new(1, crate::rng::Stream::of("shown"));
        let at = |lane: usize| key.bits((block * LANES + lane) as u64, place as u64);
        let value = |lane: usize| match at(lane) % 16 {
            0 => f64::NAN,
            1 => -0.0,
            kind => (at(lane) >> 20) as f64 * 2f64.powi(-44 - 3 * kind as i32),
        };
        let mask = if block + 1 == BLOCKS { 0xfff } else { u64::MAX };
        (Lanes(std::array::from_fn(value)), if (block + place).is_multiple_of(5) { 0 } else { mask })
    }

    fn agents(block: usize) -> Agents {
        let mask = if block + 1 == BLOCKS { 0xfff } else { u64::MAX };
        let half = 0x5555_5555_5555_5555 << (block % 2);
        Agents { first: 64 * block as u64, mask, group: [None; LANES], groups: vec![mask, mask & half] }
    }

    /// Block after block, each by itself.
    fn plainly(keep: bool) -> Vec<u64> {
        let mut collected = nothing(keep);
        let mut places: Vec<Vec<Reduction>> = places(&collected).into_iter().cloned().collect();
        for block in 0..BLOCKS {
            for (place, groups) in places.iter_mut().enumerate() {
                let (lanes, mask) = shown(block, place);
                groups.iter_mut().zip(agents(block).groups).for_each(|(r, of)| r.add(&lanes, mask & of));
            }
        }
        let store = Store::of(&mut collected);
        for (site, groups) in sites(&store.sites).into_iter().zip(places) {
            *lock(&store.reductions[site]) = groups;
        }
        store.give_back(&mut collected);
        bits(&collected)
    }

    proptest! {
        #[test]
        fn any_threads_trays_and_order_of_blocks_give_the_same_bits(keep in any::<bool>(), order in Just((0..BLOCKS).collect::<Vec<_>>()).prop_shuffle(), sizes in proptest::collection::vec(0usize..9, 1..4)) {
            let mut collected = nothing(keep);
            let store = Store::of(&mut collected);
            prop_assert!(places(&collected).into_iter().all(Vec::is_empty));
            std::thread::scope(|scope| {
                for (blocks, size) in order.chunks(BLOCKS.div_ceil(sizes.len())).zip(&sizes) {
                    let store = &store;
                    scope.spawn(move || {
                        let mut tray = Tray::of_size(store, *size);
                        for block in blocks {
                            tray.begin(&agents(*block));
                            for (place, site) in sites(tray.sites()).into_iter().enumerate() {
                                let (lanes, mask) = shown(*block, place);
                                tray.add(site, &lanes, mask);
                            }
                        }
                        tray.empty();
                    });
                }
            });
            store.give_back(&mut collected);
            prop_assert_eq!(bits(&collected), plainly(keep));
        }
    }

    #[test]
    fn a_tray_is_small_however_many_sites_there_are() {
        for (sites, blocks, size) in
            [(0, 9, 9), (10, 1, 1), (10, u64::MAX, super::BLOCKS), (2000, 99, 8), (100_000, 99, 0)]
        {
            let store =
                Store { sites: Sites::default(), reductions: (0..sites).map(|_| Mutex::default()).collect() };
            let tray = Tray::new(&store, blocks);
            assert_eq!(tray.size, size);
            assert!(tray.lanes.len() * size_of::<f64>() <= WAITING);
        }
    }
}
