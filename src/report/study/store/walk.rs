//! The frames of a file, one after the other; where it is damaged, from the next sound header on.
//! Knows nothing of units but their headers; holds a piece of the file at a time.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::frame::{Header, LONGEST_HEADER, MARK};

/// Bytes that are searched at once.
const PIECE: usize = 1 << 16;

/// A frame in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub header: Header,
    /// Byte at which its header begins, and at which its rows do.
    pub head: u64,
    pub start: u64,
}

/// On its way through a file.
#[derive(Debug)]
pub struct Walk {
    file: File,
    length: u64,
    at: u64,
    /// Behind the header of the frame before: where bytes of its rows were lost, the next frame begins in what seem to be its rows.
    behind: u64,
    /// Bytes on the way that are no frames.
    pub damaged: Vec<Range<u64>>,
}

impl Walk {
    pub fn of(file: File) -> io::Result<Walk> {
        let length = file.metadata()?.len();
        Ok(Walk { file, length, at: 0, behind: 0, damaged: Vec::new() })
    }

    /// The next frame that lies whole in the file, by its header; its rows are not read. `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<Frame>> {
        while self.at < self.length {
            if let Some(frame) = frame_at(&mut self.file, self.at)?.filter(|frame| frame.end() <= self.length)
            {
                (self.at, self.behind) = (frame.end(), frame.start);
                return Ok(Some(frame));
            }
            let next = next(&mut self.file, self.behind, self.length)?.unwrap_or(self.length);
            self.damaged.push(self.at.min(next)..next);
            self.at = next;
        }
        Ok(None)
    }

    /// The rows of a frame as they lie there; shorter where the file was cut off meanwhile.
    pub fn rows(&mut self, frame: &Frame) -> io::Result<Vec<u8>> {
        rows(&mut self.file, frame)
    }
}

/// The rows of a frame as they lie there; shorter where the file was cut off meanwhile.
pub fn rows(file: &mut File, frame: &Frame) -> io::Result<Vec<u8>> {
    bytes(file, frame.start, frame.header.bytes)
}

/// The frame that begins at a byte, by its header.
pub fn frame_at(file: &mut File, at: u64) -> io::Result<Option<Frame>> {
    let head = bytes(file, at, LONGEST_HEADER as u64)?;
    Ok(Header::read(&head).map(|(header, behind)| Frame { header, head: at, start: at + behind as u64 }))
}

/// The first byte, from one on, at which a frame begins that ends within the file.
fn next(file: &mut File, from: u64, length: u64) -> io::Result<Option<u64>> {
    let mut at = from;
    while at < length {
        let piece = bytes(file, at, (PIECE + LONGEST_HEADER) as u64)?;
        let begins = |here: &usize| {
            let rest = &piece[*here..];
            let header = rest.starts_with(MARK.as_bytes()).then(|| Header::read(rest)).flatten();
            header.is_some_and(|(header, behind)| {
                let end = (at + (*here + behind) as u64).saturating_add(header.bytes);
                end <= length
            })
        };
        if let Some(here) = (0..piece.len().min(PIECE)).find(begins) {
            return Ok(Some(at + here as u64));
        }
        at += PIECE as u64;
    }
    Ok(None)
}

fn bytes(file: &mut File, from: u64, most: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Frame {
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.header.bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::super::frame::framed;
    use super::*;

    /// Units that are whole, by number, and how many stretches are damaged.
    fn walked(bytes: &[u8]) -> (Vec<u64>, usize) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let mut walk = Walk::of(file).unwrap();
        let mut whole = Vec::new();
        while let Some(frame) = walk.next().unwrap() {
            if frame.header.fits(&walk.rows(&frame).unwrap()) {
                whole.push(frame.header.unit);
            }
        }
        (whole, walk.damaged.len())
    }

    fn file(units: u64) -> Vec<u8> {
        let body = |unit: u64| format!("{unit},a unit of rows\n").repeat(1 + unit as usize % 3);
        (0..units).flat_map(|unit| framed(unit, body(unit).as_bytes())).collect()
    }

    #[test]
    fn a_sound_file_is_its_frames() {
        assert_eq!(walked(&file(9)), ((0..9).collect(), 0));
        assert_eq!(walked(b""), (Vec::new(), 0));
    }

    #[test]
    fn a_long_stretch_of_garbage_hides_no_unit_behind_it() {
        for length in [1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let all = [file(2), b"unit ".repeat(length / 5 + 1)[..length].to_vec(), file(2)].concat();
            assert_eq!(walked(&all), (vec![0, 1, 0, 1], 1), "{length}");
        }
    }

    proptest! {
        /// Bytes changed, lost or added at one place cost the units that they lie in, and no other.
        #[test]
        fn damage_costs_the_units_it_lies_in(
            at in 0.0..1.0_f64,
            lost in 0..60_usize,
            added in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            let good = file(12);
            let at = (at * good.len() as f64) as usize;
            let end = (at + lost).min(good.len());
            let bad = [&good[..at], &added, &good[end..]].concat();
            // Where each unit begins and ends; what is added between two belongs to neither.
            let ends: Vec<usize> = (0..=12).map(|units| file(units).len()).collect();
            let touched = |unit: usize| match at == end {
                true => ends[unit] < at && at < ends[unit + 1],
                false => ends[unit] < end && at < ends[unit + 1],
            };
            let spared: Vec<u64> = (0..12).filter(|unit| !touched(*unit)).map(|unit| unit as u64).collect();
            let (there, _) = walked(&bad);
            prop_assert!(spared.iter().all(|unit| there.contains(unit)), "{spared:?} {there:?}");
        }
    }
}
