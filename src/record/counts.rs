//! How many values begin with the same bits.
//! Knows nothing of ranks and quantiles.
//!
//! A bin is sign, exponent and the first 12 bits of the fraction: 2^-12 of its lower edge wide, so that its middle is off by at
//! most 2^-13 = 1.23e-4 of a value in it; below 2^-1022 by at most 2^-1035. Bins stand in pages of 256, and only pages
//! that hold something exist. A cell is small until one of its page is full: a population of 10⁶ spread over four
//! octaves takes 40 kB.

/// Bits of a value that do not tell its bin.
const CUT: u32 = 40;
const CELLS: usize = 256;

/// Counts in ascending order of bins.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Upper bits of bins, ascending; apart from the cells, so that searching reads little.
    numbers: Vec<u16>,
    pages: Vec<Page>,
}

/// Counts of 256 bins that follow each other.
#[derive(Clone, Debug)]
enum Page {
    Small(Box<[u16; CELLS]>),
    Large(Box<[u64; CELLS]>),
}

impl Counts {
    /// Counts a value that is neither NaN nor -0.
    #[inline]
    pub fn add(&mut self, value: f64) {
        let bin = bin(value);
        let page = self.page((bin >> 8) as u16);
        self.pages[page].add(bin as usize % CELLS, 1);
    }

    pub fn merge(&mut self, other: &Counts) {
        for (number, more) in other.numbers.iter().zip(&other.pages) {
            let page = self.page(*number);
            for (cell, count) in more.counts().enumerate().filter(|(_, count)| *count > 0) {
                self.pages[page].add(cell, count);
            }
        }
    }

    /// The value that stands for a bin, and how many are in it: ascending, without empty bins.
    pub fn bins(&self) -> impl Iterator<Item = (f64, u64)> {
        self.numbers.iter().zip(&self.pages).flat_map(|(number, page)| {
            let first = u32::from(*number) << 8;
            page.counts()
                .enumerate()
                .filter(|(_, n)| *n > 0)
                .map(move |(cell, n)| (middle(first + cell as u32), n))
        })
    }

    /// Position of a page, made where there is none.
    #[inline]
    fn page(&mut self, number: u16) -> usize {
        match self.numbers.binary_search(&number) {
            Ok(at) => at,
            Err(at) => {
                self.numbers.insert(at, number);
                self.pages.insert(at, Page::Small(Box::new([0; CELLS])));
                at
            }
        }
    }
}

impl Page {
    #[inline]
    fn add(&mut self, cell: usize, more: u64) {
        match self {
            Page::Small(cells) => match u16::try_from(u64::from(cells[cell]).saturating_add(more)) {
                Ok(sum) => cells[cell] = sum,
                Err(_) => {
                    let mut large = Box::new(cells.map(u64::from));
                    large[cell] += more;
                    *self = Page::Large(large);
                }
            },
            Page::Large(cells) => cells[cell] += more,
        }
    }

    fn counts(&self) -> impl Iterator<Item = u64> {
        (0..CELLS).map(move |cell| match self {
            Page::Small(cells) => u64::from(cells[cell]),
            Page::Large(cells) => cells[cell],
        })
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

    #[test]
    fn a_full_cell_makes_its_page_large_and_loses_nothing() {
        let (mut counts, mut merged) = (Counts::default(), Counts::default());
        for _ in 0..70_000 {
            counts.add(1.0);
        }
        counts.add(1.001);
        for _ in 0..3 {
            merged.merge(&counts);
        }
        let of = |counts: &Counts| counts.bins().map(|(_, n)| n).collect::<Vec<_>>();
        assert_eq!((of(&counts), of(&merged)), (vec![70_000, 1], vec![210_000, 3]));
    }
}
