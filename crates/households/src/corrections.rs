//! Who is who in a family's file, as people ruled it: two members who are one person, one who is two.
//!
//! [`apply`] is pure. A correction is laid over the newest file at once, and over every run's file until a run has obeyed
//! the ruling; lifting it makes a file without it. Nobody is taken from a list and no case ends by it.

use crate::actions::open;
use crate::changes::{self, Change, Kind};
use crate::documents::{pack, unpack};
use crate::load::words;
use crate::model::{Fact, File, Member, Source};
use crate::store::{self, Filed, NewFile};
use kernel::{Cx, Error, Result, crypto};
use serde::{Deserialize, Serialize};
use values::Day;

/// What a ruling changes in one family's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Correction {
    /// `goes` is `stays`. What is known of somebody who was filed with another family comes along.
    OnePerson { stays: String, goes: Member, facts: Vec<Fact> },
    /// The member is filed with another family.
    Elsewhere { goes: String, on: Day },
    /// What these sources say of `stays` is about `moved`, of whom nobody knows yet where they live.
    TwoPersons { stays: String, moved: Member, sources: Vec<Source> },
}

/// What documents of corrections are sealed as.
pub(crate) const SEALED_AS: &str = "household_corrections.document";

/// Puts a correction into a file. Applied again it changes nothing.
pub fn apply(file: &mut File, correction: &Correction) {
    let place = |file: &File, person: &str| file.members.iter().position(|member| member.person == person);
    match correction {
        Correction::OnePerson { stays, goes, facts } => {
            let Some(to) = place(file, stays) else { return };
            match place(file, &goes.person) {
                Some(from) => fold(file, from, to),
                None => bring(file, facts, to),
            }
        }
        Correction::Elsewhere { goes, on } => {
            if let Some(member) = file.members.iter_mut().find(|member| member.person == *goes && member.co_living) {
                member.co_living = false;
                member.to = Some(*on);
            }
        }
        Correction::TwoPersons { stays, moved, sources } => {
            let Some(from) = place(file, stays) else { return };
            let to = place(file, &moved.person).unwrap_or_else(|| {
                file.members.push(Member {
                    relation: "other".to_owned(),
                    registered: false,
                    co_living: false,
                    ..moved.clone()
                });
                file.members.len() - 1
            });
            let of = |fact: &&mut Fact| {
                fact.member == Some(from as u32) && fact.source.as_ref().is_some_and(|source| sources.contains(source))
            };
            file.facts.iter_mut().filter(of).for_each(|fact| fact.member = Some(to as u32));
        }
    }
}

/// The member at `from` becomes the one at `to`; what was reckoned of both stands once.
fn fold(file: &mut File, from: usize, to: usize) {
    let (from_at, to_at) = (Some(from as u32), Some(to as u32));
    let reckoned: Vec<String> = file
        .facts
        .iter()
        .filter(|fact| fact.member == to_at && fact.source.is_none())
        .map(|fact| fact.fact.clone())
        .collect();
    file.facts.retain(|fact| fact.member != from_at || fact.source.is_some() || !reckoned.contains(&fact.fact));
    let goes = file.members[from].clone();
    let stays = &mut file.members[to];
    stays.birth = stays.birth.or(goes.birth);
    stays.id_number = stays.id_number.or(goes.id_number);
    stays.phone = stays.phone.or(goes.phone);
    stays.registered |= goes.registered;
    if goes.co_living && !stays.co_living {
        (stays.co_living, stays.to) = (true, None);
    }
    if goes.relation == "head" {
        stays.relation = goes.relation;
    }
    file.members.remove(from);
    let moved = |member: Option<u32>| {
        let at = if member == from_at { to_at } else { member }?;
        Some(if at > from as u32 { at - 1 } else { at })
    };
    file.facts.iter_mut().for_each(|fact| fact.member = moved(fact.member));
    file.conflicts.iter_mut().for_each(|conflict| conflict.member = moved(conflict.member));
}

fn bring(file: &mut File, facts: &[Fact], to: usize) {
    for fact in facts.iter().filter(|fact| fact.source.is_some()) {
        let fact = Fact { member: Some(to as u32), ..fact.clone() };
        if !file.facts.contains(&fact) {
            file.facts.push(fact);
        }
    }
}

/// What a family's newest file knows of one of its members; nothing where the family was erased or has no such member.
///
/// # Errors
/// `NotFound` out of scope.
pub async fn find_member(cx: &mut Cx, household: &str, person: &str) -> Result<Option<(Member, Vec<Fact>)>> {
    let filed = store::get_file(cx, household).await?;
    let Some(file) = open(cx, &filed)? else { return Ok(None) };
    let Some(at) = file.members.iter().position(|member| member.person == person) else { return Ok(None) };
    let facts = file.facts.into_iter().filter(|fact| fact.member == Some(at as u32)).collect();
    Ok(Some((file.members[at].clone(), facts)))
}

/// Lays a correction over a family's file.
///
/// # Errors
/// `NotFound` out of scope or when the family was erased.
pub async fn lay(cx: &mut Cx, household: &str, ruling: &str, correction: &Correction) -> Result<()> {
    let filed = store::get_file(cx, household).await?;
    let mut file = open(cx, &filed)?.ok_or(Error::NotFound)?;
    let key = crypto::key_of(cx, household).await?;
    let document = pack(cx.world(), &key, SEALED_AS, correction)?;
    store::insert_correction(cx, &filed, ruling, document).await?;
    let before = file.clone();
    apply(&mut file, correction);
    if file == before { Ok(()) } else { put(cx, ruling, &filed, &file).await }
}

/// Takes a correction back: the family gets the file of the last run, with all else that people say of it. What a
/// run has obeyed stays in the file until the next run; where nothing was laid, nothing happens.
///
/// # Errors
/// `NotFound` out of scope or when the family was erased.
pub async fn lift(cx: &mut Cx, household: &str, ruling: &str, by: &str) -> Result<()> {
    let filed = store::get_file(cx, household).await?;
    if store::supersede_correction(cx, household, ruling, by).await? == 0 {
        return Ok(());
    }
    let key = crypto::key_of(cx, household).await?;
    let told = store::get_told(cx, household).await?;
    let mut file: File = unpack(&key, "household_documents.document", &told)?;
    for (kind, on, details) in store::list_agreed(cx, household).await? {
        let Some(kind) = Kind::from_code(&kind) else { continue };
        changes::apply(&mut file, &Change { kind, on, details: unpack(&key, "household_changes.details", &details)? });
    }
    for document in store::list_corrections(cx, household).await? {
        apply(&mut file, &unpack(&key, SEALED_AS, &document)?);
    }
    put(cx, by, &filed, &file).await
}

async fn put(cx: &mut Cx, ruling: &str, filed: &Filed, file: &File) -> Result<()> {
    let key = crypto::key_of(cx, &filed.household).await?;
    let new = NewFile {
        household: &filed.household,
        place: &filed.place,
        number: &filed.number,
        head: changes::head(file).unwrap_or(&filed.head),
        people: changes::people(file),
        as_of: filed.as_of,
        document: pack(cx.world(), &key, "household_documents.document", file)?,
        words: words(cx.world(), &filed.number, file),
    };
    store::put_file(cx, ruling, new).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;
    use crate::model::Value;

    #[test]
    fn two_members_become_one_and_a_second_time_changes_nothing() {
        let before = demo::files().swap_remove(0).file;
        let mut file = before.clone();
        let mut twin = file.members[0].clone();
        (twin.person, twin.relation, twin.phone) = ("twin".to_owned(), "other".to_owned(), None);
        file.members.insert(1, twin.clone());
        for fact in &mut file.facts {
            fact.member = fact.member.map(|at| if at > 0 { at + 1 } else { at });
        }
        file.conflicts.iter_mut().for_each(|one| one.member = one.member.map(|at| if at > 0 { at + 1 } else { at }));
        let wage = Fact {
            member: Some(1),
            value: Value::Number(7),
            source: Some(Source { department: "tax".to_owned(), resource: "wages".to_owned(), row: Some(9) }),
            ..before.facts[0].clone()
        };
        file.facts.push(wage.clone());
        let correction =
            Correction::OnePerson { stays: before.members[0].person.clone(), goes: twin, facts: Vec::new() };
        apply(&mut file, &correction);
        assert_eq!(file.members, before.members);
        assert_eq!(file.facts.last().unwrap(), &Fact { member: Some(0), ..wage });
        assert_eq!(file.facts[..file.facts.len() - 1], before.facts[..]);
        let once = file.clone();
        apply(&mut file, &correction);
        assert_eq!(file, once);
    }

    #[test]
    fn what_other_sources_said_goes_with_the_other_person() {
        let mut file = demo::files().swap_remove(0).file;
        let source = Source { department: "tax".to_owned(), resource: "wages".to_owned(), row: Some(9) };
        file.facts[0].member = Some(0);
        file.facts[0].source = Some(source.clone());
        let (heads, moved) = (changes::people(&file), Member { person: "moved".to_owned(), ..file.members[0].clone() });
        let stays = file.members[0].person.clone();
        let correction = Correction::TwoPersons { stays, moved, sources: vec![source] };
        apply(&mut file, &correction);
        assert_eq!((file.facts[0].member, changes::people(&file)), (Some(file.members.len() as u32 - 1), heads));
        let once = file.clone();
        apply(&mut file, &correction);
        assert_eq!(file, once);
    }
}
