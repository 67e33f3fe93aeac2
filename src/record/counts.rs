//! How many values begin with the same bits.
//! Knows nothing of ranks and quantiles.
//!
//! A bin is sign, exponent and the first 12 bits of the fraction: 2^-12 of its lower edge wide, so that its middle is off by at
//! most 2^-13 = 1.23e-4 of a value in it; below 2^-1022 by at most 2^-1035. Bins stand in pages of 256, and only pages
//! that hold something exist, side by side in memory. A cell counts to 255, and what goes beyond is carried to another page:
//! a population of 10⁶ spread over four octaves takes 18 kB.

use std::collections::BTreeMap;

use super::bytes::{self, Reader};

/// Bits of a value that do not tell its bin.
const CUT: u32 = 40;
const CELLS: usize = 256;

/// Counts of bins.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Upper bits of bins, ascending, and where their page stands.
    index: Vec<(u16, u16)>,
    /// Least digits in base 256, in the order in which pages came up.
    pages: Vec<[u8; CELLS]>,
    /// Higher digits, by where the page stands.
    carried: BTreeMap<u16, Carried>,
}

/// How many times 256 of the cells of one page.
#[derive(Clone, Debug)]
enum Carried {
    Small(Box<[u16; CELLS]>),
    Large(Box<[u64; CELLS]>),
}

/// Where the pages of one `Counts` stand, found without a search: upper bits of a bin, then where. All 0 is nothing known: the
/// page of number 0 could hold only NaN.
#[derive(Clone, Debug)]
pub struct Known([u32; KNOWN]);

/// Pages of 16 octaves.
const KNOWN: usize = 256;

impl Default for Known {
    fn default() -> Known {
        Known([0; KNOWN])
    }
}

impl Known {
    fn learn(&mut self, number: u16, page: u16) {
        self.0[usize::from(number) % KNOWN] = u32::from(number) << 16 | u32::from(page);
    }

    #[inline]
    fn page(&self, number: u16) -> Option<usize> {
        let known = self.0[usize::from(number) % KNOWN];
        (known >> 16 == u32::from(number)).then_some((known & 0xffff) as usize)
    }
}

impl Counts {
    /// Counts values that are neither NaN nor -0. `known` is room, with anything in it.
    pub fn add(&mut self, values: &[f64], known: &mut Known) {
        known.0.fill(0);
        self.index.iter().for_each(|(number, page)| known.learn(*number, *page));
        if values.len() > CELLS {
            self.approach();
        }
        for value in values {
            let bin = bin(*value);
            let number = (bin >> 8) as u16;
            let page = known.page(number).unwrap_or_else(|| {
                let page = self.page(number);
                known.learn(number, page);
                usize::from(page)
            });
            let cell = &mut self.pages[page][bin as usize % CELLS];
            *cell = cell.wrapping_add(1);
            if *cell == 0 {
                self.carry(page as u16, bin as usize % CELLS, 1);
            }
        }
    }

    pub fn merge(&mut self, other: &Counts) {
        for (number, from) in &other.index {
            let page = self.page(*number);
            for (cell, count) in other.counts(*from).enumerate().filter(|(_, count)| *count > 0) {
                let digit = &mut self.pages[usize::from(page)][cell];
                let sum = u64::from(*digit) + count;
                *digit = sum as u8;
                if sum >> 8 > 0 {
                    self.carry(page, cell, sum >> 8);
                }
            }
        }
    }

    /// The value that stands for a bin, and how many are in it: ascending, without empty bins.
    pub fn bins(&self) -> impl Iterator<Item = (f64, u64)> {
        self.index.iter().flat_map(|(number, page)| {
            let first = u32::from(*number) << 8;
            self.counts(*page)
                .enumerate()
                .filter(|(_, n)| *n > 0)
                .map(move |(cell, n)| (middle(first + cell as u32), n))
        })
    }

    /// The same counts are the same bytes, in whatever order pages came up.
    pub fn write(&self, into: &mut Vec<u8>) {
        bytes::whole(into, self.index.len() as u64);
        for (number, page) in &self.index {
            let filled = || self.counts(*page).enumerate().filter(|(_, n)| *n > 0);
            bytes::whole(into, u64::from(*number));
            bytes::whole(into, filled().count() as u64);
            for (cell, n) in filled() {
                into.push(cell as u8);
                bytes::whole(into, n);
            }
        }
    }

    /// Counts of `n` values.
    pub fn read(reader: &mut Reader, n: u64) -> Option<Counts> {
        let mut counts = Counts::default();
        let mut left = n;
        let (mut last_page, pages) = (None, reader.count(2)?);
        for _ in 0..pages {
            let number = u16::try_from(reader.whole()?).ok()?;
            if last_page.is_some_and(|last| number <= last) {
                return None;
            }
            last_page = Some(number);
            let page = counts.page(number);
            let (mut last_cell, cells) = (None, reader.count(2)?);
            for _ in 0..cells {
                let (cell, count) = (reader.byte()?, reader.whole()?);
                let bin = u32::from(number) << 8 | u32::from(cell);
                if last_cell.is_some_and(|last| cell <= last) || count == 0 || middle(bin).is_nan() {
                    return None;
                }
                last_cell = Some(cell);
                left = left.checked_sub(count)?;
                counts.pages[usize::from(page)][usize::from(cell)] = count as u8;
                if count >> 8 > 0 {
                    counts.carry(page, usize::from(cell), count >> 8);
                }
            }
        }
        (left == 0).then_some(counts)
    }

    /// Reads a cell of each line of memory: one after the other they come much faster than in the order of values, which cannot
    /// be foreseen. A count of a thousand values takes a third of the time.
    fn approach(&self) {
        const LINE: usize = 64;
        let cells = self.pages.iter().flat_map(|page| page.iter().step_by(LINE));
        std::hint::black_box(cells.fold(0, |all, cell| all | cell));
    }

    /// Bytes beside itself.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        let carried = self.carried.values().map(|page| match page {
            Carried::Small(cells) => size_of_val(&**cells),
            Carried::Large(cells) => size_of_val(&**cells),
        });
        let each = |page: usize| page + size_of::<(u16, Carried)>();
        4 * self.index.capacity() + CELLS * self.pages.capacity() + carried.map(each).sum::<usize>()
    }

    /// Where a page stands, made where there is none.
    fn page(&mut self, number: u16) -> u16 {
        match self.index.binary_search_by_key(&number, |(number, _)| *number) {
            Ok(at) => self.index[at].1,
            Err(at) => {
                let page = self.pages.len() as u16;
                if self.pages.len() == self.pages.capacity() {
                    // Doubling would leave half of the memory empty.
                    self.pages.reserve_exact(4.max(self.pages.len() / 8));
                }
                self.pages.push([0; CELLS]);
                self.index.insert(at, (number, page));
                page
            }
        }
    }

    #[cold]
    fn carry(&mut self, page: u16, cell: usize, more: u64) {
        let new = || Carried::Small(Box::new([0; CELLS]));
        self.carried.entry(page).or_insert_with(new).add(cell, more);
    }

    fn counts(&self, page: u16) -> impl Iterator<Item = u64> {
        let carried = self.carried.get(&page);
        let digits = self.pages[usize::from(page)].iter().enumerate();
        digits.map(move |(cell, digit)| u64::from(*digit) + 256 * carried.map_or(0, |of| of.count(cell)))
    }
}

impl Carried {
    fn add(&mut self, cell: usize, more: u64) {
        match self {
            Carried::Small(cells) => match u16::try_from(u64::from(cells[cell]).saturating_add(more)) {
                Ok(sum) => cells[cell] = sum,
                Err(_) => {
                    let mut large = Box::new(cells.map(u64::from));
                    large[cell] += more;
                    *self = Carried::Large(large);
                }
            },
            Carried::Large(cells) => cells[cell] += more,
        }
    }

    fn count(&self, cell: usize) -> u64 {
        match self {
            Carried::Small(cells) => u64::from(cells[cell]),
            Carried::Large(cells) => cells[cell],
        }
    }
}

/// The leading 24 bits, turned so that bins are in the order of values.
#[inline]
fn bin(value: f64) -> u32 {
    let bits = value.to_bits();
    let turn = if value.is_sign_negative() { u64::MAX } else { 1 << 63 };
    ((bits ^ turn) >> CUT) as u32
}

/// The middle of a bin; 0 and the infinities stand for themselves.
fn middle(bin: u32) -> f64 {
    let turned = u64::from(bin) << CUT;
    let negative = turned >> 63 == 0;
    // Of a negative bin the edge nearest to 0.
    let edge = f64::from_bits(if negative { !turned >> CUT << CUT } else { turned ^ 1 << 63 });
    if edge == 0.0 {
        0.0
    } else if edge.is_infinite() {
        edge
    } else {
        f64::from_bits(edge.to_bits() | 1 << (CUT - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_middle_of_a_bin_is_near_all_its_values(value in any::<f64>().prop_filter("a number", |x| !x.is_nan())) {
            let middle = middle(bin(value));
            let near = (middle - value).abs() <= value.abs() / 8192.0 || (middle - value).abs() <= 2f64.powi(-1034);
            prop_assert!(near || middle == value, "{value} {middle}");
        }

        #[test]
        fn bins_are_in_the_order_of_values(a in any::<f64>(), b in any::<f64>()) {
            let (a, b) = (a + 0.0, b + 0.0);
            prop_assert!(a.partial_cmp(&b).is_none_or(|order| bin(a).cmp(&bin(b)) == order || bin(a) == bin(b)));
        }
    }

    /// What counts hold, in their order.
    fn held(counts: &Counts) -> Vec<(u64, u64)> {
        counts.bins().map(|(middle, n)| (middle.to_bits(), n)).collect()
    }

    proptest! {
        #[test]
        fn counts_are_those_of_each_bin(values in proptest::collection::vec(prop_oneof![any::<f64>(), -2.0f64..2.0, proptest::sample::select(vec![0.0, 1.0, 1e5, 1e10, f64::INFINITY])], 0..2000), cut in 0usize..2000) {
            let values: Vec<f64> = values.into_iter().filter(|x| !x.is_nan()).map(|x| x + 0.0).collect();
            let mut truth = BTreeMap::new();
            values.iter().for_each(|value| *truth.entry(bin(*value)).or_insert(0) += 1);
            let truth: Vec<(u64, u64)> = truth.into_iter().map(|(bin, n)| (middle(bin).to_bits(), n)).collect();
            let (mut counts, mut rest, mut known) = (Counts::default(), Counts::default(), Known::default());
            let (left, right) = values.split_at(cut.min(values.len()));
            counts.add(left, &mut known);
            rest.add(right, &mut known);
            counts.merge(&rest);
            prop_assert_eq!(held(&counts), truth);
        }
    }

    #[test]
    fn a_full_cell_is_carried_and_loses_nothing() {
        let (mut counts, mut merged, mut known) = (Counts::default(), Counts::default(), Known::default());
        let many = vec![1.0; 70_000];
        // Cells, cells carried to a small page, and to a large one.
        for (times, n) in [(1, 70_000), (1000, 70_070_000)] {
            (0..times).for_each(|_| counts.add(&many, &mut known));
            assert_eq!(held(&counts).iter().map(|(_, n)| *n).collect::<Vec<_>>(), [n]);
        }
        counts.add(&[1.001], &mut known);
        (0..3).for_each(|_| merged.merge(&counts));
        let of = |counts: &Counts| counts.bins().map(|(_, n)| n).collect::<Vec<_>>();
        assert_eq!((of(&counts), of(&merged)), (vec![70_070_000, 1], vec![210_210_000, 3]));
    }
}
