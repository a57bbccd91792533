//! Assembled households as bytes.

use super::{Assembly, Consent, Household, Resident, Split};
use values::columns::Pack;

values::packs! {
    Split { from, alleviated }
    Consent { signed, live, expires_on }
    Household { id, area, first, last, views, view_members, split_from, alleviated, consent }
    Resident { person, household, standing, registered, relation, living, from, to, elsewhere, source, row }
}

impl Pack for Assembly {
    fn pack(&self, out: &mut Vec<u8>) {
        self.as_of.pack(out);
        self.households.pack(out);
        self.people.pack(out);
        self.of_person.pack(out);
        let mut deaths: Vec<_> = self.deaths.iter().map(|(person, death)| (*person, *death)).collect();
        deaths.sort_unstable_by_key(|(person, _)| *person);
        deaths.pack(out);
        self.numbers.pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some(Self {
            as_of: Pack::unpack(from)?,
            households: Pack::unpack(from)?,
            people: Pack::unpack(from)?,
            of_person: Pack::unpack(from)?,
            deaths: Vec::unpack(from)?.into_iter().collect(),
            numbers: Pack::unpack(from)?,
        })
    }
}
