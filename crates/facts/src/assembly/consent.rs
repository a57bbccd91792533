//! Which households have consented to queries: a consent covers all members of its signer's household.

use super::rows::Grouped;
use super::sources::{Field, Record, Sources};
use super::{Assembly, Consent};

pub fn settle(assembly: &mut Assembly, sources: &Sources<'_>, rows: &Grouped) {
    let mut consents = vec![Consent::default(); assembly.households.len()];
    let mut note = |household: u32, number: u16, row: u32| {
        let Some(source) = sources.get(number) else { return };
        let consent = &mut consents[household as usize];
        consent.signed = true;
        let signed = source.day(Field::SignedOn, row).is_some_and(|day| day <= assembly.as_of);
        let expires = source.day(Field::ExpiresOn, row);
        let runs = expires.is_some_and(|day| assembly.as_of <= day);
        let revoked = source.day(Field::RevokedOn, row).is_some_and(|day| day <= assembly.as_of);
        if signed && runs && !revoked {
            consent.live = true;
            consent.expires_on = consent.expires_on.max(expires);
        }
    };
    for resident in assembly.people.iter().filter(|resident| resident.standing.counts()) {
        for at in rows.of(resident.person) {
            if sources.get(at.source).is_some_and(|source| source.record == Record::Consent) {
                note(resident.household, at.source, at.row);
            }
        }
    }
    for (household, at) in assembly.numbers.rows_of(sources, Record::Consent) {
        note(household, at.source, at.row);
    }
    for (household, consent) in assembly.households.iter_mut().zip(consents) {
        household.consent = consent;
    }
}
