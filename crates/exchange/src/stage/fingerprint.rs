//! A row's digest over its own fields and unmapped columns: stable over runs, machines and the cut of the file.

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0xd6e8_feb8_6659_fd93;
/// Stands for a missing value.
pub(super) const ABSENT: u64 = 0x2545_f491_4f6c_dd1d;

/// Mixes a value into a digest; the order of the values counts.
pub(super) fn fold(digest: u64, value: u64) -> u64 {
    let product = u128::from(digest ^ SEED) * u128::from(value ^ STEP);
    (product as u64) ^ (product >> 64) as u64 ^ value.rotate_left(29)
}

pub(super) fn of_text(text: &str) -> u64 {
    let mut digest = text.len() as u64;
    let mut chunks = text.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        digest = fold(digest, u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
    }
    let rest = chunks.remainder().iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    fold(digest, rest)
}
