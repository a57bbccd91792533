//! A 64-bit digest that stays the same over runs and releases, so that it may be kept.

const SEED: u64 = 0x66_75_7a_68_69_31;

/// Digests numbers and texts, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(SEED)
    }
}

impl Digest {
    #[must_use]
    pub const fn number(self, number: u64) -> Self {
        let product = ((self.0 ^ number) as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        Self(((product >> 64) as u64 ^ product as u64).rotate_left(23).wrapping_add(0xd1b5_4a32_d192_ed03))
    }

    #[must_use]
    pub fn text(self, text: &str) -> Self {
        let words = text.as_bytes().chunks(8).map(|chunk| {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        });
        words.fold(self.number(text.len() as u64), Self::number)
    }

    #[must_use]
    pub fn units(self, units: &[u16]) -> Self {
        let words = units.chunks(4).map(|chunk| chunk.iter().fold(0, |word, unit| word << 16 | u64::from(*unit)));
        words.fold(self.number(units.len() as u64), Self::number)
    }

    /// Never 0, so that 0 can stand for a missing value.
    #[must_use]
    pub const fn finish(self) -> u64 {
        let mixed = self.number(0).0;
        if mixed == 0 { 1 } else { mixed }
    }
}
