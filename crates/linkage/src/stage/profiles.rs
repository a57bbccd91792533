//! Rows with the same person keys, collapsed.

use super::RowRef;
use households::records::Resource;
use rayon::prelude::*;
use values::Precision;

/// The person keys of one profile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct KeyRow<'a> {
    pub id_number: u64,
    pub name: Option<&'a str>,
    pub sex: u8,
    pub birth: i32,
    pub precision: Precision,
    pub area: u64,
    pub address: Option<&'a str>,
    pub phone: u64,
    /// Digest of the department and its household number; 0 where there is none.
    pub household: u64,
}

impl<'a> KeyRow<'a> {
    pub(crate) fn of(resource: &'a Resource, row: usize) -> Self {
        let keys = &resource.keys;
        let household =
            keys.household_no.get(row).map_or(0, |no| digest_text(digest_text(SEED, &resource.department), no));
        Self {
            id_number: keys.id_number[row],
            name: keys.name.get(row).filter(|name| !name.is_empty()),
            sex: keys.sex[row],
            birth: keys.birth[row],
            precision: keys.birth_precision[row],
            area: keys.area[row],
            address: keys.address.get(row),
            phone: keys.phone[row],
            household,
        }
    }

    /// Whether the keys speak of a person at all: a household number or a place alone doesn't.
    pub(crate) const fn is_personal(&self) -> bool {
        self.id_number != 0 || self.name.is_some() || self.phone != 0
    }

    /// Stable over runs and releases: it is kept with the identities.
    pub(crate) fn digest(&self) -> u64 {
        let mut digest = SEED;
        for part in [self.id_number, u64::from(self.sex), self.birth as u32 as u64, self.precision as u64] {
            digest = digest_word(digest, part);
        }
        for part in [self.area, self.phone, self.household] {
            digest = digest_word(digest, part);
        }
        let digest = digest_text(digest, self.name.unwrap_or_default());
        digest_text(digest, self.address.unwrap_or_default())
    }
}

const SEED: u64 = 0x66_75_7a_68_69_31;

const fn digest_word(digest: u64, word: u64) -> u64 {
    let product = ((digest ^ word) as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    ((product >> 64) as u64 ^ product as u64).rotate_left(23).wrapping_add(0xd1b5_4a32_d192_ed03)
}

fn digest_text(digest: u64, text: &str) -> u64 {
    let words = text.as_bytes().chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    words.fold(digest_word(digest, text.len() as u64), digest_word)
}

/// The distinct key rows of all resources, in the order of their first rows.
pub(crate) struct Profiles<'a> {
    pub resources: &'a [Resource],
    pub first: Vec<RowRef>,
    pub digest: Vec<u64>,
    /// How many rows have these keys.
    pub rows: Vec<u32>,
    /// For each resource, for each row: its profile, or `u32::MAX` where it has no person key.
    pub of_row: Vec<Vec<u32>>,
}

impl<'a> Profiles<'a> {
    pub(crate) fn collect(resources: &'a [Resource]) -> Self {
        let mut keyed = digests(resources);
        keyed.par_sort_unstable();
        let mut groups: Vec<(RowRef, u32, u32)> = Vec::new();
        let mut start = 0;
        while start < keyed.len() {
            let len = keyed[start..].iter().take_while(|(digest, _)| *digest == keyed[start].0).count();
            groups.push((keyed[start].1, start as u32, len as u32));
            start += len;
        }
        groups.par_sort_unstable();
        let mut of_row: Vec<Vec<u32>> = resources.iter().map(|r| vec![u32::MAX; r.len()]).collect();
        let (mut first, mut digest, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for (profile, (at, start, len)) in groups.into_iter().enumerate() {
            for (_, row) in &keyed[start as usize..(start + len) as usize] {
                of_row[row.resource as usize][row.row as usize] = profile as u32;
            }
            first.push(at);
            digest.push(keyed[start as usize].0);
            rows.push(len);
        }
        Self { resources, first, digest, rows, of_row }
    }

    pub(crate) const fn len(&self) -> usize {
        self.first.len()
    }

    pub(crate) fn keys(&self, profile: u32) -> KeyRow<'a> {
        let at = self.first[profile as usize];
        KeyRow::of(&self.resources[at.resource as usize], at.row as usize)
    }
}

fn digests(resources: &[Resource]) -> Vec<(u64, RowRef)> {
    let mut all = Vec::new();
    for (number, resource) in resources.iter().enumerate() {
        all.par_extend((0..resource.len()).into_par_iter().filter_map(|row| {
            let keys = KeyRow::of(resource, row);
            let at = RowRef { resource: number as u32, row: row as u32 };
            keys.is_personal().then(|| (keys.digest(), at))
        }));
    }
    all
}
