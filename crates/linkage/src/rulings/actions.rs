//! Merging persons, taking one apart, taking a word back: the only writers.

use super::{Kind, Laid, Person, Sides, lay};
use crate::model::RecordKeys;
use crate::store::{self, NewRuling, Ruled};
use facts::records::PersonId;
use households::corrections::{self, Correction};
use households::documents::{pack, unpack};
use households::model::{Member, Source};
use kernel::commands::{self, Command, Received};
use kernel::events::{Event, emit};
use kernel::{Cx, Error, Result, content_id, crypto, message};
use serde::{Deserialize, Serialize};

/// The kind of command, and of the conflicts it may meet.
pub const RULE: &str = "linkage.rule";

/// What somebody rules about a person; travels inside a [`Command`] whose base is the number of words said of the person
/// before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Ruling {
    /// Somebody else, filed with a family, is this person. `seen` is [`Person::seen`] of both.
    Merge { other_household: String, other: String, seen: (String, String), reason: String },
    /// The records with these keys are somebody else's.
    Unmerge { records: Vec<u64>, seen: String, reason: String },
    /// A word is taken back.
    Undo { ruling: String, reason: String },
}

/// Told to whoever listens: a person was merged or taken apart, or that was taken back.
#[derive(Serialize)]
pub struct PersonRuled {
    pub person: String,
    pub other: String,
    pub household: String,
    pub kind: Kind,
}

impl Event for PersonRuled {
    const KIND: &'static str = "person_ruled";

    fn subject(&self) -> &str {
        &self.person
    }
}

/// A family's people and their records, as the last run found them and people have ruled since; nobody where no run has
/// told anything.
///
/// # Errors
/// `NotFound` out of scope or when the family was erased.
pub async fn people_of(cx: &mut Cx, household: &str) -> Result<Vec<Person>> {
    households::store::check(cx, household).await?;
    let Some(key) = crypto::find_key(cx, household).await? else { return Ok(Vec::new()) };
    let mut people: Vec<Person> = match store::find_records(cx, household).await? {
        Some(document) => {
            let told: Vec<(String, Vec<RecordKeys>)> = unpack(&key, "linked_records.document", &document)?;
            told.into_iter().map(|(id, records)| Person { id, records }).collect()
        }
        None => Vec::new(),
    };
    for ruled in store::list_rulings_of(cx, household).await?.into_iter().rev() {
        if ruled.superseded_by.is_some() || ruled.obeyed_by.is_some() || ruled.kind == Kind::Undo.code() {
            continue;
        }
        if ruled.household != household {
            // Somebody of this family is filed with another.
            people.retain(|one| one.id != ruled.other);
            continue;
        }
        let sides: Sides = unpack(&key, store::RULING, &ruled.document)?;
        let merges = ruled.kind == Kind::Merge.code();
        lay(&mut people, &Laid { merges, person: ruled.person, other: ruled.other, sides });
    }
    Ok(people)
}

/// One of a family's people.
///
/// # Errors
/// `NotFound` out of scope, or where the family has no such person.
pub async fn get_person(cx: &mut Cx, household: &str, person: &str) -> Result<Person> {
    let people = people_of(cx, household).await?;
    people.into_iter().find(|one| one.id == person).ok_or(Error::NotFound)
}

/// What a ruling says, for whoever may see the family it is filed with; `None` when the family was erased.
///
/// # Errors
/// When it was sealed under another key.
pub async fn sides(cx: &mut Cx, ruled: &Ruled) -> Result<Option<Sides>> {
    match crypto::find_key(cx, &ruled.household).await {
        Err(Error::NotFound) => Ok(None),
        key => key?.map(|key| unpack(&key, store::RULING, &ruled.document)).transpose(),
    }
}

/// Merges a person with another, takes some records from it, or takes a word about it back. The same command twice does it
/// once; one made from an older state changes nothing, and both are kept. Gives back the id of the row.
///
/// # Errors
/// `NotFound` out of scope; `Conflict` from a stale base; `Refused` when the records aren't those that were seen;
/// `Invalid` with what to correct.
pub async fn rule(cx: &mut Cx, household: &str, person: &str, command: &Command<Ruling>) -> Result<String> {
    households::store::check(cx, household).await?;
    if let Received::Before(id) = command.receive(cx, RULE).await? {
        return Ok(id);
    }
    let standing = store::list_rulings_about(cx, person).await?;
    let newest = standing.first().map(|one| serde_json::json!({ "rule": one.kind, "by": one.recorded_name }));
    command.check_base(RULE, person, standing.len() as i64, &newest)?;
    let id = content_id("ruling", &[&command.id]).to_string();
    match &command.body {
        Ruling::Merge { other_household, other, seen, reason } => {
            let other = (other_household.as_str(), other.as_str());
            merge(cx, &id, (household, person), other, seen, worded(reason)?).await?;
        }
        Ruling::Unmerge { records, seen, reason } => {
            unmerge(cx, &id, (household, person), records, seen, worded(reason)?).await?;
        }
        Ruling::Undo { ruling, reason } => undo(cx, &id, ruling, worded(reason)?).await?,
    }
    // Whoever rules from the newest state has both sides of an older conflict before their eyes.
    for conflict in commands::list_open(cx, RULE, person).await? {
        commands::settle(cx, &conflict.id).await?;
    }
    command.carried_out(cx, RULE, &id).await?;
    Ok(id)
}

fn worded(reason: &str) -> Result<String> {
    let reason = reason.trim();
    if reason.is_empty() {
        Err(Error::invalid("reason", message("ruling-reason-missing")))
    } else {
        Ok(reason.to_owned())
    }
}

/// The records somebody saw, or the refusal: they have changed since, or are of an earlier version that named none.
fn as_seen(person: &Person, seen: &str) -> Result<()> {
    if person.seen() != seen {
        return Err(Error::Refused(message("ruling-records-changed")));
    }
    let is_named = person.records.iter().all(|record| record.key != 0);
    if is_named { Ok(()) } else { Err(Error::Refused(message("ruling-records-old"))) }
}

type Named<'n> = (&'n str, &'n str);

async fn merge(
    cx: &mut Cx,
    id: &str,
    (household, person): Named<'_>,
    (other_household, other): Named<'_>,
    seen: &(String, String),
    reason: String,
) -> Result<()> {
    if person == other {
        return Err(Error::invalid("other", message("ruling-other-missing")));
    }
    let stays = get_person(cx, household, person).await?;
    let goes = get_person(cx, other_household, other).await?;
    as_seen(&stays, &seen.0)?;
    as_seen(&goes, &seen.1)?;
    let known = corrections::find_member(cx, other_household, other).await?;
    let sides = Sides { stayed: stays.records, moved: goes.records, reason };
    write(cx, id, Kind::Merge, (household, person), (other_household, other), &sides).await?;
    let Some((goes, facts)) = known else { return Ok(()) };
    if household == other_household {
        let one = Correction::OnePerson { stays: person.to_owned(), goes, facts: Vec::new() };
        return corrections::lay(cx, household, id, &one).await;
    }
    let elsewhere = Correction::Elsewhere { goes: other.to_owned(), on: cx.today() };
    corrections::lay(cx, household, id, &Correction::OnePerson { stays: person.to_owned(), goes, facts }).await?;
    corrections::lay(cx, other_household, id, &elsewhere).await
}

async fn unmerge(
    cx: &mut Cx,
    id: &str,
    (household, person): Named<'_>,
    records: &[u64],
    seen: &str,
    reason: String,
) -> Result<()> {
    let whole = get_person(cx, household, person).await?;
    as_seen(&whole, seen)?;
    let (moved, stayed): (Vec<_>, Vec<_>) = whole.records.into_iter().partition(|one| records.contains(&one.key));
    if moved.is_empty() || stayed.is_empty() {
        return Err(Error::invalid("records", message("ruling-records-missing")));
    }
    let other = content_id("person of a ruling", &[id]).to_string();
    let described = Person { id: other.clone(), records: moved };
    let sources = described.records.iter().map(RecordKeys::source).collect();
    let member = member(&described);
    let sides = Sides { stayed, moved: described.records, reason };
    write(cx, id, Kind::Unmerge, (household, person), (household, &other), &sides).await?;
    let two = Correction::TwoPersons { stays: person.to_owned(), moved: member, sources };
    corrections::lay(cx, household, id, &two).await
}

/// Somebody of whom only records are known.
fn member(person: &Person) -> Member {
    let first = |of: &dyn Fn(&RecordKeys) -> bool| person.records.iter().find(|record| of(record));
    Member {
        person: person.id.clone(),
        name: person.name().to_owned(),
        sex: first(&|one| one.sex != 0).map_or(0, |one| one.sex),
        birth: first(&|one| one.birth.is_some()).and_then(|one| one.birth),
        id_number: first(&|one| one.id_number.is_some()).and_then(|one| one.id_number),
        phone: first(&|one| one.phone.is_some()).and_then(|one| one.phone),
        relation: "other".to_owned(),
        registered: false,
        co_living: false,
        from: None,
        to: None,
    }
}

async fn undo(cx: &mut Cx, id: &str, ruling: &str, reason: String) -> Result<()> {
    let ruled = store::get_ruling(cx, ruling).await?;
    if ruled.superseded_by.is_some() || ruled.kind == Kind::Undo.code() {
        return Err(Error::Refused(message("ruling-nothing-to-undo")));
    }
    let sides = sides(cx, &ruled).await?.ok_or(Error::NotFound)?;
    store::supersede_ruling(cx, ruling, id).await?;
    let (person, other) =
        ((ruled.household.as_str(), ruled.person.as_str()), (ruled.other_household.as_str(), ruled.other.as_str()));
    insert(cx, id, Kind::Undo, person, other, &Sides { reason, ..sides }, Some(ruling)).await?;
    for household in [&ruled.household, &ruled.other_household] {
        corrections::lift(cx, household, ruling, id).await?;
    }
    Ok(())
}

async fn write(cx: &mut Cx, id: &str, kind: Kind, person: Named<'_>, other: Named<'_>, sides: &Sides) -> Result<()> {
    // An identifier that no run could give back would be lost with the next one.
    if [person.1, other.1].iter().any(|id| PersonId::parse(id).is_none()) {
        return Err(Error::NotFound);
    }
    insert(cx, id, kind, person, other, sides, None).await
}

async fn insert(
    cx: &mut Cx,
    id: &str,
    kind: Kind,
    (household, person): Named<'_>,
    (other_household, other): Named<'_>,
    sides: &Sides,
    undoes: Option<&str>,
) -> Result<()> {
    let key = crypto::key_of(cx, household).await?;
    let document = pack(cx.world(), &key, store::RULING, sides)?;
    let place = households::store::get_file(cx, household).await?.place;
    let new =
        NewRuling { id, place: &place, household, kind: kind.code(), person, other, other_household, undoes, document };
    store::insert_ruling(cx, new).await?;
    let said = format!("{} {other} in {household}, {} records", kind.code(), sides.moved.len());
    cx.audit("rule", "person", person, &said).await?;
    let told =
        PersonRuled { person: person.to_owned(), other: other.to_owned(), household: household.to_owned(), kind };
    emit(cx, &told).await
}

impl RecordKeys {
    /// Where it stands in what was delivered.
    pub(crate) fn source(&self) -> Source {
        Source { department: self.department.clone(), resource: self.resource.clone(), row: Some(self.row) }
    }

    /// The same as one word.
    #[must_use]
    pub fn place_in_files(&self) -> String {
        format!("{}/{}/{}", self.department, self.resource, self.row)
    }
}
