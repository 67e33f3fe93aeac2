//! One unit as bytes: a line that says which unit it is, how long, and its checksum; then its rows as CSV.
//! Knows nothing of files.

use sha2::{Digest, Sha256};

pub const MARK: &str = "unit";
const CHECK: &str = " check ";
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The header of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub unit: u64,
    /// Of what follows the header.
    pub bytes: u64,
    pub sha256: [u8; 32],
}

/// A header is no longer than this, with its line end.
pub const LONGEST_HEADER: usize = 160;

/// A unit as it is kept.
pub fn framed(unit: u64, body: &[u8]) -> Vec<u8> {
    let sum: [u8; 32] = Sha256::digest(body).into();
    let said = format!("{MARK} {unit} bytes {} sha256 {}", body.len(), hex(&sum));
    let mut all = format!("{said}{CHECK}{}\n", check(&said)).into_bytes();
    all.extend_from_slice(body);
    all
}

/// What a header says has a checksum of its own: a unit under another's number would fit its rows all the same.
fn check(said: &str) -> String {
    let sum: [u8; 32] = Sha256::digest(said).into();
    hex(&sum)[..8].to_owned()
}

/// A checksum as it is written.
pub fn hex(sum: &[u8; 32]) -> String {
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    sum.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Back from [`hex`], which writes a checksum in one way only.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |of: u8| DIGITS.iter().position(|digit| *digit == of).map(|at| at as u8);
    let mut sum = [0; 32];
    if text.len() != 2 * sum.len() {
        return None;
    }
    for (byte, pair) in sum.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(sum)
}

impl Header {
    /// The header at the beginning of some bytes, and its length with its line end.
    pub fn read(bytes: &[u8]) -> Option<(Header, usize)> {
        let end = bytes.iter().take(LONGEST_HEADER).position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(&bytes[..end]).ok()?;
        let (said, of_it) = line.split_once(CHECK)?;
        if of_it != check(said) {
            return None;
        }
        let words: Vec<&str> = said.split(' ').collect();
        let [MARK, unit, "bytes", length, "sha256", sha256] = words[..] else { return None };
        let header = Header { unit: unit.parse().ok()?, bytes: length.parse().ok()?, sha256: unhex(sha256)? };
        Some((header, end + 1))
    }

    /// Whether these are the rows that were kept.
    pub fn fits(&self, body: &[u8]) -> bool {
        body.len() as u64 == self.bytes && Sha256::digest(body)[..] == self.sha256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_reads_back_and_no_changed_byte_goes_unseen() {
        let bytes = framed(12, b"1,2,3\n4,5,6\n");
        let (header, start) = Header::read(&bytes).unwrap();
        assert_eq!((header.unit, header.bytes), (12, 12));
        assert_eq!(hex(&header.sha256), crate::report::sha256(b"1,2,3\n4,5,6\n"));
        assert!(header.fits(&bytes[start..]));
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let seen = match Header::read(&changed) {
                None => true,
                Some((other, start)) => !changed.get(start..).is_some_and(|body| other.fits(body)),
            };
            assert!(seen, "byte {at}");
        }
    }

    #[test]
    fn what_is_cut_off_is_no_header() {
        let bytes = framed(3, b"x\n");
        let (_, start) = Header::read(&bytes).unwrap();
        assert!((0..start).all(|length| Header::read(&bytes[..length]).is_none()));
    }
}
