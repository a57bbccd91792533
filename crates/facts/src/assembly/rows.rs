//! Which rows speak of whom: one counting sort over all rows, so that a person's rows stand side by side.

use super::sources::Sources;
use crate::records::Links;

/// One row of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowRef {
    pub source: u16,
    pub row: u32,
}

values::packs! { RowRef { source, row } }

/// Rows in groups: those of person (or household) `n` are `refs[starts[n]..starts[n + 1]]`, by source and row.
#[derive(Clone, Debug, Default)]
pub struct Grouped {
    starts: Vec<u32>,
    refs: Vec<RowRef>,
}

impl Grouped {
    /// Groups what `each` tells, which is asked twice and must tell the same both times. Rows of other groups than these
    /// are nobody's.
    pub fn new(groups: usize, each: impl Fn(&mut dyn FnMut(u32, RowRef))) -> Self {
        let mut starts = vec![0u32; groups + 1];
        each(&mut |group, _| {
            if let Some(rows) = starts.get_mut(group as usize + 1) {
                *rows += 1;
            }
        });
        for group in 0..groups {
            starts[group + 1] += starts[group];
        }
        let mut next = starts.clone();
        let mut refs = vec![RowRef { source: 0, row: 0 }; starts[groups] as usize];
        each(&mut |group, row| {
            if (group as usize) < groups {
                refs[next[group as usize] as usize] = row;
                next[group as usize] += 1;
            }
        });
        Self { starts, refs }
    }

    #[must_use]
    pub fn of(&self, group: u32) -> &[RowRef] {
        let group = group as usize;
        match (self.starts.get(group), self.starts.get(group + 1)) {
            (Some(from), Some(to)) => &self.refs[*from as usize..*to as usize],
            _ => &[],
        }
    }
}

/// The rows of every person. Rows of one resource that agree in every own field and unmapped column count once:
/// the first stays (contract §2).
#[must_use]
pub fn by_person(sources: &Sources<'_>, links: &Links) -> Grouped {
    let all = Grouped::new(links.people.len(), |tell| {
        for (number, source) in sources.list.iter().enumerate() {
            if source.is_some() {
                for (row, person) in links.person[number].iter().enumerate() {
                    tell(*person, RowRef { source: number as u16, row: row as u32 });
                }
            }
        }
    });
    without_twins(all, |at| {
        let resource = sources.get(at.source)?.resource;
        resource.own_digest.get(at.row as usize).copied().filter(|digest| *digest != 0)
    })
}

/// Drops rows whose digest an earlier row of the same group and source has.
pub fn without_twins(all: Grouped, digest: impl Fn(RowRef) -> Option<u64>) -> Grouped {
    let mut starts = Vec::with_capacity(all.starts.len());
    let mut refs: Vec<RowRef> = Vec::with_capacity(all.refs.len());
    starts.push(0);
    for group in 0..all.starts.len().saturating_sub(1) {
        let from = refs.len();
        for at in all.of(group as u32) {
            let mine = digest(*at);
            let twin = mine.is_some()
                && refs[from..].iter().rev().take_while(|r| r.source == at.source).any(|r| digest(*r) == mine);
            if !twin {
                refs.push(*at);
            }
        }
        starts.push(refs.len() as u32);
    }
    Grouped { starts, refs }
}
