//! Names in Latin letters: how they sound, and which are short forms of which.

use crate::digest::Digest;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// A digest of the consonants: the first letter, then what is left without vowels, silent letters and doubled ones,
/// letters that sound alike written alike (after Philips's Metaphone, much simplified). 0 for a name without letters.
pub(crate) fn skeleton(units: &[u16]) -> u64 {
    const MOST: usize = 5;
    let mut kept = [0u16; MOST];
    let mut len = 0;
    let mut before = 0;
    for unit in units.iter().filter(|unit| **unit > 0x40) {
        let sound = match u8::try_from(*unit).unwrap_or(0) {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' | b'w' if len > 0 => 0,
            b'c' | b'q' | b'g' => u16::from(b'k'),
            b'z' | b'x' => u16::from(b's'),
            b'd' => u16::from(b't'),
            b'v' => u16::from(b'f'),
            b'j' if len > 0 => 0,
            b'm' if len > 0 => u16::from(b'n'),
            _ => *unit,
        };
        if sound != 0 && sound != before && len < MOST {
            kept[len] = sound;
            len += 1;
        }
        before = sound;
    }
    if len == 0 { 0 } else { Digest::default().units(&kept[..len]).finish() }
}

/// Whether two given names are forms of one (Bill and William, Peg and Margaret) or one begins with the other.
pub(crate) fn same_given_name(a: &[u16], b: &[u16]) -> bool {
    let starts = |short: &[u16], long: &[u16]| short.len() >= 3 && long.starts_with(short);
    let sets = |units: &[u16]| SETS.get(units).map_or(&[] as &[u16], Vec::as_slice);
    starts(a, b) || starts(b, a) || sets(a).iter().any(|set| sets(b).contains(set))
}

/// For each name the lines it stands in: some short forms are of several names.
static SETS: LazyLock<FxHashMap<Vec<u16>, Vec<u16>>> = LazyLock::new(|| {
    let mut sets: FxHashMap<Vec<u16>, Vec<u16>> = FxHashMap::default();
    let lines = include_str!("given_names.txt").lines().filter(|line| !line.starts_with('#'));
    for (set, line) in (0..).zip(lines) {
        for name in line.split_whitespace() {
            sets.entry(name.encode_utf16().collect()).or_default().push(set);
        }
    }
    sets
});
