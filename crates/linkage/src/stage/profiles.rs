//! Rows with the same person keys, collapsed.

use super::RowRef;
use super::keys::{KeyRow, keys_at};
use facts::records::Resource;
use rayon::prelude::*;

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

    /// For each profile, whether it occurs in one of the resources marked.
    pub(crate) fn in_resources(&self, marked: &[bool]) -> Vec<bool> {
        let mut is_in = vec![false; self.len()];
        let rows = self.of_row.iter().zip(marked).filter(|(_, marked)| **marked).flat_map(|(rows, _)| rows);
        rows.filter(|profile| **profile != u32::MAX).for_each(|profile| is_in[*profile as usize] = true);
        is_in
    }

    pub(crate) fn keys(&self, profile: u32) -> KeyRow<'a> {
        keys_at(self.resources, self.first[profile as usize])
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
