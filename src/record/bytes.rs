//! Numbers as bytes and back: what other files write themselves with.
//! Knows nothing of what is written. Whatever bytes are read, nothing panics and nothing larger than they are is made.

/// A whole number in groups of seven bits, least first.
pub fn whole(into: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// A signed one: small sizes take few bytes.
pub fn signed(into: &mut Vec<u8>, number: i64) {
    whole(into, (number << 1 ^ number >> 63).cast_unsigned());
}

pub fn number(into: &mut Vec<u8>, number: f64) {
    into.extend_from_slice(&number.to_bits().to_le_bytes());
}

/// Bytes that are read from front to back; `None` where they are not what was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(pub &'a [u8]);

impl Reader<'_> {
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub fn whole(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in (0..64).step_by(7) {
            let byte = self.byte()?;
            let digits = u64::from(byte & 0x7f);
            if digits << place >> place != digits {
                return None;
            }
            number |= digits << place;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub fn signed(&mut self) -> Option<i64> {
        let turned = self.whole()?;
        Some((turned >> 1).cast_signed() ^ -(turned & 1).cast_signed())
    }

    pub fn number(&mut self) -> Option<f64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(f64::from_bits(u64::from_le_bytes(*bytes)))
    }

    /// How many things follow that take at least so many bytes each.
    pub fn count(&mut self, bytes: usize) -> Option<usize> {
        let count = usize::try_from(self.whole()?).ok()?;
        (count <= self.0.len() / bytes.max(1)).then_some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_read_back(wholes in proptest::collection::vec(any::<u64>(), 0..9), shift in 0u32..64, minus in any::<i64>(), bits in any::<u64>()) {
            let mut bytes = Vec::new();
            wholes.iter().for_each(|n| whole(&mut bytes, n >> shift));
            signed(&mut bytes, minus >> shift);
            number(&mut bytes, f64::from_bits(bits));
            let mut reader = Reader(&bytes);
            for n in &wholes {
                prop_assert_eq!(reader.whole(), Some(n >> shift));
            }
            prop_assert_eq!(reader.signed(), Some(minus >> shift));
            prop_assert_eq!(reader.number().map(f64::to_bits), Some(bits));
            prop_assert!(reader.0.is_empty() && reader.byte().is_none());
        }
    }

    #[test]
    fn what_is_too_large_is_no_number_and_no_count() {
        assert_eq!(Reader(&[0xff; 11]).whole(), None);
        assert_eq!(Reader(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]).whole(), None);
        assert_eq!(Reader(&[9, 0, 0]).count(1), None);
    }
}
